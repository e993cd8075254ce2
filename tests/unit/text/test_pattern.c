#include <string.h>

#include "text/factor.h"
#include "text/pattern.h"
#include "text/prefilter.h"
#include "text/vocabulary.h"
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
all_hold(const struct needs *needs, const char *text)
{
	bool holds[sizeof needs->set / sizeof *needs->set];

	vocabulary_ask(vocabulary_new(a, needs->set, needs->n), str_of(text),
	    holds);
	for (size_t i = 0; i < needs->n; i++) {
		if (!holds[i])
			return false;
	}
	return true;
}

static bool
may_match(const char *regex, const char *text)
{
	struct prefilter f;
	bool may;

	prefilter_of(a, regex, &f);
	may = all_hold(&f.all, text) && f.n_ways == 0;
	for (size_t i = 0; i < f.n_ways && all_hold(&f.all, text); i++)
		may = may || all_hold(&f.way[i], text);
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
	/* As a word processor writes them. */
	assert_true(fits("can\xe2\x80\x99t find", BORDER_WORDS, "cant find it"));
	assert_true(fits("find\xe2\x80\xa6it", BORDER_WORDS,
	    "find then also it"));
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
		"a(?#note (x)b", "[a\\]b(]", "\\p{Lu}+ \\x{e9}",
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
		{ "(a|b) \\1 | x", "no group of a name" },
		{ "(?<a | b", "a ( without its ): \"(?<a | b\"" },
		{ "(?<1>a) | b", "\"(?<1>a)\"" },
		{ "Kn\xc3\xb6pfe ... | x? | b", ": \"x?\"" },
	};
	/* A | is none within brackets, classes, escapes, comments. */
	static const char *const ways[] = {
		"a(b|c)", "[|]", "\\|", "(?#(x)", "", "\\Q(|\\E)", "d",
	};
	struct str rest =
	    STR("a(b|c) | [|]|\\| | (?#(x)| | \\Q(|\\E) | d");

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
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		assert_string_equal(arena_str(a, pattern_next_way(&rest)),
		    ways[i]);
	assert_int_equal(rest.n, 0);
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
		/* Signs by their name or kind need nothing themselves. */
		{ "(?<!\\p{L})but(?!\\p{L}).*lost", "but lost", true },
		{ "(?<!\\p{L})but(?!\\p{L}).*lost", "it is lost", false },
		{ "caf\\x{e9}s?(?:lost)", "caf\xc3\xa9lost", true },
		{ "caf\\x{e9}?s(?:lost)", "cafes", false },
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pattern, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pattern_mistakes, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_pattern_try, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_matches_nothing, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_prefilter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_factor, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
