#include <string.h>

#include "text/css.h"

#define MAX_BRACKETS 64		/* one within another */

static bool
is_newline(char c)
{
	return c == '\n' || c == '\r' || c == '\f';
}

/* Behind the string whose quote is s.p[i]. */
static size_t
behind_string(struct str s, size_t i, bool *open)
{
	char quote = s.p[i++];

	for (; i < s.n && !is_newline(s.p[i]); i++) {
		if (s.p[i] == quote)
			return i + 1;
		i += s.p[i] == '\\';
	}
	*open |= i >= s.n;
	return i < s.n ? i : s.n;
}

/* Behind an unquoted url() that begins at i, else i: a quote in it is none. */
static size_t
behind_url(struct str s, size_t i, bool *open)
{
	struct str rest = str_sub(s, i, s.n);
	size_t n = 4;

	if (rest.n < n || !str_ieq(str_sub(rest, 0, n), STR("url(")))
		return i;
	while (n < rest.n && ascii_space(rest.p[n]))
		n++;
	if (n < rest.n && (rest.p[n] == '"' || rest.p[n] == '\''))
		return i;
	while (n < rest.n && rest.p[n] != ')')
		n += rest.p[n] == '\\' ? 2 : 1;
	*open |= n >= rest.n;
	return n < rest.n ? i + n + 1 : s.n;
}

/* Behind what begins at i and is no syntax; i: nothing of the kind. */
static size_t
behind(struct str s, size_t i, bool *open)
{
	char c = s.p[i];

	if (c == '\\')
		return i + 2 < s.n ? i + 2 : s.n;
	if (c == '"' || c == '\'')
		return behind_string(s, i, open);
	return c == 'u' || c == 'U' ? behind_url(s, i, open) : i;
}

size_t
css_uncomment(char *p, size_t n, bool *open)
{
	const struct str s = { p, n };
	size_t to = 0;

	for (size_t i = 0; i < n;) {
		struct str rest = str_sub(s, i, n);
		size_t end;

		if (str_starts(rest, STR("/*"))) {
			ptrdiff_t at = str_find(str_sub(rest, 2, rest.n),
			    STR("*/"));

			*open |= at < 0;
			i = at < 0 ? n : i + (size_t)at + 4;
			continue;
		}
		end = behind(s, i, open);
		end += end == i;
		memmove(p + to, p + i, end - i);
		to += end - i;
		i = end;
	}
	return to;
}

/* What ends what c begins; 0: it begins nothing. */
static char
closing(char c)
{
	return c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : 0;
}

size_t
css_find(struct str s, const char *signs, bool *open)
{
	char closings[MAX_BRACKETS];
	size_t depth = 0;

	for (size_t i = 0; i < s.n;) {
		size_t end = behind(s, i, open);
		char c = s.p[i];

		if (end > i) {
			i = end;
			continue;
		}
		if (depth == 0 && c && strchr(signs, c))
			return i;
		if (depth > 0 && c == closings[depth - 1]) {
			depth--;
		} else if (closing(c)) {
			if (depth == MAX_BRACKETS) {
				*open = true;
				break;
			}
			closings[depth++] = closing(c);
		}
		i++;
	}
	return s.n;
}

struct str
css_behind_block(struct str s, bool *open)
{
	return str_sub(s, css_find(s, "}", open) + 1, s.n);
}

struct str
css_selectors(struct str s, bool *open)
{
	ptrdiff_t at;
	size_t n;

	while ((at = str_find(s, STR("<!--"))) >= 0)
		s = str_sub(s, (size_t)at + 4, s.n);
	while ((at = str_find(s, STR("-->"))) >= 0)
		s = str_sub(s, (size_t)at + 3, s.n);
	/* The end of an at-rule whose block was gone into, too. */
	while ((n = css_find(s, ";}", open)) < s.n)
		s = str_sub(s, n + 1, s.n);
	return str_trim(s);
}
