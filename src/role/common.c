#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <unistd.h>

#include "role/role.h"

/* What kills it may take its time to come again: the next such mail, a leak. To be
 * found silent takes a quarter of an hour alone. */
#define DEATH_FORGET_MS	(10 * 60000)
#define HUNG_FORGET_MS	(60 * 60000)

void
role_wake(int fd)
{
	ssize_t n;

	if (fd < 0)
		return;
	do {
		n = write(fd, "w", 1);
	} while (n < 0 && errno == EINTR);
	/* A full pipe (EAGAIN) holds a wake-up already; a closed one means
	 * that nobody is there who could be woken. */
}

bool
role_is_silent(struct role_life *l, int64_t beat, int64_t now_ms,
    int64_t silent_ms)
{
	if (beat != l->beat)
		*l = (struct role_life){ beat, now_ms };
	return now_ms - l->heard_ms >= silent_ms;
}

void
role_lives(struct role_deaths *d, int64_t well_ms)
{
	if (well_ms > d->forget_ms)
		d->n = 0;
}

void
role_died(struct role_deaths *d, int64_t well_ms, int signal, bool hung)
{
	role_lives(d, well_ms);
	d->n++;
	d->signal = signal;
	d->forget_ms = hung ? HUNG_FORGET_MS : DEATH_FORGET_MS;
}

int64_t
role_back_off(int64_t ms, int64_t max_ms)
{
	return ms < max_ms / 2 ? 2 * ms : max_ms;
}

/* The pages that SQLite keeps lie between what a burst took: with them gone the
 * heap gets small again, and what they held is read anew in a moment. */
void
role_give_back(struct arena *a, struct store *s)
{
	arena_reset(a);
	store_shrink(s);
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

static void
drain(int fd)
{
	char bytes[256];

	while (read(fd, bytes, sizeof bytes) > 0)
		;
}

bool
role_stopped(const struct role_context *c)
{
	struct pollfd p = { .fd = c->signals, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

void
role_sleep(const struct role_context *c, int64_t ms)
{
	struct pollfd p[2] = {
		{ .fd = c->signals, .events = POLLIN },
		{ .fd = c->wake_read, .events = POLLIN },
	};
	int timeout = ms < 0 ? 0 : ms > 3600000 ? 3600000 : (int)ms;

	if (poll(p, c->wake_read < 0 ? 1 : 2, timeout) > 0 &&
	    c->wake_read >= 0 && (p[1].revents & POLLIN))
		drain(c->wake_read);
}
