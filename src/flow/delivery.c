#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/delivery.h"
#include "store/cases.h"
#include "text/compose.h"

#define LEASE_S		180
#define GIVE_UP_S	(3 * 86400)
#define LATEST_S	7200	/* no try waits so long: one that seems to was put off
				 * by a clock that has been put back since */
#define RECORD_TRIES	24	/* each waits as long as the store does for another
				 * process: two minutes, within the lease */
#define FIRST_TRIES	6	/* the brake may have held it all that time */

/* RFC 5321 4.5.4.1 asks for 30 minutes at least between later tries; the first
 * ones may come sooner, for greylisting and short restarts. */
static int64_t
retry_after(int attempts)
{
	static const int64_t steps[] = { 5, 15, 60, 300, 900, 1800, 3600 };
	size_t last = sizeof steps / sizeof *steps - 1;
	size_t i = attempts > 0 ? (size_t)attempts - 1 : 0;

	return steps[i < last ? i : last];
}

/* One turn: rows[i] is mails[i]. */
struct turn {
	const struct engine *engine;
	struct store *store;
	struct arena *arena;
	struct outbox_row *rows;
	struct smtp_mail *mails;
	size_t n;
	bool (*stop)(void *);
	void *stop_context;
	struct delivery_result *out;
	enum cd_rc rc;		/* of the store; then nothing more is begun */
	struct cd_err *err;
};

static const struct outbox_row *
row_of(const struct turn *t, const struct smtp_mail *m)
{
	return &t->rows[m - t->mails];
}

/* Before the end of these mails' DATA goes out: from here on a crash leaves
 * doubt, and so one commit that waits for the disk comes first, for all. A row
 * that somebody took away meanwhile is held back alone. */
static enum cd_rc
mark_committing(struct turn *t, struct smtp_mail *const *mails, size_t n,
    struct cd_err *err)
{
	enum cd_rc rc = store_begin(t->store, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		rc = outbox_step(t->store, row_of(t, mails[i])->id,
		    OUTBOX_COMMITTING, 0, clock_now(), NULL, err);
		if (rc == CD_REFUSED || rc == CD_ABSENT) {
			mails[i]->hold = true;
			log_warn("reply.held", "outbox=%" PRId64 " why=%s",
			    row_of(t, mails[i])->id,
			    log_q(t->arena, err->text));
			rc = CD_OK;
		}
	}
	return store_end(t->store, rc, err);
}

static void
before_end(void *context, struct smtp_mail *const *mails, size_t n)
{
	struct turn *t = context;
	struct cd_err err;

	if (mark_committing(t, mails, n, &err) == CD_OK)
		return;
	log_error("reply.unmarked", "n=%zu error=%s", n,
	    log_q(t->arena, err.text));
	for (size_t i = 0; i < n; i++)
		mails[i]->hold = true;
}

/* The row's case after its answer went, or did not. What waited for a person
 * already waits on; but a doubt, which may yet be cleared, hides no failure. */
static enum cd_rc
touch_case(struct store *s, struct arena *a, const struct outbox_row *row,
    const char *review_reason, const char *last_action, struct cd_err *err)
{
	struct case_row c;
	enum cd_rc rc;

	if (!review_reason) {
		rc = cases_note(s, row->case_id, last_action, clock_now(), err);
		return rc == CD_ABSENT ? CD_OK : rc;
	}
	rc = cases_get(s, a, row->case_id, &c, err);
	if (rc != CD_OK)
		return rc == CD_ABSENT ? CD_OK : rc;
	c.last_action = last_action;
	c.updated = clock_now();
	if (c.state != CASE_REVIEW || strcmp(c.reason, "send_doubtful") == 0)
		c.reason = review_reason;
	c.state = CASE_REVIEW;
	c.snoozed_until = 0;
	return cases_update(s, &c, err);
}

/* The last step of a row, with its event; in the open transaction. */
static enum cd_rc
finish(struct store *s, struct arena *a, const struct outbox_row *row,
    enum outbox_state state, const char *error, const char *kind,
    const char *review_reason, const char *last_action, struct cd_err *err)
{
	int64_t now = clock_now();
	const struct event_row ev = {
		.case_id = row->case_id,
		.mail_id = row->mail_id,
		.outbox_id = row->id,
		.at = now,
		.kind = kind,
		.actor = "consentdesk",
		.text = error ? arena_printf(a, "%s: %s", last_action, error)
			      : last_action,
	};
	enum cd_rc rc = outbox_step(s, row->id, state, 0, now, error, err);

	if (rc == CD_OK)
		rc = events_add(s, &ev, err);
	if (rc == CD_OK)
		rc = touch_case(s, a, row, review_reason, last_action, err);
	return rc;
}

