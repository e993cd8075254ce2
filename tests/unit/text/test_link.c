#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "text/link.h"

#define TENANT "11111111-2222-4333-8444-555566667777"

static struct link_key
key_of(char fill)
{
	struct link_key key = { .n = 32 };

	memset(key.secret, fill, sizeof key.secret);
	return key;
}

static struct arena *a;

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

static const struct link_config config = {
	.authority = "https://login.example.com/",
	.client_id = "9f0c1d2e-0000-4000-8000-000000000001",
	.scope = "https://graph.example.com/Mail.Send offline_access",
	.redirect_uri = "https://desk.example.com/consent?a=b&c=d~e",
};

static void
test_build(void **state)
{
	struct link_key key = key_of('k');
	struct link_state bound = { .case_id = 42, .tenant =
	    "11111111-2222-4333-8444-55556666ABCD", .expires = 1800000000 };
	struct cd_err err;
	const char *url, *want;

	(void)state;
	assert_int_equal(link_build(a, &config, &key, &bound, &url, &err),
	    CD_OK);
	want = arena_printf(a, "https://login.example.com/"
	    "11111111-2222-4333-8444-55556666abcd/v2.0/adminconsent"
	    "?client_id=9f0c1d2e-0000-4000-8000-000000000001"
	    "&scope=https%%3A%%2F%%2Fgraph.example.com%%2FMail.Send"
	    "%%20offline_access"
	    "&redirect_uri=https%%3A%%2F%%2Fdesk.example.com%%2Fconsent"
	    "%%3Fa%%3Db%%26c%%3Dd~e"
	    "&state=%s", link_state_sign(a, &key, &bound));
	assert_string_equal(url, want);
}

/* What a mail could bring along never becomes part of an address. */
static void
test_build_refuses(void **state)
{
	static const char *const tenants[] = {
		"", "common", "consumers", "example.com", "organizations/x",
		"11111111-2222-4333-8444-55556666777",
		"11111111-2222-4333-8444-5555666677778",
		"11111111-2222-4333-8444-55556666777g",
		"../11111111-2222-4333-8444-555566667777",
		"@evil.example/" TENANT, NULL,
	};
	struct link_key key = key_of('k');
	const char *url = "untouched";
	struct cd_err err;

	(void)state;
	for (size_t i = 0; i < sizeof tenants / sizeof *tenants; i++) {
		struct link_state bound = { .tenant = tenants[i] };

		assert_int_equal(link_build(a, &config, &key, &bound, &url,
		    &err), CD_REFUSED);
		assert_string_equal(url, "untouched");
	}
}

static void
test_build_too_long(void **state)
{
	struct link_key key = key_of('k');
	struct link_state bound = { .tenant = "Organizations" };
	struct link_config longer = config;
	char scope[CD_MAX_LINK + 1];
	const char *url;
	struct cd_err err;

	(void)state;
	assert_int_equal(link_build(a, &config, &key, &bound, &url, &err),
	    CD_OK);
	assert_non_null(strstr(url, ".com/organizations/v2.0/adminconsent?"));
	memset(scope, 's', sizeof scope - 1);
	scope[sizeof scope - 1] = '\0';
	longer.scope = scope;
	assert_int_equal(link_build(a, &longer, &key, &bound, &url, &err),
	    CD_MALFORMED);
}

static void
test_state(void **state)
{
	static const struct link_state rows[] = {
		{ 0, TENANT, 1 }, { 1, "organizations", 1800000000 },
		{ 42, TENANT, 1800000000 },
		{ INT64_MAX, TENANT, INT64_MAX },
	};
	struct link_key key = key_of('k');

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *s = link_state_sign(a, &key, &rows[i]);
		struct link_state out;

		assert_true(strlen(s) <= CD_MAX_STATE);
		assert_int_equal(strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh"
		    "ijklmnopqrstuvwxyz0123456789-_."), strlen(s));
		assert_int_equal(link_state_verify(a, &key, s,
		    rows[i].expires - 1, &out, NULL), CD_OK);
		assert_int_equal(out.case_id, rows[i].case_id);
		assert_string_equal(out.tenant, rows[i].tenant);
		assert_int_equal(out.expires, rows[i].expires);

		memset(&out, 0, sizeof out);
		assert_int_equal(link_state_verify(a, &key, s,
		    rows[i].expires, &out, NULL), CD_DONE);
		assert_int_equal(out.case_id, rows[i].case_id);
	}
}

