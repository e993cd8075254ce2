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

/* url: the configured [microsoft] authority, https (or http to loopback). Its
 * host, login.microsoftonline.com and the national clouds' are the issuers that
 * are believed. */
enum cd_rc authority_new(const char *url, const char *ca_file,
    struct authority **out, struct cd_err *err) CD_CHECK;
void authority_free(struct authority **);

/* Ask for all domains (or GUIDs) at once, each answer within deadline_ms from
 * now in all. Redirects are not followed; a body over CD_MAX_HTTP_BODY is
 * refused. After three failures in a row (no answer, 5xx, 429, not JSON) the
 * authority is left alone for 30 s, or as long as Retry-After says within 5
 * minutes, and answers CD_AGAIN at once. What is neither a GUID nor a host name
 * with a dot is CD_ABSENT and not asked for. The process must ignore
 * SIGPIPE. */
void authority_discover(struct authority *, const char *const *domains,
    size_t n, int deadline_ms, struct discovery *out);

/* To be called now and then: closes the connections of a burst of questions when
 * none was asked for a second. Says if it did; a few may stay open. */
bool authority_tidy(struct authority *);

/* Put these questions, of later mails, under way without waiting: a following
 * authority_discover takes their answers, or waits for what is left of their
 * deadline_ms. An answer that nobody takes is forgotten after a minute. Left out
 * is what goes beyond some hundred at once, and everything while the authority
 * is left alone. Returns how many are new. */
size_t authority_ahead(struct authority *, const char *const *domains, size_t n,
    int deadline_ms);

#endif
