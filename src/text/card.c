/*
 * What the lines of a visiting card look like: short, no sentence; a telephone, an
 * address, a title or a company in some of them, and a name above.
 */
#include <string.h>

#include "text/card.h"
#include "text/fold.h"

#define MAX_CARD_WORDS	10

static const char *const closings[] = {
	"thanks", "thank you", "thank u", "thanx", "thx", "many thanks", "tks",
	"regards", "best", "kind regards", "warm", "cheers", "sincerely",
	"yours", "very truly", "respectfully", "take care",
	"have a", "talk soon", "happy", "with ", "hope", "please", "much appr",
	"appreciate", "all the best", "let me know", "love", "god bless",
	"gracias", "saludos", "atentamente", "un saludo", "muchas gracias",
	"cordial", "felices", "quedo", "merci", "bien à",
	"bonne", "salutations", "sincères", "obrigad", "atenciosamente", "att",
	"abraço", "grato", "danke", "vielen dank", "mit freund", "viele gr",
	"gruß", "grüße", "mfg", "lg", "beste gr", "schöne", "freundliche",
	"groet", "met vriendelijke", "bedankt", "alvast", "grazie", "saluti",
	"distinti", "buona", "pozdrawiam", "pozdrowienia",
	"dziękuję", "z poważaniem", "z góry", "с уважением", "спасибо",
	"заранее", "благодарю", "с наступающим", "всего", "хорошего", "жду",
	"з повагою", "дякую", "щиро", "гарного", "rahmat", "hurmat bilan",
	"oldindan", "katta rahmat", "salomat", "хурмат билан", "раҳмат",
	"saygı", "teşekkür", "iyi çalış", "iyi gün", "kolay gelsin", "hvala",
	"pozdrav", "mulțum", "cu stimă", "mvh", "hälsning", "tack",
	"tak", "venlig", "vennlig", "ystäv", "terveisin", "kiitos", "děkuji",
	"s pozdravem", "üdvözlettel", "köszön", "谢谢", "謝謝", "此致", "祝", "ありがとう",
	"よろしく", "감사", NULL
};

static const char *const titles[] = {
	"manager", "director", "dispatcher", "dispatch", "owner", "president",
	"ceo", "cto", "cfo", "coo", "ciso", "officer", "coordinator",
	"accounts", "accounting", "accountant", "payable", "engineer",
	"technician", "administrator", "admin", "specialist", "supervisor",
	"controller", "operations", "analyst", "consultant", "assistant",
	"attorney", "paralegal", "partner", "founder", "sales", "vp",
	"head of", "lead", "it ", "security", "compliance", "representative",
	"agent", "broker", "safety", "secretary", "office", "department",
	"cissp", "developer", "architect", "logistics", "gerente", "directora",
	"despacho", "despachador", "administrador", "administrativo",
	"contabilidad", "propietario", "dueño", "ventas", "sistemas",
	"directeur", "directrice", "responsable", "coordonnateur",
	"coordonnatrice", "répartit", "propriétaire", "adjointe", "comptab",
	"geschäftsführer", "leiter", "leitung", "disposition", "disponent",
	"datenschutz", "abteilung", "sócio", "diretor", "gerência",
	"kierownik", "dyspozytor", "spedytor", "prezes", "właściciel", "dział",
	"директор", "менеджер", "диспетчер", "логист", "бухгалтер", "владелец",
	"администратор", "отдел", "керівник", "логіст", "власник",
	"адміністратор", "direktor", "menejer", "menejeri", "dispetcher",
	"buxgalter", "rahbar", "müdür", "müdürü", "yönetici", "operasyon",
	"direktör", "muhasebe", "direttore", "responsabile", "titolare",
	"bedrijfsleider", "planner", "eigenaar", NULL
};
static const char *const companies[] = {
	"llc", "l.l.c", "inc", "corp", "corporation", "ltd", "gmbh", "co",
	"kg", "llp", "s.a", "s.r.l", "srl", "sp. z o.o", "s.a. de c.v", "bv",
	"b.v", "ag", "ооо", "зао", "тоо", "тов", "фоп", "ип", "mchj", "xk",
	"plc", "pty", "company", "group", "logistics", "trucking", "transport",
	"transportation", "freight", "freightlines", "express", "carrier",
	"carriers", "haulage", "hauling", "haul", "lines", "services",
	"solutions", "systems", "partners", "holdings", "enterprises",
	"brokerage", "transfer", "cartage", "distribution", "fletes",
	"transportes", "spedition", "trans", "cargo", "bros", "brothers",
	"& sons", "and sons", "associates", "technologies", "networks",
	"грузоперевозки", "транс", "карго", "логистик", NULL
};

/* The next run of letters in *s; false: no more. */
static bool
token_next(struct str *s, struct str *out)
{
	size_t i = 0, n = 0;

	while (i < s->n && !utf8_letter_byte(s->p[i]))
		i++;
	while (i + n < s->n && utf8_letter_byte(s->p[i + n]))
		n++;
	*out = str_sub(*s, i, i + n);
	*s = str_sub(*s, i + n, s->n);
	return n > 0;
}

struct signer
signer_of(struct arena *a, const char *sender_name)
{
	struct signer who = { .n = 0 };
	struct str rest = fold(a, str_of(sender_name)), token;
	size_t max = sizeof who.token / sizeof *who.token;
	ptrdiff_t at = str_find(rest, STR("@"));

	if (at >= 0)
		rest = str_sub(rest, 0, (size_t)at);
	while (who.n < max && token_next(&rest, &token)) {
		if (token.n >= 2)
			who.token[who.n++] = token;
	}
	return who;
}

