/*
 * Fetching of access tokens by libcurl. The request differs by flow, the answer
 * does not.
 */
#include <curl/curl.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/random.h"
#include "io/jwt.h"
#include "io/token.h"

#define FETCH_MS 15000
#define LAST_S 60		/* before the end: not given out any more */
#define ASSERTION_S 600
#define MAX_BODY (64 * 1024)
#define GOOGLE_URL "https://oauth2.googleapis.com/token"
#define JWT_BEARER "urn:ietf:params:oauth:grant-type:jwt-bearer"
#define JWT_CLIENT "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

struct token {
	const struct config *config;
	CURL *curl;
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
	struct arena *arena;
	int64_t now;
	const char *url;
	struct buf form, body;
	char error[CURL_ERROR_SIZE];
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

/* ---- the request --------------------------------------------------------- */

static void
form_add(struct fetch *f, const char *name, const char *value)
{
	char *text = curl_easy_escape(f->t->curl, value, 0);

	cd_assert(text);
	buf_printf(&f->form, "%s%s=", f->form.n ? "&" : "", name);
	buf_puts(&f->form, text);
	explicit_bzero(text, strlen(text));
	curl_free(text);
}

/* A secret file's content, in the fetch's arena. */
static enum cd_rc
secret_of(struct fetch *f, const char *path, struct str *out,
    struct cd_err *err)
{
	char *s;
	size_t n;
	enum cd_rc rc = secret_read(path, &s, &n, err);

	if (rc != CD_OK)
		return rc == CD_ABSENT ? CD_REFUSED : rc;
	*out = arena_copy(f->arena, (struct str){ s, n });
	secret_free(&s, n);
	return CD_OK;
}

static enum cd_rc
secret_add(struct fetch *f, const char *name, const char *path,
    struct cd_err *err)
{
	struct str s;
	enum cd_rc rc = secret_of(f, path, &s, err);

	if (rc == CD_OK)
		form_add(f, name, s.p);
	return rc;
}

/* The certificate is public: anyone may read its file. */
static enum cd_rc
certificate_read(struct fetch *f, const char *path, struct str *out,
    struct cd_err *err)
{
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(f->arena, CD_MAX_SECRET + 1);
	size_t n;

	if (!file)
		return cd_fail(err, CD_REFUSED, "%s: %s", path,
		    strerror(errno));
	n = fread(text, 1, CD_MAX_SECRET, file);
	fclose(file);
	*out = (struct str){ text, n };
	return CD_OK;
}

/* o is consumed. */
static char *
json_text(struct fetch *f, json_t *o)
{
	char *s = json_dumps(o, JSON_COMPACT), *copy;

	cd_assert(s);
	copy = arena_strdup(f->arena, s);
	free(s);
	json_decref(o);
	return copy;
}

static const char *
random_id(struct fetch *f)
{
	char raw[16];

	random_bytes(raw, sizeof raw);
	return base64url(f->arena, (struct str){ raw, sizeof raw });
}

/* Microsoft's form of RFC 7523 2.2: PS256 and the certificate's SHA-256. */
static enum cd_rc
certificate_add(struct fetch *f, struct cd_err *err)
{
	const struct config *c = f->t->config;
	struct str key, pem;
	char *thumb = NULL, *jwt = NULL;
	enum cd_rc rc = secret_of(f, c->oauth2.key_file, &key, err);

	if (rc == CD_OK)
		rc = certificate_read(f, c->oauth2.certificate_file, &pem,
		    err);
	if (rc != CD_OK)
		return rc;
	if (jwt_thumbprint(f->arena, pem, &thumb, err) != CD_OK)
		return cd_context(err, CD_REFUSED, "%s",
		    c->oauth2.certificate_file);
	if (jwt_sign(f->arena, JWT_PS256, key,
		json_text(f, json_pack("{s:s, s:s, s:s}", "alg", "PS256",
		    "typ", "JWT", "x5t#S256", thumb)),
		json_text(f, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}",
		    "aud", f->url, "iss", c->oauth2.client_id, "sub",
		    c->oauth2.client_id, "jti", random_id(f), "nbf",
		    (json_int_t)f->now, "iat", (json_int_t)f->now, "exp",
		    (json_int_t)f->now + ASSERTION_S)),
		&jwt, err) != CD_OK)
		return cd_context(err, CD_REFUSED, "%s", c->oauth2.key_file);
	form_add(f, "client_assertion_type", JWT_CLIENT);
	form_add(f, "client_assertion", jwt);
	return CD_OK;
}

