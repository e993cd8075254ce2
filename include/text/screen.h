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
	const char *automatic;	/* NULL: a person; else the reason code, e.g.
				 * "auto_submitted", "bounce", "list",
				 * "out_of_office_words", "calendar" */
	const char *automatic_evidence; /* the header or words, "" if NULL */
	const char *hold;	/* NULL, or why no answer may be sent although
				 * a person wrote it: "suppress_all",
				 * "null_sender", "no_reply_sender",
				 * "not_addressed", "several_from",
				 * "no_from", "own_address" */
	const char *hold_evidence;
	struct report report;	/* REPORT_NONE unless a delivery report */
	bool calendar, out_of_office, receipt;
};

void screen_run(struct arena *, const struct message *, const struct visible *,
    const struct screen_context *, struct screen *out);

#endif
