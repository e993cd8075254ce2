/*
 * What was rejected: comparing order or sentences. Layout, quotes and links make
 * honest forms differ in those. Words that a writer of mischief finds elsewhere in
 * both forms are therefore not seen; that is why what the other form quotes does
 * not count.
 */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "text/fold.h"
#include "text/forms.h"

#define SLOTS		CD_MAX_CLASSIFY	/* a word and its border are two bytes */
#define MAX_PROBES	32	/* words may be chosen to meet in one place */
#define MAX_SHOWN	80	/* bytes of the words that are shown */
#define MANY		3	/* words that only one form has; in real mails
				 * it is one or two, as "here" of a button */

static bool
is_letter(uint32_t c)
{
	if (c < 0x80)
		return ascii_alnum((char)c);
	return c >= 0xc0 && !(c >= 0x2000 && c < 0x2c00) &&
	    !(c >= 0x3000 && c < 0x3040) && !(c >= 0xe000 && c < 0xf900) &&
	    !(c >= 0xfe00 && c < 0xfe10) && !(c >= 0xff00 && c < 0xff10) &&
	    c != 0xfffd && !(c >= 0x1f000 && c < 0x20000);
}

/* Scripts written without spaces: each sign is a word. */
static bool
stands_alone(uint32_t c)
{
	return (c >= 0x0e00 && c < 0x10a0) || (c >= 0x1780 && c < 0x1800) ||
	    (c >= 0x2e80 && c < 0xa000) || c >= 0x20000;
}

/* Behind the link or address that begins here, or 0: one form hides it. */
static size_t
link_end(struct str s)
{
	static const char *const begins[] = { "www.", "cid:", "tel:", NULL };
	struct str piece = { s.p, 0 };
	const char *at;

	while (piece.n < s.n && !strchr(" <>[]", s.p[piece.n]))
		piece.n++;
	at = piece.n > 0 ? memchr(piece.p, '@', piece.n) : NULL;
	if ((at && memchr(at, '.', (size_t)(piece.p + piece.n - at))) ||
	    str_find(piece, STR("http://")) >= 0 ||
	    str_find(piece, STR("https://")) >= 0 ||
	    fold_starts(piece, begins))
		return piece.n;
	return 0;
}

/* The next word of a folded text. */
static bool
word_next(struct str *s, bool *border, struct str *word)
{
	size_t n = 0;

	while (s->n > 0) {
		uint32_t c;
		size_t step = utf8_next(*s, &c), link;

		if (*border && n == 0 && (link = link_end(*s)) > 0) {
			*s = str_sub(*s, link, s->n);
			continue;
		}
		if (!is_letter(c) || (stands_alone(c) && n > 0)) {
			if (n > 0)
				break;
			*border = c == ' ' || c == '<' || c == '[';
			*s = str_sub(*s, step, s->n);
			continue;
		}
		*border = false;
		if (n == 0)
			word->p = s->p;
		n += step;
		*s = str_sub(*s, step, s->n);
		if (stands_alone(c))
			break;
	}
	word->n = n;
	return n > 0;
}

/* Where the word stands, or its empty place; NULL: there is none. */
static struct str *
slot_of(struct str *slots, struct str word)
{
	uint32_t h = 2166136261u;

	for (size_t k = 0; k < word.n; k++)
		h = (h ^ (unsigned char)word.p[k]) * 16777619u;
	for (uint32_t i = 0; i < MAX_PROBES; i++) {
		struct str *slot = &slots[(h + i) % SLOTS];

		if (!slot->p || str_eq(*slot, word))
			return slot;
	}
	return NULL;
}

/* Numbers of lists are no words, nor is one letter. */
static bool
says_something(struct str word)
{
	size_t digits = 0;

	while (digits < word.n && ascii_digit(word.p[digits]))
		digits++;
	return word.n > 1 && digits < word.n;
}

/* The end of "don't", of "yo'q". */
static bool
is_short_negation(struct str text, struct str word)
{
	return word.n == 1 && word.p > text.p && word.p[-1] == '\'' &&
	    (word.p[0] == 't' || word.p[0] == 'q');
}

