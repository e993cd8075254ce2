/*
 * Delivery reports. The structured ones (RFC 3464: multipart/report with
 * message/delivery-status) say everything in fields; those of qmail, Exim,
 * Exchange 2003 and many small servers are prose with an address, a reply code
 * and now and then a copy of the mail. Prose counts only where the sender is a
 * machine or the subject begins as such reports do: people forward bounces.
 */
#include <string.h>

#include "text/fold.h"
#include "text/report.h"

#define MAX_PROSE	(16 * 1024)	/* bytes of prose looked at */
#define MAX_STATUS	(64 * 1024)	/* bytes of delivery-status fields */

/* Starts of the subjects of reports, folded. */
static const char *const subjects[] = {
	"undeliver", "returned mail", "return mail", "mail returned",
	"returned to sender", "delivery fail",
	"delivery status", "delivery notification", "delivery error",
	"delivery problem", "delivery has failed", "delivery report",
	"delivery of your", "delivery unsuccess", "delivery delayed",
	"delayed mail", "delayed delivery", "mail delivery", "mail failure",
	"mail error", "mail could not be delivered", "mail status report",
	"message delivery", "message undeliverable", "message not delivered",
	"message status - undeliverable", "message could not be delivered",
	"message you sent", "failure notice", "failure delivery",
	"failed mail", "failed delivery", "failed to deliver", "non-deliver",
	"nondeliver", "non deliver", "non-receipt", "not delivered",
	"permanent delivery", "permanent fail", "error sending",
	"error in mail", "could not deliver", "could not send",
	"cannot deliver", "can not deliver", "unable to deliver",
	"email delivery", "e-mail delivery", "warning: could not send",
	"warning: message", "user unknown", "unknown user", "bounced",
	"bounce message", "dsn:", "ndn:", "ndr:", "your message could not",
	"your mail could not", "rejected:", "rejected mail", "mail rejected",
	"mail system error", "mdaemon warn", "mdaemon notif",
	"mail transaction failed", "mailbox unavailable", "mail non remis",
	"non remis", "échec de la remise", "échec de remise",
	"message non distribué", "notification d'échec", "unzustellbar",
	"nicht zustellbar", "zustellung fehl", "zustellung verz",
	"fehler bei der zustellung", "no se puede entregar",
	"no se pudo entregar", "no entregado", "mensaje no entregado",
	"error de entrega", "fallo en la entrega", "correo no entregado",
	"não foi possível entregar", "não é possível entregar", "não entregue",
	"falha na entrega", "não entregável", "mancato recapito",
	"non recapitabile", "impossibile recapitare", "onbestelbaar",
	"niet bezorgd", "niedostarczon", "nie można dostarczyć",
	"nie dostarczono", "не доставлено", "недоставлен", "не удалось дост",
	"не вдалося дост", "сообщение не доставлено", "лист не доставлено",
	"teslim edilemedi", "teslim edilemeyen", "gönderilemedi",
	"kan inte levereras", "kan ikke leveres", "uleverelig", "olevererbart",
	"ei voitu toimittaa", "nelze doručit", "nedoručiteln",
	"kézbesíthetetlen", "nu se poate livra", "yetkazilmadi", "配信不能",
	"配信できません", "送信エラー", "배달되지 않음", "전송 실패", "未送达", "无法投递", "退信", "系统退信",
	"無法傳遞", "未傳遞的主旨", NULL
};

/* What the prose of a failure holds. */
static const char *const failures[] = {
	"couldn't be delivered", "can't be delivered",
	"was not delivered", "wasn't delivered", "not be delivered",
	"unable to deliver", "undeliver", "could not deliver",
	"not able to deliver", "delivery has failed",
	"delivery fail", "failed recipient", "fatal error", "fatal delivery",
	"permanent error", "permanent failure", "delivery problem",
	"user unknown", "unknown user", "no such user",
	"does not exist", "doesn't exist", "mailbox unavailable",
	"mailbox full", "mailbox is full", "quota", "not found",
	"non-delivery", "returned to you", "returning message to sender",
	"not reached", "did not reach", "no mailbox", "invalid recipient",
	"invalid address", "address rejected", "recipient rejected",
	"rejected your message", "relay", "error during delivery",
	"delivery to the following", "following address", "bad address",
	"mail system error", "host unknown", "unrouteable", "box space",
	"no user by that name", "is not a valid user", "not a member",
	"status: 5.", "550 ", "551 ", "552 ", "553 ", "554 ", "smtp error",
	"non è stato", "n'a pas pu", "n'a pas été", "no se ha podido",
	"no se pudo", "no pudo", "não foi poss", "não pôde", "konnte nicht",
	"nicht zugestellt", "unzustellbar", "не доставлен", "не удалось",
	"не может быть дост", "не вдалося", "недоставлен", "送信できません",
	"配信できません", "届けることができ", "无法", "退回", "teslim edilem", "nie mógł",
	"nie można", NULL
};

