/*
 * Blocks of headers that Outlook and others put over a quoted or forwarded
 * mail, and the lines that announce one, in the words of their translations.
 * One label alone proves nothing ("To:" and "Date:" are also words that
 * people write); three different ones close together do.
 */
#include <string.h>

#include "text/fold.h"
#include "text/oldmail.h"

#define MAX_LABEL	48	/* bytes in front of the colon */
#define MAX_BLOCK	24	/* lines that a block of headers may take */
#define MAX_WRAPPED	2	/* lines that go on with a header's value */
#define MAX_ROW		200	/* bytes of a table's */
#define MAX_LABEL_WORDS	3
#define MAX_OTHERS	4
#define MAX_BARE	8	/* labels without a colon */
#define MAX_CELL	80	/* bytes of a name */
#define MAX_CELLS	10	/* that are no labels */
#define MAX_NAME_LINES	6
#define MAX_TITLE	120	/* bytes between dashes */

struct labels {
	unsigned kind;
	const char *const *words;
};

static const char *const label_from[] = {
	"from", "von", "de", "da", "van", "od", "от", "від", "ад", "от кого",
	"kimden", "gönderen", "lähettäjä", "från", "fra", "frá", "feladó",
	"expeditor", "de la", "remetente", "remitente", "expéditeur",
	"mittente", "absender", "afzender", "nadawca", "odesílatel",
	"odosielateľ", "pošiljatelj", "pošiljalac", "šalje", "из",
	"отправитель", "відправник", "από", "מאת", "من", "发件人", "寄件者", "寄件人",
	"差出人", "送信者", "보낸 사람", "보낸사람", "từ", "người gửi", "จาก", "dari",
	"pengirim", "nuo", "no", "saatja", "kellelt", "nga", "igorlea", "nork",
	"подател", "изпращач", "шаље", "пошиљалац", "jo'natuvchi", "kimdan",
	"yuboruvchi", "кимдан", "כתובת", "फ़्रॉम", "प्रेषक", "فرستنده", "از",
	"kutoka kwa", "sender", "gönderici", "від кого", "од", "де",
	"кімнен", "kimdən", "keneltä", "αποστολέας", "发信人", "发件人地址",
	"lähettäjältä", "siuntėjas", "oddi wrth", "გამგზავნი", "发信者", NULL
};
static const char *const label_sent[] = {
	"sent", "date", "gesendet", "datum", "enviado", "enviado el",
	"enviada em", "enviado em", "enviada", "enviat", "fecha", "data",
	"envoyé", "envoyé le", "inviato", "verzonden", "wysłano", "wysłane",
	"odesláno", "odoslané", "poslano", "poslané", "sendt", "dato",
	"skickat", "lähetetty", "päivämäärä", "päiväys", "pvm", "отправлено",
	"отправлен", "дата", "надіслано", "дата відправлення", "адпраўлена",
	"gönderildi", "tarih", "gönderme tarihi", "gönderilme tarihi",
	"trimis", "trimis la", "elküldve", "küldve", "dátum", "изпратено",
	"saadetud", "kuupäev", "išsiųsta", "nosūtīts", "στάλθηκε",
	"ημερομηνία", "נשלח", "תאריך", "تم الإرسال", "التاريخ",
	"تاريخ الإرسال", "تاریخ", "发送时间", "发送日期", "日期", "寄件日期", "傳送時間", "送信日時",
	"送信日", "日付", "日時", "보낸 날짜", "날짜", "đã gửi", "ngày", "ส่ง", "วันที่",
	"dikirim", "terkirim", "tanggal", "послато", "датум", "datë",
	"dërguar", "jo'natildi", "yuborilgan", "yuborildi", "sana", "сана",
	"geschickt", "gesendet am", "datums", "datuma", "दिनांक", "sent at",
	"发件时间", "寄件時間", "күні", "tarix", "dags", "enviados", "enviadas",
	"wysłano dnia", "отправленные", "gönderilenler", "trimise", "dyddiad",
	"თარიღი", NULL
};
static const char *const label_to[] = {
	"to", "an", "para", "a", "à", "pour", "aan", "do", "komu", "til",
	"till", "vastaanottaja", "кому", "kime", "alıcı", "către", "catre",
	"címzett", "за", "до", "kellele", "kam", "skirta", "prima", "za",
	"προς", "אל", "إلى", "الى", "به", "收件人", "收件者", "宛先", "받는 사람", "받는사람",
	"đến", "tới", "người nhận", "ถึง", "kepada", "untuk", "ke", "для",
	"kimga", "кимга", "për", "destinatario", "destinataire",
	"destinatário", "odbiorca", "adresat", "empfänger", "per", "nori",
	"приматељ", "получател", "на", "получатель", "प्रति",
	"recipient", "кімге", "kimə",
	"kenelle", "destinatar", "destinatari", "modtager", "mottaker",
	"mottagare", "adresát", "saaja", "gavėjas", "ontvanger", "παραλήπτης",
	"приматељ", "ვის", NULL
};
static const char *const label_cc[] = {
	"cc", "bcc", "kopie", "copia", "cópia", "kopia", "kopi", "kopio",
	"копия", "копія", "kopija", "másolatot kap", "bilgi", "dw", "udw",
	"抄送", "副本", "참조", "κοιν", "αντίγραφο", "עותק", "نسخة", "cci", "kópia",
	"afrit", "koopia", "nusxa", "cc:n", "tembusan", "抄 送", "көшірме", "surət", "nüsxə",
	"karbon kopya", "kopya", "kk", "kp", "másolat", "copie", "copie à",
	"kopi til", "másolatot kapja", NULL
};
static const char *const label_subject[] = {
	"subject", "betreff", "asunto", "assunto", "objet", "sujet", "oggetto",
	"onderwerp", "temat", "předmět", "predmet", "emne", "ämne", "aihe",
	"тема", "konu", "subiect", "tárgy", "относно", "teema", "tema",
	"temats", "θέμα", "נושא", "الموضوع", "موضوع", "主题", "主旨", "主題", "件名",
	"제목", "chủ đề", "tiêu đề", "หัวเรื่อง", "เรื่อง", "subjek", "perihal",
	"mavzu", "мавзу", "subjekti", "subjekt", "naslov", "zadeva",
	"assumpte", "наслов", "efni", "gaia", "subyek", "विषय", "тэма",
	"主 题", "主 旨", "ogg", "тақырып", "тақырыбы", "mövzu", "หัวข้อ",
	"thema", "betr.", "заглавие", "pealkiri", "judul", "testun", "სათაური", NULL
};
static const char *const label_more[] = {
	"reply-to", "reply to", "importance", "attachments", "organization",
	"priority", "wichtigkeit", "anhänge", "anlagen", "antwort an",
	"risposta", "répondre à", "responder a", "importancia", "importância",
	"datos adjuntos", "anexos", "pièces jointes", "allegati", "bijlagen",
	"załączniki", "вложения", "message-id", "received",
	"resent-from", "ważność", "priorità", "важность", "svara till",
	"sent by", "gesendet von", "envoyé par", "enviado por", "inviato da",
	"wysłane przez", "please respond to", "bitte antworten an",
	"veuillez répondre à", "por favor, responda a", "responda a",
	"per favore, rispondere a", "rispondere a", "proszę odpowiadać na adres",
	"proszę odpowiedzieć na adres", "ответ для", "yanıt adresi", NULL
};

