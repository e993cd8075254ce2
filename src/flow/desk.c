#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "desk_step.h"
#include "flow/merge.h"
#include "flow/pending.h"
#include "store/mails.h"
#include "text/classify.h"

enum cd_rc
desk_event(const struct desk *d, int64_t case_id, int64_t outbox_id,
    const char *kind, const char *text, struct cd_err *err)
{
	const struct event_row ev = {
		.case_id = case_id,
		.outbox_id = outbox_id,
		.at = d->now,
		.kind = kind,
		.actor = d->actor,
		.text = text,
	};

	return events_add(d->store, &ev, err);
}

enum cd_rc
desk_open_case(const struct desk *d, int64_t id, struct case_row *row,
    struct cd_err *err)
{
	enum cd_rc rc = store_begin(d->store, err);

	if (rc != CD_OK)
		return rc;
	rc = cases_get(d->store, d->arena, id, row, err);
	if (rc == CD_ABSENT)
		rc = cd_fail(err, CD_ABSENT, "there is no case %" PRId64, id);
	else if (rc == CD_OK && row->merged_into != 0)
		rc = cd_fail(err, CD_REFUSED, "case %" PRId64 " was merged into "
		    "case %" PRId64 ": use that one", id, row->merged_into);
	return rc;
}

/* Does the customer wait as long as before? Then the case keeps its place. */
static bool
is_among_us(const char *kind)
{
	return strcmp(kind, "note") == 0 || strcmp(kind, "assign") == 0 ||
	    strcmp(kind, "label") == 0;
}

static enum cd_rc
save(const struct desk *d, struct case_row *row, const char *kind,
    const char *text, struct cd_err *err)
{
	enum cd_rc rc;

	if (!is_among_us(kind))
		row->updated = d->now;
	rc = cases_update(d->store, row, err);
	if (rc == CD_OK)
		rc = desk_event(d, row->id, 0, kind, text, err);
	if (rc == CD_OK)
		log_info("desk", "case=%" PRId64 " kind=%s actor=%s", row->id,
		    kind, log_q(d->arena, d->actor));
	return rc;
}

/* Would a person who did not see this event answer otherwise? */
static bool
changes_the_answer(const struct desk *d, const struct event_row *e)
{
	static const char *const kinds[] = { "mail", "answer", "state", "merge",
		"taken", "approval", NULL };

	for (size_t i = 0; kinds[i]; i++) {
		if (strcmp(e->kind, kinds[i]) == 0)
			return true;
	}
	return strcmp(e->kind, "note") == 0 && e->actor &&
	    strcmp(e->actor, d->actor) != 0;
}

enum cd_rc
desk_check_seen(const struct desk *d, int64_t id, int64_t seen, struct cd_err *err)
{
	struct event_row *events;
	size_t n;
	enum cd_rc rc;

	if (seen == 0)
		return CD_OK;
	rc = events_of(d->store, d->arena, id, &events, &n, err);
	for (size_t i = 0; rc == CD_OK && i < n; i++) {
		const struct event_row *e = &events[i];
		const char *text = e->text ? e->text : "";
		const char *actor = e->actor ? e->actor : "";

		if (e->id <= seen || !changes_the_answer(d, e))
			continue;
		if (strcmp(e->kind, "mail") == 0)
			return cd_fail(err, CD_REFUSED, "a mail came in since: "
			    "\"%s\" from %s; look at it first", text, actor);
		return cd_fail(err, CD_REFUSED, "something happened since: "
		    "\"%s\" by %s; look at it first", text, actor);
	}
	return rc;
}