/* Reasons not to send what was queued a while ago; NULL: send it. *review_out: what
 * a person has to see of it; NULL, it is a person's already. */
static const char *
why_not(struct store *s, struct arena *a, const struct outbox_row *row,
    const char **review_out)
{
	struct case_row c;
	const char *why;

	*review_out = NULL;
	if (dead_get(s, a, row->to_canonical, &why, NULL) == CD_OK) {
		*review_out = "dead_address";
		return "the address is dead";
	}
	if (row->automatic && cases_get(s, a, row->case_id, &c, NULL) == CD_OK
	    && c.taken)
		return "a person has taken the thread";
	return NULL;
}

/* Or the certificate is refused: it has no code. */
static bool
is_login_refusal(const struct smtp_result *r)
{
	return r->code == 0 || r->code == 530 || r->code == 534 ||
	    r->code == 535 || r->code == 538;
}

/* Knocking on with a wrong password locks accounts; a fresh token is another
 * matter. Where it is the sender, others may pass: it may not write to that one. */
static int64_t
refusal_pause(const struct engine *e, bool login, int attempts)
{
	if (login)
		return e->config->smtp.auth != AUTH_METHOD_OAUTH2 ? 60 : 0;
	return attempts < 300 ? attempts : 300;
}

/* Was it tried for three days? A draft may be older, and was queued when somebody
 * sent it. */
static enum cd_rc
is_given_up(struct store *s, struct arena *a, const struct outbox_row *row,
    int64_t now, bool *out, struct cd_err *err)
{
	struct event_row *events;
	size_t n;
	enum cd_rc rc;

	*out = row->created < now - GIVE_UP_S && row->attempts > FIRST_TRIES;
	if (!*out)
		return CD_OK;
	rc = events_of(s, a, row->case_id, &events, &n, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (events[i].outbox_id == row->id &&
		    events[i].at >= now - GIVE_UP_S &&
		    strcmp(events[i].kind, "answer") == 0)
			*out = false;
	}
	return rc;
}

/* For now: it is tried again when it is due, or was tried for long enough. */
static enum cd_rc
put_back(struct store *s, struct arena *a, const struct outbox_row *row,
    int64_t now, int64_t wait_s, const char *why, bool *given_up,
    struct cd_err *err)
{
	enum cd_rc rc = is_given_up(s, a, row, now, given_up, err);

	if (rc != CD_OK)
		return rc;
	if (!*given_up)
		return outbox_step(s, row->id, OUTBOX_QUEUED, now + wait_s, now,
		    why, err);
	log_error("reply.given_up", "case=%" PRId64 " why=%s", row->case_id,
	    log_q(a, why));
	return finish(s, a, row, OUTBOX_FAILED, why, "send_failed",
	    "send_failed", "sending was given up after three days", err);
}

static enum cd_rc
handle_again(struct store *s, struct arena *a, const struct outbox_row *row,
    const struct smtp_result *r, const char *why,
    struct delivery_result *out, struct cd_err *err)
{
	int64_t wait_s = retry_after(row->attempts);
	bool given_up;
	enum cd_rc rc;

	if (r->unknown) {
		out->doubtful++;
		log_error("reply.doubtful", "case=%" PRId64 " outbox=%" PRId64
		    " why=%s", row->case_id, row->id, log_q(a, why));
		return finish(s, a, row, OUTBOX_DOUBTFUL, why, "send_doubtful",
		    "send_doubtful", "it is not known whether this answer went "
		    "out", err);
	}
	if (r->server)
		out->end = DELIVERY_LATER;
	rc = put_back(s, a, row, clock_now(), wait_s, why, &given_up, err);
	if (rc != CD_OK)
		return rc;
	if (given_up) {
		out->failed++;
		return CD_OK;
	}
	out->retried++;
	log_warn("reply.retry", "case=%" PRId64 " in_s=%" PRId64 " why=%s",
	    row->case_id, wait_s, log_q(a, why));
	return CD_OK;
}

static enum cd_rc
handle_result(const struct engine *e, struct store *s, struct arena *a,
    const struct outbox_row *row, enum cd_rc sent,
    const struct smtp_result *r, const char *why, struct delivery_result *out,
    struct cd_err *err)
{
	if (sent == CD_OK) {
		out->sent++;
		log_info("reply.sent", "case=%" PRId64 " to=%s template=%s "
		    "id=%s answer=%s", row->case_id, log_q(a, row->to_addr),
		    row->handle, log_q(a, row->message_id),
		    log_q(a, r->answer));
		return finish(s, a, row, OUTBOX_SENT, NULL, "sent", NULL,
		    arena_printf(a, "%s sent", row->handle), err);
	}
	if (sent != CD_REFUSED && sent != CD_MALFORMED)
		return handle_again(s, a, row, r, why, out, err);
	if (sent == CD_REFUSED && r->server) {
		bool login = is_login_refusal(r), given_up;

		out->refused = arena_strdup(a, why);
		out->login_refused = out->login_refused || login;
		out->end = DELIVERY_LATER;
		log_error("smtp.refused", "why=%s", log_q(a, why));
		return put_back(s, a, row, clock_now(), refusal_pause(e, login,
		    row->attempts), why, &given_up, err);
	}
	out->failed++;
	log_error("reply.refused", "case=%" PRId64 " to=%s why=%s",
	    row->case_id, log_q(a, row->to_addr), log_q(a, why));
	return finish(s, a, row, OUTBOX_FAILED, why, "send_failed",
	    "send_failed", "the mail server refused this answer", err);
}

