/*
 * The model file: a header of fixed size, a bit for each feature that has
 * weights, their rows of 4-bit weights, and the fingerprints of the texts that
 * it learned from, ascending. Features that say little have no weights, so that
 * more of them can be told apart in the same memory.
 *
 * A weight is a step s of -7 to 7 and means s * |s| units of its class: fine
 * where most of them lie. Of 23751 held-back texts four linear models, cut down
 * like this, read between 0.15 % fewer and 0.07 % more rightly than with 8 bits,
 * in half the memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/model.h"

#define MAGIC		"CDMODEL\n"

#define MOST_STEPS	7
/* Where the steps end, as a share of a class's largest weight: those beyond are
 * few, and cut to that they mislead less than the others would in wider steps. */
#define LARGEST_STEP	0.4f
/* A feature without a weight of this share of the largest does not earn its
 * room: these are one in five of those learned, and without them as many texts
 * are read rightly. (With 0.04, which leaves out near half of them, 0.2 % fewer
 * are.) */
#define LEAST_WEIGHT	0.03f
#define WORDS		(MODEL_FEATURES / 64)
#define TOGETHER	32	/* rows fetched at a time */

/* Eight classes at once: a third of the time that reading takes would go into
 * adding up one weight after the other. */
typedef uint8_t row_of_bytes __attribute__((vector_size(8)));
typedef int16_t eight __attribute__((vector_size(16)));

_Static_assert(MODEL_CLASSES <= 16, "a row is no longer than `row_of_bytes`");

/* Rows of the same value, before it is multiplied in: their sum must fit an
 * int16_t. */
#define MOST_ROWS	(INT16_MAX / ((MOST_STEPS + 1) * (MOST_STEPS + 1)))

struct model {
	size_t classes, n_rows;
	float unit[MODEL_CLASSES];
	struct calibration calibration;
	uint64_t has[WORDS];	/* a bit for each feature that has a row */
	uint32_t before[WORDS];	/* rows of all features before the word's */
	/* n_rows of row_bytes(). A byte's low bits are a class of the first
	 * half, its high bits one of the second, both as step + 8. */
	uint8_t *rows;
	/* What it learned from; reading a mail never looks at it. */
	uint32_t *learned;	/* ascending, no two alike */
	size_t n_learned;
	struct model_figures held_back;
};

/* What stands in the file before the rows; numbers little endian. */
struct head {
	char magic[8];
	uint32_t version, bits, classes, zero;
	uint64_t checksum;	/* fnv of all that follows it */
	struct calibration calibration;
	double unit[MODEL_CLASSES];
	uint64_t n_learned;
	struct model_figures held_back;
};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    "the model file is written as it lies in memory");

/* Eight bytes at a time: some seven million are summed up whenever a model is
 * loaded. */
static uint64_t
fnv(uint64_t h, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t word;

	for (; n >= sizeof word; n -= sizeof word, p += sizeof word) {
		memcpy(&word, p, sizeof word);
		h = (h ^ word) * 0x100000001b3u;
	}
	while (n-- > 0)
		h = (h ^ *p++) * 0x100000001b3u;
	return h;
}

static size_t
row_bytes(const struct model *m)
{
	return (m->classes + 1) / 2;
}

static uint64_t
checksum(const struct head *h, const struct model *m)
{
	uint64_t sum = fnv(0xcbf29ce484222325u, &h->calibration,
	    sizeof *h - offsetof(struct head, calibration));

	sum = fnv(sum, m->has, sizeof m->has);
	sum = fnv(sum, m->rows, m->n_rows * row_bytes(m));
	return fnv(sum, m->learned, m->n_learned * sizeof *m->learned);
}

/* has says which; makes room for them. */
static void
rows_alloc(struct model *m)
{
	for (size_t i = 0; i < WORDS; i++) {
		m->before[i] = (uint32_t)m->n_rows;
		m->n_rows += (size_t)__builtin_popcountll(m->has[i]);
	}
	m->rows = calloc(m->n_rows * row_bytes(m) + sizeof(row_of_bytes), 1);
	cd_assert(m->rows);
}

