#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "flow/answer.h"
#include "flow/engine.h"
#include "flow/return_page.h"
#include "text/address.h"
#include "text/classifier.h"
#include "text/domain.h"
#include "text/rule_needs.h"

static void
own_names(struct engine *e)
{
	const struct config_list *list =
	    &e->config->product.support_address;

	e->own = arena_array(e->arena, list->n, sizeof *e->own);
	e->own_domains = arena_array(e->arena, list->n,
	    sizeof *e->own_domains);
	for (size_t i = 0; i < list->n; i++) {
		const char *at = strrchr(list->v[i], '@');
		const char *domain;

		e->own[e->n_own++] = address_canonical(e->arena, list->v[i]);
		domain = domain_normal(e->arena, str_of(at ? at + 1 : ""));
		if (!domain)
			continue;
		domain = domain_organisational(e->arena, domain);
		e->own_domains[e->n_own_domains++] = domain;
	}
}

/* Domains of no customer: our own, and those that our question for the domain
 * shows as an example (templates' ask_domain), which some people copy. */
static const char *const *
nobodys_domains(const struct engine *e, size_t *n_out)
{
	static const char *const examples[] = {
		"ihrefirma.de", "kompaniyangiz.com", "sirketiniz.com",
		"suaempresa.com.br", "suempresa.com", "twojafirma.pl",
		"vashakompaniia.com", "vashakompaniya.com",
		"votreentreprise.com", "yourcompany.com",
	};
	size_t n = sizeof examples / sizeof *examples;
	const char **list = arena_array(e->arena, e->n_own_domains + n,
	    sizeof *list);

	for (size_t i = 0; i < e->n_own_domains; i++)
		list[i] = e->own_domains[i];
	for (size_t i = 0; i < n; i++)
		list[e->n_own_domains + i] = examples[i];
	*n_out = e->n_own_domains + n;
	return list;
}

static enum cd_rc
read_key(struct engine *e, struct cd_err *err)
{
	const char *file = e->config->microsoft.link_secret_file;
	enum cd_rc rc;
	char *secret;
	size_t n;

	rc = config_secret(e->config, "microsoft", "link_secret_file", &secret,
	    &n, err);
	if (rc != CD_OK)
		return rc;
	if (n < LINK_KEY_LEAST) {
		secret_free(&secret, n);
		rc = cd_fail(err, CD_MALFORMED, "%s holds %zu bytes, at least "
		    "%d are needed; make one with: openssl rand -base64 48 > %s",
		    file, n, LINK_KEY_LEAST, file);
		return config_context(e->config, "microsoft",
		    "link_secret_file", rc, err);
	}
	e->key.n = n < sizeof e->key.secret ? n : sizeof e->key.secret;
	memcpy(e->key.secret, secret, e->key.n);
	secret_free(&secret, n);
	e->has_key = true;
	return CD_OK;
}

/* What somebody learned himself is no use after an upgrade that changed what a
 * model sees. Mails are read with the installed one until he has learned anew. */
static const char *
model_to_read_with(struct arena *a, const struct config *config)
{
	const char *own = config->files.model;
	const char *installed = config->files.installed_model;

	if (strcmp(own, installed) == 0 || !model_is_of_another_version(own))
		return own;
	log_warn("model.old", "file=%s instead=%s next=\"learn it anew with "
	    "`consentdesk train`\"", log_q(a, own), log_q(a, installed));
	return installed;
}

static void
tell_what_rules_lack(const struct engine *e)
{
	struct cd_err lack;

	if (rule_needs_met(e->arena, classifier_rules(e->classifier),
	    e->config->files.rules, &lack) != CD_OK)
		log_error("rules.incomplete", "error=%s",
		    log_q(e->arena, lack.text));
}

enum cd_rc
engine_load(const struct config *config, enum engine_part parts,
    struct engine **out, struct cd_err *err)
{
	struct arena *a = arena_new();
	struct engine *e = arena_alloc(a, sizeof *e);
	struct classifier_options options;
	const char **names;
	enum cd_rc rc = CD_OK;

	e->arena = a;
	e->config = config;
	own_names(e);

