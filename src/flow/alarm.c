#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "flow/alarm.h"
#include "store/alarms.h"
#include "text/compose.h"

#define AGAIN_S		3600	/* one kind is mailed once in so long */
#define VENDOR_S	86400	/* a customer's word counts so long */
#define NO_CAUSE_S	120	/* a role that starts has said what it cannot do */

static const struct {
	const char *name;
	const char *title;
	const char *what_to_do;
} kinds[ALARM_KIND_COUNT] = {
	[ALARM_IMAP] = { "imap", "the support mailbox cannot be read",
		"No mail is answered until this is mended; none is lost. "
		"consentdesk check --online says what is wrong and what to "
		"do." },
	[ALARM_TOKEN] = { "token", "no fresh access token to be had",
		"When the present token ends, neither reading nor sending "
		"works. consentdesk check --online says what is wrong; most "
		"often a client secret has expired or a consent was "
		"revoked." },
	[ALARM_VENDOR] = { "vendor_secret", "your app's secret or certificate "
		"is refused by Microsoft",
		"A customer met an error that names your own app's secret or "
		"certificate, so every customer meets it. In Entra, App "
		"registrations > your app > Certificates & secrets, make a new "
		"one and put it into your product." },
	[ALARM_BRAKE] = { "brake", "the brake has tripped: nothing is sent",
		"More answers were due in an hour than [policy] "
		"max_replies_per_hour allows. Look at consentdesk cases; if "
		"all is well, consentdesk resume lets them go." },
	[ALARM_DISK] = { "disk", "the disk is nearly full",
		"When it is full no mail can be read or answered; none is "
		"lost. Make room, or lower [files] retention_days." },
	[ALARM_SENT] = { "sent_folder", "the Sent folder cannot be read",
		"What people answer from their own mail programs is not seen, "
		"so their threads may be answered again, and a doubtful answer "
		"cannot be looked up. consentdesk check --online says what is "
		"wrong; the log has the server's words (imap.no_sent, "
		"imap.sent_later, sent.not_given)." },
	[ALARM_ROLE] = { "role", "a part of it dies again and again",
		"It is started anew each time, ever later, and does little in "
		"between; no mail is lost. The log tells of each end "
		"(role.died) and what came before. Signal 9 means too little "
		"memory, mostly, 31 that the system forbids what it needs, and "
		"others a fault of the program: please report it." },
	[ALARM_SMTP] = { "smtp", "answers do not go out",
		"They wait and are tried again, for three days; none is lost. "
		"The mail server refuses them, or their sender, or is out of "
		"reach. consentdesk check --online says what is wrong; the log "
		"has the server's words (smtp.later)." },
};

const char *
alarm_kind_name(enum alarm_kind kind)
{
	return kinds[kind].name;
}

/* ---- what is wrong -------------------------------------------------------- */

static const struct role_row *
role_of(const struct health *h, const char *name)
{
	for (size_t i = 0; i < h->n_roles; i++) {
		if (strcmp(h->roles[i].role, name) == 0)
			return &h->roles[i];
	}
	return NULL;
}

static const char *
imap_trouble(const struct config *c, struct arena *a, const struct health *h,
    int64_t now)
{
	const struct role_row *watch = role_of(h, "watch");

	return watch ? health_complaint(a, c, watch, now) : NULL;
}

static const char *
token_trouble(const struct health *h, const struct alarm_facts *f)
{
	const struct role_row *watch = role_of(h, "watch");
	struct str state = str_of(watch ? watch->state : "");

	if (f->token_trouble)
		return f->token_trouble;
	return str_find(state, STR("token alarm")) >= 0 ? watch->state : NULL;
}

/* A stop ends it, too: who stopped it knows. */
static const char *
role_trouble(const struct health *h)
{
	const struct role_row *row = role_of(h, "main");
	struct str state = str_of(row ? row->state : "");

	return str_find(state, STR(HEALTH_FAILING)) >= 0 ? row->state : NULL;
}

/* While the watcher connects anew, as it does hourly where tokens end, nobody knows
 * better: it is as it was, was->why itself. */
