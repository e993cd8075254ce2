#ifndef CD_TEXT_STARTS_H
#define CD_TEXT_STARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Where in a text a pattern's match can begin. Most patterns begin at a word's
 * beginning with one of a few words, so that a long text has few places where
 * it is worth trying them; to PCRE2, that would look at each letter of the text
 * for each pattern, these are told.
 *
 * Like the prefilter it is never wrong in the one direction that matters: no
 * match begins where it says that none does, and what it does not understand of
 * a pattern's syntax can begin anywhere.
 */
struct starts {
	size_t n;
	uint16_t hash[];
};

/* In `a`. NULL: a match can begin anywhere. */
struct starts *starts_of(struct arena *a, const char *regex);

/* The beginnings of a text's words. Not for two threads. */
struct beginnings;

struct beginnings *beginnings_new(struct arena *);
/* false: the text is too long, and nothing can be told. */
bool beginnings_fill(struct beginnings *, struct str folded);
/* Those with which a match can begin are asked for from now on. */
void beginnings_ask(struct beginnings *, const struct starts *);
/* The place of the first of them, from the *next-th beginning on, 0 at first.
 * false: there is none left. */
bool beginnings_next(const struct beginnings *, size_t *next, size_t *at_out);

#endif
