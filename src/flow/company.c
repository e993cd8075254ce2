#include <string.h>

#include "flow/company.h"
#include "store/mails.h"
#include "text/domain.h"

#define KEEP_POSITIVE	(7 * 86400)
#define KEEP_NEGATIVE	(6 * 3600)

enum cd_rc
company_of_tenant(struct store *s, struct arena *a, const char *guid,
    struct company *out, struct cd_err *err)
{
	struct tenant_row tenant;
	enum cd_rc rc = tenants_get(s, a, guid, &tenant, err);

	*out = (struct company){ .cached = true };
	if (rc != CD_OK)
		return rc == CD_ABSENT ? CD_OK : rc;
	out->tenant = tenant.guid;
	out->foreign_cloud = tenant.foreign_cloud;
	out->approved = tenant.approved_at != 0;
	return CD_OK;
}

enum cd_rc
company_get(struct store *s, struct arena *a, const char *key, int64_t now,
    struct company *out, struct cd_err *err)
{
	struct domain_row domain;
	enum cd_rc rc;

	memset(out, 0, sizeof *out);
	rc = domains_get(s, a, key, now, &domain, err);
	if (rc == CD_ABSENT)
		return CD_OK;
	if (rc != CD_OK)
		return rc;
	out->cached = true;
	return domain.guid ? company_of_tenant(s, a, domain.guid, out, err)
			   : CD_OK;
}

enum cd_rc
company_of_sender(struct store *s, struct arena *a, const char *own,
    const char *const *keys, size_t n, int64_t now, struct case_row *row,
    struct cd_err *err)
{
	/* While nobody could say of the first the others tell nothing. */
	struct company c = { .cached = true };

	if (!own)
		return CD_OK;
	for (size_t i = 0; c.cached && !c.tenant && i < n; i++) {
		enum cd_rc rc = company_get(s, a, keys[i], now, &c, err);

		if (rc != CD_OK)
			return rc;
	}
	row->domain = own;
	row->tenant = c.tenant;
	return CD_OK;
}

/* As the merged case knew it, else as the cache does. */
static enum cd_rc
take_merged(struct store *s, struct arena *a, const char *domain, int64_t now,
    struct case_row *row, struct cd_err *err)
{
	struct case_row *beside;
	struct company c;
	size_t n = 0;
	enum cd_rc rc = cases_beside(s, a, row->id, &beside, &n, err);

	if (rc != CD_OK || n == 0 || beside[0].merged_into == 0)
		return rc;
	for (size_t i = 0; i < n && beside[i].merged_into != 0; i++) {
		if (beside[i].domain && strcmp(beside[i].domain, domain) == 0) {
			row->domain = beside[i].domain;
			row->tenant = beside[i].tenant;
			return CD_OK;
		}
	}
	rc = company_get(s, a, domain, now, &c, err);
	if (rc == CD_OK) {
		row->domain = domain;
		row->tenant = c.tenant;
	}
	return rc;
}

enum cd_rc
company_answered(struct store *s, struct arena *a, const struct case_row *of,
    int64_t mail_id, int64_t now, struct case_row *out, struct cd_err *err)
{
	struct case_row row = *of;
	struct mail_row mail = { 0 };
	enum cd_rc rc = CD_OK;

	if (mail_id != 0)
		rc = mails_get(s, a, mail_id, &mail, err);
	if (rc == CD_OK && mail.domain &&
	    (!row.domain || !domain_aligned(a, mail.domain, row.domain)))
		rc = take_merged(s, a, mail.domain, now, &row, err);
	if (rc == CD_OK)
		*out = row;
	return rc;
}

enum cd_rc
company_check_cloud(struct store *s, struct arena *a, const char *tenant,
    const char *domain, int64_t now, struct cd_err *err)
{
	struct company company = { 0 };
	struct tenant_row row;
	bool foreign;
	enum cd_rc rc = CD_ABSENT;

	if (tenant)
		rc = tenants_get(s, a, tenant, &row, err);
	else if (domain)
		rc = company_get(s, a, domain, now, &company, err);
	if (rc != CD_OK)
		return rc == CD_ABSENT ? CD_OK : rc;
	foreign = tenant ? row.foreign_cloud : company.foreign_cloud;
	return !foreign ? CD_OK : cd_fail(err, CD_REFUSED, "%s is in a national "
	    "cloud of Microsoft's (US Government or 21Vianet): no link of ours "
	    "can work there", domain ? domain : tenant);
}

enum cd_rc
company_put(struct store *s, const char *key, const struct discovery *d,
    int64_t now, struct cd_err *err)
{
	struct domain_row domain = { .domain = key, .checked = now };
	struct tenant_row tenant = {
		.guid = d->guid,
		.region = d->region,
		.sub_scope = d->sub_scope,
		.foreign_cloud = d->foreign_cloud,
	};

	if (d->rc != CD_OK && d->rc != CD_ABSENT)
		return CD_OK;
	if (d->rc == CD_OK) {
		enum cd_rc rc = tenants_put(s, &tenant, err);

		if (rc != CD_OK)
			return rc;
		domain.guid = d->guid;
	}
	domain.expires = now +
	    (d->rc == CD_OK ? KEEP_POSITIVE : KEEP_NEGATIVE);
	return domains_put(s, &domain, err);
}
