#ifndef CD_STORE_CASES_H
#define CD_STORE_CASES_H

#include "store/db.h"

/*
 * Cases and their timeline. A case is one person's matter from the first mail
 * to the approval.
 */
enum case_state { CASE_REVIEW, CASE_WAITING, CASE_APPROVED, CASE_CLOSED };
#define CASE_STATE_COUNT 4

const char *case_state_name(enum case_state);	/* "review" ... */
bool case_state_of(const char *name, enum case_state *out);

struct case_row {
	int64_t id;
	enum case_state state;
	const char *reason;	/* why it is in review, else "" */
	const char *intent;
	const char *from_addr, *from_name;
	const char *canonical;	/* of from_addr */
	const char *domain;	/* company's, NULL if not known */
	const char *tenant;	/* GUID, NULL if not known */
	const char *subject, *language;
	const char *assignee;	/* NULL: nobody */
	int64_t opened, updated;
	int64_t place;		/* in its list; read only: of what is in review
				 * since when it waits, else `updated` */
	int64_t snoozed_until;	/* 0: not snoozed */
	const char *last_action; /* "link sent", "review: still_blocked" */
	bool taken;		/* a person of ours answers by ordinary mail */
	int64_t linked;		/* another case it came from, 0: none */
	int64_t merged_into;	/* 0: not merged */
};

enum cd_rc cases_add(struct store *, const struct case_row *, int64_t *id_out,
    struct cd_err *err) CD_CHECK;
enum cd_rc cases_get(struct store *, struct arena *, int64_t id,
    struct case_row *out, struct cd_err *err) CD_CHECK;
/* Every field but id, opened and place. CD_ABSENT: no such case. */
enum cd_rc cases_update(struct store *, const struct case_row *,
    struct cd_err *err) CD_CHECK;
/* What became of its answer, for last_action. `updated` moves only if it is older
 * than a minute. CD_ABSENT: no such case. */
enum cd_rc cases_note(struct store *, int64_t id, const char *last_action,
    int64_t now, struct cd_err *err) CD_CHECK;
/* Mails, answers and timeline of `from` go over to `into`; `from` is closed, waits
 * for nothing and says where it went, and so do those that were merged into it.
 * Should `into` be in review it waits as long as either did; its next cases_update
 * is to say. CD_ABSENT: no such case. CD_REFUSED: into itself. */
enum cd_rc cases_merge(struct store *, int64_t from, int64_t into,
    struct cd_err *err) CD_CHECK;

/* The cases that were merged into it, then those that came from it (`linked`) and
 * were merged into none; the newest first. */
enum cd_rc cases_beside(struct store *, struct arena *, int64_t id,
    struct case_row **out, size_t *n_out, struct cd_err *err) CD_CHECK;

/* The newest case of this person that is not closed or merged; if tenant and
 * the case's are both known they must be the same, else if both domains are,
 * those must be. CD_ABSENT. */
enum cd_rc cases_open_of(struct store *, struct arena *, const char *canonical,
    const char *tenant, const char *domain, struct case_row *out,
    struct cd_err *err) CD_CHECK;

struct case_filter {
	const char *state;	/* NULL: all; a name, or "snoozed": review put
				 * off; another one: CD_MALFORMED */
	const char *search;	/* NULL, or words: people, companies, text */
	const char *tenant, *domain, *intent, *language, *assignee; /* or NULL */
	int64_t before_place, before_id; /* 0, or the last row of the page
					  * before */
	size_t limit;
};
/* Review first, by `place`: whoever waits longest; who writes once more meanwhile
 * keeps it. Other states by the last thing that happened, newest first. Snoozed
 * cases are left out of review until their time. The next page is asked for with
 * the last row's place and id.
 *
 * A search finds cases where all words (of any case, with or without accents)
 * are in the case's address, name, domain and subject, or in those and the text
 * of one of its mails; "lind*" stands for every word that begins so. It looks
 * at the newest CD_MAX_FOUND hits. Any string is a valid one, but for a
 * beginning that stands for very many words: CD_MALFORMED. */
enum cd_rc cases_list(struct store *, struct arena *,
    const struct case_filter *, int64_t now, struct case_row **out,
    size_t *n_out, struct cd_err *err) CD_CHECK;
enum cd_rc cases_count(struct store *, int64_t counts_out[CASE_STATE_COUNT],
    struct cd_err *err) CD_CHECK;
/* Those of the review that are put off. */
enum cd_rc cases_count_asleep(struct store *, int64_t now, int64_t *n_out,
    struct cd_err *err) CD_CHECK;
/* Cases of the tenant, or with none of a domain known to be of it, that are in
 * review or waiting; by id, all of them. */
enum cd_rc cases_open_of_tenant(struct store *, struct arena *,
    const char *tenant, struct case_row **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;
/* Cases of that domain whose tenant is not known, in review or waiting; by id, all
 * of them. */
enum cd_rc cases_open_of_domain(struct store *, struct arena *,
    const char *domain, struct case_row **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;
/* Cases of the tenant that are not closed and have the note that it is approved,
 * sent or to be sent; by id, all of them. */
enum cd_rc cases_told_of_tenant(struct store *, struct arena *,
    const char *tenant, struct case_row **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;

struct event_row {
	int64_t id, case_id;
	int64_t mail_id, outbox_id; /* 0: none */
	int64_t at;
	const char *kind;	/* "mail", "decision", "answer", "sent",
				 * "send_failed", "send_doubtful", "bounce",
				 * "consent", "consent_error", "state", "note",
				 * "assign", "taken", "label", "merge",
				 * "snooze", "approval" */
	const char *actor;	/* "consentdesk", or who of the team */
	const char *text;	/* one line for a person */
	const char *data;	/* JSON object or NULL */
};
enum cd_rc events_add(struct store *, const struct event_row *,
    struct cd_err *err) CD_CHECK;
/* Oldest first. */
enum cd_rc events_of(struct store *, struct arena *, int64_t case_id,
    struct event_row **out, size_t *n_out, struct cd_err *err) CD_CHECK;
/* When the newest mail of a person came into the case, somebody last changed its
 * state, it was approved or not, or an answer of ours is known not to have arrived,
 * whichever is latest; 0: none of it. answered: a Message-ID without <>, or NULL;
 * that mail, if it is the newest, does not count. */
enum cd_rc cases_newest(struct store *, int64_t id, const char *answered,
    int64_t *at_out, struct cd_err *err) CD_CHECK;
/* The newest event of all, 0: none yet. Another number: something changed. */
enum cd_rc events_newest(struct store *, int64_t *id_out, struct cd_err *err)
    CD_CHECK;
/* Of that case, 0: none. */
enum cd_rc events_newest_of(struct store *, int64_t case_id, int64_t *id_out,
    struct cd_err *err) CD_CHECK;

/* All rows of one person, gone for good: cases with their timeline, answers,
 * corrections, search words, the note of a dead address. A case in which others
 * wrote too stays with their mails, their answers and the team's notes; it takes
 * its person, subject and language from the last of those mails. Of each mail a
 * stub stays (mailbox, UID, a hash of its identity; action "ignore", reason
 * "forgotten"), since it still lies in the mailbox and must not be answered
 * anew. *n_out counts mails and cases that went.
 *
 * store_commit then overwrites what was deleted on the disk, in many short
 * transactions more (half a minute in a large database). Should that fail it
 * says so, though the rows are gone; forgetting once more ends it. */
enum cd_rc cases_forget(struct store *, const char *canonical, int64_t *n_out,
    struct cd_err *err) CD_CHECK;

#endif
