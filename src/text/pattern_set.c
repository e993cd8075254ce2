#include <string.h>

#include "base/limits.h"
#include "text/pattern_set.h"
#include "text/prefilter.h"

#define MAX_NEEDED	8192
#define CHAINS		4096

/* Which is which, while patterns are added. */
struct known {
	const struct known *next;
	const char *regex;
	uint32_t number;
};

struct own {
	struct pattern *pattern;
	uint32_t needs[4];	/* of pattern_set.needed */
	size_t n_needs;
};

/* Of the text at hand, when turn is the set's. */
struct tried {
	uint32_t turn;
	enum pattern_result result;
	size_t from, to;
};

enum answer { NOT_ASKED, IS_THERE, IS_MISSING };

struct pattern_set {
	struct arena *a, *codes;
	struct arena *adding;	/* NULL: closed */
	struct arena *scratch;	/* of one pattern, while it is added */
	const struct known **chain;
	struct own own[CD_MAX_PATTERNS];
	size_t n;
	/* What the patterns need, each set once: the words for "admin" are in
	 * a hundred of them. */
	struct needed needed[MAX_NEEDED];
	size_t n_needed;

	/* Of the text at hand. */
	struct str text;
	struct grams *grams;
	unsigned char answer[MAX_NEEDED];	/* enum answer */
	struct tried tried[CD_MAX_PATTERNS];
	uint32_t turn;
};

struct pattern_set *
pattern_set_new(struct arena *a, struct arena *codes)
{
	struct pattern_set *s = arena_alloc(a, sizeof *s);

	s->a = a;
	s->codes = codes;
	s->adding = arena_new();
	s->scratch = arena_new();
	s->chain = arena_array(s->adding, CHAINS, sizeof *s->chain);
	s->grams = grams_new(a);
	return s;
}

void
pattern_set_close(struct pattern_set *s)
{
	arena_free(&s->adding);
	arena_free(&s->scratch);
	s->chain = NULL;
}

void
pattern_set_free(struct pattern_set **s)
{
	if (!s || !*s)
		return;
	for (size_t i = 0; i < (*s)->n; i++)
		pattern_free(&(*s)->own[i].pattern);
	pattern_set_close(*s);
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

/* Its place among those known; MAX_NEEDED: there is no more room. */
static size_t
needed_keep(struct pattern_set *s, const struct needed *set)
{
	struct needed *own = &s->needed[s->n_needed];

	for (size_t i = 0; i < s->n_needed; i++) {
		if (needed_same(&s->needed[i], set))
			return i;
	}
	if (s->n_needed == MAX_NEEDED)
		return MAX_NEEDED;
	own->n = set->n;
	own->word = arena_array(s->a, set->n, sizeof *own->word);
	own->bit = arena_array(s->a, set->n, sizeof *own->bit);
	for (size_t i = 0; i < set->n; i++) {
		own->bit[i] = set->bit[i];
		own->word[i] = set->word[i];
		own->word[i].s = arena_copy(s->a, set->word[i].s);
	}
	return s->n_needed++;
}

static void
find_needs(struct pattern_set *s, const char *regex, struct own *own)
{
	struct prefilter needs;

	arena_reset(s->scratch);
	prefilter_of(s->scratch, regex, &needs);
	for (size_t i = 0; i < needs.n; i++) {
		size_t at = needed_keep(s, &needs.set[i]);

		if (at < MAX_NEEDED)
			own->needs[own->n_needs++] = (uint32_t)at;
	}
}

static const struct known **
chain_of(struct pattern_set *s, const char *regex)
{
	uint32_t h = 0x811c9dc5u;

	for (const char *c = regex; *c; c++)
		h = (h ^ (unsigned char)*c) * 0x01000193u;
	return &s->chain[h % CHAINS];
}

enum cd_rc
pattern_set_add(struct pattern_set *s, const char *regex, uint32_t *out,
    struct cd_err *err)
{
	const struct known **chain = chain_of(s, regex);
	struct known *k;
	enum cd_rc rc;

	cd_assert(s->adding);
	for (const struct known *i = *chain; i; i = i->next) {
		if (strcmp(i->regex, regex) == 0) {
			*out = i->number;
			return CD_OK;
		}
	}
	if (s->n == CD_MAX_PATTERNS)
		return cd_fail(err, CD_MALFORMED, "more than %d patterns",
		    CD_MAX_PATTERNS);
	rc = pattern_compile(s->a, s->codes, regex, &s->own[s->n].pattern, err);
	if (rc != CD_OK)
		return rc;
	find_needs(s, regex, &s->own[s->n]);
	*out = (uint32_t)s->n++;
	k = arena_alloc(s->adding, sizeof *k);
	*k = (struct known){ *chain, arena_strdup(s->adding, regex), *out };
	*chain = k;
	return CD_OK;
}

void
pattern_set_look_at(struct pattern_set *s, struct str folded)
{
	s->text = folded;
	grams_fill(s->grams, folded);
	memset(s->answer, NOT_ASKED, s->n_needed);
	if (++s->turn == 0) {
		memset(s->tried, 0, sizeof s->tried);
		s->turn = 1;
	}
}

static bool
may_match(struct pattern_set *s, const struct own *own)
{
	for (size_t i = 0; i < own->n_needs; i++) {
		uint32_t at = own->needs[i];

		if (s->answer[at] == NOT_ASKED)
			s->answer[at] = grams_hold(s->grams, &s->needed[at]) ?
			    IS_THERE : IS_MISSING;
		if (s->answer[at] == IS_MISSING)
			return false;
	}
	return true;
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
		t->result = pattern_match(own->pattern, s->text, &t->from,
		    &t->to);
	}
	*from_out = t->from;
	*to_out = t->to;
	return t->result;
}
