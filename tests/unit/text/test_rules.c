#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/codes.h"
#include "text/factor.h"
#include "text/pattern.h"
#include "text/prefilter.h"
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

static const char *
words(const void *ctx, struct str name)
{
	(void)ctx;
	if (str_eq(name, STR("admin")))
		return "admins? | Administr\xc3\xa1tor~";
	if (str_eq(name, STR("round")))
		return "{round}";
	return NULL;
}

static bool
all_hold(const struct grams *g, const struct needs *needs)
{
	for (size_t i = 0; i < needs->n; i++) {
		if (!grams_hold(g, &needs->set[i]))
			return false;
	}
	return true;
}

static bool
may_match(const char *regex, const char *text)
{
	struct prefilter f;
	struct grams *g = grams_new(a);
	bool may;

	prefilter_of(a, regex, &f);
	grams_fill(g, str_of(text));
	may = all_hold(g, &f.all) && f.n_ways == 0;
	for (size_t i = 0; i < f.n_ways && all_hold(g, &f.all); i++)
		may = may || all_hold(g, &f.way[i]);
	return may;
}

static bool
fits(const char *written, enum pattern_border border, const char *text)
{
	static const char much[10000] = "x";
	struct pattern *p;
	struct cd_err err = { "" };
	const char *regex;
	size_t from, to;
	bool yes;

	assert_int_equal(pattern_expand(a, str_of(written), border, words, NULL,
	    &regex, &err), CD_OK);
	assert_int_equal(pattern_compile(a, a, regex, &p, &err), CD_OK);
	yes = pattern_match(p, str_of(text), &from, &to) == PATTERN_YES;
	/* What it rules out never matches. */
	if (yes)
		assert_true(may_match(regex, text));
	/* Nor does it change when the pattern is used so much that JIT code is
	 * made for it. */
	pattern_match(p, (struct str){ much, sizeof much }, &from, &to);
	assert_int_equal(pattern_match(p, str_of(text), &from, &to) ==
	    PATTERN_YES, yes);
	pattern_free(&p);
	return yes;
}

static void
test_pattern(void **state)
{
	(void)state;
	assert_true(fits("need {admin}", BORDER_WORDS, "i need\nadmins now"));
	assert_true(fits("need {admin}", BORDER_WORDS, "need administratora"));
	assert_false(fits("need {admin}", BORDER_WORDS, "need adminstuff"));
	assert_false(fits("need {admin}", BORDER_WORDS, "need  the admin"));
	assert_true(fits("can't find", BORDER_WORDS, "cant find it"));
	assert_true(fits("can't find", BORDER_WORDS, "can't find it"));
	assert_true(fits("approve ... link", BORDER_WORDS,
	    "approve it by the link"));
	assert_false(fits("approve ... link", BORDER_WORDS,
	    "we approve it. the link is there"));
	assert_true(fits("a | b c", BORDER_WORDS, "b c"));
	assert_true(fits("soc ?2", BORDER_WORDS, "the soc2 report"));
	assert_true(fits("soc ?2", BORDER_WORDS, "the soc\n2 report"));
	assert_false(fits("soc ?2", BORDER_WORDS, "the soc-2 report"));
	assert_true(fits("(yes | no) please", BORDER_WHOLE, "yes please!!"));
	assert_false(fits("yes please", BORDER_WHOLE, "yes please call"));
	/* A blank in brackets belongs to the word; around a bar it does not. */
	assert_true(fits("lost (my |the )?phone", BORDER_WHOLE, "lost my phone"));
	assert_true(fits("lost (my |the )?phone", BORDER_WHOLE, "lost phone"));
	assert_false(fits("lost (my |the )?phone", BORDER_WHOLE, "lost myphone"));
	assert_true(fits("(has |not )*been", BORDER_WHOLE, "has not been"));
	assert_true(fits("good( day| morning)?", BORDER_WHOLE, "good morning"));
	assert_true(fits("good( day| morning)?", BORDER_WHOLE, "good"));
	assert_true(fits("(a|b) | c", BORDER_WHOLE, "b"));
	assert_true(fits("dmi", BORDER_NONE, "admin"));
	assert_false(fits("dmi", BORDER_WORDS, "admin"));
	assert_true(fits("Ap\xc3\xa9ro[bv]al?e\\S", BORDER_NONE, "aperovalex"));
}

