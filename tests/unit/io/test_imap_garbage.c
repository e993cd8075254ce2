/*
 * Servers that do not keep to the rules: they stall, close, talk nonsense, or
 * say things that a real server is seldom in the mood for.
 */
#include "bench.h"

#include "io/config.h"
#include "io/imap.h"
#include "io/imap_wire.h"

enum { STEP_MS = 400 };

#define GREETING ">* OK ready\r\n"
#define CAPS "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2"
#define CAPABILITY(more) \
	"<", ">* CAPABILITY " CAPS " " more "\r\n%T OK done\r\n"
#define NO_SASL "<", ">* CAPABILITY IMAP4rev1\r\n%T OK done\r\n"
#define LOGIN "<", ">%T OK in\r\n"
#define SELECT "<", ">* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n" \
	"* OK [UIDNEXT 9] x\r\n%T OK [READ-WRITE] open\r\n"
#define OPEN(more) GREETING, CAPABILITY(more), LOGIN, CAPABILITY(more), SELECT
#define SEARCH "<", ">* SEARCH 4 5 6\r\n%T OK\r\n"
#define MAIL(n) "* " #n " FETCH (UID " #n " INTERNALDATE " \
	"\"24-Nov-2026 13:20:05 +0200\" RFC822.SIZE 5 BODY[]<0> {5}\r\nhello)\r\n"
/* Asked for what it has left out: that much of it is there. */
#define LEFT(uids) "<", ">%T OK\r\n", "<", ">* SEARCH" uids "\r\n%T OK x\r\n"
#define GONE LEFT("")

static struct imap_options
options(const struct fake *f)
{
	return (struct imap_options){
		.host = "127.0.0.1",
		.port = f->port,
		.tls = TLS_NONE,
		.user = "us\"er",
		.password = "pass-word",
		.folder = "INBOX",
		.timeout_ms = STEP_MS,
	};
}

static struct imap *
opened(const struct fake *f)
{
	struct imap_options o = options(f);
	struct cd_err err = { "" };
	struct imap *i = NULL;
	enum cd_rc rc = imap_open(&o, &i, &err);

	if (rc != CD_OK)
		fail_msg("imap_open: %d %s", rc, err.text);
	return i;
}

/* What is done with a connection, and what may come out. */
enum act { ACT_OPEN, ACT_FETCH, ACT_WAIT, ACT_FIND, ACT_MOVE };

static enum cd_rc
act_do(struct imap *i, enum act act, struct cd_err *err)
{
	struct arena *a = arena_new();
	struct imap_mail *m;
	enum cd_rc rc = CD_OK;
	size_t n;

	switch (act) {
	case ACT_OPEN:
		break;
	case ACT_FETCH:
		rc = imap_fetch(i, a, 1, 3, 1000, &m, &n, err);
		break;
	case ACT_WAIT:
		rc = imap_wait(i, -1, 5000, err);
		break;
	case ACT_FIND:
		rc = imap_find_message_id(i, "Sent", "<a@b>", err);
		break;
	case ACT_MOVE:
		rc = imap_move(i, 4, "Sent", err);
		break;
	}
	arena_free(&a);
	return rc;
}

struct row {
	const char *script[24];
	enum act act;
	enum cd_rc rc;
	const char *text;
};

static void
row_check(const struct row *row, size_t k)
{
	struct fake f = fake_start(row->script);
	struct imap_options o = options(&f);
	int64_t begin = clock_mono_ms();
	struct cd_err err = { "" };
	struct imap *i = NULL;
	enum cd_rc rc = imap_open(&o, &i, &err);

	if (rc == CD_OK)
		rc = act_do(i, row->act, &err);
	imap_close(&i);
	if (rc != row->rc || !strstr(err.text, row->text))
		fail_msg("row %zu: %d, \"%s\" (wanted %d, \"%s\")", k, rc,
		    err.text, row->rc, row->text);
	/* At most a few steps and a farewell. */
	assert_true(clock_mono_ms() - begin < 4 * STEP_MS + 1500);
	fake_stop(&f);
}

