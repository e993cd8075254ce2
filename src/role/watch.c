/*
 * IMAP in: connect, work off what is new, wait for more. A sweep by UID follows
 * every wake-up, whatever woke us: IDLE is a hint, the cursor is the truth.
 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "flow/delivery.h"
#include "flow/intake.h"
#include "io/imap.h"
#include "io/token.h"
#include "role/ahead.h"
#include "role/batch.h"
#include "role/place.h"
#include "role/purge.h"
#include "role/role.h"
#include "role/sent.h"
#include "role/session.h"
#include "role/token_alarm.h"
#include "store/outbox.h"
#include "store/roles.h"

#define BATCH		64
#define READING_BEAT_MS	2000
#define STEP_MS		30000
#define DISCOVER_MS	3000
#define BACKOFF_MIN_MS	1000
#define BACKOFF_MAX_MS	300000
#define STABLE_MS	60000	/* a session that lived so long was good */
#define TOKEN_END_MS	3000	/* ... of one that its token's end has ended */
#define PURGE_PAUSE_MS	1000	/* between two slices of it */
#define SENT_MS		200	/* between two looks into it in a backlog */
#define SENT_OPEN_MS	15000	/* as STEP_MS, while it is opened */
#define DONE_S		(30 * 86400) /* older ones stay where they are */
#define DONE_MS		2000	/* an answer has left by then, mostly */

struct watcher {
	const struct role_context *context;
	const struct config *config;
	const struct engine *engine;
	struct store *store;
	struct authority *authority;
	struct imap *imap;
	struct sent sent;
	struct token *token;	/* NULL unless auth = oauth2 */
	struct token_alarm alarm;
	struct ahead ahead;
	struct arena *arena;
	const char *mailbox;
	/* Other names under which they may have been read; asked once. */
	const char *known, *known_sent;
	bool named;
	char *password;
	size_t n_password;
	int64_t backoff_ms;
	size_t careful;		/* so many mails one by one */
	int64_t last_fetch, idle_since, oldest_unread, reading_beat_ms;
	struct purge purge;
	int64_t n_sent;		/* answers sent when the mails that they answer
				 * were last moved */
	bool answering;		/* an answer is on its way, and its mail here */
};

static void
beat(struct watcher *w, const char *state)
{
	const struct role_row row = {
		.role = "watch",
		.pid = getpid(),
		.beat = clock_now(),
		.state = state,
		.data = arena_printf(w->arena, "{\"last_fetch\":%" PRId64
		    ",\"idle_since\":%" PRId64 ",\"oldest_unread\":%" PRId64
		    ",\"token_fetched\":%" PRId64 ",\"token_expires\":%" PRId64
		    "}", w->last_fetch, w->idle_since, w->oldest_unread,
		    w->token ? token_fetched_at(w->token) : 0,
		    w->token ? token_expires_at(w->token) : 0),
	};
	struct cd_err err;

	if (roles_beat(w->store, &row, &err) != CD_OK)
		log_warn("role.beat", "error=%s", log_q(w->arena, err.text));
}

static void
beat_paused(void *context, const char *state)
{
	beat(context, state);
}

/* In a backlog: now and then. */
static void
beat_reading(struct watcher *w)
{
	int64_t now = clock_mono_ms();

	if (now < w->reading_beat_ms)
		return;
	w->reading_beat_ms = now + READING_BEAT_MS;
	beat(w, "reading");
}

static void
beat_reading_as(void *context, const char *state)
{
	(void)state;
	beat_reading(context);
}

/* *login_refused_out: it is the login that is refused. */
static enum cd_rc
connect_folder(const struct watcher *w, const char *folder, bool read_only,
    int open_ms, struct imap **out, bool *login_refused_out, struct cd_err *err)
{
	struct imap_options options = {
		.host = w->config->mailbox.host,
		.port = (int)w->config->mailbox.port,
		.tls = (int)w->config->mailbox.tls,
		.ca_file = w->config->mailbox.ca_file,
		.user = w->config->mailbox.user,
		.password = w->password,
		.folder = folder,
		.read_only = read_only,
		.timeout_ms = open_ms,
		.step_ms = STEP_MS,
		.login_refused = login_refused_out,
	};
	enum cd_rc rc;

	if (w->token) {
		rc = token_get(w->token, clock_now(), &options.bearer, err);
		if (rc != CD_OK)
			return rc;
	}
	return imap_open(&options, out, err);
}

