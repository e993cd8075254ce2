/*
 * The decision table. Read it from the top: the first row whose question is
 * answered by yes is taken. A wrong answer is worse than a question to a
 * person, so everything that speaks against answering stands above the answers.
 */
#include <string.h>

#include "text/decide.h"

typedef bool predicate(const struct facts *);

struct row {
	const char *reason;	/* NULL: `why` has it */
	enum action action;
	predicate *is;
	const char *(*why)(const struct facts *);
};

/* A mail goes back to the people, who find it as it came, only when it is this likely
 * that it has nothing to do with us. Of everyday lessons that were held back and read
 * so at 0.5 to 0.6 one in nine was from people who needed us, of labelled mails two of
 * 23; of the lessons that are made to mislead, half. */
#define LEAVE_FROM	0.50
/* A case is closed, a mail taken for a machine's, from here on. */
#define CLOSE_FROM	0.90
#define IGNORE_FROM	0.80
/* Of the doubt that review_below leaves, so much may be that nothing should be
 * sent at all, which is worse than another answer. (Of held-back mails that 0.96
 * lets pass 187 of 56,342 were answered falsely below this, 82 of 2,365 above it.
 * To ask instead whether any rule speaks for the answer held back more that was
 * right and less that was false.) */
#define MOST_NONE_DUE	0.5

static bool
intent_is(const struct facts *f, enum intent intent)
{
	return f->reading.intent == intent;
}

static double
likely(const struct facts *f, enum intent intent)
{
	double p = f->reading.probability[intent];

	if (intent == f->reading.intent && f->reading.confidence > p)
		return f->reading.confidence;
	return p;
}

static bool
asks_for_approval(enum intent intent)
{
	return intent == INTENT_WANT_LINK || intent == INTENT_ADMIN_HELP ||
	    intent == INTENT_CANT_FIND_APP || intent == INTENT_GREYED_OUT;
}

/* What the intent alone would be answered with, all else being well; LEAVE:
 * with nothing. */
static enum action
plain_action(const struct facts *f, enum intent intent)
{
	bool help = asks_for_approval(intent) ||
	    (intent == INTENT_BLOCKED && f->has_help);

	if (f->tenant_approved && (help || intent == INTENT_BLOCKED))
		return ACTION_APPROVED_NOTE;
	if (help)
		return f->domain ? ACTION_LINK : ACTION_ASK_DOMAIN;
	if (intent == INTENT_BLOCKED)
		return ACTION_STEPS;
	if (intent == INTENT_IS_IT_SAFE)
		return ACTION_SAFETY;
	if (intent == INTENT_PERSONAL_ACCOUNT)
		return ACTION_PERSONAL_NOTE;
	return ACTION_LEAVE;
}

static bool
would_send(const struct facts *f)
{
	return action_sends(plain_action(f, f->reading.intent));
}

/* How sure is the answer: several readings may ask for the same one. */
static double
answer_confidence(const struct facts *f)
{
	enum action action = plain_action(f, f->reading.intent);
	double sum = 0;

	for (size_t i = 0; i < INTENT_COUNT; i++) {
		enum intent intent = (enum intent)i;

		if (plain_action(f, intent) == action)
			sum += likely(f, intent);
	}
	return sum;
}

/* What answers us, or comes from somebody who waits for a person, is a machine's only
 * by its header fields or its words: the model's guess silences no customer. */
static bool
machine(const struct facts *f)
{
	return f->automatic || (intent_is(f, INTENT_AUTOMATIC) &&
	    !f->has_help && !f->case_waits && !f->reading.code_said &&
	    !f->reading.torn &&
	    likely(f, INTENT_AUTOMATIC) >= IGNORE_FROM);
}

static bool
perhaps_machine(const struct facts *f)
{
	return intent_is(f, INTENT_AUTOMATIC);
}

static bool
unclear(const struct facts *f)
{
	return f->reading.torn && strcmp(f->reading.torn, "unclear") == 0;
}

/* "The client is redhill.com": what the person who has the case lacks. */
static bool
adds_a_company(const struct facts *f)
{
	return (f->case_waits || f->client_unnamed) &&
	    (f->reading.named_domain || f->reading.several_domains);
}

/* "So what now?", or the wall once more: to one whose trouble a person has not
 * mended yet the steps are no answer. */
