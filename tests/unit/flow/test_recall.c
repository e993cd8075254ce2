/* Answers that are queued while no server takes them: what comes in meanwhile calls
 * back those that it makes wrong. */
#include "fixture.h"

#define ASK "Please send the Numeo approval link for our company, "

static void
open_down(struct fixture *f)
{
	assert_int_equal(open_desk(f, ""), 0);
	two_companies_known(f);
	f->server_down = true;
}

/* The answers of a case, and what became of them: "link queued, ...". */
static void
check_answers(struct fixture *f, int64_t id, const char *due)
{
	struct outbox_row *rows;
	const char *got = "";
	size_t n;

	OK(outbox_of_case(f->store, f->arena, id, &rows, &n, NULL));
	for (size_t i = 0; i < n; i++)
		got = arena_printf(f->arena, "%s%s%s %s", got, i ? ", " : "",
		    rows[i].handle, outbox_state_name(rows[i].state));
	assert_string_equal(got, due);
}

/* A mail of the thread that the first one began. */
static void
more(struct fixture *f, const char *from, const char *text)
{
	(void)take(f, letter(f, from, arena_printf(f->arena, "%lld-%s",
	    (long long)f->now, from), "In-Reply-To: <a@acme.com>\r\n", text),
	    false);
}

#define NO "Please do not send it, our legal dept forbids this. We decline."

static void
test_a_newer_mail(void **state)
{
	static const struct {
		const char *from, *first, *who, *text, *due;
	} rows[] = {
		{ "jo@acme.com", SEND_LINK, "jo@acme.com", NO,
		    "link cancelled" },
		{ "jo@acme.com", SEND_LINK, "ceo@acme.com", "We have decided "
		    "that we will not approve Numeo. Please do not contact us "
		    "again.", "link cancelled" },
		{ "jo@acme.com", WALL, "ceo@acme.com", "Wir haben entschieden, "
		    "dass wir Numeo nicht freigeben. Bitte schreiben Sie uns "
		    "nicht mehr an.", "steps cancelled" },
		{ "jo@acme.com", SEND_LINK, "jo@acme.com", "never mind, it "
		    "works now", "link cancelled" },
		/* For himself: whoever asked has had no answer yet. */
		{ "jo@acme.com", SEND_LINK, "it@acme.com", "works for me, "
		    "thanks", "link queued" },
		{ "jo@acme.com", "Is Numeo safe? Which data do you read from "
		    "Outlook?", "jo@acme.com", "it works now, thank you!",
		    "safety queued" },
		{ "jo@gmail.com", SEND_LINK, "jo@gmail.com", "acme.com",
		    "ask_domain cancelled, link queued" },
		{ "jo@gmail.com", ASK "acme.com", "jo@gmail.com", "sorry typo, "
		    "it is client.com not acme.com", "link cancelled, link "
		    "draft" },
		/* He has not seen it yet: once is enough. */
		{ "jo@acme.com", SEND_LINK, "jo@acme.com", SEND_LINK,
		    "link queued" },
		{ "jo@acme.com", SEND_LINK, "it@acme.com", SEND_LINK,
		    "link queued, link queued" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;

		open_down(&f);
		take(&f, letter(&f, rows[i].from, "a@acme.com", "",
		    rows[i].first), false);
		more(&f, rows[i].who, rows[i].text);
		check_answers(&f, 1, rows[i].due);
		close_desk(&f);
	}
}

/* A draft for the company that was not meant is dropped as well. */
static void
test_the_other_company(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	two_companies_known(&f);
	take(&f, letter(&f, "jo@gmail.com", "a@acme.com", "", ASK "acme.com"),
	    false);
	more(&f, "jo@gmail.com", "sorry typo, please send the link "
	    "for client.com, not acme.com");
	check_answers(&f, 1, "link cancelled, link draft");
	check_link(&f, 1, "link", TENANT_B);
	close_desk(&f);
}

static void
test_in_one_batch(void **state)
{
	struct intake_batch batch = { .mailbox = MAILBOX, .n = 2 };
	struct intake_mail mails[2];
	struct intake_result result;
	struct fixture f;

	(void)state;
	open_down(&f);
	mails[0] = (struct intake_mail){ 1, f.now, str_of(letter(&f,
	    "jo@acme.com", "a@acme.com", "", SEND_LINK)), false };
	mails[1] = (struct intake_mail){ 2, f.now, str_of(letter(&f,
	    "jo@acme.com", "b@acme.com", "", NO)), false };
	batch.mails = mails;
	batch.cursor = f.cursor;
	OK(intake_run(f.engine, f.store, NULL, f.arena, &batch, f.now, &result,
	    NULL));
	check_answers(&f, 1, "link cancelled");
	assert_string_equal(get_case(&f, 1).reason, "refused");
	close_desk(&f);
}

/* What a person sent and then closed is to go; so is the word of an approval. */
static void
test_closed_by_a_person(void **state)
{
	struct fixture f;
	struct desk desk;
	int64_t id;

	(void)state;
	open_down(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK), false);
	desk = desk_of(&f);
	OK(desk_send(&desk, 1, "safety", NULL, 0, &id, NULL));
	OK(desk_close(&desk, 1, 0, NULL));
	check_answers(&f, 1, "link cancelled, safety queued");
	close_desk(&f);
}

/* The approval is told instead of how to come to it, to each once; who writes
 * before it has left gets no draft of it. */
static void
test_an_approval(void **state)
{
	struct consent_tally tally;
	struct fixture f;

	(void)state;
	open_down(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	more(&f, "kay@acme.com", SEND_LINK);
	OK(consent_approve(f.engine, f.store, f.arena, TENANT_A, "approve",
	    "ann", f.now, &tally, NULL));
	check_answers(&f, 1, "steps cancelled, link cancelled, "
	    "approved_note queued, approved_note queued");
	more(&f, "jo@acme.com", "can i have the link?");
	check_answers(&f, 1, "steps cancelled, link cancelled, "
	    "approved_note queued, approved_note queued");
	assert_string_equal(get_case(&f, 1).reason, "same_answer_in_7_days");
	/* Once it has left, a person may say it again. */
	f.server_down = false;
	more(&f, "jo@acme.com", "can i have the link?");
	check_answers(&f, 1, "steps cancelled, link cancelled, "
	    "approved_note sent, approved_note sent, approved_note draft");
	close_desk(&f);
}

/* What a refusal did not see coming, a person's own words, goes. */
static void
test_own_words(void **state)
{
	struct fixture f;
	struct desk desk;
	int64_t id;

	(void)state;
	open_down(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	desk = desk_of(&f);
	OK(desk_send(&desk, 1, NULL, "We look at it.", 0, &id, NULL));
	OK(desk_send(&desk, 1, "link", NULL, 0, &id, NULL));
	more(&f, "jo@acme.com", NO);
	check_answers(&f, 1, "steps cancelled, own_words queued, link cancelled");
	/* What he sends then goes, whatever else comes in. */
	desk = desk_of(&f);
	OK(desk_send(&desk, 1, "safety", NULL, 0, &id, NULL));
	more(&f, "kay@acme.com", SEND_LINK);
	check_answers(&f, 1, "steps cancelled, own_words queued, link "
	    "cancelled, safety queued, link queued");
	close_desk(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_newer_mail),
		cmocka_unit_test(test_the_other_company),
		cmocka_unit_test(test_in_one_batch),
		cmocka_unit_test(test_closed_by_a_person),
		cmocka_unit_test(test_an_approval),
		cmocka_unit_test(test_own_words),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