static enum cd_rc
connect_inbox(const struct watcher *w, struct imap **out, struct cd_err *err)
{
	bool login_refused = false;
	enum cd_rc rc = connect_folder(w, w->config->mailbox.folder,
	    w->config->mailbox.done_folder == NULL, STEP_MS, out,
	    &login_refused, err);

	/* It may be the token that is refused, before its time. */
	if (login_refused && w->token)
		token_rejected(w->token);
	else if (rc == CD_OK && w->token)
		token_worked(w->token);
	return rc;
}

/* Whether the token is good the inbox's login tells: a server may refuse no more than
 * a second session. */
static enum cd_rc
connect_sent(void *watcher, struct imap **out, struct cd_err *err)
{
	const struct watcher *w = watcher;
	bool login_refused;

	return connect_folder(w, w->config->mailbox.sent_folder, true,
	    SENT_OPEN_MS, out, &login_refused, err);
}

static void
move_handled(struct watcher *w, const struct intake_result *r)
{
	const char *folder = w->config->mailbox.done_folder;

	for (size_t i = 0; folder && i < r->n_handled; i++) {
		struct cd_err err;

		if (imap_move(w->imap, r->handled[i], folder, &err) != CD_OK) {
			log_warn("imap.move", "uid=%" PRIu32 " error=%s",
			    r->handled[i], log_q(w->arena, err.text));
			return;
		}
	}
}

/* The mails whose answers have left, whoever sent them: what could not be moved
 * then, or came while we were away, is moved now. */
static enum cd_rc
move_answered(struct watcher *w, struct cd_err *err)
{
	const char *folder = w->config->mailbox.done_folder;
	int64_t counts[OUTBOX_STATE_COUNT], now = clock_now();
	struct mail_row *mails;
	struct cd_err why;
	size_t n = 0;
	enum cd_rc rc;

	if (!folder)
		return CD_OK;
	rc = outbox_count_states(w->store, counts, err);
	if (rc != CD_OK || counts[OUTBOX_SENT] == w->n_sent)
		return rc;
	rc = mails_answered(w->store, w->arena, w->mailbox,
	    imap_uidvalidity(w->imap), now - DONE_S, BATCH, &mails, &n, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (imap_move(w->imap, mails[i].uid, folder, &why) != CD_OK) {
			log_warn("imap.move", "uid=%" PRIu32 " error=%s",
			    mails[i].uid, log_q(w->arena, why.text));
			return CD_OK;
		}
		rc = store_begin(w->store, err);
		if (rc == CD_OK)
			rc = mails_move(w->store, mails[i].id, 0, mails[i].uid,
			    err);
		rc = store_end(w->store, rc, err);
		/* Of an older validity: one that is moved again is no harm. */
		if (rc == CD_DONE)
			rc = CD_OK;
	}
	if (rc == CD_OK && n < BATCH)
		w->n_sent = counts[OUTBOX_SENT];
	w->answering |= n == BATCH;
	return rc;
}

/* In a backlog the server gets the next batch ready while we read this one,
 * unless we have other things to say to it in between. */
static enum cd_rc
ask_ahead(struct watcher *w, const struct imap_mail *fetched, size_t n,
    bool more, struct cd_err *err)
{
	if (!more || w->ahead.on)
		return CD_OK;
	return imap_fetch_ahead(w->imap, w->arena, fetched[n - 1].uid + 1,
	    BATCH, (size_t)w->config->mailbox.max_fetch, err);
}

