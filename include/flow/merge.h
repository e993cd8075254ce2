#ifndef CD_FLOW_MERGE_H
#define CD_FLOW_MERGE_H

#include "store/cases.h"

/* The drafts of a case that is about to be merged: dropped, each with the reason,
 * where they are no answers in the other case; else that one is to be looked at
 * for them, and `target` says so. *said_out: what became of each, "" where there
 * was none. Needs an open transaction. */
enum cd_rc merge_drafts(struct store *, struct arena *, const struct case_row *,
    struct case_row *target, int64_t now, const char **said_out,
    struct cd_err *err) CD_CHECK;

#endif
