/* What reads as nothing is looked at again: on what else its few words may lean. */
#include "fixture.h"

#define HELP "In-Reply-To: <help-1234@numeo.ai>\r\n"
#define OURS "---------- Forwarded message ---------\r\n" \
	"From: Numeo Support <support@numeo.ai>\r\nDate: Mon, 23 Nov 2026\r\n" \
	"Subject: Need admin approval\r\nTo: Bo <bo@acme.com>\r\n\r\n"
#define PASSED "---------- Forwarded message ---------\r\n" \
	"From: Joe <joe@acme.com>\r\nDate: Mon, 23 Nov 2026\r\n" \
	"Subject: outlook\r\nTo: Bo <bo@acme.com>\r\n\r\n"
#define ASKS "Can you ask Numeo for the one-click approval link for Outlook?"
#define MEETS "My iPhone says Need admin approval when I add Outlook to Numeo"

/* As long as the help message is. */
#define A_LINE "Open https://entra.microsoft.com, and grant admin consent for " \
	"the company there, in the menu of the enterprise applications.\r\n"
#define OURS_WHOLE A_LINE A_LINE A_LINE A_LINE A_LINE A_LINE A_LINE A_LINE \
	A_LINE A_LINE A_LINE

struct row {
	const char *headers, *subject, *text, *action, *reason;
};

static const char *
mail_of(struct arena *a, const struct row *row)
{
	return arena_printf(a, AR "acme.com\r\nFrom: Bo <%s@acme.com>\r\n"
	    "To: support@numeo.ai\r\nSubject: %s\r\nMessage-ID: <1@acme.com>\r\n"
	    "Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n%s\r\n%s\r\n",
	    strstr(row->headers, "X-Postmaster") ? "postmaster" : "bo",
	    row->subject, row->headers, row->text);
}

static struct verdict
read_mail(struct fixture *f, const struct row *row)
{
	struct examined x;
	struct facts facts;

	intake_examine(f->engine, f->arena, str_of(mail_of(f->arena, row)), &x);
	intake_facts(f->engine, &x, &facts);
	return decide(&facts);
}

static void
check_rows(const struct row *rows, size_t n)
{
	struct fixture f;

	assert_int_equal(open_desk(&f, ""), 0);
	for (size_t i = 0; i < n; i++) {
		struct verdict v = read_mail(&f, &rows[i]);

		if (strcmp(action_name(v.action), rows[i].action) != 0 ||
		    (rows[i].reason && strcmp(v.reason, rows[i].reason) != 0))
			fail_msg("%zu: \"%s\": %s (%s)", i, rows[i].subject,
			    action_name(v.action), v.reason);
	}
	close_desk(&f);
}
#define CHECK(rows) check_rows((rows), sizeof (rows) / sizeof *(rows))

#define FILE_OF(type, name) "MIME-Version: 1.0\r\nContent-Type: " \
	"multipart/mixed; boundary=b\r\n", "Numeo Outlook: need admin approval", \
	"--b\r\nContent-Type: text/plain\r\n\r\n\r\n--b\r\nContent-Type: " type \
	"; name=\"" name "\"\r\nContent-Disposition: attachment; filename=\"" \
	name "\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--"

/* The few words below the subject may take it back. */
static void
test_subject_and_a_few_words(void **state)
{
	static const struct row rows[] = {
		{ "", "Approval link for Numeo", "Please do not send it any more",
		    "review", NULL },
		{ "", "Numeo one-click approval link", "please stop", "review",
		    NULL },
		{ "", "Got the approval link for Numeo", "Thank you!", "review",
		    "unclear" },
		{ "", "Numeo Outlook says need admin approval - fixed now",
		    "Thanks!", "review", "unclear" },
		{ "", "Numeo needs admin approval", "my gmail account", "review",
		    NULL },
		{ "", "Lunch on Friday", "Thanks!", "leave", NULL },
		{ "", "Numeo Outlook: need admin approval", "", "steps", NULL },
		{ FILE_OF("application/pdf", "form.pdf"), "review", "unclear" },
		{ FILE_OF("image/png", "screen.png"), "steps", NULL },
		{ FILE_OF("application/pkcs7-signature", "smime.p7s"), "steps",
		    NULL },
	};

	(void)state;
	CHECK(rows);
}

