#ifndef CD_STORE_MAILS_H
#define CD_STORE_MAILS_H

#include "store/db.h"

/*
 * Mails that came in, one row each whatever was decided, and the cursor of
 * each mailbox.
 */

/* `mailbox` is "user@host/folder". next_uid: the lowest UID not yet stored. */
struct cursor {
	uint32_t uidvalidity;
	uint32_t next_uid;
	int64_t baseline;	/* mails received before it are none of ours,
				 * should they come by again; 0: none are */
	uint32_t rescan_below;	/* UIDs below it were there when UIDVALIDITY
				 * changed; 0: it never did */
};

/* CD_ABSENT: this mailbox was never read. */
enum cd_rc cursor_get(struct store *, const char *mailbox, struct cursor *out,
    struct cd_err *err) CD_CHECK;
enum cd_rc cursor_set(struct store *, const char *mailbox,
    const struct cursor *, int64_t now, struct cd_err *err) CD_CHECK;
/* When that one's was set last; CD_ABSENT: it has none. */
enum cd_rc cursor_set_at(struct store *, const char *mailbox, int64_t *at_out,
    struct cd_err *err) CD_CHECK;
/* The mailboxes that have a cursor, the one that was set last first. */
enum cd_rc mailboxes_read(struct store *, struct arena *, const char ***out,
    size_t *n_out, struct cd_err *err) CD_CHECK;

struct mail_row {
	int64_t id;
	const char *mailbox;
	uint32_t uidvalidity, uid;
	const char *identity;	/* Message-ID without <>, or "sha256:...", or
				 * "unreadable:..." */
	int64_t received_at;	/* INTERNALDATE */
	int64_t seen_at;	/* when we read it */
	int64_t case_id;	/* 0: none */
	const char *action, *reason;	/* decide's, by name */
	const char *automatic;	/* NULL: a person */

	/* What follows is NULL where the mail has nothing to do with us. For
	 * the actions "leave" and "ignore" the schema sees to that (else
	 * CD_MALFORMED), but for authentication, language and intent, which
	 * stats may count. */
	const char *from_addr, *from_name;
	const char *canonical;	/* of from_addr */
	const char *subject;
	const char *authentication, *language, *intent, *domain;
	double confidence;
	const char *visible;	/* newly written text */
	const char *full_text;
	const char *evidence;	/* JSON array, as explain prints it */
	const char *detail;	/* JSON object: zones, attachments, gates,
				 * message_id, references, answer_to ...; its
				 * "context" comes back in label_row */
	struct str raw;		/* only of a mail we could not read */
};

/* CD_DONE: (mailbox, uidvalidity, uid) is stored already. */
enum cd_rc mails_add(struct store *, const struct mail_row *, int64_t *id_out,
    struct cd_err *err) CD_CHECK;
/* The newest mail of that identity in that mailbox, whatever its UID, a duplicate
 * only where there is no other; CD_ABSENT. One that was forgotten (see cases_forget) is
 * found too: reason "forgotten". */
enum cd_rc mails_find(struct store *, struct arena *, const char *mailbox,
    const char *identity, struct mail_row *out, struct cd_err *err) CD_CHECK;
/* The one that is known to be from that sender; CD_ABSENT. */
enum cd_rc mails_find_from(struct store *, struct arena *, const char *mailbox,
    const char *identity, const char *canonical, struct mail_row *out,
    struct cd_err *err) CD_CHECK;
/* Those of the mailbox that an answer has left for, of those seen since then:
 * oldest first, id and uid alone. */
enum cd_rc mails_answered(struct store *, struct arena *, const char *mailbox,
    uint32_t uidvalidity, int64_t seen_since, size_t max,
    struct mail_row **out, size_t *n_out, struct cd_err *err) CD_CHECK;
/* After a UIDVALIDITY change: the row goes on under its new UID; or, of validity
 * 0, which no mailbox has: it lies in another folder now. CD_DONE:
 * another row has that UID, or there is no such mail. */
enum cd_rc mails_move(struct store *, int64_t id, uint32_t uidvalidity,
    uint32_t uid, struct cd_err *err) CD_CHECK;
/* The server gives these UIDs to other mails: no row of the mailbox has one any
 * more, until mails_move gives it the new one; and what failed is forgotten. */
enum cd_rc mails_loosen(struct store *, const char *mailbox,
    uint32_t uidvalidity, struct cd_err *err) CD_CHECK;
/* Of this validity, the rows with the highest UIDs that were stored by their
 * Message-ID: highest first, uid and identity alone, at most max. */
