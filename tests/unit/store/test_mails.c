#include "fixture.h"

static void
test_cursor(void **state)
{
	struct fixture *f = *state;
	struct cursor c;

	assert_int_equal(cursor_get(f->s, "m", &c, &f->err), CD_ABSENT);
	BEGIN(f);
	OK(f, cursor_set(f->s, "m", &(struct cursor){ 4294967295U, 12, 1000,
	    9 }, 5, &f->err));
	OK(f, cursor_set(f->s, "m", &(struct cursor){ 4294967295U, 13, 2000,
	    10 }, 6, &f->err));
	COMMIT(f);
	OK(f, cursor_get(f->s, "m", &c, &f->err));
	assert_int_equal(c.uidvalidity, 4294967295U);
	assert_int_equal(c.next_uid, 13);
	assert_int_equal(c.baseline, 2000);
	assert_int_equal(c.rescan_below, 10);
	/* A mail in another mailbox is no cursor of it. */
	BEGIN(f);
	mail_added(f, &(struct mail_row){ .mailbox = "n", .uid = 1,
	    .identity = "x", .action = "leave", .reason = "other" });
	COMMIT(f);
	assert_int_equal(cursor_get(f->s, "n", &c, &f->err), CD_ABSENT);
}

static void
test_every_column_comes_back(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct mail_row m, r;
	int64_t id;

	BEGIN(f);
	m = a_mail(3, "id@x", case_added(f, &c));
	m.automatic = "bounce";
	m.raw = STR("\0\xff raw");
	id = mail_added(f, &m);
	COMMIT(f);
	OK(f, mails_get(f->s, f->a, id, &r, &f->err));
	assert_int_equal(r.id, id);
	assert_string_equal(r.mailbox, m.mailbox);
	assert_int_equal(r.uidvalidity, 7);
	assert_int_equal(r.uid, 3);
	assert_string_equal(r.identity, m.identity);
	assert_int_equal(r.received_at, m.received_at);
	assert_int_equal(r.seen_at, m.seen_at);
	assert_int_equal(r.case_id, m.case_id);
	assert_string_equal(r.action, m.action);
	assert_string_equal(r.reason, m.reason);
	assert_string_equal(r.automatic, m.automatic);
	assert_string_equal(r.from_addr, m.from_addr);
	assert_string_equal(r.from_name, m.from_name);
	assert_string_equal(r.canonical, m.canonical);
	assert_string_equal(r.subject, m.subject);
	assert_string_equal(r.authentication, m.authentication);
	assert_string_equal(r.language, m.language);
	assert_string_equal(r.intent, m.intent);
	assert_string_equal(r.domain, m.domain);
	assert_true(r.confidence > 0.74 && r.confidence < 0.76);
	assert_string_equal(r.visible, m.visible);
	assert_string_equal(r.full_text, m.full_text);
	assert_string_equal(r.evidence, m.evidence);
	assert_string_equal(r.detail, m.detail);
	assert_true(str_eq(r.raw, m.raw));
	assert_int_equal(mails_get(f->s, f->a, id + 1, &r, &f->err), CD_ABSENT);
}

static void
test_stored_once(void **state)
{
	struct fixture *f = *state;
	struct mail_row m = a_mail(3, "id@x", 0), r;
	int64_t id = 0, first;

	BEGIN(f);
	first = mail_added(f, &m);
	assert_int_equal(mails_add(f->s, &m, &id, &f->err), CD_DONE);
	m.uid = 4;
	m.identity = "other@x";
	mail_added(f, &m);
	/* Another validity, another mailbox: other mails. */
	m.uidvalidity = 8;
	mail_added(f, &m);
	m.mailbox = "else";
	mail_added(f, &m);
	/* A repeat does no harm to the transaction. */
	COMMIT(f);
	OK(f, mails_find(f->s, f->a, "desk@us.example/INBOX", "id@x", &r,
	    &f->err));
	assert_int_equal(r.id, first);
	assert_int_equal(mails_find(f->s, f->a, "else", "id@x", &r, &f->err),
	    CD_ABSENT);
	BEGIN(f);
	OK(f, mails_move(f->s, first, 9, 77, &f->err));
	COMMIT(f);
	OK(f, mails_get(f->s, f->a, first, &r, &f->err));
	assert_int_equal(r.uidvalidity, 9);
	assert_int_equal(r.uid, 77);
}

/* UIDs that are given anew, twice even: a new mail is stored under each, and what
 * was stored is found by its identity and takes its new one. */
