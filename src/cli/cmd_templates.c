/* templates: how an answer looks, with sample data. Needs no database and no
 * secret, so that words can be worked on anywhere. */
#include <errno.h>
#include <string.h>

#include "cli/cli.h"
#include "flow/answer.h"

#define SAMPLE_LINK "https://login.microsoftonline.com/organizations/v2.0/" \
	"adminconsent?client_id=sample&state=sample"

static int
write_file(struct arena *a, const char *dir, const char *name,
    const char *language, const char *kind, const char *text)
{
	const char *path = arena_printf(a, "%s/%s.%s.%s", dir, name, language,
	    kind);
	FILE *f = fopen(path, "we");
	bool ok = f && fputs(text, f) >= 0;

	if (f && fclose(f) != 0)
		ok = false;
	if (!ok)
		return cli_fail(EX_CANTCREAT, "%s: %s", path, strerror(errno));
	printf("%s\n", path);
	return EX_OK;
}

static int
preview(const struct engine *e, struct arena *a, const char *name,
    const char *language, const char *dir)
{
	const struct case_row row = { .id = 1, .domain = "example.com" };
	const struct answer_request r = {
		.of = &row,
		.template = name,
		.language = language,
		.first_contact = true,
	};
	struct rendered out;
	struct cd_err err = { "" };
	size_t n;
	struct template_var *vars = answer_vars(e, a, &r,
	    answer_has_link(e, &r) ? SAMPLE_LINK : NULL, false, &n);
	enum cd_rc rc;
	int code;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(vars[i].name, "reference") == 0)
			vars[i].value = "sample";
	}
	rc = templates_render(e->templates, a, name, language, vars, n, &out,
	    &err);
	if (rc != CD_OK)
		return cli_result(rc, &err);
	code = write_file(a, dir, name, out.language, "html", out.html);
	if (code == EX_OK)
		code = write_file(a, dir, name, out.language, "txt",
		    arena_printf(a, "Subject: %s\n\n%s", out.subject,
		    out.text));
	return code;
}

static int
preview_all(const struct engine *e, struct arena *a, const char *language,
    const char *dir)
{
	int code = EX_OK;

	for (size_t i = 0; code == EX_OK && i < templates_count(e->templates);
	     i++)
		code = preview(e, a, templates_name(e->templates, i), language,
		    dir);
	return code;
}

int
cmd_templates(int argc, char **argv, const struct command_env *env)
{
	const char *language = "en", *dir = ".";
	const struct option_spec options[] = {
		{ "language", NULL, &language }, { "dir", NULL, &dir }, { 0 },
	};
	int n = cli_options(argc, argv, options, 2, 2);
	struct arena *a = arena_new();
	struct config *config = NULL;
	struct template_set *set = NULL;
	struct cd_err err = { "" };
	int code = EX_USAGE;

	if (n == -2)
		code = EX_OK;
	else if (n >= 0 && strcmp(argv[1], "preview") != 0)
		code = cli_usage("templates", "unknown verb \"%s\"", argv[1]);
	else if (n >= 0)
		code = cli_config(env, CONFIG_READING, &config);
	if (config && templates_load(config->files.templates, answer_variables,
	    n_answer_variables, &set, &err) != CD_OK)
		code = cli_fail(EX_CONFIG, "%s", err.text);
	else if (set)
		code = cli_result(templates_language_check(set, language,
		    &err), &err);
	if (set && code == EX_OK) {
		const struct engine e = { .config = config, .templates = set };

		code = strcmp(argv[2], "all") == 0
		    ? preview_all(&e, a, language, dir)
		    : preview(&e, a, argv[2], language, dir);
	}
	templates_free(&set);
	config_free(&config);
	arena_free(&a);
	return code;
}
