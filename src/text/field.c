#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "text/address.h"
#include "text/charset.h"
#include "text/field.h"

#define MAX_NAME	200	/* bytes of a field's name */
#define MAX_PIECES	64	/* RFC 2231 continuations of one parameter */

/* Length of a field name that a colon follows at the start of s, else 0;
 * *colon_out is where the colon stands. */
static size_t
name_length(struct str s, size_t *colon_out)
{
	size_t n = 0, colon;

	while (n < s.n && n < MAX_NAME && s.p[n] > 0x20 && s.p[n] < 0x7f &&
	    s.p[n] != ':')
		n++;
	colon = n;
	while (colon < s.n && (s.p[colon] == ' ' || s.p[colon] == '\t'))
		colon++;
	if (n == 0 || colon == s.n || s.p[colon] != ':')
		return 0;
	*colon_out = colon;
	return n;
}

static bool
is_field(struct str rest)
{
	size_t colon;

	return name_length(rest, &colon) > 0;
}

bool
field_next(struct str *rest, struct str *name_out, struct str *raw_out)
{
	struct str line, ahead = *rest;
	size_t name, colon = 0;

	for (;;) {
		if (!str_line(&ahead, &line))
			return false;
		if (line.n == 0) {
			*rest = ahead;
			return false;
		}
		name = name_length(line, &colon);
		if (name > 0)
			break;
		/* A blank line that has blanks on it ends the header too. */
		if (str_trim(line).n == 0) {
			*rest = ahead;
			return false;
		}
		if (!is_field(ahead))
			return false;
		*rest = ahead;
	}
	*name_out = str_sub(line, 0, name);
	raw_out->p = line.p + colon + 1;
	while (ahead.n > 0 && (ahead.p[0] == ' ' || ahead.p[0] == '\t')) {
		struct str after = ahead, more;

		str_line(&after, &more);
		if (str_trim(more).n == 0 && !is_field(after) &&
		    !(after.n > 0 && (after.p[0] == ' ' || after.p[0] == '\t')))
			break;
		ahead = after;
	}
	raw_out->n = (size_t)(ahead.p - raw_out->p);
	*rest = ahead;
	return true;
}

/* Nearly all of a header: stands as it is. */
static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

char *
field_unfold(struct arena *a, struct str raw)
{
	char *out;
	size_t n = 0;
	bool high = false, gap = false;

	raw = str_sub(str_trim(raw), 0, CD_MAX_HEADER_BYTES);
	out = arena_room(a, raw.n + 1);
	for (size_t i = 0; i < raw.n; i++) {
		unsigned char c = (unsigned char)raw.p[i];

		if (!gap && is_plain(c)) {
			out[n++] = (char)c;
			continue;
		}
		if (c == '\n') {
			gap = true;
			continue;
		}
		if (gap && (c == ' ' || c == '\t'))
			continue;
		if (gap) {
			out[n++] = ' ';
			gap = false;
		}
		if (c == '\t')
			c = ' ';
		if (c < 0x20 || c == 0x7f)
			continue;
		if (c >= 0x80)
			high = true;
		out[n++] = (char)c;
	}
	if (high) {
		struct str s = charset_to_utf8(a, (struct str){ out, n },
		    NULL, NULL);

		return arena_str(a, str_trim(s));
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

char *
field_token(struct arena *a, struct str value)
{
	char *out;
	size_t n = 0;
	int depth = 0;

	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == ';' || value.p[i] == ',') {
			value.n = i;
			break;
		}
	}
	out = arena_alloc(a, value.n + 1);
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !ascii_space(c) && c != '"')
			out[n++] = ascii_lower(c);
	}
	return out;
}

/* Bytes of the quoted string at s.p[0] == '"', quotes included. */
static size_t
quoted_length(struct str s)
{
	size_t i = 1;

	for (; i < s.n && s.p[i] != '"'; i++) {
		/* Windows writes paths here: a backslash counts as quoting
		 * only before what needs it. */
		if (s.p[i] == '\\' && i + 1 < s.n &&
		    (s.p[i + 1] == '"' || s.p[i + 1] == '\\'))
			i++;
	}
	return i < s.n ? i + 1 : s.n;
}

/* A value as param_next cuts it, its quotes taken off. */
static struct str
unquoted(struct arena *a, struct str raw)
{
	char *copy;
	size_t n = 0;

	if (raw.n == 0 || raw.p[0] != '"')
		return raw;
	copy = arena_room(a, raw.n);
	for (size_t i = 1; i < raw.n && raw.p[i] != '"'; i++) {
		if (raw.p[i] == '\\' && i + 1 < raw.n &&
		    (raw.p[i + 1] == '"' || raw.p[i + 1] == '\\'))
			i++;
		copy[n++] = raw.p[i];
	}
	return (struct str){ copy, n };
}

