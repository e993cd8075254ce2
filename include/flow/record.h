#ifndef CD_FLOW_RECORD_H
#define CD_FLOW_RECORD_H

#include "flow/company.h"
#include "flow/intake.h"

/*
 * Between reading and rows: one batch at work, and one mail of it. Private to
 * intake, record, taken and limits.
 */
#define ITEM_KEYS 3

struct item {
	const struct intake_mail *mail;
	struct examined x;
	const char *keys[ITEM_KEYS]; /* what discovery is asked, the first that
				 * it knows counts: GUID, domain, and the
				 * organisation's above a subdomain */
	size_t n_keys;
	struct company company;
};

struct run {
	const struct engine *engine;
	struct store *store;
	struct arena *arena;		/* in record_item: of that mail alone */
	const struct intake_batch *batch;
	int64_t now;
	struct intake_result result;
	/* Automatic answers of the hour before the batch's own, once known. */
	int64_t in_hour;
	bool in_hour_known;
};

/* All rows of one mail; needs the transaction of its batch. CD_DONE: it is
 * stored already. */
enum cd_rc record_item(struct run *, struct item *, struct cd_err *err)
    CD_CHECK;

/* Somebody of the team wrote by an ordinary client: the thread is his, and what
 * waited in it is answered, but for what came, or a person decided, after he wrote:
 * that waits on, and goes to a person where its own answer is not out yet. where:
 * for the timeline; mail_id 0: not stored. */
enum cd_rc record_taken(struct run *, const struct item *, const char *where,
    int64_t mail_id, struct cd_err *err) CD_CHECK;

/* Did somebody of the team answer in this mail's thread before a mail of it had made
 * a case? Then `row`, its case, which may be new, is taken; *out: it is this very mail
 * that he answered, and it waits for nobody. Such a case's event is the other one. */
enum cd_rc record_answered(const struct run *, const struct item *,
    struct case_row *row, bool *out, struct cd_err *err) CD_CHECK;
enum cd_rc record_answered_case(const struct run *, const struct case_row *,
    int64_t mail_id, struct cd_err *err) CD_CHECK;

/* The verdict under all facts: the mail's, the tenant's, the case's (id 0: a
 * new one) and the limits. Trips the brake when it is due. */
enum cd_rc limits_decide(struct run *, const struct item *,
    const struct case_row *, const char *to_canonical, struct verdict *out,
    struct cd_err *err) CD_CHECK;

#endif
