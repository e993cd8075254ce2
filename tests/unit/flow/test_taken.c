/* What a colleague sent by a client of his own. */
#include <time.h>

#include "fixture.h"

/* date: of its header, 0: none. */
static void
person_sent_at(struct fixture *f, uint32_t uid, const char *in_reply_to,
    int64_t date)
{
	time_t at = (time_t)date;
	char line[64] = "";

	const struct intake_mail sent = { uid, f->now, str_of(arena_printf(
	    f->arena, "From: support@numeo.ai\r\nTo: jo@acme.com\r\n"
	    "Message-ID: <x%u@numeo.ai>\r\n%sIn-Reply-To: <%s>\r\n\r\n"
	    "Hi Jo, I'll call you.\r\n", uid, date && strftime(line,
	    sizeof line, "Date: %a, %d %b %Y %T +0000\r\n", gmtime(&at))
	    ? line : "", in_reply_to)), false };
	const struct intake_batch batch = { .mailbox = "Sent",
		.cursor = { .uidvalidity = 1, .next_uid = uid,
			.rescan_below = f->cursor.rescan_below },
		.mails = &sent, .n = 1 };

	OK(intake_sent(f->engine, f->store, f->arena, &batch, f->now, NULL));
}

static void
person_sent(struct fixture *f, uint32_t uid, const char *in_reply_to)
{
	person_sent_at(f, uid, in_reply_to, 0);
}

/* A mail that a person wrote in the Sent folder takes the thread; what comes in it
 * then waits for his next one. */
static void
test_taken(void **state)
{
	struct event_row *events;
	struct fixture f;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	person_sent(&f, 1, "a@acme.com");
	assert_true(get_case(&f, 1).taken);
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "b@acme.com",
	    "In-Reply-To: <x1@numeo.ai>\r\n", SEND_LINK), false), 0);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	person_sent(&f, 2, "b@acme.com");
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	assert_string_equal(get_case(&f, 1).reason, "");
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_string_equal(events[n - 1].kind, "taken");
	/* The folder is read once more: an old mail answers no newer one. */
	f.now += 60;
	take(&f, letter(&f, "jo@acme.com", "c@acme.com",
	    "In-Reply-To: <x2@numeo.ai>\r\n", SEND_LINK), false);
	f.now -= 60;
	f.cursor.rescan_below = 3;
	person_sent(&f, 2, "b@acme.com");
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	f.now += 120;
	person_sent(&f, 3, "c@acme.com");
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	close_desk(&f);
}

/* He answered while nobody read the inbox: its mail is not answered once more, and
 * waits for nobody; what comes in that thread then waits for him. */
static void
test_answered_before_it_is_read(void **state)
{
	const char *again = "Still the same, I need admin approval.";
	struct event_row *events;
	struct fixture f;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	person_sent(&f, 1, "a@acme.com");
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
	    SEND_LINK), false), 0);
	assert_true(get_case(&f, 1).taken);
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_string_equal(events[n - 1].kind, "taken");
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "b@acme.com",
	    "In-Reply-To: <x1@numeo.ai>\r\nReferences: <a@acme.com> "
	    "<x1@numeo.ai>\r\n", SEND_LINK), false), 0);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	/* Its first mail is not in the inbox any more. */
	person_sent(&f, 2, "c@b.com");
	assert_int_equal(take(&f, letter(&f, "kay@b.com", "d@b.com",
	    "In-Reply-To: <x2@numeo.ai>\r\n", SEND_LINK), false), 0);
	assert_true(get_case(&f, 2).taken);
	assert_int_equal(get_case(&f, 2).state, CASE_REVIEW);
	assert_string_equal(get_case(&f, 2).reason, "taken");
	/* Nor is a person asked what he has answered, whatever it says. */
	person_sent(&f, 3, "e@c.com");
	take(&f, letter(&f, "em@c.com", "e@c.com", "", again), false);
	assert_int_equal(get_case(&f, 3).state, CASE_WAITING);
	/* Another thread of nobody's; and one that was answered long ago. */
	assert_int_equal(take(&f, letter(&f, "al@d.com", "f@d.com", "",
	    SEND_LINK), false), 1);
	person_sent_at(&f, 4, "g@e.com", f.now - 31 * 86400);
	assert_int_equal(take(&f, letter(&f, "bo@e.com", "g@e.com", "",
	    SEND_LINK), false), 1);
	close_desk(&f);
}

