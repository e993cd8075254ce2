#ifndef CD_ROLE_PLACE_H
#define CD_ROLE_PLACE_H

#include "io/config.h"
#include "io/imap.h"
#include "store/mails.h"

/* Where reading goes on in a folder that was just opened. */
struct place {
	struct cursor cursor;
	bool keep;		/* it is not what the store has */
	bool loosen;		/* the rows of this validity are of UIDs that
				 * are given anew */
};

/*
 * The name by which the store keeps the place: "user@host/folder", INBOX in capitals.
 * Where a mailbox was read under another one that may be the same (its server is
 * called otherwise now, or its user is written otherwise), that one may go on, so that
 * what it has is not read again, and what came meanwhile is not passed over: *known_out,
 * else NULL. Both live in the arena.
 */
enum cd_rc place_name(struct store *, struct arena *, const struct config *,
    const char *folder, const char **name_out, const char **known_out,
    struct cd_err *err) CD_CHECK;
/*
 * Is the open folder the one that was read under that name? Where UIDVALIDITY and UIDs
 * go on it is; else one of the newest mails known of it has to be here, or in done
 * (NULL: there is none). A server that does not search is believed its name.
 */
enum cd_rc place_is_same(struct store *, struct imap *, const char *known,
    const char *folder, const char *done, bool *out, struct cd_err *err) CD_CHECK;

/*
 * Where it ended; on a first start as the configuration wants it (start_date counts
 * with START_DATE alone); after a change of UIDVALIDITY from the first mail on, since
 * each is recognised then, and likewise where the server gives UIDs anew that were
 * read (its files came back from a backup), which UIDNEXT tells or another mail's
 * Message-ID. Writes nothing, so that but for reading the store whatever fails is the
 * server's.
 */
enum cd_rc place_find(struct store *, struct imap *, const char *mailbox,
    enum config_start, int64_t start_date, struct place *out,
    struct cd_err *err) CD_CHECK;
/* In a transaction of its own; the store's cursor of the mailbox says so then. */
enum cd_rc place_keep(struct store *, const char *mailbox, const struct place *,
    struct cd_err *err) CD_CHECK;

/* The folder is not there yet, or not to be had: when it is, it is read from this day
 * on. Where it was read before, or was said to be away, that stays so. */
enum cd_rc place_absent(struct store *, const char *mailbox,
    struct cd_err *err) CD_CHECK;

#endif
