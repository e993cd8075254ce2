/*
 * What was read and decided, as JSON: for `explain`, and on the case. Written
 * straight into text: a tree of it first was a quarter of what reading a mail
 * cost.
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "flow/intake.h"

/* Opens the next value of a list. */
static void
item(struct buf *b, const char *opening)
{
	if (b->p[b->n - 1] != '[')
		buf_char(b, ',');
	buf_puts(b, opening);
}

static void
key(struct buf *b, const char *name)
{
	buf_puts(b, b->p[b->n - 1] == '{' ? "\"" : ",\"");
	buf_puts(b, name);
	buf_puts(b, "\":");
}

static void
put_quoted(struct buf *b, struct str s)
{
	buf_char(b, '"');
	buf_json(b, s);
	buf_char(b, '"');
}

static void
put(struct buf *b, const char *name, const char *s)
{
	key(b, name);
	if (s)
		put_quoted(b, str_of(s));
	else
		buf_puts(b, "null");
}

static void
put_real(struct buf *b, const char *name, double v)
{
	char s[40];

	key(b, name);
	snprintf(s, sizeof s, "%.17g", isfinite(v) ? v : 0);
	buf_puts(b, s);
	/* JSON's readers take "1" for an integer. */
	if (!strpbrk(s, ".e"))
		buf_puts(b, ".0");
}

static void
put_size(struct buf *b, const char *name, size_t n)
{
	key(b, name);
	buf_printf(b, "%zu", n);
}

static void
put_bool(struct buf *b, const char *name, bool is)
{
	key(b, name);
	buf_puts(b, is ? "true" : "false");
}

