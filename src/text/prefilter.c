/*
 * Reads just as much of PCRE2's syntax as tells which words a match must hold.
 * A run of plain letters is a word it needs; of a group's branches one is
 * needed; what may be missing (?, *, {0,) or is no plain letter needs nothing.
 */
#include <string.h>

#include "text/pattern.h"
#include "text/prefilter.h"
#include "text/regex.h"

#define MAX_WORDS	200	/* of one set; more: the set is no use */
#define MAX_DEPTH	24
#define MAX_OPENED	3	/* groups whose branches become the pattern's */

struct reader {
	struct arena *a;
	struct str s;		/* what is left */
	/* By depth, what the branches of a group need while they are read: there
	 * is a group in nearly every pattern, and few words in most groups. */
	struct needed_word (*joined)[MAX_WORDS];
};

size_t
needed_shortest(const struct needed *set)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < set->n; i++) {
		if (set->word[i].s.n < least)
			least = set->word[i].s.n;
	}
	return least;
}

static void
add_set(struct needs *f, struct needed set)
{
	size_t worst = 0;

	if (set.n == 0 || set.n > MAX_WORDS)
		return;
	if (f->n < sizeof f->set / sizeof *f->set) {
		f->set[f->n++] = set;
		return;
	}
	for (size_t i = 1; i < f->n; i++) {
		if (needed_shortest(&f->set[i]) < needed_shortest(&f->set[worst]))
			worst = i;
	}
	if (needed_shortest(&set) > needed_shortest(&f->set[worst]))
		f->set[worst] = set;
}

/* The plain letters read since the last thing that is none. */
struct run {
	char p[64];
	size_t n;
	bool begins;		/* a word's border stands before it */
};

/* The run ends here; `ends`: at a word's border. */
static void
run_end(struct arena *a, struct run *r, struct needs *f, bool ends,
    bool last)
{
	struct needed set = { .n = 1 };

	if (r->n > 0) {
		set.word = arena_array(a, 1, sizeof *set.word);
		set.word[0] = (struct needed_word){
			arena_copy(a, (struct str){ r->p, r->n }),
			r->begins, ends, last };
		add_set(f, set);
	}
	r->n = 0;
	r->begins = false;
}

static bool alternatives(struct reader *, const struct run *before,
    struct needs *, int depth);

/* What stands after a group: a word's border makes its last words end, the
 * branch's end leaves them the last. */
static void
words_settle(struct needed *set, bool ends, bool last)
{
	for (size_t i = 0; i < set->n; i++) {
		struct needed_word *w = &set->word[i];

		w->ends = w->ends || (ends && w->last);
		w->last = w->last && last;
	}
}

/* A group with its quantifier; `before` are the letters that each of its
 * branches goes on from. false: not understood. */
static bool
group(struct reader *r, const struct run *before, struct needs *f, int depth)
{
	struct needs inner = { .n = 0 };
	bool needs = true, ends;
	int kind;

	regex_skip(&r->s, 1);
	if (regex_peek(r->s) == '?') {
		if (str_starts(r->s, STR("?:"))) {
			regex_skip(&r->s, 2);
		} else {
			needs = false;
			if (str_starts(r->s, STR("?=")) ||
			    str_starts(r->s, STR("?!")))
				regex_skip(&r->s, 2);
			else if (str_starts(r->s, STR("?<=")) ||
			    str_starts(r->s, STR("?<!")))
				regex_skip(&r->s, 3);
			else
				return false;
		}
	}
	if (!alternatives(r, before, &inner, depth + 1) || regex_peek(r->s) != ')')
		return false;
	regex_skip(&r->s, 1);
	kind = regex_quantifier(&r->s);
	ends = kind == 0 && regex_ends_at(r->s) > 0;
	for (size_t i = 0; i < inner.n && kind != 2 && needs; i++) {
		words_settle(&inner.set[i], ends, kind == 0 && regex_at_end(r->s));
		add_set(f, inner.set[i]);
	}
	return true;
}

static bool
is_literal(struct str s)
{
	return !strchr("\\[](){}.^$|?*+", s.p[0]);
}

/* At a "\\": the letter that it stands for, *n 0 if it is none; false: what
 * cannot be understood. "\\s+" is a blank. */
