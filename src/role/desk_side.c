/* Beside the conversation: the facts of the case and the smaller actions. */
#include <inttypes.h>
#include <string.h>

#include "desk_view.h"

static void
form_begin(struct call *c, struct html *h, const struct case_view *v,
    const char *verb)
{
	html_put(h, "<form class=\"%s\" method=\"post\" action=\"/cases/%"
	    PRId64 "/%s\">", verb, v->row.id, verb);
	page_token(c, h);
	html_put(h, "<input type=\"hidden\" name=\"seen\" value=\"%" PRId64
	    "\">", v->seen);
}

static void
put_company(struct call *c, struct html *h, const struct case_view *v)
{
	const struct case_row *r = &v->row;

	html_put(h, "<dt>Company</dt><dd>");
	if (r->domain)
		html_put(h, "<a href=\"/cases?view=all&amp;domain=%s\"><bdi>%s"
		    "</bdi></a>", html_query(c->a, r->domain), r->domain);
	else
		html_put(h, "not known");
	html_put(h, "</dd><dt>Tenant</dt><dd>");
	if (r->tenant)
		html_put(h, "<a class=\"guid\" href=\"/cases?view=all&amp;"
		    "tenant=%s\">%s</a>", html_query(c->a, r->tenant),
		    r->tenant);
	else
		html_put(h, "not known");
	if (v->has_tenant && v->tenant.approved_at) {
		html_put(h, "<br><span class=\"yes\">approved ");
		words_when(c, h, v->tenant.approved_at);
		html_put(h, "</span>");
	}
	if (v->has_tenant && v->tenant.foreign_cloud)
		html_put(h, "<br><span class=\"warn\">another cloud of "
		    "Microsoft's</span>");
	html_put(h, "</dd>");
}

/* The case that it came from, and those that came from it. */
static void
put_links(struct html *h, const struct case_view *v)
{
	if (v->row.linked)
		html_put(h, "<dt>Came from</dt><dd><a href=\"/cases/%" PRId64
		    "\">case %" PRId64 "</a></dd>", v->row.linked,
		    v->row.linked);
	for (size_t i = 0; i < v->n_beside; i++) {
		const struct case_row *r = &v->beside[i];

		if (r->linked == v->row.id)
			html_put(h, "<dt>Led to</dt><dd><a href=\"/cases/%"
			    PRId64 "\">case %" PRId64 "</a>, %s</dd>", r->id,
			    r->id, words_state(r->state));
	}
}

static void
put_facts(struct call *c, struct html *h, const struct case_view *v)
{
	const struct case_row *r = &v->row;

	html_put(h, "<section class=\"sheet\"><h2>Case</h2>"
	    "<dl class=\"facts\"><dt>From</dt><dd>");
	if (r->from_name && r->from_name[0])
		html_put(h, "<bdi>%s</bdi><br>", r->from_name);
	html_put(h, "<bdi class=\"addr\">%s</bdi>", r->from_addr);
	words_doubt(c, h, r->from_addr, r->from_name, r->domain);
	html_put(h, "</dd>");
	put_company(c, h, v);
	html_put(h, "<dt>Reading</dt><dd>%s</dd><dt>Language</dt><dd>%s</dd>"
	    "<dt>Opened</dt><dd>", words_intent(c->a, r->intent),
	    words_language(c->a, r->language));
	words_when(c, h, r->opened);
	html_put(h, "</dd>");
	if (r->snoozed_until > c->now) {
		html_put(h, "<dt>Put off until</dt><dd>");
		words_when(c, h, r->snoozed_until);
		html_put(h, "</dd>");
	}
	if (r->taken)
		html_put(h, "<dt>Taken</dt><dd>a person of the team answers by "
		    "ordinary mail</dd>");
	put_links(h, v);
	html_put(h, "</dl></section>\n");
}

