/*
 * libetpan's stream over OpenSSL. Debian builds libetpan on GnuTLS without any
 * verification, so that its own SSL calls are of no use; its driver table
 * (mailstream_low_driver) lets us bring our own.
 *
 * Every descriptor is non-blocking and every wait is a poll() with what is left
 * of the step. OpenSSL gets a BIO of our own because its socket BIO writes by
 * write(), which raises SIGPIPE.
 *
 * RFC 8446 and 5246 (TLS), 6125 (names), 6066 3 (SNI).
 */
#include "io/tls_stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/str.h"

struct stream {
	int fd;
	SSL *ssl;		/* NULL: plain */
	bool dead;		/* nothing more may be read or written */
	int64_t end;		/* of the step, monotonic ms */
	int timeout_ms;		/* of one wait in it */
	size_t budget;		/* bytes that the step may still bring */
	char why[160];
};

/* What the verification found, kept for the error's text. */
struct verdict {
	int code;
	char subject[128], issuer[128], names[192], not_after[40];
};

static ssize_t
stream_fail(struct stream *s, const char *why)
{
	s->dead = true;
	snprintf(s->why, sizeof s->why, "%s", why);
	return -1;
}

/* Wait for the descriptor until the end of the step: bytes that came fast buy
 * time for more bytes, and none for silence. */
static bool
stream_poll(struct stream *s, short events)
{
	int64_t end = clock_mono_ms() + s->timeout_ms;

	if (end > s->end)
		end = s->end;
	for (;;) {
		struct pollfd p = { .fd = s->fd, .events = events };
		int64_t left = end - clock_mono_ms();
		int n;

		if (left <= 0)
			return false;
		n = poll(&p, 1, left > 60000 ? 60000 : (int)left);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
	}
}

/* ---- plain ---------------------------------------------------------------- */

static ssize_t
plain_read(struct stream *s, void *buf, size_t n)
{
	for (;;) {
		ssize_t got = recv(s->fd, buf, n, 0);

		if (got > 0)
			return got;
		if (got == 0)
			return stream_fail(s, "closed by the server");
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return stream_fail(s, strerror(errno));
		if (!stream_poll(s, POLLIN))
			return stream_fail(s, "no answer in time");
	}
}

static ssize_t
plain_write(struct stream *s, const void *buf, size_t n)
{
	for (;;) {
		ssize_t put = send(s->fd, buf, n, MSG_NOSIGNAL);

		if (put > 0)
			return put;
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
			return stream_fail(s, strerror(errno));
		if (!stream_poll(s, POLLOUT))
			return stream_fail(s, "the server took nothing in time");
	}
}

/* ---- TLS ------------------------------------------------------------------ */

static int
bio_write(BIO *b, const char *buf, int n)
{
	ssize_t put;

	BIO_clear_retry_flags(b);
	put = send(*(int *)BIO_get_data(b), buf, (size_t)n, MSG_NOSIGNAL);
	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		BIO_set_retry_write(b);
	return (int)put;
}

