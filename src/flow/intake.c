/*
 * A batch of mails into rows. Everything that one batch decides is one
 * transaction with the cursor: a crash before the commit loses nothing, since
 * the mails are read again; after it nothing is read again.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/delivery.h"
#include "flow/record.h"
#include "text/domain.h"

/* Only a mail that is about the matter is worth a question. */
static void
item_keys(const struct engine *e, struct arena *a, struct item *it)
{
	struct facts facts;
	struct verdict v;
	const char *above, *domain;

	if (it->mail->poison || engine_is_own(e, it->x.canonical))
		return;
	intake_facts(e, &it->x, &facts);
	v = decide(&facts);
	if (v.action == ACTION_IGNORE || v.action == ACTION_LEAVE)
		return;
	if (it->x.tenant_hint)
		it->keys[it->n_keys++] = it->x.tenant_hint;
	domain = it->x.domain ? it->x.domain : intake_sender_company(&it->x);
	if (!domain)
		return;
	it->keys[it->n_keys++] = domain;
	/* A company has its tenant for its own name, and mail at others below; but
	 * not below a vendor's who lends them. */
	above = domain_organisational(a, domain);
	if (strcmp(above, domain) != 0 && !domain_is_consumer(domain))
		it->keys[it->n_keys++] = above;
}

struct asked {
	const char **keys;
	struct discovery *answers;
	size_t n;
};

static enum cd_rc
collect_unknown(const struct run *run, const struct item *items,
    struct asked *asked, struct cd_err *err)
{
	size_t max = ITEM_KEYS * run->batch->n;

	asked->keys = arena_array(run->arena, max, sizeof *asked->keys);
	asked->answers = arena_array(run->arena, max, sizeof *asked->answers);
	for (size_t i = 0; i < run->batch->n; i++) {
		for (size_t k = 0; k < items[i].n_keys; k++) {
			const char *key = items[i].keys[k];
			struct company c;
			enum cd_rc rc;
			size_t j = 0;

			while (j < asked->n && strcmp(asked->keys[j], key))
				j++;
			if (j < asked->n)
				continue;
			rc = company_get(run->store, run->arena, key, run->now,
			    &c, err);
			if (rc != CD_OK)
				return rc;
			if (c.tenant)	/* the further ones do not count */
				break;
			if (!c.cached)
				asked->keys[asked->n++] = key;
		}
	}
	return CD_OK;
}

static enum cd_rc
discover(struct run *run, struct authority *authority,
    const struct item *items, struct asked *asked, struct cd_err *err)
{
	enum cd_rc rc = collect_unknown(run, items, asked, err);
	int64_t began = clock_mono_ms();

	if (rc != CD_OK || !authority || asked->n == 0) {
		asked->n = authority ? asked->n : 0;
		return rc;
	}
	authority_discover(authority, asked->keys, asked->n,
	    run->batch->discover_ms, asked->answers);
	run->result.asked_ms = clock_mono_ms() - began;
	for (size_t i = 0; i < asked->n; i++) {
		const struct discovery *d = &asked->answers[i];

		if (d->rc == CD_OK || d->rc == CD_ABSENT)
			log_info("tenant.asked", "domain=%s tenant=%s",
			    log_q(run->arena, asked->keys[i]),
			    d->rc == CD_OK ? d->guid : "none");
		else
			log_warn("tenant.unknown", "domain=%s why=%s",
			    log_q(run->arena, asked->keys[i]),
			    log_q(run->arena, d->why));
	}
	return CD_OK;
}

static enum cd_rc
store_batch(struct run *run, struct item *items, const struct asked *asked,
    struct cd_err *err)
{
	struct cursor cursor = run->batch->cursor;
	struct arena *of_batch = run->arena;
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; rc == CD_OK && i < asked->n; i++)
		rc = company_put(run->store, asked->keys[i],
		    &asked->answers[i], run->now, err);
	/* What a mail's rows need goes with them, and the next one's takes the
	 * same warm memory. */
	run->arena = arena_new();
	for (size_t i = 0; rc == CD_OK && i < run->batch->n; i++) {
		rc = record_item(run, &items[i], err);
		if (rc == CD_DONE)	/* stored before: a crash after commit */
			rc = CD_OK;
		cursor.next_uid = items[i].mail->uid + 1;
		arena_reset(run->arena);
	}
	arena_free(&run->arena);
	run->arena = of_batch;
	if (rc == CD_OK && run->batch->n > 0)
		rc = cursor_set(run->store, run->batch->mailbox, &cursor,
		    run->now, err);
	return rc;
}