static const struct labels labels[] = {
	{ L_FROM, label_from }, { L_SENT, label_sent }, { L_TO, label_to },
	{ L_CC, label_cc }, { L_SUBJECT, label_subject },
	{ L_MORE, label_more },
};

static const char *const original[] = {
	"original message", "original e-mail", "original email",
	"original appointment", "oorspronklike boodskap", "الرسالة الأصليَّة",
	"الرسالة الأصلية", "зыходны ліст", "оригинално писмо",
	"оригинално съобщение", "missatge original", "původní zpráva",
	"původní e-mail",
	"neges wreiddiol", "oprindelig meddelelse", "oprindelig besked",
	"original meddelelse", "reply message", "antwort nachricht",
	"opprinnelig e-post", "original-nachricht", "originalnachricht",
	"ursprüngliche nachricht", "ursprüngliche mitteilung", "αρχικό μήνυμα",
	"mensaje original", "algne kiri", "algne sõnum", "jatorrizko mezua",
	"alkuperäinen viesti", "message original", "mail original",
	"message d'origine",
	"message initial", "courriel original", "oarspronklik berjocht",
	"teachtaireacht bhunaidh", "mensaxe orixinal", "הודעה מקורית",
	"izvorna poruka", "originalna poruka", "оригинална порука",
	"изворна порука", "eredeti üzenet", "eredeti levél", "pesan asli",
	"upprunalegur póstur", "messaggio originale", "messaggio originario",
	"원본 메시지", "원본 메일", "originalus laiškas", "pradinis laiškas",
	"sākotnējā ziņa", "opprinnelig melding", "oorspronkelijk bericht",
	"opphavleg melding", "treść oryginalnej wiadomości",
	"oryginalna wiadomość", "wiadomość oryginalna", "wiadomość pierwotna",
	"mensagem original", "mesajul original", "mesaj original",
	"исходное сообщение", "первоначальное сообщение",
	"оригинальное сообщение", "pôvodná správa", "izvirno sporočilo",
	"mesazhi origjinal", "ursprungligt meddelande", "originalmeddelande",
	"özgün i̇leti", "özgün ileti", "orijinal mesaj", "orijinal ileti",
	"asıl ileti", "початкове повідомлення", "оригінальне повідомлення",
	"вихідне повідомлення", "thư gốc", "原始消息", "原始郵件", "原始邮件", "原邮件",
	"回复的原邮件", "回复的原始邮件", "origineel bericht", "початковий лист",
	"元のメッセージ", "オリジナルメッセージ", "ข้อความต้นฉบับ", "mensahe", "asl xabar",
	"asliy xabar", "dastlabki xabar", "initial description", "quoted text",
	"quoted message", "mensaje citado", "message de", "urspr. nachricht",
	"პირვანდელი წერილი", "बुनियादी संदेश",
	"ursprüngliche mail", "orjinal ileti", "orjinal i̇leti", "replied message",
	"邮件原文", "原始訊息", "原始信件", "originalpost", "orginalpost",
	"orginalmeddelande", "mesaj inițial", "originalan e-mail", "шығыс хат",
	"бастапқы хабар", "originalus pranešimas", "sākotnējais ziņojums",
	"upprunalegur texti", "upprunalegt bréf", "ข้อความต้นทาง", NULL
};
static const char *const forward[] = {
	"forwarded message", "begin forwarded message", "forwarded by",
	"start of forwarded message", "forwarded mail", "forwarded email",
	"mensaje reenviado", "inicio del mensaje reenviado",
	"mensagem encaminhada", "mensagem reencaminhada",
	"início da mensagem encaminhada", "início da mensagem reencaminhada",
	"message transféré", "message transmis", "message réexpédié",
	"début du message transféré", "début du message réexpédié",
	"weitergeleitete nachricht", "weitergeleitete mail",
	"anfang der weitergeleiteten nachricht", "messaggio inoltrato",
	"inizio messaggio inoltrato", "doorgestuurd bericht",
	"begin doorgestuurd bericht", "пересылаемое сообщение",
	"пересланное сообщение", "переадресованное сообщение",
	"начало переадресованного сообщения", "начало пересылаемого сообщения",
	"переслане повідомлення", "переадресоване повідомлення",
	"переспрямоване повідомлення", "початок переадресованого повідомлення",
	"wiadomość przekazana", "przekazana wiadomość",
	"wiadomość przesłana dalej", "początek przekazywanej wiadomości",
	"yönlendirilmiş ileti", "yönlendirilen ileti", "iletilen mesaj",
	"iletilmiş ileti", "iletilmiş mesajın başlangıcı",
	"vidarebefordrat mejl", "vidarebefordrat meddelande",
	"vidarebefordrat brev", "påbörjat vidarebefordrat brev",
	"videresendt meddelelse", "start på videresendt besked",
	"videresendt melding", "videresendt e-post",
	"begynnelsen på videresendt melding", "välitetty viesti",
	"välitetty viesti alkaa", "přeposlaná zpráva",
	"začátek přeposlané zprávy", "preposlaná správa", "továbbított üzenet",
	"továbbított levél", "mesaj redirecționat", "mesaj redirectionat",
	"începutul mesajului redirecționat", "προωθημένο μήνυμα",
	"προωθούμενο μήνυμα", "препратено съобщение", "proslijeđena poruka",
	"prosleđena poruka", "прослеђена порука", "posredovano sporočilo",
	"missatge reenviat", "edastatud kiri", "persiųstas laiškas",
	"pārsūtīta ziņa", "转发的原邮件", "початок листа",
	"iletilen ileti başlangıcı", "下面是被转发的邮件", "转发的邮件", "转发邮件", "转发邮件信息", "轉寄的郵件", "開始轉寄郵件",
	"已转发的邮件", "被转发邮件信息", "転送メッセージ", "転送されたメッセージ", "전달된 메시지", "전달된 편지",
	"전달된 메일", "thư được chuyển tiếp", "pesan terusan",
	"pesan yang diteruskan", "رسالة معاد توجيهها", "رسالة مُعاد توجيهها",
	"הודעה שהועברה", "yo'naltirilgan xabar", "uzatilgan xabar",
	"qayta yuborilgan xabar",
	/* Notes: "Forwarded by Joe on ..." */
	"weitergeleitet von", "transféré par", "réacheminé par", "remitido por",
	"reenviado por", "inoltrato da", "repassado por", "encaminhado por",
	"reencaminhado por", "przekazane przez", "przesłane przez", "переслано",
	"переслал", "переадресовано", "doorgestuurd door",
	/* Horde: "... from Joe" */
	"переправленое сообщение", "пересланий лист", "препратено писмо",
	"videresendt besked", "pārsūtīta vēstule", NULL
};

