/* Who says that it is approved, and in whose thread: it closes no case of another
 * company's, and whoever is blocked after it gets no further link by itself. */
#include "fixture.h"

#define FOR_THEM "I approved it for them"
#define CLAIM "I approved it, should be good"

/* A further mail; how many answers go out. */
static size_t
more(struct fixture *f, const char *from, const char *headers,
    const char *text)
{
	const char *id = arena_printf(f->arena, "%lld-%s",
	    (long long)f->now, from);

	return take(f, letter(f, from, id, headers, text), false);
}

static void
check_case(struct fixture *f, int64_t id, enum case_state state,
    const char *reason)
{
	struct case_row row = get_case(f, id);

	assert_int_equal(row.state, state);
	assert_string_equal(row.reason, reason);
}

/* The newest event of that case. */
static struct event_row
last_event(struct fixture *f, int64_t case_id)
{
	struct event_row *events;
	size_t n;

	OK(events_of(f->store, f->arena, case_id, &events, &n, NULL));
	assert_true(n > 0);
	return events[n - 1];
}

static bool
is_there(struct fixture *f, int64_t case_id)
{
	struct case_row row;
	struct cd_err err;

	return cases_get(f->store, f->arena, case_id, &row, &err) == CD_OK;
}

/* A service company's case for client.com, and one of third.com's in which it joins. */
static const char *
open_two(struct fixture *f)
{
	assert_int_equal(open_desk(f, ""), 0);
	two_companies_known(f);
	take(f, letter(f, "jo@acme.com", "a@acme.com", "", CLIENT_LINK),
	    false);
	take(f, letter(f, "ray@third.com", "r@third.com", "", WALL), false);
	check_link(f, 1, "link", TENANT_B);
	return answers_to(f, 2);
}

static void
test_an_outsider_closes_nothing(void **state)
{
	static const char *const texts[] = { FOR_THEM, "approved",
		"It works now, thank you!" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct fixture f;
		const char *thread = open_two(&f);

		assert_int_equal(more(&f, "jo@acme.com", thread, texts[i]), 0);
		check_case(&f, 1, CASE_WAITING, "");
		check_case(&f, 2, CASE_WAITING, "");
		check_case(&f, 3, CASE_REVIEW, "perhaps_approved");
		assert_int_equal(get_case(&f, 3).linked, 2);
		assert_non_null(strstr(last_event(&f, 2).text, "case 3"));
		/* Nor does he by saying it once more, or a colleague of his. */
		more(&f, "jo@acme.com", thread, texts[i]);
		more(&f, "kay@acme.com", thread, texts[i]);
		check_case(&f, 1, CASE_WAITING, "");
		check_case(&f, 2, CASE_WAITING, "");
		check_case(&f, 3, CASE_REVIEW, "perhaps_approved");
		assert_false(is_there(&f, 4));
		/* Those at home in it do. */
		more(&f, "sam@third.com", thread, "It works now, thank you!");
		check_case(&f, 2, CASE_CLOSED, "");
		close_desk(&f);
	}
}

static void
test_an_outsider_without_a_case(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "ray@third.com", "r@third.com", "", WALL), false);
	more(&f, "jo@acme.com", answers_to(&f, 1), "approved");
	check_case(&f, 1, CASE_WAITING, "");
	check_case(&f, 2, CASE_REVIEW, "perhaps_approved");
	assert_int_equal(get_case(&f, 2).linked, 1);
	close_desk(&f);
}

/* What he says of another company by its name is said of that one. */
static void
test_an_outsider_names_the_company(void **state)
{
	struct fixture f;
	const char *thread = open_two(&f);

	(void)state;
	more(&f, "jo@acme.com", thread, "client.com works now, it is approved. "
	    "Thank you!");
	check_case(&f, 1, CASE_CLOSED, "");
	check_case(&f, 2, CASE_WAITING, "");
	assert_false(is_there(&f, 3));
	close_desk(&f);
}

static void
open_claimed(struct fixture *f)
{
	assert_int_equal(open_desk(f, ""), 0);
	two_companies_known(f);
	take(f, letter(f, "ray@acme.com", "r@acme.com", "", WALL), false);
	assert_int_equal(more(f, "boss@acme.com", answers_to(f, 1), CLAIM), 0);
	check_case(f, 1, CASE_REVIEW, "perhaps_approved");
}

static void
test_still_blocked_after_a_colleague_s_claim(void **state)
{
	static const char *const texts[] = { "still the same page",
		"It says Need admin approval" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct fixture f;
		struct outbox_row draft;

		open_claimed(&f);
		assert_int_equal(more(&f, "ray@acme.com", answers_to(&f, 1),
		    texts[i]), 0);
		check_case(&f, 1, CASE_REVIEW, "still_blocked");
		OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
		assert_string_equal(draft.handle, "link");
		assert_string_equal(draft.to_addr, "ray@acme.com");
		/* Nor by saying it twice. */
		assert_int_equal(more(&f, "ray@acme.com", answers_to(&f, 1),
		    texts[i]), 0);
		assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
		close_desk(&f);
	}
}

