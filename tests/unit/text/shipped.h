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

static int
teardown(void **state)
{
	(void)state;
	classifier_free(&c);
	arena_free(&a);
	return 0;
}

#endif
