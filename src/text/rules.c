/*
 * Rules: from the files as written to compiled patterns, and their run over a
 * mail. A rule written for "all" languages becomes one rule for each language
 * that has the words for it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/pattern_set.h"
#include "text/rule_lookup.h"
#include "text/rules.h"

/* A zone longer than this is nobody's one-line answer. */
#define MAX_WHOLE	240
/* So many rules may meet their limit before a mail counts as hostile and the
 * rest is left out: bounds what one mail can cost. */
#define MAX_LIMITS	3

#define NO_PATTERN	UINT32_MAX
#define MAX_LISTS	16	/* more than families() tells apart */

struct rule {
	const char *id;
	enum rule_zone zone;
	struct rule_place place;
	unsigned families;	/* 0: for every language */
	bool whole;
	uint32_t *match;	/* patterns: one for each match line */
	size_t n_match;
	uint32_t unless;	/* or NO_PATTERN */
	const struct rule_effect *effects;
	size_t n_effects;
};

/* A match line of a rule. */
struct line {
	uint16_t rule, at;
};

/* Match lines of rules that are for the same families: in the order of the
 * rules, and what each needs apart, because for most that is all there is to
 * know. */
struct lines {
	unsigned families;
	struct line *v;
	uint16_t *need;
	size_t n;
};

/* Of one zone. */
struct zone_lines {
	struct lines list[MAX_LISTS];
	size_t n;
};

_Static_assert(CD_MAX_RULES <= UINT16_MAX, "a line names any rule");

struct rules {
	struct arena *a;
	struct arena *codes;
	struct pattern_set *patterns;
	struct arena *turn;	/* of one pattern while it is made */
	rules_watch *watch;	/* while they are loaded, or NULL */
	void *watch_ctx;
	struct rule *v;
	size_t n;
	const char *languages[CD_MAX_RULE_LANGUAGES]; /* that have words */
	size_t n_languages;
	struct zone_lines zone[RULE_ZONE_COUNT];
	uint16_t *asked;	/* room for the places of one list of lines */
	bool limited;
};

/* One rule in one language. */
struct lookup {
	struct rule_lookup words;
	struct rule_place place;
	const struct rule_effect *effects;
	bool several;		/* the rule is for more than one language */
	bool *took;		/* which match lines a language has words for */
};

const char *
rule_zone_name(enum rule_zone zone)
{
	static const char *const names[RULE_ZONE_COUNT] = {
		[RULE_SUBJECT] = "subject",
		[RULE_NEW] = "new",
		[RULE_QUOTED] = "quoted",
		[RULE_FORWARDED] = "forwarded",
		[RULE_SIGNATURE] = "signature",
		[RULE_ATTACHMENT] = "attachment",
		[RULE_SENDER] = "sender",
	};

	cd_assert(zone < RULE_ZONE_COUNT);
	return names[zone];
}

/* Languages that are taken for each other in five words. A rule of one family
 * says nothing about a text of another, however its words look. English words
 * stand in mails of every language. 0: counts everywhere. */
static unsigned
families(const char *language)
{
	static const struct {
		const char *language;
		unsigned families;
	} known[] = {
		{ "es", 1 }, { "pt", 1 }, { "fr", 1 }, { "it", 1 }, { "ro", 1 },
		{ "de", 2 }, { "nl", 2 }, { "ru", 4 }, { "uk", 4 }, { "be", 4 },
		{ "bg", 4 }, { "sr", 4 | 8 }, { "hr", 8 }, { "bs", 8 },
		{ "pl", 8 }, { "cs", 8 }, { "tr", 16 }, { "uz", 4 | 16 },
		{ "az", 16 }, { "zh", 32 }, { "ja", 32 }, { "en", 64 },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(known[i].language, language) == 0)
			return known[i].families;
	}
	return 0;
}

/* Product names as a pattern; a name's own signs are no pattern's. */
static const char *
product_pattern(struct arena *a, const char *const *product, size_t n)
{
	struct buf b = buf_new(a, CD_MAX_PATTERN);

	for (size_t i = 0; i < n; i++) {
		if (!*product[i])
			continue;
		if (b.n > 0)
			buf_char(&b, '|');
		for (const char *c = product[i]; *c; c++) {
			if (*c == ' ') {
				buf_puts(&b, "\\s?");
				continue;
			}
			if (strchr("\\^$.[]|()?*+{}~'", *c))
				buf_char(&b, '\\');
			buf_char(&b, *c);
		}
	}
	return b.n > 0 ? buf_str(&b).p : "(?!)";
}

