/*
 * DESIGN names libetpan for MIME. Its mailmime parser gives up on a mail whose
 * structure is broken, matches boundaries by prefix, and reads each level of
 * nesting anew by recursion; a support mailbox must have the best reading of
 * broken mails too, at a cost linear in their size. So: one pass over the lines
 * with a stack of boundaries, here; libetpan stays for IMAP.
 */
#include <string.h>

#include "text/field.h"
#include "text/mime.h"

struct level {
	struct str boundary;
	int part;
};

struct split {
	struct arena *a;
	struct mime *out;
	size_t cap;
	struct level stack[CD_MAX_NESTING];
	int top;		/* levels in use */
	int leaf;		/* part whose body is being read, or -1 */
};

enum mark { MARK_NONE, MARK_OPEN, MARK_CLOSE };

/* A line against a boundary: RFC 2046 5.1.1, blanks after it allowed. */
static enum mark
mark_read(struct str line, struct str boundary)
{
	struct str tail;

	if (!str_starts(line, STR("--")))
		return MARK_NONE;
	line = str_sub(line, 2, line.n);
	if (!str_starts(line, boundary))
		return MARK_NONE;
	tail = str_trim(str_sub(line, boundary.n, line.n));
	if (tail.n == 0)
		return MARK_OPEN;
	return str_starts(tail, STR("--")) ? MARK_CLOSE : MARK_NONE;
}

/* Which level's boundary is this line? The innermost counts. */
static enum mark
stack_match(const struct split *sp, struct str line, int *level_out)
{
	for (int i = sp->top - 1; i >= 0; i--) {
		enum mark m = mark_read(line, sp->stack[i].boundary);

		if (m != MARK_NONE) {
			*level_out = i;
			return m;
		}
	}
	return MARK_NONE;
}

static struct str
first_line(struct str s)
{
	const char *end = s.n > 0 ? memchr(s.p, '\n', s.n) : NULL;

	return end ? str_sub(s, 0, (size_t)(end - s.p)) : s;
}

static int
part_new(struct split *sp, int parent)
{
	struct mime *m = sp->out;
	struct mime_part *p;

	if (m->n == sp->cap) {
		size_t cap = sp->cap ? sp->cap * 2 : 8;
		struct mime_part *more = arena_array(sp->a, cap, sizeof *more);

		if (m->n > 0)
			memcpy(more, m->v, m->n * sizeof *more);
		m->v = more;
		sp->cap = cap;
	}
	p = &m->v[m->n];
	*p = (struct mime_part){ .type = "text/plain", .content_type = "",
	    .disposition = "", .encoding = "", .id = "", .parent = parent };
	if (parent >= 0) {
		p->depth = m->v[parent].depth + 1;
		if (strcmp(m->v[parent].type, "multipart/digest") == 0)
			p->type = "message/rfc822";
	}
	return (int)m->n++;
}

static char *
params_keep(struct split *sp, struct str raw)
{
	char *value = field_unfold(sp->a, raw);

	sp->out->truncated |= field_cut_params(value);
	return value;
}

static void
field_keep(struct split *sp, struct mime_part *p, struct str name,
    struct str raw)
{
	struct arena *a = sp->a;
	struct str id;

