#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "text/compose.h"

static struct arena *a;

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

static struct answer
sample(void)
{
	return (struct answer){
		.from = { .name = "Numeo Support", .addr =
		    "support@numeo.example" },
		.to_name = "", .to_addr = "kim@acme.example",
		.subject = "Re: Need admin approval",
		.message_id = "cd.42.7.0123456789abcdef01234567@numeo.example",
		.in_reply_to = "third@acme.example",
		.date = 1795526405,
		.text = "Hello,\n\nhttps://x.example/a?b=c&d=e\n",
		.automatic = true,
	};
}

static const char *
write_out(const struct answer *m)
{
	return compose_message(a, m).p;
}

/* What every mail we write must be, whatever went in. */
static void
check_wire(struct str raw)
{
	size_t column = 0;

	assert_true(raw.n > 2);
	assert_memory_equal(raw.p + raw.n - 2, "\r\n", 2);
	for (size_t i = 0; i < raw.n; i++) {
		unsigned char c = (unsigned char)raw.p[i];

		if (c == '\r') {
			assert_int_equal(raw.p[i + 1], '\n');
			i++;
			column = 0;
			continue;
		}
		assert_true((c >= 0x20 && c < 0x7f) || c == '\t');
		assert_true(++column <= 998);
	}
}

static size_t
count(const char *in, const char *what)
{
	size_t n = 0;

	for (; (in = strstr(in, what)) != NULL; in++)
		n++;
	return n;
}

static void
test_whole(void **state)
{
	const char *const references[] = { "first@acme.example",
		"second@acme.example" };
	struct answer m = sample();

	(void)state;
	m.references = (const char **)references;
	m.n_references = 2;
	m.html = "<p>Gr\xc3\xbc\xc3\x9f" "e</p>\n";
	assert_string_equal(compose_html(a, compose_message(a, &m)), m.html);
	assert_string_equal(write_out(&m),
	    "From: Numeo Support <support@numeo.example>\r\n"
	    "To: kim@acme.example\r\n"
	    "Subject: Re: Need admin approval\r\n"
	    "Date: Tue, 24 Nov 2026 13:20:05 +0000\r\n"
	    "Message-ID: "
	    "<cd.42.7.0123456789abcdef01234567@numeo.example>\r\n"
	    "In-Reply-To: <third@acme.example>\r\n"
	    "References: <first@acme.example> <second@acme.example> "
	    "<third@acme.example>\r\n"
	    "Auto-Submitted: auto-replied\r\n"
	    "X-Auto-Response-Suppress: All\r\n"
	    "Precedence: bulk\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"=_cd_cd4270123456789abcdef01234567numeoe\"\r\n"
	    "\r\n"
	    "--=_cd_cd4270123456789abcdef01234567numeoe\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "Hello,\r\n"
	    "\r\n"
	    "https://x.example/a?b=3Dc&d=3De\r\n"
	    "\r\n"
	    "--=_cd_cd4270123456789abcdef01234567numeoe\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "<p>Gr=C3=BC=C3=9Fe</p>\r\n"
	    "\r\n"
	    "--=_cd_cd4270123456789abcdef01234567numeoe--\r\n");
}

/* What a person sends is no automatic mail, and starts a thread if it
 * answers nothing. */
static void
test_by_a_person(void **state)
{
	struct answer m = sample();
	const char *raw;

	(void)state;
	m.automatic = false;
	m.in_reply_to = NULL;
	raw = write_out(&m);
	assert_null(compose_html(a, str_of(raw)));
	assert_null(strstr(raw, "Auto-"));
	assert_null(strstr(raw, "Precedence"));
	assert_null(strstr(raw, "In-Reply-To"));
	assert_null(strstr(raw, "References"));
	assert_null(strstr(raw, "multipart"));
	assert_non_null(strstr(raw, "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"));
}

static void
test_injection(void **state)
{
	static const char evil[] = "x\r\nBcc: victim@example.com\r\n\r\nboo\n";
	struct answer m = sample();
	const char *const references[] = { evil, "a b", "<x@y>", "", "ok@x",
		"caf\xc3\xa9@x" };
	struct str raw;

	(void)state;
	m.from.name = m.to_name = m.subject = evil;
	m.from.addr = m.to_addr = evil;
	m.message_id = m.in_reply_to = evil;
	m.references = (const char **)references;
	m.n_references = sizeof references / sizeof *references;
	m.html = "<p>x</p>";
	raw = compose_message(a, &m);
	check_wire(raw);
	assert_null(strstr(raw.p, "\nBcc"));
	assert_int_equal(count(raw.p, "\r\n\r\n--="), 3);
	assert_null(strstr(raw.p, "Message-ID"));
	assert_null(strstr(raw.p, "In-Reply-To"));
	assert_non_null(strstr(raw.p, "\r\nReferences: <ok@x>\r\n"));
}

