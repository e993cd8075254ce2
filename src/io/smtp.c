/*
 * Mails over connections that are logged in: MAIL, RCPT, DATA, the end. The
 * commands go out together where the server allows it (RFC 2920). No byte of
 * ".CRLF" at the end of the data leaves before `before_end` has returned; a
 * group of mails waits for it together, so that one disk sync serves them all,
 * but not for a straggler.
 */
#include <poll.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "smtp_lane.h"

#define DEEP 4			/* mails waiting for each connection */
#define GROUP_MS 50		/* longest wait for the others of a group */
#define WAITING_MS 5000		/* longest silence towards our caller */
#define LIMIT_MS 300000		/* then a further connection is tried again */
#define MAX_ANSWER_BYTES (64 * 1024)	/* of all replies to one mail */

static void
say(struct lane *l, struct str what)
{
	l->out = what;
	l->written = 0;
}

/* ---- the end of a mail ---------------------------------------------------- */

static void
mail_finish(struct lane *l, enum cd_rc rc)
{
	l->mail->rc = rc;
	l->step = LANE_FINISHED;
}

/* The connection gives no answer, or none that makes sense. */
static void
mail_lost(const struct smtp *s, struct lane *l, const char *what)
{
	struct smtp_mail *m = l->mail;

	lane_close(l, false);
	if (l->step == LANE_RESET) {
		mail_finish(l, m->rc);
		return;
	}
	m->result.server = true;
	m->result.unknown = l->step == LANE_END;
	mail_finish(l, m->result.unknown
	    ? cd_fail(&m->why, CD_AGAIN, "%s: no answer after the whole mail "
		"was given (%s): it may have been accepted", s->host, what)
	    : cd_fail(&m->why, CD_AGAIN, "%s: %s", s->host, what));
}

/* Another mail may go over the same connection, once all that was sent ahead for
 * this one is answered: a login for each refused recipient would be a storm. */
static void
mail_refused(struct smtp *s, struct lane *l)
{
	struct smtp_mail *m = l->mail;
	struct smtp_result *r = &m->result;
	bool end = l->step == LANE_END, whole = l->written == l->out.n;
	bool sender = refusal_names_sender(m, l->step);

	r->server = refusal_is_ours(s, m, l->step);
	m->rc = r->code == 530 && !end
	    ? login_refused(s, r, r->answer, &m->why)
	    : cd_fail(&m->why, r->code / 100 == 5 && (r->server || !sender)
	    ? CD_REFUSED : CD_AGAIN, "%s: %d %s", s->host, r->code, r->answer);
	if (!r->server && whole && l->step <= LANE_DATA) {
		l->ahead = l->pipelining ? LANE_DATA - l->step : 0;
		l->step = LANE_RESET;
		say(l, STR("RSET\r\n"));
		return;
	}
	/* Where more was sent ahead, the server may take QUIT for data. */
	if (r->server || !whole || !end)
		lane_close(l, !l->pipelining || end);
	mail_finish(l, m->rc);
}

/* A server that takes data for a mail that it has refused gets none. */
static void
reset_reply(struct lane *l, int code)
{
	if (l->ahead > 0 && code / 100 != 3 && code != 421) {
		l->ahead--;
		return;
	}
	if (l->ahead > 0 || code / 100 != 2)
		lane_close(l, false);
	mail_finish(l, l->mail->rc);
}

/* ---- the way of a mail ---------------------------------------------------- */

/* Dots stuffed, RFC 5321 4.5.2; ends with CRLF, the final dot is not there. */
static struct str
body_of(struct arena *a, struct str raw)
{
	struct buf b = buf_new(a, 2 * raw.n + 2);
	size_t from = 0;

	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] != '.' || (i > 0 && raw.p[i - 1] != '\n'))
			continue;
		buf_adds(&b, str_sub(raw, from, i));
		buf_char(&b, '.');
		from = i;
	}
	buf_adds(&b, str_sub(raw, from, raw.n));
	if (raw.n > 0 && raw.p[raw.n - 1] != '\n')
		buf_puts(&b, "\r\n");
	return buf_str(&b);
}

static void
mail_commands(struct lane *l)
{
	const struct smtp_mail *m = l->mail;

	say(l, str_of(arena_printf(l->arena, "MAIL FROM:<%s>\r\n%s%s%s",
	    m->from, l->pipelining ? "RCPT TO:<" : "",
	    l->pipelining ? m->to : "", l->pipelining ? ">\r\nDATA\r\n" : "")));
	l->step = LANE_MAIL;
	l->n_in = l->answered = 0;
	l->more = l->heard = l->asked = false;
}

