#ifndef CD_TEXT_WHOSE_H
#define CD_TEXT_WHOSE_H

#include "text/classify.h"
#include "text/domain.h"

/*
 * Whose Microsoft 365 a mail is about: the company's that it was written from, or
 * another's. By the domains that it names, n of domain_find's, and by what rules
 * (facts, combine.h's) and model (the reading's `whose`) make of its words.
 *
 * Sets named_domain, perhaps_domain, several_domains and other_tenant of the
 * reading, whose intent is known.
 */
void whose_find(struct arena *, const struct classify_input *,
    const struct domain_named *, size_t n, uint64_t facts, struct reading *);

/* "The IT guy for Gant Freight": is the firm that stands there, from here to there of a
 * folded text, another's? Not that of a sender whose own domain bears its name, which
 * may go on a few words, or its initials; nor can a private mailbox tell. */
bool whose_other_firm(struct arena *, const char *sender, struct str text, size_t from,
    size_t to);

#endif