static bool
signer_has(const struct signer *who, struct str token)
{
	for (size_t i = 0; i < who->n; i++) {
		if (str_eq(who->token[i], token))
			return true;
	}
	return false;
}

bool
card_closing(struct str s)
{
	return s.n <= 60 && fold_words(s) <= 6 &&
	    fold_starts(s, closings) != NULL;
}

static bool
holds_word(const struct gist *g, const char *const *words)
{
	const char *w;

	while ((w = gist_holds(g, words)) != NULL) {
		if (fold_word(g->text, w) >= 0)
			return true;
		while (*words++ != w)
			;
	}
	return false;
}

static bool
has_telephone(struct str s)
{
	size_t run = 0, all = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (ascii_digit(s.p[i])) {
			run++;
			all = run > all ? run : all;
		} else if (utf8_letter_byte(s.p[i]) || s.p[i] == ':' ||
		    s.p[i] == ',') {
			run = 0;
		}
	}
	return all >= 7 && all <= 15;
}

/* "x-37059", "*7086", "ext. 12" */
static bool
has_extension(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ascii_digit(s.p[i]);
	return n >= 4 && s.n <= 12;
}

bool
card_contact(struct str s)
{
	return has_telephone(s) || has_extension(s) ||
	    str_find(s, STR("@")) >= 0 || str_find(s, STR("www.")) >= 0 ||
	    str_find(s, STR("http")) >= 0 || str_find(s, STR(" | ")) >= 0;
}

bool
card_rank(struct str s)
{
	struct gist g;

	if (fold_words(s) > 8)
		return false;
	g = gist_of(s);
	return holds_word(&g, companies) || holds_word(&g, titles);
}

bool
card_title(struct str s)
{
	struct gist g;

	if (fold_words(s) > 4)
		return false;
	g = gist_of(s);
	return holds_word(&g, titles);
}

static bool
is_capital(struct str raw)
{
	uint32_t c = 0;
	char low[8];
	struct str one;
	size_t len = utf8_next(raw, &c), n;

	if (len == 0)
		return false;
	one = (struct str){ raw.p, len };
	n = fold_into(low, one);
	return n == 0 || !str_eq((struct str){ low, n }, one) ||
	    !utf8_letter_byte(raw.p[0]) || (c >= 0x900);
}

bool
card_tells(struct str s)
{
	static const char *const words[] = { "tenant", "mandant ist",
		"inquilino", "тенант", "our domain", "domain is", " says ",
		" said ", " told ", " wants ", " asked ", "we don't",
		"we do not", " is for ", " not for ", NULL };

	/* "Tenant Relations Manager". */
	return fold_holds(s, words) && !card_title(s);
}

bool
card_line(const struct text_line *l)
{
	struct str s = l->fold;
	char end;

	if (s.n == 0 || s.n > CARD_MAX_LINE ||
	    fold_words(s) > MAX_CARD_WORDS || card_closing(s) || card_tells(s))
		return false;
	if (card_contact(s))
		return true;
	end = s.p[s.n - 1];
	if (end == '?' || end == '!' || end == ':' || end == ';')
		return false;
	/* A title may begin small. */
	if (!is_capital(l->raw) && !card_title(s))
		return false;
	if (end == '.' && fold_words(s) >= 4 && !card_rank(s))
		return false;
	return true;
}

/* "Regards, Joe Roe": what stands behind the closing words. */
static struct str
behind_closing(struct str s)
{
	const char *comma = card_closing(s) ? memchr(s.p, ',', s.n) : NULL;

	return comma ? str_trim(str_sub(s, (size_t)(comma - s.p) + 1, s.n)) : s;
}

int
card_names(const struct text_line *l, const struct signer *who)
{
	struct str rest = behind_closing(l->fold), token;
	size_t hits = 0, others = 0;

	if (who->n == 0 || l->fold.n > CARD_MAX_LINE)
		return 0;
	for (size_t i = 0; i < rest.n; i++) {
		char c = rest.p[i];

		if (c == ',' || c == '|' || c == '(' || c == '/' || c == ';' ||
		    (c == '-' && i > 0 && rest.p[i - 1] == ' ')) {
			rest.n = i;
			break;
		}
	}
	while (token_next(&rest, &token)) {
		if (signer_has(who, token))
			hits++;
		else if (hits == 0)
			return 0;
		else if (token.n > 2)
			others++;
	}
	if (hits >= 2 && others <= 1)
		return 2;
	return hits == 1 && others <= 1 && is_capital(l->raw) ? 1 : 0;
}

bool
card_name_like(const struct text_line *l)
{
	struct str raw = l->raw;
	size_t n = 0;

	if (l->fold.n > 50 || card_closing(l->fold))
		return false;
	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];

		if (ascii_digit(c) || c == '?' || c == '!' || c == ':' ||
		    c == '@')
			return false;
		if (c == ',' || c == '|')
			break;
		if (i == 0 || raw.p[i - 1] == ' ') {
			if (c != ' ' && !is_capital(str_sub(raw, i, raw.n)))
				return false;
			n += c != ' ';
		}
	}
	return n >= 2 && n <= 4 && raw.p[raw.n - 1] != '.';
}