static void
test_pattern_mistakes(void **state)
{
	static const struct {
		const char *written;
		enum cd_rc rc;
		const char *says;
	} rows[] = {
		{ "{nothing}", CD_ABSENT, "{nothing}" },
		{ "{round}", CD_MALFORMED, "itself" },
		{ "{admin", CD_MALFORMED, "without its }" },
		{ "a | b (c", CD_MALFORMED, "a ( without its ): \"(c\"" },
		{ "a b) | c", CD_MALFORMED, "a ) without its (: \"a b)\"" },
		/* Not even where a border of ours would end it. */
		{ "a)(b", CD_MALFORMED, "a ) without its (" },
		{ "see [abc", CD_MALFORMED, "a [ without its ]: \"[abc\"" },
		{ "[]", CD_MALFORMED, "a [ without its ]" },
		{ "a\\Qb", CD_MALFORMED, "without its \\E" },
	};
	static const char *const good[] = {
		"[]a(]", "[^](]b", "[[:alpha:](]", "\\[ \\(", "\\Q(a[\\E",
		"a(?#note (x)b", "[a\\]b(]",
	};
	const char *regex;
	struct pattern *p;
	struct cd_err err;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(pattern_expand(a, str_of(rows[i].written),
		    BORDER_WORDS, words, NULL, &regex, &err), rows[i].rc);
		assert_non_null(strstr(err.text, rows[i].says));
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		if (pattern_expand(a, str_of(good[i]), BORDER_WORDS, words,
		    NULL, &regex, &err) != CD_OK ||
		    pattern_compile(a, a, regex, &p, &err) != CD_OK)
			fail_msg("%s: %s", good[i], err.text);
		pattern_free(&p);
	}
	assert_int_equal(pattern_compile(a, a, "a(b", &p, &err), CD_MALFORMED);
	assert_non_null(strstr(err.text, "parenthes"));
}

/* What a person wrote is quoted, and only the part that is wrong. */
static void
test_pattern_try(void **state)
{
	static const char *const rows[][2] = {
		{ "good | *bad (a|b) | x",
		    "a ? * or + with nothing before it (the sign itself is "
		    "written \\? \\* \\+): \"*bad (a|b)\"" },
		{ "one two | [z-a] three", ": \"[z-a] three\"" },
		{ "a b\\", "a \\ at the end" },
		{ "(?<a | b", "a ( without its ): \"(?<a | b\"" },
		{ "(?<1>a) | b", "\"(?<1>a)\"" },
		{ "Kn\xc3\xb6pfe ... | x? | b", ": \"x?\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cd_err err = { "" };

		assert_int_equal(pattern_try(a, str_of(rows[i][0]), words,
		    NULL, &err), CD_MALFORMED);
		if (!strstr(err.text, rows[i][1]))
			fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i][1]);
	}
	assert_int_equal(pattern_try(a, STR("a ... {admin}"), words, NULL,
	    NULL), CD_OK);
}

