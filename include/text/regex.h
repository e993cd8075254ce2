#ifndef CD_TEXT_REGEX_H
#define CD_TEXT_REGEX_H

#include <stdbool.h>

#include "base/str.h"

/*
 * PCRE2's syntax, as far as those need it that read a pattern without matching
 * it. *rest is what of the pattern is left to read; what is read is cut off it.
 */

/* '\0': nothing is left. */
static inline char
regex_peek(struct str rest)
{
	return rest.n > 0 ? rest.p[0] : '\0';
}

static inline void
regex_skip(struct str *rest, size_t n)
{
	*rest = str_sub(*rest, n, rest->n);
}

/* What follows an atom: 0 nothing, 1 at least once, 2 perhaps never. */
int regex_quantifier(struct str *rest);
/* At a "[". */
void regex_skip_class(struct str *rest);
/* "{L}" of a "\\p{L}", "{e9}" of a "\\x{e9}". false: it is none. */
bool regex_skip_name(struct str *rest);

/* Here a branch ends. */
static inline bool
regex_at_end(struct str rest)
{
	return rest.n == 0 || rest.p[0] == '|' || rest.p[0] == ')';
}

/* A word's border of our own making, by how it is written: its length, or 0. */
size_t regex_begins_at(struct str rest);
size_t regex_ends_at(struct str rest);

#endif
