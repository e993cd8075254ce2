/*
 * The queue's addresses and the rules that hold for all of them: who is not
 * signed in sees the login page and nothing else, a GET writes nothing, a POST
 * carries the token of its session.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "desk_room.h"
#include "io/config_value.h"
#include "role/web_files.h"

/* Nothing is loaded from elsewhere, nothing inline is run, nobody frames us. */
static const char POLICY[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'";

void
call_header(struct call *c, const char *name, const char *value)
{
	cd_assert(c->n_headers < sizeof c->out->headers /
	    sizeof *c->out->headers);
	c->out->headers[c->n_headers++] = (struct web_pair){ name, value };
}

static void
answer(struct call *c, int status, const char *type, struct str body)
{
	c->out->status = status;
	c->out->content_type = type;
	c->out->body = body;
	call_header(c, "X-Content-Type-Options", "nosniff");
	call_header(c, "Referrer-Policy", "same-origin");
	call_header(c, "Cross-Origin-Opener-Policy", "same-origin");
}

void
call_page(struct call *c, int status, struct html *h)
{
	if (!html_whole(h)) {
		log_warn("desk.page", "path=%s error=\"longer than a page may "
		    "be\"", log_q(c->a, c->r->path));
		call_plain(c, 500, "This page would be too long.\n");
		return;
	}
	answer(c, status, "text/html; charset=utf-8", html_str(h));
	call_header(c, "Content-Security-Policy", POLICY);
	call_header(c, "X-Frame-Options", "DENY");
	call_header(c, "Cache-Control", "no-store");
}

void
call_plain(struct call *c, int status, const char *text)
{
	answer(c, status, "text/plain; charset=utf-8", str_of(text));
	call_header(c, "Cache-Control", "no-store");
}

void
call_redirect(struct call *c, const char *to)
{
	call_header(c, "Location", to);
	call_plain(c, 303, "See there.\n");
}

void
call_trouble(struct call *c, int status, const char *title, const char *text)
{
	struct page_frame frame = { .title = title, .kind = "plain" };
	struct html h = html_new(c->a);

	page_begin(c, &h, &frame);
	html_put(&h, "<section class=\"sheet narrow\"><h1>%s</h1><p>%s</p>"
	    "<p><a href=\"/cases\">To the queue</a></p></section>", title,
	    text);
	page_end(&h);
	call_page(c, status, &h);
}

int
call_status(enum cd_rc rc)
{
	switch (rc) {
	case CD_OK:
	case CD_DONE:
		return 200;
	case CD_ABSENT:
		return 404;
	case CD_AGAIN:
		return 503;
	case CD_REFUSED:
		return 409;
	case CD_MALFORMED:
		return 400;
	case CD_BROKEN:
		return 500;
	}
	return 500;
}

const char *
call_back(const struct call *c, const char *to)
{
	(void)c;
	if (!to || strlen(to) > 2000 || str_has_control(str_of(to)) ||
	    strchr(to, '\\'))
		return "/cases";
	if (strcmp(to, "/cases") == 0 || strcmp(to, "/numbers") == 0 ||
	    str_starts(str_of(to), STR("/cases?")) ||
	    str_starts(str_of(to), STR("/cases/")))
		return to;
	return "/cases";
}

static const char *
type_of(const char *name)
{
	struct str s = str_of(name);

	return str_iends(s, STR(".css")) ? "text/css; charset=utf-8"
	    : str_iends(s, STR(".svg")) ? "image/svg+xml"
	    : "text/javascript; charset=utf-8";
}

static bool
static_file(struct call *c, const char *name)
{
	for (const struct web_file *f = web_files; f->name; f++) {
		if (strcmp(f->name, name) != 0)
			continue;
		answer(c, 200, type_of(name), (struct str){ f->bytes, f->n });
		/* The address carries the version. */
		call_header(c, "Cache-Control", "public, max-age=31536000, "
		    "immutable");
		return true;
	}
	return false;
}

/* "12" or "12/send"; false: neither. */
static bool
case_address(struct call *c, const char *rest, int64_t *id, const char **verb)
{
	size_t n = strcspn(rest, "/");

	*verb = rest[n] ? arena_strdup(c->a, rest + n + 1) : NULL;
	return str_to_i64((struct str){ rest, n }, 1, INT64_MAX, id);
}

static bool
serve_get(struct call *c, const char *path)
{
	const char *verb;
	int64_t id;

	if (strcmp(path, "/cases") == 0)
		list_page(c);
	else if (strcmp(path, "/cases/next") == 0)
		list_next(c);
	else if (strcmp(path, "/numbers") == 0)
		numbers_page(c);
	else if (strcmp(path, "/live") == 0)
		live_page(c);
	else if (str_starts(str_of(path), STR("/cases/")) &&
	    case_address(c, path + 7, &id, &verb)) {
		/* What was refused stands at /cases/12/send. */
		if (verb)
			call_redirect(c, arena_printf(c->a, "/cases/%" PRId64,
			    id));
		else
			case_page(c, id, NULL);
	}
	else if (str_starts(str_of(path), STR("/answers/")) &&
	    case_address(c, path + 9, &id, &verb) && verb &&
	    strcmp(verb, "html") == 0)
		case_html(c, id);
	else
		return false;
	return true;
}

static bool
serve_post(struct call *c, const char *path)
{
	const char *verb;
	int64_t id;

	if (strcmp(path, "/cases/bulk") == 0)
		act_bulk(c);
	else if (str_starts(str_of(path), STR("/cases/")) &&
	    case_address(c, path + 7, &id, &verb) && verb)
		act_case(c, id, verb);
	else
		return false;
	return true;
}

/* A browser that says a form comes from another site is believed. */
static bool
from_elsewhere(const struct call *c)
{
	const char *site = c->r->header(c->r, "Sec-Fetch-Site");

	return site && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0;
}

/* A form of a session that has ended, or of another one. Going back would load
 * the page anew, and what was typed in it would be gone. */
static void
refuse_form(struct call *c, const char *path, const char *title,
    const char *text)
{
	struct page_frame frame = { .title = title, .kind = "plain" };
	struct html h = html_new(c->a);
	const char *verb, *back = "/cases";
	int64_t id;

	if (str_starts(str_of(path), STR("/cases/")) &&
	    case_address(c, path + 7, &id, &verb))
		back = arena_printf(c->a, "/cases/%" PRId64, id);
	page_begin(c, &h, &frame);
	html_put(&h, "<section class=\"sheet narrow\"><h1>%s</h1><p "
	    "role=\"alert\">%s</p><p><a href=\"%s\" target=\"_blank\">To the "
	    "%s, in another tab</a></p></section>", title, text, back,
	    back[6] ? "case" : "queue");
	page_kept(&h, web_form(c->r, "text"));
	page_end(&h);
	call_page(c, 403, &h);
}

static void
serve(struct call *c, const char *path, bool get)
{
	if (get && strcmp(path, "/login") == 0) {
		login_page(c);
	} else if (!get && from_elsewhere(c)) {
		call_plain(c, 403, "This form came from another site.\n");
	} else if (!get && strcmp(path, "/login") == 0) {
		login_try(c);
	} else if (!c->who.name) {
		/* Not 401, which RFC 9110 11.6.1 ties to a challenge that a
		 * browser would answer: the way in is a form. */
		if (strcmp(path, "/live") == 0)
			call_plain(c, 403, "You are not signed in.\n");
		else if (!get)
			refuse_form(c, path, "You are signed out",
			    "Nothing was sent or changed. Please sign in and "
			    "do it once more.");
		else
			call_redirect(c, arena_printf(c->a, "/login?next=%s",
			    html_query(c->a, path)));
	} else if (!get && !visitor_form_fits(c)) {
		refuse_form(c, path, "Please try again",
		    "This form was too old, or not from this page. Nothing was "
		    "sent or changed. Please do it once more.");
	} else if (!get && strcmp(path, "/logout") == 0) {
		login_end(c);
	} else if (get && strcmp(path, "/") == 0) {
		call_redirect(c, "/cases");
	} else if (!(get ? serve_get(c, path) : serve_post(c, path))) {
		call_trouble(c, 404, "There is nothing here",
		    "This address leads to no page of the queue.");
	}
}

bool
desk_web_handle(struct desk_web *w, struct arena *a,
    const struct web_request *r, struct web_response *out)
{
	struct call c = { .w = w, .a = a, .r = r, .out = out,
		.now = clock_now() };
	bool get = strcmp(r->method, "GET") == 0;

	if (strcmp(r->path, "/") != 0 && !path_is_queue(r->path))
		return false;
	if (str_starts(str_of(r->path), STR("/static/"))) {
		if (!get || !static_file(&c, r->path + 8))
			call_plain(&c, 404, "There is nothing here.\n");
		return true;
	}
	visitor_find(&c);
	serve(&c, r->path, get);
	return true;
}
