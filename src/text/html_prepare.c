#include <string.h>

#include "base/buf.h"
#include "text/html.h"
#include "text/html_prepare.h"

#define MAX_NAME	100	/* libxml2 makes two of a longer one */
#define MAX_VALUE_WORDS	2000

enum html_display
html_display_of(const char *name)
{
	static const struct {
		const char *name;
		enum html_display display;
	} table[] = {
		{ "address", DISPLAY_BLOCK },
		{ "article", DISPLAY_BLOCK },
		{ "aside", DISPLAY_BLOCK },
		{ "audio", DISPLAY_SKIP },
		{ "blockquote", DISPLAY_BLOCK },
		{ "body", DISPLAY_BLOCK },
		{ "canvas", DISPLAY_SKIP },
		{ "caption", DISPLAY_BLOCK },
		{ "center", DISPLAY_BLOCK },
		{ "datalist", DISPLAY_SKIP },
		{ "dd", DISPLAY_BLOCK },
		{ "dialog", DISPLAY_BLOCK },
		{ "dir", DISPLAY_BLOCK },
		{ "div", DISPLAY_BLOCK },
		{ "dl", DISPLAY_BLOCK },
		{ "dt", DISPLAY_BLOCK },
		{ "fieldset", DISPLAY_BLOCK },
		{ "footer", DISPLAY_BLOCK },
		{ "form", DISPLAY_BLOCK },
		{ "h1", DISPLAY_PARAGRAPH },
		{ "h2", DISPLAY_PARAGRAPH },
		{ "h3", DISPLAY_PARAGRAPH },
		{ "h4", DISPLAY_PARAGRAPH },
		{ "h5", DISPLAY_PARAGRAPH },
		{ "h6", DISPLAY_PARAGRAPH },
		{ "head", DISPLAY_SKIP },
		{ "header", DISPLAY_BLOCK },
		{ "iframe", DISPLAY_SKIP },
		{ "li", DISPLAY_BLOCK },
		{ "main", DISPLAY_BLOCK },
		{ "nav", DISPLAY_BLOCK },
		{ "noembed", DISPLAY_SKIP },
		{ "noframes", DISPLAY_SKIP },
		{ "object", DISPLAY_SKIP },
		{ "ol", DISPLAY_BLOCK },
		{ "p", DISPLAY_PARAGRAPH },
		{ "pre", DISPLAY_BLOCK },
		{ "script", DISPLAY_SKIP },
		{ "section", DISPLAY_BLOCK },
		{ "select", DISPLAY_SKIP },
		{ "style", DISPLAY_SKIP },
		{ "svg", DISPLAY_SKIP },
		{ "table", DISPLAY_BLOCK },
		{ "tbody", DISPLAY_BLOCK },
		{ "td", DISPLAY_CELL },
		{ "template", DISPLAY_SKIP },
		{ "tfoot", DISPLAY_BLOCK },
		{ "th", DISPLAY_CELL },
		{ "thead", DISPLAY_BLOCK },
		{ "title", DISPLAY_SKIP },
		{ "tr", DISPLAY_BLOCK },
		{ "ul", DISPLAY_BLOCK },
		{ "video", DISPLAY_SKIP },
	};
	size_t lo = 0, hi = sizeof table / sizeof *table;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int cmp = strcmp(name, table[mid].name);

		if (cmp == 0)
			return table[mid].display;
		if (cmp < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return DISPLAY_INLINE;
}

/* The name of a tag, lower case; s begins behind its "<". */
static size_t
tag_name(struct str s, char *name, size_t size)
{
	size_t n = 0;

	while (n + 1 < size && n < s.n && ascii_alnum(s.p[n])) {
		name[n] = ascii_lower(s.p[n]);
		n++;
	}
	name[n] = '\0';
	return n;
}

static bool
ends_in(const struct buf *b, const char *s)
{
	size_t n = strlen(s);

	return b->n >= n && memcmp(b->p + b->n - n, s, n) == 0;
}

struct str
html_flatten(struct arena *a, struct str html)
{
	struct buf out = buf_new(a, html.n * 4 + 64);
	size_t i = 0;

	while (i < html.n) {
		const char *lt = memchr(html.p + i, '<', html.n - i), *gt;
		size_t to = lt ? (size_t)(lt - html.p) : html.n;
		bool closes = to + 1 < html.n && lt[1] == '/';
		char name[16];

		buf_adds(&out, str_sub(html, i, to));
		gt = lt ? memchr(lt, '>', html.n - to) : NULL;
		if (!gt)
			break;
		i = (size_t)(gt - html.p) + 1;
		if (lt[1] == '!') {
			buf_adds(&out, str_sub(html, to, i));
			continue;
		}
		tag_name(str_sub(html, to + 1 + closes, html.n), name,
		    sizeof name);
		switch (html_display_of(name)) {
		case DISPLAY_INLINE:
			if (strcmp(name, "br") == 0)
				buf_puts(&out, "<br>");
			break;
		case DISPLAY_BLOCK:
		case DISPLAY_PARAGRAPH:
		case DISPLAY_CELL:
			if (!ends_in(&out, "<div></div>"))
				buf_puts(&out, "<div></div>");
			break;
		case DISPLAY_SKIP:
			if (strcmp(name, "head") != 0)
				buf_printf(&out, "<%s%s>", closes ? "/" : "",
				    name);
			break;
		}
	}
	return buf_str(&out);
}

static bool
name_char(char c)
{
	return ascii_alnum(c) || c == '-' || c == '_' || c == ':' || c == '.';
}

static size_t
skip_blanks(struct str s, size_t i)
{
	while (i < s.n && ascii_space(s.p[i]))
		i++;
	return i;
}

/* Behind the next `end` from i on. */
static size_t
skip_past(struct str s, size_t i, const char *end)
{
	ptrdiff_t hit = str_find(str_sub(s, i, s.n), str_of(end));

	return hit < 0 ? s.n : i + (size_t)hit + strlen(end);
}

/* Behind the comment whose text begins at i. */
static size_t
skip_comment(struct str s, size_t i)
{
	do
		i = skip_past(s, i, "--");
	while (i < s.n && s.p[i] != '>' && !(s.p[i] == '!' && i + 1 < s.n &&
	    s.p[i + 1] == '>') && i-- > 0);
	return i;
}

/* Behind an attribute's value, i at its "=". One of many words is none: the
 * page is torn, or hides attributes behind a quote that libxml2 does not
 * see. */
static size_t
skip_value(struct str s, size_t i, bool *torn)
{
	size_t to = skip_blanks(s, i + 1), words = 0;
	char quote = to < s.n ? s.p[to] : '\0';

	if (quote == '"' || quote == '\'') {
		const char *end = memchr(s.p + to + 1, quote, s.n - to - 1);
		size_t from = to + 1;

		to = end ? (size_t)(end - s.p) : s.n;
		/* Counted only where there may be as many. */
		for (size_t k = to - from > MAX_VALUE_WORDS ? from : to;
		    k < to; k++)
			words += ascii_space(s.p[k]) || s.p[k] == '=';
		*torn |= words > MAX_VALUE_WORDS;
		return to < s.n ? to + 1 : to;
	}
	while (to < s.n && !ascii_space(s.p[to]) && s.p[to] != '>')
		to++;
	return to;
}

static bool
is_raw(struct str tag, struct str name)
{
	return str_istarts(tag, name) && tag.n > name.n &&
	    !name_char(tag.p[name.n]);
}

/* Where the text of a script or style ends. */
static size_t
raw_end(struct str s, size_t i, const char *end)
{
	ptrdiff_t hit = str_ifind(str_sub(s, i, s.n), str_of(end));

	return hit < 0 ? s.n : i + (size_t)hit;
}

/* Behind a tag that begins at i, as libxml2 goes through it. */
static size_t
skip_tag(struct str s, size_t i, bool *too_many)
{
	size_t n = 0;

	i++;
	while (i < s.n && name_char(s.p[i]))
		i++;
	while ((i = skip_blanks(s, i)) < s.n && s.p[i] != '>' &&
	    !(s.p[i] == '/' && i + 1 < s.n && s.p[i + 1] == '>')) {
		size_t from = i;

		while (i < s.n && name_char(s.p[i]) && i - from < MAX_NAME)
			i++;
		if (i == from) {
			while (i < s.n && !ascii_space(s.p[i]) &&
			    s.p[i] != '>' && !(s.p[i] == '/' &&
			    i + 1 < s.n && s.p[i + 1] == '>'))
				i++;
			continue;
		}
		*too_many |= ++n > CD_MAX_HTML_ATTRIBUTES;
		i = skip_blanks(s, i);
		if (i < s.n && s.p[i] == '=')
			i = skip_value(s, i, too_many);
		if (*too_many)
			break;
	}
	return i;
}

/* What begins with a "<". */
struct piece {
	size_t at;
	struct str tag;		/* up to its ">"; empty: a comment or the like */
	struct str raw;		/* what a script or style holds */
	bool wide;		/* a tag of too many attributes */
	bool torn;		/* one that the page does not end */
};

/* The next one from *i on, *i then behind it. false: no more. */
static bool
piece_next(struct str s, size_t *i, struct piece *out)
{
	const char *lt = *i < s.n ? memchr(s.p + *i, '<', s.n - *i) : NULL;
	size_t at = lt ? (size_t)(lt - s.p) : s.n;
	struct str rest = str_sub(s, at, s.n);

	*out = (struct piece){ .at = at };
	if (str_starts(rest, STR("<!--"))) {
		*i = skip_comment(s, at + 4);
	} else if (rest.n > 1 && strchr("!?/", rest.p[1])) {
		*i = skip_past(s, at, ">");
	} else if (rest.n > 1 && ascii_alpha(rest.p[1])) {
		*i = skip_tag(s, at, &out->wide);
		out->torn = *i >= s.n;
		if (out->torn || s.p[*i] != '>')
			return true;
		out->tag = str_sub(s, at, ++*i);
		out->raw = str_sub(s, *i, s.n);
		if (is_raw(rest, STR("<script")))
			*i = raw_end(s, *i, "</script");
		else if (is_raw(rest, STR("<style")))
			*i = raw_end(s, *i, "</style");
		out->raw.n -= s.n - *i;
	} else {
		*i = at + 1;
	}
	return lt != NULL;
}

/* Where the first tag of too many attributes begins. */
static size_t
before_wide_tag(struct str s)
{
	struct piece p;
	size_t i = 0;

	while (piece_next(s, &i, &p)) {
		if (p.wide)
			return p.at;
	}
	return s.n;
}

struct str
html_cut(struct str html, struct html_budget *left)
{
	size_t marks, values;

	html = str_sub(html, 0, before_wide_tag(html));
	marks = str_count(html, '<') + str_count(html, '&');
	values = str_count(html, '=');
	if (marks <= left->marks && values <= left->values) {
		left->marks -= marks;
		left->values -= values;
		return html;
	}
	for (size_t i = 0; i < html.n; i++) {
		bool mark = html.p[i] == '<' || html.p[i] == '&';

		if ((mark && left->marks == 0) ||
		    (html.p[i] == '=' && left->values == 0))
			return str_sub(html, 0, i);
		left->marks -= mark;
		left->values -= html.p[i] == '=';
	}
	return html;
}

/* Adds the page's own tags, for libxml2 drops them where it has ours. Cuts off
 * what the page does not end: nobody sees it. */
static void
own_tags(struct str *page, struct buf *out)
{
	struct str html = STR("<html>"), body = STR("<body>");
	bool has_html = false, has_body = false;
	struct piece p;
	size_t i = 0;

	while (piece_next(*page, &i, &p)) {
		if (p.torn)
			page->n = p.at;
		if (!has_html && is_raw(p.tag, STR("<html"))) {
			html = p.tag;
			has_html = true;
		} else if (!has_body && is_raw(p.tag, STR("<body"))) {
			body = p.tag;
			has_body = true;
		}
	}
	buf_adds(out, html);
	buf_adds(out, body);
}

struct str
html_prepare(struct arena *a, struct str html)
{
	struct buf out = buf_new(a, 2 * html.n + 12);
	size_t i = 0, from = 0;
	struct piece p;

	own_tags(&html, &out);
	buf_reserve(&out, out.n + html.n);
	/* "<![if !mso]>" is in nobody's way but libxml2's; in a comment it is a piece
	 * of that, and may end it: "<!--[if mso]>x<![endif]-->". */
	while (piece_next(html, &i, &p)) {
		if (!str_starts(str_sub(html, p.at, html.n), STR("<![")))
			continue;
		buf_adds(&out, str_sub(html, from, p.at));
		from = i;
	}
	buf_adds(&out, str_sub(html, from, html.n));
	return buf_str(&out);
}

/* An attribute's value; empty: it has none, or is not there. */
static struct str
tag_attribute(struct str tag, struct str name)
{
	size_t i = 1;
	bool torn = false;

	while (i < tag.n && name_char(tag.p[i]))
		i++;
	while ((i = skip_blanks(tag, i)) < tag.n && tag.p[i] != '>') {
		size_t from = i;
		struct str is, value;

		while (i < tag.n && name_char(tag.p[i]))
			i++;
		is = str_sub(tag, from, i);
		from = i = skip_blanks(tag, i);
		if (i < tag.n && tag.p[i] == '=')
			i = skip_value(tag, i, &torn);
		else if (is.n == 0)
			i++;
		value = str_trim(str_sub(tag, from + 1, i));
		if (!str_ieq(is, name))
			continue;
		if (value.n > 1 && (*value.p == '"' || *value.p == '\''))
			value = str_sub(value, 1, value.n - 1);
		return str_trim(value);
	}
	return str_sub(tag, 0, 0);
}

bool
html_sheet_next(struct str page, size_t *at, struct str *css,
    struct str *media)
{
	struct piece p;

	while (piece_next(page, at, &p)) {
		struct str type;

		if (p.raw.n == 0 || !is_raw(p.tag, STR("<style")))
			continue;
		type = tag_attribute(p.tag, STR("type"));
		if (type.n > 0 && !str_ieq(type, STR("text/css")))
			continue;
		*css = p.raw;
		*media = tag_attribute(p.tag, STR("media"));
		return true;
	}
	return false;
}
