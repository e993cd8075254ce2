#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "role/throttle.h"

#define FREE 5

static void
test_waits_grow_and_end(void **state)
{
	struct throttle *t = calloc(1, sizeof *t);
	int64_t now = 1000, last = 0;

	(void)state;
	for (int i = 0; i < FREE - 1; i++) {
		assert_int_equal(throttle_wait(t, "name a", now), 0);
		throttle_failed(t, "name a", FREE, now);
	}
	assert_int_equal(throttle_wait(t, "name a", now), 0);
	for (int i = 0; i < 10; i++) {
		int64_t wait;

		throttle_failed(t, "name a", FREE, now);
		wait = throttle_wait(t, "name a", now);
		assert_true(wait > 0 && wait >= last);
		assert_true(wait <= THROTTLE_MAX_S);
		last = wait;
		now += wait;
		assert_int_equal(throttle_wait(t, "name a", now), 0);
	}
	assert_int_equal(last, THROTTLE_MAX_S);
	assert_int_equal(throttle_wait(t, "name b", now), 0);
	free(t);
}

static void
test_time_and_success_forgive(void **state)
{
	struct throttle *t = calloc(1, sizeof *t);

	(void)state;
	for (int i = 0; i < FREE; i++)
		throttle_failed(t, "a", FREE, 1000);
	assert_true(throttle_wait(t, "a", 1000) > 0);
	throttle_forgive(t, "a");
	assert_int_equal(throttle_wait(t, "a", 1000), 0);
	for (int i = 0; i < FREE - 1; i++)
		throttle_failed(t, "a", FREE, 1000);
	throttle_failed(t, "a", FREE, 1000 + THROTTLE_FORGIVE_S + 1);
	assert_int_equal(throttle_wait(t, "a", 1000 + THROTTLE_FORGIVE_S + 1),
	    0);
	free(t);
}

static void
test_one_is_taken_back(void **state)
{
	struct throttle *t = calloc(1, sizeof *t);

	(void)state;
	for (int i = 0; i < FREE; i++)
		throttle_failed(t, "a", FREE, 1000);
	throttle_take_back(t, "a", FREE);
	throttle_take_back(t, "nobody", FREE);
	assert_int_equal(throttle_wait(t, "a", 1000), 0);
	throttle_failed(t, "a", FREE, 1000);
	assert_true(throttle_wait(t, "a", 1000) > 0);
	free(t);
}

static void
test_many_and_long_keys(void **state)
{
	struct throttle *t = calloc(1, sizeof *t);
	char key[1000];

	(void)state;
	for (int i = 0; i < FREE; i++)
		throttle_failed(t, "kept", FREE, 2000);
	for (int i = 0; i < THROTTLE_PLACES - 1; i++) {
		snprintf(key, sizeof key, "key %d", i);
		throttle_failed(t, key, FREE, 1000);
	}
	throttle_failed(t, "one more", FREE, 2000);
	assert_true(throttle_wait(t, "kept", 2000) > 0);
	memset(key, 'x', sizeof key - 1);
	key[sizeof key - 1] = '\0';
	for (int i = 0; i < FREE; i++)
		throttle_failed(t, key, FREE, 2000);
	assert_true(throttle_wait(t, key, 2000) > 0);
	throttle_failed(t, "", FREE, 2000);
	assert_int_equal(throttle_wait(t, "", 2000), 0);
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waits_grow_and_end),
		cmocka_unit_test(test_time_and_success_forgive),
		cmocka_unit_test(test_one_is_taken_back),
		cmocka_unit_test(test_many_and_long_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
