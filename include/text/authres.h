#ifndef CD_TEXT_AUTHRES_H
#define CD_TEXT_AUTHRES_H

#include "text/message.h"

/*
 * Who wrote it: Authentication-Results (RFC 8601) of our own receiving server,
 * in the trusted block at the top only, and Exchange's form without an
 * authserv-id (facts/microsoft.md 7.2) when trust_id is "exchange".
 *
 * PASS: one From address, and dmarc=pass for its domain, or, where the domain
 * has no DMARC record, a dkim=pass that is aligned with it. FAIL: dmarc=fail.
 * NONE: all else, no header among it. spf alone is not enough. Where our server
 * wrote several fields that name a method, it passes only if it does in each.
 */
enum authentication { AUTH_NONE, AUTH_PASS, AUTH_FAIL };

const char *authentication_name(enum authentication);	/* "pass" ... */

/* trust_id "" or NULL trusts nothing. *why_out: one line for a person, e.g.
 * "dmarc=pass header.from=example.com". */
enum authentication authres_read(struct arena *, const struct message *,
    const char *trust_id, const char **why_out);

#endif