static void
test_stages(void **state)
{
	static const struct row rows[] = {
		/* Greeting. */
		{ { "!" }, ACT_OPEN, CD_AGAIN, "closed" },
		{ { ".600" }, ACT_OPEN, CD_AGAIN, "no answer in time" },
		{ { "~* OK welcome to a very slow server of mail" }, ACT_OPEN,
		    CD_AGAIN, "no answer in time" },
		{ { ">220 mail.test ESMTP\r\n" }, ACT_OPEN, CD_AGAIN,
		    "this is no IMAP server" },
		{ { ">* BYE too many connections\r\n" }, ACT_OPEN, CD_AGAIN,
		    "too many connections" },
		{ { "*no line at all and no end of it at all, and more of it "
		    "then, and more of it then, and more of it then" },
		    ACT_OPEN, CD_AGAIN, "the answer is too long" },
		{ { "0", "0", ">\r\n" }, ACT_OPEN, CD_AGAIN,
		    "this is no IMAP server" },
		/* CAPABILITY. */
		{ { GREETING, "<", "!" }, ACT_OPEN, CD_AGAIN, "closed" },
		{ { GREETING, "<", ">half a li" }, ACT_OPEN, CD_AGAIN,
		    "no answer in time" },
		{ { GREETING, "<", ">%T OK but nothing said\r\n", "<",
		    ">%T NO nothing\r\n" }, ACT_OPEN, CD_REFUSED, "nothing" },
		{ { GREETING, "<", ">%T NO never\r\n" }, ACT_OPEN, CD_REFUSED,
		    "never" },
		{ { GREETING, "<", ">%T BAD what\r\n" }, ACT_OPEN, CD_AGAIN,
		    "what" },
		{ { GREETING, "<", ">9999 OK done\r\n" }, ACT_OPEN, CD_AGAIN,
		    "" },
		{ { GREETING, "<", ">* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n"
		    "%T OK\r\n" }, ACT_OPEN, CD_REFUSED, "takes no passwords" },
		/* Login. */
		{ { GREETING, CAPABILITY(""), "<", "!" }, ACT_OPEN, CD_AGAIN,
		    "closed" },
		{ { GREETING, CAPABILITY(""), "<", ".600" }, ACT_OPEN, CD_AGAIN,
		    "no answer in time" },
		{ { GREETING, CAPABILITY(""), "<", ">%T NO [AUTHENTICATIONFAILED"
		    "] no\r\n" }, ACT_OPEN, CD_REFUSED, "login of \"us\"er\" "
		    "refused: NO [AUTHENTICATIONFAILED] no" },
		{ { GREETING, CAPABILITY(""), "<", ">%T NO [UNAVAILABLE] "
		    "Temporary authentication failure.\r\n" }, ACT_OPEN,
		    CD_AGAIN, "not possible now" },
		{ { GREETING, CAPABILITY(""), "<", ">%T NO [ALERT] Too many "
		    "simultaneous connections. (Failure)\r\n" }, ACT_OPEN,
		    CD_AGAIN, "simultaneous" },
		{ { GREETING, CAPABILITY(""), "<", ">* BYE Suggested Backoff "
		    "Time: 299000 milliseconds\r\n", "!" }, ACT_OPEN, CD_AGAIN,
		    "Suggested Backoff Time: 299000" },
		{ { GREETING, CAPABILITY(""), "<", ">+ \r\n", "<",
		    ">%T BAD cancelled\r\n" }, ACT_OPEN, CD_REFUSED,
		    "refused" },
		{ { GREETING, CAPABILITY(""), "<", "*+ \r\n" }, ACT_OPEN,
		    CD_AGAIN, "" },
		/* SELECT. */
		{ { GREETING, CAPABILITY(""), LOGIN, CAPABILITY(""), "<",
		    "!" }, ACT_OPEN, CD_AGAIN, "closed" },
		{ { GREETING, CAPABILITY(""), LOGIN, CAPABILITY(""), "<",
		    ">%T NO [NONEXISTENT] no such\r\n" }, ACT_OPEN, CD_REFUSED,
		    "folder \"INBOX\" cannot be opened" },
		{ { GREETING, CAPABILITY(""), LOGIN, CAPABILITY(""), "<",
		    ">%T OK\r\n", "<", ">* STATUS INBOX ()\r\n%T OK\r\n" },
		    ACT_OPEN, CD_REFUSED, "no UIDVALIDITY" },
		{ { GREETING, CAPABILITY(""), LOGIN, CAPABILITY(""), "<",
		    ">%T OK x\r\n", "<", ">* STATUS INBOX (UIDNEXT 4 "
		    "UIDVALIDITY 3)\r\n%T OK x\r\n" }, ACT_OPEN, CD_OK, "" },
		{ { GREETING, CAPABILITY(""), LOGIN, CAPABILITY(""), "<",
		    ">%T BAD User is authenticated but not connected.\r\n" },
		    ACT_OPEN, CD_AGAIN, "authenticated but not connected" },
		/* Commands. */
		{ { OPEN(""), "<", ">* BYE Session invalidated - "
		    "AccessTokenExpired\r\n", "!" }, ACT_FETCH, CD_AGAIN,
		    "AccessTokenExpired" },
		{ { OPEN(""), "<", ">* SEARCH 4 5 six\r\n%T OK\r\n" },
		    ACT_FETCH, CD_AGAIN, "makes no sense" },
		{ { OPEN(""), "<", ">* SEARCH\r\n%T OK x\r\n" }, ACT_FETCH,
		    CD_OK, "" },
		{ { OPEN(""), SEARCH, "<", ">* 1 FETCH (UID 4 BODY[]<0> "
		    "{500}\r\nabc", "!" }, ACT_FETCH, CD_AGAIN, "closed" },
		{ { OPEN(""), SEARCH, "<", ">* 1 FETCH (UID 4 BODY[]<0> "
		    "{500}\r\nabc", ".600" }, ACT_FETCH, CD_AGAIN,
		    "no answer in time" },
		{ { OPEN(""), SEARCH, "<", ">* 1 FETCH (UID 4 BODY[]<0> "
		    "{2000000}\r\n", "*more than was asked for, and no line" },
		    ACT_FETCH, CD_AGAIN, "no answer in time" },
		/* The literal is sent whole: what was asked of it is kept. */
		{ { OPEN(""), SEARCH, "<", ">* 1 FETCH (UID 4 BODY[]<0> "
		    "{4194304}\r\n", "*sixteen bytes!!!", ">)\r\n%T OK x\r\n",
		    GONE }, ACT_FETCH, CD_OK, "" },
		/* IDLE. */
		{ { OPEN("IDLE"), "<", "!" }, ACT_WAIT, CD_AGAIN, "closed" },
		{ { OPEN("IDLE"), "<", ">%T BAD no\r\n", "<", ">* 4 EXISTS\r\n"
		    "%T OK x\r\n" }, ACT_WAIT, CD_OK, "" },
		{ { OPEN("IDLE"), "<", ">%T NO not now\r\n", "<", "!" },
		    ACT_WAIT, CD_AGAIN, "closed" },
		{ { OPEN("IDLE"), "<", ">%T OK never mind\r\n" }, ACT_WAIT,
		    CD_AGAIN, "IDLE" },
		{ { OPEN("IDLE"), "<", ".600" }, ACT_WAIT, CD_AGAIN,
		    "no answer in time" },
		{ { OPEN("IDLE"), "<", ">+ idling\r\n", ".50", "!" }, ACT_WAIT,
		    CD_AGAIN, "closed" },
		{ { OPEN("IDLE"), "<", ">+ idling\r\n", ".50", ">* BYE Server "
		    "shutting down\r\n" }, ACT_WAIT, CD_AGAIN,
		    "Server shutting down" },
		{ { OPEN("IDLE"), "<", ">+ idling\r\n", ">* 4 EXI", ".600" },
		    ACT_WAIT, CD_AGAIN, "no answer in time" },
		{ { OPEN("IDLE"), "<", ">+ idling\r\n", ">%T OK timed out\r\n" },
		    ACT_WAIT, CD_AGAIN, "ended IDLE" },
		{ { OPEN("IDLE"), "<", ">+ idling\r\n", ">* 4 EXISTS\r\n",
		    "<", ".600" }, ACT_WAIT, CD_AGAIN, "no answer in time" },
		{ { OPEN("IDLE"), "<", ">* 4 EXISTS\r\n+ idling\r\n", "<",
		    ">%T OK\r\n" }, ACT_WAIT, CD_OK, "" },
		{ { OPEN(""), "<", ">%T OK\r\n", ".50", "!" }, ACT_WAIT,
		    CD_AGAIN, "closed" },
		{ { OPEN(""), "<", ">* 4 EXISTS\r\n%T OK x\r\n" }, ACT_WAIT,
		    CD_OK, "" },
		/* The rest. */
		{ { OPEN(""), "<", ">%T NO no\r\n", SELECT }, ACT_FIND,
		    CD_REFUSED, "\"Sent\" cannot be opened" },
		{ { OPEN(""), SELECT, "<", ">%T NO not now\r\n", SELECT },
		    ACT_FIND, CD_REFUSED, "not now" },
		{ { OPEN(""), "<", ">%T NO no\r\n", "<", ">%T NO no\r\n" },
		    ACT_FIND, CD_AGAIN, "\"INBOX\" cannot be opened" },
		{ { OPEN("MOVE"), "<", ">%T NO [TRYCREATE] no\r\n" }, ACT_MOVE,
		    CD_REFUSED, "no" },
		{ { OPEN("MOVE"), "<", ">* 5 EXPU", "!" }, ACT_MOVE, CD_AGAIN,
		    "closed" },
	};

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
		row_check(&rows[k], k);
}

