#ifndef CD_SRC_STORE_OUTBOX_ROW_H
#define CD_SRC_STORE_OUTBOX_ROW_H

#include "store/outbox.h"
#include "sql.h"

/* Between outbox.c and outbox_step.c. */
#define OUTBOX_COLUMNS                                                         \
	"id, case_id, mail_id, state, automatic, handle, language, to_addr, "  \
	"to_canonical, domain, message_id, subject, text, created, due, "      \
	"lease_until, attempts, sent_at, error"

/* The one whole row (OUTBOX_COLUMNS, html, raw) of a query bound already. */
enum cd_rc outbox_one(struct query *, struct arena *, struct outbox_row *out)
    CD_CHECK;

#endif
