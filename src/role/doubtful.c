#include "base/clock.h"
#include "base/log.h"
#include "flow/delivery.h"
#include "role/doubtful.h"
#include "store/outbox.h"

#define DOUBTFUL	100	/* answers looked for in a call */

enum cd_rc
doubtful_look(struct store *s, struct arena *a, struct imap *sent,
    const char *folder, int64_t *place, struct cd_err *err)
{
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc;

	if (!sent)
		return CD_OK;
	rc = outbox_doubtful(s, a, *place, DOUBTFUL, &rows, &n, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		*place = rows[i].id;
		rc = imap_find_message_id(sent, folder, rows[i].message_id,
		    err);
		if (rc == CD_ABSENT) {
			rc = CD_OK;
			continue;
		}
		/* New mails do not wait for it: a later sweep asks again. */
		if (rc == CD_REFUSED) {
			log_warn("imap.no_search", "folder=%s error=%s",
			    log_q(a, folder), log_q(a, err->text));
			return CD_OK;
		}
		if (rc == CD_OK)
			rc = store_begin(s, err);
		if (rc != CD_OK)
			return rc;
		rc = delivery_found(s, a, &rows[i], clock_now(), err);
		rc = store_end(s, rc, err);
	}
	if (rc == CD_OK && n < DOUBTFUL)
		*place = 0;
	return rc;
}
