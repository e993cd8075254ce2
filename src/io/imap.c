/*
 * What the daemon asks of a mailbox. The UIDs of the last SEARCH are kept, so
 * that a backlog read in batches is listed once and not once a batch.
 *
 * An EXISTS may come with the answer to any command. It is remembered as news
 * unless a SEARCH was sent after it, because IDLE will not tell it again.
 *
 * RFC 3501; RFC 2177 (IDLE); RFC 6851 (MOVE).
 */
#include "io/imap.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "io/imap_wire.h"
#include "io/tls_stream.h"

enum { POLL_MS = 30 * 1000, MAX_FOLDER = 1100 };

struct imap {
	struct wire wire;
	char *host;
	char folder[MAX_FOLDER];	/* coded and quoted */
	bool read_only;
	uint32_t uidvalidity, uidnext;
	uint32_t *uids;			/* of the last SEARCH, ascending */
	size_t n_uids;
};

static struct mailimap_selection_info *
selection(const struct imap *i)
{
	return i->wire.session->imap_selection_info;
}

/* Nonsense where it cannot be got round: a new connection may help. */
static enum cd_rc
weather(enum cd_rc rc)
{
	return rc == CD_MALFORMED ? CD_AGAIN : rc;
}

/* ---- open and close ------------------------------------------------------- */

static void
status_read(const struct imap *i, uint32_t *validity, uint32_t *next)
{
	struct mailimap_response_info *info =
	    i->wire.session->imap_response_info;
	clist *list = info && info->rsp_status ?
	    info->rsp_status->st_info_list : NULL;

	if (!list)
		return;
	for (clistiter *c = clist_begin(list); c; c = clist_next(c)) {
		const struct mailimap_status_info *s = clist_content(c);

		if (s && s->st_att == MAILIMAP_STATUS_ATT_UIDNEXT)
			*next = s->st_value;
		else if (s && s->st_att == MAILIMAP_STATUS_ATT_UIDVALIDITY)
			*validity = s->st_value;
	}
}

/* Open a folder (quoted). */
static enum cd_rc
folder_open(struct imap *i, const char *folder, bool read_only,
    uint32_t *validity_out, uint32_t *next_out, struct cd_err *err)
{
	mailimap *session = i->wire.session;
	uint32_t validity, next;
	enum cd_rc rc;

	if (session->imap_selection_info)
		mailimap_selection_info_free(session->imap_selection_info);
	session->imap_selection_info = mailimap_selection_info_new();
	cd_assert(session->imap_selection_info);
	rc = wire_run(&i->wire, CD_MAX_IMAP_LINES, err, "%s %s",
	    read_only ? "EXAMINE" : "SELECT", folder);
	if (rc == CD_REFUSED)
		return cd_context(err, rc, "folder %s cannot be opened (names "
		    "are case sensitive)", folder);
	if (rc != CD_OK)
		return weather(rc);
	validity = selection(i)->sel_uidvalidity;
	next = selection(i)->sel_uidnext;
	if (validity == 0 || next == 0) {
		rc = wire_run(&i->wire, CD_MAX_IMAP_LINES, err,
		    "STATUS %s (UIDNEXT UIDVALIDITY)", folder);
		if (rc != CD_OK)
			return weather(rc);
		status_read(i, &validity, &next);
	}
	if (validity == 0 || next == 0)
		return cd_fail(err, CD_REFUSED, "imap %s:%d: folder %s has no "
		    "UIDVALIDITY or UIDNEXT: this server cannot be used",
		    i->wire.host, i->wire.port, folder);
	*validity_out = validity;
	*next_out = next;
	return CD_OK;
}

static enum cd_rc
session_start(struct imap *i, const struct imap_options *o, struct cd_err *err)
{
	bool preauth;
	enum cd_rc rc;

	if (!wire_folder(o->folder, i->folder, sizeof i->folder))
		return cd_fail(err, CD_REFUSED, "imap %s:%d: \"%s\" can be no "
		    "folder's name", o->host, o->port, o->folder);
	rc = wire_connect(&i->wire, o, &preauth, err);
	if (rc == CD_OK && !preauth)
		rc = wire_login(&i->wire, o, err);
	/* RFC 3501 6.2.3: what may be done changes with the login. */
	if (rc == CD_OK)
		rc = weather(wire_run(&i->wire, CD_MAX_IMAP_LINES, err,
		    "CAPABILITY"));
	if (rc == CD_OK)
		rc = folder_open(i, i->folder, o->read_only, &i->uidvalidity,
		    &i->uidnext, err);
	if (rc == CD_OK) {
		i->wire.news = false;
		selection(i)->sel_has_exists = 0;
	}
	return rc;
}

