#ifndef CD_IO_DISCOVERY_READ_H
#define CD_IO_DISCOVERY_READ_H

#include "io/authority.h"

/* Reading of discovery's answers, without the asking. */
struct answer_context {
	const char *domain;	/* what was asked for, or a GUID */
	struct str host;	/* the configured authority's: believed beside
				 * Microsoft's own */
	bool plain;		/* it is asked by http, on loopback */
	long status;
};

/* False: that was no answer of the authority itself, whatever stood in it. */
bool discovery_read(const struct answer_context *, struct str body,
    struct discovery *out);

/* No tenant, and why, without control characters. */
void discovery_say(struct discovery *, enum cd_rc, const char *fmt, ...)
    CD_PRINTF(3, 4);

#endif
