#ifndef CD_FLOW_CONSENT_H
#define CD_FLOW_CONSENT_H

#include "flow/engine.h"
#include "store/cases.h"

/*
 * Microsoft's return (facts/microsoft.md 1.3, 1.4) and approvals seen
 * elsewhere. A forged or replayed return changes nothing.
 */
struct consent_return {
	const char *admin_consent, *tenant, *state, *error;
	const char *error_description;	/* each NULL if not there */
};

enum consent_outcome {
	CONSENT_APPROVED,	/* the tenant is approved (now or before) */
	CONSENT_DECLINED,	/* the admin pressed Cancel */
	CONSENT_NOT_ADMIN,	/* the account may not approve */
	CONSENT_WRONG_TENANT,	/* another company's account was used */
	CONSENT_EXPIRED,	/* our state is too old */
	CONSENT_FORGED,		/* the state is not ours */
	CONSENT_FAILED,		/* another error of Microsoft's */
	CONSENT_LATER		/* consent_returned itself failed */
};

/* Open cases of a tenant that was approved. */
struct consent_tally {
	size_t told;		/* the note goes out by itself */
	size_t review;		/* left to a person: to tell, or, where it was
				 * approved before, with what was written since */
};

struct consent_result {
	enum consent_outcome outcome;
	struct consent_tally tally;
	int64_t case_id;	/* 0: none */
	int code;		/* AADSTS code, 0 none */
	const char *language;	/* the case's, "" if not known */
};

enum cd_rc consent_returned(const struct engine *, struct store *,
    struct arena *, const struct consent_return *, int64_t now,
    struct consent_result *out, struct cd_err *err) CD_CHECK;

/* Did whoever opened the case's link last have no right to approve, or leave it
 * at that? */
enum cd_rc consent_lacks_right(struct store *, struct arena *, int64_t case_id,
    bool *out, struct cd_err *err) CD_CHECK;

/* The whole tenant is approved: every open case of it is told - its person, and
 * each colleague whom steps or the link went to in it - and moves to `approved`.
 * Where nothing may go by itself - the mode says so, the sender is not proven,
 * refused or speaks of law, asks whether it is safe and waits for a person's
 * word, his mail or dead address forbids it, a person has the thread - the case
 * is left in `review`, with the note as its draft unless the mode is off; so is one
 * who wrote of something else and was never helped. A case that waits for a person
 * with more than the note tells (pending_outlives_note), or with somebody whom it may
 * not go to by itself and whose draft it is (note_missed), is told, and waits on. Older
 * drafts of a case are dropped for the note, but for those that answer what it waits
 * on with; whoever else had one of the steps
 * or the link gets a note of his own, drafted or by itself as the case's is.
 * Said once more it leaves those cases as they are, and those whose person has the
 * note. actor: who saw it. Opens its own transaction. CD_MALFORMED: no company has
 * this tenant. */
enum cd_rc consent_approve(const struct engine *, struct store *,
    struct arena *, const char *tenant, const char *how, const char *actor,
    int64_t now, struct consent_tally *out, struct cd_err *err) CD_CHECK;
/* The same, seen by Microsoft's return on the link of that case (0: of none),
 * which may not have known its tenant until now: then other cases of its domain
 * that know none either are left in `review` as above. */
enum cd_rc consent_approve_case(const struct engine *, struct store *,
    struct arena *, const char *tenant, int64_t case_id, int64_t now,
    struct consent_tally *out, struct cd_err *err) CD_CHECK;

/* The approval is gone: mails of that tenant get the link again, and its next
 * approval tells the open cases anew; those that have the note and wait for nothing
 * only say that it is so again. The cases that have the note get an event,
 * and what of it is not sent is not sent any more; *cases_out of them. Opens its
 * own transaction. CD_ABSENT: no such tenant. CD_REFUSED: it is not approved. */
enum cd_rc consent_withdraw(struct store *, struct arena *, const char *tenant,
    const char *actor, int64_t now, size_t *cases_out, struct cd_err *err)
    CD_CHECK;

#endif
