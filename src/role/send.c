/*
 * Outbox out: one SMTP connection, kept for many mails; a few in a backlog.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "flow/alarm.h"
#include "flow/delivery.h"
#include "flow/health.h"
#include "io/token.h"
#include "role/rate.h"
#include "role/role.h"
#include "role/session.h"
#include "role/token_alarm.h"
#include "store/outbox.h"
#include "store/roles.h"

#define CANNOT_START	"error: it cannot start: "
#define BATCH		32
#define BURST		128	/* mails without a pause */
#define SETTLE_MS	30000
#define BEAT_MS		15000
#define ALARM_LOOK_MS	5000
#define ALARM_TELL_MS	60000	/* between two tries to mail one */
#define UNWATCHED_S	60	/* nobody looked for so long: a stop */
#define EXCHANGE_PER_MINUTE 30	/* facts/microsoft.md 6.3 */
#define END_MS		600000	/* RFC 5321 4.5.3.2.6: 10 minutes */
#define BACKOFF_MIN_MS	1000
#define BACKOFF_MAX_MS	300000

struct sender {
	const struct role_context *context;
	const struct engine *engine;
	struct store *store;
	struct smtp *smtp;
	struct token *token;	/* NULL unless auth = oauth2 */
	struct token_alarm alarm;
	struct arena *arena;
	char *password;
	size_t n_password;
	int64_t backoff_ms;
	/* By clock_mono_ms: a wall clock may step. */
	int64_t beat_at_ms, settle_at_ms;
	int64_t alarm_look_at_ms, alarm_tell_at_ms;
	struct alarm_memory alarms;
	bool unwatched;		/* until this one began */
	struct cd_err untold;	/* why an alarm that is owed was not mailed */
	struct rate rate;	/* of mails sent */
	int64_t in_burst;
	int64_t last_sent, last_told; /* the second: as the last beat said */
};

static bool
stopped(void *context)
{
	return role_stopped(context);
}

/* 0 in the configuration: what the kind of server allows. */
static int64_t
per_minute(const struct config *c)
{
	if (c->smtp.max_per_minute > 0)
		return c->smtp.max_per_minute;
	return str_iends(str_of(c->smtp.host), STR("office365.com"))
	    ? EXCHANGE_PER_MINUTE : INT64_MAX;
}

/* How many connections a backlog may have. Exchange allows three a mailbox,
 * and fewer mails a minute than one connection can bring. */
static int
connections(const struct config *c)
{
	int64_t n = per_minute(c) / 60;

	return n < 1 ? 1 : n > CD_MAX_SMTP ? CD_MAX_SMTP : (int)n;
}

/* How many mails may go now; 0: wait. */
static size_t
allowance(const struct sender *s)
{
	int64_t left = per_minute(s->context->config) -
	    rate_minute(&s->rate, clock_mono_ms());

	if (left <= 0)
		return 0;
	return left < BATCH ? (size_t)left : BATCH;
}

static const char *
beat_data(const struct sender *s)
{
	json_t *o = json_pack("{s:I, s:I, s:I}", "last_send",
	    (json_int_t)s->last_sent, "token_fetched",
	    (json_int_t)(s->token ? token_fetched_at(s->token) : 0),
	    "token_expires",
	    (json_int_t)(s->token ? token_expires_at(s->token) : 0));
	/* NULL: the server's words are no UTF-8. */
	json_t *why = json_string(s->untold.text);
	const char *out;
	char *data;

	if (!why)
		why = json_string("the log has the server's words");
	if (s->untold.text[0])
		json_object_set(o, "alarm_unsent", why);
	data = json_dumps(o, JSON_COMPACT);
	out = arena_strdup(s->arena, data ? data : "{}");
	free(data);
	json_decref(why);
	json_decref(o);
	return out;
}

static void
beat(struct sender *s, const char *state, bool now)
{
	const struct role_row row = {
		.role = "send",
		.pid = getpid(),
		.beat = clock_now(),
		.state = state,
		.data = beat_data(s),
	};
	struct cd_err err;

	if (!now && clock_mono_ms() < s->beat_at_ms)
		return;
	s->beat_at_ms = clock_mono_ms() + BEAT_MS;
	s->last_told = s->last_sent;
	if (roles_beat(s->store, &row, &err) != CD_OK)
		log_warn("role.beat", "error=%s", log_q(s->arena, err.text));
}

/* A slow server is its trouble: we live. */
static void
waiting(void *context)
{
	beat(context, "sending", false);
}

static void
beat_paused(void *context, const char *state)
{
	beat(context, state, true);
}

