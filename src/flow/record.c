/*
 * What one mail leaves behind: its own row with the reason, whatever was
 * decided; and where it is about the matter, a case, events and an answer.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "flow/answer.h"
#include "flow/pending.h"
#include "flow/record.h"
#include "flow/thread.h"
#include "flow/words.h"
#include "store/outbox.h"
#include "text/domain.h"

/* ---- rows ----------------------------------------------------------------- */

static enum cd_rc
add_event(const struct run *run, int64_t case_id, int64_t mail_id,
    int64_t outbox_id, const char *kind, const char *actor, const char *text,
    const char *data, struct cd_err *err)
{
	const struct event_row ev = {
		.case_id = case_id,
		.mail_id = mail_id,
		.outbox_id = outbox_id,
		.at = run->now,
		.kind = kind,
		.actor = actor,
		.text = text,
		.data = data,
	};

	return events_add(run->store, &ev, err);
}

static struct mail_row
bare_row(const struct run *run, const struct item *it, const char *action,
    const char *reason)
{
	return (struct mail_row){
		.mailbox = run->batch->mailbox,
		.uidvalidity = run->batch->cursor.uidvalidity,
		.uid = it->mail->uid,
		.identity = it->x.identity,
		.received_at = it->mail->received,
		.seen_at = run->now,
		.action = action,
		.reason = reason,
	};
}

/* Its id and reason, nothing else: it has nothing to do with this. */
static enum cd_rc
store_bare(struct run *run, const struct item *it, const char *action,
    const char *reason, int64_t case_id, int64_t *id_out, struct cd_err *err)
{
	struct mail_row row = bare_row(run, it, action, reason);

	row.case_id = case_id;
	row.automatic = it->x.screen.automatic;
	log_info("mail.stored", "uid=%" PRIu32 " action=%s reason=%s "
	    "case=%" PRId64 " id=%s", it->mail->uid, action, reason, case_id,
	    log_q(run->arena, it->x.identity));
	return mails_add(run->store, &row, id_out, err);
}

static enum cd_rc
store_whole(struct run *run, const struct item *it, const struct verdict *v,
    const struct mailbox *to, int64_t case_id, int64_t *id_out,
    struct cd_err *err)
{
	const struct examined *x = &it->x;
	struct mail_row row = bare_row(run, it, action_name(v->action),
	    v->reason);

	row.case_id = case_id;
	row.automatic = x->screen.automatic;
	row.from_addr = x->from ? x->from : "";
	row.from_name = x->message.from.n > 0 ? x->message.from.v[0].name : "";
	row.canonical = x->canonical ? x->canonical : "";
	row.subject = x->message.subject;
	row.authentication = authentication_name(x->authentication);
	row.language = x->language;
	row.intent = intent_name(x->reading.intent);
	row.domain = x->domain;
	row.confidence = x->reading.confidence;
	row.visible = arena_str(run->arena, x->visible.zone[ZONE_NEW]);
	row.full_text = arena_str(run->arena, x->visible.all.text);
	row.evidence = intake_evidence(run->arena, &x->reading);
	row.detail = intake_detail(run->arena, x, v, to);
	log_info("mail.stored", "uid=%" PRIu32 " action=%s reason=%s "
	    "case=%" PRId64 " intent=%s confidence=%.2f from=%s",
	    it->mail->uid, row.action, row.reason, case_id, row.intent,
	    row.confidence, log_q(run->arena, row.from_addr));
	return mails_add(run->store, &row, id_out, err);
}

/* ---- machines and our own people ------------------------------------------ */

/* Whom the answer that came back went to: by Reply-To that may be another than
 * the person of the case. */
static enum cd_rc
bounced_recipient(struct run *run, const struct case_row *row,
    const char *about, const char **out, struct cd_err *err)
{
	struct outbox_row *sent;
	size_t n;
	enum cd_rc rc;

	*out = row->canonical;
	if (!about)
		return CD_OK;
	rc = outbox_of_case(run->store, run->arena, row->id, &sent, &n, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (strcmp(sent[i].message_id, about) == 0)
			*out = sent[i].to_canonical;
	}
	return rc;
}

/* A report about an answer of ours: an event on its case, and a dead address
 * when it was refused for good. Only a report that names a signed id counts, so
 * that nobody can silence a stranger. */