/* Words of a failure that nobody writes by hand. */
static const char *const undeniable[] = {
	"could not be delivered to: <", "this is the qmail-send program",
	"this message was created automatically by mail delivery software",
	"the mail system", "this is a permanent error; i've given up", NULL
};

static const char *const delays[] = {
	"warning only", "still being retried", "will be retried",
	"delivery is delayed", "delivery delayed", "has been delayed",
	"not yet been delivered", "has not yet been", "will continue to try",
	"will keep trying", "do not need to resend", "delayed for",
	"no action is required", "temporarily",
	"wurde verzögert", "zustellung verzögert", "a été retardée",
	"se ha retrasado", "задержан", NULL
};
static const char *const delay_subjects[] = {
	"delay", "warning: could not send", "warning: message",
	"delivery status notification (delay)", "wird verzögert",
	"zustellung verzögert", NULL
};

static const char *const machine_locals[] = {
	"mailer-daemon", "mailer_daemon", "mailerdaemon", "postmaster",
	"post_master", "post-master", "mdaemon", "mail-daemon", "maildaemon",
	"microsoftexchange", "mail.daemon", "mmdf", "bounce", "bounces", "ndr",
	"mailer", NULL
};

bool
report_sender(const struct message *m)
{
	if (m->return_path && m->return_path[0] == '\0')
		return true;
	for (size_t i = 0; i < m->from.n + m->sender.n; i++) {
		const struct mailbox *b = i < m->from.n ? &m->from.v[i]
		    : &m->sender.v[i - m->from.n];
		struct str local = str_of(b->local);

		for (const char *const *w = machine_locals; *w; w++) {
			struct str word = str_of(*w);

			if (!str_istarts(local, word))
				continue;
			if (local.n == word.n || local.p[word.n] == '+' ||
			    local.p[word.n] == '=' ||
			    str_eq(word, STR("microsoftexchange")))
				return true;
		}
	}
	return false;
}

/* The "addr" of "rfc822; addr", "<addr>" or "addr"; empty if there is none. */
static struct str
address_in(struct str s)
{
	ptrdiff_t at = str_find(s, STR("@"));
	size_t from, to;

	if (at <= 0)
		return (struct str){ NULL, 0 };
	for (from = (size_t)at; from > 0; from--) {
		char c = s.p[from - 1];

		if (ascii_space(c) || strchr("<>\"'(),;:[]", c))
			break;
	}
	for (to = (size_t)at + 1; to < s.n; to++) {
		char c = s.p[to];

		if (!utf8_word_byte(c) && c != '.' && c != '-')
			break;
	}
	while (to > from && (s.p[to - 1] == '.' || s.p[to - 1] == '-'))
		to--;
	if (from == (size_t)at || to <= (size_t)at + 3 || to - from > 320)
		return (struct str){ NULL, 0 };
	return str_sub(s, from, to);
}

/* "d.d.d" as RFC 3463 has it, anywhere in s. */
static const char *
status_in(struct arena *a, struct str s)
{
	for (size_t i = 0; i + 4 < s.n; i++) {
		size_t end = i + 2, m, k;

		if ((s.p[i] != '2' && s.p[i] != '4' && s.p[i] != '5') ||
		    s.p[i + 1] != '.' || (i > 0 && (ascii_alnum(s.p[i - 1]) ||
		    s.p[i - 1] == '.')))
			continue;
		for (m = 0; end < s.n && ascii_digit(s.p[end]) && m < 4; m++)
			end++;
		if (m == 0 || m > 3 || end >= s.n || s.p[end] != '.')
			continue;
		end++;
		for (k = 0; end < s.n && ascii_digit(s.p[end]) && k < 4; k++)
			end++;
		if (k == 0 || k > 3 || (end + 1 < s.n && s.p[end] == '.' &&
		    ascii_digit(s.p[end + 1])))
			continue;
		return arena_str(a, str_sub(s, i, end));
	}
	return NULL;
}

