#ifndef CD_TEXT_NOTICE_H
#define CD_TEXT_NOTICE_H

#include "text/lines.h"

/*
 * What machines add to a mail besides banners (banner.h) and legal footers
 * (legal.h): "Sent from my iPhone", what service desks put around it. Words of some
 * twenty languages are in notice.c.
 */

/* What the program of a service desk puts above the words of its people: "Reply
 * above this line", "Ticket #4711 has been updated." Takes a folded line. */
enum desk_line { DESK_NONE, DESK_MARK, DESK_STATE };

enum desk_line desk_line_of(struct str folded);

/* How many lines from i on, with the rules above it, such a line takes; 0: none. */
size_t desk_line_at(const struct lines *, size_t i, size_t end);

/* "Joe has sent you a secure message: click here to read it": his words lie behind a
 * gateway's page. Takes a folded text. */
bool portal_notice_is(struct str folded);

/* "Sent from my iPhone", "Get Outlook for iOS". */
bool device_footer_is(const struct text_line *);

#endif