static enum cd_rc
store_report(struct run *run, const struct item *it, struct cd_err *err)
{
	const struct report *r = &it->x.screen.report;
	const struct engine *e = run->engine;
	bool failed = r->kind == REPORT_FAILED;
	const char *text, *dead;
	struct case_row row;
	int64_t case_id = 0, id;
	enum cd_rc rc = CD_ABSENT;

	if (r->about && e->has_key)
		case_id = link_message_id_case(run->arena, &e->key, r->about);
	if (case_id == 0 && e->has_key)
		case_id = link_reference_find(run->arena, &e->key,
		    it->x.message.returned);
	if (case_id == 0)
		case_id = it->x.thread_case;
	if (case_id != 0)
		rc = thread_case(run->store, run->arena, case_id, &row, err);
	if (rc == CD_ABSENT)
		return store_bare(run, it, "ignore", it->x.screen.automatic, 0,
		    &id, err);
	if (rc == CD_OK)
		rc = store_bare(run, it, "ignore", it->x.screen.automatic,
		    row.id, &id, err);
	if (rc != CD_OK)
		return rc;
	text = arena_printf(run->arena, "%s: %s %s",
	    failed ? "our answer came back" : "our answer is delayed",
	    r->address ? r->address : "", r->status ? r->status : "");
	rc = add_event(run, row.id, id, 0, "bounce", "consentdesk", text, NULL,
	    err);
	if (rc != CD_OK || !failed || (r->status && r->status[0] != '5'))
		return rc;
	rc = bounced_recipient(run, &row, r->about, &dead, err);
	if (rc == CD_OK)
		rc = dead_set(run->store, dead, run->now, text, err);
	if (rc != CD_OK)
		return rc;
	if (pending_of(&row) < PENDING_QUESTION)
		row.reason = "bounced";
	row.state = CASE_REVIEW;
	row.snoozed_until = 0;
	row.last_action = "answer bounced";
	row.updated = run->now;
	return cases_update(run->store, &row, err);
}

/* Another machine's mail; if it answers a case it stands in its timeline. */
static enum cd_rc
store_machine(struct run *run, const struct item *it, struct cd_err *err)
{
	const char *reason = it->x.screen.automatic;
	struct case_row row;
	int64_t id, case_id = 0;
	enum cd_rc rc;

	rc = thread_case_of_ids(run->store, run->arena, &it->x, &row, err);
	if (rc == CD_OK)
		case_id = row.id;
	else if (rc != CD_ABSENT)
		return rc;
	rc = store_bare(run, it, "ignore", reason, case_id, &id, err);
	if (rc != CD_OK || case_id == 0)
		return rc;
	return add_event(run, case_id, id, 0, "mail", "consentdesk",
	    arena_printf(run->arena, "automatic mail: %s", reason), NULL, err);
}

static enum cd_rc
store_own(struct run *run, const struct item *it, struct cd_err *err)
{
	const struct engine *e = run->engine;
	int64_t id;
	enum cd_rc rc;

	rc = store_bare(run, it, "ignore", "own_mail", 0, &id, err);
	if (rc != CD_OK)
		return rc;
	if (e->has_key && it->x.message.message_id &&
	    link_message_id_case(run->arena, &e->key,
		it->x.message.message_id) != 0)
		return CD_OK;	/* our own answer came back to us */
	/* Anybody can write our address into From, so what is proven forged is no
	 * colleague's mail. What has no results may be one: mail inside a house
	 * often has none, and to answer over a colleague is worse. */
	if (it->x.authentication == AUTH_FAIL)
		return CD_OK;
	return record_taken(run, it, "in the mailbox", id, err);
}

/* ---- people --------------------------------------------------------------- */

/* Reply-To counts only within the same organisation. */
static const struct mailbox *
recipient(struct arena *a, const struct engine *e, const struct examined *x)
{
	const struct message *m = &x->message;
	const struct mailbox *from = m->from.n > 0 ? &m->from.v[0] : NULL;

	if (from && m->reply_to.n == 1 &&
	    domain_aligned(a, from->domain, m->reply_to.v[0].domain) &&
	    !domain_is_consumer(from->domain) &&
	    !engine_is_own(e, address_canonical(a, m->reply_to.v[0].addr)))
		return &m->reply_to.v[0];
	return from;
}

