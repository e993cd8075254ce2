/*
 * Signing in: by name and password, or by a reverse proxy on this machine that
 * has done it. The cookie is 32 random bytes; the store knows its hash.
 *
 * Before anybody is signed in a form is guarded by a second cookie that holds
 * the same random text as the form: another site can set neither.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "desk_room.h"
#include "store/accounts.h"
#include "store/sessions.h"

#define SECRET_BYTES	32
#define SECRET_HEX	(2 * SECRET_BYTES)
#define NAME_FREE	5	/* wrong passwords of a name before it waits */
#define PEER_FREE	20	/* and of an address: many may share one */

/* Fits no password, and takes as long to find that out. */
static const char nobodys_hash[] = "scrypt$15$8$1$"
    "00000000000000000000000000000000$"
    "0000000000000000000000000000000000000000000000000000000000000000";

static bool
is_loopback(const char *peer)
{
	return str_starts(str_of(peer), STR("127.")) ||
	    str_starts(str_of(peer), STR("::ffff:127.")) ||
	    strcmp(peer, "::1") == 0;
}

static bool
is_secure(const struct call *c)
{
	const char *url = c->w->context->config->web.public_url;

	return url && str_istarts(str_of(url), STR("https:"));
}

/* Who is at the other end: the proxy's word where the proxy is ours. */
static const char *
peer_of(const struct call *c)
{
	const char *list = c->r->header(c->r, "X-Forwarded-For");
	const char *last;

	if (!list || !is_loopback(c->r->peer))
		return c->r->peer;
	last = strrchr(list, ',');
	return arena_str(c->a, str_trim(str_of(last ? last + 1 : list)));
}

/* ---- cookies -------------------------------------------------------------- */

/* The prefix binds it to this host and to TLS (RFC 6265bis 4.1.3.2). */
static const char *
cookie_name(const struct call *c, const char *what)
{
	return arena_printf(c->a, "%sdesk_%s", is_secure(c) ? "__Host-" : "",
	    what);
}

/* Of 64 hex digits; NULL: there is none. */
static const char *
cookie_get(const struct call *c, const char *what)
{
	struct str name = str_of(cookie_name(c, what));
	struct str rest = str_of(c->r->cookie);

	while (rest.n > 0) {
		ptrdiff_t end = str_find(rest, STR(";"));
		struct str pair = str_trim(end < 0 ? rest
		    : str_sub(rest, 0, (size_t)end));

		rest = end < 0 ? (struct str){ NULL, 0 }
			       : str_sub(rest, (size_t)end + 1, rest.n);
		if (pair.n == name.n + 1 + SECRET_HEX &&
		    str_starts(pair, name) && pair.p[name.n] == '=')
			return arena_str(c->a, str_sub(pair, name.n + 1,
			    pair.n));
	}
	return NULL;
}

static void
cookie_set(struct call *c, const char *what, const char *value)
{
	call_header(c, "Set-Cookie", arena_printf(c->a,
	    "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
	    cookie_name(c, what), value, is_secure(c) ? "; Secure" : "",
	    value[0] ? "" : "; Max-Age=0"));
}

static const char *
secret_new(struct arena *a)
{
	unsigned char bytes[SECRET_BYTES];
	struct buf b = buf_new(a, SECRET_HEX + 1);

	random_bytes(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++)
		buf_printf(&b, "%02x", bytes[i]);
	return buf_str(&b).p;
}