static int
bio_read(BIO *b, char *buf, int n)
{
	ssize_t got;

	BIO_clear_retry_flags(b);
	got = recv(*(int *)BIO_get_data(b), buf, (size_t)n, 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		BIO_set_retry_read(b);
	return (int)got;
}

static long
bio_ctrl(BIO *b, int cmd, long num, void *ptr)
{
	(void)b;
	(void)num;
	(void)ptr;
	return cmd == BIO_CTRL_FLUSH ? 1 : 0;
}

/* One for the life of the process. */
static BIO_METHOD *
bio_method(void)
{
	static BIO_METHOD *m;

	if (m)
		return m;
	m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
	cd_assert(m);
	BIO_meth_set_write(m, bio_write);
	BIO_meth_set_read(m, bio_read);
	BIO_meth_set_ctrl(m, bio_ctrl);
	return m;
}

/* The reason of the last OpenSSL error. */
static const char *
ssl_reason(void)
{
	unsigned long e = ERR_peek_last_error();
	const char *text = e ? ERR_reason_error_string(e) : NULL;

	if (text)
		return text;
	return errno ? strerror(errno) : "closed by the server";
}

/* Wait for what SSL asked for. false: the call failed for good, *why says how. */
static bool
ssl_wait(struct stream *s, int result, const char **why)
{
	switch (SSL_get_error(s->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		*why = "no answer in time";
		return stream_poll(s, POLLIN);
	case SSL_ERROR_WANT_WRITE:
		*why = "the server took nothing in time";
		return stream_poll(s, POLLOUT);
	case SSL_ERROR_ZERO_RETURN:
		*why = "closed by the server";
		return false;
	default:
		*why = ssl_reason();
		return false;
	}
}

static ssize_t
tls_read(struct stream *s, void *buf, size_t n)
{
	const char *why;

	for (;;) {
		size_t got;
		int r;

		ERR_clear_error();
		errno = 0;
		r = SSL_read_ex(s->ssl, buf, n, &got);
		if (r > 0)
			return (ssize_t)got;
		if (!ssl_wait(s, r, &why))
			return stream_fail(s, why);
	}
}

static ssize_t
tls_write(struct stream *s, const void *buf, size_t n)
{
	const char *why;

	for (;;) {
		size_t put;
		int r;

		ERR_clear_error();
		errno = 0;
		r = SSL_write_ex(s->ssl, buf, n, &put);
		if (r > 0)
			return (ssize_t)put;
		if (!ssl_wait(s, r, &why))
			return stream_fail(s, why);
	}
}

/* ---- libetpan's driver ---------------------------------------------------- */

static ssize_t
low_read(mailstream_low *low, void *buf, size_t n)
{
	struct stream *s = low->data;
	ssize_t got;

	if (s->dead || n == 0)
		return -1;
	if (n > s->budget)
		n = s->budget;
	if (n == 0)
		return stream_fail(s, "the answer is too long");
	got = s->ssl ? tls_read(s, buf, n) : plain_read(s, buf, n);
	if (got > 0) {
		s->budget -= (size_t)got;
		s->end += got / 16;
	}
	return got;
}

static ssize_t
low_write(mailstream_low *low, const void *buf, size_t n)
{
	struct stream *s = low->data;

	if (s->dead || n == 0)
		return -1;
	return s->ssl ? tls_write(s, buf, n) : plain_write(s, buf, n);
}

static int
low_close(mailstream_low *low)
{
	struct stream *s = low->data;

	if (s->ssl && !s->dead) {
		ERR_clear_error();
		SSL_shutdown(s->ssl);
	}
	s->dead = true;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	return 0;
}

static int
low_fd(mailstream_low *low)
{
	return ((struct stream *)low->data)->fd;
}

static void
low_free(mailstream_low *low)
{
	struct stream *s = low->data;

	SSL_free(s->ssl);
	free(s);
	free(low);
}

static void
low_cancel(mailstream_low *low)
{
	(void)low;
}

static mailstream_low_driver driver = {
	.mailstream_read = low_read,
	.mailstream_write = low_write,
	.mailstream_close = low_close,
	.mailstream_get_fd = low_fd,
	.mailstream_free = low_free,
	.mailstream_cancel = low_cancel,
};

static mailstream_low *
stream_new(int fd, SSL *ssl, int timeout_ms)
{
	struct stream *s = calloc(1, sizeof *s);
	mailstream_low *low;

	cd_assert(s);
	s->fd = fd;
	s->ssl = ssl;
	low = mailstream_low_new(s, &driver);
	cd_assert(low);
	stream_begin(low, timeout_ms, CD_MAX_IMAP_ANSWER);
	return low;
}

void
stream_begin(mailstream_low *low, int timeout_ms, size_t max_bytes)
{
	struct stream *s = low->data;

	s->end = clock_mono_ms() + timeout_ms;
	s->timeout_ms = timeout_ms;
	s->budget = max_bytes;
}

bool
stream_ready(mailstream_low *low)
{
	struct stream *s = low->data;
	size_t n;
	char c;
	int r;

	if (s->dead)
		return true;
	if (!s->ssl) {
		ssize_t got = recv(s->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT);

		return got >= 0 || (errno != EAGAIN && errno != EINTR);
	}
	ERR_clear_error();
	r = SSL_peek_ex(s->ssl, &c, 1, &n);
	if (r > 0)
		return true;
	switch (SSL_get_error(s->ssl, r)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return false;
	default:
		return true;
	}
}

const char *
stream_why(const mailstream_low *low)
{
	const struct stream *s = low->data;

	return s->why[0] ? s->why : "no error";
}

mailstream_low *
plain_stream_new(int fd, int timeout_ms)
{
	return stream_new(fd, NULL, timeout_ms);
}

/* ---- handshake ------------------------------------------------------------ */

static void
names_read(X509 *cert, char *out, size_t n)
{
	GENERAL_NAMES *list = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL,
	    NULL);
	size_t used = 0;

	out[0] = 0;
	for (int i = 0; i < sk_GENERAL_NAME_num(list); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(list, i);
		int add;

		if (g->type != GEN_DNS)
			continue;
		add = snprintf(out + used, n - used, "%s%.*s",
		    used ? ", " : "", ASN1_STRING_length(g->d.dNSName),
		    (const char *)ASN1_STRING_get0_data(g->d.dNSName));
		if (add < 0 || (size_t)add >= n - used)
			break;
		used += (size_t)add;
	}
	GENERAL_NAMES_free(list);
}

static void
name_read(const X509_NAME *name, char *out, size_t n)
{
	out[0] = 0;
	if (X509_NAME_get_text_by_NID(name, NID_commonName, out, (int)n) < 0)
		X509_NAME_oneline(name, out, (int)n);
}

static void
verdict_read(struct verdict *v, X509_STORE_CTX *ctx)
{
	X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
	struct tm tm;

	v->code = X509_STORE_CTX_get_error(ctx);
	if (!cert)
		return;
	name_read(X509_get_subject_name(cert), v->subject, sizeof v->subject);
	name_read(X509_get_issuer_name(cert), v->issuer, sizeof v->issuer);
	names_read(cert, v->names, sizeof v->names);
	if (ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) == 1)
		strftime(v->not_after, sizeof v->not_after, "%Y-%m-%d %H:%M",
		    &tm);
}

