#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "io/web.h"

static char seen[8192];		/* what the handler was given */
static int calls;
static bool later;		/* the answer is not known yet */
static int64_t ticket;

static void
handler(void *context, struct arena *a, const struct web_request *r,
    struct web_response *out)
{
	struct buf b = buf_new(a, 4096);
	const char *h = r->header(r, "X-User");

	assert_ptr_equal(context, seen);
	assert_int_equal(out->status, 404);
	calls++;
	buf_printf(&b, "%s %s", r->method, r->path);
	for (size_t i = 0; i < r->n_query; i++)
		buf_printf(&b, " ?%s=%s", r->query[i].name,
		    r->query[i].value);
	for (size_t i = 0; i < r->n_form; i++)
		buf_printf(&b, " +%s=%.100s", r->form[i].name,
		    r->form[i].value);
	if (h)
		buf_printf(&b, " user=%s", h);
	if (*r->cookie)
		buf_printf(&b, " cookie=%s", r->cookie);
	buf_str(&b);
	snprintf(seen, sizeof seen, "%s", b.p);
	assert_string_equal(r->peer, "127.0.0.1");
	if (strcmp(r->path, "/none") == 0)
		return;
	if (strcmp(r->path, "/later") == 0 && later) {
		out->status = WEB_LATER;
		return;
	}
	ticket = r->ticket;
	if (strcmp(r->path, "/news") == 0)
		out->stream = true;
	out->status = 200;
	out->content_type = "text/html; charset=utf-8";
	out->body = buf_str(&b);
	out->headers[0] = (struct web_pair){ "X-Frame-Options", "DENY" };
	out->headers[1] = (struct web_pair){ "Set-Cookie", "a=b" };
	if (strcmp(r->path, "/split") == 0)
		out->headers[2] =
		    (struct web_pair){ "Location", "/x\r\nEvil: yes" };
	if (strcmp(r->path, "/status") == 0)
		out->status = 7;
	if (strcmp(r->path, "/large") == 0) {
		char *large = arena_alloc(a, 300000);

		memset(large, 'x', 300000);
		out->body = (struct str){ large, 300000 };
	}
}

static struct web *
start(void)
{
	struct web *w = NULL;
	struct cd_err err = { "" };

	seen[0] = '\0';
	calls = 0;
	if (web_open("127.0.0.1:0", handler, seen, &w, &err) != CD_OK)
		fail_msg("%s", err.text);
	return w;
}

static int
dial(const struct web *w)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)web_port(w)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

/* Turn until the server has closed the connection, or for ms. */
static size_t
collect(struct web *w, int fd, char *into, size_t size, int ms)
{
	int64_t until = clock_mono_ms() + ms;
	size_t have = 0;

	while (clock_mono_ms() < until && have + 1 < size) {
		ssize_t n;

		web_turn(w, fd, 20);
		n = recv(fd, into + have, size - 1 - have, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN))
			break;
		if (n > 0)
			have += (size_t)n;
	}
	into[have] = '\0';
	return have;
}

static int
status_of(const char *answer)
{
	int status = 0;

	return sscanf(answer, "HTTP/1.1 %d", &status) == 1 ? status : 0;
}

static int
exchange(struct web *w, const char *request, size_t n, char *answer,
    size_t size)
{
	int fd = dial(w);

	assert_int_equal(send(fd, request, n, MSG_NOSIGNAL), n);
	collect(w, fd, answer, size, 2000);
	close(fd);
	return status_of(answer);
}

#define END " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define POST(path, type, body, length)                                         \
	"POST " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"           \
	"Content-Type: " type "\r\nContent-Length: " length "\r\n\r\n" body
#define FORM "application/x-www-form-urlencoded"

