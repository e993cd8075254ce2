/*
 * Legal footers are made of few matters: that the mail is confidential, whom it is
 * for, that it came by mistake, what is forbidden then, who is liable, viruses,
 * paper. People speak of one of them ("confidentiality matters to us"), footers of
 * two and more; how the paragraph begins tells how many are enough.
 */
#include <string.h>

#include "text/boilerplate.h"
#include "text/fold.h"
#include "text/legal.h"

#define MAX_PARAGRAPH	30	/* lines looked at */
#define MAX_JOINED	2048	/* bytes */

/* Nobody writes more than this himself: no more is needed. */
static const char *const whole[] = {
	"confidentiality notice", "confidentiality note",
	"confidential notice", "confidentiality statement",
	"notice of conf", "legal disclaimer", "privileged and confidential",
	"privileged & confidential", "privileged/confidential",
	"confidential and privileged", "attorney-client priv", "attorney client priv",
	"this e-mail is confidential", "this email is confidential",
	"this message is confidential",
	"this e-mail may contain conf", "this email may contain conf",
	"this message may contain conf", "this e-mail contains conf",
	"this email contains conf", "this message contains conf",
	"if you are not the intended", "please consider the environment",
	"please think of the environment", "please think of the trees",
	"before printing", "think before you print", "save a tree",
	"consider the env", "p please consider", "virus-free",
	"this email has been scanned", "this message has been scann",
	"this e-mail has been scanned",
	"this email has been checked for viruses",
	"information from eset", "the message was checked by eset",
	"checked by kaspersky", "checked by avg", "checked by avast",
	"https://www.avast.com/sig", "вірусів немає", "вирусов нет",
	"nie zawiera wirusów", "viruslardan xoli", "nema virusa",
	"sans virus.", "wolny od wirusów", "mail priva di virus",
	"viruslar yo'q", "无病毒", "不含病毒", "virüs bulunmu",
	"libre de virus", "livre de vírus", "sem vírus", "garanti sans virus",
	"garantito privo di virus", "privo di virus", "virenfrei", "virusvrij",
	"wolne od wirusów", "bez wirusów", "не содержит вирусов",
	"без вирусов", "без вірусів", "virüs bulunma", "virüssüz",
	"это сообщение проверено на вирусы",
	"we do not accept liab", "any views or opinions",
	"to unsubscribe", "unsubscribe |", "unsubscribe here",
	"manage preferences", "update your preferences",
	/* es pt fr it */
	"aviso de confidencialidad", "cláusula de confidencialidad",
	"este mensaje es confidencial", "este correo es confidencial",
	"este mensaje contiene información conf", "antes de imprimir",
	"esta mensagem é confidencial",
	"avis de confidentialité", "ce courriel est confidentiel",
	"ce message est confidentiel", "pensez à l'environnement",
	"avant d'imprimer", "avviso di riserva", "prima di stampare",
	"questo messaggio è riservato", "questo messaggio è confidenziale",
	/* de nl sv da */
	"diese e-mail enthält vertraul", "diese nachricht enthält vertraul",
	"diese e-mail ist vertraul", "diese nachricht ist vertraul",
	"vertraulichkeitshinweis", "haftungsausschluss",
	"denken sie an die umwelt",
	"bitte denken sie an die umwelt", "dit bericht is vertrouwelijk",
	"deze e-mail is vertrouwelijk", "denk aan het milieu",
	"aan dit bericht kunnen geen", "aan deze e-mail kunnen geen",
	"aan de inhoud van dit", "aan de inhoud van deze",
	"tänk på miljön", "tænk på miljøet",
	/* pl cs hu el */
	"klauzula poufności", "ta wiadomość jest poufna",
	"wiadomość ta jest poufna", "niniejsza wiadomość jest poufna",
	"zanim wydrukujesz", "pomyśl o środowisku",
	"tato zpráva je důvěrná", "tento e-mail je důvěrný",
	"ez az üzenet bizalmas", "το παρόν μήνυμα είναι εμπιστευτικό",
	/* ru uk tr uz */
	"это сообщение конфиденциально", "данное сообщение конфиденциально",
	"уведомление о конф", "подумайте об экологии", "берегите природу",
	"це повідомлення конфіденційне", "цей лист є конфіденційним",
	"подумайте про довкілля", "yasal uyarı", "yasal uyari", "gizlilik bildirimi",
	"gizlilik uyarısı", "gizlilik notu", "bu e-posta gizlidir",
	"bu mesaj gizlidir", "çevreyi koru", "ushbu xabar maxfiy",
	/* service desks */
	"this email is a service from", "this e-mail is a service from",
	"delivered by zendesk",
	/* security departments */
	"our it department will never ask you for your password",
	"security reminder: our it department will never ask", NULL
};
/* Headings: they need one matter behind them. */
static const char *const headings[] = {
	"confidentiality:", "confidential:", "confidentiality -",
	"notice: this",
	"notice: the", "notice - ", "legal notice", "disclaimer",
	"important notice", "aviso de privacidad", "aviso legal", "aviso: ",
	"aviso importante", "nota legal", "advertencia", "confidencialidad:",
	"confidencialidade:", "nota de confid", "confidentialité :",
	"confidentialité:", "avertissement", "mentions légales", "avviso",
	"nota di riserv", "wichtiger hinweis", "rechtlicher hinweis",
	"juridische", "proclaimer", "uwaga:", "informacja prawna",
	"gizlilik:", "uyarı:", "feragat", "внимание:", "конфиденциально:",
	"правовая оговорка", "увага:", "конфіденційно:", "uyari:",
	"免责声明", "保密声明", "【保密声明】", "【免责声明】", "声明:",
	"застереження про конф", "предупреждение о конф",
	"maxfiylik to'g'risida", "izjava o", NULL
};
/* "Meant for the addressee alone": one matter and no more words, or two. */
static const char *const alone[] = {
	"this e-mail is intended", "this email is intended",
	"this message is intended",
	"esta mensagem é destinada exclusiv", "esta mensagem destina-se exclusiv",
	"este mensaje va dirigido exclusiv", "este mensaje se dirige exclusiv",
	"ce message est destiné exclusiv", "messaggio riservato",
	"questo messaggio è destinato esclusiv", "diese e-mail kann vertraul",
	"diese nachricht kann vertraul", "diese e-mail ist ausschließlich",
	"deze e-mail en eventuele bijlagen zijn uitsl",
	"deze e-mail is uitsluitend", "dit bericht is uitsluitend",
	"de informatie in dit bericht is uitsl",
	"niniejsza wiadomość jest przeznaczona wyłącznie",
	"wiadomość jest poufna", "wiadomość przeznaczona wyłącznie",
	"данное сообщение и вложения к нему предн",
	"это сообщение предназначено", "данное письмо предназначено",
	"цей лист призначен", "це повідомлення призначен",
	"цей лист може містити", "bu e-posta yalnızca", "bu mesaj yalnızca",
	"ushbu xat faqat oluvchi", "ushbu xabar faqat oluvchi",
	"ova poruka je namenjena", "ова порука је намењена", NULL
};
/* How their sentences begin: two matters. */
static const char *const starts[] = {
	"this e-mail", "this email", "this message", "this communication",
	"we process your", "your personal data", "privacy notice",
	"this transmission", "this electronic", "the information",
	"the contents of this", "the content of this", "if you have received",
	"if you received", "the preceding", "unless otherwise stated",
	"please note that this", "please note: this", "scanned by ",
	"unauthorised", "unauthorized", "any unauthor",
	/* es pt fr it */
	"este correo", "este mensaje", "este e-mail", "este email",
	"la información conten", "el contenido de este", "la presente comunic",
	"si ha recibido este", "si usted no es", "le informamos",
	"de conformidad",
	"en cumplimiento", "conformément", "informativa",
	"informazioni sul tratt", "em conformidade", "de acordo com a l",
	"esta mensagem", "as informações",
	"a informação contida", "o conteúdo desta", "o conteúdo deste",
	"se você não é", "se você recebeu", "ce courriel", "ce message",
	"ce courrier électronique", "cet e-mail", "cet email",
	"les informations conten",
	"l'information contenue", "le contenu de ce", "si vous n'êtes pas",
	"si vous avez reçu", "questo messaggio", "questa e-mail",
	"questa email", "la presente e-mail", "il presente messaggio",
	"le informazioni conten", "ai sensi d", "qualora", "se avete ricevuto",
	/* de nl sv da nb fi */
	"diese e-mail", "diese mail", "diese nachricht", "der inhalt dieser",
	"die in dieser",
	"informationen zu", "hinweise zum datens", "wij verwerken",
	"kvkk kapsam", "6698 sayılı", "wenn sie nicht der", "sollten sie nicht der",
	"falls sie nicht der", "dit bericht", "deze e-mail", "deze mail",
	"de informatie", "de inhoud van d", "indien u niet", "als u niet",
	"detta meddelande", "det här meddelandet", "denna e-post",
	"denne e-mail", "denne e-posten", "denne meddelelse", "tämä viesti",
	/* pl cs sk hr sr hu ro el bg lt ka kk */
	"niniejsza wiadomość", "ta wiadomość", "wiadomość ta",
	"treść tej wiadomości", "informacje zawarte", "jeśli nie są państwo",
	"jeżeli nie jest", "jeśli nie jest", "administratorem danych",
	"administratorem państwa danych", "tato zpráva", "tento e-mail",
	"táto správa",
	"ova poruka", "ovaj e-mail", "sadržaj ove poruke", "ова порука",
	"ez az üzenet", "ez az e-mail", "a jelen üzenet", "acest mesaj",
	"acest e-mail", "το παρόν μήνυμα", "αυτό το μήνυμα",
	"това съобщение", "това писмо", "šis laiškas", "ši žinutė",
	/* ru uk tr uz zh */
	"это сообщение", "настоящее сообщение", "данное сообщение",
	"данное письмо", "это письмо", "настоящее электронное",
	"это электронное", "информация, содержащ", "информация в этом",
	"содержание данного", "если вы не являетесь", "если вы получили",
	"це повідомлення", "цей лист", "цей електронний лист",
	"інформація, що міст", "інформація в цьому", "якщо ви не є",
	"якщо ви отримали",
	"bu e-posta", "bu mesaj", "bu ileti", "bu elektronik",
	"bu e-mail", "alıcısı değilseniz", "yanlışlıkla aldıysanız",
	"ushbu xabar", "ushbu xat",
	"mazkur xat", "bu xat",
	"mazkur xabar", "agar siz ushbu", "本邮件", "此邮件", "本电子邮件",
	"此电子邮件", "ushbu elektron", "işbu e-posta", "ova elektronska",
	"vos données personnelles", "hinweis zum datens", "zgodnie z art",
	"administratorem pan", "kişisel verilerin korun", "privacyverklaring",
	"настоящим сообщаем", "володілець персональних", "rukovalac", NULL
};

