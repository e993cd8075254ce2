/*
 * What reads as nothing is looked at again, since the few words may lean on others: on
 * the subject, on what is passed on, on what was taken for a footer or stands below as
 * one. What is found so is never answered by itself, and all of it is bounded: two short
 * texts are read besides, of a text that is not long what stands above its last
 * paragraphs, the lines of a card, and once more the whole with its subject, or the
 * other form of one whose forms differ.
 */
#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "intake_look.h"
#include "text/banner.h"
#include "text/card.h"
#include "text/combine.h"
#include "text/compose.h"
#include "text/domain.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/notice.h"

/* What a model is sure enough of: that it is nothing, whatever stands below it; that it
 * is a wish, but for what does. */
#define SURELY_NOTHING	0.98
#define SURELY_A_WISH	0.8
#define SPEAKS_AGAINST	0.5	/* a last word, against an answer */

#define MAX_CUTS	5	/* of last paragraphs, */
#define MAX_CUT_FROM	8192	/* from a text of so many bytes */

/* Letters of new text that only greet, or refer to other text, or to what is passed on
 * below it. */
#define MAX_GREETING	60
#define MAX_LITTLE	48
#define MAX_LITTLE_ABOVE 200

/* Bytes that are read of what another wrote, of what may be no footer and, in an
 * answer, no notice, and of a card. */
#define MAX_OF_OTHERS	4000
#define MAX_FOOTER	2000
#define MAX_NOTICE	120
#define MAX_CARD	600

#define MIN_OUR_STEPS	1200	/* bytes that name Entra and consent */

/* Letters, whatever script they are of; none is counted beyond `most`. */
static bool
is_longer(struct str s, size_t most)
{
	uint32_t c;

	for (; s.n > 0; most--) {
		if (most == 0)
			return true;
		s = str_sub(s, utf8_next(s, &c), s.n);
	}
	return false;
}

bool
look_is_new(const struct examined *x)
{
	return x->context == CONTEXT_FIRST || x->context == CONTEXT_FORWARD;
}

struct str
intake_passed_on(const struct examined *x)
{
	const struct message *inner = x->message.inner;
	struct str s = x->visible.zone[ZONE_FORWARDED];

	return str_sub(s.n == 0 && inner ? inner->body.text : s, 0, MAX_OF_OTHERS);
}

/* "see subject", "thanks!", "Good morning, please see the mail of our driver" */
static bool
says_little(const struct examined *x)
{
	return !is_longer(str_trim(x->visible.zone[ZONE_NEW]),
	    intake_passed_on(x).n > 0 ? MAX_LITTLE_ABOVE : MAX_LITTLE);
}

bool
look_subject_is_all(const struct examined *x)
{
	const struct str *zone = x->visible.zone;

	return !is_longer(str_trim(zone[ZONE_NEW]), MAX_LITTLE) &&
	    zone[ZONE_QUOTED].n == 0 && zone[ZONE_FORWARDED].n == 0 &&
	    !x->message.in_reply_to && !compose_is_answer(x->message.subject);
}

bool
look_wants(const struct reading *r)
{
	return intent_is_ours(r->intent) || r->torn || r->code_said;
}

static void
for_a_person(struct examined *x)
{
	if (!x->reading.torn)
		x->reading.torn = "unclear";
}

/* That other text, as if it were newly written. false: there is none. */
static bool
read_other(const struct engine *e, struct arena *a,
    const struct classify_input *input, enum thread_context context,
    struct str text, struct reading *out)
{
	struct classify_input other = *input;

	if (str_trim(text).n == 0)
		return false;
	memset(other.zone, 0, sizeof other.zone);
	other.zone[ZONE_NEW] = str_sub(text, 0, MAX_OF_OTHERS);
	other.language = language_of(other.zone[ZONE_NEW]);
	other.context = context;
	classify_run(e->classifier, a, &other, out);
	return true;
}

/* By more than the model's guess, which knows no footers. */
static bool
by_rules(const struct reading *r)
{
	for (size_t i = 0; i < r->n_evidence; i++) {
		const struct evidence *e = &r->evidence[i];

		if (!str_starts(str_of(e->rule), STR("model:")) &&
		    strcmp(e->zone, "new") == 0)
			return true;
	}
	return false;
}

/* Has a rule fired whose name begins so? */
static bool
has_fired(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < r->n_evidence; i++) {
		if (str_starts(str_of(r->evidence[i].rule), str_of(name)))
			return true;
	}
	return false;
}

static bool
answers_ours(const struct examined *x)
{
	return x->context == CONTEXT_HELP || x->context == CONTEXT_LINK ||
	    x->context == CONTEXT_ASK_DOMAIN;
}

/* "My iPhone says Need admin approval" begins as a telephone's footer does, "This
 * message appears" as a lawyer's. */
