#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check_rules.h"
#include "cli/mailfile.h"
#include "flow/intake.h"
#include "text/classifier.h"
#include "text/language.h"
#include "text/pattern.h"
#include "text/pump.h"
#include "text/rule_doubts.h"
#include "text/rule_lookup.h"

#define MIN_FIRED	3	/* fewer times say nothing about two rules */
#define MIN_MAILS	10	/* of fewer a rule may well fire on all */
#define MIN_SPOKEN	20	/* of a language: fewer say nothing about it */
#define BY_CHANCE	6	/* thirds of a mail more than the third part */
#define MAX_LANGUAGES	32
#define MAX_LINE	((size_t)1024 * 1024)

/* The mails of one language. */
struct spoken {
	const char *language;
	size_t mails;
	uint32_t *fired;
};

struct survey {
	const struct engine *engine;
	const struct rules *rules;
	struct arena *a, *turn;
	check_warn *warn;
	void *ctx;
	size_t n, mails;
	uint32_t *fired;
	struct spoken spoken[MAX_LANGUAGES];
	size_t n_spoken;
	/* How often the match of one rule (row) lay in that of another. */
	uint16_t *within;
	const char *slow;	/* the rule that was last found slow */
};

static void tell(struct survey *, const struct rule_place *, const char *, ...)
    CD_PRINTF(3, 4);

static void
tell(struct survey *s, const struct rule_place *at, const char *fmt, ...)
{
	char text[CD_MAX_ERR];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	s->warn(s->ctx, arena_printf(s->a, "%s:%d: %s", at->file, at->line,
	    text));
}

/* NULL: it is not known, or one language too many. */
static struct spoken *
spoken_in(struct survey *s, const char *language)
{
	size_t i = 0;

	while (i < s->n_spoken &&
	    strcmp(s->spoken[i].language, language) != 0)
		i++;
	if (!*language || i == MAX_LANGUAGES)
		return NULL;
	if (i == s->n_spoken)
		s->spoken[s->n_spoken++] = (struct spoken){
			.language = arena_strdup(s->a, language),
			.fired = arena_array(s->a, s->n, sizeof(uint32_t)),
		};
	s->spoken[i].mails++;
	return &s->spoken[i];
}

static void
count_hits(struct survey *s, const struct rule_input *zones)
{
	struct rule_hit hits[CD_MAX_HITS];
	size_t n = rules_run(s->rules, zones, hits);
	struct spoken *spoken = spoken_in(s, zones->language ?
	    zones->language : "");

	s->mails++;
	for (size_t i = 0; i < n; i++) {
		const struct rule_hit *x = &hits[i];

		s->fired[x->rule]++;
		if (spoken)
			spoken->fired[x->rule]++;
		for (size_t k = 0; k < n; k++) {
			const struct rule_hit *y = &hits[k];
			uint16_t *at = &s->within[x->rule * s->n + y->rule];

			if (rules_zone(s->rules, x->rule) ==
			    rules_zone(s->rules, y->rule) &&
			    y->from <= x->from && x->to <= y->to &&
			    *at < UINT16_MAX)
				++*at;
		}
	}
}

static void
read_input(struct survey *s, const struct classify_input *in)
{
	struct collected *got = arena_alloc(s->turn, sizeof *got);

	classify_collect(s->engine->classifier, s->turn, in, got);
	count_hits(s, &got->zones);
}

static enum cd_rc
read_mail(struct survey *s, const char *path, struct cd_err *err)
{
	struct examined x;
	struct classify_input in;
	struct str raw;
	enum cd_rc rc = mailfile_read(s->turn, path,
	    (size_t)s->engine->config->mailbox.max_fetch, &raw, err);

	if (rc != CD_OK)
		return rc;
	intake_examine(s->engine, s->turn, raw, &x);
	in = intake_input(s->turn, &x);
	read_input(s, &in);
	return CD_OK;
}

static void
read_text(struct survey *s, const json_t *row)
{
	const char *text = json_string_value(json_object_get(row, "text"));
	struct classify_input in = {
		.subject = str_of(json_string_value(json_object_get(row,
		    "subject"))),
		.sender = "",
		.context = CONTEXT_FIRST,
	};

	if (text) {
		in.zone[ZONE_NEW] = str_of(text);
		in.language = language_of(in.zone[ZONE_NEW]);
		read_input(s, &in);
	}
}

/* Rows of labels.jsonl have no text: their mails are read. */
static enum cd_rc
read_row(struct survey *s, struct str line, const char *path, size_t number,
    struct cd_err *err)
{
	json_error_t where;
	json_t *row, *text;
	const char *wrong = NULL;

	if (line.n > MAX_LINE)
		return cd_fail(err, CD_MALFORMED, "%s:%zu: line too long", path,
		    number);
	if (str_trim(line).n == 0)
		return CD_OK;
	row = json_loadb(line.p, line.n, 0, &where);
	text = json_object_get(row, "text");
	if (!row)
		wrong = where.text;
	else if (!json_is_object(row))
		wrong = "no JSON object";
	else if (text && !json_is_null(text) && !json_is_string(text))
		wrong = "\"text\" is no text in quotes";
	else
		read_text(s, row);
	json_decref(row);
	return wrong ? cd_fail(err, CD_MALFORMED, "%s:%zu: %s", path, number,
	    wrong) : CD_OK;
}

