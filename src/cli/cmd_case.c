#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"
#include "store/mails.h"
#include "store/outbox.h"

struct shown {
	struct case_row row;
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
	json_object_set_new(o, "merged_into", c->row.merged_into
	    ? json_integer((json_int_t)c->row.merged_into) : json_null());
	cli_json(o);
}

static void
print_lines(struct arena *a, const char *text, const char *margin)
{
	struct str rest = str_of(text), line;

	while (str_line(&rest, &line)) {
		/* Long lines are left to the terminal; only control bytes
		 * are taken out. */
		char *s = arena_str(a, line);

		for (char *p = s; *p; p++) {
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				*p = ' ';
		}
		printf("%s%s\n", margin, s);
	}
}

static void
print_event(struct store *s, struct arena *a, const struct shown *c,
    const struct event_row *e)
{
	const struct outbox_row *answer = answer_of(c, e->outbox_id);
	bool bold = cli_colour();
	struct mail_row mail;

	printf("\n%s%s  %s%s%s\n", bold ? "\x1b[1m" : "", clock_iso(a, e->at),
	    e->actor ? cli_fit(a, e->actor, (int)strlen(e->actor)) : "",
	    bold ? "\x1b[0m" : "", strcmp(e->kind, "mail") == 0 ? " wrote"
	    : "");
	if (strcmp(e->kind, "mail") == 0 && e->mail_id &&
	    mails_get(s, a, e->mail_id, &mail, NULL) == CD_OK && mail.visible) {
		print_lines(a, mail.visible, "  | ");
		return;
	}
	printf("  %s: ", e->kind);
	print_lines(a, e->text ? e->text : "", "");
	/* The draft stands at the end. */
	if (answer && answer->text && strcmp(e->kind, "answer") == 0 &&
	    !(c->has_draft && c->draft.id == answer->id)) {
		printf("  to %s: %s\n", answer->to_addr, answer->subject);
		print_lines(a, answer->text, "  > ");
	}
}

static void
print_text(struct store *s, struct arena *a, const struct shown *c)
{
	const struct case_row *r = &c->row;

	printf("case %" PRId64 "  %s%s%s  %s\n", r->id,
	    case_state_name(r->state), r->reason[0] ? ": " : "", r->reason,
	    r->intent);
	printf("from %s  company %s  tenant %s\n", r->from_addr,
	    r->domain ? r->domain : "-", r->tenant ? r->tenant : "-");
	printf("subject %s\n", cli_fit(a, r->subject, 72));
	printf("opened %s  assignee %s\n", clock_iso(a, r->opened),
	    r->assignee ? r->assignee : "-");
	for (size_t i = 0; i < c->n_events; i++)
		print_event(s, a, c, &c->events[i]);
	if (c->has_draft) {
		printf("\ndraft (%s), send it with: consentdesk send %" PRId64
		    "\n", c->draft.handle, r->id);
		print_lines(a, c->draft.text ? c->draft.text : "", "  > ");
	}
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
		print_text(s.store, s.arena, &shown);
	cli_close(&s);
	return code;
}
