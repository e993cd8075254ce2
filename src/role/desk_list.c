/* The list of cases: views, filters, search, pages, and actions on many. */
#include <inttypes.h>
#include <string.h>

#include "desk_room.h"
#include "store/mails.h"

struct list {
	const char *view;	/* "review" ... "all" */
	struct case_filter filter;
	struct case_row *rows;
	size_t n;
	bool more;		/* there is another page */
	int64_t seen;		/* the newest event of all: what came later is
				 * not in the rows */
};

static const char *
given(const struct call *c, const char *name)
{
	const char *v = web_query(c->r, name);

	return v && v[0] && strlen(v) <= 500 ? v : NULL;
}

static const char *
view_of(const struct call *c)
{
	static const char *const views[] = { "review", "waiting", "approved",
		"closed", "snoozed", "all" };
	const char *asked = given(c, "view");

	for (size_t i = 0; asked && i < sizeof views / sizeof *views; i++) {
		if (strcmp(asked, views[i]) == 0)
			return views[i];
	}
	return "review";
}

/* "after=1764000000-12": the last row of the page before. */
static void
page_of(const struct call *c, struct case_filter *f)
{
	struct str s = str_of(given(c, "after"));
	ptrdiff_t dash = str_find(s, STR("-"));
	int64_t place, id;

	if (dash < 0 ||
	    !str_to_i64(str_sub(s, 0, (size_t)dash), 0, INT64_MAX, &place) ||
	    !str_to_i64(str_sub(s, (size_t)dash + 1, s.n), 1, INT64_MAX, &id))
		return;
	f->before_place = place;
	f->before_id = id;
}

static enum cd_rc
list_load(struct call *c, struct list *l, struct cd_err *err)
{
	enum cd_rc rc;

	l->view = view_of(c);
	l->filter = (struct case_filter){
		.state = strcmp(l->view, "all") == 0 ? NULL : l->view,
		.search = given(c, "q"),
		.tenant = given(c, "tenant"),
		.domain = given(c, "domain"),
		.intent = given(c, "intent"),
		.language = given(c, "language"),
		.assignee = given(c, "assignee"),
		.limit = CD_MAX_LIST + 1,
	};
	page_of(c, &l->filter);
	rc = events_newest(c->w->reader, &l->seen, err);
	if (rc != CD_OK)
		return rc;
	rc = cases_list(c->w->reader, c->a, &l->filter, c->now, &l->rows, &l->n,
	    err);
	l->more = l->n > CD_MAX_LIST;
	if (l->more)
		l->n = CD_MAX_LIST;
	return rc;
}

/* The address of this list; after: of its next page, NULL the first. */
static const char *
list_address(struct call *c, const struct list *l, const struct case_row *after)
{
	const struct web_pair parts[] = {
		{ "q", l->filter.search }, { "tenant", l->filter.tenant },
		{ "domain", l->filter.domain }, { "intent", l->filter.intent },
		{ "language", l->filter.language },
		{ "assignee", l->filter.assignee },
	};
	struct buf b = buf_new(c->a, 16 * 1024);

	buf_printf(&b, "/cases?view=%s", l->view);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (parts[i].value)
			buf_printf(&b, "&%s=%s", parts[i].name,
			    html_query(c->a, parts[i].value));
	}
	if (after)
		buf_printf(&b, "&after=%" PRId64 "-%" PRId64, after->place,
		    after->id);
	return buf_str(&b).p;
}

/* ---- filters -------------------------------------------------------------- */

static void
put_filters(struct call *c, struct html *h, const struct list *l)
{
	const struct case_filter *f = &l->filter;
	bool any = f->search || f->tenant || f->domain || f->intent ||
	    f->language || f->assignee;

	html_put(h, "<form class=\"filters\" method=\"get\" action=\"/cases\">"
	    "<input type=\"hidden\" name=\"view\" value=\"%s\">", l->view);
	if (f->search)
		html_put(h, "<input type=\"hidden\" name=\"q\" value=\"%s\">",
		    f->search);
	html_put(h, "<label>Reading <select name=\"intent\">"
	    "<option value=\"\">any</option>");
	words_intent_options(c, h, f->intent);
	html_put(h, "</select></label><label>Language <select "
	    "name=\"language\"><option value=\"\">any</option>");
	words_language_options(c, h, f->language);
	html_put(h, "</select></label><label>Assigned to <select "
	    "name=\"assignee\"><option value=\"\">anyone</option>");
	words_people_options(c, h, f->assignee);
	html_put(h, "</select></label><label>Company <input name=\"domain\" "
	    "size=\"14\" placeholder=\"any.example\" value=\"%s\"></label>",
	    f->domain ? f->domain : "");
	if (f->tenant)
		html_put(h, "<label>Tenant <input name=\"tenant\" size=\"36\" "
		    "value=\"%s\"></label>", f->tenant);
	html_put(h, "<button>Filter</button>");
	if (any)
		html_put(h, " <a href=\"/cases?view=%s\">Clear</a>", l->view);
	html_put(h, "</form>\n");
}

/* ---- rows ----------------------------------------------------------------- */