/* The id between <> (or bare) in a Message-ID field's value. */
static const char *
id_in(struct arena *a, struct str value)
{
	struct str s = str_trim(value);
	ptrdiff_t open = str_find(s, STR("<")), close;

	if (open >= 0)
		s = str_sub(s, (size_t)open + 1, s.n);
	close = str_find(s, STR(">"));
	if (close >= 0)
		s = str_sub(s, 0, (size_t)close);
	s = str_trim(s);
	if (s.n == 0 || s.n > 998 || str_find(s, STR(" ")) >= 0)
		return NULL;
	return arena_str(a, s);
}

/* The field's value where the line has that name. */
static bool
field_is(struct str line, const char *name, struct str *value)
{
	struct str n = str_of(name);

	line = str_trim(line);
	if (line.n <= n.n || !str_istarts(line, n) || line.p[n.n] != ':')
		return false;
	*value = str_trim(str_sub(line, n.n + 1, line.n));
	return true;
}

static enum report_kind
action_kind(struct str value)
{
	if (str_istarts(value, STR("failed")))
		return REPORT_FAILED;
	if (str_istarts(value, STR("delayed")))
		return REPORT_DELAYED;
	if (str_istarts(value, STR("delivered")) ||
	    str_istarts(value, STR("relayed")) ||
	    str_istarts(value, STR("expanded")))
		return REPORT_DELIVERED;
	return REPORT_NONE;
}

/* RFC 3464 2.3: groups of fields, one for each recipient. The first that
 * failed is kept, else the first. */
static void
status_read(struct arena *a, struct str text, struct report *out)
{
	struct str rest = str_sub(text, 0, MAX_STATUS), line, value;
	struct report one = { .kind = REPORT_NONE };
	bool more = true;

	while (more) {
		more = str_line(&rest, &line);
		if (!more || str_trim(line).n == 0) {
			if (one.kind != REPORT_NONE &&
			    (out->kind == REPORT_NONE ||
			    (one.kind == REPORT_FAILED &&
			    out->kind != REPORT_FAILED))) {
				one.about = out->about;
				*out = one;
			}
			one = (struct report){ .kind = REPORT_NONE };
			continue;
		}
		if (field_is(line, "Action", &value))
			one.kind = action_kind(value);
		else if (field_is(line, "Status", &value))
			one.status = status_in(a, value);
		else if ((field_is(line, "Final-Recipient", &value) ||
		    (!one.address &&
		    field_is(line, "Original-Recipient", &value))) &&
		    address_in(value).n > 0)
			one.address = arena_str(a, address_in(value));
		else if (field_is(line, "X-Original-Message-ID", &value) ||
		    field_is(line, "Original-Message-ID", &value))
			out->about = id_in(a, value);
		else if (!one.status &&
		    field_is(line, "Diagnostic-Code", &value))
			one.status = status_in(a, value);
	}
}

/* The Message-ID field of a returned mail's headers, in a part or in prose. */
static const char *
returned_id(struct arena *a, struct str text)
{
	struct str rest = str_sub(text, 0, MAX_STATUS), line, value;

	while (str_line(&rest, &line)) {
		if (!field_is(line, "Message-ID", &value))
			continue;
		if (value.n == 0 && !str_line(&rest, &value))
			return NULL;
		return id_in(a, value);
	}
	return NULL;
}

/* The first address in the prose that is not the sender's own; one that a
 * line begins with is better than one inside a sentence. */
static struct str
prose_address(struct str text, const struct message *m)
{
	struct str rest = text, line, first = { NULL, 0 };

	while (str_line(&rest, &line)) {
		struct str s = str_trim(line), addr = address_in(s);

		if (addr.n == 0 || (m->from.n > 0 &&
		    str_ieq(addr, str_of(m->from.v[0].addr))))
			continue;
		if (str_istarts(addr, STR("postmaster@")) ||
		    str_istarts(addr, STR("mailer-daemon@")))
			continue;
		if (addr.p - s.p <= 1)
			return addr;
		if (first.n == 0)
			first = addr;
	}
	return first;
}

