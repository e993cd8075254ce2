#include <string.h>

#include "text/pattern_set.h"
#include "unit.h"

static struct arena *a, *codes;
static struct pattern_set *set;

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	codes = arena_new();
	set = pattern_set_new(a, codes);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	pattern_set_free(&set);
	assert_null(set);
	arena_free(&codes);
	arena_free(&a);
	return 0;
}

static uint32_t
added(const char *regex)
{
	struct cd_err err = { "" };
	uint32_t number;

	assert_int_equal(pattern_set_add(set, regex, &number, &err), CD_OK);
	return number;
}

static void
test_each_once(void **state)
{
	uint32_t link = added("send.*link"), admin = added("admins?");
	size_t used = arena_used(codes);
	char copy[] = "send.*link";

	(void)state;
	assert_int_not_equal(link, admin);
	assert_int_equal(added(copy), link);
	assert_int_equal(added("admins?"), admin);
	assert_int_equal(arena_used(codes), used);
	assert_int_not_equal(added("admins"), admin);
}

static void
test_text_at_hand(void **state)
{
	uint32_t link = added("send.*link"), any = added("[0-9]+");
	size_t from = 0, to = 0;

	(void)state;
	pattern_set_close(set);
	pattern_set_look_at(set, STR("so send me the link"));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pattern_set_match(set, link, &from, &to),
		    PATTERN_YES);
		assert_int_equal(from, 3);
		assert_int_equal(to, 19);
		assert_int_equal(pattern_set_match(set, any, &from, &to),
		    PATTERN_NO);
	}
	pattern_set_look_at(set, STR("the link 12"));
	assert_int_equal(pattern_set_match(set, link, &from, &to), PATTERN_NO);
	assert_int_equal(pattern_set_match(set, any, &from, &to), PATTERN_YES);
	assert_int_equal(from, 9);
}

/* What fewest texts have is asked for first: "screenshot", and not "we" or
 * "it". */
static void
test_needs(void **state)
{
	uint32_t shot = added("(?<!x)(?:we|it)(?!x)[a-z ]*screenshot");
	uint32_t any = added("[0-9]+"), link = added("send me.*link");
	uint16_t need[4], place[4];

	(void)state;
	pattern_set_close(set);
	need[0] = pattern_set_need(set, link);
	need[1] = pattern_set_need(set, any);
	need[2] = need[3] = pattern_set_need(set, shot);
	assert_int_equal(need[1], PATTERN_NO_NEED);
	assert_int_not_equal(need[0], need[2]);
	pattern_set_look_at(set, STR("we send it"));
	assert_int_equal(pattern_set_have(set, need, 4, place), 1);
	assert_int_equal(place[0], 1);
	pattern_set_look_at(set, STR("a screenshot"));
	assert_int_equal(pattern_set_have(set, need, 4, place), 3);
	assert_int_equal(place[0], 1);
	assert_int_equal(place[2], 3);
}

static void
test_mistake(void **state)
{
	struct cd_err err = { "" };
	uint32_t number;

	(void)state;
	assert_int_equal(pattern_set_add(set, "a(b", &number, &err),
	    CD_MALFORMED);
	assert_non_null(strstr(err.text, "parenthes"));
	assert_int_equal(added("ab"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_once, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_text_at_hand, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_needs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mistake, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
