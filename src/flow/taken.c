/*
 * A colleague's answer by an ordinary client. Its copy may be seen long after it
 * was written: the Sent folder could not be read, or his telephone was offline. So
 * the time that counts is his, and what came later he has not answered.
 */
#include <inttypes.h>

#include "base/log.h"
#include "flow/record.h"
#include "flow/thread.h"
#include "store/answered.h"
#include "store/outbox.h"

#define ANSWERED_S	(30 * 86400) /* what was answered is known so long */
#define ANSWERED_IDS	20	/* of one mail: the newest of its thread */

/* An answer by ourselves that will not go out now that the thread is taken. */
static enum cd_rc
answer_waits(const struct run *run, int64_t case_id, bool *out,
    struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(run->store, run->arena, case_id, &rows,
	    &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++)
		*out |= rows[i].automatic && outbox_is_waiting(rows[i].state);
	return rc;
}

static enum cd_rc
note_taken(const struct run *run, const struct case_row *row, int64_t at,
    const char *where, int64_t mail_id, struct cd_err *err)
{
	const struct event_row ev = {
		.case_id = row->id,
		.mail_id = mail_id,
		.at = at,
		.kind = "taken",
		.actor = "team",
		.text = arena_printf(run->arena, "answered by a person (%s)",
		    where),
	};

	log_info("case.taken", "case=%" PRId64 " seen=%s", row->id, where);
	return events_add(run->store, &ev, err);
}

/* What is his of the case; late: something newer is in it. */
static enum cd_rc
take(const struct run *run, struct case_row *row, bool late,
    struct cd_err *err)
{
	bool waits = false;
	enum cd_rc rc = CD_OK;

	if (late)
		rc = answer_waits(run, row->id, &waits, err);
	row->taken = true;
	row->updated = run->now;
	if (!late && row->state == CASE_REVIEW) {
		row->state = CASE_WAITING;
		row->reason = "";
	}
	if (row->state != CASE_REVIEW)
		row->last_action = "taken over by a person";
	if (waits && row->state != CASE_REVIEW) {
		row->state = CASE_REVIEW;
		row->reason = "taken";
	}
	return rc == CD_OK ? cases_update(run->store, row, err) : rc;
}

/* No case is known: the mail that he answered may lie in the inbox unread, after an
 * outage or a stop, or be no matter of ours. If it is read it is not answered again,
 * nor is what comes in that thread. */
static enum cd_rc
keep_answered(struct run *run, const struct message *m, int64_t when,
    struct cd_err *err)
{
	const char *ids[ANSWERED_IDS] = { m->in_reply_to };
	size_t n = m->in_reply_to ? 1 : 0;
	enum cd_rc rc = CD_OK;

	for (size_t i = m->n_references; i > 0 && n < ANSWERED_IDS - 1; i--)
		ids[n++] = m->references[i - 1];
	if (n == 0 || when < run->now - ANSWERED_S)
		return CD_OK;
	if (m->message_id)
		ids[n++] = m->message_id;
	for (size_t i = 0; rc == CD_OK && i < n; i++)
		rc = answered_add(run->store, ids[i], when, err);
	return rc == CD_OK ? answered_purge(run->store, run->now - ANSWERED_S,
	    err) : rc;
}

enum cd_rc
record_answered(const struct run *run, const struct item *it,
    struct case_row *row, bool *out, struct cd_err *err)
{
	const struct message *m = &it->x.message;
	bool known = false;
	enum cd_rc rc = answered_has(run->store, it->x.identity, out, err);

	if (rc == CD_OK && m->in_reply_to && !row->taken)
		rc = answered_has(run->store, m->in_reply_to, &known, err);
	for (size_t i = m->n_references; rc == CD_OK && i > 0 && !known &&
	    !row->taken; i--)
		rc = answered_has(run->store, m->references[i - 1], &known,
		    err);
	row->taken |= known || *out;
	return rc;
}

enum cd_rc
record_answered_case(const struct run *run, const struct case_row *row,
    int64_t mail_id, struct cd_err *err)
{
	return note_taken(run, row, run->now, "Sent folder", mail_id, err);
}

enum cd_rc
record_taken(struct run *run, const struct item *it, const char *where,
    int64_t mail_id, struct cd_err *err)
{
	int64_t when = it->x.message.date, newest = 0;
	struct case_row row;
	bool late;
	enum cd_rc rc;

	/* In a folder made of copies each came just now. */
	if (when == 0 || it->mail->received < when)
		when = it->mail->received;
	rc = thread_case_of_ids(run->store, run->arena, &it->x, &row, err);
	if (rc == CD_ABSENT)
		return mail_id == 0 ? keep_answered(run, &it->x.message, when,
		    err) : CD_OK;
	/* In a thread that is his already he has answered what came since. */
	if (rc != CD_OK || (row.taken && row.state != CASE_REVIEW))
		return rc;
	/* Whatever his clock says, he has read what he answers. */
	rc = cases_newest(run->store, row.id, it->x.message.in_reply_to,
	    &newest, err);
	late = when < newest;
	/* Read once more, an old one says nothing new. */
	if (rc != CD_OK || (late && (row.taken ||
	    it->mail->uid < run->batch->cursor.rescan_below)))
		return rc;
	rc = take(run, &row, late, err);
	return rc != CD_OK ? rc : note_taken(run, &row,
	    late ? when : run->now, where, mail_id, err);
}
