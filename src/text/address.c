/*
 * Address headers by a tolerant scanner instead of RFC 5322's grammar: cut at
 * commas and semicolons outside of quotes, comments and "<>", then find the
 * address in each piece. What the grammar forbids but mails have: unquoted
 * commas and dots in names, missing or doubled brackets, raw 8-bit names,
 * encoded words that hold commas or whole addresses, "mailto:".
 */
#include <string.h>

#include "base/buf.h"
#include "text/address.h"
#include "text/domain.h"

#define MAX_LOCAL	256	/* RFC 5321 4.5.3.1.1 says 64; bounces of ours
				 * and of others are longer */

#define MAX_VALUE	(32 * 1024) /* bytes of a header looked at */
#define MAX_PIECES	(4 * CD_MAX_ADDRESSES)

/* Bytes of the quoted string at s.p[0] == '"', quotes included; 0: it never
 * ends. */
static size_t
quoted_length(struct str s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i + 1;
	}
	return 0;
}

/* Bytes of the comment at s.p[0] == '(', nested ones included; 0: no end. */
static size_t
comment_length(struct str s)
{
	int depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* Bytes of the encoded word at s, 0 if there is none. */
static size_t
word_length(struct str s)
{
	ptrdiff_t end;
	int marks = 0;

	if (!str_starts(s, STR("=?")))
		return 0;
	for (size_t i = 2; i < s.n && i < 80 && marks < 2; i++) {
		if (s.p[i] == '?' && ++marks == 2) {
			s = str_sub(s, 0, i + 1024);
			end = header_word_end(str_sub(s, i + 1, s.n));
			return end < 0 ? 0 : i + 1 + (size_t)end + 2;
		}
	}
	return 0;
}

/* Bytes of the unit at s: a quoted string, comment, encoded word or one byte.
 * *kind is that byte, or 'q', 'c', 'w' made negative for the others. */
static size_t
unit_length(struct str s, int *kind)
{
	size_t n = 0;

	*kind = (unsigned char)s.p[0];
	if (s.p[0] == '"') {
		n = quoted_length(s);
		if (n > 0)
			*kind = -'q';
	} else if (s.p[0] == '(') {
		n = comment_length(s);
		if (n > 0)
			*kind = -'c';
	} else if (s.p[0] == '=') {
		n = word_length(s);
		if (n > 0)
			*kind = -'w';
	}
	return n > 0 ? n : 1;
}

/* A copy in which every quote and comment ends: the first that does not, and
 * those behind it, are taken out. Keeps all that follows linear in time. */
static struct str
quotes_repair(struct arena *a, struct str s)
{
	struct buf out = buf_new(a, s.n + 1);
	bool quotes = true, comments = true;

	for (size_t i = 0, len; i < s.n; i += len) {
		struct str rest = str_sub(s, i, s.n);
		int kind = (unsigned char)rest.p[0];

		len = 1;
		if (kind == '"' && !quotes)
			continue;
		if (kind == '(' && !comments)
			continue;
		len = unit_length(rest, &kind);
		if (kind == '"')
			quotes = false;
		else if (kind == '(')
			comments = false;
		else
			buf_add(&out, rest.p, len);
	}
	return buf_str(&out);
}

static void
unquote(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		buf_char(out, s.p[i]);
	}
}

/* Appends with one blank before it where something stands already. */
static void
put_spaced(struct buf *out, struct str s)
{
	s = str_trim(s);
	if (s.n == 0)
		return;
	if (out->n > 0 && out->p[out->n - 1] != ' ')
		buf_char(out, ' ');
	buf_adds(out, s);
}

/* A display name: quotes taken off, comments left to `comment`, decoded,
 * white space folded. */
