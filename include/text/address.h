#ifndef CD_TEXT_ADDRESS_H
#define CD_TEXT_ADDRESS_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Mail addresses (RFC 5322 3.4, 6531, 2047) as real mails write them, which is
 * looser than the grammar. Never fails: what is no address is left out.
 */
struct mailbox {
	const char *name;	/* decoded display name, "" if none; no more of
				 * it than CD_MAX_NAME bytes as sent */
	const char *addr;	/* local@domain: local as written, domain lower
				 * case, A-labels */
	const char *local;	/* of addr */
	const char *domain;	/* of addr */
};

struct mailbox_list {
	struct mailbox *v;
	size_t n;		/* at most CD_MAX_ADDRESSES */
};

/* A header's value (unfolded, not yet RFC 2047 decoded). Groups are opened. */
struct mailbox_list address_list_parse(struct arena *, struct str value);

/* The form in which two addresses of one person are equal: SRS0/SRS1, BATV
 * (prvs=, btv1==) undone, local part lower case, "+tag" dropped, dots dropped
 * for gmail.com and googlemail.com. */
const char *address_canonical(struct arena *, const char *addr);

/* A bare "local@domain" and nothing else? Used for input of our own users. */
bool address_valid(const char *);

/* RFC 2047 words in a header value to UTF-8; never fails. *lossy_out may be
 * NULL. */
char *header_decode(struct arena *, struct str value, bool *lossy_out);

/* Where the "?=" stands that ends an encoded word's text; -1: none before the
 * next word begins, which keeps a header full of beginnings linear. */
ptrdiff_t header_word_end(struct str text);

#endif
