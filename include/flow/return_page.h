#ifndef CD_FLOW_RETURN_PAGE_H
#define CD_FLOW_RETURN_PAGE_H

#include "flow/consent.h"

/*
 * The page for an admin who comes back from Microsoft: what happened and what to
 * do next, in the words of the templates. Nothing of the request is echoed.
 *
 * accept_language: the browser's header, or NULL. The page is in the language of
 * the case, else in the one that the browser likes best, of those that we have
 * words in; else in English. A set of templates without the page gives the
 * product's name and our address alone.
 */
struct str return_page(const struct engine *, struct arena *,
    const struct consent_result *, const char *accept_language);

/* Has the page a title and words for whatever may come of it, in each language
 * that has the page? CD_MALFORMED names the first file that has not. CD_ABSENT:
 * there is no page. */
enum cd_rc return_page_check(const struct engine *, struct cd_err *err)
    CD_CHECK;

#endif
