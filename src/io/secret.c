/*
 * Secrets: files that only their owner reads, or systemd credentials.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/config_keys.h"

static enum cd_rc
secret_path(const char *path, char *full, size_t size, bool *credential_out,
    struct cd_err *err)
{
	const char *dir = NULL;
	int n;

	if (!strchr(path, '/'))
		dir = getenv("CREDENTIALS_DIRECTORY");
	*credential_out = dir && *dir;
	if (*credential_out)
		n = snprintf(full, size, "%s/%s", dir, path);
	else
		n = snprintf(full, size, "%s", path);
	if (n < 0 || (size_t)n >= size)
		return cd_fail(err, CD_MALFORMED, "%.80s...: path too long",
		    path);
	return CD_OK;
}

/* systemd hands a credential to a service's user by an ACL, whose mask shows
 * as the group's read bit. */
static enum cd_rc
secret_check(int fd, const char *path, bool credential, struct cd_err *err)
{
	mode_t others = credential ? 037 : 077;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return cd_fail(err, CD_REFUSED, "%s: %s", path,
		    strerror(errno));
	if (!S_ISREG(st.st_mode))
		return cd_fail(err, CD_REFUSED, "%s: not a file", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return cd_fail(err, CD_REFUSED,
		    "%s: belongs to user %u; a secret must be root's or ours",
		    path, (unsigned)st.st_uid);
	if (st.st_mode & others)
		return cd_fail(err, CD_REFUSED,
		    "%s: others can reach this secret (mode %03o): chmod 600",
		    path, (unsigned)(st.st_mode & 0777));
	return CD_OK;
}

/* Fill buf up to size; the bytes read, -1 on error. */
static ssize_t
read_whole(int fd, char *buf, size_t size)
{
	size_t have = 0;

	while (have < size) {
		ssize_t n = read(fd, buf + have, size - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		have += (size_t)n;
	}
	return (ssize_t)have;
}

static enum cd_rc
secret_take(int fd, const char *path, char **out, size_t *n_out,
    struct cd_err *err)
{
	char *buf = calloc(1, CD_MAX_SECRET + 2);
	ssize_t got;
	size_t n;

	cd_assert(buf);
	got = read_whole(fd, buf, CD_MAX_SECRET + 1);
	n = got < 0 ? 0 : (size_t)got;
	if (got < 0 || n > CD_MAX_SECRET || memchr(buf, '\0', n)) {
		secret_free(&buf, CD_MAX_SECRET + 1);
		if (got < 0)
			return cd_fail(err, CD_REFUSED, "%s: cannot be read",
			    path);
		return cd_fail(err, CD_REFUSED,
		    n > CD_MAX_SECRET ? "%s: longer than any secret"
				      : "%s: holds a zero byte; is it text?",
		    path);
	}
	if (n > 0 && buf[n - 1] == '\n')
		buf[--n] = '\0';
	if (n > 0 && buf[n - 1] == '\r')
		buf[--n] = '\0';
	if (n == 0) {
		secret_free(&buf, 0);
		return cd_fail(err, CD_REFUSED, "%s: empty", path);
	}
	*out = buf;
	*n_out = n;
	return CD_OK;
}

enum cd_rc
secret_read(const char *path, char **out, size_t *n_out, struct cd_err *err)
{
	char full[4096];
	bool credential;
	enum cd_rc rc =
	    secret_path(path, full, sizeof full, &credential, err);
	int fd;

	if (rc != CD_OK)
		return rc;
	/* O_NONBLOCK: a pipe under that name must not hold us up. */
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return cd_fail(err, errno == ENOENT ? CD_ABSENT : CD_REFUSED,
		    "%s: %s", full, strerror(errno));
	rc = secret_check(fd, full, credential, err);
	if (rc == CD_OK)
		rc = secret_take(fd, full, out, n_out, err);
	close(fd);
	return rc;
}

void
secret_free(char **secret, size_t n)
{
	if (!secret || !*secret)
		return;
	explicit_bzero(*secret, n);
	free(*secret);
	*secret = NULL;
}

/* ---- by key -------------------------------------------------------------- */

enum cd_rc
config_context(const struct config *c, const char *section, const char *key,
    enum cd_rc rc, struct cd_err *err)
{
	int at = config_key_find(section, key);

	cd_assert(at >= 0);
	if (!c->key_line || !c->key_line[at])
		return cd_context(err, rc, "[%s] %s", section, key);
	return cd_context(err, rc, "%s:%d: [%s] %s", c->file, c->key_line[at],
	    section, key);
}

enum cd_rc
config_secret(const struct config *c, const char *section, const char *key,
    char **out, size_t *n_out, struct cd_err *err)
{
	int at = config_key_find(section, key);
	const char *const *path;
	enum cd_rc rc;

	cd_assert(at >= 0 && config_keys[at].type == CONFIG_SECRET);
	path = (const void *)((const char *)c + config_keys[at].at);
	rc = secret_read(*path, out, n_out, err);
	return rc == CD_OK ? rc : config_context(c, section, key, rc, err);
}

/* ---- for one process at a time ------------------------------------------- */

static bool
same_file(int fd, const char *path)
{
	struct stat open, there;

	return fstat(fd, &open) == 0 && stat(path, &there) == 0 &&
	    open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

/* secret_write puts another file in the place of one that is locked: whoever
 * waited has the old one's lock then and takes the new one's. */
enum cd_rc
secret_lock(const char *path, int wait_ms, int *lock_out, struct cd_err *err)
{
	const struct timespec pause = { 0, 20000000 };
	int64_t end = clock_mono_ms() + wait_ms;
	char full[4096];
	bool credential;
	enum cd_rc rc =
	    secret_path(path, full, sizeof full, &credential, err);

	if (rc != CD_OK)
		return rc;
	do {
		int fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
		    O_NOCTTY);

		if (fd < 0)
			return cd_fail(err, errno == ENOENT ? CD_ABSENT
			    : CD_REFUSED, "%s: %s", full, strerror(errno));
		if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
			if (errno != EWOULDBLOCK && errno != EINTR)
				rc = cd_fail(err, CD_REFUSED, "%s: %s", full,
				    strerror(errno));
		} else if (same_file(fd, full)) {
			*lock_out = fd;
			return CD_OK;
		}
		close(fd);
		if (rc != CD_OK)
			return rc;
		nanosleep(&pause, NULL);
	} while (clock_mono_ms() < end);
	return cd_fail(err, CD_AGAIN, "%s: another process works with it",
	    full);
}

void
secret_unlock(int *lock)
{
	if (*lock >= 0)
		close(*lock);
	*lock = -1;
}

/* ---- writing ------------------------------------------------------------- */

static bool
write_whole(int fd, const char *text)
{
	size_t n = strlen(text), at = 0;

	while (at < n) {
		ssize_t k = write(fd, text + at, n - at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		at += (size_t)k;
	}
	return fsync(fd) == 0;
}

/* Without this a rename may be lost in a power cut. */
static void
folder_sync(const char *path)
{
	char folder[4096];
	int fd;

	snprintf(folder, sizeof folder, "%.*s",
	    (int)(strrchr(path, '/') - path + 1), path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

enum cd_rc
secret_write(const char *path, const char *text, struct cd_err *err)
{
	char temp[4096];
	int fd, n = snprintf(temp, sizeof temp, "%s.XXXXXX", path);
	bool ok;

	if (!strchr(path, '/') || n < 0 || (size_t)n >= sizeof temp)
		return cd_fail(err, CD_REFUSED,
		    "%.100s: a credential cannot be written", path);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return cd_fail(err, CD_REFUSED, "%s: %s", path,
		    strerror(errno));
	ok = write_whole(fd, text);
	close(fd);
	if (!ok || rename(temp, path) < 0) {
		(void)cd_fail(err, CD_REFUSED, "%s: %s", path,
		    strerror(errno));
		unlink(temp);
		return CD_REFUSED;
	}
	folder_sync(path);
	return CD_OK;
}
