#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/classifier.h"
#include "text/decide.h"
#include "unit.h"

/* The shipped rules and model over mails of ours: what must never break. */
static struct classifier *c;
static struct arena *a;

static const char *const product[] = { "Numeo", "Numeo Spot" };
static const char *const own[] = { "numeo.ai" };

static int
setup(void **state)
{
	struct classifier_options o = {
		.rules_dir = CD_TOP "/conf/rules",
		.model_file = CD_TOP "/conf/model.bin",
		.product_names = product, .n_product_names = 2,
		.own_domains = own, .n_own_domains = 1,
	};
	struct cd_err err = { "" };

	(void)state;
	if (classifier_load(&o, &c, &err) != CD_OK) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	a = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	classifier_free(&c);
	arena_free(&a);
	return 0;
}

static struct reading
read_text(const char *text, enum thread_context context, const char *language)
{
	struct classify_input in = {
		.sender = "someone@example.com", .language = language,
		.context = context,
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

/* A short answer means what the mail it answers makes of it. */
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

#define FIRST	(1u << 31)	/* no fact: it answers nothing of ours */

/* What is answered must be likely enough, and the contrary unlikely. */
static void
test_doubt_is_for_a_person(void **state)
{
	static const struct {
		enum intent intent, contrary;
		double likely, doubt;	/* the rest is other */
		double points, against;	/* of the rules, for each */
		unsigned facts;
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
		/* However sure the model is. */
		{ INTENT_WANT_LINK, INTENT_REFUSED, 0.999, 0.001, 2, 0,
		    FACT_SAYS_NO, "contradiction" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.999, 0.001, 2, 0,
		    FACT_CLAIM | FACT_MATTER | FACT_MAIL | FIRST,
		    "contradiction" },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.999, 0.001, 0, 3, 0,
		    "rules_against_model" },
		/* Hints do not, beyond doubt. */
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.97, 0.02, 0, 2, 0,
		    "rules_against_model" },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.97, 0.02, 0, 2,
		    FACT_MATTER, NULL },
		{ INTENT_WANT_LINK, INTENT_OTHER, 0.992, 0.01, 0, 2, 0, NULL },
		{ INTENT_WANT_LINK, INTENT_REFUSED, 0.95, 0.01, 2, 0,
		    FACT_LEGAL, "legal_words" },
		{ INTENT_WANT_LINK, INTENT_REFUSED, 0.985, 0.01, 2, 0,
		    FACT_LEGAL, "legal_words" },
		{ INTENT_WANT_LINK, INTENT_REFUSED, 0.88, 0.01, 0, 0, 0, NULL },
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
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.985, 0.01, 2, 0,
		    FIRST, "no_rule_agrees" },
		{ INTENT_BLOCKED, INTENT_REFUSED, 0.992, 0.01, 2, 0,
		    FIRST, NULL },
		/* Rules that are sure of the matter are not overruled. */
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.45, 0.10, 0, 3,
		    FACT_MATTER, "rules_against_model" },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.45, 0.10, 0, 3, 0, NULL },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.45, 0.10, 1, 3,
		    FACT_MATTER, NULL },
		{ INTENT_OTHER, INTENT_GREYED_OUT, 0.95, 0.02, 0, 3,
		    FACT_MATTER | FACT_ELSEWHERE, NULL },
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
	}
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

/* Who says no, or that it is approved, is angry or threatens, and who only tells
 * of a screen or of what is yet to come, or uses another language's word. */
