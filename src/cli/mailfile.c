#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/mailfile.h"
#include "text/field.h"

#define SNIFFED	4096	/* bytes that tell a text from another format */

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

/* The first mail of an mbox: the next one begins with a "From " line after an
 * empty one, and goes on with a header. A text may have such a line too. */
static struct str
first_mail(struct str mbox)
{
	struct str rest = mbox, line, name, value;
	bool blank = false;

	str_line(&rest, &line);
	while (str_line(&rest, &line)) {
		struct str ahead = rest;

		if (blank && str_starts(line, STR("From ")) &&
		    field_next(&ahead, &name, &value))
			return str_sub(mbox, 0, (size_t)(line.p - mbox.p));
		blank = str_trim(line).n == 0;
	}
	return mbox;
}

/* What the reader of mails passes over before the header, too. */
static bool
has_field(struct str s)
{
	struct str rest = s, line, name, value;

	while (str_line(&rest, &line) && (str_trim(line).n == 0 ||
	    str_starts(line, STR("From ")) || str_starts(line, STR(">From "))))
		s = rest;
	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_sub(s, 3, s.n);
	return field_next(&s, &name, &value);
}

enum cd_rc
mailfile_mail(struct arena *a, const char *file, size_t max, struct str *out,
    struct cd_err *err)
{
	struct str whole, first;
	enum cd_rc rc = mailfile_read(a, file, max, &whole, err);

	if (rc != CD_OK)
		return rc;
	first = str_starts(whole, STR("From ")) ? first_mail(whole) : whole;
	if (!has_field(first)) {
		if (memchr(first.p, '\0', first.n < SNIFFED ? first.n :
			SNIFFED))
			return cd_fail(err, CD_MALFORMED, "%s: no mail as it "
			    "was sent (saved from Outlook as .msg?): save it "
			    "as .eml", file);
		cli_fail(EX_OK, "%s: has no header; a mail as it was sent is "
		    "saved as .eml", file);
	}
	if (first.n < whole.n)
		cli_fail(EX_OK, "%s: holds several mails; the first is read",
		    file);
	*out = first;
	return CD_OK;
}
