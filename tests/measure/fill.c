/*
 * bench_fill FILE COUNT: a database with so many cases, each with a mail, an
 * answer and a timeline. One company in twenty cases is the same large one, and
 * the last case has a long conversation. For tests/bench; built by its target
 * alone.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "store/cases.h"
#include "store/mails.h"
#include "store/outbox.h"

#define AT_ONCE	20000
#define LONG	200		/* mails of the last case */

struct made {
	char who[64], domain[40], tenant[40], id[40], subject[80], text[200];
	struct case_row c;
	struct mail_row m;
	struct outbox_row o;
};

static const char *const intents[] = { "blocked", "want_link", "admin_help",
	"is_it_safe", "cant_find_app", "still_blocked" };
static const char *const languages[] = { "en", "en", "en", "en", "es", "de",
	"fr", "pt" };
static const char *const words[] = { "carrier", "dispatch", "invoice",
	"loading", "trailer", "pallet", "reefer", "broker", "lumper", "manifest",
	"detour" };
/* One mail in four has words of another script. */
static const char *const foreign[] = { "", "", "",
	"нужно одобрение за Zürich" };

/* The values of the case with that number. */
static void
make(struct made *x, uint32_t i, int64_t at)
{
	bool large = i % 20 == 0, review = i % 10 == 0;
	const char *intent = intents[i / 3 % 6], *language = languages[i % 8];

	snprintf(x->domain, sizeof x->domain, "firm%" PRIu32 ".example",
	    large ? 0 : i / 4);
	snprintf(x->who, sizeof x->who, "person%" PRIu32 "@%s", i, x->domain);
	snprintf(x->tenant, sizeof x->tenant,
	    "00000000-0000-4000-8000-%012" PRIu32, large ? 0 : i / 4);
	snprintf(x->id, sizeof x->id, "%" PRIu32 "@us.example", i);
	snprintf(x->subject, sizeof x->subject, "Need admin approval, %s %s",
	    words[i % 11], words[i / 11 % 11]);
	snprintf(x->text, sizeof x->text, "Hello, the screen wants an admin for "
	    "the %s of our %s, ticket %" PRIu32 ". %s", words[i / 7 % 11],
	    words[i / 5 % 11], i, foreign[i / 2 % 4]);
	x->c = (struct case_row){ .state = review ? CASE_REVIEW
	    : i % 7 == 0 ? CASE_CLOSED : i % 5 == 0 ? CASE_APPROVED
	    : CASE_WAITING,
		.reason = review ? "still_blocked" : "", .intent = intent,
		.from_addr = x->who, .from_name = "Bo Lind",
		.canonical = x->who, .domain = x->domain, .tenant = x->tenant,
		.subject = x->subject, .language = language, .opened = at,
		.updated = at, .assignee = i % 30 == 0 ? "maria" : NULL,
		.snoozed_until = i % 50 == 0 ? at + 400 * 86400 : 0,
		.last_action = "steps sent" };
	x->m = (struct mail_row){ .mailbox = "desk@us.example/INBOX",
		.uidvalidity = 7, .uid = i, .identity = x->id,
		.received_at = at, .seen_at = at, .action = "steps",
		.reason = "blocked", .from_addr = x->who,
		.from_name = "Bo Lind", .canonical = x->who,
		.subject = x->subject, .authentication = "pass",
		.language = language, .intent = intent, .domain = x->domain,
		.confidence = 0.99, .visible = x->text, .full_text = x->text,
		.evidence = "[{\"rule\":\"blocked.screen\",\"zone\":\"new\","
		    "\"match\":\"wants an admin\",\"weight\":4.0}]",
		.detail = "{}" };
	x->o = (struct outbox_row){ .state = OUTBOX_SENT, .automatic = true,
		.handle = "steps", .language = language, .to_addr = x->who,
		.to_canonical = x->who, .domain = x->domain,
		.message_id = x->id, .subject = x->subject,
		.text = "Ask your admin.",
		.raw = STR("From: desk\r\n\r\nAsk.\r\n"), .created = at,
		.due = at };
}

static enum cd_rc
tell(struct store *s, struct made *x, const char *kind, int64_t outbox,
    struct cd_err *err)
{
	const struct event_row e = { .case_id = x->m.case_id,
		.mail_id = x->o.mail_id, .outbox_id = outbox,
		.at = x->m.seen_at, .kind = kind, .actor = "consentdesk",
		.text = x->subject };

	return events_add(s, &e, err);
}

static enum cd_rc
add(struct store *s, uint32_t i, int64_t at, bool last, struct cd_err *err)
{
	struct made x;
	int64_t outbox = 0;
	enum cd_rc rc;

	make(&x, i, at);
	rc = cases_add(s, &x.c, &x.m.case_id, err);
	for (uint32_t k = 0; rc == CD_OK && k < (last ? LONG : 1); k++) {
		x.m.uid = i + k;
		if (k > 0)
			snprintf(x.id, sizeof x.id, "%" PRIu32 ".%" PRIu32
			    "@us.example", i, k);
		rc = mails_add(s, &x.m, &x.o.mail_id, err);
		x.o.case_id = x.m.case_id;
		if (rc == CD_OK)
			rc = outbox_add(s, &x.o, &outbox, err);
		if (rc == CD_OK)
			rc = tell(s, &x, "mail", 0, err);
		if (rc == CD_OK)
			rc = tell(s, &x, "decision", 0, err);
		if (rc == CD_OK)
			rc = tell(s, &x, "answer", outbox, err);
	}
	return rc;
}

static enum cd_rc
fill(struct store *s, uint32_t count, struct cd_err *err)
{
	int64_t from = (int64_t)time(NULL) - count;
	enum cd_rc rc = CD_OK;

	for (uint32_t i = 0; i < count && rc == CD_OK; i += AT_ONCE) {
		rc = store_begin(s, err);
		for (uint32_t k = i; k < i + AT_ONCE && k < count; k++) {
			if (rc == CD_OK)
				rc = add(s, k + 1, from + k, k + 1 == count,
				    err);
		}
		if (rc == CD_OK)
			rc = store_commit(s, err);
	}
	return rc;
}

int
main(int argc, char **argv)
{
	struct cd_err err = { "" };
	struct store *s = NULL;
	int64_t count;
	enum cd_rc rc;

	if (argc != 3 || !str_to_i64(str_of(argv[2]), 1, 10000000, &count)) {
		fputs("bench_fill FILE COUNT\n", stderr);
		return 64;
	}
	rc = store_open(argv[1], STORE_WRITE, &s, &err);
	if (rc == CD_OK)
		rc = fill(s, (uint32_t)count, &err);
	store_close(&s);
	if (rc != CD_OK)
		fprintf(stderr, "bench_fill: %s\n", err.text);
	return rc == CD_OK ? 0 : 1;
}
