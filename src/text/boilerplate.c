/*
 * A stem is a word's first letters, as many of them as tell most words apart in
 * languages that bend their ends; of a longer word more of them are a second one.
 * Where no blanks are written two signs side by side are.
 *
 * What was rejected: pairs of stems (of paragraphs that nobody has listed fewer are
 * found), taking accents off (no more are), numbers (a telephone number is what a
 * person ends with).
 */
#include <endian.h>
#include <string.h>

#include "text/boilerplate.h"

#define STEM		5	/* letters */
#define LONG_STEM	8
/* Evidence from here on. Of 100,000 last sentences that were held back when it was
 * learned about 100 are taken for boilerplate; what is taken away above a mail is
 * oftener what it says, and so of 100,000 first ones it is 10. */
#define ENOUGH_BELOW	0
#define ENOUGH_ABOVE	16

#define MAX_STEM	24	/* bytes; 18 are the most that any learned one has */

struct boilerplate_word {
	char stem[MAX_STEM + 1];
	signed char evidence;
};

#include "boilerplate_words.inc"

/* Bytes of the address or link that begins here, in brackets perhaps, or 0. */
static size_t
link_length(struct str s)
{
	size_t n = 0, from = 0;
	bool at = false;

	for (; n < s.n && s.p[n] != ' '; n++)
		at = at || s.p[n] == '@';
	while (from < n && strchr("<([", s.p[from]))
		from++;
	s = str_sub(s, from, n);
	return at || str_starts(s, STR("www.")) || str_starts(s, STR("http")) ?
	    n : 0;
}

/* Those of one word, which ends where `rest` then begins: how many bytes its first
 * STEM letters take, its first LONG_STEM ones, or 0 if it is not longer. */
static size_t
word_end(struct str s, size_t *stem_out, size_t *long_out)
{
	size_t n = 0, letters = 0;

	*stem_out = *long_out = 0;
	while (n < s.n) {
		struct str rest = str_sub(s, n, s.n);
		uint32_t c;
		size_t step = utf8_next(rest, &c);

		if (!utf8_letter(c) && !(c == '\'' && n > 0))
			break;
		n += step;
		letters++;
		if (letters <= STEM)
			*stem_out = n;
		if (letters > STEM && letters <= LONG_STEM)
			*long_out = n;
	}
	return n;
}

struct stems {
	struct str *v;
	size_t n;
};

static void
add(struct stems *all, struct str stem)
{
	if (all->n < BOILERPLATE_STEMS && stem.n <= MAX_STEM)
		all->v[all->n++] = stem;
}

size_t
boilerplate_stems(struct str s, struct str *out)
{
	struct stems all = { out, 0 };
	bool begins = true;	/* a blank stands before */

	while (s.n > 0 && all.n < BOILERPLATE_STEMS) {
		uint32_t c, next = 0;
		size_t step = utf8_next(s, &c), stem, more;
		size_t end = begins ? link_length(s) : 0;

		if (end == 0 && utf8_unspaced(c)) {
			size_t both = step + (s.n > step ?
			    utf8_next(str_sub(s, step, s.n), &next) : 0);

			if (utf8_unspaced(next))
				add(&all, str_sub(s, 0, both));
			end = step;
		} else if (end == 0 && utf8_letter(c)) {
			end = word_end(s, &stem, &more);
			add(&all, str_sub(s, 0, stem));
			if (more > 0)
				add(&all, str_sub(s, 0, more));
		}
		begins = c == ' ';
		s = str_sub(s, end > 0 ? end : step, s.n);
	}
	return all.n;
}

/* Of each place. */
static const struct learned {
	int bias, enough;
	const struct boilerplate_word *words;	/* ascending */
	size_t n;
} learned[] = {
	[BOILERPLATE_BELOW] = { below_bias, ENOUGH_BELOW, below_words,
	    sizeof below_words / sizeof *below_words },
	[BOILERPLATE_ABOVE] = { above_bias, ENOUGH_ABOVE, above_words,
	    sizeof above_words / sizeof *above_words },
};

/* The first bytes as a number: numbers are in the order of the stems. */
static uint64_t
beginning_of(const char *stem)
{
	uint64_t v;

	memcpy(&v, stem, sizeof v);
	return be64toh(v);
}

/* NULL: it is not learned. Every mail asks some hundred times: a comparison of whole
 * strings at each step was most of the time. */
static const struct boilerplate_word *
word_of(const struct learned *l, struct str stem)
{
	char begins[sizeof (uint64_t)] = "";
	size_t from = 0, n = l->n;
	uint64_t key;

	memcpy(begins, stem.p, stem.n < sizeof begins ? stem.n : sizeof begins);
	key = beginning_of(begins);
	while (n > 0) {
		size_t half = n / 2;
		bool behind = beginning_of(l->words[from + half].stem) < key;

		from += behind ? half + 1 : 0;
		n = behind ? n - half - 1 : half;
	}
	for (; from < l->n && beginning_of(l->words[from].stem) == key; from++) {
		if (str_eq(stem, str_of(l->words[from].stem)))
			return &l->words[from];
	}
	return NULL;
}

int
boilerplate_evidence(enum boilerplate_place place, struct str paragraph)
{
	struct str stem[BOILERPLATE_STEMS];
	const struct boilerplate_word *seen[BOILERPLATE_STEMS];
	size_t n = boilerplate_stems(paragraph, stem), n_seen = 0;
	int sum = learned[place].bias;

	for (size_t i = 0; i < n; i++) {
		const struct boilerplate_word *w = word_of(&learned[place],
		    stem[i]);
		size_t k = 0;

		while (k < n_seen && seen[k] != w)
			k++;
		if (!w || k < n_seen)
			continue;
		seen[n_seen++] = w;
		sum += w->evidence;
	}
	return sum;
}

bool
boilerplate_is(enum boilerplate_place place, struct str paragraph)
{
	return boilerplate_evidence(place, paragraph) >= learned[place].enough;
}
