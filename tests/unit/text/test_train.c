#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/train.h"
#include "unit.h"

static const char *const product[] = { "Numeo" };

static struct classifier *
without_model(void)
{
	struct classifier_options o = {
		.rules_dir = CD_TOP "/conf/rules",
		.product_names = product, .n_product_names = 1,
	};
	struct classifier *c = NULL;
	struct cd_err err = { "" };

	if (classifier_load(&o, &c, &err) != CD_OK)
		fail_msg("%s", err.text);
	return c;
}

static const struct {
	const char *text;
	enum intent intent;
} lessons[] = {
	{ "send me the link", INTENT_WANT_LINK },
	{ "the approval link please", INTENT_WANT_LINK },
	{ "one click link for my boss", INTENT_WANT_LINK },
	{ "can we have the link", INTENT_WANT_LINK },
	{ "need admin approval screen", INTENT_BLOCKED },
	{ "it says need admin approval", INTENT_BLOCKED },
	{ "microsoft wants admin approval", INTENT_BLOCKED },
	{ "admin approval required, what now", INTENT_BLOCKED },
	{ "invoice is wrong", INTENT_OTHER },
	{ "where is my invoice", INTENT_OTHER },
	{ "the invoice of november", INTENT_OTHER },
	{ "refund this invoice", INTENT_OTHER },
};
#define N_LESSONS (sizeof lessons / sizeof *lessons)

static void
fill(struct train_sample *s)
{
	for (size_t i = 0; i < N_LESSONS; i++)
		s[i] = (struct train_sample){
			.text = str_of(lessons[i].text), .language = "en",
			.labelled_language = i % 3 ? "en" : "fr",
			.context = CONTEXT_FIRST, .intent = lessons[i].intent,
		};
}

static char *
temporary(char *name)
{
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	close(fd);
	return name;
}

static size_t
slurp(const char *file, char **out)
{
	FILE *f = fopen(file, "rb");
	size_t n;

	assert_non_null(f);
	*out = malloc(4 * 1024 * 1024);
	assert_non_null(*out);
	n = fread(*out, 1, 4 * 1024 * 1024, f);
	fclose(f);
	return n;
}

static void
check_report(const struct train_report *r)
{
	/* In the order in which the folds meet them. */
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(r->language[i].n,
		    strcmp(r->language[i].name, "fr") == 0 ? N_LESSONS / 3
		    : N_LESSONS - N_LESSONS / 3);
	assert_null(r->language[2].name);
	assert_int_equal(r->language[0].intents_right +
	    r->language[1].intents_right, r->intents_right);
	for (size_t t = 0; t < TRAIN_THRESHOLDS; t++) {
		const struct train_threshold *at = &r->at[t];

		assert_true(at->stated_right <= at->stated);
		assert_true(at->stated <= r->n);
		assert_true(at->false_answers <= at->wrong_answers);
		assert_true(at->wrong_answers <= at->answers);
		assert_true(t == 0 || at->answers <= at[-1].answers);
	}
	assert_memory_equal(&r->policy, &r->at[0], sizeof r->policy);
}

/* What the screen knows is the reading, whatever the words say. */
static void
test_machines_are_ignored(void **state)
{
	struct train_options o = { .folds = 3 };
	struct train_sample s[N_LESSONS];
	struct classifier *c = without_model();
	struct train_report report;
	struct model *m = NULL;
	struct cd_err err = { "" };

	(void)state;
	fill(s);
	for (size_t i = 0; i < N_LESSONS; i++)
		s[i].automatic = "out_of_office_words";
	assert_int_equal(train_run(c, s, N_LESSONS, &o, &report, &m, &err),
	    CD_OK);
	assert_int_equal(report.intents_right, 0);
	assert_int_equal(report.at[0].answers, 0);
	assert_int_equal(report.confusion[INTENT_BLOCKED][INTENT_AUTOMATIC], 4);
	model_free(&m);
	classifier_free(&c);
}

