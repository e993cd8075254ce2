#ifndef CD_FLOW_NOTE_H
#define CD_FLOW_NOTE_H

#include "flow/answer.h"

/*
 * The note that the company is approved: whom it may go to by itself.
 */

/* Why the case's person is not to get it, for what was written last in the case
 * and by him; NULL: he may. */
enum cd_rc note_hold(const struct engine *, struct store *, struct arena *,
    const struct case_row *, const char **why_out, struct cd_err *err) CD_CHECK;

bool note_is(const struct outbox_row *);
/* Has the case's person the note, or is he about to? or_draft: or is it his draft
 * there? */
enum cd_rc note_told(struct store *, struct arena *, const struct case_row *,
    bool or_draft, bool *out, struct cd_err *err) CD_CHECK;

/* Did the steps or the link go to the case's person? */
enum cd_rc note_helped(struct store *, struct arena *, const struct case_row *,
    bool *out, struct cd_err *err) CD_CHECK;

/* Whoever else the steps or the link went to in the case, or by a private mailbox
 * the question for his company, gets it too, unless he got it since, or his newest
 * mails or dead address forbid it, or a draft for him waits for a person. Needs an
 * open transaction. */
enum cd_rc note_colleagues(const struct engine *, struct store *,
    struct arena *, const struct case_row *, int64_t now, struct cd_err *err)
    CD_CHECK;

/* Has the writer of the mail got the note since, or is he about to? Nobody has whom
 * the mail does not name. */
enum cd_rc note_since(struct store *, struct arena *, const struct mail_row *,
    bool *out, struct cd_err *err) CD_CHECK;

/* Who else waits in the case, in review, for what the note tells, and has not got it:
 * he may not be proven. It is his draft, unless he refused, and *out the newest such
 * mail; CD_ABSENT: there is none. Needs an open transaction. */
enum cd_rc note_missed(const struct engine *, struct store *, struct arena *,
    const struct case_row *, int64_t now, struct mail_row *out,
    struct cd_err *err) CD_CHECK;

/* Whoever was to get the steps or the link by a draft of the case, or by what is
 * queued and not begun to be sent, does not get it; but for the case's person, whom
 * others tell, he gets the note instead: as his draft, or by itself as
 * note_colleagues has it. Needs an open transaction. */
enum cd_rc note_instead(const struct engine *, struct store *, struct arena *,
    const struct case_row *, bool draft, int64_t now, struct cd_err *err)
    CD_CHECK;

/* An answer to the mail of that identity; NULL: a new thread. Needs an open
 * transaction. */
enum cd_rc note_write(const struct engine *, struct store *, struct arena *,
    struct answer_request, const char *identity, int64_t now,
    struct cd_err *err) CD_CHECK;

#endif
