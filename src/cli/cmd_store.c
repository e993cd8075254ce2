/*
 * Commands that are one call into the store: resume, backup, forget, export,
 * stats.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"
#include "store/cases.h"
#include "store/outbox.h"
#include "store/roles.h"
#include "text/address.h"

/* One write in its own transaction. */
static enum cd_rc
commit(struct store *s, enum cd_rc rc, struct cd_err *err)
{
	if (rc == CD_OK)
		rc = store_commit(s, err);
	if (rc != CD_OK)
		store_rollback(s);
	return rc;
}

int
cmd_resume(int argc, char **argv, const struct command_env *env)
{
	bool json = false;
	const struct option_spec options[] = { { "json", &json, NULL }, { 0 } };
	int n = cli_options(argc, argv, options, 0, 0);
	struct cli_session s;
	struct cd_err err = { "" };
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	code = cli_open(env, CLI_STORE_WRITE, &s);
	if (code != EX_OK)
		return code;
	rc = store_begin(s.store, &err);
	if (rc == CD_OK)
		rc = brake_set(s.store, clock_now(), NULL, &err);
	rc = commit(s.store, rc, &err);
	if (rc == CD_OK && json)
		cli_json(json_pack("{s:b}", "brake", false));
	else if (rc == CD_OK)
		puts("the brake is off; queued answers go out");
	code = cli_result(rc, &err);
	cli_close(&s);
	return code;
}

int
cmd_backup(int argc, char **argv, const struct command_env *env)
{
	bool json = false;
	const struct option_spec options[] = { { "json", &json, NULL }, { 0 } };
	int n = cli_options(argc, argv, options, 1, 1);
	struct cli_session s;
	struct cd_err err = { "" };
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	code = cli_open(env, CLI_STORE_READ, &s);
	if (code != EX_OK)
		return code;
	if (store_backup(s.store, argv[1], &err) != CD_OK)
		code = cli_fail(EX_CANTCREAT, "%s", err.text);
	else if (json)
		cli_json(json_pack("{s:s}", "file", argv[1]));
	else
		printf("copied to %s\n", argv[1]);
	cli_close(&s);
	return code;
}

int
cmd_forget(int argc, char **argv, const struct command_env *env)
{
	bool json = false;
	const struct option_spec options[] = { { "json", &json, NULL }, { 0 } };
	int n = cli_options(argc, argv, options, 1, 1);
	struct cli_session s;
	struct cd_err err = { "" };
	int64_t count = 0;
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (!address_valid(argv[1]))
		return cli_usage("forget", "\"%s\" is no mail address",
		    argv[1]);
	code = cli_open(env, CLI_STORE_WRITE, &s);
	if (code != EX_OK)
		return code;
	rc = store_begin(s.store, &err);
	if (rc == CD_OK)
		rc = cases_forget(s.store, address_canonical(s.arena, argv[1]),
		    &count, &err);
	rc = commit(s.store, rc, &err);
	if (rc == CD_OK && json)
		cli_json(json_pack("{s:s, s:I}", "address", argv[1], "erased",
		    (json_int_t)count));
	else if (rc == CD_OK)
		printf("%" PRId64 " mails and cases of %s are erased here. The "
		    "mails themselves still lie in the mailbox.\n", count,
		    argv[1]);
	code = cli_result(rc, &err);
	cli_close(&s);
	return code;
}

/* RFC 4180; a leading =, +, - or @ would be a formula to a spreadsheet. */
static void
print_csv_field(const char *s, bool last)
{
	s = s ? s : "";
	putchar('"');
	if (*s && strchr("=+-@\t\r", *s))
		putchar('\'');
	for (; *s; s++) {
		if (*s == '"')
			putchar('"');
		putchar(*s);
	}
	fputs(last ? "\"\r\n" : "\",", stdout);
}

static void
print_csv(struct arena *a, const struct case_row *c)
{
	printf("%" PRId64 ",", c->id);
	print_csv_field(case_state_name(c->state), false);
	print_csv_field(c->intent, false);
	print_csv_field(c->from_addr, false);
	print_csv_field(c->domain, false);
	print_csv_field(c->tenant, false);
	print_csv_field(c->subject, false);
	print_csv_field(c->assignee, false);
	print_csv_field(clock_iso(a, c->opened), false);
	print_csv_field(clock_iso(a, c->updated), false);
	print_csv_field(c->last_action, true);
}