/* Chinese and Japanese write no blanks: words have no border there. */
static enum pattern_border
border_of(const struct rule_source *s, const struct lookup *l)
{
	bool unbroken = strcmp(l->words.language, "zh") == 0 ||
	    strcmp(l->words.language, "ja") == 0;

	return unbroken && s->border == BORDER_WORDS ? BORDER_NONE : s->border;
}

/* A match line as PCRE2's pattern. With `skip` a line that the language has no
 * words for gives NULL. */
static enum cd_rc
expand_line(struct arena *a, const struct rule_source *s, size_t line,
    struct lookup *l, bool skip, const char **regex_out, struct cd_err *err)
{
	enum cd_rc rc;

	*regex_out = NULL;
	l->words.own_words = false;
	rc = pattern_expand(a, str_of(s->match[line]), border_of(s, l),
	    rule_lookup_words, &l->words, regex_out, err);
	if (skip && ((rc == CD_ABSENT && rule_lookup_missed_elsewhere(&l->words)) ||
	    (rc == CD_OK && !l->words.own_words))) {
		*regex_out = NULL;
		return CD_OK;
	}
	return rc;
}

/* What a language has no words for cannot stand against it: the ways of a "not"
 * that it has words for. CD_ABSENT: no language has words for one. */
static enum cd_rc
known_ways(struct rules *r, struct lookup *l, const char *unless,
    struct str *out)
{
	struct buf kept = buf_new(r->turn, CD_MAX_PATTERN);
	struct str rest = str_of(unless);
	const char *regex;

	while (rest.n > 0) {
		struct str way = pattern_next_way(&rest);
		enum cd_rc rc = pattern_expand(r->turn, way, BORDER_NONE,
		    rule_lookup_words, &l->words, &regex, NULL);

		if (rc == CD_ABSENT && rule_lookup_missed_elsewhere(&l->words))
			continue;
		if (rc != CD_OK)
			return rc;
		buf_puts(&kept, kept.n > 0 ? " | " : "");
		buf_adds(&kept, way);
	}
	*out = buf_str(&kept);
	return CD_OK;
}

static enum cd_rc
expand_unless(struct rules *r, const struct rule_source *s, struct lookup *l,
    struct str written, const char **regex_out, struct cd_err *err)
{
	return pattern_expand(r->turn, written,
	    s->border == BORDER_WHOLE ? BORDER_WORDS : border_of(s, l),
	    rule_lookup_words, &l->words, regex_out, err);
}

static void
tell_watch(const struct rules *r, const struct rule_made *made)
{
	if (r->watch)
		r->watch(r->watch_ctx, made);
}

static enum cd_rc
compile_unless(struct rules *r, const struct rule_source *s, struct lookup *l,
    struct rule *rule, struct cd_err *err)
{
	const char *regex;
	enum cd_rc rc;

	if (!s->unless)
		return CD_OK;
	rc = expand_unless(r, s, l, str_of(s->unless), &regex, err);
	if (rc == CD_ABSENT && l->several) {
		struct str ways;

		rc = known_ways(r, l, s->unless, &ways);
		if (rc == CD_OK && ways.n == 0)
			return CD_OK;
		if (rc == CD_OK)
			rc = expand_unless(r, s, l, ways, &regex, err);
	}
	if (rc == CD_OK)
		rc = pattern_set_add(r->patterns, regex, &rule->unless, err);
	if (rc != CD_OK)
		return rule_lookup_mistake(r->turn, &l->words, s->unless,
		    &s->unless_place, rc, err);
	tell_watch(r, &(struct rule_made){ rule->id, &s->unless_place,
	    s->unless, &l->words, regex });
	return CD_OK;
}

static const char *
rule_name(const struct rules *r, const struct rule_source *s,
    const struct lookup *l)
{
	return *l->words.language ?
	    arena_printf(r->a, "%s:%s", s->id, l->words.language) :
	    arena_strdup(r->a, s->id);
}

