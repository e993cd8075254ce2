#ifndef CD_TEXT_OLDER_H
#define CD_TEXT_OLDER_H

#include "base/arena.h"

#define OLDER_READERS	8

/*
 * Who wrote the older mails inside a text, and to whom: by the heads that stand
 * above them (text/oldmail.h).
 */
struct older {
	size_t at;		/* byte where the head begins */
	struct str from;	/* what it says of the writer, his name too */
	const char *writer;	/* his domain, normal form; NULL: no address */
	const char *reader[OLDER_READERS]; /* those of To and Cc, as far as they
				 * have addresses there */
	size_t n_readers;
};

/* From the top, which is the newest; the text has no marks of quotes (visible's
 * zones). Returns the count, at most max. */
size_t older_find(struct arena *, struct str text, struct older *out, size_t max);

#endif
