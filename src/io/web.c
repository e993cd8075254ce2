/*
 * HTTP by libmicrohttpd, polled from outside by its epoll descriptor: the role
 * has one loop, and a handler may use the database without locks.
 *
 * libmicrohttpd's time-out counts silence only, so a client that sends a byte
 * now and then would hold a connection for ever. Each connection therefore has
 * a clock here, and one that is overdue is shut down under libmicrohttpd's
 * feet.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/listen.h"
#include "io/web_form.h"
#include "web_client.h"

#define HEADER_BYTES (32 * 1024)	/* request line and headers */

/* ---- answering ----------------------------------------------------------- */

/* Takes the response over. */
static enum MHD_Result
respond_with(struct MHD_Connection *connection, const struct web_response *r,
    struct MHD_Response *m)
{
	enum MHD_Result done = MHD_YES;

	if (!m)
		return MHD_NO;
	if (r->content_type)
		done = MHD_add_response_header(m, "Content-Type",
		    r->content_type);
	for (size_t i = 0; i < sizeof r->headers / sizeof *r->headers; i++) {
		if (!r->headers[i].name || done != MHD_YES)
			break;
		done = MHD_add_response_header(m, r->headers[i].name,
		    r->headers[i].value);
	}
	if (done == MHD_YES)
		done = MHD_queue_response(connection, (unsigned)r->status, m);
	MHD_destroy_response(m);
	return done;
}

static enum MHD_Result
respond(struct MHD_Connection *connection, const struct web_response *r)
{
	return respond_with(connection, r, MHD_create_response_from_buffer(
	    r->body.n, (void *)(uintptr_t)r->body.p, MHD_RESPMEM_MUST_COPY));
}

static enum MHD_Result
respond_plainly(struct MHD_Connection *connection, int status,
    const char *text)
{
	struct web_response r = { .status = status,
		.content_type = "text/plain; charset=utf-8",
		.body = str_of(text) };

	r.headers[0] = (struct web_pair){ "Connection", "close" };
	if (status == 405)
		r.headers[1] = (struct web_pair){ "Allow", "GET, HEAD, POST" };
	return respond(connection, &r);
}

/* ---- the request --------------------------------------------------------- */

struct lookup {
	const char *name, *value;
	int times;
};

static enum MHD_Result
lookup_one(void *context, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct lookup *l = context;

	(void)kind;
	if (strcasecmp(name, l->name) == 0) {
		l->times++;
		l->value = value ? value : "";
	}
	return MHD_YES;
}

static const char *
header_of(const struct web_request *r, const char *name)
{
	struct lookup l = { .name = name };

	MHD_get_connection_values(r->connection, MHD_HEADER_KIND, lookup_one,
	    &l);
	return l.times == 1 ? l.value : NULL;
}

static bool
body_is_form(const struct web_request *r)
{
	const char *type = header_of(r, "Content-Type");

	return type && str_istarts(str_of(type),
	    STR("application/x-www-form-urlencoded"));
}

/* 0, or the status of the refusal. */
static int
request_read(struct client *c, const char *method, struct web_request *r)
{
	struct str target = str_of(c->target), query = { NULL, 0 };
	ptrdiff_t mark = str_find(target, STR("?"));
	const char *cookie = MHD_lookup_connection_value(c->connection,
	    MHD_HEADER_KIND, "Cookie");

	if (mark >= 0) {
		query = str_sub(target, (size_t)mark + 1, target.n);
		target = str_sub(target, 0, (size_t)mark);
	}
	r->connection = c->connection;
	r->header = header_of;
	r->head = strcmp(method, "HEAD") == 0;
	r->method = r->head ? "GET" : method;
	r->peer = c->peer;
	r->cookie = cookie ? cookie : "";
	r->ticket = c->ticket;
	r->path = percent_decode(c->arena, target, false);
	if (!r->path || r->path[0] != '/' ||
	    str_has_control(str_of(r->path)) ||
	    form_parse(c->arena, query, &r->query,
		&r->n_query) != CD_OK)
		return 400;
	if (c->body.n == 0)
		return 0;
	if (!body_is_form(r))
		return 415;
	if (form_parse(c->arena, buf_str(&c->body), &r->form, &r->n_form) !=
	    CD_OK)
		return 400;
	return 0;
}

