/*
 * Attribution lines: "On Tue, 3 Mar 2026 at 10:15, X <x@y> wrote:" in the
 * words of Outlook, Gmail, Apple Mail, Yahoo and Thunderbird, wrapped over up
 * to four lines or not. Not one pattern for each language: what all of them
 * share is a date, an author, a verb from the table and a colon at the end;
 * the evidence is weighed, because a person also writes "he wrote:".
 */
#include "base/limits.h"
#include "text/fold.h"
#include "text/oldmail.h"

#define MAX_JOINED	640	/* bytes of an unwrapped attribution */
#define MAX_WRAPPED	4	/* lines of it */
#define MAX_BEFORE_DATE	44	/* bytes: "on wednesday, september " */
#define MAX_AUTHOR	160
#define MANY_DIGITS	10	/* "3/3/2026 10.15" */
#define MAX_NAME	8	/* words of one who is only named */

/* "wrote", folded. The longer of two that begin alike comes first. */
static const char *const verbs[] = {
	/* en de nl fy af */
	"wrote", "writes", "sent", "schrieben sie", "schrieb", "hat geschrieben", "geschrieben",
	"het volgende geschreven", "geschreven", "schreef", "skreau",
	"skreaun", "geskryf", "skryf",
	/* es ca gl pt fr it ro rm */
	"escribió", "escribio", "ha escrito", "ha escrit", "va escriure",
	"escribiu", "escreveu", "a écrit", "a ecrit", "écrivait", "avez écrit",
	"ha scritto", "scriveva", "escribía",
	"scrisse", "a scris", "scrit",
	/* sv da nb nn is fi et lv lt */
	"skrev följande", "skrev", "skreiv", "skrifaði", "kirjoitti",
	"kirjutas", "rakstīja", "rašė", "parašė",
	/* pl cs sk sl hr sr bs */
	"napisał(a)", "napisała", "napisał", "napisana przez", "pisze",
	"napisal(a)",
	"napsal(a)", "napsala", "napsal", "napísal(a)", "napísala", "napísal",
	"pise", "píše", "napisala", "napisal", "napisao/la", "napisao",
	"napiso", "piše", "napisao(la)", "napisao/napisala", "napisal-a",
	"napísal-a",
	/* ru uk be bg mk sr */
	"пишет", "писали", "написали", "написав(ла)",
	"написала", "написал(а)", "написал", "писал(а)", "писала",
	"писал", "писав", "пише", "написав", "напісаў", "піша", "написа", "напиша",
	"написао", "ёзди", "жазды",
	/* hu tr az uz sq el eu cy ga */
	"írta", "şunu yazdı", "yazdı", "yazmış", "yazıb", "yozdi", "shkroi", "ka shkruar",
	"έγραψε", "idatzi zuen", "idatzi du", "ysgrifennodd", "scríobh",
	"scríóbh", "sgrìobh",
	/* hy ka ar he fa hi th */
	"գրել է", "գրեց", "წერდა", "დაწერა",
	"كتبت", "كتب", "כתב/ה", "כתבה", "כתב", "نوشته است", "نوشت", "लिखा",
	"เขียน",
	/* vi id ms fil */
	"đã viết", "viết", "menulis", "tulis", "sumulat ang", "sumulat",
	/* ja ko zh */
	"書きました", "書いたメッセージ", "のメール", "쓴 글", "쓴 내용", "인용합니다", "작성했습니다",
	"작성", "写道", "寫道", "写于", "寫於", "撰寫", "編輯", NULL
};

/* "It is written": said of much else, but not right above a quote. */
static const char *const passive[] = { "napisano", "написано", NULL };

/* Horde names no date: "Zitat von Joe <joe@roe.example>:". */
static const char *const quoting[] = {
	"quoting ", "zitat von ", "citando a ", "citando ",
	"mensaje citado por ", "estase citando ", "s'està citant ", "citant ",
	"citation de ", "citat af ", "citat ", "cituji ", "citiram ", "citeren ",
	"citerar ", "citēju ", "citát ", "siterer ", "cytowanie ", "cytuję ",
	"cytat ", "цитирую ", "цитую ", "цитата ", "lainaus ", "idézet ",
	"vísa til ", "περιορίζοντας ", "alıntı ", "alinti ", "نقل قول ", "引用 ", "引述 ",
	NULL
};

