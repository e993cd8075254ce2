#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "flow/answer.h"
#include "text/compose.h"
#include "text/domain.h"
#include "text/language.h"

enum cd_rc
answer_link(const struct engine *e, struct arena *a, const char *tenant,
    int64_t case_id, int64_t now, const char **url_out, struct cd_err *err)
{
	const struct config *c = e->config;
	const struct link_config link = {
		.authority = c->microsoft.authority,
		.client_id = c->microsoft.client_id,
		.scope = c->microsoft.scope,
		.redirect_uri = c->microsoft.redirect_uri,
	};
	const struct link_state state = {
		.case_id = case_id,
		.tenant = tenant ? tenant : "organizations",
		.expires = now + c->microsoft.link_days * 86400,
	};

	if (!e->has_key)
		return cd_fail(err, CD_BROKEN, "no link_secret_file was read");
	return link_build(a, &link, &e->key, &state, url_out, err);
}

struct template_var *
answer_vars(const struct engine *e, struct arena *a,
    const struct answer_request *r, const char *link, bool organizations,
    size_t *n_out)
{
	const struct config *c = e->config;
	const struct config_list *aka = &c->product.also_known_as;
	const struct template_var vars[] = {
		{ "product", c->product.name },
		{ "also_known_as", aka->n > 0 ? aka->v[0] : "" },
		{ "support_address", c->product.support_address.v[0] },
		{ "help_url", c->product.help_url },
		{ "link", link },
		{ "authority", c->microsoft.authority },
		{ "link_days", arena_printf(a, "%lld",
		    (long long)c->microsoft.link_days) },
		{ "one_day", c->microsoft.link_days == 1 ? "1" : "" },
		{ "domain", r->of->domain },
		{ "reference", e->has_key ? link_reference(a, &e->key,
		    r->of->id) : "" },
		{ "organizations", link && organizations ? "1" : "" },
		{ "greyed_out", r->intent == INTENT_GREYED_OUT ? "1" : "" },
		{ "cant_find_app",
		    r->intent == INTENT_CANT_FIND_APP ? "1" : "" },
		{ "admin", r->admin ? "1" : "" },
		{ "first_contact", r->first_contact ? "1" : "" },
		{ "with_link", link ? "1" : "" },
	};
	struct template_var *out = arena_array(a,
	    sizeof vars / sizeof *vars, sizeof *out);

	memcpy(out, vars, sizeof vars);
	*n_out = sizeof vars / sizeof *vars;
	return out;
}

/* `steps` does when the house wants both. */
bool
answer_has_link(const struct engine *e, const struct answer_request *r)
{
	if (strcmp(r->template, "link") == 0)
		return true;
	return strcmp(r->template, "steps") == 0 && r->of->domain &&
	    e->config->policy.first_reply == FIRST_STEPS_AND_LINK;
}

enum cd_rc
answer_render(const struct engine *e, struct arena *a,
    const struct answer_request *r, int64_t now, struct rendered *out,
    struct cd_err *err)
{
	const char *link = NULL;
	struct template_var *vars;
	size_t n;

	if (answer_has_link(e, r)) {
		enum cd_rc rc = answer_link(e, a, r->of->tenant, r->of->id,
		    now, &link, err);

		if (rc != CD_OK)
			return rc;
	}
	vars = answer_vars(e, a, r, link, r->of->tenant == NULL, &n);
	return templates_render(e->templates, a, r->template, r->language,
	    vars, n, out, err);
}

enum cd_rc
answer_add(const struct engine *e, struct store *s, struct arena *a,
    const struct answer_request *r, int64_t now, int64_t *outbox_out,
    struct cd_err *err)
{
	const char *at = strrchr(r->to_addr, '@');
	struct rendered rendered = { 0 };
	struct outbox_row row;
	struct answer answer;
	int64_t unique = r->mail_id;
	enum cd_rc rc;

	if (r->text) {
		rendered.text = r->text;
		rendered.subject = e->config->product.name;
		rendered.language = r->language;
	} else {
		rc = answer_render(e, a, r, now, &rendered, err);
		if (rc != CD_OK)
			return rc;
	}
	/* One automatic answer a mail has one Message-ID for ever; what people
	 * send, and answers to no mail, are told apart by chance. */
	if (!r->automatic || unique == 0)
		unique = ((int64_t)random_below(UINT32_MAX) << 20) |
		    random_below(1u << 20);
	row = (struct outbox_row){
		.case_id = r->of->id,
		.mail_id = r->mail_id,
		.state = r->draft ? OUTBOX_DRAFT : OUTBOX_QUEUED,
		.automatic = r->automatic,
		.handle = r->text ? "own_words" : r->template,
		.language = rendered.language ? rendered.language : "en",
		.to_addr = r->to_addr,
		.to_canonical = address_canonical(a, r->to_addr),
		.domain = at ? domain_organisational(a, at + 1) : "",
		.message_id = link_message_id(a, &e->key, r->of->id, unique,
		    engine_domain(e)),
		.subject = compose_subject(a, r->subject, rendered.subject),
		.text = rendered.text,
		.created = now,
		.due = now,
	};
	answer = (struct answer){
		.from = engine_from(e, a),
		.to_name = r->to_name,
		.to_addr = r->to_addr,
		.subject = row.subject,
		.message_id = row.message_id,
		.in_reply_to = r->in_reply_to,
		.references = r->references,
		.n_references = r->n_references,
		.date = now,
		.text = row.text,
		.html = rendered.html,
		.automatic = r->automatic,
	};
	row.raw = compose_message(a, &answer);
	return outbox_add(s, &row, outbox_out, err);
}

