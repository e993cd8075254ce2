#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "text/pattern.h"
#include "text/rules.h"
#include "text/starts.h"
#include "unit.h"

#define WORDS(inner)	PATTERN_BEGINS "(?:" inner ")" PATTERN_ENDS
#define MADE_PATTERNS	3000
#define MADE_TEXTS	40
#define MAX_KEPT	4000	/* patterns of the rules */
#define MAIL_TEXTS	40

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

/* The places where a match can begin, as "0 5 9"; "any". */
static const char *
places(const char *regex, const char *text)
{
	struct starts *s = starts_of(a, regex);
	struct beginnings *b = beginnings_new(a);
	struct buf out = buf_new(a, 200);
	size_t next = 0, at;

	if (!s)
		return "any";
	assert_true(beginnings_fill(b, str_of(text)));
	/* What was asked before is forgotten. */
	beginnings_ask(b, starts_of(a, WORDS("ab|it|lo|no|of|re|wh")));
	beginnings_ask(b, s);
	while (beginnings_next(b, &next, &at))
		buf_puts(&out, arena_printf(a, "%s%zu", out.n > 0 ? " " : "",
		    at));
	return buf_str(&out).p;
}

static void
test_places(void **state)
{
	static const struct {
		const char *regex, *text, *places;
	} rows[] = {
		{ WORDS("send|open"), "we send, sent; open resend", "3 15" },
		/* Short: two letters, whatever follows. */
		{ WORDS("ok|nope"), "ok no nope okay look", "0 6 11" },
		{ WORDS("ok\\w*|never"), "oklahoma nevada", "0" },
		/* White space is one blank. */
		{ WORDS("a\\s+bc"), "a\n\nbc a bd a bc abc", "0 11" },
		{ WORDS("a\\s*bc"), "a bc abc acd", "0 5" },
		{ WORDS("(?:the |my )?link"), "the link, my link links",
		    "0 4 10 13 18" },
		{ WORDS("gr[ea]y|b[- ]side"), "grey gray grow b-side b side",
		    "0 5 15 22" },
		{ WORDS("\\?\\?x|\\(y\\)"), ".??x (y)", "1 5" },
		{ WORDS("(?!no)n[^a]"), "noon", "any" },
		{ WORDS("(?!no|not)(?:nose|note)"), "nose no notes", "0 8" },
		{ WORDS("no{1,3}d|n+e"), "nod need noood", "any" },
		{ WORDS("no{1,3}d|ye+s"), "nod yes mood", "0 4" },
		{ WORDS("\xd0\xb4\xd0\xb0|\xd0\xbd\xd1\x96"),
		    "\xd0\xb4\xd0\xb0 \xd0\xb4\xd0\xbd \xd0\xbd\xd1\x96",
		    "0 10" },
		/* A letter's second byte is no border. */
		{ WORDS("\xd0\xb4\xd0\xb0"), "\xd0\xb4\xd0\xb0\xd0\xb4\xd0\xb0",
		    "0" },
		/* Too many of four letters, few enough of two. */
		{ WORDS("[abcdefgh][abcdefgh][abcdefgh][abcdefgh]"),
		    "abcd abc xbcd", "0 5" },
		{ WORDS("[abcdefghi][abcdefghi][abcdefghi]x"), "iiyy ixii",
		    "0" },
		{ WORDS("[a-c]xy"), "bxy", "any" },
		{ WORDS("send[)]|open"), "send open", "0 5" },
		/* Only what stands before all ways is a border. */
		{ PATTERN_BEGINS "send|open", "resend", "any" },
		{ "(?:send)", "resend", "any" },
		{ WORDS("sen[[:alpha:](]d|open"), "a send open", "2 7" },
		/* What is not understood. */
		{ WORDS("(?i)send"), "SEND", "any" },
		{ WORDS("(?<w>se)ndit"), "sendit", "any" },
		{ WORDS("bb(?:xxaa\\Q)\\E|yyaa\\Q(\\E)"), "bbyy yyaa", "any" },
		{ WORDS("bb(?:xxaa\\c)|yyaa\\c()"), "bbyy yyaa", "any" },
		{ WORDS("send(*ACCEPT)x"), "send", "any" },
		{ WORDS(".end"), "send", "any" },
		{ WORDS("k"), "k", "any" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *found = places(rows[i].regex, rows[i].text);

		if (strcmp(found, rows[i].places) != 0)
			fail_msg("\"%s\" in \"%s\": %s, not %s", rows[i].regex,
			    rows[i].text, found, rows[i].places);
	}
}

static void
test_long_text(void **state)
{
	struct beginnings *b = beginnings_new(a);
	char *text = arena_alloc(a, CD_MAX_FOLDED + 1);

	(void)state;
	memset(text, 'x', CD_MAX_FOLDED + 1);
	assert_false(beginnings_fill(b, (struct str){ text,
		CD_MAX_FOLDED + 1 }));
	assert_true(beginnings_fill(b, (struct str){ text, CD_MAX_FOLDED }));
	memset(text, '.', CD_MAX_FOLDED);
	assert_true(beginnings_fill(b, (struct str){ text, CD_MAX_CLASSIFY }));
	assert_false(beginnings_fill(b, (struct str){ text,
		CD_MAX_CLASSIFY + 1 }));
}

/* ---- the same as without --------------------------------------------------- */

/* The pattern tried everywhere and where a match can begin: the same. One that
 * gives up is more patient with JIT code, or less. */
static enum pattern_result
same(const struct pattern *p, const char *regex, const struct starts *starts,
    struct beginnings *b, struct str text)
{
	size_t from[2] = { 0, 0 }, to[2] = { 0, 0 }, next = 0, at;
	enum pattern_result result = PATTERN_NO;
	enum pattern_result all = pattern_match(p, text, &from[0], &to[0]);

	if (!starts)
		return all;
	beginnings_ask(b, starts);
	while (result == PATTERN_NO && beginnings_next(b, &next, &at))
		result = pattern_match_at(p, text, at, &from[1], &to[1]);
	if (all != PATTERN_LIMIT && result != PATTERN_LIMIT &&
	    (all != result || from[0] != from[1] || to[0] != to[1]))
		fail_msg("%zu-%zu, but %zu-%zu \"%.80s\" of \"%s\"",
		    from[0], to[0], from[1], to[1],
		    text.p + from[all != PATTERN_YES], regex);
	return all;
}

static uint32_t
dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % sides;
}

