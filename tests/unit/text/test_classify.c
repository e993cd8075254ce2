#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shipped.h"

#include "text/codes.h"
#include "text/decide.h"

/* The shipped rules and model over mails of ours: what must never break. */
static int
setup(void **state)
{
	(void)state;
	return shipped_load(SHIPPED_MODEL,
	    "0C7E6A1F-58d2-4b90-9c1e-3f2a7d64b8e5");
}

static struct reading
read_from(const char *sender, const char *text, enum thread_context context,
    const char *language)
{
	struct classify_input in = {
		.sender = sender, .language = language, .context = context,
	};
	struct reading r;

	in.zone[ZONE_NEW] = str_of(text);
	if (context == CONTEXT_HELP)
		in.subject = STR("Re: \"Need admin approval\" when connecting "
		    "Outlook");
	arena_reset(a);
	classify_run(c, a, &in, &r);
	return r;
}

static struct reading
read_text(const char *text, enum thread_context context, const char *language)
{
	return read_from("someone@example.com", text, context, language);
}

static void
test_names(void **state)
{
	enum thread_context context;
	enum intent intent;

	(void)state;
	for (size_t i = 0; i < INTENT_COUNT; i++) {
		assert_true(intent_of(str_of(intent_name((enum intent)i)),
		    &intent));
		assert_int_equal(intent, i);
	}
	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		assert_true(context_of(str_of(context_name(
		    (enum thread_context)i)), &context));
		assert_int_equal(context, i);
	}
	assert_false(intent_of(STR("none"), &intent));
	assert_false(context_of(STR(""), &context));
}

static void
put_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* A text that a rule gives up on is a person's, whatever else it says. */
static void
test_rule_limit(void **state)
{
	char dir[] = "/tmp/cd-rules-XXXXXX", path[256], text[4096];
	struct classifier_options o = { .rules_dir = dir };
	struct classifier *slow = NULL;
	struct classify_input in = { .sender = "", .language = "en" };
	struct cd_err err = { "" };
	struct reading r;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put_file(dir, "codes", "");
	put_file(dir, "slow.rules",
	    "[rule slow]\nborder = none\nmatch = (k+k+)+x\nsays = blocked +1\n");
	if (classifier_load(&o, &slow, &err) != CD_OK)
		fail_msg("%s", err.text);
	in.zone[ZONE_NEW] = STR("kkx");
	classify_run(slow, a, &in, &r);
	assert_true(!r.torn || strcmp(r.torn, "rule_limit") != 0);
	memset(text, 'k', sizeof text);
	memcpy(text + sizeof text - 3, " x", 3);
	in.zone[ZONE_NEW] = str_of(text);
	classify_run(slow, a, &in, &r);
	assert_string_equal(r.torn, "rule_limit");
	classifier_free(&slow);
	snprintf(path, sizeof path, "%s/codes", dir);
	unlink(path);
	snprintf(path, sizeof path, "%s/slow.rules", dir);
	unlink(path);
	rmdir(dir);
}

/* What a rule says must mean something; names with a dot are anybody's notes,
 * but for the topics that are the program's own. */
static void
test_unknown_effects(void **state)
{
	static const struct {
		const char *says;
		bool refused;
	} rows[] = {
		{ "grayed_out +3", true }, { "role.amdin", true },
		{ "blocked +1, bare.yess", true }, { "role.admin", false },
		{ "own.note", false }, { "roles.amdin", false },
	};
	char dir[] = "/tmp/cd-rules-XXXXXX", path[256], text[256];
	struct classifier_options o = { .rules_dir = dir };

	(void)state;
	assert_non_null(mkdtemp(dir));
	put_file(dir, "codes", "");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct classifier *own_rules = NULL;
		struct cd_err err = { "" };

		snprintf(text, sizeof text,
		    "[rule r]\nmatch = x\n\nsays = %s\n", rows[i].says);
		put_file(dir, "x.rules", text);
		if (classifier_load(&o, &own_rules, &err) !=
		    (rows[i].refused ? CD_MALFORMED : CD_OK))
			fail_msg("%s: %s", rows[i].says, err.text);
		if (rows[i].refused &&
		    (strncmp(err.text, "x.rules:4: \"", 12) != 0 ||
		    !strstr(err.text, "is neither an intent (other, ") ||
		    !strstr(err.text, "greyed_out")))
			fail_msg("%s", err.text);
		classifier_free(&own_rules);
	}
	snprintf(path, sizeof path, "%s/codes", dir);
	unlink(path);
	snprintf(path, sizeof path, "%s/x.rules", dir);
	unlink(path);
	rmdir(dir);
}

