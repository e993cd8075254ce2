/*
 * A stem is a word's first letters, as many of them as tell most words apart in
 * languages that bend their ends; of a longer word more of them are a second one.
 * Where no blanks are written two signs side by side are.
 *
 * What was rejected: pairs of stems (of paragraphs that nobody has listed fewer are
 * found), taking accents off (no more are), numbers (a telephone number is what a
 * person ends with).
 */
#include <stdlib.h>
#include <string.h>

#include "text/boilerplate.h"

#define STEM		5	/* letters */
#define LONG_STEM	8
/* Evidence from here on. Of 100,000 last sentences that were held back when it was
 * learned about 50 are taken for boilerplate. */
#define ENOUGH		0

struct boilerplate_word {
	const char *stem;
	int evidence;
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
	if (all->n < BOILERPLATE_STEMS)
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

static int
by_stem(const void *key, const void *word)
{
	const struct str *s = key;
	const char *other = ((const struct boilerplate_word *)word)->stem;
	int order = strncmp(s->p, other, s->n);

	return order != 0 ? order : other[s->n] ? -1 : 0;
}

int
boilerplate_evidence(struct str paragraph)
{
	struct str stem[BOILERPLATE_STEMS];
	const struct boilerplate_word *seen[BOILERPLATE_STEMS];
	size_t n = boilerplate_stems(paragraph, stem), n_seen = 0;
	int sum = bias;

	for (size_t i = 0; i < n; i++) {
		const struct boilerplate_word *w = bsearch(&stem[i], words,
		    sizeof words / sizeof *words, sizeof *words, by_stem);
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
boilerplate_is(struct str paragraph)
{
	return boilerplate_evidence(paragraph) >= ENOUGH;
}