static void
learned_alloc(struct model *m, size_t n)
{
	free(m->learned);
	m->learned = calloc(n + 1, sizeof *m->learned);
	cd_assert(m->learned);
	m->n_learned = n;
}

/* NULL: the feature says nothing. */
static uint8_t *
row_of(const struct model *m, uint32_t feature)
{
	uint64_t word = m->has[feature / 64];
	uint64_t bit = (uint64_t)1 << feature % 64;

	if (!(word & bit))
		return NULL;
	return m->rows + (m->before[feature / 64] +
	    (size_t)__builtin_popcountll(word & (bit - 1))) * row_bytes(m);
}

static float
low(uint8_t both)
{
	return (float)((both & 15) - 8);
}

static float
high(uint8_t both)
{
	return (float)((both >> 4) - 8);
}

/* Units of a step. */
static float
units(float step)
{
	return step * fabsf(step);
}

static struct model *
model_alloc(void)
{
	struct model *m = calloc(1, sizeof *m);

	cd_assert(m);
	return m;
}

static void
largest_of(size_t classes, const float *weight, size_t n, float *largest_out)
{
	for (size_t k = 0; k < classes; k++) {
		largest_out[k] = 1e-6f;
		for (size_t i = 0; i < n; i++)
			largest_out[k] = fmaxf(largest_out[k],
			    fabsf(weight[i * classes + k]));
	}
}

static bool
earns_its_room(size_t classes, const float *weight, const float *largest)
{
	for (size_t k = 0; k < classes; k++) {
		if (fabsf(weight[k]) >= LEAST_WEIGHT * largest[k])
			return true;
	}
	return false;
}

/* The step whose units are nearest. */
static int
step_of(float weight, float unit)
{
	float most = 0.5f, n = fabsf(weight) / unit;
	int step = 0;

	while (step < MOST_STEPS && n > most) {
		step++;
		most = 0.5f * (units((float)step) + units((float)step + 1));
	}
	return weight < 0 ? -step : step;
}

static void
row_set(const struct model *m, const float *weight, uint8_t *row)
{
	size_t half = row_bytes(m);

	memset(row, 8 << 4 | 8, half);
	for (size_t k = 0; k < m->classes; k++) {
		int step = step_of(weight[k], m->unit[k]) + 8;
		uint8_t *both = &row[k % half];

		*both = (uint8_t)(k < half ? (*both & 0xf0) | step
		    : (*both & 0x0f) | step << 4);
	}
}

struct model *
model_new(size_t classes, const uint32_t *feature, size_t n,
    const float *weight, const struct calibration *c)
{
	struct model *m = model_alloc();
	float largest[MODEL_CLASSES];

	cd_assert(classes <= MODEL_CLASSES);
	m->classes = classes;
	m->calibration = *c;
	largest_of(classes, weight, n, largest);
	for (size_t k = 0; k < classes; k++)
		m->unit[k] = LARGEST_STEP * largest[k] /
		    units((float)MOST_STEPS);
	for (size_t i = 0; i < n; i++) {
		if (earns_its_room(classes, weight + i * classes, largest))
			m->has[feature[i] / 64] |=
			    (uint64_t)1 << feature[i] % 64;
	}
	rows_alloc(m);
	learned_alloc(m, 0);
	for (size_t i = 0; i < n; i++) {
		uint8_t *row = row_of(m, feature[i]);

		if (row)
			row_set(m, weight + i * classes, row);
	}
	return m;
}

void
model_free(struct model **m)
{
	if (!m || !*m)
		return;
	free((*m)->rows);
	free((*m)->learned);
	free(*m);
	*m = NULL;
}

