/*
 * Text that a person cannot see: the ways that people who hide words use, which
 * are those of preheaders and of "for screen readers only" too. Of two values of
 * one property the one that hides counts, so that none can be put before it.
 */
#include <string.h>

#include "base/str.h"
#include "text/html_color.h"
#include "text/html_marks.h"
#include "text/html_prepare.h"
#include "text/html_style.h"

#define MAX_DECLARATION	200	/* bytes of one looked at */
#define MAX_CLASS	2000	/* bytes of a class looked at */
#define BYTES_A_TRY	8	/* compared, of another attribute's value */
#define FAR		(-500 * 1000) /* Word indents by up to 200 */

/* "0", "0px", "0.0pt", "0in 0in 8pt"; not "0.9em", not "0 0 8pt". */
static bool
is_zero(struct str v)
{
	bool zero = false;

	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '0')
			zero = true;
		else if (v.p[i] != '.' && v.p[i] != ' ')
			return zero && !ascii_digit(v.p[i]);
	}
	return zero;
}

/* Of an opacity, or of a length whatever its unit. */
static bool
is_faint(struct str v)
{
	struct str unit;
	long n = html_number(v, &unit);

	return n >= 0 && n < 100;
}

/* "0", "1px", "0.01em"; not "0.9em", not "1em". */
static bool
is_tiny(struct str v)
{
	struct str unit;
	long n = html_number(v, &unit);

	return is_faint(v) || (n >= 0 && n <= 1000 &&
	    (str_starts(unit, STR("px")) || str_starts(unit, STR("pt"))));
}

static bool
is_far(struct str v)
{
	struct str unit;

	return html_number(v, &unit) <= FAR;
}

/* "rect(0 0 0 0)", "rect(1px, 1px, 1px, 1px)": no side is far from another. */
static bool
is_no_rect(struct str v)
{
	if (!str_starts(v, STR("rect(")))
		return false;
	for (size_t i = 5; i < v.n && v.p[i] != ')'; i++) {
		bool more = ascii_digit(v.p[i]) && ascii_digit(v.p[i - 1]);

		if (more || (ascii_digit(v.p[i]) && v.p[i] > '1') ||
		    v.p[i] == 'a')
			return false;
	}
	return true;
}

static const struct {
	const char *property;
	const char *begins;	/* the value that hides, or NULL: */
	bool (*hides)(struct str value);
} hiding[] = {
	{ "display", "none", NULL },
	{ "visibility", "hidden", NULL },
	{ "visibility", "collapse", NULL },
	{ "mso-hide", "all", NULL },
	{ "opacity", NULL, is_faint },
	{ "transform", "scale(0)", NULL },
	{ "clip", NULL, is_no_rect },
	{ "clip-path", "inset(50%", NULL },
	{ "clip-path", "inset(100%", NULL },
	{ "text-indent", NULL, is_far },
	{ "margin-left", NULL, is_far },
	{ "margin-top", NULL, is_far },
};

/* These hide what does not fit, if overflow:hidden stands beside. */
static const char *const sizes[] = { "width", "height", "max-width",
	"max-height" };

static bool
hides(struct str property, struct str value)
{
	for (size_t i = 0; i < sizeof hiding / sizeof *hiding; i++) {
		/* Most declarations end here, a page has thousands. */
		if (property.n > 0 && property.p[0] == hiding[i].property[0] &&
		    str_eq(property, str_of(hiding[i].property)) &&
		    (hiding[i].hides ? hiding[i].hides(value) :
		    str_starts(value, str_of(hiding[i].begins))))
			return true;
	}
	return false;
}

static bool
is_size(struct str property)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		if (property.n > 0 && property.p[0] == sizes[i][0] &&
		    str_eq(property, str_of(sizes[i])))
			return true;
	}
	return false;
}

/* The next declaration in lower case, without comments, blanks around them one
 * space each. false: that was the last. */
static bool
declaration_next(struct str *s, char *out, struct str *property,
    struct str *value)
{
	size_t i = 0, n = 0;
	const char *colon;

