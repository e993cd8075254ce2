/*
 * Pages of the queue. Each page is made of one ordered stream a state, merged:
 * a stream walks one index from the last row of the page before, so a page
 * costs what it shows, with a million cases too. The text of the query is made
 * for the filter at hand, since an index is only used where its column is
 * named; values are bound, never written into it.
 *
 * A search first takes the newest CD_MAX_FOUND cases that hold all of the
 * words, and lists these.
 */
#include <string.h>

#include "base/buf.h"
#include "case_row.h"

#define SQL_MAX		(16 * 1024)
#define MATCH_MAX	4096
#define WORDS_MAX	16
/* A shorter beginning would stand for half of the language. */
#define BEGINNING_MIN	3
/* And one that stands in more places than that takes too long. */
#define BEGINNING_PLACES 50000

static const char SQL_IN_REVIEW[] =
    "SELECT count(*) FROM cases "
    "WHERE id = ?1 AND state = 'review' AND snoozed_until <= ?2";

/* Parameters by number, the same in each stream. */
#define FOUND                                                                  \
	"WITH found AS MATERIALIZED (SELECT id FROM ("                         \
	"SELECT id FROM (SELECT rowid AS id FROM case_search "                 \
	"WHERE case_search MATCH ?9 ORDER BY rowid DESC LIMIT ?10) UNION "     \
	"SELECT m.case_id FROM (SELECT rowid AS id FROM mail_search "          \
	"WHERE mail_search MATCH ?9 ORDER BY rowid DESC LIMIT ?10) f "         \
	"CROSS JOIN mails m ON m.id = f.id WHERE m.case_id IS NOT NULL)) "

/* Parameters: the beginning, the first word after all that begin so, and where
 * to stop counting. */
#define PLACES(table)                                                          \
	"SELECT count(*) FROM (SELECT 1 FROM " table                           \
	" WHERE term >= ?1 AND term < ?2 LIMIT ?3)"
static const char SQL_CASE_WORDS[] = PLACES("case_words");
static const char SQL_MAIL_WORDS[] = PLACES("mail_words");

/* Takes the places from what is left. */
static enum cd_rc
places(struct store *s, const char *sql, const char *from, const char *to,
    int64_t *left, struct cd_err *err)
{
	struct query q = query_new(s, sql, err);
	int64_t n = 0;
	enum cd_rc rc;

	put_text(&q, from);
	put_text(&q, to);
	put_i64(&q, *left);
	rc = query_i64(&q, &n);
	*left -= n;
	return rc;
}

/* FTS5 gathers all words that begin alike before it gives the first row. It sees
 * no signs: what stands between the last two in ASCII is looked at, or behind the
 * last one; words with other letters, which only FTS5 can fold, are rare enough
 * here. CD_MALFORMED: too many. */
static enum cd_rc
beginning_check(struct store *s, struct arena *a, struct str word,
    struct cd_err *err)
{
	int64_t left = BEGINNING_PLACES;
	char *from, *to;
	size_t at;
	enum cd_rc rc;

	while (word.n > 0 && (unsigned char)word.p[word.n - 1] <= 0x7f &&
	    !ascii_alnum(word.p[word.n - 1]))
		word.n--;
	at = word.n;
	while (at > 0 && ascii_alnum(word.p[at - 1]))
		at--;
	if (at == word.n || (at > 0 && (unsigned char)word.p[at - 1] > 0x7f))
		return CD_OK;
	from = arena_str(a, str_sub(word, at, word.n));
	for (char *p = from; *p; p++)
		*p = ascii_lower(*p);
	to = arena_strdup(a, from);
	to[strlen(to) - 1]++;
	rc = places(s, SQL_CASE_WORDS, from, to, &left, err);
	if (rc == CD_OK)
		rc = places(s, SQL_MAIL_WORDS, from, to, &left, err);
	if (rc == CD_OK && left == 0)
		return cd_fail(err, CD_MALFORMED, "too many words begin with "
		    "\"%s\"; please write more of it, or leave the * out",
		    from);
	return rc;
}

/* FTS5's language knows operators; each word goes in as a quoted string, so
 * that no letter means more than itself, but for a '*' at its end. Words are
 * not completed unasked: all that begin alike have to be gathered for that,
 * which is a second's work where there are a million. */
