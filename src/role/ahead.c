#include "role/ahead.h"

#define AHEAD_MAILS	256	/* looked at before they are read */
#define SLOW_MS		100	/* a batch that waited longer for answers */

void
ahead_init(struct ahead *h)
{
	*h = (struct ahead){ .arena = arena_new() };
}

void
ahead_free(struct ahead *h)
{
	arena_free(&h->arena);
}

void
ahead_stop(struct ahead *h)
{
	h->on = false;
	h->next_uid = 0;
	h->mails = 0;
	arena_reset(h->arena);
}

/* As many mails as the batch has; *last_out: there are no more, or they ask
 * nothing new. */
static enum cd_rc
look_once(struct ahead *h, const struct ahead_reader *r,
    const struct intake_batch *like, int64_t now, bool *last_out,
    struct cd_err *err)
{
	struct intake_batch batch = *like;
	struct intake_mail *mails;
	struct imap_mail *fetched;
	size_t n, fresh = 0;
	enum cd_rc rc;

	arena_reset(h->arena);
	rc = imap_fetch(r->imap, h->arena, h->next_uid, like->n, r->max_bytes,
	    &fetched, &n, err);
	if (rc != CD_OK)
		return rc;
	mails = arena_array(h->arena, n, sizeof *mails);
	for (size_t i = 0; i < n; i++)
		mails[i] = (struct intake_mail){ fetched[i].uid,
			fetched[i].internal_date, fetched[i].raw,
			fetched[i].raw.n == 0 };
	batch.mails = mails;
	batch.n = n;
	if (n > 0) {
		h->next_uid = fetched[n - 1].uid + 1;
		h->mails += n;
		rc = intake_ahead(r->engine, r->store, r->authority, h->arena,
		    &batch, now, &fresh, err);
	}
	*last_out = n < like->n || fresh == 0;
	return rc;
}

enum cd_rc
ahead_look(struct ahead *h, const struct ahead_reader *r,
    const struct intake_batch *batch, int64_t now, struct cd_err *err)
{
	bool last = false;
	enum cd_rc rc = CD_OK;

	/* The batch's own questions come first. */
	if (h->on && h->next_uid < batch->mails[0].uid) {
		h->next_uid = batch->mails[0].uid;
		h->mails = 0;
	}
	while (rc == CD_OK && h->on && !last && h->mails < AHEAD_MAILS)
		rc = look_once(h, r, batch, now, &last, err);
	if (last)
		h->on = false;
	/* The batch that is read now needs the room. */
	arena_reset(h->arena);
	return rc;
}

void
ahead_judge(struct ahead *h, const struct intake_batch *batch,
    const struct intake_result *result)
{
	h->mails -= h->mails < batch->n ? h->mails : batch->n;
	if (result->asked_ms >= SLOW_MS)
		h->on = true;
}
