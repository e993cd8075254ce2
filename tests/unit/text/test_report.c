#include <string.h>

#include "unit.h"

#include "text/report.h"

struct row {
	const char *what, *mail;
	enum report_kind kind;
	const char *address, *status, *about;
};

static void
same(const char *got, const char *want, const char *what)
{
	if ((got == NULL) != (want == NULL) || (got && strcmp(got, want)))
		fail_msg("%s: \"%s\", not \"%s\"", what, got ? got : "NULL",
		    want ? want : "NULL");
}

static const struct row rows[] = {
	{ "RFC 3464",
	    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.a.example\n"
	    "To: desk@b.example\nSubject: Undelivered Mail Returned to Sender\n"
	    "MIME-Version: 1.0\nContent-Type: multipart/report;\n"
	    " report-type=delivery-status; boundary=B\n\n"
	    "--B\n\nThe mail system\n\n<jo@roe.example>: unknown\n\n"
	    "--B\nContent-Type: message/delivery-status\n\n"
	    "Reporting-MTA: dns; mx.a.example\n\n"
	    "Final-Recipient: rfc822; Jo@roe.example\nAction: failed\n"
	    "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n\n"
	    "--B\nContent-Type: text/rfc822-headers\n\n"
	    "Message-ID: <help-1@b.example>\nSubject: x\n\n--B--\n",
	    REPORT_FAILED, "jo@roe.example", "5.1.1", "help-1@b.example" },
	{ "delayed",
	    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.a.example\n"
	    "Subject: Delayed Mail (still being retried)\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/report; report-type=delivery-status;\n"
	    " boundary=B\n\n--B\n\nTHIS IS A WARNING ONLY.\n\n--B\n"
	    "Content-Type: message/delivery-status\n\n"
	    "Reporting-MTA: dns; mx.a.example\n\n"
	    "Final-Recipient: rfc822; jo@roe.example\nAction: delayed\n"
	    "Status: 4.4.1\n\n--B--\n",
	    REPORT_DELAYED, "jo@roe.example", "4.4.1", NULL },
	{ "one of two failed",
	    "From: MAILER-DAEMON@mx.a.example\nSubject: Delivery Status\n"
	    "MIME-Version: 1.0\nContent-Type: multipart/report;\n"
	    " report-type=delivery-status; boundary=B\n\n--B\n\nhm\n\n--B\n"
	    "Content-Type: message/delivery-status\n\n"
	    "Reporting-MTA: dns; mx.a.example\n"
	    "X-Original-Message-ID: <help-2@b.example>\n\n"
	    "Final-Recipient: rfc822; al@roe.example\nAction: delivered\n"
	    "Status: 2.0.0\n\n"
	    "Final-Recipient: rfc822; jo@roe.example\nAction: failed\n"
	    "Status: 5.2.2\n\n--B--\n",
	    REPORT_FAILED, "jo@roe.example", "5.2.2", "help-2@b.example" },
	{ "qmail",
	    "Return-Path: <>\nFrom: MAILER-DAEMON@q.example\n"
	    "Subject: failure notice\n\n"
	    "Hi. This is the qmail-send program at q.example.\n"
	    "I'm afraid I wasn't able to deliver your message to the following "
	    "addresses.\nThis is a permanent error; I've given up.\n\n"
	    "<jo@roe.example>:\nSorry, no mailbox here by that name. "
		    "(#5.1.1)\n\n"
	    "--- Below this line is a copy of the message.\n\n"
	    "Return-Path: <desk@b.example>\nMessage-ID: <help-3@b.example>\n",
	    REPORT_FAILED, "jo@roe.example", "5.1.1", "help-3@b.example" },
	{ "Exim and Gmail name the address in a header",
	    "Return-Path: <>\nX-Failed-Recipients: jo@roe.example\n"
	    "Auto-Submitted: auto-replied\n"
	    "From: Mail Delivery System <Mailer-Daemon@e.example>\n"
	    "Subject: Mail delivery failed: returning message to sender\n"
	    "References: <help-4@b.example>\n\n"
	    "A message that you sent could not be delivered to one or more of "
	    "its recipients.\n\n  jo@roe.example\n    all relevant MX records "
	    "point to non-existent hosts\n",
	    REPORT_FAILED, "jo@roe.example", NULL, "help-4@b.example" },
	{ "an old server's prose",
	    "From: mdaemon@old.example\nSubject: Permanent Delivery Failure\n\n"
	    "The attached message had PERMANENT fatal delivery errors!\n"
	    "Failed address: jo@roe.example\n550 5.1.1 no such user\n",
	    REPORT_FAILED, "jo@roe.example", "5.1.1", NULL },
	{ "a server's prose in another name than the envelope's",
	    "Return-Path: <srs0=x=b.example@old.example>\n"
	    "From: Mail System <mail@old.example>\n"
	    "Subject: Error sending email\n\n"
	    "550 5.1.1 <jo@roe.example>: not found\n",
	    REPORT_FAILED, "jo@roe.example", "5.1.1", NULL },
	{ "a person whose subject begins as reports do",
	    "Return-Path: <Ann@roe.example>\nFrom: Ann <ann@roe.example>\n"
	    "Subject: Error sending email\n\n"
	    "Need admin approval, and the app was not found.\n",
	    REPORT_NONE, NULL, NULL, NULL },
	{ "a person forwards a bounce",
	    "From: Ann <ann@roe.example>\nTo: desk@b.example\n"
	    "Subject: Fwd: Undelivered Mail Returned to Sender\n\n"
	    "I got this, your message could not be delivered to my boss?\n",
	    REPORT_NONE, NULL, NULL, NULL },
	{ "a person writes",
	    "From: Ann <ann@roe.example>\nSubject: Outlook\n\n"
	    "The page says the user does not exist.\n",
	    REPORT_NONE, NULL, NULL, NULL },
	{ "a read receipt",
	    "From: Ann <ann@roe.example>\nSubject: Read: x\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/report;\n"
	    " report-type=disposition-notification; boundary=B\n\n--B\n\n"
	    "Your message was read on Monday.\n\n--B--\n",
	    REPORT_NONE, NULL, NULL, NULL },
};

static void
test_reports(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct report r;

		message_parse(a, str_of(rows[i].mail), &m);
		report_read(a, &m, &r);
		if (r.kind != rows[i].kind)
			fail_msg("%s: kind %d", rows[i].what, (int)r.kind);
		same(r.address, rows[i].address, rows[i].what);
		same(r.status, rows[i].status, rows[i].what);
		same(r.about, rows[i].about, rows[i].what);
		arena_reset(a);
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_reports) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
