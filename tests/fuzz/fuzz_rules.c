/*
 * Hostile text through the normaliser, the shipped rules and, where it is
 * there, the model. The first byte picks context and language.
 */
#include <stdio.h>
#include <stdlib.h>

#include "text/classify.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct classifier *
load(void)
{
	static const char *const product[] = { "Numeo", "Numeo Spot" };
	struct classifier_options o = {
		.rules_dir = CD_TOP "/conf/rules",
		.model_file = CD_TOP "/conf/model.bin",
		.product_names = product, .n_product_names = 2,
	};
	struct classifier *c = NULL;
	struct cd_err err = { "" };

	if (classifier_load(&o, &c, &err) != CD_OK) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	return c;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const languages[] = { "", "en", "ru", "zh" };
	static struct classifier *c;
	struct classify_input in = { .sender = "", .language = "" };
	struct arena *a = arena_new();
	struct reading r;
	struct str s;

	if (!c)
		c = load();
	if (n > 0) {
		in.context = (enum thread_context)(bytes[0] % CONTEXT_COUNT);
		in.language = languages[bytes[0] >> 4 & 3];
		bytes++;
		n--;
	}
	s = (struct str){ (const char *)bytes, n };
	cd_assert(utf8_valid(rules_normalise(a, s)));
	for (size_t z = 0; z < ZONE_COUNT; z++)
		in.zone[z] = s;
	in.subject = s;
	in.attachments = s;
	classify_run(c, a, &in, &r);
	cd_assert(r.n_evidence <= CD_MAX_EVIDENCE);
	cd_assert(r.confidence >= 0 && r.confidence <= 1);
	arena_free(&a);
	return 0;
}
