/*
 * Authentication-Results, RFC 8601. A sender can write such a field too: it
 * then lies below what our server put on top. So only the topmost field with
 * our server's id counts (and those that follow it at once: 8601 allows
 * several, one for each method, say), and only as long as no Received field of
 * another's server stands above it. A forged one may follow at once, where
 * our server does not take it out: of two that differ in a method neither
 * proves anybody by it.
 */
#include <string.h>

#include "base/buf.h"
#include "text/authres.h"
#include "text/domain.h"

#define MAX_DKIM	16	/* passing signatures looked at */
#define MAX_FIELDS	8	/* of our server, one below the other */
#define MAX_VALUE	(16 * 1024) /* bytes of one */

const char *
authentication_name(enum authentication auth)
{
	switch (auth) {
	case AUTH_NONE:
		return "none";
	case AUTH_PASS:
		return "pass";
	case AUTH_FAIL:
		return "fail";
	}
	return "none";
}

/* Comments out, quoted strings opened. What a quoted string could use to look
 * like a result of its own (";", "=", blanks) becomes "_". */
static struct str
clean(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;
	int depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\' && (quoted || depth > 0)) {
			i++;
			continue;
		}
		if (depth > 0) {
			depth += c == '(' ? 1 : c == ')' ? -1 : 0;
			continue;
		}
		if (c == '"') {
			quoted = !quoted;
		} else if (quoted) {
			out[n++] = ascii_alnum(c) || strchr(".-_@+", c) ? c :
			    '_';
		} else if (c == '(') {
			depth = 1;
			out[n++] = ' ';
		} else {
			out[n++] = c;
		}
	}
	return (struct str){ out, n };
}

/* Cut the next ";" piece off. */
static bool
piece_next(struct str *rest, struct str *piece)
{
	const char *semi;

	if (rest->n == 0)
		return false;
	semi = memchr(rest->p, ';', rest->n);
	*piece = str_trim(str_sub(*rest, 0,
	    semi ? (size_t)(semi - rest->p) : rest->n));
	*rest = semi ? str_sub(*rest, (size_t)(semi - rest->p) + 1, rest->n) :
	    (struct str){ "", 0 };
	return true;
}

/* Cut the next "key=value" off a piece; blanks around "=" allowed. A word
 * without "=" has an empty value. */
static bool
pair_next(struct str *rest, struct str *key, struct str *value)
{
	size_t i = 0, from;

	*rest = str_trim(*rest);
	if (rest->n == 0)
		return false;
	while (i < rest->n && rest->p[i] != '=' && !ascii_space(rest->p[i]))
		i++;
	*key = str_sub(*rest, 0, i);
	*value = (struct str){ "", 0 };
	while (i < rest->n && ascii_space(rest->p[i]))
		i++;
	if (i < rest->n && rest->p[i] == '=') {
		i++;
		while (i < rest->n && ascii_space(rest->p[i]))
			i++;
		from = i;
		while (i < rest->n && !ascii_space(rest->p[i]))
			i++;
		*value = str_sub(*rest, from, i);
	} else if (i == 0) {
		i = 1;
	}
	*rest = str_sub(*rest, i, rest->n);
	return true;
}

struct results {
	size_t fields;		/* that were trusted */
	size_t dmarc;		/* dmarc results in them */
	bool dmarc_fail, dmarc_pass, dmarc_none, dmarc_other;
	const char *dmarc_from;	/* of pass; NULL: not said */
	bool from_differs;	/* two passes for two domains */
	const char *dkim[MAX_DKIM]; /* domains that passed */
	size_t n_dkim;
	bool dkim_named, dkim_passed; /* in the field being read */
	bool dkim_none;		/* a field names dkim, and no pass of it */
};

/* "example.com", "@example.com" or "user@example.com" in normal form. */
static const char *
domain_of(struct arena *a, struct str s)
{
	const char *at = s.n > 0 ? memrchr(s.p, '@', s.n) : NULL;

	if (at)
		s = str_sub(s, (size_t)(at - s.p) + 1, s.n);
	return domain_normal(a, s);
}

static void
dmarc_take(struct arena *a, struct results *r, struct str result,
    struct str from)
{
	const char *domain = domain_of(a, from);

	r->dmarc++;
	if (str_ieq(result, STR("fail"))) {
		r->dmarc_fail = true;
	} else if (str_ieq(result, STR("pass"))) {
		if (r->dmarc_pass && (!domain || !r->dmarc_from ||
		    strcmp(domain, r->dmarc_from) != 0))
			r->from_differs = true;
		r->dmarc_pass = true;
		r->dmarc_from = domain;
	} else if (str_ieq(result, STR("none")) ||
	    str_ieq(result, STR("bestguesspass"))) {
		/* Exchange's bestguesspass: no record there. */
		r->dmarc_none = true;
	} else {
		r->dmarc_other = true;
	}
}

static void
piece_take(struct arena *a, struct results *r, struct str piece)
{
	struct str method, result, key, value, from = { 0 }, signer = { 0 };
	const char *slash, *domain;

	if (!pair_next(&piece, &method, &result) || result.n == 0)
		return;
	slash = memchr(method.p, '/', method.n);
	if (slash)
		method.n = (size_t)(slash - method.p);
	while (pair_next(&piece, &key, &value)) {
		if (str_ieq(key, STR("header.from")))
			from = value;
		else if (str_ieq(key, STR("header.d")))
			signer = value;
		else if (str_ieq(key, STR("header.i")) && signer.n == 0)
			signer = value; /* Gmail says only this one */
	}
	if (str_ieq(method, STR("dmarc"))) {
		dmarc_take(a, r, result, from);
	} else if (str_ieq(method, STR("dkim"))) {
		r->dkim_named = true;
		if (!str_ieq(result, STR("pass")))
			return;
		r->dkim_passed = true;
		domain = domain_of(a, signer);
		if (domain && r->n_dkim < MAX_DKIM)
			r->dkim[r->n_dkim++] = domain;
	}
}

