/*
 * Reads a pattern's branches side by side, with the beginnings that they have
 * had so far: each letter is put to all of them, until they are long enough or
 * may go on in too many ways (a class, "~", a repetition). Long ones tell words
 * apart, short ones are what "ok" and "no~" leave; so there are two lengths,
 * and nothing between.
 *
 * White space of any kind and length is one blank, in patterns and in texts.
 */
#include <string.h>

#include "base/limits.h"
#include "text/pattern.h"
#include "text/prefilter.h"
#include "text/regex.h"
#include "text/starts.h"
#include "text/vocabulary.h"

#define LONG		4	/* bytes */
#define SHORT		2
#define SHORT_MASK	((1u << 8 * SHORT) - 1)
#define MAX_STARTS	512	/* of one pattern */
#define MAX_OPEN	MAX_STARTS /* beginnings at a time */
#define MAX_DEPTH	24

/* Its bytes, the first one lowest; those that it lacks are zero. */
struct start {
	uint32_t bytes;
	unsigned n;
};

/* Beginnings that are not long enough yet. */
struct open {
	struct start v[MAX_OPEN];
	size_t n;
};

struct finder {
	struct str s;		/* what is left of the pattern */
	size_t most;		/* bytes of a beginning: LONG or SHORT */
	uint16_t found[MAX_STARTS]; /* hashes */
	size_t n;
	bool useless;		/* anything may be a beginning, or too much */
};

#define CHAIN_BITS	12
#define NOWHERE		UINT16_MAX
#define MAX_BEGINNINGS	CD_MAX_CLASSIFY /* each is a character at least */

/* Of a beginning's first LONG or SHORT bytes: that of the i-th beginning is at
 * 2 * i or 2 * i + 1. */
struct link {
	uint16_t hash;
	uint16_t before;	/* of the same chain */
};

struct beginnings {
	uint16_t at[MAX_BEGINNINGS];
	struct link link[2 * MAX_BEGINNINGS];
	uint16_t newest[1u << CHAIN_BITS]; /* link of a chain */
	uint64_t asked[MAX_BEGINNINGS / 64 + 1];
	size_t n;
};

_Static_assert(CD_MAX_FOLDED <= UINT16_MAX, "places fit");
_Static_assert(2 * MAX_BEGINNINGS < NOWHERE, "links fit");

static uint16_t
hash(uint32_t bytes)
{
	return (uint16_t)(bytes * 0x9e3779b1u >> 16);
}

/* ---- of a pattern ---------------------------------------------------------- */

/* Whatever follows this beginning. */
static void
settle(struct finder *f, struct start s)
{
	uint16_t h;

	if (s.n < SHORT) {
		f->useless = true;
		return;
	}
	if (s.n < LONG)
		s.bytes &= SHORT_MASK;
	h = hash(s.bytes);
	for (size_t i = 0; i < f->n; i++) {
		if (f->found[i] == h)
			return;
	}
	if (f->n == MAX_STARTS)
		f->useless = true;
	else
		f->found[f->n++] = h;
}

static void
settle_all(struct finder *f, struct open *o)
{
	for (size_t i = 0; i < o->n; i++)
		settle(f, o->v[i]);
	o->n = 0;
}

static void
add(struct finder *f, struct open *o, struct start s)
{
	if (s.n >= f->most) {
		settle(f, s);
		return;
	}
	for (size_t i = 0; i < o->n; i++) {
		if (o->v[i].bytes == s.bytes && o->v[i].n == s.n)
			return;
	}
	if (o->n == MAX_OPEN)
		f->useless = true;
	else
		o->v[o->n++] = s;
}

static void
add_all(struct finder *f, struct open *to, const struct open *o)
{
	for (size_t i = 0; i < o->n; i++)
		add(f, to, o->v[i]);
}

static void
copy(struct open *to, const struct open *o)
{
	to->n = o->n;
	memcpy(to->v, o->v, o->n * sizeof *o->v);
}

static struct start
longer(struct start s, char c, size_t most)
{
	if (ascii_space(c))
		c = ' ';
	if (s.n < most && !(c == ' ' && s.n > 0 &&
	    s.bytes >> 8 * (s.n - 1) == ' '))
		s.bytes |= (uint32_t)(unsigned char)c << 8 * s.n++;
	return s;
}

/* One that has this letter next, for each of `before`. */
static void
add_letter(struct finder *f, struct open *o, const struct open *before,
    struct str letter)
{
	for (size_t i = 0; i < before->n; i++) {
		struct start s = before->v[i];

		for (size_t k = 0; k < letter.n; k++)
			s = longer(s, letter.p[k], f->most);
		add(f, o, s);
	}
}

