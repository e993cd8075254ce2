#include <string.h>

#include "base/limits.h"
#include "text/domain.h"
#include "text/older.h"
#include "text/oldmail.h"

static bool
is_name_byte(char c)
{
	return ascii_alnum(c) || c == '.' || c == '-' || (unsigned char)c >= 0x80;
}

/* The next address's domain; *at moves behind it. NULL: there is no more. */
static const char *
next_domain(struct arena *a, struct str s, size_t *at)
{
	while (*at < s.n) {
		size_t from = *at + 1;
		const char *domain;

		if (s.p[(*at)++] != '@')
			continue;
		while (*at < s.n && is_name_byte(s.p[*at]))
			(*at)++;
		domain = domain_normal(a, str_sub(s, from, *at));
		if (domain)
			return domain;
	}
	return NULL;
}

static void
add_reader(struct older *o, const char *domain)
{
	if (o->n_readers < OLDER_READERS)
		o->reader[o->n_readers++] = domain;
}

/* Some programs write the whole head in one line: who comes first is the writer. */
static void
line_add(struct arena *a, struct str line, unsigned kind, struct older *o)
{
	const char *domain;
	size_t at = 0;

	if ((kind & L_FROM) && o->from.n == 0)
		o->from = line;
	while ((kind & (L_FROM | L_TO | L_CC)) &&
	    (domain = next_domain(a, line, &at)) != NULL) {
		if (!o->writer && (kind & L_FROM))
			o->writer = domain;
		else
			add_reader(o, domain);
	}
}

/* A header block of k lines, some of which go on with the header above them. */
static struct older
of_block(struct arena *a, const struct lines *ls, size_t i, size_t k)
{
	struct older o = { .at = ls->v[i].from };
	unsigned kind = L_FROM;	/* whom some programs name without a label */

	for (size_t j = i; j < i + k; j++) {
		if (line_blank(&ls->v[j]))
			continue;
		if (ls->v[j].label)
			kind = ls->v[j].label;
		line_add(a, ls->v[j].raw, kind, &o);
	}
	return o;
}

/* "On ..., X <x@y> wrote:", which names no reader. */
static struct older
of_attribution(struct arena *a, const struct lines *ls, size_t i, size_t k)
{
	struct older o = { .at = ls->v[i].from };
	size_t at = 0;

	o.from = str_trim(str_sub(ls->text, ls->v[i].from,
	    ls->v[i + k - 1].to));
	o.writer = next_domain(a, o.from, &at);
	return o;
}

size_t
older_find(struct arena *a, struct str text, struct older *out, size_t max)
{
	struct zoned body = { .text = str_sub(text, 0, CD_MAX_CLASSIFY) };
	struct lines ls = lines_cut(a, &body);
	bool forward = false;
	size_t n = 0, i = 0;

	header_labels_mark(&ls);
	while ((i = lines_next(&ls, i, ls.n)) < ls.n && n < max) {
		size_t k = header_block_at(&ls, i, ls.n, forward);
		bool block = k > 0;

		forward = separator_at(&ls, i, ls.n) != SEPARATOR_NONE;
		if (!block)
			k = attribution_at(&ls, i, ls.n);
		if (k > 0)
			out[n++] = block ? of_block(a, &ls, i, k) :
			    of_attribution(a, &ls, i, k);
		i += k > 0 ? k : 1;
	}
	return n;
}
