/*
 * Each kind of feature is a block of its own with length one, so that a long
 * text's letter runs do not drown three words of a subject.
 */
#include <math.h>
#include <string.h>

#include "text/features.h"

#define MAX_WORDS	320
#define MAX_LETTERS	2048
#define MAX_PAIRED	40	/* marks */
#define STEM		5	/* letters: endings say little, and vary */
#define SHORT		14	/* words: what it answers gives them meaning */
#define EDGE		6	/* words that open and close a text */

enum block {
	BLOCK_WORDS, BLOCK_LETTERS, BLOCK_SUBJECT_WORDS, BLOCK_SUBJECT_LETTERS,
	BLOCK_STEMS_IN_CONTEXT, BLOCK_MARKS, BLOCK_MARKS_IN_CONTEXT,
	BLOCK_MARK_PAIRS, BLOCK_META, BLOCK_STEMS, BLOCK_EDGES
};

static const float block_weight[] = {
	[BLOCK_WORDS] = 1.0f,
	[BLOCK_LETTERS] = 1.5f,
	[BLOCK_SUBJECT_WORDS] = 1.0f,
	[BLOCK_SUBJECT_LETTERS] = 1.0f,
	[BLOCK_STEMS_IN_CONTEXT] = 0.8f,
	[BLOCK_MARKS] = 0.7f,
	[BLOCK_MARKS_IN_CONTEXT] = 0.5f,
	[BLOCK_MARK_PAIRS] = 0.6f,
	[BLOCK_META] = 1.0f,
	[BLOCK_STEMS] = 1.0f,
	[BLOCK_EDGES] = 0.6f,
};

#define SLOTS	(2 * CD_MAX_FEATURES)

_Static_assert(CD_MAX_FEATURES <= UINT16_MAX, "a slot names any feature");

struct maker {
	struct features *out;
	/* Which features are there: a hash table of places in out->v, from 1 on;
	 * 0: free. At most half of it is taken. */
	uint16_t slot[SLOTS];
	size_t block_start;
	uint32_t seed;
};

static uint32_t
mix(uint32_t h, uint32_t v)
{
	h ^= v;
	h *= 0x01000193u;
	return h ^ h >> 15;
}

static uint32_t
hash_bytes(uint32_t h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 0x01000193u;
	return h ^ h >> 13;
}

uint32_t
feature_hash(const char *name)
{
	return hash_bytes(0x811c9dc5u, name, strlen(name));
}

/* Where the feature is in the table, or would be. */
static uint16_t *
slot_of(struct maker *m, uint32_t index)
{
	size_t i = index % SLOTS;

	while (m->slot[i] && m->out->v[m->slot[i] - 1].index != index)
		i = (i + 1) % SLOTS;
	return &m->slot[i];
}

/* The feature's place in out->v, or SIZE_MAX when it was there before. */
static size_t
add(struct maker *m, uint32_t h)
{
	uint32_t index;
	uint16_t *slot;

	h = mix(h, m->seed);
	h ^= h >> 16;
	h *= 0x85ebca6bu;
	index = (h ^ h >> 13) >> (32 - MODEL_BITS);
	slot = slot_of(m, index);
	if (m->out->n == CD_MAX_FEATURES || *slot)
		return SIZE_MAX;
	m->out->v[m->out->n++] = (struct feature){ index, 1 };
	*slot = (uint16_t)m->out->n;
	return m->out->n - 1;
}

static void
block_begin(struct maker *m, enum block block)
{
	m->block_start = m->out->n;
	m->seed = 0x9e3779b1u * (uint32_t)(block + 1);
}

static void
block_end(struct maker *m, enum block block)
{
	size_t n = m->out->n - m->block_start;
	float value;

	if (n == 0)
		return;
	value = block_weight[block] / sqrtf((float)n);
	for (size_t i = m->block_start; i < m->out->n; i++)
		m->out->v[i].value = value;
}

/* Words of a text: where they stand, their hash and that of their stem. */
struct words {
	struct str v[MAX_WORDS];
	uint32_t hash[MAX_WORDS], stem[MAX_WORDS];
	size_t n;
};

static const char *
kind_of(struct str token)
{
	if (str_find(token, STR("microsoftonline")) >= 0)
		return "<microsoft>";
	if (str_find(token, STR("://")) >= 0 || str_starts(token, STR("www.")))
		return "<url>";
	if (memchr(token.p, '@', token.n))
		return "<mail>";
	return NULL;
}

static void
add_word(struct words *w, struct str s, uint32_t hash, uint32_t stem)
{
	if (w->n == MAX_WORDS)
		return;
	w->v[w->n] = s;
	w->stem[w->n] = stem;
	w->hash[w->n++] = hash;
}

