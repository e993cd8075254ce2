#include "unit.h"

#include "base/clock.h"
#include "io/config.h"
#include "io/smtp.h"
#include "peer.h"

#define OK "250 2.0.0 ok\r\n"
#define LOSE ""			/* close the connection instead of a reply */
#define STALL "stall"		/* say nothing */
#define RAW STR("Subject: x\r\n\r\none\r\n.two\r\n..\r\n")

struct script {
	const char *greet, *ehlo, *auth, *mail, *rcpt, *data, *end, *noop;
	int mails;		/* lose the connection after so many; 0: none */
	const struct peer *tls;	/* for STARTTLS */
	int slow;		/* read the data in tiny bits */
	int late_ms;		/* the answer to the end */
};

static const struct script fine = {
	.greet = "220 hello\r\n",
	.ehlo = "250-test.example\r\n250-8BITMIME\r\n"
		"250 AUTH PLAIN LOGIN XOAUTH2\r\n",
	.auth = "235 2.7.0 welcome\r\n", .mail = OK, .rcpt = OK,
	.data = "354 go\r\n", .end = "250 2.0.0 queued as 1\r\n", .noop = OK,
};

/* false: the script wants the connection closed. */
static int
say(struct peer_line *l, const char *reply)
{
	if (strcmp(reply, STALL) == 0)
		for (;;)
			pause();
	if (!*reply)
		return 0;
	peer_puts(l, reply);
	return 1;
}

/* Up to the final dot; false if the connection ended before. */
static int
data_read(struct peer_line *l, const struct script *s, struct peer_seen *seen)
{
	char line[2048];

	seen->n = 0;
	for (;;) {
		if (s->slow)
			usleep(1000);
		if (!peer_gets(l, line, sizeof line))
			return 0;
		if (strcmp(line, ".") == 0)
			break;
		if (line[0] == '.' && line[1] == '.')
			seen->stuffed++;
		seen->n += (size_t)snprintf(seen->text + seen->n,
		    sizeof seen->text - seen->n - 1, "%.1000s\n", line);
	}
	seen->ends++;
	return 1;
}

static void
serve(struct peer_line *l, const void *script, struct peer_seen *seen)
{
	const struct script *s = script;
	char line[4096];
	int mails = 0, go = say(l, s->greet);

	while (go && peer_gets(l, line, sizeof line)) {
		size_t n = strlen(seen->words);

		snprintf(seen->words + n, sizeof seen->words - n, "%.200s\n",
		    line);
		if (strncmp(line, "EHLO", 4) == 0) {
			go = say(l, s->ehlo);
		} else if (strncmp(line, "STARTTLS", 8) == 0) {
			peer_puts(l, "220 go\r\n");
			go = peer_tls(l, s->tls);
		} else if (strncmp(line, "AUTH", 4) == 0) {
			peer_puts(l, "334 \r\n");
			peer_gets(l, line, sizeof line);
			n = strlen(seen->words);
			snprintf(seen->words + n, sizeof seen->words - n,
			    "+%.200s\n", line);
			go = say(l, s->auth);
		} else if (strncmp(line, "MAIL", 4) == 0) {
			if (s->mails && mails == s->mails)
				return;
			go = say(l, s->mail);
		} else if (strncmp(line, "RCPT", 4) == 0) {
			go = say(l, s->rcpt);
		} else if (strncmp(line, "DATA", 4) == 0) {
			go = say(l, s->data);
			if (strncmp(s->data, "354", 3) != 0)
				continue;
			if (!data_read(l, s, seen))
				return;
			mails++;
			seen->requests++;
			usleep((useconds_t)s->late_ms * 1000);
			go = say(l, s->end);
		} else if (strncmp(line, "NOOP", 4) == 0) {
			go = say(l, s->noop);
		} else if (strncmp(line, "RSET", 4) == 0) {
			go = say(l, OK);
		} else if (strncmp(line, "QUIT", 4) == 0) {
			peer_puts(l, "221 bye\r\n");
			return;
		} else {
			peer_puts(l, "502 what?\r\n");
		}
	}
}

