/*
 * The samples are dealt into folds, each fold is read by a model of the others,
 * and what comes of it is counted.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/calibrate.h"
#include "text/learn.h"
#include "text/train.h"

struct school {
	struct arena *a;
	struct classifier *c;
	const struct train_sample *sample;
	struct learn_sample *seen; /* the same, as the model sees them */
	struct signals *signals;   /* and what else is known of them */
	size_t n;
	const struct train_options *options;
	struct model *model[LEARN_MAX_FOLDS + 1]; /* the last: the whole */
};

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

/* What a lesson teaches about whose tenant it is. */
static enum whose
whose_taught(const struct train_sample *s, const struct signals *seen)
{
	if (s->whose != WHOSE_UNKNOWN)
		return s->whose;
	return seen->facts & FACT_MSP ? WHOSE_UNKNOWN : WHOSE_OWN;
}

static void
see(struct school *s)
{
	struct collected *got = arena_alloc(s->a, sizeof *got);
	struct arena *turn = arena_new();
	size_t *fold = arena_array(s->a, s->n, sizeof *fold);

	train_folds(s->a, s->sample, s->n, s->options->folds, fold);
	for (size_t i = 0; i < s->n; i++) {
		struct classify_input in;
		struct feature *copy;

		arena_reset(turn);
		input_of(&s->sample[i], &in);
		classify_collect(s->c, turn, &in, got);
		copy = arena_array(s->a, got->features.n, sizeof *copy);
		memcpy(copy, got->features.v, got->features.n * sizeof *copy);
		s->signals[i] = got->signals;
		s->seen[i] = (struct learn_sample){ copy, got->features.n,
		    s->sample[i].intent,
		    whose_taught(&s->sample[i], &got->signals), fold[i] };
	}
	arena_free(&turn);
}

static void
say_part(void *ctx, size_t model)
{
	const struct school *s = ctx;
	char line[64];

	snprintf(line, sizeof line, "part %zu of %zu", model + 1,
	    s->options->folds);
	progress(s, model < s->options->folds ? line : "the whole");
}

static void
score(struct school *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct learn_sample *seen = &s->seen[i];

		model_scores(s->model[seen->fold], seen->feature, seen->n,
		    s->signals[i].scores);
	}
}

/* Each part is read with what the other parts teach of the signals' worth, as
 * it is scored by their model; the whole is taught by all. */
static void
weigh_signals(const struct school *s)
{
	struct calibrate_sample *v = calloc(s->n, sizeof *v);
	struct calibration c;

	cd_assert(v);
	for (size_t i = 0; i < s->n; i++) {
		combine_row(&s->signals[i], v[i].row);
		v[i].intent = s->seen[i].intent;
		v[i].fold = s->seen[i].fold;
	}
	progress(s, "what rules and model are worth");
	/* No sample is of the fold after the last. */
	for (size_t fold = 0; fold <= s->options->folds; fold++) {
		calibrate(v, s->n, fold, &c);
		model_calibrate(s->model[fold], &c);
	}
	free(v);
}

static void
facts_of(const struct train_sample *s, double below, struct facts *f)
{
	memset(f, 0, sizeof *f);
	f->authentication = AUTH_PASS;
	f->has_help = s->context == CONTEXT_HELP ||
	    s->context == CONTEXT_LINK || s->context == CONTEXT_ASK_DOMAIN;
	f->domain = "example.com";
	f->consumer = true;	/* a note to private accounts is no answer else */
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
		0.5, 0.7, 0.8, 0.9, 0.94, 0.96, 0.97, 0.98
	};
	enum action asked = asked_for(s);

	report->n++;
	report->log_loss -= log(fmax(r->probability[s->intent], 1e-12));
	report->intents_right += r->intent == s->intent;
	report->confusion[s->intent][r->intent]++;
	if (s->whose != WHOSE_UNKNOWN)
		report->whose[s->whose][r->whose]++;
	count_language(s, r->intent == s->intent, report);
	for (size_t t = 0; t < TRAIN_THRESHOLDS; t++) {
		report->at[t].review_below = below[t];
		count_threshold(s, r, asked, &report->at[t]);
	}
	count_threshold(s, r, asked, &report->policy);
}

