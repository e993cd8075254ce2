/*
 * Is this a machine, and may we send? One table for each gate; the first row
 * that fires gives the reason. RFC 3834 2 and RFC 5230 4.5-4.6 ask for most of
 * the rows, the rest is what responders and helpdesks in the field act on.
 * Structure comes before headers that say less ("auto_submitted" also stands
 * on a bounce), headers before words.
 */
#include <string.h>

#include "text/fold.h"
#include "text/forms.h"
#include "text/screen.h"
#include "text/screen_words.h"

struct look {
	struct arena *a;
	const struct message *m;
	const struct visible *v;
	const struct screen_context *ctx;
	struct screen *out;
	struct mail_words w;
};

struct gate {
	const char *reason;
	const char *(*fires)(struct look *);	/* evidence or NULL; or: */
	const char *(*words)(const struct mail_words *);
	bool guess;		/* people come by it as well */
};

/* ---- values ---------------------------------------------------------------*/

/* A header's value to show: its name with it. */
static const char *
shown(struct look *k, const struct header *h)
{
	return arena_printf(k->a, "%s: %.200s", h->name, h->value);
}

/* The first word of the value, "auto-replied" of "auto-replied (vacation)". */
static struct str
value_token(const char *value)
{
	struct str s = str_trim(str_of(value));
	size_t n = 0;

	while (n < s.n && (ascii_alnum(s.p[n]) || s.p[n] == '-' ||
	    s.p[n] == '_'))
		n++;
	return str_sub(s, 0, n);
}

static const char *
header_any(struct look *k, const char *const *names)
{
	for (; *names; names++) {
		const struct header *h = message_header(k->m, *names, NULL);

		if (h && str_trim(str_of(h->value)).n > 0)
			return shown(k, h);
	}
	return NULL;
}

/* Any header of that name whose first word is one of a list. */
static const char *
header_word(struct look *k, const char *name, const char *const *words)
{
	const struct header *h = NULL;

	while ((h = message_header(k->m, name, h))) {
		for (const char *const *w = words; *w; w++) {
			if (str_ieq(value_token(h->value), str_of(*w)))
				return shown(k, h);
		}
	}
	return NULL;
}

static bool
type_is(const struct look *k, const char *type)
{
	return k->m->content_type && strcmp(k->m->content_type, type) == 0;
}

static bool
report_type_is(const struct look *k, const char *type)
{
	return k->m->report_type && strcmp(k->m->report_type, type) == 0;
}

static bool
is_own(const struct look *k, const char *addr)
{
	const char *canonical = address_canonical(k->a, addr);

	for (size_t i = 0; i < k->ctx->n_own; i++) {
		if (strcmp(canonical, k->ctx->own[i]) == 0)
			return true;
	}
	return false;
}

static bool
at_our_domain(const struct look *k, const char *domain)
{
	for (size_t i = 0; i < k->ctx->n_own; i++) {
		const char *at = strrchr(k->ctx->own[i], '@');

		if (at && str_ieq(str_of(at + 1), str_of(domain)))
			return true;
	}
	return false;
}

/* ---- is this a machine? ---------------------------------------------------*/

static const char *
own_mail(struct look *k)
{
	for (size_t i = 0; i < k->m->from.n; i++) {
		if (is_own(k, k->m->from.v[i].addr))
			return k->m->from.v[i].addr;
	}
	return NULL;
}

static const char *
bounce(struct look *k)
{
	return k->out->report.kind == REPORT_FAILED
	    ? arena_printf(k->a, "delivery report: %s", k->m->subject) : NULL;
}

static const char *
bounce_delayed(struct look *k)
{
	return k->out->report.kind == REPORT_DELAYED
	    ? arena_printf(k->a, "delay report: %s", k->m->subject) : NULL;
}

static const char *
delivery_notice(struct look *k)
{
	return k->out->report.kind == REPORT_DELIVERED ||
	    report_type_is(k, "delivery-status")
	    ? arena_printf(k->a, "delivery report: %s", k->m->subject) : NULL;
}

/* RFC 8098 */
static const char *
read_receipt(struct look *k)
{
	return report_type_is(k, "disposition-notification") ||
	    type_is(k, "message/disposition-notification")
	    ? "multipart/report; report-type=disposition-notification" : NULL;
}

/* RFC 5965 */
static const char *
feedback_report(struct look *k)
{
	if (report_type_is(k, "feedback-report") ||
	    type_is(k, "message/feedback-report"))
		return "multipart/report; report-type=feedback-report";
	return k->m->report_type ? arena_printf(k->a,
	    "multipart/report; report-type=%.60s", k->m->report_type) : NULL;
}

