#ifndef CD_TEXT_BODY_H
#define CD_TEXT_BODY_H

#include "text/html.h"
#include "text/mime.h"
#include "text/zone.h"

/*
 * The readable text of a mail: which parts of it a person sees, which of two
 * alternatives reads better, flowed lines joined (RFC 3676).
 */
struct body {
	struct zoned text;	/* at most CD_MAX_TEXT bytes */
	struct zoned other;	/* the same mail in the forms not read: empty
				 * if no part has two that say something */
	bool from_html, two_forms;
	bool lossy, truncated;
	bool cut;		/* text was left out: more than truncated */
	struct str html;	/* the HTML looked at, for "cid:" */
	struct html_pictures pictures; /* of all pages */
};

/* Does a person see this part as an attachment and not as text? */
bool body_is_attachment(struct arena *, const struct mime_part *);

/* The decoded UTF-8 text of a text part, format=flowed undone. */
struct str body_part_text(struct arena *, const struct mime_part *,
    bool *lossy_out);

void body_read(struct arena *, const struct mime *, struct body *out);

#endif
