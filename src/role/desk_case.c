/* The page of a case: conversation, answer, facts, actions, trail. */
#include <inttypes.h>
#include <string.h>

#include "desk_view.h"
#include "text/compose.h"

#define MAX_OTHERS 8

static enum cd_rc
load_others(struct call *c, struct case_view *v, struct cd_err *err)
{
	struct case_filter f = { .tenant = v->row.tenant,
		.domain = v->row.tenant ? NULL : v->row.domain,
		.limit = MAX_OTHERS + 1 };
	struct case_row *rows;
	size_t n;
	enum cd_rc rc;

	if (!f.tenant && !f.domain)
		return CD_OK;
	rc = cases_list(c->w->reader, c->a, &f, c->now, &rows, &n, err);
	if (rc != CD_OK)
		return rc;
	v->others = arena_array(c->a, n, sizeof *v->others);
	for (size_t i = 0; i < n && v->n_others < MAX_OTHERS; i++) {
		if (rows[i].id != v->row.id)
			v->others[v->n_others++] = rows[i];
	}
	return CD_OK;
}

static enum cd_rc
load_torn(struct call *c, struct case_view *v, struct cd_err *err)
{
	struct mail_signs s;
	enum cd_rc rc = mails_signs(c->w->reader, c->a, v->row.id,
	    v->row.place, &s, err);

	if (rc == CD_OK && s.torn && strcmp(s.torn, v->row.reason) != 0)
		v->torn = s.torn;
	return rc;
}

static enum cd_rc
load(struct call *c, int64_t id, struct case_view *v, struct cd_err *err)
{
	struct store *s = c->w->reader;
	enum cd_rc rc = cases_get(s, c->a, id, &v->row, err);

	if (rc == CD_ABSENT)
		return cd_fail(err, rc, "There is no case %" PRId64 ".", id);
	if (rc == CD_OK)
		rc = cases_beside(s, c->a, id, &v->beside, &v->n_beside, err);
	if (rc == CD_OK)
		rc = events_of(s, c->a, id, &v->events, &v->n_events, err);
	if (rc == CD_OK)
		rc = outbox_of_case(s, c->a, id, &v->answers, &v->n_answers,
		    err);
	if (rc == CD_OK)
		rc = load_others(c, v, err);
	if (rc != CD_OK)
		return rc;
	for (size_t i = 0; i < v->n_events; i++) {
		if (v->events[i].id > v->seen)
			v->seen = v->events[i].id;
	}
	rc = desk_recipient(&(struct desk){ .store = s, .arena = c->a }, id,
	    &v->to, err);
	if (rc == CD_OK && v->row.state == CASE_REVIEW)
		rc = load_torn(c, v, err);
	if (rc != CD_OK)
		return rc;
	rc = outbox_draft(s, c->a, id, &v->draft, err);
	v->has_draft = rc == CD_OK;
	if ((rc == CD_OK || rc == CD_ABSENT) && v->row.tenant) {
		rc = tenants_get(s, c->a, v->row.tenant, &v->tenant, err);
		v->has_tenant = rc == CD_OK;
	}
	return rc == CD_ABSENT ? CD_OK : rc;
}

/* ---- the answer ----------------------------------------------------------- */

struct box {
	const char *original;	/* what was put before the person */
	const char *text;	/* what stands in the box */
	const char *template;	/* "": the draft, or nothing */
	const char *language;	/* "": of whom it goes to */
	const char *subject;	/* NULL: not known */
	const char *trouble;	/* NULL, or why there is no text */
};

/* From the draft, or from the template that the address asks for. */
static struct box
box_fill(struct call *c, const struct case_view *v,
    const struct case_trouble *t)
{
	const char *template = web_query(c->r, "template");
	const char *language = web_query(c->r, "language");
	struct desk d = { .engine = c->w->engine, .store = c->w->reader,
		.arena = c->a, .actor = c->who.name, .now = c->now,
		.language = language && language[0] ? language : NULL };
	struct box b = { "", "", "", "", NULL, NULL };
	struct rendered words;
	struct cd_err err = { "" };

	if (t && t->typed) {
		const char *was = web_form(c->r, "template");

		/* Once refused, it goes as the person's own words. */
		b.text = t->typed;
		b.template = was ? was : "";
	} else if (template && template[0]) {
		if (desk_preview(&d, v->row.id, template, &words, &err) !=
		    CD_OK) {
			b.trouble = arena_strdup(c->a, err.text);
			return b;
		}
		b.original = b.text = words.text;
		b.template = template;
		b.language = d.language ? d.language : "";
		b.subject = words.subject;
	} else if (v->has_draft) {
		b.original = b.text = v->draft.text ? v->draft.text : "";
		b.subject = v->draft.subject;
	}
	return b;
}

