/*
 * The reading of an examined mail. What reads as nothing is looked at again, since
 * the few words may lean on others: on the subject, on what is passed on, on what
 * was taken for a footer. What is found so is never answered by itself, and all
 * of it is bounded: three short texts are read besides, of a text that is not long what
 * stands above its last paragraphs, and once more the whole of what looks like a
 * machine's, or the other form of one whose forms differ.
 */
#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "flow/intake.h"
#include "text/banner.h"
#include "text/combine.h"
#include "text/compose.h"
#include "text/domain.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/notice.h"

#define BELOW		5	/* paragraphs that are taken away */
#define MAX_ABOVE	8192	/* bytes that it is tried on */
#define NOTHING		0.98	/* so surely, whatever stands below it */
#define A_WISH		0.8	/* a wish, but for what stands below it */
#define MACHINES	0.98	/* of what is away the model has no doubt */
#define GREETING	60	/* letters of new text that say nothing */
#define FOOTER		2000	/* bytes of what may be none */
#define NOTICE		120	/* and, of an answer, of a banner or a legal footer */
#define OUR_TEXT	1200	/* bytes that name Entra and consent: our steps */
#define CARD_LINE	60	/* bytes */
#define CARD_LINES	8
#define CARD_SAYS	300	/* bytes of one that may be somebody's word */
#define PASSED_ON	4000	/* bytes that are looked at of another's words */
#define LITTLE		48	/* letters of new text that refer to other text */
#define LITTLE_ABOVE	200	/* and to what is passed on below it */

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

static bool
is_new(const struct examined *x)
{
	return x->context == CONTEXT_FIRST || x->context == CONTEXT_FORWARD;
}

struct str
intake_passed_on(const struct examined *x)
{
	const struct message *inner = x->message.inner;
	struct str s = x->visible.zone[ZONE_FORWARDED];

	return str_sub(s.n == 0 && inner ? inner->body.text : s, 0, PASSED_ON);
}

/* "see subject", "thanks!", "Good morning, please see the mail of our driver" */
static bool
says_little(const struct examined *x)
{
	return !is_longer(str_trim(x->visible.zone[ZONE_NEW]),
	    intake_passed_on(x).n > 0 ? LITTLE_ABOVE : LITTLE);
}

/* Whose mail is nothing but a new subject said all there. */
static bool
subject_is_all(const struct examined *x)
{
	const struct str *zone = x->visible.zone;

	return !is_longer(str_trim(zone[ZONE_NEW]), LITTLE) &&
	    zone[ZONE_QUOTED].n == 0 && zone[ZONE_FORWARDED].n == 0 &&
	    !x->message.in_reply_to && !compose_is_answer(x->message.subject);
}

