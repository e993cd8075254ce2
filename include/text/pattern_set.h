#ifndef CD_TEXT_PATTERN_SET_H
#define CD_TEXT_PATTERN_SET_H

#include "text/pattern.h"

/*
 * Many patterns that are asked about one text after the other. Rules in several
 * zones, and a rule and a fact made of the same words, have the same pattern: it
 * is compiled once, and tried on a text once however often it is asked for. Most
 * are not tried at all, because the text lacks a word they need (prefilter).
 */
struct pattern_set;

/* Both arenas must live as long as the set: see pattern_compile. */
struct pattern_set *pattern_set_new(struct arena *, struct arena *codes);
void pattern_set_free(struct pattern_set **);

/* The pattern's number in the set, the same one for the same pattern.
 * CD_MALFORMED: PCRE2 does not take it, or there are CD_MAX_PATTERNS. */
enum cd_rc pattern_set_add(struct pattern_set *, const char *regex,
    uint32_t *out, struct cd_err *err) CD_CHECK;
/* No more are added: what only that needs is let go. */
void pattern_set_close(struct pattern_set *);

/* Of what a text must have for the pattern to match, what fewest texts have; or
 * PATTERN_NO_NEED. */
#define PATTERN_NO_NEED	UINT16_MAX
uint16_t pattern_set_need(const struct pattern_set *, uint32_t pattern);

/* Of a closed set: the folded text that is asked about from now on; it must stay
 * as it is. */
void pattern_set_look_at(struct pattern_set *, struct str folded);
/* The places i below n whose need[i] the text has, ascending; returns how many.
 * Asked of thousands at a time, of which a text has few, this is cheaper than to
 * try to match each. */
size_t pattern_set_have(struct pattern_set *, const uint16_t *need, size_t n,
    uint16_t *place_out);
/* As pattern_match, of the text looked at. */
enum pattern_result pattern_set_match(struct pattern_set *, uint32_t pattern,
    size_t *from_out, size_t *to_out);

#endif
