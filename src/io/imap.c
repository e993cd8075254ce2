/*
 * What the daemon asks of a mailbox. The UIDs of the last SEARCH are kept, so
 * that a backlog read in batches is listed once and not once a batch.
 *
 * An EXISTS may come with the answer to any command. It is remembered as news
 * unless a SEARCH was sent after it, because IDLE will not tell it again.
 *
 * RFC 3501; RFC 2177 (IDLE); RFC 6851 (MOVE).
 */
#include "io/imap.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "io/imap_wire.h"
#include "io/tls_stream.h"

enum {
	POLL_MS = 30 * 1000,
	IDLE_PAUSE_MS = 60 * 1000,
	IDLE_PAUSE_MAX_MS = 60 * 60 * 1000,
};

/* ---- open and close ------------------------------------------------------- */

struct selected {
	uint32_t validity, next;
};

/* The number after `word` in the line; 0: there is none. */
static uint32_t
number_after(struct str line, const char *word)
{
	ptrdiff_t at = str_ifind(line, str_of(word));
	int64_t v = 0;
	size_t n = 0;

	if (at < 0)
		return 0;
	line = str_sub(line, (size_t)at + strlen(word), line.n);
	while (n < line.n && ascii_digit(line.p[n]))
		n++;
	return str_to_i64(str_sub(line, 0, n), 0, UINT32_MAX, &v) ?
	    (uint32_t)v : 0;
}

static enum cd_rc
selected_take(void *context, struct str line, struct cd_err *err)
{
	struct selected *s = context;
	uint32_t v;

	(void)err;
	if (!str_istarts(line, STR("* OK [")))
		return CD_OK;
	if ((v = number_after(line, "[UIDVALIDITY ")) > 0)
		s->validity = v;
	if ((v = number_after(line, "[UIDNEXT ")) > 0)
		s->next = v;
	return CD_OK;
}

/* "* STATUS name (UIDNEXT 4 UIDVALIDITY 3)"; the name may be anything. */
static enum cd_rc
status_take(void *context, struct str line, struct cd_err *err)
{
	struct selected *s = context;
	size_t n = line.n;

	(void)err;
	if (!str_istarts(line, STR("* STATUS ")))
		return CD_OK;
	while (n > 0 && line.p[n - 1] != '(')
		n--;
	line = str_sub(line, n, line.n);
	s->validity = number_after(line, "UIDVALIDITY ");
	s->next = number_after(line, "UIDNEXT ");
	return CD_OK;
}

/* Open a folder (quoted). */
static enum cd_rc
folder_open(struct imap *i, const char *folder, bool read_only,
    struct selected *out, struct cd_err *err)
{
	struct selected s = { 0, 0 };
	enum cd_rc rc;

	rc = wire_run(&i->wire, CD_MAX_IMAP_LINES, selected_take, &s, err,
	    "%s %s", read_only ? "EXAMINE" : "SELECT", folder);
	if (rc == CD_REFUSED)
		return cd_context(err, rc, "folder %s cannot be opened (names "
		    "are case sensitive)", folder);
	if (rc == CD_OK && (s.validity == 0 || s.next == 0))
		rc = wire_run(&i->wire, CD_MAX_IMAP_LINES, status_take, &s, err,
		    "STATUS %s (UIDNEXT UIDVALIDITY)", folder);
	if (rc != CD_OK)
		return rc;
	if (s.validity == 0 || s.next == 0)
		return cd_fail(err, CD_REFUSED, "imap %s:%d: folder %s has no "
		    "UIDVALIDITY or UIDNEXT: this server cannot be used",
		    i->wire.host, i->wire.port, folder);
	*out = s;
	return CD_OK;
}

