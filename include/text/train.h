#ifndef CD_TEXT_TRAIN_H
#define CD_TEXT_TRAIN_H

#include "text/classifier.h"
#include "text/decide.h"

/*
 * Learning the model from labelled texts. Deterministic: the same samples in
 * the same order give the same bytes (liblinear's primal solver, folds by a
 * hash of the text).
 *
 * Every figure of the report is of samples that the model did not learn from:
 * with k folds, each k-th part is read by a model of the others. The same
 * held-back readings calibrate the confidence.
 */
struct train_sample {
	struct str text, subject;
	const char *language;	/* language_of's */
	const char *automatic;	/* screen's, or NULL */
	enum thread_context context;
	enum intent intent;	/* as labelled */
	enum whose whose;	/* as labelled. Where nobody said it is the own one,
				 * unless the rules see a service company */
	const char *labelled_language;	/* "" where nobody said */
};

#define TRAIN_THRESHOLDS	8

struct train_threshold {
	double review_below;
	size_t right;		/* action as the label asks */
	size_t answers;		/* automatic answers */
	size_t wrong_answers;	/* another answer than the label asks */
	size_t false_answers;	/* where the label asks for none */
	size_t stated;		/* read without asking a person what it is */
	size_t stated_right;
};

#define TRAIN_LANGUAGES	24

struct train_language {
	const char *name;
	size_t n, intents_right;
};

struct train_report {
	size_t n, intents_right;
	size_t confusion[INTENT_COUNT][INTENT_COUNT]; /* [label][read] */
	struct train_threshold at[TRAIN_THRESHOLDS];
	struct train_threshold policy;	/* at the options' review_below */
	struct train_language language[TRAIN_LANGUAGES]; /* as labelled; the
				 * last takes what has no place */
	size_t whose[WHOSE_COUNT][WHOSE_COUNT]; /* [label][read], of whom a label says */
	double log_loss;	/* per sample, calibrated */
};

struct train_options {
	size_t folds;		/* 2 .. 20 */
	double cost;		/* liblinear's C; 0: the usual */
	/* Called now and then with a line for a person, from any thread but by
	 * one at a time, or NULL. */
	void (*progress)(void *ctx, const char *line);
	/* Called for each sample that is read, or NULL; done is what would be
	 * done with it at review_below, asked what the label asks. */
	void (*read)(void *ctx, size_t sample, const struct reading *,
	    enum action done, enum action asked);
	double review_below;
	void *ctx;
};

/* c is used for its rules and left without a model. CD_MALFORMED: fewer than
 * three intents, or fewer samples than folds. The model belongs to the
 * caller; it remembers the samples' texts and what the report says of them. */
enum cd_rc train_run(struct classifier *c, const struct train_sample *, size_t n,
    const struct train_options *, struct train_report *report_out,
    struct model **model_out, struct cd_err *err) CD_CHECK;

/* Of the letters alone: the same words with another dot, capital or number are
 * the same text, whatever it answers and however it was labelled. */
uint32_t train_fingerprint(struct str text);

/* Deals the samples into folds, 0 .. folds - 1: every intent spread evenly,
 * what was written twice (train_fingerprint) in one, or it would be read by
 * a model that has seen it. */
void train_folds(struct arena *, const struct train_sample *, size_t n,
    size_t folds, size_t *fold_out);

/* The report of another model on the samples: no folds, nothing is learned; of
 * the options read, ctx and review_below count. c is left with its model. */
void train_judge(const struct classifier *c, const struct train_sample *,
    size_t n, const struct train_options *, struct train_report *report_out);

/* What came of a text. */
struct train_outcome {
	bool right;		/* the intent */
	bool action_right;
	bool wrong_answer;	/* automatic, and not what the label asks for */
};

/* Two models on the same texts, which neither has learned from. */
struct train_match {
	size_t n;
	/* Of the old model, of the new. */
	size_t right[2], actions_right[2], wrong_answers[2];
	size_t gained, lost;	/* intents: right by the new one alone, by the
				 * old one alone */
	size_t erred, mended;	/* wrong answers likewise: of the new one
				 * alone, of the old one alone */
};
void train_match_add(struct train_match *, struct train_outcome before,
    struct train_outcome now);

enum train_verdict { TRAIN_NOT_SHOWN, TRAIN_BETTER, TRAIN_WORSE };
/* Better or worse is what chance alone would bring about once in twenty times or
 * less often, of TRAIN_LEAST texts or more. More wrong answers are never better,
 * nor fewer intents right. */
#define TRAIN_LEAST	30
enum train_verdict train_match_verdict(const struct train_match *);

#endif
