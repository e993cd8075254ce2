#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/delivery.h"
#include "flow/intake.h"
#include "role/batch.h"
#include "role/place.h"
#include "role/sent.h"
#include "role/session.h"
#include "store/outbox.h"

#define BATCH		64
#define PAUSE_MIN_MS	1000
#define PAUSE_MAX_MS	300000
#define SLOW_MS		2000	/* a server that hangs is asked again ... */
#define REST_MS		60000	/* ... after so long */
#define FIRST_MS	4000	/* the inbox waits for it at first, at most */
#define DOUBTFUL	100	/* answers looked for in a call, at most ... */
#define DOUBTFUL_MS	2000	/* ... as long as it has not lasted so long */

static const char *
folder(const struct sent *s)
{
	return s->context->config->mailbox.sent_folder;
}

bool
sent_is_put_off(const struct sent *s)
{
	return s->due_ms != 0;
}

static bool
is_due(const struct sent *s)
{
	return s->due_ms != 0 && clock_mono_ms() >= s->due_ms;
}

void
sent_close(struct sent *s)
{
	imap_close(&s->imap);
}

/* What its session said is no end of the inbox's, which goes on, having waited since
 * began; a new session may be told more. Later each time: it costs a login. */
static enum cd_rc
put_off(struct sent *s, const char *event, int64_t began, enum cd_rc rc,
    struct cd_err *err)
{
	if ((rc != CD_AGAIN && rc != CD_REFUSED) ||
	    strstr(err->text, "AccessTokenExpired"))
		return rc;
	s->slow = clock_mono_ms() - began > SLOW_MS;
	if (s->pause_ms < PAUSE_MIN_MS)
		s->pause_ms = PAUSE_MIN_MS;
	if (s->slow && s->pause_ms < REST_MS)
		s->pause_ms = REST_MS;
	log_warn(event, "folder=%s again_in_ms=%" PRId64 " error=%s",
	    log_q(s->arena, folder(s)), s->pause_ms,
	    log_q(s->arena, err->text));
	imap_close(&s->imap);
	s->due_ms = clock_mono_ms() + s->pause_ms;
	s->pause_ms = role_back_off(s->pause_ms, PAUSE_MAX_MS);
	return place_absent(s->store, s->mailbox, err);
}

/* Is it not made yet? One that was there before is no such folder, whatever is said of
 * it now: a no to both questions is the server's weather, or its people's work. */
static enum cd_rc
is_unmade(const struct sent *s, struct imap *inbox, bool *out,
    struct cd_err *err)
{
	struct cursor was;
	enum cd_rc rc = cursor_get(s->store, s->mailbox, &was, err);

	*out = false;
	if (rc == CD_OK && was.uidvalidity != 0)
		return CD_OK;
	if (rc == CD_OK || rc == CD_ABSENT)
		rc = imap_find_folder(inbox, folder(s), err);
	*out = rc == CD_ABSENT;
	return rc == CD_ABSENT || rc == CD_REFUSED ? CD_OK : rc;
}

/* Answering goes on without it. inbox NULL: it is not asked whether there is such a
 * folder at all. */
static enum cd_rc
refused(struct sent *s, struct imap *inbox, int64_t began, struct cd_err *err)
{
	struct cd_err other = { "" };
	bool unmade = false;
	enum cd_rc rc = inbox ? is_unmade(s, inbox, &unmade, &other) : CD_OK;

	if (rc == CD_OK && !unmade)
		return put_off(s, "imap.no_sent", began, CD_REFUSED, err);
	if (rc != CD_OK)
		return cd_fail(err, rc, "%s", other.text);
	log_warn("imap.no_sent", "folder=%s error=%s",
	    log_q(s->arena, folder(s)), log_q(s->arena, err->text));
	s->absent = true;
	return place_absent(s->store, s->mailbox, err);
}

/* Open it now; CD_OK and no session: not yet. */
static enum cd_rc
connect_now(struct sent *s, struct imap *inbox, struct cd_err *err)
{
	int64_t began = clock_mono_ms();
	struct place place;
	enum cd_rc rc = s->connect(s->watcher, &s->imap, err);

	s->absent = false;
	s->due_ms = 0;
	if (rc == CD_REFUSED)
		return refused(s, inbox, began, err);
	if (rc == CD_OK)
		rc = place_find(s->store, s->imap, s->mailbox, s->since > 0
		    ? START_DATE : START_NOW, s->since, &place, err);
	/* A server may allow one session fewer than we want. */
	if (rc != CD_OK)
		return put_off(s, "imap.sent_later", began, rc, err);
	return place_keep(s->store, s->mailbox, &place, err);
}

