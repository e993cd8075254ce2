#ifndef CD_TEXT_FIELD_H
#define CD_TEXT_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Header fields below the level of their meaning: cutting a header into
 * fields, MIME parameters (RFC 2045 5.1, 2231), dates. Lines end in "\n".
 */

/* Cut the next field off *rest. false: the header ends here; then *rest is the
 * body (the empty line is taken). Lines that are no field are skipped if more
 * fields follow, else they are the body's beginning. */
bool field_next(struct str *rest, struct str *name_out, struct str *raw_out);

/* One line of valid UTF-8, trimmed, at most CD_MAX_HEADER_BYTES; bytes that
 * are no UTF-8 are taken for windows-1252. */
char *field_unfold(struct arena *, struct str raw);

/* What stands before the first ";", lower case, blanks and comments out:
 * "text/plain". "" if nothing. */
char *field_token(struct arena *, struct str value);

/* A parameter's value, RFC 2231 and 2047 decoded, or NULL. *lossy_out may be
 * NULL and is set or left alone. */
char *field_param(struct arena *, struct str value, const char *name,
    bool *lossy_out);

/* Is there such a parameter? Without the cost of decoding it. */
bool field_has_param(struct str value, const char *name);

/* Cuts an unfolded value behind CD_MAX_PARAMETERS parameters; true: there were
 * more. */
bool field_cut_params(char *value);

/* RFC 5322 3.3 with its obsolete forms; 0 if unreadable. */
int64_t field_date(struct str value);

#endif
