#ifndef CD_BASE_ERR_H
#define CD_BASE_ERR_H

#include "base/limits.h"

/*
 * The result of everything that can fail, named by what the caller must do.
 *
 * The text is written once, where the fault is seen, for a person to read and
 * act on; a caller adds to it only at a floor border. Outputs are untouched
 * unless CD_OK is returned.
 */
enum cd_rc {
	CD_OK,		/* done */
	CD_ABSENT,	/* there is none: go on without */
	CD_AGAIN,	/* weather: try again later */
	CD_REFUSED,	/* the other side said no: ask a person */
	CD_MALFORMED,	/* the input is wrong: say so */
	CD_DONE,	/* done before: ignore the repeat */
	CD_BROKEN	/* we are broken: stop */
};

struct cd_err {
	char text[CD_MAX_ERR];
};

#define CD_CHECK __attribute__((warn_unused_result))
#define CD_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* Set the text (cut at CD_MAX_ERR, control bytes made '?') and return rc. err
 * may be NULL. */
enum cd_rc cd_fail(struct cd_err *err, enum cd_rc rc, const char *fmt, ...)
    CD_PRINTF(3, 4);

/* Put "context: " ahead of the text that is there already; returns rc. */
enum cd_rc cd_context(struct cd_err *err, enum cd_rc rc, const char *fmt, ...)
    CD_PRINTF(3, 4);

/* An impossible state ends the process, in release builds too: the supervisor
 * restarts it and all state is in the database. */
#define cd_assert(x)                                                           \
	((x) ? (void)0 : cd_assert_failed(__FILE__, __LINE__, #x))
void cd_assert_failed(const char *file, int line, const char *what)
    __attribute__((noreturn));

#endif
