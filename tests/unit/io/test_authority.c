#include "unit.h"

#include "base/clock.h"
#include "io/authority.h"
#include "peer.h"

#define G1 "11111111-2222-3333-4444-555555555555"
#define G2 "99999999-2222-3333-4444-555555555555"
#define MS "https://login.microsoftonline.com/"
#define TENANT(issuer, token, more)                                            \
	"{\"issuer\":\"" issuer "\",\"token_endpoint\":\"" token "\"" more "}"
#define PLAIN(g, more) TENANT(MS g "/v2.0", MS g "/oauth2/v2.0/token", more)
#define REFUSAL(code)                                                          \
	"{\"error\":\"invalid_request\",\"error_description\":\"no\","         \
	"\"error_codes\":[" code "]}"

/* What the server says of each domain, and what must come of it. */
static const struct answer {
	const char *domain;
	int status;
	const char *body;
	enum cd_rc rc;
	const char *guid, *region, *sub;
	bool foreign;
} answers[] = {
	{ "good.example", 200, PLAIN(G1, ",\"tenant_region_scope\":\"NA\","
	    "\"tenant_region_sub_scope\":null"), CD_OK, G1, "NA", "", false },
	{ "gcc.example", 200, PLAIN(G1, ",\"tenant_region_scope\":\"NA\","
	    "\"tenant_region_sub_scope\":\"GCC\""), CD_OK, G1, "NA", "GCC",
	    false },
	{ "usgov.example", 200, PLAIN(G1, ",\"tenant_region_scope\":\"USGov\","
	    "\"tenant_region_sub_scope\":\"DODCON\""), CD_OK, G1, "USGov",
	    "DODCON", true },
	{ "usg.example", 200, PLAIN(G1, ",\"tenant_region_scope\":\"USG\""),
	    CD_OK, G1, "USG", "", true },
	{ "us.example", 200, TENANT("https://login.microsoftonline.us/" G1
	    "/v2.0", "https://login.microsoftonline.us/" G1
	    "/oauth2/v2.0/token", ""), CD_OK, G1, "", "", true },
	{ "cn.example", 200, TENANT("https://login.partner.microsoftonline.cn/"
	    G1 "/v2.0", "https://login.partner.microsoftonline.cn/" G1
	    "/oauth2/v2.0/token", ""), CD_OK, G1, "", "", true },
	{ "upper.example", 200, PLAIN("ABCDEFAB-2222-3333-4444-555555555555",
	    ""), CD_OK, "abcdefab-2222-3333-4444-555555555555", "", "",
	    false },
	{ G1, 200, PLAIN(G1, ""), CD_OK, G1, "", "", false },
	{ G2, 200, PLAIN(G1, ""), CD_AGAIN, NULL, NULL, NULL, false },
	{ "consumers.example", 200,
	    PLAIN("9188040d-6c67-4c5b-b112-36a304b66dad", ""), CD_ABSENT,
	    NULL, NULL, NULL, false },
	{ "outlook.example", 200,
	    PLAIN("84df9e7f-e9f6-40af-b435-aaaaaaaaaaaa", ""), CD_ABSENT,
	    NULL, NULL, NULL, false },
	{ "common.example", 200, PLAIN("{tenantid}", ""), CD_AGAIN, NULL, NULL,
	    NULL, false },
	{ "two.example", 200, TENANT(MS G1 "/v2.0", MS G2
	    "/oauth2/v2.0/token", ""), CD_AGAIN, NULL, NULL, NULL, false },
	{ "evil.example", 200, TENANT("https://login.evil.example/" G1
	    "/v2.0", MS G1 "/oauth2/v2.0/token", ""), CD_AGAIN, NULL, NULL,
	    NULL, false },
	{ "evil2.example", 200, TENANT(MS G1 "/v2.0",
	    "https://login.microsoftonline.com.evil.example/" G1
	    "/oauth2/v2.0/token", ""), CD_AGAIN, NULL, NULL, NULL, false },
	{ "evil3.example", 200, TENANT("https://login.microsoftonline.com@x/"
	    G1 "/v2.0", MS G1 "/oauth2/v2.0/token", ""), CD_AGAIN, NULL, NULL,
	    NULL, false },
	{ "plain.example", 200, TENANT("ftp://login.microsoftonline.com/" G1
	    "/v2.0", MS G1 "/oauth2/v2.0/token", ""), CD_AGAIN, NULL, NULL,
	    NULL, false },
	{ "more.example", 200, TENANT(MS G1 "/v2.0/x", MS G1
	    "/oauth2/v2.0/token", ""), CD_AGAIN, NULL, NULL, NULL, false },
	{ "half.example", 200, "{\"issuer\":\"" MS G1 "/v2.0\"}", CD_OK, G1,
	    "", "", false },
	{ "otherhalf.example", 200, "{\"token_endpoint\":\"" MS G1
	    "/oauth2/v2.0/token\"}", CD_AGAIN, NULL, NULL, NULL, false },
	{ "types.example", 200, "{\"issuer\":7,\"token_endpoint\":[]}",
	    CD_AGAIN, NULL, NULL, NULL, false },
	{ "unknown.example", 400, REFUSAL("90002"), CD_ABSENT, NULL, NULL,
	    NULL, false },
	{ "realm.example", 404, REFUSAL("1,50059"), CD_ABSENT, NULL, NULL,
	    NULL, false },
	{ "domain.example", 400, REFUSAL("50128"), CD_ABSENT, NULL, NULL, NULL,
	    false },
	{ "other.example", 400, REFUSAL("70011"), CD_AGAIN, NULL, NULL, NULL,
	    false },
	{ "text.example", 400, REFUSAL("\"90002\""), CD_AGAIN, NULL, NULL,
	    NULL, false },
	{ "word.example", 400, "{\"error\":\"invalid_tenant\"}", CD_ABSENT,
	    NULL, NULL, NULL, false },
};
#define N_ANSWERS (sizeof answers / sizeof *answers)

