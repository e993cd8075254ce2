/*
 * The reading of an examined mail: what rules and model are shown of it, whether what
 * looks like a machine's is a person's, and the case that it goes on. What reads as
 * nothing, or as no more than a wish, is looked at again: intake_look.h.
 */
#include <string.h>

#include "base/buf.h"
#include "flow/intake.h"
#include "intake_look.h"
#include "text/language.h"

#define SURELY_A_MACHINE 0.98	/* of what is away the model has no doubt */

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
	if (look_subject_is_all(x) && str_trim(input.zone[ZONE_NEW]).n == 0)
		input.zone[ZONE_NEW] = input.subject;
	return input;
}

/* It may be no machine's mail. */
static const char doubt[] = "perhaps_automatic";

/* Is it a person's, though it looks like a machine's? Of what the model, too, takes
 * for a machine's only what a person alone would ask us for; what is nothing but a
 * subject says what another one wrote. And no newsletter answers our mails. */
static bool
wants_as_person(const struct examined *x)
{
	const struct reading *r = &x->reading;
	bool answers = !look_is_new(x) && x->message.in_reply_to;

	if (answers && strcmp(x->screen.automatic, "newsletter_words") == 0)
		return true;
	/* "In urgent cases please call the office" asks nothing of us. */
	if (r->intent == INTENT_AUTOMATIC)
		return r->torn && strcmp(r->torn, "unclear") == 0 &&
		    !(x->screen.out_of_office && r->confidence >= SURELY_A_MACHINE);
	if (str_trim(x->visible.zone[ZONE_NEW]).n == 0 &&
	    (x->screen.calendar || x->screen.receipt ||
	    x->screen.out_of_office))
		return false;
	return look_wants(r);
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