/* What was reopened since stays so, and in a folder made of copies the mails' own
 * dates count. */
static void
test_sent_once_more(void **state)
{
	int64_t began;
	struct desk desk;
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	began = f.now;
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	person_sent(&f, 1, "a@acme.com");
	f.now += 60;
	desk = desk_of(&f);
	OK(desk_reopen(&desk, 1, NULL));
	f.cursor.rescan_below = 9;
	f.now = began;
	person_sent(&f, 1, "a@acme.com");
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	f.now += 120;
	person_sent_at(&f, 1, "a@acme.com", began);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_false(get_case(&f, 1).taken);
	/* A clock that goes ahead. */
	f.now = began;
	person_sent_at(&f, 1, "a@acme.com", began + 120);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	f.now += 120;
	person_sent_at(&f, 2, "a@acme.com", f.now);
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	assert_true(get_case(&f, 1).taken);
	close_desk(&f);
}

/* One that killed who read it is passed by unread, what comes behind it is not. */
static void
test_poison_is_not_read(void **state)
{
	const char *text = "From: support@numeo.ai\r\nMessage-ID: <x1@numeo.ai>\r\n"
	    "In-Reply-To: <a@acme.com>\r\n\r\nHi Jo.\r\n";
	const struct intake_mail sent[] = { { 1, 0, str_of(text), true },
		{ 2, 0, STR("Subject: lunch\r\n\r\nAt noon.\r\n"), false } };
	const struct intake_batch batch = { .mailbox = "Sent", .mails = sent,
		.cursor = { .uidvalidity = 1, .next_uid = 1 }, .n = 2 };
	struct cursor cursor;
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	OK(intake_sent(f.engine, f.store, f.arena, &batch, f.now, NULL));
	assert_false(get_case(&f, 1).taken);
	OK(cursor_get(f.store, "Sent", &cursor, NULL));
	assert_int_equal(cursor.next_uid, 3);
	close_desk(&f);
}

#define COMPLAINT "We approved it but it still does not work, same page."

static void
check_case(struct fixture *f, enum case_state state, const char *reason)
{
	struct case_row row = get_case(f, 1);

	assert_int_equal(row.state, state);
	assert_string_equal(row.reason, reason);
	assert_true(row.taken);
}

/* His copy is seen when the customer has written again: he did not answer that. */
static void
test_seen_late(void **state)
{
	struct event_row *events;
	struct fixture f;
	bool waits;
	int64_t at;
	size_t n, after;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	at = f.now;
	f.now += 60;
	take(&f, letter(&f, "jo@acme.com", "b@acme.com", answers_to(&f, 1),
	    COMPLAINT), false);
	person_sent_at(&f, 1, "a@acme.com", at);
	check_case(&f, CASE_REVIEW, "still_blocked");
	assert_string_equal(get_case(&f, 1).last_action,
	    "review: still_blocked");
	/* For who asks what waits since somebody acted, too. */
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_string_not_equal(events[n - 1].kind, "taken");
	OK(mails_others_wait(f.store, 1, "", &waits, NULL));
	assert_true(waits);
	/* Another older one tells nothing. */
	person_sent_at(&f, 2, "a@acme.com", at + 10);
	OK(events_of(f.store, f.arena, 1, &events, &after, NULL));
	assert_int_equal(after, n);
	person_sent_at(&f, 3, "b@acme.com", f.now);
	check_case(&f, CASE_WAITING, "");
	close_desk(&f);
}

