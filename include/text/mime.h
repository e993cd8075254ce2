#ifndef CD_TEXT_MIME_H
#define CD_TEXT_MIME_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * A mail cut into its MIME parts (RFC 2046), as a flat list in the order of
 * the mail: a parent always stands before its children. message/rfc822 is a
 * leaf here.
 */
struct mime_part {
	struct str body;	/* still encoded; a slice of the text given */
	const char *type;	/* "text/plain", lower case; never NULL */
	const char *content_type; /* the whole field, "" if there is none */
	const char *disposition; /* likewise */
	const char *encoding;	/* likewise */
	const char *id;		/* Content-ID without <>, "" if none */
	int parent;		/* index, -1 for the first part */
	unsigned depth;		/* 0 for the first part */
	bool multipart;		/* has children */
	bool alternative;	/* is multipart/alternative */
};

struct mime {
	struct mime_part *v;
	size_t n;		/* 1 .. CD_MAX_PARTS */
	bool truncated;		/* too many parts or parameters, or too deep */
};

/* Line ends of all kinds to "\n". */
struct str mime_lines(struct arena *, struct str raw);

/* text: the whole mail, lines end in "\n". Never fails: a multipart whose
 * boundary is missing or never met is cut at what looks like one, or is a leaf
 * of text/plain. */
void mime_split(struct arena *, struct str text, struct mime *out);

#endif
