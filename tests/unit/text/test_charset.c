#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "text/charset.h"
#include "text/transfer.h"

static void
test_ladder(void **state)
{
	static const struct {
		const char *bytes, *declared, *want;
		bool lossy;
	} rows[] = {
		{ "plain", NULL, "plain", false },
		{ "", "utf-8", "", false },
		{ "caf\xc3\xa9", "utf-8", "caf\xc3\xa9", false },
		{ "caf\xc3\xa9", NULL, "caf\xc3\xa9", false },
		/* Latin-1 in mail is windows-1252. */
		{ "\x93hi\x94", "iso-8859-1", "\xe2\x80\x9chi\xe2\x80\x9d",
		    false },
		{ "\x93hi\x94", NULL, "\xe2\x80\x9chi\xe2\x80\x9d", false },
		{ "caf\xe9", "us-ascii", "caf\xc3\xa9", false },
		/* Wrong declarations. */
		{ "caf\xc3\xa9", "iso-8859-1", "caf\xc3\xa9", false },
		{ "caf\xe9", "utf-8", "caf\xc3\xa9", true },
		{ "\xd0\x96\xd0\x96\xd0", "utf-8",
		    "\xd0\x96\xd0\x96\xef\xbf\xbd", true },
		{ "\xd0\x96", "x-no-such-charset", "\xd0\x96", false },
		{ "a\x81z", "windows-1252", "a\xef\xbf\xbdz", true },
		{ "\xe9\x80\x81\xe4\xbf\xa1 ok", "iso-2022-jp",
		    "\xe9\x80\x81\xe4\xbf\xa1 ok", false },
		/* Others. */
		{ "\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251",
		    "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", false },
		{ "\xf0\xd2\xc9\xd7\xc5\xd4", "KOI8-R",
		    "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", false },
		{ "\xfe\xf0", "iso-8859-9", "\xc5\x9f\xc4\x9f", false },
		{ "\xb3\xf3" "d\xbc", "ISO-8859-2", "\xc5\x82\xc3\xb3\x64\xc5\xba",
		    false },
		{ "\xc4\xe3", "gb2312", "\xe4\xbd\xa0", false },
		{ "\x1b$B$\"\x1b(B", "iso-2022-jp", "\xe3\x81\x82", false },
		{ "A+AOk-", "utf-7", "A\xc3\xa9", false },
		{ "x", "\"utf-8\"", "x", false },
		{ "caf\xe9", "cp-1252", "caf\xc3\xa9", false },
		/* Words of nothing but such letters, whatever is declared. */
		{ "\xcf\xf0\xe8\xf8\xeb\xe8\xf2\xe5 \xf1\xf1\xfb\xeb\xea"
		    "\xf3", NULL,
		    "Пришлите ссылку", false },
		{ "\xf0\xd2\xc9\xdb\xcc\xc9\xd4\xc5 "
		    "\xd3\xd3\xd9\xcc\xcb\xd5", NULL, "Пришлите ссылку", false },
		{ "\xcd\xe0\xe4\xb3\xf8\xeb\xb3\xf2\xfc "
		    "\xf9\xe5 \xf0\xe0\xe7 link", "iso-8859-1", "Надішліть ще раз link", false },
		/* No word is so long. */
#define EIGHT "\xe4\xf6\xe4\xf6\xe4\xf6\xe4\xf6"
#define SHOWN "äöäöäöäö"
		{ EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT
		    EIGHT, NULL, SHOWN SHOWN SHOWN SHOWN SHOWN SHOWN SHOWN SHOWN
		    SHOWN SHOWN SHOWN, false },
		{ "\xc9\xe0\xe8 d\xe9j\xe0 \xe9t\xe9 fianc\xe9", NULL,
		    "Éàè déjà été fiancé", false },
		/* Byte-order marks. */
		{ "\xef\xbb\xbfhi", "windows-1251", "hi", false },
		{ "\xff\xfeh\0i", NULL, NULL, false },
		/* Line ends and control bytes. */
		{ "a\r\nb\rc\nd", "utf-8", "a\nb\nc\nd", false },
		{ "a\r\nb\rc\n\xe9", "windows-1252", "a\nb\nc\n\xc3\xa9",
		    false },
		{ "a\x01\x1b\x7f" "b\tc", NULL, "ab\tc", false },
		{ "\xc2\x92", "utf-8", "\xe2\x80\x99", false },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool lossy = false;
		struct str out;

		if (!rows[i].want)
			continue;
		out = charset_to_utf8(a, str_of(rows[i].bytes),
		    rows[i].declared, &lossy);
		assert_string_equal(arena_str(a, out), rows[i].want);
		assert_int_equal(lossy, rows[i].lossy);
		assert_true(utf8_valid(out));
	}
	arena_free(&a);
}