static void
test_header_texts(void **state)
{
	static const struct {
		const char *subject, *want;
	} rows[] = {
		{ "plain", "Subject: plain\r\n" },
		{ "", "Subject: \r\n" },
		{ "two\t \r\n lines", "Subject: two lines\r\n" },
		{ "=?utf-8?q?x?=", "Subject: =?UTF-8?B?PT91dGYtOD9xP3g/PQ"
		    "==?=\r\n" },
		{ "Zugriff f\xc3\xbcr alle", "Subject: "
		    "=?UTF-8?Q?Zugriff_f=C3=BCr_alle?=\r\n" },
		{ "\xd0\x9d\xd1\x83\xd0\xb6\xd0\xbd\xd0\xbe", "Subject: "
		    "=?UTF-8?B?0J3Rg9C20L3Qvg==?=\r\n" },
		/* Malformed bytes, a turned direction, a zero width mark. */
		{ "a\xff" "b\xe2\x80\xae" "c\xef\xbb\xbf" "d",
		    "Subject: abcd\r\n" },
		{ "one two three four five six seven eight nine ten eleven "
		    "twelve thirteen",
		    "Subject: one two three four five six seven eight nine "
		    "ten eleven twelve\r\n thirteen\r\n" },
	};
	struct answer m = sample();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *raw;

		m.subject = rows[i].subject;
		raw = strstr(write_out(&m), "Subject:");
		assert_non_null(raw);
		assert_memory_equal(raw, rows[i].want, strlen(rows[i].want));
		assert_memory_equal(raw + strlen(rows[i].want), "Date:", 5);
	}
}

/* RFC 2047 2: a word of at most 75 bytes, a line of at most 76, no letter
 * cut in two. */
static void
test_encoded_words(void **state)
{
	struct buf b = buf_new(a, 700);
	struct answer m = sample();
	struct str rest, line;

	(void)state;
	while (b.n < 600)
		buf_puts(&b, "\xd0\x96 \xf0\x9f\x9a\x9a ");
	m.subject = buf_str(&b).p;
	rest = compose_message(a, &m);
	while (str_line(&rest, &line) && line.n > 0) {
		ptrdiff_t word = str_find(line, STR("=?UTF-8?B?"));

		assert_true(line.n <= 76);
		if (word >= 0)
			assert_int_equal((line.n - (size_t)word - 12) % 4, 0);
	}
}

static void
test_mailboxes(void **state)
{
	static const struct {
		const char *name, *want;
	} rows[] = {
		{ NULL, "To: kim@acme.example\r\n" },
		{ "Kim", "To: Kim <kim@acme.example>\r\n" },
		{ "Lee, Kim (IT)", "To: \"Lee, Kim (IT)\" "
		    "<kim@acme.example>\r\n" },
		{ "say \"hi\" \\", "To: \"say \\\"hi\\\" \\\\\" "
		    "<kim@acme.example>\r\n" },
		{ "J\xc3\xbcrgen", "To: =?UTF-8?Q?J=C3=BCrgen?= "
		    "<kim@acme.example>\r\n" },
		{ "a\"\r\n <evil@x>", "To: \"a\\\" <evil@x>\" "
		    "<kim@acme.example>\r\n" },
	};
	struct answer m = sample();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *raw;

		m.to_name = rows[i].name;
		raw = strstr(write_out(&m), "To:");
		assert_memory_equal(raw, rows[i].want, strlen(rows[i].want));
	}
}

static void
test_references_cut(void **state)
{
	const char *references[CD_MAX_REFERENCES];
	struct answer m = sample();
	const char *raw;

	(void)state;
	for (int i = 0; i < CD_MAX_REFERENCES; i++)
		references[i] = arena_printf(a, "id%d@acme.example", i);
	/* Named by their references already: once is enough. */
	references[50] = m.in_reply_to;
	m.references = references;
	m.n_references = CD_MAX_REFERENCES;
	raw = strstr(write_out(&m), "References:");
	assert_int_equal(count(raw, "@acme.example>"), 20);
	assert_non_null(strstr(raw, "References: <id0@acme.example>"));
	assert_null(strstr(raw, "<id1@"));
	assert_null(strstr(raw, "<id81@"));
	assert_non_null(strstr(raw, "<id82@acme.example>"));
	assert_non_null(strstr(raw, "<id99@acme.example> "
	    "<third@acme.example>\r\n"));
}

