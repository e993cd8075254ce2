#ifndef CD_TEXT_DECIDE_H
#define CD_TEXT_DECIDE_H

#include "text/authres.h"
#include "text/classify.h"

/*
 * The heart: a pure function from facts to a verdict, written as a table that
 * a support lead can read; the first row that fits is taken.
 */
enum action {
	ACTION_IGNORE,		/* a machine: nothing, not even a flag */
	ACTION_LEAVE,		/* nothing to do with this: as it came */
	ACTION_REVIEW,		/* a person decides */
	ACTION_CLOSE,		/* solved: close quietly */
	ACTION_APPROVED_NOTE, ACTION_PERSONAL_NOTE, ACTION_LINK,
	ACTION_ASK_DOMAIN, ACTION_SAFETY, ACTION_STEPS,
	ACTION_COUNT
};

const char *action_name(enum action);		/* "ask_domain" */
bool action_of(struct str name, enum action *out);
bool action_sends(enum action);			/* does it answer? */

enum auth_policy { AUTH_REQUIRE_PASS, AUTH_REQUIRE_NOT_FAIL, AUTH_REQUIRE_OFF };

struct facts {
	const char *automatic;	/* screen's reason, or NULL */
	const char *hold;	/* screen's reason why not to send, or NULL */
	enum authentication authentication;
	enum auth_policy policy;
	struct reading reading;
	const struct reading *other_form; /* of a mail with this hold for it; NULL:
				 * the other form was not read */
	double review_below;	/* confidence under which a person decides */
	bool has_help;		/* has the help message or our steps already */
	bool link_sent;		/* we sent this case the link before */
	bool case_waits;	/* the sender's case waits for a person */
	bool complaint_waits;	/* and with it that the wall is still there */
	bool trouble_waits;	/* with that, a question or a refusal */
	bool client_unnamed;	/* it is about a client whom nobody has named */
	bool consumer;		/* the sender's mailbox is a private one */
	bool outsider;		/* he writes in the thread of another one's company */
	bool claim_waits;	/* somebody has said in the case that it is approved, and
				 * nobody has looked into that yet */
	const char *domain;	/* the company's, NULL if none is known */
	bool tenant_approved;
	bool foreign_cloud;	/* US Gov or 21Vianet */
	bool too_old;
	bool taken;		/* a person of ours has this thread */
	const char *limit;	/* NULL, or which limit is reached:
				 * "sender_per_day", "same_answer_in_7_days",
				 * "case", "domain", "hour", "dead_address" */
};

/* The code complains of our own secret or certificate: every customer meets it,
 * and an alarm is raised. */
#define REASON_VENDOR_URGENT "code_vendor_urgent"

struct verdict {
	enum action action;
	const char *reason;	/* the row's reason code, static */
	const char *template;	/* the answer, or the draft a person would start
				 * from; NULL if none */
	bool again;		/* nothing new: what waits goes on as it is */
	const char *stays;	/* why the case waits for a person though it is
				 * answered, static; NULL: it does not */
};

struct verdict decide(const struct facts *);

#endif
