/*
 * An HTML body as charset hands it over: valid UTF-8 without NUL.
 */
#include <string.h>

#include "text/charset.h"
#include "text/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct zoned z;
	size_t at = 0;
	struct str html = charset_to_utf8(a,
	    (struct str){ (const char *)bytes, n }, "utf-8", NULL);

	html_to_text(a, html, &z);
	cd_assert(utf8_valid(z.text));
	cd_assert(z.text.n <= CD_MAX_TEXT);
	cd_assert(z.text.n == 0 || !memchr(z.text.p, 0, z.text.n));
	for (size_t i = 0; i < z.n_spans; i++) {
		cd_assert(z.spans[i].from >= at);
		cd_assert(z.spans[i].from < z.spans[i].to);
		at = z.spans[i].to;
	}
	cd_assert(at <= z.text.n);
	html_has_marks(html);
	arena_free(&a);
	return 0;
}
