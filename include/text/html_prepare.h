#ifndef CD_TEXT_HTML_PREPARE_H
#define CD_TEXT_HTML_PREPARE_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * A page made fit for libxml2 before it is parsed, and what elements are for
 * the flow of text.
 */
enum html_display {
	DISPLAY_INLINE,
	DISPLAY_BLOCK,		/* begins and ends a line */
	DISPLAY_PARAGRAPH,	/* with space above and below */
	DISPLAY_CELL,
	DISPLAY_SKIP		/* is not shown */
};

enum html_display html_display_of(const char *name /* lower case */);

struct html_budget;

/* The page up to the tag, entity or "=" that is more than what is left, or up
 * to a tag of more than CD_MAX_HTML_ATTRIBUTES attributes: they are what
 * costs (libxml2 compares each attribute of a tag with all before it), and no
 * person writes so many. A slice; what it needs is taken from the budget. */
struct str html_cut(struct str html, struct html_budget *left);

/* What libxml2 is given: in a body from the start, so that it makes up no
 * paragraph around bare text, and without Microsoft's "<![if ...]>", which it
 * takes for text. */
struct str html_prepare(struct arena *, struct str html);

/* What the next style element of such a page holds, from *at on, and for which
 * media (empty: all). false: there is none. */
bool html_sheet_next(struct str page, size_t *at, struct str *css,
    struct str *media);

/* A page too deep for libxml2, with no structure left: blocks are empty
 * elements, what is not shown stays in its element. */
struct str html_flatten(struct arena *, struct str html);

#endif
