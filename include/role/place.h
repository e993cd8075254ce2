#ifndef CD_ROLE_PLACE_H
#define CD_ROLE_PLACE_H

#include "io/config.h"
#include "io/imap.h"
#include "store/mails.h"

/*
 * Where reading goes on in a folder just opened: where it ended; on a first
 * start as the configuration wants it (start_date counts with START_DATE alone);
 * after a change of UIDVALIDITY from the first mail on, since each is recognised
 * then, and likewise where the server gives UIDs anew that were read (its files
 * came back from a backup), which UIDNEXT tells or another mail's Message-ID. The
 * store's cursor of the mailbox says so afterwards.
 */
enum cd_rc place_load(struct store *, struct imap *, const char *mailbox,
    enum config_start, int64_t start_date, struct cd_err *err) CD_CHECK;

/* The folder is not there yet: when it comes, place_load reads it from its first
 * mail on. Where it was read before, that stays so. */
enum cd_rc place_absent(struct store *, const char *mailbox,
    struct cd_err *err) CD_CHECK;

#endif
