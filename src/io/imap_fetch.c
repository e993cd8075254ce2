/*
 * Mails out of a mailbox. Bodies go from the wire into the arena at once, cut
 * at max_bytes; the rest is read and dropped. What a FETCH answer holds besides
 * is passed over without a look, lists of any depth by counting.
 *
 * A mail that the server tells badly, or names without its body, costs itself
 * alone: it is asked for once more by itself, and if that fails too it is handed
 * on without a body, so that a person may see to it. So does one that it does not
 * name at all and lists still; what it does not list any more has vanished.
 *
 * RFC 3501 6.4.5, 6.4.8, 7.4.2.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "io/imap_wire.h"

enum {
	SIZES = 1000,		/* asked for in one command */
	HEADER_MAX = 64 * 1024,
};

/* Mails wanted by one FETCH: m[0..n), ascending. */
struct group {
	struct imap *imap;
	struct arena *arena;
	struct imap_mail *m;
	bool *seen;		/* a body came, or the lack of one was told */
	bool *named;		/* it is there: an answer was about it */
	size_t n, max_bytes;
	bool nonsense;		/* an answer made no sense */
};

/* One answer, "* 5 FETCH (...)", while it is read. */
struct answer {
	struct group *group;
	struct str rest;	/* of the current line */
	struct imap_mail mail;
	bool body;
};

/* ---- one answer ----------------------------------------------------------- */

static void
skip_spaces(struct answer *f)
{
	while (f->rest.n > 0 && f->rest.p[0] == ' ')
		f->rest = str_sub(f->rest, 1, f->rest.n);
}

static struct str
take_n(struct answer *f, size_t n)
{
	struct str s = str_sub(f->rest, 0, n);

	f->rest = str_sub(f->rest, n, f->rest.n);
	return s;
}

/* "BODY[HEADER.FIELDS (A B)]<0>" is one key. */
static struct str
take_key(struct answer *f)
{
	bool in = false;
	size_t n;

	for (n = 0; n < f->rest.n; n++) {
		char c = f->rest.p[n];

		if (c == '[' || c == ']')
			in = c == '[';
		else if (!in && (c == ' ' || c == ')' || c == '('))
			break;
	}
	return take_n(f, n);
}

static struct str
take_atom(struct answer *f)
{
	size_t n = 0;

	while (n < f->rest.n && f->rest.p[n] != ' ' && f->rest.p[n] != ')')
		n++;
	return take_n(f, n);
}

/* What is between quotes, as it stands. false: it does not end. */
static bool
take_quoted(struct answer *f, struct str *out)
{
	for (size_t n = 1; n < f->rest.n; n++) {
		if (f->rest.p[n] == '\\')
			n++;
		else if (f->rest.p[n] == '"') {
			*out = str_sub(f->rest, 1, n);
			take_n(f, n + 1);
			return true;
		}
	}
	return false;
}

/* A literal is the last thing on a line. Kept if keep_out. */
static enum cd_rc
take_literal(struct answer *f, struct str *keep_out, bool *sense,
    struct cd_err *err)
{
	struct group *g = f->group;
	size_t n, room = 0;
	char *keep = NULL;
	enum cd_rc rc;

	*sense = wire_literal_head(f->rest, &n);
	if (!*sense)
		return CD_OK;
	if (keep_out) {
		room = n < g->max_bytes ? n : g->max_bytes;
		keep = arena_alloc(g->arena, room + 1);
	}
	rc = wire_literal(&g->imap->wire, n, keep, room, &f->rest, err);
	if (rc == CD_OK && keep_out)
		*keep_out = (struct str){ keep, room };
	return rc;
}

/* A list, whatever is in it. */
static enum cd_rc
skip_list(struct answer *f, bool *sense, struct cd_err *err)
{
	size_t depth = 0;
	struct str word;
	enum cd_rc rc;

	for (*sense = true; *sense; ) {
		if (f->rest.n == 0) {
			*sense = false;
			break;
		}
		switch (f->rest.p[0]) {
		case '"':
			*sense = take_quoted(f, &word);
			continue;
		case '{':
			rc = take_literal(f, NULL, sense, err);
			if (rc != CD_OK)
				return rc;
			continue;
		case '(':
			depth++;
			break;
		case ')':
			depth--;
			break;
		}
		take_n(f, 1);
		if (depth == 0)
			return CD_OK;
	}
	return CD_OK;
}