static void
test_loosened(void **state)
{
	static const char *const old[] = { "a@x", "b@x", "c@x" };
	const char *mailbox = a_mail(3, "", 0).mailbox;
	struct fixture *f = *state;
	struct mail_row m, r, *newest;
	int64_t ids[3], elsewhere, other;
	int tries = 0;
	size_t n;

	BEGIN(f);
	m = a_mail(3, "else@x", 0);
	m.mailbox = "else";
	elsewhere = mail_added(f, &m);
	m = a_mail(3, "older@x", 0);
	m.uidvalidity = 6;
	other = mail_added(f, &m);
	for (int i = 0; i < 3; i++) {
		m = a_mail(3, old[i], 0);
		ids[i] = mail_added(f, &m);
		OK(f, mails_failed(f->s, mailbox, 7, 4, 1, &tries, &f->err));
		assert_int_equal(tries, 1);
		OK(f, mails_loosen(f->s, mailbox, 7, &f->err));
	}
	for (int i = 0; i < 3; i++) {
		OK(f, mails_find(f->s, f->a, mailbox, old[i], &r, &f->err));
		assert_int_equal(r.id, ids[i]);
		assert_int_not_equal(r.uidvalidity, 7);
	}
	OK(f, mails_newest(f->s, f->a, mailbox, 7, 2, &newest, &n, &f->err));
	assert_int_equal(n, 0);
	OK(f, mails_move(f->s, ids[1], 7, 3, &f->err));
	m = a_mail(9, "sha256:00", 0);
	mail_added(f, &m);
	m = a_mail(5, "d@x", 0);
	mail_added(f, &m);
	COMMIT(f);
	OK(f, mails_newest(f->s, f->a, mailbox, 7, 2, &newest, &n, &f->err));
	assert_int_equal(n, 2);
	assert_int_equal(newest[0].uid, 5);
	assert_string_equal(newest[0].identity, "d@x");
	assert_int_equal(newest[1].uid, 3);
	OK(f, mails_newest(f->s, f->a, mailbox, 7, 1, &newest, &n, &f->err));
	assert_int_equal(n, 1);
	OK(f, mails_get(f->s, f->a, elsewhere, &r, &f->err));
	assert_int_equal(r.uidvalidity, 7);
	OK(f, mails_get(f->s, f->a, other, &r, &f->err));
	assert_int_equal(r.uidvalidity, 6);
}

static void
test_case_must_be_there(void **state)
{
	struct fixture *f = *state;
	struct mail_row m = a_mail(1, "x", 99);
	int64_t id;

	BEGIN(f);
	assert_int_equal(mails_add(f->s, &m, &id, &f->err), CD_ABSENT);
	assert_non_null(strstr(f->err.text, "not there"));
	store_rollback(f->s);
}

static void
test_strangers_leave_nothing(void **state)
{
	struct fixture *f = *state;
	static const char *const actions[] = { "leave", "ignore" };
	int64_t id;

	for (size_t i = 0; i < 2; i++) {
		struct mail_row m = a_mail(1, "a@x", 0);

		m.action = actions[i];
		BEGIN(f);
		assert_int_equal(mails_add(f->s, &m, &id, &f->err),
		    CD_MALFORMED);
		/* Nothing of a transaction with a failed step is kept. */
		assert_int_equal(store_commit(f->s, &f->err), CD_MALFORMED);
		m = (struct mail_row){ .mailbox = "m", .uid = (uint32_t)i,
			.identity = "b@x", .action = actions[i],
			.reason = "other", .language = "en",
			.intent = "other", .automatic = "list" };
		BEGIN(f);
		mail_added(f, &m);
		COMMIT(f);
	}
}

static void
test_case_of_message_id(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct outbox_row o;
	struct mail_row m, r;
	int64_t one, two, id, mail;

	BEGIN(f);
	one = case_added(f, &c);
	two = case_added(f, &c);
	m = a_mail(1, "theirs@x", one);
	mail = mail_added(f, &m);
	o = an_answer(two, mail, "ours@us");
	answer_added(f, &o);
	m = a_mail(2, "machine@x", one);
	m.automatic = "vacation";
	mail_added(f, &m);
	COMMIT(f);
	OK(f, mails_case(f->s, "theirs@x", &id, &f->err));
	assert_int_equal(id, one);
	OK(f, mails_case(f->s, "ours@us", &id, &f->err));
	assert_int_equal(id, two);
	assert_int_equal(mails_case(f->s, "none@x", &id, &f->err), CD_ABSENT);
	OK(f, mails_last(f->s, f->a, one, &r, &f->err));
	assert_int_equal(r.id, mail);
	assert_int_equal(mails_last(f->s, f->a, two, &r, &f->err), CD_ABSENT);
}

