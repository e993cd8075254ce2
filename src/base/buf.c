#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

struct buf
buf_new(struct arena *a, size_t max)
{
	return (struct buf){ .arena = a, .max = max };
}

static void
buf_grow(struct buf *b, size_t cap)
{
	b->p = arena_grow(b->arena, b->p, b->cap, cap);
	b->p[b->n] = '\0';
	b->cap = cap;
}

void
buf_reserve(struct buf *b, size_t n)
{
	if (n > b->max)
		n = b->max;
	if (n >= b->cap)
		buf_grow(b, n + 1);
}

/* Room for n more and the final NUL; false: it would pass the maximum. */
static bool
buf_room(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 128;

	if (n > b->max - b->n) {
		b->full = true;
		return false;
	}
	if (b->n + n < b->cap)
		return true;
	while (cap <= b->n + n)
		cap *= 2;
	buf_grow(b, cap);
	return true;
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (!buf_room(b, n))
		return;
	if (n > 0)
		memcpy(b->p + b->n, bytes, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

static void
buf_html_char(struct buf *b, char c)
{
	switch (c) {
	case '&':
		buf_puts(b, "&amp;");
		break;
	case '<':
		buf_puts(b, "&lt;");
		break;
	case '>':
		buf_puts(b, "&gt;");
		break;
	case '"':
		buf_puts(b, "&quot;");
		break;
	case '\'':
		buf_puts(b, "&#39;");
		break;
	default:
		buf_char(b, c);
	}
}

void
buf_html(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_html_char(b, s.p[i]);
}

/* Bytes at the start of s that JSON takes as they are. */
static size_t
json_plain(struct str s)
{
	size_t n = 0;

	while (n < s.n) {
		unsigned char c = (unsigned char)s.p[n];
		uint32_t cp = c;
		size_t len = 1;

		/* Nearly all of most mail. */
		if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
			n++;
			continue;
		}
		if (c >= 0x80 && (len = utf8_next(str_sub(s, n, s.n), &cp)) == 1)
			break;
		if (utf8_hidden(cp) || c == '"' || c == '\\')
			break;
		n += len;
	}
	return n;
}

void
buf_json(struct buf *b, struct str s)
{
	for (;;) {
		size_t n = json_plain(s), len;
		uint32_t cp;

		buf_add(b, s.p, n);
		if (n == s.n)
			return;
		s = str_sub(s, n, s.n);
		len = utf8_next(s, &cp);
		if (cp == '\n')
			buf_puts(b, "\\n");
		else if (cp == 0xfffd)
			buf_utf8(b, cp);
		else if (utf8_hidden(cp))
			buf_printf(b, "\\u%04x", cp);
		else
			buf_add(b, (const char[]){ '\\', (char)cp }, 2);
		s = str_sub(s, len, s.n);
	}
}

void
buf_adds(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	cd_assert(n >= 0);
	if (buf_room(b, (size_t)n)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void
buf_utf8(struct buf *b, uint32_t cp)
{
	char s[4];

	if (cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		cp = 0xfffd;
	buf_add(b, s, utf8_put(s, cp));
}

struct str
buf_str(struct buf *b)
{
	buf_add(b, "", 0);
	return (struct str){ b->p, b->n };
}
