#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "text/codes.h"
#include "text/rules.h"
#include "unit.h"

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

static void
test_normalise(void **state)
{
	static const char *const rows[][2] = {
		{ "Need  ADMIN\tapproval", "need admin approval" },
		{ "can\xe2\x80\x99t", "can't" },
		{ "bo\xca\xbblmadi", "bo'lmadi" },
		{ "\xe2\x80\x9cNumeo\xe2\x80\x9d", "\"numeo\"" },
		{ "aprobaci\xc3\xb3n", "aprobacion" },
		/* The same letter composed of two. */
		{ "aprobacio\xcc\x81n", "aprobacion" },
		{ "Zat\xc5\x82" "acz \xc5\xbc\xc3\xb3\xc5\x82w", "zatlacz zolw" },
		{ "\xd0\x81\xd0\x9b\xd0\x9a\xd0\x90", "\xd0\xb5\xd0\xbb\xd0\xba\xd0\xb0" },
		{ "ap\xe2\x80\x8bproval", "approval" },
		{ "a\xc2\xa0" "b", "a b" },
		{ "a\n\n\n\nb \n c", "a\n\nb\nc" },
		{ "wait\xe2\x80\xa6", "wait..." },
		{ "  ", "" },
		{ "\xef\xbc\xa1\xef\xbc\x9f", "a?" },
		{ "\xe7\xae\xa1\xe7\x90\x86", "\xe7\xae\xa1\xe7\x90\x86" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str s = rules_normalise(a, str_of(rows[i][0]));

		assert_string_equal(arena_str(a, s), rows[i][1]);
	}
}

/* A folder with one rule file of this text. */
static const char *
folder(const char *text)
{
	char *dir = arena_strdup(a, "/tmp/cd-rules-XXXXXX");
	FILE *f;

	assert_non_null(mkdtemp(dir));
	f = fopen(arena_printf(a, "%s/x.rules", dir), "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return dir;
}

static void
remove_folder(const char *dir)
{
	unlink(arena_printf(a, "%s/x.rules", dir));
	rmdir(dir);
}

static const char *const product[] = { "Numeo", "Numeo Spot", "A+B. Mail" };

static void
test_mistakes_name_the_line(void **state)
{
	static const char *const rows[][2] = {
		{ "x = y\n", "x.rules:1:" },
		{ "[rule a]\nmatch = b\n", "x.rules:1: no says" },
		{ "\n[rule a]\nsays = other\n", "x.rules:2: no match" },
		{ "[rule a]\nmatch = (b\nsays = other\n", "x.rules:2:" },
		{ "[rule a]\nmatch = {b}\nsays = other\n", "x.rules:2:" },
		{ "[rule a]\nzone = here\n", "x.rules:2: no zone of that name "
		    "(there are subject, new, quoted, forwarded, signature, "
		    "attachment, sender): \"here\"" },
		{ "[rule a]\nsays = other +99\n", "x.rules:2: a weight" },
		{ "[rule a]\ncolour = red\n", "x.rules:2:" },
		{ "[rule a]\nmatch = b\nsays = other\n[rule a]\n",
		    "x.rules:4: there is a rule already named \"a\", at "
		    "x.rules:1" },
		{ "[rules a]\n", "x.rules:1: sections" },
		{ "[rule own a]\n", "x.rules:1: a rule's name is one word of "
		    "letters, figures, dots and _ that begins with a letter, "
		    "not \"[rule own a]\"" },
		{ "[rule own-a]\n", "x.rules:1: a rule's name is one word" },
		{ "[rule a]\nsays = greyed_out 3\n", "x.rules:2: a weight has "
		    "a sign, write +3, not \"3\"" },
		{ "[words en]\na = b\n\na = c\n", "x.rules:4: words given twice: "
		    "\"a\", at x.rules:2, both in [words en]" },
		{ "[words en]\na =\n", "x.rules:2: nothing behind" },
		/* In a list, however far away the line that names it is. */
		{ "[words en]\na = {a}\n[rule r]\nlang = en\nmatch = {a}\n"
		    "says = other\n", "x.rules:2: {a} is made of itself" },
		{ "[words en]\nb = x |\n\t(y\na = {b}s\n[rule r]\n"
		    "lang = all\nmatch = the {a}\nsays = other\n",
		    "x.rules:2: a ( without its ): \"(y\"" },
		{ "[words en]\na = x |\n[rule r]\nlang = en\nmatch = {a}\n"
		    "says = other\n", "x.rules:2: this pattern matches nothing at "
		    "all (a | too many, or everything in it may be missing), "
		    "in the list {a} of [words en]" },
		{ "[words en]\na = x\\\n[rule r]\nlang = en\nmatch = {a}\n"
		    "says = other\n", "x.rules:2: a \\ at the end" },
		{ "[words en]\na = {b}\n[rule r]\nlang = en\nmatch = {a}\n"
		    "says = other\n", "x.rules:2: no words for {b} in any" },
		{ "[rule r]\nmatch = a\nmatch = x | y |\nsays = other\n",
		    "x.rules:3: this pattern matches nothing at all" },
		{ "[rule r]\nmatch = a\nnot = x | y |\nsays = other\n",
		    "x.rules:3: this pattern matches nothing at all" },
		{ "[rule r]\nmatch = a | *b\nsays = other\n",
		    "x.rules:2: a ? * or + with nothing before it" },
		{ "[rule r]\nmatch = [abc\nsays = other\n",
		    "x.rules:2: a [ without its ]: \"[abc\"" },
		/* A name in "not" counts as one in "match". */
		{ "[rule r]\nmatch = a\nnot = {acount} | accountant\n"
		    "says = other\n",
		    "x.rules:3: no words for {acount} in any file" },
		{ "[words en]\na = x\n[rule r]\nlang = all\nmatch = {a}\n"
		    "not = y | {aa}\nsays = other\n",
		    "x.rules:6: no words for {aa} in any file" },
		{ "[words en]\na = x\n[words de]\nb = y\n[rule r]\nlang = en\n"
		    "match = {a}\nnot = {b}\nsays = other\n",
		    "x.rules:8: no words for {b} in [words en]" },
		{ "[words en]\na = x\n[words de]\nb = y\n[rule r]\n"
		    "lang = all\nmatch = {a}\nnot = {b} | {c}\nsays = other\n",
		    "x.rules:8: no words for {c} in any file" },
		{ "[words en]\na = x\n[rule r]\nmatch = {a}\nsays = other\n",
		    "x.rules:4: no words for {a} without a language: with "
		    "\"lang = all\"" },
		{ "[words en]\na = x\n[rule r]\nlang = eng\nmatch = {a}\n"
		    "says = other\n", "x.rules:5: no words for {a}: there is no "
		    "language \"eng\"; [words] are there for: en" },
		{ "[words en]\na = x\n[rule r]\nlang = all\nmatch = {a}\n"
		    "match = {aa}\nsays = other\n",
		    "x.rules:6: no words for {aa} in any file: is it" },
		{ "[rule r]\nlang = xx\nmatch = {a}\nsays = other\n",
		    "x.rules:3: no words for {a}" },
		{ "[words en]\na = b\n[rule r]\nlang = all\nmatch = b\n"
		    "says = other\n", "x.rules:5: rule r is for all" },
		{ "[words en]\na = b\n[rule r]\nlang = all\nmatch = {a}\n"
		    "match = b\nsays = other\n",
		    "x.rules:6: rule r is for all" },
		{ "[words en]\na = b\n[rule r]\nlang = all\nmatch = {aa}\n"
		    "says = other\n", "x.rules:5: no words for {aa}" },
		/* What a blank before a line does. */
		{ "[rule a]\n  match = b\n  says = other\n",
		    "x.rules:2: a line that begins with a blank" },
		{ "[rule a]\nmatch = b\n  says = other\n",
		    "x.rules:3: a line that begins with a blank" },
		{ "[rule a]\nmatch = b\nsays = other\n [rule b]\n",
		    "x.rules:4: a line that begins with a blank" },
		{ "[rule a]\nmatch = b # the letter\nsays = other\n",
		    "x.rules:2: a comment has a line of its own" },
		{ "[words en]\na = b |\n\tc\n\t# more\n\t| d\n",
		    "x.rules:2: a comment has a line of its own" },
		{ "[rule a]\nsays = blocked +1, blocked -2\n",
		    "x.rules:2: one weight for each, not two for \"blocked\"" },
		{ "[rule a]\nsays = blocked +0\n",
		    "x.rules:2: it speaks neither for nor against: \"+0\"" },
		{ "[rule a]\nsays = blocked +1 -1\n",
		    "x.rules:2: a second weight" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *dir = folder(rows[i][0]);
		struct rules *r = NULL;
		struct cd_err err = { "" };

		assert_int_equal(rules_load(dir, product, 3, &r, &err),
		    CD_MALFORMED);
		assert_null(r);
		if (!strstr(err.text, rows[i][1]))
			fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i][1]);
		remove_folder(dir);
	}
}

/* What is wrong with a file as bytes has its line too. */
static void
test_mistakes_of_bytes(void **state)
{
	const struct {
		struct str text;
		const char *says;
	} rows[] = {
		{ STR("# first\n[rule a]\nmatch = caf\xe9\n"),
		    "x.rules:3: not UTF-8; save the file as UTF-8" },
		{ STR("\xff\xfe[\0r\0u\0l\0e\0"), "x.rules:1: not UTF-8; save "
		    "the file as UTF-8" },
		{ STR("[rule a]\nmatch = b\0c\nsays = other\n"),
		    "x.rules:2: a byte of value 0" },
	};
	struct rules *r = NULL;
	struct cd_err err = { "" };
	const char *dir;
	struct buf b = buf_new(a, 2 * CD_MAX_PATTERN);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		FILE *f;

		dir = folder("");
		f = fopen(arena_printf(a, "%s/x.rules", dir), "w");
		assert_non_null(f);
		fwrite(rows[i].text.p, 1, rows[i].text.n, f);
		fclose(f);
		assert_int_equal(rules_load(dir, product, 3, &r, &err),
		    CD_MALFORMED);
		if (!strstr(err.text, rows[i].says))
			fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].says);
		remove_folder(dir);
	}
	buf_puts(&b, "[rule a]\nmatch = lots");
	while (b.n <= CD_MAX_PATTERN + 16)
		buf_puts(&b, " of words");
	buf_puts(&b, "\nsays = other\n");
	dir = folder(buf_str(&b).p);
	assert_int_equal(rules_load(dir, product, 3, &r, &err), CD_MALFORMED);
	assert_string_equal(err.text, "x.rules:2: longer than 16384 bytes, with "
	    "the lines that go on with it: \"match = lots of words of words of "
	    "words \"");
	remove_folder(dir);
}