/* RFC 5546: REQUEST, REPLY, CANCEL, COUNTER ... */
static const char *
calendar(struct look *k)
{
	const char *class = message_value(k->m, "Content-Class");

	if (k->m->calendar_method && *k->m->calendar_method)
		return arena_printf(k->a, "text/calendar; method=%.40s",
		    k->m->calendar_method);
	return class && str_ifind(str_of(class), STR("calendarmessage")) >= 0
	    ? arena_printf(k->a, "Content-Class: %.80s", class) : NULL;
}

/* RFC 3834 5: "auto-replied (vacation)" */
static const char *
vacation(struct look *k)
{
	const struct header *h = message_header(k->m, "Auto-Submitted", NULL);

	return h && str_ifind(str_of(h->value), STR("vacation")) >= 0
	    ? shown(k, h) : NULL;
}

/* Exchange marks what its inbox rules and out-of-office agent write. */
static const char *
exchange_rule(struct look *k)
{
	const char *suppress = message_value(k->m, "X-Auto-Response-Suppress");
	const struct header *h = message_header(k->m,
	    "X-MS-Exchange-Inbox-Rules-Loop", NULL);

	return h && suppress && str_ieq(value_token(suppress), STR("all"))
	    ? shown(k, h) : NULL;
}

/* What people write as well: what a service desk's software sends for them (RFC
 * 3834 5.2), and what was passed on by a rule. */
static const char *const peoples[] = { "auto-generated", "auto-forwarded",
	NULL };

static const char *
auto_generated(struct look *k)
{
	return header_word(k, "Auto-Submitted", peoples);
}

/* RFC 3834 2: "Auto-Submitted" with any other value but "no". */
static const char *
auto_submitted(struct look *k)
{
	const struct header *h = NULL;

	while ((h = message_header(k->m, "Auto-Submitted", h))) {
		struct str token = value_token(h->value);

		if (token.n > 0 && !str_ieq(token, STR("no")) &&
		    !str_ieq(token, str_of(peoples[0])) &&
		    !str_ieq(token, str_of(peoples[1])))
			return shown(k, h);
	}
	return NULL;
}

static const char *
auto_reply_header(struct look *k)
{
	static const char *const names[] = { "X-Autorespond",
		"X-Autoresponder", "X-Autoresponse", "X-Autorespond-Sender",
		"X-AutoReply-From", "X-Mail-Autoreply", "X-Autogenerated",
		"X-Auto-Generated", "X-AG-AutoReply", "X-FC-MachineGenerated",
		"X-AMAZON-MAIL-RELAY-TYPE", "X-Failed-Recipients",
		"X-Apple-Action", "X-OutOfOffice", "X-Vacation",
		"X-MS-Exchange-Message-Is-Ndr", "X-Zendesk-Auto-Reply",
		"X-Auto-Reply-From", "X-Autoreply-From", NULL };
	const struct header *h = NULL;

	while ((h = message_header(k->m, "X-Autoreply", h))) {
		if (!str_ieq(value_token(h->value), STR("no")))
			return shown(k, h);
	}
	return header_any(k, names);
}

/* RFC 2919 3: a group's address with a dot for its "@". The mailbox is read by
 * way of a group of its own name. */
static bool
list_is_own(const struct look *k)
{
	const char *id = message_value(k->m, "List-Id");

	for (size_t i = 0; id && i < k->ctx->n_own; i++) {
		char *name = arena_printf(k->a, "<%s>", k->ctx->own[i]);
		char *at = strrchr(name, '@');

		if (at)
			*at = '.';
		if (str_ifind(str_of(id), str_of(name)) >= 0)
			return true;
	}
	return false;
}

/* To nobody but us, and answers go to another company: forms of web pages write
 * so. */
static bool
from_a_form(const struct look *k)
{
	const struct message *m = k->m;

	return m->to.n == 1 && m->cc.n == 0 && is_own(k, m->to.v[0].addr) &&
	    m->reply_to.n == 1 && !at_our_domain(k, m->reply_to.v[0].domain);
}

bool
screen_undo_group(struct arena *a, struct message *m,
    const struct screen_context *ctx)
{
	const char *was = message_value(m, "X-Original-From");
	struct look k = { .a = a, .m = m, .ctx = ctx };
	struct mailbox_list writer = { 0 };

	if (m->from.n != 1 || !is_own(&k, m->from.v[0].addr))
		return false;
	if (was)
		writer = address_list_parse(a, str_of(was));
	else if (list_is_own(&k) || from_a_form(&k))
		writer = m->reply_to;
	if (writer.n != 1 || is_own(&k, writer.v[0].addr))
		return false;
	m->from = writer;
	return true;
}

