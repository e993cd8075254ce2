/* What a person does: each POST is one function of flow/desk. */
#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "desk_room.h"
#include "store/outbox.h"

static struct desk
desk_of(struct call *c)
{
	return (struct desk){
		.engine = c->w->engine,
		.store = c->w->writer,
		.arena = c->a,
		.actor = c->who.name,
		.now = c->now,
	};
}

static const char *
field(const struct call *c, const char *name)
{
	const char *v = web_form(c->r, name);

	return v ? v : "";
}

/* Browsers send "\r\n" for each line end. */
static const char *
with_plain_lines(struct arena *a, const char *text)
{
	char *out = arena_strdup(a, text), *w = out;

	for (const char *p = out; *p; p++) {
		if (p[0] == '\r' && p[1] == '\n')
			continue;
		*w++ = *p == '\r' ? '\n' : *p;
	}
	*w = '\0';
	return out;
}

static int64_t
number(const char *text)
{
	int64_t n;

	return str_to_i64(str_of(text), 1, INT64_MAX, &n) ? n : 0;
}

/* ---- sending -------------------------------------------------------------- */

/* What was not touched goes as it was made, with its HTML part: the draft, or
 * the template that was put before the person. */
static enum cd_rc
send(struct call *c, struct desk *d, int64_t id, const char *typed,
    struct cd_err *err)
{
	const char *original = with_plain_lines(c->a, field(c, "original"));
	const char *template = field(c, "template");
	const char *language = field(c, "language");
	bool same = strcmp(str_trim(str_of(typed)).n == 0 ? "" : typed,
	    original) == 0;
	int64_t outbox;

	if (str_trim(str_of(typed)).n == 0)
		return cd_fail(err, CD_MALFORMED, "an empty answer is not "
		    "sent");
	d->language = language[0] ? language : NULL;
	if (!same)
		return desk_send(d, id, NULL, typed, number(field(c, "seen")),
		    &outbox, err);
	return desk_send(d, id, template[0] ? template : NULL, NULL,
	    number(field(c, "seen")), &outbox, err);
}

/* Was it this very form that sent, by a click before this one? Then "not sent"
 * would be wrong, and would have it sent twice. */
static bool
sent_before(struct call *c, int64_t id, const char *typed)
{
	const char *template = field(c, "template");
	struct event_row *events;
	struct outbox_row o;
	size_t n;

	if (events_of(c->w->reader, c->a, id, &events, &n, NULL) != CD_OK)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (events[i].id <= number(field(c, "seen")) ||
		    strcmp(events[i].kind, "answer") != 0 ||
		    strcmp(events[i].actor, c->who.name) != 0 ||
		    outbox_get(c->w->reader, c->a, events[i].outbox_id, &o,
		    NULL) != CD_OK)
			continue;
		/* A template is filled anew when it is sent, with a new end of
		 * its link. */
		if (strcmp(o.text, typed) == 0 || (strcmp(o.handle, template)
		    == 0 && strcmp(typed, with_plain_lines(c->a,
		    field(c, "original"))) == 0))
			return true;
	}
	return false;
}

static void
act_send(struct call *c, int64_t id)
{
	const char *typed = with_plain_lines(c->a, field(c, "text"));
	struct desk d = desk_of(c);
	struct cd_err err = { "" };
	enum cd_rc rc = number(field(c, "seen")) == 0
	    ? cd_fail(&err, CD_MALFORMED, "this form is not whole")
	    : send(c, &d, id, typed, &err);

	if (rc == CD_OK || (rc == CD_REFUSED && sent_before(c, id, typed))) {
		role_wake(c->w->context->wake_send);
		call_redirect(c, arena_printf(c->a, "/cases/%" PRId64
		    "?done=send", id));
		return;
	}
	case_page(c, id, &(struct case_trouble){
		.status = call_status(rc),
		.text = err.text,
		.typed = typed,
		.seen = number(field(c, "seen")),
	});
}

/* ---- the rest ------------------------------------------------------------- */

