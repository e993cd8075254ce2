#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "role/token_alarm.h"

#define STRIKES 3

/* A token is there, yet something wants mending before its end. */
static void
tell_trouble(struct token_alarm *alarm, const char *trouble, struct arena *a)
{
	if (strcmp(alarm->trouble, trouble) == 0)
		return;
	snprintf(alarm->trouble, sizeof alarm->trouble, "%s", trouble);
	if (*trouble)
		log_warn("token.trouble", "why=%s", log_q(a, trouble));
}

bool
token_alarm_look(struct token_alarm *alarm, const struct token *t,
    const char *why)
{
	struct arena *a;

	if (!t)
		return false;
	a = arena_new();
	tell_trouble(alarm, token_trouble(t) ? token_trouble(t) : "", a);
	if (!*why)
		why = alarm->trouble;
	if (!alarm->raised && token_strikes(t) >= STRIKES) {
		alarm->raised = true;
		log_error("token.alarm", "refusals=%d why=%s",
		    token_strikes(t), log_q(a, why));
	} else if (alarm->raised && token_strikes(t) == 0) {
		alarm->raised = false;
		log_info("token.recovered", "expires_in_s=%" PRId64,
		    token_expires_at(t) - clock_now());
	}
	arena_free(&a);
	return alarm->raised;
}
