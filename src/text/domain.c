/*
 * Domain names by libidn2 and libpsl. The public suffix list is the one built
 * into libpsl: text/ reads no files, and a list that is months old misses
 * nothing that matters here.
 */
#include <idn2.h>
#include <libpsl.h>
#include <string.h>

#include "text/domain.h"

/* RFC 1123 2.1, 1035 2.3.4; underscores are no host name. */
static bool
is_host_name(const char *s, size_t n)
{
	size_t label = 0, dots = 0;

	if (n == 0 || n > 253)
		return false;
	for (size_t i = 0; i <= n; i++) {
		char c = i < n ? s[i] : '.';

		if (c == '.') {
			if (label == 0 || label > 63 || s[i - 1] == '-')
				return false;
			label = 0;
			dots += i < n;
		} else if (ascii_alnum(c) || (c == '-' && label > 0)) {
			label++;
		} else {
			return false;
		}
	}
	return dots > 0;
}

/* "1.2.3.4" is an address and no name. */
static bool
all_digits(const char *s)
{
	for (; *s; s++) {
		if (!ascii_digit(*s) && *s != '.')
			return false;
	}
	return true;
}

char *
domain_normal(struct arena *a, struct str s)
{
	char *out, *ascii = NULL;
	bool high = false;

	if (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	if (s.n == 0 || s.n > 1000)
		return NULL;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\0')
			return NULL;
		high |= (unsigned char)s.p[i] >= 0x80;
	}
	if (!high) {
		if (!is_host_name(s.p, s.n))
			return NULL;
		out = arena_lower(a, s);
		return all_digits(out) ? NULL : out;
	}
	if (!utf8_valid(s))
		return NULL;
	if (idn2_lookup_u8((const uint8_t *)arena_str(a, s), (uint8_t **)&ascii,
	    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return NULL;
	out = arena_lower(a, str_of(ascii));
	idn2_free(ascii);
	if (!is_host_name(out, strlen(out)) || all_digits(out))
		return NULL;
	return out;
}

const char *
domain_readable(struct arena *a, const char *domain)
{
	const char *out = domain;
	char *letters = NULL;

	if (strstr(domain, "xn--") &&
	    idn2_to_unicode_8z8z(domain, &letters, 0) == IDN2_OK) {
		out = arena_strdup(a, letters);
		idn2_free(letters);
	}
	return out;
}

bool
domain_is_suffix(const char *domain)
{
	return psl_is_public_suffix(psl_builtin(), domain);
}

bool
domain_suffix_known(const char *domain)
{
	const char *tld = strrchr(domain, '.');
	const psl_ctx_t *psl = psl_builtin();

	tld = tld ? tld + 1 : domain;
	return psl && tld[0] && psl_is_public_suffix2(psl, tld,
	    PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

/* Below which Microsoft gives each tenant a name; the list of public suffixes
 * does not say so. */
static const char *const tenant_suffixes[] = {
	".mail.onmicrosoft.com", ".onmicrosoft.com", ".onmicrosoft.us",
	".partner.onmschina.cn",
};

/* The tenant's own name in "x.acme.onmicrosoft.com"; NULL: none. */
static const char *
tenant_domain(const char *domain)
{
	struct str s = str_of(domain);

	for (size_t i = 0; i < sizeof tenant_suffixes /
	    sizeof *tenant_suffixes; i++) {
		struct str suffix = str_of(tenant_suffixes[i]);
		size_t at = s.n - suffix.n;

		if (s.n <= suffix.n || !str_eq(str_sub(s, at, s.n), suffix))
			continue;
		while (at > 0 && domain[at - 1] != '.')
			at--;
		return domain + at;
	}
	return NULL;
}

const char *
domain_organisational(struct arena *a, const char *domain)
{
	const char *org = tenant_domain(domain);

	if (org)
		return org;
	if (!domain_suffix_known(domain))
		return domain;
	org = psl_registrable_domain(psl_builtin(), domain);
	return org ? arena_strdup(a, org) : domain;
}

bool
domain_aligned(struct arena *a, const char *x, const char *y)
{
	if (!x || !y || !x[0] || !y[0])
		return false;
	if (strcmp(x, y) == 0)
		return true;
	return strcmp(domain_organisational(a, x),
	    domain_organisational(a, y)) == 0;
}
