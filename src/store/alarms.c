/* What is wrong with the daemon, and who knows. */
#include <string.h>

#include "store/alarms.h"
#include "sql.h"

static const char SQL_LIST[] =
    "SELECT kind, since, state, why, told_at FROM alarms ORDER BY kind";
static const char SQL_PUT[] =
    "INSERT INTO alarms (kind, since, state, why, told_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (kind) DO UPDATE SET "
    "since = excluded.since, state = excluded.state, why = excluded.why, "
    "told_at = excluded.told_at";
/* By mails_by_time, where the days' counts know of one: it is asked every few
 * seconds, and a day may have a backlog of a million; and by cases_by_reason. */
static const char SQL_REASON[] =
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM daily_mails "
    "WHERE day >= ?1 / 86400 AND action = 'review' AND reason = ?2) "
    "THEN EXISTS (SELECT 1 FROM mails WHERE seen_at >= ?1 "
    "AND action = 'review' AND reason = ?2) ELSE false END "
    "OR EXISTS (SELECT 1 FROM cases WHERE state = 'review' "
    "AND updated >= ?1 AND reason = ?2)";

static const char *const state_names[ALARM_STATE_COUNT] = {
	[ALARM_QUIET] = "quiet",
	[ALARM_RAISED] = "raised",
	[ALARM_TOLD] = "told",
	[ALARM_OVER] = "over",
};

const char *
alarm_state_name(enum alarm_state state)
{
	return state_names[state];
}

enum cd_rc
alarms_list(struct store *s, struct arena *a, struct alarm_row **out,
    size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LIST, err);
	struct alarm_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	while (query_row(&q)) {
		struct alarm_row r = { .kind = get_text(&q, a) };
		const char *state;

		r.since = get_i64(&q);
		state = get_text(&q, a);
		for (int i = 0; i < ALARM_STATE_COUNT; i++) {
			if (strcmp(state, state_names[i]) == 0)
				r.state = (enum alarm_state)i;
		}
		r.why = get_text(&q, a);
		r.told_at = get_i64(&q);
		list = list_room(a, list, n, sizeof *list);
		list[n++] = r;
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

enum cd_rc
alarms_put(struct store *s, const struct alarm_row *r, struct cd_err *err)
{
	struct query q = query_new(s, SQL_PUT, err);

	put_text(&q, r->kind);
	put_i64(&q, r->since);
	put_text(&q, alarm_state_name(r->state));
	put_words(&q, r->why);
	put_i64(&q, r->told_at);
	return query_run(&q);
}

enum cd_rc
alarms_reason_seen(struct store *s, int64_t since, const char *reason,
    bool *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_REASON, err);
	int64_t there = 0;
	enum cd_rc rc;

	put_i64(&q, since);
	put_text(&q, reason);
	rc = query_i64(&q, &there);
	if (rc == CD_OK)
		*out = there != 0;
	return rc;
}
