/* Cases and their timeline. */
#include <inttypes.h>
#include <string.h>

#include "case_row.h"

static const char SQL_ADD[] =
    "INSERT INTO cases (state, reason, intent, from_addr, from_name, "
    "canonical, domain, tenant, subject, language, assignee, updated, "
    "snoozed_until, last_action, taken, linked, merged_into, opened, "
    "waits_since) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
    "?16, ?17, ?18, CASE WHEN ?1 = 'review' THEN ?12 END) RETURNING id";
/* While a case is in review it waits since what brought it there, whatever comes
 * after that. */
static const char SQL_UPDATE[] =
    "UPDATE cases SET state = ?1, reason = ?2, intent = ?3, from_addr = ?4, "
    "from_name = ?5, canonical = ?6, domain = ?7, tenant = ?8, subject = ?9, "
    "language = ?10, assignee = ?11, updated = ?12, snoozed_until = ?13, "
    "last_action = ?14, taken = ?15, linked = ?16, merged_into = ?17, "
    "waits_since = CASE WHEN ?1 = 'review' THEN coalesce(waits_since, ?12) END "
    "WHERE id = ?18";
/* Seven indices hold `updated`, where it is the place: a step of an answer that is on
 * its way since the case changed does not move it in all of them. */
static const char SQL_NOTE[] =
    "UPDATE cases SET last_action = ?2 WHERE id = ?1 AND updated >= ?3 - 60";
static const char SQL_NOTE_LATE[] =
    "UPDATE cases SET last_action = ?2, updated = ?3 WHERE id = ?1";
static const char SQL_GET[] =
    "SELECT " CASE_COLUMNS " FROM cases c WHERE c.id = ?1";
static const char SQL_BESIDE[] =
    "SELECT " CASE_COLUMNS " FROM cases c WHERE c.id IN ("
    "SELECT id FROM cases INDEXED BY cases_by_merged WHERE merged_into = ?1 "
    "UNION ALL SELECT id FROM cases INDEXED BY cases_by_linked "
    "WHERE linked = ?1 AND merged_into IS NULL) "
    "ORDER BY c.merged_into IS NULL, c.id DESC";
static const char SQL_OPEN_OF[] =
    "SELECT " CASE_COLUMNS " FROM cases c INDEXED BY cases_by_person "
    "WHERE c.canonical = ?1 AND c.state <> 'closed' AND c.merged_into IS NULL "
    "AND CASE WHEN ?2 IS NOT NULL AND c.tenant IS NOT NULL THEN c.tenant = ?2 "
    "WHEN ?3 IS NOT NULL AND c.domain IS NOT NULL THEN c.domain = ?3 "
    "ELSE true END ORDER BY c.id DESC LIMIT 1";
static const char SQL_OPEN_OF_TENANT[] =
    "SELECT " CASE_COLUMNS " FROM cases c WHERE c.id IN ("
    "SELECT id FROM cases WHERE tenant = ?1 "
    "AND state IN ('review', 'waiting') UNION "
    "SELECT k.id FROM domains d CROSS JOIN cases k ON k.domain = d.domain "
    "AND k.state IN ('review', 'waiting') WHERE d.guid = ?1 "
    "AND (k.tenant IS NULL OR k.tenant = ?1)) "
    "AND c.merged_into IS NULL ORDER BY c.id";
static const char SQL_OPEN_OF_DOMAIN[] =
    "SELECT " CASE_COLUMNS " FROM cases c INDEXED BY cases_by_domain "
    "WHERE c.domain = ?1 AND c.state IN ('review', 'waiting') "
    "AND c.tenant IS NULL AND c.merged_into IS NULL ORDER BY c.id";
static const char SQL_TOLD_OF_TENANT[] =
    "SELECT " CASE_COLUMNS " FROM cases c WHERE c.tenant = ?1 "
    "AND c.state IN ('review', 'waiting', 'approved') "
    "AND c.merged_into IS NULL AND EXISTS (SELECT 1 FROM outbox o "
    "INDEXED BY outbox_by_case WHERE o.case_id = c.id "
    "AND o.handle = 'approved_note' "
    "AND o.state NOT IN ('cancelled', 'failed')) ORDER BY c.id";
