#include <inttypes.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"
#include "flow/health.h"
#include "role/role.h"

static void
print_json(struct arena *a, const struct health *h, int64_t now)
{
	json_t *roles = json_array(), *outbox = json_object();
	json_t *cases = json_object(), *alarms = json_array();

	for (size_t i = 0; i < h->n_roles; i++)
		json_array_append_new(roles, json_pack(
		    "{s:s, s:I, s:s, s:o, s:I}", "role", h->roles[i].role,
		    "pid", (json_int_t)h->roles[i].pid, "state",
		    h->roles[i].state, "beat", view_time(a, h->roles[i].beat),
		    "age", (json_int_t)(now - h->roles[i].beat)));
	for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
		json_object_set_new(outbox,
		    outbox_state_name((enum outbox_state)i),
		    json_integer((json_int_t)h->outbox[i]));
	for (int i = 0; i < CASE_STATE_COUNT; i++)
		json_object_set_new(cases, case_state_name((enum case_state)i),
		    json_integer((json_int_t)h->cases[i]));
	/* Counted in `review` too, as in `stats`. */
	json_object_set_new(cases, "snoozed",
	    json_integer((json_int_t)h->asleep));
	for (size_t i = 0; i < h->n_alarms; i++) {
		const struct alarm_row *r = &h->alarms[i];

		if (health_alarm_on(r))
			json_array_append_new(alarms, json_pack(
			    "{s:s, s:o, s:s, s:b}", "kind", r->kind, "since",
			    view_time(a, r->since), "why", r->why, "mailed",
			    r->state == ALARM_TOLD));
	}
	cli_json(json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o,"
	    " s:o, s:o, s:o, s:o, s:o, s:o}",
	    "healthy", h->healthy, "why", cli_json_text(h->why), "roles",
	    roles,
	    "last_fetch", view_time(a, h->last_fetch),
	    "last_send", view_time(a, h->last_send),
	    "idle_age", h->idle_since ? json_integer((json_int_t)(now -
	    h->idle_since)) : json_null(),
	    "oldest_unread", view_time(a, h->oldest_unread),
	    "outbox_depth", json_integer((json_int_t)(h->outbox[OUTBOX_QUEUED]
	    + h->outbox[OUTBOX_CLAIMED] + h->outbox[OUTBOX_COMMITTING])),
	    "token_age", h->token_fetched ? json_integer((json_int_t)(now -
	    h->token_fetched)) : json_null(),
	    "token_expires", view_time(a, h->token_expires),
	    "outbox", outbox, "cases", cases, "alarms", alarms,
	    "alarm_unsent", cli_json_text(h->alarm_unsent), "brake",
	    json_boolean(h->brake_since != 0), "brake_why",
	    cli_json_text(h->brake_since ? h->brake_why : NULL)));
}

static void
print_text(struct arena *a, const struct health *h, int64_t now)
{
	printf("%s%s%s\n", h->healthy ? "healthy" : "NOT HEALTHY: ", h->why,
	    "");
	for (size_t i = 0; i < h->n_roles; i++)
		printf("  %-6s pid %-7" PRId64 " %s ago  %s\n",
		    h->roles[i].role, h->roles[i].pid, cli_age(a,
		    now - h->roles[i].beat), h->roles[i].state);
	printf("  last fetch    %s\n", h->last_fetch
	    ? clock_iso(a, h->last_fetch) : "never");
	printf("  last send     %s\n", h->last_send
	    ? clock_iso(a, h->last_send) : "never");
	printf("  oldest unread %s\n", h->oldest_unread
	    ? clock_iso(a, h->oldest_unread) : "none");
	if (h->idle_since)
		printf("  in IDLE for   %s\n", cli_age(a,
		    now - h->idle_since));
	if (h->token_expires)
		printf("  token         %s old, good until %s\n", cli_age(a,
		    now - h->token_fetched), clock_iso(a, h->token_expires));
	printf("  outbox        %" PRId64 " queued, %" PRId64 " in hand, %"
	    PRId64 " doubtful, %" PRId64 " failed\n",
	    h->outbox[OUTBOX_QUEUED], h->outbox[OUTBOX_CLAIMED] +
	    h->outbox[OUTBOX_COMMITTING], h->outbox[OUTBOX_DOUBTFUL],
	    h->outbox[OUTBOX_FAILED]);
	printf("  cases         %" PRId64 " need a person%s, %" PRId64
	    " wait, %" PRId64 " approved, %" PRId64 " closed\n",
	    h->cases[CASE_REVIEW] - h->asleep, h->asleep == 0 ? ""
	    : arena_printf(a, " (%" PRId64 " more asleep)", h->asleep),
	    h->cases[CASE_WAITING], h->cases[CASE_APPROVED],
	    h->cases[CASE_CLOSED]);
	for (size_t i = 0; i < h->n_alarms; i++) {
		if (health_alarm_on(&h->alarms[i]))
			printf("  alarm         %s since %s%s\n",
			    h->alarms[i].kind, clock_iso(a,
			    h->alarms[i].since), h->alarms[i].state ==
			    ALARM_TOLD ? ", mailed" : "");
	}
	if (h->alarm_unsent)
		printf("  alarm mail    could not be sent: %s\n",
		    h->alarm_unsent);
	printf("  brake         %s\n", h->brake_since ? h->brake_why : "off");
}

/* The last words of roles that were killed sound well for a while. */
static void
ask_the_lock(const struct cli_session *s, struct health *h)
{
	if (h->n_roles == 0 || supervisor_runs(s->arena, s->config))
		return;
	h->healthy = false;
	h->why = arena_printf(s->arena, "the daemon does not run%s%s",
	    h->why[0] ? "; " : "", h->why);
}

/* As far as it can be told; false: an error was printed, which is in h too. */
static bool
look(struct cli_session *s, struct health *h)
{
	struct cd_err err = { "" };
	enum cd_rc rc = store_open(s->config->files.database, STORE_READ,
	    &s->store, &err);

	if (rc == CD_OK)
		rc = health_read(s->config, s->store, s->arena, clock_now(), h,
		    &err);
	if (rc == CD_OK) {
		ask_the_lock(s, h);
		return true;
	}
	cli_fail(EX_UNAVAILABLE, "%s", err.text);
	*h = (struct health){ .why = arena_strdup(s->arena, err.text) };
	return false;
}

int
cmd_status(int argc, char **argv, const struct command_env *env)
{
	bool json = false, told;
	const struct option_spec options[] = { { "json", &json, NULL }, { 0 } };
	int n = cli_options(argc, argv, options, 0, 0);
	struct cli_session s = { 0 };
	struct health h;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	code = cli_config(env, CONFIG_DAEMON, &s.config);
	if (code != EX_OK)
		return code;
	s.arena = arena_new();
	told = look(&s, &h);
	if (json)
		print_json(s.arena, &h, clock_now());
	else if (told)
		print_text(s.arena, &h, clock_now());
	cli_close(&s);
	return h.healthy ? EX_OK : EX_UNAVAILABLE;
}
