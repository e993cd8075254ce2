#ifndef CD_TEXT_PUMP_H
#define CD_TEXT_PUMP_H

#include "base/arena.h"

/*
 * Can a pattern be made to try and try? It is run, really, over texts that
 * repeat its own words, or any letter or figure, with CD_PCRE_MATCH_LIMIT as it is
 * when mail is read: nested quantifiers show themselves whatever they are made of.
 *
 * The repeated word, or NULL: it gives up on none of them.
 */
const char *pump_finds(struct arena *, const char *regex);

#endif