static const char SQL_COUNT_ASLEEP[] =
    "SELECT count(*) FROM cases INDEXED BY cases_asleep "
    "WHERE state = 'review' AND snoozed_until > 0 AND snoozed_until > ?1";
static const char SQL_NEWEST[] =
    "SELECT max(coalesce((SELECT iif(identity = ?2, 0, received_at) "
    "FROM mails INDEXED BY mails_by_case "
    "WHERE case_id = ?1 AND automatic IS NULL "
    "ORDER BY id DESC LIMIT 1), 0), coalesce((SELECT max(at) FROM events "
    "WHERE case_id = ?1 AND kind IN ('state', 'merge', 'bounce', "
    "'send_failed', 'send_doubtful', 'approval', 'consent_error')), 0))";
static const char SQL_EVENTS_NEWEST[] =
    "SELECT coalesce(max(id), 0) FROM events";
static const char SQL_EVENTS_NEWEST_OF[] =
    "SELECT coalesce(max(id), 0) FROM events INDEXED BY events_by_case "
    "WHERE case_id = ?1";
static const char SQL_COUNT[] = "SELECT state, n FROM case_counts";

static const char SQL_MERGE_MAILS[] =
    "UPDATE mails SET case_id = ?2 WHERE case_id = ?1";
static const char SQL_MERGE_OUTBOX[] =
    "UPDATE outbox SET case_id = ?2 WHERE case_id = ?1";
static const char SQL_MERGE_EVENTS[] =
    "UPDATE events SET case_id = ?2 WHERE case_id = ?1";
#define MERGED "last_action = 'merged into case ' || ?2"
static const char SQL_MERGE_EARLIER[] =
    "UPDATE cases SET merged_into = ?2, " MERGED " WHERE merged_into = ?1";
/* Should it wait for a person, then since the earlier of the two. */
static const char SQL_MERGE_PLACE[] =
    "UPDATE cases SET waits_since = min(f.waits_since, "
    "coalesce(cases.waits_since, f.waits_since)) "
    "FROM (SELECT waits_since FROM cases WHERE id = ?1) f "
    "WHERE cases.id = ?2 AND f.waits_since IS NOT NULL";
static const char SQL_MERGE_CASE[] =
    "UPDATE cases SET merged_into = ?2, " MERGED ", state = 'closed', "
    "reason = '', snoozed_until = 0, waits_since = NULL WHERE id = ?1";

static const char SQL_EVENT_ADD[] =
    "INSERT INTO events (case_id, mail_id, outbox_id, at, kind, actor, text, "
    "data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char SQL_EVENTS_OF[] =
    "SELECT id, case_id, mail_id, outbox_id, at, kind, actor, text, data "
    "FROM events WHERE case_id = ?1 ORDER BY at, id";

static const char *const state_names[CASE_STATE_COUNT] = {
	[CASE_REVIEW] = "review",
	[CASE_WAITING] = "waiting",
	[CASE_APPROVED] = "approved",
	[CASE_CLOSED] = "closed",
};

const char *
case_state_name(enum case_state state)
{
	return state_names[state];
}

bool
case_state_of(const char *name, enum case_state *out)
{
	for (unsigned i = 0; name && i < CASE_STATE_COUNT; i++) {
		if (strcmp(name, state_names[i]) == 0) {
			*out = (enum case_state)i;
			return true;
		}
	}
	return false;
}

struct case_row
row_to_case(struct query *q, struct arena *a)
{
	struct case_row r = { 0 };

	r.id = get_i64(q);
	/* The table's CHECK knows the same names. */
	if (!case_state_of(get_text(q, a), &r.state))
		r.state = CASE_REVIEW;
	r.reason = get_text(q, a);
	r.intent = get_text(q, a);
	r.from_addr = get_text(q, a);
	r.from_name = get_text(q, a);
	r.canonical = get_text(q, a);
	r.domain = get_text(q, a);
	r.tenant = get_text(q, a);
	r.subject = get_text(q, a);
	r.language = get_text(q, a);
	r.assignee = get_text(q, a);
	r.opened = get_i64(q);
	r.updated = get_i64(q);
	r.place = get_i64(q);
	r.snoozed_until = get_i64(q);
	r.last_action = get_text(q, a);
	r.taken = get_i64(q) != 0;
	r.linked = get_i64(q);
	r.merged_into = get_i64(q);
	return r;
}

