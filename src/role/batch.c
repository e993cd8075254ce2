#include <inttypes.h>

#include "role/batch.h"

#define MAX_TRIES	3
#define MAX_ASKED	8	/* where the server gives no mail at all: about
				 * four minutes of its weather */
#define NOT_GIVEN	1000	/* counts apart from what was given, and failed */

/* In a transaction of its own: a mail that kills the process is counted too. */
static enum cd_rc
count_try(struct store *s, const struct intake_batch *batch,
    struct intake_mail *m, int max, struct cd_err *err)
{
	bool given = m->raw.n > 0;
	int tries = 0;
	enum cd_rc rc = store_begin(s, err);

	if (rc != CD_OK)
		return rc;
	rc = mails_failed(s, batch->mailbox, batch->cursor.uidvalidity, m->uid,
	    given ? 1 : NOT_GIVEN, &tries, err);
	rc = store_end(s, rc, err);
	m->poison = given ? tries % NOT_GIVEN > MAX_TRIES
	    : tries / NOT_GIVEN > max;
	return rc;
}

enum cd_rc
batch_fill(struct store *s, struct arena *a, struct intake_batch *batch,
    const struct imap_mail *fetched, size_t n, bool careful, struct cd_err *err)
{
	struct intake_mail *mails = arena_array(a, n, sizeof *mails);
	int max = MAX_ASKED;
	size_t taken = 0;

	for (size_t i = 0; i < n; i++) {
		if (fetched[i].raw.n > 0)
			max = MAX_TRIES;
	}
	for (size_t i = 0; i < n; i++) {
		const struct imap_mail *f = &fetched[i];
		bool given = f->raw.n > 0, ahead = i > 0 && taken == i;
		enum cd_rc rc = CD_OK;

		/* It is asked for again at once, and counts then. */
		if (!given && ahead && fetched[i - 1].raw.n > 0)
			break;
		mails[i] = (struct intake_mail){ f->uid, f->internal_date,
			f->raw, false };
		if (!given || careful)
			rc = count_try(s, batch, &mails[i], max, err);
		if (rc != CD_OK)
			return rc;
		if (taken == i && (given || mails[i].poison))
			taken++;
		else if (ahead)
			break;
	}
	if (n > 0 && taken == 0)
		return cd_fail(err, CD_AGAIN, "the server has mail %" PRIu32
		    " and does not give it%s%s", fetched->uid, fetched->why
		    ? ": " : "", fetched->why ? fetched->why : "");
	batch->mails = mails;
	batch->n = taken;
	return CD_OK;
}
