/* Who is not left alone, though nothing that he wants of us can be read in his
 * mail. */
#include "fixture.h"

#include "base/buf.h"
#include "store/alarms.h"

/* Out of the blue, or an answer to our last one in the first case. */
static const char *
mail_of(struct fixture *f, const char *from, const char *subject,
    const char *headers, const char *text)
{
	return arena_printf(f->arena, AR "%s\r\nFrom: <%s>\r\n"
	    "To: support@numeo.ai\r\nSubject: %s\r\n"
	    "Message-ID: <%lld@acme.com>\r\n"
	    "Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n%s%s\r\n",
	    strchr(from, '@') + 1, from, subject, (long long)f->now, headers,
	    text);
}

static struct mail_row
taken(struct fixture *f, const char *raw)
{
	struct mail_row mail;

	take(f, raw, false);
	OK(mails_get(f->store, f->arena, f->uid, &mail, NULL));
	return mail;
}

static bool
alarmed(struct fixture *f)
{
	bool seen;

	OK(alarms_reason_seen(f->store, f->now - 86400, REASON_VENDOR_URGENT,
	    &seen, NULL));
	return seen;
}

#define SCREEN "AADSTS7000215: Invalid client secret provided. Ensure the " \
	"secret being sent in the request is the client secret value, not " \
	"the client secret ID"
#define FORWARD "FYI\r\n\r\n---------- Forwarded message ---------\r\n" \
	"From: Joe <joe@acme.com>\r\nDate: Mon, 23 Nov 2026\r\n" \
	"Subject: x\r\nTo: Bo <bo@acme.com>\r\n\r\n"

/* Microsoft's error alone, whoever can mend it; as he has it, in whatever language
 * the rest is. */
