#ifndef CD_TEXT_HTML_STYLE_H
#define CD_TEXT_HTML_STYLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/str.h"

/* Is a line drawn through the text? */
enum html_strike { HTML_STRIKE_UNSAID, HTML_STRIKE_THROUGH, HTML_STRIKE_NONE };

/*
 * What an element's own attributes, and rules of its class or id, say about how
 * its text is seen. Of style sheets no more is looked at, but that a rule of
 * another kind may hide it, and what is ambiguous counts as seen.
 */
struct html_style {
	bool hidden;		/* display:none and the like */
	bool cramped;		/* too small for what is in it, which is cut
				 * off; only of a block */
	bool block;		/* made one, whatever the element is */
	bool shown;		/* display is said, and is not none */
	bool doubtful;		/* some rule hides it, or does not */
	bool font_set, font_zero; /* font-size is said; is next to nothing */
	bool tight;		/* a paragraph without space above and below */
	enum html_strike strike;
	uint32_t color, background; /* as in text/html_color.h */
	uint32_t fill;		/* of letters, whatever their color */
};

/* The rules "tag", ".class", "tag.class", "#id" of a page that tell how text is
 * seen; and such as end so or in "[attribute]", if they hide it. */
struct html_sheet {
	struct html_rule {
		struct str tag, name;	/* either may be empty */
		bool is_id;
		struct str attribute;	/* that it must have, or empty */
		struct str value;	/* that is a piece of its */
		struct html_style style;
	} v[CD_MAX_HTML_RULES];
	size_t n;
	size_t tries;		/* that are left */
	bool background;	/* it says one, of whatever */
	bool font;		/* one that was not kept says a size */
	bool undecorates;	/* one may take the line through a text away */
	bool limited;		/* some rules were not kept, or not tried */
};

/* Adds what declarations say; a rule's (of_rule) may have its `position` in another. */
void html_declarations_read(struct str, bool of_rule, struct html_style *);

/* Adds what a style element says, for those media (CSS Media Queries; empty: all);
 * the sheet borrows from it, its comments are taken out. */
void html_sheet_read(char *css, size_t n, struct str media, struct html_sheet *);

/* name: lower case. atts: name, value, name, value ... NULL; or NULL. */
struct html_style html_style_of(const char *name, const char *const *atts,
    struct html_sheet *);

#endif
