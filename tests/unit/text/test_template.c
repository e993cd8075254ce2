#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "text/template.h"

/*
 * Most of these write a small folder of templates, en/t.{subject,txt,html},
 * where only one file matters.
 */
static struct arena *a;
static char dir[64];
static const char *const known[] = { "name", "link", "flag" };

static const char *
path_of(const char *name)
{
	return arena_printf(a, "%s/%s", dir, name);
}

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static void
drop(const char *name)
{
	assert_int_equal(unlink(path_of(name)), 0);
}

static void
put_plain(const char *lang, const char *name)
{
	put(arena_printf(a, "%s/%s.subject", lang, name), "s");
	put(arena_printf(a, "%s/%s.txt", lang, name), lang);
	put(arena_printf(a, "%s/%s.html", lang, name), "h");
}

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	memcpy(dir, "/tmp/cd-template-XXXXXX", 24);
	assert_non_null(mkdtemp(dir));
	assert_int_equal(mkdir(path_of("en"), 0700), 0);
	put_plain("en", "t");
	return 0;
}

static int
teardown(void **state)
{
	static const char *const files[] = {
		"en/t.subject", "en/t.txt", "en/t.html", "en/other.subject",
		"en/other.txt", "en/other.html", "de/t.subject", "de/t.txt",
		"de/t.html", "de/x.subject", "_p.txt", "_q.txt", "_p.html",
		"en/_p.txt", "en/_q.txt", "en", "de", "notes",
	};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		(void)remove(path_of(files[i]));
	assert_int_equal(rmdir(dir), 0);
	arena_free(&a);
	return 0;
}

static struct template_set *
load(void)
{
	struct template_set *set = NULL;
	struct cd_err err;
	enum cd_rc rc = templates_load(dir, known, 3, &set, &err);

	if (rc != CD_OK)
		fail_msg("%s", err.text);
	return set;
}

/* name = A&B, link = the address, flag = given. */
static struct rendered
render(const char *flag)
{
	const struct template_var vars[] = {
		{ "name", "A&B <\"'>" },
		{ "link", "https://x.example/?a=1&b=2" },
		{ "flag", flag },
		{ "not_known", "x" },
	};
	struct template_set *set = load();
	struct rendered out;
	struct cd_err err;

	assert_int_equal(templates_render(set, a, "t", "en", vars, 4, &out,
	    &err), CD_OK);
	templates_free(&set);
	assert_null(set);
	return out;
}

/* In each kind of file, and in a partial. */
static void
test_byte_order_mark(void **state)
{
	struct rendered out;

	(void)state;
	put("en/t.subject", "\xef\xbb\xbfSubject {{>p}}\n");
	put("en/t.txt", "\xef\xbb\xbf" "Text {{>p}}");
	put("en/t.html", "\xef\xbb\xbf<p>");
	put("_p.txt", "\xef\xbb\xbfpart");
	out = render("");
	assert_string_equal(out.subject, "Subject part");
	assert_string_equal(out.text, "Text part");
	assert_string_equal(out.html, "<p>");
}