static enum cd_rc
read_rows(struct survey *s, const char *path, struct cd_err *err)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0, number = 0;
	enum cd_rc rc = CD_OK;
	ssize_t n;

	if (!f)
		return cd_fail(err, CD_ABSENT, "%s: %s", path,
		    strerror(errno));
	while (rc == CD_OK && (n = getline(&line, &cap, f)) > 0) {
		struct str row = { line, (size_t)n };

		arena_reset(s->turn);
		if (number++ == 0 && str_starts(row, STR("\xef\xbb\xbf")))
			row = str_sub(row, 3, row.n);
		rc = read_row(s, row, path, number, err);
	}
	if (rc == CD_OK && ferror(f))
		rc = cd_fail(err, CD_ABSENT, "%s cannot be read", path);
	free(line);
	fclose(f);
	return rc;
}

static enum cd_rc
read_folder(struct survey *s, const char *dir, struct cd_err *err)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	enum cd_rc rc = CD_OK;

	if (!d)
		return cd_fail(err, CD_ABSENT, "%s: %s", dir, strerror(errno));
	while (rc == CD_OK && (e = readdir(d))) {
		struct str name = str_of(e->d_name);
		const char *path;

		arena_reset(s->turn);
		path = arena_printf(s->a, "%s/%s", dir, e->d_name);
		if (str_iends(name, STR(".eml")))
			rc = read_mail(s, path, err);
		else if (str_iends(name, STR(".jsonl")))
			rc = read_rows(s, path, err);
	}
	closedir(d);
	return rc;
}

/* "admin.how" of "admin.how:ru". */
static struct str
rule_of(const struct survey *s, size_t i)
{
	const char *id = rules_id(s->rules, i);

	return (struct str){ id, strcspn(id, ":") };
}

/* A rule with a twin in each language stands side by side in the list. */
static void
warn_unused(struct survey *s)
{
	for (size_t i = 0; i < s->n;) {
		struct str id = rule_of(s, i);
		size_t first = i;
		bool fired = false;

		for (; i < s->n && str_eq(rule_of(s, i), id); i++)
			fired = fired || s->fired[i] > 0;
		if (!fired)
			tell(s, rules_place(s->rules, first), "%.*s never "
			    "fires on these %zu mails", STR_FMT(id), s->mails);
	}
}

/* A pattern that asks for next to nothing speaks about every mail. */
static void
warn_everywhere(struct survey *s)
{
	for (size_t i = 0; i < s->n && s->mails >= MIN_MAILS; i++) {
		if (s->fired[i] * 100 >= s->mails * 90)
			tell(s, rules_place(s->rules, i), "%s fires on %u of "
			    "these %zu mails (%s): does it ask for too little?",
			    rules_id(s->rules, i), s->fired[i], s->mails,
			    rule_zone_name(rules_zone(s->rules, i)));
	}
}

/* Does it speak for an intent, or of our matter? */
static bool
decides(const struct survey *s, size_t rule)
{
	enum intent intent;
	size_t n;
	const struct rule_effect *e = rules_effects(s->rules, rule, &n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(e[i].what, "matter") == 0 || (e[i].weight > 0 &&
		    intent_of(str_of(e[i].what), &intent)))
			return true;
	}
	return false;
}

/* Few mails are about one thing: a rule for it that fires on every third of a
 * language is about something else. */
static void
warn_often(struct survey *s, const struct spoken *in)
{
	for (size_t i = 0; i < s->n && in->mails >= MIN_SPOKEN; i++) {
		if (in->fired[i] * 3 > in->mails + BY_CHANCE && decides(s, i) &&
		    s->fired[i] * 100 < s->mails * 90)
			tell(s, rules_place(s->rules, i), "%s fires on %u of "
			    "the %zu mails in \"%s\" (%s): does it ask for too "
			    "little?", rules_id(s->rules, i), in->fired[i],
			    in->mails, in->language,
			    rule_zone_name(rules_zone(s->rules, i)));
	}
}

static double
loudness(const struct rule_effect *e)
{
	return e->weight < 0 ? -e->weight : e->weight;
}

/* Both speak for or against the same things, and nothing else; `heard`: the first
 * says none of it louder than the other, so that it could be missed. */
static bool
same_words(const struct survey *s, size_t i, size_t k, bool heard)
{
	size_t n, m;
	const struct rule_effect *x = rules_effects(s->rules, i, &n);
	const struct rule_effect *y = rules_effects(s->rules, k, &m);

	if (n != m)
		return false;
	for (size_t a = 0; a < n; a++) {
		bool found = false;

		for (size_t b = 0; b < m; b++)
			found = found || (strcmp(x[a].what, y[b].what) == 0 &&
			    (x[a].weight < 0) == (y[b].weight < 0) &&
			    (!heard || loudness(&x[a]) <= loudness(&y[b])));
		if (!found)
			return false;
	}
	return true;
}

