/* What `status` complains of. */
#include <string.h>

#include "unit.h"

#include "flow/health.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_wrong_with_a_role),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
