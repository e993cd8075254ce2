#ifndef CD_TEXT_MODEL_H
#define CD_TEXT_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * A linear classifier over hashed features: L2, squared hinge loss, one
 * against the rest, learned by liblinear, weights in one versioned file
 * (4 bits each, little endian, checksummed). Prediction
 * allocates nothing.
 */
#define MODEL_BITS	22	/* with 19 the features of 87,654 lessons got in
				 * each other's way: 0.4 % fewer read rightly */
#define MODEL_FEATURES	(1u << MODEL_BITS)
#define MODEL_CLASSES	16	/* at most */
/* Raised when features or the file change: a model is no use with others. */
#define MODEL_VERSION	9u
#define MODEL_SIGNALS	64	/* at most */

struct model;

struct feature {
	uint32_t index;		/* < MODEL_FEATURES */
	float value;
};

/* From all that is known of a mail (combine.h says what) to probabilities:
 * softmax of the signals' weighted sums, fitted on mails that were not learned
 * from. */
struct calibration {
	double weight[MODEL_SIGNALS][MODEL_CLASSES];
};

/* What came of the texts when each was read by a model that had not learned from
 * it (train.h). As it lies in the file. */
struct model_figures {
	uint64_t n;		/* 0: that is not known */
	uint64_t intents_right, actions_right;
	uint64_t wrong_answers;	/* automatic, and not what the label asks for */
	double review_below;	/* at which actions and answers were counted */
};

/* CD_ABSENT: no such file. CD_MALFORMED: no model, of another version, or
 * damaged. */
enum cd_rc model_load(const char *file, struct model **out, struct cd_err *err)
    CD_CHECK;
/* A model, and one that another version of the program learned. */
bool model_is_of_another_version(const char *file);
void model_free(struct model **);

/* From what was learned: n features, ascending, and weight[i * classes + c] of
 * feature[i]. */
struct model *model_new(size_t classes, const uint32_t *feature, size_t n,
    const float *weight, const struct calibration *);
void model_calibrate(struct model *, const struct calibration *);
/* What it learned from, at most CD_MAX_LESSONS texts in any order
 * (train_fingerprint; borrowed), and what came of them. A new model has nothing of
 * that; it goes into the file with the rest. */
void model_remember(struct model *, const uint32_t *fingerprint, size_t n,
    const struct model_figures *held_back);
/* Same model, same bytes. CD_REFUSED: it cannot be written; the file that was
 * there is as it was. */
enum cd_rc model_save(const struct model *, const char *file,
    struct cd_err *err) CD_CHECK;
/* Learning takes long: could it be written then? Nothing is changed.
 * CD_REFUSED: it could not. */
enum cd_rc model_try_save(const char *file, struct cd_err *err) CD_CHECK;

size_t model_classes(const struct model *);
const struct calibration *model_calibration(const struct model *);
double model_weight(const struct model *, uint32_t feature, size_t class);
bool model_has_learned(const struct model *, uint32_t fingerprint);
const struct model_figures *model_held_back(const struct model *);

/* Raw scores of every class. */
void model_scores(const struct model *, const struct feature *, size_t n,
    double *scores_out);

#endif