enum cd_rc
desk_close(const struct desk *d, int64_t id, int64_t seen, struct cd_err *err)
{
	struct case_row row;
	enum cd_rc rc = desk_open_case(d, id, &row, err);

	if (rc == CD_OK && row.state != CASE_CLOSED)
		rc = desk_check_seen(d, id, seen, err);
	if (rc == CD_OK && row.state != CASE_CLOSED) {
		row.state = CASE_CLOSED;
		row.reason = "";
		row.snoozed_until = 0;
		row.last_action = arena_printf(d->arena, "closed by %s",
		    d->actor);
		rc = save(d, &row, "state", "closed", err);
		if (rc == CD_OK)
			rc = pending_closed(d->store, d->arena, id, d->now,
			    err);
	}
	return store_end(d->store, rc, err);
}

enum cd_rc
desk_reopen(const struct desk *d, int64_t id, struct cd_err *err)
{
	struct case_row row;
	enum cd_rc rc = desk_open_case(d, id, &row, err);

	if (rc == CD_OK) {
		row.state = CASE_REVIEW;
		row.reason = "reopened";
		row.snoozed_until = 0;
		row.taken = false;
		row.last_action = arena_printf(d->arena, "reopened by %s",
		    d->actor);
		rc = save(d, &row, "state", "reopened", err);
	}
	return store_end(d->store, rc, err);
}

enum cd_rc
desk_assign(const struct desk *d, int64_t id, const char *who,
    struct cd_err *err)
{
	struct str name = str_trim(str_of(who));
	struct case_row row;
	enum cd_rc rc;
	bool nobody;

	/* Blanks around it are nobody's name, and `cases` would not find it. */
	who = arena_strndup(d->arena, name.p, name.n);
	nobody = who[0] == '\0' || strcmp(who, "-") == 0;
	if (strlen(who) > 100 || str_has_control(str_of(who)) ||
	    !utf8_valid(str_of(who)))
		return cd_fail(err, CD_MALFORMED, "a name of at most 100 bytes "
		    "of UTF-8 text, please");
	rc = desk_open_case(d, id, &row, err);
	if (rc == CD_OK) {
		row.assignee = nobody ? NULL : who;
		rc = save(d, &row, "assign", nobody ? "assigned to nobody"
		    : arena_printf(d->arena, "assigned to %s", who), err);
	}
	return store_end(d->store, rc, err);
}

enum cd_rc
desk_note(const struct desk *d, int64_t id, const char *text,
    struct cd_err *err)
{
	struct case_row row;
	enum cd_rc rc;

	if (str_trim(str_of(text)).n == 0 || strlen(text) > 64 * 1024 ||
	    !utf8_valid(str_of(text)))
		return cd_fail(err, CD_MALFORMED,
		    "a note is 1 to 65536 bytes of UTF-8 text");
	rc = desk_open_case(d, id, &row, err);
	if (rc == CD_OK)
		rc = save(d, &row, "note", text, err);
	return store_end(d->store, rc, err);
}

enum cd_rc
desk_snooze(const struct desk *d, int64_t id, int64_t until, int64_t seen,
    struct cd_err *err)
{
	struct case_row row;
	enum cd_rc rc;

	if (until <= d->now)
		return cd_fail(err, CD_MALFORMED, "that time is over already");
	rc = desk_open_case(d, id, &row, err);
	if (rc == CD_OK)
		rc = desk_check_seen(d, id, seen, err);
	if (rc == CD_OK && row.state != CASE_REVIEW)
		rc = cd_fail(err, CD_REFUSED, "case %" PRId64 " waits for no "
		    "person: reopen it first, then put it off", id);
	if (rc == CD_OK) {
		row.snoozed_until = until;
		rc = save(d, &row, "snooze", arena_printf(d->arena,
		    "snoozed until %s", clock_iso(d->arena, until)), err);
	}
	return store_end(d->store, rc, err);
}

