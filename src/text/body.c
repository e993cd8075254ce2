/*
 * Of two alternatives the one is taken from which the newly written text is
 * found best. Plain text is what the sender's program made of the HTML; it has
 * lost the marks of quotes and signatures more often than not, so HTML that
 * has such marks wins, and plain text wins over HTML that has none.
 */
#include <string.h>

#include "base/buf.h"
#include "text/body.h"
#include "text/charset.h"
#include "text/field.h"
#include "text/fold.h"
#include "text/html.h"
#include "text/transfer.h"

#define MAX_LEAVES	64	/* text parts shown as the body */
#define MAX_QUOTING	64	/* ">" marks kept of a line */
#define MAX_PICTURE	400	/* bytes of "[the picture's alternative text]" */
#define MAX_PICTURES	200

static bool
type_is(const struct mime_part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

static bool
is_text(const struct mime_part *p)
{
	return !p->multipart && (strncmp(p->type, "text/", 5) == 0 ||
	    type_is(p, "application/xhtml+xml"));
}

static bool
is_html(const struct mime_part *p)
{
	return type_is(p, "text/html") || type_is(p, "application/xhtml+xml");
}

bool
body_is_attachment(struct arena *a, const struct mime_part *p)
{
	const char *how;

	if (p->multipart)
		return false;
	if (!is_text(p) || type_is(p, "text/calendar") ||
	    type_is(p, "text/rfc822-headers") || type_is(p, "text/x-vcard") ||
	    type_is(p, "text/vcard") || type_is(p, "text/csv"))
		return true;
	how = field_token(a, str_of(p->disposition));
	if (strcmp(how, "attachment") == 0)
		return true;
	/* A name makes a file of it, unless it is all there is. */
	return p->depth > 0 &&
	    (field_has_param(str_of(p->disposition), "filename") ||
	    field_has_param(str_of(p->content_type), "name"));
}

/* RFC 3676 4.4: the quote depth; the line is cut to what follows it. */
static size_t
quote_depth(struct str *line)
{
	size_t depth = 0;

	while (depth < line->n && line->p[depth] == '>')
		depth++;
	*line = str_sub(*line, depth, line->n);
	if (line->n > 0 && line->p[0] == ' ')
		*line = str_sub(*line, 1, line->n);
	return depth;
}

/* RFC 3676 4.1, 4.2: lines that end in a blank go on in the next one, if that
 * is quoted as deeply. */
static struct str
flowed_join(struct arena *a, struct str s, bool delsp)
{
	struct buf out = buf_new(a, s.n * 2 + 2);
	struct str line;
	bool open = false;
	size_t depth_before = 0;

	while (str_line(&s, &line)) {
		size_t depth = quote_depth(&line);
		bool signature = str_eq(line, STR("-- "));
		bool soft = !signature && line.n > 0 &&
		    line.p[line.n - 1] == ' ';

		if (open && (depth != depth_before || signature)) {
			buf_char(&out, '\n');
			open = false;
		}
		if (!open) {
			for (size_t i = 0; i < depth && i < MAX_QUOTING; i++)
				buf_char(&out, '>');
			if (depth > 0)
				buf_char(&out, ' ');
		}
		if (soft && delsp)
			line.n--;
		buf_adds(&out, line);
		if (!soft)
			buf_char(&out, '\n');
		open = soft;
		depth_before = depth;
	}
	return buf_str(&out);
}

/* The charset that an HTML page declares about itself, or NULL. */
static const char *
html_charset(struct arena *a, struct str html)
{
	struct str head = str_sub(html, 0, 2048);
	ptrdiff_t hit = str_ifind(head, STR("charset="));
	size_t from, to;

	if (hit < 0)
		return NULL;
	from = (size_t)hit + 8;
	while (from < head.n && (head.p[from] == '"' || head.p[from] == '\''))
		from++;
	to = from;
	while (to < head.n && (ascii_alnum(head.p[to]) ||
	    strchr("-_.:", head.p[to])) && head.p[to])
		to++;
	return to > from ? arena_str(a, str_sub(head, from, to)) : NULL;
}

struct str
body_part_text(struct arena *a, const struct mime_part *p, bool *lossy)
{
	struct str type = str_of(p->content_type), bytes, text;
	const char *charset = field_param(a, type, "charset", NULL);
	const char *format, *delsp;

	bytes = transfer_decode(a, p->body, p->encoding, true);
	bytes = str_sub(bytes, 0, 2 * CD_MAX_TEXT);
	if (!charset && is_html(p))
		charset = html_charset(a, bytes);
	text = charset_to_utf8(a, bytes, charset, lossy);
	if (is_html(p))
		return text;
	format = field_param(a, type, "format", NULL);
	if (!format || !str_ieq(str_trim(str_of(format)), STR("flowed")))
		return text;
	delsp = field_param(a, type, "delsp", NULL);
	return flowed_join(a, text,
	    delsp && str_ieq(str_trim(str_of(delsp)), STR("yes")));
}

static size_t
letters(struct str s, size_t enough)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < enough; i++)
		n += utf8_word_byte(s.p[i]);
	return n;
}

