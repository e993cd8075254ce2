/*
 * The encodings of URLs and forms. libmicrohttpd's own decoding lets malformed
 * escapes pass as they are, and two readers of one text may then differ.
 */
#include <string.h>

#include "io/web_form.h"

char *
percent_decode(struct arena *a, struct str s, bool plus)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '+' && plus) {
			c = ' ';
		} else if (c == '%') {
			int high = s.n - i > 2 ? ascii_hex(s.p[i + 1]) : -1;
			int low = s.n - i > 2 ? ascii_hex(s.p[i + 2]) : -1;

			if (high < 0 || low < 0)
				return NULL;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (c == '\0')
			return NULL;
		out[n++] = c;
	}
	return utf8_valid((struct str){ out, n }) ? out : NULL;
}

static bool
pair_parse(struct arena *a, struct str s, struct web_pair *out)
{
	ptrdiff_t at = str_find(s, STR("="));
	size_t end = at < 0 ? s.n : (size_t)at;

	out->name = percent_decode(a, str_sub(s, 0, end), true);
	out->value = at < 0 ? ""
	    : percent_decode(a, str_sub(s, end + 1, s.n), true);
	return out->name && out->value;
}

enum cd_rc
form_parse(struct arena *a, struct str s, struct web_pair **out,
    size_t *n_out)
{
	struct web_pair *pairs;
	size_t n = 0, room = str_count(s, '&') + 1;

	if (room > CD_MAX_REQUEST_PAIRS)
		return CD_MALFORMED;
	pairs = arena_array(a, room, sizeof *pairs);
	while (s.n > 0) {
		ptrdiff_t amp = str_find(s, STR("&"));
		size_t end = amp < 0 ? s.n : (size_t)amp;
		struct str one = str_sub(s, 0, end);

		s = str_sub(s, end + 1, s.n);
		if (one.n == 0)
			continue;
		if (!pair_parse(a, one, &pairs[n]))
			return CD_MALFORMED;
		n++;
	}
	*out = pairs;
	*n_out = n;
	return CD_OK;
}