static enum MHD_Result
request_answer(struct web *w, struct client *c, const char *method)
{
	struct web_request request = { .method = method };
	struct web_response response = { .status = 404 };
	int refusal = request_read(c, method, &request);

	if (refusal == 415)
		return respond_plainly(c->connection, 415,
		    "Only forms are read here.\n");
	if (refusal)
		return respond_plainly(c->connection, refusal,
		    "This address or form is malformed.\n");
	if (c->late)
		return respond_plainly(c->connection, 503,
		    "This takes too long now; please try again.\n");
	w->handler(w->context, c->arena, &request, &response);
	if (response.status == WEB_LATER) {
		client_rest(c);
		return MHD_YES;
	}
	if (response.stream)
		return respond_with(c->connection, &response,
		    client_listen(w, c, response.body));
	if (response.status < 200 || response.status > 599 ||
	    respond(c->connection, &response) != MHD_YES)
		return respond_plainly(c->connection, 500,
		    "Something went wrong here.\n");
	return MHD_YES;
}

/* ---- libmicrohttpd's calls ----------------------------------------------- */

static struct client *
client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static void
client_begin(struct client *c, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct sockaddr_storage at = { 0 };
	socklen_t n = sizeof at;

	memset(c, 0, sizeof *c);
	c->arena = arena_new();
	c->fd = info ? info->connect_fd : -1;
	c->since = clock_mono_ms();
	if (getpeername(c->fd, (struct sockaddr *)&at, &n) < 0)
		return;
	if (at.ss_family == AF_INET)
		inet_ntop(AF_INET, &((struct sockaddr_in *)&at)->sin_addr,
		    c->peer, sizeof c->peer);
	else if (at.ss_family == AF_INET6)
		inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&at)->sin6_addr,
		    c->peer, sizeof c->peer);
}

static void
connection_seen(void *context, struct MHD_Connection *connection,
    void **socket_context, enum MHD_ConnectionNotificationCode what)
{
	struct web *w = context;
	struct client *c = *socket_context;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (c)
			arena_free(&c->arena);
		*socket_context = NULL;
		return;
	}
	for (size_t i = 0; i < CD_MAX_CONNECTIONS; i++) {
		if (w->clients[i].arena)
			continue;
		client_begin(&w->clients[i], connection);
		*socket_context = &w->clients[i];
		return;
	}
}

static void *
target_seen(void *context, const char *target,
    struct MHD_Connection *connection)
{
	struct client *c = client_of(connection);
	struct web *w = context;

	if (!c)
		return NULL;
	c->since = clock_mono_ms();
	c->ticket = ++w->tickets;
	c->connection = connection;
	c->target = arena_strdup(c->arena, target);
	c->body = buf_new(c->arena, CD_MAX_REQUEST);
	c->begun = c->too_long = false;
	return c;
}

static void
request_ended(void *context, struct MHD_Connection *connection,
    void **request_context, enum MHD_RequestTerminationCode why)
{
	struct client *c = client_of(connection);

	(void)context;
	(void)why;
	*request_context = NULL;
	if (!c || !c->arena)
		return;
	arena_reset(c->arena);
	c->target = NULL;
	c->kind = CLIENT_ASKS;
	/* The connection may be kept: its clock runs again. */
	c->late = c->ended = false;
	c->since = clock_mono_ms();
}

/* The escapes are ours to read: leave the text as it is. */
static size_t
no_unescape(void *context, struct MHD_Connection *connection, char *s)
{
	(void)context;
	(void)connection;
	return strlen(s);
}

static bool
length_is_too_long(struct MHD_Connection *connection)
{
	const char *text = MHD_lookup_connection_value(connection,
	    MHD_HEADER_KIND, "Content-Length");
	int64_t n;

	return text && !str_to_i64(str_of(text), 0, CD_MAX_REQUEST, &n);
}

/* Called at the end of the headers, for each piece of the body, and at its
 * end. */
static enum MHD_Result
request_piece(void *context, struct MHD_Connection *connection,
    const char *target, const char *method, const char *version,
    const char *piece, size_t *n, void **request_context)
{
	struct client *c = client_of(connection);

	(void)target;
	(void)version;
	(void)request_context;
	if (!c || !c->target)
		return MHD_NO;
	if (!c->begun) {
		c->begun = true;
		if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
		    strcmp(method, "POST") != 0)
			return respond_plainly(connection, 405,
			    "Only GET, HEAD and POST are served here.\n");
		c->too_long = length_is_too_long(connection);
		if (!c->too_long)
			return MHD_YES;
	}
	if (*n > 0) {
		buf_add(&c->body, piece, *n);
		*n = 0;
		return MHD_YES;
	}
	if (c->too_long || c->body.full)
		return respond_plainly(connection, 413,
		    "This form is too long.\n");
	return request_answer(context, c, method);
}

/* ---- the loop ------------------------------------------------------------ */

static int
clamp_wait(int64_t ms, int most)
{
	return ms < 0 ? 0 : ms > most ? most : (int)ms;
}

