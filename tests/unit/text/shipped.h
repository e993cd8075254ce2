#ifndef TESTS_TEXT_SHIPPED_H
#define TESTS_TEXT_SHIPPED_H

#include <stdio.h>

#include "unit.h"

#include "text/classifier.h"

/* The shipped rules, with the shipped model or none. */
#define SHIPPED_MODEL	CD_TOP "/conf/model.bin"

static struct classifier *c;
static struct arena *a;

static int
shipped_load(const char *model, const char *client_id)
{
	static const char *const product[] = { "Numeo", "Numeo Spot" };
	static const char *const own[] = { "numeo.ai" };
	struct classifier_options o = {
		.rules_dir = CD_TOP "/conf/rules", .model_file = model,
		.product_names = product, .n_product_names = 2,
		.own_domains = own, .n_own_domains = 1,
		.client_id = client_id,
	};
	struct cd_err err = { "" };

	if (classifier_load(&o, &c, &err) != CD_OK) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	a = arena_new();
	return 0;
}

/* What the rules see in a new text; until the next call. */
static inline const struct signals *
shipped_signals(const char *sender, enum thread_context context,
    const char *language, const char *text)
{
	static struct collected got;
	struct classify_input in = { .sender = sender, .context = context,
		.language = language, .zone[ZONE_NEW] = str_of(text) };

	arena_reset(a);
	classify_collect(c, a, &in, &got);
	return &got.signals;
}

struct shipped_row {
	const char *language, *text;
};

/* Of all rows, and not of the first that is wrong alone. */
static inline void
shipped_expect(const struct shipped_row *rows, size_t n,
    enum thread_context context, uint64_t fact, bool said)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		bool got = shipped_signals("jo@acme.com", context,
		    rows[i].language, rows[i].text)->facts & fact;

		if (got == said)
			continue;
		print_error("%s: %s\n", rows[i].language, rows[i].text);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static int
teardown(void **state)
{
	(void)state;
	classifier_free(&c);
	arena_free(&a);
	return 0;
}

#endif