static bool alternatives(struct finder *, struct open *, int depth);

/* At a "(": what kind of a group it is; its sign is skipped. false: one that is
 * not understood. */
static bool
group_opens(struct finder *f, bool *looks_around)
{
	static const char *const looks[] = { "?=", "?!", "?<=", "?<!" };

	regex_skip(&f->s, 1);
	*looks_around = false;
	if (str_starts(f->s, STR("?:"))) {
		regex_skip(&f->s, 2);
		return true;
	}
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		if (!str_starts(f->s, str_of(looks[i])))
			continue;
		regex_skip(&f->s, strlen(looks[i]));
		*looks_around = true;
		return true;
	}
	return regex_peek(f->s) != '?' && regex_peek(f->s) != '*';
}

/* The rest of a branch, or of a group with all its branches up to its ")". */
static bool
skip_rest(struct finder *f, bool of_group)
{
	size_t depth = 0;
	bool looks_around;

	while (f->s.n > 0) {
		char c = f->s.p[0];

		if (depth == 0 && (c == ')' || (c == '|' && !of_group)))
			return true;
		if (c == '[') {
			regex_skip_class(&f->s);
			continue;
		}
		if (c == '(') {
			if (!group_opens(f, &looks_around))
				return false;
			depth++;
			continue;
		}
		depth -= c == ')';
		regex_skip(&f->s, c == '\\' ? 2 : 1);
	}
	return depth == 0;
}

/* The atom that turned `before` into *o ends here: it may be repeated, or be
 * missing. */
static void
quantify(struct finder *f, struct open *o, const struct open *before)
{
	char c = regex_peek(f->s);
	int kind = regex_quantifier(&f->s);

	if (kind != 0 && c != '?')
		settle_all(f, o);
	if (kind == 2)
		add_all(f, o, before);
}

static bool
group(struct finder *f, struct open *o, int depth)
{
	struct open before;
	bool looks_around;

	if (!group_opens(f, &looks_around))
		return false;
	copy(&before, o);
	if (!(looks_around ? skip_rest(f, true) :
	    alternatives(f, o, depth + 1)) || regex_peek(f->s) != ')')
		return false;
	regex_skip(&f->s, 1);
	quantify(f, o, &before);
	return true;
}

/* "[ae]": each of its letters. What is no plain list of them may be
 * anything. */
static void
class(struct finder *f, struct open *o)
{
	struct open before;
	struct str rest = f->s;

	regex_skip_class(&f->s);
	rest = str_sub(rest, 1, rest.n - f->s.n - 1);
	copy(&before, o);
	o->n = 0;
	for (bool first = true; rest.n > 0; first = false) {
		bool escaped = rest.p[0] == '\\' && rest.n > 1;
		bool range = rest.p[0] == '-' && !first && rest.n > 1;
		uint32_t cp;
		size_t n;

		regex_skip(&rest, escaped);
		n = utf8_next(rest, &cp);
		if (escaped && rest.p[0] == 's')
			add_letter(f, o, &before, STR(" "));
		else if (range || (escaped ? ascii_alnum(rest.p[0]) :
		    rest.p[0] == '^' || rest.p[0] == '['))
			break;
		else
			add_letter(f, o, &before, str_sub(rest, 0, n));
		regex_skip(&rest, n);
	}
	if (rest.n > 0) {
		copy(o, &before);
		settle_all(f, o);
	}
	quantify(f, o, &before);
}

/* A letter, or what may be any. */
static void
letter(struct finder *f, struct open *o)
{
	struct open before;
	bool escaped = f->s.p[0] == '\\' && f->s.n > 1, blank;
	uint32_t cp;
	size_t n;
	char c;

	regex_skip(&f->s, escaped);
	c = f->s.p[0];
	n = utf8_next(f->s, &cp);
	copy(&before, o);
	blank = escaped && c == 's';
	if (blank) {
		o->n = 0;
		add_letter(f, o, &before, STR(" "));
	} else if (escaped ? ascii_alnum(c) : !!strchr("\\.^$]{}?*+", c)) {
		settle_all(f, o);
	} else {
		o->n = 0;
		add_letter(f, o, &before, str_sub(f->s, 0, n));
	}
	regex_skip(&f->s, n);
	/* "\\s+" is one blank however long it is, and stays as it is. */
	if (!blank || !strchr("+*", regex_peek(f->s)))
		quantify(f, o, &before);
	else if (regex_quantifier(&f->s) == 2)
		add_all(f, o, &before);
}