/* RFC 3834 recommends nothing for Precedence, and every responder reads it.
 * Google's groups put "list" on what passes them, and service desks "bulk" on what
 * their people write. */
static const char *
precedence(struct look *k)
{
	static const char *const words[] = { "bulk", "junk", "auto_reply",
		"auto-reply", "autoreply", "list", NULL };
	const char *hit = header_word(k, "Precedence", words);

	hit = hit ? hit : header_word(k, "X-Precedence", words);
	return hit && str_iends(str_of(hit), STR(": list")) && list_is_own(k)
	    ? NULL : hit;
}

static const char *
list_header(struct look *k)
{
	static const char *const names[] = { "List-Id", "List-Post",
		"List-Owner", "List-Subscribe", "List-Help", "List-Archive",
		"Mailing-List", "X-Mailing-List", "X-ML-Name", "X-MLServer",
		"X-BeenThere", "X-Mailman-Version", "X-Google-Group-Id",
		"X-Listserver", "X-List-Administrivia", NULL };

	return header_any(k, names);
}

static bool list_has_own(const struct look *, struct mailbox_list);

/* A person's mail to us that passed a group: the group is ours, or nothing but
 * the group's name was put on it. Its like is not answered (RFC 5230 4.6), and
 * must not be lost. */
static const char *
through_group(struct look *k)
{
	static const char *const bulk[] = { "List-Unsubscribe", "Precedence",
		"X-Precedence", "Feedback-ID", NULL };
	const char *hit = list_header(k);

	if (!hit || list_is_own(k))
		return hit;
	return !header_any(k, bulk) && (list_has_own(k, k->m->to) ||
	    list_has_own(k, k->m->cc)) ? hit : NULL;
}

/* RFC 5230 4.6, RFC 2369, RFC 2919 */
static const char *
list(struct look *k)
{
	return through_group(k) ? NULL : list_header(k);
}

/* RFC 5230 4.6: no answer to what carries it. */
static const char *
unsubscribe(struct look *k)
{
	static const char *const names[] = { "List-Unsubscribe", NULL };

	return header_any(k, names);
}

/* RFC 8058 and the marks of the senders of bulk mail, which filters and services for
 * outgoing mail put on whatever a company's people write. List-Unsubscribe alone
 * counts where the text offers it too. */
static const char *
bulk_mark(struct look *k)
{
	static const char *const names[] = { "List-Unsubscribe-Post",
		"X-Campaign", "X-CampaignID", "X-Campaign-Id", "X-MC-User",
		"X-Mailchimp-Campaign", "X-Report-Abuse-To",
		"X-CSA-Complaints", NULL };

	return header_any(k, names);
}

static const char *
newsletter(struct look *k)
{
	const char *hit = bulk_mark(k);

	return hit || !words_unsubscribe(&k->w) ? hit : unsubscribe(k);
}

/* All of it together, and nothing that it answers: no person's. */
static const char *
surely_newsletter(struct look *k)
{
	return !k->m->in_reply_to && unsubscribe(k) &&
	    words_unsubscribe(&k->w) && (bulk_mark(k) || precedence(k))
	    ? unsubscribe(k) : NULL;
}

static const char *
loop_header(struct look *k)
{
	static const char *const names[] = { "X-Loop", "X-No-Loop",
		"X-OTRS-Loop", "X-OTOBO-Loop", "X-Znuny-Loop",
		"X-RT-Loop-Prevention", "X-Freshdesk-Loop", NULL };

	return header_any(k, names);
}

static const char *
autoresponder_mailbox(struct look *k)
{
	const char *to = message_value(k->m, "Delivered-To");

	return to && str_ieq(str_trim(str_of(to)), STR("autoresponder"))
	    ? "Delivered-To: autoresponder" : NULL;
}

/* RFC 3834 2: the null return path marks a report or an automatic answer. */
static const char *
null_return_path(struct look *k)
{
	return k->m->return_path && k->m->return_path[0] == '\0'
	    ? "Return-Path: <>" : NULL;
}