static struct smtp *
connect_to(const struct peer *p, int tls, int ms)
{
	struct smtp_options o = { .host = "localhost", .port = p->port,
		.tls = tls, .timeout_ms = ms,
		.ca_file = p->ca_file[0] ? p->ca_file : NULL };
	struct smtp *s = NULL;
	struct cd_err err = { "" };

	if (smtp_new(&o, &s, &err) != CD_OK)
		fail_msg("%s", err.text);
	return s;
}

/* One mail by itself. */
static enum cd_rc
send_one(struct smtp *s, const char *from, const char *to, struct str raw,
    const struct smtp_hooks *hooks, struct smtp_result *r, struct cd_err *err)
{
	struct smtp_mail m = { .from = from, .to = to, .raw = raw };

	smtp_send(s, &m, 1, hooks);
	*r = m.result;
	*err = m.why;
	return m.rc;
}

static enum cd_rc
mail(struct smtp *s, struct smtp_result *r, struct cd_err *err)
{
	return send_one(s, "us@a.example", "them@b.example", RAW, NULL,
	    r, err);
}

/* Many mails over one connection, each whole, dots doubled on the way. */
static void
test_many_mails(void **state)
{
	struct peer p = { 0 };
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s;

	(void)state;
	peer_start(&p, 0, serve, &fine);
	s = connect_to(&p, TLS_NONE, 5000);
	assert_int_equal(smtp_probe(s, &r, &err), CD_OK);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(mail(s, &r, &err), CD_OK);
		assert_int_equal(r.code, 250);
		assert_string_equal(r.answer, "2.0.0 queued as 1");
		assert_false(r.unknown);
	}
	assert_int_equal(send_one(s, "", "them@b.example", RAW, NULL,
	    &r, &err), CD_OK);
	assert_int_equal(smtp_probe(s, &r, &err), CD_OK);
	assert_int_equal(p.seen->connections, 1);
	assert_int_equal(p.seen->ends, 21);
	assert_int_equal(p.seen->stuffed, 42);
	assert_string_equal(p.seen->text,
	    "Subject: x\n\none\n..two\n...\n");
	assert_non_null(strstr(p.seen->words,
	    "MAIL FROM:<us@a.example>\nRCPT TO:<them@b.example>\nDATA\n"));
	assert_null(strstr(p.seen->words, "AUTH"));
	smtp_free(&s);
	assert_null(s);
	peer_stop(&p);
}