/* Letters and digits of one reading stand in the other in the same order? Only
 * the beginnings are compared. */
static bool
same_words(struct str x, struct str y)
{
	size_t i = 0, k = 0, n = 0;

	while (n < 80) {
		while (i < x.n && !ascii_alnum(x.p[i]))
			i++;
		while (k < y.n && !ascii_alnum(y.p[k]))
			k++;
		if (i == x.n || k == y.n)
			return i == x.n && k == y.n && n > 0;
		if (x.p[i++] != y.p[k++])
			return false;
		n++;
	}
	return true;
}

/* "Your mail program cannot show HTML" and nothing else of worth. */
static bool
is_stub(struct str plain)
{
	static const char *const words[] = { "html", "view this", "browser",
		"does not support", "web version", "rich text" };
	size_t hits = 0;

	if (plain.n > 600)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		hits += str_ifind(plain, str_of(words[i])) >= 0;
	return hits >= 2 && (str_ifind(plain, STR("html")) >= 0 ||
	    str_ifind(plain, STR("browser")) >= 0);
}

struct reading {
	struct str text;	/* the one piece itself, or all of `joined` */
	struct buf joined;	/* of several pieces */
	bool full;		/* not all of them fit */
	struct span *spans, *struck;
	size_t n_spans, n_struck;
	bool html;
};

/* Adds a text after an empty line. Returns where it begins. */
static size_t
text_join(struct reading *r, struct str text)
{
	struct buf *b = &r->joined;
	struct str fits;
	size_t from;

	if (b->n == 0)
		buf_adds(b, r->text);
	if (b->p[b->n - 1] != '\n')
		buf_char(b, '\n');
	buf_char(b, '\n');
	from = b->n;
	fits = utf8_first(text, b->max - from);
	buf_adds(b, fits);
	r->full |= b->full || fits.n < text.n;
	r->text = buf_str(b);
	return from;
}

/* Adds n spans, moved. */
static void
spans_join(struct arena *a, const struct reading *r, size_t shift,
    const struct span *v, size_t n, struct span **to, size_t *n_to)
{
	struct span *more;

	if (n == 0)
		return;
	more = arena_array(a, *n_to + n, sizeof *more);
	if (*n_to > 0)
		memcpy(more, *to, *n_to * sizeof *more);
	for (size_t at = 0; at < n && *n_to < CD_MAX_SPANS; at++) {
		struct span s = v[at];

		s.from += shift;
		s.to += shift;
		if (s.to > r->text.n)
			s.to = r->text.n;
		if (s.from >= s.to)
			break;
		more[(*n_to)++] = s;
	}
	*to = more;
}

/* Adds a piece, its spans moved. */
static void
reading_add(struct arena *a, struct reading *r, const struct zoned *z)
{
	size_t shift = 0;

	if (r->text.n == 0) {
		r->text = utf8_first(z->text, CD_MAX_TEXT);
		r->full |= r->text.n < z->text.n;
	} else {
		shift = text_join(r, z->text);
	}
	spans_join(a, r, shift, z->spans, z->n_spans, &r->spans, &r->n_spans);
	spans_join(a, r, shift, z->struck, z->n_struck, &r->struck,
	    &r->n_struck);
}

/* Reads pages: what all of one mail may cost, and the last one, which is often
 * asked for twice. */
struct reader {
	struct arena *a;
	struct body *out;
	struct html_budget left;
	const struct mime_part *part;
	struct str html;
	struct zoned text;
	bool whole;
};

static const struct zoned *
page_read(struct reader *r, const struct mime_part *p)
{
	if (r->part == p)
		return &r->text;
	r->part = p;
	r->html = body_part_text(r->a, p, &r->out->lossy);
	r->whole = html_read(r->a, r->html, &r->left,
	    &r->out->pictures, &r->text);
	return &r->text;
}

/* Which of the leaves from..n belong to the same alternative? */
struct leaf {
	int part;
	int group;		/* the outermost alternative, or -1 */
};

struct group {
	const struct mime_part *plain[MAX_LEAVES], *html[MAX_LEAVES];
	size_t n_plain, n_html;
};

