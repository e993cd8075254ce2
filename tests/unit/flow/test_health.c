/* What `status` complains of. */
#include <inttypes.h>
#include <string.h>

#include "fixture.h"
#include "flow/health.h"
#include "store/roles.h"

static void
test_what_is_wrong_with_a_role(void **state)
{
	static const struct {
		const char *role, *state;
		int64_t age;
		const char *says;	/* NULL: nothing */
	} rows[] = {
		{ "send", "idle", 10, NULL },
		{ "send", "idle", 91, "send gave no sign of life for 91 s" },
		{ "watch", "idle", 91, NULL },
		{ "watch", "idle", 400, "watch gave no sign of life for 400 s" },
		{ "watch", "connecting", 10, "watch is connecting" },
		{ "send", "stopped", 400, "send is stopped" },
		{ "send", "error: no route", 10, "send: error: no route" },
		{ "main", "failing: web has died", 10,
		    "main: failing: web has died" },
		/* Silent after trouble: the trouble is what helps. */
		{ "send", "error: no route", 100, "send gave no sign of life "
		    "for 100 s; its last word was error: no route" },
	};
	struct config c = { .mailbox = { .sweep_seconds = 300,
		.idle_seconds = 540 } };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct role_row row = { .role = rows[i].role,
			.state = rows[i].state, .beat = 10000 - rows[i].age };
		const char *says = health_complaint(a, &c, &row, 10000);

		if (strcmp(says ? says : "", rows[i].says ? rows[i].says : ""))
			fail_msg("row %zu: %s", i, says ? says : "nothing");
	}
	arena_free(&a);
}

/* Whoever waits for alarms by mail waits in vain. */
static void
test_an_alarm_that_is_not_mailed(void **state)
{
	struct role_row row = { "send", getpid(), 0, "idle",
		"{\"alarm_unsent\":\"550 not from nobody\"}" };
	struct fixture f;
	struct health h;

	(void)state;
	assert_int_equal(open_desk(&f, "[web]\nlisten =\n"), 0);
	row.beat = f.now;
	OK(roles_beat(f.store, &row, NULL));
	row.role = "watch";
	row.data = "{}";
	OK(roles_beat(f.store, &row, NULL));
	OK(health_read(f.config, f.store, f.arena, f.now, &h, NULL));
	assert_false(h.healthy);
	assert_string_equal(h.why, "an alarm could not be mailed: 550 not from "
	    "nobody");
	close_desk(&f);
}

static const char *
complaint(struct fixture *f, int64_t last_send)
{
	struct role_row row = { "send", getpid(), f->now, "idle",
		arena_printf(f->arena, "{\"last_send\":%" PRId64 "}", last_send) };
	struct health h;

	OK(roles_beat(f->store, &row, NULL));
	row.role = "watch";
	OK(roles_beat(f->store, &row, NULL));
	OK(health_read(f->config, f->store, f->arena, f->now, &h, NULL));
	assert_int_equal(h.healthy, h.why[0] == '\0');
	return h.why;
}

/* What the server refuses again and again may be one recipient's matter, as long as
 * anything else goes out. */
static void
test_nothing_goes_out(void **state)
{
	struct outbox_row *rows;
	struct fixture f;
	int64_t asked;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, "[web]\nlisten =\n"), 0);
	asked = f.now;
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	for (int i = 0; i < 5; i++) {
		assert_string_equal(complaint(&f, asked - 60), "");
		f.now += 100;
		OK(outbox_claim(f.store, f.arena, f.now, 60, 100, &rows, &n,
		    NULL));
		assert_int_equal(n, 1);
		OK(store_begin(f.store, NULL));
		OK(outbox_step(f.store, rows[0].id, OUTBOX_QUEUED, f.now + 60,
		    f.now, "553 not yours", NULL));
		OK(store_commit(f.store, NULL));
	}
	assert_string_equal(complaint(&f, asked + 30), "");
	assert_non_null(strstr(complaint(&f, asked - 60), "nothing has gone out "
	    "since 2026-"));
	assert_non_null(strstr(complaint(&f, 0), ": 553 not yours"));
	close_desk(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_goes_out),
		cmocka_unit_test(test_what_is_wrong_with_a_role),
		cmocka_unit_test(test_an_alarm_that_is_not_mailed),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