static void
test_what_rules_object_to(void **state)
{
	static const struct {
		const char *text, *language;
		unsigned asked, facts;
	} rows[] = {
		{ "Our IT refused it", "en", FACT_SAYS_NO, FACT_SAYS_NO },
		{ "The page refuses my account", "en", FACT_SAYS_NO, 0 },
		{ "I can't approve this myself", "en", FACT_SAYS_NO, 0 },
		{ "Das erlauben wir nicht", "de", FACT_SAYS_NO, FACT_SAYS_NO },
		{ "Der Knopf l\xc3\xa4sst sich nicht dr\xc3\xbc" "cken", "de",
		    FACT_SAYS_NO, 0 },
		{ "Директор против", "ru", FACT_SAYS_NO, FACT_SAYS_NO },
		{ "Директор не против", "ru", FACT_SAYS_NO, 0 },
		{ "админ одобрил", "ru", FACT_CLAIM, FACT_CLAIM },
		{ "нужна ссылка, чтобы наш админ одобрил", "ru", FACT_CLAIM, 0 },
		{ "L'administrateur a approuv\xc3\xa9", "fr", FACT_CLAIM,
		    FACT_CLAIM },
		{ "Seul un administrateur peut approuver", "fr", FACT_CLAIM, 0 },
		{ "admin approval on Truckstop", "en", FACT_ELSEWHERE,
		    FACT_ELSEWHERE },
		{ "admin, wie is dat", "nl", FACT_ELSEWHERE, 0 },
		{ "yes thanks", "en", FACT_THANKS, 0 },
		{ "El director no lo autoriza", "es", FACT_SAYS_NO,
		    FACT_SAYS_NO },
		{ "La página no me permite seguir", "es", FACT_SAYS_NO, 0 },
		{ "A diretoria não autoriza", "pt", FACT_SAYS_NO,
		    FACT_SAYS_NO },
		{ "O botão não aceita o clique", "pt", FACT_SAYS_NO, 0 },
		{ "Il capo non vuole", "it", FACT_SAYS_NO, FACT_SAYS_NO },
		{ "Szef odmówił", "pl", FACT_SAYS_NO, FACT_SAYS_NO },
		{ "System odrzuca moje konto", "pl", FACT_SAYS_NO, 0 },
		{ "Patron kabul etmiyor", "tr", FACT_SAYS_NO, FACT_SAYS_NO },
		{ "Patron kabul etmişti", "tr", FACT_SAYS_NO, 0 },
		{ "Sayfa bana izin vermiyor", "tr", FACT_SAYS_NO, 0 },
		{ "Директор заборонив", "uk", FACT_SAYS_NO, FACT_SAYS_NO },
		{ "Система не дозволяє", "uk", FACT_SAYS_NO, 0 },
		{ "Rahbar ruxsat bermadi", "uz", FACT_SAYS_NO, FACT_SAYS_NO },
		{ "taqiq belgisi chiqadi", "uz", FACT_SAYS_NO, 0 },
		{ "Le bouton m'est refusé", "fr", FACT_SAYS_NO, 0 },
		{ "Die Seite verweigert mir das", "de", FACT_SAYS_NO, 0 },
		{ "Система не разрешает", "ru", FACT_SAYS_NO, 0 },
		{ "адмін схвалив", "uk", FACT_CLAIM, FACT_CLAIM },
		{ "щоб наш адмін схвалив", "uk", FACT_CLAIM, 0 },
		{ "admin zatwierdził", "pl", FACT_CLAIM, FACT_CLAIM },
		{ "żeby admin zatwierdził", "pl", FACT_CLAIM, 0 },
		{ "Men qarshi emasman", "uz", FACT_SAYS_NO, 0 },
		{ "Ми самі не дамо ради", "uk", FACT_SAYS_NO, 0 },
		{ "refus de Microsoft", "fr", FACT_SAYS_NO, 0 },
		{ "усе працювало до вчора", "uk", FACT_WORKED, FACT_WORKED },
		{ "Почав тут працювати вчора", "uk", FACT_WORKED, 0 },
		{ "conectado até ontem", "pt", FACT_WORKED, FACT_WORKED },
		{ "Não fui conectado ainda, mesmo", "pt", FACT_WORKED, 0 },
		{ "My admin approved the app. It says it's not approved", "en",
		    FACT_CLAIM, FACT_CLAIM },
		{ "The admin has not approved it", "en", FACT_CLAIM, 0 },
		{ "We will sue you", "en", FACT_LEGAL, FACT_LEGAL },
		{ "Send it to Sue", "en", FACT_LEGAL, 0 },
		{ "Dava açacağız", "tr", FACT_LEGAL, FACT_LEGAL },
		{ "ok davay linkni", "uz", FACT_LEGAL, 0 },
		{ "O link é legal", "pt", FACT_LEGAL, 0 },
		{ "Užas jedan", "sr", FACT_EMOTION, FACT_EMOTION },
		{ "Proszą o uzasadnienie", "pl", FACT_EMOTION, 0 },
		{ "Basta un clic", "it", FACT_EMOTION, 0 },
		{ "Tek bir tık yeter mi", "tr", FACT_EMOTION, 0 },
		{ "Die Genehmigung verlangt eine Begründung", "de", FACT_MATTER,
		    FACT_MATTER },
		{ "Der Knopf für die Zustimmung ist grau", "de", FACT_MATTER,
		    FACT_MATTER },
		{ "Der Knopf ist grau", "de", FACT_MATTER, 0 },
		{ "De directie wijst het af", "nl", FACT_SAYS_NO, FACT_SAYS_NO },
		{ "Het systeem weigert steeds", "nl", FACT_SAYS_NO, 0 },
		{ "Is Exchange Administrator enough?", "en", FACT_MATTER, 0 },
		{ "En Entra no hay nada", "es", FACT_MATTER, FACT_MATTER },
		{ "Entra na tela e para", "pt", FACT_MATTER, 0 },
	};
	static struct collected got;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct classify_input in = {
			.sender = "", .language = rows[i].language,
			.context = CONTEXT_HELP,
		};

		in.zone[ZONE_NEW] = str_of(rows[i].text);
		arena_reset(a);
		classify_collect(c, a, &in, &got);
		if ((got.signals.facts & rows[i].asked) != rows[i].facts)
			fail_msg("\"%s\" is misread", rows[i].text);
	}
}

/* In answer to an offer of a link or steps. */
static void
test_the_link_is_declined(void **state)
{
	static const char *const rows[][2] = {
		{ "en", "No need for the link, the steps will do" },
		{ "es", "No hace falta el enlace" },
		{ "pt", "Não precisa mandar o link" },
		{ "fr", "Pas besoin de lien, merci" },
		{ "it", "Il link lo lasciamo stare" },
		{ "de", "Wir brauchen keinen Link" },
		{ "nl", "Laat die link maar zitten" },
		{ "ru", "Ссылка не нужна" },
		{ "uk", "Посилання поки не треба" },
		{ "pl", "Nie potrzebujemy linku" },
		{ "tr", "Linke gerek yok" },
		{ "uz", "link shart emas" },
		{ "sr", "nema potrebe za linkom" },
		{ "zh", "不用发链接" },
	};
	static struct collected got;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct classify_input in = {
			.sender = "", .language = rows[i][0],
			.context = CONTEXT_HELP,
		};

		in.zone[ZONE_NEW] = str_of(rows[i][1]);
		arena_reset(a);
		classify_collect(c, a, &in, &got);
		if (got.signals.points[INTENT_WANT_LINK] >= 0)
			fail_msg("\"%s\" is misread", rows[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubt_is_for_a_person),
		cmocka_unit_test(test_good_news_of_others),
		cmocka_unit_test(test_what_rules_object_to),
		cmocka_unit_test(test_the_link_is_declined),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rule_limit),
		cmocka_unit_test(test_bare_answers),
		cmocka_unit_test(test_question_marks_are_unclear),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_same_words_other_matter),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_names_in_the_mail),
		cmocka_unit_test(test_law_and_machines),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_same_twice),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
