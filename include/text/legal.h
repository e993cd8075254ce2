#ifndef CD_TEXT_LEGAL_H
#define CD_TEXT_LEGAL_H

#include "text/lines.h"

/*
 * "This message is confidential and intended for ...", "Please consider the
 * environment": what companies have put below every mail, by its wording in some
 * twenty languages.
 */

/* Does what begins at line i read like a legal footer? Who asks something in it, or
 * speaks of our matter, writes himself. first: of its paragraph; another line has to
 * be a footer's without a doubt. */
bool legal_footer_at(const struct lines *, size_t i, size_t end, bool first);
/* Is the paragraph that begins at line i boilerplate by its words (boilerplate.h),
 * with nothing in it that a person asks or speaks of? For what stands last. */
bool legal_boilerplate_at(const struct lines *, size_t i, size_t end);

/* Does it speak of what people write to us about, as no lawyer and no mail server
 * does? legal_is_personal: say a no in the writer's own name, or whose tenant is
 * meant? legal_not: any of that, or ask for anything. Folded. */
bool legal_is_ours(struct str folded);
bool legal_is_personal(struct str folded);
bool legal_not(struct str folded);

#endif
