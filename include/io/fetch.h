#ifndef CD_IO_FETCH_H
#define CD_IO_FETCH_H

#include "base/arena.h"

/* One GET, for `check`: the status and at most CD_MAX_HTTP_BODY bytes of the
 * answer. Redirects are not followed. CD_AGAIN: nobody answers there, or no
 * certificate proves the host; the text says what was wrong. */
enum cd_rc fetch_get(struct arena *, const char *url, int timeout_ms,
    int *status_out, struct str *body_out, struct cd_err *err) CD_CHECK;

#endif