static const char *
sent_trouble(const struct health *h, const struct alarm_row *was)
{
	const struct role_row *watch = role_of(h, "watch");
	struct str state = str_of(watch ? watch->state : "");

	if (str_find(state, STR("Sent folder cannot be")) >= 0)
		return watch->state;
	if (str_starts(state, STR("idle")) || str_starts(state, STR("polling")))
		return NULL;
	return was->since ? was->why : NULL;
}

/* Of one that cannot send at all nobody hears by mail; but a server may take this and
 * refuse our answers. While it is trying it is as it was. */
static const char *
smtp_trouble(struct arena *a, const struct health *h,
    const struct alarm_row *was)
{
	const struct role_row *send = role_of(h, "send");
	struct str state = str_of(send ? send->state : "");

	/* These have an alarm of their own. */
	if (h->brake_since || str_find(state, STR("token alarm")) >= 0)
		return NULL;
	if (str_starts(state, STR("error")))
		return arena_printf(a, "send: %.*s", STR_FMT(state));
	if (h->stuck)
		return h->stuck;
	return str_starts(state, STR("sending")) && was->since ? was->why : NULL;
}

/* NULL: all is well. */
static enum cd_rc
trouble(const struct config *c, struct store *s, struct arena *a,
    const struct health *h, const struct alarm_facts *f, enum alarm_kind kind,
    const struct alarm_row *was, int64_t now, const char **out,
    struct cd_err *err)
{
	bool seen;
	enum cd_rc rc;

	*out = NULL;
	switch (kind) {
	case ALARM_IMAP:
		*out = imap_trouble(c, a, h, now);
		break;
	case ALARM_TOKEN:
		*out = token_trouble(h, f);
		break;
	case ALARM_VENDOR:
		rc = alarms_reason_seen(s, now - VENDOR_S,
		    REASON_VENDOR_URGENT, &seen, err);
		if (rc != CD_OK)
			return rc;
		if (seen)
			*out = "a customer met it within the last day; "
			       "consentdesk cases --search AADSTS";
		break;
	case ALARM_BRAKE:
		*out = h->brake_since ? h->brake_why : NULL;
		break;
	case ALARM_DISK:
		if (f->disk_free >= 0 && f->disk_free < c->log.alarm_free)
			*out = arena_printf(a, "%" PRId64 " MB free beside "
			    "%s", f->disk_free / 1048576, c->files.database);
		break;
	case ALARM_SENT:
		*out = sent_trouble(h, was);
		break;
	case ALARM_ROLE:
		*out = role_trouble(h);
		break;
	case ALARM_SMTP:
		*out = smtp_trouble(a, h, was);
		break;
	case ALARM_KIND_COUNT:
		break;
	}
	return CD_OK;
}

/* ---- from state to state --------------------------------------------------- */

/* Between two tries a role only connects, and in a reload it is stopped: what it said
 * before that counts. */
static bool
tells_cause(const char *why)
{
	return strcmp(why, "watch is connecting") != 0 &&
	    strcmp(why, "watch is stopped") != 0;
}

/* How long it must last: a lost connection mends itself most of the time, and what
 * has no cause is mostly a start. */
static int64_t
patience(const struct config *c, enum alarm_kind kind, const char *why)
{
	int64_t s = kind == ALARM_IMAP || kind == ALARM_SENT ||
	    kind == ALARM_SMTP ? c->log.alarm_minutes * 60 : 0;

	return s < NO_CAUSE_S && !tells_cause(why) ? NO_CAUSE_S : s;
}

static void
begin(struct arena *a, struct alarm_row *r)
{
	switch (r->state) {
	case ALARM_QUIET:
		r->state = ALARM_RAISED;
		log_error("alarm.raised", "kind=%s why=%s", r->kind,
		    log_q(a, r->why));
		break;
	case ALARM_OVER:	/* its end was not told yet: it goes on */
		r->state = ALARM_TOLD;
		break;
	case ALARM_RAISED:
	case ALARM_TOLD:
		break;
	}
}