static void
test_text(void **state)
{
	static const struct {
		const char *source, *flag, *want;
	} rows[] = {
		{ "", "", "" },
		{ "plain { }} text", "", "plain { }} text" },
		{ "{{name}}", "", "A&B <\"'>" },
		{ "{{ name }}{{{name}}}", "", "A&B <\"'>A&B <\"'>" },
		{ "a{{#flag}}b{{/flag}}c", "1", "abc" },
		{ "a{{#flag}}b{{/flag}}c", "", "ac" },
		{ "a{{#flag}}b{{/flag}}c", NULL, "ac" },
		{ "a{{^flag}}b{{/flag}}c", "1", "ac" },
		{ "a{{^flag}}b{{/flag}}c", "", "abc" },
		{ "{{#flag}}{{#name}}x{{/name}}{{^name}}y{{/name}}{{/flag}}z",
		    "1", "xz" },
		{ "{{#flag}}{{#name}}x{{/name}}{{^name}}y{{/name}}{{/flag}}z",
		    "", "z" },
		{ "{{#flag}}{{/flag}}", "1", "" },
		{ "a{{! a word\nor two }}b", "", "ab" },
		/* Standalone lines leave nothing behind. */
		{ "a\n{{#flag}}\nb\n{{/flag}}\nc\n", "1", "a\nb\nc\n" },
		{ "a\n{{#flag}}\nb\n{{/flag}}\nc\n", "", "a\nc\n" },
		{ "a\r\n  {{#flag}}\t\r\nb\r\n{{/flag}}", "1", "a\r\nb\r\n" },
		{ "  {{! x }}\na", "", "a" },
		{ "{{name}}\n", "", "A&B <\"'>\n" },
		{ "a {{#flag}}\nb{{/flag}}\n", "1", "a \nb\n" },
		{ "{{#flag}}{{/flag}}\na", "1", "\na" },
		/* Windows' byte order mark. */
		{ "\xef\xbb\xbf{{#flag}}\na\n{{/flag}}\n", "1", "a\n" },
		{ "\xef\xbb\xbf", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		put("en/t.txt", rows[i].source);
		assert_string_equal(render(rows[i].flag).text, rows[i].want);
	}
}

static void
test_html_is_escaped(void **state)
{
	(void)state;
	put("en/t.html", "<a href=\"{{link}}\">{{name}}</a>{{{name}}}\n");
	assert_string_equal(render("").html,
	    "<a href=\"https://x.example/?a=1&amp;b=2\">"
	    "A&amp;B &lt;&quot;&#39;&gt;</a>A&B <\"'>\n");
}

static void
test_subject_is_one_line(void **state)
{
	(void)state;
	put("en/t.subject", "\n  About \t {{name}} {{flag}}\r\n\n");
	assert_string_equal(render("x\r\nBcc: y\x01").subject,
	    "About A&B <\"'> xBcc: y");
}

/* A second line would be joined to the first: whoever wrote it meant the text. */
static void
test_subject_has_one_line(void **state)
{
	static const struct {
		const char *source;
		int line;	/* of the second; 0: it is well */
	} rows[] = {
		{ "a", 0 }, { "\n a\n\n", 0 }, { "a\r\nb", 2 },
		{ "\na {{name}}\n\n{{! so }}\n  b\n", 5 },
		{ "a\n{{name}}", 2 }, { "{{name}}\n{{>p}}\n", 1 },
		{ "{{#flag}}\na\n{{/flag}}\n{{^flag}}\nb\n{{/flag}}\n", 0 },
		{ "{{#flag}}\na\n{{/flag}}\n{{#link}}\nb\n{{/link}}\n", 0 },
		{ "{{#flag}}a{{/flag}}\n{{^flag}}b{{/flag}}\n", 0 },
		{ "{{#flag}}\na\n{{/flag}}\nb\n", 4 },
		{ "{{#flag}}a{{/flag}}\nb\n", 2 },
		{ "a\n{{#flag}}\nb\n{{/flag}}\n", 3 },
		{ "{{#flag}}\na\n{{#link}}\nb\n{{/link}}\n{{/flag}}\n", 4 },
	};

	(void)state;
	put("_p.txt", "part\n");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *want = "";
		struct template_set *set = NULL;
		struct cd_err err = { "" };
		enum cd_rc rc;

		put("en/t.subject", rows[i].source);
		rc = templates_load(dir, known, 3, &set, &err);
		if (rows[i].line > 0)
			want = arena_printf(a, "%s/%s:%d: a subject is one "
			    "line, and this is a second", dir,
			    strstr(rows[i].source, "{{>p}}") ? "_p.txt" :
			    "en/t.subject", rows[i].line);
		assert_int_equal(rc, *want ? CD_MALFORMED : CD_OK);
		if (*want)
			assert_string_equal(err.text, want);
		templates_free(&set);
	}
}

static void
test_partials(void **state)
{
	(void)state;
	put("_p.txt", "shared {{name}}\n");
	put("en/t.txt", "[\n{{>p}}\n]");
	assert_string_equal(render("").text, "[\nshared A&B <\"'>\n]");
	put("en/t.txt", "[{{> p }}]");
	assert_string_equal(render("").text, "[shared A&B <\"'>]");
	/* The language's own goes first, wherever it is asked for. */
	put("en/_q.txt", "own\n");
	put("_q.txt", "not this\n");
	put("_p.txt", "({{>q}})\n");
	assert_string_equal(render("").text, "[(own)]");
	put("en/_p.txt", "inner");
	assert_string_equal(render("").text, "[inner]");
	/* HTML asks for HTML. */
	put("_p.html", "<b>{{name}}</b>");
	put("en/t.html", "{{>p}}");
	assert_string_equal(render("").html,
	    "<b>A&amp;B &lt;&quot;&#39;&gt;</b>");
}