	if (s->n == 0)
		return false;
	for (; i < s->n && s->p[i] != ';'; i++) {
		char c = ascii_space(s->p[i]) ? ' ' : ascii_lower(s->p[i]);

		if (c == '/' && i + 1 < s->n && s->p[i + 1] == '*') {
			ptrdiff_t end = str_find(str_sub(*s, i + 2, s->n),
			    STR("*/"));

			i = end < 0 ? s->n - 1 : i + 3 + (size_t)end;
		} else if (n < MAX_DECLARATION && !(c == ' ' && n > 0 &&
		    out[n - 1] == ' ')) {
			out[n++] = c;
		}
	}
	*s = str_sub(*s, i + 1, s->n);
	colon = n > 0 ? memchr(out, ':', n) : NULL;
	*property = (struct str){ out, colon ? (size_t)(colon - out) : 0 };
	*value = str_trim(str_sub((struct str){ out, n }, property->n + 1, n));
	*property = str_trim(*property);
	return true;
}

/* What is not understood changes nothing. */
static void
color_set(uint32_t *color, uint32_t said)
{
	if (said != HTML_COLOR_UNSAID)
		*color = said;
}

static bool
is_one_of(struct str word, const char *const *list)
{
	for (; *list; list++) {
		if (str_eq(word, str_of(*list)))
			return true;
	}
	return false;
}

/* true: it is a size. One of so many letters is as little as they are. */
static bool
font_size_set(struct str v, struct html_style *st)
{
	static const char *const relative[] = { "em", "%", "ex", "ch",
		"inherit", "unset", "revert", "larger", "smaller", NULL };
	static const char *const absolute[] = { "", "px", "pt", "pc", "cm",
		"mm", "in", "q", "rem", "vw", "vh", "vmin", "vmax", "xx-small",
		"x-small", "small", "medium", "large", "x-large", "xx-large",
		"xxx-large", "initial", NULL };
	struct str unit;
	long n = html_number(v, &unit);
	size_t end = 0;

	while (end < unit.n && !strchr(" !/(", unit.p[end]))
		end++;
	if (n < 0)
		return false;
	if (n == HTML_NOT_A_NUMBER && end < unit.n && unit.p[end] == '(') {
		st->font_set = true;
		st->font_zero = false;
		return true;
	}
	unit = str_sub(unit, 0, end);
	if ((n == HTML_NOT_A_NUMBER && unit.n == 0) ||
	    !(is_one_of(unit, relative) || is_one_of(unit, absolute)))
		return false;
	st->font_zero = n != HTML_NOT_A_NUMBER && (is_tiny(v) ||
	    (n < 10 * 1000 && str_eq(unit, STR("%"))));
	st->font_set = st->font_zero || is_one_of(unit, absolute);
	return true;
}

/* "italic bold 0.8em/1.2 Arial": the first word that is a size. */
static void
font_set(struct str v, struct html_style *st)
{
	while (v.n > 0) {
		size_t n = 0;
		struct str word, unit;
		long number;

		while (n < v.n && v.p[n] != ' ')
			n++;
		word = str_sub(v, 0, n);
		v = str_sub(v, n + 1, v.n);
		number = html_number(word, &unit);
		/* A weight. */
		if (unit.n == 0 && number != 0)
			continue;
		if (font_size_set(word, st))
			return;
	}
}

/* What else decides whether text is within sight. */
struct place {
	bool shut, small;	/* overflow is cut off; has no room */
	bool far, taken_out;	/* left:-9999px; if position says so */
};

static void
place_read(struct str p, struct str v, struct place *at, struct html_style *st)
{
	at->shut |= str_eq(p, STR("overflow")) &&
	    (str_starts(v, STR("hidden")) || str_starts(v, STR("clip")));
	at->small |= is_size(p) && is_tiny(v);
	at->far |= (str_eq(p, STR("left")) || str_eq(p, STR("top"))) &&
	    is_far(v);
	if (str_eq(p, STR("position"))) {
		at->taken_out |= !str_starts(v, STR("static"));
		st->block |= str_starts(v, STR("absolute")) ||
		    str_starts(v, STR("fixed"));
	}
	st->shown |= str_eq(p, STR("display")) && !str_starts(v, STR("none"));
	st->block |= (str_eq(p, STR("float")) && !str_starts(v, STR("none"))) ||
	    (str_eq(p, STR("display")) && (!str_starts(v, STR("inline")) ||
	    str_starts(v, STR("inline-"))));
}

