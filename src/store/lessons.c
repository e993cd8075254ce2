/* What people say about stored mails, and how long their texts stay. */
#include "store/mails.h"
#include "sql.h"

static const char SQL_LABEL[] =
    "INSERT INTO labels (mail_id, intent, actor, at) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT (mail_id) DO UPDATE SET intent = excluded.intent, "
    "actor = excluded.actor, at = excluded.at";
static const char SQL_LABEL_OF[] =
    "SELECT intent FROM labels WHERE mail_id = ?1";
static const char SQL_UNLABEL[] = "DELETE FROM labels WHERE mail_id = ?1";
/* "context" is what the mail answers, as it was found when it came. */
static const char SQL_LABELS[] =
    "SELECT m.id, m.visible, m.subject, CASE WHEN json_valid(m.detail) "
    "THEN m.detail ->> '$.context' END, l.intent, m.language "
    "FROM labels l JOIN mails m ON m.id = l.mail_id "
    "WHERE m.visible IS NOT NULL ORDER BY l.mail_id";
static const char SQL_LABELS_FORGOTTEN[] =
    "SELECT count(*) FROM labels l JOIN mails m ON m.id = l.mail_id "
    "WHERE m.visible IS NULL";
static const char SQL_PURGE_ANSWERS[] =
    "DELETE FROM bodies WHERE outbox_id IN "
    "(SELECT id FROM outbox INDEXED BY outbox_by_mail "
    "WHERE state IN ('sent', 'failed', 'cancelled') AND mail_id IN "
    "(SELECT id FROM mails WHERE seen_at < ?1 AND (visible IS NOT NULL "
    "OR full_text IS NOT NULL OR raw IS NOT NULL) "
    "ORDER BY seen_at LIMIT ?2))";
/* Those that are as old themselves: told without a mail, or finished when their
 * mail's texts were gone already. Rows are numbered by their age, and the first
 * young one of the index (of automatic ones) says where to stop; a draft that
 * nobody decides is passed by, and kept. */
static const char SQL_PURGE_OLD_ANSWERS[] =
    "DELETE FROM bodies WHERE outbox_id IN "
    "(SELECT o.id FROM bodies b CROSS JOIN outbox o ON o.id = b.outbox_id "
    "WHERE b.outbox_id < coalesce((SELECT id FROM outbox "
    "INDEXED BY outbox_by_time WHERE automatic = 1 AND created >= ?1 "
    "ORDER BY created LIMIT 1), 9223372036854775807) AND o.created < ?1 "
    "AND o.state IN ('sent', 'failed', 'cancelled') "
    "ORDER BY b.outbox_id LIMIT ?2)";
static const char SQL_PURGE[] =
    "UPDATE mails SET visible = NULL, full_text = NULL, raw = NULL, "
    "evidence = CASE WHEN json_valid(evidence) THEN "
    "(SELECT json_group_array(json_remove(value, '$.match')) "
    "FROM json_each(evidence) WHERE type = 'object') END, "
    "detail = CASE WHEN NOT json_valid(detail) THEN NULL "
    "WHEN json_type(detail, '$.gates') = 'array' THEN "
    "json_set(json_remove(detail, '$.inner'), '$.gates', "
    "(SELECT json_group_array(json_remove(value, '$.evidence')) "
    "FROM json_each(detail, '$.gates') WHERE type = 'object')) "
    "ELSE json_remove(detail, '$.inner') END "
    "WHERE id IN "
    "(SELECT id FROM mails WHERE seen_at < ?1 AND (visible IS NOT NULL "
    "OR full_text IS NOT NULL OR raw IS NOT NULL) ORDER BY seen_at LIMIT ?2)";

enum cd_rc
mails_label(struct store *s, int64_t mail_id, const char *intent,
    const char *actor, int64_t now, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LABEL, err);

	put_i64(&q, mail_id);
	put_text(&q, intent);
	put_words(&q, actor);
	put_i64(&q, now);
	return query_run(&q);
}

enum cd_rc
mails_unlabel(struct store *s, int64_t mail_id, struct cd_err *err)
{
	struct query q = query_new(s, SQL_UNLABEL, err);

	put_i64(&q, mail_id);
	return query_run(&q);
}

enum cd_rc
mails_to_label(struct store *s, struct arena *a, int64_t case_id,
    int64_t mail_id, struct labelled *out, struct cd_err *err)
{
	struct labelled l = { .newest = true };
	struct mail_row newest;
	struct query q;
	enum cd_rc rc = mails_last_of(s, a, case_id, NULL, &newest, err);

	l.mail = newest;
	if (rc == CD_OK && mail_id != 0 && mail_id != newest.id) {
		l.newest = false;
		rc = mails_get(s, a, mail_id, &l.mail, err);
	}
	/* What was left has no text: nothing was read in it. */
	if (rc == CD_OK && (l.mail.case_id != case_id || !l.mail.canonical))
		rc = CD_ABSENT;
	if (rc != CD_OK)
		return rc;
	q = query_new(s, SQL_LABEL_OF, err);
	put_i64(&q, l.mail.id);
	if (query_row(&q))
		l.label = get_text(&q, a);
	rc = query_end(&q);
	if (rc == CD_OK)
		*out = l;
	return rc;
}

static struct label_row
row_to_label(struct query *q, struct arena *a)
{
	struct label_row r = { 0 };

	r.mail_id = get_i64(q);
	r.text = get_text(q, a);
	r.subject = get_text(q, a);
	r.context = get_text(q, a);
	r.intent = get_text(q, a);
	r.language = get_text(q, a);
	return r;
}

enum cd_rc
mails_labels(struct store *s, struct arena *a, struct label_row **out,
    size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LABELS, err);
	struct label_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	while (query_row(&q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n++] = row_to_label(&q, a);
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}

enum cd_rc
mails_labels_forgotten(struct store *s, int64_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LABELS_FORGOTTEN, err);

	return query_i64(&q, n_out);
}

enum cd_rc
mails_purge(struct store *s, int64_t before, int64_t *n_out, struct cd_err *err)
{
	static const char *const steps[] = { SQL_PURGE_ANSWERS,
		SQL_PURGE_OLD_ANSWERS, SQL_PURGE };
	int64_t n = 0;

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct query q = query_new(s, steps[i], err);
		enum cd_rc rc;

		put_i64(&q, before);
		put_i64(&q, CD_MAX_PURGE);
		rc = query_run(&q);
		if (rc != CD_OK)
			return rc;
		n += store_changes(s);
	}
	*n_out = n;
	return CD_OK;
}
