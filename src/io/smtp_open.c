/*
 * Connections to the SMTP server: made by libcurl up to the end of the login
 * (CONNECT_ONLY), so that TLS, its verification, STARTTLS and the SASL
 * mechanisms are not ours. What follows are four commands, and when the last
 * byte of a mail goes out is ours to say: libcurl's own sending would wait for
 * the answer to each mail's end before it goes on with another connection, and
 * send one command at a time.
 */
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "io/config.h"
#include "smtp_lane.h"

#define MAX_ANSWER_BYTES (64 * 1024)	/* of all replies to a login */
#define CONNECT_MS 15000

/* A login under way. */
struct login {
	struct smtp_result *result;
	size_t answered;
	bool more, pipelining;
	bool done;		/* the server has accepted the login */
};

/* ---- replies -------------------------------------------------------------- */

int
reply_code(struct str line)
{
	if (line.n < 3 || line.p[0] < '2' || line.p[0] > '5' ||
	    !ascii_digit(line.p[1]) || !ascii_digit(line.p[2]))
		return 0;
	if (line.n > 3 && line.p[3] != ' ' && line.p[3] != '-')
		return 0;
	return (line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 +
	    (line.p[2] - '0');
}

static void
answer_add(struct smtp_result *r, struct str text)
{
	size_t at = strlen(r->answer), room = sizeof r->answer - 1 - at;

	if (at > 0 && room > 1) {
		r->answer[at++] = ' ';
		room--;
	}
	if (text.n > room)
		text.n = room;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		r->answer[at + i] = c >= 0x20 && c < 0x7f ? c : '?';
	}
	r->answer[at + text.n] = '\0';
}

void
reply_take(struct smtp_result *r, int code, struct str line, bool *more)
{
	if (!*more)
		r->answer[0] = '\0';
	answer_add(r, str_sub(line, 4, line.n));
	r->code = code;
	*more = line.n > 3 && line.p[3] == '-';
}

/* A line of the greeting, of EHLO's reply or of the login. */
static size_t
login_line(char *from, size_t size, size_t n, void *context)
{
	struct login *l = context;
	struct str line = { from, size * n };
	int code;

	l->answered += line.n;
	if (l->answered > MAX_ANSWER_BYTES)
		return 0;
	line = str_trim(line);
	code = reply_code(line);
	if (!code)
		return size * n;
	/* What counts is what EHLO says last, after STARTTLS. */
	if (code == 250 && !l->more)
		l->pipelining = false;
	if (code == 250 && str_ieq(str_sub(line, 4, line.n), STR("PIPELINING")))
		l->pipelining = true;
	if (code == 235)
		l->done = true;
	reply_take(l->result, code, line, &l->more);
	return size * n;
}

/* ---- what came of it ------------------------------------------------------ */

enum cd_rc
login_refused(const struct smtp *s, struct smtp_result *r, const char *words,
    struct cd_err *err)
{
	const char *user = s->options.user;

	r->code = 535;
	return cd_fail(err, CD_REFUSED,
	    "%s refused the login of '%s': %s. Check [smtp] user, auth and the "
	    "password or token; the mailbox may need SMTP AUTH turned on",
	    s->host, user ? user : "", words);
}

static enum cd_rc
tls_refused(const struct smtp *s, struct smtp_result *r, const char *error,
    const char *advice, struct cd_err *err)
{
	r->code = 0;
	return cd_fail(err, CD_REFUSED, "%s: %s. %s", s->host, error, advice);
}

