/*
 * One mail as values. What the parser meets and must read all the same: an
 * mbox "From " line, line ends of three kinds, NULs, headers without colon or
 * without end, 8-bit headers of unsaid charset.
 */
#include <openssl/evp.h>
#include <string.h>

#include "base/buf.h"
#include "text/body.h"
#include "text/charset.h"
#include "text/field.h"
#include "text/message.h"
#include "text/transfer.h"

#define MAX_PAGE	(128 * 1024) /* bytes of HTML searched for pictures */

static void parse_at(struct arena *, struct str raw, unsigned depth,
    struct message *out);

/* Skips what stands before the header: empty lines, an mbox line. */
static struct str
start_skip(struct str s)
{
	struct str after = s, line;

	while (str_line(&after, &line) && str_trim(line).n == 0)
		s = after;
	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_sub(s, 3, s.n);
	if (str_starts(s, STR("From ")) || str_starts(s, STR(">From "))) {
		after = s;
		str_line(&after, &line);
		return after;
	}
	return s;
}

/* A mail is asked for a hundred names; most are told apart by their length and
 * three letters. */
static uint32_t
name_key(struct str name)
{
	const size_t at[] = { 0, name.n / 2, name.n - 1 };
	uint32_t key = (uint32_t)name.n;

	for (size_t i = 0; name.n > 0 && i < sizeof at / sizeof *at; i++)
		key = key << 8 |
		    (unsigned char)ascii_lower(name.p[at[i]]);
	return key;
}

static void
headers_read(struct arena *a, struct str rest, struct message *m)
{
	struct str name, raw;
	size_t cap = 32;
	struct header *v = arena_array(a, cap, sizeof *v);

	while (field_next(&rest, &name, &raw)) {
		if (m->n_headers == CD_MAX_HEADERS) {
			m->truncated = true;
			break;
		}
		if (m->n_headers == cap) {
			struct header *more = arena_array(a, cap * 2,
			    sizeof *more);

			memcpy(more, v, cap * sizeof *more);
			v = more;
			cap *= 2;
		}
		if (raw.n > CD_MAX_HEADER_BYTES)
			m->truncated = true;
		v[m->n_headers++] = (struct header){ arena_str(a, name),
		    field_unfold(a, raw), name_key(name) };
	}
	m->headers = v;
}

const struct header *
message_header(const struct message *m, const char *name,
    const struct header *after)
{
	size_t i = after ? (size_t)(after - m->headers) + 1 : 0;
	struct str want = str_of(name);
	uint32_t key = name_key(want);

	for (; i < m->n_headers; i++) {
		if (m->headers[i].key == key && str_ieq(str_of(m->headers[i].name), want))
			return &m->headers[i];
	}
	return NULL;
}

const char *
message_value(const struct message *m, const char *name)
{
	const struct header *h = message_header(m, name, NULL);

	return h ? h->value : NULL;
}

/* All addresses of a header that may stand more than once: two From fields
 * must not look like one. */
static struct mailbox_list
addresses(struct arena *a, const struct message *m, const char *name)
{
	struct mailbox_list all = { 0 }, more;
	const struct header *h = NULL;

	while ((h = message_header(m, name, h))) {
		struct mailbox *v;
		size_t n;

		more = address_list_parse(a, str_of(h->value));
		if (all.n == 0) {
			all = more;
			continue;
		}
		n = all.n + more.n;
		if (n > CD_MAX_ADDRESSES || more.n == 0)
			break;
		v = arena_array(a, n, sizeof *v);
		memcpy(v, all.v, all.n * sizeof *v);
		memcpy(v + all.n, more.v, more.n * sizeof *v);
		all = (struct mailbox_list){ v, n };
	}
	return all;
}

static bool
ends_id(char c)
{
	return c == '<' || c == '>' || c == ',' || c == ' ' || c == '\0';
}

/* The next Message-ID of a header: what stands in <>, or, where nothing does,
 * a word with "@". */
static bool
id_next(struct str *rest, bool bracketed, struct str *id)
{
	while (rest->n > 0) {
		size_t i = 0, from;
		bool open = rest->p[0] == '<';

		if (ends_id(rest->p[0]) && !open) {
			*rest = str_sub(*rest, 1, rest->n);
			continue;
		}
		from = i += open;
		while (i < rest->n && !ends_id(rest->p[i]))
			i++;
		*id = str_sub(*rest, from, i);
		*rest = str_sub(*rest, i, rest->n);
		if (id->n > 0 && id->n <= CD_MAX_SUBJECT && (bracketed ?
		    open : memchr(id->p, '@', id->n) != NULL))
			return true;
	}
	return false;
}

static bool
has_bracket(struct str s)
{
	return s.n > 0 && memchr(s.p, '<', s.n);
}

static const char *
first_id(struct arena *a, const char *value)
{
	struct str rest = str_of(value), id;

	return id_next(&rest, has_bracket(rest), &id) ? arena_str(a, id) :
	    NULL;
}

