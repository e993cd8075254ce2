#include <string.h>

#include "text/decide.h"
#include "unit.h"

/* Facts under which each intent is answered; tests change one thing. */
static struct facts
facts_of(enum intent intent)
{
	struct facts f = {
		.authentication = AUTH_PASS,
		.policy = AUTH_REQUIRE_PASS,
		.review_below = 0.75,
		.domain = "example.com",
		.consumer = intent == INTENT_PERSONAL_ACCOUNT,
	};

	f.reading.intent = intent;
	f.reading.confidence = 0.97;
	f.reading.probability[intent] = 0.97;
	f.reading.remedy = "";
	return f;
}

static void
expect(const struct facts *f, enum action action, const char *reason,
    const char *template)
{
	struct verdict v = decide(f);

	assert_string_equal(v.reason, reason);
	assert_string_equal(action_name(v.action), action_name(action));
	if (template)
		assert_string_equal(v.template, template);
	else
		assert_null(v.template);
}

static void
test_plain_intents(void **state)
{
	static const struct {
		enum intent intent;
		enum action action;
		const char *reason, *template;
	} rows[] = {
		{ INTENT_OTHER, ACTION_LEAVE, "other", NULL },
		{ INTENT_AUTOMATIC, ACTION_IGNORE, "automatic", NULL },
		{ INTENT_BLOCKED, ACTION_STEPS, "blocked", "steps" },
		{ INTENT_WANT_LINK, ACTION_LINK, "asks_for_approval", "link" },
		{ INTENT_ADMIN_HELP, ACTION_LINK, "asks_for_approval",
		    "link" },
		{ INTENT_CANT_FIND_APP, ACTION_LINK, "asks_for_approval",
		    "link" },
		{ INTENT_GREYED_OUT, ACTION_LINK, "asks_for_approval",
		    "link" },
		{ INTENT_IS_IT_SAFE, ACTION_SAFETY, "is_it_safe", "safety" },
		{ INTENT_APPROVED, ACTION_CLOSE, "approved", NULL },
		{ INTENT_STILL_BLOCKED, ACTION_REVIEW, "still_blocked",
		    "link" },
		{ INTENT_PERSONAL_ACCOUNT, ACTION_PERSONAL_NOTE,
		    "personal_account", "personal_note" },
		{ INTENT_REFUSED, ACTION_REVIEW, "refused", NULL },
	};

	(void)state;
	assert_int_equal(sizeof rows / sizeof *rows, INTENT_COUNT);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct facts f = facts_of(rows[i].intent);

		expect(&f, rows[i].action, rows[i].reason, rows[i].template);
	}
}

static void
test_machine_whatever_it_says(void **state)
{
	struct facts f = facts_of(INTENT_WANT_LINK);

	(void)state;
	f.automatic = "list";
	expect(&f, ACTION_IGNORE, "automatic", NULL);
	f = facts_of(INTENT_AUTOMATIC);
	f.reading.confidence = f.reading.probability[INTENT_AUTOMATIC] = 0.5;
	expect(&f, ACTION_REVIEW, "perhaps_automatic", NULL);
	/* An answer to us, or the rules see our matter. */
	f = facts_of(INTENT_AUTOMATIC);
	f.has_help = true;
	expect(&f, ACTION_REVIEW, "perhaps_automatic", NULL);
	f.automatic = "list";
	expect(&f, ACTION_IGNORE, "automatic", NULL);
	f = facts_of(INTENT_AUTOMATIC);
	f.reading.torn = "rules_against_model";
	expect(&f, ACTION_REVIEW, "perhaps_automatic", NULL);
	/* Nothing but "jo@roe.example", from somebody who waits. */
	f = facts_of(INTENT_AUTOMATIC);
	f.case_waits = true;
	expect(&f, ACTION_REVIEW, "perhaps_automatic", NULL);
}

