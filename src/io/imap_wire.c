/*
 * IMAP's conversation: lines, tags, answers, over mailstream.
 *
 * RFC 3501; RFC 4959 (SASL-IR); RFC 7628 (OAUTHBEARER), XOAUTH2; RFC 5530
 * (response codes that tell weather from a refusal).
 */
#include "io/imap_wire.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "io/config.h"
#include "io/tls_stream.h"

enum { STREAM_BUFFER = 16 * 1024, LOGOUT_MS = 500 };

static mailstream_low *
wire_low(const struct wire *w)
{
	return mailstream_get_low(w->session->imap_stream);
}

static struct str
wire_buffer(const struct wire *w)
{
	const MMAPString *b = w->session->imap_stream_buffer;

	return (struct str){ b->str, b->len };
}

/* ---- errors --------------------------------------------------------------- */

static enum cd_rc
wire_fail(const struct wire *w, enum cd_rc rc, struct str text,
    struct cd_err *err)
{
	return cd_fail(err, rc, "imap %s:%d: %.*s", w->host, w->port,
	    STR_FMT(text));
}

/* The server's last words, if there are any. libetpan takes literals out of the
 * buffer, so that no mail can speak here. */
static bool
wire_bye(const struct wire *w, struct str *text_out)
{
	struct str rest = wire_buffer(w), line;
	bool found = false;

	while (str_line(&rest, &line))
		if (str_istarts(line, STR("* BYE"))) {
			*text_out = str_trim(str_sub(line, 5, line.n));
			found = true;
		}
	return found;
}

static enum cd_rc
wire_lost(const struct wire *w, struct cd_err *err)
{
	struct str text;

	if (wire_bye(w, &text))
		return cd_fail(err, CD_AGAIN, "imap %s:%d: the server said BYE: "
		    "%.*s", w->host, w->port, STR_FMT(text));
	return cd_fail(err, CD_AGAIN, "imap %s:%d: connection lost: %s",
	    w->host, w->port, stream_why(wire_low(w)));
}

/* ---- lines ---------------------------------------------------------------- */

void
wire_begin(struct wire *w)
{
	stream_begin(wire_low(w), w->timeout_ms, CD_MAX_IMAP_LINES);
}

static bool
wire_write(struct wire *w, const char *text)
{
	size_t n = strlen(text);

	return mailstream_write(w->session->imap_stream, text, n) ==
	    (ssize_t)n;
}

enum cd_rc
wire_send(struct wire *w, const char *line, struct cd_err *err)
{
	wire_begin(w);
	if (!wire_write(w, line) || !wire_write(w, "\r\n") ||
	    mailstream_flush(w->session->imap_stream) != 0)
		return wire_lost(w, err);
	return CD_OK;
}

enum cd_rc
wire_start(struct wire *w, char tag[WIRE_TAG], struct cd_err *err,
    const char *fmt, ...)
{
	char command[CD_MAX_IMAP_COMMAND];
	uint32_t id;
	va_list ap;
	int n, m;

	random_bytes(&id, sizeof id);
	n = snprintf(tag, WIRE_TAG, "w%08x", id);
	memcpy(command, tag, (size_t)n);
	command[n++] = ' ';
	va_start(ap, fmt);
	m = vsnprintf(command + n, sizeof command - (size_t)n, fmt, ap);
	va_end(ap);
	cd_assert(m >= 0 && (size_t)(n + m) < sizeof command);
	/* What an earlier answer said is no news about this command. */
	mmap_string_assign(w->session->imap_stream_buffer, "");
	return wire_send(w, command, err);
}

/* "* 5 EXISTS" and its like: RFC 3501 7.3, 7.4; RFC 7162 3.2.10. */
static bool
line_is_news(struct str line)
{
	static const char *const words[] = {
		"EXISTS", "RECENT", "EXPUNGE", "FETCH",
	};
	size_t i = 2;

	if (str_istarts(line, STR("* VANISHED ")))
		return true;
	while (i < line.n && ascii_digit(line.p[i]))
		i++;
	if (i == 2 || i >= line.n || line.p[i] != ' ')
		return false;
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		if (str_istarts(str_sub(line, i + 1, line.n), str_of(words[k])))
			return true;
	return false;
}

