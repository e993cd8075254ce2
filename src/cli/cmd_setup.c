/*
 * setup: from an address to a configuration that works. Nothing that is there
 * is overwritten: a configuration is moved aside, and only when asked to, a
 * secret is kept. Secrets never stand in an argument, which every user of the
 * machine could read.
 */
#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "cli/setup.h"
#include "io/authority.h"
#include "io/dns.h"

#define DISCOVER_MS 5000

/* What a file of answers may have besides the configuration's keys. */
static const char *const more_keys[] = { "setup.address", "setup.provider",
	"setup.resolver", "setup.check", "secrets.password",
	"secrets.client_secret", NULL };

/* ---- the provider ------------------------------------------------------------ */

static void
discover_tenant(struct setup *s, const char *domain)
{
	const char *url = setup_value(s, "microsoft", "authority");
	struct authority *authority = NULL;
	struct discovery d = { .rc = CD_AGAIN };

	if (authority_new(url ? url : "https://login.microsoftonline.com",
	    setup_value(s, "microsoft", "ca_file"), &authority, NULL) != CD_OK)
		return;
	authority_discover(authority, &domain, 1, DISCOVER_MS, &d);
	authority_free(&authority);
	if (d.rc == CD_OK) {
		s->tenant = arena_strdup(s->arena, d.guid);
		printf("Microsoft knows %s: tenant %s\n", domain, d.guid);
	}
}

static enum provider
guess_provider(struct setup *s, const char *domain)
{
	const char **names;
	struct cd_err err = { "" };
	size_t n;
	enum cd_rc rc = dns_mx(s->arena, setup_value(s, "setup", "resolver"),
	    domain, &names, &n, &err);
	enum provider p;

	if (rc != CD_OK) {
		printf("Who runs the mail of %s cannot be looked up: %s.\n",
		    domain, err.text);
		/* A filter may stand before it; the tenant is a hint. */
		return s->tenant ? PROVIDER_EXCHANGE : PROVIDER_OTHER;
	}
	p = provider_of_mx(names, n);
	printf("Mail of %s goes to %s: %s\n", domain, names[0],
	    provider_facts(p)->name);
	return p == PROVIDER_OTHER && s->tenant ? PROVIDER_EXCHANGE : p;
}

static void
find_provider(struct setup *s)
{
	const char *domain = strrchr(s->address, '@') + 1;
	const char *word = setup_value(s, "setup", "provider");
	enum provider guess = PROVIDER_OTHER;

	if (!word) {
		discover_tenant(s, domain);
		guess = guess_provider(s, domain);
	}
	word = setup_ask(s, "setup", "provider", provider_facts(guess)->word,
	    "Who runs the mailbox: microsoft (Microsoft 365), google (Google "
	    "Workspace) or\nother.");
	if (word)
		(void)provider_by_word(word, &s->provider);
}

/* ---- writing ------------------------------------------------------------------ */

static int
make_folder(const char *path, mode_t mode)
{
	if (mkdir(path, mode) == 0)
		printf("made the folder %s\n", path);
	else if (errno != EEXIST)
		return cli_fail(EX_CANTCREAT, "%s: %s", path, strerror(errno));
	return EX_OK;
}

/* A new file that passes as a configuration, under a name of its own. */
static int
write_draft(struct setup *s, const char *path)
{
	FILE *f = fopen(path, "wxe");
	struct config *config = NULL;
	struct cd_err err = { "" };
	bool ok;

	if (!f)
		return cli_fail(EX_CANTCREAT, "%s: %s", path, strerror(errno));
	config_print(f, s->pairs, s->n);
	ok = fflush(f) == 0 && fchmod(fileno(f), 0644) == 0 &&
	    fsync(fileno(f)) == 0;
	if (fclose(f) != 0 || !ok) {
		unlink(path);
		return cli_fail(EX_CANTCREAT, "%s: %s", path, strerror(errno));
	}
	if (config_load(path, CONFIG_DAEMON, &config, &err) != CD_OK) {
		unlink(path);
		return cli_fail(EX_DATAERR, "these answers make no "
		    "configuration:\n%s", err.text);
	}
	config_free(&config);
	return EX_OK;
}

static int
write_secrets(struct setup *s)
{
	struct cd_err err = { "" };

	for (size_t i = 0; i < s->n_secrets; i++) {
		const char *file = s->secrets[i].file;

		if (access(file, F_OK) == 0) {
			printf("%s is there already and is kept.\n", file);
			continue;
		}
		if (secret_write(file, s->secrets[i].text, &err) != CD_OK)
			return cli_fail(EX_CANTCREAT, "%s", err.text);
		printf("wrote %s (mode 0600)\n", file);
	}
	return EX_OK;
}

