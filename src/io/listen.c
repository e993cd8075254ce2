/*
 * The listening socket of the web: made here and not by libmicrohttpd, which
 * cannot say why an address is not to be had.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"
#include "io/listen.h"

static enum cd_rc
address_parse(const char *listen_text, struct sockaddr_storage *out,
    socklen_t *n_out, struct cd_err *err)
{
	struct str s = str_of(listen_text), host;
	const char *colon = strrchr(listen_text, ':');
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	char name[INET6_ADDRSTRLEN] = "";
	int64_t port = -1;

	memset(out, 0, sizeof *out);
	host = str_sub(s, 0, colon ? (size_t)(colon - s.p) : 0);
	if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
		host = str_sub(host, 1, host.n - 1);
		out->ss_family = AF_INET6;
		*n_out = sizeof *v6;
	} else {
		out->ss_family = AF_INET;
		*n_out = sizeof *v4;
	}
	if (host.n > 0 && host.n < sizeof name)
		memcpy(name, host.p, host.n);
	if (!colon || !str_to_i64(str_of(colon + 1), 0, 65535, &port) ||
	    inet_pton(out->ss_family, name, out->ss_family == AF_INET
		? (void *)&v4->sin_addr : (void *)&v6->sin6_addr) != 1)
		return cd_fail(err, CD_MALFORMED,
		    "'%.100s': must be an address and a port such as "
		    "127.0.0.1:8425", listen_text);
	if (out->ss_family == AF_INET)
		v4->sin_port = htons((uint16_t)port);
	else
		v6->sin6_port = htons((uint16_t)port);
	return CD_OK;
}

enum cd_rc
listen_open(const char *text, int *fd_out, int *port_out, struct cd_err *err)
{
	struct sockaddr_storage at;
	socklen_t n;
	enum cd_rc rc = address_parse(text, &at, &n, err);
	int fd, on = 1;

	if (rc != CD_OK)
		return rc;
	fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	if (fd < 0)
		return cd_fail(err, CD_REFUSED, "%s: %s", text,
		    strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&at, n) < 0 || listen(fd, 128) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) < 0) {
		rc = cd_fail(err, CD_REFUSED,
		    "%s: %s: check [web] listen", text, strerror(errno));
		close(fd);
		return rc;
	}
	*fd_out = fd;
	*port_out = ntohs(at.ss_family == AF_INET
	    ? ((struct sockaddr_in *)&at)->sin_port
	    : ((struct sockaddr_in6 *)&at)->sin6_port);
	return CD_OK;
}
