#ifndef CD_STORE_ROLES_H
#define CD_STORE_ROLES_H

#include "store/db.h"

/*
 * What each role last said of itself, for `status`, /readyz and the watchdog.
 */
struct role_row {
	const char *role;	/* "main", "watch", "send", "web" */
	int64_t pid, beat;	/* last sign of life */
	const char *state;	/* "idle", "connecting", "error: ..." */
	const char *data;	/* JSON object: last_fetch, idle_since,
				 * token_expires, alarm_unsent, ... */
};
enum cd_rc roles_beat(struct store *, const struct role_row *,
    struct cd_err *err) CD_CHECK;	/* its own transaction */
enum cd_rc roles_list(struct store *, struct arena *, struct role_row **out,
    size_t *n_out, struct cd_err *err) CD_CHECK;

/* Counters of `stats` since the day (UTC) of a time, in no order; "state" is of
 * now. They are kept by day, so a million mails cost no more than a hundred;
 * what was purged or forgotten stays counted. */
struct stats_row {
	const char *group;	/* "action", "reason" (and of those with action
				 * review or none: "review_reason",
				 * "silent_reason"), "intent", "automatic",
				 * "answer" (by itself, by template), "by_person"
				 * (answers of people), "state", "language",
				 * "approved" (companies, by how it was seen),
				 * "waits_for" (cases in review now, by reason),
				 * "answered_waits" (of "answer": the case waits,
				 * now, for a person with something else of the
				 * mail) */
	const char *key;
	int64_t n;
};
enum cd_rc stats_counts(struct store *, struct arena *, int64_t since,
    struct stats_row **out, size_t *n_out, struct cd_err *err) CD_CHECK;
/* What stats_counts gave, summed up: how much was answered without a person, and
 * the way from the steps to the approval. */
struct stats_summary {
	int64_t by_itself, by_people;	/* answers */
	int64_t waits;			/* "answered_waits": of neither */
	int64_t steps, link, approved_note; /* of both */
	int64_t approved;		/* companies; their cases may be closed
					 * by now */
};
struct stats_summary stats_sum(const struct stats_row *, size_t n);
/* Seconds from a mail's arrival to its automatic answer's acceptance, to two
 * digits; CD_ABSENT: none was sent since that day. */
enum cd_rc stats_first_answer(struct store *, int64_t since,
    double *median_out, double *p90_out, struct cd_err *err) CD_CHECK;

/* Mails of the matter by day (UTC) since then, oldest first; days without any
 * are left out. */
struct stats_day {
	int64_t day;		/* its first second */
	int64_t answered;	/* by itself */
	int64_t review;		/* a person was asked */
	int64_t silent;		/* ignored, left or closed quietly */
};
enum cd_rc stats_days(struct store *, struct arena *, int64_t since,
    struct stats_day **out, size_t *n_out, struct cd_err *err) CD_CHECK;
/* What people corrected since then, most frequent first, at most max. */
struct stats_correction {
	const char *was, *is;	/* intents */
	int64_t n;
};
enum cd_rc stats_corrections(struct store *, struct arena *, int64_t since,
    size_t max, struct stats_correction **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;

#endif
