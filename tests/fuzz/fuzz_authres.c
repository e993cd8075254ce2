/*
 * The header of a mail by the eyes of authres. PASS needs one From address,
 * whatever stands there.
 */
#include "text/authres.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const ids[] = { "mx.our.example", "exchange",
		"mx.google.com", "", NULL };
	struct arena *a = arena_new();
	struct message m;

	message_parse(a, (struct str){ (const char *)bytes, n }, &m);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		const char *why = NULL;
		enum authentication got = authres_read(a, &m, ids[i], &why);

		cd_assert(why && why[0] && utf8_valid(str_of(why)));
		cd_assert(got != AUTH_PASS || m.from.n == 1);
		cd_assert(got == AUTH_NONE || (ids[i] && ids[i][0]));
	}
	arena_free(&a);
	return 0;
}
