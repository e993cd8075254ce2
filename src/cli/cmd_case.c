#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"
#include "flow/words.h"
#include "store/mails.h"
#include "store/outbox.h"
#include "store/tenants.h"

struct shown {
	struct case_row row;
	struct case_row *beside;	/* cases_beside */
	size_t n_beside;
	struct event_row *events;
	size_t n_events;
	struct outbox_row *answers;
	size_t n_answers;
	struct outbox_row draft;
	bool has_draft;
};

static enum cd_rc
load(struct store *s, struct arena *a, int64_t id, struct shown *out,
    struct cd_err *err)
{
	enum cd_rc rc = cases_get(s, a, id, &out->row, err);

	if (rc == CD_ABSENT)
		return cd_fail(err, rc, "there is no case %" PRId64, id);
	if (rc == CD_OK)
		rc = cases_beside(s, a, id, &out->beside, &out->n_beside, err);
	if (rc == CD_OK)
		rc = events_of(s, a, id, &out->events, &out->n_events, err);
	if (rc == CD_OK)
		rc = outbox_of_case(s, a, id, &out->answers, &out->n_answers,
		    err);
	if (rc != CD_OK)
		return rc;
	rc = outbox_draft(s, a, id, &out->draft, err);
	out->has_draft = rc == CD_OK;
	return rc == CD_ABSENT ? CD_OK : rc;
}

static const struct outbox_row *
answer_of(const struct shown *c, int64_t id)
{
	for (size_t i = 0; i < c->n_answers; i++) {
		if (c->answers[i].id == id)
			return &c->answers[i];
	}
	return NULL;
}

static json_t *
answer_json(struct arena *a, const struct outbox_row *r)
{
	return json_pack("{s:I, s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, "
	    "s:o}",
	    "id", (json_int_t)r->id, "state", outbox_state_name(r->state),
	    "template", cli_json_text(r->handle), "automatic", r->automatic,
	    "to", cli_json_text(r->to_addr), "language",
	    cli_json_text(r->language), "subject", cli_json_text(r->subject),
	    "text", cli_json_text(r->text), "message_id",
	    cli_json_text(r->message_id), "sent", view_time(a, r->sent_at),
	    "error", cli_json_text(r->error));
}

/* Evidence is stored as JSON text. */
static json_t *
parsed(const char *text)
{
	json_t *o = json_loads(text ? text : "null", JSON_DECODE_ANY, NULL);

	return o ? o : json_null();
}

static json_t *
mail_json(struct arena *a, const struct mail_row *m)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f, "
	    "s:o, s:o}",
	    "id", (json_int_t)m->id, "message_id", cli_json_text(m->identity),
	    "received", view_time(a, m->received_at), "from",
	    cli_json_text(m->from_addr), "subject", cli_json_text(m->subject),
	    "visible", cli_json_text(m->visible), "authentication",
	    cli_json_text(m->authentication), "action",
	    cli_json_text(m->action), "intent", cli_json_text(m->intent),
	    "confidence", m->confidence, "evidence", parsed(m->evidence),
	    "detail", parsed(m->detail));
}

static json_t *
event_json(struct store *s, struct arena *a, const struct shown *c,
    const struct event_row *e)
{
	json_t *o = json_pack("{s:I, s:o, s:s, s:o, s:o}",
	    "id", (json_int_t)e->id, "at", view_time(a, e->at),
	    "kind", e->kind, "actor", cli_json_text(e->actor),
	    "text", cli_json_text(e->text));
	const struct outbox_row *answer = answer_of(c, e->outbox_id);
	struct mail_row mail;

	if (strcmp(e->kind, "mail") == 0 && e->mail_id &&
	    mails_get(s, a, e->mail_id, &mail, NULL) == CD_OK)
		json_object_set_new(o, "mail", mail_json(a, &mail));
	if (answer)
		json_object_set_new(o, "answer", answer_json(a, answer));
	return o;
}

/* The cases that came from it. */
static json_t *
led_to_json(const struct shown *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n_beside; i++) {
		if (c->beside[i].linked == c->row.id)
			json_array_append_new(list,
			    json_integer((json_int_t)c->beside[i].id));
	}
	return list;
}

static void
print_json(struct store *s, struct arena *a, const struct shown *c)
{
	json_t *o = view_case_json(a, &c->row);
	json_t *timeline = json_array();

	for (size_t i = 0; i < c->n_events; i++)
		json_array_append_new(timeline,
		    event_json(s, a, c, &c->events[i]));
	json_object_set_new(o, "timeline", timeline);
	json_object_set_new(o, "draft", c->has_draft
	    ? answer_json(a, &c->draft) : json_null());
	json_object_set_new(o, "snoozed_until",
	    view_time(a, c->row.snoozed_until));
	json_object_set_new(o, "taken", json_boolean(c->row.taken));
	json_object_set_new(o, "linked", c->row.linked
	    ? json_integer((json_int_t)c->row.linked) : json_null());
	json_object_set_new(o, "led_to", led_to_json(c));
	cli_json(o);
}

/* ---- as a conversation ---------------------------------------------------- */