/* If a few seconds are all that it takes. */
static enum cd_rc
await(struct sent *s, struct cd_err *err)
{
	int64_t until = clock_mono_ms() + FIRST_MS;
	enum cd_rc rc = CD_OK;

	while (rc == CD_OK && s->due_ms != 0 && s->due_ms <= until &&
	    !role_stopped(s->context)) {
		int64_t ms = s->due_ms - clock_mono_ms();

		if (ms <= 0)
			rc = connect_now(s, NULL, err);
		else
			role_pause(s->context, ms, s->beat, s->watcher,
			    "reading");
	}
	return rc;
}

enum cd_rc
sent_open(struct sent *s, struct imap *inbox, struct cd_err *err)
{
	enum cd_rc rc = CD_OK;

	if (!s->mailbox || clock_mono_ms() + FIRST_MS < s->due_ms)
		return CD_OK;
	if (clock_mono_ms() >= s->due_ms)
		rc = connect_now(s, inbox, err);
	return rc == CD_OK ? await(s, err) : rc;
}

/* It may have come with a colleague's first answer. */
enum cd_rc
sent_look_for(struct sent *s, struct imap *inbox, struct cd_err *err)
{
	enum cd_rc rc;

	if (!s->absent)
		return CD_OK;
	rc = imap_find_folder(inbox, folder(s), err);
	if (rc != CD_OK)
		return rc == CD_ABSENT || rc == CD_REFUSED ? CD_OK : rc;
	log_info("imap.sent", "folder=%s", log_q(s->arena, folder(s)));
	return connect_now(s, inbox, err);
}

/* One mail of it may be what fails, or what killed who read it before: then they come
 * one by one, as the inbox's do, so that it alone is passed by. */
static enum cd_rc
take_in(struct sent *s, const struct intake_batch *batch, struct cd_err *err)
{
	enum cd_rc rc = intake_sent(s->context->engine, s->store, s->arena,
	    batch, clock_now(), err);

	if ((rc == CD_BROKEN || rc == CD_MALFORMED) && s->careful == 0) {
		log_error("intake.failed", "folder=%s error=%s next=\"one by "
		    "one\"", log_q(s->arena, folder(s)),
		    log_q(s->arena, err->text));
		s->careful = CAREFUL_MAILS;
		return CD_OK;
	}
	if (rc == CD_OK && s->careful > 0)
		s->careful--;
	return rc;
}

/* One batch; *n_out: how many mails it had. */
static enum cd_rc
read_batch(struct sent *s, size_t *n_out, struct cd_err *err)
{
	size_t max = (size_t)s->context->config->mailbox.max_fetch;
	struct intake_batch batch = { .mailbox = s->mailbox };
	bool careful = s->careful > 0;
	int64_t began = clock_mono_ms();
	struct imap_mail *fetched;
	size_t n;
	enum cd_rc rc = cursor_get(s->store, s->mailbox, &batch.cursor, err);

	*n_out = 0;
	if (rc != CD_OK)
		return rc;
	rc = imap_fetch(s->imap, s->arena, batch.cursor.next_uid,
	    careful ? 1 : BATCH, max, &fetched, &n, err);
	if (rc != CD_OK)
		return put_off(s, "imap.sent_later", began, rc, err);
	if (n == 0)
		return CD_OK;
	rc = batch_fill(s->store, s->arena, &batch, fetched, n, careful, err);
	if (rc != CD_OK)
		return put_off(s, "sent.not_given", clock_mono_ms(), rc, err);
	*n_out = n;
	return take_in(s, &batch, err);
}