/* The next "name=value" after a ";"; the value with its quotes, since most are
 * of parameters that nobody asked for. */
static bool
param_next(struct str *rest, struct str *name, struct str *value)
{
	size_t i = 0, from;

	while (i < rest->n && (rest->p[i] == ';' || ascii_space(rest->p[i])))
		i++;
	from = i;
	while (i < rest->n && rest->p[i] != '=' && rest->p[i] != ';')
		i++;
	if (from == rest->n)
		return false;
	*name = str_trim(str_sub(*rest, from, i));
	*value = (struct str){ "", 0 };
	if (i < rest->n && rest->p[i] == '=') {
		i++;
		while (i < rest->n && ascii_space(rest->p[i]))
			i++;
		if (i < rest->n && rest->p[i] == '"') {
			from = i;
			i += quoted_length(str_sub(*rest, i, rest->n));
			*value = str_sub(*rest, from, i);
			while (i < rest->n && rest->p[i] != ';')
				i++;
		} else {
			from = i;
			while (i < rest->n && rest->p[i] != ';')
				i++;
			*value = str_trim(str_sub(*rest, from, i));
		}
	}
	*rest = str_sub(*rest, i, rest->n);
	return true;
}

struct pieces {
	struct str v[MAX_PIECES];
	bool coded[MAX_PIECES];
	size_t n;		/* highest index seen + 1 */
};

/* "filename*1*" against "filename": puts the value in its place. */
static void
piece_add(struct pieces *ps, struct str name, const char *want,
    struct str value)
{
	size_t len = strlen(want);
	struct str tail;
	bool coded = false;
	int64_t index = 0;

	if (!str_istarts(name, str_of(want)))
		return;
	tail = str_sub(name, len, name.n);
	if (tail.n > 0 && tail.p[0] != '*')
		return;
	if (tail.n > 0 && tail.p[tail.n - 1] == '*') {
		coded = true;
		tail.n--;
	}
	if (tail.n > 1 && !str_to_i64(str_sub(tail, 1, tail.n), 0,
	    MAX_PIECES - 1, &index))
		return;
	/* The first of its kind counts; but RFC 2231's form of the whole
	 * value beats the plain one that stands beside it. */
	if (ps->v[index].p && !(coded && !ps->coded[index]))
		return;
	ps->v[index] = value;
	ps->coded[index] = coded;
	if ((size_t)index >= ps->n)
		ps->n = (size_t)index + 1;
}

static void
percent_decode(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && ascii_hex(s.p[i + 1]) >= 0 &&
		    ascii_hex(s.p[i + 2]) >= 0) {
			buf_char(out, (char)(ascii_hex(s.p[i + 1]) << 4 |
			    ascii_hex(s.p[i + 2])));
			i += 2;
		} else {
			buf_char(out, s.p[i]);
		}
	}
}

static char *
pieces_join(struct arena *a, const struct pieces *ps, bool *lossy)
{
	struct buf bytes = buf_new(a, CD_MAX_HEADER_BYTES);
	const char *charset = NULL;
	struct str text;

	for (size_t i = 0; i < ps->n && ps->v[i].p; i++) {
		struct str v = ps->v[i];

		if (ps->coded[i] && i == 0) {
			ptrdiff_t q = str_find(v, STR("'"));
			ptrdiff_t r = q < 0 ? -1 : str_find(
			    str_sub(v, (size_t)q + 1, v.n), STR("'"));

			if (r >= 0) {
				charset = arena_strndup(a, v.p, (size_t)q);
				v = str_sub(v, (size_t)(q + r) + 2, v.n);
			}
		}
		if (ps->coded[i])
			percent_decode(&bytes, v);
		else
			buf_adds(&bytes, v);
	}
	if (!charset)
		return header_decode(a, buf_str(&bytes), lossy);
	text = charset_to_utf8(a, buf_str(&bytes), charset, lossy);
	return header_decode(a, text, NULL);
}

static bool
pieces_find(struct str value, const char *name, struct pieces *ps)
{
	struct str rest, n, v;
	ptrdiff_t semi = str_find(value, STR(";"));

	if (semi < 0)
		return false;
	rest = str_sub(value, (size_t)semi, value.n);
	/* Most headers do not have the parameter: cheap to know. */
	if (str_ifind(rest, str_of(name)) < 0)
		return false;
	*ps = (struct pieces){ 0 };
	while (param_next(&rest, &n, &v))
		piece_add(ps, n, name, v);
	return ps->n > 0 && ps->v[0].p;
}

