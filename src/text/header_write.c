/*
 * Header fields on their way out. An injected header needs a line end, and no
 * control byte gets past header_clean, header_id_valid and clean_address; the
 * only line ends written are those of field_break.
 *
 * RFC 5322 2.1.1 (lines), 2.2.3 (folding), 3.2.4 (quoted strings), RFC 2047.
 */
#include <string.h>

#include <openssl/evp.h>

#include "text/header_write.h"

#define COLUMNS		76	/* RFC 2047 2: a line with an encoded-word */
#define WORD_MAX	75	/* RFC 2047 2: one encoded-word */
#define WORD_FRAME	12	/* "=?UTF-8?B?" and "?=" */
#define ID_MAX		900	/* with its name under the 998 of a line */

/* A field while it is written: where its last line began. */
struct field {
	struct buf *b;
	size_t line;
};

static struct field
field_begin(struct buf *b, const char *name)
{
	struct field f = { .b = b, .line = b->n };

	buf_puts(b, name);
	buf_char(b, ':');
	return f;
}

static size_t
field_column(const struct field *f)
{
	return f->b->n - f->line;
}

/* A space, or where the next n bytes would pass the border a new line. */
static void
field_break(struct field *f, size_t n)
{
	if (field_column(f) + 1 + n > COLUMNS) {
		buf_puts(f->b, "\r\n");
		f->line = f->b->n;
	}
	buf_char(f->b, ' ');
}

/* ---- cleaning ----------------------------------------------------------- */

static bool
is_unwanted(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xfffd ||
	    cp == 0xfeff)
		return true;
	/* Separators; embeddings, overrides and isolates of direction. */
	return (cp >= 0x2028 && cp <= 0x202e) ||
	    (cp >= 0x2066 && cp <= 0x2069);
}

const char *
header_clean(struct arena *a, const char *text, size_t max)
{
	struct str s = str_trim(str_of(text));
	struct buf b = buf_new(a, max);
	bool space = false;
	uint32_t cp = 0;
	size_t n;

	for (; (n = utf8_next(s, &cp)) > 0; s = str_sub(s, n, s.n)) {
		if (cp == 0xa0 || (cp < 0x80 && ascii_space((char)cp))) {
			space = b.n > 0;
			continue;
		}
		if (is_unwanted(cp))
			continue;
		if (b.n + space + n > max)
			break;
		if (space)
			buf_char(&b, ' ');
		space = false;
		buf_add(&b, s.p, n);
	}
	return buf_str(&b).p;
}

/* ---- encoded-words ------------------------------------------------------ */

static bool
q_plain(char c)
{
	/* RFC 2047 5 (3): what a phrase may hold too. */
	return ascii_alnum(c) || c == '!' || c == '*' || c == '+' ||
	    c == '-' || c == '/';
}

static size_t
q_length(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += q_plain(s.p[i]) || s.p[i] == ' ' ? 1 : 3;
	return n;
}

static size_t
b_length(struct str s)
{
	return (s.n + 2) / 3 * 4;
}

static void
add_word(struct buf *b, struct str s, bool q)
{
	char coded[WORD_MAX * 2];

	buf_puts(b, q ? "=?UTF-8?Q?" : "=?UTF-8?B?");
	if (!q) {
		cd_assert(b_length(s) < sizeof coded);
		EVP_EncodeBlock((unsigned char *)coded,
		    (const unsigned char *)s.p, (int)s.n);
		buf_puts(b, coded);
	}
	for (size_t i = 0; q && i < s.n; i++) {
		if (s.p[i] == ' ')
			buf_char(b, '_');
		else if (q_plain(s.p[i]))
			buf_char(b, s.p[i]);
		else
			buf_printf(b, "=%02X", (unsigned)(unsigned char)s.p[i]);
	}
	buf_puts(b, "?=");
}

/* As many code points of s as one word of `room` bytes holds. */
static size_t
word_take(struct str s, bool q, size_t room)
{
	size_t n = 0, step;
	uint32_t cp;

	while ((step = utf8_next(str_sub(s, n, s.n), &cp)) > 0) {
		struct str more = { s.p, n + step };

		if ((q ? q_length(more) : b_length(more)) + WORD_FRAME > room)
			break;
		n += step;
	}
	return n;
}