static void
paint_read(struct str p, struct str v, struct html_style *st)
{
	if (str_eq(p, STR("color")))
		color_set(&st->color, html_color_of(v));
	else if (str_eq(p, STR("-webkit-text-fill-color")))
		color_set(&st->fill, html_color_of(v));
	else if (str_eq(p, STR("background")) ||
	    str_eq(p, STR("background-color")) ||
	    (str_eq(p, STR("background-image")) &&
	    html_background_of(v) == HTML_COLOR_ANY))
		color_set(&st->background, html_background_of(v));
}

/* CSS Text Decoration 3; Word's double line has a name of its own. */
static void
strike_read(struct str p, struct str v, struct html_style *st)
{
	if (str_eq(p, STR("text-decoration")) ||
	    str_eq(p, STR("text-decoration-line")))
		st->strike = str_find(v, STR("line-through")) >= 0 ?
		    HTML_STRIKE_THROUGH : HTML_STRIKE_NONE;
	else if (str_eq(p, STR("text-line-through")) && v.n > 0 &&
	    !str_starts(v, STR("none")))
		st->strike = HTML_STRIKE_THROUGH;
}

void
html_declarations_read(struct str style, bool of_rule, struct html_style *st)
{
	char out[MAX_DECLARATION];
	struct str p, v;
	struct place at = { .taken_out = of_rule };

	while (declaration_next(&style, out, &p, &v)) {
		st->hidden |= hides(p, v);
		place_read(p, v, &at, st);
		paint_read(p, v, st);
		strike_read(p, v, st);
		if (str_eq(p, STR("font-size")))
			font_size_set(v, st);
		else if (str_eq(p, STR("font")))
			font_set(v, st);
		else if (str_eq(p, STR("margin")) ||
		    str_eq(p, STR("margin-bottom")))
			st->tight |= is_zero(v);
	}
	st->hidden |= at.far && at.taken_out;
	st->cramped |= at.shut && at.small;
}

/* What rules are compared with: each tag meets every rule of the page. */
struct subject {
	struct str tag, id;
	const char *const *atts;
	struct str words[MAX_CLASS];	/* of its class */
	size_t n_words;
};

static void
words_split(struct subject *e, struct str class)
{
	while (class.n > 0) {
		size_t n = 0;

		while (n < class.n && !ascii_space(class.p[n]))
			n++;
		e->words[e->n_words++] = str_sub(class, 0, n);
		class = str_sub(class, n + 1, class.n);
	}
}

static bool
has_word(struct html_sheet *sheet, const struct subject *e, struct str word)
{
	for (size_t i = 0; i < e->n_words && sheet->tries > 0; i++) {
		sheet->tries--;
		if (e->words[i].n == word.n && str_ieq(e->words[i], word))
			return true;
	}
	return false;
}

/* Its references may stand for other characters in a browser. */
static bool
is_unclear(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if (c == '&' || c >= 0x7f || (c < ' ' && !ascii_space((char)c)))
			return true;
	}
	return false;
}

/* Of a long value not all is looked at, and what is costs a try for each few
 * bytes that are compared. */
static bool
has_attribute(struct html_sheet *sheet, const struct subject *e,
    const struct html_rule *r)
{
	for (const char *const *p = e->atts; p && p[0] && sheet->tries > 0;
	    p += 2) {
		struct str value;
		size_t cost;

		sheet->tries--;
		if (!str_ieq(str_of(p[0]), r->attribute))
			continue;
		value = str_of(p[1]);
		if (value.n > MAX_CLASS)
			return true;
		cost = value.n * r->value.n / BYTES_A_TRY;
		sheet->tries -= cost < sheet->tries ? cost : sheet->tries;
		return str_ifind(value, r->value) >= 0 || is_unclear(value);
	}
	return false;
}

static bool
rule_fits(struct html_sheet *sheet, const struct html_rule *r,
    const struct subject *e)
{
	if (r->tag.n > 0 && !str_ieq(r->tag, e->tag))
		return false;
	if (r->attribute.n > 0 && !has_attribute(sheet, e, r))
		return false;
	if (r->name.n == 0)
		return true;
	return r->is_id ? str_ieq(e->id, r->name) : has_word(sheet, e, r->name);
}

