/*
 * Which case a mail belongs to: a signed Message-ID or reference, then
 * In-Reply-To and References from the newest to the oldest, then the sender's
 * open case. A stranger who quotes a reference gets a case of his own, and so
 * does each client of a service company, in whatever thread it is named: each
 * has its own link, its own approval and its own end.
 */
#include <string.h>

#include "flow/thread.h"
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
		return CD_OK;
	}
	return rc == CD_OK ? CD_ABSENT : rc;
}

/* Does a service company name another client than the thread's? Of any other
 * sender's that is a better word for the one matter that he has. */
static bool
names_another(struct arena *a, const struct examined *x, const char *tenant,
    const struct case_row *home)
{
	if (!x->reading.named_domain || !x->domain || !home->domain)
		return false;
	if (x->client != CLIENT_NAMED && !(x->consumer &&
	    strcmp(x->reading.role, "msp") == 0))
		return false;
	return !domain_aligned(a, x->domain, home->domain) &&
	    !(tenant && home->tenant && strcmp(tenant, home->tenant) == 0);
}

enum cd_rc
thread_find(struct store *s, struct arena *a, const struct examined *x,
    const char *tenant, struct thread *out, struct cd_err *err)
{
	struct thread t = { 0 };
	int64_t linked = 0;
	bool taken = false;
	enum cd_rc rc = thread_case_of_ids(s, a, x, &t.of, err);

	if (rc == CD_OK) {
		linked = t.of.id;
		rc = thread_home(s, a, x, &t.of, &t.home, err);
		t.by_ids = rc == CD_OK;
		taken = t.by_ids && t.of.taken;
	}
	if (rc == CD_OK && !names_another(a, x, tenant, &t.home)) {
		*out = t;
		return CD_OK;
	}
	if (rc == CD_OK || rc == CD_ABSENT)
		rc = x->canonical ? cases_open_of(s, a, x->canonical, tenant,
		    x->domain, &t.of, err) : CD_ABSENT;
	if (rc == CD_ABSENT)
		t.of = (struct case_row){ .linked = linked };
	else if (rc != CD_OK)
		return rc;
	if (!t.by_ids)
		t.home = t.of;
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
