#ifndef CD_ROLE_DESK_WEB_H
#define CD_ROLE_DESK_WEB_H

#include "io/web.h"
#include "flow/engine.h"
#include "role/passwords.h"
#include "role/role.h"
#include "role/throttle.h"

/*
 * The queue in the browser: what a person of the team sees and does. Pages are
 * made from the store at each request, by a connection that cannot write; what
 * changes something is a POST with the token of the person's session.
 */
struct desk_web {
	const struct role_context *context;
	const struct engine *engine;
	struct store *writer, *reader;
	struct throttle throttle;
	struct passwords passwords;
	struct web *web;		/* whose requests these are */
	int64_t looked, spoke;		/* for news, to those who listen; ms */
	char told[CD_MAX_LIVE];		/* the news told last */
};

/* false: this address is none of the queue's; nothing was answered. */
bool desk_web_handle(struct desk_web *, struct arena *,
    const struct web_request *, struct web_response *);

/* Between two turns of the web: answer who waits for a password, tell those who
 * listen what is new. Returns in how many ms to call again. */
int desk_web_turn(struct desk_web *);

#endif
