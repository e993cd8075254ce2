/*
 * What a {name} stands for, and what is wrong where a pattern is: the mistake
 * may be in a list of words far away from the line that names it.
 */
#include <string.h>

#include "base/buf.h"
#include "text/pump.h"
#include "text/rule_lookup.h"

/* Lists in lists, as pattern_expand takes them. */
#define MAX_DEPTH	8

static const struct rule_words *
find_list(const struct rule_files *files, const char *language,
    struct str name)
{
	const struct rule_words *common = NULL;

	for (const struct rule_words *w = files->words; w; w = w->next) {
		if (!str_eq(str_of(w->name), name))
			continue;
		if (*w->language && strcmp(w->language, language) == 0)
			return w;
		if (!*w->language)
			common = w;
	}
	return common;
}

const char *
rule_lookup_words(const void *ctx, struct str name)
{
	/* What changes are notes on what was found. */
	struct rule_lookup *l = (struct rule_lookup *)(uintptr_t)ctx;
	const struct rule_words *w;

	if (str_eq(name, STR("product")))
		return l->product;
	w = find_list(l->files, l->language, name);
	if (!w) {
		l->missing = name;
		return NULL;
	}
	l->own_words = l->own_words || *w->language;
	return w->words;
}

static bool
has_words(const struct rule_files *files, struct str name)
{
	for (const struct rule_words *w = files->words; w; w = w->next) {
		if (str_eq(str_of(w->name), name))
			return true;
	}
	return false;
}

static const char *
languages_of(const struct rule_files *files, struct arena *a)
{
	struct buf b = buf_new(a, 8 * CD_MAX_RULE_LANGUAGES);

	for (size_t i = 0; i < files->n_languages; i++) {
		buf_puts(&b, i > 0 ? ", " : "");
		buf_puts(&b, files->languages[i]);
	}
	return buf_str(&b).p;
}

bool
rule_lookup_missed_elsewhere(const struct rule_lookup *l)
{
	return has_words(l->files, l->missing);
}

static bool
is_listed(const struct rule_files *files, const char *language)
{
	for (size_t i = 0; i < files->n_languages; i++) {
		if (strcmp(files->languages[i], language) == 0)
			return true;
	}
	return false;
}

/* Why l->missing has no words, and what to do. */
static enum cd_rc
no_words(const struct rule_lookup *l, struct arena *a, struct cd_err *err)
{
	struct str name = l->missing;

	if (*l->language && !is_listed(l->files, l->language))
		return cd_fail(err, CD_MALFORMED, "no words for {%.*s}: there "
		    "is no language \"%s\"; [words] are there for: %s",
		    STR_FMT(name), l->language, languages_of(l->files, a));
	if (!has_words(l->files, name))
		return cd_fail(err, CD_MALFORMED, "no words for {%.*s} in any "
		    "file: is it misspelt?", STR_FMT(name));
	if (!*l->language)
		return cd_fail(err, CD_MALFORMED, "no words for {%.*s} without "
		    "a language: with \"lang = all\" the rule stands for each "
		    "language that has them", STR_FMT(name));
	return cd_fail(err, CD_MALFORMED, "no words for {%.*s} in [words %s]",
	    STR_FMT(name), l->language);
}

/* Is there something with this list, taken alone? */
typedef bool list_test(struct arena *, struct rule_lookup *, const char *words);

static bool
is_mistaken(struct arena *a, struct rule_lookup *l, const char *words)
{
	return pattern_try(a, str_of(words), rule_lookup_words, l, NULL) !=
	    CD_OK;
}

static bool
is_slow(struct arena *a, struct rule_lookup *l, const char *words)
{
	const char *regex;

	return pattern_expand(a, str_of(words), BORDER_WORDS,
	    rule_lookup_words, l, &regex, NULL) == CD_OK &&
	    pump_finds(a, regex);
}

/* The list of words that something in `written` lies in: one that it names, or
 * one that such a list names. NULL: in none. */
static const struct rule_words *
faulty_list(struct arena *a, struct rule_lookup *l, struct str written,
    list_test *test, int depth)
{
	struct str name;

	while (depth < MAX_DEPTH && rule_next_name(&written, &name)) {
		const struct rule_words *w =
		    find_list(l->files, l->language, name), *inner;

		if (!w)
			continue;
		inner = faulty_list(a, l, str_of(w->words), test, depth + 1);
		if (inner)
			return inner;
		if (test(a, l, w->words))
			return w;
	}
	return NULL;
}

const struct rule_words *
rule_lookup_slow(struct arena *a, struct rule_lookup *l, const char *written)
{
	return faulty_list(a, l, str_of(written), is_slow, 0);
}

enum cd_rc
rule_at_place(const struct rule_place *place, enum cd_rc rc,
    struct cd_err *err)
{
	return cd_context(err, rc == CD_ABSENT ? CD_MALFORMED : rc, "%s:%d",
	    place->file, place->line);
}

/* The list that is written at this place, or NULL. */
static const struct rule_words *
list_at(const struct rule_files *files, const struct rule_place *place)
{
	const struct rule_words *w = files->words;

	while (w && &w->place != place)
		w = w->next;
	return w;
}

enum cd_rc
rule_lookup_mistake(struct arena *a, struct rule_lookup *l,
    const char *written, const struct rule_place *place, enum cd_rc rc,
    struct cd_err *err)
{
	struct str missing = l->missing;
	const struct rule_words *w =
	    faulty_list(a, l, str_of(written), is_mistaken, 0);
	struct cd_err why = { "" };

	if (w) {
		written = w->words;
		place = &w->place;
	}
	if (w || rc != CD_ABSENT)
		rc = pattern_try(a, str_of(written), rule_lookup_words, l,
		    &why);
	else
		l->missing = missing;
	if (rc == CD_ABSENT)
		(void)no_words(l, a, &why);
	/* What is wrong only with what we put around it stays as it was said. */
	if (rc != CD_OK)
		cd_fail(err, CD_MALFORMED, "%s", why.text);
	/* A list may be long: the | is at one of its ends. */
	w = list_at(l->files, place);
	if (w && err && strstr(err->text, "matches nothing"))
		cd_fail(err, CD_MALFORMED, "%s, in the list {%s} of [words%s%s]",
		    arena_strdup(a, err->text), w->name,
		    *w->language ? " " : "", w->language);
	return rule_at_place(place, CD_MALFORMED, err);
}
