/*
 * The rules of style sheets that tell how text is seen.
 */
#include <string.h>

#include "text/css.h"
#include "text/fold.h"
#include "text/html_style.h"

#define MAX_NESTED	32	/* blocks of rules, one in another */

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
	if (from < s.n && (s.p[from] == '*' || s.p[from] == '&'))
		from++;
	return str_sub(s, from, s.n);
}

static bool
hides_something(const struct html_style *st)
{
	return st->hidden || st->cramped || st->font_zero || st->doubtful ||
	    st->strike == HTML_STRIKE_THROUGH;
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

	if (s.n == 0 || (end != s.n && !hides_something(style))) {
		sheet->font |= style->font_set;
		return;
	}
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

/* Blocks that are gone into, and what their rules count. */
struct reader {
	struct html_sheet *sheet;
	struct str css;		/* that is left */
	enum css_reach in[MAX_NESTED + 1];
	size_t depth;
	bool spoiled;		/* what is ahead of the next "{" is no selector */
};

/* What a rule says that not every browser heeds. */
static void
doubt(struct html_style *st, enum css_reach reach)
{
	bool hides = hides_something(st);

	if (reach < CSS_PROBABLY) {
		*st = (struct html_style){ .doubtful = hides };
		return;
	}
	st->font_set &= !st->font_zero;
	st->doubtful = hides;
	st->hidden = st->cramped = st->font_zero = false;
	st->strike = HTML_STRIKE_UNSAID;
}

/* May it be of what is struck out unless a rule says otherwise? Most that say so are
 * of links. */
static bool
may_be_struck(struct str selectors)
{
	static const char *const tags[] = { "*", ".", "#", "[", "s ", "s.", "s,",
		"s{", "strike", "del", NULL };
	struct str s = css_prelude(selectors);

	return str_eq(s, STR("s")) || fold_starts(s, tags);
}

/* A rule whose "{" was the last: up to its "}", or to the first rule in it (true). */
static bool
rule_read(struct reader *r, struct str selectors, enum css_reach reach)
{
	struct html_sheet *sheet = r->sheet;
	struct str block = r->css;
	struct html_style st = { 0 };
	bool nested;
	size_t n;

	while ((n = css_find(r->css, ";{}", &sheet->limited)) < r->css.n &&
	    r->css.p[n] == ';')
		r->css = str_sub(r->css, n + 1, r->css.n);
	nested = n < r->css.n && r->css.p[n] == '{';
	block.n -= r->css.n - (nested ? 0 : n);
	if (!nested)
		r->css = str_sub(r->css, n + 1, r->css.n);
	html_declarations_read(block, true, &st);
	if (reach != CSS_EVERYWHERE)
		doubt(&st, reach);
	sheet->undecorates |= st.strike == HTML_STRIKE_NONE &&
	    may_be_struck(selectors);
	if (!hides_something(&st) && !st.font_set && !st.color &&
	    !st.background && !st.fill)
		return nested;
	while (selectors.n > 0) {
		n = css_find(selectors, ",", &sheet->limited);
		rule_add(sheet, str_sub(selectors, 0, n), &st);
		selectors = str_sub(selectors, n + 1, selectors.n);
	}
	return nested;
}

/* The last sign was the "{" behind s. */
static void
block_read(struct reader *r, struct str s)
{
	enum css_reach in = r->in[r->depth], reach = CSS_NESTED;
	bool at = str_starts(s, STR("@")), spoiled = r->spoiled;

	r->spoiled = false;
	if (at)
		reach = css_at_rule_reach(s, &r->sheet->limited);
	if ((spoiled && r->depth == 0) || reach == CSS_NOWHERE) {
		r->css = css_behind_block(r->css, &r->sheet->limited);
		return;
	}
	/* In a block not all browsers read on behind it. */
	if (spoiled && in > CSS_PERHAPS)
		in = CSS_PERHAPS;
	if (!at && !rule_read(r, s, in))
		return;
	if (r->depth == MAX_NESTED) {
		r->sheet->limited = true;
		r->css = str_sub(r->css, 0, 0);
		return;
	}
	r->in[++r->depth] = reach < in ? reach : in;
}

/* s ended in ";" or "}". */
static void
statement_end(struct reader *r, struct str s, char sign)
{
	struct html_style st = { 0 };
	bool at = str_starts(s, STR("@"));

	/* A declaration behind a rule in a rule: nobody knows of whom. */
	if (r->in[r->depth] == CSS_NESTED) {
		html_declarations_read(s, true, &st);
		r->sheet->limited |= hides_something(&st);
	} else {
		r->spoiled |= !at;
	}
	if (sign != '}')
		return;
	if (r->depth == 0) {
		r->sheet->limited |= at;
		return;
	}
	r->depth--;
	r->spoiled = false;
}

void
html_sheet_read(char *text, size_t n_text, struct str media,
    struct html_sheet *sheet)
{
	enum css_reach reach = css_media_reach(media, &sheet->limited);
	struct reader r = { .sheet = sheet, .in = { reach }, .css = { text, 0 } };

	if (reach == CSS_NOWHERE)
		return;
	r.css.n = css_uncomment(text, n_text, &sheet->limited);
	sheet->background |= str_ifind(r.css, STR("background")) >= 0;
	while (r.css.n > 0) {
		size_t n = css_find(r.css, ";{}", &sheet->limited);
		struct str s = css_prelude(str_sub(r.css, 0, n));
		char sign = n < r.css.n ? r.css.p[n] : ';';

		r.css = str_sub(r.css, n + 1, r.css.n);
		if (sign == '{')
			block_read(&r, s);
		else
			statement_end(&r, s, sign);
	}
}
