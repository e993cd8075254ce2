/* What follows in a case that is there already: whose company it is about, what
 * still waits for a person, what our answers before it mean. */
#include "fixture.h"

/* Who writes on in a case about another company gets that one's link: who opened
 * it, and a colleague of his. */
static void
test_the_case_s_company_stays(void **state)
{
	static const char *const senders[] = { "it@acme.com", "kay@acme.com" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct case_row row;
		struct fixture f;

		assert_int_equal(open_desk(&f, ""), 0);
		two_companies_known(&f);
		take(&f, letter(&f, "it@acme.com", "a@acme.com", "",
		    CLIENT_LINK), false);
		check_link(&f, 1, "link", TENANT_B);
		/* The same person's second link within the week is a draft. */
		take(&f, letter(&f, senders[i], "b@acme.com",
		    answers_to(&f, 1), "please send me the link too"), false);
		check_link(&f, 1, "link", TENANT_B);
		row = get_case(&f, 1);
		assert_string_equal(row.domain, "client.com");
		assert_string_equal(row.tenant, TENANT_B);
		/* Without the thread it may be about his own: a person asks,
		 * unless he says so. */
		f.now += 8 * 86400;
		take(&f, letter(&f, "it@acme.com", "c@acme.com", "",
		    SEND_LINK), false);
		check_link(&f, 1, "ask_domain", "");
		take(&f, letter(&f, "it@acme.com", "e@acme.com", "",
		    SEND_LINK " It is for our own tenant, acme.com."), false);
		check_link(&f, 2, "link", TENANT_A);
		/* And a name that the mail has counts in a thread too. */
		f.now += 8 * 86400;
		take(&f, letter(&f, "it@acme.com", "d@acme.com",
		    answers_to(&f, 2), CLIENT_LINK), false);
		check_link(&f, 1, "link", TENANT_B);
		check_link(&f, 2, "link", TENANT_A);
		close_desk(&f);
	}
}

/* Nor is a tenant kept for another company. */
static void
test_the_case_s_tenant_stays(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	two_companies_known(&f);
	take(&f, letter(&f, "it@acme.com", "a@acme.com", "", SEND_LINK),
	    false);
	assert_string_equal(get_case(&f, 1).tenant, TENANT_A);
	f.now += 8 * 86400;
	/* Nobody knows the tenant of this one. */
	take(&f, letter(&f, "it@acme.com", "b@acme.com", answers_to(&f, 1),
	    LINK_FOR("third.com")), false);
	assert_string_equal(get_case(&f, 2).domain, "third.com");
	assert_null(get_case(&f, 2).tenant);
	check_link(&f, 2, "link", "/organizations/");
	/* Nor in one case, as long as nobody has a link in it. */
	take(&f, letter(&f, "jo@client.com", "j@client.com", "", WALL), false);
	assert_string_equal(get_case(&f, 3).tenant, TENANT_B);
	take(&f, letter(&f, "jo@client.com", "k@client.com", answers_to(&f, 3),
	    "Our tenant is third.com, please send the link for that tenant"),
	    false);
	assert_string_equal(get_case(&f, 3).domain, "third.com");
	assert_null(get_case(&f, 3).tenant);
	close_desk(&f);
}

/* Who writes from a consumer mailbox is not asked twice. */
static void
test_a_named_company_is_not_asked_for_again(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	two_companies_known(&f);
	take(&f, letter(&f, "jo@gmail.com", "a@gmail.com", "", "Our company "
	    "client.com gets need admin approval when connecting Outlook to "
	    "Numeo"), false);
	assert_string_equal(get_case(&f, 1).domain, "client.com");
	take(&f, letter(&f, "jo@gmail.com", "b@gmail.com", answers_to(&f, 1),
	    "ok then send me the link"), false);
	check_link(&f, 1, "link", TENANT_B);
	f.now += 8 * 86400;
	/* His program forgot the thread. */
	take(&f, letter(&f, "jo@gmail.com", "c@gmail.com", "", SEND_LINK),
	    false);
	check_link(&f, 1, "link", TENANT_B);
	close_desk(&f);
}

