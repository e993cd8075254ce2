/*
 * The way of an answer from state to state. Two senders that claim at once
 * never get the same row: each claims in a transaction of its own that holds
 * the write lock from its first statement.
 */
#include <inttypes.h>
#include <stdio.h>

#include "outbox_row.h"

static const char SQL_DUE[] =
    "SELECT due FROM outbox INDEXED BY outbox_due WHERE state = 'queued' "
    "ORDER BY due LIMIT 1";
static const char SQL_CLAIMABLE[] =
    "SELECT " OUTBOX_COLUMNS ", raw FROM outbox INDEXED BY outbox_due "
    "LEFT JOIN bodies ON outbox_id = id "
    "WHERE state = 'queued' AND due <= ?1 ORDER BY due, id LIMIT ?2";
static const char SQL_CLAIM[] =
    "UPDATE outbox SET state = 'claimed', lease_until = ?2, "
    "attempts = attempts + 1 WHERE id = ?1";
static const char SQL_GIVE_BACK[] =
    "UPDATE outbox SET state = 'queued', attempts = attempts - 1 "
    "WHERE id = ?1 AND state = 'claimed'";
static const char SQL_STATE[] = "SELECT state FROM outbox WHERE id = ?1";
static const char SQL_STEP[] =
    "UPDATE outbox SET state = ?2, due = CASE ?2 WHEN 'queued' THEN ?3 "
    "ELSE due END, sent_at = CASE ?2 WHEN 'sent' THEN ?4 ELSE sent_at END, "
    "error = COALESCE(?5, error) WHERE id = ?1 AND instr(?6, state) > 0";
static const char SQL_SETTLE_CLAIMED[] =
    "UPDATE outbox INDEXED BY outbox_leased SET state = 'queued' "
    "WHERE state IN ('claimed', 'committing') AND state = 'claimed' "
    "AND lease_until < ?1";
static const char SQL_SETTLE_COMMITTING[] =
    "UPDATE outbox INDEXED BY outbox_leased SET state = 'doubtful' "
    "WHERE state IN ('claimed', 'committing') AND state = 'committing' "
    "AND lease_until < ?1 RETURNING " OUTBOX_COLUMNS;

static const char SQL_HASTEN[] =
    "UPDATE outbox INDEXED BY outbox_due SET due = ?2 "
    "WHERE state = 'queued' AND due > ?1";

#define TO(state) (1U << OUTBOX_##state)
#define STATES_TEXT 96		/* all names and a space after each */

/* Which states may follow. After the picture in outbox.h these are added: a
 * recipient is refused (5xx) before the end of DATA; the server says 4xx to
 * it; a person or the Sent folder settles a doubtful or failed one. */
static const unsigned steps[OUTBOX_STATE_COUNT] = {
	[OUTBOX_DRAFT] = TO(QUEUED) | TO(CANCELLED),
	[OUTBOX_QUEUED] = TO(CLAIMED) | TO(CANCELLED),
	[OUTBOX_CLAIMED] = TO(COMMITTING) | TO(QUEUED) | TO(FAILED) |
	    TO(CANCELLED),
	[OUTBOX_COMMITTING] = TO(SENT) | TO(FAILED) | TO(DOUBTFUL) | TO(QUEUED),
	[OUTBOX_SENT] = 0,
	[OUTBOX_FAILED] = TO(QUEUED) | TO(CANCELLED),
	[OUTBOX_DOUBTFUL] = TO(SENT) | TO(QUEUED) | TO(FAILED) | TO(CANCELLED),
	[OUTBOX_CANCELLED] = 0,
};

enum cd_rc
outbox_next_due(struct store *s, int64_t *due_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_DUE, err);

	return query_i64(&q, due_out);
}

static enum cd_rc
claimable(struct store *s, struct arena *a, int64_t now, size_t max,
    struct outbox_row *list, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_CLAIMABLE, err);
	size_t n = 0;

	put_i64(&q, now);
	put_i64(&q, (int64_t)max);
	while (query_row(&q)) {
		list[n] = row_to_outbox(&q, a);
		list[n++].raw = get_blob(&q, a);
	}
	*n_out = n;
	return query_end(&q);
}

static enum cd_rc
claim(struct store *s, struct outbox_row *r, int64_t until, struct cd_err *err)
{
	struct query q = query_new(s, SQL_CLAIM, err);

	r->state = OUTBOX_CLAIMED;
	r->lease_until = until;
	r->attempts++;
	put_i64(&q, r->id);
	put_i64(&q, until);
	return query_run(&q);
}

