#include "unit.h"

#include "io/password.h"

static void
test_round_trip(void **state)
{
	struct arena *a = arena_new();
	const char *one, *two;

	(void)state;
	assert_int_equal(password_hash(a, "correct horse", &one, NULL), CD_OK);
	assert_int_equal(password_hash(a, "correct horse", &two, NULL), CD_OK);
	assert_string_not_equal(one, two);	/* salted */
	assert_true(password_fits("correct horse", one));
	assert_false(password_fits("correct horsf", one));
	assert_false(password_fits("", one));
	arena_free(&a);
}

static void
test_broken_hashes(void **state)
{
	static const char *const hashes[] = { "", "scrypt$", "plain",
		"scrypt$15$8$1$zz$zz", "scrypt$15$8$1$$" };

	(void)state;
	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
		assert_false(password_fits("", hashes[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_broken_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
