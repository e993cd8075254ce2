/*
 * How many answers are too many: per sender and day, per case, per company, per
 * hour for the whole daemon, and never the same answer twice in a week: about
 * the same company, where it is made for one.
 */
#include <string.h>

#include "base/log.h"
#include "flow/consent.h"
#include "flow/pending.h"
#include "flow/record.h"
#include "store/outbox.h"
#include "text/domain.h"

#define HOUR			3600
#define DAY			86400
#define SAME_ANSWER_DAYS	7
#define SAME_ANSWER		"same_answer_in_7_days"
#define MAX_PER_CASE		6	/* automatic answers, ever */
#define MAX_PER_DOMAIN_DAY	400	/* of one company */

static enum cd_rc
count(const struct run *run, struct outbox_question q, int64_t max,
    const char *name, const char **limit, struct cd_err *err)
{
	int64_t n;
	enum cd_rc rc;

	if (*limit)
		return CD_OK;
	q.enough = max;
	rc = outbox_count(run->store, &q, &n, err);
	if (rc == CD_OK && n >= max)
		*limit = name;
	return rc;
}

/* Automatic answers within the last hour, less those that a person has looked at
 * and let go. They are counted once a batch: nobody else writes while its
 * transaction is open. Exactly only where the batch could reach the limit. */
static enum cd_rc
count_hour(struct run *run, int64_t *n_out, struct cd_err *err)
{
	struct outbox_question hour = {
		.since = run->now - HOUR,
		/* What a clock that has been put back dated days ahead
		 * would count in each hour until then. */
		.until = run->now + HOUR,
		.enough = run->engine->config->policy.max_replies_per_hour -
		    (int64_t)run->batch->n,
	};
	int64_t own = (int64_t)run->result.answers, resumed;
	enum cd_rc rc = CD_OK;

	if (!run->in_hour_known) {
		rc = brake_resumed(run->store, &resumed, err);
		if (rc != CD_OK)
			return rc;
		if (hour.since <= resumed && resumed <= hour.until)
			hour.since = resumed + 1;
		rc = outbox_count(run->store, &hour, &run->in_hour, err);
		run->in_hour -= own;
		run->in_hour_known = rc == CD_OK;
	}
	*n_out = run->in_hour + own;
	return rc;
}

/* The whole daemon answers too much: stop sending until a person looked. */
static enum cd_rc
check_brake(struct run *run, const char **limit, struct cd_err *err)
{
	int64_t max = run->engine->config->policy.max_replies_per_hour;
	const char *why;
	int64_t since, n;
	enum cd_rc rc;

	rc = count_hour(run, &n, err);
	if (rc != CD_OK || n < max)
		return rc;
	if (!*limit)
		*limit = "hour";
	rc = brake_get(run->store, run->arena, &since, &why, err);
	if (rc != CD_ABSENT)
		return rc;
	why = arena_printf(run->arena,
	    "%lld automatic answers within an hour", (long long)max);
	log_error("brake.tripped", "why=%s mend=\"look at the queue, then: "
	    "consentdesk resume\"", log_q(run->arena, why));
	return brake_set(run->store, run->now, why, err);
}

static enum cd_rc
find_limit(struct run *run, const struct item *it, const char *to_canonical,
    int64_t case_id, const char **limit, struct cd_err *err)
{
	const struct config *c = run->engine->config;
	const char *at = strrchr(to_canonical, '@'), *why;
	const char *domain = at ? domain_organisational(run->arena, at + 1) : "";
	const struct outbox_question sender = {
		.since = run->now - DAY, .to_canonical = to_canonical };
	const struct outbox_question company = {
		.since = run->now - DAY, .domain = domain };
	const struct outbox_question of_case = { .case_id = case_id };
	enum cd_rc rc;

	rc = dead_get(run->store, run->arena, to_canonical, &why, err);
	if (rc == CD_OK)
		*limit = "dead_address";
	else if (rc != CD_ABSENT)
		return rc;
	rc = count(run, sender, c->policy.max_replies_per_sender_per_day,
	    "sender_per_day", limit, err);
	if (rc == CD_OK && case_id != 0)
		rc = count(run, of_case, MAX_PER_CASE, "case", limit, err);
	if (rc == CD_OK && !it->x.consumer)
		rc = count(run, company, MAX_PER_DOMAIN_DAY, "domain", limit,
		    err);
	return rc == CD_OK ? check_brake(run, limit, err) : rc;
}

/* One who is still blocked because he opened the link without the right to
 * approve needs it once more, for someone who has it: not what to try next. */
static enum cd_rc
draft_for_another(const struct run *run, const struct item *it,
    const struct case_row *row, struct verdict *v, struct cd_err *err)
{
	bool lacks = false;
	enum cd_rc rc;

	if (!v->template || strcmp(v->template, "still_blocked") != 0 ||
	    row->id == 0 || it->company.approved)
		return CD_OK;
	rc = consent_lacks_right(run->store, run->arena, row->id, &lacks, err);
	if (rc == CD_OK && lacks)
		v->template = "link";
	return rc;
}

static bool
is_of_a_company(enum action action)
{
	return action == ACTION_LINK || action == ACTION_APPROVED_NOTE ||
	    action == ACTION_STEPS;
}

/* The verdict under all facts. The limit of the same answer can be told only
 * once the answer is known; then the table is read a second time. */
enum cd_rc
limits_decide(struct run *run, const struct item *it,
    const struct case_row *row, const char *to_canonical, struct verdict *out, struct cd_err *err)
{
	const struct config *c = run->engine->config;
	struct facts facts;
	const char *same = NULL;
	bool queued = false;
	enum cd_rc rc = CD_OK;

	intake_facts(run->engine, &it->x, &facts);
	facts.tenant_approved = it->company.approved;
	facts.foreign_cloud = it->company.foreign_cloud;
	facts.too_old = it->mail->received != 0 && it->mail->received <
	    run->now - c->policy.max_age_hours * 3600;
	facts.taken = row->taken;
	facts.complaint_waits = pending_of(row) == PENDING_COMPLAINT;
	facts.trouble_waits = pending_of(row) >= PENDING_COMPLAINT;
	if (pending_of(row) != PENDING_NOTHING)
		rc = mails_claimed(run->store, row->id, it->x.domain,
		    &facts.claim_waits, err);
	if (rc != CD_OK)
		return rc;
	*out = decide(&facts);
	if (!action_sends(out->action))
		return draft_for_another(run, it, row, out, err);
	rc = find_limit(run, it, to_canonical, row->id, &facts.limit, err);
	if (rc == CD_OK && !facts.limit) {
		const struct outbox_question q = {
			.since = run->now - SAME_ANSWER_DAYS * DAY,
			.to_canonical = to_canonical,
			.handle = out->template,
			.about = is_of_a_company(out->action) ? it->x.domain
							      : NULL,
		};

		rc = count(run, q, 1, SAME_ANSWER, &same, err);
		facts.limit = same;
	}
	if (rc == CD_OK && row->id != 0)
		rc = pending_same(run->store, run->arena, row->id,
		    out->template, to_canonical, &queued, err);
	if (rc == CD_OK && queued && !facts.limit)
		facts.limit = SAME_ANSWER;
	if (rc == CD_OK && facts.limit)
		*out = decide(&facts);
	/* Whoever sent such a draft would send it twice. */
	if (queued)
		out->template = NULL;
	return rc;
}
