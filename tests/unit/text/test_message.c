#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "text/field.h"
#include "text/message.h"

static struct message
parse(struct arena *a, const char *mail)
{
	struct message m;

	message_parse(a, str_of(mail), &m);
	assert_true(utf8_valid(m.body.text));
	return m;
}

static void
test_headers(void **state)
{
	struct arena *a = arena_new();
	struct message m = parse(a,
	    "Return-Path: <>\r\n"
	    "Received: one\r\n"
	    "Received: two\r\n"
	    "From: \"Doe, Joe\" <Joe@Example.com>\r\n"
	    "To: a@x.com,\r\n b@y.com\r\n"
	    "CC: c@z.com\r\n"
	    "reply-to: r@x.com\r\n"
	    "Sender: s@x.com\r\n"
	    "Subject: =?utf-8?Q?Need_admin?=\r\n =?utf-8?Q?_approval?=\r\n"
	    "Date: Mon, 16 Nov 2026 08:41:26 -0500\r\n"
	    "Message-ID: <id-1@x.com>\r\n"
	    "In-Reply-To: <help-1@y.com>\r\n"
	    "References: <a@x> <b@x>\r\n\t<c@x>\r\n"
	    "X-Raw: caf\xe9 \r\n"
	    "\r\n"
	    "Hello\r\nthere\r\n");

	(void)state;
	assert_int_equal(m.n_headers, 14);
	assert_string_equal(m.from.v[0].addr, "Joe@example.com");
	assert_string_equal(m.from.v[0].name, "Doe, Joe");
	assert_int_equal(m.to.n, 2);
	assert_string_equal(m.cc.v[0].addr, "c@z.com");
	assert_string_equal(m.reply_to.v[0].addr, "r@x.com");
	assert_string_equal(m.sender.v[0].addr, "s@x.com");
	assert_string_equal(m.subject, "Need admin approval");
	assert_int_equal(m.date, 1794836486);
	assert_string_equal(m.message_id, "id-1@x.com");
	assert_string_equal(m.in_reply_to, "help-1@y.com");
	assert_int_equal(m.n_references, 3);
	assert_string_equal(m.references[0], "a@x");
	assert_string_equal(m.references[2], "c@x");
	assert_string_equal(m.return_path, "");
	assert_string_equal(message_value(&m, "x-raw"), "caf\xc3\xa9");
	assert_null(message_value(&m, "X-None"));
	const struct header *h = message_header(&m, "received", NULL);
	assert_string_equal(h->value, "one");
	h = message_header(&m, "received", h);
	assert_string_equal(h->value, "two");
	assert_null(message_header(&m, "received", h));
	assert_string_equal(m.content_type, "text/plain");
	assert_string_equal(arena_str(a, m.body.text), "Hello\nthere");
	assert_string_equal(message_identity(a, &m), "id-1@x.com");
	arena_free(&a);
}

static void
test_absent(void **state)
{
	struct arena *a = arena_new();
	struct message m = parse(a, "");
	const char *one, *two;

	(void)state;
	assert_int_equal(m.n_headers, 0);
	assert_int_equal(m.from.n, 0);
	assert_string_equal(m.subject, "");
	assert_null(m.message_id);
	assert_null(m.in_reply_to);
	assert_null(m.return_path);
	assert_null(m.inner);
	assert_null(m.report_type);
	assert_null(m.calendar_method);
	assert_int_equal(m.date, 0);
	assert_int_equal(m.body.text.n, 0);
	one = message_identity(a, &m);
	assert_int_equal(strlen(one), 7 + 64);
	m = parse(a, "Subject: x\n\n");
	two = message_identity(a, &m);
	assert_string_not_equal(one, two);
	m = parse(a, "Subject: x\r\n\r\n");
	assert_string_equal(message_identity(a, &m), two);
	arena_free(&a);
}

#define MULTI(type, b)                                                        \
	"MIME-Version: 1.0\nContent-Type: multipart/" type "; boundary=\"" b  \
	"\"\n\n"
#define LONG "This is the newly written text, and there is enough of it."

