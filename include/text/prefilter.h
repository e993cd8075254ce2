#ifndef CD_TEXT_PREFILTER_H
#define CD_TEXT_PREFILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Which patterns cannot match a text, told without running them: a pattern
 * needs certain words, and a text without the letter triples of these words
 * cannot hold them. With hundreds of patterns in many languages this is what
 * makes reading a mail cheap. (The idea is that of RE2's FilteredRE2 and of
 * code search by trigrams.)
 *
 * Never wrong in the one direction that matters: what it rules out does not
 * match. What it does not understand of a pattern's syntax needs nothing.
 */
#define PREFILTER_BITS	(1u << 15)

struct grams {
	uint64_t bits[PREFILTER_BITS / 64];
};

void grams_of(struct grams *out, struct str text);

/* "One of these words" - any number of times, all of them must hold. */
struct prefilter {
	struct prefilter_set {
		struct str *word;
		size_t n;
	} set[4];
	size_t n;
};

void prefilter_of(struct arena *, const char *regex, struct prefilter *out);
/* Into another arena, no larger than it must be. */
void prefilter_copy(struct arena *, const struct prefilter *,
    struct prefilter *out);
bool prefilter_may(const struct prefilter *, const struct grams *);

#endif