enum cd_rc
imap_open(const struct imap_options *o, struct imap **out, struct cd_err *err)
{
	struct imap *i = calloc(1, sizeof *i);
	enum cd_rc rc;

	cd_assert(i);
	i->host = strdup(o->host);
	cd_assert(i->host);
	i->read_only = o->read_only;
	i->wire.host = i->host;
	i->wire.port = o->port;
	i->wire.timeout_ms = o->timeout_ms;
	rc = session_start(i, o, err);
	if (rc != CD_OK) {
		imap_close(&i);
		return rc;
	}
	*out = i;
	return CD_OK;
}

void
imap_close(struct imap **i)
{
	if (!i || !*i)
		return;
	wire_close(&(*i)->wire);
	free((*i)->host);
	free((*i)->uids);
	free(*i);
	*i = NULL;
}

uint32_t
imap_uidvalidity(const struct imap *i)
{
	return i->uidvalidity;
}

uint32_t
imap_uidnext(const struct imap *i)
{
	return i->uidnext;
}

bool
imap_has_idle(const struct imap *i)
{
	return mailimap_has_extension(i->wire.session, "IDLE");
}

int64_t
imap_backoff_ms(const struct cd_err *err)
{
	const struct str words = STR("Suggested Backoff Time:");
	struct str text = str_of(err->text);
	ptrdiff_t at = str_ifind(text, words);
	size_t n = 0;
	int64_t ms;

	if (at < 0)
		return 0;
	text = str_trim(str_sub(text, (size_t)at + words.n, text.n));
	while (n < text.n && ascii_digit(text.p[n]))
		n++;
	return str_to_i64(str_sub(text, 0, n), 0, INT32_MAX, &ms) ? ms : 0;
}

/* ---- lists of UIDs -------------------------------------------------------- */

static int
uid_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void
uids_store(struct imap *i, clist *list, uint32_t from_uid)
{
	size_t n = list ? (size_t)clist_count(list) : 0, kept = 0;

	free(i->uids);
	i->uids = calloc(n + 1, sizeof *i->uids);
	cd_assert(i->uids);
	for (clistiter *c = list ? clist_begin(list) : NULL; c;
	    c = clist_next(c)) {
		const uint32_t *uid = clist_content(c);

		if (uid && *uid >= from_uid && kept < n)
			i->uids[kept++] = *uid;
	}
	qsort(i->uids, kept, sizeof *i->uids, uid_order);
	i->n_uids = 0;
	for (size_t k = 0; k < kept; k++)
		if (k == 0 || i->uids[k] != i->uids[k - 1])
			i->uids[i->n_uids++] = i->uids[k];
}

/* Search and keep what was found in i->uids. A server may look for new mail
 * only after it has searched (Dovecot does), and then tell both in one answer:
 * an EXISTS with the answer asks for a second search. */
static enum cd_rc
uids_search(struct imap *i, uint32_t from_uid, struct cd_err *err,
    const char *what)
{
	struct mailimap_response_info *info;
	enum cd_rc rc;

	i->n_uids = 0;
	for (int turns = 0; turns < 2; turns++) {
		selection(i)->sel_has_exists = 0;
		i->wire.news = false;
		rc = wire_run(&i->wire, CD_MAX_IMAP_ANSWER, err,
		    "UID SEARCH %s", what);
		if (rc != CD_OK)
			return weather(rc);
		if (!selection(i)->sel_has_exists)
			break;
	}
	info = i->wire.session->imap_response_info;
	uids_store(i, info ? info->rsp_search_result : NULL, from_uid);
	if (info && info->rsp_search_result) {
		mailimap_search_result_free(info->rsp_search_result);
		info->rsp_search_result = NULL;
	}
	return CD_OK;
}

