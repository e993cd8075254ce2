#ifndef CD_ROLE_SENT_H
#define CD_ROLE_SENT_H

#include "io/imap.h"
#include "role/role.h"

/*
 * The folder with what people of ours sent themselves (mailbox.sent_folder), in a
 * session of its own beside the inbox's: it is read before we answer in their
 * threads, and asked for answers of ours whose fate is in doubt.
 *
 * Whatever its server does with it, a no, silence or an end, is put off, later each
 * time, and the inbox goes on without it. So no function here returns that; but the
 * store's trouble, the inbox's own, where that is asked, and the end of a token,
 * which ends both sessions.
 */
struct sent {
	const struct role_context *context;
	struct store *store;
	struct arena *arena;	/* reset while it is read */
	const char *mailbox;	/* its name in the store; NULL: none is configured */
	int64_t since;		/* of a folder that was never read: what is newer
				 * counts; 0: what comes from now on */
	size_t careful;		/* so many mails one by one */
	/* A new session with the folder open; and a sign of life while reading,
	 * or pausing, takes its time. */
	enum cd_rc (*connect)(void *watcher, struct imap **out, struct cd_err *);
	void (*beat)(void *watcher, const char *state);
	void *watcher;

	/* sent.c's */
	struct imap *imap;
	bool absent;		/* there is no such folder yet, or none for us */
	bool slow;		/* its server let the inbox wait */
	int64_t due_ms, pause_ms;	/* put off until then; 0: it is not */
	int64_t doubted;	/* the answer last looked for */
	int64_t search_ms, search_pause_ms;	/* none is looked for until then */
};

/* A session of the inbox begins: opens it, unless it was put off for longer. */
enum cd_rc sent_open(struct sent *, struct imap *inbox, struct cd_err *) CD_CHECK;
void sent_close(struct sent *);

/* Was it made meanwhile? Many servers make it with the first mail sent. */
enum cd_rc sent_look_for(struct sent *, struct imap *inbox,
    struct cd_err *) CD_CHECK;
/* What people answered, ahead of mails of the inbox. These wait some seconds for a
 * folder that is not to be had, or, where its server is slow, once a minute at most, and
 * not ahead of the first ones of a sweep; one that was made anew is read to its end.
 * Asks nothing of the inbox, whose next batch may be on its way. */
enum cd_rc sent_read(struct sent *, bool first, struct cd_err *) CD_CHECK;
/* What can wait, behind the mails of the inbox: a server that is slow to open it, and
 * a look whether it has the answers of ours that are in doubt. */
enum cd_rc sent_behind(struct sent *, struct imap *inbox,
    struct cd_err *) CD_CHECK;

bool sent_is_put_off(const struct sent *);
/* How long to wait for news of the inbox, which would be ms. */
int64_t sent_wait_ms(const struct sent *, int64_t ms);

#endif
