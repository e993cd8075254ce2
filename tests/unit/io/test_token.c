#include <fcntl.h>
#include <jansson.h>
#include <openssl/rsa.h>
#include <sys/stat.h>

#include "unit.h"

#include "base/buf.h"
#include "io/jwt.h"
#include "io/token.h"
#include "peer.h"

#define NOW 1800000000
#define GOOD "{\"token_type\":\"Bearer\",\"expires_in\":3599,"               \
	"\"access_token\":\"tok-1\"}"

static char folder[64];
static EVP_PKEY *rsa;
static char thumb[64];		/* of the certificate */

struct script {
	int status;
	const char *body;
};

/* Keeps the body of the last POST in seen->text. */
static void
serve(struct peer_line *l, const void *script, struct peer_seen *seen)
{
	const struct script *s = script;
	char line[2048], head[256];
	size_t n = 0;

	while (peer_gets(l, line, sizeof line)) {
		snprintf(seen->words, sizeof seen->words, "%.200s", line);
		while (peer_gets(l, line, sizeof line) && *line)
			sscanf(line, "Content-Length: %zu", &n);
		for (size_t i = 0; i < n && i + 1 < sizeof seen->text; i++)
			seen->text[i] = (char)peer_get(l);
		seen->text[n] = '\0';
		seen->requests++;
		snprintf(head, sizeof head, "HTTP/1.1 %d X\r\n"
		    "Content-Length: %zu\r\n\r\n", s->status,
		    strlen(s->body));
		peer_puts(l, head);
		peer_puts(l, s->body);
	}
}

static char *
path_in(const char *name)
{
	static char path[32][128];
	static int turn;

	turn = (turn + 1) % 32;
	snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
	return path[turn];
}

