#ifndef CD_FLOW_ANSWER_H
#define CD_FLOW_ANSWER_H

#include "flow/engine.h"
#include "store/cases.h"
#include "store/mails.h"
#include "store/outbox.h"

/*
 * One answer, from a template's name to an outbox row. The link is built here
 * and nowhere else: from configuration and the tenant that discovery named.
 */
struct answer_request {
	const struct case_row *of;	/* the case */
	const char *template;
	const char *language;
	const char *to_addr, *to_name;
	const char *subject;		/* theirs, to be answered */
	const char *in_reply_to;	/* NULL: a new thread */
	const char **references;
	size_t n_references;
	int64_t mail_id;		/* the mail answered, 0 none */
	bool automatic;
	bool draft;			/* OUTBOX_DRAFT instead of QUEUED */
	const char *text;		/* a person's own words instead of the
					 * template's; NULL: the template */
	enum intent intent;		/* which situation notes to show */
	bool admin, first_contact;
};

/* Needs an open transaction. CD_DONE: answered before. */
enum cd_rc answer_add(const struct engine *, struct store *, struct arena *,
    const struct answer_request *, int64_t now, int64_t *outbox_out,
    struct cd_err *err) CD_CHECK;

/* What an answer to the mail of that identity (store/mails.h; NULL: none) names it by;
 * NULL: the mail has no Message-ID. */
const char *answer_message_id(const char *identity);

/* Which language that person is answered in: the case's if it is his, else that of
 * the last answer to him in it; the case's too where he had none. */
enum cd_rc answer_language(struct store *, struct arena *,
    const struct case_row *, const char *canonical, const char **out,
    struct cd_err *err) CD_CHECK;

/* The same once he wrote this (from: its sender, canonical, or NULL; to_addr: whom the
 * answer goes to, or ""). The case's, which is its person's alone, is set. */
enum cd_rc answer_take_language(struct store *, struct arena *,
    struct case_row *, struct str text, const char *from, const char *to_addr,
    const char **out, struct cd_err *err) CD_CHECK;

/* The words that answer_add would send. */
enum cd_rc answer_render(const struct engine *, struct arena *,
    const struct answer_request *, int64_t now, struct rendered *out,
    struct cd_err *err) CD_CHECK;

/* Does this answer carry a link? */
bool answer_has_link(const struct engine *, const struct answer_request *);

/* The link of a tenant (GUID or NULL for "organizations") and case (0: none). */
enum cd_rc answer_link(const struct engine *, struct arena *,
    const char *tenant, int64_t case_id, int64_t now, const char **url_out,
    struct cd_err *err) CD_CHECK;

/* Fill the variables of answer_variables[] for a rendering; *n_out of them. */
struct template_var *answer_vars(const struct engine *, struct arena *,
    const struct answer_request *, const char *link, bool organizations,
    size_t *n_out);

/* Would each answer in each language give the customer what he waits for: words,
 * and the link where it is the answer? CD_MALFORMED names the first file that
 * would not. */
enum cd_rc answers_check(const struct engine *, struct cd_err *err) CD_CHECK;

#endif
