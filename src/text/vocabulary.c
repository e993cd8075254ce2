/*
 * Each word is known by four of its bytes, those that fewest other words are known
 * by; a text is asked at each place whether some word is known by what stands
 * there. Most places end at that question, which is one bit. What was tried before:
 * to look for the words of one set after the other. They are 50,000, and what tells
 * them from the text's did not stay in the processor's cache beside the model.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "text/vocabulary.h"

#define KEY		4	/* bytes; of a shorter word all of them */
#define KEY_BITS	16
#define KEYS		(1u << KEY_BITS)
#define KNOWN_BITS	19	/* of them more: half of the keys are some word's */

struct word {
	uint32_t letters;	/* place in vocabulary.letters */
	uint32_t sets, n_sets;	/* place in vocabulary.set, how many */
	unsigned char n;	/* bytes */
	unsigned char at;	/* where those that it is known by stand */
	bool begins, ends;
};

struct vocabulary {
	uint64_t known[(1u << KNOWN_BITS) / 64];
	uint32_t first[KEYS + 1];	/* word that is known by this key */
	struct word *word;
	char *letters;
	uint16_t *set;
	size_t n_sets;

	/* Of the text at hand: runs of white space made one blank, and bytes
	 * that a key may be read from after its end. */
	char text[CD_MAX_FOLDED + KEY];
	size_t n;
};

/* While it is made: a word of one set. */
struct use {
	const struct needed_word *word;
	uint16_t set;
};

bool
vocabulary_letter(char c)
{
	unsigned char b = (unsigned char)c;

	return ascii_alnum(c) || c == '_' || (b >= 0xc3 && b <= 0xe1) ||
	    (b >= 0xe4 && b <= 0xee);
}

/* Of the first n of the KEY bytes at p. */
static uint32_t
hash_of(const char *p, size_t n)
{
	uint32_t v;

	memcpy(&v, p, KEY);
	return ((v << 8 * (KEY - n)) + (uint32_t)n) * 0x9e3779b1u;
}

static uint32_t
key_of(uint32_t hash)
{
	return hash >> (32 - KEY_BITS);
}

/* Of a hash: its bit among those that are known. */
static uint32_t
bit_of(uint32_t hash)
{
	return hash >> (32 - KNOWN_BITS);
}

/* ---- making it -------------------------------------------------------------- */

/* Short ones first: they have the least choice what to be known by. */
static int
by_word(const void *a, const void *b)
{
	const struct use *u = a, *v = b;
	const struct needed_word *x = u->word, *y = v->word;
	int order;

	if (x->s.n != y->s.n)
		return x->s.n < y->s.n ? -1 : 1;
	order = memcmp(x->s.p, y->s.p, x->s.n);
	if (order == 0)
		order = (x->begins - y->begins) * 2 + x->ends - y->ends;
	return order != 0 ? order : u->set - v->set;
}

static bool
same_word(const struct needed_word *x, const struct needed_word *y)
{
	return str_eq(x->s, y->s) && x->begins == y->begins &&
	    x->ends == y->ends;
}

static size_t
collect(const struct needed *set, size_t n, struct use *out)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < set[i].n; k++)
			out[used++] = (struct use){ &set[i].word[k], (uint16_t)i };
	}
	return used;
}

static uint32_t
word_hash(const struct vocabulary *v, const struct word *w)
{
	char bytes[KEY] = "";
	size_t n = w->n < KEY ? w->n : KEY;

	memcpy(bytes, v->letters + w->letters + w->at, n);
	return hash_of(bytes, n);
}

static uint32_t
word_key(const struct vocabulary *v, const struct word *w)
{
	return key_of(word_hash(v, w));
}

/* By which bytes it is known, so that few are known by the same. */
static void
choose_key(const struct vocabulary *v, struct word *w, uint32_t *taken)
{
	struct word other = *w;

	for (size_t at = 1; at + KEY <= w->n; at++) {
		other.at = (unsigned char)at;
		if (taken[word_key(v, &other)] < taken[word_key(v, w)])
			w->at = other.at;
	}
	taken[word_key(v, w)]++;
}

/* Words by their keys, which are in their order. */
static void
sort_words(struct vocabulary *v, struct arena *a, const struct word *word,
    size_t n)
{
	uint32_t at = 0;

	v->word = arena_room(a, n * sizeof *v->word);
	for (size_t i = 0; i < n; i++) {
		uint32_t bit = bit_of(word_hash(v, &word[i]));

		v->known[bit / 64] |= (uint64_t)1 << bit % 64;
		v->first[word_key(v, &word[i]) + 1]++;
	}
	for (size_t key = 0; key < KEYS; key++) {
		uint32_t here = v->first[key + 1];

		v->first[key + 1] = at;
		at += here;
	}
	/* Each key's end moves from its first word past its last one. */
	for (size_t i = 0; i < n; i++)
		v->word[v->first[word_key(v, &word[i]) + 1]++] = word[i];
}