static void
field_encoded(struct field *f, struct str s)
{
	bool q = q_length(s) <= b_length(s);

	while (s.n > 0) {
		size_t room = WORD_MAX, n;

		/* The first word shares the line with the field's name. */
		if (field_column(f) + 1 < COLUMNS / 2)
			room = COLUMNS - 1 - field_column(f);
		if (room > WORD_MAX)
			room = WORD_MAX;
		n = word_take(s, q, room);
		cd_assert(n > 0);
		field_break(f, room);
		add_word(f->b, str_sub(s, 0, n), q);
		s = str_sub(s, n, s.n);
	}
}

/* ---- fields ------------------------------------------------------------- */

/* ASCII words that fit a line, and nothing that looks like an encoded-word? */
static bool
is_plain(struct str s)
{
	size_t word = 0;

	if (str_find(s, STR("=?")) >= 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
		word = s.p[i] == ' ' ? 0 : word + 1;
		if (word > COLUMNS - 16)
			return false;
	}
	return true;
}

static void
field_words(struct field *f, struct str s)
{
	while (s.n > 0) {
		ptrdiff_t space = str_find(s, STR(" "));
		size_t n = space < 0 ? s.n : (size_t)space;

		field_break(f, n);
		buf_adds(f->b, str_sub(s, 0, n));
		s = str_sub(s, space < 0 ? n : n + 1, s.n);
	}
}

void
header_text(struct buf *b, const char *name, const char *text)
{
	struct str s = str_of(header_clean(b->arena, text, CD_MAX_SUBJECT));
	struct field f = field_begin(b, name);

	if (is_plain(s))
		field_words(&f, s);
	else
		field_encoded(&f, s);
	buf_puts(b, s.n > 0 ? "\r\n" : " \r\n");
}

static bool
is_atoms(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_alnum(s.p[i]) && s.p[i] != ' ' &&
		    !strchr("!#$%&'*+-/=?^_`{|}~", s.p[i]))
			return false;
	}
	return true;
}

static struct str
quote(struct arena *a, struct str s)
{
	struct buf b = buf_new(a, 2 * s.n + 2);

	buf_char(&b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_char(&b, '\\');
		buf_char(&b, s.p[i]);
	}
	buf_char(&b, '"');
	return buf_str(&b);
}

static struct str
clean_address(struct arena *a, const char *addr)
{
	struct buf b = buf_new(a, ID_MAX);

	for (const char *c = addr; *c; c++) {
		if (*c >= 0x20 && *c < 0x7f && *c != '<' && *c != '>')
			buf_char(&b, *c);
	}
	return buf_str(&b);
}

void
header_mailbox(struct buf *b, const char *name, const char *display,
    const char *addr)
{
	struct str who = str_of(header_clean(b->arena, display,
	    CD_MAX_ANSWER_NAME));
	struct str at = clean_address(b->arena, addr);
	struct field f = field_begin(b, name);

	if (who.n == 0) {
		field_break(&f, at.n);
		buf_adds(b, at);
		buf_puts(b, "\r\n");
		return;
	}
	if (!is_plain(who))
		field_encoded(&f, who);
	else if (is_atoms(who))
		field_words(&f, who);
	else
		field_words(&f, quote(b->arena, who));
	field_break(&f, at.n + 2);
	buf_char(b, '<');
	buf_adds(b, at);
	buf_puts(b, ">\r\n");
}

bool
header_id_valid(const char *id)
{
	size_t n = id ? strlen(id) : 0;

	for (size_t i = 0; i < n; i++) {
		if (id[i] <= 0x20 || id[i] >= 0x7f || id[i] == '<' ||
		    id[i] == '>')
			return false;
	}
	return n > 0 && n <= ID_MAX;
}

void
header_ids(struct buf *b, const char *name, const char *const *ids, size_t n)
{
	struct field f = { .b = NULL };

	for (size_t i = 0; i < n; i++) {
		if (!header_id_valid(ids[i]))
			continue;
		/* The first stays with the name: a Message-ID on a line of its
		 * own is not found by every reader. */
		if (f.b) {
			field_break(&f, strlen(ids[i]) + 2);
		} else {
			f = field_begin(b, name);
			buf_char(b, ' ');
		}
		buf_char(b, '<');
		buf_puts(b, ids[i]);
		buf_char(b, '>');
	}
	if (f.b)
		buf_puts(b, "\r\n");
}
