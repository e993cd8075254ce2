/*
 * RFC 2047 encoded words as mails really have them: with blanks inside, inside
 * quoted strings, cut in the middle of a character, glued to other text.
 */
#include <string.h>

#include "base/buf.h"
#include "text/address.h"
#include "text/charset.h"
#include "text/transfer.h"

/* RFC 2047 2 says 75 bytes; some write the whole subject as one. */
#define MAX_WORD	1024

struct word {
	struct str charset, text;
	bool base64;
	size_t length;		/* of the whole, "=?" to "?=" */
};

ptrdiff_t
header_word_end(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		if (s.p[i] == '?' && s.p[i + 1] == '=')
			return (ptrdiff_t)i;
		/* "=?=" is the end behind a "=" of base64. */
		if (s.p[i] == '=' && s.p[i + 1] == '?' &&
		    !(i + 2 < s.n && s.p[i + 2] == '='))
			return -1;
	}
	return -1;
}

/* An encoded word at the start of s? */
static bool
word_at(struct str s, struct word *w)
{
	size_t i = 2;
	ptrdiff_t end;

	if (!str_starts(s, STR("=?")))
		return false;
	while (i < s.n && i < 60 && s.p[i] != '?' && !ascii_space(s.p[i]))
		i++;
	if (i + 3 > s.n || s.p[i] != '?' || s.p[i + 2] != '?' || i == 2)
		return false;
	w->charset = str_sub(s, 2, i);
	switch (ascii_lower(s.p[i + 1])) {
	case 'b':
		w->base64 = true;
		break;
	case 'q':
		w->base64 = false;
		break;
	default:
		return false;
	}
	w->text = str_sub(s, i + 3, i + 3 + MAX_WORD);
	end = header_word_end(w->text);
	if (end < 0)
		return false;
	w->text.n = (size_t)end;
	w->length = i + 3 + w->text.n + 2;
	return true;
}

static struct str
word_bytes(struct arena *a, const struct word *w)
{
	return w->base64 ? transfer_base64(a, w->text) :
	    transfer_quoted(a, w->text, true);
}

/* Where the next encoded word stands after blanks only; false: none there. */
static bool
word_after_blanks(struct str s, size_t *blanks, struct word *w)
{
	size_t i = 0;

	while (i < s.n && ascii_space(s.p[i]))
		i++;
	*blanks = i;
	return word_at(str_sub(s, i, s.n), w);
}

static void
put_flat(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		buf_char(out, c < 0x20 || c == 0x7f ? ' ' : s.p[i]);
	}
}

/* One word and those of the same charset that follow it: characters are cut
 * between words, though RFC 2047 5 (3) forbids it. Returns bytes taken. */
static size_t
put_words(struct arena *a, struct buf *out, struct str s, struct word w,
    bool *lossy)
{
	struct buf bytes = buf_new(a, CD_MAX_HEADER_BYTES);
	struct str charset = w.charset;
	size_t at = w.length, blanks;
	struct word next;

	buf_adds(&bytes, word_bytes(a, &w));
	while (word_after_blanks(str_sub(s, at, s.n), &blanks, &next)) {
		/* Blanks between two words do not count, RFC 2047 6.2. */
		at += blanks;
		if (!str_ieq(next.charset, charset))
			break;
		buf_adds(&bytes, word_bytes(a, &next));
		at += next.length;
	}
	put_flat(out, charset_to_utf8(a, buf_str(&bytes),
	    arena_str(a, charset), lossy));
	return at;
}

char *
header_decode(struct arena *a, struct str value, bool *lossy_out)
{
	struct buf out = buf_new(a, CD_MAX_HEADER_BYTES);
	bool lossy = false;
	size_t at = 0;

	while (at < value.n) {
		struct str rest = str_sub(value, at, value.n);
		ptrdiff_t hit = str_find(rest, STR("=?"));
		struct word w;

		if (hit < 0) {
			put_flat(&out, rest);
			break;
		}
		put_flat(&out, str_sub(rest, 0, (size_t)hit));
		at += (size_t)hit;
		rest = str_sub(value, at, value.n);
		if (word_at(rest, &w)) {
			at += put_words(a, &out, rest, w, &lossy);
		} else {
			buf_puts(&out, "=?");
			at += 2;
		}
	}
	if (lossy && lossy_out)
		*lossy_out = true;
	buf_str(&out);
	if (!utf8_valid(buf_str(&out)))
		return arena_str(a, charset_to_utf8(a, buf_str(&out), NULL,
		    lossy_out));
	return out.p;
}