/* One rule in one language for one zone; adds nothing when no line is left. */
static enum cd_rc
compile(struct rules *r, const struct rule_source *s, struct lookup *l,
    bool skip, enum rule_zone zone, struct cd_err *err)
{
	struct rule *rule = &r->v[r->n];

	*rule = (struct rule){
		.id = rule_name(r, s, l),
		.unless = NO_PATTERN,
	};
	if (r->n == CD_MAX_RULES) {
		cd_fail(err, CD_MALFORMED, "more than %d rules", CD_MAX_RULES);
		return rule_at_place(&s->place, CD_MALFORMED, err);
	}
	rule->match = arena_array(r->a, s->n_match, sizeof *rule->match);
	for (size_t i = 0; i < s->n_match; i++) {
		const char *regex;
		enum cd_rc rc;

		arena_reset(r->turn);
		rc = expand_line(r->turn, s, i, l, skip, &regex, err);
		if (rc == CD_OK && !regex)
			continue;
		if (rc == CD_OK)
			rc = pattern_set_add(r->patterns, regex,
			    &rule->match[rule->n_match], err);
		if (rc != CD_OK)
			return rule_lookup_mistake(r->turn, &l->words,
			    s->match[i], &s->match_place[i], rc, err);
		rule->n_match++;
		l->took[i] = true;
		tell_watch(r, &(struct rule_made){ rule->id,
		    &s->match_place[i], s->match[i], &l->words, regex });
	}
	if (rule->n_match == 0)
		return CD_OK;
	r->n++;
	rule->zone = zone;
	rule->families = strcmp(l->words.language, "en") == 0 ? 0 :
	    families(l->words.language);
	rule->whole = s->border == BORDER_WHOLE;
	rule->place = l->place;
	rule->effects = l->effects;
	rule->n_effects = s->n_effects;
	return compile_unless(r, s, l, rule, err);
}

static enum cd_rc
instance(struct rules *r, const struct rule_source *s, struct lookup *l,
    bool skip, struct cd_err *err)
{
	enum cd_rc rc = CD_OK;

	for (size_t z = 0; rc == CD_OK && z < RULE_ZONE_COUNT; z++) {
		if (s->zone[z])
			rc = compile(r, s, l, skip, (enum rule_zone)z, err);
	}
	return rc;
}

/* The files are let go. */
static struct rule_place
keep_place(struct arena *a, const struct rule_place *p)
{
	return (struct rule_place){ arena_strdup(a, p->file), p->line };
}

/* What a source says is kept once for all its rules. */
static const struct rule_effect *
keep_effects(struct arena *a, const struct rule_source *s)
{
	struct rule_effect *kept = arena_array(a, s->n_effects, sizeof *kept);

	for (size_t i = 0; i < s->n_effects; i++)
		kept[i] = (struct rule_effect){
			arena_strdup(a, s->effect[i].what),
			s->effect[i].weight,
			keep_place(a, &s->effect[i].place),
		};
	return kept;
}

static enum cd_rc
build(struct rules *r, const struct rule_source *s,
    const struct rule_files *files, const char *product, struct cd_err *err)
{
	bool all = strcmp(s->languages, "all") == 0;
	struct lookup l = {
		.words = { files, "", product, false, { NULL, 0 } },
		.place = keep_place(r->a, &s->place),
		.effects = keep_effects(r->a, s),
		.several = all || strpbrk(s->languages, " ,"),
		.took = arena_array(r->a, s->n_match, sizeof *l.took),
	};
	struct str rest = str_of(s->languages);
	enum cd_rc rc = CD_OK;

	if (!*s->languages)
		return instance(r, s, &l, false, err);
	for (size_t i = 0; all && i < files->n_languages && rc == CD_OK; i++) {
		l.words.language = files->languages[i];
		rc = instance(r, s, &l, true, err);
	}
	/* A name that is misspelt, or no {name} at all. */
	for (size_t i = 0; all && rc == CD_OK && i < s->n_match; i++) {
		if (!l.took[i])
			return rule_at_place(&s->match_place[i], cd_fail(err,
			    CD_MALFORMED, "rule %s is for all languages, and "
			    "none has words for this line: is a {name} "
			    "misspelt? Without one, leave lang out", s->id),
			    err);
	}
	while (!all && rc == CD_OK && rest.n > 0) {
		size_t n = 0;

		while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != ',')
			n++;
		if (n > 0) {
			l.words.language = arena_str(r->a, str_sub(rest, 0, n));
			rc = instance(r, s, &l, false, err);
		}
		rest = str_sub(rest, n + 1, rest.n);
	}
	return rc;
}

