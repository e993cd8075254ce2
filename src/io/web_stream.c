/*
 * Connections that wait: for an answer that is not known yet, or for news.
 */
#include <string.h>

#include "base/clock.h"
#include "web_client.h"

static void
client_suspend(struct client *c)
{
	c->suspended = true;
	MHD_suspend_connection(c->connection);
}

void
client_rest(struct client *c)
{
	c->kind = CLIENT_RESTS;
	client_suspend(c);
}

void
client_wake(struct client *c)
{
	if (!c->suspended)
		return;
	c->suspended = false;
	MHD_resume_connection(c->connection);
}

void
clients_wake(struct web *w)
{
	for (size_t i = 0; i < CD_MAX_CONNECTIONS; i++) {
		if (w->clients[i].arena)
			client_wake(&w->clients[i]);
	}
}

void
web_retry(struct web *w)
{
	for (size_t i = 0; i < CD_MAX_CONNECTIONS; i++) {
		if (w->clients[i].arena && w->clients[i].kind == CLIENT_RESTS)
			client_wake(&w->clients[i]);
	}
}

size_t
web_resting(const struct web *w)
{
	size_t n = 0;

	for (size_t i = 0; i < CD_MAX_CONNECTIONS; i++)
		n += w->clients[i].arena && w->clients[i].kind == CLIENT_RESTS;
	return n;
}

/* ---- streams -------------------------------------------------------------- */

static ssize_t
stream_read(void *context, uint64_t at, char *into, size_t max)
{
	struct client *c = context;
	struct str news = buf_str(&c->news);
	size_t n = news.n < max ? news.n : max;

	(void)at;
	if (n > 0) {
		memcpy(into, news.p, n);
		memmove(c->news.p, c->news.p + n, c->news.n - n);
		c->news.n -= n;
		return (ssize_t)n;
	}
	if (c->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	client_suspend(c);
	return 0;
}

void
client_finish(struct client *c)
{
	c->ended = true;
	client_wake(c);
}

size_t
web_streams(const struct web *w)
{
	size_t n = 0;

	for (size_t i = 0; i < CD_MAX_CONNECTIONS; i++) {
		const struct client *c = &w->clients[i];

		n += c->arena && c->kind == CLIENT_LISTENS && !c->ended;
	}
	return n;
}

static void
make_room(struct web *w)
{
	struct client *oldest = NULL;

	if (web_streams(w) < CD_MAX_STREAMS)
		return;
	for (size_t i = 0; i < CD_MAX_CONNECTIONS; i++) {
		struct client *c = &w->clients[i];

		if (c->arena && c->kind == CLIENT_LISTENS && !c->ended &&
		    (!oldest || c->ticket < oldest->ticket))
			oldest = c;
	}
	client_finish(oldest);
}

struct MHD_Response *
client_listen(struct web *w, struct client *c, struct str first)
{
	make_room(w);
	c->kind = CLIENT_LISTENS;
	c->ended = false;
	c->since = clock_mono_ms();
	c->news = buf_new(c->arena, CD_MAX_UNREAD);
	buf_add(&c->news, first.p, first.n);
	/* Who takes no news for so long is not there any more. */
	(void)MHD_set_connection_option(c->connection,
	    MHD_CONNECTION_OPTION_TIMEOUT, (unsigned)(CD_STREAM_MS / 1000));
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, CD_MAX_UNREAD,
	    stream_read, c, NULL);
}

void
web_publish(struct web *w, struct str news)
{
	for (size_t i = 0; i < CD_MAX_CONNECTIONS; i++) {
		struct client *c = &w->clients[i];

		if (!c->arena || c->kind != CLIENT_LISTENS || c->ended)
			continue;
		if (c->news.n + news.n >= CD_MAX_UNREAD)
			c->ended = true;
		else
			buf_add(&c->news, news.p, news.n);
		client_wake(c);
	}
}