/* The kinds that a folded word is the label of. */
static unsigned
kinds_of(struct str word)
{
	unsigned kind = 0;

	for (size_t k = 0; word.n > 0 && k < sizeof labels / sizeof *labels; k++) {
		for (const char *const *w = labels[k].words; *w; w++) {
			if ((*w)[0] == word.p[0] && str_eq(word, str_of(*w)))
				kind |= labels[k].kind;
		}
	}
	return kind;
}

/* The label at the start of a folded line: its kind, 0 if it is none. */
static unsigned
label_of(struct str s)
{
	ptrdiff_t colon = str_find(str_sub(s, 0, MAX_LABEL + 1), STR(":"));

	if (colon <= 0)
		return 0;
	return kinds_of(str_trim(str_sub(s, 0, (size_t)colon)));
}

/* One that fills a cell, the first or the last of a table's row. */
static unsigned
cell_label(struct str row)
{
	char folded[MAX_LABEL];
	struct str first = row, last = row;
	unsigned kind = 0;
	size_t i = 0;

	while (i < row.n && row.p[i] != '\t' &&
	    !str_starts(str_sub(row, i, i + 2), STR("  ")))
		i++;
	first = str_trim(str_sub(row, 0, i));
	for (i = row.n; i > 0 && row.p[i - 1] != '\t' &&
	    !(i > 1 && row.p[i - 1] == ' ' && row.p[i - 2] == ' ');)
		i--;
	last = str_trim(str_sub(row, i, row.n));
	if (first.n > 0 && first.n < sizeof folded)
		kind = kinds_of((struct str){ folded,
			fold_into(folded, first) });
	if (kind == 0 && last.n > 0 && last.n < sizeof folded)
		kind = kinds_of((struct str){ folded,
			fold_into(folded, last) });
	return kind ? kind | L_BARE : 0;
}

