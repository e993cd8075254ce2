#ifndef CD_BASE_CLOCK_H
#define CD_BASE_CLOCK_H

#include <stdint.h>

#include "base/arena.h"

/*
 * The only place that asks for the time; text/ takes it as an argument.
 */
int64_t clock_now(void);	/* seconds since 1970, wall clock */
int64_t clock_mono_ms(void);	/* milliseconds, never steps */

/* "2026-11-24T13:20:05Z". */
char *clock_iso(struct arena *, int64_t at);
/* "Tue, 24 Nov 2026 13:20:05 +0000"; RFC 5322 3.3. */
char *clock_rfc5322(struct arena *, int64_t at);
/* "2026-11-24", "2026-11-24T13:20:05Z" or "24-Nov-2026" as UTC;
 * CD_MALFORMED otherwise. */
enum cd_rc clock_parse(struct str, int64_t *at_out) CD_CHECK;

#endif