/* A new case for this mail, or the old one with what it newly says. */
static void
fill_case(const struct run *run, const struct item *it, struct case_row *row)
{
	const struct examined *x = &it->x;

	if (row->id == 0) {
		row->from_addr = x->from ? x->from : "";
		row->from_name = x->message.from.n > 0
		    ? x->message.from.v[0].name : "";
		row->canonical = x->canonical ? x->canonical : "";
		row->subject = x->message.subject;
		row->opened = run->now;
	}
	row->intent = intent_name(x->reading.intent);
	/* Another company's tenant is none of this one's. */
	if (x->domain && row->domain &&
	    !domain_aligned(run->arena, x->domain, row->domain))
		row->tenant = NULL;
	if (x->domain)
		row->domain = x->domain;
	if (it->company.tenant)
		row->tenant = it->company.tenant;
	row->updated = run->now;
	row->snoozed_until = 0;
}

/* Who speaks in a case only since his own was merged into it is answered about that
 * one's company; another one's case does not become about it. */
static void
keep_company(struct arena *a, const struct thread *t, struct case_row *row)
{
	if (t->home.merged_into == 0 || t->home.merged_into != t->of.id ||
	    !t->of.domain || !row->domain ||
	    domain_aligned(a, row->domain, t->of.domain))
		return;
	row->domain = t->of.domain;
	row->tenant = t->of.tenant;
}

/* State and words of the case after this verdict. */
static void
case_after(struct arena *a, struct case_row *row, const struct verdict *v,
    enum config_mode mode)
{
	row->reason = "";
	if (v->action == ACTION_CLOSE) {
		row->state = CASE_CLOSED;
		row->last_action = "closed: says it works";
	} else if (v->action == ACTION_REVIEW) {
		row->state = CASE_REVIEW;
		row->reason = v->reason;
		row->last_action = arena_printf(a, "review: %s", v->reason);
	} else if (mode == MODE_AUTO) {
		row->state = v->stays ? CASE_REVIEW
		    : v->action == ACTION_APPROVED_NOTE ? CASE_APPROVED
		    : CASE_WAITING;
		row->reason = v->stays ? v->stays : "";
		row->last_action = arena_printf(a, "%s queued", v->template);
	} else {
		row->state = CASE_REVIEW;
		row->reason = mode == MODE_OFF ? "mode_off" : v->stays ? v->stays
		    : "draft_ready";
		row->last_action = mode == MODE_DRAFT
		    ? arena_printf(a, "%s drafted", v->template)
		    : "review: mode_off";
	}
}

/* The link again says what is said to one whose button is grey: that another
 * account is needed. */
static enum intent
intent_answered(const struct examined *x, const struct verdict *v)
{
	bool again = x->reading.intent == INTENT_STILL_BLOCKED &&
	    x->context == CONTEXT_LINK && strcmp(v->template, "link") == 0;

	return again ? INTENT_GREYED_OUT : x->reading.intent;
}

static enum cd_rc
add_answer(struct run *run, const struct item *it, const struct case_row *row,
    const struct verdict *v, const struct mailbox *to, int64_t mail_id,
    bool draft, struct cd_err *err)
{
	const struct examined *x = &it->x;
	const struct message *m = &x->message;
	struct answer_request r = {
		.of = row,
		.template = v->template,
		.language = row->language,
		.to_addr = to->addr,
		.to_name = to->name,
		.subject = m->subject,
		.in_reply_to = m->message_id,
		.references = m->references,
		.n_references = m->n_references,
		.mail_id = mail_id,
		.automatic = !draft,
		.draft = draft,
		.intent = intent_answered(x, v),
		.admin = x->reading.role &&
		    strcmp(x->reading.role, "user") != 0 &&
		    strcmp(x->reading.role, "unknown") != 0,
		.first_contact = x->context == CONTEXT_FIRST,
	};
	int64_t outbox_id;
	enum cd_rc rc;

	rc = answer_add(run->engine, run->store, run->arena, &r, run->now,
	    &outbox_id, err);
	if (rc != CD_OK)
		return rc == CD_DONE ? CD_OK : rc;
	if (!draft)
		run->result.answers++;
	return add_event(run, row->id, mail_id, outbox_id,
	    "answer", "consentdesk", arena_printf(run->arena, "%s %s",
	    v->template, draft ? "drafted" : "queued"), NULL, err);
}

static enum cd_rc
save_case(struct run *run, struct case_row *row, struct cd_err *err)
{
	if (row->id != 0)
		return cases_update(run->store, row, err);
	return cases_add(run->store, row, &row->id, err);
}

