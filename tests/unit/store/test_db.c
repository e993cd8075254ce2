#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <sqlite3.h>

#include "fixture.h"

#include "store/migrate.h"

/* Run SQL behind the store's back. */
static void
sql_run(const char *path, const char *sql)
{
	sqlite3 *db;
	int rc = sqlite3_open(path, &db);

	assert_int_equal(rc, SQLITE_OK);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		print_error("%s\n", sqlite3_errmsg(db));
	assert_int_equal(rc, SQLITE_OK);
	sqlite3_close(db);
}

static int64_t
sql_number(const char *path, const char *sql)
{
	sqlite3_stmt *stmt;
	sqlite3 *db;
	int64_t n;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static unsigned
file_mode(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 0777;
}

static enum cd_rc
opens(struct fixture *f, enum store_mode mode)
{
	struct store *s = NULL;
	enum cd_rc rc = store_open(f->path, mode, &s, &f->err);

	if (rc == CD_OK)
		store_close(&s);
	assert_null(s);
	return rc;
}

static void
test_made_private_and_marked(void **state)
{
	struct fixture *f = *state;
	char wal[100];
	int newest = migrations[n_migrations - 1].number;

	assert_int_equal(file_mode(f->path), 0600);
	assert_int_equal(store_version(f->s), newest);
	BEGIN(f);
	COMMIT(f);
	snprintf(wal, sizeof wal, "%s-wal", f->path);
	assert_int_equal(file_mode(wal), 0600);
	OK(f, store_check(f->s, &f->err));
	store_close(&f->s);
	assert_int_equal(sql_number(f->path, "PRAGMA application_id"),
	    0x4344736b);
	assert_int_equal(sql_number(f->path, "PRAGMA user_version"), newest);
	assert_int_equal(sql_number(f->path,
	    "SELECT count(*) FROM schema_migration WHERE length(sha256) = 64 "
	    "AND applied_at > 0"), n_migrations);
	assert_int_equal(opens(f, STORE_WRITE), CD_OK);
}

/* The daemon's user has to open what root's first command made. */
static void
test_made_by_root_for_the_folders_owner(void **state)
{
	static const char *const more[] = { "", "-wal", "-shm" };
	struct fixture *f = *state;
	struct stat st;
	char path[100];

	if (geteuid() != 0)
		skip();
	store_close(&f->s);
	fixture_remove(f->dir, "desk.db");
	assert_int_equal(chown(f->dir, 65534, 65533), 0);
	OK(f, store_open(f->path, STORE_WRITE, &f->s, &f->err));
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		snprintf(path, sizeof path, "%s%s", f->path, more[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_uid, 65534);
		assert_int_equal(st.st_gid, 65533);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static void
test_schema_is_strict(void **state)
{
	struct fixture *f = *state;

	store_close(&f->s);
	assert_int_equal(sql_number(f->path,
	    "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' "
	    "AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'"),
	    0);
}

static void
test_what_is_refused(void **state)
{
	static const struct {
		const char *sql;
		enum cd_rc rc;
		const char *says;
	} rows[] = {
		{ "PRAGMA application_id = 5", CD_REFUSED, "not one of" },
		{ "PRAGMA user_version = 9999", CD_REFUSED, "newer program" },
		{ "UPDATE schema_migration SET sha256 = 'x'", CD_REFUSED,
		  "another 0001_start.sql" },
		{ "DELETE FROM schema_migration", CD_REFUSED,
		  "another 0001_start.sql" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		store_close(&f->s);
		unlink(f->path);
		OK(f, store_open(f->path, STORE_WRITE, &f->s, &f->err));
		store_close(&f->s);
		sql_run(f->path, rows[i].sql);
		for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
			assert_int_equal(opens(f, (enum store_mode)mode),
			    rows[i].rc);
			assert_non_null(strstr(f->err.text, rows[i].says));
		}
	}
}

static void
file_write(const char *path, const char *bytes)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(bytes, out);
	fclose(out);
}

static void
test_strange_files(void **state)
{
	struct fixture *f = *state;

	store_close(&f->s);
	unlink(f->path);
	assert_int_equal(opens(f, STORE_READ), CD_ABSENT);
	file_write(f->path, "just a letter that somebody left here, no data");
	assert_int_equal(opens(f, STORE_READ), CD_REFUSED);
	assert_int_equal(opens(f, STORE_WRITE), CD_REFUSED);
	unlink(f->path);
	/* Somebody else's database. */
	sql_run(f->path, "CREATE TABLE t (x)");
	assert_int_equal(opens(f, STORE_READ), CD_REFUSED);
	assert_int_equal(opens(f, STORE_WRITE), CD_REFUSED);
	assert_int_equal(sql_number(f->path,
	    "SELECT count(*) FROM sqlite_schema"), 1);
	unlink(f->path);
	/* A start that was cut off before the first migration. */
	sql_run(f->path, "PRAGMA journal_mode = WAL");
	assert_int_equal(opens(f, STORE_READ), CD_REFUSED);
	assert_non_null(strstr(f->err.text, "start the daemon"));
	assert_int_equal(opens(f, STORE_WRITE), CD_OK);
	unlink(f->path);
	file_write(f->path, "");
	assert_int_equal(opens(f, STORE_WRITE), CD_OK);
	assert_int_equal(opens(f, STORE_READ), CD_OK);
	unlink(f->path);
	assert_int_equal(mkdir(f->path, 0700), 0);
	assert_int_equal(opens(f, STORE_WRITE), CD_REFUSED);
	rmdir(f->path);
}

static void
test_damage_is_named(void **state)
{
	struct fixture *f = *state;
	char page[4096];
	FILE *file;
	int64_t root;

	BEGIN(f);
	case_added(f, &(struct case_row){ .subject = "s" });
	COMMIT(f);
	OK(f, store_check(f->s, &f->err));
	store_close(&f->s);
	root = sql_number(f->path,
	    "SELECT rootpage FROM sqlite_schema WHERE name = 'cases'");
	file = fopen(f->path, "r+");
	assert_non_null(file);
	memset(page, 0x5a, sizeof page);
	fseek(file, (long)(root - 1) * 4096, SEEK_SET);
	assert_int_equal(fwrite(page, 1, sizeof page, file), sizeof page);
	fclose(file);
	OK(f, store_open(f->path, STORE_WRITE, &f->s, &f->err));
	assert_int_equal(store_check(f->s, &f->err), CD_BROKEN);
	assert_non_null(strstr(f->err.text, "backup"));
	assert_int_equal(cases_get(f->s, f->a, 1, &(struct case_row){ 0 },
	    &f->err), CD_BROKEN);
}

static void
test_missing_reference_is_named(void **state)
{
	struct fixture *f = *state;

	store_close(&f->s);
	sql_run(f->path, "INSERT INTO events (case_id, at, kind, actor, text) "
	    "VALUES (77, 1, 'note', 'a', 't')");
	OK(f, store_open(f->path, STORE_WRITE, &f->s, &f->err));
	assert_int_equal(store_check(f->s, &f->err), CD_BROKEN);
	assert_non_null(strstr(f->err.text, "events"));
}

static void
test_readers(void **state)
{
	struct fixture *f = *state;
	struct store *reader;
	struct case_row c;
	int64_t id;

	/* While the writer runs and holds a transaction. */
	BEGIN(f);
	id = case_added(f, &(struct case_row){ .subject = "first" });
	COMMIT(f);
	OK(f, store_open(f->path, STORE_READ, &reader, &f->err));
	BEGIN(f);
	case_added(f, &(struct case_row){ .subject = "second" });
	OK(f, cases_get(reader, f->a, id, &c, &f->err));
	assert_int_equal(cases_get(reader, f->a, id + 1, &c, &f->err),
	    CD_ABSENT);
	/* One view for as long as the reader's transaction. */
	OK(f, store_begin(reader, &f->err));
	assert_int_equal(cases_get(reader, f->a, id + 1, &c, &f->err),
	    CD_ABSENT);
	COMMIT(f);
	assert_int_equal(cases_get(reader, f->a, id + 1, &c, &f->err),
	    CD_ABSENT);
	OK(f, store_commit(reader, &f->err));
	OK(f, cases_get(reader, f->a, id + 1, &c, &f->err));
	/* After the writer has gone. */
	store_close(&f->s);
	OK(f, cases_get(reader, f->a, id, &c, &f->err));
	store_close(&reader);
	OK(f, store_open(f->path, STORE_READ, &reader, &f->err));
	OK(f, cases_get(reader, f->a, id, &c, &f->err));
	OK(f, store_begin(reader, &f->err));
	assert_int_equal(cases_add(reader, &c, &id, &f->err), CD_REFUSED);
	store_rollback(reader);
	store_close(&reader);
}

/* In a child without rights over the folder: 0 if it reads, 1 if not. */
static int
read_as_stranger(struct fixture *f)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct store *s;
		struct case_row c;

		if (getuid() == 0 && setuid(65534) != 0)
			_exit(9);
		if (store_open(f->path, STORE_READ, &s, &f->err) != CD_OK) {
			fprintf(stderr, "%s\n", f->err.text);
			_exit(1);
		}
		if (cases_get(s, f->a, 1, &c, &f->err) != CD_OK)
			_exit(2);
		store_close(&s);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
test_read_only_folder(void **state)
{
	struct fixture *f = *state;

	BEGIN(f);
	case_added(f, &(struct case_row){ .subject = "s" });
	COMMIT(f);
	store_close(&f->s);
	assert_int_equal(chmod(f->path, 0444), 0);
	assert_int_equal(chmod(f->dir, 0555), 0);
	assert_int_equal(read_as_stranger(f), 0);
	chmod(f->dir, 0700);
}

static void
test_not_readable(void **state)
{
	struct fixture *f = *state;

	store_close(&f->s);
	assert_int_equal(chmod(f->path, 0), 0);
	chmod(f->dir, 0755);
	assert_int_equal(read_as_stranger(f), 1);
	chmod(f->path, 0600);
}

static void
test_busy(void **state)
{
	struct fixture *f = *state;
	struct store *other;

	OK(f, store_open(f->path, STORE_WRITE, &other, &f->err));
	BEGIN(f);
	assert_int_equal(store_begin(other, &f->err), CD_AGAIN);
	COMMIT(f);
	OK(f, store_begin(other, &f->err));
	store_rollback(other);
	store_rollback(other);
	OK(f, store_begin(other, &f->err));
	assert_int_equal(store_end(other, CD_ABSENT, &f->err), CD_ABSENT);
	BEGIN(f);	/* nobody holds it */
	assert_int_equal(store_end(f->s, CD_OK, &f->err), CD_OK);
	store_close(&other);
	store_close(&other);
}

/* Does the function end its process? 0 and 1 are its own ways to end it. */
static bool
is_fatal(struct fixture *f, void (*function)(struct fixture *))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		function(f);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) || WEXITSTATUS(status) > 1;
}