static void
test_mistakes(void **state)
{
	static const struct {
		const char *source, *want;
	} rows[] = {
		{ "a\nb {{nme}}", "en/t.txt:2: no such variable: \"nme\"" },
		{ "{{#nme}}{{/nme}}", "en/t.txt:1: no such variable: \"nme\"" },
		{ "\n\n{{>nothing}}", "en/t.txt:3: en has no such partial: "
		    "\"nothing\"" },
		{ "{{>../../etc/passwd}}", "en/t.txt:1: not a tag that is "
		    "understood: \"../../etc/passwd\"" },
		{ "x\n{{#flag}}\ny", "en/t.txt:2: a section that is not "
		    "closed: \"flag\"" },
		{ "x{{/flag}}", "en/t.txt:1: closes what is not open: "
		    "\"flag\"" },
		{ "{{#flag}}\n{{#name}}\n{{/flag}}{{/name}}", "en/t.txt:3: "
		    "closes another section than the one that is open: "
		    "\"flag\"" },
		{ "x\n{{name", "en/t.txt:2: a tag that is not closed" },
		{ "{{{name}}", "en/t.txt:1: a tag that is not closed" },
		{ "{{}}", "en/t.txt:1: not a tag that is understood:" },
		{ "{{=<% %>=}}", "en/t.txt:1: not a tag that is understood: "
		    "\"=<% %>=\"" },
		{ "{{&name}}", "en/t.txt:1: not a tag that is understood: "
		    "\"&name\"" },
		{ "a\xff", "en/t.txt: is no UTF-8 text" },
		{ "{{>p}}", "_q.txt:1: a partial that opens itself: \"p\"" },
	};

	(void)state;
	put("_p.txt", "{{! one }}\n{{>q}}");
	put("_q.txt", "{{>p}}");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct template_set *set = NULL;
		struct cd_err err;

		put("en/t.txt", rows[i].source);
		assert_int_equal(templates_load(dir, known, 3, &set, &err),
		    CD_MALFORMED);
		assert_null(set);
		assert_string_equal(err.text + strlen(dir) + 1,
		    rows[i].want);
	}
}

/* Partials that double at each step, and more than fits. */
static void
test_bounds(void **state)
{
	struct template_set *set = NULL;
	char *deep = arena_alloc(a, CD_MAX_TEMPLATE + 2);
	struct cd_err err;

	(void)state;
	for (int i = 0; i <= CD_MAX_TEMPLATE_DEPTH; i++)
		strncat(deep, "{{#flag}}", 10);
	put("en/t.txt", deep);
	assert_int_equal(templates_load(dir, known, 3, &set, &err),
	    CD_MALFORMED);
	assert_non_null(strstr(err.text, "too many sections"));
	memset(deep, 'x', CD_MAX_TEMPLATE + 1);
	put("en/t.txt", deep);
	assert_int_equal(templates_load(dir, known, 3, &set, &err),
	    CD_MALFORMED);
	for (size_t i = 0; i <= CD_MAX_TEMPLATE_NODES; i++)
		memcpy(deep + i * 9, "{{link}}\n", 9);
	deep[(CD_MAX_TEMPLATE_NODES + 1) * 9] = '\0';
	put("en/t.txt", deep);
	assert_int_equal(templates_load(dir, known, 3, &set, &err),
	    CD_MALFORMED);
	assert_non_null(strstr(err.text, "too many pieces"));
}

static void
test_rendered_bound(void **state)
{
	char *value = arena_alloc(a, CD_MAX_RENDERED + 1);
	const struct template_var vars[] = { { "name", value } };
	struct template_set *set;
	struct rendered out;
	struct cd_err err;

	(void)state;
	put("en/t.txt", "{{name}}");
	set = load();
	memset(value, 'x', CD_MAX_RENDERED);
	assert_int_equal(templates_render(set, a, "t", "en", vars, 1, &out,
	    &err), CD_OK);
	put("en/t.txt", "{{name}}.");
	templates_free(&set);
	set = load();
	assert_int_equal(templates_render(set, a, "t", "en", vars, 1, &out,
	    &err), CD_MALFORMED);
	assert_int_equal(templates_render(set, a, "none", "en", vars, 1, &out,
	    &err), CD_ABSENT);
	templates_free(&set);
}

