/*
 * A TCP connection within a time. Addresses are tried in the resolver's order,
 * each with its share of the time left, so that a dead IPv6 route does not
 * starve IPv4. getaddrinfo knows no deadline; its tries are cut down instead.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/tls_stream.h"

enum { RESOLVE_SECONDS = 3, RESOLVE_TRIES = 2 };

static void
resolver_limit(int timeout_ms)
{
	int share = timeout_ms / 1000 / RESOLVE_TRIES;

	if (!(_res.options & RES_INIT) && res_init() != 0)
		return;
	_res.retry = RESOLVE_TRIES;
	_res.retrans = share < 1 ? 1 :
	    share > RESOLVE_SECONDS ? RESOLVE_SECONDS : share;
}

static enum cd_rc
resolve(const char *host, int port, int timeout_ms, struct addrinfo **out,
    struct cd_err *err)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV | AI_NUMERICHOST,
	};
	char service[12];
	int e;

	snprintf(service, sizeof service, "%d", port);
	e = getaddrinfo(host, service, &hints, out);
	if (e == EAI_NONAME) {
		resolver_limit(timeout_ms);
		hints.ai_flags = AI_NUMERICSERV;
		e = getaddrinfo(host, service, &hints, out);
	}
	if (e != 0)
		return cd_fail(err, CD_AGAIN, "the address of \"%s\" is not "
		    "known: %s: check the host's name and DNS", host,
		    e == EAI_SYSTEM ? strerror(errno) : gai_strerror(e));
	return CD_OK;
}

/* 0 or an errno. */
static int
connect_wait(int fd, const struct addrinfo *a, int64_t end)
{
	int e = 0;
	socklen_t n = sizeof e;

	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return errno;
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		int64_t left = end - clock_mono_ms();
		int r;

		if (left <= 0)
			return ETIMEDOUT;
		r = poll(&p, 1, left > 60000 ? 60000 : (int)left);
		if (r > 0)
			break;
		if (r < 0 && errno != EINTR)
			return errno;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n) != 0)
		return errno;
	return e;
}

static void
socket_tune(int fd)
{
	static const struct {
		int level, option, value;
	} rows[] = {
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, 60 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, 20 },
		{ IPPROTO_TCP, TCP_KEEPCNT, 4 },
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		(void)setsockopt(fd, rows[i].level, rows[i].option,
		    &rows[i].value, sizeof rows[i].value);
}

enum cd_rc
tcp_connect(const char *host, int port, int timeout_ms, int *fd_out,
    struct cd_err *err)
{
	int64_t end = clock_mono_ms() + timeout_ms;
	struct addrinfo *list, *a;
	int left = 0, e = ETIMEDOUT;
	enum cd_rc rc = resolve(host, port, timeout_ms, &list, err);

	if (rc != CD_OK)
		return rc;
	for (a = list; a; a = a->ai_next)
		left++;
	for (a = list; a; a = a->ai_next, left--) {
		int64_t now = clock_mono_ms();
		int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK |
		    SOCK_CLOEXEC, 0);

		if (fd < 0) {
			e = errno;
			continue;
		}
		e = connect_wait(fd, a, now + (end - now) / left);
		if (e == 0) {
			freeaddrinfo(list);
			socket_tune(fd);
			*fd_out = fd;
			return CD_OK;
		}
		close(fd);
	}
	freeaddrinfo(list);
	return cd_fail(err, CD_AGAIN, "connect to %s port %d: %s", host, port,
	    strerror(e));
}
