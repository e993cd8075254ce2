/*
 * Statements: kept prepared, bound with their length, read column by column,
 * and SQLite's results turned into ours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "sql.h"

/* SQLite's results, by their low byte; what to do about each. */
static const struct fault {
	int code;
	enum cd_rc rc;
	const char *says;
} faults[] = {
	{ SQLITE_BUSY, CD_AGAIN, "another process holds it" },
	{ SQLITE_LOCKED, CD_AGAIN, "another process holds it" },
	{ SQLITE_PROTOCOL, CD_AGAIN, "another process holds it" },
	{ SQLITE_SCHEMA, CD_AGAIN, "another process changes it" },
	{ SQLITE_INTERRUPT, CD_AGAIN, "interrupted" },
	{ SQLITE_FULL, CD_AGAIN, "the disk is full; make room, nothing is "
	  "lost meanwhile" },
	{ SQLITE_IOERR, CD_AGAIN, "cannot read or write; look at the disk" },
	{ SQLITE_CANTOPEN, CD_AGAIN, "cannot open its files; look at the disk "
	  "and the rights of its folder" },
	{ SQLITE_READONLY, CD_REFUSED, "no right to write to it" },
	{ SQLITE_PERM, CD_REFUSED, "no right to it" },
	{ SQLITE_AUTH, CD_REFUSED, "no right to it" },
	{ SQLITE_CORRUPT, CD_BROKEN, "it is damaged; stop the daemon and "
	  "restore a backup" },
	{ SQLITE_NOTADB, CD_BROKEN, "it is damaged; stop the daemon and "
	  "restore a backup" },
	{ SQLITE_CONSTRAINT, CD_MALFORMED, "it refuses a value" },
	{ SQLITE_TOOBIG, CD_MALFORMED, "a value is too big" },
};

static struct fault
fault_of(int rc)
{
	if (rc == SQLITE_CONSTRAINT_FOREIGNKEY)
		return (struct fault){ rc, CD_ABSENT, "a row names a case, "
		    "mail or answer that is not there" };
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		if (faults[i].code == (rc & 0xff))
			return faults[i];
	}
	return (struct fault){ rc, CD_BROKEN, "unexpected" };
}

enum cd_rc
store_fail_at(struct store *s, int rc, const char *kind, const char *path,
    struct cd_err *err)
{
	const char *what = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);
	struct fault fault = fault_of(rc);

	if ((rc & 0xff) == SQLITE_NOMEM) {
		fputs("out_of_memory\n", stderr);
		abort();
	}
	if (s->open)
		s->failed = fault.rc;
	return cd_fail(err, fault.rc, "%s %s: %s (%s, %d)", kind, path,
	    fault.says, what, rc);
}

enum cd_rc
store_fail(struct store *s, int rc, struct cd_err *err)
{
	return store_fail_at(s, rc, "database", s->path, err);
}

enum cd_rc
store_exec(struct store *s, const char *sql, struct cd_err *err)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? CD_OK : store_fail(s, rc, err);
}

static struct query
query_ready(struct query q)
{
	cd_assert(!sqlite3_stmt_busy(q.stmt));
	q.s->live++;
	if (sqlite3_stmt_readonly(q.stmt))
		return q;
	/* A write outside of a transaction would be half of something. */
	cd_assert(q.s->open);
	if (sqlite3_get_autocommit(q.s->db))
		q.rc = q.s->failed = cd_fail(q.err, CD_AGAIN, "database %s: "
		    "the transaction was undone", q.s->path);
	return q;
}

struct query
query_new(struct store *s, const char *sql, struct cd_err *err)
{
	struct query q = { .s = s, .err = err, .kept = true };
	int rc;

	for (size_t i = 0; i < s->n_kept; i++) {
		if (s->kept[i].sql == sql) {
			q.stmt = s->kept[i].stmt;
			return query_ready(q);
		}
	}
	cd_assert(s->n_kept < STORE_KEPT);
	rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &q.stmt, NULL);
	if (rc != SQLITE_OK) {
		q.rc = store_fail(s, rc, err);
		return q;
	}
	s->kept[s->n_kept++] = (struct kept){ sql, q.stmt };
	return query_ready(q);
}

struct query
query_once(struct store *s, const char *sql, struct cd_err *err)
{
	struct query q = { .s = s, .err = err };
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &q.stmt, NULL);

	if (rc != SQLITE_OK) {
		q.rc = store_fail(s, rc, err);
		return q;
	}
	return query_ready(q);
}

/* A value was bound, or could not be. */
static void
put_done(struct query *q, int rc)
{
	if (rc != SQLITE_OK)
		q->rc = store_fail(q->s, rc, q->err);
}

void
put_i64(struct query *q, int64_t v)
{
	if (q->rc == CD_OK)
		put_done(q, sqlite3_bind_int64(q->stmt, ++q->next, v));
}

