#include <jansson.h>
#include <openssl/rsa.h>

#include "token_rig.h"

#include "base/buf.h"
#include "io/jwt.h"

static EVP_PKEY *rsa;
static char thumb[64];		/* of the certificate */

static size_t
unbase64url(const char *s, size_t n, unsigned char *out)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned acc = 0;
	int bits = 0;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		const char *at = strchr(set, s[i]);

		assert_non_null(at);
		acc = acc << 6 | (unsigned)(at - set);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[k++] = (unsigned char)(acc >> bits);
		}
	}
	return k;
}

/* Verify the signature; header and claims out. */
static void
jwt_check(const char *jwt, bool pss, json_t **header, json_t **claims)
{
	const char *dot1 = strchr(jwt, '.'), *dot2;
	unsigned char raw[4096], sig[1024];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	size_t n;

	assert_non_null(dot1);
	dot2 = strchr(dot1 + 1, '.');
	assert_non_null(dot2);
	n = unbase64url(dot2 + 1, strlen(dot2 + 1), sig);
	assert_int_equal(EVP_DigestVerifyInit(ctx, &pctx, EVP_sha256(), NULL,
	    rsa), 1);
	if (pss) {
		EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, 32);
	}
	assert_int_equal(EVP_DigestVerify(ctx, sig, n,
	    (const unsigned char *)jwt, (size_t)(dot2 - jwt)), 1);
	EVP_MD_CTX_free(ctx);
	n = unbase64url(jwt, (size_t)(dot1 - jwt), raw);
	*header = json_loadb((char *)raw, n, 0, NULL);
	n = unbase64url(dot1 + 1, (size_t)(dot2 - dot1 - 1), raw);
	*claims = json_loadb((char *)raw, n, 0, NULL);
	assert_non_null(*header);
	assert_non_null(*claims);
}

static void
is_text(const json_t *o, const char *name, const char *want)
{
	const char *s = json_string_value(json_object_get(o, name));

	assert_non_null(s);
	assert_string_equal(s, want);
}

static json_int_t
number(const json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

/* RFC 6749 5.1: "Value is case insensitive." */
static void
test_type_of_any_case(void **state)
{
	struct rig r;

	(void)state;
	rig_up(&r, FLOW_CLIENT_SECRET, 200, "{\"token_type\":\"bEARER\","
	    "\"access_token\":\"tok-1\"}");
	get_ok(&r, NOW, "tok-1");
	rig_down(&r);
}

static void
test_client_secret(void **state)
{
	struct rig r;

	(void)state;
	rig_up(&r, FLOW_CLIENT_SECRET, 200, GOOD);
	get_ok(&r, NOW, "tok-1");
	assert_string_equal(r.p.seen->words,
	    "POST /t.example/oauth2/v2.0/token HTTP/1.1");
	assert_string_equal(form_value(r.p.seen->text, "grant_type"),
	    "client_credentials");
	assert_string_equal(form_value(r.p.seen->text, "client_id"),
	    "client-1");
	assert_string_equal(form_value(r.p.seen->text, "client_secret"),
	    "s3c~ret&=+ x");
	assert_string_equal(form_value(r.p.seen->text, "scope"),
	    "https://x.example/.default");
	assert_int_equal(token_fetched_at(r.t), NOW);
	assert_int_equal(token_expires_at(r.t), NOW + 3599);
	assert_null(token_trouble(r.t));
	/* Kept, renewed at 80 % of its life, forgotten. */
	get_ok(&r, NOW + 2879, "tok-1");
	assert_int_equal(r.p.seen->requests, 1);
	get_ok(&r, NOW + 2880, "tok-1");
	assert_int_equal(r.p.seen->requests, 2);
	token_forget(r.t);
	get_ok(&r, NOW + 2881, "tok-1");
	assert_int_equal(r.p.seen->requests, 3);
	rig_down(&r);
}

/* The rule holds for a life of seconds as for one of an hour. */
static void
test_short_life(void **state)
{
	static const char brief[] = "{\"access_token\":\"tok-1\","
	    "\"expires_in\":10}";
	struct rig r;
	struct cd_err err = { "" };
	const char *bearer;

	(void)state;
	rig_up(&r, FLOW_CLIENT_SECRET, 200, brief);
	for (int i = 0; i < 8; i++)
		get_ok(&r, NOW + i, "tok-1");
	assert_int_equal(r.p.seen->requests, 1);
	get_ok(&r, NOW + 8, "tok-1");
	assert_int_equal(r.p.seen->requests, 2);
	rig_down(&r);

	/* The endpoint fails: the old one serves until just before its end. */
	rig_up(&r, FLOW_CLIENT_SECRET, 200, brief);
	get_ok(&r, NOW, "tok-1");
	peer_stop(&r.p);
	get_ok(&r, NOW + 8, "tok-1");
	assert_non_null(token_trouble(r.t));
	assert_int_equal(token_get(r.t, NOW + 9, &bearer, &err), CD_AGAIN);
	assert_int_equal(token_strikes(r.t), 0);
	token_free(&r.t);
}

/* Refusals in a row are counted, weather is none, success ends the row. */
static void
test_strikes(void **state)
{
	struct rig r;
	struct cd_err err = { "" };
	const char *bearer;

	(void)state;
	rig_up(&r, FLOW_CLIENT_SECRET, 400, "{\"error\":\"invalid_grant\"}");
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(token_get(r.t, NOW, &bearer, &err),
		    CD_REFUSED);
		assert_int_equal(token_strikes(r.t), i);
	}
	rig_down(&r);

	rig_up(&r, FLOW_CLIENT_SECRET, 503, "{}");
	assert_int_equal(token_get(r.t, NOW, &bearer, &err), CD_AGAIN);
	assert_int_equal(token_strikes(r.t), 0);
	rig_down(&r);

	rig_up(&r, FLOW_CLIENT_SECRET, 200, GOOD);
	for (int i = 1; i <= 3; i++) {
		get_ok(&r, NOW, "tok-1");
		token_rejected(r.t);
		assert_int_equal(token_strikes(r.t), i);
	}
	assert_int_equal(r.p.seen->requests, 3);
	token_worked(r.t);
	assert_int_equal(token_strikes(r.t), 0);
	rig_down(&r);
}

