/*
 * HTTP: Microsoft's return address, health, metrics and the queue. GET changes
 * nothing but for the return address, which OAuth makes a GET and the signed
 * state guards.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "flow/consent.h"
#include "flow/health.h"
#include "flow/return_page.h"
#include "io/config_value.h"
#include "io/web.h"
#include "role/desk_web.h"
#include "role/role.h"
#include "role/session.h"
#include "store/roles.h"

#define BEAT_MS		15000

struct server {
	const struct role_context *context;
	const struct engine *engine;
	struct store *store;
	struct web *web;
	struct arena *arena;
	const char *return_path;
	struct desk_web desk;
};

static void
respond(struct web_response *out, int status, const char *type,
    struct str body)
{
	out->status = status;
	out->content_type = type;
	out->body = body;
	out->headers[0] = (struct web_pair){ "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; "
		"frame-ancestors 'none'; base-uri 'none'; form-action 'self'" };
	out->headers[1] = (struct web_pair){ "X-Content-Type-Options",
		"nosniff" };
	out->headers[2] = (struct web_pair){ "Referrer-Policy",
		"no-referrer" };
	out->headers[3] = (struct web_pair){ "Cache-Control", "no-store" };
}

static void
returned(struct server *s, struct arena *a, const struct web_request *r,
    struct web_response *out)
{
	const struct consent_return in = {
		.admin_consent = web_query(r, "admin_consent"),
		.tenant = web_query(r, "tenant"),
		.state = web_query(r, "state"),
		.error = web_query(r, "error"),
		.error_description = web_query(r, "error_description"),
	};
	struct consent_result result = { .outcome = CONSENT_LATER };
	struct cd_err err = { "" };

	/* RFC 9110 9.2.1: HEAD is safe. A scanner that has the link of an
	 * admin's browser asks so; Microsoft's redirect is a GET. */
	if (r->head) {
		respond(out, 200, "text/html; charset=utf-8", str_of(""));
		return;
	}
	if (consent_returned(s->engine, s->store, a, &in, clock_now(), &result,
	    &err) != CD_OK)
		log_error("consent.failed", "error=%s", log_q(a, err.text));
	if (result.tally.told > 0)
		role_wake(s->context->wake_send);
	respond(out, result.outcome == CONSENT_LATER ? 503
	    : result.outcome == CONSENT_FORGED ? 400 : 200,
	    "text/html; charset=utf-8", return_page(s->engine, a, &result,
	    r->header(r, "Accept-Language")));
}

static void
health(struct server *s, struct arena *a, bool ready,
    struct web_response *out)
{
	struct health h;
	struct cd_err err = { "" };
	bool ok = health_read(s->context->config, s->store, a, clock_now(), &h,
	    &err) == CD_OK;

	if (ready)
		ok = ok && h.healthy;
	respond(out, ok ? 200 : 503, "text/plain; charset=utf-8",
	    str_of(ok ? "ok\n" : h.why && h.why[0]
	    ? arena_printf(a, "%s\n", h.why) : "not ready\n"));
}

static void
metrics(struct server *s, struct arena *a, struct web_response *out)
{
	struct health h;
	struct cd_err err = { "" };

	if (health_read(s->context->config, s->store, a, clock_now(), &h,
	    &err) != CD_OK) {
		respond(out, 503, "text/plain; charset=utf-8",
		    str_of("# the database cannot be read now\n"));
		return;
	}
	respond(out, 200, "text/plain; version=0.0.4; charset=utf-8",
	    health_metrics(a, &h));
}

/* RFC 9110 15.5.6: "The origin server MUST generate an Allow header field in a
 * 405 response". */
static void
only_get(struct web_response *out)
{
	respond(out, 405, "text/plain; charset=utf-8", str_of("only GET\n"));
	out->headers[4] = (struct web_pair){ "Allow", "GET, HEAD" };
}

static void
handle(void *context, struct arena *a, const struct web_request *r,
    struct web_response *out)
{
	struct server *s = context;

	bool get = strcmp(r->method, "GET") == 0;

	if (get && strcmp(r->path, "/healthz") == 0)
		health(s, a, false, out);
	else if (get && strcmp(r->path, "/readyz") == 0)
		health(s, a, true, out);
	else if (get && strcmp(r->path, "/metrics") == 0)
		metrics(s, a, out);
	else if (get && strcmp(r->path, s->return_path) == 0 &&
	    (r->n_query > 0 || strcmp(s->return_path, "/") != 0))
		returned(s, a, r, out);
	else if (desk_web_handle(&s->desk, a, r, out))
		return;
	else if (!get)
		only_get(out);
	else
		respond(out, 404, "text/plain; charset=utf-8",
		    str_of("There is nothing here.\n"));
}

static void
beat(struct server *s, const char *state)
{
	const struct role_row row = {
		.role = "web",
		.pid = getpid(),
		.beat = clock_now(),
		.state = state,
		.data = "{}",
	};
	struct cd_err err = { "" };

	if (roles_beat(s->store, &row, &err) != CD_OK)
		log_warn("role.beat", "error=%s", log_q(s->arena, err.text));
}

/* What ends a wait: a signal, or a password that was tried. -1: none left. */
static int
wake_open(const struct server *s)
{
	struct epoll_event in = { .events = EPOLLIN };
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd >= 0 && (epoll_ctl(fd, EPOLL_CTL_ADD, s->context->signals,
	    &in) != 0 || epoll_ctl(fd, EPOLL_CTL_ADD, s->desk.passwords.news,
	    &in) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

int
role_web(const struct role_context *context)
{
	const struct config *c = context->config;
	struct server s = { .context = context, .engine = context->engine,
		.arena = arena_new() };
	struct cd_err err = { "" };
	struct store *reader = NULL;
	int64_t beat_at = 0;
	int wake = -1;
	enum cd_rc rc = store_open(c->files.database, STORE_WRITE, &s.store,
	    &err);

	/* Pages are read by a connection that cannot write. */
	if (rc == CD_OK)
		rc = store_open(c->files.database, STORE_READ, &reader, &err);
	s.desk = (struct desk_web){ .context = context, .engine = s.engine,
		.writer = s.store, .reader = reader };
	if (!passwords_open(&s.desk.passwords) || (wake = wake_open(&s)) < 0)
		rc = cd_fail(&err, CD_BROKEN, "no descriptor is left");
	if (rc == CD_OK)
		rc = web_open(c->web.listen, handle, &s, &s.web, &err);
	s.desk.web = s.web;
	if (rc == CD_OK)
		rc = role_sandbox(c, &err);
	if (rc == CD_OK) {
		s.return_path = url_path(s.arena, c->microsoft.redirect_uri);
		log_info("role.start", "listen=%s return=%s", c->web.listen,
		    s.return_path);
	} else {
		log_error("role.failed", "error=%s", log_q(s.arena, err.text));
		/* For `status`: the row of the one before speaks of it. */
		if (s.store)
			beat(&s, arena_printf(s.arena, "error: it cannot "
			    "start: %s", err.text));
	}
	while (rc == CD_OK && !role_stopped(context)) {
		/* Not by the wall's clock, which may be put back. */
		if (clock_mono_ms() >= beat_at) {
			beat(&s, "idle");
			beat_at = clock_mono_ms() + BEAT_MS;
		}
		web_turn(s.web, wake, desk_web_turn(&s.desk));
	}
	web_close(&s.web);
	if (wake >= 0)
		close(wake);
	passwords_close(&s.desk.passwords);
	store_close(&reader);
	store_close(&s.store);
	arena_free(&s.arena);
	return rc == CD_OK ? 0 : 1;
}
