/*
 * IMAP's conversation: lines, literals, tags and answers over mailstream.
 * Framing comes before meaning: whatever a line says, its literals are passed
 * over by their length, so that nonsense about one mail never costs the place
 * in the stream, and no mail can pass for a line of the server.
 *
 * RFC 3501; RFC 7888 (LITERAL+).
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
	return mailstream_get_low(w->stream);
}

/* ---- errors --------------------------------------------------------------- */

static enum cd_rc
wire_lost(const struct wire *w, struct cd_err *err)
{
	return cd_fail(err, CD_AGAIN, "imap %s:%d: connection lost: %s",
	    w->host, w->port, stream_why(wire_low(w)));
}

/* The server's words without the tag or the star. */
static struct str
line_text(struct str line)
{
	ptrdiff_t space = str_find(line, STR(" "));

	return space < 0 ? line : str_sub(line, (size_t)space + 1, line.n);
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

	return mailstream_write(w->stream, text, n) ==
	    (ssize_t)n;
}

enum cd_rc
wire_send(struct wire *w, const char *line, struct cd_err *err)
{
	wire_begin(w);
	if (!wire_write(w, line) || !wire_write(w, "\r\n") ||
	    mailstream_flush(w->stream) != 0)
		return wire_lost(w, err);
	return CD_OK;
}

