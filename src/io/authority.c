/*
 * Tenant discovery by libcurl's multi interface: many questions at once, each
 * under its deadline, connections kept in between. A question lives from the
 * call that asks it first to the authority_discover that takes its answer.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "discovery_read.h"
#include "http.h"

#define MAX_PARALLEL 64	/* both keys of a whole batch; TasksMax */
#define MAX_AHEAD 512		/* questions asked before their answer is due */
#define KEEP_MS 60000		/* an answer that nobody took */
#define KEEP_OPEN 4		/* connections */
#define TIDY_MS 1000		/* without a question */
#define REST_AFTER 3		/* failures in a row */
#define REST_MS 30000
#define REST_MS_MAX 300000	/* where the server asks for more */

struct question {
	TAILQ_ENTRY(question) link;
	struct arena *arena;	/* its own: the question itself, the answer */
	const char *domain;
	struct http http;	/* curl is NULL unless it is under way */
	bool ended;		/* found holds what came of it */
	int64_t until;		/* its deadline; once ended, its oblivion */
	int deadline_ms;
	struct discovery found;
};

struct authority {
	struct arena *arena;
	CURLM *multi;
	const char *url, *ca_file;
	struct str host;	/* of url, with its port */
	bool plain;		/* http, to loopback */
	TAILQ_HEAD(, question) questions;	/* oldest first */
	size_t n_questions, under_way;
	size_t most;		/* under way at once since the last tidying */
	int64_t asked_at;
	int failures;		/* in a row */
	int64_t rest_until;
};

/* ---- a question ---------------------------------------------------------- */

/* Only what may stand in a host name goes into the URL. */
static bool
domain_is_plain(const char *domain)
{
	size_t n = strlen(domain);

	if (str_is_guid(str_of(domain)))
		return true;
	if (n == 0 || n > 253 || !strchr(domain, '.') || domain[0] == '.' ||
	    strstr(domain, ".."))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_alnum(domain[i]) && domain[i] != '.' &&
		    domain[i] != '-' && domain[i] != '_')
			return false;
	}
	return true;
}

static struct question *
question_find(struct authority *a, const char *domain)
{
	struct question *q;

	TAILQ_FOREACH(q, &a->questions, link) {
		if (strcmp(q->domain, domain) == 0)
			return q;
	}
	return NULL;
}

static void
question_add(struct authority *a, const char *domain, int deadline_ms)
{
	struct arena *arena = arena_new();
	struct question *q = arena_alloc(arena, sizeof *q);

	q->arena = arena;
	q->domain = arena_strdup(arena, domain);
	q->deadline_ms = deadline_ms;
	TAILQ_INSERT_TAIL(&a->questions, q, link);
	a->n_questions++;
}

static void
question_start(struct authority *a, struct question *q, int64_t now)
{
	http_open(&q->http, a->ca_file);
	http_ask(&q->http, q->arena, arena_printf(q->arena,
	    "%s/%s/v2.0/.well-known/openid-configuration", a->url, q->domain),
	    q->deadline_ms);
	curl_easy_setopt(q->http.curl, CURLOPT_PRIVATE, q);
	cd_assert(curl_multi_add_handle(a->multi, q->http.curl) == CURLM_OK);
	q->until = now + q->deadline_ms;
	a->under_way++;
	a->most = a->under_way > a->most ? a->under_way : a->most;
	a->asked_at = now;
}

static void
count_failure(struct authority *a, const struct question *q, bool answered)
{
	curl_off_t wait_s = 0;
	int64_t rest = REST_MS;

	/* Strangers choose the domains: an odd answer to one of them must not
	 * keep the others from being asked. */
	if (answered) {
		a->failures = 0;
		return;
	}
	a->failures++;
	curl_easy_getinfo(q->http.curl, CURLINFO_RETRY_AFTER, &wait_s);
	if (wait_s > 0) {
		a->failures = REST_AFTER;
		if (wait_s > REST_MS_MAX / 1000)
			wait_s = REST_MS_MAX / 1000;
		if (wait_s * 1000 > rest)
			rest = wait_s * 1000;
	}
	if (a->failures >= REST_AFTER)
		a->rest_until = clock_mono_ms() + rest;
}

static void
question_end(struct authority *a, struct question *q, CURLcode rc)
{
	const struct answer_context from = {
		.domain = q->domain,
		.host = a->host,
		.plain = a->plain,
		.status = http_status(&q->http),
	};
	bool answered = false;

	if (rc == CURLE_OK)
		answered = discovery_read(&from, buf_str(&q->http.body),
		    &q->found);
	else
		discovery_say(&q->found, CD_AGAIN, "%s: %s", q->domain,
		    http_why(&q->http, rc));
	count_failure(a, q, answered);
	curl_multi_remove_handle(a->multi, q->http.curl);
	http_close(&q->http);
	a->under_way--;
	q->ended = true;
	q->until = clock_mono_ms() + KEEP_MS;
}

static void
question_drop(struct authority *a, struct question *q)
{
	struct arena *arena = q->arena;

	if (q->http.curl) {
		curl_multi_remove_handle(a->multi, q->http.curl);
		http_close(&q->http);
		a->under_way--;
	}
	TAILQ_REMOVE(&a->questions, q, link);
	a->n_questions--;
	arena_free(&arena);
}

/* ---- all of them --------------------------------------------------------- */

static void
take_ended(struct authority *a)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(a->multi, &left))) {
		CURLcode rc = m->data.result;
		struct question *q;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE,
		    (char **)&q);
		question_end(a, q, rc);
	}
}

