#include <string.h>

#include "base/limits.h"
#include "text/fold.h"
#include "text/oldmail.h"

#define MAX_INITIALS	4	/* letters */
#define MAX_QUOTED	8	/* people, by their initials */

/* Takes ">", "> >", ">>> " off the front; a mark is followed by anything. */
static unsigned
marks_cut(struct str *s)
{
	unsigned depth = 0;

	for (;;) {
		struct str t = str_trim(*s);

		if (t.n == 0 || t.p[0] != '>' || depth == UINT16_MAX)
			break;
		*s = str_sub(t, 1, t.n);
		depth++;
	}
	*s = str_trim(*s);
	return depth;
}

static size_t
lines_count(struct str text)
{
	size_t n = str_count(text, '\n') + 1;

	return n < CD_MAX_LINES ? n : CD_MAX_LINES;
}

/* Fills one line; *scratch moves on by what the folded forms take. */
static void
line_fill(struct text_line *l, struct str text, char **scratch)
{
	struct str all = str_sub(text, l->from, l->to);
	size_t n;

	l->raw = all;
	l->delimiter = str_eq(all, STR("-- ")) || str_eq(all, STR("-- \n"));
	l->depth = marks_cut(&l->raw);
	l->zone = ZONE_UNDECIDED;
	l->fold = l->raw;
	if (l->depth > 0)
		return;
	n = fold_into(*scratch, l->raw);
	l->fold = (struct str){ *scratch, n };
	*scratch += n;
}

/* How many bytes of "JL> " the line begins with: the initials of whom The Bat!
 * quotes. */
static size_t
initials_of(struct str s)
{
	size_t n = 0, letters = 0;

	for (; n < s.n && s.p[n] != '>'; n++) {
		unsigned char c = (unsigned char)s.p[n];

		if (!ascii_alpha((char)c) && c < 0xc0 && (c < 0x80 || n == 0))
			return 0;
		letters += c < 0x80 || c >= 0xc0;
	}
	if (n == s.n || letters == 0 || letters > MAX_INITIALS)
		return 0;
	while (n < s.n && s.p[n] == '>')
		n++;
	return n == s.n || ascii_space(s.p[n]) ? n : 0;
}

/* Those are a quote's marks if what stands above says when it was written, or if they
 * were some before: lines of a chat that somebody shows begin so, too. */
static void
initials_cut(struct lines *ls)
{
	struct str known[MAX_QUOTED];
	size_t n_known = 0, last = 0;	/* the last line that is not blank */

	for (size_t i = 0; i < ls->n; i++) {
		struct text_line *l = &ls->v[i];
		size_t n = l->depth == 0 ? initials_of(l->raw) : 0, k = 0;
		struct str s = str_sub(l->raw, 0, n);

		while (s.n > 0 && s.p[s.n - 1] == '>')
			s.n--;
		while (n > 0 && k < n_known && !str_eq(known[k], s))
			k++;
		if (n > 0 && k == n_known && n_known < MAX_QUOTED &&
		    last < i && i - last <= 2 &&
		    str_iends(ls->v[last].fold, STR(":")) &&
		    attribution_dated(ls->v[last].fold))
			known[n_known++] = s;
		if (!line_blank(l))
			last = i;
		if (n == 0 || k == n_known)
			continue;
		l->depth = 1;
		l->raw = str_trim(str_sub(l->raw, n, l->raw.n));
		l->fold = l->raw;
	}
}

/* html's spans, laid over the lines: the zone of a line's first visible byte,
 * or of the last span that begins inside it. */
static void
zones_lay(struct lines *ls, const struct zoned *body)
{
	size_t s = 0;

	for (size_t i = 0; i < ls->n; i++) {
		struct text_line *l = &ls->v[i];
		size_t first = l->from;

		while (first < l->to && ascii_space(body->text.p[first]))
			first++;
		if (first == l->to)
			first = l->from;
		while (s < body->n_spans && body->spans[s].to <= first)
			s++;
		if (s < body->n_spans && body->spans[s].from <= first &&
		    body->spans[s].zone < ZONE_COUNT)
			l->zone = body->spans[s].zone;
	}
}

struct lines
lines_cut(struct arena *a, const struct zoned *body)
{
	struct str text = body->text;
	size_t max = lines_count(text), at = 0;
	struct lines ls = {
		arena_array(a, max + CD_MAX_LINE_CUTS, sizeof *ls.v), 0, 0,
		text
	};
	char *scratch = arena_room(a, text.n + 1);

	while (at < text.n) {
		struct text_line *l = &ls.v[ls.n++];
		ptrdiff_t end = str_find(str_sub(text, at, text.n), STR("\n"));

		l->from = at;
		l->to = end < 0 || ls.n == max ? text.n
		    : at + (size_t)end + 1;
		line_fill(l, text, &scratch);
		at = l->to;
	}
	initials_cut(&ls);
	zones_lay(&ls, body);
	return ls;
}

static void
line_refold(struct arena *a, struct str text, struct text_line *l)
{
	l->raw = str_trim(str_sub(text, l->from, l->to));
	l->fold = fold(a, l->raw);
}

bool
lines_cut_at(struct arena *a, struct lines *ls, size_t i, size_t at)
{
	struct text_line *l = &ls->v[i];

	if (ls->cuts == CD_MAX_LINE_CUTS || l->depth > 0)
		return false;
	memmove(l + 2, l + 1, (ls->n - i - 1) * sizeof *l);
	l[1] = l[0];
	l[1].from = l[0].to = (size_t)(l->raw.p - ls->text.p) + at;
	line_refold(a, ls->text, &l[0]);
	line_refold(a, ls->text, &l[1]);
	ls->n++;
	ls->cuts++;
	return true;
}

bool
line_blank(const struct text_line *l)
{
	return l->fold.n == 0;
}

size_t
lines_next(const struct lines *ls, size_t i, size_t end)
{
	while (i < end && line_blank(&ls->v[i]))
		i++;
	return i;
}
