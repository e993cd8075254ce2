#ifndef CD_SRC_FLOW_DESK_STEP_H
#define CD_SRC_FLOW_DESK_STEP_H

#include "flow/desk.h"

/* Between desk_send.c (a person answers) and desk.c (all else that he does with a
 * case): what both begin and end with. */

/* Begins a transaction, which store_end ends, and gets the case; of a merged one it
 * says which has it. */
enum cd_rc desk_open_case(const struct desk *, int64_t id, struct case_row *row,
    struct cd_err *err) CD_CHECK;
/* CD_REFUSED: something came into the case that the person did not see. seen: as in
 * desk.h. */
enum cd_rc desk_check_seen(const struct desk *, int64_t id, int64_t seen,
    struct cd_err *err) CD_CHECK;
/* outbox_id: 0 where nothing is sent. */
enum cd_rc desk_event(const struct desk *, int64_t case_id, int64_t outbox_id,
    const char *kind, const char *text, struct cd_err *err) CD_CHECK;

#endif