static enum cd_rc
session_start(struct imap *i, const struct imap_options *o, struct cd_err *err)
{
	struct selected s;
	bool preauth;
	enum cd_rc rc;

	if (!wire_folder(o->folder, i->folder, sizeof i->folder))
		return cd_fail(err, CD_REFUSED, "imap %s:%d: \"%s\" can be no "
		    "folder's name", o->host, o->port, o->folder);
	rc = wire_connect(&i->wire, o, &preauth, err);
	if (rc == CD_OK && !preauth) {
		rc = wire_login(&i->wire, o, err);
		if (rc == CD_REFUSED && o->login_refused)
			*o->login_refused = true;
	}
	/* RFC 3501 6.2.3: what may be done changes with the login. */
	if (rc == CD_OK)
		rc = wire_capability(&i->wire, err);
	if (rc == CD_OK)
		rc = folder_open(i, i->folder, o->read_only, &s, err);
	if (rc != CD_OK)
		return rc;
	i->uidvalidity = s.validity;
	i->uidnext = s.next;
	i->wire.exists = false;
	return CD_OK;
}

enum cd_rc
imap_open(const struct imap_options *o, struct imap **out, struct cd_err *err)
{
	struct imap *i = calloc(1, sizeof *i);
	enum cd_rc rc;

	cd_assert(i);
	i->host = strdup(o->host);
	cd_assert(i->host);
	i->read_only = o->read_only;
	i->wire.host = i->host;
	i->wire.port = o->port;
	i->wire.timeout_ms = o->timeout_ms;
	rc = session_start(i, o, err);
	if (rc != CD_OK) {
		imap_close(&i);
		return rc;
	}
	if (o->step_ms > 0)
		i->wire.timeout_ms = o->step_ms;
	*out = i;
	return CD_OK;
}

void
imap_close(struct imap **i)
{
	if (!i || !*i)
		return;
	wire_close(&(*i)->wire);
	free((*i)->host);
	free((*i)->uids);
	free((*i)->sizes);
	free(*i);
	*i = NULL;
}

uint32_t
imap_uidvalidity(const struct imap *i)
{
	return i->uidvalidity;
}

uint32_t
imap_uidnext(const struct imap *i)
{
	return i->uidnext;
}

bool
imap_has_idle(const struct imap *i)
{
	return wire_can(&i->wire, "IDLE") && clock_mono_ms() >= i->idle_at_ms;
}

int64_t
imap_backoff_ms(const struct cd_err *err)
{
	const struct str words = STR("Suggested Backoff Time:");
	struct str text = str_of(err->text);
	ptrdiff_t at = str_ifind(text, words);
	size_t n = 0;
	int64_t ms;

	if (at < 0)
		return 0;
	text = str_trim(str_sub(text, (size_t)at + words.n, text.n));
	while (n < text.n && ascii_digit(text.p[n]))
		n++;
	return str_to_i64(str_sub(text, 0, n), 0, INT32_MAX, &ms) ? ms : 0;
}

/* ---- lists of UIDs -------------------------------------------------------- */

static int
uid_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* "* SEARCH 4 5 6" */
struct search {
	const struct wire *wire;
	uint32_t from;
	uint32_t *uids;
	size_t n, room;
};

static void
search_add(struct search *s, uint32_t uid)
{
	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 256;
		s->uids = reallocarray(s->uids, s->room, sizeof *s->uids);
		cd_assert(s->uids);
	}
	s->uids[s->n++] = uid;
}

static enum cd_rc
search_take(void *context, struct str line, struct cd_err *err)
{
	const struct str head = STR("* SEARCH");
	struct search *s = context;
	size_t at = head.n;

	if (!str_istarts(line, head))
		return CD_OK;
	while (at < line.n) {
		size_t end = at;
		int64_t uid;

		if (line.p[at] == ' ' && ++at)
			continue;
		/* RFC 7162 3.1.5: "(MODSEQ 917162500)" ends it. */
		if (line.p[at] == '(')
			break;
		while (end < line.n && line.p[end] != ' ')
			end++;
		if (!str_to_i64(str_sub(line, at, end), 1, UINT32_MAX, &uid))
			return cd_fail(err, CD_AGAIN, "imap %s:%d: the answer "
			    "to SEARCH makes no sense", s->wire->host,
			    s->wire->port);
		if (uid >= s->from)
			search_add(s, (uint32_t)uid);
		at = end;
	}
	return CD_OK;
}

static void
uids_sort(struct imap *i)
{
	size_t n = 0;

	if (i->n_uids > 0)
		qsort(i->uids, i->n_uids, sizeof *i->uids, uid_order);
	for (size_t k = 0; k < i->n_uids; k++)
		if (k == 0 || i->uids[k] != i->uids[k - 1])
			i->uids[n++] = i->uids[k];
	i->n_uids = n;
}

