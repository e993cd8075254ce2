#ifndef CD_FLOW_THREAD_H
#define CD_FLOW_THREAD_H

#include "flow/intake.h"

/* Where a mail goes on. */
struct thread {
	struct case_row of;	/* id 0: in a new case, linked to the one that a
				 * stranger quoted, or in which a further company
				 * was named */
	struct case_row home;	/* thread_home's; without ids of his `of` */
	bool by_ids;
	int64_t linked;		/* the case of the thread that a stranger joined, whose
				 * words are said of it, not of a case of his elsewhere;
				 * 0: he is none */
};

/* tenant: of the mail's company, GUID or NULL. */
enum cd_rc thread_find(struct store *, struct arena *, const struct examined *,
    const char *tenant, struct thread *out, struct cd_err *err) CD_CHECK;

/* Where the sender may speak in the thread of the case `of`: in that one, or as
 * the person of one that was merged into it, who by a private mailbox is of that
 * one's company; or else in the one that came from it
 * and is his, which is `of` then. CD_ABSENT: he is a stranger. */
enum cd_rc thread_home(struct store *, struct arena *, const struct examined *,
    struct case_row *of, struct case_row *home_out, struct cd_err *err)
    CD_CHECK;

/* That case, or the one that it was merged into; CD_ABSENT. */
enum cd_rc thread_case(struct store *, struct arena *, int64_t id,
    struct case_row *out, struct cd_err *err) CD_CHECK;

/* By ids and reference alone, whoever writes: bounces, our own team. */
enum cd_rc thread_case_of_ids(struct store *, struct arena *,
    const struct examined *, struct case_row *out, struct cd_err *err) CD_CHECK;

/* Does the mail name another company and that one beside it? */
bool thread_names_both(const struct examined *, const char *domain);

/* May this sender speak in that case? The person himself, a colleague of the
 * same organisation, or somebody of the company that the case is about.
 * canonical: of From, domain: From's; NULL: nobody. */
bool thread_belongs(struct arena *, const char *canonical, const char *domain,
    const struct case_row *);

#endif
