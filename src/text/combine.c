#include <math.h>
#include <string.h>

#include "text/combine.h"

/* Rules may not shout each other down: points of one intent end here. */
#define MOST_POINTS	6.0
/* Readings nearer than this, with different answers, are a person's. */
#define CLOSE		0.15
/* From here on the model is believed without a rule: what answers our own mail
 * is about our matter more often than not. */
#define ALONE		0.97
#define ALONE_IN_REPLY	0.90
#define ALONE_OUT_OF_BLUE 0.99
/* From here on what the rules say against it holds no answer back, but that it is
 * another matter: of texts held back from the model those were wrong as rarely
 * as all that are answered. Out of the blue a mailbox must be named too. */
#define SURE_IN_REPLY	0.94
#define SURE_OUT_OF_BLUE 0.98
/* Who has approved already, cannot, or will not, must not be told to approve;
 * with this much of a doubt a person looks. */
#define TROUBLE		0.05
/* A rule that says so needs less of the model. */
#define TROUBLE_NAMED	0.015
/* Good news may tell of the wall that was: from here on it is good news. */
#define SURELY_DONE	0.9
/* Nor do the rules alone make a matter ours. */
#define SURELY_OTHER	0.9

unsigned
fact_of(const char *name)
{
	static const struct {
		const char *name;
		unsigned fact;
	} facts[] = {
		{ "role.admin", FACT_ADMIN }, { "role.owner", FACT_OWNER },
		{ "role.msp", FACT_MSP }, { "role.user", FACT_USER },
		{ "legal_words", FACT_LEGAL },
		{ "strong_emotion", FACT_EMOTION },
		{ "unclear", FACT_UNCLEAR }, { "matter", FACT_MATTER },
		{ "bare.yes", FACT_YES }, { "bare.done", FACT_DONE },
		{ "bare.thanks", FACT_THANKS }, { "bare.no", FACT_NO },
		{ "bare.question", FACT_QUESTION }, { "screen", FACT_SCREEN },
		{ "says_approved", FACT_CLAIM },
		{ "elsewhere", FACT_ELSEWHERE },
		{ "worked_before", FACT_WORKED },
		{ "cue.mailbox", FACT_MAIL }, { "cue.admin", FACT_ADMIN_WORD },
		{ "cue.approve", FACT_APPROVE_WORD }, { "code", FACT_CODE },
		{ "bare.yes_thanks", FACT_YES_THANKS },
		{ "cue.approved_past", FACT_PAST },
		{ "cue.still", FACT_STILL },
		{ "cue.refuse", FACT_REFUSE_WORD },
		{ "cue.forwarded", FACT_PASSED_ON },
		{ "cue.tried_all", FACT_TRIED_ALL },
		{ "cue.but_me", FACT_BUT_ME },
	};

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		if (strcmp(facts[i].name, name) == 0)
			return facts[i].fact;
	}
	return 0;
}

struct meaning {
	unsigned fact;
	enum thread_context context;
	enum intent intent;
	double points;
};

static const struct meaning meanings[] = {
	{ FACT_YES, CONTEXT_HELP, INTENT_WANT_LINK, 3 },
	{ FACT_YES_THANKS, CONTEXT_HELP, INTENT_WANT_LINK, 5 },
	{ FACT_YES, CONTEXT_ASK_DOMAIN, INTENT_WANT_LINK, 1 },
	{ FACT_YES, CONTEXT_FIRST, INTENT_OTHER, 4 },
	{ FACT_YES, CONTEXT_OTHER, INTENT_OTHER, 4 },
	{ FACT_YES, CONTEXT_LINK, INTENT_OTHER, 2 },
	{ FACT_DONE, CONTEXT_HELP, INTENT_APPROVED, 3 },
	{ FACT_DONE, CONTEXT_LINK, INTENT_APPROVED, 4 },
	{ FACT_DONE, CONTEXT_ASK_DOMAIN, INTENT_APPROVED, 1 },
	{ FACT_DONE, CONTEXT_OTHER, INTENT_OTHER, 6 },
	{ FACT_DONE, CONTEXT_FIRST, INTENT_OTHER, 2 },
	{ FACT_THANKS, CONTEXT_HELP, INTENT_OTHER, 4 },
	{ FACT_THANKS, CONTEXT_LINK, INTENT_OTHER, 3 },
	{ FACT_THANKS, CONTEXT_FIRST, INTENT_OTHER, 4 },
	{ FACT_THANKS, CONTEXT_OTHER, INTENT_OTHER, 4 },
	{ FACT_NO, CONTEXT_OTHER, INTENT_OTHER, 4 },
	{ FACT_NO, CONTEXT_FIRST, INTENT_OTHER, 4 },
	{ FACT_QUESTION, CONTEXT_HELP, INTENT_BLOCKED, 3 },
	{ FACT_QUESTION, CONTEXT_LINK, INTENT_BLOCKED, 2 },
};

