#ifndef CD_FLOW_PENDING_H
#define CD_FLOW_PENDING_H

#include "store/cases.h"
#include "text/decide.h"

/*
 * What a case in review waits for a person with, from light to heavy: of two the
 * heavier one is the case's, until a person acts.
 */
enum pending {
	PENDING_NOTHING,
	PENDING_MATTER,		/* a draft, something unclear */
	PENDING_COMPLAINT,	/* still blocked, or an error of Microsoft's */
	PENDING_QUESTION,	/* whether it is safe: "it works" is no answer */
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

/* Does the case wait for a person even when the note that the company is approved
 * has gone out? That answers whoever was stopped or asked for the link, and nothing
 * else that a mail of the case waits with, or a draft answers; and no person's
 * word to come back to it: put off, reopened, noted. */
enum cd_rc pending_outlives_note(struct store *, struct arena *,
    const struct case_row *, int64_t now, bool *out, struct cd_err *err)
    CD_CHECK;

/* A newer mail that gets an answer, or its draft, drops its own writer's drafts;
 * one that gets none drops all, as a refusal does. Where the older matter goes on
 * the drafts stay, unless the very same answer is made anew; another company's link
 * or note is another answer. to_addr: whom the answer goes to. template: NULL, there
 * is none. about: the company of the mail; NULL: it corrects the one before. */
enum cd_rc pending_drafts(struct store *, struct arena *, int64_t case_id,
    bool goes_on, const char *template, const char *to_addr,
    const struct case_row *about, int64_t now, struct cd_err *err) CD_CHECK;

/* He says, or seems to, that it works: drafts of help against the wall are none for
 * him any more, whatever else the case waits with. */
enum cd_rc pending_works(struct store *, struct arena *, int64_t case_id,
    const char *to_addr, int64_t now, struct cd_err *err) CD_CHECK;

#endif
