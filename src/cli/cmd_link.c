/*
 * link and approve: both need a tenant, from the cache or by asking Microsoft.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "flow/answer.h"
#include "flow/company.h"
#include "flow/consent.h"
#include "text/domain.h"

#define ASK_MS 5000

/* *silent_out: CD_AGAIN is Microsoft's, not the database's. */
static enum cd_rc
ask(const struct cli_session *o, const char *domain, struct discovery *out,
    bool *silent_out, struct cd_err *err)
{
	struct authority *authority;
	enum cd_rc rc = authority_new(o->config->microsoft.authority,
	    o->config->microsoft.ca_file, &authority, err);

	if (rc != CD_OK)
		return rc;
	authority_discover(authority, &domain, 1, ASK_MS, out);
	authority_free(&authority);
	*silent_out = out->rc != CD_OK && out->rc != CD_ABSENT;
	if (*silent_out)
		return cd_fail(err, CD_AGAIN, "Microsoft could not be asked "
		    "for %s: %s", domain, out->why);
	rc = store_begin(o->store, err);
	if (rc != CD_OK)
		return rc;
	rc = company_put(o->store, domain, out, clock_now(), err);
	return store_end(o->store, rc, err);
}

/* *tenant_out NULL: Microsoft knows none. *silent_out: it could not be asked, which
 * is CD_AGAIN. */
static enum cd_rc
tenant_of(const struct cli_session *o, const char *name, const char **tenant_out,
    bool *silent_out, struct cd_err *err)
{
	char *domain = domain_normal(o->arena, str_of(name));
	struct company company;
	struct discovery d = { 0 };
	enum cd_rc rc;

	if (!domain)
		return cd_fail(err, CD_MALFORMED, "\"%s\" is no domain", name);
	rc = company_get(o->store, o->arena, domain, clock_now(), &company,
	    err);
	if (rc == CD_OK && !company.cached) {
		rc = ask(o, domain, &d, silent_out, err);
		if (rc == CD_OK)
			rc = company_get(o->store, o->arena, domain,
			    clock_now(), &company, err);
	}
	if (rc != CD_OK)
		return rc;
	rc = company_check_cloud(o->store, o->arena, company.tenant, domain,
	    clock_now(), err);
	if (rc == CD_OK)
		*tenant_out = company.tenant;
	return rc;
}

static int
print_link(const struct cli_session *o, const char *name, bool json)
{
	struct cd_err err = { "" };
	const char *tenant = NULL, *url;
	struct case_row row;
	int64_t id = 0;
	bool silent = false;
	enum cd_rc rc;

	if (str_to_i64(str_of(name), 1, INT64_MAX, &id)) {
		rc = cases_get(o->store, o->arena, id, &row, &err);
		if (rc == CD_ABSENT)
			return cli_fail(EX_NOINPUT, "there is no case %s",
			    name);
		if (rc != CD_OK)
			return cli_fail(cli_code(rc), "%s", err.text);
		tenant = row.tenant;
		if (tenant)
			rc = company_check_cloud(o->store, o->arena, tenant,
			    row.domain, clock_now(), &err);
		else if (row.domain)
			rc = tenant_of(o, row.domain, &tenant, &silent, &err);
	} else {
		rc = tenant_of(o, name, &tenant, &silent, &err);
	}
	if (rc == CD_AGAIN && silent) {
		cli_fail(EX_OK, "%s", err.text);
		rc = CD_OK;
	}
	if (rc == CD_OK && !tenant)
		cli_fail(EX_OK, "no tenant is known: this link is for whatever "
		    "company the admin signs in with");
	if (rc == CD_OK)
		rc = answer_link(o->engine, o->arena, tenant, id, clock_now(),
		    &url, &err);
	if (rc != CD_OK)
		return cli_fail(cli_code(rc), "%s", err.text);
	if (json)
		cli_json(json_pack("{s:s, s:o, s:o}", "link", url, "tenant",
		    cli_json_text(tenant), "case", id ? json_integer(
		    (json_int_t)id) : json_null()));
	else
		puts(url);
	return EX_OK;
}