static struct str
taken_for_footer(struct arena *a, const struct examined *x)
{
	const struct str *zone = x->visible.zone;
	struct str fresh = str_trim(zone[ZONE_NEW]);
	bool line = str_find(fresh, STR("\n")) < 0;
	bool greets = !is_longer(fresh, MAX_GREETING) ||
	    (line && fresh.p[fresh.n - 1] == ',');
	struct str notice = str_sub(zone[ZONE_NOTICE], 0,
	    look_is_new(x) ? MAX_FOOTER : MAX_NOTICE);
	struct str card = str_sub(zone[ZONE_SIGNATURE], 0, MAX_FOOTER);

	if (!greets)
		return STR("");
	return str_of(arena_printf(a, "%.*s\n%.*s", (int)notice.n, notice.p,
	    (int)card.n, card.p));
}

/* Whoever wrote what is quoted or passed on is named first. canonical form; NULL:
 * nobody is. */
static const char *
first_address(struct arena *a, struct str s)
{
	static const char borders[] = " \t\r\n<>[](),:;\"";
	ptrdiff_t at = str_find(s, STR("@"));
	size_t from = at < 0 ? 0 : (size_t)at, end = from;

	while (from > 0 && !strchr(borders, s.p[from - 1]))
		from--;
	while (end < s.n && !strchr(borders, s.p[end]))
		end++;
	return at < 0 ? NULL : address_canonical(a, arena_str(a,
	    (struct str){ s.p + from, end - from }));
}

/* Is it our own text that comes back? */
static bool
is_our_text(const struct engine *e, struct str s, const char *writer)
{
	struct str help = str_of(e->config->product.help_url);

	return intake_context_of_text(s) != CONTEXT_OTHER ||
	    (help.n > 0 && str_find(s, help) >= 0) ||
	    (writer && engine_is_own(e, writer));
}

/* What somebody else wrote and is shown to us: in a talk with us that is not what
 * we wrote, and no quote of what he wrote himself. */
static struct str
shown_below(const struct engine *e, struct arena *a, const struct examined *x)
{
	struct str passed = intake_passed_on(x);
	struct str quoted = str_sub(x->visible.zone[ZONE_QUOTED], 0, MAX_OF_OTHERS);
	struct str s = passed.n > 0 ? passed : quoted;
	const char *writer;

	if (!says_little(x))
		return STR("");
	if (passed.n > 0 && look_is_new(x))
		return passed;
	writer = first_address(a, s);
	if (is_our_text(e, s, writer) || (passed.n == 0 && (!writer ||
	    (x->canonical && strcmp(writer, x->canonical) == 0))))
		return STR("");
	return s;
}

/* What footers say of privacy, and forbid, is their own, unless it stands below a bare
 * "Hello,". */
static bool
is_footers(const struct examined *x, const struct reading *r)
{
	struct str fresh = str_trim(x->visible.zone[ZONE_NEW]);

	if (banner_is(x->visible.zone[ZONE_NOTICE]) || !has_fired(&x->reading, "bare.thanks"))
		return false;
	return (r->intent == INTENT_IS_IT_SAFE || r->intent == INTENT_REFUSED) &&
	    str_trim(x->visible.zone[ZONE_NOTICE]).n > 0 && fresh.n > 0 &&
	    fresh.p[fresh.n - 1] != ',';
}

/* What is read as nothing may refer to what is passed on with "fyi", be a mere
 * greeting above what was taken for a footer, or lie under one: a person looks what
 * is meant. */
static void
look_below(const struct engine *e, struct arena *a,
    const struct classify_input *input, struct examined *x)
{
	struct reading r;

	if (read_other(e, a, input, CONTEXT_FIRST, shown_below(e, a, x), &r) &&
	    look_wants(&r))
		for_a_person(x);
	else if (read_other(e, a, input, x->context, taken_for_footer(a, x), &r) &&
	    look_wants(&r) && by_rules(&r) && !is_footers(x, &r))
		for_a_person(x);
}

static bool
has_contact(struct arena *a, struct str s)
{
	struct str line;

	while (str_line(&s, &line)) {
		if (card_contact(fold(a, line)))
			return true;
	}
	return false;
}

/* Nothing but short lines, one of them with a telephone or an address: the card that a
 * mail program puts above the answers that are typed into our text. */
static bool
is_card(struct arena *a, struct str s)
{
	struct str line, rest = s;
	size_t lines = 0;

	while (str_line(&rest, &line)) {
		lines += str_trim(line).n > 0;
		if (lines > CARD_MAX_LINES || line.n > CARD_MAX_LINE ||
		    memchr(line.p, '?', line.n))
			return false;
	}
	return lines > 1 && has_contact(a, s);
}

/* In an answer, our text stands in his program's manner: what he wrote may be in it. */
static bool
is_ours_below(const struct examined *x)
{
	return x->message.in_reply_to &&
	    intake_context_of_text(intake_passed_on(x)) != CONTEXT_OTHER;
}