/* In a backlog the case is made by a mail of the same batch. */
static void
test_the_case_s_company_in_one_batch(void **state)
{
	struct intake_batch batch = { .mailbox = MAILBOX, .n = 2 };
	struct intake_mail mails[2];
	struct intake_result result;
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	two_companies_known(&f);
	mails[0] = (struct intake_mail){ 1, f.now, str_of(letter(&f,
	    "it@acme.com", "a@acme.com", "", CLIENT_LINK)), false };
	mails[1] = (struct intake_mail){ 2, f.now, str_of(letter(&f,
	    "kay@acme.com", "b@acme.com", "In-Reply-To: <a@acme.com>\r\n",
	    SEND_LINK)), false };
	batch.mails = mails;
	batch.cursor = f.cursor;
	OK(intake_run(f.engine, f.store, NULL, f.arena, &batch, f.now, &result,
	    NULL));
	assert_int_equal(result.answers, 2);
	check_link(&f, 1, "link", TENANT_B);
	assert_string_equal(get_case(&f, 1).domain, "client.com");
	close_desk(&f);
}

/* A further mail of that person in the first case, answering our last answer
 * there; how many answers go out. */
static size_t
write_on(struct fixture *f, const char *from, const char *text)
{
	const char *id = arena_printf(f->arena, "%lld@acme.com",
	    (long long)f->now);

	return take(f, letter(f, from, id, answers_to(f, 1), text), false);
}

/* The first case is in review for that reason, with that draft ("": none). */
static void
check_pending(struct fixture *f, const char *reason, const char *draft)
{
	struct outbox_row row = { .handle = "" };
	enum cd_rc rc = outbox_draft(f->store, f->arena, 1, &row, NULL);

	assert_int_equal(get_case(f, 1).state, CASE_REVIEW);
	assert_string_equal(get_case(f, 1).reason, reason);
	assert_int_equal(rc, draft[0] ? CD_OK : CD_ABSENT);
	assert_string_equal(row.handle, draft);
}

#define COMPLAINT "we did all steps and accepted, it still says need admin " \
	"approval"
#define SAFE "Is Numeo safe? Which data do you read from Outlook?"

/* What a person is to see stays before him while later mails are answered. */
static void
test_what_waits_is_not_lost(void **state)
{
	struct outbox_row draft;
	struct fixture f;
	struct desk desk;
	int64_t id;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	assert_int_equal(write_on(&f, "jo@acme.com", COMPLAINT), 0);
	check_pending(&f, "still_blocked", "link");
	assert_int_equal(write_on(&f, "it@acme.com", SAFE), 1);
	check_pending(&f, "still_blocked", "link");
	assert_string_equal(get_case(&f, 1).intent, "still_blocked");
	/* It works for one of them. */
	assert_int_equal(write_on(&f, "it@acme.com", "it works for me now, "
	    "thank you!"), 0);
	check_pending(&f, "still_blocked", "link");
	/* The same answer goes out to whom it was drafted for. */
	assert_int_equal(write_on(&f, "jo@acme.com", SEND_LINK), 1);
	check_pending(&f, "still_blocked", "");
	assert_int_equal(outbox_draft(f.store, f.arena, 1, &draft, NULL),
	    CD_ABSENT);
	assert_int_equal(write_on(&f, "jo@acme.com", "it works now, thank you!"),
	    0);
	assert_int_equal(get_case(&f, 1).state, CASE_CLOSED);

	/* A newer matter of the same weight takes the place of the older. */
	assert_int_equal(write_on(&f, "jo@acme.com", COMPLAINT), 0);
	check_pending(&f, "still_blocked", "still_blocked");
	assert_int_equal(write_on(&f, "jo@acme.com", SEND_LINK), 0);
	check_pending(&f, "still_blocked", "link");
	/* A person has answered: nothing waits any more. */
	desk = desk_of(&f);
	f.now += 10;
	OK(desk_send(&desk, 1, NULL, NULL, 0, &id, NULL));
	assert_int_equal(write_on(&f, "it@acme.com", "it works for me now, "
	    "thank you!"), 0);
	assert_int_equal(get_case(&f, 1).state, CASE_CLOSED);
	close_desk(&f);
}

