#include <string.h>

#include "unit.h"

#include "text/domain.h"

static void
test_normal(void **state)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "Example.COM", "example.com" },
		{ "example.com.", "example.com" },
		{ "b\xc3\xbc" "cher.example", "xn--bcher-kva.example" },
		{ "B\xc3\x9c" "CHER.example", "xn--bcher-kva.example" },
		{ "\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0.\xd1\x80\xd1\x84",
		    "xn--80a1acny.xn--p1ai" },
		{ "xn--bcher-kva.example", "xn--bcher-kva.example" },
		{ "a-b.c-d.org", "a-b.c-d.org" },
		{ "com", NULL }, { "", NULL }, { ".", NULL }, { "a..b", NULL },
		{ ".a.b", NULL }, { "-a.com", NULL }, { "a-.com", NULL },
		{ "a_b.com", NULL }, { "a b.com", NULL }, { "1.2.3.4", NULL },
		{ "a.com/x", NULL }, { "a.com:80", NULL }, { "\xff.com", NULL },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = domain_normal(a, str_of(rows[i].in));

		if (rows[i].want)
			assert_string_equal(got, rows[i].want);
		else
			assert_null(got);
	}
	assert_null(domain_normal(a, STR("a\0b.com")));
	arena_free(&a);
}

static void
test_organisational(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(domain_organisational(a, "mail.example.co.uk"),
	    "example.co.uk");
	assert_string_equal(domain_organisational(a, "a.b.example.com"),
	    "example.com");
	assert_string_equal(domain_organisational(a, "co.uk"), "co.uk");
	assert_string_equal(domain_organisational(a, "a.b.corp-local"),
	    "a.b.corp-local");
	assert_true(domain_aligned(a, "x.example.com", "y.example.com"));
	assert_true(domain_aligned(a, "example.com", "example.com"));
	assert_false(domain_aligned(a, "a.co.uk", "b.co.uk"));
	assert_false(domain_aligned(a, "example.com", "example.org"));
	/* Every tenant of Microsoft's is another company. */
	assert_false(domain_aligned(a, "acme.onmicrosoft.com",
	    "evil.onmicrosoft.com"));
	assert_false(domain_aligned(a, "acme.mail.onmicrosoft.com",
	    "evil.mail.onmicrosoft.com"));
	assert_true(domain_aligned(a, "x.acme.onmicrosoft.com",
	    "acme.onmicrosoft.com"));
	assert_string_equal(domain_organisational(a, "onmicrosoft.com"),
	    "onmicrosoft.com");
	assert_false(domain_aligned(a, "", ""));
	assert_false(domain_aligned(a, NULL, "example.com"));
	arena_free(&a);
}

static void
test_consumer(void **state)
{
	static const char *const yes[] = { "gmail.com", "hotmail.fr",
		"yahoo.co.uk", "outlook.com", "live.com.mx", "me.com",
		"gmx.de", "web.de", "mail.ru", "ukr.net", "wp.pl", "qq.com",
		"comcast.net", "sbcglobal.net", "proton.me", "icloud.com",
		"yahoo.com.br", "orange.fr", "t-online.de", "tampabay.rr.com",
		"txt.att.net", "vtext.com", "txt.voice.google.com", "hey.com",
		"mozmail.com", "prodigy.net.mx", "acme.zendesk.com",
		"acme.on.spiceworks.com" };
	static const char *const no[] = { "example.com", "gmail.example.com",
		"mygmail.com", "outlook.example.co.uk", "live.logistics",
		"yahoo-inc.com", "com", "", "zendesk.com", "google.com",
		"myzendesk.com", "att.net.example.com" };

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		assert_true(domain_is_consumer(yes[i]));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(domain_is_consumer(no[i]));
}

