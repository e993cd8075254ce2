#include "shipped.h"

/* What the shipped rules find in the words of each language. */
static int
setup(void **state)
{
	(void)state;
	return shipped_load(NULL, NULL);
}

/* The account that one signs in with, of another company perhaps; and who shall
 * get the link. */
static void
test_the_account(void **state)
{
	static const struct {
		const char *text;
		bool fires;
	} rows[] = {
		{ "I sign in to Outlook as va@other.com", true },
		{ "our microsoft login is va@other.com though", true },
		{ "The Microsoft account that has to be approved is va@other.com",
		    true },
		{ "link pls, email to connect: va@other.com", true },
		{ "la cuenta de Outlook es va@other.com", true },
		{ "das Outlook-Konto ist va@other.com", true },
		{ "Le compte Outlook est va@other.com", true },
		{ "A conta do Outlook é va@other.com", true },
		{ "konto Outlook to va@other.com", true },
		{ "почта которую подключаем: va@other.com", true },
		{ "наша пошта в Outlook це va@other.com", true },
		{ "Outlook hesabımız: va@other.com", true },
		{ "Outlook akkaunt: va@other.com", true },
		{ "Our admin is va@other.com", false },
		{ "I use Outlook. Send it to our IT guy, va@other.com", false },
		{ "Outlook geht nicht. Schicken Sie den Link an va@other.com",
		    false },
		{ "Пришлите ссылку для Outlook на va@other.com", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t facts = shipped_signals("jo@acme.com", CONTEXT_FIRST, "",
		    rows[i].text)->facts;

		if (((facts & FACT_ACCOUNT) != 0) != rows[i].fires)
			fail_msg("\"%s\" is misread", rows[i].text);
	}
}

/* Who says no, or that it is approved, is angry or threatens, and who only tells
 * of a screen or of what is yet to come, or uses another language's word. */
static void
test_what_rules_object_to(void **state)
{
	static const struct {
		const char *text, *language;
		uint64_t asked, facts;
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
		/* How a tenant is set up. */
		{ "É proibido o usuário consentir apps", "pt", FACT_SAYS_NO, 0 },
		{ "Пользователям самим давать согласие запрещено", "ru",
		    FACT_SAYS_NO, 0 },
		{ "Користувачам самим надавати згоду заборонено", "uk",
		    FACT_SAYS_NO, 0 },
		{ "Kullanıcıların kendi başına izin vermesi yasak", "tr",
		    FACT_SAYS_NO, 0 },
		{ "Xodimlar o'zi ruxsat berishi taqiqlangan", "uz", FACT_SAYS_NO,
		    0 },
		{ "Gli utenti non danno il consenso da soli, è vietato", "it",
		    FACT_SAYS_NO, 0 },
		{ "Gebruikers mogen zelf geen toestemming geven", "nl",
		    FACT_SAYS_NO, 0 },
		{ "我们禁止普通用户同意应用", "zh", FACT_SAYS_NO, 0 },
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
		{ "Der Knopf für die Zustimmung ist grau", "de", FACT_MATTER, 0 },
		{ "Grant admin consent is grey", "en", FACT_MATTER, FACT_MATTER },
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
		/* Who looks after other people's computers. */
		{ "One of our customers gets this", "en", FACT_MSP, FACT_MSP },
		{ "I do IT for a trucking company", "en", FACT_MSP, FACT_MSP },
		{ "We support several carriers", "en", FACT_MSP, FACT_MSP },
		{ "Our IT does this for us", "en", FACT_MSP, 0 },
		{ "Customers wait for our trucks", "en", FACT_MSP, 0 },
		{ "Soy el técnico de un cliente", "es", FACT_MSP, FACT_MSP },
		{ "Un cliente nos espera", "es", FACT_MSP, 0 },
		{ "Chez un client le message s'affiche", "fr", FACT_MSP,
		    FACT_MSP },
		{ "Le client attend", "fr", FACT_MSP, 0 },
		{ "Ich betreue mehrere Firmen", "de", FACT_MSP, FACT_MSP },
		{ "Der Kunde wartet auf die Ladung", "de", FACT_MSP, 0 },
		{ "Jeden z naszych klientów to ma", "pl", FACT_MSP, FACT_MSP },
		{ "Klient czeka", "pl", FACT_MSP, 0 },
		{ "Um dos nossos clientes recebe isso", "pt", FACT_MSP,
		    FACT_MSP },
		{ "O cliente espera", "pt", FACT_MSP, 0 },
		{ "Un nostro cliente vede questo", "it", FACT_MSP, FACT_MSP },
		{ "Il cliente aspetta", "it", FACT_MSP, 0 },
		{ "Een van onze klanten krijgt dit", "nl", FACT_MSP, FACT_MSP },
		{ "De klant wacht", "nl", FACT_MSP, 0 },
		{ "У одного клиента это окно", "ru", FACT_MSP, FACT_MSP },
		{ "Клиент ждёт", "ru", FACT_MSP, 0 },
		{ "Один з наших клієнтів це бачить", "uk", FACT_MSP, FACT_MSP },
		{ "Клієнт чекає", "uk", FACT_MSP, 0 },
		{ "Müşterilerimizden biri bunu görüyor", "tr", FACT_MSP,
		    FACT_MSP },
		{ "Müşteri bekliyor", "tr", FACT_MSP, 0 },
		{ "Mijozlarimizdan birida shu chiqyapti", "uz", FACT_MSP,
		    FACT_MSP },
		{ "Mijoz kutyapti", "uz", FACT_MSP, 0 },
		{ "Jedan od naših klijenata to vidi", "sr", FACT_MSP,
		    FACT_MSP },
		{ "Klijent čeka", "sr", FACT_MSP, 0 },
		/* The work alone: for others, or for themselves. */
		{ "We run the 365 tenant of Calloway", "en", FACT_MSP, FACT_MSP },
		{ "We run Microsoft 365 here ourselves", "en", FACT_MSP, 0 },
		{ "Gestionamos los correos de Ruiz", "es", FACT_MSP, FACT_MSP },
		{ "Gestionamos los correos nosotros mismos", "es", FACT_MSP, 0 },
		{ "Nous gérons leur informatique", "fr", FACT_MSP, FACT_MSP },
		{ "Nous gérons cela nous-mêmes", "fr", FACT_MSP, 0 },
		{ "Ich mache die IT für Huber", "de", FACT_MSP, FACT_MSP },
		{ "Ich mache die IT für uns", "de", FACT_MSP, 0 },
		{ "Administramos o 365 da Silva", "pt", FACT_MSP, FACT_MSP },
		{ "Gerenciamos vinte caminhões", "pt", FACT_MSP, 0 },
		{ "Obsługuję IT kilku firm", "pl", FACT_MSP, FACT_MSP },
		{ "Obsługuję IT u nas", "pl", FACT_MSP, 0 },
		{ "Мы у них обслуживаем почту", "ru", FACT_MSP, FACT_MSP },
		{ "Сами обслуживаем почту", "ru", FACT_MSP, 0 },
		{ "Адмініструємо пошту замовника", "uk", FACT_MSP, FACT_MSP },
		{ "Самі адмініструємо пошту", "uk", FACT_MSP, 0 },
		{ "Wij beheren de mail van De Jong", "nl", FACT_MSP, FACT_MSP },
		{ "Wij beheren de mail zelf", "nl", FACT_MSP, 0 },
		/* Wants to talk to somebody, or has waited. */
		{ "I need to talk to a real person", "en", FACT_PERSON,
		    FACT_PERSON },
		{ "Hello? I'm still waiting", "en", FACT_PERSON, FACT_PERSON },
		{ "He will call me back", "en", FACT_PERSON, 0 },
		{ "Thanks, waiting for our IT guy", "en", FACT_PERSON, 0 },
		{ "¿Me pueden llamar?", "es", FACT_PERSON, FACT_PERSON },
		{ "Sigo esperando", "es", FACT_PERSON, FACT_PERSON },
		{ "Lo llamo al jefe", "es", FACT_PERSON, 0 },
		{ "Können Sie mich bitte anrufen?", "de", FACT_PERSON,
		    FACT_PERSON },
		{ "Ich warte immer noch auf Antwort", "de", FACT_PERSON,
		    FACT_PERSON },
		{ "Ich rufe den Chef an", "de", FACT_PERSON, 0 },
		{ "Rappelez-moi", "fr", FACT_PERSON, FACT_PERSON },
		{ "J'attends toujours", "fr", FACT_PERSON, FACT_PERSON },
		{ "J'appelle mon chef", "fr", FACT_PERSON, 0 },
		{ "Podem me ligar?", "pt", FACT_PERSON, FACT_PERSON },
		{ "Ainda estou esperando", "pt", FACT_PERSON, FACT_PERSON },
		{ "Vou ligar para o chefe", "pt", FACT_PERSON, 0 },
		{ "Chiamatemi", "it", FACT_PERSON, FACT_PERSON },
		{ "Sto ancora aspettando", "it", FACT_PERSON, FACT_PERSON },
		{ "Chiamo il capo", "it", FACT_PERSON, 0 },
		{ "Kunt u mij even bellen?", "nl", FACT_PERSON, FACT_PERSON },
		{ "Ik wacht nog steeds", "nl", FACT_PERSON, FACT_PERSON },
		{ "Ik bel de baas", "nl", FACT_PERSON, 0 },
		{ "Proszę zadzwonić", "pl", FACT_PERSON, FACT_PERSON },
		{ "Nadal czekam", "pl", FACT_PERSON, FACT_PERSON },
		{ "Zapytam szefa", "pl", FACT_PERSON, 0 },
		{ "Beni arayın lütfen", "tr", FACT_PERSON, FACT_PERSON },
		{ "Hâlâ bekliyorum", "tr", FACT_PERSON, FACT_PERSON },
		{ "Patronu arayacağım", "tr", FACT_PERSON, 0 },
		{ "Позвоните мне", "ru", FACT_PERSON, FACT_PERSON },
		{ "До сих пор жду", "ru", FACT_PERSON, FACT_PERSON },
		{ "Позвоню начальнику", "ru", FACT_PERSON, 0 },
		{ "Зателефонуйте мені", "uk", FACT_PERSON, FACT_PERSON },
		{ "Досі чекаю", "uk", FACT_PERSON, FACT_PERSON },
		{ "Запитаю керівника", "uk", FACT_PERSON, 0 },
		{ "Menga qo'ng'iroq qiling", "uz", FACT_PERSON, FACT_PERSON },
		{ "Haliyam kutyapman", "uz", FACT_PERSON, FACT_PERSON },
		{ "Rahbardan so'rayman", "uz", FACT_PERSON, 0 },
		/* Wants no more mail. */
		{ "STOP EMAILING ME", "en", FACT_STOP, FACT_STOP },
		{ "stop mailing me", "en", FACT_STOP, FACT_STOP },
		{ "Unsubscribe me please", "en", FACT_STOP, FACT_STOP },
		{ "please remove me from your list", "en",
		    FACT_STOP, FACT_STOP },
		{ "take me off your list", "en", FACT_STOP, FACT_STOP },
		{ "Do not contact me again.", "en", FACT_STOP, FACT_STOP },
		{ "Bitte schreiben Sie mir nicht mehr.", "de",
		    FACT_STOP, FACT_STOP },
		{ "не пишите мне больше", "ru",
		    FACT_STOP, FACT_STOP },
		{ "przestańcie do mnie pisać", "pl", FACT_STOP, FACT_STOP },
		{ "Bana bir daha mail atmayın", "tr", FACT_STOP, FACT_STOP },
		{ "No me escriban más", "es", FACT_STOP, FACT_STOP },
		{ "Arrêtez de m'écrire", "fr", FACT_STOP, FACT_STOP },
		{ "Parem de me mandar e-mails", "pt", FACT_STOP, FACT_STOP },
		{ "Smettete di scrivermi", "it", FACT_STOP, FACT_STOP },
		{ "Stop met mailen", "nl", FACT_STOP, FACT_STOP },
		{ "не пишіть мені більше", "uk",
		    FACT_STOP, FACT_STOP },
		{ "Menga boshqa yozmang", "uz", FACT_STOP, FACT_STOP },
		{ "Nemojte mi više pisati", "sr", FACT_STOP, FACT_STOP },
		{ "How do I stop the program from emailing my customers?", "en",
		    FACT_STOP, 0 },
		{ "The trucks stop here", "en", FACT_STOP, 0 },
		{ "He told them not to contact the broker again", "en",
		    FACT_STOP, 0 },
		{ "stop sending loads to the wrong driver", "en",
		    FACT_STOP, 0 },
		{ "Bitte schreiben Sie mir die Schritte", "de", FACT_STOP, 0 },
		{ "пишите мне сюда", "ru", FACT_STOP, 0 },
		{ "Больше ничего не пишет", "ru",
		    FACT_STOP, 0 },
		{ "proszę pisać na ten adres", "pl", FACT_STOP, 0 },
		{ "no me manda el correo", "es", FACT_STOP, 0 },
		{ "My admin stopped answering me", "en", FACT_STOP, 0 },
		{ "remove the driver from my list", "en", FACT_STOP, 0 },
		{ "Je n'arrête pas d'essayer", "fr", FACT_STOP, 0 },
		{ "proszę pisać na ten adres", "pl", FACT_STOP, 0 },
		{ "proszę napisać do mnie", "pl", FACT_STOP, 0 },
		/* It was there, and was taken away. */
		{ "Our IT deleted Numeo by mistake", "en",
		    FACT_REMOVED, FACT_REMOVED },
		{ "unser Admin hat Numeo gelöscht", "de",
		    FACT_REMOVED, FACT_REMOVED },
		{ "админ удалил numeo из microsoft", "ru",
		    FACT_REMOVED, FACT_REMOVED },
		{ "El administrador eliminó la aplicación", "es",
		    FACT_REMOVED, FACT_REMOVED },
		{ "Notre admin a supprimé Numeo", "fr",
		    FACT_REMOVED, FACT_REMOVED },
		{ "O admin removeu o aplicativo", "pt",
		    FACT_REMOVED, FACT_REMOVED },
		{ "L'app è stata rimossa", "it", FACT_REMOVED, FACT_REMOVED },
		{ "Numeo is verwijderd", "nl", FACT_REMOVED, FACT_REMOVED },
		{ "Informatyk usunął aplikację", "pl",
		    FACT_REMOVED, FACT_REMOVED },
		{ "адмін видалив застосунок", "uk",
		    FACT_REMOVED, FACT_REMOVED },
		{ "Yönetici uygulamayı sildi", "tr",
		    FACT_REMOVED, FACT_REMOVED },
		{ "Numeo ruxsati bekor qilindi", "uz",
		    FACT_REMOVED, FACT_REMOVED },
		{ "Admin je obrisao aplikaciju", "sr",
		    FACT_REMOVED, FACT_REMOVED },
		{ "Can we revoke the permission later?", "en",
		    FACT_REMOVED, 0 },
		{ "Kann die Genehmigung jederzeit widerrufen werden?", "de",
		    FACT_REMOVED, 0 },
		{ "I deleted the load by mistake", "en", FACT_REMOVED, 0 },
		/* Ours meets the wall beside others. */
		{ "Samsara works, Numeo still shows Need admin approval", "en",
		    FACT_OURS_TOO, FACT_OURS_TOO },
		{ "Motive is approved. Can we have the link for Numeo?", "en",
		    FACT_OURS_TOO, FACT_OURS_TOO },
		{ "Numeo zeigt Administratorgenehmigung erforderlich", "de",
		    FACT_OURS_TOO, FACT_OURS_TOO },
		{ "Samsara shows Need admin approval", "en", FACT_OURS_TOO, 0 },
		/* It is approved, and what then? */
		{ "Approved it. What do I do now?", "en", FACT_CLAIM,
		    FACT_CLAIM },
		{ "Approved it. What do I do now?", "en", FACT_UNCLEAR,
		    FACT_UNCLEAR },
		{ "Once approved what do I do next?", "en", FACT_CLAIM, 0 },
		{ "Aprobado, ¿y ahora qué?", "es", FACT_CLAIM, FACT_CLAIM },
		{ "Genehmigt. Und jetzt?", "de", FACT_CLAIM, FACT_CLAIM },
		{ "Wenn genehmigt, was dann?", "de", FACT_CLAIM, 0 },
		{ "C'est approuvé, et maintenant ?", "fr", FACT_CLAIM,
		    FACT_CLAIM },
		{ "Aprovado, e agora?", "pt", FACT_CLAIM, FACT_CLAIM },
		{ "Approvato, e adesso?", "it", FACT_CLAIM, FACT_CLAIM },
		{ "Goedgekeurd, wat nu?", "nl", FACT_CLAIM, FACT_CLAIM },
		{ "Zatwierdzone, co dalej?", "pl", FACT_CLAIM, FACT_CLAIM },
		{ "Onaylandı, şimdi ne yapmalıyım", "tr", FACT_CLAIM,
		    FACT_CLAIM },
		{ "Одобрил, что дальше?", "ru", FACT_CLAIM, FACT_CLAIM },
		{ "Если одобрил, что дальше?", "ru", FACT_CLAIM, 0 },
		{ "Схвалено, що далі?", "uk", FACT_CLAIM, FACT_CLAIM },
		{ "Tasdiqlandi, endi nima qilay?", "uz", FACT_CLAIM,
		    FACT_CLAIM },
		{ "Odobreno, šta sad?", "sr", FACT_CLAIM, FACT_CLAIM },
		{ "Unser Administrator hat die App genehmigt", "de", FACT_CLAIM,
		    FACT_CLAIM },
		{ "Microsoft verlangt, dass ein Administrator die App genehmigt",
		    "de", FACT_CLAIM, 0 },
		{ "die App muss vom Administrator genehmigt werden", "de",
		    FACT_CLAIM, 0 },
		{ "Our new IT company removed the approval", "en", FACT_REMOVED,
		    FACT_REMOVED },
		{ "Wie geb ich jetzt das Numeo frei?", "de",
		    FACT_APPROVE_WORD | FACT_OURS_TOO,
		    FACT_APPROVE_WORD | FACT_OURS_TOO },
		{ "How do I approve Numeo?", "en", FACT_OURS_TOO,
		    FACT_OURS_TOO },
		{ "Numeo has approved loads", "en", FACT_OURS_TOO, 0 },
		{ "Do you have a phone number", "en", FACT_PERSON, FACT_PERSON },
		{ "¿Tienen teléfono?", "es", FACT_PERSON, FACT_PERSON },
		{ "Haben Sie eine Telefonnummer?", "de", FACT_PERSON,
		    FACT_PERSON },
		{ "Avez-vous un numéro de téléphone ?", "fr", FACT_PERSON,
		    FACT_PERSON },
		{ "Vocês têm telefone? Tem um telefone para falar?", "pt",
		    FACT_PERSON, FACT_PERSON },
		{ "Avete un numero di telefono?", "it", FACT_PERSON, FACT_PERSON },
		{ "Hebben jullie een telefoonnummer?", "nl", FACT_PERSON,
		    FACT_PERSON },
		{ "Macie jakiś numer telefonu?", "pl", FACT_PERSON, FACT_PERSON },
		{ "Telefon numaranız var mı", "tr", FACT_PERSON, FACT_PERSON },
		{ "Есть у вас телефон?", "ru", FACT_PERSON, FACT_PERSON },
		{ "Є у вас телефон?", "uk", FACT_PERSON, FACT_PERSON },
		{ "telefon raqamingiz bormi", "uz", FACT_PERSON, FACT_PERSON },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t facts = shipped_signals("", CONTEXT_HELP,
		    rows[i].language, rows[i].text)->facts;

		if ((facts & rows[i].asked) != rows[i].facts)
			fail_msg("\"%s\" is misread", rows[i].text);
	}
}

struct said {
	const char *language, *text;
	uint64_t facts;
};

/* Of `asked` each text has just its facts. */
static void
expect_facts(const struct said *rows, size_t n, uint64_t asked)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t facts = shipped_signals("", CONTEXT_LINK,
		    rows[i].language, rows[i].text)->facts;

		if ((facts & asked) != rows[i].facts)
			fail_msg("\"%s\" is misread", rows[i].text);
	}
}