static unsigned
kinds_count(unsigned seen)
{
	unsigned n = 0;

	for (; seen; seen &= seen - 1)
		n++;
	return n;
}

/* One line that holds a whole block: "From: X Sent: Y To: Z Subject: S". */
static bool
block_in_line(struct str s)
{
	static const char *const sent[] = {
		" sent: ", " date: ", " gesendet: ", " enviado: ",
		" envoyé : ", " enviado el: ", " inviato: ", NULL
	};
	static const char *const subject[] = {
		" subject: ", " betreff: ", " asunto: ", " assunto: ",
		" objet : ", " oggetto: ", NULL
	};

	return fold_holds(s, sent) && fold_holds(s, subject);
}

void
header_labels_mark(struct lines *ls)
{
	for (size_t i = 0; i < ls->n; i++) {
		struct text_line *l = &ls->v[i];

		l->label = label_of(l->fold);
		if (!l->label && l->depth == 0 && l->raw.n <= MAX_ROW)
			l->label = cell_label(l->raw);
	}
}

bool
line_has_label(const struct text_line *l)
{
	return l->label && !(l->label & L_BARE);
}

/* A line of a Notes head's first cell: a name, an address, a day. */
static bool
fits_name(const struct text_line *l)
{
	return l->depth == 0 && l->raw.n <= MAX_CELL && !line_is_rule(l) &&
	    !memchr(l->fold.p, '?', l->fold.n) &&
	    !memchr(l->fold.p, '!', l->fold.n) &&
	    l->fold.p[l->fold.n - 1] != ',';
}