static struct train_report
report_new(const struct train_options *o)
{
	return (struct train_report){
		.policy.review_below = o->review_below,
	};
}

static void
read_one(const struct classifier *c, const struct train_sample *s, size_t i,
    const struct train_options *o, struct arena *turn,
    struct train_report *report)
{
	struct classify_input in;
	struct reading r;

	input_of(s, &in);
	classify_run(c, turn, &in, &r);
	count_one(s, &r, report);
	if (o->read)
		o->read(o->ctx, i, &r, verdict_of(s, &r,
		    o->review_below).action, asked_for(s));
}

static void
read_folds(struct school *s, struct train_report *report)
{
	struct arena *turn = arena_new();

	for (size_t fold = 0; fold < s->options->folds; fold++) {
		classifier_set_model(s->c, s->model[fold]);
		for (size_t i = 0; i < s->n; i++) {
			if (s->seen[i].fold != fold)
				continue;
			arena_reset(turn);
			read_one(s->c, &s->sample[i], i, s->options, turn,
			    report);
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
	if (o->folds < 2 || o->folds > LEARN_MAX_FOLDS)
		return cd_fail(err, CD_MALFORMED, "2 to %d folds, not %zu",
		    LEARN_MAX_FOLDS, o->folds);
	if (intents < 3 || n < 2 * o->folds)
		return cd_fail(err, CD_MALFORMED, "%zu lessons of %zu intents "
		    "are too few to learn from: in %zu parts it takes %zu, of "
		    "three intents", n, intents, o->folds, 2 * o->folds);
	return CD_OK;
}

static void
remember(struct school *s, const struct train_report *r)
{
	uint32_t *fingerprint = arena_array(s->a, s->n, sizeof *fingerprint);
	const struct model_figures held_back = {
		.n = r->n, .intents_right = r->intents_right,
		.actions_right = r->policy.right,
		.wrong_answers = r->policy.wrong_answers,
		.review_below = r->policy.review_below,
	};

	for (size_t i = 0; i < s->n; i++)
		fingerprint[i] = train_fingerprint(s->sample[i].text);
	model_remember(s->model[s->options->folds], fingerprint, s->n,
	    &held_back);
}

enum cd_rc
train_run(struct classifier *c, const struct train_sample *sample, size_t n,
    const struct train_options *o, struct train_report *report_out,
    struct model **model_out, struct cd_err *err)
{
	struct school s = { .c = c, .sample = sample, .n = n, .options = o };
	enum cd_rc rc = check_samples(sample, n, o, err);
	struct train_report report = report_new(o);
	struct learn_job job = {
		.n = n, .folds = o->folds, .cost = o->cost,
		.begun = say_part, .ctx = &s,
	};

	if (rc != CD_OK)
		return rc;
	s.a = arena_new();
	job.sample = s.seen = arena_array(s.a, n, sizeof *s.seen);
	s.signals = arena_array(s.a, n, sizeof *s.signals);
	classifier_set_model(c, NULL);
	see(&s);
	learn(&job, s.model);
	score(&s);
	weigh_signals(&s);
	read_folds(&s, &report);
	report.log_loss /= (double)n;
	remember(&s, &report);
	arena_free(&s.a);
	*report_out = report;
	*model_out = s.model[o->folds];
	return CD_OK;
}

void
train_judge(const struct classifier *c, const struct train_sample *sample,
    size_t n, const struct train_options *o, struct train_report *report_out)
{
	struct arena *turn = arena_new();
	struct train_report report = report_new(o);

	for (size_t i = 0; i < n; i++) {
		arena_reset(turn);
		read_one(c, &sample[i], i, o, turn, &report);
	}
	if (n > 0)
		report.log_loss /= (double)n;
	arena_free(&turn);
	*report_out = report;
}
