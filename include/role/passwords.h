#ifndef CD_ROLE_PASSWORDS_H
#define CD_ROLE_PASSWORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Passwords are hashed slowly on purpose. Each is tried in a short-lived child
 * of low priority, two at a time, so that many who sign in at once keep nobody
 * else waiting, least of all an admin who comes back from Microsoft.
 */
#define PASSWORDS_AT_ONCE 2
#define PASSWORDS_MS	9000	/* of one; the request has CD_REQUEST_MS */

struct passwords {
	int news;		/* readable: look at passwords_collect */
	struct {
		int64_t ticket;	/* 0: a free place */
		pid_t pid;	/* 0: the answer is known */
		int fd;
		int64_t since;
		bool fits;
	} jobs[PASSWORDS_AT_ONCE];
};

/* false: no descriptor was to be had. */
bool passwords_open(struct passwords *);
void passwords_close(struct passwords *);

/* Does the password fit the hash? false: no place is free now. */
bool passwords_ask(struct passwords *, int64_t ticket, const char *password,
    const char *hash);

enum password_answer { PASSWORD_NOT_ASKED, PASSWORD_LATER, PASSWORD_WRONG,
    PASSWORD_RIGHT };
/* An answer is given once. */
enum password_answer passwords_answer(struct passwords *, int64_t ticket);

/* Take what the children say; true: there is a new answer or a free place.
 * An answer whose request is not there any more is dropped after a while. */
bool passwords_collect(struct passwords *);

#endif
