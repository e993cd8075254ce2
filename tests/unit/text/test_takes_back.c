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

/* Not the wish is dropped, but an earlier mail or the steps; or nobody is against it,
 * or only against the long way; or it is not to be forgotten. */
static const struct shipped_row stand[] = {
	{ "en", "We have two companies but one Microsoft, send the link" },
	{ "en", "Send the link to both of us please" },
	{ "de", "Wir sind vier Leute unter einem Dach, bitte den Link" },
	{ "nl", "De baas weet z'n wachtwoord toch niet. Stuur de link." },
	{ "en", "Send the link please, nothing else needed, thanks" },
	{ "pt", "Mandem o link, não precisa de mais nada" },
	{ "ru", "Пришлите ссылку, больше ничего не надо." },
	{ "tr", "Linki gönderin, başka bir şeye gerek yok" },
	{ "uz", "Link yuboring, boshqa hech narsa kerak emas" },
	{ "sr", "Pošaljite link, više ne treba ništa" },
	{ "en", "Never mind, please send the link." },
	{ "en", "Disregard my previous email, please send the link." },
	{ "en", "Ignore my last email, please send the approval link." },
	{ "en", "Don't ignore this please, send the link." },
	{ "en", "The owner was against it at first but now agrees. Send the link." },
	{ "en", "My boss objects to following steps, he wants the link." },
	{ "en", "Send the link, I don't do anything with the portal normally." },
	{ "en", "We can't hold off on this any longer, send the link." },
	{ "en", "No need to wait for our other company, send the link." },
	{ "en", "The link for our second company as well, same domain." },
	{ "es", "Ignore mi correo anterior y mande el enlace." },
	{ "es", "El dueño no está de acuerdo con los pasos, mande el enlace." },
	{ "es", "No espere a que conteste el jefe, mande el enlace." },
	{ "ru", "Забудьте про инструкцию, пришлите ссылку." },
	{ "ru", "Не забудьте прислать ссылку." },
	{ "ru", "Не обращайте внимания на прошлое письмо, пришлите ссылку." },
	{ "ru", "Партнер против этого не возражает, пришлите ссылку." },
	{ "uk", "Не зважайте на попередній лист, надішліть посилання." },
	{ "uk", "Не забудьте надіслати посилання." },
	{ "uk", "Директор проти цього не заперечує, надішліть посилання." },
	{ "uz", "Direktor qarshi emas, havolani yuboring." },
	{ "uz", "Oldingi xatimga e'tibor bermang, havolani yuboring." },
	{ "pl", "Proszę zignorować poprzednią wiadomość i przesłać link." },
	{ "pl", "Zapomnijcie o poprzednim mailu, proszę o link." },
	{ "pl", "Nie zapomnijcie przesłać linku." },
	{ "pl", "Szef jest przeciwny klikaniu, woli link." },
	{ "tr", "Patron buna karşı değil, linki gönderin." },
	{ "tr", "Patron karşı gelmiyor, linki gönderin." },
	{ "tr", "Müdürüm karşı çıkmadı, linki gönderin." },
	{ "tr", "Önceki mesajımı dikkate almayın, linki gönderin." },
	{ "pt", "Ignorem o email anterior e mandem o link." },
	{ "pt", "Não se esqueçam de mandar o link." },
	{ "pt", "O chefe é contra fazer os passos, prefere o link." },
	{ "fr", "Ne tenez pas compte de mon mail précédent, envoyez le lien." },
	{ "fr", "N'oubliez pas de m'envoyer le lien." },
	{ "fr", "Le chef est contre les étapes, envoyez le lien." },
	{ "de", "Ignorieren Sie meine letzte Mail, bitte den Link senden." },
	{ "de", "Vergessen Sie bitte nicht, den Link zu senden." },
	{ "de", "Mein Chef ist dagegen sehr zufrieden, bitte den Link senden." },
	{ "it", "Ignorate la mia mail precedente e mandate il link." },
	{ "it", "Non ignorate questa mail, mandate il link." },
	{ "it", "Il titolare è contro le procedure lunghe, mandate il link." },
	{ "nl", "Negeer mijn vorige mail, stuur de link." },
	{ "nl", "Vergeet het linkje niet te sturen." },
	{ "nl", "De baas is tegen lange stappen, stuur de link." },
	{ "zh", "不用管之前的邮件，请发链接。" },
	{ "zh", "忘了吧台电脑，请发链接。" },
	{ "zh", "经理不让我自己操作，请发链接。" },
	{ "sr", "Zanemarite prethodni mejl, pošaljite link." },
	{ "sr", "Ne zaboravite da pošaljete link." },
	{ "sr", "Šef je protiv koraka, hoće link." },
	/* Something else that was written of is over. */
	{ "en", "Send the link. And forget it about that invoice." },
	{ "en", "The link, please, and disregard the demo call." },
	{ "es", "Manden la liga. Lo del cobro doble olvídenlo." },
	{ "fr", "Envoyez le lien, et laissez tomber le rendez-vous de mardi." },
	{ "de", "Bitte den Link. Vergessen Sie den Termin am Freitag." },
	{ "it", "Mandate il link e lasciate perdere la fattura di maggio." },
	{ "pt", "Mandem o link e esqueça a reunião de amanhã." },
	{ "ru", "Пришлите ссылку, и забудьте про вчерашний счёт." },
	{ "uk", "Надішліть посилання, і забудьте про той рахунок." },
	{ "pl", "Proszę o link i zapomnijcie o tamtej fakturze." },
	{ "tr", "Linki gönderin, faturayı da boş verin." },
	{ "uz", "Havolani yuboring, uchrashuvni bekor qiling." },
	/* Nobody was told no. */
	{ "en", "I told him no problem, send the link." },
	{ "en", "My boss told me to ask for the link." },
	{ "en", "We trust you, send the link. Only the owner can approve." },
	{ "es", "Le dije que nos manden la liga." },
	{ "fr", "Je lui ai dit que oui, envoyez le lien." },
	{ "de", "Ich habe ihm gesagt, er bekommt den Link." },
	{ "ru", "Я ему сказал, что пришлют ссылку." },
	{ "zh", "我跟老板说了，请发链接。" },
};