const char *
answer_message_id(const char *identity)
{
	struct str id = str_of(identity);

	/* By those we know again what has none, or could not be read. */
	return id.n == 0 || str_starts(id, STR("sha256:")) ||
	    str_starts(id, STR("unreadable:")) ? NULL : identity;
}

enum cd_rc
answer_language(struct store *s, struct arena *a, const struct case_row *of,
    const char *canonical, const char **out, struct cd_err *err)
{
	const char *language = of->language;
	struct outbox_row *rows;
	size_t n = 0;
	enum cd_rc rc = CD_OK;

	if (strcmp(canonical, of->canonical) != 0)
		rc = outbox_of_case(s, a, of->id, &rows, &n, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		if (strcmp(rows[i].to_canonical, canonical) == 0)
			language = rows[i].language;
	}
	if (rc == CD_OK)
		*out = language;
	return rc;
}

enum cd_rc
answer_take_language(struct store *s, struct arena *a, struct case_row *row,
    struct str text, const char *from, const char *to_addr, const char **out,
    struct cd_err *err)
{
	const char *before = row->language ? row->language : "";
	bool own = strcmp(from ? from : "", row->canonical) == 0;
	enum cd_rc rc = CD_OK;

	if (!own && *to_addr)
		rc = answer_language(s, a, row, address_canonical(a, to_addr),
		    &before, err);
	if (rc != CD_OK)
		return rc;
	*out = language_next(text, before);
	if (own)
		row->language = *out;
	return CD_OK;
}

/* ---- is a set of answers worth sending? ----------------------------------- */

#define SAMPLE_LINK "https://sample.example/adminconsent"
#define SITUATIONS 24	/* that sections of a template may tell apart */

/* NULL, or what a customer would miss. */
static const char *
part_fault(const char *part, bool needs_link)
{
	struct str s = str_of(part);

	if (str_trim(s).n == 0)
		return "it is empty, at least for some of the mails that it "
		    "answers";
	if (needs_link && str_find(s, STR(SAMPLE_LINK)) < 0)
		return "it does not give the link, or not to everybody who "
		    "asks for it: put {{link}} where it belongs, or "
		    "{{>button}} in HTML";
	return NULL;
}

static enum cd_rc
check_answer(const struct engine *e, struct arena *a, const char *language,
    const char *name, int situation, struct cd_err *err)
{
	static const enum intent intents[] = { INTENT_OTHER,
		INTENT_GREYED_OUT, INTENT_CANT_FIND_APP };
	bool known = situation & 1;
	const struct case_row row = { .id = 1,
		.domain = known ? "example.com" : NULL };
	const struct answer_request r = {
		.of = &row,
		.template = name,
		.admin = situation & 2,
		.first_contact = situation & 4,
		.intent = intents[situation / 8],
	};
	bool link = answer_has_link(e, &r);
	struct rendered out;
	size_t n;
	struct template_var *vars = answer_vars(e, a, &r, link ? SAMPLE_LINK
	    : NULL, !known, &n);
	const char *ending = "subject", *fault;
	enum cd_rc rc = templates_render(e->templates, a, name, language, vars,
	    n, &out, err);

	/* It has none of its own: looked at in the language it falls back
	 * to. */
	if (rc != CD_OK || strcmp(out.language, language) != 0)
		return rc;
	fault = part_fault(out.subject, false);
	if (!fault) {
		ending = "txt";
		fault = part_fault(out.text, link);
	}
	if (!fault) {
		ending = "html";
		fault = part_fault(out.html, link);
	}
	return fault ? cd_fail(err, CD_MALFORMED, "%s/%s/%s.%s: %s",
	    e->config->files.templates, language, name, ending, fault) : CD_OK;
}

enum cd_rc
answers_check(const struct engine *e, struct cd_err *err)
{
	size_t n = templates_count(e->templates);
	size_t n_languages = templates_language_count(e->templates);
	struct arena *a = arena_new();
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; rc == CD_OK && i < n * n_languages * SITUATIONS;
	     i++) {
		size_t at = i / SITUATIONS;

		arena_reset(a);
		rc = check_answer(e, a,
		    templates_language(e->templates, at / n),
		    templates_name(e->templates, at % n),
		    (int)(i % SITUATIONS), err);
	}
	arena_free(&a);
	return rc;
}
