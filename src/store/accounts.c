/* People who may open the web queue. */
#include "store/accounts.h"
#include "sql.h"

static const char SQL_GET[] =
    "SELECT name, role, hash, created FROM accounts WHERE name = ?1";
static const char SQL_LIST[] =
    "SELECT name, role, hash, created FROM accounts ORDER BY name";
static const char SQL_PUT[] =
    "INSERT INTO accounts (name, role, hash, created) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT (name) DO UPDATE SET role = excluded.role, "
    "hash = excluded.hash";
static const char SQL_REMOVE[] = "DELETE FROM accounts WHERE name = ?1";

static struct account_row
row_to_account(struct query *q, struct arena *a)
{
	struct account_row r = { 0 };

	r.name = get_text(q, a);
	r.role = get_text(q, a);
	r.hash = get_text(q, a);
	r.created = get_i64(q);
	return r;
}

enum cd_rc
accounts_get(struct store *s, struct arena *a, const char *name,
    struct account_row *out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_GET, err);
	struct account_row r;
	enum cd_rc rc;

	put_text(&q, name);
	if (!query_row(&q)) {
		rc = query_end(&q);
		return rc != CD_OK ? rc : cd_fail(err, CD_ABSENT,
		    "there is no account %s", name);
	}
	r = row_to_account(&q, a);
	rc = query_end(&q);
	if (rc == CD_OK)
		*out = r;
	return rc;
}

enum cd_rc
accounts_put(struct store *s, const struct account_row *r, struct cd_err *err)
{
	struct query q = query_new(s, SQL_PUT, err);

	put_text(&q, r->name);
	put_text(&q, r->role);
	put_text(&q, r->hash);
	put_i64(&q, r->created);
	return query_run(&q);
}

enum cd_rc
accounts_remove(struct store *s, const char *name, struct cd_err *err)
{
	struct query q = query_new(s, SQL_REMOVE, err);
	enum cd_rc rc;

	put_text(&q, name);
	rc = query_run(&q);
	if (rc == CD_OK && store_changes(s) == 0)
		return cd_fail(err, CD_ABSENT, "there is no account %s", name);
	return rc;
}

enum cd_rc
accounts_list(struct store *s, struct arena *a, struct account_row **out,
    size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LIST, err);
	struct account_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	while (query_row(&q)) {
		list = list_room(a, list, n, sizeof *list);
		list[n++] = row_to_account(&q, a);
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}
