/*
 * Newton's steps with a bound in place of the Hessian: half of the signals'
 * second moments is above it whatever the weights are (Böhning, Multinomial
 * logistic regression algorithm, 1992), so that one factorisation serves all
 * steps. Nesterov's momentum makes a hundred of them enough; their count is
 * fixed and there is no chance in them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text/calibrate.h"

#define STEPS		100
#define BELIEF		5.0	/* in the default, as so many samples */

struct fit {
	const struct calibrate_sample *sample;
	size_t n, without;
	double factor[SIGNAL_COUNT][SIGNAL_COUNT]; /* Cholesky's, lower */
	struct calibration start, weights, ahead, gradient;
};

/* The model has learned with the rules before it, so that their points add
 * little to its scores, and would be weighed at nothing or less. But a rule
 * that is written today counts today: what points are worth is given. */
static double
belief(size_t signal)
{
	bool points = signal >= SIGNAL_POINTS &&
	    signal < SIGNAL_POINTS + INTENT_COUNT;

	return points ? 1e9 : BELIEF;
}

static void
second_moments(struct fit *f)
{
	for (size_t s = 0; s < f->n; s++) {
		const double *x = f->sample[s].row;

		for (size_t i = 0; i < SIGNAL_COUNT; i++) {
			for (size_t j = 0; j <= i && x[i] != 0 &&
			    f->sample[s].fold != f->without; j++)
				f->factor[i][j] += 0.5 * x[i] * x[j];
		}
	}
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		f->factor[i][i] += belief(i);
}

static void
factorise(struct fit *f)
{
	for (size_t j = 0; j < SIGNAL_COUNT; j++) {
		for (size_t i = j; i < SIGNAL_COUNT; i++) {
			double sum = f->factor[i][j];

			for (size_t k = 0; k < j; k++)
				sum -= f->factor[i][k] * f->factor[j][k];
			f->factor[i][j] = i == j ? sqrt(sum) :
			    sum / f->factor[j][j];
		}
	}
}

/* The gradient divided by the bound, in place. */
static void
solve(struct fit *f, size_t k)
{
	double (*g)[MODEL_CLASSES] = f->gradient.weight;

	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		for (size_t j = 0; j < i; j++)
			g[i][k] -= f->factor[i][j] * g[j][k];
		g[i][k] /= f->factor[i][i];
	}
	for (size_t i = SIGNAL_COUNT; i-- > 0;) {
		for (size_t j = i + 1; j < SIGNAL_COUNT; j++)
			g[i][k] -= f->factor[j][i] * g[j][k];
		g[i][k] /= f->factor[i][i];
	}
}

static void
find_gradient(struct fit *f)
{
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		for (size_t k = 0; k < INTENT_COUNT; k++)
			f->gradient.weight[i][k] = belief(i) *
			    (f->ahead.weight[i][k] - f->start.weight[i][k]);
	}
	for (size_t s = 0; s < f->n; s++) {
		const struct calibrate_sample *sample = &f->sample[s];
		double p[INTENT_COUNT];

		if (sample->fold == f->without)
			continue;
		combine_weigh(sample->row, &f->ahead, p);
		p[sample->intent] -= 1;
		for (size_t i = 0; i < SIGNAL_COUNT; i++) {
			for (size_t k = 0; k < INTENT_COUNT &&
			    sample->row[i] != 0; k++)
				f->gradient.weight[i][k] +=
				    sample->row[i] * p[k];
		}
	}
}

static void
step(struct fit *f, double momentum)
{
	find_gradient(f);
	for (size_t k = 0; k < INTENT_COUNT; k++) {
		solve(f, k);
		for (size_t i = 0; i < SIGNAL_COUNT; i++) {
			double before = f->weights.weight[i][k];
			double now = f->ahead.weight[i][k] -
			    f->gradient.weight[i][k];

			f->weights.weight[i][k] = now;
			f->ahead.weight[i][k] = now + momentum * (now - before);
		}
	}
}

void
calibrate(const struct calibrate_sample *sample, size_t n, size_t without,
    struct calibration *out)
{
	struct fit *f = calloc(1, sizeof *f);
	double t = 1;

	cd_assert(f);
	f->sample = sample;
	f->n = n;
	f->without = without;
	f->start = combine_default(true);
	f->weights = f->ahead = f->start;
	second_moments(f);
	factorise(f);
	for (int i = 0; i < STEPS; i++) {
		double next = (1 + sqrt(1 + 4 * t * t)) / 2;

		step(f, (t - 1) / next);
		t = next;
	}
	*out = f->weights;
	free(f);
}
