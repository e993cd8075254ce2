/* templates: how an answer looks, with sample data. Needs no database and no
 * secret, so that words can be worked on anywhere. */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "flow/answer.h"
#include "text/rule_file.h"

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

/* What is previewed: in which words, where to, and the sections that are kept, by
 * commas; NULL: those of a first contact. */
struct wanted {
	const char *language, *dir, *with;
};

/* Variables that only say which words are kept. */
static const char *const sections[] = {
	"first_contact", "admin", "greyed_out", "cant_find_app",
	"organizations", "with_link", "one_day",
};

static bool
is_with(const struct wanted *w, const char *name)
{
	struct str rest = str_of(w->with), word;

	while (rule_next_word(&rest, &word)) {
		if (str_eq(word, str_of(name)))
			return true;
	}
	return false;
}

/* EX_OK, or EX_USAGE after an error was printed. */
static int
check_with(struct arena *a, const struct wanted *w)
{
	struct str rest = str_of(w->with), word;
	struct buf known = buf_new(a, 512);
	size_t n = sizeof sections / sizeof *sections;

	for (size_t i = 0; i < n; i++)
		buf_printf(&known, "%s%s", i > 0 ? ", " : "", sections[i]);
	while (rule_next_word(&rest, &word)) {
		size_t i = 0;

		while (i < n && !str_eq(word, str_of(sections[i])))
			i++;
		if (i == n)
			return cli_usage("templates", "--with names sections: "
			    "%s; there is no \"%.*s\"", buf_str(&known).p,
			    STR_FMT(word));
	}
	return EX_OK;
}

static int
no_such_answer(const struct template_set *set, struct arena *a,
    const char *name)
{
	struct buf b = buf_new(a, 4096);

	for (size_t i = 0; i < templates_count(set); i++)
		buf_printf(&b, "%s%s", i > 0 ? ", " : "",
		    templates_name(set, i));
	return cli_fail(EX_NOINPUT, "there is no answer \"%s\"; there are: "
	    "%s, or all", name, buf_str(&b).p);
}

static int
preview(const struct engine *e, struct arena *a, const char *name,
    const struct wanted *w)
{
	const struct case_row row = { .id = 1, .domain = "example.com" };
	const struct answer_request r = {
		.of = &row,
		.template = name,
		.language = w->language,
		.first_contact = !w->with,
	};
	struct rendered out;
	struct cd_err err = { "" };
	size_t n;
	struct template_var *vars = answer_vars(e, a, &r,
	    answer_has_link(e, &r) || is_with(w, "with_link") ? SAMPLE_LINK :
	    NULL, false, &n);
	enum cd_rc rc;
	int code;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(vars[i].name, "reference") == 0)
			vars[i].value = "sample";
		else if (is_with(w, vars[i].name))
			vars[i].value = "1";
	}
	rc = templates_render(e->templates, a, name, w->language, vars, n,
	    &out, &err);
	if (rc != CD_OK)
		return cli_result(rc, &err);
	code = write_file(a, w->dir, name, out.language, "html", out.html);
	if (code == EX_OK)
		code = write_file(a, w->dir, name, out.language, "txt",
		    arena_printf(a, "Subject: %s\n\n%s", out.subject,
		    out.text));
	return code;
}

static int
preview_all(const struct engine *e, struct arena *a, const struct wanted *w)
{
	int code = EX_OK;

	for (size_t i = 0; code == EX_OK && i < templates_count(e->templates);
	     i++)
		code = preview(e, a, templates_name(e->templates, i), w);
	return code;
}

int
cmd_templates(int argc, char **argv, const struct command_env *env)
{
	struct wanted w = { "en", ".", NULL };
	const struct option_spec options[] = {
		{ "language", NULL, &w.language }, { "dir", NULL, &w.dir },
		{ "with", NULL, &w.with }, { 0 },
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
		code = check_with(a, &w);
	if (code == EX_OK && n >= 0)
		code = cli_config(env, CONFIG_READING, &config);
	if (config && templates_load(config->files.templates, answer_variables,
	    n_answer_variables, &set, &err) != CD_OK)
		code = cli_fail(EX_CONFIG, "%s", err.text);
	else if (set)
		code = cli_result(templates_language_check(set, w.language,
		    &err), &err);
	if (set && code == EX_OK) {
		const struct engine e = { .config = config, .templates = set };

		if (strcmp(argv[2], "all") == 0)
			code = preview_all(&e, a, &w);
		else if (templates_have(set, argv[2]))
			code = preview(&e, a, argv[2], &w);
		else
			code = no_such_answer(set, a, argv[2]);
	}
	templates_free(&set);
	config_free(&config);
	arena_free(&a);
	return code;
}
