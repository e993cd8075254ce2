#include "shipped.h"

/* What the shipped rules know of others: their apps, their companies. */
static int
setup(void **state)
{
	(void)state;
	return shipped_load(NULL, NULL);
}

struct sample {
	const char *text, *language;
	bool fires;
};

static const struct signals *
signals_of(const struct sample *row)
{
	return shipped_signals("", CONTEXT_FIRST, row->language, row->text);
}

static void
check(const struct sample *rows, size_t n, uint64_t fact)
{
	for (size_t i = 0; i < n; i++) {
		if (((signals_of(&rows[i])->facts & fact) != 0) != rows[i].fires)
			fail_msg("\"%s\" is misread", rows[i].text);
	}
}

static void
check_intent(const struct sample *rows, size_t n, enum intent intent)
{
	for (size_t i = 0; i < n; i++) {
		if ((signals_of(&rows[i])->points[intent] > 0) != rows[i].fires)
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
		/* The screen names the app. */
		{ "Need admin approval. Turvo needs permission to access "
		    "resources in your organization", "en", true },
		{ "Turvo benötigt eine Berechtigung zum Zugriff auf Ressourcen",
		    "de", true },
		{ "Numeo needs permission to access resources in your "
		    "organization", "en", false },
		{ "Numeo Spot needs permission to access resources in your "
		    "organization", "en", false },
		{ "This app needs permission to access resources in your "
		    "organization", "en", false },
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
		/* Whom they carry for. */
		{ "We are leased on with acme.com", "en", true },
		{ "we contract with acme.com", "en", true },
		{ "we contract drivers, our site is acme.com", "en", false },
		{ "Возим грузы для acme.ru", "ru", true },
		{ "за договором з acme.ua", "uk", true },
		{ "acme.com için yük taşıyoruz", "tr", true },
		{ "acme.uz uchun yuk tashiymiz", "uz", true },
		{ "Nous roulons pour acme.fr", "fr", true },
		{ "Dirigimos para a acme.pt", "pt", true },
		{ "Manejamos para acme.mx", "es", true },
		{ "Wir fahren für acme.de", "de", true },
		{ "Guidiamo per acme.it", "it", true },
		{ "Wij rijden voor acme.nl", "nl", true },
		{ "Jeździmy dla acme.pl", "pl", true },
		{ "Vozimo za acme.rs", "sr", true },
		{ "我们给acme.cn拉货", "zh", true },
		{ "我们是acme.cn", "zh", false },
		/* In passing. */
		{ "I got an email from dispatch@acme.com", "en", true },
		{ "our old company was acme.com", "en", true },
		{ "we work at acme.com", "en", false },
		{ "my work email is jo@acme.com", "en", false },
		{ "la empresa donde trabajaba era acme.mx", "es", true },
		{ "j'ai vu votre produit sur le site acme.fr", "fr", true },
		{ "von der Spedition acme.de, wo ich früher war", "de", true },
		{ "Сайт нашего бухгалтера acme.ru", "ru", true },
		{ "Soy la contadora de acme.mx", "es", false },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_OTHER_COMPANY);
}

/* Mail and Microsoft that are somebody else's, in whose words it may be. */
static void
test_their_tenant(void **state)
{
	static const struct sample rows[] = {
		{ "I ended up with their email and their Microsoft too", "en",
		    true },
		{ "we mail them all day, their invoices too", "en", false },
		{ "His email is bob@acme.com", "en", false },
		{ "the link for our other tenant", "en", true },
		{ "our second company needs it", "en", true },
		{ "they have a separate Microsoft 365", "en", true },
		{ "für die Firma meiner Frau", "de", true },
		{ "our email is with Microsoft", "en", false },
		{ "otra razón social con su Microsoft aparte", "es", true },
		{ "su correo llegó ayer", "es", false },
		{ "у них своя фирма, почта у них на 365", "ru", true },
		{ "їхній майкрософт в головному офісі", "uk", true },
		{ "пошта у нас, і все", "uk", false },
		{ "poczta jest u nich w centrali", "pl", true },
		{ "ich Microsoft prowadzi ktoś inny", "pl", true },
		{ "onların Microsoft hesabı", "tr", true },
		{ "ularning Microsoft 365", "uz", true },
		{ "o Microsoft deles é separado", "pt", true },
		{ "leur messagerie est à part", "fr", true },
		{ "deren Microsoft 365 läuft getrennt", "de", true },
		{ "il loro Microsoft è a parte", "it", true },
		{ "hun eigen Microsoft-omgeving", "nl", true },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_THEIRS);
}

