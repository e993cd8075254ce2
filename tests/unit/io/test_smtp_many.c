/*
 * Several connections at once, their groups, and replies that come together
 * (RFC 2920), early or out of step.
 */
#include "unit.h"

#include "io/config.h"
#include "io/smtp.h"
#include "peer.h"

#define GREETING "220 hello\r\n"
#define FEATURES "250-test.example\r\n250 PIPELINING\r\n"
#define QUEUED "250 2.0.0 queued\r\n"
#define MANY 60

struct script {
	const char *replies;	/* to MAIL, RCPT and DATA at once */
	const char *end;	/* to the final dot; "": hang up */
	int single;		/* replies leave byte by byte */
	int connections;	/* more are turned away; 0: none is */
	int only;		/* what is odd here happens to this one; 0: all */
	const char *reset;	/* to RSET; NULL: hang up */
	const char *whom;	/* only this recipient; NULL: all */
};

static const struct script fine = {
	.replies = "250 ok\r\n250 ok\r\n354 go\r\n", .end = QUEUED,
};

static void
say(struct peer_line *l, const char *reply, int single)
{
	for (; single && *reply; reply++) {
		peer_put(l, reply, 1);
		usleep(1000);
	}
	peer_puts(l, reply);
}

/* Connections count up `ends`, whole mails `requests`. */
static void
serve(struct peer_line *l, const void *script, struct peer_seen *seen)
{
	const struct script *s = script;
	int number = __atomic_add_fetch(&seen->ends, 1, __ATOMIC_SEQ_CST);
	char line[4096];

	if (s->connections && number > s->connections) {
		peer_puts(l, "421 too many connections\r\n");
		return;
	}
	if (s->only && number != s->only)
		s = &fine;
	peer_puts(l, GREETING);
	while (peer_gets(l, line, sizeof line)) {
		if (strncmp(line, "EHLO", 4) == 0) {
			peer_puts(l, FEATURES);
		} else if (strncmp(line, "MAIL", 4) == 0) {
			const char *replies;
			bool whom;

			/* Both are on their way already. */
			if (!peer_gets(l, line, sizeof line) ||
			    strncmp(line, "RCPT", 4) != 0)
				return;
			whom = s->whom && strstr(line, s->whom);
			if (!peer_gets(l, line, sizeof line) ||
			    strcmp(line, "DATA") != 0)
				return;
			replies = s->whom && !whom ? fine.replies : s->replies;
			say(l, replies, s->single);
			if (!strstr(replies, "354"))
				continue;
			while (peer_gets(l, line, sizeof line) &&
			    strcmp(line, ".") != 0)
				;
			if (strcmp(line, ".") != 0)
				return;
			__atomic_add_fetch(&seen->requests, 1,
			    __ATOMIC_SEQ_CST);
			if (!*s->end)
				return;
			peer_puts(l, s->end);
		} else if (strcmp(line, "RSET") == 0 && s->reset) {
			say(l, s->reset, s->single);
		} else {
			peer_puts(l, "221 bye\r\n");
			return;
		}
	}
}

static struct smtp *
connect_to(const struct peer *p, int connections)
{
	struct smtp_options o = { .host = "localhost", .port = p->port,
		.tls = TLS_NONE, .timeout_ms = 5000,
		.connections = connections };
	struct smtp *s = NULL;
	struct cd_err err = { "" };

	if (smtp_new(&o, &s, &err) != CD_OK)
		fail_msg("%s", err.text);
	return s;
}

/* What the hooks saw of each mail. */
struct seen {
	const struct smtp_mail *mails;
	int before[MANY], done[MANY];
	size_t largest;		/* group */
	const struct smtp_mail *hold;
	size_t stop_after;	/* mails done; 0: never */
	size_t n_done;
};

static void
before_end(void *context, struct smtp_mail *const *m, size_t n)
{
	struct seen *seen = context;

	if (n > seen->largest)
		seen->largest = n;
	for (size_t i = 0; i < n; i++) {
		seen->before[m[i] - seen->mails]++;
		assert_int_equal(seen->done[m[i] - seen->mails], 0);
		m[i]->hold = m[i] == seen->hold;
	}
}

static bool
done(void *context, struct smtp_mail *const *m, size_t n)
{
	struct seen *seen = context;

	for (size_t i = 0; i < n; i++)
		seen->done[m[i] - seen->mails]++;
	seen->n_done += n;
	return !seen->stop_after || seen->n_done < seen->stop_after;
}

static void
send_many(struct smtp *s, struct smtp_mail *m, size_t n, struct seen *seen)
{
	const struct smtp_hooks hooks = { before_end, done, seen };

	for (size_t i = 0; i < n; i++)
		m[i] = (struct smtp_mail){ .from = "us@a.example",
			.to = "them@b.example",
			.raw = STR("Subject: x\r\n\r\none\r\n") };
	seen->mails = m;
	smtp_send(s, m, n, &hooks);
}

