#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "text/forms.h"
#include "text/screen.h"

#define FROM "From: Jo Roe <jo@roe.example>\n"
#define TO "To: desk@a.example\n"

struct row {
	const char *mail;
	const char *automatic, *hold;	/* NULL: none */
};

static void
row_check(struct arena *a, const struct row *row)
{
	static const char *const own[] = { "desk@a.example" };
	struct screen_context ctx = { own, 1 };
	struct message m;
	struct visible v;
	struct screen s;

	message_parse(a, str_of(row->mail), &m);
	visible_find(a, &m.body, m.from.n > 0 ? m.from.v[0].name : "", &v);
	screen_run(a, &m, &v, &ctx, &s);
	if ((s.automatic == NULL) != (row->automatic == NULL) ||
	    (s.automatic && strcmp(s.automatic, row->automatic)))
		fail_msg("%s\nis %s", row->mail,
		    s.automatic ? s.automatic : "a person");
	if ((s.hold == NULL) != (row->hold == NULL) ||
	    (s.hold && strcmp(s.hold, row->hold)))
		fail_msg("%s\nholds %s", row->mail, s.hold ? s.hold :
		    "nothing");
	assert_int_equal(s.automatic == NULL, s.automatic_evidence[0] == '\0');
	assert_int_equal(s.hold == NULL, s.hold_evidence[0] == '\0');
}

static void
rows_check(const struct row *rows, size_t n)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < n; i++) {
		row_check(a, &rows[i]);
		arena_reset(a);
	}
	arena_free(&a);
}
#define ROWS(r) rows_check(r, sizeof r / sizeof *r)

static void
test_headers(void **state)
{
	static const struct row rows[] = {
		{ FROM TO "Auto-Submitted: auto-replied (vacation)\n\nAway.",
		    "out_of_office", NULL },
		{ FROM TO "auto-submitted: Auto-Generated; x=y\n\nHi",
		    "auto_submitted", NULL },
		{ FROM TO "Auto-Submitted: no\n\nHi", NULL, NULL },
		{ FROM TO "Auto-Submitted: no\nAuto-Submitted: "
		    "auto-notified\n\nHi",
		    "auto_submitted", NULL },
		{ FROM TO "Precedence: bulk\n\nHi", "precedence", NULL },
		{ FROM TO "Precedence: first-class\n\nHi", NULL, NULL },
		{ FROM TO "X-Autoreply: yes\n\nHi", "auto_reply_header", NULL },
		{ FROM TO "X-Autoreply: no\n\nHi", NULL, NULL },
		{ FROM TO "X-Autorespond: x\n\nHi", "auto_reply_header", NULL },
		{ FROM "To: l@a.example\nList-Id: <l.a.example>\n\nHi", "list",
		    "not_addressed" },
		{ FROM TO "List-Id: <l.a.example>\nPrecedence: bulk\n\nHi",
		    "list", NULL },
		{ FROM TO "List-Id: <l.a.example>\nFeedback-ID: 8\n\nHi",
		    "list", NULL },
		{ FROM TO "List-Id: <l.a.example>\nList-Unsubscribe: <http://x>"
		    "\n\nHi", "list", "list_unsubscribe" },
		/* A person's mail that passed a group: facts/screening.md, 9. */
		{ FROM TO "List-Id: <l.a.example>\n\nHi", NULL,
		    "through_group" },
		{ FROM "To: it@roe.example\nCc: desk@a.example\nList-Post: "
		    "<mailto:it@roe.example>\n\nHi", NULL, "through_group" },
		{ FROM "To: x@a.example\nPrecedence: list\nMailing-list: list "
		    "desk@a.example; contact desk+owners@a.example\nList-ID: "
		    "Desk <DESK.a.example>\nX-Google-Group-Id: 8815512\n"
		    "List-Unsubscribe: <mailto:googlegroups-manage+8815512+"
		    "unsubscribe@googlegroups.com>\n\nThe Accept button is grey."
		    "\n\n-- \nTo unsubscribe from this group and stop "
		    "receiving emails from it, send an email to "
		    "desk+unsubscribe@a.example.\n", NULL, "through_group" },
		{ FROM TO "List-Id: <desk.a.example>\nPrecedence: bulk\n\nHi",
		    "precedence", "through_group" },
		/* A gateway's footnote on a person's mail; a newsletter's. */
		{ FROM TO "List-Unsubscribe: <http://x>\n\nHi", NULL,
		    "list_unsubscribe" },
		{ FROM TO "List-Unsubscribe: <http://x>\n\nDeals! Unsubscribe",
		    "newsletter", "list_unsubscribe" },
		{ FROM TO "List-Unsubscribe-Post: x\n\nHi", "newsletter",
		    NULL },
		{ FROM TO "X-Loop: yes\n\nHi", "loop_header", NULL },
		{ "Return-Path: <>\n" FROM TO "\nHi", "null_return_path",
		    "null_sender" },
		{ "From: MAILER-DAEMON@roe.example\n" TO "\nHi",
		    "machine_sender", NULL },
		{ "From: owner-list@roe.example\n" TO "\nHi", "machine_sender",
		    NULL },
		{ "From: desk@a.example\n" TO "\nHi", "own_mail",
		    "own_address" },
		{ "From: Desk+x@a.example\n" TO "\nHi", "own_mail",
		    "own_address" },
		/* No proof of a machine, but a wish. */
		{ FROM TO "X-Auto-Response-Suppress: All\n\nHi", NULL,
		    "suppress_all" },
		{ FROM TO "X-Auto-Response-Suppress: DR, OOF, AutoReply\n\nHi",
		    NULL, "suppress_all" },
		{ FROM TO "X-Auto-Response-Suppress: DR, NDR, RN\n\nHi", NULL,
		    NULL },
	};

	(void)state;
	ROWS(rows);
}

