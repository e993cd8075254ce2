/*
 * Answers as files that a support lead can edit: Mustache without lists and
 * lambdas. Everything is read and checked at load (a typing mistake is found by
 * `check`, not by a customer): a template becomes one flat list of pieces, its
 * partials opened in place, and a section knows where it ends. Rendering is one
 * pass over that list.
 *
 * mustache(5): variables, sections, inverted sections, comments, partials,
 * standalone lines. Not kept: a partial's indentation (there is none in mail);
 * and a partial within a line loses its last line end, so that a word can live
 * in a file of its own.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/template.h"
#include "text/template_parse.h"

#define FALLBACK "en"
#define PAGE "return_page"

/* One name in one language; subject.n == 0: not there. */
struct template {
	struct template_code part[TEMPLATE_KINDS];
	bool there;
};

struct language {
	const char *name;
	struct template *templates;	/* n_names of them, then the page */
};

struct template_set {
	struct arena *arena;
	struct template_file *files;
	const char **known;
	size_t n_known;
	const char **names;
	size_t n_names;
	struct language *languages;
	size_t n_languages;
};

const char *const answer_variables[] = {
	/* The product, from the configuration. */
	"product",		/* "Numeo" */
	"also_known_as",	/* "Numeo Spot", or empty */
	"support_address",	/* where a person reads mail */
	"help_url",		/* the help article, or empty */
	/* The link. */
	"link",			/* the one-click address, or empty */
	"authority",		/* how the address of Microsoft's page begins,
				 * without the last "/" */
	"link_days",		/* how many days it works */
	"one_day",		/* these are one */
	"domain",		/* the company's, or empty if not known */
	"organizations",	/* the link is not tied to one company */
	"with_link",		/* `steps` gives the link too */
	/* The case. */
	"reference",		/* "CD-17-BCDFGHJK" */
	"first_contact",	/* we have not written to this person before */
	/* What the mail told us. */
	"greyed_out",		/* the consent button cannot be clicked */
	"cant_find_app",	/* the app is not in the list */
	"admin",		/* an admin wrote it */
};
const size_t n_answer_variables =
    sizeof answer_variables / sizeof *answer_variables;

const char *const return_variables[] = {
	"product", "support_address",
	"title",		/* what return_page.subject gives */
	"code",			/* Microsoft's, "65004", or empty */
	/* One of these is given: what came of it. */
	"approved", "declined", "not_admin", "wrong_tenant", "expired",
	"forged", "failed",
	"later",		/* we could not write it down */
};
const size_t n_return_variables =
    sizeof return_variables / sizeof *return_variables;

/* ---- loading ------------------------------------------------------------ */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The entries of a folder that `wanted` accepts (it may shorten the name),
 * sorted; an error if there is no such folder. */
static enum cd_rc
list_folder(struct arena *a, const char *path, bool (*wanted)(char *name),
    const char ***out, size_t *n_out, struct cd_err *err)
{
	const char **v = arena_array(a, CD_MAX_TEMPLATES, sizeof *v);
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t n = 0;

	if (!dir)
		return cd_fail(err, CD_ABSENT,
		    "%s: no such folder, or not readable", path);
	while (n < CD_MAX_TEMPLATES && (entry = readdir(dir)) != NULL) {
		char *name = arena_strdup(a, entry->d_name);

		if (wanted(name))
			v[n++] = name;
	}
	closedir(dir);
	qsort(v, n, sizeof *v, by_name);
	*out = v;
	*n_out = n;
	return CD_OK;
}

/* "de", "pt-br" */
static bool
is_language(char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++) {
		if (!(name[i] >= 'a' && name[i] <= 'z') && name[i] != '-')
			return false;
	}
	return n >= 2 && n <= 8 && (n <= 3 || name[2] == '-' || name[3] == '-');
}

