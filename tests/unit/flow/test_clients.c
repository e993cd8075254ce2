/* Whose tenant, where a service company writes for its clients: never its own for
 * one that it has not named, and each client has a case of its own. client.com is of
 * TENANT_B, what writes, acme.com, of TENANT_A. */
#include "fixture.h"

#define UNNAMED "Hello, one of our customers gets the Need admin approval page " \
	"from Numeo, we run their Microsoft 365. Can you send us the approval link?"
#define ROLE "which admin role do I need for it?"
#define THREAD "In-Reply-To: <a@acme.com>\r\n"

static void
open_clients(struct fixture *f)
{
	assert_int_equal(open_desk(f, ""), 0);
	two_companies_known(f);
}

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
check_domain(struct fixture *f, int64_t case_id, const char *domain)
{
	struct case_row row = get_case(f, case_id);

	assert_string_equal(row.domain ? row.domain : "none", domain);
}

/* No answer of any case has that text in it. */
static void
check_nowhere(struct fixture *f, const char *text)
{
	struct cd_err err;
	struct case_row row;

	for (int64_t id = 1; cases_get(f->store, f->arena, id, &row, &err) ==
	    CD_OK; id++) {
		struct outbox_row *rows;
		size_t n;

		OK(outbox_of_case(f->store, f->arena, id, &rows, &n, NULL));
		for (size_t i = 0; i < n; i++)
			assert_null(strstr(rows[i].text, text));
	}
}

static void
send_draft(struct fixture *f, int64_t case_id)
{
	struct desk desk = desk_of(f);
	int64_t id;

	OK(desk_send(&desk, case_id, NULL, NULL, 0, &id, NULL));
	f->now += 10;
}

/* Until the client is named the matter is nobody's, whoever of the house writes
 * and whatever was answered. */
