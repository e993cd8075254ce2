#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/mailfile.h"

enum cd_rc
mailfile_read(struct arena *a, const char *file, size_t max, struct str *out,
    struct cd_err *err)
{
	bool standard = strcmp(file, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	struct buf b = buf_new(a, max);
	char bytes[16384];
	struct stat st;
	ssize_t n = 1;
	int bad;

	if (fd < 0)
		return cd_fail(err, CD_ABSENT, "%s: %s", file,
		    strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		buf_reserve(&b, (size_t)st.st_size);
	while (b.n < max && n > 0) {
		n = read(fd, bytes, sizeof bytes < max - b.n ? sizeof bytes :
		    max - b.n);
		if (n > 0)
			buf_add(&b, bytes, (size_t)n);
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	bad = n < 0 ? errno : 0;
	if (!standard)
		close(fd);
	if (bad)
		return cd_fail(err, CD_ABSENT, "%s: %s", file, strerror(bad));
	*out = buf_str(&b);
	return CD_OK;
}
