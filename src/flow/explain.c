/*
 * What was read and decided, as JSON: for `explain`, and on the case.
 */
#include <string.h>

#include "flow/intake.h"

static json_t *
text(const char *s)
{
	return s ? json_string(s) : json_null();
}

static json_t *
str_json(struct str s)
{
	return json_stringn(s.p ? s.p : "", s.n);
}

json_t *
intake_evidence(const struct reading *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_evidence; i++) {
		const struct evidence *ev = &r->evidence[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:f}",
		    "rule", ev->rule, "zone", ev->zone, "match",
		    text(ev->match), "weight", ev->weight));
	}
	return list;
}

static json_t *
zones(const struct zoned *z)
{
	json_t *list = json_array();

	for (size_t i = 0; i < z->n_spans; i++) {
		json_array_append_new(list, json_pack("{s:s, s:I, s:I}",
		    "zone", zone_name(z->spans[i].zone),
		    "from", (json_int_t)z->spans[i].from,
		    "to", (json_int_t)z->spans[i].to));
	}
	return list;
}

static json_t *
attachments(const struct message *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n_attachments; i++) {
		json_array_append_new(list, json_pack("{s:o, s:o, s:I}",
		    "name", text(m->attachments[i].name),
		    "type", text(m->attachments[i].type),
		    "size", (json_int_t)m->attachments[i].size));
	}
	return list;
}

/* The gates that held or named the mail, each with its evidence. */
static json_t *
gates(const struct examined *x)
{
	json_t *list = json_array();
	const struct screen *s = &x->screen;

	if (s->automatic)
		json_array_append_new(list, json_pack("{s:s, s:s, s:o}",
		    "gate", "automatic", "reason", s->automatic,
		    "evidence", text(s->automatic_evidence)));
	if (s->hold)
		json_array_append_new(list, json_pack("{s:s, s:s, s:o}",
		    "gate", "hold", "reason", s->hold,
		    "evidence", text(s->hold_evidence)));
	return list;
}

json_t *
intake_explain(const struct engine *e, const char *file,
    const struct examined *x, const struct verdict *v)
{
	const struct message *m = &x->message;
	const struct reading *r = &x->reading;
	json_t *o = json_object();

	(void)e;
	if (file)
		json_object_set_new(o, "file", json_string(file));
	json_object_set_new(o, "message_id", text(m->message_id));
	json_object_set_new(o, "from", text(x->from));
	json_object_set_new(o, "subject", text(m->subject));
	json_object_set_new(o, "automatic", text(x->screen.automatic));
	json_object_set_new(o, "authentication",
	    text(authentication_name(x->authentication)));
	json_object_set_new(o, "language", text(x->language));
	json_object_set_new(o, "visible",
	    str_json(x->visible.zone[ZONE_NEW]));
	json_object_set_new(o, "intent", text(intent_name(r->intent)));
	json_object_set_new(o, "confidence", json_real(r->confidence));
	json_object_set_new(o, "evidence", intake_evidence(r));
	json_object_set_new(o, "domain", text(x->domain));
	json_object_set_new(o, "action", text(action_name(v->action)));
	json_object_set_new(o, "reason", text(v->reason));
	json_object_set_new(o, "template", text(v->template));

	json_object_set_new(o, "authentication_why",
	    text(x->authentication_why));
	json_object_set_new(o, "context", text(context_name(x->context)));
	json_object_set_new(o, "context_why", text(x->context_why));
	json_object_set_new(o, "second", json_pack("{s:o, s:f}", "intent",
	    text(intent_name(r->second)), "confidence",
	    r->second_confidence));
	json_object_set_new(o, "torn", text(r->torn));
	json_object_set_new(o, "role", text(r->role));
	json_object_set_new(o, "code",
	    r->code ? json_integer(r->code) : json_null());
	json_object_set_new(o, "remedy",
	    text(r->remedy && r->remedy[0] ? r->remedy : NULL));
	json_object_set_new(o, "tenant", text(r->tenant_guid));
	json_object_set_new(o, "gates", gates(x));
	json_object_set_new(o, "zones", zones(&x->visible.all));
	json_object_set_new(o, "attachments", attachments(m));
	json_object_set_new(o, "lossy", json_boolean(m->lossy));
	json_object_set_new(o, "truncated", json_boolean(m->truncated));
	return o;
}
