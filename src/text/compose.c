/*
 * Our answer as bytes of the wire. Text and HTML go out quoted-printable: every
 * relay passes it, people can read it in a source view, and no line of it can
 * hold "=_", so that a boundary with these two bytes needs no search.
 *
 * RFC 5322 (format), 2045 6.7 (quoted-printable), 2046 5.1.4 (alternative),
 * 3834 (automatic answers).
 */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "text/compose.h"
#include "text/header_write.h"
#include "text/mime.h"
#include "text/transfer.h"

#define QP_COLUMNS	76

/* ---- quoted-printable --------------------------------------------------- */

struct qp {
	struct buf *b;
	size_t column;
};

static void
qp_soft_break(struct qp *q)
{
	buf_puts(q->b, "=\r\n");
	q->column = 0;
}

/* Bytes that stand for themselves; `last`: the line ends with them. Column 76
 * is for the line's own last byte or for the "=" of a soft break. */
static void
qp_run(struct qp *q, struct str run, bool last)
{
	while (run.n > 0) {
		size_t room = QP_COLUMNS - q->column, n = run.n;

		if (n > room || (n == room && !last))
			n = room > 0 ? room - 1 : 0;
		if (n == 0) {
			qp_soft_break(q);
			continue;
		}
		buf_add(q->b, run.p, n);
		q->column += n;
		run = str_sub(run, n, run.n);
	}
}

/* The bytes of one letter, which stay together. */
static void
qp_octets(struct qp *q, struct str s, bool last)
{
	static const char hex[] = "0123456789ABCDEF";
	char coded[12];

	cd_assert(s.n <= 4);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		coded[3 * i] = '=';
		coded[3 * i + 1] = hex[c >> 4];
		coded[3 * i + 2] = hex[c & 15];
	}
	if (q->column + 3 * s.n > QP_COLUMNS - (last ? 0 : 1))
		qp_soft_break(q);
	buf_add(q->b, coded, 3 * s.n);
	q->column += 3 * s.n;
}

/* May this ASCII byte stand for itself, here? */
static bool
qp_plain(struct str line, size_t i)
{
	char c = line.p[i];

	if (c < 0x21 || c > 0x7e || c == '=')
		return (c == '\t' || c == ' ') && i + 1 < line.n;
	/* Old mailboxes quote "From ", SMTP doubles a dot at the start. */
	return i > 0 || (c != '.' && !str_starts(line, STR("From ")));
}

static void
qp_line(struct buf *b, struct str line)
{
	struct qp q = { .b = b };
	size_t i = 0, n;
	uint32_t cp = 0;

	while (i < line.n) {
		for (n = 0; i + n < line.n && qp_plain(line, i + n);)
			n++;
		qp_run(&q, str_sub(line, i, i + n), i + n == line.n);
		i += n;
		if (i == line.n)
			break;
		n = utf8_next(str_sub(line, i, line.n), &cp);
		if (n == 1 && cp == 0xfffd)
			qp_octets(&q, STR("\xef\xbf\xbd"), i + 1 == line.n);
		else if (n > 1 || cp >= 0x20 || cp == '\t')
			qp_octets(&q, str_sub(line, i, i + n),
			    i + n == line.n);
		i += n;
	}
	buf_puts(b, "\r\n");
}

static void
add_part(struct buf *b, const char *type, const char *text)
{
	/* Both parts at three bytes a byte are under CD_MAX_WIRE. */
	struct str rest = str_sub(str_of(text), 0, CD_MAX_RENDERED), line;

	buf_printf(b, "Content-Type: %s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", type);
	while (str_line(&rest, &line))
		qp_line(b, line);
}

/* ---- headers ------------------------------------------------------------ */

/* Theirs, then the mail that is answered; of too many the oldest one and the
 * youngest are kept, as threads are found by both ends. */
static void
add_references(struct buf *b, const struct answer *m)
{
	const size_t max = CD_MAX_ANSWER_REFERENCES - 1;
	const char *ids[CD_MAX_ANSWER_REFERENCES];
	const char **valid = arena_array(b->arena, m->n_references + 1,
	    sizeof *valid);
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < m->n_references; i++) {
		const char *id = m->references[i];

		if (header_id_valid(id) && (!m->in_reply_to ||
		    strcmp(id, m->in_reply_to) != 0))
			valid[n++] = id;
	}
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || n <= max || i >= n - (max - 1))
			ids[kept++] = valid[i];
	}
	if (m->in_reply_to)
		ids[kept++] = m->in_reply_to;
	header_ids(b, "References", ids, kept);
}