static bool
adds_nothing(const struct facts *f)
{
	if (f->complaint_waits && intent_is(f, INTENT_BLOCKED))
		return true;
	return f->trouble_waits && f->reading.vague && !adds_a_company(f);
}

static bool
not_ours(const struct facts *f)
{
	/* Who writes Microsoft's code has met an error of theirs. */
	return intent_is(f, INTENT_OTHER) && !f->reading.torn &&
	    !adds_a_company(f) && !f->reading.code_said &&
	    likely(f, INTENT_OTHER) >= LEAVE_FROM;
}

static bool
perhaps_ours(const struct facts *f)
{
	return intent_is(f, INTENT_OTHER);
}

/* Whose company it is that an outsider approved for, only a person can tell. */
static bool
approved(const struct facts *f)
{
	return intent_is(f, INTENT_APPROVED) && !f->reading.torn &&
	    !f->outsider && likely(f, INTENT_APPROVED) >= CLOSE_FROM;
}

/* What the other form says may be a request, or that it does not work. Two that
 * both want nothing differ in what is of no matter to us. */
static bool
forms_differ(const struct facts *f)
{
	struct facts other = *f;

	if (!f->hold || strcmp(f->hold, "forms_differ") != 0)
		return false;
	if (!not_ours(f) || !f->other_form)
		return not_ours(f) || approved(f);
	other.reading = *f->other_form;
	return !not_ours(&other);
}

static bool
perhaps_approved(const struct facts *f)
{
	return intent_is(f, INTENT_APPROVED);
}

static bool
still_blocked(const struct facts *f)
{
	return intent_is(f, INTENT_STILL_BLOCKED);
}

/* A colleague's approval went wrong, or he is wrong about it: another link mends
 * neither. Who asks for it in so many words gets it. */
static bool
blocked_after_claim(const struct facts *f)
{
	return f->claim_waits && !f->tenant_approved && !adds_a_company(f) &&
	    (intent_is(f, INTENT_BLOCKED) || (f->reading.vague &&
	    asks_for_approval(f->reading.intent)));
}

static bool
refused(const struct facts *f)
{
	return intent_is(f, INTENT_REFUSED);
}

static bool
torn(const struct facts *f)
{
	return f->reading.torn != NULL;
}

static bool
code_of_another_matter(const struct facts *f)
{
	return *f->reading.remedy &&
	    strcmp(f->reading.remedy, "consent") != 0;
}

/* All that can be read in the mail is the code; or it hits every customer, which
 * says more than what one of them makes of it: but a refusal stays one, and what
 * is over is over. */
static bool
code_above_all(const struct facts *f)
{
	const struct reading *r = &f->reading;

	if (!r->code_said || !code_of_another_matter(f))
		return false;
	if (intent_is(f, INTENT_OTHER) || intent_is(f, INTENT_AUTOMATIC))
		return true;
	return strcmp(r->remedy, "vendor_urgent") == 0 && !refused(f) &&
	    !approved(f) && !(r->torn && strcmp(r->torn, "legal_words") == 0);
}

/* Whatever he wants, Microsoft has said what is wrong. */
static bool
code_decides(const struct facts *f)
{
	const struct reading *r = &f->reading;

	return r->code_said && code_of_another_matter(f) && r->torn &&
	    strcmp(r->torn, "close_readings") == 0;
}

static bool
foreign_cloud(const struct facts *f)
{
	return f->foreign_cloud;
}

static bool
other_tenant(const struct facts *f)
{
	enum action a = plain_action(f, f->reading.intent);

	return f->reading.other_tenant &&
	    (a == ACTION_LINK || a == ACTION_ASK_DOMAIN || a == ACTION_STEPS);
}

static bool
several_domains(const struct facts *f)
{
	return f->reading.several_domains &&
	    plain_action(f, f->reading.intent) == ACTION_LINK;
}

/* To be told that it is approved is no help then. */
static bool
approval_removed(const struct facts *f)
{
	return f->reading.removed && f->tenant_approved &&
	    (f->reading.intent == INTENT_BLOCKED ||
	    asks_for_approval(f->reading.intent));
}

/* How likely is it that nothing should be sent? */
static double
none_due(const struct facts *f)
{
	double sum = 0;

	for (size_t i = 0; i < INTENT_COUNT; i++) {
		enum intent intent = (enum intent)i;

		if (!action_sends(plain_action(f, intent)))
			sum += likely(f, intent);
	}
	return sum;
}