static void
test_no_folder(void **state)
{
	struct rules *r = NULL;
	struct cd_err err;

	(void)state;
	assert_int_equal(rules_load("/nonexistent", product, 1, &r, &err),
	    CD_ABSENT);
	rules_free(&r);
	rules_free(NULL);
}

static void
test_run(void **state)
{
	const char *dir = folder(
	    "# comment\n"
	    "[words]\nthing = gadget\n"
	    "[words en]\nadmin = admin |\n\tboss\n"
	    "[words ru]\nadmin = \xd0\xb0\xd0\xb4\xd0\xbc\xd0\xb8\xd0\xbd~\n"
	    "[rule who]\nlang = all\nmatch = {admin}\nsays = other +2\n"
	    "[rule product]\nzone = new, quoted\nmatch = {product}\n"
	    "says = blocked -1, role.admin\n"
	    "[rule not]\nmatch = {thing}\nnot = broken\nsays = other\n"
	    "[rule none]\nborder = none\nmatch = \\?\\?\nsays = unclear\n");
	struct rules *r = NULL;
	struct cd_err err = { "" };
	struct rule_input in = { .language = "" };
	struct rule_hit hits[CD_MAX_HITS];
	const struct rule_effect *e;
	size_t n;

	(void)state;
	assert_int_equal(rules_load(dir, product, 3, &r, &err), CD_OK);
	assert_int_equal(rules_count(r), 6);
	in.zone[RULE_NEW] = STR("the boss of numeo spot has a gadget ??");
	in.zone[RULE_QUOTED] = STR("an a+b. mail");
	n = rules_run(r, &in, hits);
	assert_int_equal(n, 5);
	assert_string_equal(rules_id(r, hits[0].rule), "who:en");
	assert_string_equal(rules_id(r, hits[1].rule), "product");
	assert_int_equal(rules_zone(r, hits[1].rule), RULE_NEW);
	assert_int_equal(rules_zone(r, hits[2].rule), RULE_QUOTED);
	assert_int_equal(hits[0].from, 4);
	assert_int_equal(hits[0].to, 8);
	e = rules_effects(r, hits[1].rule, &n);
	assert_int_equal(n, 2);
	assert_string_equal(e[0].what, "blocked");
	assert_true(e[0].weight < -0.5 && e[1].weight > 0.5);
	in.zone[RULE_QUOTED] = STR("");
	in.zone[RULE_NEW] = STR("a broken gadget");
	assert_int_equal(rules_run(r, &in, hits), 0);
	/* A rule of a language that is nothing like the text's is left out. */
	in.zone[RULE_NEW] = rules_normalise(a,
	    STR("\xd0\xb0\xd0\xb4\xd0\xbc\xd0\xb8\xd0\xbd\xd0\xb0"));
	assert_int_equal(rules_run(r, &in, hits), 1);
	in.language = "uk";
	assert_int_equal(rules_run(r, &in, hits), 1);
	in.language = "tr";
	assert_int_equal(rules_run(r, &in, hits), 0);
	rules_free(&r);
	remove_folder(dir);
}

