#ifndef CD_TEXT_REPORT_H
#define CD_TEXT_REPORT_H

#include "text/message.h"

/*
 * Delivery reports of any shape: RFC 3464, Exchange, qmail (QSBMF), Exim,
 * Gmail, Postfix, and plain texts of old servers.
 */
enum report_kind {
	REPORT_NONE, REPORT_FAILED, REPORT_DELAYED, REPORT_DELIVERED
};

struct report {
	enum report_kind kind;
	const char *address;	/* that failed, normal form, NULL if not said */
	const char *status;	/* "5.1.1", NULL if not said */
	const char *about;	/* Message-ID of the mail it is about, no <>,
				 * NULL if not said */
};

/* A null return path, or a sender by the name of MAILER-DAEMON, postmaster or
 * one of their kin. */
bool report_sender(const struct message *);

void report_read(struct arena *, const struct message *, struct report *out);

#endif