/* However it is greeted, and in whatever script. */
static void
test_greetings(void **state)
{
	static const struct row rows[] = {
		{ "", "Numeo", "Sehr geehrte Damen und Herren,\r\n\r\n" MEETS,
		    "review", "unclear" },
		{ "", "Numeo", "Good afternoon Numeo support,\r\n\r\nThis message "
		    "contains an error: Need admin approval, Outlook will not "
		    "connect.", "steps", "blocked" },
		{ HELP, "Re: Numeo", "Hello dear Numeo support people,\r\n\r\nMy "
		    "iPhone keeps asking for the admin approval", "review",
		    "unclear" },
		{ HELP, "Re: Numeo", "Thanks!\r\n\r\nMy iPhone still asks for the "
		    "admin approval", "review", "unclear" },
		/* His card alone: what he wrote may stand in our text. */
		{ HELP, "Re: Numeo", "Joe Marsh\r\nRedhill Carriers LLC\r\n"
		    "555-014-2234", "review", "unclear" },
		{ HELP, "Re: Numeo", "Thanks!\r\nJoe Marsh\r\nRedhill Carriers "
		    "LLC\r\n555-014-2234", "leave", NULL },
		{ "", "Numeo", "Joe Marsh\r\nRedhill Carriers LLC\r\n"
		    "555-014-2234", "leave", NULL },
		/* Above what no company's footer was known to say. */
		{ HELP, "Re: Numeo", "button is greyed out\r\n\r\nFor all check "
		    "calls and tracking ring 555-014-2234, drivers wanted, home "
		    "every weekend", "review", NULL },
		{ HELP, "Re: Numeo", "It works, but not for Ann\r\n\r\nReefer, "
		    "flatbed and power only\r\n\r\nDispatch desk 555-014-2234 | "
		    "www.roe.com", "review", NULL },
		/* Our own text, with his words in it. */
		{ HELP, "Re: Numeo", OURS_WHOLE "no, we do not", "review", NULL },
		/* Footers. */
		{ "", "Numeo", "Sehr geehrte Damen und Herren,\r\n\r\nVon meinem "
		    "iPhone gesendet", "leave", NULL },
		{ HELP, "Re: \"Need admin approval\" when connecting Outlook",
		    "Perfetto, gentilissimi come sempre. Buon lavoro!\r\n\r\n"
		    "Inviato dal mio Galaxy", "leave", NULL },
	};

	(void)state;
	CHECK(rows);
}

#define YES "Yes please, send us the one-click approval link.\r\n\r\n"

/* What companies put below, in words that nobody can list, takes no wish back; nor
 * does it earn an answer that was in doubt with it. */
static void
test_what_stands_below(void **state)
{
	static const struct row rows[] = {
		{ HELP, "Re: Numeo", "Надсилайте, директор клікне\r\n\r\nOur email "
		    "domain is changing on Monday, update your contacts.",
		    "review", "unclear" },
		{ HELP, "Re: Numeo", "Thanks, forwarded it to our IT.\r\n\r\nOur "
		    "email domain is changing on Monday, update your contacts.",
		    "leave", NULL },
		{ HELP, "Re: Numeo", YES "Our lawyers will sue you over this.",
		    "review", "legal_words" },
		{ HELP, "Re: Numeo", YES "Update: the owner says no.", "review",
		    NULL },
		{ HELP, "Re: Numeo", YES "Hold on, our admin refuses to approve "
		    "it.", "review", NULL },
		{ HELP, "Re: Numeo", YES "On second thought, let me check with "
		    "Dave first.", "review", NULL },
		{ "In-Reply-To: <link-1234@numeo.ai>\r\n", "Re: Numeo", "Muchas "
		    "gracias por la ayuda.\r\n\r\nEl enlace no sirve, sale en "
		    "blanco", "review", NULL },
		/* However many of them there are. */
		{ HELP, "Re: Numeo", "Our admin said no, we will not approve it\r\n"
		    "\r\nReefer, flatbed and power only\r\n\r\nRoe Carriers "
		    "family since 1958\r\n\r\nWinner of the Golden Truck 2024"
		    "\r\n\r\nOpen Monday through Friday, eight to five\r\n\r\n"
		    "Follow us for news of the road\r\n\r\nWe haul what others "
		    "cannot\r\n\r\nAsk about our drop trailer program\r\n\r\n"
		    "Drivers home every weekend\r\n\r\n555-014-2234 | "
		    "www.roe.com", "review", "unclear" },
		/* Our own text, with his words somewhere in it. */
		{ HELP, "Re: Numeo", "no\r\n\r\nNumeo \xc2\xb7 support@numeo.ai",
		    "review", "unclear" },
		{ HELP, "Re: Numeo", YES "Numeo \xc2\xb7 support@numeo.ai",
		    "review", "unclear" },
	};

	(void)state;
	CHECK(rows);
}

