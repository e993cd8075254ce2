/* By which name the place in a mailbox is kept. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

#include "role/place.h"

static const char *
named(struct store *s, struct arena *a, const char *user, const char *folder)
{
	struct config c = { .mailbox = { .host = "imap.us.example",
	    .user = (char *)user, .folder = (char *)folder } };
	struct cd_err err = { "" };
	const char *name = NULL, *known = NULL;

	if (place_name(s, a, &c, folder, &name, &known, &err) != CD_OK)
		fail_msg("%s", err.text);
	return known ? known : name;
}

static void
read_before(struct store *s, const char *name, int64_t at)
{
	const struct cursor c = { .uidvalidity = 7, .next_uid = 1 };
	struct cd_err err = { "" };

	assert_int_equal(store_begin(s, &err), CD_OK);
	assert_int_equal(cursor_set(s, name, &c, at, &err), CD_OK);
	assert_int_equal(store_commit(s, &err), CD_OK);
}

static void
test_names(void **state)
{
	static const struct {
		const char *before, *user, *folder, *name;
	} rows[] = {
		/* Never read. */
		{ NULL, "desk", "inbox", "desk@imap.us.example/INBOX" },
		{ NULL, "desk", "Sent", "desk@imap.us.example/Sent" },
		/* The same, by another name. */
		{ "desk@old.example/INBOX", "desk", "INBOX", NULL },
		{ "desk@imap.us.example/Inbox", "desk", "INBOX", NULL },
		{ "desk@imap.us.example/INBOX", "Desk", "inbox", NULL },
		{ "desk@imap.us.example/INBOX", "desk@us.example", "INBOX",
		    NULL },
		{ "US\\desk@imap.us.example/INBOX", "desk@us.example", "INBOX",
		    NULL },
		{ "desk@us.example@old.example/A/B", "desk", "A/B", NULL },
		/* Another one. */
		{ "desk@imap.us.example/INBOX", "help", "INBOX",
		    "help@imap.us.example/INBOX" },
		{ "desk@us.example@imap.us.example/INBOX", "desk@them.example",
		    "INBOX", "desk@them.example@imap.us.example/INBOX" },
		{ "desk@imap.us.example/sent", "desk", "Sent",
		    "desk@imap.us.example/Sent" },
		{ "desk@imap.us.example/A/INBOX", "desk", "INBOX",
		    "desk@imap.us.example/INBOX" },
		{ "INBOX", "desk", "INBOX", "desk@imap.us.example/INBOX" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char path[] = "/tmp/cd-place-XXXXXX";
		struct arena *a = arena_new();
		struct cd_err err = { "" };
		struct store *s;

		close(mkstemp(path));
		assert_int_equal(store_open(path, STORE_WRITE, &s, &err), CD_OK);
		if (rows[i].before)
			read_before(s, rows[i].before, 1000);
		assert_string_equal(named(s, a, rows[i].user, rows[i].folder),
		    rows[i].name ? rows[i].name : rows[i].before);
		/* Of two the one that was read last. */
		read_before(s, "desk@a.example/INBOX", 3000);
		read_before(s, "desk@imap.us.example/INBOX", 2000);
		assert_string_equal(named(s, a, "desk", "INBOX"),
		    "desk@a.example/INBOX");
		store_close(&s);
		unlink(path);
		unlink(arena_printf(a, "%s-wal", path));
		unlink(arena_printf(a, "%s-shm", path));
		arena_free(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