/* One batch; *n_out is how many mails it had. */
static enum cd_rc
read_batch(struct watcher *w, size_t *n_out, struct cd_err *err)
{
	size_t max = w->careful > 0 ? 1 : BATCH;
	struct intake_batch batch = { .mailbox = w->mailbox,
		.discover_ms = DISCOVER_MS };
	struct intake_result result = { 0 };
	struct imap_mail *fetched;
	size_t n;
	enum cd_rc rc;

	rc = cursor_get(w->store, w->mailbox, &batch.cursor, err);
	if (rc != CD_OK)
		return rc;
	rc = imap_fetch(w->imap, w->arena, batch.cursor.next_uid, max,
	    (size_t)w->config->mailbox.max_fetch, &fetched, &n, err);
	if (rc != CD_OK)
		return rc;
	w->last_fetch = clock_now();
	*n_out = n;
	w->oldest_unread = n > 0 ? fetched[0].internal_date : 0;
	if (n == 0)
		return CD_OK;
	rc = batch_fill(w->store, w->arena, &batch, fetched, n,
	    w->careful > 0, err);
	if (rc != CD_OK)
		return rc;
	batch.more = batch.n == BATCH && w->careful == 0 &&
	    !w->config->mailbox.done_folder;
	rc = ask_ahead(w, fetched, n, batch.more, err);
	if (rc == CD_OK && batch.n == BATCH)
		rc = ahead_look(&w->ahead, &(struct ahead_reader){ w->engine,
		    w->store, w->authority, w->imap,
		    (size_t)w->config->mailbox.max_fetch }, &batch,
		    clock_now(), err);
	if (rc == CD_OK)
		rc = intake_run(w->engine, w->store, w->authority, w->arena,
		    &batch, clock_now(), &result, err);
	if (rc != CD_OK)
		return rc;
	/* Who gives mails is not the one to be left alone ever longer. */
	w->backoff_ms = BACKOFF_MIN_MS;
	ahead_judge(&w->ahead, &batch, &result);
	if (w->careful > 0)
		w->careful--;
	if (result.answers > 0)
		role_wake(w->context->wake_send);
	w->answering |= result.answers > 0 && w->config->mailbox.done_folder;
	move_handled(w, &result);
	return CD_OK;
}

/* How long to wait for news, with what is due by itself. */
static int64_t
wait_ms(const struct watcher *w)
{
	int64_t ms = 1000 * (w->config->mailbox.idle_seconds <
	    w->config->mailbox.sweep_seconds ? w->config->mailbox.idle_seconds
	    : w->config->mailbox.sweep_seconds);

	if (w->purge.more || w->answering)
		return w->purge.more ? PURGE_PAUSE_MS : DONE_MS;
	return sent_wait_ms(&w->sent, ms);
}

static enum cd_rc
sweep(struct watcher *w, struct cd_err *err)
{
	int64_t sent_at_ms = 0;
	enum cd_rc rc = sent_look_for(&w->sent, w->imap, err);
	size_t n = 0, n_batches = 0;

	w->answering = false;
	if (rc != CD_OK)
		return rc;
	do {
		arena_reset(w->arena);
		/* A look costs a way to the server and back. */
		if (clock_mono_ms() >= sent_at_ms) {
			rc = sent_read(&w->sent, n_batches == 0, err);
			sent_at_ms = clock_mono_ms() + SENT_MS;
		}
		if (rc == CD_OK)
			rc = read_batch(w, &n, err);
		/* One mail of the batch may be what stops it: go on one by
		 * one, so that it alone is put aside. */
		if ((rc == CD_BROKEN || rc == CD_MALFORMED) &&
		    w->careful == 0) {
			log_error("intake.failed", "error=%s next=\"one by "
			    "one\"", log_q(w->arena, err->text));
			w->careful = CAREFUL_MAILS;
			rc = CD_OK;
			n = 1;
		}
		if (n > 0 && rc == CD_OK)
			beat_reading(w);
		if (authority_tidy(w->authority))
			role_give_back(w->arena, w->store);
		n_batches += n > 0;
	} while (rc == CD_OK && n > 0 && !role_stopped(w->context));
	ahead_stop(&w->ahead);
	if (n_batches > 1)
		role_give_back(w->arena, w->store);
	if (rc == CD_OK)
		rc = sent_behind(&w->sent, w->imap, err);
	if (rc == CD_OK)
		rc = move_answered(w, err);
	return rc == CD_OK ? purge_slice(&w->purge, w->store,
	    w->config->files.retention_days, err) : rc;
}

static void
go_on_as(struct watcher *w, const char **name, const char *known)
{
	log_info("imap.known", "mailbox=%s as=%s next=\"it is read on from "
	    "where that one was\"", log_q(w->arena, *name),
	    log_q(w->arena, known));
	*name = known;
}