static void
test_low_confidence(void **state)
{
	struct facts f = facts_of(INTENT_OTHER);

	(void)state;
	f.reading.confidence = f.reading.probability[INTENT_OTHER] = 0.48;
	expect(&f, ACTION_REVIEW, "perhaps_ours", NULL);
	f.has_help = true;
	expect(&f, ACTION_REVIEW, "perhaps_ours", NULL);
	f.reading.confidence = f.reading.probability[INTENT_OTHER] = 0.52;
	expect(&f, ACTION_LEAVE, "other", NULL);
	f.has_help = false;
	expect(&f, ACTION_LEAVE, "other", NULL);
	f.has_help = true;
	/* A company named where a person waits for one is for that person. */
	f.reading.named_domain = "redhill.com";
	expect(&f, ACTION_LEAVE, "other", NULL);
	f.case_waits = true;
	expect(&f, ACTION_REVIEW, "perhaps_ours", NULL);
	f.reading.named_domain = NULL;
	expect(&f, ACTION_LEAVE, "other", NULL);
	/* Where a client was asked for, the answer is begun too. */
	f.case_waits = false;
	f.client_unnamed = true;
	expect(&f, ACTION_LEAVE, "other", NULL);
	f.reading.named_domain = f.domain = "redhill.com";
	expect(&f, ACTION_REVIEW, "perhaps_ours", "link");
	f.tenant_approved = true;
	expect(&f, ACTION_REVIEW, "perhaps_ours", "approved_note");
	f.tenant_approved = false;
	f.domain = NULL;
	expect(&f, ACTION_REVIEW, "perhaps_ours", "ask_domain");
	f = facts_of(INTENT_APPROVED);
	f.reading.confidence = f.reading.probability[INTENT_APPROVED] = 0.88;
	expect(&f, ACTION_REVIEW, "perhaps_approved", NULL);
	f = facts_of(INTENT_IS_IT_SAFE);
	f.reading.confidence = f.reading.probability[INTENT_IS_IT_SAFE] = 0.7;
	expect(&f, ACTION_REVIEW, "unsure", "safety");
}

/* Two readings that one answer fits make it sure together. */
static void
test_one_answer_for_two_readings(void **state)
{
	struct facts f = facts_of(INTENT_GREYED_OUT);

	(void)state;
	f.reading.confidence = f.reading.probability[INTENT_GREYED_OUT] = 0.5;
	expect(&f, ACTION_REVIEW, "unsure", "link");
	f.reading.probability[INTENT_CANT_FIND_APP] = 0.4;
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
	/* What else it may be: something that is answered otherwise, or not at
	 * all. */
	f.reading.probability[INTENT_IS_IT_SAFE] = 0.1;
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
	f.reading.probability[INTENT_IS_IT_SAFE] = 0;
	f.reading.probability[INTENT_OTHER] = 0.09;
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
	f.reading.probability[INTENT_REFUSED] = 0.04;
	expect(&f, ACTION_REVIEW, "unsure", "link");
}

static void
test_help_message_known(void **state)
{
	struct facts f = facts_of(INTENT_BLOCKED);

	(void)state;
	f.has_help = true;
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
	f.domain = NULL;
	expect(&f, ACTION_ASK_DOMAIN, "no_company_domain", "ask_domain");
	f.has_help = false;
	expect(&f, ACTION_STEPS, "blocked", "steps");
}

static void
test_approved_tenant(void **state)
{
	static const enum intent intents[] = {
		INTENT_BLOCKED, INTENT_WANT_LINK, INTENT_ADMIN_HELP,
		INTENT_CANT_FIND_APP, INTENT_GREYED_OUT,
	};
	struct facts f;

	(void)state;
	for (size_t i = 0; i < sizeof intents / sizeof *intents; i++) {
		f = facts_of(intents[i]);
		f.tenant_approved = true;
		expect(&f, ACTION_APPROVED_NOTE, "tenant_approved",
		    "approved_note");
	}
	f = facts_of(INTENT_STILL_BLOCKED);
	f.tenant_approved = true;
	expect(&f, ACTION_REVIEW, "still_blocked", "still_blocked");
	f.tenant_approved = false;
	expect(&f, ACTION_REVIEW, "still_blocked", "link");
	f.link_sent = true;
	expect(&f, ACTION_REVIEW, "still_blocked", "still_blocked");
}

