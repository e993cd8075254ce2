#ifndef CD_IO_SMTP_H
#define CD_IO_SMTP_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Submission by libcurl (RFC 5321, 6409, 4954): implicit TLS or STARTTLS,
 * verified; one connection kept for many mails.
 */
struct smtp;

struct smtp_options {
	const char *host;
	int port;
	int tls;		/* enum config_tls */
	const char *ca_file;
	const char *user;	/* NULL: no AUTH */
	const char *password;	/* or NULL: by token */
	const char *bearer;	/* NULL: smtp_set_bearer gives it later */
	int timeout_ms;		/* of a whole mail */
};

enum cd_rc smtp_new(const struct smtp_options *, struct smtp **out,
    struct cd_err *err) CD_CHECK;
void smtp_free(struct smtp **);
/* A fresh token for the next connection. */
void smtp_set_bearer(struct smtp *, const char *bearer);

struct smtp_result {
	int code;		/* the server's last, 0 if none */
	char answer[256];	/* its text, one line, printable */
	bool unknown;		/* the end of DATA went out and no answer came:
				 * it may have been accepted */
};

/* Send one mail (CRLF lines; dots are stuffed here). A kept connection that the
 * server has left meanwhile is opened again, once and silently.
 *
 * `before_end` is called once, just before the end of DATA goes out; if it
 * returns false the mail is given up there (surely not accepted). May be NULL.
 * CD_OK: accepted. CD_AGAIN: 4xx, weather, or result->unknown. CD_REFUSED: 5xx,
 * certificate or login (result->code tells a mail's 5xx, 550, from a login's,
 * 535; 0 for a certificate, or where TLS is not to be had). A server that turns
 * us away before it has heard of the mail (its greeting, EHLO) is weather.
 * CD_MALFORMED: an address that no SMTP command can carry. `from` "" is the
 * null sender. The process must ignore SIGPIPE. */
enum cd_rc smtp_send(struct smtp *, const char *from, const char *to,
    struct str raw, bool (*before_end)(void *), void *context,
    struct smtp_result *result, struct cd_err *err) CD_CHECK;

/* Connect, TLS, AUTH, NOOP; the connection is kept. Codes as above. */
enum cd_rc smtp_probe(struct smtp *, struct smtp_result *result,
    struct cd_err *err) CD_CHECK;

#endif
