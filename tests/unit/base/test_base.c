#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"

static void
test_str_line(void **state)
{
	struct str rest = STR("one\r\ntwo\n\nlast"), line;
	const char *const want[] = { "one", "two", "", "last" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_true(str_line(&rest, &line));
		assert_true(str_eq(line, str_of(want[i])));
	}
	assert_false(str_line(&rest, &line));
}

static void
test_str_to_i64(void **state)
{
	static const struct {
		const char *text;
		int ok;
		int64_t value;
	} rows[] = {
		{ "0", 1, 0 }, { "42", 1, 42 }, { "-7", 1, -7 },
		{ "", 0, 0 }, { "-", 0, 0 }, { "1x", 0, 0 }, { " 1", 0, 0 },
		{ "101", 0, 0 }, { "99999999999999999999", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t v = 0;
		bool ok = str_to_i64(str_of(rows[i].text), -10, 100, &v);

		assert_int_equal(ok, rows[i].ok);
		assert_int_equal(v, rows[i].value);
	}
}

/* What is written is read again, at both ends of each length. */
static void
test_utf8_put(void **state)
{
	static const struct {
		uint32_t cp;
		size_t n;
	} rows[] = {
		{ 0, 1 }, { 0x7f, 1 }, { 0x80, 2 }, { 0xff, 2 }, { 0x7ff, 2 },
		{ 0x800, 3 }, { 0xd7ff, 3 }, { 0xffff, 3 }, { 0x10000, 4 },
		{ 0x10ffff, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char s[4];
		uint32_t cp;
		size_t n = utf8_put(s, rows[i].cp);

		assert_int_equal(n, rows[i].n);
		assert_int_equal(utf8_next((struct str){ s, n }, &cp), n);
		assert_int_equal(cp, rows[i].cp);
		if (n == 1)
			continue;
		assert_int_equal(utf8_next((struct str){ s, n - 1 }, &cp), 1);
		assert_int_equal(cp, 0xfffd);
	}
}

/* Of words, whatever is at the borders of what is none. */
static void
test_utf8_letter(void **state)
{
	static const uint32_t letters[] = { 'a', 'Z', 0xc0, 0xd6, 0xd8, 0xff,
		0x431, 0x5d0, 0xe01, 0x1fff, 0x2c00, 0x2dff, 0x3040, 0x4e2d,
		0xac00, 0xd7ff, 0xf900, 0xff21, 0xff5a, 0xff66, 0x10000, 0x20000 };
	static const uint32_t others[] = { ' ', '5', '@', '[', '\'', 0xab, 0xd7,
		0xf7, 0x2000, 0x2019, 0x20ac, 0x2bff, 0x2e80 - 1, 0x3000, 0x300a,
		0xe000, 0xf8ff, 0xfe0f, 0xff01, 0xff10, 0xff5b, 0xfffd, 0x1f44d };

	(void)state;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		assert_true(utf8_letter(letters[i]));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(utf8_letter(others[i]));
	assert_true(utf8_unspaced(0xe01) && utf8_unspaced(0x4e2d) &&
	    utf8_unspaced(0x20000));
	assert_false(utf8_unspaced('a') || utf8_unspaced(0x431) ||
	    utf8_unspaced(0xac00));
	assert_int_equal(str_count(STR("a, b, c"), ','), 2);
	assert_int_equal(str_count(STR(""), ','), 0);
}

static void
test_utf8(void **state)
{
	uint32_t cp;

	(void)state;
	assert_int_equal(utf8_next(STR("\xd0\x96"), &cp), 2);
	assert_int_equal(cp, 0x416);
	assert_int_equal(utf8_next(STR("\xf0\x9f\x91\x8d"), &cp), 4);
	assert_int_equal(cp, 0x1f44d);
	/* Overlong, surrogate, cut off, stray. */
	assert_false(utf8_valid(STR("\xc0\xaf")));
	assert_false(utf8_valid(STR("\xed\xa0\x80")));
	assert_false(utf8_valid(STR("\xe2\x82")));
	assert_false(utf8_valid(STR("\x80")));
	/* Text is looked at in pieces: wherever the wrong byte stands. */
	for (size_t n = 1; n <= 24; n++) {
		for (size_t i = 0; i < n; i++) {
			char text[24];

			memset(text, 'a', sizeof text);
			text[i] = '\xff';
			assert_false(utf8_valid((struct str){ text, n }));
			text[i] = '\x7f';
			assert_true(utf8_valid((struct str){ text, n }));
		}
	}
	assert_true(utf8_valid(STR("plain \xe2\x82\xac")));
	/* A text is cut between two letters. */
	assert_int_equal(utf8_first(STR("na\xc3\xafve"), 2).n, 2);
	assert_int_equal(utf8_first(STR("na\xc3\xafve"), 3).n, 2);
	assert_int_equal(utf8_first(STR("na\xc3\xafve"), 4).n, 4);
	assert_int_equal(utf8_first(STR("na\xc3\xafve"), 6).n, 6);
}

static void
test_buf_maximum(void **state)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a, 10);

	(void)state;
	buf_puts(&b, "12345");
	buf_printf(&b, "%d", 678);
	assert_false(b.full);
	buf_puts(&b, "too much");
	assert_true(b.full);
	assert_string_equal(buf_str(&b).p, "12345678");
	arena_free(&a);
	assert_null(a);
}

