/*
 * What we sign. One secret, one key for each purpose (so that no signature of
 * one kind can be passed off as one of another), one MAC: HMAC-SHA-256.
 *
 * A signature covers the text as it was received, not what was read from it,
 * and signatures are compared in their written form: then there are no two
 * spellings of one value, and no byte can be changed unseen.
 *
 * RFC 2104 (HMAC), RFC 4648 5 (base64url), RFC 3986 2.3 (unreserved).
 */
#include <inttypes.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/buf.h"
#include "text/link.h"

#define MAC_BYTES	32
#define MAC_BASE64	43	/* of MAC_BYTES, without padding */
#define ID_MAC_HEX	24	/* 96 bits: an id may be guessed only by mail */
#define REFERENCE_LETTERS 8
#define STATE_VERSION	"1"

/* Read aloud on the telephone: no vowels (no words), no I, O, Y. */
static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";

static void
hmac(const unsigned char *key, size_t n_key, struct str data,
    unsigned char mac[MAC_BYTES])
{
	unsigned int n = MAC_BYTES;

	cd_assert(HMAC(EVP_sha256(), key, (int)n_key,
	    (const unsigned char *)data.p, data.n, mac, &n) != NULL);
	cd_assert(n == MAC_BYTES);
}

static void
sign(const struct link_key *key, const char *purpose, struct str data,
    unsigned char mac[MAC_BYTES])
{
	unsigned char derived[MAC_BYTES];
	char label[64] = "consentdesk ";
	size_t n = strlen(label), n_purpose = strlen(purpose);

	cd_assert(key->n >= LINK_KEY_LEAST && key->n <= sizeof key->secret);
	cd_assert(n + n_purpose + 4 < sizeof label);
	memcpy(label + n, purpose, n_purpose);
	memcpy(label + n + n_purpose, " v1", 4);
	hmac(key->secret, key->n, str_of(label), derived);
	hmac(derived, sizeof derived, data, mac);
	OPENSSL_cleanse(derived, sizeof derived);
}

/* ---- base64url ---------------------------------------------------------- */

static const char *
base64url(struct arena *a, const void *bytes, size_t n)
{
	char *s = arena_alloc(a, (n + 2) / 3 * 4 + 1);
	int len = EVP_EncodeBlock((unsigned char *)s, bytes, (int)n);

	while (len > 0 && s[len - 1] == '=')
		s[--len] = '\0';
	for (char *c = s; *c; c++) {
		if (*c == '+')
			*c = '-';
		else if (*c == '/')
			*c = '_';
	}
	return s;
}

/* {NULL, 0} if it is no base64url. */
static struct str
base64url_decode(struct arena *a, struct str s)
{
	size_t padded = (s.n + 3) / 4 * 4;
	char *in = arena_alloc(a, padded + 1);
	unsigned char *out = arena_alloc(a, padded / 4 * 3 + 1);
	int n;

	if (s.n == 0 || s.n % 4 == 1)
		return (struct str){ NULL, 0 };
	memset(in, '=', padded);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!ascii_alnum(c) && c != '-' && c != '_')
			return (struct str){ NULL, 0 };
		in[i] = (char)(c == '-' ? '+' : c == '_' ? '/' : c);
	}
	n = EVP_DecodeBlock(out, (unsigned char *)in, (int)padded);
	if (n < 0)
		return (struct str){ NULL, 0 };
	/* It counts the padding as bytes. */
	return (struct str){ (char *)out, (size_t)n - (padded - s.n) };
}

/* ---- the link ----------------------------------------------------------- */

static bool
tenant_allowed(struct str tenant)
{
	return str_is_guid(tenant) || str_ieq(tenant, STR("organizations"));
}

bool
link_tenant_is_company(struct str guid)
{
	static const char *const others[] = {
		"9188040d-6c67-4c5b-b112-36a304b66dad",
		"84df9e7f-e9f6-40af-b435-aaaaaaaaaaaa",
		"00000000-0000-0000-0000-000000000000",
	};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (str_ieq(guid, str_of(others[i])))
			return false;
	}
	return str_is_guid(guid);
}

static void
add_parameter(struct buf *b, char before, const char *name, const char *value)
{
	buf_char(b, before);
	buf_puts(b, name);
	buf_char(b, '=');
	for (const char *c = value; *c; c++) {
		if (ascii_alnum(*c) || strchr("-._~", *c))
			buf_char(b, *c);
		else
			buf_printf(b, "%%%02X", (unsigned)(unsigned char)*c);
	}
}

