/* Counters of `stats`, from the rows themselves. */
#include "store/roles.h"
#include "sql.h"

/* All of the mails' groups come out of one index (mails_by_time). */
static const char SQL_COUNTS[] =
    "WITH m AS MATERIALIZED (SELECT action, reason, intent, automatic, "
    "language, count(*) AS n FROM mails INDEXED BY mails_by_time "
    "WHERE seen_at >= ?1 GROUP BY 1, 2, 3, 4, 5) "
    "SELECT 'action', action, sum(n) FROM m GROUP BY 2 UNION ALL "
    "SELECT 'reason', reason, sum(n) FROM m GROUP BY 2 UNION ALL "
    "SELECT 'intent', intent, sum(n) FROM m WHERE intent IS NOT NULL "
    "GROUP BY 2 UNION ALL "
    "SELECT 'automatic', automatic, sum(n) FROM m "
    "WHERE automatic IS NOT NULL GROUP BY 2 UNION ALL "
    "SELECT 'language', language, sum(n) FROM m "
    "WHERE language IS NOT NULL GROUP BY 2 UNION ALL "
    "SELECT 'answer', handle, count(*) FROM outbox INDEXED BY outbox_by_time "
    "WHERE automatic = 1 AND created >= ?1 AND state IN "
    "('queued', 'claimed', 'committing', 'sent', 'doubtful') "
    "GROUP BY 2 UNION ALL "
    "SELECT 'by_person', handle, count(*) FROM outbox "
    "INDEXED BY outbox_by_time WHERE automatic = 0 AND created >= ?1 "
    "AND state IN ('queued', 'claimed', 'committing', 'sent', 'doubtful') "
    "GROUP BY 2 UNION ALL "
    "SELECT 'state', state, n FROM case_counts";
static const char SQL_SECONDS[] =
    "SELECT max(0, o.sent_at - m.received_at) "
    "FROM outbox o INDEXED BY outbox_by_time JOIN mails m ON m.id = o.mail_id "
    "WHERE o.automatic = 1 AND o.created >= ?1 AND o.state = 'sent' "
    "ORDER BY 1";
static const char SQL_DAYS[] =
    "SELECT seen_at / 86400 * 86400, "
    "sum(action NOT IN ('review', 'close', 'leave', 'ignore')), "
    "sum(action = 'review'), sum(action IN ('close', 'leave', 'ignore')) "
    "FROM mails INDEXED BY mails_by_time WHERE seen_at >= ?1 "
    "GROUP BY 1 ORDER BY 1";
static const char SQL_CORRECTIONS[] =
    "SELECT coalesce(m.intent, ''), l.intent, count(*) "
    "FROM labels l INDEXED BY labels_by_time JOIN mails m ON m.id = l.mail_id "
    "WHERE l.at >= ?1 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?2";

enum cd_rc
stats_counts(struct store *s, struct arena *a, int64_t since,
    struct stats_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_COUNTS, err);
	struct stats_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	put_i64(&q, since);
	while (query_row(&q)) {
		struct stats_row r = { 0 };

		r.group = get_text(&q, a);
		r.key = get_text(&q, a);
		r.n = get_i64(&q);
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

static double
at_share(const int64_t *sorted, size_t n, double share)
{
	double at = share * (double)(n - 1);
	size_t i = (size_t)at;
	double low = (double)sorted[i];

	return i + 1 < n
	    ? low + (at - (double)i) * ((double)sorted[i + 1] - low) : low;
}

enum cd_rc
stats_first_answer(struct store *s, int64_t since, double *median_out,
    double *p90_out, struct cd_err *err)
{
	struct arena *a = arena_new();
	struct query q = query_new(s, SQL_SECONDS, err);
	int64_t *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	put_i64(&q, since);
	while (query_row(&q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n++] = get_i64(&q);
	}
	rc = query_end(&q);
	if (rc == CD_OK && n == 0)
		rc = CD_ABSENT;
	if (rc == CD_OK) {
		*median_out = at_share(list, n, 0.5);
		*p90_out = at_share(list, n, 0.9);
	}
	arena_free(&a);
	return rc;
}

enum cd_rc
stats_days(struct store *s, struct arena *a, int64_t since,
    struct stats_day **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_DAYS, err);
	struct stats_day *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	put_i64(&q, since);
	while (query_row(&q)) {
		struct stats_day d = { 0 };

		d.day = get_i64(&q);
		d.answered = get_i64(&q);
		d.review = get_i64(&q);
		d.silent = get_i64(&q);
		list = list_room(a, list, n, sizeof *list);
		list[n++] = d;
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

enum cd_rc
stats_corrections(struct store *s, struct arena *a, int64_t since, size_t max,
    struct stats_correction **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_CORRECTIONS, err);
	struct stats_correction *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	put_i64(&q, since);
	put_i64(&q, (int64_t)max);
	while (query_row(&q)) {
		struct stats_correction r = { 0 };

		r.was = get_text(&q, a);
		r.is = get_text(&q, a);
		r.n = get_i64(&q);
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