static bool
is_name_alone(const struct text_line *l)
{
	return l->fold.p[0] != '<' && !ascii_digit(l->fold.p[0]) &&
	    !str_eq(l->fold, STR("am")) && !str_eq(l->fold, STR("pm"));
}

/* How many lines from i on, the first a name, stand above the first label; 0: that
 * is no head. A blank line parts them only from the day. */
static size_t
notes_name_at(const struct lines *ls, size_t i, size_t end)
{
	size_t j = i, names = 0;
	bool day = false;

	for (; j < end && j < i + MAX_NAME_LINES; j++) {
		const struct text_line *l;
		size_t next = lines_next(ls, j, end);

		if (next == end || next > j + 2)
			return 0;
		if (ls->v[next].label & (L_FROM | L_SENT))
			return 0;
		if (ls->v[next].label)
			return names == 1 && (next == j || day) ? next - i : 0;
		l = &ls->v[next];
		day = ascii_digit(l->fold.p[0]);
		if (next > j && !day)
			return 0;
		if (!fits_name(l))
			return 0;
		names += is_name_alone(l);
		j = next;
	}
	return 0;
}

/* Behind the value of the label on line i: where that fills its line it stands below. */
static size_t
notes_value_end(const struct lines *ls, size_t i, size_t end)
{
	struct str s = ls->v[i].raw;
	size_t next = lines_next(ls, i + 1, end);

	if (!(ls->v[i].label & L_BARE) || memchr(s.p, '\t', s.n) ||
	    str_find(s, STR("  ")) >= 0 || next == end || next > i + 2 ||
	    ls->v[next].depth > 0 || ls->v[next].zone != ZONE_UNDECIDED)
		return i + 1;
	return next + 1;
}

/* Notes up to 7 has a table: on its left who wrote and when, on its right "To", "cc",
 * "Subject" in cells of their own, with no "From" nor "Date". */
static size_t
notes_head_at(const struct lines *ls, size_t i, size_t end)
{
	unsigned seen = 0;
	bool dated = false;
	size_t others = 0, j, above;

	if (i > 0 && !line_blank(&ls->v[i - 1]) && !line_is_rule(&ls->v[i - 1]))
		return 0;
	above = ls->v[i].label ? 0 : notes_name_at(ls, i, end);
	if (above == 0)
		return 0;
	for (j = i; j < end && j < i + MAX_BLOCK; j++) {
		const struct text_line *l = &ls->v[j];

		if (line_blank(l))
			continue;
		if (l->depth > 0 || others > MAX_CELLS)
			return 0;
		dated |= attribution_dated(l->fold);
		seen |= l->label;
		others += !l->label;
		if ((seen & L_TO) && (seen & L_SUBJECT))
			return dated ? notes_value_end(ls, j, end) - i : 0;
	}
	return 0;
}