/* No tenant that a link of ours could reach. */
static void
test_no_cloud(void **state)
{
	static const struct sample rows[] = {
		{ "We run our own Exchange server", "en", true },
		{ "we're on GCC High", "en", true },
		{ "we don't have Microsoft 365 at all", "en", true },
		{ "we don't have a Microsoft admin", "en", false },
		{ "we don't have Microsoft Authenticator", "en", false },
		{ "our mail is with Google Workspace", "en", true },
		{ "libera o Numeo no Microsoft 365", "pt", false },
		{ "não temos Microsoft", "pt", true },
		{ "wir haben gar kein Microsoft", "de", true },
		{ "kein Microsoft-Konto nötig?", "de", false },
		{ "почта у нас на яндексе", "ru", true },
		{ "почта у нас на yandex", "ru", true },
		{ "nie mamy Microsoftu", "pl", true },
		{ "Exchange sunucumuz var", "tr", true },
		{ "we are with Google now", "en", true },
		{ "we moved to Google Workspace", "en", true },
		{ "we moved to Google Maps for routing", "en", false },
		{ "we are on Google Chrome", "en", false },
		{ "we are on Google for personal stuff", "en", false },
		{ "we are with Google no longer", "en", false },
		{ "our mail is not with Google", "en", false },
		{ "ahora usamos Google", "es", true },
		{ "ahora usamos Google solo para mapas", "es", false },
		{ "agora usamos Google Drive", "pt", false },
		{ "мы теперь в гугле", "ru", true },
		{ "мы теперь в гугле не работаем", "ru", false },
		{ "почта больше не google", "ru", false },
		{ "ми тепер в гуглі", "uk", true },
		{ "ми тепер в гуглі не працюємо", "uk", false },
		{ "wir sind jetzt bei Google", "de", true },
		{ "wir sind jetzt bei Google weg", "de", false },
		{ "nous sommes passés sur Google Maps", "fr", false },
		{ "adesso siamo su Google Maps", "it", false },
		{ "we zitten nu bij Google", "nl", true },
		{ "we zitten nu bij Google weg", "nl", false },
		{ "artık google kullanıyoruz", "tr", true },
		{ "artık google kullanmıyoruz", "tr", false },
		{ "biz hozir googledamiz", "uz", true },
		{ "biz hozir google emas", "uz", false },
		{ "jesteśmy teraz w Google Play", "pl", false },
		{ "sada smo na Google Maps", "sr", false },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_OTHER_CLOUD);
}

/* Who has left it is not left alone. */
static void
test_google_no_more(void **state)
{
	static const struct sample rows[] = {
		{ "We are not on Google any more, send the link", "en", true },
		{ "We moved from Google to Microsoft, the link please", "en", true },
		{ "We don't use Google Ads", "en", false },
		{ "We are with Google now", "en", false },
		{ "Artık google kullanmıyoruz, linki gönderin", "tr", true },
		{ "Biz hozir google emas, havolani yuboring", "uz", true },
		{ "Wir sind jetzt bei Google weg, Link bitte", "de", true },
		{ "Ya no usamos Google, mande el enlace", "es", true },
		{ "estou no meu gmail mesmo", "pt", false },
		{ "Não usamos mais Google, mande o link", "pt", true },
		{ "Мы теперь в гугле не работаем, пришлите ссылку", "ru", true },
		{ "Ми тепер не в google, надішліть посилання", "uk", true },
		{ "Nous ne sommes plus chez Google", "fr", true },
		{ "Non siamo più su Google", "it", true },
		{ "We zitten niet meer bij Google", "nl", true },
		{ "Nie jesteśmy już w Google", "pl", true },
		{ "Nismo više na Google", "sr", true },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_PERSON);
}

