#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"
#include "role/notify.h"

void
notify_send(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = path ? strlen(path) : 0;
	socklen_t length;
	int fd;

	if (n < 2 || n >= sizeof to.sun_path)
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')	/* the abstract name space */
		to.sun_path[0] = '\0';
	length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	/* Nobody to tell when the manager does not listen. */
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (struct sockaddr *)&to, length);
	close(fd);
}

int64_t
notify_watchdog_ms(void)
{
	int64_t usec;

	if (!str_to_i64(str_of(getenv("WATCHDOG_USEC")), 1, INT64_MAX, &usec))
		return 0;
	return usec / 2000 > 0 ? usec / 2000 : 1;
}