/* Where a copy of the returned mail begins, in folded prose: what stands there
 * is the other mail's words. */
static struct str
prose_own(struct str folded)
{
	static const char *const copies[] = {
	"copy of the message", "copy of your message",
	"original message follows", "header of the source mail",
	"returned mail --", "unsent message", "message header follows",
	"original message --", "your message follows", NULL
};

	for (const char *const *w = copies; *w; w++) {
		ptrdiff_t at = str_find(folded, str_of(*w));

		if (at > 0)
			folded = str_sub(folded, 0, (size_t)at);
	}
	return folded;
}

/* "no-reply@": a mail gateway may well send its reports under that name. */
static bool
answers_nobody(const struct message *m)
{
	return m->from.n > 0 &&
	    str_ifind(str_of(m->from.v[0].local), STR("reply")) >= 0;
}

/* Reports come from nobody (RFC 5321 4.5.5) or from a machine's address. Who sends
 * in his own name writes "Error sending email" as people do who cannot. */
static bool
sent_by_the_writer(const struct message *m)
{
	return m->return_path && m->from.n > 0 &&
	    str_ieq(str_of(m->return_path), str_of(m->from.v[0].addr));
}

static void
prose_read(struct arena *a, const struct message *m, struct report *out)
{
	struct str text = str_sub(m->body.text, 0, MAX_PROSE);
	struct str subject = fold(a, str_of(m->subject));
	const char *failed = message_value(m, "X-Failed-Recipients");
	bool machine = report_sender(m);
	bool named = fold_starts(subject, subjects) != NULL ||
	    fold_ends(subject, (const char *const[]){ "(delivery failed)",
	    "(undeliverable)", "(failure)", NULL });

	if (!failed && !machine && !named && !answers_nobody(m))
		return;

	struct gist own = gist_of(prose_own(fold(a, text)));

	if (!failed && !machine && (!named || sent_by_the_writer(m)) &&
	    !gist_holds(&own, undeniable))
		return;
	if (!failed && !gist_holds(&own, failures) &&
	    !gist_holds(&own, delays) && !(machine && named))
		return;
	out->kind = gist_holds(&own, delays) &&
	    (fold_starts(subject, delay_subjects) ||
	    !gist_holds(&own, failures) ||
	    gist_holds(&own, (const char *const[]){ "warning only",
	    "will be retried", "still being retried", NULL }))
	    ? REPORT_DELAYED : REPORT_FAILED;
	if (failed && address_in(str_of(failed)).n > 0)
		out->address = arena_str(a, address_in(str_of(failed)));
	else if (prose_address(text, m).n > 0)
		out->address = arena_str(a, prose_address(text, m));
	out->status = status_in(a, text);
}

void
report_read(struct arena *a, const struct message *m, struct report *out)
{
	bool typed = m->report_type &&
	    strcmp(m->report_type, "delivery-status") == 0;

	*out = (struct report){ .kind = REPORT_NONE };
	if (typed || (m->delivery_status.n > 0 && report_sender(m)) ||
	    strcmp(m->content_type, "message/delivery-status") == 0)
		status_read(a, m->delivery_status.n > 0 ? m->delivery_status
		    : m->body.text, out);
	if (out->kind == REPORT_NONE && !(m->report_type && !typed)) {
		const char *about = out->about;

		prose_read(a, m, out);
		out->about = about;
		if (out->kind == REPORT_NONE && typed)
			out->kind = REPORT_FAILED;
	}
	if (out->kind == REPORT_NONE)
		return;
	if (out->address)
		out->address = address_canonical(a, out->address);
	if (!out->about && m->returned.n > 0)
		out->about = returned_id(a, m->returned);
	if (!out->about)
		out->about = returned_id(a, m->body.text);
	if (!out->about && m->in_reply_to)
		out->about = m->in_reply_to;
	if (!out->about && m->n_references > 0)
		out->about = m->references[m->n_references - 1];
}
