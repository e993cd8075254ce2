#ifndef CD_TEXT_CHARSET_H
#define CD_TEXT_CHARSET_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Bytes of any charset to UTF-8 by a ladder that never fails: byte-order mark,
 * the declared charset (WHATWG's and mail's aliases), UTF-8 if valid,
 * windows-1252. Three corrections to what is declared: bytes that are valid
 * UTF-8 beyond ASCII are not taken for a Latin-1 kind of charset, nor are whole
 * words of Cyrillic letters (windows-1251, KOI8-U), and UTF-8 with some broken bytes
 * stays UTF-8 (U+FFFD in their place).
 *
 * NUL and other control bytes but \t \n are dropped, CRLF and CR become "\n".
 * *lossy_out (may be NULL) is set to true where bytes had no meaning in the
 * charset, and is left alone otherwise: one flag serves many parts.
 */
struct str charset_to_utf8(struct arena *, struct str bytes,
    const char *declared /* or NULL */, bool *lossy_out);

/* What a reader may get to see of one character; 0: nothing. C1 controls are
 * windows-1252 to all who show them. */
uint32_t charset_seen(uint32_t cp);

/* A new mail begins: of one mail CD_MAX_CHARSETS charsets are read by their
 * tables, known or not; the others as if nothing were declared. */
void charset_mail_begin(void);
/* Has the mail had more? */
bool charset_limited(void);

#endif
