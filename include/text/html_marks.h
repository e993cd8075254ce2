#ifndef CD_TEXT_HTML_MARKS_H
#define CD_TEXT_HTML_MARKS_H

#include <stdbool.h>

#include "text/zone.h"

/*
 * What an element's name and attributes say about it: who wrote its text. Knows
 * the markup of mail programs, nothing of the text around.
 */
enum mark_kind {
	HTML_MARK_NONE,
	HTML_MARK_ZONE,		/* the element is of `zone` */
	HTML_MARK_GMAIL,	/* gmail_quote's outer element: an attribution,
				 * blockquotes, and answers between them */
	HTML_MARK_REST,		/* all from here to the end is quoted */
	HTML_MARK_BORDER,	/* Word's line above a header block: as REST,
				 * if its text is one */
	HTML_MARK_INDENT,	/* a blockquote: quoted if an attribution is
				 * right before it */
	HTML_MARK_BANNER,	/* a coloured box: a notice if its text is a
				 * banner */
	HTML_MARK_SIGNATURE_NEXT /* the element after it is the signature */
};

struct html_mark {
	enum mark_kind kind;
	enum zone zone;
};

/* name: lower case. atts: name, value, name, value ... NULL; or NULL. */
struct html_mark html_mark_of(const char *name, const char *const *atts);

/* An attribute's value, "" if it has none or is not there. */
const char *html_attribute(const char *const *atts, const char *name);

/* Does an img show a picture of something that is no part of the mail? */
bool html_shows_picture(const char *const *atts);

/* Does the line before a quote name date and writer of it? Looks at
 * punctuation, not at words. */
bool html_is_attribution(struct str line);
/* One that can be taken for the quote's own without a doubt: date and address
 * (or "wrote") on one line. */
bool html_is_full_attribution(struct str line);

/* "From: ... Sent: ... To: ...": at least three lines of the kind. */
bool html_is_header_block(struct str);

/* Where the "Sent from ..." lines of mail programs lead: of no use to a
 * reader. */
bool html_is_advert_link(struct str href);
/* Does a link's text show where it leads? */
bool html_shows_target(struct arena *, struct str text, struct str href);

/* Is there text that none of the spans covers? They are sorted. */
bool html_has_undecided(struct str text, const struct span *spans, size_t n);

#endif
