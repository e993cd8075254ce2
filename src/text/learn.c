/*
 * L2-regularised squared hinge loss, one class against the rest (logistic loss
 * reads half a percent fewer held-back texts rightly and takes twice as long;
 * confidences come of the calibration anyway), by the primal trust-region
 * solver: the dual ones shuffle with rand().
 *
 * A feature that few samples have says more than one that all have: its value
 * is scaled by the logarithm of that (idf). And one that an intent has much more
 * often than the others do, or much less, may weigh more than one that all have
 * alike: it is also scaled by the root of that ratio's logarithm (after Wang and
 * Manning, Baselines and Bigrams, 2012; 0.4 % more held-back texts are read
 * rightly). The scales are put into the weights, so that prediction knows nothing
 * of them. A feature that hardly any sample has is left out: it names those
 * samples.
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
	uint32_t (*seen)[SCORE_COUNT];	/* samples of each class that have it */
	double samples[SCORE_COUNT], n_samples;
};

static bool
is_of(const struct learn_sample *s, size_t class)
{
	return class == SCORE_OTHER_TENANT ? s->whose == WHOSE_OTHER :
	    s->intent == class;
}

/* Says the sample anything about that class? */
static bool
teaches(const struct learn_sample *s, size_t class)
{
	return class != SCORE_OTHER_TENANT || s->whose != WHOSE_UNKNOWN;
}

static void
count_features(const struct learn_job *job, size_t without, uint32_t *count,
    struct vocabulary *v)
{
	for (size_t i = 0; i < job->n; i++) {
		const struct learn_sample *s = &job->sample[i];

		if (s->fold == without)
			continue;
		v->samples[s->intent]++;
		v->samples[SCORE_OTHER_TENANT] += s->whose == WHOSE_OTHER;
		v->n_samples++;
		for (size_t k = 0; k < s->n; k++)
			count[s->feature[k].index]++;
	}
}

static void
count_classes(const struct learn_job *job, size_t without, struct vocabulary *v)
{
	v->seen = calloc(v->n + 1, sizeof *v->seen);
	cd_assert(v->seen);
	for (size_t i = 0; i < job->n; i++) {
		const struct learn_sample *s = &job->sample[i];

		for (size_t k = 0; k < s->n && s->fold != without; k++) {
			uint32_t column = v->column[s->feature[k].index];

			if (column == 0)
				continue;
			v->seen[column - 1][s->intent]++;
			v->seen[column - 1][SCORE_OTHER_TENANT] +=
			    s->whose == WHOSE_OTHER;
		}
	}
}

static struct vocabulary
vocabulary_of(const struct learn_job *job, size_t without)
{
	struct vocabulary v = { 0 };
	uint32_t *count = calloc(MODEL_FEATURES, sizeof *count);
	size_t n_learned = 0;
	uint32_t least;

	cd_assert(count);
	count_features(job, without, count, &v);
	least = v.n_samples < MANY ? SEEN_IN : SEEN_IN_MANY;
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
		v.idf[v.n++] = 0.25 *
		    (1 + log((v.n_samples + 1) / (count[i] + 1)));
		count[i] = (uint32_t)v.n;
	}
	v.column = count;
	count_classes(job, without, &v);
	return v;
}

static void
vocabulary_free(struct vocabulary *v)
{
	free(v->feature);
	free(v->idf);
	free(v->column);
	free(v->seen);
}

/* Samples that have the feature. */
static double
have(const struct vocabulary *v, size_t feature)
{
	double n = 0;

	for (size_t k = 0; k < INTENT_COUNT; k++)
		n += v->seen[feature][k];
	return n;
}

/* How much more often, or less, samples of the class have a feature than the
 * others do: |log| of it, as if one more sample of the class had it and as large
 * a share of the others. */
static double
tells(const struct vocabulary *v, size_t feature, size_t class)
{
	double of = v->samples[class], others = v->n_samples - of;
	double rest = have(v, feature) - v->seen[feature][class];

	return fabs(log((v->seen[feature][class] + 1) / of /
	    (rest / others + 1 / of)));
}

/* What each feature's value is multiplied by to learn one class. On the whole
 * the values stay as large as with the idf alone. */
static void
scales_for(const struct vocabulary *v, size_t class, double *scale)
{
	double before = 0, after = 0;

	for (size_t i = 0; i < v->n; i++) {
		double n = have(v, i);

		scale[i] = v->idf[i] * sqrt(tells(v, i, class));
		before += n * v->idf[i] * v->idf[i];
		after += n * scale[i] * scale[i];
	}
	for (size_t i = 0; i < v->n && after > 0; i++)
		scale[i] *= sqrt(before / after);
}

