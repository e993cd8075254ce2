/* What becomes of a case when its answer does not go out, or its link fails. */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "fixture.h"

#include "base/clock.h"
#include "flow/delivery.h"
#include "io/peer.h"

/* That answer's DATA ends just now. */
static void
ends(struct fixture *f, int64_t outbox_id)
{
	OK(store_begin(f->store, NULL));
	OK(outbox_step(f->store, outbox_id, OUTBOX_CLAIMED, 0, f->now, NULL,
	    NULL));
	OK(outbox_step(f->store, outbox_id, OUTBOX_COMMITTING, 0, f->now, NULL,
	    NULL));
	OK(store_commit(f->store, NULL));
}

/* The daemon is killed meanwhile. */
static void
interrupted(struct fixture *f, int64_t outbox_id)
{
	ends(f, outbox_id);
	OK(delivery_settle(f->store, f->arena, true, f->now, NULL));
}

static size_t
count_events(struct fixture *f, int64_t case_id, const char *kind)
{
	struct event_row *events;
	size_t n, found = 0;

	OK(events_of(f->store, f->arena, case_id, &events, &n, NULL));
	for (size_t i = 0; i < n; i++)
		found += strcmp(events[i].kind, kind) == 0;
	return found;
}

/* What a person has dealt with does not come back with the next doubt. */
static void
test_a_doubt_is_told_once(void **state)
{
	struct fixture f;
	struct desk desk;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	f.server_down = true;
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	take(&f, letter(&f, "sam@client.com", "b@client.com", "", WALL),
	    false);
	interrupted(&f, 1);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_string_equal(get_case(&f, 1).reason, "send_doubtful");
	desk = desk_of(&f);
	OK(desk_close(&desk, 1, 0, NULL));
	interrupted(&f, 2);
	assert_int_equal(get_case(&f, 2).state, CASE_REVIEW);
	assert_int_equal(get_case(&f, 1).state, CASE_CLOSED);
	assert_int_equal(count_events(&f, 1, "send_doubtful"), 1);
	assert_int_equal(count_events(&f, 2, "send_doubtful"), 1);
	close_desk(&f);
}

static const char *
bounce(struct fixture *f, const char *to, const char *message_id)
{
	return arena_printf(f->arena, "Return-Path: <>\r\n"
	    "From: MAILER-DAEMON@mx.far.test\r\nTo: support@numeo.ai\r\n"
	    "Subject: Undelivered\r\nMessage-ID: <bounce@mx.far.test>\r\n"
	    "Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; "
	    "report-type=delivery-status; boundary=x\r\n\r\n"
	    "--x\r\n\r\nNo.\r\n--x\r\n"
	    "Content-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; mx.far.test\r\n\r\n"
	    "Final-Recipient: rfc822; %s\r\nAction: failed\r\n"
	    "Status: 5.1.1\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n"
	    "\r\nMessage-ID: <%s>\r\nSubject: x\r\n\r\nHi\r\n--x--\r\n",
	    to, message_id);
}

static void
came_back(struct fixture *f, int64_t case_id, const char *description)
{
	const struct link_state link = { case_id, "organizations",
		f->now + 60 };
	const struct consent_return back = {
		.error = description ? "server_error" : NULL,
		.error_description = description,
		.admin_consent = "True",
		.tenant = TENANT,
		.state = link_state_sign(f->arena, &f->engine->key, &link),
	};
	struct consent_result result;

	OK(consent_returned(f->engine, f->store, f->arena, &back, f->now,
	    &result, NULL));
}

/* In another process, which holds the database until a while after the pipe is
 * closed: a person takes the case. */
