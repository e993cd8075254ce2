#include <string.h>

#include "unit.h"

#include "text/lookalike.h"

static void
test_why(void **state)
{
	static const char *const known[] = { "numeo.ai", "microsoft.com",
		"harbormills.example", NULL };
	static const struct {
		const char *addr, *name, *want;
	} rows[] = {
		{ "ann@harbormills.example", "Ann", NULL },
		{ "ann@mail.harbormills.example", "Ann", NULL },
		{ "ann@harborrnills.example", "Ann", "harbormills.example" },
		{ "ann@harb0rmi11s.example", "", "harbormills.example" },
		{ "ann@harbor-mills.example", "", "harbormills.example" },
		{ "it@rnicrosoft.com", "IT", "microsoft.com" },
		{ "it@login.micros0ft.com", "IT", "microsoft.com" },
		/* Cyrillic o and e. */
		{ "help@xn--num-gdda8a.ai", "Help", "unusual" },
		{ "x@xn--80a1acny.xn--p1ai", "X", "unusual" },
		{ "b\xc3\xb6@other.example", "B", "unusual" },
		{ "eve@evil.example", "support@numeo.ai", "another address" },
		{ "eve@evil.example", "eve@EVIL.example (Eve)", NULL },
		{ "ann@millsharbor.example", "Ann", NULL },
		{ "no address", "x", NULL }, { "", "", NULL },
		{ NULL, NULL, NULL },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *why = lookalike_why(a, rows[i].addr, rows[i].name,
		    known, 4);

		if (!rows[i].want && why)
			fail_msg("%s: %s", rows[i].addr, why);
		if (rows[i].want && (!why || !strstr(why, rows[i].want)))
			fail_msg("%s: %s", rows[i].addr, why ? why : "nothing");
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
