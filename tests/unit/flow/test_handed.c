/* Who asks below a mail of ours that another company got, without a thread of ours
 * that the store knows: his own tenant's link would be the wrong one. */
#include "fixture.h"

#define OURS(to) "From: Numeo Support <support@numeo.ai>\r\n" \
	"Sent: Monday, November 23, 2026 9:12 AM\r\nTo: " to "\r\n" \
	"Subject: \"Need admin approval\" when connecting Outlook\r\n\r\n" STEPS
#define STEPS "Open https://entra.microsoft.com and grant admin consent there.\r\n"
#define FROM(whom) "From: " whom "\r\nSent: Monday, November 23, 2026 9:40 AM\r\n" \
	"To: Ty Ash <ty@acme.com>\r\nSubject: FW: Outlook\r\n\r\n" \
	"Ty can you do this\r\n\r\n"
#define WROTE(whom) "On Mon, Nov 23, 2026 at 9:40 AM " whom " wrote:\r\n\r\n"
#define GMAIL(to) "> ---------- Forwarded message ---------\r\n" \
	"> From: Numeo Support <support@numeo.ai>\r\n" \
	"> Date: Mon, Nov 23, 2026 at 9:12 AM\r\n" \
	"> Subject: \"Need admin approval\" when connecting Outlook\r\n" \
	"> To: " to "\r\n>\r\n> " STEPS
#define RULE "________________________________\r\n"
#define ED "Ed Roe <ed@roe-freight.com>"

static struct examined
examined_of(struct fixture *f, const char *from, const char *headers,
    const char *text)
{
	struct examined x;

	intake_examine(f->engine, f->arena, str_of(letter(f, from, "1@acme.com",
	    headers, text)), &x);
	return x;
}

static void
check(struct fixture *f, const struct examined *x, const char *action,
    const char *reason, const char *what)
{
	struct facts facts;
	struct verdict v;

	intake_facts(f->engine, x, &facts);
	v = decide(&facts);
	if (strcmp(action_name(v.action), action) != 0 ||
	    strcmp(v.reason, reason) != 0)
		fail_msg("%s: %s (%s)", what, action_name(v.action), v.reason);
}

#define ANOTHERS "review", "other_tenant"
#define HIS "link", "asks_for_approval"

static void
test_handed_over(void **state)
{
	static const struct {
		const char *below, *action, *reason;
	} rows[] = {
		{ RULE OURS(ED), ANOTHERS },
		{ RULE FROM(ED) OURS(ED), ANOTHERS },
		{ RULE FROM(ED) OURS("Ed Roe"), ANOTHERS },
		{ RULE "From: Numeo Support\r\nSent: Monday\r\nTo: " ED
		    "\r\nSubject: Outlook\r\n\r\n" STEPS, ANOTHERS },
		{ RULE FROM(ED) "Numeo says:\r\n" STEPS, ANOTHERS },
		{ WROTE(ED) "> Ty can you do this\r\n>\r\n" GMAIL(ED), ANOTHERS },
		{ WROTE(ED) "> Ty, do this:\r\n> " STEPS, ANOTHERS },
		{ WROTE(ED) "> Ty, do this:\r\n>\r\n> On Mon, Nov 23, 2026 at 9:12 "
		    "AM Numeo Support <support@numeo.ai> wrote:\r\n>> " STEPS,
		    ANOTHERS },
		{ "Von: Numeo Support <support@numeo.ai>\r\nGesendet: Montag, 23. "
		    "November 2026 09:12\r\nAn: Ed Roe <ed@roe.de>\r\nBetreff: "
		    "Outlook\r\n\r\n" STEPS, ANOTHERS },
		{ "От: Numeo Support <support@numeo.ai>\r\nОтправлено: 23 ноября "
		    "2026 г. 9:12\r\nКому: Ed Roe <ed@roe.ru>\r\nТема: Outlook\r\n"
		    "\r\n" STEPS, ANOTHERS },
		{ "Gönderen: Numeo Support <support@numeo.ai>\r\nGönderildi: 23 "
		    "Kasım 2026 09:12\r\nKime: Ed Roe <ed@roe.com.tr>\r\nKonu: "
		    "Outlook\r\n\r\n" STEPS, ANOTHERS },
		/* His own mail, whoever else had a word in it. */
		{ RULE OURS("Ty Ash <ty@acme.com>"), HIS },
		{ RULE OURS("Jo Fox <jo@acme.com>; " ED), HIS },
		{ RULE FROM(ED) FROM("Ty Ash <ty@acme.com>")
		    OURS("Ty Ash <ty@acme.com>"), HIS },
		{ WROTE(ED) "> Ask them for the link\r\n>\r\n> On Mon, Nov 23, 2026 "
		    "at 9:30 AM Ty Ash <ty@acme.com> wrote:\r\n>> Ed, what is "
		    "this?\r\n>>\r\n>> On Mon, Nov 23, 2026 at 9:12 AM Numeo Support "
		    "<support@numeo.ai> wrote:\r\n>>> " STEPS, HIS },
		{ "On Mon, Nov 23, 2026 at 9:12 AM Numeo Support "
		    "<support@numeo.ai> wrote:\r\n> " STEPS "> Questions? "
		    "sales@roe-freight.com\r\n", HIS },
		/* The same house. */
		{ RULE OURS("Ed Roe <ed@mail.acme.com>"), HIS },
		{ RULE OURS("Ed Roe <ed@ac-me.com>"), HIS },
		{ RULE OURS("Ed Roe <ed@acme.onmicrosoft.com>"), HIS },
		{ RULE OURS("Ed Roe <ed@acme-gmbh.de>"), HIS },
		{ RULE OURS("Ed Roe <ed@shortened.onmicrosoft.com>"), HIS },
		/* A help desk sends for us. */
		{ RULE "From: Numeo Support <notifications@intercom-mail.com>\r\n"
		    "Sent: Monday, November 23, 2026 9:12 AM\r\nTo: Ty Ash "
		    "<ty@acme.com>\r\nSubject: Outlook\r\n\r\n" STEPS, HIS },
		/* What tells no company. */
		{ RULE OURS("Ed Roe <ed.roe@gmail.com>"), HIS },
		{ RULE FROM("Ed Roe <ed.roe@gmail.com>")
		    OURS("Ed Roe <ed.roe@gmail.com>"), HIS },
		{ RULE FROM("Jo Fox <jo@numeo.ai>") OURS("Ed Roe"), HIS },
		{ WROTE(ED) "> See you on Friday\r\n", HIS },
	};
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct examined x = examined_of(&f, "ty@acme.com", "In-Reply-To: "
		    "<help-1234@numeo.ai>\r\n", arena_printf(f.arena, "%s\r\n\r\n%s",
		    SEND_LINK, rows[i].below));

		check(&f, &x, rows[i].action, rows[i].reason, rows[i].below);
	}
	close_desk(&f);
}