static void
test_an_unnamed_client(void **state)
{
	static const struct {
		const char *from, *headers, *text;
		bool asked;		/* a person sent the question */
	} rows[] = {
		{ "it@acme.com", THREAD, ROLE, false },
		{ "it@acme.com", "", "Numeo isn't in the list of enterprise "
		    "applications", false },
		{ "it@acme.com", THREAD, "please send me the link", false },
		{ "kay@acme.com", THREAD, "Numeo isn't in the list for "
		    "Dunmore's tenant", false },
		{ "it@acme.com", THREAD, ROLE, true },
		{ "it@acme.com", "", "please send the Numeo approval link",
		    true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;

		open_clients(&f);
		take(&f, letter(&f, "it@acme.com", "a@acme.com", "", UNNAMED),
		    false);
		assert_string_equal(get_case(&f, 1).reason, "other_tenant");
		if (rows[i].asked)
			send_draft(&f, 1);
		assert_int_equal(more(&f, rows[i].from, rows[i].headers,
		    rows[i].text), 0);
		check_domain(&f, 1, "none");
		assert_null(get_case(&f, 1).tenant);
		assert_string_equal(get_case(&f, 1).reason, "other_tenant");
		check_nowhere(&f, TENANT_A);
		close_desk(&f);
	}
}

/* Whoever joins another company's thread may do that company's IT, whether he says
 * so or not: no link for his own, unless he names that or has met the wall himself. */
static void
test_a_stranger_in_the_thread(void **state)
{
	static const struct {
		const char *text, *link;	/* NULL: a person's */
	} rows[] = {
		{ "Ra asked me to take care of this. Please send the one-click "
		    "approval link to me.", NULL },
		{ SEND_LINK, NULL },
		{ "The button to grant admin consent for Numeo is grey. Please "
		    "send the approval link.", NULL },
		{ SEND_LINK " It is for our own tenant, client.com.",
		    TENANT_B },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;

		open_clients(&f);
		take(&f, letter(&f, "ra@acme.com", "a@acme.com", "", SEND_LINK),
		    false);
		assert_int_equal(more(&f, "tom@client.com", THREAD,
		    rows[i].text), rows[i].link != NULL);
		if (rows[i].link) {
			check_link(&f, 2, "link", rows[i].link);
		} else {
			assert_string_equal(get_case(&f, 2).reason,
			    "other_tenant");
			check_nowhere(&f, TENANT_B);
		}
		close_desk(&f);
	}
}

/* And one is named by its domain alone. */
static void
test_a_client_named_at_last(void **state)
{
	static const struct {
		const char *headers, *text;
		bool asked;
	} rows[] = {
		{ THREAD, "client.com", false },
		{ "", "client.com", false },
		{ THREAD, "The customer is client.com", false },
		{ "", "Kunde ist client.com", false },
		{ THREAD, "it's client.com, please send the link", false },
		{ THREAD, "client.com", true },
		{ "", "that is client.com", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outbox_row draft;
		struct mail_row mail;
		struct examined x;
		struct fixture f;

		open_clients(&f);
		take(&f, letter(&f, "it@acme.com", "a@acme.com", "", UNNAMED),
		    false);
		if (rows[i].asked)
			send_draft(&f, 1);
		if (more(&f, "it@acme.com", rows[i].headers, rows[i].text) == 0)
			OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
		check_domain(&f, 1, "client.com");
		check_link(&f, 1, "link", TENANT_B);
		/* The same is read when it is read again. */
		OK(mails_get(f.store, f.arena, 2, &mail, NULL));
		assert_true(intake_reread(f.engine, f.arena, &mail, &x));
		assert_string_equal(x.domain, "client.com");
		more(&f, "it@acme.com", THREAD, ROLE);
		check_domain(&f, 1, "client.com");
		check_link(&f, 1, "link", TENANT_B);
		check_nowhere(&f, TENANT_A);
		close_desk(&f);
	}
}

/* A question about safety is answered; it makes the client no known one. */
static void
test_an_unnamed_client_s_question(void **state)
{
	struct fixture f;

	(void)state;
	open_clients(&f);
	take(&f, letter(&f, "it@acme.com", "a@acme.com", "", "We manage "
	    "Microsoft 365 for a customer of yours. Is Numeo safe? Which data "
	    "does it read from Outlook?"), false);
	assert_string_equal(get_case(&f, 1).intent, "is_it_safe");
	assert_int_equal(more(&f, "it@acme.com", THREAD,
	    "please send me the link"), 0);
	assert_string_equal(get_case(&f, 1).reason, "other_tenant");
	check_domain(&f, 1, "none");
	close_desk(&f);
}

/* In a backlog all of them are examined before the first is stored. */
static void
test_clients_in_one_batch(void **state)
{
	static const struct {
		const char *first, *second, *answers;
		const char *domain;	/* of the second one's case */
		int64_t of;
	} rows[] = {
		{ UNNAMED, ROLE, THREAD, "none", 1 },
		{ UNNAMED, "please send the Numeo approval link", "", "none",
		    1 },
		{ UNNAMED, "client.com", THREAD, "client.com", 1 },
		{ CLIENT_LINK, "And ash.com, same admin approval wall. Send that "
		    "link too please.", THREAD, "ash.com", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct intake_batch batch = { .mailbox = MAILBOX, .n = 2 };
		struct intake_mail mails[2];
		struct intake_result result;
		struct fixture f;

		open_clients(&f);
		mails[0] = (struct intake_mail){ 1, f.now, str_of(letter(&f,
		    "it@acme.com", "a@acme.com", "", rows[i].first)), false };
		mails[1] = (struct intake_mail){ 2, f.now, str_of(letter(&f,
		    "it@acme.com", "b@acme.com", rows[i].answers,
		    rows[i].second)), false };
		batch.mails = mails;
		batch.cursor = f.cursor;
		OK(intake_run(f.engine, f.store, NULL, f.arena, &batch, f.now,
		    &result, NULL));
		check_domain(&f, rows[i].of, rows[i].domain);
		check_nowhere(&f, TENANT_A);
		close_desk(&f);
	}
}

/* A client's person passed our mail on to them: the case is theirs, in that thread
 * or outside of it. */
static void
test_a_client_named_in_the_client_s_thread(void **state)
{
	struct fixture f;

	(void)state;
	for (int in_thread = 0; in_thread < 2; in_thread++) {
		open_clients(&f);
		take(&f, letter(&f, "joy@client.com", "j@client.com", "", WALL),
		    false);
		assert_int_equal(more(&f, "it@acme.com", answers_to(&f, 1),
		    "Hi, our customer forwarded this to us, we manage their "
		    "Microsoft 365. Please send the direct link."), 0);
		assert_string_equal(get_case(&f, 2).reason, "other_tenant");
		assert_int_equal(get_case(&f, 2).linked, 1);
		more(&f, "it@acme.com", in_thread ? answers_to(&f, 1) : "",
		    "client.com");
		check_domain(&f, 2, "client.com");
		check_link(&f, 2, "link", TENANT_B);
		more(&f, "it@acme.com", in_thread ? answers_to(&f, 1)
		    : answers_to(&f, 2), ROLE);
		check_nowhere(&f, TENANT_A);
		close_desk(&f);
	}
}

/* Who has a case merged into another one's speaks there on, about his company. */
static void
test_a_merged_case(void **state)
{
	static const char *const clients[] = { "client.com", "third.com" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct outbox_row *sent;
		struct fixture f;
		struct desk desk;
		size_t n;
		const char *ours;

		open_clients(&f);
		take(&f, letter(&f, "vic@client.com", "v@client.com", "", WALL),
		    false);
		take(&f, letter(&f, "it@acme.com", "a@acme.com", "", i == 0 ?
		    CLIENT_LINK : LINK_FOR("third.com")), false);
		ours = answers_to(&f, 2);
		check_domain(&f, 2, clients[i]);
		desk = (struct desk){ .engine = f.engine, .store = f.store,
			.arena = f.arena, .actor = "ann", .now = f.now };
		OK(desk_merge(&desk, 2, 1, NULL));
		f.now += 8 * 86400;
		/* By our id, by his own, and by the new one of the case. */
		assert_int_equal(more(&f, "it@acme.com", ours, "Numeo is not in "
		    "the list over there, what now?"), 1);
		assert_int_equal(cases_get(f.store, f.arena, 3,
		    &(struct case_row){ 0 }, NULL), CD_ABSENT);
		check_domain(&f, 1, "client.com");
		check_link(&f, 1, "link", i == 0 ? TENANT_B :
		    "/organizations/");
		f.now += 8 * 86400;
		assert_int_equal(more(&f, "kay@acme.com", THREAD,
		    "please send me the link"), 1);
		check_link(&f, 1, "link", i == 0 ? TENANT_B :
		    "/organizations/");
		f.now += 8 * 86400;
		more(&f, "it@acme.com", answers_to(&f, 1), ROLE);
		assert_int_equal(cases_get(f.store, f.arena, 2,
		    &(struct case_row){ 0 }, NULL), CD_OK);
		assert_int_equal(cases_get(f.store, f.arena, 3,
		    &(struct case_row){ 0 }, NULL), CD_ABSENT);
		check_nowhere(&f, TENANT_A);
		/* And the client's own person about his. */
		f.now += 8 * 86400;
		assert_int_equal(more(&f, "vic@client.com", "In-Reply-To: "
		    "<v@client.com>\r\n", "please send me the link"), 1);
		check_link(&f, 1, "link", TENANT_B);
		OK(outbox_of_case(f.store, f.arena, 1, &sent, &n, NULL));
		assert_string_equal(sent[n - 1].to_addr, "vic@client.com");
		close_desk(&f);
	}
}

#define ANOTHER_LINK "We manage IT for our client client.com too. Please send " \
	"the one-click approval link for their tenant as well."

/* Each client has its own case, link and end, in one thread too. */
static void
test_a_second_client(void **state)
{
	static const char *const texts[] = {
		"And client.com, same admin approval wall. Send that link too "
		"please.",
		"Please also send one for client.com",
		ANOTHER_LINK,
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct fixture f;
		const char *first;

		open_clients(&f);
		take(&f, letter(&f, "it@acme.com", "a@acme.com", "",
		    LINK_FOR("elm.com")), false);
		first = answers_to(&f, 1);
		assert_int_equal(more(&f, "it@acme.com", first, texts[i]), 1);
		check_domain(&f, 1, "elm.com");
		check_link(&f, 1, "link", "/organizations/");
		check_domain(&f, 2, "client.com");
		check_link(&f, 2, "link", TENANT_B);
		assert_int_equal(get_case(&f, 2).linked, 1);
		/* Once more, and it is the same case. */
		more(&f, "it@acme.com", first, texts[i]);
		assert_int_equal(get_case(&f, 2).state, CASE_REVIEW);
		assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
		assert_int_equal(more(&f, "it@acme.com", first, "it works now, "
		    "thank you!"), 0);
		assert_int_equal(get_case(&f, 1).state, CASE_CLOSED);
		assert_int_equal(get_case(&f, 2).state, CASE_REVIEW);
		more(&f, "it@acme.com", answers_to(&f, 2), "it works now, thank "
		    "you!");
		assert_int_equal(get_case(&f, 2).state, CASE_CLOSED);
		close_desk(&f);
	}
}

/* Nor does the daemon speak in a thread that a person of ours has. */
static void
test_a_second_client_in_a_person_s_thread(void **state)
{
	struct case_row row;
	struct fixture f;

	(void)state;
	open_clients(&f);
	take(&f, letter(&f, "it@acme.com", "a@acme.com", "",
	    LINK_FOR("elm.com")), false);
	row = get_case(&f, 1);
	row.taken = true;
	OK(store_begin(f.store, NULL));
	OK(cases_update(f.store, &row, NULL));
	OK(store_commit(f.store, NULL));
	assert_int_equal(more(&f, "it@acme.com", THREAD, ANOTHER_LINK), 0);
	assert_string_equal(get_case(&f, 2).reason, "taken");
	check_link(&f, 2, "link", TENANT_B);
	close_desk(&f);
}

/* Who has no address of a company is known for a service company by his words. */
static void
test_a_second_client_from_a_private_mailbox(void **state)
{
	struct fixture f;

	(void)state;
	open_clients(&f);
	take(&f, letter(&f, "it@gmail.com", "a@acme.com", "",
	    LINK_FOR("elm.com")), false);
	assert_int_equal(more(&f, "it@gmail.com", THREAD, ANOTHER_LINK), 1);
	check_domain(&f, 1, "elm.com");
	check_domain(&f, 2, "client.com");
	/* Of others it is a better word for the one matter. */
	take(&f, letter(&f, "jo@gmail.com", "j@gmail.com", "", "Our company "
	    "elm.com gets need admin approval when connecting Outlook to "
	    "Numeo"), false);
	assert_int_equal(more(&f, "jo@gmail.com", answers_to(&f, 3), "Please "
	    "send the link, our company's mail is at third.com"), 1);
	check_domain(&f, 3, "third.com");
	close_desk(&f);
}

/* A second company of the same person's has its own case too, once a link for the
 * first is made: sent, or a draft. */
static void
test_a_second_company(void **state)
{
	static const struct {
		const char *policy, *from, *first, *text;
		size_t answers;
	} rows[] = {
		{ "", "jo@acme.com", SEND_LINK, "please also send the link for "
		    "client.com, it is our second company", 1 },
		{ "mode = draft\n", "jo@acme.com", SEND_LINK, "my other company "
		    "client.com needs it too, send the link for its tenant", 0 },
		{ "", "jo@acme.com", SEND_LINK, "Wir haben noch eine zweite "
		    "Firma, client.com. Bitte schicken Sie uns den Link auch "
		    "für deren Tenant.", 1 },
		{ "", "jo@gmail.com", "Please send the Numeo approval link for "
		    "our company, acme.com", "and the link for client.com "
		    "please", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *first;
		struct consent_tally tally;
		struct fixture f;

		assert_int_equal(open_desk(&f, rows[i].policy), 0);
		two_companies_known(&f);
		take(&f, letter(&f, rows[i].from, "a@acme.com", "",
		    rows[i].first), false);
		first = answers_to(&f, 1);
		assert_int_equal(more(&f, rows[i].from, first, rows[i].text),
		    rows[i].answers);
		check_domain(&f, 1, "acme.com");
		check_link(&f, 1, "link", TENANT_A);
		check_domain(&f, 2, "client.com");
		check_link(&f, 2, "link", TENANT_B);
		assert_int_equal(get_case(&f, 2).linked, 1);
		/* What he says on is said of the one that it names. */
		more(&f, rows[i].from, answers_to(&f, 2), "acme.com works now, "
		    "the tenant is connected. thank you!");
		assert_int_equal(get_case(&f, 2).state, rows[i].answers
		    ? CASE_WAITING : CASE_REVIEW);
		f.now += 10;
		OK(consent_approve(f.engine, f.store, f.arena, TENANT_A,
		    "approve", "ann", f.now, &tally, NULL));
		check_domain(&f, 2, "client.com");
		check_link(&f, 2, "link", TENANT_B);
		close_desk(&f);
	}
}

/* The approval of the first is told, and takes nothing from the second. */
static void
test_a_second_company_s_approval(void **state)
{
	struct consent_tally tally;
	struct outbox_row draft;
	struct fixture f;

	(void)state;
	open_clients(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK), false);
	/* Once more: a draft, which the second company's does not take away. */
	assert_int_equal(more(&f, "jo@acme.com", answers_to(&f, 1), "did not "
	    "get it, please send the link again"), 0);
	assert_int_equal(more(&f, "jo@acme.com", answers_to(&f, 1), "and the "
	    "link for the tenant client.com please"), 1);
	OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
	assert_string_equal(draft.handle, "link");
	OK(consent_approve(f.engine, f.store, f.arena, TENANT_A, "approve",
	    "ann", f.now, &tally, NULL));
	assert_int_equal(tally.told, 1);
	assert_int_equal(get_case(&f, 1).state, CASE_APPROVED);
	check_link(&f, 1, "approved_note", "");
	assert_int_equal(get_case(&f, 2).state, CASE_WAITING);
	check_link(&f, 2, "link", TENANT_B);
	close_desk(&f);
}

/* Perhaps his own is meant, for which he has a link: a person looks at the other. */
static void
test_perhaps_a_second_company(void **state)
{
	struct consent_tally tally;
	struct fixture f;

	(void)state;
	open_clients(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK), false);
	assert_int_equal(more(&f, "jo@acme.com", answers_to(&f, 1), "We also "
	    "have a second microsoft 365: third.com. Need one for that too"), 0);
	assert_string_equal(get_case(&f, 2).reason, "several_domains");
	check_link(&f, 2, "link", "third.com");
	OK(consent_approve(f.engine, f.store, f.arena, TENANT_A, "approve",
	    "ann", f.now, &tally, NULL));
	assert_int_equal(get_case(&f, 1).state, CASE_APPROVED);
	check_domain(&f, 2, "third.com");
	assert_int_equal(get_case(&f, 2).state, CASE_REVIEW);
	check_link(&f, 2, "link", "third.com");
	close_desk(&f);
}

/* That it works, or is refused, there: it is said of the case that there is. */
static void
test_what_asks_for_nothing(void **state)
{
	struct fixture f;

	(void)state;
	open_clients(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK), false);
	assert_int_equal(more(&f, "jo@acme.com", answers_to(&f, 1), "I approved "
	    "it in the tenant client.com, works now, thanks"), 0);
	assert_int_equal(get_case(&f, 1).state, CASE_CLOSED);
	assert_int_equal(cases_get(f.store, f.arena, 2, &(struct case_row){ 0 },
	    NULL), CD_ABSENT);
	close_desk(&f);
}

/* Two companies in one case, by a person's hand: each has its own draft. */
static void
test_drafts_of_two_companies(void **state)
{
	struct outbox_row *rows;
	struct fixture f;
	struct desk desk;
	size_t n, drafts = 0;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	two_companies_known(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK), false);
	take(&f, letter(&f, "jo@gmail.com", "g@gmail.com", "", "Please send "
	    "the Numeo approval link for our company, third.com"), false);
	desk = (struct desk){ .engine = f.engine, .store = f.store,
		.arena = f.arena, .actor = "ann", .now = f.now };
	OK(desk_merge(&desk, 2, 1, NULL));
	take(&f, letter(&f, "jo@gmail.com", "h@gmail.com",
	    "In-Reply-To: <g@gmail.com>\r\n", "please send me the link for "
	    "third.com"), false);
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	for (size_t i = 0; i < n; i++)
		drafts += rows[i].state == OUTBOX_DRAFT;
	assert_int_equal(drafts, 2);
	close_desk(&f);
}