static void
test_requests(void **state)
{
	static const struct {
		const char *request;
		int status;
		const char *seen;	/* NULL: the handler is not called */
	} rows[] = {
		{ "GET /" END, 200, "GET /" },
		{ "GET /none" END, 404, "GET /none" },
		{ "GET /a%20b?c=%C3%BC+d&e&=f&&g=%0D%0A" END, 200,
		    "GET /a b ?c=\xc3\xbc d ?e= ?=f ?g=\r\n" },
		{ "GET /a+b" END, 200, "GET /a+b" },
		{ "GET /?a=1?b=2" END, 200, "GET / ?a=1?b=2" },
		{ "GET /%" END, 400, NULL },
		{ "GET /%4" END, 400, NULL },
		{ "GET /%zz" END, 400, NULL },
		{ "GET /%00" END, 400, NULL },
		{ "GET /%0d%0a" END, 400, NULL },
		{ "GET /%ff" END, 400, NULL },
		{ "GET /?a=%4" END, 400, NULL },
		{ "GET /?a=%00" END, 400, NULL },
		{ "GET /?%xy=1" END, 400, NULL },
		{ "GET http://evil.example/" END, 400, NULL },
		{ "GET *" END, 400, NULL },
		{ "PUT /" END, 405, NULL },
		{ "DELETE /" END, 405, NULL },
		{ "GET /split" END, 500, "GET /split" },
		{ "GET /status" END, 500, "GET /status" },
		{ POST("/f", FORM, "a=1&b=x+y%21", "12"), 200,
		    "POST /f +a=1 +b=x y!" },
		{ POST("/f?q=1", FORM "; charset=UTF-8", "a=1", "3"), 200,
		    "POST /f ?q=1 +a=1" },
		{ POST("/f", FORM, "", "0"), 200, "POST /f" },
		{ POST("/f", FORM, "a=%4", "4"), 400, NULL },
		{ POST("/f", "multipart/form-data; boundary=x", "a=1", "3"),
		    415, NULL },
		{ POST("/f", FORM, "", "65537"), 413, NULL },
		{ POST("/f", FORM, "", "99999999999999999999"), 413, NULL },
		{ "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		    "x-user: ann\r\nCookie: s=1\r\n\r\n", 200,
		    "GET / user=ann cookie=s=1" },
		{ "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		    "X-User: ann\r\nX-User: eve\r\n\r\n", 200, "GET /" },
		{ "\x16\x03\x01\x02\r\n\r\n", -1, NULL },
	};
	struct web *w = start();
	char answer[4096];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int before = calls;
		int status = exchange(w, rows[i].request,
		    strlen(rows[i].request), answer, sizeof answer);

		if (rows[i].status >= 0 && status != rows[i].status)
			fail_msg("row %zu: %s\n%s", i, rows[i].request,
			    answer);
		assert_int_equal(calls - before, rows[i].seen != NULL);
		if (rows[i].seen)
			assert_string_equal(seen, rows[i].seen);
		assert_null(strstr(answer, "Evil"));
	}
	web_close(&w);
	assert_null(w);
}

static void
test_answer(void **state)
{
	struct web *w = start();
	char *answer = malloc(400000);
	const char *head = "HEAD /x" END, *large = "GET /large" END;

	(void)state;
	exchange(w, "GET /x" END, strlen("GET /x" END), answer, 400000);
	assert_non_null(strstr(answer, "Content-Type: text/html"));
	assert_non_null(strstr(answer, "X-Frame-Options: DENY\r\n"));
	assert_non_null(strstr(answer, "Set-Cookie: a=b\r\n"));
	assert_non_null(strstr(answer, "\r\n\r\nGET /x"));
	exchange(w, head, strlen(head), answer, 400000);
	assert_int_equal(status_of(answer), 200);
	assert_string_equal(seen, "GET /x");
	assert_null(strstr(answer, "\r\n\r\nGET"));
	exchange(w, large, strlen(large), answer, 400000);
	assert_true(strlen(answer) > 300000);
	free(answer);
	web_close(&w);
}

/* Chunked, so that no length tells beforehand. */
static void
test_long_body(void **state)
{
	static const char head[] = "POST /f HTTP/1.1\r\nHost: x\r\n"
	    "Connection: close\r\nContent-Type: " FORM "\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n";
	struct web *w = start();
	size_t sizes[] = { 60000, 70000 };
	char *text = malloc(100000), answer[2048];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		int fd = dial(w), n;
		size_t at = 0;

		n = snprintf(text, 100000, "%s%zx\r\na=", head, sizes[i]);
		memset(text + n, 'x', sizes[i] - 2);
		at = (size_t)n + sizes[i] - 2;
		at += (size_t)snprintf(text + at, 100000 - at,
		    "\r\n0\r\n\r\n");
		for (size_t sent = 0; sent < at;) {
			ssize_t k = send(fd, text + sent, at - sent,
			    MSG_NOSIGNAL | MSG_DONTWAIT);

			if (k > 0)
				sent += (size_t)k;
			web_turn(w, -1, 5);
		}
		collect(w, fd, answer, sizeof answer, 2000);
		assert_int_equal(status_of(answer), i ? 413 : 200);
		close(fd);
	}
	assert_int_equal(calls, 1);
	free(text);
	web_close(&w);
}

/* Silent and half-said clients do not hold up the others; a kept connection
 * serves again; the wake-up descriptor ends a turn. */
