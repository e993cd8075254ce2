#ifndef CD_STORE_ANSWERED_H
#define CD_STORE_ANSWERED_H

#include "store/db.h"

/*
 * The Message-IDs that mails of our people's name, where no case is known for them:
 * whichever of these comes to be read later has been answered. By their hashes, so that
 * nobody need be forgotten here. The oldest give way to CD_MAX_ANSWERED newer ones.
 */

/* Answered by a mail of that time. Needs a transaction. */
enum cd_rc answered_add(struct store *, const char *message_id, int64_t at,
    struct cd_err *err) CD_CHECK;
/* Forget those of before that time, and those that are too many. Needs a transaction. */
enum cd_rc answered_purge(struct store *, int64_t before, struct cd_err *err)
    CD_CHECK;
/* One of long ago was not. */
enum cd_rc answered_has(struct store *, const char *message_id, bool *out,
    struct cd_err *err) CD_CHECK;

#endif
