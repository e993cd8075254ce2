/*
 * Stored mails read again under today's rules and model, and what would now be
 * made of them: another reading, another action, or another reason for it.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "flow/intake.h"

#define PAGE 200

/* What would be made of the mail today. */
struct now {
	const struct reading *reading;
	struct verdict verdict;
};

static bool
differs(const struct mail_row *m, const struct now *now)
{
	return strcmp(m->intent, intent_name(now->reading->intent)) != 0 ||
	    strcmp(m->action, action_name(now->verdict.action)) != 0 ||
	    strcmp(m->reason, now->verdict.reason) != 0;
}

static void
print_difference(const struct mail_row *m, const struct now *now, bool json)
{
	const struct reading *r = now->reading;
	const char *action = action_name(now->verdict.action);

	if (json) {
		cli_json(json_pack("{s:I, s:I, s:o, s:o, s:s, s:f, s:f, s:s, "
		    "s:s, s:s, s:s}", "mail", (json_int_t)m->id, "case",
		    (json_int_t)m->case_id, "message_id",
		    cli_json_text(m->identity), "was", cli_json_text(m->intent),
		    "now", intent_name(r->intent), "was_confidence",
		    m->confidence, "confidence", r->confidence, "was_action",
		    m->action, "action", action, "was_reason", m->reason,
		    "reason", now->verdict.reason));
		return;
	}
	printf("case %6" PRId64 "  mail %6" PRId64 "  %s (%.2f) %s: %s -> "
	    "%s (%.2f) %s: %s\n", m->case_id, m->id, m->intent, m->confidence,
	    m->action, m->reason, intent_name(r->intent), r->confidence,
	    action, now->verdict.reason);
}

static void
read_again(const struct engine *e, const struct mail_row *m,
    const struct examined *x, struct now *out)
{
	struct facts facts;

	intake_facts(e, x, &facts);
	intake_stored_facts(m, &facts);
	*out = (struct now){ &x->reading, decide(&facts) };
}

static enum cd_rc
replay(struct store *s, const struct engine *e, int64_t since, bool json,
    size_t *seen, size_t *differ, struct cd_err *err)
{
	struct arena *a = arena_new(), *turn = arena_new();
	struct mail_row *rows;
	int64_t after = 0;
	size_t n;
	enum cd_rc rc;

	do {
		arena_reset(a);
		rc = mails_since(s, a, since, after, PAGE, &rows, &n, err);
		for (size_t i = 0; rc == CD_OK && i < n; i++) {
			struct examined x;
			struct now now;

			after = rows[i].id;
			arena_reset(turn);
			if (!intake_reread(e, turn, &rows[i], &x))
				continue;
			(*seen)++;
			read_again(e, &rows[i], &x, &now);
			if (!differs(&rows[i], &now))
				continue;
			(*differ)++;
			print_difference(&rows[i], &now, json);
		}
	} while (rc == CD_OK && n == PAGE);
	arena_free(&turn);
	arena_free(&a);
	return rc;
}

int
cmd_replay(int argc, char **argv, const struct command_env *env)
{
	const char *since_text = NULL, *model = NULL;
	bool json = false;
	const struct option_spec options[] = {
		{ "since", NULL, &since_text }, { "model", NULL, &model },
		{ "json", &json, NULL }, { 0 },
	};
	int n = cli_options(argc, argv, options, 0, 0);
	struct cli_session s;
	struct cd_err err = { "" };
	int64_t since = 0;
	size_t seen = 0, differ = 0;
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (since_text && clock_parse(str_of(since_text), &since) != CD_OK)
		return cli_usage("replay", "--since is a date such as "
		    "2026-12-01");
	code = cli_open_model(env, CLI_REPLAY, model, &s);
	if (code != EX_OK)
		return code;
	rc = replay(s.store, s.engine, since, json, &seen, &differ, &err);
	code = cli_result(rc, &err);
	if (rc == CD_OK && !json)
		printf("%zu mails read again, %zu would now be read or "
		    "treated differently\n", seen, differ);
	cli_close(&s);
	return code;
}
