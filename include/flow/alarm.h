#ifndef CD_FLOW_ALARM_H
#define CD_FLOW_ALARM_H

#include "flow/engine.h"
#include "flow/health.h"
#include "io/smtp.h"

/*
 * What the people who run the daemon must know while nobody looks: a log line,
 * a row for `status`, and one mail to [log] alarm_address when it begins and
 * one when it is over.
 *
 * Alarms are no rows of the outbox: they must get through while the brake
 * stops that, and answer nobody. They go out by the same connection. A mail
 * that a crash interrupts is sent again: told twice is better than not at all.
 */
enum alarm_kind {
	ALARM_IMAP,		/* the mailbox cannot be read */
	ALARM_TOKEN,		/* no fresh OAuth 2.0 token */
	ALARM_VENDOR,		/* our own app's secret has expired */
	ALARM_BRAKE,		/* sending was stopped */
	ALARM_DISK,		/* little room where the database is */
	ALARM_SENT,		/* people's own answers are not seen */
	ALARM_ROLE,		/* a role dies again and again */
	ALARM_SMTP,		/* our answers do not go out */
	ALARM_KIND_COUNT
};

/* What only the role that looks knows. */
struct alarm_facts {
	const char *token_trouble;	/* its own tokens; NULL: none */
	int64_t disk_free;		/* bytes where the database is; -1: not
					 * known, so not little */
	bool first_look;		/* since a stop, which a reload is not: what
					 * was seen before it has not lasted since */
};

/* What the store did not take, as on a full disk, which is when there is most to
 * tell: it counts in place of the store's until that takes it. Zeroed: nothing. */
struct alarm_memory {
	struct {
		bool unwritten;
		struct alarm_row row;	/* its why is this one's */
		char why[CD_MAX_ERR + 256]; /* and a role's words around it */
	} kinds[ALARM_KIND_COUNT];
};

/* Look at everything once: raise what lasts, end what is over. Own
 * transactions. *owed_out: mails are to be sent; known, too, where the store was
 * read and does not take what is new, which is then the error. */
enum cd_rc alarm_look(const struct config *, struct store *, struct arena *,
    const struct alarm_facts *, struct alarm_memory *, int64_t now,
    bool *owed_out, struct cd_err *err) CD_CHECK;

/* Send what is owed; from the answers' sender where the server refuses the null one.
 * false: one of them did not get out, and *why says why, which is one log line and
 * no alarm of its own; it stays owed. */
bool alarm_tell(const struct engine *, struct store *, struct smtp *,
    struct arena *, struct alarm_memory *, int64_t now, struct cd_err *why);

/* "imap", "token", "vendor_secret", "brake", "disk", "sent_folder", "role",
 * "smtp". */
const char *alarm_kind_name(enum alarm_kind);

#endif
