#ifndef CD_TEXT_VISIBLE_H
#define CD_TEXT_VISIBLE_H

#include "text/zone.h"

/*
 * The newly written text apart from quotes, forwarded mails, signatures and
 * notices, by html's marks and by wording: attribution lines and header blocks
 * in the languages of Outlook, Gmail, Apple Mail, Yahoo and Thunderbird, ">"
 * quotes, "-----Original Message-----" lines, inline answers kept in order.
 * When in doubt text is kept as new: an answer is never lost.
 */
struct visible {
	struct zoned all;	/* the whole text; spans cover every byte */
	struct str zone[ZONE_COUNT]; /* each zone's pieces joined by "\n",
				 * trimmed, "> " marks of quotes taken off;
				 * may point into `all` */
	bool struck;		/* some that is newly written, but struck out,
				 * is among the quoted */
};

/* *out borrows the body's text. sender_name may be ""; it helps to know a name
 * typed under the text (kept) from a signature block (cut). */
void visible_find(struct arena *, const struct zoned *body,
    const char *sender_name, struct visible *out);

#endif