/* Whoever has no client names a broker in his thread as before. */
static void
test_no_client(void **state)
{
	struct fixture f;

	(void)state;
	open_clients(&f);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	assert_int_equal(more(&f, "jo@acme.com", answers_to(&f, 1),
	    "Send the link. Our broker is at tql.com"), 0);
	assert_string_equal(get_case(&f, 1).reason, "several_domains");
	check_link(&f, 1, "link", TENANT_A);
	/* Nor is a client's own person a service company. */
	take(&f, letter(&f, "it@acme.com", "m@acme.com", "", CLIENT_LINK),
	    false);
	assert_int_equal(more(&f, "vic@client.com", answers_to(&f, 2),
	    "Send the link. Our broker is at tql.com"), 0);
	assert_string_equal(get_case(&f, 2).reason, "several_domains");
	check_link(&f, 2, "link", TENANT_B);
	close_desk(&f);
}

/* "It works" is said of one of two. */
static void
test_it_works_for_one_of_two(void **state)
{
	struct fixture f;

	(void)state;
	open_clients(&f);
	take(&f, letter(&f, "it@acme.com", "a@acme.com", "", "Please send "
	    "approval links for two of our clients: client.com and third.com. "
	    "Both have users stuck on Need admin approval."), false);
	assert_string_equal(get_case(&f, 1).reason, "several_domains");
	assert_int_equal(more(&f, "it@acme.com", THREAD, "client is connected "
	    "now, works, thanks"), 0);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_string_equal(get_case(&f, 1).reason, "several_domains");
	close_desk(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_unnamed_client),
		cmocka_unit_test(test_a_stranger_in_the_thread),
		cmocka_unit_test(test_a_client_named_at_last),
		cmocka_unit_test(test_an_unnamed_client_s_question),
		cmocka_unit_test(test_clients_in_one_batch),
		cmocka_unit_test(test_a_client_named_in_the_client_s_thread),
		cmocka_unit_test(test_a_merged_case),
		cmocka_unit_test(test_a_second_client),
		cmocka_unit_test(test_a_second_client_in_a_person_s_thread),
		cmocka_unit_test(test_a_second_client_from_a_private_mailbox),
		cmocka_unit_test(test_a_second_company),
		cmocka_unit_test(test_a_second_company_s_approval),
		cmocka_unit_test(test_perhaps_a_second_company),
		cmocka_unit_test(test_what_asks_for_nothing),
		cmocka_unit_test(test_drafts_of_two_companies),
		cmocka_unit_test(test_no_client),
		cmocka_unit_test(test_it_works_for_one_of_two),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