static enum cd_rc
uids_from(struct imap *i, uint32_t from_uid, struct cd_err *err)
{
	char what[32];

	snprintf(what, sizeof what, "UID %u:*", from_uid ? from_uid : 1);
	return uids_search(i, from_uid, err, what);
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

enum cd_rc
imap_uids(struct imap *i, struct arena *a, uint32_t from_uid, uint32_t **out,
    size_t *n_out, struct cd_err *err)
{
	enum cd_rc rc = uids_from(i, from_uid, err);

	if (rc != CD_OK)
		return rc;
	*out = arena_array(a, i->n_uids, sizeof **out);
	memcpy(*out, i->uids, i->n_uids * sizeof **out);
	*n_out = i->n_uids;
	return CD_OK;
}

enum cd_rc
imap_first_since(struct imap *i, int64_t date, uint32_t *uid_out,
    struct cd_err *err)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t)date;
	char what[48];
	struct tm tm;
	enum cd_rc rc;

	if (!gmtime_r(&at, &tm))
		return cd_fail(err, CD_MALFORMED, "no such date");
	snprintf(what, sizeof what, "SINCE %d-%.3s-%04d", tm.tm_mday,
	    months + 3 * tm.tm_mon, tm.tm_year + 1900);
	rc = uids_search(i, 0, err, what);
	if (rc != CD_OK)
		return rc;
	if (i->n_uids == 0)
		return CD_ABSENT;
	*uid_out = i->uids[0];
	/* Not all of the folder: no list to read on from. */
	i->n_uids = 0;
	return CD_OK;
}

/* ---- mails ---------------------------------------------------------------- */

/* Mails wanted by one FETCH: m[0..n), ascending. */
struct group {
	struct imap_mail *m;
	bool *seen;
	size_t n;
	size_t max_bytes;
	struct arena *arena;
};

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

static int64_t
date_epoch(const struct mailimap_date_time *d)
{
	struct tm tm = { 0 };
	int zone;

	if (!d)
		return 0;
	zone = d->dt_zone / 100 * 60 + d->dt_zone % 100;
	tm.tm_mday = d->dt_day;
	tm.tm_mon = d->dt_month - 1;
	tm.tm_year = d->dt_year - 1900;
	tm.tm_hour = d->dt_hour;
	tm.tm_min = d->dt_min - zone;
	tm.tm_sec = d->dt_sec;
	return (int64_t)timegm(&tm);
}

struct found {
	uint32_t uid, size;
	int64_t date;
	struct str raw;		/* libetpan's */
	bool body;
};

static void
att_read(const struct mailimap_msg_att_static *s, struct found *f)
{
	const struct mailimap_msg_att_body_section *b;

	switch (s->att_type) {
	case MAILIMAP_MSG_ATT_UID:
		f->uid = s->att_data.att_uid;
		break;
	case MAILIMAP_MSG_ATT_RFC822_SIZE:
		f->size = s->att_data.att_rfc822_size;
		break;
	case MAILIMAP_MSG_ATT_INTERNALDATE:
		f->date = date_epoch(s->att_data.att_internal_date);
		break;
	case MAILIMAP_MSG_ATT_BODY_SECTION:
		b = s->att_data.att_body_section;
		f->body = true;
		if (b && b->sec_body_part)
			f->raw = (struct str){ b->sec_body_part,
			    b->sec_length };
		break;
	}
}

static struct found
found_read(const struct mailimap_msg_att *att)
{
	struct found f = { 0 };

	if (!att || !att->att_list)
		return f;
	for (clistiter *c = clist_begin(att->att_list); c; c = clist_next(c)) {
		const struct mailimap_msg_att_item *item = clist_content(c);

		if (item && item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
		    item->att_data.att_static)
			att_read(item->att_data.att_static, &f);
	}
	return f;
}

static void
group_keep(struct group *g, const struct found *f)
{
	size_t low = 0, high = g->n;
	struct imap_mail *m;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (g->m[mid].uid < f->uid)
			low = mid + 1;
		else
			high = mid;
	}
	/* News about another mail may come with any answer. */
	if (low == g->n || g->m[low].uid != f->uid)
		return;
	m = &g->m[low];
	if (f->size)
		m->size = f->size;
	if (f->date)
		m->internal_date = f->date;
	if (!f->body)
		return;
	m->raw = arena_copy(g->arena, str_sub(f->raw, 0, g->max_bytes));
	g->seen[low] = true;
}

