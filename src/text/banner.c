/*
 * A person may begin with the same word ("Attention: the page that comes is for
 * admins"), so that what begins like a banner has to speak of the mail and where it
 * comes from, too, or of what must not be clicked. A line that does neither is
 * never taken: better a banner read as somebody's words than the words lost.
 */
#include <string.h>

#include "text/banner.h"
#include "text/boilerplate.h"
#include "text/fold.h"
#include "text/legal.h"

#define MAX_BANNER	8	/* lines */
#define MAX_LINE	1000	/* bytes, of a box as well */
#define SHORT		24	/* bytes: "External email" */
#define NEAR		28	/* letters: "email originated from outside" */
/* What Proofpoint puts around its own, in letters that are hidden in a page. */
#define PROOFPOINT	"zjqcmqryfpfptbanner"
#define MAX_PROOFPOINT	30	/* lines */

/* Sentences that nobody but a mail server begins a mail with. */
static const char *const sentences[] = {
	"this email originated from outside",
	"this e-mail originated from outs",
	"this message originated from outside",
	"this message was sent from outside",
	"this email was sent from outside", "this email came from outside",
	"this message came from outside", "this is an external email",
	"this email is from an external", "this message is from an external",
	"the sender of this message is ext",
	"this email has originated from outside",
	"you don't often get email fr", "you don't often receive email from",
	"some people who received this", "be careful with this message",
	"no suele recibir correo", "no sueles recibir correo",
	"este correo electrónico se originó fuera",
	"vous n'obtenez pas souvent", "vous ne recevez pas souvent",
	"sie erhalten nicht oft", "sie erhalten nicht häufig",
	"você não costuma receber", "você não recebe emails",
	"non si riceve spesso", "non ricevi spesso", "u ontvangt niet vaak",
	"nie otrzymujesz często", "często nie otrzymujesz",
	"genellikle e-posta almıyorsunuz", "вы нечасто получаете",
	"ви нечасто отримуєте", "du får inte ofta", "du får ikke ofte",
	"et usein saa sähköpostia", "não costuma receber e-mails",
	"你通常不会收到来自", "您通常不会收到来自", "你不经常收到来自",
	"您不常收到来自",
	/* Some people who received this message do not, either. */
	"algunas personas que han recibido este", "algumas pessoas que receberam",
	"certaines personnes qui ont reçu ce", "einige personen, die diese nachr",
	"alcuni utenti che hanno ricevuto questo", "sommige personen die dit ber",
	"niektóre osoby, które otrzymały t", "некоторые пользователи, получивш",
	"деякі користувачі, які отримали", "bu iletiyi alan bazı kişiler",
	"收到此邮件的某些人", NULL
};
/* In any place of a line. */
static const char *const holds[] = {
	"you don't often get email from", "originated from outside of ",
	"originated outside of your org", "originated from outside your org",
	"sent from outside your organi", "sent from outside the organi",
	"originated outside the organi", "learn why this is important",
	"aka.ms/learnaboutsenderidentification",
	"from a sender outside of your org", "from outside of the organi",
	"message came from outside", "mail came from outside",
	"message originated outside", "mail originated outside",
	"message originated from outside", "mail originated from outside", NULL
};
/* How others begin. */
static const char *const calls[] = {
	"caution", "warning", "attention", "notice", "external", "[external",
	"[ext]", "(external", "[caution", "[warning",
	/* es pt fr it ro */
	"precaución", "atención", "aviso", "advertencia", "correo externo",
	"[externo", "este correo proviene de", "cuidado", "atenção",
	"e-mail externo", "mensagem externa", "mise en garde",
	"courriel externe",
	"avertissement", "[externe", "attenzione", "avviso", "[esterno",
	"email esterna", "e-mail esterna", "messaggio esterno", "atenție",
	"avertisment",
	/* de nl sv da nb fi */
	"achtung", "vorsicht", "warnung", "externe e-mail", "externe mail",
	"extern", "[extern", "let op", "waarschuwing", "varning", "advarsel",
	"obs!", "varoitus", "ulkoinen",
	/* pl cs sk hr sr hu el */
	"uwaga", "ostrzeżenie", "wiadomość zewnętrzna", "[zewn", "pozor",
	"upozornění", "upozornenie", "pažnja", "upozorenje", "пажња",
	"упозорење", "figyelem", "figyelmeztetés", "προσοχή",
	/* ru uk bg tr uz zh ja */
	"внимание", "осторожно", "предупреждение", "внешнее письмо",
	"внешний отправитель", "[внешн", "увага", "обережно", "попередження",
	"зовнішній лист", "[зовн", "външен", "dikkat", "uyarı", "dış e-posta",
	"[dış", "harici e-posta", "diqqat", "ogohlantirish", "tashqi xat",
	"注意", "警告", "外部邮件", "[外部", NULL
};
/* A banner's title: nothing but a sign, or little, stands behind it. */
static const char *const titles[] = {
	"external email", "external e-mail", "external sender",
	"external message", "external mail", "remitente externo",
	"correo externo", "mensaje externo", "expéditeur externe",
	"courriel externe", "message externe", "mittente esterno",
	"email esterna", "e-mail esterna", "messaggio esterno",
	"remetente externo", "e-mail externo", "mensagem externa",
	"externer absender", "externe e-mail", "externe mail",
	"externe nachricht", "externe afzender", "extern bericht",
	"extern avsändare", "ekstern afsender", "ekstern avsender",
	"nadawca zewnętrzny", "zewnętrzny nadawca", "wiadomość zewnętrzna",
	"externí odesílatel", "spoljni pošiljalac", "eksterni pošiljalac",
	"külső feladó", "expeditor extern", "внешний отправитель",
	"внешнее письмо", "зовнішній відправник", "зовнішній лист",
	"външен подател", "dış gönderen", "dış e-posta", "harici gönderen",
	"tashqi jo'natuvchi", "tashqi xat", "tashqi pochta", "dış kaynak",
	"harici e-posta", "внешняя почта", "зовнішня пошта", "mail esterna",
	"eksterni mejl", "eksterna pošta", "externe e-post", "外部发件人",
	"外部邮件", NULL
};
static const char *const outside[] = {
	"external", "outside", "extern", "ekstern", "estern", "fuera de",
	"fora d", "extérieur", "hors de", "außerhalb", "fuori", "buiten",
	"din afara", "utanför", "uden for", "utenfor", "ulkop", "zewn",
	"spoza", "mimo", "spoljn", "izvan", "изван", "спољн", "külső",
	"kívül", "εξωτερικ", "εκτός", "внешн", "извне", "за предел", "зовнішн",
	"ззовні", "за меж", "външ", "dışın", "dış ", "harici", "tashqi",
	"tashqar", "外部", NULL
};
static const char *const mail[] = {
	"mail", "message", "sender", "originat", "correo", "mensaje",
	"remitente", "mensagem", "remetente", "courriel", "expéditeur",
	"nachricht", "absender", "messaggio", "mittente", "mesaj", "bericht",
	"afzender", "meddelande", "avsändare", "melding", "viesti", "wiadomoś",
	"nadawc", "zpráv", "správ", "odesílatel", "poruk", "порук", "levél",
	"üzenet", "feladó", "μήνυμα", "αποστολέα", "письм", "сообщен",
	"отправител", "лист", "повідомлен", "відправник", "съобщ", "e-posta",
	"ileti", "gönderen", "xabar", "xat", "邮件", NULL
};
/* What one is told to do: enough behind a call, and where a line below a banner
 * begins so. */