/* RFC 3834 2, RFC 5230 4.6: MAILER-DAEMON, owner-*, *-request, LISTSERV ... */
static const char *
machine_sender(struct look *k)
{
	static const char *const exact[] = { "listserv", "majordomo",
		"mailman", "uucp", "root", "daemon", "autoresponder",
		"autoreply", "auto-reply", "mailer", "cron", "nagios",
		"notifications", "notification", NULL };

	if (report_sender(k->m))
		return k->m->from.n > 0 ? k->m->from.v[0].addr : "From";
	for (size_t i = 0; i < k->m->from.n; i++) {
		struct str local = str_of(k->m->from.v[i].local);

		if (str_istarts(local, STR("owner-")) ||
		    str_iends(local, STR("-request")) ||
		    str_iends(local, STR("-bounces")))
			return k->m->from.v[i].addr;
		for (const char *const *w = exact; *w; w++) {
			if (str_ieq(local, str_of(*w)))
				return k->m->from.v[i].addr;
		}
	}
	return NULL;
}

static const struct gate machines[] = {
	/* who: RFC 3834 2 */
	{ "own_mail", own_mail, NULL, false },
	/* structure: RFC 3464, 8098, 5965, 5546 */
	{ "bounce", bounce, NULL, false },
	{ "bounce_delayed", bounce_delayed, NULL, false },
	{ "delivery_notice", delivery_notice, NULL, false },
	{ "read_receipt", read_receipt, NULL, false },
	{ "feedback_report", feedback_report, NULL, false },
	{ "calendar", calendar, NULL, true },
	/* headers: RFC 3834 2, 3.1, 5; RFC 5230 4.6; RFC 2369, 2919, 8058 */
	{ "out_of_office", vacation, NULL, false },
	{ "out_of_office", exchange_rule, NULL, true },
	{ "out_of_office_subject", NULL, words_away_subject, true },
	{ "auto_submitted", auto_submitted, NULL, false },
	{ "auto_submitted", auto_generated, NULL, true },
	{ "auto_reply_header", auto_reply_header, NULL, false },
	{ "list", list, NULL, false },
	{ "precedence", precedence, NULL, true },
	{ "newsletter", newsletter, NULL, true },
	{ "newsletter", surely_newsletter, NULL, false },
	{ "loop_header", loop_header, NULL, true },
	{ "autoresponder_mailbox", autoresponder_mailbox, NULL, false },
	{ "null_return_path", null_return_path, NULL, false },
	/* sender: RFC 3834 2, RFC 5230 4.6 */
	{ "machine_sender", machine_sender, NULL, true },
	/* words: no standard, what machines write */
	{ "report_words", NULL, words_complaint, true },
	{ "receipt_words", NULL, words_receipt, true },
	{ "calendar_words", NULL, words_meeting, true },
	{ "ticket_words", NULL, words_ticket, true },
	{ "challenge_words", NULL, words_challenge, true },
	{ "out_of_office_words", NULL, words_away, true },
	{ "left_company_words", NULL, words_gone, true },
	{ "automatic_words", NULL, words_robot, true },
	{ "newsletter_words", NULL, words_bulk, true },
};

/* ---- may we send? ---------------------------------------------------------*/

static const char *
no_from(struct look *k)
{
	return k->m->from.n == 0 ? "From" : NULL;
}

static const char *
several_from(struct look *k)
{
	return k->m->from.n > 1 ? arena_printf(k->a, "%s, %s",
	    k->m->from.v[0].addr, k->m->from.v[1].addr) : NULL;
}

static const char *
no_reply_sender(struct look *k)
{
	static const char *const words[] = { "noreply", "donotreply",
		"dontreply", "nepasrepondre", "noresponder", "naoresponda",
		"nichtantworten", "neodpovedet", "unmonitored", NULL };

	for (size_t i = 0; i < k->m->from.n; i++) {
		const char *local = k->m->from.v[i].local;
		char bare[128];
		size_t n = 0;

		for (; *local && n < sizeof bare; local++) {
			if (*local != '-' && *local != '_' && *local != '.')
				bare[n++] = ascii_lower(*local);
		}
		if (fold_holds((struct str){ bare, n }, words))
			return k->m->from.v[i].addr;
	}
	return NULL;
}

/* MS-OXCMAIL 2.1.3.2.20: which answers the sender does not want. DR, NDR, RN
 * and NRN are not ours. */
static const char *
suppress_all(struct look *k)
{
	const struct header *h = NULL;

	while ((h = message_header(k->m, "X-Auto-Response-Suppress", h))) {
		struct str v = str_of(h->value);

		if (str_ifind(v, STR("all")) >= 0 ||
		    str_ifind(v, STR("autoreply")) >= 0 ||
		    str_ifind(v, STR("oof")) >= 0)
			return shown(k, h);
	}
	return NULL;
}

static bool
list_has_own(const struct look *k, struct mailbox_list to)
{
	for (size_t i = 0; i < to.n; i++) {
		if (is_own(k, to.v[i].addr))
			return true;
	}
	return false;
}

