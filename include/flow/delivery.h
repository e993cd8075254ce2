#ifndef CD_FLOW_DELIVERY_H
#define CD_FLOW_DELIVERY_H

#include "flow/engine.h"
#include "io/smtp.h"
#include "store/outbox.h"

/*
 * Outbox rows to the SMTP server: claim, send, mark; see store/outbox.h for
 * the states and why a row is marked before the end of DATA goes out.
 *
 * Several connections work side by side (io/smtp.h), and mails that have come
 * as far together form a group: one commit, with one wait for the disk, makes
 * all of a group `committing`; one more, which need not wait, tells what came
 * of those that ended together, and waits two minutes for who holds the database.
 * So a crash leaves at most CD_MAX_SMTP rows in doubt, and one mail's trouble is
 * never that of its group: a row taken away meanwhile is held back alone.
 */
enum delivery_end {
	DELIVERY_IDLE,		/* nothing is due */
	DELIVERY_MORE,		/* a batch was worked off: come again */
	DELIVERY_LATER		/* the server fails or refuses us: back off */
};

struct delivery_result {
	enum delivery_end end;
	/* With DELIVERY_LATER; in the arena. NULL: we are not refused. */
	const char *refused;	/* login, sender or certificate: the words */
	bool login_refused;	/* and it is not the sender alone */
	int sent, failed, retried, doubtful;
	int64_t wait_s;		/* DELIVERY_IDLE: until the next due row, or -1 */
};

/* Sends at most `max` rows. stop() is asked between two mails; what was claimed
 * and not begun is queued again. */
enum cd_rc delivery_turn(const struct engine *, struct store *, struct smtp *,
    struct arena *, size_t max, bool (*stop)(void *), void *stop_context,
    struct delivery_result *out, struct cd_err *err) CD_CHECK;

/* Rows that a dead process left: claimed ones are queued again, committing
 * ones go before a person as doubtful. `all`: at start, whatever the lease. */
enum cd_rc delivery_settle(struct store *, struct arena *, bool all,
    int64_t now, struct cd_err *err) CD_CHECK;

/* A doubtful row was found in the Sent folder: it was sent after all. Needs a
 * transaction. */
enum cd_rc delivery_found(struct store *, struct arena *,
    const struct outbox_row *, int64_t now, struct cd_err *err) CD_CHECK;

#endif