static bool
escape(struct reader *r, char *letter, size_t *n)
{
	char c = r->s.p[1];

	regex_skip(&r->s, 2);
	*n = 0;
	if (c == 's' && regex_peek(r->s) == '+') {
		regex_skip(&r->s, 1);
		if (regex_peek(r->s) == '?' || regex_peek(r->s) == '+')
			regex_skip(&r->s, 1);
		*letter = ' ';
		*n = 1;
	} else if (!ascii_alnum(c)) {
		*letter = c;
		*n = 1;
	} else if (c == 'p' || c == 'P' || c == 'x') {
		return regex_skip_name(&r->s);
	} else {
		return !(c == 'k' || c == 'g' || c == 'Q' || c == 'E' ||
		    ascii_digit(c));
	}
	return true;
}

static bool
border(struct reader *r, struct run *w, struct needs *f)
{
	size_t begins = regex_begins_at(r->s), ends = regex_ends_at(r->s);

	if (begins + ends == 0)
		return false;
	regex_skip(&r->s, begins + ends);
	run_end(r->a, w, f, ends > 0, regex_at_end(r->s));
	w->begins = begins > 0;
	return true;
}

/* One branch, up to | or ) or the end. */
static bool
sequence(struct reader *r, const struct run *before, struct needs *f,
    int depth)
{
	struct run w = *before;

	while (!regex_at_end(r->s)) {
		char letter[4];
		size_t len = 0;
		uint32_t cp;
		int kind;

		if (border(r, &w, f))
			continue;
		if (is_literal(r->s)) {
			len = utf8_next(r->s, &cp);
			memcpy(letter, r->s.p, len);
			regex_skip(&r->s, len);
		} else if (regex_peek(r->s) == '\\' && r->s.n > 1) {
			if (r->s.p[1] == 'b') {
				regex_skip(&r->s, 2);
				continue;
			}
			if (!escape(r, letter, &len))
				return false;
		} else if (regex_peek(r->s) == '(') {
			struct run so_far = w;

			run_end(r->a, &w, f, false, false);
			if (!group(r, &so_far, f, depth))
				return false;
			continue;
		} else if (regex_peek(r->s) == '[') {
			regex_skip_class(&r->s);
		} else {
			regex_skip(&r->s, 1);
		}
		kind = regex_quantifier(&r->s);
		if (len == 0 || kind == 2 || w.n + len > sizeof w.p ||
		    (letter[0] == ' ' && w.n > 0 && w.p[w.n - 1] == ' ')) {
			run_end(r->a, &w, f, false, false);
			continue;
		}
		memcpy(w.p + w.n, letter, len);
		w.n += len;
		if (kind == 1)
			run_end(r->a, &w, f, false, false);
	}
	run_end(r->a, &w, f, false, true);
	return true;
}

/* Of two that are as short, the later one is made of the earlier one's letters
 * and of what may follow them: a border, perhaps. */
static bool
is_better(const struct needed *set, const struct needed *than)
{
	size_t worth = needed_shortest(set), others = needed_shortest(than);

	return worth > others || (worth == others && worth < 3);
}

/* The best set of each branch, joined; false: not understood. */
static bool
alternatives(struct reader *r, const struct run *before, struct needs *f,
    int depth)
{
	struct needed all = { .n = 0 };
	struct needs first = { .n = 0 };
	bool useless = false;
	size_t branches = 0;

	if (depth > MAX_DEPTH)
		return false;
	for (;;) {
		struct needs branch = { .n = 0 };
		size_t best = 0;

		if (!sequence(r, before, &branch, depth))
			return false;
		if (branches++ == 0)
			first = branch;
		for (size_t i = 1; i < branch.n; i++) {
			if (is_better(&branch.set[i], &branch.set[best]))
				best = i;
		}
		if (branch.n == 0 || all.n + branch.set[best].n > MAX_WORDS) {
			useless = true;
		} else {
			memcpy(r->joined[depth] + all.n, branch.set[best].word,
			    branch.set[best].n * sizeof *all.word);
			all.n += branch.set[best].n;
		}
		if (regex_peek(r->s) != '|')
			break;
		regex_skip(&r->s, 1);
	}
	if (branches == 1) {
		*f = first;
	} else if (!useless) {
		all.word = arena_room(r->a, all.n * sizeof *all.word);
		memcpy(all.word, r->joined[depth], all.n * sizeof *all.word);
		add_set(f, all);
	}
	return true;
}

