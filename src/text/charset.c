/*
 * Charsets of mails. UTF-8, ASCII and windows-1252 (which is what Latin-1
 * means in mail, WHATWG Encoding 4.2) are done here, because they are nearly
 * every mail and because a table needs no file; the rest is iconv's work. glibc
 * loads its tables from its gconv folder at the first use of a charset: a
 * sandbox must let that folder be read, or the ladder goes on without iconv.
 */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/buf.h"
#include "text/charset.h"

/* What windows-1252 has at 0x80 .. 0x9f; 0 where it has nothing. */
static const uint16_t cp1252[32] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

/* Labels of mails, without case, '-', '_' and ' ', and iconv's name of what
 * they mean in practice. Others go to iconv as they are. */
static const struct alias {
	const char *label, *name;
} aliases[] = {
	{ "utf8", "UTF-8" },
	{ "unicode11utf8", "UTF-8" },
	{ "utf8mb4", "UTF-8" },
	{ "usascii", "ASCII" },
	{ "ascii", "ASCII" },
	{ "ansix3.41968", "ASCII" },
	{ "iso646us", "ASCII" },
	{ "us", "ASCII" },
	{ "7bit", "ASCII" },
	{ "iso88591", "CP1252" },
	{ "iso885911987", "CP1252" },
	{ "latin1", "CP1252" },
	{ "l1", "CP1252" },
	{ "windows1252", "CP1252" },
	{ "cp1252", "CP1252" },
	{ "xcp1252", "CP1252" },
	{ "win1252", "CP1252" },
	{ "ansi", "CP1252" },
	{ "iso88599", "CP1254" },
	{ "latin5", "CP1254" },
	{ "iso885911", "CP874" },
	{ "tis620", "CP874" },
	{ "windows874", "CP874" },
	{ "iso88598i", "ISO-8859-8" },
	{ "iso88598e", "ISO-8859-8" },
	{ "gb2312", "GB18030" },
	{ "xgbk", "GB18030" },
	{ "gbk", "GB18030" },
	{ "cp936", "GB18030" },
	{ "hzgb2312", "HZ" },
	{ "big5", "BIG5-HKSCS" },
	{ "xxbig5", "BIG5-HKSCS" },
	{ "ksc56011987", "CP949" },
	{ "ksc5601", "CP949" },
	{ "euckr", "CP949" },
	{ "windows949", "CP949" },
	{ "shiftjis", "CP932" },
	{ "sjis", "CP932" },
	{ "xsjis", "CP932" },
	{ "windows31j", "CP932" },
	{ "iso2022jp", "ISO-2022-JP-2" },
	{ "xeucjp", "EUC-JP" },
	{ "koi8ru", "KOI8-U" },
	{ "koi", "KOI8-R" },
	{ "win1251", "CP1251" },
	{ "windows1251", "CP1251" },
	{ "xcp1251", "CP1251" },
	{ "windows1250", "CP1250" },
	{ "windows1253", "CP1253" },
	{ "windows1254", "CP1254" },
	{ "windows1255", "CP1255" },
	{ "windows1256", "CP1256" },
	{ "windows1257", "CP1257" },
	{ "windows1258", "CP1258" },
	{ "xmacroman", "MACINTOSH" },
	{ "macroman", "MACINTOSH" },
	{ "xmaccyrillic", "MAC-CYRILLIC" },
	/* Without a mark; and with one iconv would keep its order for the texts
	 * that follow. */
	{ "utf16", "UTF-16LE" },
	{ "csunicode", "UTF-16LE" },
	{ "utf32", "UTF-32LE" },
	{ "utf16le", "UTF-16LE" },
	{ "utf16be", "UTF-16BE" },
	{ "unicode", "UTF-16LE" },
	{ "utf7", "UTF-7" },
	{ "unicode11utf7", "UTF-7" },
};

/* iconv's name of a declared charset in `out`; "" where nothing usable is
 * declared. */