/* A whole reply came. */
static void
lane_reply(struct smtp *s, struct lane *l)
{
	const struct smtp_mail *m = l->mail;
	int code = m->result.code;

	l->heard = true;
	if (code / 100 == 4 || code / 100 == 5) {
		mail_refused(s, l);
		return;
	}
	if ((code / 100 == 3) != (l->step == LANE_DATA)) {
		mail_lost(s, l, "an answer that makes no sense");
		return;
	}
	switch (l->step) {
	case LANE_MAIL:
		l->step = LANE_RCPT;
		if (!l->pipelining)
			say(l, str_of(arena_printf(l->arena,
			    "RCPT TO:<%s>\r\n", m->to)));
		return;
	case LANE_RCPT:
		if (m->from[0])
			refusal_sender_taken(s, m->to);
		l->step = LANE_DATA;
		if (!l->pipelining)
			say(l, STR("DATA\r\n"));
		return;
	case LANE_DATA:
		l->step = LANE_BODY;
		say(l, body_of(l->arena, m->raw));
		return;
	case LANE_END:
		mail_finish(l, CD_OK);
		return;
	case LANE_BODY:
	case LANE_READY:
	case LANE_RESET:
	case LANE_IDLE:
	case LANE_FINISHED:
		break;
	}
	mail_lost(s, l, "an answer to no command");
}

static bool
lane_waits(const struct lane *l)
{
	return l->step != LANE_IDLE && l->step != LANE_FINISHED;
}

static void
lane_line(struct smtp *s, struct lane *l, struct str line)
{
	int code = reply_code(line);
	bool reset = l->step == LANE_RESET;
	struct smtp_result aside = { 0 };

	if (!code) {
		mail_lost(s, l, "an answer that is not SMTP");
		return;
	}
	reply_take(reset ? &aside : &l->mail->result, code, line, &l->more);
	if (!l->more && reset)
		reset_reply(l, code);
	else if (!l->more)
		lane_reply(s, l);
}

/* Bytes of a reply; of a long line what fits counts. */
static void
lane_take(struct smtp *s, struct lane *l, struct str bytes)
{
	l->answered += bytes.n;
	if (l->answered > MAX_ANSWER_BYTES) {
		mail_lost(s, l, "an answer without end");
		return;
	}
	while (bytes.n > 0 && lane_waits(l)) {
		const char *end = memchr(bytes.p, '\n', bytes.n);
		size_t n = end ? (size_t)(end - bytes.p) + 1 : bytes.n;
		size_t room = sizeof l->in - l->n_in;
		struct str line;

		memcpy(l->in + l->n_in, bytes.p, n < room ? n : room);
		l->n_in += n < room ? n : room;
		bytes = str_sub(bytes, n, bytes.n);
		if (!end)
			return;
		line = str_trim((struct str){ l->in, l->n_in });
		l->n_in = 0;
		lane_line(s, l, line);
	}
}

/* false: it would block. */
static bool
lane_read(struct smtp *s, struct lane *l)
{
	char bytes[4096];
	size_t n = 0;
	CURLcode rc = curl_easy_recv(l->curl, bytes, sizeof bytes, &n);

	if (rc == CURLE_AGAIN)
		return false;
	if (rc != CURLE_OK || n == 0)
		mail_lost(s, l, rc != CURLE_OK ? curl_easy_strerror(rc)
					       : "the connection was closed");
	else
		lane_take(s, l, (struct str){ bytes, n });
	return true;
}

static bool
lane_write(struct smtp *s, struct lane *l)
{
	struct str left = str_sub(l->out, l->written, l->out.n);
	size_t n = 0;
	CURLcode rc;

	if (left.n > 0) {
		rc = curl_easy_send(l->curl, left.p, left.n, &n);
		if (rc == CURLE_AGAIN)
			return false;
		/* Its last words, as a 421, may still be there to read. */
		if (rc != CURLE_OK) {
			while (lane_waits(l) && lane_read(s, l))
				;
			if (lane_waits(l))
				mail_lost(s, l, curl_easy_strerror(rc));
			return false;
		}
		l->written += n;
	}
	if (l->step == LANE_BODY && l->written == l->out.n)
		l->step = LANE_READY;
	return left.n > n;
}

/* ---- a mail gets its connection ------------------------------------------- */

/* Did a kept connection fail us before the mail was under way? 421 is what a
 * server says that has waited long enough. */
static bool
lane_was_stale(const struct lane *l)
{
	const struct smtp_mail *m = l->mail;

	return l->step == LANE_FINISHED && m->rc == CD_AGAIN && l->kept &&
	    !l->again && !l->asked && (!l->heard ||
	    m->result.code == 421) && clock_mono_ms() < l->until;
}

