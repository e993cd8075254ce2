/*
 * learn_boilerplate LESSONS: src/text/boilerplate_words.inc, on standard output, and
 * what it is worth, on standard error: see text/boilerplate.h. Built by its target
 * alone.
 *
 * The paragraphs are those of LESSONS/boilerplate, one JSON object a line: text, kind,
 * lang and the place ("above" a mail or "below" it); of kind "person" somebody wrote them
 * himself. What else people begin or end with are the first sentence and the first two of
 * each lesson, or the last ones, and lessons as a whole.
 */
#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define model linear_model
#include <linear.h>
#undef model

#include "text/boilerplate.h"
#include "text/fold.h"

#define MAX_FILES	1000
#define MAX_TEXT	2048	/* bytes of a paragraph */
/* A stem is learned that so many paragraphs of boilerplate have, or so many others:
 * of 2,577 that were held back as many are found as with all, at the same price. */
#define LEAST		2
#define PEOPLE		200
#define LEAST_STEPS	3	/* fewer say nothing */
#define COST		1.0
#define WEIGHT		8.0	/* of a paragraph of boilerplate */
#define MAX_KINDS	16
#define KEPT_BACK	2	/* parts */

struct sample {
	struct str *stem;
	uint32_t *number;	/* in the vocabulary, from 1 on; 0: not in it */
	size_t n;
	bool is, edge;		/* boilerplate; a first or last sentence, not a whole */
	unsigned part;
	const char *kind, *text;
};

struct samples {
	struct arena *a;
	enum boilerplate_place place;
	struct sample *v;
	size_t n, room;
};

struct stem {
	struct str s;
	size_t is, is_not;	/* samples that have it */
};

static unsigned
part_of(struct str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h % KEPT_BACK;
}

/* Less the stems that stand there again. */
static size_t
once(struct str *stem, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < kept && !str_eq(stem[k], stem[i]))
			k++;
		if (k == kept)
			stem[kept++] = stem[i];
	}
	return kept;
}

static void
add(struct samples *all, struct str text, bool is, bool edge, unsigned part,
    const char *kind)
{
	struct str stem[BOILERPLATE_STEMS];
	struct sample *s;

	text = fold(all->a, str_sub(text, 0, MAX_TEXT));
	if (all->n == all->room) {
		all->room = all->room ? 2 * all->room : 4096;
		all->v = realloc(all->v, all->room * sizeof *all->v);
		if (!all->v)
			abort();
	}
	s = &all->v[all->n];
	*s = (struct sample){ .is = is, .edge = edge, .part = part,
	    .kind = arena_strdup(all->a, kind), .text = arena_str(all->a, text) };
	s->n = once(stem, boilerplate_stems(str_of(s->text), stem));
	if (s->n == 0)
		return;
	s->stem = arena_array(all->a, s->n, sizeof *s->stem);
	s->number = arena_array(all->a, s->n, sizeof *s->number);
	memcpy(s->stem, stem, s->n * sizeof *stem);
	all->n++;
}

/* Does a sentence end where the i-th byte is the next one's first? */
static bool
is_border(struct str s, size_t i)
{
	static const char *const ends[] = { ". ", "! ", "? ", "\n", "。", "！", "？" };

	for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
		size_t n = strlen(ends[k]);

		if (i >= n && str_eq(str_sub(s, i - n, i), str_of(ends[k])))
			return true;
	}
	return false;
}

/* Where the last sentence of s begins; 0: it is the first one too. */
static size_t
last_sentence(struct str s)
{
	for (size_t i = s.n; i-- > 1;) {
		if (is_border(s, i))
			return i;
	}
	return 0;
}

/* Where a sentence begins that is behind `from`; 0: there is none. */
static size_t
next_sentence(struct str s, size_t from)
{
	for (size_t i = from + 1; i < s.n; i++) {
		if (is_border(s, i))
			return i;
	}
	return 0;
}

/* The last sentence, and the last two. */
static void
add_ends(struct samples *all, struct str s, unsigned part)
{
	size_t last = last_sentence(s), before;

	if (last == 0)
		return;
	add(all, str_sub(s, last, s.n), false, true, part, "lesson");
	before = last_sentence(str_trim(str_sub(s, 0, last)));
	if (before > 0)
		add(all, str_sub(s, before, s.n), false, true, part, "lesson");
}

/* The first sentence, and the first two. */
static void
add_beginnings(struct samples *all, struct str s, unsigned part)
{
	size_t second = next_sentence(s, 0), third;

	if (second == 0)
		return;
	add(all, str_sub(s, 0, second), false, true, part, "lesson");
	third = next_sentence(s, second);
	if (third > 0)
		add(all, str_sub(s, 0, third), false, true, part, "lesson");
}

