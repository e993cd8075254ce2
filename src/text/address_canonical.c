/*
 * Who an address belongs to, whatever was put around it on the way: Sender
 * Rewriting Scheme, Bounce Address Tag Validation, tags, Gmail's dots.
 */
#include <string.h>

#include "base/buf.h"
#include "text/address.h"

static ptrdiff_t
last_at(struct str s)
{
	const char *at = s.n > 0 ? memrchr(s.p, '@', s.n) : NULL;

	return at ? at - s.p : -1;
}

/* "SRS0=HHH=TT=domain=local" and SRS1, which wraps an SRS0 of another host:
 * "SRS1=HHH=host==HHH=TT=domain=local". The separators "=", "+" and "-" are
 * all in use after the tag. */
static bool
srs_undo(struct arena *a, struct str local, char **addr_out)
{
	struct str rest, domain;
	ptrdiff_t cut;
	int skip = 2;

	if (!str_istarts(local, STR("srs0")) && !str_istarts(local, STR("srs1")))
		return false;
	if (local.n < 6 || !strchr("=+-", local.p[4]))
		return false;
	rest = str_sub(local, 5, local.n);
	if (local.p[3] == '1') {
		cut = str_find(rest, STR("=="));
		if (cut < 0)
			return false;
		rest = str_sub(rest, (size_t)cut + 2, rest.n);
	}
	while (skip-- > 0) {
		cut = str_find(rest, STR("="));
		if (cut < 0)
			return false;
		rest = str_sub(rest, (size_t)cut + 1, rest.n);
	}
	cut = str_find(rest, STR("="));
	if (cut <= 0)
		return false;
	domain = str_sub(rest, 0, (size_t)cut);
	rest = str_sub(rest, (size_t)cut + 1, rest.n);
	if (rest.n == 0 || !memchr(domain.p, '.', domain.n))
		return false;
	*addr_out = arena_printf(a, "%.*s@%.*s", STR_FMT(rest),
	    STR_FMT(domain));
	return true;
}

/* BATV's "prvs=TAG=local" (and the old order "prvs=local=TAG"), Barracuda's
 * "btv1==TAG==local". */
static struct str
batv_undo(struct str local)
{
	struct str rest, tag;
	ptrdiff_t cut;
	bool digits = false;

	if (str_istarts(local, STR("btv1=="))) {
		rest = str_sub(local, 6, local.n);
		cut = str_find(rest, STR("=="));
		return cut < 0 ? local :
		    str_sub(rest, (size_t)cut + 2, rest.n);
	}
	if (!str_istarts(local, STR("prvs=")))
		return local;
	rest = str_sub(local, 5, local.n);
	cut = str_find(rest, STR("="));
	if (cut < 0)
		return local;
	tag = str_sub(rest, 0, (size_t)cut);
	rest = str_sub(rest, (size_t)cut + 1, rest.n);
	for (size_t i = 0; i < tag.n; i++)
		digits |= ascii_digit(tag.p[i]);
	/* The tag is "KDDDSSSSSS": ten hexadecimal digits. */
	return tag.n == 10 && digits ? rest : rest.n == 10 ? tag : rest;
}

const char *
address_canonical(struct arena *a, const char *addr)
{
	struct str s = str_trim(str_of(addr)), local, domain;
	ptrdiff_t at = last_at(s), plus;
	struct buf out = buf_new(a, CD_MAX_HEADER_BYTES);
	char *inner;
	bool gmail;

	/* Twice: BATV inside SRS is met, more is not. */
	for (int i = 0; i < 2 && at > 0; i++) {
		local = batv_undo(str_sub(s, 0, (size_t)at));
		if (srs_undo(a, local, &inner)) {
			s = str_of(inner);
			at = last_at(s);
		}
	}
	if (at <= 0)
		return arena_lower(a, s);
	local = batv_undo(str_sub(s, 0, (size_t)at));
	domain = str_of(arena_lower(a, str_sub(s, (size_t)at + 1, s.n)));
	gmail = str_eq(domain, STR("gmail.com")) ||
	    str_eq(domain, STR("googlemail.com"));
	plus = str_find(local, STR("+"));
	if (plus > 0 && local.p[0] != '"')
		local = str_sub(local, 0, (size_t)plus);
	for (size_t i = 0; i < local.n; i++) {
		if (!gmail || local.p[i] != '.')
			buf_char(&out, ascii_lower(local.p[i]));
	}
	buf_char(&out, '@');
	buf_puts(&out, gmail ? "gmail.com" : domain.p);
	return buf_str(&out).p;
}
