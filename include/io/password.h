#ifndef CD_IO_PASSWORD_H
#define CD_IO_PASSWORD_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Passwords of the web queue: scrypt (RFC 7914) by OpenSSL, N = 2^15, r = 8,
 * p = 1, 16 random bytes of salt, written as "scrypt$15$8$1$salt$key" in hex.
 */
enum cd_rc password_hash(struct arena *, const char *password,
    const char **out, struct cd_err *err) CD_CHECK;

/* In constant time; an unreadable hash fits no password. */
bool password_fits(const char *password, const char *hash);

#endif