/* The list for these families: a new one, where there is none. */
static struct lines *
lines_for(struct zone_lines *z, unsigned families)
{
	size_t i = 0;

	while (i < z->n && z->list[i].families != families)
		i++;
	if (i == z->n) {
		cd_assert(z->n < MAX_LISTS);
		z->list[z->n++] = (struct lines){ .families = families };
	}
	return &z->list[i];
}

static void
list_lines(struct rules *r)
{
	size_t most = 0;

	for (size_t i = 0; i < r->n; i++) {
		struct zone_lines *z = &r->zone[r->v[i].zone];

		lines_for(z, r->v[i].families)->n += r->v[i].n_match;
	}
	for (size_t z = 0; z < RULE_ZONE_COUNT; z++) {
		for (size_t i = 0; i < r->zone[z].n; i++) {
			struct lines *l = &r->zone[z].list[i];

			l->v = arena_array(r->a, l->n, sizeof *l->v);
			l->need = arena_array(r->a, l->n, sizeof *l->need);
			most = l->n > most ? l->n : most;
			l->n = 0;
		}
	}
	r->asked = arena_array(r->a, most, sizeof *r->asked);
	for (size_t i = 0; i < r->n; i++) {
		const struct rule *rule = &r->v[i];
		struct lines *l = lines_for(&r->zone[rule->zone],
		    rule->families);

		for (size_t k = 0; k < rule->n_match; k++) {
			l->need[l->n] = pattern_set_need(r->patterns,
			    rule->match[k]);
			l->v[l->n++] = (struct line){ (uint16_t)i,
				(uint16_t)k };
		}
	}
}

enum cd_rc
rules_load(const char *dir, const char *const *product, size_t n_product,
    struct rules **out, struct cd_err *err)
{
	return rules_load_watched(dir, product, n_product, NULL, NULL, out,
	    err);
}

enum cd_rc
rules_load_watched(const char *dir, const char *const *product,
    size_t n_product, rules_watch *watch, void *ctx, struct rules **out,
    struct cd_err *err)
{
	struct arena *a = arena_new(), *read = arena_new();
	struct rules *r = arena_alloc(a, sizeof *r);
	struct rule_files files;
	const char *words;
	enum cd_rc rc;

	r->a = a;
	r->codes = arena_new();
	r->patterns = pattern_set_new(a, r->codes);
	r->turn = arena_new();
	r->watch = watch;
	r->watch_ctx = ctx;
	r->v = arena_room(a, (CD_MAX_RULES + 1) * sizeof *r->v);
	words = product_pattern(read, product, n_product);
	rc = rule_files_read(read, dir, &files, err);
	for (const struct rule_source *s = files.rules; rc == CD_OK && s;
	    s = s->next)
		rc = build(r, s, &files, words, err);
	for (size_t i = 0; rc == CD_OK && i < files.n_languages; i++)
		r->languages[r->n_languages++] =
		    arena_strdup(a, files.languages[i]);
	list_lines(r);
	r->watch = NULL;
	pattern_set_close(r->patterns);
	arena_free(&r->turn);
	arena_free(&read);
	if (rc != CD_OK) {
		rules_free(&r);
		return rc;
	}
	*out = r;
	return CD_OK;
}

void
rules_free(struct rules **r)
{
	struct arena *a;

	if (!r || !*r)
		return;
	pattern_set_free(&(*r)->patterns);
	arena_free(&(*r)->codes);
	a = (*r)->a;
	*r = NULL;
	arena_free(&a);
}

bool
rules_speak(const struct rules *r, const char *language)
{
	for (size_t i = 0; i < r->n_languages; i++) {
		if (strcmp(r->languages[i], language) == 0)
			return true;
	}
	return !*language;
}