enum cd_rc
cases_all(struct query *q, struct arena *a, struct case_row **out,
    size_t *n_out)
{
	struct case_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	while (query_row(q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n++] = row_to_case(q, a);
	}
	rc = query_end(q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

static enum cd_rc
case_one(struct query *q, struct arena *a, struct case_row *out)
{
	bool found = query_row(q);
	struct case_row r = { 0 };
	enum cd_rc rc;

	if (found)
		r = row_to_case(q, a);
	rc = query_end(q);
	if (rc != CD_OK)
		return rc;
	if (!found)
		return cd_fail(q->err, CD_ABSENT, "there is no such case");
	*out = r;
	return CD_OK;
}

/* In the order of SQL_ADD and SQL_UPDATE, without the last. */
static void
put_case(struct query *q, const struct case_row *r)
{
	put_text(q, case_state_name(r->state));
	put_words(q, r->reason);
	put_words(q, r->intent);
	put_words(q, r->from_addr);
	put_words(q, r->from_name);
	put_words(q, r->canonical);
	put_text(q, r->domain);
	put_text(q, r->tenant);
	put_words(q, r->subject);
	put_words(q, r->language);
	put_text(q, r->assignee);
	put_i64(q, r->updated);
	put_i64(q, r->snoozed_until);
	put_words(q, r->last_action);
	put_i64(q, r->taken);
	put_id(q, r->linked);
	put_id(q, r->merged_into);
}

enum cd_rc
cases_add(struct store *s, const struct case_row *r, int64_t *id_out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_ADD, err);

	put_case(&q, r);
	put_i64(&q, r->opened);
	return query_i64(&q, id_out);
}

enum cd_rc
cases_update(struct store *s, const struct case_row *r, struct cd_err *err)
{
	struct query q = query_new(s, SQL_UPDATE, err);
	enum cd_rc rc;

	put_case(&q, r);
	put_i64(&q, r->id);
	rc = query_run(&q);
	if (rc == CD_OK && store_changes(s) == 0)
		return cd_fail(err, CD_ABSENT, "there is no case %" PRId64,
		    r->id);
	return rc;
}

enum cd_rc
cases_note(struct store *s, int64_t id, const char *last_action, int64_t now,
    struct cd_err *err)
{
	static const char *const ways[] = { SQL_NOTE, SQL_NOTE_LATE };
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; rc == CD_OK && i < 2; i++) {
		struct query q = query_new(s, ways[i], err);

		put_i64(&q, id);
		put_words(&q, last_action);
		put_i64(&q, now);
		rc = query_run(&q);
		if (rc == CD_OK && store_changes(s) > 0)
			return CD_OK;
	}
	return rc == CD_OK ? cd_fail(err, CD_ABSENT, "there is no case %"
	    PRId64, id) : rc;
}

enum cd_rc
cases_get(struct store *s, struct arena *a, int64_t id, struct case_row *out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_GET, err);
	enum cd_rc rc;

	put_i64(&q, id);
	rc = case_one(&q, a, out);
	return rc == CD_ABSENT ? cd_fail(err, rc, "there is no case %" PRId64,
	    id) : rc;
}

enum cd_rc
cases_beside(struct store *s, struct arena *a, int64_t id,
    struct case_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_BESIDE, err);

	put_i64(&q, id);
	return cases_all(&q, a, out, n_out);
}

enum cd_rc
cases_open_of(struct store *s, struct arena *a, const char *canonical,
    const char *tenant, const char *domain, struct case_row *out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_OPEN_OF, err);

	put_text(&q, canonical);
	put_text(&q, tenant);
	put_text(&q, domain);
	return case_one(&q, a, out);
}

enum cd_rc
cases_open_of_tenant(struct store *s, struct arena *a, const char *tenant,
    struct case_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_OPEN_OF_TENANT, err);

	put_text(&q, tenant);
	return cases_all(&q, a, out, n_out);
}

enum cd_rc
cases_open_of_domain(struct store *s, struct arena *a, const char *domain,
    struct case_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_OPEN_OF_DOMAIN, err);

	put_text(&q, domain);
	return cases_all(&q, a, out, n_out);
}

