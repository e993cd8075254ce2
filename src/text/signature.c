/*
 * What a mail ends with. The hard part is the block without "-- ": it is
 * recognised by the sender's own name with lines below it that read like a
 * visiting card, or, where the name is not known, by a telephone number, an
 * address, a title or a company under something that looks like a name.
 */
#include "base/limits.h"
#include "text/fold.h"
#include "text/legal.h"
#include "text/notice.h"
#include "text/oldmail.h"
#include "text/signature.h"

#define MAX_CARD	12	/* lines of a visiting card */
#define MAX_CARD_LINE	100	/* bytes */
#define MAX_CARD_WORDS	10
#define MAX_UNDER_RULE	6	/* lines under "____" */
#define CARD		3	/* lines of one that is whole: name, company, telephone */

static const char *const closings[] = {
	"thanks", "thank you", "thank u", "thanx", "thx", "many thanks", "tks",
	"regards", "best", "kind regards", "warm", "cheers", "sincerely",
	"yours", "very truly", "respectfully", "cordially", "take care",
	"have a", "talk soon", "happy", "with ", "hope", "please", "much appr",
	"appreciate", "all the best", "let me know", "love", "god bless",
	"gracias", "saludos", "atentamente", "un saludo", "muchas gracias",
	"cordial", "felices", "quedo", "merci", "cordialement", "bien à",
	"bonne", "salutations", "sincères", "obrigad", "atenciosamente", "att",
	"abraço", "grato", "danke", "vielen dank", "mit freund", "viele gr",
	"gruß", "grüße", "mfg", "lg", "beste gr", "schöne", "freundliche",
	"groet", "met vriendelijke", "bedankt", "alvast", "grazie", "saluti",
	"cordiali", "distinti", "buona", "pozdrawiam", "pozdrowienia",
	"dziękuję", "z poważaniem", "z góry", "с уважением", "спасибо",
	"заранее", "благодарю", "с наступающим", "всего", "хорошего", "жду",
	"з повагою", "дякую", "щиро", "гарного", "rahmat", "hurmat bilan",
	"oldindan", "katta rahmat", "salomat", "хурмат билан", "раҳмат",
	"saygı", "teşekkür", "iyi çalış", "iyi gün", "kolay gelsin", "hvala",
	"pozdrav", "mulțum", "cu stimă", "mvh", "hälsning", "tack", "takk",
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
	"directeur", "bedrijfsleider", "planner", "eigenaar", NULL
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
	"services", "грузоперевозки", "транс", "карго", "логистик", NULL
};

static bool
word_is_letter(char c)
{
	return ascii_alpha(c) || (unsigned char)c >= 0x80;
}