/* Nor did he what our own answer, which now stays, was to answer. */
static void
test_seen_late_beside_an_answer(void **state)
{
	for (int down = 0; down <= 1; down++) {
		struct fixture f;
		int64_t at;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL),
		    false);
		at = f.now;
		f.now += 60;
		assert_int_equal(take(&f, letter(&f, "jo@acme.com",
		    "b@acme.com", answers_to(&f, 1), SEND_LINK), false), 1);
		if (!down)
			send_queued(&f);
		person_sent_at(&f, 1, "a@acme.com", at);
		check_case(&f, down ? CASE_REVIEW : CASE_WAITING,
		    down ? "taken" : "");
		close_desk(&f);
	}
	(void)state;
}

/* He answers the newest mail of all, by a clock that is slow. */
static void
test_slow_clock(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	f.now += 600;
	take(&f, letter(&f, "jo@acme.com", "b@acme.com", answers_to(&f, 1),
	    COMPLAINT), false);
	f.now += 60;
	person_sent_at(&f, 1, "b@acme.com", f.now - 120);
	check_case(&f, CASE_WAITING, "");
	close_desk(&f);
}

static const char *
bounce(struct fixture *f, const char *message_id)
{
	return arena_printf(f->arena, "Return-Path: <>\r\n"
	    "From: MAILER-DAEMON@mx.far.test\r\nTo: support@numeo.ai\r\n"
	    "Subject: Undelivered\r\nMessage-ID: <bounce@mx.far.test>\r\n"
	    "Content-Type: multipart/report; "
	    "report-type=delivery-status; boundary=x\r\n\r\n"
	    "--x\r\n\r\nIt failed.\r\n--x\r\n"
	    "Content-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; mx.far.test\r\n\r\n"
	    "Final-Recipient: rfc822; jo@acme.com\r\nAction: failed\r\n"
	    "Status: 5.1.1\r\n\r\n--x\r\n"
	    "Content-Type: message/rfc822\r\n\r\nMessage-ID: <%s>\r\n"
	    "Subject: x\r\n\r\nHi\r\n--x--\r\n", message_id);
}

/* Nor has he seen that our answer did not arrive, ... */
static void
test_seen_after_a_bounce(void **state)
{
	struct outbox_row *rows;
	struct fixture f;
	int64_t at;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	send_queued(&f);
	at = f.now;
	f.now += 600;
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	take(&f, bounce(&f, rows[0].message_id), false);
	person_sent_at(&f, 1, "a@acme.com", at);
	check_case(&f, CASE_REVIEW, "bounced");
	close_desk(&f);
}

/* ... nor read what was merged into it since, ... */
static void
test_seen_after_a_merge(void **state)
{
	struct fixture f;
	struct desk desk;
	int64_t at;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	send_queued(&f);
	take(&f, letter(&f, "ann@acme.com", "b@acme.com", "", "Our admin said "
	    "no, we refuse to approve Numeo. Please stop."), false);
	f.now += 600;
	at = f.now;
	f.now += 600;
	desk = desk_of(&f);
	OK(desk_merge(&desk, 2, 1, NULL));
	person_sent_at(&f, 1, "a@acme.com", at);
	check_case(&f, CASE_REVIEW, "refused");
	close_desk(&f);
}

/* ... nor told of an approval that came after: its note, which now stays, was to. */
static void
test_seen_after_the_approval(void **state)
{
	struct fixture f;
	int64_t at;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	send_queued(&f);
	at = f.now;
	f.server_down = true;
	(void)approved(&f);
	person_sent_at(&f, 1, "a@acme.com", at);
	check_case(&f, CASE_REVIEW, "taken");
	close_desk(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_answered_before_it_is_read),
		cmocka_unit_test(test_sent_once_more),
		cmocka_unit_test(test_poison_is_not_read),
		cmocka_unit_test(test_seen_late),
		cmocka_unit_test(test_seen_late_beside_an_answer),
		cmocka_unit_test(test_slow_clock),
		cmocka_unit_test(test_seen_after_a_bounce),
		cmocka_unit_test(test_seen_after_a_merge),
		cmocka_unit_test(test_seen_after_the_approval),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
