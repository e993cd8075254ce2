#ifndef CD_STORE_SESSIONS_H
#define CD_STORE_SESSIONS_H

#include "store/db.h"

/*
 * Who is signed in to the web queue. The secret is random and lies in the
 * browser's cookie; here is only its SHA-256, so a copy of the database opens
 * nothing. A session ends with its account, after SESSION_IDLE_S without use
 * and SESSION_LIFE_S after its beginning.
 */
#define SESSION_IDLE_S	(12 * 3600)
#define SESSION_LIFE_S	(14 * 86400)
/* `seen` is written this seldom, so that reading pages hardly writes. */
#define SESSION_TOUCH_S	300

struct session_row {
	const char *account, *role;	/* role as the account has it now */
	const char *csrf;
	int64_t created, seen;
};

/* Removes those that have ended, too. CD_ABSENT: no such account. */
enum cd_rc sessions_add(struct store *, const char *secret, const char *account,
    const char *csrf, int64_t now, struct cd_err *err) CD_CHECK;
/* CD_ABSENT: there is none, or it has ended. */
enum cd_rc sessions_get(struct store *, struct arena *, const char *secret,
    int64_t now, struct session_row *out, struct cd_err *err) CD_CHECK;
enum cd_rc sessions_touch(struct store *, const char *secret, int64_t now,
    struct cd_err *err) CD_CHECK;
/* One that is gone already is fine. */
enum cd_rc sessions_end(struct store *, const char *secret,
    struct cd_err *err) CD_CHECK;
/* All of an account, as after a new password. */
enum cd_rc sessions_end_all(struct store *, const char *account,
    struct cd_err *err) CD_CHECK;

#endif
