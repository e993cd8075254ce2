/*
 * The rules of style sheets that tell how text is seen.
 */
#include <string.h>

#include "text/css.h"
#include "text/fold.h"
#include "text/html_style.h"

/* How much of "u", ".x", "p.x", "#x" s begins with; *dot is where the name of a
 * class or id has its sign. */
static size_t
simple_selector(struct str s, size_t *dot)
{
	size_t end = 0;

	while (end < s.n && ascii_alnum(s.p[end]))
		end++;
	*dot = end;
	if (end == s.n || (s.p[end] != '.' && s.p[end] != '#'))
		return end;
	for (end++; end < s.n && (ascii_alnum(s.p[end]) ||
	    s.p[end] == '-' || s.p[end] == '_');)
		end++;
	return end;
}

/* Behind the "=" of an attribute's selector; empty: not understood. */
static struct str
selected_value(struct str s)
{
	char quote = s.n > 0 && (s.p[0] == '"' || s.p[0] == '\'') ? s.p[0] : 0;
	size_t n = 0;

	if (quote)
		s = str_sub(s, 1, s.n);
	while (n < s.n && (quote ? s.p[n] != quote : !ascii_space(s.p[n]))) {
		if (s.p[n] == '\\')
			return str_sub(s, 0, 0);
		n++;
	}
	return str_sub(s, 0, quote && n == s.n ? 0 : n);
}

/* What s begins with if that is "[hidden]", "[class~=x]": however the value is
 * compared, it is a piece of the element's. Without what is not understood the rule
 * fits more. */
static void
attribute_selector(struct str s, struct html_rule *r)
{
	ptrdiff_t end = str_find(s, STR("]"));
	struct str in;
	size_t n = 0;

	if (end < 1 || s.p[0] != '[')
		return;
	in = str_trim(str_sub(s, 1, (size_t)end));
	while (n < in.n && (ascii_alnum(in.p[n]) || in.p[n] == '-' ||
	    in.p[n] == '_'))
		n++;
	s = str_trim(str_sub(in, n, in.n));
	if (s.n > 1 && s.p[1] == '=' && strchr("~|^$*", s.p[0]))
		s = str_sub(s, 1, s.n);
	if (s.n > 0 && s.p[0] != '=')
		return;
	r->attribute = str_sub(in, 0, n);
	r->value = selected_value(str_trim(str_sub(s, 1, s.n)));
}

/* What the selector says of the element itself. */
static struct str
last_selector(struct str s, bool *open)
{
	size_t from = 0, i = 0;

	while ((i += css_find(str_sub(s, i, s.n), " \t\r\n\f>+~", open)) <
	    s.n)
		from = ++i;
	if (from < s.n && s.p[from] == '*')
		from++;
	return str_sub(s, from, s.n);
}

/* Of another selector only its end is understood, so that whether it hides is in
 * doubt. What a pointer does, or a click, is passed over, but not what they do not. */
static void
rule_add(struct html_sheet *sheet, struct str selector,
    const struct html_style *style)
{
	static const char *const states[] = { ":hover", ":active", ":focus",
		":visited", ":checked", ":target", "::", ":before", ":after",
		NULL };
	struct html_rule r = { .style = *style };
	struct str s = str_trim(selector);
	size_t dot, end = simple_selector(s, &dot);

	if (s.n == 0 || (end != s.n && !(style->hidden || style->cramped ||
	    style->font_zero)))
		return;
	/* Ahead of what costs time. */
	if (sheet->n == CD_MAX_HTML_RULES) {
		sheet->limited = true;
		return;
	}
	if (end != s.n) {
		if (fold_holds(s, states) && str_ifind(s, STR(":not(")) < 0)
			return;
		r.style = (struct html_style){ .doubtful = true };
		s = last_selector(s, &sheet->limited);
		end = simple_selector(s, &dot);
		attribute_selector(str_sub(s, end, s.n), &r);
		s = str_sub(s, 0, end);
	}
	r.tag = str_sub(s, 0, dot);
	r.name = str_sub(s, dot + 1, s.n);
	r.is_id = dot < s.n && s.p[dot] == '#';
	sheet->v[sheet->n++] = r;
}

/* Of at-rules: what is in its block counts. Others tell of another screen than this
 * one, mostly. */
static bool
is_everywhere(struct str names)
{
	static const char *const all[] = { "@media all", "@media screen",
		"@media only screen", "@media" };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (str_ieq(names, str_of(all[i])))
			return true;
	}
	return str_ifind(names, STR("@supports")) == 0 ||
	    str_ifind(names, STR("@layer")) == 0;
}

void
html_sheet_read(char *text, size_t n_text, struct html_sheet *sheet)
{
	struct str css = { text, css_uncomment(text, n_text, &sheet->limited) };
	size_t open;

	sheet->background |= str_ifind(css, STR("background")) >= 0;
	while ((open = css_find(css, "{", &sheet->limited)) < css.n) {
		struct str names = css_selectors(str_sub(css, 0, open),
		    &sheet->limited);
		struct str rest = str_sub(css, open + 1, css.n), block;
		struct html_style st = { 0 };

		/* Gone into: behind the block of each that is in another would
		 * be all of it again and again. */
		if (is_everywhere(names)) {
			css = rest;
			continue;
		}
		css = css_behind_block(rest, &sheet->limited);
		if (str_starts(names, STR("@")))
			continue;
		block = str_sub(rest, 0, rest.n - css.n);
		if (block.n > 0 && block.p[block.n - 1] == '}')
			block.n--;
		html_declarations_read(block, true, &st);
		if (!st.hidden && !st.cramped && !st.font_set && !st.color &&
		    !st.background && !st.fill)
			continue;
		while (names.n > 0) {
			size_t n = css_find(names, ",", &sheet->limited);

			rule_add(sheet, str_sub(names, 0, n), &st);
			names = str_sub(names, n + 1, names.n);
		}
	}
}