enum cd_rc
link_build(struct arena *a, const struct link_config *config,
    const struct link_key *key, const struct link_state *state,
    const char **url_out, struct cd_err *err)
{
	struct str authority = str_of(config->authority);
	struct buf b = buf_new(a, CD_MAX_LINK);

	if (!state->tenant || !tenant_allowed(str_of(state->tenant)))
		return cd_fail(err, CD_REFUSED, "link: \"%.64s\" is no "
		    "tenant id (a GUID, or \"organizations\")",
		    state->tenant ? state->tenant : "");
	while (authority.n > 0 && authority.p[authority.n - 1] == '/')
		authority.n--;
	buf_adds(&b, authority);
	buf_char(&b, '/');
	buf_puts(&b, arena_lower(a, str_of(state->tenant)));
	buf_puts(&b, "/v2.0/adminconsent");
	add_parameter(&b, '?', "client_id", config->client_id);
	add_parameter(&b, '&', "scope", config->scope);
	add_parameter(&b, '&', "redirect_uri", config->redirect_uri);
	add_parameter(&b, '&', "state", link_state_sign(a, key, state));
	if (b.full)
		return cd_fail(err, CD_MALFORMED, "link: longer than %d bytes: "
		    "shorten [microsoft] scope or redirect_uri", CD_MAX_LINK);
	*url_out = buf_str(&b).p;
	return CD_OK;
}

/* ---- state -------------------------------------------------------------- */

const char *
link_state_sign(struct arena *a, const struct link_key *key,
    const struct link_state *state)
{
	const char *tenant = arena_lower(a, str_of(state->tenant));
	const char *plain = arena_printf(a,
	    STATE_VERSION ".%" PRId64 ".%s.%" PRId64, state->case_id, tenant,
	    state->expires);
	const char *payload = base64url(a, plain, strlen(plain));
	unsigned char mac[MAC_BYTES];

	sign(key, "consent", str_of(payload), mac);
	return arena_printf(a, "%s.%s", payload, base64url(a, mac, sizeof mac));
}

/* Cut s at its first dot. */
static struct str
cut_field(struct str *s)
{
	ptrdiff_t dot = str_find(*s, STR("."));
	struct str field = *s;

	if (dot < 0) {
		*s = (struct str){ NULL, 0 };
		return field;
	}
	field.n = (size_t)dot;
	*s = str_sub(*s, (size_t)dot + 1, s->n);
	return field;
}

static bool
state_parse(struct arena *a, struct str payload, struct link_state *out)
{
	struct str rest = base64url_decode(a, payload), tenant;
	int64_t case_id, expires;

	if (!str_eq(cut_field(&rest), STR(STATE_VERSION)))
		return false;
	if (!str_to_i64(cut_field(&rest), 0, INT64_MAX, &case_id))
		return false;
	tenant = cut_field(&rest);
	if (!tenant_allowed(tenant))
		return false;
	if (!str_to_i64(rest, 0, INT64_MAX, &expires))
		return false;
	*out = (struct link_state){ .case_id = case_id,
		.tenant = arena_str(a, tenant), .expires = expires };
	return true;
}

enum cd_rc
link_state_verify(struct arena *a, const struct link_key *key,
    const char *state, int64_t now, struct link_state *out, struct cd_err *err)
{
	static const char refused[] = "state: not signed by us, or changed";
	struct str s = str_of(state), payload;
	struct link_state parsed;
	unsigned char mac[MAC_BYTES];

	if (s.n < MAC_BASE64 + 2 || s.n > CD_MAX_STATE)
		return cd_fail(err, CD_REFUSED, "%s", refused);
	payload = str_sub(s, 0, s.n - MAC_BASE64 - 1);
	sign(key, "consent", payload, mac);
	if (payload.p[payload.n] != '.' ||
	    CRYPTO_memcmp(payload.p + payload.n + 1,
	    base64url(a, mac, sizeof mac), MAC_BASE64) != 0)
		return cd_fail(err, CD_REFUSED, "%s", refused);
	if (!state_parse(a, payload, &parsed))
		return cd_fail(err, CD_REFUSED,
		    "state: signed by us, but of another version");
	*out = parsed;
	if (parsed.expires <= now)
		return cd_fail(err, CD_DONE, "state: the link has expired");
	return CD_OK;
}

/* ---- Message-ID --------------------------------------------------------- */

