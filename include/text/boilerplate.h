#ifndef CD_TEXT_BOILERPLATE_H
#define CD_TEXT_BOILERPLATE_H

#include "base/str.h"

/*
 * What companies and machines put below every mail (confidentiality, data
 * protection, terms of trade, virus scanners, office hours, where invoices go) and above
 * it (it came from outside, be careful with links), told by its words alone, in fourteen
 * languages and in wordings that nobody has listed.
 *
 * The words' weights are learned: a logistic regression over the stems of some
 * thousands of such paragraphs (conf/train/boilerplate) against the last or first
 * sentences of all lessons (conf/train). They are made by one command, the same bytes each time:
 *
 *	cmake --build --preset release --target learn_boilerplate
 *	.build/release/tests/learn_boilerplate conf/train \
 *	    > src/text/boilerplate_words.inc
 *
 * which also says, of what was held back, how many are found and what is wrongly
 * taken for one.
 */

enum boilerplate_place { BOILERPLATE_BELOW, BOILERPLATE_ABOVE };

/* A paragraph, folded (text/fold.h), its lines joined; of a long one the first
 * BOILERPLATE_STEMS stems count, each once. Somebody's own words are taken for it
 * once in some thousand paragraphs: it is for what stands below or above other text. */
bool boilerplate_is(enum boilerplate_place place, struct str paragraph);

/* What of a paragraph is looked at, as it stands there; returns how many, at most
 * BOILERPLATE_STEMS. They point into the paragraph. Numbers, addresses and links are
 * none. */
#define BOILERPLATE_STEMS	200
size_t boilerplate_stems(struct str paragraph, struct str *out);

/* The evidence for it, in BOILERPLATE_UNIT to a natural logarithm of the odds. */
#define BOILERPLATE_UNIT	16
int boilerplate_evidence(enum boilerplate_place place, struct str paragraph);

#endif