/* "steps.subject" becomes "steps"; the page is no answer. */
static bool
is_subject(char *name)
{
	char *dot = strrchr(name, '.');

	if (!dot || dot == name || name[0] == '_' ||
	    strcmp(dot, ".subject") != 0)
		return false;
	*dot = '\0';
	return strcmp(name, PAGE) != 0;
}

/* All three parts: an answer must not reach a customer by half. */
static enum cd_rc
load_template(struct template_set *set, const char *dir, const char *lang,
    const char *name, struct template *out, struct cd_err *err)
{
	for (int kind = 0; kind < TEMPLATE_KINDS; kind++) {
		struct template_source source = {
			.arena = set->arena, .files = &set->files,
			.dir = dir, .lang = lang,
			.known = set->known, .n_known = set->n_known,
			.kind = (enum template_kind)kind,
		};
		enum cd_rc rc = template_parse(&source, name, &out->part[kind],
		    err);

		if (rc != CD_OK)
			return rc;
	}
	out->there = true;
	return CD_OK;
}

/* A set of one's own may be older than the page: then there is none. */
static enum cd_rc
load_page(struct template_set *set, const char *dir, const char *lang,
    struct template *out, struct cd_err *err)
{
	static const enum template_kind kinds[] = { TEMPLATE_SUBJECT,
		TEMPLATE_HTML };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct template_source source = {
			.arena = set->arena, .files = &set->files,
			.dir = dir, .lang = lang, .kind = kinds[i],
			.known = return_variables,
			.n_known = n_return_variables,
		};
		enum cd_rc rc = template_parse(&source, PAGE,
		    &out->part[kinds[i]], err);

		if (rc == CD_ABSENT && i == 0)
			return CD_OK;
		if (rc != CD_OK)
			return rc;
	}
	out->there = true;
	return CD_OK;
}

static ptrdiff_t
name_index(const struct template_set *set, const char *name)
{
	for (size_t i = 0; i < set->n_names; i++) {
		if (strcmp(set->names[i], name) == 0)
			return (ptrdiff_t)i;
	}
	return -1;
}

static enum cd_rc
load_language(struct template_set *set, const char *dir, struct language *lang,
    struct cd_err *err)
{
	const char *path = arena_printf(set->arena, "%s/%s", dir, lang->name);
	const char **names;
	size_t n;
	enum cd_rc rc;

	rc = list_folder(set->arena, path, is_subject, &names, &n, err);
	if (rc != CD_OK)
		return rc;
	if (n == 0 && !set->names)
		return cd_fail(err, CD_ABSENT,
		    "%s: no template in it (NAME.subject, .txt, .html)", path);
	if (!set->names) {
		set->names = names;
		set->n_names = n;
	}
	lang->templates = arena_array(set->arena, set->n_names + 1,
	    sizeof *lang->templates);
	for (size_t i = 0; i < n; i++) {
		ptrdiff_t at = name_index(set, names[i]);

		if (at < 0)
			return cd_fail(err, CD_MALFORMED, "%s/%s.subject: "
			    "there is no such template in %s/" FALLBACK,
			    path, names[i], dir);
		rc = load_template(set, dir, lang->name, names[i],
		    &lang->templates[at], err);
		if (rc != CD_OK)
			return rc;
	}
	return load_page(set, dir, lang->name,
	    &lang->templates[set->n_names], err);
}

static enum cd_rc
load_all(struct template_set *set, const char *dir, struct cd_err *err)
{
	const char **langs;
	size_t n;
	enum cd_rc rc;

	rc = list_folder(set->arena, dir, is_language, &langs, &n, err);
	if (rc != CD_OK)
		return rc;
	/* The fallback first: it says which templates there are. */
	set->languages = arena_array(set->arena, n + 1,
	    sizeof *set->languages);
	set->languages[set->n_languages++].name = FALLBACK;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(langs[i], FALLBACK) != 0)
			set->languages[set->n_languages++].name = langs[i];
	}
	for (size_t i = 0; i < set->n_languages; i++) {
		rc = load_language(set, dir, &set->languages[i], err);
		if (rc != CD_OK)
			return rc;
	}
	return CD_OK;
}

