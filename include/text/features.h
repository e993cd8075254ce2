#ifndef CD_TEXT_FEATURES_H
#define CD_TEXT_FEATURES_H

#include "text/model.h"

/*
 * What the model sees of a mail: words and word pairs and triples, letter runs
 * of 2 to 5, of the new text and the subject apart; of the new text the stems
 * too, alone, in pairs, at its two ends and together with what the mail
 * answers; what it answers, its language and length, and marks that the caller
 * gives (rules that fired), alone, two by two and together with what it
 * answers. Numbers, addresses and URLs are one word each, so that nobody's
 * telephone number is learned. Of a text longer than CD_MAX_FEATURE_TEXT the
 * beginning and the end count: what is asked may stand below what was pasted.
 */

struct feature_input {
	struct str text, subject;	/* folded */
	const char *context, *language;
	const uint32_t *marks;		/* hashes */
	size_t n_marks;
	const char *const *product;	/* folded names: one word for the model */
	size_t n_product;
};

struct features {
	struct feature v[CD_MAX_FEATURES];
	size_t n;
	/* What some features stand for, to explain; of the text or of `ends`. */
	struct str word[512];
	uint32_t word_at[512];		/* index into v */
	size_t n_words;
	char ends[CD_MAX_FEATURE_TEXT];	/* of a longer text */
};

/* Allocates nothing. `out` is 150 kB: not for a small stack. */
void features_make(const struct feature_input *, struct features *out);
uint32_t feature_hash(const char *name);

#endif