static enum cd_rc
act_snooze(const struct desk *d, int64_t id, const char *text, int64_t seen,
    struct cd_err *err)
{
	static const struct {
		const char *name;
		int64_t s;
	} times[] = { { "3h", 3 * 3600 }, { "1d", 86400 }, { "3d", 3 * 86400 },
		{ "1w", 7 * 86400 }, { "4w", 28 * 86400 } };

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		if (strcmp(times[i].name, text) == 0)
			return desk_snooze(d, id, d->now + times[i].s, seen,
			    err);
	}
	return cd_fail(err, CD_MALFORMED, "choose how long, please");
}

/* CD_DONE: there is no such verb. */
static enum cd_rc
act(struct call *c, const struct desk *d, int64_t id, const char *verb,
    struct cd_err *err)
{
	int64_t seen = number(field(c, "seen"));

	if (strcmp(verb, "close") == 0)
		return desk_close(d, id, seen, err);
	if (strcmp(verb, "reopen") == 0)
		return desk_reopen(d, id, err);
	if (strcmp(verb, "assign") == 0)
		return desk_assign(d, id, field(c, "who"), err);
	if (strcmp(verb, "note") == 0)
		return desk_note(d, id, with_plain_lines(c->a,
		    field(c, "text")), err);
	if (strcmp(verb, "snooze") == 0)
		return act_snooze(d, id, field(c, "until"), seen, err);
	if (strcmp(verb, "label") == 0) {
		enum cd_rc rc = desk_label(d, id, 0,
		    field(c, "intent"), err);

		return rc == CD_DONE ? CD_REFUSED : rc;
	}
	if (strcmp(verb, "merge") == 0)
		return number(field(c, "into")) == 0
		    ? cd_fail(err, CD_MALFORMED, "the number of a case, please")
		    : desk_merge(d, id, number(field(c, "into")), err);
	return CD_DONE;
}

void
act_case(struct call *c, int64_t id, const char *verb)
{
	struct desk d = desk_of(c);
	struct cd_err err = { "" };
	int64_t then = id;
	enum cd_rc rc;

	if (strcmp(verb, "send") == 0) {
		act_send(c, id);
		return;
	}
	rc = act(c, &d, id, verb, &err);
	if (rc == CD_DONE) {
		call_trouble(c, 404, "There is nothing here",
		    "This address leads to no page of the queue.");
		return;
	}
	if (rc != CD_OK) {
		case_page(c, id, &(struct case_trouble){
			.status = call_status(rc), .text = err.text,
			.seen = number(field(c, "seen")),
			.note = strcmp(verb, "note") == 0
			    ? field(c, "text") : NULL });
		return;
	}
	if (strcmp(verb, "merge") == 0)
		then = number(field(c, "into"));
	call_redirect(c, arena_printf(c->a, "/cases/%" PRId64 "?done=%s", then,
	    verb));
}

void
act_bulk(struct call *c)
{
	bool close = strcmp(field(c, "do"), "close") == 0;
	const char *back = call_back(c, web_form(c->r, "back"));
	int64_t seen = number(field(c, "seen"));
	struct desk d = desk_of(c);
	size_t done = 0, failed = 0;

	if (!close && strcmp(field(c, "do"), "assign") != 0) {
		call_trouble(c, 400, "Nothing was changed",
		    "Choose what to do with the cases, please.");
		return;
	}
	if (close && seen == 0) {
		call_trouble(c, 400, "Nothing was changed",
		    "This form is not whole. Go back to the list and choose "
		    "anew, please.");
		return;
	}
	for (size_t i = 0; i < c->r->n_form; i++) {
		int64_t id = strcmp(c->r->form[i].name, "id") == 0
		    ? number(c->r->form[i].value) : 0;
		struct cd_err err = { "" };

		if (id == 0 || done + failed >= CD_MAX_BULK)
			continue;
		if ((close ? desk_close(&d, id, seen, &err)
		    : desk_assign(&d, id, field(c, "who"), &err)) == CD_OK)
			done++;
		else
			failed++;
	}
	log_info("desk.bulk", "do=%s done=%zu failed=%zu actor=%s",
	    close ? "close" : "assign", done, failed, log_q(c->a,
	    c->who.name));
	call_redirect(c, arena_printf(c->a, "%s%sdone=%s", back,
	    strchr(back, '?') ? "&" : "?", failed > 0 ? "partly"
	    : done > 0 ? "bulk" : "none"));
}