static void
add_lesson(struct samples *all, const char *text)
{
	struct str s = str_trim(str_of(text));
	unsigned part = part_of(s);

	add(all, s, false, false, part, "lesson");
	if (all->place == BOILERPLATE_BELOW)
		add_ends(all, s, part);
	else
		add_beginnings(all, s, part);
}

static const char *
word_in(const json_t *row, const char *key)
{
	const char *s = json_string_value(json_object_get(row, key));

	return s ? s : "";
}

static void
add_row(struct samples *all, const json_t *row, bool boilerplate)
{
	const char *text = word_in(row, "text"), *kind = word_in(row, "kind");
	bool person = strcmp(kind, "person") == 0;
	bool above = strcmp(word_in(row, "place"), "above") == 0;

	/* Machines' mails are full of it. */
	if (!boilerplate && strcmp(word_in(row, "intent"), "automatic") != 0)
		add_lesson(all, text);
	else if (boilerplate && above == (all->place == BOILERPLATE_ABOVE))
		add(all, str_of(text), !person, true, part_of(str_of(text)), kind);
}

static int
is_lessons(const struct dirent *e)
{
	return str_iends(str_of(e->d_name), STR(".jsonl"));
}

static void
read_folder(struct samples *all, const char *dir, bool boilerplate)
{
	struct dirent **name;
	int n = scandir(dir, &name, is_lessons, alphasort);

	if (n <= 0) {
		fprintf(stderr, "no .jsonl file in %s\n", dir);
		exit(1);
	}
	for (int i = 0; i < n; i++) {
		FILE *f = fopen(arena_printf(all->a, "%s/%s", dir,
		    name[i]->d_name), "re");
		char *line = NULL;
		size_t room = 0;

		while (f && getline(&line, &room, f) > 0) {
			json_t *row = json_loads(line, 0, NULL);

			if (row)
				add_row(all, row, boilerplate);
			json_decref(row);
		}
		free(line);
		if (f)
			fclose(f);
		free(name[i]);
	}
	free(name);
}

static int
by_letters(const void *a, const void *b)
{
	const struct stem *x = a, *y = b;
	size_t n = x->s.n < y->s.n ? x->s.n : y->s.n;
	int order = memcmp(x->s.p, y->s.p, n);

	return order != 0 ? order : (x->s.n > y->s.n) - (x->s.n < y->s.n);
}

/* All stems that are learned, ascending. */
static size_t
vocabulary_of(const struct samples *all, struct stem **out)
{
	size_t n = 0, unique = 0, kept = 0;
	struct stem *v;

	for (size_t i = 0; i < all->n; i++)
		n += all->v[i].n;
	v = calloc(n + 1, sizeof *v);
	if (!v)
		abort();
	n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct sample *s = &all->v[i];

		for (size_t k = 0; k < s->n; k++)
			v[n++] = (struct stem){ s->stem[k], s->is, !s->is };
	}
	qsort(v, n, sizeof *v, by_letters);
	for (size_t i = 0; i < n; i++) {
		if (unique > 0 && str_eq(v[unique - 1].s, v[i].s)) {
			v[unique - 1].is += v[i].is;
			v[unique - 1].is_not += v[i].is_not;
		} else {
			v[unique++] = v[i];
		}
	}
	for (size_t i = 0; i < unique; i++) {
		if (v[i].is >= LEAST || v[i].is_not >= PEOPLE)
			v[kept++] = v[i];
	}
	*out = v;
	return kept;
}

static void
number_stems(struct samples *all, const struct stem *v, size_t n)
{
	for (size_t i = 0; i < all->n; i++) {
		struct sample *s = &all->v[i];

		for (size_t k = 0; k < s->n; k++) {
			const struct stem key = { s->stem[k], 0, 0 },
			    *at = bsearch(&key, v, n, sizeof *v, by_letters);

			s->number[k] = at ? (uint32_t)(at - v) + 1 : 0;
		}
	}
}

static int
by_number(const void *a, const void *b)
{
	const struct feature_node *x = a, *y = b;

	return x->index - y->index;
}

static struct feature_node *
nodes_of(const struct sample *s, size_t n_stems)
{
	struct feature_node *x = calloc(s->n + 2, sizeof *x);
	size_t n = 0;

	if (!x)
		abort();
	for (size_t k = 0; k < s->n; k++) {
		if (s->number[k] > 0)
			x[n++] = (struct feature_node){ (int)s->number[k], 1 };
	}
	qsort(x, n, sizeof *x, by_number);
	x[n++] = (struct feature_node){ (int)n_stems + 1, 1 };
	x[n].index = -1;
	return x;
}

static void
quiet(const char *text)
{
	(void)text;
}

