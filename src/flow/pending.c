#include <string.h>

#include "flow/pending.h"
#include "flow/thread.h"
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

static bool
is_complaint(const struct case_row *row)
{
	return strcmp(row->intent, "still_blocked") == 0 ||
	    strcmp(row->reason, "consent_error") == 0 ||
	    str_starts(str_of(row->reason), STR("code_"));
}

enum pending
pending_of(const struct case_row *row)
{
	if (row->id == 0 || row->state != CASE_REVIEW)
		return PENDING_NOTHING;
	if (pending_hold(row))
		return PENDING_REFUSAL;
	if (strcmp(row->intent, "is_it_safe") == 0 ||
	    strcmp(row->reason, "second_matter") == 0)
		return PENDING_QUESTION;
	return is_complaint(row) ? PENDING_COMPLAINT : PENDING_MATTER;
}

bool
pending_goes_on(const struct case_row *before, const struct verdict *v,
    bool answers, struct case_row *row)
{
	enum pending was = pending_of(before);

	/* What is held back for its sake makes a refusal no request. */
	if (was == PENDING_REFUSAL)
		row->intent = before->intent;
	/* What brings no answer of its own, or waits on though it was answered, takes
	 * no draft's place. */
	if (was == PENDING_NOTHING || (!v->again && pending_of(row) >= was))
		return (answers && v->stays) || (v->action == ACTION_REVIEW &&
		    !v->template && pending_of(row) != PENDING_REFUSAL);
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
	enum pending was = pending_of(before);
	bool others = true;
	enum cd_rc rc = CD_OK;

	if (v->action == ACTION_CLOSE && was != PENDING_NOTHING &&
	    was < PENDING_QUESTION &&
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

static bool
is_one_of(const char *word, const char *const *list)
{
	for (; word && *list; list++) {
		if (strcmp(word, *list) == 0)
			return true;
	}
	return false;
}

bool
pending_is_of_approval(const struct case_row *row)
{
	static const char *const intents[] = { "blocked", "want_link",
		"admin_help", "cant_find_app", "greyed_out", "still_blocked",
		"approved", NULL };

	return is_one_of(row->intent, intents);
}

/* It was plainly read, and only the answer was missing, or somebody to send it. */
static bool
only_answer_lacks(const char *reason)
{
	static const char *const reasons[] = { "draft_ready", "mode_off",
		"still_blocked", "perhaps_approved", "approval_removed",
		"consent_error", "bounced", "send_failed", "too_old",
		"not_authenticated", "sender_per_day", "same_answer_in_7_days",
		"dead_address", "case", "domain", "hour", NULL };

	return is_one_of(reason, reasons);
}

/* Does a rule see another matter in it as well: an invoice, a lost password? */
static bool
speaks_of_another_matter(const struct mail_row *mail)
{
	json_t *list = json_loads(mail->evidence ? mail->evidence : "[]", 0,
	    NULL);
	bool found = false;

	for (size_t i = 0; i < json_array_size(list); i++)
		found = found || json_object_get(json_object_get(
		    json_array_get(list, i), "says"), "other");
	json_decref(list);
	return found;
}

/* And so where screening alone said no. */
bool
pending_note_answers(struct arena *a, const struct mail_row *mail)
{
	const struct case_row was = { .intent = mail->intent };
	const char *hold;

	if (!pending_is_of_approval(&was))
		return false;
	if (strcmp(mail->action, "review") == 0 &&
	    speaks_of_another_matter(mail))
		return false;
	if (strcmp(mail->action, "review") != 0 ||
	    only_answer_lacks(mail->reason))
		return true;
	hold = intake_hold(a, mail->detail);
	return hold && strcmp(hold, mail->reason) == 0;
}

/* What a person noted in it, and did nothing more. */
static enum cd_rc
is_noted(struct store *s, struct arena *a, int64_t case_id, bool *out,
    struct cd_err *err)
{
	static const char *const acts[] = { "answer", "state", "taken", NULL };
	struct event_row *events;
	bool noted = false;
	size_t n;
	enum cd_rc rc = events_of(s, a, case_id, &events, &n, err);

	if (rc != CD_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(events[i].kind, "note") == 0)
			noted = true;
		else if (strcmp(events[i].actor, "consentdesk") != 0 &&
		    is_one_of(events[i].kind, acts))
			noted = false;
	}
	*out = noted;
	return CD_OK;
}

bool
pending_note_says(const char *handle)
{
	static const char *const handles[] = { "steps", "link", "ask_domain",
		"still_blocked", "approved_note", NULL };

	return is_one_of(handle, handles);
}

static enum cd_rc
has_other_draft(struct store *s, struct arena *a, int64_t case_id, bool *out,
    struct cd_err *err)
{
	struct outbox_row *rows;
	bool found = false;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, case_id, &rows, &n, err);

	if (rc != CD_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		found = found || (rows[i].state == OUTBOX_DRAFT &&
		    !pending_note_says(rows[i].handle));
	*out = found;
	return CD_OK;
}

#define MAX_WAITING 32	/* mails that are looked through */

enum cd_rc
pending_outlives_note(struct store *s, struct arena *a,
    const struct case_row *row, int64_t now, bool *out, struct cd_err *err)
{
	struct mail_row *mails;
	size_t n = 0;
	bool known = only_answer_lacks(row->reason);
	bool noted = false, drafted = false, stays;
	enum cd_rc rc;

	*out = false;
	if (row->state != CASE_REVIEW)
		return CD_OK;
	rc = is_noted(s, a, row->id, &noted, err);
	if (rc == CD_OK)
		rc = has_other_draft(s, a, row->id, &drafted, err);
	if (rc == CD_OK)
		rc = mails_of_others(s, a, row->id, "", MAX_WAITING, &mails, &n,
		    err);
	if (rc != CD_OK)
		return rc;
	stays = noted || drafted || row->snoozed_until > now ||
	    !pending_is_of_approval(row);
	for (size_t i = 0; i < n; i++) {
		stays = stays || !pending_note_answers(a, &mails[i]);
		known = known || strcmp(mails[i].reason, row->reason) == 0;
	}
	*out = stays || !known;
	return CD_OK;
}

/* A newer mail that gets an answer, or its draft, drops its own writer's drafts;
 * one that gets none drops all, as a refusal does. Where the older matter goes on
 * the drafts stay, unless the very same answer is made anew; another company's link
 * or note is another answer. template: NULL, there is none. about: the company of
 * the mail; NULL: it corrects the one before. */
static enum cd_rc
drop_drafts(struct store *s, struct arena *a, int64_t case_id, bool goes_on,
    const char *template, const char *canonical, const struct case_row *about,
    int64_t now, struct cd_err *err)
{
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

static bool
is(const struct outbox_row *row, const char *handle)
{
	return strcmp(row->handle, handle) == 0;
}

/* What a mail says against the answers that wait to be sent. */
struct news {
	const char *canonical;	/* whom an answer to it goes to */
	bool refuses;		/* its own words do, or speak of law */
	bool works;		/* it says so, or that all is settled */
	bool seems_to_work;	/* or that is how it was read, not surely */
	bool names;		/* the case's company is known by now */
	bool corrects;		/* another company than that of the case so far */
};

/* Of what is queued and not begun to be sent. NULL: it may go. A person's own words
 * always do. */
static const char *
why_recalled(const struct outbox_row *row, const struct news *news)
{
	if (is(row, "own_words"))
		return NULL;
	if (news->refuses)
		return "the customer refused meanwhile";
	if (strcmp(row->to_canonical, news->canonical) != 0)
		return NULL;
	if (news->works && !is(row, "safety") && !is(row, "approved_note"))
		return "the customer says that it works";
	if (news->names && is(row, "ask_domain"))
		return "the company is known by now";
	if (news->corrects && is(row, "link"))
		return "another company is meant";
	return NULL;
}

/* Of the drafts, those of help against the wall; a person sees the others. */
static const char *
why_dropped(const struct outbox_row *row, const struct news *news)
{
	return (news->works || news->seems_to_work) &&
	    pending_note_says(row->handle) &&
	    strcmp(row->to_canonical, news->canonical) == 0
	    ? "he says that it works" : NULL;
}

static enum cd_rc
recall(struct store *s, struct arena *a, int64_t case_id,
    const struct news *news, int64_t now, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, case_id, &rows, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		const char *why = NULL;

		if (outbox_is_waiting(rows[i].state))
			why = why_recalled(&rows[i], news);
		else if (rows[i].state == OUTBOX_DRAFT)
			why = why_dropped(&rows[i], news);
		if (why)
			rc = outbox_step(s, rows[i].id, OUTBOX_CANCELLED, 0,
			    now, why, err);
	}
	return rc;
}

enum cd_rc
pending_closed(struct store *s, struct arena *a, int64_t case_id, int64_t now,
    struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, case_id, &rows, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (outbox_is_waiting(rows[i].state) && rows[i].automatic &&
		    !is(&rows[i], "approved_note"))
			rc = outbox_step(s, rows[i].id, OUTBOX_CANCELLED, 0,
			    now, "the case was closed", err);
	}
	return rc;
}

