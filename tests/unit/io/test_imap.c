/*
 * The mailbox against a real Dovecot. What only a mad server does is in
 * test_imap_garbage.c.
 */
#include "bench.h"

#include "io/config.h"
#include "io/imap.h"

static struct bench bench;

static struct imap_options
options(const char *user)
{
	return (struct imap_options){
		.host = "localhost",
		.port = bench.good_imaps,
		.tls = TLS_IMPLICIT,
		.ca_file = bench.ca,
		.user = user,
		.password = bench.password,
		.folder = "INBOX",
		.timeout_ms = 10000,
	};
}

static struct imap *
opened(const char *user)
{
	struct imap_options o = options(user);
	struct cd_err err = { "" };
	struct imap *i = NULL;
	enum cd_rc rc = imap_open(&o, &i, &err);

	if (rc != CD_OK)
		fail_msg("imap_open: %d %s", rc, err.text);
	return i;
}

static void
put(const char *user, int bytes)
{
	char command[128];

	snprintf(command, sizeof command, "put %s %d", user, bytes);
	bench_do(&bench, command);
}

static void
expect_text(const struct cd_err *err, const char *part)
{
	if (!strstr(err->text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, err->text);
}

static void
test_refusals(void **state)
{
	const struct {
		const char *host;
		int port, tls;
		const char *ca, *user, *password, *folder;
		enum cd_rc rc;
		const char *text[3];
	} rows[] = {
		{ "localhost", bench.good_imaps, TLS_IMPLICIT, bench.other_ca,
		    "u", bench.password, "INBOX", CD_REFUSED,
		    { "localhost", "Consent Desk test CA", "set ca_file" } },
		{ "localhost", bench.imap, TLS_STARTTLS, bench.other_ca,
		    "u", bench.password, "INBOX", CD_REFUSED,
		    { "localhost", "not trusted here", "set ca_file" } },
		{ "localhost", bench.good_imaps, TLS_IMPLICIT, NULL,
		    "u", bench.password, "INBOX", CD_REFUSED,
		    { "localhost", "not trusted here", "set ca_file" } },
		{ "localhost", bench.good_imaps, TLS_IMPLICIT, "/nowhere.pem",
		    "u", bench.password, "INBOX", CD_REFUSED,
		    { "/nowhere.pem", "cannot read", "" } },
		{ "localhost", bench.wrong_imaps, TLS_IMPLICIT, bench.ca,
		    "u", bench.password, "INBOX", CD_REFUSED,
		    { "not to \"localhost\"", "mail.elsewhere.test",
		    "set host" } },
		{ "127.0.0.1", bench.wrong_imaps, TLS_IMPLICIT, bench.ca,
		    "u", bench.password, "INBOX", CD_REFUSED,
		    { "not to \"127.0.0.1\"", "", "" } },
		{ "localhost", bench.expired_imaps, TLS_IMPLICIT, bench.ca,
		    "u", bench.password, "INBOX", CD_REFUSED,
		    { "expired on 20", "localhost", "renew" } },
		{ "localhost", bench.good_imaps, TLS_IMPLICIT, bench.ca,
		    "u", "not-the-word", "INBOX", CD_REFUSED,
		    { "login of \"u\" refused", "localhost",
		    "check user and password" } },
		{ "localhost", bench.good_imaps, TLS_IMPLICIT, bench.ca,
		    "u", bench.password, "No such", CD_REFUSED,
		    { "No such", "cannot be opened", "" } },
		{ "localhost", bench.good_imaps, TLS_IMPLICIT, bench.ca,
		    "u", bench.password, "a\r\nb", CD_REFUSED,
		    { "can be no folder's name", "", "" } },
		{ "localhost", 1, TLS_IMPLICIT, bench.ca,
		    "u", bench.password, "INBOX", CD_AGAIN,
		    { "localhost", "port 1", "refused" } },
		{ "no-such-host.invalid", 993, TLS_IMPLICIT, bench.ca,
		    "u", bench.password, "INBOX", CD_AGAIN,
		    { "no-such-host.invalid", "not known", "" } },
		{ "localhost", bench.imap, TLS_IMPLICIT, bench.ca,
		    "u", bench.password, "INBOX", CD_AGAIN,
		    { "TLS handshake", "starttls", "" } },
	};

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct imap_options o = options(rows[k].user);
		struct imap *i = (struct imap *)&o;
		struct cd_err err = { "" };
		bool login_refused = false;

		o.login_refused = &login_refused;
		o.host = rows[k].host;
		o.port = rows[k].port;
		o.tls = rows[k].tls;
		o.ca_file = rows[k].ca;
		o.password = rows[k].password;
		o.folder = rows[k].folder;
		assert_int_equal(imap_open(&o, &i, &err), rows[k].rc);
		/* Outputs are untouched, secrets untold. */
		assert_ptr_equal(i, &o);
		assert_null(strstr(err.text, "not-the-word"));
		assert_int_equal(login_refused, strcmp(rows[k].password,
		    "not-the-word") == 0);
		for (size_t n = 0; n < 3; n++)
			expect_text(&err, rows[k].text[n]);
	}
}

