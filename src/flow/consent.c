#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "flow/answer.h"
#include "flow/consent.h"
#include "flow/merge.h"
#include "flow/note.h"
#include "flow/pending.h"
#include "flow/thread.h"
#include "store/mails.h"
#include "store/tenants.h"

/* "AADSTS65004: ..." gives 65004, else 0. */
static int
aadsts_code(const char *description)
{
	struct str s = str_of(description);
	ptrdiff_t at = str_ifind(s, STR("AADSTS"));
	size_t end;
	int64_t code;

	if (at < 0)
		return 0;
	s = str_sub(s, (size_t)at + 6, s.n);
	for (end = 0; end < s.n && end < 8 && ascii_digit(s.p[end]); end++)
		;
	if (!str_to_i64(str_sub(s, 0, end), 1, 99999999, &code))
		return 0;
	return (int)code;
}

/* facts/microsoft.md 1.4: admin_consent=True stands on errors too. */
static enum consent_outcome
outcome_of_error(const struct consent_return *r, int code)
{
	switch (code) {
	case 65004:
		return CONSENT_DECLINED;
	case 50020:
	case 50178:
	case 16000:
		return CONSENT_WRONG_TENANT;
	case 65001:
	case 90093:
	case 90094:
	case 90095:
		return CONSENT_NOT_ADMIN;
	}
	if (strcmp(r->error, "consent_required") == 0)
		return CONSENT_NOT_ADMIN;
	if (strcmp(r->error, "access_denied") == 0 ||
	    strcmp(r->error, "permission_denied") == 0)
		return CONSENT_DECLINED;
	return CONSENT_FAILED;
}

/* What the events say; consent_lacks_right knows them again. */
static const char *const outcome_texts[] = {
	[CONSENT_APPROVED] = "the admin approved",
	[CONSENT_DECLINED] = "the admin pressed Cancel at Microsoft",
	[CONSENT_NOT_ADMIN] = "the link was opened by an account that may not "
			      "approve",
	[CONSENT_WRONG_TENANT] = "the link was opened with another company's "
				 "account",
	[CONSENT_EXPIRED] = "an expired link was used",
	[CONSENT_FORGED] = "a forged return",
	[CONSENT_FAILED] = "Microsoft answered with an error",
	[CONSENT_LATER] = "could not be written down",
};

static const char *
outcome_text(struct arena *a, enum consent_outcome outcome, int code)
{
	if (code == 0)
		return outcome_texts[outcome];
	return arena_printf(a, "%s (AADSTS%d)", outcome_texts[outcome], code);
}

enum cd_rc
consent_lacks_right(struct store *s, struct arena *a, int64_t case_id,
    bool *out, struct cd_err *err)
{
	struct event_row *events;
	struct str text = { "", 0 };
	size_t n;
	enum cd_rc rc = events_of(s, a, case_id, &events, &n, err);

	if (rc != CD_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(events[i].kind, "consent_error") == 0)
			text = str_of(events[i].text);
	}
	*out = str_starts(text, str_of(outcome_texts[CONSENT_NOT_ADMIN])) ||
	    str_starts(text, str_of(outcome_texts[CONSENT_DECLINED]));
	return CD_OK;
}

/* What was drafted for the case's person before, or for anybody, is no answer any
 * more; where its matter stays, what is one to that is. */
static enum cd_rc
drop_drafts(struct store *s, struct arena *a, const struct case_row *row,
    bool all, bool stays, int64_t now, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, row->id, &rows, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (rows[i].state == OUTBOX_DRAFT && (all ||
		    strcmp(rows[i].to_canonical, row->canonical) == 0) &&
		    (!stays || pending_note_says(rows[i].handle)))
			rc = outbox_step(s, rows[i].id, OUTBOX_CANCELLED, 0,
			    now, "another answer took its place", err);
	}
	return rc;
}

/* The case's newest mail is the one to answer. Beside a draft those for others
 * go on. stays: so does what the case waits with. */
