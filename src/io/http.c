#include "http.h"

#define SET(h, option, value)                                                  \
	cd_assert(curl_easy_setopt((h)->curl, option, value) == CURLE_OK)

enum cd_rc
http_start(struct cd_err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return cd_fail(err, CD_BROKEN, "libcurl does not start");
	return CD_OK;
}

void
http_stop(void)
{
	curl_global_cleanup();
}

static size_t
body_take(char *from, size_t size, size_t n, void *context)
{
	struct buf *b = context;

	buf_add(b, from, size * n);
	return b->full ? 0 : size * n;
}

void
http_open(struct http *h, const char *ca_file)
{
	h->curl = curl_easy_init();
	cd_assert(h->curl);
	SET(h, CURLOPT_FOLLOWLOCATION, 0L);
	SET(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(h, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(h, CURLOPT_SSL_VERIFYHOST, 2L);
	if (ca_file) {
		SET(h, CURLOPT_CAINFO, ca_file);
		SET(h, CURLOPT_CAPATH, NULL);
	}
	SET(h, CURLOPT_PROXY, "");
	SET(h, CURLOPT_NOPROXY, "*");
	SET(h, CURLOPT_NOSIGNAL, 1L);
	/* A name server that hangs must not hold us beyond the time. */
	SET(h, CURLOPT_QUICK_EXIT, 1L);
	SET(h, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(h, CURLOPT_USERAGENT, "consentdesk/" CD_VERSION);
	SET(h, CURLOPT_ERRORBUFFER, h->error);
	SET(h, CURLOPT_WRITEFUNCTION, body_take);
	SET(h, CURLOPT_WRITEDATA, &h->body);
}

void
http_close(struct http *h)
{
	curl_easy_cleanup(h->curl);
	h->curl = NULL;
}

void
http_ask(struct http *h, struct arena *a, const char *url, int64_t ms)
{
	bool plain = str_istarts(str_of(url), STR("http://"));

	h->body = buf_new(a, CD_MAX_HTTP_BODY);
	h->error[0] = '\0';
	SET(h, CURLOPT_URL, url);
	SET(h, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
	SET(h, CURLOPT_TIMEOUT_MS, (long)ms);
}

long
http_status(const struct http *h)
{
	long status = 0;

	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

const char *
http_why(const struct http *h, CURLcode rc)
{
	if (h->body.full)
		return "the answer is longer than any that is expected";
	return h->error[0] ? h->error : curl_easy_strerror(rc);
}