static void
put_choice(struct call *c, struct html *h, const struct case_view *v,
    const struct box *b)
{
	const struct template_set *set = c->w->engine->templates;
	const char *chosen = b->template[0] ? b->template
	    : v->has_draft ? v->draft.handle : "";
	const char *language = b->language[0] ? b->language : v->to.language;

	html_put(h, "<form class=\"choice\" method=\"get\" action=\"/cases/%"
	    PRId64 "#answer\"><label for=\"template\">Start from</label>"
	    "<select id=\"template\" name=\"template\">", v->row.id);
	html_put(h, chosen[0] ? "" : "<option value=\"\">own words</option>");
	for (size_t i = 0; i < templates_count(set); i++) {
		const char *name = templates_name(set, i);

		html_put(h, "<option value=\"%s\"", name);
		html_put(h, strcmp(name, chosen) == 0 ? " selected>" : ">");
		html_put(h, "%s</option>", words_action(c->a, name));
	}
	html_put(h, "</select><label class=\"unseen\" for=\"language\">in "
	    "language</label><select id=\"language\" name=\"language\">");
	words_language_options(c, h, language);
	html_put(h, "</select><button>Show</button></form>\n");
}

static int
rows_for(const char *text)
{
	size_t n = str_count(str_of(text), '\n') + 3;

	return n < 6 ? 6 : n > 22 ? 22 : (int)n;
}

/* The button, and beside it what speaks against it. */
static void
put_proof(struct call *c, struct html *h, const struct case_view *v)
{
	if (engine_proves(c->w->engine, v->to.authentication)) {
		html_put(h, "<div class=\"foot\"><button class=\"main\">Send"
		    "</button>");
		return;
	}
	html_put(h, "<div class=\"foot\"><p class=\"alert\" id=\"unproven\">"
	    "<b>%s.</b> Your mail server\xe2\x80\x99s <code>"
	    "Authentication-Results</code> did not prove that <bdi>%s</bdi> "
	    "wrote this: before you send, make sure of it in another way. If "
	    "that is so for everybody, <code>[policy] trust_authserv_id</code> "
	    "is not what your server writes.</p><button class=\"main\" "
	    "aria-describedby=\"unproven\">Send</button>",
	    words_reason(c->a, "not_authenticated"), v->to.addr);
}

static void
put_box(struct call *c, struct html *h, const struct case_view *v,
    const struct case_trouble *t)
{
	struct box b = box_fill(c, v, t);

	html_put(h, "<section class=\"sheet box\" id=\"answer\"><h2>%s</h2>"
	    "<p class=\"quiet\">to <bdi>%s</bdi>", b.template[0]
	    ? words_action(c->a, b.template) : v->has_draft
	    ? words_action(c->a, v->draft.handle) : "Answer", v->to.addr);
	if (b.subject)
		html_put(h, ", subject <bdi>%s</bdi>", b.subject);
	html_put(h, "</p>");
	if (b.trouble)
		html_put(h, "<p class=\"alert\" role=\"alert\">%s</p>",
		    b.trouble);
	put_choice(c, h, v, &b);
	html_put(h, "<form class=\"send\" method=\"post\" action=\"/cases/%"
	    PRId64 "/send\">", v->row.id);
	page_token(c, h);
	html_put(h, "<input type=\"hidden\" name=\"seen\" value=\"%" PRId64
	    "\"><input type=\"hidden\" name=\"original\" value=\"%s\">"
	    "<input type=\"hidden\" name=\"template\" value=\"%s\">"
	    "<input type=\"hidden\" name=\"language\" value=\"%s\">"
	    "<label class=\"unseen\" for=\"text\">The answer's text</label>"
	    "<textarea id=\"text\" name=\"text\" rows=\"%d\" dir=\"auto\" "
	    "required>\n%s</textarea>", v->seen, b.original, b.template,
	    b.language, rows_for(b.text), b.text);
	put_proof(c, h, v);
	html_put(h, "<span class=\"quiet\">%s</span></div></form></section>\n",
	    b.original[0] ? "Unchanged it goes with its formatted part; once "
	    "changed, as plain text."
	    : "Goes as plain text.");
}