/* Of a "not" only what a language has no words for is left out; and a byte order
 * mark begins a text of Windows. */
static void
test_not_in_part(void **state)
{
	const char *dir = folder("\xef\xbb\xbf[words en]\na = gadget\n"
	    "b = brok(en|e)\n[words de]\na = dings\n"
	    "[rule r]\nlang = all\nmatch = {a}\nnot = {b} | (\\| | \\#) sold\n"
	    "not = stolen\nsays = other\n");
	struct rules *r = NULL;
	struct cd_err err = { "" };
	struct rule_input in = { .language = "" };
	struct rule_hit hits[CD_MAX_HITS];
	static const struct {
		const char *text;
		size_t hits;
	} rows[] = {
		{ "gadget", 1 }, { "dings", 1 }, { "broken gadget", 0 },
		{ "broken dings", 1 }, { "dings # sold", 0 },
		{ "gadget | sold", 0 }, { "stolen gadget", 0 },
	};

	(void)state;
	if (rules_load(dir, product, 3, &r, &err) != CD_OK)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		in.zone[RULE_NEW] = str_of(rows[i].text);
		assert_int_equal(rules_run(r, &in, hits), rows[i].hits);
	}
	rules_free(&r);
	remove_folder(dir);
}

static void
test_codes(void **state)
{
	const char *dir = folder("");
	const char *file = arena_printf(a, "%s/x.rules", dir);
	struct codes *c = NULL;
	struct cd_err err;
	FILE *f = fopen(file, "w");

	(void)state;
	fputs("\xef\xbb\xbf# x\nconsent = 65001 90094\nuser = 50020\n", f);
	fclose(f);
	assert_int_equal(codes_load(a, file, &c, &err), CD_OK);
	assert_string_equal(codes_remedy(c, 90094), "consent");
	assert_string_equal(codes_remedy(c, 50020), "user");
	assert_string_equal(codes_remedy(c, 1), "");
	assert_int_equal(codes_find(STR("aadsts65001: the user")), 65001);
	assert_int_equal(codes_find(STR("aadsts - 900941")), 900941);
	assert_int_equal(codes_find(STR("error code: 90094")), 90094);
	assert_int_equal(codes_find(STR("error=x&aadsts%3a%2050105")), 50105);
	assert_int_equal(codes_find(STR("aadsts%2d%2050105")), 50105);
	assert_int_equal(codes_find(STR("aadsts%4150105")), 0);
	assert_int_equal(codes_find(STR("aadsts aadsts123456789")), 0);
	assert_int_equal(codes_find(STR("load 65001")), 0);
	f = fopen(file, "w");
	fputs("consent = 65001\nnobody = 1\n", f);
	fclose(f);
	assert_int_equal(codes_load(a, file, &c, &err), CD_MALFORMED);
	assert_non_null(strstr(err.text, ":2:"));
	f = fopen(file, "w");
	fputs("consent = 65001\n\nuser = 50020 65001\n", f);
	fclose(f);
	assert_int_equal(codes_load(a, file, &c, &err), CD_MALFORMED);
	assert_non_null(strstr(err.text,
	    ":3: 65001 stands in line 1 already"));
	f = fopen(file, "w");
	for (int i = 0; i < 6000; i++)
		fputs("# as much\n", f);
	fputs("consent = 65001\n# and more than", f);
	for (int i = 0; i < 1000; i++)
		fputs(" may be", f);
	fclose(f);
	assert_int_equal(codes_load(a, file, &c, &err), CD_MALFORMED);
	assert_non_null(strstr(err.text, "longer than"));
	assert_int_equal(codes_load(a, dir, &c, &err), CD_MALFORMED);
	remove_folder(dir);
	assert_int_equal(codes_load(a, file, &c, &err), CD_ABSENT);
}