/* "It works" answers no question. */
static void
test_a_question_waits_for_its_answer(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	assert_int_equal(write_on(&f, "jo@acme.com", SAFE), 1);
	assert_int_equal(write_on(&f, "jo@acme.com", "Do you store our emails "
	    "on your servers, and for how long? Is that safe? We need that in "
	    "writing."), 0);
	check_pending(&f, "same_answer_in_7_days", "safety");
	assert_int_equal(write_on(&f, "jo@acme.com", "meanwhile please send me "
	    "the link"), 1);
	check_pending(&f, "same_answer_in_7_days", "safety");
	assert_string_equal(get_case(&f, 1).intent, "is_it_safe");
	assert_int_equal(write_on(&f, "jo@acme.com", "it works now, thank you!"),
	    0);
	check_pending(&f, "same_answer_in_7_days", "safety");
	/* Nor does a complaint, which is drafted for with it. */
	assert_int_equal(write_on(&f, "jo@acme.com", COMPLAINT), 0);
	check_pending(&f, "same_answer_in_7_days", "still_blocked");
	assert_string_equal(get_case(&f, 1).intent, "is_it_safe");
	close_desk(&f);
}

/* Who says no for his company is not passed over by a colleague. */
static void
test_nothing_goes_out_over_a_refusal(void **state)
{
	static const char *const texts[][2] = {
		{ "refused", "We have decided that we will not approve Numeo. "
		    "Please do not contact us again." },
		{ "legal_words", WALL " Our lawyers must see a data processing "
		    "agreement before anything is approved." } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct mail_row mail;
		struct examined x;
		struct fixture f;
		struct facts facts;
		struct desk desk;
		int64_t id;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL),
		    false);
		assert_int_equal(write_on(&f, "ceo@acme.com", texts[i][1]), 0);
		assert_string_equal(get_case(&f, 1).reason, texts[i][0]);
		assert_int_equal(write_on(&f, "jo@acme.com", SEND_LINK), 0);
		check_pending(&f, texts[i][0], "link");
		assert_string_equal(get_case(&f, 1).intent,
		    i == 0 ? "refused" : "blocked");
		assert_int_equal(write_on(&f, "it@acme.com", "it works for "
		    "me now, thank you!"), 0);
		check_pending(&f, texts[i][0], "link");
		/* The same is said of the mail when it is read again. */
		OK(mails_get(f.store, f.arena, 3, &mail, NULL));
		assert_string_equal(mail.reason, texts[i][0]);
		assert_string_equal(mail.intent, "want_link");
		assert_true(intake_reread(f.engine, f.arena, &mail, &x));
		intake_facts(f.engine, &x, &facts);
		assert_string_equal(decide(&facts).reason, texts[i][0]);
		/* Until a person decides. */
		desk = desk_of(&f);
		OK(desk_send(&desk, 1, "safety", NULL, 0, &id, NULL));
		/* The answer to who speaks of law waits still. */
		if (i == 1) {
			check_pending(&f, texts[i][0], "link");
			OK(desk_send(&desk, 1, NULL, "We ask.", 0, &id, NULL));
		}
		assert_int_equal(write_on(&f, "kim@acme.com", SEND_LINK), 1);
		assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
		close_desk(&f);
	}
}

/* The newest mail's intent, and why it was decided so. */
static void
check_read(struct fixture *f, const char *intent, const char *reason)
{
	struct mail_row mail;
	struct examined x;
	struct facts facts;

	OK(mails_last(f->store, f->arena, 1, &mail, NULL));
	assert_string_equal(mail.intent, intent);
	assert_string_equal(mail.reason, reason);
	assert_true(intake_reread(f->engine, f->arena, &mail, &x));
	intake_facts(f->engine, &x, &facts);
	assert_string_equal(intent_name(x.reading.intent), intent);
	assert_string_equal(decide(&facts).reason, reason);
}

