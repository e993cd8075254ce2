/*
 * Erase a person. What goes: his cases with their whole timeline and answers,
 * the events that tell of his mails in other people's cases, answers to him,
 * words in the search index, corrections, and the note that his address is
 * dead (a hash of it would still be his; if it bounces again, it is noted
 * again). A case of his in which somebody else wrote is his no more: whoever
 * wrote last in it has it. Of each mail a stub stays - mailbox, UID and a hash
 * of its random Message-ID - because it still lies in the mailbox and must not
 * be answered again when the server numbers its mails anew.
 *
 * secure_delete overwrites the rows. After the commit the search index is
 * rewritten without his words, and at the end the WAL is emptied.
 */
#include "store/cases.h"
#include "sql.h"

static const char SQL_LISTS[] =
    "CREATE TEMP TABLE IF NOT EXISTS gone_cases (id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE IF NOT EXISTS gone_mails (id INTEGER PRIMARY KEY);"
    "DELETE FROM gone_cases; DELETE FROM gone_mails;";
static const char SQL_CASES[] =
    "INSERT INTO gone_cases SELECT id FROM cases c WHERE c.canonical = ?1 "
    "AND NOT EXISTS (SELECT 1 FROM mails WHERE case_id = c.id "
    "AND canonical <> ?1)";
static const char SQL_MAILS[] =
    "INSERT INTO gone_mails SELECT id FROM mails WHERE canonical = ?1 "
    "UNION SELECT id FROM mails WHERE case_id IN (SELECT id FROM gone_cases)";
static const char SQL_NEXT[] =
    "SELECT m.id, m.identity FROM gone_mails g JOIN mails m ON m.id = g.id "
    "WHERE g.id > ?1 ORDER BY g.id LIMIT 1";
static const char SQL_STUB[] =
    "UPDATE mails SET identity = ?2, case_id = NULL, action = 'ignore', "
    "reason = 'forgotten', automatic = NULL, authentication = NULL, "
    "language = NULL, intent = NULL, confidence = 0, from_addr = NULL, "
    "from_name = NULL, canonical = NULL, subject = NULL, domain = NULL, "
    "evidence = NULL, detail = NULL, visible = NULL, full_text = NULL, "
    "raw = NULL WHERE id = ?1";
static const char SQL_REST[] =
    "DELETE FROM events WHERE mail_id IN (SELECT id FROM gone_mails);"
    "DELETE FROM labels WHERE mail_id IN (SELECT id FROM gone_mails);"
    "DELETE FROM events WHERE outbox_id IN (SELECT id FROM outbox "
    "WHERE mail_id IN (SELECT id FROM gone_mails));"
    "DELETE FROM outbox WHERE mail_id IN (SELECT id FROM gone_mails);"
    "DELETE FROM outbox WHERE case_id IN (SELECT id FROM gone_cases);"
    "DELETE FROM cases WHERE id IN (SELECT id FROM gone_cases);";
static const char SQL_ANSWER_EVENTS[] =
    "DELETE FROM events WHERE outbox_id IN "
    "(SELECT id FROM outbox WHERE to_canonical = ?1)";
/* Somebody else's mail that asked for its answer to go to him. */
static const char SQL_ANSWER_TO[] =
    "UPDATE mails SET detail = json_remove(detail, '$.answer_to') "
    "WHERE id IN (SELECT mail_id FROM outbox WHERE to_canonical = ?1) "
    "AND json_valid(detail)";
static const char SQL_ANSWERS[] = "DELETE FROM outbox WHERE to_canonical = ?1";
/* What is left of his cases has mails of others. */
static const char SQL_BOUNCES[] =
    "DELETE FROM events WHERE id IN (SELECT e.id FROM cases c "
    "JOIN events e ON e.case_id = c.id AND e.kind = 'bounce' "
    "WHERE c.canonical = ?1 "
    "AND instr(lower(e.text), ' ' || lower(c.from_addr) || ' ') > 0)";
static const char SQL_HEIRS[] =
    "UPDATE cases SET (from_addr, from_name, canonical, subject, language, "
    "last_action) = (SELECT coalesce(m.from_addr, ''), "
    "coalesce(m.from_name, ''), m.canonical, coalesce(m.subject, ''), "
    "coalesce(m.language, cases.language), 'who opened it is forgotten' "
    "FROM mails m WHERE m.case_id = cases.id AND m.canonical IS NOT NULL "
    "ORDER BY m.id DESC LIMIT 1) WHERE canonical = ?1";
static const char SQL_DEAD[] =
    "DELETE FROM dead_addresses WHERE canonical = ?1";
static const char SQL_COUNT[] =
    "SELECT (SELECT count(*) FROM gone_cases) + "
    "(SELECT count(*) FROM gone_mails)";
static const char SQL_LISTS_GONE[] =
    "DELETE FROM gone_cases; DELETE FROM gone_mails;";

static enum cd_rc
of_person(struct store *s, const char *sql, const char *canonical,
    struct cd_err *err)
{
	struct query q = query_once(s, sql, err);

	put_text(&q, canonical);
	return query_run(&q);
}

static enum cd_rc
stub_one(struct store *s, struct arena *a, int64_t id, const char *identity,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_STUB, err);
	char hash[SHA256_HEX];

	sha256_hex(str_of(identity), hash);
	put_i64(&q, id);
	put_text(&q, arena_printf(a, "forgotten:%s", hash));
	return query_run(&q);
}

static enum cd_rc
stub_all(struct store *s, struct cd_err *err)
{
	struct arena *a = arena_new();
	int64_t id = 0;
	enum cd_rc rc = CD_OK;

	while (rc == CD_OK) {
		struct query q = query_once(s, SQL_NEXT, err);
		const char *identity = NULL;

		put_i64(&q, id);
		if (query_row(&q)) {
			id = get_i64(&q);
			identity = get_text(&q, a);
		}
		rc = query_end(&q);
		if (rc != CD_OK || !identity)
			break;
		rc = stub_one(s, a, id, identity, err);
		arena_reset(a);
	}
	arena_free(&a);
	return rc;
}

enum cd_rc
cases_forget(struct store *s, const char *canonical, int64_t *n_out,
    struct cd_err *err)
{
	enum cd_rc rc = store_exec(s, SQL_LISTS, err);
	int64_t n = 0;

	if (rc == CD_OK)
		rc = of_person(s, SQL_CASES, canonical, err);
	if (rc == CD_OK)
		rc = of_person(s, SQL_MAILS, canonical, err);
	if (rc == CD_OK) {
		struct query q = query_once(s, SQL_COUNT, err);

		rc = query_i64(&q, &n);
	}
	if (rc == CD_OK)
		rc = stub_all(s, err);
	if (rc == CD_OK)
		rc = store_exec(s, SQL_REST, err);
	if (rc == CD_OK)
		rc = of_person(s, SQL_ANSWER_EVENTS, canonical, err);
	if (rc == CD_OK)
		rc = of_person(s, SQL_ANSWER_TO, canonical, err);
	if (rc == CD_OK)
		rc = of_person(s, SQL_ANSWERS, canonical, err);
	if (rc == CD_OK)
		rc = of_person(s, SQL_BOUNCES, canonical, err);
	if (rc == CD_OK)
		rc = of_person(s, SQL_HEIRS, canonical, err);
	if (rc == CD_OK)
		rc = of_person(s, SQL_DEAD, canonical, err);
	if (rc == CD_OK)
		rc = store_exec(s, SQL_LISTS_GONE, err);
	if (rc != CD_OK)
		return rc;
	s->scrub = true;
	*n_out = n;
	return CD_OK;
}