static void
test_languages(void **state)
{
	static const struct {
		const char *wanted, *name, *got;
	} rows[] = {
		{ "de", "t", "de" }, { "DE", "t", "de" }, { "de-AT", "t", "de" },
		{ "en", "t", "en" }, { "", "t", "en" }, { NULL, "t", "en" },
		{ "ja", "t", "en" }, { "de", "other", "en" },
		{ "../de", "t", "en" }, { "d", "t", "en" },
	};
	struct template_set *set;

	(void)state;
	put_plain("en", "other");
	assert_int_equal(mkdir(path_of("de"), 0700), 0);
	put_plain("de", "t");
	put("notes", "not a language");
	set = load();
	assert_int_equal(templates_count(set), 2);
	assert_string_equal(templates_name(set, 0), "other");
	assert_string_equal(templates_name(set, 1), "t");
	assert_true(templates_have(set, "t"));
	assert_false(templates_have(set, "x"));
	assert_int_equal(templates_language_count(set), 2);
	assert_string_equal(templates_language(set, 0), "en");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct rendered out;
		struct cd_err err;

		assert_int_equal(templates_render(set, a, rows[i].name,
		    rows[i].wanted, NULL, 0, &out, &err), CD_OK);
		assert_string_equal(out.language, rows[i].got);
		assert_string_equal(out.text, rows[i].got);
	}
	/* What a person asks for is not silently another language. */
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *wanted = rows[i].wanted ? rows[i].wanted : "";
		bool there = strcmp(wanted, "en") == 0 ||
		    strncasecmp(wanted, "de", 2) == 0;
		struct cd_err err = { "" };

		assert_int_equal(templates_language_check(set, wanted, &err),
		    there ? CD_OK : CD_MALFORMED);
		assert_true(there || strstr(err.text, "one of: en de"));
	}
	templates_free(&set);
}

/* Half a template, one that English lacks, no English at all. */
static void
test_incomplete(void **state)
{
	struct template_set *set = NULL;
	struct cd_err err;

	(void)state;
	drop("en/t.html");
	assert_int_equal(templates_load(dir, known, 3, &set, &err), CD_ABSENT);
	assert_non_null(strstr(err.text, "en/t.html: No such file"));
	put("en/t.html", "h");
	assert_int_equal(mkdir(path_of("de"), 0700), 0);
	put("de/x.subject", "s");
	assert_int_equal(templates_load(dir, known, 3, &set, &err),
	    CD_MALFORMED);
	assert_non_null(strstr(err.text, "de/x.subject: there is no such "));
	drop("en/t.subject");
	assert_int_equal(templates_load(dir, known, 3, &set, &err), CD_ABSENT);
	assert_int_equal(templates_load("/nonexistent", known, 3, &set, &err),
	    CD_ABSENT);
	assert_null(set);
	templates_free(&set);
	templates_free(NULL);
}

/* ---- our own templates -------------------------------------------------- */

static const char *const names[] = {
	"app_disabled", "approved_note", "ask_domain", "assignment_required",
	"conditional_access", "link", "our_fault", "partner_admin",
	"personal_note", "safety", "steps", "still_blocked",
	"tenant_restrictions", "wrong_account",
};
#define N_NAMES (sizeof names / sizeof *names)

/* Words that an answer must have in every language: Microsoft's menus, the
 * places to go, the claims that no translator may lose. */
