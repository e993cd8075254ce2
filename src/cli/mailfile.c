#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/mailfile.h"

enum cd_rc
mailfile_read(struct arena *a, const char *file, size_t max, struct str *out,
    struct cd_err *err)
{
	bool standard = strcmp(file, "-") == 0;
	FILE *f = standard ? stdin : fopen(file, "rb");
	struct buf b = buf_new(a, max);
	char bytes[16384];
	size_t n;
	int bad;

	if (!f)
		return cd_fail(err, CD_ABSENT, "%s: %s", file,
		    strerror(errno));
	while (b.n < max && (n = fread(bytes, 1, sizeof bytes < max - b.n
	    ? sizeof bytes : max - b.n, f)) > 0)
		buf_add(&b, bytes, n);
	bad = ferror(f) ? errno : 0;
	if (!standard)
		fclose(f);
	if (bad)
		return cd_fail(err, CD_ABSENT, "%s: %s", file, strerror(bad));
	*out = buf_str(&b);
	return CD_OK;
}