	if (name.n < 10 || !str_istarts(name, STR("Content-")))
		return;
	/* The first of each counts, as in most readers. */
	if (str_ieq(name, STR("Content-Type")) && !p->content_type[0])
		p->content_type = params_keep(sp, raw);
	else if (str_ieq(name, STR("Content-Disposition")) &&
	    !p->disposition[0])
		p->disposition = params_keep(sp, raw);
	else if (str_ieq(name, STR("Content-Transfer-Encoding")) &&
	    !p->encoding[0])
		p->encoding = field_unfold(a, raw);
	else if (str_ieq(name, STR("Content-ID")) && !p->id[0]) {
		id = str_trim(str_of(field_unfold(a, raw)));
		if (id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
			id = str_sub(id, 1, id.n - 1);
		p->id = arena_str(a, id);
	}
}

/* "text" and the like of before MIME mean text/plain, as RFC 2045 5.2 says of
 * what cannot be understood. */
static void
type_settle(struct arena *a, struct mime_part *p)
{
	const char *type = field_token(a, str_of(p->content_type));
	const char *slash = strchr(type, '/');

	if (slash && slash > type && slash[1])
		p->type = type;
	else if (p->content_type[0])
		p->type = "text/plain";
	p->alternative = strcmp(p->type, "multipart/alternative") == 0;
}

/* Reads a part's header at *rest; *rest is its body then. */
static void
part_begin(struct split *sp, int parent, struct str *rest)
{
	int index = part_new(sp, parent), level;
	struct mime_part *p = &sp->out->v[index];
	struct str name, raw, boundary;
	char *value;

	while (stack_match(sp, first_line(*rest), &level) == MARK_NONE &&
	    field_next(rest, &name, &raw))
		field_keep(sp, p, name, raw);
	type_settle(sp->a, p);
	p->body = (struct str){ rest->p, 0 };
	sp->leaf = index;
	if (strncmp(p->type, "multipart/", 10) != 0)
		return;
	if (sp->top == CD_MAX_NESTING || p->depth >= CD_MAX_NESTING) {
		/* What is below is shown as it stands. */
		p->type = "text/plain";
		p->alternative = false;
		sp->out->truncated = true;
		return;
	}
	p->multipart = true;
	value = field_param(sp->a, str_of(p->content_type), "boundary", NULL);
	boundary = str_trim(str_of(value));
	if (boundary.n > 0)
		sp->stack[sp->top++] = (struct level){ boundary, index };
}

static void
part_end(struct split *sp, int index, const char *end)
{
	struct mime_part *p = &sp->out->v[index];

	/* The line end before a boundary belongs to the boundary. */
	if (end > p->body.p && end[-1] == '\n')
		end--;
	p->body.n = (size_t)(end - p->body.p);
}

static void
levels_close(struct split *sp, int down_to, const char *end)
{
	if (sp->leaf >= 0)
		part_end(sp, sp->leaf, end);
	sp->leaf = -1;
	while (sp->top > down_to) {
		sp->top--;
		part_end(sp, sp->stack[sp->top].part, end);
	}
}

/* The next line that begins with "--", from rest.p on, which begins a line. */
static bool
dashes_find(struct str *rest)
{
	ptrdiff_t hit;

	if (str_starts(*rest, STR("--")))
		return true;
	hit = str_find(*rest, STR("\n--"));
	if (hit < 0)
		return false;
	*rest = str_sub(*rest, (size_t)hit + 1, rest->n);
	return true;
}

static void
split_run(struct split *sp, struct str rest)
{
	const char *end = rest.p + rest.n;

	while (sp->top > 0 && dashes_find(&rest)) {
		struct str line = first_line(rest), after = rest;
		const char *at = rest.p;
		int level = 0;
		enum mark m = stack_match(sp, line, &level);

		str_line(&after, &line);
		rest = after;
		if (m == MARK_NONE)
			continue;
		levels_close(sp, level + 1, at);
		if (m == MARK_CLOSE) {
			levels_close(sp, level, at);
			continue;
		}
		if (sp->out->n == CD_MAX_PARTS) {
			sp->out->truncated = true;
			break;
		}
		part_begin(sp, sp->stack[level].part, &rest);
	}
	levels_close(sp, 0, end);
}

/* What a lost boundary may have been: a line "--word" with a field below. */
static bool
boundary_guess(struct str body, struct str *boundary_out)
{
	int tries = 0;

	while (tries++ < 20 && dashes_find(&body)) {
		struct str line, name, raw;

		str_line(&body, &line);
		line = str_trim(str_sub(line, 2, line.n));
		if (line.n < 1 || line.n > 200 || memchr(line.p, ' ', line.n))
			continue;
		struct str ahead = body;

		if (field_next(&ahead, &name, &raw) &&
		    str_istarts(name, STR("Content-"))) {
			*boundary_out = line;
			return true;
		}
	}
	return false;
}

/* A multipart without children is cut at what looks like its boundary, else
 * is read as text. The bodies of those do not overlap, so all of this is
 * linear too. */
static void
childless_mend(struct split *sp, int index)
{
	struct mime_part *p = &sp->out->v[index];
	struct str body = p->body, boundary;

	if (sp->out->n < CD_MAX_PARTS && p->depth < CD_MAX_NESTING &&
	    boundary_guess(body, &boundary)) {
		sp->stack[0] = (struct level){ boundary, index };
		sp->top = 1;
		sp->leaf = -1;
		split_run(sp, body);
		sp->out->v[index].body = body;
		return;
	}
	p->multipart = false;
	p->alternative = false;
	p->type = str_starts(str_trim(body), STR("<")) ? "text/html" :
	    "text/plain";
}

struct str
mime_lines(struct arena *a, struct str raw)
{
	char *out = arena_room(a, raw.n + 1);
	const char *p = raw.p, *end = raw.p + raw.n;
	size_t n = 0;

	while (p < end) {
		const char *cr = memchr(p, '\r', (size_t)(end - p));
		size_t len = cr ? (size_t)(cr - p) : (size_t)(end - p);

		memcpy(out + n, p, len);
		n += len;
		if (!cr)
			break;
		for (p = cr; p < end && *p == '\r'; p++)
			out[n++] = '\n';
		/* CR CR LF is one line end that was turned twice. */
		if (p < end && *p == '\n') {
			n -= (size_t)(p - cr) - 1;
			p++;
		}
	}
	out[n] = '\0';
	return (struct str){ out, n };
}

void
mime_split(struct arena *a, struct str text, struct mime *out)
{
	struct split *sp = arena_alloc(a, sizeof *sp);
	bool *has_child;

	*out = (struct mime){ 0 };
	sp->a = a;
	sp->out = out;
	part_begin(sp, -1, &text);
	if (sp->top == 0)
		part_end(sp, 0, text.p + text.n);
	else
		split_run(sp, text);
	has_child = arena_array(a, CD_MAX_PARTS, sizeof *has_child);
	for (size_t i = 1; i < out->n; i++)
		has_child[out->v[i].parent] = true;
	for (size_t i = 0; i < out->n; i++) {
		size_t known = out->n;

		if (!out->v[i].multipart || has_child[i])
			continue;
		childless_mend(sp, (int)i);
		for (size_t k = known; k < out->n; k++)
			has_child[out->v[k].parent] = true;
	}
}
