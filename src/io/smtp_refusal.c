/*
 * Whom a server's no is meant for. What it has against us would meet each further mail
 * and holds them up; what it has against one mail, or against its recipient, does not.
 */
#include <stdio.h>
#include <string.h>

#include "smtp_lane.h"

/* Does a no at RCPT speak of the sender? Postfix keeps what it has against him back
 * until then, and names him (smtpd_delay_reject). */
bool
refusal_names_sender(const struct smtp_mail *m, enum lane_step step)
{
	struct str said = str_of(m->result.answer);

	return step == LANE_RCPT && m->from[0] &&
	    (m->result.code == 553 || str_starts(said, STR("5.7."))) &&
	    (str_ifind(said, str_of(m->from)) >= 0 ||
	    str_ifind(said, STR("sender address rejected")) >= 0) &&
	    str_ifind(said, str_of(m->to)) < 0;
}

static const char *
domain_of(const char *to)
{
	const char *at = strrchr(to, '@');

	return at ? at + 1 : to;
}

/* It may be that he must not write to this one alone: until another domain's gets the
 * same answer, and nobody's a better one between. Of which that is known, it says no
 * more: two of them would hold up all others again and again. */
static bool
sender_is_refused(struct smtp *s, const char *to)
{
	const size_t max = sizeof s->refusals / sizeof *s->refusals;
	const char *domain = domain_of(to);
	size_t n = s->n_refusals < max ? s->n_refusals : max;
	struct refusal *r;

	for (size_t i = 0; i < n; i++) {
		if (str_ieq(str_of(s->refusals[i].domain), str_of(domain)))
			return s->sender_refused;
	}
	for (size_t i = 0; i < n; i++)
		s->sender_refused |= !s->refusals[i].alone;
	r = &s->refusals[s->n_refusals++ % max];
	snprintf(r->domain, sizeof r->domain, "%s", domain);
	r->alone = false;
	return s->sender_refused;
}

/* Whose server takes him now has nothing against him. What else was refused in a
 * hold-up is tried again now that it ends, and is forgotten, too, if it is taken: what
 * is refused again is those domains' alone, and must hold up nobody once more. */
void
refusal_sender_taken(struct smtp *s, const char *to)
{
	const size_t max = sizeof s->refusals / sizeof *s->refusals;
	struct str domain = str_of(domain_of(to));

	for (size_t i = 0; i < max; i++) {
		s->refusals[i].alone = true;
		if (str_ieq(str_of(s->refusals[i].domain), domain))
			s->refusals[i].domain[0] = '\0';
	}
	s->sender_refused = false;
}

/* Providers say of the whole account at the recipient or at the final dot what others
 * say to MAIL FROM. */
static bool
names_account(const struct smtp_result *r)
{
	static const char *const codes[][2] = {
		{ "5.4.5", "" },	/* Google: the day's limit is reached */
		{ "5.4.6", "sending" },	/* Zoho: too much; else the mail's loop */
		{ "5.1.8", "" }, { "5.1.90", "" }, /* Exchange: a bad sender; his limit */
		{ "5.2.252", "" }, { "5.7.60", "" }, /* not as that sender */
		/* Its tenant: over its threshold, bad traffic, no domain of its own. */
		{ "5.7.705", "" }, { "5.7.708", "" }, { "5.7.750", "" },
	};
	bool found = false;

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		size_t n = strlen(codes[i][0]);

		found |= strncmp(r->answer, codes[i][0], n) == 0 && !ascii_digit(r->answer[n]) &&
		    str_ifind(str_of(r->answer), str_of(codes[i][1])) >= 0;
	}
	return found && r->code / 100 == 5;
}

/* Is this said of us, whatever the mail? To MAIL FROM it is (a day's limit, an
 * account that may not send as that), but for the size of this one. */
static bool
refuses_us(const struct smtp_result *r, enum lane_step step)
{
	if (step == LANE_MAIL)
		return r->code != 552 && strncmp(r->answer, "5.3.4", 5) != 0;
	return names_account(r) || r->code == 421 || r->code == 530 || r->code == 534 ||
	    r->code == 535 || r->code == 538;
}

bool
refusal_is_ours(struct smtp *s, const struct smtp_mail *m, enum lane_step step)
{
	return refuses_us(&m->result, step) ||
	    (refusal_names_sender(m, step) && sender_is_refused(s, m->to));
}
