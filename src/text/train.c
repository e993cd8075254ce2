/*
 * liblinear behind one door. L2-regularised squared hinge loss, one intent
 * against the rest (logistic loss reads half a percent fewer held-back texts
 * rightly and takes twice as long; confidences come of the calibration anyway),
 * by the primal trust-region solver: the dual ones shuffle with rand().
 *
 * A feature that few samples have says more than one that all have: its value
 * is scaled by the logarithm of that (idf), and the scale is put into the
 * weight, so that prediction knows nothing of it. One that a single sample has
 * is left out: it names that sample.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Its `struct model` is not ours. */
#define model linear_model
#include <linear.h>
#undef model

#include "text/train.h"

#define USUAL_COST	0.3
#define SEEN_IN		2	/* samples, else a feature is chance */
#define MAX_FOLDS	20
#define STOP		0.1	/* liblinear's eps */
#define STEPS		400	/* of the calibration */

struct learned {		/* one sample, seen by the model */
	struct feature_node *node; /* values without idf */
	size_t n;
	struct signals signals;
};

struct school {
	struct arena *a;
	struct classifier *c;
	const struct train_sample *sample;
	struct learned *seen;
	size_t *fold;		/* of each sample */
	size_t n;
	const struct train_options *options;
	struct model *fold_model[MAX_FOLDS];
};

static void
quiet(const char *text)
{
	(void)text;
}

static void
progress(const struct school *s, const char *line)
{
	if (s->options->progress)
		s->options->progress(s->options->ctx, line);
}

static void
input_of(const struct train_sample *s, struct classify_input *in)
{
	memset(in, 0, sizeof *in);
	in->subject = s->subject;
	in->zone[ZONE_NEW] = s->text;
	in->sender = "";
	in->context = s->context;
	in->language = s->language;
	in->automatic = s->automatic;
}

static void
see(struct school *s)
{
	struct collected *got = arena_alloc(s->a, sizeof *got);
	struct arena *turn = arena_new();

	for (size_t i = 0; i < s->n; i++) {
		struct learned *l = &s->seen[i];
		struct classify_input in;

		arena_reset(turn);
		input_of(&s->sample[i], &in);
		classify_collect(s->c, turn, &in, got);
		l->signals = got->signals;
		l->n = got->features.n;
		/* One more for idf's copy's end mark. */
		l->node = arena_array(s->a, l->n + 1, sizeof *l->node);
		for (size_t k = 0; k < l->n; k++) {
			l->node[k].index = (int)got->features.v[k].index + 1;
			l->node[k].value = (double)got->features.v[k].value;
		}
		l->node[l->n].index = -1;
	}
	arena_free(&turn);
}

static double *
idf_of(const struct school *s, size_t without)
{
	double *idf = calloc(MODEL_FEATURES + 1, sizeof *idf);
	double n = 0;

	cd_assert(idf);
	for (size_t i = 0; i < s->n; i++) {
		if (s->fold[i] == without)
			continue;
		n++;
		for (size_t k = 0; k < s->seen[i].n; k++)
			idf[s->seen[i].node[k].index]++;
	}
	for (size_t i = 0; i <= MODEL_FEATURES; i++)
		idf[i] = idf[i] < SEEN_IN ? 0 :
		    0.25 * (1 + log((n + 1) / (idf[i] + 1)));
	return idf;
}

static void
fill_problem(const struct school *s, size_t without, const double *idf,
    struct problem *p)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct learned *l = &s->seen[i];
		struct feature_node *x;
		size_t kept = 0;

		if (s->fold[i] == without)
			continue;
		x = malloc((l->n + 1) * sizeof *x);
		cd_assert(x);
		for (size_t k = 0; k < l->n; k++) {
			int index = l->node[k].index;

			if (idf[index] > 0)
				x[kept++] = (struct feature_node){ index,
				    l->node[k].value * idf[index] };
		}
		x[kept] = (struct feature_node){ -1, 0 };
		p->x[n] = x;
		p->y[n++] = (double)s->sample[i].intent;
	}
	p->l = (int)n;
}

static struct model *
take_over(const struct linear_model *m, const double *idf)
{
	float *w = calloc((size_t)MODEL_FEATURES * INTENT_COUNT, sizeof *w);
	struct calibration c = combine_default(true);
	struct model *ours;
	size_t classes = (size_t)m->nr_class;

	cd_assert(w);
	for (size_t i = 0; i < MODEL_FEATURES; i++) {
		for (size_t k = 0; k < classes; k++)
			w[i * INTENT_COUNT + (size_t)m->label[k]] =
			    (float)(m->w[i * classes + k] * idf[i + 1]);
	}
	ours = model_new(INTENT_COUNT, w, &c);
	free(w);
	return ours;
}

