/*
 * Values of the configuration: from text to field, by type.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>

#include "base/buf.h"
#include "base/clock.h"
#include "io/config_value.h"

bool
host_is_loopback(struct str host)
{
	char text[64];
	struct in_addr v4;

	if (str_ieq(host, STR("localhost")) || str_eq(host, STR("::1")))
		return true;
	if (host.n == 0 || host.n >= sizeof text)
		return false;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	return inet_pton(AF_INET, text, &v4) == 1 &&
	    ntohl(v4.s_addr) >> 24 == 127;
}

bool
config_same_folder(const char *one, const char *other)
{
	if (!one || !other)
		return false;
	return strcmp(one, other) == 0 ||
	    (str_ieq(str_of(one), STR("INBOX")) &&
	    str_ieq(str_of(other), STR("INBOX")));
}

/* The host ahead of a ":port" or the end; brackets taken off. */
static struct str
authority_host(struct str s)
{
	ptrdiff_t end;

	if (str_starts(s, STR("["))) {
		end = str_find(s, STR("]"));
		return end < 0 ? str_sub(s, 0, 0)
			       : str_sub(s, 1, (size_t)end);
	}
	end = str_find(s, STR(":"));
	return end < 0 ? s : str_sub(s, 0, (size_t)end);
}

struct str
listen_host(const char *text)
{
	return authority_host(str_of(text));
}

struct str
url_host(const char *url)
{
	struct str s = str_of(url);
	ptrdiff_t at = str_find(s, STR("://"));

	if (at < 0)
		return str_sub(s, 0, 0);
	s = str_sub(s, (size_t)at + 3, s.n);
	return authority_host(str_sub(s, 0, strcspn(s.p, "/?#")));
}

const char *
url_path(struct arena *a, const char *url)
{
	const char *p = strstr(url, "://");

	p = p ? p + 3 : url;
	p += strcspn(p, "/?#");
	return *p == '/' ? arena_strndup(a, p, strcspn(p, "?#")) : "/";
}

bool
path_is_queue(const char *path)
{
	static const char *const names[] = { "/cases", "/numbers", "/live",
		"/login", "/logout", NULL };

	for (size_t i = 0; names[i]; i++) {
		if (strcmp(path, names[i]) == 0)
			return true;
	}
	return str_starts(str_of(path), STR("/cases/")) ||
	    str_starts(str_of(path), STR("/answers/")) ||
	    str_starts(str_of(path), STR("/static/"));
}

bool
path_is_health(const char *path)
{
	return strcmp(path, "/healthz") == 0 ||
	    strcmp(path, "/readyz") == 0 || strcmp(path, "/metrics") == 0;
}

static bool
has_space(const char *s)
{
	return strpbrk(s, " \t") != NULL;
}

static bool
host_ok(struct str h)
{
	if (h.n == 0 || h.n > 253)
		return false;
	for (size_t i = 0; i < h.n; i++) {
		char c = h.p[i];

		if (!ascii_alnum(c) && !strchr(".-_:", c))
			return false;
	}
	return true;
}

static bool
port_ok(const char *s)
{
	int64_t port;

	return str_to_i64(str_of(s), 1, 65535, &port);
}

static bool
url_port_ok(const char *url)
{
	const char *auth = strstr(url, "://") + 3;
	struct str host = url_host(url);
	const char *after = host.p + host.n;
	char port[8];
	size_t n;

	if (*auth == '[')
		after++;
	n = strcspn(after, "/?#");
	if (n == 0)
		return true;
	if (*after != ':' || n < 2 || n > 6)
		return false;
	memcpy(port, after + 1, n - 1);
	port[n - 1] = '\0';
	return port_ok(port);
}

