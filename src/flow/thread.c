/*
 * Which case a mail belongs to: a signed Message-ID or reference, then
 * In-Reply-To and References from the newest to the oldest, then the sender's
 * open case. A stranger who quotes a reference gets a case of his own.
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
thread_find(struct store *s, struct arena *a, const struct examined *x,
    const char *tenant, struct case_row *out, int64_t *stranger_out,
    struct cd_err *err)
{
	enum cd_rc rc;
	int64_t id = 0;

	*stranger_out = 0;
	rc = find_by_ids(s, x, &id, err);
	if (rc == CD_OK)
		rc = thread_case(s, a, id, out, err);
	if (rc == CD_OK) {
		if (thread_belongs(a, x->canonical, x->message.from.n > 0
		    ? x->message.from.v[0].domain : NULL, out))
			return CD_OK;
		*stranger_out = out->id;
	} else if (rc != CD_ABSENT) {
		return rc;
	}
	if (!x->canonical)
		return CD_ABSENT;
	return cases_open_of(s, a, x->canonical, tenant, x->domain, out, err);
}

enum cd_rc
thread_case_of_ids(struct store *s, struct arena *a, const struct examined *x,
    struct case_row *out, struct cd_err *err)
{
	int64_t id;
	enum cd_rc rc = find_by_ids(s, x, &id, err);

	return rc == CD_OK ? thread_case(s, a, id, out, err) : rc;
}
