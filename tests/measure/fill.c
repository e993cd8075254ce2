/*
 * bench_fill FILE COUNT: a database with so many cases, each with a mail and an
 * answer. For tests/bench; built by its target alone.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "store/cases.h"
#include "store/mails.h"
#include "store/outbox.h"

#define AT_ONCE	20000

static enum cd_rc
add(struct store *s, uint32_t i, int64_t at, struct cd_err *err)
{
	static const char *const intents[] = { "blocked", "want_link",
		"admin_help", "is_it_safe", "cant_find_app", "still_blocked" };
	char who[64], domain[40], id[40];
	const char *intent = intents[i % 6];
	struct case_row c = { .state = i % 10 ? CASE_WAITING : CASE_REVIEW,
		.reason = i % 10 ? "" : "still_blocked", .intent = intent,
		.from_addr = who, .from_name = "Bo Lind", .canonical = who,
		.domain = domain, .subject = "Need admin approval",
		.language = "en", .opened = at, .updated = at,
		.last_action = "steps sent" };
	struct mail_row m = { .mailbox = "desk@us.example/INBOX",
		.uidvalidity = 7, .uid = i, .identity = id,
		.received_at = at, .seen_at = at, .action = "steps",
		.reason = "first_contact", .from_addr = who,
		.from_name = "Bo Lind", .canonical = who,
		.subject = "Need admin approval", .authentication = "pass",
		.language = "en", .intent = intent, .domain = domain,
		.confidence = 0.99, .visible = "the screen wants an admin",
		.full_text = "the screen wants an admin", .evidence = "[]",
		.detail = "{}" };
	struct outbox_row o = { .state = OUTBOX_SENT, .automatic = true,
		.handle = "steps", .language = "en", .to_addr = who,
		.to_canonical = who, .domain = domain, .message_id = id,
		.subject = "Re: Need admin approval", .text = "Ask your admin.",
		.html = "<p>Ask.</p>", .raw = STR("From: desk\r\n\r\nAsk.\r\n"),
		.created = at, .due = at };
	int64_t unused;
	enum cd_rc rc;

	snprintf(who, sizeof who, "person%" PRIu32 "@firm%" PRIu32 ".example",
	    i, i / 4);
	snprintf(domain, sizeof domain, "firm%" PRIu32 ".example", i / 4);
	snprintf(id, sizeof id, "%" PRIu32 "@us.example", i);
	rc = cases_add(s, &c, &m.case_id, err);
	if (rc == CD_OK)
		rc = mails_add(s, &m, &o.mail_id, err);
	o.case_id = m.case_id;
	return rc == CD_OK ? outbox_add(s, &o, &unused, err) : rc;
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
				rc = add(s, k + 1, from + k, err);
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
