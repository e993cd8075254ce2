#ifndef CD_STORE_ALARMS_H
#define CD_STORE_ALARMS_H

#include "store/db.h"

/*
 * What is wrong with the daemon: one row a kind, kept over restarts, so that
 * nobody is told twice.
 */
enum alarm_state { ALARM_QUIET, ALARM_RAISED, ALARM_TOLD, ALARM_OVER };
#define ALARM_STATE_COUNT 4
const char *alarm_state_name(enum alarm_state);

struct alarm_row {
	const char *kind;
	int64_t since;		/* 0: all is well */
	enum alarm_state state;
	const char *why;	/* one line for a person */
	int64_t told_at;	/* the last mail of it; 0: none */
};

/* By kind. */
enum cd_rc alarms_list(struct store *, struct arena *, struct alarm_row **out,
    size_t *n_out, struct cd_err *err) CD_CHECK;
/* New or changed. Needs a transaction. */
enum cd_rc alarms_put(struct store *, const struct alarm_row *,
    struct cd_err *err) CD_CHECK;
/* Did a mail seen since then go to a person for that reason, or does a case
 * touched since then wait for one? */
enum cd_rc alarms_reason_seen(struct store *, int64_t since,
    const char *reason, bool *out, struct cd_err *err) CD_CHECK;

#endif