/* One or two letters can be looked for only at a word's border. */
static bool
set_useful(const struct needed *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct needed_word *w = &set->word[i];

		if (w->s.n + w->begins + w->ends < 3)
			return false;
	}
	return true;
}

/* Less the sets that are of no use; false: none is left. */
static bool
keep_useful(struct needs *needs)
{
	size_t n = 0;

	for (size_t i = 0; i < needs->n; i++) {
		if (set_useful(&needs->set[i]))
			needs->set[n++] = needs->set[i];
	}
	needs->n = n;
	return n > 0;
}

static bool list(struct reader *, const struct run *before, bool ends,
    struct prefilter *, int depth);

/* A branch that is nothing but a group: that group's branches. false: it is
 * more, or they are too many; then nothing has changed. */
static bool
opened(struct reader *r, const struct run *before, bool ends,
    struct prefilter *out, int depth)
{
	struct reader saved = *r;
	size_t n = out->n_ways;

	if (depth < MAX_OPENED && str_starts(r->s, STR("(?:"))) {
		regex_skip(&r->s, 3);
		if (list(r, before, ends, out, depth + 1) && regex_peek(r->s) == ')') {
			regex_skip(&r->s, 1);
			if (regex_at_end(r->s))
				return true;
		}
	}
	*r = saved;
	out->n_ways = n;
	return false;
}

static bool
as_it_is(struct reader *r, const struct run *before, bool ends,
    struct prefilter *out)
{
	struct needs *way = &out->way[out->n_ways];

	if (out->n_ways == CD_MAX_WAYS)
		return false;
	way->n = 0;
	if (!sequence(r, before, way, 1))
		return false;
	for (size_t i = 0; i < way->n; i++)
		words_settle(&way->set[i], ends, false);
	out->n_ways++;
	return keep_useful(way);
}

/* Branches up to a ) or the end. false: not understood, too many, or one of
 * them needs nothing. */
static bool
list(struct reader *r, const struct run *before, bool ends,
    struct prefilter *out, int depth)
{
	for (;;) {
		if (!opened(r, before, ends, out, depth) &&
		    !as_it_is(r, before, ends, out))
			return false;
		if (regex_peek(r->s) != '|')
			return true;
		regex_skip(&r->s, 1);
	}
}

/* Of a pattern as pattern_expand makes it: branches between two borders. */
static bool
ways_of(struct reader *r, struct prefilter *out)
{
	struct run before = { .begins = regex_begins_at(r->s) > 0 };
	bool ends = str_iends(r->s, STR(")" PATTERN_ENDS)) ||
	    str_iends(r->s, STR(")" PATTERN_STOPS));

	regex_skip(&r->s, regex_begins_at(r->s));
	if (!str_starts(r->s, STR("(?:")))
		return false;
	regex_skip(&r->s, 3);
	if (!list(r, &before, ends, out, 0) || regex_peek(r->s) != ')')
		return false;
	regex_skip(&r->s, 1);
	return regex_ends_at(r->s) == r->s.n;
}

/* Ways that need one thing each say no more than the whole. */
static bool
ways_say_more(const struct prefilter *f)
{
	for (size_t i = 0; f->n_ways > 1 && i < f->n_ways; i++) {
		if (f->way[i].n > 1)
			return true;
	}
	return false;
}

void
prefilter_of(struct arena *a, const char *regex, struct prefilter *out)
{
	struct reader r = { .a = a, .s = str_of(regex),
		.joined = arena_room(a, (MAX_DEPTH + 1) * sizeof *r.joined) };
	struct reader again = r;
	struct run none = { .n = 0 };

	out->all.n = out->n_ways = 0;
	if (!alternatives(&r, &none, &out->all, 0) || r.s.n > 0)
		out->all.n = 0;
	(void)keep_useful(&out->all);
	if (!ways_of(&again, out) || !ways_say_more(out))
		out->n_ways = 0;
}