static void
add_headers(struct buf *b, const struct answer *m)
{
	header_mailbox(b, "From", m->from.name, m->from.addr);
	header_mailbox(b, "To", m->to_name, m->to_addr);
	header_text(b, "Subject", m->subject);
	buf_printf(b, "Date: %s\r\n", clock_rfc5322(b->arena, m->date));
	header_ids(b, "Message-ID", &m->message_id, 1);
	if (m->in_reply_to)
		header_ids(b, "In-Reply-To", &m->in_reply_to, 1);
	add_references(b, m);
	if (m->automatic || m->generated) {
		/* RFC 3834 3.1.7; the second is Exchange's, the third is read
		 * by older responders. */
		buf_printf(b, "Auto-Submitted: auto-%s\r\n"
		    "X-Auto-Response-Suppress: All\r\n"
		    "Precedence: bulk\r\n", m->generated ? "generated"
		    : "replied");
	}
	buf_puts(b, "MIME-Version: 1.0\r\n");
}

/* The same for the same mail: nothing here is left to chance. */
static const char *
make_boundary(struct arena *a, const char *message_id)
{
	struct buf b = buf_new(a, 40);

	buf_puts(&b, "=_cd_");
	for (const char *c = message_id ? message_id : ""; *c; c++) {
		if (ascii_alnum(*c))
			buf_char(&b, *c);
	}
	return buf_str(&b).p;
}

struct str
compose_message(struct arena *a, const struct answer *m)
{
	const char *boundary = make_boundary(a, m->message_id);
	struct buf b = buf_new(a, CD_MAX_WIRE);

	add_headers(&b, m);
	if (!m->html) {
		add_part(&b, "text/plain", m->text);
		return buf_str(&b);
	}
	buf_printf(&b, "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
	add_part(&b, "text/plain", m->text);
	buf_printf(&b, "\r\n--%s\r\n", boundary);
	add_part(&b, "text/html", m->html);
	buf_printf(&b, "\r\n--%s--\r\n", boundary);
	return buf_str(&b);
}

struct str
compose_dated(struct arena *a, struct str raw, int64_t date)
{
	ptrdiff_t at = str_find(raw, STR("\r\nDate: "));
	struct buf b = buf_new(a, raw.n + 64);
	struct str rest;

	if (at < 0)
		return raw;
	buf_adds(&b, str_sub(raw, 0, (size_t)at));
	buf_printf(&b, "\r\nDate: %s", clock_rfc5322(a, date));
	rest = str_sub(raw, (size_t)at + 2, raw.n);
	at = str_find(rest, STR("\r\n"));
	buf_adds(&b, str_sub(rest, at < 0 ? rest.n : (size_t)at, rest.n));
	return buf_str(&b);
}

const char *
compose_html(struct arena *a, struct str raw)
{
	struct mime mime;

	mime_split(a, mime_lines(a, raw), &mime);
	for (size_t i = 0; i < mime.n; i++) {
		if (strcmp(mime.v[i].type, "text/html") == 0)
			return arena_str(a, transfer_decode(a, mime.v[i].body,
			    mime.v[i].encoding, true));
	}
	return NULL;
}

/* ---- subject ------------------------------------------------------------ */

/* "Re:" as mail programs write it in other languages, and "Re[2]:", "RE :". */
static size_t
reply_prefix(struct str s)
{
	static const char *const words[] = {
		"re", "aw", "sv", "vs", "antw", "odp", "rif", "res", "rv",
		"ynt", "Rép", "RÉP", "Ответ", "Отв", "НА", "Відп", "回复",
		"回覆", "答复",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);

		if (!str_istarts(s, str_of(words[i])))
			continue;
		if (n < s.n && s.p[n] == '[') {
			do
				n++;
			while (n < s.n && ascii_digit(s.p[n]));
			if (n < s.n && s.p[n] == ']')
				n++;
		}
		while (n < s.n && s.p[n] == ' ')
			n++;
		if (n < s.n && s.p[n] == ':')
			return n + 1;
		if (str_starts(str_sub(s, n, s.n), STR("：")))
			return n + strlen("：");
	}
	return 0;
}

bool
compose_is_answer(const char *subject)
{
	return reply_prefix(str_trim(str_of(subject))) > 0;
}

const char *
compose_subject(struct arena *a, const char *theirs, const char *fallback)
{
	struct str s = str_of(header_clean(a, theirs, CD_MAX_SUBJECT));
	size_t n;

	while ((n = reply_prefix(s)) > 0)
		s = str_trim(str_sub(s, n, s.n));
	if (s.n == 0)
		return header_clean(a, fallback, CD_MAX_ANSWER_SUBJECT);
	return arena_printf(a, "Re: %s", header_clean(a, arena_str(a, s),
	    CD_MAX_ANSWER_SUBJECT));
}