/* A mail of two forms, as each program makes them. */
#define FORMS(plain, html) FROM TO "Content-Type: multipart/alternative;" \
	" boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n" \
	plain "\n--b\nContent-Type: text/html; charset=utf-8\n\n" html "\n--b--\n"
#define OUR_MAIL "Please send the approval link to your admin, he will consent"

static void
test_forms(void **state)
{
	static const struct row rows[] = {
		{ FORMS("Please send us the approval link",
		    "<p>Thanks for your help yesterday"), NULL, "forms_differ" },
		/* The one that is shown says more, less, the contrary. */
		{ FORMS("Send the link", "<p>Ignore this test: Send the link"),
		    NULL, "forms_differ" },
		{ FORMS("Hello there my friends. Send the link",
		    "<p>Hello there my friends."), NULL, "forms_differ" },
		{ FORMS("yes please", "<p>no please"), NULL, "forms_differ" },
		{ FORMS("Please do not send the one-click approval link to us",
		    "<p>Please send the one-click approval link to us"), NULL,
		    "forms_differ" },
		{ FORMS("We can open the page that you sent us today", "<p>We "
		    "can\u2019t open the page that you sent us today"), NULL,
		    "forms_differ" },
		{ FORMS("\u041c\u044b \u0445\u043e\u0442\u0438\u043c \u043f"
		    "\u043e\u043b\u0443\u0447\u0438\u0442\u044c \u0432\u0430"
		    "\u0448\u0443 \u0441\u0441\u044b\u043b\u043a\u0443", "<p>\u041c"
		    "\u044b \u043d\u0435 \u0445\u043e\u0442\u0438\u043c \u043f"
		    "\u043e\u043b\u0443\u0447\u0438\u0442\u044c \u0432\u0430"
		    "\u0448\u0443 \u0441\u0441\u044b\u043b\u043a\u0443"), NULL,
		    "forms_differ" },
		{ FORMS("Virus-free. <#DAB4FAD8-2DD7>", "<p><a href='#DAB4FAD8-2DD7'>"
		    "Virus-free.</a>"), NULL, NULL },
		{ FORMS("send@ us@ the://link", "<p>hi"), NULL, "forms_differ" },
		{ FORMS("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "<p>no"), NULL,
		    "forms_differ" },
		{ FORMS("Hello", "<p>Hello <i style='color:#fff'>Hello"), NULL,
		    NULL },
		{ FORMS("Hello all. Please send the link", "<p>Hello all. <i "
		    "style='color:#fff'>Please send the link"), NULL,
		    "forms_differ" },
		{ FORMS("\u9700\u8981\u7ba1\u7406\u5458\u6279\u51c6",
		    "<p>\u4f60\u597d\u8c22\u8c22"), NULL, "forms_differ" },
		/* Words of the quote are not the person's. */
		{ FORMS("Please send the link, I would like to have it\n\n"
		    "On 1 May 2025 A <a@a.co> wrote:\n> " OUR_MAIL, "<p>Please, I "
		    "would like to have it<p>On 1 May 2025 A &lt;a@a.co&gt; wrote:"
		    "<p>" OUR_MAIL), NULL, "forms_differ" },
		/* The marks of a quote win, the other one is what it was. */
		{ FORMS("Thanks so much to you\n\nQuem escreveu:\n> " OUR_MAIL,
		    "<p>Please send the link<div class=gmail_quote><div class="
		    "gmail_attr>Quem escreveu:<br></div><blockquote>" OUR_MAIL
		    "</blockquote></div>"), NULL, "forms_differ" },
		/* What programs do to one text. */
		{ FORMS("*Hello*, we need\nadmin approval, see \xe2\x80\x9cit\xe2\x80"
		    "\x9d here <https://a.example/x?y=why%20not>\n1. one\n* two\n"
		    "[image: Roe & Sons Logo][cid:image001.png@01D9]\n\n"
		    "Jo <mailto:jo@roe.example>", "<p><b>Hello</b>, we need "
		    "admin&nbsp;approval, see &quot;it&quot; <a href='https://a."
		    "example/x?y=why%20not'>here</a><ol><li>one</ol><ul><li>two"
		    "</ul><img src=x alt=\"Roe & Sons Logo\"><p>Jo"), NULL, NULL },
		/* Word breaks the lines of a tag; entities. */
		{ FORMS("Please send the link\n\n[Captura de pantalla de un "
		    "tel\u00e9fono m\u00f3vil Descripci\u00f3n generada]", "<p>"
		    "Please send the link<p><img\n width=624 src='cid:a'\nalt=\"Captura de "
		    "pantalla de un tel&eacute;fono m&oacute;vil&#10;&#10;"
		    "Descripci&oacute;n generada\">"), NULL, NULL },
		{ FORMS("We can?t open the page that you sent us today", "<p>We "
		    "can\u2019t open the page that you sent us today"), NULL,
		    NULL },
		{ FORMS("Hi all, it does not work for us at all since Monday",
		    "<p>Hi all, it does not work for us at all since Monday"
		    "<p style='display:none'>Hi"), NULL, NULL },
		{ FORMS("\u9700\u8981\n\u7ba1\u7406", "<p>\u9700\u8981\u7ba1"
		    "\u7406"), NULL, NULL },
		{ FORMS("Thanks\n\nOn 1 May 2025 A <a@a.co> wrote:\n> " OUR_MAIL,
		    "<p>Thanks"), NULL, NULL },
		/* One of them says nothing. */
		{ FORMS("", "<p>Please send us the approval link"), NULL, NULL },
		{ FORMS("Please send us the approval link", "<img src=x>"), NULL,
		    NULL },
		{ FORMS("Your mail program does not support HTML, open it in a "
		    "browser", "<p>Please send us the approval link"), NULL, NULL },
		/* Machines are none of our concern. */
		{ "Auto-Submitted: auto-generated\n" FORMS("one two three four",
		    "<p>five six seven eight"), "auto_submitted", NULL },
	};

	(void)state;
	ROWS(rows);
}

static void
test_holds(void **state)
{
	static const struct row rows[] = {
		{ TO "\nHi", NULL, "no_from" },
		{ "From: a@roe.example, b@roe.example\n" TO "\nHi", NULL,
		    "several_from" },
		{ "From: No-Reply <no-reply@roe.example>\n" TO "\nHi", NULL,
		    "no_reply_sender" },
		{ "From: do_not_reply@roe.example\n" TO "\nHi", NULL,
		    "no_reply_sender" },
		{ FROM "To: all@roe.example\n\nHi", NULL, "not_addressed" },
		{ FROM "To: x@roe.example\nCc: Desk <desk@a.example>\n\nHi",
		    NULL, "copy_only" },
		{ FROM TO "Content-Type: text/html\n\n<p>Hi<p a b c d e f g h "
		    "i j k l m n o p q r s t u v w x y z aa ab ac ad ae af ag "
		    "ah ai aj ak al am an ao ap aq ar as at au av aw ax ay az "
		    "ba bb bc bd be bf bg bh bi bj bk bl bm bn bo bp>no", NULL,
		    "read_in_part" },
		{ FROM TO "\n????? ??????, ?????", NULL, "read_in_part" },
		{ FROM TO "\nwhat???? help????", NULL, NULL },
		{ FROM "To: sam@a.example\nCc: Desk <desk@a.example>\n\nHi",
		    NULL, NULL },
		{ FROM "Cc: Desk <desk@a.example>\n\nHi", NULL, NULL },
		{ FROM TO "Cc: x@roe.example\n\nHi", NULL, NULL },
		{ FROM "To: x@roe.example\nResent-To: desk@a.example\n\nHi",
		    NULL,
		    NULL },
	};

	(void)state;
	ROWS(rows);
}

#define REPLY FROM TO "In-Reply-To: <help-1@a.example>\n"

/* No header betrays any of these. */
static void
test_words(void **state)
{
	static const struct row rows[] = {
		{ REPLY "Subject: Automatic reply: x\n\nAway",
		    "out_of_office_subject", NULL },
		{ REPLY "Subject: Automatische Antwort: x\n\nAway",
		    "out_of_office_subject", NULL },
		{ FROM TO "Subject: Automatische Antwort: x\n\nAway",
		    "out_of_office_subject", NULL },
		{ FROM TO "Subject: Out of office until Monday\n\nAway",
		    "out_of_office_subject", NULL },
		{ FROM TO "Subject: Auto reply in Outlook\n\nWill it go on "
		    "while I am away?", NULL, NULL },
		{ FROM TO "Subject: Auto reply: Outlook\n\nUrgent? Call Jo.",
		    "out_of_office_subject", NULL },
		{ REPLY "Subject: Re: x\n\nThank you for your email. I am "
		    "out of "
		    "the office until Monday. For urgent matters call Jo.",
		    "out_of_office_words", NULL },
		{ REPLY "Subject: Re: x\n\nGracias por su mensaje. Estaré "
		    "fuera "
		    "de la oficina hasta el lunes.", "out_of_office_words",
		    NULL },
		{ REPLY "Subject: Re: x\n\n##- Please type your reply above "
		    "this "
		    "line -##\n\nYour request (204) has been received.",
		    "ticket_words", NULL },
		{ FROM TO "Subject: Ticket #118204/x/has been opened\n\n"
		    "Thank you "
		    "for contacting Roe IT. Service Ticket #118204 has been "
		    "opened.",
		    "ticket_words", NULL },
		{ REPLY "Subject: Re: x\n\nThis is Jo's mail guard. Your "
		    "message is "
		    "on hold. Click this link once: https://q.example/v/1",
		    "challenge_words", NULL },
		{ FROM TO "Subject: Read: x\n\nYour message\n\n   To: Jo\n\n "
		    "was read"
		    " on Monday, March 3, 2026", "receipt_words", NULL },
		{ FROM TO "Subject: Declined: Call\n\nDeclined",
		    "calendar_words",
		    NULL },
		{ REPLY "Subject: Re: x\n\nJo is no longer with Roe Inc. Your "
		    "message was not forwarded.", "left_company_words", NULL },
		{ FROM TO "Subject: x\n\nThis is an automated message. "
		    "Please do "
		    "not reply to this email.", "automatic_words", NULL },
	};

	(void)state;
	ROWS(rows);
}

/* People who use the words of machines. */
static void
test_people(void **state)
{
	static const struct row rows[] = {
		{ REPLY "Subject: Re: x\n\nmy boss is out of office until "
		    "Monday, "
		    "can you send the link to me?", NULL, NULL },
		{ REPLY "Subject: Re: Automatic reply: x\n\nI am back, send it",
		    NULL, NULL },
		{ FROM TO "Subject: Outlook\n\nI opened ticket #4411 with "
		    "Microsoft "
		    "and they say ask you.", NULL, NULL },
		{ REPLY "Subject: Re: x\n\nI am out of the office tomorrow "
		    "but on my "
		    "phone. Do I click Accept?", NULL, NULL },
		{ FROM TO "Subject: bounce\n\nYour message could not be "
		    "delivered to "
		    "my boss, can you send it again?", NULL, NULL },
		{ FROM TO "Subject: Auto: transport quote\n\nHow much?", NULL,
		    NULL },
		{ FROM TO "Subject: Outlook\n\nPlease unsubscribe me from "
		    "this.",
		    NULL, NULL },
		{ FROM TO "Subject: Delivery\n\nThe delivery of the load is "
		    "late.",
		    NULL, NULL },
		{ REPLY "Subject: Re: x\n\nRhonda is no longer with us, I do "
		    "the "
		    "emails now. Send me the link please.", NULL, NULL },
	};

	(void)state;
	ROWS(rows);
}

static void
test_structure(void **state)
{
	static const struct row rows[] = {
		{ FROM TO "Subject: Read: x\nMIME-Version: 1.0\nContent-Type: "
		    "multipart/report; report-type=disposition-notification; "
		    "boundary=B\n\n--B\n\nread\n\n--B--\n", "read_receipt",
		    NULL },
		{ FROM TO "Subject: Abuse\nMIME-Version: 1.0\nContent-Type: "
		    "multipart/report; report-type=feedback-report; "
		    "boundary=B\n\n"
		    "--B\n\nspam\n\n--B--\n", "feedback_report", NULL },
		{ FROM TO "Subject: Call\nMIME-Version: 1.0\nContent-Type: "
		    "multipart/alternative; boundary=B\n\n--B\n\nCall\n\n--B\n"
		    "Content-Type: text/calendar; method=REQUEST\n\n"
		    "BEGIN:VCALENDAR\n"
		    "END:VCALENDAR\n\n--B--\n", "calendar", NULL },
		{ "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\n" TO
		    "Subject: failure notice\n\nHi. This is the qmail-send "
		    "program."
		    "\n\n<jo@roe.example>:\nno mailbox here\n", "bounce",
		    "null_sender" },
	};

	(void)state;
	ROWS(rows);
}

/* A group of our name took the writer's place; nobody takes ours by it. */
static void
test_writer_behind_a_group(void **state)
{
	static const char *const own[] = { "desk@a.example" };
	static const char *const rows[][2] = {
		{ "From: 'Jo Roe' via Desk <desk@a.example>\n"
		  "X-Original-From: Jo Roe <jo@roe.example>\n" TO "\nHi",
		    "jo@roe.example" },
		{ "From: Jo Roe via Desk <desk@a.example>\nReply-To: Jo Roe "
		  "<jo@roe.example>\nList-Id: Desk <desk.a.example>\n" TO
		  "\nHi", "jo@roe.example" },
		/* An answer of our own that wants its answers elsewhere. */
		{ "From: desk@a.example\nReply-To: help@a.example\n" TO "\nHi",
		    "desk@a.example" },
		/* A form of ours, in the name of the one who filled it in. */
		{ "From: desk@a.example\nReply-To: jo@roe.example\n" TO "\nHi",
		    "jo@roe.example" },
		{ "From: desk@a.example\nReply-To: jo@roe.example\n"
		  "To: bo@roe.example\n\nHi", "desk@a.example" },
		{ "From: desk@a.example\nX-Original-From: desk+x@a.example\n"
		  TO "\nHi", "desk@a.example" },
		{ "From: desk@a.example\nX-Original-From: a@roe.example, "
		  "b@roe.example\n" TO "\nHi", "desk@a.example" },
		/* Nor is another's mail turned into a third one's. */
		{ FROM "X-Original-From: eve@evil.example\n" TO "\nHi",
		    "jo@roe.example" },
	};
	struct screen_context ctx = { own, 1 };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		const char *before;

		message_parse(a, str_of(rows[i][0]), &m);
		before = m.from.v[0].addr;
		assert_int_equal(screen_undo_group(a, &m, &ctx),
		    strcmp(before, rows[i][1]) != 0);
		assert_int_equal(m.from.n, 1);
		assert_string_equal(m.from.v[0].addr, rows[i][1]);
	}
	arena_free(&a);
}