static const char *const orders[] = {
	"do not click on", "do not click link", "do not click any",
	"do not click the", "do not click or", "please do not click",
	"please do not open", "don't click on link", "don't click link",
	"never click on link", "never click link", "before clicking link",
	"before clicking on", "do not open attach", "do not open link",
	"do not open any", "do not open unexp", "do not open or",
	"don't open attach", "with caution", "use caution", "be cautious",
	"be careful", "exercise caution", "exercise extra", "please exercise",
	"please use caution", "please be cautious", "please verify",
	"verify the sender",
	/* es pt fr it ro */
	"no haga clic", "no hagas clic", "no abra archivos", "no abra adjunt",
	"no abra enlaces", "no abra los", "no abras archivos",
	"no abras adjunt", "no abras enlaces", "no abras los",
	"não clique em", "não clique nos", "não abra anexo", "não abra link",
	"não abra os", "ne cliquez pas sur", "n'ouvrez pas les",
	"n'ouvrez pas de", "n'ouvrez aucun", "ne pas cliquer sur",
	"ne pas ouvrir l", "ne pas ouvrir d", "non cliccare su",
	"non aprire allegat", "non aprire link", "non aprire gli",
	"non fare clic su", "nu accesați", "nu deschideți", "nu faceți clic",
	/* de nl sv da nb fi */
	"klicken sie nicht auf", "klicken sie auf keine", "öffnen sie keine",
	"klik niet op", "open geen", "klicka inte på", "öppna inte bifog",
	"klik ikke på", "åbn ikke", "klikk ikke", "åpne ikke", "älä avaa",
	"älä napsauta",
	/* pl cs sk hr sr hu el */
	"nie klikaj w", "nie klikaj link", "nie otwieraj zał",
	"nie otwieraj link", "zachowaj ostrożność", "neklikejte na",
	"neotvírejte", "neotevírejte", "neklikajte na", "ne kattintson",
	"ne nyissa", "ne otvarajte", "не отварајте", "μην ανοίγετε",
	"μην κάνετε κλικ",
	/* ru uk bg tr uz zh */
	"не переходите по", "не открывайте влож", "не открывайте файл",
	"не открывайте ссыл", "не нажимайте на ссыл", "будьте осторожны",
	"не переходьте за", "не відкривайте вклад",
	"не відкривайте файл", "не відкривайте посил",
	"не натискайте на посил", "будьте обережні", "не отваряйте прикач",
	"не кликайте", "bağlantılara tıklama", "linklere tıklama",
	"ekleri açma", "havolalarni bosma", "fayllarni ochma", "请勿点击",
	"请勿打开", "verificare sempre il mitt", "verificare il mittente",
	"prüfen sie den absender", "vérifiez l'expéditeur",
	"verifique el remitente", "verifique o remetente",
	"controleer de afzender", "проверьте адрес отправ",
	"перевірте адресу відправ", "sprawdź nadawcę", "проверьте отправителя",
	"havolalarga o'tmang", NULL
};
/* What is left of an order when it is wrapped, and what is said after it. */
static const char *const tails[] = {
	"recognize the sender", "recognise the sender", "know the sender and",
	"trust the sender",
	"the content is safe", "attachments unless you", "report suspicious",
	"report phish", "phish alert", "learn why this is imp",
	"previously corresponded with this sender", NULL
};
/* A line that ends so goes on in the next. */
static const char *const unfinished[] = {
	" the", " of", " or", " and", " from", " to", " your", " you",
	" unless", " not", " any", ",", NULL
};