static void
test_certificate(void **state)
{
	struct rig r;
	json_t *h, *c;
	char want[128];

	(void)state;
	rig_up(&r, FLOW_CERTIFICATE, 200, GOOD);
	get_ok(&r, NOW, "tok-1");
	assert_string_equal(form_value(r.p.seen->text, "client_assertion_type"),
	    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
	assert_string_equal(form_value(r.p.seen->text, "client_secret"), "");
	jwt_check(form_value(r.p.seen->text, "client_assertion"), true, &h, &c);
	is_text(h, "alg", "PS256");
	is_text(h, "x5t#S256", thumb);
	snprintf(want, sizeof want, "%s/t.example/oauth2/v2.0/token", r.url);
	is_text(c, "aud", want);
	is_text(c, "iss", "client-1");
	is_text(c, "sub", "client-1");
	assert_non_null(json_string_value(json_object_get(c, "jti")));
	assert_int_equal(number(c, "iat"), NOW);
	assert_int_equal(number(c, "exp"), NOW + 600);
	json_decref(h);
	json_decref(c);
	rig_down(&r);
}

static void
test_service_account(void **state)
{
	struct rig r;
	json_t *h, *c;

	(void)state;
	rig_up(&r, FLOW_SERVICE_ACCOUNT, 200, GOOD);
	get_ok(&r, NOW, "tok-1");
	assert_string_equal(form_value(r.p.seen->text, "grant_type"),
	    "urn:ietf:params:oauth:grant-type:jwt-bearer");
	jwt_check(form_value(r.p.seen->text, "assertion"), false, &h, &c);
	is_text(h, "alg", "RS256");
	is_text(h, "kid", "kid-1");
	is_text(c, "iss", "robot@g.example");
	is_text(c, "sub", "support@a.example");
	is_text(c, "scope", "https://x.example/.default");
	is_text(c, "aud", r.url);
	assert_int_equal(number(c, "exp"), NOW + 3600);
	json_decref(h);
	json_decref(c);
	rig_down(&r);
}

static void
test_refusals(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum cd_rc rc;
		const char *says;
	} rows[] = {
		{ 401, "{\"error\":\"invalid_client\",\"error_description\":"
		    "\"AADSTS7000222: keys expired.\\r\\nTrace ID: 1\"}",
		    CD_REFUSED, "AADSTS7000222: keys expired." },
		{ 400, "{\"error\":\"invalid_grant\"}", CD_REFUSED,
		    "invalid_grant" },
		{ 400, "what?", CD_AGAIN, "400" },
		{ 429, "{\"error\":\"slow_down\"}", CD_AGAIN, "429" },
		{ 503, "{\"error\":\"x\"}", CD_AGAIN, "503" },
		{ 302, "", CD_AGAIN, "302" },
		{ 200, "", CD_AGAIN, "without a token" },
		{ 200, "{}", CD_AGAIN, "without a token" },
		{ 200, "{\"access_token\":\"\"}", CD_AGAIN,
		    "without a token" },
		{ 200, "{\"access_token\":\"a\\r\\nb\"}", CD_AGAIN,
		    "without a token" },
		{ 200, "{\"access_token\":7}", CD_AGAIN, "without a token" },
		{ 200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}",
		    CD_REFUSED, "only Bearer" },
		{ 200, "{\"access_token\":\"a\",\"token_type\":\"Bearer x\"}",
		    CD_REFUSED, "only Bearer" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct rig r;
		struct cd_err err = { "" };
		const char *bearer = NULL;

		rig_up(&r, FLOW_CLIENT_SECRET, rows[i].status, rows[i].body);
		if (token_get(r.t, NOW, &bearer, &err) != rows[i].rc ||
		    !strstr(err.text, rows[i].says))
			fail_msg("row %zu: %s", i, err.text);
		assert_null(bearer);
		assert_null(strstr(err.text, "s3c"));
		assert_null(strstr(err.text, "Trace"));
		rig_down(&r);
	}
}

