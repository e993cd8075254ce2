/*
 * What a role may still reach. Landlock's rules are for files and folders as
 * they lie there: another file in the place of one that is allowed by itself is
 * none of them. So the supervisor looks after these files and starts the roles
 * anew; the other way would be to allow their folders, and the secrets in them.
 */
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/clock.h"
#include "io/sandbox.h"
#include "role/session.h"

#define BEAT_MS 5000

/* Where secrets may lie with what is needed, the file alone is allowed, and not
 * its folder: /etc/consentdesk has the passwords of all roles, /run the
 * credentials that systemd hands us. */
static const char *const system_folders[] = {
	"/usr", "/lib", "/lib64", "/dev", "/proc", "/etc/ssl/certs",
	"/etc/pki/tls/certs", "/etc/pki/ca-trust", "/etc/ca-certificates",
	"/var/lib/ca-certificates", "/etc/crypto-policies", "/etc/gnutls",
	"/etc/pkcs11",
};
static const char *const system_files[] = {
	"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf",
	"/etc/host.conf", "/etc/gai.conf", "/etc/ssl/openssl.cnf",
	"/etc/ssl/cert.pem", "/etc/pki/tls/openssl.cnf",
	"/etc/pki/tls/cert.pem",
};
#define N(list) (sizeof list / sizeof *list)

struct paths {
	struct arena *arena;
	const char *v[N(system_folders) + ROLE_FILES + 3];
	size_t n;
};

static void
add(struct paths *p, const char *path)
{
	if (path)
		p->v[p->n++] = path;
}

/* The folder of a file that is named with one; NULL gives NULL. */
static const char *
folder_of(struct arena *a, const char *file)
{
	return file && strchr(file, '/') ? dirname(arena_strdup(a, file))
					 : NULL;
}

/* As secret_read finds it; NULL: nowhere. */
static const char *
secret_file(struct arena *a, const char *file)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	if (!file || strchr(file, '/'))
		return file;
	return dir && *dir ? arena_printf(a, "%s/%s", dir, file) : NULL;
}

/* Whoever minds the name servers replaces that file as he likes, in a folder of
 * his own: /run/systemd/resolve, /run/NetworkManager. */
static const char *
resolver_folder(struct arena *a)
{
	char real[PATH_MAX];
	const char *folder;

	if (!realpath("/etc/resolv.conf", real) ||
	    !str_starts(str_of(real), STR("/run/")))
		return NULL;
	folder = folder_of(a, real);
	return strcmp(folder, "/run") == 0 ? NULL : folder;
}

static void
add_folders(struct paths *p)
{
	for (size_t i = 0; i < N(system_folders); i++)
		add(p, system_folders[i]);
	add(p, resolver_folder(p->arena));
}

/* ROLE_FILES at most. tokens: what they are made of, too. */
static void
add_files(struct paths *p, const struct config *c, bool tokens)
{
	const char *made_of[] = {
		c->oauth2.client_secret_file, c->oauth2.certificate_file,
		c->oauth2.key_file, c->oauth2.service_account_file,
		c->oauth2.refresh_token_file,
	};

	for (size_t i = 0; i < N(system_files); i++)
		add(p, system_files[i]);
	add(p, c->mailbox.ca_file);
	add(p, c->smtp.ca_file);
	add(p, c->microsoft.ca_file);
	for (size_t i = 0; tokens && i < N(made_of); i++)
		add(p, secret_file(p->arena, made_of[i]));
}

/* What is written lies in folders that are the roles' own. */
static void
add_own_folders(struct paths *p, const struct config *c, bool tokens)
{
	char real[PATH_MAX];

	add(p, folder_of(p->arena, realpath(c->files.database, real) ? real
		: c->files.database));
	/* A new refresh token replaces the old one's file. */
	if (tokens)
		add(p, folder_of(p->arena, c->oauth2.refresh_token_file));
}

static enum cd_rc
sandbox(const struct config *c, bool tokens, struct cd_err *err)
{
	struct arena *a = arena_new();
	struct paths read = { .arena = a }, write = { .arena = a };
	enum cd_rc rc;

	add_folders(&read);
	add_files(&read, c, tokens);
	add_own_folders(&write, c, tokens);
	rc = sandbox_apply(read.v, read.n, write.v, write.n, err);
	arena_free(&a);
	/* A kernel without Landlock still runs us. */
	return rc == CD_ABSENT ? CD_OK : rc;
}

enum cd_rc
role_sandbox(const struct config *c, struct cd_err *err)
{
	return sandbox(c, false, err);
}

enum cd_rc
role_sandbox_tokens(const struct config *c, struct cd_err *err)
{
	return sandbox(c, true, err);
}

static bool
is_below(const char *path, const struct paths *folders)
{
	for (size_t i = 0; i < folders->n; i++) {
		struct str folder = str_of(folders->v[i]);

		if (str_starts(str_of(path), folder) && path[folder.n] == '/')
			return true;
	}
	return false;
}

/* Takes note of the file; true: the one seen before was another. One that was
 * written anew in its place is the same: it may be read on. */
static bool
is_another(struct role_file *f, const char *file)
{
	struct role_file was = *f;
	struct statx st;

	if (statx(AT_FDCWD, file, 0, STATX_INO | STATX_BTIME, &st) != 0)
		return false;
	*f = (struct role_file){ makedev(st.stx_dev_major, st.stx_dev_minor),
		st.stx_ino, st.stx_btime.tv_sec * 1000000000 +
		st.stx_btime.tv_nsec };
	return was.ino != 0 && (was.ino != f->ino || was.dev != f->dev ||
	    was.born != f->born);
}

/* A file that is missing just now is being replaced. */
const char *
role_files_look(struct role_files *f, struct arena *a, const struct config *c)
{
	struct paths folders = { .arena = a }, files = { .arena = a };
	const char *changed = NULL;

	add_folders(&folders);
	add_own_folders(&folders, c, true);
	add_files(&files, c, true);
	for (size_t i = 0; i < files.n; i++) {
		char real[PATH_MAX];

		if (realpath(files.v[i], real) && !is_below(real, &folders) &&
		    is_another(&f->seen[i], real))
			changed = files.v[i];
	}
	return changed;
}

void
role_pause(const struct role_context *c, int64_t ms,
    void (*beat)(void *who, const char *state), void *who, const char *state)
{
	struct pollfd p = { .fd = c->signals, .events = POLLIN };
	int64_t end = clock_mono_ms() + ms;

	for (; ms > 0; ms = end - clock_mono_ms()) {
		beat(who, state);
		if (poll(&p, 1, ms < BEAT_MS ? (int)ms : BEAT_MS) > 0)
			return;
	}
}
