#include <string.h>

#include "base/buf.h"
#include "text/combine.h"
#include "text/whose.h"

#define MORE_OF_A_NAME	3	/* words */

/* How surely a domain that is named is the tenant's. */
struct named_for {
	bool said;		/* somebody else's company is told of, or a tenant */
	bool in_words;		/* by words of tenants or clients, or asked for it */
	bool only_others;	/* the only one that is named is somebody's else */
};

/* May the domain be the tenant's? To a company's own address others are named
 * for many reasons: who shall get the link, where a picture lies, where the
 * writer heard of us. From a private one a page of the web is no company's
 * name, nor is the only one that he names as somebody else's his. */
static bool
may_be_tenant(struct arena *a, const struct domain_named *d, const char *own,
    struct named_for why)
{
	if (!own)
		return d->place != IN_PAGE && (why.said || !why.only_others);
	if (domain_aligned(a, d->domain, own))
		return false;
	/* An administrator shows us his screen at some site. */
	return d->place == IN_PROSE || (why.said && (d->place == IN_ADDRESS ||
	    (d->place == IN_SITE && why.in_words)));
}

/* An administrator who tells how far he came names the tenant he is in. */
static bool
at_work_in_a_tenant(enum intent intent)
{
	return intent == INTENT_ADMIN_HELP || intent == INTENT_GREYED_OUT ||
	    intent == INTENT_CANT_FIND_APP;
}

/* Where a case is about a client a name alone says which one: asked for or not,
 * but for a page of the web; once that is known, as a word for another one. */
static bool
names_a_client(enum client client, enum domain_place place)
{
	if (client == CLIENT_UNNAMED)
		return place != IN_PAGE;
	return client != CLIENT_NONE && place == IN_PROSE;
}

/* His own company's, if he has one: not a private mailbox's. */
static const char *
own_company(const struct classify_input *in)
{
	const char *at = strrchr(in->sender, '@');

	if (!at || !at[1] || domain_is_consumer(at + 1))
		return NULL;
	return at + 1;
}

/* A word that many firms have in their names and their domains. */
static bool
is_common(struct str word)
{
	static const char *const common[] = {
		"freight", "logistics", "logistik", "logistic", "logistica",
		"transport", "transports", "transportes", "trans", "trucking",
		"truck", "cargo", "group", "spedition", "lojistik", "nakliyat",
		"company", "the", "for", "and", "admin", "link", "tech",
		"computer", "network", "support", "service", "firma", "are",
		"global", "office", "mail", "their", "bilgi", "islemine",
		"informatica", "sistemas", "tenant", "microsoft", "client",
		"guy", "guys", "people", "sysadmin", "consultant",
		"consultants", "provider", "helpdesk", "manage", "manages",
		"managed", "handle", "run", "runs", "look", "after", "take",
		"takes", "care", "administer", "maintain", "outside",
		"external", "contract", "systems", "computers", "team",
	};

	for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
		if (str_eq(word, str_of(common[i])))
			return true;
	}
	return false;
}

/* "Gant" of gantfreight.com; of three letters only at its beginning. */
static bool
bears(struct str label, struct str word)
{
	if (word.n < 3 || is_common(word))
		return false;
	return word.n > 3 ? str_find(label, word) >= 0 :
	    str_starts(label, word);
}

/* "DTS" of Delta Transportation Services, or more: dts-logistics.com. */
static bool
bears_initials(struct str label, struct str initials)
{
	if (label.n >= 2 && str_find(initials, label) >= 0)
		return true;
	for (size_t i = 0; i + 3 <= initials.n; i++) {
		if (str_starts(label, str_sub(initials, i, i + 3)))
			return true;
	}
	return false;
}

/* "J&R" is jandr.com. */
static struct str
ands_written(struct arena *a, struct str s)
{
	struct buf b = buf_new(a, 512);

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '&')
			buf_puts(&b, "and");
		else
			buf_char(&b, s.p[i]);
	}
	return buf_str(&b);
}

/* A firm's name may be longer than a rule reads. */
static struct str
whole_name(struct str zone, size_t from, size_t to)
{
	size_t words = 0;

	while (to < zone.n && words <= MORE_OF_A_NAME &&
	    (zone.p[to] == ' ' || zone.p[to] == '&' || zone.p[to] == '-' ||
	    utf8_word_byte(zone.p[to])))
		words += zone.p[to++] == ' ';
	return str_sub(zone, from, to);
}