static void
test_find(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		/* With a full stop, a comma or brackets of Chinese. */
		{ "公司的域名：acme.com，谢谢。", "acme.com" },
		{ "发给 bob@acme.com，他（kestrel.io）", "acme.com kestrel.io" },
		{ "our domain is trilakestransport.com", "trilakestransport.com" },
		{ "It is TriLakes.com, thanks.", "trilakes.com" },
		{ "write to bob@fleet.example-freight.com.",
		    "fleet.example-freight.com" },
		{ "see https://www.acme-haul.com/a/b.html?x=evil.com now",
		    "acme-haul.com" },
		{ "http://user@one.net/path two.org", "one.net two.org" },
		{ "(acme.io)", "acme.io" },
		{ "'acme.io'; \"beta.de\"", "acme.io beta.de" },
		{ "acme.com acme.com ACME.com", "acme.com" },
		{ "joe.doe@gmail.com or joe.doe@acme.com", "acme.com" },
		{ "invoice.pdf winmail.dat report.docx a.zip", "" },
		{ "version 1.2.3 and 10.0.0.1", "" },
		{ "please asap.thanks", "" },
		{ "It stopped.So we wait.In vain", "" },
		{ "e.g. this, i.e. that, a.m. p.m.", "" },
		{ "go to entra.microsoft.com and ours.example", "" },
		{ "tenant is acme.onmicrosoft.com", "acme.onmicrosoft.com" },
		{ "it says bob@onmicrosoft.com", "" },
		{ "our tenant is at onmicrosoft.com", "" },
		{ "grey in entra.microsoft and admin.cloud.microsoft", "" },
		{ "ask info@microsoftfreight.com", "microsoftfreight.com" },
		{ "b\xc3\xbc" "cher.de ist unsere", "xn--bcher-kva.de" },
		{ "co.uk and com.br", "" },
		{ "server imap.mail.yahoo.com", "" },
		{ "https://acme.zendesk.com/hc/requests/7", "" },
		{ "wrona-transport.pl oraz cargo.md", "wrona-transport.pl cargo.md" },
		{ "our site:acme.com,beta.com/x", "acme.com beta.com" },
		{ "Joe@Acme.COM<mailto:Joe@Acme.COM>", "acme.com" },
		{ "...", "" }, { "", "" }, { ".com", "" }, { "a@b", "" },
		{ "docs at acme.com/help/index.html", "acme.com" },
	};
	static const char *const ignore[] = { "microsoft.com" };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct domain_named out[8];
		const char *flat = "";
		size_t n = domain_find(a, str_of(rows[i].text), ignore, 1, out,
		    8);

		for (size_t k = 0; k < n; k++)
			flat = arena_printf(a, "%s%s%s", flat, k ? " " : "",
			    out[k].domain);
		assert_string_equal(flat, rows[i].want);
	}
	arena_free(&a);
}

static void
test_where_it_stands(void **state)
{
	static const struct {
		const char *text;
		enum domain_place place;
	} rows[] = {
		{ "our domain is acme.com", IN_PROSE }, { "(acme.com)", IN_PROSE },
		{ "ask bob@acme.com", IN_ADDRESS },
		{ "mailto:bob@acme.com", IN_ADDRESS },
		{ "https://acme.com", IN_SITE }, { "www.acme.com", IN_SITE },
		{ "https://acme.com/ is ours", IN_SITE },
		/* The pages that every company has. */
		{ "www.acme.com/contact", IN_SITE },
		{ "http://acme.com/contact-us", IN_SITE },
		{ "acme.com/Contact_Us.html, thanks", IN_SITE },
		{ "https://acme.com/de/impressum/", IN_SITE },
		{ "https://acme.com/en-us/#team", IN_SITE },
		{ "https://www.acme.com/?utm_source=x", IN_SITE },
		{ "acme.com/o-nas.", IN_SITE },
		{ "www.acme.com/quienes-somos", IN_SITE },
		{ "acme.com/contact/4711", IN_PAGE },
		{ "acme.com/company/about-joe", IN_PAGE },
		{ "https://acme.com/a/contact", IN_PAGE },
		{ "acme.com/x?contact", IN_PAGE },
		{ "acme.com/help", IN_PAGE }, { "https://acme.com/a", IN_PAGE },
		{ "http://bob@acme.com/x", IN_ADDRESS },
		/* Everybody names them, and few work there. */
		{ "our loads are from dat.com", IN_PAGE },
		{ "translated by DeepL.com", IN_PAGE },
		{ "scanned by trendmicro.com", IN_PAGE },
		{ "loads from 123loadboard.com", IN_PAGE },
		{ "found on uship.com", IN_PAGE },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct domain_named out[1];

		assert_int_equal(domain_find(a, str_of(rows[i].text), NULL, 0,
		    out, 1), 1);
		if (out[0].place != rows[i].place)
			fail_msg("\"%s\"", rows[i].text);
	}
	arena_free(&a);
}

static void
test_find_maximum(void **state)
{
	struct arena *a = arena_new();
	struct domain_named out[2];

	(void)state;
	assert_int_equal(domain_find(a, STR("a.com b.com c.com"), NULL, 0, out,
	    2), 2);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_organisational),
		cmocka_unit_test(test_consumer),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_where_it_stands),
		cmocka_unit_test(test_find_maximum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
