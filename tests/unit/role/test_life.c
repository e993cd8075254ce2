/* Who is dead, and who only waits. */
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "base/clock.h"
#include "role/session.h"

static void
test_back_off_grows_to_its_maximum(void **state)
{
	int64_t ms = 1000;

	(void)state;
	for (int i = 0; i < 8; i++)
		ms = role_back_off(ms, 300000);
	assert_int_equal(ms, 256000);
	assert_int_equal(role_back_off(ms, 300000), 300000);
	assert_int_equal(role_back_off(300000, 300000), 300000);
	assert_int_equal(role_back_off(INT64_MAX, 300000), 300000);
}

static void
hear(void *who, const char *state)
{
	assert_string_equal(state, "error: away");
	++*(int *)who;
}

static void
test_a_pause_begins_with_a_beat_and_ends_with_a_signal(void **state)
{
	int ends[2], beats = 0;
	int64_t began = clock_mono_ms();
	struct role_context c = { 0 };

	(void)state;
	assert_int_equal(pipe(ends), 0);
	c.signals = ends[0];
	role_pause(&c, 200, hear, &beats, "error: away");
	assert_int_equal(beats, 1);
	assert_true(clock_mono_ms() - began >= 200);
	assert_int_equal(write(ends[1], "s", 1), 1);
	began = clock_mono_ms();
	role_pause(&c, 60000, hear, &beats, "error: away");
	assert_int_equal(beats, 2);
	assert_true(clock_mono_ms() - began < 5000);
	close(ends[0]);
	close(ends[1]);
}

/* Longer than between two beats: the one test here that takes its time. */
static void
test_a_long_pause_shows_life(void **state)
{
	int ends[2], beats = 0;
	struct role_context c = { 0 };

	(void)state;
	assert_int_equal(pipe(ends), 0);
	c.signals = ends[0];
	role_pause(&c, 5500, hear, &beats, "error: away");
	assert_int_equal(beats, 2);
	close(ends[0]);
	close(ends[1]);
}

/* The wall clock may go where it likes: what counts is another beat in time. */
static void
test_silence_is_told_by_a_clock_that_never_steps(void **state)
{
	static const struct {
		int64_t beat, now_ms;
		bool silent;
	} rows[] = {
		{ 1000000, 1000, false },
		{ 1000015, 16000, false },
		{ 1003630, 31000, false },	/* an hour on */
		{ 1000045, 46000, false },	/* and back */
		{ 1000045, 75000, false },
		{ 1000045, 76000, true },
		{ 1000076, 77000, false },
	};
	struct role_life l = { 0, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(role_is_silent(&l, rows[i].beat,
		    rows[i].now_ms, 30000), rows[i].silent);
	/* One that never says a word. */
	l = (struct role_life){ 0, 1000 };
	assert_false(role_is_silent(&l, 0, 30999, 30000));
	assert_true(role_is_silent(&l, 0, 31000, 30000));
}

/* Each life hides the death before it only if it was a long one. */
static void
test_deaths_in_a_row(void **state)
{
	static const struct {
		int64_t well_s;
		bool hung;
		int n;
	} rows[] = {
		{ 0, false, 1 }, { 33, false, 2 }, { 599, false, 3 },
		{ 601, false, 1 }, { 700, true, 1 },
		/* As long as that it may be well, and then hang again. */
		{ 700, true, 2 }, { 1800, true, 3 }, { 1800, false, 4 },
		{ 601, true, 1 }, { 3601, true, 1 },
	};
	struct role_deaths d = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		role_died(&d, rows[i].well_s * 1000, 11, rows[i].hung);
		if (d.n != rows[i].n)
			fail_msg("row %zu: %d", i, d.n);
	}
	role_lives(&d, 3599999);
	assert_int_equal(d.n, 1);
	role_lives(&d, 3600001);
	assert_int_equal(d.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deaths_in_a_row),
		cmocka_unit_test(
		    test_silence_is_told_by_a_clock_that_never_steps),
		cmocka_unit_test(test_back_off_grows_to_its_maximum),
		cmocka_unit_test(
		    test_a_pause_begins_with_a_beat_and_ends_with_a_signal),
		cmocka_unit_test(test_a_long_pause_shows_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
