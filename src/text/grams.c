/*
 * Where each letter triple of a text stands, as chains: a word is looked for
 * where its first triple is, and most words fail before that at a triple that
 * is nowhere in the text.
 */
#include <string.h>

#include "text/prefilter.h"
#include "base/limits.h"

#define BITS		15
#define EDGE_BITS	14
#define FIRST_EDGE	(1u << BITS)	/* after the triples' bits */
#define NOWHERE		UINT16_MAX
#define MAX_STEPS	64	/* places tried for one word; more: it may be */

struct grams {
	/* Triples seen, and those of short words. */
	uint64_t seen[(FIRST_EDGE + (1u << EDGE_BITS)) / 64];
	uint16_t newest[1u << BITS];	/* place; only where seen */
	uint16_t before[CD_MAX_FOLDED];	/* the place before this one */
	char text[CD_MAX_FOLDED];	/* runs of white space made one blank */
	size_t n;
	bool too_long;
};

_Static_assert(CD_MAX_FOLDED < NOWHERE, "places fit");
_Static_assert(FIRST_EDGE + (1u << EDGE_BITS) <= UINT16_MAX, "bits fit");

static uint32_t
triple(char a, char b, char c)
{
	uint32_t v = (uint32_t)(unsigned char)a << 16 |
	    (uint32_t)(unsigned char)b << 8 | (unsigned char)c;

	return v * 0x9e3779b1u;
}

static uint32_t
gram(const char *s)
{
	return triple(s[0], s[1], s[2]) >> (32 - BITS);
}

/* One or two letters at a word's border, for which a sign stands that no
 * folded text has; between two borders, one sign for both. */
#define BEGINS		'\1'
#define ENDS		'\2'
#define WHOLE		'\3'

static uint32_t
edge(char a, char b, char c)
{
	return FIRST_EDGE + (triple(a, b, c) >> (32 - EDGE_BITS));
}

static bool
is_set(const uint64_t *bits, uint32_t at)
{
	return bits[at / 64] >> at % 64 & 1;
}

static void
set(uint64_t *bits, uint32_t at)
{
	bits[at / 64] |= (uint64_t)1 << at % 64;
}

struct grams *
grams_new(struct arena *a)
{
	return arena_room(a, sizeof(struct grams));
}

bool
grams_letter(char c)
{
	unsigned char b = (unsigned char)c;

	return ascii_alnum(c) || c == '_' || (b >= 0xc3 && b <= 0xe1) ||
	    (b >= 0xe4 && b <= 0xee);
}

/* The short words that may stand at i; `inside`: a letter is before it. */
static void
fill_edges(struct grams *g, size_t i, bool inside)
{
	const char *p = g->text + i;
	size_t left = g->n - i;
	bool ends = left == 2 || (left > 2 && !grams_letter(p[2]));

	if (!inside && (left == 1 || !grams_letter(p[1])))
		set(g->seen, edge(WHOLE, p[0], WHOLE));
	if (!inside && left >= 2)
		set(g->seen, edge(BEGINS, p[0], p[1]));
	if (ends)
		set(g->seen, edge(p[0], p[1], ENDS));
	if (!inside && ends)
		set(g->seen, edge(p[0], p[1], WHOLE));
}

void
grams_fill(struct grams *g, struct str s)
{
	size_t n = 0;
	bool inside = false;	/* a letter stands before */

	memset(g->seen, 0, sizeof g->seen);
	g->too_long = s.n > sizeof g->text;
	for (size_t i = 0; i < s.n && !g->too_long; i++) {
		bool blank = ascii_space(s.p[i]);

		if (blank && n > 0 && g->text[n - 1] == ' ')
			continue;
		g->text[n++] = blank ? ' ' : s.p[i];
	}
	g->n = n;
	for (size_t i = 0; i + 3 <= n; i++) {
		uint32_t at = gram(g->text + i);

		g->before[i] = is_set(g->seen, at) ? g->newest[at] : NOWHERE;
		g->newest[at] = (uint16_t)i;
		set(g->seen, at);
	}
	for (size_t i = 0; i < n; i++) {
		fill_edges(g, i, inside);
		if (((unsigned char)g->text[i] & 0xc0) != 0x80)
			inside = grams_letter(g->text[i]);
	}
}

static bool
letter_before(const struct grams *g, size_t at)
{
	if (at == 0)
		return false;
	for (at--; at > 0 && ((unsigned char)g->text[at] & 0xc0) == 0x80;)
		at--;
	return grams_letter(g->text[at]);
}

static bool
stands_at(const struct grams *g, const struct needed_word *w, size_t at)
{
	size_t end = at + w->s.n;

	if (end > g->n || memcmp(g->text + at, w->s.p, w->s.n) != 0)
		return false;
	return !(w->begins && letter_before(g, at)) &&
	    !(w->ends && end < g->n && grams_letter(g->text[end]));
}

struct word_bits
grams_bits(const struct needed_word *w)
{
	const char *p = w->s.p;
	uint32_t bit;

	if (w->s.n > 2)
		return (struct word_bits){ (uint16_t)gram(p),
			(uint16_t)gram(p + w->s.n - 3) };
	if (w->s.n == 1)
		bit = edge(WHOLE, p[0], WHOLE);
	else if (w->begins && w->ends)
		bit = edge(p[0], p[1], WHOLE);
	else
		bit = w->begins ? edge(BEGINS, p[0], p[1]) :
		    edge(p[0], p[1], ENDS);
	return (struct word_bits){ (uint16_t)bit, (uint16_t)bit };
}

/* Its first and last triples were seen. */
static bool
has_word(const struct grams *g, const struct needed_word *w, uint16_t first)
{
	size_t steps = 0, place;

	for (size_t i = 3; i + 3 < w->s.n; i += 3) {
		if (!is_set(g->seen, gram(w->s.p + i)))
			return false;
	}
	for (place = g->newest[first]; place != NOWHERE;
	    place = g->before[place]) {
		if (steps++ == MAX_STEPS || stands_at(g, w, place))
			return true;
	}
	return false;
}

bool
grams_hold(const struct grams *g, const struct needed *set)
{
	if (g->too_long)
		return true;
	for (size_t i = 0; i < set->n; i++) {
		struct word_bits bits = set->bits[i];

		if (is_set(g->seen, bits.first) &&
		    is_set(g->seen, bits.last) &&
		    (bits.first >= FIRST_EDGE ||
		    has_word(g, &set->word[i], bits.first)))
			return true;
	}
	return false;
}