static uint32_t
number(struct str s)
{
	int64_t v;

	return str_to_i64(s, 0, UINT32_MAX, &v) ? (uint32_t)v : 0;
}

/* "24-Nov-2026 13:20:05 +0200", the day perhaps with a space ahead; 0: not so. */
static int64_t
date_read(struct str s)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	char month[4] = "", sign = '+', text[32];
	struct tm tm = { 0 };
	const char *at;
	int zone = 0;

	snprintf(text, sizeof text, "%.*s", s.n > 30 ? 30 : (int)s.n,
	    s.p ? s.p : "");
	if (sscanf(text, "%2d-%3[A-Za-z]-%4d %2d:%2d:%2d %c%4d", &tm.tm_mday,
	    month, &tm.tm_year, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &sign,
	    &zone) != 8)
		return 0;
	for (char *c = month; *c; c++)
		*c = ascii_lower(*c);
	at = strstr(months, month);
	if (!at || strlen(month) != 3 || (at - months) % 3 != 0)
		return 0;
	zone = (zone / 100 * 60 + zone % 100) * (sign == '-' ? -1 : 1);
	tm.tm_mon = (int)((at - months) / 3);
	tm.tm_year -= 1900;
	tm.tm_min -= zone;
	return (int64_t)timegm(&tm);
}

static void
value_note(struct answer *f, struct str key, struct str value)
{
	if (str_ieq(key, STR("UID")))
		f->mail.uid = number(value);
	else if (str_ieq(key, STR("RFC822.SIZE")))
		f->mail.size = number(value);
	else if (str_ieq(key, STR("INTERNALDATE")))
		f->mail.internal_date = date_read(value);
}

static enum cd_rc
value_take(struct answer *f, struct str key, bool *sense, struct cd_err *err)
{
	bool body = str_istarts(key, STR("BODY["));
	struct arena *a = f->group->arena;
	struct str value = { NULL, 0 };
	enum cd_rc rc;

	*sense = true;
	if (f->rest.n == 0) {
		*sense = false;
		return CD_OK;
	}
	switch (f->rest.p[0]) {
	case '(':
		return skip_list(f, sense, err);
	case '{':
	case '~':
		f->body |= body;
		rc = take_literal(f, body ? &f->mail.raw : NULL, sense, err);
		return rc;
	case '"':
		*sense = take_quoted(f, &value);
		break;
	default:
		value = take_atom(f);
		*sense = value.n > 0 && (!body || str_ieq(value, STR("NIL")));
		if (body && *sense)
			value.n = 0;
	}
	if (body && *sense) {
		f->body = true;
		f->mail.raw = arena_copy(a, str_sub(value, 0,
		    f->group->max_bytes));
	}
	value_note(f, key, value);
	return CD_OK;
}

static enum cd_rc
answer_items(struct answer *f, bool *sense, struct cd_err *err)
{
	for (;;) {
		char key[64];
		struct str k;
		enum cd_rc rc;

		skip_spaces(f);
		if (f->rest.n > 0 && f->rest.p[0] == ')')
			return CD_OK;
		k = take_key(f);
		*sense = k.n > 0;
		if (!*sense)
			return CD_OK;
		/* The line goes when a literal comes. */
		snprintf(key, sizeof key, "%.*s", (int)(k.n < 60 ? k.n : 60),
		    k.p);
		skip_spaces(f);
		rc = value_take(f, str_of(key), sense, err);
		if (rc != CD_OK || !*sense)
			return rc;
	}
}

/* ---- many ----------------------------------------------------------------- */

static void
group_keep(struct group *g, const struct answer *f)
{
	size_t low = 0, high = g->n;
	struct imap_mail *m;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (g->m[mid].uid < f->mail.uid)
			low = mid + 1;
		else
			high = mid;
	}
	/* News about another mail may come with any answer. */
	if (low == g->n || g->m[low].uid != f->mail.uid)
		return;
	m = &g->m[low];
	g->named[low] = true;
	if (f->mail.size)
		m->size = f->mail.size;
	if (f->mail.internal_date)
		m->internal_date = f->mail.internal_date;
	if (!f->body)
		return;
	m->raw = f->mail.raw;
	g->seen[low] = true;
}