static void
file_put(const char *name, const char *text)
{
	int fd = open(path_in(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Out of a form, decoded; in a static place. */
static const char *
form_value(const char *form, const char *name)
{
	static char out[8192];
	char key[64];
	const char *at;
	size_t n = 0;

	snprintf(key, sizeof key, "%s=", name);
	at = strncmp(form, key, strlen(key)) == 0 ? form : NULL;
	if (!at) {
		snprintf(key, sizeof key, "&%s=", name);
		at = strstr(form, key);
	}
	if (!at)
		return "";
	for (at += strlen(key); *at && *at != '&'; at++) {
		unsigned c = (unsigned char)*at;

		if (c == '%') {
			sscanf(at + 1, "%2x", &c);
			at += 2;
		}
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return out;
}

static void
setup_config(struct config *c, enum config_flow flow, const char *url)
{
	memset(c, 0, sizeof *c);
	c->microsoft.authority = url;
	c->mailbox.user = "support@a.example";
	c->oauth2.flow = flow;
	c->oauth2.tenant = "t.example";
	c->oauth2.client_id = "client-1";
	c->oauth2.scope = "https://x.example/.default";
	c->oauth2.client_secret_file = path_in("secret");
	c->oauth2.certificate_file = path_in("cert");
	c->oauth2.key_file = path_in("key");
	c->oauth2.refresh_token_file = path_in("refresh");
	c->oauth2.service_account_file = path_in("account");
}

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

struct rig {
	struct script script;
	struct peer p;
	struct config c;
	struct token *t;
	char url[64];
};

static void
rig_up(struct rig *r, enum config_flow flow, int status, const char *body)
{
	struct cd_err err = { "" };

	memset(r, 0, sizeof *r);
	r->script = (struct script){ status, body };
	peer_start(&r->p, 0, serve, &r->script);
	snprintf(r->url, sizeof r->url, "http://127.0.0.1:%d", r->p.port);
	setup_config(&r->c, flow, r->url);
	if (flow == FLOW_SERVICE_ACCOUNT)
		r->c.oauth2.token_url = r->url;
	assert_int_equal(token_new(&r->c, &r->t, &err), CD_OK);
}

static void
rig_down(struct rig *r)
{
	token_free(&r->t);
	assert_null(r->t);
	peer_stop(&r->p);
}

static void
get_ok(struct rig *r, int64_t now, const char *want)
{
	struct cd_err err = { "" };
	const char *bearer = NULL;

	if (token_get(r->t, now, &bearer, &err) != CD_OK)
		fail_msg("%s", err.text);
	assert_string_equal(bearer, want);
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
refresh_is(const char *want)
{
	struct cd_err err = { "" };
	char *s;
	size_t n;

	assert_int_equal(secret_read(path_in("refresh"), &s, &n, &err), CD_OK);
	assert_string_equal(s, want);
	secret_free(&s, n);
}

static void
test_refresh_token(void **state)
{
	static const char rotated[] = "{\"access_token\":\"tok-2\","
	    "\"expires_in\":\"3600\",\"refresh_token\":\"new-refresh\"}";
	struct rig r;

	(void)state;
	file_put("refresh", "old-refresh\n");
	rig_up(&r, FLOW_REFRESH_TOKEN, 200, GOOD);
	get_ok(&r, NOW, "tok-1");
	assert_string_equal(form_value(r.p.seen->text, "grant_type"),
	    "refresh_token");
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "old-refresh");
	refresh_is("old-refresh");
	rig_down(&r);

	rig_up(&r, FLOW_REFRESH_TOKEN, 200, rotated);
	get_ok(&r, NOW, "tok-2");
	refresh_is("new-refresh");
	assert_null(token_trouble(r.t));
	get_ok(&r, NOW + 3599, "tok-2");
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "new-refresh");
	rig_down(&r);
}

/* The new one is used although it cannot be stored, and somebody is told. */
static void
test_refresh_not_stored(void **state)
{
	static const char rotated[] = "{\"access_token\":\"tok-2\","
	    "\"expires_in\":3600,\"refresh_token\":\"newer\"}";
	struct rig r;

	(void)state;
	file_put("refresh", "old-refresh\n");
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	rig_up(&r, FLOW_REFRESH_TOKEN, 200, rotated);
	r.c.oauth2.refresh_token_file = "refresh";
	get_ok(&r, NOW, "tok-2");
	refresh_is("old-refresh");
	assert_non_null(strstr(token_trouble(r.t), "could not be stored"));
	get_ok(&r, NOW + 3599, "tok-2");
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "newer");
	rig_down(&r);
	unsetenv("CREDENTIALS_DIRECTORY");
}

/* Each refresh token ("r-0", "r-1" ...) is good once, and takes a while. */
static void
serve_once(struct peer_line *l, const void *script, struct peer_seen *seen)
{
	char line[2048], body[256], head[128];
	size_t n = 0;

	(void)script;
	while (peer_gets(l, line, sizeof line)) {
		static char form[8192];
		int number = -1, current;

		while (peer_gets(l, line, sizeof line) && *line)
			sscanf(line, "Content-Length: %zu", &n);
		for (size_t i = 0; i < n && i + 1 < sizeof form; i++)
			form[i] = (char)peer_get(l);
		form[n] = '\0';
		sscanf(form_value(form, "refresh_token"), "r-%d", &number);
		current = number;
		if (__atomic_compare_exchange_n(&seen->ends, &current,
			number + 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			snprintf(body, sizeof body, "{\"access_token\":"
			    "\"tok-%d\",\"expires_in\":3600,"
			    "\"refresh_token\":\"r-%d\"}", number, number + 1);
		else
			snprintf(body, sizeof body,
			    "{\"error\":\"invalid_grant\"}");
		usleep(20000);
		snprintf(head, sizeof head, "HTTP/1.1 %d X\r\n"
		    "Content-Length: %zu\r\n\r\n",
		    strstr(body, "error") ? 400 : 200, strlen(body));
		peer_puts(l, head);
		peer_puts(l, body);
	}
}

/* Two roles with one refresh token: never do both ask with the same one. */
static void
test_refresh_of_two_processes(void **state)
{
	struct peer p;
	char url[64];
	pid_t child[2];
	int status;

	(void)state;
	file_put("refresh", "r-0\n");
	peer_start(&p, 0, serve_once, NULL);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", p.port);
	for (int k = 0; k < 2; k++) {
		struct config c;
		struct token *t;
		struct cd_err err = { "" };
		const char *bearer;

		child[k] = fork();
		if (child[k] != 0)
			continue;
		setup_config(&c, FLOW_REFRESH_TOKEN, url);
		if (token_new(&c, &t, &err) != CD_OK)
			_exit(1);
		for (int i = 0; i < 8; i++) {
			token_forget(t);
			if (token_get(t, NOW, &bearer, &err) != CD_OK) {
				fprintf(stderr, "%s\n", err.text);
				_exit(1);
			}
		}
		_exit(token_strikes(t));
	}
	for (int k = 0; k < 2; k++) {
		assert_int_equal(waitpid(child[k], &status, 0), child[k]);
		assert_int_equal(status, 0);
	}
	refresh_is("r-16");
	peer_stop(&p);
}

/* Refused: what a person puts into the file counts, not what was kept. */
static void
test_refresh_renewed_by_hand(void **state)
{
	struct rig r;
	struct cd_err err = { "" };
	const char *bearer;

	(void)state;
	file_put("refresh", "old-refresh\n");
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	rig_up(&r, FLOW_REFRESH_TOKEN, 200, "{\"access_token\":\"tok-2\","
	    "\"expires_in\":3600,\"refresh_token\":\"newer\"}");
	r.c.oauth2.refresh_token_file = "refresh";
	get_ok(&r, NOW, "tok-2");
	peer_stop(&r.p);
	r.script = (struct script){ 400, "{\"error\":\"invalid_grant\"}" };
	peer_start(&r.p, 0, serve, &r.script);
	snprintf(r.url, sizeof r.url, "http://127.0.0.1:%d", r.p.port);
	token_forget(r.t);
	assert_int_equal(token_get(r.t, NOW, &bearer, &err), CD_REFUSED);
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "newer");
	file_put("refresh", "by hand\n");
	assert_int_equal(token_get(r.t, NOW, &bearer, &err), CD_REFUSED);
	assert_string_equal(form_value(r.p.seen->text, "refresh_token"),
	    "by hand");
	rig_down(&r);
	unsetenv("CREDENTIALS_DIRECTORY");
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
		cmocka_unit_test(test_short_life),
		cmocka_unit_test(test_strikes),
		cmocka_unit_test(test_certificate),
		cmocka_unit_test(test_service_account),
		cmocka_unit_test(test_refresh_token),
		cmocka_unit_test(test_refresh_not_stored),
		cmocka_unit_test(test_refresh_of_two_processes),
		cmocka_unit_test(test_refresh_renewed_by_hand),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_outage),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
