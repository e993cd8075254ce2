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
/* The path of a URL, "/" if it has none. */
const char *url_path(struct arena *, const char *url);
/* Of the web's own paths, where no other page can be: the queue's, whether there is
 * such a page or not, and health and metrics. "/" leads to the queue, but what
 * comes with a query may be somebody else's. */
bool path_is_queue(const char *path);
bool path_is_health(const char *path);

#endif
