#ifndef CD_FLOW_WORDS_H
#define CD_FLOW_WORDS_H

#include "base/arena.h"
#include "store/cases.h"

/*
 * The queue's codes as people say them, in English: the same in the browser and
 * on the command line. A code without words of its own is shown with spaces for
 * its underscores; "" for NULL. Static, or of the arena.
 */
const char *words_state(enum case_state);
const char *words_reason(struct arena *, const char *code);
/* Why the case is in review, and that its company is approved by now. */
const char *words_why(struct arena *, const struct case_row *);
const char *words_intent(struct arena *, const char *code);
const char *words_action(struct arena *, const char *code); /* template, too */
const char *words_language(struct arena *, const char *code);
/* Is it the code of a language that a mail may be found to be in? All of them by
 * spaces: "am ar az". */
bool words_have_language(const char *code);
const char *words_language_codes(struct arena *);

#endif