void
model_calibrate(struct model *m, const struct calibration *c)
{
	m->calibration = *c;
}

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void
model_remember(struct model *m, const uint32_t *fingerprint, size_t n,
    const struct model_figures *held_back)
{
	size_t kept = 0;

	cd_assert(n <= CD_MAX_LESSONS);
	learned_alloc(m, n);
	for (size_t i = 0; i < n; i++)
		m->learned[i] = fingerprint[i];
	qsort(m->learned, n, sizeof *m->learned, by_number);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || m->learned[i] != m->learned[kept - 1])
			m->learned[kept++] = m->learned[i];
	}
	m->n_learned = kept;
	m->held_back = *held_back;
}

bool
model_has_learned(const struct model *m, uint32_t fingerprint)
{
	return bsearch(&fingerprint, m->learned, m->n_learned,
	    sizeof *m->learned, by_number);
}

const struct model_figures *
model_held_back(const struct model *m)
{
	return &m->held_back;
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
	const uint8_t *row = row_of(m, feature);
	size_t half = row_bytes(m);

	if (!row)
		return 0;
	return (double)(m->unit[class] * units(class < half ? low(row[class])
	    : high(row[class - half])));
}

/* A row is anywhere in memory, and is asked for while those before it are added
 * up: to wait for each would cost more than to add them. */
static void
rows_of(const struct model *m, const struct feature *f, size_t n,
    const uint8_t **row_out)
{
	for (size_t i = 0; i < n; i++) {
		__builtin_prefetch(&m->has[f[i].index / 64]);
		__builtin_prefetch(&m->before[f[i].index / 64]);
	}
	for (size_t i = 0; i < n; i++) {
		row_out[i] = row_of(m, f[i].index);
		__builtin_prefetch(row_out[i]);
	}
}

/* Units of the first half's classes and of the second's. */
struct sums {
	eight low, high;
	size_t n;		/* rows in them */
};

static eight
units_of(eight steps)
{
	eight sign = steps >> 15;

	return steps * ((steps ^ sign) - sign);
}

static void
add_row(struct sums *sums, const uint8_t *row)
{
	row_of_bytes b;
	eight both;

	memcpy(&b, row, sizeof b);
	both = __builtin_convertvector(b, eight);
	sums->low += units_of((both & 15) - 8);
	sums->high += units_of((both >> 4) - 8);
	sums->n++;
}

/* What was added up counts `value` each. */
static void
weigh(const struct model *m, struct sums *sums, float value, float *scores)
{
	size_t half = row_bytes(m);

	for (size_t k = 0; k < m->classes; k++)
		scores[k] += value * (float)(k < half ? sums->low[k] :
		    sums->high[k - half]);
	*sums = (struct sums){ .n = 0 };
}

void
model_scores(const struct model *m, const struct feature *f, size_t n,
    double *scores_out)
{
	float scores[MODEL_CLASSES] = { 0 }, value = 0;
	const uint8_t *row[TOGETHER];
	struct sums sums = { .n = 0 };

	for (size_t i = 0; i < n; i++) {
		size_t at = i % TOGETHER;

		if (at == 0)
			rows_of(m, f + i, n - i < TOGETHER ? n - i : TOGETHER,
			    row);
		/* Features of one kind have the same value. */
		if (f[i].value != value || sums.n == MOST_ROWS) {
			weigh(m, &sums, value, scores);
			value = f[i].value;
		}
		if (row[at])
			add_row(&sums, row[at]);
	}
	weigh(m, &sums, value, scores);
	for (size_t k = 0; k < m->classes; k++)
		scores_out[k] = (double)(m->unit[k] * scores[k]);
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
		h->unit[k] = (double)m->unit[k];
	h->n_learned = m->n_learned;
	h->held_back = m->held_back;
	h->checksum = checksum(h, m);
}

