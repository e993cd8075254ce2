/*
 * A stored mail read again. What was found when it came (its zones, what the
 * screen and the mail server said, what it answers, what its case is about) is in
 * its row and is kept;
 * everything that rules and model say is said anew.
 */
#include <string.h>

#include "flow/intake.h"
#include "text/domain.h"

/* Borrowed of detail; NULL: there is none. */
static const char *
text_at(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static size_t
size_at(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (size_t)n : 0;
}

/* A zone of another version's is read as new: text is never lost. */
static enum zone
zone_of(const char *name)
{
	for (size_t i = 0; name && i < ZONE_COUNT; i++) {
		if (strcmp(name, zone_name((enum zone)i)) == 0)
			return (enum zone)i;
	}
	return ZONE_NEW;
}

static enum authentication
authentication_of(const char *name)
{
	static const enum authentication all[] = { AUTH_PASS, AUTH_FAIL };

	for (size_t i = 0; name && i < sizeof all / sizeof *all; i++) {
		if (strcmp(name, authentication_name(all[i])) == 0)
			return all[i];
	}
	return AUTH_NONE;
}

/* Quotes without their marks, as when it came; the new text is a column. */
static void
read_zones(struct arena *a, const struct mail_row *row, const json_t *detail,
    struct visible *out)
{
	const json_t *zones = json_object_get(detail, "zones");
	size_t n = json_array_size(zones);
	struct zoned body = { .text = str_of(row->full_text) };

	body.spans = arena_array(a, n, sizeof *body.spans);
	for (; body.n_spans < n; body.n_spans++) {
		const json_t *z = json_array_get(zones, body.n_spans);

		body.spans[body.n_spans] = (struct span){ size_at(z, "from"),
			size_at(z, "to"), zone_of(text_at(z, "zone")) };
	}
	visible_find(a, &body, row->from_name ? row->from_name : "", out);
	out->zone[ZONE_NEW] = str_of(row->visible);
	out->struck = json_is_true(json_object_get(detail, "struck"));
}

static void
read_message(struct arena *a, const struct mail_row *row, const json_t *detail,
    struct message *m)
{
	const json_t *files = json_object_get(detail, "attachments");

	m->subject = row->subject ? row->subject : "";
	if (row->from_addr)
		m->from = address_list_parse(a, str_of(row->from_addr));
	if (text_at(detail, "in_reply_to"))
		m->in_reply_to = arena_strdup(a, text_at(detail,
		    "in_reply_to"));
	if (text_at(detail, "inner")) {
		m->inner = arena_alloc(a, sizeof *m->inner);
		m->inner->body.text = str_of(arena_strdup(a, text_at(detail,
		    "inner")));
	}
	m->attachments = arena_array(a, json_array_size(files),
	    sizeof *m->attachments);
	for (size_t i = 0; i < json_array_size(files); i++) {
		const char *name = text_at(json_array_get(files, i), "name");

		m->attachments[m->n_attachments++].name =
		    arena_strdup(a, name ? name : "");
	}
}

const char *
intake_hold(struct arena *a, const char *detail)
{
	json_t *o = json_loads(detail ? detail : "{}", 0, NULL);
	const json_t *gates = json_object_get(o, "gates");
	const char *hold = NULL;

	for (size_t i = 0; !hold && i < json_array_size(gates); i++) {
		const json_t *gate = json_array_get(gates, i);
		const char *name = text_at(gate, "gate");

		if (name && strcmp(name, "hold") == 0)
			hold = arena_strdup(a, text_at(gate, "reason"));
	}
	json_decref(o);
	return hold;
}

bool
intake_reread(const struct engine *e, struct arena *a,
    const struct mail_row *row, struct examined *x)
{
	json_t *detail;

	if (!row->visible || !row->full_text || !row->intent)
		return false;
	memset(x, 0, sizeof *x);
	detail = json_loads(row->detail ? row->detail : "{}", 0, NULL);
	read_message(a, row, detail, &x->message);
	read_zones(a, row, detail, &x->visible);
	x->screen.automatic = row->automatic;
	x->screen.hold = intake_hold(a, row->detail);
	x->authentication = authentication_of(row->authentication);
	(void)context_of(str_of(text_at(detail, "context")), &x->context);
	x->outsider = json_is_true(json_object_get(detail, "outsider"));
	x->case_solved = json_is_true(json_object_get(detail, "case_solved"));
	x->case_waits = json_is_true(json_object_get(detail, "case_waits"));
	x->has_link = json_is_true(json_object_get(detail, "has_link"));
	if (text_at(detail, "client"))
		(void)client_of(str_of(text_at(detail, "client")), &x->client);
	/* As mails that came under an earlier version have it. */
	else if (json_is_true(json_object_get(detail, "client_unnamed")))
		x->client = CLIENT_UNNAMED;
	else if (json_is_true(json_object_get(detail, "client_named")))
		x->client = CLIENT_NAMED;
	x->papers = json_is_true(json_object_get(detail, "papers"));
	x->picture = (enum picture)json_integer_value(
	    json_object_get(detail, "picture"));
	if (text_at(detail, "case_domain"))
		x->case_domain = arena_strdup(a, text_at(detail,
		    "case_domain"));
	json_decref(detail);
	x->identity = row->identity;
	x->canonical = row->canonical;
	if (x->message.from.n > 0)
		x->from = x->message.from.v[0].addr;
	intake_read(e, a, x);
	return true;
}

void
intake_stored_facts(const struct mail_row *row, struct facts *f)
{
	static const char *const limits[] = { "sender_per_day",
		"same_answer_in_7_days", "case", "domain", "hour",
		"dead_address" };

	f->taken = strcmp(row->reason, "taken") == 0;
	f->too_old = strcmp(row->reason, "too_old") == 0;
	f->foreign_cloud = strcmp(row->reason, "foreign_cloud") == 0;
	f->complaint_waits = strcmp(row->reason, "writes_again") == 0;
	f->trouble_waits = f->complaint_waits;
	f->claim_waits = strcmp(row->reason, "still_blocked") == 0 &&
	    strcmp(row->intent, "still_blocked") != 0;
	f->tenant_approved = strcmp(row->reason, "tenant_approved") == 0;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		if (strcmp(row->reason, limits[i]) == 0)
			f->limit = limits[i];
	}
}

void
intake_read_as(struct examined *x, enum intent intent)
{
	struct reading *r = &x->reading;

	memset(r->probability, 0, sizeof r->probability);
	r->probability[intent] = 1;
	r->intent = r->second = intent;
	r->confidence = 1;
	r->second_confidence = 0;
	r->torn = NULL;
	intake_company(x);
}