/* "* 5 EXISTS" and its like: RFC 3501 7.3, 7.4; RFC 7162 3.2.10. */
static void
line_note(struct wire *w, struct str line)
{
	static const char *const words[] = {
		"EXISTS", "RECENT", "EXPUNGE", "FETCH",
	};
	size_t i = 2;

	if (str_istarts(line, STR("* VANISHED ")))
		w->news = true;
	if (!str_starts(line, STR("* ")))
		return;
	while (i < line.n && ascii_digit(line.p[i]))
		i++;
	if (i == 2 || i >= line.n || line.p[i] != ' ')
		return;
	line = str_sub(line, i + 1, line.n);
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		if (str_istarts(line, str_of(words[k])))
			w->news = true;
	if (str_istarts(line, STR("EXISTS")))
		w->exists = true;
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

/* One line, without its end. */
static enum cd_rc
line_read(struct wire *w, struct str *line_out, struct cd_err *err)
{
	struct str all;

	if (!mailstream_read_line(w->stream, w->line))
		return wire_lost(w, err);
	all = (struct str){ w->line->str, w->line->len };
	if (!str_line(&all, line_out))
		return wire_lost(w, err);
	return CD_OK;
}

enum cd_rc
wire_next(struct wire *w, const char *tag, enum wire_kind *kind_out,
    struct str *line_out, struct cd_err *err)
{
	enum cd_rc rc = line_read(w, line_out, err);

	if (rc != CD_OK)
		return rc;
	if (str_istarts(*line_out, STR("* BYE")))
		return cd_fail(err, CD_AGAIN, "imap %s:%d: the server said "
		    "%.*s", w->host, w->port, STR_FMT(line_text(*line_out)));
	line_note(w, *line_out);
	*kind_out = line_kind(*line_out, tag);
	return CD_OK;
}

bool
wire_literal_head(struct str line, size_t *n_out)
{
	size_t i;
	int64_t n;

	if (line.n < 3 || line.p[line.n - 1] != '}')
		return false;
	line.n--;
	if (line.p[line.n - 1] == '+')
		line.n--;
	for (i = line.n; i > 0 && ascii_digit(line.p[i - 1]); i--)
		;
	if (i == 0 || line.p[i - 1] != '{' ||
	    !str_to_i64(str_sub(line, i, line.n), 0, INT32_MAX, &n))
		return false;
	*n_out = (size_t)n;
	return true;
}

enum cd_rc
wire_literal(struct wire *w, size_t n, char *keep, size_t room,
    struct str *line_out, struct cd_err *err)
{
	char waste[4096];

	while (n > 0) {
		size_t want = room > 0 ? room : sizeof waste;
		ssize_t got = mailstream_read(w->stream, room > 0 ? keep :
		    waste, n < want ? n : want);

		if (got <= 0)
			return wire_lost(w, err);
		n -= (size_t)got;
		if (room > 0) {
			keep += got;
			room -= (size_t)got;
		}
	}
	return line_read(w, line_out, err);
}

/* Pass over the literals that belong to the line. */
static enum cd_rc
line_drain(struct wire *w, struct str line, struct cd_err *err)
{
	size_t n;

	while (wire_literal_head(line, &n)) {
		enum cd_rc rc = wire_literal(w, n, NULL, 0, &line, err);

		if (rc != CD_OK)
			return rc;
	}
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

/* ---- commands ------------------------------------------------------------- */

static enum cd_rc
answer_read(struct wire *w, const char *tag, wire_take *take, void *context,
    struct cd_err *err)
{
	w->bad = false;
	for (;;) {
		enum wire_kind kind;
		struct str line;
		enum cd_rc rc = wire_next(w, tag, &kind, &line, err);

		if (rc != CD_OK)
			return rc;
		switch (kind) {
		case WIRE_OK:
			return CD_OK;
		case WIRE_NO:
			return cd_fail(err, CD_REFUSED, "imap %s:%d: %.*s",
			    w->host, w->port, STR_FMT(line_text(line)));
		case WIRE_BAD:
			w->bad = true;
			return cd_fail(err, CD_AGAIN, "imap %s:%d: the server "
			    "did not take our command: %.*s", w->host, w->port,
			    STR_FMT(line_text(line)));
		case WIRE_CONTINUE:
		case WIRE_UNTAGGED:
			break;
		}
		if (take && (rc = take(context, line, err)) != CD_OK)
			return rc;
		line = (struct str){ w->line->str, w->line->len };
		rc = line_drain(w, str_trim(line), err);
		if (rc != CD_OK)
			return rc;
	}
}

/* Read over an answer that nobody wants any more. */
static enum cd_rc
asked_drop(struct wire *w, struct cd_err *err)
{
	enum cd_rc rc = w->asked[0] ? wire_answer(w, NULL, NULL, err) : CD_OK;

	return rc == CD_REFUSED ? CD_OK : rc;
}

enum cd_rc
wire_start(struct wire *w, char tag[WIRE_TAG], struct cd_err *err,
    const char *fmt, ...)
{
	char command[CD_MAX_IMAP_COMMAND];
	uint32_t id;
	enum cd_rc rc = asked_drop(w, err);
	va_list ap;
	int n, m;

	if (rc != CD_OK)
		return rc;
	random_bytes(&id, sizeof id);
	n = snprintf(tag, WIRE_TAG, "w%08x", id);
	memcpy(command, tag, (size_t)n);
	command[n++] = ' ';
	va_start(ap, fmt);
	m = vsnprintf(command + n, sizeof command - (size_t)n, fmt, ap);
	va_end(ap);
	cd_assert(m >= 0 && (size_t)(n + m) < sizeof command);
	return wire_send(w, command, err);
}

enum cd_rc
wire_answer(struct wire *w, wire_take *take, void *context, struct cd_err *err)
{
	char tag[WIRE_TAG];

	memcpy(tag, w->asked, sizeof tag);
	w->asked[0] = '\0';
	stream_begin(wire_low(w), w->timeout_ms, w->asked_bytes);
	return answer_read(w, tag, take, context, err);
}

static enum cd_rc
ask(struct wire *w, size_t max_bytes, struct cd_err *err, const char *fmt,
    va_list ap)
{
	char command[CD_MAX_IMAP_COMMAND - 64], tag[WIRE_TAG];
	int n = vsnprintf(command, sizeof command, fmt, ap);
	enum cd_rc rc;

	cd_assert(n >= 0 && (size_t)n < sizeof command);
	rc = wire_start(w, tag, err, "%s", command);
	if (rc != CD_OK)
		return rc;
	memcpy(w->asked, tag, sizeof tag);
	w->asked_bytes = max_bytes;
	return CD_OK;
}

enum cd_rc
wire_ask(struct wire *w, size_t max_bytes, struct cd_err *err, const char *fmt,
    ...)
{
	enum cd_rc rc;
	va_list ap;

	va_start(ap, fmt);
	rc = ask(w, max_bytes, err, fmt, ap);
	va_end(ap);
	return rc;
}

enum cd_rc
wire_run(struct wire *w, size_t max_bytes, wire_take *take, void *context,
    struct cd_err *err, const char *fmt, ...)
{
	enum cd_rc rc;
	va_list ap;

	va_start(ap, fmt);
	rc = ask(w, max_bytes, err, fmt, ap);
	va_end(ap);
	return rc == CD_OK ? wire_answer(w, take, context, err) : rc;
}

static enum cd_rc
capability_take(void *context, struct str line, struct cd_err *err)
{
	static const struct str head = { "* CAPABILITY ", 13 };
	struct wire *w = context;
	size_t n;

	(void)err;
	if (!str_istarts(line, head))
		return CD_OK;
	line = str_sub(line, head.n, line.n);
	n = strlen(w->caps);
	for (size_t i = 0; i < line.n && n < sizeof w->caps - 2; i++)
		w->caps[n++] = ascii_lower(line.p[i]);
	w->caps[n++] = ' ';
	w->caps[n] = 0;
	return CD_OK;
}

enum cd_rc
wire_capability(struct wire *w, struct cd_err *err)
{
	w->caps[0] = ' ';
	w->caps[1] = 0;
	return wire_run(w, CD_MAX_IMAP_LINES, capability_take, w, err,
	    "CAPABILITY");
}

bool
wire_can(const struct wire *w, const char *capability)
{
	char word[64];

	snprintf(word, sizeof word, " %s ", capability);
	return str_ifind(str_of(w->caps), str_of(word)) >= 0;
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
	    "greets with \"%.*s\"", w->host, w->port,
	    STR_FMT(str_sub(line, 0, 60)));
}

static enum cd_rc
starttls(struct wire *w, const struct imap_options *o, struct cd_err *err)
{
	mailstream *stream = w->stream;
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
		    STR_FMT(line_text(line)));
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
	w->line = mmap_string_new("");
	w->stream = mailstream_new(low, STREAM_BUFFER);
	cd_assert(w->line && w->stream);
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
	if (!w->stream)
		return;
	/* Who stops in the middle of an answer does not wait for its end. */
	if (!w->asked[0])
		logout(w);
	w->asked[0] = '\0';
	mailstream_close(w->stream);
	w->stream = NULL;
	mmap_string_free(w->line);
	w->line = NULL;
}
