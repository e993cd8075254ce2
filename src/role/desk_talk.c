/*
 * A case as people read it: what was newly written, in order, with what we made
 * of it and why beside it. What a mail quotes is folded away.
 */
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "desk_view.h"
#include "store/mails.h"

#define TALL_LINES	60
#define LINE_BYTES	90
#define MAX_TELLING	3	/* words, in the sentence on a reading */

static const struct outbox_row *
answer_of(const struct case_view *v, int64_t id)
{
	for (size_t i = 0; id != 0 && i < v->n_answers; i++) {
		if (v->answers[i].id == id)
			return &v->answers[i];
	}
	return NULL;
}

/* More than fills a screen? Then it scrolls by itself, so that what follows it
 * - the reading, the answer - is not pages away. */
static bool
is_tall(struct str text)
{
	struct str line;
	size_t lines = 0;

	while (lines <= TALL_LINES && str_line(&text, &line))
		lines += 1 + line.n / LINE_BYTES;
	return lines > TALL_LINES;
}

/* A long text, with a word on where the rest is. */
static void
put_text(struct html *h, struct str text, const char *const *words,
    size_t n_words, const char *rest)
{
	struct str shown = utf8_first(text, CD_MAX_SHOWN_TEXT);

	html_put(h, is_tall(shown) ? "<div class=\"text tall\" dir=\"auto\" "
	    "tabindex=\"0\" role=\"group\" aria-label=\"A long text\">"
	    : "<div class=\"text\" dir=\"auto\">");
	html_marked(h, shown, words, n_words);
	html_put(h, "</div>");
	if (shown.n < text.n)
		html_put(h, "<p class=\"quiet\">The first %d kB of a text of "
		    "%d kB. %s</p>", (int)(shown.n / 1024),
		    (int)(text.n / 1024), rest);
}

/* ---- a mail --------------------------------------------------------------- */

static const char *
member(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text ? text : "";
}

/* Words of the evidence, to be marked in the text: what a rule saw; the model's
 * words, which are many and small, only where no rule saw anything. telling: only
 * what spoke for the reading. */
static const char **
evidence_words(struct arena *a, const json_t *list, bool telling, size_t *n_out)
{
	const char **out = arena_array(a, CD_MAX_EVIDENCE, sizeof *out);
	size_t n = 0;

	for (int model = 0; model < 2 && n == 0; model++) {
		for (size_t i = 0; i < json_array_size(list) &&
		    n < CD_MAX_EVIDENCE; i++) {
			const json_t *e = json_array_get(list, i);
			bool of_model = str_starts(str_of(member(e, "rule")),
			    STR("model:"));
			const char *match = member(e, "match");

			if (of_model == (model == 1) && strlen(match) > 3 &&
			    strcmp(member(e, "zone"), "new") == 0 &&
			    (!telling || json_number_value(json_object_get(e,
			    "weight")) > 0))
				out[n++] = arena_strdup(a, match);
		}
	}
	*n_out = n;
	return out;
}

static void
put_evidence(struct html *h, const json_t *list)
{
	if (json_array_size(list) == 0)
		return;
	html_put(h, "<table class=\"evidence\"><thead><tr><th scope=\"col\">"
	    "Words</th><th scope=\"col\">Where</th><th scope=\"col\">Rule</th>"
	    "</tr></thead><tbody>");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *e = json_array_get(list, i);

		html_put(h, "<tr><td><bdi>%s</bdi></td><td>%s</td><td>"
		    "<code>%s</code></td></tr>", member(e, "match"),
		    member(e, "zone"), member(e, "rule"));
	}
	html_put(h, "</tbody></table>");
}

static void
put_attachments(struct html *h, const json_t *detail)
{
	const json_t *list = json_object_get(detail, "attachments");

	if (json_array_size(list) == 0)
		return;
	html_put(h, "<p class=\"attached\">Attached: ");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *name = member(one, "name");
		struct str shown = utf8_first(str_of(name[0] ? name
		    : member(one, "type")), CD_MAX_SHOWN_NAME);

		html_put(h, "%s<bdi>", i > 0 ? ", " : "");
		html_text(h, shown);
		html_put(h, "</bdi>");
	}
	html_put(h, "</p>");
}

