/*
 * Which texts are the same, and so which samples are held back together.
 */
#include <stdlib.h>

#include "text/train.h"

struct order {
	enum intent intent;
	uint32_t hash;
	size_t sample;
};

static int
by_order(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->intent != y->intent)
		return x->intent < y->intent ? -1 : 1;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->sample < y->sample ? -1 : x->sample > y->sample;
}

static int
by_text(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	return x->hash != y->hash ? (x->hash < y->hash ? -1 : 1) :
	    by_order(a, b);
}

uint32_t
train_fingerprint(struct str t)
{
	uint32_t h = 0x811c9dc5u;

	for (size_t k = 0; k < t.n; k++) {
		unsigned char c = (unsigned char)t.p[k];

		if (utf8_letter_byte(t.p[k]))
			h = (h ^ (ascii_alpha(t.p[k]) ? c | 0x20u : c)) *
			    0x01000193u;
	}
	return h ^ h >> 15;
}

void
train_folds(struct arena *a, const struct train_sample *sample, size_t n,
    size_t folds, size_t *fold_out)
{
	struct order *o = arena_array(a, n, sizeof *o);

	for (size_t i = 0; i < n; i++)
		o[i] = (struct order){ sample[i].intent,
		    train_fingerprint(sample[i].text), i };
	qsort(o, n, sizeof *o, by_order);
	for (size_t i = 0; i < n; i++)
		fold_out[o[i].sample] = i % folds;
	qsort(o, n, sizeof *o, by_text);
	for (size_t i = 1; i < n; i++) {
		if (o[i].hash == o[i - 1].hash)
			fold_out[o[i].sample] = fold_out[o[i - 1].sample];
	}
}