/* Every step refused, lost or garbled: what it means for the mail. */
static void
test_each_step(void **state)
{
	static const struct {
		const char *name;
		struct script s;
		enum cd_rc rc;
		int code;
		bool unknown, server;
	} rows[] = {
#define STEP(f, reply, rc, code, unknown, server) { #f " " reply,                \
	{ .f = reply }, rc, code, unknown, server }
		STEP(greet, "421 4.3.2 busy\r\n", CD_AGAIN, 421, false, true),
		STEP(greet, "554 5.7.1 not you\r\n", CD_AGAIN, 554, false, true),
		STEP(greet, "HTTP/1.1 400 Bad\r\n\r\n", CD_AGAIN, 0, false, true),
		STEP(greet, LOSE, CD_AGAIN, 0, false, true),
		STEP(ehlo, "550 no\r\n", CD_AGAIN, -1, false, true),
		STEP(ehlo, LOSE, CD_AGAIN, 220, false, true),
		STEP(mail, "451 4.3.0 later\r\n", CD_AGAIN, 451, false, true),
		STEP(mail, "550 5.7.60 not as that\r\n", CD_REFUSED, 550, false, true),
		STEP(mail, "552 too big\r\n", CD_REFUSED, 552, false, false),
		STEP(mail, "554 5.3.4 too big\r\n", CD_REFUSED, 554, false, false),
		STEP(mail, "530 5.7.0 log in first\r\n", CD_REFUSED, 535,
		    false, true),
		STEP(mail, LOSE, CD_AGAIN, 250, false, true),
		STEP(rcpt, "450 4.2.0 greylisted\r\n", CD_AGAIN, 450, false, false),
		STEP(rcpt, "550 5.1.1 nobody\r\n", CD_REFUSED, 550, false, false),
		STEP(rcpt, "550 5.7.1 us@a.example, them@b.example\r\n", CD_REFUSED, 550, 0, 0),
		STEP(rcpt, LOSE, CD_AGAIN, 250, false, true),
		STEP(data, "451 4.3.0 later\r\n", CD_AGAIN, 451, false, false),
		STEP(data, "554 5.5.0 none\r\n", CD_REFUSED, 554, false, false),
		STEP(data, LOSE, CD_AGAIN, 250, false, true),
		STEP(end, "452 4.3.1 disk full\r\n", CD_AGAIN, 452, false, false),
		STEP(end, "421 4.3.2 going\r\n", CD_AGAIN, 421, false, true),
		STEP(end, "550 5.7.1 spam\r\n", CD_REFUSED, 550, false, false),
		STEP(end, "550-5.7.1 spam\r\n550 5.7.1 sure\r\n", CD_REFUSED,
		    550, false, false),
		STEP(end, "251 2.0.0 taken too\r\n", CD_OK, 251, false, false),
		STEP(end, LOSE, CD_AGAIN, -1, true, true),
		STEP(end, "250-half\r\n", CD_AGAIN, -1, true, true),
		STEP(end, "\x01\x02 garbage\r\n", CD_AGAIN, -1, true, true),
		STEP(end, "354 go on\r\n", CD_AGAIN, -1, true, true),
		STEP(end, "250", CD_AGAIN, -1, true, true),
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct script sc = fine;
		const char *const *from = &rows[i].s.greet;
		const char **to = &sc.greet;
		struct peer p = { 0 };
		struct smtp_result r;
		struct cd_err err = { "" };
		struct smtp *s;
		enum cd_rc rc;

		for (size_t k = 0; k < 8; k++) {
			if (from[k])
				to[k] = from[k];
		}
		peer_start(&p, 0, serve, &sc);
		/* Where the server waits for more, so do we. */
		s = connect_to(&p, TLS_NONE, rows[i].code <= 0 ? 1000 : 5000);
		rc = mail(s, &r, &err);
		if (rc != rows[i].rc || r.unknown != rows[i].unknown ||
		    r.server != rows[i].server ||
		    (rows[i].code >= 0 && r.code != rows[i].code))
			fail_msg("%s: rc %d code %d unknown %d server %d: %s",
			    rows[i].name, (int)rc, r.code, r.unknown,
			    r.server, err.text);
		assert_int_equal(p.seen->ends, rows[i].rc == CD_OK ||
		    strncmp(rows[i].name, "end", 3) == 0);
		if (rc != CD_OK)
			assert_non_null(strstr(err.text, "smtp localhost:"));
		/* What is this mail's own trouble costs no further login. */
		if (rc != CD_OK && !r.server) {
			assert_int_equal(mail(s, &r, &err), rc);
			assert_int_equal(p.seen->connections, 1);
		}
		smtp_free(&s);
		peer_stop(&p);
	}
}

static void
test_stalls(void **state)
{
	struct peer p = { 0 };
	struct smtp_result r;
	struct cd_err err = { "" };

	(void)state;
	for (int step = 0; step < 7; step++) {
		struct script sc = fine;
		struct smtp *s;
		int64_t t0;

		if (step == 2)
			continue;
		(&sc.greet)[step] = STALL;
		peer_start(&p, 0, serve, &sc);
		s = connect_to(&p, TLS_NONE, step == 6 ? 1000 : 200);
		t0 = clock_mono_ms();
		assert_int_equal(mail(s, &r, &err), CD_AGAIN);
		assert_int_equal(r.unknown, step == 6);
		smtp_free(&s);
		if (clock_mono_ms() - t0 > 3000)
			fail_msg("step %d took %d ms", step,
			    (int)(clock_mono_ms() - t0));
		peer_stop(&p);
	}
}

struct life {
	int64_t last_ms, silent_ms;	/* the longest silence */
};

static void
live(void *context)
{
	struct life *l = context;
	int64_t now = clock_mono_ms();

	if (now - l->last_ms > l->silent_ms)
		l->silent_ms = now - l->last_ms;
	l->last_ms = now;
}

/* A server may think for minutes about a whole mail (RFC 5321 4.5.3.2.6), and
 * whoever waits for it is asked whether he lives meanwhile. */
