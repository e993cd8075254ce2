/* The frame of each page, and the queue's words. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "desk_room.h"
#include "flow/health.h"
#include "role/web_files.h"
#include "store/accounts.h"
#include "text/classify.h"
#include "text/lookalike.h"

static const char *
version_of(const char *name)
{
	for (const struct web_file *f = web_files; f->name; f++) {
		if (strcmp(f->name, name) == 0)
			return f->version;
	}
	return "";
}

struct tab {
	const char *view, *name;
	int64_t n;		/* -1: not counted */
};

#define N_TABS 6

/* How many cases each view has. */
static void
count_tabs(struct call *c, struct tab tabs[N_TABS])
{
	static const struct tab names[N_TABS] = {
		{ "review", "Needs a person", -1 }, { "waiting", "Waiting", -1 },
		{ "approved", "Approved", -1 }, { "closed", "Closed", -1 },
		{ "snoozed", "Snoozed", -1 }, { "all", "All", -1 },
	};
	int64_t n[CASE_STATE_COUNT] = { 0 }, asleep = 0;

	memcpy(tabs, names, sizeof names);
	if (cases_count(c->w->reader, n, NULL) != CD_OK ||
	    cases_count_asleep(c->w->reader, c->now, &asleep, NULL) != CD_OK)
		return;
	tabs[0].n = n[CASE_REVIEW] - asleep;
	tabs[1].n = n[CASE_WAITING];
	tabs[2].n = n[CASE_APPROVED];
	tabs[3].n = n[CASE_CLOSED];
	tabs[4].n = asleep;
	tabs[5].n = n[CASE_REVIEW] + n[CASE_WAITING] + n[CASE_APPROVED] +
	    n[CASE_CLOSED];
}

static void
put_tabs(struct html *h, const struct tab *tabs, const struct page_frame *f)
{
	html_put(h, "<nav class=\"views\" aria-label=\"Views\"><ul>");
	for (size_t i = 0; i < N_TABS; i++) {
		bool open = f->view && strcmp(f->view, tabs[i].view) == 0;

		html_put(h, "<li><a href=\"/cases?view=%s\"", tabs[i].view);
		html_put(h, open ? " aria-current=\"page\">" : ">");
		html_put(h, "%s", tabs[i].name);
		if (tabs[i].n >= 0)
			html_put(h, " <span class=\"n\" data-n=\"%s\">%" PRId64
			    "</span>", tabs[i].view, tabs[i].n);
		html_put(h, "</a></li>");
	}
	html_put(h, "</ul></nav>");
}

