/*
 * Two names look alike when their skeletons are the same: letters that are
 * drawn alike are one letter there (UTS 39 has the whole of it; these are the
 * ones that are seen in phishing). A label in other letters is told anyway, so
 * the list need not be complete.
 */
#include <string.h>

#include "base/buf.h"
#include "text/domain.h"
#include "text/lookalike.h"

#define MAX_SKELETON	1024

static const struct {
	uint32_t cp;
	char as;
} drawn_alike[] = {
	{ '0', 'o' }, { '1', 'l' }, { 'i', 'l' }, { '|', 'l' }, { '5', 's' },
	{ 0x0430, 'a' }, { 0x0435, 'e' }, { 0x043e, 'o' }, { 0x0440, 'p' },
	{ 0x0441, 'c' }, { 0x0443, 'y' }, { 0x0445, 'x' }, { 0x0456, 'l' },
	{ 0x0455, 's' }, { 0x0458, 'j' }, { 0x043c, 'm' }, { 0x043d, 'h' },
	{ 0x0442, 't' }, { 0x043a, 'k' }, { 0x04bb, 'h' }, { 0x0501, 'd' },
	{ 0x03b1, 'a' }, { 0x03bf, 'o' }, { 0x03bd, 'v' }, { 0x03c1, 'p' },
	{ 0x0131, 'l' }, { 0x00e0, 'a' }, { 0x00e1, 'a' }, { 0x00e4, 'a' },
	{ 0x00e8, 'e' }, { 0x00e9, 'e' }, { 0x00ed, 'l' }, { 0x00f3, 'o' },
	{ 0x00f6, 'o' }, { 0x00f8, 'o' }, { 0x00fa, 'u' }, { 0x00fc, 'u' },
	{ 0, 0 },
};

static const struct {
	const char *two;
	char as;
} drawn_together[] = { { "rn", 'm' }, { "vv", 'w' }, { NULL, 0 } };

static void
add_letter(struct buf *b, uint32_t cp)
{
	if (cp == '-')
		return;
	if (cp < 0x80)
		cp = (unsigned char)ascii_lower((char)cp);
	for (size_t i = 0; drawn_alike[i].cp; i++) {
		if (drawn_alike[i].cp == cp)
			cp = (unsigned char)drawn_alike[i].as;
	}
	buf_utf8(b, cp);
}

static const char *
skeleton(struct arena *a, const char *domain)
{
	struct buf b = buf_new(a, MAX_SKELETON);
	struct str s = str_of(domain_readable(a, domain));

	while (s.n > 0) {
		size_t n = 1;
		uint32_t cp = 0;

		for (size_t i = 0; drawn_together[i].two; i++) {
			if (!str_istarts(s, str_of(drawn_together[i].two)))
				continue;
			cp = (unsigned char)drawn_together[i].as;
			n = 2;
		}
		if (cp == 0)
			n = utf8_next(s, &cp);
		add_letter(&b, cp);
		s = str_sub(s, n, s.n);
	}
	return buf_str(&b).p;
}

/* Is it `domain`, or below it? */
static bool
is_within(const char *inner, const char *domain)
{
	struct str s = str_of(inner), end = str_of(domain);

	return str_iends(s, end) && (s.n == end.n ||
	    s.p[s.n - end.n - 1] == '.');
}

static bool
has_other_letters(const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s >= 0x80)
			return true;
	}
	return false;
}

const char *
lookalike_why(struct arena *a, const char *addr, const char *name,
    const char *const *known, size_t n_known)
{
	const char *at = addr ? strrchr(addr, '@') : NULL;
	const char *domain = at ? at + 1 : "";
	const char *drawn = skeleton(a, domain);

	for (size_t i = 0; domain[0] && i < n_known; i++) {
		if (known[i] && !is_within(domain, known[i]) &&
		    is_within(drawn, skeleton(a, known[i])))
			return arena_printf(a, "looks like %s, but is not",
			    known[i]);
	}
	if (strstr(domain, "xn--") || (addr && has_other_letters(addr)))
		return arena_printf(a, "unusual letters: %s",
		    domain_readable(a, domain));
	if (name && strchr(name, '@') && addr &&
	    str_ifind(str_of(name), str_of(addr)) < 0)
		return "the name shows another address";
	return NULL;
}