/* One step, without waiting: start what may start, take what came, end what is
 * late. */
static void
step(struct authority *a)
{
	int64_t now = clock_mono_ms();
	struct question *q, *next;
	int running;

	for (q = TAILQ_FIRST(&a->questions); q; q = next) {
		next = TAILQ_NEXT(q, link);
		if (q->http.curl && now >= q->until) {
			question_end(a, q, CURLE_OPERATION_TIMEDOUT);
		} else if (q->ended && now >= q->until) {
			question_drop(a, q);
		} else if (!q->ended && !q->http.curl &&
		    now >= a->rest_until && a->under_way < MAX_PARALLEL) {
			question_start(a, q, now);
		}
	}
	if (a->under_way > 0 &&
	    curl_multi_perform(a->multi, &running) == CURLM_OK)
		take_ended(a);
}

size_t
authority_ahead(struct authority *a, const char *const *domains, size_t n,
    int deadline_ms)
{
	size_t before = a->n_questions, fresh;

	for (size_t i = 0; i < n && a->n_questions < MAX_AHEAD; i++) {
		if (clock_mono_ms() >= a->rest_until &&
		    domain_is_plain(domains[i]) &&
		    !question_find(a, domains[i]))
			question_add(a, domains[i], deadline_ms);
	}
	fresh = a->n_questions - before;
	step(a);
	return fresh;
}

/* Is any of them to be waited for? */
static bool
some_open(struct authority *a, const char *const *domains, size_t n)
{
	bool resting = clock_mono_ms() < a->rest_until;

	for (size_t i = 0; i < n; i++) {
		const struct question *q = question_find(a, domains[i]);

		if (q && !q->ended && (q->http.curl || !resting))
			return true;
	}
	return false;
}

static void
await(struct authority *a, const char *const *domains, size_t n, int64_t until)
{
	int64_t left;

	step(a);
	while (some_open(a, domains, n) &&
	    (left = until - clock_mono_ms()) > 0) {
		curl_multi_poll(a->multi, NULL, 0, left < 1000 ? (int)left
		    : 1000, NULL);
		step(a);
	}
}

void
authority_discover(struct authority *a, const char *const *domains, size_t n,
    int deadline_ms, struct discovery *out)
{
	int64_t until = clock_mono_ms() + deadline_ms;
	struct question *q;

	for (size_t i = 0; i < n; i++) {
		if (domain_is_plain(domains[i]) &&
		    !question_find(a, domains[i]))
			question_add(a, domains[i], deadline_ms);
	}
	await(a, domains, n, until);
	for (size_t i = 0; i < n; i++) {
		q = question_find(a, domains[i]);
		if (q && q->http.curl)
			question_end(a, q, CURLE_OPERATION_TIMEDOUT);
		if (q && q->ended)
			out[i] = q->found;
		else if (!domain_is_plain(domains[i]))
			discovery_say(&out[i], CD_ABSENT, "'%.80s' is no "
			    "domain", domains[i]);
		else
			discovery_say(&out[i], CD_AGAIN, "%.80s: %s",
			    domains[i], clock_mono_ms() < a->rest_until
			    ? "left alone after failures"
			    : "no answer in time");
	}
	for (size_t i = 0; i < n; i++) {
		q = question_find(a, domains[i]);
		if (q)
			question_drop(a, q);
	}
}

/* ---- the handle ---------------------------------------------------------- */

static void
multi_open(struct authority *a)
{
	a->multi = curl_multi_init();
	cd_assert(a->multi);
	curl_multi_setopt(a->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
	    (long)MAX_PARALLEL);
	curl_multi_setopt(a->multi, CURLMOPT_MAXCONNECTS, (long)MAX_PARALLEL);
	a->most = 0;
}

/* libcurl closes them one by one, as others end; all at once it does only with
 * what holds them. */
bool
authority_tidy(struct authority *a)
{
	if (a->most <= KEEP_OPEN || a->under_way > 0 ||
	    clock_mono_ms() < a->asked_at + TIDY_MS)
		return false;
	curl_multi_cleanup(a->multi);
	multi_open(a);
	return true;
}

enum cd_rc
authority_new(const char *url, const char *ca_file, struct authority **out,
    struct cd_err *err)
{
	struct str s = str_of(url);
	bool plain = str_istarts(s, STR("http://"));
	struct arena *arena;
	struct authority *a;
	enum cd_rc rc;

	if (!plain && !str_istarts(s, STR("https://")))
		return cd_fail(err, CD_MALFORMED, "authority '%.100s': must "
		    "be https://", url);
	rc = http_start(err);
	if (rc != CD_OK)
		return rc;
	arena = arena_new();
	a = arena_alloc(arena, sizeof *a);
	a->arena = arena;
	a->plain = plain;
	while (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	a->url = arena_str(arena, s);
	a->ca_file = arena_strdup(arena, ca_file);
	s = str_sub(str_of(a->url), plain ? 7 : 8, s.n);
	a->host = str_sub(s, 0, strcspn(s.p, "/"));
	TAILQ_INIT(&a->questions);
	multi_open(a);
	*out = a;
	return CD_OK;
}

void
authority_free(struct authority **a)
{
	struct arena *arena;
	struct question *q;

	if (!a || !*a)
		return;
	while ((q = TAILQ_FIRST(&(*a)->questions)))
		question_drop(*a, q);
	curl_multi_cleanup((*a)->multi);
	http_stop();
	arena = (*a)->arena;
	*a = NULL;
	arena_free(&arena);
}
