/*
 * Reads just as much of PCRE2's syntax as tells which words a match must hold.
 * A run of plain letters is a word it needs; of a group's branches one is
 * needed; what may be missing (?, *, {0,) or is no plain letter needs nothing.
 */
#include <string.h>

#include "text/prefilter.h"

#define MAX_WORDS	200	/* of one set; more: the set is no use */
#define MAX_DEPTH	24
#define MIN_WORD	3	/* bytes, one triple */

static uint32_t
gram(const unsigned char *p)
{
	uint32_t v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];

	return (v * 0x9e3779b1u) >> 17;
}

void
grams_of(struct grams *out, struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i + MIN_WORD <= s.n; i++) {
		uint32_t g = gram(p + i);

		out->bits[g / 64] |= (uint64_t)1 << g % 64;
	}
}

static bool
has_word(const struct grams *g, struct str word)
{
	const unsigned char *p = (const unsigned char *)word.p;

	for (size_t i = 0; i + MIN_WORD <= word.n; i++) {
		uint32_t at = gram(p + i);

		if (!(g->bits[at / 64] >> at % 64 & 1))
			return false;
	}
	return true;
}

bool
prefilter_may(const struct prefilter *f, const struct grams *g)
{
	for (size_t i = 0; i < f->n; i++) {
		bool one = false;

		for (size_t k = 0; k < f->set[i].n && !one; k++)
			one = has_word(g, f->set[i].word[k]);
		if (!one)
			return false;
	}
	return true;
}

struct reader {
	struct arena *a;
	struct str s;		/* what is left */
};

/* A set with the shortest long word is the most selective one. */
static size_t
set_worth(const struct prefilter_set *set)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < set->n; i++) {
		if (set->word[i].n < least)
			least = set->word[i].n;
	}
	return least;
}

static void
add_set(struct prefilter *f, struct prefilter_set set)
{
	size_t worst = 0;

	if (set.n == 0 || set.n > MAX_WORDS)
		return;
	if (f->n < sizeof f->set / sizeof *f->set) {
		f->set[f->n++] = set;
		return;
	}
	for (size_t i = 1; i < f->n; i++) {
		if (set_worth(&f->set[i]) < set_worth(&f->set[worst]))
			worst = i;
	}
	if (set_worth(&set) > set_worth(&f->set[worst]))
		f->set[worst] = set;
}

static void
add_word(struct arena *a, struct prefilter *f, struct str word)
{
	struct prefilter_set set = { .n = 1 };

	if (word.n < MIN_WORD)
		return;
	set.word = arena_array(a, 1, sizeof *set.word);
	set.word[0] = arena_copy(a, word);
	add_set(f, set);
}

static char
peek(const struct reader *r)
{
	return r->s.n > 0 ? r->s.p[0] : '\0';
}

static void
skip(struct reader *r, size_t n)
{
	r->s = str_sub(r->s, n, r->s.n);
}

/* What follows an atom: 0 nothing, 1 at least once, 2 perhaps never. */
static int
quantifier(struct reader *r)
{
	char c = peek(r);
	int kind = 0;

	if (c == '?' || c == '*') {
		kind = 2;
		skip(r, 1);
	} else if (c == '+') {
		kind = 1;
		skip(r, 1);
	} else if (c == '{' && r->s.n > 1 &&
	    (ascii_digit(r->s.p[1]) || r->s.p[1] == ',')) {
		ptrdiff_t end = str_find(r->s, STR("}"));

		kind = r->s.p[1] == '0' || r->s.p[1] == ',' ? 2 : 1;
		skip(r, end < 0 ? r->s.n : (size_t)end + 1);
	}
	if (kind && (peek(r) == '?' || peek(r) == '+'))
		skip(r, 1);
	return kind;
}

static void
skip_class(struct reader *r)
{
	size_t i = 1;

	if (i < r->s.n && r->s.p[i] == '^')
		i++;
	if (i < r->s.n && r->s.p[i] == ']')
		i++;
	while (i < r->s.n && r->s.p[i] != ']')
		i += r->s.p[i] == '\\' ? 2 : 1;
	skip(r, i + 1);
}

static bool alternatives(struct reader *, struct prefilter *, int depth);