/* Is it the same as one before it, or a part of any? */
static bool
is_said(const char *const *words, size_t n, size_t i)
{
	for (size_t k = 0; k < n; k++) {
		bool same = str_ieq(str_of(words[i]), str_of(words[k]));

		if (same ? k < i : str_ifind(str_of(words[k]),
		    str_of(words[i])) >= 0)
			return true;
	}
	return false;
}

/* The words that told most, in a sentence. */
static void
put_telling(struct call *c, struct html *h, const json_t *evidence)
{
	size_t n, shown = 0;
	const char **words = evidence_words(c->a, evidence, true, &n);

	for (size_t i = 0; i < n && shown < MAX_TELLING; i++) {
		if (is_said(words, n, i))
			continue;
		html_put(h, shown++ ? ", " : " What told: ");
		html_put(h, "<bdi>\xe2\x80\x98");
		html_text(h, utf8_first(str_of(words[i]), LINE_BYTES));
		html_put(h, "\xe2\x80\x99</bdi>");
	}
	html_put(h, shown ? "." : "");
}

/* What was made of it, in a sentence, and the grounds behind it. */
static void
put_reading(struct call *c, struct html *h, const struct mail_row *m,
    const json_t *evidence, const json_t *detail)
{
	const char *why = member(detail, "authentication_why");
	const char *context = member(detail, "context_why");
	int percent = (int)(m->confidence * 100 + 0.5);

	html_put(h, "<div class=\"reading\"><p>");
	if (m->intent) {
		html_put(h, "Read as: <b>%s</b> (%d %%).",
		    words_intent(c->a, m->intent), percent);
		put_telling(c, h, evidence);
	}
	html_put(h, " \xe2\x86\x92 <b>%s</b>: %s</p><details><summary>All that "
	    "was seen in it</summary>", words_action(c->a, m->action),
	    words_reason(c->a, m->reason));
	put_evidence(h, evidence);
	html_put(h, "<dl class=\"facts\"><dt>Sender proven</dt><dd>%s</dd>",
	    m->authentication ? m->authentication : "not known");
	if (why[0])
		html_put(h, "<dt>because</dt><dd><bdi>%s</bdi></dd>", why);
	if (context[0])
		html_put(h, "<dt>It answers</dt><dd>%s</dd>", context);
	if (m->automatic)
		html_put(h, "<dt>A machine</dt><dd>%s</dd>",
		    words_reason(c->a, m->automatic));
	html_put(h, "<dt>Codes</dt><dd><code>%s: %s</code></dd></dl></details></div>",
	    m->action, m->reason ? m->reason : "");
}

static void
put_mail_text(struct call *c, struct html *h, const struct mail_row *m,
    const json_t *evidence)
{
	struct str visible = str_trim(str_of(m->visible));
	struct str whole = str_trim(str_of(m->full_text));
	const char *rest = "The mailbox has the whole mail.";
	const char **words;
	size_t n;

	words = evidence_words(c->a, evidence, false, &n);
	if (visible.n > 0) {
		put_text(h, visible, words, n, rest);
	} else {
		html_put(h, "<p class=\"quiet\">%s</p>", m->full_text
		    ? "Nothing newly written." : "The text is not kept any "
		    "more.");
	}
	if (whole.n > 0 && !str_eq(whole, visible)) {
		html_put(h, "<details class=\"whole\"><summary>Whole mail, with "
		    "what it quotes</summary>");
		put_text(h, whole, NULL, 0, rest);
		html_put(h, "</details>");
	}
}

static void
put_mail(struct call *c, struct html *h, const struct case_view *v,
    const struct event_row *e, const struct mail_row *m, bool is_new)
{
	json_t *evidence = json_loads(m->evidence ? m->evidence : "[]", 0,
	    NULL);
	json_t *detail = json_loads(m->detail ? m->detail : "{}", 0, NULL);
	bool named = m->from_name && m->from_name[0];

	html_put(h, "<article class=\"mail%s\" id=\"e%" PRId64 "\">"
	    "<header><h3><bdi class=\"name\">%s</bdi></h3>", is_new ? " new" : "",
	    e->id, named ? m->from_name : m->from_addr ? m->from_addr : "?");
	if (named)
		html_put(h, " <bdi class=\"addr\">%s</bdi>",
		    m->from_addr ? m->from_addr : "");
	words_doubt(c, h, m->from_addr, m->from_name, v->row.domain);
	if (is_new)
		html_put(h, " <strong class=\"fresh\">new</strong>");
	words_when(c, h, m->received_at);
	html_put(h, "</header>");
	/* The case is named after its first mail. */
	if (m->subject && m->subject[0] && (!v->row.subject ||
	    strcmp(m->subject, v->row.subject) != 0))
		html_put(h, "<p class=\"about\" dir=\"auto\">%s</p>",
		    m->subject);
	put_mail_text(c, h, m, evidence);
	put_attachments(h, detail);
	put_reading(c, h, m, evidence, detail);
	html_put(h, "</article>\n");
	json_decref(evidence);
	json_decref(detail);
}

