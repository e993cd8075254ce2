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

/* Of what stands before a "{": without "<!--", "-->", at-rules that end in ";", and the
 * "}" of a block whose rules were read one by one. */
struct str css_selectors(struct str s, bool *open);

#endif
