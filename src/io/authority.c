/*
 * Tenant discovery by libcurl's multi interface: all questions at once under
 * one deadline, connections kept in between. What an answer says goes into
 * links that admins click, so it is believed only where issuer, token endpoint
 * and question agree (OpenID Connect Discovery 1.0, 4.3).
 */
#include <curl/curl.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "io/authority.h"

#define MAX_PARALLEL 64	/* both keys of a whole batch */
#define REST_AFTER 3		/* failures in a row */
#define REST_MS 30000
#define REST_MS_MAX 300000	/* where the server asks for more */

struct authority {
	struct arena *arena;
	struct arena *turn;	/* of one call */
	CURLM *multi;
	const char *url, *ca_file;
	struct str host;	/* of url, with its port */
	bool plain;		/* http, to loopback */
	int failures;		/* in a row */
	int64_t rest_until;
};

struct question {
	CURL *curl;
	const char *domain;
	struct buf body;
	struct discovery *out;
	bool answered;		/* by the authority itself, whatever it said */
	char error[CURL_ERROR_SIZE];
};

/* ---- reading an answer --------------------------------------------------- */

static void
say(struct discovery *d, enum cd_rc rc, const char *fmt, ...) CD_PRINTF(3, 4);

static void
say(struct discovery *d, enum cd_rc rc, const char *fmt, ...)
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

static const char *
field(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
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
endpoint_parse(const struct authority *a, const char *url, struct str rest,
    struct str *host_out, struct str *guid_out)
{
	struct str s = str_of(url), host;
	ptrdiff_t at;

	if (str_starts(s, STR("https://")))
		s = str_sub(s, 8, s.n);
	else if (a->plain && str_starts(s, STR("http://")))
		s = str_sub(s, 7, s.n);
	else
		return false;
	at = str_find(s, STR("/"));
	if (at < 0)
		return false;
	host = str_sub(s, 0, (size_t)at);
	if (!str_ieq(host, STR("login.microsoftonline.com")) &&
	    !str_ieq(host, a->host) && !host_is_foreign(host))
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

	return one_of(field(o, "tenant_region_scope"), regions) ||
	    one_of(field(o, "tenant_region_sub_scope"), scopes) ||
	    one_of(field(o, "cloud_instance_name"), clouds);
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
read_tenant(const struct authority *a, struct question *q, const json_t *o)
{
	struct discovery *d = q->out;
	struct str issuer = { 0 }, token, guid = { 0 }, other, asked = str_of(q->domain);
	bool both = json_object_get(o, "token_endpoint") != NULL;
	bool good = endpoint_parse(a, field(o, "issuer"), STR("/v2.0"),
	    &issuer, &guid);

	/* The issuer names the tenant; a token endpoint must agree. */
	token = issuer;
	other = guid;
	if (good && both)
		good = endpoint_parse(a, field(o, "token_endpoint"),
		    STR("/oauth2/v2.0/token"), &token, &other);
	if (!good) {
		say(d, CD_AGAIN, "%s: an answer without a tenant of Microsoft",
		    q->domain);
		return;
	}
	if (!str_ieq(guid, other) ||
	    (str_is_guid(asked) && !str_ieq(guid, asked))) {
		say(d, CD_AGAIN, "%s: an answer that names two tenants",
		    q->domain);
		return;
	}
	if (tenant_is_consumer(guid)) {
		say(d, CD_ABSENT, "%s is of personal accounts, not of a "
		    "company", q->domain);
		return;
	}
	memset(d, 0, sizeof *d);
	d->rc = CD_OK;
	for (size_t i = 0; i < 36; i++)
		d->guid[i] = ascii_lower(guid.p[i]);
	copy_word(d->region, sizeof d->region,
	    field(o, "tenant_region_scope"));
	copy_word(d->sub_scope, sizeof d->sub_scope,
	    field(o, "tenant_region_sub_scope"));
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
read_refusal(struct question *q, long status, const json_t *o)
{
	int code = code_of_absence(o);

	if (code)
		say(q->out, CD_ABSENT,
		    "Microsoft knows no tenant of %s (AADSTS%d)", q->domain,
		    code);
	else if (strcmp(field(o, "error"), "invalid_tenant") == 0)
		say(q->out, CD_ABSENT, "Microsoft knows no tenant of %s",
		    q->domain);
	else
		say(q->out, CD_AGAIN, "%s: answered %ld (%.60s)", q->domain,
		    status, field(o, "error"));
}

static void
read_answer(const struct authority *a, struct question *q)
{
	struct str body = buf_str(&q->body);
	json_t *o;
	json_error_t e;
	long status = 0;

	curl_easy_getinfo(q->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200 && (status < 400 || status > 499 || status == 408 ||
		status == 429)) {
		say(q->out, CD_AGAIN, "%s: answered %ld", q->domain, status);
		return;
	}
	o = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, &e);
	if (!json_is_object(o))
		say(q->out, CD_AGAIN, "%s: answered %ld, not in JSON",
		    q->domain, status);
	else if (status == 200)
		read_tenant(a, q, o);
	else
		read_refusal(q, status, o);
	q->answered = json_is_object(o);
	json_decref(o);
}

/* ---- asking -------------------------------------------------------------- */

static size_t
body_take(char *from, size_t size, size_t n, void *context)
{
	struct question *q = context;

	buf_add(&q->body, from, size * n);
	return q->body.full ? 0 : size * n;
}

/* Only what may stand in a host name goes into the URL. */
static bool
domain_is_plain(const char *domain)
{
	size_t n = strlen(domain);

	if (str_is_guid(str_of(domain)))
		return true;
	if (n == 0 || n > 253 || !strchr(domain, '.') || domain[0] == '.' ||
	    strstr(domain, ".."))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_alnum(domain[i]) && domain[i] != '.' &&
		    domain[i] != '-' && domain[i] != '_')
			return false;
	}
	return true;
}

