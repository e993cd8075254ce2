#ifndef CD_FLOW_PENDING_H
#define CD_FLOW_PENDING_H

#include "flow/intake.h"
#include "text/decide.h"

/*
 * What a case in review waits for a person with, from light to heavy: of two the
 * heavier one is the case's, until a person acts.
 */
enum pending {
	PENDING_NOTHING,
	PENDING_MATTER,		/* a draft, something unclear */
	PENDING_COMPLAINT,	/* still blocked, or an error of Microsoft's */
	PENDING_QUESTION,	/* whether it is safe, or of money: "it works" is no
				 * answer */
	PENDING_REFUSAL		/* or law: nothing goes out by itself */
};

enum pending pending_of(const struct case_row *);

/* Why nothing may go out by itself: "refused", "legal_words"; NULL: it may. */
const char *pending_hold(const struct case_row *);

/* What a person is to see of the case is not lost by a later mail: the answer to
 * that one may go out (`answers`), but the case, `row` after it, waits on with the
 * heavier of the two, and as it was where the mail adds nothing. True: the drafts
 * that waited before are still of use, for the same person too. */
bool pending_goes_on(const struct case_row *before, const struct verdict *,
    bool answers, struct case_row *row);

/* Is a mail that says "it works" the answer to what waits? To what its own writer
 * complained of or what nobody understood, and to nothing else: where he named
 * several companies it may work for one of them. canonical: who wrote it. */
enum cd_rc pending_settled(struct store *, const struct case_row *before,
    const struct verdict *, const char *canonical, bool *out,
    struct cd_err *err) CD_CHECK;

/* Is it about the approval at all? */
bool pending_is_of_approval(const struct case_row *);

/* Does the note that the company is approved say what that draft would, or
 * better? */
bool pending_note_says(const char *handle);

/* Is the note an answer to that mail, which waits for a person? */
bool pending_note_answers(struct arena *, const struct mail_row *);

/* Does the case wait for a person even when the note that the company is approved
 * has gone out? That answers whoever was stopped or asked for the link, and nothing
 * else that a mail of the case waits with, or a draft answers; and no person's
 * word to come back to it: put off, reopened, noted. */
enum cd_rc pending_outlives_note(struct store *, struct arena *,
    const struct case_row *, int64_t now, bool *out, struct cd_err *err)
    CD_CHECK;

/* A person closed the case: no answer of the daemon's own follows, but for the word
 * that the company is approved. */
enum cd_rc pending_closed(struct store *, struct arena *, int64_t case_id,
    int64_t now, struct cd_err *err) CD_CHECK;

/* Is that answer to that person on its way and not sent yet, whoever queued it? Who
 * writes meanwhile has not seen it. */
enum cd_rc pending_same(struct store *, struct arena *, int64_t case_id,
    const char *template, const char *to_canonical, bool *out,
    struct cd_err *err) CD_CHECK;

/* A mail that was read and decided, and the case that it goes on. */
struct pending_mail {
	const struct examined *x;
	const struct verdict *v;
	const struct case_row *before;	/* the case before it */
	const struct case_row *about;	/* the company of the mail itself */
	int64_t case_id;
	const char *to_addr;	/* whom an answer goes to */
	bool kept;		/* pending_goes_on */
	bool inherited;		/* an earlier mail of the case refused, not it */
};

/* What was drafted, or queued and not begun to be sent, is dropped where this newer
 * mail makes it wrong: drafts that its own answer takes the place of; all but a
 * person's own words after a refusal; the writer's own after "it works", the
 * question for the company or the link, where he told which. */
enum cd_rc pending_answers(struct store *, struct arena *,
    const struct pending_mail *, int64_t now, struct cd_err *err) CD_CHECK;

#endif
