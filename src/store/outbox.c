/* Answers: what is written, looked up and counted. */
#include <inttypes.h>
#include <string.h>

#include "store/outbox.h"
#include "outbox_row.h"

static const char SQL_ADD[] =
    "INSERT INTO outbox (case_id, mail_id, state, automatic, handle, language, "
    "to_addr, to_canonical, domain, message_id, subject, created, due, "
    "lease_until, attempts, sent_at, error) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
    "?16, ?17) ON CONFLICT DO NOTHING RETURNING id";
static const char SQL_BODY[] =
    "INSERT INTO bodies (outbox_id, text, raw) VALUES (?1, ?2, ?3)";
static const char SQL_GET[] = "SELECT " OUTBOX_WITH_BODY "WHERE id = ?1";
static const char SQL_DRAFT[] =
    "SELECT " OUTBOX_WITH_BODY "WHERE id = (SELECT max(id) FROM outbox "
    "INDEXED BY outbox_by_case WHERE case_id = ?1 AND state = 'draft')";
static const char SQL_OF_CASE[] =
    "SELECT " OUTBOX_COLUMNS ", coalesce(text, '') "
    "FROM outbox INDEXED BY outbox_by_case "
    "LEFT JOIN bodies ON outbox_id = id WHERE case_id = ?1 ORDER BY id";
static const char SQL_DOUBTFUL[] =
    "SELECT " OUTBOX_COLUMNS " FROM outbox INDEXED BY outbox_doubtful "
    "WHERE state = 'doubtful' AND id > ?1 ORDER BY id LIMIT ?2";
static const char SQL_FIND_DOUBTFUL[] =
    "SELECT " OUTBOX_WITH_BODY "WHERE message_id = ?1 AND state = 'doubtful'";
/* What is put off is due last. A draft was written before somebody sent it. */
static const char SQL_STUCK[] =
    "SELECT min(at), coalesce(error, '') FROM (SELECT error, max(created, "
    "coalesce((SELECT max(e.at) FROM events e WHERE e.outbox_id = o.id "
    "AND e.kind = 'answer'), 0)) AS at FROM (SELECT * "
    "FROM outbox INDEXED BY outbox_due WHERE state = 'queued' "
    "ORDER BY due DESC, id DESC LIMIT 1000) o WHERE attempts >= ?2) "
    "WHERE at > ?1 HAVING count(*) > 0";
static const char SQL_SENT_SINCE[] =
    "SELECT count(*) FROM outbox WHERE sent_at >= ?1";
static const char SQL_COUNT_STATES[] = "SELECT state, n FROM outbox_counts";

/* What counts as an automatic answer: it went out, or may. One text for each
 * column to look by, since each has its index. */
#define COUNTED                                                                \
	"AND automatic = 1 AND created BETWEEN ?1 AND ?7 AND state IN "         \
	"('queued', 'claimed', 'committing', 'sent', 'doubtful') "             \
	"AND (?2 IS NULL OR to_canonical = ?2) "                               \
	"AND (?3 IS NULL OR domain = ?3) "                                     \
	"AND (?4 IS NULL OR handle = ?4) "                                     \
	"AND (?5 IS NULL OR case_id = ?5) "                                    \
	"AND (?6 IS NULL OR ?6 = coalesce("                                    \
	"(SELECT m.domain FROM mails m WHERE m.id = mail_id), "                \
	"(SELECT c.domain FROM cases c WHERE c.id = case_id)))"
static const char SQL_COUNT[] = "SELECT count(*) FROM outbox "
    "INDEXED BY outbox_by_time WHERE true " COUNTED;
/* Whatever became of them: told by the indices alone. */
static const char SQL_COUNT_ANY[] = "SELECT count(*) FROM outbox "
    "INDEXED BY outbox_by_time WHERE automatic = 1 "
    "AND created BETWEEN ?1 AND ?2";
static const char SQL_COUNT_ANY_OF_DOMAIN[] = "SELECT count(*) FROM outbox "
    "INDEXED BY outbox_by_domain WHERE automatic = 1 "
    "AND created BETWEEN ?1 AND ?2 AND domain = ?3";