static enum cd_rc
tell(const struct engine *e, struct store *s, struct arena *a,
    struct case_row *row, const char *template, bool draft, bool stays,
    int64_t now, struct cd_err *err)
{
	const struct answer_request r = {
		.of = row,
		.template = template,
		.language = row->language,
		.to_addr = row->from_addr,
		.to_name = row->from_name,
		.draft = draft,
	};
	struct mail_row mail = { 0 };
	enum cd_rc rc = mails_last(s, a, row->id, &mail, err);

	if (rc != CD_OK && rc != CD_ABSENT)
		return rc;
	rc = drop_drafts(s, a, row, !draft, stays, now, err);
	return rc == CD_OK ? note_write(e, s, a, r, mail.identity, now, err)
			   : rc;
}

/* Microsoft's error needs a person: before one, with the draft for its code.
 * urgent: it hits every customer, and has the reason that raises the alarm. */
static enum cd_rc
to_review(const struct engine *e, struct store *s, struct arena *a,
    struct case_row *row, int code, bool urgent, int64_t now,
    struct cd_err *err)
{
	const char *draft = codes_draft(e->codes, code);

	row->state = CASE_REVIEW;
	row->snoozed_until = 0;
	row->reason = urgent ? REASON_VENDOR_URGENT : "consent_error";
	row->last_action = arena_printf(a, "review: %s", row->reason);
	row->updated = now;
	if (draft && row->from_addr[0] &&
	    templates_have(e->templates, draft)) {
		enum cd_rc rc = tell(e, s, a, row, draft, true, false, now,
		    err);

		if (rc != CD_OK)
			return rc;
	}
	return cases_update(s, row, err);
}

/* An error is an event on the case; what needs a person goes to review, and what was
 * put off there is seen again. */
static enum cd_rc
note_error(const struct engine *e, struct store *s, struct arena *a,
    int64_t now, const struct consent_result *r, struct cd_err *err)
{
	struct event_row ev = {
		.at = now,
		.kind = "consent_error",
		.actor = "microsoft",
		.text = outcome_text(a, r->outcome, r->code),
	};
	struct case_row row;
	enum cd_rc rc = store_begin(s, err);

	if (rc != CD_OK)
		return rc;
	rc = thread_case(s, a, r->case_id, &row, err);
	if (rc == CD_ABSENT) {
		store_rollback(s);
		return CD_OK;
	}
	if (rc == CD_OK) {
		ev.case_id = row.id;
		rc = events_add(s, &ev, err);
	}
	if (rc == CD_OK && r->outcome == CONSENT_FAILED) {
		bool urgent = engine_alarm(e, row.id, r->code, NULL);

		if (urgent || row.state == CASE_WAITING) {
			rc = to_review(e, s, a, &row, r->code, urgent, now,
			    err);
		} else if (row.snoozed_until > now) {
			row.snoozed_until = 0;
			rc = cases_update(s, &row, err);
		}
	}
	return store_end(s, rc, err);
}

enum cd_rc
consent_returned(const struct engine *e, struct store *s, struct arena *a,
    const struct consent_return *r, int64_t now, struct consent_result *out,
    struct cd_err *err)
{
	struct consent_result result = { .outcome = CONSENT_FORGED,
		.language = "" };
	struct case_row row;
	struct link_state state;
	const char *tenant;
	enum cd_rc rc;

	rc = link_state_verify(a, &e->key, r->state ? r->state : "", now,
	    &state, err);
	if (rc != CD_OK && rc != CD_DONE) {
		log_warn("consent.forged", "tenant=%s", log_q(a, r->tenant));
		*out = result;
		return CD_OK;
	}
	result.case_id = state.case_id;
	result.code = aadsts_code(r->error_description);
	if (rc == CD_DONE)
		result.outcome = CONSENT_EXPIRED;
	else if (r->error)
		result.outcome = outcome_of_error(r, result.code);
	else if (!r->tenant || !str_is_guid(str_of(r->tenant)) ||
	    !r->admin_consent ||
	    !str_ieq(str_of(r->admin_consent), STR("true")))
		result.outcome = CONSENT_FAILED;
	else
		result.outcome = CONSENT_APPROVED;