/* Look, do not touch: OpenSSL's own answer stands. */
static int
verify_seen(int ok, X509_STORE_CTX *ctx)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(ctx,
	    SSL_get_ex_data_X509_STORE_CTX_idx());

	if (!ok)
		verdict_read(SSL_get_app_data(ssl), ctx);
	return ok;
}

static enum cd_rc
verdict_fail(const struct verdict *v, const char *host, struct cd_err *err)
{
	switch (v->code) {
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return cd_fail(err, CD_REFUSED, "certificate of \"%s\": it is "
		    "made out to other names (%s), not to \"%s\": set host to a "
		    "name that it has", host, v->names[0] ? v->names :
		    v->subject, host);
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return cd_fail(err, CD_REFUSED, "certificate of \"%s\": \"%s\" "
		    "expired on %s UTC: the server's owner must renew it (or "
		    "this machine's clock is wrong)", host, v->subject,
		    v->not_after);
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return cd_fail(err, CD_REFUSED, "certificate of \"%s\": \"%s\" "
		    "is not valid yet: is this machine's clock right?", host,
		    v->subject);
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return cd_fail(err, CD_REFUSED, "certificate of \"%s\": it was "
		    "issued by \"%s\", which is not trusted here: set ca_file "
		    "to that authority's certificate", host, v->issuer);
	default:
		return cd_fail(err, CD_REFUSED, "certificate of \"%s\": %s "
		    "(\"%s\")", host, X509_verify_cert_error_string(v->code),
		    v->subject);
	}
}

static enum cd_rc
ctx_new(const char *ca_file, SSL_CTX **out, struct cd_err *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	int ok;

	cd_assert(ctx);
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, verify_seen);
	ERR_clear_error();
	ok = ca_file ? SSL_CTX_load_verify_locations(ctx, ca_file, NULL) :
	    SSL_CTX_set_default_verify_paths(ctx);
	if (ok != 1) {
		SSL_CTX_free(ctx);
		return cd_fail(err, CD_REFUSED, "cannot read the authorities' "
		    "certificates from %s: %s", ca_file ? ca_file :
		    "the system's store", ssl_reason());
	}
	/* A server's own certificate as ca_file pins it. */
	if (ca_file)
		X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx),
		    X509_V_FLAG_PARTIAL_CHAIN);
	*out = ctx;
	return CD_OK;
}

/* The name to verify and, unless it is an address, to announce (SNI). */
static bool
ssl_set_peer(SSL *ssl, const char *host)
{
	unsigned char ip[16];

	if (inet_pton(AF_INET, host, ip) == 1 ||
	    inet_pton(AF_INET6, host, ip) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl),
		    host) == 1;
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set1_host(ssl, host) == 1 &&
	    SSL_set_tlsext_host_name(ssl, host) == 1;
}

static enum cd_rc
handshake(struct stream *s, const char *host, const struct verdict *v,
    struct cd_err *err)
{
	const char *why;

	for (;;) {
		int r;

		ERR_clear_error();
		errno = 0;
		r = SSL_connect(s->ssl);
		if (r == 1)
			return CD_OK;
		if (ssl_wait(s, r, &why))
			continue;
		if (v->code != X509_V_OK)
			return verdict_fail(v, host, err);
		return cd_fail(err, CD_AGAIN, "TLS handshake with \"%s\": %s%s",
		    host, why, ERR_GET_REASON(ERR_peek_last_error()) ==
		    SSL_R_WRONG_VERSION_NUMBER ? " (does this port speak TLS "
		    "at once, or is tls = starttls meant?)" : "");
	}
}

enum cd_rc
tls_stream_new(int fd, const char *host, const char *ca_file, int timeout_ms,
    mailstream_low **out, struct cd_err *err)
{
	struct verdict v = { .code = X509_V_OK };
	mailstream_low *low;
	struct stream *s;
	SSL_CTX *ctx = NULL;
	enum cd_rc rc;
	BIO *bio;

	if ((rc = ctx_new(ca_file, &ctx, err)) != CD_OK)
		return rc;
	low = stream_new(fd, SSL_new(ctx), timeout_ms);
	SSL_CTX_free(ctx);
	s = low->data;
	bio = BIO_new(bio_method());
	cd_assert(s->ssl && bio);
	BIO_set_data(bio, &s->fd);
	BIO_set_init(bio, 1);
	SSL_set_bio(s->ssl, bio, bio);
	SSL_set_app_data(s->ssl, &v);
	rc = ssl_set_peer(s->ssl, host) ? handshake(s, host, &v, err) :
	    cd_fail(err, CD_REFUSED, "\"%s\" is no host name", host);
	SSL_set_app_data(s->ssl, NULL);
	if (rc != CD_OK) {
		mailstream_low_free(low);
		return rc;
	}
	cd_assert(SSL_get_verify_result(s->ssl) == X509_V_OK);
	*out = low;
	return CD_OK;
}
