#ifndef CD_ROLE_RATE_H
#define CD_ROLE_RATE_H

#include <stdint.h>

/*
 * What went out within the last minute, wherever that minute begins: a server
 * that allows so much a minute counts from its own edge. By the second; times
 * are clock_mono_ms. All zero is a new one.
 */
#define RATE_SECONDS 61		/* the one that has begun too */

struct rate {
	struct {
		int64_t second, n;
	} slots[RATE_SECONDS];
};

int64_t rate_minute(const struct rate *, int64_t now_ms);
void rate_add(struct rate *, int64_t n, int64_t now_ms);

#endif