/* Is it a field of our server? Then its results are taken. */
static bool
field_take(struct arena *a, const char *value, const char *trust_id,
    bool exchange, struct results *r)
{
	struct str rest = clean(a, str_sub(str_of(value), 0, MAX_VALUE));
	struct str piece, id, version;

	if (!exchange) {
		if (!piece_next(&rest, &piece) ||
		    !pair_next(&piece, &id, &version) || version.n > 0 ||
		    !str_ieq(id, str_of(trust_id)))
			return false;
	} else {
		struct str ahead = rest;

		if (!piece_next(&ahead, &piece) ||
		    !pair_next(&piece, &id, &version) || version.n == 0)
			return false;
	}
	r->fields++;
	r->dkim_named = r->dkim_passed = false;
	while (piece_next(&rest, &piece))
		piece_take(a, r, piece);
	r->dkim_none |= r->dkim_named && !r->dkim_passed;
	return true;
}

/* The host that wrote a Received field, lower case, "" if it says none. */
static const char *
received_by(struct arena *a, const char *value)
{
	struct str s = clean(a, str_sub(str_of(value), 0, 2048)), word;
	size_t i = 0, from;
	bool next = false;

	while (i < s.n) {
		while (i < s.n && ascii_space(s.p[i]))
			i++;
		from = i;
		while (i < s.n && !ascii_space(s.p[i]) && s.p[i] != ';')
			i++;
		word = str_sub(s, from, i);
		if (next)
			return arena_lower(a, word);
		next = str_ieq(word, STR("by"));
		if (i < s.n && s.p[i] == ';')
			break;
	}
	return "";
}

static bool
by_us(struct arena *a, const char *by, const char *first_by,
    const char *trust_id, bool exchange)
{
	if (exchange)
		return str_iends(str_of(by), STR(".outlook.com")) ||
		    str_iends(str_of(by), STR(".office365.com")) ||
		    str_iends(str_of(by), STR(".office365.us")) ||
		    str_iends(str_of(by), STR(".outlook.cn"));
	return strcmp(by, first_by) == 0 || !strchr(by, '.') ||
	    domain_aligned(a, by, trust_id);
}

static void
results_collect(struct arena *a, const struct message *m,
    const char *trust_id, struct results *r)
{
	bool exchange = str_ieq(str_of(trust_id), STR("exchange"));
	const char *first_by = NULL;

	for (size_t i = 0; i < m->n_headers; i++) {
		const struct header *h = &m->headers[i];
		struct str name = str_of(h->name);

		if (str_ieq(name, STR("Received"))) {
			const char *by = received_by(a, h->value);

			if (r->fields > 0)
				return;
			if (!first_by)
				first_by = by;
			if (!by_us(a, by, first_by, trust_id, exchange))
				return;
		} else if (str_ieq(name, STR("Authentication-Results"))) {
			bool ours = field_take(a, h->value, trust_id,
			    exchange, r);

			/* Exchange's has no id to know a second one by. */
			if (exchange || r->fields == MAX_FIELDS ||
			    (!ours && r->fields > 0))
				return;
		} else if (r->fields > 0) {
			return;
		}
	}
}

static enum authentication
say(const char **why_out, enum authentication auth, const char *why)
{
	*why_out = why;
	return auth;
}

/* No DMARC record: a signature of the sender's own domain does as well. */
static enum authentication
dkim_decide(struct arena *a, const struct results *r, const char *domain,
    const char **why)
{
	if (r->dkim_none && r->n_dkim > 0)
		return say(why, AUTH_NONE, "dkim gave no clear result");
	for (size_t i = 0; i < r->n_dkim; i++) {
		if (domain_aligned(a, r->dkim[i], domain))
			return say(why, AUTH_PASS, arena_printf(a,
			    "no DMARC record, dkim=pass header.d=%s",
			    r->dkim[i]));
	}
	return say(why, AUTH_NONE, arena_printf(a,
	    "no DMARC record for %s and no signature of it", domain));
}

enum authentication
authres_read(struct arena *a, const struct message *m, const char *trust_id,
    const char **why)
{
	struct results r = { 0 };
	const char *domain;

	if (!trust_id || !trust_id[0])
		return say(why, AUTH_NONE, "no server is trusted");
	results_collect(a, m, trust_id, &r);
	if (r.fields == 0)
		return say(why, AUTH_NONE, arena_printf(a,
		    "no Authentication-Results of %s", trust_id));
	if (r.dmarc_fail)
		return say(why, AUTH_FAIL, "dmarc=fail");
	if (m->from.n != 1)
		return say(why, AUTH_NONE, m->from.n == 0 ?
		    "no From address" : "several From addresses");
	domain = domain_normal(a, str_of(m->from.v[0].domain));
	if (!domain)
		return say(why, AUTH_NONE, "From has no Internet domain");
	if (r.dmarc_other || r.from_differs || (r.dmarc_none && r.dmarc_pass))
		return say(why, AUTH_NONE, "dmarc gave no clear result");
	if (!r.dmarc_pass || !r.dmarc_from)
		return dkim_decide(a, &r, domain, why);
	if (strcmp(r.dmarc_from, domain) != 0)
		return say(why, AUTH_NONE, arena_printf(a,
		    "dmarc=pass is of %s, From of %s", r.dmarc_from, domain));
	return say(why, AUTH_PASS, arena_printf(a,
	    "dmarc=pass header.from=%s", domain));
}
