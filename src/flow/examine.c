/*
 * All of one mail that stands before its reading: message, zones, screening, who
 * wrote it, what it answers. Pure but for a look into the store for the thread.
 */
#include <string.h>

#include "flow/handed.h"
#include "flow/thread.h"
#include "store/outbox.h"
#include "text/domain.h"

#define LOGO_MOST	(32 * 1024)

/* "help-4c83@numeo.ai": the local part's first word. */
static bool
id_starts(const char *id, const char *word)
{
	size_t n = strlen(word);

	return str_istarts(str_of(id), str_of(word)) && !ascii_alpha(id[n]);
}

static bool
id_is_ours(const struct engine *e, struct arena *a, const char *id)
{
	const char *at = strrchr(id, '@');
	const char *domain;

	domain = domain_normal(a, str_of(at ? at + 1 : ""));
	for (size_t i = 0; domain && i < e->n_own_domains; i++) {
		if (domain_aligned(a, domain, e->own_domains[i]))
			return true;
	}
	return false;
}

/* What an answer of ours asked or offered, by its template. */
static enum thread_context
context_of_handle(const char *handle)
{
	if (strcmp(handle, "link") == 0 ||
	    strcmp(handle, "approved_note") == 0 ||
	    strcmp(handle, "still_blocked") == 0)
		return CONTEXT_LINK;
	if (strcmp(handle, "ask_domain") == 0)
		return CONTEXT_ASK_DOMAIN;
	return CONTEXT_HELP;
}

/* The newest answer of the case that went out or is about to, and whether a link
 * did; CD_ABSENT. To the sender a draft of a link counts: see intake_company. */
static enum cd_rc
last_answer(struct store *s, struct arena *a, struct examined *x,
    int64_t case_id, const struct outbox_row **out, bool *link_out,
    struct cd_err *err)
{
	const struct outbox_row *last = NULL;
	struct outbox_row *rows;
	size_t n;
	enum cd_rc rc = outbox_of_case(s, a, case_id, &rows, &n, err);

	if (rc != CD_OK)
		return rc;
	*link_out = false;
	for (size_t i = 0; i < n; i++) {
		bool is_out = outbox_is_out(rows[i].state);

		if ((is_out || rows[i].state == OUTBOX_DRAFT) &&
		    strcmp(rows[i].handle, "link") == 0 && x->canonical &&
		    strcmp(rows[i].to_canonical, x->canonical) == 0)
			x->has_link = true;
		if (!is_out)
			continue;
		last = &rows[i];
		if (context_of_handle(last->handle) == CONTEXT_LINK)
			*link_out = true;
	}
	if (!last)
		return CD_ABSENT;
	*out = last;
	return CD_OK;
}

/* Both leave Microsoft's own English names in every language. */
enum thread_context
intake_context_of_text(struct str s)
{
	if (str_find(s, str_of("/adminconsent?")) >= 0)
		return CONTEXT_LINK;
	return str_find(s, str_of("entra.microsoft.com")) >= 0 &&
	    str_find(s, str_of("consent")) >= 0 ? CONTEXT_HELP : CONTEXT_OTHER;
}

/*
 * What the mail below answers or passes on when its ids got lost on the way:
 * our link, or our steps.
 */
static void
context_from_quote(struct examined *x)
{
	static const enum zone zones[] = { ZONE_QUOTED, ZONE_FORWARDED };

	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		enum thread_context context = intake_context_of_text(str_sub(
		    x->visible.zone[zones[i]], 0, CD_MAX_CLASSIFY));

		if (context == CONTEXT_OTHER)
			continue;
		x->context = context;
		x->context_why = context == CONTEXT_LINK ?
		    "our link is quoted" : "our steps are quoted";
		return;
	}
}