struct evidence {
	bool year;	/* four digits together: 2026 */
	bool date;	/* 12.03.26, 2026-03-12 */
	bool time;	/* 10:15 */
	bool address;	/* <x@y> or (x@y) */
	size_t before;	/* bytes in front of the first digit */
};

static size_t
digits(struct str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && ascii_digit(s.p[at + n]))
		n++;
	return n;
}

/* A number at `at` of n digits: what comes with it? Returns where to go on. */
static size_t
number_weigh(struct str s, size_t at, size_t n, struct evidence *e)
{
	size_t next = at + n, m;
	char sep = next < s.n ? s.p[next] : 0;

	if (n == 4 && (s.p[at] == '1' || s.p[at] == '2'))
		e->year = true;
	if (n > 4)
		return next;
	if (sep == ':' && n <= 2 && digits(s, next + 1) == 2)
		e->time = true;
	if ((sep == '.' || sep == '/' || sep == '-') &&
	    (m = digits(s, next + 1)) > 0 && m <= 2) {
		size_t third = next + 1 + m;

		if (third < s.n && s.p[third] == sep &&
		    digits(s, third + 1) >= 2 && digits(s, third + 1) <= 4) {
			e->date = true;
			return third + 1 + digits(s, third + 1);
		}
	}
	return next;
}

/* An address between "<" or "(" and its end, at an "@". */
static bool
address_framed(struct str s, size_t at)
{
	size_t i = at, floor = at > 80 ? at - 80 : 0;

	while (i > floor && s.p[i - 1] != ' ' && s.p[i - 1] != '<' &&
	    s.p[i - 1] != '(' && s.p[i - 1] != '[')
		i--;
	if (i == 0)
		return false;
	if (s.p[i - 1] == ' ' && i >= 2)
		i--;
	return s.p[i - 1] == '<' || s.p[i - 1] == '(' || s.p[i - 1] == '[';
}

static struct evidence
weigh(struct str s)
{
	struct evidence e = { .before = SIZE_MAX };

	for (size_t i = 0; i < s.n;) {
		size_t n = digits(s, i);

		if (n > 0) {
			if (e.before == SIZE_MAX)
				e.before = i;
			i = number_weigh(s, i, n, &e);
			continue;
		}
		if (s.p[i] == '@' && address_framed(s, i))
			e.address = true;
		i++;
	}
	return e;
}

/* Does a sentence end inside? "28. Apr." and "Mr. X" do not end one. */
static bool
has_sentence_end(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		if ((s.p[i] == '?' || s.p[i] == '!') && s.p[i + 1] == ' ')
			return true;
		if (s.p[i] == '.' && s.p[i + 1] == ' ' && i >= 5 &&
		    ascii_alpha(s.p[i - 1]) && ascii_alpha(s.p[i - 2]) &&
		    ascii_alpha(s.p[i - 3]) && ascii_alpha(s.p[i - 4]) &&
		    ascii_alpha(s.p[i - 5]))
			return true;
	}
	return false;
}

/* What stands between the verb and the colon must be nothing, the author or
 * the date. */
static bool
tail_fits(struct str tail)
{
	struct evidence e;

	tail = str_trim(tail);
	if (tail.n <= 6)
		return true;
	e = weigh(tail);
	if (e.address)
		return fold_words(tail) <= 12;
	if (e.time || e.year || e.date)
		return fold_words(tail) <= 8;
	return fold_words(tail) <= 5 && !has_sentence_end(tail);
}

/* Takes frames ("---- On ... wrote ----") and the colon off. */
static struct str
frame_cut(struct str s, bool *colon)
{
	bool framed = false;

	while (s.n > 0 && (s.p[0] == '-' || s.p[0] == ' ' || s.p[0] == '|'))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == '-' || s.p[s.n - 1] == ' ')) {
		framed = framed || s.p[s.n - 1] == '-';
		s.n--;
	}
	*colon = framed;
	if (s.n > 0 && s.p[s.n - 1] == ':') {
		*colon = true;
		s = str_trim(str_sub(s, 0, s.n - 1));
	} else if (s.n > 0 && s.p[0] == ':' && (unsigned char)s.p[1] >= 0xd6) {
		/* Written from the right. */
		*colon = true;
		s = str_trim(str_sub(s, 1, s.n));
	}
	return s;
}

