#ifndef CD_FLOW_DESK_H
#define CD_FLOW_DESK_H

#include "flow/engine.h"
#include "store/cases.h"

/*
 * What a person does with a case, the same for the command line and the web.
 * Each opens its own transaction and writes an event with the actor's name.
 * CD_ABSENT: no such case. CD_REFUSED: says why not.
 */
struct desk {
	const struct engine *engine;	/* NULL where nothing is rendered */
	struct store *store;
	struct arena *arena;
	const char *actor;
	int64_t now;
	const char *language;	/* of a template's words, one of theirs or
				 * CD_MALFORMED; NULL: whom it goes to */
	const char **said;	/* what else came of it, for a person; NULL:
				 * nobody is to be told */
};

/* Send the draft - made anew where its link has expired - or a template, or the
 * person's own text. Whatever it says, it goes to the draft's recipient and
 * answers the draft's mail; where there is no draft, to whom an automatic answer
 * to the newest mail of the case's own people would go. A link is for the company that
 * the mail answered is about (company_answered). The note that the company is approved
 * goes to the colleagues too (note_colleagues). The link or the steps
 * settle a refusal. While somebody else's draft or mail waits in the case, and the
 * note was no answer to it, it stays in review with what that one waits for. seen:
 * highest event id that the person saw, 0 = do not check; a newer mail, answer,
 * decision on the state, or colleague's note refuses the send and is named. */
enum cd_rc desk_send(const struct desk *, int64_t id, const char *template,
    const char *text, int64_t seen, int64_t *outbox_out, struct cd_err *err)
    CD_CHECK;
/* seen: as for a send; whoever closes must have seen all, too. */
enum cd_rc desk_close(const struct desk *, int64_t id, int64_t seen,
    struct cd_err *err) CD_CHECK;
enum cd_rc desk_reopen(const struct desk *, int64_t id, struct cd_err *err)
    CD_CHECK;
enum cd_rc desk_assign(const struct desk *, int64_t id, const char *who,
    struct cd_err *err) CD_CHECK;	/* "" or "-": nobody */
enum cd_rc desk_note(const struct desk *, int64_t id, const char *text,
    struct cd_err *err) CD_CHECK;
/* Only what is in review, where it comes back to: else CD_REFUSED. seen: as for
 * close. */
enum cd_rc desk_snooze(const struct desk *, int64_t id, int64_t until,
    int64_t seen, struct cd_err *err) CD_CHECK;
/* The heavier of what the two wait for goes on in `into`. A draft goes along, and is
 * a reason to look at the other case, unless nothing waits there, it is another
 * company's or the very same one waits there. */
enum cd_rc desk_merge(const struct desk *, int64_t id, int64_t into,
    struct cd_err *err) CD_CHECK;
/* What the mail (0: the newest) really is, or "-": what a person said of it before
 * is taken back. The newest one's is the case's reading, too. CD_DONE: it was read
 * so, or nobody had said anything. */
enum cd_rc desk_label(const struct desk *, int64_t id, int64_t mail,
    const char *intent, struct cd_err *err) CD_CHECK;
/* Whom desk_send would answer now, in which language, and the authentication of the
 * mail that it answers, NULL: there is none; "": there is nobody. */
struct recipient {
	const char *addr, *language, *authentication;
};
enum cd_rc desk_recipient(const struct desk *, int64_t id,
    struct recipient *out, struct cd_err *err) CD_CHECK;
/* What the template would say to the sender of this case. Changes nothing. */
enum cd_rc desk_preview(const struct desk *, int64_t id, const char *template,
    struct rendered *out, struct cd_err *err) CD_CHECK;

#endif