static void
test_since(void **state)
{
	struct fixture *f = *state;
	struct mail_row *list;
	size_t n;

	OK(f, mails_since(f->s, f->a, 0, 0, 10, &list, &n, &f->err));
	assert_int_equal(n, 0);
	BEGIN(f);
	for (uint32_t i = 1; i <= 20; i++) {
		struct mail_row m = a_mail(i, "x", 0);

		m.seen_at = 1000 + i;
		mail_added(f, &m);
	}
	COMMIT(f);
	OK(f, mails_since(f->s, f->a, 1011, 0, 4, &list, &n, &f->err));
	assert_int_equal(n, 4);
	assert_int_equal(list[0].seen_at, 1011);
	OK(f, mails_since(f->s, f->a, 1011, list[3].id, 99, &list, &n,
	    &f->err));
	assert_int_equal(n, 6);
	assert_int_equal(list[5].seen_at, 1020);
}

static void
test_failures_are_counted(void **state)
{
	struct fixture *f = *state;
	struct mail_row m = a_mail(5, "x", 0);
	int tries = 0;

	BEGIN(f);
	for (int i = 1; i <= 3; i++) {
		OK(f, mails_failed(f->s, m.mailbox, 7, 5, 1, &tries, &f->err));
		assert_int_equal(tries, i);
	}
	OK(f, mails_failed(f->s, m.mailbox, 8, 5, 1, &tries, &f->err));
	assert_int_equal(tries, 1);
	mail_added(f, &m);
	OK(f, mails_failed(f->s, m.mailbox, 7, 5, 1, &tries, &f->err));
	assert_int_equal(tries, 1);
	OK(f, mails_passed(f->s, m.mailbox, 7, 5, &f->err));
	OK(f, mails_failed(f->s, m.mailbox, 7, 5, 1, &tries, &f->err));
	assert_int_equal(tries, 1);
	COMMIT(f);
}

static void
test_labels(void **state)
{
	struct fixture *f = *state;
	struct mail_row m = a_mail(1, "x", 0);
	struct label_row *list;
	int64_t id, forgotten;
	size_t n;

	BEGIN(f);
	id = mail_added(f, &m);
	m.uid = 2;
	m.detail = "not JSON at all";
	OK(f, mails_label(f->s, mail_added(f, &m), "refused", "ann", 5,
	    &f->err));
	OK(f, mails_label(f->s, id, "want_link", "ann", 5, &f->err));
	OK(f, mails_label(f->s, id, "greyed_out", "bea", 6, &f->err));
	COMMIT(f);
	OK(f, mails_labels(f->s, f->a, &list, &n, &f->err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].mail_id, id);
	assert_string_equal(list[0].intent, "greyed_out");
	assert_string_equal(list[0].context, "first");
	assert_string_equal(list[0].text, "the screen wants an admin");
	assert_string_equal(list[0].subject, "It is blocked");
	assert_string_equal(list[0].language, "en");
	assert_null(list[1].context);
	OK(f, mails_labels_forgotten(f->s, &forgotten, &f->err));
	assert_int_equal(forgotten, 0);
	BEGIN(f);
	OK(f, mails_purge(f->s, INT64_MAX, &forgotten, &f->err));
	COMMIT(f);
	OK(f, mails_labels(f->s, f->a, &list, &n, &f->err));
	assert_int_equal(n, 0);
	OK(f, mails_labels_forgotten(f->s, &forgotten, &f->err));
	assert_int_equal(forgotten, 2);
	BEGIN(f);
	assert_int_equal(mails_label(f->s, 999, "other", "ann", 5, &f->err),
	    CD_ABSENT);
	store_rollback(f->s);
}