/* From all samples but those of one fold (SIZE_MAX: from all). */
static struct model *
learn(const struct school *s, size_t without)
{
	struct parameter how = {
		.solver_type = L2R_L2LOSS_SVC, .eps = STOP,
		.C = s->options->cost > 0 ? s->options->cost : USUAL_COST,
	};
	struct problem p = { .n = (int)MODEL_FEATURES, .bias = -1 };
	double *idf = idf_of(s, without);
	struct linear_model *m;
	struct model *ours;

	p.x = calloc(s->n, sizeof *p.x);
	p.y = calloc(s->n, sizeof *p.y);
	cd_assert(p.x && p.y);
	fill_problem(s, without, idf, &p);
	set_print_string_function(quiet);
	m = train(&p, &how);
	ours = take_over(m, idf);
	free_and_destroy_model(&m);
	for (int i = 0; i < p.l; i++)
		free(p.x[i]);
	free(p.x);
	free(p.y);
	free(idf);
	return ours;
}

static void
score_fold(struct school *s, size_t fold)
{
	struct feature *f = calloc(CD_MAX_FEATURES, sizeof *f);

	cd_assert(f);
	for (size_t i = 0; i < s->n; i++) {
		struct learned *l = &s->seen[i];

		if (s->fold[i] != fold)
			continue;
		for (size_t k = 0; k < l->n; k++)
			f[k] = (struct feature){
				(uint32_t)(l->node[k].index - 1),
				(float)l->node[k].value
			};
		model_scores(s->fold_model[fold], f, l->n, l->signals.scores);
	}
	free(f);
}

/* Descent on the log-loss of the held-back samples: few numbers, a fixed count
 * of steps, no chance in it. */
static double
calibrate(const struct school *s, struct calibration *c)
{
	double loss = 0, rate = 1.0;

	*c = combine_default(true);
	for (int step = 0; step < STEPS; step++) {
		double model = 0, rules = 0, bias[INTENT_COUNT] = { 0 };

		loss = 0;
		for (size_t i = 0; i < s->n; i++) {
			const struct signals *g = &s->seen[i].signals;
			double p[INTENT_COUNT];

			combine_probabilities(g, c, p);
			loss -= log(fmax(p[s->sample[i].intent], 1e-12));
			for (size_t k = 0; k < INTENT_COUNT; k++) {
				double d = p[k] -
				    (k == s->sample[i].intent ? 1 : 0);

				model += d * g->scores[k];
				rules += d * fmax(-6, fmin(6, g->points[k]));
				bias[k] += d;
			}
		}
		loss /= (double)s->n;
		c->from_model -= 0.3 * rate * model / (double)s->n;
		c->from_rules -= 0.05 * rate * rules / (double)s->n;
		for (size_t k = 0; k < INTENT_COUNT; k++)
			c->bias[k] -= rate * bias[k] / (double)s->n;
		c->from_rules = fmax(c->from_rules, 0);
	}
	return loss;
}

static void
facts_of(const struct train_sample *s, double below, struct facts *f)
{
	memset(f, 0, sizeof *f);
	f->authentication = AUTH_PASS;
	f->has_help = s->context == CONTEXT_HELP ||
	    s->context == CONTEXT_LINK || s->context == CONTEXT_ASK_DOMAIN;
	f->domain = "example.com";
	f->review_below = below;
}

static enum action
asked_for(const struct train_sample *s)
{
	struct facts f;

	facts_of(s, 0, &f);
	f.reading.intent = s->intent;
	f.reading.confidence = 1;
	f.reading.probability[s->intent] = 1;
	f.reading.remedy = "";
	return decide(&f).action;
}

static struct verdict
verdict_of(const struct train_sample *s, const struct reading *r, double below)
{
	struct facts f;

	facts_of(s, below, &f);
	f.automatic = s->automatic;
	f.reading = *r;
	return decide(&f);
}

/* A person is asked what the mail means, where others are put before a person
 * because it is clear what they mean. */
static bool
abstains(const struct verdict *v, const struct reading *r)
{
	return v->reason == r->torn ||
	    str_starts(str_of(v->reason), STR("perhaps_")) ||
	    strcmp(v->reason, "unsure") == 0 ||
	    strcmp(v->reason, "unclear") == 0;
}

static void
count_threshold(const struct train_sample *s, const struct reading *r,
    enum action asked, struct train_threshold *at)
{
	struct verdict v = verdict_of(s, r, at->review_below);
	bool sends = action_sends(v.action), stated = !abstains(&v, r);

	at->right += v.action == asked;
	at->answers += sends;
	at->wrong_answers += sends && v.action != asked;
	at->false_answers += sends && !action_sends(asked);
	at->stated += stated;
	at->stated_right += stated && r->intent == s->intent;
}

static void
count_language(const struct train_sample *s, bool right,
    struct train_report *report)
{
	struct train_language *l = report->language;
	const struct train_language *last = l + TRAIN_LANGUAGES - 1;