static void
lane_begin(struct smtp *s, struct lane *l, struct smtp_mail *m)
{
	enum cd_rc rc;

	arena_reset(l->arena);
	l->mail = m;
	l->until = clock_mono_ms() + s->options.timeout_ms;
	memset(&m->result, 0, sizeof m->result);
	if (!l->curl) {
		rc = lane_open(s, l, &m->result, &m->why);
		if (rc != CD_OK) {
			s->stop = m->result.server = true;
			mail_finish(l, rc);
			return;
		}
		l->until = clock_mono_ms() + s->options.timeout_ms;
	}
	mail_commands(l);
}

static void
lane_begin_again(struct smtp *s, struct lane *l)
{
	lane_close(l, false);
	lane_begin(s, l, l->mail);
	l->again = true;
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

static void
mails_report(struct smtp *s, struct smtp_mail *const *m, size_t n)
{
	if (s->hooks && s->hooks->done && !s->hooks->done(s->hooks->context, m,
	    n))
		s->stop = true;
}

/* The next mail that can be sent at all; NULL: none. */
static struct smtp_mail *
mail_next(struct smtp *s)
{
	while (s->next < s->n && !s->stop) {
		struct smtp_mail *m = &s->mails[s->next++];

		if (path_is_safe(m->from) && path_is_safe(m->to) && *m->to)
			return m;
		m->rc = cd_fail(&m->why, CD_MALFORMED,
		    "'%.100s' or '%.100s' is no mail address", m->from, m->to);
		mails_report(s, &m, 1);
	}
	return NULL;
}

static size_t
lanes_open(const struct smtp *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_lanes; i++)
		n += s->lanes[i].curl != NULL;
	return n;
}

/* A further connection is made one at a time, for mails that would wait for
 * several others: a login blocks, and may take as long as a mail. */
static void
lane_add(struct smtp *s)
{
	size_t open = lanes_open(s), i = 0;
	struct smtp_result r;
	struct cd_err why;

	if (clock_mono_ms() >= s->limit_until)
		s->limit = s->n_lanes;
	if (open == 0 || open >= s->limit || s->stop ||
	    s->n - s->next < open * DEEP)
		return;
	while (s->lanes[i].curl || s->lanes[i].step != LANE_IDLE)
		if (++i == s->n_lanes)
			return;
	if (lane_open(s, &s->lanes[i], &r, &why) == CD_OK)
		return;
	s->limit = open;
	s->limit_until = clock_mono_ms() + LIMIT_MS;
}

static void
lanes_begin(struct smtp *s)
{
	lane_add(s);
	for (size_t i = 0; i < s->n_lanes; i++) {
		struct lane *l = &s->lanes[i];
		struct smtp_mail *m;

		if (l->step != LANE_IDLE || (!l->curl && lanes_open(s) > 0))
			continue;
		m = mail_next(s);
		if (!m)
			return;
		l->again = false;
		lane_begin(s, l, m);
	}
}

/* ---- groups --------------------------------------------------------------- */

static size_t
lanes_at(struct smtp *s, enum lane_step step, struct lane **lanes,
    struct smtp_mail **mails)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_lanes; i++) {
		if (s->lanes[i].step != step)
			continue;
		lanes[n] = &s->lanes[i];
		mails[n++] = s->lanes[i].mail;
	}
	return n;
}

static void
group_end(struct smtp *s)
{
	struct lane *lanes[CD_MAX_SMTP];
	struct smtp_mail *mails[CD_MAX_SMTP];
	size_t n = lanes_at(s, LANE_READY, lanes, mails);

	s->ready_at = 0;
	if (s->hooks && s->hooks->before_end)
		s->hooks->before_end(s->hooks->context, mails, n);
	for (size_t i = 0; i < n; i++) {
		lanes[i]->asked = true;
		if (mails[i]->hold) {
			lane_close(lanes[i], false);
			mail_finish(lanes[i], cd_fail(&mails[i]->why, CD_AGAIN,
			    "%s: given up before the end of the mail",
			    s->host));
			continue;
		}
		lanes[i]->step = LANE_END;
		lanes[i]->until = clock_mono_ms() + s->options.end_ms;
		say(lanes[i], STR(".\r\n"));
		(void)lane_write(s, lanes[i]);
	}
}

static void
group_done(struct smtp *s)
{
	struct lane *lanes[CD_MAX_SMTP];
	struct smtp_mail *mails[CD_MAX_SMTP];
	size_t n = lanes_at(s, LANE_FINISHED, lanes, mails);

	s->finished_at = 0;
	for (size_t i = 0; i < n; i++) {
		lanes[i]->step = LANE_IDLE;
		lanes[i]->mail = NULL;
		lanes[i]->kept = lanes[i]->curl != NULL;
	}
	mails_report(s, mails, n);
}