/* Each nonsense after each stage: nothing but an error within its time. */
static void
test_nonsense(void **state)
{
	static const char *const lines[] = {
		">* OK [ALERT]\r\n%T OK\r\n", ">* OK [\r\n%T OK x\r\n",
		">* CAPABILITY\r\n%T OK x\r\n", ">* 1 FETCH\r\n%T OK x\r\n",
		">* 1 FETCH ()\r\n%T OK x\r\n", ">*\r\n%T OK x\r\n",
		">* 1 FETCH (BODY ((((((((((((((((((((\r\n%T OK x\r\n",
		">* 99999999999999999999 EXISTS\r\n%T OK x\r\n",
		">* SEARCH 99999999999999999999\r\n%T OK x\r\n",
		">* 1 FETCH (UID 4 BODY[] {99999999999999999999}\r\n",
		">* 1 FETCH (UID 4 BODY[] {4294967295}\r\n",
		">* 1 FETCH (UID 4 BODY[] {-5}\r\n)\r\n%T OK x\r\n",
		">* 1 FETCH (UID 4 RFC822.SIZE 5 BODY[] NIL)\r\n%T OK x\r\n",
		">* FLAGS (\\\r\n%T OK x\r\n", ">* LIST () NIL {3}\r\n%T OK\r\n",
		">* STATUS x (\r\n%T OK x\r\n", ">\r\n\r\n\r\n%T OK x\r\n",
		">+ what\r\n%T OK x\r\n", ">* OK [UIDVALIDITY x] y\r\n%T OK\r\n",
		">* OK [PERMANENTFLAGS (\\\r\n%T OK x\r\n",
		">* BYE\r\n", ">%T\r\n", ">%T OK", ">\xff\xfe\r\n%T OK x\r\n",
		">* OK [BADCHARSET ({1}\r\n%T OK x\r\n",
		">* NO [PARSE]\r\n%T OK\r\n", ">* 1 RECENT\r\n%T OK [FOO]\r\n",
		">* OK [HIGHESTMODSEQ 1] x\r\n%T OK [FOO BAR] x\r\n",
		">* OK [NOMODSEQ] x\r\n* OK [NOMODSEQ] y\r\n%T OK x\r\n",
	};
	static const char *const open_script[] = { OPEN("IDLE MOVE"), NULL };

	(void)state;
	for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
		for (size_t stage = 0; stage < 6; stage++) {
			const char *script[16];
			size_t n = 1 + 2 * stage;
			struct row row = { .act = stage % 2 ? ACT_FETCH :
			    ACT_WAIT };
			struct fake f;
			struct imap_options o;
			struct imap *i = NULL;
			struct cd_err err;
			int64_t begin = clock_mono_ms();

			if (n > sizeof open_script / sizeof *open_script - 1)
				n = sizeof open_script / sizeof *open_script -
				    1;
			memcpy(script, open_script, n * sizeof *script);
			script[n++] = "<";
			script[n++] = lines[k];
			script[n++] = ".10";
			script[n++] = "!";
			script[n] = NULL;
			f = fake_start(script);
			o = options(&f);
			if (imap_open(&o, &i, &err) == CD_OK)
				(void)!act_do(i, row.act, &err);
			imap_close(&i);
			fake_stop(&f);
			assert_true(clock_mono_ms() - begin < 3000);
		}
}