static void
nest(struct fixture *f)
{
	if (store_begin(f->s, &f->err) != CD_OK ||
	    store_begin(f->s, &f->err) != CD_OK)
		_exit(1);
}

static void
write_outside(struct fixture *f)
{
	struct case_row c = a_case("bo@lind.example");
	int64_t id;

	if (cases_add(f->s, &c, &id, &f->err) != CD_OK)
		_exit(1);
}

static void
read_outside(struct fixture *f)
{
	struct case_row c;

	if (cases_get(f->s, f->a, 1, &c, &f->err) != CD_ABSENT)
		_exit(1);
}

static void
test_misuse_ends_the_process(void **state)
{
	struct fixture *f = *state;

	assert_true(is_fatal(f, nest));
	assert_true(is_fatal(f, write_outside));
	assert_false(is_fatal(f, read_outside));
}

/* A failed step spoils the transaction, a repeat does not. */
static void
test_half_a_transaction_is_none(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	int64_t counts[CASE_STATE_COUNT];

	BEGIN(f);
	case_added(f, &c);
	assert_int_equal(events_add(f->s, &(struct event_row){ .case_id = 77,
	    .kind = "note" }, &f->err), CD_ABSENT);
	case_added(f, &c);
	assert_int_equal(store_commit(f->s, &f->err), CD_ABSENT);
	OK(f, cases_count(f->s, counts, &f->err));
	assert_int_equal(counts[CASE_REVIEW], 0);
	BEGIN(f);
	c.id = case_added(f, &c);
	c.id = 99;
	assert_int_equal(cases_update(f->s, &c, &f->err), CD_ABSENT);
	COMMIT(f);
	OK(f, cases_count(f->s, counts, &f->err));
	assert_int_equal(counts[CASE_REVIEW], 1);
}