static const struct {
	const char *name, *flag, *word;
} facts[] = {
	{ "steps", NULL, "https://entra.microsoft.com" },
	{ "steps", NULL, "Entra ID" },
	{ "steps", NULL, "Enterprise apps" },
	{ "steps", NULL, "Acme One" },
	{ "steps", NULL, "Security" },
	{ "steps", NULL, "Permissions" },
	{ "steps", NULL, "Grant admin consent" },
	{ "steps", NULL, "Accept" },
	{ "steps", NULL, "Global Administrator" },
	{ "steps", NULL, "Connect Outlook" },
	{ "steps", NULL, "SOC 2 Type II" },
	{ "steps", NULL, "TLS" },
	{ "steps", NULL, "Hotmail" },
	{ "steps", "with_link", "https://login.acme.example/" },
	{ "steps", "with_link", "30" },
	{ "link", NULL, "https://login.acme.example/" },
	{ "link", NULL, "Cloud Application Administrator" },
	{ "link", NULL, "client.example" },
	{ "link", NULL, "Accept" },
	{ "link", NULL, "Connect Outlook" },
	{ "link", NULL, "30" },
	{ "link", "greyed_out", "Global Administrator" },
	{ "ask_domain", NULL, "@" },
	{ "safety", NULL, "SOC 2 Type II" },
	{ "safety", NULL, "TLS" },
	{ "personal_note", NULL, "Hotmail" },
	{ "personal_note", NULL, "Connect Outlook" },
	{ "approved_note", NULL, "Connect Outlook" },
	{ "approved_note", NULL, "client.example" },
	{ "assignment_required", NULL, "Users and groups" },
	{ "assignment_required", NULL, "https://entra.microsoft.com" },
	{ "app_disabled", NULL, "Enabled for users to sign-in?" },
	{ "app_disabled", NULL, "Connect Outlook" },
	{ "conditional_access", NULL, "Sign-in logs" },
	{ "conditional_access", NULL, "Conditional Access" },
	{ "wrong_account", NULL, "Use another account" },
	{ "tenant_restrictions", NULL, "Cross-tenant access settings" },
	{ "partner_admin", NULL, "Accept" },
	{ "partner_admin", NULL, "GDAP" },
	{ "our_fault", NULL, "Connect Outlook" },
	{ "still_blocked", NULL, "Assignment required?" },
	{ "still_blocked", NULL, "AADSTS" },
};

static void
check_facts(const char *name, const char *flag, const char *text)
{
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		if (strcmp(facts[i].name, name) != 0)
			continue;
		if (facts[i].flag && strcmp(facts[i].flag, flag) != 0)
			continue;
		if (!strstr(text, facts[i].word))
			fail_msg("%s: no \"%s\"", name, facts[i].word);
	}
}

/* The address stands whole and alone on its line. */
static void
check_link(const struct rendered *r, bool wanted)
{
	assert_int_equal(strstr(r->text, "\nhttps://x.example/?a=1&b=2\n")
	    != NULL, wanted);
	assert_int_equal(strstr(r->html,
	    "href=\"https://x.example/?a=1&amp;b=2\"") != NULL, wanted);
	assert_int_equal(strstr(r->html,
	    ">https://x.example/?a=1&amp;b=2</a>") != NULL, wanted);
}

static void
check_form(const char *language, const struct rendered *r)
{
	size_t subject = 0;
	uint32_t cp;

	assert_string_equal(r->language, language);
	for (struct str s = str_of(r->subject); s.n > 0; subject++)
		s = str_sub(s, utf8_next(s, &cp), s.n);
	assert_in_range(subject, 5, 78);
	assert_non_null(strstr(r->text, "CD-17-BCDFGHJK\n"));
	assert_non_null(strstr(r->html, "CD-17-BCDFGHJK"));
	assert_non_null(strstr(r->html, arena_printf(a,
	    "<html lang=\"%s\">", language)));
	/* Nothing is loaded from elsewhere, no tag is left over. */
	assert_null(strstr(r->html, "<img"));
	assert_null(strstr(r->html, "<script"));
	assert_null(strstr(r->html, "url("));
	assert_null(strstr(r->html, "{{"));
	assert_null(strstr(r->text, "{{"));
	assert_null(strstr(r->text, "\n\n\n"));
	assert_null(strstr(r->text, "<"));
	/* The product's name is a variable. */
	assert_null(strstr(r->text, "Numeo"));
	assert_null(strstr(r->html, "Numeo"));
}

/* After "Guten Tag," German goes on with a small letter; a name keeps its own. */
static void
check_german(const struct rendered *r)
{
	const char *text = strstr(r->text, "Guten Tag,\n\n");
	const char *html = strstr(r->html, "Guten Tag,</p>");

	assert_non_null(text);
	assert_non_null(html);
	text += strlen("Guten Tag,\n\n");
	html = strchr(strstr(html, "<p "), '>') + 1;
	assert_true(str_starts(str_of(text), STR("Acme ")) ||
	    !(*text >= 'A' && *text <= 'Z'));
	assert_memory_equal(text, html, 5);
}

