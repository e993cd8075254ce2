/*
 * Mails that came in, and the cursor of each mailbox. Where SQLite has to guess
 * which of two indices is the narrow one it is told (INDEXED BY): nobody runs
 * ANALYZE on a mailbox that starts empty.
 */
#include <limits.h>

#include "store/mails.h"
#include "sql.h"

#define MAIL_COLUMNS                                                           \
	"m.id, b.name, m.uidvalidity, m.uid, m.identity, m.received_at, "      \
	"m.seen_at, m.case_id, m.action, m.reason, m.automatic, m.from_addr, " \
	"m.from_name, m.canonical, m.subject, m.authentication, m.language, "  \
	"m.intent, m.domain, m.confidence, m.visible, m.full_text, "           \
	"m.evidence, m.detail, m.raw FROM mails m "
#define OF_MAILBOX "JOIN mailboxes b ON b.id = m.mailbox "
#define MAILBOX "(SELECT id FROM mailboxes WHERE name = ?1) "

static const char SQL_MAILBOX[] =
    "INSERT INTO mailboxes (name) VALUES (?1) ON CONFLICT DO NOTHING";
static const char SQL_CURSOR_GET[] =
    "SELECT uidvalidity, next_uid, baseline, rescan_below FROM mailboxes "
    "WHERE name = ?1 AND next_uid IS NOT NULL";
static const char SQL_CURSOR_SET_AT[] =
    "SELECT read_at FROM mailboxes WHERE name = ?1 AND next_uid IS NOT NULL";
static const char SQL_MAILBOXES[] =
    "SELECT name FROM mailboxes WHERE next_uid IS NOT NULL "
    "ORDER BY read_at DESC, id DESC";
static const char SQL_CURSOR_SET[] =
    "INSERT INTO mailboxes (name, uidvalidity, next_uid, read_at, baseline, "
    "rescan_below) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
    "ON CONFLICT (name) DO UPDATE SET uidvalidity = excluded.uidvalidity, "
    "next_uid = excluded.next_uid, read_at = excluded.read_at, "
    "baseline = excluded.baseline, rescan_below = excluded.rescan_below";
static const char SQL_ADD[] =
    "INSERT INTO mails (mailbox, uidvalidity, uid, identity, received_at, "
    "seen_at, case_id, action, reason, automatic, from_addr, from_name, "
    "canonical, subject, authentication, language, intent, domain, "
    "confidence, visible, full_text, evidence, detail, raw) "
    "VALUES (" MAILBOX ", ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
    "?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24) "
    "ON CONFLICT DO NOTHING RETURNING id";
static const char SQL_FAILURE_CLEAR[] =
    "DELETE FROM mail_failures "
    "WHERE mailbox = " MAILBOX " AND uidvalidity = ?2 AND uid = ?3";
static const char SQL_FAILURE[] =
    "INSERT INTO mail_failures (mailbox, uidvalidity, uid, tries) "
    "VALUES (" MAILBOX ", ?2, ?3, ?4) ON CONFLICT DO UPDATE "
    "SET tries = tries + ?4 RETURNING tries";
static const char SQL_GET[] =
    "SELECT " MAIL_COLUMNS OF_MAILBOX "WHERE m.id = ?1";
/* A forgotten mail is known by the hash of its identity alone. */
static const char SQL_FIND[] =
    "SELECT " MAIL_COLUMNS "INDEXED BY mails_by_identity " OF_MAILBOX
    "WHERE m.identity IN (?2, ?3) AND m.mailbox = " MAILBOX
    "ORDER BY m.reason = 'duplicate', m.id DESC LIMIT 1";
static const char SQL_FIND_FROM[] =
    "SELECT " MAIL_COLUMNS "INDEXED BY mails_by_identity " OF_MAILBOX
    "WHERE m.identity = ?2 AND m.mailbox = " MAILBOX "AND m.canonical = ?3 "
    "ORDER BY m.id DESC LIMIT 1";
static const char SQL_MOVE[] =
    "UPDATE OR IGNORE mails SET uidvalidity = ?2, uid = ?3 WHERE id = ?1";
/* A validity that no server has, below those that were given before. */
static const char SQL_LOOSEN[] =
    "UPDATE mails SET uidvalidity = (SELECT min(0, min(uidvalidity)) - 1 "
    "FROM mails WHERE mailbox = " MAILBOX ") "
    "WHERE mailbox = " MAILBOX "AND uidvalidity = ?2";
static const char SQL_FAILURES_FORGET[] =
    "DELETE FROM mail_failures WHERE mailbox = " MAILBOX
    "AND uidvalidity = ?2";