static char *
name_clean(struct arena *a, struct str s, struct buf *comment)
{
	struct buf raw = buf_new(a, CD_MAX_HEADER_BYTES);
	char *decoded;
	struct str t;
	size_t n = 0;

	s = str_sub(s, 0, CD_MAX_NAME);
	for (size_t i = 0, len; i < s.n; i += len) {
		int kind;
		struct str unit;

		len = unit_length(str_sub(s, i, s.n), &kind);
		unit = str_sub(s, i, i + len);
		if (kind == -'q')
			unquote(&raw, str_sub(unit, 1, unit.n - 1));
		else if (kind == -'c' && comment)
			put_spaced(comment, str_sub(unit, 1, unit.n - 1));
		else if (kind != '"')
			buf_adds(&raw, unit);
	}
	decoded = header_decode(a, buf_str(&raw), NULL);
	t = str_trim(str_of(decoded));
	/* Outlook writes 'Name' with its own quotes. */
	while (t.n >= 2 && t.p[0] == t.p[t.n - 1] &&
	    (t.p[0] == '\'' || t.p[0] == '"'))
		t = str_trim(str_sub(t, 1, t.n - 1));
	decoded = arena_str(a, t);
	for (size_t i = 0; i < t.n; i++) {
		if (decoded[i] != ' ' || (n > 0 && decoded[n - 1] != ' '))
			decoded[n++] = decoded[i];
	}
	decoded[n] = '\0';
	return decoded;
}

static bool
local_ok(struct str s)
{
	if (s.n == 0 || s.n > MAX_LOCAL)
		return false;
	if (s.p[0] == '"')
		return s.n > 2 && quoted_length(s) == s.n &&
		    !str_has_control(s) && utf8_valid(s);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= 0x20 || c == 0x7f || strchr("()<>[]:;@\\,\"", c))
			return false;
	}
	return utf8_valid(s);
}

/* Letters, digits, "-", "_" and "." that no host name rule lets pass still
 * name a mail's sender ("root@localhost"); so does an address literal. */
static char *
domain_loose(struct arena *a, struct str s)
{
	char *normal = domain_normal(a, s);

	if (normal)
		return normal;
	if (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	if (s.n == 0 || s.n > 253)
		return NULL;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool literal = s.p[0] == '[' && (c == ':' ||
		    (c == '[' && i == 0) || (c == ']' && i + 1 == s.n));

		if (!ascii_alnum(c) && c != '-' && c != '_' && c != '.' &&
		    !literal)
			return NULL;
	}
	return arena_lower(a, s);
}

/* The last "@" outside of a quoted local part. */
static ptrdiff_t
at_sign(struct str s)
{
	size_t from = 0;

	if (s.n > 0 && s.p[0] == '"')
		from = quoted_length(s);
	for (size_t i = s.n; i > from; i--) {
		if (s.p[i - 1] == '@')
			return (ptrdiff_t)i - 1;
	}
	return -1;
}

/* Comments, and blanks outside of quotes, taken out of an address. */
static struct str
addr_squeeze(struct arena *a, struct str s)
{
	struct buf out = buf_new(a, CD_MAX_HEADER_BYTES);

	for (size_t i = 0, len; i < s.n; i += len) {
		int kind;

		len = unit_length(str_sub(s, i, s.n), &kind);
		if (kind == -'c' || (kind > 0 && ascii_space((char)kind)))
			continue;
		buf_adds(&out, str_sub(s, i, i + len));
	}
	return buf_str(&out);
}

static bool
addr_parse(struct arena *a, struct str s, struct mailbox *out)
{
	ptrdiff_t at;
	struct str local;
	char *domain;

	s = addr_squeeze(a, s);
	if (str_istarts(s, STR("mailto:")))
		s = str_sub(s, 7, s.n);
	while (s.n > 0 && strchr("<'[", s.p[0]) && s.p[0])
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && strchr(">',;.", s.p[s.n - 1]) && s.p[s.n - 1])
		s.n--;
	/* RFC 5322 4.4: a route before the address. */
	if (s.n > 0 && s.p[0] == '@') {
		ptrdiff_t colon = str_find(s, STR(":"));

		if (colon < 0)
			return false;
		s = str_sub(s, (size_t)colon + 1, s.n);
	}
	at = at_sign(s);
	if (at <= 0)
		return false;
	local = str_sub(s, 0, (size_t)at);
	domain = domain_loose(a, str_sub(s, (size_t)at + 1, s.n));
	if (!domain || !local_ok(local))
		return false;
	out->local = arena_str(a, local);
	out->domain = domain;
	out->addr = arena_printf(a, "%s@%s", out->local, domain);
	return true;
}

