#ifndef CD_TEXT_TRANSFER_H
#define CD_TEXT_TRANSFER_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Content-Transfer-Encoding (RFC 2045 6) as real mails break it. Every input
 * gives bytes; what is no code stands for itself. Lines end in "\n".
 */

/* Junk between the letters is skipped, missing padding is no matter; plain
 * text after the padding (a list's footer) is kept as it is. */
struct str transfer_base64(struct arena *, struct str);

/* "=3D", soft line ends, blanks at a line's end dropped; a "=" that begins no
 * code is kept. With `word` it is RFC 2047's Q: "_" is a space and there are
 * no lines. */
struct str transfer_quoted(struct arena *, struct str, bool word);

/* By the header's value ("" or NULL: none). A body that plainly is not in the
 * encoded form it claims, or in one that it does not claim, is read as what it
 * is; `text` allows the latter guess. */
struct str transfer_decode(struct arena *, struct str body,
    const char *encoding, bool text);

/* Bytes of the decoded body, without decoding it: an estimate. */
size_t transfer_size(struct str body, const char *encoding);

#endif