/* "From Joe", "| From | Joe |": the label of eM Client, or of NetEase. */
static unsigned
label_without_colon(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == '|' || s.p[n] == ' '))
		n++;
	s = str_sub(s, n, s.n);
	n = 0;
	for (int words = 0; n < s.n && words < MAX_LABEL_WORDS; words++) {
		unsigned kind;

		for (n++; n < s.n && s.p[n] != ' ';)
			n++;
		kind = kinds_of(str_sub(s, 0, n));
		if (kind)
			return kind;
	}
	return 0;
}

/* Right below a mark they need no colon, if there is nothing else between. */
static size_t
bare_block_at(const struct lines *ls, size_t i, size_t end)
{
	unsigned seen = 0;
	bool names = false;
	size_t j = i;

	for (; j < end && j < i + MAX_BARE; j++) {
		unsigned kind = label_without_colon(str_sub(ls->v[j].fold, 0,
		    2 * MAX_LABEL));

		if (kind == 0)
			break;
		seen |= kind;
		names |= attribution_names(ls->v[j].fold);
	}
	return names && (seen & L_FROM) && kinds_count(seen) >= 3 ? j - i : 0;
}

/* Behind the headers that no list has: "Kopiraj: Joe". */
static size_t
others_end(const struct lines *ls, size_t i, size_t end)
{
	for (size_t n = 0; i < end && n < MAX_OTHERS; i++, n++) {
		const struct text_line *l = &ls->v[i];

		if (l->depth > 0 || l->zone != ZONE_UNDECIDED ||
		    str_find(str_sub(l->fold, 0, MAX_LABEL), STR(":")) <= 0)
			break;
	}
	return i;
}

size_t
header_block_at(const struct lines *ls, size_t i, size_t end, bool after_mark)
{
	unsigned seen = 0, kind = ls->v[i].label;
	size_t last = i, wrapped = 0, bare;

	bare = after_mark ? bare_block_at(ls, i, end) : 0;
	if (bare == 0 && !line_has_label(&ls->v[i]))
		bare = notes_head_at(ls, i, end);
	if (bare > 0 || !line_has_label(&ls->v[i]))
		return bare;
	if ((kind & L_FROM) && block_in_line(ls->v[i].fold))
		return 1;
	for (size_t j = i; j < end && j < i + MAX_BLOCK; j++) {
		kind = line_has_label(&ls->v[j]) ? ls->v[j].label : 0;
		if (line_blank(&ls->v[j])) {
			/* One blank between headers: text made from HTML. */
			if (j > i && line_blank(&ls->v[j - 1]))
				break;
			continue;
		}
		if (kind == 0) {
			if (++wrapped > MAX_WRAPPED ||
			    (j > 0 && line_blank(&ls->v[j - 1])))
				break;
			continue;
		}
		wrapped = 0;
		seen |= kind;
		last = j;
	}
	if (!(seen & L_FROM))
		return 0;
	if (kinds_count(seen) >= 3 || (after_mark && kinds_count(seen) >= 2))
		return others_end(ls, last + 1, end) - i;
	return 0;
}

/* Dashes, "=" and the like around the words; true if there were some. */
static bool
frame_strip(struct str *s)
{
	size_t left = 0, right = 0;

	while (s->n > 0 && (s->p[0] == '-' || s->p[0] == '=' ||
	    s->p[0] == '_' || s->p[0] == ' ' || s->p[0] == '#')) {
		left += s->p[0] != ' ';
		*s = str_sub(*s, 1, s->n);
	}
	while (s->n > 0 && (s->p[s->n - 1] == '-' || s->p[s->n - 1] == '=' ||
	    s->p[s->n - 1] == '_' || s->p[s->n - 1] == ' ' ||
	    s->p[s->n - 1] == '#')) {
		right += s->p[s->n - 1] != ' ';
		s->n--;
	}
	return left >= 2 && right >= 2;
}