/* What has not come about, in the words for what has. */
static void
test_not_done(void **state)
{
	static const struct sample rows[] = {
		{ "Hat leider nicht geklappt", "de", true },
		{ "Klappt bei uns noch nicht", "de", true },
		{ "Hat geklappt, danke", "de", false },
		{ "kein Fehler mehr, läuft", "de", false },
		{ "ce n'est pas réglé", "fr", true },
		{ "ça n'a pas fonctionné de notre côté", "fr", true },
		{ "pas tout de suite mais ça a fini par marcher", "fr", false },
		{ "no quedó", "es", true },
		{ "no batallamos nada, ya quedó", "es", false },
		{ "nada resolvido ainda", "pt", true },
		{ "deu certo, obrigado", "pt", false },
		{ "non ha funzionato", "it", true },
		{ "niet gelukt met de stappen", "nl", true },
		{ "nie połączyło", "pl", true },
		{ "już nie wyskakuje, działa", "pl", false },
		{ "ничего не заработало", "ru", true },
		{ "не сразу, но получилось", "ru", false },
		{ "больше не просит, всё работает", "ru", false },
		{ "не спрацювало", "uk", true },
		{ "проблему не вирішено", "uk", true },
		{ "çözülmedi", "tr", true },
		{ "artık sormuyor, çalışıyor", "tr", false },
		{ "sorun olmadı, bağlandık", "tr", false },
		{ "ulanmadi", "uz", true },
		{ "hvala ali nije uspelo", "sr", true },
		{ "谢谢，但是没成功", "zh", true },
		{ "没问题了，已经连上了", "zh", false },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_NOT_DONE);
}

/* A person says how far it is, why he got it, and how it is undone. */
static void
test_asks_a_person(void **state)
{
	static const struct sample rows[] = {
		{ "is it done?", "en", true },
		{ "It is done.", "en", false },
		{ "уже одобрили?", "ru", true },
		{ "ya quedó listo?", "es", true },
		{ "onaylandı mı?", "tr", true },
		{ "I clicked it before I asked. How do I undo it?", "en", true },
		{ "How do I undo it later?", "en", false },
		{ "Wie mache ich das rückgängig?", "de", true },
		{ "Jak to cofnąć?", "pl", true },
		{ "Why am I getting your emails?", "en", true },
		{ "Wieso bekomme ich Ihre Anfrage?", "de", true },
		{ "почему мне пришёл ваш запрос", "ru", true },
		{ "Why do I get this screen?", "en", false },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_UNCLEAR);
}

/* Not all is done; not the private mailbox; nobody may click; whose login. */
static void
test_what_holds_back(void **state)
{
	static const struct sample not_all[] = {
		{ "all set here except the outlook thing", "en", true },
		{ "works on one of three computers", "en", true },
		{ "all three work", "en", false },
		{ "bei einem von uns geht es nicht", "de", true },
		{ "funciona todo menos el Outlook", "es", true },
		{ "tutto a posto tranne Outlook", "it", true },
		{ "всё кроме почты работает", "ru", true },
	};
	static const struct sample company[] = {
		{ "not my hotmail, the company account", "en", true },
		{ "my hotmail, we have no company account", "en", false },
		{ "my hotmail", "en", false },
		{ "nicht das private hotmail, sondern das Firmenpostfach", "de",
		    true },
		{ "не личная почта, а рабочая почта", "ru", true },
		{ "Menda firma pochtasi yo'q, oddiy hotmail", "uz", false },
		{ "No tengo cuenta de la empresa, es un hotmail", "es", false },
	};
	static const struct sample no_clicks[] = {
		{ "we are not allowed to click links", "en", true },
		{ "I clicked the link", "en", false },
		{ "wir dürfen keine Links anklicken", "de", true },
		{ "по ссылкам нам нельзя", "ru", true },
	};
	static const struct sample account[] = {
		{ "Send the link, our login is ops@other.com", "en", true },
		{ "Send the link to our IT at it@other.com", "en", false },
	};

	(void)state;
	check(not_all, sizeof not_all / sizeof *not_all, FACT_BUT_ME);
	check(company, sizeof company / sizeof *company, FACT_COMPANY_BOX);
	check(no_clicks, sizeof no_clicks / sizeof *no_clicks,
	    FACT_TAKES_BACK);
	check(account, sizeof account / sizeof *account, FACT_ACCOUNT);
}

