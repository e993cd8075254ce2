/*
 * The model file: a header of fixed size, then one row of 8-bit weights per
 * feature. Eight bits are enough: the rounding is far below what the choice of
 * training mails does. Rows are padded to MODEL_CLASSES, so that a row is one
 * aligned load.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/model.h"

#define MAGIC		"CDMODEL\n"

struct row {
	int8_t w[MODEL_CLASSES];
};

struct model {
	size_t classes;
	float scale[MODEL_CLASSES];
	struct calibration calibration;
	struct row row[MODEL_FEATURES];
};

/* What stands in the file before the rows; numbers little endian. */
struct head {
	char magic[8];
	uint32_t version, bits, classes, zero;
	uint64_t checksum;	/* FNV-1a of all that follows it */
	double from_model, from_rules, bias[MODEL_CLASSES];
	double scale[MODEL_CLASSES];
};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    "the model file is written as it lies in memory");

static uint64_t
fnv(uint64_t h, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	return h;
}

static uint64_t
checksum(const struct head *h, const struct model *m)
{
	uint64_t sum = fnv(0xcbf29ce484222325u, &h->from_model,
	    sizeof *h - offsetof(struct head, from_model));

	for (size_t i = 0; i < MODEL_FEATURES; i++)
		sum = fnv(sum, m->row[i].w, m->classes);
	return sum;
}

static struct model *
model_alloc(void)
{
	struct model *m = calloc(1, sizeof *m);

	cd_assert(m);
	return m;
}

struct model *
model_new(size_t classes, const float *weight, const struct calibration *c)
{
	struct model *m = model_alloc();

	cd_assert(classes <= MODEL_CLASSES);
	m->classes = classes;
	m->calibration = *c;
	for (size_t k = 0; k < classes; k++) {
		float most = 1e-6f;

		for (size_t i = 0; i < MODEL_FEATURES; i++)
			most = fmaxf(most, fabsf(weight[i * classes + k]));
		m->scale[k] = most / 127;
		for (size_t i = 0; i < MODEL_FEATURES; i++)
			m->row[i].w[k] = (int8_t)lrintf(
			    weight[i * classes + k] / m->scale[k]);
	}
	return m;
}

void
model_free(struct model **m)
{
	if (!m || !*m)
		return;
	free(*m);
	*m = NULL;
}

void
model_calibrate(struct model *m, const struct calibration *c)
{
	m->calibration = *c;
}

size_t
model_classes(const struct model *m)
{
	return m->classes;
}

const struct calibration *
model_calibration(const struct model *m)
{
	return &m->calibration;
}

double
model_weight(const struct model *m, uint32_t feature, size_t class)
{
	return (double)m->row[feature].w[class] * (double)m->scale[class];
}

void
model_scores(const struct model *m, const struct feature *f, size_t n,
    double *scores_out)
{
	float sum[MODEL_CLASSES] = { 0 };

	for (size_t i = 0; i < n; i++) {
		const int8_t *w = m->row[f[i].index].w;

		for (size_t k = 0; k < MODEL_CLASSES; k++)
			sum[k] += f[i].value * (float)w[k];
	}
	for (size_t k = 0; k < m->classes; k++)
		scores_out[k] = (double)(sum[k] * m->scale[k]);
}

static void
head_of(const struct model *m, struct head *h)
{
	memset(h, 0, sizeof *h);
	memcpy(h->magic, MAGIC, sizeof h->magic);
	h->version = MODEL_VERSION;
	h->bits = MODEL_BITS;
	h->classes = (uint32_t)m->classes;
	h->from_model = m->calibration.from_model;
	h->from_rules = m->calibration.from_rules;
	for (size_t k = 0; k < MODEL_CLASSES; k++) {
		h->bias[k] = m->calibration.bias[k];
		h->scale[k] = (double)m->scale[k];
	}
	h->checksum = checksum(h, m);
}

enum cd_rc
model_save(const struct model *m, const char *file, struct cd_err *err)
{
	FILE *f = fopen(file, "wbe");
	struct head h;
	bool ok;

	if (!f)
		return cd_fail(err, CD_REFUSED, "%s: %s", file,
		    strerror(errno));
	head_of(m, &h);
	ok = fwrite(&h, sizeof h, 1, f) == 1;
	for (size_t i = 0; ok && i < MODEL_FEATURES; i++)
		ok = fwrite(m->row[i].w, m->classes, 1, f) == 1;
	ok = fclose(f) == 0 && ok;
	if (!ok)
		return cd_fail(err, CD_REFUSED, "%s: could not be written",
		    file);
	return CD_OK;
}

static enum cd_rc
read_rows(FILE *f, const struct head *h, struct model *m, const char *file,
    struct cd_err *err)
{
	m->classes = h->classes;
	m->calibration.from_model = h->from_model;
	m->calibration.from_rules = h->from_rules;
	for (size_t k = 0; k < MODEL_CLASSES; k++) {
		m->calibration.bias[k] = h->bias[k];
		m->scale[k] = (float)h->scale[k];
	}
	for (size_t i = 0; i < MODEL_FEATURES; i++) {
		if (fread(m->row[i].w, m->classes, 1, f) != 1)
			return cd_fail(err, CD_MALFORMED,
			    "%s: the model is cut off", file);
	}
	if (checksum(h, m) != h->checksum)
		return cd_fail(err, CD_MALFORMED, "%s: the model is damaged "
		    "(checksum)", file);
	return CD_OK;
}

enum cd_rc
model_load(const char *file, struct model **out, struct cd_err *err)
{
	FILE *f = fopen(file, "rbe");
	struct model *m;
	struct head h;
	enum cd_rc rc;

	if (!f)
		return cd_fail(err, CD_ABSENT, "no model %s: %s", file,
		    strerror(errno));
	if (fread(&h, sizeof h, 1, f) != 1 ||
	    memcmp(h.magic, MAGIC, sizeof h.magic) != 0 || h.classes == 0 ||
	    h.classes > MODEL_CLASSES) {
		fclose(f);
		return cd_fail(err, CD_MALFORMED, "%s: not a model", file);
	}
	if (h.version != MODEL_VERSION || h.bits != MODEL_BITS) {
		fclose(f);
		return cd_fail(err, CD_MALFORMED, "%s: a model of another "
		    "version: learn it anew with `train`", file);
	}
	m = model_alloc();
	rc = read_rows(f, &h, m, file, err);
	fclose(f);
	if (rc == CD_OK)
		*out = m;
	else
		model_free(&m);
	return rc;
}
