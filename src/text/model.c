/*
 * The model file: a header of fixed size, a bit for each feature that has
 * weights, and their rows of 8-bit weights. Eight bits are enough: the rounding
 * is far below what the choice of training mails does. Features that say little
 * have none, so that more of them can be told apart in the same memory.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/model.h"

#define MAGIC		"CDMODEL\n"

/* A feature without a weight of so many steps does not earn its room: these are
 * one in five of those learned, and without them as many texts are read
 * rightly. (With 5, which leaves out near half of them, 0.2 % fewer are.) */
#define LEAST_WEIGHT	3
#define WORDS		(MODEL_FEATURES / 64)

struct model {
	size_t classes, n_rows;
	float scale[MODEL_CLASSES];
	struct calibration calibration;
	uint64_t has[WORDS];	/* a bit for each feature that has a row */
	uint32_t before[WORDS];	/* rows of all features before the word's */
	int8_t *rows;		/* n_rows of `classes`; a whole MODEL_CLASSES
				 * can be read from the last one too */
};

/* What stands in the file before the rows; numbers little endian. */
struct head {
	char magic[8];
	uint32_t version, bits, classes, zero;
	uint64_t checksum;	/* FNV-1a of all that follows it */
	struct calibration calibration;
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
	uint64_t sum = fnv(0xcbf29ce484222325u, &h->calibration,
	    sizeof *h - offsetof(struct head, calibration));

	sum = fnv(sum, m->has, sizeof m->has);
	return fnv(sum, m->rows, m->n_rows * m->classes);
}

static struct model *
model_alloc(void)
{
	struct model *m = calloc(1, sizeof *m);

	cd_assert(m);
	return m;
}

/* has says which; makes room for them. */
static void
rows_alloc(struct model *m)
{
	for (size_t i = 0; i < WORDS; i++) {
		m->before[i] = (uint32_t)m->n_rows;
		m->n_rows += (size_t)__builtin_popcountll(m->has[i]);
	}
	m->rows = calloc(m->n_rows * m->classes + MODEL_CLASSES, 1);
	cd_assert(m->rows);
}

/* NULL: the feature says nothing. */
static int8_t *
row_of(const struct model *m, uint32_t feature)
{
	uint64_t word = m->has[feature / 64];
	uint64_t bit = (uint64_t)1 << feature % 64;

	if (!(word & bit))
		return NULL;
	return m->rows + (m->before[feature / 64] +
	    (size_t)__builtin_popcountll(word & (bit - 1))) * m->classes;
}

static void
scales_of(struct model *m, const float *weight, size_t n)
{
	for (size_t k = 0; k < m->classes; k++) {
		float most = 1e-6f;

		for (size_t i = 0; i < n; i++)
			most = fmaxf(most, fabsf(weight[i * m->classes + k]));
		m->scale[k] = most / 127;
	}
}

/* The weights of one feature in steps. Does it earn its room? */
static bool
steps_of(const struct model *m, const float *weight, int8_t *steps)
{
	bool says = false;

	for (size_t k = 0; k < m->classes; k++) {
		steps[k] = (int8_t)lrintf(weight[k] / m->scale[k]);
		says = says || abs(steps[k]) >= LEAST_WEIGHT;
	}
	return says;
}

struct model *
model_new(size_t classes, const uint32_t *feature, size_t n,
    const float *weight, const struct calibration *c)
{
	struct model *m = model_alloc();
	int8_t steps[MODEL_CLASSES];

	cd_assert(classes <= MODEL_CLASSES);
	m->classes = classes;
	m->calibration = *c;
	scales_of(m, weight, n);
	for (size_t i = 0; i < n; i++) {
		if (steps_of(m, weight + i * classes, steps))
			m->has[feature[i] / 64] |=
			    (uint64_t)1 << feature[i] % 64;
	}
	rows_alloc(m);
	for (size_t i = 0; i < n; i++) {
		int8_t *row = row_of(m, feature[i]);

		if (row && steps_of(m, weight + i * classes, steps))
			memcpy(row, steps, classes);
	}
	return m;
}

void
model_free(struct model **m)
{
	if (!m || !*m)
		return;
	free((*m)->rows);
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
	const int8_t *row = row_of(m, feature);

	return row ? (double)row[class] * (double)m->scale[class] : 0;
}

void
model_scores(const struct model *m, const struct feature *f, size_t n,
    double *scores_out)
{
	float sum[MODEL_CLASSES] = { 0 };

	for (size_t i = 0; i < n; i++) {
		const int8_t *w = row_of(m, f[i].index);

		/* A fixed count, which is one load: what follows the row is
		 * added to sums that nobody reads. */
		for (size_t k = 0; w && k < MODEL_CLASSES; k++)
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
	h->calibration = m->calibration;
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		h->scale[k] = (double)m->scale[k];
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
	ok = ok && fwrite(m->has, sizeof m->has, 1, f) == 1 &&
	    fwrite(m->rows, m->classes, m->n_rows, f) == m->n_rows;
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
	m->calibration = h->calibration;
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		m->scale[k] = (float)h->scale[k];
	if (fread(m->has, sizeof m->has, 1, f) == 1)
		rows_alloc(m);
	if (!m->rows || fread(m->rows, m->classes, m->n_rows, f) != m->n_rows)
		return cd_fail(err, CD_MALFORMED, "%s: the model is cut off",
		    file);
	if (checksum(h, m) != h->checksum)
		return cd_fail(err, CD_MALFORMED, "%s: the model is damaged "
		    "(checksum)", file);
	return CD_OK;
}

static bool
read_head(FILE *f, struct head *h)
{
	return fread(h, sizeof *h, 1, f) == 1 &&
	    memcmp(h->magic, MAGIC, sizeof h->magic) == 0;
}

static bool
this_version(const struct head *h)
{
	return h->version == MODEL_VERSION && h->bits == MODEL_BITS;
}

bool
model_is_of_another_version(const char *file)
{
	FILE *f = fopen(file, "rbe");
	struct head h;
	bool another = f && read_head(f, &h) && !this_version(&h);

	if (f)
		fclose(f);
	return another;
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
	if (!read_head(f, &h) || h.classes == 0 || h.classes > MODEL_CLASSES) {
		fclose(f);
		return cd_fail(err, CD_MALFORMED, "%s: not a model", file);
	}
	if (!this_version(&h)) {
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
