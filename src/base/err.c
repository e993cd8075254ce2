#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* Server texts end up here and then on terminals and in logs. */
static void
make_printable(char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			*s = '?';
	}
}

enum cd_rc
cd_fail(struct cd_err *err, enum cd_rc rc, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return rc;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	make_printable(err->text);
	return rc;
}

enum cd_rc
cd_context(struct cd_err *err, enum cd_rc rc, const char *fmt, ...)
{
	char old[CD_MAX_ERR];
	va_list ap;
	int n;

	if (!err)
		return rc;
	memcpy(old, err->text, sizeof old);
	va_start(ap, fmt);
	n = vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof err->text)
		snprintf(err->text + n, sizeof err->text - (size_t)n, ": %s",
		    old);
	make_printable(err->text);
	return rc;
}

void
cd_assert_failed(const char *file, int line, const char *what)
{
	fprintf(stderr, "assert file=%s line=%d what=\"%s\"\n", file, line,
	    what);
	abort();
}