static void
charset_name(const char *declared, char *out, size_t size)
{
	char label[40];
	size_t n = 0, m = 0;

	out[0] = '\0';
	if (!declared)
		return;
	for (const char *p = declared; *p; p++) {
		char c = ascii_lower(*p);

		if (c == '*' || c == ';')
			break; /* RFC 2231's language, stray parameters */
		/* No charset has such a name: what was copied is none either. */
		if ((!ascii_alnum(c) && !strchr("-_.:+ \"'", c)) ||
		    m + 1 >= size || n + 1 >= sizeof label) {
			out[0] = '\0';
			return;
		}
		if (strchr(" \"'", c))
			continue;
		out[m++] = c;
		if (c != '-' && c != '_')
			label[n++] = c;
	}
	out[m] = '\0';
	label[n] = '\0';
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
		if (strcmp(label, aliases[i].label) == 0) {
			memcpy(out, aliases[i].name,
			    strlen(aliases[i].name) + 1);
			return;
		}
	}
}

struct census {
	size_t high;		/* bytes >= 0x80 */
	size_t sequences;	/* whole characters of several bytes */
	size_t broken;		/* bytes that are in none */
	bool control;		/* something to drop or turn */
};

/* Eight plain bytes at once: the common mail is ASCII. */
static bool
word_plain(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof w);
	/* High bit set, or below 0x20 (which borrows), or 0x7f. */
	return ((w | (w - 0x2020202020202020u) |
	    (w + 0x0101010101010101u)) & 0x8080808080808080u) == 0;
}

static struct census
utf8_census(struct str s)
{
	struct census c = { 0 };

	while (s.n > 0) {
		uint32_t cp;
		size_t len;

		if (s.n >= 8 && word_plain(s.p)) {
			s.p += 8;
			s.n -= 8;
			continue;
		}
		len = utf8_next(s, &cp);
		if (len > 1) {
			c.sequences++;
			c.high += len;
			if (cp < 0xa0 || cp == 0xfeff)
				c.control = true;
		} else if (cp == 0xfffd) {
			c.broken++;
			c.high++;
		} else if (cp < 0x20 && cp != '\n' && cp != '\t') {
			c.control = true;
		} else if (cp == 0x7f) {
			c.control = true;
		}
		s.p += len;
		s.n -= len;
	}
	return c;
}

uint32_t
charset_seen(uint32_t cp)
{
	if (cp >= 0x80 && cp < 0xa0) {
		/* C1 controls are windows-1252 that went through Latin-1. */
		return cp1252[cp - 0x80];
	}
	if (cp == 0xfeff || cp == 0x7f)
		return 0;
	return cp < 0x20 && cp != '\n' && cp != '\t' ? 0 : cp;
}

/* Bytes at the start of s that can be copied as they are. */
static size_t
clean_run(struct str s)
{
	size_t n = 0;

	while (n < s.n) {
		unsigned char c = (unsigned char)s.p[n];
		uint32_t cp;
		size_t len = 1;

		if (c >= 0x80) {
			len = utf8_next(str_sub(s, n, s.n), &cp);
			if (len == 1 || cp < 0xa0 || cp == 0xfeff)
				break;
		} else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
			break;
		}
		n += len;
	}
	return n;
}

/* UTF-8 with control bytes dropped, line ends made "\n" and broken bytes made
 * U+FFFD. */
static struct str
utf8_clean(struct arena *a, struct str s)
{
	struct buf out = buf_new(a, s.n * 3 + 1);

	buf_reserve(&out, s.n);
	while (s.n > 0) {
		uint32_t cp;
		size_t len = clean_run(s);

		if (len > 0) {
			buf_add(&out, s.p, len);
			s = str_sub(s, len, s.n);
			continue;
		}
		len = utf8_next(s, &cp);
		if (cp == '\r') {
			if (s.n < 2 || s.p[1] != '\n')
				buf_char(&out, '\n');
		} else if ((cp = charset_seen(cp)) != 0) {
			buf_utf8(&out, cp);
		}
		s.p += len;
		s.n -= len;
	}
	return buf_str(&out);
}

/* A text of nothing but accents is none: it is written straight, letter by letter,
 * into room for the longest it can become. */
