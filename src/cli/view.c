#include <inttypes.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"
#include "flow/desk.h"

json_t *
view_time(struct arena *a, int64_t at)
{
	return at ? json_string(clock_iso(a, at)) : json_null();
}

json_t *
view_case_json(struct arena *a, const struct case_row *c)
{
	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
	    "s:o, s:o, s:o}",
	    "id", (json_int_t)c->id, "state", case_state_name(c->state),
	    "reason", cli_json_text(c->reason), "intent",
	    cli_json_text(c->intent), "from", cli_json_text(c->from_addr),
	    "domain", cli_json_text(c->domain), "tenant",
	    cli_json_text(c->tenant), "subject", cli_json_text(c->subject),
	    "assignee", cli_json_text(c->assignee), "opened",
	    view_time(a, c->opened), "updated", view_time(a, c->updated),
	    "last_action", cli_json_text(c->last_action), "language",
	    cli_json_text(c->language));
}

int
view_desk_command(int argc, char **argv, const struct command_env *env,
    int n_args, bool needs_engine, desk_action *act, const char *done)
{
	const struct option_spec none[] = { { 0 } };
	int n = cli_options(argc, argv, none, n_args, n_args);
	struct config *config = NULL;
	struct store *store = NULL;
	struct engine *engine = NULL;
	struct cd_err err = { "" };
	struct desk desk;
	int64_t id;
	enum cd_rc rc = CD_OK;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	id = cli_case_number(argv[1]);
	if (id == 0)
		return EX_USAGE;
	code = cli_store(env, STORE_WRITE, &config, &store);
	if (code != EX_OK)
		return code;
	if (needs_engine)
		rc = engine_load(config, true, &engine, &err);
	desk = (struct desk){ engine, store, arena_new(), cli_actor(),
		clock_now(), NULL };
	if (rc == CD_OK)
		rc = act(&desk, id, argv + 2, &err);
	code = rc == CD_OK ? EX_OK : cli_fail(cli_code(rc), "%s", err.text);
	if (rc == CD_OK)
		printf("case %" PRId64 " %s\n", id, done);
	arena_free(&desk.arena);
	engine_free(&engine);
	store_close(&store);
	config_free(&config);
	return code;
}
