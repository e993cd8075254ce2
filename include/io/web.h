#ifndef CD_IO_WEB_H
#define CD_IO_WEB_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * HTTP by libmicrohttpd in the caller's own loop, no threads. Bodies up to
 * 64 KiB, 100 connections, 10 s a request.
 */
struct web;

struct web_pair {
	const char *name, *value;
};

struct web_request {
	const char *method, *path;	/* decoded, no query */
	struct web_pair *query;		/* decoded */
	size_t n_query;
	struct web_pair *form;		/* of an urlencoded POST body */
	size_t n_form;
	const char *cookie;		/* header, or "" */
	const char *peer;		/* address text */
	const char *(*header)(const struct web_request *, const char *name);
	void *connection;
};

struct web_response {
	int status;
	const char *content_type;
	struct str body;		/* copied */
	struct web_pair headers[12];	/* more headers; name NULL ends */
};

/* *out is zeroed and status 404 beforehand. */
typedef void web_handler(void *context, struct arena *,
    const struct web_request *, struct web_response *out);

/* listen: "address:port" or "[::1]:port". */
enum cd_rc web_open(const char *listen, web_handler *, void *context,
    struct web **out, struct cd_err *err) CD_CHECK;
void web_close(struct web **);
/* Serve what is there, wait at most timeout_ms or for wake_fd (-1: none). */
void web_turn(struct web *, int wake_fd, int timeout_ms);

const char *web_query(const struct web_request *, const char *name); /* NULL */
const char *web_form(const struct web_request *, const char *name);

#endif