static void
group_take(struct imap *i, struct group *g)
{
	struct mailimap_response_info *info =
	    i->wire.session->imap_response_info;

	if (!info || !info->rsp_fetch_list)
		return;
	for (clistiter *c = clist_begin(info->rsp_fetch_list); c;
	    c = clist_next(c)) {
		struct found f = found_read(clist_content(c));

		group_keep(g, &f);
	}
	mailimap_fetch_list_free(info->rsp_fetch_list);
	info->rsp_fetch_list = NULL;
}

/* Room for what was asked, and for chatter. */
static size_t
group_budget(const struct group *g)
{
	return g->n * (g->max_bytes + 1024) + CD_MAX_IMAP_LINES;
}

static enum cd_rc
group_ask(struct imap *i, struct group *g, const char *items,
    struct cd_err *err)
{
	char set[CD_MAX_IMAP_SET];
	enum cd_rc rc;

	cd_assert(set_print(g, set, sizeof set) == g->n);
	rc = wire_run(&i->wire, group_budget(g), err, "UID FETCH %s (%s)", set,
	    items);
	if (rc == CD_OK)
		group_take(i, g);
	return rc;
}

/* A mail that the server cannot tell sensibly: ask for less; what is left then
 * is a mail without a body, and not a lost one. */
static enum cd_rc
mail_ask(struct imap *i, struct group *g, const char *items,
    struct cd_err *err)
{
	enum cd_rc rc = group_ask(i, g, items, err);
	char less[64];

	if (rc != CD_MALFORMED && rc != CD_REFUSED)
		return rc;
	if ((rc = wire_resync(&i->wire, err)) != CD_OK)
		return rc;
	snprintf(less, sizeof less, "UID BODY.PEEK[]<0.%zu>", g->max_bytes);
	rc = group_ask(i, g, less, err);
	if (rc != CD_MALFORMED && rc != CD_REFUSED)
		return rc;
	g->seen[0] = true;
	return wire_resync(&i->wire, err);
}

/* Together, or one by one where together makes no sense. */
static enum cd_rc
group_fetch(struct imap *i, struct group *g, struct cd_err *err)
{
	char items[96];
	enum cd_rc rc;

	snprintf(items, sizeof items, "UID INTERNALDATE RFC822.SIZE "
	    "BODY.PEEK[]<0.%zu>", g->max_bytes);
	if (g->n == 1)
		return mail_ask(i, g, items, err);
	rc = group_ask(i, g, items, err);
	if (rc != CD_MALFORMED && rc != CD_REFUSED)
		return rc;
	if ((rc = wire_resync(&i->wire, err)) != CD_OK)
		return rc;
	for (size_t k = 0; k < g->n && rc == CD_OK; k++) {
		struct group one = *g;

		one.m += k;
		one.seen += k;
		one.n = 1;
		if (!one.seen[0])
			rc = mail_ask(i, &one, items, err);
	}
	return rc;
}

/* How many of the mails one answer may bring: as many as fit by size. */
static size_t
group_size(const struct group *all, bool sized)
{
	char set[CD_MAX_IMAP_SET];
	size_t fits = set_print(all, set, sizeof set), bytes = 0, n;

	for (n = 0; n < fits; n++) {
		size_t size = sized && all->m[n].size &&
		    all->m[n].size < all->max_bytes ? all->m[n].size :
		    all->max_bytes;

		if (n > 0 && bytes + size > CD_MAX_IMAP_GROUP)
			break;
		bytes += size;
	}
	return n;
}

/* Sizes first, where all bodies at once might be too much. */
static enum cd_rc
sizes_fetch(struct imap *i, struct group all, struct cd_err *err)
{
	size_t left = all.n;

	while (left > 0) {
		char set[CD_MAX_IMAP_SET];
		enum cd_rc rc;

		all.n = left;
		all.n = set_print(&all, set, sizeof set);
		rc = group_ask(i, &all, "UID RFC822.SIZE", err);
		if (rc == CD_MALFORMED || rc == CD_REFUSED)
			rc = wire_resync(&i->wire, err);
		if (rc != CD_OK)
			return rc;
		all.m += all.n;
		left -= all.n;
	}
	return CD_OK;
}

static enum cd_rc
mails_fetch(struct imap *i, struct group all, struct cd_err *err)
{
	bool sized = all.n * all.max_bytes > CD_MAX_IMAP_GROUP;
	size_t left = all.n;
	enum cd_rc rc = CD_OK;

	if (sized)
		rc = sizes_fetch(i, all, err);
	while (left > 0 && rc == CD_OK) {
		all.n = left;
		all.n = group_size(&all, sized);
		rc = group_fetch(i, &all, err);
		all.m += all.n;
		all.seen += all.n;
		left -= all.n;
	}
	return rc;
}

