#ifndef CD_TEXT_LINES_H
#define CD_TEXT_LINES_H

#include "text/zone.h"

/*
 * A text as the lines that visible, oldmail, signature and notice look at.
 * Together they cover every byte; after CD_MAX_LINES the last one holds all
 * that is left.
 */
#define ZONE_UNDECIDED ZONE_COUNT

struct text_line {
	size_t from, to;	/* bytes, line end included */
	struct str raw;		/* without quote marks, trimmed */
	struct str fold;	/* of raw: text/fold.h; where there are quote
				 * marks raw itself, nobody looks for words */
	unsigned depth;		/* quote marks: ">", "> >", "JL>" of initials */
	unsigned label;		/* header_labels_mark's: which header */
	bool delimiter;		/* "-- " with its blank: RFC 3676 4.3 */
	enum zone zone;		/* html's, or ZONE_UNDECIDED */
};

struct lines {
	struct text_line *v;
	size_t n;
	size_t cuts;		/* by lines_cut_at */
	struct str text;
};

struct lines lines_cut(struct arena *, const struct zoned *);

/* Cuts line i before byte `at` of its raw text; the rest becomes line i + 1.
 * CD_MAX_LINE_CUTS times; false: no more. */
bool lines_cut_at(struct arena *, struct lines *, size_t i, size_t at);

/* Nothing to be seen in it? */
bool line_blank(const struct text_line *);
/* First line from `i` on, below `end`, that is not blank; `end` if none. */
size_t lines_next(const struct lines *, size_t i, size_t end);

#endif
