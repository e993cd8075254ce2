#ifndef CD_TESTS_IO_BENCH_H
#define CD_TESTS_IO_BENCH_H

/*
 * Two servers for the IMAP tests. The bench is real: Dovecot, driven through
 * imap_bench.py. The fake says what no real server would: a script in a child
 * process, one connection.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

#include "base/clock.h"

/* ---- Dovecot -------------------------------------------------------------- */

struct bench {
	pid_t pid;
	FILE *in, *out;
	char ca[256], other_ca[256], password[64];
	int imap, good_imaps, wrong_imaps, expired_imaps;
};

static inline void
bench_word(struct bench *b, const char *key, const char *value)
{
	const struct {
		const char *key;
		int *port;
	} ports[] = {
		{ "imap", &b->imap }, { "good_imaps", &b->good_imaps },
		{ "wrong_imaps", &b->wrong_imaps },
		{ "expired_imaps", &b->expired_imaps },
	};

	if (strcmp(key, "ca") == 0)
		snprintf(b->ca, sizeof b->ca, "%s", value);
	if (strcmp(key, "other_ca") == 0)
		snprintf(b->other_ca, sizeof b->other_ca, "%s", value);
	if (strcmp(key, "password") == 0)
		snprintf(b->password, sizeof b->password, "%s", value);
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
		if (strcmp(key, ports[i].key) == 0)
			*ports[i].port = (int)strtoul(value, NULL, 10);
}

/* false: it does not start here (Dovecot is missing?). */
static inline bool
bench_start(struct bench *b)
{
	char line[512], key[64], value[256];
	int in[2], out[2];

	memset(b, 0, sizeof *b);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	b->pid = fork();
	assert_true(b->pid >= 0);
	if (b->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl("/usr/bin/python3", "python3",
		    CD_TOP "/tests/unit/io/imap_bench.py", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	b->in = fdopen(in[1], "w");
	b->out = fdopen(out[0], "r");
	while (fgets(line, sizeof line, b->out)) {
		if (strcmp(line, "ready\n") == 0)
			return true;
		if (sscanf(line, "%63s %255s", key, value) == 2)
			bench_word(b, key, value);
	}
	return false;
}

static inline void
bench_stop(struct bench *b)
{
	if (b->in)
		fclose(b->in);
	if (b->out)
		fclose(b->out);
	if (b->pid > 0)
		waitpid(b->pid, NULL, 0);
}

/* Send a command; the number that it answers. */
static inline unsigned long
bench_do(struct bench *b, const char *command)
{
	char line[256];

	fprintf(b->in, "%s\n", command);
	fflush(b->in);
	assert_non_null(fgets(line, sizeof line, b->out));
	assert_int_equal(strncmp(line, "ok", 2), 0);
	return strtoul(line + 2, NULL, 10);
}

/* ---- the fake ------------------------------------------------------------- */

/*
 * A script is a list of steps:
 *   "<"        read a line; its first word, if it has two, is the tag
 *   ">text"    send; %T is the tag, a literal NUL cannot be sent
 *   "~text"    send a byte each 20 ms
 *   "0"        send a NUL byte
 *   "*text"    send the text again and again, 4 MiB of it
 *   ".250"     sleep for 250 ms
 *   "t"        note the time (fake_time)
 *   "!"        close
 * At the end it waits until the client goes.
 */
struct fake {
	pid_t pid;
	int port;
	int64_t *time;
	char *heard;		/* the last line read */
};

enum { FAKE_HEARD = 16000 };

static inline bool
fake_read(int fd, char *tag, char *heard)
{
	size_t n = 0;
	char c;

	while (read(fd, &c, 1) == 1) {
		if (n < FAKE_HEARD - 1)
			heard[n++] = c;
		if (c == '\n') {
			heard[n] = 0;
			/* DONE and answers to a "+" have no tag. */
			if (strchr(heard, ' '))
				sscanf(heard, "%31s", tag);
			return true;
		}
	}
	return false;
}

static inline void
fake_send(int fd, const char *text, const char *tag, bool drip)
{
	while (*text) {
		const char *p = text, *mark = strstr(text, "%T");
		size_t n = mark ? (size_t)(mark - text) : strlen(text);

		text += n;
		if (n == 0) {
			p = tag;
			n = strlen(tag);
			text += 2;
		}
		if (drip)
			for (; n > 1; n--, usleep(20 * 1000))
				(void)!send(fd, p++, 1, MSG_NOSIGNAL);
		if (send(fd, p, n, MSG_NOSIGNAL) < 0)
			return;
	}
}

static inline void
fake_flood(int fd, const char *text)
{
	static char block[64 * 1024];
	size_t n = strlen(text), used = 0;

	for (; used + n <= sizeof block; used += n)
		memcpy(block + used, text, n);
	for (int i = 0; i < 64; i++)
		if (send(fd, block, used, MSG_NOSIGNAL) < 0)
			return;
}

static inline void
fake_play(struct fake *f, int fd, const char *const *script)
{
	char tag[32] = "";

	for (; *script; script++)
		switch ((*script)[0]) {
		case '<':
			if (!fake_read(fd, tag, f->heard))
				return;
			break;
		case '>':
		case '~':
			fake_send(fd, *script + 1, tag, (*script)[0] == '~');
			break;
		case '0':
			(void)!write(fd, "", 1);
			break;
		case '*':
			fake_flood(fd, *script + 1);
			break;
		case '.':
			usleep((useconds_t)strtoul(*script + 1, NULL, 10) *
			    1000);
			break;
		case 't':
			*f->time = clock_mono_ms();
			break;
		case '!':
			return;
		}
	while (fake_read(fd, tag, f->heard))
		;
}

static inline struct fake
fake_start(const char *const *script)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct fake f = { 0 };
	char *shared = mmap(NULL, 2 * FAKE_HEARD, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(shared != MAP_FAILED);
	f.time = (int64_t *)(void *)shared;
	f.heard = shared + sizeof *f.time;
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	f.port = ntohs(a.sin_port);
	f.pid = fork();
	assert_true(f.pid >= 0);
	if (f.pid == 0) {
		signal(SIGPIPE, SIG_IGN);
		fd = accept(fd, NULL, NULL);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 },
		    sizeof(int));
		fake_play(&f, fd, script);
		_exit(0);
	}
	close(fd);
	return f;
}

static inline void
fake_stop(struct fake *f)
{
	kill(f->pid, SIGKILL);
	waitpid(f->pid, NULL, 0);
	munmap(f->time, 2 * FAKE_HEARD);
}

#endif
