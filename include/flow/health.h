#ifndef CD_FLOW_HEALTH_H
#define CD_FLOW_HEALTH_H

#include "io/config.h"
#include "store/alarms.h"
#include "store/cases.h"
#include "store/outbox.h"
#include "store/roles.h"

/*
 * How the daemon is, from what its roles last wrote: for `status`, /readyz and
 * /metrics.
 */
struct health {
	bool healthy;
	const char *why;	/* what is wrong, one line; "" if nothing */
	struct role_row *roles;
	size_t n_roles;
	int64_t last_fetch, last_send, idle_since, oldest_unread; /* 0: none */
	int64_t token_fetched, token_expires; /* 0: no OAuth 2.0 */
	int64_t outbox[OUTBOX_STATE_COUNT];
	int64_t cases[CASE_STATE_COUNT];
	int64_t asleep;		/* of those in review: put off */
	const char *stuck;	/* nothing has gone out, since when and why; NULL:
				 * no such trouble */
	int64_t brake_since;	/* 0: off */
	const char *brake_why;
	struct alarm_row *alarms;	/* see alarm.h; quiet ones too */
	size_t n_alarms;
	const char *alarm_unsent;	/* why one could not be mailed, NULL: all
					 * that are owed were */
};

/* How the supervisor's row begins, or ends behind other trouble, while a role dies
 * again and again. */
#define HEALTH_FAILING "failing: "

/* Raised and not over. */
bool health_alarm_on(const struct alarm_row *);

enum cd_rc health_read(const struct config *, struct store *, struct arena *,
    int64_t now, struct health *out, struct cd_err *err) CD_CHECK;

/* What is wrong with a role, one line, or NULL. */
const char *health_complaint(struct arena *, const struct config *,
    const struct role_row *, int64_t now);

/* Prometheus text format 0.0.4. */
struct str health_metrics(struct arena *, const struct health *);

#endif