bool
whose_other_firm(struct arena *a, const char *sender, struct str text, size_t from,
    size_t to)
{
	const char *at = strrchr(sender, '@'), *domain;
	struct str label, words;
	char initials[32];
	size_t n = 0, begins = 0;

	if (!at || !at[1] || domain_is_consumer(at + 1))
		return false;
	domain = domain_organisational(a, at + 1);
	label = (struct str){ domain, strcspn(domain, ".") };
	words = ands_written(a, whole_name(text, from, to));
	for (size_t i = 0; i <= words.n; i++) {
		if (i < words.n && words.p[i] != ' ' && words.p[i] != '-' &&
		    words.p[i] != '\'')
			continue;
		if (bears(label, str_sub(words, begins, i)))
			return false;
		if (i > begins && n < sizeof initials)
			initials[n++] = words.p[begins];
		begins = i + 1;
	}
	return !bears_initials(label, (struct str){ initials, n });
}

/* "For our own tenant now, kade9.nl". */
static const char *
names_own(struct arena *a, const struct domain_named *domains, size_t n,
    const char *own)
{
	for (size_t i = 0; own && i < n; i++) {
		if (domains[i].place == IN_PROSE &&
		    domain_aligned(a, domains[i].domain, own))
			return domains[i].domain;
	}
	return NULL;
}

/* "tom@kestrel.io looks after our computers", from a private mailbox: his company is
 * not the writer's. To be asked once more tells nobody more. */
static bool
is_their_it(const struct classify_input *in, size_t n, uint64_t facts,
    struct reading *out)
{
	if (n != 1 || !(facts & FACT_THEIR_IT) || (facts & FACT_MSP) ||
	    in->client != CLIENT_NONE || own_company(in))
		return false;
	out->several_domains = true;
	out->other_tenant = in->context == CONTEXT_ASK_DOMAIN;
	return true;
}

/* A company that the text names without a word of tenants or clients may be
 * anybody: rather the sender's own is meant, which a person should look at. */
void
whose_find(struct arena *a, const struct classify_input *in,
    const struct domain_named *domains, size_t n, uint64_t facts,
    struct reading *out)
{
	const char *own = own_company(in);
	const char *own_named = names_own(a, domains, n, own);
	enum whose whose = own ? out->whose : WHOSE_OWN;
	bool others = (facts & FACT_MSP) || whose == WHOSE_OTHER;
	/* "Our customer acme.com waits", "Dan from acme.com told me". Who asks
	 * whether it is safe may ask for that customer. */
	bool somebodys = !others && in->context != CONTEXT_ASK_DOMAIN &&
	    out->intent != INTENT_IS_IT_SAFE && (facts & FACT_OTHER_COMPANY);
	bool said = others || in->context == CONTEXT_ASK_DOMAIN ||
	    (!somebodys && ((facts & FACT_TENANT_WORD) ||
	    at_work_in_a_tenant(out->intent)));
	bool in_words = others || (facts & FACT_TENANT_WORD) ||
	    in->client != CLIENT_NONE || in->context == CONTEXT_ASK_DOMAIN;
	size_t named = 0;

	if (is_their_it(in, n, facts, out))
		return;
	for (size_t i = 0; i < n; i++) {
		bool meant = said || names_a_client(in->client,
		    domains[i].place);
		struct named_for why = { meant || (facts & FACT_ACCOUNT),
			in_words, somebodys && n == 1 };

		if (!may_be_tenant(a, &domains[i], own, why))
			continue;
		/* "Their mail is @acme.com, the tenant is ours, kade9.nl". */
		meant = meant && (others || !own_named);
		/* "Mike, mike@msp.com, manages our tenant". */
		if (own && !others && in->context != CONTEXT_ASK_DOMAIN &&
		    in->client == CLIENT_NONE &&
		    domains[i].place == IN_ADDRESS && !(facts & FACT_ACCOUNT))
			meant = false;
		if (named++ == 0)
			*(meant || !own ? &out->named_domain :
			    &out->perhaps_domain) = domains[i].domain;
	}
	out->several_domains |= named > 1 || out->perhaps_domain;
	if (named > 0 || out->tenant_guid)
		return;
	if (in->client != CLIENT_NONE && !others)
		out->named_domain = own_named;
	if (out->named_domain)
		return;
	/* In a client's case it is that client's, as far as words can tell; beside
	 * it the same client's, another one's or his own, unless he has met the
	 * wall himself. */
	out->other_tenant = (facts & FACT_MSP) ||
	    in->client == CLIENT_UNNAMED ||
	    (in->client == CLIENT_BESIDE && out->intent != INTENT_BLOCKED) ||
	    (in->client != CLIENT_NAMED && whose != WHOSE_OWN);
}
