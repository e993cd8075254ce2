#include <string.h>

#include "base/limits.h"
#include "text/vocabulary.h"
#include "unit.h"

#define SETS	40
#define MOST	12	/* words of a set */

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

static bool
holds(struct needed_word word, const char *text)
{
	struct needed set = { &word, 1 };
	bool out;

	vocabulary_ask(vocabulary_new(a, &set, 1), str_of(text), &out);
	return out;
}

static void
test_borders(void **state)
{
	const struct needed_word link = { STR("link"), true, false, false },
	    ok = { STR("ok"), true, true, false },
	    k = { STR("k"), true, true, false },
	    ing = { STR("ng"), false, true, false },
	    ya = { STR("\xd1\x8f"), true, true, false },
	    two = { STR("the link"), false, false, false };

	(void)state;
	assert_true(holds(link, "links"));
	assert_true(holds(link, "(link"));
	assert_false(holds(link, "blink"));
	assert_false(holds(link, "\xd1\x8flink"));
	assert_false(holds(link, "lin"));
	assert_true(holds(ok, "ok"));
	assert_true(holds(ok, "is ok."));
	assert_false(holds(ok, "oke"));
	assert_false(holds(ok, "book"));
	assert_true(holds(k, "k"));
	assert_true(holds(k, "a k b"));
	assert_false(holds(k, "ok"));
	assert_true(holds(ing, "going."));
	assert_false(holds(ing, "ngo"));
	assert_true(holds(ya, "a \xd1\x8f"));
	assert_false(holds(ya, "\xd1\x8f\xd1\x8f"));
	assert_true(holds(two, "so the\n \tlink"));
	assert_false(holds(two, "thelink"));
	assert_false(holds(link, ""));
}

static void
test_too_long(void **state)
{
	const struct needed_word link = { STR("link"), true, true, false };
	struct needed set = { (struct needed_word *)&link, 1 };
	struct vocabulary *v = vocabulary_new(a, &set, 1);
	char *text = arena_alloc(a, CD_MAX_FOLDED + 1);
	bool out;

	(void)state;
	memset(text, 'x', CD_MAX_FOLDED + 1);
	vocabulary_ask(v, (struct str){ text, CD_MAX_FOLDED }, &out);
	assert_false(out);
	memcpy(text + CD_MAX_FOLDED - 5, " link", 5);
	vocabulary_ask(v, (struct str){ text, CD_MAX_FOLDED }, &out);
	assert_true(out);
	/* Then it may hold anything. */
	memset(text, 'x', CD_MAX_FOLDED + 1);
	vocabulary_ask(v, (struct str){ text, CD_MAX_FOLDED + 1 }, &out);
	assert_true(out);
}

static void
test_none(void **state)
{
	struct vocabulary *v = vocabulary_new(a, NULL, 0);
	bool out = true;

	(void)state;
	vocabulary_ask(v, STR("the link"), &out);
	assert_true(out);
}

/* ---- against the plainest way to tell it ------------------------------------- */

static uint32_t
any(uint32_t below)
{
	static uint32_t x = 2463534242u;	/* Marsaglia's xorshift */

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x % below;
}

/* Of three letters and a blank; few, so that they share what they are known by. */
static struct str
any_text(size_t n)
{
	static const char *const sign[] = { "a", "b", "\xd1\x8f", " " };
	char *p = arena_alloc(a, 2 * n + 1);
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		const char *s = sign[any(4)];

		if (*s == ' ' && (used == 0 || p[used - 1] == ' '))
			s = "a";
		memcpy(p + used, s, strlen(s));
		used += strlen(s);
	}
	return (struct str){ p, used };
}

static bool
letter_ends(struct str s, size_t at)
{
	return at > 0 && s.p[at - 1] != ' ';
}

static bool
plainly_holds(struct str s, const struct needed *set)
{
	for (size_t k = 0; k < set->n; k++) {
		const struct needed_word *w = &set->word[k];

		for (size_t i = 0; i + w->s.n <= s.n; i++) {
			size_t end = i + w->s.n;

			if (memcmp(s.p + i, w->s.p, w->s.n) == 0 &&
			    !(w->begins && letter_ends(s, i)) &&
			    !(w->ends && end < s.n && s.p[end] != ' '))
				return true;
		}
	}
	return false;
}

/* A single sign that is no whole word is of no use to a pattern. */
static struct needed_word
any_word(void)
{
	struct needed_word w = { any_text(1 + any(7)), any(2), any(2), false };

	w.begins = w.begins || w.s.n < 3;
	w.ends = w.ends || w.s.n < 2;
	return w;
}

static void
test_many(void **state)
{
	size_t yes = 0, asked = 0;

	(void)state;
	for (int turn = 0; turn < 200; turn++) {
		struct needed set[SETS];
		struct vocabulary *v;
		bool out[SETS];

		arena_reset(a);
		for (size_t i = 0; i < SETS; i++) {
			set[i].n = 1 + any(MOST);
			set[i].word = arena_array(a, set[i].n,
			    sizeof *set[i].word);
			for (size_t k = 0; k < set[i].n; k++)
				set[i].word[k] = any_word();
		}
		v = vocabulary_new(a, set, SETS);
		for (int n = 0; n < 20; n++) {
			struct str text = any_text(1 + any(n < 10 ? 8 : 40));

			vocabulary_ask(v, text, out);
			for (size_t i = 0; i < SETS; i++) {
				assert_int_equal(out[i],
				    plainly_holds(text, &set[i]));
				yes += out[i];
				asked++;
			}
		}
	}
	assert_in_range(yes, asked / 10, asked - asked / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_borders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_long, setup, teardown),
		cmocka_unit_test_setup_teardown(test_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
