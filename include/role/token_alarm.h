#ifndef CD_ROLE_TOKEN_ALARM_H
#define CD_ROLE_TOKEN_ALARM_H

#include "io/token.h"

/* What a role says about its tokens: an alarm after three refusals in a row
 * (weather is none), once, and that it is over, once. */
struct token_alarm {
	bool raised;
	char trouble[256];	/* said last */
};

/* After each use of the token (NULL: there are none); why: the last refusal.
 * True while the alarm is on. */
bool token_alarm_look(struct token_alarm *, const struct token *,
    const char *why);

#endif
