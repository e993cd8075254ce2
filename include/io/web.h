#ifndef CD_IO_WEB_H
#define CD_IO_WEB_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * HTTP by libmicrohttpd in the caller's own loop, no threads. Bodies up to
 * CD_MAX_REQUEST, CD_MAX_CONNECTIONS connections, CD_REQUEST_MS a request,
 * however slowly it trickles. Where all connections are taken, the one that has
 * been without an answer for longest gives way.
 *
 * What never reaches the handler: other methods than GET, HEAD and POST (405),
 * a body too long (413), of another type than application/x-www-form-urlencoded
 * (415), a target, query or form with a malformed escape, a zero byte or what
 * is not UTF-8 (400).
 */
struct web;

struct web_pair {
	const char *name, *value;
};

struct web_request {
	const char *method;		/* GET (of HEAD too) or POST */
	bool head;			/* HEAD: nothing may come of it */
	const char *path;		/* decoded, no query */
	struct web_pair *query;		/* decoded */
	size_t n_query;
	struct web_pair *form;		/* of an urlencoded POST body */
	size_t n_form;
	const char *cookie;		/* header, or "" */
	const char *peer;		/* address text */
	/* A header's value; NULL: not there, or there twice, so that none of
	 * two signed-in names is believed. */
	const char *(*header)(const struct web_request *, const char *name);
	void *connection;		/* of header() */
	int64_t ticket;			/* another one each request */
};

/* Instead of a status: the answer is not known yet. The request rests, others
 * are served, and web_retry hands it to the handler again, with the same ticket
 * and what it allocated still there. At the end of CD_REQUEST_MS it is a 503. */
#define WEB_LATER 1

struct web_response {
	int status;
	const char *content_type;
	struct str body;		/* copied */
	struct web_pair headers[12];	/* more headers; name NULL ends */
	bool stream;			/* the body is a beginning: web_publish
					 * tells more */
};

/* *out is zeroed and status 404 beforehand. The arena lives until the response
 * is made. A header with a line end in it makes the response a 500. */
typedef void web_handler(void *context, struct arena *,
    const struct web_request *, struct web_response *out);

/* listen: "address:port" or "[::1]:port"; port 0 takes a free one. CD_REFUSED:
 * the address is taken or not ours. */
enum cd_rc web_open(const char *listen, web_handler *, void *context,
    struct web **out, struct cd_err *err) CD_CHECK;
void web_close(struct web **);
int web_port(const struct web *);
/* Another time than CD_REQUEST_MS for a request. */
void web_set_request_ms(struct web *, int ms);
/* One turn: serve what is there, wait at most timeout_ms or for wake_fd (-1:
 * none). */
void web_turn(struct web *, int wake_fd, int timeout_ms);

/* Hand all resting requests to the handler once more, at the next turn. */
void web_retry(struct web *);
size_t web_resting(const struct web *);

/* Streams: at most CD_MAX_STREAMS, the oldest gives way to a new one; each ends
 * after CD_STREAM_MS, or where the other side does not read. */
size_t web_streams(const struct web *);
void web_publish(struct web *, struct str);	/* to all of them */

const char *web_query(const struct web_request *, const char *name); /* NULL */
const char *web_form(const struct web_request *, const char *name);

#endif
