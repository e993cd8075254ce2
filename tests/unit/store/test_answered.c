/* Message-IDs that people of ours have answered: known for a while, and not too many. */
#include "fixture.h"
#include "store/answered.h"

static bool
has(struct fixture *f, const char *id)
{
	bool known = false;

	OK(f, answered_has(f->s, id, &known, &f->err));
	return known;
}

static void
test_age(void **state)
{
	struct fixture *f = *state;

	BEGIN(f);
	OK(f, answered_add(f->s, "a@x", 1000, &f->err));
	OK(f, answered_add(f->s, "b@x", 2000, &f->err));
	/* By two mails: the newer one counts. */
	OK(f, answered_add(f->s, "c@x", 2000, &f->err));
	OK(f, answered_add(f->s, "c@x", 1000, &f->err));
	OK(f, answered_purge(f->s, 1001, &f->err));
	COMMIT(f);
	assert_false(has(f, "a@x"));
	assert_true(has(f, "b@x"));
	assert_true(has(f, "c@x"));
	assert_false(has(f, "C@x"));
}

static void
test_number(void **state)
{
	struct fixture *f = *state;
	char id[32];

	BEGIN(f);
	for (int i = 0; i < CD_MAX_ANSWERED + 2; i++) {
		snprintf(id, sizeof id, "%d@x", i);
		OK(f, answered_add(f->s, id, 1000, &f->err));
	}
	OK(f, answered_purge(f->s, 0, &f->err));
	COMMIT(f);
	assert_false(has(f, "0@x"));
	assert_false(has(f, "1@x"));
	assert_true(has(f, "2@x"));
	assert_true(has(f, id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_age),
		DB_TEST(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
