#ifndef CD_IO_TLS_STREAM_H
#define CD_IO_TLS_STREAM_H

#include <libetpan/mailstream.h>

#include "base/err.h"

/*
 * A mailstream_low over our own OpenSSL: TLS 1.2 and up, SNI, the chain and the
 * host name verified (SSL_set1_host), a deadline on connect, handshake, each
 * read and each write, TCP keep-alive. Debian's libetpan does not verify.
 */

/* Connect by TCP (every address in turn) within timeout_ms. */
enum cd_rc tcp_connect(const char *host, int port, int timeout_ms,
    int *fd_out, struct cd_err *err) CD_CHECK;

/* Plain stream over fd (for STARTTLS before the handshake, or tls = none). Owns
 * the descriptor from then on. */
mailstream_low *plain_stream_new(int fd, int timeout_ms);

/* Handshake over fd. ca_file NULL: the system's. CD_REFUSED: certificate or
 * name (the text says which and for which host); CD_AGAIN: weather. On failure
 * the descriptor stays the caller's. */
enum cd_rc tls_stream_new(int fd, const char *host, const char *ca_file,
    int timeout_ms, mailstream_low **out, struct cd_err *err) CD_CHECK;

#endif