/* Who is overdue is answered or shut down. */
static void
client_overdue(struct client *c)
{
	switch (c->kind) {
	case CLIENT_ASKS:
		shutdown(c->fd, SHUT_RDWR);
		c->fd = -1;
		break;
	case CLIENT_RESTS:
		c->late = true;
		client_wake(c);
		break;
	case CLIENT_LISTENS:
		client_finish(c);
		break;
	}
}

/* Returns how long until the next may be overdue. */
static int
clients_hurry(struct web *w, int most)
{
	int64_t now = clock_mono_ms();
	int wait = most;

	for (size_t i = 0; i < CD_MAX_CONNECTIONS; i++) {
		struct client *c = &w->clients[i];
		int64_t left = c->since - now + (c->kind == CLIENT_LISTENS
		    ? CD_STREAM_MS : w->request_ms);

		if (!c->arena || c->fd < 0 || c->late || c->ended)
			continue;
		if (left <= 0)
			client_overdue(c);
		else
			wait = clamp_wait(left, wait);
	}
	return wait;
}

/* Where all places are taken, who has kept one longest without an answer gives
 * it up: whoever only holds connections must not shut the others out. */
static bool
make_room(struct web *w)
{
	struct client *longest = NULL;

	for (size_t i = 0; i < CD_MAX_CONNECTIONS; i++) {
		struct client *c = &w->clients[i];

		if (!c->arena || c->fd < 0)
			return false;
		if (c->kind == CLIENT_ASKS &&
		    (!longest || c->since < longest->since))
			longest = c;
	}
	if (longest)
		client_overdue(longest);
	return longest != NULL;
}

void
web_turn(struct web *w, int wake_fd, int timeout_ms)
{
	struct pollfd fds[2] = {
		{ .fd = w->epoll_fd, .events = POLLIN },
		{ .fd = wake_fd, .events = POLLIN },
	};
	MHD_UNSIGNED_LONG_LONG theirs;
	bool full = make_room(w);
	int wait = clients_hurry(w, timeout_ms < 0 ? 1000 : timeout_ms);

	if (MHD_get_timeout(w->daemon, &theirs) == MHD_YES)
		wait = theirs > (unsigned)wait ? wait : (int)theirs;
	if (poll(fds, 2, wait) < 0 && errno != EINTR)
		return;
	MHD_run(w->daemon);
	/* It listens again in the run after the one that closes. */
	if (full)
		MHD_run(w->daemon);
}

/* ---- opening ------------------------------------------------------------- */

static struct MHD_Daemon *
daemon_start(struct web *w, int fd)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME,
	    0, NULL, NULL, request_piece, w,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CD_MAX_CONNECTIONS,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(CD_REQUEST_MS / 1000),
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES,
	    MHD_OPTION_URI_LOG_CALLBACK, target_seen, w,
	    MHD_OPTION_UNESCAPE_CALLBACK, no_unescape, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, connection_seen, w,
	    MHD_OPTION_NOTIFY_COMPLETED, request_ended, w,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
	    MHD_OPTION_END);
}

enum cd_rc
web_open(const char *listen_text, web_handler *handler, void *context,
    struct web **out, struct cd_err *err)
{
	const union MHD_DaemonInfo *info;
	struct arena *a;
	struct web *w;
	int fd = -1, port = 0;
	enum cd_rc rc = listen_open(listen_text, &fd, &port, err);

	if (rc != CD_OK)
		return rc;
	a = arena_new();
	w = arena_alloc(a, sizeof *w);
	w->arena = a;
	w->handler = handler;
	w->context = context;
	w->port = port;
	w->request_ms = CD_REQUEST_MS;
	w->daemon = daemon_start(w, fd);
	if (!w->daemon) {
		/* libmicrohttpd has closed fd. */
		arena_free(&a);
		return cd_fail(err, CD_BROKEN,
		    "web %s: libmicrohttpd does not start", listen_text);
	}
	info = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	cd_assert(info && info->epoll_fd >= 0);
	w->epoll_fd = info->epoll_fd;
	*out = w;
	return CD_OK;
}

void
web_close(struct web **w)
{
	struct arena *a;

	if (!w || !*w)
		return;
	clients_wake(*w);
	MHD_stop_daemon((*w)->daemon);
	a = (*w)->arena;
	*w = NULL;
	arena_free(&a);
}

int
web_port(const struct web *w)
{
	return w->port;
}

void
web_set_request_ms(struct web *w, int ms)
{
	w->request_ms = ms;
}

/* ---- what handlers ask --------------------------------------------------- */

static const char *
pair_find(const struct web_pair *pairs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(pairs[i].name, name) == 0)
			return pairs[i].value;
	}
	return NULL;
}

const char *
web_query(const struct web_request *r, const char *name)
{
	return pair_find(r->query, r->n_query, name);
}

const char *
web_form(const struct web_request *r, const char *name)
{
	return pair_find(r->form, r->n_form, name);
}
