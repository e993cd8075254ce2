#ifndef CD_FLOW_MERGE_H
#define CD_FLOW_MERGE_H

#include "flow/engine.h"
#include "store/cases.h"

/* The drafts of a case that is about to be merged: dropped, each with the reason,
 * where they are no answers in the other case; else that one is to be looked at
 * for them, and `target` says so. *said_out: what became of each, "" where there
 * was none. Needs an open transaction. */
enum cd_rc merge_drafts(struct store *, struct arena *, const struct case_row *,
    struct case_row *target, int64_t now, const char **said_out,
    struct cd_err *err) CD_CHECK;

/* What a person is to see of it is to be seen where it goes on, no later than it was
 * put off to; nor sooner, if nothing waits there. Its drafts are gone. */
void merge_waiting(const struct case_row *row, struct case_row *target,
    int64_t now);

/* The link of the case `row`, which goes on in another company's, was accepted: what
 * that one waits for is not what is approved, but the person of `row` is a person's
 * to tell there, by the draft that is made, once. Adds one to *review then. Needs an
 * open transaction. */
enum cd_rc merge_approved(const struct engine *, struct store *, struct arena *,
    struct case_row *row, struct case_row *target, const char *tenant,
    const char *actor, int64_t now, size_t *review, struct cd_err *err)
    CD_CHECK;

#endif