static struct reading
reading_new(struct arena *a)
{
	return (struct reading){ .text = STR(""),
		.joined = buf_new(a, CD_MAX_TEXT) };
}

static struct zoned
zoned_of(const struct reading *r)
{
	return (struct zoned){ r->text, r->spans, r->n_spans, r->struck,
		r->n_struck };
}

static void
plain_reading(struct arena *a, const struct group *g, struct body *out,
    struct reading *r)
{
	for (size_t i = 0; i < g->n_plain; i++) {
		struct zoned z = { .text = body_part_text(a, g->plain[i],
		    &out->lossy) };

		while (z.text.n > 0 && z.text.p[z.text.n - 1] == '\n')
			z.text.n--;
		reading_add(a, r, &z);
	}
}

/* Reads the pages. true: their markup shows quotes or signatures; it is looked
 * through only where plain text stands beside it. */
static bool
html_reading(struct reader *rd, const struct group *g, bool beside,
    struct reading *r)
{
	struct body *out = rd->out;
	bool marks = false;

	for (size_t i = 0; i < g->n_html; i++) {
		reading_add(rd->a, r, page_read(rd, g->html[i]));
		marks |= beside && (rd->text.n_struck > 0 ||
		    html_has_marks(rd->html));
		if (out->html.n == 0)
			out->html = rd->html;
		out->truncated |= !rd->whole;
	}
	return marks;
}

/* Is it a line of the pictures' alternative texts? Those are folded. */
static bool
is_picture(struct str name, struct str pictures)
{
	struct str line;

	if (str_starts(name, STR("cid:")))
		return true;
	while (name.n > 0 && str_line(&pictures, &line)) {
		if (str_eq(line, name))
			return true;
	}
	return false;
}

/* Nothing but others of the kind on its line? Who writes "[...]" in a sentence, writes
 * it himself. */
static bool
is_alone(struct str text, size_t from, size_t to)
{
	while (from > 0 && (text.p[from - 1] == ' ' || text.p[from - 1] == '\t'))
		from--;
	while (to < text.n && (text.p[to] == ' ' || text.p[to] == '\t'))
		to++;
	return (from == 0 || strchr("\n]", text.p[from - 1])) &&
	    (to == text.n || strchr("\r\n[", text.p[to]));
}

/* Outlook puts "[Redhill Carriers logo]" into the plain text where the page has a
 * picture: that is nobody's word. */
static struct str
pictures_drop(struct arena *a, struct str text, struct str names)
{
	struct buf out, folded;
	struct str line;
	size_t from = 0, at = 0, pictures = 0;

	if (!memchr(text.p, '[', text.n))
		return text;
	out = buf_new(a, text.n + 1);
	folded = buf_new(a, names.n + 1);
	while (str_line(&names, &line)) {
		buf_adds(&folded, fold(a, line));
		buf_char(&folded, '\n');
	}
	while (at < text.n && pictures < MAX_PICTURES) {
		const char *p = memchr(text.p + at, '[', text.n - at), *end;
		struct str most;

		if (!p)
			break;
		at = (size_t)(p - text.p) + 1;
		most = str_sub(text, at, at + MAX_PICTURE);
		end = memchr(most.p, ']', most.n);
		if (!end)
			continue;
		pictures++;
		most.n = (size_t)(end - most.p);
		if (!is_alone(text, at - 1, at + most.n + 1) ||
		    !is_picture(fold(a, most), buf_str(&folded)))
			continue;
		buf_adds(&out, str_sub(text, from, at - 1));
		from = at = at + most.n + 1;
	}
	if (from == 0)
		return text;
	buf_adds(&out, str_sub(text, from, text.n));
	return buf_str(&out);
}

/* Does the page read better than the plain text? */
static bool
html_is_better(bool marks, bool stub, size_t of_html, size_t of_plain)
{
	if (stub)
		return of_html > 0;
	if (!marks && of_plain >= 40)
		return false;
	/* One of them is torn, or says only that there is the other. */
	if (of_html * 2 < of_plain)
		return false;
	return marks || of_html > of_plain * 3 + 100;
}

/* What is shown has no other form, or that says nothing: then it is what other
 * programs show too. */
static void
group_read(struct reader *rd, const struct group *g, struct reading *all,
    struct reading *other)
{
	struct arena *a = rd->a;
	struct body *out = rd->out;
	struct reading plain = reading_new(a), html = reading_new(a);
	struct zoned x, y;
	size_t of_plain, of_html;
	bool marks, stub, take_html;