static const char *
url_set(struct config *c, const char *text, bool base, const char **out)
{
	struct str s = str_of(text), host = url_host(text);
	bool https = str_istarts(s, STR("https://"));
	bool http = str_istarts(s, STR("http://"));

	if (has_space(text) || strchr(text, '@') || strchr(text, '#') ||
	    (!https && !http) || !host_ok(host) || !url_port_ok(text) ||
	    (base && strchr(text, '?')))
		return arena_printf(c->arena,
		    "'%.100s' is no address such as https://host/path", text);
	if (http && !host_is_loopback(host))
		return arena_printf(c->arena,
		    "'%.100s': must be https:// (http:// only to this "
		    "machine)", text);
	while (base && s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	*out = arena_str(c->arena, s);
	return NULL;
}

/* Links, redirects and cookies of our pages are from "/" on. */
static const char *
site_set(struct config *c, const char *text, const char **out)
{
	const char *fault = url_set(c, text, true, out), *host;
	size_t n;

	if (fault)
		return fault;
	host = strstr(*out, "://") + 3;
	n = strcspn(host, "/");
	if (host[n] == '\0')
		return NULL;
	return arena_printf(c->arena, "'%.100s': the pages need a host of their "
	    "own, with no path: %.*s", text, (int)(host - *out + (ptrdiff_t)n),
	    *out);
}

static const char *
listen_set(struct config *c, const char *text, const char **out)
{
	struct str host = listen_host(text);
	const char *colon = strrchr(text, ':');
	bool v6 = text[0] == '[';
	unsigned char raw[16];
	char *name = arena_str(c->arena, host);

	if (*text && (inet_pton(v6 ? AF_INET6 : AF_INET, name, raw) != 1 ||
	    !colon || colon != host.p + host.n + v6 || !port_ok(colon + 1)))
		return arena_printf(c->arena,
		    "'%.100s': allowed are an address and a port such as "
		    "127.0.0.1:8425 or [::1]:8425, or nothing", text);
	*out = arena_strdup(c->arena, text);
	return NULL;
}

static bool
address_ok(struct str s)
{
	ptrdiff_t at = str_find(s, STR("@"));

	if (at <= 0 || s.n > 254 || !host_ok(str_sub(s, (size_t)at + 1, s.n)))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_space(s.p[i]) || strchr("<>,;:\"()[]\\", s.p[i]))
			return false;
	}
	return true;
}

static const char *
list_set(struct config *c, const char *text, bool addresses,
    struct config_list *out)
{
	struct config_list list = { arena_array(c->arena, CD_MAX_CONFIG_LIST,
					sizeof(char *)), 0 };
	struct str rest = str_of(text);

	while (rest.n > 0) {
		ptrdiff_t comma = str_find(rest, STR(","));
		size_t end = comma < 0 ? rest.n : (size_t)comma;
		struct str item = str_trim(str_sub(rest, 0, end));

		rest = str_sub(rest, end + 1, rest.n);
		if (item.n == 0)
			continue;
		if (list.n == CD_MAX_CONFIG_LIST)
			return arena_printf(c->arena,
			    "more than %d values", CD_MAX_CONFIG_LIST);
		if (addresses && !address_ok(item))
			return arena_printf(c->arena,
			    "'%.*s' is no plain address such as "
			    "help@example.com",
			    (int)(item.n > 100 ? 100 : item.n), item.p);
		list.v[list.n++] = arena_str(c->arena, item);
	}
	*out = list;
	return NULL;
}

static const char *
number_set(struct config *c, const struct config_key *key, const char *text,
    int64_t *out)
{
	struct str s = str_of(text);
	int64_t unit = 1, v;
	char last = s.n > 1 ? ascii_lower(s.p[s.n - 1]) : '0';

	if (key->type == CONFIG_SIZE && (last == 'k' || last == 'm')) {
		unit = last == 'k' ? 1024 : 1024 * 1024;
		s.n--;
	}
	if (str_to_i64(s, 0, (int64_t)key->max / unit, &v) &&
	    (double)(v * unit) >= key->min) {
		*out = v * unit;
		return NULL;
	}
	return arena_printf(c->arena, "'%.60s': allowed is %.0f to %.0f%s",
	    text, key->min, key->max,
	    key->type == CONFIG_SIZE ? " bytes, also as 512k or 1M" : "");
}

static const char *
real_set(struct config *c, const struct config_key *key, const char *text,
    double *out)
{
	char *end;
	double v = strtod(text, &end);

	/* strtod would also take hexadecimal, "inf" and "nan". */
	if (*text && !*end && strspn(text, "0123456789.") == strlen(text) &&
	    v >= key->min && v <= key->max) {
		*out = v;
		return NULL;
	}
	return arena_printf(c->arena, "'%.60s': allowed is %g to %g", text,
	    key->min, key->max);
}

