/*
 * L2-regularised squared hinge loss, one intent against the rest (logistic loss
 * reads half a percent fewer held-back texts rightly and takes twice as long;
 * confidences come of the calibration anyway), by the primal trust-region
 * solver: the dual ones shuffle with rand().
 *
 * A feature that few samples have says more than one that all have: its value
 * is scaled by the logarithm of that (idf), and the scale is put into the
 * weight, so that prediction knows nothing of it. One that hardly any sample has
 * is left out: it names those samples.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Its `struct model` is not ours. */
#define model linear_model
#include <linear.h>
#undef model

#include "text/combine.h"
#include "text/learn.h"

#define USUAL_COST	0.3
/* A feature that fewer samples have is chance; of many samples it can be
 * more: as many are read rightly, with less than half of the features. */
#define SEEN_IN		2
#define SEEN_IN_MANY	5
#define MANY		20000.0	/* samples */
#define STOP		0.1	/* liblinear's eps */
#define MAX_WORKERS	8

struct school {
	const struct learn_job *job;
	struct model **out;
	pthread_mutex_t turn;	/* for what follows, and job->begun */
	size_t next;		/* model to be learned */
};

static void
quiet(const char *text)
{
	(void)text;
}

/* The features that are learned, in order. */
struct vocabulary {
	size_t n;
	uint32_t *feature;
	double *idf;
	uint32_t *column;	/* of each feature there can be, from 1 on, as
				 * liblinear counts; 0: it is not learned */
};

static void
count_features(const struct learn_job *job, size_t without, uint32_t *count,
    double *n)
{
	for (size_t i = 0; i < job->n; i++) {
		const struct learn_sample *s = &job->sample[i];

		if (s->fold == without)
			continue;
		++*n;
		for (size_t k = 0; k < s->n; k++)
			count[s->feature[k].index]++;
	}
}

static struct vocabulary
vocabulary_of(const struct learn_job *job, size_t without)
{
	struct vocabulary v = { 0 };
	uint32_t *count = calloc(MODEL_FEATURES, sizeof *count);
	size_t n_learned = 0;
	uint32_t least;
	double n = 0;

	cd_assert(count);
	count_features(job, without, count, &n);
	least = n < MANY ? SEEN_IN : SEEN_IN_MANY;
	for (size_t i = 0; i < MODEL_FEATURES; i++)
		n_learned += count[i] >= least;
	v.feature = calloc(n_learned + 1, sizeof *v.feature);
	v.idf = calloc(n_learned + 1, sizeof *v.idf);
	cd_assert(v.feature && v.idf);
	for (uint32_t i = 0; i < MODEL_FEATURES; i++) {
		if (count[i] < least) {
			count[i] = 0;
			continue;
		}
		v.feature[v.n] = i;
		v.idf[v.n++] = 0.25 * (1 + log((n + 1) / (count[i] + 1)));
		count[i] = (uint32_t)v.n;
	}
	v.column = count;
	return v;
}

static void
vocabulary_free(struct vocabulary *v)
{
	free(v->feature);
	free(v->idf);
	free(v->column);
}

static struct feature_node *
nodes_of(const struct learn_sample *s, const struct vocabulary *v)
{
	struct feature_node *x = malloc((s->n + 1) * sizeof *x);
	size_t n = 0;

	cd_assert(x);
	for (size_t k = 0; k < s->n; k++) {
		const struct feature *f = &s->feature[k];
		uint32_t column = v->column[f->index];

		if (column > 0)
			x[n++] = (struct feature_node){ (int)column,
			    (double)f->value * v->idf[column - 1] };
	}
	x[n] = (struct feature_node){ -1, 0 };
	return x;
}

static struct model *
take_over(const struct linear_model *m, const struct vocabulary *v)
{
	float *w = calloc((v->n + 1) * INTENT_COUNT, sizeof *w);
	struct calibration c = combine_default(true);
	struct model *ours;
	size_t classes = (size_t)m->nr_class;

	cd_assert(w);
	for (size_t i = 0; i < v->n; i++) {
		for (size_t k = 0; k < classes; k++)
			w[i * INTENT_COUNT + (size_t)m->label[k]] =
			    (float)(m->w[i * classes + k] * v->idf[i]);
	}
	ours = model_new(INTENT_COUNT, v->feature, v->n, w, &c);
	free(w);
	return ours;
}

/* From all samples but those of one fold. */
static struct model *
learn_one(const struct learn_job *job, size_t without)
{
	struct parameter how = {
		.solver_type = L2R_L2LOSS_SVC, .eps = STOP,
		.C = job->cost > 0 ? job->cost : USUAL_COST,
	};
	struct vocabulary v = vocabulary_of(job, without);
	struct problem p = { .n = (int)v.n, .bias = -1 };
	struct linear_model *m;
	struct model *ours;

	p.x = calloc(job->n, sizeof *p.x);
	p.y = calloc(job->n, sizeof *p.y);
	cd_assert(p.x && p.y);
	for (size_t i = 0; i < job->n; i++) {
		if (job->sample[i].fold == without)
			continue;
		p.x[p.l] = nodes_of(&job->sample[i], &v);
		p.y[p.l++] = (double)job->sample[i].intent;
	}
	m = train(&p, &how);
	ours = take_over(m, &v);
	free_and_destroy_model(&m);
	for (int i = 0; i < p.l; i++)
		free(p.x[i]);
	free(p.x);
	free(p.y);
	vocabulary_free(&v);
	return ours;
}

static void *
work(void *school)
{
	struct school *s = school;
	const struct learn_job *job = s->job;

	for (;;) {
		size_t mine;

		pthread_mutex_lock(&s->turn);
		mine = s->next++;
		if (mine <= job->folds && job->begun)
			job->begun(job->ctx, mine);
		pthread_mutex_unlock(&s->turn);
		if (mine > job->folds)
			return NULL;
		/* No sample is of the fold after the last: the whole. */
		s->out[mine] = learn_one(job, mine);
	}
}

/* As many as there are processors, and no more than fit into half of the
 * memory: each has the features of nearly all samples. */
static size_t
workers(const struct learn_job *job)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	double memory = (double)sysconf(_SC_PHYS_PAGES) *
	    (double)sysconf(_SC_PAGESIZE), each = 1;
	size_t n = processors > 1 ? (size_t)processors : 1;

	for (size_t i = 0; i < job->n; i++)
		each += (double)(job->sample[i].n *
		    sizeof(struct feature_node));
	n = n > MAX_WORKERS ? MAX_WORKERS : n;
	while (n > 1 && (double)n * each > memory / 2)
		n--;
	return n;
}

void
learn(const struct learn_job *job, struct model **out)
{
	struct school s = { .job = job, .out = out };
	pthread_t thread[MAX_WORKERS];
	size_t n = workers(job), others = 0;

	cd_assert(job->folds <= LEARN_MAX_FOLDS);
	set_print_string_function(quiet);
	pthread_mutex_init(&s.turn, NULL);
	while (others + 1 < n &&
	    pthread_create(&thread[others], NULL, work, &s) == 0)
		others++;
	work(&s);
	while (others > 0)
		pthread_join(thread[--others], NULL);
	pthread_mutex_destroy(&s.turn);
}
