#ifndef CD_TEXT_HEADER_WRITE_H
#define CD_TEXT_HEADER_WRITE_H

#include "base/buf.h"

/*
 * Header fields on their way out (RFC 5322 2.2.3, RFC 2047): cleaned, encoded,
 * folded at 76 columns, each ended by CRLF. Whatever goes in, one call writes
 * one field. For compose.c.
 */

/* One line of UTF-8: control bytes, line and paragraph separators and marks
 * that turn the writing direction are left out, malformed bytes too, white
 * space becomes single spaces; at most max bytes, cut between code points. */
const char *header_clean(struct arena *, const char *, size_t max);

/* "Name: " text. */
void header_text(struct buf *, const char *name, const char *text);

/* "Name: " display <addr>. `display` may be NULL or "". */
void header_mailbox(struct buf *, const char *name, const char *display,
    const char *addr);

/* "Name: " <id> <id> ...; an id that is no clean msg-id is left out, and with
 * no id left there is no field. */
void header_ids(struct buf *, const char *name, const char *const *ids,
    size_t n);

/* Printable ASCII without white space and <>, of a sane length? */
bool header_id_valid(const char *id);

#endif