/* "2016-03-03 17:21 GMT+01:00 X", "2013/7/20 X <x@y>": an old Gmail wrote no
 * verb and now and then no colon. */
static bool
is_iso_line(struct str s, const struct evidence *e)
{
	bool closed = s.p[s.n - 1] == '>';

	if (e->before != 0 || !e->date || s.n > 200 || digits(s, 0) != 4)
		return false;
	return (e->address && closed) ||
	    (e->time && str_find(s, STR(" gmt")) > 0 && fold_words(s) <= 8);
}

static bool
verb_fits(struct str s, const struct evidence *e)
{
	bool dated = e->year || e->date || (e->time && e->address);
	struct gist g = gist_of(s);
	const char *const *v = verbs;
	const char *verb;

	while ((verb = gist_holds(&g, v)) != NULL) {
		ptrdiff_t at = fold_word(s, verb);
		struct str head, tail;
		size_t author;

		while (*v++ != verb)
			;
		if (at < 0)
			continue;
		head = str_sub(s, 0, (size_t)at);
		tail = str_sub(s, (size_t)at + str_of(verb).n, s.n);
		if (!tail_fits(tail))
			continue;
		if (dated && e->before <= MAX_BEFORE_DATE &&
		    e->before < (size_t)at)
			return true;
		if (head.n > MAX_AUTHOR || has_sentence_end(head))
			continue;
		author = fold_words(str_trim(head));
		if (e->address && str_trim(tail).n <= 6 && author <= 10)
			return true;
		if (dated && (e->address || e->time) && author <= 8)
			return true;
	}
	return false;
}

/* Bare, as Mail.ru's telephones write it. */
static bool
ends_with_address(struct str s)
{
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != ' ')
		i--;
	s = str_sub(s, i, s.n);
	return s.n > 5 && str_find(s, STR("@")) > 0 &&
	    str_find(s, STR(".")) > 0 && ascii_alpha(s.p[s.n - 1]);
}

static bool
names_quoted(struct str s)
{
	return fold_starts(s, quoting) && fold_words(s) <= 2 * MAX_NAME &&
	    !has_sentence_end(s);
}

/* "On Wed, 14 Nov 2018 08:14:43 -0200 X <x@y> wrote", and no colon. */
static bool
ends_with_verb(struct str s, const struct evidence *e)
{
	return e->address && e->time && e->year &&
	    e->before < MAX_BEFORE_DATE && fold_ends(s, verbs);
}

bool
attribution_is(struct str s)
{
	bool framed = str_starts(s, STR("---")) && str_iends(s, STR("---"));
	bool dashed = str_starts(s, STR("-----")), colon, armenian;
	struct evidence e;

	if (s.n < 8 || s.n > MAX_JOINED)
		return false;
	armenian = str_iends(s, STR("է.")) || str_iends(s, STR("է։")) ||
	    str_iends(s, STR("գրեց.")) || str_iends(s, STR("գրեց։"));
	s = frame_cut(s, &colon);
	if (s.n < 8)
		return false;
	if (!colon && !armenian && !ascii_digit(s.p[0]) &&
	    !fold_ends(s, verbs))
		return false;
	e = weigh(s);
	if (is_iso_line(s, &e) || (framed && fold_ends(s, verbs) &&
	    fold_words(s) <= 8 && !has_sentence_end(s)))
		return true;
	if (!colon && !armenian && !ends_with_verb(s, &e))
		return false;
	/* "----- Le 3 mar 26, à 10:15, Joe joe@roe.example a écrit :" */
	if (e.time && dashed && fold_ends(s, verbs))
		return true;
	if (!e.address && !e.year && !e.date)
		return false;
	if (verb_fits(s, &e) || (e.address && names_quoted(s)))
		return true;
	/* "пт, 11 дек. 2026 г. в 07:28, X <x@y>:" */
	return ((e.address && (s.p[s.n - 1] == '>' || s.p[s.n - 1] == ')')) ||
	    ends_with_address(s)) && (e.year || e.date) &&
	    (e.time || e.before == 0) && e.before <= MAX_BEFORE_DATE &&
	    fold_words(s) <= 20 && !has_sentence_end(s);
}

bool
attribution_dated(struct str s)
{
	struct evidence e = weigh(s);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ascii_digit(s.p[i]);
	return (e.year || e.date) && (e.time || n >= MANY_DIGITS);
}