static void
evidence(struct buf *b, const struct reading *r)
{
	buf_char(b, '[');
	for (size_t i = 0; i < r->n_evidence; i++) {
		const struct evidence *e = &r->evidence[i];

		item(b, "{");
		put(b, "rule", e->rule);
		put(b, "zone", e->zone);
		put(b, "match", e->match);
		put_real(b, "weight", e->weight);
		if (e->says) {
			key(b, "says");
			buf_char(b, '{');
			put_real(b, e->says, e->says_weight);
			buf_char(b, '}');
		}
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void
zones(struct buf *b, const struct zoned *z)
{
	key(b, "zones");
	buf_char(b, '[');
	for (size_t i = 0; i < z->n_spans; i++) {
		item(b, "{");
		put(b, "zone", zone_name(z->spans[i].zone));
		put_size(b, "from", z->spans[i].from);
		put_size(b, "to", z->spans[i].to);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void
attachments(struct buf *b, const struct message *m)
{
	key(b, "attachments");
	buf_char(b, '[');
	for (size_t i = 0; i < m->n_attachments; i++) {
		item(b, "{");
		put(b, "name", m->attachments[i].name);
		put(b, "type", m->attachments[i].type);
		put_size(b, "size", m->attachments[i].size);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void
gate(struct buf *b, const char *name, const char *reason, const char *why)
{
	if (!reason)
		return;
	item(b, "{");
	put(b, "gate", name);
	put(b, "reason", reason);
	put(b, "evidence", why);
	buf_char(b, '}');
}

/* The gates that held or named the mail, each with its evidence. */
static void
gates(struct buf *b, const struct screen *s)
{
	key(b, "gates");
	buf_char(b, '[');
	gate(b, "automatic", s->automatic, s->automatic_evidence);
	gate(b, "hold", s->hold, s->hold_evidence);
	buf_char(b, ']');
}

static void
references(struct buf *b, const struct message *m)
{
	key(b, "references");
	buf_char(b, '[');
	for (size_t i = 0; i < m->n_references; i++) {
		item(b, "");
		put_quoted(b, str_of(m->references[i]));
	}
	buf_char(b, ']');
}

/* Reply-To, where it counts. From has columns of its own. */
static void
answer_to(struct buf *b, const struct message *m, const struct mailbox *to)
{
	if (!to || to == m->from.v)
		return;
	key(b, "answer_to");
	buf_char(b, '{');
	put(b, "address", to->addr);
	put(b, "name", to->name);
	buf_char(b, '}');
}

static void
mail(struct buf *b, const struct examined *x, const struct verdict *v,
    bool whole)
{
	const struct message *m = &x->message;
	const struct reading *r = &x->reading;

	put(b, "message_id", m->message_id);
	put(b, "from", x->from);
	put(b, "subject", m->subject);
	put(b, "automatic", x->screen.automatic);
	put(b, "authentication", authentication_name(x->authentication));
	put(b, "language", x->language);
	if (whole) {
		key(b, "visible");
		put_quoted(b, x->visible.zone[ZONE_NEW]);
	}
	put(b, "intent", intent_name(r->intent));
	put_real(b, "confidence", r->confidence);
	if (whole) {
		key(b, "evidence");
		evidence(b, r);
	}
	put(b, "domain", x->domain);
	put(b, "action", action_name(v->action));
	put(b, "reason", v->reason);
	put(b, "template", v->template);

	put(b, "authentication_why", x->authentication_why);
	put(b, "context", context_name(x->context));
	put(b, "context_why", x->context_why);
	key(b, "second");
	buf_char(b, '{');
	put(b, "intent", intent_name(r->second));
	put_real(b, "confidence", r->second_confidence);
	buf_char(b, '}');
	put(b, "torn", r->torn);
	put(b, "role", r->role);
	key(b, "code");
	if (r->code)
		buf_printf(b, "%d", r->code);
	else
		buf_puts(b, "null");
	put(b, "remedy", r->remedy && r->remedy[0] ? r->remedy : NULL);
	put(b, "tenant", r->tenant_guid);
	gates(b, &x->screen);
	zones(b, &x->visible.all);
	attachments(b, m);
	put_bool(b, "lossy", m->lossy);
	put_bool(b, "truncated", m->truncated);
}

static struct buf
json_new(struct arena *a, size_t reserve)
{
	struct buf b = buf_new(a, CD_MAX_EXPLAINED);

	buf_reserve(&b, reserve);
	return b;
}

struct str
intake_explain(struct arena *a, const char *file, const struct examined *x,
    const struct verdict *v)
{
	struct buf b = json_new(a, x->visible.zone[ZONE_NEW].n + 8192);

	buf_char(&b, '{');
	put(&b, "file", file);
	mail(&b, x, v, true);
	buf_char(&b, '}');
	return b.full ? STR("{}") : buf_str(&b);
}

const char *
intake_detail(struct arena *a, const struct examined *x,
    const struct verdict *v, const struct mailbox *to)
{
	struct buf b = json_new(a, 2048);

	buf_char(&b, '{');
	mail(&b, x, v, false);
	references(&b, &x->message);
	answer_to(&b, &x->message, to);
	put(&b, "in_reply_to", x->message.in_reply_to);
	if (x->message.inner && x->visible.zone[ZONE_FORWARDED].n == 0) {
		key(&b, "inner");
		put_quoted(&b, intake_passed_on(x));
	}
	put_bool(&b, "papers", x->papers);
	put_bool(&b, "struck", x->visible.struck);
	put(&b, "case_domain", x->case_domain);
	put_bool(&b, "outsider", x->outsider);
	put_bool(&b, "case_solved", x->case_solved);
	put_bool(&b, "case_waits", x->case_waits);
	put_bool(&b, "has_link", x->has_link);
	put(&b, "client", client_name(x->client));
	put_size(&b, "picture", x->picture);
	buf_char(&b, '}');
	return b.full ? "{}" : buf_str(&b).p;
}

const char *
intake_evidence(struct arena *a, const struct reading *r)
{
	struct buf b = json_new(a, 2048);

	evidence(&b, r);
	return b.full ? "[]" : buf_str(&b).p;
}
