#include <poll.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "io/password.h"
#include "role/passwords.h"

static enum password_answer
wait_for(struct passwords *p, int64_t ticket)
{
	enum password_answer answer = passwords_answer(p, ticket);
	struct pollfd news = { .fd = p->news, .events = POLLIN };

	while (answer == PASSWORD_LATER) {
		assert_int_equal(poll(&news, 1, 60000), 1);
		assert_true(passwords_collect(p));
		answer = passwords_answer(p, ticket);
	}
	return answer;
}

static void
test_right_and_wrong(void **state)
{
	struct arena *a = arena_new();
	struct passwords p;
	struct cd_err err = { "" };
	const char *hash;

	(void)state;
	assert_true(passwords_open(&p));
	assert_int_equal(password_hash(a, "right", &hash, &err), CD_OK);
	assert_int_equal(passwords_answer(&p, 1), PASSWORD_NOT_ASKED);
	assert_true(passwords_ask(&p, 1, "right", hash));
	assert_true(passwords_ask(&p, 2, "wrong", hash));
	/* Two at a time. */
	assert_false(passwords_ask(&p, 3, "right", hash));
	assert_int_equal(wait_for(&p, 2), PASSWORD_WRONG);
	assert_int_equal(passwords_answer(&p, 2), PASSWORD_NOT_ASKED);
	assert_true(passwords_ask(&p, 3, "right", "no hash"));
	assert_int_equal(wait_for(&p, 1), PASSWORD_RIGHT);
	assert_int_equal(wait_for(&p, 3), PASSWORD_WRONG);
	/* What still runs is ended. */
	assert_true(passwords_ask(&p, 4, "right", hash));
	passwords_close(&p);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right_and_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