static enum wire_kind
line_kind(struct str line, const char *tag)
{
	size_t n = strlen(tag);
	struct str rest;

	if (line.n > 0 && line.p[0] == '+')
		return WIRE_CONTINUE;
	if (n == 0 || line.n <= n || !str_starts(line, str_of(tag)) ||
	    line.p[n] != ' ')
		return WIRE_UNTAGGED;
	rest = str_sub(line, n + 1, line.n);
	if (str_istarts(rest, STR("OK")))
		return WIRE_OK;
	return str_istarts(rest, STR("NO")) ? WIRE_NO : WIRE_BAD;
}

enum cd_rc
wire_next(struct wire *w, const char *tag, enum wire_kind *kind_out,
    struct str *line_out, struct cd_err *err)
{
	struct str rest, line;

	if (!mailimap_read_line(w->session))
		return wire_lost(w, err);
	rest = wire_buffer(w);
	if (!str_line(&rest, &line))
		return wire_lost(w, err);
	if (str_istarts(line, STR("* BYE")))
		return wire_lost(w, err);
	if (str_starts(line, STR("* ")) && line_is_news(line))
		w->news = true;
	*kind_out = line_kind(line, tag);
	*line_out = line;
	return CD_OK;
}

/* Read on to the tagged answer; other lines are passed over. */
static enum cd_rc
wire_finish(struct wire *w, const char *tag, enum wire_kind *kind_out,
    struct str *line_out, struct cd_err *err)
{
	for (;;) {
		enum cd_rc rc = wire_next(w, tag, kind_out, line_out, err);

		if (rc != CD_OK || *kind_out == WIRE_OK ||
		    *kind_out == WIRE_NO || *kind_out == WIRE_BAD)
			return rc;
	}
}

enum cd_rc
wire_resync(struct wire *w, struct cd_err *err)
{
	enum wire_kind kind;
	char tag[WIRE_TAG];
	struct str line;
	enum cd_rc rc = wire_start(w, tag, err, "NOOP");

	if (rc != CD_OK)
		return rc;
	/* The rest of the answer that could not be read comes first. */
	stream_begin(wire_low(w), w->timeout_ms, CD_MAX_IMAP_ANSWER);
	rc = wire_finish(w, tag, &kind, &line, err);
	if (rc == CD_OK && kind != WIRE_OK)
		return wire_fail(w, CD_AGAIN, line, err);
	return rc;
}

/* ---- commands that libetpan reads ----------------------------------------- */

static enum cd_rc
wire_parse(struct wire *w, struct cd_err *err)
{
	struct mailimap_response *answer = NULL;
	const char *text;
	int r, type;

	r = mailimap_parse_response(w->session, &answer);
	text = w->session->imap_response;
	switch (r) {
	case MAILIMAP_NO_ERROR:
		break;
	case MAILIMAP_ERROR_PROTOCOL:
		return cd_fail(err, CD_AGAIN, "imap %s:%d: the server did not "
		    "take our command: %s", w->host, w->port, text ? text : "");
	case MAILIMAP_ERROR_PARSE:
		if (wire_bye(w, &(struct str){ 0 }))
			return wire_lost(w, err);
		return cd_fail(err, CD_MALFORMED, "imap %s:%d: the server's "
		    "answer makes no sense", w->host, w->port);
	default:
		return wire_lost(w, err);
	}
	type = answer->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state->
	    rsp_type;
	mailimap_response_free(answer);
	if (type == MAILIMAP_RESP_COND_STATE_OK)
		return CD_OK;
	return wire_fail(w, CD_REFUSED, str_of(text ? text : "refused"), err);
}

