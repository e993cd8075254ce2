#ifndef CD_STORE_OUTBOX_H
#define CD_STORE_OUTBOX_H

#include "store/db.h"

/*
 * Answers, from draft to sent. The states of a row:
 *
 *   draft ─► queued ─► claimed ─► committing ─► sent
 *              ▲          │            │  └───► failed (5xx; a person)
 *              └──────────┘ 4xx, crash └──────► doubtful (fate unknown)
 *
 * `committing` is written before the end of DATA goes out, and that commit has
 * reached the disk: a row that a crash leaves `claimed` was surely not accepted
 * and is queued again, one left `committing` may have been and is never sent
 * blindly. The commits of the other steps of sending need not wait for the disk
 * (store_begin_soft): should the machine forget a claim, the row is queued;
 * should it forget `sent`, the row is `committing`, and so doubtful.
 *
 * Besides: claimed ─► failed (5xx before DATA), committing ─► queued (4xx to
 * DATA), doubtful ─► sent, queued or failed (the Sent folder or a person knows),
 * failed ─► queued (a person tries again); draft, queued, claimed, failed and
 * doubtful ─► cancelled. sent and cancelled are the end.
 */
enum outbox_state {
	OUTBOX_DRAFT, OUTBOX_QUEUED, OUTBOX_CLAIMED, OUTBOX_COMMITTING,
	OUTBOX_SENT, OUTBOX_FAILED, OUTBOX_DOUBTFUL, OUTBOX_CANCELLED
};
#define OUTBOX_STATE_COUNT 8
const char *outbox_state_name(enum outbox_state);
bool outbox_state_of(const char *name, enum outbox_state *out);
/* Did it go out, or is it about to? Who has a doubtful one may well have it. */
bool outbox_is_out(enum outbox_state);
/* Of those: nothing of it has been given to the server. It can be cancelled. */
bool outbox_is_waiting(enum outbox_state);

struct outbox_row {
	int64_t id;
	int64_t case_id;
	int64_t mail_id;	/* the mail answered; 0: none */
	enum outbox_state state;
	bool automatic;		/* no person looked at it */
	const char *handle;	/* template's name: what is never sent twice */
	const char *language;
	const char *to_addr, *to_canonical;
	const char *domain;	/* of the recipient */
	const char *message_id;	/* without <>, unique */
	const char *subject;
	/* What it says, which lies apart and is written once; empty after
	 * retention. */
	const char *text;	/* the plain part */
	struct str raw;		/* the wire form; the HTML part is in it */
	int64_t created, due;	/* not sent before `due` */
	int64_t lease_until;
	int attempts;
	int64_t sent_at;	/* 0: not sent */
	const char *error;	/* the server's last words, NULL if none */
};

/* CD_DONE: this mail has an automatic answer already (whatever became of it),
 * or the Message-ID is taken. */
enum cd_rc outbox_add(struct store *, const struct outbox_row *,
    int64_t *id_out, struct cd_err *err) CD_CHECK;
enum cd_rc outbox_get(struct store *, struct arena *, int64_t id,
    struct outbox_row *out, struct cd_err *err) CD_CHECK;
/* Oldest first; without raw. */
enum cd_rc outbox_of_case(struct store *, struct arena *, int64_t case_id,
    struct outbox_row **out, size_t *n_out, struct cd_err *err) CD_CHECK;
/* Newest draft of the case; CD_ABSENT. */
enum cd_rc outbox_draft(struct store *, struct arena *, int64_t case_id,
    struct outbox_row *out, struct cd_err *err) CD_CHECK;

/* Claim up to max due rows for lease_s seconds, in order of `due`, without
 * text; counts up `attempts`. *n_out may be 0. Nothing is claimed while the
 * brake is on. Opens and commits its own transaction, which does not wait for
 * the disk: a claim that the machine forgets is a row still queued. */