#define SET(q, option, value)                                                  \
	cd_assert(curl_easy_setopt((q)->curl, option, value) == CURLE_OK)

static void
question_start(struct authority *a, struct question *q, int64_t ms)
{
	q->curl = curl_easy_init();
	cd_assert(q->curl);
	q->body = buf_new(a->turn, CD_MAX_HTTP_BODY);
	SET(q, CURLOPT_URL, arena_printf(a->turn,
	    "%s/%s/v2.0/.well-known/openid-configuration", a->url, q->domain));
	SET(q, CURLOPT_PROTOCOLS_STR, a->plain ? "http" : "https");
	SET(q, CURLOPT_FOLLOWLOCATION, 0L);
	SET(q, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(q, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(q, CURLOPT_SSL_VERIFYHOST, 2L);
	if (a->ca_file) {
		SET(q, CURLOPT_CAINFO, a->ca_file);
		SET(q, CURLOPT_CAPATH, NULL);
	}
	SET(q, CURLOPT_PROXY, "");
	SET(q, CURLOPT_NOPROXY, "*");
	SET(q, CURLOPT_NOSIGNAL, 1L);
	/* A name server that hangs must not hold us beyond the deadline. */
	SET(q, CURLOPT_QUICK_EXIT, 1L);
	SET(q, CURLOPT_TIMEOUT_MS, (long)ms);
	SET(q, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(q, CURLOPT_USERAGENT, "consentdesk/" CD_VERSION);
	SET(q, CURLOPT_ERRORBUFFER, q->error);
	SET(q, CURLOPT_WRITEFUNCTION, body_take);
	SET(q, CURLOPT_WRITEDATA, q);
	SET(q, CURLOPT_PRIVATE, q);
	cd_assert(curl_multi_add_handle(a->multi, q->curl) == CURLM_OK);
}

static void
count_failure(struct authority *a, const struct question *q)
{
	curl_off_t wait_s = 0;
	int64_t rest = REST_MS;

	/* Strangers choose the domains: an odd answer to one of them must not
	 * keep the others from being asked. */
	if (q->answered) {
		a->failures = 0;
		return;
	}
	a->failures++;
	curl_easy_getinfo(q->curl, CURLINFO_RETRY_AFTER, &wait_s);
	if (wait_s > 0) {
		a->failures = REST_AFTER;
		if (wait_s > REST_MS_MAX / 1000)
			wait_s = REST_MS_MAX / 1000;
		if (wait_s * 1000 > rest)
			rest = wait_s * 1000;
	}
	if (a->failures >= REST_AFTER)
		a->rest_until = clock_mono_ms() + rest;
}

static void
question_end(struct authority *a, struct question *q, CURLcode rc)
{
	if (rc == CURLE_OK)
		read_answer(a, q);
	else if (rc == CURLE_WRITE_ERROR)
		say(q->out, CD_AGAIN, "%s: an answer over %d bytes",
		    q->domain, CD_MAX_HTTP_BODY);
	else
		say(q->out, CD_AGAIN, "%s: %s", q->domain,
		    q->error[0] ? q->error : curl_easy_strerror(rc));
	count_failure(a, q);
	curl_multi_remove_handle(a->multi, q->curl);
	curl_easy_cleanup(q->curl);
	q->curl = NULL;
}

static size_t
take_ended(struct authority *a)
{
	size_t ended = 0;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(a->multi, &left))) {
		CURLcode rc = m->data.result;
		struct question *q;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE,
		    (char **)&q);
		question_end(a, q, rc);
		ended++;
	}
	return ended;
}