enum cd_rc
templates_load(const char *dir, const char *const *known, size_t n_known,
    struct template_set **out, struct cd_err *err)
{
	struct arena *a = arena_new();
	struct template_set *set = arena_alloc(a, sizeof *set);
	enum cd_rc rc;

	set->arena = a;
	set->n_known = n_known;
	set->known = arena_array(a, n_known, sizeof *set->known);
	for (size_t i = 0; i < n_known; i++)
		set->known[i] = arena_strdup(a, known[i]);
	rc = load_all(set, dir, err);
	if (rc != CD_OK) {
		arena_free(&a);
		return rc;
	}
	*out = set;
	return CD_OK;
}

void
templates_free(struct template_set **set)
{
	struct arena *a;

	if (!set || !*set)
		return;
	a = (*set)->arena;
	*set = NULL;
	arena_free(&a);
}

bool
templates_have(const struct template_set *set, const char *name)
{
	return name_index(set, name) >= 0;
}

size_t
templates_count(const struct template_set *set)
{
	return set->n_names;
}

const char *
templates_name(const struct template_set *set, size_t i)
{
	cd_assert(i < set->n_names);
	return set->names[i];
}

size_t
templates_language_count(const struct template_set *set)
{
	return set->n_languages;
}

const char *
templates_language(const struct template_set *set, size_t i)
{
	cd_assert(i < set->n_languages);
	return set->languages[i].name;
}

bool
templates_use(const struct template_set *set, const char *path)
{
	const struct template_file *file = set->files;

	while (file && strcmp(file->path, path) != 0)
		file = file->next;
	return file != NULL;
}

/* ---- rendering ---------------------------------------------------------- */

/* "pt" of "pt-BR" */
static struct str
short_form_of(struct str tag)
{
	ptrdiff_t dash = str_find(tag, STR("-"));

	return dash < 0 ? tag : str_sub(tag, 0, (size_t)dash);
}

enum cd_rc
templates_language_check(const struct template_set *set, const char *language,
    struct cd_err *err)
{
	struct str want = str_of(language), short_form = short_form_of(want);
	char all[256] = "";
	size_t n = 0;

	for (size_t i = 0; i < set->n_languages; i++) {
		struct str name = str_of(set->languages[i].name);

		if (str_ieq(name, want) || str_ieq(name, short_form))
			return CD_OK;
		if (n < sizeof all)
			n += (size_t)snprintf(all + n, sizeof all - n, " %s",
			    name.p);
	}
	return cd_fail(err, CD_MALFORMED, "there are no answers in the language "
	    "\"%.40s\"; one of:%s", language, all);
}

/* "pt-BR" is served by "pt-br", else "pt", else the fallback. */
static const struct language *
pick_language(const struct template_set *set, const char *wanted, size_t name)
{
	struct str want = str_of(wanted), short_form = short_form_of(want);
	const struct language *best = &set->languages[0];

	for (size_t i = 0; i < set->n_languages; i++) {
		const struct language *lang = &set->languages[i];

		if (!lang->templates[name].there)
			continue;
		if (str_ieq(str_of(lang->name), want))
			return lang;
		if (str_ieq(str_of(lang->name), short_form))
			best = lang;
	}
	return best;
}

static struct str
render_part(struct arena *a, const struct template_code *code,
    const char *const *values, bool *full)
{
	struct buf b = buf_new(a, CD_MAX_RENDERED);

	for (size_t i = 0; i < code->n; i++) {
		const struct template_node *node = &code->nodes[i];

		switch (node->kind) {
		case NODE_TEXT:
			buf_adds(&b, node->text);
			break;
		case NODE_ESCAPED:
			buf_html(&b, str_of(values[node->variable]));
			break;
		case NODE_PLAIN:
			buf_puts(&b, values[node->variable]);
			break;
		case NODE_IF:
			if (!values[node->variable][0])
				i = node->end - 1;
			break;
		case NODE_UNLESS:
			if (values[node->variable][0])
				i = node->end - 1;
			break;
		}
	}
	*full |= b.full;
	return buf_str(&b);
}