static const char SQL_COUNT_OF_RECIPIENT[] = "SELECT count(*) FROM outbox "
    "INDEXED BY outbox_by_recipient WHERE to_canonical = ?2 " COUNTED;
static const char SQL_COUNT_OF_DOMAIN[] = "SELECT count(*) FROM outbox "
    "INDEXED BY outbox_by_domain WHERE domain = ?3 " COUNTED;
static const char SQL_COUNT_OF_CASE[] = "SELECT count(*) FROM outbox "
    "INDEXED BY outbox_by_case WHERE case_id = ?5 " COUNTED;

static const char SQL_BRAKE_GET[] = "SELECT since, why FROM brake";
static const char SQL_BRAKE_SET[] =
    "INSERT INTO brake (id, since, why) VALUES (1, ?1, ?2) "
    "ON CONFLICT DO NOTHING";
static const char SQL_BRAKE_FREE[] = "DELETE FROM brake";
static const char SQL_RESUMED_SET[] =
    "INSERT INTO resumed (id, at) SELECT 1, ?1 FROM brake WHERE true "
    "ON CONFLICT (id) DO UPDATE SET at = excluded.at";
static const char SQL_RESUMED_GET[] =
    "SELECT coalesce((SELECT at FROM resumed), 0)";
static const char SQL_DEAD_GET[] =
    "SELECT since, why FROM dead_addresses WHERE canonical = ?1";
static const char SQL_DEAD_SET[] =
    "INSERT INTO dead_addresses (canonical, since, why) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (canonical) DO UPDATE SET why = excluded.why";
static const char SQL_DEAD_FREE[] =
    "DELETE FROM dead_addresses WHERE canonical = ?1";

static const char *const state_names[OUTBOX_STATE_COUNT] = {
	[OUTBOX_DRAFT] = "draft",
	[OUTBOX_QUEUED] = "queued",
	[OUTBOX_CLAIMED] = "claimed",
	[OUTBOX_COMMITTING] = "committing",
	[OUTBOX_SENT] = "sent",
	[OUTBOX_FAILED] = "failed",
	[OUTBOX_DOUBTFUL] = "doubtful",
	[OUTBOX_CANCELLED] = "cancelled",
};

const char *
outbox_state_name(enum outbox_state state)
{
	return state_names[state];
}

bool
outbox_state_of(const char *name, enum outbox_state *out)
{
	for (unsigned i = 0; name && i < OUTBOX_STATE_COUNT; i++) {
		if (strcmp(name, state_names[i]) == 0) {
			*out = (enum outbox_state)i;
			return true;
		}
	}
	return false;
}

bool
outbox_is_out(enum outbox_state state)
{
	return state != OUTBOX_DRAFT && state != OUTBOX_FAILED &&
	    state != OUTBOX_CANCELLED;
}

bool
outbox_is_waiting(enum outbox_state state)
{
	return state == OUTBOX_QUEUED || state == OUTBOX_CLAIMED;
}

struct outbox_row
row_to_outbox(struct query *q, struct arena *a)
{
	struct outbox_row r = { 0 };

	r.id = get_i64(q);
	r.case_id = get_i64(q);
	r.mail_id = get_i64(q);
	if (!outbox_state_of(get_text(q, a), &r.state))
		r.state = OUTBOX_CANCELLED;
	r.automatic = get_i64(q) != 0;
	r.handle = get_text(q, a);
	r.language = get_text(q, a);
	r.to_addr = get_text(q, a);
	r.to_canonical = get_text(q, a);
	r.domain = get_text(q, a);
	r.message_id = get_text(q, a);
	r.subject = get_text(q, a);
	r.created = get_i64(q);
	r.due = get_i64(q);
	r.lease_until = get_i64(q);
	r.attempts = (int)get_i64(q);
	r.sent_at = get_i64(q);
	r.error = get_text(q, a);
	return r;
}

/* The one row, OUTBOX_WITH_BODY, of a query that is bound already. */
static enum cd_rc
outbox_one(struct query *q, struct arena *a, struct outbox_row *out)
{
	bool found = query_row(q);
	struct outbox_row r = { 0 };
	enum cd_rc rc;

	if (found) {
		r = row_to_outbox(q, a);
		r.text = get_text(q, a);
		r.raw = get_blob(q, a);
	}
	rc = query_end(q);
	if (rc != CD_OK)
		return rc;
	if (!found)
		return cd_fail(q->err, CD_ABSENT, "there is no such answer");
	*out = r;
	return CD_OK;
}