void
combine_context(struct signals *s, enum thread_context context)
{
	s->answers_us = context == CONTEXT_HELP || context == CONTEXT_LINK ||
	    context == CONTEXT_ASK_DOMAIN;
	/* "ok thanks" thanks. */
	if (s->facts & FACT_THANKS)
		s->facts &= ~(unsigned)FACT_YES;
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		const struct meaning *m = &meanings[i];

		if ((s->facts & m->fact) && m->context == context)
			s->points[m->intent] += m->points;
	}
}

struct calibration
combine_default(bool with_model)
{
	struct calibration c = {
		.from_model = with_model ? 1.0 : 0.0,
		.from_rules = with_model ? 0.3 : 0.9,
	};

	if (!with_model)
		c.bias[INTENT_OTHER] = 1.5;
	return c;
}

static double
clip(double points)
{
	return fmax(-MOST_POINTS, fmin(MOST_POINTS, points));
}

void
combine_probabilities(const struct signals *s, const struct calibration *c,
    double *p)
{
	double most = -HUGE_VAL, sum = 0;

	for (size_t k = 0; k < INTENT_COUNT; k++) {
		p[k] = c->from_model * s->scores[k] +
		    c->from_rules * clip(s->points[k]) + c->bias[k];
		most = fmax(most, p[k]);
	}
	for (size_t k = 0; k < INTENT_COUNT; k++) {
		p[k] = exp(p[k] - most);
		sum += p[k];
	}
	for (size_t k = 0; k < INTENT_COUNT; k++)
		p[k] /= sum;
}

int
intent_kind(enum intent intent)
{
	switch (intent) {
	case INTENT_WANT_LINK:
	case INTENT_ADMIN_HELP:
	case INTENT_CANT_FIND_APP:
	case INTENT_GREYED_OUT:
	case INTENT_BLOCKED:
		return 0;
	case INTENT_STILL_BLOCKED:
	case INTENT_REFUSED:
		return 1;
	case INTENT_OTHER:
	case INTENT_AUTOMATIC:
	case INTENT_IS_IT_SAFE:
	case INTENT_APPROVED:
	case INTENT_PERSONAL_ACCOUNT:
	case INTENT_COUNT:
		break;
	}
	return 2 + (int)intent;
}

static bool
about_us(enum intent intent)
{
	return intent != INTENT_OTHER && intent != INTENT_AUTOMATIC;
}

/* Probability of all readings that one answer fits. */
static double
kind_probability(const struct reading *r, enum intent intent)
{
	double sum = 0;

	for (size_t k = 0; k < INTENT_COUNT; k++) {
		if (intent_kind((enum intent)k) == intent_kind(intent))
			sum += r->probability[k];
	}
	return sum;
}

static bool
close_readings(const struct reading *r)
{
	if (intent_kind(r->intent) == intent_kind(r->second))
		return false;
	if (!about_us(r->intent))
		return false;
	return kind_probability(r, r->intent) -
	    kind_probability(r, r->second) < CLOSE;
}

/* The rules are sure of another answer than the one that was found. */
static bool
rules_against(const struct signals *s, const struct reading *r)
{
	size_t best = 0;

	for (size_t k = 1; k < INTENT_COUNT; k++) {
		if (s->points[k] > s->points[best])
			best = k;
	}
	return s->points[best] >= 4 &&
	    s->points[best] - s->points[r->intent] >= 4 &&
	    intent_kind((enum intent)best) != intent_kind(r->intent) &&
	    kind_probability(r, (enum intent)best) < 0.2 &&
	    !(r->intent == INTENT_APPROVED && best == INTENT_BLOCKED &&
	    s->points[INTENT_STILL_BLOCKED] <= 0 &&
	    r->confidence > SURELY_DONE);
}