enum cd_rc mails_newest(struct store *, struct arena *, const char *mailbox,
    uint32_t uidvalidity, size_t max, struct mail_row **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;
enum cd_rc mails_get(struct store *, struct arena *, int64_t id,
    struct mail_row *out, struct cd_err *err) CD_CHECK;
/* The case that a mail with this Message-ID (theirs or ours) belongs to;
 * CD_ABSENT. */
enum cd_rc mails_case(struct store *, const char *message_id,
    int64_t *case_out, struct cd_err *err) CD_CHECK;
/* The newest mail of a case by a person; CD_ABSENT. */
enum cd_rc mails_last(struct store *, struct arena *, int64_t case_id,
    struct mail_row *out, struct cd_err *err) CD_CHECK;
/* The newest mail of a case whose sender is stored, by that person or, canonical
 * NULL, by anybody; CD_ABSENT. */
enum cd_rc mails_last_of(struct store *, struct arena *, int64_t case_id,
    const char *canonical, struct mail_row *out, struct cd_err *err) CD_CHECK;
/* The newest mail of that person in any case; CD_ABSENT. */
enum cd_rc mails_last_from(struct store *, struct arena *,
    const char *canonical, struct mail_row *out, struct cd_err *err) CD_CHECK;
/* Does a mail of somebody else than that person wait in the case: no answer to it
 * is on its way, and no person has settled or taken the case or answered him since?
 * Who refused is seen to with the answer to anybody. */
enum cd_rc mails_others_wait(struct store *, int64_t case_id,
    const char *canonical, bool *out, struct cd_err *err) CD_CHECK;
/* Those mails, newest first, at most max; *n_out may be 0. */
enum cd_rc mails_of_others(struct store *, struct arena *, int64_t case_id,
    const char *canonical, size_t max, struct mail_row **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;
/* What a list says of a case besides its reason: the authentication of the newest
 * mail of a person, NULL if there is none; and of the newest eight, as far as they
 * were seen since then and left to a person, what weighed most with that:
 * "legal_words" before "strong_emotion", else NULL. */
struct mail_signs {
	const char *authentication, *torn;
};
enum cd_rc mails_signs(struct store *, struct arena *, int64_t case_id,
    int64_t since, struct mail_signs *out, struct cd_err *err) CD_CHECK;
/* Did somebody say in the case, of that company (NULL: of any), that it is approved,
 * and has no person acted in it since? */
enum cd_rc mails_claimed(struct store *, int64_t case_id, const char *domain,
    bool *out, struct cd_err *err) CD_CHECK;
/* Is a mail about the matter in the case that is about no company? From a
 * company's address it is one of a client whom nobody has named. */
enum cd_rc mails_of_nobody(struct store *, int64_t case_id, bool *out,
    struct cd_err *err) CD_CHECK;
/* Stored mails in order of id after `after`, at most max; *n_out may be 0. */
enum cd_rc mails_since(struct store *, struct arena *, int64_t seen_since,
    int64_t after, size_t max, struct mail_row **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;

/* Count a failed try to read this UID, as so many; *tries_out is the count so far,
 * which mails_add of that UID clears, as does mails_passed where none is added. */
enum cd_rc mails_failed(struct store *, const char *mailbox,
    uint32_t uidvalidity, uint32_t uid, int as, int *tries_out,
    struct cd_err *err) CD_CHECK;
enum cd_rc mails_passed(struct store *, const char *mailbox,
    uint32_t uidvalidity, uint32_t uid, struct cd_err *err) CD_CHECK;

/* A person's correction of a mail's intent, kept for eval and train for as long
 * as the mail's text is; the last one counts. CD_ABSENT: no such mail. */
enum cd_rc mails_label(struct store *, int64_t mail_id, const char *intent,
    const char *actor, int64_t now, struct cd_err *err) CD_CHECK;
/* Takes such a correction back. */
enum cd_rc mails_unlabel(struct store *, int64_t mail_id, struct cd_err *err)
    CD_CHECK;
/* A mail of the case, or, mail_id 0, the newest whose sender is stored, with what a
 * person has said of it. CD_ABSENT: there is none, it is another case's, or nothing
 * was read in it. */
struct labelled {
	struct mail_row mail;
	bool newest;
	const char *label;	/* NULL: nothing */
};
enum cd_rc mails_to_label(struct store *, struct arena *, int64_t case_id,
    int64_t mail_id, struct labelled *out, struct cd_err *err) CD_CHECK;
struct label_row {
	int64_t mail_id;
	const char *text, *subject, *context, *intent, *language;
};
/* Those whose mail still has its text. */
enum cd_rc mails_labels(struct store *, struct arena *, struct label_row **out,
    size_t *n_out, struct cd_err *err) CD_CHECK;
/* How many have it no more. */
enum cd_rc mails_labels_forgotten(struct store *, int64_t *n_out,
    struct cd_err *err) CD_CHECK;

/* Remove texts of mails read before `before` (privacy): visible, full_text,
 * raw, evidence matches, what was attached (in detail, as "inner"), and the
 * bodies of finished answers to them; the bodies of finished answers made before
 * it, whatever they answer. The rows and their reasons stay, and so does what
 * may yet be sent: drafts, and whose fate is not known. *n_out counts the texts;
 * at most CD_MAX_PURGE of a kind, so that no other process waits long: commit,
 * and call again while *n_out > 0. */
enum cd_rc mails_purge(struct store *, int64_t before, int64_t *n_out,
    struct cd_err *err) CD_CHECK;

#endif
