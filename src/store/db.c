/*
 * The one door to SQLite. WAL, because three processes write and more read;
 * synchronous FULL, because what was decided about a mail must outlive the
 * power; secure_delete, because "forget" means it; temporary tables in memory,
 * because a sandboxed role may write nowhere else.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "sql.h"

#define BUSY_MS 5000

static const char SQL_SETTINGS[] =
    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
    "PRAGMA cell_size_check = ON; PRAGMA cache_size = -1000;"
    "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216";
/* A backlog comes back to the same pages again and again. The sender, which
 * commits meanwhile, empties the WAL; where none sends, this does at 64 MB. */
static const char SQL_SOFT[] =
    "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2500;"
    "PRAGMA wal_autocheckpoint = 16000";
static const char SQL_HARD[] = "PRAGMA synchronous = FULL;"
    "PRAGMA cache_size = -1000;"
    "PRAGMA wal_autocheckpoint = 4000";
static const char SQL_JOURNAL[] = "PRAGMA journal_mode = WAL";
static const char SQL_CHECK[] = "PRAGMA quick_check(1)";
static const char SQL_CHECK_KEYS[] = "PRAGMA foreign_key_check";
static const char SQL_BACKUP[] = "VACUUM INTO ?1";
/* What numbers were given after a copy was made nobody knows who goes on with it, and
 * links, Message-IDs and answers name them for months: they would be taken for another
 * customer's. A step that no desk makes between two copies, and yet leaves a case's
 * number one that people type (six digits). No file beside the copy. */
static const char SQL_NUMBERS_AHEAD[] = "PRAGMA journal_mode = MEMORY; BEGIN;"
    "INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_master"
    " WHERE type = 'table' AND sql LIKE '% PRIMARY KEY AUTOINCREMENT%'"
    " AND name NOT IN (SELECT name FROM sqlite_sequence);"
    "UPDATE sqlite_sequence SET seq = seq + 100000; COMMIT";

static char *
text_copy(const char *s)
{
	char *copy = strdup(s);

	if (!copy) {
		fputs("out_of_memory\n", stderr);
		abort();
	}
	return copy;
}

/* Made by root, before the daemon ran: it is the folder's owner who has to work
 * with it. SQLite gives what it keeps beside it to the owner of the file. */
static void
give_away(int fd, const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct stat st;

	if (geteuid() != 0)
		return;
	snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1
	    : 1, slash ? path : ".");
	if (stat(folder, &st) == 0 && st.st_uid != 0)
		(void)!fchown(fd, st.st_uid, st.st_gid);
}

/* An empty file that only we can read; or, of root, the folder's owner. */
static enum cd_rc
file_create(const char *path, bool to_owner, struct cd_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return cd_fail(err, errno == ENOSPC || errno == EDQUOT
		    ? CD_AGAIN : CD_REFUSED, "cannot create %s: %s", path,
		    strerror(errno));
	if (to_owner)
		give_away(fd, path);
	close(fd);
	return CD_OK;
}

/* Is the file there, and may we? */
static enum cd_rc
file_look(const char *path, enum store_mode mode, struct cd_err *err)
{
	struct stat st;
	enum cd_rc rc;

	if (stat(path, &st) != 0) {
		if (errno != ENOENT)
			return cd_fail(err, CD_REFUSED, "database %s: %s", path,
			    strerror(errno));
		if (mode == STORE_READ)
			return cd_fail(err, CD_ABSENT, "database %s does not "
			    "exist; start the daemon once, it makes it", path);
		rc = file_create(path, true, err);
		/* Another process may just have made it. */
		return rc != CD_OK && access(path, F_OK) == 0 ? CD_OK : rc;
	}
	if (!S_ISREG(st.st_mode))
		return cd_fail(err, CD_REFUSED, "database %s is no file", path);
	if (access(path, mode == STORE_READ ? R_OK : R_OK | W_OK) != 0)
		return cd_fail(err, CD_REFUSED, "database %s: %s; run this as "
		    "the daemon's user", path, strerror(errno));
	return CD_OK;
}

