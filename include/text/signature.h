#ifndef CD_TEXT_SIGNATURE_H
#define CD_TEXT_SIGNATURE_H

#include "text/card.h"
#include "text/lines.h"

/*
 * Signature blocks, device footers and legal footers at the end of a run of
 * newly written lines: their zone is set to ZONE_SIGNATURE or ZONE_NOTICE, all
 * other lines are left alone.
 *
 * Cut: "-- " and what is below; a block of name with title, company, telephone
 * or address. Kept: greeting and closing words, a name typed by hand that
 * stands alone under the text, and a postscript below the signature.
 */

/* Lines from .. end - 1 are one run. `alone`: nothing newly written stands
 * above this run, so that the whole of it cannot be a signature. */
void signature_mark(struct lines *, size_t from, size_t end,
    const struct signer *, bool alone);

#endif
