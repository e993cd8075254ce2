#ifndef CD_TEXT_BANNER_H
#define CD_TEXT_BANNER_H

#include "text/lines.h"

/*
 * "CAUTION: This email originated from outside of the organization": what mail
 * servers put above a mail that is not from their own house, by its wording in some
 * twenty languages; in a box of its own by what its words weigh, too
 * (text/boilerplate.h). What the person wrote may stand right below it, with no blank
 * line between (Outlook's paragraphs have none), and is no part of it.
 */

/* How many lines from i on are a banner; 0: none. */
size_t banner_at(const struct lines *, size_t i, size_t end);

/* Is the text of a coloured box a banner, each line of it, or all of it as one? */
bool banner_is(struct str text);

#endif