static void
test_learns_and_is_the_same_twice(void **state)
{
	char one[] = "/tmp/cd-model-XXXXXX", two[] = "/tmp/cd-model-XXXXXX";
	struct train_options o = { .folds = 3, .review_below = 0.5 };
	struct train_sample s[N_LESSONS];
	struct classifier *c = without_model();
	struct train_report report;
	struct model *m = NULL;
	struct cd_err err = { "" };
	char *x, *y;
	size_t n;

	(void)state;
	fill(s);
	temporary(one);
	temporary(two);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(train_run(c, s, N_LESSONS, &o, &report, &m,
		    &err), CD_OK);
		assert_int_equal(model_save(m, i ? two : one, &err), CD_OK);
		if (i == 0)
			model_free(&m);
	}
	assert_int_equal(report.n, N_LESSONS);
	assert_true(report.intents_right >= 9);
	check_report(&report);
	n = slurp(one, &x);
	assert_int_equal(n, slurp(two, &y));
	assert_memory_equal(x, y, n);
	free(x);
	free(y);
	assert_int_equal(model_held_back(m)->n, N_LESSONS);
	assert_int_equal(model_held_back(m)->intents_right,
	    report.intents_right);
	assert_int_equal(model_held_back(m)->actions_right,
	    report.policy.right);
	assert_int_equal(model_held_back(m)->wrong_answers,
	    report.policy.wrong_answers);
	for (size_t i = 0; i < N_LESSONS; i++)
		assert_true(model_has_learned(m, train_fingerprint(s[i].text)));
	assert_true(model_has_learned(m,
	    train_fingerprint(STR("Send me: the 2 LINK!"))));
	assert_false(model_has_learned(m,
	    train_fingerprint(STR("send me a link"))));
	/* It reads what it learned. */
	classifier_set_model(c, m);
	train_judge(c, s, N_LESSONS, &o, &report);
	assert_int_equal(report.intents_right, N_LESSONS);
	classifier_free(&c);
	unlink(one);
	unlink(two);
}

/* What was written twice is held back together, whatever it was labelled. */
static void
test_folds(void **state)
{
	static const char *const text[] = {
		"yes please", "Yes, please!", "two trucks", "no", "3 two trucks",
		"what now", "who", "the link", "yes  PLEASE 2", "done",
	};
	enum { N = sizeof text / sizeof *text, FOLDS = 5 };
	struct train_sample s[N];
	size_t fold[N], other = 0;
	struct arena *a = arena_new();

	(void)state;
	memset(s, 0, sizeof s);
	for (size_t i = 0; i < N; i++) {
		s[i].text = str_of(text[i]);
		s[i].intent = i == 8 ? INTENT_WANT_LINK : INTENT_OTHER;
	}
	train_folds(a, s, N, FOLDS, fold);
	assert_int_equal(fold[0], fold[1]);
	assert_int_equal(fold[0], fold[8]);
	assert_int_equal(fold[2], fold[4]);
	for (size_t i = 0; i < N; i++) {
		assert_true(fold[i] < FOLDS);
		other += fold[i] != fold[0];
	}
	assert_true(other >= 4);
	arena_free(&a);
}

static void
test_too_little(void **state)
{
	struct train_options o = { .folds = 2 };
	struct train_sample s[N_LESSONS];
	struct classifier *c = without_model();
	struct train_report report;
	struct model *m = NULL;
	struct cd_err err = { "" };

	(void)state;
	fill(s);
	assert_int_equal(train_run(c, s, 8, &o, &report, &m, &err),
	    CD_MALFORMED);
	o.folds = 1;
	assert_int_equal(train_run(c, s, N_LESSONS, &o, &report, &m, &err),
	    CD_MALFORMED);
	assert_null(m);
	classifier_free(&c);
}

static struct model *
small_model(void)
{
	/* The last says too little to be kept. */
	const uint32_t feature[] = { 5, 9, MODEL_FEATURES - 1 };
	const float w[] = { 0, 1.27f, -0.5f, 0, -0.635f, 0, 0, 0.024f, 0 };
	struct calibration cal = { { { 0 } } };

	cal.weight[SIGNAL_COUNT - 1][2] = -1;
	return model_new(3, feature, 3, w, &cal);
}

static void
test_model_file(void **state)
{
	char name[] = "/tmp/cd-model-XXXXXX";
	struct model *m = small_model(), *again = NULL;
	const struct feature f[] = { { 5, 1 }, { 9, 2 } };
	double scores[MODEL_CLASSES];
	struct cd_err err = { "" };

	(void)state;
	temporary(name);
	assert_int_equal(model_save(m, name, &err), CD_OK);
	assert_int_equal(model_load(name, &again, &err), CD_OK);
	assert_int_equal(model_classes(again), 3);
	assert_true(model_calibration(again)->weight[SIGNAL_COUNT - 1][2] < -0.9);
	model_scores(again, f, 2, scores);
	assert_true(model_weight(m, MODEL_FEATURES - 1, 1) == 0);
	for (size_t k = 0; k < 3; k++) {
		double sum = model_weight(m, 5, k) + 2 * model_weight(m, 9, k);

		assert_true(fabs(scores[k] - sum) < 1e-5);
	}
	model_free(&m);
	model_free(&again);
	unlink(name);
	assert_int_equal(model_load(name, &again, &err), CD_ABSENT);
}