/* All of the folder, where it was made anew. */
static enum cd_rc
read_all(struct sent *s, struct cd_err *err)
{
	int64_t began = clock_mono_ms();
	size_t n = 0;
	enum cd_rc rc;

	if (!s->imap)
		return CD_OK;
	rc = imap_poll(s->imap, err);
	if (rc != CD_OK)
		return put_off(s, "imap.sent_later", began, rc, err);
	do {
		arena_reset(s->arena);
		s->beat(s->watcher, "reading");
		rc = read_batch(s, &n, err);
	} while (rc == CD_OK && n > 0 && !role_stopped(s->context));
	if (rc == CD_OK && s->imap)
		s->pause_ms = PAUSE_MIN_MS;
	return rc;
}

enum cd_rc
sent_read(struct sent *s, bool first, struct cd_err *err)
{
	enum cd_rc rc = CD_OK;

	if (s->imap)
		rc = read_all(s, err);
	if (rc != CD_OK || s->imap || (s->slow && first))
		return rc;
	rc = await(s, err);
	return rc == CD_OK ? read_all(s, err) : rc;
}

/* A server that ends its session with such a question is asked none for a while, so
 * that the folder can be read, and that at once. */
static enum cd_rc
search_ended(struct sent *s, int64_t began, enum cd_rc rc, struct cd_err *err)
{
	if (s->search_pause_ms < REST_MS / 2)
		s->search_pause_ms = REST_MS / 2;
	s->search_pause_ms = role_back_off(s->search_pause_ms, PAUSE_MAX_MS);
	s->search_ms = clock_mono_ms() + s->search_pause_ms;
	rc = put_off(s, "imap.sent_later", began, rc, err);
	if (rc == CD_OK) {
		s->due_ms = clock_mono_ms();
		s->slow = false;
	}
	return rc;
}

/* Forgotten, or settled by a person, while the server was asked, it is nobody's doubt
 * any more. */
static enum cd_rc
settle(struct sent *s, const struct outbox_row *row, struct cd_err *err)
{
	enum cd_rc rc = store_begin(s->store, err);

	if (rc != CD_OK)
		return rc;
	rc = delivery_found(s->store, s->arena, row, clock_now(), err);
	rc = store_end(s->store, rc, err);
	return rc == CD_ABSENT || rc == CD_REFUSED ? CD_OK : rc;
}

/* Has the server kept a copy? Asked over the connection that is no one's to wait on:
 * a search ends the next wait for new mail at once, which would be another sweep, and
 * so without end. Each call goes on where the one before ended, so what is never found
 * hides nothing. */
static enum cd_rc
look_for_doubtful(struct sent *s, struct cd_err *err)
{
	int64_t began = clock_mono_ms();
	struct outbox_row *rows;
	size_t n, i = 0;
	enum cd_rc rc;

	if (!s->imap || began < s->search_ms)
		return CD_OK;
	rc = outbox_doubtful(s->store, s->arena, s->doubted, DOUBTFUL, &rows, &n,
	    err);
	for (; rc == CD_OK && i < n && clock_mono_ms() - began < DOUBTFUL_MS; i++) {
		s->doubted = rows[i].id;
		rc = imap_find_message_id(s->imap, folder(s), rows[i].message_id,
		    err);
		if (rc == CD_ABSENT) {
			rc = CD_OK;
			continue;
		}
		/* It lives on, and a later sweep asks again. */
		if (rc == CD_REFUSED) {
			log_warn("imap.no_search", "folder=%s error=%s",
			    log_q(s->arena, folder(s)),
			    log_q(s->arena, err->text));
			return CD_OK;
		}
		if (rc != CD_OK)
			return search_ended(s, began, rc, err);
		rc = settle(s, &rows[i], err);
	}
	if (rc == CD_OK && i == n && n < DOUBTFUL)
		s->doubted = 0;
	if (rc == CD_OK && n > 0)
		s->search_pause_ms = 0;
	return rc;
}

enum cd_rc
sent_behind(struct sent *s, struct imap *inbox, struct cd_err *err)
{
	enum cd_rc rc = CD_OK;

	if (is_due(s)) {
		rc = connect_now(s, inbox, err);
		if (rc == CD_OK)
			rc = read_all(s, err);
	}
	return rc == CD_OK ? look_for_doubtful(s, err) : rc;
}

int64_t
sent_wait_ms(const struct sent *s, int64_t ms)
{
	int64_t due_ms = s->due_ms - clock_mono_ms();

	if (s->due_ms == 0 || due_ms > ms)
		return ms;
	return due_ms > 0 ? due_ms : 0;
}