/* The next run of letters in *s; false: no more. */
static bool
token_next(struct str *s, struct str *out)
{
	size_t i = 0, n = 0;

	while (i < s->n && !word_is_letter(s->p[i]))
		i++;
	while (i + n < s->n && word_is_letter(s->p[i + n]))
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

static size_t
words_count(struct str s)
{
	size_t n = s.n > 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == ' ';
	return n;
}

static bool
is_closing(struct str s)
{
	return s.n <= 60 && words_count(s) <= 6 &&
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
		} else if (word_is_letter(s.p[i]) || s.p[i] == ':' ||
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

static bool
has_contact(struct str s)
{
	return has_telephone(s) || has_extension(s) ||
	    str_find(s, STR("@")) >= 0 || str_find(s, STR("www.")) >= 0 ||
	    str_find(s, STR("http")) >= 0 || str_find(s, STR(" | ")) >= 0;
}

static bool
has_rank(struct str s)
{
	struct gist g;

	if (words_count(s) > 8)
		return false;
	g = gist_of(s);
	return holds_word(&g, companies) || holds_word(&g, titles);
}

/* "логист отдела перевозок" */
static bool
has_title(struct str s)
{
	struct gist g;

	if (words_count(s) > 4)
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
	    !word_is_letter(raw.p[0]) || (c >= 0x900);
}

/* A line as a visiting card has it: short, no sentence. */
static bool
is_card_line(const struct text_line *l)
{
	struct str s = l->fold;
	char end;

	if (s.n == 0 || s.n > MAX_CARD_LINE ||
	    words_count(s) > MAX_CARD_WORDS || is_closing(s))
		return false;
	if (has_contact(s))
		return true;
	end = s.p[s.n - 1];
	if (end == '?' || end == '!' || end == ':' || end == ';')
		return false;
	if (!is_capital(l->raw))
		return false;
	if (end == '.' && words_count(s) >= 4 && !has_rank(s))
		return false;
	return true;
}

/* How far the line is the sender's name: 2 full, 1 one of the names, 0 not.
 * What may follow on the line: ", title", "| company", "(she/her)". */
static int
names_sender(const struct text_line *l, const struct signer *who)
{
	struct str rest = l->fold, token;
	size_t hits = 0, others = 0;

	if (who->n == 0 || rest.n > MAX_CARD_LINE)
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

/* Two to four words that begin with capitals and nothing else. */
static bool
looks_like_name(const struct text_line *l)
{
	struct str raw = l->raw;
	size_t n = 0;

	if (l->fold.n > 50 || is_closing(l->fold))
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

static void
mark(struct lines *ls, size_t from, size_t to, enum zone zone)
{
	for (size_t i = from; i < to; i++)
		ls->v[i].zone = zone;
}

/* `end` without the blank lines and the crumbs that stand above it. */
static size_t
tail_trim(struct lines *ls, size_t from, size_t end)
{
	while (end > from) {
		struct text_line *l = &ls->v[end - 1];

		if (line_blank(l)) {
			end--;
			continue;
		}
		/* U+1427: a mark of a mail tracker. */
		if (!line_is_rule(l) && !str_eq(l->raw, STR("\xe1\x90\xa7")) &&
		    !str_eq(l->raw, STR("--")) && !device_footer_is(l))
			break;
		l->zone = ZONE_SIGNATURE;
		end--;
	}
	return end;
}

/* First line of the legal footers at the end, or `end`. alone: nothing else is
 * new, so that the first line is somebody's word. */
static size_t
legal_from(const struct lines *ls, size_t from, size_t end, bool alone)
{
	size_t i = end - from > CD_MAX_TAIL ? end - CD_MAX_TAIL : from;

	for (; i < end; i++) {
		bool first = i == from || line_blank(&ls->v[i - 1]) ||
		    line_is_rule(&ls->v[i - 1]);

		if (!line_blank(&ls->v[i]) && (i > from || !alone) &&
		    (first || (end - i < 12 && ls->v[i].fold.n > 60)) &&
		    legal_footer_at(ls, i, end, first))
			return i;
	}
	return end;
}

/* Does what stands below a bare "--" read like a signature? People draw the
 * same line between two paragraphs. In the lines below *dull no card was found
 * for the lines above: each is looked at once, however many "--" there are. */
static bool
signs(const struct lines *ls, size_t from, size_t end,
    const struct signer *who, size_t *dull)
{
	size_t i = lines_next(ls, from, end), next;
	const struct text_line *first = &ls->v[i];

	if (i == end || line_is_rule(first) || device_footer_is(first) ||
	    names_sender(first, who) > 0 || looks_like_name(first) ||
	    legal_footer_at(ls, i, end, true))
		return true;
	/* "Best regards", Bob. */
	next = lines_next(ls, i + 1, end);
	if (is_closing(first->fold) && fold_word(first->fold, "please") < 0 &&
	    (next == end || (words_count(ls->v[next].fold) <= 3 &&
	    lines_next(ls, next + 1, end) == end)))
		return true;
	if (*dull < i)
		*dull = i;
	for (; *dull < end && *dull < i + MAX_CARD; ++*dull) {
		const struct text_line *l = &ls->v[*dull];

		if (names_sender(l, who) > 1 || (is_card_line(l) &&
		    (has_contact(l->fold) || has_rank(l->fold))))
			return is_card_line(first);
	}
	return false;
}

/* The line "-- ", or a bare "--" near the end; `end` if there is none. */
static size_t
dashes_at(const struct lines *ls, size_t from, size_t end,
    const struct signer *who)
{
	size_t i = end - from > CD_MAX_TAIL ? end - CD_MAX_TAIL : from, dull = 0;

	for (; i < end; i++) {
		struct str s = ls->v[i].fold;

		if (ls->v[i].delimiter)
			return i;
		if ((str_eq(s, STR("--")) || (str_eq(s, STR("-")) &&
		    str_eq(ls->v[i].raw, STR("\xe2\x80\x94")))) &&
		    signs(ls, i + 1, end, who, &dull))
			return i;
	}
	return end;
}

/* "____", "X mailing list", its addresses: where a list put its footer. */
static size_t
list_footer_at(const struct lines *ls, size_t from, size_t end)
{
	size_t i = end - from > MAX_CARD ? end - MAX_CARD : from;

	for (; i + 1 < end; i++) {
		if (str_starts(ls->v[i].fold, STR("__")) &&
		    str_find(ls->v[i + 1].fold, STR("mailing list")) >= 0)
			return i;
	}
	return end;
}

/* "____", "Microsoft Teams meeting", and how to join it. */
static size_t
meeting_at(const struct lines *ls, size_t from, size_t end)
{
	static const char *const teams[] = { "microsoft teams", "zoom meeting",
		"google meet", NULL };
	size_t i = end - from > CD_MAX_TAIL ? end - CD_MAX_TAIL : from;

	for (; i + 1 < end; i++) {
		const struct text_line *l = &ls->v[lines_next(ls, i + 1, end - 1)];

		if (str_starts(ls->v[i].fold, STR("__")) &&
		    l->fold.n <= MAX_CARD_LINE && fold_holds(l->fold, teams))
			return i;
	}
	return end;
}

/* "____" with a few short lines below it that read like a card. */
static size_t
rule_at(const struct lines *ls, size_t from, size_t end,
    const struct signer *who)
{
	size_t below = 0;

	for (size_t i = end; i > from && below <= MAX_UNDER_RULE; i--) {
		const struct text_line *l = &ls->v[i - 1];
		size_t next;

		if (line_blank(l))
			continue;
		if (!line_is_rule(l)) {
			if (l->fold.n > MAX_CARD_LINE)
				break;
			below++;
			continue;
		}
		next = lines_next(ls, i, end);
		if (next < end &&
		    ((below == 1 && str_starts(l->fold, STR("_"))) ||
		    names_sender(&ls->v[next], who) > 0 ||
		    (looks_like_name(&ls->v[next]) && below <= 6)))
			return i - 1;
		break;
	}
	return end;
}

static size_t
paragraph_start(const struct lines *ls, size_t from, size_t i)
{
	while (i > from && !line_blank(&ls->v[i - 1]))
		i--;
	return i;
}

/* Is j, with all that stands below it in its paragraph, the sender's card? */
static bool
card_begins(const struct lines *ls, size_t j, size_t end,
    const struct signer *who)
{
	const struct text_line *l = &ls->v[j];
	int name = names_sender(l, who);
	size_t next = lines_next(ls, j + 1, end);

	if (name == 0)
		return false;
	if (next == end)
		return has_contact(l->fold);
	return is_card_line(&ls->v[next]) &&
	    names_sender(&ls->v[next], who) < 2;
}

/* From the end upwards to the sender's name. */
static size_t
card_by_name(const struct lines *ls, size_t from, size_t end,
    const struct signer *who)
{
	size_t found = end, seen = 0, i = end;
	bool cards = true;

	while (i > from && seen < MAX_CARD) {
		const struct text_line *l = &ls->v[i - 1];

		i--;
		if (line_blank(l)) {
			if (found < end || !cards)
				break;
			continue;
		}
		seen++;
		if (card_begins(ls, i, end, who)) {
			found = i;
			continue;
		}
		/* A motto below the name is part of the card, and its own
		 * paragraph then has to begin with the name. */
		cards = cards && is_card_line(l);
		if (!cards && (found < end ||
		    paragraph_start(ls, from, i) == i))
			break;
	}
	return found;
}

/* The last paragraph, if it reads like a card although no name is known. */
static size_t
card_by_looks(const struct lines *ls, size_t from, size_t end)
{
	size_t i = paragraph_start(ls, from, end), contacts = 0, ranks = 0;

	while (i < end && is_closing(ls->v[i].fold))
		i++;
	if (i >= end || end - i < 2 || end - i > MAX_CARD ||
	    !looks_like_name(&ls->v[i]))
		return end;
	for (size_t j = i; j < end; j++) {
		if (!is_card_line(&ls->v[j]))
			return end;
		if (j > i) {
			contacts += has_contact(ls->v[j].fold);
			ranks += has_rank(ls->v[j].fold);
		}
	}
	return contacts > 0 || ranks > 0 ? i : end;
}

/* What the writer thought of below his signature; `end`: nothing. A company may
 * have such a name. */
static size_t
postscript_at(const struct lines *ls, size_t from, size_t end,
    const struct signer *who)
{
	static const char *const starts[] = { "p.s", "p. s.", "p.-s", "ps ",
		"ps:", "ps.", "ps,", "ps-", "p.d", "p. d.", "pd:", "pd.", "pd ",
		"posdata", "postdata", "not:", "п.с", "пс:", "пс ", "пс.", "зы",
		"з.ы", "з.і", NULL };
	size_t i = end - from > CD_MAX_TAIL ? end - CD_MAX_TAIL : from + 1;

	for (; i < end; i++) {
		const struct text_line *l = &ls->v[i];

		if (line_blank(&ls->v[i - 1]) && fold_starts(l->fold, starts) &&
		    names_sender(l, who) == 0 && !looks_like_name(l))
			return i;
	}
	return end;
}

/* "Please send all PODs to pod@roe.com": below a card, the company's. */
static bool
is_office_line(struct str s)
{
	static const char *const papers[] = { "invoice", "pods", "pod's", " pod ",
		"rate con", "ratecon", "remit", "billing", "paperwork",
		"factur", "rechnung", "fattur", "faktur", "fatura", "счет",
		"счёт", "рахун", "hisob-faktura", NULL };
	const char *at = memchr(s.p, '@', s.n);
	size_t from = at ? (size_t)(at - s.p) : 0, to = from;

	if (!at || memchr(s.p, '?', s.n) || legal_is_ours(s))
		return false;
	/* The address says nothing. */
	while (from > 0 && s.p[from - 1] != ' ')
		from--;
	while (to < s.n && s.p[to] != ' ')
		to++;
	return fold_holds(str_sub(s, 0, from), papers) ||
	    fold_holds(str_sub(s, to, s.n), papers);
}

/* Where nothing is left from line i on but what is the company's. */
static bool
is_office_rest(const struct lines *ls, size_t i, size_t end)
{
	while ((i = lines_next(ls, i, end)) < end) {
		if (!is_office_line(ls->v[i++].fold))
			return false;
	}
	return true;
}

/* First line of a whole card, below which no more is said than where to send invoices;
 * `end`: none. A title may begin small where there is a telephone or an address. */
static size_t
card_above_office(const struct lines *ls, size_t from, size_t end,
    const struct signer *who)
{
	size_t i = end - from > CD_MAX_TAIL ? end - CD_MAX_TAIL : from + 1;

	for (; i < end; i++) {
		size_t j = i, contacts = 0, ranks = 0;

		if (!line_blank(&ls->v[i - 1]) || (names_sender(&ls->v[i],
		    who) < 2 && !looks_like_name(&ls->v[i])))
			continue;
		for (; j < end && (is_card_line(&ls->v[j]) ||
		    has_title(ls->v[j].fold)); j++) {
			contacts += has_contact(ls->v[j].fold);
			ranks += j > i && has_rank(ls->v[j].fold);
		}
		if (j - i >= CARD && contacts > 0 && contacts + ranks > 1 &&
		    is_office_rest(ls, j, end))
			return i;
	}
	return end;
}

static void
run_mark(struct lines *ls, size_t begin, size_t end, const struct signer *who,
    bool alone)
{
	size_t i;

	i = dashes_at(ls, begin, end, who);
	if (i > begin || !alone) {
		mark(ls, i, end, ZONE_SIGNATURE);
		end = i;
	}
	i = list_footer_at(ls, begin, end);
	mark(ls, i, end, ZONE_NOTICE);
	end = i;
	i = meeting_at(ls, begin, end);
	mark(ls, i, end, ZONE_NOTICE);
	end = i;
	i = legal_from(ls, begin, end, alone);
	mark(ls, i, end, ZONE_NOTICE);
	end = tail_trim(ls, begin, i);
	i = rule_at(ls, begin, end, who);
	mark(ls, i, end, ZONE_SIGNATURE);
	end = tail_trim(ls, begin, i);
	i = card_by_name(ls, begin, end, who);
	if (i == end)
		i = card_by_looks(ls, begin, end);
	if (i == end)
		i = card_above_office(ls, begin, end, who);
	if (i > begin || !alone) {
		mark(ls, i, end, ZONE_SIGNATURE);
		end = i;
	}
	tail_trim(ls, begin, end);
	i = end - begin > CD_MAX_TAIL ? end - CD_MAX_TAIL : begin;
	for (; i < end; i++) {
		if (device_footer_is(&ls->v[i]))
			ls->v[i].zone = ZONE_SIGNATURE;
	}
}

void
signature_mark(struct lines *ls, size_t from, size_t end,
    const struct signer *who, bool alone)
{
	size_t begin = lines_next(ls, from, end);
	size_t ps = postscript_at(ls, begin, end, who);

	run_mark(ls, begin, ps, who, alone);
	if (ps < end)
		run_mark(ls, ps, end, who, true);
}
