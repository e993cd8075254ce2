#ifndef CD_TEXT_COMPOSE_H
#define CD_TEXT_COMPOSE_H

#include <stdint.h>

#include "text/message.h"

/*
 * Our answer as bytes of the wire (RFC 5322, 2045): CRLF lines, 7 bit,
 * multipart/alternative of text and HTML, quoted-printable, headers folded and
 * RFC 2047 encoded. No line over 998 bytes, nothing of a stranger's mail but
 * the cleaned subject can reach a header.
 */
struct answer {
	struct mailbox from;
	const char *to_name, *to_addr;	/* the one recipient */
	const char *subject;
	const char *message_id;		/* without <> */
	const char *in_reply_to;	/* NULL: a new thread */
	const char **references;	/* of the mail answered */
	size_t n_references;
	int64_t date;
	const char *text, *html;	/* html may be NULL */
	bool generated;		/* Auto-Submitted: auto-generated: it answers
				 * nobody (RFC 3834 5) */
	bool automatic;		/* Auto-Submitted: auto-replied, X-Auto-Response-
				 * Suppress: All, Precedence: bulk; false for
				 * what a person sends from the queue */
};

/* References = theirs + in_reply_to (RFC 5322 3.6.4), cut in the middle at 20:
 * the oldest and the youngest stay. An id that is not printable ASCII, or that
 * has a blank or <> in it, is left out; so is a field without a valid id. Each
 * body is cut at CD_MAX_RENDERED. The same answer gives the same bytes. */
struct str compose_message(struct arena *, const struct answer *);

/* What compose_message made, as of that date. RFC 5322 3.6.1: when its writer
 * was done with it; a draft that lay for days is done when it is sent. */
struct str compose_dated(struct arena *, struct str raw, int64_t date);

/* The HTML part of what compose_message made, as it was; NULL: it has none. */
const char *compose_html(struct arena *, struct str raw);

/* Is it the subject of an answer ("AW: ...")? */
bool compose_is_answer(const char *subject);

/* "Re: " + the subject of theirs, cleaned: one line, no control bytes, one
 * "Re:" only, at most 200 bytes at a letter's border; `fallback` if empty. */
const char *compose_subject(struct arena *, const char *theirs,
    const char *fallback);

#endif