/* Where the "<" of the address stands and where its text ends; false: none. */
static bool
brackets_find(struct str s, size_t *open, size_t *close)
{
	bool found = false;

	*close = s.n;
	for (size_t i = 0, len; i < s.n; i += len) {
		int kind;

		len = unit_length(str_sub(s, i, s.n), &kind);
		if (kind == '<') {
			*open = i;
			*close = s.n;
			found = true;
		} else if (kind == '>' && found && *close == s.n) {
			*close = i;
		}
	}
	return found;
}

/* RFC 5322 4.4 lets blanks stand around dots: "joe . doe". Steps over such a
 * dot, to the left or to the right of `at`; returns `at` if there is none. */
static size_t
spaced_dot(struct str s, size_t at, bool left)
{
	size_t i = at, blanks = 0;

	if (left) {
		while (i > 0 && ascii_space(s.p[i - 1]))
			i--;
		if (i == 0 || s.p[i - 1] != '.')
			return at;
		i--;
		for (; i > 0 && ascii_space(s.p[i - 1]); i--)
			blanks++;
	} else {
		for (; i < s.n && ascii_space(s.p[i]); i++)
			blanks++;
		if (i == s.n || s.p[i] != '.')
			return at;
		i++;
		while (i < s.n && ascii_space(s.p[i]))
			i++;
	}
	return blanks > 0 ? i : at;
}

static size_t
word_begin(struct str s, size_t at)
{
	size_t b = at, before;

	while (b > 0 && ascii_space(s.p[b - 1]))
		b--;
	if (b > 0 && s.p[b - 1] == '"') {
		b--;
		while (b > 0 && s.p[b - 1] != '"')
			b--;
		return b > 0 ? b - 1 : 0;
	}
	do {
		while (b > 0 && !ascii_space(s.p[b - 1]) && s.p[b - 1] != ')')
			b--;
		before = b;
		b = spaced_dot(s, b, true);
	} while (b != before);
	return b;
}

static size_t
word_end(struct str s, size_t at)
{
	size_t e = at, before;

	while (e < s.n && ascii_space(s.p[e]))
		e++;
	do {
		while (e < s.n && !ascii_space(s.p[e]) && s.p[e] != '(')
			e++;
		before = e;
		e = spaced_dot(s, e, false);
	} while (e != before);
	return e;
}

/* The word that holds the "@" of an address without brackets. */
static void
bare_word(struct str s, size_t *from, size_t *to)
{
	ptrdiff_t hit = -1;

	for (size_t i = 0, len; i < s.n; i += len) {
		int kind;

		len = unit_length(str_sub(s, i, s.n), &kind);
		if (kind == '@')
			hit = (ptrdiff_t)i;
	}
	*from = 0;
	*to = s.n;
	if (hit < 0)
		return;
	*from = word_begin(s, (size_t)hit);
	*to = word_end(s, (size_t)hit + 1);
}

/* One piece between commas. `before` is what stood before an earlier comma
 * and had no address: the front of an unquoted "Doe, John". */
static bool
mailbox_parse(struct arena *a, struct str s, struct str before,
    struct mailbox *out)
{
	struct buf comment = buf_new(a, CD_MAX_HEADER_BYTES);
	struct buf name = buf_new(a, CD_MAX_HEADER_BYTES);
	struct mailbox m = { 0 };
	size_t open = 0, close = 0;

