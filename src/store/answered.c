/* What people of ours have answered ahead of us. */
#include "base/limits.h"
#include "store/answered.h"
#include "sql.h"

static const char SQL_ADD[] =
    "INSERT INTO answered (hash, at) VALUES (?1, ?2) "
    "ON CONFLICT (hash) DO UPDATE SET at = max(at, excluded.at)";
static const char SQL_PURGE_OLD[] = "DELETE FROM answered WHERE at < ?1";
static const char SQL_PURGE_MANY[] =
    "DELETE FROM answered WHERE id <= (SELECT max(id) FROM answered) - ?1";
static const char SQL_HAS[] =
    "SELECT count(*) FROM answered WHERE hash = ?1";

enum cd_rc
answered_add(struct store *s, const char *message_id, int64_t at,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_ADD, err);
	char hash[SHA256_HEX];

	sha256_hex(str_of(message_id), hash);
	put_text(&q, hash);
	put_i64(&q, at);
	return query_run(&q);
}

enum cd_rc
answered_purge(struct store *s, int64_t before, struct cd_err *err)
{
	struct query q = query_new(s, SQL_PURGE_OLD, err);
	enum cd_rc rc;

	put_i64(&q, before);
	rc = query_run(&q);
	if (rc != CD_OK)
		return rc;
	q = query_new(s, SQL_PURGE_MANY, err);
	put_i64(&q, CD_MAX_ANSWERED);
	return query_run(&q);
}

enum cd_rc
answered_has(struct store *s, const char *message_id, bool *out,
    struct cd_err *err)
{
	struct query q = query_new(s, SQL_HAS, err);
	char hash[SHA256_HEX];
	int64_t n;
	enum cd_rc rc;

	sha256_hex(str_of(message_id), hash);
	put_text(&q, hash);
	rc = query_i64(&q, &n);
	if (rc == CD_OK)
		*out = n > 0;
	return rc;
}
