#ifndef CD_TESTS_IO_PEER_H
#define CD_TESTS_IO_PEER_H

/*
 * A scripted server on loopback for tests: one process, and
 * one more for each connection; with or without TLS. What it saw it writes to
 * memory that the test shares.
 */
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct peer_seen {
	volatile int connections, requests, ends;
	volatile int stuffed;	/* lines with a dot that was doubled */
	volatile size_t n;	/* bytes of text */
	char text[128 * 1024];	/* the last request or mail */
	char words[2048];	/* commands, a line each */
};

struct peer_line {
	int fd;
	SSL *ssl;
	char buf[4096];
	size_t n, at;
};

typedef void peer_serve(struct peer_line *, const void *script,
    struct peer_seen *);

struct peer {
	pid_t pid;
	int port;
	struct peer_seen *seen;
	char ca_file[64], key_file[64];
};

static inline void
peer_put(struct peer_line *l, const void *p, size_t n)
{
	if (l->ssl)
		(void)SSL_write(l->ssl, p, (int)n);
	else
		(void)!send(l->fd, p, n, MSG_NOSIGNAL);
}

static inline void
peer_puts(struct peer_line *l, const char *s)
{
	peer_put(l, s, strlen(s));
}

/* The next byte, -1 at the end. */
static inline int
peer_get(struct peer_line *l)
{
	ssize_t n;

	if (l->at == l->n) {
		n = l->ssl ? SSL_read(l->ssl, l->buf, sizeof l->buf)
			   : recv(l->fd, l->buf, sizeof l->buf, 0);
		if (n <= 0)
			return -1;
		l->n = (size_t)n;
		l->at = 0;
	}
	return (unsigned char)l->buf[l->at++];
}

/* A line without its end; false at the end. */
static inline int
peer_gets(struct peer_line *l, char *into, size_t size)
{
	size_t n = 0;
	int c;

	while ((c = peer_get(l)) >= 0) {
		if (c == '\n') {
			into[n] = '\0';
			return 1;
		}
		if (c != '\r' && n + 1 < size)
			into[n++] = (char)c;
	}
	return 0;
}

/* A certificate of its own for `name`, and its key, in two PEM files. */
static inline void
peer_certificate(struct peer *p, const char *name)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	char san[128];
	X509_EXTENSION *e;
	FILE *f;

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -60);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
	    MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	snprintf(san, sizeof san, "DNS:%s", name);
	e = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
	e = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints,
	    "critical,CA:TRUE");
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
	X509_sign(x, key, EVP_sha256());
	snprintf(p->ca_file, sizeof p->ca_file, "/tmp/cd-peer-XXXXXX");
	f = fdopen(mkstemp(p->ca_file), "w");
	PEM_write_X509(f, x);
	fclose(f);
	snprintf(p->key_file, sizeof p->key_file, "/tmp/cd-peer-XXXXXX");
	f = fdopen(mkstemp(p->key_file), "w");
	PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	X509_free(x);
	EVP_PKEY_free(key);
}

/* The server's side of the handshake; false if it failed. */
static inline int
peer_tls(struct peer_line *l, const struct peer *p)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	SSL_CTX_use_certificate_file(ctx, p->ca_file, SSL_FILETYPE_PEM);
	SSL_CTX_use_PrivateKey_file(ctx, p->key_file, SSL_FILETYPE_PEM);
	l->ssl = SSL_new(ctx);
	SSL_set_fd(l->ssl, l->fd);
	if (SSL_accept(l->ssl) == 1)
		return 1;
	l->ssl = NULL;
	return 0;
}

static inline int
peer_listen(int *port_out)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) < 0 ||
	    listen(fd, 64) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) < 0)
		abort();
	*port_out = ntohs(at.sin_port);
	return fd;
}

static inline void
peer_run(int fd, const struct peer *p, int tls, peer_serve *serve,
    const void *script)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		struct peer_line l = { .fd = accept(fd, NULL, NULL) };

		if (l.fd < 0)
			_exit(0);
		p->seen->connections++;
		if (fork() != 0) {
			close(l.fd);
			continue;
		}
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!tls || peer_tls(&l, p))
			serve(&l, script, p->seen);
		if (l.ssl)
			SSL_shutdown(l.ssl);
		close(l.fd);
		_exit(0);
	}
}

static inline void
peer_start(struct peer *p, int tls, peer_serve *serve, const void *script)
{
	int fd = peer_listen(&p->port);

	p->seen = mmap(NULL, sizeof *p->seen, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	p->pid = fork();
	if (p->pid == 0) {
		/* A test that fails stops nothing. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		peer_run(fd, p, tls, serve, script);
	}
	setpgid(p->pid, p->pid);
	close(fd);
}

static inline void
peer_stop(struct peer *p)
{
	kill(-p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	munmap(p->seen, sizeof *p->seen);
	if (p->ca_file[0]) {
		unlink(p->ca_file);
		unlink(p->key_file);
	}
	memset(p, 0, sizeof *p);
}

#endif
