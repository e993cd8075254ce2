#ifndef CD_IO_IMAP_WIRE_H
#define CD_IO_IMAP_WIRE_H

#include <stdbool.h>

#include <libetpan/libetpan.h>

#include "base/err.h"
#include "base/str.h"
#include "io/imap.h"

/*
 * The conversation below imap.c, and only for it: connect, STARTTLS, login,
 * one command and its answer, one line and the next.
 *
 * Two ways to read. wire_run lets libetpan parse the answer: for what a
 * logged-in server says. The line way reads for itself: for all that is said
 * before the certificate was checked (libetpan's parser is not made for
 * enemies), and where libetpan drops what we need: the text of a BYE, an EXISTS
 * that comes before the "+" of IDLE, the reason of a refused token.
 */
struct wire {
	mailimap *session;
	const char *host;	/* of the owner, like user */
	int port;
	int timeout_ms;
	bool news;		/* a line said that the folder changed */
};

enum wire_kind { WIRE_UNTAGGED, WIRE_CONTINUE, WIRE_OK, WIRE_NO, WIRE_BAD };

#define WIRE_TAG 12

/* TCP, TLS and the greeting; *preauth says that no login is needed. On failure
 * nothing is left to close. */
enum cd_rc wire_connect(struct wire *, const struct imap_options *,
    bool *preauth_out, struct cd_err *err) CD_CHECK;
/* By password or bearer token, by what the server offers. */
enum cd_rc wire_login(struct wire *, const struct imap_options *,
    struct cd_err *err) CD_CHECK;
/* LOGOUT if the connection lives (half a second at most), then close. */
void wire_close(struct wire *);

/* Send a command; libetpan parses the answer, of max_bytes at most, into
 * session->imap_response_info. CD_REFUSED: NO, with the server's text;
 * CD_MALFORMED: nonsense, wire_resync may help; CD_AGAIN: the rest. */
enum cd_rc wire_run(struct wire *, size_t max_bytes, struct cd_err *err,
    const char *fmt, ...) CD_PRINTF(4, 5) CD_CHECK;
/* Read on to a place where question and answer match again. */
enum cd_rc wire_resync(struct wire *, struct cd_err *err) CD_CHECK;

/* Send a command under a tag that nobody can guess; "" for fmt sends no more
 * than the tag asked. */
enum cd_rc wire_start(struct wire *, char tag[WIRE_TAG], struct cd_err *err,
    const char *fmt, ...) CD_PRINTF(4, 5) CD_CHECK;
/* A bare line, "DONE" or an answer to a "+". */
enum cd_rc wire_send(struct wire *, const char *line, struct cd_err *err)
    CD_CHECK;
/* The next line. *line_out lives until the next call. CD_AGAIN: BYE, the end or
 * too late. */
enum cd_rc wire_next(struct wire *, const char *tag, enum wire_kind *kind_out,
    struct str *line_out, struct cd_err *err) CD_CHECK;
/* A new step with the usual time. */
void wire_begin(struct wire *);

/* A quoted string (RFC 3501 4.3). false: it has a control byte or no room. */
bool wire_quote(const char *, char *out, size_t n);
/* A folder's name: modified UTF-7 (RFC 3501 5.1.3), quoted. */
bool wire_folder(const char *utf8, char *out, size_t n);

#endif