/* SQLite's URI of a path, with its special bytes escaped. */
static char *
uri_immutable(const char *path)
{
	char *uri = sqlite3_mprintf("file:"), *more;

	for (; uri && *path; path++) {
		bool plain = ascii_alnum(*path) || strchr("/._-", *path);

		more = plain ? sqlite3_mprintf("%s%c", uri, *path)
			     : sqlite3_mprintf("%s%%%02x", uri,
				   (unsigned)(unsigned char)*path);
		sqlite3_free(uri);
		uri = more;
	}
	more = uri ? sqlite3_mprintf("%s?immutable=1", uri) : NULL;
	sqlite3_free(uri);
	return more;
}

/* SQLite's own handler waits longer each time, up to a tenth of a second; a
 * transaction here takes some milliseconds, and the next one of the same process
 * would come first again and again. */
static int
busy_wait(void *ctx, int tries)
{
	const struct store *s = ctx;

	sqlite3_sleep(1);
	return tries < s->patience_ms;
}

static int
connection_open(struct store *s, const char *name, int flags)
{
	int rc;

	/* Nobody asks how much memory it has; counting takes a lock at each
	 * allocation. Refused once the library is at work, which is fine. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_EXRESCODE, NULL);

	if (rc != SQLITE_OK)
		return rc;
	sqlite3_busy_handler(s->db, busy_wait, s);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	/* The first read is what opens the WAL. */
	return sqlite3_exec(s->db, "SELECT count(*) FROM sqlite_schema", NULL,
	    NULL, NULL);
}

/*
 * A reader needs the -wal and -shm files. Where they are not there (no daemon
 * runs) and cannot be made (a folder that we may only read, a backup on a
 * read-only disk), the file by itself is whole and nobody writes to it.
 */
