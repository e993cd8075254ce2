#include <string.h>

#include "text/css.h"
#include "text/html_color.h"

#define MAX_BRACKETS 64		/* one within another */
#define SMALL_PX (800 * 1000)	/* in thousandths: a window on a desk is wider */
#define SMALL_EM (50 * 1000)

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
css_prelude(struct str s)
{
	for (;;) {
		s = str_trim(s);
		if (str_starts(s, STR("<!--")))
			s = str_sub(s, 4, s.n);
		else if (str_starts(s, STR("-->")))
			s = str_sub(s, 3, s.n);
		else
			return s;
	}
}

/* The letters that s begins with, and what follows them. */
static struct str
word_next(struct str *s)
{
	struct str word;
	size_t n = 0;

	while (n < s->n && (ascii_alnum(s->p[n]) || s->p[n] == '-'))
		n++;
	word = str_sub(*s, 0, n);
	*s = str_trim(str_sub(*s, n, s->n));
	return word;
}

/* "max-width:600px". */
static bool
is_small(struct str feature)
{
	struct str name = word_next(&feature), unit;
	long n;

	if (feature.n == 0 || feature.p[0] != ':' ||
	    !(str_ieq(name, STR("max-width")) ||
	    str_ieq(name, STR("max-device-width"))))
		return false;
	n = html_number(str_trim(str_sub(feature, 1, feature.n)), &unit);
	return (n <= SMALL_PX && str_ieq(unit, STR("px"))) ||
	    (n <= SMALL_EM && (str_ieq(unit, STR("em")) ||
	    str_ieq(unit, STR("rem"))));
}

/* "(min-width:9px) and (max-width:600px)": one that is false is enough. */
static enum css_reach
features_reach(struct str s)
{
	enum css_reach reach = CSS_PERHAPS;

	while (s.n > 0) {
		struct str rest = s;
		ptrdiff_t end;

		if (str_ieq(word_next(&rest), STR("and")))
			s = rest;
		end = str_find(s, STR(")"));
		if (end < 0 || s.p[0] != '(')
			return CSS_PERHAPS;
		if (is_small(str_trim(str_sub(s, 1, (size_t)end))))
			reach = CSS_NOWHERE;
		s = str_trim(str_sub(s, (size_t)end + 1, s.n));
	}
	return reach;
}

/* Of media that are no screen, and of those that nobody knows, none is ours. */
static enum css_reach
query_reach(struct str q)
{
	struct str all = q = str_trim(q), word = word_next(&q), rest;
	bool no = str_ieq(word, STR("not")), screen;

	if (no || str_ieq(word, STR("only")))
		word = word_next(&q);
	rest = q;
	if (word.n == 0)
		return features_reach(all);
	if (q.n > 0 && !str_ieq(word_next(&rest), STR("and")))
		return CSS_PERHAPS;
	screen = str_ieq(word, STR("screen")) || str_ieq(word, STR("all"));
	if (q.n > 0 && screen)
		return no ? CSS_PERHAPS : features_reach(q);
	return no == screen ? CSS_NOWHERE : CSS_EVERYWHERE;
}

enum css_reach
css_media_reach(struct str s, bool *open)
{
	enum css_reach reach = CSS_NOWHERE;

	s = str_trim(s);
	if (s.n == 0)
		return CSS_EVERYWHERE;
	while (s.n > 0) {
		size_t n = css_find(s, ",", open);
		enum css_reach query = query_reach(str_sub(s, 0, n));

		reach = query > reach ? query : reach;
		s = str_sub(s, n + 1, s.n);
	}
	return reach;
}

enum css_reach
css_at_rule_reach(struct str s, bool *open)
{
	struct str name;

	s = str_sub(s, 1, s.n);
	name = word_next(&s);
	/* Its selectors are no elements. */
	if (str_ifind(name, STR("keyframes")) >= 0)
		return CSS_NOWHERE;
	if (str_ieq(name, STR("supports")) || str_ieq(name, STR("layer")))
		return CSS_PROBABLY;
	if (!str_ieq(name, STR("media")))
		return CSS_PERHAPS;
	return css_media_reach(s, open);
}