static void
test_an_error_alone(void **state)
{
	static const struct {
		const char *subject, *text, *reason, *draft;
	} rows[] = {
		{ "Numeo", SCREEN, "code_vendor_urgent", "our_fault" },
		{ "error", "Hola\r\n\r\nAADSTS7000222: Las claves han "
		    "caducado\r\n\r\nGracias", "code_vendor_urgent",
		    "our_fault" },
		{ "Fwd: x", FORWARD SCREEN, "code_vendor_urgent",
		    "our_fault" },
		{ "AADSTS53003", "", "code_customer_admin",
		    "conditional_access" },
		{ "Numeo", "AADSTS7000112: Application is disabled.",
		    "code_customer_admin", "app_disabled" },
		{ "Outlook connect", "error code: 50105",
		    "code_customer_admin", "assignment_required" },
		{ "Numeo", "AADSTS50076: you must use multi-factor "
		    "authentication to access", "code_user", NULL },
		{ "Numeo", "AADSTS50058: User is not signed in", "code_other",
		    NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outbox_row draft = { .handle = "" };
		struct fixture f;
		struct mail_row mail;
		enum cd_rc rc;

		assert_int_equal(open_desk(&f, ""), 0);
		mail = taken(&f, mail_of(&f, "bo@acme.com", rows[i].subject,
		    "\r\n", rows[i].text));
		assert_string_equal(mail.action, "review");
		assert_string_equal(mail.reason, rows[i].reason);
		assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
		rc = outbox_draft(f.store, f.arena, 1, &draft, NULL);
		assert_int_equal(rc, rows[i].draft ? CD_OK : CD_ABSENT);
		assert_string_equal(draft.handle,
		    rows[i].draft ? rows[i].draft : "");
		assert_int_equal(alarmed(&f), strcmp(rows[i].reason,
		    REASON_VENDOR_URGENT) == 0);
		close_desk(&f);
	}
}

/* What stands behind the limit of a page may be a question, whatever is ahead. */
static void
test_behind_a_limit(void **state)
{
	static const struct {
		const char *ahead;
		size_t n;
		const char *action;
	} rows[] = {
		{ "", 20, "leave" }, { "", CD_MAX_HTML_MARKS + 1, "review" },
		{ "Hi team,", 20, "leave" },
		{ "Hi team,", CD_MAX_HTML_MARKS + 1, "review" },
		{ "The one-click link worked, Numeo is approved and Outlook is "
		    "connected, thank you!", 20, "close" },
		{ "The one-click link worked, Numeo is approved and Outlook is "
		    "connected, thank you!", CD_MAX_HTML_MARKS + 1, "review" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct mail_row mail;
		struct buf html;

		assert_int_equal(open_desk(&f, ""), 0);
		html = buf_new(f.arena, CD_MAX_TEXT);
		buf_puts(&html, rows[i].ahead);
		for (size_t k = 0; k < rows[i].n; k++)
			buf_adds(&html, STR("<i></i>\r\n"));
		buf_adds(&html, STR("Thanks, see you on Monday."));
		mail = taken(&f, mail_of(&f, "bo@acme.com", "Monday",
		    "MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n",
		    arena_str(f.arena, buf_str(&html))));
		if (strcmp(mail.action, rows[i].action) != 0)
			fail_msg("row %zu: %s", i, mail.action);
		close_desk(&f);
	}
}

/* In an answer with nothing to be seen something may be meant. */
static void
test_an_empty_answer(void **state)
{
	static const struct {
		const char *subject, *headers, *text, *action;
	} rows[] = {
		{ "Re: Numeo", "MIME-Version: 1.0\r\n"
		    "Content-Type: text/html\r\n\r\n",
		    "<div><br></div>", "review" },
		{ "Re: Numeo", "MIME-Version: 1.0\r\n"
		    "Content-Type: text/html\r\n\r\n",
		    "<div style='color:#fff'>it still does not work</div>",
		    "review" },
		{ "Fwd: Monday", "\r\n", "---------- Forwarded message "
		    "---------\r\nFrom: Joe <joe@acme.com>\r\n"
		    "Date: Mon, 23 Nov 2026\r\nSubject: Monday\r\n"
		    "To: Bo <bo@acme.com>\r\n\r\nSee you on Monday.", "leave" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct mail_row mail;

		assert_int_equal(open_desk(&f, ""), 0);
		mail = taken(&f, mail_of(&f, "bo@acme.com", rows[i].subject,
		    rows[i].headers, rows[i].text));
		if (strcmp(mail.action, rows[i].action) != 0)
			fail_msg("row %zu: %s", i, mail.action);
		close_desk(&f);
	}
}

/* Who looks like a machine and wants something of us is put before a person with
 * the draft, and not answered; a machine is passed over. */
static void
test_like_a_machine(void **state)
{
	static const struct {
		const char *from, *headers, *text, *action, *draft;
	} rows[] = {
		{ "bo@acme.com", "", "I know this is an automated reply, but our "
		    "admin needs the one-click approval link. Please send it.",
		    "review", "link" },
		{ "it-request@acme.com", "", SEND_LINK, "review", "link" },
		{ "bo@acme.com", "Auto-Submitted: auto-generated\r\n", SEND_LINK,
		    "review", "link" },
		{ "bo@acme.com", "Auto-Submitted: auto-replied\r\n", SEND_LINK,
		    "ignore", "" },
		{ "bo@acme.com", "Auto-Submitted: auto-generated\r\n",
		    "Ticket 4411 was updated. Status: open.", "ignore", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outbox_row draft = { .handle = "" };
		struct fixture f;
		struct mail_row mail;

		assert_int_equal(open_desk(&f, ""), 0);
		mail = taken(&f, mail_of(&f, rows[i].from, "Numeo", arena_printf(
		    f.arena, "%s\r\n", rows[i].headers), rows[i].text));
		if (strcmp(mail.action, rows[i].action) != 0)
			fail_msg("\"%s\": %s", rows[i].text, mail.action);
		if (*rows[i].draft)
			OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
		assert_string_equal(draft.handle, rows[i].draft);
		assert_string_equal(*rows[i].draft ? mail.reason :
		    "perhaps_automatic", "perhaps_automatic");
		close_desk(&f);
	}
}

/* Nearly nothing below a subject that says it. */
static void
test_the_subject_says_it(void **state)
{
	static const struct {
		const char *subject, *text, *action;
	} rows[] = {
		{ "Outlook to Numeo: need admin approval, what now?", "Thanks!",
		    "review" },
		{ "Please send the one-click approval link for Numeo",
		    "see subject", "review" },
		{ "Please send the one-click approval link for Numeo", "",
		    "link" },
		{ "Lunch on Friday", "Thanks!", "leave" },
		/* What is no footer, though it begins like one. */
		{ "hi", "My iPhone says Need admin approval when I add Outlook "
		    "to Numeo", "review" },
		{ "ciao", "Buongiorno,\r\n\r\nquesto messaggio di errore "
		    "compare quando collego Outlook a Numeo: serve "
		    "l'approvazione dell'amministratore", "steps" },
		{ "hi", "Hi,\r\n\r\nSent from my iPhone", "leave" },
		/* What is passed on. */
		{ "Fwd: Numeo", FORWARD "Can you ask Numeo for the one-click "
		    "approval link for Outlook?", "review" },
		{ "Fwd: lunch", FORWARD "Are you coming on Friday?", "leave" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct mail_row mail;

		assert_int_equal(open_desk(&f, ""), 0);
		mail = taken(&f, mail_of(&f, "bo@acme.com", rows[i].subject,
		    "\r\n", rows[i].text));
		if (strcmp(mail.action, rows[i].action) != 0)
			fail_msg("\"%s\": %s", rows[i].subject, mail.action);
		close_desk(&f);
	}
}

/* In answer to us a code counts where he writes it: what he met before, and quotes,
 * is no news. */
static void
test_an_error_in_answer_to_us(void **state)
{
	struct fixture f;
	struct mail_row mail;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "bo@acme.com", "a@acme.com", "", SEND_LINK), false);
	mail = taken(&f, mail_of(&f, "bo@acme.com", "Re: AADSTS7000215",
	    answers_to(&f, 1), "\r\nthanks!\r\n\r\n> I get AADSTS7000215 "
	    "when I connect\r\n"));
	assert_string_equal(mail.action, "leave");
	assert_false(alarmed(&f));
	mail = taken(&f, mail_of(&f, "bo@acme.com", "Re: link",
	    answers_to(&f, 1), "\r\nAADSTS50076: you must use multi-factor "
	    "authentication to access"));
	assert_string_equal(mail.reason, "code_user");
	/* Even where it says that it works for some. */
	mail = taken(&f, mail_of(&f, "bo@acme.com", "Re: link",
	    answers_to(&f, 1), "\r\nIt works for Jim. For me: " SCREEN));
	assert_string_equal(mail.reason, "code_vendor_urgent");
	assert_true(alarmed(&f));
	close_desk(&f);
}

/* A number behind "error code" is anybody's, unless it is one of Microsoft's. */
static void
test_another_product_s_error(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_string_equal(taken(&f, mail_of(&f, "bo@acme.com", "export",
	    "\r\n", "Winsock error code 10060 on your load board export"))
	    .action, "leave");
	close_desk(&f);
}

#define SIGNATURE "\r\n\r\nBest regards\r\n\r\nBo Fox\r\n" \
	"Fox Logistics LLC\r\n+1 555 010 2030"

/* In answer to our last one in the first case, with a picture of that size below. */
static const char *
with_picture(struct fixture *f, const char *text, const char *name,
    const char *how, size_t size)
{
	char *bytes = arena_alloc(f->arena, size / 3 * 4 + 1);

	memset(bytes, 'A', size / 3 * 4);
	return mail_of(f, "bo@acme.com", "Re: Numeo", arena_printf(f->arena,
	    "%sMIME-Version: 1.0\r\n"
	    "Content-Type: multipart/mixed; boundary=b\r\n",
	    answers_to(f, 1)), arena_printf(f->arena, "\r\n--b\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n--b\r\n"
	    "Content-Type: image/png; name=\"%s\"\r\n"
	    "Content-Disposition: %s; filename=\"%s\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n",
	    text, name, how, name, bytes));
}

/* A picture says what the few words do not; a signature's logo says nothing. */
static void
test_a_picture_in_answer_to_us(void **state)
{
	static const struct {
		const char *text, *name, *how;
		size_t size;
		bool left;
	} rows[] = {
		{ "look:", "a.png", "attachment", 900, false },
		{ "mira", "Captura.PNG", "attachment", 900, false },
		{ "zrzut w za\xc5\x82\xc4\x85" "czniku", "a.png", "inline",
		    900, false },
		{ "see attached please" SIGNATURE, "a.png", "attachment", 900,
		    false },
		{ "here it is" SIGNATURE, "image001.png", "inline", 60000,
		    false },
		{ "thanks!", "a.png", "attachment", 60000, false },
		{ "thanks!", "image001.png", "inline", 60000, true },
		{ "thanks!", "image001.png", "attachment", 900, true },
		{ "thanks!" SIGNATURE, "image001.png", "inline", 9000, true },
		{ "I will look at it with our people next week and then see "
		    "how we go on from there", "a.png", "attachment", 60000,
		    true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct mail_row mail;
		struct examined x;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "bo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		mail = taken(&f, with_picture(&f, rows[i].text, rows[i].name,
		    rows[i].how, rows[i].size));
		if (strcmp(mail.action, rows[i].left ? "leave" : "review"))
			fail_msg("row %zu: %s (%s)", i, mail.action,
			    mail.reason);
		/* And so it is when it is read again. */
		if (!rows[i].left) {
			assert_string_equal(mail.reason, "unclear");
			assert_true(intake_reread(f.engine, f.arena, &mail,
			    &x));
			assert_string_equal(x.reading.torn, "unclear");
		}
		close_desk(&f);
	}
}

/* Out of the blue it is anybody's, unless his case waits for a person. */
static void
test_a_picture_beside_a_case(void **state)
{
	struct fixture f;
	const char *raw;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@other.com", "a@other.com", "", SEND_LINK),
	    false);
	raw = with_picture(&f, "see attached", "a.png", "attachment", 900);
	raw = strstr(raw, "In-Reply-To");
	raw = arena_printf(f.arena, AR "acme.com\r\nFrom: <bo@acme.com>\r\n"
	    "To: support@numeo.ai\r\nSubject: hello\r\n"
	    "Message-ID: <p@acme.com>\r\nX-%s", raw);
	assert_string_equal(taken(&f, raw).action, "leave");
	take(&f, letter(&f, "bo@acme.com", "b@acme.com", "", "Our admin "
	    "approved Numeo yesterday but we still get need admin approval"),
	    false);
	assert_int_equal(get_case(&f, 2).state, CASE_REVIEW);
	raw = arena_printf(f.arena, AR "acme.com\r\nSubject: Numeo\r\n"
	    "Message-ID: <q@acme.com>\r\n%s", strstr(raw, "From: "));
	assert_string_equal(taken(&f, raw).action, "review");
	close_desk(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_like_a_machine),
		cmocka_unit_test(test_the_subject_says_it),
		cmocka_unit_test(test_an_error_alone),
		cmocka_unit_test(test_behind_a_limit),
		cmocka_unit_test(test_an_empty_answer),
		cmocka_unit_test(test_an_error_in_answer_to_us),
		cmocka_unit_test(test_another_product_s_error),
		cmocka_unit_test(test_a_picture_in_answer_to_us),
		cmocka_unit_test(test_a_picture_beside_a_case),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