static const char *
json_field(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

static enum cd_rc
service_sign(struct fetch *f, const json_t *o, struct cd_err *err)
{
	const struct config *c = f->t->config;
	const char *url = json_field(o, "token_uri");
	char *jwt = NULL;

	if (!c->oauth2.token_url && str_starts(str_of(url), STR("https://")))
		f->url = arena_strdup(f->arena, url);
	if (jwt_sign(f->arena, JWT_RS256,
		str_of(json_field(o, "private_key")),
		json_text(f, json_pack("{s:s, s:s, s:s}", "alg", "RS256",
		    "typ", "JWT", "kid", json_field(o, "private_key_id"))),
		json_text(f, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}",
		    "iss", json_field(o, "client_email"), "sub",
		    c->mailbox.user ? c->mailbox.user : "", "scope",
		    c->oauth2.scope, "aud", f->url, "iat",
		    (json_int_t)f->now, "exp", (json_int_t)f->now + 3600)),
		&jwt, err) != CD_OK)
		return cd_context(err, CD_REFUSED, "%s: private_key",
		    c->oauth2.service_account_file);
	form_add(f, "grant_type", JWT_BEARER);
	form_add(f, "assertion", jwt);
	return CD_OK;
}

static enum cd_rc
service_account_add(struct fetch *f, struct cd_err *err)
{
	const char *path = f->t->config->oauth2.service_account_file;
	struct str text;
	enum cd_rc rc = secret_of(f, path, &text, err);
	json_t *o;

	if (rc != CD_OK)
		return rc;
	o = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	if (*json_field(o, "client_email") && *json_field(o, "private_key"))
		rc = service_sign(f, o, err);
	else
		rc = cd_fail(err, CD_REFUSED,
		    "%s: not a service account's key as Google gives it",
		    path);
	json_decref(o);
	return rc;
}

static enum cd_rc
refresh_add(struct fetch *f, struct cd_err *err)
{
	const struct config *c = f->t->config;
	enum cd_rc rc = CD_OK;

	form_add(f, "grant_type", "refresh_token");
	form_add(f, "client_id", c->oauth2.client_id);
	form_add(f, "scope", c->oauth2.scope);
	if (f->t->refresh)
		form_add(f, "refresh_token", f->t->refresh);
	else
		rc = secret_add(f, "refresh_token",
		    c->oauth2.refresh_token_file, err);
	if (rc == CD_OK && c->oauth2.client_secret_file)
		rc = secret_add(f, "client_secret",
		    c->oauth2.client_secret_file, err);
	return rc;
}

static enum cd_rc
request_make(struct fetch *f, struct cd_err *err)
{
	const struct config *c = f->t->config;

	switch (c->oauth2.flow) {
	case FLOW_CLIENT_SECRET:
	case FLOW_CERTIFICATE:
		form_add(f, "grant_type", "client_credentials");
		form_add(f, "client_id", c->oauth2.client_id);
		form_add(f, "scope", c->oauth2.scope);
		if (c->oauth2.flow == FLOW_CERTIFICATE)
			return certificate_add(f, err);
		return secret_add(f, "client_secret",
		    c->oauth2.client_secret_file, err);
	case FLOW_REFRESH_TOKEN:
		return refresh_add(f, err);
	case FLOW_SERVICE_ACCOUNT:
		return service_account_add(f, err);
	case FLOW_NONE:
		break;
	}
	return cd_fail(err, CD_REFUSED, "[oauth2] flow is not set");
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

static size_t
body_take(char *from, size_t size, size_t n, void *context)
{
	struct fetch *f = context;

	buf_add(&f->body, from, size * n);
	return f->body.full ? 0 : size * n;
}

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

	if (!bearer_ok(bearer))
		return cd_fail(err, CD_AGAIN, "%s: an answer without a token",
		    f->url);
	heap_wipe(&t->bearer);
	t->bearer = heap_copy(bearer);
	t->fetched_at = f->now;
	t->expires_at = f->now + seconds_of(o);
	t->trouble[0] = '\0';
	if (t->config->oauth2.flow == FLOW_REFRESH_TOKEN && *refresh)
		refresh_store(f, refresh);
	return CD_OK;
}