static void
test_others_wait_for_nobody(void **state)
{
	struct web *w = start();
	int slow[40], fd, pipes[2];
	char answer[4096];
	int64_t t0 = clock_mono_ms();

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		slow[i] = dial(w);
		if (i % 2)
			assert_int_equal(send(slow[i], "GET /slow HTT", 13, 0),
			    13);
		web_turn(w, -1, 0);
	}
	assert_int_equal(exchange(w, "GET /" END, strlen("GET /" END), answer,
	    sizeof answer), 200);
	assert_true(clock_mono_ms() - t0 < 1500);
	for (size_t i = 0; i < 40; i++)
		close(slow[i]);

	fd = dial(w);
	for (int i = 0; i < 3; i++) {
		static const char again[] =
		    "GET /k HTTP/1.1\r\nHost: x\r\n\r\n";

		assert_int_equal(send(fd, again, sizeof again - 1, 0),
		    sizeof again - 1);
		collect(w, fd, answer, sizeof answer, 150);
		assert_int_equal(status_of(answer), 200);
	}
	close(fd);
	for (int i = 0; i < 5; i++)
		web_turn(w, -1, 10);

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "x", 1), 1);
	t0 = clock_mono_ms();
	web_turn(w, pipes[0], 3000);
	assert_true(clock_mono_ms() - t0 < 1000);
	close(pipes[0]);
	close(pipes[1]);
	t0 = clock_mono_ms();
	web_turn(w, -1, 100);
	assert_true(clock_mono_ms() - t0 < 1000);
	web_close(&w);
}

/* Nor do they, when there are more of them than places. */
static void
test_others_find_a_place(void **state)
{
	struct web *w = start();
	int half[2 * CD_MAX_CONNECTIONS];
	size_t n = sizeof half / sizeof *half;
	char answer[4096];
	int64_t t0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		half[i] = dial(w);
		if (i % 2)
			assert_int_equal(send(half[i], "GET /slow HTT", 13,
			    MSG_NOSIGNAL), 13);
		/* As many as there are places come in, the rest waits. */
		if (i < CD_MAX_CONNECTIONS)
			web_turn(w, -1, 0);
	}
	t0 = clock_mono_ms();
	for (int i = 0; i < 3; i++)
		assert_int_equal(exchange(w, "GET /" END, strlen("GET /" END),
		    answer, sizeof answer), 200);
	assert_true(clock_mono_ms() - t0 < 2000);
	for (size_t i = 0; i < n; i++)
		close(half[i]);
	web_close(&w);
}