/* Our ids and references that this mail carries: newest first. */
static void
find_thread(const struct engine *e, struct arena *a, struct examined *x)
{
	const struct message *m = &x->message;
	const char *first_own = NULL;

	for (size_t i = 0; i <= m->n_references; i++) {
		const char *id = i == 0 ? m->in_reply_to
					: m->references[m->n_references - i];

		if (!id || !id_is_ours(e, a, id))
			continue;
		if (!first_own)
			first_own = id;
		if (e->has_key && x->thread_case == 0)
			x->thread_case = link_message_id_case(a, &e->key, id);
	}
	if (x->thread_case == 0 && e->has_key)
		x->thread_case = link_reference_find(a, &e->key,
		    x->visible.all.text);
	if (!first_own) {
		bool forward = x->visible.zone[ZONE_FORWARDED].n > 0;

		x->context = forward ? CONTEXT_FORWARD : CONTEXT_FIRST;
		x->context_why = forward ? "forwarded text" : "";
		context_from_quote(x);
		return;
	}
	x->context = CONTEXT_OTHER;
	if (id_starts(first_own, "help"))
		x->context = CONTEXT_HELP;
	else if (id_starts(first_own, "link"))
		x->context = CONTEXT_LINK;
	x->context_why = arena_printf(a, "answers <%s>", first_own);
}

static const char *
own_domain(const struct examined *x)
{
	const struct mailbox_list *from = &x->message.from;

	return from->n > 0 ? from->v[0].domain : NULL;
}

static bool
from_private_mailbox(const struct examined *x)
{
	const char *own = own_domain(x);

	return !own || domain_is_consumer(own);
}

enum cd_rc
intake_of_case(struct store *s, struct arena *a, struct examined *x,
    const struct case_row *row, bool in_thread, struct cd_err *err)
{
	const char *own = own_domain(x);
	bool nobody = false;
	enum cd_rc rc = CD_OK;

	if (from_private_mailbox(x)) {
		x->case_domain = row->domain;
		return CD_OK;
	}
	if (!row->domain)
		rc = mails_of_nobody(s, row->id, &nobody, err);
	if (rc != CD_OK)
		return rc;
	x->case_domain = in_thread ? row->domain : NULL;
	x->client = CLIENT_NONE;
	if (nobody)
		x->client = CLIENT_UNNAMED;
	else if (row->domain && !domain_aligned(a, own, row->domain))
		x->client = in_thread ? CLIENT_NAMED : CLIENT_BESIDE;
	return CD_OK;
}

static bool
is_solved(const struct case_row *row)
{
	return row->state == CASE_APPROVED || (row->state == CASE_CLOSED &&
	    strcmp(row->intent, "approved") == 0);
}

/* What our answers so far in that case make of a short reply; CD_ABSENT: there are
 * none. Who has the link has it still, whatever else he was told since. */
static enum cd_rc
context_of_case(struct arena *a, struct store *s, struct examined *x,
    int64_t case_id, struct cd_err *err)
{
	const struct outbox_row *answer;
	bool link;
	enum cd_rc rc = last_answer(s, a, x, case_id, &answer, &link, err);

	if (rc != CD_OK)
		return rc;
	x->context = context_of_handle(answer->handle);
	link = link && x->context == CONTEXT_HELP;
	if (link)
		x->context = CONTEXT_LINK;
	x->context_why = arena_printf(a, "our last answer in case %lld: %s%s",
	    (long long)case_id, answer->handle, link ? ", after a link" : "");
	return CD_OK;
}

/* What its thread, or the sender's open case, tells of the mail. A stranger to the
 * thread may have a case of his own, by another mail. A store that cannot say must
 * not make it a first contact. */
static enum cd_rc
context_from_store(struct arena *a, struct store *s, struct examined *x,
    struct cd_err *err)
{
	struct case_row row, home;
	enum cd_rc rc = thread_case_of_ids(s, a, x, &row, err);
	bool in_thread = rc == CD_OK, at_home = false, stranger = false;
	int64_t thread_id = in_thread ? row.id : 0;
	enum client handed = x->client;