static bool
unsure(const struct facts *f)
{
	return answer_confidence(f) < f->review_below ||
	    none_due(f) > MOST_NONE_DUE * (1 - f->review_below);
}

static bool
taken(const struct facts *f)
{
	return f->taken;
}

static bool
too_old(const struct facts *f)
{
	return f->too_old;
}

static bool
held(const struct facts *f)
{
	return f->hold != NULL;
}

static bool
limited(const struct facts *f)
{
	return f->limit != NULL;
}

static bool
not_authenticated(const struct facts *f)
{
	switch (f->policy) {
	case AUTH_REQUIRE_PASS:
		return f->authentication != AUTH_PASS;
	case AUTH_REQUIRE_NOT_FAIL:
		return f->authentication == AUTH_FAIL;
	case AUTH_REQUIRE_OFF:
		return false;
	}
	return true;
}

static bool
answer_approved_note(const struct facts *f)
{
	return plain_action(f, f->reading.intent) == ACTION_APPROVED_NOTE;
}

static bool
answer_personal_note(const struct facts *f)
{
	return plain_action(f, f->reading.intent) == ACTION_PERSONAL_NOTE;
}

/* Who writes from a company's mailbox has a company, whatever account he tells of. */
static bool
company_mailbox(const struct facts *f)
{
	return answer_personal_note(f) && !f->consumer;
}

static bool
answer_link(const struct facts *f)
{
	return plain_action(f, f->reading.intent) == ACTION_LINK;
}

static bool
answer_ask_domain(const struct facts *f)
{
	return plain_action(f, f->reading.intent) == ACTION_ASK_DOMAIN;
}

static bool
answer_safety(const struct facts *f)
{
	return plain_action(f, f->reading.intent) == ACTION_SAFETY;
}

static bool
answer_steps(const struct facts *f)
{
	return plain_action(f, f->reading.intent) == ACTION_STEPS;
}

static bool
always(const struct facts *f)
{
	(void)f;
	return true;
}

static const char *
why_torn(const struct facts *f)
{
	return f->reading.torn;
}

static const char *
why_held(const struct facts *f)
{
	return f->hold;
}

static const char *
why_limited(const struct facts *f)
{
	return f->limit;
}

static const char *
why_code(const struct facts *f)
{
	static const char *const reasons[][2] = {
		{ "customer_admin", "code_customer_admin" },
		{ "user", "code_user" },
		{ "vendor", "code_vendor" },
		{ "vendor_urgent", REASON_VENDOR_URGENT },
		{ "national_cloud", "code_national_cloud" },
		{ "retry", "code_retry" },
	};

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (strcmp(reasons[i][0], f->reading.remedy) == 0)
			return reasons[i][1];
	}
	return "code_other";
}

static const struct row table[] = {
	/* Nothing for us to do. */
	{ "automatic",		ACTION_IGNORE,	machine, NULL },
	{ NULL,			ACTION_REVIEW,	code_above_all, why_code },
	{ "perhaps_automatic",	ACTION_REVIEW,	perhaps_machine, NULL },
	{ "unclear",		ACTION_REVIEW,	unclear, NULL },
	{ "forms_differ",	ACTION_REVIEW,	forms_differ, NULL },
	{ "other",		ACTION_LEAVE,	not_ours, NULL },
	{ "perhaps_ours",	ACTION_REVIEW,	perhaps_ours, NULL },
	{ "approved",		ACTION_CLOSE,	approved, NULL },
	{ "perhaps_approved",	ACTION_REVIEW,	perhaps_approved, NULL },

	/* A person's matter by what it says. */
	{ "still_blocked",	ACTION_REVIEW,	still_blocked, NULL },
	{ "refused",		ACTION_REVIEW,	refused, NULL },
	{ NULL,			ACTION_REVIEW,	code_decides, why_code },
	{ NULL,			ACTION_REVIEW,	torn, why_torn },
	{ NULL,			ACTION_REVIEW,	code_of_another_matter,
						why_code },
	{ "foreign_cloud",	ACTION_REVIEW,	foreign_cloud, NULL },
	{ "other_tenant",	ACTION_REVIEW,	other_tenant, NULL },
	{ "several_domains",	ACTION_REVIEW,	several_domains, NULL },
	{ "approval_removed",	ACTION_REVIEW,	approval_removed, NULL },
	{ "writes_again",	ACTION_REVIEW,	adds_nothing, NULL },
	{ "still_blocked",	ACTION_REVIEW,	blocked_after_claim, NULL },
	{ "unsure",		ACTION_REVIEW,	unsure, NULL },
	{ "contradiction",	ACTION_REVIEW,	company_mailbox, NULL },

	/* It could be answered, but may not be. */
	{ "taken",		ACTION_REVIEW,	taken, NULL },
	{ "too_old",		ACTION_REVIEW,	too_old, NULL },
	{ NULL,			ACTION_REVIEW,	held, why_held },
	{ "not_authenticated",	ACTION_REVIEW,	not_authenticated, NULL },
	{ NULL,			ACTION_REVIEW,	limited, why_limited },

	/* The answers. */
	{ "tenant_approved",	ACTION_APPROVED_NOTE, answer_approved_note,
						NULL },
	{ "personal_account",	ACTION_PERSONAL_NOTE, answer_personal_note,
						NULL },
	{ "asks_for_approval",	ACTION_LINK,	answer_link, NULL },
	{ "no_company_domain",	ACTION_ASK_DOMAIN, answer_ask_domain, NULL },
	{ "is_it_safe",		ACTION_SAFETY,	answer_safety, NULL },
	{ "blocked",		ACTION_STEPS,	answer_steps, NULL },

	{ "no_rule",		ACTION_REVIEW,	always, NULL },
};

