#include <string.h>

#include "unit.h"

#include "text/older.h"

static const char *
told(struct arena *a, const struct older *o, size_t n)
{
	const char *s = "";

	for (size_t i = 0; i < n; i++) {
		s = arena_printf(a, "%s%s%s>", s, i > 0 ? " | " : "",
		    o[i].writer ? o[i].writer : "");
		for (size_t k = 0; k < o[i].n_readers; k++)
			s = arena_printf(a, "%s %s", s, o[i].reader[k]);
	}
	return s;
}

static void
test_older(void **state)
{
	static const struct {
		const char *text, *told;
	} rows[] = {
		{ "Write to ed@roe.com", "" },
		{ "From: Jo <jo@Acme.com>\nSent: today\nTo: Ed <ed@roe.com>; \n "
		    "Al <al@fox.net>\nCc: it@roe.com\nSubject: a@b.com\n\nHi\n",
		    "acme.com> roe.com fox.net roe.com" },
		{ "From: Jo <jo@acme.com> Sent: today To: Ed <ed@roe.com> Subject: "
		    "hi\nHi", "acme.com> roe.com" },
		{ "From: Jo\nDate: today\nTo: Ed\nSubject: hi\n\nHi", ">" },
		/* Without a colon, and with no label at all. */
		{ "------ Forwarded Message ------\nFrom \"Jo\" <jo@acme.com>\nTo "
		    "ed@roe.com\nDate 23/11/2026 09:12:00\nSubject hi\n\nHi",
		    "acme.com> roe.com" },
		{ "-----Original Message-----\nFrom: Jo <jo@acme.com>\nTo: "
		    "ed@roe.com\n\nHi", "acme.com> roe.com" },
		{ "On Mon, 23 Nov 2026 at 9:12, Jo <jo@acme.com> wrote:\n\nHi\n\n"
		    "---------- Forwarded message ---------\nFrom: Ed "
		    "<ed@roe.com>\nTo: <jo@acme.com>\n\nWell\nVon: "
		    "x@fox.net\nGesendet: heute\nAn: y@elm.de\nBetreff: z\n",
		    "acme.com> | roe.com> acme.com | fox.net> elm.de" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct older o[8];
		size_t n = older_find(a, str_of(rows[i].text), o, 8);

		assert_string_equal(told(a, o, n), rows[i].told);
		if (n > 1)
			assert_int_equal(older_find(a, str_of(rows[i].text), o, 1),
			    1);
	}
	arena_free(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_older),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
