#include <string.h>

#include "shipped.h"

#include "text/whose.h"

/* Whose tenant a mail is about, by the domains that it names: with the shipped
 * rules and model. */
static int
setup(void **state)
{
	(void)state;
	return shipped_load(SHIPPED_MODEL, NULL);
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

/* The link is made for the tenant of this domain. */
static void
test_whose_tenant(void **state)
{
	static const struct {
		const char *sender, *language, *text;
		const char *domain;	/* NULL: the sender's own */
		bool several;
	} rows[] = {
		{ "jo@acme.com", "en", "Send the link to our IT guy bob@kestrel.io",
		    NULL, false },
		{ "jo@acme.com", "en", "Send the link, https://imgur.com/a/abc is "
		    "the screen", NULL, false },
		{ "jo@acme.com", "en", "Send the link please\n\nJo\nwww.other.com",
		    NULL, false },
		{ "jo@acme.com", "en", "Send the link. Mail is on mail.acme.com",
		    NULL, false },
		{ "jo@acme.com", "en", "Send the link. Our broker is at tql.com",
		    NULL, true },
		{ "jo@acme.com", "es", "Mande el enlace, nos recomendó tql.com",
		    NULL, true },
		/* It stands below everybody's mails. */
		{ "jo@acme.com", "es", "Mande el enlace\nSin virus.www.avast.com",
		    NULL, false },
		{ "jo@gmail.com", "en", "Send the link\nhttps://bluemail.me",
		    NULL, false },
		{ "jo@acme.com", "en", "Send the link, the tenant is acmehold.com",
		    "acmehold.com", false },
		/* Whose page told what to press. */
		{ "jo@acme.com", "en", "The button is greyed out, I followed "
		    "petri.com", NULL, true },
		{ "jo@acme.com", "de", "Der Knopf ist grau, nach der Anleitung auf "
		    "petri.com", NULL, true },
		/* A person's address, beside a word of tenants, is not yet it. */
		{ "jo@acme.com", "en", "Please send the link to mike@kestrel.io, he "
		    "manages our Microsoft tenant.", NULL, true },
		{ "jo@acme.com", "de", "Bitte den Link an mike@kestrel.io, er "
		    "verwaltet unseren Tenant.", NULL, true },
		{ "jo@acme.com", "en", "Send the link for acmehold.com", "acmehold.com",
		    false },
		{ "jo@acme.com", "de", "Bitte den Link, unsere Domain ist "
		    "acme-mutter.de", "acme-mutter.de", false },
		{ "jo@acme.com", "ru", "Пришлите ссылку для acmehold.com",
		    "acmehold.com", false },
		{ "jo@acme.com", "tr", "acmehold.com için bağlantıyı gönderin",
		    "acmehold.com", false },
		{ "jo@acme.com", "en", "Our client is at kestrel.io, one-click link "
		    "please: ops@kestrel.io", "kestrel.io", false },
		{ "jo@acme.com", "en", "I looked under Enterprise applications at "
		    "kestrel.io, all filters off, and Numeo is not in the list",
		    "kestrel.io", false },
		{ "jo@acme.com", "en", "One of our customers gets Need admin "
		    "approval, kestrel.io, link please", "kestrel.io", false },
		{ "jo@gmail.com", "en", "Send the link, company is acme.com",
		    "acme.com", false },
		{ "jo@gmail.com", "en", "Send the link to bob@acme.com", "acme.com",
		    false },
		{ "jo@gmail.com", "en", "Send the link, we are www.acme.com",
		    "acme.com", false },
		{ "jo@gmail.com", "en", "Send the link, https://imgur.com/a/abc",
		    NULL, false },
		/* Whom they haul for, and what they use. */
		{ "jo@gmail.com", "en", "Send the link. We haul for kestrel.io",
		    NULL, false },
		{ "jo@gmail.com", "en", "Send the link. We use samsara.com", NULL,
		    false },
		{ "jo@gmail.com", "en", "I work for acme.com, send the link",
		    "acme.com", false },
		{ "jo@gmail.com", "en", "Send the link for acme.com, not gmail.com",
		    "acme.com", false },
		{ "jo@gmail.com", "en", "Send the link. I used to be at acme.com, "
		    "now on my own", NULL, false },
		{ "jo@gmail.com", "en", "Send the link. Not for acme.com", NULL,
		    false },
		{ "jo@gmail.com", "pt", "Manda o link, a conta da firma é no "
		    "acme.com.br", "acme.com.br", false },
		/* His screen, which an administrator shows at some site. */
		{ "jo@acme.com", "en", "The Grant admin consent button is greyed "
		    "out for me, screenshot: https://shots.io/abc", NULL, false },
		{ "jo@acme.com", "en", "Numeo is not in the list of Enterprise "
		    "applications, see shots.io/x1", NULL, false },
		{ "jo@acme.com", "en", "The button is greyed out, the tenant is "
		    "https://acmehold.com", "acmehold.com", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r = read_from(rows[i].sender, rows[i].text,
		    CONTEXT_HELP, rows[i].language);

		if (rows[i].domain ? !r.named_domain ||
		    strcmp(r.named_domain, rows[i].domain) != 0
		    : r.named_domain != NULL)
			fail_msg("\"%s\": %s", rows[i].text, r.named_domain ?
			    r.named_domain : "none");
		if (r.several_domains != rows[i].several)
			fail_msg("\"%s\"", rows[i].text);
	}
}

/* In a case about a client a name alone says which one. */
static void
test_whose_client(void **state)
{
	static const struct {
		const char *text;
		enum client client;
		const char *domain;	/* NULL: none is said */
		bool several, other;
	} rows[] = {
		{ "kestrel.io", CLIENT_UNNAMED, "kestrel.io", false, false },
		{ "Ask bob@kestrel.io", CLIENT_UNNAMED, "kestrel.io", false,
		    false },
		{ "Send it, https://imgur.com/a/abc", CLIENT_UNNAMED, NULL,
		    false, true },
		{ "Send it to me@acme.com", CLIENT_UNNAMED, NULL, false, true },
		{ "Send it", CLIENT_UNNAMED, NULL, false, true },
		{ "And kestrel.io, same wall", CLIENT_NAMED, "kestrel.io", false,
		    false },
		{ "Send it to bob@kestrel.io", CLIENT_NAMED, NULL, false,
		    false },
		{ "Send it", CLIENT_NAMED, NULL, false, false },
		{ "And kestrel.io, same wall", CLIENT_NONE, NULL, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct classify_input in = {
			.zone = { [ZONE_NEW] = str_of(rows[i].text) },
			.sender = "it@acme.com", .language = "en",
			.client = rows[i].client,
		};
		struct reading r;

		arena_reset(a);
		classify_run(c, a, &in, &r);
		if (rows[i].domain ? !r.named_domain ||
		    strcmp(r.named_domain, rows[i].domain) != 0
		    : r.named_domain != NULL)
			fail_msg("\"%s\": %s", rows[i].text, r.named_domain ?
			    r.named_domain : "none");
		if (r.several_domains != rows[i].several ||
		    r.other_tenant != rows[i].other)
			fail_msg("\"%s\"", rows[i].text);
	}
}

/* What answers our question for the domain names it, from any address. */
static void
test_the_domain_asked_for(void **state)
{
	struct reading r = read_from("it@acme.com", "kestrel.io",
	    CONTEXT_ASK_DOMAIN, "");

	(void)state;
	assert_non_null(r.named_domain);
	assert_string_equal(r.named_domain, "kestrel.io");
	assert_false(r.several_domains);
	r = read_from("it@acme.com", "kestrel.io", CONTEXT_LINK, "");
	assert_null(r.named_domain);
	/* As the address line of his browser has it. */
	r = read_from("jo@gmail.com", "https://www.kestrel.io/kontakt",
	    CONTEXT_ASK_DOMAIN, "");
	assert_non_null(r.named_domain);
	assert_string_equal(r.named_domain, "kestrel.io");
	r = read_from("jo@gmail.com", "https://prnt.sc/Ab12cd",
	    CONTEXT_ASK_DOMAIN, "");
	assert_null(r.named_domain);
	/* Asked, whoever told of us: only unasked is it somebody else's. */
	r = read_from("jo@gmail.com", "kestrel.io, Dan from there told me",
	    CONTEXT_ASK_DOMAIN, "en");
	assert_non_null(r.named_domain);
	r = read_from("jo@gmail.com", "The approval link please, a friend at "
	    "kestrel.io told me of it", CONTEXT_ASK_DOMAIN, "en");
	assert_non_null(r.named_domain);
	r = read_from("jo@gmail.com", "The approval link please, a friend at "
	    "kestrel.io told me of it", CONTEXT_FIRST, "en");
	assert_null(r.named_domain);
}

#define GIVEN "acme.com"

/* Who keeps their computers has another company than who has a private mailbox: asked
 * for the domain, that is no answer. */
static void
test_their_it(void **state)
{
	static const struct {
		const char *language, *text;
		const char *domain;	/* NULL: it has to be asked for */
	} rows[] = {
		{ "en", "Please send it to Mike at mike@kestrel.io, he looks after "
		    "our computers", NULL },
		{ "en", "Link to mike@kestrel.io please. He set up all of our "
		    "email", NULL },
		{ "en", "My nephew runs our Office 365, mike@kestrel.io, send him "
		    "the link", NULL },
		{ "en", "Link please. Our computer guy Mike (mike@kestrel.io) will "
		    "click it", NULL },
		{ "en", "Send the link to our IT company, kestrel.io", NULL },
		{ "en", "The link to mike@kestrel.io, he has the admin login", NULL },
		{ "de", "Den Link bitte an info@kestrel.io, die kümmern sich "
		    "um unsere Computer", NULL },
		{ "de", "Bitte den Link schicken. Unser EDV-Betreuer ist "
		    "max@kestrel.io", NULL },
		{ "fr", "Envoyez le lien à paul@kestrel.io, il s'occupe de nos "
		    "ordinateurs", NULL },
		{ "fr", "Le lien svp. Notre informaticien c'est paul@kestrel.io",
		    NULL },
		{ "es", "Manden el enlace a pedro@kestrel.io, él se encarga de "
		    "nuestras computadoras", NULL },
		{ "pt", "Manda o link para joao@kestrel.io, ele cuida dos nossos "
		    "computadores", NULL },
		{ "it", "Mandate il link a marco@kestrel.io, lui gestisce i nostri "
		    "computer", NULL },
		{ "ru", "Пришлите ссылку на petr@kestrel.io, он обслуживает наши "
		    "компьютеры", NULL },
		{ "uk", "Надішліть посилання на taras@kestrel.io, він займається "
		    "нашими комп'ютерами", NULL },
		{ "pl", "Link na adam@kestrel.io, on zajmuje się naszymi "
		    "komputerami", NULL },
		{ "tr", "Linki murat@kestrel.io adresine gönderin, bizim "
		    "bilgisayarlarla o ilgileniyor", NULL },
		{ "uz", "Linkni aziz@kestrel.io ga yuboring, bizning kompyuterlarni "
		    "u sozlaydi", NULL },
		{ "nl", "Stuur de link naar piet@kestrel.io, hij beheert onze "
		    "computers", NULL },
		{ "zh", "请把链接发给 it@kestrel.io，他负责我们的电脑", NULL },
		/* His own company, whoever does what there. */
		{ "en", "Link please, my work email is jo@acme.com", GIVEN },
		{ "en", "Send it to dispatch@acme.com, that's our company mailbox",
		    GIVEN },
		{ "en", "I do our IT myself, the company is acme.com, send the link",
		    GIVEN },
		{ "en", "Send the link, our domain is acme.com and our IT guy is "
		    "Mike", GIVEN },
		{ "en", "Send the link to bob@acme.com", GIVEN },
		{ "en", "Send the link, the Outlook that we use is jo@acme.com",
		    GIVEN },
		{ "de", "Den Link an dispo@acme.com, das ist unser Postfach", GIVEN },
		{ "de", "Bitte den Link, meine Firmenmail ist m@acme.com", GIVEN },
		{ "fr", "Le lien à contact@acme.com, c'est la boîte de la "
		    "société", GIVEN },
		{ "es", "Mándenlo a ventas@acme.com que es el correo de la "
		    "empresa", GIVEN },
		{ "pt", "Manda o link para contato@acme.com, é o email da "
		    "empresa", GIVEN },
		{ "it", "Mandate il link a info@acme.com, è la nostra posta",
		    GIVEN },
		{ "ru", "Пришлите ссылку, компания acme.com занимается перевозками",
		    GIVEN },
		{ "uk", "Надішліть посилання на office@acme.com, це наша пошта",
		    GIVEN },
		{ "pl", "Proszę o link, firma acme.com zajmuje się "
		    "transportem", GIVEN },
		{ "tr", "Linki gönderin, iş mailim ali@acme.com", GIVEN },
		{ "uz", "Linkni yuboring, ish pochtam bek@acme.com", GIVEN },
	};
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		r = read_from("jo@gmail.com", rows[i].text, CONTEXT_HELP,
		    rows[i].language);
		if ((r.named_domain != NULL) != (rows[i].domain != NULL) ||
		    r.other_tenant || r.perhaps_domain)
			fail_msg("\"%s\": %s", rows[i].text, r.named_domain ?
			    r.named_domain : "none");
		r = read_from("jo@gmail.com", rows[i].text, CONTEXT_ASK_DOMAIN,
		    rows[i].language);
		if ((r.named_domain != NULL) != (rows[i].domain != NULL) ||
		    r.other_tenant != !rows[i].domain)
			fail_msg("asked, \"%s\"", rows[i].text);
		/* From the company's own it is whom the link is for. */
		r = read_from("jo@acme.com", rows[i].text, CONTEXT_HELP,
		    rows[i].language);
		if (!rows[i].domain && strstr(rows[i].text, "@kestrel.io") &&
		    (r.named_domain || r.other_tenant))
			fail_msg("from acme.com, \"%s\"", rows[i].text);
	}
	/* Asked, and only that: nobody is left alone with it. */
	r = read_from("jo@gmail.com", "mike@kestrel.io runs our IT",
	    CONTEXT_ASK_DOMAIN, "en");
	assert_null(r.named_domain);
	assert_true(r.other_tenant);
	assert_true(intent_is_ours(r.intent));
}

/* By what the words were found to say. */
static void
test_what_model_and_rules_say(void **state)
{
	static const struct {
		const char *sender, *named;
		enum domain_place place;
		enum whose whose;
		enum client client;
		uint64_t facts;
		enum intent intent;
		const char *domain;	/* NULL: none is said */
		bool several, other;
	} rows[] = {
		{ "it@acme.com", "kestrel.io", IN_PROSE, WHOSE_OTHER,
		    CLIENT_NONE, 0, INTENT_WANT_LINK, "kestrel.io", false,
		    false },
		{ "it@acme.com", "kestrel.io", IN_ADDRESS, WHOSE_OTHER,
		    CLIENT_NONE, 0, INTENT_WANT_LINK, "kestrel.io", false,
		    false },
		{ "it@acme.com", "kestrel.io", IN_PROSE, WHOSE_UNKNOWN,
		    CLIENT_NONE, 0, INTENT_WANT_LINK, NULL, true, false },
		{ "it@acme.com", NULL, 0, WHOSE_OTHER, CLIENT_NONE, 0,
		    INTENT_WANT_LINK, NULL, false, true },
		{ "it@acme.com", NULL, 0, WHOSE_UNKNOWN, CLIENT_NONE, 0,
		    INTENT_WANT_LINK, NULL, false, true },
		{ "it@acme.com", NULL, 0, WHOSE_OWN, CLIENT_NONE, 0,
		    INTENT_WANT_LINK, NULL, false, false },
		{ "it@acme.com", NULL, 0, WHOSE_OWN, CLIENT_NONE, FACT_MSP,
		    INTENT_WANT_LINK, NULL, false, true },
		/* A private mailbox is asked for the domain anyway. */
		{ "it@gmail.com", NULL, 0, WHOSE_OTHER, CLIENT_NONE, 0,
		    INTENT_WANT_LINK, NULL, false, false },
		/* It is that client's that the case is about. */
		{ "it@acme.com", NULL, 0, WHOSE_OTHER, CLIENT_NAMED, 0,
		    INTENT_WANT_LINK, NULL, false, false },
		/* In another thread it may be, or another one's. */
		{ "it@acme.com", NULL, 0, WHOSE_OWN, CLIENT_BESIDE, 0,
		    INTENT_WANT_LINK, NULL, false, true },
		{ "it@acme.com", NULL, 0, WHOSE_OWN, CLIENT_BESIDE, 0,
		    INTENT_BLOCKED, NULL, false, false },
		{ "it@acme.com", "kestrel.io", IN_PROSE, WHOSE_OWN,
		    CLIENT_BESIDE, 0, INTENT_WANT_LINK, "kestrel.io", false,
		    false },
		/* A customer's, or whose who told of us: a person looks; as an
		 * address it is whom the link goes to. */
		{ "it@acme.com", "kestrel.io", IN_PROSE, WHOSE_OWN,
		    CLIENT_NONE, FACT_TENANT_WORD | FACT_OTHER_COMPANY,
		    INTENT_WANT_LINK, NULL, true, false },
		{ "it@acme.com", "kestrel.io", IN_ADDRESS, WHOSE_OWN,
		    CLIENT_NONE, FACT_TENANT_WORD | FACT_OTHER_COMPANY,
		    INTENT_WANT_LINK, NULL, false, false },
		{ "it@acme.com", "kestrel.io", IN_ADDRESS, WHOSE_OWN,
		    CLIENT_NONE, FACT_OTHER_COMPANY, INTENT_GREYED_OUT, NULL,
		    false, false },
		{ "it@acme.com", "kestrel.io", IN_PROSE, WHOSE_OWN,
		    CLIENT_NONE, FACT_TENANT_WORD | FACT_OTHER_COMPANY,
		    INTENT_IS_IT_SAFE, "kestrel.io", false, false },
		{ "it@acme.com", "kestrel.io", IN_PROSE, WHOSE_OTHER,
		    CLIENT_NONE, FACT_OTHER_COMPANY, INTENT_WANT_LINK,
		    "kestrel.io", false, false },
		{ "it@acme.com", "kestrel.io", IN_PROSE, WHOSE_OWN,
		    CLIENT_NONE, FACT_MSP | FACT_OTHER_COMPANY,
		    INTENT_WANT_LINK, "kestrel.io", false, false },
		{ "it@gmail.com", "kestrel.io", IN_PROSE, WHOSE_OWN,
		    CLIENT_NONE, FACT_OTHER_COMPANY, INTENT_WANT_LINK, NULL,
		    false, false },
		{ "it@gmail.com", "kestrel.io", IN_PROSE, WHOSE_OWN,
		    CLIENT_NONE, FACT_TENANT_WORD, INTENT_WANT_LINK,
		    "kestrel.io", false, false },
		/* The account that he signs in with: a person looks. */
		{ "it@acme.com", "kestrel.io", IN_ADDRESS, WHOSE_OWN,
		    CLIENT_NONE, FACT_ACCOUNT, INTENT_WANT_LINK, NULL, true,
		    false },
		/* He says which: his own. */
		{ "it@acme.com", "acme.com", IN_PROSE, WHOSE_OWN,
		    CLIENT_BESIDE, 0, INTENT_WANT_LINK, "acme.com", false,
		    false },
		{ "it@acme.com", "acme.com", IN_PROSE, WHOSE_OWN, CLIENT_NAMED,
		    0, INTENT_WANT_LINK, "acme.com", false, false },
		{ "it@acme.com", "acme.com", IN_ADDRESS, WHOSE_OWN,
		    CLIENT_NAMED, 0, INTENT_WANT_LINK, NULL, false, false },
		/* Or only who it is that writes. */
		{ "it@acme.com", "acme.com", IN_PROSE, WHOSE_OTHER,
		    CLIENT_NONE, 0, INTENT_WANT_LINK, NULL, false, true },
		{ "it@acme.com", "acme.com", IN_PROSE, WHOSE_OWN, CLIENT_NONE,
		    FACT_MSP, INTENT_WANT_LINK, NULL, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct classify_input in = { .sender = rows[i].sender,
			.client = rows[i].client };
		struct domain_named named = { rows[i].named, rows[i].place };
		struct reading r = { .intent = rows[i].intent,
			.whose = rows[i].whose };

		arena_reset(a);
		whose_find(a, &in, &named, rows[i].named != NULL,
		    rows[i].facts, &r);
		if (rows[i].domain ? !r.named_domain ||
		    strcmp(r.named_domain, rows[i].domain) != 0
		    : r.named_domain != NULL)
			fail_msg("row %zu: %s", i, r.named_domain ?
			    r.named_domain : "none");
		if (r.several_domains != rows[i].several ||
		    r.other_tenant != rows[i].other)
			fail_msg("row %zu", i);
	}
}

/* "Mail is at @kestrel.io, but they live in our tenant, acme.com." */
static void
test_his_own_beside_another(void **state)
{
	const struct domain_named named[] = {
		{ "kestrel.io", IN_ADDRESS }, { "acme.com", IN_PROSE },
	};
	struct classify_input in = { .sender = "it@acme.com" };
	struct reading r = { .intent = INTENT_WANT_LINK, .whose = WHOSE_OWN };

	(void)state;
	whose_find(a, &in, named, 2, FACT_TENANT_WORD, &r);
	assert_null(r.named_domain);
	assert_true(r.several_domains);
	/* A service company says who it is, and for whom it writes. */
	r = (struct reading){ .intent = INTENT_WANT_LINK,
		.whose = WHOSE_OTHER };
	whose_find(a, &in, named, 2, 0, &r);
	assert_string_equal(r.named_domain, "kestrel.io");
	assert_false(r.several_domains);
}

/* A model that no lesson taught it, and a text without words, say nothing. */
static void
test_the_models_word_for_it(void **state)
{
	static const struct {
		double score;
		uint64_t facts;
		enum whose whose;
	} rows[] = {
		{ 0, 0, WHOSE_OWN }, { -0.9, 0, WHOSE_OWN },
		{ -0.22, 0, WHOSE_OWN }, { -0.22, FACT_THEIRS, WHOSE_OTHER },
		{ -0.4, FACT_THEIRS, WHOSE_OWN },
		{ -0.22, FACT_TENANT_WORD, WHOSE_OWN },
		{ -0.05, 0, WHOSE_OTHER }, { 0.6, 0, WHOSE_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct signals s = { .facts = rows[i].facts,
			.scores[SCORE_OTHER_TENANT] = rows[i].score };

		assert_int_equal(combine_whose(&s), rows[i].whose);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whose_tenant),
		cmocka_unit_test(test_whose_client),
		cmocka_unit_test(test_the_domain_asked_for),
		cmocka_unit_test(test_their_it),
		cmocka_unit_test(test_what_model_and_rules_say),
		cmocka_unit_test(test_his_own_beside_another),
		cmocka_unit_test(test_the_models_word_for_it),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
