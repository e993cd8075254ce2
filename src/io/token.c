/*
 * Access tokens: when a new one is asked for, what its answer says, what is
 * kept.
 */
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "io/token.h"
#include "json.h"
#include "token_ask.h"

#define FETCH_MS 15000
#define LOCK_MS 17000		/* another process's fetch */
#define LAST_S 60		/* before the end: not given out any more */

struct token {
	const struct config *config;
	struct http http;
	char *bearer;		/* heap: wiped when it goes */
	int64_t fetched_at, expires_at;
	int64_t retry_at;	/* after a failure that the last one covers */
	int refused, rejected;	/* in a row: by the endpoint, at a login */
	char *refresh;		/* a new one that could not be stored */
	char trouble[256];
};

/* One fetch; request and answer are wiped at its end. */
struct fetch {
	struct token *t;
	struct token_ask ask;
};

static void
heap_wipe(char **s)
{
	if (*s)
		secret_free(s, strlen(*s));
}

static char *
heap_copy(const char *s)
{
	char *copy = strdup(s);

	cd_assert(copy);
	return copy;
}

/* ---- a new refresh token ------------------------------------------------- */

static void
refresh_store(struct fetch *f, const char *fresh)
{
	struct token *t = f->t;
	const char *path = t->config->oauth2.refresh_token_file;
	struct cd_err err = { "" };

	if (secret_write(path, fresh, &err) == CD_OK) {
		heap_wipe(&t->refresh);
		return;
	}
	snprintf(t->trouble, sizeof t->trouble,
	    "the new refresh token could not be stored (%.150s); the old one "
	    "may end one day", err.text);
	heap_wipe(&t->refresh);
	t->refresh = heap_copy(fresh);
}

/* ---- the answer ---------------------------------------------------------- */

static bool
bearer_ok(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++) {
		if (s[i] <= 0x20 || s[i] > 0x7e)
			return false;
	}
	return n > 0 && n <= CD_MAX_SECRET;
}

static int64_t
seconds_of(const json_t *o)
{
	const json_t *v = json_object_get(o, "expires_in");
	int64_t s = 3600;

	if (json_is_integer(v))
		s = json_integer_value(v);
	else if (json_is_string(v) && !str_to_i64(
		str_of(json_string_value(v)), 0, INT32_MAX, &s))
		s = 3600;
	return s < 0 ? 0 : s > 86400 ? 86400 : s;
}

static enum cd_rc
answer_take(struct fetch *f, const json_t *o, struct cd_err *err)
{
	struct token *t = f->t;
	const char *bearer = json_field(o, "access_token");
	const char *refresh = json_field(o, "refresh_token");
	const char *type = json_field(o, "token_type");

	if (!bearer_ok(bearer))
		return cd_fail(err, CD_AGAIN, "%s: an answer without a token",
		    f->ask.url);
	/* RFC 6749 7.1: "The client MUST NOT use an access token if it does
	 * not understand the token type." Where none is named, as some servers
	 * do, it can be no other. */
	if (*type && !str_ieq(str_of(type), STR("Bearer")))
		return cd_fail(err, CD_REFUSED, "%s: gave a token of type "
		    "\"%.60s\": only Bearer can be used", f->ask.url, type);
	heap_wipe(&t->bearer);
	t->bearer = heap_copy(bearer);
	t->fetched_at = f->ask.now;
	t->expires_at = f->ask.now + seconds_of(o);
	t->trouble[0] = '\0';
	if (t->config->oauth2.flow == FLOW_REFRESH_TOKEN && *refresh)
		refresh_store(f, refresh);
	return CD_OK;
}

static enum cd_rc
answer_read(struct fetch *f, long status, struct cd_err *err)
{
	struct str body = buf_str(&f->t->http.body);
	json_t *o = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
	const char *error = json_field(o, "error");
	const char *text = json_field(o, "error_description");
	enum cd_rc rc;

	if (status == 200)
		rc = answer_take(f, o, err);
	else if (*error && status >= 400 && status < 500 && status != 429 &&
	    status != 408)
		rc = cd_fail(err, CD_REFUSED,
		    "%s refused [oauth2]: %.60s: %.*s", f->ask.url, error,
		    (int)strcspn(text, "\r\n"), text);
	else
		rc = cd_fail(err, CD_AGAIN, "%s: answered %ld", f->ask.url,
		    status);
	json_decref(o);
	return rc;
}

static enum cd_rc
request_send(struct fetch *f, struct cd_err *err)
{
	struct http *h = &f->t->http;
	CURLcode code;

	http_ask(h, f->ask.arena, f->ask.url, FETCH_MS);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS,
	    buf_str(&f->ask.form).p);
	code = curl_easy_perform(h->curl);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, "");
	if (code == CURLE_OK)
		return answer_read(f, http_status(h), err);
	return cd_fail(err,
	    code == CURLE_PEER_FAILED_VERIFICATION ? CD_REFUSED : CD_AGAIN,
	    "%s: %s", f->ask.url, http_why(h, code));
}