enum cd_rc
outbox_all(struct query *q, struct arena *a, bool texts,
    struct outbox_row **out, size_t *n_out)
{
	struct outbox_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	while (query_row(q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n] = row_to_outbox(q, a);
		if (texts)
			list[n].text = get_text(q, a);
		n++;
	}
	rc = query_end(q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

static void
put_answer(struct query *q, const struct outbox_row *r)
{
	put_i64(q, r->case_id);
	put_id(q, r->mail_id);
	put_text(q, outbox_state_name(r->state));
	put_i64(q, r->automatic);
	put_words(q, r->handle);
	put_words(q, r->language);
	put_text(q, r->to_addr);
	put_text(q, r->to_canonical);
	put_words(q, r->domain);
	put_text(q, r->message_id);
	put_words(q, r->subject);
	put_i64(q, r->created);
	put_i64(q, r->due);
	put_i64(q, r->lease_until);
	put_i64(q, r->attempts);
	put_id(q, r->sent_at);
	put_text(q, r->error);
}

static enum cd_rc
body_set(struct store *s, int64_t id, const struct outbox_row *r,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_BODY, err);

	put_i64(&q, id);
	put_words(&q, r->text);
	put_blob(&q, r->raw);
	return query_run(&q);
}

enum cd_rc
outbox_add(struct store *s, const struct outbox_row *r, int64_t *id_out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_ADD, err);
	int64_t id;
	enum cd_rc rc;

	put_answer(&q, r);
	rc = query_i64(&q, &id);
	if (rc == CD_ABSENT && q.rc == CD_OK)
		return cd_fail(err, CD_DONE, "mail %" PRId64 " has an automatic "
		    "answer already, or Message-ID %s is taken", r->mail_id,
		    r->message_id);
	if (rc == CD_OK)
		rc = body_set(s, id, r, err);
	if (rc == CD_OK)
		*id_out = id;
	return rc;
}

enum cd_rc
outbox_get(struct store *s, struct arena *a, int64_t id, struct outbox_row *out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_GET, err);

	put_i64(&q, id);
	return outbox_one(&q, a, out);
}

enum cd_rc
outbox_of_case(struct store *s, struct arena *a, int64_t case_id,
    struct outbox_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_OF_CASE, err);

	put_i64(&q, case_id);
	return outbox_all(&q, a, true, out, n_out);
}

enum cd_rc
outbox_draft(struct store *s, struct arena *a, int64_t case_id,
    struct outbox_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_DRAFT, err);

	put_i64(&q, case_id);
	return outbox_one(&q, a, out);
}

enum cd_rc
outbox_doubtful(struct store *s, struct arena *a, int64_t after, size_t max,
    struct outbox_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_DOUBTFUL, err);

	put_i64(&q, after);
	put_i64(&q, (int64_t)max);
	return outbox_all(&q, a, false, out, n_out);
}

enum cd_rc
outbox_find_doubtful(struct store *s, struct arena *a, const char *message_id,
    struct outbox_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_FIND_DOUBTFUL, err);

	put_text(&q, message_id);
	return outbox_one(&q, a, out);
}

enum cd_rc
outbox_sent_since(struct store *s, int64_t since, int64_t *n_out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_SENT_SINCE, err);

	put_i64(&q, since);
	return query_i64(&q, n_out);
}

enum cd_rc
outbox_count_states(struct store *s, int64_t counts_out[OUTBOX_STATE_COUNT],
    struct cd_err *err)
{
	struct arena *a = arena_new();
	struct query q = query_new(s, SQL_COUNT_STATES, err);
	int64_t counts[OUTBOX_STATE_COUNT] = { 0 };
	enum cd_rc rc;

	while (query_row(&q)) {
		enum outbox_state state;

		if (outbox_state_of(get_text(&q, a), &state))
			counts[state] = get_i64(&q);
	}
	rc = query_end(&q);
	arena_free(&a);
	if (rc == CD_OK)
		memcpy(counts_out, counts, sizeof counts);
	return rc;
}