/* mail -> body text. */
static const struct {
	const char *mail, *want;
	bool html, lossy;
} bodies[] = {
	{ "Subject: x\n\nplain", "plain", false, false },
	{ "Subject: x\n\nline\r\nends\rof all\nkinds", "line\nends\nof all\nkinds",
	    false, false },
	{ "Subject: x\rTo: a@b.co\r\rold Macs\r\rend", "old Macs\n\nend", false,
	    false },
	{ "Subject: x\r\r\n\r\r\nturned\r\r\ntwice", "turned\ntwice", false,
	    false },
	{ "From joe Mon Nov 16\nSubject: x\n\nmbox", "mbox", false, false },
	{ "\n\nSubject: x\n\nempty lines first", "empty lines first", false,
	    false },
	{ "Subject: x\nno colon here\nTo: a@b.co\n\nbody", "body", false,
	    false },
	{ "Subject: x\nNo empty line before this text.\nMore.",
	    "No empty line before this text.\nMore.", false, false },
	{ "no header at all", "no header at all", false, false },
	{ "Content-Type: text/plain; charset=windows-1251\n\n\xcf\xf0",
	    "\xd0\x9f\xd1\x80", false, false },
	{ "Content-Type: text/plain; charset=utf-8\n\ncaf\xe9",
	    "caf\xc3\xa9", false, true },
	{ "Content-Type: text\n\nold kind", "old kind", false, false },
	{ "Content-Transfer-Encoding: base64\n\naGVsbG8=", "hello", false,
	    false },
	{ "Content-Type: text/html\n\n<p>a<p>b", "a\n\nb", true, false },
	{ "Content-Type: application/octet-stream\n\nsome words",
	    "some words", false, false },
	/* format=flowed. */
	{ "Content-Type: text/plain; format=flowed\n\nsoft \nline\nhard\n"
	    "> quoted \n> soft\n-- \nsig", "soft line\nhard\n> quoted soft\n"
	    "-- \nsig", false, false },
	{ "Content-Type: text/plain; format=flowed; delsp=yes\n\nab \ncd",
	    "abcd", false, false },
	/* Multipart, whole and broken. */
	{ MULTI("mixed", "b") "preamble\n--b\n\none\n--b\n\ntwo\n--b--\nend",
	    "one\n\ntwo", false, false },
	{ MULTI("mixed", "b") "--b\n\nno end", "no end", false, false },
	{ MULTI("mixed", "b") "--b  \n\nblanks\n--b--junk\nx", "blanks", false,
	    false },
	{ MULTI("mixed", "wrong") "--real\nContent-Type: text/plain\n\ntext\n"
	    "--real--", "text", false, false },
	{ "Content-Type: multipart/mixed\n\n--q\nContent-Type: text/plain\n\n"
	    "no boundary said\n--q--", "no boundary said", false, false },
	{ MULTI("mixed", "b") "no parts at all", "no parts at all", false,
	    false },
	{ MULTI("mixed", "b") "--b\nContent-Type: text/plain\n--b\n\nsecond",
	    "second", false, false },
	{ MULTI("mixed", "out") "--out\nContent-Type: multipart/mixed;"
	    " boundary=in\n\n--in\n\ninner\n--out\n\nouter\n--out--",
	    "inner\n\nouter", false, false },
	/* Boundaries that begin alike. */
	{ MULTI("mixed", "b") "--b\nContent-Type: multipart/mixed;"
	    " boundary=bb\n\n--bb\n\ninner\n--bb--\n--b\n\nouter\n--b--",
	    "inner\n\nouter", false, false },
	/* Alternatives. */
	{ MULTI("alternative", "b") "--b\n\n" LONG "\n--b\n"
	    "Content-Type: text/html\n\n<p>" LONG "</p>\n--b--", LONG, false,
	    false },
	{ MULTI("alternative", "b") "--b\n\n\n--b\nContent-Type: text/html\n\n"
	    "<p>shown</p>\n--b--", "shown", true, false },
	{ MULTI("alternative", "b") "--b\n\nYour mail program does not support "
	    "HTML.\n--b\nContent-Type: text/html\n\n<p>shown</p>\n--b--",
	    "shown", true, false },
	{ MULTI("alternative", "b") "--b\n\n" LONG " On Monday A wrote: old\n"
	    "--b\nContent-Type: text/html\n\n" LONG
	    "<blockquote type=cite>On Monday A wrote: old</blockquote>\n--b--",
	    LONG "\nOn Monday A wrote: old", true, false },
	{ MULTI("alternative", "b") "--b\n\n" LONG "\n--b\n"
	    "Content-Type: text/html\n\n<blockquote></blockquote>\n--b--",
	    LONG, false, false },
	/* Nobody wrote the pictures' names. */
	{ MULTI("alternative", "b") "--b\n\n" LONG " [ok]\n\n[Roe  Logo][cid:a]"
	    "[Text\n\nmade of it] [not this]\n--b\nContent-Type: text/html\n\n"
	    "<p>" LONG " [ok]</p><img alt='roe logo'><img alt='Text\n\nmade of "
	    "it'>\n--b--", LONG " [ok]\n\n [not this]", false, false },
	{ MULTI("alternative", "b") "--b\n\n" LONG " [Roe Logo\n--b\n"
	    "Content-Type: text/html\n\n<p>" LONG "</p><img alt='roe logo'>\n"
	    "--b--", LONG " [Roe Logo", false, false },
	{ MULTI("related", "b") "--b\nContent-Type: text/html\n\n<p>page\n--b\n"
	    "Content-Type: image/png\nContent-ID: <i>\n\nxx\n--b--", "page",
	    true, false },
	/* Meant as alternatives, said otherwise. */
	{ MULTI("mixed", "b") "--b\n\n" LONG "\n--b\n"
	    "Content-Type: text/html\n\n<p>" LONG "</p>\n--b--", LONG, false,
	    false },
	/* Files are not the body, unless there is nothing else. */
	{ MULTI("mixed", "b") "--b\n\nbody\n--b\nContent-Type: text/plain;"
	    " name=notes.txt\n\nfile\n--b\nContent-Disposition: attachment\n\n"
	    "file\n--b--", "body", false, false },
	{ MULTI("mixed", "b") "--b\nContent-Type: text/plain;"
	    " name=body.txt\n\nall there is\n--b--", "all there is", false,
	    false },
};