enum cd_rc
wire_run(struct wire *w, size_t max_bytes, struct cd_err *err, const char *fmt,
    ...)
{
	char command[CD_MAX_IMAP_COMMAND];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(command, sizeof command, fmt, ap);
	va_end(ap);
	cd_assert(n >= 0 && (size_t)n < sizeof command);
	mmap_string_assign(w->session->imap_stream_buffer, "");
	stream_begin(wire_low(w), w->timeout_ms, max_bytes);
	if (mailimap_send_current_tag(w->session) != MAILIMAP_NO_ERROR ||
	    !wire_write(w, command) || !wire_write(w, "\r\n") ||
	    mailstream_flush(w->session->imap_stream) != 0 ||
	    !mailimap_read_line(w->session))
		return wire_lost(w, err);
	return wire_parse(w, err);
}

/* ---- connect -------------------------------------------------------------- */

static enum cd_rc
greeting_read(struct wire *w, bool *preauth_out, struct cd_err *err)
{
	enum wire_kind kind;
	struct str line;
	enum cd_rc rc;

	wire_begin(w);
	rc = wire_next(w, "", &kind, &line, err);
	if (rc != CD_OK)
		return rc;
	*preauth_out = str_istarts(line, STR("* PREAUTH"));
	if (*preauth_out || str_istarts(line, STR("* OK")))
		return CD_OK;
	return cd_fail(err, CD_AGAIN, "imap %s:%d: this is no IMAP server: it "
	    "greets with \"%.60s\"", w->host, w->port,
	    line.n ? w->session->imap_stream_buffer->str : "");
}

static enum cd_rc
starttls(struct wire *w, const struct imap_options *o, struct cd_err *err)
{
	mailstream *stream = w->session->imap_stream;
	mailstream_low *plain = mailstream_get_low(stream), *tls;
	enum wire_kind kind;
	char tag[WIRE_TAG];
	struct str line;
	enum cd_rc rc;

	if ((rc = wire_start(w, tag, err, "STARTTLS")) != CD_OK ||
	    (rc = wire_finish(w, tag, &kind, &line, err)) != CD_OK)
		return rc;
	if (kind != WIRE_OK)
		return cd_fail(err, CD_REFUSED, "imap %s:%d: the server has no "
		    "STARTTLS: %.*s: use tls = implicit", w->host, w->port,
		    STR_FMT(line));
	/* What came before the handshake was said by anybody. */
	if (stream->read_buffer_len > 0)
		return cd_fail(err, CD_REFUSED, "imap %s:%d: somebody put bytes "
		    "before the TLS handshake: the connection is not safe",
		    w->host, w->port);
	rc = tls_stream_new(mailstream_low_get_fd(plain), o->host, o->ca_file,
	    o->timeout_ms, &tls, err);
	if (rc != CD_OK)
		return cd_context(err, rc, "imap %s:%d", w->host, w->port);
	mailstream_set_low(stream, tls);
	mailstream_low_free(plain);
	return CD_OK;
}

static enum cd_rc
low_open(const struct imap_options *o, mailstream_low **out, struct cd_err *err)
{
	enum cd_rc rc;
	int fd;

	rc = tcp_connect(o->host, o->port, o->timeout_ms, &fd, err);
	if (rc != CD_OK)
		return rc;
	if (o->tls != TLS_IMPLICIT) {
		*out = plain_stream_new(fd, o->timeout_ms);
		return CD_OK;
	}
	rc = tls_stream_new(fd, o->host, o->ca_file, o->timeout_ms, out, err);
	if (rc != CD_OK)
		close(fd);
	return rc;
}

enum cd_rc
wire_connect(struct wire *w, const struct imap_options *o, bool *preauth_out,
    struct cd_err *err)
{
	bool preauth = false;
	mailstream_low *low;
	enum cd_rc rc;

