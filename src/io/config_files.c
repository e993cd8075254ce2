/*
 * The files that a configuration names and that are read only when they are
 * needed: looked at beforehand, so that a mistake is told while somebody is there
 * to mend it. The files of [files] and link_secret_file are their readers'.
 */
#include <openssl/err.h>
#include <openssl/x509.h>

#include "io/config_files.h"
#include "token_ask.h"

struct look {
	const struct config *config;
	config_file_found *found;
	void *context;
};

static void
look_at_password(const struct look *l, const char *section, const char *file)
{
	struct cd_err err = { "" };
	char *secret = NULL;
	size_t n = 0;
	bool good = config_secret(l->config, section, "password_file", &secret,
	    &n, &err) == CD_OK;

	secret_free(&secret, n);
	l->found(l->context, section, file, good ? NULL : err.text);
}

/* Whatever the flow reads, as it reads it. */
static void
look_at_oauth2(const struct look *l)
{
	const struct config *c = l->config;
	const char *const files[] = {
		[FLOW_NONE] = "",
		[FLOW_CLIENT_SECRET] = c->oauth2.client_secret_file,
		[FLOW_CERTIFICATE] = c->oauth2.key_file,
		[FLOW_REFRESH_TOKEN] = c->oauth2.refresh_token_file,
		[FLOW_SERVICE_ACCOUNT] = c->oauth2.service_account_file,
	};
	struct token_ask ask = { .config = c, .arena = arena_new() };
	struct cd_err err = { "" };
	bool good = token_ask_make(&ask, &err) == CD_OK;

	explicit_bzero(ask.form.p, ask.form.n);
	arena_free(&ask.arena);
	l->found(l->context, "oauth2", files[c->oauth2.flow],
	    good ? NULL : err.text);
}

/* At least one certificate, by what OpenSSL reads them with for a connection. */
static void
look_at_ca(const struct look *l, const char *section, const char *file)
{
	X509_STORE *store;
	struct cd_err err = { "" };
	const char *why;
	bool good;

	if (!file)
		return;
	store = X509_STORE_new();
	cd_assert(store);
	ERR_clear_error();
	good = X509_STORE_load_file(store, file) == 1;
	if (!good) {
		why = ERR_reason_error_string(ERR_peek_error());
		(void)config_context(l->config, section, "ca_file",
		    cd_fail(&err, CD_MALFORMED, "%s: no certificates can be "
			"read from it (%s)", file, why ? why : "empty?"), &err);
	}
	ERR_clear_error();
	X509_STORE_free(store);
	l->found(l->context, section, file, good ? NULL : err.text);
}

void
config_files_look(const struct config *c, config_file_found *found,
    void *context)
{
	const struct look l = { c, found, context };

	if (c->mailbox.auth == AUTH_METHOD_PASSWORD)
		look_at_password(&l, "mailbox", c->mailbox.password_file);
	if (c->smtp.auth == AUTH_METHOD_PASSWORD)
		look_at_password(&l, "smtp", c->smtp.password_file);
	if (c->mailbox.auth == AUTH_METHOD_OAUTH2 ||
	    c->smtp.auth == AUTH_METHOD_OAUTH2)
		look_at_oauth2(&l);
	if (c->mailbox.tls != TLS_NONE)
		look_at_ca(&l, "mailbox", c->mailbox.ca_file);
	if (c->smtp.tls != TLS_NONE)
		look_at_ca(&l, "smtp", c->smtp.ca_file);
	look_at_ca(&l, "microsoft", c->microsoft.ca_file);
}

static void
note_fault(void *context, const char *section, const char *file,
    const char *wrong)
{
	struct cd_err *err = context;

	(void)section;
	(void)file;
	if (wrong && !err->text[0])
		(void)cd_fail(err, CD_MALFORMED, "%s", wrong);
}

enum cd_rc
config_files_check(const struct config *c, struct cd_err *err)
{
	struct cd_err first = { "" };

	config_files_look(c, note_fault, &first);
	return first.text[0] ? cd_fail(err, CD_MALFORMED, "%s", first.text)
			     : CD_OK;
}
