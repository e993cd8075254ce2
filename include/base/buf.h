#ifndef CD_BASE_BUF_H
#define CD_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * A growing byte buffer in an arena, born with its maximum. What does not fit
 * is left out and `full` says so: a series of appends is checked once.
 * p is always terminated (p[n] == 0) once anything was added or after buf_str.
 */
struct buf {
	struct arena *arena;
	char *p;
	size_t n, cap, max;
	bool full;
};

struct buf buf_new(struct arena *, size_t max);
/* Room for n bytes in all, at once: for whoever knows how many will come. */
void buf_reserve(struct buf *, size_t n);
void buf_add(struct buf *, const void *, size_t n);
void buf_char(struct buf *, char);
void buf_puts(struct buf *, const char *);
void buf_adds(struct buf *, struct str);
void buf_html(struct buf *, struct str);	/* & < > " ' escaped */
/* As the inside of a JSON string; bytes that are not UTF-8 made U+FFFD, and what
 * a terminal would obey (utf8_hidden) written as \uXXXX. */
void buf_json(struct buf *, struct str);
void buf_printf(struct buf *, const char *fmt, ...) CD_PRINTF(2, 3);
void buf_utf8(struct buf *, uint32_t cp);	/* one code point */
struct str buf_str(struct buf *);	/* points into the buffer */

#endif