enum cd_rc
imap_fetch(struct imap *i, struct arena *a, uint32_t from_uid, size_t max,
    size_t max_bytes, struct imap_mail **out, size_t *n_out,
    struct cd_err *err)
{
	struct group all = { .max_bytes = max_bytes, .arena = a };
	size_t at = uids_at(i, from_uid), n = 0;
	enum cd_rc rc;

	if (i->n_uids - at < max) {
		if ((rc = uids_from(i, from_uid, err)) != CD_OK)
			return rc;
		at = 0;
	}
	all.n = i->n_uids - at < max ? i->n_uids - at : max;
	all.m = arena_array(a, all.n, sizeof *all.m);
	all.seen = arena_array(a, all.n, sizeof *all.seen);
	for (size_t k = 0; k < all.n; k++)
		all.m[k].uid = i->uids[at + k];
	if ((rc = mails_fetch(i, all, err)) != CD_OK)
		return rc;
	for (size_t k = 0; k < all.n; k++)
		if (all.seen[k])
			all.m[n++] = all.m[k];
	*out = all.m;
	*n_out = n;
	return CD_OK;
}

/* ---- waiting -------------------------------------------------------------- */

static bool
news_take(struct imap *i)
{
	bool news = i->wire.news || selection(i)->sel_has_exists;

	i->wire.news = false;
	selection(i)->sel_has_exists = 0;
	return news;
}

/* CD_OK: the server has something to say; CD_ABSENT: time is up; CD_DONE:
 * wake_fd. */
static enum cd_rc
wait_poll(struct imap *i, int wake_fd, int64_t end, struct cd_err *err)
{
	mailstream *stream = i->wire.session->imap_stream;
	mailstream_low *low = mailstream_get_low(stream);

	for (;;) {
		struct pollfd p[2] = {
			{ .fd = mailstream_low_get_fd(low), .events = POLLIN },
			{ .fd = wake_fd, .events = POLLIN },
		};
		int64_t left = end - clock_mono_ms();

		if (stream->read_buffer_len > 0 || stream_ready(low))
			return CD_OK;
		if (left < 0)
			left = 0;
		if (poll(p, 2, left > INT32_MAX ? INT32_MAX : (int)left) < 0 &&
		    errno != EINTR)
			return cd_fail(err, CD_BROKEN, "poll: %s",
			    strerror(errno));
		if (p[1].revents != 0)
			return CD_DONE;
		if (p[0].revents == 0 && clock_mono_ms() >= end)
			return CD_ABSENT;
	}
}

/* Read what is there until it is news. */
static enum cd_rc
idle_listen(struct imap *i, const char *tag, int wake_fd, int64_t end,
    struct cd_err *err)
{
	while (!i->wire.news) {
		enum wire_kind kind;
		struct str line;
		enum cd_rc rc = wait_poll(i, wake_fd, end, err);

		if (rc != CD_OK)
			return rc;
		wire_begin(&i->wire);
		if ((rc = wire_next(&i->wire, tag, &kind, &line, err)) != CD_OK)
			return rc;
		if (kind == WIRE_OK || kind == WIRE_NO || kind == WIRE_BAD)
			return cd_fail(err, CD_AGAIN, "imap %s:%d: the server "
			    "ended IDLE by itself", i->wire.host, i->wire.port);
	}
	return CD_OK;
}

static enum cd_rc
idle_enter(struct imap *i, char tag[WIRE_TAG], struct cd_err *err)
{
	enum cd_rc rc = wire_start(&i->wire, tag, err, "IDLE");

	while (rc == CD_OK) {
		enum wire_kind kind;
		struct str line;

		rc = wire_next(&i->wire, tag, &kind, &line, err);
		if (rc != CD_OK || kind == WIRE_CONTINUE)
			return rc;
		if (kind != WIRE_UNTAGGED)
			return cd_fail(err, CD_AGAIN, "imap %s:%d: IDLE: %.*s",
			    i->wire.host, i->wire.port, STR_FMT(line));
	}
	return rc;
}

