/*
 * Submission by libcurl. What curl reports is not enough to keep a mail from
 * being sent twice: whether the end of the data went out is known from the read
 * callback, which is asked once more before it, and the server's verdict from
 * the header callback. curl writes the final CRLF.CRLF only after the callback
 * has said "end" (tests/unit/io/test_smtp.c holds it to that). Which command
 * was sent last comes from its debug callback: a reply to QUIT, which curl
 * sends in the same call after a refusal, says nothing about the mail.
 */
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "io/config.h"
#include "io/smtp.h"

#define MAX_ANSWER_BYTES (64 * 1024)	/* of all replies to one mail */
#define CONNECT_MS 15000

struct smtp {
	struct arena *arena;
	CURL *curl;
	const char *host, *user;
	char error[CURL_ERROR_SIZE];

	/* of the mail at hand */
	struct str raw;
	size_t given;		/* bytes of raw handed to curl */
	bool (*before_end)(void *);
	void *context;
	bool asked, stopped;	/* before_end was called; and said no */
	bool ended;		/* the end of the data was handed to curl */
	size_t answered;	/* bytes of replies */
	bool mailed, quit;	/* MAIL was sent; QUIT was */
	bool authed;		/* AUTH was, on this connection */
	bool more;		/* the last reply line was a "250-" one */
	int final_code;		/* of the reply to the end of the data */
	struct smtp_result *result;
};

/* ---- callbacks ----------------------------------------------------------- */

static size_t
body_read(char *into, size_t size, size_t n, void *context)
{
	struct smtp *s = context;
	size_t room = size * n, left = s->raw.n - s->given;

	if (left > 0) {
		if (left > room)
			left = room;
		memcpy(into, s->raw.p + s->given, left);
		s->given += left;
		return left;
	}
	if (!s->asked) {
		s->asked = true;
		s->stopped = s->before_end && !s->before_end(s->context);
	}
	if (s->stopped)
		return CURL_READFUNC_ABORT;
	s->ended = true;
	return 0;
}

static size_t
nothing_write(char *from, size_t size, size_t n, void *context)
{
	(void)from;
	(void)context;
	return size * n;
}

/* RFC 5321 4.2: three digits, then "-" when more lines follow. 0: no reply. */
static int
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

static size_t
reply_line(char *from, size_t size, size_t n, void *context)
{
	struct smtp *s = context;
	struct str line = { from, size * n };
	int code;

	/* A connection may also be put away after its mail's call. */
	if (!s->result || s->quit)
		return size * n;
	s->answered += line.n;
	if (s->answered > MAX_ANSWER_BYTES)
		return 0;
	line = str_trim(line);
	code = reply_code(line);
	if (!code)
		return size * n;
	if (!s->more)
		s->result->answer[0] = '\0';
	answer_add(s->result, str_sub(line, 4, line.n));
	s->result->code = code;
	s->more = line.n > 3 && line.p[3] == '-';
	if (s->ended && !s->more && !s->final_code)
		s->final_code = code;
	return size * n;
}

static int
command_seen(CURL *curl, curl_infotype type, char *p, size_t n, void *context)
{
	struct smtp *s = context;
	struct str command = { p, n };

	(void)curl;
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	if (str_starts(command, STR("MAIL ")))
		s->mailed = true;
	if (str_starts(command, STR("AUTH ")))
		s->authed = true;
	if (str_starts(command, STR("QUIT")))
		s->quit = true;
	/* The first command on another connection. */
	if (str_starts(command, STR("EHLO ")))
		s->quit = s->authed = false;
	return 0;
}

/* ---- the handle ---------------------------------------------------------- */

#define SET(s, option, value)                                                  \
	cd_assert(curl_easy_setopt((s)->curl, option, value) == CURLE_OK)