static void
test_a_late_answer_to_the_end(void **state)
{
	struct script sc = fine;
	struct peer p = { 0 };
	struct smtp_options o = { .host = "localhost", .tls = TLS_NONE,
		.timeout_ms = 500, .end_ms = 20000, .waiting = live };
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s = NULL;
	struct life life = { .last_ms = clock_mono_ms() };

	(void)state;
	sc.late_ms = 6000;
	peer_start(&p, 0, serve, &sc);
	o.port = p.port;
	o.waiting_context = &life;
	assert_int_equal(smtp_new(&o, &s, &err), CD_OK);
	if (mail(s, &r, &err) != CD_OK)
		fail_msg("%s", err.text);
	live(&life);
	assert_in_range(life.silent_ms, 1, sc.late_ms - 300);
	smtp_free(&s);
	peer_stop(&p);
}

struct last_look {
	const struct peer *p;
	int calls, ends;
	size_t n;
	bool answer;
};

static void
look(void *context, struct smtp_mail *const *mails, size_t n)
{
	struct last_look *l = context;

	/* What was sent had time to arrive: the final dot is not among it. */
	usleep(50000);
	l->calls++;
	l->ends = l->p->seen->ends;
	l->n = l->p->seen->n;
	assert_int_equal(n, 1);
	mails[0]->hold = !l->answer;
}

static void
test_before_end(void **state)
{
	struct peer p = { 0 };
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s;
	struct last_look yes = { .p = &p, .answer = true }, no = { .p = &p };

	(void)state;
	peer_start(&p, 0, serve, &fine);
	s = connect_to(&p, TLS_NONE, 5000);
	assert_int_equal(send_one(s, "a@a.example", "b@b.example", RAW,
	    &(struct smtp_hooks){ .before_end = look, .context = &yes },
	    &r, &err), CD_OK);
	assert_int_equal(yes.calls, 1);
	assert_int_equal(yes.ends, 0);
	assert_int_equal(p.seen->ends, 1);

	assert_int_equal(send_one(s, "a@a.example", "b@b.example", RAW,
	    &(struct smtp_hooks){ .before_end = look, .context = &no },
	    &r, &err), CD_AGAIN);
	assert_false(r.unknown);
	assert_int_equal(no.calls, 1);
	assert_int_equal(smtp_probe(s, &r, &err), CD_OK);
	assert_int_equal(p.seen->ends, 1);
	smtp_free(&s);
	peer_stop(&p);
}

/* A big mail to a slow reader, and one that the reader leaves half-way. */
static void
test_slow_data(void **state)
{
	struct script sc = fine;
	struct peer p = { 0 };
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s;
	size_t n = 100 * 1000;
	char *big = malloc(n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		big[i] = i % 500 == 498 ? '\r' : i % 500 == 499 ? '\n' : 'x';
	sc.slow = 1;
	peer_start(&p, 0, serve, &sc);
	s = connect_to(&p, TLS_NONE, 5000);
	assert_int_equal(send_one(s, "a@a.example", "b@b.example",
	    (struct str){ big, n }, NULL, &r, &err), CD_OK);
	assert_int_equal(p.seen->n, n - n / 500);
	free(big);
	smtp_free(&s);
	peer_stop(&p);
}

/* The server drops idle connections: nobody notices. */
static void
test_reconnect(void **state)
{
	struct script sc = fine;
	struct peer p = { 0 };
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s;

	(void)state;
	sc.mails = 2;
	peer_start(&p, 0, serve, &sc);
	s = connect_to(&p, TLS_NONE, 5000);
	for (int i = 0; i < 6; i++) {
		if (mail(s, &r, &err) != CD_OK)
			fail_msg("mail %d: %s", i, err.text);
	}
	assert_int_equal(p.seen->ends, 6);
	assert_int_equal(p.seen->connections, 3);
	smtp_free(&s);
	peer_stop(&p);
	/* And when there is nobody any more. */
	p.port = 1;
	s = connect_to(&p, TLS_NONE, 1000);
	assert_int_equal(mail(s, &r, &err), CD_AGAIN);
	assert_int_equal(r.code, 0);
	smtp_free(&s);
}

static void
test_addresses(void **state)
{
	static const char *const bad[] = { "a@b\r\nRCPT TO:<x@y>", "a b@c",
		"a@b>", "<a@b", "" };
	struct peer p = { 0 };
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s;

	(void)state;
	peer_start(&p, 0, serve, &fine);
	s = connect_to(&p, TLS_NONE, 1000);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(send_one(s, "a@b.example", bad[i], RAW,
		    NULL, &r, &err), CD_MALFORMED);
		if (*bad[i])
			assert_int_equal(send_one(s, bad[i], "a@b.example",
			    RAW, NULL, &r, &err), CD_MALFORMED);
	}
	assert_int_equal(p.seen->connections, 0);
	smtp_free(&s);
	peer_stop(&p);
}