/* The last line of each of our answers, whatever its language: our own text stands there
 * with no mark of a quotation. */
static bool
holds_our_foot(const struct engine *e, struct arena *a, struct str s)
{
	const struct config *c = e->config;

	return c->product.support_address.n > 0 &&
	    str_find(s, str_of(arena_printf(a, "%s · %s", c->product.name,
	    c->product.support_address.v[0]))) >= 0;
}

/* With his words somewhere in it. */
static bool
holds_our_text(const struct engine *e, struct arena *a, struct str s)
{
	return (s.n > MIN_OUR_STEPS &&
	    intake_context_of_text(s) == CONTEXT_HELP) ||
	    holds_our_foot(e, a, s);
}

/* What is left alone, taken for a machine's, or closed. */
static bool
plain_nothing(enum intent intent)
{
	return !intent_is_ours(intent) || intent == INTENT_APPROVED;
}

/* Of what answers us, or names us in its subject, nothing but a link to it was sent. */
static bool
lies_elsewhere(const struct engine *e, struct arena *a, const struct examined *x)
{
	return (!look_is_new(x) || str_ifind(str_of(x->message.subject),
	    str_of(e->config->product.name)) >= 0) &&
	    portal_notice_is(fold(a, str_sub(x->visible.zone[ZONE_NEW], 0,
	    MAX_OF_OTHERS)));
}

/* "Thanks!" below "Numeo wants admin approval, what now?" is read with it. What
 * those few words make of it, "please stop", "it works now", only a person can
 * tell. */
void
look_again(const struct engine *e, struct arena *a,
    struct classify_input *input, struct examined *x)
{
	struct str fresh = str_trim(x->visible.zone[ZONE_NEW]);
	bool alone = look_subject_is_all(x), empty = fresh.n == 0;

	/* Whatever the page that it lies on would say. */
	if (lies_elsewhere(e, a, x))
		for_a_person(x);
	/* What a person sees of it may be beyond the limit. */
	if (empty ? x->message.read_in_part :
	    x->message.cut_off && plain_nothing(x->reading.intent))
		for_a_person(x);
	/* He wrote it, and wants it no more. */
	if (x->visible.struck && !x->screen.automatic &&
	    (empty || plain_nothing(x->reading.intent)))
		for_a_person(x);
	if (holds_our_text(e, a, x->visible.zone[ZONE_NEW]))
		for_a_person(x);
	/* What is attached may say more, or the contrary. */
	if (alone && empty && x->papers && intent_is_ours(x->reading.intent))
		for_a_person(x);
	if (x->reading.intent != INTENT_OTHER || look_wants(&x->reading))
		return;
	if (alone) {
		input->zone[ZONE_NEW] = str_of(arena_printf(a, "%s\n%.*s",
		    x->message.subject, (int)input->zone[ZONE_NEW].n,
		    input->zone[ZONE_NEW].p));
		classify_run(e->classifier, a, input, &x->reading);
		if (intent_is_ours(x->reading.intent))
			for_a_person(x);
	}
	if (x->reading.intent == INTENT_OTHER)
		look_below(e, a, input, x);
	/* An answer in which we see nothing: a picture, white letters, a slip of the
	 * hand. */
	if (answers_ours(x) && is_card(a, fresh) && !by_rules(&x->reading))
		for_a_person(x);
	if (empty && !alone && !x->screen.automatic &&
	    (intake_passed_on(x).n == 0 || is_ours_below(x)))
		for_a_person(x);
}

/* The text less its last paragraph; "": it has but one. */
static struct str
without_last(struct str s)
{
	size_t i = s.n;

	while (i > 1 && !(s.p[i - 1] == '\n' && s.p[i - 2] == '\n'))
		i--;
	return i > 1 ? str_trim(str_sub(s, 0, i)) : STR("");
}

/* "": there is but one. */
static struct str
first_paragraph(struct str s)
{
	ptrdiff_t gap = str_find(s, STR("\n\n"));

	return gap < 0 ? STR("") : str_sub(s, 0, (size_t)gap);
}

/* Of an answer to us that has a card below it, the first paragraph is looked at, however
 * much stands between. */
static bool
first_wants(const struct engine *e, struct arena *a,
    const struct classify_input *input, const struct examined *x)
{
	struct str fresh = str_trim(x->visible.zone[ZONE_NEW]);
	struct str first = first_paragraph(fresh);
	struct reading r;

	return x->reading.intent == INTENT_OTHER && answers_ours(x) && first.n > 0 &&
	    has_contact(a, str_sub(fresh, first.n, fresh.n)) &&
	    read_other(e, a, input, x->context, first, &r) &&
	    look_wants(&r) && by_rules(&r);
}

