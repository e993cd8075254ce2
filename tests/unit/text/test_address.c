#include <string.h>

#include "unit.h"

#include "text/address.h"

/* All of a list as "name|addr;name|addr". */
static const char *
flat(struct arena *a, const char *value)
{
	struct mailbox_list list = address_list_parse(a, str_of(value));
	const char *s = "";

	for (size_t i = 0; i < list.n; i++) {
		assert_string_equal(list.v[i].addr, arena_printf(a, "%s@%s",
		    list.v[i].local, list.v[i].domain));
		s = arena_printf(a, "%s%s%s|%s", s, i ? ";" : "",
		    list.v[i].name, list.v[i].addr);
	}
	return s;
}

static void
test_forms(void **state)
{
	static const struct {
		const char *value, *want;
	} rows[] = {
		{ "", "" },
		{ "joe@example.com", "|joe@example.com" },
		{ "Joe Q <Joe.Q@Example.COM>", "Joe Q|Joe.Q@example.com" },
		{ "\"Doe, Joe\" <joe@example.com>", "Doe, Joe|joe@example.com" },
		{ "Doe, Joe <joe@example.com>", "Doe, Joe|joe@example.com" },
		{ "\"Joe \\\"J\\\" Doe\" <joe@example.com>",
		    "Joe \"J\" Doe|joe@example.com" },
		{ "joe@example.com (Joe Doe)", "Joe Doe|joe@example.com" },
		{ "joe@example.com (Joe (the (old)) Doe)",
		    "Joe (the (old)) Doe|joe@example.com" },
		{ "Joe (dispatch) <joe@example.com>", "Joe|joe@example.com" },
		{ "<joe@example.com>", "|joe@example.com" },
		{ "'joe@example.com' <joe@example.com>",
		    "joe@example.com|joe@example.com" },
		{ "joe@example.com <joe@example.com>",
		    "joe@example.com|joe@example.com" },
		{ "a@x.com, b@y.com", "|a@x.com;|b@y.com" },
		{ "a@x.com; B <b@y.com>;", "|a@x.com;B|b@y.com" },
		{ "a@x.com,, ,b@y.com,", "|a@x.com;|b@y.com" },
		{ "Team: a@x.com, B <b@y.com>;, c@z.com",
		    "|a@x.com;B|b@y.com;|c@z.com" },
		{ "undisclosed-recipients:;", "" },
		{ "<@relay.x.com,@r.y.com:joe@example.com>",
		    "|joe@example.com" },
		{ "Joe joe@example.com", "Joe|joe@example.com" },
		{ "Joe <joe@example.com", "Joe|joe@example.com" },
		{ "joe@example.com>", "|joe@example.com" },
		{ "Joe <<joe@example.com>>", "Joe|joe@example.com" },
		{ "mailto:joe@example.com", "|joe@example.com" },
		{ "Joe <mailto:joe@example.com>", "Joe|joe@example.com" },
		{ "\"joe doe\"@example.com", "|\"joe doe\"@example.com" },
		{ "joe . doe @ example . com", "|joe.doe@example.com" },
		{ "joe(comment)@example.com", "|joe@example.com" },
		{ "joe@example.com.", "|joe@example.com" },
		{ "root@localhost", "|root@localhost" },
		{ "joe@[192.0.2.1]", "|joe@[192.0.2.1]" },
		/* Encoded names. */
		{ "=?utf-8?B?0JjQstCw0L0=?= <i@example.com>",
		    "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd|i@example.com" },
		{ "\"=?utf-8?Q?Doe=2C_J=C3=B6?=\" <j@example.com>",
		    "Doe, J\xc3\xb6|j@example.com" },
		{ "=?utf-8?Q?Doe,_J=C3=B6?= <j@example.com>",
		    "Doe, J\xc3\xb6|j@example.com" },
		{ "=?utf-8?Q?Joe_=3Cjoe=40example=2Ecom=3E?=",
		    "Joe|joe@example.com" },
		{ "J\xc3\xb6 <j@example.com>", "J\xc3\xb6|j@example.com" },
		/* RFC 6531 and IDNA. */
		{ "j\xc3\xb6@example.com", "|j\xc3\xb6@example.com" },
		{ "j@b\xc3\xbc" "cher.example", "|j@xn--bcher-kva.example" },
		/* Not addresses. */
		{ "MAILER-DAEMON", "" },
		{ "Joe Doe", "" },
		{ "@example.com", "" },
		{ "joe@", "" },
		{ "a,b@", "" },
		/* Unending quotes and comments lose nothing. */
		{ "\"Joe <joe@example.com>", "Joe|joe@example.com" },
		{ "Joe (x <joe@example.com>", "Joe x|joe@example.com" },
		{ "\"a\" \"b\" <joe@example.com>", "a b|joe@example.com" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(flat(a, rows[i].value), rows[i].want);
	arena_free(&a);
}

static void
test_many(void **state)
{
	struct arena *a = arena_new();
	const size_t n = 60000;
	char *s = arena_alloc(a, n + 1);
	static const char *const fill[] = { "a@x.com,", "\"\\", "((", "<,",
		"=?a?q?", ":;", "\"", "a <", "@@", "(\\" };

	(void)state;
	for (size_t f = 0; f < sizeof fill / sizeof *fill; f++) {
		struct mailbox_list list;

		for (size_t i = 0; i < n; i++)
			s[i] = fill[f][i % strlen(fill[f])];
		list = address_list_parse(a, (struct str){ s, n });
		assert_true(list.n <= CD_MAX_ADDRESSES);
		if (f == 0)
			assert_int_equal(list.n, CD_MAX_ADDRESSES);
	}
	arena_free(&a);
}

/* Of a name that nobody reads to its end the beginning is decoded. */
static void
test_long_name(void **state)
{
	static const char addr[] = " <u@b.test>";
	struct arena *a = arena_new();
	size_t n = 31000;
	char *s = arena_alloc(a, n + sizeof addr);
	struct mailbox_list list;

	(void)state;
	for (size_t i = 0; i < n; i++)
		s[i] = "=?x"[i % 3];
	memcpy(s + n, addr, sizeof addr);
	list = address_list_parse(a, str_of(s));
	assert_int_equal(list.n, 1);
	assert_string_equal(list.v[0].addr, "u@b.test");
	assert_int_equal(strlen(list.v[0].name), CD_MAX_NAME);
	arena_free(&a);
}

static void
test_canonical(void **state)
{
	static const struct {
		const char *addr, *want;
	} rows[] = {
		{ "Joe@Example.com", "joe@example.com" },
		{ "joe+tag@example.com", "joe@example.com" },
		{ "+joe@example.com", "+joe@example.com" },
		{ "j.o.e+x@gmail.com", "joe@gmail.com" },
		{ "j.oe@googlemail.com", "joe@gmail.com" },
		{ "j.o.e@example.com", "j.o.e@example.com" },
		{ "SRS0=HHH=TT=example.com=joe@fwd.org", "joe@example.com" },
		{ "SRS0+HHH=TT=example.com=joe@fwd.org", "joe@example.com" },
		{ "srs0=a+b=TT=example.com=Joe+x@fwd.org", "joe@example.com" },
		{ "SRS1=HHH=fwd.org==HHH=TT=example.com=joe@two.org",
		    "joe@example.com" },
		{ "SRS0=broken@fwd.org", "srs0=broken@fwd.org" },
		{ "prvs=0123456789=joe@example.com", "joe@example.com" },
		{ "prvs=joe=0123456789@example.com", "joe@example.com" },
		{ "btv1==12345678901==joe@example.com", "joe@example.com" },
		{ "SRS0=HHH=TT=example.com=prvs=0123456789=joe@fwd.org",
		    "joe@example.com" },
		{ "no address", "no address" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(address_canonical(a, rows[i].addr),
		    rows[i].want);
	arena_free(&a);
}

static void
test_valid(void **state)
{
	static const char *const good[] = { "a@b.co", "joe.doe+x@ex-ample.com",
		"\"a b\"@example.com", ("j\xc3\xb6@b\xc3\xbc"
		"cher.example") };
	static const char *const bad[] = { "", "a", "a@", "@b.co", "a@b",
		"a b@c.com", "a@b.com ", " a@b.com", "a@b.com\n", "<a@b.com>",
		"a@b.com,c@d.com", ".a@b.com", "a..b@c.com", "a.@b.com",
		"a@-b.com", "a@1.2.3.4", "a@b_c.com", NULL };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(address_valid(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(address_valid(bad[i]));
}

static void
test_header_decode(void **state)
{
	static const struct {
		const char *value, *want;
	} rows[] = {
		{ "plain", "plain" },
		{ "=?utf-8?Q?caf=C3=A9_ole?=", "caf\xc3\xa9 ole" },
		{ "a =?utf-8?B?w6k=?= b", "a \xc3\xa9 b" },
		{ "=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab" },
		{ "=?utf-8?Q?a?=   =?iso-8859-1?Q?=E9?=", "a\xc3\xa9" },
		/* A character cut between two words. */
		{ "=?utf-8?B?w6nD?= =?utf-8?B?qQ==?=", "\xc3\xa9\xc3\xa9" },
		{ "=?utf-8?Q?with blanks inside?=", "with blanks inside" },
		{ "=?utf-8*en?Q?lang?=", "lang" },
		{ "x=?utf-8?Q?glued?=y", "xgluedy" },
		{ "=?utf-8?Q?=3D?=", "=" },
		{ "=?utf-8?X?bad?=", "=?utf-8?X?bad?=" },
		{ "=?utf-8?Q?no end", "=?utf-8?Q?no end" },
		{ "=? not one", "=? not one" },
		{ "=?utf-8?Q?a=0D=0AInjected:_x?=", "a Injected: x" },
		{ "=?windows-1251?B?z/Do4uXy?=",
		    "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82" },
		{ "", "" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(header_decode(a, str_of(rows[i].value),
		    NULL), rows[i].want);
	arena_free(&a);
}

/* A word's search for its end stops where the next one begins. */
static void
test_word_end(void **state)
{
	(void)state;
	assert_int_equal(header_word_end(STR("a?=")), 1);
	assert_int_equal(header_word_end(STR("YQ==?=")), 4);
	assert_int_equal(header_word_end(STR("?=")), 0);
	assert_int_equal(header_word_end(STR("why?_a?= =?x")), 6);
	assert_int_equal(header_word_end(STR("a=?x?q?b?=")), -1);
	assert_int_equal(header_word_end(STR("a")), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_header_decode),
		cmocka_unit_test(test_word_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