static const char SQL_NEWEST[] =
    "SELECT uid, identity FROM mails WHERE mailbox = " MAILBOX
    "AND uidvalidity = ?2 AND identity NOT GLOB 'sha256:*' "
    "AND identity NOT GLOB 'unreadable:*' "
    "AND identity NOT GLOB 'forgotten:*' ORDER BY uid DESC LIMIT ?3";
static const char SQL_ANSWERED[] =
    "SELECT m.id, m.uid FROM mails m INDEXED BY mails_by_time "
    "WHERE m.seen_at >= ?3 AND m.mailbox = " MAILBOX "AND m.uidvalidity = ?2 "
    "AND EXISTS (SELECT 1 FROM outbox o INDEXED BY outbox_by_mail "
    "WHERE o.mail_id = m.id AND o.state = 'sent') ORDER BY m.id LIMIT ?4";
static const char SQL_CASE[] =
    "SELECT case_id FROM mails WHERE identity = ?1 AND case_id IS NOT NULL "
    "UNION ALL SELECT case_id FROM outbox WHERE message_id = ?1 LIMIT 1";
static const char SQL_LAST[] =
    "SELECT " MAIL_COLUMNS "INDEXED BY mails_by_case " OF_MAILBOX
    "WHERE m.case_id = ?1 AND m.automatic IS NULL ORDER BY m.id DESC LIMIT 1";
static const char SQL_LAST_OF[] =
    "SELECT " MAIL_COLUMNS "INDEXED BY mails_by_case " OF_MAILBOX
    "WHERE m.case_id = ?1 AND m.canonical IS NOT NULL "
    "AND (?2 IS NULL OR m.canonical = ?2) ORDER BY m.id DESC LIMIT 1";
static const char SQL_LAST_FROM[] =
    "SELECT " MAIL_COLUMNS "INDEXED BY mails_by_person " OF_MAILBOX
    "WHERE m.canonical = ?1 ORDER BY m.id DESC LIMIT 1";
static const char SQL_SIGNS[] =
    "SELECT m.authentication, CASE WHEN m.action = 'review' "
    "AND m.seen_at >= ?2 AND json_valid(m.detail) "
    "THEN m.detail ->> '$.torn' END FROM mails m INDEXED BY mails_by_case "
    "WHERE m.case_id = ?1 AND m.canonical IS NOT NULL "
    "ORDER BY m.id DESC LIMIT 8";
/* A person's answer to one leaves the others waiting, but for who refused. */
#define OF_OTHERS                                                              \
	"WHERE m.case_id = ?1 AND m.canonical IS NOT ?2 "                      \
	"AND m.action NOT IN ('ignore', 'leave', 'close') "                    \
	"AND m.seen_at >= coalesce((SELECT max(at) FROM events "               \
	"WHERE case_id = ?1 AND actor <> 'consentdesk' "                       \
	"AND kind IN ('state', 'taken')), 0) "                                 \
	"AND NOT EXISTS (SELECT 1 FROM events e "                              \
	"JOIN outbox a ON a.id = e.outbox_id "                                 \
	"LEFT JOIN mails x ON x.id = a.mail_id "                               \
	"WHERE e.case_id = ?1 AND e.kind = 'answer' "                          \
	"AND e.actor <> 'consentdesk' AND e.at > m.seen_at "                   \
	"AND (m.canonical IN (a.to_canonical, x.canonical) "                   \
	"OR m.canonical IS NULL "                                              \
	"OR m.reason IN ('refused', 'legal_words'))) "                         \
	"AND NOT EXISTS (SELECT 1 FROM outbox o INDEXED BY outbox_by_mail "    \
	"WHERE o.mail_id = m.id "                                              \
	"AND o.state NOT IN ('draft', 'cancelled', 'failed'))"
static const char SQL_OTHERS_WAIT[] =
    "SELECT EXISTS (SELECT 1 FROM mails m INDEXED BY mails_by_case "
    OF_OTHERS ")";
static const char SQL_OF_OTHERS[] =
    "SELECT " MAIL_COLUMNS "INDEXED BY mails_by_case " OF_MAILBOX OF_OTHERS
    " ORDER BY m.id DESC LIMIT ?3";
static const char SQL_CLAIMED[] =
    "SELECT EXISTS (SELECT 1 FROM mails m INDEXED BY mails_by_case "
    "WHERE m.case_id = ?1 AND m.intent = 'approved' "
    "AND (m.domain IS NULL OR ?2 IS NULL OR m.domain = ?2) "
    "AND m.seen_at >= coalesce((SELECT max(at) FROM events "
    "WHERE case_id = ?1 AND actor <> 'consentdesk' "
    "AND kind IN ('state', 'taken', 'answer', 'approval')), 0))";
