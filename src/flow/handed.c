/*
 * Who asks us for something below a mail of ours may have got that from somebody of
 * another company, whose IT he does: "forward the steps to your IT contact", says our
 * own help. In a thread that the store knows the store tells; this is for what comes
 * without one. Only companies' addresses tell one apart from another: a private
 * mailbox passes on to its own company's admin as well.
 */
#include <string.h>

#include "flow/handed.h"
#include "text/domain.h"
#include "text/older.h"

#define MAX_OLDER	16	/* mails one below the other */
#define MIN_NAME	4	/* letters that another name of a house begins with */
#define MAX_BELOW	8000	/* bytes of them that are looked at, of either kind */

static bool
is_ours(const struct engine *e, struct arena *a, const char *domain)
{
	for (size_t i = 0; i < e->n_own_domains; i++) {
		if (domain_aligned(a, domain, e->own_domains[i]))
			return true;
	}
	return false;
}

/* Its own name below the suffix, less dashes. */
static struct str
own_label(struct arena *a, const char *domain)
{
	const char *org = domain_organisational(a, domain);
	char *out = arena_strdup(a, org);
	size_t n = 0;

	for (; *org && *org != '.'; org++) {
		if (*org != '-')
			out[n++] = *org;
	}
	return (struct str){ out, n };
}

/* roe-freight.com, roefreight.de and roefreight-gmbh.de are one house. */
static bool
is_one_house(struct arena *a, const char *x, const char *y)
{
	struct str one = own_label(a, x), other = own_label(a, y);

	if (domain_aligned(a, x, y) || str_eq(one, other))
		return true;
	return one.n < other.n ? one.n >= MIN_NAME && str_starts(other, one) :
	    other.n >= MIN_NAME && str_starts(one, other);
}

/* What an address says of the company that a mail went to. */
enum house { NOBODYS, HIS, ANOTHERS };

static enum house
house_of(const struct engine *e, struct arena *a, const char *domain,
    const char *own)
{
	if (!domain || is_ours(e, a, domain) || domain_is_consumer(domain) ||
	    domain_aligned(a, domain, "microsoft.com"))
		return NOBODYS;
	if (is_one_house(a, domain, own))
		return HIS;
	/* Tenants' own names are often shortened: they tell no house. */
	return str_iends(str_of(domain), STR(".onmicrosoft.com")) ? NOBODYS :
	    ANOTHERS;
}

static enum house
house_of_readers(const struct engine *e, struct arena *a,
    const struct older *o, const char *own)
{
	enum house all = NOBODYS;

	for (size_t i = 0; i < o->n_readers; i++) {
		enum house one = house_of(e, a, o->reader[i], own);

		if (one == HIS)
			return HIS;
		if (one == ANOTHERS)
			all = ANOTHERS;
	}
	return all;
}

/* Outlook leaves out the address of whom it knows, and a help desk that sends for us
 * has one of its own. */
static bool
we_wrote(const struct engine *e, struct arena *a, const struct older *o)
{
	return (o->writer && is_ours(e, a, o->writer)) ||
	    str_ifind(o->from, str_of(e->config->product.name)) >= 0;
}

/* Whose mail has our text in it? NULL: nobody's, or ours. */
static const char *
bearer(const struct engine *e, struct arena *a, const struct older *o, size_t n,
    struct str text)
{
	size_t end = text.n;

	for (size_t i = n; i-- > 0; end = o[i].at) {
		if (intake_context_of_text(str_sub(text, o[i].at, end)) !=
		    CONTEXT_OTHER)
			return we_wrote(e, a, &o[i]) ? NULL : o[i].writer;
	}
	return NULL;
}

/* Of the newest of our mails that tells it: whom it went to, or else who wrote next
 * above it. One that has lost its head stands in the mail of whoever passed it on. */
static enum house
house_handed(const struct engine *e, struct arena *a, const struct older *o,
    size_t n, struct str text, const char *own)
{
	for (size_t i = 0; i < n; i++) {
		enum house house;

		if (!we_wrote(e, a, &o[i]))
			continue;
		house = house_of_readers(e, a, &o[i], own);
		if (house == NOBODYS && i > 0)
			house = house_of(e, a, o[i - 1].writer, own);
		if (house != NOBODYS)
			return house;
	}
	return house_of(e, a, bearer(e, a, o, n, text), own);
}

/* Most mails name nobody but us, which is soon seen. */
static bool
names_another(const struct engine *e, struct arena *a, struct str s,
    const char *own)
{
	for (size_t at = 0; at < s.n; at++) {
		size_t from = at + 1, to = from;

		if (s.p[at] != '@')
			continue;
		while (to < s.n && (ascii_alnum(s.p[to]) || s.p[to] == '.' ||
		    s.p[to] == '-' || (unsigned char)s.p[to] >= 0x80))
			to++;
		if (house_of(e, a, domain_normal(a, str_sub(s, from, to)),
		    own) == ANOTHERS)
			return true;
	}
	return false;
}

/* The mails below, the quoted ones above those that are passed on. */
static bool
is_below(const struct engine *e, struct arena *a, const struct examined *x,
    const char *own)
{
	struct str quoted = str_sub(x->visible.zone[ZONE_QUOTED], 0, MAX_BELOW);
	struct str passed = str_sub(x->visible.zone[ZONE_FORWARDED], 0, MAX_BELOW);
	struct older o[MAX_OLDER];
	struct str text;

	if (!names_another(e, a, quoted, own) &&
	    !names_another(e, a, passed, own))
		return false;
	text = str_of(arena_printf(a, "%.*s\n%.*s", (int)quoted.n, quoted.p,
	    (int)passed.n, passed.p));
	return house_handed(e, a, o, older_find(a, text, o, MAX_OLDER), text,
	    own) == ANOTHERS;
}

/* A mail that is attached. */
static bool
is_attached(const struct engine *e, struct arena *a, const struct message *m,
    const char *own)
{
	struct str text = str_sub(m->body.text, 0, MAX_BELOW);
	struct older o[MAX_OLDER] = { { .from = STR("") } };
	const struct mailbox_list *lists[] = { &m->to, &m->cc };

	if (m->from.n > 0)
		o[0].writer = m->from.v[0].domain;
	for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
		for (size_t i = 0; i < lists[k]->n &&
		    o[0].n_readers < OLDER_READERS; i++)
			o[0].reader[o[0].n_readers++] = lists[k]->v[i].domain;
	}
	return house_handed(e, a, o, 1 + older_find(a, text, o + 1,
	    MAX_OLDER - 1), text, own) == ANOTHERS;
}

bool
handed_over(const struct engine *e, struct arena *a, const struct examined *x)
{
	const struct mailbox_list *from = &x->message.from;

	if (from->n == 0 || house_of(e, a, from->v[0].domain, "") == NOBODYS)
		return false;
	return is_below(e, a, x, from->v[0].domain) || (x->message.inner &&
	    is_attached(e, a, x->message.inner, from->v[0].domain));
}
