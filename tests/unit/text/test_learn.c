#include <stdlib.h>

#include "unit.h"
#include "text/learn.h"

#define N	60
#define FOLDS	3

/* Features: the intent's own word, one that a fold alone has, one that a sample
 * alone has, and one that all have. */
#define WORD		10
#define OF_ALL		50
#define OF_FOLD		100
#define OF_SAMPLE	1000

static const enum intent intents[] = {
	INTENT_OTHER, INTENT_BLOCKED, INTENT_APPROVED,
};

static struct learn_sample *
samples(struct feature *f)
{
	struct learn_sample *s = calloc(N, sizeof *s);

	assert_non_null(s);
	for (uint32_t i = 0; i < N; i++) {
		uint32_t intent = i % 3, fold = i / 3 % FOLDS;

		f[4 * i] = (struct feature){ WORD + intent, 1 };
		/* It speaks for one intent. */
		f[4 * i + 1] = (struct feature){
			OF_FOLD + 10 * intent + fold, 1 };
		f[4 * i + 2] = (struct feature){ OF_SAMPLE + i, 1 };
		f[4 * i + 3] = (struct feature){ OF_ALL, 1 };
		s[i] = (struct learn_sample){ &f[4 * i], 4, intents[intent],
		    WHOSE_OWN, fold };
	}
	return s;
}

static void
count(void *ctx, size_t model)
{
	*(unsigned *)ctx |= 1u << model;
}

static bool
says_something(const struct model *m, uint32_t feature)
{
	for (size_t k = 0; k < SCORE_COUNT; k++) {
		if (model_weight(m, feature, k) != 0)
			return true;
	}
	return false;
}

static void
test_each_fold_is_unknown_to_its_model(void **state)
{
	struct feature f[4 * N];
	struct model *m[FOLDS + 1] = { NULL };
	unsigned begun = 0;
	struct learn_job job = {
		.sample = samples(f), .n = N, .folds = FOLDS,
		.begun = count, .ctx = &begun,
	};

	(void)state;
	learn(&job, m);
	assert_int_equal(begun, (1u << (FOLDS + 1)) - 1);
	for (uint32_t fold = 0; fold < FOLDS; fold++) {
		for (uint32_t k = 0; k <= FOLDS; k++)
			assert_int_equal(says_something(m[k],
			    OF_FOLD + 10 + fold), k != fold);
	}
	for (uint32_t k = 0; k <= FOLDS; k++) {
		assert_true(model_weight(m[k], WORD + 1, INTENT_BLOCKED) > 0);
		assert_true(model_weight(m[k], WORD + 2, INTENT_BLOCKED) < 0);
		model_free(&m[k]);
	}
	free((void *)job.sample);
}

/* Its labels neither. */
static void
test_labels_of_a_fold_are_unknown_to_its_model(void **state)
{
	struct feature f[4 * N];
	struct model *m[FOLDS + 1] = { NULL }, *other[FOLDS + 1] = { NULL };
	struct learn_sample *s = samples(f);
	struct learn_job job = { .sample = s, .n = N, .folds = FOLDS };

	(void)state;
	learn(&job, m);
	for (size_t i = 0; i < N; i++)
		s[i].intent = s[i].fold == 1 ? INTENT_REFUSED : s[i].intent;
	learn(&job, other);
	for (uint32_t k = 0; k <= FOLDS; k++) {
		double d = model_weight(m[k], WORD + 1, INTENT_BLOCKED) -
		    model_weight(other[k], WORD + 1, INTENT_BLOCKED);

		assert_int_equal(d == 0, k == 1);
		model_free(&m[k]);
		model_free(&other[k]);
	}
	free(s);
}

/* One names that sample, the other tells nothing of what is wanted. */
static void
test_what_one_sample_has_or_all_have_says_nothing(void **state)
{
	struct feature f[4 * N];
	struct model *m[FOLDS + 1] = { NULL };
	struct learn_job job = {
		.sample = samples(f), .n = N, .folds = FOLDS,
	};

	(void)state;
	learn(&job, m);
	for (uint32_t i = 0; i < N; i++)
		assert_false(says_something(m[FOLDS], OF_SAMPLE + i));
	assert_false(says_something(m[FOLDS], OF_ALL));
	for (uint32_t k = 0; k <= FOLDS; k++)
		model_free(&m[k]);
	free((void *)job.sample);
}

/* Whose tenant a text is about is learned beside what it wants, and of those alone
 * that say it. */
static void
test_whose_tenant(void **state)
{
	struct feature f[4 * N];
	struct model *m[FOLDS + 1] = { NULL };
	struct learn_sample *s = samples(f);
	struct learn_job job = { .sample = s, .n = N, .folds = FOLDS };

	(void)state;
	for (size_t i = 0; i < N; i++) {
		if (s[i].intent == INTENT_BLOCKED)
			s[i].whose = WHOSE_OTHER;
		if (s[i].intent == INTENT_APPROVED)
			s[i].whose = WHOSE_UNKNOWN;
	}
	learn(&job, m);
	assert_int_equal(model_classes(m[FOLDS]), SCORE_COUNT);
	assert_true(model_weight(m[FOLDS], WORD, SCORE_OTHER_TENANT) < 0);
	assert_true(model_weight(m[FOLDS], WORD + 1, SCORE_OTHER_TENANT) > 0);
	assert_true(model_weight(m[FOLDS], WORD + 2, SCORE_OTHER_TENANT) == 0);
	assert_true(model_weight(m[FOLDS], WORD + 2, INTENT_APPROVED) > 0);
	for (uint32_t k = 0; k <= FOLDS; k++)
		model_free(&m[k]);
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_fold_is_unknown_to_its_model),
		cmocka_unit_test(
		    test_labels_of_a_fold_are_unknown_to_its_model),
		cmocka_unit_test(
		    test_what_one_sample_has_or_all_have_says_nothing),
		cmocka_unit_test(test_whose_tenant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