	/* The link was bound to a tenant, or to any company's: another one's
	 * return approves nothing. */
	tenant = r->tenant ? arena_lower(a, str_of(r->tenant)) : NULL;
	if (result.outcome == CONSENT_APPROVED &&
	    (!link_tenant_is_company(str_of(tenant)) ||
	    (strcmp(state.tenant, "organizations") != 0 &&
	    strcmp(state.tenant, tenant) != 0)))
		result.outcome = CONSENT_WRONG_TENANT;

	log_info("consent.returned", "case=%" PRId64 " outcome=%s",
	    result.case_id, log_q(a, outcome_text(a, result.outcome,
	    result.code)));
	rc = result.outcome == CONSENT_APPROVED
	    ? consent_approve_case(e, s, a, tenant, result.case_id, now,
		  &result.tally, err)
	    : note_error(e, s, a, now, &result, err);
	if (rc != CD_OK)
		return rc;
	if (cases_get(s, a, result.case_id, &row, NULL) == CD_OK &&
	    row.language)
		result.language = row.language;
	*out = result;
	return CD_OK;
}

static const char *
reason_of_mode(enum config_mode mode)
{
	switch (mode) {
	case MODE_AUTO:
		return NULL;
	case MODE_DRAFT:
		return "draft_ready";
	case MODE_OFF:
		return "mode_off";
	}
	return NULL;
}

/* Why the note is a person's to send, by decide's reasons; NULL: it is not. */
static enum cd_rc
why_left(const struct engine *e, struct store *s, struct arena *a,
    const struct case_row *row, enum config_mode mode, const char **why_out,
    struct cd_err *err)
{
	const char *bounce, *mails;
	bool dead, helped = true;
	enum cd_rc rc = dead_get(s, a, row->canonical, &bounce, err);

	if (rc != CD_OK && rc != CD_ABSENT)
		return rc;
	dead = rc == CD_OK;
	rc = note_hold(e, s, a, row, &mails, err);
	if (rc == CD_OK && pending_of(row) == PENDING_MATTER &&
	    !pending_is_of_approval(row))
		rc = note_helped(s, a, row, &helped, err);
	if (rc != CD_OK)
		return rc;
	if (!row->from_addr[0])
		*why_out = "no_from";
	else if (dead)
		*why_out = "dead_address";
	else if (row->taken)
		*why_out = "taken";
	else if (strcmp(row->intent, "refused") == 0)
		*why_out = "refused";
	else if (pending_hold(row))
		*why_out = pending_hold(row);
	else if (pending_of(row) == PENDING_QUESTION &&
	    !pending_is_of_approval(row))
		*why_out = "is_it_safe";
	else if (mails)
		*why_out = mails;
	else if (!helped)	/* he wrote of something else */
		*why_out = row->reason;
	else
		*why_out = reason_of_mode(mode);
	return CD_OK;
}

/* The case waits for a person, for what it waited already (`stays`) or for
 * `why`. */
static enum cd_rc
leave_one(const struct engine *e, struct store *s, struct arena *a,
    struct case_row *row, const char *why, bool draft, bool stays, int64_t now,
    struct cd_err *err)
{
	if (draft) {
		enum cd_rc rc = note_instead(e, s, a, row, true, now, err);

		if (rc == CD_OK)
			rc = tell(e, s, a, row, "approved_note", true, stays,
			    now, err);
		if (rc != CD_OK)
			return rc;
	}
	if (row->state != CASE_REVIEW)
		row->reason = why;
	row->state = CASE_REVIEW;
	row->snoozed_until = 0;
	return CD_OK;
}

#define IS_APPROVED	"the tenant is approved"

