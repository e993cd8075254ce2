#include <string.h>

#include "text/css.h"

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
	ptrdiff_t end;
	size_t n = 4;

	if (rest.n < n || !str_ieq(str_sub(rest, 0, n), STR("url(")))
		return i;
	while (n < rest.n && ascii_space(rest.p[n]))
		n++;
	if (n < rest.n && (rest.p[n] == '"' || rest.p[n] == '\''))
		return i;
	end = str_find(rest, STR(")"));
	*open |= end < 0;
	return end < 0 ? s.n : i + (size_t)end + 1;
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

size_t
css_find(struct str s, const char *signs, bool *open)
{
	for (size_t i = 0; i < s.n;) {
		size_t end = behind(s, i, open);

		if (end == i && s.p[i] && strchr(signs, s.p[i]))
			return i;
		i = end == i ? i + 1 : end;
	}
	return s.n;
}

struct str
css_behind_block(struct str s, bool *open)
{
	size_t depth = 1;

	while (depth > 0) {
		size_t i = css_find(s, "{}", open);

		if (i == s.n) {
			*open = true;
			return str_sub(s, s.n, s.n);
		}
		depth += s.p[i] == '{';
		depth -= s.p[i] == '}';
		s = str_sub(s, i + 1, s.n);
	}
	return s;
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
