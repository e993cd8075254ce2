/*
 * The queue. --follow stays: on a terminal the table is drawn anew when
 * something changed, elsewhere each case that is new or changed is one line
 * more.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/view.h"
#include "flow/words.h"
#include "text/classify.h"
#include "text/domain.h"

#define FIXED_COLUMNS	42	/* of all that is not cut */
#define REDRAW_S	30	/* ages move */
#define SHOWN		50	/* on a screen, without --limit */
#define FOLLOWED	10000	/* line by line, without --limit: new ones come
				 * behind all that wait */

static const char *
colour_of(enum case_state state)
{
	switch (state) {
	case CASE_REVIEW:
		return "\x1b[33m";
	case CASE_WAITING:
		return "\x1b[36m";
	case CASE_APPROVED:
		return "\x1b[32m";
	case CASE_CLOSED:
		return "\x1b[2m";
	}
	return "";
}

struct table {
	struct arena *a;
	bool colour;
	int from, action, subject;	/* columns */
};

static struct table
table_new(struct arena *a)
{
	struct table t = { .a = a, .colour = cli_colour() };
	int rest = cli_columns();

	rest = rest < FIXED_COLUMNS + 34 ? 34 : rest - FIXED_COLUMNS;
	t.from = rest * 3 / 10;
	t.action = rest * 3 / 10;
	t.subject = rest - t.from - t.action - 4;
	return t;
}

static void
print_head(const struct table *t)
{
	printf("%s%6s  %-8s  %-16s  %-6s  %s  %s  %s%s\n",
	    t->colour ? "\x1b[1m" : "", "case", "state", "intent", "age",
	    cli_fit(t->a, "from", t->from), cli_fit(t->a, "last action",
	    t->action), "subject", t->colour ? "\x1b[0m" : "");
}

/* Why it waits comes before what was done: perhaps an answer was sent, too. */
static const char *
last_of(struct arena *a, const struct case_row *c)
{
	const char *last = c->last_action ? c->last_action : "";

	if (c->state != CASE_REVIEW || !*c->reason ||
	    str_starts(str_of(last), STR("review: ")))
		return last;
	return arena_printf(a, "review: %s; %s", c->reason, last);
}

static void
print_row(const struct table *t, const struct case_row *c, int64_t now)
{
	printf("%6" PRId64 "  %s%-8s%s  %-16s  %-6s  %s  %s  %s\n",
	    c->id, t->colour ? colour_of(c->state) : "",
	    case_state_name(c->state), t->colour ? "\x1b[0m" : "",
	    c->intent, cli_age(t->a, now - c->place),
	    cli_fit(t->a, c->from_addr, t->from),
	    cli_fit(t->a, last_of(t->a, c), t->action),
	    cli_fit(t->a, c->subject, t->subject));
}

/* What is listed: of more there are only the first. */
struct listed {
	struct case_row *rows;
	size_t n;
	bool more;
};

static enum cd_rc
list(struct store *s, struct arena *a, const struct case_filter *filter,
    struct listed *out, struct cd_err *err)
{
	struct case_filter f = *filter;
	enum cd_rc rc;

	f.limit++;
	rc = cases_list(s, a, &f, clock_now(), &out->rows, &out->n, err);
	if (rc != CD_OK)
		return rc;
	out->more = out->n > filter->limit;
	out->n -= out->more;
	return CD_OK;
}

static void
print_table(struct arena *a, const struct listed *l, int64_t now)
{
	struct table t = table_new(a);

	if (l->n == 0) {
		puts("no cases");
		return;
	}
	print_head(&t);
	for (size_t i = 0; i < l->n; i++)
		print_row(&t, &l->rows[i], now);
	if (l->more)
		printf("the first %zu; there are more: --limit N shows them\n",
		    l->n);
}

/* ---- following ------------------------------------------------------------ */