/* It works, but. */
static void
test_works_but(void **state)
{
	static const struct sample rows[] = {
		{ "It's connected, only the mails don't arrive", "en", true },
		{ "Works on mine, one of our dispatchers can't get in", "en", true },
		{ "Done here, now waiting on you", "en", true },
		{ "It works now, only took a while. Thanks!", "en", false },
		{ "Works for all of us now, thank you", "en", false },
		{ "Ya conectó, pero los correos no salen", "es", true },
		{ "Ya funciona, a mi compañera no le jala", "es", true },
		{ "Ya funciona, muchas gracias", "es", false },
		{ "Funcionou, só que o celular parou", "pt", true },
		{ "Connecté, par contre rien n'arrive", "fr", true },
		{ "Ça marche, merci beaucoup", "fr", false },
		{ "Läuft, nur am Handy spinnt es seitdem", "de", true },
		{ "Läuft bei mir, bei der Kollegin noch nicht", "de", true },
		{ "Läuft jetzt, vielen Dank", "de", false },
		{ "Collegato, però le mail non partono", "it", true },
		{ "Połączone, ale maile nie wychodzą", "pl", true },
		{ "Работает, но письма не уходят", "ru", true },
		{ "У меня работает, у коллеги не пускает", "ru", true },
		{ "Работает, только пришлось подождать", "ru", false },
		{ "Підключилось, але листи не йдуть", "uk", true },
		{ "Bağlandı ama mailler gitmiyor", "tr", true },
		{ "Ulandi, lekin xatlar ketmayapti", "uz", true },
		{ "Werkt, maar er komt niks binnen", "nl", true },
		/* The wrong mailbox, or twice. */
		{ "approved and it hooked up my boss's inbox instead of mine", "en",
		    true },
		{ "connected. my coworker can open MY mail now", "en", true },
		{ "connected but it sent 40 emails twice", "en", true },
		{ "conectó el buzón de mi jefa y no el mío", "es", true },
		{ "connecté, mais la boîte du patron au lieu de la mienne", "fr",
		    true },
		{ "verbunden ist das Postfach vom Chef und nicht meins", "de", true },
		{ "подключилось к почте директора а не моей", "ru", true },
		{ "підключилась скринька директора замість моєї", "uk", true },
		{ "podłączyło skrzynkę szefa zamiast mojej", "pl", true },
		{ "had to try twice but it's connected", "en", false },
		{ "connected, my inbox and the calendar", "en", false },
		{ "та нема в нас ніякого адміна", "uk", false },
		{ "в нас немає адміна", "uk", false },
		{ "у нас нет админа", "ru", false },
		{ "у Саши пустило, у нас нет", "ru", true },
		{ "в Сашка пустило, в нас ні", "uk", true },
		{ "Povezano, ali mejlovi ne stižu", "sr", true },
		{ "连上了，但是邮件发不出去", "zh", true },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_BUT_ME);
}

/* What the rules say for another matter, in points. */
static double
points_for_other(const char *text, const char *language)
{
	return shipped_signals("", CONTEXT_FIRST, language,
	    text)->points[INTENT_OTHER];
}

