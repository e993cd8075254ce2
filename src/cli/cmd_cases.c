#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"

static const char *
colour_of(enum case_state state)
{
	switch (state) {
	case CASE_REVIEW:
		return "\x1b[33m";
	case CASE_WAITING:
		return "\x1b[36m";
	case CASE_APPROVED:
		return "\x1b[32m";
	case CASE_CLOSED:
		return "\x1b[2m";
	}
	return "";
}

static void
print_table(struct arena *a, const struct case_row *rows, size_t n,
    int64_t now)
{
	bool colour = cli_colour();

	if (n == 0) {
		puts("no cases");
		return;
	}
	printf("%6s  %-8s  %-16s  %-6s  %s  %s  %s\n", "case", "state",
	    "intent", "age", cli_fit(a, "from", 28), cli_fit(a,
	    "last action", 30), "subject");
	for (size_t i = 0; i < n; i++) {
		const struct case_row *c = &rows[i];

		printf("%6" PRId64 "  %s%-8s%s  %-16s  %-6s  %s  %s  %s\n",
		    c->id, colour ? colour_of(c->state) : "",
		    case_state_name(c->state), colour ? "\x1b[0m" : "",
		    c->intent, cli_age(a, now - c->updated),
		    cli_fit(a, c->from_addr, 28),
		    cli_fit(a, c->last_action ? c->last_action : "", 30),
		    cli_fit(a, c->subject, 40));
	}
}

int
cmd_cases(int argc, char **argv, const struct command_env *env)
{
	const char *state = NULL, *search = NULL, *limit = "50";
	bool json = false;
	const struct option_spec options[] = {
		{ "state", NULL, &state }, { "search", NULL, &search },
		{ "limit", NULL, &limit }, { "json", &json, NULL }, { 0 },
	};
	int n = cli_options(argc, argv, options, 0, 0);
	struct cli_session s;
	struct case_row *rows;
	struct case_filter filter = { 0 };
	struct cd_err err = { "" };
	enum case_state known;
	int64_t max;
	size_t count;
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (!str_to_i64(str_of(limit), 1, 1000000, &max))
		return cli_usage("cases", "--limit is a number from 1 to "
		    "1000000");
	if (state && strcmp(state, "snoozed") != 0 &&
	    !case_state_of(state, &known))
		return cli_usage("cases", "--state is review, snoozed, waiting, "
		    "approved or closed");
	code = cli_open(env, CLI_STORE_READ, &s);
	if (code != EX_OK)
		return code;
	filter.state = state;
	filter.search = search;
	filter.limit = (size_t)max;
	rc = cases_list(s.store, s.arena, &filter, clock_now(), &rows, &count,
	    &err);
	code = cli_result(rc, &err);
	for (size_t i = 0; rc == CD_OK && json && i < count; i++)
		cli_json(view_case_json(s.arena, &rows[i]));
	if (rc == CD_OK && !json)
		print_table(s.arena, rows, count, clock_now());
	cli_close(&s);
	return code;
}