/* A short answer means what the mail it answers makes of it. */
/* The rule that is against the reading comes first, with what it says. */
static void
test_who_objects(void **state)
{
	static const struct {
		const char *text, *first, *says;
		double weight;
		bool torn;
	} rows[] = {
		{ "the wall is there and the tariff", "tariff", "other", 3,
		    true },
		{ "the wall is there, yes", "yes", "other", 4, true },
		{ "the wall is there, by another shop", "shop", "elsewhere", 1,
		    true },
		/* The same answer: no objection. */
		{ "the wall is there and a link", "wall", NULL, 0, false },
		/* Too weak to hold the answer back. */
		{ "the wall is there and a song", "wall", NULL, 0, false },
	};
	char dir[] = "/tmp/cd-rules-XXXXXX", path[256];
	struct classifier_options o = { .rules_dir = dir };
	struct classifier *few = NULL;
	struct classify_input in = { .sender = "", .language = "en" };
	struct cd_err err = { "" };
	struct reading r;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put_file(dir, "codes", "");
	put_file(dir, "few.rules",
	    "[rule wall]\nmatch = wall\nsays = blocked +9, matter\n"
	    "[rule tariff]\nmatch = tariff\nsays = blocked -1, other +3\n"
	    "[rule yes]\nmatch = yes\nsays = bare.yes\n"
	    "[rule shop]\nmatch = shop\nsays = elsewhere\n"
	    "[rule link]\nmatch = link\nsays = want_link +4\n"
	    "[rule song]\nmatch = song\nsays = other +1\n");
	if (classifier_load(&o, &few, &err) != CD_OK)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		in.zone[ZONE_NEW] = str_of(rows[i].text);
		arena_reset(a);
		classify_run(few, a, &in, &r);
		assert_int_equal(r.intent, INTENT_BLOCKED);
		assert_int_equal(r.torn && strcmp(r.torn,
		    "rules_against_model") == 0, rows[i].torn);
		assert_true(r.n_evidence == 2);
		assert_string_equal(r.evidence[0].rule, rows[i].first);
		if (!rows[i].says) {
			assert_null(r.evidence[0].says);
			continue;
		}
		assert_string_equal(r.evidence[0].says, rows[i].says);
		assert_true(r.evidence[0].says_weight == rows[i].weight);
		assert_null(r.evidence[1].says);
		assert_true(r.evidence[1].weight == 9);
	}
	/* What does not hold the answer back is told as well. */
	assert_string_equal(r.evidence[1].says, "other");
	classifier_free(&few);
	snprintf(path, sizeof path, "%s/few.rules", dir);
	assert_int_equal(remove(path), 0);
	snprintf(path, sizeof path, "%s/codes", dir);
	assert_int_equal(remove(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void
test_bare_answers(void **state)
{
	static const struct {
		const char *text;
		enum thread_context context;
		enum intent intent;
	} rows[] = {
		{ "Yes please", CONTEXT_HELP, INTENT_WANT_LINK },
		{ "yes please!", CONTEXT_OTHER, INTENT_OTHER },
		{ "done", CONTEXT_HELP, INTENT_APPROVED },
		{ "Done", CONTEXT_LINK, INTENT_APPROVED },
		{ "done", CONTEXT_OTHER, INTENT_OTHER },
		{ "Thank you!", CONTEXT_HELP, INTENT_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r = read_text(rows[i].text, rows[i].context,
		    "en");

		assert_string_equal(intent_name(r.intent),
		    intent_name(rows[i].intent));
	}
}

static void
test_question_marks_are_unclear(void **state)
{
	struct reading r = read_text("??", CONTEXT_HELP, "");

	(void)state;
	assert_int_equal(r.intent, INTENT_BLOCKED);
	assert_string_equal(r.torn, "unclear");
}

/* In Latin letters, which the model takes for what they seem. */
static void
test_no_is_no_yes(void **state)
{
	static const char *const rows[] = { "net", "Net.", "net spasibo",
		"ne nado, spasibo", "nyet" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r = read_text(rows[i], CONTEXT_HELP, "ru");

		if (intent_is_ours(r.intent) && !r.torn)
			fail_msg("\"%s\": %s", rows[i], intent_name(r.intent));
	}
}

static void
test_languages(void **state)
{
	static const struct {
		const char *language, *text;
		enum thread_context context;
		enum intent intent;
	} rows[] = {
		{ "en", "Microsoft says need admin approval when I connect my "
		    "Outlook, what do I do?", CONTEXT_FIRST, INTENT_BLOCKED },
		{ "en", "the grant button is greyed out", CONTEXT_HELP,
		    INTENT_GREYED_OUT },
		{ "en", "Numeo is not in the list of enterprise apps",
		    CONTEXT_HELP, INTENT_CANT_FIND_APP },
		{ "es", "Se necesita la aprobaci\xc3\xb3n del administrador",
		    CONTEXT_FIRST, INTENT_BLOCKED },
		{ "de", "Bitte den Link schicken", CONTEXT_HELP,
		    INTENT_WANT_LINK },
		{ "fr", "Le bouton est gris\xc3\xa9", CONTEXT_HELP,
		    INTENT_GREYED_OUT },
		{ "pl", "Prosz\xc4\x99 o link", CONTEXT_HELP,
		    INTENT_WANT_LINK },
		{ "uz", "linkni yuboring iltimos", CONTEXT_HELP,
		    INTENT_WANT_LINK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r = read_text(rows[i].text, rows[i].context,
		    rows[i].language);

		assert_string_equal(intent_name(r.intent),
		    intent_name(rows[i].intent));
		assert_true(r.confidence > 0.5);
		assert_true(r.n_evidence > 0);
	}
}

/* The same words about other things are never answered by themselves. */
static void
test_same_words_other_matter(void **state)
{
	static const char *const rows[] = {
		"Please approve the attached rate confirmation for load 88213",
		"How do I make my wife an admin in Numeo?",
		"The login link you sent me has expired, send another one",
		"Slack says an administrator must approve your app",
		"I am the Google Workspace admin, what client id do I allow?",
		"Invoice 4417 is waiting for the approval of our admin",
		"Where do I find the link to download the rate con?",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct facts f = {
			.authentication = AUTH_PASS, .review_below = 0.75,
			.domain = "example.com",
		};

		f.reading = read_text(rows[i], CONTEXT_FIRST, "en");
		if (action_sends(decide(&f).action))
			fail_msg("\"%s\" would be answered", rows[i]);
	}
}

/* Our own help article in the quote is no evidence; Microsoft's screen is. */
static void
test_quotes(void **state)
{
	static const char article[] =
	    "If Microsoft shows \"Need admin approval\" while connecting "
	    "Outlook, your company's Microsoft 365 admin approves Numeo once. "
	    "Forward the 2-minute steps below to them, or reply here and we'll "
	    "send a one-click approval link instead.\n"
	    "In the left menu, under \"Security,\" click \"Permissions.\"\n"
	    "Click \"Grant admin consent for [your company name].\"\n"
	    "If the \"Grant admin consent\" button is greyed out, this account "
	    "can't approve apps on its own - ask a Global Administrator.\n"
	    "Is this safe to approve? It's never sold.\n"
	    "Can't find Numeo in step 3, button greyed out, or stuck anywhere?";
	struct classify_input in = { .sender = "", .language = "en" };
	struct reading r;

	(void)state;
	in.zone[ZONE_QUOTED] = STR(article);
	in.context = CONTEXT_HELP;
	arena_reset(a);
	classify_run(c, a, &in, &r);
	for (size_t i = 0; i < r.n_evidence; i++)
		assert_string_not_equal(r.evidence[i].zone, "quoted");
	in.zone[ZONE_QUOTED] = STR("Numeo needs permission to access resources "
	    "in your organization that only an admin can grant. AADSTS90094");
	in.context = CONTEXT_FIRST;
	arena_reset(a);
	classify_run(c, a, &in, &r);
	assert_int_equal(r.code, 90094);
	assert_string_equal(r.remedy, "consent");
	assert_string_equal(r.evidence[0].zone, "quoted");
}

static void
test_names_in_the_mail(void **state)
{
	struct reading r = read_text("I manage IT for our client, send the "
	    "consent link for redhill-freight.com please. https://login."
	    "microsoftonline.com/0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5/x",
	    CONTEXT_FIRST, "en");

	(void)state;
	assert_string_equal(r.named_domain, "redhill-freight.com");
	assert_false(r.several_domains);
	assert_false(r.other_tenant);
	assert_string_equal(r.tenant_guid,
	    "0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5");
	assert_string_equal(r.role, "msp");
	r = read_text("Our client wants us to approve Numeo in their tenant, "
	    "how do we do that?", CONTEXT_FIRST, "en");
	assert_true(r.other_tenant);
	assert_null(r.named_domain);
	/* Whoever tells of an MSP is none. */
	r = read_text("Our MSP bills by the quarter hour, so send me the one "
	    "click link for approval of Outlook please", CONTEXT_HELP, "en");
	assert_false(r.other_tenant);
	assert_string_equal(r.role, "unknown");
	r = read_text("We are the MSP of this company, how do we approve "
	    "Numeo for Outlook?", CONTEXT_FIRST, "en");
	assert_true(r.other_tenant);
	r = read_text("Send links for a-freight.com and b-freight.com",
	    CONTEXT_FIRST, "en");
	assert_true(r.several_domains);
}

#define TENANT "0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5/x"
#define ANOTHER "1c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5/x"

/* Only Microsoft's own host names a tenant, and two are one too many. */
static void
test_pasted_tenant(void **state)
{
	static const struct {
		const char *text;
		bool tenant, several;
	} rows[] = {
		{ "https://login.microsoftonline.com/" TENANT, true, false },
		{ "(login.microsoftonline.com/" TENANT, true, false },
		{ "https://evil.com/login.microsoftonline.com/" TENANT, false, false },
		{ "https://evil.com//login.microsoftonline.com/" TENANT, false, false },
		{ "https://evillogin.microsoftonline.com/" TENANT, false, false },
		{ "https://evil-login.microsoftonline.com/" TENANT, false, false },
		{ "https://a.login.microsoftonline.com/" TENANT, false, false },
		{ "https://login.microsoftonline.com@evil.com/" TENANT, false, false },
		{ "https://login.microsoftonline.com/" TENANT
		    " https://login.microsoftonline.com/" ANOTHER, true, true },
		{ "https://login.microsoftonline.com/" TENANT
		    " https://login.windows.net/" ANOTHER, true, true },
		{ "https://login.microsoftonline.com/" TENANT
		    " https://login.windows.net/" TENANT, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r = read_text(rows[i].text, CONTEXT_FIRST, "en");

		if ((r.tenant_guid != NULL) != rows[i].tenant ||
		    r.several_domains != rows[i].several)
			fail_msg("%s", rows[i].text);
	}
}

/* However it is written, and beside ours too. */
static void
test_other_client(void **state)
{
	static const char *const rows[] = {
		"client_id=", "client_id%3d", "client_id={", "client_id%3d%7b",
		"appid/", "appid%2f",
		"client_id=0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5 client_id=",
	};
	struct str ours = STR("0C7E6A1F-58d2-4b90-9c1e-3f2a7d64b8e5");
	struct str other = STR("deadbeef-58d2-4b90-9c1e-3f2a7d64b8e5");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[200];

		snprintf(text, sizeof text, "%s%s", rows[i], other.p);
		assert_true(str_eq(codes_client(str_of(text), ours), other));
		snprintf(text, sizeof text, "%s%s", rows[i], ours.p);
		assert_int_equal(codes_client(str_of(text), ours).n, 0);
	}
}

/* An address of Microsoft's for somebody else's application. */
static void
test_pasted_application(void **state)
{
	static const struct {
		const char *id, *torn;
	} rows[] = {
		{ "0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5", NULL },
		{ "deadbeef-58d2-4b90-9c1e-3f2a7d64b8e5",
		    "rules_against_model" },
		{ "no-guid", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[300];
		struct reading r;
		bool named = false;

		snprintf(text, sizeof text, "Need admin approval, it says, when "
		    "I connect Outlook to Numeo. https://login.microsoftonline"
		    ".com/common/adminconsent?client_id=%s", rows[i].id);
		r = read_text(text, CONTEXT_HELP, "en");
		if (r.torn ? !rows[i].torn || strcmp(r.torn, rows[i].torn) != 0
		    : rows[i].torn != NULL)
			fail_msg("%s: %s", rows[i].id, r.torn ? r.torn : "-");
		for (size_t k = 0; k < r.n_evidence; k++)
			named = named || strcmp(r.evidence[k].match,
			    rows[i].id) == 0;
		assert_int_equal(named, strlen(rows[i].id) == 36);
	}
}

static void
test_law_and_machines(void **state)
{
	struct classify_input in = { .sender = "", .language = "en" };
	struct reading r = read_text("Our lawyer will contact you because "
	    "nobody authorised your app in our Microsoft tenant. Remove it.",
	    CONTEXT_FIRST, "en");
	double sum = 0;

	(void)state;
	assert_int_equal(r.intent, INTENT_REFUSED);
	assert_string_equal(r.torn, "legal_words");
	for (size_t k = 0; k < INTENT_COUNT; k++)
		sum += r.probability[k];
	assert_true(sum > 0.999 && sum < 1.001);
	in.automatic = "list";
	in.zone[ZONE_NEW] = STR("please send the link");
	arena_reset(a);
	classify_run(c, a, &in, &r);
	assert_int_equal(r.intent, INTENT_AUTOMATIC);
	assert_true(r.confidence > 0.99);
}

/* Good news with a question in it: closing the case would answer nobody. */
static void
test_good_news_and_a_question(void **state)
{
	static const struct {
		const char *text;
		bool torn;
	} rows[] = {
		{ "It works now, thank you!", false },
		{ "It works now, thank you! See https://numeo.ai/x?y=1", false },
		{ "It works now, thank you! Do the others connect the same way?",
		    true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r = read_text(rows[i].text, CONTEXT_LINK, "en");

		assert_int_equal(r.intent, INTENT_APPROVED);
		if ((r.torn && strcmp(r.torn, "unclear") == 0) != rows[i].torn)
			fail_msg("\"%s\": %s", rows[i].text,
			    r.torn ? r.torn : "sure");
	}
}

/* A person reads what we cannot. */
static void
test_unread_language(void **state)
{
	static const struct {
		const char *text, *language;
		enum thread_context context;
		bool torn;
	} rows[] = {
		{ "Skicka länken tack så kör vi på det", "sv", CONTEXT_HELP,
		    true },
		{ "Tack", "sv", CONTEXT_LINK, true },
		{ "Fakturan har fel adress", "sv", CONTEXT_FIRST, false },
		{ "Hur kopplar jag Outlook?", "sv", CONTEXT_FIRST, true },
		{ "مايكروسوفت تطلب موافقة المسؤول لتطبيق Numeo", "ar", CONTEXT_FIRST,
		    true },
		{ "Thanks a lot", "en", CONTEXT_HELP, false },
		{ "Danke", "de", CONTEXT_HELP, false },
		{ "ok ty", "", CONTEXT_HELP, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r = read_text(rows[i].text, rows[i].context,
		    rows[i].language);

		if ((r.intent == INTENT_OTHER && !r.torn) == rows[i].torn)
			fail_msg("\"%s\" is read as %s, %s", rows[i].text,
			    intent_name(r.intent), r.torn ? r.torn : "sure");
	}
}

/* What a stranger can write costs little: the limit is generous because
 * sanitizers are slow; without one a mail takes milliseconds. */
static void
test_hostile(void **state)
{
	static const char *const seeds[] = {
		"admin approve ", "a", "link send ", "(((((", "can't find ",
		"\xd0\xb0\xd0\xb4\xd0\xbc\xd0\xb8\xd0\xbd ", "button grey ",
		"\xff\xfe\xc0\x80", "aadsts", "?", "approved still not ",
		"\xcc\x81", "https://login.microsoftonline.com/",
	};
	static char text[100 * 1024];

	(void)state;
	for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
		struct classify_input in = { .sender = "", .language = "" };
		struct reading r;
		size_t n = strlen(seeds[i]);

		for (size_t k = 0; k < sizeof text; k++)
			text[k] = seeds[i][k % n];
		for (size_t z = 0; z < ZONE_COUNT; z++)
			in.zone[z] = (struct str){ text, sizeof text };
		in.subject = in.zone[0];
		arena_reset(a);
		classify_run(c, a, &in, &r);
		assert_true(r.n_evidence <= CD_MAX_EVIDENCE);
	}
}

static void
test_same_twice(void **state)
{
	struct reading x = read_text("need admin approval", CONTEXT_FIRST, "en");
	struct reading y = read_text("need admin approval", CONTEXT_FIRST, "en");

	(void)state;
	assert_memory_equal(x.probability, y.probability,
	    sizeof x.probability);
}

/* Nobody's case is closed because others are in. */
static void
test_good_news_of_others(void **state)
{
	static const struct {
		const char *text, *language;
	} rows[] = {
		{ "He clicked it and it works for him but not for me", "en" },
		{ "o TI aceitou e funcionou pra ele, mas pra mim aparece a "
		    "mesma tela", "pt" },
		{ "Der Chef hat zugestimmt, bei ihm geht es, aber bei mir "
		    "kommt dasselbe Fenster", "de" },
		{ "админ одобрил, у всех работает, а у меня нет", "ru" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r = read_text(rows[i].text, CONTEXT_LINK,
		    rows[i].language);

		if (r.intent == INTENT_APPROVED && !r.torn)
			fail_msg("row %zu would be closed", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_news_of_others),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rule_limit),
		cmocka_unit_test(test_who_objects),
		cmocka_unit_test(test_unknown_effects),
		cmocka_unit_test(test_bare_answers),
		cmocka_unit_test(test_question_marks_are_unclear),
		cmocka_unit_test(test_no_is_no_yes),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_same_words_other_matter),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_names_in_the_mail),
		cmocka_unit_test(test_pasted_tenant),
		cmocka_unit_test(test_other_client),
		cmocka_unit_test(test_pasted_application),
		cmocka_unit_test(test_law_and_machines),
		cmocka_unit_test(test_good_news_and_a_question),
		cmocka_unit_test(test_unread_language),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_same_twice),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
