#include "unit.h"

#include "role/rate.h"

#define LIMIT 30

/* Nothing goes for a while, then all that may: in no minute are there more than
 * the limit, and it is used up. */
static void
test_any_minute(void **state)
{
	static int64_t sent[400 * 10];	/* in each tenth of a second */
	struct rate r = { 0 };
	int64_t total = 0;

	(void)state;
	for (int64_t t = 0; t < 400 * 10; t++) {
		int64_t now_ms = 5000000 + t * 100, left, n;

		left = LIMIT - rate_minute(&r, now_ms);
		assert_in_range(left, 0, LIMIT);
		/* One early, the rest just before its minute is over. */
		n = t == 0 ? 1 : t < 590 ? 0 : left;
		rate_add(&r, n, now_ms);
		sent[t] = n;
	}
	for (int64_t t = 0; t + 600 <= 400 * 10; t++) {
		int64_t n = 0;

		for (int64_t k = t; k < t + 600; k++)
			n += sent[k];
		assert_in_range(n, 0, LIMIT);
		total += sent[t];
	}
	assert_in_range(total, 5 * LIMIT, 6 * LIMIT);
}

static void
test_a_minute_later(void **state)
{
	struct rate r = { 0 };

	(void)state;
	assert_int_equal(rate_minute(&r, 0), 0);
	rate_add(&r, 2, 1999);
	rate_add(&r, 3, 2000);
	assert_int_equal(rate_minute(&r, 61999), 5);
	assert_int_equal(rate_minute(&r, 62000), 3);
	assert_int_equal(rate_minute(&r, 63000), 0);
	/* In the place of what is forgotten. */
	rate_add(&r, 7, 1999 + RATE_SECONDS * 1000);
	assert_int_equal(rate_minute(&r, 63000), 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_minute),
		cmocka_unit_test(test_a_minute_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