/* Whoever waits in it and may not be told by itself is a person's to tell. */
static enum cd_rc
keep_missed(const struct engine *e, struct store *s, struct arena *a,
    struct case_row *row, bool *stays, int64_t now, struct cd_err *err)
{
	struct mail_row mail;
	enum cd_rc rc;

	if (row->state != CASE_REVIEW)
		return CD_OK;
	rc = note_missed(e, s, a, row, now, &mail, err);
	if (rc != CD_OK)
		return rc == CD_ABSENT ? CD_OK : rc;
	if (!*stays) {
		row->intent = mail.intent;
		row->reason = strcmp(mail.action, "review") == 0 ? mail.reason
								 : "draft_ready";
	}
	*stays = true;
	return CD_OK;
}

/* The note goes out by itself. stays: the case waits on; it may turn out so. */
static enum cd_rc
tell_one(const struct engine *e, struct store *s, struct arena *a,
    struct case_row *row, bool *stays, int64_t now, struct cd_err *err)
{
	enum cd_rc rc = note_instead(e, s, a, row, false, now, err);

	if (rc == CD_OK)
		rc = tell(e, s, a, row, "approved_note", false, *stays, now,
		    err);
	if (rc == CD_OK)
		rc = note_colleagues(e, s, a, row, now, err);
	if (rc == CD_OK)
		rc = keep_missed(e, s, a, row, stays, now, err);
	if (!*stays) {
		row->state = CASE_APPROVED;
		row->reason = "";
	} else if (strcmp(row->reason, "draft_ready") == 0 ||
	    strcmp(row->reason, "mode_off") == 0) {
		row->reason = "approved_meanwhile";
	}
	return rc;
}

/* tenant: NULL, another one of its domain was approved, most likely its own too. */
static enum cd_rc
approve_one(const struct engine *e, struct store *s, struct arena *a,
    struct case_row *row, const char *tenant, const char *actor, int64_t now,
    struct consent_tally *tally, struct cd_err *err)
{
	struct event_row ev = {
		.case_id = row->id,
		.at = now,
		.kind = "approval",
		.actor = actor,
		.text = IS_APPROVED,
	};
	enum config_mode mode = config_mode_of(e->config, "approved_note");
	const char *why, *did = "approved_note queued";
	bool draft, stays;
	enum cd_rc rc = why_left(e, s, a, row, tenant ? mode : MODE_AUTO, &why,
	    err);

	if (rc == CD_OK && !tenant && !why)
		why = "perhaps_approved";
	if (rc == CD_OK)
		rc = pending_outlives_note(s, a, row, now, &stays, err);
	if (rc != CD_OK)
		return rc;
	draft = why && mode != MODE_OFF && row->from_addr[0];
	if (why) {
		tally->review++;
		did = draft ? "tenant approved, note drafted"
			    : "tenant approved, not told";
		/* The return address can be loaded again. */
		if (row->state == CASE_REVIEW &&
		    strcmp(row->last_action, did) == 0)
			return CD_OK;
		ev.text = arena_printf(a, "%s; a person is to tell it: %s",
		    tenant ? IS_APPROVED : "a colleague's link for any company "
		    "was accepted", why);
		rc = leave_one(e, s, a, row, why, draft, stays, now, err);
	} else {
		tally->told++;
		rc = tell_one(e, s, a, row, &stays, now, err);
		if (stays)
			ev.text = IS_APPROVED ", and told; what the case "
			    "waits with is still a person's";
	}
	if (rc == CD_OK)
		rc = events_add(s, &ev, err);
	if (rc != CD_OK)
		return rc;
	if (tenant)
		row->tenant = tenant;
	row->last_action = did;
	row->updated = now;
	return cases_update(s, row, err);
}

/* Approved before, and told: what its person wrote since is another matter. */
static enum cd_rc
approve_again(const struct engine *e, struct store *s, struct arena *a,
    struct case_row *row, const char *tenant, const char *actor, int64_t now,
    struct consent_tally *tally, struct cd_err *err)
{
	bool told;
	enum cd_rc rc = note_told(s, a, row, false, &told, err);

