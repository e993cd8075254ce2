#ifndef CD_IO_TLS_STREAM_H
#define CD_IO_TLS_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include <libetpan/mailstream.h>

#include "base/err.h"

/*
 * A mailstream_low over our own OpenSSL: TLS 1.2 and up, SNI, the chain and the
 * host name verified (SSL_set1_host), a deadline on connect, handshake, each
 * read and each write, TCP keep-alive. Debian's libetpan does not verify.
 *
 * Reads and writes belong to a step (stream_begin). A step ends when its time is
 * up, however slowly the other side drips; each 16 KiB that arrive buy it one
 * more second, but no wait in it is longer than its time was at first. The end
 * of the stream is an error (-1), never 0: libetpan's loops take 0 for "not yet"
 * and would turn for ever. SIGPIPE is never raised.
 */

/* Connect by TCP (every address in turn, each with its share of what is left)
 * within timeout_ms. The descriptor is non-blocking and close-on-exec. CD_AGAIN
 * whatever fails: a name that nobody knows today may be known tomorrow. */
enum cd_rc tcp_connect(const char *host, int port, int timeout_ms,
    int *fd_out, struct cd_err *err) CD_CHECK;

/* Plain stream over fd (for STARTTLS before the handshake, or tls = none). Owns
 * the descriptor from then on: mailstream_low_close closes it. For STARTTLS,
 * mailstream_low_free alone leaves the descriptor open for tls_stream_new. */
mailstream_low *plain_stream_new(int fd, int timeout_ms);

/* Handshake over fd. ca_file NULL: the system's. CD_REFUSED: certificate, name
 * or ca_file (the text says which, for which host, and what to do); CD_AGAIN:
 * weather. On failure the descriptor stays the caller's. */
enum cd_rc tls_stream_new(int fd, const char *host, const char *ca_file,
    int timeout_ms, mailstream_low **out, struct cd_err *err) CD_CHECK;

/* A new step: reads and writes from here on have timeout_ms together and may
 * bring max_bytes. */
void stream_begin(mailstream_low *, int timeout_ms, size_t max_bytes);
/* Would a read return at once (bytes, or the end)? Looks through TLS: a record
 * that carries no data does not count. */
bool stream_ready(mailstream_low *);
/* Why the last read or write failed: "closed by the server" and the like. */
const char *stream_why(const mailstream_low *);

#endif
