#ifndef CD_SRC_STORE_CASE_ROW_H
#define CD_SRC_STORE_CASE_ROW_H

#include "store/cases.h"
#include "sql.h"

/* Between cases.c and case_list.c; the indices of the lists hold the place. */
#define CASE_PLACE "coalesce(c.waits_since, c.updated)"
#define CASE_COLUMNS                                                           \
	"c.id, c.state, c.reason, c.intent, c.from_addr, c.from_name, "        \
	"c.canonical, c.domain, c.tenant, c.subject, c.language, "             \
	"c.assignee, c.opened, c.updated, " CASE_PLACE ", c.snoozed_until, "   \
	"c.last_action, c.taken, c.linked, c.merged_into"

struct case_row row_to_case(struct query *, struct arena *);
/* All rows of a query that is bound already. */
enum cd_rc cases_all(struct query *, struct arena *, struct case_row **out,
    size_t *n_out) CD_CHECK;

#endif