/* From all samples but those of one part; the last weight is the bias. */
static double *
learn(const struct samples *all, size_t n_stems, unsigned without)
{
	struct problem p = { .n = (int)n_stems + 1, .bias = 1 };
	int is = 1;
	double weight = WEIGHT;
	struct parameter how = { .solver_type = L2R_LR, .eps = 0.01, .C = COST,
		.nr_weight = 1, .weight_label = &is, .weight = &weight };
	double *out = calloc(n_stems + 1, sizeof *out);
	struct linear_model *m;

	p.x = calloc(all->n, sizeof *p.x);
	p.y = calloc(all->n, sizeof *p.y);
	if (!out || !p.x || !p.y)
		abort();
	for (size_t i = 0; i < all->n; i++) {
		if (all->v[i].part == without)
			continue;
		p.x[p.l] = nodes_of(&all->v[i], n_stems);
		p.y[p.l++] = all->v[i].is ? 1 : -1;
	}
	m = train(&p, &how);
	for (size_t i = 0; i <= n_stems; i++)
		out[i] = m->w[i] * m->label[0];
	free_and_destroy_model(&m);
	for (int i = 0; i < p.l; i++)
		free(p.x[i]);
	free(p.x);
	free(p.y);
	return out;
}

static int
steps(double weight)
{
	double n = round(weight * BOILERPLATE_UNIT);

	if (fabs(n) < LEAST_STEPS)
		return 0;
	return (int)(n > 127 ? 127 : n < -127 ? -127 : n);
}

static int
evidence(const struct sample *s, const double *weight, size_t n_stems)
{
	int sum = steps(weight[n_stems]);

	for (size_t k = 0; k < s->n; k++)
		sum += s->number[k] ? steps(weight[s->number[k] - 1]) : 0;
	return sum;
}

struct kind {
	const char *name;
	size_t n, found;
};

static void
count(struct kind *kinds, const char *name, bool found)
{
	struct kind *k = kinds;

	while (k < kinds + MAX_KINDS - 1 && k->name && strcmp(k->name, name) != 0)
		k++;
	k->name = name;
	k->n++;
	k->found += found;
}

/* What was held back, at some thresholds. */
static void
report(const struct samples *all, size_t n_stems)
{
	static const int at[] = { -16, 0, 8, 16, 24, 32 };
	double *weight[KEPT_BACK];

	for (unsigned part = 0; part < KEPT_BACK; part++)
		weight[part] = learn(all, n_stems, part);
	for (size_t t = 0; t < sizeof at / sizeof *at; t++) {
		struct kind kinds[MAX_KINDS] = { { 0 } };

		for (size_t i = 0; i < all->n; i++) {
			const struct sample *s = &all->v[i];
			bool found = evidence(s, weight[s->part], n_stems) >= at[t];

			if (s->edge)
				count(kinds, s->kind, found);
		}
		fprintf(stderr, "from %d on:", at[t]);
		for (size_t k = 0; k < MAX_KINDS && kinds[k].name; k++)
			fprintf(stderr, " %s %zu/%zu", kinds[k].name,
			    kinds[k].found, kinds[k].n);
		fprintf(stderr, "\n");
	}
	for (unsigned part = 0; part < KEPT_BACK; part++)
		free(weight[part]);
}

static void
print_words(const char *place, const struct stem *v, size_t n, const double *weight)
{
	printf("static const int %s_bias = %d;\n", place, steps(weight[n]));
	printf("static const struct boilerplate_word %s_words[] = {\n", place);
	for (size_t i = 0, column = 0; i < n; i++) {
		char word[200];
		int length;

		if (steps(weight[i]) == 0)
			continue;
		length = snprintf(word, sizeof word, "{ \"%.*s\", %d },",
		    STR_FMT(v[i].s), steps(weight[i]));
		if (column == 0 || column + 1 + (size_t)length > 80) {
			printf("%s\t%s", column ? "\n" : "", word);
			column = 8 + (size_t)length;
		} else {
			printf(" %s", word);
			column += 1 + (size_t)length;
		}
	}
	puts("\n};");
}

static void
learn_place(const char *dir, enum boilerplate_place place, const char *name)
{
	struct samples all = { .a = arena_new(), .place = place };
	struct stem *v;
	double *weight;
	size_t n;

	read_folder(&all, dir, false);
	read_folder(&all, arena_printf(all.a, "%s/boilerplate", dir), true);
	n = vocabulary_of(&all, &v);
	number_stems(&all, v, n);
	fprintf(stderr, "%s: %zu samples, %zu stems\n", name, all.n, n);
	report(&all, n);
	weight = learn(&all, n, KEPT_BACK);
	print_words(name, v, n, weight);
	free(weight);
	free(v);
	free(all.v);
	arena_free(&all.a);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: learn_boilerplate LESSONS\n", stderr);
		return 2;
	}
	set_print_string_function(quiet);
	puts("/* Data only: include/text/boilerplate.h says what it is and where "
	    "from. */");
	learn_place(argv[1], BOILERPLATE_BELOW, "below");
	learn_place(argv[1], BOILERPLATE_ABOVE, "above");
	return 0;
}