static enum cd_rc
idle_leave(struct imap *i, const char *tag, struct cd_err *err)
{
	enum cd_rc rc = wire_send(&i->wire, "DONE", err);

	while (rc == CD_OK) {
		enum wire_kind kind;
		struct str line;

		rc = wire_next(&i->wire, tag, &kind, &line, err);
		if (rc != CD_OK || kind == WIRE_OK)
			return rc;
		if (kind != WIRE_UNTAGGED && kind != WIRE_CONTINUE)
			return cd_fail(err, CD_AGAIN, "imap %s:%d: IDLE: %.*s",
			    i->wire.host, i->wire.port, STR_FMT(line));
	}
	return rc;
}

static enum cd_rc
wait_idle(struct imap *i, int wake_fd, int64_t end, struct cd_err *err)
{
	char tag[WIRE_TAG];
	enum cd_rc rc, done;

	if ((rc = idle_enter(i, tag, err)) != CD_OK)
		return rc;
	rc = idle_listen(i, tag, wake_fd, end, err);
	if (rc != CD_OK && rc != CD_ABSENT && rc != CD_DONE)
		return rc;
	done = idle_leave(i, tag, err);
	return done == CD_OK ? rc : done;
}

/* RFC 3501 6.1.2: NOOP as a poll for new mail. */
static enum cd_rc
wait_noop(struct imap *i, int wake_fd, int64_t end, struct cd_err *err)
{
	for (;;) {
		int64_t now, next;
		enum cd_rc rc = weather(wire_run(&i->wire, CD_MAX_IMAP_ANSWER,
		    err, "NOOP"));

		if (rc != CD_OK)
			return rc;
		if (i->wire.news || selection(i)->sel_has_exists)
			return CD_OK;
		now = clock_mono_ms();
		if (now >= end)
			return CD_ABSENT;
		next = end - now < POLL_MS ? end : now + POLL_MS;
		rc = wait_poll(i, wake_fd, next, err);
		if (rc != CD_OK && rc != CD_ABSENT)
			return rc;
	}
}

enum cd_rc
imap_wait(struct imap *i, int wake_fd, int64_t timeout_ms, struct cd_err *err)
{
	int64_t end = clock_mono_ms() + timeout_ms;
	enum cd_rc rc = CD_OK;

	if (!news_take(i)) {
		rc = imap_has_idle(i) ? wait_idle(i, wake_fd, end, err) :
		    wait_noop(i, wake_fd, end, err);
		if ((rc == CD_ABSENT || rc == CD_DONE || rc == CD_OK) &&
		    news_take(i))
			rc = CD_OK;
	}
	return rc;
}

/* ---- other folders -------------------------------------------------------- */

enum cd_rc
imap_find_message_id(struct imap *i, const char *folder,
    const char *message_id, struct cd_err *err)
{
	char other[MAX_FOLDER], id[1100], what[1200];
	uint32_t validity, next;
	enum cd_rc rc, found;

	if (!wire_folder(folder, other, sizeof other) ||
	    !wire_quote(message_id, id, sizeof id))
		return cd_fail(err, CD_MALFORMED, "no folder's name or no "
		    "Message-ID");
	rc = folder_open(i, other, true, &validity, &next, err);
	if (rc != CD_OK)
		return rc;
	snprintf(what, sizeof what, "HEADER Message-ID %s", id);
	rc = uids_search(i, 0, err, what);
	if (rc != CD_OK)
		return rc;
	found = i->n_uids > 0 ? CD_OK : CD_ABSENT;
	i->n_uids = 0;
	rc = folder_open(i, i->folder, i->read_only, &validity, &next, err);
	if (rc != CD_OK)
		return rc;
	if (validity != i->uidvalidity)
		return cd_fail(err, CD_AGAIN, "imap %s:%d: folder %s was made "
		    "anew meanwhile", i->wire.host, i->wire.port, i->folder);
	/* What came while another folder was open, nobody will tell again. */
	i->wire.news = true;
	return found;
}

enum cd_rc
imap_move(struct imap *i, uint32_t uid, const char *folder, struct cd_err *err)
{
	char other[MAX_FOLDER];

	if (!wire_folder(folder, other, sizeof other))
		return cd_fail(err, CD_MALFORMED, "\"%s\" can be no folder's "
		    "name", folder);
	return weather(wire_run(&i->wire, CD_MAX_IMAP_LINES, err,
	    "UID %s %u %s", mailimap_has_extension(i->wire.session, "MOVE") ?
	    "MOVE" : "COPY", uid, other));
}
