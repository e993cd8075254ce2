/* report and screen over whole mails. */
#include <stdint.h>

#include "text/screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const own[] = { "desk@a.example" };
	struct screen_context ctx = { own, 1 };
	struct arena *a = arena_new();
	struct message m;
	struct visible v;
	struct screen s;

	message_parse(a, (struct str){ (const char *)data, size }, &m);
	visible_find(a, &m.body, m.from.n > 0 ? m.from.v[0].name : "", &v);
	screen_run(a, &m, &v, &ctx, &s);
	cd_assert((s.automatic == NULL) == (s.automatic_evidence[0] == '\0'));
	arena_free(&a);
	return 0;
}
