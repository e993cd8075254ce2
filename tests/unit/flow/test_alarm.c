/* Alarms: raised once after their patience, told once, over once. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "unit.h"

#include "flow/alarm.h"

#define T0	1800000000
#define MINUTE	60

struct fixture {
	char path[64];
	struct config config;
	struct store *store;
	struct arena *arena;
	struct alarm_facts facts;
	struct alarm_memory memory;
	struct cd_err err;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	int fd;

	strcpy(f->path, "/tmp/consentdesk-alarm.XXXXXX");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	close(fd);
	f->config.files.database = f->path;
	f->config.mailbox.sweep_seconds = f->config.mailbox.idle_seconds = 60;
	f->config.log.alarm_address = "ops@example.com";
	f->config.log.alarm_minutes = 10;
	f->config.log.alarm_free = 1000;
	f->facts.disk_free = 2000;
	f->arena = arena_new();
	log_open(LEVEL_ERROR, false, "test");
	if (store_open(f->path, STORE_WRITE, &f->store, &f->err) != CD_OK)
		fail_msg("%s", f->err.text);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	unlink(f->path);
	arena_free(&f->arena);
	free(f);
	return 0;
}

static void
beat(struct fixture *f, const char *role, const char *state, int64_t now)
{
	const struct role_row row = { role, getpid(), now, state, "{}" };

	if (roles_beat(f->store, &row, &f->err) != CD_OK)
		fail_msg("%s", f->err.text);
}

/* The alarm's state after a look; *owed: a mail is due. */
static enum alarm_state
look(struct fixture *f, enum alarm_kind kind, int64_t now, bool *owed)
{
	struct alarm_row *rows;
	size_t n = 0;

	if (alarm_look(&f->config, f->store, f->arena, &f->facts, &f->memory,
	    now, owed, &f->err) != CD_OK ||
	    alarms_list(f->store, f->arena, &rows, &n, &f->err) != CD_OK)
		fail_msg("%s", f->err.text);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].kind, alarm_kind_name(kind)) == 0)
			return rows[i].state;
	}
	return ALARM_QUIET;
}

static void
told(struct fixture *f, enum alarm_kind kind, enum alarm_state state,
    int64_t since, int64_t at)
{
	const struct alarm_row row = { alarm_kind_name(kind), since, state,
		"why", at };

	if (store_begin(f->store, &f->err) != CD_OK ||
	    alarms_put(f->store, &row, &f->err) != CD_OK ||
	    store_commit(f->store, &f->err) != CD_OK)
		fail_msg("%s", f->err.text);
}

static void
test_imap_needs_patience(void **state)
{
	struct fixture *f = *state;
	bool owed;

	beat(f, "watch", "error: no route to host", T0);
	assert_int_equal(look(f, ALARM_IMAP, T0, &owed), ALARM_QUIET);
	assert_false(owed);
	beat(f, "watch", "connecting", T0 + 5 * MINUTE);
	assert_int_equal(look(f, ALARM_IMAP, T0 + 5 * MINUTE, &owed),
	    ALARM_QUIET);
	/* A good moment in between starts the time anew. */
	beat(f, "watch", "idle", T0 + 6 * MINUTE);
	assert_int_equal(look(f, ALARM_IMAP, T0 + 6 * MINUTE, &owed),
	    ALARM_QUIET);
	beat(f, "watch", "error: refused", T0 + 7 * MINUTE);
	(void)look(f, ALARM_IMAP, T0 + 7 * MINUTE, &owed);
	beat(f, "watch", "error: refused", T0 + 16 * MINUTE);
	assert_int_equal(look(f, ALARM_IMAP, T0 + 16 * MINUTE, &owed),
	    ALARM_QUIET);
	beat(f, "watch", "error: refused", T0 + 17 * MINUTE);
	assert_int_equal(look(f, ALARM_IMAP, T0 + 17 * MINUTE, &owed),
	    ALARM_RAISED);
	assert_true(owed);
}

/* What is told is the cause that was seen last, not the moment it began. */
static void
test_the_cause_is_told(void **state)
{
	struct fixture *f = *state;
	struct alarm_row *rows;
	bool owed;
	size_t n;

	beat(f, "watch", "connecting", T0);
	(void)look(f, ALARM_IMAP, T0, &owed);
	beat(f, "watch", "error: no route to host", T0 + MINUTE);
	(void)look(f, ALARM_IMAP, T0 + MINUTE, &owed);
	beat(f, "watch", "error: login refused", T0 + 9 * MINUTE);
	(void)look(f, ALARM_IMAP, T0 + 9 * MINUTE, &owed);
	beat(f, "watch", "connecting", T0 + 10 * MINUTE);
	assert_int_equal(look(f, ALARM_IMAP, T0 + 10 * MINUTE, &owed),
	    ALARM_RAISED);
	/* It was mailed so. */
	beat(f, "watch", "error: no route to host", T0 + 11 * MINUTE);
	(void)look(f, ALARM_IMAP, T0 + 11 * MINUTE, &owed);
	assert_int_equal(alarms_list(f->store, f->arena, &rows, &n, &f->err),
	    CD_OK);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].why, "watch: error: login refused");
	assert_int_equal(rows[0].since, T0);
}