static void
test_login(void **state)
{
	static const struct {
		const char *reply;
		enum cd_rc rc;
		int code;
	} rows[] = {
		{ "235 ok\r\n", CD_OK, 250 },
		{ "535 5.7.3 Authentication unsuccessful\r\n", CD_REFUSED,
		    535 },
		{ "550 5.7.30 Basic authentication is not supported\r\n",
		    CD_REFUSED, 535 },
		{ "454 4.7.0 later\r\n", CD_AGAIN, 454 },
		{ LOSE, CD_AGAIN, -1 },
	};
	struct smtp_result r;

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
		size_t row = i / 2;
		struct script sc = fine;
		struct peer p = { 0 };
		struct cd_err err = { "" };
		struct smtp *s = NULL;
		struct smtp_options o = { .host = "127.0.0.1",
			.tls = TLS_NONE, .user = "me@a.example",
			.password = i % 2 ? NULL : "secret word",
			.bearer = i % 2 ? "token1" : NULL,
			.timeout_ms = 2000 };
		enum cd_rc rc;

		sc.auth = rows[row].reply;
		peer_start(&p, 0, serve, &sc);
		o.port = p.port;
		assert_int_equal(smtp_new(&o, &s, &err), CD_OK);
		rc = mail(s, &r, &err);
		if (rc != rows[row].rc ||
		    (rows[row].code >= 0 && r.code != rows[row].code))
			fail_msg("%s: rc %d code %d: %s", rows[row].reply,
			    (int)rc, r.code, err.text);
		assert_int_equal(r.server, rc != CD_OK);
		assert_null(strstr(err.text, "secret word"));
		/* "\0me@a.example\0secret word" or XOAUTH2's. */
		assert_non_null(strstr(p.seen->words, i % 2
		    ? "AUTH XOAUTH2\n+dXNlcj1tZUBhLmV4YW1wbGUBYXV0aD1CZWFyZXI"
		      "gdG9rZW4xAQE="
		    : "AUTH PLAIN\n+AG1lQGEuZXhhbXBsZQBzZWNyZXQgd29yZA=="));
		if (i == 1) {
			smtp_set_bearer(s, "token2");
			assert_int_equal(mail(s, &r, &err), CD_OK);
			assert_int_equal(p.seen->connections, 2);
			assert_non_null(strstr(p.seen->words,
			    "+dXNlcj1tZUBhLmV4YW1wbGUBYXV0aD1CZWFyZXIgdG9rZW4"
			    "yAQE="));
		}
		/* Where there was no connection, none has gone stale. */
		for (int k = 2; rc == CD_AGAIN && k <= 3; k++) {
			assert_int_equal(mail(s, &r, &err), CD_AGAIN);
			assert_int_equal(p.seen->connections, k);
		}
		smtp_free(&s);
		peer_stop(&p);
	}
}

/* The token comes after the handle; without one there is no login. */
static void
test_late_token(void **state)
{
	struct peer p = { 0 };
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s = NULL;
	struct smtp_options o = { .host = "127.0.0.1", .tls = TLS_NONE,
		.user = "me", .timeout_ms = 3000 };
	static char large[2500];

	(void)state;
	peer_start(&p, 0, serve, &fine);
	o.port = p.port;
	assert_int_equal(smtp_new(&o, &s, &err), CD_OK);
	assert_int_equal(mail(s, &r, &err), CD_REFUSED);
	assert_int_equal(r.code, 535);
	assert_null(strstr(p.seen->words, "AUTH"));
	smtp_set_bearer(s, "token1");
	assert_int_equal(mail(s, &r, &err), CD_OK);
	assert_non_null(strstr(p.seen->words, "AUTH XOAUTH2"));
	/* As long as Microsoft's. */
	memset(large, 'x', sizeof large - 1);
	smtp_set_bearer(s, large);
	assert_int_equal(mail(s, &r, &err), CD_OK);
	assert_int_equal(p.seen->connections, 3);
	smtp_free(&s);
	peer_stop(&p);
}