static enum cd_rc
claim_all(struct store *s, struct arena *a, int64_t now, int64_t lease_s,
    size_t max, struct outbox_row **out, size_t *n_out, struct cd_err *err)
{
	struct outbox_row *list = arena_array(a, max, sizeof *list);
	size_t n = 0;
	enum cd_rc rc = brake_get(s, a, NULL, NULL, err);

	*n_out = 0;
	if (rc != CD_ABSENT)
		return rc;
	rc = claimable(s, a, now, max, list, &n, err);
	for (size_t i = 0; i < n && rc == CD_OK; i++)
		rc = claim(s, &list[i], now + lease_s, err);
	*out = list;
	*n_out = n;
	return rc;
}

enum cd_rc
outbox_claim(struct store *s, struct arena *a, int64_t now, int64_t lease_s,
    size_t max, struct outbox_row **out, size_t *n_out, struct cd_err *err)
{
	struct outbox_row *list = NULL;
	size_t n = 0;
	int64_t due;
	/* Looking is free; the write lock is not. */
	enum cd_rc rc = outbox_next_due(s, &due, err);

	if (rc == CD_ABSENT || (rc == CD_OK && due > now)) {
		*n_out = 0;
		return CD_OK;
	}
	/* A claim that the machine forgets is a row still queued. */
	if (rc == CD_OK)
		rc = store_begin_soft(s, err);
	if (rc != CD_OK)
		return rc;
	rc = claim_all(s, a, now, lease_s, max, &list, &n, err);
	rc = store_end(s, rc, err);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

enum cd_rc
outbox_give_back(struct store *s, int64_t id, struct cd_err *err)
{
	struct query q = query_new(s, SQL_GIVE_BACK, err);
	enum cd_rc rc;

	put_i64(&q, id);
	rc = query_run(&q);
	return rc != CD_OK || store_changes(s) > 0 ? rc : cd_fail(err,
	    CD_REFUSED, "answer %" PRId64 " is not claimed", id);
}

static enum cd_rc
state_get(struct store *s, int64_t id, enum outbox_state *out,
    struct cd_err *err)
{
	struct arena *a = arena_new();
	struct query q = query_new(s, SQL_STATE, err);
	bool found = false;
	enum cd_rc rc;

	put_i64(&q, id);
	if (query_row(&q))
		found = outbox_state_of(get_text(&q, a), out);
	rc = query_end(&q);
	arena_free(&a);
	if (rc == CD_OK && !found)
		return cd_fail(err, CD_ABSENT, "there is no answer %" PRId64,
		    id);
	return rc;
}

/* The states that `to` may follow; no name is a part of another. */
static void
states_before(enum outbox_state to, char out[STATES_TEXT])
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < OUTBOX_STATE_COUNT; i++) {
		if (steps[i] & 1U << to)
			n += (size_t)snprintf(out + n, STATES_TEXT - n, "%s ",
			    outbox_state_name((enum outbox_state)i));
	}
	cd_assert(n < STATES_TEXT);
}

enum cd_rc
outbox_step(struct store *s, int64_t id, enum outbox_state to, int64_t due,
    int64_t now, const char *error, struct cd_err *err)
{
	struct query q = query_new(s, SQL_STEP, err);
	enum outbox_state from = OUTBOX_CANCELLED;
	char before[STATES_TEXT];
	enum cd_rc rc;

	states_before(to, before);
	put_i64(&q, id);
	put_text(&q, outbox_state_name(to));
	put_i64(&q, due);
	put_i64(&q, now);
	put_text(&q, error);
	put_text(&q, before);
	rc = query_run(&q);
	if (rc != CD_OK || store_changes(s) > 0)
		return rc;
	rc = state_get(s, id, &from, err);
	return rc != CD_OK ? rc : cd_fail(err, CD_REFUSED, "answer %" PRId64
	    " is %s and cannot become %s", id, outbox_state_name(from),
	    outbox_state_name(to));
}

enum cd_rc
outbox_hasten(struct store *s, int64_t latest, int64_t now, struct cd_err *err)
{
	struct query q = query_new(s, SQL_HASTEN, err);

	put_i64(&q, latest);
	put_i64(&q, now);
	return query_run(&q);
}

enum cd_rc
outbox_settle(struct store *s, struct arena *a, int64_t now,
    int64_t *queued_out, struct outbox_row **doubtful_out,
    size_t *n_doubtful_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_SETTLE_CLAIMED, err);
	int64_t queued;
	enum cd_rc rc;

	put_i64(&q, now);
	rc = query_run(&q);
	if (rc != CD_OK)
		return rc;
	queued = store_changes(s);
	q = query_new(s, SQL_SETTLE_COMMITTING, err);
	put_i64(&q, now);
	rc = outbox_all(&q, a, false, doubtful_out, n_doubtful_out);
	if (rc == CD_OK)
		*queued_out = queued;
	return rc;
}
