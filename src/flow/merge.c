/* What becomes of a case's drafts, of its link and of what it waits for when it goes on
 * in another one. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "flow/merge.h"
#include "flow/note.h"
#include "flow/pending.h"
#include "flow/words.h"
#include "store/outbox.h"
#include "text/domain.h"

static bool
is_one_company(struct arena *a, const struct case_row *one,
    const struct case_row *other)
{
	if (!one->domain || !other->domain)
		return true;
	return domain_aligned(a, one->domain, other->domain) ||
	    (one->tenant && other->tenant &&
	    strcmp(one->tenant, other->tenant) == 0);
}

/* Why a draft is none in the case that its own is merged into; NULL: it is. */
static const char *
why_no_draft(struct arena *a, const struct case_row *row,
    const struct case_row *target, const struct outbox_row *draft,
    const struct outbox_row *theirs, size_t n)
{
	bool asks = strcmp(draft->handle, "ask_domain") == 0;

	if (target->state == CASE_APPROVED || target->state == CASE_CLOSED)
		return "that case waits for nothing";
	if (asks && target->domain)
		return "that case's company is known";
	if (!asks && pending_note_says(draft->handle) &&
	    !is_one_company(a, row, target))
		return "that case is another company's";
	for (size_t i = 0; i < n; i++) {
		if (theirs[i].state == OUTBOX_DRAFT &&
		    strcmp(theirs[i].handle, draft->handle) == 0 &&
		    strcmp(theirs[i].to_canonical, draft->to_canonical) == 0)
			return "the same one waits in that case";
	}
	return NULL;
}

enum cd_rc
merge_drafts(struct store *s, struct arena *a, const struct case_row *row,
    struct case_row *target, int64_t now, const char **said_out,
    struct cd_err *err)
{
	struct outbox_row *rows, *theirs;
	struct buf said = buf_new(a, 1024);
	size_t n, n_theirs = 0;
	enum cd_rc rc = outbox_of_case(s, a, row->id, &rows, &n, err);

	if (rc == CD_OK)
		rc = outbox_of_case(s, a, target->id, &theirs, &n_theirs, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		const char *why;

		if (rows[i].state != OUTBOX_DRAFT)
			continue;
		why = why_no_draft(a, row, target, &rows[i], theirs, n_theirs);
		buf_printf(&said, "%sits draft (%s) for %s %s%s",
		    said.n > 0 ? "; " : "", words_action(a, rows[i].handle),
		    rows[i].to_addr, why ? "was dropped: " : "waits there",
		    why ? why : "");
		if (why) {
			rc = outbox_step(s, rows[i].id, OUTBOX_CANCELLED, 0,
			    now, arena_printf(a, "the case was merged: %s",
			    why), err);
		} else if (target->state != CASE_REVIEW) {
			target->state = CASE_REVIEW;
			target->reason = row->state == CASE_REVIEW
			    ? row->reason : "draft_ready";
			target->snoozed_until = row->state == CASE_REVIEW
			    ? row->snoozed_until : 0;
		}
	}
	if (rc == CD_OK)
		*said_out = buf_str(&said).p;
	return rc;
}

void
merge_waiting(const struct case_row *row, struct case_row *target, int64_t now)
{
	int64_t until = row->snoozed_until > now ? row->snoozed_until : 0;

	/* Of two that are put off, as long as the one that is not so long. */
	if (row->state == CASE_REVIEW && (target->state != CASE_REVIEW ||
	    until < target->snoozed_until))
		target->snoozed_until = until;
	if (pending_of(row) <= pending_of(target))
		return;
	target->state = row->state;
	target->intent = row->intent;
	target->reason = strcmp(row->reason, "draft_ready") == 0 ? "merged"
								 : row->reason;
}

static enum cd_rc
draft_note(const struct engine *e, struct store *s, struct arena *a,
    const struct case_row *one, int64_t now, struct cd_err *err)
{
	const struct answer_request r = {
		.of = one,
		.template = "approved_note",
		.language = one->language,
		.to_addr = one->from_addr,
		.to_name = one->from_name,
		.draft = true,
	};
	struct mail_row mail = { 0 };
	enum cd_rc rc = mails_last_of(s, a, one->id, one->canonical, &mail,
	    err);

	return rc == CD_OK || rc == CD_ABSENT
	    ? note_write(e, s, a, r, mail.identity, now, err) : rc;
}

enum cd_rc
merge_approved(const struct engine *e, struct store *s, struct arena *a,
    struct case_row *row, struct case_row *target, const char *tenant,
    const char *actor, int64_t now, size_t *review, struct cd_err *err)
{
	static const char did[] = "another company of the case is approved";
	bool off = config_mode_of(e->config, "approved_note") == MODE_OFF;
	const struct event_row ev = {
		.case_id = target->id,
		.at = now,
		.kind = "approval",
		.actor = actor,
		.text = arena_printf(a, "the tenant of %s is approved, by the "
		    "link of case %" PRId64 "; a person is to tell it",
		    row->domain ? row->domain : "another company", row->id),
	};
	struct case_row one = *row;
	bool told;
	enum cd_rc rc;

	one.id = target->id;
	one.tenant = row->tenant = tenant;
	rc = note_told(s, a, &one, true, &told, err);
	/* The return address can be loaded again. */
	if (rc != CD_OK || told || (target->state == CASE_REVIEW &&
	    strcmp(target->last_action, did) == 0))
		return rc;
	if (!off && one.from_addr[0])
		rc = draft_note(e, s, a, &one, now, err);
	if (rc == CD_OK)
		rc = cases_update(s, row, err);
	if (rc == CD_OK)
		rc = events_add(s, &ev, err);
	++*review;
	if (target->state != CASE_REVIEW)
		target->reason = off ? "mode_off" : "draft_ready";
	target->state = CASE_REVIEW;
	target->snoozed_until = 0;
	target->last_action = did;
	target->updated = now;
	return rc == CD_OK ? cases_update(s, target, err) : rc;
}
