#ifndef CD_IO_DNS_H
#define CD_IO_DNS_H

#include "base/arena.h"

/*
 * Which servers take mail for a domain (MX), by the system's resolver, or by
 * `server` ("192.0.2.1:53"; NULL: the system's). Names in lower case, the most
 * preferred first, at most CD_MAX_MX. CD_ABSENT: the domain is not there or has
 * none. CD_AGAIN: no answer. CD_MALFORMED: `server` or the answer cannot be
 * read.
 */
enum cd_rc dns_mx(struct arena *, const char *server, const char *domain,
    const char ***names_out, size_t *n_out, struct cd_err *err) CD_CHECK;

#endif