/* The matters. */
static const char *const confidential[] = {
	"confidential", "confidencia", "confidentiel", "confidenzial",
	"privileged", "vertraulich", "vertrouwelijk", "riservat", "konfident",
	"konfidens", "fortrolig", "luottamuks", "poufn", "důvěrn", "dôvern",
	"poverljiv", "povjerljiv", "поверљив", "bizalmas", "εμπιστευτικ",
	"поверителн", "konfidenc", "конфиденциальн", "конфіденційн", "gizli",
	"maxfiy", "kvkk", "保密", "机密", "商业秘密", "réservé", "secreto",
	"segreto", "sigilo", "secret professionnel", "geheimnis",
	"schweigepflicht", "beroepsgeheim", "tajemnic", "тайну", "тайной",
	"таємниц", "tijorat sir", "ticari sır", "poslovnu tajnu", NULL
};
static const char *const addressed[] = {
	"intended", "addressee", "recipient",
	"empfänger", "adressat", "geadresseerde",
	"bestemd voor", "mottagar", "modtager", "mottaker", "vastaanottaj",
	"adresat", "adresát", "primaoc", "primatelj", "примаоц", "címzett",
	"destinat", "παραλήπτ", "адресат", "получател", "предназначен",
	"одержувач", "отримувач", "призначен", "alıcı", "gönderildiği kişi",
	"muhatab", "oluvchi", "收件人", "qabul qiluvchi", "mo'ljallan",
	"发送给", "namenjen", NULL
};
static const char *const mistaken[] = {
	"in error", "by mistake", "por erro", "por engano",
	"par erreur", "per errore", "irrtümlich", "versehentlich",
	"per vergissing", "ten onrechte", "av misstag", "ved en fejl",
	"ved en feil", "omyłk", "omylem", "omylom", "greškom",
	"грешком", "tévedés", "din greșeal", "από λάθος", "по погрешка",
	"по ошибке", "ошибочно", "помилково", "yanlışlıkla", "sehven",
	"xato", "adashib", "误收", "错收", "abusievelijk", "por equivocaci",
	"per sbaglio", "aus versehen", "случайно", "випадково", NULL
};
static const char *const forbidden[] = {
	"prohibit", "prohibid", "proibid", "interdit", "verboten",
	"untersagt", "unzulässig", "nicht gestattet", "vietat", "verboden",
	"zabron", "zakaz", "zabrán", "zabranj", "запрещ", "заборон",
	"забран", "yasak", "taqiqlan", "not the addressee",
	"disclos", "disseminat", "unauthor", "divulg", "weitergabe",
	"löschen sie", "vernichten", "delete", "elimin", "bórre",
	"supprim", "détrui", "cancell", "distrugg", "verwijder", "usuń",
	"usunię", "usunąć", "smaž", "vymaž", "izbriš", "obriš", "обриш",
	"törölj",
	"ștergeți", "διαγρ", "изтрий", "удал", "видал", "знищ", "уничтож",
	"silin", "imha", "o'chir", "禁止", "请勿", "不得", "删除",
	"ruxsatsiz", "yetkisiz", "neovlašćen", "несанкц",
	"разглаш", "розголош", "розповсюдж", "распростран", NULL
};
static const char *const liable[] = {
	"liab", "responsabili", "haftung", "aansprakelijk",
	"rechten worden ontleend", "rechten ontleend", "odpowiedzialnoś",
	"ответственност", "відповідальн", "sorumlu", "责任", "javobgar",
	"odgovornost", "views or opinions",
	"views expressed", "sitz der gesellschaft", "amtsgericht",
	"do not necessarily", NULL
};
static const char *const data[] = {
	"personal data", "your data", "datos personales",
	"datos de carácter personal", "sus datos", "données personnelles",
	"données à caractère personnel", "vos données", "dati personali",
	"suoi dati", "personenbezogen", "ihrer daten", "ihre daten",
	"dados pessoais", "seus dados", "danych osobowych",
	"dane osobowe", "persoonsgegevens", "uw gegevens", "kişisel veri",
	"персональных данн", "персональних даних", "osobních údajů",
	"lični podaci", "shaxsiy ma'lumot", "fichero", NULL
};
static const char *const law[] = {
	"gdpr", "rgpd", "dsgvo", "rodo", "kvkk", "2016/679", "lopd", "lgpd",
	"datenschutz-grundv", "protección de datos", "protection des données",
	"proteção de dados", "ochrony danych", "ochronie danych",
	"protezione dei dati", "152-фз", "6698", "d.lgs", "196/2003", "законом", "个人信息保护法", NULL
};
static const char *const rights[] = {
	"privacy policy", "privacy notice", "privacy statement", "your rights",
	"política de privacidad", "sus derechos", "los derechos",
	"derechos de acceso", "politique de confidentialité", "vos droits",
	"droit d'accès", "informativa", "suoi diritti",
	"diritti di", "ihre rechte", "datenschutzerklärung",
	"datenschutzhinweis", "datenschutzinfor",
	"seus direitos", "polityka prywatności", "polityce prywatności",
	"prawo dostępu", "przysługuj", "privacyverklaring", "uw rechten",
	"aydınlatma metni", "gizlilik politikası", "haklarınız",
	"политик", "політик", NULL
};
static const char *const technical[] = {
	"virus", "malware", "antivir", NULL
};
static const char *const green[] = {
	"environment", "paper", "printing", "print this", "imprimir",
	"environnement", "imprimer",
	"umwelt", "ausdruck", "milieu", "afdruk", "ambiente", "stampar",
	"środowisk", "wydruk", "drukow", "окружающ", "распечат", "природ",
	"довкілл", "роздрук", "çevre", "yazdır", NULL
};
enum matter {
	CONFIDENTIAL = 1 << 0, ADDRESSED = 1 << 1, MISTAKEN = 1 << 2,
	FORBIDDEN = 1 << 3, LIABLE = 1 << 4, DATA = 1 << 5, LAW = 1 << 6,
	RIGHTS = 1 << 7, TECHNICAL = 1 << 8, GREEN = 1 << 9
};
static const char *const *const matters[] = {
	confidential, addressed, mistaken, forbidden, liable, data, law,
	rights, technical, green,
};
/* What the law has companies say of themselves, in some countries below each mail. */
static const char *const registers[] = {
	"amtsgericht", "handelsregister", "registergericht", "hrb ", "hra ",
	"sitz der gesellschaft", "sitz:", "geschäftsführer", "ust-id",
	"ust.-id", "ustid", "gerichtsstand", "firmenbuch", "krs", "regon",
	"nip:", "nip ", "kapitał zakładowy", "sąd rejonowy",
	"rejestru przedsiębiorców", "siren", "siret", "rcs ", "r.c.s",
	"tva intra", "au capital de", "code ape", "ape ", "p.iva", "p. iva",
	"partita iva", "c.f.", "r.e.a", "cap. soc", "capitale sociale",
	"registro imprese", "registro mercantil", "cif ", "nif ", "inscrita en",
	"tomo ", "folio ", "cnpj", "nipc", "capital social", "inscrição est",
	"kvk", "btw ", "iban", "огрн", "инн", "кпп", "р/с", "єдрпоу", "іпн",
	"mersis", "ticaret sicil", "vergi dairesi", "统一社会信用代码",
	"开户行", "pib:", "matični broj", "mb:", "tekući račun", "stir:",
	"h/r:", "mfo ", "registered in england", "registered office",
	"registered number", "company number", "company no", "vat reg",
	"vat no", NULL
};
#define REGISTERS	3	/* of them in one paragraph */
#define DIGITS		4

