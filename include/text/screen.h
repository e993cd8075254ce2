#ifndef CD_TEXT_SCREEN_H
#define CD_TEXT_SCREEN_H

#include "text/message.h"
#include "text/report.h"
#include "text/visible.h"

/*
 * Two gates, each with reason codes: is this a machine, and may we send?
 * Signals and sources: RFC 3834, RFC 5230 and what responders in the field act
 * on. A table, first match wins.
 */
struct screen_context {
	const char *const *own;	/* our addresses, canonical form */
	size_t n_own;
};

struct screen {
	/* NULL: a person; else the reason code. Who: own_mail. Structure:
	 * bounce, bounce_delayed, delivery_notice, read_receipt,
	 * feedback_report, calendar. Headers: out_of_office,
	 * out_of_office_subject, auto_submitted, auto_reply_header, list,
	 * precedence, newsletter, loop_header, autoresponder_mailbox,
	 * null_return_path, machine_sender. Words: report_words,
	 * receipt_words, calendar_words, ticket_words, challenge_words,
	 * out_of_office_words, left_company_words, automatic_words,
	 * newsletter_words. */
	const char *automatic;
	const char *automatic_evidence; /* the header or words, "" if NULL */
	bool guessed;		/* by nothing but what people come by as well: words,
				 * a name, marks that a service desk's software, a
				 * gateway or a rule puts on their mail */
	const char *hold;	/* NULL, or why no answer may be sent although
				 * a person wrote it: "suppress_all",
				 * "null_sender", "no_reply_sender",
				 * "through_group", "list_unsubscribe",
				 * "not_addressed", "copy_only", "several_from",
				 * "no_from", "own_address", "read_in_part",
				 * "forms_differ" */
	const char *hold_evidence;
	struct report report;	/* REPORT_NONE unless a delivery report */
	bool calendar, out_of_office, receipt;
};

/* A group of our own name that wrote its address into From, as Google's groups do
 * for the sake of the writer's DMARC policy, tells the writer in X-Original-From,
 * or a mailing list in Reply-To (RFC 7960 4.1.3); so does a form of our own that
 * writes to us in our name. Puts the writer back into From. false: it is no such
 * mail, and nothing was changed. Nobody vouches for the writer then, and anybody
 * can write such a mail: what its From was says who did. */
bool screen_undo_group(struct arena *, struct message *,
    const struct screen_context *);

void screen_run(struct arena *, const struct message *, const struct visible *,
    const struct screen_context *, struct screen *out);

#endif