static void
make_branch(struct buf *b, uint32_t *seed, int depth)
{
	static const char *const atoms[] = {
		"a", "b", "a", "b", "\xd0\xb1", "\xd0\xb2", "\\s+", "\\s*",
		"\\s", " ", "[ab]", "[\xd0\xb1" "a-]", "[^a]", "\\.", "\\w",
		"-", ".", "(?!ab)", "(?=a)", "(?<!b)", "[\\s.]",
		"[\\w\\x{c0}-\\x{1fff}\\x{3040}-\\x{ffdc}]*", PATTERN_ENDS,
	};
	static const char *const often[] = {
		"", "", "", "", "", "?", "*", "+", "{0,2}", "{2}", "+?",
	};
	size_t n = 1 + dice(seed, 4);

	for (size_t i = 0; i < n; i++) {
		const char *atom = atoms[dice(seed, sizeof atoms /
		    sizeof *atoms)];
		bool many = strchr("*)", atom[strlen(atom) - 1]) ||
		    strcmp(atom, "\\s+") == 0;

		if (depth < 2 && dice(seed, 4) == 0) {
			buf_puts(b, dice(seed, 2) ? "(?:" : "(");
			do {
				make_branch(b, seed, depth + 1);
				buf_char(b, '|');
			} while (dice(seed, 2) == 0 && b->n < 1000);
			if (dice(seed, 3) == 0)
				make_branch(b, seed, depth + 1);
			else
				b->n--;
			buf_char(b, ')');
			many = false;
		} else {
			buf_puts(b, atom);
		}
		if (!many)
			buf_puts(b, often[dice(seed, sizeof often /
			    sizeof *often)]);
	}
}