#define OPENERS 6

/* The supervisor's roles start at once on a database that is not there. */
static void
test_many_make_one(void **state)
{
	struct fixture *f = *state;
	pid_t pids[OPENERS];
	int status, go[2];
	char byte;

	store_close(&f->s);
	for (int turn = 0; turn < 5; turn++) {
		unlink(f->path);
		assert_int_equal(pipe(go), 0);
		for (int i = 0; i < OPENERS; i++) {
			pids[i] = fork();
			assert_true(pids[i] >= 0);
			if (pids[i] != 0)
				continue;
			close(go[1]);
			if (read(go[0], &byte, 1) != 0)
				_exit(8);
			status = (int)opens(f, STORE_WRITE);
			if (status != CD_OK)
				fprintf(stderr, "%s\n", f->err.text);
			_exit(status);
		}
		close(go[1]);
		close(go[0]);
		for (int i = 0; i < OPENERS; i++) {
			assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
			assert_int_equal(status, 0);
		}
		assert_int_equal(sql_number(f->path,
		    "SELECT count(*) FROM schema_migration"), n_migrations);
	}
}

/* As an older program kept it, with 20 MB of answers in one table. */
static void
make_old(const char *path, const char *fresh)
{
	char sql[300];

	for (size_t i = 0; i < 5; i++)
		sql_run(path, migrations[i].sql);
	snprintf(sql, sizeof sql, "ATTACH '%s' AS fresh;"
	    "CREATE TABLE schema_migration AS "
	    "SELECT * FROM fresh.schema_migration WHERE number <= 5;", fresh);
	sql_run(path, sql);
	sql_run(path, "PRAGMA application_id = 0x4344736b;"
	    "PRAGMA user_version = 5;"
	    "INSERT INTO cases (id, state, updated, opened, reason, intent, "
	    "language, from_addr, from_name, canonical, subject, last_action) "
	    "VALUES (1, 'waiting', 9, 9, '', 'blocked', 'en', 'bo@x', 'Bo', "
	    "'bo@x', 'Need', 'steps sent');"
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 2000) INSERT INTO outbox (case_id, state, automatic, "
	    "created, due, handle, language, to_addr, to_canonical, domain, "
	    "message_id, subject, text) SELECT 1, 'sent', 1, 9, 9, 'steps', "
	    "'en', 'bo@x', 'bo@x', 'x', i, 'Re', hex(zeroblob(5000)) FROM n");
}