static const char *
plain_name(const struct case_row *r)
{
	return r->from_name && r->from_name[0] ? r->from_name
	    : r->from_addr && r->from_addr[0] ? r->from_addr : "unknown sender";
}

/* "link drafted": the name of the answer, as people say it. */
static const char *
did_words(struct arena *a, const char *did)
{
	size_t n = strcspn(did, " ");

	return arena_printf(a, "%s%s", words_action(a, arena_strndup(a, did,
	    n)), did + n);
}

/* Why it waits, and which draft it has; else what was done last. */
static const char *
why_words(struct arena *a, const struct case_row *r)
{
	const char *did = r->last_action ? r->last_action : "";

	if (!r->reason || !r->reason[0])
		return did_words(a, did);
	if (strcmp(r->reason, "draft_ready") != 0 ||
	    !str_iends(str_of(did), STR(" drafted")))
		return words_why(a, r);
	return arena_printf(a, "%s: %s", words_reason(a, r->reason),
	    words_action(a, arena_strndup(a, did, strcspn(did, " "))));
}

/* What is to be seen before the case is opened, where its reason does not say it.
 * Without it the row is still of use. */
static struct mail_signs
signs_of(struct call *c, const struct case_row *r)
{
	struct mail_signs s = { 0 };

	if (r->state != CASE_REVIEW || mails_signs(c->w->reader, c->a, r->id,
	    r->place, &s, NULL) != CD_OK)
		return (struct mail_signs){ 0 };
	if (s.torn && strcmp(s.torn, r->reason) == 0)
		s.torn = NULL;
	if (strcmp(r->reason, "not_authenticated") == 0 ||
	    engine_proves(c->w->engine, s.authentication))
		s.authentication = NULL;
	return s;
}

static void
put_row(struct call *c, struct html *h, const struct list *l,
    const struct case_row *r)
{
	struct mail_signs s = signs_of(c, r);
	int64_t newest = 0;

	/* A colleague's note moves no case. Not to be had: as if all were new. */
	if (events_newest_of(c->w->reader, r->id, &newest, NULL) != CD_OK)
		newest = l->seen;
	html_put(h, "<tr data-case=\"%" PRId64 "\" data-updated=\"%" PRId64
	    "-%" PRId64 "\"><td class=\"pick\"><input type=\"checkbox\" name=\"id\" "
	    "value=\"%" PRId64 "\" aria-label=\"Select case %" PRId64
	    "\"></td>", r->id, r->updated, newest, r->id, r->id);
	html_put(h, "<td class=\"what\"><a href=\"/cases/%" PRId64 "\">"
	    "<span class=\"subject\" dir=\"auto\">%s</span></a>", r->id,
	    r->subject && r->subject[0] ? r->subject : "(no subject)");
	html_put(h, "<span class=\"why %s\">%s</span>",
	    case_state_name(r->state), why_words(c->a, r));
	if (s.torn)
		html_put(h, "<span class=\"warn\">%s</span>",
		    words_reason(c->a, s.torn));
	html_put(h, "</td><td class=\"who\"><bdi class=\"name\">%s</bdi>"
	    "<bdi class=\"addr\">%s</bdi>", plain_name(r),
	    r->from_addr ? r->from_addr : "");
	words_doubt(c, h, r->from_addr, r->from_name, r->domain);
	if (s.authentication)
		html_put(h, "<span class=\"warn\">%s</span>",
		    words_reason(c->a, "not_authenticated"));
	html_put(h, "</td><td class=\"kind\"><span class=\"tag\">%s</span>"
	    "<span class=\"lang\">%s</span></td>",
	    words_intent(c->a, r->intent),
	    words_language(c->a, r->language));
	html_put(h, "<td class=\"has\">%s</td><td class=\"age\">",
	    r->assignee ? r->assignee : "");
	words_age(c, h, r->place);
	html_put(h, "<span class=\"no\">#%" PRId64 "</span></td></tr>\n",
	    r->id);
}

static void
put_rows(struct call *c, struct html *h, const struct list *l)
{
	bool review = strcmp(l->view, "review") == 0;

	html_put(h, "<form id=\"bulk\" method=\"post\" action=\"/cases/bulk\">");
	page_token(c, h);
	html_put(h, "<input type=\"hidden\" name=\"seen\" value=\"%" PRId64
	    "\"><input type=\"hidden\" name=\"back\" value=\"%s\">", l->seen,
	    list_address(c, l, l->filter.before_id != 0 ? &(struct case_row){
	    .place = l->filter.before_place, .id = l->filter.before_id }
	    : NULL));
	html_put(h, "<table class=\"list\"><caption class=\"unseen\">Cases"
	    "%s</caption><thead><tr><th scope=\"col\" class=\"pick\">"
	    "<span class=\"unseen\">Select</span></th>"
	    "<th scope=\"col\">Subject and reason</th>"
	    "<th scope=\"col\">From</th><th scope=\"col\">Reading</th>"
	    "<th scope=\"col\">Assigned</th><th scope=\"col\" class=\"age\">"
	    "%s</th></tr></thead><tbody>\n",
	    review ? ", whoever waits longest first" : "",
	    review ? "Waits" : "Age");
	for (size_t i = 0; i < l->n; i++)
		put_row(c, h, l, &l->rows[i]);
	html_put(h, "</tbody></table>\n<div class=\"bulk\"><span>With the "
	    "selected:</span><button name=\"do\" value=\"close\">Close</button>"
	    "<span class=\"pair\"><label class=\"unseen\" for=\"who\">Assign "
	    "to</label><select id=\"who\" name=\"who\"><option value=\"-\">nobody"
	    "</option>");
	words_people_options(c, h, c->who.name);
	html_put(h, "</select><button name=\"do\" value=\"assign\">Assign"
	    "</button></span>");
	if (l->more)
		html_put(h, "<a class=\"next\" href=\"%s\">Next page</a>",
		    list_address(c, l, &l->rows[l->n - 1]));
	html_put(h, "</div></form>\n");
}