static struct str
attachment_names(struct arena *a, const struct message *m)
{
	struct buf b = buf_new(a, 8 * 1024);

	for (size_t i = 0; i < m->n_attachments; i++) {
		buf_puts(&b, m->attachments[i].name);
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

struct classify_input
intake_input(struct arena *a, const struct examined *x)
{
	struct classify_input input = {
		.subject = str_of(x->message.subject),
		.sender = x->from ? x->from : "",
		.attachments = attachment_names(a, &x->message),
		.context = x->context,
		.language = x->language,
		.automatic = x->screen.automatic,
		.case_waits = x->case_waits,
		.client = x->client,
		.picture = x->picture,
	};

	memcpy(input.zone, x->visible.zone, sizeof input.zone);
	if (subject_is_all(x) && str_trim(input.zone[ZONE_NEW]).n == 0)
		input.zone[ZONE_NEW] = input.subject;
	return input;
}

/* It may be no machine's mail. */
static const char doubt[] = "perhaps_automatic";

/* Does it want something of us, or might it? */
static bool
wants(const struct reading *r)
{
	return intent_is_ours(r->intent) || r->torn || r->code_said;
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
	other.zone[ZONE_NEW] = str_sub(text, 0, PASSED_ON);
	other.language = language_of(other.zone[ZONE_NEW]);
	other.context = context;
	classify_run(e->classifier, a, &other, out);
	return true;
}

/* "My iPhone says Need admin approval" begins as a telephone's footer does, "This
 * message appears" as a lawyer's. */
static struct str
taken_for_footer(struct arena *a, const struct examined *x)
{
	const struct str *zone = x->visible.zone;
	struct str fresh = str_trim(zone[ZONE_NEW]);
	bool line = str_find(fresh, STR("\n")) < 0;
	bool greets = !is_longer(fresh, GREETING) ||
	    (line && fresh.p[fresh.n - 1] == ',');

	if (!greets)
		return STR("");
	return str_of(arena_printf(a, "%.*s\n%.*s",
	    (int)str_sub(zone[ZONE_NOTICE], 0, is_new(x) ? FOOTER : NOTICE).n,
	    zone[ZONE_NOTICE].p,
	    (int)str_sub(zone[ZONE_SIGNATURE], 0, FOOTER).n,
	    zone[ZONE_SIGNATURE].p));
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
	struct str quoted = str_sub(x->visible.zone[ZONE_QUOTED], 0, PASSED_ON);
	struct str s = passed.n > 0 ? passed : quoted;
	const char *writer;

	if (!says_little(x))
		return STR("");
	if (passed.n > 0 && is_new(x))
		return passed;
	writer = first_address(a, s);
	if (is_our_text(e, s, writer) || (passed.n == 0 && (!writer ||
	    (x->canonical && strcmp(writer, x->canonical) == 0))))
		return STR("");
	return s;
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

/* A telephone, or an address. */
static bool
has_contact(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n && digits < 7; i++) {
		if (s.p[i] == '@')
			return true;
		if (ascii_digit(s.p[i]))
			digits++;
		else if (!strchr(" -.()/+", s.p[i]))
			digits = 0;
	}
	return digits == 7 || str_ifind(s, STR("www.")) >= 0 ||
	    str_ifind(s, STR("http")) >= 0;
}

static bool
answers_ours(const struct examined *x)
{
	return x->context == CONTEXT_HELP || x->context == CONTEXT_LINK ||
	    x->context == CONTEXT_ASK_DOMAIN;
}

/* Of an answer to us that has a card, a motto or a notice below it that no reader of
 * footers knows. */
static struct str
first_paragraph(const struct examined *x)
{
	struct str fresh = str_trim(x->visible.zone[ZONE_NEW]);
	ptrdiff_t gap = str_find(fresh, STR("\n\n"));

	if (gap < 0 || !answers_ours(x) ||
	    !has_contact(str_sub(fresh, (size_t)gap, fresh.n)))
		return STR("");
	return str_sub(fresh, 0, (size_t)gap);
}

/* Nothing but short lines, one of them with a telephone or an address: the card that a
 * mail program puts above the answers that are typed into our text. */
static bool
is_card(struct str s)
{
	struct str line, rest = s;
	size_t lines = 0;

	while (str_line(&rest, &line)) {
		lines += str_trim(line).n > 0;
		if (line.n > CARD_LINE || memchr(line.p, '?', line.n))
			return false;
	}
	return lines > 1 && lines <= CARD_LINES && has_contact(s);
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

	bool found = (read_other(e, a, input, CONTEXT_FIRST,
	    shown_below(e, a, x), &r) && wants(&r)) ||
	    (read_other(e, a, input, x->context, taken_for_footer(a, x), &r) &&
	    wants(&r) && by_rules(&r) && !is_footers(x, &r)) ||
	    (read_other(e, a, input, x->context, first_paragraph(x), &r) &&
	    wants(&r) && by_rules(&r));

	if (found)
		x->reading.torn = "unclear";
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
	return (s.n > OUR_TEXT &&
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
	return (!is_new(x) || str_ifind(str_of(x->message.subject),
	    str_of(e->config->product.name)) >= 0) &&
	    portal_notice_is(fold(a, str_sub(x->visible.zone[ZONE_NEW], 0,
	    PASSED_ON)));
}

/* "Thanks!" below "Numeo wants admin approval, what now?" is read with it. What
 * those few words make of it, "please stop", "it works now", only a person can
 * tell. */
static void
look_again(const struct engine *e, struct arena *a,
    struct classify_input *input, struct examined *x)
{
	bool alone = subject_is_all(x);
	bool empty = str_trim(x->visible.zone[ZONE_NEW]).n == 0;
	bool bare = alone && empty;

	/* Whatever the page that it lies on would say. */
	if (!x->reading.torn && lies_elsewhere(e, a, x))
		x->reading.torn = "unclear";
	/* What a person sees of it may be beyond the limit. */
	if (!x->reading.torn && (empty ? x->message.read_in_part :
	    x->message.cut_off && plain_nothing(x->reading.intent)))
		x->reading.torn = "unclear";
	/* He wrote it, and wants it no more. */
	if (!x->reading.torn && x->visible.struck &&
	    (empty || plain_nothing(x->reading.intent)))
		x->reading.torn = "unclear";
	if (!x->reading.torn &&
	    holds_our_text(e, a, x->visible.zone[ZONE_NEW]))
		x->reading.torn = "unclear";
	/* What is attached may say more, or the contrary. */
	if (bare && x->papers && intent_is_ours(x->reading.intent) &&
	    !x->reading.torn)
		x->reading.torn = "unclear";
	if (x->reading.intent != INTENT_OTHER || wants(&x->reading))
		return;
	if (alone) {
		input->zone[ZONE_NEW] = str_of(arena_printf(a, "%s\n%.*s",
		    x->message.subject, (int)input->zone[ZONE_NEW].n,
		    input->zone[ZONE_NEW].p));
		classify_run(e->classifier, a, input, &x->reading);
		if (intent_is_ours(x->reading.intent) && !x->reading.torn)
			x->reading.torn = "unclear";
	}
	if (x->reading.intent == INTENT_OTHER)
		look_below(e, a, input, x);
	/* An answer in which we see nothing: a picture, white letters, a slip of the
	 * hand. */
	if (is_card(str_trim(x->visible.zone[ZONE_NEW])) && answers_ours(x) &&
	    !x->reading.torn && !by_rules(&x->reading))
		x->reading.torn = "unclear";
	if (empty && !alone && !x->reading.torn && !x->screen.automatic &&
	    (intake_passed_on(x).n == 0 || is_ours_below(x)))
		x->reading.torn = "unclear";
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

/* Companies put more below their mails, in more words, than anybody can list: terms of
 * trade, office hours, an award. What is nothing with it and a wish without it is for a
 * person. */
static void
look_above(const struct engine *e, struct arena *a,
    const struct classify_input *input, struct examined *x)
{
	struct classify_input above = *input;
	struct str head = str_trim(x->visible.zone[ZONE_NEW]);

	if (wants(&x->reading) || x->reading.confidence >= NOTHING ||
	    head.n > MAX_ABOVE)
		return;
	for (int tries = 0; tries < BELOW; tries++) {
		struct reading r;

		head = without_last(head);
		if (head.n == 0)
			return;
		above.zone[ZONE_NEW] = head;
		classify_run(e->classifier, a, &above, &r);
		if (intent_is_ours(r.intent) && !r.torn &&
		    r.confidence >= A_WISH && (!is_new(x) || by_rules(&r))) {
			x->reading.torn = "unclear";
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
		while (i < a.n && (unsigned char)a.p[i] < 0x80 &&
		    !ascii_alnum(a.p[i]))
			i++;
		while (k < b.n && (unsigned char)b.p[k] < 0x80 &&
		    !ascii_alnum(b.p[k]))
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
static void
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

/* Is it a person's, though it looks like a machine's? Of what the model, too, takes
 * for a machine's only what a person alone would ask us for; what is nothing but a
 * subject says what another one wrote. And no newsletter answers our mails. */
static bool
wants_as_person(const struct examined *x)
{
	const struct reading *r = &x->reading;
	bool answers = !is_new(x) && x->message.in_reply_to;

	if (answers && strcmp(x->screen.automatic, "newsletter_words") == 0)
		return true;
	/* "In urgent cases please call the office" asks nothing of us. */
	if (r->intent == INTENT_AUTOMATIC)
		return r->torn && strcmp(r->torn, "unclear") == 0 &&
		    !(x->screen.out_of_office && r->confidence >= MACHINES);
	if (str_trim(x->visible.zone[ZONE_NEW]).n == 0 &&
	    (x->screen.calendar || x->screen.receipt ||
	    x->screen.out_of_office))
		return false;
	return wants(r);
}

/* Who says "I know that this is an automated reply", or writes from postmaster@,
 * looks like a machine. What wants something of us is lost to nobody: a person
 * looks, and no machine gets an answer. */
static void
read_as_person(const struct engine *e, struct arena *a,
    struct classify_input *input, struct examined *x)
{
	const char *machine = input->automatic;

	if (x->screen.guessed)
		input->automatic = NULL;
	classify_run(e->classifier, a, input, &x->reading);
	look_above(e, a, input, x);
	look_again(e, a, input, x);
	if (!x->screen.guessed)
		return;
	if (!wants_as_person(x)) {
		input->automatic = machine;
		classify_run(e->classifier, a, input, &x->reading);
		return;
	}
	x->screen.hold = doubt;
	x->screen.hold_evidence = x->screen.automatic_evidence;
	x->screen.automatic = NULL;
	x->screen.guessed = false;
}

/* Words of letters alone: no number, no address, no label. */
static size_t
plain_words(struct str s)
{
	size_t words = 0;

	while ((s = str_trim(s)).n > 0) {
		bool plain = true;
		size_t n = 0;

		for (; n < s.n && !ascii_space(s.p[n]); n++)
			plain = plain && !strchr(".@:/|0123456789", s.p[n]);
		words += plain || (n > 1 && s.p[n - 1] == '.' &&
		    !memchr(s.p, '.', n - 1));
		s = str_sub(s, n, s.n);
	}
	return words;
}

/* The lines below a name that may be somebody's last word. */
static struct str
said_in_card(struct arena *a, const struct examined *x)
{
	struct str rest = str_trim(x->visible.zone[ZONE_SIGNATURE]), line;
	struct buf said = buf_new(a, CARD_SAYS);

	(void)str_line(&rest, &line);
	while (said.n < CARD_SAYS && str_line(&rest, &line)) {
		if (plain_words(line) < 2)
			continue;
		buf_adds(&said, line);
		buf_char(&said, '\n');
	}
	return buf_str(&said);
}

/* Below a name, without a full stop, a last word looks like a line of a card: "Joe",
 * "Owner changed his mind", "My company is acme.com". What speaks against the answer
 * there is for a person. A card that names a company helps who has none. */
static void
look_at_card(const struct engine *e, struct arena *a,
    const struct classify_input *input, struct examined *x)
{
	struct reading *was = &x->reading, r;
	const char *at = strrchr(input->sender, '@');
	bool names;

	if (!answers_ours(x) || intent_kind(was->intent) != 0 || was->torn ||
	    !read_other(e, a, input, x->context, said_in_card(a, x), &r))
		return;
	names = at && !domain_is_consumer(at + 1) &&
	    (r.perhaps_domain || r.named_domain);
	if (names || ((r.intent == INTENT_REFUSED || r.intent == INTENT_APPROVED ||
	    r.intent == INTENT_STILL_BLOCKED) && r.confidence >= 0.5) ||
	    has_fired(&r, "not_now.") || has_fired(&r, "cue.no_cloud") ||
	    (r.torn && strcmp(r.torn, "contradiction") == 0 && by_rules(&r)))
		was->torn = "unclear";
}

void
intake_read(const struct engine *e, struct arena *a, struct examined *x)
{
	struct classify_input input;

	x->language = language_of(x->visible.zone[ZONE_NEW]);
	input = intake_input(a, x);
	read_as_person(e, a, &input, x);
	look_at_card(e, a, &input, x);
	look_beside(e, a, &input, x);
	if (x->screen.hold && strcmp(x->screen.hold, doubt) == 0)
		x->reading.torn = doubt;
	intake_company(x);
	/* It was said to work: who meets the wall now needs no further link. */
	if (x->case_solved && x->reading.intent == INTENT_BLOCKED &&
	    (!x->case_domain || (x->domain &&
	    strcmp(x->domain, x->case_domain) == 0)))
		x->reading.intent = INTENT_STILL_BLOCKED;
}
