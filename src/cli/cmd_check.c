/*
 * check: everything that can be wrong, found before the daemon meets it, and
 * for each finding what to do.
 */
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/advice.h"
#include "cli/check_rules.h"
#include "cli/check_templates.h"
#include "cli/cli.h"
#include "io/authority.h"
#include "io/config_files.h"
#include "io/fetch.h"
#include "io/imap.h"
#include "io/smtp.h"
#include "io/token.h"
#include "text/rule_needs.h"

#define STEP_MS 15000

struct checkup {
	const struct config *config;
	struct arena *arena;
	json_t *findings;
	bool json;
	int bad;
};

static void report(struct checkup *, const char *, bool, const char *, ...)
    CD_PRINTF(4, 5);

static void
report(struct checkup *c, const char *what, bool good, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	c->bad += !good;
	if (c->json)
		json_array_append_new(c->findings, json_pack("{s:s, s:b, s:o}",
		    "check", what, "ok", good, "text",
		    cli_json_text(text)));
	else
		printf("%-4s %-14s %s\n", good ? "ok" : "BAD", what, text);
}

static void
warn(struct checkup *c, const char *what, const char *text)
{
	if (c->json)
		json_array_append_new(c->findings, json_pack(
		    "{s:s, s:b, s:b, s:o}", "check", what, "ok", true,
		    "warning", true, "text", cli_json_text(text)));
	else
		printf("warn %-14s %s\n", what, text);
}

static void
warn_rules(void *ctx, const char *text)
{
	warn(ctx, "rules", text);
}

static void
warn_templates(void *ctx, const char *text)
{
	warn(ctx, "templates", text);
}

static void
check_rules_suffice(struct checkup *c, const struct engine *e)
{
	struct cd_err lack;

	if (rule_needs_met(c->arena, classifier_rules(e->classifier),
	    c->config->files.rules, &lack) != CD_OK)
		warn_rules(c, lack.text);
}

static void
check_actions_have_templates(struct checkup *c, const struct engine *e)
{
	for (int i = 0; i < ACTION_COUNT; i++) {
		enum action action = (enum action)i;

		if (action_sends(action) &&
		    !templates_have(e->templates, action_name(action)))
			report(c, "templates", false, "there is no template "
			    "\"%s\" in %s", action_name(action),
			    c->config->files.templates);
	}
	for (size_t i = 0; codes_draft_at(e->codes, i); i++) {
		const char *name = codes_draft_at(e->codes, i);

		if (!templates_have(e->templates, name))
			warn(c, "templates", arena_printf(c->arena, "%s/codes "
			    "names the answer \"%s\", which is not there: such "
			    "cases come before a person without a draft",
			    c->config->files.rules, name));
	}
}

static void
report_file(void *context, const char *section, const char *file,
    const char *wrong)
{
	report(context, section, !wrong, "%s", wrong ? wrong : file);
}

/* Could the daemon write its database, and what SQLite keeps beside it? true:
 * something else was reported. systemd makes the folder of the package. */
static bool
database_folder_fault(struct checkup *c, const char *file)
{
	static const char packaged[] = "/var/lib/consentdesk";
	const char *dir = dirname(arena_strdup(c->arena, file));

	/* With the "/." a file in its place is told as one. */
	if (access(arena_printf(c->arena, "%s/.", dir), W_OK | X_OK) == 0)
		return false;
	if (errno == ENOENT && strcmp(dir, packaged) == 0)
		warn(c, "database", arena_printf(c->arena, "%s is made by "
		    "systemd at the first start; by hand: install -d -m 700 %s",
		    dir, dir));
	else
		report(c, "database", false, "%s: %s; the folder of [files] "
		    "database must be there, and whoever runs the daemon must "
		    "be allowed to write in it", dir, strerror(errno));
	return true;
}

static void
check_database(struct checkup *c)
{
	const char *file = c->config->files.database;
	struct cd_err err = { "" };
	struct store *store = NULL;
	enum cd_rc rc;

	if (database_folder_fault(c, file))
		return;
	rc = store_open(file, STORE_READ, &store, &err);
	if (rc == CD_ABSENT) {
		report(c, "database", true, "%s is made at the first start",
		    file);
		return;
	}
	if (rc == CD_OK)
		rc = store_check(store, &err);
	if (rc == CD_OK)
		report(c, "database", true, "%s, schema %" PRId64, file,
		    store_version(store));
	else
		report(c, "database", false, "%s", err.text);
	store_close(&store);
}

