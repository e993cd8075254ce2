/*
 * Is this database ours, and is it up to date? Each migration is one
 * transaction that also writes its number, its checksum and user_version, so
 * that a crash leaves a database of the old schema or of the new one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "store/migrate.h"
#include "sql.h"

#define APPLICATION_ID 0x4344736b	/* "CDsk" */

static const char SQL_APPLICATION[] = "PRAGMA application_id";
static const char SQL_VERSION[] = "PRAGMA user_version";
static const char SQL_TABLES[] = "SELECT count(*) FROM sqlite_schema";
static const char SQL_SCHEMA_MIGRATION[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "	number INTEGER PRIMARY KEY,	-- of the file\n"
    "	name TEXT NOT NULL,		-- of the file\n"
    "	sha256 TEXT NOT NULL,		-- of its bytes, hex\n"
    "	applied_at INTEGER NOT NULL	-- when\n"
    ") STRICT";
static const char SQL_APPLIED[] =
    "SELECT sha256 FROM schema_migration WHERE number = ?1";
static const char SQL_APPLY[] =
    "INSERT INTO schema_migration (number, name, sha256, applied_at) "
    "VALUES (?1, ?2, ?3, ?4)";

void
sha256_hex(struct str bytes, char out[SHA256_HEX])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	cd_assert(EVP_Digest(bytes.p ? bytes.p : "", bytes.n, digest, &n,
	    EVP_sha256(), NULL) == 1 && n == 32);
	for (unsigned int i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static enum cd_rc
number_get(struct store *s, const char *sql, int64_t *out, struct cd_err *err)
{
	struct query q = query_once(s, sql, err);

	return query_i64(&q, out);
}

/* The migrations applied must be the ones that we were built with. */
static enum cd_rc
checksums_check(struct store *s, struct cd_err *err)
{
	struct arena *a = arena_new();
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; i < n_migrations && rc == CD_OK; i++) {
		const struct migration *m = &migrations[i];
		struct query q;
		char sum[SHA256_HEX];
		const char *was = NULL;

		if (m->number > s->version)
			break;
		sha256_hex(str_of(m->sql), sum);
		q = query_new(s, SQL_APPLIED, err);
		put_i64(&q, m->number);
		if (query_row(&q))
			was = get_text(&q, a);
		rc = query_end(&q);
		if (rc == CD_OK && (!was || strcmp(was, sum) != 0))
			rc = cd_fail(err, CD_REFUSED, "database %s was made "
			    "with another %s.sql than this program's: install "
			    "the program that made it", s->path, m->name);
	}
	arena_free(&a);
	return rc;
}

enum cd_rc
store_known(struct store *s, struct cd_err *err)
{
	int newest = n_migrations ? migrations[n_migrations - 1].number : 0;
	int64_t application, version, tables;
	enum cd_rc rc = number_get(s, SQL_APPLICATION, &application, err);

	if (rc == CD_OK)
		rc = number_get(s, SQL_VERSION, &version, err);
	if (rc == CD_OK)
		rc = number_get(s, SQL_TABLES, &tables, err);
	if (rc != CD_OK)
		return rc;
	/* A new file, or one whose making was cut short, has no tables. */
	if (application != APPLICATION_ID && (application || version || tables))
		return cd_fail(err, CD_REFUSED, "%s is a database, but not one "
		    "of Consent Desk; name another file", s->path);
	if (version > newest)
		return cd_fail(err, CD_REFUSED, "database %s was made by a "
		    "newer program (schema %" PRId64 ", this one knows %d): "
		    "install that one", s->path, version, newest);
	s->version = version;
	rc = version > 0 ? checksums_check(s, err) : CD_OK;
	if (rc != CD_OK || s->mode == STORE_WRITE || version == newest)
		return rc;
	return cd_fail(err, CD_REFUSED, "database %s is of an older program "
	    "(schema %" PRId64 ", this one needs %d): start the daemon once, "
	    "it brings it up to date", s->path, version, newest);
}

static enum cd_rc
version_set(struct store *s, int version, struct cd_err *err)
{
	char sql[96];

	snprintf(sql, sizeof sql, "PRAGMA application_id = %d;"
	    "PRAGMA user_version = %d", APPLICATION_ID, version);
	return store_exec(s, sql, err);
}

static enum cd_rc
migration_apply(struct store *s, const struct migration *m, int64_t now,
    struct cd_err *err)
{
	enum cd_rc rc = store_exec(s, SQL_SCHEMA_MIGRATION, err);
	char sum[SHA256_HEX];
	struct query q;

	if (rc == CD_OK)
		rc = store_exec(s, m->sql, err);
	if (rc == CD_OK)
		rc = version_set(s, m->number, err);
	if (rc != CD_OK)
		return rc;
	sha256_hex(str_of(m->sql), sum);
	q = query_once(s, SQL_APPLY, err);
	put_i64(&q, m->number);
	put_text(&q, m->name);
	put_text(&q, sum);
	put_i64(&q, now);
	return query_run(&q);
}

/* Applies the next one that is missing; *more_out: there was one. */
static enum cd_rc
migrate_step(struct store *s, int64_t now, bool *more_out, struct cd_err *err)
{
	const struct migration *next = NULL;
	enum cd_rc rc = store_begin(s, err);

	if (rc != CD_OK)
		return rc;
	/* Another process may have done it while we waited. */
	rc = store_known(s, err);
	for (size_t i = 0; i < n_migrations && !next; i++) {
		if (migrations[i].number > s->version)
			next = &migrations[i];
	}
	if (rc == CD_OK && next)
		rc = migration_apply(s, next, now, err);
	if (rc != CD_OK) {
		store_rollback(s);
		return next ? cd_context(err, rc, "%s.sql", next->name) : rc;
	}
	rc = store_commit(s, err);
	if (rc == CD_OK && next)
		s->version = next->number;
	*more_out = next != NULL;
	return rc;
}

bool
store_behind(const struct store *s)
{
	return s->version < migrations[n_migrations - 1].number;
}

enum cd_rc
store_migrate(struct store *s, int64_t now, struct cd_err *err)
{
	bool more = store_behind(s);
	enum cd_rc rc = CD_OK;

	while (more && rc == CD_OK)
		rc = migrate_step(s, now, &more, err);
	return rc;
}
