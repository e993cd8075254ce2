/*
 * What a style sheet's rules hide, as browsers read it (CSS Syntax Level 3), and what
 * nobody knows: that mail is not read whole.
 */
#include <string.h>

#include "unit.h"

#include "base/buf.h"
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

#define X "{.x{display:none}}"

/* Of other screens nothing counts; what some browsers heed is in doubt. */
static void
test_at_rules(void **state)
{
	static const struct row rows[] = {
		{ "@media" X, "p class=x", "", true },
		{ "@MEDIA  Screen" X, "p class=x", "", true },
		{ "@media\nonly screen , print" X, "p class=x", "", true },
		{ "@media print,all" X, "p class=x", "", true },
		{ "@media not print" X, "p class=x", "", true },
		{ "@media not tv and (a)" X, "p class=x", "", true },
		{ "@media print" X, "p class=x", "one", true },
		{ "@media not screen" X, "p class=x", "one", true },
		{ "@media yahoo, speech and (a)" X, "p class=x", "one", true },
		{ "@media (max-width:600px)" X, "p class=x", "one", true },
		{ "@media only screen and (min-width:1px) and ( max-device-width : "
		    "480PX )" X, "p class=x", "one", true },
		{ "@media screen and (max-width:37.5em)" X, "p class=x", "one",
		    true },
		{ "@media screen and (max-width:40rem)" X, "p class=x", "one",
		    true },
		{ "@media screen and (max-width:801px)" X, "p class=x", "one",
		    false },
		{ "@media (max-width:9vw)" X, "p class=x", "one", false },
		{ "@media (max-width:9px) or (a)" X, "p class=x", "one", false },
		{ "@media screen and (not (max-width:9px))" X, "p class=x", "one",
		    false },
		{ "@media not (max-width:9px)" X, "p class=x", "one", false },
		{ "@media not screen and (max-width:9px)" X, "p class=x", "one",
		    false },
		{ "@media ((max-width:9px) or (a))" X, "p class=x", "one", false },
		{ "@media (a:b(c)) or (max-width:9px)" X, "p class=x", "one",
		    false },
		{ "@media print,(min-width:1px)" X, "p class=x", "one", false },
		{ "@media scr\\65 en" X, "p class=x", "one", false },
		{ "@m\\65 dia screen" X, "p class=x", "one", false },
		{ "@supports not (a:b)" X, "p class=x", "one", false },
		{ "@layer a" X, "p class=x", "one", false },
		{ "@scope (p)" X, "p class=x", "one", false },
		{ "@supports (a:b)" X, "p class=y", "one", true },
		/* White letters alone are a dark screen's. */
		{ "@supports (a:b){.x{color:#fff}}", "p class=x", "", false },
		{ "@supports (a:b){.x{font-size:0}}", "p class=x", "one", false },
		{ "@layer a{.x{color:#fff}}", "p class=x", "", false },
		{ "@container (a){.x{color:#fff}}", "p class=x", "one", true },
		{ "@keyframes p{p{opacity:0}}", "p", "one", true },
		{ "@media screen{@media print" X "} .y{display:none}", "p class=x",
		    "one", true },
		{ "@media screen{@media all" X "}", "p class=x", "", true },
		{ "@supports (a:b){@media all" X "}", "p class=x", "one", false },
		{ "@media all{@supports (a:b){i{c:d}}.x{display:none}}",
		    "p class=x", "", true },
	};

	(void)state;
	CHECK(rows);
}

/* A rule in a rule is of some of its elements; programs that know none read on. */
static void
test_nested(void **state)
{
	static const struct row rows[] = {
		{ "i{a:b;.x{display:none}}", "p class=x", "one", false },
		{ "i{a:b;&.x{display:none}}", "p class=x", "one", false },
		{ "i{a:b;&.x{display:none}}", "p class=y", "one", true },
		{ "i{a:b;& .x{display:none}}", "p class=y", "one", true },
		{ "i{.y{a:b}.x{display:none}}", "p class=x", "one", false },
		{ "i{.y{a:b}} .x{display:none}", "p class=x", "", true },
		{ ".x{display:none;.y{a:b}}", "p class=x", "", true },
		{ ".x{.y{a:b} display:none}", "p class=x", "one", false },
		{ ".x{.y{a:b} display:none;c:d", "p class=x", "one", false },
		{ ".x{@media all{display:none}}", "p class=x", "one", false },
		{ ".x{@media print{display:none}}", "p class=x", "one", true },
		{ ".x{--a:{b:c}} .y{color:{{d}}}", "p class=x", "one", true },
	};

	(void)state;
	CHECK(rows);
}

