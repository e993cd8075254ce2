#include <inttypes.h>

#include "base/clock.h"
#include "base/log.h"
#include "role/purge.h"
#include "store/mails.h"

#define PURGE_S		3600

enum cd_rc
purge_slice(struct purge *p, struct store *s, int64_t days, struct cd_err *err)
{
	int64_t now = clock_now(), n = 0;
	enum cd_rc rc;

	if (days == 0 || (!p->more && now < p->at))
		return CD_OK;
	p->at = now + PURGE_S;
	p->more = false;
	rc = store_begin(s, err);
	if (rc != CD_OK)
		return rc;
	rc = mails_purge(s, now - days * 86400, &n, err);
	rc = store_end(s, rc, err);
	if (rc != CD_OK)
		return rc;
	p->more = n > 0;
	p->n += n;
	if (n == 0 && p->n > 0) {
		log_info("retention.purged", "texts=%" PRId64, p->n);
		p->n = 0;
	}
	return CD_OK;
}
