#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "text/pattern_set.h"
#include "text/prefilter.h"
#include "text/starts.h"
#include "text/vocabulary.h"

#define MAX_NEEDED	16384
#define CHAINS		8192
#define HASH_SEED	0x811c9dc5u	/* FNV-1a */
#define SHORT		8	/* bytes: shorter words are in more texts */

/* Which is which, while patterns are added: what has one hash. */
struct known {
	const struct known *next;
	const char *regex;	/* or NULL: what patterns need */
	uint32_t number;	/* of own, or of needed */
};

/* As struct needs, by place in pattern_set.needed. */
struct places {
	uint16_t set[4];
	size_t n;
};

struct own {
	struct pattern *pattern;
	struct places all, *way;
	size_t n_ways;
	struct starts *starts;	/* NULL: anywhere */
};

/* Of the text at hand, when turn is the set's. */
struct tried {
	uint32_t turn;
	enum pattern_result result;
	size_t from, to;
};

struct pattern_set {
	struct arena *a, *codes;
	struct arena *bits;	/* those of all words lie together */
	struct arena *adding;	/* NULL: closed */
	struct arena *scratch;	/* of one pattern, while it is added */
	const struct known **chain;
	struct own own[CD_MAX_PATTERNS];
	size_t n;
	/* What the patterns need, each set once: the words for "admin" are in
	 * a hundred of them. */
	struct needed *needed;	/* MAX_NEEDED; while patterns are added */
	size_t n_needed;
	struct vocabulary *vocabulary; /* of all these, once closed */

	/* Of the text at hand. */
	struct str text;
	bool holds[MAX_NEEDED];	/* what patterns need */
	struct beginnings *beginnings;
	enum { NOT_ASKED, KNOWN, UNKNOWN } begins;
	struct tried tried[CD_MAX_PATTERNS];
	uint32_t turn;
};

struct pattern_set *
pattern_set_new(struct arena *a, struct arena *codes)
{
	/* Most of it is never used, and so takes no memory. */
	struct pattern_set *s = arena_room(a, sizeof *s);

	s->a = a;
	s->codes = codes;
	s->bits = arena_new();
	s->n = s->n_needed = 0;
	s->turn = 0;
	s->vocabulary = NULL;
	s->adding = arena_new();
	s->scratch = arena_new();
	s->chain = arena_array(s->adding, CHAINS, sizeof *s->chain);
	s->needed = arena_room(s->adding, MAX_NEEDED * sizeof *s->needed);
	s->beginnings = beginnings_new(a);
	return s;
}

/* What only adding needs. */
static void
let_go(struct pattern_set *s)
{
	arena_free(&s->adding);
	arena_free(&s->scratch);
	s->chain = NULL;
	s->needed = NULL;
}

void
pattern_set_close(struct pattern_set *s)
{
	if (s->adding)
		s->vocabulary = vocabulary_new(s->a, s->needed, s->n_needed);
	let_go(s);
}

void
pattern_set_free(struct pattern_set **s)
{
	if (!s || !*s)
		return;
	for (size_t i = 0; i < (*s)->n; i++)
		pattern_free(&(*s)->own[i].pattern);
	let_go(*s);
	arena_free(&(*s)->bits);
	*s = NULL;
}

static bool
needed_same(const struct needed *a, const struct needed *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct needed_word *x = &a->word[i], *y = &b->word[i];

		if (!str_eq(x->s, y->s) || x->begins != y->begins ||
		    x->ends != y->ends)
			return false;
	}
	return true;
}

static uint32_t
hash(uint32_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x01000193u;
	return h;
}

static void
chain_add(struct pattern_set *s, const struct known **chain, const char *regex,
    size_t number)
{
	struct known *k = arena_alloc(s->adding, sizeof *k);

	*k = (struct known){ *chain, regex, (uint32_t)number };
	*chain = k;
}

/* Its place among those known; MAX_NEEDED: there is no more room. */
static size_t
needed_keep(struct pattern_set *s, const struct needed *set)
{
	struct needed *own = &s->needed[s->n_needed];
	const struct known **chain;
	uint32_t h = HASH_SEED;

	for (size_t i = 0; i < set->n; i++)
		h = hash(h, set->word[i].s);
	chain = &s->chain[h % CHAINS];
	for (const struct known *k = *chain; k; k = k->next) {
		if (!k->regex && needed_same(&s->needed[k->number], set))
			return k->number;
	}
	if (s->n_needed == MAX_NEEDED)
		return MAX_NEEDED;
	chain_add(s, chain, NULL, s->n_needed);
	own->n = set->n;
	own->word = arena_room(s->adding, set->n * sizeof *own->word);
	for (size_t i = 0; i < set->n; i++) {
		own->word[i] = set->word[i];
		own->word[i].s = arena_copy(s->adding, set->word[i].s);
	}
	return s->n_needed++;
}

/* How many texts have it, as it seems: many short words are in most. */
static size_t
commonness(const struct needed *set)
{
	size_t least = needed_shortest(set);

	return set->n << (SHORT - (least < SHORT ? least : SHORT));
}

static int
by_commonness(const void *a, const void *b)
{
	size_t x = commonness(a), y = commonness(b);

	return x < y ? -1 : x > y;
}