static void
test_torn(void **state)
{
	struct facts f = facts_of(INTENT_WANT_LINK);

	(void)state;
	f.reading.torn = "close_readings";
	expect(&f, ACTION_REVIEW, "close_readings", "link");
	f = facts_of(INTENT_BLOCKED);
	f.has_help = true;
	f.reading.torn = "unclear";
	expect(&f, ACTION_REVIEW, "unclear", "link");
	f = facts_of(INTENT_APPROVED);
	f.reading.torn = "contradiction";
	expect(&f, ACTION_REVIEW, "perhaps_approved", NULL);
}

static void
test_codes(void **state)
{
	static const char *const rows[][2] = {
		{ "customer_admin", "code_customer_admin" },
		{ "user", "code_user" },
		{ "vendor", "code_vendor" },
		{ "vendor_urgent", "code_vendor_urgent" },
		{ "national_cloud", "code_national_cloud" },
		{ "retry", "code_retry" },
	};
	struct facts f = facts_of(INTENT_BLOCKED);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		f.reading.remedy = rows[i][0];
		f.reading.draft = NULL;
		expect(&f, ACTION_REVIEW, rows[i][1], NULL);
		f.reading.draft = "app_disabled";
		expect(&f, ACTION_REVIEW, rows[i][1], "app_disabled");
	}
	/* The code says more than "still blocked". */
	f.reading.intent = INTENT_STILL_BLOCKED;
	expect(&f, ACTION_REVIEW, "still_blocked", "app_disabled");
	f.reading.intent = INTENT_BLOCKED;
	f.reading.remedy = "consent";
	expect(&f, ACTION_STEPS, "blocked", "steps");
}

/* Whoever says one is not left alone, and what hits every customer comes first. */
static void
test_said_codes(void **state)
{
	struct facts f = facts_of(INTENT_OTHER);

	(void)state;
	f.reading.remedy = "user";
	expect(&f, ACTION_LEAVE, "other", NULL);
	f.reading.code_said = true;
	expect(&f, ACTION_REVIEW, "code_user", NULL);
	f.reading.remedy = "consent";
	expect(&f, ACTION_REVIEW, "perhaps_ours", NULL);
	f = facts_of(INTENT_AUTOMATIC);
	f.reading.code_said = true;
	f.reading.remedy = "vendor_urgent";
	expect(&f, ACTION_REVIEW, "code_vendor_urgent", NULL);
	f.automatic = "auto_submitted";
	expect(&f, ACTION_IGNORE, "automatic", NULL);
	f = facts_of(INTENT_STILL_BLOCKED);
	f.reading.code_said = true;
	f.reading.remedy = "vendor_urgent";
	expect(&f, ACTION_REVIEW, "code_vendor_urgent", NULL);
	f.reading.torn = "legal_words";
	expect(&f, ACTION_REVIEW, "still_blocked", NULL);
	f.reading.torn = NULL;
	f.reading.intent = INTENT_REFUSED;
	expect(&f, ACTION_REVIEW, "refused", NULL);
	f.reading.intent = INTENT_APPROVED;
	expect(&f, ACTION_CLOSE, "approved", NULL);
	/* It says more than two readings that are close together do. */
	f = facts_of(INTENT_BLOCKED);
	f.reading.remedy = "user";
	f.reading.torn = "close_readings";
	expect(&f, ACTION_REVIEW, "close_readings", NULL);
	f.reading.code_said = true;
	expect(&f, ACTION_REVIEW, "code_user", NULL);
	f.reading.remedy = "consent";
	expect(&f, ACTION_REVIEW, "close_readings", "steps");
	f.reading.remedy = "user";
	f.reading.torn = "legal_words";
	expect(&f, ACTION_REVIEW, "legal_words", NULL);
}

