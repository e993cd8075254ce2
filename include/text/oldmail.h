#ifndef CD_TEXT_OLDMAIL_H
#define CD_TEXT_OLDMAIL_H

#include "text/lines.h"

/*
 * Where an older mail begins inside a text: an attribution ("On ... X
 * wrote:"), a block of headers (From:, Sent:, To:, Subject:) or a line like
 * "-----Original Message-----". Each function looks at line i and those after
 * it, below `end`, and returns how many lines the mark takes, 0 if there is
 * none. Words: attribution.c and header_block.c, over forty languages.
 */
size_t attribution_at(const struct lines *, size_t i, size_t end);

/* Looks once at each line for a header's label ("From:"), of which languages share
 * some; to be called before header_block_at. */
enum {
	L_FROM = 1, L_SENT = 2, L_TO = 4, L_CC = 8, L_SUBJECT = 16, L_MORE = 32,
	L_BARE = 64	/* the label alone in its cell, without a colon */
};
void header_labels_mark(struct lines *);

/* `after_mark`: a forward mark stands above, so fewer headers are enough. */
size_t header_block_at(const struct lines *, size_t i, size_t end,
    bool after_mark);

enum separator { SEPARATOR_NONE, SEPARATOR_ORIGINAL, SEPARATOR_FORWARD };

enum separator separator_at(const struct lines *, size_t i, size_t end);

/* "Original message" alone, with dashes or without: part of what stands below. */
bool line_is_title(const struct text_line *);

/* A label with its colon. */
bool line_has_label(const struct text_line *);

/* A line of nothing but dashes, underscores, stars and the like, three or
 * more. */
bool line_is_rule(const struct text_line *);

/* Is the text one attribution line? Folded form, unwrapped. */
bool attribution_is(struct str folded);

/* Does it name a writer by his address, or a day and its time? */
bool attribution_names(struct str folded);
bool attribution_dated(struct str folded);

#endif