static const char *const names[ACTION_COUNT] = {
	[ACTION_IGNORE] = "ignore",
	[ACTION_LEAVE] = "leave",
	[ACTION_REVIEW] = "review",
	[ACTION_CLOSE] = "close",
	[ACTION_APPROVED_NOTE] = "approved_note",
	[ACTION_PERSONAL_NOTE] = "personal_note",
	[ACTION_LINK] = "link",
	[ACTION_ASK_DOMAIN] = "ask_domain",
	[ACTION_SAFETY] = "safety",
	[ACTION_STEPS] = "steps",
};

const char *
action_name(enum action action)
{
	cd_assert(action < ACTION_COUNT);
	return names[action];
}

bool
action_of(struct str name, enum action *out)
{
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		if (str_eq(name, str_of(names[i]))) {
			*out = (enum action)i;
			return true;
		}
	}
	return false;
}

bool
action_sends(enum action action)
{
	return action >= ACTION_APPROVED_NOTE && action < ACTION_COUNT;
}

/* The draft a person would start from: what the code asks for; what would have
 * been sent; for one who is still blocked the link, or what to try when that
 * was sent. */
static const char *
draft(const struct facts *f)
{
	if (f->foreign_cloud)
		return NULL;
	if (code_of_another_matter(f))
		return f->reading.draft;
	if (other_tenant(f))
		return action_name(ACTION_ASK_DOMAIN);
	if (f->link_sent && intent_is(f, INTENT_PERSONAL_ACCOUNT))
		return "wrong_account";
	if (approval_removed(f))
		return action_name(ACTION_LINK);
	if (still_blocked(f) || blocked_after_claim(f))
		return f->domain && !f->link_sent && !f->tenant_approved
		    ? action_name(ACTION_LINK) : "still_blocked";
	/* Perhaps the name that the request before it lacked: for that one. */
	if (perhaps_ours(f) && f->client_unnamed)
		return action_name(plain_action(f, INTENT_WANT_LINK));
	if (would_send(f))
		return action_name(plain_action(f, f->reading.intent));
	return NULL;
}

/* Is there more in the mail than what is answered? */
static const char *
stays(const struct facts *f, enum action action)
{
	if (action == ACTION_SAFETY && f->reading.own_questions)
		return "own_questions";
	return action_sends(action) && f->reading.second_matter
	    ? "second_matter" : NULL;
}

struct verdict
decide(const struct facts *f)
{
	const struct row *row = table;
	struct verdict v;

	while (!row->is(f))
		row++;
	v.action = row->action;
	v.reason = row->why ? row->why(f) : row->reason;
	v.template = NULL;
	v.again = v.action == ACTION_REVIEW && adds_nothing(f) &&
	    !code_of_another_matter(f) && strcmp(v.reason, "legal_words") != 0;
	v.stays = stays(f, v.action);
	if (action_sends(v.action))
		v.template = action_name(v.action);
	else if (v.action == ACTION_REVIEW && !v.again)
		v.template = draft(f);
	return v;
}