static pid_t
assigned_meanwhile(struct fixture *f, int ready)
{
	pid_t pid = fork();
	struct store *s;
	struct case_row row;

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	if (store_open(f->config->files.database, STORE_WRITE, &s, NULL) !=
	    CD_OK || store_begin(s, NULL) != CD_OK ||
	    cases_get(s, f->arena, 1, &row, NULL) != CD_OK)
		_exit(1);
	row.assignee = "bea";
	if (cases_update(s, &row, NULL) != CD_OK)
		_exit(2);
	close(ready);
	usleep(300000);
	_exit(store_commit(s, NULL) == CD_OK ? 0 : 3);
}

static void
test_a_return_that_had_to_wait(void **state)
{
	struct fixture f;
	int ready[2], status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK), false);
	assert_int_equal(pipe(ready), 0);
	pid = assigned_meanwhile(&f, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 0);
	came_back(&f, 1, "AADSTS90002: no such tenant");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_non_null(get_case(&f, 1).assignee);
	close(ready[0]);
	close_desk(&f);
}

/* Whoever put the case off sees it again when our answer or our link fails, as he
 * would see one that waits for the customer. */
static void
test_trouble_ends_the_sleep(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct outbox_row *sent;
		struct fixture f;
		struct desk desk;
		size_t n;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		desk = desk_of(&f);
		if (i < 3) {
			OK(desk_reopen(&desk, 1, NULL));
			OK(desk_snooze(&desk, 1, f.now + 30 * 86400, 0, NULL));
		}
		OK(outbox_of_case(f.store, f.arena, 1, &sent, &n, NULL));
		if (i % 3 == 0)
			interrupted(&f, 1);
		else if (i % 3 == 1)
			take(&f, bounce(&f, "jo@acme.com", sent[0].message_id),
			    false);
		else
			came_back(&f, 1, "AADSTS90002: no such tenant");
		assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
		assert_int_equal(get_case(&f, 1).snoozed_until, 0);
		close_desk(&f);
	}
}

/* What comes of an answer of a case that was merged is told where that goes on. */
static void
test_answers_of_a_merged_case(void **state)
{
	static const char *const descriptions[] = { NULL, "AADSTS90094: no",
		"AADSTS90002: no such tenant", NULL };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct outbox_row *sent;
		struct fixture f;
		struct desk desk;
		const char *why;
		bool lacks;
		size_t n;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		take(&f, letter(&f, "kay@acme.com", "b@acme.com", "",
		    SEND_LINK), false);
		OK(outbox_of_case(f.store, f.arena, 2, &sent, &n, NULL));
		desk = desk_of(&f);
		OK(desk_merge(&desk, 2, 1, NULL));
		if (i == 0)
			take(&f, bounce(&f, "kay@acme.com",
			    sent[0].message_id), false);
		else
			came_back(&f, 2, descriptions[i]);
		OK(consent_lacks_right(f.store, f.arena, 1, &lacks, NULL));
		assert_int_equal(lacks, i == 1);
		assert_int_equal(count_events(&f, 1, "bounce"), i == 0);
		assert_int_equal(dead_get(f.store, f.arena, "kay@acme.com",
		    &why, NULL), i == 0 ? CD_OK : CD_ABSENT);
		assert_int_equal(get_case(&f, 1).state, i == 1 ? CASE_WAITING :
		    i == 3 ? CASE_APPROVED : CASE_REVIEW);
		assert_int_equal(get_case(&f, 2).state, CASE_CLOSED);
		close_desk(&f);
	}
}

static void
found(struct fixture *f, int64_t outbox_id)
{
	struct outbox_row row;

	OK(outbox_get(f->store, f->arena, outbox_id, &row, NULL));
	OK(store_begin(f->store, NULL));
	OK(delivery_found(f->store, f->arena, &row, f->now, NULL));
	OK(store_commit(f->store, NULL));
}

/* What a person is to look at is no less so because an older answer is in doubt,
 * nor when that is cleared. */
