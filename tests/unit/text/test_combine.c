#include "text/combine.h"
#include "unit.h"

#define FIRST	(UINT64_C(1) << 63) /* no fact: it answers nothing of ours */

/* What is answered must be likely enough, and the contrary unlikely. */
static void
test_doubt_is_for_a_person(void **state)
{
	static const struct {
		enum intent intent, contrary;
		double likely, doubt;	/* the rest is other */
		double points, against;	/* of the rules, for each */
		uint64_t facts;
		const char *torn;
	} rows[] = {
		{ INTENT_WANT_LINK, INTENT_STILL_BLOCKED, 0.96, 0.03, 2, 0, 0,
		    NULL },
		{ INTENT_WANT_LINK, INTENT_STILL_BLOCKED, 0.92, 0.07, 2, 0, 0,
		    "close_readings" },
		{ INTENT_WANT_LINK, INTENT_APPROVED, 0.92, 0.07, 2, 0, 0,
		    "close_readings" },
		{ INTENT_IS_IT_SAFE, INTENT_REFUSED, 0.92, 0.07, 2, 0, 0,
		    "close_readings" },
		{ INTENT_WANT_LINK, INTENT_BLOCKED, 0.60, 0.39, 2, 0, 0, NULL },
		{ INTENT_WANT_LINK, INTENT_REFUSED, 0.93, 0.01, 2, 0,
		    FACT_SAYS_NO, "contradiction" },
		{ INTENT_IS_IT_SAFE, INTENT_REFUSED, 0.98, 0.01, 2, 0,
		    FACT_CLAIM, NULL },
		{ INTENT_IS_IT_SAFE, INTENT_REFUSED, 0.98, 0.01, 2, 0,
		    FACT_SAYS_NO, NULL },
		{ INTENT_IS_IT_SAFE, INTENT_REFUSED, 0.999, 0.001, 2, 0,
		    FACT_SAYS_NO | FACT_TURNED_DOWN, "contradiction" },
		{ INTENT_IS_IT_SAFE, INTENT_STILL_BLOCKED, 0.97, 0.01, 2, 0,
		    FACT_STILL, "close_readings" },
		{ INTENT_IS_IT_SAFE, INTENT_STILL_BLOCKED, 0.995, 0.005, 2, 0,
		    FACT_STILL, NULL },
		{ INTENT_IS_IT_SAFE, INTENT_STILL_BLOCKED, 0.97, 0.01, 2, 0,
		    FACT_STILL | FACT_MAIL | FIRST, NULL },
		{ INTENT_GREYED_OUT, INTENT_REFUSED, 0.98, 0.01, 2, 0,
		    FACT_SAYS_NO, NULL },
		{ INTENT_CANT_FIND_APP, INTENT_REFUSED, 0.98, 0.01, 2, 0,
		    FACT_SAYS_NO, NULL },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_PAST | FACT_STILL, "contradiction" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_CLAIM | FACT_MATTER | FACT_MAIL | FIRST,
		    "contradiction" },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.97, 0.03, 0, 3, 0,
		    "rules_against_model" },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.97, 0.03, 0, 0,
		    FACT_ELSEWHERE, "rules_against_model" },
		{ INTENT_APPROVED, INTENT_GREYED_OUT, 0.97, 0.01, 0, 4, 0,
		    "rules_against_model" },
		/* It is closed on good news of all that is ours. */
		{ INTENT_APPROVED, INTENT_OTHER, 0.99, 0.01, 3, 0, 0, NULL },
		{ INTENT_APPROVED, INTENT_OTHER, 0.99, 0.01, 3, 0, FACT_BUT_ME,
		    "contradiction" },
		{ INTENT_APPROVED, INTENT_OTHER, 0.99, 0.01, 3, 0, FACT_NOT_DONE,
		    "contradiction" },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.99, 0.01, 2, 0, FACT_NOT_DONE,
		    NULL },
		{ INTENT_OTHER, INTENT_BLOCKED, 0.75, 0.10, 0, 0, FACT_NOT_DONE,
		    "rules_against_model" },
		{ INTENT_APPROVED, INTENT_REFUSED, 0.99, 0.01, 3, 3, FACT_MATTER,
		    "contradiction" },
		{ INTENT_APPROVED, INTENT_OTHER, 0.99, 0.01, 3, 0,
		    FACT_SECOND_MATTER, "contradiction" },
		{ INTENT_APPROVED, INTENT_OTHER, 0.99, 0.01, 3, 2, 0,
		    "contradiction" },
		{ INTENT_APPROVED, INTENT_OTHER, 0.99, 0.01, 3, 2, FACT_MATTER,
		    NULL },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.999, 0.001, 3, 0,
		    FACT_OTHER_CLOUD, "no_cloud" },
		{ INTENT_STILL_BLOCKED, INTENT_OTHER, 0.999, 0.001, 3, 0,
		    FACT_OTHER_CLOUD, NULL },
		/* However sure the model is. */
		{ INTENT_WANT_LINK, INTENT_REFUSED, 0.999, 0.001, 2, 0,
		    FACT_SAYS_NO, "contradiction" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.999, 0.001, 2, 0,
		    FACT_CLAIM | FACT_MATTER | FACT_MAIL | FIRST,
		    "contradiction" },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.999, 0.001, 0, 3, 0,
		    "rules_against_model" },
		/* Beside another matter, ours by the rules and beyond doubt. */
		{ INTENT_BLOCKED, INTENT_OTHER, 0.995, 0.003, 2, 3, FACT_MATTER,
		    NULL },
		{ INTENT_BLOCKED, INTENT_OTHER, 0.985, 0.003, 2, 3, FACT_MATTER,
		    "rules_against_model" },
		{ INTENT_BLOCKED, INTENT_OTHER, 0.995, 0.003, 1, 3, FACT_MATTER,
		    "rules_against_model" },
		{ INTENT_BLOCKED, INTENT_OTHER, 0.995, 0.003, 2, 3, FIRST,
		    "rules_against_model" },
		{ INTENT_BLOCKED, INTENT_OTHER, 0.995, 0.003, 2, 5, FACT_MATTER,
		    "rules_against_model" },
		{ INTENT_BLOCKED, INTENT_OTHER, 0.995, 0.003, 2, 3,
		    FACT_MATTER | FACT_ELSEWHERE, "rules_against_model" },
		/* Hints do not, beyond doubt. */
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.97, 0.02, 0, 2, 0,
		    "rules_against_model" },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.97, 0.02, 1, 2,
		    FACT_MATTER, NULL },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.992, 0.01, 0, 2, 0, NULL },
		{ INTENT_WANT_LINK, INTENT_REFUSED, 0.95, 0.01, 2, 0,
		    FACT_LEGAL, "legal_words" },
		{ INTENT_WANT_LINK, INTENT_REFUSED, 0.985, 0.01, 2, 0,
		    FACT_LEGAL, "legal_words" },
		{ INTENT_WANT_LINK, INTENT_REFUSED, 0.88, 0.01, 1, 0, 0, NULL },
		/* Out of the blue it names a mailbox and the matter. */
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_MATTER | FIRST, NULL },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_MAIL | FACT_ADMIN_WORD | FIRST, NULL },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_ADMIN_WORD | FIRST, "no_rule_agrees" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_MAIL | FIRST, "no_rule_agrees" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_CODE | FIRST, NULL },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FIRST, "no_rule_agrees" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.985, 0.003, 2, 0,
		    FIRST, "no_rule_agrees" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.993, 0.003, 2, 0,
		    FIRST, NULL },
		/* The admin centre is any administrator's. */
		{ INTENT_ADMIN_HELP, INTENT_REFUSED, 0.97, 0.01, 1, 0,
		    FACT_MATTER | FACT_PORTAL | FIRST, "no_rule_agrees" },
		{ INTENT_ADMIN_HELP, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_MATTER | FACT_PORTAL | FIRST, NULL },
		{ INTENT_ADMIN_HELP, INTENT_REFUSED, 0.97, 0.01, 1, 0,
		    FACT_MATTER | FACT_PORTAL | FACT_NAMES_US | FIRST, NULL },
		{ INTENT_ADMIN_HELP, INTENT_REFUSED, 0.97, 0.01, 1, 0,
		    FACT_MATTER | FACT_PORTAL, NULL },
		{ INTENT_ADMIN_HELP, INTENT_REFUSED, 0.993, 0.001, 1, 0,
		    FACT_MATTER | FACT_PORTAL | FIRST, NULL },
		/* The company's mailbox, not the private one. */
		{ INTENT_PERSONAL_ACCOUNT, INTENT_OTHER, 0.98, 0.01, 2, 0,
		    FACT_COMPANY_BOX, "contradiction" },
		{ INTENT_PERSONAL_ACCOUNT, INTENT_OTHER, 0.98, 0.01, 2, 0, 0,
		    NULL },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.98, 0.01, 2, 0,
		    FACT_COMPANY_BOX, NULL },
		/* Who has a private one tells of the wall, and may want it gone. */
		{ INTENT_PERSONAL_ACCOUNT, INTENT_BLOCKED, 0.98, 0.01, 1, 5, 0,
		    NULL },
		{ INTENT_PERSONAL_ACCOUNT, INTENT_WANT_LINK, 0.98, 0.01, 1, 5, 0,
		    "rules_against_model" },
		/* Not in the list, or grey: ours by its name. */
		{ INTENT_CANT_FIND_APP, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_NAMES_US | FACT_MAIL | FIRST, NULL },
		{ INTENT_CANT_FIND_APP, INTENT_REFUSED, 0.97, 0.01, 1, 0,
		    FACT_NAMES_US | FACT_MAIL | FIRST, "no_rule_agrees" },
		{ INTENT_CANT_FIND_APP, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_MAIL | FIRST, "no_rule_agrees" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.97, 0.01, 2, 0,
		    FACT_NAMES_US | FACT_MAIL | FIRST, "no_rule_agrees" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.993, 0.001, 2, 0,
		    FACT_NAMES_US | FACT_MAIL | FIRST, NULL },
		/* Anybody's wall, and nobody that we know. */
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.96, 0.01, 0, 3,
		    FACT_MATTER | FIRST, NULL },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.94, 0.01, 0, 3,
		    FACT_MATTER | FIRST, "rules_against_model" },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.96, 0.01, 0, 3,
		    FACT_MATTER | FACT_NAMES_US | FIRST,
		    "rules_against_model" },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.96, 0.01, 0, 3,
		    FACT_MATTER, "rules_against_model" },
		/* Taken back in answer to us. */
		{ INTENT_OTHER, INTENT_WANT_LINK, 0.97, 0.01, 0, 0,
		    FACT_TAKES_BACK, "unclear" },
		{ INTENT_OTHER, INTENT_WANT_LINK, 0.985, 0.01, 0, 0,
		    FACT_TAKES_BACK, NULL },
		{ INTENT_OTHER, INTENT_WANT_LINK, 0.97, 0.01, 0, 0,
		    FACT_TAKES_BACK | FIRST, NULL },
		/* Rules that are sure of the matter are not overruled. */
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.45, 0.10, 0, 3,
		    FACT_MATTER, "rules_against_model" },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.45, 0.10, 0, 3, FIRST, NULL },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.75, 0.10, 0, 2, 0,
		    "rules_against_model" },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.82, 0.05, 0, 2, 0, NULL },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.75, 0.10, 0, 1, 0, NULL },
		{ INTENT_OTHER, INTENT_BLOCKED, 0.75, 0.10, 0, 0, FACT_STILL,
		    "rules_against_model" },
		{ INTENT_OTHER, INTENT_BLOCKED, 0.82, 0.05, 0, 0, FACT_STILL,
		    NULL },
		{ INTENT_OTHER, INTENT_BLOCKED, 0.75, 0.10, 0, 0,
		    FACT_STILL | FACT_THANKS, NULL },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.75, 0.10, 0, 2, FIRST, NULL },
		{ INTENT_OTHER, INTENT_BLOCKED, 0.85, 0.10, 0, 0,
		    FACT_REMOVED | FIRST, "rules_against_model" },
		/* Our app is not found where admins look. */
		{ INTENT_OTHER, INTENT_CANT_FIND_APP, 0.95, 0.03, 0, 2,
		    FACT_NAMES_US | FACT_ADMIN_WORD | FIRST,
		    "rules_against_model" },
		{ INTENT_OTHER, INTENT_CANT_FIND_APP, 0.99, 0.01, 0, 2,
		    FACT_NAMES_US | FACT_ADMIN_WORD | FIRST, NULL },
		{ INTENT_OTHER, INTENT_CANT_FIND_APP, 0.95, 0.03, 0, 2,
		    FACT_NAMES_US | FIRST, NULL },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.45, 0.10, 1, 3,
		    FACT_MATTER, NULL },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.95, 0.02, 0, 3,
		    FACT_MATTER | FACT_ELSEWHERE, NULL },
		{ INTENT_AUTOMATIC, INTENT_WANT_LINK, 0.95, 0.02, 0, 3,
		    FACT_MATTER, "rules_against_model" },
		{ INTENT_OTHER, INTENT_REFUSED, 0.95, 0.02, 0, 0, FACT_LEGAL,
		    "legal_words" },
		{ INTENT_OTHER, INTENT_REFUSED, 0.95, 0.02, 0, 0,
		    FACT_LEGAL | FIRST, NULL },
		/* By our name, a complaint. */
		{ INTENT_OTHER, INTENT_REFUSED, 0.94, 0.02, 0, 3,
		    FACT_NAMES_US | FIRST, "rules_against_model" },
		{ INTENT_OTHER, INTENT_REFUSED, 0.96, 0.02, 0, 3,
		    FACT_NAMES_US | FIRST, NULL },
		{ INTENT_OTHER, INTENT_REFUSED, 0.94, 0.02, 0, 3, FIRST, NULL },
		{ INTENT_OTHER, INTENT_REFUSED, 0.94, 0.02, 1, 3,
		    FACT_NAMES_US | FIRST, NULL },
		/* Nobody is left alone who wants a person, or passes on
		 * Microsoft's screen. */
		{ INTENT_OTHER, INTENT_REFUSED, 0.95, 0.02, 0, 0, FACT_PERSON,
		    "unclear" },
		{ INTENT_OTHER, INTENT_REFUSED, 0.95, 0.02, 0, 0,
		    FACT_PERSON | FIRST, NULL },
		{ INTENT_OTHER, INTENT_BLOCKED, 0.95, 0.02, 0, 2,
		    FACT_SCREEN | FACT_MATTER | FIRST, "rules_against_model" },
		{ INTENT_OTHER, INTENT_BLOCKED, 0.95, 0.02, 1, 2,
		    FACT_SCREEN | FACT_MATTER | FIRST, NULL },
		{ INTENT_OTHER, INTENT_BLOCKED, 0.95, 0.02, 0, 2,
		    FACT_SCREEN | FACT_MATTER, NULL },
		/* Beside another vendor's, ours. */
		{ INTENT_OTHER, INTENT_WANT_LINK, 0.99, 0.01, 3, 0,
		    FACT_ELSEWHERE | FACT_MATTER | FACT_OURS_TOO | FIRST,
		    "rules_against_model" },
		{ INTENT_OTHER, INTENT_WANT_LINK, 0.9995, 0, 3, 0,
		    FACT_ELSEWHERE | FACT_MATTER | FACT_OURS_TOO | FIRST,
		    NULL },
		{ INTENT_OTHER, INTENT_WANT_LINK, 0.99, 0.01, 1, 0,
		    FACT_OURS_TOO | FIRST, NULL },
		{ INTENT_OTHER, INTENT_WANT_LINK, 0.97, 0.01, 1, 0,
		    FACT_OURS_TOO | FIRST, "rules_against_model" },
		{ INTENT_OTHER, INTENT_WANT_LINK, 0.97, 0.01, 5, 0,
		    FACT_OURS_TOO | FIRST, NULL },
		/* "It works, but not for me." */
		{ INTENT_APPROVED, INTENT_STILL_BLOCKED, 0.96, 0.03, 2, 0, 0,
		    NULL },
		{ INTENT_APPROVED, INTENT_STILL_BLOCKED, 0.96, 0.03, 2, 0,
		    FACT_BUT_ME, "contradiction" },
		{ INTENT_APPROVED, INTENT_STILL_BLOCKED, 0.99, 0.01, 2, 0,
		    FACT_BUT_ME, "contradiction" },
		/* A person's anyway. */
		{ INTENT_REFUSED, INTENT_STILL_BLOCKED, 0.60, 0.30, 2, 0, 0,
		    NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct signals s = {
			.facts = rows[i].facts & ~FIRST,
			.context = rows[i].facts & FIRST ? CONTEXT_FIRST :
			    CONTEXT_HELP,
		};
		struct reading r = { .intent = INTENT_OTHER };

		r.probability[INTENT_OTHER] = 1 - rows[i].likely -
		    rows[i].doubt;
		r.probability[rows[i].intent] = rows[i].likely;
		r.probability[rows[i].contrary] = rows[i].doubt;
		s.points[rows[i].intent] = rows[i].points;
		s.points[rows[i].contrary] = rows[i].against;
		combine_reading(&s, &r);
		if (r.intent != rows[i].intent ||
		    (r.torn ? !rows[i].torn || strcmp(r.torn, rows[i].torn)
		    : rows[i].torn != NULL))
			fail_msg("row %zu: %s", i, r.torn ? r.torn : "not torn");
		/* What is answered beside another matter stays for it. */
		assert_int_equal(r.second_matter,
		    (s.facts & FACT_SECOND_MATTER) ||
		    s.points[INTENT_OTHER] >= 3);
	}
}

