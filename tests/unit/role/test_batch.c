/* A mail that the server names and does not give: asked for again and again,
 * passed by at last. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "role/batch.h"

static char path[64];
static struct store *store;
static struct arena *arena;

static int
setup(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/consentdesk-batch.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	arena = arena_new();
	assert_int_equal(store_open(path, STORE_WRITE, &store, NULL), CD_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	store_close(&store);
	unlink(path);
	arena_free(&arena);
	return 0;
}

/* How often a batch of two is refused before it is there; second: the bytes of
 * its other mail. */
static int
refusals(const char *mailbox, const char *second, struct intake_batch *batch)
{
	const struct imap_mail fetched[] = {
		{ .uid = 4, .why = "imap h:1: NO [UNAVAILABLE] later" },
		{ .uid = 5, .raw = str_of(second) },
	};
	struct cd_err err = { "" };
	int n = 0;

	*batch = (struct intake_batch){ .mailbox = mailbox,
		.cursor = { .uidvalidity = 7 } };
	while (batch_fill(store, arena, batch, fetched, 2, false, &err) !=
	    CD_OK) {
		assert_int_equal(batch->n, 0);
		assert_non_null(strstr(err.text, "the server has mail "));
		assert_true(*second == 0 || strstr(err.text, "mail 4 and does "
		    "not give it: imap h:1: NO [UNAVAILABLE] later"));
		assert_true(++n < 100);
	}
	return n;
}

static void
test_not_given(void **state)
{
	struct intake_batch batch;

	(void)state;
	/* That mail alone is bad. */
	assert_int_equal(refusals("m", "hello", &batch), 3);
	assert_int_equal(batch.n, 2);
	assert_int_equal(batch.mails[0].uid, 4);
	assert_true(batch.mails[0].poison);
	assert_false(batch.mails[1].poison);
	assert_true(str_eq(batch.mails[1].raw, STR("hello")));
	/* It gives nothing: that is the server's weather for longer. */
	assert_int_equal(refusals("n", "", &batch), 8);
	assert_true(batch.mails[0].poison && batch.mails[1].poison);
}

/* What is given ahead of it is handed on, and it is not counted for that. */
static void
test_given_ahead(void **state)
{
	const struct imap_mail fetched[] = {
		{ .uid = 1, .raw = STR("a") }, { .uid = 2, .raw = STR("b") },
		{ .uid = 3 }, { .uid = 4, .raw = STR("d") }, { .uid = 5 },
		{ .uid = 6, .raw = STR("f") },
	};
	struct intake_batch batch = { .mailbox = "a",
		.cursor = { .uidvalidity = 7 } };

	(void)state;
	for (int i = 0; i < 9; i++) {
		assert_int_equal(batch_fill(store, arena, &batch, fetched, 6,
		    false, NULL), CD_OK);
		assert_int_equal(batch.n, 2);
		assert_false(batch.mails[1].poison);
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(batch_fill(store, arena, &batch, fetched + 2,
		    4, false, NULL), CD_AGAIN);
	/* Given up, it goes with what is given behind it. */
	assert_int_equal(batch_fill(store, arena, &batch, fetched + 2, 4, false,
	    NULL), CD_OK);
	assert_int_equal(batch.n, 2);
	assert_true(batch.mails[0].poison);
	/* The other one was as often asked for. */
	assert_int_equal(batch_fill(store, arena, &batch, fetched + 4, 2, false,
	    NULL), CD_OK);
	assert_int_equal(batch.n, 2);
	assert_true(batch.mails[0].poison);
	assert_false(batch.mails[1].poison);
}

/* After a crash each try counts, and a mail that is given is none too many. */
static void
test_careful(void **state)
{
	const struct imap_mail fetched = { .uid = 9, .raw = STR("x") };
	struct intake_batch batch = { .mailbox = "c",
		.cursor = { .uidvalidity = 7 } };

	(void)state;
	for (int i = 1; i <= 4; i++) {
		assert_int_equal(batch_fill(store, arena, &batch, &fetched, 1,
		    true, NULL), CD_OK);
		assert_int_equal(batch.mails[0].poison, i > 3);
	}
	assert_int_equal(batch_fill(store, arena, &batch, &fetched, 1, false,
	    NULL), CD_OK);
	assert_false(batch.mails[0].poison);
}

/* What was not given while the server had its weather says nothing of the mail. */
static void
test_given_at_last(void **state)
{
	struct imap_mail fetched = { .uid = 9 };
	struct intake_batch batch = { .mailbox = "g",
		.cursor = { .uidvalidity = 7 } };

	(void)state;
	for (int i = 0; i < 6; i++)
		assert_int_equal(batch_fill(store, arena, &batch, &fetched, 1,
		    i % 2, NULL), CD_AGAIN);
	fetched.raw = STR("x");
	for (int i = 1; i <= 4; i++) {
		assert_int_equal(batch_fill(store, arena, &batch, &fetched, 1,
		    true, NULL), CD_OK);
		assert_int_equal(batch.mails[0].poison, i > 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_not_given, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_given_ahead, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_careful, setup, teardown),
		cmocka_unit_test_setup_teardown(test_given_at_last, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
