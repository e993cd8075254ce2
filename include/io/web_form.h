#ifndef CD_IO_WEB_FORM_H
#define CD_IO_WEB_FORM_H

#include "io/web.h"

/*
 * Percent-encoding (RFC 3986 2.1) and application/x-www-form-urlencoded, read
 * strictly: no half escape, no zero byte, nothing but UTF-8.
 */

/* plus: "+" is a space. NULL: malformed. */
char *percent_decode(struct arena *, struct str, bool plus);

/* "a=1&b=2" into pairs in the arena. CD_MALFORMED: an escape, or more than
 * CD_MAX_REQUEST_PAIRS. */
enum cd_rc form_parse(struct arena *, struct str, struct web_pair **out,
    size_t *n_out) CD_CHECK;

#endif