/* Search and keep what was found in i->uids. A server may look for new mail
 * only after it has searched (Dovecot does), and then tell both in one answer:
 * an EXISTS with the answer asks for a second search. */
static enum cd_rc
uids_search(struct imap *i, uint32_t from_uid, struct cd_err *err,
    const char *what)
{
	for (int turns = 0; turns < 2; turns++) {
		struct search s = { .wire = &i->wire, .from = from_uid };
		enum cd_rc rc;

		i->wire.exists = false;
		rc = wire_run(&i->wire, CD_MAX_IMAP_ANSWER, search_take, &s,
		    err, "UID SEARCH %s", what);
		free(i->uids);
		i->uids = s.uids;
		i->n_uids = rc == CD_OK ? s.n : 0;
		if (rc != CD_OK)
			return rc;
		if (!i->wire.exists)
			break;
	}
	uids_sort(i);
	free(i->sizes);
	i->sizes = calloc(i->n_uids + 1, sizeof *i->sizes);
	cd_assert(i->sizes);
	return CD_OK;
}

enum cd_rc
imap_list(struct imap *i, uint32_t from_uid, struct cd_err *err)
{
	char what[32];

	snprintf(what, sizeof what, "UID %u:*", from_uid ? from_uid : 1);
	return uids_search(i, from_uid, err, what);
}

enum cd_rc
imap_list_some(struct imap *i, struct arena *a, const char *set,
    uint32_t **out, size_t *n_out, struct cd_err *err)
{
	struct search s = { .wire = &i->wire, .from = 1 };
	/* RFC 3501 7.4.1: no EXPUNGE is told with a FETCH, but with this. */
	enum cd_rc rc = imap_poll(i, err);

	if (rc == CD_OK)
		rc = wire_run(&i->wire, CD_MAX_IMAP_ANSWER, search_take, &s,
		    err, "UID SEARCH UID %s", set);
	if (rc == CD_OK) {
		*out = arena_array(a, s.n, sizeof **out);
		for (size_t k = 0; k < s.n; k++)
			(*out)[k] = s.uids[k];
		*n_out = s.n;
	}
	free(s.uids);
	return rc;
}

enum cd_rc
imap_first_since(struct imap *i, int64_t date, uint32_t *uid_out,
    struct cd_err *err)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t)date;
	char what[48];
	struct tm tm;
	enum cd_rc rc;

	if (!gmtime_r(&at, &tm))
		return cd_fail(err, CD_MALFORMED, "no such date");
	snprintf(what, sizeof what, "SINCE %d-%.3s-%04d", tm.tm_mday,
	    months + 3 * tm.tm_mon, tm.tm_year + 1900);
	rc = uids_search(i, 0, err, what);
	if (rc != CD_OK)
		return rc;
	if (i->n_uids == 0)
		return CD_ABSENT;
	*uid_out = i->uids[0];
	/* Not all of the folder: no list to read on from. */
	i->n_uids = 0;
	return CD_OK;
}

/* ---- waiting -------------------------------------------------------------- */

/* CD_OK: the server has something to say; CD_ABSENT: time is up; CD_DONE:
 * wake_fd. */
static enum cd_rc
wait_poll(struct imap *i, int wake_fd, int64_t end, struct cd_err *err)
{
	mailstream *stream = i->wire.stream;
	mailstream_low *low = mailstream_get_low(stream);

	for (;;) {
		struct pollfd p[2] = {
			{ .fd = mailstream_low_get_fd(low), .events = POLLIN },
			{ .fd = wake_fd, .events = POLLIN },
		};
		int64_t left = end - clock_mono_ms();

		if (stream->read_buffer_len > 0 || stream_ready(low))
			return CD_OK;
		if (left < 0)
			left = 0;
		if (poll(p, 2, left > INT32_MAX ? INT32_MAX : (int)left) < 0 &&
		    errno != EINTR)
			return cd_fail(err, CD_BROKEN, "poll: %s",
			    strerror(errno));
		if (p[1].revents != 0)
			return CD_DONE;
		if (p[0].revents == 0 && clock_mono_ms() >= end)
			return CD_ABSENT;
	}
}

