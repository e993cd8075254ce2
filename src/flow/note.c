/* Who is told that the company is approved, besides who asked last. */
#include <string.h>

#include "flow/intake.h"
#include "flow/note.h"
#include "flow/pending.h"
#include "text/domain.h"
#include "text/language.h"

enum cd_rc
note_write(const struct engine *e, struct store *s, struct arena *a,
    struct answer_request r, const char *identity, int64_t now,
    struct cd_err *err)
{
	int64_t outbox_id;
	enum cd_rc rc;

	r.subject = r.of->subject;
	r.automatic = !r.draft;
	r.in_reply_to = answer_message_id(identity);
	rc = answer_add(e, s, a, &r, now, &outbox_id, err);
	return rc == CD_DONE ? CD_OK : rc;
}

/* What a mail says against an answer to it that goes by itself. For an earlier
 * refusal it was held back when it came: that may be settled. */
static const char *
why_mail(const struct engine *e, struct arena *a, const struct mail_row *mail)
{
	const char *why = intake_hold(a, mail->detail);

	if (why && strcmp(why, "refused") == 0)
		why = NULL;
	if (!why && !engine_proves(e, mail->authentication))
		why = "not_authenticated";
	return why;
}

static bool
helps(const struct outbox_row *row)
{
	return strcmp(row->handle, "steps") == 0 ||
	    strcmp(row->handle, "link") == 0;
}

/* A person who sends him the steps or the link for that mail, or a later one,
 * found that he wants it: with words of sorrow he would not. */
static enum cd_rc
is_settled(struct store *s, struct arena *a, const struct mail_row *mail,
    bool *out, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, mail->case_id, &rows, &n, err);

	if (rc != CD_OK)
		return rc;
	*out = false;
	for (size_t i = 0; i < n; i++)
		*out |= !rows[i].automatic && helps(&rows[i]) &&
		    rows[i].mail_id >= mail->id &&
		    outbox_is_out(rows[i].state) &&
		    strcmp(rows[i].to_canonical, mail->canonical) == 0;
	return CD_OK;
}

/* Did he say at last, in whatever case, that he wants to hear no more? What else a
 * person did with the case since does not ask him. */
static enum cd_rc
has_refused(struct store *s, struct arena *a, const char *canonical, bool *out,
    struct cd_err *err)
{
	struct mail_row mail;
	bool settled = false;
	enum cd_rc rc = mails_last_from(s, a, canonical, &mail, err);

	*out = false;
	if (rc == CD_ABSENT)
		return CD_OK;
	if (rc != CD_OK || (strcmp(mail.reason, "refused") != 0 &&
	    strcmp(mail.intent ? mail.intent : "", "refused") != 0))
		return rc;
	rc = is_settled(s, a, &mail, &settled, err);
	*out = !settled;
	return rc;
}

/* In a case that colleagues write in one's proof is not the other's. */
enum cd_rc
note_hold(const struct engine *e, struct store *s, struct arena *a,
    const struct case_row *row, const char **why_out, struct cd_err *err)
{
	const char *const who[] = { NULL, row->canonical };
	const char *why = NULL;
	bool refused;
	enum cd_rc rc = has_refused(s, a, row->canonical, &refused, err);

	if (rc != CD_OK)
		return rc;
	if (refused)
		why = "refused";
	for (size_t i = 0; !why && i < sizeof who / sizeof *who; i++) {
		struct mail_row mail = { 0 };

		rc = mails_last_of(s, a, row->id, who[i], &mail, err);
		if (rc != CD_OK && rc != CD_ABSENT)
			return rc;
		why = why_mail(e, a, &mail);
	}
	*why_out = why;
	return CD_OK;
}

enum cd_rc
note_helped(struct store *s, struct arena *a, const struct case_row *row,
    bool *out, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, row->id, &rows, &n, err);

	if (rc != CD_OK)
		return rc;
	*out = false;
	for (size_t i = 0; i < n; i++)
		*out |= outbox_is_out(rows[i].state) && helps(&rows[i]) &&
		    strcmp(rows[i].to_canonical, row->canonical) == 0;
	return CD_OK;
}

