#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "role/html.h"

#define MAX_MARKS 64		/* places marked in one text */

struct html
html_new(struct arena *a)
{
	return (struct html){ .b = buf_new(a, CD_MAX_PAGE) };
}

/* U+FFFD stands for what was not UTF-8. */
static bool
unprintable(uint32_t cp)
{
	return cp == 0xfffd || (utf8_hidden(cp) && cp != '\t' && cp != '\n' &&
	    cp != '\r');
}

void
html_text(struct html *h, struct str s)
{
	while (s.n > 0) {
		uint32_t cp;
		size_t n = utf8_next(s, &cp);

		if (unprintable(cp))
			buf_puts(&h->b, "\xef\xbf\xbd");
		else
			buf_html(&h->b, str_sub(s, 0, n));
		s = str_sub(s, n, s.n);
	}
}

static const char *
put_number(struct html *h, const char *f, va_list *ap)
{
	if (f[0] == 'd') {
		buf_printf(&h->b, "%d", va_arg(*ap, int));
		return f + 1;
	}
	if (f[0] == 'z' && f[1] == 'u') {
		buf_printf(&h->b, "%zu", va_arg(*ap, size_t));
		return f + 2;
	}
	if (strncmp(f, "lld", 3) == 0) {
		buf_printf(&h->b, "%lld", va_arg(*ap, long long));
		return f + 3;
	}
	cd_assert(f[0] == 'l' && f[1] == 'd');
	buf_printf(&h->b, "%ld", va_arg(*ap, long));
	return f + 2;
}

void
html_put(struct html *h, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	while (*fmt) {
		size_t n = strcspn(fmt, "%");

		buf_add(&h->b, fmt, n);
		fmt += n;
		if (!*fmt)
			break;
		fmt++;
		if (*fmt == 's') {
			html_text(h, str_of(va_arg(ap, const char *)));
			fmt++;
		} else if (*fmt == '%') {
			buf_char(&h->b, '%');
			fmt++;
		} else {
			fmt = put_number(h, fmt, &ap);
		}
	}
	va_end(ap);
}

/* Where the needle is from there on; SIZE_MAX: nowhere. */
static size_t
find_from(struct str s, size_t from, struct str needle)
{
	ptrdiff_t at = needle.n > 0
	    ? str_ifind(str_sub(s, from, s.n), needle) : -1;

	return at < 0 ? SIZE_MAX : from + (size_t)at;
}

/* Each needle's next place is kept until it is passed: one that is rare or
 * nowhere is looked for once in a long text, not once for each mark. */
void
html_marked(struct html *h, struct str s, const char *const *needles,
    size_t n_needles)
{
	size_t *next = arena_array(h->b.arena, n_needles, sizeof *next);
	size_t done = 0;

	for (size_t i = 0; i < n_needles; i++)
		next[i] = find_from(s, 0, str_of(needles[i]));
	for (int marks = 0; marks < MAX_MARKS; marks++) {
		size_t at = SIZE_MAX, end = 0;

		for (size_t i = 0; i < n_needles; i++) {
			struct str needle = str_of(needles[i]);

			if (next[i] < done)
				next[i] = find_from(s, done, needle);
			if (next[i] < at || (next[i] == at && at != SIZE_MAX &&
			    at + needle.n > end)) {
				at = next[i];
				end = at + needle.n;
			}
		}
		if (at == SIZE_MAX)
			break;
		html_text(h, str_sub(s, done, at));
		buf_puts(&h->b, "<mark>");
		html_text(h, str_sub(s, at, end));
		buf_puts(&h->b, "</mark>");
		done = end;
	}
	html_text(h, str_sub(s, done, s.n));
}

void
html_join(struct html *h, struct html *piece)
{
	buf_adds(&h->b, html_str(piece));
	h->b.full = h->b.full || piece->b.full;
}

bool
html_whole(const struct html *h)
{
	return !h->b.full;
}

struct str
html_str(struct html *h)
{
	return buf_str(&h->b);
}

const char *
html_query(struct arena *a, const char *value)
{
	struct buf b = buf_new(a, 64 * 1024);

	for (; value && *value; value++) {
		if (ascii_alnum(*value) || strchr("-._~", *value))
			buf_char(&b, *value);
		else
			buf_printf(&b, "%%%02X", (unsigned char)*value);
	}
	return buf_str(&b).p;
}
