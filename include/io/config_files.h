#ifndef CD_IO_CONFIG_FILES_H
#define CD_IO_CONFIG_FILES_H

#include "io/config.h"

/*
 * Are the files good that the roles read by themselves: passwords, the secrets of
 * [oauth2] that its flow needs, the ca_files that a connection would use? Asks no
 * server.
 */

/* Called for each of them. wrong: NULL, or "file:line: [section] key: " and what
 * is wrong. */
typedef void config_file_found(void *context, const char *section,
    const char *file, const char *wrong);
void config_files_look(const struct config *, config_file_found *,
    void *context);

/* CD_MALFORMED: the first that is wrong, as above. */
enum cd_rc config_files_check(const struct config *, struct cd_err *err)
    CD_CHECK;

#endif