static struct feature_node *
nodes_of(const struct learn_sample *s, const struct vocabulary *v)
{
	struct feature_node *x = malloc((s->n + 1) * sizeof *x);
	size_t n = 0;

	cd_assert(x);
	for (size_t k = 0; k < s->n; k++) {
		uint32_t column = v->column[s->feature[k].index];

		if (column > 0)
			x[n++].index = (int)column;
	}
	x[n].index = -1;
	return x;
}

static void
scale_nodes(const struct learn_sample *s, const struct vocabulary *v,
    const double *scale, struct feature_node *x)
{
	for (size_t k = 0; k < s->n; k++) {
		uint32_t column = v->column[s->feature[k].index];

		if (column > 0)
			(x++)->value = (double)s->feature[k].value *
			    scale[column - 1];
	}
}

/* Samples of one model, as liblinear wants them. */
struct lesson {
	struct problem p;	/* of one class */
	const struct learn_sample **sample;
	struct feature_node **nodes;	/* of each sample */
	int n;
};

static void
lesson_of(const struct learn_job *job, size_t without,
    const struct vocabulary *v, struct lesson *out)
{
	*out = (struct lesson){ .p = { .n = (int)v->n, .bias = -1 } };
	out->p.x = calloc(job->n, sizeof *out->p.x);
	out->p.y = calloc(job->n, sizeof *out->p.y);
	out->sample = calloc(job->n, sizeof *out->sample);
	out->nodes = calloc(job->n, sizeof *out->nodes);
	cd_assert(out->p.x && out->p.y && out->sample && out->nodes);
	for (size_t i = 0; i < job->n; i++) {
		if (job->sample[i].fold == without)
			continue;
		out->sample[out->n] = &job->sample[i];
		out->nodes[out->n++] = nodes_of(&job->sample[i], v);
	}
}

static void
lesson_free(struct lesson *l)
{
	for (int i = 0; i < l->n; i++)
		free(l->nodes[i]);
	free(l->p.x);
	free(l->p.y);
	free(l->sample);
	free(l->nodes);
}

static void
problem_of(struct lesson *l, const struct vocabulary *v, size_t class,
    const double *scale)
{
	l->p.l = 0;
	for (int i = 0; i < l->n; i++) {
		if (!teaches(l->sample[i], class))
			continue;
		scale_nodes(l->sample[i], v, scale, l->nodes[i]);
		l->p.x[l->p.l] = l->nodes[i];
		l->p.y[l->p.l++] = is_of(l->sample[i], class) ? 1 : -1;
	}
}

/* weight[i * SCORE_COUNT + class] of each feature i. */
static void
learn_class(const struct learn_job *job, const struct vocabulary *v,
    struct lesson *l, size_t class, double *scale, float *weight)
{
	struct parameter how = {
		.solver_type = L2R_L2LOSS_SVC, .eps = STOP,
		.C = job->cost > 0 ? job->cost : USUAL_COST,
	};
	struct linear_model *m;

	scales_for(v, class, scale);
	problem_of(l, v, class, scale);
	m = train(&l->p, &how);
	for (size_t i = 0; i < v->n; i++)
		weight[i * SCORE_COUNT + class] =
		    (float)(m->w[i] * scale[i] * m->label[0]);
	free_and_destroy_model(&m);
}

/* From all samples but those of one fold. */
static struct model *
learn_one(const struct learn_job *job, size_t without)
{
	struct vocabulary v = vocabulary_of(job, without);
	struct calibration c = combine_default(true);
	float *weight = calloc((v.n + 1) * SCORE_COUNT, sizeof *weight);
	double *scale = calloc(v.n + 1, sizeof *scale);
	struct lesson l;
	struct model *m;

	cd_assert(weight && scale);
	lesson_of(job, without, &v, &l);
	for (size_t k = 0; k < SCORE_COUNT; k++) {
		if (v.samples[k] > 0 && v.samples[k] < v.n_samples)
			learn_class(job, &v, &l, k, scale, weight);
	}
	m = model_new(SCORE_COUNT, v.feature, v.n, weight, &c);
	lesson_free(&l);
	vocabulary_free(&v);
	free(scale);
	free(weight);
	return m;
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