struct vocabulary *
vocabulary_new(struct arena *a, const struct needed *set, size_t n)
{
	struct arena *turn = arena_new();
	struct vocabulary *v = arena_alloc(a, sizeof *v);
	size_t uses = 0, letters = 0, words = 0;
	uint32_t *taken = arena_array(turn, KEYS, sizeof *taken);
	struct use *use;
	struct word *word;

	cd_assert(n < UINT16_MAX);
	for (size_t i = 0; i < n; i++) {
		uses += set[i].n;
		for (size_t k = 0; k < set[i].n; k++)
			letters += set[i].word[k].s.n;
	}
	use = arena_room(turn, uses * sizeof *use);
	word = arena_room(turn, uses * sizeof *word);
	v->n_sets = n;
	v->set = arena_room(a, uses * sizeof *v->set);
	v->letters = arena_room(a, letters);
	letters = 0;
	if (collect(set, n, use) > 0)
		qsort(use, uses, sizeof *use, by_word);
	for (size_t i = 0; i < uses; i++) {
		const struct needed_word *own = use[i].word;

		v->set[i] = use[i].set;
		if (i == 0 || !same_word(own, use[i - 1].word)) {
			cd_assert(own->s.n > 0 && own->s.n <= UCHAR_MAX);
			word[words] = (struct word){
				.letters = (uint32_t)letters,
				.sets = (uint32_t)i,
				.n = (unsigned char)own->s.n,
				.begins = own->begins, .ends = own->ends };
			memcpy(v->letters + letters, own->s.p, own->s.n);
			letters += own->s.n;
			choose_key(v, &word[words++], taken);
		}
		word[words - 1].n_sets++;
	}
	sort_words(v, a, word, words);
	arena_free(&turn);
	return v;
}

/* ---- asking it -------------------------------------------------------------- */

static void
fill(struct vocabulary *v, struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool blank = ascii_space(s.p[i]);

		if (blank && n > 0 && v->text[n - 1] == ' ')
			continue;
		v->text[n++] = blank ? ' ' : s.p[i];
	}
	v->n = n;
	memset(v->text + n, 0, KEY);
}

static bool
letter_before(const struct vocabulary *v, size_t at)
{
	if (at == 0)
		return false;
	for (at--; at > 0 && ((unsigned char)v->text[at] & 0xc0) == 0x80;)
		at--;
	return vocabulary_letter(v->text[at]);
}

/* What follows the text is no letter. */
static bool
letter_at(const struct vocabulary *v, size_t at)
{
	return vocabulary_letter(v->text[at]);
}

/* `at`: where the bytes that it is known by stand. */
static bool
stands_at(const struct vocabulary *v, const struct word *w, size_t at)
{
	size_t from = at - w->at;

	return at >= w->at && from + w->n <= v->n &&
	    memcmp(v->text + from, v->letters + w->letters, w->n) == 0 &&
	    !(w->begins && letter_before(v, from)) &&
	    !(w->ends && letter_at(v, from + w->n));
}

static void
ask(const struct vocabulary *v, size_t at, size_t n, bool *holds_out)
{
	uint32_t hash = hash_of(v->text + at, n), key = key_of(hash);
	uint32_t bit = bit_of(hash);

	if (!(v->known[bit / 64] >> bit % 64 & 1))
		return;
	for (uint32_t i = v->first[key]; i < v->first[key + 1]; i++) {
		const struct word *w = &v->word[i];

		if (!stands_at(v, w, at))
			continue;
		for (size_t k = 0; k < w->n_sets; k++)
			holds_out[v->set[w->sets + k]] = true;
	}
}

void
vocabulary_ask(struct vocabulary *v, struct str text, bool *holds_out)
{
	bool inside = false;	/* a letter stands before */

	memset(holds_out, text.n > CD_MAX_FOLDED, v->n_sets);
	if (text.n > CD_MAX_FOLDED)
		return;
	fill(v, text);
	for (size_t i = 0; i < v->n; i++) {
		ask(v, i, 4, holds_out);
		ask(v, i, 3, holds_out);
		/* Shorter ones have a word's border. */
		if (!inside || !letter_at(v, i + 2))
			ask(v, i, 2, holds_out);
		if (!inside && !letter_at(v, i + 1))
			ask(v, i, 1, holds_out);
		if (((unsigned char)v->text[i] & 0xc0) != 0x80)
			inside = vocabulary_letter(v->text[i]);
	}
}