/* The first letters of a word of letters. */
static struct str
stem_of(struct str s)
{
	size_t i = 0, letters = 0;

	while (i < s.n && letters < STEM) {
		do
			i++;
		while (i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80);
		letters++;
	}
	return str_sub(s, 0, i);
}

/* What stands for the word whoever it is; NULL: the word itself. */
static const char *
sort_of(const struct feature_input *in, struct str s)
{
	bool digits = true;

	for (size_t i = 0; i < in->n_product; i++) {
		if (str_eq(s, str_of(in->product[i])))
			return "<product>";
	}
	for (size_t i = 0; i < s.n; i++)
		digits = digits && ascii_digit(s.p[i]);
	/* 3 and 5 are steps of the help; other numbers are nobody's. */
	return digits && s.n > 1 ? "<number>" : NULL;
}

static uint32_t
word_hash(struct str s)
{
	return hash_bytes(0x811c9dc5u, s.p, s.n);
}

static void
split_word(const struct feature_input *in, struct words *w, struct str s)
{
	const char *sort = sort_of(in, s);

	if (sort)
		add_word(w, s, feature_hash(sort), feature_hash(sort));
	else
		add_word(w, s, word_hash(s), word_hash(stem_of(s)));
}

/* Chinese and Japanese are written without spaces: each sign is a word. */
static size_t
sign_length(struct str s)
{
	unsigned char lead = (unsigned char)s.p[0];
	uint32_t c;
	size_t n;

	if (lead < 0xe3 || lead > 0xe9)
		return 0;
	n = utf8_next(s, &c);
	return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) ?
	    n : 0;
}

/* Of the word that begins s, in bytes; 0: none does. */
static size_t
word_length(struct str s)
{
	size_t n = sign_length(s);

	if (n > 0)
		return n;
	while (n < s.n && (utf8_word_byte(s.p[n]) || s.p[n] == '\'') &&
	    sign_length(str_sub(s, n, s.n)) == 0)
		n++;
	return n;
}

static void
split_token(const struct feature_input *in, struct words *w, struct str t)
{
	const char *kind = kind_of(t);
	size_t i = 0, n;

	if (kind) {
		add_word(w, t, feature_hash(kind), feature_hash(kind));
		return;
	}
	while (i < t.n) {
		n = word_length(str_sub(t, i, t.n));
		if (n == 0 && (t.p[i] == '?' || t.p[i] == '!'))
			add_word(w, str_sub(t, i, i + 1),
			    hash_bytes(7, t.p + i, 1),
			    hash_bytes(7, t.p + i, 1));
		if (n == 0) {
			i++;
			continue;
		}
		split_word(in, w, str_sub(t, i, i + n));
		i += n;
	}
}

static void
split(const struct feature_input *in, struct str s, struct words *w)
{
	size_t i = 0;

	w->n = 0;
	while (i < s.n && w->n < MAX_WORDS) {
		size_t from = i;

		while (i < s.n && !ascii_space(s.p[i]))
			i++;
		if (i > from)
			split_token(in, w, str_sub(s, from, i));
		i++;
	}
}

static void
words_block(struct maker *m, const struct words *w, enum block block, bool keep)
{
	block_begin(m, block);
	for (size_t i = 0; i < w->n; i++) {
		uint32_t h = w->hash[i];
		struct features *out = m->out;

		for (size_t n = 1; n <= 3 && i + n <= w->n; n++) {
			size_t at;

			if (n > 1)
				h = mix(h * 31, w->hash[i + n - 1]);
			at = add(m, h);
			if (at == SIZE_MAX || !keep || n > 2 ||
			    out->n_words == sizeof out->word / sizeof *out->word)
				continue;
			out->word[out->n_words] = (struct str){ w->v[i].p,
			    (size_t)(w->v[i + n - 1].p + w->v[i + n - 1].n -
			    w->v[i].p) };
			out->word_at[out->n_words++] = (uint32_t)at;
		}
	}
	block_end(m, block);
}

/* Letters with URLs, addresses and numbers made one sign each. */
static size_t
letters(const struct words *w, uint32_t *cp)
{
	size_t n = 0;

	cp[n++] = ' ';
	for (size_t i = 0; i < w->n && n + 2 < MAX_LETTERS; i++) {
		struct str s = w->v[i];

		if (s.n > 40 || kind_of(s)) {
			cp[n++] = 1;
			cp[n++] = ' ';
			continue;
		}
		while (s.n > 0 && n + 2 < MAX_LETTERS) {
			uint32_t c;
			size_t len = utf8_next(s, &c);

			s = str_sub(s, len, s.n);
			cp[n++] = c >= '0' && c <= '9' ? '0' : c;
		}
		cp[n++] = ' ';
	}
	return n;
}

