#include <libgen.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "io/sandbox.h"
#include "role/session.h"

#define BEAT_MS 5000

/* The folder of a file; NULL gives NULL. */
static const char *
folder_of(struct arena *a, const char *file)
{
	return file ? dirname(arena_strdup(a, file)) : NULL;
}

enum cd_rc
role_sandbox(const struct config *c, struct cd_err *err)
{
	struct arena *a = arena_new();
	const char *candidates[] = {
		"/etc", "/usr", "/lib", "/lib64", "/run", "/dev", "/proc",
		folder_of(a, c->mailbox.ca_file),
		folder_of(a, c->smtp.ca_file),
		folder_of(a, c->microsoft.ca_file),
		c->files.rules, folder_of(a, c->files.model),
		c->files.templates,
		/* Read anew for each token. */
		folder_of(a, c->oauth2.client_secret_file),
		folder_of(a, c->oauth2.certificate_file),
		folder_of(a, c->oauth2.key_file),
		folder_of(a, c->oauth2.service_account_file),
	};
	const char *read[sizeof candidates / sizeof *candidates];
	/* A new refresh token replaces the old one's file. */
	const char *write[] = { folder_of(a, c->files.database),
		folder_of(a, c->oauth2.refresh_token_file) };
	size_t n = 0;
	enum cd_rc rc;

	for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
		if (candidates[i])
			read[n++] = candidates[i];
	}
	rc = sandbox_apply(read, n, write, write[1] ? 2 : 1, err);
	arena_free(&a);
	/* A kernel without Landlock still runs us. */
	return rc == CD_ABSENT ? CD_OK : rc;
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