#define BELOW_NAME YES "Thanks, Bo\r\n\r\n"

/* It looks like a line of his card, and speaks against the answer. */
static void
test_what_stands_below_a_name(void **state)
{
	static const struct row rows[] = {
		{ HELP, "Re: Numeo", BELOW_NAME "Owner changed his mind",
		    "review", "unclear" },
		{ HELP, "Re: Numeo", BELOW_NAME "We approved it and it still "
		    "shows the page", "review", "unclear" },
		{ HELP, "Re: Numeo", BELOW_NAME "It's for acmetruck.com",
		    "review", "unclear" },
		{ HELP, "Re: Numeo", BELOW_NAME "Owner changed his mind, call "
		    "555-014-2234", "review", "unclear" },
		{ HELP, "Re: Numeo", BELOW_NAME "Senior Dispatch Manager\r\nRoe "
		    "Carriers Group\r\n555-014-2234", "link", NULL },
		{ HELP, "Re: Numeo", BELOW_NAME "Senior Dispatch Manager\r\n"
		    "Web: www.roe-group.com Phone: 555-014-2234", "link", NULL },
	};

	(void)state;
	CHECK(rows);
}

/* It goes on below his name, and a motto says the same for ever. */
static void
test_what_goes_on_below_a_name(void **state)
{
	static const char *const held[] = {
		"Owner still has to OK it though",
		"For Redhill Cold Storage please not us",
		"Only after Dec 15 when we switch", "not before Monday tho",
		"We use Zoho mail, is that ok", "Aber erst ab Januar",
		"Chef muss noch zustimmen", "Mais seulement apres lundi",
		"Pero solo hasta el lunes", "Mas so depois de segunda",
		"Ma solo dopo lunedi", "Ale dopiero po poniedzialku",
		"Maar pas vanaf januari", "Ama pazartesiden sonra",
		"Lekin dushanbadan keyin",
		"\u0442\u043e\u043b\u044c\u043a\u043e \u043f\u043e\u0441\u043b"
		"\u0435 \u043f\u043e\u043d\u0435\u0434\u0435\u043b\u044c\u043d"
		"\u0438\u043a\u0430",
	};
	static const char *const mottos[] = {
		"Not all who wander are lost", "Only the best carriers for you",
		"But those who hope in the LORD will renew their strength",
		"Still on the road after 30 years", "First in flatbed since 1981",
		"Our owner drives with us", "Erst denken, dann laden",
		"Termine nur nach Vereinbarung", "Solo cargas completas",
		"Tylko transport krajowy", "Sadece parsiyel yuk",
		"Mas que transporte", "We use recycled paper",
	};
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
		struct row row = { HELP, "Re: Numeo", arena_printf(f.arena,
		    BELOW_NAME "%s", held[i]), NULL, NULL };

		if (read_mail(&f, &row).action != ACTION_REVIEW)
			fail_msg("\"%s\"", held[i]);
	}
	for (size_t i = 0; i < sizeof mottos / sizeof *mottos; i++) {
		struct row row = { HELP, "Re: Numeo", arena_printf(f.arena,
		    BELOW_NAME "%s", mottos[i]), NULL, NULL };

		if (read_mail(&f, &row).action != ACTION_LINK)
			fail_msg("\"%s\"", mottos[i]);
	}
	close_desk(&f);
}

