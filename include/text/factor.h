#ifndef CD_TEXT_FACTOR_H
#define CD_TEXT_FACTOR_H

#include "base/arena.h"

/*
 * "admin|approve|boss" as "a(?:dmin|pprove)|boss": alternatives sorted by first
 * letter, so that a position of a text is compared with a dozen letters and not
 * with a hundred words. Whether the pattern matches stays the same; which of
 * several matches is found may not.
 */
const char *factor_alternatives(struct arena *, const char *regex);

#endif
