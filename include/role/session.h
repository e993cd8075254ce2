#ifndef CD_ROLE_SESSION_H
#define CD_ROLE_SESSION_H

#include "role/role.h"

/* Give up all rights that a role does not need once everything is open: it
 * reads certificates, name service, rules and templates, and writes beside the
 * database. */
enum cd_rc role_sandbox(const struct config *, struct cd_err *err) CD_CHECK;

/* Sleep that long whatever the wake pipe says; a signal ends it. beat(who,
 * state) is called at once and every few seconds: who pauses is not dead. */
void role_pause(const struct role_context *, int64_t ms,
    void (*beat)(void *who, const char *state), void *who, const char *state);

#endif
