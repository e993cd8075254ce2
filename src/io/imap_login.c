/*
 * Login to IMAP. Password: AUTHENTICATE PLAIN (any UTF-8), else LOGIN. Token:
 * XOAUTH2 (Microsoft, Google), else OAUTHBEARER. Secrets leave this file on the
 * wire only; error texts hold the server's words and ours.
 *
 * RFC 3501 6.2; RFC 4616 (PLAIN); RFC 4959 (SASL-IR); RFC 7628 (OAUTHBEARER);
 * RFC 5530 (response codes).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "io/imap_wire.h"

#define MAX_LOGIN 1000		/* bytes of user or password, of LOGIN */

struct secret {
	char *p;		/* terminated */
	size_t n;
};

static struct secret
secret_new(size_t n)
{
	struct secret s = { calloc(1, n + 1), n };

	cd_assert(s.p);
	return s;
}

static void
secret_free(struct secret *s)
{
	OPENSSL_cleanse(s->p, s->n);
	free(s->p);
	s->p = NULL;
}

static struct secret
secret_base64(struct secret plain)
{
	struct secret s = secret_new((plain.n + 2) / 3 * 4);

	EVP_EncodeBlock((unsigned char *)s.p, (const unsigned char *)plain.p,
	    (int)plain.n);
	return s;
}

/* RFC 4616: authorisation (empty), NUL, user, NUL, password. */
static struct secret
message_plain(const char *user, const char *password)
{
	size_t nu = strlen(user), np = strlen(password);
	struct secret s = secret_new(nu + np + 2);

	memcpy(s.p + 1, user, nu);
	memcpy(s.p + 2 + nu, password, np);
	return s;
}

static struct secret
message_xoauth2(const char *user, const char *token)
{
	size_t n = strlen(user) + strlen(token) + 20;
	struct secret s = secret_new(n);

	snprintf(s.p, n + 1, "user=%s\1auth=Bearer %s\1\1", user, token);
	s.n = strlen(s.p);
	return s;
}

/* RFC 7628 3.1 over RFC 5801's header; "," and "=" of the user are coded. */
static struct secret
message_oauthbearer(const char *user, const char *token)
{
	size_t n = strlen(user) * 3 + strlen(token) + 24, used;
	struct secret s = secret_new(n);

	used = (size_t)snprintf(s.p, n + 1, "n,a=");
	for (const char *c = user; *c; c++)
		used += (size_t)snprintf(s.p + used, n + 1 - used,
		    *c == ',' ? "=2C" : *c == '=' ? "=3D" : "%c", *c);
	snprintf(s.p + used, n + 1 - used, ",\1auth=Bearer %s\1\1", token);
	s.n = strlen(s.p);
	return s;
}

/* RFC 5530: these say "later", not "never". */
static bool
refusal_is_weather(struct str line)
{
	static const char *const words[] = {
		"[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]",
		"too many simultaneous", "temporar", "try again",
		"Suggested Backoff Time",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_ifind(line, str_of(words[i])) >= 0)
			return true;
	return false;
}

static enum cd_rc
login_refused(struct wire *w, const struct imap_options *o, struct str line,
    const char *reason, struct cd_err *err)
{
	struct str text = line;
	ptrdiff_t space = str_find(text, STR(" "));

	if (space >= 0)
		text = str_sub(text, (size_t)space + 1, text.n);
	if (refusal_is_weather(text))
		return cd_fail(err, CD_AGAIN, "imap %s:%d: login of \"%s\" is "
		    "not possible now: %.*s", w->host, w->port, o->user,
		    STR_FMT(text));
	return cd_fail(err, CD_REFUSED, "imap %s:%d: login of \"%s\" refused: "
	    "%.*s%s%s: check %s", w->host, w->port, o->user, STR_FMT(text),
	    reason[0] ? " " : "", reason, o->bearer ? "the access token and "
	    "that it was issued for this mailbox" : "user and password");
}

/* A token's error comes as a base64 challenge: RFC 7628 3.2.2. */
static void
reason_read(struct str line, char *out, size_t n)
{
	struct str b64 = str_trim(str_sub(line, 1, line.n));
	unsigned char in[512], plain[sizeof in];
	int got;

	if (b64.n == 0 || b64.n > sizeof in || b64.n % 4 != 0)
		return;
	memcpy(in, b64.p, b64.n);
	got = EVP_DecodeBlock(plain, in, (int)b64.n);
	if (got > 0)
		snprintf(out, n, "%.*s", got, (const char *)plain);
}

/* Answer every challenge by `answer` until the tagged line comes. */
static enum cd_rc
sasl_finish(struct wire *w, const struct imap_options *o, const char *tag,
    const char *answer, struct cd_err *err)
{
	char reason[256] = "";

	for (int turns = 0; turns < 1000; turns++) {
		enum wire_kind kind;
		struct str line;
		enum cd_rc rc = wire_next(w, tag, &kind, &line, err);

		if (rc != CD_OK)
			return rc;
		switch (kind) {
		case WIRE_OK:
			return CD_OK;
		case WIRE_NO:
		case WIRE_BAD:
			return login_refused(w, o, line, reason, err);
		case WIRE_CONTINUE:
			reason_read(line, reason, sizeof reason);
			if ((rc = wire_send(w, answer, err)) != CD_OK)
				return rc;
			break;
		case WIRE_UNTAGGED:
			break;
		}
	}
	return cd_fail(err, CD_AGAIN, "imap %s:%d: the login finds no end",
	    w->host, w->port);
}

