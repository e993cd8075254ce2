#include "text/pattern.h"
#include "text/pump.h"
#include "unit.h"

static const char *
no_words(const void *ctx, struct str name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static void
test_pumps(void **state)
{
	static const struct {
		const char *written, *word;
	} rows[] = {
		{ "send ... the link", NULL },
		{ "(o+)+q", "o" }, { "(very )*(very )*(very )*(very )*(very )*"
		    "(very )*x", "very" },
		/* Nothing of what it repeats stands in it. */
		{ "(\\w+\\s?)+x", "a" }, { "([a-z ]+)*!", "a" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *regex, *found;

		assert_int_equal(pattern_expand(a, str_of(rows[i].written),
		    BORDER_NONE, no_words, NULL, &regex, NULL), CD_OK);
		found = pump_finds(a, regex);
		if (rows[i].word)
			assert_non_null(found);
		assert_string_equal(found ? found : "", rows[i].word ?
		    rows[i].word : "");
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_pumps) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