static void
test_tenant_questions(void **state)
{
	struct facts f = facts_of(INTENT_ADMIN_HELP);

	(void)state;
	f.reading.other_tenant = true;
	expect(&f, ACTION_REVIEW, "other_tenant", "ask_domain");
	f = facts_of(INTENT_WANT_LINK);
	/* Approved, and taken away again. */
	f.reading.removed = true;
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
	f.tenant_approved = true;
	expect(&f, ACTION_REVIEW, "approval_removed", "link");
	f.reading.removed = false;
	expect(&f, ACTION_APPROVED_NOTE, "tenant_approved", "approved_note");
	f.tenant_approved = false;
	f.reading.several_domains = true;
	expect(&f, ACTION_REVIEW, "several_domains", "link");
	f = facts_of(INTENT_WANT_LINK);
	f.foreign_cloud = true;
	expect(&f, ACTION_REVIEW, "foreign_cloud", NULL);
	/* He opened the link with a private account. */
	f = facts_of(INTENT_PERSONAL_ACCOUNT);
	f.link_sent = true;
	f.reading.torn = "contradiction";
	expect(&f, ACTION_REVIEW, "contradiction", "wrong_account");
	f = facts_of(INTENT_IS_IT_SAFE);
	f.reading.other_tenant = true;
	expect(&f, ACTION_SAFETY, "is_it_safe", "safety");
}

/* The text goes out, and a person answers the rest. */
static void
test_own_questions(void **state)
{
	struct facts f = facts_of(INTENT_IS_IT_SAFE);

	(void)state;
	assert_null(decide(&f).stays);
	f.reading.own_questions = true;
	expect(&f, ACTION_SAFETY, "is_it_safe", "safety");
	assert_string_equal(decide(&f).stays, "own_questions");
	f = facts_of(INTENT_WANT_LINK);
	f.reading.own_questions = true;
	assert_null(decide(&f).stays);
}

/* Money is a person's matter, whatever else is answered. */
static void
test_second_matter(void **state)
{
	struct facts f = facts_of(INTENT_WANT_LINK);

	(void)state;
	f.reading.second_matter = true;
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
	assert_string_equal(decide(&f).stays, "second_matter");
	f.domain = NULL;
	expect(&f, ACTION_ASK_DOMAIN, "no_company_domain", "ask_domain");
	assert_string_equal(decide(&f).stays, "second_matter");
	f.tenant_approved = true;
	assert_string_equal(decide(&f).template, "approved_note");
	assert_string_equal(decide(&f).stays, "second_matter");
	for (size_t i = 0; i < INTENT_COUNT; i++) {
		f = facts_of((enum intent)i);
		f.reading.second_matter = true;
		if (action_sends(decide(&f).action))
			assert_string_equal(decide(&f).stays, "second_matter");
		else
			assert_null(decide(&f).stays);
	}
	f = facts_of(INTENT_OTHER);
	f.reading.second_matter = true;
	expect(&f, ACTION_LEAVE, "other", NULL);
	assert_null(decide(&f).stays);
}

/* "It is no private account" from a company's mailbox. */
static void
test_private_account_of_a_company(void **state)
{
	struct facts f = facts_of(INTENT_PERSONAL_ACCOUNT);

	(void)state;
	expect(&f, ACTION_PERSONAL_NOTE, "personal_account", "personal_note");
	f.consumer = false;
	expect(&f, ACTION_REVIEW, "contradiction", "personal_note");
}

/* A complaint waits: the wall once more is none of a first contact, nor is there
 * another draft; but what he asks for in words is answered. */
