/*
 * What a style sheet's rules hide, as browsers read it (CSS Syntax Level 3), and what
 * nobody knows: that mail is not read whole.
 */
#include <string.h>

#include "unit.h"

#include "text/html.h"

struct row {
	const char *css;
	const char *element;	/* that holds the word "one" */
	const char *text;
	bool whole;
};

static void
check(const struct row *rows, size_t n)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < n; i++) {
		const struct row *r = &rows[i];
		struct html_budget left = html_budget_new();
		struct html_pictures pictures = html_pictures_new(a);
		struct zoned z;
		const char *page = arena_printf(a, "<style>%s</style><%s>one",
		    r->css, r->element);
		bool whole = html_read(a, str_of(page), &left, &pictures, &z);

		if (whole != r->whole || !str_eq(z.text, str_of(r->text)))
			fail_msg("%s: %s, '%.*s'", r->css, whole ? "whole"
			    : "in part", (int)z.text.n, z.text.p);
	}
	arena_free(&a);
}

#define CHECK(rows) check(rows, sizeof (rows) / sizeof *(rows))

/* The end of the sheet ends what is open, brackets hide what is in them. */
static void
test_ends(void **state)
{
	static const struct row rows[] = {
		{ "i{color:red", "p", "one", true },
		{ "p{display:none", "p", "", true },
		{ "@media (max-width:600px){.a{width:100%}", "p", "one", true },
		{ "@media screen{p{display:none}", "p", "", true },
		{ "@media (max-width:600px){i{a:b} p{display:none}", "p", "one",
		    true },
		{ "i{a:(} p{display:none} ) }", "p", "one", true },
		{ "i{a:(} ] ) } p{display:none}", "p", "", true },
		{ "i{a:[{]}] } p{display:none}", "p", "", true },
		{ "i{a:url(a\\)'b)} p{display:none} b{content:'c'}", "p", "",
		    true },
		/* Nobody knows what else their writers meant. */
		{ "i{content:'a} p{display:none}", "p", "one", false },
		{ "i{a:url(b} p{display:none}", "p", "one", false },
		{ "i{a:url(b\\", "p", "one", false },
		{ "i{a:b} /* p{display:none}", "p", "one", false },
	};

	(void)state;
	CHECK(rows);
}

/* Of a selector that is not understood whole its end says whom it hides, maybe. */
static void
test_selectors(void **state)
{
	static const struct row rows[] = {
		{ ".x[title='] u[q']{display:none}", "p class=x title='] u[q'", "one",
		    false },
		{ ".x[title='] u[q']{display:none}", "u", "one", true },
		{ ".x[title='> u']{display:none}", "p class=x title='> u'", "one",
		    false },
		{ "u > .x[title=')'] ~ p{display:none}", "p", "one", false },
		{ "u > .x[title=')'] ~ p{display:none}", "b class=x", "one", true },
		{ "u:is(.y ~ .x) b{display:none}", "p class=x", "one", true },
		{ "u p:is(.y ~ .x){display:none}", "p class=x", "one", false },
	};

	(void)state;
	CHECK(rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_selectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