static struct str
cp1252_to_utf8(struct arena *a, struct str s, bool *lossy)
{
	size_t most = s.n + 1;
	char *out, *to;

	for (size_t i = 0; i < s.n; i++)
		most += (unsigned char)s.p[i] < 0x80 ? 0 :
		    (unsigned char)s.p[i] < 0xa0 ? 2 : 1;
	out = to = arena_room(a, most);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		uint32_t cp = c;

		if (c == '\r') {
			if (i + 1 == s.n || s.p[i + 1] != '\n')
				*to++ = '\n';
			continue;
		}
		if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
			cp = charset_seen(c);
			if (cp == 0 && c < 0x80)
				continue;
			*lossy |= cp == 0;
			cp = cp == 0 ? 0xfffd : cp;
		}
		to += utf8_put(to, cp);
	}
	*to = '\0';
	return (struct str){ out, (size_t)(to - out) };
}

/* Opening one loads a table's module and closing it lets the module go, which
 * costs more than most words: they stay open, and a mail gets no more than there
 * are places. The program has one thread. */
static struct converter {
	char name[40];
	iconv_t cd;		/* -1: not known */
	unsigned mail;		/* that used it last */
} converters[CD_MAX_CHARSETS];

static unsigned mail_now;
static bool limited;

void
charset_mail_begin(void)
{
	mail_now++;
	limited = false;
}

bool
charset_limited(void)
{
	return limited;
}

/* A converter in its first state, or -1. */
static iconv_t
converter_get(const char *name)
{
	struct converter *c = NULL;

	for (size_t i = 0; i < CD_MAX_CHARSETS; i++) {
		struct converter *at = &converters[i];

		if (strcmp(at->name, name) == 0) {
			c = at;
			break;
		}
		if ((!at->name[0] || at->mail != mail_now) &&
		    (!c || (c->name[0] && (!at->name[0] ||
		    mail_now - at->mail > mail_now - c->mail))))
			c = at;
	}
	if (!c) {
		limited = true;
		return (iconv_t)-1;
	}
	/* One that was not known may only have been out of reach. */
	if (strcmp(c->name, name) != 0 ||
	    (c->cd == (iconv_t)-1 && c->mail != mail_now)) {
		if (c->name[0] && c->cd != (iconv_t)-1)
			iconv_close(c->cd);
		cd_assert(strlen(name) < sizeof c->name);
		memcpy(c->name, name, strlen(name) + 1);
		c->cd = iconv_open("UTF-8", name);
	}
	c->mail = mail_now;
	if (c->cd != (iconv_t)-1)
		iconv(c->cd, NULL, NULL, NULL, NULL);
	return c->cd;
}

/* false: iconv does not know the charset, or next to nothing could be read. */
static bool
iconv_to_utf8(struct arena *a, struct str s, const char *name, bool *lossy,
    struct str *out)
{
	iconv_t cd = converter_get(name);
	struct buf b = buf_new(a, s.n * 4 + 64);
	char *in = (char *)(uintptr_t)s.p;
	size_t left = s.n, bad = 0;

	if (cd == (iconv_t)-1)
		return false;
	buf_reserve(&b, s.n);
	while (left > 0) {
		char chunk[4096], *o = chunk;
		size_t room = sizeof chunk;
		size_t rc = iconv(cd, &in, &left, &o, &room);

		buf_add(&b, chunk, sizeof chunk - room);
		if (rc != (size_t)-1 || errno == E2BIG)
			continue;
		bad++;
		/* It is not this charset at all; and what was not read yet
		 * must not be lost. */
		if (bad > 64 && bad > (s.n - left) / 4)
			return false;
		buf_utf8(&b, 0xfffd);
		in++;
		left--;
	}
	if (bad > 8 && bad > s.n / 4)
		return false;
	if (bad > 0)
		*lossy = true;
	*out = utf8_clean(a, buf_str(&b));
	return true;
}

#define LONGEST_WORD	80	/* letters: beyond it is no text */