/* A lone "}" or ";" belongs to the selector behind it, of which nothing is left. */
static void
test_stray_signs(void **state)
{
	static const struct row rows[] = {
		{ "i{a:b}} .x{display:none}", "p class=x", "one", true },
		{ "i{a:b}; .x{display:none}", "p class=x", "one", true },
		{ "i{a:b}} .y{a:b} .x{display:none}", "p class=x", "", true },
		{ "i{a:b}} @media all{.x{display:none}}", "p class=x", "one", true },
		{ "i{a:b}} @import y; .x{display:none}", "p class=x", "one", true },
		{ "i{a:b}} .y{} .x{display:none}", "p class=x", "", true },
		{ "@media all{i{a:b}}} .x{display:none}", "p class=x", "one", true },
		{ "@media all{i{a:b}} .x{display:none}", "p class=x", "", true },
		{ "@media all{i{a:b}; .x{display:none}}", "p class=x", "one",
		    false },
		{ "@media all{;} .x{display:none}", "p class=x", "", true },
		{ "@import y; .x{display:none}", "p class=x", "", true },
		{ "@import y}; .x{display:none}", "p class=x", "one", false },
		{ "<!-- --> <!-- .x{display:none} -->", "p class=x", "", true },
		{ "@font-face{a:b;c:d} .x{display:none}", "p class=x", "", true },
	};

	(void)state;
	CHECK(rows);
}

/* One in another without end: that is no page of a person's. */
static void
test_depth(void **state)
{
	struct arena *a = arena_new();
	struct buf css = buf_new(a, 1000);
	struct row row = { NULL, "p class=x", "", true };

	(void)state;
	for (int i = 0; i < 32; i++)
		buf_puts(&css, "@media all{");
	buf_puts(&css, ".x{display:none}");
	row.css = buf_str(&css).p;
	check(&row, 1);
	buf_puts(&css, "@media all{}");
	row.css = buf_str(&css).p;
	row.whole = false;
	check(&row, 1);
	arena_free(&a);
}

/* What the element says itself, and what a browser does to it. */
static void
test_elements(void **state)
{
	static const struct row rows[] = {
		/* Its own display is heeded, unless the sheet's is important. */
		{ ".x{display:none}", "div class=x style='display:block'", "one",
		    false },
		{ ".x{display:none}", "div class=x style='display:none'", "",
		    true },
		{ ".x{display:none}", "div class=x style='color:red'", "", true },
		/* Cells grow with what is in them. */
		{ "", "table><tr><td style='max-width:0;overflow:hidden'", "one",
		    false },
		{ "", "div style='max-width:0;overflow:hidden'", "", true },
		{ "", "td style='height:1px;overflow:hidden;display:block'", "",
		    true },
		/* A size of nothing is handed down, unless a rule may lift it. */
		{ "", "div style='font-size:0'><b", "", true },
		{ ".a b{font-size:9px}", "div style='font-size:0'><b", "one",
		    false },
		{ ".a b{font-size:9px}", "div style='font-size:0'", "", true },
		{ ".a b{color:red}", "div style='font-size:0'><b", "", true },
		/* What is quoted may be in doubt. */
		{ "h1 + p{display:none}", "p", "one", false },
		{ "h1 + p{display:none}", "blockquote type=cite><p", "one",
		    true },
	};

	(void)state;
	CHECK(rows);
}

