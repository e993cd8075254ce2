#ifndef CD_TEXT_MODEL_H
#define CD_TEXT_MODEL_H

#include <stdint.h>

#include "base/arena.h"

/*
 * A linear classifier over hashed features: L2 logistic regression, one
 * against the rest, learned by liblinear, weights in one versioned file
 * (float32, little endian, checksummed). Prediction allocates nothing.
 */
struct model;

enum cd_rc model_load(const char *file, struct model **out, struct cd_err *err)
    CD_CHECK;
void model_free(struct model **);

#endif
