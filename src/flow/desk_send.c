/*
 * A person answers a case: which of its mails is answered, to whom that goes and in
 * which language, the draft or what is chosen for it, and what the case then waits for.
 */
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "desk_step.h"
#include "flow/answer.h"
#include "flow/company.h"
#include "flow/note.h"
#include "flow/pending.h"
#include "flow/thread.h"
#include "store/mails.h"
#include "store/outbox.h"
#include "text/classify.h"
#include "text/language.h"

/* What intake noted of the mail to be answered: its references, and whom an
 * answer goes to if that is not From. */
static void
take_detail(struct arena *a, const char *detail, struct answer_request *r)
{
	json_t *o = json_loads(detail ? detail : "{}", 0, NULL);
	const json_t *list = json_object_get(o, "references");
	const json_t *to = json_object_get(o, "answer_to");
	const char *addr = json_string_value(json_object_get(to, "address"));
	const char *name = json_string_value(json_object_get(to, "name"));
	const char **out = arena_array(a, json_array_size(list) + 1,
	    sizeof *out);
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *id = json_string_value(json_array_get(list, i));

		if (id)
			out[n++] = arena_strdup(a, id);
	}
	r->references = out;
	r->n_references = n;
	if (addr) {
		r->to_addr = arena_strdup(a, addr);
		r->to_name = arena_strdup(a, name ? name : "");
	}
	json_decref(o);
}

static enum cd_rc
find_draft(const struct desk *d, int64_t id, struct outbox_row *draft,
    bool *there_out, struct cd_err *err)
{
	enum cd_rc rc = outbox_draft(d->store, d->arena, id, draft, err);

	*there_out = rc == CD_OK;
	return rc == CD_ABSENT ? CD_OK : rc;
}

static bool
is_of_case(const struct desk *d, const struct case_row *row,
    const struct mail_row *m)
{
	const char *at = m->from_addr ? strrchr(m->from_addr, '@') : NULL;

	return thread_belongs(d->arena, m->canonical, at ? at + 1 : NULL, row);
}

/* The newest mail of the case's own people; *out is empty where there is none.
 * What was merged into it may be another company's, which must not get this
 * one's link; and of a mail about something else there is no sender. */
static enum cd_rc
newest_mail(const struct desk *d, const struct case_row *row,
    struct mail_row *out, struct cd_err *err)
{
	struct event_row *events = NULL;
	size_t n = 0;
	enum cd_rc rc = mails_last(d->store, d->arena, row->id, out, err);

	if (rc == CD_OK && is_of_case(d, row, out))
		return CD_OK;
	if (rc == CD_OK)
		rc = events_of(d->store, d->arena, row->id, &events, &n, err);
	while (rc == CD_OK && n-- > 0) {
		if (strcmp(events[n].kind, "mail") != 0 || !events[n].mail_id)
			continue;
		rc = mails_get(d->store, d->arena, events[n].mail_id, out,
		    err);
		if (rc == CD_OK && is_of_case(d, row, out))
			return CD_OK;
	}
	*out = (struct mail_row){ 0 };
	return rc == CD_ABSENT ? CD_OK : rc;
}

/* Which mail of a case is answered, and to whom. Somebody else than the one who
 * opened the case may have written last. draft: NULL where there is none. */
static enum cd_rc
address(const struct desk *d, const struct case_row *row,
    const struct outbox_row *draft, struct answer_request *r,
    const char **authentication_out, struct cd_err *err)
{
	struct mail_row mail = { 0 };
	enum cd_rc rc;

	rc = draft && draft->mail_id != 0
	    ? mails_get(d->store, d->arena, draft->mail_id, &mail, err)
	    : newest_mail(d, row, &mail, err);
	if (rc != CD_OK)
		return rc;
	r->to_addr = mail.from_addr ? mail.from_addr : row->from_addr;
	r->to_name = mail.from_addr ? mail.from_name : row->from_name;
	take_detail(d->arena, mail.detail, r);
	if (draft && strcmp(draft->to_addr, r->to_addr) != 0) {
		r->to_addr = draft->to_addr;
		r->to_name = strcmp(draft->to_addr, row->from_addr) == 0
		    ? row->from_name : "";
	}
	r->mail_id = mail.id;
	*authentication_out = mail.authentication;
	r->in_reply_to = answer_message_id(mail.identity);
	return CD_OK;
}

/* He may not be whose case it is, and have had no answer yet. */
static enum cd_rc
own_language(const struct desk *d, const struct case_row *row,
    struct answer_request *r, struct cd_err *err)
{
	const char *to = address_canonical(d->arena, r->to_addr);
	struct mail_row mail = { 0 };
	enum cd_rc rc = answer_language(d->store, d->arena, row, to,
	    &r->language, err);

