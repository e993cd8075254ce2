#ifndef CD_ROLE_DOUBTFUL_H
#define CD_ROLE_DOUBTFUL_H

#include "io/imap.h"
#include "store/db.h"

/*
 * Answers whose fate is unknown: did the server keep a copy? Asked over the
 * connection that is no one's to wait on: a search ends the next wait for new
 * mail at once, which would be another sweep, and so without end.
 *
 * sent: the open Sent folder, NULL: nothing is asked. *place: the answer last
 * looked for, 0: the oldest is next; each call goes on where the one before ended,
 * so what is never found hides nothing. Own transactions.
 */
enum cd_rc doubtful_look(struct store *, struct arena *, struct imap *sent,
    const char *folder, int64_t *place, struct cd_err *) CD_CHECK;

#endif