static const char *
empty_words(const struct list *l)
{
	const struct case_filter *f = &l->filter;

	if (f->search || f->tenant || f->domain || f->intent || f->language ||
	    f->assignee)
		return "No case fits this search.";
	if (strcmp(l->view, "review") == 0)
		return "Nothing waits for a person now. Well done.";
	return "There are no cases here.";
}

static const char *
title_of(const char *view)
{
	static const char *const titles[][2] = {
		{ "review", "Needs a person" }, { "waiting", "Waiting" },
		{ "approved", "Approved" }, { "closed", "Closed" },
		{ "snoozed", "Snoozed" }, { "all", "All cases" },
	};

	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		if (strcmp(view, titles[i][0]) == 0)
			return titles[i][1];
	}
	return "Cases";
}

/* Somebody rings and reads the reference from our mail, or a colleague says
 * "#12": the case itself; 0: other words. */
static int64_t
named_case(const struct call *c, const char *words)
{
	struct str s = str_trim(str_of(words));
	struct case_row row;
	int64_t id;

	if (s.n == 0)
		return 0;
	if (s.p[0] != '#' || !str_to_i64(str_sub(s, 1, s.n), 1, INT64_MAX,
	    &id))
		id = link_reference_find(c->a, &c->w->engine->key, s);
	return id != 0 && cases_get(c->w->reader, c->a, id, &row, NULL) ==
	    CD_OK ? id : 0;
}

void
list_page(struct call *c)
{
	struct list l = { 0 };
	struct cd_err err = { "" };
	enum cd_rc rc = list_load(c, &l, &err);
	struct page_frame frame = { .kind = "list" };
	struct html h = html_new(c->a);
	int64_t named = named_case(c, l.filter.search);

	if (named != 0) {
		call_redirect(c, arena_printf(c->a, "/cases/%" PRId64, named));
		return;
	}
	if (rc != CD_OK) {
		call_trouble(c, call_status(rc), rc == CD_MALFORMED
		    ? "This cannot be searched for"
		    : "The list cannot be read now", err.text);
		return;
	}
	frame.title = title_of(l.view);
	frame.view = l.view;
	frame.search = l.filter.search;
	page_begin(c, &h, &frame);
	html_put(&h, "<div class=\"head\"><h1>%s</h1>", frame.title);
	put_filters(c, &h, &l);
	html_put(&h, "</div>");
	page_done(c, &h);
	if (l.filter.search)
		html_put(&h, "<p class=\"quiet\">Cases with all of: "
		    "<bdi>%s</bdi></p>", l.filter.search);
	if (l.n > 0)
		put_rows(c, &h, &l);
	else
		html_put(&h, "<p class=\"sheet empty\">%s</p>",
		    empty_words(&l));
	page_end(&h);
	call_page(c, 200, &h);
}

void
list_next(struct call *c)
{
	struct case_filter f = { .state = "review", .limit = 2 };
	const char *not_text = web_query(c->r, "not");
	struct case_row *rows, left;
	struct cd_err err = { "" };
	int64_t not = 0;
	size_t n = 0;
	enum cd_rc rc;

	if (not_text && !str_to_i64(str_of(not_text), 1, INT64_MAX, &not))
		not = 0;
	if (not != 0 && cases_get(c->w->reader, c->a, not, &left, NULL) ==
	    CD_OK && left.state == CASE_REVIEW) {
		f.before_place = left.place;
		f.before_id = left.id;
	}
	rc = cases_list(c->w->reader, c->a, &f, c->now, &rows, &n, &err);
	if (rc == CD_OK && n == 0 && f.before_id != 0) {
		f.before_place = f.before_id = 0;
		rc = cases_list(c->w->reader, c->a, &f, c->now, &rows, &n,
		    &err);
	}
	if (rc != CD_OK) {
		call_trouble(c, call_status(rc), "The list cannot be read now",
		    err.text);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (rows[i].id == not)
			continue;
		call_redirect(c, arena_printf(c->a, "/cases/%" PRId64,
		    rows[i].id));
		return;
	}
	call_redirect(c, n > 0 ? "/cases?view=review&done=last"
	    : "/cases?view=review&done=empty");
}