static void
test_what_stands(void **state)
{
	(void)state;
	shipped_expect(stand, sizeof stand / sizeof *stand, CONTEXT_HELP,
	    FACT_TAKES_BACK, false);
}

/* No link is asked for in its place; and what takes a wish back all the same. */
static void
test_what_is_taken_back_still(void **state)
{
	static const struct shipped_row alone[] = {
		{ "en", "Please disregard my previous email." },
		{ "de", "Ignorieren Sie meine letzte Mail." },
		{ "tr", "Önceki mesajımı dikkate almayın." },
		{ "zh", "不用管之前的邮件。" },
		{ "en", "Send the link. Never mind, it works now." },
		{ "en", "Send the link. Never mind, we need to think." },
		{ "en", "The owner is against it until he sees a contract." },
		{ "en", "Send the link. We need to hold off on this." },
		{ "en", "Please don't do anything else until I call." },
		{ "de", "Tun Sie nichts weiter bis Montag." },
		{ "tr", "Patron karşı çıkmış." },
		{ "ru", "Директор против, он не хочет." },
		{ "en", "Send the link. Forget it, the invoice is wrong anyway." },
		{ "fr", "Envoyez le lien. Laissez tomber, la facture est fausse." },
		{ "tr", "Linki gönderin. Boş verin, fatura da yanlış zaten." },
		/* He was asked to, and said no. */
		{ "en", "My boss wanted the link, I told him no way." },
		{ "en", "I want my money back, not the link." },
		{ "en", "I'd take the link but my partner doesn't trust it." },
		{ "es", "Mi jefe quiere la liga pero le dije que no." },
		{ "pt", "O chefe quer o link mas falei pra ele que não." },
		{ "fr", "Le patron veut le lien, je lui ai dit non." },
		{ "it", "Il capo vuole il link, gli ho detto di no." },
		{ "de", "Den Link gern, aber der Betriebsrat stellt sich quer." },
		{ "pl", "Szef chce link, powiedziałam mu, że nie." },
		{ "ru", "Шеф хочет ссылку, я ему сказал не надо." },
		{ "uk", "Шеф хоче посилання, я сказав йому, що не треба." },
		{ "tr", "Patron link istiyor ama gerek yok dedim." },
		{ "zh", "老板要链接，我跟他说不用了。" },
		/* For several tenants. */
		{ "en", "We have two companies with two separate Microsoft accounts, "
		    "send links for both" },
		{ "es", "Somos tres empresas, cada una con su Microsoft" },
		{ "de", "Vier Firmen, jede mit eigenem Microsoft. Links bitte" },
		{ "fr", "Deux sociétés avec chacune son Microsoft, les liens svp" },
		{ "pt", "Duas empresas, cada uma com seu Microsoft" },
		{ "it", "due società con due Microsoft separati, il link" },
		{ "pl", "Dwie firmy, każda ma swój Microsoft, proszę o linki" },
		{ "ru", "У нас две компании, у каждой свой Microsoft" },
		{ "uk", "У нас три фірми і в кожної свій Microsoft" },
		{ "tr", "Hepsinin ayrı Microsoft'u var, üç link lazım" },
		{ "uz", "har biriniki alohida microsoft, link bering" },
		{ "nl", "twee bedrijven met elk een eigen Microsoft" },
		{ "zh", "两家公司，各自的租户，请发链接" },
		{ "tr", "link atın. yok durun, ortağıma sorayım önce" },
		/* Nothing is needed any more. */
		{ "en", "The link please. Oh, we all got in. Nothing needed, thanks" },
		{ "de", "Den Link bitte. Ach, alle sind drin. Brauche nichts mehr." },
		{ "es", "Manden la liga. Ya entramos. No hace falta nada, gracias" },
		{ "fr", "Le lien svp. Ah, trouvé. Plus besoin de rien, merci" },
		{ "pt", "Mandem o link. Achamos. Não precisa de nada, obrigado" },
		{ "it", "Il link. Ah, trovato. Non serve niente, grazie" },
		{ "pl", "Proszę o link. O, wpuściło. Niczego nie trzeba, dziękuję" },
		{ "ru", "Пришлите ссылку. О, нашли. Ничего не надо, спасибо" },
		{ "uk", "Пришліть посилання. О, пустило. Не треба нічого, дякую!" },
		{ "tr", "Linki gönderin. Dur, bulduk. Bir şeye gerek yok" },
		{ "uz", "Link yuboring. Topdik. Hech narsa kerak emas, rahmat" },
		{ "sr", "Pošaljite link. Ah, nađeno. Ne treba ništa, hvala" },
		{ "nl", "Stuur de link. O, gevonden. Niks meer nodig, bedankt" },
		/* Below a card. */
		{ "en", "Link please\n\nAnn Lee\nOnly after Dec 15" },
		{ "de", "Link bitte\n\nAnn Lee\nAber erst ab Januar" },
		{ "ru", "Ссылку пожалуйста\n\nАня\nтолько после понедельника" },
	};

	(void)state;
	shipped_expect(alone, sizeof alone / sizeof *alone, CONTEXT_HELP,
	    FACT_TAKES_BACK, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_takes_it_back),
		cmocka_unit_test(test_what_does_not),
		cmocka_unit_test(test_what_stands),
		cmocka_unit_test(test_what_is_taken_back_still),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
