/*
 * What a mail ends with. The hard part is the block without "-- ": it is
 * recognised by the sender's own name with lines below it that read like a
 * visiting card, or, where the name is not known, by a telephone number, an
 * address, a title or a company under something that looks like a name.
 */
#include <string.h>

#include "base/limits.h"
#include "text/card.h"
#include "text/fold.h"
#include "text/legal.h"
#include "text/notice.h"
#include "text/oldmail.h"
#include "text/signature.h"

#define MAX_UNDER_RULE	6	/* lines under "____" */
#define CARD		3	/* lines of one that is whole: name, company, telephone */

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

static size_t
paragraph_start(const struct lines *ls, size_t from, size_t i)
{
	while (i > from && !line_blank(&ls->v[i - 1]))
		i--;
	return i;
}

static bool
is_greeting(struct str s)
{
	static const char *const greetings[] = { "hi", "hello", "hey", "dear",
		"good ", "greetings", "hola", "buen", "estimad", "bonjour",
		"bonsoir", "madame", "monsieur", "guten ", "hallo", "sehr geehrte",
		"moin", "servus", "grüß", "olá", "bom dia", "boa ", "prezad",
		"caro", "cara", "ciao", "salve", "goede", "beste", "dag",
		"geachte", "dzień dobry", "witam", "cześć", "szanown",
		"здравствуй", "добр", "привет", "уважаем", "вітаю", "шановн",
		"merhaba", "selam", "sayın", "iyi ", "günaydın",
		"salom", "assalom", "ассалом", "hurmatli", "zdravo", "pozdrav",
		"dobar", "poštovan", "поштован", "здраво", "您好", "你好",
		"尊敬的", NULL };

	return s.n > 0 && (memchr(",;:", s.p[s.n - 1], 3) ||
	    (fold_words(s) <= 4 && fold_starts(s, greetings)));
}

/* Does somebody say something there, and not only greet? Nobody greets for so many
 * lines. */
static bool
is_said(const struct lines *ls, size_t from, size_t end)
{
	for (size_t i = from; i < end && i < from + CD_MAX_TAIL; i++) {
		if (!line_blank(&ls->v[i]) && !is_greeting(ls->v[i].fold))
			return true;
	}
	return end > from + CD_MAX_TAIL;
}

/* First line of the paragraphs at the end that are boilerplate, or `end`. */
static size_t
boilerplate_from(const struct lines *ls, size_t from, size_t end)
{
	size_t found = end, last = end;

	while (last - found <= CD_MAX_TAIL) {
		size_t i = end, first;

		while (i > from && line_blank(&ls->v[i - 1]))
			i--;
		first = paragraph_start(ls, from, i);
		if (!is_said(ls, from, first) ||
		    !legal_boilerplate_at(ls, first, i))
			break;
		found = end = first;
	}
	return found;
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
	    card_names(first, who) > 0 || card_name_like(first) ||
	    legal_footer_at(ls, i, end, true))
		return true;
	/* "Best regards", Bob. */
	next = lines_next(ls, i + 1, end);
	if (card_closing(first->fold) && fold_word(first->fold, "please") < 0 &&
	    (next == end || (fold_words(ls->v[next].fold) <= 3 &&
	    lines_next(ls, next + 1, end) == end)))
		return true;
	if (*dull < i)
		*dull = i;
	for (; *dull < end && *dull < i + CARD_MAX_LINES; ++*dull) {
		const struct text_line *l = &ls->v[*dull];

		if (card_names(l, who) > 1 || (card_line(l) &&
		    (card_contact(l->fold) || card_rank(l->fold))))
			return card_line(first);
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

/* How the footers of mailing lists and groups begin. */
static const char *const lists[] = {
	"you received this message because you are subscribed",
	"you're receiving this message because you're a member",
	"groups.io links", "you receive all messages sent to this group",
	"has recibido este mensaje porque est", "recibe este mensaje porque",
	"recibes este mensaje porque", "vous recevez ce message, car vous",
	"vous recevez ce message parce que vous", "sie erhalten diese nachricht, weil",
	"sie haben diese nachricht erhalten, weil", "você recebeu esta mensagem porque",
	"você recebeu essa mensagem porque", "está a receber esta mensagem porque",
	"você está recebendo esta mensagem porque", "ricevi questo messaggio perché",
	"hai ricevuto questo messaggio perché", "u ontvangt dit bericht omdat u",
	"je ontvangt dit bericht omdat", "otrzymujesz tę wiadomość, ponieważ",
	"otrzymałeś tę wiadomość, ponieważ", "вы получили это сообщение, поскольку",
	"вы получаете это сообщение, потому", "ви отримали це повідомлення, оскільки",
	"bu iletiyi aldınız çünkü", "bu mesajı google grupları",
	"siz bu xabarni google guruh", "primili ste ovu poruku jer ste",
	"您收到此邮件是因为您订阅", "您收到此消息是因为您订阅", NULL
};
static const char *const list_names[] = { "mailing list", "lista de correo",
	"liste de diffusion", "lista de discuss", "mailinglist",
	"lista dyskusyjna", "список розсилки", "список рассылки", NULL };

/* Where a list or a group put its footer: "____", "X mailing list", its addresses. */
static size_t
list_footer_at(const struct lines *ls, size_t from, size_t end)
{
	size_t i = end - from > CARD_MAX_LINES ? end - CARD_MAX_LINES : from;

	for (; i < end; i++) {
		bool list = fold_starts(ls->v[i].fold, lists) || (i + 1 < end &&
		    str_starts(ls->v[i].fold, STR("__")) &&
		    fold_holds(ls->v[i + 1].fold, list_names));

		if (list && !legal_not(ls->v[i].fold))
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
		    l->fold.n <= CARD_MAX_LINE && fold_holds(l->fold, teams))
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
			if (l->fold.n > CARD_MAX_LINE)
				break;
			below++;
			continue;
		}
		next = lines_next(ls, i, end);
		if (next < end &&
		    ((below == 1 && str_starts(l->fold, STR("_"))) ||
		    card_names(&ls->v[next], who) > 0 ||
		    (card_name_like(&ls->v[next]) && below <= 6)))
			return i - 1;
		break;
	}
	return end;
}

