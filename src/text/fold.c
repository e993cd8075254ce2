#include <string.h>

#include "text/fold.h"

static uint32_t
lower_latin(uint32_t c)
{
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7))
		return c + 32;
	if (c == 0x130)
		return 'i';
	if (c == 0x178)
		return 0xff;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c % 2 == 1 ? c + 1 : c;
	if ((c >= 0x100 && c <= 0x177 && c != 0x131 && c != 0x138) ||
	    (c >= 0x218 && c <= 0x21b) || (c >= 0x1ea0 && c <= 0x1ef9))
		return c % 2 == 0 ? c + 1 : c;
	return c;
}

static uint32_t
lower_other(uint32_t c)
{
	if (c == 0x386)
		return 0x3ac;
	if (c >= 0x388 && c <= 0x38a)
		return c + 37;
	if (c == 0x38c)
		return 0x3cc;
	if (c == 0x38e || c == 0x38f)
		return c + 63;
	if (c >= 0x391 && c <= 0x3a9)
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	if (c >= 0x410 && c <= 0x42f)
		return c + 32;
	if ((c >= 0x460 && c <= 0x481) || (c >= 0x490 && c <= 0x4bf) ||
	    (c >= 0x4d0 && c <= 0x52f))
		return c % 2 == 0 ? c + 1 : c;
	if (c >= 0x531 && c <= 0x556)
		return c + 48;
	return c;
}

/* 0: the character is left out. */
static uint32_t
plain(uint32_t c)
{
	switch (c) {
	case 0xa0: case 0x2007: case 0x202f: case 0x3000:
		return ' ';
	case 0xad: case 0xfeff: case 0x34f: case 0x61c:
		return 0;
	case 0x2018: case 0x2019: case 0x201a: case 0x2bb: case 0x2bc:
	case 0x60: case 0xb4: case 0x2032: case 0xff07:
		return '\'';
	case 0x201c: case 0x201d: case 0x201e: case 0xab: case 0xbb:
	case 0x2033: case 0xff02:
		return '"';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014:
	case 0x2015: case 0x2212: case 0xff0d: case 0x2500:
		return '-';
	case 0xff1a: case 0xfe55: case 0x2236:
		return ':';
	case 0xff0c: case 0x60c:
		return ',';
	case '*':
		return 0;
	}
	if ((c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x2069))
		return 0;
	if (c >= 0x2000 && c <= 0x200a)
		return ' ';
	if (c >= 0x660 && c <= 0x669)
		return '0' + (c - 0x660);
	if (c >= 0x6f0 && c <= 0x6f9)
		return '0' + (c - 0x6f0);
	return c < 0x370 || c >= 0x1e00 ? lower_latin(c) : lower_other(c);
}

size_t
fold_into(char *out, struct str in)
{
	size_t n = 0, len;
	uint32_t c;

	while (in.n > 0) {
		unsigned char b = (unsigned char)*in.p;

		if (b > ' ' && b < 0x7f && b != '*' && b != '`') {
			out[n++] = ascii_lower((char)b);
			in.p++;
			in.n--;
			continue;
		}
		if (b == ' ') {
			if (n > 0 && out[n - 1] != ' ')
				out[n++] = ' ';
			in.p++;
			in.n--;
			continue;
		}
		len = utf8_next(in, &c);
		/* A stray byte would grow to three: "?" stands for it. */
		if (c == 0xfffd && len == 1)
			c = '?';
		in.p += len;
		in.n -= len;
		if (c < 0x80 && ascii_space((char)c))
			c = ' ';
		else if (c >= 'A' && c <= 'Z')
			c += 32;
		else if (c >= 0xc0 && c < 0x2bb)
			c = lower_latin(c);
		else if (c >= 0x80 || c == '*' || c == '`')
			c = plain(c);
		if (c == 0 || (c == ' ' && (n == 0 || out[n - 1] == ' ')))
			continue;
		n += utf8_put(out + n, c);
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	return n;
}

struct str
fold(struct arena *a, struct str in)
{
	char *p = arena_room(a, in.n + 1);

	return (struct str){ p, fold_into(p, in) };
}

const char *
fold_starts(struct str text, const char *const *words)
{
	for (; *words; words++) {
		const char *w = *words;
		size_t i = 0;

		while (i < text.n && w[i] != '\0' && w[i] == text.p[i])
			i++;
		if (w[i] == '\0')
			return w;
	}
	return NULL;
}

const char *
fold_ends(struct str text, const char *const *words)
{
	for (; *words; words++) {
		struct str w = str_of(*words);

		if (w.n > 0 && text.n >= w.n &&
		    text.p[text.n - 1] == w.p[w.n - 1] &&
		    str_eq(str_sub(text, text.n - w.n, text.n), w))
			return *words;
	}
	return NULL;
}

const char *
fold_holds(struct str text, const char *const *words)
{
	for (; *words; words++) {
		if (str_find(text, str_of(*words)) >= 0)
			return *words;
	}
	return NULL;
}

static unsigned
gist_bit(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (b[0] * 251u + b[1] * 31u + b[2] * 7u) % (64 * 64);
}

struct gist
gist_of(struct str folded)
{
	struct gist g = { .text = folded };

	for (size_t i = 0; i + 2 < folded.n; i++) {
		unsigned bit = gist_bit(folded.p + i);

		g.bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
	return g;
}

static bool
gist_may_hold(const struct gist *g, const char *w)
{
	if (w[0] == '\0' || w[1] == '\0')
		return true;
	for (; w[2] != '\0'; w++) {
		unsigned bit = gist_bit(w);

		if (!(g->bits[bit / 64] >> bit % 64 & 1))
			return false;
	}
	return true;
}

const char *
gist_holds(const struct gist *g, const char *const *words)
{
	for (; *words; words++) {
		if (gist_may_hold(g, *words) &&
		    str_find(g->text, str_of(*words)) >= 0)
			return *words;
	}
	return NULL;
}

size_t
fold_words(struct str text)
{
	return text.n > 0 ? str_count(text, ' ') + 1 : 0;
}

bool
fold_asks(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		size_t next = i + 1;

		/* "_and Bob?_" in Gmail's plain text. */
		next += next < text.n && text.p[next] == '_';
		if (text.p[i] == '?' && (next == text.n ||
		    !ascii_alnum(text.p[next])))
			return true;
	}
	return str_find(text, STR("？")) >= 0 || str_find(text, STR("؟")) >= 0;
}

ptrdiff_t
fold_word(struct str text, const char *word)
{
	struct str w = str_of(word);
	bool bordered = (unsigned char)word[0] < 0xe0;
	size_t from = 0;

	while (from + w.n <= text.n) {
		ptrdiff_t at = str_find(str_sub(text, from, text.n), w);
		size_t begin, end;

		if (at < 0)
			return -1;
		begin = from + (size_t)at;
		end = begin + w.n;
		if (!bordered ||
		    ((begin == 0 || !utf8_word_byte(text.p[begin - 1])) &&
		     (end == text.n || !utf8_word_byte(text.p[end]))))
			return (ptrdiff_t)begin;
		from = begin + 1;
	}
	return -1;
}
