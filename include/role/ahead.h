#ifndef CD_ROLE_AHEAD_H
#define CD_ROLE_AHEAD_H

#include "flow/intake.h"
#include "io/imap.h"

/*
 * Looking ahead in a backlog: where a batch had to wait for discovery, the
 * mails behind it are read for the domains that they will ask for, so that the
 * questions of many batches are under way at once. Answers are still made batch
 * by batch, in order.
 */
struct ahead {
	struct arena *arena;
	bool on;
	uint32_t next_uid;	/* not looked at yet */
	size_t mails;		/* looked at, and not yet read */
};

struct ahead_reader {
	const struct engine *engine;
	struct store *store;
	struct authority *authority;
	struct imap *imap;
	size_t max_bytes;	/* of a mail */
};

void ahead_init(struct ahead *);
void ahead_free(struct ahead *);

/* Before this batch is worked off; stops by itself where there is nothing new
 * to ask. */
enum cd_rc ahead_look(struct ahead *, const struct ahead_reader *,
    const struct intake_batch *, int64_t now, struct cd_err *err) CD_CHECK;
/* After it: was the waiting worth a look ahead? */
void ahead_judge(struct ahead *, const struct intake_batch *,
    const struct intake_result *);
/* The backlog, or the connection, is at its end. */
void ahead_stop(struct ahead *);

#endif
