#include <string.h>
#include <strings.h>

#include "base/str.h"

bool
str_ieq(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	}
	return true;
}

bool
str_istarts(struct str s, struct str prefix)
{
	return s.n >= prefix.n &&
	    str_ieq((struct str){ s.p, prefix.n }, prefix);
}

bool
str_iends(struct str s, struct str suffix)
{
	if (s.n < suffix.n)
		return false;
	if (suffix.n == 0)
		return true;
	return str_ieq(
	    (struct str){ s.p + (s.n - suffix.n), suffix.n }, suffix);
}

struct str
str_trim(struct str s)
{
	while (s.n > 0 && ascii_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && ascii_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

ptrdiff_t
str_find(struct str in, struct str what)
{
	const char *hit;

	if (what.n == 0)
		return 0;
	if (in.n < what.n)
		return -1;
	hit = memmem(in.p, in.n, what.p, what.n);
	return hit ? hit - in.p : -1;
}

ptrdiff_t
str_ifind(struct str in, struct str what)
{
	if (what.n == 0)
		return 0;
	if (in.n < what.n)
		return -1;
	char first = ascii_lower(what.p[0]);

	for (size_t i = 0; i + what.n <= in.n; i++) {
		if (ascii_lower(in.p[i]) == first &&
		    str_ieq((struct str){ in.p + i, what.n }, what))
			return (ptrdiff_t)i;
	}
	return -1;
}

size_t
str_count(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

bool
str_has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == 0x7f)
			return true;
	}
	return false;
}

bool
str_line(struct str *rest, struct str *line_out)
{
	const char *end;
	size_t n;

	if (rest->n == 0)
		return false;
	end = memchr(rest->p, '\n', rest->n);
	n = end ? (size_t)(end - rest->p) : rest->n;
	*line_out = (struct str){ rest->p, n };
	if (end)
		n++;
	rest->p += n;
	rest->n -= n;
	if (end && line_out->n > 0 && line_out->p[line_out->n - 1] == '\r')
		line_out->n--;
	return true;
}

bool
str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	int64_t v = 0;

	if (minus)
		s = str_sub(s, 1, s.n);
	if (s.n == 0 || s.n > 19)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_digit(s.p[i]))
			return false;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, s.p[i] - '0', &v))
			return false;
	}
	if (minus)
		v = -v;
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

bool
str_is_guid(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : ascii_hex(s.p[i]) < 0)
			return false;
	}
	return true;
}

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
size_t
utf8_next_long(struct str s, uint32_t *cp_out)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint32_t cp, min;
	size_t len;

	if (s.n == 0)
		return 0;
	*cp_out = 0xfffd;
	if (p[0] < 0x80) {
		*cp_out = p[0];
		return 1;
	} else if (p[0] >= 0xc2 && p[0] < 0xe0) {
		len = 2;
		cp = p[0] & 0x1f;
		min = 0x80;
	} else if (p[0] >= 0xe0 && p[0] < 0xf0) {
		len = 3;
		cp = p[0] & 0x0f;
		min = 0x800;
	} else if (p[0] >= 0xf0 && p[0] < 0xf5) {
		len = 4;
		cp = p[0] & 0x07;
		min = 0x10000;
	} else {
		return 1;
	}
	if (s.n < len)
		return 1;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		cp = cp << 6 | (p[i] & 0x3f);
	}
	if (cp < min || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return 1;
	*cp_out = cp;
	return len;
}

struct str
utf8_first(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return str_sub(s, 0, max);
}

bool
utf8_letter(uint32_t cp)
{
	static const struct {
		uint32_t from, to;
	} others[] = {
		{ 0xd7, 0xd7 }, { 0xf7, 0xf7 },	/* times, divided by */
		{ 0x2000, 0x2bff }, { 0x2e00, 0x2e7f }, { 0x3000, 0x303f },
		{ 0xe000, 0xf8ff },		/* private use */
		{ 0xfe00, 0xfe0f },		/* variants */
		/* Full width, half width. */
		{ 0xff00, 0xff20 }, { 0xff3b, 0xff40 }, { 0xff5b, 0xff65 },
		{ 0xfff0, 0xffff },
		{ 0x1f000, 0x1ffff },		/* pictures */
	};

	if (cp < 0xc0)
		return cp < 0x80 && ascii_alpha((char)cp);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (cp <= others[i].to)
			return cp < others[i].from;
	}
	return true;
}

bool
utf8_unspaced(uint32_t cp)
{
	return (cp >= 0x0e00 && cp < 0x10a0) || (cp >= 0x1780 && cp < 0x1800) ||
	    (cp >= 0x2e80 && cp < 0xa000) || cp >= 0x20000;
}

bool
utf8_hidden(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ||
	    (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

/* How many of the first bytes are surely ASCII; eight at once, since most text
 * is nothing else. */
static size_t
ascii_length(struct str s)
{
	size_t n = 0;

	for (uint64_t eight; n + sizeof eight <= s.n; n += sizeof eight) {
		memcpy(&eight, s.p + n, sizeof eight);
		if (eight & 0x8080808080808080)
			break;
	}
	return n;
}

bool
utf8_valid(struct str s)
{
	while (s.n > 0) {
		uint32_t cp = 0;
		size_t len = ascii_length(s);

		if (len == 0)
			len = utf8_next(s, &cp);
		if (cp == 0xfffd && len == 1)
			return false;
		s.p += len;
		s.n -= len;
	}
	return true;
}
