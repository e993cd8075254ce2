#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text/codes.h"
#include "text/link.h"

#define MAX_CODES	1024
#define MAX_FILE	(64 * 1024)
#define MAX_DRAFTS	64

static const char *const remedies[] = {
	"consent", "customer_admin", "user", "vendor", "vendor_urgent",
	"national_cloud", "retry",
};

struct codes {
	int code[MAX_CODES];
	int line[MAX_CODES];
	const char *remedy[MAX_CODES];
	const char *draft[MAX_CODES];	/* NULL: none */
	size_t n;
	const char *drafts[MAX_DRAFTS];
	size_t n_drafts;
};

static const char *
remedy_of(struct str name)
{
	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
		if (str_eq(name, str_of(remedies[i])))
			return remedies[i];
	}
	return NULL;
}

static bool
next_code(struct str *rest, struct str *word)
{
	size_t n = 0;

	*rest = str_trim(*rest);
	while (n < rest->n && !ascii_space(rest->p[n]))
		n++;
	*word = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return n > 0;
}

/* "remedy" or "remedy/draft". */
static bool
parse_head(struct arena *a, struct codes *c, struct str head,
    const char **remedy, const char **draft)
{
	ptrdiff_t slash = str_find(head, STR("/"));
	struct str name;

	*draft = NULL;
	*remedy = remedy_of(slash < 0 ? head : str_sub(head, 0, (size_t)slash));
	if (!*remedy || slash < 0)
		return *remedy != NULL;
	name = str_sub(head, (size_t)slash + 1, head.n);
	for (size_t i = 0; i < name.n; i++) {
		if (!ascii_alpha(name.p[i]) && name.p[i] != '_')
			return false;
	}
	if (name.n == 0 || c->n_drafts == MAX_DRAFTS)
		return false;
	*draft = c->drafts[c->n_drafts++] = arena_str(a, name);
	return true;
}

static enum cd_rc
parse_line(struct arena *a, struct codes *c, struct str line,
    const char *file, int at, struct cd_err *err)
{
	ptrdiff_t eq = str_find(line, STR("="));
	struct str rest, word;
	const char *remedy, *draft;

	if (line.n == 0 || line.p[0] == '#')
		return CD_OK;
	if (eq < 0 || !parse_head(a, c, str_trim(str_sub(line, 0, (size_t)eq)),
	    &remedy, &draft))
		return cd_fail(err, CD_MALFORMED, "%s:%d: \"remedy = codes\" "
		    "or \"remedy/template = codes\" with a remedy of the list "
		    "above it, not \"%.*s\"", file, at, STR_FMT(line));
	rest = str_sub(line, (size_t)eq + 1, line.n);
	while (next_code(&rest, &word)) {
		int64_t code;

		if (!str_to_i64(word, 10000, 9999999, &code) ||
		    c->n == MAX_CODES)
			return cd_fail(err, CD_MALFORMED, "%s:%d: no code: "
			    "\"%.*s\"", file, at, STR_FMT(word));
		for (size_t i = 0; i < c->n; i++) {
			if (c->code[i] == (int)code)
				return cd_fail(err, CD_MALFORMED, "%s:%d: "
				    "%.*s stands in line %d already", file, at,
				    STR_FMT(word), c->line[i]);
		}
		c->line[c->n] = at;
		c->code[c->n] = (int)code;
		c->draft[c->n] = draft;
		c->remedy[c->n++] = remedy;
	}
	return CD_OK;
}

enum cd_rc
codes_load(struct arena *a, const char *file, struct codes **out,
    struct cd_err *err)
{
	struct codes *c = arena_alloc(a, sizeof *c);
	FILE *f = fopen(file, "rbe");
	enum cd_rc rc = CD_OK;
	struct str text, line;
	char *bytes;
	int bad;

	if (!f)
		return cd_fail(err, CD_ABSENT, "%s: %s", file, strerror(errno));
	bytes = arena_alloc(a, MAX_FILE + 1);
	text = (struct str){ bytes, fread(bytes, 1, MAX_FILE + 1, f) };
	bad = ferror(f) ? errno : 0;
	fclose(f);
	if (bad)
		return cd_fail(err, CD_MALFORMED, "%s: %s", file,
		    strerror(bad));
	if (text.n > MAX_FILE)
		return cd_fail(err, CD_MALFORMED, "%s: longer than %d bytes",
		    file, MAX_FILE);
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.n);
	for (int at = 1; rc == CD_OK && str_line(&text, &line); at++)
		rc = parse_line(a, c, str_trim(line), file, at, err);
	if (rc == CD_OK)
		*out = c;
	return rc;
}

