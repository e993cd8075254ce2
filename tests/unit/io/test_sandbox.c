/* Rights that went do not come back: each try is a child's. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "io/sandbox.h"

enum { FAILED = 1, FINE = 0, NO_LANDLOCK = 77 };

static char top[] = "/tmp/cd-sandbox-XXXXXX";

static bool
can_open(const char *folder, const char *name, int flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, "%s/%s/%s", top, folder, name);
	fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int
boxed(void)
{
	char read_path[64], write_path[64];
	const char *reads[] = { read_path, "/no/such/folder" };
	const char *writes[] = { write_path };
	struct rlimit core;
	struct cd_err err;
	enum cd_rc rc;

	snprintf(read_path, sizeof read_path, "%s/r", top);
	snprintf(write_path, sizeof write_path, "%s/w", top);
	rc = sandbox_apply(reads, 2, writes, 1, &err);
	if (rc != CD_OK && rc != CD_ABSENT)
		return FAILED;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 ||
	    prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0)
		return FAILED;
	if (rc == CD_ABSENT)
		return strstr(err.text, "Landlock") ? NO_LANDLOCK : FAILED;
	return can_open("r", "file", O_RDONLY) &&
	    !can_open("r", "file", O_WRONLY) &&
	    !can_open("r", "new", O_WRONLY | O_CREAT) &&
	    can_open("w", "file", O_RDWR) &&
	    can_open("w", "file", O_WRONLY | O_TRUNC) &&
	    can_open("w", "new", O_WRONLY | O_CREAT) &&
	    !can_open("other", "file", O_RDONLY) ? FINE : FAILED;
}

static void
test_sandbox(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(boxed());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_LANDLOCK)
		print_message("this kernel has no Landlock\n");
	else
		assert_int_equal(WEXITSTATUS(status), FINE);
}

static int
setup(void **state)
{
	static const char *const folders[] = { "r", "w", "other" };

	(void)state;
	if (!mkdtemp(top))
		return -1;
	for (size_t i = 0; i < 3; i++) {
		char path[64];

		snprintf(path, sizeof path, "%s/%s", top, folders[i]);
		if (mkdir(path, 0700) != 0 ||
		    !can_open(folders[i], "file", O_WRONLY | O_CREAT))
			return -1;
	}
	return 0;
}

static int
teardown(void **state)
{
	static const char *const paths[] = { "r/file", "w/file", "w/new",
		"other/file", "r", "w", "other", "" };

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		char path[64];

		snprintf(path, sizeof path, "%s/%s", top, paths[i]);
		remove(path);
	}
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sandbox),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