static void
ask(struct authority *a, struct question *q, size_t n, int64_t until)
{
	int64_t left = until - clock_mono_ms();
	size_t open = 0;
	int running;

	for (size_t i = 0; i < n && left > 0; i++) {
		if (!q[i].domain)
			continue;
		question_start(a, &q[i], left);
		open++;
	}
	while (open > 0 && left > 0) {
		if (curl_multi_perform(a->multi, &running) != CURLM_OK)
			break;
		open -= take_ended(a);
		left = until - clock_mono_ms();
		if (open > 0 && left > 0)
			curl_multi_poll(a->multi, NULL, 0,
			    left < 1000 ? (int)left : 1000, NULL);
	}
	for (size_t i = 0; i < n; i++) {
		if (q[i].curl)
			question_end(a, &q[i], CURLE_OPERATION_TIMEDOUT);
	}
}

void
authority_discover(struct authority *a, const char *const *domains, size_t n,
    int deadline_ms, struct discovery *out)
{
	int64_t now = clock_mono_ms();
	struct question *q;

	arena_reset(a->turn);
	q = arena_array(a->turn, n, sizeof *q);
	for (size_t i = 0; i < n; i++) {
		if (!domain_is_plain(domains[i])) {
			say(&out[i], CD_ABSENT, "'%.80s' is no domain",
			    domains[i]);
			continue;
		}
		q[i].domain = domains[i];
		q[i].out = &out[i];
		say(&out[i], CD_AGAIN, "%.80s: %s", domains[i],
		    now < a->rest_until ? "left alone after failures"
					: "no answer in time");
	}
	if (now >= a->rest_until)
		ask(a, q, n, now + deadline_ms);
	arena_reset(a->turn);
}

/* ---- the handle ---------------------------------------------------------- */

enum cd_rc
authority_new(const char *url, const char *ca_file, struct authority **out,
    struct cd_err *err)
{
	struct str s = str_of(url);
	bool plain = str_istarts(s, STR("http://"));
	struct arena *arena;
	struct authority *a;

	if (!plain && !str_istarts(s, STR("https://")))
		return cd_fail(err, CD_MALFORMED, "authority '%.100s': must "
		    "be https://", url);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return cd_fail(err, CD_BROKEN, "libcurl does not start");
	arena = arena_new();
	a = arena_alloc(arena, sizeof *a);
	a->arena = arena;
	a->turn = arena_new();
	a->plain = plain;
	while (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	a->url = arena_str(arena, s);
	a->ca_file = arena_strdup(arena, ca_file);
	s = str_sub(str_of(a->url), plain ? 7 : 8, s.n);
	a->host = str_sub(s, 0, strcspn(s.p, "/"));
	a->multi = curl_multi_init();
	cd_assert(a->multi);
	curl_multi_setopt(a->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
	    (long)MAX_PARALLEL);
	curl_multi_setopt(a->multi, CURLMOPT_MAXCONNECTS, (long)MAX_PARALLEL);
	*out = a;
	return CD_OK;
}

void
authority_free(struct authority **a)
{
	struct arena *arena;

	if (!a || !*a)
		return;
	curl_multi_cleanup((*a)->multi);
	curl_global_cleanup();
	arena_free(&(*a)->turn);
	arena = (*a)->arena;
	*a = NULL;
	arena_free(&arena);
}
