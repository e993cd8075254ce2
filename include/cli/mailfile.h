#ifndef CD_CLI_MAILFILE_H
#define CD_CLI_MAILFILE_H

#include "base/arena.h"

/* The first max bytes of a file, "-" is standard input. CD_ABSENT says why it
 * cannot be read. */
enum cd_rc mailfile_read(struct arena *, const char *file, size_t max,
    struct str *out, struct cd_err *err) CD_CHECK;

/* The same for a file that is to be a mail, in the arena. Of an mbox of several
 * the first, which standard error is told, as it is of one without a header (a
 * server may deliver such a thing). CD_MALFORMED: no header and no text. */
enum cd_rc mailfile_mail(struct arena *, const char *file, size_t max,
    struct str *out, struct cd_err *err) CD_CHECK;

#endif