static const char SQL_OF_NOBODY[] =
    "SELECT EXISTS (SELECT 1 FROM mails INDEXED BY mails_by_case "
    "WHERE case_id = ?1 AND canonical IS NOT NULL AND domain IS NULL "
    "AND intent NOT IN ('other', 'automatic', 'personal_account'))";
static const char SQL_SINCE[] =
    "SELECT " MAIL_COLUMNS OF_MAILBOX "WHERE m.seen_at >= ?1 "
    "AND m.id > max(?2, (SELECT min(id) - 1 FROM mails "
    "INDEXED BY mails_by_time WHERE seen_at >= ?1)) ORDER BY m.id LIMIT ?3";

enum cd_rc
cursor_get(struct store *s, const char *mailbox, struct cursor *out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_CURSOR_GET, err);
	struct cursor c = { 0 };
	bool found;
	enum cd_rc rc;

	put_text(&q, mailbox);
	found = query_row(&q);
	if (found) {
		c.uidvalidity = (uint32_t)get_i64(&q);
		c.next_uid = (uint32_t)get_i64(&q);
		c.baseline = get_i64(&q);
		c.rescan_below = (uint32_t)get_i64(&q);
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	if (!found)
		return CD_ABSENT;
	*out = c;
	return CD_OK;
}

enum cd_rc
cursor_set(struct store *s, const char *mailbox, const struct cursor *c,
    int64_t now, struct cd_err *err)
{
	struct query q = query_new(s, SQL_CURSOR_SET, err);

	put_text(&q, mailbox);
	put_i64(&q, c->uidvalidity);
	put_i64(&q, c->next_uid);
	put_i64(&q, now);
	put_i64(&q, c->baseline);
	put_i64(&q, c->rescan_below);
	return query_run(&q);
}

enum cd_rc
cursor_set_at(struct store *s, const char *mailbox, int64_t *at_out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_CURSOR_SET_AT, err);

	put_text(&q, mailbox);
	return query_i64(&q, at_out);
}

enum cd_rc
mailboxes_read(struct store *s, struct arena *a, const char ***out,
    size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_MAILBOXES, err);
	const char **list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	while (query_row(&q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n++] = get_text(&q, a);
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

static struct mail_row
row_to_mail(struct query *q, struct arena *a)
{
	struct mail_row r = { 0 };

	r.id = get_i64(q);
	r.mailbox = get_text(q, a);
	r.uidvalidity = (uint32_t)get_i64(q);
	r.uid = (uint32_t)get_i64(q);
	r.identity = get_text(q, a);
	r.received_at = get_i64(q);
	r.seen_at = get_i64(q);
	r.case_id = get_i64(q);
	r.action = get_text(q, a);
	r.reason = get_text(q, a);
	r.automatic = get_text(q, a);
	r.from_addr = get_text(q, a);
	r.from_name = get_text(q, a);
	r.canonical = get_text(q, a);
	r.subject = get_text(q, a);
	r.authentication = get_text(q, a);
	r.language = get_text(q, a);
	r.intent = get_text(q, a);
	r.domain = get_text(q, a);
	r.confidence = get_real(q);
	r.visible = get_text(q, a);
	r.full_text = get_text(q, a);
	r.evidence = get_text(q, a);
	r.detail = get_text(q, a);
	r.raw = get_blob(q, a);
	return r;
}

/* The one row of a query that is bound already. */
static enum cd_rc
mail_one(struct query *q, struct arena *a, struct mail_row *out)
{
	bool found = query_row(q);
	struct mail_row r = { 0 };
	enum cd_rc rc;

	if (found)
		r = row_to_mail(q, a);
	rc = query_end(q);
	if (rc != CD_OK)
		return rc;
	if (!found)
		return cd_fail(q->err, CD_ABSENT, "there is no such mail");
	*out = r;
	return CD_OK;
}

/* The mailbox has a row from its first mail on. */
static enum cd_rc
mailbox_ensure(struct store *s, const char *mailbox, struct cd_err *err)
{
	struct query q = query_new(s, SQL_MAILBOX, err);

	put_text(&q, mailbox);
	return query_run(&q);
}

enum cd_rc
mails_passed(struct store *s, const char *mailbox, uint32_t uidvalidity,
    uint32_t uid, struct cd_err *err)
{
	struct query q = query_new(s, SQL_FAILURE_CLEAR, err);

	put_text(&q, mailbox);
	put_i64(&q, uidvalidity);
	put_i64(&q, uid);
	return query_run(&q);
}

static void
put_mail(struct query *q, const struct mail_row *r)
{
	put_text(q, r->mailbox);
	put_i64(q, r->uidvalidity);
	put_i64(q, r->uid);
	put_text(q, r->identity);
	put_i64(q, r->received_at);
	put_i64(q, r->seen_at);
	put_id(q, r->case_id);
	put_text(q, r->action);
	put_words(q, r->reason);
	put_text(q, r->automatic);
	put_text(q, r->from_addr);
	put_text(q, r->from_name);
	put_text(q, r->canonical);
	put_text(q, r->subject);
	put_text(q, r->authentication);
	put_text(q, r->language);
	put_text(q, r->intent);
	put_text(q, r->domain);
	put_real(q, r->confidence);
	put_text(q, r->visible);
	put_text(q, r->full_text);
	put_text(q, r->evidence);
	put_text(q, r->detail);
	put_blob(q, r->raw);
}

enum cd_rc
mails_add(struct store *s, const struct mail_row *r, int64_t *id_out,
    struct cd_err *err)
{
	enum cd_rc rc = mailbox_ensure(s, r->mailbox, err);
	struct query q;
	int64_t id;

	if (rc != CD_OK)
		return rc;
	q = query_new(s, SQL_ADD, err);
	put_mail(&q, r);
	rc = query_i64(&q, &id);
	if (rc == CD_ABSENT && q.rc == CD_OK)
		return cd_fail(err, CD_DONE, "mail %u of %s is stored already",
		    r->uid, r->mailbox);
	if (rc == CD_OK)
		rc = mails_passed(s, r->mailbox, r->uidvalidity, r->uid, err);
	if (rc == CD_OK)
		*id_out = id;
	return rc;
}

enum cd_rc
mails_find(struct store *s, struct arena *a, const char *mailbox,
    const char *identity, struct mail_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_FIND, err);
	char hash[SHA256_HEX];

	sha256_hex(str_of(identity), hash);
	put_text(&q, mailbox);
	put_text(&q, identity);
	put_text(&q, arena_printf(a, "forgotten:%s", hash));
	return mail_one(&q, a, out);
}