/* Each mail once, in groups. */
static void
test_groups(void **state)
{
	struct peer p = { 0 };
	struct smtp_mail m[MANY];
	struct seen seen = { 0 };
	struct smtp *s;

	(void)state;
	peer_start(&p, 0, serve, &fine);
	s = connect_to(&p, 3);
	send_many(s, m, MANY, &seen);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(m[i].rc, CD_OK);
		assert_int_equal(seen.before[i], 1);
		assert_int_equal(seen.done[i], 1);
	}
	assert_int_equal(seen.largest, 3);
	assert_int_equal(p.seen->requests, MANY);
	assert_int_equal(p.seen->ends, 3);
	/* One is kept for what comes by and by. */
	smtp_rest(s);
	seen = (struct seen){ 0 };
	send_many(s, m, 2, &seen);
	assert_int_equal(m[1].rc, CD_OK);
	assert_int_equal(p.seen->ends, 3);
	smtp_free(&s);
	peer_stop(&p);
}

/* Where the server wants fewer connections, those that stand do. */
static void
test_fewer_connections(void **state)
{
	const struct script script = { .replies = fine.replies, .end = QUEUED,
		.connections = 1 };
	struct peer p = { 0 };
	struct smtp_mail m[MANY];
	struct seen seen = { 0 };
	struct smtp *s;

	(void)state;
	peer_start(&p, 0, serve, &script);
	s = connect_to(&p, 8);
	send_many(s, m, MANY, &seen);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(m[i].rc, CD_OK);
	assert_int_equal(p.seen->ends, 2);
	smtp_free(&s);
	peer_stop(&p);
}

/* What befalls one of a group befalls it alone. */
static void
test_one_of_a_group(void **state)
{
	const struct script lost = { .replies = fine.replies, .end = "",
		.only = 2 };
	struct peer p = { 0 };
	struct smtp_mail m[MANY];
	struct seen seen = { .hold = &m[MANY - 1] };
	struct smtp *s;
	int unknown = 0, held = 0;

	(void)state;
	peer_start(&p, 0, serve, &lost);
	s = connect_to(&p, 3);
	send_many(s, m, MANY, &seen);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(seen.before[i], 1);
		assert_int_equal(seen.done[i], 1);
		if (&m[i] == seen.hold) {
			assert_int_equal(m[i].rc, CD_AGAIN);
			assert_false(m[i].result.unknown);
			held++;
		} else if (m[i].rc != CD_OK) {
			assert_int_equal(m[i].rc, CD_AGAIN);
			assert_true(m[i].result.unknown);
			unknown++;
		}
	}
	assert_int_equal(held, 1);
	assert_int_equal(unknown, 1);
	assert_int_equal(p.seen->requests, MANY - 1);
	smtp_free(&s);
	peer_stop(&p);
}

/* done says stop: what was begun comes to its end, nothing more is begun. */
static void
test_stop(void **state)
{
	struct peer p = { 0 };
	struct smtp_mail m[MANY];
	struct seen seen = { .stop_after = 10 };
	struct smtp *s;
	int n = 0;

	(void)state;
	peer_start(&p, 0, serve, &fine);
	s = connect_to(&p, 3);
	send_many(s, m, MANY, &seen);
	for (size_t i = 0; i < MANY; i++) {
		assert_true(m[i].rc == CD_OK || m[i].rc == CD_ABSENT);
		assert_int_equal(seen.done[i], m[i].rc == CD_OK);
		n += m[i].rc == CD_OK;
	}
	assert_in_range(n, 10, 13);
	assert_int_equal(p.seen->requests, n);
	smtp_free(&s);
	peer_stop(&p);
}