static enum cd_rc
match_of(struct store *s, struct arena *a, const char *search,
    const char **out, struct cd_err *err)
{
	struct buf b = buf_new(a, MATCH_MAX);
	struct str rest = str_trim(str_of(search));
	enum cd_rc rc = CD_OK;

	/* Each word has its end: one that there is no room for is left out. */
	for (int n = 0; rest.n > 0 && n < WORDS_MAX && rc == CD_OK &&
	    b.n < MATCH_MAX - 16; n++) {
		size_t len = 0;
		bool beginning;

		while (len < rest.n && !ascii_space(rest.p[len]))
			len++;
		beginning = len > BEGINNING_MIN && rest.p[len - 1] == '*';
		buf_puts(&b, n ? " \"" : "\"");
		for (size_t i = 0; i < len && b.n < MATCH_MAX - 8; i++) {
			if (rest.p[i] == '"')
				buf_char(&b, '"');
			buf_char(&b, rest.p[i]);
		}
		buf_puts(&b, beginning ? "\"*" : "\"");
		if (beginning)
			rc = beginning_check(s, a, str_sub(rest, 0, len - 1),
			    err);
		rest = str_trim(str_sub(rest, len, rest.n));
	}
	*out = b.n > 0 ? buf_str(&b).p : NULL;
	return rc;
}

/* The index that leaves fewest rows to look at. */
static const char *
index_of(const struct case_filter *f, bool asleep)
{
	return f->tenant ? "cases_by_tenant"
	    : f->domain ? "cases_by_domain"
	    : f->assignee ? "cases_by_assignee"
	    : asleep ? "cases_asleep"
	    : f->intent && f->language ? "cases_by_reading"
	    : f->intent ? "cases_by_intent"
	    : f->language ? "cases_by_language" : "cases_by_state";
}

struct page {
	struct store *s;
	struct arena *a;
	const struct case_filter *f;
	const char *match;	/* NULL: no search */
	int64_t now;
	bool from_start;	/* not after the row of the filter */
	size_t limit;
};

/* One stream: the cases of a state in the order of its list. */
static void
stream_add(struct buf *b, const struct page *p, const char *state,
    const char *where, bool asleep, bool oldest_first)
{
	const struct case_filter *f = p->f;

	if (p->match)
		buf_puts(b, "SELECT " CASE_COLUMNS " FROM found "
		    "CROSS JOIN cases c ON c.id = found.id ");
	else
		buf_printf(b, "SELECT " CASE_COLUMNS " FROM cases c "
		    "INDEXED BY %s ", index_of(f, asleep));
	buf_printf(b, "WHERE c.state = '%s' %s", state, where);
	buf_puts(b, f->tenant ? " AND c.tenant = ?1" : "");
	buf_puts(b, f->domain ? " AND c.domain = ?2" : "");
	buf_puts(b, f->assignee ? " AND c.assignee = ?3" : "");
	buf_puts(b, f->intent ? " AND c.intent = ?4" : "");
	buf_puts(b, f->language ? " AND c.language = ?5" : "");
	/* The first of the two is for the index: SQLite looks for no pair in one
	 * of an expression. */
	if (!p->from_start)
		buf_printf(b, " AND " CASE_PLACE " %c= ?6"
		    " AND (" CASE_PLACE ", c.id) %c (?6, ?7)",
		    oldest_first ? '>' : '<', oldest_first ? '>' : '<');
}

static enum cd_rc
page_read(const struct page *p, const char *sql, struct case_row **out,
    size_t *n_out, struct cd_err *err)
{
	const struct case_filter *f = p->f;
	struct query q = query_once(p->s, sql, err);

	put_text(&q, f->tenant);
	put_text(&q, f->domain);
	put_text(&q, f->assignee);
	put_text(&q, f->intent);
	put_text(&q, f->language);
	put_i64(&q, f->before_place);
	put_i64(&q, f->before_id);
	put_i64(&q, p->now);
	put_text(&q, p->match);
	put_i64(&q, CD_MAX_FOUND);
	put_i64(&q, (int64_t)p->limit);
	return cases_all(&q, p->a, out, n_out);
}

static struct buf
page_begin(const struct page *p)
{
	struct buf b = buf_new(p->a, SQL_MAX);

	buf_puts(&b, p->match ? FOUND : "");
	return b;
}

