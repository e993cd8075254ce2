#ifndef CD_FLOW_PENDING_H
#define CD_FLOW_PENDING_H

#include "store/cases.h"

/*
 * What a case in review waits for a person with, from light to heavy: of two the
 * heavier one is the case's, until a person acts.
 */
enum pending {
	PENDING_NOTHING,
	PENDING_MATTER,		/* a draft, a complaint, something unclear */
	PENDING_QUESTION,	/* whether it is safe: "it works" is no answer */
	PENDING_REFUSAL		/* or law: nothing goes out by itself */
};

enum pending pending_of(const struct case_row *);

/* Why nothing may go out by itself: "refused", "legal_words"; NULL: it may. */
const char *pending_hold(const struct case_row *);

#endif