/* What people come by as well is a guess; a header of machines beside it is none. */
static void
test_guesses(void **state)
{
	static const struct {
		const char *mail;
		bool guessed;
	} rows[] = {
		{ REPLY "Subject: x\n\nI know this is an automated reply, but "
		    "I need the link.", true },
		{ REPLY "Auto-Submitted: auto-replied\nSubject: x\n\nI know "
		    "this is an automated reply, but I need the link.", false },
		{ FROM TO "Auto-Submitted: auto-generated\n\nHi", true },
		{ FROM TO "Auto-Submitted: auto-forwarded\n\nHi", true },
		{ FROM TO "Precedence: bulk\n\nHi", true },
		{ FROM TO "X-Report-Abuse-To: spam@filter.example\n\nHi", true },
		{ FROM TO "X-Loop: bo@roe.example\n\nHi", true },
		{ FROM TO "X-MS-Exchange-Inbox-Rules-Loop: bo@roe.example\n"
		    "X-Auto-Response-Suppress: All\n\nHi", true },
		{ FROM TO "Auto-Submitted: auto-replied\n\nHi", false },
		{ "Return-Path: <>\n" FROM TO "Precedence: bulk\n\nHi", false },
		{ FROM TO "Precedence: bulk\nList-Unsubscribe: <https://x/u>\n"
		    "\nNeed admin approval?\n\nUnsubscribe | Preferences", false },
		{ REPLY "Precedence: bulk\nList-Unsubscribe: <https://x/u>\n\n"
		    "Send it\n\nUnsubscribe here", true },
		{ "From: <it-request@roe.example>\n" TO "\nHi", true },
		{ "Return-Path: <>\nFrom: <it-request@roe.example>\n" TO
		    "\nHi", false },
		{ FROM TO "Subject: Automatic reply: x\n\nBack, send it",
		    true },
		{ FROM TO "Subject: Accepted: call\n\nSend us the link\n\n"
		    "When: 3 PM", true },
		{ FROM TO "Subject: Accepted: call\n\nSend us the link\n\n"
		    "________\nMicrosoft Teams meeting\nJoin: x", true },
		{ FROM TO "List-Id: <l.roe.example>\n\nHi", false },
		{ FROM TO "\nHi", false },
	};
	static const char *const own[] = { "desk@a.example" };
	struct screen_context ctx = { own, 1 };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct visible v;
		struct screen s;

		message_parse(a, str_of(rows[i].mail), &m);
		visible_find(a, &m.body, "", &v);
		screen_run(a, &m, &v, &ctx, &s);
		if (s.guessed != rows[i].guessed)
			fail_msg("%s", rows[i].mail);
	}
	arena_free(&a);
}

