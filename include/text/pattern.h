#ifndef CD_TEXT_PATTERN_H
#define CD_TEXT_PATTERN_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * One pattern as people write it in a rule file, compiled (PCRE2 with UTF
 * and JIT). It looks at folded text (rules_normalise), and is folded itself:
 * case and accents do not count.
 *
 * The writing is PCRE2's with a few short hands:
 *   a blank    one or more blanks or line ends; next to | ( ) it means nothing
 *   a blank ?  the same, or nothing: "soc ?2"
 *   ...        a few words of the same sentence, or none; also in one sign
 *   ~          any ending of the word
 *   '          an apostrophe that may be missing, straight or curly
 *   {name}     a fragment: the words that `lookup` knows for it
 */
struct pattern;

/* What words are made of, as a class: PCRE2's own \\w asks a table of all
 * letters there are for each byte, which costs three times as much. */
#define PATTERN_LETTERS	"\\w\\x{c0}-\\x{1fff}\\x{3040}-\\x{ffdc}"
/* A word's border, as pattern_expand writes it. */
#define PATTERN_BEGINS	"(?<![" PATTERN_LETTERS "])"
#define PATTERN_ENDS	"(?![" PATTERN_LETTERS "])"
/* A whole zone's: nothing but signs stands before and after. */
#define PATTERN_STARTS	"^[^" PATTERN_LETTERS "]*"
#define PATTERN_STOPS	"[^" PATTERN_LETTERS "]*$"

/* The words of a fragment, or NULL when there is none of that name. */
typedef const char *pattern_lookup(const void *ctx, struct str name);

enum pattern_border {
	BORDER_WORDS,	/* begins and ends at a word's border */
	BORDER_NONE,	/* anywhere: for scripts without blanks, for signs */
	BORDER_WHOLE	/* nothing else may stand in the zone but punctuation */
};

/* The pattern in PCRE2's own writing. CD_ABSENT: a fragment is not known (its
 * name is in err). CD_MALFORMED: a bracket lacks its other half, fragments go
 * round in a circle, or the whole is longer than CD_MAX_PATTERN. */
enum cd_rc pattern_expand(struct arena *, struct str written,
    enum pattern_border, pattern_lookup *, const void *ctx,
    const char **regex_out, struct cd_err *err) CD_CHECK;

/* The next of the ways that a | at the top level parts, trimmed, cut off
 * *rest. */
struct str pattern_next_way(struct str *rest);

/* What is wrong with this writing, all by itself: as pattern_expand and
 * pattern_compile, with the part quoted as it was written. */
enum cd_rc pattern_try(struct arena *, struct str written, pattern_lookup *,
    const void *ctx, struct cd_err *err) CD_CHECK;

/* CD_MALFORMED: PCRE2 does not take it, or it matches nothing at all and would
 * be found everywhere; the reason is in err. Both arenas must live as long as
 * the pattern: `a`, where each run is counted, apart from the `codes`, whose
 * pages the processes of the daemon share. They may be the same. */
enum cd_rc pattern_compile(struct arena *a, struct arena *codes,
    const char *regex, struct pattern **out, struct cd_err *err) CD_CHECK;
void pattern_free(struct pattern **);

enum pattern_result { PATTERN_NO, PATTERN_YES, PATTERN_LIMIT };

/* First match; LIMIT: it cost more than CD_PCRE_MATCH_LIMIT. Not for two threads
 * at once, like all that match. */
enum pattern_result pattern_match(const struct pattern *, struct str folded,
    size_t *from_out, size_t *to_out);

/* As pattern_match, of a match that begins at `at`, where a character begins;
 * the limit is that of this place alone, as it is of each place there. Without
 * JIT code, which knows no single place. */
enum pattern_result pattern_match_at(const struct pattern *, struct str folded,
    size_t at, size_t *from_out, size_t *to_out);

/* Does it give up on this text? Counted exactly, without JIT. */
bool pattern_gives_up(const struct pattern *, struct str folded);

#endif