static void
rules_apply(struct html_sheet *sheet, const char *tag,
    const char *const *atts, struct html_style *st)
{
	struct str class = str_of(html_attribute(atts, "class"));
	struct subject e;

	if (sheet->n == 0)
		return;
	e.tag = str_of(tag);
	e.id = str_of(html_attribute(atts, "id"));
	e.atts = atts;
	e.n_words = 0;
	words_split(&e, str_sub(class, 0, MAX_CLASS));
	sheet->limited |= class.n > MAX_CLASS;
	for (size_t i = 0; i < sheet->n && sheet->tries > 0; i++) {
		const struct html_style *r = &sheet->v[i].style;

		sheet->tries--;
		if (!rule_fits(sheet, &sheet->v[i], &e))
			continue;
		st->hidden |= r->hidden;
		st->cramped |= r->cramped;
		st->block |= r->block;
		st->doubtful |= r->doubtful;
		if (r->font_set) {
			st->font_set = true;
			st->font_zero = r->font_zero;
		}
		if (r->strike == HTML_STRIKE_THROUGH)
			st->strike = r->strike;
		if (r->color)
			st->color = r->color;
		if (r->background)
			st->background = r->background;
		if (r->fill)
			st->fill = r->fill;
	}
	sheet->limited |= sheet->tries == 0;
}

/* The attributes that are older than style. */
static bool
has_background(const char *name)
{
	static const char *const names[] = { "body", "table", "tbody", "td",
		"tfoot", "th", "thead", "tr", NULL };

	return is_one_of(str_of(name), names);
}

static void
attribute_read(const char *element, const char *name, struct str value,
    struct html_style *st)
{
	bool font = strcmp(element, "font") == 0;
	bool text = (font && strcmp(name, "color") == 0) ||
	    (strcmp(element, "body") == 0 && strcmp(name, "text") == 0);
	bool background = has_background(element);
	char lower[32];

	st->hidden |= strcmp(name, "hidden") == 0;
	if (background && strcmp(name, "background") == 0 && value.n > 0)
		st->background = HTML_COLOR_ANY;
	if (font && strcmp(name, "size") == 0)
		st->font_set = true;
	if (!text && !(background && strcmp(name, "bgcolor") == 0))
		return;
	value = str_trim(str_sub(value, 0, sizeof lower));
	for (size_t i = 0; i < value.n; i++)
		lower[i] = ascii_lower(value.p[i]);
	value.p = lower;
	if (text)
		st->color = html_attribute_color(value);
	else if (st->background != HTML_COLOR_ANY)
		st->background = html_attribute_color(value);
}

/* What the element itself says of display is heeded, and not what a sheet does,
 * unless that is important. */
static void
own_style_read(const char *const *atts, struct html_style *st)
{
	bool hidden = st->hidden;

	st->hidden = st->shown = false;
	html_declarations_read(str_of(html_attribute(atts, "style")), false, st);
	st->doubtful |= hidden && st->shown;
	st->hidden |= hidden && !st->shown;
}

struct html_style
html_style_of(const char *name, const char *const *atts,
    struct html_sheet *sheet)
{
	/* These grow with what is in them. */
	static const char *const grow[] = { "table", "tbody", "td", "tfoot",
		"th", "thead", "tr", NULL };
	static const char *const strike[] = { "s", "strike", "del", NULL };
	struct html_style st = { 0 };
	struct str class = str_sub(str_of(html_attribute(atts, "class")), 0, 5);
	bool open = false, perhaps;

	for (const char *const *p = atts; p && p[0]; p += 2) {
		open |= strcmp(p[0], "open") == 0;
		attribute_read(name, p[0], str_of(p[1]), &st);
	}
	rules_apply(sheet, name, atts, &st);
	st.hidden |= strcmp(name, "dialog") == 0 && !open;
	/* Programs that do not know it show what is in it. */
	st.doubtful |= strcmp(name, "details") == 0 && !open;
	if (strcmp(name, "p") == 0)
		st.tight = str_starts(class, STR("Mso")) ||
		    str_starts(class, STR("x_Mso"));
	if (!st.strike && is_one_of(str_of(name), strike))
		st.strike = HTML_STRIKE_THROUGH;
	perhaps = st.strike && sheet->undecorates;
	own_style_read(atts, &st);
	st.doubtful |= perhaps && st.strike == HTML_STRIKE_THROUGH;
	if (st.cramped && !st.block && is_one_of(str_of(name), grow))
		st.doubtful = true;
	else
		st.hidden |= st.cramped && (st.block ||
		    html_display_of(name) != DISPLAY_INLINE);
	return st;
}