/* RFC 3834 2, RFC 5230 4.5: our address in To, Cc, Bcc or their Resent- forms,
 * or it came by Bcc or a distribution list. */
static const char *
not_addressed(struct look *k)
{
	static const char *const names[] = { "Bcc", "Resent-To", "Resent-Cc",
		"Resent-Bcc", "Apparently-To", "X-Original-To",
		"X-Forwarded-To", NULL };

	if (k->ctx->n_own == 0 || list_has_own(k, k->m->to) ||
	    list_has_own(k, k->m->cc))
		return NULL;
	for (const char *const *n = names; *n; n++) {
		const char *value = message_value(k->m, *n);

		if (value && list_has_own(k,
		    address_list_parse(k->a, str_of(value))))
			return NULL;
	}
	return k->m->to.n > 0 ? k->m->to.v[0].addr : "To";
}

/* Written to somebody else, with us in Cc: whoever is asked there answers, or a
 * person of ours does. */
static const char *
copy_only(struct look *k)
{
	struct mailbox_list to = k->m->to;

	if (to.n == 0 || list_has_own(k, to) || !list_has_own(k, k->m->cc))
		return NULL;
	for (size_t i = 0; i < to.n; i++) {
		if (at_our_domain(k, to.v[i].domain))
			return NULL;
	}
	return to.v[0].addr;
}

/* What was left out may say the contrary. */
static const char *
read_in_part(struct look *k)
{
	if (words_lost(k->v))
		return "letters that became question marks";
	return k->m->read_in_part ? "a limit" : NULL;
}

/* The person may have seen the other one. */
static const char *
forms(struct look *k)
{
	return k->out->automatic ? NULL : forms_differ(k->a, k->m, k->v);
}

static const struct gate holds[] = {
	{ "own_address", own_mail, NULL, false },		/* RFC 3834 2 */
	{ "no_from", no_from, NULL, false },			/* RFC 5322 3.6 */
	{ "several_from", several_from, NULL, false },		/* RFC 3834 2 */
	{ "null_sender", null_return_path, NULL, false },	/* RFC 3834 2 */
	{ "no_reply_sender", no_reply_sender, NULL, false },
	{ "suppress_all", suppress_all, NULL, false },		/* MS-OXCMAIL */
	{ "through_group", through_group, NULL, false },	/* RFC 5230 4.6 */
	{ "list_unsubscribe", unsubscribe, NULL, false },	/* RFC 5230 4.6 */
	{ "not_addressed", not_addressed, NULL, false },	/* RFC 5230 4.5 */
	{ "copy_only", copy_only, NULL, false },
	{ "read_in_part", read_in_part, NULL, false },
	{ "forms_differ", forms, NULL, false },
};

/* ---- both -----------------------------------------------------------------*/

static const char *
gate_fires(struct look *k, const struct gate *g)
{
	return g->fires ? g->fires(k) : g->words(&k->w);
}

static const char *
gates_run(struct look *k, const struct gate *gates, size_t n,
    const char **evidence)
{
	*evidence = "";
	for (size_t i = 0; i < n; i++) {
		const char *hit = gate_fires(k, &gates[i]);

		if (hit) {
			*evidence = hit;
			return gates[i].reason;
		}
	}
	return NULL;
}

/* Some gate is no mere guess. */
static bool
surely_machine(struct look *k)
{
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		if (!machines[i].guess && gate_fires(k, &machines[i]))
			return true;
	}
	return false;
}

void
screen_run(struct arena *a, const struct message *m, const struct visible *v,
    const struct screen_context *ctx, struct screen *out)
{
	struct look k = { a, m, v, ctx, out, words_look(a, m, v) };

	*out = (struct screen){ .automatic = NULL };
	/* The footer of our own group says nothing of the mail above it. */
	if (list_is_own(&k))
		k.w.whole_end = gist_of(STR(""));
	report_read(a, m, &out->report);
	out->automatic = gates_run(&k, machines,
	    sizeof machines / sizeof *machines, &out->automatic_evidence);
	out->guessed = out->automatic && !surely_machine(&k);
	out->hold = gates_run(&k, holds, sizeof holds / sizeof *holds,
	    &out->hold_evidence);
	out->calendar = calendar(&k) || words_meeting(&k.w);
	out->receipt = read_receipt(&k) || words_receipt(&k.w);
	out->out_of_office = out->automatic && (vacation(&k) ||
	    exchange_rule(&k) || words_away_subject(&k.w) ||
	    (out->report.kind == REPORT_NONE && words_away(&k.w)));
}