/* Who has the link has it still after a question that was answered. */
static void
test_a_link_is_not_forgotten(void **state)
{
	static const char *const texts[][3] = {
		{ "It says Need admin approval", "still_blocked",
		    "still_blocked" },
		{ "Done", "approved", "approved" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fixture f;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		assert_int_equal(write_on(&f, "jo@acme.com", SAFE), 1);
		assert_int_equal(write_on(&f, "jo@acme.com", texts[i][0]), 0);
		check_read(&f, texts[i][1], texts[i][2]);
		close_desk(&f);
	}
}

/* One said that it works: no link by itself to the next who meets the wall. */
static void
test_blocked_after_it_worked(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	two_companies_known(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	assert_int_equal(write_on(&f, "it@acme.com", "I approved it in Entra, "
	    "it works now"), 0);
	assert_int_equal(get_case(&f, 1).state, CASE_CLOSED);
	assert_int_equal(write_on(&f, "jo@acme.com", "It says Need admin "
	    "approval"), 0);
	check_read(&f, "still_blocked", "still_blocked");
	close_desk(&f);
}

/* A person waits to be told which client it is: who tells it, however shortly, is
 * not left alone. */
static void
test_a_client_named_later(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "it@acme.com", "a@acme.com", "", "We manage IT for "
	    "a client. Need admin approval when they connect Outlook to Numeo. "
	    "Please send the admin consent link for their tenant."), false);
	check_read(&f, "want_link", "other_tenant");
	take(&f, letter(&f, "it@acme.com", "b@acme.com", "", "Sorry, forgot to "
	    "say: the client is Redhill, redhill.com"), false);
	check_read(&f, "other", "perhaps_ours");
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	/* Nor does the request come out of the blue then. */
	assert_int_equal(take(&f, letter(&f, "it@acme.com", "c@acme.com", "",
	    "Send the link for our client redhill.com to me please."), false),
	    1);
	check_read(&f, "want_link", "asks_for_approval");
	close_desk(&f);
}

/* A group put our own address into From: the writer's case, for a person, since
 * nobody vouches for him. */
static void
test_mail_through_a_group(void **state)
{
	struct case_row row;
	struct mail_row mail;
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_int_equal(take(&f, letter(&f, "support@numeo.ai", "a@acme.com",
	    "X-Original-From: Jo Roe <jo@acme.com>\r\n", WALL), false), 0);
	check_read(&f, "blocked", "not_authenticated");
	row = get_case(&f, 1);
	assert_string_equal(row.canonical, "jo@acme.com");
	assert_int_equal(row.state, CASE_REVIEW);
	OK(mails_last(f.store, f.arena, 1, &mail, NULL));
	assert_non_null(strstr(mail.detail, "a group put its own address"));
	close_desk(&f);
}

/* Whose clients are many gets a link for each of them, and no two for one. */
static void
test_same_answer_of_another_company(void **state)
{
	static const char other[] = LINK_FOR("lindhaul.com");
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_int_equal(take(&f, letter(&f, "it@acme.com", "a@acme.com", "",
	    CLIENT_LINK), false), 1);
	assert_int_equal(take(&f, letter(&f, "it@acme.com", "b@acme.com", "",
	    other), false), 1);
	assert_int_equal(write_on(&f, "it@acme.com", other), 0);
	assert_string_equal(get_case(&f, 2).reason, "same_answer_in_7_days");
	/* What is the same for all is said once. */
	assert_int_equal(take(&f, letter(&f, "it@acme.com", "e@acme.com", "",
	    SAFE), false), 1);
	assert_int_equal(write_on(&f, "it@acme.com", SAFE), 0);
	close_desk(&f);
}

/* Who tells in answer to us, or beside his open case, that something is amiss, or
 * waits for us, is not left alone, nor his case closed. */
static void
test_the_needy_are_not_left(void **state)
{
	static const char *const texts[] = {
		"I approved the wrong app I think",
		"works, but now all my mails are gone from the inbox",
		"habe aus Versehen mit dem falschen Konto zugestimmt",
		"still waiting", "ich warte noch", "ik wacht nog",
		"please confirm you received our approval",
		"who do I talk to about this" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct fixture f;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
		assert_int_equal(write_on(&f, "jo@acme.com", texts[i]), 0);
		if (get_case(&f, 1).state != CASE_REVIEW)
			fail_msg("\"%s\" is left or closed", texts[i]);
		close_desk(&f);
	}
}

/* What our text on safety does not tell is for a person, who is not kept waiting
 * for the text. */
