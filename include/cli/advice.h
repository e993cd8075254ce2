#ifndef CD_CLI_ADVICE_H
#define CD_CLI_ADVICE_H

#include "io/config.h"

/* What a person does about a refusal, in the provider's own words; "" where
 * nothing more is known than the refusal says. In the arena or static. */
const char *advice_token(const char *refusal);
const char *advice_imap(struct arena *, const struct config *,
    const char *refusal);
const char *advice_smtp(struct arena *, const struct config *,
    const char *refusal);

#endif
