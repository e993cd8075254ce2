/*
 * Device footers and service desks' lines by wording. A person may use the
 * same words in a sentence ("sent from my desk, which is easier"), so where a
 * phrase stands and how long its line is counts as well.
 */
#include <string.h>

#include "text/fold.h"
#include "text/notice.h"
#include "text/oldmail.h"

#define MAX_DEVICE_LINE	140	/* bytes of "Sent from my ..." with a link */
#define MAX_DESK_LINE	200	/* bytes of "Reply above this line" and the like */
#define MAX_PORTAL	1500	/* bytes of a notice of a mail that lies elsewhere */
#define MAX_DESK_WORDS	2	/* behind "Ticket #4711 has been updated" */

static const char *const device_starts[] = {
	"sent from ", "sent via ", "sent using ", "sent with ",
	"sent on the go", "sent by ", "sent on my ", "sent wirelessly",
	"sent through ", "sent thru ", "from my iphone", "from my ipad",
	"from my mobile", "from my phone", "from my android",
	"from my samsung", "from my blackberry", "get outlook for",
	"get [outlook for", "get outlook mobile", "yahoo mail: ",
	"get bluemail", "get aqua mail", "get spark",
	"yahoo mail for iphone", "someone from mobile", "my iphone",
	/* de */
	"von meinem ", "von meiner ", "gesendet von ", "gesendet mit ",
	"gesendet aus ", "diese nachricht wurde von mein",
	"holen sie sich out", "outlook für ", "verschickt mit ", "von mobil",
	"gesendet über ", "von outlook für ios ges", "von outlook für android ges",
	/* es pt it ro */
	"enviado desde ", "enviado con ", "enviado por ", "enviado mediante ",
	"enviado de ", "enviado do ", "enviado pelo ", "enviado a partir ",
	"enviado via ", "enviada do ", "enviado usando ", "enviat des",
	"obtener outlook", "obtén outlook", "obtenga outlook",
	"obter o outlook", "obtenha o outlook", "baixe o outlook",
	"inviato da", "inviato con", "scarica outlook",
	"ottieni outlook", "outlook per ", "trimis de pe", "trimis din",
	"descărcați outlook", "obțineți outlook",
	/* fr */
	"envoyé de", "envoyé à partir", "envoyé avec",
	"envoyé par ", "envoyé via ", "obtenez outlook", "obtenir outlook",
	"télécharger outlook", "téléchargez outlook", "outlook pour ",
	/* nl sv da nb fi */
	"verzonden vanaf", "verzonden met", "verstuurd vanaf", "verstuurd met",
	"verzonden via", "verzonden vanuit", "išsiųsta iš", "outlook voor ",
	"download outlook", "skickat från",
	"skickades från", "hämta outlook", "skaffa outlook", "sendt fra",
	"sendt via", "hent outlook", "få outlook", "last ned outl",
	"lähetetty ", "hanki outlook", "lataa outlook",
	/* pl cs sk sl hr sr hu */
	"wysłano z", "wysłane z", "pobierz outlook", "pobierz program outlook",
	"pobierz aplikację outlook", "uzyskaj aplikację outlook", "odesláno z",
	"odoslané z", "získat outlook", "stáhněte si outlook",
	"získajte outlook", "poslano iz", "poslano s", "poslato sa",
	"пошиљам са", "послато са", "elküldve", "küldve az",
	"az outlook letöltése", "outlook beszerzése", "preuzmite outlook",
	/* ru uk bg kk uz tr az */
	"отправлено с", "отправлено из", "отправлено через", "отправлено от",
	"послано с", "скачать outlook", "получить outlook", "скачайте outlook",
	"надіслано з", "надіслано із", "відправлено з", "завантажити outlook",
	"отримати outlook", "завантажте outlook", "изпратено от",
	"изпратено с", "жөнелтілді", "iphone'dan", "iphone'umdan",
	"iphone'imdan", "iphone'ımdan", "ipad'imden", "telefonumdan gönder",
	"ios için outlook", "android için outlook", "outlook'u edinin",
	"samsung'dan", "iphonumdan", "android'den",
	"yahoo mail'den", "mening iphone",
	"telefonimdan yuborildi", "мой iphone",
	/* el he ar vi th id ja ko zh */
	"στάλθηκε από", "αποστολή από", "λήψη του outlook", "נשלח מ",
	"أرسلت من", "تم الإرسال من", "أُرسلت من", "احصل على outlook",
	"được gửi từ", "đã gửi từ", "gửi từ ", "tải outlook", "ส่งจาก",
	"รับ outlook", "dikirim dari", "dapatkan outlook", "iphoneから送信",
	"ipadから送信", "私のiphone", "outlook を入手", "android 版 outlook",
	"ios 版 outlook", "나의 iphone", "내 iphone", "iphone에서 보냄",
	"outlook 다운로드", "ios용 outlook", "android용 outlook", "发自我的", "發自我的", "发自 ",
	"从我的", "從我的", "获取 outlook", "取得 outlook", "下载 ", "下載 ", "通过 ", NULL
};
static const char *const device_ends[] = {
	"から送信", "에서 보냄", "에서 보낸 메일", "gönderildi", "傳送", "发送", "發送",
	"yuborildi", "жіберілді", "を入手", "다운로드", NULL
};
/* These need no name of a device: the makers are too many. */
static const char *const device_sure[] = {
	"sent from my ", "sent from a ", "sent from the new ",
	"get bluemail", "get aqua mail",
	"someone from mobile", "get outlook for", NULL
};
/* All others name one of these, or show a link. */
static const char *const devices[] = {
	"iphon", "ipad", "ipod", "android", "outlook", "galaxy", "samsung",
	"mobil", "huawei", "xiaomi", "berry", "telefon", "phone",
	"yahoo", "mail", "ios", "windows", "tablet", "handy", "spark", "nokia",
	"poczta", "poczty", "htc", "zoho", "proton", "google", "inbox", "смартфон", "устройств",
	"телефон", "айфон", "почт", "пошт", "móvil", "celular", "cellulare",
	"portable", "device", "手机", "手機", "http", "teléfon", "telefón", NULL
};
/* Words that make a sentence of it. */
static const char *const sentence_words[] = {
	" is ", " was ", " are ", " were ", " because ", " and i ", " but ",
	" which ", " so i ", " will ", " did ", " that ", " to you", " es ",
	" ist ", " est ", NULL
};