static void
test_purge(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct outbox_row o;
	struct mail_row m, r;
	int64_t id, young, sent, n = 0;

	BEGIN(f);
	m = a_mail(1, "old@x", case_added(f, &c));
	m.raw = STR("raw");
	m.detail = "{\"context\":\"first\",\"inner\":\"their words\",\"gates\":"
	    "[{\"gate\":\"hold\",\"evidence\":\"their words\"}]}";
	id = mail_added(f, &m);
	o = an_answer(m.case_id, id, "a@us");
	o.state = OUTBOX_SENT;
	sent = answer_added(f, &o);
	m.uid = 2;
	m.seen_at = 2000;
	young = mail_added(f, &m);
	OK(f, mails_purge(f->s, 2000, &n, &f->err));
	assert_int_equal(n, 2);
	OK(f, mails_purge(f->s, 2000, &n, &f->err));
	assert_int_equal(n, 0);
	COMMIT(f);
	OK(f, mails_get(f->s, f->a, id, &r, &f->err));
	assert_null(r.visible);
	assert_null(r.full_text);
	assert_int_equal(r.raw.n, 0);
	assert_string_equal(r.evidence, "[{\"rule\":\"r1\"}]");
	assert_string_equal(r.detail, "{\"context\":\"first\",\"gates\":"
	    "[{\"gate\":\"hold\"}]}");
	assert_string_equal(r.reason, "first_contact");
	OK(f, outbox_get(f->s, f->a, sent, &o, &f->err));
	assert_string_equal(o.text, "");
	assert_int_equal(o.raw.n, 0);
	assert_string_equal(o.subject, "Re: It is blocked");
	OK(f, mails_get(f->s, f->a, young, &r, &f->err));
	assert_non_null(r.visible);
}

static bool
is_kept(struct fixture *f, int64_t answer)
{
	struct outbox_row o;

	OK(f, outbox_get(f->s, f->a, answer, &o, &f->err));
	assert_int_equal(o.raw.n > 0, o.text[0] != '\0');
	return o.text[0] != '\0';
}

/* An answer that no mail was the cause of, and one that is finished only when
 * its mail's text is gone; what may yet be sent stays. */
static void
test_purge_of_answers(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct outbox_row o;
	struct mail_row m;
	int64_t told, by_hand, draft, doubtful, young, n = 0;

	BEGIN(f);
	m = a_mail(1, "old@x", case_added(f, &c));
	o = an_answer(m.case_id, mail_added(f, &m), "draft@us");
	o.state = OUTBOX_DRAFT;
	draft = answer_added(f, &o);
	o.mail_id = 0;
	o.message_id = "doubtful@us";
	o.state = OUTBOX_DOUBTFUL;
	doubtful = answer_added(f, &o);
	o.message_id = "told@us";
	o.state = OUTBOX_SENT;
	told = answer_added(f, &o);
	o.message_id = "by-hand@us";
	o.automatic = false;
	by_hand = answer_added(f, &o);
	o.message_id = "young@us";
	o.automatic = true;
	o.created = 2000;
	young = answer_added(f, &o);
	OK(f, mails_purge(f->s, 2000, &n, &f->err));
	assert_int_equal(n, 3);
	assert_false(is_kept(f, told));
	assert_false(is_kept(f, by_hand));
	assert_true(is_kept(f, draft));
	assert_true(is_kept(f, doubtful));
	assert_true(is_kept(f, young));
	OK(f, outbox_step(f->s, draft, OUTBOX_CANCELLED, 0, 0, NULL, &f->err));
	OK(f, outbox_step(f->s, doubtful, OUTBOX_SENT, 0, 2000, NULL,
	    &f->err));
	OK(f, mails_purge(f->s, 2000, &n, &f->err));
	assert_int_equal(n, 2);
	assert_false(is_kept(f, draft));
	assert_false(is_kept(f, doubtful));
	assert_true(is_kept(f, young));
	OK(f, mails_purge(f->s, 2000, &n, &f->err));
	assert_int_equal(n, 0);
	COMMIT(f);
}

static void
test_bad_bytes_become_text(void **state)
{
	struct fixture *f = *state;
	struct mail_row m = a_mail(1, "x", 0), r;
	int64_t id;

	m.subject = "a\xff\xc0z";
	BEGIN(f);
	id = mail_added(f, &m);
	COMMIT(f);
	OK(f, mails_get(f->s, f->a, id, &r, &f->err));
	assert_string_equal(r.subject, "a\xef\xbf\xbd\xef\xbf\xbdz");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_cursor),
		DB_TEST(test_every_column_comes_back),
		DB_TEST(test_stored_once),
		DB_TEST(test_loosened),
		DB_TEST(test_case_must_be_there),
		DB_TEST(test_strangers_leave_nothing),
		DB_TEST(test_case_of_message_id),
		DB_TEST(test_since),
		DB_TEST(test_failures_are_counted),
		DB_TEST(test_labels),
		DB_TEST(test_purge),
		DB_TEST(test_purge_of_answers),
		DB_TEST(test_bad_bytes_become_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
