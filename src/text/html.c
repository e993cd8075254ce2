/*
 * HTML by libxml2's parser, used as a stream of events: no tree is built, so
 * nothing recurses and a page costs little more than its text. libxml2's work
 * per tag grows with the depth of open elements; pages deeper than
 * CD_MAX_HTML_DEPTH are stopped and read once more with the structure taken
 * out.
 */
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "text/banner.h"
#include "text/html_color.h"
#include "text/html_page.h"
#include "text/html_prepare.h"

#define MAX_HREF	2000
#define MAX_NAMES	2000	/* bytes of the pictures' alternative texts */
#define STRUCK		"~~"
#define MAX_GAP		500	/* blanks between a line and what it tells of */

static const struct frame *
top(const struct page *pg)
{
	return pg->depth > 0 ? &pg->stack[pg->depth - 1] : NULL;
}

/* The next of n spans; cap is their room. */
static struct span *
span_room(struct arena *a, struct span **v, size_t n, size_t *cap)
{
	if (n == *cap) {
		size_t more = *cap ? *cap * 2 : 16;
		struct span *to = arena_array(a, more, sizeof *to);

		if (n > 0)
			memcpy(to, *v, n * sizeof *to);
		*v = to;
		*cap = more;
	}
	return &(*v)[n];
}

static void
span_add(struct page *pg, size_t from, size_t to, enum zone zone)
{
	if (from >= to || pg->n_spans == CD_MAX_SPANS)
		return;
	*span_room(pg->a, &pg->spans, pg->n_spans, &pg->cap_spans) =
	    (struct span){ from, to, zone };
	pg->attribution[pg->n_spans++] = zone == ZONE_QUOTED &&
	    html_is_attribution((struct str){ pg->out.p + from, to - from });
}

/* A line through a text is seen as "~~" on both sides of it: who reads it as plain
 * text has to know. */
static void
strike_begin(struct page *pg)
{
	if (pg->line_start)
		html_line_begin(pg);
	else if (pg->space && pg->out.p[pg->out.n - 1] != ' ')
		buf_char(&pg->out, ' ');
	pg->space = false;
	pg->struck_from = pg->out.n;
	buf_puts(&pg->out, STRUCK);
}

static void
strike_end(struct page *pg)
{
	size_t from = pg->struck_from, breaks = 0, n;

	if (from == NOWHERE)
		return;
	pg->struck_from = NOWHERE;
	while (pg->out.n > from && pg->out.p[pg->out.n - 1] == '\n') {
		pg->out.n--;
		breaks++;
	}
	n = pg->out.n;
	html_line_trim(pg);
	pg->space |= pg->out.n < n;
	buf_puts(&pg->out, STRUCK);
	n = pg->out.n;
	while (breaks-- > 0)
		buf_char(&pg->out, '\n');
	if (n <= from)
		return;	/* beyond the text's limit */
	if (pg->n_struck < CD_MAX_SPANS)
		*span_room(pg->a, &pg->struck, pg->n_struck++,
		    &pg->cap_struck) =
		    (struct span){ from, n, ZONE_QUOTED };
	else
		pg->sheet.limited = true;
}

static struct str
text_since(const struct page *pg, size_t from)
{
	if (from >= pg->out.n)
		return (struct str){ "", 0 };
	return (struct str){ pg->out.p + from, pg->out.n - from };
}

/* The last line before `at` that has something on it; "" where it is out of
 * sight. */
static struct str
line_before(const struct page *pg, size_t at)
{
	struct str s = { pg->out.p, at };
	size_t from, least = at > MAX_GAP ? at - MAX_GAP - 1 : 0;

	while (s.n > least && ascii_space(s.p[s.n - 1]))
		s.n--;
	if (at - s.n > MAX_GAP)
		return (struct str){ pg->out.p + at, 0 };
	from = s.n;
	while (from > 0 && s.p[from - 1] != '\n' && s.n - from < 1000)
		from--;
	return str_sub(s, from, s.n);
}

/* The quote from `from` on, with the attribution line right above it. */
static void
quote_add(struct page *pg, size_t from)
{
	struct str line = line_before(pg, from);

	if (html_is_full_attribution(line))
		from = (size_t)(line.p - pg->out.p);
	span_add(pg, from, pg->out.n, ZONE_QUOTED);
}