/* What there is no more room for is not asked for. What fewest texts have is
 * asked for first. */
static void
keep_needs(struct pattern_set *s, struct needs *needs, struct places *places)
{
	if (needs->n > 1)
		qsort(needs->set, needs->n, sizeof *needs->set, by_commonness);
	for (size_t i = 0; i < needs->n; i++) {
		size_t at = needed_keep(s, &needs->set[i]);

		if (at < MAX_NEEDED)
			places->set[places->n++] = (uint16_t)at;
	}
}

static void
find_needs(struct pattern_set *s, const char *regex, struct own *own)
{
	struct prefilter f;

	arena_reset(s->scratch);
	prefilter_of(s->scratch, regex, &f);
	keep_needs(s, &f.all, &own->all);
	own->way = arena_array(s->a, f.n_ways, sizeof *own->way);
	for (size_t i = 0; i < f.n_ways; i++)
		keep_needs(s, &f.way[i], &own->way[own->n_ways++]);
}

enum cd_rc
pattern_set_add(struct pattern_set *s, const char *regex, uint32_t *out,
    struct cd_err *err)
{
	const struct known **chain;
	enum cd_rc rc;

	cd_assert(s->adding);
	chain = &s->chain[hash(HASH_SEED, str_of(regex)) % CHAINS];
	for (const struct known *k = *chain; k; k = k->next) {
		if (k->regex && strcmp(k->regex, regex) == 0) {
			*out = k->number;
			return CD_OK;
		}
	}
	if (s->n == CD_MAX_PATTERNS)
		return cd_fail(err, CD_MALFORMED, "more than %d patterns",
		    CD_MAX_PATTERNS);
	s->own[s->n] = (struct own){ .n_ways = 0 };
	s->tried[s->n] = (struct tried){ .turn = 0 };
	rc = pattern_compile(s->a, s->codes, regex, &s->own[s->n].pattern, err);
	if (rc != CD_OK)
		return rc;
	find_needs(s, regex, &s->own[s->n]);
	s->own[s->n].starts = starts_of(s->bits, regex);
	*out = (uint32_t)s->n++;
	chain_add(s, chain, arena_strdup(s->adding, regex), *out);
	return CD_OK;
}

void
pattern_set_look_at(struct pattern_set *s, struct str folded)
{
	cd_assert(!s->adding);
	s->text = folded;
	s->begins = NOT_ASKED;
	vocabulary_ask(s->vocabulary, folded, s->holds);
	if (++s->turn == 0) {
		memset(s->tried, 0, s->n * sizeof *s->tried);
		s->turn = 1;
	}
}

uint16_t
pattern_set_need(const struct pattern_set *s, uint32_t pattern)
{
	const struct places *all = &s->own[pattern].all;

	cd_assert(pattern < s->n);
	return all->n > 0 ? all->set[0] : PATTERN_NO_NEED;
}

size_t
pattern_set_have(struct pattern_set *s, const uint16_t *need, size_t n,
    uint16_t *place_out)
{
	size_t found = 0;

	cd_assert(n <= UINT16_MAX);
	for (size_t i = 0; i < n; i++) {
		if (need[i] == PATTERN_NO_NEED || s->holds[need[i]])
			place_out[found++] = (uint16_t)i;
	}
	return found;
}

static bool
hold(const struct pattern_set *s, const struct places *places)
{
	for (size_t i = 0; i < places->n; i++) {
		if (!s->holds[places->set[i]])
			return false;
	}
	return true;
}

static bool
may_match(const struct pattern_set *s, const struct own *own)
{
	size_t i = 0;

	if (!hold(s, &own->all))
		return false;
	while (i < own->n_ways && !hold(s, &own->way[i]))
		i++;
	return own->n_ways == 0 || i < own->n_ways;
}

/* Of what is tried everywhere the leftmost match is the first that is found;
 * here too. */
static enum pattern_result
match(struct pattern_set *s, const struct own *own, size_t *from_out,
    size_t *to_out)
{
	enum pattern_result result = PATTERN_NO;
	size_t next = 0, at;

	if (s->begins == NOT_ASKED)
		s->begins = beginnings_fill(s->beginnings, s->text) ?
		    KNOWN : UNKNOWN;
	if (!own->starts || s->begins == UNKNOWN)
		return pattern_match(own->pattern, s->text, from_out, to_out);
	beginnings_ask(s->beginnings, own->starts);
	while (result == PATTERN_NO &&
	    beginnings_next(s->beginnings, &next, &at))
		result = pattern_match_at(own->pattern, s->text, at, from_out,
		    to_out);
	return result;
}

enum pattern_result
pattern_set_match(struct pattern_set *s, uint32_t pattern, size_t *from_out,
    size_t *to_out)
{
	const struct own *own = &s->own[pattern];
	struct tried *t = &s->tried[pattern];

	cd_assert(pattern < s->n);
	if (!may_match(s, own))
		return PATTERN_NO;
	if (t->turn != s->turn) {
		t->turn = s->turn;
		t->result = match(s, own, &t->from, &t->to);
	}
	*from_out = t->from;
	*to_out = t->to;
	return t->result;
}
