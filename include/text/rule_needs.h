#ifndef CD_TEXT_RULE_NEEDS_H
#define CD_TEXT_RULE_NEEDS_H

#include "text/rules.h"

/*
 * Facts of fact_of's that keep a wrong answer from going out. A set of rules in
 * which none says one of them reads mails as if there were no such thing.
 */

/* CD_MALFORMED: a set that came from the folder `dir` lacks some; the text names
 * them, and says what to do. */
enum cd_rc rule_needs_met(struct arena *, const struct rules *,
    const char *dir, struct cd_err *) CD_CHECK;

/* Their names, from 0 on; NULL behind the last. */
const char *rule_needs_at(size_t i);

#endif