/* Replies to what was sent ahead, as servers give them and as they do not. */
static void
test_replies(void **state)
{
	static const struct {
		const char *replies;
		int single;
		enum cd_rc rc;
		int code;
		const char *says;
	} rows[] = {
		{ "250 ok\r\n250 ok\r\n354 go\r\n", 1, CD_OK, 250, "" },
		{ "250-a\r\n250 ok\r\n250-b\r\n250 ok\r\n354-c\r\n354 go\r\n",
		    0, CD_OK, 250, "" },
		{ "550 who?\r\n503 no\r\n503 no\r\n", 0, CD_REFUSED, 550,
		    "who?" },
		{ "250 ok\r\n550 nobody\r\n503 no recipient\r\n", 0,
		    CD_REFUSED, 550, "nobody" },
		/* A server that takes the data all the same gets none. */
		{ "250 ok\r\n550 nobody\r\n354 go\r\n", 0, CD_REFUSED, 550,
		    "nobody" },
		{ "250 ok\r\n451 later\r\n354 go\r\n", 1, CD_AGAIN, 451,
		    "later" },
		{ "250 ok\r\n250 ok\r\n452 full\r\n", 0, CD_AGAIN, 452,
		    "full" },
		/* Out of step. */
		{ "250 ok\r\n354 go\r\n250 ok\r\n", 0, CD_AGAIN, 354,
		    "no sense" },
		{ "354 go\r\n", 0, CD_AGAIN, 354, "no sense" },
		{ "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n", 0, CD_AGAIN, 250,
		    "no sense" },
		/* An "accepted" before the mail was there accepts nothing. */
		{ "250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n", 0, CD_AGAIN,
		    250, "no command" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct script script = { .replies = rows[i].replies,
			.end = QUEUED, .single = rows[i].single, .only = 1 };
		struct peer p = { 0 };
		struct smtp_mail m[2];
		struct seen seen = { 0 };
		struct smtp *s;

		peer_start(&p, 0, serve, &script);
		s = connect_to(&p, 1);
		send_many(s, m, 2, &seen);
		if (m[0].rc != rows[i].rc || !strstr(m[0].why.text,
		    rows[i].says))
			fail_msg("%zu: %d %s", i, m[0].rc, m[0].why.text);
		assert_int_equal(m[0].result.code, rows[i].code);
		assert_false(m[0].result.unknown);
		/* The next one is none the worse. */
		assert_int_equal(m[1].rc, CD_OK);
		assert_int_equal(p.seen->requests, rows[i].rc == CD_OK ? 2 : 1);
		smtp_free(&s);
		peer_stop(&p);
	}
}

/* A sender who is refused at one recipient alone may write to the others; where a
 * second domain says so he is refused, until somebody takes a mail of his. */
static void
test_a_sender_refused_at_the_recipient(void **state)
{
	static const struct script script = { .whom = "bad", .reset = QUEUED,
		.end = QUEUED, .replies = "250 ok\r\n553 5.7.1 <us@a.example>: "
		"Sender address rejected\r\n503 no recipient\r\n" };
	static const struct {
		const char *to, *from;
		enum cd_rc rc;
		bool server;
	} rows[] = {
		{ "a@bad.example", "us@a.example", CD_AGAIN, false },
		{ "b@bad.EXAMPLE", "us@a.example", CD_AGAIN, false },
		{ "good.example", "us@a.example", CD_OK, false },
		{ "b@bad2.example", "us@a.example", CD_AGAIN, false },
		{ "a@good.example", "", CD_OK, false },
		/* Of that one it is known. */
		{ "a@bad.example", "us@a.example", CD_AGAIN, false },
		{ "a@bad3.example", "us@a.example", CD_REFUSED, true },
		{ "a@bad.example", "us@a.example", CD_REFUSED, true },
		{ "a@good.example", "us@a.example", CD_OK, false },
		/* They are tried again, and theirs alone it is. */
		{ "a@bad3.example", "us@a.example", CD_AGAIN, false },
		{ "a@bad2.example", "us@a.example", CD_AGAIN, false },
		{ "bad", "us@a.example", CD_AGAIN, false },
		{ "a@bad.example", "us@a.example", CD_AGAIN, false },
		/* Of that one it is not, once it takes him. */
		{ "bad@x.example", "us@a.example", CD_REFUSED, true },
		{ "a@x.example", "us@a.example", CD_OK, false },
		{ "bad", "us@a.example", CD_AGAIN, false },
		{ "bad@x.example", "us@a.example", CD_AGAIN, false },
		{ "bad@y.example", "us@a.example", CD_REFUSED, true },
	};
	struct smtp_options o = { .host = "localhost", .tls = TLS_NONE,
		.timeout_ms = 5000 };
	struct peer p = { 0 };

	(void)state;
	peer_start(&p, 0, serve, &script);
	o.port = p.port;
	for (int fresh = 0; fresh <= 1; fresh++) {
		struct smtp *s;

		/* Nothing ever went out as him: it is no one recipient. */
		o.new_sender = fresh;
		assert_int_equal(smtp_new(&o, &s, NULL), CD_OK);
		for (size_t i = 0; i < (fresh ? 5 : sizeof rows / sizeof *rows);
		    i++) {
			struct smtp_mail m = { .from = rows[i].from,
				.to = rows[i].to, .raw = STR("Hi\r\n") };
			bool refused = fresh && i < 2;

			smtp_send(s, &m, 1, NULL);
			if (m.rc != (refused ? CD_REFUSED : rows[i].rc) ||
			    m.result.server != (refused || rows[i].server))
				fail_msg("%zu: %d %d %s", i, m.rc,
				    m.result.server, m.why.text);
		}
		smtp_free(&s);
	}
	peer_stop(&p);
}

/* What is said of our account is no fault of the mail that meets it. */
static void
test_an_account_refused_late(void **state)
{
	static const struct {
		const char *said;
		bool server;
	} rows[] = {
		{ "550-5.4.5 Daily user sending limit exceeded. For more\r\n"
		    "550 5.4.5 see the help", true },
		{ "550 5.1.8 Access denied, bad outbound sender", true },
		{ "550 5.1.90 Your message can't be sent because you've "
		    "reached your daily limit", true },
		{ "554 5.2.252 SendAsDenied; us@a.example not allowed", true },
		{ "550 5.7.60 Client does not have permissions to send as this "
		    "sender", true },
		{ "550 5.7.60", true },
		{ "550 5.7.705 Access denied, tenant has exceeded threshold",
		    true },
		{ "550 5.7.708 Access denied, traffic not accepted from this "
		    "IP", true },
		{ "550 5.7.750 Service unavailable. Client blocked from "
		    "sending from unregistered domains", true },
		{ "550 5.4.6 Unusual sending activity detected", true },
		{ "554 5.4.6 Daily sending limit exceeded", true },
		{ "554 5.4.6 Too many hops (25 is the limit): mail loop", false },
		{ "550 5.7.7 no such code", false },
		{ "550 5.1.80 no such code", false },
		{ "550 5.1.1 5.1.8", false },
		{ "554 5.2.2 mailbox full", false },
		{ "450 4.1.8 Sender address rejected: Domain not found", false },
		{ "450 5.4.5 later", false },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
		const char *said = rows[i / 2].said;
		char replies[400], end[200];
		const struct script script = { .reset = QUEUED, .end = end,
			.replies = i % 2 ? fine.replies : replies };
		struct smtp_mail m = { .from = "us@a.example",
			.to = "them@b.example", .raw = STR("Hi\r\n") };
		struct peer p = { 0 };
		struct smtp *s;

		snprintf(end, sizeof end, "%s\r\n", said);
		snprintf(replies, sizeof replies, "250 ok\r\n%s503 no recipient"
		    "\r\n", end);
		peer_start(&p, 0, serve, &script);
		s = connect_to(&p, 1);
		smtp_send(s, &m, 1, NULL);
		if (m.rc != (*said == '5' ? CD_REFUSED : CD_AGAIN) ||
		    m.result.server != rows[i / 2].server || m.result.unknown)
			fail_msg("%s: %d %d %s", said, m.rc, m.result.server,
			    m.why.text);
		smtp_free(&s);
		peer_stop(&p);
	}
}

/* Refused recipients by the dozen, and one login: what was sent ahead is answered
 * before the next one begins. */
static void
test_refusals_keep_the_connection(void **state)
{
	static const struct {
		const char *replies, *reset;
		int single, connections;
	} rows[] = {
		{ "250 ok\r\n550 nobody\r\n503 no recipient\r\n",
		    "250-so\r\n250 be it\r\n", 0, 1 },
		{ "250 ok\r\n450 later\r\n503-no\r\n503 recipient\r\n",
		    "250 ok\r\n", 1, 1 },
		{ "552 too big\r\n503 no\r\n503 no\r\n", "250 ok\r\n", 0, 1 },
		{ "250 ok\r\n250 ok\r\n452 full\r\n", "250 ok\r\n", 0, 1 },
		/* One that does not forget the mail must not mix two. */
		{ "250 ok\r\n550 nobody\r\n503 no\r\n", "502 what?\r\n", 0, 5 },
		{ "250 ok\r\n550 nobody\r\n503 no\r\n", "421 bye\r\n", 0, 5 },
		{ "250 ok\r\n550 nobody\r\n354 go\r\n", "250 ok\r\n", 0, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct script script = { .replies = rows[i].replies,
			.reset = rows[i].reset, .single = rows[i].single };
		struct peer p = { 0 };
		struct smtp_mail m[5];
		struct seen seen = { 0 };
		struct smtp *s;

		peer_start(&p, 0, serve, &script);
		s = connect_to(&p, 1);
		send_many(s, m, 5, &seen);
		for (size_t k = 0; k < 5; k++) {
			assert_int_equal(m[k].rc, strstr(rows[i].replies, "45")
			    ? CD_AGAIN : CD_REFUSED);
			assert_int_equal(seen.before[k], 0);
			assert_int_equal(seen.done[k], 1);
			assert_false(m[k].result.server);
			assert_true(m[k].result.code != 250);
		}
		assert_int_equal(p.seen->ends, rows[i].connections);
		smtp_free(&s);
		peer_stop(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_fewer_connections),
		cmocka_unit_test(test_one_of_a_group),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_a_sender_refused_at_the_recipient),
		cmocka_unit_test(test_an_account_refused_late),
		cmocka_unit_test(test_refusals_keep_the_connection),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
