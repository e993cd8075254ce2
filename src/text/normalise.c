/*
 * Folding of text for rules and model: people type without accents, with
 * curly quotes, in capitals, with letters composed or not. All of that is made
 * one, so that a rule is written once and in plain letters.
 *
 * Small tables instead of a Unicode library: what is not in them passes as it
 * is, and a pattern is folded by the same function, so that both sides agree
 * whatever the letter.
 */
#include <string.h>

#include "text/rules.h"

/* U+00C0 .. U+017F without accent and case. */
static const char latin[] =
    "aaaaaaaceeeeiiii" "dnoooooxouuuuyts"
    "aaaaaaaceeeeiiii" "dnooooo/ouuuuyty"
    "aaaaaaccccccccdd" "ddeeeeeeeeeegggg"
    "gggghhhhiiiiiiii" "iiiijjkkklllllll"
    "lllnnnnnnnnnoooo" "oooorrrrrrssssss"
    "ssttttttuuuuuuuu" "uuuuwwyyyzzzzzzs";

struct one {
	uint32_t from, to;
};

static const struct one others[] = {
	{ 0x0218, 's' }, { 0x0219, 's' }, { 0x021a, 't' }, { 0x021b, 't' },
	/* Cyrillic letters with marks, Ukrainian's and Uzbek's. */
	{ 0x0439, 0x0438 }, { 0x0450, 0x0435 }, { 0x0451, 0x0435 },
	{ 0x0457, 0x0456 }, { 0x045d, 0x0438 }, { 0x045e, 0x0443 },
	{ 0x0490, 0x0433 }, { 0x0491, 0x0433 }, { 0x0492, 0x0433 },
	{ 0x0493, 0x0433 }, { 0x049a, 0x043a }, { 0x049b, 0x043a },
	{ 0x04b2, 0x0445 }, { 0x04b3, 0x0445 },
	{ 0x1e9e, 's' },
};

static bool
is_dropped(uint32_t cp)
{
	return (cp >= 0x0300 && cp <= 0x036f) || cp == 0x00ad ||
	    (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) ||
	    (cp >= 0x2060 && cp <= 0x2064) || (cp >= 0xfe00 && cp <= 0xfe0f) ||
	    cp == 0xfeff || (cp < 0x20 && cp != '\n' && cp != '\t' &&
	    cp != '\r');
}

static uint32_t
fold_sign(uint32_t cp)
{
	if ((cp >= 0x2000 && cp <= 0x200a) || cp == 0x00a0 || cp == 0x202f ||
	    cp == 0x205f || cp == 0x3000 || cp == 0x1680)
		return ' ';
	if ((cp >= 0x2018 && cp <= 0x201b) || cp == 0x2032 || cp == '`' ||
	    cp == 0x00b4 || (cp >= 0x02b9 && cp <= 0x02bf) || cp == 0x2035)
		return '\'';
	if ((cp >= 0x201c && cp <= 0x201f) || cp == 0x00ab || cp == 0x00bb ||
	    cp == 0x2033 || cp == 0x300c || cp == 0x300d)
		return '"';
	if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212)
		return '-';
	if (cp == 0x2028 || cp == 0x2029)
		return '\n';
	if (cp == 0x3002)
		return '.';
	return cp;
}

static uint32_t
fold(uint32_t cp)
{
	if (cp < 0x80 && cp != '`')
		return (uint32_t)(unsigned char)ascii_lower((char)cp);
	if (cp >= 0xff01 && cp <= 0xff5e)
		return fold(cp - 0xfee0);
	if (cp >= 0x00c0 && cp <= 0x017f)
		return (uint32_t)(unsigned char)latin[cp - 0x00c0];
	if (cp >= 0x0410 && cp <= 0x042f)
		cp += 0x20;
	else if (cp >= 0x0400 && cp <= 0x040f)
		cp += 0x50;
	else if (cp >= 0x0391 && cp <= 0x03a9)
		cp += 0x20;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (others[i].from == cp)
			return others[i].to;
	}
	return fold_sign(cp);
}

/* Bytes that are most of all mail: letters, digits and plain signs. */
static bool
is_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && c != '`';
}

/* Where the folded text grows; room was made before. */
struct writer {
	char *p;
	size_t n;
	bool blank;		/* last was a blank or line end */
	size_t lines;		/* line ends in a row */
};

static void
put_blank(struct writer *w)
{
	if (!w->blank)
		w->p[w->n++] = ' ';
	w->blank = true;
}

static void
put_line_end(struct writer *w)
{
	if (w->n > 0 && w->p[w->n - 1] == ' ')
		w->n--;
	if (++w->lines <= 2)
		w->p[w->n++] = '\n';
	w->blank = true;
}

/* Above ASCII, or a sign that is not plain. */
static void
put_letter(struct writer *w, uint32_t cp)
{
	if (is_dropped(cp))
		return;
	cp = fold(cp);
	if (cp == '\n') {
		put_line_end(w);
		return;
	}
	if (cp == ' ') {
		put_blank(w);
		return;
	}
	w->blank = false;
	w->lines = 0;
	w->n += utf8_put(w->p + w->n, cp);
}

struct str
rules_normalise(struct arena *a, struct str s)
{
	/* A malformed byte becomes U+FFFD, three bytes; an ellipsis is as long
	 * as its dots; nothing else grows. */
	struct writer w = {
		.p = arena_room(a, 3 * s.n + 8), .blank = true, .lines = 2,
	};

	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.p[i];
		uint32_t cp;

		if (is_plain(c)) {
			w.p[w.n++] = ascii_lower((char)c);
			w.blank = false;
			w.lines = 0;
			i++;
			continue;
		}
		if (c == ' ' || c == '\t' || c == '\r') {
			put_blank(&w);
			i++;
			continue;
		}
		i += utf8_next(str_sub(s, i, s.n), &cp);
		if (cp == 0x2026) {
			memcpy(w.p + w.n, "...", 3);
			w.n += 3;
			w.blank = false;
			w.lines = 0;
		} else {
			put_letter(&w, cp);
		}
	}
	w.p[w.n] = '\0';
	return str_trim((struct str){ w.p, w.n });
}