/* So telling that the place in the paragraph does not matter. */
static const char *const sure[] = {
	"may contain privileged", "may contain confidential",
	"contain confidential and/or", "contains confidential and/or",
	"privileged and confidential information", "intended solely for the",
	"intended only for the", "if you are not the intended recipient",
	"if you have received this e", "if you have received this message in",
	"if you received this e", "confidential and intended",
	"is confidential and may", "unauthorized review, use",
	"unauthorized use or dis",
	"si usted no es el destinatario", "si ha recibido este",
	"si vous n'êtes pas le destinataire", "si vous avez reçu ce",
	"wenn sie nicht der richtige adressat", "irrtümlich erhalten",
	"se você não é o destinatário", "se recebeu esta mensagem por engano",
	"se avete ricevuto quest", "se você recebeu esta mensagem por",
	"jeśli nie są państwo", "omyłkowo otrzym",
	"если вы не являетесь", "если вы получили это", "якщо ви отримали це",
	"yanlışlıkla aldıysanız", "alıcısı değilseniz",
	/* service desks */
	"e-mail ist ein service von", "correo electrónico es un servicio de",
	"cet e-mail est un service", "e-mail é um serviço d",
	"e-mail è un servizio", "e-mail is een service van",
	"wiadomość e-mail jest usługą", "письмо является услугой",
	"лист є послугою",
	"turn off this request's notifications",
	"you have received this notification because",
	"вы получили это уведомление, потому что",
	"ви отримали це повідомлення, тому що", NULL
};