/* Signs and pictures ("⚠", "🛑") ahead of the words. */
static struct str
bare(struct str s)
{
	while (s.n > 0 && strchr("!- #=|*<>~:.", s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n > 4 && ((unsigned char)s.p[0] == 0xf0 ||
	    ((unsigned char)s.p[0] == 0xe2 && (unsigned char)s.p[1] >= 0x98)) &&
	    str_find(str_sub(s, 0, 8), STR(" ")) > 0)
		s = str_trim(str_sub(s, (size_t)str_find(s, STR(" ")), s.n));
	return s;
}

static bool
has_letters(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (utf8_letter_byte(s.p[i]))
			return true;
	}
	return false;
}

/* What stands behind the first word, or behind its brackets. */
static struct str
behind(struct str s, const char *call)
{
	ptrdiff_t close = str_find(s, *call == '[' ? STR("]") : STR(")"));

	if ((*call == '[' || *call == '(') && close > 0)
		return str_sub(s, (size_t)close + 1, s.n);
	return str_sub(s, strlen(call), s.n);
}

/* Does a word of both lists stand in s, side by side or nearly? */
static bool
holds_near(struct str s, const char *const *some, const char *const *others)
{
	for (const char *const *a = some; *a; a++) {
		ptrdiff_t at = str_find(s, str_of(*a));
		struct str left, right;
		size_t near;

		if (at < 0)
			continue;
		near = (unsigned char)**a >= 0x80 ? 2 * NEAR : NEAR;
		left = str_sub(s, (size_t)at > near ? (size_t)at - near : 0,
		    (size_t)at);
		right = str_sub(s, (size_t)at + strlen(*a),
		    (size_t)at + strlen(*a) + near);
		if (fold_holds(left, others) || fold_holds(right, others))
			return true;
	}
	return false;
}

/* " - use caution", ": ..." */
static bool
is_parted(struct str rest)
{
	size_t i = rest.p[0] == ' ' ? 1 : 0;

	return i < rest.n && strchr("-|:.!*(,;", rest.p[i]) != NULL;
}

/* "Our IT says your message came from outside": a banner says so in nobody's name,
 * and speaks of approvals only below its call. */
static bool
asks_or_tells(struct str s)
{
	if (memchr(s.p, '?', s.n))
		return true;
	return fold_starts(s, calls) || fold_starts(s, titles)
	    ? legal_is_personal(s) : legal_not(s);
}

/* Behind a call: an order, or where the mail comes from. With both a banner may say
 * what else people write of: "unless you know the sender, do not click the link". */