/* The key of links: nobody has to invent it. */
static void
make_link_secret(struct setup *s)
{
	unsigned char raw[32];
	char hex[2 * sizeof raw + 1];

	if (setup_value(s, "microsoft", "link_secret_file"))
		return;
	random_bytes(raw, sizeof raw);
	for (size_t i = 0; i < sizeof raw; i++)
		snprintf(hex + 2 * i, 3, "%02x", raw[i]);
	setup_put(s, "microsoft", "link_secret_file", "link-secret");
	s->secrets[s->n_secrets].file = arena_printf(s->arena,
	    "%s/link-secret", s->folder);
	s->secrets[s->n_secrets++].text = arena_strdup(s->arena, hex);
}

static int
write_all(struct setup *s, bool replace)
{
	const char *draft = arena_printf(s->arena, "%s.new", s->config_file);
	const char *database = setup_value(s, "files", "database");
	int code = make_folder(s->folder, 0755);
	bool made;

	make_link_secret(s);
	if (code == EX_OK)
		code = write_draft(s, draft);
	made = code == EX_OK;
	if (code == EX_OK)
		code = write_secrets(s);
	if (code == EX_OK && database[0] == '/')
		code = make_folder(dirname(arena_strdup(s->arena, database)),
		    0700);
	if (code == EX_OK && replace && access(s->config_file, F_OK) == 0) {
		const char *aside = arena_printf(s->arena, "%s.%s",
		    s->config_file, clock_iso(s->arena, clock_now()));

		if (rename(s->config_file, aside) != 0)
			code = cli_fail(EX_CANTCREAT, "%s: %s", aside,
			    strerror(errno));
		else
			printf("moved the old %s to %s\n", s->config_file,
			    aside);
	}
	/* link(2) fails where a file has come up meanwhile. */
	if (code == EX_OK && link(draft, s->config_file) != 0)
		code = cli_fail(EX_CANTCREAT, "%s: %s", s->config_file,
		    strerror(errno));
	/* One that was there before is somebody's. */
	if (made)
		unlink(draft);
	if (code == EX_OK)
		printf("wrote %s\n", s->config_file);
	return code;
}

/* ---- the command ---------------------------------------------------------------- */

static int
check(const struct setup *s, const struct command_env *env)
{
	const char *how = setup_value(s, "setup", "check");
	char name[] = "check", online[] = "--online";
	char *argv[] = { name, online, NULL };
	int code;

	if (how && strcmp(how, "none") == 0)
		return EX_OK;
	puts("==== consentdesk check ====\n");
	fflush(stdout);
	code = cmd_check(how && strcmp(how, "offline") == 0 ? 1 : 2, argv, env);
	if (code != EX_OK)
		printf("\nMend what is BAD above, then: consentdesk -c %s check "
		    "--online\n", s->config_file);
	else
		printf("\nNow start it: systemctl enable --now consentdesk\n"
		    "(or by hand: consentdesk -c %s run)\n", s->config_file);
	return code;
}

static int
run(struct setup *s, bool replace, const struct command_env *env)
{
	const char *how = setup_value(s, "setup", "check");
	int code;

	if (how && strcmp(how, "online") != 0 && strcmp(how, "offline") != 0 &&
	    strcmp(how, "none") != 0)
		return cli_fail(EX_DATAERR, "\"%s\": [setup] check is online, "
		    "offline or none", how);
	s->address = setup_ask(s, "setup", "address", NULL, "The address of "
	    "the support mailbox that is to be read.");
	if (s->address)
		find_provider(s);
	if (s->code == EX_OK)
		setup_questions(s);
	if (s->code != EX_OK)
		return s->code;
	puts("");
	code = write_all(s, replace);
	if (code != EX_OK)
		return code;
	setup_print_grants(s);
	return check(s, env);
}

int
cmd_setup(int argc, char **argv, const struct command_env *env)
{
	const char *answers = NULL;
	bool replace = false;
	const struct option_spec options[] = {
		{ "answers", NULL, &answers }, { "replace", &replace, NULL },
		{ 0 },
	};
	int n = cli_options(argc, argv, options, 0, 0);
	struct setup s = { .config_file = env->config_file };
	struct cd_err err = { "" };
	enum cd_rc rc = CD_OK;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (!replace && access(env->config_file, F_OK) == 0)
		return cli_fail(EX_CANTCREAT, "%s is there already and is left "
		    "as it is; --replace moves it aside and writes a new one",
		    env->config_file);
	s.arena = arena_new();
	s.folder = dirname(arena_strdup(s.arena, s.config_file));
	s.scripted = answers != NULL;
	s.pairs = arena_array(s.arena, 2 * CD_MAX_ANSWERS, sizeof *s.pairs);
	if (answers) {
		struct config_pair *given;

		rc = config_pairs_read(s.arena, answers, more_keys, &given,
		    &s.n, &err);
		if (rc == CD_OK)
			memcpy(s.pairs, given, s.n * sizeof *given);
	}
	code = rc == CD_OK ? run(&s, replace, env) : cli_result(rc, &err);
	arena_free(&s.arena);
	return code;
}
