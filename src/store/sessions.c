/* Who is signed in to the web queue. */
#include "store/sessions.h"
#include "sql.h"

static const char SQL_EXPIRE[] =
    "DELETE FROM sessions WHERE seen <= ?1 OR created <= ?2";
static const char SQL_ADD[] =
    "INSERT INTO sessions (token, account, csrf, created, seen) "
    "SELECT ?1, name, ?3, ?4, ?4 FROM accounts WHERE name = ?2";
static const char SQL_GET[] =
    "SELECT s.account, a.role, s.csrf, s.created, s.seen FROM sessions s "
    "JOIN accounts a ON a.name = s.account "
    "WHERE s.token = ?1 AND s.seen > ?2 AND s.created > ?3";
static const char SQL_TOUCH[] =
    "UPDATE sessions SET seen = ?2 WHERE token = ?1";
static const char SQL_END[] = "DELETE FROM sessions WHERE token = ?1";
static const char SQL_END_ALL[] = "DELETE FROM sessions WHERE account = ?1";

static enum cd_rc
expire(struct store *s, int64_t now, struct cd_err *err)
{
	struct query q = query_new(s, SQL_EXPIRE, err);

	put_i64(&q, now - SESSION_IDLE_S);
	put_i64(&q, now - SESSION_LIFE_S);
	return query_run(&q);
}

enum cd_rc
sessions_add(struct store *s, const char *secret, const char *account,
    const char *csrf, int64_t now, struct cd_err *err)
{
	char token[SHA256_HEX];
	struct query q;
	enum cd_rc rc = expire(s, now, err);

	if (rc != CD_OK)
		return rc;
	sha256_hex(str_of(secret), token);
	q = query_new(s, SQL_ADD, err);
	put_text(&q, token);
	put_text(&q, account);
	put_text(&q, csrf);
	put_i64(&q, now);
	rc = query_run(&q);
	if (rc == CD_OK && store_changes(s) == 0)
		return cd_fail(err, CD_ABSENT, "there is no account %s",
		    account);
	return rc;
}

enum cd_rc
sessions_get(struct store *s, struct arena *a, const char *secret,
    int64_t now, struct session_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_GET, err);
	struct session_row r = { 0 };
	char token[SHA256_HEX];
	bool found;
	enum cd_rc rc;

	sha256_hex(str_of(secret), token);
	put_text(&q, token);
	put_i64(&q, now - SESSION_IDLE_S);
	put_i64(&q, now - SESSION_LIFE_S);
	found = query_row(&q);
	if (found) {
		r.account = get_text(&q, a);
		r.role = get_text(&q, a);
		r.csrf = get_text(&q, a);
		r.created = get_i64(&q);
		r.seen = get_i64(&q);
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	if (!found)
		return cd_fail(err, CD_ABSENT, "not signed in");
	*out = r;
	return CD_OK;
}

enum cd_rc
sessions_touch(struct store *s, const char *secret, int64_t now,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_TOUCH, err);
	char token[SHA256_HEX];

	sha256_hex(str_of(secret), token);
	put_text(&q, token);
	put_i64(&q, now);
	return query_run(&q);
}

enum cd_rc
sessions_end(struct store *s, const char *secret, struct cd_err *err)
{
	struct query q = query_new(s, SQL_END, err);
	char token[SHA256_HEX];

	sha256_hex(str_of(secret), token);
	put_text(&q, token);
	return query_run(&q);
}

enum cd_rc
sessions_end_all(struct store *s, const char *account, struct cd_err *err)
{
	struct query q = query_new(s, SQL_END_ALL, err);

	put_text(&q, account);
	return query_run(&q);
}