static struct str
make_text(uint32_t *seed)
{
	static const char *const letters[] = {
		"a", "b", "a", "b", "\xd0\xb1", "\xd0\xb2", " ", " ", "\n\n",
		".", "-", "\xe2\x82\xac", "\xe3\x81\x82",
	};
	struct buf b = buf_new(a, 200);
	size_t n = 1 + dice(seed, 16);

	for (size_t i = 0; i < n; i++)
		buf_puts(&b, letters[dice(seed, sizeof letters /
		    sizeof *letters)]);
	return buf_str(&b);
}

static void
test_same_made(void **state)
{
	uint32_t seed = 1;
	size_t filtered = 0, found = 0;

	(void)state;
	for (size_t i = 0; i < MADE_PATTERNS; i++) {
		struct beginnings *b = beginnings_new(a);
		struct buf made = buf_new(a, 4000);
		struct starts *starts;
		struct pattern *p;
		const char *regex;

		buf_puts(&made, PATTERN_BEGINS "(?:");
		make_branch(&made, &seed, 0);
		buf_puts(&made, dice(&seed, 2) ? ")" PATTERN_ENDS : ")");
		regex = buf_str(&made).p;
		starts = starts_of(a, regex);
		filtered += !!starts;
		if (pattern_compile(a, a, regex, &p, NULL) != CD_OK)
			continue;
		for (size_t k = 0; k < MADE_TEXTS; k++) {
			struct str text = make_text(&seed);

			assert_true(beginnings_fill(b, text));
			found += same(p, regex, starts, b, text) == PATTERN_YES;
		}
		pattern_free(&p);
		arena_reset(a);
	}
	/* Enough for this to mean something. */
	assert_true(filtered > MADE_PATTERNS / 8);
	assert_true(found > MADE_PATTERNS);
}

struct kept {
	const char *regex[MAX_KEPT];
	size_t n;
};

static void
keep(void *ctx, const struct rule_made *made)
{
	struct kept *k = ctx;

	if (k->n < MAX_KEPT)
		k->regex[k->n++] = arena_strdup(a, made->regex);
}

/* Pieces of what people wrote, several mails in a row. */
static void
read_texts(const char *path, struct str *text, size_t most)
{
	char line[4000];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	for (size_t n = 0; n < most; n++) {
		struct buf b = buf_new(a, 8 * sizeof line);

		for (size_t i = 0; i < 6 && fgets(line, sizeof line, f); i++)
			buf_puts(&b, line);
		text[n] = rules_normalise(a, buf_str(&b));
	}
	fclose(f);
}

static void
test_same_shipped(void **state)
{
	static const char *const product[] = { "Numeo" };
	struct kept *k = arena_alloc(a, sizeof *k);
	struct beginnings *b[MAIL_TEXTS];
	struct str text[MAIL_TEXTS];
	size_t filtered = 0, found = 0;
	struct rules *rules;

	(void)state;
	assert_int_equal(rules_load_watched(CD_TOP "/conf/rules", product, 1,
	    keep, k, &rules, NULL), CD_OK);
	rules_free(&rules);
	read_texts(CD_TOP "/conf/train/beside-others.jsonl", text, MAIL_TEXTS);
	for (size_t i = 0; i < MAIL_TEXTS; i++) {
		b[i] = beginnings_new(a);
		assert_true(beginnings_fill(b[i], text[i]));
	}
	for (size_t i = 0; i < k->n; i++) {
		struct starts *starts = starts_of(a, k->regex[i]);
		struct pattern *p;

		filtered += !!starts;
		assert_int_equal(pattern_compile(a, a, k->regex[i], &p, NULL),
		    CD_OK);
		for (size_t j = 0; j < MAIL_TEXTS; j++)
			found += same(p, k->regex[i], starts, b[j], text[j]) ==
			    PATTERN_YES;
		pattern_free(&p);
	}
	assert_true(filtered > k->n / 2);
	assert_true(found > MAIL_TEXTS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_text, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_same_made, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_same_shipped, setup,
		    teardown),
	};

	return cmocka_run_group_tests_name("starts", tests, NULL, NULL);
}
