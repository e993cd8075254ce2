#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text/combine.h"
#include "text/rule_doubts.h"
#include "text/rule_lookup.h"

/* Fewer languages show no custom; one that lacks more is still being written. */
#define MIN_LANGUAGES	4
#define MAX_LACKS	3

struct doubts {
	struct arena *a;
	struct rule_files *files;
	rule_doubt *tell;
	void *ctx;
};

static void tell(struct doubts *, const struct rule_place *, const char *, ...)
    CD_PRINTF(3, 4);

static void
tell(struct doubts *d, const struct rule_place *at, const char *fmt, ...)
{
	char text[CD_MAX_ERR];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	d->tell(d->ctx, arena_printf(d->a, "%s:%d: %s", at->file, at->line,
	    text));
}

/* ---- files ----------------------------------------------------------------- */

static void
doubt_files(struct doubts *d)
{
	for (size_t i = 0; i < d->files->n_passed_over; i++) {
		const char *name = d->files->passed_over[i];

		d->tell(d->ctx, arena_printf(d->a, str_iends(str_of(name),
		    STR("/")) ? "%s: the rules in this folder are not read: "
		    "put them beside it" : "%s: this file is not read: the "
		    "name of one with rules ends in .rules", name));
	}
}

/* ---- lists of words -------------------------------------------------------- */

static void
mark_used(struct rule_files *f, struct str written)
{
	struct str name;

	while (rule_next_name(&written, &name)) {
		for (struct rule_words *w = f->words; w; w = w->next) {
			if (w->used || !str_eq(str_of(w->name), name))
				continue;
			w->used = true;
			mark_used(f, str_of(w->words));
		}
	}
}

/* Is this the first list of that name? They are kept in reverse. */
static bool
is_first(const struct rule_words *w)
{
	for (const struct rule_words *o = w->next; o; o = o->next) {
		if (strcmp(o->name, w->name) == 0)
			return false;
	}
	return true;
}

static void
doubt_unused(struct doubts *d)
{
	for (const struct rule_source *r = d->files->rules; r; r = r->next) {
		for (size_t i = 0; i < r->n_match; i++)
			mark_used(d->files, str_of(r->match[i]));
		mark_used(d->files, str_of(r->unless));
	}
	for (const struct rule_words *w = d->files->words; w; w = w->next) {
		if (!w->used && is_first(w))
			tell(d, &w->place, "no rule uses {%s}", w->name);
	}
}