static void
reply(struct peer_line *l, int status, const char *headers, const char *body)
{
	char head[512];

	snprintf(head, sizeof head, "HTTP/1.1 %d X\r\n"
	    "Content-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n",
	    status, headers, strlen(body));
	peer_puts(l, head);
	peer_puts(l, body);
}

static void
misbehave(struct peer_line *l, const char *domain)
{
	static char big[CD_MAX_HTTP_BODY + 100];

	if (strcmp(domain, "stall.example") == 0)
		for (;;)
			pause();
	if (strcmp(domain, "big.example") == 0) {
		memset(big, ' ', sizeof big - 1);
		reply(l, 200, "", big);
	} else if (strcmp(domain, "moved.example") == 0) {
		reply(l, 302, "Location: /good.example/v2.0/.well-known/"
		    "openid-configuration\r\n", "");
	} else if (strcmp(domain, "garbage.example") == 0) {
		peer_puts(l, "\x01\x02\x03\r\n\r\n");
		_exit(0);
	} else if (strcmp(domain, "deep.example") == 0) {
		memset(big, '[', 200000);
		big[200000] = '\0';
		reply(l, 200, "", big);
	} else if (strncmp(domain, "late", 4) == 0) {
		usleep(300000);
		reply(l, 200, "", answers[0].body);
	} else if (strcmp(domain, "busy.example") == 0) {
		reply(l, 429, "Retry-After: 60\r\n", "{}");
	} else if (strcmp(domain, "ill.example") == 0) {
		reply(l, 503, "", "{}");
	} else {
		_exit(0);
	}
}

static void
serve(struct peer_line *l, const void *script, struct peer_seen *seen)
{
	char line[2048], domain[300];

	(void)script;
	while (peer_gets(l, line, sizeof line)) {
		size_t i;

		if (sscanf(line, "GET /%299[^/]/v2.0/.well-known/"
		    "openid-configuration HTTP/1.1", domain) != 1)
			return;
		while (peer_gets(l, line, sizeof line) && *line)
			;
		__atomic_fetch_add(&seen->requests, 1, __ATOMIC_SEQ_CST);
		for (i = 0; i < N_ANSWERS; i++) {
			if (strcmp(answers[i].domain, domain) == 0)
				break;
		}
		if (i < N_ANSWERS)
			reply(l, answers[i].status, "", answers[i].body);
		else
			misbehave(l, domain);
	}
}

static struct authority *
start(struct peer *p, int tls)
{
	struct authority *a = NULL;
	struct cd_err err = { "" };
	char url[64];

	memset(p, 0, sizeof *p);
	if (tls)
		peer_certificate(p, "localhost");
	peer_start(p, tls, serve, NULL);
	snprintf(url, sizeof url, "http%s://localhost:%d/", tls ? "s" : "",
	    p->port);
	if (authority_new(url, tls ? p->ca_file : NULL, &a, &err) != CD_OK)
		fail_msg("%s", err.text);
	return a;
}

