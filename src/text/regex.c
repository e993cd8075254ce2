#include "text/pattern.h"
#include "text/regex.h"

int
regex_quantifier(struct str *rest)
{
	char c = regex_peek(*rest);
	int kind = 0;

	if (c == '?' || c == '*') {
		kind = 2;
		regex_skip(rest, 1);
	} else if (c == '+') {
		kind = 1;
		regex_skip(rest, 1);
	} else if (c == '{' && rest->n > 1 &&
	    (ascii_digit(rest->p[1]) || rest->p[1] == ',')) {
		ptrdiff_t end = str_find(*rest, STR("}"));

		kind = rest->p[1] == '0' || rest->p[1] == ',' ? 2 : 1;
		regex_skip(rest, end < 0 ? rest->n : (size_t)end + 1);
	}
	if (kind && (regex_peek(*rest) == '?' || regex_peek(*rest) == '+'))
		regex_skip(rest, 1);
	return kind;
}

void
regex_skip_class(struct str *rest)
{
	size_t i = 1;

	if (i < rest->n && rest->p[i] == '^')
		i++;
	if (i < rest->n && rest->p[i] == ']')
		i++;
	while (i < rest->n && rest->p[i] != ']') {
		struct str at = str_sub(*rest, i, rest->n);
		ptrdiff_t end = str_starts(at, STR("[:")) ?
		    str_find(at, STR(":]")) : -1;

		i += end > 0 ? (size_t)end + 2 : rest->p[i] == '\\' ? 2 : 1;
	}
	regex_skip(rest, i + 1);
}

bool
regex_skip_name(struct str *rest)
{
	ptrdiff_t end = regex_peek(*rest) == '{' ? str_find(*rest, STR("}")) :
	    -1;

	if (end < 0)
		return false;
	regex_skip(rest, (size_t)end + 1);
	return true;
}

size_t
regex_begins_at(struct str rest)
{
	char c = regex_peek(rest);	/* most are told by it alone */

	if (c == '(' && str_starts(rest, STR(PATTERN_BEGINS)))
		return sizeof PATTERN_BEGINS - 1;
	return c == '^' && str_starts(rest, STR(PATTERN_STARTS)) ?
	    sizeof PATTERN_STARTS - 1 : 0;
}

size_t
regex_ends_at(struct str rest)
{
	char c = regex_peek(rest);

	if (c == '(' && str_starts(rest, STR(PATTERN_ENDS)))
		return sizeof PATTERN_ENDS - 1;
	return c == '[' && str_starts(rest, STR(PATTERN_STOPS)) ?
	    sizeof PATTERN_STOPS - 1 : 0;
}