/* Wait for the "+" that asks for the first message. */
static enum cd_rc
sasl_asked(struct wire *w, const struct imap_options *o, const char *tag,
    struct cd_err *err)
{
	for (;;) {
		enum wire_kind kind;
		struct str line;
		enum cd_rc rc = wire_next(w, tag, &kind, &line, err);

		if (rc != CD_OK || kind == WIRE_CONTINUE)
			return rc;
		if (kind != WIRE_UNTAGGED)
			return login_refused(w, o, line, "", err);
	}
}

static enum cd_rc
sasl(struct wire *w, const struct imap_options *o, const char *mechanism,
    struct secret message, const char *answer, struct cd_err *err)
{
	struct secret b64 = secret_base64(message), line;
	bool direct = wire_can(w, "SASL-IR") &&
	    b64.n < CD_MAX_IMAP_COMMAND / 2;
	char tag[WIRE_TAG];
	enum cd_rc rc;

	secret_free(&message);
	line = secret_new(b64.n + 64);
	snprintf(line.p, line.n, "AUTHENTICATE %s%s%s", mechanism,
	    direct ? " " : "", direct ? b64.p : "");
	rc = wire_start(w, tag, err, "%s", line.p);
	secret_free(&line);
	if (rc == CD_OK && !direct) {
		rc = sasl_asked(w, o, tag, err);
		if (rc == CD_OK)
			rc = wire_send(w, b64.p, err);
	}
	secret_free(&b64);
	return rc == CD_OK ? sasl_finish(w, o, tag, answer, err) : rc;
}

/* What is not ASCII goes as literals (RFC 3501 9: a quoted string holds
 * TEXT-CHARs), each of which the server asks for. */
static enum cd_rc
login_literals(struct wire *w, const struct imap_options *o,
    char tag[WIRE_TAG], struct cd_err *err)
{
	char user[MAX_LOGIN + 32];
	enum cd_rc rc = wire_start(w, tag, err, "LOGIN {%zu}",
	    strlen(o->user));

	if (rc == CD_OK)
		rc = sasl_asked(w, o, tag, err);
	snprintf(user, sizeof user, "%s {%zu}", o->user, strlen(o->password));
	if (rc == CD_OK)
		rc = wire_send(w, user, err);
	if (rc == CD_OK)
		rc = sasl_asked(w, o, tag, err);
	return rc == CD_OK ? wire_send(w, o->password, err) : rc;
}

static enum cd_rc
login_plain(struct wire *w, const struct imap_options *o, struct cd_err *err)
{
	char user[2 * MAX_LOGIN + 3], password[2 * MAX_LOGIN + 3];
	char tag[WIRE_TAG];
	enum cd_rc rc;

	if (strlen(o->user) > MAX_LOGIN || str_has_control(str_of(o->user)) ||
	    strlen(o->password) > MAX_LOGIN ||
	    str_has_control(str_of(o->password)))
		return cd_fail(err, CD_REFUSED, "imap %s:%d: user or password "
		    "is too long or holds control bytes", w->host, w->port);
	if (wire_quote(o->user, user, sizeof user) &&
	    wire_quote(o->password, password, sizeof password))
		rc = wire_start(w, tag, err, "LOGIN %s %s", user, password);
	else
		rc = login_literals(w, o, tag, err);
	OPENSSL_cleanse(password, sizeof password);
	return rc == CD_OK ? sasl_finish(w, o, tag, "*", err) : rc;
}

enum cd_rc
wire_login(struct wire *w, const struct imap_options *o, struct cd_err *err)
{
	enum cd_rc rc;

	if ((rc = wire_capability(w, err)) != CD_OK)
		return rc;
	if (o->bearer && wire_can(w, "AUTH=XOAUTH2"))
		return sasl(w, o, "XOAUTH2", message_xoauth2(o->user,
		    o->bearer), "", err);
	if (o->bearer && wire_can(w, "AUTH=OAUTHBEARER"))
		return sasl(w, o, "OAUTHBEARER", message_oauthbearer(o->user,
		    o->bearer), "AQ==", err);
	if (o->bearer)
		return cd_fail(err, CD_REFUSED, "imap %s:%d: the server takes "
		    "no OAuth 2.0 tokens: use auth = password", w->host,
		    w->port);
	if (!o->password)
		return cd_fail(err, CD_REFUSED, "imap %s:%d: no password and no "
		    "token to log in with", w->host, w->port);
	if (wire_can(w, "AUTH=PLAIN"))
		return sasl(w, o, "PLAIN", message_plain(o->user, o->password),
		    "*", err);
	if (wire_can(w, "LOGINDISABLED"))
		return cd_fail(err, CD_REFUSED, "imap %s:%d: the server takes no "
		    "passwords on this connection: use tls = implicit or "
		    "starttls, or auth = oauth2", w->host, w->port);
	return login_plain(w, o, err);
}
