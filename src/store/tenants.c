/* Domains, their tenants, and which of these have approved. */
#include "store/tenants.h"
#include "sql.h"

static const char SQL_DOMAIN_GET[] =
    "SELECT domain, guid, checked, expires FROM domains "
    "WHERE domain = ?1 AND expires > ?2";
static const char SQL_DOMAIN_PUT[] =
    "INSERT INTO domains (domain, guid, checked, expires) "
    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (domain) DO UPDATE SET "
    "guid = excluded.guid, checked = excluded.checked, "
    "expires = excluded.expires";
static const char SQL_TENANT_GET[] =
    "SELECT guid, region, sub_scope, foreign_cloud, approved_at, approved_how "
    "FROM tenants WHERE guid = ?1";
static const char SQL_TENANT_PUT[] =
    "INSERT INTO tenants (guid, region, sub_scope, foreign_cloud) "
    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (guid) DO UPDATE SET "
    "region = excluded.region, sub_scope = excluded.sub_scope, "
    "foreign_cloud = excluded.foreign_cloud";
/* An approval may come before we ever asked about the tenant. */
static const char SQL_TENANT_APPROVE[] =
    "INSERT INTO tenants (guid, region, sub_scope, foreign_cloud, "
    "approved_at, approved_how) VALUES (?1, '', '', 0, ?2, ?3) "
    "ON CONFLICT (guid) DO UPDATE SET approved_at = excluded.approved_at, "
    "approved_how = excluded.approved_how WHERE approved_at IS NULL";
static const char SQL_TENANT_WITHDRAW[] =
    "UPDATE tenants SET approved_at = NULL, approved_how = NULL "
    "WHERE guid = ?1 AND approved_at IS NOT NULL";

enum cd_rc
domains_get(struct store *s, struct arena *a, const char *domain, int64_t now,
    struct domain_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_DOMAIN_GET, err);
	struct domain_row r = { 0 };
	enum cd_rc rc;

	put_text(&q, domain);
	put_i64(&q, now);
	if (!query_row(&q)) {
		rc = query_end(&q);
		return rc != CD_OK ? rc : CD_ABSENT;
	}
	r.domain = get_text(&q, a);
	r.guid = get_text(&q, a);
	r.checked = get_i64(&q);
	r.expires = get_i64(&q);
	rc = query_end(&q);
	if (rc == CD_OK)
		*out = r;
	return rc;
}

enum cd_rc
domains_put(struct store *s, const struct domain_row *r, struct cd_err *err)
{
	struct query q = query_new(s, SQL_DOMAIN_PUT, err);

	put_text(&q, r->domain);
	put_text(&q, r->guid);
	put_i64(&q, r->checked);
	put_i64(&q, r->expires);
	return query_run(&q);
}

enum cd_rc
tenants_get(struct store *s, struct arena *a, const char *guid,
    struct tenant_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_TENANT_GET, err);
	struct tenant_row r = { 0 };
	enum cd_rc rc;

	put_text(&q, guid);
	if (!query_row(&q)) {
		rc = query_end(&q);
		return rc != CD_OK ? rc : cd_fail(err, CD_ABSENT,
		    "tenant %s is not known", guid);
	}
	r.guid = get_text(&q, a);
	r.region = get_text(&q, a);
	r.sub_scope = get_text(&q, a);
	r.foreign_cloud = get_i64(&q) != 0;
	r.approved_at = get_i64(&q);
	r.approved_how = get_text(&q, a);
	rc = query_end(&q);
	if (rc == CD_OK)
		*out = r;
	return rc;
}

enum cd_rc
tenants_put(struct store *s, const struct tenant_row *r, struct cd_err *err)
{
	struct query q = query_new(s, SQL_TENANT_PUT, err);

	put_text(&q, r->guid);
	put_words(&q, r->region);
	put_words(&q, r->sub_scope);
	put_i64(&q, r->foreign_cloud);
	return query_run(&q);
}

enum cd_rc
tenants_approve(struct store *s, const char *guid, int64_t now, const char *how,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_TENANT_APPROVE, err);
	enum cd_rc rc;

	put_text(&q, guid);
	put_i64(&q, now);
	put_text(&q, how);
	rc = query_run(&q);
	if (rc == CD_OK && store_changes(s) == 0)
		return cd_fail(err, CD_DONE, "tenant %s has approved before",
		    guid);
	return rc;
}

enum cd_rc
tenants_withdraw(struct store *s, struct arena *a, const char *guid,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_TENANT_WITHDRAW, err);
	struct tenant_row row;
	enum cd_rc rc;

	put_text(&q, guid);
	rc = query_run(&q);
	if (rc != CD_OK || store_changes(s) > 0)
		return rc;
	rc = tenants_get(s, a, guid, &row, err);
	return rc != CD_OK ? rc : cd_fail(err, CD_REFUSED, "tenant %s is not "
	    "approved: there is nothing to take back", guid);
}
