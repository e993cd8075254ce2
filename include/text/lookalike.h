#ifndef CD_TEXT_LOOKALIKE_H
#define CD_TEXT_LOOKALIKE_H

#include "base/arena.h"

/*
 * What a person should look at twice in who wrote a mail: an address that reads
 * like one it is not. NULL, or some words for a person. `known` are domains that
 * somebody might want to be taken for.
 */
const char *lookalike_why(struct arena *, const char *addr, const char *name,
    const char *const *known, size_t n_known);

#endif