static bool
may_be_answered(enum intent intent)
{
	return intent_kind(intent) == 0 || intent == INTENT_IS_IT_SAFE ||
	    intent == INTENT_PERSONAL_ACCOUNT;
}

/* An answer needs both kinds of evidence, or a model beyond doubt. */
static bool
no_rule_agrees(const struct signals *s, const struct reading *r)
{
	double most = 0;

	for (size_t k = 0; k < INTENT_COUNT; k++) {
		if (intent_kind((enum intent)k) == intent_kind(r->intent))
			most = fmax(most, s->points[k]);
	}
	/* Every second mail has a word of safety in it. */
	return most < (r->intent == INTENT_IS_IT_SAFE ? 2 : 1) &&
	    kind_probability(r, r->intent) < (s->answers_us &&
	    r->intent != INTENT_IS_IT_SAFE &&
	    s->points[INTENT_OTHER] <= 0 ? ALONE_IN_REPLY : ALONE);
}

/* The rules see another matter: another vendor's admin, another link. */
static bool
of_another_matter(const struct signals *s)
{
	double other = s->points[INTENT_OTHER];

	return (s->facts & FACT_ELSEWHERE) || other >= 3 ||
	    (other >= 2 && !(s->facts & FACT_MATTER));
}

/* Out of the blue a mail must name the matter itself: Microsoft's words or the
 * approval, and a mailbox. "Admin", "approve" and "link" are everybody's. */
static bool
out_of_the_blue(const struct signals *s, const struct reading *r)
{
	const unsigned words = FACT_MAIL | FACT_ADMIN_WORD | FACT_APPROVE_WORD;

	if (s->answers_us || (s->facts & (FACT_CODE | FACT_SCREEN)))
		return false;
	if (r->intent == INTENT_IS_IT_SAFE)
		return !(s->facts & (FACT_MAIL | FACT_MATTER));
	if (r->intent == INTENT_PERSONAL_ACCOUNT)
		return !(s->facts & (FACT_ADMIN_WORD | FACT_APPROVE_WORD));
	if ((s->facts & words) == words)
		return false;
	if (!(s->facts & FACT_MAIL) && (s->points[INTENT_OTHER] > 0 ||
	    kind_probability(r, r->intent) < ALONE_OUT_OF_BLUE))
		return true;
	return !(s->facts & FACT_MATTER);
}

/* "I will give it to our IT", "we did all six": those who answer so ask for
 * nothing, or not for what they have had; the model alone is not believed. */
static bool
not_asking(const struct signals *s, const struct reading *r)
{
	double most = 0;

	if (!s->answers_us || intent_kind(r->intent) != 0)
		return false;
	for (size_t k = 0; k < INTENT_COUNT; k++) {
		if (intent_kind((enum intent)k) == 0)
			most = fmax(most, s->points[k]);
	}
	return (s->facts & (FACT_PASSED_ON | FACT_TRIED_ALL)) && most < 1;
}

/* "We approved it last week ... now the same page", "we did all six ... the
 * same page": in two sentences. */
static bool
approved_and_still(const struct signals *s)
{
	return (s->facts & (FACT_PAST | FACT_TRIED_ALL)) &&
	    (s->facts & FACT_STILL) && !(s->facts & FACT_SCREEN);
}

static bool
perhaps_in_trouble(const struct signals *s, const struct reading *r)
{
	const double *p = r->probability;

	return p[INTENT_APPROVED] + p[INTENT_STILL_BLOCKED] +
	    p[INTENT_REFUSED] > TROUBLE ||
	    (s->points[INTENT_STILL_BLOCKED] > 0 &&
	    p[INTENT_STILL_BLOCKED] > TROUBLE_NAMED);
}

/* The rules are sure that it is our matter and nothing in them speaks against
 * that: the model alone sends nobody away, unless it is beyond doubt. */