/* "* 5 FETCH (" */
static bool
answer_begins(struct str line, struct str *rest_out)
{
	const struct str word = STR(" FETCH ");
	size_t n = 2;

	if (!str_starts(line, STR("* ")))
		return false;
	while (n < line.n && ascii_digit(line.p[n]))
		n++;
	line = str_sub(line, n, line.n);
	if (n == 2 || !str_istarts(line, word))
		return false;
	*rest_out = str_sub(line, word.n, line.n);
	return true;
}

static enum cd_rc
fetch_take(void *context, struct str line, struct cd_err *err)
{
	struct answer f = { .group = context };
	bool sense = true;
	enum cd_rc rc;

	if (!answer_begins(line, &f.rest))
		return CD_OK;
	if (f.rest.n == 0 || f.rest.p[0] != '(') {
		f.group->nonsense = true;
		return CD_OK;
	}
	take_n(&f, 1);
	rc = answer_items(&f, &sense, err);
	if (rc != CD_OK)
		return rc;
	if (sense)
		group_keep(f.group, &f);
	else
		f.group->nonsense = true;
	return CD_OK;
}

/* "3,5:9" of the group's first mails; returns how many fitted. */
static size_t
set_print(const struct group *g, char *out, size_t n)
{
	size_t used = 0, k = 0;

	while (k < g->n && used + 24 < n) {
		size_t last = k;

		while (last + 1 < g->n &&
		    g->m[last + 1].uid == g->m[last].uid + 1)
			last++;
		used += (size_t)snprintf(out + used, n - used, "%s%u",
		    used ? "," : "", g->m[k].uid);
		if (last > k)
			used += (size_t)snprintf(out + used, n - used, ":%u",
			    g->m[last].uid);
		k = last + 1;
	}
	return k;
}

/* A server that does not know "<0.n>" sends the whole of each mail: the room is
 * for that. */
static enum cd_rc
group_ask(const struct group *g, const char *items, struct cd_err *err)
{
	char set[CD_MAX_IMAP_SET];

	cd_assert(set_print(g, set, sizeof set) == g->n);
	return wire_ask(&g->imap->wire, g->n * (g->max_bytes + 1024) +
	    CD_MAX_IMAP_ANSWER, err, "UID FETCH %s (%s)", set, items);
}

static enum cd_rc
group_answer(struct group *g, struct cd_err *err)
{
	g->nonsense = false;
	return wire_answer(&g->imap->wire, fetch_take, g, err);
}

static enum cd_rc
group_run(struct group *g, const char *items, struct cd_err *err)
{
	enum cd_rc rc = group_ask(g, items, err);

	return rc == CD_OK ? group_answer(g, err) : rc;
}

static enum cd_rc
group_ask_mails(const struct group *g, struct cd_err *err)
{
	char items[96];

	snprintf(items, sizeof items, "UID INTERNALDATE RFC822.SIZE "
	    "BODY.PEEK[]<0.%zu>", g->max_bytes);
	return group_ask(g, items, err);
}

/* Ask once more for a mail that was told badly; if that fails, it is a mail
 * without a body, and not a lost one. */
static enum cd_rc
mail_ask(struct group *all, size_t k, struct cd_err *err)
{
	struct group g = *all;
	char items[64];
	enum cd_rc rc;

	g.m += k;
	g.seen += k;
	g.named += k;
	g.named[0] = false;
	g.n = 1;
	snprintf(items, sizeof items, "UID BODY.PEEK[]<0.%zu>", g.max_bytes);
	rc = group_run(&g, items, err);
	if (rc == CD_REFUSED || (rc == CD_OK && (g.nonsense || g.named[0]))) {
		if (rc == CD_REFUSED && err)
			g.m->why = arena_strdup(g.arena, err->text);
		g.seen[0] = true;
		return CD_OK;
	}
	return rc;
}