/* What cannot be read is no empty file, and none of many is left out. */
static void
test_files(void **state)
{
	const char *dir = folder("[rule r]\nmatch = x\nsays = other\n");
	const char *sub = arena_printf(a, "%s/sub.rules", dir);
	struct rules *r = NULL;
	struct cd_err err = { "" };

	(void)state;
	assert_int_equal(mkdir(sub, 0700), 0);
	assert_int_equal(rules_load(dir, product, 3, &r, &err), CD_MALFORMED);
	assert_non_null(strstr(err.text, "sub.rules"));
	assert_int_equal(rmdir(sub), 0);
	for (int i = 0; i < 256; i++) {
		FILE *f = fopen(arena_printf(a, "%s/n%d.rules", dir, i), "w");

		assert_non_null(f);
		fclose(f);
	}
	assert_int_equal(rules_load(dir, product, 3, &r, &err), CD_MALFORMED);
	assert_non_null(strstr(err.text, "more than 256"));
	unlink(arena_printf(a, "%s/n0.rules", dir));
	assert_int_equal(rules_load(dir, product, 3, &r, &err), CD_OK);
	rules_free(&r);
	for (int i = 1; i < 256; i++)
		unlink(arena_printf(a, "%s/n%d.rules", dir, i));
	remove_folder(dir);
}

static void
test_tenant(void **state)
{
	static const char *const rows[][2] = {
		{ "see https://login.microsoftonline.com/"
		    "0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5/reprocess?ctx=r",
		    "0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5" },
		{ "https://login.microsoftonline.com/common/oauth2", "" },
		{ "https://login.microsoftonline.com/"
		    "9188040d-6c67-4c5b-b112-36a304b66dad/x", "" },
		{ "https://evil.example/"
		    "0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5", "" },
		{ "login.microsoftonline.com/0c7e6a1f", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(arena_str(a,
		    codes_tenant(str_of(rows[i][0]), STR(""))), rows[i][1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_normalise, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_in_part, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_mistakes_name_the_line,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(test_mistakes_of_bytes, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_no_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(test_run, setup, teardown),
		cmocka_unit_test_setup_teardown(test_codes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tenant, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
