#ifndef CD_SRC_STORE_OUTBOX_ROW_H
#define CD_SRC_STORE_OUTBOX_ROW_H

#include "store/outbox.h"
#include "sql.h"

/* Between outbox.c and outbox_step.c. */
#define OUTBOX_COLUMNS                                                         \
	"id, case_id, mail_id, state, automatic, handle, language, to_addr, "  \
	"to_canonical, domain, message_id, subject, created, due, "            \
	"lease_until, attempts, sent_at, error"
/* After them, where what it says is wanted too; gone after retention. */
#define OUTBOX_WITH_BODY                                                       \
	OUTBOX_COLUMNS ", coalesce(text, ''), raw "                            \
	"FROM outbox LEFT JOIN bodies ON outbox_id = id "

/* OUTBOX_COLUMNS of the query's row. */
struct outbox_row row_to_outbox(struct query *, struct arena *);
/* All rows of a query that is bound already; `texts`: with the text behind
 * OUTBOX_COLUMNS. */
enum cd_rc outbox_all(struct query *, struct arena *, bool texts,
    struct outbox_row **out, size_t *n_out) CD_CHECK;

#endif
