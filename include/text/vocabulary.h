#ifndef CD_TEXT_VOCABULARY_H
#define CD_TEXT_VOCABULARY_H

#include <stdbool.h>

#include "text/prefilter.h"

/*
 * All words that any of many sets has (prefilter.h), and which of the sets a text
 * has a word of: told in one pass over the text, however many words there are.
 * Not for two threads.
 */
struct vocabulary;

/* Of sets that may be let go afterwards; fewer than UINT16_MAX of them. */
struct vocabulary *vocabulary_new(struct arena *, const struct needed *set,
    size_t n);
/* For each set whether the text holds one of its words. Of a text of more than
 * CD_MAX_FOLDED bytes nothing is known: it may hold them all. */
void vocabulary_ask(struct vocabulary *, struct str text, bool *holds_out);

/* Surely one of PATTERN_LETTERS, by its first byte. */
bool vocabulary_letter(char);

#endif