static void
test_questions_of_his_own(void **state)
{
	static const struct {
		const char *text, *reason, *policy;
		enum case_state state;
		size_t answers;
	} rows[] = {
		{ SAFE, "", "", CASE_WAITING, 1 },
		{ SAFE " Who are your subprocessors, and do you sign a DPA?",
		    "own_questions", "", CASE_REVIEW, 1 },
		{ SAFE " Who are your subprocessors, and do you sign a DPA?",
		    "own_questions", "mode = draft\n", CASE_REVIEW, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct case_row row;
		struct fixture f;

		assert_int_equal(open_desk(&f, rows[i].policy), 0);
		assert_int_equal(take(&f, letter(&f, "jo@acme.com",
		    "a@acme.com", "", rows[i].text), false), rows[i].answers);
		check_link(&f, 1, "safety", "Microsoft");
		row = get_case(&f, 1);
		assert_int_equal(row.state, rows[i].state);
		assert_string_equal(row.reason, rows[i].reason);
		/* "It works" is no answer to them. */
		if (row.state == CASE_REVIEW && rows[i].answers > 0) {
			write_on(&f, "jo@acme.com", "it works now, thank you!");
			check_pending(&f, "own_questions", "");
		}
		close_desk(&f);
	}
}

/* The link goes out, and the invoice is not forgotten for it. */
static void
test_an_invoice_beside_it(void **state)
{
	static const char invoice[] = "Microsoft wants admin approval for Numeo: "
	    "please send me the one-click link. And your invoice of November "
	    "is wrong, we were charged twice.";
	struct consent_tally tally;
	struct outbox_row *rows;
	struct fixture f;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
	    invoice), false), 1);
	check_link(&f, 1, "link", "adminconsent");
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_string_equal(get_case(&f, 1).reason, "second_matter");
	write_on(&f, "jo@acme.com", "it works now, thank you!");
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_string_equal(get_case(&f, 1).reason, "second_matter");
	close_desk(&f);
	/* Nor is it when the company approves, of which he is told. */
	assert_int_equal(open_desk(&f, ""), 0);
	two_companies_known(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", invoice), false);
	OK(consent_approve(f.engine, f.store, f.arena, TENANT_A, "approve",
	    "ann", f.now, &tally, NULL));
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_string_equal(get_case(&f, 1).reason, "second_matter");
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	assert_int_equal(n, 2);
	assert_string_equal(rows[1].handle, "approved_note");
	assert_int_equal(rows[1].state, OUTBOX_QUEUED);
	close_desk(&f);
}

/* What he wrote is not mended yet: neither is he sent the steps for the first
 * contact, nor does the draft or the reason give way to a word that says less. */
static void
test_writes_again(void **state)
{
	static const char *const texts[] = { "so what now",
		"It says Need admin approval", "und jetzt?", "please help",
		"hello? any news" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct mail_row mail;
		struct examined x;
		struct fixture f;
		struct facts facts;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    COMPLAINT), false);
		check_pending(&f, "still_blocked", "link");
		/* Without the thread. */
		assert_int_equal(take(&f, letter(&f, "jo@acme.com",
		    "b@acme.com", "", texts[i]), false), 0);
		check_pending(&f, "still_blocked", "link");
		assert_string_equal(get_case(&f, 1).intent, "still_blocked");
		OK(mails_last(f.store, f.arena, 1, &mail, NULL));
		assert_string_equal(mail.action, "review");
		/* The same is said of the mail when it is read again. */
		assert_true(intake_reread(f.engine, f.arena, &mail, &x));
		intake_facts(f.engine, &x, &facts);
		intake_stored_facts(&mail, &facts);
		if (strcmp(mail.reason, "writes_again") == 0)
			assert_string_equal(decide(&facts).reason,
			    "writes_again");
		/* What he asks for is sent. */
		if (i == 0)
			assert_int_equal(take(&f, letter(&f, "jo@acme.com",
			    "c@acme.com", "", SEND_LINK), false), 1);
		close_desk(&f);
	}
}

/* Microsoft's code says more than what is asked after it. */
static void
test_a_code_waits(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK), false);
	assert_int_equal(write_on(&f, "jo@acme.com", "We approved it, and when "
	    "we connect it says AADSTS50105"), 0);
	check_pending(&f, get_case(&f, 1).reason, "assignment_required");
	assert_int_equal(write_on(&f, "jo@acme.com", "hello? any news"), 0);
	check_pending(&f, get_case(&f, 1).reason, "assignment_required");
	assert_string_not_equal(get_case(&f, 1).reason, "perhaps_ours");
	close_desk(&f);
}