/* A question is answered all the same, and so is who asks for the link; neither takes
 * the claim away. */
static void
test_a_question_after_a_claim(void **state)
{
	struct fixture f;

	(void)state;
	open_claimed(&f);
	assert_int_equal(more(&f, "ray@acme.com", answers_to(&f, 1), "Is this "
	    "safe? What data can Numeo read?"), 1);
	assert_int_equal(more(&f, "ray@acme.com", answers_to(&f, 1), SEND_LINK),
	    1);
	assert_int_equal(more(&f, "ray@acme.com", answers_to(&f, 1),
	    "still the same page"), 0);
	check_case(&f, 1, CASE_REVIEW, "still_blocked");
	close_desk(&f);
}

/* What a person has looked into is no claim any more. */
static void
test_a_settled_claim(void **state)
{
	struct fixture f;
	struct desk desk;
	bool claimed;

	(void)state;
	open_claimed(&f);
	OK(mails_claimed(f.store, 1, NULL, &claimed, NULL));
	assert_true(claimed);
	OK(mails_claimed(f.store, 1, "client.com", &claimed, NULL));
	assert_false(claimed);
	desk = desk_of(&f);
	OK(desk_close(&desk, 1, 0, NULL));
	f.now += 10;
	desk.now = f.now;
	OK(desk_reopen(&desk, 1, NULL));
	OK(mails_claimed(f.store, 1, NULL, &claimed, NULL));
	assert_false(claimed);
	assert_int_equal(more(&f, "ray@acme.com", answers_to(&f, 1),
	    "still the same page"), 1);
	close_desk(&f);
}

static size_t
drafts_of(struct fixture *f, int64_t case_id, const char *to)
{
	struct outbox_row *rows;
	size_t n, found = 0;

	OK(outbox_of_case(f->store, f->arena, case_id, &rows, &n, NULL));
	for (size_t i = 0; i < n; i++)
		found += rows[i].state == OUTBOX_DRAFT &&
		    strcmp(rows[i].handle, "approved_note") == 0 &&
		    strcmp(rows[i].to_addr, to) == 0;
	return found;
}

/* Whose case was merged into another company's is told all the same that his own is
 * approved, by a person; that company is not. */
static void
test_approved_in_a_merged_case(void **state)
{
	struct consent_tally tally;
	struct fixture f;
	struct desk desk;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	two_companies_known(&f);
	take(&f, letter(&f, "vic@client.com", "v@client.com", "", WALL), false);
	take(&f, letter(&f, "ray@third.com", "r@third.com", "", SEND_LINK),
	    false);
	send_queued(&f);
	desk = desk_of(&f);
	OK(desk_merge(&desk, 2, 1, NULL));
	check_case(&f, 1, CASE_WAITING, "");
	for (size_t again = 0; again < 2; again++) {
		OK(consent_approve_case(f.engine, f.store, f.arena, TENANT, 2,
		    f.now, &tally, NULL));
		assert_int_equal(tally.told, 0);
		assert_int_equal(tally.review, !again);
		check_case(&f, 1, CASE_REVIEW, "draft_ready");
		assert_int_equal(drafts_of(&f, 1, "ray@third.com"), 1);
		assert_int_equal(drafts_of(&f, 1, "vic@client.com"), 0);
	}
	assert_string_equal(get_case(&f, 1).domain, "client.com");
	assert_string_equal(get_case(&f, 1).tenant, TENANT_B);
	assert_non_null(strstr(last_event(&f, 1).text, "third.com"));
	close_desk(&f);
}

/* An invoice beside it is for a person whatever answer goes out. */
static void
test_an_invoice_beside_any_answer(void **state)
{
#define ASKS "Microsoft wants admin approval for Numeo: please send me the " \
	"one-click link."
#define INVOICE " And your invoice of November is wrong, we were charged twice."
	static const struct {
		const char *text, *answer;
		bool approved;
	} rows[] = {
		{ ASKS INVOICE, "link", false },
		{ ASKS INVOICE, "approved_note", true },
		{ WALL INVOICE, "steps", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;

		assert_int_equal(open_desk(&f, ""), 0);
		company_known(&f, false);
		if (rows[i].approved)
			approved(&f);
		assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com",
		    "", rows[i].text), false), 1);
		check_link(&f, 1, rows[i].answer, "");
		assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
		assert_string_equal(get_case(&f, 1).reason, "second_matter");
		close_desk(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_outsider_closes_nothing),
		cmocka_unit_test(test_an_outsider_without_a_case),
		cmocka_unit_test(test_an_outsider_names_the_company),
		cmocka_unit_test(test_still_blocked_after_a_colleague_s_claim),
		cmocka_unit_test(test_a_question_after_a_claim),
		cmocka_unit_test(test_a_settled_claim),
		cmocka_unit_test(test_approved_in_a_merged_case),
		cmocka_unit_test(test_an_invoice_beside_any_answer),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