/* By its id, or by the company's domain; an exit code. */
static int
tenant_named(const struct cli_session *o, const char *name,
    const char **tenant_out)
{
	struct cd_err err = { "" };
	const char *tenant = NULL;
	bool silent = false;
	enum cd_rc rc = CD_OK;

	if (str_is_guid(str_of(name)))
		tenant = arena_lower(o->arena, str_of(name));
	else
		rc = tenant_of(o, name, &tenant, &silent, &err);
	if (rc != CD_OK)
		return cli_fail(cli_code(rc), "%s", err.text);
	if (!tenant)
		return cli_fail(EX_NOINPUT, "Microsoft knows no tenant of %s; "
		    "give its tenant id (a GUID) instead", name);
	*tenant_out = tenant;
	return EX_OK;
}

static int
withdraw(const struct cli_session *o, const char *name, bool json)
{
	struct cd_err err = { "" };
	const char *tenant;
	size_t n;
	int code = tenant_named(o, name, &tenant);
	enum cd_rc rc;

	if (code != EX_OK)
		return code;
	rc = consent_withdraw(o->store, o->arena, tenant, cli_actor(),
	    clock_now(), &n, &err);
	if (rc != CD_OK)
		return cli_fail(cli_code(rc), "%s", err.text);
	if (json)
		cli_json(json_pack("{s:s, s:b, s:I}", "tenant", tenant,
		    "withdrawn", true, "cases", (json_int_t)n));
	else
		printf("tenant %s is not approved any more: its mails get the "
		    "link again; noted in %zu case%s\n", tenant, n,
		    n == 1 ? "" : "s");
	return EX_OK;
}

static int
approve(const struct cli_session *o, const char *name, bool json)
{
	struct cd_err err = { "" };
	const char *tenant;
	struct consent_tally tally;
	int code = tenant_named(o, name, &tenant);
	enum cd_rc rc;

	if (code != EX_OK)
		return code;
	rc = consent_approve(o->engine, o->store, o->arena, tenant,
		    "approve", cli_actor(), clock_now(), &tally, &err);
	if (rc != CD_OK)
		return cli_fail(cli_code(rc), "%s", err.text);
	if (json) {
		cli_json(json_pack("{s:s, s:I, s:I}", "tenant", tenant, "told",
		    (json_int_t)tally.told, "review",
		    (json_int_t)tally.review));
		return EX_OK;
	}
	printf("tenant %s is approved; %zu open case%s of it %s told", tenant,
	    tally.told, tally.told == 1 ? "" : "s",
	    tally.told == 1 ? "is" : "are");
	/* Who was told before may be among them. */
	if (tally.review > 0)
		printf(", %zu wait%s in review for a person", tally.review,
		    tally.review == 1 ? "s" : "");
	puts("");
	return EX_OK;
}

typedef int act_fn(const struct cli_session *, const char *, bool json);

/* A command of one argument, on a desk that is made if need be. undo: what
 * --withdraw does, NULL where there is no such option. */
static int
run_on(int argc, char **argv, const struct command_env *env, act_fn *act,
    act_fn *undo)
{
	bool json = false, withdrawn = false;
	const struct option_spec options[] = { { "json", &json, NULL },
		{ undo ? "withdraw" : NULL, &withdrawn, NULL }, { 0 } };
	int n = cli_options(argc, argv, options, 1, 1);
	struct cli_session o;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (withdrawn)
		act = undo;
	code = cli_open(env, withdrawn ? CLI_DESK : CLI_DESK_MAKE, &o);
	if (code != EX_OK)
		return code;
	code = act(&o, argv[1], json);
	cli_close(&o);
	return code;
}

int
cmd_link(int argc, char **argv, const struct command_env *env)
{
	return run_on(argc, argv, env, print_link, NULL);
}

int
cmd_approve(int argc, char **argv, const struct command_env *env)
{
	return run_on(argc, argv, env, approve, withdraw);
}