/* Whose newsletter it is that is quoted or passed on. */
static void
test_newsletter_below(void **state)
{
#define NEWS "You are receiving this because you signed up. Unsubscribe here: " \
	"https://news.example/u All rights reserved, and a long line of it.\n"
	static const struct row rows[] = {
		{ FROM TO "Subject: News\n\nRead our news of the week, all of it "
		    "here.\n\n" NEWS, "newsletter_words", NULL },
		{ REPLY "Subject: Re: Welcome\n\nhow? it says need admin "
		    "approval\n\nOn Mon, 1 Jun 2026 at 10:00, Desk "
		    "<desk@a.example> wrote:\n> Welcome!\n> " NEWS, NULL, NULL },
	};

	(void)state;
	ROWS(rows);
}

/* Two long forms that say the same are compared no further than that is known. */
static void
test_long_forms(void **state)
{
	struct arena *a = arena_new();
	struct buf words = buf_new(a, 300000);
	struct message m;
	struct visible v;
	size_t before, of_lines;

	(void)state;
	for (int i = 0; words.n + 20 < words.max; i++)
		buf_printf(&words, "word%c%c%c ", 'a' + i % 26,
		    'a' + i / 26 % 26, 'a' + i / 676 % 26);
	message_parse(a, str_of(arena_printf(a, FORMS("%s", "<p>%s"), words.p,
	    words.p)), &m);
	assert_true(m.other_form.text.n > 0);
	before = arena_used(a);
	visible_find(a, &m.body, "", &v);
	of_lines = arena_used(a) - before;
	assert_null(forms_differ(a, &m, &v));
	assert_true(arena_used(a) - before < 2 * of_lines + 600000);
	/* Words at the end of the one form and the beginning of the other. */
	message_parse(a, str_of(arena_printf(a, FORMS("%s and that is it",
	    "<p>and that is it %s"), words.p, words.p)), &m);
	visible_find(a, &m.body, "", &v);
	assert_null(forms_differ(a, &m, &v));
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_long_forms),
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_writer_behind_a_group),
		cmocka_unit_test(test_guesses),
		cmocka_unit_test(test_newsletter_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