static void
test_arena_many(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int turn = 0; turn < 3; turn++) {
		for (size_t n = 0; n < 3000; n++) {
			char *p = arena_alloc(a, n);

			for (size_t i = 0; i < n; i++)
				assert_int_equal(p[i], 0);
			memset(p, 'x', n);
		}
		arena_reset(a);
		assert_int_equal(arena_used(a), 0);
	}
	arena_free(&a);
}

static void
test_clock(void **state)
{
	struct arena *a = arena_new();
	int64_t at;

	(void)state;
	assert_int_equal(clock_parse(STR("2026-11-24T13:20:05Z"), &at), CD_OK);
	assert_string_equal(clock_iso(a, at), "2026-11-24T13:20:05Z");
	assert_string_equal(clock_rfc5322(a, at),
	    "Tue, 24 Nov 2026 13:20:05 +0000");
	assert_int_equal(clock_parse(STR("2026-02-30"), &at), CD_MALFORMED);
	assert_int_equal(clock_parse(STR("2026-13-01"), &at), CD_MALFORMED);
	assert_int_equal(clock_parse(STR("tomorrow"), &at), CD_MALFORMED);
	assert_int_equal(clock_parse(STR("2024-02-29"), &at), CD_OK);
	arena_free(&a);
}

static void
test_log_q(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(log_q(a, "a\"b\nc\x1b[0m"),
	    "\"a\\\"b\\nc\\u001b[0m\"");
	/* C1, DEL and what turns the direction; a letter stays one. */
	assert_string_equal(log_q(a, "x\xc2\x9b" "2J\xe2\x80\xaey\x7f"
	    "\xe2\x81\xa6\xc3\xbc\xff"), "\"x\\u009b2J\\u202ey\\u007f"
	    "\\u2066\xc3\xbc\xef\xbf\xbd\"");
	assert_string_equal(log_q(a, NULL), "-");
	arena_free(&a);
}

static void
test_error_text(void **state)
{
	struct cd_err err;

	(void)state;
	assert_int_equal(cd_fail(&err, CD_AGAIN, "bad \x1b[1m byte"), CD_AGAIN);
	assert_string_equal(err.text, "bad ?[1m byte");
	assert_int_equal(cd_context(&err, CD_AGAIN, "smtp %d", 421), CD_AGAIN);
	assert_string_equal(err.text, "smtp 421: bad ?[1m byte");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_str_line),
		cmocka_unit_test(test_str_to_i64),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_utf8_letter),
		cmocka_unit_test(test_utf8_put),
		cmocka_unit_test(test_buf_maximum),
		cmocka_unit_test(test_arena_many),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_log_q),
		cmocka_unit_test(test_error_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