enum cd_rc
desk_merge(const struct desk *d, int64_t id, int64_t into, struct cd_err *err)
{
	struct case_row row, target;
	const char *said = "";
	enum cd_rc rc;

	if (id == into)
		return cd_fail(err, CD_MALFORMED,
		    "a case cannot be merged into itself");
	rc = desk_open_case(d, id, &row, err);
	if (rc == CD_OK) {
		rc = cases_get(d->store, d->arena, into, &target, err);
		if (rc == CD_ABSENT)
			rc = cd_fail(err, rc, "there is no case %" PRId64,
			    into);
	}
	if (rc == CD_OK && target.merged_into != 0)
		rc = cd_fail(err, CD_REFUSED, "case %" PRId64 " was itself "
		    "merged into case %" PRId64, into, target.merged_into);
	if (rc == CD_OK)
		rc = merge_drafts(d->store, d->arena, &row, &target, d->now,
		    &said, err);
	if (rc == CD_OK)
		rc = cases_merge(d->store, id, into, err);
	if (rc == CD_OK) {
		merge_waiting(&row, &target, d->now);
		rc = save(d, &target, "merge", arena_printf(d->arena,
		    "case %" PRId64 " was merged into this one%s%s", id,
		    said[0] ? "; " : "", said), err);
	}
	rc = store_end(d->store, rc, err);
	if (rc == CD_OK && d->said && said[0])
		*d->said = said;
	return rc;
}

/* "-": what was said of the mail is taken back. */
static enum cd_rc
correct(const struct desk *d, struct case_row *row, const struct labelled *l,
    const char *intent, struct cd_err *err)
{
	bool back = strcmp(intent, "-") == 0, same;
	const char *read = l->mail.intent ? l->mail.intent : "nothing";
	const char *is = back ? read : intent;
	const char *was = l->newest && row->intent &&
	    strcmp(row->intent, is) != 0 ? row->intent :
	    l->label ? l->label : read;
	enum cd_rc rc;

	if (back && !l->label)
		return cd_fail(err, CD_DONE, "nobody has corrected the reading "
		    "of mail %" PRId64, l->mail.id);
	/* As a lesson it would teach nothing, and count as a mistake. */
	if (!back && strcmp(was, intent) == 0)
		return cd_fail(err, CD_DONE, "mail %" PRId64 " of case %" PRId64
		    " was read as %s%s: there is nothing to correct",
		    l->mail.id, row->id, intent, l->label ?
		    " by a person" : "");
	rc = back ? mails_unlabel(d->store, l->mail.id, err) :
	    mails_label(d->store, l->mail.id, intent, d->actor, d->now, err);
	if (rc != CD_OK)
		return rc;
	if (l->newest)
		row->intent = is;
	if (d->said)
		*d->said = arena_printf(d->arena, "read as %s, now %s", was,
		    is);
	same = strcmp(is, was) == 0;
	return save(d, row, "label", arena_printf(d->arena, "%s: %s%s%s",
	    back ? "the correction is taken back" : "this reading was wrong",
	    is, same ? "" : ", not ", same ? "" : was), err);
}

enum cd_rc
desk_label(const struct desk *d, int64_t id, int64_t mail, const char *intent,
    struct cd_err *err)
{
	struct case_row row;
	struct labelled l;
	enum intent known;
	enum cd_rc rc;

	if (strcmp(intent, "-") != 0 && !intent_of(str_of(intent), &known))
		return cd_fail(err, CD_MALFORMED, "\"%s\" is no intent; one of: "
		    "blocked want_link admin_help cant_find_app greyed_out "
		    "is_it_safe approved still_blocked personal_account "
		    "refused other automatic", intent);
	rc = desk_open_case(d, id, &row, err);
	if (rc == CD_OK) {
		rc = mails_to_label(d->store, d->arena, id, mail, &l, err);
		if (rc == CD_ABSENT)
			rc = cd_fail(err, CD_ABSENT, "there is no %smail to "
			    "label in case %" PRId64, mail ? "such " : "", id);
	}
	if (rc == CD_OK)
		rc = correct(d, &row, &l, intent, err);
	return store_end(d->store, rc, err);
}