static void
test_open(void **state)
{
	static const char *const bad[] = { "", "127.0.0.1", "localhost:80",
		"127.0.0.1:99999", "[::1]", ":80", "127.0.0.1:x" };
	struct web *w = start(), *second = NULL;
	struct cd_err err = { "" };
	char taken[32];

	(void)state;
	snprintf(taken, sizeof taken, "127.0.0.1:%d", web_port(w));
	assert_int_equal(web_open(taken, handler, seen, &second, &err),
	    CD_REFUSED);
	assert_non_null(strstr(err.text, "[web] listen"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(web_open(bad[i], handler, seen, &second,
		    &err), CD_MALFORMED);
	assert_null(second);
	web_close(&w);
	web_close(&w);
}

/* How long a client that sends a byte now and then is borne with. */
static int64_t
trickled(struct web *w, int fd, const char *begin)
{
	int64_t t0 = clock_mono_ms(), t = 0;
	ssize_t n = -1;
	char c;

	(void)!send(fd, begin, strlen(begin), MSG_NOSIGNAL);
	while (t < 3000) {
		web_turn(w, -1, 20);
		usleep(20000);
		(void)!send(fd, "a", 1, MSG_NOSIGNAL);
		n = recv(fd, &c, 1, MSG_DONTWAIT);
		t = clock_mono_ms() - t0;
		if (n >= 0 || errno != EAGAIN)
			break;
	}
	assert_true(n <= 0);
	return t;
}

/* It is cut off, within the request line as within the body. */
static void
test_trickle(void **state)
{
	static const char *const begin[] = { "GET /",
		"POST /f HTTP/1.1\r\nHost: x\r\nContent-Type: " FORM
		"\r\nContent-Length: 500\r\n\r\n" };
	struct web *w = start();

	(void)state;
	web_set_request_ms(w, 400);
	for (size_t i = 0; i < sizeof begin / sizeof *begin; i++) {
		int fd = dial(w);

		assert_in_range(trickled(w, fd, begin[i]), 300, 2000);
		close(fd);
	}
	assert_int_equal(calls, 0);
	web_close(&w);
}

static void
ask(int fd, const char *path)
{
	char line[200];

	snprintf(line, sizeof line, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n",
	    path);
	assert_int_equal(write(fd, line, strlen(line)), strlen(line));
}

static void
test_an_answer_that_comes_later(void **state)
{
	struct web *w = start();
	int fd = dial(w), other = dial(w);
	char answer[8192];

	(void)state;
	later = true;
	ask(fd, "/later");
	assert_int_equal(collect(w, fd, answer, sizeof answer, 200), 0);
	assert_int_equal(web_resting(w), 1);
	/* Others do not wait for it. */
	ask(other, "/x");
	collect(w, other, answer, sizeof answer, 300);
	assert_int_equal(status_of(answer), 200);
	web_retry(w);
	assert_int_equal(collect(w, fd, answer, sizeof answer, 200), 0);
	later = false;
	web_retry(w);
	collect(w, fd, answer, sizeof answer, 300);
	assert_int_equal(status_of(answer), 200);
	assert_int_equal(ticket, 1);
	assert_int_equal(web_resting(w), 0);
	close(fd);
	close(other);
	web_close(&w);
}

static void
test_later_has_an_end(void **state)
{
	struct web *w = start();
	int fd = dial(w);
	char answer[8192];

	(void)state;
	web_set_request_ms(w, 200);
	later = true;
	ask(fd, "/later");
	collect(w, fd, answer, sizeof answer, 2000);
	assert_int_equal(status_of(answer), 503);
	/* Nor does one that rests hinder the end. */
	web_set_request_ms(w, CD_REQUEST_MS);
	close(fd);
	fd = dial(w);
	ask(fd, "/later");
	collect(w, fd, answer, sizeof answer, 100);
	assert_int_equal(web_resting(w), 1);
	web_close(&w);
	later = false;
	close(fd);
}

static void
test_streams(void **state)
{
	struct web *w = start();
	int fd[CD_MAX_STREAMS + 1];
	char answer[8192];

	(void)state;
	fd[0] = dial(w);
	ask(fd[0], "/news");
	collect(w, fd[0], answer, sizeof answer, 200);
	assert_int_equal(status_of(answer), 200);
	assert_non_null(strstr(answer, "GET /news"));
	assert_int_equal(web_streams(w), 1);
	web_publish(w, STR("data: one\n\n"));
	collect(w, fd[0], answer, sizeof answer, 200);
	assert_non_null(strstr(answer, "data: one\n\n"));
	web_publish(w, STR("data: two\n\n"));
	collect(w, fd[0], answer, sizeof answer, 200);
	assert_null(strstr(answer, "one"));
	assert_non_null(strstr(answer, "two"));
	/* The oldest gives way, and is told its end. */
	for (int i = 1; i <= CD_MAX_STREAMS; i++) {
		fd[i] = dial(w);
		ask(fd[i], "/news");
		collect(w, fd[i], answer, sizeof answer, 20);
	}
	assert_int_equal(web_streams(w), CD_MAX_STREAMS);
	collect(w, fd[0], answer, sizeof answer, 200);
	assert_non_null(strstr(answer, "0\r\n\r\n"));
	/* Who went away is noticed with the next news. */
	close(fd[1]);
	for (int i = 0; i < 3; i++) {
		web_publish(w, STR("data: three\n\n"));
		web_turn(w, -1, 20);
		web_turn(w, -1, 20);
	}
	assert_int_equal(web_streams(w), CD_MAX_STREAMS - 1);
	/* Who reads nothing is let go: news do not pile up. */
	for (int i = 0; i < 2 * CD_MAX_UNREAD / 10; i++)
		web_publish(w, STR("data: again\n\n"));
	assert_int_equal(web_streams(w), 0);
	web_close(&w);
	for (int i = 0; i <= CD_MAX_STREAMS; i++) {
		if (i != 1)
			close(fd[i]);
	}
}

/* Nor is a connection let off that was kept after a stream's end, or after an
 * answer that did not come. */
static void
test_trickle_on_a_kept_connection(void **state)
{
	struct web *w = start();
	char answer[8192], news[CD_MAX_UNREAD];
	int fd = dial(w);

	(void)state;
	web_set_request_ms(w, 400);
	ask(fd, "/news");
	collect(w, fd, answer, sizeof answer, 100);
	memset(news, 'n', sizeof news);
	web_publish(w, (struct str){ news, sizeof news });
	collect(w, fd, answer, sizeof answer, 100);
	assert_int_equal(web_streams(w), 0);
	assert_in_range(trickled(w, fd, "GET /"), 200, 2000);
	close(fd);
	fd = dial(w);
	later = true;
	ask(fd, "/later");
	collect(w, fd, answer, sizeof answer, 600);
	later = false;
	assert_int_equal(status_of(answer), 503);
	assert_in_range(trickled(w, fd, "GET /"), 0, 2000);
	close(fd);
	web_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_answer_that_comes_later),
		cmocka_unit_test(test_later_has_an_end),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_long_body),
		cmocka_unit_test(test_others_wait_for_nobody),
		cmocka_unit_test(test_others_find_a_place),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_trickle),
		cmocka_unit_test(test_trickle_on_a_kept_connection),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
