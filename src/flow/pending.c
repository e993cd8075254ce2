#include <string.h>

#include "flow/answer.h"
#include "flow/pending.h"

const char *
pending_hold(const struct case_row *row)
{
	if (row->id == 0 || row->state != CASE_REVIEW)
		return NULL;
	if (strcmp(row->reason, "legal_words") == 0)
		return "legal_words";
	if (strcmp(row->reason, "refused") == 0 ||
	    strcmp(row->intent, "refused") == 0)
		return "refused";
	return NULL;
}

enum pending
pending_of(const struct case_row *row)
{
	if (row->id == 0 || row->state != CASE_REVIEW)
		return PENDING_NOTHING;
	if (pending_hold(row))
		return PENDING_REFUSAL;
	return strcmp(row->intent, "is_it_safe") == 0 ? PENDING_QUESTION
						      : PENDING_MATTER;
}

bool
pending_goes_on(const struct case_row *before, const struct verdict *v,
    bool answers, struct case_row *row)
{
	enum pending was = pending_of(before);

	/* What is held back for its sake makes a refusal no request. */
	if (was == PENDING_REFUSAL)
		row->intent = before->intent;
	if (was == PENDING_NOTHING || pending_of(row) >= was)
		return false;
	row->state = before->state;
	row->reason = before->reason;
	row->intent = before->intent;
	if (v->action == ACTION_CLOSE)
		row->last_action = "one says it works";
	return answers || !v->template;
}

enum cd_rc
pending_settled(struct store *s, const struct case_row *before,
    const struct verdict *v, const char *canonical, bool *out,
    struct cd_err *err)
{
	bool others = true;
	enum cd_rc rc = CD_OK;

	if (v->action == ACTION_CLOSE && pending_of(before) == PENDING_MATTER &&
	    strcmp(before->reason, "several_domains") != 0)
		rc = mails_others_wait(s, before->id, canonical, &others, err);
	*out = !others;
	return rc;
}

enum cd_rc
pending_drafts(struct store *s, struct arena *a, int64_t case_id,
    bool goes_on, const char *template, const char *to_addr, int64_t now,
    struct cd_err *err)
{
	const char *why = "a newer mail came in";
	struct outbox_row draft;

	if (goes_on) {
		enum cd_rc rc = outbox_draft(s, a, case_id, &draft, err);

		if (rc != CD_OK)
			return rc == CD_ABSENT ? CD_OK : rc;
		if (!template || strcmp(draft.handle, template) != 0 ||
		    strcmp(draft.to_addr, to_addr) != 0)
			return CD_OK;
		why = "the same answer went out by itself";
	}
	return answer_drop_drafts(s, a, case_id, now, why, err);
}