/* What has gone is known here alone: who holds the database for longer than the
 * store waits for him would make it doubtful. */
static enum cd_rc
begin_record(struct turn *t)
{
	for (int tries = 1;; tries++) {
		enum cd_rc rc = store_begin_soft(t->store, t->err);

		if (rc != CD_AGAIN || tries == RECORD_TRIES ||
		    t->stop(t->stop_context))
			return rc;
		if (tries == 1)
			log_warn("reply.unrecorded", "error=%s next=\"it is "
			    "tried again\"", log_q(t->arena, t->err->text));
	}
}

/* What came of these: one transaction for all. It need not wait for the disk:
 * what a crash of the machine forgets is `committing`, and so doubtful. */
static enum cd_rc
mark_done(struct turn *t, struct smtp_mail *const *mails, size_t n)
{
	enum cd_rc rc = begin_record(t);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		rc = handle_result(t->engine, t->store, t->arena,
		    row_of(t, mails[i]), mails[i]->rc, &mails[i]->result,
		    mails[i]->why.text, t->out, t->err);
		/* Forgotten meanwhile; or cancelled, and so it did not go. */
		if (rc == CD_ABSENT || (rc == CD_REFUSED &&
		    mails[i]->rc != CD_OK))
			rc = CD_OK;
	}
	return store_end(t->store, rc, t->err);
}

static bool
done(void *context, struct smtp_mail *const *mails, size_t n)
{
	struct turn *t = context;

	if (t->rc == CD_OK)
		t->rc = mark_done(t, mails, n);
	return t->rc == CD_OK && t->out->end == DELIVERY_MORE &&
	    !t->stop(t->stop_context);
}

/* Rows that must not go after all are cancelled; the others become mails. */
static enum cd_rc
choose(struct turn *t, const struct outbox_row *rows, size_t n)
{
	const char *from = engine_return_path(t->engine);
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; i < n; i++) {
		const char *review;
		const char *not = why_not(t->store, t->arena, &rows[i],
		    &review);

		if (!not) {
			t->rows[t->n] = rows[i];
			t->mails[t->n++] = (struct smtp_mail){
				.from = from,
				.to = rows[i].to_addr,
				.raw = rows[i].automatic ? rows[i].raw :
				    compose_dated(t->arena, rows[i].raw,
				    clock_now()),
			};
			continue;
		}
		log_info("reply.cancelled", "case=%" PRId64 " why=%s",
		    rows[i].case_id, log_q(t->arena, not));
		rc = store_begin_soft(t->store, t->err);
		if (rc == CD_OK)
			rc = finish(t->store, t->arena, &rows[i],
			    OUTBOX_CANCELLED, not, "send_failed", review,
			    "answer not sent", t->err);
		if (rc == CD_REFUSED || rc == CD_ABSENT)
			rc = CD_OK;	/* another one was sooner */
		rc = store_end(t->store, rc, t->err);
		if (rc != CD_OK)
			return rc;
	}
	return CD_OK;
}

/* What was claimed and not begun. */
static enum cd_rc
give_back(struct turn *t)
{
	enum cd_rc rc = store_begin_soft(t->store, t->err);

	for (size_t i = 0; rc == CD_OK && i < t->n; i++) {
		if (t->mails[i].rc != CD_ABSENT)
			continue;
		rc = outbox_give_back(t->store, t->rows[i].id, t->err);
		/* A person cancelled it meanwhile. */
		if (rc == CD_REFUSED)
			rc = CD_OK;
	}
	return store_end(t->store, rc, t->err);
}

static enum cd_rc
deliver(struct turn *t, struct smtp *smtp, const struct outbox_row *rows,
    size_t n)
{
	const struct smtp_hooks hooks = { before_end, done, t };
	bool left = false;
	enum cd_rc rc;

	t->rows = arena_array(t->arena, n, sizeof *t->rows);
	t->mails = arena_array(t->arena, n, sizeof *t->mails);
	rc = choose(t, rows, n);
	if (rc != CD_OK)
		return rc;
	smtp_send(smtp, t->mails, t->n, &hooks);
	for (size_t i = 0; i < t->n; i++)
		left |= t->mails[i].rc == CD_ABSENT;
	if (t->rc != CD_OK)
		return t->rc;
	return left ? give_back(t) : CD_OK;
}

