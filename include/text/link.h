#ifndef CD_TEXT_LINK_H
#define CD_TEXT_LINK_H

#include <stdint.h>

#include "base/arena.h"

/*
 * The one-click link (v2.0 adminconsent) and everything that we sign: the
 * link's state, our Message-IDs and the case reference in the footer. All are
 * HMAC-SHA-256 under keys derived from one secret by purpose, compared in
 * constant time.
 */
#define LINK_KEY_LEAST	32
struct link_key {
	unsigned char secret[64];
	size_t n;		/* LINK_KEY_LEAST .. 64 */
};

struct link_config {
	const char *authority;	/* "https://login.microsoftonline.com" */
	const char *client_id;
	const char *scope;	/* scopes apart by spaces */
	const char *redirect_uri;
};

/* What a state is bound to. */
struct link_state {
	int64_t case_id;	/* 0: none (made by `link DOMAIN`) */
	const char *tenant;	/* GUID or "organizations" */
	int64_t expires;	/* seconds since 1970 */
};

/* "{authority}/{tenant}/v2.0/adminconsent?client_id=..&scope=..&redirect_uri=..
 * &state=..", every parameter percent-encoded (RFC 3986). tenant must be a GUID
 * or "organizations": CD_REFUSED otherwise; CD_MALFORMED: longer than
 * CD_MAX_LINK. */
enum cd_rc link_build(struct arena *, const struct link_config *,
    const struct link_key *, const struct link_state *, const char **url_out,
    struct cd_err *err) CD_CHECK;

/* Can a company have this GUID? The tenants of personal accounts, and no tenant
 * at all (zeros), have no admin and nothing to approve. */
bool link_tenant_is_company(struct str guid);

/* base64url("1.<case>.<tenant>.<expires>") "." base64url(mac), 143 bytes or so;
 * purpose "consent". A tenant that link_build would refuse is signed, but never
 * verified. */
const char *link_state_sign(struct arena *, const struct link_key *,
    const struct link_state *);
/* CD_REFUSED: not ours or changed; CD_DONE: ours, but expired (out is set). */
enum cd_rc link_state_verify(struct arena *, const struct link_key *,
    const char *state, int64_t now, struct link_state *out, struct cd_err *err)
    CD_CHECK;

/* "cd.<case>.<unique>.<24 hex digits>@<domain>", no <>. `unique` tells the
 * answers of one case apart and makes the id the same when made twice for one
 * mail. */
const char *link_message_id(struct arena *, const struct link_key *,
    int64_t case_id, int64_t unique, const char *domain);
/* Case of one of our own ids, whatever its domain and letters' case, with or
 * without <>; NULL is allowed; 0: not ours. */
int64_t link_message_id_case(struct arena *, const struct link_key *,
    const char *message_id);

/* "CD-<case>-<8 letters>", for the footer; consonants only, so no words and no
 * I or O. 34 bits: enough to find a case again, not to prove who writes. */
const char *link_reference(struct arena *, const struct link_key *,
    int64_t case_id);
/* Case of the first valid reference in a text, 0: none. Any letter case; a line
 * may be broken behind a hyphen, quote marks and all. At most
 * CD_MAX_REFERENCES_TRIED candidates are looked at. */
int64_t link_reference_find(struct arena *, const struct link_key *,
    struct str text);

#endif