/* Nothing to do with this: no case, no flag. What stands in a thread of ours is
 * noted there, and ends its sleep when a person wrote it: whoever put it off may
 * have waited for that. */
static enum cd_rc
store_left(struct run *run, const struct item *it, const struct verdict *v,
    struct case_row *row, struct cd_err *err)
{
	int64_t id;
	enum cd_rc rc;

	rc = store_bare(run, it, action_name(v->action), v->reason, row->id,
	    &id, err);
	if (rc != CD_OK || row->id == 0)
		return rc;
	if (v->action == ACTION_LEAVE && row->snoozed_until > run->now) {
		row->snoozed_until = 0;
		rc = cases_update(run->store, row, err);
	}
	if (rc != CD_OK)
		return rc;
	return add_event(run, row->id, id, 0, "mail", "consentdesk",
	    "a mail about something else was left as it came", NULL, err);
}

/* Where the mail itself names no company it is about the case's. A mail of the
 * same batch may have made the case since it was examined, or named its client:
 * *anew_out, it was read once more by what is known now. */
static enum cd_rc
company_of_case(const struct run *run, struct item *it, const struct thread *t,
    bool *anew_out, struct cd_err *err)
{
	struct examined *x = &it->x;
	const char *was = x->domain ? x->domain : "";
	enum client client = x->client;
	enum cd_rc rc = intake_of_case(run->store, run->arena, x, &t->home,
	    t->by_ids, err);

	if (rc != CD_OK)
		return rc;
	if (!t->by_ids)
		x->case_domain = t->home.domain;
	if (!t->by_ids && client != CLIENT_NONE)
		x->client = client;
	*anew_out = x->client != client;
	if (*anew_out)
		intake_read(run->engine, run->arena, x);
	else if (!x->reading.named_domain && !x->reading.tenant_guid &&
	    !x->reading.other_tenant)
		intake_company(x);
	else
		return CD_OK;
	if (x->reading.tenant_guid)
		return CD_OK;
	if (!x->domain)
		it->company = (struct company){ 0 };
	if (t->home.tenant && x->client != CLIENT_UNNAMED &&
	    strcmp(x->domain ? x->domain : "", t->home.domain ?
	    t->home.domain : "") == 0)
		return company_of_tenant(run->store, run->arena,
		    t->home.tenant, &it->company, err);
	if (!x->domain || strcmp(x->domain, was) == 0)
		return CD_OK;
	return company_get(run->store, run->arena, x->domain, run->now,
	    &it->company, err);
}

/* The thread of the mail, and the mail's company by it. */
static enum cd_rc
find_thread(const struct run *run, struct item *it, struct thread *out,
    struct cd_err *err)
{
	bool anew = false;
	enum cd_rc rc = thread_find(run->store, run->arena, &it->x,
	    it->company.tenant, out, err);

	if (rc == CD_OK && out->home.id != 0)
		rc = company_of_case(run, it, out, &anew, err);
	if (rc == CD_OK && anew)
		rc = thread_find(run->store, run->arena, &it->x,
		    it->company.tenant, out, err);
	if (rc == CD_OK)
		it->x.outsider = out->linked != 0;
	return rc;
}

/* What a stranger says in a thread is news of its case too; no name, which is to go
 * with his own case when he is forgotten. */
static enum cd_rc
tell_thread(const struct run *run, const struct item *it,
    const struct thread *t, int64_t case_id, struct cd_err *err)
{
	if (t->linked == 0)
		return CD_OK;
	return add_event(run, t->linked, 0, 0, "mail", "consentdesk",
	    arena_printf(run->arena, "somebody of another company wrote in this "
	    "thread, see case %" PRId64 ": %s", case_id, words_intent(run->arena,
	    intent_name(it->x.reading.intent))), NULL, err);
}

