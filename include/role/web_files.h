#ifndef CD_ROLE_WEB_FILES_H
#define CD_ROLE_WEB_FILES_H

#include <stddef.h>

/* templates/_web, embedded at build: the queue's style and script. */
struct web_file {
	const char *name;	/* "desk.css"; NULL ends */
	const char *version;	/* of its bytes */
	const char *bytes;
	size_t n;
};

extern const struct web_file web_files[];

#endif