static void
test_bodies(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct message m = parse(a, bodies[i].mail);
		const char *got = arena_str(a, m.body.text);

		if (strcmp(got, bodies[i].want) != 0)
			print_message("row %zu\n", i);
		assert_string_equal(got, bodies[i].want);
		assert_int_equal(m.from_html, bodies[i].html);
		assert_int_equal(m.lossy, bodies[i].lossy);
	}
	arena_free(&a);
}

static void
test_attachments(void **state)
{
	struct arena *a = arena_new();
	struct message m = parse(a, MULTI("mixed", "b")
	    "--b\nContent-Type: text/html\n\n<img src='cid:pic@1'>hi\n"
	    "--b\nContent-Type: IMAGE/PNG\nContent-ID: <pic@1>\n"
	    "Content-Disposition: attachment;\n"
	    " filename*0*=utf-8''%D0%96; filename*1=\".png\"\n"
	    "Content-Transfer-Encoding: base64\n\naGVsbG8=\n"
	    "--b\nContent-Type: application/pdf; name=\"=?utf-8?Q?a_b?=.pdf\"\n\n"
	    "x\n"
	    "--b\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n"
	    "--b--\n");

	(void)state;
	assert_int_equal(m.n_attachments, 3);
	assert_string_equal(m.attachments[0].name, "\xd0\x96.png");
	assert_string_equal(m.attachments[0].type, "image/png");
	assert_int_equal(m.attachments[0].size, 5);
	assert_true(m.attachments[0].is_inline);
	assert_string_equal(m.attachments[1].name, "a b.pdf");
	assert_false(m.attachments[1].is_inline);
	assert_true(m.tnef);
	arena_free(&a);
}