/* Administration as a trade, and approvals of other things. */
static void
test_other_matters(void **state)
{
	static const struct sample rows[] = {
		{ "Attached my CV: Entra ID, Exchange, consent", "en", true },
		{ "I am applying for the system administrator role", "en", true },
		{ "hiermit bewerbe ich mich als Administrator", "de", true },
		{ "ich bin der Administrator", "de", false },
		{ "me candidato al puesto de administrador", "es", true },
		{ "ma candidature d'administrateur 365", "fr", true },
		{ "a minha candidatura a administrador", "pt", true },
		{ "invio la mia candidatura", "it", true },
		{ "mijn sollicitatie als beheerder", "nl", true },
		{ "aplikuję na stanowisko administratora", "pl", true },
		{ "отклик на вакансию администратора", "ru", true },
		{ "хотілося б мати хоча б резюме звіту", "uk", false },
		{ "ilanınıza başvurmak istiyorum", "tr", true },
		{ "bo'sh ish o'rni bormi", "uz", true },
		{ "a course on Entra ID consent", "en", true },
		{ "eine Schulung zu Microsoft 365", "de", true },
		{ "we audit Entra tenants", "en", true },
		{ "soy consultor de Microsoft 365", "es", true },
		{ "my vacation request waits for approval", "en", true },
		{ "mein Urlaubsantrag ist noch nicht genehmigt", "de", true },
		{ "my request waits for approval", "en", false },
		{ "yıllık iznim onay bekliyor", "tr", true },
		{ "approve the sign-in on my old phone", "en", true },
		{ "my old phone rings", "en", false },
		{ "podejrzyj logowanie na starym telefonie", "pl", true },
		{ "приложения нет в плеймаркете", "ru", true },
		{ "es geht um die Rechnung", "de", true },
		{ "piszę w sprawie faktury", "pl", true },
		{ "пришлите ссылку на вебинар", "ru", true },
		{ "o link da reunião não abre", "pt", true },
		{ "Google asks for admin approval", "en", true },
		{ "Google Chrome shows Need admin approval", "en", false },
		{ "Terminlink bitte", "de", true },
		{ "Link bitte", "de", false },
		{ "Teams-Link bitte", "de", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if ((points_for_other(rows[i].text, rows[i].language) >= 2) !=
		    rows[i].fires)
			fail_msg("\"%s\" is misread", rows[i].text);
	}
}

/* In the same breath, not yet, not at all. */
static void
test_not_now(void **state)
{
	static const struct sample rows[] = {
		{ "Please send the link. No wait, scrap that", "en", true },
		{ "don't send me any link", "en", true },
		{ "why don't you send me the link", "en", false },
		{ "Don't send the link yet. Why is it grey?", "en", true },
		{ "don't forget that we need the link", "en", false },
		{ "Not yet, please send the link", "en", false },
		{ "melhor não esperar, envie o link", "pt", false },
		{ "Not yet please. We talk to our lawyer.", "en", true },
		{ "it is not yet approved", "en", false },
		{ "only send the link if it can be limited", "en", true },
		{ "Moment, doch nicht", "de", true },
		{ "Bitte keinen Link schicken", "de", true },
		{ "no me manden ningún enlace", "es", true },
		{ "Anzi no, lasciate perdere", "it", true },
		{ "Ссылку мне не присылайте", "ru", true },
		{ "посилання не надсилайте", "uk", true },
		{ "albo nie", "pl", true },
		{ "havola yubormang", "uz", true },
		{ "boş verin", "tr", true },
		{ "laissez tomber", "fr", true },
		{ "não me mande o link", "pt", true },
		{ "stuur geen link", "nl", true },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_TAKES_BACK);
}

/* Where ours works, the same screen is another app's. */
static void
test_works_already(void **state)
{
	static const struct sample rows[] = {
		{ "Numeo is connected, now the same for payroll", "en", true },
		{ "I want Numeo connected", "en", false },
		{ "Numeo is not connected", "en", false },
		{ "Numeo подключили, теперь 1С", "ru", true },
		{ "Numeo ist verbunden, jetzt die Lohnsoftware", "de", true },
		{ "Numeo ya está conectado, gracias", "es", false },
		{ "Numeo работает, спасибо", "ru", false },
	};

	(void)state;
	check(rows, sizeof rows / sizeof *rows, FACT_ELSEWHERE);
}

/* "They cannot without my consent" is what an administrator says who would give it. */
static void
test_without_leave(void **state)
{
	static const struct sample rows[] = {
		{ "You read our mail without our consent!", "en", true },
		{ "Without my consent they cannot connect their mailbox", "en",
		    false },
		{ "They can't connect without our approval", "en", false },
		{ "Podłączyliście się bez naszej zgody", "pl", true },
		{ "Bez mojej zgody nie podepną swoich skrzynek", "pl", false },
		{ "Vous avez lu nos mails sans notre accord", "fr", true },
		{ "Sans mon accord ils ne peuvent pas connecter leur boîte",
		    "fr", false },
		{ "Bizim iznimiz olmadan bağlanmışsınız", "tr", true },
		{ "It was hooked up without our approval, that is not how we "
		    "work", "en", true },
		{ "He does not get to his mail without my approval", "en", false },
		{ "Без моєї згоди його не пустять", "uk", false },
		{ "Ohne meine Freigabe tut sich nichts", "de", false },
		{ "Bez mojej zgody nie dostanie się do poczty", "pl", false },
		{ "Without my permission they are not able to log in", "en",
		    false },
		{ "Ohne unsere Genehmigung verbunden, das ist nicht in Ordnung",
		    "de", true },
		{ "Podłączony bez naszej zgody, nikt nas nie pytał", "pl", true },
		{ "Подключили без нашего согласия, никто нас не спросил", "ru",
		    true },
		{ "Без моего согласия они не могут подключить почту", "ru",
		    false },
		{ "Ohne meine Zustimmung geht da nichts", "de", false },
		{ "Ohne unsere Zustimmung haben Sie sich verbunden", "de", true },
		{ "Numeo was approved without my consent. Who did that?", "en",
		    true },
		{ "Nothing gets approved without my consent, where do I do it?",
		    "en", false },
		{ "You keep sending mails to my drivers without my consent.",
		    "en", true },
		{ "Foi aprovado sem minha autorização.", "pt", true },
		{ "Es wurde ohne meine Zustimmung genehmigt!", "de", true },
		{ "Ohne meine Zustimmung wird hier nichts genehmigt", "de",
		    false },
		{ "To zostało zatwierdzone bez mojej zgody", "pl", true },
		{ "Se aprobó sin mi permiso", "es", true },
		{ "Его одобрили без нашего ведома", "ru", true },
		{ "Someone approved Numeo without asking us first.", "en", true },
		{ "Numeo was approved without our knowledge.", "en", true },
		{ "Foi aprovado sem autorização.", "pt", true },
		{ "未经我们同意就批准了 Numeo。", "zh", true },
		{ "Numeo appeared in our enterprise apps without our approval",
		    "en", true },
		{ "Approved it for all, so they can connect without asking me "
		    "each time", "en", false },
		{ "Aprobado, ya conecta sin preguntar nada.", "es", false },
		{ "Habe es freigegeben, läuft jetzt ohne zu fragen.", "de",
		    false },
		{ "Mijn baas heeft het goedgekeurd, maar zonder toestemming van "
		    "IT kan ik niets koppelen", "nl", false },
		{ "Lo aprobaron sin preguntarnos", "es", true },
		{ "Hinter meinem Rücken genehmigt!", "de", true },
		{ "Mis choferes usan Outlook y sin la autorizacion del "
		    "administrador sale la pantalla", "es", false },
		{ "È comparsa la schermata: senza il mio consenso resta fermo",
		    "it", false },
	};

	(void)state;
	check_intent(rows, sizeof rows / sizeof *rows, INTENT_REFUSED);
}

/* A window that forbids is Microsoft's; and who would not be against it is for it. */
static void
test_a_window_is_no_refusal(void **state)
{
	static const struct sample rows[] = {
		{ "Окно с запретом всё то же", "ru", false },
		{ "У нас запрет на такие программы", "ru", true },
		{ "Бачу вікно із забороною", "uk", false },
		{ "Пише, що організація не дозволила", "uk", false },
		{ "Директор заборонив", "uk", true },
		{ "Шеф против", "ru", true },
		{ "Муж против не будет", "ru", false },
		{ "Партнёр против этого не возражает", "ru", false },
		{ "Шеф был против, но теперь согласен", "ru", false },
		{ "Шеф проти", "uk", true },
		{ "Чоловік проти не буде", "uk", false },
		{ "Шеф був проти, але тепер згоден", "uk", false },
		{ "A Microsoft barrou", "pt", false },
		{ "A diretoria barrou", "pt", true },
	};

	(void)state;
	check_intent(rows, sizeof rows / sizeof *rows, INTENT_REFUSED);
}

/* An invoice in the next sentence takes no request away. */
static void
test_a_link_beside_money(void **state)
{
	static const struct sample rows[] = {
		{ "Please send the link. Where is our invoice for October?", "en",
		    true },
		{ "Where is the invoice? And send me the link please", "en",
		    true },
		{ "Please send the link to the invoice", "en", false },
		{ "Bitte schicken Sie den Link. Wo bleibt die Rechnung?", "de",
		    true },
		{ "Пришлите ссылку на оплату", "ru", false },
		{ "Пришлите ссылку. И где счёт за октябрь?", "ru", true },
	};

	(void)state;
	check_intent(rows, sizeof rows / sizeof *rows, INTENT_WANT_LINK);
}

/* Money, passwords and freight, and what is spelt like them in another language:
 * dinner, a computer, the instructions, words. */
static void
test_false_friends(void **state)
{
	static const struct sample rows[] = {
		{ "jaka jest cena za dwie osoby", "pl", true },
		{ "lo clicca mia moglie dopo cena", "it", false },
		{ "c'est quoi le tarif", "fr", true },
		{ "which plans do you have", "en", true },
		{ "the plans I have for you, Jeremiah 29:11", "en", false },
		{ "tariflar qancha turadi", "uz", true },
		{ "tarifi okudum, dugmeyi gonderin", "tr", false },
		{ "kolika je cena", "sr", true },
		{ "posaljite nam racun", "sr", true },
		{ "na mom racunaru to ne radi", "sr", false },
		{ "no me llego el pago", "es", true },
		{ "se pago tutto l'anno, quanto mi fate?", "it", true },
		{ "sono io che pago, mandatemi il collegamento", "it", false },
		{ "el remitente es mi jefe", "es", false },
		{ "parolimni unutdim", "uz", true },
		{ "in poche parole, non va", "it", false },
	};
	static const struct sample freight[] = {
		{ "how do i approve it, and the signed POD", "en", false },
		{ "jak udzielić zgody pod tym przyciskiem", "pl", true },
		{ "como dou a permissão, e depois", "pt", true },
	};

	(void)state;
	check_intent(rows, sizeof rows / sizeof *rows, INTENT_OTHER);
	check_intent(freight, sizeof freight / sizeof *freight,
	    INTENT_ADMIN_HELP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_link_of_another_app),
		cmocka_unit_test(test_their_tenant),
		cmocka_unit_test(test_no_cloud),
		cmocka_unit_test(test_google_no_more),
		cmocka_unit_test(test_not_now),
		cmocka_unit_test(test_works_already),
		cmocka_unit_test(test_somebody_elses_company),
		cmocka_unit_test(test_other_matters),
		cmocka_unit_test(test_not_done),
		cmocka_unit_test(test_asks_a_person),
		cmocka_unit_test(test_what_holds_back),
		cmocka_unit_test(test_works_but),
		cmocka_unit_test(test_without_leave),
		cmocka_unit_test(test_a_window_is_no_refusal),
		cmocka_unit_test(test_a_link_beside_money),
		cmocka_unit_test(test_false_friends),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
