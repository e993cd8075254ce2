/*
 * What the token endpoint is asked, by flow.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "io/jwt.h"
#include "json.h"
#include "token_ask.h"

#define ASSERTION_S 600
#define MAX_FORM (64 * 1024)
#define GOOGLE_URL "https://oauth2.googleapis.com/token"
#define JWT_BEARER "urn:ietf:params:oauth:grant-type:jwt-bearer"
#define JWT_CLIENT "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

static void
form_add(struct token_ask *f, const char *name, const char *value)
{
	char *text = curl_easy_escape(NULL, value, 0);

	cd_assert(text);
	buf_printf(&f->form, "%s%s=", f->form.n ? "&" : "", name);
	buf_puts(&f->form, text);
	explicit_bzero(text, strlen(text));
	curl_free(text);
}

/* What the file holds that this key of [oauth2] names, in the fetch's arena. */
static enum cd_rc
secret_of(struct token_ask *f, const char *key, struct str *out,
    struct cd_err *err)
{
	char *s;
	size_t n;
	enum cd_rc rc = config_secret(f->config, "oauth2", key, &s, &n, err);

	if (rc != CD_OK)
		return rc == CD_ABSENT ? CD_REFUSED : rc;
	*out = arena_copy(f->arena, (struct str){ s, n });
	secret_free(&s, n);
	return CD_OK;
}

static enum cd_rc
secret_add(struct token_ask *f, const char *name, const char *key,
    struct cd_err *err)
{
	struct str s;
	enum cd_rc rc = secret_of(f, key, &s, err);

	if (rc == CD_OK)
		form_add(f, name, s.p);
	return rc;
}

/* The file was read, and err says what is wrong in it. */
static enum cd_rc
wrong_in(const struct token_ask *f, const char *key, const char *where,
    struct cd_err *err)
{
	return config_context(f->config, "oauth2", key,
	    cd_context(err, CD_REFUSED, "%s", where), err);
}

/* The certificate is public: anyone may read its file. */
static enum cd_rc
certificate_read(struct token_ask *f, const char *path, struct str *out,
    struct cd_err *err)
{
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(f->arena, CD_MAX_SECRET + 1);
	size_t n;

	if (!file)
		return config_context(f->config, "oauth2", "certificate_file",
		    cd_fail(err, CD_REFUSED, "%s: %s", path, strerror(errno)),
		    err);
	n = fread(text, 1, CD_MAX_SECRET, file);
	fclose(file);
	*out = (struct str){ text, n };
	return CD_OK;
}

/* o is consumed. */
static char *
json_text(struct token_ask *f, json_t *o)
{
	char *s = json_dumps(o, JSON_COMPACT), *copy;

	cd_assert(s);
	copy = arena_strdup(f->arena, s);
	free(s);
	json_decref(o);
	return copy;
}

static const char *
random_id(struct token_ask *f)
{
	char raw[16];

	random_bytes(raw, sizeof raw);
	return base64url(f->arena, (struct str){ raw, sizeof raw });
}

/* Microsoft's form of RFC 7523 2.2: PS256 and the certificate's SHA-256. */
static enum cd_rc
certificate_add(struct token_ask *f, struct cd_err *err)
{
	const struct config *c = f->config;
	struct str key, pem;
	char *thumb = NULL, *jwt = NULL;
	enum cd_rc rc = secret_of(f, "key_file", &key, err);

	if (rc == CD_OK)
		rc = certificate_read(f, c->oauth2.certificate_file, &pem,
		    err);
	if (rc != CD_OK)
		return rc;
	if (jwt_thumbprint(f->arena, pem, &thumb, err) != CD_OK)
		return wrong_in(f, "certificate_file",
		    c->oauth2.certificate_file, err);
	if (jwt_sign(f->arena, JWT_PS256, key,
		json_text(f, json_pack("{s:s, s:s, s:s}", "alg", "PS256",
		    "typ", "JWT", "x5t#S256", thumb)),
		json_text(f, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}",
		    "aud", f->url, "iss", c->oauth2.client_id, "sub",
		    c->oauth2.client_id, "jti", random_id(f), "nbf",
		    (json_int_t)f->now, "iat", (json_int_t)f->now, "exp",
		    (json_int_t)f->now + ASSERTION_S)),
		&jwt, err) != CD_OK)
		return wrong_in(f, "key_file", c->oauth2.key_file, err);
	form_add(f, "client_assertion_type", JWT_CLIENT);
	form_add(f, "client_assertion", jwt);
	return CD_OK;
}

static enum cd_rc
service_sign(struct token_ask *f, const json_t *o, struct cd_err *err)
{
	const struct config *c = f->config;
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
		return wrong_in(f, "service_account_file",
		    arena_printf(f->arena, "%s: private_key",
		    c->oauth2.service_account_file), err);
	form_add(f, "grant_type", JWT_BEARER);
	form_add(f, "assertion", jwt);
	return CD_OK;
}

static enum cd_rc
service_account_add(struct token_ask *f, struct cd_err *err)
{
	const char *path = f->config->oauth2.service_account_file;
	struct str text;
	enum cd_rc rc = secret_of(f, "service_account_file", &text, err);
	json_t *o;

	if (rc != CD_OK)
		return rc;
	o = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	if (*json_field(o, "client_email") && *json_field(o, "private_key"))
		rc = service_sign(f, o, err);
	else
		rc = config_context(f->config, "oauth2", "service_account_file",
		    cd_fail(err, CD_REFUSED,
			"%s: not a service account's key as Google gives it",
			path), err);
	json_decref(o);
	return rc;
}

static enum cd_rc
refresh_add(struct token_ask *f, struct cd_err *err)
{
	const struct config *c = f->config;
	enum cd_rc rc = CD_OK;

	form_add(f, "grant_type", "refresh_token");
	form_add(f, "client_id", c->oauth2.client_id);
	form_add(f, "scope", c->oauth2.scope);
	if (f->refresh)
		form_add(f, "refresh_token", f->refresh);
	else
		rc = secret_add(f, "refresh_token", "refresh_token_file", err);
	if (rc == CD_OK && c->oauth2.client_secret_file)
		rc = secret_add(f, "client_secret", "client_secret_file", err);
	return rc;
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

enum cd_rc
token_ask_make(struct token_ask *f, struct cd_err *err)
{
	const struct config *c = f->config;

	f->url = url_of(f->arena, c);
	f->form = buf_new(f->arena, MAX_FORM);
	switch (c->oauth2.flow) {
	case FLOW_CLIENT_SECRET:
	case FLOW_CERTIFICATE:
		form_add(f, "grant_type", "client_credentials");
		form_add(f, "client_id", c->oauth2.client_id);
		form_add(f, "scope", c->oauth2.scope);
		if (c->oauth2.flow == FLOW_CERTIFICATE)
			return certificate_add(f, err);
		return secret_add(f, "client_secret", "client_secret_file",
		    err);
	case FLOW_REFRESH_TOKEN:
		return refresh_add(f, err);
	case FLOW_SERVICE_ACCOUNT:
		return service_account_add(f, err);
	case FLOW_NONE:
		break;
	}
	return cd_fail(err, CD_REFUSED, "[oauth2] flow is not set");
}
