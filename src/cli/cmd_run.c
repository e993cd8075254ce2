#include "cli/cli.h"
#include "role/role.h"

int
cmd_run(int argc, char **argv, const struct command_env *env)
{
	const struct option_spec none[] = { { 0 } };
	int n = cli_options(argc, argv, none, 0, 0);

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	return supervisor_run(env->config_file);
}

int
cmd_reload(int argc, char **argv, const struct command_env *env)
{
	const struct option_spec none[] = { { 0 } };
	int n = cli_options(argc, argv, none, 0, 0);
	struct cli_session s;
	struct cd_err err = { "" };
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	code = cli_open(env, CLI_STORE_READ, &s);
	if (code != EX_OK)
		return code;
	rc = supervisor_reload(s.store, s.arena, &err);
	/* As check says it of the same set. */
	code = rc == CD_MALFORMED ? cli_fail(EX_CONFIG, "%s", err.text)
	    : cli_result(rc, &err);
	cli_close(&s);
	return code;
}