static void
back_off(struct sender *s, const char *why)
{
	int64_t ms = s->backoff_ms;

	ms += random_below((uint32_t)(ms / 4 + 1));
	log_warn("smtp.later", "in_ms=%" PRId64 " why=%s", ms,
	    log_q(s->arena, why));
	s->backoff_ms = role_back_off(s->backoff_ms, BACKOFF_MAX_MS);
	/* Mails that come in meanwhile are no reason to knock sooner. */
	role_pause(s->context, ms, beat_paused, s,
	    arena_printf(s->arena, "error: %s%s", s->alarm.raised
	    ? "token alarm: " : "", why));
}

/* A fresh access token for the next connection, where there are tokens. */
static enum cd_rc
refresh(struct sender *s, int64_t now, struct cd_err *err)
{
	const char *bearer;
	enum cd_rc rc;

	if (!s->token)
		return CD_OK;
	rc = token_get(s->token, now, &bearer, err);
	if (rc == CD_OK)
		smtp_set_bearer(s->smtp, bearer);
	token_alarm_look(&s->alarm, s->token, rc == CD_OK ? "" : err->text);
	return rc;
}

/* What this turn says about the token. */
static void
judge_token(struct sender *s, const struct delivery_result *r)
{
	if (!s->token)
		return;
	if (r->login_refused)
		token_rejected(s->token);
	else if (r->sent > 0 || r->failed > 0)
		token_worked(s->token);
	token_alarm_look(&s->alarm, s->token,
	    r->login_refused ? r->refused : "");
}

static int64_t
disk_free(const char *file)
{
	struct statvfs v;

	return statvfs(file, &v) == 0 ? (int64_t)(v.f_bavail * v.f_frsize) : -1;
}

/* Here because this role has the way out; it looks whatever else it does, and
 * backs off from a server that does not take them. */
static void
mind_alarms(struct sender *s, int64_t now)
{
	const struct alarm_facts facts = {
		.token_trouble = s->alarm.raised || s->alarm.trouble[0]
		    ? s->alarm.trouble : NULL,
		.disk_free = disk_free(s->context->config->files.database),
		.first_look = s->unwatched && s->alarm_look_at_ms == 0,
	};
	struct cd_err err = { "" };
	int64_t now_ms = clock_mono_ms();
	bool owed = false, told;

	if (now_ms < s->alarm_look_at_ms)
		return;
	s->alarm_look_at_ms = now_ms + ALARM_LOOK_MS;
	if (alarm_look(s->context->config, s->store, s->arena, &facts,
	    &s->alarms, now, &owed, &err) != CD_OK)
		log_warn("alarm.look", "error=%s", log_q(s->arena, err.text));
	if (owed && now_ms < s->alarm_tell_at_ms)
		return;
	told = !owed || alarm_tell(s->engine, s->store, s->smtp, s->arena,
	    &s->alarms, now, &err);
	if (!told)
		s->alarm_tell_at_ms = now_ms + ALARM_TELL_MS;
	/* `status` says so at once. */
	if (told != (s->untold.text[0] == '\0'))
		s->beat_at_ms = 0;
	s->untold = told ? (struct cd_err){ "" } : err;
}

static void
turn(struct sender *s)
{
	struct delivery_result r = { 0 };
	struct cd_err err = { "" };
	int64_t now = clock_now();
	size_t max = allowance(s);
	enum cd_rc rc;

	arena_reset(s->arena);
	if (clock_mono_ms() >= s->settle_at_ms) {
		s->settle_at_ms = clock_mono_ms() + SETTLE_MS;
		rc = delivery_settle(s->store, s->arena, false, now, &err);
		if (rc != CD_OK)
			log_warn("outbox.settle", "error=%s",
			    log_q(s->arena, err.text));
	}
	rc = refresh(s, now, &err);
	mind_alarms(s, now);
	if (max == 0) {
		beat(s, "idle: the server's limit per minute is reached",
		    false);
		role_sleep(s->context, 1000);
		return;
	}
	if (rc == CD_OK)
		rc = delivery_turn(s->engine, s->store, s->smtp, s->arena, max,
		    stopped, (void *)(uintptr_t)s->context, &r, &err);
	rate_add(&s->rate, r.sent, clock_mono_ms());
	if (rc != CD_OK) {
		back_off(s, err.text);
		return;
	}
	judge_token(s, &r);
	s->in_burst += r.sent;
	if (r.sent > 0)
		s->last_sent = now;
	/* Nothing due in spite of a token: the trouble with it is over. */
	if (r.sent > 0 || (s->token && r.end == DELIVERY_IDLE))
		s->backoff_ms = BACKOFF_MIN_MS;
	if (r.end == DELIVERY_LATER) {
		back_off(s, r.refused ? r.refused
		    : "the mail server does not take mail now");
		return;
	}
	/* Who looks after an answer came wants to see it: at most one beat more
	 * a second, and none while there is more to send. */
	beat(s, "idle", r.end == DELIVERY_IDLE &&
	    s->last_sent != s->last_told);
	/* People and the web queue rows too and cannot wake us: look each
	 * second, which is one indexed read. */
	if (r.end == DELIVERY_IDLE) {
		smtp_rest(s->smtp);
		if (s->in_burst >= BURST)
			role_give_back(s->arena, s->store);
		s->in_burst = 0;
		role_sleep(s->context, r.wait_s == 0 ? 50 : 1000);
	}
}