/* A value is one line of text: a line end in it could add a line of a
 * stranger's to our words. */
static const char *
clean_value(struct arena *a, const char *value)
{
	size_t n = 0;
	char *copy;

	if (!value)
		return "";
	if (!str_has_control(str_of(value)))
		return value;
	copy = arena_strdup(a, value);
	for (const char *c = value; *c; c++) {
		if ((unsigned char)*c >= 0x20 && *c != 0x7f)
			copy[n++] = *c;
	}
	copy[n] = '\0';
	return copy;
}

static const char **
collect_values(struct arena *a, const char *const *known, size_t n_known,
    const struct template_var *vars, size_t n_vars)
{
	const char **values = arena_array(a, n_known, sizeof *values);

	for (size_t i = 0; i < n_known; i++) {
		values[i] = "";
		for (size_t j = 0; j < n_vars; j++) {
			if (strcmp(vars[j].name, known[i]) == 0)
				values[i] = clean_value(a, vars[j].value);
		}
	}
	return values;
}

/* White space of any kind and number becomes one space. */
static const char *
one_line(struct arena *a, struct str s)
{
	struct buf b = buf_new(a, s.n);

	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_space(s.p[i]))
			buf_char(&b, s.p[i]);
		else if (!ascii_space(s.p[i + 1]))
			buf_char(&b, ' ');
	}
	return buf_str(&b).p;
}

enum cd_rc
templates_render(const struct template_set *set, struct arena *a,
    const char *name, const char *language, const struct template_var *vars,
    size_t n_vars, struct rendered *out, struct cd_err *err)
{
	ptrdiff_t at = name_index(set, name);
	const struct template_code *part;
	const struct language *lang;
	const char *const *values;
	struct str made[TEMPLATE_KINDS];
	bool full = false;

	if (at < 0)
		return cd_fail(err, CD_ABSENT, "template %s: there is none",
		    name);
	lang = pick_language(set, language, (size_t)at);
	values = collect_values(a, set->known, set->n_known, vars, n_vars);
	part = lang->templates[at].part;
	for (int kind = 0; kind < TEMPLATE_KINDS; kind++)
		made[kind] = render_part(a, &part[kind], values, &full);
	if (full)
		return cd_fail(err, CD_MALFORMED,
		    "template %s/%s: more than %d bytes", lang->name, name,
		    CD_MAX_RENDERED);
	out->subject = one_line(a, made[TEMPLATE_SUBJECT]);
	out->text = made[TEMPLATE_TEXT].p;
	out->html = made[TEMPLATE_HTML].p;
	out->language = lang->name;
	return CD_OK;
}

enum cd_rc
templates_render_page(const struct template_set *set, struct arena *a,
    const char *language, const struct template_var *vars, size_t n_vars,
    struct rendered *out, struct cd_err *err)
{
	const struct language *lang = pick_language(set, language,
	    set->n_names);
	const struct template *page = &lang->templates[set->n_names];
	const char **values = collect_values(a, return_variables,
	    n_return_variables, vars, n_vars);
	struct rendered made = { .language = lang->name };
	bool full = false;

	if (!page->there)
		return cd_fail(err, CD_ABSENT, "there is no " FALLBACK "/"
		    PAGE ".subject");
	made.subject = one_line(a, render_part(a,
	    &page->part[TEMPLATE_SUBJECT], values, &full));
	for (size_t i = 0; i < n_return_variables; i++) {
		if (strcmp(return_variables[i], "title") == 0)
			values[i] = made.subject;
	}
	made.html = render_part(a, &page->part[TEMPLATE_HTML], values,
	    &full).p;
	if (full)
		return cd_fail(err, CD_MALFORMED, "%s/" PAGE ": more than %d "
		    "bytes", lang->name, CD_MAX_RENDERED);
	*out = made;
	return CD_OK;
}