size_t
rules_count(const struct rules *r)
{
	return r->n;
}

const char *
rules_id(const struct rules *r, size_t rule)
{
	cd_assert(rule < r->n);
	return r->v[rule].id;
}

enum rule_zone
rules_zone(const struct rules *r, size_t rule)
{
	cd_assert(rule < r->n);
	return r->v[rule].zone;
}

const struct rule_place *
rules_place(const struct rules *r, size_t rule)
{
	cd_assert(rule < r->n);
	return &r->v[rule].place;
}

const struct rule_effect *
rules_effects(const struct rules *r, size_t rule, size_t *n_out)
{
	cd_assert(rule < r->n);
	*n_out = r->v[rule].n_effects;
	return r->v[rule].effects;
}

bool
rules_say(const struct rules *r, const char *what)
{
	for (size_t i = 0; i < r->n; i++) {
		for (size_t k = 0; k < r->v[i].n_effects; k++) {
			if (strcmp(r->v[i].effects[k].what, what) == 0)
				return true;
		}
	}
	return false;
}

/* *limits counts patterns that met their limit. */
static bool
found(struct rules *r, uint32_t pattern, struct rule_hit *hit, size_t *limits)
{
	enum pattern_result result =
	    pattern_set_match(r->patterns, pattern, &hit->from, &hit->to);

	*limits += result == PATTERN_LIMIT;
	return result == PATTERN_YES;
}

/* Nothing stands against a rule of which a line was found. A "not" that cannot
 * be told counts as there. */
static bool
fires(struct rules *r, const struct rule *rule, size_t *limits)
{
	struct rule_hit but;
	size_t before = *limits;

	return rule->unless == NO_PATTERN ||
	    (!found(r, rule->unless, &but, limits) && *limits == before);
}

/* Rules of one zone and family; hits come after the n that there are. */
static size_t
run_lines(struct rules *r, const struct lines *l, struct str text,
    struct rule_hit *hits, size_t n, size_t *limits)
{
	size_t left = pattern_set_have(r->patterns, l->need, l->n, r->asked);
	size_t told = SIZE_MAX;	/* of this rule a line was found */

	for (size_t i = 0; i < left && n < CD_MAX_HITS &&
	    *limits <= MAX_LIMITS; i++) {
		const struct line *line = &l->v[r->asked[i]];
		const struct rule *rule = &r->v[line->rule];

		if (line->rule == told || (rule->whole && text.n > MAX_WHOLE) ||
		    !found(r, rule->match[line->at], &hits[n], limits))
			continue;
		told = line->rule;
		if (fires(r, rule, limits))
			hits[n++].rule = line->rule;
	}
	return n;
}

static size_t
run_zone(struct rules *r, const struct rule_input *in, enum rule_zone zone,
    struct rule_hit *hits, size_t n, size_t *limits)
{
	unsigned language = families(in->language ? in->language : "");
	const struct zone_lines *z = &r->zone[zone];
	struct str text = in->zone[zone];

	if (text.n == 0)
		return n;
	pattern_set_look_at(r->patterns, text);
	for (size_t i = 0; i < z->n; i++) {
		unsigned of = z->list[i].families;

		if (!language || !of || (of & language))
			n = run_lines(r, &z->list[i], text, hits, n, limits);
	}
	return n;
}

static int
by_rule(const void *a, const void *b)
{
	const struct rule_hit *x = a, *y = b;

	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

size_t
rules_run(const struct rules *rules, const struct rule_input *in,
    struct rule_hit *hits_out)
{
	/* Only what is known of this mail changes. */
	struct rules *r = (struct rules *)(uintptr_t)rules;
	size_t n = 0, limits = 0;

	for (size_t z = 0; z < RULE_ZONE_COUNT; z++)
		n = run_zone(r, in, (enum rule_zone)z, hits_out, n, &limits);
	if (n > 1)
		qsort(hits_out, n, sizeof *hits_out, by_rule);
	r->limited = limits > 0 || n == CD_MAX_HITS;
	return n;
}

bool
rules_limited(const struct rules *r)
{
	return r->limited;
}