static enum cd_rc
login_verdict(const struct smtp *s, struct smtp_result *r, CURLcode rc,
    const char *error, struct cd_err *err)
{
	bool refused = r->code / 100 == 5;

	if (rc == CURLE_PEER_FAILED_VERIFICATION ||
	    rc == CURLE_SSL_ISSUER_ERROR)
		return tls_refused(s, r, error,
		    "Its certificate does not prove the host: check [smtp] "
		    "host, or name the authority that signed it in [smtp] "
		    "ca_file", err);
	if (rc == CURLE_SSL_CACERT_BADFILE)
		return tls_refused(s, r, error, "Check [smtp] ca_file", err);
	if (rc == CURLE_USE_SSL_FAILED && r->code / 100 != 4)
		return tls_refused(s, r, error,
		    "The server does not offer STARTTLS: check [smtp] port and "
		    "tls", err);
	/* 454 4.7.0 Temporary authentication failure, and its like. */
	if (r->code / 100 == 4)
		return cd_fail(err, CD_AGAIN, "%s: %d %s", s->host, r->code,
		    r->answer);
	if (rc == CURLE_LOGIN_DENIED || r->code == 530)
		return login_refused(s, r, refused ? r->answer : error, err);
	if (refused)
		return cd_fail(err, CD_AGAIN, "%s does not serve us: %d %s",
		    s->host, r->code, r->answer);
	return cd_fail(err, CD_AGAIN, "%s: %s", s->host,
	    error[0] ? error : curl_easy_strerror(rc));
}

/* ---- connect -------------------------------------------------------------- */

#define SET(curl, option, value)                                               \
	cd_assert(curl_easy_setopt(curl, option, value) == CURLE_OK)