/* How long the group is that words begin with; 0 where it is not closed. */
static size_t
group_length(struct str words)
{
	size_t depth = 0;
	bool class = false;	/* [...]: brackets in it are no groups */

	for (size_t i = 0; i < words.n; i++) {
		if (words.p[i] == '\\')
			i++;
		else if (words.p[i] == '[' || words.p[i] == ']')
			class = words.p[i] == '[';
		else if (words.p[i] == '(' && !class)
			depth++;
		else if (words.p[i] == ')' && !class && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* What must stand before or behind the words of a rule, and takes none of them, is
 * for a list as good as words: it may hold them alone. */
static bool
is_assertion(struct str words)
{
	static const char *const begins[] = { "(?=", "(?!", "(?<=", "(?<!" };
	size_t i = 0, n;

	words = str_trim(words);
	while (words.n > 0 && i < sizeof begins / sizeof *begins) {
		if (!str_starts(words, str_of(begins[i++])))
			continue;
		n = group_length(words);
		if (n == 0)
			return false;
		words = str_sub(words, n, words.n);
		i = 0;
	}
	return words.n == 0;
}

/* A rule's lists are tried when it is loaded; those of no rule are not. */
static void
doubt_mistakes(struct doubts *d)
{
	for (const struct rule_words *w = d->files->words; w; w = w->next) {
		struct rule_lookup l = {
			.files = d->files, .language = w->language,
			.product = "product",
		};
		struct cd_err err = { "" };
		enum cd_rc rc = pattern_try(d->a, str_of(w->words),
		    rule_lookup_words, &l, &err);

		/* One for all languages may be made of those of each. */
		if (rc == CD_OK || (rc == CD_ABSENT && !*w->language &&
		    rule_lookup_missed_elsewhere(&l)) ||
		    (is_assertion(str_of(w->words)) &&
		    strstr(err.text, "matches nothing")))
			continue;
		(void)!rule_lookup_mistake(d->a, &l, w->words, &w->place, rc,
		    &err);
		d->tell(d->ctx, arena_strdup(d->a, err.text));
	}
}

/* ---- languages ------------------------------------------------------------- */

static bool
is_code(const char *language)
{
	size_t n = strspn(language, "abcdefghijklmnopqrstuvwxyz");

	return (n == 2 || n == 3) && !language[n];
}

static bool
has(const struct rule_files *f, const char *language, const char *name)
{
	for (const struct rule_words *w = f->words; w; w = w->next) {
		if ((!*w->language || strcmp(w->language, language) == 0) &&
		    strcmp(w->name, name) == 0)
			return true;
	}
	return false;
}

static const struct rule_words *
first_of(const struct rule_files *f, const char *language)
{
	const struct rule_words *first = NULL;

	for (const struct rule_words *w = f->words; w; w = w->next) {
		if (strcmp(w->language, language) == 0)
			first = w;
	}
	return first;
}

static void
doubt_languages(struct doubts *d)
{
	for (size_t i = 0; i < d->files->n_languages; i++) {
		const char *language = d->files->languages[i];
		const struct rule_words *w = first_of(d->files, language);

		if (w && !is_code(language))
			tell(d, &w->place, "[words %s]: no language has that "
			    "code; they are two small letters (de, en)",
			    language);
	}
	for (const struct rule_source *r = d->files->rules; r; r = r->next) {
		struct str rest = str_of(r->languages), code;

		while (rule_next_word(&rest, &code)) {
			const char *language = arena_str(d->a, code);

			if (strcmp(language, "all") != 0 &&
			    !first_of(d->files, language))
				tell(d, &r->place, "rule %s is for \"%s\", and "
				    "no file has [words %s]", r->id, language,
				    language);
		}
	}
}

/* Has it half of the names that languages have? */
static bool
is_grown(const struct doubts *d, const char *language)
{
	size_t all = 0, own = 0;

	for (const struct rule_words *w = d->files->words; w; w = w->next) {
		if (!*w->language || !is_first(w))
			continue;
		all++;
		own += has(d->files, language, w->name);
	}
	return own * 2 >= all;
}

/* Names that this language alone lacks, in lacks[]; returns how many. */
static size_t
lacks_alone(const struct doubts *d, const char *language,
    const char *const *grown, size_t n_grown,
    const struct rule_words **lacks)
{
	size_t n = 0;

	for (const struct rule_words *w = d->files->words; w; w = w->next) {
		size_t have = 0;

		if (!w->used || !*w->language || !is_first(w) ||
		    has(d->files, language, w->name))
			continue;
		for (size_t i = 0; i < n_grown; i++)
			have += has(d->files, grown[i], w->name);
		if (have + 1 == n_grown && n++ < MAX_LACKS)
			lacks[n - 1] = w;
	}
	return n;
}

static void
doubt_lacking(struct doubts *d)
{
	const char *grown[CD_MAX_RULE_LANGUAGES];
	const struct rule_words *lacks[MAX_LACKS];
	size_t n = 0;

	for (size_t i = 0; i < d->files->n_languages; i++) {
		if (is_grown(d, d->files->languages[i]))
			grown[n++] = d->files->languages[i];
	}
	for (size_t i = 0; n >= MIN_LANGUAGES && i < n; i++) {
		size_t k = lacks_alone(d, grown[i], grown, n, lacks);

		for (size_t j = 0; k <= MAX_LACKS && j < k; j++)
			tell(d, &first_of(d->files, grown[i])->place,
			    "[words %s] lack {%s}, which all other languages "
			    "have: the rules that need it are silent",
			    grown[i], lacks[j]->name);
	}
}

/* ---- notes ----------------------------------------------------------------- */

/* One letter too many, too few, another, or two that changed places. */
static bool
one_slip(const char *a, const char *b)
{
	struct str x = str_of(a), y = str_of(b);

	while (x.n > 0 && y.n > 0 && x.p[0] == y.p[0]) {
		x = str_sub(x, 1, x.n);
		y = str_sub(y, 1, y.n);
	}
	while (x.n > 0 && y.n > 0 && x.p[x.n - 1] == y.p[y.n - 1]) {
		x.n--;
		y.n--;
	}
	return (x.n <= 1 && y.n <= 1) || (x.n == 2 && y.n == 2 &&
	    x.p[0] == y.p[1] && x.p[1] == y.p[0]);
}

static bool
same_topic(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	return strncmp(a, b, n) == 0 && (b[n] == '.' || !b[n]);
}

/* What else is said: the name that this one may be meant for in *near. Does
 * anybody say the same, or the same topic? */
static void
others(const struct rule_files *f, const struct rule_source *of,
    const char *what, bool *same, bool *topic, const char **near)
{
	for (const struct rule_source *r = f->rules; r; r = r->next) {
		for (size_t i = 0; i < r->n_effects; i++) {
			const char *other = r->effect[i].what;

			if (strcmp(other, what) == 0) {
				*same = *same || r != of;
				continue;
			}
			*topic = *topic || same_topic(what, other);
			if (one_slip(what, other))
				*near = other;
		}
	}
}

static void
doubt_note(struct doubts *d, const struct rule_source *r,
    const struct rule_effect *e)
{
	bool same = false, topic = false;
	const char *near = NULL;

	if (!strchr(e->what, '.') || fact_of(e->what))
		return;
	others(d->files, r, e->what, &same, &topic, &near);
	if (same || (topic && !near))
		return;
	tell(d, &e->place, "rule %s alone says %s, and the program does not "
	    "know it%s%s%s", r->id, e->what, near ? ": is " : "",
	    near ? near : "", near ? " meant?" : "");
}

/* ---- patterns -------------------------------------------------------------- */

static void
doubt_quoted(struct doubts *d, const struct rule_source *r,
    const char *pattern, const struct rule_place *at)
{
	struct str s = rules_normalise(d->a, str_of(pattern));

	if (s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		tell(d, at, "rule %s looks for the quotation marks, too: write "
		    "the words without", r->id);
}

void
rule_doubts(struct arena *a, struct rule_files *files, rule_doubt *told,
    void *ctx)
{
	struct doubts d = { a, files, told, ctx };

	doubt_files(&d);
	doubt_unused(&d);
	doubt_mistakes(&d);
	doubt_languages(&d);
	doubt_lacking(&d);
	for (const struct rule_source *r = files->rules; r; r = r->next) {
		for (size_t i = 0; i < r->n_effects; i++)
			doubt_note(&d, r, &r->effect[i]);
		for (size_t i = 0; i < r->n_match; i++)
			doubt_quoted(&d, r, r->match[i], &r->match_place[i]);
		if (r->unless)
			doubt_quoted(&d, r, r->unless, &r->unless_place);
	}
}