static void
stop(struct authority **a, struct peer *p)
{
	authority_free(a);
	assert_null(*a);
	peer_stop(p);
}

static void
check(const struct answer *want, const struct discovery *got)
{
	if (got->rc != want->rc)
		fail_msg("%s: rc %d: %s", want->domain, (int)got->rc,
		    got->why);
	if (want->rc != CD_OK) {
		assert_string_equal(got->guid, "");
		assert_string_not_equal(got->why, "");
		return;
	}
	assert_string_equal(got->guid, want->guid);
	assert_string_equal(got->region, want->region);
	assert_string_equal(got->sub_scope, want->sub);
	assert_int_equal(got->foreign_cloud, want->foreign);
}

/* All at once over TLS, then one by one over the kept connections. */
static void
test_answers(void **state)
{
	const char *domains[N_ANSWERS];
	struct discovery out[N_ANSWERS];
	struct peer p;
	struct authority *a = start(&p, 1);
	int connections;

	(void)state;
	for (size_t i = 0; i < N_ANSWERS; i++)
		domains[i] = answers[i].domain;
	authority_discover(a, domains, N_ANSWERS, 5000, out);
	for (size_t i = 0; i < N_ANSWERS; i++)
		check(&answers[i], &out[i]);
	connections = p.seen->connections;
	for (size_t i = 0; i < N_ANSWERS; i++) {
		authority_discover(a, &domains[i], 1, 5000, out);
		check(&answers[i], &out[0]);
	}
	assert_int_equal(p.seen->connections, connections);
	assert_int_equal(p.seen->requests, 2 * N_ANSWERS);
	stop(&a, &p);
}

static void
test_odd_domains(void **state)
{
	static const char *const odd[] = { "", "nodot", "a/b.example",
		"../x.example", "a b.example", "x.example?y", "x..example",
		".example", "a%2f.example", "b\xc3\xbc.example",
		"organizations", "{tenantid}" };
	struct discovery out[12];
	struct peer p;
	struct authority *a = start(&p, 0);

	(void)state;
	authority_discover(a, odd, 12, 1000, out);
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(out[i].rc, CD_ABSENT);
	assert_int_equal(p.seen->requests, 0);
	stop(&a, &p);
}

/* Each alone, each beside a good one that it must not harm. */
static void
test_weather(void **state)
{
	static const char *const bad[] = { "stall.example", "big.example",
		"moved.example", "garbage.example", "deep.example",
		"ill.example", "busy.example", "closed.example" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *both[] = { bad[i], "good.example" };
		struct discovery out[2];
		struct peer p;
		struct authority *a = start(&p, 0);
		int64_t t0 = clock_mono_ms();

		authority_discover(a, both, 2, i == 0 ? 1000 : 5000, out);
		assert_true(clock_mono_ms() - t0 < 4000);
		if (out[0].rc != CD_AGAIN || out[1].rc != CD_OK)
			fail_msg("%s: %d %s, %d %s", bad[i], (int)out[0].rc,
			    out[0].why, (int)out[1].rc, out[1].why);
		assert_int_equal(p.seen->requests >= 2, 1);
		stop(&a, &p);
	}
}

static void
test_in_parallel(void **state)
{
	static const char *const domains[] = { "late1.example",
		"late2.example", "late3.example", "late4.example",
		"late5.example", "late6.example", "late7.example",
		"late8.example" };
	struct discovery out[8];
	struct peer p;
	struct authority *a = start(&p, 0);
	int64_t t0;

	(void)state;
	t0 = clock_mono_ms();
	authority_discover(a, domains, 8, 5000, out);
	/* One after the other would take 2.4 s. */
	assert_true(clock_mono_ms() - t0 < 2200);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(out[i].rc, CD_OK);
	/* The connections stay open for what comes next, not for ever. */
	assert_false(authority_tidy(a));
	authority_discover(a, domains, 1, 5000, out);
	assert_int_equal(p.seen->connections, 8);
	t0 = clock_mono_ms();
	while (!authority_tidy(a) && clock_mono_ms() - t0 < 5000)
		nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
	assert_in_range(clock_mono_ms() - t0, 200, 4900);
	assert_false(authority_tidy(a));
	authority_discover(a, domains, 1, 5000, out);
	assert_int_equal(out[0].rc, CD_OK);
	assert_int_equal(p.seen->connections, 9);
	stop(&a, &p);
}

