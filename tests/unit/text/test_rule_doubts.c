#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/rule_doubts.h"
#include "unit.h"

#define RULE(name, says) "[rule " name "]\nmatch = x\nsays = " says "\n"
#define LISTS(language) "[words " language "]\na = x\nb = y\nc = z\n"
#define USE "[rule use]\nlang = all\nmatch = {a} {b} {c}\nsays = blocked\n"

static struct arena *a;
static char dir[32];

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	snprintf(dir, sizeof dir, "/tmp/cd-rules-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(arena_printf(a, "%s/x.rules", dir));
	rmdir(dir);
	arena_free(&a);
	return 0;
}

struct told {
	char text[2048];
};

static void
note(void *ctx, const char *text)
{
	struct told *t = ctx;
	size_t n = strlen(t->text);

	snprintf(t->text + n, sizeof t->text - n, "%s\n", text);
}

static void
test_doubts(void **state)
{
	/* What is told of a file, one a line. */
	static const char *const rows[][2] = {
		{ LISTS("en") USE, "" },
		/* Unused lists, directly and by way of unused ones. */
		{ "[words]\ninner = y\nouter = {inner}\n" RULE("r", "other"),
		    "x.rules:3: no rule uses {outer}\n"
		    "x.rules:2: no rule uses {inner}\n" },
		{ "[words]\ninner = y\nouter = {inner}\n"
		    "[rule r]\nmatch = x\nnot = {outer}\nsays = other\n", "" },
		{ "[words en]\nx = (a | b\n[words de]\nx = (a | b\n",
		    "x.rules:2: no rule uses {x}\n"
		    "x.rules:4: a ( without its ): \"(a | b\"\n"
		    "x.rules:2: a ( without its ): \"(a | b\"\n" },
		{ LISTS("en") "[words]\nd = {a}\n[rule r]\nlang = all\n"
		    "match = {d} {b} {c}\nsays = other\n", "" },
		{ LISTS("german") USE, "x.rules:2: [words german]: no language "
		    "has that code; they are two small letters (de, en)\n" },
		{ LISTS("en") USE "[rule r]\nlang = en, eng\nmatch = x\n"
		    "says = other\n", "x.rules:9: rule r is for \"eng\", and no "
		    "file has [words eng]\n" },
		/* One of many lacks a name; of three nobody can say, nor of one
		 * that has hardly begun. */
		{ LISTS("de") LISTS("en") LISTS("es") "[words fr]\na = x\nb = y\n"
		    USE, "x.rules:14: [words fr] lack {c}, which all other "
		    "languages have: the rules that need it are silent\n" },
		{ LISTS("de") LISTS("en") "[words es]\na = x\nb = y\n"
		    "[words fr]\na = x\nb = y\n" USE, "" },
		{ LISTS("de") LISTS("en") "[words fr]\na = x\nb = y\n" USE, "" },
		{ LISTS("de") LISTS("en") LISTS("es") LISTS("fr")
		    "[words it]\na = x\n" USE, "" },
		/* Notes. */
		{ RULE("r", "cue.amdin") RULE("q", "cue.admin"),
		    "x.rules:3: rule r alone says cue.amdin, and the program "
		    "does not know it: is cue.admin meant?\n" },
		{ RULE("r", "own.note") RULE("q", "other"),
		    "x.rules:3: rule r alone says own.note, and the program "
		    "does not know it\n" },
		{ RULE("r", "own.note") RULE("q", "own.note"), "" },
		{ RULE("r", "own.note") RULE("q", "own.thing"), "" },
		{ RULE("r", "cue.admin, matter.here") RULE("q", "matter"), "" },
		{ "[words en]\na = x | y |\n[rule r]\nlang = en\nmatch = b {a}\n"
		    "says = other\n", "x.rules:2: this pattern matches nothing "
		    "at all (a | too many, or everything in it may be missing),"
		    " in the list {a} of [words en]\n" },
		/* What must not stand behind it takes no words. */
		{ "[words en]\na = (?! x)\n[rule r]\nlang = en\nmatch = b{a}\n"
		    "says = other\n", "" },
		{ "[words en]\na = (?<!n)(?=[)]*$)\n[rule r]\nlang = en\n"
		    "match = b{a}\nsays = other\n", "" },
		{ "[words en]\na = (?! (x))y |\n[rule r]\nlang = en\n"
		    "match = b {a}\nsays = other\n", "x.rules:2: this pattern "
		    "matches nothing at all (a | too many, or everything in it "
		    "may be missing), in the list {a} of [words en]\n" },
		{ "[rule r]\nmatch = \"knob asleep\"\nmatch = \"a\" b\n"
		    "not = \xe2\x80\x9cso\xe2\x80\x9d\nsays = other\n",
		    "x.rules:2: rule r looks for the quotation marks, too: "
		    "write the words without\n"
		    "x.rules:4: rule r looks for the quotation marks, too: "
		    "write the words without\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		FILE *f = fopen(arena_printf(a, "%s/x.rules", dir), "w");
		struct rule_files files;
		struct told t = { "" };
		struct cd_err err = { "" };

		assert_non_null(f);
		fputs(rows[i][0], f);
		fclose(f);
		if (rule_files_read(a, dir, &files, &err) != CD_OK)
			fail_msg("%s", err.text);
		rule_doubts(a, &files, note, &t);
		assert_string_equal(t.text, rows[i][1]);
	}
}

/* A file of rules by another name is told; what is known to stand there is not,
 * nor what editors leave. */
static void
test_files_passed_over(void **state)
{
	static const char *const names[] = {
		"own.rules.txt", "own.rule", "x.RULES", "README", "codes",
		".own.rules", "own.rules~", ".#own.rules", "#own.rules#",
		".own.rules.swp", "own.rules.swp", "own.rules.bak",
		"own.rules.dpkg-dist",
	};
	struct rule_files files;
	struct told t = { "" };
	struct cd_err err = { "" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		FILE *f = fopen(arena_printf(a, "%s/%s", dir, names[i]), "w");

		assert_non_null(f);
		fclose(f);
	}
	assert_int_equal(mkdir(arena_printf(a, "%s/old", dir), 0700), 0);
	assert_int_equal(mkdir(arena_printf(a, "%s/own", dir), 0700), 0);
	fclose(fopen(arena_printf(a, "%s/own/x.rules", dir), "w"));
	if (rule_files_read(a, dir, &files, &err) != CD_OK)
		fail_msg("%s", err.text);
	rule_doubts(a, &files, note, &t);
	assert_string_equal(t.text, "own.rule: this file is not read: the name "
	    "of one with rules ends in .rules\n"
	    "own.rules.txt: this file is not read: the name of one with rules "
	    "ends in .rules\n"
	    "own/: the rules in this folder are not read: put them beside "
	    "it\n");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(arena_printf(a, "%s/%s", dir, names[i]));
	rmdir(arena_printf(a, "%s/old", dir));
	unlink(arena_printf(a, "%s/own/x.rules", dir));
	rmdir(arena_printf(a, "%s/own", dir));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_doubts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files_passed_over, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