/* The paragraph's text may be wrapped: it is looked at joined. */
static struct str
paragraph(const struct lines *ls, size_t i, size_t end, char *joined)
{
	size_t n = 0;

	for (size_t j = i; j < end && j < i + MAX_PARAGRAPH; j++) {
		struct str s = ls->v[j].fold;

		/* A bare "--" parts, and many of them would make each line be
		 * joined to all that follow. */
		if (s.n == 0 || str_eq(s, STR("--")))
			break;
		if (n > 0 && n < MAX_JOINED)
			joined[n++] = ' ';
		for (size_t b = 0; b < s.n && n < MAX_JOINED; b++)
			joined[n++] = s.p[b];
	}
	return (struct str){ joined, n };
}

static struct str
bare_start(struct str s)
{
	while (s.n > 0 && (s.p[0] == '_' || s.p[0] == '-' || s.p[0] == ' ' ||
	    s.p[0] == '<' || s.p[0] == '(' || s.p[0] == '[' || s.p[0] == '"'))
		s = str_sub(s, 1, s.n);
	return s;
}

/* What people speak of with us, in their own name, and lawyers and servers do not: the
 * matter, */
static const char *const ours[] = {
	" i am ", " i have ", " i can", " i will", " i do", " i got", " i get",
	" i need", " i would", " i click", " my admin", " my boss", " my it ",
	" my company", " my account", "approv", "clicked", "button", "greyed",
	"outlook", "microsoft 365", "enterprise app", "the link", "aprob",
	"botón", "aprov", "botão", "approuv", "approbation", "bouton",
	"pulsante", "freigab", "freigeb", "genehmig", "schaltfl",
	"goedkeur", "knop ", "zatwierdz", "przycisk", "одобрит", "одобрил", "подключ",
	"кнопк", "схвал", "підключ", "onayl", "onay ver", "düğme", "tasdiq",
	"tugma", "odobrit", "odobrio", "dugme", "批准", "连接", "按钮", "链接",
	/* their people, */
	"our it ", "our admin", "our security",
	"nuestro admin", "nuestra admin", "notre admin", "notre inform",
	"nosso admin", "nosso inform", "nostro admin", "unser admin",
	"unsere it", "onze it", "onze beheer", "nasz admin", "nasz inform",
	"наш админ", "наш айти", "наш адмін", "наш айті", "yöneticimiz",
	"adminimiz", "naš admin",
	/* a no, */
	"we refuse", "do not allow", "n't allow", "does not allow us", "we decline", "we cannot",
	"we can't", "we do not want", "we don't want", "rejects", "declined",
	"refused", "rechaz", "no autorizamos", "no permitimos",
	"dijo que no", "recusamos", "recusou", "não autorizamos",
	"não permitimos", "refusons", "refusé", "n'autorisons", "rifiutiamo", "rifiutato",
	"non autorizziamo", "non permettiamo", "lehnen wir", "lehnen es",
	"lehnen die", "lehnen das", "lehnen ab", "abgelehnt", "erlauben wir",
	"weigeren wij", "weigeren we", "wij weigeren", "geweigerd",
	"staan niet toe", "odmawiamy", "odmówił", "nie zgadzamy",
	"nie zezwalamy", "отказыв", "отказал", "отклон", "не разрешаем", "не разрешает ",
	"не допускаем", "відмовля", "відмовив", "не дозволяємо", "не дозволяє ", "reddedi",
	"reddetti", "izin vermiyor", "rad et", "ruxsat bermay", "odbij",
	"odbio", "ne dozvoljavamo", "拒绝", NULL
};
/* and what they ask for. */
static const char *const requests[] = {
	"send us", "send me", "tell us", "we need", "please send",
	"necesitamos", "envíen", "mándenos", "merci de nous",
	"nous avons besoin", "envoyez", "ci serve", "inviateci", "ci servono",
	"precisamos", "enviem", "bitte senden", "senden sie uns",
	"wir brauchen", "wir benötigen", "schicken sie uns", "stuur ons",
	"wij hebben nodig", "graag ontvangen", "prosimy o prze", "proszę o prze",
	"potrzebujemy", "нам нужн", "пришлите", "просим прислать",
	"объясните", "нам потрібн", "надішліть", "поясніть", "bize gönder",
	"gönderir misiniz", "bizga yubor", "yuboring", "pošaljite",
	"treba nam", "请发", NULL
};

