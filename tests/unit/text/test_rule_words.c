#include <stdio.h>

#include "text/classifier.h"
#include "unit.h"

/* What the shipped rules find in the words of each language. */
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
		{ "The answer came back: not allowed, period", "en", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "IT turned it down", "en", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "Unless IT turned it down", "en", FACT_TURNED_DOWN, 0 },
		{ "Not approving until I know", "en", FACT_TURNED_DOWN, 0 },
		{ "Das wurde abgelehnt", "de", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "Das erlauben wir nicht ohne", "de", FACT_TURNED_DOWN, 0 },
		{ "Nos lo rechazaron", "es", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "El director no lo autoriza sin", "es", FACT_TURNED_DOWN, 0 },
		{ "Le siège a refusé", "fr", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "Je refuse tant que", "fr", FACT_TURNED_DOWN, 0 },
		{ "Hanno detto di no", "it", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "Il capo non vuole", "it", FACT_TURNED_DOWN, 0 },
		{ "Direktor je rekao ne", "sr", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "ne dozvoljavamo bez toga", "sr", FACT_TURNED_DOWN, 0 },
		{ "De directie heeft het afgewezen", "nl", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "De baas weigert zolang", "nl", FACT_TURNED_DOWN, 0 },
		{ "公司驳回", "zh", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "不同意之前", "zh", FACT_TURNED_DOWN, 0 },
		{ "Szef odmówił", "pl", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "Nie zgadzam się bez", "pl", FACT_TURNED_DOWN, 0 },
		{ "A diretoria vetou", "pt", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "O dono não aprova sem", "pt", FACT_TURNED_DOWN, 0 },
		{ "Директор отказал", "ru", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "Я не отказываюсь", "ru", FACT_TURNED_DOWN, 0 },
		{ "Директор відмовив", "uk", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "Я не погоджуся без", "uk", FACT_TURNED_DOWN, 0 },
		{ "Patron reddetti", "tr", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "Patron kabul etmiyor", "tr", FACT_TURNED_DOWN, 0 },
		{ "Rahbar rad etdi", "uz", FACT_TURNED_DOWN,
		    FACT_TURNED_DOWN },
		{ "Men rad etmayapman", "uz", FACT_TURNED_DOWN, 0 },
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
		cmocka_unit_test(test_what_rules_object_to),
		cmocka_unit_test(test_the_link_is_declined),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
