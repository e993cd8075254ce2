/* What a role may still open: each try is a child's, for rights do not come
 * back. */
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "io/sandbox.h"
#include "role/session.h"

static char top[] = "/tmp/cd-session-XXXXXX";
static struct arena *arena;

static const char *
in(const char *name)
{
	return arena_printf(arena, "%s/%s", top, name);
}

static void
put(const char *name)
{
	int fd = open(in(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static bool
can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool
can_find(const char *host)
{
	struct addrinfo *found = NULL;
	int rc = getaddrinfo(host, "993", NULL, &found);

	if (rc == 0)
		freeaddrinfo(found);
	return rc == 0;
}

static struct config
config(void)
{
	return (struct config){
		.mailbox = { .ca_file = in("etc/ca.pem"),
			.password_file = in("etc/mailbox-password") },
		.smtp = { .password_file = in("etc/smtp-password") },
		.oauth2 = { .client_secret_file = "client-secret",
			.key_file = in("etc/key"),
			.refresh_token_file = in("tokens/refresh") },
		.files = { .database = in("link.db") },
	};
}

/* 0, or the line of the first wrong right. */
static int
wrong(bool tokens)
{
	const struct config c = config();
	struct cd_err err = { "" };

	if ((tokens ? role_sandbox_tokens(&c, &err) : role_sandbox(&c, &err)) !=
	    CD_OK)
		return __LINE__;
	if (!can_open("/etc/hosts", O_RDONLY) || !can_find("localhost"))
		return __LINE__;
	if (can_open("/etc/passwd", O_RDONLY) || can_open("/etc", O_RDONLY) ||
	    can_open("/run", O_RDONLY) || can_open("/", O_RDONLY) ||
	    can_open("/tmp", O_RDONLY))
		return __LINE__;
	if (!can_open(in("etc/ca.pem"), O_RDONLY) ||
	    can_open(in("etc/ca.pem"), O_RDWR) || can_open(in("etc"), O_RDONLY))
		return __LINE__;
	if (can_open(in("etc/mailbox-password"), O_RDONLY) ||
	    can_open(in("etc/smtp-password"), O_RDONLY) ||
	    can_open(in("etc/other"), O_RDONLY) ||
	    can_open(in("credentials/smtp-password"), O_RDONLY))
		return __LINE__;
	if (can_open(in("etc/key"), O_RDONLY) != tokens ||
	    can_open(in("credentials/client-secret"), O_RDONLY) != tokens ||
	    can_open(in("tokens/refresh"), O_RDWR) != tokens ||
	    can_open(in("tokens/new"), O_WRONLY | O_CREAT) != tokens)
		return __LINE__;
	/* By whatever name it goes. */
	if (!can_open(in("link.db"), O_RDWR) ||
	    !can_open(in("var/desk.db-wal"), O_RDWR | O_CREAT))
		return __LINE__;
	return 0;
}

static bool
has_landlock(void)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct cd_err err;

		_exit(sandbox_apply(NULL, 0, NULL, 0, &err) == CD_OK);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WEXITSTATUS(status) == 1;
}

static void
test_a_role_reaches_no_other_files(void **state)
{
	(void)state;
	if (!has_landlock()) {
		print_message("this kernel has no Landlock\n");
		return;
	}
	for (int tokens = 0; tokens < 2; tokens++) {
		int status;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			_exit(wrong(tokens));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		if (WEXITSTATUS(status) != 0)
			fail_msg("tokens %d: line %d", tokens,
			    WEXITSTATUS(status));
	}
}

/* A file in the place of one that was allowed by itself is seen. */
static void
test_a_file_put_in_its_place(void **state)
{
	const struct config c = config();
	struct role_files f = { 0 };

	(void)state;
	assert_null(role_files_look(&f, arena, &c));
	assert_null(role_files_look(&f, arena, &c));
	put("etc/new");
	assert_int_equal(rename(in("etc/new"), in("etc/ca.pem")), 0);
	assert_string_equal(role_files_look(&f, arena, &c), in("etc/ca.pem"));
	assert_null(role_files_look(&f, arena, &c));
	/* Gone for a moment, and there again; or for good. */
	put("etc/new");
	assert_int_equal(unlink(in("etc/key")), 0);
	assert_null(role_files_look(&f, arena, &c));
	assert_int_equal(rename(in("etc/new"), in("etc/key")), 0);
	assert_string_equal(role_files_look(&f, arena, &c), in("etc/key"));
	put("credentials/new");
	assert_int_equal(rename(in("credentials/new"),
	    in("credentials/client-secret")), 0);
	assert_non_null(role_files_look(&f, arena, &c));
	/* Written anew it may be read on. */
	put("etc/ca.pem");
	assert_int_equal(chmod(in("etc/ca.pem"), 0644), 0);
	assert_null(role_files_look(&f, arena, &c));
	/* No news: it lies in a folder that is allowed whole. */
	put("tokens/new");
	assert_int_equal(rename(in("tokens/new"), in("tokens/refresh")), 0);
	assert_null(role_files_look(&f, arena, &c));
}

static const char *const folders[] = { "etc", "credentials", "tokens", "var" };
static const char *const files[] = { "etc/ca.pem", "etc/key", "etc/other",
	"etc/mailbox-password", "etc/smtp-password", "tokens/refresh",
	"credentials/client-secret", "credentials/smtp-password",
	"var/desk.db" };

static int
setup(void **state)
{
	(void)state;
	arena = arena_new();
	if (!mkdtemp(top))
		return -1;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		assert_int_equal(mkdir(in(folders[i]), 0700), 0);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		put(files[i]);
	assert_int_equal(symlink(in("var/desk.db"), in("link.db")), 0);
	return setenv("CREDENTIALS_DIRECTORY", in("credentials"), 1);
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		remove(in(files[i]));
	remove(in("tokens/new"));
	remove(in("var/desk.db-wal"));
	remove(in("link.db"));
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		remove(in(folders[i]));
	remove(top);
	arena_free(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_role_reaches_no_other_files),
		cmocka_unit_test(test_a_file_put_in_its_place),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
