#ifndef CD_ROLE_PURGE_H
#define CD_ROLE_PURGE_H

#include "store/db.h"

/*
 * Once an hour texts older than some days are forgotten, one slice a call, so that
 * no mail waits for them. Zeroed: the first call begins.
 */
struct purge {
	int64_t at, n;
	bool more;	/* the slice before had something: call again soon */
};
/* days 0: nothing is ever forgotten. Own transaction. */
enum cd_rc purge_slice(struct purge *, struct store *, int64_t days,
    struct cd_err *err) CD_CHECK;

#endif