static void
references_read(struct arena *a, struct message *m)
{
	struct str rest = str_of(message_value(m, "References")), id;
	const char **v = arena_array(a, CD_MAX_REFERENCES, sizeof *v);
	bool bracketed = has_bracket(rest);
	size_t n = 0;

	/* Too many: the newest ones tell most. */
	while (id_next(&rest, bracketed, &id))
		v[n++ % CD_MAX_REFERENCES] = arena_str(a, id);
	m->n_references = n < CD_MAX_REFERENCES ? n : CD_MAX_REFERENCES;
	m->references = v;
	if (n <= CD_MAX_REFERENCES)
		return;
	m->references = arena_array(a, CD_MAX_REFERENCES, sizeof *v);
	for (size_t i = 0; i < CD_MAX_REFERENCES; i++)
		m->references[i] = v[(n + i) % CD_MAX_REFERENCES];
	m->truncated = true;
}

static const char *
return_path(struct arena *a, const char *value)
{
	struct str s = str_trim(str_of(value));
	struct mailbox_list list;

	if (!value)
		return NULL;
	list = address_list_parse(a, s);
	if (list.n > 0)
		return list.v[0].addr;
	while (s.n > 0 && (s.p[0] == '<' || s.p[0] == ' '))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == '>' || s.p[s.n - 1] == ' '))
		s.n--;
	return arena_str(a, s);
}

static void
envelope_read(struct arena *a, struct message *m)
{
	const char *subject = message_value(m, "Subject");
	char *decoded;

	m->from = addresses(a, m, "From");
	m->sender = addresses(a, m, "Sender");
	m->reply_to = addresses(a, m, "Reply-To");
	m->to = addresses(a, m, "To");
	m->cc = addresses(a, m, "Cc");
	decoded = header_decode(a, str_of(subject), &m->lossy);
	m->subject = arena_str(a, utf8_first(str_trim(str_of(decoded)),
	    CD_MAX_SUBJECT));
	m->message_id = first_id(a, message_value(m, "Message-ID"));
	m->in_reply_to = first_id(a, message_value(m, "In-Reply-To"));
	references_read(a, m);
	m->date = field_date(str_of(message_value(m, "Date")));
	m->return_path = return_path(a, message_value(m, "Return-Path"));
}

static const char *
part_name(struct arena *a, const struct mime_part *p, bool *lossy)
{
	const char *name = field_param(a, str_of(p->disposition), "filename",
	    lossy);

	if (!name)
		name = field_param(a, str_of(p->content_type), "name", lossy);
	return name ? arena_str(a, str_trim(str_of(name))) : "";
}

static bool
is_tnef(const char *type, const char *name)
{
	return strcmp(type, "application/ms-tnef") == 0 ||
	    strcmp(type, "application/vnd.ms-tnef") == 0 ||
	    str_ieq(str_of(name), STR("winmail.dat"));
}

static void
attachment_add(struct arena *a, struct message *m, const struct mime_part *p,
    struct str html)
{
	const char *name;
	struct attachment *at;
	struct str how = str_of(field_token(a, str_of(p->disposition)));
	struct str page = str_sub(html, 0, MAX_PAGE);

	if (is_tnef(p->type, ""))
		m->tnef = true;
	if (m->n_attachments == CD_MAX_ATTACHMENTS) {
		m->truncated = true;
		return;
	}
	name = part_name(a, p, &m->lossy);
	if (is_tnef(p->type, name))
		m->tnef = true;
	if (!m->attachments)
		m->attachments = arena_array(a, CD_MAX_ATTACHMENTS,
		    sizeof *m->attachments);
	at = &m->attachments[m->n_attachments++];
	at->name = name;
	at->type = p->type;
	at->size = transfer_size(p->body, p->encoding);
	at->is_inline = str_eq(how, STR("inline")) || (p->id[0] &&
	    str_find(page, str_of(arena_printf(a, "cid:%s", p->id))) >= 0);
}

static struct str
machine_text(struct arena *a, const struct mime_part *p, bool *lossy)
{
	struct str s = body_part_text(a, p, lossy);

	return str_sub(s, 0, CD_MAX_RETURNED);
}

/* Parts that are mails or speak to machines. true: it was one. */
static bool
machine_part(struct arena *a, const struct mime_part *p, bool report,
    unsigned depth, struct message *m)
{
	struct str bytes;

	if (strcmp(p->type, "message/delivery-status") == 0 ||
	    strcmp(p->type, "message/global-delivery-status") == 0) {
		if (m->delivery_status.n == 0)
			m->delivery_status = machine_text(a, p, &m->lossy);
		return true;
	}
	if (strcmp(p->type, "text/rfc822-headers") == 0 ||
	    strcmp(p->type, "message/global-headers") == 0) {
		if (m->returned.n == 0)
			m->returned = machine_text(a, p, &m->lossy);
		return true;
	}
	if (strcmp(p->type, "message/rfc822") != 0 &&
	    strcmp(p->type, "message/global") != 0)
		return strncmp(p->type, "message/", 8) == 0 && report;
	if (report || m->delivery_status.n > 0) {
		if (m->returned.n == 0)
			m->returned = machine_text(a, p, &m->lossy);
		return true;
	}
	if (m->inner)
		return false;
	if (depth >= CD_MAX_INNER) {
		m->truncated = true;
		return false;
	}
	bytes = transfer_decode(a, p->body, p->encoding, false);
	m->inner = arena_alloc(a, sizeof *m->inner);
	parse_at(a, bytes, depth + 1, m->inner);
	m->truncated |= m->inner->truncated;
	return false;
}