/* Done, and not as it should be. */
static void
test_done_amiss(void **state)
{
	static const uint64_t both = FACT_BUT_ME | FACT_PERSON;
	const struct said rows[] = {
		{ "en", "I accepted for the wrong company!!", both },
		{ "en", "I approved the wrong app I think", both },
		{ "en", "I denied it by accident. How do I undo?", both },
		{ "en", "works, but now all my mails are gone", both },
		{ "en", "Done and it works! But the calendar is empty", both },
		{ "de", "habe aus Versehen mit dem falschen Konto zugestimmt",
		    both },
		{ "de", "läuft, aber jetzt sind alle Mails weg", both },
		{ "es", "lo acepté con la cuenta equivocada", both },
		{ "es", "funciona, pero se borraron todos mis correos", both },
		{ "ru", "одобрил не ту компанию", both },
		{ "ru", "всё работает, но пропали все письма", both },
		{ "uk", "схвалив не в тій компанії", both },
		{ "uk", "працює, але зникли всі листи", both },
		{ "fr", "j'ai accepté pour la mauvaise société", both },
		{ "pl", "zaakceptowałem na niewłaściwym koncie", both },
		{ "pl", "działa, ale zniknęły wszystkie maile", both },
		{ "pt", "aprovei na conta errada", both },
		{ "it", "ho approvato l'app sbagliata", both },
		{ "tr", "yanlış hesapla onayladım", both },
		{ "uz", "noto'g'ri akkaunt bilan tasdiqladim", both },
		{ "nl", "ik heb met het verkeerde account geaccepteerd", both },
		{ "sr", "odobrio sam za pogrešnu firmu", both },
		{ "en", "Accepted, it works. The wrong page is gone too", 0 },
		{ "it", "avevo aperto la mail sbagliata. approvato, ora va", 0 },
		{ "en", "works now, but it took us a while", 0 },
		{ "de", "läuft, aber hat gedauert", 0 },
		{ "ru", "всё работает, но пришлось подождать", 0 },
	};

	(void)state;
	expect_facts(rows, sizeof rows / sizeof *rows, both);
}

