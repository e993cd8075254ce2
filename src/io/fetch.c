/*
 * A plain GET by libcurl: is what we promise to strangers there for them?
 */
#include <curl/curl.h>

#include "base/buf.h"
#include "io/fetch.h"

static size_t
body_take(char *from, size_t size, size_t n, void *context)
{
	struct buf *b = context;

	buf_add(b, from, size * n);
	return b->full ? 0 : size * n;
}

enum cd_rc
fetch_get(struct arena *a, const char *url, int timeout_ms, int *status_out,
    struct str *body_out, struct cd_err *err)
{
	struct buf body = buf_new(a, CD_MAX_HTTP_BODY);
	char error[CURL_ERROR_SIZE] = "";
	CURL *curl;
	CURLcode rc;
	long status = 0;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return cd_fail(err, CD_BROKEN, "libcurl does not start");
	curl = curl_easy_init();
	cd_assert(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "consentdesk/" CD_VERSION);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	rc = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	curl_global_cleanup();
	if (rc != CURLE_OK)
		return cd_fail(err, CD_AGAIN, "%s: %s", url,
		    error[0] ? error : curl_easy_strerror(rc));
	*status_out = (int)status;
	*body_out = buf_str(&body);
	return CD_OK;
}