static void
set_tls(CURL *curl, const struct smtp_options *o)
{
	SET(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(curl, CURLOPT_USE_SSL, o->tls == TLS_NONE ? (long)CURLUSESSL_NONE
						       : (long)CURLUSESSL_ALL);
	SET(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (o->ca_file) {
		SET(curl, CURLOPT_CAINFO, o->ca_file);
		SET(curl, CURLOPT_CAPATH, NULL);
	}
}

static void
set_login(CURL *curl, const struct smtp *s)
{
	const struct smtp_options *o = &s->options;

	if (!o->user)
		return;
	SET(curl, CURLOPT_USERNAME, o->user);
	if (o->password && !s->bearer) {
		SET(curl, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
		SET(curl, CURLOPT_PASSWORD, o->password);
	} else {
		SET(curl, CURLOPT_LOGIN_OPTIONS,
		    "AUTH=XOAUTH2;AUTH=OAUTHBEARER");
		SET(curl, CURLOPT_XOAUTH2_BEARER, s->bearer);
	}
}

static CURL *
curl_new(const struct smtp *s, struct login *l, char *error)
{
	CURL *curl = curl_easy_init();
	long ms = s->options.timeout_ms;

	cd_assert(curl);
	SET(curl, CURLOPT_URL, s->url);
	set_tls(curl, &s->options);
	set_login(curl, s);
	SET(curl, CURLOPT_CONNECT_ONLY, 1L);
	SET(curl, CURLOPT_ERRORBUFFER, error);
	SET(curl, CURLOPT_NOSIGNAL, 1L);
	/* A name server that hangs must not hold us beyond the time-out. */
	SET(curl, CURLOPT_QUICK_EXIT, 1L);
	SET(curl, CURLOPT_PROXY, "");
	SET(curl, CURLOPT_NOPROXY, "*");
	SET(curl, CURLOPT_TIMEOUT_MS, ms);
	SET(curl, CURLOPT_CONNECTTIMEOUT_MS, ms < CONNECT_MS ? ms : CONNECT_MS);
	SET(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, ms < 1000 ? 1L : ms / 1000);
	SET(curl, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(curl, CURLOPT_HEADERFUNCTION, login_line);
	SET(curl, CURLOPT_HEADERDATA, l);
	return curl;
}

enum cd_rc
lane_open(struct smtp *s, struct lane *lane, struct smtp_result *r,
    struct cd_err *err)
{
	char error[CURL_ERROR_SIZE] = "";
	struct login login = { .result = r };
	CURL *curl = curl_new(s, &login, error);
	CURLcode rc;

	memset(r, 0, sizeof *r);
	rc = curl_easy_perform(curl);
	if (rc == CURLE_OK)
		rc = curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &lane->fd);
	if (rc == CURLE_OK && lane->fd == CURL_SOCKET_BAD)
		rc = CURLE_RECV_ERROR;
	/* They are gone when this returns. */
	SET(curl, CURLOPT_HEADERFUNCTION, NULL);
	SET(curl, CURLOPT_HEADERDATA, NULL);
	SET(curl, CURLOPT_ERRORBUFFER, NULL);
	if (rc != CURLE_OK) {
		curl_easy_cleanup(curl);
		return login_verdict(s, r, rc, error, err);
	}
	/* curl goes on without a login where none is offered, as after an EHLO
	 * that was refused. What would be refused then is us, not a mail. */
	if (s->options.user && !login.done) {
		curl_easy_cleanup(curl);
		r->code = 0;
		return cd_fail(err, CD_AGAIN, "%s offers no login: %s. Check "
		    "[smtp] port and tls", s->host, r->answer);
	}
	lane->curl = curl;
	lane->pipelining = login.pipelining;
	lane->kept = false;
	return CD_OK;
}

void
lane_close(struct lane *lane, bool polite)
{
	size_t n;

	if (!lane->curl)
		return;
	/* Nobody waits for what the server says to that. */
	if (polite)
		(void)curl_easy_send(lane->curl, "QUIT\r\n", 6, &n);
	curl_easy_cleanup(lane->curl);
	lane->curl = NULL;
}

/* ---- the handle ----------------------------------------------------------- */

enum cd_rc
smtp_new(const struct smtp_options *o, struct smtp **out, struct cd_err *err)
{
	bool v6 = strchr(o->host, ':') != NULL;
	struct arena *a;
	struct smtp *s;
	enum cd_rc rc = http_start(err);

	if (rc != CD_OK)
		return rc;
	a = arena_new();
	s = arena_alloc(a, sizeof *s);
	s->arena = a;
	s->options = *o;
	s->options.ca_file = o->ca_file ? arena_strdup(a, o->ca_file) : NULL;
	s->options.user = o->user ? arena_strdup(a, o->user) : NULL;
	if (s->options.timeout_ms <= 0)
		s->options.timeout_ms = 60000;
	if (s->options.end_ms <= 0)
		s->options.end_ms = s->options.timeout_ms;
	s->host = arena_printf(a, "smtp %s:%d", o->host, o->port);
	s->url = arena_printf(a, "%s://%s%s%s:%d", o->tls == TLS_IMPLICIT
	    ? "smtps" : "smtp", v6 ? "[" : "", o->host, v6 ? "]" : "", o->port);
	s->n_lanes = o->connections < 1 ? 1
	    : o->connections < CD_MAX_SMTP ? (size_t)o->connections
					   : CD_MAX_SMTP;
	s->limit = s->n_lanes;
	s->sender_refused = o->new_sender;
	for (size_t i = 0; i < s->n_lanes; i++)
		s->lanes[i].arena = arena_new();
	if (o->bearer)
		smtp_set_bearer(s, o->bearer);
	*out = s;
	return CD_OK;
}

void
smtp_free(struct smtp **s)
{
	struct arena *a;

	if (!s || !*s)
		return;
	for (size_t i = 0; i < (*s)->n_lanes; i++) {
		lane_close(&(*s)->lanes[i], true);
		arena_free(&(*s)->lanes[i].arena);
	}
	http_stop();
	free((*s)->bearer);
	a = (*s)->arena;
	*s = NULL;
	arena_free(&a);
}

void
smtp_set_bearer(struct smtp *s, const char *bearer)
{
	char *copy;

	if (s->bearer && strcmp(s->bearer, bearer) == 0)
		return;
	copy = strdup(bearer);
	cd_assert(copy);
	free(s->bearer);
	s->bearer = copy;
	for (size_t i = 0; i < s->n_lanes; i++)
		lane_close(&s->lanes[i], true);
}
