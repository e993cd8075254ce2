#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/classifier.h"
#include "unit.h"

/* Whose tenant a mail is about, by the domains that it names: with the shipped
 * rules and model. */
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
		{ "jo@acme.com", "es", "Mande el enlace, nos recomendó dat.com",
		    NULL, true },
		{ "jo@acme.com", "en", "Send the link, the tenant is acmehold.com",
		    "acmehold.com", false },
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
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whose_tenant),
		cmocka_unit_test(test_whose_client),
		cmocka_unit_test(test_the_domain_asked_for),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