/* Every template in every language, with no flag and with each alone. */
static void
test_ours(void **state)
{
	static const char *const flags[] = {
		"none", "admin", "organizations", "greyed_out",
		"cant_find_app", "first_contact", "with_link",
	};
	const size_t n_flags = sizeof flags / sizeof *flags;
	struct template_set *set;
	struct cd_err err;

	(void)state;
	if (templates_load(CD_TOP "/templates", answer_variables,
	    n_answer_variables, &set, &err) != CD_OK)
		fail_msg("%s", err.text);
	assert_int_equal(templates_count(set), N_NAMES);
	for (size_t i = 0; i < N_NAMES * n_flags *
	    templates_language_count(set); i++) {
		const char *name = names[i % N_NAMES];
		const char *flag = flags[i / N_NAMES % n_flags];
		const char *language = templates_language(set,
		    i / N_NAMES / n_flags);
		const struct template_var vars[] = {
			{ "product", "Acme" }, { "also_known_as", "Acme One" },
			{ "support_address", "help@acme.example" },
			{ "link", "https://x.example/?a=1&b=2" },
			{ "authority", "https://login.acme.example" },
			{ "link_days", "30" }, { "domain", "client.example" },
			{ "reference", "CD-17-BCDFGHJK" }, { flag, "1" },
		};
		struct rendered r;

		assert_string_equal(templates_name(set, i % N_NAMES), name);
		assert_int_equal(templates_render(set, a, name, language, vars,
		    sizeof vars / sizeof *vars, &r, &err), CD_OK);
		check_form(language, &r);
		if (strcmp(language, "de") == 0)
			check_german(&r);
		check_facts(name, flag, r.text);
		check_link(&r, strcmp(name, "link") == 0 ||
		    (strcmp(name, "steps") == 0 &&
		    strcmp(flag, "with_link") == 0));
	}
	templates_free(&set);
}

/* "1 days" is no language's. */
static void
test_one_day(void **state)
{
	static const struct {
		const char *language, *one, *more;
	} rows[] = {
		{ "de", "1 Tag ", "7 Tage " }, { "en", "1 day.", "7 days." },
		{ "es", "1 día.", "7 días." }, { "fr", "1 jour.", "7 jours." },
		{ "pl", "1 dzień.", "7 dni." }, { "pt", "1 dia.", "7 dias." },
		{ "ru", "1 день.", "7 дн." }, { "tr", "1 gün ", "7 gün " },
		{ "uk", "1 день.", "7 дн." }, { "uz", "1 kun ", "7 kun " },
	};
	struct template_set *set;
	struct cd_err err;

	(void)state;
	assert_int_equal(templates_load(CD_TOP "/templates", answer_variables,
	    n_answer_variables, &set, &err), CD_OK);
	assert_int_equal(templates_language_count(set),
	    sizeof rows / sizeof *rows);
	for (size_t i = 0; i < 4 * sizeof rows / sizeof *rows; i++) {
		bool one = i & 1, link = i & 2;
		const struct template_var vars[] = {
			{ "product", "Acme" }, { "with_link", "1" },
			{ "link", "https://x.example/" },
			{ "link_days", one ? "1" : "7" },
			{ "one_day", one ? "1" : "" },
		};
		const char *want = one ? rows[i / 4].one : rows[i / 4].more;
		struct rendered r;

		assert_int_equal(templates_render(set, a, link ? "link"
		    : "steps", rows[i / 4].language, vars,
		    sizeof vars / sizeof *vars, &r, &err), CD_OK);
		if (!strstr(r.text, want))
			fail_msg("no \"%s\" in %s", want, r.text);
		/* There it may end in bold. */
		want = arena_strndup(a, want, strlen(want) - 1);
		if (!strstr(r.html, want))
			fail_msg("no \"%s\" in %s", want, r.html);
	}
	templates_free(&set);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_byte_order_mark), T(test_text), T(test_html_is_escaped),
		T(test_subject_is_one_line), T(test_subject_has_one_line),
		T(test_partials),
		T(test_mistakes), T(test_bounds), T(test_rendered_bound),
		T(test_languages), T(test_incomplete), T(test_ours),
		T(test_one_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
