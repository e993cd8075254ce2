#ifndef CD_STORE_ACCOUNTS_H
#define CD_STORE_ACCOUNTS_H

#include "store/db.h"

/* People who may open the web queue. The hash is made elsewhere (scrypt). */
struct account_row {
	const char *name;
	const char *role;	/* "agent", "lead" */
	const char *hash;	/* "scrypt$N$r$p$salt$key" */
	int64_t created;
};
enum cd_rc accounts_get(struct store *, struct arena *, const char *name,
    struct account_row *out, struct cd_err *err) CD_CHECK;
/* Adds it or changes role and hash; another role is CD_MALFORMED. */
enum cd_rc accounts_put(struct store *, const struct account_row *,
    struct cd_err *err) CD_CHECK;
enum cd_rc accounts_remove(struct store *, const char *name,
    struct cd_err *err) CD_CHECK;	/* CD_ABSENT */
enum cd_rc accounts_list(struct store *, struct arena *,
    struct account_row **out, size_t *n_out, struct cd_err *err) CD_CHECK;

#endif