enum cd_rc outbox_claim(struct store *, struct arena *, int64_t now,
    int64_t lease_s, size_t max, struct outbox_row **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;
/* The one setter of the state; one statement, which touches neither the body nor
 * an index that finds rows by recipient, company, case or time. Checks that the
 * step is one of those above (CD_REFUSED otherwise, a repeat of the state too).
 * CD_ABSENT: no such row, as after cases_forget. `error` NULL leaves the old
 * text. `due` is used for OUTBOX_QUEUED, `now` for OUTBOX_SENT. Needs a
 * transaction. */
enum cd_rc outbox_step(struct store *, int64_t id, enum outbox_state,
    int64_t due, int64_t now, const char *error, struct cd_err *err) CD_CHECK;
/* A claimed row that nobody began to send: queued as it was before, and the claim
 * counts for no attempt. CD_REFUSED: it is not claimed (any more). Needs a
 * transaction. */
enum cd_rc outbox_give_back(struct store *, int64_t id, struct cd_err *err)
    CD_CHECK;
/* Rows claimed or committing whose lease has run out (`now` INT64_MAX: all, at
 * start): claimed ones are queued again, committing ones become doubtful, and are
 * given out, without text and raw. Needs a transaction. */
enum cd_rc outbox_settle(struct store *, struct arena *, int64_t now,
    int64_t *queued_out, struct outbox_row **doubtful_out,
    size_t *n_doubtful_out, struct cd_err *err) CD_CHECK;
/* Queued rows that are due behind `latest` are due now. Needs a transaction. */
enum cd_rc outbox_hasten(struct store *, int64_t latest, int64_t now,
    struct cd_err *err) CD_CHECK;
/* Doubtful rows behind the id `after`, oldest first, without text and raw. */
enum cd_rc outbox_doubtful(struct store *, struct arena *, int64_t after,
    size_t max, struct outbox_row **out, size_t *n_out, struct cd_err *err)
    CD_CHECK;
/* CD_ABSENT: no row with this Message-ID is doubtful. */
enum cd_rc outbox_find_doubtful(struct store *, struct arena *,
    const char *message_id, struct outbox_row *out, struct cd_err *err)
    CD_CHECK;
/* When the next queued row is due; CD_ABSENT: none. */
enum cd_rc outbox_next_due(struct store *, int64_t *due_out,
    struct cd_err *err) CD_CHECK;
/* How many went out since then; looks at all of them. */
enum cd_rc outbox_sent_since(struct store *, int64_t since, int64_t *n_out,
    struct cd_err *err) CD_CHECK;
/* The oldest answer queued since then that was tried so often and waits for its next
 * try, and what the server said to it ("" where it said nothing); CD_ABSENT: none. */
enum cd_rc outbox_stuck(struct store *, struct arena *, int64_t since,
    int attempts, int64_t *since_out, const char **why_out,
    struct cd_err *err) CD_CHECK;
enum cd_rc outbox_count_states(struct store *,
    int64_t counts_out[OUTBOX_STATE_COUNT], struct cd_err *err) CD_CHECK;

/* Automatic answers (queued, claimed, committing, sent, doubtful) since then:
 * every NULL is "any". */
struct outbox_question {
	int64_t since, until;	/* until 0: whenever */
	const char *to_canonical, *domain, *handle;
	const char *about;	/* the company that the mail answered was about,
				 * else the case is */
	int64_t case_id;	/* 0: any */
	/* A limit, for who wants to know only whether it is reached. Where
	 * there are fewer even with those that never went out, that count may
	 * be given: an index tells it alone. 0: the number must be right. */
	int64_t enough;
};
enum cd_rc outbox_count(struct store *, const struct outbox_question *,
    int64_t *n_out, struct cd_err *err) CD_CHECK;

/* The daemon-wide brake. CD_ABSENT: off. Outputs may be NULL. While it is on
 * the first reason stays. */
enum cd_rc brake_get(struct store *, struct arena *, int64_t *since_out,
    const char **why_out, struct cd_err *err) CD_CHECK;
enum cd_rc brake_set(struct store *, int64_t now, const char *why,
    struct cd_err *err) CD_CHECK;	/* why NULL: let go */
/* When it was last let go while it was on; 0: never. */
enum cd_rc brake_resumed(struct store *, int64_t *out, struct cd_err *err)
    CD_CHECK;

/* Addresses that no mail may go to. CD_ABSENT: alive. */
enum cd_rc dead_get(struct store *, struct arena *, const char *canonical,
    const char **why_out, struct cd_err *err) CD_CHECK;
enum cd_rc dead_set(struct store *, const char *canonical, int64_t now,
    const char *why, struct cd_err *err) CD_CHECK;	/* why NULL: alive */

#endif