/* What was asked ahead is taken, not asked again; it has its own deadline. */
static void
test_ahead(void **state)
{
	static const char *const all[] = { "late1.example", "good.example",
		"stall.example", "no domain" };
	static const char *const again[] = { "good.example" };
	struct discovery out[4];
	struct peer p;
	struct authority *a = start(&p, 0);
	int64_t t0 = clock_mono_ms();

	(void)state;
	authority_ahead(a, all, 4, 1000);
	authority_ahead(a, all, 4, 1000);
	assert_true(clock_mono_ms() - t0 < 250);
	/* Nobody waits for a question that is not the batch's own. */
	authority_discover(a, again, 1, 5000, out);
	assert_int_equal(out[0].rc, CD_OK);
	t0 = clock_mono_ms();
	authority_discover(a, all, 4, 5000, out);
	assert_true(clock_mono_ms() - t0 < 3000);
	assert_int_equal(out[0].rc, CD_OK);
	assert_int_equal(out[1].rc, CD_OK);
	assert_int_equal(out[2].rc, CD_AGAIN);
	assert_int_equal(out[3].rc, CD_ABSENT);
	/* good.example was taken by its first asker and asked for twice. */
	assert_int_equal(p.seen->requests, 4);
	stop(&a, &p);

	/* Nothing is asked ahead of an authority that is left alone, and what
	 * waits for its turn then is not waited for. */
	a = start(&p, 0);
	authority_discover(a, (const char *const []){ "busy.example" }, 1,
	    1000, out);
	authority_ahead(a, all, 4, 1000);
	assert_int_equal(p.seen->requests, 1);
	t0 = clock_mono_ms();
	authority_discover(a, all, 4, 5000, out);
	assert_true(clock_mono_ms() - t0 < 1000);
	assert_non_null(strstr(out[0].why, "left alone"));
	stop(&a, &p);
}

static void
test_left_alone(void **state)
{
	static const char *const ill[] = { "ill.example" };
	static const char *const good[] = { "good.example" };
	static const char *const odd[] = { "other.example" };
	static const char *const busy[] = { "busy.example" };
	struct discovery out;
	struct peer p;
	struct authority *a = start(&p, 0);

	(void)state;
	/* An odd answer is no failure, and one good answer ends the row. */
	for (int i = 0; i < 5; i++)
		authority_discover(a, odd, 1, 1000, &out);
	authority_discover(a, ill, 1, 1000, &out);
	authority_discover(a, ill, 1, 1000, &out);
	authority_discover(a, good, 1, 1000, &out);
	assert_int_equal(out.rc, CD_OK);
	for (int i = 0; i < 3; i++)
		authority_discover(a, ill, 1, 1000, &out);
	assert_int_equal(p.seen->requests, 11);
	authority_discover(a, good, 1, 1000, &out);
	assert_int_equal(out.rc, CD_AGAIN);
	assert_non_null(strstr(out.why, "left alone"));
	assert_int_equal(p.seen->requests, 11);
	stop(&a, &p);

	/* A server that says when to come back is heard at once. */
	a = start(&p, 0);
	authority_discover(a, busy, 1, 1000, &out);
	authority_discover(a, good, 1, 1000, &out);
	assert_int_equal(out.rc, CD_AGAIN);
	assert_int_equal(p.seen->requests, 1);
	stop(&a, &p);
}

static void
test_certificate(void **state)
{
	static const char *const good[] = { "good.example" };
	struct discovery out;
	struct authority *a = NULL;
	struct cd_err err = { "" };
	struct peer p = { 0 };
	char url[64];

	(void)state;
	peer_certificate(&p, "other.example");
	peer_start(&p, 1, serve, NULL);
	snprintf(url, sizeof url, "https://localhost:%d", p.port);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(authority_new(url, i ? p.ca_file : NULL, &a,
		    &err), CD_OK);
		authority_discover(a, good, 1, 2000, &out);
		assert_int_equal(out.rc, CD_AGAIN);
		assert_int_equal(p.seen->requests, 0);
		authority_free(&a);
	}
	peer_stop(&p);
	assert_int_equal(authority_new("ftp://x", NULL, &a, &err),
	    CD_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_odd_domains),
		cmocka_unit_test(test_weather),
		cmocka_unit_test(test_in_parallel),
		cmocka_unit_test(test_ahead),
		cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_certificate),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