/* Companies put more below their mails, in more words, than anybody can list: terms of
 * trade, office hours, an award. What is nothing with it and a wish without it is for a
 * person. Of more paragraphs than are cut off one by one the first is looked at. */
void
look_above(const struct engine *e, struct arena *a,
    const struct classify_input *input, struct examined *x)
{
	struct classify_input above = *input;
	struct str head = str_trim(x->visible.zone[ZONE_NEW]);

	if (look_wants(&x->reading))
		return;
	if (first_wants(e, a, input, x)) {
		for_a_person(x);
		return;
	}
	if (x->reading.confidence >= SURELY_NOTHING || head.n > MAX_CUT_FROM)
		return;
	for (int tries = 1; tries <= MAX_CUTS; tries++) {
		struct reading r;

		head = tries < MAX_CUTS ? without_last(head) : first_paragraph(head);
		if (head.n == 0)
			return;
		above.zone[ZONE_NEW] = head;
		classify_run(e->classifier, a, &above, &r);
		if (intent_is_ours(r.intent) && !r.torn &&
		    r.confidence >= SURELY_A_WISH && (!look_is_new(x) || by_rules(&r))) {
			for_a_person(x);
			return;
		}
	}
}

/* But for blanks and marks, of which each form has its own. */
static bool
same_words(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;; i++, k++) {
		while (i < a.n && !utf8_word_byte(a.p[i]))
			i++;
		while (k < b.n && !utf8_word_byte(b.p[k]))
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (a.p[i] != b.p[k])
			return false;
	}
}

/* What was newly written may refer to what stands below it. */
static bool
shows_another(const struct visible *other, const struct visible *one)
{
	for (int z = ZONE_NEW + 1; z < ZONE_COUNT; z++) {
		if (!same_words(other->zone[z], one->zone[z]))
			return true;
	}
	return false;
}

/* Of two forms that differ, the one that was read as nothing may not be the one that
 * wants something. */
void
look_beside(const struct engine *e, struct arena *a,
    const struct classify_input *input, struct examined *x)
{
	const struct mailbox_list *from = &x->message.from;
	const char *hold = x->screen.hold;
	struct classify_input beside = *input;
	struct visible other;
	struct reading *r;

	if (!hold || strcmp(hold, "forms_differ") != 0 ||
	    x->reading.intent != INTENT_OTHER ||
	    x->message.other_form.text.n == 0)
		return;
	visible_find(a, &x->message.other_form,
	    from->n > 0 ? from->v[0].name : "", &other);
	memcpy(beside.zone, other.zone, sizeof beside.zone);
	if (str_trim(beside.zone[ZONE_NEW]).n == 0 ||
	    shows_another(&other, &x->visible))
		return;
	beside.language = language_of(beside.zone[ZONE_NEW]);
	r = arena_alloc(a, sizeof *r);
	classify_run(e->classifier, a, &beside, r);
	x->other_form = r;
}

/* The lines below a name that may be somebody's last word. */
static struct str
said_in_card(struct arena *a, const struct examined *x)
{
	struct str rest = str_trim(x->visible.zone[ZONE_SIGNATURE]), line;
	struct buf said = buf_new(a, MAX_CARD);

	(void)str_line(&rest, &line);
	while (said.n < MAX_CARD && str_line(&rest, &line)) {
		if (fold_words(str_trim(line)) < 2)
			continue;
		buf_adds(&said, line);
		buf_char(&said, '\n');
	}
	return buf_str(&said);
}

/* Below a name, without a full stop, a last word looks like a line of a card: "Joe",
 * "Owner changed his mind", "My company is acme.com". What speaks against the answer
 * there is for a person. A card that names a company helps who has none. */
void
look_at_card(const struct engine *e, struct arena *a,
    const struct classify_input *input, struct examined *x)
{
	struct reading *was = &x->reading, r;
	const char *at = strrchr(input->sender, '@');
	bool names;

	if (!answers_ours(x) || intent_kind(was->intent) != 0 || was->torn)
		return;
	/* Below "Joe" alone it is no card. */
	if (has_fired(was, "card.not_yet"))
		for_a_person(x);
	if (was->torn ||
	    !read_other(e, a, input, x->context, said_in_card(a, x), &r))
		return;
	names = at && !domain_is_consumer(at + 1) &&
	    (r.perhaps_domain || r.named_domain);
	if (names || ((r.intent == INTENT_REFUSED || r.intent == INTENT_APPROVED ||
	    r.intent == INTENT_STILL_BLOCKED) && r.confidence >= SPEAKS_AGAINST) ||
	    has_fired(&r, "not_now.") || has_fired(&r, "cue.no_cloud") ||
	    has_fired(&r, "card.") ||
	    (r.torn && strcmp(r.torn, "contradiction") == 0 && by_rules(&r)))
		for_a_person(x);
}