/* One mail that the server tells badly must not cost the others. */
static void
test_one_bad_mail(void **state)
{
	static const char *const script[] = { OPEN(""), SEARCH,
		/* Together; its literal is no line, whatever it looks like. */
		"<", ">" MAIL(4) "* 5 FETCH (UID 5 !!! BODY[]<0> {14}\r\n"
		"* 6 FETCH (\r\n \r\n" MAIL(6) "%T OK x\r\n",
		/* Asked again by itself, and told badly again. */
		"<", ">* 5 FETCH (UID 5 BODY[]<0> !!!)\r\n%T OK x\r\n", NULL };
	struct fake f = fake_start(script);
	struct imap *i = opened(&f);
	struct arena *a = arena_new();
	struct cd_err err = { "" };
	struct imap_mail *m;
	size_t n;

	(void)state;
	assert_int_equal(imap_fetch(i, a, 4, 3, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 3);
	for (size_t k = 0; k < 3; k++)
		assert_int_equal(m[k].uid, 4 + k);
	assert_true(str_eq(m[0].raw, STR("hello")));
	assert_int_equal(m[1].raw.n, 0);
	assert_true(str_eq(m[2].raw, STR("hello")));
	/* 13:20:05 at +02:00. */
	assert_int_equal(m[2].internal_date, 1795519205);
	imap_close(&i);
	fake_stop(&f);
	arena_free(&a);
}

/* The server names a mail and tells no body of it: it is there, and so it is
 * asked for by itself, and not passed over. */
static void
test_a_mail_without_its_body(void **state)
{
#define NAMED(n) "* " #n " FETCH (UID " #n " RFC822.SIZE 5)\r\n"
	static const char *const script[] = { OPEN(""), SEARCH,
		"<", ">" NAMED(4) NAMED(5) NAMED(6) "%T OK x\r\n",
		"<", ">" NAMED(4) "%T OK x\r\n",
		"<", ">%T OK it vanished meanwhile\r\n",
		"<", ">" MAIL(6) "%T OK x\r\n", GONE, NULL };
	struct fake f = fake_start(script);
	struct imap *i = opened(&f);
	struct arena *a = arena_new();
	struct cd_err err = { "" };
	struct imap_mail *m;
	size_t n;

	(void)state;
	assert_int_equal(imap_fetch(i, a, 4, 3, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 2);
	assert_int_equal(m[0].uid, 4);
	assert_int_equal(m[0].raw.n, 0);
	assert_int_equal(m[1].uid, 6);
	assert_true(str_eq(m[1].raw, STR("hello")));
	imap_close(&i);
	fake_stop(&f);
	arena_free(&a);
}

/* One that the answer does not name, though it is listed still, is asked for once
 * more: the cursor goes past whatever is not handed on. */
static void
test_a_mail_left_out(void **state)
{
#define NOT_5 OPEN(""), SEARCH, "<", ">" MAIL(4) MAIL(6) "%T OK x\r\n"
	static const struct {
		const char *script[24];
		size_t n;	/* handed on, */
		size_t given;	/* ... and of these with a body */
	} rows[] = {
		{ { NOT_5, LEFT(" 5"), "<", ">" MAIL(5) "%T OK x\r\n" }, 3, 3 },
		{ { NOT_5, LEFT(" 5"), "<", ">%T OK x\r\n" }, 3, 2 },
		{ { NOT_5, GONE }, 2, 2 },
		/* It says nothing of any of them. */
		{ { OPEN(""), SEARCH, "<", ">%T OK x\r\n", LEFT(" 4 6"),
		    "<", ">" MAIL(4) "%T OK x\r\n", "<", ">%T OK x\r\n" },
		    2, 1 },
		/* It takes no such question now. */
		{ { NOT_5, "<", ">%T OK x\r\n", "<", ">%T NO later\r\n",
		    "<", ">" MAIL(5) "%T OK x\r\n" }, 3, 3 },
	};

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct fake f = fake_start(rows[k].script);
		struct imap *i = opened(&f);
		struct arena *a = arena_new();
		struct cd_err err = { "" };
		size_t n = 0, given = 0;
		struct imap_mail *m;

		assert_int_equal(imap_fetch(i, a, 4, 3, 1000, &m, &n, &err),
		    CD_OK);
		for (size_t j = 0; j < n; j++)
			given += m[j].raw.n > 0;
		if (n != rows[k].n || given != rows[k].given)
			fail_msg("row %zu: %zu mails, %zu given", k, n, given);
		imap_close(&i);
		fake_stop(&f);
		arena_free(&a);
	}
}

/* NIL, and a mail that nobody asked for, all in disorder. */
static void
test_odd_answers(void **state)
{
	static const char *const script[] = { OPEN(""), SEARCH, "<",
		">" MAIL(9) MAIL(6) MAIL(5) "* 1 FETCH (FLAGS (\\Seen))\r\n"
		"* 4 FETCH (UID 4 RFC822.SIZE 7 BODY[]<0> NIL)\r\n"
		"%T OK x\r\n", NULL };
	struct fake f = fake_start(script);
	struct imap *i = opened(&f);
	struct arena *a = arena_new();
	struct cd_err err = { "" };
	struct imap_mail *m;
	size_t n;

	(void)state;
	assert_int_equal(imap_fetch(i, a, 1, 3, 1000, &m, &n, &err), CD_OK);
	assert_int_equal(n, 3);
	assert_int_equal(m[0].uid, 4);
	assert_int_equal(m[0].size, 7);
	assert_int_equal(m[0].raw.n, 0);
	assert_int_equal(m[2].uid, 6);
	assert_non_null(strstr(f.heard, "UID FETCH 4:6 (UID INTERNALDATE "
	    "RFC822.SIZE BODY.PEEK[]<0.1000>)"));
	imap_close(&i);
	fake_stop(&f);
	arena_free(&a);
}

static void
test_tokens(void **state)
{
	static const struct {
		const char *script[16], *heard;
		enum cd_rc rc;
		const char *text;
	} rows[] = {
		/* user=us"er^Aauth=Bearer tok^A^A */
		{ { GREETING, CAPABILITY(""), "<", "!" }, "AUTHENTICATE XOAUTH2 "
		    "dXNlcj11cyJlcgFhdXRoPUJlYXJlciB0b2sBAQ==\r\n", CD_AGAIN,
		    "closed" },
		{ { GREETING, CAPABILITY(""), "<", ">+ eyJzdGF0dXMiOiI0MDEifQ=="
		    "\r\n", "<", ">%T NO AUTHENTICATE failed.\r\n", "!" },
		    "\r\n", CD_REFUSED, "refused: NO AUTHENTICATE failed. "
		    "{\"status\":\"401\"}: check the access token" },
		{ { GREETING, "<", ">* CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER"
		    "\r\n%T OK\r\n", "<", ">+ \r\n", "<", "!" },
		    /* n,a=us"er,^Aauth=Bearer tok^A^A */
		    "bixhPXVzImVyLAFhdXRoPUJlYXJlciB0b2sBAQ==\r\n", CD_AGAIN,
		    "closed" },
		{ { GREETING, "<", ">* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
		    "%T OK\r\n", "!" }, "CAPABILITY", CD_REFUSED,
		    "takes no OAuth 2.0 tokens" },
	};

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct fake f = fake_start(rows[k].script);
		struct imap_options o = options(&f);
		struct cd_err err = { "" };
		struct imap *i = NULL;

		o.bearer = "tok";
		assert_int_equal(imap_open(&o, &i, &err), rows[k].rc);
		if (!strstr(err.text, rows[k].text))
			fail_msg("row %zu: %s", k, err.text);
		if (!strstr(f.heard, rows[k].heard))
			fail_msg("row %zu heard: %s", k, f.heard);
		fake_stop(&f);
	}
}