static void
test_adds_nothing(void **state)
{
	struct facts f = facts_of(INTENT_BLOCKED);

	(void)state;
	f.trouble_waits = f.complaint_waits = true;
	expect(&f, ACTION_REVIEW, "writes_again", NULL);
	assert_true(decide(&f).again);
	/* It is a question that waits: he may be blocked besides. */
	f.complaint_waits = false;
	expect(&f, ACTION_STEPS, "blocked", "steps");
	f = facts_of(INTENT_WANT_LINK);
	f.trouble_waits = f.complaint_waits = true;
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
	f.reading.vague = true;
	expect(&f, ACTION_REVIEW, "writes_again", NULL);
	f.reading.torn = "close_readings";
	expect(&f, ACTION_REVIEW, "close_readings", NULL);
	/* Law is more than what waits. */
	f.reading.torn = "legal_words";
	expect(&f, ACTION_REVIEW, "legal_words", "link");
	assert_false(decide(&f).again);
	f.reading.torn = NULL;
	f.case_waits = true;
	f.reading.named_domain = "redhill.com";
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
}

/* Somebody said that it is approved: whoever meets the wall after that is a person's.
 * What he asks besides is answered. */
static void
test_a_claim_waits(void **state)
{
	struct facts f = facts_of(INTENT_BLOCKED);

	(void)state;
	f.has_help = f.claim_waits = true;
	expect(&f, ACTION_REVIEW, "still_blocked", "link");
	f.link_sent = true;
	expect(&f, ACTION_REVIEW, "still_blocked", "still_blocked");
	f.reading.torn = "legal_words";
	expect(&f, ACTION_REVIEW, "legal_words", "still_blocked");
	f.reading.torn = NULL;
	f.tenant_approved = true;
	expect(&f, ACTION_APPROVED_NOTE, "tenant_approved", "approved_note");
	f = facts_of(INTENT_WANT_LINK);
	f.claim_waits = true;
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
	f.reading.vague = true;
	expect(&f, ACTION_REVIEW, "still_blocked", "link");
	f = facts_of(INTENT_CANT_FIND_APP);
	f.claim_waits = true;
	expect(&f, ACTION_LINK, "asks_for_approval", "link");
	f = facts_of(INTENT_IS_IT_SAFE);
	f.claim_waits = true;
	expect(&f, ACTION_SAFETY, "is_it_safe", "safety");
}

/* What an outsider says of it closes nothing. */
static void
test_an_outsider(void **state)
{
	struct facts f = facts_of(INTENT_APPROVED);

	(void)state;
	expect(&f, ACTION_CLOSE, "approved", NULL);
	f.outsider = true;
	expect(&f, ACTION_REVIEW, "perhaps_approved", NULL);
}

static void
test_may_not_send(void **state)
{
	struct facts f = facts_of(INTENT_WANT_LINK);

	(void)state;
	f.taken = true;
	expect(&f, ACTION_REVIEW, "taken", "link");
	f = facts_of(INTENT_WANT_LINK);
	f.too_old = true;
	expect(&f, ACTION_REVIEW, "too_old", "link");
	f = facts_of(INTENT_WANT_LINK);
	f.hold = "suppress_all";
	expect(&f, ACTION_REVIEW, "suppress_all", "link");
	f = facts_of(INTENT_WANT_LINK);
	f.limit = "same_answer_in_7_days";
	expect(&f, ACTION_REVIEW, "same_answer_in_7_days", "link");
	/* None of that matters where nothing would be sent. */
	f = facts_of(INTENT_OTHER);
	f.taken = f.too_old = true;
	f.hold = f.limit = "hour";
	f.authentication = AUTH_FAIL;
	expect(&f, ACTION_LEAVE, "other", NULL);
	f.reading.intent = INTENT_APPROVED;
	f.reading.probability[INTENT_APPROVED] = 0.97;
	expect(&f, ACTION_CLOSE, "approved", NULL);
	/* But that the other form of the mail may want an answer. */
	f.hold = "forms_differ";
	expect(&f, ACTION_REVIEW, "forms_differ", NULL);
	f = facts_of(INTENT_OTHER);
	f.hold = "forms_differ";
	expect(&f, ACTION_REVIEW, "forms_differ", NULL);
	f.automatic = "list";
	expect(&f, ACTION_IGNORE, "automatic", NULL);
	/* It is nobody's reason where there is a heavier one. */
	f = facts_of(INTENT_REFUSED);
	f.hold = "forms_differ";
	expect(&f, ACTION_REVIEW, "refused", NULL);
	f = facts_of(INTENT_APPROVED);
	f.hold = "forms_differ";
	f.outsider = true;
	expect(&f, ACTION_REVIEW, "perhaps_approved", NULL);
}