static void
test_a_doubt_hides_nothing(void **state)
{
	static const char *const rows[][2] = {
		{ WALL " Our lawyers must see a data processing agreement "
		    "before anything is approved.", "legal_words" },
		{ "I clicked the link and it still says that I need admin "
		    "approval.", "still_blocked" },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fixture f;

		assert_int_equal(open_desk(&f, ""), 0);
		f.server_down = true;
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		ends(&f, 1);
		take(&f, letter(&f, "jo@acme.com", "b@acme.com",
		    answers_to(&f, 1), rows[i][0]), false);
		assert_string_equal(get_case(&f, 1).reason, rows[i][1]);
		OK(delivery_settle(f.store, f.arena, true, f.now, NULL));
		assert_int_equal(count_events(&f, 1, "send_doubtful"), 1);
		assert_string_equal(get_case(&f, 1).reason, rows[i][1]);
		found(&f, 1);
		assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
		assert_string_equal(get_case(&f, 1).reason, rows[i][1]);
		close_desk(&f);
	}
}

/* The case waits until nothing is in doubt any more, and is then what the answer
 * made of it: who had the note has it. */
static void
test_found_after_all(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	f.server_down = true;
	company_known(&f, false);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK), false);
	interrupted(&f, 1);
	found(&f, 1);
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	assert_int_equal(approved(&f).told, 1);
	interrupted(&f, 2);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	found(&f, 2);
	assert_int_equal(get_case(&f, 1).state, CASE_APPROVED);
	assert_int_equal(approved(&f).told, 0);

	take(&f, letter(&f, "sam@client.com", "b@client.com", "", SEND_LINK),
	    false);
	take(&f, letter(&f, "kay@client.com", "c@client.com",
	    answers_to(&f, 2), SEND_LINK), false);
	interrupted(&f, 3);
	interrupted(&f, 4);
	found(&f, 3);
	assert_int_equal(get_case(&f, 2).state, CASE_REVIEW);
	found(&f, 4);
	assert_int_equal(get_case(&f, 2).state, CASE_WAITING);
	close_desk(&f);
}

/* What the server keeps of our own settles it, however many are never found. */
static void
test_our_own_copy(void **state)
{
	struct outbox_row row;
	struct intake_mail copy = { .uid = 1 };
	const struct intake_batch batch = { .mailbox = "Sent",
		.cursor = { .uidvalidity = 1, .next_uid = 1 },
		.mails = &copy, .n = 1 };
	struct fixture f;
	int64_t id;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	f.server_down = true;
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	OK(outbox_get(f.store, f.arena, 1, &row, NULL));
	row.state = OUTBOX_DOUBTFUL;
	row.automatic = false;	/* they trip no brake */
	row.mail_id = 0;
	OK(store_begin(f.store, NULL));
	for (int i = 0; i < 1000; i++) {
		row.message_id = arena_printf(f.arena, "lost%d@numeo.ai", i);
		OK(outbox_add(f.store, &row, &id, NULL));
	}
	OK(store_commit(f.store, NULL));
	take(&f, letter(&f, "sam@client.com", "b@client.com", "", WALL),
	    false);
	interrupted(&f, ++id);
	OK(outbox_get(f.store, f.arena, id, &row, NULL));
	assert_int_equal(row.state, OUTBOX_DOUBTFUL);
	copy.raw = row.raw;
	for (int i = 0; i < 2; i++) {
		OK(intake_sent(f.engine, f.store, f.arena, &batch, f.now,
		    NULL));
		OK(outbox_get(f.store, f.arena, id, &row, NULL));
		assert_int_equal(row.state, OUTBOX_SENT);
		assert_int_equal(count_events(&f, row.case_id, "sent"), 1);
	}
	close_desk(&f);
}

static bool
never(void *context)
{
	(void)context;
	return false;
}