/* What nobody's footer and no mail server says: a no in one's own name, or whose tenant
 * is meant. */
static const char *const persons[] = {
	" i am ", " i have ", " i can", " i will", " i do", " i need", " я ",
	"talep ederim",
	"our tenant", "the tenant", "my tenant", " tenant is", "tenant of ",
	"unser mandant", "mandant ist", "nuestro inquilino", "nosso inquilino",
	"нашего тенанта", "наш тенант", " not for ",
	"will not use", "won't use", "not going to", "we don't ", "says no",
	"said no", "no vamos a", "dice no", "dice que no", "não vamos",
	"não queremos", "diz não", "diz que não", "dit non", "n'allons pas",
	"ne voulons", "dice di no", "non vogliamo", "non lo facciamo",
	"wir machen", "wir wollen", "sagt nein", "will nicht", "will das nicht",
	"doen het niet", "doen we niet", "zegt nee", "nie będziemy",
	"nie chce", "mówi nie", "не будем", "не хот", "он против", "она против",
	"мы против", "не хоч", " проти, ", "ми проти",
	"kullanmayaca", "istemiyor", "hayır dedi", "ishlatmay", "yo'q dedi",
	"nećemo", "ne želimo", "kaže ne", "我们不", "不用", "说不", NULL
};

bool
legal_is_ours(struct str folded)
{
	return fold_holds(folded, ours) != NULL;
}

