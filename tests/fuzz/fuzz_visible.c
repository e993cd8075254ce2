/* visible and language: any bytes as a text, the first ones as html's marks. */
#include <stdint.h>
#include <string.h>

#include "text/language.h"
#include "text/visible.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct span spans[4];
	struct zoned body = { .text = { (const char *)data, size },
		.spans = spans };
	struct visible v;
	size_t at = 0;

	for (size_t i = 0; i < 4 && size > 8 && data[0] < 4; i++) {
		size_t from = at + data[i + 1], to = from + data[i + 2] + 1;

		if (to > size)
			break;
		spans[body.n_spans++] = (struct span){ from, to,
			(enum zone)(data[i] % ZONE_COUNT) };
		at = to;
	}
	visible_find(a, &body, "Jo Roe", &v);
	at = 0;
	for (size_t i = 0; i < v.all.n_spans; i++) {
		cd_assert(v.all.spans[i].from == at);
		cd_assert(v.all.spans[i].zone < ZONE_COUNT);
		at = v.all.spans[i].to;
	}
	cd_assert(at == size);
	cd_assert(strlen(language_of(v.zone[ZONE_NEW])) <= 2);
	arena_free(&a);
	return 0;
}
