#include <inttypes.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"
#include "flow/desk.h"
#include "text/classify.h"

json_t *
view_time(struct arena *a, int64_t at)
{
	return at ? json_string(clock_iso(a, at)) : json_null();
}

json_t *
view_case_json(struct arena *a, const struct case_row *c)
{
	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
	    "s:o, s:o, s:o, s:o}",
	    "id", (json_int_t)c->id, "state", case_state_name(c->state),
	    "reason", cli_json_text(c->reason), "intent",
	    cli_json_text(c->intent), "from", cli_json_text(c->from_addr),
	    "domain", cli_json_text(c->domain), "tenant",
	    cli_json_text(c->tenant), "subject", cli_json_text(c->subject),
	    "assignee", cli_json_text(c->assignee), "opened",
	    view_time(a, c->opened), "updated", view_time(a, c->updated),
	    "last_action", cli_json_text(c->last_action), "language",
	    cli_json_text(c->language), "merged_into", c->merged_into
	    ? json_integer((json_int_t)c->merged_into) : json_null());
}

const char *
view_intent_names(struct arena *a)
{
	struct buf b = buf_new(a, 1024);

	for (int i = 0; i < INTENT_COUNT; i++)
		buf_printf(&b, "%s%s", i > 0 ? " " : "",
		    intent_name((enum intent)i));
	return buf_str(&b).p;
}

void
view_says(const char *says, double weight)
{
	if (says)
		printf("  says %s %+g", says, weight);
	putchar('\n');
}

static void
print_case(const struct desk *d, int64_t id)
{
	struct case_row row;

	if (cases_get(d->store, d->arena, id, &row, NULL) == CD_OK)
		cli_json(view_case_json(d->arena, &row));
}

int
view_desk_command(int argc, char **argv, const struct command_env *env,
    int n_args, int n_cases, desk_action *act, const char *done)
{
	return view_desk_option(argc, argv, env, n_args, n_cases,
	    &(struct option_spec){ 0 }, act, done);
}

int
view_desk_option(int argc, char **argv, const struct command_env *env,
    int n_args, int n_cases, const struct option_spec *own, desk_action *act,
    const char *done)
{
	bool json = false;
	const struct option_spec options[] = {
		{ "json", &json, NULL }, *own, { 0 },
	};
	int n = cli_options(argc, argv, options, n_args, n_args);
	struct cli_session s;
	struct cd_err err = { "" };
	struct desk desk;
	const char *said = NULL;
	int64_t id = 0;
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	for (int i = n_cases; i > 0; i--) {
		id = cli_case_number(argv[i]);
		if (id == 0)
			return EX_USAGE;
	}
	code = cli_open(env, CLI_STORE_WRITE, &s);
	if (code != EX_OK)
		return code;
	desk = (struct desk){ .store = s.store, .arena = s.arena,
		.actor = cli_actor(), .now = clock_now(), .said = &said };
	rc = act(&desk, id, argv + 2, &err);
	code = cli_result(rc, &err);
	/* Done before is no less what a script asked for. */
	if ((rc == CD_OK || rc == CD_DONE) && json)
		print_case(&desk, id);
	else if (rc == CD_OK)
		printf("case %" PRId64 " %s%s%s\n", id, done, said ? "; " : "",
		    said ? said : "");
	cli_close(&s);
	return code;
}
