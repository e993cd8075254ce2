#ifndef CD_TEXT_LEARN_H
#define CD_TEXT_LEARN_H

#include "text/features.h"
#include "text/combine.h"

/*
 * liblinear behind one door: from samples to models of SCORE_COUNT classes, one
 * without each fold and one from all, side by side on the machine's processors.
 * The same samples give the same models, however many processors there are.
 */
#define LEARN_MAX_FOLDS	20

struct learn_sample {
	const struct feature *feature;
	size_t n;
	enum intent intent;
	enum whose whose;	/* WHOSE_UNKNOWN: teaches nothing about that */
	size_t fold;
};

struct learn_job {
	const struct learn_sample *sample;
	size_t n, folds;
	double cost;		/* liblinear's C; 0: the usual */
	/* Called for each model that is begun, from any thread but by one at a
	 * time: 0 .. folds, the last is the whole. Or NULL. */
	void (*begun)(void *ctx, size_t model);
	void *ctx;
};

/* The models, with a calibration that is yet to be learned, are the caller's:
 * out has room for folds + 1, the last is of all samples. */
void learn(const struct learn_job *, struct model **out);

#endif