static void
warn_shadowed(struct survey *s, size_t i, size_t k)
{
	size_t times = s->fired[i];
	const char *a = rules_id(s->rules, i), *b = rules_id(s->rules, k);
	const struct rule_place *at = rules_place(s->rules, i);
	const struct rule_place *other = rules_place(s->rules, k);
	const char *zone = rule_zone_name(rules_zone(s->rules, i));

	if (str_eq(rule_of(s, i), rule_of(s, k)) || times < MIN_FIRED ||
	    s->within[i * s->n + k] < times || !same_words(s, i, k, false))
		return;
	if (s->fired[k] == times && s->within[k * s->n + i] == times) {
		if (i < k)
			tell(s, at, "%s and %s (%s:%d) fire on the same %zu "
			    "mails for the same words (%s)", a, b, other->file,
			    other->line, times, zone);
		return;
	}
	if (!same_words(s, i, k, true))
		return;
	tell(s, at, "%s says nothing that %s (%s:%d) does not say: all its %zu "
	    "matches lie within that one's (%s)", a, b, other->file,
	    other->line, times, zone);
}

/* Words that mean nothing are found by what finds all words. */
static bool
finds_anything(struct arena *a, const char *regex)
{
	static const char *const texts[] = {
		"qxv zzkw brrt vlk ogq", "htw pfn jdx ukkv mwgz bbqy",
	};
	struct pattern *p;
	size_t from, to, n = 0;

	if (pattern_compile(a, a, regex, &p, NULL) != CD_OK)
		return false;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		n += pattern_match(p, str_of(texts[i]), &from, &to) ==
		    PATTERN_YES;
	pattern_free(&p);
	return n == sizeof texts / sizeof *texts;
}

static bool
decides_by_id(const struct survey *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(rules_id(s->rules, i), id) == 0)
			return decides(s, i);
	}
	return false;
}

static void
watch_pattern(void *ctx, const struct rule_made *made)
{
	struct survey *s = ctx;
	const struct rule_words *list;
	const char *word, *where = "";

	/* Once for its lines and zones. */
	if (s->slow && strcmp(s->slow, made->rule) == 0)
		return;
	arena_reset(s->turn);
	if (finds_anything(s->turn, made->regex) &&
	    decides_by_id(s, made->rule))
		tell(s, made->place, "%s: this is found in any words, such as "
		    "\"qxv zzkw brrt\": \"%s\"", made->rule, made->written);
	word = pump_finds(s->turn, made->regex);
	if (!word)
		return;
	s->slow = arena_strdup(s->a, made->rule);
	list = rule_lookup_slow(s->turn, made->lookup, made->written);
	if (list)
		where = arena_printf(s->turn, ", because of {%s} at %s:%d",
		    list->name, list->place.file, list->place.line);
	tell(s, made->place, "%s can be made slow: it gives up on a text that "
	    "repeats \"%s\"%s", made->rule, word, where);
}

static enum cd_rc
survey_slow(struct survey *s, struct cd_err *err)
{
	const struct config *g = s->engine->config;
	struct rules *again = NULL;
	enum cd_rc rc = rules_load_watched(g->files.rules,
	    (const char *const *)&g->product.name, 1, watch_pattern, s, &again,
	    err);

	rules_free(&again);
	return rc;
}

static enum cd_rc
survey_files(struct survey *s, struct cd_err *err)
{
	struct rule_files files;
	enum cd_rc rc = rule_files_read(s->a, s->engine->config->files.rules,
	    &files, err);

	if (rc == CD_OK)
		rule_doubts(s->a, &files, s->warn, s->ctx);
	return rc;
}

enum cd_rc
check_rules(const struct engine *engine, char *const *dirs, size_t n_dirs,
    check_warn *warn, void *ctx, struct cd_err *err)
{
	struct survey s = {
		.engine = engine,
		.rules = classifier_rules(engine->classifier),
		.a = arena_new(), .turn = arena_new(),
		.warn = warn, .ctx = ctx,
	};
	enum cd_rc rc = survey_files(&s, err);

	s.n = rules_count(s.rules);
	s.fired = arena_array(s.a, s.n, sizeof *s.fired);
	s.within = arena_array(s.a, s.n * s.n, sizeof *s.within);
	for (size_t i = 0; i < n_dirs && rc == CD_OK; i++)
		rc = read_folder(&s, dirs[i], err);
	if (rc == CD_OK && n_dirs > 0 && s.mails == 0)
		rc = cd_fail(err, CD_ABSENT, "no *.eml, and no *.jsonl with "
		    "\"text\", in %s", dirs[0]);
	if (rc == CD_OK && n_dirs > 0) {
		warn_unused(&s);
		warn_everywhere(&s);
		for (size_t i = 0; i < s.n_spoken; i++)
			warn_often(&s, &s.spoken[i]);
		for (size_t i = 0; i < s.n; i++) {
			for (size_t k = 0; k < s.n; k++)
				warn_shadowed(&s, i, k);
		}
		rc = survey_slow(&s, err);
	}
	arena_free(&s.turn);
	arena_free(&s.a);
	return rc;
}