static void
test_login_command(void **state)
{
	static const char *const script[] = { GREETING, "<",
		">* CAPABILITY IMAP4rev1\r\n%T OK x\r\n", "<", "!" };
	struct fake f = fake_start(script);
	struct imap_options o = options(&f);
	struct cd_err err = { "" };
	struct imap *i = NULL;

	(void)state;
	o.password = "a\\b\"c d";
	assert_int_equal(imap_open(&o, &i, &err), CD_AGAIN);
	assert_non_null(strstr(f.heard,
	    " LOGIN \"us\\\"er\" \"a\\\\b\\\"c d\"\r\n"));
	fake_stop(&f);
}

/* RFC 3501 9: no 8-bit letter in a quoted string. */
static void
test_login_by_literals(void **state)
{
	static const struct {
		const char *script[12];
		enum cd_rc rc;
		const char *heard;	/* the last line */
	} rows[] = {
		{ { GREETING, NO_SASL, "<", "!" }, CD_AGAIN, " LOGIN {5}\r\n" },
		{ { GREETING, NO_SASL, "<", ">+ go\r\n", "<", "!" }, CD_AGAIN,
		    "us\"er {6}\r\n" },
		{ { GREETING, NO_SASL, "<", ">+ go\r\n", "<", ">+ go\r\n", "<",
		    "!" }, CD_AGAIN, "p\xc3\xa4ss\"\r\n" },
		/* Who asks for no more is told no more. */
		{ { GREETING, NO_SASL, "<", ">%T NO never\r\n", "<", "!" },
		    CD_REFUSED, " LOGOUT\r\n" },
	};

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct fake f = fake_start(rows[k].script);
		struct imap_options o = options(&f);
		struct cd_err err = { "" };
		struct imap *i = NULL;

		o.password = "p\xc3\xa4ss\"";
		assert_int_equal(imap_open(&o, &i, &err), rows[k].rc);
		if (!strstr(f.heard, rows[k].heard))
			fail_msg("row %zu heard: %s", k, f.heard);
		assert_null(strstr(err.text, o.password));
		fake_stop(&f);
	}
}

