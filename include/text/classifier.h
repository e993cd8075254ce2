#ifndef CD_TEXT_CLASSIFIER_H
#define CD_TEXT_CLASSIFIER_H

#include "text/combine.h"
#include "text/features.h"

/*
 * The inside of classify, for train: what is known of a mail before it is
 * weighed.
 */
struct collected {
	struct rule_input zones;	/* folded */
	struct rule_hit hits[CD_MAX_HITS];
	size_t n_hits;
	bool limited;			/* a rule met its limit */
	struct features features;
	struct signals signals;
};

void classify_collect(const struct classifier *, struct arena *,
    const struct classify_input *, struct collected *out);

/* Takes the model over, frees the one before. NULL: rules alone. */
void classifier_set_model(struct classifier *, struct model *);
/* The one it reads with, or NULL. */
const struct model *classifier_model(const struct classifier *);

#endif