const char *
codes_remedy(const struct codes *c, int code)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->code[i] == code)
			return c->remedy[i];
	}
	return "";
}

const char *
codes_draft(const struct codes *c, int code)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->code[i] == code)
			return c->draft[i];
	}
	return NULL;
}

const char *
codes_draft_at(const struct codes *c, size_t i)
{
	return i < c->n_drafts ? c->drafts[i] : NULL;
}

/* How long what may stand before a code is: a blank, a dash, a colon, "#", or
 * one of them as an address writes it. */
static size_t
gap_at(struct str s)
{
	static const struct str written[] = { { "%20", 3 }, { "%3a", 3 },
		{ "%2d", 3 }, { "%23", 3 } };

	if (s.n > 0 && (ascii_space(s.p[0]) || strchr("-:#", s.p[0])))
		return 1;
	for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
		if (str_starts(s, written[i]))
			return written[i].n;
	}
	return 0;
}

/* 5 to 7 digits at s, gaps before them. */
static int
code_at(struct str s)
{
	size_t n = 0, gap;
	int64_t code;

	while ((gap = gap_at(s)) > 0)
		s = str_sub(s, gap, s.n);
	while (n < s.n && n < 8 && ascii_digit(s.p[n]))
		n++;
	if (n < 5 || n > 7 || !str_to_i64(str_sub(s, 0, n), 0, 9999999, &code))
		return 0;
	return (int)code;
}

int
codes_find(struct str s)
{
	static const struct str marks[] = {
		{ "aadsts", 6 }, { "error code:", 11 }, { "error code", 10 },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct str rest = s;
		ptrdiff_t at;

		while ((at = str_find(rest, marks[i])) >= 0) {
			int code;

			rest = str_sub(rest, (size_t)at + marks[i].n, rest.n);
			code = code_at(rest);
			if (code > 0)
				return code;
		}
	}
	return 0;
}

/* Does a host's name begin at s.p[at], and not in the middle of another one's or
 * of its address? */
static bool
host_begins(struct str s, size_t at)
{
	char c;

	if (at == 0 || str_iends(str_sub(s, 0, at), STR("://")))
		return true;
	c = s.p[at - 1];
	return !utf8_word_byte(c) && !strchr(".-_@/\\%?#&=~+", c);
}

struct str
codes_tenant(struct str s, struct str known)
{
	static const char *const hosts[] = {
		"login.microsoftonline.com/", "login.microsoftonline.us/",
		"login.partner.microsoftonline.cn/", "login.windows.net/",
	};

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		struct str host = str_of(hosts[i]), guid;
		size_t from = 0;
		ptrdiff_t at;

		while ((at = str_find(str_sub(s, from, s.n), host)) >= 0) {
			size_t begin = from + (size_t)at;

			from = begin + host.n;
			guid = str_sub(s, from, from + 36);
			if (host_begins(s, begin) &&
			    link_tenant_is_company(guid) &&
			    !str_ieq(guid, known))
				return guid;
		}
	}
	return (struct str){ NULL, 0 };
}

/* What may stand between "client_id=" and the GUID. */
static struct str
bracket_skip(struct str s)
{
	static const struct str marks[] = { { "{", 1 }, { "%7b", 3 },
		{ "\"", 1 }, { "%22", 3 }, { "'", 1 } };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (str_starts(s, marks[i]))
			return str_sub(s, marks[i].n, s.n);
	}
	return s;
}

struct str
codes_client(struct str s, struct str known)
{
	static const struct str marks[] = { { "client_id=", 10 },
		{ "client_id%3d", 12 }, { "appid/", 6 }, { "appid%2f", 8 } };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct str rest = s, guid;
		ptrdiff_t at;

		while ((at = str_find(rest, marks[i])) >= 0) {
			rest = str_sub(rest, (size_t)at + marks[i].n, rest.n);
			guid = str_sub(bracket_skip(rest), 0, 36);
			if (str_is_guid(guid) && !str_ieq(guid, known))
				return guid;
		}
	}
	return (struct str){ NULL, 0 };
}
