/*
 * States, Message-IDs and references from strangers: nothing that we did not
 * sign is taken, and reading stays within the bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct link_key key = { .n = 32 };
	const char *s = arena_strndup(a, (const char *)bytes, n);
	struct link_state out;

	memset(key.secret, 'k', key.n);
	if (link_state_verify(a, &key, s, 0, &out, NULL) == CD_OK &&
	    strcmp(link_state_sign(a, &key, &out), s) != 0)
		abort();
	(void)link_message_id_case(a, &key, s);
	(void)link_reference_find(a, &key, (struct str){ (const char *)bytes,
	    n });
	arena_free(&a);
	return 0;
}