static void
test_quoted_printable(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "no line end", "no line end\r\n" },
		{ "crlf\r\n\r\nlf\n", "crlf\r\n\r\nlf\r\n" },
		{ "blank \ntab\t\n", "blank=20\r\ntab=09\r\n" },
		{ ".\n..x\nFrom me\n", "=2E\r\n=2E.x\r\n=46rom me\r\n" },
		{ "a=b\x01\x7f", "a=3Db=7F\r\n" },
		{ "\xff\xe2\x82", "=EF=BF=BD=EF=BF=BD=EF=BF=BD\r\n" },
		/* 76 columns fit, 77 do not. */
		{ "0123456789012345678901234567890123456789012345678901234567"
		    "890123456789012345",
		    "0123456789012345678901234567890123456789012345678901234567"
		    "890123456789012345\r\n" },
		{ "0123456789012345678901234567890123456789012345678901234567"
		    "8901234567890123456",
		    "0123456789012345678901234567890123456789012345678901234567"
		    "89012345678901234=\r\n56\r\n" },
	};
	struct answer m = sample();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *body;

		m.text = rows[i].text;
		body = strstr(write_out(&m), "\r\n\r\n") + 4;
		assert_string_equal(body, rows[i].want);
	}
}

/* Undo the soft breaks and "=3D" and the address must be whole. */
static void
test_url_survives(void **state)
{
	struct answer m = sample();
	struct buf url = buf_new(a, 2000), back = buf_new(a, 4000);
	const char *c;

	(void)state;
	buf_puts(&url, "https://login.example.com/organizations/v2.0/"
	    "adminconsent?client_id=9f0c&state=");
	while (url.n < 1500)
		buf_puts(&url, "Abc=%2F-_.~&scope=");
	m.text = m.html = buf_str(&url).p;
	for (c = strstr(write_out(&m), "https://"); *c && *c != '\r'; c++) {
		if (strncmp(c, "=\r\n", 3) == 0) {
			c += 2;
		} else if (strncmp(c, "=3D", 3) == 0) {
			buf_char(&back, '=');
			c += 2;
		} else {
			assert_int_not_equal(*c, '=');
			buf_char(&back, *c);
		}
	}
	assert_string_equal(buf_str(&back).p, m.text);
}

static void
test_body_lines(void **state)
{
	struct answer m = sample();
	struct buf b = buf_new(a, CD_MAX_RENDERED + 4096);
	struct str raw, rest, line;

	(void)state;
	while (!b.full)
		buf_puts(&b, "\xd0\x96\xf0\x9f\x9a\x9a=\xe2\x82\xac");
	m.text = m.html = buf_str(&b).p;
	raw = rest = compose_message(a, &m);
	check_wire(raw);
	while (str_line(&rest, &line))
		assert_true(line.n <= 76);
	assert_memory_equal(raw.p + raw.n - 10, "numeoe--\r\n", 10);
}

static void
test_dated(void **state)
{
	struct answer m = sample();
	struct str before = compose_message(a, &m), after;

	(void)state;
	m.date += 9 * 86400;
	after = compose_message(a, &m);
	assert_string_equal(compose_dated(a, before, m.date).p, after.p);
	assert_true(str_eq(compose_dated(a, STR("Hello"), m.date),
	    STR("Hello")));
	assert_string_equal(compose_dated(a, STR("A: b\r\nDate: x"), m.date).p,
	    "A: b\r\nDate: Thu, 3 Dec 2026 13:20:05 +0000");
}

static void
test_subject(void **state)
{
	static const struct {
		const char *theirs, *want;
	} rows[] = {
		{ "Need approval", "Re: Need approval" },
		{ "Re: Need approval", "Re: Need approval" },
		{ "RE: re: Re[2]: AW : x", "Re: x" },
		{ "Fwd: x", "Re: Fwd: x" },
		{ "[EXTERNAL] Re: x", "Re: [EXTERNAL] Re: x" },
		{ "Report: x", "Re: Report: x" },
		{ "\xd0\x9e\xd1\x82\xd0\xb2: x", "Re: x" },
		{ "\xe5\x9b\x9e\xe5\xa4\x8d\xef\xbc\x9a x", "Re: x" },
		{ "", "Fallback" }, { NULL, "Fallback" }, { "Re:", "Fallback" },
		{ " \r\n\t", "Fallback" },
		{ "a\r\nBcc: b", "Re: a Bcc: b" },
	};
	struct buf b = buf_new(a, 2000);
	const char *s;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(compose_subject(a, rows[i].theirs,
		    "Fallback"), rows[i].want);
	while (!b.full)
		buf_puts(&b, "\xe2\x82\xac");
	s = compose_subject(a, buf_str(&b).p, "Fallback");
	assert_int_equal(strlen(s), 4 + 198);
	assert_true(utf8_valid(str_of(s)));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_whole), T(test_by_a_person), T(test_injection),
		T(test_header_texts), T(test_encoded_words),
		T(test_mailboxes), T(test_references_cut),
		T(test_quoted_printable), T(test_url_survives),
		T(test_body_lines), T(test_dated), T(test_subject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