	if (rc != CD_OK || strcmp(to, row->canonical) == 0)
		return rc;
	if (r->mail_id != 0)
		rc = mails_get(d->store, d->arena, r->mail_id, &mail, err);
	if (rc == CD_OK && mail.visible)
		r->language = language_next(str_of(mail.visible), r->language);
	return rc;
}

/* What is needed to answer a case, by a template or in the person's own
 * words. */
static enum cd_rc
request_make(const struct desk *d, const struct case_row *row,
    const struct outbox_row *draft, const char *template, const char *text,
    struct answer_request *out, struct cd_err *err)
{
	struct case_row *of = arena_array(d->arena, 1, sizeof *of);
	struct answer_request r = {
		.of = of,
		.template = template,
		.text = text,
		.language = d->language,
		.subject = row->subject,
		.intent = INTENT_OTHER,
	};
	const char *authentication;
	enum cd_rc rc = address(d, row, draft, &r, &authentication, err);

	if (rc == CD_OK && !d->language)
		rc = own_language(d, row, &r, err);
	if (rc == CD_OK)
		rc = company_answered(d->store, d->arena, row, r.mail_id,
		    d->now, of, err);
	if (rc != CD_OK)
		return rc;
	if (!r.to_addr[0])
		return cd_fail(err, CD_REFUSED, "case %" PRId64 " has no sender "
		    "whom one could answer", row->id);
	if (!text && !templates_have(d->engine->templates, template))
		return cd_fail(err, CD_MALFORMED, "there is no template \"%s\"",
		    template);
	if (row->intent)
		(void)intent_of(str_of(row->intent), &r.intent);
	if (d->language)
		rc = templates_language_check(d->engine->templates,
		    d->language, err);
	if (rc == CD_OK && !text && answer_has_link(d->engine, &r))
		rc = company_check_cloud(d->store, d->arena, of->tenant,
		    of->domain, d->now, err);
	if (rc == CD_OK)
		*out = r;
	return rc;
}

enum cd_rc
desk_recipient(const struct desk *d, int64_t id, struct recipient *out,
    struct cd_err *err)
{
	struct answer_request r = { 0 };
	const char *authentication = NULL;
	struct outbox_row draft;
	struct case_row row;
	bool drafted = false;
	enum cd_rc rc = cases_get(d->store, d->arena, id, &row, err);

	if (rc == CD_OK)
		rc = find_draft(d, id, &draft, &drafted, err);
	if (rc == CD_OK)
		rc = address(d, &row, drafted ? &draft : NULL, &r,
		    &authentication, err);
	if (rc == CD_OK)
		rc = own_language(d, &row, &r, err);
	if (rc != CD_OK)
		return rc;
	out->addr = r.to_addr;
	out->language = drafted ? draft.language : r.language;
	out->authentication = authentication;
	return CD_OK;
}

enum cd_rc
desk_preview(const struct desk *d, int64_t id, const char *template,
    struct rendered *out, struct cd_err *err)
{
	struct answer_request r;
	struct case_row row;
	enum cd_rc rc = cases_get(d->store, d->arena, id, &row, err);

	if (rc == CD_OK)
		rc = request_make(d, &row, NULL, template, NULL, &r, err);
	if (rc == CD_OK)
		rc = answer_render(d->engine, d->arena, &r, d->now, out, err);
	return rc;
}

/* A draft that is asked for in another language is made anew, and one whose link
 * has expired while it waited. */
static bool
is_made_anew(const struct desk *d, const struct case_row *row,
    const struct outbox_row *draft)
{
	const struct answer_request r = { .of = row,
		.template = draft->handle };

	if (d->language && (!draft->language || !str_ieq(str_of(d->language),
	    str_of(draft->language))))
		return true;
	return answer_has_link(d->engine, &r) && draft->created +
	    d->engine->config->microsoft.link_days * 86400 <= d->now;
}

/* The draft goes as it is, or is dropped for what the person chose. */
static enum cd_rc
choose(const struct desk *d, struct case_row *row, const char *template,
    const char *text, int64_t *outbox_out, struct cd_err *err)
{
	struct answer_request r;
	struct outbox_row draft;
	bool drafted;
	enum cd_rc rc = find_draft(d, row->id, &draft, &drafted, err);

	if (rc != CD_OK)
		return rc;
	if (!template && !text) {
		if (!drafted)
			return cd_fail(err, CD_REFUSED, "case %" PRId64 " has no "
			    "draft: choose a template (--template link) or "
			    "write (--edit)", row->id);
		if (is_made_anew(d, row, &draft))
			template = draft.handle;
	}
	if (!template && !text) {
		*outbox_out = draft.id;
		return outbox_step(d->store, draft.id, OUTBOX_QUEUED, d->now,
		    d->now, NULL, err);
	}
	rc = request_make(d, row, drafted ? &draft : NULL, template, text, &r,
	    err);
	if (rc == CD_OK && drafted)
		rc = outbox_step(d->store, draft.id, OUTBOX_CANCELLED, 0,
		    d->now, "another answer was chosen", err);
	if (rc == CD_OK)
		rc = answer_add(d->engine, d->store, d->arena, &r, d->now,
		    outbox_out, err);
	return rc;
}