static const char *
word_set(struct config *c, const struct config_key *key, const char *text,
    int *out)
{
	struct buf allowed = buf_new(c->arena, 200);

	for (int i = 0; key->words[i]; i++) {
		if (!*key->words[i])
			continue;
		if (strcmp(key->words[i], text) == 0) {
			*out = i;
			return NULL;
		}
		buf_printf(&allowed, "%s%s", allowed.n ? ", " : "",
		    key->words[i]);
	}
	buf_str(&allowed);
	return arena_printf(c->arena, "'%.60s': allowed are %s", text,
	    allowed.p);
}

static const char *
start_set(struct config *c, const char *text)
{
	if (strcmp(text, "now") == 0) {
		c->mailbox.start = START_NOW;
	} else if (strcmp(text, "all") == 0) {
		c->mailbox.start = START_ALL;
	} else {
		if (clock_parse(str_of(text), &c->mailbox.start_date) !=
		    CD_OK)
			return arena_printf(c->arena,
			    "'%.60s': allowed are now, all or a date such as "
			    "2026-11-01", text);
		c->mailbox.start = START_DATE;
	}
	return NULL;
}

/* A secret's plain name stays one where systemd has a credential of it. */
static const char *
path_of(struct config *c, const struct config_key *key, const char *text,
    const char *dir)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	if (text[0] == '/')
		return arena_strdup(c->arena, text);
	if (key->type == CONFIG_SECRET && !strchr(text, '/') && credentials &&
	    *credentials) {
		const char *there =
		    arena_printf(c->arena, "%s/%s", credentials, text);

		if (access(there, F_OK) == 0)
			return arena_strdup(c->arena, text);
	}
	return arena_printf(c->arena, "%s/%s", dir, text);
}

static const char *
wrong(struct config *c, const char *text, const char *allowed)
{
	return arena_printf(c->arena, "'%.100s': allowed is %s", text,
	    allowed);
}

const char *
config_value_set(struct config *c, const struct config_key *key,
    const char *text, const char *dir)
{
	void *field = (char *)c + key->at;
	const char **s = field, *fault;
	int choice;

	switch (key->type) {
	case CONFIG_URL:
	case CONFIG_BASE_URL:
		return url_set(c, text, key->type == CONFIG_BASE_URL, s);
	case CONFIG_SITE_URL:
		return site_set(c, text, s);
	case CONFIG_LISTEN:
		return listen_set(c, text, s);
	case CONFIG_LIST:
	case CONFIG_ADDRESSES:
		return list_set(c, text, key->type == CONFIG_ADDRESSES, field);
	case CONFIG_NUMBER:
	case CONFIG_SIZE:
		return number_set(c, key, text, field);
	case CONFIG_REAL:
		return real_set(c, key, text, field);
	case CONFIG_START:
		return start_set(c, text);
	case CONFIG_ENUM:
		return word_set(c, key, text, field);
	case CONFIG_FLAG:
		fault = word_set(c, key, text, &choice);
		if (!fault)
			*(bool *)field = choice != 0;
		return fault;
	case CONFIG_PATH:
	case CONFIG_SECRET:
		*s = path_of(c, key, text, dir);
		return NULL;
	case CONFIG_WORD:
		if (has_space(text))
			return wrong(c, text, "one word without spaces");
		break;
	case CONFIG_HOST:
		if (!host_ok(str_of(text)))
			return wrong(c, text, "a host name or address");
		break;
	case CONFIG_ADDRESS:
		if (!address_ok(str_of(text)))
			return wrong(c, text, "a plain address such as "
			    "ops@example.com");
		break;
	case CONFIG_ENVELOPE:
		if (strcmp(text, "<>") != 0 && !address_ok(str_of(text)))
			return wrong(c, text, "a plain address, or <>");
		break;
	case CONFIG_TEXT:
		break;
	}
	*s = arena_strdup(c->arena, text);
	return NULL;
}
