#ifndef CD_ROLE_PAGES_H
#define CD_ROLE_PAGES_H

#include "flow/consent.h"

/* HTML pages that the web role shows to an admin who comes back from Microsoft:
 * what happened and what to do next. Nothing of the request is echoed. */
struct str page_return(struct arena *, const struct config *,
    const struct consent_result *);
struct str page_try_again(struct arena *, const struct config *);

#endif