/* So does the question for the company, put to a private mailbox that was merged
 * into the case of one. */
static bool
helps_or_asks(const struct outbox_row *row)
{
	return helps(row) || (strcmp(row->handle, "ask_domain") == 0 &&
	    domain_is_consumer(row->domain));
}

bool
note_is(const struct outbox_row *row)
{
	return strcmp(row->handle, "approved_note") == 0;
}

enum cd_rc
note_told(struct store *s, struct arena *a, const struct case_row *row,
    bool or_draft, bool *out, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, row->id, &rows, &n, err);

	*out = false;
	for (size_t i = 0; rc == CD_OK && i < n; i++)
		*out |= note_is(&rows[i]) && (outbox_is_out(rows[i].state) ||
		    (or_draft && rows[i].state == OUTBOX_DRAFT)) &&
		    strcmp(rows[i].to_canonical, row->canonical) == 0;
	return rc;
}

/* Is this the last that its recipient got of steps, link and note, and no note?
 * After an approval that was taken back he may have got all of them. */
static bool
is_to_be_told(const struct outbox_row *rows, size_t n, size_t i)
{
	if (!outbox_is_out(rows[i].state) || !helps_or_asks(&rows[i]))
		return false;
	for (size_t k = 0; k < n; k++) {
		if (strcmp(rows[k].to_canonical, rows[i].to_canonical) != 0)
			continue;
		if (rows[k].state == OUTBOX_DRAFT)
			return false;
		if (k > i && outbox_is_out(rows[k].state) &&
		    (helps_or_asks(&rows[k]) || note_is(&rows[k])))
			return false;
	}
	return true;
}

static enum cd_rc
tell_colleague(const struct engine *e, struct store *s, struct arena *a,
    const struct case_row *row, const struct outbox_row *sent, int64_t now,
    struct cd_err *err)
{
	struct answer_request r = {
		.of = row,
		.template = "approved_note",
		.language = sent->language,
		.to_addr = sent->to_addr,
	};
	struct mail_row mail;
	const char *why;
	bool refused;
	enum cd_rc rc = dead_get(s, a, sent->to_canonical, &why, err);

	if (rc != CD_ABSENT)
		return rc;
	rc = has_refused(s, a, sent->to_canonical, &refused, err);
	if (rc != CD_OK || refused)
		return rc;
	rc = mails_last_of(s, a, row->id, sent->to_canonical, &mail, err);
	if (rc == CD_ABSENT || (rc == CD_OK && why_mail(e, a, &mail)))
		return CD_OK;
	r.to_name = mail.from_name;
	return rc == CD_OK ? note_write(e, s, a, r, mail.identity, now, err)
			   : rc;
}

enum cd_rc
note_colleagues(const struct engine *e, struct store *s, struct arena *a,
    const struct case_row *row, int64_t now, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, row->id, &rows, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (is_to_be_told(rows, n, i))
			rc = tell_colleague(e, s, a, row, &rows[i], now, err);
	}
	return rc;
}

enum cd_rc
note_since(struct store *s, struct arena *a, const struct mail_row *mail,
    bool *out, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, mail->case_id, &rows, &n, err);

	if (rc != CD_OK)
		return rc;
	*out = false;
	for (size_t i = 0; mail->canonical && i < n; i++)
		*out |= note_is(&rows[i]) && outbox_is_out(rows[i].state) &&
		    rows[i].created >= mail->seen_at &&
		    strcmp(rows[i].to_canonical, mail->canonical) == 0;
	return CD_OK;
}

