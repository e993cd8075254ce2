#include <string.h>

#include "flow/pending.h"
#include "store/mails.h"
#include "store/outbox.h"
#include "text/address.h"
#include "text/domain.h"

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
	/* What brings no answer of its own takes no draft's place. */
	if (was == PENDING_NOTHING || pending_of(row) >= was)
		return v->action == ACTION_REVIEW && !v->template &&
		    pending_of(row) != PENDING_REFUSAL;
	row->state = before->state;
	row->reason = before->reason;
	row->intent = before->intent;
	if (v->action == ACTION_CLOSE)
		row->last_action = "one says it works";
	return answers || !v->template || was == PENDING_QUESTION;
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

/* Is it made for one company, and that another one than this? A case holds such of
 * two where another was merged into it. */
static enum cd_rc
is_of_another(struct store *s, struct arena *a, const struct outbox_row *row,
    const struct case_row *about, bool *out, struct cd_err *err)
{
	struct mail_row mail = { 0 };
	enum cd_rc rc;

	*out = false;
	if (!about || !about->domain || row->mail_id == 0 ||
	    (strcmp(row->handle, "link") != 0 &&
	    strcmp(row->handle, "approved_note") != 0) ||
	    (about->tenant && strstr(row->text, about->tenant)))
		return CD_OK;
	rc = mails_get(s, a, row->mail_id, &mail, err);
	if (rc == CD_OK)
		*out = mail.domain &&
		    !domain_aligned(a, mail.domain, about->domain);
	return rc;
}

enum cd_rc
pending_drafts(struct store *s, struct arena *a, int64_t case_id,
    bool goes_on, const char *template, const char *to_addr,
    const struct case_row *about, int64_t now, struct cd_err *err)
{
	const char *canonical = address_canonical(a, to_addr);
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, case_id, &rows, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		bool drop = !goes_on, another = false;

		if (template)
			drop = strcmp(rows[i].to_canonical, canonical) == 0 &&
			    (!goes_on ||
			    strcmp(rows[i].handle, template) == 0);
		if (rows[i].state != OUTBOX_DRAFT || !drop)
			continue;
		if (template)
			rc = is_of_another(s, a, &rows[i], about, &another,
			    err);
		if (rc == CD_OK && !another)
			rc = outbox_step(s, rows[i].id, OUTBOX_CANCELLED, 0,
			    now,
			    goes_on ? "the same answer was made anew"
				    : "a newer mail came in", err);
	}
	return rc;
}