/* Every byte counts: changed, taken away, added. */
static void
test_state_tampered(void **state)
{
	struct link_key key = key_of('k'), other = key_of('o');
	struct link_state bound = { 42, TENANT, 1800000000 };
	struct link_state out = { .case_id = -1 };
	const char *good = link_state_sign(a, &key, &bound);
	size_t n = strlen(good);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char *bad = arena_strdup(a, good);

		for (int c = 1; c < 256; c++) {
			if (c == (unsigned char)good[i])
				continue;
			bad[i] = (char)c;
			assert_int_equal(link_state_verify(a, &key, bad, 0,
			    &out, NULL), CD_REFUSED);
		}
		assert_int_equal(link_state_verify(a, &key,
		    arena_strndup(a, good, i), 0, &out, NULL), CD_REFUSED);
		assert_int_equal(link_state_verify(a, &key,
		    good + i + 1, 0, &out, NULL), CD_REFUSED);
	}
	assert_int_equal(link_state_verify(a, &key,
	    arena_printf(a, "%sA", good), 0, &out, NULL), CD_REFUSED);
	assert_int_equal(link_state_verify(a, &key,
	    arena_printf(a, "%s=", good), 0, &out, NULL), CD_REFUSED);
	assert_int_equal(link_state_verify(a, &other, good, 0, &out, NULL),
	    CD_REFUSED);
	assert_int_equal(out.case_id, -1);
}

