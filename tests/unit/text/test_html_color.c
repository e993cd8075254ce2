#include "unit.h"

#include "text/html_color.h"

#define RGB(rgb)	(HTML_COLOR_RGB | (rgb))

static const struct row {
	const char *value;
	uint32_t text, background;
} rows[] = {
	{ "#fff", RGB(0xffffff), RGB(0xffffff) },
	{ "#1f497d !important", RGB(0x1f497d), RGB(0x1f497d) },
	{ "fefefe", RGB(0xfefefe), RGB(0xfefefe) },
	{ "white", RGB(0xffffff), RGB(0xffffff) },
	{ "snow", RGB(0xfffafa), RGB(0xfffafa) },
	{ "aliceblue", RGB(0xf0f8ff), RGB(0xf0f8ff) },
	{ "yellowgreen", RGB(0x9acd32), RGB(0x9acd32) },
	{ "windowtext", RGB(0), RGB(0) },
	{ "rgb(255, 0, 10)", RGB(0xff000a), RGB(0xff000a) },
	{ "rgb(100%,50%,0%)", RGB(0xff8000), RGB(0xff8000) },
	{ "rgba(300,-1,0,1.0)", RGB(0xff0000), RGB(0xff0000) },
	{ "hsl(0, 0%, 100%)", RGB(0xffffff), RGB(0xffffff) },
	{ "hsl(60, 75%, 60%)", RGB(0xe6e64c), RGB(0xe6e64c) },
	{ "hsl(210deg 10% 23%)", RGB(0x353b41), RGB(0x353b41) },
	{ "hsla(-120,100%,50%,1)", RGB(0x0000ff), RGB(0x0000ff) },
	/* What shines through. */
	{ "#ffffff00", HTML_COLOR_CLEAR, HTML_COLOR_CLEAR },
	{ "#0008", RGB(0), HTML_COLOR_ANY },
	{ "#000000ff", RGB(0), RGB(0) },
	{ "rgba(0,0,0,0.1)", RGB(0), HTML_COLOR_ANY },
	{ "rgb(0 0 0 / 5%)", HTML_COLOR_CLEAR, HTML_COLOR_CLEAR },
	{ "rgb(0 0 0 / 50%)", RGB(0), HTML_COLOR_ANY },
	{ "hsla(0,0%,0%,.5)", RGB(0), HTML_COLOR_ANY },
	{ "transparent", HTML_COLOR_CLEAR, HTML_COLOR_CLEAR },
	{ "inherit", HTML_COLOR_INHERIT, HTML_COLOR_CLEAR },
	/* What is not known. */
	{ "var(--text)", HTML_COLOR_ANY, HTML_COLOR_ANY },
	{ "oklch(50% .1 20)", HTML_COLOR_ANY, HTML_COLOR_ANY },
	{ "color-mix(in srgb, red, blue)", HTML_COLOR_ANY, HTML_COLOR_ANY },
	{ "rgb(var(--r) 0 0)", HTML_COLOR_ANY, HTML_COLOR_ANY },
	{ "rgb(1 2)", HTML_COLOR_ANY, HTML_COLOR_ANY },
	{ "rgb(1 2 3 4 5)", HTML_COLOR_ANY, HTML_COLOR_ANY },
	{ "highlight", HTML_COLOR_ANY, HTML_COLOR_ANY },
	{ "", HTML_COLOR_UNSAID, HTML_COLOR_UNSAID },
	{ "#ffgg00", HTML_COLOR_UNSAID, HTML_COLOR_UNSAID },
	{ "#fffff", HTML_COLOR_UNSAID, HTML_COLOR_UNSAID },
	{ "whit", HTML_COLOR_UNSAID, HTML_COLOR_UNSAID },
	{ "whites", HTML_COLOR_UNSAID, HTML_COLOR_UNSAID },
	/* Words of "background". */
	{ "none", HTML_COLOR_UNSAID, HTML_COLOR_CLEAR },
	{ "url(a b.png) #fff", HTML_COLOR_ANY, HTML_COLOR_ANY },
	{ "no-repeat 0 50% rgb(1, 2, 3)", HTML_COLOR_UNSAID, RGB(0x010203) },
	{ "red linear-gradient(red,blue)", RGB(0xff0000), HTML_COLOR_ANY },
};

static void
test_colors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str v = str_of(rows[i].value);
		uint32_t text = html_color_of(v);
		uint32_t background = html_background_of(v);

		if (text != rows[i].text || background != rows[i].background)
			fail_msg("%s: %x on %x", rows[i].value, text,
			    background);
	}
	assert_int_equal(html_attribute_color(STR("chucknorris")),
	    HTML_COLOR_ANY);
	assert_int_equal(html_attribute_color(STR("")), HTML_COLOR_UNSAID);
}

static void
test_unseen(void **state)
{
	const uint32_t white = HTML_COLOR_WHITE, any = HTML_COLOR_ANY;

	(void)state;
	assert_true(html_color_unseen(white, white));
	assert_true(html_color_unseen(RGB(0xf0f0f0), white));
	assert_false(html_color_unseen(RGB(0xefefef), white));
	assert_true(html_color_unseen(HTML_COLOR_CLEAR, white));
	assert_false(html_color_unseen(HTML_COLOR_CLEAR, any));
	assert_false(html_color_unseen(any, any));
	assert_false(html_color_unseen(any, white));
	assert_false(html_color_unseen(white, any));
	assert_false(html_color_unseen(HTML_COLOR_UNSAID, white));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_colors),
		cmocka_unit_test(test_unseen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