enum cd_rc
pending_same(struct store *s, struct arena *a, int64_t case_id,
    const char *template, const char *to_canonical, bool *out,
    struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, case_id, &rows, &n, err);

	*out = false;
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if ((outbox_is_waiting(rows[i].state) ||
		    rows[i].state == OUTBOX_COMMITTING) &&
		    is(&rows[i], template) &&
		    strcmp(rows[i].to_canonical, to_canonical) == 0)
			*out = true;
	}
	return rc;
}

enum cd_rc
pending_answers(struct store *s, struct arena *a, const struct pending_mail *m,
    int64_t now, struct cd_err *err)
{
	const char *reason = m->v->reason;
	const struct news news = {
		.canonical = address_canonical(a, m->to_addr),
		.refuses = m->x->reading.intent == INTENT_REFUSED ||
		    (!m->inherited && strcmp(reason, "legal_words") == 0),
		.works = m->v->action == ACTION_CLOSE,
		.seems_to_work = strcmp(reason, "perhaps_approved") == 0,
		.names = m->about->domain != NULL,
		.corrects = thread_names_both(m->x, m->before->domain) &&
		    !domain_aligned(a, m->about->domain, m->before->domain),
	};
	enum cd_rc rc = drop_drafts(s, a, m->case_id, m->kept, m->v->template,
	    news.canonical, news.corrects ? NULL : m->about, now, err);

	return rc == CD_OK ? recall(s, a, m->case_id, &news, now, err) : rc;
}