enum cd_rc
mails_find_from(struct store *s, struct arena *a, const char *mailbox,
    const char *identity, const char *canonical, struct mail_row *out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_FIND_FROM, err);

	put_text(&q, mailbox);
	put_text(&q, identity);
	put_text(&q, canonical);
	return mail_one(&q, a, out);
}

enum cd_rc
mails_move(struct store *s, int64_t id, uint32_t uidvalidity, uint32_t uid,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_MOVE, err);
	enum cd_rc rc;

	put_i64(&q, id);
	put_i64(&q, uidvalidity);
	put_i64(&q, uid);
	rc = query_run(&q);
	if (rc == CD_OK && store_changes(s) == 0)
		return cd_fail(err, CD_DONE, "mail %lld is gone, or another "
		    "has UID %u already", (long long)id, uid);
	return rc;
}

enum cd_rc
mails_loosen(struct store *s, const char *mailbox, uint32_t uidvalidity,
    struct cd_err *err)
{
	const char *const steps[] = { SQL_LOOSEN, SQL_FAILURES_FORGET };
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; rc == CD_OK && i < 2; i++) {
		struct query q = query_new(s, steps[i], err);

		put_text(&q, mailbox);
		put_i64(&q, uidvalidity);
		rc = query_run(&q);
	}
	return rc;
}

enum cd_rc
mails_get(struct store *s, struct arena *a, int64_t id, struct mail_row *out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_GET, err);

	put_i64(&q, id);
	return mail_one(&q, a, out);
}

enum cd_rc
mails_case(struct store *s, const char *message_id, int64_t *case_out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_CASE, err);

	put_text(&q, message_id);
	return query_i64(&q, case_out);
}

enum cd_rc
mails_last(struct store *s, struct arena *a, int64_t case_id,
    struct mail_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LAST, err);

	put_i64(&q, case_id);
	return mail_one(&q, a, out);
}

enum cd_rc
mails_last_of(struct store *s, struct arena *a, int64_t case_id,
    const char *canonical, struct mail_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LAST_OF, err);

	put_i64(&q, case_id);
	put_text(&q, canonical);
	return mail_one(&q, a, out);
}

enum cd_rc
mails_last_from(struct store *s, struct arena *a, const char *canonical,
    struct mail_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LAST_FROM, err);

	put_text(&q, canonical);
	return mail_one(&q, a, out);
}