	if (rc != CD_OK || !told)
		return rc != CD_OK ? rc : approve_one(e, s, a, row, tenant,
		    actor, now, tally, err);
	tally->review += row->state == CASE_REVIEW;
	return CD_OK;
}

#define TAKEN_BACK	"approval taken back"

/* Who has the note is not told anew; his case says no longer that it is not so. */
static enum cd_rc
restore_told(struct store *s, struct arena *a, const char *tenant,
    const char *actor, int64_t now, struct cd_err *err)
{
	struct event_row ev = { .at = now, .kind = "approval", .actor = actor,
		.text = IS_APPROVED };
	struct case_row *cases;
	size_t n = 0;
	enum cd_rc rc = cases_told_of_tenant(s, a, tenant, &cases, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (cases[i].state != CASE_APPROVED ||
		    strcmp(cases[i].last_action, TAKEN_BACK) != 0)
			continue;
		cases[i].last_action = "approved again";
		cases[i].updated = now;
		ev.case_id = cases[i].id;
		rc = cases_update(s, &cases[i], err);
		if (rc == CD_OK)
			rc = events_add(s, &ev, err);
	}
	return rc;
}

/* Somebody's company, whose tenant nobody knew, was approved by a link for any: his
 * colleagues are a person's to tell. */
static enum cd_rc
ask_for_colleagues(const struct engine *e, struct store *s, struct arena *a,
    const char *domain, const char *actor, int64_t now,
    struct consent_tally *tally, struct cd_err *err)
{
	struct case_row *cases;
	size_t n;
	enum cd_rc rc = cases_open_of_domain(s, a, domain, &cases, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++)
		rc = approve_one(e, s, a, &cases[i], NULL, actor, now, tally,
		    err);
	return rc;
}

/* The case that the link was sent in, and the one in which it goes on. CD_ABSENT. */
static enum cd_rc
case_of_link(struct store *s, struct arena *a, int64_t id,
    struct case_row *sent, struct case_row *out, struct cd_err *err)
{
	enum cd_rc rc = cases_get(s, a, id, sent, err);

	return rc == CD_OK ? thread_case(s, a, id, out, err) : rc;
}

static enum cd_rc
approve_all(const struct engine *e, struct store *s, struct arena *a,
    const char *tenant, const char *how, const char *actor, int64_t case_id,
    int64_t now, struct consent_tally *tally, struct cd_err *err)
{
	const struct tenant_row row = { .guid = tenant, .region = "",
		.sub_scope = "" };
	struct tenant_row known;
	struct case_row *cases, sent, own;
	size_t n;
	bool again;
	enum cd_rc rc;

	rc = tenants_get(s, a, tenant, &known, err);
	if (rc == CD_ABSENT)
		rc = tenants_put(s, &row, err);
	if (rc == CD_OK)
		rc = tenants_approve(s, tenant, now, how, err);
	if (rc != CD_OK && rc != CD_DONE)
		return rc;
	again = rc == CD_DONE;
	rc = again ? CD_OK : restore_told(s, a, tenant, actor, now, err);
	if (rc == CD_OK)
		rc = cases_open_of_tenant(s, a, tenant, &cases, &n, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++)
		rc = (again ? approve_again : approve_one)(e, s, a, &cases[i],
		    tenant, actor, now, tally, err);
	if (rc != CD_OK || case_id == 0)
		return rc;
	/* A link for "organizations" tells the case's tenant only now; that of
	 * the others has it by now. */
	rc = case_of_link(s, a, case_id, &sent, &own, err);
	if (rc != CD_OK)
		return rc == CD_ABSENT ? CD_OK : rc;
	if (strcmp(sent.domain ? sent.domain : "",
	    own.domain ? own.domain : "") != 0)
		return merge_approved(e, s, a, &sent, &own, tenant, actor, now,
		    &tally->review, err);
	if (own.tenant || (own.state != CASE_REVIEW &&
	    own.state != CASE_WAITING))
		return CD_OK;
	rc = approve_one(e, s, a, &own, tenant, actor, now, tally, err);
	return rc == CD_OK && own.domain ? ask_for_colleagues(e, s, a,
	    own.domain, actor, now, tally, err) : rc;
}