/* Nothing we can log in by is offered: told as a matter of the login. */
static void
test_login_not_offered(void **state)
{
	struct script sc = fine;
	struct peer p = { 0 };
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s = NULL;
	struct smtp_options o = { .host = "127.0.0.1", .tls = TLS_NONE,
		.user = "me", .password = "pw", .timeout_ms = 2000 };

	(void)state;
	sc.ehlo = "250-test\r\n250 AUTH CRAM-MD5 NTLM\r\n";
	peer_start(&p, 0, serve, &sc);
	o.port = p.port;
	assert_int_equal(smtp_new(&o, &s, &err), CD_OK);
	assert_int_equal(smtp_probe(s, &r, &err), CD_REFUSED);
	assert_int_equal(r.code, 535);
	assert_null(strstr(err.text, "CRAM-MD5"));
	assert_null(strstr(p.seen->words, "AUTH"));
	smtp_free(&s);
	peer_stop(&p);
}

static void
test_tls(void **state)
{
	struct peer p = { 0 };
	struct script sc = fine;
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s;

	(void)state;
	peer_certificate(&p, "localhost");
	peer_start(&p, 1, serve, &fine);
	s = connect_to(&p, TLS_IMPLICIT, 3000);
	for (int i = 0; i < 3; i++) {
		if (mail(s, &r, &err) != CD_OK)
			fail_msg("%s", err.text);
	}
	assert_int_equal(p.seen->connections, 1);
	smtp_free(&s);
	peer_stop(&p);

	peer_certificate(&p, "localhost");
	sc.tls = &p;
	sc.ehlo = "250-test\r\n250 STARTTLS\r\n";
	peer_start(&p, 0, serve, &sc);
	s = connect_to(&p, TLS_STARTTLS, 3000);
	if (mail(s, &r, &err) != CD_OK)
		fail_msg("%s", err.text);
	assert_non_null(strstr(p.seen->words, "STARTTLS\nEHLO"));
	smtp_free(&s);
	peer_stop(&p);
}

static void
refused(const struct peer *p, int tls, const char *ca_file, const char *says)
{
	struct peer like = *p;
	struct smtp_result r;
	struct cd_err err = { "" };
	struct smtp *s;

	snprintf(like.ca_file, sizeof like.ca_file, "%s", ca_file);
	s = connect_to(&like, tls, 20000);
	if (mail(s, &r, &err) != CD_REFUSED)
		fail_msg("%s", err.text);
	assert_int_equal(r.code, 0);
	assert_false(r.unknown);
	if (!strstr(err.text, says) || !strstr(err.text, "localhost"))
		fail_msg("%s", err.text);
	assert_null(strstr(p->seen->words, "MAIL"));
	smtp_free(&s);
}

static void
test_tls_refused(void **state)
{
	struct peer p = { 0 }, no_tls = { 0 };
	struct script sc = fine;

	(void)state;
	/* An unknown authority, another name, no such file. */
	peer_certificate(&p, "other.example");
	peer_start(&p, 1, serve, &fine);
	refused(&p, TLS_IMPLICIT, "", "[smtp] ca_file");
	refused(&p, TLS_IMPLICIT, p.ca_file, "[smtp] host");
	refused(&p, TLS_IMPLICIT, "/nowhere.pem", "[smtp] ca_file");
	peer_stop(&p);

	peer_certificate(&p, "other.example");
	sc.tls = &p;
	sc.ehlo = "250-test\r\n250 STARTTLS\r\n";
	peer_start(&p, 0, serve, &sc);
	refused(&p, TLS_STARTTLS, p.ca_file, "[smtp] host");
	peer_stop(&p);

	/* Stripped on the way, or never there. */
	peer_start(&no_tls, 0, serve, &fine);
	refused(&no_tls, TLS_STARTTLS, "", "STARTTLS");
	peer_stop(&no_tls);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_mails),
		cmocka_unit_test(test_each_step),
		cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_a_late_answer_to_the_end),
		cmocka_unit_test(test_before_end),
		cmocka_unit_test(test_slow_data),
		cmocka_unit_test(test_reconnect),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_login),
		cmocka_unit_test(test_late_token),
		cmocka_unit_test(test_login_not_offered),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_tls_refused),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