/* There is one sender at a time: what a dead one left under a lease is nobody's
 * any more, and need not wait for the lease to end. */
static void
settle_left(struct sender *s)
{
	struct cd_err err = { "" };

	if (delivery_settle(s->store, s->arena, true, clock_now(), &err) !=
	    CD_OK)
		log_warn("outbox.settle", "error=%s",
		    log_q(s->arena, err.text));
}

/* When the sender before this one sent last: "never" is for a new database. */
static int64_t
sent_before(struct sender *s)
{
	struct cd_err err = { "" };
	struct health h;

	return health_read(s->context->config, s->store, s->arena, clock_now(),
	    &h, &err) == CD_OK ? h.last_send : 0;
}

/* Did the one before look after alarms until just now? Reloads are no stops: with one
 * every few minutes no trouble would ever have lasted. */
static bool
was_watching(struct sender *s)
{
	int64_t now = clock_now();
	struct role_row *rows;
	struct cd_err err;
	bool was = false;
	size_t n;

	if (roles_list(s->store, s->arena, &rows, &n, &err) != CD_OK)
		return false;
	for (size_t i = 0; i < n; i++)
		was = was || (strcmp(rows[i].role, "send") == 0 &&
		    rows[i].beat <= now && rows[i].beat > now - UNWATCHED_S &&
		    !str_starts(str_of(rows[i].state), STR(CANNOT_START)));
	return was;
}

/* What the one before sent within the last minute is in the server's count. */
static void
count_before(struct sender *s)
{
	int64_t since = clock_now() - RATE_SECONDS, n = 0;
	struct cd_err err = { "" };

	s->last_sent = sent_before(s);
	if (s->last_sent >= since && outbox_sent_since(s->store, since, &n,
	    &err) != CD_OK)
		log_warn("outbox.count", "error=%s", log_q(s->arena, err.text));
	rate_add(&s->rate, n, clock_mono_ms());
}

static enum cd_rc
open_all(struct sender *s, struct cd_err *err)
{
	const struct config *c = s->context->config;
	struct smtp_options options = {
		.host = c->smtp.host,
		.port = (int)c->smtp.port,
		.tls = (int)c->smtp.tls,
		.ca_file = c->smtp.ca_file,
		.timeout_ms = 60000,
		.end_ms = END_MS,
		.connections = connections(c),
		.waiting = waiting,
		.waiting_context = s,
	};
	enum cd_rc rc = store_open(c->files.database, STORE_WRITE, &s->store,
	    err);

	if (rc == CD_OK && c->smtp.auth == AUTH_METHOD_PASSWORD)
		rc = config_secret(c, "smtp", "password_file", &s->password,
		    &s->n_password, err);
	if (rc != CD_OK)
		return rc;
	options.new_sender = sent_before(s) == 0;
	if (c->smtp.auth != AUTH_METHOD_NONE) {
		options.user = c->smtp.user;
		options.password = s->password;
	}
	rc = smtp_new(&options, &s->smtp, err);
	if (rc == CD_OK && c->smtp.auth == AUTH_METHOD_OAUTH2)
		rc = token_new(c, &s->token, err);
	if (rc == CD_OK)
		rc = s->token ? role_sandbox_tokens(c, err)
		    : role_sandbox(c, err);
	return rc;
}

int
role_send(const struct role_context *context)
{
	struct sender s = {
		.context = context,
		.engine = context->engine,
		.arena = arena_new(),
		.backoff_ms = BACKOFF_MIN_MS,
	};
	struct cd_err err = { "" };
	enum cd_rc rc = open_all(&s, &err);
	int code = 1;

	if (rc == CD_OK) {
		log_info("role.start", "host=%s port=%" PRId64,
		    context->config->smtp.host, context->config->smtp.port);
		settle_left(&s);
		count_before(&s);
		s.unwatched = !was_watching(&s);
		beat(&s, "idle", true);
		while (!role_stopped(context))
			turn(&s);
		arena_reset(s.arena);
		beat(&s, "stopped", true);
		code = 0;
	} else {
		log_error("role.failed", "error=%s", log_q(s.arena, err.text));
		if (s.store) {
			s.last_sent = sent_before(&s);
			beat(&s, arena_printf(s.arena, CANNOT_START "%s",
			    err.text), true);
		}
	}
	token_free(&s.token);
	smtp_free(&s.smtp);
	secret_free(&s.password, s.n_password);
	store_close(&s.store);
	arena_free(&s.arena);
	return code;
}