static void
put_head(struct call *c, struct html *h, const struct page_frame *f,
    int64_t waiting)
{
	int64_t newest = 0;

	/* Not known: the script finds out itself. */
	if (events_newest(c->w->reader, &newest, NULL) != CD_OK)
		newest = 0;
	html_put(h, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"robots\" content=\"noindex\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	if (c->who.name && waiting > 0)
		html_put(h, "(%" PRId64 ") ", waiting);
	html_put(h, "%s \xc2\xb7 Consent Desk</title>\n"
	    "<link rel=\"icon\" href=\"/static/desk.svg?v=%s\">\n"
	    "<link rel=\"stylesheet\" href=\"/static/desk.css?v=%s\">\n"
	    "<script src=\"/static/desk.js?v=%s\" defer></script>\n</head>\n"
	    "<body data-kind=\"%s\" data-newest=\"%" PRId64 "\" data-case=\"%"
	    PRId64 "\">\n", f->title, version_of("desk.svg"),
	    version_of("desk.css"), version_of("desk.js"), f->kind, newest, f->case_id);
}

static void
put_top(struct call *c, struct html *h, const struct page_frame *f)
{
	html_put(h, "<header class=\"top\"><a class=\"brand\" href=\"/cases\">"
	    "<span class=\"dot\" aria-hidden=\"true\"></span>Consent Desk</a>"
	    "<form class=\"search\" role=\"search\" method=\"get\" "
	    "action=\"/cases\"><input type=\"hidden\" name=\"view\" "
	    "value=\"all\"><label class=\"unseen\" for=\"q\">Search people, "
	    "companies, text</label><input id=\"q\" name=\"q\" type=\"search\" "
	    "placeholder=\"Search people, companies, text\" value=\"%s\">"
	    "<button>Search</button></form><div class=\"me\">",
	    f->search ? f->search : "");
	html_put(h, "<a href=\"/numbers\"");
	html_put(h, f->view && strcmp(f->view, "numbers") == 0
	    ? " aria-current=\"page\">Numbers</a>" : ">Numbers</a>");
	html_put(h, "<a class=\"name\" href=\"/cases?view=all&amp;assignee=%s\" "
	    "title=\"What is assigned to you\"><bdi>%s</bdi></a>",
	    html_query(c->a, c->who.name), c->who.name);
	if (!c->who.by_proxy) {
		html_put(h, "<form method=\"post\" action=\"/logout\">");
		page_token(c, h);
		html_put(h, "<button class=\"plain\">Sign out</button></form>");
	}
	html_put(h, "</div></header>\n");
}

/* What is wrong with the daemon, where those see it who wait for its work. */
static void
put_alarm(struct call *c, struct html *h)
{
	struct health health;

	html_put(h, "<div id=\"alarm\">");
	if (health_read(c->w->context->config, c->w->reader, c->a, c->now,
	    &health, NULL) == CD_OK && !health.healthy)
		html_put(h, "<p class=\"alarm\" role=\"alert\"><b>The daemon "
		    "needs help:</b> <bdi>%s</bdi></p>", health.why);
	html_put(h, "</div>\n");
}

void
page_begin(struct call *c, struct html *h, const struct page_frame *f)
{
	struct tab tabs[N_TABS] = { 0 };

	if (c->who.name)
		count_tabs(c, tabs);
	put_head(c, h, f, tabs[0].n);
	html_put(h, "<a class=\"skip\" href=\"#main\">Skip to the "
	    "content</a>\n");
	if (c->who.name) {
		put_top(c, h, f);
		put_tabs(h, tabs, f);
	}
	if (c->who.name)
		put_alarm(c, h);
	html_put(h, "<main id=\"main\" tabindex=\"-1\">\n");
}

void
page_end(struct html *h)
{
	html_put(h, "\n</main>\n<div id=\"live\" class=\"live\" role=\"status\" "
	    "aria-live=\"polite\"></div>\n</body>\n</html>\n");
}

void
page_token(const struct call *c, struct html *h)
{
	html_put(h, "<input type=\"hidden\" name=\"csrf\" value=\"%s\">",
	    c->who.csrf);
}

void
page_kept(struct html *h, const char *text)
{
	if (!text || str_trim(str_of(text)).n == 0)
		return;
	html_put(h, "<section class=\"sheet kept\"><label for=\"kept\">What you "
	    "wrote went nowhere. Copy it before you leave this page:</label>"
	    "<textarea id=\"kept\" rows=\"8\" dir=\"auto\" readonly>\n%s"
	    "</textarea></section>\n", text);
}

/* Fixed words: an address that somebody sends around says nothing of his. */
void
page_done(const struct call *c, struct html *h)
{
	static const char *const words[][2] = {
		{ "send", "The answer is on its way." },
		{ "close", "The case is closed." },
		{ "reopen", "The case needs a person again." },
		{ "assign", "The case is assigned." },
		{ "snooze", "The case is put off." },
		{ "merge", "The case was merged into this one." },
		{ "note", "The note is kept." },
		{ "label", "Thank you: the reading is corrected, and will be "
		    "learnt from." },
		{ "bulk", "Done." },
		{ "none", "Nothing was changed: no case was selected." },
		{ "partly", "Some of the cases could not be changed: something "
		    "may have happened in them since. Look at them first." },
		{ "last", "No other case waits for a person." },
		{ "empty", "Nothing waits for a person now. Well done." },
	};
	const char *code = web_query(c->r, "done");

	for (size_t i = 0; code && i < sizeof words / sizeof *words; i++) {
		if (strcmp(code, words[i][0]) == 0)
			html_put(h, "<p class=\"done\" role=\"status\">%s</p>",
			    words[i][1]);
	}
}

/* ---- words ---------------------------------------------------------------- */

void
words_language_options(struct call *c, struct html *h, const char *chosen)
{
	const struct template_set *set = c->w->engine->templates;

	for (size_t i = 0; i < templates_language_count(set); i++) {
		const char *name = templates_language(set, i);

		html_put(h, "<option value=\"%s\"", name);
		html_put(h, chosen && strcmp(chosen, name) == 0 ? " selected>"
								: ">");
		html_put(h, "%s</option>", words_language(c->a, name));
	}
}

static const char *
date_of(const struct call *c, int64_t at, const char *fmt)
{
	time_t t = (time_t)at;
	char text[64] = "";
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(text, sizeof text, fmt, &tm) == 0)
		return "";
	return arena_strdup(c->a, text);
}