static enum cd_rc
answer_read(struct fetch *f, long status, struct cd_err *err)
{
	struct str body = buf_str(&f->body);
	json_t *o = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
	const char *error = json_field(o, "error");
	const char *text = json_field(o, "error_description");
	enum cd_rc rc;

	if (status == 200)
		rc = answer_take(f, o, err);
	else if (*error && status >= 400 && status < 500 && status != 429 &&
	    status != 408)
		rc = cd_fail(err, CD_REFUSED,
		    "%s refused [oauth2]: %.60s: %.*s", f->url, error,
		    (int)strcspn(text, "\r\n"), text);
	else
		rc = cd_fail(err, CD_AGAIN, "%s: answered %ld", f->url,
		    status);
	json_decref(o);
	return rc;
}

static enum cd_rc
request_send(struct fetch *f, struct cd_err *err)
{
	CURL *curl = f->t->curl;
	long status = 0;
	CURLcode rc;

	f->body = buf_new(f->arena, MAX_BODY);
	curl_easy_setopt(curl, CURLOPT_URL, f->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
	    str_istarts(str_of(f->url), STR("http://")) ? "http" : "https");
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, buf_str(&f->form).p);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, f->error);
	rc = curl_easy_perform(curl);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
	if (rc != CURLE_OK)
		return cd_fail(err,
		    rc == CURLE_PEER_FAILED_VERIFICATION ? CD_REFUSED
							 : CD_AGAIN,
		    "%s: %s", f->url,
		    f->error[0] ? f->error : curl_easy_strerror(rc));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return answer_read(f, status, err);
}

static const char *
url_of(struct arena *a, const struct config *c)
{
	if (c->oauth2.token_url)
		return c->oauth2.token_url;
	if (c->oauth2.flow == FLOW_SERVICE_ACCOUNT)
		return GOOGLE_URL;
	return arena_printf(a, "%s/%s/oauth2/v2.0/token",
	    c->microsoft.authority, c->oauth2.tenant ? c->oauth2.tenant : "");
}

static enum cd_rc
token_fetch(struct token *t, int64_t now, struct cd_err *err)
{
	struct fetch f = { .t = t, .arena = arena_new(), .now = now };
	enum cd_rc rc;

	f.url = url_of(f.arena, t->config);
	f.form = buf_new(f.arena, MAX_BODY);
	rc = request_make(&f, err);
	if (rc == CD_OK)
		rc = request_send(&f, err);
	if (f.form.p)
		explicit_bzero(f.form.p, f.form.n);
	if (f.body.p)
		explicit_bzero(f.body.p, f.body.n);
	arena_free(&f.arena);
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

#define SET(t, option, value)                                                  \
	cd_assert(curl_easy_setopt((t)->curl, option, value) == CURLE_OK)

enum cd_rc
token_new(const struct config *c, struct token **out, struct cd_err *err)
{
	struct token *t;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return cd_fail(err, CD_BROKEN, "libcurl does not start");
	t = calloc(1, sizeof *t);
	cd_assert(t);
	t->config = c;
	t->curl = curl_easy_init();
	cd_assert(t->curl);
	SET(t, CURLOPT_POST, 1L);
	SET(t, CURLOPT_FOLLOWLOCATION, 0L);
	SET(t, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(t, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(t, CURLOPT_SSL_VERIFYHOST, 2L);
	if (c->microsoft.ca_file) {
		SET(t, CURLOPT_CAINFO, c->microsoft.ca_file);
		SET(t, CURLOPT_CAPATH, NULL);
	}
	SET(t, CURLOPT_PROXY, "");
	SET(t, CURLOPT_NOPROXY, "*");
	SET(t, CURLOPT_NOSIGNAL, 1L);
	SET(t, CURLOPT_QUICK_EXIT, 1L);
	SET(t, CURLOPT_TIMEOUT_MS, (long)FETCH_MS);
	SET(t, CURLOPT_USERAGENT, "consentdesk/" CD_VERSION);
	SET(t, CURLOPT_WRITEFUNCTION, body_take);
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
	curl_easy_cleanup((*t)->curl);
	curl_global_cleanup();
	free(*t);
	*t = NULL;
}
