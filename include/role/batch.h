#ifndef CD_ROLE_BATCH_H
#define CD_ROLE_BATCH_H

#include "flow/intake.h"
#include "io/imap.h"

#define CAREFUL_MAILS	64	/* read one by one after a crash */

/*
 * What was fetched becomes the batch's mails, up to the first that was not given.
 * careful: one of them may kill the process, so each that is given is counted before
 * it is read, and has three tries.
 *
 * CD_AGAIN: the first one is there and was not given (raw.n = 0). That is the
 * server's weather, mostly, so a new session has to ask for it anew: three times, or
 * for some minutes where it gives nothing at all. What is never given is poison then,
 * and what comes behind it goes on.
 */
enum cd_rc batch_fill(struct store *, struct arena *, struct intake_batch *,
    const struct imap_mail *fetched, size_t n, bool careful,
    struct cd_err *err) CD_CHECK;

#endif
