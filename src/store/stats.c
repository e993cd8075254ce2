/* Counters of `stats`, from the days' counts. */
#include <string.h>

#include "store/roles.h"
#include "sql.h"

static const char SQL_COUNTS[] =
    "WITH m AS MATERIALIZED (SELECT action, reason, intent, automatic, "
    "language, n FROM daily_mails WHERE day >= ?1 / 86400), "
    "o AS MATERIALIZED (SELECT automatic, handle, n FROM daily_answers "
    "WHERE day >= ?1 / 86400) "
    "SELECT 'action', action, sum(n) FROM m GROUP BY 2 UNION ALL "
    "SELECT 'reason', reason, sum(n) FROM m GROUP BY 2 UNION ALL "
    "SELECT 'review_reason', reason, sum(n) FROM m "
    "WHERE action = 'review' GROUP BY 2 UNION ALL "
    "SELECT 'silent_reason', reason, sum(n) FROM m "
    "WHERE action IN ('close', 'leave', 'ignore') GROUP BY 2 UNION ALL "
    "SELECT 'intent', intent, sum(n) FROM m WHERE intent <> '' "
    "GROUP BY 2 UNION ALL "
    "SELECT 'automatic', automatic, sum(n) FROM m WHERE automatic <> '' "
    "GROUP BY 2 UNION ALL "
    "SELECT 'language', language, sum(n) FROM m WHERE language <> '' "
    "GROUP BY 2 UNION ALL "
    "SELECT 'answer', handle, sum(n) FROM o WHERE automatic = 1 "
    "GROUP BY 2 HAVING sum(n) > 0 UNION ALL "
    "SELECT 'by_person', handle, sum(n) FROM o WHERE automatic = 0 "
    "GROUP BY 2 HAVING sum(n) > 0 UNION ALL "
    "SELECT 'approved', approved_how, count(*) FROM tenants "
    "WHERE approved_at / 86400 >= ?1 / 86400 GROUP BY 2 UNION ALL "
    "SELECT 'state', state, n FROM case_counts UNION ALL "
    "SELECT 'waits_for', reason, count(*) FROM cases WHERE state = 'review' "
    "GROUP BY 2 UNION ALL "
    /* What decide lets wait beside its answer. */
    "SELECT 'answered_waits', o.handle, count(*) FROM cases c "
    "JOIN outbox o ON o.id = (SELECT max(id) FROM outbox "
    "WHERE case_id = c.id AND automatic = 1) WHERE c.state = 'review' "
    "AND c.reason IN ('own_questions', 'second_matter') "
    "AND o.state IN ('queued', 'claimed', 'committing', 'sent', 'doubtful') "
    "AND o.created / 86400 >= ?1 / 86400 GROUP BY 2";
static const char SQL_SECONDS[] =
    "SELECT seconds, sum(n) FROM daily_seconds WHERE day >= ?1 / 86400 "
    "GROUP BY 1 ORDER BY 1";
static const char SQL_DAYS[] =
    "SELECT day * 86400, "
    "sum(CASE WHEN action NOT IN ('review', 'close', 'leave', 'ignore') "
    "THEN n ELSE 0 END), "
    "sum(CASE WHEN action = 'review' THEN n ELSE 0 END), "
    "sum(CASE WHEN action IN ('close', 'leave', 'ignore') THEN n ELSE 0 END) "
    "FROM daily_mails WHERE day >= ?1 / 86400 GROUP BY 1 ORDER BY 1";
static const char SQL_CORRECTIONS[] =
    "SELECT coalesce(m.intent, ''), l.intent, count(*) "
    "FROM labels l INDEXED BY labels_by_time JOIN mails m ON m.id = l.mail_id "
    "WHERE l.at >= ?1 AND l.intent IS NOT m.intent "
    "GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?2";

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

struct stats_summary
stats_sum(const struct stats_row *rows, size_t n)
{
	struct stats_summary s = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct stats_row *r = &rows[i];
		bool by_itself = strcmp(r->group, "answer") == 0;

		if (strcmp(r->group, "approved") == 0)
			s.approved += r->n;
		if (strcmp(r->group, "answered_waits") == 0) {
			s.by_itself -= r->n;
			s.waits += r->n;
		}
		if (!by_itself && strcmp(r->group, "by_person") != 0)
			continue;
		*(by_itself ? &s.by_itself : &s.by_people) += r->n;
		if (strcmp(r->key, "steps") == 0)
			s.steps += r->n;
		else if (strcmp(r->key, "link") == 0)
			s.link += r->n;
		else if (strcmp(r->key, "approved_note") == 0)
			s.approved_note += r->n;
	}
	return s;
}

struct bucket {
	int64_t seconds, n;
};

/* The value of the row at that place, were each written out. */
static double
row_at(const struct bucket *list, size_t n, int64_t at)
{
	size_t i = 0;

	while (i + 1 < n && at >= list[i].n)
		at -= list[i++].n;
	return (double)list[i].seconds;
}

static double
at_share(const struct bucket *list, size_t n, int64_t sum, double share)
{
	double at = share * (double)(sum - 1);
	int64_t i = (int64_t)at;
	double low = row_at(list, n, i);

	return low + (at - (double)i) * (row_at(list, n, i + 1) - low);
}

enum cd_rc
stats_first_answer(struct store *s, int64_t since, double *median_out,
    double *p90_out, struct cd_err *err)
{
	struct arena *a = arena_new();
	struct query q = query_new(s, SQL_SECONDS, err);
	struct bucket *list = NULL;
	int64_t sum = 0;
	size_t n = 0;
	enum cd_rc rc;

	put_i64(&q, since);
	while (query_row(&q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n].seconds = get_i64(&q);
		list[n].n = get_i64(&q);
		sum += list[n++].n;
	}
	rc = query_end(&q);
	if (rc == CD_OK && n == 0)
		rc = CD_ABSENT;
	if (rc == CD_OK) {
		*median_out = at_share(list, n, sum, 0.5);
		*p90_out = at_share(list, n, sum, 0.9);
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