/* Everything from here is quoted; a line drawn right above belongs to it. */
static void
rest_begin(struct page *pg, size_t from)
{
	if (pg->hr_at != NOWHERE && pg->hr_at <= from) {
		struct str between = { pg->out.p + pg->hr_at,
		    from - pg->hr_at };
		size_t n = 0;

		for (size_t i = 0; i < between.n; i++)
			n += between.p[i] != '_' && !ascii_space(between.p[i]);
		if (n == 0)
			from = pg->hr_at;
	}
	if (from < pg->rest_from)
		pg->rest_from = from;
}

static bool
begins_with_dashes(struct str s)
{
	s = str_trim(s);
	return str_starts(s, STR("------"));
}

/* Gmail puts answers between its blockquotes inside the gmail_quote: only the
 * attribution and the blockquotes are then quoted. */
static void
gmail_close(struct page *pg, const struct frame *f)
{
	size_t first = NOWHERE;

	if (begins_with_dashes(text_since(pg, f->from))) {
		span_add(pg, f->from, pg->out.n, ZONE_FORWARDED);
		return;
	}
	for (size_t i = f->marks_before; i < pg->n_spans; i++) {
		if (pg->spans[i].zone == ZONE_QUOTED && !pg->attribution[i] &&
		    pg->spans[i].from < first)
			first = pg->spans[i].from;
	}
	if (first == NOWHERE)
		first = pg->out.n;
	span_add(pg, f->from, first, ZONE_QUOTED);
}

static void
mark_close(struct page *pg, const struct frame *f)
{
	struct str text = text_since(pg, f->from);

	switch (f->mark.kind) {
	case HTML_MARK_NONE:
	case HTML_MARK_REST:
	case HTML_MARK_SIGNATURE_NEXT:
		break;
	case HTML_MARK_ZONE:
		if (f->mark.zone == ZONE_QUOTED)
			quote_add(pg, f->from);
		else
			span_add(pg, f->from, pg->out.n, f->mark.zone);
		break;
	case HTML_MARK_GMAIL:
		gmail_close(pg, f);
		break;
	case HTML_MARK_BORDER:
		if (html_is_header_block(text))
			rest_begin(pg, f->from);
		break;
	case HTML_MARK_INDENT:
		if (html_is_attribution(line_before(pg, f->from)))
			quote_add(pg, f->from);
		break;
	case HTML_MARK_BANNER:
		if (text.n > 0 && text.n < 1000 && pg->left->boxes > 0) {
			pg->left->boxes--;
			if (banner_is(text))
				span_add(pg, f->from, pg->out.n, ZONE_NOTICE);
		}
		break;
	}
}

static void
item_begin(struct page *pg, const char *const *atts)
{
	struct frame *list = NULL;
	int level = 0;
	int64_t value;

	for (size_t i = pg->depth; i > 0; i--) {
		struct frame *f = &pg->stack[i - 1];

		if (strcmp(f->name, "ol") == 0 || strcmp(f->name, "ul") == 0) {
			if (!list)
				list = f;
			level++;
		}
	}
	html_line_begin(pg);
	for (int i = 1; i < level && i < 8; i++)
		buf_puts(&pg->out, "  ");
	if (!list || list->items < 0) {
		buf_puts(&pg->out, "- ");
		pg->item_at = pg->out.n;
		return;
	}
	if (str_to_i64(str_of(html_attribute(atts, "value")), 0, 99999,
	    &value))
		list->items = (int)value - 1;
	list->items++;
	buf_printf(&pg->out, "%d. ", list->items);
	pg->item_at = pg->out.n;
}

static void
hr_put(struct page *pg)
{
	html_line_end(pg);
	pg->hr_at = pg->out.n;
	html_line_begin(pg);
	buf_puts(&pg->out, "________________________________");
	html_line_end(pg);
}

/* Plain text has the alternative texts of all of them, in brackets. */
static void
picture_note(struct page *pg, const char *const *atts)
{
	for (const char *c = html_attribute(atts, "alt"); *c; c++)
		buf_char(&pg->pictures->names, ascii_space(*c) ? ' ' : *c);
	buf_char(&pg->pictures->names, '\n');
	pg->pictures->shown |= !pg->quoting && html_shows_picture(atts);
}

/* An emoji sent as a picture has itself as its alternative text. */
static void
img_put(struct page *pg, const char *const *atts)
{
	struct str alt = str_trim(str_of(html_attribute(atts, "alt")));

	if (alt.n > 0 && alt.n <= 16 && (unsigned char)alt.p[0] >= 0xe2)
		html_put_text(pg, alt, false);
}