/* Who wants to know at once means trouble, and no reload. */
static void
test_a_reload_is_no_trouble(void **state)
{
	static const struct {
		const char *state;
		int after_s;
		enum alarm_state is;
	} rows[] = {
		{ "idle", 0, ALARM_QUIET }, { "stopped", 5, ALARM_QUIET },
		{ "connecting", 10, ALARM_QUIET }, { "idle", 15, ALARM_QUIET },
		{ "error: refused", 20, ALARM_RAISED },
		{ "connecting", 25, ALARM_RAISED }, { "idle", 30, ALARM_QUIET },
		/* What never starts again is trouble. */
		{ "stopped", 40, ALARM_QUIET }, { "stopped", 159, ALARM_QUIET },
		{ "stopped", 160, ALARM_RAISED },
	};
	struct fixture *f = *state;
	struct alarm_row *list;
	bool owed;
	size_t n;

	f->config.log.alarm_minutes = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		beat(f, "watch", rows[i].state, T0 + rows[i].after_s);
		if (look(f, ALARM_IMAP, T0 + rows[i].after_s, &owed) !=
		    rows[i].is)
			fail_msg("row %zu", i);
	}
	/* Nor is it the cause of what was before it. */
	f->config.log.alarm_minutes = 10;
	beat(f, "watch", "idle", T0 + 200);
	(void)look(f, ALARM_IMAP, T0 + 200, &owed);
	beat(f, "watch", "error: refused", T0 + 300);
	(void)look(f, ALARM_IMAP, T0 + 300, &owed);
	beat(f, "watch", "stopped", T0 + 900);
	assert_int_equal(look(f, ALARM_IMAP, T0 + 900, &owed), ALARM_RAISED);
	assert_int_equal(alarms_list(f->store, f->arena, &list, &n, &f->err),
	    CD_OK);
	assert_string_equal(list[0].why, "watch: error: refused");
}

static void
test_told_once_and_over_once(void **state)
{
	struct fixture *f = *state;
	bool owed;

	f->facts.disk_free = 999;
	assert_int_equal(look(f, ALARM_DISK, T0, &owed), ALARM_RAISED);
	assert_true(owed);
	told(f, ALARM_DISK, ALARM_TOLD, T0, T0);
	assert_int_equal(look(f, ALARM_DISK, T0 + 9000, &owed), ALARM_TOLD);
	assert_false(owed);
	f->facts.disk_free = 1000;
	assert_int_equal(look(f, ALARM_DISK, T0 + 9001, &owed), ALARM_OVER);
	assert_true(owed);
	told(f, ALARM_DISK, ALARM_QUIET, 0, T0);
	assert_int_equal(look(f, ALARM_DISK, T0 + 9002, &owed), ALARM_QUIET);
	assert_false(owed);
}

/* What comes and goes is mailed once an hour at most. */
static void
test_flapping_is_no_flood(void **state)
{
	struct fixture *f = *state;
	bool owed;

	told(f, ALARM_DISK, ALARM_QUIET, 0, T0);
	f->facts.disk_free = 0;
	assert_int_equal(look(f, ALARM_DISK, T0 + 60, &owed), ALARM_RAISED);
	assert_false(owed);
	f->facts.disk_free = 5000;
	/* Nobody was told, so there is no end to tell. */
	assert_int_equal(look(f, ALARM_DISK, T0 + 70, &owed), ALARM_QUIET);
	assert_false(owed);
	f->facts.disk_free = 0;
	(void)look(f, ALARM_DISK, T0 + 80, &owed);
	assert_false(owed);
	(void)look(f, ALARM_DISK, T0 + 3600, &owed);
	assert_true(owed);
	/* It was by a clock that has been put back since. */
	(void)look(f, ALARM_DISK, T0 - 1, &owed);
	assert_true(owed);
	/* Back before its end was told: it simply goes on. */
	told(f, ALARM_DISK, ALARM_OVER, 0, T0 + 3600);
	assert_int_equal(look(f, ALARM_DISK, T0 + 3700, &owed), ALARM_TOLD);
	assert_false(owed);
}

