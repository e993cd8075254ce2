#ifndef CD_TEXT_RULE_LOOKUP_H
#define CD_TEXT_RULE_LOOKUP_H

#include "text/rule_file.h"

/*
 * The lists of words as one language sees them, for pattern_expand, and the
 * place and words of a mistake in a pattern that was made of them.
 */
struct rule_lookup {
	const struct rule_files *files;
	const char *language;	/* "": none */
	const char *product;	/* the pattern for {product} */
	bool own_words;		/* a word of the language was used */
	struct str missing;	/* the name that was last not known */
};

/* A pattern_lookup; ctx is a struct rule_lookup, of which only the last two
 * change. */
const char *rule_lookup_words(const void *ctx, struct str name);

/* Does any language have the words that were missing last? If not, the name is
 * misspelt. */
bool rule_lookup_missed_elsewhere(const struct rule_lookup *);

/* `written`, at this place, gave rc and err, by pattern_expand or later: says
 * it anew, with the file and line where it was made, which may be in a list,
 * with the part that is wrong as it was written, and with what to do. Returns
 * CD_MALFORMED. */
enum cd_rc rule_lookup_mistake(struct arena *, struct rule_lookup *,
    const char *written, const struct rule_place *, enum cd_rc rc,
    struct cd_err *err) CD_CHECK;

/* The list of words in `written` that gives up on a text by itself (pump_finds),
 * or one that such a list names. NULL: none does, `written` puts them together
 * so. */
const struct rule_words *rule_lookup_slow(struct arena *, struct rule_lookup *,
    const char *written);

/* "file:line: " before the text; CD_ABSENT becomes CD_MALFORMED. */
enum cd_rc rule_at_place(const struct rule_place *, enum cd_rc,
    struct cd_err *err) CD_CHECK;

#endif
