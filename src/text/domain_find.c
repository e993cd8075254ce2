/*
 * Domains in running text. A word with a dot in it is one only if its last
 * label is a suffix that exists (libpsl's list), and files are kept out that
 * have such endings ("setup.zip", "report.mov").
 */
#include <string.h>

#include "text/domain.h"

#define MAX_WORD	300

static bool
is_word_byte(char c)
{
	return ascii_alnum(c) || c == '.' || c == '-' || c == '_' ||
	    (unsigned char)c >= 0x80;
}

/* Suffixes of files that are suffixes of domains too. A domain of such a
 * suffix counts after "@" or "://" only. Those of countries are no files
 * here: there are hauliers in Poland (.pl) and Moldova (.md). */
static bool
is_file_suffix(const char *domain)
{
	static const char *const suffixes[] = { ".zip", ".mov", ".cab", ".ps",
		".sh" };

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (str_iends(str_of(domain), str_of(suffixes[i])))
			return true;
	}
	return false;
}

static bool
wanted(struct arena *a, const char *domain, const char *const *ignore, size_t n_ignore,
    const struct domain_named *have, size_t n_have)
{
	struct str d = str_of(domain);

	for (size_t i = 0; i < n_have; i++) {
		if (strcmp(have[i].domain, domain) == 0)
			return false;
	}
	for (size_t i = 0; i < n_ignore; i++) {
		struct str g = str_of(ignore[i]);

		if (str_ieq(d, g) || (d.n > g.n && str_iends(d, g) &&
		    d.p[d.n - g.n - 1] == '.'))
			return false;
	}
	return !domain_is_consumer(domain_organisational(a, domain));
}

/* "Thanks.I" and "asap.Please": a sentence's end without its blank. A domain
 * in prose is not written with a capital after its dot alone. */
static bool
is_sentence_end(struct str word)
{
	const char *dot = memrchr(word.p, '.', word.n);
	size_t at = dot ? (size_t)(dot - word.p) : 0;

	return at > 0 && at + 1 < word.n && word.p[at + 1] >= 'A' &&
	    word.p[at + 1] <= 'Z' && word.p[at - 1] >= 'a' &&
	    word.p[at - 1] <= 'z' && !(at + 2 < word.n &&
	    word.p[at + 2] >= 'A' && word.p[at + 2] <= 'Z');
}

static const char *
word_domain(struct arena *a, struct str word, bool sure)
{
	const char *domain;

	while (word.n > 0 && (word.p[0] == '.' || word.p[0] == '-' ||
	    word.p[0] == '_'))
		word = str_sub(word, 1, word.n);
	while (word.n > 0 && strchr(".-_", word.p[word.n - 1]))
		word.n--;
	if (word.n < 4 || word.n > MAX_WORD || !memchr(word.p, '.', word.n))
		return NULL;
	if (!sure && is_sentence_end(word))
		return NULL;
	domain = domain_normal(a, word);
	if (!domain || !domain_suffix_known(domain) ||
	    domain_is_suffix(domain) || (!sure && is_file_suffix(domain)))
		return NULL;
	if (strncmp(domain, "www.", 4) == 0 && strchr(domain + 4, '.'))
		domain += 4;
	return domain;
}

/* After a URL's host: its path and query are no place to look at. What a port or
 * "/" leaves there makes no page. */
static size_t
url_skip(struct str text, size_t at, bool *page)
{
	size_t from = at;

	while (at < text.n && !ascii_space(text.p[at]) &&
	    !strchr("<>\"')", text.p[at]))
		at++;
	*page = at - from > 1;
	return at;
}

size_t
domain_find(struct arena *a, struct str text, const char *const *ignore,
    size_t n_ignore, struct domain_named *out, size_t max)
{
	size_t n = 0, at = 0;

	text = str_sub(text, 0, CD_MAX_TEXT);
	while (at < text.n && n < max) {
		size_t from = at;
		bool address, url, site, page = false;
		const char *domain;

		while (at < text.n && is_word_byte(text.p[at]))
			at++;
		if (at == from) {
			at++;
			continue;
		}
		/* The local part of an address is none. */
		if (at < text.n && text.p[at] == '@')
			continue;
		address = from > 0 && text.p[from - 1] == '@';
		url = from >= 3 && memcmp(text.p + from - 3, "://", 3) == 0;
		domain = word_domain(a, str_sub(text, from, at),
		    address || url);
		site = url || str_istarts(str_sub(text, from, at), STR("www."));
		if (url || (domain && at < text.n && text.p[at] == '/'))
			at = url_skip(text, at, &page);
		if (domain && wanted(a, domain, ignore, n_ignore, out, n))
			out[n++] = (struct domain_named){ domain,
			    address ? IN_ADDRESS : page ? IN_PAGE :
			    site ? IN_SITE : IN_PROSE };
	}
	return n;
}
