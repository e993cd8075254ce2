#include <stdio.h>

#include "text/classifier.h"
#include "unit.h"

/* What the shipped rules know of others: their apps, their companies. */
static struct classifier *c;
static struct arena *a;

static const char *const product = "Numeo";

static int
setup(void **state)
{
	struct classifier_options o = {
		.rules_dir = CD_TOP "/conf/rules",
		.product_names = &product, .n_product_names = 1,
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

struct sample {
	const char *text, *language;
	bool fires;
};

static void
check(const struct sample *rows, size_t n, uint64_t fact)
{
	static struct collected got;

	for (size_t i = 0; i < n; i++) {
		struct classify_input in = {
			.sender = "", .language = rows[i].language,
			.context = CONTEXT_FIRST,
		};

		in.zone[ZONE_NEW] = str_of(rows[i].text);
		arena_reset(a);
		classify_collect(c, a, &in, &got);
		if (((got.signals.facts & fact) != 0) != rows[i].fires)
			fail_msg("\"%s\" is misread", rows[i].text);
	}
}

/* Another app's link or consent, in whose words it may be. */
static void
test_the_link_of_another_app(void **state)
{
	static const struct sample rows[] = {
		{ "Send our 365 admin the consent link for Samsara", "en",
		    true },
		{ "Our payroll tool needs admin approval in Microsoft", "en",
		    true },
		{ "Salesforce asks for admin approval in Outlook", "en", true },
		{ "We approved Samsara for Outlook, now the link for Numeo", "en",
		    false },
		{ "The approval link for Outlook please", "en", false },
		{ "Den Zustimmungslink für Slack an unseren Admin", "de", true },
		{ "el enlace de consentimiento para HubSpot", "es", true },
		{ "ссылку на одобрение Salesforce", "ru", true },
		{ "QuickBooks için yönetici onayı bağlantısı", "tr", true },
		{ "le lien d'approbation de Zoom", "fr", true },
		{ "o link de aprovação do Slack", "pt", true },
		{ "zgoda administratora dla Slack", "pl", true },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_ELSEWHERE);
}

/* The company that is named is not the writer's. */
static void
test_somebody_elses_company(void **state)
{
	static const struct sample rows[] = {
		{ "Dan from tql.com told me", "en", true },
		{ "I found you on truckinginfo.com", "en", true },
		{ "Our biggest customer, tql.com, waits", "en", true },
		{ "Our customer tql.com, in their tenant", "en", false },
		{ "We are tql.com", "en", false },
		{ "Our domain is tql.com", "en", false },
		{ "tql.com told us of you", "en", true },
		{ "nuestro cliente acme.es espera", "es", true },
		{ "nuestra empresa es acme.es", "es", false },
		{ "Empfohlen hat Sie jemand von acme.de", "de", true },
		{ "Unser Kunde acme.de wartet", "de", true },
		{ "mon ami de acme.fr", "fr", true },
		{ "o nosso fornecedor acme.pt", "pt", true },
		{ "polecił was znajomy z acme.pl", "pl", true },
		{ "наш клиент acme.ru ждёт", "ru", true },
		{ "порадив знайомий з acme.ua", "uk", true },
		{ "müşterimiz acme.com bekliyor", "tr", true },
		{ "mijozimiz acme.uz kutyapti", "uz", true },
		{ "onze klant acme.nl wacht", "nl", true },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_OTHER_COMPANY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_link_of_another_app),
		cmocka_unit_test(test_somebody_elses_company),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