static int
connection_read(struct store *s)
{
	int rc = connection_open(s, s->path, SQLITE_OPEN_READONLY);
	char *wal, *uri;
	struct stat st;
	bool lonely;

	if ((rc & 0xff) != SQLITE_CANTOPEN && (rc & 0xff) != SQLITE_READONLY)
		return rc;
	wal = sqlite3_mprintf("%s-wal", s->path);
	lonely = wal && (stat(wal, &st) != 0 ? errno == ENOENT
					     : st.st_size == 0);
	sqlite3_free(wal);
	uri = lonely ? uri_immutable(s->path) : NULL;
	if (!uri)
		return rc;
	sqlite3_close_v2(s->db);
	rc = connection_open(s, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	sqlite3_free(uri);
	return rc;
}

static enum cd_rc
journal_set(struct store *s, struct cd_err *err)
{
	int rc;

	/* SQLite does not wait by itself where two switch at once. */
	for (int tries = 0; tries < 50; tries++) {
		rc = sqlite3_exec(s->db, SQL_JOURNAL, NULL, NULL, NULL);
		if ((rc & 0xff) != SQLITE_BUSY)
			break;
		sqlite3_sleep(20);
	}
	return rc == SQLITE_OK ? CD_OK : store_fail(s, rc, err);
}

/* While a statement rewrites a table SQLite keeps each page as it was: of a big
 * table that is no matter for the memory, but for the folder that has room for
 * the table too. SQLite unlinks the file as soon as it has opened it. */
static enum cd_rc
bring_up_to_date(struct store *s, struct cd_err *err)
{
	const char *slash = strrchr(s->path, '/');
	enum cd_rc rc, back;

	if (!store_behind(s))
		return CD_OK;
	sqlite3_temp_directory = slash ? sqlite3_mprintf("%.*s",
	    (int)(slash - s->path) + 1, s->path) : sqlite3_mprintf(".");
	rc = store_exec(s, "PRAGMA temp_store = FILE", err);
	if (rc == CD_OK)
		rc = store_migrate(s, clock_now(), err);
	sqlite3_free(sqlite3_temp_directory);
	sqlite3_temp_directory = NULL;
	back = store_exec(s, "PRAGMA temp_store = MEMORY", rc == CD_OK ? err
								      : NULL);
	return rc == CD_OK ? back : rc;
}

static enum cd_rc
store_ready(struct store *s, struct cd_err *err)
{
	int rc = s->mode == STORE_READ ? connection_read(s)
	    : connection_open(s, s->path, SQLITE_OPEN_READWRITE);
	enum cd_rc ours;

	if ((rc & 0xff) == SQLITE_NOTADB)
		return cd_fail(err, CD_REFUSED, "%s is not a Consent Desk "
		    "database, or its first page is damaged", s->path);
	if (rc != SQLITE_OK)
		return store_fail(s, rc, err);
	ours = store_exec(s, SQL_SETTINGS, err);
	if (ours == CD_OK)
		ours = store_known(s, err);
	if (ours == CD_OK && s->mode == STORE_WRITE)
		ours = journal_set(s, err);
	if (ours == CD_OK && s->mode == STORE_WRITE)
		ours = bring_up_to_date(s, err);
	return ours;
}

static struct store *
store_new(const char *path, enum store_mode mode)
{
	struct store *s = calloc(1, sizeof *s);

	if (!s) {
		fputs("out_of_memory\n", stderr);
		abort();
	}
	s->path = text_copy(path);
	s->mode = mode;
	s->patience_ms = BUSY_MS;
	return s;
}

enum cd_rc
store_open(const char *path, enum store_mode mode, struct store **out,
    struct cd_err *err)
{
	struct store *s;
	enum cd_rc rc = file_look(path, mode, err);

	if (rc != CD_OK)
		return rc;
	s = store_new(path, mode);
	rc = store_ready(s, err);
	if (rc != CD_OK) {
		store_close(&s);
		return rc;
	}
	*out = s;
	return CD_OK;
}

bool
store_is_old(const char *path)
{
	struct store *s = store_new(path, STORE_READ);
	bool old = false;

	/* The version is set where the database is one of ours. */
	if (connection_read(s) == SQLITE_OK &&
	    store_known(s, NULL) == CD_REFUSED)
		old = s->version > 0 && store_behind(s);
	store_close(&s);
	return old;
}

void
store_close(struct store **store)
{
	struct store *s = store ? *store : NULL;

	if (!s)
		return;
	store_rollback(s);
	for (size_t i = 0; i < s->n_kept; i++)
		sqlite3_finalize(s->kept[i].stmt);
	sqlite3_close_v2(s->db);
	free(s->path);
	free(s);
	*store = NULL;
}

static enum cd_rc
begin(struct store *s, bool soft, const char *file, int line,
    struct cd_err *err)
{
	enum cd_rc rc;

	if (s->open) {
		fprintf(stderr, "transaction_nested first=%s:%d second=%s:%d\n",
		    s->file, s->line, file, line);
		abort();
	}
	if (soft != s->soft) {
		rc = store_exec(s, soft ? SQL_SOFT : SQL_HARD, err);
		if (rc != CD_OK)
			return rc;
		s->soft = soft;
	}
	rc = store_exec(s, s->mode == STORE_WRITE ? "BEGIN IMMEDIATE" : "BEGIN",
	    err);
	if (rc != CD_OK)
		return rc;
	s->open = true;
	s->file = file;
	s->line = line;
	s->failed = CD_OK;
	return CD_OK;
}

enum cd_rc
store_begin_at(struct store *s, const char *file, int line, struct cd_err *err)
{
	return begin(s, false, file, line, err);
}

enum cd_rc
store_begin_soft_at(struct store *s, const char *file, int line,
    struct cd_err *err)
{
	return begin(s, true, file, line, err);
}

/* What was forgotten is still in the WAL until that is emptied. A reader may
 * be in the way: then the next checkpoint does it. */
static void
wal_scrub(struct store *s)
{
	sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
	    NULL);
}

enum cd_rc
store_commit(struct store *s, struct cd_err *err)
{
	enum cd_rc rc;

	cd_assert(s->open);
	cd_assert(s->live == 0);
	if (s->failed != CD_OK) {
		rc = cd_fail(err, s->failed, "database %s: a step of this "
		    "transaction failed, so none of it is kept", s->path);
		store_rollback(s);
		return rc;
	}
	/* Not while it is brought up to date: the tables may not be there. */
	rc = s->mode == STORE_WRITE && !store_behind(s) ? search_take_in(s, err)
							: CD_OK;
	if (rc == CD_OK)
		rc = store_exec(s, "COMMIT", err);
	if (rc != CD_OK) {
		store_rollback(s);
		return rc;
	}
	s->open = false;
	if (!s->scrub)
		return CD_OK;
	s->scrub = false;
	rc = search_scrub(s, err);
	wal_scrub(s);
	return rc;
}

void
store_rollback(struct store *s)
{
	if (!s->open)
		return;
	/* After a full disk SQLite has rolled back by itself. */
	if (!sqlite3_get_autocommit(s->db))
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->open = false;
	s->failed = CD_OK;
	s->scrub = false;
}