static enum cd_rc
store_person(struct run *run, struct item *it, struct cd_err *err)
{
	const struct examined *x = &it->x;
	const struct mailbox *to = recipient(run->arena, run->engine, x);
	struct case_row row, before, about;
	struct thread thread;
	struct verdict v;
	enum config_mode mode;
	const char *language;
	int64_t mail_id;
	bool settled, kept = false, inherited = false, answered = false;
	enum cd_rc rc = find_thread(run, it, &thread, err);

	if (rc != CD_OK)
		return rc;
	row = thread.of;
	rc = record_answered(run, it, &row, &answered, err);
	if (rc != CD_OK)
		return rc;
	answered = answered && row.id == 0;
	if (!x->screen.hold && pending_hold(&row)) {
		it->x.screen.hold = pending_hold(&row);
		it->x.screen.hold_evidence = "an earlier mail of the case";
		inherited = true;
	}
	rc = limits_decide(run, it, &row, to ? address_canonical(run->arena,
	    to->addr) : "", &v, err);
	if (rc != CD_OK)
		return rc;
	if (v.action == ACTION_IGNORE || v.action == ACTION_LEAVE)
		return store_left(run, it, &v, &row, err);
	/* A house that wrote no such template: a person starts from nothing. */
	if (v.action == ACTION_REVIEW && v.template && (answered ||
	    !templates_have(run->engine->templates, v.template)))
		v.template = NULL;
	rc = pending_settled(run->store, &row, &v, x->canonical, &settled, err);
	if (rc != CD_OK)
		return rc;

	mode = config_mode_of(run->engine->config, action_name(v.action));
	before = row;
	fill_case(run, it, &row);
	rc = row.id == 0 && !row.domain ? company_of_sender(run->store,
	    run->arena, intake_sender_company(x), it->keys, it->n_keys,
	    run->now, &row, err) : CD_OK;
	if (rc == CD_OK)
		rc = answer_take_language(run->store, run->arena, &row,
		    x->visible.zone[ZONE_NEW], x->canonical,
		    to ? to->addr : "", &language, err);
	if (rc != CD_OK)
		return rc;
	about = row;
	about.language = language;
	keep_company(run->arena, &thread, &row);
	case_after(run->arena, &row, &v, mode);
	if (answered && row.state == CASE_REVIEW) {
		row.state = CASE_WAITING;
		row.reason = "";
		row.last_action = "taken over by a person";
	}
	if (!settled)
		kept = pending_goes_on(&before, &v, mode == MODE_AUTO &&
		    action_sends(v.action), &row);
	rc = save_case(run, &row, err);
	if (rc == CD_OK)
		rc = pending_answers(run->store, run->arena,
		    &(struct pending_mail){ x, &v, &before, &about, row.id,
		    to ? to->addr : "", kept, inherited }, run->now, err);
	if (rc == CD_OK)
		rc = store_whole(run, it, &v, to, row.id, &mail_id, err);
	if (rc == CD_OK)
		rc = add_event(run, row.id, mail_id, 0, "mail",
		    x->from ? x->from : "unknown", x->message.subject, NULL,
		    err);
	if (rc == CD_OK)
		rc = add_event(run, row.id, mail_id, 0, "decision",
		    "consentdesk", arena_printf(run->arena, "%s: %s",
		    action_name(v.action), v.reason), NULL, err);
	if (rc == CD_OK && answered)
		rc = record_answered_case(run, &row, mail_id, err);
	if (rc == CD_OK)
		rc = tell_thread(run, it, &thread, row.id, err);
	if (rc == CD_OK)
		engine_alarm(run->engine, row.id, x->reading.code, x->from);
	if (rc == CD_OK && v.action == ACTION_CLOSE && mode == MODE_AUTO)
		run->result.handled[run->result.n_handled++] = it->mail->uid;
	if (rc != CD_OK || !v.template || !to || mode == MODE_OFF)
		return rc;
	about.id = row.id;
	return add_answer(run, it, &about, &v, to, mail_id,
	    mode != MODE_AUTO || v.action == ACTION_REVIEW, err);
}

/* ---- mails that cannot be read -------------------------------------------- */

static enum cd_rc
store_poison(struct run *run, const struct item *it, struct cd_err *err)
{
	struct mail_row mail = bare_row(run, it, "review", "unreadable");
	struct case_row row = {
		.state = CASE_REVIEW,
		.reason = "unreadable",
		.intent = "other",
		.from_addr = "",
		.from_name = "",
		.canonical = "",
		.subject = "(a mail that could not be read)",
		.language = "",
		.opened = run->now,
		.updated = run->now,
		.last_action = "review: unreadable",
	};
	int64_t id;
	enum cd_rc rc;

	rc = cases_add(run->store, &row, &row.id, err);
	if (rc != CD_OK)
		return rc;
	mail.case_id = row.id;
	mail.identity = arena_printf(run->arena, "unreadable:%" PRIu32 ":%"
	    PRIu32, mail.uidvalidity, mail.uid);
	mail.raw = it->mail->raw;
	log_error("mail.unreadable", "uid=%" PRIu32 " case=%" PRId64,
	    it->mail->uid, row.id);
	rc = mails_add(run->store, &mail, &id, err);
	if (rc != CD_OK)
		return rc == CD_DONE ? CD_OK : rc;
	return add_event(run, row.id, id, 0, "mail", "consentdesk",
	    mail.raw.n > 0 ? "reading this mail failed three times; its bytes "
	    "are kept" : "the mail server has this mail and did not give it, "
	    "however often it was asked: look for it in the mailbox", NULL,
	    err);
}