/* Waits, wrote before, wants somebody to speak to; or only tells what he does. */
static void
test_who_wants_a_person(void **state)
{
	static const struct said rows[] = {
		{ "en", "still waiting", FACT_PERSON },
		{ "en", "I wrote yesterday, can somebody look at it",
		    FACT_PERSON },
		{ "en", "please confirm you received our approval",
		    FACT_PERSON },
		{ "en", "who do I talk to about this", FACT_PERSON },
		{ "en", "can you talk to our IT directly?", FACT_PERSON },
		{ "en", "what time do you open tomorrow", FACT_PERSON },
		{ "en", "I no longer work there, please remove me",
		    FACT_PERSON },
		{ "en", "page says error, whats the deal", FACT_PERSON },
		{ "de", "ich warte noch", FACT_PERSON },
		{ "de", "ich hab gestern schon geschrieben", FACT_PERSON },
		{ "de", "an wen kann ich mich wenden", FACT_PERSON },
		{ "es", "sigo esperando", FACT_PERSON },
		{ "es", "les escribí ayer", FACT_PERSON },
		{ "es", "con quién puedo hablar", FACT_PERSON },
		{ "ru", "я вам вчера писала", FACT_PERSON },
		{ "ru", "все еще жду", FACT_PERSON },
		{ "ru", "с кем можно поговорить", FACT_PERSON },
		{ "uk", "чекаю", FACT_PERSON },
		{ "uk", "до кого звернутися", FACT_PERSON },
		{ "fr", "j'attends", FACT_PERSON },
		{ "fr", "je vous ai déjà écrit hier", FACT_PERSON },
		{ "pl", "czekam", FACT_PERSON },
		{ "pl", "pisałam wczoraj", FACT_PERSON },
		{ "pt", "ainda esperando", FACT_PERSON },
		{ "pt", "escrevi ontem", FACT_PERSON },
		{ "it", "sto aspettando", FACT_PERSON },
		{ "it", "vi ho scritto ieri", FACT_PERSON },
		{ "tr", "bekliyorum", FACT_PERSON },
		{ "uz", "kutyapman", FACT_PERSON },
		{ "nl", "ik wacht nog", FACT_PERSON },
		{ "nl", "ik heb gisteren al gemaild", FACT_PERSON },
		{ "sr", "čekam", FACT_PERSON },
		{ "zh", "还在等", FACT_PERSON },
		{ "en", "Thanks, I forwarded it to our IT", 0 },
		{ "en", "still waiting on my boss", 0 },
		{ "en", "I'll talk to our IT", 0 },
		{ "es", "voy a hablar con mi jefe", 0 },
		{ "de", "ich muss mit unserer IT sprechen", 0 },
		{ "nl", "ik bel mijn baas", 0 },
		{ "ru", "надо поговорить с нашим админом", 0 },
		{ "en", "Who do I talk to about my invoice", 0 },
		{ "de", "ich warte noch auf unseren Chef", 0 },
		{ "ru", "жду админа", 0 },
		{ "fr", "j'attends mon chef", 0 },
		{ "pl", "czekam na szefa", 0 },
	};

	(void)state;
	expect_facts(rows, sizeof rows / sizeof *rows, FACT_PERSON);
}