static enum cd_rc
approve(const struct engine *e, struct store *s, struct arena *a,
    const char *tenant, const char *how, const char *actor, int64_t case_id,
    int64_t now, struct consent_tally *out, struct cd_err *err)
{
	struct consent_tally tally = { 0 };
	enum cd_rc rc;

	if (!link_tenant_is_company(str_of(tenant)))
		return cd_fail(err, CD_MALFORMED, "tenant %s is no company's, "
		    "and nobody can approve for it; give the company's domain "
		    "or tenant id", tenant);
	rc = store_begin(s, err);
	if (rc != CD_OK)
		return rc;
	rc = approve_all(e, s, a, tenant, how, actor, case_id, now, &tally,
	    err);
	rc = store_end(s, rc, err);
	if (rc != CD_OK)
		return rc;
	log_info("tenant.approved", "tenant=%s how=%s told=%zu review=%zu",
	    tenant, how, tally.told, tally.review);
	*out = tally;
	return CD_OK;
}

enum cd_rc
consent_approve(const struct engine *e, struct store *s, struct arena *a,
    const char *tenant, const char *how, const char *actor, int64_t now,
    struct consent_tally *out, struct cd_err *err)
{
	return approve(e, s, a, tenant, how, actor, 0, now, out, err);
}

enum cd_rc
consent_approve_case(const struct engine *e, struct store *s, struct arena *a,
    const char *tenant, int64_t case_id, int64_t now,
    struct consent_tally *out, struct cd_err *err)
{
	return approve(e, s, a, tenant, "consent", "microsoft", case_id, now,
	    out, err);
}

/* Nobody is told any more what is not so. A case of which nobody was told it is an
 * open one again. */
static enum cd_rc
withdraw_one(struct store *s, struct arena *a, struct case_row *row,
    const char *actor, int64_t now, struct cd_err *err)
{
	static const char why[] = "the approval was taken back";
	const struct event_row ev = {
		.case_id = row->id,
		.at = now,
		.kind = "approval",
		.actor = actor,
		.text = why,
	};
	struct outbox_row *rows;
	bool told = false;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, row->id, &rows, &n, err);

	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (!note_is(&rows[i]))
			continue;
		if (rows[i].state == OUTBOX_DRAFT ||
		    outbox_is_waiting(rows[i].state))
			rc = outbox_step(s, rows[i].id, OUTBOX_CANCELLED, 0,
			    now, why, err);
		else
			told = told || outbox_is_out(rows[i].state);
	}
	if (rc == CD_OK)
		rc = events_add(s, &ev, err);
	if (!told && row->state == CASE_APPROVED)
		row->state = CASE_WAITING;
	row->last_action = TAKEN_BACK;
	row->updated = now;
	return rc == CD_OK ? cases_update(s, row, err) : rc;
}

enum cd_rc
consent_withdraw(struct store *s, struct arena *a, const char *tenant,
    const char *actor, int64_t now, size_t *cases_out, struct cd_err *err)
{
	struct case_row *cases;
	size_t n = 0;
	enum cd_rc rc = store_begin(s, err);

	if (rc != CD_OK)
		return rc;
	rc = tenants_withdraw(s, a, tenant, err);
	if (rc == CD_OK)
		rc = cases_told_of_tenant(s, a, tenant, &cases, &n, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++)
		rc = withdraw_one(s, a, &cases[i], actor, now, err);
	rc = store_end(s, rc, err);
	if (rc != CD_OK)
		return rc;
	log_info("tenant.withdrawn", "tenant=%s actor=%s cases=%zu", tenant,
	    log_q(a, actor), n);
	*cases_out = n;
	return CD_OK;
}