/* What comes before the handshake may be anybody's. */
static void
test_starttls(void **state)
{
	static const struct row rows[] = {
		{ { GREETING, "<", ">%T OK go\r\n* PREAUTH injected\r\n" },
		    ACT_OPEN, CD_REFUSED, "before the TLS handshake" },
		{ { GREETING, "<", ">%T OK go\r\n", ".50", ">* OK x\r\n" },
		    ACT_OPEN, CD_AGAIN, "TLS handshake" },
		{ { ">* PREAUTH hello\r\n" }, ACT_OPEN, CD_REFUSED,
		    "skips the login before TLS" },
		{ { GREETING, "<", ">%T BAD no\r\n" }, ACT_OPEN, CD_REFUSED,
		    "has no STARTTLS" },
		{ { GREETING, "<", ">%T OK go\r\n", ".600" }, ACT_OPEN,
		    CD_AGAIN, "no answer in time" },
		{ { GREETING, "<", ">%T OK go\r\n", "!" }, ACT_OPEN, CD_AGAIN,
		    "TLS handshake" },
	};

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct fake f = fake_start(rows[k].script);
		struct imap_options o = options(&f);
		struct cd_err err = { "" };
		struct imap *i = NULL;
		enum cd_rc rc;

		o.tls = TLS_STARTTLS;
		rc = imap_open(&o, &i, &err);
		if (rc != rows[k].rc || !strstr(err.text, rows[k].text))
			fail_msg("row %zu: %d %s", k, rc, err.text);
		fake_stop(&f);
	}
}