/* What our text on safety does not tell, and what it does. */
static void
test_questions_of_his_own(void **state)
{
	static const struct said rows[] = {
		{ "en", "Is it safe? Who can read our emails, and can we take "
		    "it back later?", 0 },
		{ "en", "How long do you keep it?", FACT_QUESTIONS },
		{ "en", "Who are your subprocessors?", FACT_QUESTIONS },
		{ "en", "Do you sign a DPA", FACT_QUESTIONS },
		{ "en", "In which country are the servers", FACT_QUESTIONS },
		{ "en", "Can the access be limited to two mailboxes only",
		    FACT_QUESTIONS },
		{ "en", "we need your answer in writing", FACT_QUESTIONS },
		{ "en", "please fill in the attached questionnaire",
		    FACT_QUESTIONS },
		{ "en", "Please tell us: 1. who reads it 2. what it costs",
		    FACT_QUESTIONS },
		{ "de", "Ist das sicher, lesen Sie unsere Mails?", 0 },
		{ "de", "Gibt es einen Auftragsverarbeitungsvertrag?",
		    FACT_QUESTIONS },
		{ "es", "¿Es seguro? ¿Quién lee los correos?", 0 },
		{ "es", "¿En qué país están los servidores?", FACT_QUESTIONS },
		{ "ru", "это безопасно? кто читает почту?", 0 },
		{ "ru", "в какой стране стоят серверы", FACT_QUESTIONS },
		{ "uk", "чи можна обмежити доступ двома скриньками",
		    FACT_QUESTIONS },
		{ "pl", "czy podpisujecie umowę powierzenia", FACT_QUESTIONS },
		{ "fr", "qui sont vos sous-traitants", FACT_QUESTIONS },
		{ "pt", "por quanto tempo guardam os e-mails",
		    FACT_QUESTIONS },
		{ "it", "per quanto tempo conservate le mail",
		    FACT_QUESTIONS },
		{ "tr", "veriler hangi ülkede duruyor", FACT_QUESTIONS },
		{ "uz", "xatlar qaysi davlatda turadi", FACT_QUESTIONS },
		{ "nl", "hebben jullie een verwerkersovereenkomst",
		    FACT_QUESTIONS },
		{ "sr", "u kojoj zemlji su serveri", FACT_QUESTIONS },
		{ "zh", "请书面说明", FACT_QUESTIONS },
	};

	(void)state;
	expect_facts(rows, sizeof rows / sizeof *rows, FACT_QUESTIONS);
}