/* Each text once, however often it was learned and in whatever order. */
static void
test_what_was_learned_stays_with_the_model(void **state)
{
	static const uint32_t learned[] = { 7, UINT32_MAX, 3, 7, 0, 3 };
	const struct model_figures had = { 6, 5, 4, 1, 0.96 };
	char name[] = "/tmp/cd-model-XXXXXX";
	struct model *m = small_model(), *again = NULL;
	struct cd_err err = { "" };
	struct stat without, with;

	(void)state;
	temporary(name);
	assert_int_equal(model_save(m, name, &err), CD_OK);
	assert_int_equal(stat(name, &without), 0);
	assert_int_equal(model_load(name, &again, &err), CD_OK);
	assert_false(model_has_learned(again, 0));
	assert_int_equal(model_held_back(again)->n, 0);
	model_free(&again);
	model_remember(m, learned, 6, &had);
	assert_int_equal(model_save(m, name, &err), CD_OK);
	assert_int_equal(stat(name, &with), 0);
	assert_int_equal(with.st_size, without.st_size + 4 * 4);
	assert_int_equal(model_load(name, &again, &err), CD_OK);
	for (size_t i = 0; i < 6; i++)
		assert_true(model_has_learned(again, learned[i]));
	assert_false(model_has_learned(again, 1));
	assert_false(model_has_learned(again, 8));
	assert_memory_equal(model_held_back(again), &had, sizeof had);
	model_free(&again);
	model_free(&m);
	unlink(name);
}

/* Better or worse is what chance would hardly bring about. */
static void
test_which_of_two_models_is_better(void **state)
{
	static const struct {
		size_t n, gained, lost, erred, mended;
		enum train_verdict verdict;
	} rows[] = {
		{ 0, 0, 0, 0, 0, TRAIN_NOT_SHOWN },
		{ 100, 0, 0, 0, 0, TRAIN_NOT_SHOWN },
		{ 100, 6, 0, 0, 0, TRAIN_BETTER },
		{ 100, 5, 0, 0, 0, TRAIN_NOT_SHOWN },
		{ 100, 20, 8, 0, 0, TRAIN_BETTER },
		{ 100, 20, 12, 0, 0, TRAIN_NOT_SHOWN },
		{ 100, 8, 20, 0, 0, TRAIN_WORSE },
		{ TRAIN_LEAST - 1, 20, 0, 0, 0, TRAIN_NOT_SHOWN },
		{ TRAIN_LEAST - 1, 0, 20, 0, 0, TRAIN_NOT_SHOWN },
		{ TRAIN_LEAST, 20, 0, 0, 0, TRAIN_BETTER },
		{ 100, 20, 0, 1, 0, TRAIN_NOT_SHOWN },
		{ 100, 20, 0, 1, 1, TRAIN_BETTER },
		{ 100, 0, 0, 0, 6, TRAIN_BETTER },
		{ 100, 0, 1, 0, 6, TRAIN_NOT_SHOWN },
		{ 100, 0, 0, 6, 0, TRAIN_WORSE },
		{ 100, 20, 0, 6, 0, TRAIN_NOT_SHOWN },
		{ 100, 0, 20, 0, 6, TRAIN_NOT_SHOWN },
		{ 100, 0, 20, 6, 0, TRAIN_WORSE },
	};
	static const struct train_outcome good = { true, true, false };
	static const struct train_outcome misread = { false, true, false };
	static const struct train_outcome wrong = { true, false, true };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct train_match m = { 0 };

		for (size_t k = 0; k < rows[i].gained; k++)
			train_match_add(&m, misread, good);
		for (size_t k = 0; k < rows[i].lost; k++)
			train_match_add(&m, good, misread);
		for (size_t k = 0; k < rows[i].erred; k++)
			train_match_add(&m, good, wrong);
		for (size_t k = 0; k < rows[i].mended; k++)
			train_match_add(&m, wrong, good);
		while (m.n < rows[i].n)
			train_match_add(&m, good, good);
		assert_int_equal(m.right[1] + rows[i].lost, m.n);
		assert_int_equal(m.wrong_answers[0], rows[i].mended);
		assert_int_equal(m.actions_right[1] + rows[i].erred, m.n);
		if (train_match_verdict(&m) != rows[i].verdict)
			fail_msg("row %zu: %d", i,
			    (int)train_match_verdict(&m));
	}
}

