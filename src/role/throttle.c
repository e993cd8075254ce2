#include <stddef.h>
#include <string.h>

#include "role/throttle.h"

/* Long keys are told apart by their first bytes only: they share a place. */
static bool
same(const char *place, const char *key)
{
	return strncmp(place, key, THROTTLE_KEY - 1) == 0;
}

static ptrdiff_t
find(const struct throttle *t, const char *key)
{
	for (ptrdiff_t i = 0; i < THROTTLE_PLACES; i++) {
		if (t->places[i].key[0] && same(t->places[i].key, key))
			return i;
	}
	return -1;
}

static ptrdiff_t
room(const struct throttle *t)
{
	ptrdiff_t oldest = 0;

	for (ptrdiff_t i = 0; i < THROTTLE_PLACES; i++) {
		if (!t->places[i].key[0])
			return i;
		if (t->places[i].last < t->places[oldest].last)
			oldest = i;
	}
	return oldest;
}

int64_t
throttle_wait(const struct throttle *t, const char *key, int64_t now)
{
	ptrdiff_t i = find(t, key);

	return i >= 0 && t->places[i].until > now ? t->places[i].until - now
						  : 0;
}

void
throttle_failed(struct throttle *t, const char *key, int free, int64_t now)
{
	ptrdiff_t i = find(t, key);
	int64_t wait;
	size_t n = strlen(key);

	if (n == 0)
		return;
	if (i < 0 || t->places[i].last + THROTTLE_FORGIVE_S < now) {
		if (i < 0)
			i = room(t);
		memset(&t->places[i], 0, sizeof t->places[i]);
		memcpy(t->places[i].key, key,
		    n < THROTTLE_KEY ? n : THROTTLE_KEY - 1);
	}
	t->places[i].last = now;
	t->places[i].failures++;
	if (t->places[i].failures < free)
		return;
	wait = 15;
	for (int over = t->places[i].failures - free;
	    over > 0 && wait < THROTTLE_MAX_S; over--)
		wait *= 2;
	t->places[i].until = now + (wait < THROTTLE_MAX_S ? wait
							  : THROTTLE_MAX_S);
}

void
throttle_forgive(struct throttle *t, const char *key)
{
	ptrdiff_t i = find(t, key);

	if (i >= 0)
		memset(&t->places[i], 0, sizeof t->places[i]);
}

void
throttle_take_back(struct throttle *t, const char *key, int free)
{
	ptrdiff_t i = find(t, key);

	if (i < 0 || t->places[i].failures == 0)
		return;
	if (--t->places[i].failures < free)
		t->places[i].until = 0;
}
