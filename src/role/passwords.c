#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/password.h"
#include "role/passwords.h"

#define CHILD_FD	3	/* the only descriptor that a child keeps */

bool
passwords_open(struct passwords *p)
{
	memset(p, 0, sizeof *p);
	p->news = epoll_create1(EPOLL_CLOEXEC);
	return p->news >= 0;
}

static void
job_end(struct passwords *p, int i, bool fits)
{
	pid_t pid = p->jobs[i].pid;

	(void)epoll_ctl(p->news, EPOLL_CTL_DEL, p->jobs[i].fd, NULL);
	close(p->jobs[i].fd);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	p->jobs[i].pid = 0;
	p->jobs[i].fits = fits;
}

void
passwords_close(struct passwords *p)
{
	for (int i = 0; i < PASSWORDS_AT_ONCE; i++) {
		if (p->jobs[i].pid > 0)
			job_end(p, i, false);
	}
	if (p->news >= 0)
		close(p->news);
	p->news = -1;
}

/* The database's descriptors are not touched here, only closed: locks belong to
 * the process that took them. */
static void
child(int fd, const char *password, const char *hash)
{
	bool fits;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd != CHILD_FD && dup2(fd, CHILD_FD) < 0)
		_exit(1);
	(void)close_range(CHILD_FD + 1, ~0U, 0);
	if (nice(10) < 0)
		errno = 0;
	fits = password_fits(password, hash);
	_exit(write(CHILD_FD, fits ? "y" : "n", 1) == 1 ? 0 : 1);
}

static int
free_place(const struct passwords *p)
{
	for (int i = 0; i < PASSWORDS_AT_ONCE; i++) {
		if (p->jobs[i].ticket == 0)
			return i;
	}
	return -1;
}

bool
passwords_ask(struct passwords *p, int64_t ticket, const char *password,
    const char *hash)
{
	struct epoll_event watch = { .events = EPOLLIN };
	int i = free_place(p), ends[2];
	pid_t pid;

	if (i < 0 || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		child(ends[1], password, hash);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	(void)epoll_ctl(p->news, EPOLL_CTL_ADD, ends[0], &watch);
	p->jobs[i].ticket = ticket;
	p->jobs[i].pid = pid;
	p->jobs[i].fd = ends[0];
	p->jobs[i].since = clock_mono_ms();
	return true;
}

enum password_answer
passwords_answer(struct passwords *p, int64_t ticket)
{
	for (int i = 0; i < PASSWORDS_AT_ONCE; i++) {
		if (p->jobs[i].ticket != ticket)
			continue;
		if (p->jobs[i].pid > 0)
			return PASSWORD_LATER;
		p->jobs[i].ticket = 0;
		return p->jobs[i].fits ? PASSWORD_RIGHT : PASSWORD_WRONG;
	}
	return PASSWORD_NOT_ASKED;
}

/* "y", "n", or that the child died. */
static bool
has_spoken(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

bool
passwords_collect(struct passwords *p)
{
	int64_t now = clock_mono_ms();
	bool news = false;

	for (int i = 0; i < PASSWORDS_AT_ONCE; i++) {
		bool overdue = now - p->jobs[i].since > PASSWORDS_MS;
		char answer = 'n';

		if (p->jobs[i].ticket == 0)
			continue;
		if (p->jobs[i].pid == 0 && overdue) {
			p->jobs[i].ticket = 0;
			news = true;
		} else if (p->jobs[i].pid > 0 &&
		    (overdue || has_spoken(p->jobs[i].fd))) {
			if (overdue || read(p->jobs[i].fd, &answer, 1) != 1)
				answer = 'n';
			job_end(p, i, answer == 'y');
			news = true;
		}
	}
	return news;
}
