#ifndef CD_IO_SMTP_H
#define CD_IO_SMTP_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Submission (RFC 5321, 6409, 4954): implicit TLS or STARTTLS, verified. A few
 * connections, kept for many mails, work side by side in one thread; one by one
 * as mails wait. Where the server refuses a further one, those that stand do.
 */
struct smtp;

struct smtp_options {
	const char *host;
	int port;
	int tls;		/* enum config_tls */
	const char *ca_file;
	const char *user;	/* NULL: no AUTH */
	const char *password;	/* or NULL: by token; borrowed */
	const char *bearer;	/* NULL: smtp_set_bearer gives it later */
	int timeout_ms;		/* of a login; of a mail up to its end */
	int end_ms;		/* of the answer to its end; 0: as that */
	int connections;	/* at once, up to CD_MAX_SMTP; 0: one */
	bool new_sender;	/* nothing was ever sent as that: a no to him is no
				 * one recipient's matter */
	/* Called every few seconds at least while a server lets us wait (but
	 * not in a login), for who must show that he lives. Or NULL. */
	void (*waiting)(void *);
	void *waiting_context;
};

enum cd_rc smtp_new(const struct smtp_options *, struct smtp **out,
    struct cd_err *err) CD_CHECK;
void smtp_free(struct smtp **);
/* The token of the next login; another one than before ends what is open. */
void smtp_set_bearer(struct smtp *, const char *bearer);

struct smtp_result {
	int code;		/* the server's last, 0 if none */
	char answer[256];	/* its text, one line, printable */
	bool unknown;		/* the end of DATA went out and no answer came:
				 * it may have been accepted */
	bool server;		/* no fault of this mail: the connection, the
				 * login, 421, a no to MAIL FROM, one to the whole
				 * account wherever it comes, or one about the
				 * sender to RCPT, in two domains at least */
};

/*
 * One mail, and what came of it. CD_OK: accepted. CD_AGAIN: 4xx, weather, or
 * result.unknown. CD_REFUSED: 5xx; with result.server we are refused, not the
 * mail: the login (then result.code is 535), the sender, or the certificate (0,
 * also where TLS is not to be had). A no to RCPT that is about the sender is this
 * recipient's alone (CD_AGAIN) until one of another domain meets it too and none was
 * taken between: then we are refused. A server that turns us away before it has
 * heard of the mail (its greeting, EHLO) is weather. CD_MALFORMED: an address
 * that no SMTP command can carry. CD_ABSENT: it was not begun.
 */
struct smtp_mail {
	const char *from;	/* "" is the null sender */
	const char *to;
	struct str raw;		/* CRLF lines; dots are stuffed here */
	bool hold;		/* set by before_end: it must not go out */

	enum cd_rc rc;
	struct smtp_result result;
	struct cd_err why;
};

/*
 * before_end: all that these mails lack is the end of their DATA, which goes
 * out as soon as this returns, except for those on hold: they are given up
 * (CD_AGAIN, surely not accepted). done: rc, result and why of these are
 * final; if it returns false no further mail is begun. Each mail comes by each
 * at most once, grouped with those that came as far together, so that a group
 * can share one transaction. Both may be NULL.
 */
struct smtp_hooks {
	void (*before_end)(void *, struct smtp_mail *const *, size_t n);
	bool (*done)(void *, struct smtp_mail *const *, size_t n);
	void *context;
};

/* Send mails, in order. A kept connection that the server has left meanwhile
 * is opened again, once a mail and silently; if there is no connection to be
 * had the mail at hand tells why and no further one is begun. The process must
 * ignore SIGPIPE. */
void smtp_send(struct smtp *, struct smtp_mail *, size_t n,
    const struct smtp_hooks *);

/* Nothing to send for now: one connection is kept, further ones are ended. */
void smtp_rest(struct smtp *);

/* Connect, TLS, AUTH, NOOP; the connection is kept. Codes as above. */
enum cd_rc smtp_probe(struct smtp *, struct smtp_result *result,
    struct cd_err *err) CD_CHECK;

#endif
