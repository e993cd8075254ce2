#ifndef CD_IO_TOKEN_ASK_H
#define CD_IO_TOKEN_ASK_H

#include "base/buf.h"
#include "io/config.h"

/* One question to the token endpoint. form and arena hold secrets: the caller
 * wipes the form. */
struct token_ask {
	const struct config *config;
	struct arena *arena;
	int64_t now;
	const char *refresh;	/* one that is newer than the file's, or NULL */
	const char *url;	/* out: where to POST */
	struct buf form;	/* out: what */
};

/* CD_REFUSED: a secret file is not as it should be. */
enum cd_rc token_ask_make(struct token_ask *, struct cd_err *err) CD_CHECK;

#endif