	while (l < last && l->name && strcmp(l->name, s->labelled_language))
		l++;
	l->name = l == last ? "others" : s->labelled_language;
	l->n++;
	l->intents_right += right;
}

static void
count_one(const struct train_sample *s, const struct reading *r,
    struct train_report *report)
{
	static const double below[TRAIN_THRESHOLDS] = {
		0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95
	};
	enum action asked = asked_for(s);

	report->n++;
	report->intents_right += r->intent == s->intent;
	report->confusion[s->intent][r->intent]++;
	count_language(s, r->intent == s->intent, report);
	for (size_t t = 0; t < TRAIN_THRESHOLDS; t++) {
		report->at[t].review_below = below[t];
		count_threshold(s, r, asked, &report->at[t]);
	}
}

static void
read_one(const struct school *s, size_t i, struct arena *turn,
    struct train_report *report)
{
	const struct train_sample *sample = &s->sample[i];
	const struct train_options *o = s->options;
	struct classify_input in;
	struct reading r;

	input_of(sample, &in);
	classify_run(s->c, turn, &in, &r);
	count_one(sample, &r, report);
	if (o->held_back)
		o->held_back(o->ctx, i, &r, verdict_of(sample, &r,
		    o->review_below).action, asked_for(sample));
}

static void
read_folds(struct school *s, struct train_report *report)
{
	struct arena *turn = arena_new();

	for (size_t fold = 0; fold < s->options->folds; fold++) {
		classifier_set_model(s->c, s->fold_model[fold]);
		s->fold_model[fold] = NULL;
		for (size_t i = 0; i < s->n; i++) {
			if (s->fold[i] != fold)
				continue;
			arena_reset(turn);
			read_one(s, i, turn, report);
		}
	}
	classifier_set_model(s->c, NULL);
	arena_free(&turn);
}

static enum cd_rc
check_samples(const struct train_sample *sample, size_t n,
    const struct train_options *o, struct cd_err *err)
{
	bool have[INTENT_COUNT] = { false };
	size_t intents = 0;

	for (size_t i = 0; i < n; i++) {
		intents += !have[sample[i].intent];
		have[sample[i].intent] = true;
	}
	if (o->folds < 2 || o->folds > MAX_FOLDS)
		return cd_fail(err, CD_MALFORMED, "2 to %d folds, not %zu",
		    MAX_FOLDS, o->folds);
	if (intents < 3 || n < 2 * o->folds)
		return cd_fail(err, CD_MALFORMED, "%zu samples of %zu intents "
		    "are too few to learn from", n, intents);
	return CD_OK;
}

enum cd_rc
train_run(struct classifier *c, const struct train_sample *sample, size_t n,
    const struct train_options *o, struct train_report *report_out,
    struct model **model_out, struct cd_err *err)
{
	struct school s = { .c = c, .sample = sample, .n = n, .options = o };
	enum cd_rc rc = check_samples(sample, n, o, err);
	struct train_report report = { .n = 0 };
	struct calibration calibration;
	struct model *m;

	if (rc != CD_OK)
		return rc;
	s.a = arena_new();
	s.seen = arena_array(s.a, n, sizeof *s.seen);
	s.fold = arena_array(s.a, n, sizeof *s.fold);
	classifier_set_model(c, NULL);
	see(&s);
	train_folds(s.a, sample, n, o->folds, s.fold);
	for (size_t fold = 0; fold < o->folds; fold++) {
		progress(&s, arena_printf(s.a, "part %zu of %zu", fold + 1,
		    o->folds));
		s.fold_model[fold] = learn(&s, fold);
		score_fold(&s, fold);
	}
	report.log_loss = calibrate(&s, &calibration);
	for (size_t fold = 0; fold < o->folds; fold++)
		model_calibrate(s.fold_model[fold], &calibration);
	read_folds(&s, &report);
	progress(&s, "the whole");
	m = learn(&s, SIZE_MAX);
	model_calibrate(m, &calibration);
	arena_free(&s.a);
	*report_out = report;
	*model_out = m;
	return CD_OK;
}

void
train_judge(const struct classifier *c, const struct train_sample *sample,
    size_t n, struct train_report *report_out)
{
	struct arena *turn = arena_new();
	struct train_report report = { .n = 0 };

	for (size_t i = 0; i < n; i++) {
		struct classify_input in;
		struct reading r;
		double p;

		arena_reset(turn);
		input_of(&sample[i], &in);
		classify_run(c, turn, &in, &r);
		count_one(&sample[i], &r, &report);
		p = r.probability[sample[i].intent];
		report.log_loss -= log(fmax(p, 1e-12));
	}
	if (n > 0)
		report.log_loss /= (double)n;
	arena_free(&turn);
	*report_out = report;
}
