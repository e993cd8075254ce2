/*
 * News for the pages that are open, as server-sent events: the counts, the
 * newest event, and whether all is well. What changed in a page itself the
 * script asks for as a page. The database is looked at once a second, and only
 * while somebody listens; other roles write it too.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "desk_room.h"
#include "flow/health.h"

#define LOOK_MS		1000
#define SPEAK_MS	15000	/* so that a proxy lets a silent stream live */
#define QUIET_MS	5000	/* nobody listens */

/* One event; NULL: the database cannot be read now. */
static const char *
news_make(struct desk_web *w, struct arena *a)
{
	int64_t n[CASE_STATE_COUNT], asleep, newest, now = clock_now();
	struct cd_err err = { "" };
	struct health health;
	enum cd_rc rc = cases_count(w->reader, n, &err);

	if (rc == CD_OK)
		rc = cases_count_asleep(w->reader, now, &asleep, &err);
	if (rc == CD_OK)
		rc = events_newest(w->reader, &newest, &err);
	if (rc == CD_OK)
		rc = health_read(w->context->config, w->reader, a, now,
		    &health, &err);
	if (rc != CD_OK) {
		log_warn("desk.live", "error=%s", log_q(a, err.text));
		return NULL;
	}
	return arena_printf(a, "data: {\"newest\":%" PRId64 ",\"review\":%"
	    PRId64 ",\"waiting\":%" PRId64 ",\"approved\":%" PRId64
	    ",\"closed\":%" PRId64 ",\"snoozed\":%" PRId64 ",\"all\":%" PRId64
	    ",\"well\":%s}\n\n", newest, n[CASE_REVIEW] - asleep,
	    n[CASE_WAITING], n[CASE_APPROVED], n[CASE_CLOSED], asleep,
	    n[CASE_REVIEW] + n[CASE_WAITING] + n[CASE_APPROVED] +
	    n[CASE_CLOSED], health.healthy ? "true" : "false");
}

void
live_page(struct call *c)
{
	const char *news = news_make(c->w, c->a);

	if (!news) {
		call_plain(c, 503, "not now\n");
		return;
	}
	call_plain(c, 200, arena_printf(c->a, "retry: 5000\n%s", news));
	c->out->content_type = "text/event-stream";
	c->out->stream = true;
	/* nginx holds an answer back until it is whole, unless told. */
	call_header(c, "X-Accel-Buffering", "no");
}

static void
tell(struct desk_web *w, int64_t now)
{
	struct arena *a = arena_new();
	const char *news = news_make(w, a);

	if (news && strlen(news) < sizeof w->told &&
	    strcmp(news, w->told) != 0) {
		memcpy(w->told, news, strlen(news) + 1);
		web_publish(w->web, str_of(news));
		w->spoke = now;
	} else if (now - w->spoke >= SPEAK_MS) {
		web_publish(w->web, STR(":\n\n"));
		w->spoke = now;
	}
	arena_free(&a);
}

int
desk_web_turn(struct desk_web *w)
{
	int64_t now = clock_mono_ms();

	if (passwords_collect(&w->passwords))
		web_retry(w->web);
	if (web_streams(w->web) == 0)
		return QUIET_MS;
	if (now - w->looked >= LOOK_MS) {
		w->looked = now;
		tell(w, now);
	}
	return LOOK_MS;
}
