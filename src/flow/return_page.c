#include <string.h>

#include "base/buf.h"
#include "flow/return_page.h"

/* The variables that tell the outcomes apart. */
static const char *const outcomes[] = {
	[CONSENT_APPROVED] = "approved",
	[CONSENT_DECLINED] = "declined",
	[CONSENT_NOT_ADMIN] = "not_admin",
	[CONSENT_WRONG_TENANT] = "wrong_tenant",
	[CONSENT_EXPIRED] = "expired",
	[CONSENT_FORGED] = "forged",
	[CONSENT_FAILED] = "failed",
	[CONSENT_LATER] = "later",
};
#define N_OUTCOMES (sizeof outcomes / sizeof *outcomes)

/* outcome NULL: none of them. */
static enum cd_rc
render(const struct engine *e, struct arena *a, const char *outcome, int code,
    const char *language, struct rendered *out, struct cd_err *err)
{
	const struct template_var vars[] = {
		{ "product", e->config->product.name },
		{ "support_address", e->config->product.support_address.v[0] },
		{ "code", code ? arena_printf(a, "%d", code) : "" },
		{ outcome ? outcome : "", "1" },
	};

	return templates_render_page(e->templates, a, language, vars,
	    sizeof vars / sizeof *vars, out, err);
}

/* ---- the language --------------------------------------------------------- */

/* RFC 9110 12.4.2: "q=0.8" in thousandths; not given it is 1. */
static int
weight_of(struct str parameters)
{
	ptrdiff_t at = str_ifind(parameters, STR("q="));
	int weight = 0, unit = 100;

	if (at < 0 || (size_t)at + 2 == parameters.n ||
	    parameters.p[at + 2] != '0')
		return 1000;
	for (size_t i = (size_t)at + 4; i < parameters.n && unit > 0 &&
	    ascii_digit(parameters.p[i]); i++, unit /= 10)
		weight += (parameters.p[i] - '0') * unit;
	return weight;
}

/* The best-liked range of an Accept-Language that we have words in (12.5.4); of
 * equals the first. NULL: none. */
static const char *
best_liked(const struct engine *e, struct arena *a, const char *header)
{
	struct str rest = str_of(header);
	const char *best = NULL;
	int most = 0;

	while (rest.n > 0) {
		ptrdiff_t comma = str_find(rest, STR(","));
		struct str one = str_sub(rest, 0, comma < 0 ? rest.n
							    : (size_t)comma);
		ptrdiff_t semicolon = str_find(one, STR(";"));
		size_t end = semicolon < 0 ? one.n : (size_t)semicolon;
		const char *name = arena_str(a, str_trim(str_sub(one, 0, end)));
		int weight = weight_of(str_sub(one, end, one.n));

		rest = str_sub(rest, one.n + (comma >= 0), rest.n);
		if (weight <= most || templates_language_check(e->templates,
		    name, NULL) != CD_OK)
			continue;
		best = name;
		most = weight;
	}
	return best;
}

static const char *
language_for(const struct engine *e, struct arena *a,
    const struct consent_result *r, const char *accept_language)
{
	const char *liked;

	if (r->language && templates_language_check(e->templates, r->language,
	    NULL) == CD_OK)
		return r->language;
	liked = best_liked(e, a, accept_language ? accept_language : "");
	return liked ? liked : "en";
}

/* ---- the page ------------------------------------------------------------- */

struct str
return_page(const struct engine *e, struct arena *a,
    const struct consent_result *r, const char *accept_language)
{
	struct rendered out;
	struct buf b;

	if (render(e, a, outcomes[r->outcome], r->code, language_for(e, a, r,
	    accept_language), &out, NULL) == CD_OK)
		return str_of(out.html);
	b = buf_new(a, 4096);
	buf_puts(&b, "<!doctype html>\n<title>");
	buf_html(&b, str_of(e->config->product.name));
	buf_puts(&b, "</title>\n<p>");
	buf_html(&b, str_of(e->config->product.name));
	buf_puts(&b, "<br>");
	buf_html(&b, str_of(e->config->product.support_address.v[0]));
	return buf_str(&b);
}

/* ---- is the page worth showing? ------------------------------------------- */

/* What follows the heading, or all. */
static const char *
words_of(const struct rendered *page)
{
	const char *end = strstr(page->html, "</h1>");

	return end ? end : page->html;
}

static enum cd_rc
check_outcome(const struct engine *e, struct arena *a, const char *language,
    const char *outcome, struct cd_err *err)
{
	struct rendered page, none;
	const char *ending = NULL;
	enum cd_rc rc = render(e, a, outcome, 0, language, &page, err);

	if (rc == CD_OK)
		rc = render(e, a, NULL, 0, language, &none, err);
	if (rc != CD_OK || strcmp(page.language, language) != 0)
		return rc;
	if (page.subject[0] == '\0')
		ending = "subject";
	else if (strcmp(words_of(&page), words_of(&none)) == 0)
		ending = "html";
	return ending ? cd_fail(err, CD_MALFORMED, "%s/%s/return_page.%s: it "
	    "says nothing where {{#%s}} is given, so that an admin would see "
	    "a page without words", e->config->files.templates, language,
	    ending, outcome) : CD_OK;
}

enum cd_rc
return_page_check(const struct engine *e, struct cd_err *err)
{
	size_t n = templates_language_count(e->templates);
	struct arena *a = arena_new();
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; rc == CD_OK && i < n * N_OUTCOMES; i++) {
		arena_reset(a);
		rc = check_outcome(e, a, templates_language(e->templates,
		    i / N_OUTCOMES), outcomes[i % N_OUTCOMES], err);
	}
	arena_free(&a);
	return rc;
}