static void
test_ways_in(void **state)
{
	const struct {
		const char *host;
		int port, tls;
		bool read_only;
	} rows[] = {
		{ "localhost", bench.good_imaps, TLS_IMPLICIT, false },
		{ "127.0.0.1", bench.good_imaps, TLS_IMPLICIT, true },
		{ "localhost", bench.imap, TLS_STARTTLS, false },
		{ "127.0.0.1", bench.imap, TLS_STARTTLS, true },
		{ "127.0.0.1", bench.imap, TLS_NONE, false },
	};

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct imap_options o = options("ways");
		struct cd_err err = { "" };
		struct imap *i = NULL;
		enum cd_rc rc;

		o.host = rows[k].host;
		o.port = rows[k].port;
		o.tls = rows[k].tls;
		o.read_only = rows[k].read_only;
		rc = imap_open(&o, &i, &err);
		if (rc != CD_OK)
			fail_msg("row %zu: %s", k, err.text);
		assert_true(imap_uidvalidity(i) > 0);
		assert_int_equal(imap_uidnext(i), 1);
		assert_true(imap_has_idle(i));
		imap_close(&i);
		assert_null(i);
		imap_close(&i);
	}
}

static void
test_fetch(void **state)
{
	struct arena *a = arena_new();
	struct imap *i = opened("fetch");
	struct imap_mail *m;
	struct cd_err err;
	size_t n;

	(void)state;
	assert_int_equal(imap_fetch(i, a, 1, 10, 1 << 20, &m, &n, &err), CD_OK);
	assert_int_equal(n, 0);
	put("fetch", 800);
	put("fetch", 100000);
	put("fetch", 900);
	assert_int_equal(imap_fetch(i, a, 1, 2, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 2);
	assert_int_equal(m[0].uid, 1);
	assert_int_equal(m[1].uid, 2);
	assert_true(m[0].raw.n > 700 && m[0].raw.n <= 1000);
	assert_int_equal(m[0].size, m[0].raw.n < 1000 ? m[0].raw.n :
	    m[0].size);
	/* Cut, but its size is told. */
	assert_int_equal(m[1].raw.n, 1000);
	assert_true(m[1].size > 100000);
	assert_true(m[1].internal_date > clock_now() - 60);
	assert_true(m[1].internal_date <= clock_now() + 1);
	assert_true(str_find(m[1].raw, STR("Subject: mail ")) > 0);
	/* The rest; and nothing where nothing is, though "n:*" names one. */
	assert_int_equal(imap_fetch(i, a, 3, 2, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 1);
	assert_int_equal(m[0].uid, 3);
	assert_int_equal(imap_fetch(i, a, 4, 2, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 0);
	/* Headers alone; of a mail that is not there, none. */
	struct imap_mail some[] = { { .uid = 2 }, { .uid = 9 } };

	assert_int_equal(imap_headers(i, a, some, 2, &err), CD_OK);
	assert_true(str_find(some[0].raw, STR("Subject: mail ")) >= 0);
	assert_true(some[0].raw.n < 1000);
	assert_int_equal(some[1].raw.n, 0);
	imap_close(&i);
	/* People's flags are theirs. */
	assert_int_equal(bench_do(&bench, "seen fetch"), 0);
	arena_free(&a);
}

static void
test_first_since(void **state)
{
	struct imap *i = opened("since");
	struct cd_err err;
	uint32_t uid = 0;

	(void)state;
	assert_int_equal(imap_first_since(i, clock_now() - 86400, &uid, &err),
	    CD_ABSENT);
	put("since", 500);
	put("since", 500);
	assert_int_equal(imap_first_since(i, clock_now() - 86400, &uid, &err),
	    CD_OK);
	assert_int_equal(uid, 1);
	assert_int_equal(imap_first_since(i, clock_now() + 2 * 86400, &uid,
	    &err), CD_ABSENT);
	imap_close(&i);
}

static void
test_backlog(void **state)
{
	enum { MAILS = 10000, BATCH = 64 };
	struct arena *a = arena_new();
	struct imap_mail *m;
	struct cd_err err;
	uint32_t next = 1;
	struct imap *i;
	size_t n, all = 0;
	int64_t begin;
	clock_t cpu;

	(void)state;
	bench_do(&bench, "fill backlog 10000");
	i = opened("backlog");
	assert_int_equal(imap_uidnext(i), MAILS + 1);
	cpu = clock();
	begin = clock_mono_ms();
	do {
		arena_reset(a);
		assert_int_equal(imap_fetch(i, a, next, BATCH, 1 << 20, &m, &n,
		    &err), CD_OK);
		for (size_t k = 0; k < n; k++) {
			assert_int_equal(m[k].uid, next++);
			assert_int_equal(m[k].size, 2000);
			assert_int_equal(m[k].raw.n, 2000);
		}
		all += n;
	} while (n > 0);
	print_message("%zu mails of 2 kB in %d ms, %d ms of it ours\n", all,
	    (int)(clock_mono_ms() - begin),
	    (int)((clock() - cpu) * 1000 / CLOCKS_PER_SEC));
	assert_int_equal(all, MAILS);
	imap_close(&i);
	arena_free(&a);
}

/* What was asked ahead is what comes, unless something else was said. */
static void
test_fetch_ahead(void **state)
{
	struct arena *a = arena_new();
	struct imap_mail *m;
	struct cd_err err = { "" };
	struct imap *i;
	size_t n;

	(void)state;
	bench_do(&bench, "fill ahead 40");
	i = opened("ahead");
	for (uint32_t next = 1; next < 31; next += 10) {
		assert_int_equal(imap_fetch(i, a, next, 10, 1000, &m, &n,
		    &err), CD_OK);
		assert_int_equal(n, 10);
		assert_int_equal(m[0].uid, next);
		assert_int_equal(m[9].raw.n, 1000);
		assert_int_equal(imap_fetch_ahead(i, a, next + 10, 10, 1000,
		    &err), CD_OK);
		if (next == 11)
			assert_int_equal(imap_poll(i, &err), CD_OK);
	}
	/* Others than were asked for. */
	assert_int_equal(imap_fetch(i, a, 5, 3, 2000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 3);
	assert_int_equal(m[2].uid, 7);
	assert_int_equal(m[2].raw.n, 2000);
	/* At the end there is nothing to ask, and nothing in the way. */
	assert_int_equal(imap_fetch_ahead(i, a, 35, 10, 1000, &err), CD_OK);
	assert_int_equal(imap_fetch(i, a, 35, 10, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 6);
	assert_int_equal(imap_fetch_ahead(i, a, 1, 10, 1000, &err), CD_OK);
	imap_close(&i);
	arena_free(&a);
}

/* A child that delivers after a while, so that the parent can wait. */
static void
put_later(const char *user, unsigned ms)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		usleep(ms * 1000);
		fprintf(bench.in, "put %s 500\n", user);
		fflush(bench.in);
		_exit(0);
	}
	waitpid(pid, NULL, WNOHANG);
}

static void
answer_take(void)
{
	char line[64];

	assert_non_null(fgets(line, sizeof line, bench.out));
	assert_string_equal(line, "ok\n");
}

static void
test_idle(void **state)
{
	struct imap *i = opened("idle");
	struct cd_err err = { "" };
	int64_t begin, took;
	int wake[2];

	(void)state;
	assert_int_equal(pipe(wake), 0);
	/* Nothing happens. */
	begin = clock_mono_ms();
	assert_int_equal(imap_wait(i, wake[0], 300, &err), CD_ABSENT);
	took = clock_mono_ms() - begin;
	assert_true(took >= 300 && took < 2000);
	/* A mail: Dovecot takes up to half a second to tell. */
	put_later("idle", 100);
	begin = clock_mono_ms();
	assert_int_equal(imap_wait(i, wake[0], 10000, &err), CD_OK);
	print_message("woken %d ms after the wait began; delivery at 100 ms\n",
	    (int)(clock_mono_ms() - begin));
	answer_take();
	/* Somebody of ours calls. The byte stays for the caller. */
	assert_int_equal(write(wake[1], "x", 1), 1);
	begin = clock_mono_ms();
	assert_int_equal(imap_wait(i, wake[0], 10000, &err), CD_DONE);
	assert_true(clock_mono_ms() - begin < 1000);
	imap_close(&i);
	close(wake[0]);
	close(wake[1]);
}

static void
test_no_news_lost(void **state)
{
	struct arena *a = arena_new();
	struct imap *i = opened("news");
	struct imap_mail *m;
	struct cd_err err;
	size_t n;

	(void)state;
	/* A mail that is announced with the answer of something else. */
	put("news", 500);
	assert_int_equal(imap_find_message_id(i, "Sent", "<x@y>", &err),
	    CD_ABSENT);
	assert_int_equal(imap_wait(i, -1, 5000, &err), CD_OK);
	assert_int_equal(imap_fetch(i, a, 1, 5, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 1);
	assert_int_equal(imap_wait(i, -1, 200, &err), CD_ABSENT);
	imap_close(&i);
	arena_free(&a);
}

static void
test_kicked(void **state)
{
	struct imap *i = opened("kicked");
	struct cd_err err = { "" };
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		usleep(200 * 1000);
		fprintf(bench.in, "kick kicked\n");
		fflush(bench.in);
		_exit(0);
	}
	assert_int_equal(imap_wait(i, -1, 10000, &err), CD_AGAIN);
	waitpid(pid, NULL, 0);
	answer_take();
	assert_true(strstr(err.text, "BYE") || strstr(err.text, "closed"));
	assert_int_equal(imap_wait(i, -1, 1000, &err), CD_AGAIN);
	imap_close(&i);
}

static void
test_find_and_move(void **state)
{
	struct arena *a = arena_new();
	struct imap *i = opened("find");
	struct imap_mail *m;
	struct cd_err err = { "" };
	ptrdiff_t at;
	size_t n;
	char *id;

	(void)state;
	put("find", 500);
	assert_int_equal(imap_fetch(i, a, 1, 1, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 1);
	at = str_find(m[0].raw, STR("Message-ID: "));
	assert_true(at > 0);
	id = arena_str(a, str_sub(m[0].raw, (size_t)at + 12, (size_t)at + 12 +
	    (size_t)str_find(str_sub(m[0].raw, (size_t)at + 12, 400),
	    STR("\r"))));
	assert_int_equal(imap_find_message_id(i, "Sent", id, &err), CD_ABSENT);
	assert_int_equal(imap_move(i, 1, "Sent", &err), CD_OK);
	assert_int_equal(imap_find_message_id(i, "Sent", id, &err), CD_OK);
	/* Back in the inbox, and it is empty. */
	assert_int_equal(imap_fetch(i, a, 1, 5, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 0);
	assert_int_equal(imap_find_message_id(i, "Sent", "a\r\nb", &err),
	    CD_MALFORMED);
	put("find", 500);
	assert_int_equal(imap_fetch(i, a, 1, 5, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 1);
	assert_int_equal(imap_find_folder(i, "Sent", &err), CD_OK);
	assert_int_equal(imap_find_folder(i, "Nowhere", &err), CD_ABSENT);
	assert_int_equal(imap_move(i, 2, "Nowhere", &err), CD_REFUSED);
	/* A mail that is not there any more needs no moving. */
	assert_int_equal(imap_move(i, 1, "Sent", &err), CD_OK);
	assert_int_equal(imap_find_message_id(i, "Nowhere", id, &err),
	    CD_REFUSED);
	expect_text(&err, "Nowhere");
	assert_int_equal(imap_fetch(i, a, 1, 5, 1000, &m, &n, &err), CD_OK);
	imap_close(&i);
	arena_free(&a);
}

static int
setup(void **state)
{
	(void)state;
	return bench_start(&bench) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	bench_stop(&bench);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_ways_in),
		cmocka_unit_test(test_fetch),
		cmocka_unit_test(test_first_since),
		cmocka_unit_test(test_backlog),
		cmocka_unit_test(test_fetch_ahead),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_no_news_lost),
		cmocka_unit_test(test_kicked),
		cmocka_unit_test(test_find_and_move),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
