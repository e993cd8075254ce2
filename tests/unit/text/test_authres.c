#include <string.h>

#include "unit.h"

#include "text/authres.h"

#define RCVD	"Received: from out.example.net by mx.our.example; today\n"
#define FROM	"From: Joe <joe@example.com>\n\n"

static const struct {
	const char *mail, *id;
	enum authentication want;
} rows[] = {
	/* dmarc alone decides where there is a record. */
	{ RCVD "Authentication-Results: mx.our.example;\n"
	    "\tspf=pass smtp.mailfrom=joe@example.com;\n"
	    "\tdmarc=pass (p=none) header.from=example.com\n" FROM,
	    "mx.our.example", AUTH_PASS },
	{ "AUTHENTICATION-RESULTS: MX.our.EXAMPLE 1; dmarc = pass\n"
	    " header.from = Example.COM\n" RCVD FROM,
	    "mx.our.example", AUTH_PASS },
	{ "Authentication-Results: mx.our.example; dkim=pass\n"
	    " header.d=example.com; dmarc=fail header.from=example.com\n" FROM,
	    "mx.our.example", AUTH_FAIL },
	{ "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=other.example\n" FROM, "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: mx.our.example; dmarc=temperror\n"
	    " header.from=example.com; dkim=pass header.d=example.com\n" FROM,
	    "mx.our.example", AUTH_NONE },
	/* No record: an aligned signature. */
	{ "Authentication-Results: mx.our.example; dmarc=none;\n"
	    " dkim=pass header.d=mail.example.com\n" FROM,
	    "mx.our.example", AUTH_PASS },
	{ "Authentication-Results: mx.our.example; spf=pass\n"
	    " smtp.mailfrom=joe@example.com; dmarc=none\n" FROM,
	    "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: mx.our.example; dkim=pass\n"
	    " header.d=evil.example; dkim=fail header.d=example.com\n" FROM,
	    "mx.our.example", AUTH_NONE },
	/* Gmail says header.i only. */
	{ "Authentication-Results: mx.google.com;\n"
	    " dkim=pass header.i=@example.com header.s=s1 header.b=abc;\n"
	    " spf=pass (google.com: domain of joe@example.com designates\n"
	    " 192.0.2.1 as permitted sender) smtp.mailfrom=joe@example.com\n"
	    FROM, "mx.google.com", AUTH_PASS },
	/* IDN. */
	{ "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=xn--bcher-kva.example\n"
	    "From: j@b\xc3\xbc" "cher.example\n\n", "mx.our.example",
	    AUTH_PASS },
	/* Whom we trust. */
	{ "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "", AUTH_NONE },
	{ "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, NULL, AUTH_NONE },
	{ "Authentication-Results: mx.their.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: mx.our.example.evil.org; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_NONE },
	{ "ARC-Authentication-Results: i=1; mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_NONE },
	{ "Authentication-Results-Original: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: mx.our.example; none\n" FROM,
	    "mx.our.example", AUTH_NONE },
	/* A forged one below the real one. */
	{ RCVD "Authentication-Results: mx.our.example; dmarc=fail\n"
	    " header.from=example.com\n"
	    "Received: from x by y.evil.org; now\n"
	    "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_FAIL },
	{ RCVD "Authentication-Results: mx.our.example; dmarc=none\n"
	    "X-Other: x\n"
	    "Authentication-Results: mx.our.example; dkim=pass\n"
	    " header.d=example.com\n" FROM, "mx.our.example", AUTH_NONE },
	/* A forged one alone, below another's Received. */
	{ RCVD "Received: from x by y.evil.org; now\n"
	    "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_NONE },
	/* Two hops of our own above it are no matter. */
	{ "Received: from mx.our.example by store.our.example; now\n" RCVD
	    "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_PASS },
	/* Several fields of one hop. */
	{ "Authentication-Results: mx.our.example; spf=pass\n"
	    "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_PASS },
	/* A forged one among them proves nobody. */
	{ "Authentication-Results: mx.our.example; dmarc=none\n"
	    " header.from=example.com; dkim=none; spf=fail\n"
	    "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: mx.our.example; dmarc=none; dkim=none\n"
	    "Authentication-Results: mx.our.example; dkim=pass\n"
	    " header.d=example.com\n" FROM, "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: mx.our.example; dmarc=none\n"
	    "Authentication-Results: mx.our.example; dkim=fail\n"
	    " header.d=list.example; dkim=pass header.d=example.com\n" FROM,
	    "mx.our.example", AUTH_PASS },
	/* Results hidden in comments and quotes are none. */
	{ "Authentication-Results: mx.our.example; spf=fail\n"
	    " (x; dmarc=pass header.from=example.com) smtp.mailfrom=x\n" FROM,
	    "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: mx.our.example; spf=fail\n"
	    " reason=\"x; dmarc=pass header.from=example.com\"\n" FROM,
	    "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: (mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "mx.our.example", AUTH_NONE },
	/* Who it is from must be clear. */
	{ "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n"
	    "From: joe@example.com, eve@evil.org\n\n", "mx.our.example",
	    AUTH_NONE },
	{ "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\nFrom: eve@evil.org\n" FROM,
	    "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com\n\n", "mx.our.example", AUTH_NONE },
	{ "Authentication-Results: mx.our.example; dmarc=pass\n"
	    " header.from=example.com; dmarc=pass header.from=evil.org\n" FROM,
	    "mx.our.example", AUTH_NONE },
	/* Exchange. */
	{ "Received: from a.prod.outlook.com by b.prod.outlook.com; now\n"
	    "Authentication-Results: spf=pass (sender IP is 192.0.2.7)\n"
	    " smtp.mailfrom=example.com; dkim=pass (signature was verified)\n"
	    " header.d=example.com;dmarc=pass action=none\n"
	    " header.from=example.com;compauth=pass reason=100\n" FROM,
	    "exchange", AUTH_PASS },
	{ "Received: from a.prod.outlook.com by b.prod.outlook.com; now\n"
	    "Authentication-Results: spf=pass (sender IP is 192.0.2.7)\n"
	    " smtp.mailfrom=example.com; ours.example; dkim=none (message not\n"
	    " signed) header.d=none; ours.example; dmarc=bestguesspass\n"
	    " action=none header.from=example.com;\n" FROM,
	    "exchange", AUTH_NONE },
	{ "Received: from a.prod.outlook.com by b.prod.outlook.com; now\n"
	    "Authentication-Results: spf=fail smtp.mailfrom=x.org;dmarc=fail\n"
	    " action=oreject header.from=example.com;compauth=pass reason=130\n"
	    "Authentication-Results: dmarc=pass header.from=example.com\n"
	    FROM, "exchange", AUTH_FAIL },
	{ "Received: from a by mx.evil.org; now\n"
	    "Authentication-Results: dmarc=pass header.from=example.com\n"
	    FROM, "exchange", AUTH_NONE },
	{ "Authentication-Results: mx.evil.org; dmarc=pass\n"
	    " header.from=example.com\n" FROM, "exchange", AUTH_NONE },
};

static void
test_rows(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		const char *why = NULL;
		enum authentication got;

		message_parse(a, str_of(rows[i].mail), &m);
		got = authres_read(a, &m, rows[i].id, &why);
		if (got != rows[i].want)
			print_message("row %zu: %s\n", i, why);
		assert_int_equal(got, rows[i].want);
		assert_non_null(why);
		assert_true(why[0] != '\0');
	}
	arena_free(&a);
}

static void
test_why(void **state)
{
	struct arena *a = arena_new();
	struct message m;
	const char *why = NULL;

	(void)state;
	message_parse(a, str_of(rows[0].mail), &m);
	authres_read(a, &m, rows[0].id, &why);
	assert_string_equal(why, "dmarc=pass header.from=example.com");
	assert_string_equal(authentication_name(AUTH_NONE), "none");
	assert_string_equal(authentication_name(AUTH_PASS), "pass");
	assert_string_equal(authentication_name(AUTH_FAIL), "fail");
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
