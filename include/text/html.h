#ifndef CD_TEXT_HTML_H
#define CD_TEXT_HTML_H

#include <stdbool.h>

#include "base/buf.h"
#include "text/zone.h"

/*
 * An HTML body as a person sees it (libxml2's HTML parser): hidden text (also
 * white on white, of size 1, out of the page), style and script left out,
 * paragraphs, lists and tables as lines, links kept as "text <url>" where the
 * text does not show the target.
 *
 * Quotes that only the markup shows become spans: blockquote, gmail_quote,
 * Outlook's divRplyFwdMsg and appendonsend, yahoo_quoted, moz-cite-prefix,
 * moz-forward-container, protonmail_quote; id/class Signature and
 * moz-signature; the "external sender" tables. What a line is drawn through stands
 * between "~~" and is told beside the zones. Never fails.
 */
void html_to_text(struct arena *, struct str html /* UTF-8 */,
    struct zoned *out);

/* What all pages of one mail together may cost. */
struct html_budget {
	size_t marks, values, boxes, tries;	/* that are left */
	bool cut;		/* some text was left out: it was too much, or
				 * white on white with nothing else */
};

struct html_budget html_budget_new(void);

/* What the pages of one mail say of their pictures. */
struct html_pictures {
	struct buf names;	/* their alternative texts, a line each */
	bool shown;		/* ahead of all quotes there is one that is no
				 * part of the mail, or lies elsewhere and says
				 * much */
};

struct html_pictures html_pictures_new(struct arena *);

/* The same, as one page of a mail of several. false: a person may see it
 * otherwise than it was read, for it went beyond a limit: it was cut, or is
 * nested deeper than CD_MAX_HTML_DEPTH and so without its marks and styles; or
 * for it has text that some programs show and others do not. */
bool html_read(struct arena *, struct str html /* UTF-8 */,
    struct html_budget *, struct html_pictures *, struct zoned *out);

/* Does the markup show quotes or signatures? Cheap: no parsing. */
bool html_has_marks(struct str html);

#endif