/* Is there an index that tells enough? */
static bool
may_guess(const struct outbox_question *ask)
{
	return ask->enough > 0 && !ask->to_canonical && !ask->handle &&
	    !ask->about && !ask->case_id;
}

static int64_t
until(const struct outbox_question *ask)
{
	return ask->until > 0 ? ask->until : INT64_MAX;
}

static enum cd_rc
count_any(struct store *s, const struct outbox_question *ask, int64_t *n_out,
    struct cd_err *err)
{
	struct query q = query_new(s, ask->domain ? SQL_COUNT_ANY_OF_DOMAIN
						  : SQL_COUNT_ANY, err);

	put_i64(&q, ask->since);
	put_i64(&q, until(ask));
	if (ask->domain)
		put_text(&q, ask->domain);
	return query_i64(&q, n_out);
}

enum cd_rc
outbox_count(struct store *s, const struct outbox_question *ask, int64_t *n_out,
    struct cd_err *err)
{
	const char *sql = ask->case_id ? SQL_COUNT_OF_CASE
	    : ask->to_canonical ? SQL_COUNT_OF_RECIPIENT
	    : ask->domain ? SQL_COUNT_OF_DOMAIN : SQL_COUNT;
	struct query q;

	if (may_guess(ask)) {
		enum cd_rc rc = count_any(s, ask, n_out, err);

		if (rc != CD_OK || *n_out < ask->enough)
			return rc;
	}
	q = query_new(s, sql, err);
	put_i64(&q, ask->since);
	put_text(&q, ask->to_canonical);
	put_text(&q, ask->domain);
	put_text(&q, ask->handle);
	put_id(&q, ask->case_id);
	put_text(&q, ask->about);
	put_i64(&q, until(ask));
	return query_i64(&q, n_out);
}

/* since and why of a query that is bound already; CD_ABSENT without text. */
static enum cd_rc
since_why(struct query *q, struct arena *a, int64_t *since_out,
    const char **why_out)
{
	bool found = query_row(q);
	int64_t since = found ? get_i64(q) : 0;
	const char *why = found ? get_text(q, a) : NULL;
	enum cd_rc rc = query_end(q);

	if (rc != CD_OK)
		return rc;
	if (!found)
		return CD_ABSENT;
	if (since_out)
		*since_out = since;
	if (why_out)
		*why_out = why;
	return CD_OK;
}

enum cd_rc
brake_get(struct store *s, struct arena *a, int64_t *since_out,
    const char **why_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_BRAKE_GET, err);

	return since_why(&q, a, since_out, why_out);
}

enum cd_rc
outbox_stuck(struct store *s, struct arena *a, int64_t since, int attempts,
    int64_t *since_out, const char **why_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_STUCK, err);

	put_i64(&q, since);
	put_i64(&q, attempts);
	return since_why(&q, a, since_out, why_out);
}

enum cd_rc
brake_set(struct store *s, int64_t now, const char *why, struct cd_err *err)
{
	struct query q = query_new(s, why ? SQL_BRAKE_SET : SQL_RESUMED_SET,
	    err);
	enum cd_rc rc;

	put_i64(&q, now);
	if (why)
		put_text(&q, why);
	rc = query_run(&q);
	if (rc != CD_OK || why)
		return rc;
	q = query_new(s, SQL_BRAKE_FREE, err);
	return query_run(&q);
}

enum cd_rc
brake_resumed(struct store *s, int64_t *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_RESUMED_GET, err);

	return query_i64(&q, out);
}

enum cd_rc
dead_get(struct store *s, struct arena *a, const char *canonical,
    const char **why_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_DEAD_GET, err);

	put_text(&q, canonical);
	return since_why(&q, a, NULL, why_out);
}

enum cd_rc
dead_set(struct store *s, const char *canonical, int64_t now, const char *why,
    struct cd_err *err)
{
	struct query q = query_new(s, why ? SQL_DEAD_SET : SQL_DEAD_FREE, err);

	put_text(&q, canonical);
	if (why) {
		put_i64(&q, now);
		put_text(&q, why);
	}
	return query_run(&q);
}
