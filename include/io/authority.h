#ifndef CD_IO_AUTHORITY_H
#define CD_IO_AUTHORITY_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Tenant discovery: GET {authority}/{domain}/v2.0/.well-known/openid-
 * configuration (facts/microsoft.md 2). The GUID is the issuer's path segment
 * and must agree with the token endpoint's.
 */
struct authority;

struct discovery {
	enum cd_rc rc;		/* CD_OK: tenant. CD_ABSENT: Microsoft knows no
				 * tenant (error_codes 90002 and its like; the
				 * consumer tenants). CD_AGAIN: weather or an
				 * answer that cannot be believed: cache
				 * nothing. */
	char guid[37];		/* lower case */
	char region[16], sub_scope[16];
	bool foreign_cloud;	/* USG, USGov, China */
	char why[160];		/* for a person, unless CD_OK */
};

enum cd_rc authority_new(const char *url, const char *ca_file,
    struct authority **out, struct cd_err *err) CD_CHECK;
void authority_free(struct authority **);

/* Ask for all domains (or GUIDs) at once, each answer within deadline_ms from
 * now in all. Redirects are not followed; a body over CD_MAX_HTTP_BODY is
 * refused. After three failures in a row the authority is left alone for 30 s
 * and answers CD_AGAIN at once. */
void authority_discover(struct authority *, const char *const *domains,
    size_t n, int deadline_ms, struct discovery *out);

#endif
