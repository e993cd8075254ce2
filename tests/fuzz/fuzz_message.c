/*
 * A whole mail: whatever the bytes, the values hold what message.h promises.
 */
#include <string.h>

#include "text/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_text(const char *s)
{
	cd_assert(s);
	cd_assert(utf8_valid(str_of(s)));
}

static void
check_list(const struct mailbox_list *list)
{
	cd_assert(list->n <= CD_MAX_ADDRESSES);
	for (size_t i = 0; i < list->n; i++) {
		const struct mailbox *m = &list->v[i];

		check_text(m->name);
		check_text(m->addr);
		cd_assert(m->local[0] && m->domain[0]);
		cd_assert(!str_has_control(str_of(m->addr)));
		cd_assert(!str_has_control(str_of(m->name)));
	}
}

static void
check_body(const struct zoned *z)
{
	size_t at = 0;

	cd_assert(z->text.n <= CD_MAX_TEXT);
	cd_assert(utf8_valid(z->text));
	cd_assert(z->text.n == 0 || !memchr(z->text.p, 0, z->text.n));
	cd_assert(z->text.n == 0 || !memchr(z->text.p, '\r', z->text.n));
	for (size_t i = 0; i < z->n_spans; i++) {
		cd_assert(z->spans[i].from >= at);
		cd_assert(z->spans[i].from < z->spans[i].to);
		at = z->spans[i].to;
	}
	cd_assert(at <= z->text.n);
}

static void
check_message(struct arena *a, const struct message *m)
{
	for (size_t i = 0; i < m->n_headers; i++) {
		check_text(m->headers[i].name);
		check_text(m->headers[i].value);
		cd_assert(!str_has_control(str_of(m->headers[i].value)));
	}
	check_list(&m->from);
	check_list(&m->sender);
	check_list(&m->reply_to);
	check_list(&m->to);
	check_list(&m->cc);
	check_text(m->subject);
	cd_assert(!str_has_control(str_of(m->subject)));
	cd_assert(strlen(m->subject) <= CD_MAX_SUBJECT);
	for (size_t i = 0; i < m->n_references; i++)
		check_text(m->references[i]);
	for (size_t i = 0; i < m->n_attachments; i++)
		check_text(m->attachments[i].name);
	check_body(&m->body);
	cd_assert(utf8_valid(m->delivery_status));
	cd_assert(utf8_valid(m->returned));
	check_text(m->content_type);
	check_text(message_identity(a, m));
	for (size_t i = 0; i < m->from.n; i++)
		check_text(address_canonical(a, m->from.v[i].addr));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct message m;

	message_parse(a, (struct str){ (const char *)bytes, n }, &m);
	for (const struct message *p = &m; p; p = p->inner)
		check_message(a, p);
	arena_free(&a);
	return 0;
}