static void
test_latency(void **state)
{
	static const char *const script[] = { OPEN("IDLE"), "<",
		">+ idling\r\n", ".100", "t", ">* 4 EXISTS\r\n", "<",
		">%T OK\r\n", NULL };
	struct fake f = fake_start(script);
	struct imap *i = opened(&f);
	struct cd_err err = { "" };
	int64_t took;

	(void)state;
	assert_int_equal(imap_wait(i, -1, 5000, &err), CD_OK);
	took = clock_mono_ms() - *f.time;
	print_message("back %d ms after EXISTS was sent\n", (int)took);
	assert_true(took < 100);
	imap_close(&i);
	fake_stop(&f);
}

/* What refuses IDLE is not asked again for a while, and for longer the next time. */
static void
test_idle_refused(void **state)
{
	static const char *const script[] = { OPEN("IDLE"), "<",
		">%T NO not here\r\n", "<", ">* 4 EXISTS\r\n%T OK\r\n", "<",
		">* 5 EXISTS\r\n%T OK\r\n", "<", ">%T NO not here\r\n", "<",
		">%T OK\r\n", "<", ">%T OK\r\n", "<", ">%T OK\r\n", "<",
		">+ idling\r\n", ">* 6 EXISTS\r\n", "<", ">%T OK\r\n", NULL };
	struct fake f = fake_start(script);
	struct imap *i = opened(&f);
	struct cd_err err = { "" };

	(void)state;
	assert_true(imap_has_idle(i));
	assert_int_equal(imap_wait(i, -1, 5000, &err), CD_OK);
	assert_false(imap_has_idle(i));
	assert_int_equal(imap_wait(i, -1, 5000, &err), CD_OK);
	assert_non_null(strstr(f.heard, "NOOP"));
	assert_in_range(i->idle_at_ms - clock_mono_ms(), 50000, 60000);
	i->idle_at_ms = 0;
	assert_true(imap_has_idle(i));
	assert_int_equal(imap_wait(i, -1, 0, &err), CD_ABSENT);
	assert_in_range(i->idle_at_ms - clock_mono_ms(), 100000, 120000);
	/* While we wait: it takes it now. One NOOP before, and one just then. */
	i->idle_at_ms = clock_mono_ms() + 1000;
	assert_int_equal(imap_wait(i, -1, 5000, &err), CD_OK);
	assert_true(imap_has_idle(i));
	assert_int_equal(i->idle_pause_ms, 0);
	imap_close(&i);
	fake_stop(&f);
}