#define MAX_WAITING 32	/* mails of others that are looked through */

/* What the case waits for besides what is being sent, taken into `row`: a draft
 * for somebody else, or a mail of somebody else of the case's own people. Whoever
 * refused waits for nothing. */
static enum cd_rc
take_waiting(const struct desk *d, const struct outbox_row *sent,
    struct case_row *row, bool *out, struct cd_err *err)
{
	struct mail_row own = { 0 }, *mails = NULL, draft_mail = { 0 };
	const struct mail_row *mail = NULL;
	struct outbox_row draft;
	bool drafted;
	size_t n = 0;
	enum cd_rc rc = find_draft(d, row->id, &draft, &drafted, err);

	if (rc == CD_OK && drafted && draft.mail_id != 0) {
		mail = &draft_mail;
		rc = mails_get(d->store, d->arena, draft.mail_id, &draft_mail,
		    err);
	} else if (rc == CD_OK && !drafted) {
		if (sent->mail_id != 0)
			rc = mails_get(d->store, d->arena, sent->mail_id, &own,
			    err);
		if (rc == CD_OK)
			rc = mails_of_others(d->store, d->arena, row->id,
			    own.canonical ? own.canonical : sent->to_canonical,
			    MAX_WAITING, &mails, &n, err);
	}
	if (rc != CD_OK)
		return rc;
	for (size_t i = 0; !mail && i < n; i++) {
		bool told = false;

		if (pending_note_answers(d->arena, &mails[i]))
			rc = note_since(d->store, d->arena, &mails[i], &told,
			    err);
		if (rc != CD_OK)
			return rc;
		if (!told && is_of_case(d, row, &mails[i]) &&
		    strcmp(mails[i].reason, "refused") != 0 &&
		    strcmp(mails[i].reason, "legal_words") != 0)
			mail = &mails[i];
	}
	*out = drafted || mail;
	if (mail && mail->intent)
		row->intent = mail->intent;
	if (mail && strcmp(mail->action, "review") == 0)
		row->reason = mail->reason;
	else if (drafted)
		row->reason = "draft_ready";
	return CD_OK;
}

/* Whoever sends the link to one who was read as refusing says that he wants it. */
static void
settle_refusal(const struct outbox_row *sent, struct case_row *row)
{
	if (row->intent && strcmp(row->intent, "refused") == 0 &&
	    (strcmp(sent->handle, "link") == 0 ||
	    strcmp(sent->handle, "steps") == 0))
		row->intent = "want_link";
}

enum cd_rc
desk_send(const struct desk *d, int64_t id, const char *template,
    const char *text, int64_t seen, int64_t *outbox_out, struct cd_err *err)
{
	struct outbox_row sent;
	struct case_row row;
	bool waits = false;
	enum cd_rc rc;

	rc = desk_open_case(d, id, &row, err);
	if (rc == CD_OK)
		rc = desk_check_seen(d, id, seen, err);
	if (rc == CD_OK)
		rc = choose(d, &row, template, text, outbox_out, err);
	if (rc == CD_OK)
		rc = outbox_get(d->store, d->arena, *outbox_out, &sent, err);
	if (rc == CD_OK && row.state == CASE_REVIEW)
		rc = take_waiting(d, &sent, &row, &waits, err);
	/* A person who sends says that the address lives. */
	if (rc == CD_OK)
		rc = dead_set(d->store, sent.to_canonical, d->now, NULL, err);
	if (rc == CD_OK)
		rc = desk_event(d, id, *outbox_out, "answer", arena_printf(d->arena,
		    "%s queued by %s", sent.handle, d->actor), err);
	if (rc == CD_OK && note_is(&sent))
		rc = note_colleagues(d->engine, d->store, d->arena, &row,
		    d->now, err);
	if (rc == CD_OK) {
		if (!waits) {
			row.state = note_is(&sent) ? CASE_APPROVED
						   : CASE_WAITING;
			row.reason = "";
			settle_refusal(&sent, &row);
		}
		row.snoozed_until = 0;
		row.last_action = arena_printf(d->arena, "%s queued",
		    sent.handle);
		row.updated = d->now;
		rc = cases_update(d->store, &row, err);
	}
	return store_end(d->store, rc, err);
}
