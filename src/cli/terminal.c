/* What a terminal shows: its width, and a stranger's text without the bytes that
 * a terminal obeys. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cli/cli.h"

#define NO_TERMINAL	140	/* columns where there is no terminal */
#define MAX_WRAPPED	(2 * CD_MAX_TEXT)	/* bytes of one text */

bool
cli_colour(void)
{
	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
}

const char *
cli_age(struct arena *a, int64_t s)
{
	if (s < 0)
		s = 0;
	if (s < 60)
		return arena_printf(a, "%" PRId64 " s", s);
	if (s < 3600)
		return arena_printf(a, "%" PRId64 " min", s / 60);
	if (s < 86400)
		return arena_printf(a, "%" PRId64 " h", s / 3600);
	return arena_printf(a, "%" PRId64 " d", s / 86400);
}

int
cli_columns(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return NO_TERMINAL;
}

/* The next letter of s as a terminal may have it, 0 for none to be shown; its
 * columns. The whole mail is a stranger's: ESC, the C1 controls and the marks
 * that turn the direction of writing (UAX #9) would have their way. */
static int
letter(struct str *s, uint32_t *cp)
{
	size_t len = utf8_next(*s, cp);
	int width = wcwidth((wchar_t)*cp);

	*s = str_sub(*s, len, s->n);
	if ((*cp >= 0x202a && *cp <= 0x202e) ||
	    (*cp >= 0x2066 && *cp <= 0x2069)) {
		*cp = 0;
		return 0;
	}
	if (width >= 0 && *cp != 0)
		return width;
	*cp = ' ';
	return 1;
}

const char *
cli_fit(struct arena *a, const char *text, int columns)
{
	struct str s = str_of(text);
	/* A byte that is no letter is made one of three. */
	struct buf b = buf_new(a, 3 * s.n + (columns > 0 ? (size_t)columns : 0) +
	    3);
	int used = 0;

	while (s.n > 0) {
		uint32_t cp;
		int width = letter(&s, &cp);

		if (columns >= 0 && (used + width > columns ||
		    (used + width == columns && s.n > 0))) {
			buf_puts(&b, "\xe2\x80\xa6");
			used++;
			break;
		}
		if (cp)
			buf_utf8(&b, cp);
		used += width;
	}
	for (; used < columns; used++)
		buf_char(&b, ' ');
	return buf_str(&b).p;
}

static int
width_of(struct str s)
{
	uint32_t cp;
	int width = 0;

	while (s.n > 0)
		width += letter(&s, &cp);
	return width;
}

static void
put_word(struct buf *b, struct str s)
{
	while (s.n > 0) {
		uint32_t cp;

		letter(&s, &cp);
		if (cp)
			buf_utf8(b, cp);
	}
}

static void
wrap_line(struct buf *b, struct str line, const char *margin, int columns)
{
	int left = columns - width_of(str_of(margin)), used = 0;

	buf_puts(b, margin);
	while (line.n > 0) {
		/* A word with the spaces before it. */
		size_t spaces = 0, end;
		int width;

		while (spaces < line.n && line.p[spaces] == ' ')
			spaces++;
		for (end = spaces; end < line.n && line.p[end] != ' '; )
			end++;
		width = width_of(str_sub(line, 0, end));
		if (used > 0 && used + width > left) {
			buf_char(b, '\n');
			buf_puts(b, margin);
			used = 0;
			line = str_sub(line, spaces, line.n);
			continue;
		}
		put_word(b, str_sub(line, 0, end));
		used += width;
		line = str_sub(line, end, line.n);
	}
	buf_char(b, '\n');
}

const char *
cli_wrap(struct arena *a, const char *s, const char *margin, int columns)
{
	struct buf b = buf_new(a, MAX_WRAPPED);
	struct str rest = str_of(s), line;

	while (str_line(&rest, &line))
		wrap_line(&b, line, margin, columns);
	return buf_str(&b).p;
}
