/*
 * Names and words as IMAP wants them: quoted strings (RFC 3501 4.3) and folder
 * names in modified UTF-7 (RFC 3501 5.1.3).
 */
#include "io/imap_wire.h"

bool
wire_quote(const char *text, char *out, size_t n)
{
	size_t used = 0;

	if (n < 3)
		return false;
	out[used++] = '"';
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f ||
		    used + 4 > n)
			return false;
		if (*c == '"' || *c == '\\')
			out[used++] = '\\';
		out[used++] = *c;
	}
	out[used++] = '"';
	out[used] = 0;
	return true;
}

/* Base64 of UTF-16, "," for "/", without "=": RFC 3501 5.1.3. */
struct utf7 {
	char *out;
	size_t n, used;
	uint32_t bits;
	int n_bits;
	bool shifted;
};

static const char utf7_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+,";

static void
utf7_byte(struct utf7 *u, char c)
{
	if (u->used < u->n)
		u->out[u->used] = c;
	u->used++;
}

static void
utf7_bits(struct utf7 *u, uint32_t unit)
{
	if (!u->shifted)
		utf7_byte(u, '&');
	u->shifted = true;
	u->bits = u->bits << 16 | unit;
	u->n_bits += 16;
	while (u->n_bits >= 6) {
		u->n_bits -= 6;
		utf7_byte(u, utf7_digits[u->bits >> u->n_bits & 63]);
	}
	u->bits &= (1u << u->n_bits) - 1;
}

static void
utf7_end(struct utf7 *u)
{
	if (!u->shifted)
		return;
	if (u->n_bits > 0)
		utf7_byte(u, utf7_digits[u->bits << (6 - u->n_bits) & 63]);
	utf7_byte(u, '-');
	u->bits = 0;
	u->n_bits = 0;
	u->shifted = false;
}

bool
wire_folder(const char *utf8, char *out, size_t n)
{
	struct str s = str_of(utf8);
	char coded[1024];
	struct utf7 u = { .out = coded, .n = sizeof coded - 1 };
	uint32_t cp;
	size_t step;

	for (; (step = utf8_next(s, &cp)) > 0; s = str_sub(s, step, s.n)) {
		if (cp >= 0x20 && cp < 0x7f) {
			utf7_end(&u);
			utf7_byte(&u, (char)cp);
			if (cp == '&')
				utf7_byte(&u, '-');
			continue;
		}
		if (cp < 0x20 || cp == 0x7f)
			return false;
		if (cp >= 0x10000) {
			utf7_bits(&u, 0xd800 + ((cp - 0x10000) >> 10));
			cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
		}
		utf7_bits(&u, cp);
	}
	utf7_end(&u);
	if (u.used > u.n)
		return false;
	coded[u.used] = 0;
	return wire_quote(coded, out, n);
}