/* Of a sheet that is not for screens, or is none, nothing counts. */
static void
test_media(void **state)
{
	static const struct {
		const char *tag, *text;
	} rows[] = {
		{ "<style>", "" }, { "<style media=screen>", "" },
		{ "<style type='text/css' media=''>", "" },
		{ "<style a='b>' MEDIA = \"print\">", "one" },
		{ "<style media=print>", "one" },
		{ "<style media='(max-width:600px)'>", "one" },
		{ "<style type=text/less>", "one" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct zoned z;

		html_to_text(a, str_of(arena_printf(a,
		    "%sp{display:none}</style><p>one", rows[i].tag)), &z);
		if (!str_eq(z.text, str_of(rows[i].text)))
			fail_msg("%s: '%.*s'", rows[i].tag, (int)z.text.n,
			    z.text.p);
	}
	arena_free(&a);
}

/* Values that are compared cost tries: of 300 long ones not all are. */
static void
test_long_values(void **state)
{
	struct arena *a = arena_new();
	struct buf css = buf_new(a, 1000 * 1000);
	struct html_budget left = html_budget_new();
	struct html_pictures pictures = html_pictures_new(a);
	const char *title = arena_printf(a, "%01900d", 0);
	struct zoned z;

	(void)state;
	buf_puts(&css, "<style>");
	for (int i = 0; i < 100; i++)
		buf_printf(&css, "[title*=\"%01000d%d\"]{display:none}", 0,
		    1000 + i);
	buf_puts(&css, "</style>");
	for (int i = 0; i < 100; i++)
		buf_printf(&css, "<i title=%s>a</i>", title);
	assert_false(html_read(a, buf_str(&css), &left, &pictures, &z));
	assert_int_equal(left.tries, 0);
	arena_free(&a);
}

/* What a line is drawn through. */
static void
test_struck(void **state)
{
	static const struct {
		const char *html, *want;	/* what is struck in {} */
	} rows[] = {
		{ "We <s>don't</s> want it", "We {~~don't~~} want it" },
		{ "We <strike>do not </strike>want it",
		    "We {~~do not~~} want it" },
		{ "<del>Send it<br>now<br></del>Do not",
		    "{~~Send it\nnow~~}\nDo not" },
		{ "<p style='text-decoration: line-through'>a <b>b</b></p>c",
		    "{~~a b~~}\n\nc" },
		{ "<span style='TEXT-DECORATION-LINE:underline LINE-THROUGH'>a"
		    "</span> b", "{~~a~~} b" },
		{ "<style>.x{text-decoration:line-through}</style><p class=x>a"
		    "<p>b", "{~~a~~}\n\nb" },
		{ "<style>i{text-decoration:underline}</style><i>a</i>", "a" },
		{ "<s style='text-decoration:none'>a</s>b", "ab" },
		{ "<span style='text-decoration:underline'>a</span>", "a" },
		{ "th<s>e</s>at <s> </s>x", "th{~~e~~}at x" },
		{ "<s><a href='https://x.com'>here</a></s> b",
		    "{~~here <https://x.com>~~} b" },
		{ "<a href='https://x.com'><s>here</s></a> b",
		    "{~~here~~ <https://x.com>} b" },
		{ "<ul><li><s>a</s><li>b</ul>", "- {~~a~~}\n- b" },
		{ "<s>a<div>b</div></s><p>c", "{~~a\nb~~}\n\nc" },
		{ "<s>a", "{~~a~~}" },
		{ "<ins>a</ins><small>b</small>~c~ -d-", "ab~c~ -d-" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct zoned z;
		struct buf out = buf_new(a, 4096);
		size_t at = 0;

		html_to_text(a, str_of(rows[i].html), &z);
		for (size_t k = 0; k < z.n_struck; k++) {
			struct span s = z.struck[k];

			buf_adds(&out, str_sub(z.text, at, s.from));
			buf_char(&out, '{');
			buf_adds(&out, str_sub(z.text, s.from, s.to));
			buf_char(&out, '}');
			at = s.to;
		}
		buf_adds(&out, str_sub(z.text, at, z.text.n));
		assert_string_equal(arena_str(a, buf_str(&out)),
		    rows[i].want);
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_selectors),
		cmocka_unit_test(test_at_rules),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_stray_signs),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_media),
		cmocka_unit_test(test_long_values),
		cmocka_unit_test(test_struck),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