static const char *
href_of(struct page *pg, const char *const *atts)
{
	struct str h = str_trim(str_of(html_attribute(atts, "href")));

	if (h.n == 0 || h.n > MAX_HREF || str_has_control(h))
		return NULL;
	if (!str_istarts(h, STR("http://")) &&
	    !str_istarts(h, STR("https://")) &&
	    !str_istarts(h, STR("mailto:")))
		return NULL;
	return arena_str(pg->a, h);
}

static void
link_close(struct page *pg, const struct frame *f)
{
	struct str text = str_trim(text_since(pg, f->from));
	struct str href = str_of(f->href);
	struct span *struck = pg->n_struck > 0 ?
	    &pg->struck[pg->n_struck - 1] : NULL;

	if (!f->href || text.n == 0 || text.n > 4000 ||
	    html_is_advert_link(href) || html_shows_target(pg->a, text, href))
		return;
	if (str_istarts(href, STR("mailto:")))
		href = str_sub(href, 7, href.n);
	html_line_trim(pg);
	if (struck && struck->to < pg->out.n)
		struck = NULL;
	buf_puts(&pg->out, " <");
	buf_adds(&pg->out, href);
	buf_char(&pg->out, '>');
	if (struck)
		struck->to = pg->out.n;
}

/* A link has a color of its own. */
static void
colors_set(const struct page *pg, struct frame *f, const struct frame *up,
    const struct html_style *st)
{
	bool own = st->color || strcmp(f->name, "a") == 0;

	f->color = own && st->color != HTML_COLOR_INHERIT ? st->color :
	    up ? up->color : HTML_COLOR_UNSAID;
	f->background = st->background && st->background !=
	    HTML_COLOR_CLEAR ? st->background :
	    up ? up->background : HTML_COLOR_UNSAID;
	f->fill = st->fill && st->fill != HTML_COLOR_INHERIT ? st->fill :
	    up ? up->fill : HTML_COLOR_UNSAID;
	f->unseen = html_color_unseen(f->fill ? f->fill : f->color,
	    f->background ? f->background : pg->background);
}

static void
frame_open(struct page *pg, struct frame *f, const char *name,
    const char *const *atts, enum html_display display)
{
	const struct frame *up = top(pg);
	struct html_style st = html_style_of(name, atts, &pg->sheet);
	int64_t start;

	*f = (struct frame){ .items = -1 };
	strncpy(f->name, name, sizeof f->name - 1);
	f->pre = (up && up->pre) || strcmp(name, "pre") == 0 ||
	    strcmp(name, "textarea") == 0;
	f->font_zero = st.font_set ? st.font_zero : up && up->font_zero;
	f->font_handed = !st.font_set;
	f->doubtful = (up && up->doubtful) || st.doubtful;
	f->hidden = (up && up->hidden) || st.hidden || display == DISPLAY_SKIP;
	f->struck = (up && up->struck) || st.strike == HTML_STRIKE_THROUGH;
	if (strcmp(name, "body") != 0 && strcmp(name, "html") != 0)
		f->mark = html_mark_of(name, atts);
	colors_set(pg, f, up, &st);
	if (strcmp(name, "ol") == 0) {
		f->items = 0;
		if (str_to_i64(str_of(html_attribute(atts, "start")), 0,
		    99999, &start))
			f->items = (int)start - 1;
	}
	if (strcmp(name, "a") == 0 && !f->hidden)
		f->href = href_of(pg, atts);
	f->margin = display == DISPLAY_PARAGRAPH && !st.tight && !pg->tight &&
	    !(up && strcmp(up->name, "li") == 0);
	pg->gap |= f->margin;
}

/* Of a size that is handed down as nothing, while a rule that was not kept may say
 * another, nobody knows what it is. */
static bool
no_size(const struct page *pg, const struct frame *f)
{
	return f->font_zero && !(f->font_handed && pg->sheet.font);
}

