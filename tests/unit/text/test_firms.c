/* For another firm than the writer's: an outside IT man's customer's, and a friend's
 * or a relative's; and those whose own firm it is. */
#include "shipped.h"

#include "text/combine.h"
#include "text/whose.h"

static int
setup(void **state)
{
	(void)state;
	return shipped_load(NULL, NULL);
}

static uint64_t
facts_of(const char *sender, const char *language, const char *text)
{
	static struct collected got;
	struct classify_input in = { .sender = sender, .language = language,
		.context = CONTEXT_HELP };

	arena_reset(a);
	in.zone[ZONE_NEW] = str_of(text);
	classify_collect(c, a, &in, &got);
	return got.signals.facts;
}

struct row {
	const char *sender, *language, *text;
};

static const struct row outside[] = {
	{ "kyle@amesit.com", "en", "I'm the IT guy for Gant Freight. Please send the "
	    "one-click link." },
	{ "kyle@amesit.com", "en", "We do IT for Gant, the button is grey." },
	{ "kyle@amesit.com", "en", "I have GA for Gant. Send link." },
	{ "kyle@amesit.com", "en", "Need the consent URL for Gant Freight please" },
	{ "kyle@amesit.com", "en", "Client asked me to approve this. Link?" },
	{ "kyle@amesit.com", "en", "We do their IT. The link please." },
	{ "kyle@amesit.com", "en", "Send the link so I can approve it on his tenant" },
	{ "kyle@amesit.com", "en", "Link please. Tenant is gant freight" },
	{ "kyle@amesit.com", "en", "One of our customers sent me this. Link?" },
	{ "d@edv-huber.de", "de", "Ich betreue die Spedition Roth. Bitte den Link." },
	{ "s@itservis.kz", "ru", "Мне переслали, я у них админ. Пришлите ссылку" },
	{ "s@itservis.kz", "ru", "Я обслуживаю компанию Ким Логистик, дайте ссылку" },
	{ "o@itcomp.com.ua", "uk", "Обслуговую фірму Поп Транс. Скиньте посилання" },
	{ "t@infoserwis.pl", "pl", "Opiekuję się informatycznie firmą Kos Trans. "
	    "Proszę o link." },
	{ "l@infodepan.fr", "fr", "Je gère l'informatique des Transports Blanc. Le "
	    "lien, merci." },
	{ "g@pcassistenza.it", "it", "Seguo i computer della ditta Sala Trasporti. Mi "
	    "mandate il link?" },
	{ "j@redesmx.com", "es", "Soy el de sistemas de Fletes Mora. ¿Me mandan la "
	    "liga?" },
	{ "m@infotechbr.com.br", "pt", "Cuido do TI da Luz Cargas. Mandem o link." },
	{ "c@bilgisayarci.com.tr", "tr", "Can Nakliyat'ın bilgi işlemine bakıyorum. "
	    "Linki gönderin" },
	{ "a@itservis.uz", "uz", "Nur Trans firmasining adminiman. Linkni yuboring" },
	{ "k@bakkerict.nl", "nl", "Ik doe de ICT voor firma Jansen. Stuur de link." },
	{ "w@wangxin.cn", "zh", "我是连达物流的外包IT，请把链接发给我" },
};

/* Their own company's, or nobody's. */
static const struct row inside[] = {
	{ "kyle@gantfreight.com", "en", "I'm the IT guy for Gant Freight. Please send "
	    "the one-click link." },
	{ "kyle@gfl.com", "en", "We do IT for Gant Freight Lines. Link please" },
	{ "kyle@gantfreight.com", "en", "Need the consent URL for Gant Freight please" },
	{ "kyle@acme.com", "en", "I do IT for our company, send the link" },
	{ "kyle@acme.com", "en", "IT admin for the office here, link please" },
	{ "kyle@acme.com", "en", "I'm the admin for our tenant. Send the link." },
	{ "kyle@acme.com", "en", "I'm the IT manager for dispatch. Link please." },
	{ "kyle@acme.com", "en", "I am the administrator of nothing. Help" },
	{ "kyle@acme.com", "en", "I have global admin on Azure, send the link" },
	{ "kyle@acme.com", "en", "Our IT guy asked for the link for Outlook" },
	{ "kyle@acme.com", "en", "Our customer asked me to approve the load" },
	/* A private mailbox is asked for its company anyway. */
	{ "kyle@gmail.com", "en", "I'm the IT guy for Gant Freight. Send the link." },
	{ "d@spedition-roth.de", "de", "Ich betreue die Spedition Roth. Den Link "
	    "bitte." },
	{ "d@acme.de", "de", "Ich betreue die EDV hier, bitte den Link" },
	{ "s@kim.kz", "ru", "Я админ нашей компании, пришлите ссылку" },
	{ "o@acme.ua", "uk", "Я адмін нашої фірми, надішліть посилання" },
	{ "t@acme.pl", "pl", "Jestem informatykiem w firmie spedycyjnej, proszę o "
	    "link" },
	{ "t@acme.pl", "pl", "Informatyk, on obsługuje trzydzieści firm i czekamy" },
	{ "l@acme.fr", "fr", "Je gère l'informatique de notre société, le lien "
	    "svp" },
	{ "g@acme.it", "it", "Seguo i computer della nostra ditta, il link" },
	{ "j@fletesmora.mx", "es", "Soy el de sistemas de Fletes Mora, la liga" },
	{ "j@acme.mx", "es", "Soy el de sistemas de la empresa, la liga" },
	{ "m@luzcargas.com.br", "pt", "Cuido do TI da Luz Cargas. O link." },
	{ "c@acme.com.tr", "tr", "Şirketimizin bilgi işlemine bakıyorum, linki "
	    "gönderin" },
	{ "a@acme.uz", "uz", "Firmamizning adminiman, linkni yuboring" },
	{ "k@acme.nl", "nl", "Ik doe de ICT voor ons bedrijf, de link graag" },
	{ "w@acme.cn", "zh", "我是公司的管理员，请把链接发给我" },
};

/* All that are wrong are shown. */
static void
expect(const struct row *rows, size_t n, uint64_t fact, bool said)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		bool got = facts_of(rows[i].sender, rows[i].language,
		    rows[i].text) & fact;

		if (got == said)
			continue;
		print_error("%s: %s\n", rows[i].sender, rows[i].text);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void
test_outside_it(void **state)
{
	(void)state;
	expect(outside, sizeof outside / sizeof *outside, FACT_MSP, true);
}

static void
test_own_it(void **state)
{
	(void)state;
	expect(inside, sizeof inside / sizeof *inside, FACT_MSP, false);
}

/* By its name in his own domain: none that many have. */
static void
test_whose_firm(void **state)
{
	static const struct {
		const char *sender, *words;
		bool other;
	} rows[] = {
		{ "jo@gantfreight.com", "it for gant freight", false },
		{ "jo@mail.gantfreight.com", "it for gant freight", false },
		{ "jo@freight-it.com", "it for gant freight", true },
		{ "jo@gfl.com", "link for gant freight lines", false },
		{ "jo@kimlog.kz", "link for kim logistics", false },
		{ "jo@akim.kz", "link for kim logistics", true },
		{ "jo@gmail.com", "link for kim logistics", false },
		{ "nobody", "link for kim logistics", false },
		{ "jo@acme.com", "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (whose_other_firm(a, rows[i].sender, str_of(rows[i].words)) !=
		    rows[i].other)
			fail_msg("%s: %s", rows[i].sender, rows[i].words);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outside_it),
		cmocka_unit_test(test_own_it),
		cmocka_unit_test(test_whose_firm),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
