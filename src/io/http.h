#ifndef CD_IO_HTTP_H
#define CD_IO_HTTP_H

#include <curl/curl.h>

#include "base/buf.h"

/*
 * How we ask by HTTP, the same for all of io/: over TLS 1.2 or newer to a host
 * that its certificate proves (plain only where the address itself is http://),
 * no redirect followed, no proxy of the environment, an answer of at most
 * CD_MAX_HTTP_BODY bytes, nothing that outlives the given time.
 */
struct http {
	CURL *curl;
	struct buf body;	/* of the last answer, in that call's arena */
	char error[CURL_ERROR_SIZE];
};

/* libcurl itself, once for each owner of handles. */
enum cd_rc http_start(struct cd_err *err) CD_CHECK;
void http_stop(void);

/* ca_file NULL: the system's authorities. The struct must stay where it is
 * until http_close. */
void http_open(struct http *, const char *ca_file);
void http_close(struct http *);

/* What is asked next; then curl_easy_perform, or a multi handle. */
void http_ask(struct http *, struct arena *, const char *url, int64_t ms);

/* After it: the status, and for a person what was wrong. */
long http_status(const struct http *);
const char *http_why(const struct http *, CURLcode);

#endif