static enum cd_rc
examine_all(const struct run *run, struct item **out, struct cd_err *err)
{
	const struct intake_batch *batch = run->batch;
	struct item *items = arena_array(run->arena, batch->n, sizeof *items);
	enum cd_rc rc = CD_OK;

	for (size_t i = 0; rc == CD_OK && i < batch->n; i++) {
		items[i].mail = &batch->mails[i];
		if (!batch->mails[i].poison)
			rc = intake_examine_thread(run->engine, run->arena,
			    run->store, batch->mails[i].raw, &items[i].x, err);
		if (rc == CD_OK)
			item_keys(run->engine, run->arena, &items[i]);
	}
	if (rc == CD_OK)
		*out = items;
	return rc;
}

enum cd_rc
intake_ahead(const struct engine *e, struct store *s,
    struct authority *authority, struct arena *a,
    const struct intake_batch *batch, int64_t now, size_t *n_out,
    struct cd_err *err)
{
	const struct run run = { .engine = e, .store = s, .arena = a,
		.batch = batch, .now = now };
	struct asked asked = { NULL, NULL, 0 };
	struct item *items;
	enum cd_rc rc = examine_all(&run, &items, err);

	if (rc == CD_OK)
		rc = collect_unknown(&run, items, &asked, err);
	if (rc == CD_OK)
		*n_out = authority_ahead(authority, asked.keys, asked.n,
		    batch->discover_ms);
	return rc;
}

enum cd_rc
intake_run(const struct engine *e, struct store *s,
    struct authority *authority, struct arena *a,
    const struct intake_batch *batch, int64_t now, struct intake_result *out,
    struct cd_err *err)
{
	struct run run = { .engine = e, .store = s, .arena = a, .batch = batch,
		.now = now };
	struct asked asked = { NULL, NULL, 0 };
	struct item *items;
	enum cd_rc rc = examine_all(&run, &items, err);

	if (rc != CD_OK)
		return rc;
	run.result.handled = arena_array(a, batch->n,
	    sizeof *run.result.handled);
	rc = discover(&run, authority, items, &asked, err);
	if (rc != CD_OK)
		return rc;
	rc = batch->more ? store_begin_soft(s, err) : store_begin(s, err);
	if (rc != CD_OK)
		return rc;
	rc = store_batch(&run, items, &asked, err);
	rc = store_end(s, rc, err);
	if (rc != CD_OK)
		return rc;
	*out = run.result;
	return CD_OK;
}

/* Our own answer in the Sent folder settles a row whose fate was unknown. */
static enum cd_rc
settle_sent(struct run *run, const struct item *it, struct cd_err *err)
{
	struct outbox_row row;
	enum cd_rc rc = outbox_find_doubtful(run->store, run->arena,
	    it->x.message.message_id, &row, err);

	if (rc == CD_OK)
		return delivery_found(run->store, run->arena, &row, run->now,
		    err);
	return rc == CD_ABSENT ? CD_OK : rc;
}

enum cd_rc
intake_sent(const struct engine *e, struct store *s, struct arena *a,
    const struct intake_batch *batch, int64_t now, struct cd_err *err)
{
	struct run run = { .engine = e, .store = s, .arena = a, .batch = batch,
		.now = now };
	struct cursor cursor = batch->cursor;
	enum cd_rc rc = store_begin(s, err);

	if (rc != CD_OK)
		return rc;
	for (size_t i = 0; rc == CD_OK && i < batch->n; i++) {
		struct item it = { .mail = &batch->mails[i] };
		const char *id;

		cursor.next_uid = it.mail->uid + 1;
		rc = mails_passed(s, batch->mailbox, cursor.uidvalidity,
		    it.mail->uid, err);
		if (rc != CD_OK)
			break;
		if (it.mail->poison) {
			log_error("sent.unreadable", "uid=%" PRIu32,
			    it.mail->uid);
			continue;
		}
		intake_examine(e, a, it.mail->raw, &it.x);
		id = it.x.message.message_id;
		if (id && e->has_key && link_message_id_case(a, &e->key, id))
			rc = settle_sent(&run, &it, err);
		else
			rc = record_taken(&run, &it, "Sent folder", 0, err);
	}
	if (rc == CD_OK && batch->n > 0)
		rc = cursor_set(s, batch->mailbox, &cursor, now, err);
	return store_end(s, rc, err);
}
