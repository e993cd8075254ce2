#include "fixture.h"

#include "store/accounts.h"
#include "store/sessions.h"

static void
an_account(struct fixture *f, const char *name)
{
	struct account_row r = { name, "agent", "scrypt$x", 10 };

	BEGIN(f);
	OK(f, accounts_put(f->s, &r, &f->err));
	COMMIT(f);
}

static void
signed_in(struct fixture *f, const char *secret, int64_t now)
{
	BEGIN(f);
	OK(f, sessions_add(f->s, secret, "maria", "form", now, &f->err));
	COMMIT(f);
}

static enum cd_rc
get(struct fixture *f, const char *secret, int64_t now,
    struct session_row *out)
{
	return sessions_get(f->s, f->a, secret, now, out, &f->err);
}

static void
test_only_a_hash_is_kept(void **state)
{
	struct fixture *f = *state;
	struct session_row r;

	an_account(f, "maria");
	signed_in(f, "secret-of-the-cookie", 1000);
	assert_int_equal(get(f, "secret-of-the-cookie", 1000, &r), CD_OK);
	assert_string_equal(r.account, "maria");
	assert_string_equal(r.role, "agent");
	assert_string_equal(r.csrf, "form");
	assert_int_equal(get(f, "another", 1000, &r), CD_ABSENT);
	/* What is stored opens nothing. */
	assert_int_equal(get(f, "02955ae107a400acce065d6921bdeec0"
	    "27b74846603af90bd06d0124459428f8", 1000, &r),
	    CD_ABSENT);
}

static void
test_ends_when_idle_and_when_old(void **state)
{
	struct fixture *f = *state;
	struct session_row r;
	int64_t now = 1000;

	an_account(f, "maria");
	signed_in(f, "s", now);
	assert_int_equal(get(f, "s", now + SESSION_IDLE_S - 1, &r), CD_OK);
	assert_int_equal(get(f, "s", now + SESSION_IDLE_S, &r), CD_ABSENT);
	for (; now < 1000 + SESSION_LIFE_S; now += SESSION_IDLE_S / 2) {
		BEGIN(f);
		OK(f, sessions_touch(f->s, "s", now, &f->err));
		COMMIT(f);
		assert_int_equal(get(f, "s", now, &r), CD_OK);
	}
	assert_int_equal(get(f, "s", 1000 + SESSION_LIFE_S, &r), CD_ABSENT);
}

static void
test_ends_with_the_account(void **state)
{
	struct fixture *f = *state;
	struct session_row r;

	an_account(f, "maria");
	signed_in(f, "one", 1000);
	signed_in(f, "two", 1000);
	BEGIN(f);
	OK(f, sessions_end(f->s, "one", &f->err));
	OK(f, sessions_end(f->s, "one", &f->err));
	COMMIT(f);
	assert_int_equal(get(f, "one", 1000, &r), CD_ABSENT);
	assert_int_equal(get(f, "two", 1000, &r), CD_OK);
	BEGIN(f);
	OK(f, accounts_remove(f->s, "maria", &f->err));
	COMMIT(f);
	assert_int_equal(get(f, "two", 1000, &r), CD_ABSENT);
	BEGIN(f);
	assert_int_equal(sessions_add(f->s, "three", "maria", "form", 1000,
	    &f->err), CD_ABSENT);
	COMMIT(f);
}

static void
test_a_new_password_ends_all(void **state)
{
	struct fixture *f = *state;
	struct session_row r;

	an_account(f, "maria");
	signed_in(f, "one", 1000);
	signed_in(f, "two", 1000);
	BEGIN(f);
	OK(f, sessions_end_all(f->s, "maria", &f->err));
	COMMIT(f);
	assert_int_equal(get(f, "one", 1000, &r), CD_ABSENT);
	assert_int_equal(get(f, "two", 1000, &r), CD_ABSENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_only_a_hash_is_kept),
		DB_TEST(test_ends_when_idle_and_when_old),
		DB_TEST(test_ends_with_the_account),
		DB_TEST(test_a_new_password_ends_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