static void
check_policy(struct checkup *c)
{
	const char *id = c->config->policy.trust_authserv_id;

	if ((!id || !id[0]) &&
	    c->config->policy.require_authentication == REQUIRE_PASS)
		warn(c, "policy", "[policy] trust_authserv_id is empty: no "
		    "sender counts as authenticated, so every answer waits for "
		    "a person; set the name your mail server writes in "
		    "Authentication-Results (or \"exchange\")");
}

/* Every link has it: one that is none, or still the sample's, makes no link that
 * Microsoft knows. */
static void
check_client_id(struct checkup *c)
{
	struct str id = str_of(c->config->microsoft.client_id);

	if (!str_is_guid(id) || str_starts(id, STR("00000000-0000")))
		report(c, "client_id", false, "[microsoft] client_id is \"%s\";"
		    " an application (client) id is a GUID such as "
		    "3f2b8a6c-90d1-4e57-b1a2-6c5d4e3f2a1b; see the app's "
		    "overview page in Entra", id.p);
}

/* A login or token that was refused, with what mends it. */
static void
report_refused(struct checkup *c, const char *what, const char *why,
    const char *advice)
{
	report(c, what, false, "%s%s%s", why, *advice ? ". What to do: " : "",
	    advice);
}

/* The bearer is borrowed from *token_out, which the caller frees. */
static enum cd_rc
get_token(struct checkup *c, struct token **token_out, const char **bearer,
    struct cd_err *err)
{
	enum cd_rc rc = token_new(c->config, token_out, err);

	if (rc == CD_OK)
		rc = token_get(*token_out, clock_now(), bearer, err);
	return rc == CD_OK ? rc : cd_context(err, rc, "token");
}

static void
check_imap(struct checkup *c)
{
	const struct config *g = c->config;
	struct imap_options options = {
		.host = g->mailbox.host,
		.port = (int)g->mailbox.port,
		.tls = (int)g->mailbox.tls,
		.ca_file = g->mailbox.ca_file,
		.user = g->mailbox.user,
		.folder = g->mailbox.folder,
		.read_only = true,
		.timeout_ms = STEP_MS,
	};
	struct cd_err err = { "" };
	struct imap *imap = NULL;
	struct token *token = NULL;
	const char *advice = "";
	char *password = NULL;
	size_t n = 0;
	enum cd_rc rc = CD_OK;

	if (g->mailbox.auth == AUTH_METHOD_PASSWORD)
		rc = config_secret(g, "mailbox", "password_file", &password, &n,
		    &err);
	else
		rc = get_token(c, &token, &options.bearer, &err);
	options.password = password;
	if (rc != CD_OK) {
		advice = advice_token(err.text);
	} else {
		rc = imap_open(&options, &imap, &err);
		if (strstr(err.text, "login") || strstr(err.text,
			"authenticated but not connected"))
			advice = advice_imap(c->arena, g, err.text);
	}
	if (rc == CD_OK)
		report(c, "imap", true, "%s:%" PRId64 " as %s, %s, %s",
		    g->mailbox.host, g->mailbox.port, g->mailbox.user,
		    g->mailbox.folder, imap_has_idle(imap) ? "IDLE"
		    : "no IDLE: polling every 30 s");
	else
		report_refused(c, "imap", err.text, advice);
	if (rc == CD_OK && g->mailbox.done_folder) {
		enum cd_rc done = imap_find_folder(imap,
		    g->mailbox.done_folder, &err);

		report(c, "imap", done == CD_OK, "done_folder %s%s%s",
		    g->mailbox.done_folder, done == CD_OK ? "" : ": ",
		    done == CD_OK ? "" : err.text);
	}
	imap_close(&imap);
	if (rc == CD_OK && g->mailbox.sent_folder) {
		options.folder = g->mailbox.sent_folder;
		rc = imap_open(&options, &imap, &err);
		report(c, "imap", rc == CD_OK, "sent_folder %s%s%s",
		    g->mailbox.sent_folder, rc == CD_OK ? "" : ": ",
		    rc == CD_OK ? "" : err.text);
		imap_close(&imap);
	}
	token_free(&token);
	secret_free(&password, n);
}

