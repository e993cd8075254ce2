#ifndef CD_TEXT_TEMPLATE_H
#define CD_TEXT_TEMPLATE_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Logic-free templates in Mustache's terms: {{var}} (HTML-escaped in an HTML
 * template), {{{var}}}, {{#name}}..{{/name}} and {{^name}}..{{/name}} over a
 * variable that is empty or not, {{>partial}}, {{! comment}}, standalone tag
 * lines leave no empty line. No lambdas, no delimiter changes, no lists.
 * A variable or partial that is not known is an error at load. {{>x}} opens
 * _x.txt or _x.html; within a line it gives the file's text without the white
 * space at its ends.
 */
struct template_var {
	const char *name;
	const char *value;	/* NULL or "" is empty; UTF-8, one line: control
				 * bytes are left out */
};

struct template_set;

/* templates/<lang>/<name>.{subject,txt,html}; partials: templates/<lang>/
 * _x.{txt,html}, else templates/_x.{txt,html}. `known` are the variables that
 * may be used. Every language has every template or falls back to "en", which
 * must be whole. Errors name file and line. */
enum cd_rc templates_load(const char *dir, const char *const *known,
    size_t n_known, struct template_set **out, struct cd_err *err) CD_CHECK;
void templates_free(struct template_set **);

bool templates_have(const struct template_set *, const char *name);
size_t templates_count(const struct template_set *);
const char *templates_name(const struct template_set *, size_t i);
/* The languages there are, "en" first. */
size_t templates_language_count(const struct template_set *);
const char *templates_language(const struct template_set *, size_t i);

/* Was this file read for an answer? The path as it was opened: dir/lang/file, or
 * dir/file for a partial beside the languages. */
bool templates_use(const struct template_set *, const char *path);

/* May a person ask for this tag, as in templates_render? CD_MALFORMED: we have no
 * words in it; the text lists the languages there are. */
enum cd_rc templates_language_check(const struct template_set *,
    const char *language, struct cd_err *err) CD_CHECK;

struct rendered {
	const char *subject;	/* one line */
	const char *text;
	const char *html;
	const char *language;	/* the one that was used */
};

/* `language` is a tag as in "pt" or "pt-BR"; one we have no words in gives
 * "en". A variable that is not in vars is empty, one that was not known at load
 * is not looked at. CD_ABSENT: no template of that name. CD_MALFORMED: longer
 * than CD_MAX_RENDERED. */
enum cd_rc templates_render(const struct template_set *, struct arena *,
    const char *name, const char *language, const struct template_var *vars,
    size_t n_vars, struct rendered *out, struct cd_err *err) CD_CHECK;

/* The page that an admin sees who comes back from Microsoft:
 * <lang>/return_page.subject, its title, and .html, with return_variables.
 * `language` as above; text is NULL. CD_ABSENT: not even in "en". CD_MALFORMED:
 * longer than CD_MAX_RENDERED. */
enum cd_rc templates_render_page(const struct template_set *, struct arena *,
    const char *language, const struct template_var *vars, size_t n_vars,
    struct rendered *out, struct cd_err *err) CD_CHECK;
extern const char *const return_variables[];
extern const size_t n_return_variables;

/* The variables every answer has; templates_load is given these names. */
extern const char *const answer_variables[];
extern const size_t n_answer_variables;

#endif
