#ifndef CD_TEXT_CODES_H
#define CD_TEXT_CODES_H

#include "base/arena.h"

/*
 * What Microsoft writes in its error texts: AADSTS codes, with who can mend
 * each and which answer a person would start from (conf/rules/codes, a data
 * file: Microsoft changes them), and the tenant in an address of its login
 * pages.
 */
struct codes;

/* CD_ABSENT: no such file. CD_MALFORMED: "file:line: what", or it cannot be read
 * or is too long. Lives in `a`. */
enum cd_rc codes_load(struct arena *a, const char *file, struct codes **out,
    struct cd_err *err) CD_CHECK;

/* "consent", "customer_admin", "user", "vendor", "vendor_urgent",
 * "national_cloud", "retry"; "" for a code that the file does not have.
 * Borrowed. */
const char *codes_remedy(const struct codes *, int code);
/* The template's name, NULL for none; lives with the codes. */
const char *codes_draft(const struct codes *, int code);
/* The i-th template that the file names, a name perhaps twice; NULL: no more. */
const char *codes_draft_at(const struct codes *, size_t i);

/* First AADSTS code in a folded text; 0: none. */
int codes_find(struct str folded);

/* The tenant in a pasted https://login.microsoftonline.com/<guid>/... of a
 * folded text (any of Microsoft's clouds, and no address in which such a host is
 * but a part), or an empty str. The well-known tenants of private accounts do
 * not count, nor does `known` (may be empty): is there another one? */
struct str codes_tenant(struct str folded, struct str known);
/* The application in such an address (client_id=<guid>, appId/<guid>), but for
 * `known` (may be empty); or an empty str. */
struct str codes_client(struct str folded, struct str known);

#endif