enum cd_rc
store_end(struct store *s, enum cd_rc rc, struct cd_err *err)
{
	if (rc == CD_OK)
		return store_commit(s, err);
	store_rollback(s);
	return rc;
}

void
store_shrink(struct store *s)
{
	sqlite3_db_release_memory(s->db);
}

void
store_patience(struct store *s, int ms)
{
	s->patience_ms = ms;
}

int64_t
store_version(struct store *s)
{
	return s->version;
}

enum cd_rc
store_check(struct store *s, struct cd_err *err)
{
	struct arena *a = arena_new();
	struct query q = query_once(s, SQL_CHECK, err);
	enum cd_rc rc;

	while (query_row(&q)) {
		const char *found = get_text(&q, a);

		if (found && strcmp(found, "ok") != 0)
			q.rc = cd_fail(err, CD_BROKEN, "database %s is damaged: "
			    "%s; stop the daemon and restore a backup",
			    s->path, found);
	}
	rc = query_end(&q);
	if (rc == CD_OK) {
		q = query_once(s, SQL_CHECK_KEYS, err);
		if (query_row(&q))
			q.rc = cd_fail(err, CD_BROKEN, "database %s is damaged: "
			    "a row of %s names one that is not there; stop the "
			    "daemon and restore a backup", s->path,
			    get_text(&q, a));
		rc = query_end(&q);
	}
	arena_free(&a);
	return rc;
}

static enum cd_rc
file_sync(const char *path, struct cd_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	int why = errno;

	if (fd >= 0)
		close(fd);
	return ok ? CD_OK : cd_fail(err, CD_AGAIN, "%s: %s", path,
	    strerror(why));
}

/* The copy is all that a backup writes: what cannot be written is not the
 * database. */
static enum cd_rc
backup_fail(struct store *s, int lite, const char *to, struct cd_err *err)
{
	switch (lite & 0xff) {
	case SQLITE_FULL:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return store_fail_at(s, lite, "the copy", to, err);
	case SQLITE_IOERR:
		return lite == SQLITE_IOERR_READ ? store_fail(s, lite, err)
		    : store_fail_at(s, lite, "the copy", to, err);
	}
	return store_fail(s, lite, err);
}

static enum cd_rc
numbers_ahead(const char *to, struct cd_err *err)
{
	sqlite3 *copy = NULL;
	int lite = sqlite3_open_v2(to, &copy, SQLITE_OPEN_READWRITE, NULL);
	enum cd_rc rc = CD_OK;

	if (lite == SQLITE_OK)
		lite = sqlite3_exec(copy, SQL_NUMBERS_AHEAD, NULL, NULL, NULL);
	if (lite != SQLITE_OK)
		rc = cd_fail(err, CD_AGAIN, "the copy %s: %s (%d)", to,
		    copy ? sqlite3_errmsg(copy) : sqlite3_errstr(lite), lite);
	sqlite3_close(copy);
	return rc;
}

enum cd_rc
store_backup(struct store *s, const char *to, struct cd_err *err)
{
	enum cd_rc rc = file_create(to, false, err);
	sqlite3_stmt *stmt = NULL;
	char part[PATH_MAX];
	int lite;

	cd_assert(!s->open);
	if (rc != CD_OK)
		return rc;
	/* Whoever is interrupted leaves an empty file of that name, not one that
	 * looks whole. */
	snprintf(part, sizeof part, "%s.part", to);
	rc = file_create(part, false, err);
	if (rc != CD_OK) {
		unlink(to);
		return rc;
	}
	lite = sqlite3_prepare_v2(s->db, SQL_BACKUP, -1, &stmt, NULL);
	if (lite == SQLITE_OK)
		lite = sqlite3_bind_text(stmt, 1, part, -1, SQLITE_STATIC);
	if (lite == SQLITE_OK)
		lite = sqlite3_step(stmt);
	rc = lite == SQLITE_DONE ? numbers_ahead(part, err)
				 : backup_fail(s, lite, to, err);
	sqlite3_finalize(stmt);
	if (rc == CD_OK)
		rc = file_sync(part, err);
	if (rc == CD_OK && rename(part, to) != 0)
		rc = cd_fail(err, CD_AGAIN, "%s: %s", to, strerror(errno));
	if (rc != CD_OK) {
		unlink(part);
		unlink(to);
	}
	return rc;
}
