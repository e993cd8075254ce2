#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/check_templates.h"
#include "flow/answer.h"
#include "flow/return_page.h"
#include "flow/words.h"

struct look {
	const struct engine *engine;
	const struct template_set *set;
	struct arena *a;
	const char *dir;
	check_warn *warn;
	void *ctx;
};

/* ---- the reference -------------------------------------------------------- */

static void
look_for_reference(const struct look *k)
{
	const struct case_row row = { .id = 1, .domain = "example.com" };
	size_t names = templates_count(k->set), lacking = 0;
	struct arena *turn = arena_new();
	const char *first = NULL;

	for (size_t i = 0; i < names * templates_language_count(k->set); i++) {
		const struct answer_request r = { .of = &row,
			.template = templates_name(k->set, i % names) };
		const char *language = templates_language(k->set, i / names);
		const char *reference;
		struct template_var *vars;
		struct rendered out;
		size_t n;

		arena_reset(turn);
		vars = answer_vars(k->engine, turn, &r, "-", false, &n);
		reference = link_reference(turn, &k->engine->key, row.id);
		if (templates_render(k->set, turn, r.template, language, vars,
			n, &out, NULL) != CD_OK ||
		    strcmp(out.language, language) != 0)
			continue;
		for (int html = 0; html < 2; html++) {
			if (strstr(html ? out.html : out.text, reference))
				continue;
			if (lacking++ == 0)
				first = arena_printf(k->a, "%s/%s/%s.%s",
				    k->dir, language, r.template,
				    html ? "html" : "txt");
		}
	}
	if (lacking > 0)
		k->warn(k->ctx, arena_printf(k->a, "%s%s: {{reference}} is not "
		    "shown; keep it in the footer (_foot.txt, _foot.html): by "
		    "it a reply finds its case where a mail program leaves "
		    "nothing else", first, lacking == 1 ? "" : arena_printf(
		    k->a, " and %zu more", lacking - 1)));
	arena_free(&turn);
}

/* ---- files and folders ---------------------------------------------------- */

static bool
is_part(const char *name)
{
	struct str s = str_of(name);

	return str_iends(s, STR(".txt")) || str_iends(s, STR(".html")) ||
	    str_iends(s, STR(".subject"));
}

static void
look_at_file(const struct look *k, const char *path, const char *name)
{
	const char *dot = strrchr(name, '.');

	if (templates_use(k->set, path))
		return;
	if (name[0] == '_' && dot)
		k->warn(k->ctx, arena_printf(k->a, "%s: no answer opens it, by "
		    "{{>%.*s}}", path, (int)(dot - name - 1), name + 1));
	else
		k->warn(k->ctx, arena_printf(k->a, "%s: it belongs to no "
		    "answer; an answer is NAME.subject, NAME.txt and "
		    "NAME.html", path));
}

static int
no_hidden(const struct dirent *entry)
{
	struct str s = str_of(entry->d_name);

	/* Nor what editors keep beside a file. */
	return entry->d_name[0] != '.' && !str_iends(s, STR("~"));
}

static void
look_at_language(const struct look *k, const char *path, const char *name)
{
	size_t i = 0, n = templates_language_count(k->set);
	struct dirent **list = NULL;
	bool answers = false;
	int count;

	while (i < n && strcmp(templates_language(k->set, i), name) != 0)
		i++;
	if (i == n || !words_have_language(arena_strndup(k->a, name,
	    strcspn(name, "-")))) {
		k->warn(k->ctx, arena_printf(k->a, "%s: no mail is found to be "
		    "in this language; the folders' names are codes: %s", path,
		    words_language_codes(k->a)));
		return;
	}
	count = scandir(path, &list, no_hidden, alphasort);
	for (int f = 0; f < count; f++) {
		const char *file = list[f]->d_name;

		answers = answers || str_iends(str_of(file), STR(".subject"));
		look_at_file(k, arena_printf(k->a, "%s/%s", path, file), file);
		free(list[f]);
	}
	free(list);
	if (!answers)
		k->warn(k->ctx, arena_printf(k->a, "%s: no answer is in it "
		    "(NAME.subject, NAME.txt, NAME.html): people who write "
		    "this language are answered in English", path));
}

void
check_templates(const struct engine *e, check_warn *warn, void *ctx)
{
	struct look k = { e, e->templates, arena_new(),
		e->config->files.templates, warn, ctx };
	struct dirent **list = NULL;
	int n = scandir(k.dir, &list, no_hidden, alphasort);

	look_for_reference(&k);
	if (return_page_check(e, NULL) == CD_ABSENT)
		warn(ctx, arena_printf(k.a, "%s/en: there is no "
		    "return_page.subject: an admin who comes back from "
		    "Microsoft sees your name and address, but is not told "
		    "what happened; copy it, return_page.html and "
		    "_return_head.html from the installed templates", k.dir));
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;
		const char *path = arena_printf(k.a, "%s/%s", k.dir, name);
		struct stat st;

		if (stat(path, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode) && name[0] != '_')
			look_at_language(&k, path, name);
		else if (S_ISREG(st.st_mode) && is_part(name))
			look_at_file(&k, path, name);
	}
	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
	arena_free(&k.a);
}