static enum cd_rc
page_end(const struct page *p, struct buf *b, bool oldest_first,
    struct case_row **out, size_t *n_out, struct cd_err *err)
{
	/* Columns 15 and 1 are place and id. */
	buf_printf(b, " ORDER BY 15 %s, 1 %s LIMIT ?11",
	    oldest_first ? "ASC" : "DESC", oldest_first ? "ASC" : "DESC");
	cd_assert(!b->full);
	return page_read(p, buf_str(b).p, out, n_out, err);
}

/* What waits for a person; asleep: what was put off. */
static enum cd_rc
page_review(const struct page *p, bool asleep, struct case_row **out,
    size_t *n_out, struct cd_err *err)
{
	struct buf b = page_begin(p);

	/* SQLite must see that the index has all of them: hence "> 0". */
	stream_add(&b, p, "review", asleep
	    ? "AND c.snoozed_until > 0 AND c.snoozed_until > ?8"
	    : "AND c.snoozed_until <= ?8", asleep, true);
	return page_end(p, &b, true, out, n_out, err);
}

/* One state, or with NULL all but review. */
static enum cd_rc
page_others(const struct page *p, const char *only, struct case_row **out,
    size_t *n_out, struct cd_err *err)
{
	static const enum case_state others[] = { CASE_WAITING, CASE_APPROVED,
		CASE_CLOSED };
	struct buf b = page_begin(p);
	bool first = true;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		const char *name = case_state_name(others[i]);

		if (only && strcmp(only, name) != 0)
			continue;
		buf_puts(&b, first ? "" : " UNION ALL ");
		stream_add(&b, p, name, "", false, false);
		first = false;
	}
	return page_end(p, &b, false, out, n_out, err);
}

/* Is the last row of the page before one of those in review? */
static enum cd_rc
in_review(const struct page *p, bool *out, struct cd_err *err)
{
	struct query q = query_new(p->s, SQL_IN_REVIEW, err);
	int64_t n = 0;
	enum cd_rc rc;

	put_i64(&q, p->f->before_id);
	put_i64(&q, p->now);
	rc = query_i64(&q, &n);
	*out = n > 0;
	return rc;
}

/* Every state: review first, and where that ends the others go on. */
static enum cd_rc
page_all(struct page *p, struct case_row **out, size_t *n_out,
    struct cd_err *err)
{
	struct case_row *review = NULL, *others = NULL;
	size_t n = 0, n_others = 0;
	bool reviewing = true;
	enum cd_rc rc = CD_OK;

	if (!p->from_start)
		rc = in_review(p, &reviewing, err);
	if (rc == CD_OK && reviewing) {
		rc = page_review(p, false, &review, &n, err);
		p->from_start = true;
		p->limit -= n;
	}
	if (rc == CD_OK && p->limit > 0)
		rc = page_others(p, NULL, &others, &n_others, err);
	if (rc != CD_OK)
		return rc;
	*out = arena_array(p->a, n + n_others, sizeof **out);
	if (n > 0)
		memcpy(*out, review, n * sizeof **out);
	if (n_others > 0)
		memcpy(*out + n, others, n_others * sizeof **out);
	*n_out = n + n_others;
	return CD_OK;
}

enum cd_rc
cases_list(struct store *s, struct arena *a, const struct case_filter *f,
    int64_t now, struct case_row **out, size_t *n_out, struct cd_err *err)
{
	struct page p = { .s = s, .a = a, .f = f, .now = now,
		.from_start = f->before_id == 0, .limit = f->limit };
	enum case_state state;
	enum cd_rc rc = CD_OK;

	if (f->search)
		rc = match_of(s, a, f->search, &p.match, err);
	if (rc != CD_OK)
		return rc;
	if (!f->state)
		return page_all(&p, out, n_out, err);
	if (strcmp(f->state, "snoozed") == 0)
		return page_review(&p, true, out, n_out, err);
	if (!case_state_of(f->state, &state))
		return cd_fail(err, CD_MALFORMED, "there is no state %s; use "
		    "review, snoozed, waiting, approved or closed", f->state);
	if (state == CASE_REVIEW)
		return page_review(&p, false, out, n_out, err);
	return page_others(&p, f->state, out, n_out, err);
}
