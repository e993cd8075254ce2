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
	return store_end(s, rc, err);
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
		cli_json(json_pack("{s:o}", "file", cli_json_text(argv[1])));
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
		cli_json(json_pack("{s:o, s:I}", "address",
		    cli_json_text(argv[1]), "erased", (json_int_t)count));
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
				f.before_place = rows[n - 1].place;
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

struct numbers {
	struct stats_row *rows;
	size_t n;
	bool answered;
	double median, p90;	/* of the first answer, where there was one */
};

static void
print_stats_json(const struct numbers *c)
{
	const struct stats_summary s = stats_sum(c->rows, c->n);
	json_int_t by_itself = s.by_itself, all = by_itself + s.by_people +
	    s.waits;
	json_t *o = json_object();

	for (size_t i = 0; i < c->n; i++) {
		json_t *g = json_object_get(o, c->rows[i].group);

		if (!g) {
			g = json_object();
			json_object_set_new(o, c->rows[i].group, g);
		}
		json_object_set_new(g, c->rows[i].key,
		    json_integer((json_int_t)c->rows[i].n));
	}
	json_object_set_new(o, "first_answer_seconds", json_pack("{s:o, s:o}",
	    "median", c->answered ? json_real(c->median) : json_null(),
	    "p90", c->answered ? json_real(c->p90) : json_null()));
	json_object_set_new(o, "without_person", json_pack("{s:I, s:I, s:o}",
	    "answers", by_itself, "of", all, "share", all > 0
	    ? json_real((double)by_itself / (double)all) : json_null()));
	json_object_set_new(o, "funnel", json_pack("{s:I, s:I, s:I, s:I}",
	    "steps", (json_int_t)s.steps, "link", (json_int_t)s.link,
	    "approved_note", (json_int_t)s.approved_note, "approved",
	    (json_int_t)s.approved));
	cli_json(o);
}

static void
print_stats(const struct numbers *c)
{
	const struct stats_summary s = stats_sum(c->rows, c->n);
	int64_t all = s.by_itself + s.by_people + s.waits;
	const char *group = "";

	for (size_t i = 0; i < c->n; i++) {
		if (strcmp(group, c->rows[i].group) != 0)
			printf("%s%s\n", c->rows[i].group,
			    strcmp("state", c->rows[i].group) == 0 ||
			    strcmp("waits_for", c->rows[i].group) == 0
			    ? " (of all cases, now)" : "");
		group = c->rows[i].group;
		printf("  %-28s %8" PRId64 "\n", c->rows[i].key, c->rows[i].n);
	}
	if (all > 0)
		printf("%" PRId64 " of %" PRId64 " answers without a person "
		    "(%" PRId64 " %%)\n", s.by_itself, all,
		    (s.by_itself * 100 + all / 2) / all);
	printf("steps %" PRId64 ", link %" PRId64 ", \"you are approved\" %"
	    PRId64 "; companies approved %" PRId64 "\n", s.steps, s.link,
	    s.approved_note, s.approved);
	if (c->answered)
		printf("first answer after %.0f s at the median, %.0f s at "
		    "90 %%\n", c->median, c->p90);
	else
		puts("first answer -");
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
	struct numbers c = { 0 };
	struct cd_err err = { "" };
	int64_t since = 0;
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
	rc = stats_counts(s.store, s.arena, since, &c.rows, &c.n, &err);
	if (rc == CD_OK)
		rc = stats_first_answer(s.store, since, &c.median, &c.p90,
		    &err);
	c.answered = rc == CD_OK;
	if (rc == CD_ABSENT)
		rc = CD_OK;
	if (rc == CD_OK && json)
		print_stats_json(&c);
	else if (rc == CD_OK)
		print_stats(&c);
	code = cli_result(rc, &err);
	cli_close(&s);
	return code;
}