/* Page by page, so that a million cases need the memory of one page. */
static enum cd_rc
export_all(struct store *s, bool csv, struct cd_err *err)
{
	static const char *const lists[] = { "review", "snoozed", "waiting",
		"approved", "closed" };
	struct arena *a = arena_new();
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; rc == CD_OK && i < sizeof lists / sizeof *lists;
	     i++) {
		struct case_filter f = { .state = lists[i], .limit = 500 };
		struct case_row *rows;
		size_t n;

		do {
			arena_reset(a);
			rc = cases_list(s, a, &f, clock_now(), &rows, &n, err);
			for (size_t k = 0; rc == CD_OK && k < n; k++) {
				if (csv)
					print_csv(a, &rows[k]);
				else
					cli_json(view_case_json(a, &rows[k]));
			}
			if (rc == CD_OK && n > 0) {
				f.before_updated = rows[n - 1].updated;
				f.before_id = rows[n - 1].id;
			}
		} while (rc == CD_OK && n == f.limit);
	}
	arena_free(&a);
	return rc;
}

int
cmd_export(int argc, char **argv, const struct command_env *env)
{
	bool csv = false, json = false;
	const struct option_spec options[] = {
		{ "csv", &csv, NULL }, { "json", &json, NULL }, { 0 },
	};
	int n = cli_options(argc, argv, options, 0, 0);
	struct cli_session s;
	struct cd_err err = { "" };
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (csv && json)
		return cli_usage("export", "--csv or --json, not both");
	code = cli_open(env, CLI_STORE_READ, &s);
	if (code != EX_OK)
		return code;
	if (csv)
		fputs("id,state,intent,from,domain,tenant,subject,assignee,"
		    "opened,updated,last_action\r\n", stdout);
	code = cli_result(export_all(s.store, csv, &err), &err);
	cli_close(&s);
	return code;
}

static void
print_stats(const struct stats_row *rows, size_t n, double median, double p90,
    bool json)
{
	json_t *o = json_object();
	const char *group = "";

	for (size_t i = 0; i < n; i++) {
		json_t *g = json_object_get(o, rows[i].group);

		if (!g) {
			g = json_object();
			json_object_set_new(o, rows[i].group, g);
		}
		json_object_set_new(g, rows[i].key,
		    json_integer((json_int_t)rows[i].n));
		if (json)
			continue;
		if (strcmp(group, rows[i].group) != 0)
			printf("%s\n", rows[i].group);
		group = rows[i].group;
		printf("  %-28s %8" PRId64 "\n", rows[i].key, rows[i].n);
	}
	if (json) {
		json_object_set_new(o, "first_answer_seconds", json_pack(
		    "{s:f, s:f}", "median", median, "p90", p90));
		cli_json(o);
		return;
	}
	json_decref(o);
	printf("first answer after %.0f s at the median, %.0f s at 90 %%\n",
	    median, p90);
}

int
cmd_stats(int argc, char **argv, const struct command_env *env)
{
	const char *since_text = NULL;
	bool json = false;
	const struct option_spec options[] = {
		{ "since", NULL, &since_text }, { "json", &json, NULL }, { 0 },
	};
	int n = cli_options(argc, argv, options, 0, 0);
	struct cli_session s;
	struct stats_row *rows;
	struct cd_err err = { "" };
	double median = 0, p90 = 0;
	int64_t since = 0;
	size_t count;
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (since_text && clock_parse(str_of(since_text), &since) != CD_OK)
		return cli_usage("stats", "--since is a date such as "
		    "2026-12-01");
	code = cli_open(env, CLI_STORE_READ, &s);
	if (code != EX_OK)
		return code;
	rc = stats_counts(s.store, s.arena, since, &rows, &count, &err);
	if (rc == CD_OK)
		rc = stats_first_answer(s.store, since, &median, &p90, &err);
	if (rc == CD_ABSENT)
		rc = CD_OK;
	if (rc == CD_OK)
		print_stats(rows, count, median, p90, json);
	code = cli_result(rc, &err);
	cli_close(&s);
	return code;
}