/* One turn of the sender where no server listens. */
static enum delivery_end
turn_without_server(struct fixture *f)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof here;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct smtp_options options = { .host = "127.0.0.1",
		.tls = (int)TLS_NONE, .timeout_ms = 5000 };
	struct delivery_result result;
	struct smtp *smtp;

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&here, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &size), 0);
	options.port = ntohs(here.sin_port);
	OK(smtp_new(&options, &smtp, NULL));
	OK(delivery_turn(f->engine, f->store, smtp, f->arena, 1, never, NULL,
	    &result, NULL));
	smtp_free(&smtp);
	close(fd);
	return result.end;
}

/* What a server that is asked for no login says; "": it hangs up. */
struct weather {
	const char *greeting, *mail, *rcpt, *data;
};

static void
serve(struct peer_line *l, const void *script, struct peer_seen *seen)
{
	const struct weather *w = script;
	const char *says = w->greeting;
	char line[1024];

	(void)seen;
	do {
		peer_puts(l, says);
		if (!peer_gets(l, line, sizeof line))
			return;
		says = strncmp(line, "MAIL", 4) == 0 ? w->mail
		    : strncmp(line, "RCPT", 4) == 0 ? w->rcpt
		    : strncmp(line, "DATA", 4) == 0 ? w->data : "250 ok\r\n";
	} while (*says);
}

/* Three answers are due, and none fails but for a reason of its own: the first
 * that hears of the server's weather speaks for the others. */