/* Those that were not told of, as a group of their own. */
static struct group
group_missing(const struct group *g)
{
	struct group missing = *g;

	missing.m = NULL;
	missing.n = 0;
	for (size_t k = 0; k < g->n; k++) {
		if (g->seen[k])
			continue;
		if (!missing.m)
			missing.m = arena_array(g->arena, g->n,
			    sizeof *missing.m);
		missing.m[missing.n++] = g->m[k];
	}
	return missing;
}

/* Which of them the server still has. A NO to the question leaves all of them where
 * they were listed. */
static enum cd_rc
missing_list(const struct group *missing, uint32_t **uids_out, size_t *n_out,
    struct cd_err *err)
{
	char set[CD_MAX_IMAP_SET];
	enum cd_rc rc;

	cd_assert(set_print(missing, set, sizeof set) == missing->n);
	rc = imap_list_some(missing->imap, missing->arena, set, uids_out, n_out,
	    err);
	if (rc != CD_REFUSED && (rc != CD_AGAIN || !missing->imap->wire.bad))
		return rc;
	*uids_out = arena_array(missing->arena, missing->n, sizeof **uids_out);
	for (size_t k = 0; k < missing->n; k++)
		(*uids_out)[k] = missing->m[k].uid;
	*n_out = missing->n;
	return CD_OK;
}

/* The cursor goes past what is not handed on, and never back: what the server lists
 * is asked for alone, and if that is left out too, it is not given. */
static enum cd_rc
missing_ask(struct group *g, struct cd_err *err)
{
	struct group missing = group_missing(g);
	uint32_t *uids = NULL;
	size_t n = 0;
	enum cd_rc rc = missing.n > 0 ? missing_list(&missing, &uids, &n, err)
	    : CD_OK;

	for (size_t k = 0; k < g->n && n > 0 && rc == CD_OK; k++) {
		bool listed = false;

		for (size_t j = 0; j < n && !g->seen[k]; j++)
			listed |= uids[j] == g->m[k].uid;
		if (!listed)
			continue;
		rc = mail_ask(g, k, err);
		g->seen[k] = true;
	}
	return rc;
}

/* A NO may mean that one of them is bad, or gone: RFC 2180 4.1. */
static enum cd_rc
group_fetch(struct group *g, bool asked, struct cd_err *err)
{
	enum cd_rc rc = asked ? CD_OK : group_ask_mails(g, err);
	bool all;

	if (rc == CD_OK)
		rc = group_answer(g, err);
	if (rc != CD_REFUSED && rc != CD_OK)
		return rc;
	all = rc == CD_REFUSED || g->nonsense;
	rc = CD_OK;
	for (size_t k = 0; k < g->n && rc == CD_OK; k++)
		if (!g->seen[k] && (all || g->named[k]))
			rc = mail_ask(g, k, err);
	return rc == CD_OK ? missing_ask(g, err) : rc;
}

enum cd_rc
imap_headers(struct imap *i, struct arena *a, struct imap_mail *mails, size_t n,
    struct cd_err *err)
{
	struct group g = { .imap = i, .arena = a, .m = mails, .n = n,
		.max_bytes = HEADER_MAX };

	g.seen = arena_array(a, n, sizeof *g.seen);
	g.named = arena_array(a, n, sizeof *g.named);
	return n > 0 ? group_run(&g, "UID BODY.PEEK[HEADER]", err) : CD_OK;
}

