#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "flow/health.h"

#define SEND_SILENT_S 90
#define STUCK_TRIES 5	/* within ten minutes */

static int64_t
number(const json_t *o, const char *key)
{
	return (int64_t)json_integer_value(json_object_get(o, key));
}

/* Where it is switched off its last word stays, and nobody misses it. */
static void
leave_out_web(const struct config *c, struct health *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n_roles; i++) {
		if (strcmp(h->roles[i].role, "web") != 0 || c->web.listen[0])
			h->roles[n++] = h->roles[i];
	}
	h->n_roles = n;
}

static void
read_data(struct health *h, struct arena *a, const struct role_row *row)
{
	const char *unsent;
	json_t *o = json_loads(row->data ? row->data : "{}", 0, NULL);

	if (strcmp(row->role, "watch") == 0) {
		h->last_fetch = number(o, "last_fetch");
		h->idle_since = number(o, "idle_since");
		h->oldest_unread = number(o, "oldest_unread");
		h->token_fetched = number(o, "token_fetched");
		h->token_expires = number(o, "token_expires");
	} else if (strcmp(row->role, "send") == 0) {
		h->last_send = number(o, "last_send");
		unsent = json_string_value(json_object_get(o, "alarm_unsent"));
		if (unsent)
			h->alarm_unsent = arena_strdup(a, unsent);
	}
	json_decref(o);
}

const char *
health_complaint(struct arena *a, const struct config *c, const struct role_row *row,
    int64_t now)
{
	bool error = row->state && (str_starts(str_of(row->state), STR("error")) ||
	    str_starts(str_of(row->state), STR(HEALTH_FAILING)));
	int64_t silent = SEND_SILENT_S;

	if (strcmp(row->role, "watch") == 0)
		silent += c->mailbox.sweep_seconds < c->mailbox.idle_seconds
		    ? c->mailbox.sweep_seconds : c->mailbox.idle_seconds;
	if (row->state && strcmp(row->state, "stopped") == 0)
		return arena_printf(a, "%s is stopped", row->role);
	if (row->beat < now - silent)
		return arena_printf(a, "%s gave no sign of life for %" PRId64
		    " s%s%s", row->role, now - row->beat,
		    error ? "; its last word was " : "",
		    error ? row->state : "");
	if (row->state && strcmp(row->state, "connecting") == 0)
		return arena_printf(a, "%s is connecting", row->role);
	if (error)
		return arena_printf(a, "%s: %s", row->role, row->state);
	return NULL;
}

bool
health_alarm_on(const struct alarm_row *r)
{
	return r->state == ALARM_RAISED || r->state == ALARM_TOLD;
}

/* One recipient's server may refuse us for days, and all else goes out. Where nothing
 * does, nobody knows whether it could. */
static enum cd_rc
read_stuck(struct store *s, struct arena *a, struct health *h, struct cd_err *err)
{
	int64_t since;
	const char *why;
	enum cd_rc rc = outbox_stuck(s, a, h->last_send, STUCK_TRIES, &since,
	    &why, err);

	if (rc == CD_OK)
		h->stuck = arena_printf(a, "nothing has gone out since %s: %s",
		    clock_iso(a, since), why);
	return rc == CD_ABSENT ? CD_OK : rc;
}

static void
judge(const struct config *c, struct arena *a, int64_t now, struct health *h)
{
	struct buf b = buf_new(a, 4096);
	bool watch = false, send = false;

	for (size_t i = 0; i < h->n_roles; i++) {
		const char *what = health_complaint(a, c, &h->roles[i], now);

		watch = watch || strcmp(h->roles[i].role, "watch") == 0;
		send = send || strcmp(h->roles[i].role, "send") == 0;
		if (what)
			buf_printf(&b, "%s%s", b.n ? "; " : "", what);
	}
	if (!watch || !send)
		buf_printf(&b, "%sthe daemon never ran on this database, or "
		    "has only just begun",
		    b.n ? "; " : "");
	if (h->brake_since)
		buf_printf(&b, "%sthe brake is on (%s): nothing is sent until "
		    "`consentdesk resume`", b.n ? "; " : "", h->brake_why);
	/* Where a role knows why, it says so. */
	if (h->stuck && b.n == 0)
		buf_puts(&b, h->stuck);
	/* What the roles and the brake do not say themselves. */
	for (size_t i = 0; i < h->n_alarms; i++) {
		const struct alarm_row *r = &h->alarms[i];

		if (health_alarm_on(r) && (strcmp(r->kind, "disk") == 0 ||
		    strcmp(r->kind, "vendor_secret") == 0 ||
		    strcmp(r->kind, "sent_folder") == 0))
			buf_printf(&b, "%salarm %s: %s", b.n ? "; " : "",
			    r->kind, r->why);
	}
	if (h->alarm_unsent)
		buf_printf(&b, "%san alarm could not be mailed: %s",
		    b.n ? "; " : "", h->alarm_unsent);
	h->why = buf_str(&b).p;
	h->healthy = b.n == 0;
}