/* Whatever language it is in, and in a talk with us as well. */
static void
test_what_is_passed_on(void **state)
{
	static const struct row rows[] = {
		{ "", "Fwd: outlook", "Good morning, forwarding you the mail of "
		    "our driver, please see it below.\r\n\r\n" PASSED ASKS,
		    "review", "unclear" },
		{ "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n",
		    "Fwd: outlook", "\u0414\u043e\u0431\u0440\u044b\u0439 \u0434"
		    "\u0435\u043d\u044c, \u043a\u043e\u043b\u043b\u0435\u0433"
		    "\u0438, \u043f\u0435\u0440\u0435\u0441\u044b\u043b\u0430"
		    "\u044e\r\n\r\n" PASSED ASKS, "review", "unclear" },
		{ "", "Fwd: outlook", "fyi\r\n\r\n" PASSED "Salom, Numeoga "
		    "Outlook ulayotganda administrator ruxsati kerak deyapti. "
		    "Nima qilay?", "review", "unclear" },
		{ HELP, "Fwd: outlook", "fyi\r\n\r\n" PASSED ASKS, "review",
		    "unclear" },
		{ HELP, "Re: Numeo", "See below from our IT.\r\n\r\n"
		    "From: Sam <sam@acme.com>\r\nSent: Friday, November 27, 2026 "
		    "9:12 AM\r\nTo: Bo <bo@acme.com>\r\nSubject: RE: Numeo\r\n\r\n"
		    ASKS, "review", "unclear" },
		/* What we wrote wants nothing, nor what he wrote before. */
		{ HELP, "Re: Numeo", "Thanks!\r\n\r\n> " MEETS, "leave", NULL },
		{ HELP, "Re: Numeo", "Thanks!\r\n\r\nOn Mon, Nov 23, 2026 at 8:00 "
		    "AM Bo <bo@acme.com> wrote:\r\n> " MEETS, "leave", NULL },
		{ HELP, "Fwd: Numeo", "fyi\r\n\r\n" OURS "Seeing \"Need admin "
		    "approval\"? Reply here and we send a one-click approval "
		    "link.", "leave", NULL },
		{ HELP, "Fwd: Numeo", "fyi\r\n\r\n" PASSED ASKS " Or go to "
		    "https://entra.microsoft.com and grant admin consent.",
		    "leave", NULL },
		{ "", "Fwd: lunch", "fyi\r\n\r\n" PASSED "Are you coming on "
		    "Friday?", "leave", NULL },
	};

	(void)state;
	CHECK(rows);
}

/* His words lie behind a gateway's page. */
static void
test_what_lies_elsewhere(void **state)
{
	static const struct row rows[] = {
		{ "", "Numeo needs admin approval", "You have received a secure "
		    "message. Click here to read it.", "review", NULL },
		{ HELP, "Re: Numeo", "Joe Marsh sent you a secure email using "
		    "Virtru. Unlock message", "review", NULL },
		{ HELP, "Re: Need admin approval", "Joe hat Ihnen eine E-Mail über "
		    "den vertraulichen Modus von Gmail gesendet: E-Mail ansehen",
		    "review", NULL },
		{ "", "Your invoice", "You have received a secure message. Click "
		    "here to read it. This is an automated message.", "ignore",
		    NULL },
	};

	(void)state;
	CHECK(rows);
}

#define MACHINE "Auto-Submitted: auto-generated\r\n"

/* Who looks like a machine may be a person; a machine stays one. */
static void
test_perhaps_a_person(void **state)
{
	static const struct row rows[] = {
		{ MACHINE HELP, "Re: Need admin approval", "Please call me",
		    "review", NULL },
		{ "X-Postmaster: 1\r\n" HELP, "Re: Need admin approval",
		    "Our lawyer will contact you.", "review", NULL },
		{ "X-Postmaster: 1\r\n", "Fwd: outlook", "fyi\r\n\r\n" PASSED
		    ASKS, "review", NULL },
		{ "X-Postmaster: 1\r\n", "Numeo wants admin approval, what now",
		    "", "review", "perhaps_automatic" },
		{ HELP, "Re: Need admin approval", "Please call me.\r\n\r\nPlease "
		    "do not reply to this email, I do not read it. 555-0100",
		    "review", "perhaps_automatic" },
		{ HELP, "Re: Need admin approval", "call me pls\r\n\r\nAcme "
		    "Freight\r\nUnsubscribe | Privacy Policy - you are receiving "
		    "this because you are a customer of Acme Freight LLC in "
		    "Dallas Texas", "review", NULL },
		{ "", "Acme news", "Our offers of the week\r\n\r\nAcme "
		    "Freight\r\nUnsubscribe | Privacy Policy - you are receiving "
		    "this because you are a customer of Acme Freight LLC in "
		    "Dallas Texas", "ignore", NULL },
		{ HELP, "Automatic reply: Need admin approval", "I am out of the "
		    "office until Monday. For the approval ask our admin.",
		    "ignore", NULL },
		{ HELP, "Automatic reply: Need admin approval", "", "ignore",
		    NULL },
		{ HELP, "Odpowiedź automatyczna: Numeo", "Jestem na urlopie do 5 "
		    "stycznia. W pilnych sprawach proszę o kontakt telefoniczny "
		    "z biurem.", "ignore", NULL },
		{ MACHINE, "Ticket 4411", "Ticket 4411 was updated. Status: open.",
		    "ignore", NULL },
	};

	(void)state;
	CHECK(rows);
}