/* Two forms that differ, and the one that was not chosen was read, too: the mail is
 * left only where both want nothing, and are likely not to. */
static void
test_other_form(void **state)
{
	struct facts f = facts_of(INTENT_OTHER), asks =
	    facts_of(INTENT_WANT_LINK);
	struct reading other = f.reading;

	(void)state;
	f.hold = "forms_differ";
	f.other_form = &other;
	expect(&f, ACTION_LEAVE, "other", NULL);
	other.torn = "unclear";
	expect(&f, ACTION_REVIEW, "forms_differ", NULL);
	other = asks.reading;
	expect(&f, ACTION_REVIEW, "forms_differ", NULL);
	other = f.reading;
	other.probability[INTENT_OTHER] = other.confidence = 0.4;
	expect(&f, ACTION_REVIEW, "forms_differ", NULL);
	f.reading = other;
	f.other_form = &asks.reading;
	expect(&f, ACTION_REVIEW, "perhaps_ours", NULL);
	/* What is said to work is closed by no form of two. */
	f = facts_of(INTENT_APPROVED);
	other = f.reading;
	f.hold = "forms_differ";
	f.other_form = &other;
	expect(&f, ACTION_REVIEW, "forms_differ", NULL);
}

static void
test_authentication(void **state)
{
	static const struct {
		enum auth_policy policy;
		enum authentication found;
		bool sends;
	} rows[] = {
		{ AUTH_REQUIRE_PASS, AUTH_PASS, true },
		{ AUTH_REQUIRE_PASS, AUTH_NONE, false },
		{ AUTH_REQUIRE_PASS, AUTH_FAIL, false },
		{ AUTH_REQUIRE_NOT_FAIL, AUTH_PASS, true },
		{ AUTH_REQUIRE_NOT_FAIL, AUTH_NONE, true },
		{ AUTH_REQUIRE_NOT_FAIL, AUTH_FAIL, false },
		{ AUTH_REQUIRE_OFF, AUTH_FAIL, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct facts f = facts_of(INTENT_WANT_LINK);

		f.policy = rows[i].policy;
		f.authentication = rows[i].found;
		if (rows[i].sends)
			expect(&f, ACTION_LINK, "asks_for_approval", "link");
		else
			expect(&f, ACTION_REVIEW, "not_authenticated", "link");
	}
}

static void
test_names(void **state)
{
	enum action a;

	(void)state;
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		assert_true(action_of(str_of(action_name((enum action)i)),
		    &a));
		assert_int_equal(a, i);
	}
	assert_false(action_of(STR("nothing"), &a));
	assert_false(action_sends(ACTION_CLOSE));
	assert_true(action_sends(ACTION_STEPS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_intents),
		cmocka_unit_test(test_machine_whatever_it_says),
		cmocka_unit_test(test_low_confidence),
		cmocka_unit_test(test_one_answer_for_two_readings),
		cmocka_unit_test(test_help_message_known),
		cmocka_unit_test(test_approved_tenant),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_said_codes),
		cmocka_unit_test(test_tenant_questions),
		cmocka_unit_test(test_own_questions),
		cmocka_unit_test(test_second_matter),
		cmocka_unit_test(test_private_account_of_a_company),
		cmocka_unit_test(test_adds_nothing),
		cmocka_unit_test(test_a_claim_waits),
		cmocka_unit_test(test_an_outsider),
		cmocka_unit_test(test_may_not_send),
		cmocka_unit_test(test_other_form),
		cmocka_unit_test(test_authentication),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
