#ifndef CD_FLOW_THREAD_H
#define CD_FLOW_THREAD_H

#include "flow/intake.h"

/* The case that this mail goes on; CD_ABSENT: a new one. *stranger_out: the
 * case that somebody of another organisation quoted, 0 if none. tenant: GUID or
 * NULL. */
enum cd_rc thread_find(struct store *, struct arena *, const struct examined *,
    const char *tenant, struct case_row *out, int64_t *stranger_out,
    struct cd_err *err) CD_CHECK;

/* That case, or the one that it was merged into; CD_ABSENT. */
enum cd_rc thread_case(struct store *, struct arena *, int64_t id,
    struct case_row *out, struct cd_err *err) CD_CHECK;

/* By ids and reference alone, whoever writes: bounces, our own team. */
enum cd_rc thread_case_of_ids(struct store *, struct arena *,
    const struct examined *, struct case_row *out, struct cd_err *err) CD_CHECK;

/* May this sender speak in that case? The person himself, a colleague of the
 * same organisation, or somebody of the company that the case is about.
 * canonical: of From, domain: From's; NULL: nobody. */
bool thread_belongs(struct arena *, const char *canonical, const char *domain,
    const struct case_row *);

#endif
