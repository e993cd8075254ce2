#ifndef CD_TEXT_DOMAIN_H
#define CD_TEXT_DOMAIN_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Domain names: IDNA (libidn2), organisational domain (libpsl, RFC 7489 3.2),
 * and the mailbox providers that anybody can have an address at.
 */

/* Lower case, A-labels, no trailing dot; NULL if it is no host name (LDH, two
 * labels at least, at most 253 bytes). */
char *domain_normal(struct arena *, struct str);

/* A-labels as the letters they stand for; what is no good name as given. */
const char *domain_readable(struct arena *, const char *domain);

/* "mail.example.co.uk" gives "example.co.uk"; a public suffix itself or an
 * unknown one is returned as given. "acme.onmicrosoft.com" is a company's own.
 * Normal form in, normal form out. */
const char *domain_organisational(struct arena *, const char *domain);
/* Does the last label exist as a suffix ("com", not "local" or "thanks")? */
bool domain_suffix_known(const char *domain);
/* Is it a public suffix itself ("co.uk")? Unknown last labels count as one. */
bool domain_is_suffix(const char *domain);
/* Same organisational domain? */
bool domain_aligned(struct arena *, const char *a, const char *b);

/* gmail.com, outlook.com, mail.ru ..., what stands below them, gateways of text
 * messages, and what a vendor of service desks lends its customers
 * (acme.zendesk.com, not zendesk.com): no company of its own. The list is built in
 * and knows the country forms (hotmail.fr, yahoo.co.uk ...). */
bool domain_is_consumer(const char *domain);

/* A domain that a text names, in normal form, and where: as a word, behind an
 * "@", as a web site (https://acme.com, www.acme.com/contact), as another page of
 * one. */
struct domain_named {
	const char *domain;
	enum domain_place { IN_PROSE, IN_ADDRESS, IN_SITE, IN_PAGE } place;
};

/* Those that may be a company's: no repeats (the place is the first one), in
 * order; consumer ones and those in `ignore` (our own, Microsoft's) left out.
 * Returns the count, at most max. */
size_t domain_find(struct arena *, struct str text, const char *const *ignore,
    size_t n_ignore, struct domain_named *out, size_t max);

#endif