static void
test_old_one_needs_no_memory(void **state)
{
	struct fixture *f = *state;
	struct store *s = NULL;
	char path[100];

	snprintf(path, sizeof path, "%s/old.db", f->dir);
	make_old(path, f->path);
	assert_false(store_is_old(f->path));
	assert_true(store_is_old(path));
	(void)sqlite3_memory_highwater(1);
	OK(f, store_open(path, STORE_WRITE, &s, &f->err));
	assert_in_range(sqlite3_memory_highwater(0), 1, 10 << 20);
	assert_false(store_is_old(path));
	store_close(&s);
	assert_int_equal(sql_number(path, "SELECT sum(length(text)) "
	    "FROM bodies"), 20000000);
}

static void
test_backup(void **state)
{
	struct fixture *f = *state;
	struct store *copy;
	struct case_row c = a_case("bo@lind.example");
	char to[100];
	int64_t id;

	snprintf(to, sizeof to, "%s/copy.db", f->dir);
	BEGIN(f);
	id = case_added(f, &c);
	COMMIT(f);
	OK(f, store_backup(f->s, to, &f->err));
	assert_int_equal(file_mode(to), 0600);
	assert_int_equal(store_backup(f->s, to, &f->err), CD_REFUSED);
	OK(f, store_open(to, STORE_READ, &copy, &f->err));
	OK(f, store_check(copy, &f->err));
	OK(f, cases_get(copy, f->a, id, &c, &f->err));
	store_close(&copy);
	/* A copy is a database to go on with; a reader can make one too. */
	OK(f, store_open(to, STORE_WRITE, &copy, &f->err));
	store_close(&copy);
	unlink(to);
	OK(f, store_open(f->path, STORE_READ, &copy, &f->err));
	OK(f, store_backup(copy, to, &f->err));
	store_close(&copy);
	assert_int_equal(store_backup(f->s, "/nowhere/x.db", &f->err),
	    CD_REFUSED);
}

/* A disk that is full: no file of the child may grow over 1 MiB. 0: told so,
 * undone, and fit to go on. */