static void
test_each_kind(void **state)
{
	struct fixture *f = *state;
	bool owed;

	beat(f, "watch", "error: token alarm: AADSTS7000222", T0);
	assert_int_equal(look(f, ALARM_TOKEN, T0, &owed), ALARM_RAISED);
	beat(f, "watch", "idle", T0 + 1);
	assert_int_equal(look(f, ALARM_TOKEN, T0 + 1, &owed), ALARM_QUIET);
	f->facts.token_trouble = "invalid_client";
	assert_int_equal(look(f, ALARM_TOKEN, T0 + 2, &owed), ALARM_RAISED);
	assert_int_equal(look(f, ALARM_BRAKE, T0 + 2, &owed), ALARM_QUIET);
	assert_int_equal(store_begin(f->store, &f->err), CD_OK);
	assert_int_equal(brake_set(f->store, T0, "500 an hour", &f->err),
	    CD_OK);
	assert_int_equal(store_commit(f->store, &f->err), CD_OK);
	assert_int_equal(look(f, ALARM_BRAKE, T0 + 3, &owed), ALARM_RAISED);
	beat(f, "main", "error: the newest is refused; failing: watch has died 3 "
	    "times", T0 + 3);
	assert_int_equal(look(f, ALARM_ROLE, T0 + 3, &owed), ALARM_RAISED);
	beat(f, "main", "running", T0 + 4);
	assert_int_equal(look(f, ALARM_ROLE, T0 + 4, &owed), ALARM_QUIET);
	f->facts.disk_free = -1;
	assert_int_equal(look(f, ALARM_DISK, T0 + 3, &owed), ALARM_QUIET);
	assert_int_equal(look(f, ALARM_VENDOR, T0 + 3, &owed), ALARM_QUIET);
}

/* Two moments of it with a stop between them are none that lasts. */
static void
test_a_stop_is_no_trouble(void **state)
{
	const int64_t start = T0 + 60 * MINUTE;
	struct fixture *f = *state;
	bool owed;

	beat(f, "watch", "error: no route to host", T0);
	assert_int_equal(look(f, ALARM_IMAP, T0, &owed), ALARM_QUIET);
	f->facts.first_look = true;
	beat(f, "watch", "error: no route to host", start);
	assert_int_equal(look(f, ALARM_IMAP, start, &owed), ALARM_QUIET);
	f->facts.first_look = false;
	assert_int_equal(look(f, ALARM_IMAP, start + 9 * MINUTE, &owed),
	    ALARM_QUIET);
	assert_int_equal(look(f, ALARM_IMAP, start + 10 * MINUTE, &owed),
	    ALARM_RAISED);
}

/* It lasts over the hourly end of a session, and is over when the folder is read. */
static void
test_the_sent_folder(void **state)
{
	const char unread[] = "idle: the Sent folder cannot be opened or read";
	struct fixture *f = *state;
	bool owed;

	beat(f, "watch", unread, T0);
	assert_int_equal(look(f, ALARM_SENT, T0, &owed), ALARM_QUIET);
	beat(f, "watch", "connecting", T0 + 5 * MINUTE);
	assert_int_equal(look(f, ALARM_SENT, T0 + 5 * MINUTE, &owed),
	    ALARM_QUIET);
	beat(f, "watch", unread, T0 + 10 * MINUTE);
	assert_int_equal(look(f, ALARM_SENT, T0 + 10 * MINUTE, &owed),
	    ALARM_RAISED);
	assert_true(owed);
	beat(f, "watch", "error: no route to host", T0 + 20 * MINUTE);
	assert_int_equal(look(f, ALARM_SENT, T0 + 20 * MINUTE, &owed),
	    ALARM_RAISED);
	told(f, ALARM_SENT, ALARM_TOLD, T0, T0 + 20 * MINUTE);
	beat(f, "watch", "polling", T0 + 30 * MINUTE);
	assert_int_equal(look(f, ALARM_SENT, T0 + 30 * MINUTE, &owed),
	    ALARM_OVER);
	/* One moment of it before a stop is none at the next start. */
	told(f, ALARM_SENT, ALARM_QUIET, 0, T0);
	beat(f, "watch", unread, T0 + 31 * MINUTE);
	(void)look(f, ALARM_SENT, T0 + 31 * MINUTE, &owed);
	beat(f, "watch", "stopped", T0 + 32 * MINUTE);
	(void)look(f, ALARM_SENT, T0 + 32 * MINUTE, &owed);
	beat(f, "watch", "connecting", T0 + 50 * MINUTE);
	assert_int_equal(look(f, ALARM_SENT, T0 + 50 * MINUTE, &owed),
	    ALARM_QUIET);
	beat(f, "watch", "idle", T0 + 51 * MINUTE);
	assert_int_equal(look(f, ALARM_SENT, T0 + 51 * MINUTE, &owed),
	    ALARM_QUIET);
	/* Nor is another one soon after it. */
	beat(f, "watch", unread, T0 + 52 * MINUTE);
	(void)look(f, ALARM_SENT, T0 + 52 * MINUTE, &owed);
	f->facts.first_look = true;
	beat(f, "watch", "connecting", T0 + 99 * MINUTE);
	(void)look(f, ALARM_SENT, T0 + 99 * MINUTE, &owed);
	f->facts.first_look = false;
	beat(f, "watch", unread, T0 + 100 * MINUTE);
	assert_int_equal(look(f, ALARM_SENT, T0 + 100 * MINUTE, &owed),
	    ALARM_QUIET);
	assert_int_equal(look(f, ALARM_SENT, T0 + 109 * MINUTE, &owed),
	    ALARM_RAISED);
	/* Where it was well, a new session is no trouble. */
	told(f, ALARM_SENT, ALARM_QUIET, 0, T0);
	beat(f, "watch", "connecting", T0 + 110 * MINUTE);
	assert_int_equal(look(f, ALARM_SENT, T0 + 120 * MINUTE, &owed),
	    ALARM_QUIET);
}

