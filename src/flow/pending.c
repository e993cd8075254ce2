#include <string.h>

#include "flow/pending.h"

const char *
pending_hold(const struct case_row *row)
{
	if (row->id == 0 || row->state != CASE_REVIEW)
		return NULL;
	if (strcmp(row->reason, "legal_words") == 0)
		return "legal_words";
	if (strcmp(row->reason, "refused") == 0 ||
	    strcmp(row->intent, "refused") == 0)
		return "refused";
	return NULL;
}

enum pending
pending_of(const struct case_row *row)
{
	if (row->id == 0 || row->state != CASE_REVIEW)
		return PENDING_NOTHING;
	if (pending_hold(row))
		return PENDING_REFUSAL;
	return strcmp(row->intent, "is_it_safe") == 0 ? PENDING_QUESTION
						      : PENDING_MATTER;
}