/* What lies beyond is not read: so much work is a mail, and no more. */
static void
test_bounds(void **state)
{
	static const char talk[] = "The truck stands at the dock of Dallas and is "
	    "unloaded. ";
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	for (size_t i = 0; i < 8; i++) {
		bool beyond = i % 2;
		size_t n = beyond ? 4100 : 3000;
		char *fill = arena_alloc(f.arena, n + 1);
		struct row row = { "", "Fwd: outlook", "", "", NULL };
		struct verdict v;

		for (size_t k = 0; k < n; k++)
			fill[k] = talk[k % (sizeof talk - 1)];
		fill[n] = '\0';
		if (i / 2 == 0) {
			row.text = arena_printf(f.arena, "fyi\r\n\r\n" PASSED
			    "%s\r\n" ASKS, fill);
		} else if (i / 2 == 1) {
			row.text = arena_printf(f.arena, "%.*s\r\n\r\n" PASSED
			    ASKS, beyond ? 240 : 170, fill);
		} else if (i / 2 == 2) {
			row.subject = "Numeo";
			row.text = arena_printf(f.arena, "%.*s.\r\n\r\n" MEETS,
			    beyond ? 90 : 50, fill);
		} else {
			row.subject = "Numeo wants admin approval, what now";
			row.text = arena_printf(f.arena, "%.*s",
			    beyond ? 55 : 40, fill);
		}
		v = read_mail(&f, &row);
		if ((v.action == ACTION_REVIEW) == beyond)
			fail_msg("%zu: %s", i, action_name(v.action));
	}
	close_desk(&f);
}

/* What is left is stored bare; in a case that waits it is stored as this. */
static void
fill_in(struct fixture *f, const struct row *row, struct mail_row *mail)
{
	struct examined x;
	struct facts facts;
	struct verdict v;

	intake_examine(f->engine, f->arena, str_of(mail_of(f->arena, row)), &x);
	intake_facts(f->engine, &x, &facts);
	v = decide(&facts);
	mail->from_addr = x.from;
	mail->canonical = x.canonical;
	mail->subject = x.message.subject;
	mail->authentication = authentication_name(x.authentication);
	mail->language = x.language;
	mail->intent = intent_name(x.reading.intent);
	mail->visible = arena_str(f->arena, x.visible.zone[ZONE_NEW]);
	mail->full_text = arena_str(f->arena, x.visible.all.text);
	mail->detail = intake_detail(f->arena, &x, &v, NULL);
}

/* And so it is when the stored mail is read again. */
static void
test_read_again(void **state)
{
	static const struct row rows[] = {
		{ "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
		    "boundary=b\r\n", "Question", "--b\r\nContent-Type: "
		    "text/plain\r\n\r\nfyi\r\n--b\r\nContent-Type: "
		    "message/rfc822\r\n\r\nFrom: joe@acme.com\r\nSubject: Numeo"
		    "\r\nContent-Type: text/plain\r\n\r\n" ASKS "\r\n--b--",
		    "review", "unclear" },
		{ FILE_OF("application/pdf", "form.pdf"), "review", "unclear" },
		{ "In-Reply-To: <7@acme.com>\r\n", "Numeo Outlook: need admin "
		    "approval", "Thanks!", "leave", "other" },
		{ HELP "MIME-Version: 1.0\r\nContent-Type: text/html\r\n",
		    "Re: Numeo", "<p><s>Send the link</s><p>Thanks!", "review",
		    "unclear" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct mail_row mail;
		struct examined x;
		struct facts facts;
		struct verdict v;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, mail_of(f.arena, &rows[i]), false);
		OK(mails_get(f.store, f.arena, f.uid, &mail, NULL));
		assert_string_equal(mail.action, rows[i].action);
		assert_string_equal(mail.reason, rows[i].reason);
		if (strcmp(mail.action, "leave") == 0)
			fill_in(&f, &rows[i], &mail);
		assert_true(intake_reread(f.engine, f.arena, &mail, &x));
		intake_facts(f.engine, &x, &facts);
		v = decide(&facts);
		assert_string_equal(action_name(v.action), mail.action);
		assert_string_equal(v.reason, mail.reason);
		close_desk(&f);
	}
}