bool
attribution_names(struct str s)
{
	return weigh(s).address || attribution_dated(s);
}

/* Does an old mail stand right below, seen from its marks? */
static bool
quote_follows(const struct lines *ls, size_t i, size_t end)
{
	i = lines_next(ls, i, end);
	return i < end && (ls->v[i].depth > 0 ||
	    ls->v[i].zone == ZONE_QUOTED);
}

/* Right above a quote a name and "wrote" are enough, or what says that it is one. */
static bool
introduces(const struct lines *ls, size_t i, size_t end)
{
	struct str s = ls->v[i].fold;
	struct evidence e;
	bool colon;

	if (s.n < 8 || s.n > MAX_AUTHOR || !quote_follows(ls, i + 1, end))
		return false;
	s = frame_cut(s, &colon);
	e = weigh(s);
	if (fold_words(s) > 2 * MAX_NAME || has_sentence_end(s) ||
	    memchr(s.p, '?', s.n))
		return false;
	if (names_quoted(s) && fold_words(s) <= MAX_NAME)
		return true;
	return (fold_ends(s, verbs) || fold_ends(s, passive)) &&
	    ((colon && fold_words(s) <= MAX_NAME) ||
	    ((e.year || e.date) && e.time));
}

/* The lines i .. i + k - 1, with the marks that a careless quoting put in. */
static bool
lines_join(const struct lines *ls, size_t i, size_t k, char *out, size_t *n)
{
	*n = 0;
	for (size_t j = i; j < i + k; j++) {
		const struct text_line *l = &ls->v[j];

		if (l->fold.n == 0)
			continue;
		if (*n + l->fold.n + 4 > MAX_JOINED)
			return false;
		if (*n > 0)
			out[(*n)++] = ' ';
		if (l->depth > 0)
			out[(*n)++] = '>';
		if (l->depth > 0 && l->raw.p[0] != ':')
			out[(*n)++] = ' ';
		*n += fold_into(out + *n, l->fold);
	}
	return true;
}

/* Could line j go on with what line j - 1 began? */
static bool
goes_on(const struct lines *ls, size_t j, size_t end)
{
	size_t next;

	if (!line_blank(&ls->v[j]))
		return true;
	next = lines_next(ls, j, end);
	return next < end && next <= j + 1 && ls->v[next].depth == 0 &&
	    ls->v[next].fold.p[0] == '<';
}

static size_t
attribution_from(const struct lines *ls, size_t i, size_t end)
{
	char joined[MAX_JOINED];
	size_t n, taken = 0;

	if (line_blank(&ls->v[i]))
		return 0;
	for (size_t k = 1; taken < MAX_WRAPPED && i + k <= end; k++) {
		if (k > 1 && !goes_on(ls, i + k - 1, end))
			return 0;
		if (line_blank(&ls->v[i + k - 1]))
			continue;
		taken++;
		if (!lines_join(ls, i, k, joined, &n))
			return 0;
		if (attribution_is((struct str){ joined, n }))
			return k;
	}
	return 0;
}

size_t
attribution_at(const struct lines *ls, size_t i, size_t end)
{
	struct evidence e;
	size_t k;

	/* None is so long, and to weigh what is takes its time. */
	if (ls->v[i].fold.n > MAX_JOINED)
		return 0;
	e = weigh(ls->v[i].fold);
	if (introduces(ls, i, end))
		return 1;
	if (e.before == SIZE_MAX &&
	    str_find(ls->v[i].fold, STR("@")) < 0 &&
	    !str_starts(ls->v[i].fold, STR("-----")))
		return 0;
	k = attribution_from(ls, i, end);
	/* "Truck 2214 waits" above one that has a date of its own. */
	for (size_t j = i + 1; k > 1 && j < i + k; j++) {
		struct evidence f = weigh(ls->v[j].fold);

		if ((f.year || f.date) && f.before <= MAX_BEFORE_DATE &&
		    attribution_from(ls, j, end) == k - (j - i))
			return 0;
	}
	if ((e.year || e.date) && e.before <= MAX_BEFORE_DATE)
		return k;
	/* The last words above it are no part of a wrapped attribution. */
	for (size_t j = i + 1; k > 1 && j < i + k; j++) {
		if (attribution_from(ls, j, end) == k - (j - i) &&
		    !str_starts(ls->v[j].fold, STR("<")))
			return 0;
	}
	return k;
}