/* A picture of something, which is no part of the mail. */
static void
test_pictures_in_the_page(void **state)
{
	static const struct {
		const char *html;
		bool shows;
	} rows[] = {
		{ "look: <img alt=\"Need admin approval Numeo Spot needs "
		    "permission to access\">", true },
		{ "<IMG SRC='data:image/png;base64,iVBOR'>", true },
		{ "<img\nwidth=1\nsrc=data:image/png;base64,iVBOR>", true },
		{ "<img src=x\nalt='Need&#32;admin approval Numeo Spot needs it'>",
		    true },
		{ "<!-- <img src='data:image/png;base64,iVBOR'> -->", false },
		{ "<img src='https://x.com/t.gif' width=1 height=1><br>"
		    "<img alt='Acme Freight Inc'>", false },
		{ "<img src=\"cid:1\" alt=\"A close up of a logo Description "
		    "automatically generated\">", false },
		{ "ok<blockquote><img src=\"data:image/png;base64,iV\">"
		    "</blockquote>", false },
		{ "<img alt=\"one two three four five six", false },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m = parse(a, arena_printf(a,
		    "Content-Type: text/html\n\n%s\n", rows[i].html));

		if (m.shows_picture != rows[i].shows)
			fail_msg("%s", rows[i].html);
	}
	arena_free(&a);
}

static void
test_report(void **state)
{
	struct arena *a = arena_new();
	struct message m = parse(a,
	    "Content-Type: multipart/report; report-type=Delivery-Status;\n"
	    " boundary=b\n\n"
	    "--b\n\nIt failed.\n"
	    "--b\nContent-Type: message/delivery-status\n\n"
	    "Reporting-MTA: dns; x\n\nAction: failed\nStatus: 5.1.1\n"
	    "--b\nContent-Type: message/rfc822\n\n"
	    "Message-ID: <help-1@our.example>\nSubject: old\n\nold text\n"
	    "--b--\n");

	(void)state;
	assert_string_equal(arena_str(a, m.body.text), "It failed.");
	assert_string_equal(m.content_type, "multipart/report");
	assert_string_equal(m.report_type, "delivery-status");
	assert_true(str_find(m.delivery_status, STR("Status: 5.1.1")) > 0);
	assert_int_equal(str_find(m.returned, STR("Message-ID: <help-1@")), 0);
	assert_null(m.inner);
	assert_int_equal(m.n_attachments, 0);
	arena_free(&a);
}

static void
test_inner(void **state)
{
	struct arena *a = arena_new();
	struct message m = parse(a, MULTI("mixed", "b")
	    "--b\n\nsee below\n"
	    "--b\nContent-Type: message/rfc822\n\n"
	    "Subject: inner\nContent-Type: multipart/mixed; boundary=c\n\n"
	    "--c\n\ninner text\n--c--\n"
	    "--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:X\n"
	    "--b--\n");

	(void)state;
	assert_string_equal(arena_str(a, m.body.text), "see below");
	assert_non_null(m.inner);
	assert_string_equal(m.inner->subject, "inner");
	assert_string_equal(arena_str(a, m.inner->body.text), "inner text");
	assert_string_equal(m.calendar_method, "REQUEST");
	arena_free(&a);
}

static void
test_two_from(void **state)
{
	struct arena *a = arena_new();
	struct message m = parse(a, "From: a@x.com\nFrom: b@y.com\n\n");

	(void)state;
	assert_int_equal(m.from.n, 2);
	arena_free(&a);
}

static void
test_ids(void **state)
{
	struct arena *a = arena_new();
	struct message m = parse(a, "Message-ID: bare@x.com\n"
	    "In-Reply-To: Your message of Monday <x@y> from me@there\n"
	    "References: <a@b><c@d> junk ,<e@f\n\n");

	(void)state;
	assert_string_equal(m.message_id, "bare@x.com");
	assert_string_equal(m.in_reply_to, "x@y");
	assert_int_equal(m.n_references, 3);
	assert_string_equal(m.references[2], "e@f");
	arena_free(&a);
}