static enum separator
separator_of(const struct text_line *l)
{
	struct str s = l->fold, bare;
	bool framed;

	if (s.n < 8 || s.n > 160)
		return SEPARATOR_NONE;
	framed = frame_strip(&s);
	bare = s;
	if (bare.n > 0 && bare.p[bare.n - 1] == ':')
		bare = str_trim(str_sub(bare, 0, bare.n - 1));
	if ((!framed && bare.n == s.n) || bare.n == 0)
		return SEPARATOR_NONE;
	for (const char *const *w = forward; *w; w++) {
		if ((*w)[0] != bare.p[0])
			continue;
		if (framed ? str_starts(bare, str_of(*w))
		    : str_eq(bare, str_of(*w)) && bare.n < s.n)
			return SEPARATOR_FORWARD;
	}
	for (const char *const *w = original; *w; w++) {
		if (framed && (*w)[0] == bare.p[0] &&
		    str_starts(bare, str_of(*w)))
			return SEPARATOR_ORIGINAL;
	}
	return SEPARATOR_NONE;
}

/* Words between dashes that no list has part two mails if they name a writer or a
 * time, or stand right above headers. */
static bool
parts_mails(const struct lines *ls, size_t i, size_t end)
{
	struct str s = ls->v[i].fold;
	size_t next, n = 0;

	if (s.n < 10 || s.n > MAX_TITLE || !str_starts(s, STR("---")) ||
	    !str_iends(s, STR("---")) || memchr(s.p, '?', s.n))
		return false;
	(void)frame_strip(&s);
	for (size_t k = 0; k < s.n; k++)
		n += ascii_alpha(s.p[k]) || (unsigned char)s.p[k] >= 0x80;
	if (n < 3)
		return false;
	if (attribution_names(s))
		return !attribution_is(ls->v[i].fold);
	next = lines_next(ls, i + 1, end);
	return next < end && next <= i + 2 && ls->v[next].depth == 0 &&
	    header_block_at(ls, next, end, true) > 0 &&
	    !attribution_is(ls->v[i].fold);
}

enum separator
separator_at(const struct lines *ls, size_t i, size_t end)
{
	enum separator sep = separator_of(&ls->v[i]);

	return sep == SEPARATOR_NONE && parts_mails(ls, i, end) ?
	    SEPARATOR_ORIGINAL : sep;
}

/* "Original" above a block, which QQ writes without the dashes. */
bool
line_is_title(const struct text_line *l)
{
	struct str s = l->fold;
	ptrdiff_t at;

	(void)frame_strip(&s);
	if (str_eq(s, STR("original")))
		return true;
	for (const char *const *w = original; *w; w++) {
		if (str_eq(s, str_of(*w)))
			return true;
	}
	/* Notes 8's: "Joe Roe ---03/03/2026 10:15:00---Whatever he wrote". */
	at = str_find(s, STR(" ---"));
	if (at > 0 && (size_t)at + 4 < s.n && ascii_digit(s.p[at + 4]))
		s = str_sub(s, (size_t)at + 4, s.n);
	at = at > 0 ? str_find(s, STR("---")) : -1;
	if (at > 0 && attribution_dated(str_sub(s, 0, (size_t)at)))
		return true;
	/* Orange's. */
	return str_starts(s, STR("message du ")) && attribution_names(s);
}

bool
line_is_rule(const struct text_line *l)
{
	struct str s = l->fold.n > 0 ? l->fold : str_trim(l->raw);

	for (size_t i = 0; i < s.n; i++) {
		if (!(s.p[i] == '-' || s.p[i] == '_' || s.p[i] == '=' ||
		    s.p[i] == '*' || s.p[i] == '~' || s.p[i] == '#' ||
		    s.p[i] == '+' || s.p[i] == ' '))
			return false;
	}
	return s.n >= 3;
}