/* Bytes that are nothing but accents, or broken, cost no more room than what they
 * become. */
static void
test_one_room(void **state)
{
	static const char three[] = "\xff\xfe\xc3";
	struct arena *a = arena_new();
	struct buf b = buf_new(a, 300000);
	bool lossy = false;
	struct str text;
	size_t before;

	(void)state;
	buf_puts(&b, "x");
	while (b.n + 3 < b.max)
		buf_puts(&b, three);
	before = arena_used(a);
	text = charset_to_utf8(a, buf_str(&b), "utf-8", &lossy);
	assert_true(lossy);
	assert_int_equal(text.n, 2 * b.n - 1);
	assert_true(str_starts(text, STR("x\u00ff\u00fe\u00c3\u00ff")));
	assert_true(arena_used(a) - before <= 2 * b.n + 16);
	arena_free(&a);
}

/* A charset that does not fit at the start costs no text behind it. */
static void
test_nothing_cut(void **state)
{
	struct arena *a = arena_new();
	char text[1000];
	bool lossy = false;
	struct str out;

	(void)state;
	memset(text, '\xe9', 100);
	memset(text + 100, 'x', sizeof text - 100);
	out = charset_to_utf8(a, (struct str){ text, sizeof text },
	    "iso-2022-jp", &lossy);
	assert_true(out.n >= sizeof text);
	assert_int_equal(out.p[out.n - 1], 'x');
	arena_free(&a);
}

/* A name that is too long, or broken, is none, and what was copied before that was
 * seen is taken for none: of this mail two tables are read. */
static void
test_no_name(void **state)
{
	static const char *const broken[] = { "koi8-r\xff", "koi8-r\x01",
		"koi8-r(", "windows-1251\xff" };
	static const int lengths[] = { 40, 41, 45, 199 };
	struct str bytes = STR("\xcf\xf0\xe8\xf8\xeb\xe8\xf2\xe5 "
	    "\xf1\xf1\xfb\xeb\xea\xf3"), want = STR("Пришлите ссылку");
	struct arena *a = arena_new();
	char name[200] = "";

	(void)state;
	charset_mail_begin();
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		/* Where the name lies, a good one did. */
		assert_false(str_eq(charset_to_utf8(a, bytes, "koi8-r", NULL),
		    want));
		assert_true(str_eq(charset_to_utf8(a, bytes, broken[i], NULL),
		    want));
	}
	for (size_t i = 0; i < 4 * (CD_MAX_CHARSETS + 1); i++) {
		memset(name, 'a' + (int)(i / 4), sizeof name - 1);
		assert_true(str_eq(charset_to_utf8(a, bytes, arena_printf(a,
		    "%.*s", lengths[i % 4], name), NULL), want));
	}
	assert_false(charset_limited());
	/* One letter less, and it is one that may be known somewhere. */
	for (size_t i = 0; i < CD_MAX_CHARSETS; i++) {
		memset(name, 'a' + (int)i, sizeof name - 1);
		assert_true(str_eq(charset_to_utf8(a, bytes, arena_printf(a,
		    "%.39s", name), NULL), want));
	}
	assert_true(charset_limited());
	charset_mail_begin();
	arena_free(&a);
}

