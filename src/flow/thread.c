/*
 * Which case a mail belongs to: a signed Message-ID or reference, then
 * In-Reply-To and References from the newest to the oldest, then the sender's
 * open case. A stranger who quotes a reference gets a case of his own, and so
 * does each further company that somebody asks for, in whatever thread it is
 * named: each has its own link, its own approval and its own end.
 */
#include <string.h>

#include "flow/thread.h"
#include "store/outbox.h"
#include "text/domain.h"

#define MERGE_HOPS 16

enum cd_rc
thread_case(struct store *s, struct arena *a, int64_t id, struct case_row *out,
    struct cd_err *err)
{
	for (int hop = 0; hop < MERGE_HOPS; hop++) {
		enum cd_rc rc = cases_get(s, a, id, out, err);

		if (rc != CD_OK || out->merged_into == 0)
			return rc;
		id = out->merged_into;
	}
	return cd_fail(err, CD_ABSENT, "case %lld is merged in a circle",
	    (long long)id);
}

static enum cd_rc
find_by_ids(struct store *s, const struct examined *x, int64_t *id_out,
    struct cd_err *err)
{
	const struct message *m = &x->message;

	if (x->thread_case != 0) {
		*id_out = x->thread_case;
		return CD_OK;
	}
	for (size_t i = 0; i <= m->n_references; i++) {
		const char *id = i == 0 ? m->in_reply_to
					: m->references[m->n_references - i];
		enum cd_rc rc;

		if (!id)
			continue;
		rc = mails_case(s, id, id_out, err);
		if (rc != CD_ABSENT)
			return rc;
	}
	return CD_ABSENT;
}

bool
thread_belongs(struct arena *a, const char *canonical, const char *domain,
    const struct case_row *row)
{
	const char *at;

	if (!canonical || !domain)
		return false;
	if (row->canonical && strcmp(canonical, row->canonical) == 0)
		return true;
	if (domain_is_consumer(domain))
		return false;
	if (row->domain && domain_aligned(a, domain, row->domain))
		return true;
	at = row->canonical ? strrchr(row->canonical, '@') : NULL;
	return at && domain_aligned(a, domain, at + 1);
}

/* A private mailbox tells no company: whoever merged its case into another one
 * said which it is. */
static void
take_company(struct case_row *home, const struct case_row *of)
{
	home->domain = of->domain;
	home->tenant = of->tenant;
}

enum cd_rc
thread_home(struct store *s, struct arena *a, const struct examined *x,
    struct case_row *of, struct case_row *home, struct cd_err *err)
{
	const char *own = x->message.from.n > 0 ? x->message.from.v[0].domain
						: NULL;
	struct case_row *beside;
	size_t n;
	enum cd_rc rc;

	*home = *of;
	if (thread_belongs(a, x->canonical, own, of))
		return CD_OK;
	rc = cases_beside(s, a, of->id, &beside, &n, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (!thread_belongs(a, x->canonical, own, &beside[i]))
			continue;
		*home = beside[i];
		if (home->merged_into == 0)
			*of = *home;
		else if (!home->domain && domain_is_consumer(own))
			take_company(home, of);
		return CD_OK;
	}
	return rc == CD_OK ? CD_ABSENT : rc;
}

/* Has the case's company its link, or the word that it is approved, were it a draft?
 * *left_out: the link has left or may have. */
static enum cd_rc
is_served(struct store *s, struct arena *a, int64_t case_id, bool *out,
    bool *left_out, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, case_id, &rows, &n, err);

	*out = *left_out = false;
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		bool draft = rows[i].state == OUTBOX_DRAFT;

		if (!(draft || outbox_is_out(rows[i].state)) ||
		    (strcmp(rows[i].handle, "link") != 0 &&
		    strcmp(rows[i].handle, "approved_note") != 0 &&
		    !strstr(rows[i].text, "/adminconsent?")))
			continue;
		*out = true;
		*left_out |= !draft && !outbox_is_waiting(rows[i].state);
	}
	return rc;
}

bool
thread_names_both(const struct examined *x, const char *domain)
{
	return x->reading.several_domains && domain &&
	    str_ifind(x->visible.zone[ZONE_NEW], str_of(domain)) >= 0;
}

/* A service company, whose clients are many. */
static bool
has_clients(const struct examined *x)
{
	return x->client == CLIENT_NAMED || (x->consumer &&
	    strcmp(x->reading.role, "msp") == 0);
}

/* Does the mail name another company than the thread's? A service company's is a
 * further client. Anybody else's is a better word for the one matter that he has,
 * until an answer is made for the first; one that names the first beside it
 * ("b.com, not a.com") is so until that answer has left. */
static enum cd_rc
names_another(struct store *s, struct arena *a, const struct examined *x,
    const char *tenant, const struct case_row *home, bool *out,
    struct cd_err *err)
{
	const char *named = x->reading.named_domain ? x->reading.named_domain
						    : x->reading.perhaps_domain;
	bool served, left;
	enum cd_rc rc;

	*out = false;
	if (!named || !x->domain || strcmp(named, x->domain) != 0 ||
	    !home->domain || domain_aligned(a, named, home->domain) ||
	    (tenant && home->tenant && strcmp(tenant, home->tenant) == 0))
		return CD_OK;
	*out = has_clients(x);
	if (*out)
		return CD_OK;
	rc = is_served(s, a, home->id, &served, &left, err);
	if (rc == CD_OK)
		*out = thread_names_both(x, home->domain) ? left : served;
	return rc;
}