	names = arena_array(a, config->product.also_known_as.n + 1,
	    sizeof *names);
	names[0] = config->product.name;
	for (size_t i = 0; i < config->product.also_known_as.n; i++)
		names[i + 1] = config->product.also_known_as.v[i];
	options = (struct classifier_options){
		.rules_dir = config->files.rules,
		.model_file = parts & ENGINE_READS ?
		    model_to_read_with(a, config) : NULL,
		.product_names = names,
		.n_product_names = config->product.also_known_as.n + 1,
		.client_id = config->microsoft.client_id,
	};
	options.own_domains = nobodys_domains(e, &options.n_own_domains);
	if (parts & (ENGINE_READS | ENGINE_LEARNS))
		rc = classifier_load(&options, &e->classifier, err);
	if (rc == CD_OK && e->classifier)
		tell_what_rules_lack(e);
	if (rc == CD_OK && (parts & ENGINE_ANSWERS))
		rc = templates_load(config->files.templates, answer_variables,
		    n_answer_variables, &e->templates, err);
	if (rc == CD_OK && (parts & ENGINE_ANSWERS))
		rc = codes_load(a, arena_printf(a, "%s/codes",
		    config->files.rules), &e->codes, err);
	if (rc == CD_OK && (parts & ENGINE_ANSWERS))
		rc = read_key(e, err);
	if (rc == CD_OK && (parts & ENGINE_ANSWERS))
		rc = answers_check(e, err);
	if (rc == CD_OK && (parts & ENGINE_ANSWERS)) {
		rc = return_page_check(e, err);
		if (rc == CD_ABSENT)	/* its owner is told by `check` */
			rc = CD_OK;
	}
	if (rc != CD_OK) {
		engine_free(&e);
		return rc;
	}
	*out = e;
	return CD_OK;
}

void
engine_free(struct engine **e)
{
	struct arena *a;

	if (!e || !*e)
		return;
	classifier_free(&(*e)->classifier);
	templates_free(&(*e)->templates);
	explicit_bzero(&(*e)->key, sizeof (*e)->key);
	a = (*e)->arena;	/* the engine itself lives in it */
	arena_free(&a);
	*e = NULL;
}

bool
engine_is_own(const struct engine *e, const char *canonical)
{
	for (size_t i = 0; canonical && i < e->n_own; i++) {
		if (strcmp(e->own[i], canonical) == 0)
			return true;
	}
	return false;
}

bool
engine_proves(const struct engine *e, const char *authentication)
{
	switch (e->config->policy.require_authentication) {
	case REQUIRE_PASS:
		return authentication && strcmp(authentication, "pass") == 0;
	case REQUIRE_NOT_FAIL:
		return !authentication || strcmp(authentication, "fail") != 0;
	case REQUIRE_OFF:
		return true;
	}
	return false;
}

bool
engine_alarm(const struct engine *e, int64_t case_id, int code,
    const char *from)
{
	struct arena *a;

	if (strcmp(codes_remedy(e->codes, code), "vendor_urgent") != 0)
		return false;
	a = arena_new();
	log_error("vendor.alarm", "case=%" PRId64 " code=AADSTS%d from=%s "
	    "why=\"our own app's secret or certificate is wrong or has "
	    "expired: this hits every customer\"", case_id, code,
	    log_q(a, from));
	arena_free(&a);
	return true;
}

const char *
engine_domain(const struct engine *e)
{
	const char *at = strrchr(e->config->product.support_address.v[0], '@');

	return at ? at + 1 : "localhost";
}

const char *
engine_return_path(const struct engine *e)
{
	const char *path = e->config->smtp.envelope_from;

	if (!path)
		return e->config->product.support_address.v[0];
	return strcmp(path, "<>") == 0 ? "" : path;
}

struct mailbox
engine_from(const struct engine *e, struct arena *a)
{
	const char *addr = e->config->product.support_address.v[0];
	const char *at = strrchr(addr, '@');

	return (struct mailbox){
		.name = arena_printf(a, "%s Support", e->config->product.name),
		.addr = addr,
		.local = arena_strndup(a, addr,
		    at ? (size_t)(at - addr) : strlen(addr)),
		.domain = at ? at + 1 : "",
	};
}