/* ---- one mail ------------------------------------------------------------- */

/* A pasted GUID that discovery knows beats the domain; the organisation's counts
 * once it is known that the name below it has no tenant, not while nobody could
 * say. */
static enum cd_rc
item_company(const struct run *run, struct item *it, struct cd_err *err)
{
	/* It is about none: they are its sender's. */
	if (!it->x.domain && !it->x.tenant_hint)
		return CD_OK;
	for (size_t k = 0; k < it->n_keys; k++) {
		enum cd_rc rc = company_get(run->store, run->arena,
		    it->keys[k], run->now, &it->company, err);

		if (rc != CD_OK)
			return rc;
		if (it->company.tenant ||
		    (it->keys[k] == it->x.domain && !it->company.cached))
			return CD_OK;
	}
	return CD_OK;
}

/* Two mails may carry one Message-ID: a form's, or one that somebody guessed. Another
 * sender's is another mail, and so is a person's where a machine's was ignored; of what
 * was left no sender is kept. */
static bool
is_another(const struct mail_row *old, const struct examined *x)
{
	if (old->canonical && old->canonical[0])
		return x->canonical && strcmp(old->canonical, x->canonical) != 0;
	return old->automatic && strcmp(old->action, "ignore") == 0 &&
	    strcmp(old->reason, "duplicate") != 0 && !x->screen.automatic;
}

/* Known already (another UID after a UIDVALIDITY change, or a copy)? */
static enum cd_rc
recognise(struct run *run, const struct item *it, bool *known,
    struct cd_err *err)
{
	struct mail_row old;
	enum cd_rc rc;
	int64_t id;

	*known = false;
	rc = it->x.canonical ? mails_find_from(run->store, run->arena,
	    run->batch->mailbox, it->x.identity, it->x.canonical, &old, err)
	    : CD_ABSENT;
	if (rc == CD_ABSENT)
		rc = mails_find(run->store, run->arena, run->batch->mailbox,
		    it->x.identity, &old, err);
	if (rc != CD_OK)
		return rc == CD_ABSENT ? CD_OK : rc;
	if (old.uidvalidity == run->batch->cursor.uidvalidity &&
	    old.uid != it->mail->uid && is_another(&old, &it->x))
		return CD_OK;
	*known = true;
	if (old.uidvalidity != run->batch->cursor.uidvalidity)
		return mails_move(run->store, old.id,
		    run->batch->cursor.uidvalidity, it->mail->uid, err);
	if (old.uid == it->mail->uid)
		return CD_OK;
	return store_bare(run, it, "ignore", "duplicate", 0, &id, err);
}

enum cd_rc
record_item(struct run *run, struct item *it, struct cd_err *err)
{
	bool known;
	int64_t id;
	enum cd_rc rc;

	if (it->mail->poison)
		return store_poison(run, it, err);
	rc = recognise(run, it, &known, err);
	if (rc != CD_OK || known)
		return rc;
	run->result.stored++;
	/* After a UIDVALIDITY change the mails that were there before the first
	 * start come by again, unknown. */
	if (it->mail->uid < run->batch->cursor.rescan_below &&
	    it->mail->received < run->batch->cursor.baseline)
		return store_bare(run, it, "leave", "before_start", 0, &id,
		    err);
	if (engine_is_own(run->engine, it->x.canonical))
		return store_own(run, it, err);
	if (it->x.screen.report.kind != REPORT_NONE && it->x.screen.automatic)
		return store_report(run, it, err);
	if (it->x.screen.automatic)
		return store_machine(run, it, err);
	rc = item_company(run, it, err);
	return rc == CD_OK ? store_person(run, it, err) : rc;
}