/* A no says that there is no such folder, a BAD nothing; the session lives on. */
static void
test_find_folder(void **state)
{
	static const char *const script[] = { OPEN(""), "<",
		">%T NO [NONEXISTENT] none\r\n", "<", ">%T BAD what?\r\n", "<",
		">%T OK\r\n", "<", "!", NULL };
	static const enum cd_rc said[] = { CD_ABSENT, CD_REFUSED, CD_OK,
		CD_AGAIN };
	struct fake f = fake_start(script);
	struct imap *i = opened(&f);
	struct cd_err err = { "" };

	(void)state;
	for (size_t k = 0; k < sizeof said / sizeof *said; k++)
		assert_int_equal(imap_find_folder(i, "Sent", &err), said[k]);
	assert_non_null(strstr(f.heard, "STATUS \"Sent\" (UIDNEXT)"));
	imap_close(&i);
	fake_stop(&f);
}

static void
test_backoff(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "imap h:1: the server said BYE: Suggested Backoff Time: "
		    "299893 milliseconds", 299893 },
		{ "suggested backoff time:5 milliseconds", 5 },
		{ "Suggested Backoff Time: soon", 0 },
		{ "Suggested Backoff Time: -5", 0 },
		{ "Suggested Backoff Time: 99999999999999999999", 0 },
		{ "closed by the server", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct cd_err err;

		snprintf(err.text, sizeof err.text, "%s", rows[k].text);
		assert_int_equal(imap_backoff_ms(&err), rows[k].ms);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_bad_mail),
		cmocka_unit_test(test_a_mail_without_its_body),
		cmocka_unit_test(test_a_mail_left_out),
		cmocka_unit_test(test_odd_answers),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_login_command),
		cmocka_unit_test(test_login_by_literals),
		cmocka_unit_test(test_starttls),
		cmocka_unit_test(test_latency),
		cmocka_unit_test(test_idle_refused),
		cmocka_unit_test(test_find_folder),
		cmocka_unit_test(test_backoff),
		cmocka_unit_test(test_stages),
		cmocka_unit_test(test_nonsense),
	};

	signal(SIGPIPE, SIG_DFL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
