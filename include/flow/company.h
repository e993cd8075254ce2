#ifndef CD_FLOW_COMPANY_H
#define CD_FLOW_COMPANY_H

#include "io/authority.h"
#include "store/cases.h"
#include "store/tenants.h"

/*
 * The tenant of a domain: from the cache, else from Microsoft's discovery.
 * Positive answers are kept for days, negative ones for hours, weather not at
 * all.
 */
struct company {
	const char *tenant;	/* GUID, NULL: unknown or authority down */
	bool foreign_cloud;
	bool approved;
	bool cached;		/* the cache had an answer, positive or not */
};

/* `key` is a domain or a GUID. Reads only. */
enum cd_rc company_get(struct store *, struct arena *, const char *key,
    int64_t now, struct company *out, struct cd_err *err) CD_CHECK;
/* The same of a tenant that is known already. */
enum cd_rc company_of_tenant(struct store *, struct arena *, const char *guid,
    struct company *out, struct cd_err *err) CD_CHECK;
/* A case about no company that anybody named is its sender's (`own`, a domain; NULL:
 * nobody's): the approval of that one is to reach it, and a link that a person
 * sends is to be that one's. keys: what discovery was asked for it. */
enum cd_rc company_of_sender(struct store *, struct arena *, const char *own,
    const char *const *keys, size_t n, int64_t now, struct case_row *,
    struct cd_err *err) CD_CHECK;
/* Whose company an answer to that mail (0: none) is about: the case's, but where cases
 * were merged into it that of the mail. *out: the case, with that company. */
enum cd_rc company_answered(struct store *, struct arena *,
    const struct case_row *, int64_t mail_id, int64_t now, struct case_row *out,
    struct cd_err *err) CD_CHECK;
/* May a link of ours go there? To the tenant, or where that is NULL to what the
 * cache says of the domain (NULL: none is known). CD_REFUSED: it is in a national
 * cloud. */
enum cd_rc company_check_cloud(struct store *, struct arena *,
    const char *tenant, const char *domain, int64_t now, struct cd_err *err)
    CD_CHECK;
/* Needs a transaction. Weather is not kept. */
enum cd_rc company_put(struct store *, const char *key,
    const struct discovery *, int64_t now, struct cd_err *err) CD_CHECK;

#endif
