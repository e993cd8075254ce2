#include <string.h>

#include "base/buf.h"
#include "text/html_prepare.h"

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
		{ "blockquote", DISPLAY_BLOCK },
		{ "body", DISPLAY_BLOCK },
		{ "caption", DISPLAY_BLOCK },
		{ "center", DISPLAY_BLOCK },
		{ "dd", DISPLAY_BLOCK },
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
		{ "li", DISPLAY_BLOCK },
		{ "main", DISPLAY_BLOCK },
		{ "nav", DISPLAY_BLOCK },
		{ "noframes", DISPLAY_SKIP },
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

struct str
html_cut(struct str html)
{
	size_t n = 0, values = 0;

	for (size_t i = 0; i < html.n; i++) {
		if (((html.p[i] == '<' || html.p[i] == '&') &&
		    ++n > CD_MAX_HTML_MARKS) || (html.p[i] == '=' &&
		    ++values > CD_MAX_HTML_VALUES))
			return str_sub(html, 0, i);
	}
	return html;
}

struct str
html_prepare(struct arena *a, struct str html)
{
	static const char front[] = "<html><body>";
	struct buf out = buf_new(a, html.n + sizeof front);
	ptrdiff_t hit;

	buf_reserve(&out, html.n + sizeof front);
	buf_puts(&out, front);
	while ((hit = str_find(html, STR("<!["))) >= 0) {
		const char *gt;

		buf_adds(&out, str_sub(html, 0, (size_t)hit));
		html = str_sub(html, (size_t)hit, html.n);
		gt = memchr(html.p, '>', html.n);
		if (!gt)
			break;
		html = str_sub(html, (size_t)(gt - html.p) + 1, html.n);
	}
	buf_adds(&out, html);
	return buf_str(&out);
}
