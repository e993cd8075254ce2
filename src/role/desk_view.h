#ifndef CD_SRC_ROLE_DESK_VIEW_H
#define CD_SRC_ROLE_DESK_VIEW_H

#include "desk_room.h"
#include "store/mails.h"
#include "store/outbox.h"
#include "store/tenants.h"

/* One case as its page shows it. */
struct case_view {
	struct case_row row;
	struct case_row *beside; /* cases_beside */
	size_t n_beside;
	struct event_row *events;
	size_t n_events;
	int64_t seen;		/* the newest event shown */
	struct outbox_row *answers;
	size_t n_answers;
	struct outbox_row draft;
	bool has_draft;
	struct recipient to;	/* whom an answer goes to */
	const char *torn;	/* mails_signs */
	struct tenant_row tenant;
	bool has_tenant;
	struct case_row *others; /* of the same company */
	size_t n_others;
};

/* The conversation, oldest first (desk_talk.c). new_after: what came in after
 * that event is marked; 0: nothing is. */
void talk_put(struct call *, struct html *, const struct case_view *,
    int64_t new_after);
/* Every event as it was written down. */
void talk_trail(struct call *, struct html *, const struct case_view *);

/* Facts and the smaller actions (desk_side.c). */
void side_put(struct call *, struct html *, const struct case_view *);

#endif