#define MAX_TEXT_COLUMNS 92	/* longer lines are hard to read */
#define MAX_WORDS_SHOWN	3	/* of the evidence */

struct talk {
	struct store *store;
	struct arena *a;
	const struct shown *c;
	int columns;
	const char *bold, *quiet, *plain;	/* colours, or "" */
	int64_t now;
};

static const char *
clean(const struct talk *t, const char *text)
{
	return cli_fit(t->a, text ? text : "", -1);
}

/* "24 Nov 2026, 20:25 UTC (3 h ago)" */
static const char *
when(const struct talk *t, int64_t at)
{
	time_t seconds = (time_t)at;
	char text[64] = "";
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) ||
	    strftime(text, sizeof text, "%d %b %Y, %H:%M UTC", &tm) == 0)
		return "";
	return arena_printf(t->a, "%s (%s ago)", text,
	    cli_age(t->a, t->now - at));
}

static void
put_text(const struct talk *t, const char *text, const char *margin)
{
	fputs(cli_wrap(t->a, text ? text : "", margin, t->columns), stdout);
}

static void
put_head(const struct talk *t, const char *who, const char *does, int64_t at)
{
	printf("\n%s%s%s%s%s  %s%s%s\n", t->bold, clean(t, who),
	    does[0] ? " " : "", does, t->plain, t->quiet, when(t, at),
	    t->plain);
}

/* What the rules saw of a mail's words, and which, the strongest first. */
static const char *
evidence(const struct talk *t, const struct mail_row *m)
{
	json_t *list = parsed(m->evidence);
	struct buf b = buf_new(t->a, 1024);
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(list) &&
	    n < MAX_WORDS_SHOWN; i++) {
		const json_t *e = json_array_get(list, i);
		const char *match = json_string_value(json_object_get(e,
		    "match"));
		const char *rule = json_string_value(json_object_get(e,
		    "rule"));

		if (!match || strlen(match) <= 3 || !rule ||
		    str_starts(str_of(rule), STR("model:")))
			continue;
		buf_printf(&b, "%s\"%s\" (%s)", n > 0 ? ", " : "", match,
		    rule);
		n++;
	}
	json_decref(list);
	return buf_str(&b).p;
}

static void
put_attached(const struct talk *t, const struct mail_row *m)
{
	json_t *detail = parsed(m->detail);
	const json_t *list = json_object_get(detail, "attachments");
	struct buf b = buf_new(t->a, 4096);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_object_get(
		    json_array_get(list, i), "name"));

		buf_printf(&b, "%s%s", i > 0 ? ", " : "Attached: ",
		    name && name[0] ? name : "a part without a name");
	}
	if (b.n > 0)
		put_text(t, buf_str(&b).p, "  ");
	json_decref(detail);
}

static void
put_mail(const struct talk *t, const struct event_row *e,
    const struct mail_row *m)
{
	const char *from = m->from_addr ? m->from_addr : "somebody";
	const char *words = evidence(t, m);

	put_head(t, m->from_name && m->from_name[0] ? arena_printf(t->a,
	    "%s <%s>", m->from_name, from) : from, "wrote", e->at);
	if (m->subject && strcmp(m->subject, t->c->row.subject) != 0)
		put_text(t, m->subject, "  Subject: ");
	put_text(t, !m->visible ? "(the text is not kept any more)" :
	    m->visible[0] ? m->visible : "(nothing newly written)", "  | ");
	put_attached(t, m);
	fputs(t->quiet, stdout);
	put_text(t, arena_printf(t->a, "mail %" PRId64 ": %s, %d %% sure: %s "
	    "(%s)%s%s", m->id, words_intent(t->a, m->intent),
	    (int)(m->confidence * 100 + 0.5),
	    words_action(t->a, m->action), words_reason(t->a, m->reason),
	    words[0] ? "; because of " : "", words), "  ");
	fputs(t->plain, stdout);
}

/* A draft that was sent has two events: its words stand where it was sent. */
static bool
comes_again(const struct shown *c, const struct event_row *e)
{
	for (const struct event_row *later = e + 1;
	    later < c->events + c->n_events; later++) {
		if (later->outbox_id == e->outbox_id &&
		    strcmp(later->kind, "answer") == 0)
			return true;
	}
	return false;
}

static void
put_answer(const struct talk *t, const struct event_row *e,
    const struct outbox_row *o)
{
	bool draft = o->state == OUTBOX_DRAFT || comes_again(t->c, e);
	bool dropped = o->state == OUTBOX_CANCELLED;

	put_head(t, e->actor, draft ? "drafted an answer" : dropped
	    ? "prepared an answer" : "answered", e->at);
	if (draft && o->state != OUTBOX_DRAFT) {
		put_text(t, arena_printf(t->a, "%s, to %s (see below)",
		    words_action(t->a, o->handle), o->to_addr), "  ");
		return;
	}
	put_text(t, arena_printf(t->a, "%s, %s, to %s: %s",
	    words_action(t->a, o->handle), outbox_state_name(o->state),
	    o->to_addr, o->subject), "  ");
	if (t->c->has_draft && o->id == t->c->draft.id)
		puts("  (see below)");
	else
		put_text(t, o->text, "  > ");
	if (o->error)
		put_text(t, o->error, dropped ? "  Not sent: "
		    : "  The server said: ");
}

