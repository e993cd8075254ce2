#ifndef CD_TEXT_CALIBRATE_H
#define CD_TEXT_CALIBRATE_H

#include "text/combine.h"

/*
 * What each signal is worth, learned from samples that the model's scores were
 * held back from: multinomial logistic regression. The rules' points are worth
 * what combine_default gives them. Deterministic.
 */
struct calibrate_sample {
	double row[SIGNAL_COUNT];	/* combine_row's */
	enum intent intent;		/* as labelled */
	size_t fold;
};

/* From all samples but those of one fold (of a fold that none is of: from all).
 * Few samples move it little from combine_default. */
void calibrate(const struct calibrate_sample *, size_t n, size_t without,
    struct calibration *out);

#endif
