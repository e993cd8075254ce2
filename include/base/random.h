#ifndef CD_BASE_RANDOM_H
#define CD_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* n bytes fit for keys (getrandom). Failure ends the process. */
void random_bytes(void *, size_t n);
/* 0 .. below - 1, for jitter. */
uint32_t random_below(uint32_t below);

#endif
