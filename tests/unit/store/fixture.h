#ifndef CD_TESTS_STORE_FIXTURE_H
#define CD_TESTS_STORE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "store/cases.h"
#include "store/db.h"
#include "store/mails.h"
#include "store/outbox.h"

/* A real database in a folder of its own, for one test. */
struct fixture {
	char dir[64], path[80];
	struct store *s;
	struct arena *a;
	struct cd_err err;
};

#define OK(f, call)                                                            \
	do {                                                                   \
		enum cd_rc got_ = (call);                                      \
		if (got_ != CD_OK)                                             \
			print_error("%d: %s\n", got_, (f)->err.text);          \
		assert_int_equal(got_, CD_OK);                                 \
	} while (0)
#define BEGIN(f) OK(f, store_begin((f)->s, &(f)->err))
#define COMMIT(f) OK(f, store_commit((f)->s, &(f)->err))

static inline int
fixture_open(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	snprintf(f->dir, sizeof f->dir, "/tmp/cd-store-XXXXXX");
	if (!mkdtemp(f->dir))
		return -1;
	snprintf(f->path, sizeof f->path, "%s/desk.db", f->dir);
	f->a = arena_new();
	*state = f;
	return store_open(f->path, STORE_WRITE, &f->s, &f->err) == CD_OK
	    ? 0 : -1;
}

static inline void
fixture_remove(const char *dir, const char *name)
{
	char path[160];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	unlink(path);
}

static inline int
fixture_close(void **state)
{
	static const char *const names[] = { "desk.db", "desk.db-wal",
		"desk.db-shm", "copy.db", "copy.db-wal", "copy.db-shm" };
	struct fixture *f = *state;

	store_close(&f->s);
	arena_free(&f->a);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		fixture_remove(f->dir, names[i]);
	rmdir(f->dir);
	free(f);
	return 0;
}

#define DB_TEST(function)                                                      \
	cmocka_unit_test_setup_teardown(function, fixture_open, fixture_close)

/* Rows that are fit to be stored, to be changed by the test. */
static inline struct case_row
a_case(const char *who)
{
	return (struct case_row){ .state = CASE_REVIEW, .reason = "unclear",
		.intent = "blocked", .from_addr = who, .from_name = "Bo Lind",
		.canonical = who, .domain = "lind.example",
		.subject = "Need admin approval", .language = "en",
		.opened = 1000, .updated = 1000, .last_action = "opened" };
}

static inline struct mail_row
a_mail(uint32_t uid, const char *identity, int64_t case_id)
{
	return (struct mail_row){ .mailbox = "desk@us.example/INBOX",
		.uidvalidity = 7, .uid = uid, .identity = identity,
		.received_at = 990, .seen_at = 1000, .case_id = case_id,
		.action = "steps", .reason = "first_contact",
		.from_addr = "bo@lind.example", .from_name = "Bo Lind",
		.canonical = "bo@lind.example", .subject = "It is blocked",
		.authentication = "pass", .language = "en",
		.intent = "blocked", .domain = "lind.example",
		.confidence = 0.75, .visible = "the screen wants an admin",
		.full_text = "the screen wants an admin\n> help",
		.evidence = "[{\"rule\":\"r1\",\"match\":\"wants an admin\"}]",
		.detail = "{\"context\":\"first\"}" };
}

static inline struct outbox_row
an_answer(int64_t case_id, int64_t mail_id, const char *message_id)
{
	return (struct outbox_row){ .case_id = case_id, .mail_id = mail_id,
		.state = OUTBOX_QUEUED, .automatic = true, .handle = "steps",
		.language = "en", .to_addr = "bo@lind.example",
		.to_canonical = "bo@lind.example", .domain = "lind.example",
		.message_id = message_id, .subject = "Re: It is blocked",
		.text = "Ask your admin.",
		.raw = STR("From: desk\r\n\r\nAsk.\r\n"),
		.created = 1000, .due = 1000 };
}

static inline int64_t
case_added(struct fixture *f, const struct case_row *r)
{
	int64_t id = 0;

	OK(f, cases_add(f->s, r, &id, &f->err));
	return id;
}

static inline int64_t
mail_added(struct fixture *f, const struct mail_row *r)
{
	int64_t id = 0;

	OK(f, mails_add(f->s, r, &id, &f->err));
	return id;
}

static inline int64_t
answer_added(struct fixture *f, const struct outbox_row *r)
{
	int64_t id = 0;

	OK(f, outbox_add(f->s, r, &id, &f->err));
	return id;
}

#endif