/* A rule of it would fire on every mail. */
static void
test_matches_nothing(void **state)
{
	static const struct {
		const char *written;
		enum pattern_border border;
		bool refused;
	} rows[] = {
		{ "zyzzyva | quagga |", BORDER_WORDS, true },
		{ "| zyzzyva", BORDER_WORDS, true },
		{ "...", BORDER_WORDS, true },
		{ "...", BORDER_NONE, true },
		{ "(zyzzyva)?", BORDER_WHOLE, true },
		{ "x?", BORDER_WORDS, true },
		{ "~", BORDER_WORDS, true },
		{ "(a |b )*", BORDER_NONE, true },
		{ "x ... ", BORDER_WORDS, false },
		{ "(x|)y", BORDER_WORDS, false },
		/* They may be of no letter, and yet need some. */
		{ "(?=x)", BORDER_NONE, false },
		{ "(?<=x)y?", BORDER_NONE, false },
		{ "\\?\\?", BORDER_NONE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cd_err err = { "" };
		struct pattern *p = NULL;
		const char *regex;

		assert_int_equal(pattern_expand(a, str_of(rows[i].written),
		    rows[i].border, words, NULL, &regex, &err), CD_OK);
		if (pattern_compile(a, a, regex, &p, &err) !=
		    (rows[i].refused ? CD_MALFORMED : CD_OK))
			fail_msg("\"%s\": %s", rows[i].written, err.text);
		if (rows[i].refused)
			assert_non_null(strstr(err.text, "matches nothing at "
			    "all (a | too many"));
		pattern_free(&p);
	}
}

static void
test_prefilter(void **state)
{
	static const struct {
		const char *regex, *text;
		bool may;
	} rows[] = {
		{ "\\b(?:approval)\\b", "we want approval", true },
		{ "\\b(?:approval)\\b", "we want a link", false },
		{ "(?:approvals?|consent)", "consent", true },
		{ "(?:approvals?|consent)", "approva", false },
		{ "(?:approve)?link", "a link", true },
		{ "(?:ok|consent)", "nothing", true },
		/* Short words: only at their borders. */
		{ PATTERN_BEGINS "(?:ok|consent)" PATTERN_ENDS, "so: ok!",
		    true },
		{ PATTERN_BEGINS "(?:ok|consent)" PATTERN_ENDS, "look, okay",
		    false },
		{ PATTERN_STARTS "(?:n(?:o|ah))" PATTERN_STOPS, "no!", true },
		{ PATTERN_STARTS "(?:n(?:o|ah))" PATTERN_STOPS, "not",
		    false },
		{ PATTERN_BEGINS "k" PATTERN_ENDS, "k", true },
		{ PATTERN_BEGINS "k" PATTERN_ENDS, "ok, kay", false },
		{ PATTERN_BEGINS "(?:ok|y(?:es|))" PATTERN_ENDS, "so: y!",
		    true },
		{ PATTERN_BEGINS "(?:ok|y(?:es|))" PATTERN_ENDS, "you",
		    false },
		{ PATTERN_BEGINS "gr[ea]y", "so gray", true },
		{ PATTERN_BEGINS "gr[ea]y", "agree", false },
		{ PATTERN_BEGINS "\xd0\xb1" PATTERN_ENDS, "\xd0\xb1?", true },
		{ PATTERN_BEGINS "\xd0\xb1" PATTERN_ENDS,
		    "\xd0\xb1\xd0\xb2", false },
		{ "(?:yes\\s+)?no" PATTERN_ENDS, "noyes no", true },
		{ "c(?:an'??t|annot)", "cant", true },
		{ "c(?:an'??t|annot)", "an annot", false },
		{ "one.*two", "one", false },
		{ "one.*two", "two one", true },
		{ "(?!never)some", "some", true },
		{ "ab{0,2}cde", "acde", true },
		{ "abc+d", "abccccd", true },
		/* White space is one blank, whatever it is made of. */
		{ "need\\s+an\\s+admin", "need\n\nan admin", true },
		{ "need\\s+an\\s+admin", "an admin i need", false },
		{ "need\\s+\\s+it", "need\n\nit", true },
		{ "need\\s*it", "needit", true },
		/* Letters before a group belong to its branches. */
		{ "ap(?:prove|ply)", "approve", true },
		{ "ap(?:prove|ply)", "a ply", false },
		{ "ap(?:prove|ply)?d", "apd", true },
		{ "ap(?:x|ply)+z", "apxplyz", true },
		/* Borders count, and only where they stand. */
		{ PATTERN_BEGINS "how" PATTERN_ENDS, "so how?", true },
		{ PATTERN_BEGINS "how" PATTERN_ENDS, "show it", false },
		{ PATTERN_BEGINS "how" PATTERN_ENDS, "however", false },
		{ PATTERN_BEGINS "(?:how|what)" PATTERN_ENDS, "somewhat",
		    false },
		{ PATTERN_BEGINS "(?:how|what)s?" PATTERN_ENDS, "whats", true },
		{ PATTERN_BEGINS "(?:x|y)how", "xhow", true },
		{ PATTERN_BEGINS "(?:how(?:e|i))" PATTERN_ENDS, "howe", true },
		{ "how" PATTERN_ENDS, "how\xe2\x80\xa2", true },
		/* Each way needs words of its own. */
		{ PATTERN_BEGINS "(?:send.*link|approve.*app)" PATTERN_ENDS,
		    "send the app", false },
		{ PATTERN_BEGINS "(?:send.*link|approve.*app)" PATTERN_ENDS,
		    "approve the app", true },
		{ PATTERN_BEGINS "(?:(?:send.*link|approve.*app))" PATTERN_ENDS,
		    "send the app", false },
		{ PATTERN_BEGINS "(?:(?:send.*link)s?|approve.*app)"
		    PATTERN_ENDS, "send all links", true },
		{ PATTERN_BEGINS "(?:(?:send.*link)?|approve.*app)"
		    PATTERN_ENDS, "none", true },
		{ PATTERN_BEGINS "(?:(?:send.*link|approve.*app)?|.)"
		    PATTERN_ENDS, "send", true },
		{ "how" PATTERN_ENDS, "how\xd0\xb1", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (may_match(rows[i].regex, rows[i].text) != rows[i].may)
			fail_msg("%s in \"%s\"", rows[i].regex, rows[i].text);
	}
}

static void
test_factor(void **state)
{
	static const char *const rows[][2] = {
		{ "b|a|c", "b|a|c" },
		{ "admin|boss|approve|chief",
		    "a(?:dmin|pprove)|boss|chief" },
		/* Groups, classes and escapes hold their | together. */
		{ "ax|(a|b)|a[|]y|b\\|c|d", "(a|b)|a(?:x|[|]y)|b\\|c|d" },
		/* A letter that may be missing is nobody's first. */
		{ "a?x|ab|ac|b*|d", "a?x|b*|a(?:b|c)|d" },
		{ "\xd0\xb0\xd0\xb1|x|\xd0\xb0\xd0\xb2|y",
		    "x|y|\xd0\xb0(?:\xd0\xb1|\xd0\xb2)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(factor_alternatives(a, rows[i][0]),
		    rows[i][1]);
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
		{ "[words en]\na = b\n\na = c\n", "x.rules:4: words given twice: "
		    "\"a\", at x.rules:2" },
		{ "[words en]\na =\n", "x.rules:2: nothing behind" },
		/* In a list, however far away the line that names it is. */
		{ "[words en]\na = {a}\n[rule r]\nlang = en\nmatch = {a}\n"
		    "says = other\n", "x.rules:2: {a} is made of itself" },
		{ "[words en]\nb = x |\n\t(y\na = {b}s\n[rule r]\n"
		    "lang = all\nmatch = the {a}\nsays = other\n",
		    "x.rules:2: a ( without its ): \"(y\"" },
		{ "[words en]\na = x |\n[rule r]\nlang = en\nmatch = {a}\n"
		    "says = other\n", "x.rules:2: this pattern matches nothing" },
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
		    "says = other\n", "x.rules:3: rule r is for all" },
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
	    "says = other\n");
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
		{ "gadget | sold", 0 },
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
		    codes_tenant(str_of(rows[i][0]))), rows[i][1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_normalise, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pattern, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pattern_mistakes, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_pattern_try, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_matches_nothing, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_not_in_part, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_prefilter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_factor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mistakes_name_the_line,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(test_run, setup, teardown),
		cmocka_unit_test_setup_teardown(test_codes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tenant, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
