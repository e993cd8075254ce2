#include <string.h>

#include "base/buf.h"
#include "text/pattern.h"
#include "text/pump.h"

#define MAX_WORDS	24	/* of a pattern, tried each alone */
#define MAX_ALONE	160	/* bytes of a text of one word */
#define MAX_WHOLE	240	/* of a text that a rule for all of it reads */
#define MAX_ALL		1500	/* of one of all words */
#define SIGNS		"!?,;:@%&/=<>+*$#\"'()[]{}|_-"

/* What a backslash stands before; "\x{c0}" as a whole. */
static size_t
escape_length(struct str s)
{
	ptrdiff_t end;

	if (s.n > 2 && s.p[2] == '{') {
		end = str_find(s, STR("}"));
		return end < 0 ? s.n : (size_t)end + 1;
	}
	return s.n < 2 ? s.n : 2;
}

/* The letters and signs that a pattern is made of, in runs; those of classes
 * too. */
static size_t
words_of(struct arena *a, const char *regex, struct str *out)
{
	struct str s = str_of(regex);
	size_t n = 0;

	while (s.n > 0 && n < MAX_WORDS) {
		size_t len = 0;
		bool known = false;

		if (s.p[0] == '\\') {
			s = str_sub(s, escape_length(s), s.n);
			continue;
		}
		while (len < s.n && utf8_word_byte(s.p[len]))
			len++;
		for (size_t i = 0; i < n && len > 0; i++)
			known = known || str_eq(out[i], str_sub(s, 0, len));
		if (len > 0 && !known)
			out[n++] = arena_copy(a, str_sub(s, 0, len));
		s = str_sub(s, len > 0 ? len : 1, s.n);
	}
	return n;
}

/* `word` again and again, then what no pattern asks for, then `rest` and signs:
 * PCRE2 does not even try where a letter that it needs is nowhere. */
static struct str
pumped(struct arena *a, struct str word, const char *between, struct str rest)
{
	struct buf b = buf_new(a, MAX_ALONE + MAX_ALL + 256);

	while (b.n < MAX_ALONE && !b.full) {
		buf_adds(&b, word);
		buf_puts(&b, between);
	}
	buf_puts(&b, ". \1 ");
	buf_adds(&b, rest);
	buf_puts(&b, SIGNS);
	return buf_str(&b);
}

static bool
slow_on(struct arena *a, const struct pattern *p, struct str word,
    struct str rest)
{
	return pattern_gives_up(p, pumped(a, word, " ", rest)) ||
	    pattern_gives_up(p, pumped(a, word, "", rest));
}

static const char *
find(struct arena *a, const struct pattern *p, const struct str *words,
    size_t n, bool whole)
{
	/* Of a class there may be no letter in the pattern. */
	static const char *const any[] = { "a", "1" };
	struct buf all = buf_new(a, whole ?
	    MAX_WHOLE - MAX_ALONE - sizeof SIGNS : MAX_ALL);
	struct str rest;

	for (size_t i = 0; i < n; i++) {
		buf_adds(&all, words[i]);
		buf_char(&all, ' ');
	}
	rest = buf_str(&all);
	for (size_t i = 0; i < n; i++) {
		struct str last = str_sub(words[i], words[i].n - 1, words[i].n);

		if (slow_on(a, p, words[i], rest))
			return arena_str(a, words[i]);
		/* The last letter alone may be what is repeated. */
		if ((unsigned char)last.p[0] < 0x80 &&
		    pattern_gives_up(p, pumped(a, last, "", rest)))
			return arena_str(a, last);
	}
	for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
		if (slow_on(a, p, str_of(any[i]), rest))
			return any[i];
	}
	return n > 0 && pattern_gives_up(p, pumped(a, rest, "", rest)) ?
	    "all its words" : NULL;
}

const char *
pump_finds(struct arena *a, const char *regex)
{
	struct str words[MAX_WORDS];
	size_t n = words_of(a, regex, words);
	struct pattern *p;
	const char *found;

	if (pattern_compile(a, a, regex, &p, NULL) != CD_OK)
		return NULL;
	found = find(a, p, words, n, *regex == '^');
	pattern_free(&p);
	return found;
}