/* Above this, says the program of a service desk, the answer is to be written. */
static const char *const desk_here[] = {
	"above this line", "oberhalb dieser zeile", "über dieser zeile",
	"encima de esta línea", "arriba de esta línea",
	"au-dessus de cette ligne", "acima desta linha", "acima dessa linha",
	"sopra questa riga", "sopra questa linea", "boven deze lijn",
	"boven deze regel", "powyżej tej linii", "nad tą linią",
	"над этой строкой", "выше этой строки", "над этой линией",
	"выше этой линии", "над этой чертой", "выше этой черты",
	"над цим рядком", "вище цього рядка", "над цією лінією",
	"bu satırın üst", "bu çizginin üst", "ushbu satr", "ushbu qator",
	"shu qator", NULL
};
static const char *const desk_reply[] = {
	"reply", "respon", "type", "write", "answer", "antwort", "schreib",
	"respuesta", "escrib", "répon", "écri", "saisi", "digit", "escrev",
	"rispo", "scriv", "inser", "antwoord", "reactie", "typ ", "odpowied",
	"odpisz", "wpisz", "ответ", "напиш", "пишит", "відпов",
	"yanıt", "cevap", "yazın", "javob", "yozing", NULL
};
/* "Ticket #4711 has been updated." */
static const char *const desk_nouns[] = {
	"ticket", "your ticket", "[ticket", "request", "your request", "case",
	"your case", "incident", "issue", "task", "ihr ticket", "vorgang",
	"anfrage", "ihre anfrage", "aufgabe", "el ticket", "su ticket",
	"solicitud", "la solicitud", "su solicitud", "caso", "su caso",
	"le ticket", "votre ticket", "demande", "la demande", "votre demande",
	"solicitação", "a solicitação", "sua solicitação", "chamado",
	"o chamado", "seu chamado", "il ticket", "richiesta", "la richiesta",
	"la sua richiesta", "segnalazione", "uw ticket", "aanvraag",
	"uw aanvraag", "melding", "uw melding", "zgłoszenie",
	"twoje zgłoszenie", "тикет", "заявка", "ваша заявка", "обращение",
	"ваше обращение", "запрос", "ваш запрос", "задача", "запит",
	"ваш запит", "звернення", "ваше звернення", "talep", "talebiniz",
	"so'rov", "murojaat", NULL
};
static const char *const desk_verbs[] = {
	"updated", "created", "opened", "received", "registered", "logged",
	"assigned", "aktualisiert", "erstellt", "eröffnet", "angelegt",
	"eingegangen", "zugewiesen", "actualizad", "cread", "recibid",
	"registrad", "asignad", "mis à jour", "mise à jour", "créé", "reçue",
	"enregistré", "assigné", "attribué", "atualizad", "criad", "abert",
	"recebid", "atribuíd", "aggiornat", "creat", "apert", "ricevut",
	"assegnat", "bijgewerkt", "aangemaakt", "ontvangen", "geregistreerd",
	"toegewezen", "zaktualizowan", "utworzon", "przyjęt", "przypisan",
	"zarejestrowan", "обновлен", "обновлён", "создан", "принят",
	"зарегистрирован", "назначен", "оновлен", "створен", "прийнят",
	"зареєстрован", "призначен", "güncellendi", "oluşturuldu", "alındı",
	"atandı", "yangilandi", "yaratildi", "qabul qilindi", NULL
};
/* What such a line may begin or end with. */
static const char *const desk_manners[] = {
	"thank you for contacting ", "thanks for contacting ",
	"thank you for reaching out", "to add additional comments",
	"to add a comment", "to add comments", NULL
};