static void
check_smtp(struct checkup *c)
{
	const struct config *g = c->config;
	struct smtp_options options = {
		.host = g->smtp.host,
		.port = (int)g->smtp.port,
		.tls = (int)g->smtp.tls,
		.ca_file = g->smtp.ca_file,
		.timeout_ms = STEP_MS,
	};
	struct smtp_result result = { 0 };
	struct cd_err err = { "" };
	struct smtp *smtp = NULL;
	struct token *token = NULL;
	const char *advice = "";
	char *password = NULL;
	size_t n = 0;
	enum cd_rc rc = CD_OK;

	if (g->smtp.auth == AUTH_METHOD_PASSWORD)
		rc = config_secret(g, "smtp", "password_file", &password, &n,
		    &err);
	else if (g->smtp.auth == AUTH_METHOD_OAUTH2)
		rc = get_token(c, &token, &options.bearer, &err);
	if (g->smtp.auth != AUTH_METHOD_NONE) {
		options.user = g->smtp.user;
		options.password = password;
	}
	if (rc != CD_OK)
		advice = advice_token(err.text);
	else
		rc = smtp_new(&options, &smtp, &err);
	if (rc == CD_OK) {
		rc = smtp_probe(smtp, &result, &err);
		if (result.code == 535 || strstr(err.text, "5.7.30"))
			advice = advice_smtp(c->arena, g, err.text);
	}
	if (rc == CD_OK)
		report(c, "smtp", true, "%s:%" PRId64 "%s%s", g->smtp.host,
		    g->smtp.port, options.user ? " as " : "", options.user
		    ? options.user : "");
	else
		report_refused(c, "smtp", err.text, advice);
	smtp_free(&smtp);
	token_free(&token);
	secret_free(&password, n);
}

static void
check_authority(struct checkup *c, const struct engine *e)
{
	const char *domain = engine_domain(e);
	struct authority *authority = NULL;
	struct discovery d = { .rc = CD_AGAIN };
	struct cd_err err = { "" };

	if (authority_new(c->config->microsoft.authority,
		c->config->microsoft.ca_file, &authority, &err) != CD_OK) {
		report(c, "authority", false, "%s", err.text);
		return;
	}
	authority_discover(authority, &domain, 1, STEP_MS, &d);
	authority_free(&authority);
	if (d.rc == CD_OK || d.rc == CD_ABSENT)
		report(c, "authority", true, "%s answers (%s: %s)",
		    c->config->microsoft.authority, domain,
		    d.rc == CD_OK ? d.guid : "no tenant");
	else
		report(c, "authority", false, "%s: %s; until it answers, links "
		    "are for \"organizations\"",
		    c->config->microsoft.authority, d.why);
}

/* The return page as an admin's browser would find it, without an answer of
 * Microsoft's: the page for an incomplete link, which names our address. */
static void
check_return(struct checkup *c)
{
	const struct config *g = c->config;
	const char *path = strstr(g->microsoft.redirect_uri, "://"), *url;
	struct cd_err err = { "" };
	struct str body;
	int status = 0;

	path = path ? strchr(path + 3, '/') : NULL;
	if (!g->web.listen || !g->web.listen[0] || !path || !path[1])
		return;
	url = arena_printf(c->arena, "http://%s/healthz", g->web.listen);
	if (fetch_get(c->arena, url, STEP_MS, &status, &body, &err) != CD_OK) {
		report(c, "return address", true, "not tried: the daemon does "
		    "not run; check again once it does");
		return;
	}
	url = g->web.public_url ? arena_printf(c->arena, "%s%s",
	    g->web.public_url, path) : g->microsoft.redirect_uri;
	if (fetch_get(c->arena, url, STEP_MS, &status, &body, &err) != CD_OK)
		report(c, "return address", false, "%s; the admin who accepts "
		    "would land nowhere: the proxy that does TLS must hand this "
		    "path on to %s", err.text, g->web.listen);
	else if (status != 400 || str_find(body,
	    str_of(g->product.support_address.v[0])) < 0)
		report(c, "return address", false, "%s answers %d, and not by "
		    "our page: the proxy that does TLS must hand this path on "
		    "to %s", url, status, g->web.listen);
	else
		report(c, "return address", true, "%s is ours", url);
}