static void
put_time(const struct call *c, struct html *h, int64_t at, const char *shown)
{
	html_put(h, "<time datetime=\"%s\" title=\"%s\">%s</time>",
	    date_of(c, at, "%Y-%m-%dT%H:%M:%SZ"),
	    date_of(c, at, "%a %d %b %Y, %H:%M UTC"), shown);
}

void
words_age(const struct call *c, struct html *h, int64_t at)
{
	int64_t s = c->now > at ? c->now - at : 0;
	const char *text;

	if (s < 60)
		text = "now";
	else if (s < 3600)
		text = arena_printf(c->a, "%" PRId64 " min", s / 60);
	else if (s < 2 * 86400)
		text = arena_printf(c->a, "%" PRId64 " h", s / 3600);
	else
		text = arena_printf(c->a, "%" PRId64 " days", s / 86400);
	put_time(c, h, at, text);
}

void
words_when(const struct call *c, struct html *h, int64_t at)
{
	bool recent = c->now - at < 300 * 86400;

	put_time(c, h, at, date_of(c, at, recent ? "%d %b, %H:%M UTC"
						 : "%d %b %Y"));
}

const char *
words_day(const struct call *c, int64_t at)
{
	return date_of(c, at, "%d %b");
}

void
words_intent_options(struct call *c, struct html *h, const char *chosen)
{
	for (int i = 0; i < INTENT_COUNT; i++) {
		const char *code = intent_name((enum intent)i);

		html_put(h, "<option value=\"%s\"", code);
		html_put(h, chosen && strcmp(chosen, code) == 0
		    ? " selected>" : ">");
		html_put(h, "%s</option>", words_intent(c->a, code));
	}
}

void
words_people_options(struct call *c, struct html *h, const char *chosen)
{
	struct account_row *rows = NULL;
	size_t n = 0;
	bool met = !chosen || !chosen[0], me = false;

	if (accounts_list(c->w->reader, c->a, &rows, &n, NULL) != CD_OK)
		n = 0;
	for (size_t i = 0; i < n && i < CD_MAX_PEOPLE; i++) {
		bool here = chosen && strcmp(rows[i].name, chosen) == 0;

		met = met || here;
		me = me || strcmp(rows[i].name, c->who.name) == 0;
		html_put(h, "<option");
		html_put(h, here ? " selected>" : ">");
		html_put(h, "%s</option>", rows[i].name);
	}
	if (!me && (met || strcmp(chosen, c->who.name) != 0))
		html_put(h, "<option>%s</option>", c->who.name);
	if (!met)
		html_put(h, "<option selected>%s</option>", chosen);
}

void
words_doubt(struct call *c, struct html *h, const char *addr,
    const char *name, const char *company)
{
	const struct config *config = c->w->context->config;
	const char *ours = strrchr(config->product.support_address.v[0], '@');
	const char *const known[] = { ours ? ours + 1 : NULL, company,
		"microsoft.com", "microsoftonline.com", "outlook.com",
		"office.com", "office365.com" };
	const char *why = lookalike_why(c->a, addr, name, known,
	    sizeof known / sizeof *known);

	if (why)
		html_put(h, "<span class=\"warn\"><bdi>%s</bdi></span>", why);
}