static void
test_utf16(void **state)
{
	struct arena *a = arena_new();
	struct str s;

	(void)state;
	s = charset_to_utf8(a, STR("\xff\xfeh\0i\0"), NULL, NULL);
	assert_true(str_eq(s, STR("hi")));
	s = charset_to_utf8(a, STR("\xfe\xff\0h\0i"), NULL, NULL);
	assert_true(str_eq(s, STR("hi")));
	s = charset_to_utf8(a, STR("h\0\r\0\n\0i\0"), "utf-16le", NULL);
	assert_true(str_eq(s, STR("h\ni")));
	/* NULs are dropped. */
	s = charset_to_utf8(a, STR("a\0b"), NULL, NULL);
	assert_true(str_eq(s, STR("ab")));
	arena_free(&a);
}

static void
test_base64(void **state)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "aGVsbG8=", "hello" },
		{ "aGVs\nbG8=\n", "hello" },
		{ "aGVsbG8", "hello" },
		{ "aG!Vs*bG8=", "hello" },
		{ "aGk=aGk=", "hihi" },
		{ "=", "" },
		{ "", "" },
		{ "a", "" },
		{ "aGk=\n\nThis list is run by people.",
		    "hi\n\nThis list is run by people." },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(arena_str(a, transfer_base64(a,
		    str_of(rows[i].in))), rows[i].want);
	arena_free(&a);
}

static void
test_quoted(void **state)
{
	static const struct {
		const char *in, *want;
		bool word;
	} rows[] = {
		{ "a=3Db", "a=b", false },
		{ "so=\nft", "soft", false },
		{ "so=  \nft", "soft", false },
		{ "end=", "end", false },
		{ "trail  \nnext \t\n", "trail\nnext\n", false },
		{ "kept=20\n", "kept \n", false },
		{ "a=zzb =3", "a=zzb =3", false },
		{ "=c3=a9", "\xc3\xa9", false },
		{ "a_b=5F", "a b_", true },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(arena_str(a, transfer_quoted(a,
		    str_of(rows[i].in), rows[i].word)), rows[i].want);
	arena_free(&a);
}

static void
test_wrong_encoding(void **state)
{
	static const struct {
		const char *in, *encoding, *want;
	} rows[] = {
		{ "Hello, this is plain text, not base64 at all.", "base64",
		    "Hello, this is plain text, not base64 at all." },
		{ "Hello =3D there", "7bit", "Hello =3D there" },
		{ "Long lines are cut =\nand caf=C3=A9 is coded =3D yes", "",
		    "Long lines are cut and caf\xc3\xa9 is coded = yes" },
		{ "V2UgY2Fubm90IGNvbm5lY3Qgb3VyIE91dGxvb2sgdG8gdGhlIHByb2R1\n"
		    "Y3QsIHBsZWFzZSBoZWxw", NULL,
		    "We cannot connect our Outlook to the product, please help" },
		{ "x", "QUOTED-PRINTABLE", "x" },
		{ "aGk=", " Base64 ", "hi" },
		{ "==== a ruler ====\nx = y", "", "==== a ruler ====\nx = y" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(arena_str(a, transfer_decode(a,
		    str_of(rows[i].in), rows[i].encoding, true)),
		    rows[i].want);
	assert_int_equal(transfer_size(STR("aGVsbG8="), "base64"), 5);
	assert_int_equal(transfer_size(STR("hello"), "7bit"), 5);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ladder),
		cmocka_unit_test(test_one_room),
		cmocka_unit_test(test_nothing_cut),
		cmocka_unit_test(test_no_name),
		cmocka_unit_test(test_utf16),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_wrong_encoding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