enum cd_rc
health_read(const struct config *c, struct store *s, struct arena *a,
    int64_t now, struct health *out, struct cd_err *err)
{
	enum cd_rc rc;

	memset(out, 0, sizeof *out);
	rc = roles_list(s, a, &out->roles, &out->n_roles, err);
	if (rc == CD_OK)
		rc = outbox_count_states(s, out->outbox, err);
	if (rc == CD_OK)
		rc = cases_count(s, out->cases, err);
	if (rc == CD_OK)
		rc = cases_count_asleep(s, now, &out->asleep, err);
	if (rc == CD_OK) {
		rc = brake_get(s, a, &out->brake_since, &out->brake_why, err);
		if (rc == CD_ABSENT) {
			out->brake_since = 0;
			rc = CD_OK;
		}
	}
	if (rc == CD_OK)
		rc = alarms_list(s, a, &out->alarms, &out->n_alarms, err);
	if (rc != CD_OK)
		return rc;
	leave_out_web(c, out);
	for (size_t i = 0; i < out->n_roles; i++)
		read_data(out, a, &out->roles[i]);
	rc = read_stuck(s, a, out, err);
	if (rc != CD_OK)
		return rc;
	judge(c, a, now, out);
	return CD_OK;
}

struct str
health_metrics(struct arena *a, const struct health *h)
{
	struct buf b = buf_new(a, 32 * 1024);

	buf_printf(&b, "# HELP consentdesk_healthy 1 when all is well.\n"
	    "# TYPE consentdesk_healthy gauge\nconsentdesk_healthy %d\n",
	    h->healthy);
	buf_printf(&b, "# HELP consentdesk_brake 1 when sending is stopped.\n"
	    "# TYPE consentdesk_brake gauge\nconsentdesk_brake %d\n",
	    h->brake_since != 0);
	buf_puts(&b, "# HELP consentdesk_cases Cases by state.\n"
	    "# TYPE consentdesk_cases gauge\n");
	for (int i = 0; i < CASE_STATE_COUNT; i++)
		buf_printf(&b, "consentdesk_cases{state=\"%s\"} %" PRId64 "\n",
		    case_state_name((enum case_state)i), h->cases[i]);
	buf_puts(&b, "# HELP consentdesk_outbox Answers by state.\n"
	    "# TYPE consentdesk_outbox gauge\n");
	for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
		buf_printf(&b, "consentdesk_outbox{state=\"%s\"} %" PRId64 "\n",
		    outbox_state_name((enum outbox_state)i), h->outbox[i]);
	buf_puts(&b, "# HELP consentdesk_role_beat_seconds When a role last "
	    "gave a sign of life (Unix time).\n"
	    "# TYPE consentdesk_role_beat_seconds gauge\n");
	for (size_t i = 0; i < h->n_roles; i++)
		buf_printf(&b, "consentdesk_role_beat_seconds{role=\"%s\"} %"
		    PRId64 "\n", h->roles[i].role, h->roles[i].beat);
	buf_printf(&b, "# HELP consentdesk_last_fetch_seconds When the mailbox "
	    "was last read (Unix time).\n"
	    "# TYPE consentdesk_last_fetch_seconds gauge\n"
	    "consentdesk_last_fetch_seconds %" PRId64 "\n", h->last_fetch);
	buf_printf(&b, "# HELP consentdesk_last_send_seconds When a mail last "
	    "went out (Unix time).\n"
	    "# TYPE consentdesk_last_send_seconds gauge\n"
	    "consentdesk_last_send_seconds %" PRId64 "\n", h->last_send);
	buf_puts(&b, "# HELP consentdesk_alarm 1 while this alarm is on.\n"
	    "# TYPE consentdesk_alarm gauge\n");
	for (size_t i = 0; i < h->n_alarms; i++)
		buf_printf(&b, "consentdesk_alarm{kind=\"%s\"} %d\n",
		    h->alarms[i].kind, health_alarm_on(&h->alarms[i]));
	if (h->token_expires)
		buf_printf(&b, "# HELP consentdesk_token_expires_seconds When "
		    "the access token ends (Unix time).\n"
		    "# TYPE consentdesk_token_expires_seconds gauge\n"
		    "consentdesk_token_expires_seconds %" PRId64 "\n",
		    h->token_expires);
	return buf_str(&b);
}
