#ifndef CD_TEXT_RULES_H
#define CD_TEXT_RULES_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Named patterns that people write, in conf/rules/ (one file a topic), over
 * named fragments. PCRE2 with JIT and UTF, match and depth limits; a rule
 * that meets its limit counts as not fired. Patterns and texts are folded, so
 * that case and accents do not count.
 * The file format stands in conf/rules/README.
 */
enum rule_zone {
	RULE_SUBJECT, RULE_NEW, RULE_QUOTED, RULE_FORWARDED, RULE_SIGNATURE,
	RULE_ATTACHMENT, RULE_SENDER, RULE_ZONE_COUNT
};

const char *rule_zone_name(enum rule_zone);	/* "subject" ... */

struct rule_place {
	const char *file;
	int line;
};

struct rules;

/* One mail's zones as classification sees them: already normalised by
 * rules_normalise, at most CD_MAX_CLASSIFY bytes each. */
struct rule_input {
	struct str zone[RULE_ZONE_COUNT];
	const char *language;	/* language_of's: rules of languages that are
				 * nothing like it are left out. NULL or "":
				 * all are tried */
};

struct rule_hit {
	size_t rule;		/* index, < rules_count */
	size_t from, to;	/* bytes of the zone */
};

/* Read every *.rules file of the folder, by name. `product` are the words that
 * {product} stands for (none: it matches nothing). The first mistake ends it
 * with "file:line: what". CD_MALFORMED, or CD_ABSENT: no such folder. */
enum cd_rc rules_load(const char *dir, const char *const *product,
    size_t n_product, struct rules **out, struct cd_err *err) CD_CHECK;
/* A pattern that was made of a rule's line. */
struct rule_lookup;
struct rule_made {
	const char *rule;		/* its id */
	const struct rule_place *place;	/* of the line */
	const char *written;		/* as it stands there */
	struct rule_lookup *lookup;	/* what a {name} in it stands for */
	const char *regex;		/* in PCRE2's own writing */
};
/* The same; `watch` is told of each pattern that is made. What it is given goes
 * when it returns. */
typedef void rules_watch(void *ctx, const struct rule_made *);
enum cd_rc rules_load_watched(const char *dir, const char *const *product,
    size_t n_product, rules_watch *watch, void *ctx, struct rules **out,
    struct cd_err *err) CD_CHECK;
void rules_free(struct rules **);

/* Has the folder words in this language ("sv")? Of one that is not known ("")
 * nobody can say, so it counts as one of them. */
bool rules_speak(const struct rules *, const char *language);

/* A rule written for several zones or languages counts once for each; its id
 * is then the same but for a ":ru" at the end. */
size_t rules_count(const struct rules *);
const char *rules_id(const struct rules *, size_t rule);
enum rule_zone rules_zone(const struct rules *, size_t rule);
/* Where it begins. Borrowed. */
const struct rule_place *rules_place(const struct rules *, size_t rule);
/* What the rule says, as "intent" names or feature names with weights; see
 * classify. Borrowed. */
struct rule_effect {
	const char *what;	/* an intent's name, or a fact: "role.admin" */
	double weight;		/* negative speaks against it */
	struct rule_place place;
};
const struct rule_effect *rules_effects(const struct rules *, size_t rule,
    size_t *n_out);
/* Does any rule say it, for or against? */
bool rules_say(const struct rules *, const char *what);

/* The form in which rules and model see a text: lower case, accents off, curly
 * quotes, dashes and odd spaces made plain, zero-width letters dropped, runs of
 * blanks made one, empty lines at most one. Line ends stay. */
struct str rules_normalise(struct arena *, struct str);

/* Which rules fire; at most CD_MAX_HITS, in order of the rules. Returns how
 * many. Not for two threads at once. */
size_t rules_run(const struct rules *, const struct rule_input *,
    struct rule_hit *hits_out);
/* Did a pattern meet its limit in the last run, or the hits theirs? Then a rule
 * may be missing. */
bool rules_limited(const struct rules *);

#endif