/* Is a group whole? `others`: lanes that may still join it. */
static bool
group_is_due(int64_t *since, size_t members, size_t others)
{
	int64_t now = clock_mono_ms();

	if (members == 0)
		return false;
	if (*since == 0)
		*since = now;
	return others == 0 || now - *since >= GROUP_MS;
}

/* ---- doing it ------------------------------------------------------------- */

static void
lane_run(struct smtp *s, struct lane *l)
{
	while (lane_waits(l) && lane_write(s, l))
		;
	while (lane_waits(l) && lane_read(s, l))
		while (lane_waits(l) && lane_write(s, l))
			;
	if (lane_waits(l) && clock_mono_ms() >= l->until)
		mail_lost(s, l, "no answer in time");
	if (lane_was_stale(l))
		lane_begin_again(s, l);
}

static void
lanes_wait(struct smtp *s)
{
	int64_t now = clock_mono_ms(), ms = WAITING_MS;
	struct pollfd fds[CD_MAX_SMTP];
	nfds_t n = 0;

	for (size_t i = 0; i < s->n_lanes; i++) {
		const struct lane *l = &s->lanes[i];
		bool writes = l->written < l->out.n;

		if (!lane_waits(l))
			continue;
		if (l->until - now < ms)
			ms = l->until - now;
		fds[n++] = (struct pollfd){ .fd = l->fd,
			.events = (short)(writes ? POLLIN | POLLOUT : POLLIN) };
	}
	if ((s->ready_at || s->finished_at) && ms > GROUP_MS)
		ms = GROUP_MS;
	(void)poll(fds, n, ms > 0 ? (int)ms : 0);
	if (s->options.waiting)
		s->options.waiting(s->options.waiting_context);
}

static size_t
lanes_count(const struct smtp *s, enum lane_step from, enum lane_step to)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_lanes; i++)
		n += s->lanes[i].step >= from && s->lanes[i].step <= to;
	return n;
}

void
smtp_send(struct smtp *s, struct smtp_mail *mails, size_t n,
    const struct smtp_hooks *hooks)
{
	s->mails = mails;
	s->n = n;
	s->next = 0;
	s->hooks = hooks;
	s->stop = false;
	for (size_t i = 0; i < n; i++) {
		mails[i].rc = CD_ABSENT;
		mails[i].hold = false;
		mails[i].why.text[0] = '\0';
	}
	for (;;) {
		size_t pending, ready, ending, finished;

		lanes_begin(s);
		for (size_t i = 0; i < s->n_lanes; i++)
			lane_run(s, &s->lanes[i]);
		pending = lanes_count(s, LANE_MAIL, LANE_BODY);
		ready = lanes_count(s, LANE_READY, LANE_READY);
		ending = lanes_count(s, LANE_END, LANE_RESET);
		finished = lanes_count(s, LANE_FINISHED, LANE_FINISHED);
		if (group_is_due(&s->ready_at, ready, pending))
			group_end(s);
		else if (group_is_due(&s->finished_at, finished, ending))
			group_done(s);
		else if (pending + ready + ending > 0)
			lanes_wait(s);
		else if (s->next >= s->n || s->stop)
			break;
	}
}

enum cd_rc
smtp_probe(struct smtp *s, struct smtp_result *result, struct cd_err *err)
{
	struct smtp_mail m = { .from = "", .to = "" };
	struct lane *l = &s->lanes[0];
	bool kept;

	/* A NOOP is like a mail's end: one command and its reply. */
	do {
		kept = l->curl != NULL;
		lane_begin(s, l, &m);
		if (l->step != LANE_FINISHED) {
			l->asked = true;
			l->step = LANE_END;
			say(l, STR("NOOP\r\n"));
		}
		while (l->step != LANE_FINISHED) {
			lane_run(s, l);
			if (l->step != LANE_FINISHED)
				lanes_wait(s);
		}
		l->step = LANE_IDLE;
		if (m.rc != CD_OK)
			lane_close(l, true);
		l->kept = l->curl != NULL;
	} while (kept && m.rc == CD_AGAIN);
	m.result.unknown = false;
	*result = m.result;
	if (m.rc != CD_OK)
		return cd_fail(err, m.rc, "%s", m.why.text);
	return CD_OK;
}

void
smtp_rest(struct smtp *s)
{
	for (size_t i = 1; i < s->n_lanes; i++)
		lane_close(&s->lanes[i], true);
}