static bool
is_negation(struct str word)
{
	static const char *const negations[] = {
		"not", "no", "never", "none", "nothing", "nobody", "neither",
		"nor", "cannot", "cant", "dont", "wont", "without",
		"nunca", "jam\u00e1s", "tampoco", "sin", "n\u00e3o", "nao",
		"sem", "ne", "pas", "non", "jamais", "sans", "aucun", "aucune",
		"nessuno", "senza", "nicht", "kein", "keine", "keinen",
		"keinem", "keiner", "nie", "niemals", "ohne", "nein", "nichts",
		"niet", "geen", "nooit", "nee", "zonder", "nigdy", "bez",
		"de\u011fil", "degil", "hay\u0131r", "asla", "yok", "emas",
		"yoq", "\u044d\u043c\u0430\u0441", "\u0439\u045e\u049b",
		"nije", "nisam", "nismo", "nisu", "nema", "nemoj", "nemojte",
		"\u043d\u0435", "\u043d\u0435\u0442", "\u043d\u0438",
		"\u043d\u0438\u043a\u043e\u0433\u0434\u0430",
		"\u043d\u0435\u043b\u044c\u0437\u044f", "\u0431\u0435\u0437",
		"\u043d\u0456", "\u043d\u0435\u043c\u0430",
		"\u043d\u0435\u043c\u0430\u0454",
		"\u043d\u0456\u043a\u043e\u043b\u0438",
		"\u043d\u0438\u0458\u0435", "\u4e0d", "\u6ca1", "\u6c92",
		"\u672a", "\u65e0", "\u7121", "\u52ff", "\u522b",
	};

	for (size_t i = 0; i < sizeof negations / sizeof *negations; i++) {
		if (str_eq(word, str_of(negations[i])))
			return true;
	}
	return false;
}

/* The words of `part` that are not in `whole`, if they are too many, or if one
 * of them turns what is said into its contrary. */
static const char *
missing_words(struct arena *a, struct str part, struct str whole)
{
	struct str *slots = arena_array(a, SLOTS, sizeof *slots);
	struct str folded = fold(a, str_sub(part, 0, CD_MAX_CLASSIFY));
	struct str rest = folded, word;
	struct buf out = buf_new(a, MAX_SHOWN);
	size_t n = 0, total = 0;
	bool border = true, contrary = false;

	memset(slots, 0, SLOTS * sizeof *slots);
	while (word_next(&rest, &border, &word)) {
		struct str *slot = slot_of(slots, word);

		if (!slot || !(says_something(word) ||
		    is_short_negation(folded, word)))
			continue;
		total += !slot->p;
		*slot = word;
	}
	rest = fold(a, whole);
	for (border = true; word_next(&rest, &border, &word);) {
		struct str *slot = slot_of(slots, word);

		if (slot)
			slot->n = 0;
	}
	rest = folded;
	for (border = true; word_next(&rest, &border, &word);) {
		struct str *slot = slot_of(slots, word);

		/* A word without a place counts as missing. */
		if (slot && slot->n == 0)
			continue;
		if (slot)
			slot->n = 0;
		n++;
		contrary |= is_negation(word) ||
		    is_short_negation(folded, word);
		if (out.n + word.n < MAX_SHOWN)
			buf_printf(&out, "%s%.*s", out.n > 0 ? " " : "",
			    (int)word.n, word.p);
	}
	if (n < MANY && !contrary && (n == 0 || n * MANY < total))
		return NULL;
	return out.n > 0 ? arena_str(a, buf_str(&out)) : "a long word";
}

const char *
forms_differ(struct arena *a, const struct message *m, const struct visible *v)
{
	struct str pictures = m->picture_names;
	const char *sender = m->from.n > 0 ? m->from.v[0].name : "", *words;
	struct visible other;
	struct buf shown;

	if (m->other_form.text.n == 0)
		return NULL;
	visible_find(a, &m->other_form, sender, &other);
	shown = buf_new(a, 2 * CD_MAX_TEXT);
	for (int z = 0; z < ZONE_COUNT; z++) {
		if (z != ZONE_QUOTED && z != ZONE_FORWARDED) {
			buf_adds(&shown, other.zone[z]);
			buf_char(&shown, '\n');
		}
	}
	buf_adds(&shown, pictures);
	words = missing_words(a, v->zone[ZONE_NEW], buf_str(&shown));
	if (words)
		return words;
	shown = buf_new(a, 2 * CD_MAX_TEXT);
	buf_adds(&shown, v->all.text);
	buf_char(&shown, '\n');
	buf_adds(&shown, pictures);
	return missing_words(a, other.zone[ZONE_NEW], buf_str(&shown));
}
