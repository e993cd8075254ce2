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

#define MAX_SLOTS	CD_MAX_CLASSIFY	/* a word and its border are two bytes */
#define AT_ONCE		4096	/* bytes folded at a time */
#define MAX_PROBES	32	/* words may be chosen to meet in one place */
#define MAX_SHOWN	80	/* bytes of the words that are shown */
#define MANY		3	/* words that only one form has; in real mails
				 * it is one or two, as "here" of a button */

/* Behind the link or address that begins here, or 0: one form hides it. */
static size_t
link_end(struct str s)
{
	static const char *const begins[] = { "www.", "cid:", "tel:", "#", NULL };
	bool at = false, host = false, colon = false;
	struct str piece = { s.p, 0 };

	for (; piece.n < s.n; piece.n++) {
		char c = s.p[piece.n];

		if (c == ' ' || c == '<' || c == '>' || c == '[' || c == ']')
			break;
		host |= at && c == '.';
		at |= c == '@';
		colon |= c == ':';
	}
	if (host || fold_starts(piece, begins) ||
	    (colon && (str_find(piece, STR("http://")) >= 0 ||
	    str_find(piece, STR("https://")) >= 0)))
		return piece.n;
	return 0;
}

static bool
is_of_word(uint32_t c)
{
	return utf8_letter(c) || (c < 0x80 && ascii_digit((char)c));
}

/* The next word of a folded text; where no blanks are written each sign is one. */
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
		if (!is_of_word(c) || (utf8_unspaced(c) && n > 0)) {
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
		if (utf8_unspaced(c))
			break;
	}
	word->n = n;
	return n > 0;
}

/* Words of a text, and how many of them were not found elsewhere yet. */
struct words {
	struct str *slots;
	size_t n_slots;		/* a power of two */
	size_t left;
};

/* Where the word stands, or its empty place; NULL: there is none. */
static struct str *
slot_of(const struct words *w, struct str word)
{
	uint32_t h = 2166136261u;

	for (size_t k = 0; k < word.n; k++)
		h = (h ^ (unsigned char)word.p[k]) * 16777619u;
	for (uint32_t i = 0; i < MAX_PROBES; i++) {
		struct str *slot = &w->slots[(h + i) & (w->n_slots - 1)];

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

/* The words of a folded text. */
static struct words
words_of(struct arena *a, struct str folded)
{
	struct words w = { .n_slots = 64 };
	struct str rest = folded, word;
	bool border = true;

	while (w.n_slots < MAX_SLOTS && w.n_slots < 2 * folded.n)
		w.n_slots *= 2;
	w.slots = arena_array(a, w.n_slots, sizeof *w.slots);
	while (word_next(&rest, &border, &word)) {
		struct str *slot = slot_of(&w, word);

		if (!slot || !(says_something(word) ||
		    is_short_negation(folded, word)))
			continue;
		w.left += !slot->p;
		*slot = word;
	}
	return w;
}

/* Empties the places of the words that the text has. It is folded piece by piece,
 * each up to a blank, and only until no word is left: most forms say the same, and
 * say it soon. */
static void
words_cross(struct arena *a, struct words *w, struct str text)
{
	char *room = NULL;
	size_t cap = 0;

	while (w->left > 0 && text.n > 0) {
		size_t n = text.n < AT_ONCE ? text.n : AT_ONCE;
		struct str rest, word;

		while (n < text.n && !ascii_space(text.p[n]))
			n++;
		if (n > cap)
			room = arena_room(a, cap = n);
		rest = (struct str){ room,
			fold_into(room, str_sub(text, 0, n)) };
		for (bool border = true; w->left > 0 &&
		    word_next(&rest, &border, &word);) {
			struct str *slot = slot_of(w, word);

			if (!slot || slot->n == 0)
				continue;
			slot->n = 0;
			w->left--;
		}
		text = str_sub(text, n, text.n);
	}
}

/* The words of `part` that are in none of the texts, if they are too many, or if
 * one of them turns what is said into its contrary. */
static const char *
missing_words(struct arena *a, struct str part, const struct str *texts,
    size_t n_texts)
{
	struct str folded = fold(a, str_sub(part, 0, CD_MAX_CLASSIFY));
	struct str rest = folded, word;
	struct words w = words_of(a, folded);
	struct buf out = buf_new(a, MAX_SHOWN);
	size_t n = 0, total = w.left;
	bool border = true, contrary = false;

	for (size_t i = 0; i < n_texts; i++)
		words_cross(a, &w, texts[i]);
	while (word_next(&rest, &border, &word)) {
		struct str *slot = slot_of(&w, word);

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
	const char *sender = m->from.n > 0 ? m->from.v[0].name : "", *words;
	const struct str ours[] = { v->all.text, m->picture_names };
	struct str shown[ZONE_COUNT + 1];
	struct visible other;
	size_t n = 0;

	if (m->other_form.text.n == 0)
		return NULL;
	visible_find(a, &m->other_form, sender, &other);
	for (int z = 0; z < ZONE_COUNT; z++) {
		if (z != ZONE_QUOTED && z != ZONE_FORWARDED)
			shown[n++] = other.zone[z];
	}
	shown[n++] = m->picture_names;
	words = missing_words(a, v->zone[ZONE_NEW], shown, n);
	return words ? words : missing_words(a, other.zone[ZONE_NEW], ours,
	    sizeof ours / sizeof *ours);
}
