#ifndef CD_TEXT_CLASSIFY_H
#define CD_TEXT_CLASSIFY_H

#include <stdbool.h>

#include "text/model.h"
#include "text/rules.h"
#include "text/visible.h"

/*
 * What the person wants, from rules and model together, with calibrated
 * confidence and the evidence for it.
 */
enum intent {
	INTENT_OTHER, INTENT_AUTOMATIC, INTENT_BLOCKED, INTENT_WANT_LINK,
	INTENT_ADMIN_HELP, INTENT_CANT_FIND_APP, INTENT_GREYED_OUT,
	INTENT_IS_IT_SAFE, INTENT_APPROVED, INTENT_STILL_BLOCKED,
	INTENT_PERSONAL_ACCOUNT, INTENT_REFUSED, INTENT_COUNT
};

const char *intent_name(enum intent);		/* "want_link" */
bool intent_of(struct str name, enum intent *out);
bool intent_is_ours(enum intent);	/* our matter: neither other nor automatic */

/* What this mail answers, as its headers, quotes and our own store tell. */
enum thread_context {
	CONTEXT_FIRST,		/* first contact */
	CONTEXT_HELP,		/* answers the help message or our steps */
	CONTEXT_LINK,		/* answers a mail with the one-click link */
	CONTEXT_ASK_DOMAIN,	/* answers our question for the work domain */
	CONTEXT_OTHER,		/* answers some other mail of ours */
	CONTEXT_FORWARD,	/* passes a mail on to us */
	CONTEXT_COUNT
};
const char *context_name(enum thread_context);
bool context_of(struct str name, enum thread_context *out);

/* Whose matter is the case that the mail goes on: a client's of the sender's,
 * as a service company has them? */
enum client {
	CLIENT_NONE,		/* no, or no such case is known */
	CLIENT_UNNAMED,		/* and nobody has said yet which one's */
	CLIENT_NAMED,
	CLIENT_BESIDE		/* a named one's, and the mail is not in its
				 * thread; or is in another company's */
};
const char *client_name(enum client);		/* "unnamed"; "" if none */
bool client_of(struct str name, enum client *out);

/* Whose Microsoft 365 the approval has to be given in, by the model: learned from
 * lessons that say it ("tenant"). */
enum whose {
	WHOSE_UNKNOWN,		/* nobody said */
	WHOSE_OWN,		/* the company's that the writer writes from */
	WHOSE_OTHER,		/* a client's, a sister company's, a parent's */
	WHOSE_COUNT
};
const char *whose_name(enum whose);		/* "own"; "" if unknown */
bool whose_of(struct str name, enum whose *out);

/* Does the mail bring a picture? */
enum picture {
	PICTURE_NONE,		/* no; or it may be the signature's */
	PICTURE_SHOWN,		/* within the text: perhaps a mere logo */
	PICTURE_ATTACHED
};

struct classify_input {
	struct str subject;
	struct str zone[ZONE_COUNT];	/* visible's */
	const char *sender;		/* address, "" if unknown */
	struct str attachments;		/* names, one a line */
	enum thread_context context;
	const char *language;		/* language_of's */
	const char *automatic;		/* screen's, or NULL */
	bool case_waits;		/* the sender has a case of this matter
					 * that waits for a person */
	enum client client;		/* of that case */
	enum picture picture;
};

struct evidence {
	const char *rule;	/* rule id, or "model:<feature>" */
	const char *zone;	/* rule_zone_name */
	const char *match;	/* the words, at most 120 bytes */
	double weight;		/* towards the intent chosen */
	const char *says;	/* what the rule speaks for rather, where that
				 * asks for another answer: an intent, or
				 * "elsewhere"; else NULL */
	double says_weight;
};

struct reading {
	enum intent intent;
	double confidence;	/* 0 .. 1, calibrated */
	enum intent second;
	double second_confidence;
	double probability[INTENT_COUNT]; /* of every intent, sum 1: several
				 * intents may ask for the same answer */
	const char *torn;	/* NULL, or why a person must decide:
				 * "close_readings", "rules_against_model",
				 * "no_rule_agrees", "contradiction", "no_cloud",
				 * "strong_emotion", "legal_words",
				 * "unclear", "unread_language", "rule_limit"
				 * (a pattern gave up on a text made to be
				 * slow) */
	const char *role;	/* "admin" "owner" "msp" "user" "unknown" */
	int code;		/* AADSTS code named, 0 if none */
	bool code_said;		/* it is surely Microsoft's, and was newly written,
				 * or stands in a mail that answers none of ours */
	const char *remedy;	/* of the code, "" if none: "consent",
				 * "customer_admin", "user", "vendor",
				 * "vendor_urgent", "national_cloud", "retry";
				 * "unknown" of a code that is in no list */
	const char *draft;	/* template for a code that consent does not
				 * solve, NULL if none */
	const char *tenant_guid; /* of a pasted Microsoft URL, NULL if none */
	const char *named_domain; /* company domain that the new text names for
				 * the tenant, NULL if none */
	const char *perhaps_domain; /* or that it names, where the sender's may
				 * be meant as well; else NULL */
	bool several_domains;	/* it names more than one, or pastes two tenants,
				 * or the sender's company may be meant as
				 * well */
	bool removed;		/* the approval or the app was taken away again */
	bool vague;		/* no rule sees what it would be answered for */
	bool own_questions;	/* about safety, which our text does not answer */
	bool second_matter;	/* speaks of money or of another matter, too,
				 * whatever else it wants */
	enum whose whose;	/* by the model; WHOSE_OWN without one */
	bool other_tenant;	/* perhaps about another's tenant, and nobody says
				 * whose: an MSP's client that he does not name */
	struct evidence *evidence;
	size_t n_evidence;	/* at most CD_MAX_EVIDENCE, telling first; what
				 * speaks for another answer before all else
				 * where that is why torn */
};

struct classifier;

/* Rules folder and model file (NULL: rules alone); `product` words (name,
 * also_known_as) and our own domains are given so that rules can speak of
 * {product}. */
struct classifier_options {
	const char *rules_dir;
	const char *model_file;
	const char *const *product_names;
	size_t n_product_names;
	const char *const *own_domains;
	size_t n_own_domains;
	const char *client_id;	/* of our application; NULL: not known */
};
enum cd_rc classifier_load(const struct classifier_options *,
    struct classifier **out, struct cd_err *err) CD_CHECK;
void classifier_free(struct classifier **);
const struct rules *classifier_rules(const struct classifier *);

/* Not for two threads at once with one classifier. */
void classify_run(const struct classifier *, struct arena *,
    const struct classify_input *, struct reading *out);

#endif
