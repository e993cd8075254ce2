#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "role/place.h"
#include "text/message.h"

#define COMPARED 8	/* the newest may have gone to another folder since */

/* Do mails that we know have UIDs that now are other mails'? So it is where a
 * backup came back and as many came in since as it had lost. What is gone, or
 * refused, says nothing. */
static enum cd_rc
are_others(struct store *s, struct arena *a, struct imap *imap,
    const char *mailbox, bool *out, struct cd_err *err)
{
	struct imap_mail mails[COMPARED] = { 0 };
	struct mail_row *rows;
	size_t n;
	enum cd_rc rc = mails_newest(s, a, mailbox, imap_uidvalidity(imap),
	    COMPARED, &rows, &n, err);

	if (rc != CD_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		mails[i].uid = rows[n - 1 - i].uid;
	rc = imap_headers(imap, a, mails, n, err);
	if (rc != CD_OK)
		return rc == CD_REFUSED ? CD_OK : rc;
	for (size_t i = 0; i < n; i++) {
		struct message m;

		message_parse(a, mails[i].raw, &m);
		*out |= m.message_id &&
		    strcmp(m.message_id, rows[n - 1 - i].identity) != 0;
	}
	return CD_OK;
}

/* ---- its name -------------------------------------------------------------- */

static struct str
inbox_or(struct str folder)
{
	/* RFC 3501 5.1: INBOX is one in any letters, and no other folder is. */
	return str_ieq(folder, STR("INBOX")) ? STR("INBOX") : folder;
}

/* "support", "support@us.example" and "US\support" are one. */
static bool
is_user(struct str a, struct str b)
{
	ptrdiff_t slash_a = str_find(a, STR("\\")), at_a;
	ptrdiff_t slash_b = str_find(b, STR("\\")), at_b;

	if (str_ieq(a, b))
		return true;
	a = str_sub(a, (size_t)(slash_a + 1), a.n);
	b = str_sub(b, (size_t)(slash_b + 1), b.n);
	at_a = str_find(a, STR("@"));
	at_b = str_find(b, STR("@"));
	if (at_a >= 0 && at_b >= 0)
		return str_ieq(a, b);
	return str_ieq(str_sub(a, 0, at_a < 0 ? a.n : (size_t)at_a),
	    str_sub(b, 0, at_b < 0 ? b.n : (size_t)at_b));
}

/* Is "user@host/folder" that user's folder on some host? */
static bool
is_theirs(struct str name, struct str user, struct str folder)
{
	size_t at, n = name.n - folder.n - 1;

	if (name.n <= folder.n + 1 || name.p[n] != '/' ||
	    !str_eq(inbox_or(str_sub(name, n + 1, name.n)), folder))
		return false;
	for (at = n; at > 0 && name.p[at] != '@'; at--)
		;
	if (str_find(str_sub(name, at, n), STR("/")) >= 0)
		return false;
	return is_user(str_sub(name, 0, at), user);
}

enum cd_rc
place_name(struct store *s, struct arena *a, const struct config *c,
    const char *folder, const char **name_out, const char **known_out,
    struct cd_err *err)
{
	struct str user = str_of(c->mailbox.user);
	struct str in = inbox_or(str_of(folder));
	const char **known = NULL, *name = arena_printf(a, "%.*s@%s/%.*s",
	    STR_FMT(user), c->mailbox.host, STR_FMT(in));
	size_t n = 0, i = 0;
	enum cd_rc rc = mailboxes_read(s, a, &known, &n, err);

	if (rc != CD_OK)
		return rc;
	while (i < n && !is_theirs(str_of(known[i]), user, in))
		i++;
	/* Of the Sent folder the mailbox itself is one that was read before. */
	if (i == n && n > 0 && folder == c->mailbox.folder &&
	    c->mailbox.start == START_NOW)
		log_warn("imap.another", "mailbox=%s before=%s next=\"only what "
		    "comes from now on is read\"", log_q(a, name),
		    log_q(a, known[0]));
	*name_out = name;
	*known_out = i < n && strcmp(known[i], name) != 0 ? known[i] : NULL;
	return CD_OK;
}

/* Their Message-IDs tell, wherever people, or we, may have moved them. */
static enum cd_rc
has_one(struct store *s, struct arena *a, struct imap *imap, const char *known,
    uint32_t uidvalidity, const char *folder, const char *done, bool *out,
    struct cd_err *err)
{
	struct mail_row *rows;
	size_t n;
	enum cd_rc rc = mails_newest(s, a, known, uidvalidity, COMPARED, &rows,
	    &n, err);

	for (size_t i = 0; rc == CD_OK && i < n && !*out; i++) {
		rc = imap_find_message_id(imap, folder, rows[i].identity, err);
		*out = rc == CD_OK || rc == CD_REFUSED;
		if (rc == CD_ABSENT && done) {
			rc = imap_find_message_id(imap, done,
			    rows[i].identity, err);
			*out = rc == CD_OK;
		}
		if (rc == CD_ABSENT || rc == CD_REFUSED)
			rc = CD_OK;
	}
	return rc;
}

enum cd_rc
place_is_same(struct store *s, struct imap *imap, const char *known,
    const char *folder, const char *done, bool *out, struct cd_err *err)
{
	struct arena *a = arena_new();
	bool others = true, found = false;
	struct cursor c;
	enum cd_rc rc = cursor_get(s, known, &c, err);

	if (rc == CD_OK && c.uidvalidity == imap_uidvalidity(imap) &&
	    c.next_uid <= imap_uidnext(imap)) {
		others = false;
		rc = are_others(s, a, imap, known, &others, err);
	}
	if (rc == CD_OK && others)
		rc = has_one(s, a, imap, known, c.uidvalidity, folder, done,
		    &found, err);
	if (rc == CD_OK)
		*out = !others || found;
	arena_free(&a);
	return rc;
}

/* ---- the place ------------------------------------------------------------- */

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

/* Never told by a change of UIDVALIDITY: a server whose files were put back from
 * a backup (back). */
static void
place_anew(struct arena *a, struct imap *imap, const char *mailbox, bool back,
    struct cursor *c)
{
	if (back)
		log_warn("imap.uids_again", "mailbox=%s read_below=%"
		    PRIu32 " uidnext=%" PRIu32 " next=\"all is read "
		    "anew, what is known is recognised\"",
		    log_q(a, mailbox), c->next_uid, imap_uidnext(imap));
	else if (c->uidvalidity != 0)
		log_warn("imap.uidvalidity", "mailbox=%s old=%" PRIu32
		    " new=%" PRIu32, log_q(a, mailbox), c->uidvalidity,
		    imap_uidvalidity(imap));
	c->uidvalidity = imap_uidvalidity(imap);
	c->next_uid = 1;
	c->rescan_below = imap_uidnext(imap);
}

enum cd_rc
place_find(struct store *s, struct imap *imap, const char *mailbox,
    enum config_start start, int64_t start_date, struct place *out,
    struct cd_err *err)
{
	struct arena *a = arena_new();
	struct place p = { .keep = true };
	struct cursor *c = &p.cursor;
	enum cd_rc rc = cursor_get(s, mailbox, c, err);
	bool same = rc == CD_OK && c->uidvalidity == imap_uidvalidity(imap);

	p.loosen = same && c->next_uid > imap_uidnext(imap);
	if (same && !p.loosen)
		rc = are_others(s, a, imap, mailbox, &p.loosen, err);
	/* What came until it was to be had counts. Days are the server's (RFC
	 * 3501 6.4.4), which may be behind ours. */
	if (rc == CD_OK && c->uidvalidity == 0 && c->baseline != 0) {
		start = START_DATE;
		start_date = c->baseline - 86400;
		rc = CD_ABSENT;
	}
	if (rc == CD_ABSENT) {
		rc = place_first(imap, start, start_date, c, err);
		if (rc == CD_OK)
			log_info("imap.first_start", "mailbox=%s next_uid=%"
			    PRIu32, log_q(a, mailbox), c->next_uid);
	} else if (rc == CD_OK && (!same || p.loosen)) {
		place_anew(a, imap, mailbox, p.loosen, c);
	} else {
		p.keep = false;
	}
	if (rc == CD_OK)
		*out = p;
	arena_free(&a);
	return rc;
}

enum cd_rc
place_keep(struct store *s, const char *mailbox, const struct place *p,
    struct cd_err *err)
{
	enum cd_rc rc;

	if (!p->keep)
		return CD_OK;
	rc = store_begin(s, err);
	if (rc != CD_OK)
		return rc;
	if (p->loosen)
		rc = mails_loosen(s, mailbox, p->cursor.uidvalidity, err);
	if (rc == CD_OK)
		rc = cursor_set(s, mailbox, &p->cursor, clock_now(), err);
	return store_end(s, rc, err);
}

enum cd_rc
place_absent(struct store *s, const char *mailbox, struct cd_err *err)
{
	/* No folder has this UIDVALIDITY (RFC 3501 2.3.1.1). */
	struct place p = { .cursor = { .uidvalidity = 0, .next_uid = 1,
		.baseline = clock_now() }, .keep = true };
	struct cursor there;
	enum cd_rc rc = cursor_get(s, mailbox, &there, err);

	return rc == CD_ABSENT ? place_keep(s, mailbox, &p, err) : rc;
}
