#include <stdio.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#include "role/html.h"

struct shown {
	const char *in, *out;
};

static void
test_every_value_is_escaped(void **state)
{
	static const struct shown cases[] = {
		{ "plain \xc3\xa9 text", "plain \xc3\xa9 text" },
		{ "<script>", "&lt;script&gt;" },
		{ "\" onload='x'", "&quot; onload=&#39;x&#39;" },
		{ "a & b &amp;", "a &amp; b &amp;amp;" },
		{ "%s %d", "%s %d" },
		{ "tab\tline\n", "tab\tline\n" },
		{ "bell\x07", "bell\xef\xbf\xbd" },
		{ "\x7f\xc2\x9b", "\xef\xbf\xbd\xef\xbf\xbd" },
		/* Reading direction turned round. */
		{ "exe.\xe2\x80\xaegpj", "exe.\xef\xbf\xbdgpj" },
		{ "\xe2\x81\xa6x\xe2\x81\xa9", "\xef\xbf\xbdx\xef\xbf\xbd" },
		{ "\xe2\x80\x8f", "\xe2\x80\x8f" },
		/* Half a letter must not swallow the quote after it. */
		{ "\xc3\">", "\xef\xbf\xbd&quot;&gt;" },
		{ "\xff<", "\xef\xbf\xbd&lt;" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct html h = html_new(a);

		html_put(&h, "<p title=\"%s\">", cases[i].in);
		assert_string_equal(html_str(&h).p, arena_printf(a,
		    "<p title=\"%s\">", cases[i].out));
	}
	arena_free(&a);
}

static void
test_numbers_and_markup(void **state)
{
	struct arena *a = arena_new();
	struct html h = html_new(a);

	(void)state;
	html_put(&h, "<b>%d%% of %zu, %lld, %ld</b>", -3, (size_t)7,
	    -9223372036854775807ll, 5l);
	html_text(&h, str_of(NULL));
	assert_string_equal(html_str(&h).p,
	    "<b>-3% of 7, -9223372036854775807, 5</b>");
	assert_true(html_whole(&h));
	arena_free(&a);
}

static void
test_marks(void **state)
{
	static const char *const needles[] = { "admin", "need ADMIN approval",
		"<b>", "" };
	struct arena *a = arena_new();
	struct html h = html_new(a);

	(void)state;
	html_marked(&h, STR("I Need admin approval, <b>admin</b> & more"),
	    needles, 4);
	assert_string_equal(html_str(&h).p, "I <mark>Need admin approval</mark>"
	    ", <mark>&lt;b&gt;</mark><mark>admin</mark>&lt;/b&gt; &amp; more");
	h = html_new(a);
	html_marked(&h, STR("<i>"), NULL, 0);
	assert_string_equal(html_str(&h).p, "&lt;i&gt;");
	h = html_new(a);
	/* The second "admin" begins in what is marked already. */
	html_marked(&h, STR("adminadmin admin"), (const char *const[]){
	    "admin", "adminad", "nowhere" }, 3);
	assert_string_equal(html_str(&h).p, "<mark>adminad</mark>min "
	    "<mark>admin</mark>");
	arena_free(&a);
}

/* Words that are nowhere cost one look through a long text, not one for each
 * place that is marked. */
static void
test_marks_in_a_long_text(void **state)
{
	const char *needles[CD_MAX_EVIDENCE] = { "word" };
	struct arena *a = arena_new();
	struct buf b = buf_new(a, CD_MAX_TEXT);
	struct html h = html_new(a);
	clock_t began;

	(void)state;
	for (size_t i = 1; i < CD_MAX_EVIDENCE; i++)
		needles[i] = arena_printf(a, "absent %zu", i);
	while (!b.full)
		buf_puts(&b, "word after word ");
	began = clock();
	html_marked(&h, buf_str(&b), needles, CD_MAX_EVIDENCE);
	assert_true(clock() - began < CLOCKS_PER_SEC);
	assert_true(html_whole(&h));
	arena_free(&a);
}

static void
test_a_page_has_an_end(void **state)
{
	struct arena *a = arena_new();
	struct html h = html_new(a);
	char *long_text = arena_alloc(a, 65537);

	(void)state;
	memset(long_text, '<', 65536);
	for (int i = 0; i < 40; i++)
		html_put(&h, "%s", long_text);
	assert_false(html_whole(&h));
	assert_true(html_str(&h).n <= CD_MAX_PAGE);
	arena_free(&a);
}

/* What is made apart and put together has the same end. */
static void
test_pieces(void **state)
{
	struct arena *a = arena_new();
	struct html h = html_new(a), piece = html_new(a);

	(void)state;
	html_put(&h, "<b>");
	html_put(&piece, "%s</b>", "a & b");
	html_join(&h, &piece);
	assert_string_equal(html_str(&h).p, "<b>a &amp; b</b>");
	assert_true(html_whole(&h));
	piece.b.full = true;
	html_join(&h, &piece);
	assert_false(html_whole(&h));
	arena_free(&a);
}

static void
test_query(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(html_query(a, "a b&c=\"\xc3\xa9~"),
	    "a%20b%26c%3D%22%C3%A9~");
	assert_string_equal(html_query(a, NULL), "");
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_value_is_escaped),
		cmocka_unit_test(test_numbers_and_markup),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_marks_in_a_long_text),
		cmocka_unit_test(test_a_page_has_an_end),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