/* One draft is enough for several mails of his. */
static enum cd_rc
draft_for(const struct engine *e, struct store *s, struct arena *a,
    const struct case_row *row, const struct mail_row *mail, int64_t now,
    struct cd_err *err)
{
	struct answer_request r = {
		.of = row,
		.template = "approved_note",
		.to_addr = mail->from_addr,
		.to_name = mail->from_name,
		.mail_id = mail->id,
		.draft = true,
	};
	struct outbox_row *rows;
	bool refused;
	size_t n = 0;
	enum cd_rc rc = has_refused(s, a, mail->canonical, &refused, err);

	if (rc == CD_OK)
		rc = outbox_of_case(s, a, row->id, &rows, &n, err);
	if (rc == CD_OK)
		rc = answer_language(s, a, row, mail->canonical, &r.language,
		    err);
	if (rc != CD_OK || refused || !mail->from_addr[0])
		return rc;
	if (mail->visible)
		r.language = language_next(str_of(mail->visible), r.language);
	for (size_t i = 0; i < n; i++) {
		if (note_is(&rows[i]) && rows[i].state == OUTBOX_DRAFT &&
		    strcmp(rows[i].to_canonical, mail->canonical) == 0)
			return CD_OK;
	}
	return note_write(e, s, a, r, mail->identity, now, err);
}

#define MAX_WAITING 32	/* mails that are looked through */

enum cd_rc
note_missed(const struct engine *e, struct store *s, struct arena *a,
    const struct case_row *row, int64_t now, struct mail_row *out,
    struct cd_err *err)
{
	const struct mail_row *newest = NULL;
	struct mail_row *mails;
	size_t n = 0;
	enum cd_rc rc = mails_of_others(s, a, row->id, row->canonical,
	    MAX_WAITING, &mails, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		bool told = true;

		if (mails[i].canonical &&
		    pending_note_answers(a, &mails[i]))
			rc = note_since(s, a, &mails[i], &told, err);
		if (rc != CD_OK || told)
			continue;
		if (!newest)
			newest = &mails[i];
		rc = draft_for(e, s, a, row, &mails[i], now, err);
	}
	if (rc != CD_OK)
		return rc;
	if (!newest)
		return CD_ABSENT;
	*out = *newest;
	return CD_OK;
}

static enum cd_rc
draft_anew(const struct engine *e, struct store *s, struct arena *a,
    const struct case_row *row, const struct outbox_row *was, int64_t now,
    struct cd_err *err)
{
	struct answer_request r = {
		.of = row,
		.template = "approved_note",
		.language = was->language,
		.to_addr = was->to_addr,
		.to_name = "",
		.mail_id = was->mail_id,
		.draft = true,
	};
	struct mail_row mail = { 0 };
	enum cd_rc rc = CD_OK;

	if (was->mail_id != 0)
		rc = mails_get(s, a, was->mail_id, &mail, err);
	if (mail.from_name && strcmp(mail.from_addr, was->to_addr) == 0)
		r.to_name = mail.from_name;
	return rc == CD_OK ? note_write(e, s, a, r, mail.identity, now, err)
			   : rc;
}

/* One that has not been sent. */
static bool
helps_still(const struct outbox_row *row)
{
	return helps_or_asks(row) && (row->state == OUTBOX_DRAFT ||
	    outbox_is_waiting(row->state));
}

enum cd_rc
note_instead(const struct engine *e, struct store *s, struct arena *a,
    const struct case_row *row, bool draft, int64_t now, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, row->id, &rows, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		bool told = strcmp(rows[i].to_canonical, row->canonical) == 0;

		if (!helps_still(&rows[i]))
			continue;
		for (size_t k = 0; k < i; k++)
			told = told || (helps_still(&rows[k]) &&
			    strcmp(rows[k].to_canonical,
			    rows[i].to_canonical) == 0);
		rc = outbox_step(s, rows[i].id, OUTBOX_CANCELLED, 0, now,
		    "the company is approved by now", err);
		if (rc == CD_OK && !told)
			rc = draft ? draft_anew(e, s, a, row, &rows[i], now, err)
			    : tell_colleague(e, s, a, row, &rows[i], now, err);
	}
	return rc;
}