static void
letters_block(struct maker *m, const struct words *w, enum block block)
{
	uint32_t cp[MAX_LETTERS];
	size_t n = letters(w, cp);

	block_begin(m, block);
	for (size_t i = 0; i < n; i++) {
		uint32_t h = 0x811c9dc5u;

		for (size_t k = 0; k < 5 && i + k < n; k++) {
			h = mix(h, cp[i + k] + 0x100u);
			if (k >= 1)
				add(m, h + (uint32_t)k);
		}
	}
	block_end(m, block);
}

static void
stems_blocks(struct maker *m, const struct feature_input *in,
    const struct words *w)
{
	uint32_t context = feature_hash(in->context);

	block_begin(m, BLOCK_STEMS);
	for (size_t i = 0; i < w->n; i++) {
		add(m, w->stem[i]);
		if (i + 1 < w->n)
			add(m, mix(w->stem[i] * 31, w->stem[i + 1]));
		if (i + 2 < w->n)
			add(m, mix(w->stem[i] * 37, w->stem[i + 2]));
	}
	block_end(m, BLOCK_STEMS);
	block_begin(m, BLOCK_STEMS_IN_CONTEXT);
	for (size_t i = 0; i < w->n; i++) {
		add(m, mix(context, w->stem[i]));
		if (i + 1 < w->n && w->n <= SHORT)
			add(m, mix(mix(context, w->stem[i]), w->stem[i + 1]));
	}
	block_end(m, BLOCK_STEMS_IN_CONTEXT);
	block_begin(m, BLOCK_EDGES);
	for (size_t i = 0; i < w->n && i < EDGE; i++) {
		add(m, w->stem[i]);
		add(m, mix(7, w->stem[w->n - 1 - i]));
	}
	block_end(m, BLOCK_EDGES);
}

static void
context_blocks(struct maker *m, const struct feature_input *in)
{
	uint32_t context = feature_hash(in->context);

	block_begin(m, BLOCK_MARKS);
	for (size_t i = 0; i < in->n_marks; i++)
		add(m, in->marks[i]);
	block_end(m, BLOCK_MARKS);
	block_begin(m, BLOCK_MARKS_IN_CONTEXT);
	for (size_t i = 0; i < in->n_marks; i++)
		add(m, mix(context, in->marks[i]));
	block_end(m, BLOCK_MARKS_IN_CONTEXT);
	/* Two marks together are a thought in any language: "approved" and
	 * "still". */
	block_begin(m, BLOCK_MARK_PAIRS);
	for (size_t i = 0; i < in->n_marks && i < MAX_PAIRED; i++) {
		for (size_t k = 0; k < i; k++)
			add(m, mix(in->marks[i], 0) ^ mix(in->marks[k], 0));
	}
	block_end(m, BLOCK_MARK_PAIRS);
}

static const char *
length_name(size_t words)
{
	if (words == 0)
		return "length:none";
	if (words <= 3)
		return "length:3";
	if (words <= 8)
		return "length:8";
	if (words <= 20)
		return "length:20";
	if (words <= 60)
		return "length:60";
	return "length:more";
}

static void
meta_block(struct maker *m, const struct feature_input *in,
    const struct words *w)
{
	uint32_t context = feature_hash(in->context);
	uint32_t length = feature_hash(length_name(w->n));

	block_begin(m, BLOCK_META);
	add(m, feature_hash("always"));
	add(m, context);
	add(m, length);
	add(m, mix(context, length));
	add(m, mix(3, feature_hash(in->language)));
	if (w->n > 0 && *w->v[w->n - 1].p == '?')
		add(m, feature_hash("ends in a question"));
	block_end(m, BLOCK_META);
}

static struct str
both_ends(struct str s, char *out)
{
	const size_t tail = CD_MAX_FEATURE_TEXT * 3 / 8;
	const size_t head = CD_MAX_FEATURE_TEXT - tail - 1;

	memcpy(out, s.p, head);
	out[head] = '\n';
	memcpy(out + head + 1, s.p + s.n - tail, tail);
	return (struct str){ out, CD_MAX_FEATURE_TEXT };
}

void
features_make(const struct feature_input *in, struct features *out)
{
	struct maker m = { .out = out };
	struct words w;
	struct str text = in->text;

	out->n = 0;
	out->n_words = 0;
	if (text.n > CD_MAX_FEATURE_TEXT)
		text = both_ends(text, out->ends);
	split(in, text, &w);
	words_block(&m, &w, BLOCK_WORDS, true);
	letters_block(&m, &w, BLOCK_LETTERS);
	stems_blocks(&m, in, &w);
	context_blocks(&m, in);
	meta_block(&m, in, &w);
	split(in, str_sub(in->subject, 0, 300), &w);
	words_block(&m, &w, BLOCK_SUBJECT_WORDS, false);
	letters_block(&m, &w, BLOCK_SUBJECT_LETTERS);
}