	if (in_thread) {
		rc = thread_home(s, a, x, &row, &home, err);
		at_home = rc == CD_OK;
		stranger = rc == CD_ABSENT && row.domain;
	}
	if (rc == CD_ABSENT && x->canonical)
		rc = cases_open_of(s, a, x->canonical, NULL, NULL, &home, err);
	if (rc == CD_OK) {
		if (!in_thread)
			row = home;
		x->case_waits = (at_home ? row : home).state == CASE_REVIEW;
		x->case_solved = at_home && is_solved(&row);
		rc = intake_of_case(s, a, x, &home, at_home, err);
		/* In his own thread the store knows better than what is quoted. */
		if (!at_home && x->client == CLIENT_NONE)
			x->client = handed;
	}
	if (rc == CD_OK)
		rc = context_of_case(a, s, x, row.id, err);
	/* Whoever joins another company's thread may do that company's IT. */
	if (stranger && x->client == CLIENT_NONE && !from_private_mailbox(x))
		x->client = CLIENT_BESIDE;
	/* Whom nobody has answered waits, even if somebody closed his case. */
	if (rc == CD_ABSENT && at_home)
		x->case_waits = true;
	/* What he answers may be another one's. */
	if (rc == CD_ABSENT && in_thread)
		rc = context_of_case(a, s, x, thread_id, err);
	return rc == CD_ABSENT ? CD_OK : rc;
}

void
intake_company(struct examined *x)
{
	const char *own = own_domain(x);

	x->consumer = own && domain_is_consumer(own);
	x->domain = NULL;
	x->tenant_hint = x->reading.tenant_guid;
	/* "The client is redhill.com" wants nothing by itself. */
	if (x->reading.intent == INTENT_OTHER && x->client == CLIENT_UNNAMED &&
	    !x->reading.several_domains)
		x->domain = x->reading.named_domain;
	if (!intent_is_ours(x->reading.intent) ||
	    x->reading.intent == INTENT_PERSONAL_ACCOUNT)
		return;
	if (x->reading.named_domain)
		x->domain = x->reading.named_domain;
	else if (x->reading.other_tenant)
		return;	/* which of his clients may be another one now */
	else if (x->reading.perhaps_domain && x->has_link &&
	    x->reading.intent == INTENT_WANT_LINK)
		x->domain = x->reading.perhaps_domain;
	else if (x->case_domain)
		x->domain = x->case_domain;
	else if (own && !x->consumer)
		x->domain = own;
}

const char *
intake_sender_company(const struct examined *x)
{
	const char *own = own_domain(x);

	return !intent_is_ours(x->reading.intent) && own && !x->domain &&
	    !x->tenant_hint && !x->reading.other_tenant &&
	    x->client == CLIENT_NONE && !domain_is_consumer(own) ? own : NULL;
}

static bool
is_picture(const struct attachment *at)
{
	struct str name = str_of(at->name), type = str_of(at->type);

	return str_starts(type, STR("image/")) ||
	    str_starts(type, STR("video/")) || str_iends(name, STR(".png")) ||
	    str_iends(name, STR(".jpg")) || str_iends(name, STR(".jpeg"));
}

/* Beside a signature a small one that the text shows is its logo. */
static enum picture
picture_of(const struct examined *x)
{
	const struct message *m = &x->message;
	bool signs = x->visible.zone[ZONE_SIGNATURE].n > 0;
	enum picture best = m->shows_picture && !signs ? PICTURE_SHOWN :
	    PICTURE_NONE;

	for (size_t i = 0; i < m->n_attachments; i++) {
		const struct attachment *at = &m->attachments[i];
		if (!is_picture(at))
			continue;
		/* Outlook's name for what stood in the text, where a gateway
		 * made an attachment of it. */
		if (!at->is_inline &&
		    !str_istarts(str_of(at->name), STR("image00")))
			return PICTURE_ATTACHED;
		if (!signs || at->size > LOGO_MOST)
			best = PICTURE_SHOWN;
	}
	return best;
}