	plain_reading(a, g, out, &plain);
	of_plain = letters(plain.text, 100000);
	stub = of_plain == 0 || is_stub(plain.text);
	marks = html_reading(rd, g, !stub, &html);
	x = (struct zoned){ .text = pictures_drop(a, plain.text,
	    buf_str(&out->pictures.names)) };
	y = zoned_of(&html);
	of_html = letters(y.text, 100000);
	take_html = html_is_better(marks, stub, of_html, of_plain);
	out->from_html |= take_html;
	out->cut |= plain.full || html.full;
	out->two_forms |= !stub && of_html > 0;
	if (stub || of_html == 0)
		*(take_html ? &x : &y) = take_html ? y : x;
	if (x.text.n == 0 && y.text.n == 0)
		return;
	reading_add(a, all, take_html ? &y : &x);
	reading_add(a, other, take_html ? &x : &y);
}

/* The outermost multipart/alternative around a part, -1 for none. */
static int
outer_alternative(const struct mime *m, int part)
{
	int group = -1;

	for (int up = m->v[part].parent; up >= 0; up = m->v[up].parent) {
		if (m->v[up].alternative)
			group = up;
	}
	return group;
}

/* Is the part, or what holds it, inside a multipart/related but not its first
 * part? Then it is a picture or the like, RFC 2387. */
static bool
beside_root(const struct mime *m, int part)
{
	for (int up = m->v[part].parent; up >= 0;
	    part = up, up = m->v[up].parent) {
		if (strcmp(m->v[up].type, "multipart/related") == 0 &&
		    part != up + 1 && !is_text(&m->v[part]) &&
		    !m->v[part].multipart)
			return true;
	}
	return false;
}

static size_t
leaves_find(struct arena *a, const struct mime *m, struct leaf *leaves,
    bool named_too)
{
	size_t n = 0;
	int reported = -1;

	for (size_t i = 0; i < m->n && n < MAX_LEAVES; i++) {
		const struct mime_part *p = &m->v[i];
		int parent = p->parent;

		if (!is_text(p) || beside_root(m, (int)i))
			continue;
		if (body_is_attachment(a, p) && !(named_too &&
		    (type_is(p, "text/plain") || is_html(p))))
			continue;
		/* RFC 6522 3: the first part is for people, the others for
		 * machines. */
		if (parent >= 0 && type_is(&m->v[parent], "multipart/report")) {
			if (reported == parent)
				continue;
			reported = parent;
		}
		leaves[n++] = (struct leaf){ (int)i,
		    outer_alternative(m, (int)i) };
	}
	return n;
}

static void
group_add(struct group *g, const struct mime_part *p)
{
	if (is_html(p))
		g->html[g->n_html++] = p;
	else
		g->plain[g->n_plain++] = p;
}

/* Plain text and HTML side by side, though not as alternatives, by programs
 * that mean alternatives: same parent, one after the other. */
static bool
is_twin(struct reader *rd, const struct mime *m, struct leaf x, struct leaf y)
{
	const struct mime_part *p = &m->v[x.part], *q = &m->v[y.part];
	struct str text;

	if (x.group >= 0 || y.group >= 0 || p->parent != q->parent ||
	    is_html(p) || !is_html(q))
		return false;
	text = page_read(rd, q)->text;
	return letters(text, 1) > 0 &&
	    same_words(body_part_text(rd->a, p, NULL), text);
}

void
body_read(struct arena *a, const struct mime *m, struct body *out)
{
	struct leaf *leaves = arena_array(a, MAX_LEAVES, sizeof *leaves);
	struct group *g = arena_alloc(a, sizeof *g);
	struct reading all = reading_new(a), other = reading_new(a);
	struct reader rd = { .a = a, .out = out, .left = html_budget_new() };
	size_t n = leaves_find(a, m, leaves, false), i = 0;

	*out = (struct body){ .pictures = html_pictures_new(a) };
	if (n == 0)
		n = leaves_find(a, m, leaves, true);
	while (i < n) {
		size_t k = i;

		g->n_plain = g->n_html = 0;
		group_add(g, &m->v[leaves[k++].part]);
		while (k < n && leaves[k].group >= 0 &&
		    leaves[k].group == leaves[i].group)
			group_add(g, &m->v[leaves[k++].part]);
		if (k == i + 1 && k < n && is_twin(&rd, m, leaves[i], leaves[k]))
			group_add(g, &m->v[leaves[k++].part]);
		group_read(&rd, g, &all, &other);
		i = k;
	}
	out->text = zoned_of(&all);
	if (out->two_forms)
		out->other = zoned_of(&other);
	out->cut |= all.full || n == MAX_LEAVES || rd.left.cut;
	out->truncated |= out->cut;
}