#define TWO(plain, html) "MIME-Version: 1.0\r\nContent-Type: " \
	"multipart/alternative; boundary=b\r\n", "leads", "--b\r\n" \
	"Content-Type: text/plain\r\n\r\n" plain "\r\n--b\r\n" \
	"Content-Type: text/html\r\n\r\n" html "\r\n--b--"
#define SELLS "Hello, I came across your company and wanted to offer our SEO and " \
	"web design services. Would you be open to a 15 minute call next week?"
#define STOP "If you do not want to hear from us, let us know."

/* Of two forms that differ both are read: one of them may want something of us. */
static void
test_both_forms(void **state)
{
	static const struct row rows[] = {
		{ TWO(SELLS, SELLS), "leave", "other" },
		{ TWO(SELLS, "<p>" SELLS "<p>" STOP), "leave", "other" },
		{ TWO(SELLS "\r\n\r\n" STOP, "<p>" SELLS), "leave", "other" },
		{ TWO(SELLS, "<p>" ASKS), "review", NULL },
		{ TWO(ASKS, "<p>" SELLS), "review", NULL },
		{ TWO("Thanks, bye", "<p>" MEETS), "review", NULL },
		{ TWO("Thanks, bye", "<p>" ASKS), "review", NULL },
		{ TWO(ASKS, "<p>Thanks, bye"), "review", NULL },
		{ TWO(SELLS "\r\n\r\n-- \r\nJo Hill", "<p>" SELLS "<p>" STOP
		    "<p>-- <br>Jo  Hill"), "leave", "other" },
		{ TWO(SELLS "\r\n\r\n" PASSED "our price list", "<p>Can you "
		    "check what he means?<p>---------- Forwarded message "
		    "---------<br>From: Joe &lt;joe@acme.com&gt;<br>Date: Mon, "
		    "23 Nov 2026<br>Subject: outlook<br>To: Bo "
		    "&lt;bo@acme.com&gt;<p>" MEETS), "review", "forms_differ" },
		{ TWO(SELLS, "<p>Can you check what he means?<p>---------- "
		    "Forwarded message ---------<br>From: Ray Dole "
		    "&lt;ray@acme.com&gt;<br>Date: Fri, 27 Nov 2026<br>"
		    "Subject: numeo<br>To: Jo &lt;jo@acme.com&gt;<p>" MEETS),
		    "review", "forms_differ" },
	};

	(void)state;
	CHECK(rows);
}

#define PAGE "MIME-Version: 1.0\r\nContent-Type: text/html\r\n"

/* Struck out is not said; whose whole mail, or wish, is struck out, is looked at. */
static void
test_struck_out(void **state)
{
	static const struct row rows[] = {
		{ HELP PAGE, "Re: Numeo", "<p>" ASKS, "link", NULL },
		{ HELP PAGE, "Re: Numeo", "<p><s>" ASKS "</s>", "review",
		    "unclear" },
		{ HELP PAGE, "Re: Numeo", "<p><s>" ASKS "</s><p>Thanks, Bo",
		    "review", "unclear" },
		{ PAGE, "Approval link for Numeo, please", "<p><s>" ASKS "</s>",
		    "review", NULL },
		{ HELP PAGE, "Re: Numeo", "<p><s>We do not want it.</s> " ASKS,
		    "link", NULL },
		{ HELP PAGE, "Re: Numeo", "<p><s>" ASKS "</s><p>Our admin has "
		    "declined it, we do not want it.", "review", "refused" },
		{ TWO(ASKS "\r\n\r\nThanks, Bo", "<p><s>" ASKS
		    "</s><p>Thanks, Bo"), "review", NULL },
		{ PAGE, "Tarps", "<p>New tarps for your flatbeds, <s>$199</s> $149, "
		    "this week only.", "leave", NULL },
	};

	(void)state;
	CHECK(rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_subject_and_a_few_words),
		cmocka_unit_test(test_greetings),
		cmocka_unit_test(test_what_stands_below),
		cmocka_unit_test(test_what_stands_below_a_name),
		cmocka_unit_test(test_what_goes_on_below_a_name),
		cmocka_unit_test(test_what_lies_elsewhere),
		cmocka_unit_test(test_what_is_passed_on),
		cmocka_unit_test(test_perhaps_a_person),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_read_again),
		cmocka_unit_test(test_both_forms),
		cmocka_unit_test(test_struck_out),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