/* The lock of a refresh token is held from reading it to storing the next one:
 * where each is good once, no process may ask with one that another has just
 * used. A file that cannot be locked is read all the same, and says why. */
static enum cd_rc
refresh_lock(const struct token *t, int *lock_out, struct cd_err *err)
{
	*lock_out = -1;
	if (t->config->oauth2.flow != FLOW_REFRESH_TOKEN ||
	    secret_lock(t->config->oauth2.refresh_token_file, LOCK_MS,
		lock_out, err) != CD_AGAIN)
		return CD_OK;
	return CD_AGAIN;
}

static enum cd_rc
token_fetch(struct token *t, int64_t now, struct cd_err *err)
{
	struct fetch f = { .t = t, .ask = { .config = t->config,
		.arena = arena_new(), .now = now, .refresh = t->refresh } };
	int lock;
	enum cd_rc rc = refresh_lock(t, &lock, err);

	if (rc == CD_OK)
		rc = token_ask_make(&f.ask, err);
	if (rc == CD_OK)
		rc = request_send(&f, err);
	secret_unlock(&lock);
	/* What a person puts into the file counts again. */
	if (rc == CD_REFUSED)
		heap_wipe(&t->refresh);
	if (f.ask.form.p)
		explicit_bzero(f.ask.form.p, f.ask.form.n);
	if (t->http.body.p)
		explicit_bzero(t->http.body.p, t->http.body.n);
	t->http.body = (struct buf){ 0 };
	arena_free(&f.ask.arena);
	return rc;
}

/* ---- the handle ---------------------------------------------------------- */

/* Shortly before the end of a token's life. */
static int64_t
margin(const struct token *t)
{
	int64_t tenth = (t->expires_at - t->fetched_at) / 10;

	return tenth < LAST_S ? tenth : LAST_S;
}

static int64_t
renew_at(const struct token *t)
{
	return t->expires_at - (t->expires_at - t->fetched_at) / 5;
}

static enum cd_rc
token_renew(struct token *t, int64_t now, struct cd_err *err)
{
	enum cd_rc rc = token_fetch(t, now, err);

	t->retry_at = rc == CD_OK ? 0 : now + margin(t);
	if (rc == CD_OK)
		t->refused = 0;
	else if (rc == CD_REFUSED)
		t->refused++;
	return rc;
}

enum cd_rc
token_get(struct token *t, int64_t now, const char **bearer_out,
    struct cd_err *err)
{
	bool usable = t->bearer && now < t->expires_at - margin(t);

	if (!usable || (now >= renew_at(t) && now >= t->retry_at)) {
		struct cd_err why = { "" };
		enum cd_rc rc = token_renew(t, now, &why);

		if (rc != CD_OK && !usable)
			return cd_fail(err, rc, "%s", why.text);
		if (rc != CD_OK)
			snprintf(t->trouble, sizeof t->trouble, "%s",
			    why.text);
	}
	*bearer_out = t->bearer;
	return CD_OK;
}

void
token_forget(struct token *t)
{
	heap_wipe(&t->bearer);
	t->expires_at = t->fetched_at = 0;
}

void
token_rejected(struct token *t)
{
	token_forget(t);
	t->rejected++;
}

void
token_worked(struct token *t)
{
	t->rejected = 0;
}

int
token_strikes(const struct token *t)
{
	return t->refused > t->rejected ? t->refused : t->rejected;
}

int64_t
token_fetched_at(const struct token *t)
{
	return t->fetched_at;
}

int64_t
token_expires_at(const struct token *t)
{
	return t->expires_at;
}

const char *
token_trouble(const struct token *t)
{
	return t->trouble[0] ? t->trouble : NULL;
}

enum cd_rc
token_new(const struct config *c, struct token **out, struct cd_err *err)
{
	struct token *t;
	enum cd_rc rc = http_start(err);

	if (rc != CD_OK)
		return rc;
	t = calloc(1, sizeof *t);
	cd_assert(t);
	t->config = c;
	http_open(&t->http, c->microsoft.ca_file);
	cd_assert(curl_easy_setopt(t->http.curl, CURLOPT_POST, 1L) ==
	    CURLE_OK);
	*out = t;
	return CD_OK;
}

void
token_free(struct token **t)
{
	if (!t || !*t)
		return;
	heap_wipe(&(*t)->bearer);
	heap_wipe(&(*t)->refresh);
	http_close(&(*t)->http);
	http_stop();
	free(*t);
	*t = NULL;
}
