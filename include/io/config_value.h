#ifndef CD_IO_CONFIG_VALUE_H
#define CD_IO_CONFIG_VALUE_H

#include "io/config_keys.h"

/* Read text by the key's type into its field of c. dir is the configuration's
 * folder, where relative paths start. NULL, or what is wrong and what is
 * allowed (in c->arena); then the field is untouched. */
const char *config_value_set(struct config *c, const struct config_key *,
    const char *text, const char *dir);

/* "127.0.0.1", "::1", "localhost" and their like. */
bool host_is_loopback(struct str host);
/* The host of a URL or of "address:port", without "[]". */
struct str url_host(const char *url);
struct str listen_host(const char *listen);

#endif