/* ID_MAC_HEX digits and a NUL. */
static void
id_mac(const struct link_key *key, struct str numbers, char hex[ID_MAC_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char mac[MAC_BYTES];

	sign(key, "message-id", numbers, mac);
	for (size_t i = 0; i < ID_MAC_HEX / 2; i++) {
		hex[2 * i] = digits[mac[i] >> 4];
		hex[2 * i + 1] = digits[mac[i] & 15];
	}
	hex[ID_MAC_HEX] = '\0';
}

const char *
link_message_id(struct arena *a, const struct link_key *key, int64_t case_id,
    int64_t unique, const char *domain)
{
	const char *numbers = arena_printf(a, "%" PRId64 ".%" PRId64, case_id,
	    unique);
	char mac[ID_MAC_HEX + 1];

	id_mac(key, str_of(numbers), mac);
	return arena_printf(a, "cd.%s.%s@%s", numbers, mac, domain);
}

int64_t
link_message_id_case(struct arena *a, const struct link_key *key,
    const char *message_id)
{
	struct str s = str_trim(str_of(message_id)), numbers, rest;
	char want[ID_MAC_HEX + 1];
	int64_t case_id;
	ptrdiff_t at;

	if (s.n > 0 && s.p[0] == '<')
		s = str_sub(s, 1, s.n);
	at = str_find(s, STR("@"));
	/* Two numbers of 20 digits, the MAC, "cd" and three dots. */
	if (at < ID_MAC_HEX + 7 || at > ID_MAC_HEX + 45)
		return 0;
	s = str_of(arena_lower(a, str_sub(s, 0, (size_t)at)));
	if (!str_starts(s, STR("cd.")) || s.p[s.n - ID_MAC_HEX - 1] != '.')
		return 0;
	numbers = str_sub(s, 3, s.n - ID_MAC_HEX - 1);
	rest = numbers;
	if (!str_to_i64(cut_field(&rest), 1, INT64_MAX, &case_id))
		return 0;
	id_mac(key, numbers, want);
	if (CRYPTO_memcmp(s.p + s.n - ID_MAC_HEX, want, ID_MAC_HEX) != 0)
		return 0;
	return case_id;
}

/* ---- reference ---------------------------------------------------------- */

static void
reference_letters(const struct link_key *key, struct str number,
    char out[REFERENCE_LETTERS + 1])
{
	unsigned char mac[MAC_BYTES];
	uint64_t v = 0;

	sign(key, "reference", number, mac);
	for (size_t i = 0; i < sizeof v; i++)
		v = v << 8 | mac[i];
	for (size_t i = 0; i < REFERENCE_LETTERS; i++) {
		out[i] = letters[v % (sizeof letters - 1)];
		v /= sizeof letters - 1;
	}
	out[REFERENCE_LETTERS] = '\0';
}

const char *
link_reference(struct arena *a, const struct link_key *key, int64_t case_id)
{
	const char *number = arena_printf(a, "%" PRId64, case_id);
	char mac[REFERENCE_LETTERS + 1];

	reference_letters(key, str_of(number), mac);
	return arena_printf(a, "CD-%s-%s", number, mac);
}

/* A hyphen is where mail programs break a line; a quote mark may follow. */
static struct str
skip_wrap(struct str s)
{
	for (size_t i = 0; i < 16 && s.n > 0; i++) {
		if (!ascii_space(s.p[0]) && s.p[0] != '>')
			break;
		s = str_sub(s, 1, s.n);
	}
	return s;
}

/* The candidate that starts at s ("cd-"): its case, 0 if it is none. *tried is
 * raised if a signature had to be made. */
static int64_t
reference_at(const struct link_key *key, struct str s, size_t *tried)
{
	char want[REFERENCE_LETTERS + 1], have[REFERENCE_LETTERS];
	struct str number;
	int64_t case_id;

	s = skip_wrap(str_sub(s, 3, s.n));
	number = (struct str){ s.p, 0 };
	while (number.n < s.n && number.n < 20 && ascii_digit(s.p[number.n]))
		number.n++;
	if (!str_to_i64(number, 1, INT64_MAX, &case_id))
		return 0;
	s = str_sub(s, number.n, s.n);
	if (s.n == 0 || s.p[0] != '-')
		return 0;
	s = skip_wrap(str_sub(s, 1, s.n));
	if (s.n < REFERENCE_LETTERS ||
	    (s.n > REFERENCE_LETTERS && ascii_alnum(s.p[REFERENCE_LETTERS])))
		return 0;
	for (size_t i = 0; i < REFERENCE_LETTERS; i++) {
		if (!ascii_alpha(s.p[i]))
			return 0;
		have[i] = (char)(s.p[i] & ~0x20);
	}
	++*tried;
	reference_letters(key, number, want);
	if (CRYPTO_memcmp(have, want, REFERENCE_LETTERS) != 0)
		return 0;
	return case_id;
}

int64_t
link_reference_find(struct arena *a, const struct link_key *key,
    struct str text)
{
	size_t tried = 0;
	struct str rest = text;
	ptrdiff_t at;

	(void)a;
	while (tried < CD_MAX_REFERENCES_TRIED &&
	    (at = str_ifind(rest, STR("cd-"))) >= 0) {
		struct str hit = str_sub(rest, (size_t)at, rest.n);
		bool inside = hit.p > text.p && ascii_alnum(hit.p[-1]);
		int64_t case_id = inside ? 0 : reference_at(key, hit, &tried);

		if (case_id > 0)
			return case_id;
		rest = str_sub(hit, 3, hit.n);
	}
	return 0;
}
