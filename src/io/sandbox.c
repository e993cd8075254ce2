/*
 * Landlock by raw system calls: glibc has no wrappers. The kernel's ABI is asked
 * for first and only what it knows is claimed, so that one binary serves all.
 */
#include "io/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif

static enum cd_rc
rights_drop(struct cd_err *err)
{
	struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    setrlimit(RLIMIT_CORE, &none) != 0)
		return cd_fail(err, CD_BROKEN, "sandbox: cannot drop rights: "
		    "%s", strerror(errno));
	return CD_OK;
}

#ifdef LANDLOCK_CREATE_RULESET_VERSION

/* Rights that newer kernels know and older headers do not name. */
#define FS_REFER	(1ULL << 13)	/* ABI 2 */
#define FS_TRUNCATE	(1ULL << 14)	/* ABI 3 */

#define FS_FILE_READ	LANDLOCK_ACCESS_FS_READ_FILE
#define FS_READ		(FS_FILE_READ | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_FILE_WRITE	(LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)
#define FS_WRITE	(FS_FILE_WRITE | LANDLOCK_ACCESS_FS_REMOVE_FILE |      \
			 LANDLOCK_ACCESS_FS_MAKE_REG |                         \
			 LANDLOCK_ACCESS_FS_MAKE_SOCK |                        \
			 LANDLOCK_ACCESS_FS_MAKE_FIFO)
#define FS_ABI_1	((1ULL << 13) - 1)

static uint64_t
rights_known(long abi)
{
	uint64_t known = FS_ABI_1;

	if (abi >= 2)
		known |= FS_REFER;
	if (abi >= 3)
		known |= FS_TRUNCATE;
	return known;
}

/* A path that does not exist needs no right. */
static enum cd_rc
path_allow(int ruleset, const char *path, uint64_t rights, struct cd_err *err)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights };
	struct stat st;
	long r;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return CD_OK;
	if (rule.parent_fd < 0)
		return cd_fail(err, CD_BROKEN, "sandbox: %s: %s", path,
		    strerror(errno));
	/* Rights of a folder are refused on a file. */
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= FS_FILE_READ | FS_FILE_WRITE;
	r = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
	    &rule, 0);
	if (r != 0)
		cd_fail(err, CD_BROKEN, "sandbox: %s: %s", path,
		    strerror(errno));
	close(rule.parent_fd);
	return r == 0 ? CD_OK : CD_BROKEN;
}

static enum cd_rc
paths_allow(int ruleset, const char *const *paths, size_t n, uint64_t rights,
    struct cd_err *err)
{
	for (size_t i = 0; i < n; i++) {
		enum cd_rc rc = path_allow(ruleset, paths[i], rights, err);

		if (rc != CD_OK)
			return rc;
	}
	return CD_OK;
}

static enum cd_rc
files_limit(const char *const *read_paths, size_t n_read,
    const char *const *write_paths, size_t n_write, struct cd_err *err)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr attr = { 0 };
	enum cd_rc rc;
	int ruleset;

	if (abi < 1)
		return cd_fail(err, CD_ABSENT, "sandbox: this kernel has no "
		    "Landlock: files are guarded by their modes alone");
	attr.handled_access_fs = rights_known(abi);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr,
	    0);
	if (ruleset < 0)
		return cd_fail(err, CD_BROKEN, "sandbox: %s", strerror(errno));
	rc = paths_allow(ruleset, read_paths, n_read,
	    FS_READ & attr.handled_access_fs, err);
	if (rc == CD_OK)
		rc = paths_allow(ruleset, write_paths, n_write,
		    (FS_READ | FS_WRITE) & attr.handled_access_fs, err);
	if (rc == CD_OK && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		rc = cd_fail(err, CD_BROKEN, "sandbox: %s", strerror(errno));
	close(ruleset);
	return rc;
}

#else

static enum cd_rc
files_limit(const char *const *read_paths, size_t n_read,
    const char *const *write_paths, size_t n_write, struct cd_err *err)
{
	(void)read_paths;
	(void)n_read;
	(void)write_paths;
	(void)n_write;
	return cd_fail(err, CD_ABSENT, "sandbox: built without Landlock");
}

#endif

enum cd_rc
sandbox_apply(const char *const *read_paths, size_t n_read,
    const char *const *write_paths, size_t n_write, struct cd_err *err)
{
	enum cd_rc rc = rights_drop(err);

	if (rc != CD_OK)
		return rc;
	return files_limit(read_paths, n_read, write_paths, n_write, err);
}