static void
test_weather(void **state)
{
	static const struct {
		struct weather w;
		enum delivery_end end;
		enum outbox_state becomes;
		int retried;
		bool refused;
	} rows[] = {
#define HI "220 hi\r\n"
#define YES "250 ok\r\n"
		{ { "554 5.7.1 not you\r\n", YES, YES, "" }, DELIVERY_LATER,
		    OUTBOX_QUEUED, 1, false },
		{ { "421 4.3.2 closing\r\n", YES, YES, "" }, DELIVERY_LATER,
		    OUTBOX_QUEUED, 1, false },
		{ { HI, YES, YES, "" }, DELIVERY_LATER, OUTBOX_QUEUED, 1, false },
		{ { HI, "452 4.3.1 wait\r\n", YES, "" }, DELIVERY_LATER,
		    OUTBOX_QUEUED, 1, false },
		{ { HI, "550 5.4.5 Daily limit exceeded\r\n", YES, "" },
		    DELIVERY_LATER, OUTBOX_QUEUED, 0, true },
		{ { HI, "552 5.3.4 too big\r\n", YES, "" }, DELIVERY_MORE,
		    OUTBOX_FAILED, 0, false },
		{ { HI, YES, "450 4.2.1 greylisted\r\n", "" }, DELIVERY_MORE,
		    OUTBOX_QUEUED, 3, false },
		{ { HI, YES, "550 5.1.1 nobody\r\n", "" }, DELIVERY_MORE,
		    OUTBOX_FAILED, 0, false },
		{ { HI, YES, "550 5.7.1 no mail for them\r\n", "" },
		    DELIVERY_MORE, OUTBOX_FAILED, 0, false },
		{ { HI, YES, "553 5.7.1 <Support@numeo.ai>: Sender address "
		    "rejected: not owned by user desk\r\n", "" },
		    DELIVERY_LATER, OUTBOX_QUEUED, 1, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const char *const people[] = { "jo@acme.com",
			"sam@client.com", "kay@example.org" };
		struct smtp_options options = { .host = "127.0.0.1",
			.tls = (int)TLS_NONE, .timeout_ms = 5000 };
		struct delivery_result result;
		int64_t began = clock_now();
		struct peer p = { 0 };
		struct fixture f;
		struct smtp *smtp;

		assert_int_equal(open_desk(&f, ""), 0);
		f.server_down = true;
		for (size_t k = 0; k < 3; k++)
			take(&f, letter(&f, people[k], people[k], "",
			    SEND_LINK), false);
		peer_start(&p, 0, serve, &rows[i].w);
		options.port = p.port;
		OK(smtp_new(&options, &smtp, NULL));
		OK(delivery_turn(f.engine, f.store, smtp, f.arena, 3, never,
		    NULL, &result, NULL));
		assert_int_equal(result.end, rows[i].end);
		assert_int_equal(result.retried, rows[i].retried);
		assert_int_equal(result.refused != NULL, rows[i].refused);
		assert_false(result.login_refused);
		for (int64_t id = 1; id <= 3; id++) {
			struct outbox_row row;

			OK(outbox_get(f.store, f.arena, id, &row, NULL));
			assert_int_equal(row.state, rows[i].becomes);
			/* What was tried lets the others by. */
			if (result.refused)
				assert_int_equal(row.due > began,
				    id <= rows[i].retried + 1);
		}
		if (rows[i].end == DELIVERY_LATER)
			assert_int_equal(p.seen->connections, 1);
		smtp_free(&smtp);
		peer_stop(&p);
		close_desk(&f);
	}
}

/* And where one does, that is as the weather. */
static enum delivery_end
turn_in(struct fixture *f, const struct weather *w)
{
	struct smtp_options options = { .host = "127.0.0.1",
		.tls = (int)TLS_NONE, .timeout_ms = 5000 };
	struct delivery_result result;
	struct peer p = { 0 };
	struct smtp *smtp;

	peer_start(&p, 0, serve, w);
	options.port = p.port;
	OK(smtp_new(&options, &smtp, NULL));
	OK(delivery_turn(f->engine, f->store, smtp, f->arena, 1, never, NULL,
	    &result, NULL));
	smtp_free(&smtp);
	peer_stop(&p);
	return result.end;
}

/* Three days of tries are enough, whoever does not take it; not three days as a
 * draft, or behind the brake. */
static void
test_given_up(void **state)
{
	static const struct weather refusals[] = {
		{ HI, "550 5.1.8 bad outbound sender\r\n", YES, "" },
		{ HI, "530 5.7.0 log in\r\n", YES, "" },
	};
	static const struct {
		int attempts;
		int64_t created_days, sent_days;
		enum outbox_state state;
	} rows[] = {
		{ 0, 4, 4, OUTBOX_QUEUED },
		{ 20, 2, 2, OUTBOX_QUEUED },
		{ 20, 4, 4, OUTBOX_FAILED },
		{ 20, 9, 1, OUTBOX_QUEUED },
		{ 20, 9, 4, OUTBOX_FAILED },
	};
#define N_GIVEN_UP (sizeof rows / sizeof *rows)

	(void)state;
	for (size_t k = 0; k < 3 * N_GIVEN_UP; k++) {
		size_t i = k / 3;
		struct outbox_row row = { .case_id = 1,
			.state = OUTBOX_QUEUED, .handle = "link",
			.language = "en", .to_addr = "jo@acme.com",
			.to_canonical = "jo@acme.com", .domain = "acme.com",
			.message_id = "a@numeo.ai", .subject = "Link",
			.text = "Link", .raw = STR("To: jo\r\n\r\nLink\r\n"),
			.attempts = rows[i].attempts };
		struct event_row queued = { .case_id = 1, .kind = "answer",
			.actor = "ann", .text = "link queued by ann" };
		struct fixture f;

		assert_int_equal(open_desk(&f, "mode = off\n"), 0);
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		f.now = clock_now();
		row.created = f.now - rows[i].created_days * 86400;
		queued.at = f.now - rows[i].sent_days * 86400;
		OK(store_begin(f.store, NULL));
		OK(outbox_add(f.store, &row, &queued.outbox_id, NULL));
		OK(events_add(f.store, &queued, NULL));
		OK(store_commit(f.store, NULL));
		assert_int_equal(k % 3 == 0 ? turn_without_server(&f)
		    : turn_in(&f, &refusals[k % 3 - 1]), DELIVERY_LATER);
		OK(outbox_get(f.store, f.arena, queued.outbox_id, &row, NULL));
		assert_int_equal(row.state, rows[i].state);
		assert_int_equal(row.attempts, rows[i].attempts + 1);
		close_desk(&f);
	}
}

/* What is not sent because another answer came back is told in its own case; what
 * a person took is his. */
static void
test_not_sent(void **state)
{
	(void)state;
	for (int taken = 0; taken <= 1; taken++) {
		struct fixture f;
		struct case_row row;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		row = get_case(&f, 1);
		row.taken = taken;
		OK(store_begin(f.store, NULL));
		OK(cases_update(f.store, &row, NULL));
		if (!taken)
			OK(dead_set(f.store, "jo@acme.com", f.now,
			    "no such user", NULL));
		OK(store_commit(f.store, NULL));
		(void)turn_without_server(&f);
		row = get_case(&f, 1);
		assert_string_equal(row.last_action, "answer not sent");
		assert_int_equal(row.state, taken ? CASE_WAITING : CASE_REVIEW);
		assert_string_equal(row.reason, taken ? "" : "dead_address");
		close_desk(&f);
	}
}

/* What was put off, and counted, by a clock that was two days ahead. */
static void
test_a_clock_put_back(void **state)
{
	struct outbox_row *rows;
	const char *why;
	struct fixture f;
	int64_t due, now;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, "max_replies_per_hour = 2\n"), 0);
	now = f.now;
	f.server_down = true;
	f.now += 2 * 86400;
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK), false);
	OK(outbox_claim(f.store, f.arena, f.now, 60, 9, &rows, &n, NULL));
	OK(store_begin(f.store, NULL));
	OK(outbox_step(f.store, 1, OUTBOX_QUEUED, f.now + 3600, f.now, "451",
	    NULL));
	OK(store_commit(f.store, NULL));
	take(&f, letter(&f, "kay@b.com", "b@b.com", "", SEND_LINK), false);
	f.now = now;
	OK(delivery_settle(f.store, f.arena, false, now, NULL));
	OK(outbox_claim(f.store, f.arena, now, 60, 9, &rows, &n, NULL));
	assert_int_equal(n, 2);
	/* What waits for its next try waits on. */
	OK(store_begin(f.store, NULL));
	OK(outbox_step(f.store, 1, OUTBOX_QUEUED, now + 3600, now, "451",
	    NULL));
	OK(store_commit(f.store, NULL));
	OK(delivery_settle(f.store, f.arena, false, now, NULL));
	OK(outbox_next_due(f.store, &due, NULL));
	assert_int_equal(due, now + 3600);
	/* Nor do they count in this hour; nor does who let them go then. */
	assert_int_equal(take(&f, letter(&f, "c@c.com", "c@c.com", "",
	    SEND_LINK), false), 1);
	OK(store_begin(f.store, NULL));
	OK(brake_set(f.store, now + 86400, "many", NULL));
	OK(brake_set(f.store, now + 86400, NULL, NULL));
	OK(store_commit(f.store, NULL));
	assert_int_equal(take(&f, letter(&f, "d@d.com", "d@d.com", "",
	    SEND_LINK), false), 1);
	assert_int_equal(take(&f, letter(&f, "e@e.com", "e@e.com", "",
	    SEND_LINK), false), 0);
	OK(brake_get(f.store, f.arena, NULL, &why, NULL));
	close_desk(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_doubt_is_told_once),
		cmocka_unit_test(test_a_return_that_had_to_wait),
		cmocka_unit_test(test_trouble_ends_the_sleep),
		cmocka_unit_test(test_answers_of_a_merged_case),
		cmocka_unit_test(test_a_doubt_hides_nothing),
		cmocka_unit_test(test_found_after_all),
		cmocka_unit_test(test_our_own_copy),
		cmocka_unit_test(test_weather),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_not_sent),
		cmocka_unit_test(test_a_clock_put_back),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