static void
test_dates(void **state)
{
	static const struct {
		const char *date;
		int64_t want;
	} rows[] = {
		{ "Mon, 16 Nov 2026 13:41:32 +0000", 1794836492 },
		{ "16 Nov 2026 13:41:32 GMT", 1794836492 },
		{ "16 Nov 26 13:41:32 +0000 (UTC)", 1794836492 },
		{ "Mon, 16 Nov 2026 08:41:32 EST", 1794836492 },
		{ "Mon, 16 Nov 2026 15:41:32 +02:00", 1794836492 },
		{ "Mon,16-Nov-2026 13:41:32", 1794836492 },
		{ "Mon, 16 Nov 2026 13:41 +0000", 1794836460 },
		{ "yesterday", 0 }, { "", 0 }, { "99 Foo 2026", 0 },
		{ "1 Nov", 0 }, { "1 Nov 2026 99:99", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(field_date(str_of(rows[i].date)),
		    rows[i].want);
}

static void
test_params(void **state)
{
	static const struct {
		const char *value, *name, *want;
	} rows[] = {
		{ "text/plain; charset=utf-8", "charset", "utf-8" },
		{ "text/plain; charset=\"utf-8\"; x=y", "charset", "utf-8" },
		{ "text/plain; CHARSET = utf-8 ;", "charset", "utf-8" },
		{ "a/b; name=my file.pdf; x=1", "name", "my file.pdf" },
		{ "a/b; name=\"a;b\\\"c\"", "name", "a;b\"c" },
		{ "a/b; name=\"C:\\dir\\x\"", "name", "C:\\dir\\x" },
		{ "a/b; filename*=utf-8'en'%e2%82%ac%20x", "filename",
		    "\xe2\x82\xac x" },
		{ "a/b; filename*=iso-8859-1''%e9; filename=x", "filename",
		    "\xc3\xa9" },
		{ "a/b; filename=x; filename*=utf-8''y", "filename", "y" },
		{ "a/b; n*0=a; n*2=c; n*1=b", "n", "abc" },
		{ "a/b; n*0*=utf-8''%41; n*1=%41", "n", "A%41" },
		{ "a/b; name==?utf-8?B?w6k=?=", "name", "\xc3\xa9" },
		{ "a/b; n=1; n=2", "n", "1" },
		{ "a/b; xname=1", "name", NULL },
		{ "a/b", "name", NULL },
		{ "a/b; name", "name", "" },
		{ "a/b; n*99999999999=x", "n", NULL },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = field_param(a, str_of(rows[i].value),
		    rows[i].name, NULL);

		if (rows[i].want)
			assert_string_equal(got, rows[i].want);
		else
			assert_null(got);
	}
	arena_free(&a);
}

/* A quoted value costs what it holds, and only where it is the wanted one; of a
 * thousand parameters only so many are read. */
static void
test_many_params(void **state)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a, 1 << 20), mail = buf_new(a, 1 << 20);
	struct message m;
	size_t before;

	(void)state;
	buf_puts(&b, "x/y; name filename charset");
	for (int i = 0; i < 10000; i++)
		buf_puts(&b, "; a=\"\"");
	buf_puts(&b, "; name=\"last\"");
	before = arena_used(a);
	assert_string_equal(field_param(a, buf_str(&b), "name", NULL), "last");
	assert_null(field_param(a, buf_str(&b), "charset*0", NULL));
	assert_true(arena_used(a) - before < b.n);
	assert_true(field_has_param(buf_str(&b), "name"));
	assert_false(field_has_param(buf_str(&b), "nam"));
	buf_printf(&mail, "Content-Type: %s\n\nhello\n", b.p);
	before = arena_used(a);
	message_parse(a, buf_str(&mail), &m);
	assert_true(arena_used(a) - before < 12 * mail.n);
	assert_true(m.truncated);
	assert_false(parse(a, "Content-Type: x/y; name=z\n\nhello\n").truncated);
	arena_free(&a);
}

