#include <stddef.h>

#include "role/rate.h"

int64_t
rate_minute(const struct rate *r, int64_t now_ms)
{
	int64_t now = now_ms / 1000, n = 0;

	for (size_t i = 0; i < RATE_SECONDS; i++) {
		if (now - r->slots[i].second < RATE_SECONDS)
			n += r->slots[i].n;
	}
	return n;
}

void
rate_add(struct rate *r, int64_t n, int64_t now_ms)
{
	int64_t now = now_ms / 1000;
	size_t i = (size_t)(now % RATE_SECONDS);

	if (r->slots[i].second != now) {
		r->slots[i].second = now;
		r->slots[i].n = 0;
	}
	r->slots[i].n += n;
}