/* A signature by S/MIME or PGP says nothing. */
static bool
has_papers(const struct message *m)
{
	for (size_t i = 0; i < m->n_attachments; i++) {
		const struct attachment *at = &m->attachments[i];

		if (!is_picture(at) && !str_iends(str_of(at->type),
		    STR("-signature")))
			return true;
	}
	return false;
}

/* The writer behind a group or form of ours. That the mail comes from there tells
 * nothing of him; what perhaps does not come from there is some stranger's, who
 * would have us write to whom he likes. */
static void
nobody_vouches(struct examined *x)
{
	static const char why[] = "a group put its own address into From, or a "
	    "form of ours did";

	if (x->authentication != AUTH_PASS && !x->screen.hold) {
		x->screen.hold = "own_address";
		x->screen.hold_evidence = x->authentication_why;
	}
	if (x->authentication != AUTH_FAIL) {
		x->authentication = AUTH_NONE;
		x->authentication_why = why;
	}
}

/* All that stands before the reading, which needs the context. */
static void
examine_mail(const struct engine *e, struct arena *a, struct str raw,
    struct examined *x)
{
	const struct message *m = &x->message;
	struct screen_context own = { e->own, e->n_own };
	bool passed_on;

	memset(x, 0, sizeof *x);
	message_parse(a, raw, &x->message);
	x->authentication = authres_read(a, m,
	    e->config->policy.trust_authserv_id, &x->authentication_why);
	passed_on = screen_undo_group(a, &x->message, &own);
	if (m->from.n > 0) {
		x->from = m->from.v[0].addr;
		x->canonical = address_canonical(a, x->from);
	}
	x->identity = message_identity(a, m);
	visible_find(a, &m->body, m->from.n > 0 ? m->from.v[0].name : "",
	    &x->visible);
	x->picture = picture_of(x);
	x->papers = has_papers(m);
	screen_run(a, m, &x->visible, &own, &x->screen);
	if (passed_on)
		nobody_vouches(x);
	find_thread(e, a, x);
	if (handed_over(e, a, x))
		x->client = CLIENT_BESIDE;
}

void
intake_examine(const struct engine *e, struct arena *a, struct str raw,
    struct examined *x)
{
	examine_mail(e, a, raw, x);
	intake_read(e, a, x);
}

enum cd_rc
intake_examine_thread(const struct engine *e, struct arena *a, struct store *s,
    struct str raw, struct examined *out, struct cd_err *err)
{
	struct examined x;
	enum cd_rc rc;

	examine_mail(e, a, raw, &x);
	rc = context_from_store(a, s, &x, err);
	if (rc != CD_OK)
		return rc;
	intake_read(e, a, &x);
	*out = x;
	return CD_OK;
}

void
intake_facts(const struct engine *e, const struct examined *x,
    struct facts *out)
{
	static const enum auth_policy policies[] = {
		[REQUIRE_PASS] = AUTH_REQUIRE_PASS,
		[REQUIRE_NOT_FAIL] = AUTH_REQUIRE_NOT_FAIL,
		[REQUIRE_OFF] = AUTH_REQUIRE_OFF,
	};

	*out = (struct facts){
		.automatic = x->screen.automatic,
		.hold = x->screen.hold,
		.authentication = x->authentication,
		.policy = policies[e->config->policy.require_authentication],
		.reading = x->reading,
		.other_form = x->other_form,
		.review_below = e->config->policy.review_below,
		.has_help = x->context == CONTEXT_HELP ||
		    x->context == CONTEXT_LINK ||
		    x->context == CONTEXT_ASK_DOMAIN,
		.link_sent = x->context == CONTEXT_LINK,
		.case_waits = x->case_waits,
		.client_unnamed = x->client == CLIENT_UNNAMED,
		.outsider = x->outsider,
		.consumer = x->consumer,
		.domain = x->domain,
	};
}
