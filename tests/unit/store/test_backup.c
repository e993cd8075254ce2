#include <signal.h>
#include <sys/resource.h>
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_backup_without_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