static void
on_start(void *ctx, const xmlChar *xname, const xmlChar **xatts)
{
	struct page *pg = ctx;
	const char *name = (const char *)xname;
	const char *const *atts = (const char *const *)xatts;
	enum html_display display = html_display_of(name);
	struct frame *f;

	if (pg->depth == CD_MAX_HTML_DEPTH) {
		pg->too_deep = true;
		xmlStopParser(pg->parser);
		return;
	}
	if (display == DISPLAY_BLOCK || display == DISPLAY_PARAGRAPH)
		html_line_end(pg);
	else if (display == DISPLAY_CELL && !pg->line_start)
		buf_char(&pg->out, '\t');
	f = &pg->stack[pg->depth];
	frame_open(pg, f, name, atts, display);
	if (pg->signature_next && display != DISPLAY_INLINE) {
		pg->signature_next = false;
		if (f->mark.kind == HTML_MARK_NONE)
			f->mark = (struct html_mark){ HTML_MARK_ZONE,
			    ZONE_SIGNATURE };
	}
	f->from = pg->out.n;
	f->marks_before = pg->n_spans;
	pg->depth++;
	pg->quoting |= strcmp(name, "blockquote") == 0;
	if (strcmp(name, "img") == 0)
		picture_note(pg, atts);
	if (f->hidden || no_size(pg, f))
		return;
	if (f->mark.kind == HTML_MARK_REST)
		rest_begin(pg, f->from);
	else if (f->mark.kind == HTML_MARK_SIGNATURE_NEXT)
		pg->signature_next = true;
	if (strcmp(name, "br") == 0)
		html_line_break(pg);
	else if (strcmp(name, "hr") == 0)
		hr_put(pg);
	else if (strcmp(name, "img") == 0)
		img_put(pg, atts);
	else if (strcmp(name, "li") == 0)
		item_begin(pg, atts);
}

static void
frame_close(struct page *pg)
{
	struct frame *f = &pg->stack[pg->depth - 1];
	enum html_display display = html_display_of(f->name);

	if (!f->hidden && f->href)
		link_close(pg, f);
	if (f->struck && (pg->depth == 1 || !f[-1].struck))
		strike_end(pg);
	if (display == DISPLAY_BLOCK || display == DISPLAY_PARAGRAPH)
		html_line_end(pg);
	if (!f->hidden)
		mark_close(pg, f);
	pg->gap |= f->margin;
	pg->depth--;
}

static void
on_end(void *ctx, const xmlChar *xname)
{
	struct page *pg = ctx;
	const char *name = (const char *)xname;
	size_t at = pg->depth;

	while (at > 0 && strncmp(pg->stack[at - 1].name, name,
	    sizeof pg->stack[0].name - 1) != 0)
		at--;
	while (at > 0 && pg->depth >= at)
		frame_close(pg);
}

/* The program that wrote the page says that it is of an old mail. */
static bool
is_quoted(const struct page *pg)
{
	if (pg->rest_from != NOWHERE)
		return true;
	for (size_t i = 0; i < pg->depth; i++) {
		const struct html_mark *m = &pg->stack[i].mark;

		if (m->kind == HTML_MARK_ZONE && m->zone == ZONE_QUOTED)
			return true;
	}
	return false;
}

static void
on_text(void *ctx, const xmlChar *text, int n)
{
	struct page *pg = ctx;
	const struct frame *f = top(pg);
	struct str s = { (const char *)text, n > 0 ? (size_t)n : 0 };

	if (f && (f->hidden || no_size(pg, f)))
		return;
	if (str_trim(s).n > 0) {
		pg->signature_next = false;
		if (f && (f->doubtful || f->font_zero) && !is_quoted(pg))
			pg->sheet.limited = true;
	}
	pg->unseen |= f && f->unseen && str_trim(s).n > 0;
	if (f && f->struck && !f->unseen && pg->struck_from == NOWHERE &&
	    str_trim(s).n > 0)
		strike_begin(pg);
	if (f && f->unseen)
		pg->space = true;
	else
		html_put_text(pg, s, f && f->pre);
}

static int
span_compare(const void *x, const void *y)
{
	const struct span *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to > b->to ? -1 : a->to < b->to;
}

/* The outermost span counts; sorted, and cut to the trimmed text. */
static void
spans_settle(struct page *pg, struct zoned *out)
{
	size_t n = 0;

	if (pg->rest_from < pg->out.n)
		span_add(pg, pg->rest_from, pg->out.n, ZONE_QUOTED);
	if (pg->n_spans > 0)
		qsort(pg->spans, pg->n_spans, sizeof *pg->spans, span_compare);
	for (size_t i = 0; i < pg->n_spans; i++) {
		struct span s = pg->spans[i];
		size_t after = n > 0 ? pg->spans[n - 1].to : 0;

		if (s.from < after)
			s.from = after;
		if (s.to > out->text.n)
			s.to = out->text.n;
		while (s.from < s.to && out->text.p[s.from] == '\n')
			s.from++;
		if (s.from < s.to)
			pg->spans[n++] = s;
	}
	/* Somebody typed inside the signature's element: then nothing tells
	 * the two apart here. */
	if (n > 0 && !html_has_undecided(out->text, pg->spans, n)) {
		size_t k = 0;

		for (size_t i = 0; i < n; i++) {
			if (pg->spans[i].zone != ZONE_SIGNATURE)
				pg->spans[k++] = pg->spans[i];
		}
		n = k;
	}
	out->spans = pg->spans;
	out->n_spans = n;
	out->struck = pg->struck;
	out->n_struck = pg->n_struck;
}

