#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"

static struct {
	enum log_level level;
	bool json;
	char role[16];
} config = { LEVEL_INFO, false, "" };

static const char *const level_names[] = { "debug", "info", "warn", "error" };

void
log_open(enum log_level level, bool json, const char *role)
{
	config.level = level;
	config.json = json;
	snprintf(config.role, sizeof config.role, "%s", role);
}

void
log_write(enum log_level level, const char *event, const char *fmt, ...)
{
	int saved = errno;
	char message[2048];
	struct arena *a;
	struct buf b;
	struct str line;
	va_list ap;

	if (level < config.level)
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof message, fmt, ap);
	va_end(ap);
	for (char *p = message; *p; p++) {
		if ((unsigned char)*p < 0x20)
			*p = ' ';
	}

	a = arena_new();
	b = buf_new(a, 16 * 1024);
	if (config.json) {
		buf_printf(&b, "{\"at\":\"%s\",\"level\":\"%s\",\"role\":\"%s\","
		    "\"event\":\"%s\",\"message\":\"",
		    clock_iso(a, clock_now()), level_names[level], config.role,
		    event);
		buf_json(&b, str_of(message));
		buf_puts(&b, "\"}\n");
	} else {
		buf_printf(&b, "%s %-5s %s %s %s\n",
		    clock_iso(a, clock_now()), level_names[level], config.role,
		    event, message);
	}
	line = buf_str(&b);
	/* One write, so that the lines of several roles do not mix. Where
	 * standard error is gone nobody can be told. */
	while (line.n > 0) {
		ssize_t n = write(STDERR_FILENO, line.p, line.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		line.p += n;
		line.n -= (size_t)n;
	}
	arena_free(&a);
	errno = saved;
}

const char *
log_q(struct arena *a, const char *s)
{
	struct buf b = buf_new(a, 1024);
	struct str in;

	if (!s)
		return "-";
	in = str_of(s);
	if (in.n > 200)
		in.n = 200;
	buf_char(&b, '"');
	buf_json(&b, in);
	buf_char(&b, '"');
	return buf_str(&b).p;
}