static void
test_state_hostile(void **state)
{
	static const char *const rows[] = {
		"", ".", "..", "a.b", "%00",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"A.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	struct link_key key = key_of('k');
	struct link_state out;
	char huge[CD_MAX_STATE * 4];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(link_state_verify(a, &key, rows[i], 0, &out,
		    NULL), CD_REFUSED);
	memset(huge, 'A', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	assert_int_equal(link_state_verify(a, &key, huge, 0, &out, NULL),
	    CD_REFUSED);
	/* Signed by us for a tenant that no link may have. */
	out.tenant = "common";
	out.case_id = 1;
	out.expires = 10;
	assert_int_equal(link_state_verify(a, &key,
	    link_state_sign(a, &key, &out), 0, &out, NULL), CD_REFUSED);
}

/* Made by another program: what is in people's mailboxes must stay valid. */
static void
test_known_answers(void **state)
{
	struct link_key key = key_of('k');
	struct link_state bound = { 42, TENANT, 1800000000 };

	(void)state;
	assert_string_equal(link_state_sign(a, &key, &bound),
	    "MS40Mi4xMTExMTExMS0yMjIyLTQzMzMtODQ0NC01NTU1NjY2Njc3NzcuMTgw"
	    "MDAwMDAwMA.XLIAo5FDuq4ZAB12i7D0rI8Sqq3tj3qbdV7ZYFDwBGw");
	assert_string_equal(link_message_id(a, &key, 42, 7, "example.com"),
	    "cd.42.7.1a63030448ab56ab05ba3cbb@example.com");
	assert_string_equal(link_reference(a, &key, 42), "CD-42-ZQPWGRCV");
}

/* A purpose's signature is worth nothing for another. */
static void
test_purposes(void **state)
{
	struct link_key key = key_of('k');
	const char *id = link_message_id(a, &key, 42, 7, "example.com");
	const char *reference = link_reference(a, &key, 42);

	(void)state;
	assert_int_equal(link_message_id_case(a, &key, reference), 0);
	assert_int_equal(link_reference_find(a, &key, str_of(id)), 0);
}

static void
test_message_id(void **state)
{
	struct link_key key = key_of('k'), other = key_of('o');
	const char *id = link_message_id(a, &key, 42, 7, "example.com");
	const char *again = link_message_id(a, &key, 42, 7, "example.com");
	size_t border = strcspn(id, "@");

	(void)state;
	assert_string_equal(id, again);
	assert_string_not_equal(id, link_message_id(a, &key, 42, 8,
	    "example.com"));
	assert_int_equal(strncmp(id, "cd.42.7.", 8), 0);
	assert_int_equal(link_message_id_case(a, &key, id), 42);
	assert_int_equal(link_message_id_case(a, &key,
	    arena_printf(a, "<%s>", id)), 42);
	assert_int_equal(link_message_id_case(a, &key, arena_printf(a,
	    "%.*s@rewritten.example", (int)border, id)), 42);
	assert_int_equal(link_message_id_case(a, &other, id), 0);
	assert_int_equal(link_message_id_case(a, &key,
	    link_message_id(a, &key, INT64_MAX, INT64_MAX, "x")), INT64_MAX);
	for (size_t i = 0; i <= border; i++) {
		char *bad = arena_strdup(a, id);

		bad[i] = bad[i] == '1' ? '2' : '1';
		assert_int_equal(link_message_id_case(a, &key, bad), 0);
	}
	assert_int_equal(link_message_id_case(a, &key, NULL), 0);
	assert_int_equal(link_message_id_case(a, &key, ""), 0);
	assert_int_equal(link_message_id_case(a, &key, "@"), 0);
	assert_int_equal(link_message_id_case(a, &key,
	    "cd.42.7.000000000000000000000000@example.com"), 0);
}

static void
test_reference(void **state)
{
	struct link_key key = key_of('k'), other = key_of('o');
	const char *r = link_reference(a, &key, 1207);
	const char *tail = r + strlen("CD-1207-");
	const struct {
		const char *text;
		int64_t want;
	} rows[] = {
		{ r, 1207 },
		{ arena_lower(a, str_of(r)), 1207 },
		{ arena_printf(a, "Ref. %s.", r), 1207 },
		{ arena_printf(a, "(%s)", r), 1207 },
		{ arena_printf(a, "> CD-1207-\r\n> %s\n", tail), 1207 },
		{ arena_printf(a, "CD-\n1207-%s", tail), 1207 },
		{ arena_printf(a, "CD-1207-BBBBBBBB and %s", r), 1207 },
		{ arena_printf(a, "ABCD-1207-%s", tail), 0 },
		{ arena_printf(a, "CD-1207-%sX", tail), 0 },
		{ arena_printf(a, "CD-1208-%s", tail), 0 },
		{ arena_printf(a, "CD-01207-%s", tail), 0 },
		{ arena_printf(a, "CD--1207-%s", tail), 0 },
		{ arena_printf(a, "CD-0-%s", tail), 0 },
		{ "CD-1207-", 0 }, { "CD-", 0 }, { "cd", 0 }, { "", 0 },
		{ "CD-99999999999999999999-BCDFGHJK", 0 },
		{ "CD-1207-B\xc3\x96\xc3\x96\xc3\x96" "B", 0 },
	};

	(void)state;
	assert_int_equal(strlen(tail), 8);
	assert_int_equal(strspn(tail, "BCDFGHJKLMNPQRSTVWXZ"), 8);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(link_reference_find(a, &key,
		    str_of(rows[i].text)), rows[i].want);
	assert_int_equal(link_reference_find(a, &other, str_of(r)), 0);
	for (size_t i = 0; i < strlen(r); i++) {
		char *bad = arena_strdup(a, r);

		bad[i] = bad[i] == 'B' ? 'C' : 'B';
		assert_int_equal(link_reference_find(a, &key, str_of(bad)), 0);
	}
}

/* A mail made of candidates costs a bounded number of signatures. */
static void
test_reference_flood(void **state)
{
	struct link_key key = key_of('k');
	struct buf b = buf_new(a, 1024 * 1024);

	(void)state;
	while (!b.full)
		buf_puts(&b, "CD-1-BBBBBBBB cd- ");
	assert_int_equal(link_reference_find(a, &key, buf_str(&b)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_build, setup, teardown),
		cmocka_unit_test_setup_teardown(test_build_refuses, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_build_too_long, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_state, setup, teardown),
		cmocka_unit_test_setup_teardown(test_state_tampered, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_state_hostile, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_known_answers, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_purposes, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_message_id, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_reference, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_reference_flood, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
