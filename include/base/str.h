#ifndef CD_BASE_STR_H
#define CD_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A slice of somebody else's bytes; not terminated. {NULL, 0} is empty.
 * A plain `const char *` in this program is always terminated.
 */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_FMT(s) (int)((s).n > 4096 ? 4096 : (s).n), (s).p ? (s).p : ""

/* The shortest ones stand here: a mail's letters pass through them one by
 * one. */

/* NULL gives empty */
static inline struct str
str_of(const char *s)
{
	return (struct str){ s, s ? strlen(s) : 0 };
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n &&
	    str_eq((struct str){ s.p, prefix.n }, prefix);
}

/* clamped */
static inline struct str
str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from >= to)
		return (struct str){ s.p, 0 };
	return (struct str){ s.p + from, to - from };
}

bool str_ieq(struct str, struct str);		/* ASCII case only */
bool str_istarts(struct str, struct str prefix);
bool str_iends(struct str, struct str suffix);
struct str str_trim(struct str);		/* ASCII white space */
ptrdiff_t str_find(struct str in, struct str what);	/* -1: not there */
ptrdiff_t str_ifind(struct str in, struct str what);	/* ASCII case */
bool str_has_control(struct str);		/* a byte < 0x20 or 0x7f */
size_t str_count(struct str, char);		/* how often it is there */

/* Cut the next line off *rest, without its "\n" or "\r\n". false: no more. */
bool str_line(struct str *rest, struct str *line_out);

/* ASCII, whatever the locale says. */
static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool
ascii_alpha(char c)
{
	c = ascii_lower(c);
	return c >= 'a' && c <= 'z';
}

static inline bool
ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_alnum(char c)
{
	return ascii_alpha(c) || ascii_digit(c);
}

/* What a hexadecimal digit of either case stands for, or -1. */
static inline int
ascii_hex(char c)
{
	c = ascii_lower(c);
	if (ascii_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* space \t \r \n \v \f */
static inline bool
ascii_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes of words of UTF-8, none of which has to be decoded: all that is not ASCII
 * counts as a letter. */
static inline bool
utf8_letter_byte(char c)
{
	return ascii_alpha(c) || (unsigned char)c >= 0x80;
}

static inline bool
utf8_word_byte(char c)
{
	return ascii_digit(c) || utf8_letter_byte(c);
}

/* Whole of s as a decimal number between min and max; false if it is not. */
bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out);

/* Is it a GUID in the 8-4-4-4-12 form? */
bool str_is_guid(struct str);

/* utf8_next, for what is longer or broken. */
size_t utf8_next_long(struct str s, uint32_t *cp_out);

/* Decode one code point at s.p; returns its length in bytes, 0 at the end.
 * A malformed byte gives U+FFFD and length 1. */
static inline size_t
utf8_next(struct str s, uint32_t *cp_out)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n > 0 && p[0] < 0x80) {
		*cp_out = p[0];
		return 1;
	}
	if (s.n > 1 && p[0] >= 0xc2 && p[0] < 0xe0 && (p[1] & 0xc0) == 0x80) {
		*cp_out = (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
		return 2;
	}
	return utf8_next_long(s, cp_out);
}

/* Encode one that is no surrogate and not above U+10FFFF: 1 to 4 bytes. */
static inline size_t
utf8_put(char *out, uint32_t cp)
{
	unsigned char *p = (unsigned char *)out;

	if (cp < 0x80) {
		p[0] = (unsigned char)cp;
		return 1;
	}
	if (cp < 0x800) {
		p[0] = (unsigned char)(0xc0 | cp >> 6);
		p[1] = (unsigned char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		p[0] = (unsigned char)(0xe0 | cp >> 12);
		p[1] = (unsigned char)(0x80 | (cp >> 6 & 0x3f));
		p[2] = (unsigned char)(0x80 | (cp & 0x3f));
		return 3;
	}
	p[0] = (unsigned char)(0xf0 | cp >> 18);
	p[1] = (unsigned char)(0x80 | (cp >> 12 & 0x3f));
	p[2] = (unsigned char)(0x80 | (cp >> 6 & 0x3f));
	p[3] = (unsigned char)(0x80 | (cp & 0x3f));
	return 4;
}

bool utf8_valid(struct str);
/* As much of it as `max` bytes hold, whole letters. */
struct str utf8_first(struct str, size_t max);
/* A letter, syllable or sign of words, with the marks that stand on it: no symbol or
 * picture, no ASCII digit. */
bool utf8_letter(uint32_t cp);
/* Of a script that puts no blanks between words. */
bool utf8_unspaced(uint32_t cp);
/* A control character (C0, DEL, C1), or a mark that turns the direction of
 * writing round (UAX #9: embeddings, overrides, isolates): not for the eyes. */
bool utf8_hidden(uint32_t cp);

#endif
