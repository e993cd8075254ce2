#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/factor.h"

#define MAX_BRANCHES	512

struct branch {
	struct str s;
	uint32_t first;		/* its first letter; 0: none that is plain */
	size_t at;		/* order as written */
};

/* Length of the escape, class or letter at s. */
static size_t
atom_length(struct str s)
{
	size_t n = 1;

	if (s.p[0] == '\\')
		return s.n > 1 ? 2 : 1;
	if (s.p[0] != '[')
		return 1;
	if (n < s.n && s.p[n] == '^')
		n++;
	if (n < s.n && s.p[n] == ']')
		n++;
	while (n < s.n && s.p[n] != ']')
		n += s.p[n] == '\\' ? 2 : 1;
	return n < s.n ? n + 1 : s.n;
}

/* A letter that stands for itself and is surely there once. */
static uint32_t
first_letter(struct str s)
{
	uint32_t cp;
	size_t n = utf8_next(s, &cp);

	if (n == 0 || (cp < 0x80 && !ascii_alnum((char)cp)))
		return 0;
	if (n < s.n && strchr("?*+{", s.p[n]))
		return 0;
	return cp;
}

/* Cuts at the | of the top level; 0: more than fit. */
static size_t
split(struct str s, struct branch *out)
{
	size_t n = 0, from = 0, depth = 0;

	for (size_t i = 0; i <= s.n;) {
		if (i == s.n || (s.p[i] == '|' && depth == 0)) {
			if (n == MAX_BRANCHES)
				return 0;
			out[n].s = str_sub(s, from, i);
			out[n].first = first_letter(out[n].s);
			out[n].at = n;
			n++;
			from = ++i;
			continue;
		}
		depth += s.p[i] == '(';
		depth -= s.p[i] == ')' && depth > 0;
		i += atom_length(str_sub(s, i, s.n));
	}
	return n;
}

static int
by_letter(const void *a, const void *b)
{
	const struct branch *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static void
add_group(struct buf *out, const struct branch *b, size_t n)
{
	size_t letter;
	uint32_t cp;

	if (n == 1) {
		buf_adds(out, b->s);
		return;
	}
	letter = utf8_next(b->s, &cp);
	buf_add(out, b->s.p, letter);
	buf_puts(out, "(?:");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(out, '|');
		buf_adds(out, str_sub(b[i].s, letter, b[i].s.n));
	}
	buf_char(out, ')');
}

const char *
factor_alternatives(struct arena *a, const char *regex)
{
	struct branch *b = arena_room(a, MAX_BRANCHES * sizeof *b);
	size_t n = split(str_of(regex), b);
	struct buf out = buf_new(a, 2 * CD_MAX_PATTERN);

	if (n < 4)
		return regex;
	qsort(b, n, sizeof *b, by_letter);
	for (size_t i = 0; i < n;) {
		size_t end = i + 1;

		while (b[i].first && end < n && b[end].first == b[i].first)
			end++;
		if (i > 0)
			buf_char(&out, '|');
		add_group(&out, b + i, end - i);
		i = end;
	}
	return out.full ? regex : buf_str(&out).p;
}
