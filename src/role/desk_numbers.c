/* Numbers of the last four weeks, for the lead. */
#include <inttypes.h>
#include <string.h>

#include "desk_room.h"
#include "store/roles.h"

#define DAYS		28
#define MAX_BARS	12	/* of one list */
#define CHART_HEIGHT	120

struct numbers {
	struct stats_row *rows;
	size_t n_rows;
	struct stats_summary sum;
	struct stats_day days[DAYS];	/* without gaps */
	bool answered;			/* the two that follow are known */
	double median, p90;
	struct stats_correction *corrections;
	size_t n_corrections;
};

static enum cd_rc
count(struct call *c, struct numbers *n, struct cd_err *err)
{
	struct store *s = c->w->reader;
	int64_t first = c->now / 86400 * 86400 - (DAYS - 1) * 86400;
	struct stats_day *days;
	size_t n_days = 0;
	enum cd_rc rc = stats_counts(s, c->a, first, &n->rows, &n->n_rows,
	    err);

	if (rc == CD_OK)
		rc = stats_days(s, c->a, first, &days, &n_days, err);
	if (rc == CD_OK)
		rc = stats_corrections(s, c->a, first, MAX_BARS,
		    &n->corrections, &n->n_corrections, err);
	if (rc != CD_OK)
		return rc;
	n->sum = stats_sum(n->rows, n->n_rows);
	for (int64_t i = 0; i < DAYS; i++)
		n->days[i].day = first + i * 86400;
	for (size_t i = 0; i < n_days; i++) {
		int64_t at = (days[i].day - first) / 86400;

		if (at >= 0 && at < DAYS)
			n->days[at] = days[i];
	}
	rc = stats_first_answer(s, first, &n->median, &n->p90, err);
	n->answered = rc == CD_OK;
	return rc == CD_ABSENT ? CD_OK : rc;
}

/* ---- charts --------------------------------------------------------------- */

static int64_t
day_sum(const struct stats_day *d)
{
	return d->answered + d->review + d->silent;
}

static void
put_part(struct html *h, const char *class, int x, int64_t *top, int64_t part,
    int64_t most)
{
	int64_t height = part * CHART_HEIGHT / most;

	if (part > 0 && height == 0)
		height = 1;
	if (height == 0)
		return;
	*top -= height;
	html_put(h, "<rect class=\"%s\" x=\"%d\" y=\"%" PRId64 "\" "
	    "width=\"14\" height=\"%" PRId64 "\" rx=\"1\"/>", class, x, *top,
	    height);
}

static void
put_days(struct call *c, struct html *h, const struct numbers *n)
{
	int64_t most = 1, answered = 0, review = 0, silent = 0;

	for (size_t i = 0; i < DAYS; i++) {
		int64_t sum = day_sum(&n->days[i]);

		most = sum > most ? sum : most;
		answered += n->days[i].answered;
		review += n->days[i].review;
		silent += n->days[i].silent;
	}
	html_put(h, "<section class=\"sheet wide\"><h2>Mails by day</h2>"
	    "<p class=\"legend\"><span class=\"key answered\">an answer was "
	    "at hand: %" PRId64 "</span> <span class=\"key review\">for a "
	    "person: %" PRId64 "</span> <span class=\"key silent\">no answer "
	    "due: %" PRId64 "</span></p><svg class=\"chart\" viewBox=\"0 0 %d "
	    "%d\" preserveAspectRatio=\"none\" role=\"img\" "
	    "aria-label=\"Mails of each of the last %d days, %" PRId64
	    " on the busiest\">", answered, review, silent,
	    DAYS * 18, CHART_HEIGHT + 2, DAYS, most);
	for (int i = 0; i < DAYS; i++) {
		const struct stats_day *d = &n->days[i];
		int64_t top = CHART_HEIGHT;

		html_put(h, "<g><title>%s: %" PRId64 "</title>",
		    words_day(c, d->day), day_sum(d));
		put_part(h, "answered", i * 18 + 2, &top, d->answered, most);
		put_part(h, "review", i * 18 + 2, &top, d->review, most);
		put_part(h, "silent", i * 18 + 2, &top, d->silent, most);
		html_put(h, "</g>");
	}
	html_put(h, "<line class=\"axis\" x1=\"0\" x2=\"%d\" y1=\"%d\" "
	    "y2=\"%d\"/></svg><p class=\"ends\"><span>%s</span><span>today"
	    "</span></p></section>\n", DAYS * 18, CHART_HEIGHT + 1,
	    CHART_HEIGHT + 1, words_day(c, n->days[0].day));
}

struct bar {
	const char *name;
	int64_t n;
};

static void
put_bars(struct html *h, const char *title, const struct bar *bars, size_t n)
{
	int64_t most = 1;

	html_put(h, "<section class=\"sheet\"><h2>%s</h2>", title);
	for (size_t i = 0; i < n; i++)
		most = bars[i].n > most ? bars[i].n : most;
	html_put(h, "<table class=\"bars\"><tbody>");
	for (size_t i = 0; i < n; i++)
		html_put(h, "<tr><th scope=\"row\">%s</th><td class=\"n\">%"
		    PRId64 "</td><td class=\"bar\"><svg viewBox=\"0 0 100 8\" "
		    "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
		    "class=\"answered\" width=\"%" PRId64 "\" height=\"8\" "
		    "rx=\"1\"/></svg></td></tr>", bars[i].name, bars[i].n,
		    bars[i].n * 100 / most);
	html_put(h, "</tbody></table>");
	if (n == 0)
		html_put(h, "<p class=\"quiet\">Nothing yet.</p>");
	html_put(h, "</section>\n");
}