enum cd_rc
delivery_turn(const struct engine *e, struct store *s, struct smtp *smtp,
    struct arena *a, size_t max, bool (*stop)(void *), void *stop_context,
    struct delivery_result *out, struct cd_err *err)
{
	struct turn t = { .engine = e, .store = s, .arena = a, .out = out,
		.stop = stop, .stop_context = stop_context, .rc = CD_OK,
		.err = err };
	struct outbox_row *rows;
	int64_t due, now = clock_now();
	size_t n;
	enum cd_rc rc;

	memset(out, 0, sizeof *out);
	out->wait_s = -1;
	rc = outbox_claim(s, a, now, LEASE_S, max, &rows, &n, err);
	if (rc != CD_OK)
		return rc;
	out->end = n > 0 ? DELIVERY_MORE : DELIVERY_IDLE;
	if (n > 0)
		return deliver(&t, smtp, rows, n);
	rc = outbox_next_due(s, &due, err);
	if (rc == CD_OK)
		out->wait_s = due > now ? due - now : 0;
	return rc == CD_ABSENT ? CD_OK : rc;
}

/* Rows that became doubtful get their event and go before a person. */
static enum cd_rc
report_doubtful(struct store *s, struct arena *a,
    const struct outbox_row *rows, size_t n, int64_t now, struct cd_err *err)
{
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		const struct event_row ev = {
			.case_id = rows[i].case_id,
			.mail_id = rows[i].mail_id,
			.outbox_id = rows[i].id,
			.at = now,
			.kind = "send_doubtful",
			.actor = "consentdesk",
			.text = "the daemon was interrupted while sending; "
				"whether this answer went out is not known",
		};

		log_error("reply.doubtful", "case=%" PRId64 " outbox=%" PRId64,
		    rows[i].case_id, rows[i].id);
		rc = events_add(s, &ev, err);
		if (rc == CD_OK)
			rc = touch_case(s, a, &rows[i], "send_doubtful",
			    "review: send_doubtful", err);
	}
	return rc;
}

enum cd_rc
delivery_settle(struct store *s, struct arena *a, bool all, int64_t now,
    struct cd_err *err)
{
	struct outbox_row *doubtful;
	int64_t queued;
	size_t n;
	enum cd_rc rc = store_begin(s, err);

	if (rc != CD_OK)
		return rc;
	rc = outbox_settle(s, a, all ? INT64_MAX : now, &queued, &doubtful, &n,
	    err);
	if (rc == CD_OK)
		rc = outbox_hasten(s, now + LATEST_S, now, err);
	if (rc == CD_OK)
		rc = report_doubtful(s, a, doubtful, n, now, err);
	return store_end(s, rc, err);
}

/* Was this the last that the case waited to know? */
static enum cd_rc
doubt_ends(struct store *s, struct arena *a, const struct case_row *c,
    bool *out, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, c->id, &rows, &n, err);

	if (rc != CD_OK)
		return rc;
	*out = strcmp(c->reason, "send_doubtful") == 0;
	for (size_t i = 0; i < n; i++)
		*out = *out && rows[i].state != OUTBOX_DOUBTFUL;
	return CD_OK;
}

enum cd_rc
delivery_found(struct store *s, struct arena *a, const struct outbox_row *row,
    int64_t now, struct cd_err *err)
{
	const struct event_row ev = {
		.case_id = row->case_id,
		.mail_id = row->mail_id,
		.outbox_id = row->id,
		.at = now,
		.kind = "sent",
		.actor = "consentdesk",
		.text = "found in the Sent folder: it went out",
	};
	bool note = strcmp(row->handle, "approved_note") == 0, ends;
	struct case_row c;
	enum cd_rc rc;

	rc = outbox_step(s, row->id, OUTBOX_SENT, 0, now, NULL, err);
	if (rc == CD_OK)
		rc = events_add(s, &ev, err);
	if (rc == CD_OK)
		rc = cases_get(s, a, row->case_id, &c, err);
	if (rc == CD_OK)
		rc = doubt_ends(s, a, &c, &ends, err);
	if (rc != CD_OK)
		return rc;
	log_info("reply.found", "case=%" PRId64 " outbox=%" PRId64,
	    row->case_id, row->id);
	if (ends) {
		c.state = note ? CASE_APPROVED : CASE_WAITING;
		c.reason = "";
	}
	c.last_action = arena_printf(a, "%s sent", row->handle);
	c.updated = now;
	return cases_update(s, &c, err);
}
