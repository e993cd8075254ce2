#ifndef CD_SRC_IO_WEB_CLIENT_H
#define CD_SRC_IO_WEB_CLIENT_H

#include <microhttpd.h>
#include <netinet/in.h>

#include "base/buf.h"
#include "io/web.h"

/*
 * One connection. It asks, rests until its answer is known, or listens to a
 * stream; what rests, and what listens while there is no news, is suspended in
 * libmicrohttpd, which then looks neither at its descriptor nor its clock.
 */
enum client_kind { CLIENT_ASKS, CLIENT_RESTS, CLIENT_LISTENS };

struct client {
	struct arena *arena;	/* NULL: a free place */
	int fd;
	int64_t since;		/* connected, or the request's first line */
	char peer[INET6_ADDRSTRLEN];
	/* the request */
	struct MHD_Connection *connection;
	const char *target;	/* as it was sent */
	int64_t ticket;
	struct buf body;
	bool begun, too_long;
	enum client_kind kind;
	bool suspended;
	bool late;		/* of one that rests: time is over */
	bool ended;		/* of one that listens: no more */
	struct buf news;	/* not yet read */
};

struct web {
	struct arena *arena;
	struct MHD_Daemon *daemon;
	int epoll_fd, port, request_ms;
	web_handler *handler;
	void *context;
	int64_t tickets;	/* given so far */
	struct client clients[CD_MAX_CONNECTIONS];
};

void client_rest(struct client *);
void client_wake(struct client *);	/* not suspended: nothing */
void clients_wake(struct web *);

/* NULL: no memory. */
struct MHD_Response *client_listen(struct web *, struct client *,
    struct str first);
void client_finish(struct client *);

#endif