/* What else the mail says decides as in another company's thread. */
static void
test_handed_over_and_told(void **state)
{
	static const struct {
		const char *from, *text, *action, *reason;
	} rows[] = {
		{ "ty@acme.com", "How do I approve this?", ANOTHERS },
		{ "ty@acme.com", "Please send the link for roe-freight.com", HIS },
		{ "ty@acme.com", SEND_LINK " It is for our own tenant, acme.com.",
		    HIS },
		{ "ty@acme.com", "It works now, thank you!", "close", "approved" },
		{ "ty@gmail.com", SEND_LINK, "ask_domain", "no_company_domain" },
	};
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct examined x = examined_of(&f, rows[i].from, "In-Reply-To: "
		    "<help-1234@numeo.ai>\r\n", arena_printf(f.arena, "%s\r\n\r\n%s",
		    rows[i].text, RULE OURS(ED)));

		check(&f, &x, rows[i].action, rows[i].reason, rows[i].text);
	}
	close_desk(&f);
}

#define ATTACHED(to) "--b\r\nContent-Type: text/plain\r\n\r\n" SEND_LINK \
	"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Numeo Support " \
	"<support@numeo.ai>\r\nTo: " to "\r\nSubject: Outlook\r\n\r\n" STEPS \
	"\r\n--b--\r\n"

static void
test_handed_over_as_a_file(void **state)
{
	static const struct {
		const char *text, *action, *reason;
	} rows[] = {
		{ ATTACHED(ED), ANOTHERS },
		{ ATTACHED("Ty Ash <ty@acme.com>"), HIS },
	};
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct examined x = examined_of(&f, "ty@acme.com", "MIME-Version: "
		    "1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
		    rows[i].text);

		check(&f, &x, rows[i].action, rows[i].reason, rows[i].text);
	}
	close_desk(&f);
}

/* No link for his own; the case lacks a company until he names it, also when it is
 * read again. In his own thread the store knows better than what is quoted. */
static void
test_handed_over_and_stored(void **state)
{
	struct mail_row mail;
	struct examined x;
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	two_companies_known(&f);
	assert_int_equal(take(&f, letter(&f, "ty@acme.com", "a@acme.com", "",
	    SEND_LINK "\r\n\r\n" RULE OURS("Ed <ed@client.com>")), false), 0);
	assert_string_equal(get_case(&f, 1).reason, "other_tenant");
	assert_null(get_case(&f, 1).domain);
	OK(mails_get(f.store, f.arena, 1, &mail, NULL));
	assert_true(intake_reread(f.engine, f.arena, &mail, &x));
	assert_null(x.domain);
	assert_int_equal(take(&f, letter(&f, "ty@acme.com", "b@acme.com",
	    "In-Reply-To: <a@acme.com>\r\n", "it's client.com, please send the "
	    "link"), false), 1);
	check_link(&f, 1, "link", TENANT_B);
	take(&f, letter(&f, "ann@acme.com", "c@acme.com", "", WALL), false);
	assert_int_equal(take(&f, letter(&f, "ann@acme.com", "d@acme.com",
	    answers_to(&f, 2), SEND_LINK "\r\n\r\n" RULE
	    OURS("Ed <ed@client.com>")), false), 1);
	check_link(&f, 2, "link", TENANT_A);
	/* But not of what comes beside it. */
	take(&f, letter(&f, "ann@acme.com", "e@acme.com", "", "How do I approve "
	    "this in Entra?\r\n\r\n" RULE OURS("Ed <ed@client.com>")), false);
	OK(mails_get(f.store, f.arena, 5, &mail, NULL));
	assert_string_equal(mail.reason, "other_tenant");
	close_desk(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handed_over),
		cmocka_unit_test(test_handed_over_and_told),
		cmocka_unit_test(test_handed_over_as_a_file),
		cmocka_unit_test(test_handed_over_and_stored),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