/* The first place in i->uids that is from_uid or above. */
static size_t
uids_at(const struct imap *i, uint32_t from_uid)
{
	size_t low = 0, high = i->n_uids;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (i->uids[mid] < from_uid)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct group
group_new(struct imap *i, struct arena *a, size_t at, size_t n,
    size_t max_bytes)
{
	struct group g = { .imap = i, .arena = a, .n = n,
		.max_bytes = max_bytes };
	char set[CD_MAX_IMAP_SET];

	g.m = arena_array(a, n, sizeof *g.m);
	g.seen = arena_array(a, n, sizeof *g.seen);
	g.named = arena_array(a, n, sizeof *g.named);
	for (size_t k = 0; k < n; k++)
		g.m[k].uid = i->uids[at + k];
	g.n = set_print(&g, set, sizeof set);
	return g;
}

/* Ask for many sizes at once: one question for a thousand mails. */
static enum cd_rc
sizes_ask(struct imap *i, struct arena *a, size_t at, struct cd_err *err)
{
	size_t left = i->n_uids - at;
	struct group g = group_new(i, a, at, left < SIZES ? left : SIZES, 0);
	enum cd_rc rc = group_run(&g, "UID RFC822.SIZE", err);

	if (rc != CD_OK && rc != CD_REFUSED)
		return rc;
	/* Not told (it vanished, perhaps): as large as can be. */
	for (size_t k = 0; k < g.n; k++)
		i->sizes[at + k] = g.m[k].size ? g.m[k].size : UINT32_MAX;
	return CD_OK;
}

/* How many mails from `at` on fit into memory; one at least. */
static enum cd_rc
batch_size(struct imap *i, struct arena *a, size_t at, size_t max,
    size_t max_bytes, size_t *n_out, struct cd_err *err)
{
	size_t left = i->n_uids - at, bytes = 0, n = 0;

	if (left > max)
		left = max;
	if (left * max_bytes <= CD_MAX_IMAP_BATCH) {
		*n_out = left;
		return CD_OK;
	}
	for (; n < left; n++) {
		size_t size;
		enum cd_rc rc;

		if (i->sizes[at + n] == 0 &&
		    (rc = sizes_ask(i, a, at + n, err)) != CD_OK)
			return rc;
		size = i->sizes[at + n];
		bytes += size < max_bytes ? size : max_bytes;
		if (n > 0 && bytes > CD_MAX_IMAP_BATCH)
			break;
	}
	*n_out = n;
	return CD_OK;
}

/* Leave out what was not seen. */
static size_t
group_close_up(struct group *g)
{
	size_t n = 0;

	for (size_t k = 0; k < g->n; k++)
		if (g->seen[k])
			g->m[n++] = g->m[k];
	return n;
}

enum cd_rc
imap_fetch_ahead(struct imap *i, struct arena *a, uint32_t from_uid, size_t max,
    size_t max_bytes, struct cd_err *err)
{
	struct fetch_ahead ahead = { .from_uid = from_uid, .max = max,
		.max_bytes = max_bytes, .at = uids_at(i, from_uid) };
	struct group g;
	enum cd_rc rc;

	/* Too few are known: what else is there is asked when it is wanted. */
	if (max == 0 || i->n_uids - ahead.at < max)
		return CD_OK;
	rc = batch_size(i, a, ahead.at, max, max_bytes, &ahead.n, err);
	if (rc != CD_OK)
		return rc;
	g = group_new(i, a, ahead.at, ahead.n, max_bytes);
	rc = group_ask_mails(&g, err);
	if (rc == CD_OK)
		i->ahead = ahead;
	return rc;
}

/* Any command in between has done away with what was asked ahead. */
static bool
is_asked(const struct imap *i, uint32_t from_uid, size_t max, size_t max_bytes)
{
	return i->wire.asked[0] && i->ahead.from_uid == from_uid &&
	    i->ahead.max == max && i->ahead.max_bytes == max_bytes;
}

enum cd_rc
imap_fetch(struct imap *i, struct arena *a, uint32_t from_uid, size_t max,
    size_t max_bytes, struct imap_mail **out, size_t *n_out,
    struct cd_err *err)
{
	size_t at = uids_at(i, from_uid), n = 0;
	bool asked = is_asked(i, from_uid, max, max_bytes);
	struct group g = { .n = 0 };
	enum cd_rc rc = CD_OK;

	if (i->n_uids - at < max) {
		if ((rc = imap_list(i, from_uid, err)) != CD_OK)
			return rc;
		at = 0;
	}
	/* All of a batch may have vanished: the next one, then. */
	for (; n == 0 && max > 0 && at < i->n_uids; at += g.n) {
		size_t want = i->ahead.n;

		if (!asked)
			rc = batch_size(i, a, at, max, max_bytes, &want, err);
		if (rc != CD_OK)
			return rc;
		g = group_new(i, a, at, want, max_bytes);
		if ((rc = group_fetch(&g, asked, err)) != CD_OK)
			return rc;
		n = group_close_up(&g);
		asked = false;
	}
	*out = g.m;
	*n_out = n;
	return CD_OK;
}
