#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "text/calibrate.h"

#define N	600

/* Samples whose model sees nothing: the intent is told by a fact and a context
 * together, in nine of ten. */
static struct calibrate_sample *
told_by_facts(size_t n)
{
	struct calibrate_sample *v = calloc(n, sizeof *v);

	assert_non_null(v);
	for (size_t i = 0; i < n; i++) {
		struct signals s = { .context = i % 2 ? CONTEXT_LINK :
		    CONTEXT_FIRST };
		bool done = i / 2 % 2;

		s.facts = done ? FACT_DONE : 0;
		combine_row(&s, v[i].row);
		v[i].intent = done && i % 2 ? INTENT_APPROVED : INTENT_OTHER;
		if (i % 10 == 9)
			v[i].intent = INTENT_REFUSED;
		v[i].fold = i % 3;
	}
	return v;
}

static double
likely(const struct calibration *c, unsigned facts, enum thread_context context,
    enum intent intent)
{
	struct signals s = { .facts = facts, .context = context };
	double p[INTENT_COUNT];

	combine_probabilities(&s, c, p);
	return p[intent];
}

static void
test_facts_are_weighed(void **state)
{
	struct calibrate_sample *v = told_by_facts(N);
	struct calibration c;

	(void)state;
	calibrate(v, N, SIZE_MAX, &c);
	assert_true(likely(&c, FACT_DONE, CONTEXT_LINK, INTENT_APPROVED) > 0.6);
	assert_true(likely(&c, 0, CONTEXT_FIRST, INTENT_OTHER) > 0.8);
	assert_true(likely(&c, 0, CONTEXT_FIRST, INTENT_APPROVED) < 0.03);
	free(v);
}

/* Twenty rules that say the same are not twenty times as sure. */
static void
test_points_have_bounds(void **state)
{
	struct signals s = { .points = { [INTENT_BLOCKED] = 60,
	    [INTENT_APPROVED] = -60, [INTENT_OTHER] = 2 } };
	double row[SIGNAL_COUNT];

	(void)state;
	combine_row(&s, row);
	assert_true(row[SIGNAL_POINTS + INTENT_BLOCKED] == 6);
	assert_true(row[SIGNAL_POINTS + INTENT_APPROVED] == -6);
	assert_true(row[SIGNAL_POINTS + INTENT_OTHER] == 2);
}

/* As sure as the samples are often so, no more. */
static void
test_as_sure_as_right(void **state)
{
	struct calibrate_sample *v = calloc(N, sizeof *v);
	struct calibration c;
	struct signals s = { .scores = { [INTENT_WANT_LINK] = 9 } };
	double p[INTENT_COUNT];

	(void)state;
	assert_non_null(v);
	for (size_t i = 0; i < N; i++) {
		combine_row(&s, v[i].row);
		v[i].intent = i % 4 ? INTENT_WANT_LINK : INTENT_BLOCKED;
	}
	calibrate(v, N, SIZE_MAX, &c);
	combine_probabilities(&s, &c, p);
	assert_true(p[INTENT_WANT_LINK] > 0.73 && p[INTENT_WANT_LINK] < 0.77);
	assert_true(p[INTENT_BLOCKED] > 0.23 && p[INTENT_BLOCKED] < 0.27);
	free(v);
}

/* What is held back teaches nothing. */
static void
test_a_fold_is_left_out(void **state)
{
	struct calibrate_sample *v = told_by_facts(N);
	struct calibration without, changed;

	(void)state;
	calibrate(v, N, 1, &without);
	for (size_t i = 1; i < N; i += 3)
		v[i].intent = INTENT_GREYED_OUT;
	calibrate(v, N, 1, &changed);
	assert_memory_equal(&without, &changed, sizeof without);
	calibrate(v, N, SIZE_MAX, &changed);
	assert_memory_not_equal(&without, &changed, sizeof without);
	free(v);
}

/* A rule that is written today counts today, whatever those before it were
 * worth. */
static void
test_points_keep_their_worth(void **state)
{
	struct calibrate_sample *v = told_by_facts(N);
	struct calibration c, start = combine_default(true);

	(void)state;
	for (size_t i = 0; i < N; i++)
		v[i].row[SIGNAL_POINTS + INTENT_BLOCKED] = 3;
	calibrate(v, N, SIZE_MAX, &c);
	for (size_t i = 0; i < INTENT_COUNT; i++) {
		for (size_t k = 0; k < INTENT_COUNT; k++) {
			double d = c.weight[SIGNAL_POINTS + i][k] -
			    start.weight[SIGNAL_POINTS + i][k];

			assert_true(d > -1e-4 && d < 1e-4);
		}
	}
	free(v);
}

/* Three samples are no reason to believe otherwise. */
static void
test_few_say_little(void **state)
{
	struct calibrate_sample *v = told_by_facts(3);
	struct calibration c, start = combine_default(true);

	(void)state;
	calibrate(v, 3, SIZE_MAX, &c);
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		for (size_t k = 0; k < INTENT_COUNT; k++) {
			double d = c.weight[i][k] - start.weight[i][k];

			assert_true(d > -0.5 && d < 0.5);
		}
	}
	free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts_are_weighed),
		cmocka_unit_test(test_points_have_bounds),
		cmocka_unit_test(test_as_sure_as_right),
		cmocka_unit_test(test_a_fold_is_left_out),
		cmocka_unit_test(test_points_keep_their_worth),
		cmocka_unit_test(test_few_say_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