/* A name alone tells little: "support" is one at many servers. The Sent folder goes
 * with the inbox; where it was never read, people have answered all the same since
 * the inbox was. */
static enum cd_rc
settle_names(struct watcher *w, struct cd_err *err)
{
	const struct config *c = w->config;
	bool same = true;
	int64_t at = 0;
	enum cd_rc rc = CD_OK;

	if (w->named)
		return CD_OK;
	if (w->known)
		rc = place_is_same(w->store, w->imap, w->known,
		    c->mailbox.folder, c->mailbox.done_folder, &same, err);
	if (rc != CD_OK)
		return rc;
	w->named = true;
	if (!same) {
		log_warn("imap.another", "mailbox=%s before=%s next=\"it is read "
		    "as one that was never read\"", log_q(w->arena,
		    w->mailbox), log_q(w->arena, w->known));
		return CD_OK;
	}
	if (w->known)
		go_on_as(w, &w->mailbox, w->known);
	if (w->known_sent)
		go_on_as(w, &w->sent.mailbox, w->known_sent);
	rc = cursor_set_at(w->store, w->mailbox, &at, err);
	/* Days are the server's, as with place_absent. */
	if (rc == CD_OK)
		w->sent.since = at - 86400;
	return rc == CD_ABSENT ? CD_OK : rc;
}

static enum cd_rc
open_session(struct watcher *w, struct cd_err *err)
{
	const struct config *c = w->config;
	struct place place;
	enum cd_rc rc;

	beat(w, "connecting");
	rc = connect_inbox(w, &w->imap, err);
	if (rc == CD_OK)
		rc = settle_names(w, err);
	if (rc == CD_OK)
		rc = place_find(w->store, w->imap, w->mailbox,
		    c->mailbox.start, c->mailbox.start_date, &place, err);
	if (rc == CD_OK)
		rc = place_keep(w->store, w->mailbox, &place, err);
	return rc == CD_OK ? sent_open(&w->sent, w->imap, err) : rc;
}

static void
close_session(struct watcher *w)
{
	imap_close(&w->imap);
	sent_close(&w->sent);
}

/* From connect to the end of the connection. */
static enum cd_rc
session(struct watcher *w, struct cd_err *err)
{
	enum cd_rc rc = open_session(w, err);

	token_alarm_look(&w->alarm, w->token, rc == CD_OK ? "" : err->text);
	if (rc == CD_OK)
		log_info("imap.open", "mailbox=%s idle=%s",
		    log_q(w->arena, w->mailbox),
		    imap_has_idle(w->imap) ? "yes" : "no, polling");
	while (rc == CD_OK && !role_stopped(w->context)) {
		rc = sweep(w, err);
		if (rc != CD_OK || role_stopped(w->context))
			break;
		w->idle_since = clock_now();
		beat(w, arena_printf(w->arena, "%s%s",
		    imap_has_idle(w->imap) ? "idle" : "polling",
		    sent_is_put_off(&w->sent) ? ": the Sent folder cannot be "
		    "opened or read; people's own answers are not seen" : ""));
		rc = imap_wait(w->imap, w->context->signals, wait_ms(w), err);
		w->idle_since = 0;
		if (rc == CD_ABSENT || rc == CD_DONE)
			rc = CD_OK;
	}
	close_session(w);
	return rc;
}

/* Both Microsoft and Google end a session with its token, about hourly. */
static bool
ended_with_token(struct watcher *w, int64_t lived_ms, enum cd_rc rc,
    const struct cd_err *err)
{
	if (!w->token || rc != CD_AGAIN || lived_ms < TOKEN_END_MS)
		return false;
	return strstr(err->text, "AccessTokenExpired") ||
	    (token_expires_at(w->token) != 0 &&
	    clock_now() >= token_expires_at(w->token));
}

