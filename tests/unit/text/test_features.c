#include <stdio.h>
#include <string.h>

#include "unit.h"
#include "text/features.h"

static void
make(const char *text, const char *context, struct features *out)
{
	const uint32_t marks[] = { feature_hash("a rule"),
		feature_hash("another"), feature_hash("a rule") };
	struct feature_input in = {
		.text = str_of(text), .subject = STR("need approval"),
		.context = context, .language = "en", .marks = marks,
		.n_marks = 3,
	};

	features_make(&in, out);
}

static bool
has(const struct features *f, uint32_t index)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].index == index)
			return true;
	}
	return false;
}

#define WORDS	100

static void
word(unsigned i, char *out)
{
	snprintf(out, 16, "w%ux%u", i * 7919 % 1000, i % 5);
}

/* However often a word stands there, and whatever shares a place in the table
 * that tells which are there. */
static void
test_each_feature_once(void **state)
{
	static struct features f, alone;
	char text[CD_MAX_FEATURE_TEXT] = "", w[16];
	size_t missing[2];

	(void)state;
	for (unsigned i = 0; i < WORDS; i++) {
		word(i, w);
		strcat(strcat(text, w), " the ");
	}
	make(text, "reply_help", &f);
	/* None is lost either: of each word in the middle as many are there. */
	for (unsigned i = 10; i < WORDS - 10; i++) {
		word(i, w);
		make(w, "reply_help", &alone);
		missing[i % 2] = 0;
		for (size_t k = 0; k < alone.n; k++)
			missing[i % 2] += !has(&f, alone.v[k].index);
		assert_true(missing[i % 2] < alone.n / 4);
		assert_true(i == 10 || missing[0] == missing[1]);
	}
	assert_true(f.n > 1000 && f.n < CD_MAX_FEATURES);
	for (size_t i = 0; i < f.n; i++) {
		assert_true(f.v[i].index < MODEL_FEATURES);
		for (size_t k = 0; k < i; k++)
			assert_true(f.v[k].index != f.v[i].index);
	}
}

/* The same text gives the same features, another context others. */
static void
test_context_counts(void **state)
{
	static struct features one, two, other;
	size_t shared = 0;

	(void)state;
	make("send the link please", "reply_help", &one);
	make("send the link please", "reply_help", &two);
	make("send the link please", "first", &other);
	assert_int_equal(one.n, two.n);
	assert_memory_equal(one.v, two.v, one.n * sizeof *one.v);
	for (size_t i = 0; i < one.n; i++)
		shared += has(&other, one.v[i].index);
	assert_true(shared > one.n / 2 && shared < one.n);
}

/* What explain shows stands where the text has it. */
static bool
names(const struct features *f, struct str words)
{
	bool found = false;

	for (size_t i = 0; i < f->n_words; i++) {
		assert_true(f->word_at[i] < f->n);
		found = found || str_eq(f->word[i], words);
	}
	return found;
}

static void
test_words_are_named(void **state)
{
	static struct features f;

	(void)state;
	make("send the link please", "reply_help", &f);
	assert_true(names(&f, STR("the link")));
}

static size_t
shared(const struct features *f, const struct features *g)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += has(g, f->v[i].index);
	return n;
}

/* Nobody's number is a feature, however long. */
static void
test_numbers_are_alike(void **state)
{
	static struct features f, g;

	(void)state;
	make("call 5551234567 please", "reply_help", &f);
	make("call 5559876543 please", "reply_help", &g);
	assert_int_equal(shared(&f, &g), f.n);
	assert_int_equal(f.n, g.n);
	make("call fivefivefive please", "reply_help", &g);
	assert_true(shared(&f, &g) < f.n);
}

/* Of a long text the beginning and the end count. */
static void
test_both_ends_of_a_long_text(void **state)
{
	static struct features f;
	static char text[3 * CD_MAX_FEATURE_TEXT];

	(void)state;
	memset(text, '.', sizeof text - 1);
	memcpy(text, "hello there", 11);
	memcpy(text + CD_MAX_FEATURE_TEXT + 100, " unseen ", 8);
	memcpy(text + sizeof text - 13, " final words", 12);
	make(text, "reply_help", &f);
	assert_false(names(&f, STR("unseen")));
	assert_true(names(&f, STR("hello there")));
	assert_true(names(&f, STR("final words")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_feature_once),
		cmocka_unit_test(test_context_counts),
		cmocka_unit_test(test_words_are_named),
		cmocka_unit_test(test_numbers_are_alike),
		cmocka_unit_test(test_both_ends_of_a_long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