bool
device_footer_is(const struct text_line *l)
{
	struct str s = l->fold;

	if (s.n < 6 || s.n > MAX_DEVICE_LINE)
		return false;
	while (s.n > 0 && (s.p[0] == '-' || s.p[0] == ' ' || s.p[0] == '[' ||
	    s.p[0] == '<' || s.p[0] == '('))
		s = str_sub(s, 1, s.n);
	if (!fold_starts(s, device_starts) && !fold_ends(s, device_ends))
		return false;
	if (fold_holds(s, sentence_words) || str_find(s, STR("? ")) >= 0)
		return false;
	return fold_starts(s, device_sure) || fold_holds(s, devices);
}

/* Words behind the first of `words` that the sentence holds; -1: it holds none. */
static int
words_behind(struct str s, const char *const *words)
{
	for (; *words; words++) {
		ptrdiff_t at = str_find(s, str_of(*words));

		if (at >= 0)
			return (int)str_count(str_sub(s, (size_t)at +
			    strlen(*words), s.n), ' ');
	}
	return -1;
}

static bool
has_number(struct str s)
{
	size_t run = 0;

	for (size_t i = 0; i < s.n && run < 3; i++)
		run = ascii_digit(s.p[i]) ? run + 1 : 0;
	return run >= 3;
}

/* Nothing but sentences of a program, one of them about a ticket's state? */
static bool
tells_state(struct str s)
{
	bool found = false;

	while (s.n > 0) {
		ptrdiff_t dot = str_find(s, STR(". "));
		struct str one = dot < 0 ? s : str_sub(s, 0, (size_t)dot);
		int behind;

		s = dot < 0 ? STR("") : str_sub(s, (size_t)dot + 2, s.n);
		if (fold_starts(one, desk_manners))
			continue;
		if (!fold_starts(one, desk_nouns) || !has_number(one))
			return false;
		behind = words_behind(one, desk_verbs);
		if (behind < 0 || behind > MAX_DESK_WORDS)
			return false;
		found = true;
	}
	return found;
}

enum desk_line
desk_line_of(struct str fold)
{
	if (fold.n == 0 || fold.n > MAX_DESK_LINE ||
	    str_find(fold, STR("?")) >= 0)
		return DESK_NONE;
	if ((str_starts(fold, STR("##- ")) && str_iends(fold, STR(" -##"))) ||
	    (fold_holds(fold, desk_here) && fold_holds(fold, desk_reply)))
		return DESK_MARK;
	return tells_state(fold) ? DESK_STATE : DESK_NONE;
}

size_t
desk_line_at(const struct lines *ls, size_t i, size_t end)
{
	size_t at = i;

	while (at < end && line_is_rule(&ls->v[at]))
		at = lines_next(ls, at + 1, end);
	return at < end && desk_line_of(ls->v[at].fold) != DESK_NONE
	    ? at + 1 - i : 0;
}

bool
portal_notice_is(struct str folded)
{
	static const char *const sent[] = {
		"secure message", "secure email", "secure e-mail", "securemail",
		"protected message", "encrypted email", "encrypted e-mail",
		"encrypted message", "confidential email via",
		"confidential mode", "modo confidencial", "mode confidentiel",
		"vertraulichen modus", "modalità riservata", "modus vertrouwelijk",
		"vertrouwelijke modus", "trybie poufnym",
		"конфиденциальном режиме", "конфіденційному режимі",
		"gizli mod", "机密模式", "verschlüsselte nachricht",
		"verschlüsselte e-mail", "message sécurisé", "courriel chiffré",
		"mensaje seguro", "correo cifrado", "mensagem segura",
		"messaggio protetto", "versleuteld bericht",
		"beveiligd bericht", "szyfrowana wiadomość",
		"зашифрованное письмо", "зашифрований лист", NULL
	};
	static const char *const open[] = {
		"open", "read", "view", "unlock", "show", "sign in", "log on",
		"ansehen", "anzeigen", "lesen", "öffnen", "ver el", "abrir",
		"ouvrir", "afficher", "lire", "visualizza", "apri", "bekijk",
		"lezen", "zobacz", "otwórz", "wyświetl", "посмотреть",
		"открыть", "переглянути", "відкрити", "görüntüle", "查看", NULL
	};

	return folded.n <= MAX_PORTAL && fold_holds(folded, sent) &&
	    fold_holds(folded, open);
}