/* "Help", with a picture below: where Outlook or our product is named. */
static void
test_a_picture_in_place_of_words(void **state)
{
	static const struct {
		uint64_t facts;
		bool picture;
		const char *torn;
	} rows[] = {
		{ FACT_NAMES_US, true, "unclear" },
		{ FACT_MAIL, true, "unclear" },
		{ FACT_MAIL, false, NULL },
		{ 0, true, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct signals s = {
			.facts = rows[i].facts, .picture = rows[i].picture,
			.context = CONTEXT_FIRST,
		};
		struct reading r = { .probability[INTENT_OTHER] = 1 };

		combine_reading(&s, &r);
		if (r.torn ? !rows[i].torn || strcmp(r.torn, rows[i].torn)
		    : rows[i].torn != NULL)
			fail_msg("row %zu: %s", i, r.torn ? r.torn : "not torn");
	}
}

/* The same reading in answer to different mails of ours. */
static void
test_what_is_answered_counts(void **state)
{
	static const struct {
		enum thread_context context;
		enum intent intent;
		uint64_t facts;
		const char *torn;
	} rows[] = {
		/* The page of the link takes no private account. */
		{ CONTEXT_HELP, INTENT_PERSONAL_ACCOUNT, 0, NULL },
		{ CONTEXT_LINK, INTENT_PERSONAL_ACCOUNT, 0, "contradiction" },
		/* We asked which company it is. */
		{ CONTEXT_HELP, INTENT_OTHER, 0, NULL },
		{ CONTEXT_ASK_DOMAIN, INTENT_OTHER, 0, "unclear" },
		{ CONTEXT_ASK_DOMAIN, INTENT_OTHER, FACT_THANKS, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct signals s = { .facts = rows[i].facts,
			.context = rows[i].context };
		struct reading r = { .intent = INTENT_OTHER };

		r.probability[rows[i].intent] = 1;
		combine_reading(&s, &r);
		if (r.torn ? !rows[i].torn || strcmp(r.torn, rows[i].torn)
		    : rows[i].torn != NULL)
			fail_msg("row %zu: %s", i, r.torn ? r.torn : "not torn");
	}
}

/* Who has a case that waits for a person needs not name the matter again. */
static void
test_a_case_that_waits(void **state)
{
	struct signals s = { .context = CONTEXT_FIRST };

	(void)state;
	for (int waits = 0; waits < 2; waits++) {
		struct reading r = { .intent = INTENT_OTHER };

		r.probability[INTENT_WANT_LINK] = 0.97;
		r.probability[INTENT_OTHER] = 0.03;
		s.points[INTENT_WANT_LINK] = 2;
		s.case_waits = waits;
		combine_reading(&s, &r);
		if (waits)
			assert_null(r.torn);
		else
			assert_string_equal(r.torn, "no_rule_agrees");
	}
}

/* Whose mail is elsewhere, and who asks for the link in a talk with us, is not left. */
static void
test_a_wish_from_elsewhere(void **state)
{
	static const struct {
		enum thread_context context;
		bool waits;
		double wants;
		uint64_t facts;
		const char *torn;
	} rows[] = {
		{ CONTEXT_HELP, false, 2, FACT_OTHER_CLOUD, "no_cloud" },
		{ CONTEXT_FIRST, true, 2, FACT_OTHER_CLOUD, "no_cloud" },
		{ CONTEXT_FIRST, false, 2, FACT_OTHER_CLOUD, NULL },
		{ CONTEXT_HELP, false, 0, FACT_OTHER_CLOUD, NULL },
		{ CONTEXT_HELP, false, 2, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct signals s = { .context = rows[i].context,
			.case_waits = rows[i].waits, .facts = rows[i].facts };
		struct reading r = { .intent = INTENT_OTHER };

		r.probability[INTENT_OTHER] = 0.999;
		s.points[INTENT_WANT_LINK] = rows[i].wants;
		combine_reading(&s, &r);
		assert_string_equal(r.torn ? r.torn : "",
		    rows[i].torn ? rows[i].torn : "");
	}
}

/* "Take me off your list" to us is a no; out of the blue it is anybody's. */
static void
test_no_more_mail(void **state)
{
	static const struct {
		enum thread_context context;
		enum intent read, then;
	} rows[] = {
		{ CONTEXT_HELP, INTENT_OTHER, INTENT_REFUSED },
		{ CONTEXT_LINK, INTENT_WANT_LINK, INTENT_REFUSED },
		{ CONTEXT_LINK, INTENT_STILL_BLOCKED, INTENT_STILL_BLOCKED },
		{ CONTEXT_FIRST, INTENT_OTHER, INTENT_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct signals s = { .context = rows[i].context,
			.facts = FACT_STOP };
		struct reading r = { .intent = INTENT_OTHER };

		r.probability[rows[i].read] = 0.97;
		combine_reading(&s, &r);
		assert_int_equal(r.intent, rows[i].then);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubt_is_for_a_person),
		cmocka_unit_test(test_a_picture_in_place_of_words),
		cmocka_unit_test(test_what_is_answered_counts),
		cmocka_unit_test(test_a_case_that_waits),
		cmocka_unit_test(test_a_wish_from_elsewhere),
		cmocka_unit_test(test_no_more_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