/* The subject is all there is. */
static void
test_nothing_but_a_subject(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_int_equal(take(&f, arena_printf(f.arena, AR "acme.com\r\n"
	    "From: <jo@acme.com>\r\nTo: support@numeo.ai\r\nSubject: Need "
	    "the one-click approval link for Outlook please\r\nMessage-ID: "
	    "<a@acme.com>\r\n\r\n\r\n"), false), 1);
	check_read(&f, "want_link", "asks_for_approval");
	/* An answer's was not written with it. */
	assert_int_equal(take(&f, arena_printf(f.arena, AR "kay.com\r\n"
	    "From: <jo@kay.com>\r\nTo: support@numeo.ai\r\nSubject: Re: Need "
	    "the one-click approval link for Outlook please\r\nMessage-ID: "
	    "<a@kay.com>\r\n\r\n\r\n"), false), 0);
	close_desk(&f);
}

/* Whoever put the case off sees it again when a person writes, were it only
 * thanks; a machine wakes nobody. */
static void
test_what_is_left_ends_the_sleep(void **state)
{
	static const struct {
		const char *fields, *body;
		bool asleep;
	} rows[] = {
		{ "Auto-Submitted: auto-replied\r\n", "I am away.", true },
		{ "", "Thanks!", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct desk desk;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "ann@acme.com", "a@acme.com", "",
		    CLIENT_LINK), false);
		desk = (struct desk){ .engine = f.engine, .store = f.store,
			.arena = f.arena, .actor = "tom", .now = f.now };
		OK(desk_reopen(&desk, 1, NULL));
		OK(desk_snooze(&desk, 1, f.now + 86400, 0, NULL));
		take(&f, letter(&f, "ann@acme.com", "b@acme.com",
		    arena_printf(f.arena, "%s%s", rows[i].fields,
		    answers_to(&f, 1)), rows[i].body), false);
		assert_int_equal(get_case(&f, 1).snoozed_until != 0,
		    rows[i].asleep);
		close_desk(&f);
	}
}

/* Who seems to say that it works is not to be sent "sorry that it does not"; what is
 * drafted for another one stays. */
static void
test_no_sorrow_when_it_works(void **state)
{
	static const char blocked[] = "I clicked the link and approved it, and "
	    "it still says that I need admin approval";
	struct outbox_row *rows;
	struct fixture f;
	size_t n, drafts = 0;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK),
	    false);
	(void)take(&f, letter(&f, "jo@acme.com", "b@acme.com",
	    answers_to(&f, 1), blocked), false);
	(void)take(&f, letter(&f, "sam@acme.com", "c@acme.com",
	    "In-Reply-To: <a@acme.com>\r\n", blocked), false);
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	for (size_t i = 0; i < n; i++)
		drafts += rows[i].state == OUTBOX_DRAFT;
	assert_int_equal(drafts, 2);
	(void)take(&f, letter(&f, "jo@acme.com", "d@acme.com",
	    "In-Reply-To: <a@acme.com>\r\n", "reiniciei o pc e foi"), false);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].state == OUTBOX_DRAFT)
			assert_string_equal(rows[i].to_addr, "sam@acme.com");
		drafts -= rows[i].state == OUTBOX_CANCELLED;
	}
	assert_int_equal(drafts, 1);
	close_desk(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_case_s_company_stays),
		cmocka_unit_test(test_the_case_s_tenant_stays),
		cmocka_unit_test(test_a_named_company_is_not_asked_for_again),
		cmocka_unit_test(test_the_case_s_company_in_one_batch),
		cmocka_unit_test(test_what_waits_is_not_lost),
		cmocka_unit_test(test_a_question_waits_for_its_answer),
		cmocka_unit_test(test_nothing_goes_out_over_a_refusal),
		cmocka_unit_test(test_a_link_is_not_forgotten),
		cmocka_unit_test(test_blocked_after_it_worked),
		cmocka_unit_test(test_a_client_named_later),
		cmocka_unit_test(test_mail_through_a_group),
		cmocka_unit_test(test_same_answer_of_another_company),
		cmocka_unit_test(test_the_needy_are_not_left),
		cmocka_unit_test(test_questions_of_his_own),
		cmocka_unit_test(test_an_invoice_beside_it),
		cmocka_unit_test(test_writes_again),
		cmocka_unit_test(test_a_code_waits),
		cmocka_unit_test(test_nothing_but_a_subject),
		cmocka_unit_test(test_what_is_left_ends_the_sleep),
		cmocka_unit_test(test_no_sorrow_when_it_works),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
