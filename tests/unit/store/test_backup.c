#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "fixture.h"

/* No room for the copy, in a child. 0: told of the copy, which is gone. */
static int
backup_without_room(const char *path, const char *to)
{
	const struct rlimit limit = { 16 << 10, 16 << 10 };
	struct cd_err err = { "" };
	struct store *s;

	signal(SIGXFSZ, SIG_IGN);
	if (store_open(path, STORE_READ, &s, &err) != CD_OK ||
	    setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	if (store_backup(s, to, &err) != CD_AGAIN)
		return 2;
	store_close(&s);
	if (!strstr(err.text, to) || strstr(err.text, path))
		return 3;
	return access(to, F_OK) == 0 ? 4 : 0;
}

static void
test_backup_without_room(void **state)
{
	struct fixture *f = *state;
	char to[100];
	int status;
	pid_t pid;

	snprintf(to, sizeof to, "%s/copy.db", f->dir);
	store_close(&f->s);
	pid = fork();
	if (pid == 0)
		_exit(backup_without_room(f->path, to));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Killed while it writes: what has the copy's name is empty, and no part of one. */
static void
test_backup_interrupted(void **state)
{
	struct fixture *f = *state;
	const struct rlimit limit = { 16 << 10, 16 << 10 }, none = { 0, 0 };
	char to[100], part[120];
	struct cd_err err;
	struct store *s;
	struct stat st;
	int status;
	pid_t pid;

	snprintf(to, sizeof to, "%s/copy.db", f->dir);
	snprintf(part, sizeof part, "%s.part", to);
	store_close(&f->s);
	pid = fork();
	if (pid == 0) {
		signal(SIGXFSZ, SIG_DFL);
		if (store_open(f->path, STORE_READ, &s, &err) == CD_OK &&
		    setrlimit(RLIMIT_CORE, &none) == 0 &&
		    setrlimit(RLIMIT_FSIZE, &limit) == 0)
			_exit(store_backup(s, to, &err) == CD_OK);
		_exit(2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGXFSZ);
	assert_int_equal(stat(to, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(unlink(part), 0);
}

/* Of a case and of an answer. */
static void
numbers_take(struct fixture *f, int64_t out[2])
{
	struct case_row c = a_case("bo@lind.example");
	char id[32];

	BEGIN(f);
	out[0] = case_added(f, &c);
	snprintf(id, sizeof id, "%d@us.example", (int)out[0]);
	out[1] = answer_added(f, &(struct outbox_row){ .case_id = out[0],
	    .handle = "steps", .language = "en", .to_addr = "bo@lind.example",
	    .to_canonical = "bo@lind.example", .domain = "lind.example",
	    .message_id = id, .subject = "Re: It", .text = "Ask." });
	COMMIT(f);
}

/* A number that was given after the copy was made is none of those that are given
 * where the copy is put in place: links and Message-IDs name them. */
static void
test_numbers_after_a_restore(void **state)
{
	struct fixture *f = *state;
	int64_t given[2], again[2];
	char to[100];

	snprintf(to, sizeof to, "%s/copy.db", f->dir);
	/* When none was given yet, and when some were. */
	for (int turn = 0; turn < 2; turn++) {
		OK(f, store_backup(f->s, to, &f->err));
		numbers_take(f, given);
		store_close(&f->s);
		assert_int_equal(rename(to, f->path), 0);
		OK(f, store_open(f->path, STORE_WRITE, &f->s, &f->err));
		OK(f, store_check(f->s, &f->err));
		numbers_take(f, again);
		for (int i = 0; i < 2; i++)
			assert_true(again[i] == given[i] + 100000);
	}
	/* Nothing is left beside it. */
	snprintf(to, sizeof to, "%s/copy.db-journal", f->dir);
	assert_int_equal(access(to, F_OK), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_backup_without_room),
		DB_TEST(test_backup_interrupted),
		DB_TEST(test_numbers_after_a_restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
