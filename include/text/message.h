#ifndef CD_TEXT_MESSAGE_H
#define CD_TEXT_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "text/address.h"
#include "text/zone.h"

/*
 * One mail (RFC 5322, 2045-2049) as values. Parsing never fails and never
 * loses the text: a broken structure gives the best reading there is. All of
 * it lives in the arena; nothing points into the raw bytes.
 */
struct header {
	const char *name;	/* as written */
	const char *value;	/* unfolded, trimmed; not RFC 2047 decoded;
				 * valid UTF-8 */
	uint32_t key;		/* the same for the same name */
};

struct attachment {
	const char *name;	/* decoded file name, "" if none */
	const char *type;	/* "image/png", lower case */
	size_t size;		/* bytes, decoded or an estimate of it */
	bool is_inline;		/* Content-Disposition: inline or a Content-ID
				 * the HTML shows */
};

struct message {
	struct header *headers;	/* top first, as in the mail */
	size_t n_headers;

	struct mailbox_list from, sender, reply_to, to, cc;
	const char *subject;	/* decoded, one line, "" if none */
	const char *message_id;	/* without <>, NULL if none */
	const char *in_reply_to; /* first id, without <>, NULL if none */
	const char **references; /* oldest first, without <> */
	size_t n_references;
	int64_t date;		/* Date header, 0 if none or unreadable */
	const char *return_path; /* NULL: no such header; "": <> */

	struct zoned body;	/* the readable text with html's marks */
	struct zoned other_form; /* what another program shows of it, see
				 * text/body.h; or empty */
	struct str picture_names; /* and its pictures' alternative texts */
	bool from_html;		/* body was made from the HTML part */
	struct attachment *attachments;
	size_t n_attachments;
	bool shows_picture;	/* the HTML's own text has one that is no part of
				 * the mail, or lies elsewhere and says much */

	const char *content_type; /* of the whole, lower case, no parameters */
	const char *report_type; /* multipart/report's, lower case, or NULL */
	struct str delivery_status; /* text of message/delivery-status */
	struct str returned;	/* headers (and start) of the returned mail:
				 * message/rfc822 or text/rfc822-headers inside
				 * a report */
	struct message *inner;	/* first message/rfc822 that is not a report's,
				 * or NULL */
	const char *calendar_method; /* text/calendar's method, or NULL */

	bool lossy;		/* some text was decoded with loss */
	bool read_in_part;	/* a person may see more text, or see it
				 * otherwise */
	bool cut_off;		/* more text, of which we know nothing */
	bool truncated;		/* a limit of base/limits.h was met */
	bool tnef;		/* winmail.dat was there */
};

void message_parse(struct arena *, struct str raw, struct message *out);

/* First header of that name (any case) from the top, or NULL; with `after` the
 * next one below it. Borrowed. */
const struct header *message_header(const struct message *, const char *name,
    const struct header *after);
/* Its value or NULL. */
const char *message_value(const struct message *, const char *name);

/* A stable name of the mail for recognising it again: its Message-ID, or
 * "sha256:<hex>" over From, Date, Subject and body where there is none. */
const char *message_identity(struct arena *, const struct message *);

#endif
