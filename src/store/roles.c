/* What each role last said of itself. */
#include "store/roles.h"
#include "sql.h"

static const char SQL_BEAT[] =
    "INSERT INTO roles (role, pid, beat, state, data) "
    "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (role) DO UPDATE SET "
    "pid = excluded.pid, beat = excluded.beat, state = excluded.state, "
    "data = excluded.data";
static const char SQL_LIST[] =
    "SELECT role, pid, beat, state, data FROM roles ORDER BY role";

enum cd_rc
roles_beat(struct store *s, const struct role_row *r, struct cd_err *err)
{
	enum cd_rc rc = store_begin_soft(s, err);
	struct query q;

	if (rc != CD_OK)
		return rc;
	q = query_new(s, SQL_BEAT, err);
	put_text(&q, r->role);
	put_i64(&q, r->pid);
	put_i64(&q, r->beat);
	put_words(&q, r->state);
	put_text(&q, r->data);
	rc = query_run(&q);
	return store_end(s, rc, err);
}

enum cd_rc
roles_list(struct store *s, struct arena *a, struct role_row **out,
    size_t *n_out, struct cd_err *err)
{
	struct query q = query_new(s, SQL_LIST, err);
	struct role_row *list = NULL;
	size_t n = 0;
	enum cd_rc rc;

	while (query_row(&q)) {
		struct role_row r = { 0 };

		r.role = get_text(&q, a);
		r.pid = get_i64(&q);
		r.beat = get_i64(&q);
		r.state = get_text(&q, a);
		r.data = get_text(&q, a);
		list = list_room(a, list, n, sizeof *list);
		list[n++] = r;
	}
	rc = query_end(&q);
	if (rc != CD_OK)
		return rc;
	*out = list;
	*n_out = n;
	return CD_OK;
}