static void
put_null(struct query *q)
{
	if (q->rc == CD_OK)
		put_done(q, sqlite3_bind_null(q->stmt, ++q->next));
}

void
put_id(struct query *q, int64_t v)
{
	if (v == 0)
		put_null(q);
	else
		put_i64(q, v);
}

void
put_real(struct query *q, double v)
{
	if (q->rc == CD_OK)
		put_done(q, sqlite3_bind_double(q->stmt, ++q->next, v));
}

/* Text that is not UTF-8 would make every reader of the database fail: its bad
 * bytes become U+FFFD. Texts are checked before, so this is rare. */
static void
put_mended(struct query *q, struct str bad)
{
	char *good = malloc(bad.n * 3 + 1);
	size_t n = 0;

	if (!good) {
		fputs("out_of_memory\n", stderr);
		abort();
	}
	while (bad.n > 0) {
		uint32_t cp;
		size_t len = utf8_next(bad, &cp);

		if (cp == 0xfffd && len == 1) {
			memcpy(good + n, "\xef\xbf\xbd", 3);
			n += 3;
		} else {
			memcpy(good + n, bad.p, len);
			n += len;
		}
		bad = str_sub(bad, len, bad.n);
	}
	put_done(q, sqlite3_bind_text64(q->stmt, ++q->next, good, n, free,
	    SQLITE_UTF8));
}

void
put_text(struct query *q, const char *v)
{
	struct str text = str_of(v);

	if (!v) {
		put_null(q);
		return;
	}
	if (q->rc != CD_OK)
		return;
	if (!utf8_valid(text)) {
		put_mended(q, text);
		return;
	}
	put_done(q, sqlite3_bind_text64(q->stmt, ++q->next, text.p, text.n,
	    SQLITE_STATIC, SQLITE_UTF8));
}

void
put_words(struct query *q, const char *v)
{
	put_text(q, v ? v : "");
}

void
put_blob(struct query *q, struct str v)
{
	if (v.n == 0)
		put_null(q);
	else if (q->rc == CD_OK)
		put_done(q, sqlite3_bind_blob64(q->stmt, ++q->next, v.p, v.n,
		    SQLITE_STATIC));
}

/* Give the statement back. */
static void
query_close(struct query *q)
{
	if (!q->stmt)
		return;
	q->s->live--;
	if (q->kept) {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
	} else {
		sqlite3_finalize(q->stmt);
	}
	q->stmt = NULL;
}

bool
query_row(struct query *q)
{
	int rc;

	if (q->rc != CD_OK || !q->stmt)
		return false;
	if (!sqlite3_stmt_busy(q->stmt))
		cd_assert(q->next == sqlite3_bind_parameter_count(q->stmt));
	q->next = 0;
	rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		q->rc = store_fail(q->s, rc, q->err);
	query_close(q);
	return false;
}

enum cd_rc
query_end(struct query *q)
{
	query_close(q);
	return q->rc;
}

enum cd_rc
query_run(struct query *q)
{
	while (query_row(q))
		;
	return query_end(q);
}

enum cd_rc
query_i64(struct query *q, int64_t *out)
{
	bool found = query_row(q);
	int64_t v = found ? get_i64(q) : 0;
	enum cd_rc rc = query_run(q);

	if (rc != CD_OK)
		return rc;
	if (!found)
		return CD_ABSENT;
	*out = v;
	return CD_OK;
}

int64_t
get_i64(struct query *q)
{
	return sqlite3_column_int64(q->stmt, q->next++);
}

double
get_real(struct query *q)
{
	return sqlite3_column_double(q->stmt, q->next++);
}

const char *
get_text(struct query *q, struct arena *a)
{
	const char *p = (const char *)sqlite3_column_text(q->stmt, q->next);
	size_t n = (size_t)sqlite3_column_bytes(q->stmt, q->next);

	q->next++;
	return p ? arena_strndup(a, p, n) : NULL;
}

struct str
get_blob(struct query *q, struct arena *a)
{
	const char *p = sqlite3_column_blob(q->stmt, q->next);
	size_t n = (size_t)sqlite3_column_bytes(q->stmt, q->next);

	q->next++;
	return n > 0 ? arena_copy(a, (struct str){ p, n })
		     : (struct str){ NULL, 0 };
}

int64_t
store_changes(struct store *s)
{
	return sqlite3_changes64(s->db);
}

int64_t
store_changes_total(struct store *s)
{
	return sqlite3_total_changes64(s->db);
}

void *
list_room(struct arena *a, void *list, size_t n, size_t size)
{
	void *more;

	/* Full at 0, 8, 16, 32 ... */
	if (n > 0 && (n < 8 || (n & (n - 1)) != 0))
		return list;
	more = arena_array(a, n < 8 ? 8 : n * 2, size);
	if (n > 0)
		memcpy(more, list, n * size);
	return more;
}