static int64_t
pause_ms(struct watcher *w, enum cd_rc rc, const struct cd_err *err)
{
	int64_t ms, wish = imap_backoff_ms(err);

	/* A refused password does not mend itself in a second; in place of a
	 * refused token there is a fresh one at once. */
	if (rc == CD_REFUSED && !w->token && w->backoff_ms < 30000)
		w->backoff_ms = 30000;
	ms = w->backoff_ms + random_below((uint32_t)(w->backoff_ms / 4 + 1));
	if (wish > ms)
		ms = wish < BACKOFF_MAX_MS ? wish : BACKOFF_MAX_MS;
	return ms;
}

static void
back_off(struct watcher *w, int64_t lived_ms, enum cd_rc rc,
    const struct cd_err *err)
{
	int64_t ms;

	arena_reset(w->arena);
	if (ended_with_token(w, lived_ms, rc, err)) {
		log_info("imap.token_ended", "next=\"a new session\"");
		token_forget(w->token);
		return;
	}
	if (lived_ms >= STABLE_MS)
		w->backoff_ms = BACKOFF_MIN_MS;
	ms = pause_ms(w, rc, err);
	log_write(rc == CD_REFUSED ? LEVEL_ERROR : LEVEL_WARN, "imap.down",
	    "retry_in_ms=%" PRId64 " error=%s", ms, log_q(w->arena, err->text));
	w->backoff_ms = role_back_off(w->backoff_ms, BACKOFF_MAX_MS);
	role_pause(w->context, ms, beat_paused, w,
	    arena_printf(w->arena, "error: %s%s", w->alarm.raised
	    ? "token alarm: " : "", err->text));
}

static enum cd_rc
open_all(struct watcher *w, struct arena *names, struct cd_err *err)
{
	const struct config *c = w->config;
	enum cd_rc rc = store_open(c->files.database, STORE_WRITE, &w->store,
	    err);

	w->sent = (struct sent){ .context = w->context, .store = w->store,
		.arena = w->arena, .careful = w->careful,
		.connect = connect_sent, .beat = beat_reading_as,
		.watcher = w };
	if (rc == CD_OK)
		rc = place_name(w->store, names, c, c->mailbox.folder,
		    &w->mailbox, &w->known, err);
	if (rc == CD_OK && c->mailbox.sent_folder)
		rc = place_name(w->store, names, c, c->mailbox.sent_folder,
		    &w->sent.mailbox, &w->known_sent, err);
	if (rc == CD_OK)
		rc = authority_new(c->microsoft.authority, c->microsoft.ca_file,
		    &w->authority, err);
	if (rc == CD_OK && c->mailbox.auth == AUTH_METHOD_PASSWORD)
		rc = config_secret(c, "mailbox", "password_file", &w->password,
		    &w->n_password, err);
	if (rc == CD_OK && c->mailbox.auth == AUTH_METHOD_OAUTH2)
		rc = token_new(c, &w->token, err);
	if (rc == CD_OK)
		rc = w->token ? role_sandbox_tokens(c, err)
		    : role_sandbox(c, err);
	return rc;
}

int
role_watch(const struct role_context *context)
{
	struct arena *names = arena_new();
	struct watcher w = {
		.context = context,
		.config = context->config,
		.engine = context->engine,
		.arena = arena_new(),
		.backoff_ms = BACKOFF_MIN_MS,
		.careful = context->after_crash ? CAREFUL_MAILS : 0,
		.n_sent = -1,
	};
	struct cd_err err = { "" };
	int code = 1;

	ahead_init(&w.ahead);
	if (open_all(&w, names, &err) == CD_OK) {
		log_info("role.start", "mailbox=%s",
		    log_q(w.arena, w.mailbox));
		while (!role_stopped(context)) {
			int64_t began = clock_mono_ms();
			enum cd_rc rc = session(&w, &err);

			if (rc != CD_OK && !role_stopped(context))
				back_off(&w, clock_mono_ms() - began, rc, &err);
		}
		arena_reset(w.arena);
		beat(&w, "stopped");
		code = 0;
	} else {
		log_error("role.failed", "error=%s", log_q(w.arena, err.text));
		if (w.store)
			beat(&w, arena_printf(w.arena, "error: it cannot "
			    "start: %s", err.text));
	}
	token_free(&w.token);
	ahead_free(&w.ahead);
	authority_free(&w.authority);
	secret_free(&w.password, w.n_password);
	store_close(&w.store);
	arena_free(&w.arena);
	arena_free(&names);
	return code;
}