	rc = low_open(o, &low, err);
	if (rc != CD_OK)
		return cd_context(err, rc, "imap %s:%d", o->host, o->port);
	/* libetpan moves longer strings into a file below /tmp. */
	mmap_string_set_ceil(SIZE_MAX);
	w->session = mailimap_new(0, NULL);
	cd_assert(w->session);
	w->session->imap_stream = mailstream_new(low, STREAM_BUFFER);
	w->session->imap_connection_info = mailimap_connection_info_new();
	cd_assert(w->session->imap_stream && w->session->imap_connection_info);
	rc = greeting_read(w, &preauth, err);
	if (rc == CD_OK && o->tls == TLS_STARTTLS)
		rc = preauth ? cd_fail(err, CD_REFUSED, "imap %s:%d: the server "
		    "skips the login before TLS: the connection is not safe",
		    w->host, w->port) : starttls(w, o, err);
	if (rc != CD_OK) {
		wire_close(w);
		return rc;
	}
	*preauth_out = preauth;
	return CD_OK;
}

static void
logout(struct wire *w)
{
	enum wire_kind kind;
	char tag[WIRE_TAG];
	struct str line;

	if (wire_start(w, tag, NULL, "LOGOUT") != CD_OK)
		return;
	stream_begin(wire_low(w), LOGOUT_MS, CD_MAX_IMAP_LINES);
	if (wire_finish(w, tag, &kind, &line, NULL) != CD_OK)
		return;
}

void
wire_close(struct wire *w)
{
	if (!w->session)
		return;
	logout(w);
	mailstream_close(w->session->imap_stream);
	w->session->imap_stream = NULL;
	mailimap_free(w->session);
	w->session = NULL;
}

/* ---- quoting -------------------------------------------------------------- */

bool
wire_quote(const char *text, char *out, size_t n)
{
	size_t used = 0;

	if (n < 3)
		return false;
	out[used++] = '"';
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f || used + 4 > n)
			return false;
		if (*c == '"' || *c == '\\')
			out[used++] = '\\';
		out[used++] = *c;
	}
	out[used++] = '"';
	out[used] = 0;
	return true;
}

/* Base64 of UTF-16, "," for "/", without "=": RFC 3501 5.1.3. */
struct utf7 {
	char *out;
	size_t n, used;
	uint32_t bits;
	int n_bits;
	bool shifted;
};

static const char utf7_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+,";

static void
utf7_byte(struct utf7 *u, char c)
{
	if (u->used < u->n)
		u->out[u->used] = c;
	u->used++;
}

static void
utf7_bits(struct utf7 *u, uint32_t unit)
{
	if (!u->shifted)
		utf7_byte(u, '&');
	u->shifted = true;
	u->bits = u->bits << 16 | unit;
	u->n_bits += 16;
	while (u->n_bits >= 6) {
		u->n_bits -= 6;
		utf7_byte(u, utf7_digits[u->bits >> u->n_bits & 63]);
	}
	u->bits &= (1u << u->n_bits) - 1;
}

static void
utf7_end(struct utf7 *u)
{
	if (!u->shifted)
		return;
	if (u->n_bits > 0)
		utf7_byte(u, utf7_digits[u->bits << (6 - u->n_bits) & 63]);
	utf7_byte(u, '-');
	u->bits = 0;
	u->n_bits = 0;
	u->shifted = false;
}

bool
wire_folder(const char *utf8, char *out, size_t n)
{
	struct str s = str_of(utf8);
	char coded[1024];
	struct utf7 u = { .out = coded, .n = sizeof coded - 1 };
	uint32_t cp;
	size_t step;

	for (; (step = utf8_next(s, &cp)) > 0; s = str_sub(s, step, s.n)) {
		if (cp >= 0x20 && cp < 0x7f) {
			utf7_end(&u);
			utf7_byte(&u, (char)cp);
			if (cp == '&')
				utf7_byte(&u, '-');
			continue;
		}
		if (cp < 0x20 || cp == 0x7f)
			return false;
		if (cp >= 0x10000) {
			utf7_bits(&u, 0xd800 + ((cp - 0x10000) >> 10));
			cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
		}
		utf7_bits(&u, cp);
	}
	utf7_end(&u);
	if (u.used > u.n)
		return false;
	coded[u.used] = 0;
	return wire_quote(coded, out, n);
}