/* ---- an answer ------------------------------------------------------------ */

static const char *
fate_of(const struct outbox_row *o)
{
	switch (o->state) {
	case OUTBOX_DRAFT:
		return "draft";
	case OUTBOX_QUEUED:
	case OUTBOX_CLAIMED:
	case OUTBOX_COMMITTING:
		return "on its way";
	case OUTBOX_SENT:
		return "sent";
	case OUTBOX_FAILED:
		return "not sent: refused";
	case OUTBOX_DOUBTFUL:
		return "perhaps sent";
	case OUTBOX_CANCELLED:
		return "dropped";
	}
	return "";
}

static void
put_answer(struct call *c, struct html *h, const struct event_row *e,
    const struct outbox_row *o, bool is_new)
{
	bool program = o->automatic || strcmp(e->actor, "consentdesk") == 0;

	html_put(h, "<article class=\"answer %s%s\" id=\"e%" PRId64 "\">"
	    "<header><h3 class=\"name\">%s</h3> <span class=\"fate\">%s"
	    "</span>", outbox_state_name(o->state), is_new ? " new" : "",
	    e->id, program ? "Consent Desk" : e->actor, fate_of(o));
	words_when(c, h, o->sent_at ? o->sent_at : e->at);
	html_put(h, "</header><p class=\"about\">%s <span class=\"quiet\">"
	    "to <bdi>%s</bdi></span></p>", words_action(c->a, o->handle),
	    o->to_addr);
	/* That a draft was dropped for something newer is no mishap. */
	if (o->error && o->error[0])
		html_put(h, "<p class=\"%s\">%s</p>",
		    o->state == OUTBOX_CANCELLED ? "quiet" : "alert", o->error);
	html_put(h, "<details><summary dir=\"auto\">%s</summary>", o->subject);
	put_text(h, str_trim(str_of(o->text)), NULL, 0, arena_printf(c->a,
	    "\"consentdesk case %" PRId64 "\" prints the whole.", o->case_id));
	html_put(h, "</details>");
	if (strcmp(o->handle, "own_words") != 0)
		html_put(h, "<details class=\"preview\"><summary>As it looks "
		    "in their mailbox</summary><iframe sandbox loading=\"lazy\""
		    " title=\"The answer's HTML part\" "
		    "src=\"/answers/%" PRId64 "/html\"></iframe></details>",
		    o->id);
	html_put(h, "</article>\n");
}

/* ---- all ------------------------------------------------------------------ */

/* A draft that was sent has two events: it is shown where it was sent. */
static bool
comes_again(const struct case_view *v, const struct event_row *e)
{
	for (const struct event_row *later = e + 1;
	    later < v->events + v->n_events; later++) {
		if (later->outbox_id == e->outbox_id &&
		    strcmp(later->kind, "answer") == 0)
			return true;
	}
	return false;
}

/* Is the decision told with its mail already? */
static bool
is_told(const struct event_row *e)
{
	return strcmp(e->kind, "decision") == 0 ||
	    strcmp(e->kind, "sent") == 0;
}

/* false: its sender is not known, and so there is nothing to show. */
static bool
put_mail_of(struct call *c, struct html *h, const struct case_view *v,
    const struct event_row *e, bool is_new)
{
	/* A megabyte or two each, given back before the next is loaded. */
	struct arena *a = arena_new();
	struct mail_row m;
	bool known = mails_get(c->w->reader, a, e->mail_id, &m, NULL) ==
	    CD_OK && m.from_addr;

	if (known)
		put_mail(c, h, v, e, &m, is_new);
	arena_free(&a);
	return known;
}