/* A group with its quantifier; false: not understood. */
static bool
group(struct reader *r, struct prefilter *f, int depth)
{
	struct prefilter inner = { .n = 0 };
	bool needs = true;

	skip(r, 1);
	if (peek(r) == '?') {
		if (str_starts(r->s, STR("?:"))) {
			skip(r, 2);
		} else {
			needs = false;
			if (str_starts(r->s, STR("?=")) ||
			    str_starts(r->s, STR("?!")))
				skip(r, 2);
			else if (str_starts(r->s, STR("?<=")) ||
			    str_starts(r->s, STR("?<!")))
				skip(r, 3);
			else
				return false;
		}
	}
	if (!alternatives(r, &inner, depth + 1) || peek(r) != ')')
		return false;
	skip(r, 1);
	if (quantifier(r) == 2 || !needs)
		return true;
	for (size_t i = 0; i < inner.n; i++)
		add_set(f, inner.set[i]);
	return true;
}

static bool
is_literal(struct str s)
{
	return !strchr("\\[](){}.^$|?*+", s.p[0]);
}

/* One branch, up to | or ) or the end. */
static bool
sequence(struct reader *r, struct prefilter *f, int depth)
{
	char word[64];
	size_t n = 0;

	while (r->s.n > 0 && peek(r) != '|' && peek(r) != ')') {
		char letter[4];
		size_t len = 0;
		uint32_t cp;
		int kind;

		if (is_literal(r->s)) {
			len = utf8_next(r->s, &cp);
			memcpy(letter, r->s.p, len);
			skip(r, len);
		} else if (peek(r) == '\\' && r->s.n > 1) {
			char c = r->s.p[1];

			skip(r, 2);
			if (c == 'b')
				continue;
			if (!ascii_alnum(c)) {
				letter[0] = c;
				len = 1;
			} else if (c == 'p' || c == 'P' || c == 'x' ||
			    c == 'k' || c == 'g' || ascii_digit(c) ||
			    c == 'Q') {
				return false;
			}
		} else if (peek(r) == '(') {
			add_word(r->a, f, (struct str){ word, n });
			n = 0;
			if (!group(r, f, depth))
				return false;
			continue;
		} else if (peek(r) == '[') {
			skip_class(r);
		} else {
			skip(r, 1);
		}
		kind = quantifier(r);
		if (len == 0 || kind == 2 || n + len > sizeof word) {
			add_word(r->a, f, (struct str){ word, n });
			n = 0;
			continue;
		}
		memcpy(word + n, letter, len);
		n += len;
		if (kind == 1) {
			add_word(r->a, f, (struct str){ word, n });
			n = 0;
		}
	}
	add_word(r->a, f, (struct str){ word, n });
	return true;
}

/* The best set of each branch, joined; false: not understood. */
static bool
alternatives(struct reader *r, struct prefilter *f, int depth)
{
	struct prefilter_set all = { .n = 0 };
	struct prefilter first = { .n = 0 };
	bool useless = false;
	size_t branches = 0;

	if (depth > MAX_DEPTH)
		return false;
	all.word = arena_array(r->a, MAX_WORDS, sizeof *all.word);
	for (;;) {
		struct prefilter branch = { .n = 0 };
		size_t best = 0;

		if (!sequence(r, &branch, depth))
			return false;
		if (branches++ == 0)
			first = branch;
		for (size_t i = 1; i < branch.n; i++) {
			if (set_worth(&branch.set[i]) >
			    set_worth(&branch.set[best]))
				best = i;
		}
		if (branch.n == 0 || all.n + branch.set[best].n > MAX_WORDS) {
			useless = true;
		} else {
			memcpy(all.word + all.n, branch.set[best].word,
			    branch.set[best].n * sizeof *all.word);
			all.n += branch.set[best].n;
		}
		if (peek(r) != '|')
			break;
		skip(r, 1);
	}
	if (branches == 1)
		*f = first;
	else if (!useless)
		add_set(f, all);
	return true;
}

void
prefilter_of(struct arena *a, const char *regex, struct prefilter *out)
{
	struct reader r = { .a = a, .s = str_of(regex) };

	*out = (struct prefilter){ .n = 0 };
	if (!alternatives(&r, out, 0) || r.s.n > 0)
		*out = (struct prefilter){ .n = 0 };
}

void
prefilter_copy(struct arena *a, const struct prefilter *f,
    struct prefilter *out)
{
	out->n = f->n;
	for (size_t i = 0; i < f->n; i++) {
		struct prefilter_set *set = &out->set[i];

		set->n = f->set[i].n;
		set->word = arena_array(a, set->n, sizeof *set->word);
		for (size_t k = 0; k < set->n; k++)
			set->word[k] = arena_copy(a, f->set[i].word[k]);
	}
}