/* The approval is to be taken back; or whether it could be, later. */
static void
test_takes_it_back(void **state)
{
	static const struct said rows[] = {
		{ "en", "How do I take the approval back again?",
		    FACT_TAKES_BACK },
		{ "en", "how do we undo the consent", FACT_TAKES_BACK },
		{ "en", "can we take the permission back later", 0 },
		{ "en", "how do I cancel the approval request page", 0 },
		{ "en", "How do I approve it", 0 },
		{ "de", "wie nehme ich die Freigabe wieder zurück?",
		    FACT_TAKES_BACK },
		{ "es", "¿cómo quito la aprobación?", FACT_TAKES_BACK },
		{ "ru", "как отозвать одобрение?", FACT_TAKES_BACK },
		{ "uk", "як відкликати дозвіл?", FACT_TAKES_BACK },
		{ "fr", "comment retirer l'autorisation ?", FACT_TAKES_BACK },
		{ "pl", "jak cofnąć zgodę?", FACT_TAKES_BACK },
		{ "pt", "como retiro a aprovação?", FACT_TAKES_BACK },
		{ "it", "come tolgo l'autorizzazione?", FACT_TAKES_BACK },
		{ "tr", "onayı nasıl geri alırım?", FACT_TAKES_BACK },
		{ "uz", "ruxsatni qanday qaytarib olaman?", FACT_TAKES_BACK },
		{ "nl", "hoe trek ik de goedkeuring weer in?",
		    FACT_TAKES_BACK },
		{ "sr", "kako da povučem odobrenje?", FACT_TAKES_BACK },
	};

	(void)state;
	expect_facts(rows, sizeof rows / sizeof *rows, FACT_TAKES_BACK);
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

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (shipped_signals("", CONTEXT_HELP, rows[i][0],
		    rows[i][1])->points[INTENT_WANT_LINK] >= 0)
			fail_msg("\"%s\" is misread", rows[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_rules_object_to),
		cmocka_unit_test(test_the_account),
		cmocka_unit_test(test_the_link_is_declined),
		cmocka_unit_test(test_done_amiss),
		cmocka_unit_test(test_who_wants_a_person),
		cmocka_unit_test(test_questions_of_his_own),
		cmocka_unit_test(test_takes_it_back),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