enum cd_rc
cases_told_of_tenant(struct store *s, struct arena *a, const char *tenant,
    struct case_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_TOLD_OF_TENANT, err);

	put_text(&q, tenant);
	return cases_all(&q, a, out, n_out);
}

enum cd_rc
cases_count(struct store *s, int64_t counts_out[CASE_STATE_COUNT],
    struct cd_err *err)
{
	struct arena *a = arena_new();
	struct query q = query_new(s, SQL_COUNT, err);
	int64_t counts[CASE_STATE_COUNT] = { 0 };
	enum cd_rc rc;

	while (query_row(&q)) {
		enum case_state state;

		if (case_state_of(get_text(&q, a), &state))
			counts[state] = get_i64(&q);
	}
	rc = query_end(&q);
	arena_free(&a);
	if (rc == CD_OK)
		memcpy(counts_out, counts, sizeof counts);
	return rc;
}

enum cd_rc
cases_count_asleep(struct store *s, int64_t now, int64_t *n_out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_COUNT_ASLEEP, err);

	put_i64(&q, now);
	return query_i64(&q, n_out);
}

static enum cd_rc
merge_step(struct store *s, const char *sql, int64_t from, int64_t into,
    struct cd_err *err)
{
	struct query q = query_new(s, sql, err);

	put_i64(&q, from);
	put_i64(&q, into);
	return query_run(&q);
}

enum cd_rc
cases_merge(struct store *s, int64_t from, int64_t into, struct cd_err *err)
{
	static const char *const moves[] = { SQL_MERGE_MAILS, SQL_MERGE_OUTBOX,
		SQL_MERGE_EVENTS, SQL_MERGE_EARLIER, SQL_MERGE_PLACE,
		SQL_MERGE_CASE };
	enum cd_rc rc = CD_OK;

	if (from == into)
		return cd_fail(err, CD_REFUSED, "case %" PRId64 " cannot be "
		    "merged into itself", from);
	for (size_t i = 0; i < sizeof moves / sizeof *moves && rc == CD_OK; i++)
		rc = merge_step(s, moves[i], from, into, err);
	if (rc == CD_OK && store_changes(s) == 0)
		return cd_fail(err, CD_ABSENT, "there is no case %" PRId64,
		    from);
	return rc;
}

enum cd_rc
events_add(struct store *s, const struct event_row *r, struct cd_err *err)
{
	struct query q = query_new(s, SQL_EVENT_ADD, err);

	put_i64(&q, r->case_id);
	put_id(&q, r->mail_id);
	put_id(&q, r->outbox_id);
	put_i64(&q, r->at);
	put_text(&q, r->kind);
	put_words(&q, r->actor);
	put_words(&q, r->text);
	put_text(&q, r->data);
	return query_run(&q);
}

static struct event_row
row_to_event(struct query *q, struct arena *a)
{
	struct event_row r = { 0 };

	r.id = get_i64(q);
	r.case_id = get_i64(q);
	r.mail_id = get_i64(q);
	r.outbox_id = get_i64(q);
	r.at = get_i64(q);
	r.kind = get_text(q, a);
	r.actor = get_text(q, a);
	r.text = get_text(q, a);
	r.data = get_text(q, a);
	return r;
}

enum cd_rc
events_of(struct store *s, struct arena *a, int64_t case_id,
    struct event_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_EVENTS_OF, err);
	struct event_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	put_i64(&q, case_id);
	while (query_row(&q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n++] = row_to_event(&q, a);
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

enum cd_rc
cases_newest(struct store *s, int64_t id, const char *answered,
    int64_t *at_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_NEWEST, err);

	put_i64(&q, id);
	put_text(&q, answered);
	return query_i64(&q, at_out);
}

enum cd_rc
events_newest(struct store *s, int64_t *id_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_EVENTS_NEWEST, err);

	return query_i64(&q, id_out);
}

enum cd_rc
events_newest_of(struct store *s, int64_t case_id, int64_t *id_out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_EVENTS_NEWEST_OF, err);

	put_i64(&q, case_id);
	return query_i64(&q, id_out);
}
