/*
 * A plain GET: is what we promise to strangers there for them?
 */
#include "io/fetch.h"
#include "http.h"

enum cd_rc
fetch_get(struct arena *a, const char *url, int timeout_ms, int *status_out,
    struct str *body_out, struct cd_err *err)
{
	struct http h = { 0 };
	CURLcode code;
	enum cd_rc rc = http_start(err);

	if (rc != CD_OK)
		return rc;
	http_open(&h, NULL);
	http_ask(&h, a, url, timeout_ms);
	code = curl_easy_perform(h.curl);
	if (code == CURLE_OK) {
		*status_out = (int)http_status(&h);
		*body_out = buf_str(&h.body);
	} else {
		rc = cd_fail(err, CD_AGAIN, "%s: %s", url, http_why(&h, code));
	}
	http_close(&h);
	http_stop();
	return rc;
}
