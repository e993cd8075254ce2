#ifndef CD_TEXT_CSS_H
#define CD_TEXT_CSS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/*
 * As much of a style sheet's syntax (CSS Syntax Level 3) as it takes to tell where
 * its rules begin and end: comments, strings, escapes, url(), brackets. A string ends
 * with its line at the latest, a bracket's block with the sheet. *open is set, and never
 * cleared, where one of the others has no end in s, or where brackets are too deep, so
 * that nobody knows what a browser makes of the rest.
 */

/* Takes comments out of p, in place; the new length. */
size_t css_uncomment(char *p, size_t n, bool *open);

/* Where the first of those signs stands that is syntax and in no bracket that began in
 * s; s.n: nowhere. */
size_t css_find(struct str s, const char *signs, bool *open);

/* Behind the block whose "{" was before s; the end of s ends it, too. */
struct str css_behind_block(struct str s, bool *open);

/* Of what stands before a "{" or ";": without blanks, "<!--" and "-->" ahead of it. */
struct str css_prelude(struct str s);

/* Does what stands in a block count? From the least to the most: */
enum css_reach {
	CSS_NOWHERE,		/* of another screen than a desk's, or of none */
	CSS_NESTED,		/* a rule's in a rule: not everywhere, not of all */
	CSS_PERHAPS,
	CSS_PROBABLY,		/* in any program that knows that at-rule */
	CSS_EVERYWHERE
};

/* Of media queries, the value of a style element's media, too; empty: of all. */
enum css_reach css_media_reach(struct str queries, bool *open);
/* s: the at-rule up to its "{". */
enum css_reach css_at_rule_reach(struct str s, bool *open);

#endif
