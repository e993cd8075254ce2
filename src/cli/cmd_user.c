#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"
#include "io/password.h"
#include "store/accounts.h"
#include "store/sessions.h"

#define MIN_PASSWORD 10

static bool
name_valid(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++) {
		if (!ascii_alnum(name[i]) && !strchr("._@-", name[i]))
			return false;
	}
	return n > 0 && n <= 100;
}

/* Letters, not bytes: what counts is what was thought of. */
static size_t
characters(const char *text)
{
	struct str rest = str_of(text);
	uint32_t unused;
	size_t n = 0;

	for (; rest.n > 0; n++)
		rest = str_sub(rest, utf8_next(rest, &unused), rest.n);
	return n;
}

/* EX_OK, or a code after an error was printed. */
static int
ask_password(char *out, size_t size)
{
	enum cd_rc rc = cli_read_secret("password: ", out, size);

	if (rc == CD_MALFORMED)
		return cli_fail(EX_DATAERR, "a password has %d bytes at most; "
		    "nothing was changed", CD_MAX_PASSWORD);
	if (rc != CD_OK || characters(out) < MIN_PASSWORD)
		return cli_fail(EX_DATAERR, "a password has %d characters at "
		    "least; nothing was changed", MIN_PASSWORD);
	return EX_OK;
}

static int
put(struct store *s, struct arena *a, const char *name, const char *role,
    bool must_exist, bool json)
{
	struct account_row row;
	char password[CD_MAX_PASSWORD + 2];
	struct cd_err err = { "" };
	enum cd_rc rc = accounts_get(s, a, name, &row, &err);
	int code;

	if (rc != CD_OK && rc != CD_ABSENT)
		return cli_fail(cli_code(rc), "%s", err.text);
	if (must_exist && rc == CD_ABSENT)
		return cli_fail(EX_NOUSER, "there is no user %s", name);
	if (!must_exist && rc == CD_OK)
		return cli_fail(EX_CANTCREAT, "there is a user %s already; "
		    "see: consentdesk user passwd", name);
	if (rc == CD_ABSENT)
		row = (struct account_row){ .name = name, .role = role,
			.created = clock_now() };
	code = ask_password(password, sizeof password);
	if (code == EX_OK)
		rc = password_hash(a, password, &row.hash, &err);
	explicit_bzero(password, sizeof password);
	if (code != EX_OK)
		return code;
	if (rc == CD_OK)
		rc = store_begin(s, &err);
	if (rc == CD_OK)
		rc = accounts_put(s, &row, &err);
	/* Whoever knew the old password is signed out. */
	if (rc == CD_OK)
		rc = sessions_end_all(s, row.name, &err);
	rc = store_end(s, rc, &err);
	if (rc != CD_OK) {
		return cli_fail(cli_code(rc), "%s", err.text);
	}
	if (json)
		cli_json(json_pack("{s:s, s:s}", "name", name, "role",
		    row.role));
	else
		printf("user %s (%s) is set\n", name, row.role);
	return EX_OK;
}

static int
drop(struct store *s, const char *name, bool json)
{
	struct cd_err err = { "" };
	enum cd_rc rc = store_begin(s, &err);

	if (rc == CD_OK)
		rc = accounts_remove(s, name, &err);
	rc = store_end(s, rc, &err);
	if (rc == CD_OK && json)
		cli_json(json_pack("{s:s, s:b}", "name", name, "removed", true));
	else if (rc == CD_OK)
		printf("user %s is removed\n", name);
	if (rc == CD_OK)
		return EX_OK;
	if (rc == CD_ABSENT)
		return cli_fail(EX_NOUSER, "there is no user %s", name);
	return cli_fail(cli_code(rc), "%s", err.text);
}

static int
list(struct store *s, struct arena *a, bool json)
{
	struct account_row *rows;
	struct cd_err err = { "" };
	size_t n;
	enum cd_rc rc = accounts_list(s, a, &rows, &n, &err);

	if (rc != CD_OK)
		return cli_fail(cli_code(rc), "%s", err.text);
	for (size_t i = 0; i < n; i++) {
		if (json)
			cli_json(json_pack("{s:s, s:s, s:o}", "name",
			    rows[i].name, "role", rows[i].role, "created",
			    view_time(a, rows[i].created)));
		else
			printf("%s  %s  since %s\n", cli_fit(a, rows[i].name,
			    24), cli_fit(a, rows[i].role, 6), clock_iso(a,
			    rows[i].created));
	}
	return EX_OK;
}

int
cmd_user(int argc, char **argv, const struct command_env *env)
{
	bool json = false, lead = false;
	const struct option_spec options[] = {
		{ "json", &json, NULL }, { "lead", &lead, NULL }, { 0 },
	};
	int n = cli_options(argc, argv, options, 1, 2);
	const char *verb, *name;
	struct cli_session s;
	bool lists, adds, sets;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	verb = argv[1];
	name = n > 1 ? argv[2] : NULL;
	lists = strcmp(verb, "list") == 0;
	adds = strcmp(verb, "add") == 0;
	sets = strcmp(verb, "passwd") == 0;
	if (!lists && !adds && !sets && strcmp(verb, "remove") != 0)
		return cli_usage("user", "unknown verb \"%s\"", verb);
	if (lead && !adds)
		return cli_usage("user", "--lead is for add: %s changes no "
		    "rights", verb);
	if (lists && name)
		return cli_usage("user", "too many arguments");
	if (!lists && (!name || !name_valid(name)))
		return cli_usage("user", "a name of letters, digits and . _ @ - "
		    "is needed");
	code = cli_open(env, adds ? CLI_STORE_MAKE : lists ? CLI_STORE_READ :
	    CLI_STORE_WRITE, &s);
	if (code != EX_OK)
		return code;
	if (lists)
		code = list(s.store, s.arena, json);
	else if (adds || sets)
		code = put(s.store, s.arena, name, lead ? "lead" : "agent",
		    sets, json);
	else
		code = drop(s.store, name, json);
	cli_close(&s);
	return code;
}