/* Is j, with all that stands below it in its paragraph, the sender's card? */
static bool
card_begins(const struct lines *ls, size_t j, size_t end,
    const struct signer *who)
{
	const struct text_line *l = &ls->v[j];
	int name = card_names(l, who);
	size_t next = lines_next(ls, j + 1, end);

	if (name == 0)
		return false;
	if (next == end)
		return card_contact(l->fold);
	return card_line(&ls->v[next]) &&
	    card_names(&ls->v[next], who) < 2;
}

/* From the end upwards to the sender's name. What is told below the card stays: *to is
 * where it ends. */
static size_t
card_by_name(const struct lines *ls, size_t from, size_t *to,
    const struct signer *who)
{
	size_t end = *to, found = end, seen = 0, i = end;
	bool cards = true;

	while (i > from && seen < CARD_MAX_LINES) {
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
		if (card_tells(l->fold)) {
			if (found < end)
				break;
			found = end = i;
			cards = true;
			continue;
		}
		/* A motto below the name is part of the card, and its own
		 * paragraph then has to begin with the name. */
		cards = cards && card_line(l);
		if (!cards && (found < end ||
		    paragraph_start(ls, from, i) == i))
			break;
	}
	if (found == end)
		return *to;
	*to = end;
	return found;
}

/* The last paragraph, if it reads like a card although no name is known. */
static size_t
card_by_looks(const struct lines *ls, size_t from, size_t end)
{
	size_t i = paragraph_start(ls, from, end), contacts = 0, ranks = 0;

	while (i < end && card_closing(ls->v[i].fold))
		i++;
	if (i >= end || end - i < 2 || end - i > CARD_MAX_LINES ||
	    !card_name_like(&ls->v[i]))
		return end;
	for (size_t j = i; j < end; j++) {
		if (!card_line(&ls->v[j]))
			return end;
		if (j > i) {
			contacts += card_contact(ls->v[j].fold);
			ranks += card_rank(ls->v[j].fold);
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
		    card_names(l, who) == 0 && !card_name_like(l))
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

	if (!at || memchr(s.p, '?', s.n) || legal_is_ours(s) || card_tells(s))
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

		if (!line_blank(&ls->v[i - 1]) || (card_names(&ls->v[i],
		    who) < 2 && !card_name_like(&ls->v[i])))
			continue;
		for (; j < end && (card_line(&ls->v[j]) ||
		    card_title(ls->v[j].fold)); j++) {
			contacts += card_contact(ls->v[j].fold);
			ranks += j > i && card_rank(ls->v[j].fold);
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
	size_t i, to;

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
	i = boilerplate_from(ls, begin, end);
	mark(ls, i, end, ZONE_NOTICE);
	end = tail_trim(ls, begin, i);
	i = rule_at(ls, begin, end, who);
	mark(ls, i, end, ZONE_SIGNATURE);
	end = tail_trim(ls, begin, i);
	to = end;
	i = card_by_name(ls, begin, &to, who);
	if (i == end)
		i = card_by_looks(ls, begin, end);
	if (i == end)
		i = card_above_office(ls, begin, end, who);
	if (i > begin || !alone) {
		mark(ls, i, to, ZONE_SIGNATURE);
		end = to < end ? end : i;
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
