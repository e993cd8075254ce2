/*
 * Whatever a stranger's subject, name and ids are, what leaves is one header of
 * known fields, CRLF lines of at most 998 bytes and 7 bits. Fields of the input
 * are parted by NUL: subject, name, address, ids ..., text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/compose.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char *
next_field(struct arena *a, struct str *rest)
{
	ptrdiff_t nul = str_find(*rest, (struct str){ "", 1 });
	size_t n = nul < 0 ? rest->n : (size_t)nul;
	const char *field = arena_strndup(a, rest->p, n);

	*rest = str_sub(*rest, nul < 0 ? n : n + 1, rest->n);
	return field;
}

static void
check_line(struct str line)
{
	if (line.n > 998)
		abort();
	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];

		if ((c < 0x20 && c != '\t') || c > 0x7e)
			abort();
	}
}

/* A field of ours or a fold; which ones is what a stranger may not change. */
static void
check_header(struct str line)
{
	static const char *const ours[] = {
		" ", "From:", "To:", "Subject:", "Date:", "Message-ID:",
		"In-Reply-To:", "References:", "Auto-Submitted:",
		"X-Auto-Response-Suppress:", "Precedence:", "MIME-Version:",
		"Content-Type:",
	};

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
		if (str_starts(line, str_of(ours[i])))
			return;
	}
	abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct str rest = { (const char *)bytes, n }, raw, line;
	const char *ids[8];
	struct answer m = { .from = { .name = "Support",
	    .addr = "support@example.com" }, .automatic = true };
	bool header = true;

	m.subject = compose_subject(a, next_field(a, &rest), "Hello");
	m.to_name = next_field(a, &rest);
	m.to_addr = next_field(a, &rest);
	m.message_id = next_field(a, &rest);
	m.in_reply_to = next_field(a, &rest);
	for (m.n_references = 0; m.n_references < 8; m.n_references++)
		ids[m.n_references] = next_field(a, &rest);
	m.references = ids;
	m.text = m.html = arena_str(a, rest);
	raw = compose_message(a, &m);
	if (raw.n < 2 || memcmp(raw.p + raw.n - 2, "\r\n", 2) != 0)
		abort();
	while (raw.n > 0) {
		ptrdiff_t end = str_find(raw, STR("\r\n"));

		line = str_sub(raw, 0, (size_t)end);
		raw = str_sub(raw, (size_t)end + 2, raw.n);
		check_line(line);
		header = header && line.n > 0;
		if (header)
			check_header(line);
		else if (line.n > 76)
			abort();
	}
	arena_free(&a);
	return 0;
}