static bool
ours_by_rules(const struct signals *s, const struct reading *r)
{
	double most = 0;

	for (size_t k = 0; k < INTENT_COUNT; k++) {
		if (about_us((enum intent)k))
			most = fmax(most, s->points[k]);
	}
	return most >= 3 && s->points[INTENT_OTHER] <= 0 &&
	    r->confidence < SURELY_OTHER &&
	    (s->facts & (FACT_MATTER | FACT_ELSEWHERE)) == FACT_MATTER;
}

static bool
beyond_doubt(const struct signals *s, const struct reading *r)
{
	if (!may_be_answered(r->intent) || of_another_matter(s))
		return false;
	if (s->answers_us)
		return kind_probability(r, r->intent) >= SURE_IN_REPLY;
	return (s->facts & (FACT_MAIL | FACT_CODE | FACT_SCREEN)) &&
	    kind_probability(r, r->intent) >= SURE_OUT_OF_BLUE;
}

/* What the rules say against the reading. */
static const char *
why_rules_object(const struct signals *s, const struct reading *r)
{
	if (s->points[INTENT_APPROVED] >= 3 &&
	    (s->points[INTENT_STILL_BLOCKED] >= 3 ||
	    s->points[INTENT_GREYED_OUT] >= 4))
		return "contradiction";
	if (r->intent != INTENT_IS_IT_SAFE && may_be_answered(r->intent) &&
	    (s->facts & (FACT_CLAIM | FACT_WORKED) ||
	    s->points[INTENT_REFUSED] >= 3))
		return "contradiction";
	if (r->intent == INTENT_BLOCKED && approved_and_still(s))
		return "contradiction";
	if (r->intent == INTENT_APPROVED && (s->facts & FACT_BUT_ME))
		return "contradiction";
	if (may_be_answered(r->intent) && s->answers_us &&
	    r->intent != INTENT_IS_IT_SAFE && (s->facts & FACT_REFUSE_WORD))
		return "contradiction";
	if (rules_against(s, r) ||
	    (may_be_answered(r->intent) && of_another_matter(s)))
		return "rules_against_model";
	if (may_be_answered(r->intent) && (no_rule_agrees(s, r) ||
	    not_asking(s, r) || out_of_the_blue(s, r)))
		return "no_rule_agrees";
	return NULL;
}

static const char *
why_torn(const struct signals *s, const struct reading *r)
{
	const char *why;
	double trouble = r->probability[INTENT_REFUSED] +
	    r->probability[INTENT_STILL_BLOCKED];

	if (s->facts & FACT_UNCLEAR && about_us(r->intent))
		return "unclear";
	if (!about_us(r->intent))
		return r->intent == INTENT_OTHER && ours_by_rules(s, r)
		    ? "rules_against_model" : NULL;
	if (s->facts & FACT_LEGAL && (r->intent != INTENT_IS_IT_SAFE ||
	    r->confidence < 0.9))
		return "legal_words";
	if (s->facts & FACT_EMOTION && r->intent != INTENT_APPROVED &&
	    trouble > 0.08)
		return "strong_emotion";
	why = beyond_doubt(s, r) ? NULL : why_rules_object(s, r);
	if (why)
		return why;
	if (close_readings(r) ||
	    (may_be_answered(r->intent) && perhaps_in_trouble(s, r)))
		return "close_readings";
	return NULL;
}

static const char *
role_of(unsigned facts)
{
	if (facts & FACT_MSP)
		return "msp";
	if (facts & FACT_ADMIN)
		return "admin";
	if (facts & FACT_OWNER)
		return "owner";
	return facts & FACT_USER ? "user" : "unknown";
}

void
combine_reading(const struct signals *s, struct reading *r)
{
	size_t first = 0, second = 1;

	for (size_t k = 1; k < INTENT_COUNT; k++) {
		if (r->probability[k] > r->probability[first]) {
			second = first;
			first = k;
		} else if (k != first && (second == first ||
		    r->probability[k] > r->probability[second])) {
			second = k;
		}
	}
	r->intent = (enum intent)first;
	r->confidence = r->probability[first];
	r->second = (enum intent)second;
	r->second_confidence = r->probability[second];
	r->role = role_of(s->facts);
	r->torn = why_torn(s, r);
}