static void
check_model(struct checkup *c)
{
	const char *own = c->config->files.model;
	const char *installed = c->config->files.installed_model;

	if (model_is_of_another_version(own))
		report(c, "model", false, "%s was learned by another version of "
		    "the program; until you learn it anew (`consentdesk train "
		    "-o %s`) mails are read with %s", own, own, installed);
	else if (strcmp(own, installed) != 0)
		report(c, "model", true, "%s", own);
}

/* Which of the files that engine_load reads an error speaks of: it names one of
 * them. */
static const char *
part_of(const struct config *c, const char *error)
{
	if (str_find(str_of(error), STR("link_secret_file: ")) >= 0)
		return "microsoft";
	if (str_find(str_of(error), str_of(c->files.templates)) >= 0)
		return "templates";
	if (str_find(str_of(error), str_of(c->files.model)) >= 0)
		return "model";
	return "rules";
}

static int
check_all(struct checkup *c, bool online, char *const *dirs, size_t n_dirs)
{
	struct engine *engine = NULL;
	struct cd_err err = { "" };

	report(c, "configuration", true, "%s", c->config->file);
	check_policy(c);
	check_client_id(c);
	config_files_look(c->config, report_file, c);
	if (engine_load(c->config, ENGINE_WHOLE, &engine, &err) != CD_OK) {
		report(c, part_of(c->config, err.text), false, "%s",
		    err.text);
	} else {
		report(c, "rules", true, "%zu rules in %s",
		    rules_count(classifier_rules(engine->classifier)),
		    c->config->files.rules);
		check_rules_suffice(c, engine);
		if (check_rules(engine, dirs, n_dirs, warn_rules, c, &err) !=
		    CD_OK)
			report(c, "rules", false, "%s", err.text);
		check_model(c);
		report(c, "templates", true, "%zu answers in %s",
		    templates_count(engine->templates),
		    c->config->files.templates);
		check_templates(engine, warn_templates, c);
		check_actions_have_templates(c, engine);
	}
	check_database(c);
	if (online) {
		check_imap(c);
		check_smtp(c);
		if (engine)
			check_authority(c, engine);
		check_return(c);
	}
	engine_free(&engine);
	return c->bad ? EX_CONFIG : EX_OK;
}

/* EX_OK, or a code after an error was printed. */
static int
look_at_folder(const char *dir)
{
	struct stat st;

	if (stat(dir, &st) != 0)
		return cli_fail(EX_NOINPUT, "%s: %s", dir, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return cli_usage("check", "%s is no folder; name the folder of "
		    "the mails (consentdesk explain reads a single one)", dir);
	return EX_OK;
}

int
cmd_check(int argc, char **argv, const struct command_env *env)
{
	bool online = false, json = false;
	const struct option_spec options[] = {
		{ "online", &online, NULL }, { "json", &json, NULL }, { 0 },
	};
	int n = cli_options(argc, argv, options, 0, 64);
	struct checkup c;
	struct config *config = NULL;
	struct cd_err err = { "" };
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	for (int i = 1; i <= n; i++) {
		code = look_at_folder(argv[i]);
		if (code != EX_OK)
			return code;
	}
	c = (struct checkup){ NULL, arena_new(), json_array(), json, 0 };
	code = cli_config_read(env, CONFIG_DAEMON, &config, &err);
	c.config = config;
	if (code == EX_OK)
		code = check_all(&c, online, argv + 1, (size_t)n);
	else if (json)
		report(&c, "configuration", false, "%s", err.text);
	else
		cli_fail(code, "%s", err.text);
	if (json)
		cli_json(json_pack("{s:b, s:O}", "ok", c.bad == 0, "findings",
		    c.findings));
	else if (config)
		printf("%s\n", c.bad ? "something is wrong: see BAD above"
				     : "all is well");
	json_decref(c.findings);
	arena_free(&c.arena);
	config_free(&config);
	return code;
}
