#ifndef CD_STORE_TENANTS_H
#define CD_STORE_TENANTS_H

#include "store/db.h"

/*
 * What Microsoft's discovery said of domains (a cache: positive for days,
 * negative for hours) and which tenants have approved.
 */
struct tenant_row {
	const char *guid;	/* lower case */
	const char *region, *sub_scope;	/* tenant_region_scope ..., "" */
	bool foreign_cloud;	/* US Gov or 21Vianet */
	int64_t approved_at;	/* 0: not that we know */
	const char *approved_how; /* "consent", "approve", "mail", NULL */
};

struct domain_row {
	const char *domain;
	const char *guid;	/* NULL: Microsoft knows no tenant for it */
	int64_t checked, expires;
};

/* CD_ABSENT: not cached, or expired at `now`. */
enum cd_rc domains_get(struct store *, struct arena *, const char *domain,
    int64_t now, struct domain_row *out, struct cd_err *err) CD_CHECK;
enum cd_rc domains_put(struct store *, const struct domain_row *,
    struct cd_err *err) CD_CHECK;

enum cd_rc tenants_get(struct store *, struct arena *, const char *guid,
    struct tenant_row *out, struct cd_err *err) CD_CHECK;
/* Adds it or refreshes region, sub_scope, foreign_cloud; approval stays. */
enum cd_rc tenants_put(struct store *, const struct tenant_row *,
    struct cd_err *err) CD_CHECK;
/* CD_DONE: approved before. */
enum cd_rc tenants_approve(struct store *, const char *guid, int64_t now,
    const char *how, struct cd_err *err) CD_CHECK;
/* CD_ABSENT: no such tenant. CD_REFUSED: it is not approved. */
enum cd_rc tenants_withdraw(struct store *, struct arena *, const char *guid,
    struct cd_err *err) CD_CHECK;

#endif
