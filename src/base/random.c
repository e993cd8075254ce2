#include <sys/random.h>

#include "base/err.h"
#include "base/random.h"

void
random_bytes(void *p, size_t n)
{
	unsigned char *at = p;

	while (n > 0) {
		size_t want = n > 256 ? 256 : n;
		ssize_t got = getrandom(at, want, 0);

		/* Up to 256 bytes come whole and uninterrupted: random(7). */
		cd_assert(got == (ssize_t)want);
		at += want;
		n -= want;
	}
}

uint32_t
random_below(uint32_t below)
{
	uint64_t r;

	cd_assert(below > 0);
	random_bytes(&r, sizeof r);
	return (uint32_t)(r % below);
}