static const char *
calendar_method(struct arena *a, const struct mime_part *p)
{
	struct str text, line;
	const char *method = field_param(a, str_of(p->content_type), "method",
	    NULL);

	if (method)
		return method;
	text = str_sub(body_part_text(a, p, NULL), 0, CD_MAX_RETURNED);
	while (str_line(&text, &line)) {
		if (str_istarts(line, STR("METHOD:")))
			return arena_str(a,
			    str_trim(str_sub(line, 7, line.n)));
	}
	return "";
}

static void
parts_read(struct arena *a, const struct mime *mime, const struct body *body,
    unsigned depth, struct message *m)
{
	for (size_t i = 0; i < mime->n; i++) {
		const struct mime_part *p = &mime->v[i];
		bool report = p->parent >= 0 && strcmp(
		    mime->v[p->parent].type, "multipart/report") == 0;

		if (p->multipart || machine_part(a, p, report, depth, m))
			continue;
		if (!m->calendar_method &&
		    strcmp(p->type, "text/calendar") == 0)
			m->calendar_method = calendar_method(a, p);
		if (body_is_attachment(a, p))
			attachment_add(a, m, p, body->html);
	}
}

/* A root of no known type that is text all the same. */
static void
root_settle(struct mime *mime)
{
	struct mime_part *p = &mime->v[0];
	bool named = field_has_param(str_of(p->disposition), "filename") ||
	    field_has_param(str_of(p->content_type), "name");

	if (mime->n == 1 && !named &&
	    strcmp(p->type, "application/octet-stream") == 0 &&
	    utf8_valid(p->body) && !memchr(p->body.p, 0, p->body.n))
		p->type = "text/plain";
}

static void
parse_at(struct arena *a, struct str raw, unsigned depth, struct message *m)
{
	struct str text = start_skip(mime_lines(a, raw));
	struct mime mime;
	struct body body;
	const struct mime_part *root;

	*m = (struct message){ 0 };
	headers_read(a, text, m);
	envelope_read(a, m);
	mime_split(a, text, &mime);
	root_settle(&mime);
	body_read(a, &mime, &body);
	root = &mime.v[0];
	m->content_type = field_token(a, str_of(root->content_type));
	if (!m->content_type[0])
		m->content_type = root->type;
	if (strcmp(m->content_type, "multipart/report") == 0) {
		const char *type = field_param(a, str_of(root->content_type),
		    "report-type", NULL);

		m->report_type = type ? arena_lower(a, str_of(type)) : NULL;
	}
	m->body = body.text;
	m->other_form = body.other;
	if (body.two_forms)
		m->picture_names = buf_str(&body.pictures.names);
	m->from_html = body.from_html;
	m->shows_picture = body.pictures.shown;
	m->lossy |= body.lossy;
	m->read_in_part = body.truncated;
	m->cut_off = body.cut;
	m->truncated |= body.truncated || mime.truncated;
	parts_read(a, &mime, &body, depth, m);
}

void
message_parse(struct arena *a, struct str raw, struct message *out)
{
	charset_mail_begin();
	parse_at(a, raw, 0, out);
	out->read_in_part |= charset_limited();
	out->truncated |= out->read_in_part;
}

static void
digest_add(EVP_MD_CTX *ctx, struct str s)
{
	cd_assert(EVP_DigestUpdate(ctx, s.p, s.n) == 1);
	cd_assert(EVP_DigestUpdate(ctx, "", 1) == 1);
}

const char *
message_identity(struct arena *a, const struct message *m)
{
	EVP_MD_CTX *ctx;
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct buf out = buf_new(a, 128);

	if (m->message_id)
		return m->message_id;
	ctx = EVP_MD_CTX_new();
	cd_assert(ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1);
	digest_add(ctx, str_of(message_value(m, "From")));
	digest_add(ctx, str_of(message_value(m, "Date")));
	digest_add(ctx, str_of(m->subject));
	digest_add(ctx, m->body.text);
	cd_assert(EVP_DigestFinal_ex(ctx, sum, &len) == 1);
	EVP_MD_CTX_free(ctx);
	buf_puts(&out, "sha256:");
	for (unsigned i = 0; i < len; i++)
		buf_printf(&out, "%02x", sum[i]);
	return buf_str(&out).p;
}
