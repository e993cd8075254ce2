#include <inttypes.h>

#include "base/clock.h"
#include "base/log.h"
#include "role/place.h"

static enum cd_rc
place_save(struct store *s, const char *mailbox, const struct cursor *c,
    struct cd_err *err)
{
	enum cd_rc rc = store_begin(s, err);

	if (rc != CD_OK)
		return rc;
	rc = cursor_set(s, mailbox, c, clock_now(), err);
	if (rc == CD_OK)
		rc = store_commit(s, err);
	if (rc != CD_OK)
		store_rollback(s);
	return rc;
}

/* On a mailbox that was never read. */
static enum cd_rc
place_first(struct imap *imap, enum config_start start, int64_t start_date,
    struct cursor *c, struct cd_err *err)
{
	enum cd_rc rc;

	*c = (struct cursor){ .uidvalidity = imap_uidvalidity(imap) };
	switch (start) {
	case START_ALL:
		c->next_uid = 1;
		return CD_OK;
	case START_DATE:
		c->baseline = start_date;
		rc = imap_first_since(imap, c->baseline, &c->next_uid, err);
		if (rc == CD_ABSENT) {
			c->next_uid = imap_uidnext(imap);
			rc = CD_OK;
		}
		return rc;
	case START_NOW:
		c->baseline = clock_now();
		c->next_uid = imap_uidnext(imap);
		return CD_OK;
	}
	return CD_BROKEN;
}

enum cd_rc
place_load(struct store *s, struct imap *imap, const char *mailbox,
    enum config_start start, int64_t start_date, struct cd_err *err)
{
	struct arena *a = arena_new();
	struct cursor c;
	enum cd_rc rc = cursor_get(s, mailbox, &c, err);
	bool same = rc == CD_OK && c.uidvalidity == imap_uidvalidity(imap);

	if (rc == CD_OK && !same) {
		if (c.uidvalidity != 0)
			log_warn("imap.uidvalidity", "mailbox=%s old=%" PRIu32
			    " new=%" PRIu32, log_q(a, mailbox), c.uidvalidity,
			    imap_uidvalidity(imap));
		c.uidvalidity = imap_uidvalidity(imap);
		c.next_uid = 1;
		c.rescan_below = imap_uidnext(imap);
	} else if (rc == CD_ABSENT) {
		rc = place_first(imap, start, start_date, &c, err);
		if (rc == CD_OK)
			log_info("imap.first_start", "mailbox=%s next_uid=%"
			    PRIu32, log_q(a, mailbox), c.next_uid);
	}
	if (rc == CD_OK && !same)
		rc = place_save(s, mailbox, &c, err);
	arena_free(&a);
	return rc;
}

enum cd_rc
place_absent(struct store *s, const char *mailbox, struct cd_err *err)
{
	/* No folder has this UIDVALIDITY (RFC 3501 2.3.1.1). */
	struct cursor c = { .uidvalidity = 0, .next_uid = 1 };
	enum cd_rc rc = cursor_get(s, mailbox, &c, err);

	return rc == CD_ABSENT ? place_save(s, mailbox, &c, err) : rc;
}