/* Ahead of the page: a sheet may stand behind what it tells of. */
static void
sheets_read(struct page *pg, struct str html)
{
	struct str css, media;
	size_t at = 0;

	while (html_sheet_next(html, &at, &css, &media)) {
		pg->tight |= str_find(css,
		    STR("P {margin-top:0;margin-bottom:0;}")) >= 0;
		html_sheet_read(arena_str(pg->a, css), css.n, media, &pg->sheet);
	}
	if (pg->sheet.background)
		pg->background = HTML_COLOR_ANY;
}

/* htmlCtxtReadMemory copies a page, and once more for its charset, which is known
 * here. Read where it lies, up to its NUL. */
static void
page_give(htmlParserCtxtPtr parser, struct str html)
{
	xmlParserInputPtr in = xmlNewStringInputStream(parser,
	    (const xmlChar *)html.p);

	cd_assert(in && inputPush(parser, in) >= 0);
	cd_assert(xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8) == 0);
}

static void
page_parse(struct page *pg, struct str html)
{
	htmlSAXHandler *sax;
	htmlParserCtxtPtr parser = htmlNewParserCtxt();

	cd_assert(parser);
	html = html_prepare(pg->a, html);
	sheets_read(pg, html);
	pg->parser = parser;
	sax = parser->sax;
	memset(sax, 0, sizeof *sax);
	sax->startElement = on_start;
	sax->endElement = on_end;
	sax->characters = on_text;
	sax->ignorableWhitespace = on_text;
	sax->cdataBlock = on_text;
	parser->userData = pg;
	htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
	    HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	page_give(parser, html);
	htmlParseDocument(parser);
	xmlFreeDoc(parser->myDoc);
	parser->myDoc = NULL;
	htmlFreeParserCtxt(parser);
}

static void
page_begin(struct page *pg, struct arena *a, struct frame *stack,
    struct html_budget *left, struct html_pictures *pictures)
{
	*pg = (struct page){ .a = a, .stack = stack, .left = left,
	    .pictures = pictures, .background = HTML_COLOR_WHITE,
	    .sheet.tries = left->tries, .rest_from = NOWHERE,
	    .hr_at = NOWHERE, .struck_from = NOWHERE, .item_at = NOWHERE, .line_start = true,
	    .out = buf_new(a, CD_MAX_TEXT) };
}

struct html_budget
html_budget_new(void)
{
	return (struct html_budget){ CD_MAX_HTML_MARKS, CD_MAX_HTML_VALUES,
	    CD_MAX_HTML_BOXES, CD_MAX_HTML_TRIES, false };
}

struct html_pictures
html_pictures_new(struct arena *a)
{
	return (struct html_pictures){ .names = buf_new(a, MAX_NAMES) };
}

void
html_to_text(struct arena *a, struct str html, struct zoned *out)
{
	struct html_budget left = html_budget_new();
	struct html_pictures pictures = html_pictures_new(a);

	(void)html_read(a, html, &left, &pictures, out);
}

bool
html_read(struct arena *a, struct str html, struct html_budget *left,
    struct html_pictures *pictures, struct zoned *out)
{
	struct page pg;
	struct frame *stack = arena_array(a, CD_MAX_HTML_DEPTH,
	    sizeof *stack);
	size_t n = html.n;
	bool deep, cut;

	*out = (struct zoned){ 0 };
	html = html_cut(str_sub(html, 0, 2 * CD_MAX_TEXT), left);
	page_begin(&pg, a, stack, left, pictures);
	/* It hardly gets longer; room that stays empty costs nothing. */
	buf_reserve(&pg.out, html.n);
	if (html.n > 0)
		page_parse(&pg, html);
	deep = pg.too_deep;
	if (deep) {
		page_begin(&pg, a, stack, left, pictures);
		page_parse(&pg, html_flatten(a, html));
	}
	while (pg.depth > 0)
		frame_close(&pg);
	strike_end(&pg);
	out->text = buf_str(&pg.out);
	while (out->text.n > 0 && ascii_space(out->text.p[out->text.n - 1]))
		out->text.n--;
	spans_settle(&pg, out);
	left->tries = pg.sheet.tries;
	/* White letters on white alone: a dark screen's, that came without it. */
	cut = html.n < n || deep || (out->text.n == 0 && pg.unseen);
	left->cut |= cut;
	return !cut && !pg.sheet.limited;
}