static void
end(struct alarm_row *r)
{
	switch (r->state) {
	case ALARM_RAISED:
		r->state = ALARM_QUIET;
		log_info("alarm.over", "kind=%s", r->kind);
		break;
	case ALARM_TOLD:
		r->state = ALARM_OVER;
		log_info("alarm.over", "kind=%s", r->kind);
		break;
	case ALARM_QUIET:
	case ALARM_OVER:
		break;
	}
}

static struct alarm_row
row_of(const struct alarm_row *rows, size_t n, const struct alarm_memory *memory,
    enum alarm_kind kind)
{
	if (memory->kinds[kind].unwritten)
		return memory->kinds[kind].row;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].kind, kinds[kind].name) == 0)
			return rows[i];
	}
	return (struct alarm_row){ .kind = kinds[kind].name, .why = "" };
}

static bool
is_owed(const struct alarm_row *r, int64_t now)
{
	if (r->state == ALARM_OVER)
		return true;
	/* Told in the future: the clock has been put back since. */
	return r->state == ALARM_RAISED && (r->told_at == 0 ||
	    r->told_at > now || now >= r->told_at + AGAIN_S);
}

static void
remember(struct alarm_memory *memory, enum alarm_kind kind,
    const struct alarm_row *r)
{
	char *why = memory->kinds[kind].why;

	if (r->why != why)
		snprintf(why, sizeof memory->kinds[kind].why, "%s", r->why);
	memory->kinds[kind].row = *r;
	memory->kinds[kind].row.kind = kinds[kind].name;
	memory->kinds[kind].row.why = why;
	memory->kinds[kind].unwritten = true;
}

static enum cd_rc
put(struct store *s, struct alarm_memory *memory, enum alarm_kind kind,
    const struct alarm_row *r, struct cd_err *err)
{
	enum cd_rc rc = store_begin(s, err);

	if (rc == CD_OK) {
		rc = alarms_put(s, r, err);
		rc = store_end(s, rc, err);
	}
	memory->kinds[kind].unwritten = false;
	if (rc != CD_OK)
		remember(memory, kind, r);
	return rc;
}

enum cd_rc
alarm_look(const struct config *c, struct store *s, struct arena *a,
    const struct alarm_facts *facts, struct alarm_memory *memory, int64_t now,
    bool *owed_out, struct cd_err *err)
{
	struct alarm_row *rows;
	struct health h;
	bool owed = false;
	size_t n;
	enum cd_rc rc = health_read(c, s, a, now, &h, err), written = CD_OK;

	if (rc == CD_OK)
		rc = alarms_list(s, a, &rows, &n, err);
	for (int i = 0; rc == CD_OK && i < ALARM_KIND_COUNT; i++) {
		enum alarm_kind kind = (enum alarm_kind)i;
		struct alarm_row was = row_of(rows, n, memory, kind), is = was;
		const char *why;

		rc = trouble(c, s, a, &h, facts, kind, &was, now, &why, err);
		if (rc != CD_OK)
			break;
		if (why && (is.since == 0 ||
		    (!health_alarm_on(&is) && tells_cause(why))))
			is.why = why;
		if (!why)
			is.since = 0;
		else if (is.since == 0 || (facts->first_look &&
		    !health_alarm_on(&is)))
			is.since = now;
		/* Nothing begins by what nobody knows just then. */
		if (why && why != was.why && now - is.since >=
		    patience(c, kind, is.why))
			begin(a, &is);
		else if (!why)
			end(&is);
		/* A store that takes no row is no reason to keep quiet, nor to
		 * ask it for each kind. */
		if (memory->kinds[kind].unwritten || is.since != was.since ||
		    is.state != was.state || strcmp(is.why, was.why) != 0) {
			if (written == CD_OK)
				written = put(s, memory, kind, &is, err);
			else
				remember(memory, kind, &is);
		}
		owed = owed || is_owed(&is, now);
	}
	if (rc != CD_OK)
		return rc;
	*owed_out = owed && c->log.alarm_address;
	return written;
}

/* ---- telling ---------------------------------------------------------------- */

