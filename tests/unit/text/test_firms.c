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

struct row {
	const char *sender, *language, *text;
};

static const struct row outside[] = {
	{ "kyle@amesit.com", "en", "We're the IT guys for Gant. Link please." },
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
	{ "g@gutoti.com.br", "pt", "Presto TI pra uma transportadora, me manda o link" },
	{ "r@ralf-edv.de", "de", "Bin externer EDV-Betreuer, ein Kunde rief an" },
	{ "n@nazarit.com", "uk", "Ми зовнішні айтішники, клієнт хоче Numeo" },
	{ "i@serviciosit.cl", "es", "Somos el soporte TI externo de varios transportistas" },
	{ "e@emrebilisim.com.tr", "tr", "Birkaç nakliye firmasına IT desteği veriyoruz" },
	/* Whom they look after. */
	{ "t@keystoneit.com", "en", "A company we look after needs Numeo approved" },
	{ "t@rotsysteme.de", "de", "Ein von uns betreuter Kunde möchte Numeo anbinden" },
	{ "t@rotsysteme.de", "de", "Im Auftrag eines Kunden soll ich Numeo freigeben" },
	{ "t@infodep.fr", "fr", "Une société que nous accompagnons utilise Numeo" },
	{ "t@redesmx.com", "es", "Una empresa que atendemos necesita Numeo" },
	{ "t@infobr.com.br", "pt", "Uma empresa que atendemos usa o Numeo" },
	{ "t@infotech.it", "it", "Una ditta che seguiamo usa Numeo" },
	{ "t@infoserwis.pl", "pl", "Firma, którą obsługujemy, potrzebuje Numeo" },
	{ "t@itservis.ru", "ru", "Клиент, которого мы обслуживаем, просит одобрить" },
	{ "t@itcomp.com.ua", "uk", "Компанія, яку ми обслуговуємо, хоче Numeo" },
	{ "t@bilgiisi.com.tr", "tr", "Destek verdiğimiz bir firma Numeo kullanıyor" },
	{ "t@itxizmat.uz", "uz", "Biz xizmat ko'rsatadigan kompaniya Numeo ishlatadi" },
	{ "t@netbeheer.nl", "nl", "Een bedrijf dat wij beheren gebruikt Numeo" },
	{ "t@mreze.rs", "sr", "Firma koju održavamo koristi Numeo" },
	{ "t@itfuwu.cn", "zh", "我们负责的一家公司要用Numeo" },
	/* What they do stands in their own name. */
	{ "bob@runit.nl", "en", "I run IT for Redhill Freight. Link please." },
	{ "bob@sysadminpros.com", "en", "I am the sysadmin for Redhill Freight. Link?" },
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
	{ "jo@acmefreight.com", "en", "The customers we serve are waiting, link please" },
	{ "jo@spedition-roth.de", "de", "Unsere IT, die uns betreut, fragt nach dem Link" },
	{ "jo@transblanc.fr", "fr", "La société qui nous accompagne demande le lien" },
	{ "jo@fletesmora.mx", "es", "La empresa que nos atiende pide la liga" },
	{ "jo@kostrans.pl", "pl", "Firma, która nas obsługuje, prosi o link" },
	{ "jo@kimlog.kz", "ru", "Компания, которая нас обслуживает, просит ссылку" },
	{ "jo@kimlog.kz", "ru", "Фирма, которая обслуживает нас, молчит" },
	{ "jo@poptrans.ua", "uk", "Фірма, яка обслуговує нас, мовчить" },
	{ "jo@luzcargas.com.br", "pt", "A empresa que cuida do nosso TI sumiu" },
	{ "jo@salatrasporti.it", "it", "La ditta che segue i nostri computer tace" },
	{ "jo@kostrans.pl", "pl", "Firma, która obsługuje nas, milczy" },
	{ "jo@yukkompaniya.uz", "uz", "Bizga xizmat ko'rsatadigan firma jim" },
	{ "jo@mreza.rs", "sr", "Firma koja održava mrežu ćuti" },
	{ "jo@jansentransport.nl", "nl", "Het bedrijf dat onze IT beheert zwijgt" },
	{ "jo@gantnakliyat.com", "tr", "Bize destek veren firma cevap vermiyor" },
	{ "d@dts-logistics.com", "en", "I'm the admin at Delta Transportation "
	    "Services. Link please" },
	{ "kyle@gantfreight.com", "en", "I'm the IT guy for Gant Freight. Please send "
	    "the one-click link." },
	{ "kyle@gfl.com", "en", "We do IT for Gant Freight Lines. Link please" },
	{ "kyle@bhfgrp.com", "en", "The link for Blue Hollow Freight please" },
	{ "kyle@jandrtrucking.com", "en", "Approval link for J&R Trucking please" },
	{ "kyle@acme.com", "en", "Grant admin consent for OFL Group is greyed out" },
	{ "kyle@acme.com", "en", "A friend at Coyote Logistics told me about you. Link?" },
	{ "kyle@acme.com", "en", "We need it for reefer freight, please send the link" },
	{ "kyle@acme.com", "en", "Our boss can approve it in his portal" },
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

static const struct row theirs[] = {
	{ "jo@acme.com", "en", "Send the link for the guys at Sunrise" },
	{ "jo@acme.com", "en", "The link is for the Dallas outfit, that's a separate "
	    "company." },
	{ "jo@acme.com", "en", "One of our owner operators has his own domain, he "
	    "needs the link" },
	{ "jo@acme.com", "en", "I need the same link for my son's company" },
	{ "jo@acme.com", "en", "Send the link to my brother-in-law at Sunrise "
	    "Hauling" },
	{ "jo@acme.com", "en", "Need two links, one for us and one for Sunrise" },
	{ "jo@acme.com", "es", "Manden el enlace para la empresa de mi cuñado" },
	{ "jo@acme.com", "es", "La liga es para un amigo, tiene su propio Microsoft" },
	{ "jo@acme.com", "pt", "O link é para a empresa do meu sogro" },
	{ "jo@acme.com", "pt", "Manda o link, eles têm domínio próprio" },
	{ "jo@acme.com", "fr", "Le lien pour la société de mon beau-frère" },
	{ "jo@acme.com", "fr", "C'est pour notre sous-traitant, le lien svp" },
	{ "jo@acme.com", "it", "Il link per la ditta di mio cognato" },
	{ "jo@acme.com", "it", "Il link serve a un nostro padroncino" },
	{ "jo@acme.com", "de", "Den Link für die Firma meines Schwagers, bitte" },
	{ "jo@acme.com", "de", "Der Link ist für einen unserer Subunternehmer" },
	{ "jo@acme.com", "nl", "De link voor het bedrijf van mijn zwager" },
	{ "jo@acme.com", "pl", "Link dla firmy mojego szwagra" },
	{ "jo@acme.com", "pl", "Link dla kolegi z innej firmy" },
	{ "jo@acme.com", "ru", "Скиньте ссылку для компании моего брата" },
	{ "jo@acme.com", "ru", "Ссылка для коллег, у них своя почта" },
	{ "jo@acme.com", "uk", "Посилання для фірми мого чоловіка" },
	{ "jo@acme.com", "uk", "Дайте посилання, у них окремий офіс 365" },
	{ "jo@acme.com", "tr", "Kardeşimin firması için link gönderin" },
	{ "jo@acme.com", "uz", "Akamning firmasiga ham link yuboring" },
	{ "jo@acme.com", "sr", "Link za firmu mog brata" },
	{ "jo@acme.com", "zh", "请给我朋友的公司发一个链接" },
};

/* Nor is it for whom he works for, or tells of. */
static const struct row ours[] = {
	{ "jo@acme.com", "en", "I dispatch for my uncle's company. Send the link." },
	{ "jo@acme.com", "en", "Send the link to my wife, she is the admin" },
	{ "jo@acme.com", "en", "A friend told me about you. Link please" },
	{ "jo@acme.com", "en", "We have our own domain, send the link" },
	{ "jo@acme.com", "en", "Send the link for the dispatch team" },
	{ "jo@acme.com", "en", "My company's domain is the same, link please" },
	{ "jo@acme.com", "en", "The link for my brother's company, same tenant" },
	{ "jo@acme.com", "es", "Manden la liga a mi hermano, él es el admin" },
	{ "jo@acme.com", "es", "Tenemos nuestro propio dominio, la liga" },
	{ "jo@acme.com", "pt", "Manda o link pro meu irmão, ele é o admin" },
	{ "jo@acme.com", "fr", "Envoyez le lien à mon frère, il est admin" },
	{ "jo@acme.com", "it", "Mandate il link a mio fratello, è lui l'admin" },
	{ "jo@acme.com", "de", "Den Link bitte an meinen Bruder, er ist Admin" },
	{ "jo@acme.com", "de", "Wir haben unser eigenes Microsoft, den Link bitte" },
	{ "jo@acme.com", "nl", "Stuur de link naar mijn broer, hij is beheerder" },
	{ "jo@acme.com", "pl", "Proszę wysłać link koledze, on jest adminem" },
	{ "jo@acme.com", "ru", "Отправьте ссылку брату, он у нас админ" },
	{ "jo@acme.com", "uk", "Надішліть посилання брату, він адмін" },
	/* Which domain the other firm has is told. */
	{ "jo@acme.com", "es", "Tenemos otra razón social con su Microsoft aparte, "
	    "andesfrio.com. ¿Me mandan el enlace?" },
	{ "jo@acme.com", "pl", "Osobno poproszę dla Zeta Chłodnie, mają własny tenant: "
	    "zetachlodnie.pl" },
	{ "jo@acme.com", "en", "The link for my brother's company, fox.net, please" },
	{ "jo@acme.com", "tr", "Linki kardeşime gönderin, yönetici o" },
	{ "jo@acme.com", "uz", "Linkni akamga yuboring, admin u kishi" },
	{ "jo@acme.com", "sr", "Pošaljite link mom bratu, on je admin" },
	{ "jo@acme.com", "zh", "请把链接发给我的同事，他是管理员" },
};

/* All that are wrong are shown. */
static void
expect(const struct row *rows, size_t n, uint64_t fact, bool said)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		bool got = shipped_signals(rows[i].sender, CONTEXT_HELP,
		    rows[i].language, rows[i].text)->facts & fact;

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

static void
test_anothers_firm(void **state)
{
	(void)state;
	expect(theirs, sizeof theirs / sizeof *theirs, FACT_TAKES_BACK, true);
	expect(ours, sizeof ours / sizeof *ours, FACT_TAKES_BACK, false);
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
		struct str words = str_of(rows[i].words);

		if (whose_other_firm(a, rows[i].sender, words, 0, words.n) !=
		    rows[i].other)
			fail_msg("%s: %s", rows[i].sender, rows[i].words);
	}
}

/* His own firm stands in the subject, and another in the text. */
static void
test_two_firms(void **state)
{
	static struct collected got;
	struct classify_input in = { .sender = "kyle@amesfreight.com",
		.language = "en", .context = CONTEXT_HELP };

	(void)state;
	arena_reset(a);
	in.subject = STR("I'm the IT guy for Ames Freight");
	in.zone[ZONE_NEW] = STR("Link please.");
	classify_collect(c, a, &in, &got);
	assert_false(got.signals.facts & FACT_MSP);
	in.zone[ZONE_NEW] = STR("We do IT for Gant, too. Link please.");
	classify_collect(c, a, &in, &got);
	assert_true(got.signals.facts & FACT_MSP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outside_it),
		cmocka_unit_test(test_own_it),
		cmocka_unit_test(test_anothers_firm),
		cmocka_unit_test(test_whose_firm),
		cmocka_unit_test(test_two_firms),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