static void
put_assign(struct call *c, struct html *h, const struct case_view *v)
{
	form_begin(c, h, v, "assign");
	html_put(h, "<label for=\"assign-who\">Assigned to</label><div "
	    "class=\"pair\"><select id=\"assign-who\" name=\"who\">"
	    "<option value=\"-\">nobody</option>");
	words_people_options(c, h, v->row.assignee);
	html_put(h, "</select><button>Assign</button></div></form>");
}

static void
put_snooze(struct call *c, struct html *h, const struct case_view *v)
{
	form_begin(c, h, v, "snooze");
	html_put(h, "<label for=\"until\">Put off for</label><div "
	    "class=\"pair\"><select id=\"until\" name=\"until\">"
	    "<option value=\"3h\">3 hours</option>"
	    "<option value=\"1d\" selected>a day</option>"
	    "<option value=\"3d\">3 days</option>"
	    "<option value=\"1w\">a week</option>"
	    "<option value=\"4w\">4 weeks</option></select>"
	    "<button>Snooze</button></div></form>");
}

static void
put_label(struct call *c, struct html *h, const struct case_view *v)
{
	form_begin(c, h, v, "label");
	html_put(h, "<label for=\"intent\">This reading was wrong: it is"
	    "</label><div class=\"pair\"><select id=\"intent\" "
	    "name=\"intent\">");
	words_intent_options(c, h, v->row.intent);
	html_put(h, "</select><button>Correct</button></div></form>");
}

static void
put_merge(struct call *c, struct html *h, const struct case_view *v)
{
	form_begin(c, h, v, "merge");
	html_put(h, "<label for=\"into\">Merge into case number</label><div "
	    "class=\"pair\"><input id=\"into\" name=\"into\" "
	    "inputmode=\"numeric\" pattern=\"[0-9]+\" required size=\"8\">"
	    "<button>Merge</button></div></form>");
}

static void
put_note(struct call *c, struct html *h, const struct case_view *v)
{
	form_begin(c, h, v, "note");
	html_put(h, "<label for=\"note\">Note for the team</label>"
	    "<textarea id=\"note\" name=\"text\" rows=\"2\" required>"
	    "</textarea><button>Keep the note</button></form>");
}

static void
put_actions(struct call *c, struct html *h, const struct case_view *v)
{
	bool closed = v->row.state == CASE_CLOSED;

	html_put(h, "<section class=\"sheet actions\"><h2>Actions</h2>");
	form_begin(c, h, v, closed ? "reopen" : "close");
	html_put(h, closed ? "<button>Reopen</button></form>"
	    : "<button accesskey=\"c\">Close without an answer</button>"
	    "</form>");
	if (!closed && v->row.state != CASE_REVIEW) {
		form_begin(c, h, v, "reopen");
		html_put(h, "<button>Needs a person again</button></form>");
	}
	put_assign(c, h, v);
	if (v->row.state == CASE_REVIEW)
		put_snooze(c, h, v);
	put_label(c, h, v);
	put_note(c, h, v);
	put_merge(c, h, v);
	html_put(h, "</section>\n");
}

static void
put_others(struct call *c, struct html *h, const struct case_view *v)
{
	if (v->n_others == 0)
		return;
	html_put(h, "<section class=\"sheet\"><h2>Others of this company</h2>"
	    "<ul class=\"others\">");
	for (size_t i = 0; i < v->n_others; i++) {
		const struct case_row *o = &v->others[i];

		html_put(h, "<li><a href=\"/cases/%" PRId64 "\" dir=\"auto\">%s"
		    "</a> <span class=\"quiet\"><bdi>%s</bdi>, %s, ", o->id,
		    o->subject && o->subject[0] ? o->subject : "(no subject)",
		    o->from_addr, words_state(o->state));
		words_age(c, h, o->updated);
		html_put(h, "</span></li>");
	}
	html_put(h, "</ul></section>\n");
}

void
side_put(struct call *c, struct html *h, const struct case_view *v)
{
	html_put(h, "<aside class=\"side\" aria-label=\"About this case\">\n");
	put_facts(c, h, v);
	if (v->row.merged_into == 0)
		put_actions(c, h, v);
	put_others(c, h, v);
	html_put(h, "</aside>\n");
}