static struct str
compose(const struct engine *e, struct arena *a, const struct alarm_row *r,
    enum alarm_kind kind, int64_t now)
{
	const char *product = e->config->product.name;
	bool over = r->state == ALARM_OVER;
	struct answer mail = {
		.from = engine_from(e, a),
		.to_addr = e->config->log.alarm_address,
		.subject = arena_printf(a, "[Consent Desk] %s%s: %s",
		    over ? "recovered: " : "", product, kinds[kind].title),
		.message_id = arena_printf(a, "alarm.%" PRId64 ".%08" PRIx32
		    "@%s", now, random_below(UINT32_MAX), engine_domain(e)),
		.date = now,
		.generated = true,
	};

	if (over)
		mail.text = arena_printf(a, "This is over: %s.\n\nIt was: %s\n"
		    "\nconsentdesk status tells how all is now.\n",
		    kinds[kind].title, r->why);
	else
		mail.text = arena_printf(a, "%s\n\n%s\n\nSince %s. You get "
		    "one more mail when it is over, and none in between.\n",
		    r->why, kinds[kind].what_to_do, clock_iso(a, r->since));
	return compose_message(a, &mail);
}

static struct smtp_mail
send_from(const struct engine *e, struct smtp *smtp, const char *from,
    struct str raw)
{
	struct smtp_mail mail = { .from = from,
		.to = e->config->log.alarm_address, .raw = raw };

	smtp_send(smtp, &mail, 1, NULL);
	return mail;
}

/* A no, for good, to what we said: not to the login, and no weather, nor to whoever
 * connects at all. */
static bool
is_no(const struct smtp_mail *m)
{
	return m->result.code >= 500 && m->result.code != 535 &&
	    !(m->rc == CD_AGAIN && m->result.server);
}

static bool
tell(const struct engine *e, struct store *s, struct smtp *smtp,
    struct arena *a, struct alarm_memory *memory, struct alarm_row *r,
    enum alarm_kind kind, int64_t now, struct cd_err *why)
{
	const char *path = engine_return_path(e);
	struct cd_err err = { "" };
	struct str raw = compose(e, a, r, kind, now);
	/* From nobody: no bounce is to come back as a mail to read. Where a
	 * server lets through its own senders only, an alarm matters more. */
	struct smtp_mail mail = send_from(e, smtp, "", raw);

	if (mail.rc != CD_OK && is_no(&mail) && path[0])
		mail = send_from(e, smtp, path, raw);
	if (mail.rc != CD_OK) {
		log_error("alarm.unsent", "kind=%s to=%s why=%s", r->kind,
		    log_q(a, mail.to), log_q(a, mail.why.text));
		*why = mail.why;
		return false;
	}
	log_info("alarm.sent", "kind=%s to=%s over=%s", r->kind,
	    log_q(a, mail.to),
	    r->state == ALARM_OVER ? "yes" : "no");
	if (r->state == ALARM_RAISED) {
		r->state = ALARM_TOLD;
		r->told_at = now;
	} else {
		r->state = ALARM_QUIET;
	}
	if (put(s, memory, kind, r, &err) != CD_OK)
		log_error("alarm.unmarked", "kind=%s error=%s", r->kind,
		    log_q(a, err.text));
	return true;
}

bool
alarm_tell(const struct engine *e, struct store *s, struct smtp *smtp,
    struct arena *a, struct alarm_memory *memory, int64_t now,
    struct cd_err *why)
{
	struct cd_err err = { "" };
	struct alarm_row *rows;
	bool ok = true;
	size_t n;

	if (alarms_list(s, a, &rows, &n, &err) != CD_OK) {
		log_warn("alarm.unread", "error=%s", log_q(a, err.text));
		*why = err;
		return false;
	}
	/* The first that does not get out speaks for the others. */
	for (int i = 0; ok && i < ALARM_KIND_COUNT; i++) {
		enum alarm_kind kind = (enum alarm_kind)i;
		struct alarm_row r = row_of(rows, n, memory, kind);

		if (is_owed(&r, now))
			ok = tell(e, s, smtp, a, memory, &r, kind, now, why);
	}
	return ok;
}