enum cd_rc
mails_signs(struct store *s, struct arena *a, int64_t case_id, int64_t since,
    struct mail_signs *out, struct cd_err *err)
{
	static const char *const heavy[] = { "legal_words", "strong_emotion" };
	struct query q = query_new(s, SQL_SIGNS, err);
	size_t weight = sizeof heavy / sizeof *heavy;
	struct mail_signs signs = { 0 };
	enum cd_rc rc;

	put_i64(&q, case_id);
	put_i64(&q, since);
	for (bool first = true; query_row(&q); first = false) {
		const char *authentication = get_text(&q, a);
		const char *torn = get_text(&q, a);

		if (first)
			signs.authentication = authentication;
		for (size_t i = 0; torn && i < weight; i++) {
			if (strcmp(torn, heavy[i]) == 0) {
				signs.torn = heavy[i];
				weight = i;
			}
		}
	}
	rc = query_end(&q);
	if (rc == CD_OK)
		*out = signs;
	return rc;
}

enum cd_rc
mails_others_wait(struct store *s, int64_t case_id, const char *canonical,
    bool *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_OTHERS_WAIT, err);
	int64_t wait;
	enum cd_rc rc;

	put_i64(&q, case_id);
	put_text(&q, canonical);
	rc = query_i64(&q, &wait);
	if (rc == CD_OK)
		*out = wait != 0;
	return rc;
}

enum cd_rc
mails_claimed(struct store *s, int64_t case_id, const char *domain, bool *out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_CLAIMED, err);
	int64_t claimed;
	enum cd_rc rc;

	put_i64(&q, case_id);
	put_text(&q, domain);
	rc = query_i64(&q, &claimed);
	if (rc == CD_OK)
		*out = claimed != 0;
	return rc;
}

enum cd_rc
mails_of_nobody(struct store *s, int64_t case_id, bool *out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_OF_NOBODY, err);
	int64_t found;
	enum cd_rc rc;

	put_i64(&q, case_id);
	rc = query_i64(&q, &found);
	if (rc == CD_OK)
		*out = found != 0;
	return rc;
}

/* All rows of a query that is bound already. */
static enum cd_rc
mail_all(struct query *q, struct arena *a, struct mail_row **out, size_t *n_out)
{
	struct mail_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	while (query_row(q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n++] = row_to_mail(q, a);
	}
	rc = query_end(q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

enum cd_rc
mails_of_others(struct store *s, struct arena *a, int64_t case_id,
    const char *canonical, size_t max, struct mail_row **out, size_t *n_out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_OF_OTHERS, err);

	put_i64(&q, case_id);
	put_text(&q, canonical);
	put_i64(&q, (int64_t)max);
	return mail_all(&q, a, out, n_out);
}

enum cd_rc
mails_since(struct store *s, struct arena *a, int64_t seen_since, int64_t after,
    size_t max, struct mail_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_SINCE, err);

	put_i64(&q, seen_since);
	put_i64(&q, after);
	put_i64(&q, (int64_t)max);
	return mail_all(&q, a, out, n_out);
}

enum cd_rc
mails_answered(struct store *s, struct arena *a, const char *mailbox,
    uint32_t uidvalidity, int64_t seen_since, size_t max,
    struct mail_row **out, size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_ANSWERED, err);
	struct mail_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	put_text(&q, mailbox);
	put_i64(&q, uidvalidity);
	put_i64(&q, seen_since);
	put_i64(&q, (int64_t)max);
	while (query_row(&q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n] = (struct mail_row){ .id = get_i64(&q) };
		list[n++].uid = (uint32_t)get_i64(&q);
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

enum cd_rc
mails_newest(struct store *s, struct arena *a, const char *mailbox,
    uint32_t uidvalidity, size_t max, struct mail_row **out, size_t *n_out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_NEWEST, err);
	struct mail_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	put_text(&q, mailbox);
	put_i64(&q, uidvalidity);
	put_i64(&q, (int64_t)max);
	while (query_row(&q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n] = (struct mail_row){ .uid = (uint32_t)get_i64(&q) };
		list[n++].identity = get_text(&q, a);
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

enum cd_rc
mails_failed(struct store *s, const char *mailbox, uint32_t uidvalidity,
    uint32_t uid, int as, int *tries_out, struct cd_err *err)
{
	enum cd_rc rc = mailbox_ensure(s, mailbox, err);
	struct query q;
	int64_t tries;

	if (rc != CD_OK)
		return rc;
	q = query_new(s, SQL_FAILURE, err);
	put_text(&q, mailbox);
	put_i64(&q, uidvalidity);
	put_i64(&q, uid);
	put_i64(&q, as);
	rc = query_i64(&q, &tries);
	if (rc == CD_OK)
		*tries_out = tries > INT_MAX ? INT_MAX : (int)tries;
	return rc;
}
