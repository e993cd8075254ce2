#ifndef CD_TEXT_COMBINE_H
#define CD_TEXT_COMBINE_H

#include <stdint.h>

#include "text/classify.h"

/*
 * Rules' points and the model's scores made one reading: between classify,
 * which collects them, and what it hands out. train uses the same steps on the
 * mails it holds back.
 */
enum fact {
	FACT_ADMIN = 1 << 0, FACT_OWNER = 1 << 1, FACT_MSP = 1 << 2,
	FACT_USER = 1 << 3, FACT_LEGAL = 1 << 4, FACT_EMOTION = 1 << 5,
	FACT_UNCLEAR = 1 << 6, FACT_MATTER = 1 << 7, FACT_YES = 1 << 8,
	FACT_DONE = 1 << 9, FACT_THANKS = 1 << 10, FACT_NO = 1 << 11,
	FACT_QUESTION = 1 << 12, FACT_SCREEN = 1 << 13,
	FACT_CLAIM = 1 << 14, FACT_ELSEWHERE = 1 << 15,
	FACT_WORKED = 1 << 16, FACT_MAIL = 1 << 17,
	FACT_ADMIN_WORD = 1 << 18, FACT_APPROVE_WORD = 1 << 19,
	FACT_CODE = 1 << 20, FACT_YES_THANKS = 1 << 21,
	FACT_PAST = 1 << 22, FACT_STILL = 1 << 23,
	FACT_SAYS_NO = 1 << 24, FACT_PASSED_ON = 1 << 25,
	FACT_TRIED_ALL = 1 << 26, FACT_BUT_ME = 1 << 27,
	FACT_TURNED_DOWN = 1 << 28, FACT_TENANT_WORD = 1 << 29,
	FACT_PERSON = 1 << 30
};
#define FACT_COUNT	31
/* Beyond those that a calibration weighs; an enum's int holds no more, either. */
#define FACT_OURS_TOO	(UINT64_C(1) << 32)
#define FACT_REMOVED	(UINT64_C(1) << 33)
#define FACT_STOP	(UINT64_C(1) << 34)
#define FACT_ACCOUNT	(UINT64_C(1) << 35)
#define FACT_QUESTIONS	(UINT64_C(1) << 36)
#define FACT_TAKES_BACK	(UINT64_C(1) << 37)
#define FACT_OTHER_COMPANY (UINT64_C(1) << 38)
#define FACT_THEIRS	(UINT64_C(1) << 39)
#define FACT_OTHER_CLOUD (UINT64_C(1) << 40)
#define FACT_SECOND_MATTER (UINT64_C(1) << 41)
#define FACT_PORTAL	(UINT64_C(1) << 42)
#define FACT_NAMES_US	(UINT64_C(1) << 43)
#define FACT_COMPANY_BOX (UINT64_C(1) << 44)
#define FACT_THEIR_IT	(UINT64_C(1) << 45)
#define FACT_FOR_FIRM	(UINT64_C(1) << 46)
#define FACT_NOT_DONE	(UINT64_C(1) << 47)

/* "role.admin" ...; 0: no fact that the code knows. */
uint64_t fact_of(const char *name);

/* The model's classes: the intents, and whether it is about another's tenant. */
enum { SCORE_OTHER_TENANT = INTENT_COUNT, SCORE_COUNT };

struct signals {
	double points[INTENT_COUNT];	/* of the rules */
	double scores[SCORE_COUNT];	/* of the model, 0 without one */
	uint64_t facts;
	enum thread_context context;
	bool case_waits;	/* classify_input's; no row has it */
	bool picture;		/* a picture says what the few words do not; no
				 * row has it */
};

/* The signals in a row, as a calibration weighs them: the model's scores, the
 * rules' points within bounds, each fact and each context as 0 or 1. */
enum {
	SIGNAL_SCORE = 0,
	SIGNAL_POINTS = SIGNAL_SCORE + INTENT_COUNT,
	SIGNAL_FACT = SIGNAL_POINTS + INTENT_COUNT,
	SIGNAL_CONTEXT = SIGNAL_FACT + FACT_COUNT,
	SIGNAL_COUNT = SIGNAL_CONTEXT + CONTEXT_COUNT
};
void combine_row(const struct signals *, double *row_out);

/* What a bare answer ("yes please", "done", "?") means in this context, as
 * points; sets context. */
void combine_context(struct signals *, enum thread_context);

void combine_probabilities(const struct signals *, const struct calibration *,
    double *probability_out);
void combine_weigh(const double *row, const struct calibration *,
    double *probability_out);

/* intent, second, confidences, torn, role and what the facts tell besides of *out,
 * which has its probability set. */
void combine_reading(const struct signals *, struct reading *out);

/* Whose tenant it is about, by the model's score. */
enum whose combine_whose(const struct signals *);

/* Intents that one answer fits: 0 the approval, else one kind each. */
int intent_kind(enum intent);

/* The calibration before anything is learned. */
struct calibration combine_default(bool with_model);

#endif
