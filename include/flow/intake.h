#ifndef CD_FLOW_INTAKE_H
#define CD_FLOW_INTAKE_H

#include <jansson.h>

#include "flow/engine.h"
#include "io/authority.h"
#include "store/cases.h"
#include "store/mails.h"
#include "text/screen.h"

/*
 * From a mail's bytes to a decision, and from a decision to rows.
 *
 * A batch goes through three steps: examine (pure, with a look into the store
 * for the thread), discover (the network, once for all domains of the batch),
 * store (one transaction: mail, case, events, answer, cursor).
 */

/* Everything that reading one mail gave; lives in the arena. */
struct examined {
	struct message message;
	struct visible visible;
	struct screen screen;
	enum authentication authentication;
	const char *authentication_why;
	const char *from;		/* address, NULL if there is none */
	const char *canonical;		/* of it */
	const char *identity;
	enum thread_context context;
	const char *context_why;	/* what told it, one line */
	int64_t thread_case;		/* of a signed id or reference, 0 none */
	const char *case_domain;	/* the company that the case is about
					 * which this mail goes on; NULL: none
					 * known, or no case of the sender's */
	bool case_solved;		/* and somebody said in it that it works,
					 * or was told so, last */
	bool outsider;			/* facts'; while it is recorded, and of a
					 * stored mail */
	bool case_waits;		/* the sender's case waits for a person, or
					 * has had no answer */
	bool has_link;			/* a link was made for the sender in it */
	enum client client;		/* is a case of his about a client? */
	enum picture picture;
	bool papers;			/* something else is attached */
	const char *language;
	struct reading reading;
	const struct reading *other_form; /* facts' */
	bool consumer;			/* the sender's mailbox is one */
	const char *domain;		/* company's, NULL: none known */
	const char *tenant_hint;	/* GUID of a pasted URL, or NULL */
};

/* The mail alone (`explain`). */
void intake_examine(const struct engine *, struct arena *, struct str raw,
    struct examined *out);
/* And what our own last answer in its thread says a short reply means. Fails as
 * the store does: nothing may be decided of the mail then. */
enum cd_rc intake_examine_thread(const struct engine *, struct arena *,
    struct store *, struct str raw, struct examined *out, struct cd_err *err)
    CD_CHECK;

/* A stored mail as today's rules and model see it. Zones, screening,
 * authentication and context are those found when it came. false: there is
 * nothing to read (it was purged, or never read). */
bool intake_reread(const struct engine *, struct arena *,
    const struct mail_row *, struct examined *out);
/* What screening said against an answer to the mail of this detail; NULL:
 * nothing. */
const char *intake_hold(struct arena *, const char *detail);
/* What was decided of it under facts that no mail holds (limits, age, the
 * tenant's approval, a person's thread) and that its row tells. */
void intake_stored_facts(const struct mail_row *, struct facts *);
/* The examined mail as a person reads it: so, without doubt. */
void intake_read_as(struct examined *, enum intent);

/* The last steps of examining, once all else is known: language, reading and
 * company; and the company anew after another reading: the one that the text
 * names (or may mean, by one who has a link of the case), else the one that its
 * case is about, else the sender's own; none while a client is meant that nobody
 * has named. */
void intake_read(const struct engine *, struct arena *, struct examined *);
void intake_company(struct examined *);
/* Whose case it is, should a person have to find out what it wants: the sender's
 * company, as far as the mail is about none; NULL: nobody knows. */
const char *intake_sender_company(const struct examined *);
/* The mail goes on this case, in which its sender is at home: what the case knows
 * of its company and client. Outside its thread a mail is about another company
 * than its sender's only where he has none, or where the case waits to be told
 * which. */
enum cd_rc intake_of_case(struct store *, struct arena *, struct examined *,
    const struct case_row *, bool in_thread, struct cd_err *err) CD_CHECK;

/* Of ours, what is it? CONTEXT_LINK: our link is in it; CONTEXT_HELP: our steps;
 * CONTEXT_OTHER: neither. */
enum thread_context intake_context_of_text(struct str);

/* What is passed on within the mail, or as a mail attached to it, as far as it is
 * looked at; n is 0 if nothing is. */
struct str intake_passed_on(const struct examined *);

/* What rules and model see of an examined mail. */
struct classify_input intake_input(struct arena *, const struct examined *);

/* Facts and verdict of the mail alone, as explain shows them: no limits, no
 * tenant known. */
void intake_facts(const struct engine *, const struct examined *,
    struct facts *out);

struct intake_mail {
	uint32_t uid;
	int64_t received;	/* INTERNALDATE */
	struct str raw;
	bool poison;		/* it failed three times, or was never given
				 * (raw.n = 0): straight to a person */
};

struct intake_batch {
	const char *mailbox;	/* "user@host/folder" */
	struct cursor cursor;	/* as it was read; next_uid is moved on */
	const struct intake_mail *mails;
	size_t n;
	int discover_ms;	/* deadline of all discovery */
	/* A further batch follows at once, and no mail is moved: the rows need
	 * not outlive a crash of the machine by themselves. With them the
	 * cursor is undone, the mails are read again, and no answer has left:
	 * the commit before that makes these rows last. */
	bool more;
};

struct intake_result {
	size_t answers;		/* rows queued: wake `send` */
	size_t stored;
	uint32_t *handled;	/* UIDs closed by the daemon alone: they may go
				 * to done_folder at once */
	size_t n_handled;
	int64_t asked_ms;	/* spent waiting for discovery's answers */
};

/* All three steps. The transaction moves the cursor behind the last UID.
 * authority may be NULL (nothing is asked). Any failure rolls back and leaves
 * the batch to be tried again. */
enum cd_rc intake_run(const struct engine *, struct store *,
    struct authority *, struct arena *, const struct intake_batch *,
    int64_t now, struct intake_result *out, struct cd_err *err) CD_CHECK;

/* Put the questions of these mails, which come with a later batch, under way;
 * *n_out is how many were new. Nothing else comes of it. It costs a second
 * examination, and so is for times when discovery is what takes long. */
enum cd_rc intake_ahead(const struct engine *, struct store *,
    struct authority *, struct arena *, const struct intake_batch *,
    int64_t now, size_t *n_out, struct cd_err *err) CD_CHECK;

/* Mails of the Sent folder: one that the daemon did not sign and that answers a
 * case takes the case for the person who wrote it; our own settles a doubtful
 * row. Moves that folder's cursor, past one that is poison without a look at it. */
enum cd_rc intake_sent(const struct engine *, struct store *, struct arena *,
    const struct intake_batch *, int64_t now, struct cd_err *err) CD_CHECK;

/* explain's JSON of one mail: see DESIGN.md. */
struct str intake_explain(struct arena *, const char *file,
    const struct examined *, const struct verdict *);
/* The same for the mail's row, which has text and evidence of its own: without
 * these, and with the mail's references, with what its case said, with the mail
 * attached to it as far as it was read, and, where an answer goes to another address
 * than From's, that one. answer_to: NULL, nobody. */
const char *intake_detail(struct arena *, const struct examined *,
    const struct verdict *, const struct mailbox *answer_to);
/* Evidence alone, as a JSON array. */
const char *intake_evidence(struct arena *, const struct reading *);

#endif