static bool
sequence(struct finder *f, struct open *o, int depth)
{
	while (!regex_at_end(f->s)) {
		if (o->n == 0 || f->useless)
			return skip_rest(f, false);
		if (f->s.p[0] == '(') {
			if (!group(f, o, depth))
				return false;
		} else if (f->s.p[0] == '[') {
			class(f, o);
		} else {
			letter(f, o);
		}
	}
	return true;
}

static bool
alternatives(struct finder *f, struct open *o, int depth)
{
	struct open before;

	if (depth > MAX_DEPTH)
		return false;
	copy(&before, o);
	o->n = 0;
	for (;;) {
		struct open branch;

		copy(&branch, &before);
		if (!sequence(f, &branch, depth))
			return false;
		add_all(f, o, &branch);
		if (regex_peek(f->s) != '|')
			return true;
		regex_skip(&f->s, 1);
	}
}

/* With beginnings of so many bytes. */
static bool
find(struct finder *f, const char *regex, size_t most)
{
	struct open o;

	o.n = 1;
	o.v[0] = (struct start){ 0, 0 };
	f->s = str_of(regex);
	f->most = most;
	f->n = 0;
	f->useless = false;
	/* A quote, or a "\\c(", may hold any sign. */
	if (!str_starts(f->s, STR(PATTERN_BEGINS)) ||
	    str_find(f->s, STR("\\Q")) >= 0 ||
	    str_find(f->s, STR("\\c")) >= 0)
		return false;
	regex_skip(&f->s, sizeof PATTERN_BEGINS - 1);
	if (!sequence(f, &o, 0) || f->s.n > 0)
		return false;
	settle_all(f, &o);
	return !f->useless;
}

struct starts *
starts_of(struct arena *a, const char *regex)
{
	struct finder f;
	struct starts *s;

	if (!find(&f, regex, LONG) && !find(&f, regex, SHORT))
		return NULL;
	s = arena_alloc(a, sizeof *s + f.n * sizeof *s->hash);
	s->n = f.n;
	memcpy(s->hash, f.found, f.n * sizeof *s->hash);
	return s;
}

/* ---- of a text ------------------------------------------------------------- */

struct beginnings *
beginnings_new(struct arena *a)
{
	/* Most of it is never used, and so takes no memory. */
	return arena_room(a, sizeof(struct beginnings));
}

static uint32_t
bytes_at(struct str s, size_t at)
{
	struct start start = { 0, 0 };

	for (; at < s.n && start.n < LONG; at++)
		start = longer(start, s.p[at], LONG);
	return start.bytes;
}

static void
add_link(struct beginnings *b, size_t i, uint32_t bytes)
{
	uint16_t h = hash(bytes), *newest = &b->newest[h >> (16 - CHAIN_BITS)];

	b->link[i] = (struct link){ h, *newest };
	*newest = (uint16_t)i;
}

bool
beginnings_fill(struct beginnings *b, struct str folded)
{
	bool inside = false;	/* a letter stands before */

	b->n = 0;
	memset(b->newest, 0xff, sizeof b->newest);
	if (folded.n > CD_MAX_FOLDED)
		return false;
	for (size_t i = 0; i < folded.n; i++) {
		uint32_t bytes;

		if (((unsigned char)folded.p[i] & 0xc0) == 0x80)
			continue;
		if (!inside) {
			if (b->n == MAX_BEGINNINGS)
				return false;
			bytes = bytes_at(folded, i);
			b->at[b->n] = (uint16_t)i;
			add_link(b, 2 * b->n, bytes);
			add_link(b, 2 * b->n + 1, bytes & SHORT_MASK);
			b->n++;
		}
		inside = vocabulary_letter(folded.p[i]);
	}
	return true;
}

void
beginnings_ask(struct beginnings *b, const struct starts *s)
{
	memset(b->asked, 0, (b->n / 64 + 1) * sizeof *b->asked);
	for (size_t i = 0; i < s->n; i++) {
		uint16_t at = b->newest[s->hash[i] >> (16 - CHAIN_BITS)];

		for (; at != NOWHERE; at = b->link[at].before) {
			if (b->link[at].hash == s->hash[i])
				b->asked[at / 2 / 64] |= (uint64_t)1 <<
				    at / 2 % 64;
		}
	}
}

bool
beginnings_next(const struct beginnings *b, size_t *next, size_t *at_out)
{
	for (size_t i = *next; i < b->n; i = (i / 64 + 1) * 64) {
		uint64_t left = b->asked[i / 64] >> i % 64;

		if (left == 0)
			continue;
		i += (size_t)__builtin_ctzll(left);
		*next = i + 1;
		*at_out = b->at[i];
		return true;
	}
	return false;
}