/* Read what is there until it is news. */
static enum cd_rc
idle_listen(struct imap *i, const char *tag, int wake_fd, int64_t end,
    struct cd_err *err)
{
	while (!i->wire.news) {
		enum wire_kind kind;
		struct str line;
		enum cd_rc rc = wait_poll(i, wake_fd, end, err);

		if (rc != CD_OK)
			return rc;
		wire_begin(&i->wire);
		if ((rc = wire_next(&i->wire, tag, &kind, &line, err)) != CD_OK)
			return rc;
		if (kind == WIRE_OK || kind == WIRE_NO || kind == WIRE_BAD)
			return cd_fail(err, CD_AGAIN, "imap %s:%d: the server "
			    "ended IDLE by itself", i->wire.host, i->wire.port);
	}
	return CD_OK;
}

/* CD_REFUSED: the server does not take it, whatever it said that it can. */
static enum cd_rc
idle_enter(struct imap *i, char tag[WIRE_TAG], struct cd_err *err)
{
	enum cd_rc rc = wire_start(&i->wire, tag, err, "IDLE");

	while (rc == CD_OK) {
		enum wire_kind kind;
		struct str line;

		rc = wire_next(&i->wire, tag, &kind, &line, err);
		if (rc != CD_OK || kind == WIRE_CONTINUE)
			return rc;
		if (kind != WIRE_UNTAGGED)
			return cd_fail(err, kind == WIRE_OK ? CD_AGAIN
			    : CD_REFUSED, "imap %s:%d: IDLE: %.*s",
			    i->wire.host, i->wire.port, STR_FMT(line));
	}
	return rc;
}

static enum cd_rc
idle_leave(struct imap *i, const char *tag, struct cd_err *err)
{
	enum cd_rc rc = wire_send(&i->wire, "DONE", err);

	while (rc == CD_OK) {
		enum wire_kind kind;
		struct str line;

		rc = wire_next(&i->wire, tag, &kind, &line, err);
		if (rc != CD_OK || kind == WIRE_OK)
			return rc;
		if (kind != WIRE_UNTAGGED && kind != WIRE_CONTINUE)
			return cd_fail(err, CD_AGAIN, "imap %s:%d: IDLE: %.*s",
			    i->wire.host, i->wire.port, STR_FMT(line));
	}
	return rc;
}

static enum cd_rc
wait_idle(struct imap *i, int wake_fd, int64_t end, struct cd_err *err)
{
	char tag[WIRE_TAG];
	enum cd_rc rc, done;

	if ((rc = idle_enter(i, tag, err)) != CD_OK)
		return rc;
	rc = idle_listen(i, tag, wake_fd, end, err);
	if (rc != CD_OK && rc != CD_ABSENT && rc != CD_DONE)
		return rc;
	done = idle_leave(i, tag, err);
	return done == CD_OK ? rc : done;
}

/* RFC 3501 6.1.2: NOOP as a poll for new mail. */
enum cd_rc
imap_poll(struct imap *i, struct cd_err *err)
{
	return wire_run(&i->wire, CD_MAX_IMAP_ANSWER, NULL, NULL, err, "NOOP");
}

static enum cd_rc
wait_noop(struct imap *i, int wake_fd, int64_t end, struct cd_err *err)
{
	for (;;) {
		int64_t now, next;
		enum cd_rc rc = imap_poll(i, err);

		if (rc != CD_OK || i->wire.news)
			return rc;
		now = clock_mono_ms();
		if (now >= end)
			return CD_ABSENT;
		next = end - now < POLL_MS ? end : now + POLL_MS;
		rc = wait_poll(i, wake_fd, next, err);
		if (rc != CD_OK && rc != CD_ABSENT)
			return rc;
	}
}

/* It may be its weather; one that never takes it is seldom asked. */
static void
idle_pause(struct imap *i)
{
	int64_t ms = 2 * i->idle_pause_ms;

	if (ms == 0)
		ms = IDLE_PAUSE_MS;
	i->idle_pause_ms = ms < IDLE_PAUSE_MAX_MS ? ms : IDLE_PAUSE_MAX_MS;
	i->idle_at_ms = clock_mono_ms() + i->idle_pause_ms;
}