static void
put_event(struct call *c, struct html *h, const struct case_view *v,
    const struct event_row *e, int64_t new_after)
{
	const struct outbox_row *o = answer_of(v, e->outbox_id);
	bool is_new = new_after != 0 && e->id > new_after;

	if (strcmp(e->kind, "mail") == 0 && e->mail_id &&
	    put_mail_of(c, h, v, e, is_new)) {
		return;
	} else if (strcmp(e->kind, "answer") == 0 && o) {
		/* A draft is in the box below the conversation. */
		if (o->state != OUTBOX_DRAFT && !comes_again(v, e))
			put_answer(c, h, e, o, is_new);
	} else if (strcmp(e->kind, "note") == 0) {
		html_put(h, "<article class=\"note\" id=\"e%" PRId64 "\">"
		    "<header><h3 class=\"name\">%s</h3> noted", e->id,
		    e->actor);
		words_when(c, h, e->at);
		html_put(h, "</header><div class=\"text\" dir=\"auto\">%s"
		    "</div></article>\n", e->text);
	} else if (!is_told(e)) {
		html_put(h, "<p class=\"event %s\" id=\"e%" PRId64 "\">"
		    "<bdi>%s</bdi> <span class=\"quiet\">%s</span>", e->kind,
		    e->id, e->text, e->actor);
		words_when(c, h, e->at);
		html_put(h, "</p>\n");
	}
}

static void
put_trail_row(struct call *c, struct html *h, const struct case_view *v,
    const struct event_row *e, int64_t new_after)
{
	(void)v;
	(void)new_after;
	html_put(h, "<tr><td>");
	words_when(c, h, e->at);
	html_put(h, "</td><td><bdi>%s</bdi></td><td>%s</td><td><bdi>%s</bdi>"
	    "</td></tr>\n", e->actor, e->kind, e->text);
}

/* Events from the newest back, up to `most` and for as long as there is room,
 * so that no case can be made that cannot be opened. Returns how many older
 * ones are left out; `piece` has the others in order. */
static size_t
newest(struct call *c, const struct case_view *v, int64_t new_after,
    size_t most, void (*put)(struct call *, struct html *,
    const struct case_view *, const struct event_row *, int64_t),
    struct html *piece)
{
	size_t from = v->n_events, bytes = 0;
	struct html *each = arena_array(c->a, v->n_events, sizeof *each);

	*piece = html_new(c->a);
	while (from > 0 && v->n_events - from < most && bytes < CD_MAX_TALK) {
		from--;
		each[from] = html_new(c->a);
		put(c, &each[from], v, &v->events[from], new_after);
		bytes += html_str(&each[from]).n;
	}
	for (size_t i = from; i < v->n_events; i++)
		html_join(piece, &each[i]);
	return from;
}

void
talk_put(struct call *c, struct html *h, const struct case_view *v,
    int64_t new_after)
{
	struct html piece;
	size_t left = newest(c, v, new_after, CD_MAX_SHOWN, put_event, &piece);

	html_put(h, "<h2 class=\"unseen\">Conversation</h2>\n");
	if (left > 0)
		html_put(h, "<p class=\"event\">%zu older events are not shown "
		    "here: the audit trail has them</p>\n", left);
	html_join(h, &piece);
}

void
talk_trail(struct call *c, struct html *h, const struct case_view *v)
{
	struct html piece;
	size_t left = newest(c, v, 0, SIZE_MAX, put_trail_row, &piece);

	html_put(h, "<details class=\"trail\"><summary>Audit trail "
	    "<span class=\"n\">%zu</span></summary><div class=\"scroll\" "
	    "tabindex=\"0\" role=\"region\" aria-label=\"Audit trail\">"
	    "<table><thead><tr><th scope=\"col\">When</th>"
	    "<th scope=\"col\">Who</th><th scope=\"col\">What</th>"
	    "<th scope=\"col\">Words</th></tr></thead><tbody>\n", v->n_events);
	if (left > 0)
		html_put(h, "<tr><td colspan=\"4\">%zu older events are not "
		    "shown: \"consentdesk case %" PRId64 " --json\" prints "
		    "them all</td></tr>\n", left, v->row.id);
	html_join(h, &piece);
	html_put(h, "</tbody></table></div></details>\n");
}
