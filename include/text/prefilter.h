#ifndef CD_TEXT_PREFILTER_H
#define CD_TEXT_PREFILTER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/limits.h"

/*
 * Which patterns cannot match a text, told without running them: a pattern
 * needs certain words, and a text without them cannot match. With hundreds of
 * patterns in many languages this is what makes reading a mail cheap. (The
 * idea is that of RE2's FilteredRE2 and of code search by trigrams.)
 *
 * Never wrong in the one direction that matters: what it rules out does not
 * match. What it does not understand of a pattern's syntax needs nothing.
 */

/* "One of these words". A blank in a word is white space of any kind. */
struct needed_word {
	struct str s;
	bool begins, ends;	/* no letter may stand before it, after it */
	bool last;		/* only while a pattern is read: nothing
				 * stands after it in its branch */
};

struct needed {
	struct needed_word *word;
	size_t n;
};

/* Bytes of its shortest word: the more, the fewer texts have one of them. */
size_t needed_shortest(const struct needed *);

/* All of them must hold. */
struct needs {
	struct needed set[4];
	size_t n;
};

/* What every match needs; and, as it is worth asking only of what has that, what
 * each way to match needs: one of these must hold. None: nothing more is known. */
struct prefilter {
	struct needs all;
	struct needs way[CD_MAX_WAYS];
	size_t n_ways;
};

void prefilter_of(struct arena *, const char *regex, struct prefilter *out);

#endif
