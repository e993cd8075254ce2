#ifndef TESTS_TEXT_VISIBLE_ROWS_H
#define TESTS_TEXT_VISIBLE_ROWS_H

#include "unit.h"

#include "text/visible.h"

/* A mail's text beside what its writer newly wrote. */

/* Runs of white space count as one, ends do not count. */
static const char *
squeezed(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_space(s.p[i]))
			out[n++] = s.p[i];
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return out;
}

/* The spans cover every byte, in order, without a gap. */
static void
assert_covered(const struct visible *v)
{
	size_t at = 0;

	for (size_t i = 0; i < v->all.n_spans; i++) {
		assert_int_equal(v->all.spans[i].from, at);
		assert_true(v->all.spans[i].to > at);
		assert_true(v->all.spans[i].zone < ZONE_COUNT);
		at = v->all.spans[i].to;
	}
	assert_int_equal(at, v->all.text.n);
}

struct row {
	const char *text;
	const char *fresh;
	const char *name;	/* of the sender, NULL: not known */
};

static void
rows_check(const struct row *rows, size_t n)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < n; i++) {
		struct zoned body = { .text = str_of(rows[i].text) };
		struct visible v;

		visible_find(a, &body, rows[i].name ? rows[i].name : "", &v);
		assert_covered(&v);
		assert_string_equal(squeezed(a, v.zone[ZONE_NEW]),
		    rows[i].fresh);
		arena_reset(a);
	}
	arena_free(&a);
}
#define ROWS(r) rows_check(r, sizeof r / sizeof *r)

#endif