/* The charset of words of nothing but Cyrillic letters, or NULL: in Latin scripts
 * such bytes stand beside plain letters. KOI8 has the small letters where
 * windows-1251 has the capital ones: a word goes from capital to small. */
static const char *
cyrillic_charset(struct str s)
{
	size_t apart = 0, beside = 0, others = 0, run = 0, longest = 0;
	size_t up = 0, down = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0xc0) {
			others += c >= 0x80;
			run = 0;
			continue;
		}
		if (run > 0) {
			up += (unsigned char)s.p[i - 1] < 0xe0 && c >= 0xe0;
			down += (unsigned char)s.p[i - 1] >= 0xe0 && c < 0xe0;
		}
		/* Whatever else it holds: no text has such a word. */
		if (++run > LONGEST_WORD)
			return NULL;
		longest = run > longest ? run : longest;
		if ((i > 0 && ascii_alpha(s.p[i - 1])) ||
		    (i + 1 < s.n && ascii_alpha(s.p[i + 1])))
			beside++;
		else
			apart++;
	}
	if (longest < 3 || apart < 8 || beside * 10 > apart ||
	    others * 4 > apart)
		return NULL;
	return down > up ? "KOI8-U" : "CP1251";
}

/* What is called Latin-1, or nothing, and is no UTF-8. */
static struct str
one_byte_to_utf8(struct arena *a, struct str s, bool *lossy)
{
	const char *name = cyrillic_charset(s);
	bool broken = false;
	struct str out;

	if (name && iconv_to_utf8(a, s, name, &broken, &out) && !broken)
		return out;
	return cp1252_to_utf8(a, s, lossy);
}

/* The charset that a byte-order mark names, and its length. */
static const char *
byte_order_mark(struct str s, size_t *len)
{
	if (str_starts(s, STR("\xef\xbb\xbf"))) {
		*len = 3;
		return "UTF-8";
	}
	if (s.n >= 4 && str_starts(s, STR("\xff\xfe"))) {
		*len = 2;
		return "UTF-16LE";
	}
	if (s.n >= 4 && str_starts(s, STR("\xfe\xff"))) {
		*len = 2;
		return "UTF-16BE";
	}
	return NULL;
}

static struct str
utf8_or_1252(struct arena *a, struct str s, struct census c, bool declared,
    bool *lossy)
{
	if (c.broken == 0 || c.sequences >= c.broken) {
		if (c.broken > 0)
			*lossy = true;
		if (!c.control && c.broken == 0)
			return arena_copy(a, s);
		return utf8_clean(a, s);
	}
	if (declared)
		*lossy = true;
	return one_byte_to_utf8(a, s, lossy);
}

struct str
charset_to_utf8(struct arena *a, struct str bytes, const char *declared,
    bool *lossy_out)
{
	struct census c;
	struct str out;
	char name[40];
	size_t mark = 0;
	const char *by_mark = byte_order_mark(bytes, &mark);
	bool ignored = false, broken = false;
	bool *lossy = lossy_out ? lossy_out : &ignored;

	if (bytes.n == 0)
		return arena_copy(a, (struct str){ "", 0 });
	bytes = str_sub(bytes, mark, bytes.n);
	charset_name(by_mark ? by_mark : declared, name, sizeof name);
	c = utf8_census(bytes);
	if (strcmp(name, "UTF-8") == 0)
		return utf8_or_1252(a, bytes, c, true, lossy);
	if (!name[0] || strcmp(name, "ASCII") == 0)
		return utf8_or_1252(a, bytes, c, false, lossy);
	if (strcmp(name, "CP1252") == 0) {
		if (c.broken == 0)
			return utf8_or_1252(a, bytes, c, false, lossy);
		return one_byte_to_utf8(a, bytes, lossy);
	}
	/* Where the declared charset does not fit, whole UTF-8 does. */
	if (iconv_to_utf8(a, bytes, name, &broken, &out) &&
	    !(broken && c.broken == 0 && c.sequences > 0)) {
		*lossy = *lossy || broken;
		return out;
	}
	return utf8_or_1252(a, bytes, c, false, lossy);
}