/* A text is copied where it is decoded, not from hand to hand after that. */
static void
test_one_copy(void **state)
{
	struct arena *a = arena_new();
	struct buf mail = buf_new(a, 1 << 20);
	size_t before;

	(void)state;
	buf_puts(&mail, "Content-Type: text/plain; charset=utf-8\n\n");
	while (mail.n < 200000)
		buf_puts(&mail, "We cannot connect, says caf\u00e9.\n");
	before = arena_used(a);
	assert_int_equal(parse(a, buf_str(&mail).p).body.text.n,
	    mail.n - 42);
	assert_true(arena_used(a) - before < 3 * mail.n);
	arena_free(&a);
}

/* More charsets than a mail may have: those of the first are read, and the next
 * mail has its own again. */
static void
test_many_charsets(void **state)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a, 1 << 20);
	struct message m;

	(void)state;
	buf_puts(&b, "Subject: =?koi8-r?q?=F0?=");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, " =?x-unknown-%d?q?a?=", i);
	buf_puts(&b, "\n\nhello\n");
	message_parse(a, buf_str(&b), &m);
	assert_true(m.truncated);
	assert_true(str_starts(str_of(m.subject), STR("\xd0\x9f" "aaa")));
	m = parse(a, "Subject: =?windows-1251?q?=CF?=\n\nhello\n");
	assert_false(m.truncated);
	assert_string_equal(m.subject, "\xd0\x9f");
	arena_free(&a);
}

/* Limits are met by keeping what fits. */
static void
test_limits(void **state)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a, 64 << 20);
	struct message m;

	(void)state;
	buf_puts(&b, MULTI("mixed", "b"));
	for (int i = 0; i < 10000; i++)
		buf_puts(&b, "--b\nContent-Type: image/png\n\nx\n");
	message_parse(a, buf_str(&b), &m);
	assert_true(m.truncated);
	assert_int_equal(m.n_attachments, CD_MAX_ATTACHMENTS);

	b = buf_new(a, 64 << 20);
	for (int i = 0; i < 10000; i++)
		buf_printf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n"
		    "--b%d\n", i, i);
	buf_puts(&b, "\ndeep text");
	message_parse(a, buf_str(&b), &m);
	assert_true(m.truncated);
	assert_true(m.body.text.n > 0);

	b = buf_new(a, 64 << 20);
	for (int i = 0; i < 5000; i++)
		buf_puts(&b, "Content-Type: message/rfc822\n\n");
	message_parse(a, buf_str(&b), &m);
	assert_true(m.truncated);

	b = buf_new(a, 64 << 20);
	for (int i = 0; i < 5000; i++)
		buf_puts(&b, "X: y\n");
	buf_puts(&b, "\nbody");
	message_parse(a, buf_str(&b), &m);
	assert_true(m.truncated);
	assert_int_equal(m.n_headers, CD_MAX_HEADERS);

	assert_false(m.read_in_part);
	b = buf_new(a, 64 << 20);
	buf_puts(&b, "Content-Type: text/html\n\nhi"
	    "<div style='display:none'>ask</div>");
	for (int i = 0; i < CD_MAX_HTML_DEPTH + 4; i++)
		buf_puts(&b, "<i>");
	message_parse(a, buf_str(&b), &m);
	assert_true(m.read_in_part);

	b = buf_new(a, 64 << 20);
	buf_puts(&b, "Subject: ");
	for (int i = 0; i < 100000; i++)
		buf_puts(&b, "\xc3\xa9");
	buf_puts(&b, "\n\n");
	for (int i = 0; i < 1000000; i++)
		buf_puts(&b, "12345678 abcdefg text of a very long mail\n");
	message_parse(a, buf_str(&b), &m);
	assert_true(m.truncated);
	assert_true(strlen(m.subject) <= CD_MAX_SUBJECT);
	assert_true(utf8_valid(str_of(m.subject)));
	assert_true(m.body.text.n <= CD_MAX_TEXT);
	assert_true(m.body.text.n > CD_MAX_TEXT / 2);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_attachments),
		cmocka_unit_test(test_pictures_in_the_page),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_inner),
		cmocka_unit_test(test_two_from),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_params),
		cmocka_unit_test(test_many_params),
		cmocka_unit_test(test_one_copy),
		cmocka_unit_test(test_many_charsets),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