/* What cannot be written leaves the model that is in use. */
static void
test_saved_whole_or_not(void **state)
{
	char name[] = "/tmp/cd-model-XXXXXX";
	const struct rlimit small = { 5000, RLIM_INFINITY };
	struct model *m = small_model(), *again = NULL;
	struct cd_err err = { "" };
	struct rlimit had;

	(void)state;
	temporary(name);
	assert_int_equal(model_save(m, name, &err), CD_OK);
	getrlimit(RLIMIT_FSIZE, &had);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(model_save(m, name, &err), CD_REFUSED);
	setrlimit(RLIMIT_FSIZE, &had);
	assert_non_null(strstr(err.text, name));
	assert_int_equal(model_load(name, &again, &err), CD_OK);
	unlink(name);
	/* What is no file is written to and stays. */
	assert_int_equal(model_save(m, "/dev/null", &err), CD_OK);
	assert_int_equal(model_save(m, "/dev/full", &err), CD_REFUSED);
	assert_int_equal(model_save(m, "/dev/null/x", &err), CD_REFUSED);
	model_free(&m);
	model_free(&again);
}

/* What is written comes back as near as its steps allow, whatever the number
 * of classes, and scores are made of the same weights. */
static void
test_weights_in_few_bits(void **state)
{
	static const float written[] = { 1, -0.4f, 0.3f, -0.2f, 0.1f, -0.05f,
	    0.035f, 0 };
	static const double wrong[] = { 0.61, 0.001, 0.06, 0.05, 0.04, 0.03,
	    0.013, 0.001 };
	enum { N = sizeof written / sizeof *written };
	const struct calibration none = { { { 0 } } };

	(void)state;
	for (size_t classes = 1; classes <= MODEL_CLASSES; classes++) {
		uint32_t feature[N];
		struct feature f[N];
		float w[N * MODEL_CLASSES];
		double scores[MODEL_CLASSES], sum[MODEL_CLASSES] = { 0 };
		struct model *m;

		for (size_t i = 0; i < N; i++) {
			feature[i] = (uint32_t)(1000 * i + classes);
			f[i] = (struct feature){ feature[i], (float)i + 0.5f };
			for (size_t k = 0; k < classes; k++)
				w[i * classes + k] = (float)(k + 1) *
				    written[(i + k) % N];
		}
		m = model_new(classes, feature, N, w, &none);
		model_scores(m, f, N, scores);
		for (size_t i = 0; i < N; i++) {
			for (size_t k = 0; k < classes; k++) {
				double had = (double)w[i * classes + k];
				double got = model_weight(m, feature[i], k);

				assert_true(fabs(got - had) <=
				    wrong[(i + k) % N] * (double)(k + 1));
				assert_true(got * had >= 0);
				sum[k] += (double)f[i].value * got;
			}
		}
		for (size_t k = 0; k < classes; k++)
			assert_true(fabs(scores[k] - sum[k]) < 1e-4);
		model_free(&m);
	}
}

/* More of one value than are added up at once. */
static void
test_many_rows(void **state)
{
	enum { N = 1500 };
	const struct calibration none = { { { 0 } } };
	uint32_t feature[N];
	struct feature f[N];
	float w[2 * N];
	double scores[2], sum[2] = { 0 };
	struct model *m;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		feature[i] = (uint32_t)(7 * i);
		f[i] = (struct feature){ feature[i], i < 1400 ? 0.5f : 2.0f };
		w[2 * i] = 1;
		w[2 * i + 1] = i % 3 ? -1 : 0.5f;
	}
	m = model_new(2, feature, N, w, &none);
	for (size_t i = 0; i < N; i++) {
		for (size_t k = 0; k < 2; k++)
			sum[k] += (double)f[i].value *
			    model_weight(m, feature[i], k);
	}
	model_scores(m, f, N, scores);
	assert_true(scores[0] > 300 && scores[1] < -100);
	for (size_t k = 0; k < 2; k++)
		assert_true(fabs(scores[k] - sum[k]) < 1e-2);
	model_free(&m);
}

#define CUT	LONG_MIN
/* After the head of 32 bytes and two tables of doubles. */
#define LEARNED	(32 + 8 * MODEL_CLASSES * (MODEL_SIGNALS + 1))

