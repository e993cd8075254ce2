#ifndef CD_ROLE_SESSION_H
#define CD_ROLE_SESSION_H

#include <sys/types.h>

#include "role/role.h"

/* Give up all rights that a role does not need once everything is open: it
 * reads certificates and what name service needs, and reads and writes beside
 * the database. No secret, unless it lies there. */
enum cd_rc role_sandbox(const struct config *, struct cd_err *err) CD_CHECK;
/* The same for one that asks for tokens: the secrets of [oauth2], read anew for
 * each, and beside the refresh token it writes, too. */
enum cd_rc role_sandbox_tokens(const struct config *, struct cd_err *err)
    CD_CHECK;

/* The files that roles may read by themselves, and not by their folder. */
#define ROLE_FILES 24
struct role_files {
	struct role_file {
		dev_t dev;
		ino_t ino;	/* 0: never seen */
		int64_t born;	/* ns, 0 if unknown: a number comes again */
	} seen[ROLE_FILES];
};
/* Another file lies in the place of one of them since the last look: its name,
 * and roles that began before cannot read it. NULL: none, as after the first
 * look at all, which is for a struct of zeros. */
const char *role_files_look(struct role_files *, struct arena *,
    const struct config *);

/* Sleep that long whatever the wake pipe says; a signal ends it. beat(who,
 * state) is called at once and every few seconds: who pauses is not dead. */
void role_pause(const struct role_context *, int64_t ms,
    void (*beat)(void *who, const char *state), void *who, const char *state);

#endif