bool
legal_is_personal(struct str folded)
{
	return fold_holds(folded, persons) != NULL;
}

bool
legal_not(struct str folded)
{
	struct gist g = gist_of(folded);

	return gist_holds(&g, ours) || gist_holds(&g, persons) ||
	    gist_holds(&g, requests);
}

/* As bits of enum matter. */
static unsigned
matters_of(struct str s)
{
	struct gist g = gist_of(s);
	unsigned found = 0;

	for (size_t i = 0; i < sizeof matters / sizeof *matters; i++)
		found |= gist_holds(&g, matters[i]) ? 1u << i : 0;
	return found;
}

static int
count(unsigned found)
{
	int n = 0;

	for (; found; found &= found - 1)
		n++;
	return n;
}

/* What two or more have in common that people speak of, too ("this message appears in
 * our environment: unauthorized") is no footer. */
static bool
tells(unsigned found)
{
	const unsigned far = ADDRESSED | FORBIDDEN | LIABLE;

	if (found & (CONFIDENTIAL | LAW | RIGHTS))
		return true;
	return ((found & MISTAKEN) && (found & (ADDRESSED | FORBIDDEN))) ||
	    (found & far) == far;
}

/* One matter, and not a word more. */
static bool
is_alone(struct str all, unsigned found)
{
	return !fold_asks(all) && (count(found) > 1 ||
	    (found && !memchr(all.p, ',', all.n)));
}