/* It lasts while the role tries, and what a person has stopped is none of it. */
static void
test_answers_that_do_not_go_out(void **state)
{
	struct fixture *f = *state;
	bool owed;

	beat(f, "send", "error: 550 5.7.60 not as this sender", T0);
	assert_int_equal(look(f, ALARM_SMTP, T0, &owed), ALARM_QUIET);
	beat(f, "send", "sending", T0 + 5 * MINUTE);
	assert_int_equal(look(f, ALARM_SMTP, T0 + 5 * MINUTE, &owed),
	    ALARM_QUIET);
	beat(f, "send", "error: 550 5.7.60 not as this sender", T0 + 10 * MINUTE);
	assert_int_equal(look(f, ALARM_SMTP, T0 + 10 * MINUTE, &owed),
	    ALARM_RAISED);
	assert_true(owed);
	told(f, ALARM_SMTP, ALARM_TOLD, T0, T0 + 10 * MINUTE);
	beat(f, "send", "idle", T0 + 11 * MINUTE);
	assert_int_equal(look(f, ALARM_SMTP, T0 + 11 * MINUTE, &owed),
	    ALARM_OVER);
	told(f, ALARM_SMTP, ALARM_QUIET, 0, T0);
	beat(f, "send", "error: token alarm: refused", T0 + 20 * MINUTE);
	(void)look(f, ALARM_SMTP, T0 + 20 * MINUTE, &owed);
	assert_int_equal(look(f, ALARM_SMTP, T0 + 40 * MINUTE, &owed),
	    ALARM_QUIET);
}

/* No file may grow, as on a full disk: it is owed all the same, begins once, and is
 * written when there is room. */
static void
test_a_disk_that_takes_no_row(void **state)
{
	struct fixture *f = *state;
	struct rlimit had, none;
	enum cd_rc rc[3];
	bool owed[3] = { false };

	f->facts.disk_free = 0;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &had), 0);
	none = (struct rlimit){ 0, had.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	for (int i = 0; i < 3; i++)
		rc[i] = alarm_look(&f->config, f->store, f->arena, &f->facts,
		    &f->memory, T0 + 5 * i, &owed[i], &f->err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &had), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_not_equal(rc[i], CD_OK);
		assert_true(owed[i]);
	}
	assert_true(f->memory.kinds[ALARM_DISK].unwritten);
	assert_int_equal(f->memory.kinds[ALARM_DISK].row.since, T0);
	assert_int_equal(look(f, ALARM_DISK, T0 + 20, &owed[0]), ALARM_RAISED);
	assert_true(owed[0]);
	assert_false(f->memory.kinds[ALARM_DISK].unwritten);
}

static void
test_without_an_address_nothing_is_owed(void **state)
{
	struct fixture *f = *state;
	bool owed;

	f->config.log.alarm_address = NULL;
	f->facts.disk_free = 0;
	assert_int_equal(look(f, ALARM_DISK, T0, &owed), ALARM_RAISED);
	assert_false(owed);
}

#define ALARM_TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ALARM_TEST(test_imap_needs_patience),
		ALARM_TEST(test_the_cause_is_told),
		ALARM_TEST(test_a_reload_is_no_trouble),
		ALARM_TEST(test_told_once_and_over_once),
		ALARM_TEST(test_flapping_is_no_flood),
		ALARM_TEST(test_each_kind),
		ALARM_TEST(test_a_stop_is_no_trouble),
		ALARM_TEST(test_the_sent_folder),
		ALARM_TEST(test_answers_that_do_not_go_out),
		ALARM_TEST(test_a_disk_that_takes_no_row),
		ALARM_TEST(test_without_an_address_nothing_is_owed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
