#ifndef CD_ROLE_HTML_H
#define CD_ROLE_HTML_H

#include <stdarg.h>

#include "base/buf.h"

/*
 * HTML made in C. There is one way in, and it escapes: html_put takes markup as
 * its format, a literal, and every %s in it is a value that comes out as text,
 * harmless between tags and in a quoted attribute. Besides %s there are %d and
 * %lld (PRId64), %% and %zu; nothing else, with no widths.
 *
 * What a stranger wrote may also try to turn the reading direction round, so
 * that a file's or a company's name reads as another: such controls, and other
 * control bytes but tab and line end, come out as a visible mark.
 */
struct html {
	struct buf b;
};

struct html html_new(struct arena *);
void html_put(struct html *, const char *fmt, ...) CD_PRINTF(2, 3);
/* A value by itself. */
void html_text(struct html *, struct str);
/* The same with each of the needles marked (ASCII case does not count). */
void html_marked(struct html *, struct str, const char *const *needles,
    size_t n_needles);
/* A piece of the same page that was made apart. */
void html_join(struct html *, struct html *piece);
/* A page longer than CD_MAX_PAGE is cut; false says so. */
bool html_whole(const struct html *);
struct str html_str(struct html *);

/* Percent-encoding of a query's value. */
const char *html_query(struct arena *, const char *value);

#endif