static void
smtp_set_url(struct smtp *s, const struct smtp_options *o)
{
	bool v6 = strchr(o->host, ':') != NULL;

	SET(s, CURLOPT_URL, arena_printf(s->arena, "%s://%s%s%s:%d",
	    o->tls == TLS_IMPLICIT ? "smtps" : "smtp", v6 ? "[" : "", o->host,
	    v6 ? "]" : "", o->port));
	SET(s, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(s, CURLOPT_USE_SSL, o->tls == TLS_NONE ? (long)CURLUSESSL_NONE
						    : (long)CURLUSESSL_ALL);
	SET(s, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(s, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(s, CURLOPT_SSL_VERIFYHOST, 2L);
	if (o->ca_file) {
		SET(s, CURLOPT_CAINFO, o->ca_file);
		SET(s, CURLOPT_CAPATH, NULL);
	}
}

static void
smtp_set_login(struct smtp *s, const struct smtp_options *o)
{
	if (!o->user)
		return;
	SET(s, CURLOPT_USERNAME, o->user);
	if (o->password && !o->bearer) {
		SET(s, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
		SET(s, CURLOPT_PASSWORD, o->password);
	} else {
		SET(s, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2;AUTH=OAUTHBEARER");
		SET(s, CURLOPT_XOAUTH2_BEARER, o->bearer);
	}
}

enum cd_rc
smtp_new(const struct smtp_options *o, struct smtp **out, struct cd_err *err)
{
	struct arena *a;
	struct smtp *s;
	long ms = o->timeout_ms > 0 ? o->timeout_ms : 60000;
	enum cd_rc rc;

	rc = http_start(err);
	if (rc != CD_OK)
		return rc;
	a = arena_new();
	s = arena_alloc(a, sizeof *s);
	s->arena = a;
	s->curl = curl_easy_init();
	cd_assert(s->curl);
	s->host = arena_printf(a, "smtp %s:%d", o->host, o->port);
	s->user = arena_strdup(a, o->user ? o->user : "");
	smtp_set_url(s, o);
	smtp_set_login(s, o);
	SET(s, CURLOPT_ERRORBUFFER, s->error);
	SET(s, CURLOPT_NOSIGNAL, 1L);
	/* A name server that hangs must not hold us beyond the time-out. */
	SET(s, CURLOPT_QUICK_EXIT, 1L);
	SET(s, CURLOPT_PROXY, "");
	SET(s, CURLOPT_NOPROXY, "*");
	SET(s, CURLOPT_TIMEOUT_MS, ms);
	SET(s, CURLOPT_CONNECTTIMEOUT_MS, ms < CONNECT_MS ? ms : CONNECT_MS);
	/* Of one reply; it bounds the wait for QUIT's too. */
	SET(s, CURLOPT_SERVER_RESPONSE_TIMEOUT, ms < 1000 ? 1L : ms / 1000);
	SET(s, CURLOPT_TCP_KEEPALIVE, 1L);
	/* A login by a fresh token takes the place of the old connection. */
	SET(s, CURLOPT_MAXCONNECTS, 1L);
	SET(s, CURLOPT_READFUNCTION, body_read);
	SET(s, CURLOPT_READDATA, s);
	SET(s, CURLOPT_WRITEFUNCTION, nothing_write);
	SET(s, CURLOPT_HEADERFUNCTION, reply_line);
	SET(s, CURLOPT_HEADERDATA, s);
	SET(s, CURLOPT_VERBOSE, 1L);
	SET(s, CURLOPT_DEBUGFUNCTION, command_seen);
	SET(s, CURLOPT_DEBUGDATA, s);
	*out = s;
	return CD_OK;
}

void
smtp_free(struct smtp **s)
{
	struct arena *a;

	if (!s || !*s)
		return;
	a = (*s)->arena;
	curl_easy_cleanup((*s)->curl);
	http_stop();
	*s = NULL;
	arena_free(&a);
}

void
smtp_set_bearer(struct smtp *s, const char *bearer)
{
	SET(s, CURLOPT_XOAUTH2_BEARER, bearer);
}

/* ---- what came of it ----------------------------------------------------- */

/* Before the end of the data: nothing was accepted, say whose turn it is. */
static enum cd_rc
verdict_refused(struct smtp *s, CURLcode rc, struct cd_err *err)
{
	struct smtp_result *r = s->result;
	bool refused = r->code / 100 == 5;

	/* 454 4.7.0 Temporary authentication failure, and its like. */
	if (r->code / 100 == 4)
		return cd_fail(err, CD_AGAIN, "%s: %d %s", s->host, r->code,
		    r->answer);
	if (rc == CURLE_LOGIN_DENIED || r->code == 530) {
		r->code = 535;
		return cd_fail(err, CD_REFUSED,
		    "%s refused the login of '%s': %s. Check [smtp] user, "
		    "auth and the password or token; the mailbox may need "
		    "SMTP AUTH turned on", s->host, s->user,
		    refused ? r->answer : s->error);
	}
	/* curl goes on without a login where none is offered. What is refused
	 * then is us, not this mail. */
	if (s->mailed && refused && s->user[0] && !s->authed) {
		r->code = 0;
		return cd_fail(err, CD_AGAIN, "%s offers no login: %s. Check "
		    "[smtp] port and tls", s->host, r->answer);
	}
	if (s->mailed && refused)
		return cd_fail(err, CD_REFUSED, "%s: %d %s", s->host, r->code,
		    r->answer);
	if (refused)
		return cd_fail(err, CD_AGAIN, "%s does not serve us: %d %s",
		    s->host, r->code, r->answer);
	return cd_fail(err, CD_AGAIN, "%s: %s", s->host,
	    s->error[0] ? s->error : curl_easy_strerror(rc));
}

static enum cd_rc
verdict_tls(struct smtp *s, const char *advice, struct cd_err *err)
{
	s->result->code = 0;
	return cd_fail(err, CD_REFUSED, "%s: %s. %s", s->host, s->error,
	    advice);
}

static enum cd_rc
verdict(struct smtp *s, CURLcode rc, struct cd_err *err)
{
	struct smtp_result *r = s->result;

	if (s->stopped)
		return cd_fail(err, CD_AGAIN,
		    "%s: given up before the end of the mail", s->host);
	if (s->ended) {
		if (s->final_code / 100 == 2)
			return CD_OK;
		if (s->final_code / 100 == 4 || s->final_code / 100 == 5)
			return cd_fail(err, s->final_code / 100 == 4
			    ? CD_AGAIN : CD_REFUSED, "%s: %d %s", s->host,
			    r->code, r->answer);
		r->unknown = true;
		return cd_fail(err, CD_AGAIN,
		    "%s: no answer after the whole mail was given (%s): it "
		    "may have been accepted", s->host,
		    s->error[0] ? s->error : "not SMTP");
	}
	if (rc == CURLE_PEER_FAILED_VERIFICATION ||
	    rc == CURLE_SSL_ISSUER_ERROR)
		return verdict_tls(s,
		    "Its certificate does not prove the host: check [smtp] "
		    "host, or name the authority that signed it in [smtp] "
		    "ca_file", err);
	if (rc == CURLE_SSL_CACERT_BADFILE)
		return verdict_tls(s, "Check [smtp] ca_file", err);
	if (rc == CURLE_USE_SSL_FAILED && r->code / 100 != 4)
		return verdict_tls(s,
		    "The server does not offer STARTTLS: check [smtp] port and "
		    "tls", err);
	return verdict_refused(s, rc, err);
}

/* ---- doing it ------------------------------------------------------------ */

static CURLcode
perform(struct smtp *s)
{
	memset(s->result, 0, sizeof *s->result);
	s->given = s->answered = 0;
	s->asked = s->stopped = s->ended = s->more = false;
	s->mailed = s->quit = false;
	s->final_code = 0;
	s->error[0] = '\0';
	return curl_easy_perform(s->curl);
}

/* Did a kept connection fail us before the mail was under way? 421 is what a
 * server says that has waited long enough. */
static bool
connection_was_stale(struct smtp *s, CURLcode rc)
{
	long opened = 1;

	if (rc == CURLE_OK || rc == CURLE_OPERATION_TIMEDOUT || s->asked)
		return false;
	curl_easy_getinfo(s->curl, CURLINFO_NUM_CONNECTS, &opened);
	return opened == 0 && (s->result->code == 0 || s->result->code == 421);
}

static enum cd_rc
perform_and_judge(struct smtp *s, struct cd_err *err)
{
	CURLcode rc = perform(s);

	if (connection_was_stale(s, rc)) {
		SET(s, CURLOPT_FRESH_CONNECT, 1L);
		rc = perform(s);
		SET(s, CURLOPT_FRESH_CONNECT, 0L);
	}
	if (rc == CURLE_OK && !s->ended)
		return CD_OK;
	return verdict(s, rc, err);
}

/* What may stand between "<" and ">" of MAIL and RCPT. */
static bool
path_is_safe(const char *address)
{
	for (const char *p = address; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c <= 0x20 || c == 0x7f || c == '<' || c == '>')
			return false;
	}
	return strlen(address) <= 254;
}

enum cd_rc
smtp_send(struct smtp *s, const char *from, const char *to, struct str raw,
    bool (*before_end)(void *), void *context, struct smtp_result *result,
    struct cd_err *err)
{
	struct curl_slist *rcpt;
	enum cd_rc rc;

	memset(result, 0, sizeof *result);
	if (!path_is_safe(from) || !path_is_safe(to) || !*to)
		return cd_fail(err, CD_MALFORMED,
		    "'%.100s' or '%.100s' is no mail address", from, to);
	rcpt = curl_slist_append(NULL, to);
	cd_assert(rcpt);
	s->raw = raw;
	s->before_end = before_end;
	s->context = context;
	s->result = result;
	SET(s, CURLOPT_CUSTOMREQUEST, NULL);
	/* NULL gives "<>". No size is told: curl would then end the data by
	 * the count and not ask body_read for the end. */
	SET(s, CURLOPT_MAIL_FROM, *from ? from : NULL);
	SET(s, CURLOPT_MAIL_RCPT, rcpt);
	SET(s, CURLOPT_UPLOAD, 1L);
	rc = perform_and_judge(s, err);
	SET(s, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(rcpt);
	s->raw = (struct str){ NULL, 0 };
	s->result = NULL;
	return rc;
}

enum cd_rc
smtp_probe(struct smtp *s, struct smtp_result *result, struct cd_err *err)
{
	enum cd_rc rc;

	s->raw = (struct str){ NULL, 0 };
	s->before_end = NULL;
	s->result = result;
	SET(s, CURLOPT_UPLOAD, 0L);
	SET(s, CURLOPT_MAIL_FROM, NULL);
	SET(s, CURLOPT_CUSTOMREQUEST, "NOOP");
	rc = perform_and_judge(s, err);
	s->result = NULL;
	return rc;
}