	s = str_trim(s);
	if (s.n == 0)
		return false;
	if (brackets_find(s, &open, &close) &&
	    addr_parse(a, str_sub(s, open + 1, close), &m)) {
		close = close < s.n ? close + 1 : close;
	} else {
		bare_word(s, &open, &close);
		if (!addr_parse(a, str_sub(s, open, close), &m)) {
			open = 0;
			close = s.n;
			if (!addr_parse(a, s, &m))
				return false;
		}
	}
	if (before.n > 0) {
		buf_puts(&name, name_clean(a, before, &comment));
		buf_char(&name, ',');
	}
	while (open > 0 && (s.p[open - 1] == '<' ||
	    ascii_space(s.p[open - 1])))
		open--;
	put_spaced(&name, str_of(name_clean(a, str_sub(s, 0, open),
	    &comment)));
	name_clean(a, str_sub(s, close, s.n), &comment);
	m.name = buf_str(&name).p;
	if (!m.name[0])
		m.name = name_clean(a, buf_str(&comment), NULL);
	*out = m;
	return true;
}

/* An encoded word that was put around "Name <addr>" as a whole. */
static struct str
opened(struct arena *a, struct str value)
{
	char *plain;

	if (memchr(value.p, '@', value.n) || str_find(value, STR("=?")) < 0)
		return value;
	plain = header_decode(a, value, NULL);
	return strchr(plain, '@') ? str_of(plain) : value;
}

struct mailbox_list
address_list_parse(struct arena *a, struct str value)
{
	struct mailbox_list list = { 0 };
	struct str before = { "", 0 };
	size_t from = 0, cap = 4, i = 0, pieces = 0;
	bool angle = false;

	value = str_sub(value, 0, MAX_VALUE);
	if (value.n == 0)
		return list;
	value = quotes_repair(a, opened(a, value));
	list.v = arena_array(a, cap, sizeof *list.v);
	while (i <= value.n && list.n < CD_MAX_ADDRESSES &&
	    pieces < MAX_PIECES) {
		int kind = ',';
		size_t len = 1;
		struct str piece;

		if (i < value.n)
			len = unit_length(str_sub(value, i, value.n), &kind);
		i += len;
		if (kind == '<')
			angle = true;
		else if (kind == '>')
			angle = false;
		/* A group's name goes away; its members are taken one by
		 * one. */
		if (kind == ':' && !angle && !str_iends(
		    str_sub(value, from, i - 1), STR("mailto"))) {
			from = i;
			before.n = 0;
		}
		if (i <= value.n && ((kind != ',' && kind != ';') ||
		    (angle && memchr(value.p + i, '>',
		    value.n - i < 512 ? value.n - i : 512))))
			continue;
		angle = false;
		pieces++;
		piece = str_sub(value, from, i - 1);
		from = i;
		if (list.n == cap) {
			struct mailbox *more = arena_array(a, cap * 2,
			    sizeof *more);

			memcpy(more, list.v, cap * sizeof *more);
			list.v = more;
			cap *= 2;
		}
		if (mailbox_parse(a, piece, before, &list.v[list.n])) {
			list.n++;
			before.n = 0;
		} else {
			before = kind == ',' && before.n == 0 ?
			    str_trim(piece) : (struct str){ "", 0 };
		}
	}
	return list;
}

/* RFC 5322 3.4.1 as far as our own users' input needs it. */
bool
address_valid(const char *s)
{
	struct str all = str_of(s);
	ptrdiff_t at = at_sign(all);
	struct arena *a;
	bool ok;

	if (at <= 0 || !local_ok(str_sub(all, 0, (size_t)at)))
		return false;
	if (all.p[0] == '.' || all.p[at - 1] == '.' ||
	    str_find(str_sub(all, 0, (size_t)at), STR("..")) >= 0)
		return false;
	a = arena_new();
	ok = domain_normal(a, str_sub(all, (size_t)at + 1, all.n)) != NULL;
	arena_free(&a);
	return ok;
}