typedef const char *words_fn(struct arena *, const char *);

/* The most frequent keys of a group. */
static void
put_group(struct call *c, struct html *h, const struct numbers *n,
    const char *title, const char *group, words_fn *words)
{
	struct bar bars[MAX_BARS];
	size_t count = 0;

	for (size_t i = 0; i < n->n_rows; i++) {
		const struct stats_row *r = &n->rows[i];
		size_t at = count;

		if (strcmp(r->group, group) != 0 || !r->key[0])
			continue;
		while (at > 0 && bars[at - 1].n < r->n)
			at--;
		if (at == MAX_BARS)
			continue;
		count += count < MAX_BARS;
		memmove(&bars[at + 1], &bars[at],
		    (count - at - 1) * sizeof *bars);
		bars[at] = (struct bar){ words(c->a, r->key), r->n };
	}
	put_bars(h, title, bars, count);
}

/* ---- the page ------------------------------------------------------------- */

static const char *
duration(struct arena *a, double seconds)
{
	if (seconds < 120)
		return arena_printf(a, "%.0f s", seconds);
	if (seconds < 7200)
		return arena_printf(a, "%.0f min", seconds / 60);
	return arena_printf(a, "%.1f h", seconds / 3600);
}

static void
put_figure(struct html *h, const char *figure, const char *words)
{
	html_put(h, "<div class=\"figure\"><b>%s</b><span>%s</span></div>",
	    figure, words);
}

static void
put_figures(struct call *c, struct html *h, const struct numbers *n)
{
	int64_t by_itself = n->sum.by_itself, by_people = n->sum.by_people;
	int64_t all = by_itself + by_people + n->sum.waits;

	html_put(h, "<div class=\"figures\">");
	put_figure(h, all > 0 ? arena_printf(c->a, "%" PRId64 " %%",
	    (by_itself * 100 + all / 2) / all) : "\xe2\x80\x93",
	    "of answers without a person");
	put_figure(h, arena_printf(c->a, "%" PRId64, by_itself),
	    "answers by itself");
	put_figure(h, arena_printf(c->a, "%" PRId64, by_people),
	    "answers by people");
	put_figure(h, n->answered ? duration(c->a, n->median) : "\xe2\x80\x93",
	    "to the first answer, median");
	put_figure(h, n->answered ? duration(c->a, n->p90) : "\xe2\x80\x93",
	    "nine of ten within");
	html_put(h, "</div>\n");
}

static void
put_funnel(struct html *h, const struct numbers *n)
{
	const struct bar bars[] = {
		{ "Steps for the admin", n->sum.steps },
		{ "One-click link", n->sum.link },
		{ "\"You are approved\"", n->sum.approved_note },
		{ "Companies approved", n->sum.approved },
	};

	put_bars(h, "From steps to approval", bars,
	    sizeof bars / sizeof *bars);
}

static void
put_corrections(struct call *c, struct html *h, const struct numbers *n)
{
	struct bar bars[MAX_BARS];
	size_t count = 0;

	for (; count < n->n_corrections && count < MAX_BARS; count++)
		bars[count] = (struct bar){ arena_printf(c->a,
		    "%s \xe2\x86\x92 %s",
		    words_intent(c->a, n->corrections[count].was),
		    words_intent(c->a, n->corrections[count].is)),
		    n->corrections[count].n };
	put_bars(h, "What people corrected", bars, count);
}

void
numbers_page(struct call *c)
{
	struct page_frame frame = { .title = "Numbers", .view = "numbers",
		.kind = "plain" };
	struct html h = html_new(c->a);
	struct numbers n = { 0 };
	struct cd_err err = { "" };
	enum cd_rc rc;

	if (!c->who.lead) {
		call_trouble(c, 403, "For the lead",
		    "This page is for accounts with the role lead.");
		return;
	}
	rc = count(c, &n, &err);
	if (rc != CD_OK) {
		call_trouble(c, call_status(rc), "Nothing can be counted now",
		    err.text);
		return;
	}
	page_begin(c, &h, &frame);
	html_put(&h, "<div class=\"head\"><h1>The last four weeks</h1>"
	    "<p class=\"quiet\">by days in UTC, today included</p></div>\n");
	put_figures(c, &h, &n);
	html_put(&h, "<div class=\"grid\">\n");
	put_days(c, &h, &n);
	put_funnel(&h, &n);
	put_group(c, &h, &n, "What people want", "intent", words_intent);
	put_group(c, &h, &n, "Why a person was asked", "review_reason",
	    words_reason);
	put_group(c, &h, &n, "Why nothing was answered", "silent_reason",
	    words_reason);
	put_group(c, &h, &n, "Machines, never answered", "automatic",
	    words_reason);
	put_group(c, &h, &n, "Languages", "language", words_language);
	put_corrections(c, &h, &n);
	html_put(&h, "</div>\n");
	page_end(&h);
	call_page(c, 200, &h);
}