/* By IDLE where it is taken; else NOOP, until IDLE is tried again. */
static enum cd_rc
wait_either(struct imap *i, int wake_fd, int64_t end, struct cd_err *err)
{
	for (;;) {
		int64_t until = end;
		enum cd_rc rc;

		if (imap_has_idle(i)) {
			rc = wait_idle(i, wake_fd, end, err);
			if (rc != CD_REFUSED) {
				i->idle_pause_ms = 0;
				return rc;
			}
			idle_pause(i);
		}
		if (wire_can(&i->wire, "IDLE") && i->idle_at_ms < end)
			until = i->idle_at_ms;
		rc = wait_noop(i, wake_fd, until, err);
		if (rc != CD_ABSENT || until == end)
			return rc;
	}
}

enum cd_rc
imap_wait(struct imap *i, int wake_fd, int64_t timeout_ms, struct cd_err *err)
{
	int64_t end = clock_mono_ms() + timeout_ms;
	enum cd_rc rc;

	/* Told with the answer to something else, and not again. */
	if (i->wire.exists) {
		i->wire.exists = false;
		return CD_OK;
	}
	i->wire.news = false;
	rc = wait_either(i, wake_fd, end, err);
	if (rc != CD_OK && rc != CD_ABSENT && rc != CD_DONE)
		return rc;
	i->wire.exists = false;
	return i->wire.news ? CD_OK : rc;
}

/* ---- other folders -------------------------------------------------------- */

enum cd_rc
imap_find_folder(struct imap *i, const char *folder, struct cd_err *err)
{
	char other[CD_MAX_FOLDER];
	enum cd_rc rc;

	if (!wire_folder(folder, other, sizeof other))
		return cd_fail(err, CD_MALFORMED, "\"%s\" can be no folder's "
		    "name", folder);
	rc = wire_run(&i->wire, CD_MAX_IMAP_LINES, NULL, NULL, err,
	    "STATUS %s (UIDNEXT)", other);
	/* A server that does not like the question is there still. */
	if (rc == CD_AGAIN && i->wire.bad)
		return CD_REFUSED;
	return rc == CD_REFUSED ? CD_ABSENT : rc;
}

enum cd_rc
imap_find_message_id(struct imap *i, const char *folder,
    const char *message_id, struct cd_err *err)
{
	char other[CD_MAX_FOLDER], id[1100], what[1200];
	struct selected s;
	enum cd_rc rc, found;

	if (!wire_folder(folder, other, sizeof other) ||
	    !wire_quote(message_id, id, sizeof id))
		return cd_fail(err, CD_MALFORMED, "no folder's name or no "
		    "Message-ID");
	snprintf(what, sizeof what, "HEADER Message-ID %s", id);
	found = folder_open(i, other, true, &s, err);
	if (found == CD_OK)
		found = uids_search(i, 0, err, what);
	if (found != CD_OK && found != CD_REFUSED)
		return found;
	if (found == CD_OK && i->n_uids == 0)
		found = CD_ABSENT;
	i->n_uids = 0;
	/* RFC 3501 6.3.1: after a SELECT that failed none is open. */
	rc = folder_open(i, i->folder, i->read_only, &s, err);
	if (rc != CD_OK)
		return rc == CD_REFUSED ? CD_AGAIN : rc;
	if (s.validity != i->uidvalidity)
		return cd_fail(err, CD_AGAIN, "imap %s:%d: folder %s was made "
		    "anew meanwhile", i->wire.host, i->wire.port, i->folder);
	/* What came while another folder was open, nobody will tell again. */
	i->wire.exists = true;
	return found;
}

enum cd_rc
imap_move(struct imap *i, uint32_t uid, const char *folder, struct cd_err *err)
{
	char other[CD_MAX_FOLDER];

	if (!wire_folder(folder, other, sizeof other))
		return cd_fail(err, CD_MALFORMED, "\"%s\" can be no folder's "
		    "name", folder);
	return wire_run(&i->wire, CD_MAX_IMAP_LINES, NULL, NULL, err,
	    "UID %s %u %s", wire_can(&i->wire, "MOVE") ? "MOVE" : "COPY", uid,
	    other);
}
