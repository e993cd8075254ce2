#ifndef CD_TEXT_RULE_FILE_H
#define CD_TEXT_RULE_FILE_H

#include "text/pattern.h"
#include "text/rules.h"

/*
 * The rule files as written, before fragments are put in: what conf/rules/
 * README describes. All of it lives in the arena.
 */

struct rule_words {		/* one fragment */
	const char *language;	/* "" for all */
	const char *name;
	const char *words;
	struct rule_place place;
	bool used;		/* by a rule; false until rule_doubts */
	struct rule_words *next;
};

struct rule_source {
	const char *id;
	const char *languages;	/* "" none, "all", or "en ru" */
	bool zone[RULE_ZONE_COUNT];
	enum pattern_border border;
	const char *match[CD_MAX_MATCHES];
	struct rule_place match_place[CD_MAX_MATCHES];
	size_t n_match;
	const char *unless;	/* NULL if none */
	struct rule_place unless_place;
	struct rule_effect effect[CD_MAX_EFFECTS];
	size_t n_effects;
	struct rule_place place;
	struct rule_source *next;
};

struct rule_files {
	struct rule_words *words;
	struct rule_source *rules;	/* in order of files and lines */
	const char *languages[CD_MAX_RULE_LANGUAGES]; /* of [words] */
	size_t n_languages;
	const char *passed_over[CD_MAX_PASSED_OVER]; /* names of files that
				 * stand in the folder, and are of no rules,
				 * nor what is known to stand there besides;
				 * and, with a "/", of folders with rules */
	size_t n_passed_over;
};

enum cd_rc rule_files_read(struct arena *, const char *dir,
    struct rule_files *out, struct cd_err *err) CD_CHECK;

/* The next word, up to a blank or comma, cut off *rest. */
bool rule_next_word(struct str *rest, struct str *word);
/* The next {name} of a pattern, cut off *rest with what is before it. */
bool rule_next_name(struct str *rest, struct str *name);

#endif
