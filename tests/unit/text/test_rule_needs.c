#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/combine.h"
#include "text/rule_needs.h"
#include "unit.h"

static struct rules *
load(const char *dir)
{
	static const char *const product[] = { "Numeo" };
	struct rules *r = NULL;

	assert_int_equal(rules_load(dir, product, 1, &r, NULL), CD_OK);
	return r;
}

static void
test_what_is_shipped_has_them(void **state)
{
	struct rules *r = load(CD_TOP "/conf/rules");
	struct arena *a = arena_new();
	struct cd_err err = { "" };
	const char *what;

	(void)state;
	for (size_t i = 0; (what = rule_needs_at(i)); i++)
		assert_true(fact_of(what) != 0);
	assert_int_equal(rule_needs_met(a, r, "x", &err), CD_OK);
	assert_true(rules_say(r, "greyed_out"));
	assert_false(rules_say(r, "greyed"));
	arena_free(&a);
	rules_free(&r);
}

/* One that lacks is enough; a rule that speaks of it in one language will do. */
static void
test_a_rule_of_ones_own_is_not_enough(void **state)
{
	char dir[] = "/tmp/cd-rules-XXXXXX", path[64];
	struct arena *a = arena_new();
	struct cd_err err = { "" };
	const char *what;
	struct rules *r;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/own.rules", dir);
	for (int lacks = 0; lacks < 8; lacks += lacks ? 6 : 1) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs("[rule own]\nmatch = knob\nsays = greyed_out +3\n"
		    "[words de]\nx = y\n", f);
		for (size_t i = (size_t)lacks; (what = rule_needs_at(i)); i++)
			fprintf(f, "[rule r%zu]\nlang = all\nmatch = {x}\n"
			    "says = %s\n", i, what);
		fclose(f);
		r = load(dir);
		assert_int_equal(rule_needs_met(a, r, dir, &err), lacks ?
		    CD_MALFORMED : CD_OK);
		rules_free(&r);
	}
	assert_non_null(strstr(err.text, "copy the whole folder"));
	assert_string_equal(strstr(err.text, "Missing: "), "Missing: role.msp, "
	    "other_company, their_tenant, other_cloud, legal_words, "
	    "strong_emotion and 1 more");
	unlink(path);
	rmdir(dir);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_shipped_has_them),
		cmocka_unit_test(test_a_rule_of_ones_own_is_not_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
