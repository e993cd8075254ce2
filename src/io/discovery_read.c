/*
 * What an answer of tenant discovery says goes into links that admins click, so
 * it is believed only where issuer, token endpoint and question agree (OpenID
 * Connect Discovery 1.0, 4.3).
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "discovery_read.h"
#include "json.h"

void
discovery_say(struct discovery *d, enum cd_rc rc, const char *fmt, ...)
{
	va_list ap;

	memset(d, 0, sizeof *d);
	d->rc = rc;
	va_start(ap, fmt);
	vsnprintf(d->why, sizeof d->why, fmt, ap);
	va_end(ap);
	for (char *p = d->why; *p; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	}
}

static bool
one_of(const char *s, const char *const *list)
{
	for (; *list; list++) {
		if (strcasecmp(s, *list) == 0)
			return true;
	}
	return false;
}

/* Sign-in hosts of clouds in which an app of the global cloud is unknown. */
static bool
host_is_foreign(struct str host)
{
	return str_ieq(host, STR("login.microsoftonline.us")) ||
	    str_ieq(host, STR("login.partner.microsoftonline.cn")) ||
	    str_ieq(host, STR("login.chinacloudapi.cn"));
}

/* Cut "https://host/GUID/rest" apart; false unless it has that form, the host
 * is one that may speak for Microsoft, and the rest is as given. */
static bool
endpoint_parse(const struct answer_context *from, const char *url,
    struct str rest, struct str *host_out, struct str *guid_out)
{
	struct str s = str_of(url), host;
	ptrdiff_t at;

	if (str_starts(s, STR("https://")))
		s = str_sub(s, 8, s.n);
	else if (from->plain && str_starts(s, STR("http://")))
		s = str_sub(s, 7, s.n);
	else
		return false;
	at = str_find(s, STR("/"));
	if (at < 0)
		return false;
	host = str_sub(s, 0, (size_t)at);
	if (!str_ieq(host, STR("login.microsoftonline.com")) &&
	    !str_ieq(host, from->host) && !host_is_foreign(host))
		return false;
	s = str_sub(s, (size_t)at + 1, s.n);
	*host_out = host;
	*guid_out = str_sub(s, 0, 36);
	return str_is_guid(*guid_out) && str_eq(str_sub(s, 36, s.n), rest);
}

static bool
cloud_is_foreign(const json_t *o)
{
	static const char *const regions[] = { "USG", "USGov", NULL };
	static const char *const scopes[] = { "DODCON", "DOD", NULL };
	static const char *const clouds[] = { "microsoftonline.us",
		"partner.microsoftonline.cn", "chinacloudapi.cn", NULL };

	return one_of(json_field(o, "tenant_region_scope"), regions) ||
	    one_of(json_field(o, "tenant_region_sub_scope"), scopes) ||
	    one_of(json_field(o, "cloud_instance_name"), clouds);
}

/* The tenants of personal accounts: no admin, nothing to approve. */
static bool
tenant_is_consumer(struct str guid)
{
	return str_ieq(guid, STR("9188040d-6c67-4c5b-b112-36a304b66dad")) ||
	    str_ieq(guid, STR("84df9e7f-e9f6-40af-b435-aaaaaaaaaaaa"));
}

static void
copy_word(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; *from && n + 1 < size; from++) {
		if (ascii_alnum(*from))
			to[n++] = *from;
	}
	to[n] = '\0';
}

static void
read_tenant(const struct answer_context *from, const json_t *o,
    struct discovery *d)
{
	struct str issuer = { 0 }, token, guid = { 0 }, other;
	struct str asked = str_of(from->domain);
	bool both = json_object_get(o, "token_endpoint") != NULL;
	bool good = endpoint_parse(from, json_field(o, "issuer"), STR("/v2.0"),
	    &issuer, &guid);

	/* The issuer names the tenant; a token endpoint must agree. */
	token = issuer;
	other = guid;
	if (good && both)
		good = endpoint_parse(from, json_field(o, "token_endpoint"),
		    STR("/oauth2/v2.0/token"), &token, &other);
	if (!good) {
		discovery_say(d, CD_AGAIN, "%s: an answer without a tenant of "
		    "Microsoft", from->domain);
		return;
	}
	if (!str_ieq(guid, other) ||
	    (str_is_guid(asked) && !str_ieq(guid, asked))) {
		discovery_say(d, CD_AGAIN, "%s: an answer that names two "
		    "tenants", from->domain);
		return;
	}
	if (tenant_is_consumer(guid)) {
		discovery_say(d, CD_ABSENT, "%s is of personal accounts, not "
		    "of a company", from->domain);
		return;
	}
	memset(d, 0, sizeof *d);
	d->rc = CD_OK;
	for (size_t i = 0; i < 36; i++)
		d->guid[i] = ascii_lower(guid.p[i]);
	copy_word(d->region, sizeof d->region,
	    json_field(o, "tenant_region_scope"));
	copy_word(d->sub_scope, sizeof d->sub_scope,
	    json_field(o, "tenant_region_sub_scope"));
	d->foreign_cloud = cloud_is_foreign(o) || host_is_foreign(issuer) ||
	    host_is_foreign(token);
}

/* The code in error_codes that means "no such tenant", or 0. */
static int
code_of_absence(const json_t *o)
{
	static const json_int_t codes[] = {
		90002,		/* tenant not found */
		50059,		/* nothing there names a tenant */
		50128,		/* no such domain in the directory */
		90019,		/* no tenant realm */
		900023,		/* neither a GUID nor a domain */
	};
	const json_t *list = json_object_get(o, "error_codes");

	for (size_t i = 0; i < json_array_size(list) && i < 16; i++) {
		json_int_t c = json_integer_value(json_array_get(list, i));

		for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
			if (c == codes[k])
				return (int)c;
		}
	}
	return 0;
}

static void
read_refusal(const struct answer_context *from, const json_t *o,
    struct discovery *d)
{
	int code = code_of_absence(o);

	if (code)
		discovery_say(d, CD_ABSENT,
		    "Microsoft knows no tenant of %s (AADSTS%d)", from->domain,
		    code);
	else if (strcmp(json_field(o, "error"), "invalid_tenant") == 0)
		discovery_say(d, CD_ABSENT, "Microsoft knows no tenant of %s",
		    from->domain);
	else
		discovery_say(d, CD_AGAIN, "%s: answered %ld (%.60s)",
		    from->domain, from->status, json_field(o, "error"));
}

bool
discovery_read(const struct answer_context *from, struct str body,
    struct discovery *out)
{
	long status = from->status;
	json_error_t e;
	json_t *o;
	bool answered;

	if (status != 200 && (status < 400 || status > 499 || status == 408 ||
		status == 429)) {
		discovery_say(out, CD_AGAIN, "%s: answered %ld", from->domain,
		    status);
		return false;
	}
	o = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, &e);
	answered = json_is_object(o);
	if (!answered)
		discovery_say(out, CD_AGAIN, "%s: answered %ld, not in JSON",
		    from->domain, status);
	else if (status == 200)
		read_tenant(from, o, out);
	else
		read_refusal(from, o, out);
	json_decref(o);
	return answered;
}