static bool
write_model(const struct model *m, FILE *f)
{
	struct head h;

	head_of(m, &h);
	return fwrite(&h, sizeof h, 1, f) == 1 &&
	    fwrite(m->has, sizeof m->has, 1, f) == 1 &&
	    fwrite(m->rows, row_bytes(m), m->n_rows, f) == m->n_rows &&
	    fwrite(m->learned, sizeof *m->learned, m->n_learned, f) ==
	    m->n_learned &&
	    fflush(f) == 0;
}

/* A device or a pipe is no file that another could take the place of. */
static bool
is_replaceable(const char *file)
{
	struct stat st;

	return stat(file, &st) != 0 || S_ISREG(st.st_mode);
}

enum cd_rc
model_try_save(const char *file, struct cd_err *err)
{
	const int how = O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC;
	char name[4096];
	int n = snprintf(name, sizeof name, "%s%s", file,
	    is_replaceable(file) ? ".new" : "");
	int fd = -1;
	bool made;

	errno = ENAMETOOLONG;
	if (n < (int)sizeof name)
		fd = open(name, how | O_EXCL, 0666);
	made = fd >= 0;
	if (!made && errno == EEXIST)
		fd = open(name, how, 0666);
	if (fd < 0)
		return cd_fail(err, CD_REFUSED, "%s: %s", name,
		    strerror(errno));
	close(fd);
	if (made)
		unlink(name);
	return CD_OK;
}

enum cd_rc
model_save(const struct model *m, const char *file, struct cd_err *err)
{
	bool aside = is_replaceable(file);
	char name[4096];
	int n = snprintf(name, sizeof name, "%s%s", file, aside ? ".new" : "");
	FILE *f = n < (int)sizeof name ? fopen(name, "wbe") : NULL;
	bool ok;

	if (!f)
		return cd_fail(err, CD_REFUSED, "%s: %s", name,
		    strerror(errno));
	ok = write_model(m, f) && (!aside || fsync(fileno(f)) == 0);
	ok = fclose(f) == 0 && ok;
	ok = ok && (!aside || rename(name, file) == 0);
	if (ok)
		return CD_OK;
	(void)cd_fail(err, CD_REFUSED, "%s could not be written: %s", file,
	    strerror(errno));
	if (aside)
		unlink(name);
	return CD_REFUSED;
}

/* As model_remember leaves them. */
static bool
is_ascending(const struct model *m)
{
	for (size_t i = 1; i < m->n_learned; i++) {
		if (m->learned[i - 1] >= m->learned[i])
			return false;
	}
	return true;
}

static bool
are_possible(const struct model_figures *f)
{
	return f->n <= CD_MAX_LESSONS && f->intents_right <= f->n &&
	    f->actions_right <= f->n && f->wrong_answers <= f->n &&
	    f->review_below >= 0 && f->review_below <= 1;
}

/* false: it is cut off. */
static bool
read_learned(FILE *f, const struct head *h, struct model *m)
{
	m->held_back = h->held_back;
	learned_alloc(m, (size_t)h->n_learned);
	return fread(m->learned, sizeof *m->learned, m->n_learned, f) ==
	    m->n_learned;
}

static enum cd_rc
read_rows(FILE *f, const struct head *h, struct model *m, const char *file,
    struct cd_err *err)
{
	if (h->n_learned > CD_MAX_LESSONS || !are_possible(&h->held_back))
		return cd_fail(err, CD_MALFORMED, "%s: the model is damaged "
		    "(its numbers are impossible)", file);
	m->classes = h->classes;
	m->calibration = h->calibration;
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		m->unit[k] = (float)h->unit[k];
	if (fread(m->has, sizeof m->has, 1, f) == 1)
		rows_alloc(m);
	if (!m->rows || fread(m->rows, row_bytes(m), m->n_rows, f) !=
	    m->n_rows || !read_learned(f, h, m))
		return cd_fail(err, CD_MALFORMED, "%s: the model is cut off",
		    file);
	if (checksum(h, m) != h->checksum || !is_ascending(m))
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
