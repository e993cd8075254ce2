#ifndef CD_ROLE_THROTTLE_H
#define CD_ROLE_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How often somebody may guess a password. After `free` failures a key has to
 * wait, twice as long each time, THROTTLE_MAX_S at most; a quarter of an hour
 * without a failure forgives all. In memory, bounded: where all places are
 * taken the one longest quiet gives way. `now` is in seconds, of a clock that
 * never steps.
 */
#define THROTTLE_PLACES	512
#define THROTTLE_KEY	80
#define THROTTLE_MAX_S	300
#define THROTTLE_FORGIVE_S 900

struct throttle {
	struct {
		char key[THROTTLE_KEY];	/* "" : a free place */
		int failures;
		int64_t last, until;
	} places[THROTTLE_PLACES];
};

/* Seconds that this key still has to wait; 0: it may try. */
int64_t throttle_wait(const struct throttle *, const char *key, int64_t now);
void throttle_failed(struct throttle *, const char *key, int free, int64_t now);
/* One that was counted was none after all. */
void throttle_take_back(struct throttle *, const char *key, int free);
void throttle_forgive(struct throttle *, const char *key);

#endif