static void
test_bad_files(void **state)
{
	static const struct {
		enum config_flow flow;
		const char *file, *text, *says;
	} rows[] = {
		{ FLOW_CERTIFICATE, "key", "no key", "RSA private key" },
		{ FLOW_CERTIFICATE, "cert", "no certificate", "certificate" },
		{ FLOW_SERVICE_ACCOUNT, "account", "{}", "service account" },
		{ FLOW_SERVICE_ACCOUNT, "account", "{\"client_email\":\"a\","
		    "\"private_key\":\"b\"}", "private_key" },
		{ FLOW_CLIENT_SECRET, "secret", NULL, "No such file" },
	};
	char *kept = calloc(1, CD_MAX_SECRET);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct rig r;
		struct cd_err err = { "" };
		const char *bearer = NULL;
		int fd = open(path_in(rows[i].file), O_RDONLY);
		ssize_t n = read(fd, kept, CD_MAX_SECRET - 1);

		close(fd);
		kept[n] = '\0';
		if (rows[i].text)
			file_put(rows[i].file, rows[i].text);
		else
			unlink(path_in(rows[i].file));
		rig_up(&r, rows[i].flow, 200, GOOD);
		if (token_get(r.t, NOW, &bearer, &err) != CD_REFUSED ||
		    !strstr(err.text, rows[i].says) ||
		    !strstr(err.text, rows[i].file))
			fail_msg("row %zu: %s", i, err.text);
		assert_int_equal(r.p.seen->requests, 0);
		rig_down(&r);
		file_put(rows[i].file, kept);
	}
	free(kept);
}

/* A token that still holds bridges an outage of the endpoint. */
static void
test_outage(void **state)
{
	struct rig r;
	struct cd_err err = { "" };
	const char *bearer = NULL;

	(void)state;
	rig_up(&r, FLOW_CLIENT_SECRET, 200, GOOD);
	get_ok(&r, NOW, "tok-1");
	peer_stop(&r.p);
	get_ok(&r, NOW + 3100, "tok-1");
	assert_non_null(token_trouble(r.t));
	get_ok(&r, NOW + 3538, "tok-1");
	assert_int_equal(token_get(r.t, NOW + 3540, &bearer, &err), CD_AGAIN);
	token_free(&r.t);
}

static void
files_make_rsa(void)
{
	struct arena *a = arena_new();
	struct cd_err err;
	X509 *x = X509_new();
	BIO *b = BIO_new(BIO_s_mem());
	char *text, *t = NULL;
	long n;
	json_t *o;

	X509_set_pubkey(x, rsa);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_sign(x, rsa, EVP_sha256());
	PEM_write_bio_X509(b, x);
	n = BIO_get_mem_data(b, &text);
	text = arena_strndup(a, text, (size_t)n);
	file_put("cert", text);
	assert_int_equal(jwt_thumbprint(a, str_of(text), &t, &err), CD_OK);
	snprintf(thumb, sizeof thumb, "%s", t);
	assert_int_equal(strlen(thumb), 43);
	(void)BIO_reset(b);
	PEM_write_bio_PrivateKey(b, rsa, NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(b, &text);
	text = arena_strndup(a, text, (size_t)n);
	file_put("key", text);
	o = json_pack("{s:s, s:s, s:s, s:s}", "client_email",
	    "robot@g.example", "private_key", text, "private_key_id", "kid-1",
	    "token_uri", "https://nowhere.invalid/token");
	text = json_dumps(o, 0);
	file_put("account", text);
	free(text);
	json_decref(o);
	BIO_free(b);
	X509_free(x);
	arena_free(&a);
}

static int
folder_make(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/cd-token-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	rsa = EVP_RSA_gen(2048);
	file_put("secret", "s3c~ret&=+ x\n");
	file_put("refresh", "old-refresh\n");
	files_make_rsa();
	return 0;
}

static int
folder_remove(void **state)
{
	static const char *const names[] = { "secret", "refresh", "cert",
		"key", "account" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path_in(names[i]));
	EVP_PKEY_free(rsa);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_secret),
		cmocka_unit_test(test_type_of_any_case),
		cmocka_unit_test(test_short_life),
		cmocka_unit_test(test_strikes),
		cmocka_unit_test(test_certificate),
		cmocka_unit_test(test_service_account),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_outage),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
