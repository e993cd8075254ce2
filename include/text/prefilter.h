#ifndef CD_TEXT_PREFILTER_H
#define CD_TEXT_PREFILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

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
	uint16_t *bit;		/* of each word, grams_bit's: apart, because most
				 * texts lack most words, and then these tell */
	size_t n;
};

/* All of them must hold. */
struct prefilter {
	struct needed set[4];
	size_t n;
};

void prefilter_of(struct arena *, const char *regex, struct prefilter *out);

/* A text made ready to be asked for many words. Not for two threads. */
struct grams;

struct grams *grams_new(struct arena *);
/* At most CD_MAX_FOLDED bytes of it: a longer text is never ruled out. */
void grams_fill(struct grams *, struct str text);
/* What a text must have seen to hold the word, known beforehand. */
uint16_t grams_bit(const struct needed_word *);
bool grams_hold(const struct grams *, const struct needed *);

#endif