/* In constant time. */
static bool
secret_same(const char *a, const char *b)
{
	unsigned char differs = 0;

	if (!a || !b || strlen(a) != SECRET_HEX || strlen(b) != SECRET_HEX)
		return false;
	for (size_t i = 0; i < SECRET_HEX; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return differs == 0;
}

/* The token of forms that belong to no session: of the cookie, or a new one. */
static const char *
form_token(struct call *c)
{
	const char *token = cookie_get(c, "form");

	if (!token) {
		token = secret_new(c->a);
		cookie_set(c, "form", token);
	}
	return token;
}

/* ---- who is there --------------------------------------------------------- */

static bool
by_proxy(struct call *c)
{
	const char *header = c->w->context->config->web.trusted_user_header;
	const char *name;
	struct account_row row;

	if (!header || !header[0] || !is_loopback(c->r->peer))
		return false;
	name = c->r->header(c->r, header);
	if (!name || !name[0] || strlen(name) > 100 ||
	    str_has_control(str_of(name)) || !utf8_valid(str_of(name)))
		return false;
	c->who = (struct visitor){ .name = arena_strdup(c->a, name),
		.by_proxy = true };
	if (accounts_get(c->w->reader, c->a, name, &row, NULL) == CD_OK)
		c->who.lead = strcmp(row.role, "lead") == 0;
	c->who.csrf = form_token(c);
	return true;
}

/* Reading pages keeps a session alive; that is all a GET writes, seldom. */
static void
touch(struct call *c, const char *secret)
{
	struct store *s = c->w->writer;
	struct cd_err err = { "" };
	enum cd_rc rc = store_begin(s, &err);

	if (rc == CD_OK)
		rc = sessions_touch(s, secret, c->now, &err);
	rc = store_end(s, rc, &err);
	if (rc != CD_OK)
		log_warn("desk.session", "error=%s", log_q(c->a, err.text));
}

void
visitor_find(struct call *c)
{
	const char *secret;
	struct session_row row;

	if (by_proxy(c))
		return;
	secret = cookie_get(c, "session");
	if (!secret || sessions_get(c->w->reader, c->a, secret, c->now, &row,
	    NULL) != CD_OK)
		return;
	c->who = (struct visitor){ .name = row.account,
		.lead = strcmp(row.role, "lead") == 0, .csrf = row.csrf };
	if (c->now - row.seen >= SESSION_TOUCH_S)
		touch(c, secret);
}

bool
visitor_form_fits(const struct call *c)
{
	return secret_same(web_form(c->r, "csrf"), c->who.csrf);
}

/* ---- signing in ----------------------------------------------------------- */

static void
show_login(struct call *c, int status, const char *name, const char *next,
    const char *trouble)
{
	struct page_frame frame = { .title = "Sign in", .kind = "plain" };
	const char *token = form_token(c);
	struct html h = html_new(c->a);

	page_begin(c, &h, &frame);
	html_put(&h, "<section class=\"sheet login\"><h1>Sign in</h1>"
	    "<p class=\"quiet\">to the support queue of %s</p>",
	    c->w->context->config->product.name);
	if (trouble)
		html_put(&h, "<p class=\"alert\" role=\"alert\">%s</p>",
		    trouble);
	html_put(&h, "<form method=\"post\" action=\"/login\">"
	    "<input type=\"hidden\" name=\"csrf\" value=\"%s\">"
	    "<input type=\"hidden\" name=\"next\" value=\"%s\">"
	    "<label for=\"name\">Name</label>"
	    "<input id=\"name\" name=\"name\" value=\"%s\" required "
	    "autocomplete=\"username\" autocapitalize=\"none\" "
	    "spellcheck=\"false\" autofocus>"
	    "<label for=\"password\">Password</label>"
	    "<input id=\"password\" name=\"password\" type=\"password\" "
	    "required autocomplete=\"current-password\">"
	    "<button class=\"main\">Sign in</button></form></section>",
	    token, next, name);
	page_end(&h);
	call_page(c, status, &h);
}

void
login_page(struct call *c)
{
	const char *next = call_back(c, web_query(c->r, "next"));

	if (c->who.name)
		call_redirect(c, next);
	else
		show_login(c, 200, "", next, NULL);
}

static enum cd_rc
begin_session(struct call *c, const char *name, const char *secret,
    struct cd_err *err)
{
	struct store *s = c->w->writer;
	enum cd_rc rc = store_begin(s, err);

	if (rc == CD_OK)
		rc = sessions_add(s, secret, name, secret_new(c->a), c->now,
		    err);
	return store_end(s, rc, err);
}

static void
sign_in(struct call *c, const char *name, const char *next)
{
	const char *secret = secret_new(c->a);
	struct cd_err err = { "" };
	enum cd_rc rc = begin_session(c, name, secret, &err);

	if (rc != CD_OK) {
		log_error("desk.login", "error=%s", log_q(c->a, err.text));
		show_login(c, 503, name, next, "The database is busy; please "
		    "try again in a moment.");
		return;
	}
	log_info("desk.login", "name=%s peer=%s", log_q(c->a, name),
	    log_q(c->a, peer_of(c)));
	cookie_set(c, "session", secret);
	call_redirect(c, next);
}

/* Not by the wall's clock: put back an hour, it would shut people out so long. */
static int64_t
throttle_now(void)
{
	return clock_mono_ms() / 1000;
}

/* An attempt is counted before its password is tried, so that many at once
 * get no more tries than one after another. */
static void
count_attempt(struct call *c, const char *name)
{
	struct throttle *t = &c->w->throttle;
	int64_t now = throttle_now();

	throttle_failed(t, arena_printf(c->a, "name %s", name), NAME_FREE, now);
	throttle_failed(t, arena_printf(c->a, "peer %s", peer_of(c)), PEER_FREE,
	    now);
}

static int64_t
attempt_wait(struct call *c, const char *name)
{
	const struct throttle *t = &c->w->throttle;
	int64_t now = throttle_now();
	int64_t of_name = throttle_wait(t, arena_printf(c->a, "name %s", name),
	    now);
	int64_t of_peer = throttle_wait(t, arena_printf(c->a, "peer %s",
	    peer_of(c)), now);

	return of_name > of_peer ? of_name : of_peer;
}

/* Have the password tried. An unknown name takes the same time. */
static void
attempt(struct call *c, const char *name, const char *password,
    const char *next)
{
	int64_t wait = attempt_wait(c, name);
	struct account_row row;
	bool known;

	if (wait > 0) {
		call_header(c, "Retry-After", arena_printf(c->a, "%" PRId64,
		    wait));
		show_login(c, 429, name, next, arena_printf(c->a, "Too many "
		    "wrong passwords. Please wait %" PRId64 " seconds.",
		    wait));
		return;
	}
	known = accounts_get(c->w->reader, c->a, name, &row, NULL) == CD_OK;
	if (passwords_ask(&c->w->passwords, c->r->ticket, password,
	    known ? row.hash : nobodys_hash)) {
		count_attempt(c, name);
	} else if (web_resting(c->w->web) >= CD_MAX_RESTING) {
		show_login(c, 503, name, next, "Many people sign in just now. "
		    "Please try again in a moment.");
		return;
	}
	c->out->status = WEB_LATER;
}

void
login_try(struct call *c)
{
	const char *name = web_form(c->r, "name");
	const char *password = web_form(c->r, "password");
	const char *next = call_back(c, web_form(c->r, "next"));

	name = name ? arena_str(c->a, str_trim(str_of(name))) : "";
	if (!secret_same(web_form(c->r, "csrf"), cookie_get(c, "form"))) {
		show_login(c, 403, "", next, "This page was open for too long, "
		    "or your browser keeps no cookies. Please try again.");
		return;
	}
	if (!name[0] || !password || !password[0] || strlen(name) > 100 ||
	    strlen(password) > CD_MAX_PASSWORD) {
		show_login(c, 400, "", next, "Name and password, please.");
		return;
	}
	switch (passwords_answer(&c->w->passwords, c->r->ticket)) {
	case PASSWORD_NOT_ASKED:
		attempt(c, name, password, next);
		return;
	case PASSWORD_LATER:
		c->out->status = WEB_LATER;
		return;
	case PASSWORD_RIGHT:
		throttle_forgive(&c->w->throttle, arena_printf(c->a, "name %s",
		    name));
		throttle_take_back(&c->w->throttle, arena_printf(c->a,
		    "peer %s", peer_of(c)), PEER_FREE);
		sign_in(c, name, next);
		return;
	case PASSWORD_WRONG:
		log_warn("desk.login_failed", "name=%s peer=%s",
		    log_q(c->a, name), log_q(c->a, peer_of(c)));
		show_login(c, 403, name, next,
		    "That name or password is not right.");
		return;
	}
}

void
login_end(struct call *c)
{
	const char *secret = cookie_get(c, "session");
	struct store *s = c->w->writer;
	struct cd_err err = { "" };
	enum cd_rc rc = store_begin(s, &err);

	if (rc == CD_OK && secret)
		rc = sessions_end(s, secret, &err);
	rc = store_end(s, rc, &err);
	if (rc != CD_OK) {
		call_trouble(c, 503, "You are still signed in",
		    "The database is busy; please try again in a moment.");
		return;
	}
	cookie_set(c, "session", "");
	call_redirect(c, "/login");
}