static int
write_until_full(const char *path, struct arena *a)
{
	const struct rlimit limit = { 1 << 20, 1 << 20 };
	struct mail_row m = a_mail(1, "x", 0);
	char *text = arena_alloc(a, 400001);
	enum cd_rc rc = CD_OK;
	struct cd_err err;
	struct store *s;
	int64_t id;

	memset(text, 'x', 400000);
	m.full_text = text;
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
	    store_open(path, STORE_WRITE, &s, &err) != CD_OK ||
	    store_begin(s, &err) != CD_OK)
		return 1;
	while (rc == CD_OK && m.uid < 100) {
		m.uid++;
		rc = mails_add(s, &m, &id, &err);
	}
	if (rc == CD_OK)
		rc = store_commit(s, &err);
	if (rc != CD_AGAIN)
		return 2;
	store_rollback(s);
	m.full_text = "little";
	if (store_begin(s, &err) != CD_OK ||
	    mails_add(s, &m, &id, &err) != CD_OK ||
	    store_commit(s, &err) != CD_OK)
		return 3;
	store_close(&s);
	return 0;
}

static void
test_full_disk(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t pid;

	store_close(&f->s);
	pid = fork();
	if (pid == 0)
		_exit(write_until_full(f->path, f->a));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(sql_number(f->path, "SELECT count(*) FROM mails"), 1);
}

/* In a child: transactions of one case and one mail each, and no end. */
static _Noreturn void
write_until_killed(const char *path, int tell)
{
	struct store *s;
	struct cd_err err;
	struct case_row c = a_case("bo@lind.example");

	if (store_open(path, STORE_WRITE, &s, &err) != CD_OK)
		_exit(1);
	for (uint32_t uid = 1;; uid++) {
		struct mail_row m = a_mail(uid, "x", 0);
		int64_t id;

		if (store_begin(s, &err) != CD_OK ||
		    cases_add(s, &c, &m.case_id, &err) != CD_OK ||
		    mails_add(s, &m, &id, &err) != CD_OK ||
		    cursor_set(s, "m", &(struct cursor){ 7, uid + 1, 0, 0 }, 1,
		    &err) != CD_OK || store_commit(s, &err) != CD_OK)
			_exit(2);
		if (write(tell, &uid, sizeof uid) < 0)
			_exit(3);
	}
}

static void
test_killed_in_the_middle(void **state)
{
	struct fixture *f = *state;

	for (int turn = 0; turn < 5; turn++) {
		uint32_t told = 0, uid;
		int64_t mails, counts[CASE_STATE_COUNT];
		struct cursor cursor = { 0 };
		int fd[2];
		pid_t pid;

		store_close(&f->s);
		unlink(f->path);
		assert_int_equal(pipe(fd), 0);
		pid = fork();
		if (pid == 0)
			write_until_killed(f->path, fd[1]);
		close(fd[1]);
		while (told < 5 && read(fd[0], &uid, sizeof uid) > 0)
			told = uid;
		usleep((useconds_t)(turn * 1700));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		while (read(fd[0], &uid, sizeof uid) > 0)
			told = uid;
		close(fd[0]);
		assert_true(told >= 5);

		OK(f, store_open(f->path, STORE_WRITE, &f->s, &f->err));
		OK(f, store_check(f->s, &f->err));
		OK(f, cursor_get(f->s, "m", &cursor, &f->err));
		OK(f, cases_count(f->s, counts, &f->err));
		mails = sql_number(f->path, "SELECT count(*) FROM mails");
		/* All that was told is there, and all of each or nothing. */
		assert_true(mails >= told);
		assert_int_equal(cursor.next_uid, mails + 1);
		assert_int_equal(counts[CASE_REVIEW], mails);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_made_private_and_marked),
		DB_TEST(test_made_by_root_for_the_folders_owner),
		DB_TEST(test_schema_is_strict),
		DB_TEST(test_what_is_refused),
		DB_TEST(test_strange_files),
		DB_TEST(test_damage_is_named),
		DB_TEST(test_missing_reference_is_named),
		DB_TEST(test_readers),
		DB_TEST(test_read_only_folder),
		DB_TEST(test_not_readable),
		DB_TEST(test_busy),
		DB_TEST(test_misuse_ends_the_process),
		DB_TEST(test_half_a_transaction_is_none),
		DB_TEST(test_many_make_one),
		DB_TEST(test_old_one_needs_no_memory),
		DB_TEST(test_backup),
		DB_TEST(test_full_disk),
		DB_TEST(test_killed_in_the_middle),
	};

	/* Before the store does, which counts no memory; a test here asks. */
	sqlite3_initialize();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