static void
put_event(const struct talk *t, const struct event_row *e)
{
	const struct outbox_row *answer = answer_of(t->c, e->outbox_id);
	struct mail_row mail;

	if (strcmp(e->kind, "mail") == 0 && e->mail_id &&
	    mails_get(t->store, t->a, e->mail_id, &mail, NULL) == CD_OK)
		put_mail(t, e, &mail);
	else if (strcmp(e->kind, "answer") == 0 && answer)
		put_answer(t, e, answer);
	else if (strcmp(e->kind, "decision") != 0 || !e->mail_id) {
		/* A decision on a mail stands with the mail. */
		put_head(t, e->actor, "", e->at);
		put_text(t, arena_printf(t->a, "%s: %s", e->kind, e->text
		    ? e->text : ""), "  ");
	}
}

/* Approved, and something is open all the same: perhaps it is so no more. */
static void
put_approval(const struct talk *t)
{
	const struct case_row *r = &t->c->row;
	struct tenant_row tenant;

	if (!r->tenant || (r->state != CASE_REVIEW && r->state != CASE_WAITING) ||
	    tenants_get(t->store, t->a, r->tenant, &tenant, NULL) != CD_OK ||
	    tenant.approved_at == 0)
		return;
	printf("  the company approved %s; if that is no longer so: consentdesk "
	    "approve --withdraw %s\n", when(t, tenant.approved_at), r->tenant);
}

static void
put_facts(const struct talk *t)
{
	const struct case_row *r = &t->c->row;

	printf("%sCase %" PRId64 "  %s%s\n", t->bold, r->id,
	    clean(t, r->subject), t->plain);
	printf("  %s%s%s\n", words_state(r->state), r->reason[0] ? ": " : "",
	    words_why(t->a, r));
	put_text(t, arena_printf(t->a, "%s%s%s%s, company %s, tenant %s",
	    r->from_name ? r->from_name : "",
	    r->from_name && r->from_name[0] ? " <" : "", r->from_addr,
	    r->from_name && r->from_name[0] ? ">" : "",
	    r->domain ? r->domain : "not known",
	    r->tenant ? r->tenant : "not known"), "  ");
	printf("  opened %s; %s; %s; assigned to %s\n", when(t, r->opened),
	    words_intent(t->a, r->intent), words_language(t->a, r->language),
	    r->assignee ? clean(t, r->assignee) : "nobody");
	put_approval(t);
	if (r->snoozed_until > t->now)
		printf("  asleep until %s\n", clock_iso(t->a,
		    r->snoozed_until));
	if (r->linked)
		printf("  came from case %" PRId64 "\n", r->linked);
	for (size_t i = 0; i < t->c->n_beside; i++) {
		if (t->c->beside[i].linked == r->id)
			printf("  led to case %" PRId64 " (%s)\n",
			    t->c->beside[i].id,
			    words_state(t->c->beside[i].state));
	}
	if (r->merged_into)
		printf("  merged into case %" PRId64 "\n", r->merged_into);
}

static void
print_talk(struct store *s, struct arena *a, const struct shown *c)
{
	bool colour = cli_colour();
	int columns = cli_columns();
	const struct talk t = {
		.store = s, .a = a, .c = c,
		.columns = columns < MAX_TEXT_COLUMNS ? columns
		    : MAX_TEXT_COLUMNS,
		.bold = colour ? "\x1b[1m" : "",
		.quiet = colour ? "\x1b[2m" : "",
		.plain = colour ? "\x1b[0m" : "",
		.now = clock_now(),
	};

	put_facts(&t);
	for (size_t i = 0; i < c->n_events; i++)
		put_event(&t, &c->events[i]);
	if (!c->has_draft)
		return;
	printf("\n%sDraft (%s)%s  send it with: consentdesk send %" PRId64
	    "\n", t.bold, words_action(a, c->draft.handle), t.plain,
	    c->row.id);
	put_text(&t, c->draft.text, "  > ");
}

int
cmd_case(int argc, char **argv, const struct command_env *env)
{
	bool json = false;
	const struct option_spec options[] = { { "json", &json, NULL }, { 0 } };
	int n = cli_options(argc, argv, options, 1, 1);
	struct shown shown = { 0 };
	struct cli_session s;
	struct cd_err err = { "" };
	int64_t id;
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	id = cli_case_number(argv[1]);
	if (id == 0)
		return EX_USAGE;
	code = cli_open(env, CLI_STORE_READ, &s);
	if (code != EX_OK)
		return code;
	rc = load(s.store, s.arena, id, &shown, &err);
	code = cli_result(rc, &err);
	if (rc == CD_OK && json)
		print_json(s.store, s.arena, &shown);
	else if (rc == CD_OK)
		print_talk(s.store, s.arena, &shown);
	cli_close(&s);
	return code;
}