/* Does he want something for the company that he names? That it works there, or
 * that he refuses, is said of the case that there is. */
static bool
asks_for_one(const struct examined *x)
{
	return x->reading.intent != INTENT_APPROVED &&
	    x->reading.intent != INTENT_REFUSED &&
	    x->reading.intent != INTENT_OTHER;
}

/* Is that domain a word of the new text: no address, no name below it? */
static bool
has_word(struct str text, const char *domain)
{
	struct str word = str_of(domain);
	ptrdiff_t at;

	while ((at = str_ifind(text, word)) >= 0) {
		const char *p = text.p + at, *end = p + word.n;
		char before = at > 0 ? p[-1] : ' ';

		text = str_sub(text, (size_t)at + word.n, text.n);
		if (!ascii_alnum(before) && !strchr("@.-_", before) &&
		    (text.n == 0 || (!ascii_alnum(*end) &&
		    !strchr("-_", *end))))
			return true;
	}
	return false;
}

static bool
tells_how_far(const struct examined *x)
{
	return x->reading.intent == INTENT_APPROVED ||
	    x->reading.intent == INTENT_STILL_BLOCKED;
}

static bool
names_his_own(const struct examined *x)
{
	const char *own = x->message.from.n > 0 ? x->message.from.v[0].domain
						: NULL;

	return own && !domain_is_consumer(own) && !x->reading.named_domain &&
	    has_word(x->visible.zone[ZONE_NEW], own);
}

/* In a thread about another company a sender who names his own tells how far that
 * one is, where he has a case about it: it becomes the mail's thread. What he asks
 * for is the thread's still, since many name themselves below what they write. */
static enum cd_rc
own_company(struct store *s, struct arena *a, const struct examined *x,
    struct thread *t, struct cd_err *err)
{
	const char *own = x->message.from.n > 0 ? x->message.from.v[0].domain
						: NULL;
	struct case_row row;
	enum cd_rc rc;

	if (!x->canonical || !tells_how_far(x) || !names_his_own(x) ||
	    !t->home.domain || domain_aligned(a, own, t->home.domain))
		return CD_OK;
	rc = cases_open_of(s, a, x->canonical, NULL, own, &row, err);
	if (rc == CD_OK && row.domain)
		t->of = t->home = row;
	return rc == CD_ABSENT ? CD_OK : rc;
}

/* Does a stranger tell how far the thread's company is? Only where he names none; a
 * case of his about another one is none of that. */
static bool
is_of_the_thread(const struct examined *x, int64_t linked,
    const struct thread *t)
{
	return linked != 0 && !t->by_ids && tells_how_far(x) &&
	    !x->reading.named_domain && !x->reading.tenant_guid &&
	    !names_his_own(x);
}

/* The sender's open case of that company, in whatever thread it began, or a new
 * one; linked: the case of this thread, 0 none. */
static enum cd_rc
case_of_company(struct store *s, struct arena *a, const struct examined *x,
    const char *tenant, int64_t linked, struct thread *t, struct cd_err *err)
{
	struct case_row row;
	enum cd_rc rc = x->canonical && !is_of_the_thread(x, linked, t)
	    ? cases_open_of(s, a, x->canonical, tenant, x->domain, &row, err)
	    : CD_ABSENT;

	if (rc == CD_OK)
		t->of = row;
	else if (rc != CD_ABSENT)
		return rc;
	else if (!t->by_ids || has_clients(x) || asks_for_one(x))
		t->of = (struct case_row){ .linked = linked };
	return CD_OK;
}

enum cd_rc
thread_find(struct store *s, struct arena *a, const struct examined *x,
    const char *tenant, struct thread *out, struct cd_err *err)
{
	struct thread t = { 0 };
	int64_t linked = 0;
	bool taken = false, another = true, stranger = false;
	enum cd_rc rc = thread_case_of_ids(s, a, x, &t.of, err);

	if (rc == CD_OK) {
		linked = t.of.id;
		rc = thread_home(s, a, x, &t.of, &t.home, err);
		t.by_ids = rc == CD_OK;
		stranger = !t.by_ids || t.of.id != linked;
		taken = t.by_ids && t.of.taken;
	}
	if (rc == CD_OK)
		rc = own_company(s, a, x, &t, err);
	if (rc == CD_OK)
		rc = names_another(s, a, x, tenant, &t.home, &another, err);
	if ((rc == CD_OK || rc == CD_ABSENT) && another)
		rc = case_of_company(s, a, x, tenant, linked, &t, err);
	if (rc != CD_OK)
		return rc;
	if (!t.by_ids)
		t.home = t.of;
	if (stranger && t.of.linked == linked)
		t.linked = linked;
	/* In a person's thread all that is said is that person's. */
	t.of.taken |= taken;
	*out = t;
	return CD_OK;
}

enum cd_rc
thread_case_of_ids(struct store *s, struct arena *a, const struct examined *x,
    struct case_row *out, struct cd_err *err)
{
	int64_t id;
	enum cd_rc rc = find_by_ids(s, x, &id, err);

	return rc == CD_OK ? thread_case(s, a, id, out, err) : rc;
}