char *
field_param(struct arena *a, struct str value, const char *name, bool *lossy)
{
	struct pieces ps;

	if (!pieces_find(value, name, &ps))
		return NULL;
	for (size_t i = 0; i < ps.n && ps.v[i].p; i++)
		ps.v[i] = unquoted(a, ps.v[i]);
	return pieces_join(a, &ps, lossy);
}

bool
field_has_param(struct str value, const char *name)
{
	struct pieces ps;

	return pieces_find(value, name, &ps);
}

bool
field_cut_params(char *value)
{
	size_t n = 0;

	for (char *p = value; (p = strchr(p, ';')); p++) {
		if (n++ == CD_MAX_PARAMETERS) {
			*p = '\0';
			return true;
		}
	}
	return false;
}

static bool
number_next(struct str *s, int64_t max, int64_t *out)
{
	size_t n = 0;

	while (s->n > 0 && !ascii_digit(s->p[0]) && s->p[0] != '+' &&
	    s->p[0] != '-')
		*s = str_sub(*s, 1, s->n);
	while (n < s->n && n < 6 && ascii_digit(s->p[n]))
		n++;
	if (!str_to_i64(str_sub(*s, 0, n), 0, max, out))
		return false;
	*s = str_sub(*s, n, s->n);
	return true;
}

/* Seconds east of UTC; what is not known counts as UTC, RFC 5322 4.3. */
static int64_t
zone_offset(struct str s)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = { { "EDT", -4 }, { "EST", -5 }, { "CDT", -5 },
		{ "CST", -6 }, { "MDT", -6 }, { "MST", -7 }, { "PDT", -7 },
		{ "PST", -8 }, { "CET", 1 }, { "CEST", 2 }, { "EET", 2 },
		{ "EEST", 3 }, { "MSK", 3 }, { "BST", 1 } };
	int64_t v;

	s = str_trim(s);
	if (s.n >= 5 && (s.p[0] == '+' || s.p[0] == '-')) {
		/* "+0200", and "+02:00" by those who know ISO 8601 better. */
		size_t colon = s.n >= 6 && s.p[3] == ':';
		const char digits[4] = { s.p[1], s.p[2], s.p[3 + colon],
			s.p[4 + colon] };

		if (!str_to_i64((struct str){ digits, 4 }, 0, 2400, &v))
			return 0;
		v = v / 100 * 3600 + v % 100 * 60;
		return s.p[0] == '-' ? -v : v;
	}
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		size_t len = strlen(zones[i].name);

		if (str_istarts(s, str_of(zones[i].name)) &&
		    (s.n == len || !ascii_alpha(s.p[len])))
			return zones[i].hours * 3600;
	}
	return 0;
}

static int
month_of(struct str s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int m = 0; m < 12; m++) {
		if (str_istarts(s, (struct str){ names + m * 3, 3 }))
			return m;
	}
	return -1;
}

int64_t
field_date(struct str s)
{
	struct tm tm = { 0 };
	int64_t day, year, hour, minute, second = 0;
	time_t at;

	s = str_sub(str_trim(s), 0, 100);
	if (!number_next(&s, 31, &day))
		return 0;
	while (s.n > 0 && !ascii_alpha(s.p[0]))
		s = str_sub(s, 1, s.n);
	tm.tm_mon = month_of(s);
	if (tm.tm_mon < 0 || day < 1)
		return 0;
	while (s.n > 0 && ascii_alpha(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && s.p[0] == '-')
		s = str_sub(s, 1, s.n);
	if (!number_next(&s, 9999, &year) || !number_next(&s, 24, &hour) ||
	    !number_next(&s, 59, &minute))
		return 0;
	if (s.n > 0 && s.p[0] == ':' && !number_next(&s, 60, &second))
		return 0;
	/* RFC 5322 4.3: two digits below 50 are of this century. */
	if (year < 50)
		year += 2000;
	else if (year < 1000)
		year += 1900;
	tm.tm_mday = (int)day;
	tm.tm_year = (int)year - 1900;
	tm.tm_hour = (int)hour;
	tm.tm_min = (int)minute;
	tm.tm_sec = (int)second;
	at = timegm(&tm);
	return at <= 0 ? 0 : (int64_t)at - zone_offset(s);
}