static bool
warns(const char *call, struct str rest)
{
	bool ordered = (*call == '[' ? fold_holds : fold_starts)(bare(rest),
	    orders) || fold_holds(rest, tails);
	bool tells = holds_near(rest, outside, mail);
	bool both = fold_holds(rest, orders) && fold_holds(rest, outside) &&
	    fold_holds(rest, mail);

	if (both || (tells && ordered))
		return !legal_is_personal(rest);
	return (ordered || tells) && !legal_not(rest);
}

/* "[外部邮件]": as a title, in brackets, with no more than an order behind them. */
static bool
is_boxed_title(struct str s)
{
	const char *title;
	struct str rest;
	bool wide = str_starts(s, STR("【"));

	if (!wide && !str_starts(s, STR("[")))
		return false;
	s = str_trim(str_sub(s, wide ? 3 : 1, s.n));
	title = fold_starts(s, titles);
	if (!title)
		return false;
	rest = str_sub(s, strlen(title), s.n);
	if (!str_starts(rest, wide ? STR("】") : STR("]")))
		return false;
	rest = str_sub(rest, wide ? 3 : 1, rest.n);
	return !has_letters(rest) || warns("[", rest);
}

static bool
is_listed(struct str s)
{
	struct str rest;
	const char *call;

	if (fold_starts(s, sentences) || is_boxed_title(s) ||
	    (fold_holds(s, holds) && !asks_or_tells(s)))
		return true;
	call = fold_starts(s, titles);
	if (call) {
		rest = str_sub(s, strlen(call), s.n);
		return !legal_not(rest) && (rest.n <= SHORT || is_parted(rest));
	}
	call = fold_starts(s, calls);
	if (!call || str_find(s, STR("?")) >= 0)
		return false;
	rest = behind(s, call);
	if (!has_letters(rest) || warns(call, rest))
		return true;
	return !legal_not(rest) && rest.n <= SHORT &&
	    (fold_holds(rest, outside) ||
	    (fold_holds(rest, mail) && fold_holds(s, outside)));
}

static bool
line_begins(struct str fold)
{
	struct str s = bare(fold);

	return s.n > 0 && s.n <= MAX_LINE && is_listed(s);
}

static bool
line_goes_on(struct str fold, struct str above)
{
	return line_begins(fold) || (!legal_not(fold) &&
	    (fold_starts(bare(fold), orders) || fold_holds(fold, tails) ||
	    fold_ends(above, unfinished)));
}

/* Between the two marks; 0: they are not there. */
static size_t
marked_lines(const struct lines *ls, size_t i, size_t end)
{
	if (!str_starts(ls->v[i].fold, STR(PROOFPOINT "start")))
		return 0;
	for (size_t n = 1; n < MAX_PROOFPOINT && i + n < end; n++) {
		if (str_starts(ls->v[i + n].fold, STR(PROOFPOINT "end")))
			return n + 1;
	}
	return 0;
}

size_t
banner_at(const struct lines *ls, size_t i, size_t end)
{
	size_t n = i < end ? marked_lines(ls, i, end) : 0;

	if (n > 0)
		return n;
	n = 1;
	if (i >= end || !line_begins(ls->v[i].fold))
		return 0;
	while (i + n < end && n < MAX_BANNER && !line_blank(&ls->v[i + n]) &&
	    line_goes_on(ls->v[i + n].fold, ls->v[i + n - 1].fold))
		n++;
	return n;
}

/* In a wording that stands on no list. In a box alone: what a person says of his own
 * house ("we do not open links from outside") has the same words. */
static bool
is_learned(struct str text)
{
	char folded[MAX_LINE];
	struct str s;

	if (text.n == 0 || text.n > MAX_LINE)
		return false;
	s = (struct str){ folded, fold_into(folded, text) };
	return boilerplate_is(BOILERPLATE_ABOVE, s) && !memchr(s.p, '?', s.n) &&
	    !legal_not(s);
}

static bool
is_lines(struct str text)
{
	char folded[2][MAX_LINE];
	struct str line, above = STR("");
	size_t n = 0;

	while (str_line(&text, &line)) {
		char *to = folded[n % 2];
		struct str fold;

		line = str_trim(line);
		if (line.n == 0)
			continue;
		if (line.n > MAX_LINE || n == MAX_BANNER)
			return false;
		fold = (struct str){ to, fold_into(to, line) };
		if (n == 0 ? !line_begins(fold) : !line_goes_on(fold, above))
			return false;
		above = fold;
		n++;
	}
	return n > 0;
}

bool
banner_is(struct str text)
{
	return is_lines(text) || is_learned(str_trim(text));
}
