/* What becomes of a case's drafts when it goes on in another one. */
#include <string.h>

#include "base/buf.h"
#include "flow/merge.h"
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
			target->snoozed_until = 0;
		}
	}
	if (rc == CD_OK)
		*said_out = buf_str(&said).p;
	return rc;
}