static void
test_damaged_model(void **state)
{
	static const struct {
		long at;	/* below 0: from the end; CUT: cut off there */
		int byte;
		const char *says;
	} rows[] = {
		{ 0, 'X', "not a model" }, { 8, 8, "another version" },
		{ 8, 200, "another version" },
		{ 16, 0, "not a model" }, { 16, 200, "not a model" },
		{ 40, 77, "damaged" }, { -3, 77, "damaged" },
		{ 5000, 77, "damaged" }, { 20000, 77, "cut off" },
		{ CUT, 0, "cut off" },
		/* How many it learned from, and what came of them. */
		{ LEARNED, 99, "cut off" }, { LEARNED + 3, 1, "impossible" },
		{ LEARNED + 15, 1, "impossible" },
		{ LEARNED + 16, 3, "impossible" },
		{ LEARNED + 24, 3, "impossible" },
		{ LEARNED + 32, 3, "impossible" },
		{ LEARNED + 47, 0xbf, "impossible" },
		{ LEARNED + 8, 3, "damaged" }, { -17, 1, "damaged" },
	};
	static const uint32_t learned[] = { 1, 2, 3, 4 };
	const struct model_figures had = { 2, 2, 2, 2, 0.96 };
	struct model *m = small_model(), *again = NULL;

	(void)state;
	model_remember(m, learned, 4, &had);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char name[] = "/tmp/cd-model-XXXXXX";
		struct cd_err err = { "" };
		FILE *f;

		temporary(name);
		assert_int_equal(model_save(m, name, &err), CD_OK);
		if (rows[i].at == CUT) {
			assert_int_equal(truncate(name, 20000), 0);
		} else {
			f = fopen(name, "r+b");
			assert_non_null(f);
			fseek(f, rows[i].at, rows[i].at < 0 ? SEEK_END
							    : SEEK_SET);
			fputc(rows[i].byte, f);
			fclose(f);
		}
		assert_int_equal(model_load(name, &again, &err), CD_MALFORMED);
		assert_null(again);
		if (!strstr(err.text, rows[i].says))
			fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].says);
		unlink(name);
	}
	model_free(&m);
}

#define N_WHOSE	18

/* A third from a service company by the rules, a third labelled so. */
static size_t
learned_whose(enum whose by_rules, enum whose others, char **bytes_out)
{
	static const char *const texts[] = {
		"please send the link for one of our clients",
		"need admin approval at the haulier that I run the mail of",
		"invoice of november",
	};
	static const enum intent intents[] = { INTENT_WANT_LINK,
		INTENT_BLOCKED, INTENT_OTHER };
	const enum whose whose[] = { by_rules, WHOSE_OTHER, others };
	struct train_options o = { .folds = 3 };
	struct train_sample s[N_WHOSE];
	char name[] = "/tmp/cd-train-XXXXXX", text[N_WHOSE][96];
	struct classifier *c = without_model();
	struct train_report report;
	struct model *m;
	size_t n;

	for (size_t i = 0; i < N_WHOSE; i++) {
		snprintf(text[i], sizeof text[i], "%s %c", texts[i % 3],
		    (char)('a' + i));
		s[i] = (struct train_sample){
			.text = str_of(text[i]), .language = "en",
			.labelled_language = "en", .context = CONTEXT_FIRST,
			.intent = intents[i % 3], .whose = whose[i % 3],
		};
	}
	assert_int_equal(train_run(c, s, N_WHOSE, &o, &report, &m, NULL), CD_OK);
	assert_int_equal(model_save(m, temporary(name), NULL), CD_OK);
	n = slurp(name, bytes_out);
	unlink(name);
	model_free(&m);
	classifier_free(&c);
	return n;
}

/* Where nobody said whose tenant it is, it is the writer's own; but a service
 * company by the rules teaches nothing about that. */
static void
test_whose_where_nobody_said(void **state)
{
	char *said, *own, *msp;
	size_t n = learned_whose(WHOSE_UNKNOWN, WHOSE_UNKNOWN, &said);

	(void)state;
	assert_int_equal(learned_whose(WHOSE_UNKNOWN, WHOSE_OWN, &own), n);
	assert_memory_equal(said, own, n);
	assert_true(learned_whose(WHOSE_OWN, WHOSE_OWN, &msp) != n ||
	    memcmp(own, msp, n) != 0);
	free(said);
	free(own);
	free(msp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learns_and_is_the_same_twice),
		cmocka_unit_test(test_machines_are_ignored),
		cmocka_unit_test(test_folds),
		cmocka_unit_test(test_too_little),
		cmocka_unit_test(test_model_file),
		cmocka_unit_test(test_what_was_learned_stays_with_the_model),
		cmocka_unit_test(test_which_of_two_models_is_better),
		cmocka_unit_test(test_saved_whole_or_not),
		cmocka_unit_test(test_weights_in_few_bits),
		cmocka_unit_test(test_many_rows),
		cmocka_unit_test(test_damaged_model),
		cmocka_unit_test(test_whose_where_nobody_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
