#ifndef CD_TEXT_ZONE_H
#define CD_TEXT_ZONE_H

#include "base/arena.h"

/*
 * A mail's text is cut into zones by who wrote them. html marks zones while
 * the markup is still there; visible finds the rest by wording.
 */
enum zone {
	ZONE_NEW,	/* what this person newly wrote */
	ZONE_QUOTED,	/* an older mail under or between it, attribution line
			 * included */
	ZONE_FORWARDED,	/* a mail passed on to us, its header block included */
	ZONE_SIGNATURE,	/* name block, "-- " and below, mobile footers */
	ZONE_NOTICE,	/* banners and legal footers that machines add */
	ZONE_COUNT
};

const char *zone_name(enum zone);	/* "new", "quoted", ... */

/* Bytes from .. to - 1 of the text beside it. */
struct span {
	size_t from, to;
	enum zone zone;
};

/* Text (UTF-8, lines end in "\n", no NUL, no other control bytes but tab) and
 * its zones: sorted, not overlapping; what no span covers is not decided yet
 * (html's output) or cannot be (visible's covers every byte). */
struct zoned {
	struct str text;
	struct span *spans;
	size_t n_spans;
	struct span *struck;	/* html's: what its writer struck out, whatever
				 * zone it lies in; their own is not said */
	size_t n_struck;
};

#endif