/* Lawyers speak of approvals and permissions, too, among three matters of theirs. */
static bool
is_ours_rather(struct str all, unsigned found)
{
	return legal_not(all) && (count(found) < 3 || fold_asks(all));
}

/* With their numbers. Nobody tells us of more than one or two of them, and who does
 * wants something. */
static bool
is_register(struct str all)
{
	size_t digits = 0;
	int n = 0;

	for (size_t i = 0; i < all.n; i++)
		digits += ascii_digit(all.p[i]);
	if (digits < DIGITS)
		return false;

	for (const char *const *w = registers; *w && n < REGISTERS; w++)
		n += str_find(all, str_of(*w)) >= 0;
	return n == REGISTERS && !fold_asks(all) && !legal_not(all);
}

bool
legal_footer_at(const struct lines *ls, size_t i, size_t end, bool first)
{
	char joined[MAX_JOINED];
	struct str s = bare_start(ls->v[i].fold), all;
	const char *heading;
	unsigned found;
	struct gist g;

	if (s.n == 0)
		return false;
	all = bare_start(paragraph(ls, i, end, joined));
	g = gist_of(all);
	if (gist_holds(&g, sure) && !fold_asks(all))
		return true;
	if (legal_is_personal(all))
		return false;
	if (first && is_register(all))
		return true;
	found = matters_of(all);
	if (fold_starts(s, whole))
		return !fold_asks(all) || count(found) > 1;
	if (fold_starts(s, alone) && is_alone(all, found))
		return true;
	heading = fold_starts(s, headings);
	if (heading)
		found = matters_of(str_sub(all, strlen(heading), all.n));
	else if (!fold_starts(s, starts))
		return false;
	if (!first || !tells(found) || is_ours_rather(all, found))
		return false;
	return fold_asks(all) ? count(found) > 2 : heading || count(found) > 1;
}

bool
legal_boilerplate_at(const struct lines *ls, size_t i, size_t end)
{
	char joined[MAX_JOINED];
	struct str all = paragraph(ls, i, end, joined);

	return boilerplate_is(BOILERPLATE_BELOW, all) && !fold_asks(all) &&
	    !legal_not(all);
}