/* ---- the page ------------------------------------------------------------- */

static void
put_head(struct call *c, struct html *h, const struct case_view *v)
{
	const struct case_row *r = &v->row;

	html_put(h, "<div class=\"head\"><div><h1 dir=\"auto\">%s</h1>"
	    "<p class=\"meta\"><span class=\"state %s\">%s</span> ",
	    r->subject && r->subject[0] ? r->subject : "(no subject)",
	    case_state_name(r->state), words_state(r->state));
	if (r->reason && r->reason[0])
		html_put(h, "<b>%s</b> ", words_why(c->a, r));
	if (v->torn)
		html_put(h, "<b class=\"torn\">%s</b> ",
		    words_reason(c->a, v->torn));
	html_put(h, "<span class=\"quiet\">#%" PRId64 ", ", r->id);
	words_age(c, h, r->place);
	html_put(h, "%s<bdi>%s</bdi></span></p></div><a class=\"next\" "
	    "id=\"next\" href=\"/cases/next?not=%" PRId64 "\">Next case</a>"
	    "</div>\n", r->assignee ? ", with " : "",
	    r->assignee ? r->assignee : "", r->id);
}

void
case_page(struct call *c, int64_t id, const struct case_trouble *t)
{
	struct page_frame frame = { .kind = "case", .case_id = id };
	struct html h = html_new(c->a);
	struct case_view v = { 0 };
	struct cd_err err = { "" };
	enum cd_rc rc = load(c, id, &v, &err);
	bool box;

	if (rc != CD_OK) {
		call_trouble(c, call_status(rc), "This case cannot be shown",
		    err.text);
		return;
	}
	box = v.row.merged_into == 0 && v.to.addr[0];
	frame.title = v.row.subject && v.row.subject[0] ? v.row.subject
							: "(no subject)";
	page_begin(c, &h, &frame);
	put_head(c, &h, &v);
	page_done(c, &h);
	if (t && t->text)
		html_put(&h, "<p class=\"alert\" role=\"alert\"><b>%s</b> %s"
		    "</p>", t->typed ? "Not sent:" : "Not done:", t->text);
	if (t)
		page_kept(&h, t->note ? t->note : box ? NULL : t->typed);
	if (v.row.merged_into)
		html_put(&h, "<p class=\"alert\">This case goes on in "
		    "<a href=\"/cases/%" PRId64 "\">case %" PRId64 "</a>.</p>",
		    v.row.merged_into, v.row.merged_into);
	html_put(&h, "<div class=\"case\"><div class=\"talk\">\n");
	talk_put(c, &h, &v, t ? t->seen : 0);
	if (box)
		put_box(c, &h, &v, t);
	talk_trail(c, &h, &v);
	html_put(&h, "</div>\n");
	side_put(c, &h, &v);
	html_put(&h, "</div>\n");
	page_end(&h);
	call_page(c, t && t->status ? t->status : 200, &h);
}

/* An answer's HTML part is our own template's, but it holds words of theirs:
 * it is shown as of another origin, without scripts, forms or loads. */
void
case_html(struct call *c, int64_t outbox_id)
{
	struct outbox_row o;
	struct cd_err err = { "" };
	enum cd_rc rc = outbox_get(c->w->reader, c->a, outbox_id, &o, &err);
	const char *html = rc == CD_OK ? compose_html(c->a, o.raw) : NULL;

	if (rc == CD_OK && !html)
		rc = CD_ABSENT;
	if (rc != CD_OK) {
		call_plain(c, call_status(rc), "There is no such part.\n");
		return;
	}
	call_plain(c, 200, html);
	c->out->content_type = "text/html; charset=utf-8";
	call_header(c, "Content-Security-Policy", "sandbox; "
	    "default-src 'none'; style-src 'unsafe-inline'; "
	    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'");
	call_header(c, "X-Frame-Options", "SAMEORIGIN");
}
