#ifndef CD_SRC_STORE_SQL_H
#define CD_SRC_STORE_SQL_H

#include "store/db.h"

/*
 * SQL for the other rooms of this floor, so that only db.c, query.c and
 * migrate.c speak to sqlite3 itself.
 *
 * A query is used like this, and failures stick to it until the end:
 *
 *	struct query q = query_new(s, SQL_X, err);
 *
 *	put_i64(&q, id);		parameters ?1, ?2 ... in order
 *	while (query_row(&q))
 *		x = row_to_x(&q, a);	columns in order
 *	return query_end(&q);
 *
 * Values given are borrowed until the end. A failed step poisons the open
 * transaction: it can only be rolled back.
 */
struct sqlite3;
struct sqlite3_stmt;

#define STORE_KEPT 128		/* statements kept prepared */

struct store {
	struct sqlite3 *db;
	char *path;
	enum store_mode mode;
	int patience_ms;		/* with another process's transaction */
	bool open;			/* a transaction is */
	bool soft;			/* commits do not wait for the disk */
	const char *file;		/* where it began */
	int line;
	enum cd_rc failed;		/* of a step in it, else CD_OK */
	bool scrub;			/* after commit: somebody was forgotten */
	int live;			/* queries begun and not ended */
	int64_t version;
	struct kept {
		const char *sql;
		struct sqlite3_stmt *stmt;
	} kept[STORE_KEPT];
	size_t n_kept;
};

struct query {
	struct store *s;
	struct sqlite3_stmt *stmt;
	struct cd_err *err;
	enum cd_rc rc;
	int next;			/* parameter or column */
	bool kept;			/* else finalized at the end */
};

/* sql is a constant: kept prepared by its address. */
struct query query_new(struct store *, const char *sql, struct cd_err *);
/* sql was made for this one use. */
struct query query_once(struct store *, const char *sql, struct cd_err *);

void put_i64(struct query *, int64_t);
void put_id(struct query *, int64_t);		/* 0 is NULL */
void put_real(struct query *, double);
void put_text(struct query *, const char *);	/* NULL is NULL */
void put_words(struct query *, const char *);	/* NULL is "" */
void put_blob(struct query *, struct str);	/* empty is NULL */

/* Is there a row (more)? */
bool query_row(struct query *);
/* NULL comes out as 0, NULL or empty. */
int64_t get_i64(struct query *);
double get_real(struct query *);
const char *get_text(struct query *, struct arena *);
struct str get_blob(struct query *, struct arena *);

enum cd_rc query_end(struct query *) CD_CHECK;
/* Step to the end, no rows looked at. */
enum cd_rc query_run(struct query *) CD_CHECK;
/* The one number that it gives; CD_ABSENT: no row. */
enum cd_rc query_i64(struct query *, int64_t *out) CD_CHECK;
/* Rows written by the last statement, triggers not counted. */
int64_t store_changes(struct store *);
/* Rows written since the database was opened, those of triggers and of the
 * search index too. */
int64_t store_changes_total(struct store *);

/* Room for one more of n elements; the list is moved when it has to grow. */
void *list_room(struct arena *, void *list, size_t n, size_t size);

/* Say what SQLite just complained of; poisons an open transaction. */
enum cd_rc store_fail(struct store *, int sqlite_rc, struct cd_err *);
/* The same of another file than the database ("copy", its path). */
enum cd_rc store_fail_at(struct store *, int sqlite_rc, const char *kind,
    const char *path, struct cd_err *);
/* Statements without parameters and rows. */
enum cd_rc store_exec(struct store *, const char *sql, struct cd_err *)
    CD_CHECK;

/* migrate.c. Is a database just opened one of ours, and one that this program
 * can work with? Sets the version. Writes nothing. */
enum cd_rc store_known(struct store *, struct cd_err *) CD_CHECK;
/* Is it of an older program? */
bool store_behind(const struct store *);
/* Bring it up to date; `now` is written down as the time of it. */
enum cd_rc store_migrate(struct store *, int64_t now, struct cd_err *) CD_CHECK;

/* search.c. Before the commit: take in what the search index does not hold. */
enum cd_rc search_take_in(struct store *, struct cd_err *) CD_CHECK;
/* After it, when somebody was forgotten: rewrite the search index without the
 * words that were deleted from it, in many short transactions. */
enum cd_rc search_scrub(struct store *, struct cd_err *) CD_CHECK;

/* "sha256" in hex of bytes. */
#define SHA256_HEX 65
void sha256_hex(struct str, char out[SHA256_HEX]);

#endif
