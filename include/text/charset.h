#ifndef CD_TEXT_CHARSET_H
#define CD_TEXT_CHARSET_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Bytes of any charset to UTF-8 by a ladder that never fails: byte-order mark,
 * the declared charset (WHATWG's and mail's aliases), UTF-8 if valid,
 * windows-1252. NUL and other control bytes but \t \n are dropped, CRLF and CR
 * become "\n".
 */
struct str charset_to_utf8(struct arena *, struct str bytes,
    const char *declared /* or NULL */, bool *lossy_out);

#endif