struct follow {
	const struct case_filter *filter;
	bool json, redraw;
	struct listed shown;	/* last; by id */
};

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static int
by_id(const void *a, const void *b)
{
	const struct case_row *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static bool
is_shown(const struct follow *f, const struct case_row *c)
{
	const struct case_row *was = f->shown.n == 0 ? NULL :
	    bsearch(c, f->shown.rows, f->shown.n, sizeof *c, by_id);

	return was && was->state == c->state && was->updated == c->updated &&
	    same_text(was->last_action, c->last_action) &&
	    same_text(was->assignee, c->assignee);
}

static void
print_news(const struct follow *f, struct arena *a, const struct listed *l)
{
	struct table t = table_new(a);
	int64_t now = clock_now();

	if (f->redraw) {
		fputs("\x1b[H\x1b[2J", stdout);
		print_table(a, l, now);
	}
	for (size_t i = 0; i < l->n && !f->redraw; i++) {
		if (is_shown(f, &l->rows[i]))
			continue;
		if (f->json)
			cli_json(view_case_json(a, &l->rows[i]));
		else
			print_row(&t, &l->rows[i], now);
	}
	fflush(stdout);
}

/* Until it is interrupted, or nobody reads what is printed any more. */
static enum cd_rc
follow(struct store *s, struct follow *f, struct cd_err *err)
{
	struct arena *shown = arena_new(), *next = arena_new(), *swap;
	int64_t newest = -1, drawn = 0, last = 0;
	enum cd_rc rc = CD_OK;

	while (!ferror(stdout)) {
		struct listed l;

		rc = events_newest(s, &newest, err);
		if (rc == CD_OK && (newest != last ||
		    clock_now() - drawn >= REDRAW_S)) {
			rc = list(s, next, f->filter, &l, err);
			if (rc == CD_OK) {
				print_news(f, next, &l);
				if (l.n > 0)
					qsort(l.rows, l.n, sizeof *l.rows,
					    by_id);
				f->shown = l;
				swap = shown;
				shown = next;
				next = swap;
				arena_reset(next);
				last = newest;
				drawn = clock_now();
			}
		}
		if (rc != CD_OK && rc != CD_AGAIN)
			break;
		sleep(1);
	}
	arena_free(&shown);
	arena_free(&next);
	return rc;
}

static enum cd_rc
once(struct cli_session *s, const struct case_filter *filter, bool json,
    struct cd_err *err)
{
	struct listed l;
	enum cd_rc rc = list(s->store, s->arena, filter, &l, err);

	for (size_t i = 0; rc == CD_OK && json && i < l.n; i++)
		cli_json(view_case_json(s->arena, &l.rows[i]));
	if (rc == CD_OK && !json)
		print_table(s->arena, &l, clock_now());
	return rc;
}

static const char *
lower(struct arena *a, const char *s)
{
	char *out = arena_strdup(a, s);

	for (char *p = out; *p; p++)
		*p = ascii_lower(*p);
	return out;
}

/* A misspelt word would be an empty queue; domains and tenants are made what they
 * are in it. EX_OK, or EX_USAGE after an error was printed. */
static int
check_filter(struct arena *a, struct case_filter *f)
{
	const char *domain = f->domain;
	enum case_state state;
	enum intent intent;
	int result = EX_OK;

	if (domain)
		f->domain = domain_normal(a, str_of(domain));
	if (f->tenant)
		f->tenant = lower(a, f->tenant);
	if (f->state && strcmp(f->state, "snoozed") != 0 &&
	    !case_state_of(f->state, &state))
		result = cli_usage("cases", "--state is review, snoozed, "
		    "waiting, approved or closed");
	else if (f->intent && !intent_of(str_of(f->intent), &intent))
		result = cli_usage("cases", "--intent is one of: %s",
		    view_intent_names(a));
	else if (f->language && !words_have_language(f->language))
		result = cli_usage("cases", "--language is one of: %s",
		    words_language_codes(a));
	else if (f->tenant && !str_is_guid(str_of(f->tenant)))
		result = cli_usage("cases", "--tenant is a GUID such as "
		    "11111111-2222-4333-8444-555555555555");
	else if (domain && !f->domain)
		result = cli_usage("cases", "--domain is one such as "
		    "example.com");
	return result;
}

int
cmd_cases(int argc, char **argv, const struct command_env *env)
{
	struct case_filter f = { 0 };
	const char *limit = NULL;
	bool json = false, stay = false, redraw;
	const struct option_spec options[] = {
		{ "state", NULL, &f.state }, { "search", NULL, &f.search },
		{ "tenant", NULL, &f.tenant }, { "domain", NULL, &f.domain },
		{ "intent", NULL, &f.intent },
		{ "language", NULL, &f.language },
		{ "assignee", NULL, &f.assignee }, { "limit", NULL, &limit },
		{ "follow", &stay, NULL }, { "json", &json, NULL }, { 0 },
	};
	int n = cli_options(argc, argv, options, 0, 0);
	struct cli_session s;
	struct cd_err err = { "" };
	struct arena *a;
	int64_t max;
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	redraw = stay && !json && isatty(STDOUT_FILENO);
	max = stay && !redraw ? FOLLOWED : SHOWN;
	if (limit && !str_to_i64(str_of(limit), 1, 1000000, &max))
		return cli_usage("cases", "--limit is a number from 1 to "
		    "1000000");
	a = arena_new();
	code = check_filter(a, &f);
	if (code == EX_OK)
		code = cli_open(env, CLI_STORE_READ, &s);
	if (code != EX_OK) {
		arena_free(&a);
		return code;
	}
	f.limit = (size_t)max;
	rc = stay ? follow(s.store, &(struct follow){ .filter = &f,
		.json = json, .redraw = redraw }, &err)
	    : once(&s, &f, json, &err);
	code = cli_result(rc, &err);
	cli_close(&s);
	arena_free(&a);
	return code;
}
