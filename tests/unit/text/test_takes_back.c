/* A clear wish, and in its last words the contrary: no answer is earned. */
#include "shipped.h"

static int
setup(void **state)
{
	(void)state;
	return shipped_load(SHIPPED_MODEL, NULL);
}

static struct reading
read_answer(const char *wish, const char *rest, const char *language)
{
	struct classify_input in = {
		.sender = "jo@acme.com", .language = language,
		.context = CONTEXT_HELP,
		.subject = STR("Re: \"Need admin approval\" when connecting "
		    "Outlook"),
	};
	struct reading r;

	arena_reset(a);
	in.zone[ZONE_NEW] = str_of(arena_printf(a, "%s\n\n%s", wish, rest));
	classify_run(c, a, &in, &r);
	return r;
}

struct row {
	const char *language, *wish, *back[5];
};

static const struct row rows[] = {
	{ "en", "Yes please send the link.", { "Scratch that.",
	    "My boss is against it.", "But wait until our IT has looked.",
	    "Or maybe not. I'll sleep on it.",
	    "Actually this is for my other company." } },
	{ "es", "Sí, mándenme el enlace por favor.", { "Ignoren esto.",
	    "Mi jefe está en contra.", "Pero esperen a que lo vea mi socio.",
	    "Es para la oficina de un cliente." } },
	{ "ru", "Да, пришлите ссылку, пожалуйста.", { "Забудьте.",
	    "Шеф против.", "Но подождите, пока посмотрит айтишник.",
	    "Вообще-то это для другой моей фирмы." } },
	{ "uk", "Так, надішліть посилання, будь ласка.", { "Не зважайте.",
	    "Дружина не згодна.", "До понеділка нічого не робіть.",
	    "Це для контори клієнта." } },
	{ "uz", "Ha, iltimos havolani yuboring.", { "Unuting.",
	    "Xo'jayin qarshi.", "Yana o'ylab ko'raman.",
	    "Bu mijozning ofisi uchun." } },
	{ "pl", "Tak, proszę o link.", { "Zapomnijcie.",
	    "Szef jest przeciw.", "Do poniedziałku nic nie róbcie.",
	    "To dla mojej drugiej firmy." } },
	{ "tr", "Evet, lütfen bağlantıyı gönderin.", { "Unutun gitsin.",
	    "Patron karşı.", "Bilgi işlem bakana kadar bekleyin.",
	    "Aslında bu diğer şirketim için." } },
	{ "pt", "Sim, por favor mandem o link.", { "Esqueçam.",
	    "O chefe é contra.", "Vou pensar mais um pouco.",
	    "É para a minha outra empresa." } },
	{ "fr", "Oui, envoyez-moi le lien.", { "Ou plutôt non.",
	    "Mon patron est contre.", "Ne faites rien avant lundi.",
	    "C'est pour le bureau d'un client." } },
	{ "de", "Ja, bitte schicken Sie mir den Link.", { "Oder doch nicht.",
	    "Mein Chef ist dagegen.", "Aber warten Sie, bis jemand da ist.",
	    "Das ist für das Büro eines Kunden." } },
	{ "it", "Sì, mandatemi il link per favore.", { "Ignorate.",
	    "Il capo è contrario.", "Fino a lunedì non fate niente.",
	    "È per l'ufficio di un cliente." } },
	{ "nl", "Ja, stuur de link maar.", { "Vergeet het.",
	    "De baas is tegen.", "Ik slaap er nog een nachtje over.",
	    "Dit is voor het kantoor van een klant." } },
	{ "zh", "好的,请发链接给我。", { "还是算了。", "老板反对。", "我再考虑考虑。",
	    "其实这是给我另一家公司的。" } },
	{ "sr", "Da, pošaljite mi link, molim.", { "Ipak ne.",
	    "Šef je protiv.", "Sačekajte da neko pogleda.",
	    "To je za moju drugu firmu." } },
};

static void
test_what_takes_it_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t k = 0; k < 5 && rows[i].back[k]; k++) {
			struct reading r = read_answer(rows[i].wish,
			    rows[i].back[k], rows[i].language);

			if (intent_is_ours(r.intent) && !r.torn &&
			    r.intent != INTENT_REFUSED)
				fail_msg("\"%s\": %s", rows[i].back[k],
				    intent_name(r.intent));
		}
	}
}

/* And what does not. */
static void
test_what_does_not(void **state)
{
	static const char *const rests[] = { "Thanks, no hurry.",
		"My boss agrees and will open it today.",
		"I will wait for it.", "Never mind the steps, they are too long.",
		"We had no answer from our IT company so far." };

	(void)state;
	for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
		struct reading r = read_answer("Yes please send us the one-click "
		    "approval link.", rests[i], "en");

		if (r.intent != INTENT_WANT_LINK || r.torn)
			fail_msg("\"%s\": %s", rests[i], r.torn);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_takes_it_back),
		cmocka_unit_test(test_what_does_not),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
