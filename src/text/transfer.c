#include <string.h>

#include "base/buf.h"
#include "text/transfer.h"

#define MAX_LOOKS	4	/* for plain text behind base64's padding */

/* Value of a base64 letter (the URL-safe ones too), -1 for others. */
static int
letter(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_digit(c))
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

/* Does it read like words and not like letters of base64? */
static bool
looks_plain(struct str s)
{
	size_t junk = 0, blank = 0, seen = 0;

	s = str_trim(s);
	for (size_t i = 0; i < s.n && seen < 4096; i++, seen++) {
		char c = s.p[i];

		if (c == '\n' || c == '\r')
			continue;
		if (ascii_space(c))
			blank++;
		else if (letter(c) < 0 && c != '=')
			junk++;
	}
	return (junk + blank) * 12 > seen;
}

struct str
transfer_base64(struct arena *a, struct str s)
{
	char *out = arena_room(a, s.n + 1);
	size_t n = 0;
	uint32_t bits = 0;
	int have = 0, looks = MAX_LOOKS;

	for (size_t i = 0; i < s.n; i++) {
		int v = letter(s.p[i]);

		if (v >= 0) {
			bits = bits << 6 | (uint32_t)v;
			have += 6;
			if (have >= 8) {
				have -= 8;
				out[n++] = (char)(bits >> have & 0xff);
			}
			continue;
		}
		if (s.p[i] != '=')
			continue;
		bits = 0;
		have = 0;
		while (i + 1 < s.n && s.p[i + 1] == '=')
			i++;
		/* A look costs time: few of them tell enough. */
		if (looks-- <= 0)
			continue;
		struct str rest = str_sub(s, i + 1, s.n);

		if (looks_plain(rest)) {
			memcpy(out + n, rest.p, rest.n);
			n += rest.n;
			break;
		}
	}
	out[n] = '\0';
	return (struct str){ out, n };
}

/* At a "=": how much of a soft line end stands there, blanks before the line
 * end included; 0: none. */
static size_t
soft_break(struct str s, size_t at)
{
	size_t i = at + 1;

	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\r'))
		i++;
	if (i == s.n || s.p[i] == '\n')
		return i + (i < s.n) - at;
	return 0;
}

struct str
transfer_quoted(struct arena *a, struct str s, bool word)
{
	char *out = arena_room(a, s.n + 1);
	size_t n = 0, text_end = 0, skip;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '=' && i + 2 < s.n && ascii_hex(s.p[i + 1]) >= 0 &&
		    ascii_hex(s.p[i + 2]) >= 0) {
			out[n++] = (char)(ascii_hex(s.p[i + 1]) << 4 |
			    ascii_hex(s.p[i + 2]));
			text_end = n;
			i += 2;
		} else if (c == '=' && !word &&
		    (skip = soft_break(s, i)) > 0) {
			text_end = n;
			i += skip - 1;
		} else if (word && c == '_') {
			out[n++] = ' ';
		} else if (!word && c == '\n') {
			/* RFC 2045 6.7 (3): blanks at a line's end were
			 * added on the way. */
			n = text_end;
			out[n++] = '\n';
			text_end = n;
		} else {
			out[n++] = c;
			if (c != ' ' && c != '\t')
				text_end = n;
		}
	}
	out[n] = '\0';
	return (struct str){ out, n };
}

/* Undeclared quoted-printable: soft line ends and codes, and few "=" that are
 * neither. */
static bool
looks_quoted(struct str s)
{
	size_t codes = 0, soft = 0, other = 0;
	const char *p = s.p, *end = s.p + s.n;

	while (p < end && (p = memchr(p, '=', (size_t)(end - p)))) {
		size_t at = (size_t)(p - s.p);

		if (at + 2 < s.n && ascii_hex(p[1]) >= 0 && ascii_hex(p[2]) >= 0)
			codes++;
		else if (at + 1 < s.n && p[1] == '\n')
			soft++;
		else
			other++;
		p++;
	}
	return codes >= 2 && soft >= 1 && other * 4 <= codes + soft;
}

/* Undeclared base64: whole lines of its letters, and text when decoded. */
static bool
looks_base64(struct arena *a, struct str s)
{
	struct str rest = str_trim(s), line, sample;
	size_t lines = 0;

	while (lines < 8 && str_line(&rest, &line)) {
		if (line.n > 100 || (rest.n > 0 && line.n < 40))
			return false;
		for (size_t i = 0; i < line.n; i++) {
			if (letter(line.p[i]) < 0 && line.p[i] != '=')
				return false;
		}
		lines++;
	}
	if (lines == 0 || (lines == 1 && s.n < 40))
		return false;
	sample = transfer_base64(a, str_sub(str_trim(s), 0, 400));
	for (size_t i = 0; i < sample.n; i++) {
		unsigned char c = (unsigned char)sample.p[i];

		if (c < 0x20 && c != '\n' && c != '\t' && c != '\r')
			return false;
	}
	return sample.n > 0 && memchr(sample.p, ' ', sample.n);
}

enum transfer { PLAIN, BASE64, QUOTED, UNSAID };

static enum transfer
transfer_named(const char *encoding)
{
	struct str e = str_trim(str_of(encoding));

	if (str_istarts(e, STR("base64")) || str_istarts(e, STR("base-64")))
		return BASE64;
	if (str_istarts(e, STR("quoted")))
		return QUOTED;
	if (str_istarts(e, STR("8bit")) || str_istarts(e, STR("binary")))
		return PLAIN;
	return UNSAID;
}

struct str
transfer_decode(struct arena *a, struct str body, const char *encoding,
    bool text)
{
	switch (transfer_named(encoding)) {
	case BASE64:
		if (text && looks_plain(body))
			return body;
		return transfer_base64(a, body);
	case QUOTED:
		return transfer_quoted(a, body, false);
	case PLAIN:
		return body;
	case UNSAID:
		break;
	}
	if (text && looks_quoted(body))
		return transfer_quoted(a, body, false);
	if (text && looks_base64(a, body))
		return transfer_base64(a, body);
	return body;
}

size_t
transfer_size(struct str body, const char *encoding)
{
	size_t line;
	const char *end;

	if (transfer_named(encoding) != BASE64)
		return body.n;
	body = str_trim(body);
	end = body.n > 0 ? memchr(body.p, '\n', body.n) : NULL;
	line = end ? (size_t)(end - body.p) : body.n;
	if (line > 0)
		body.n -= body.n / (line + 1);
	for (int i = 0; i < 2 && body.n > 0 && body.p[body.n - 1] == '='; i++)
		body.n--;
	return body.n / 4 * 3 + body.n % 4 * 3 / 4;
}
