/*
 * Batches of mails into rows, with the shipped rules, model and templates and a
 * real database: what end-to-end tests cannot bring about easily.
 */
#include <dirent.h>
#include <sqlite3.h>
#include <sys/syscall.h>

#include "fixture.h"

#include "flow/words.h"
#include "store/tenants.h"
#include "text/domain.h"

/* SQLite's way to the disk leads through here. */
static int syncs;

int
fdatasync(int fd)
{
	syncs++;
	return (int)syscall(SYS_fdatasync, fd);
}

static void
test_first_contact(void **state)
{
	struct fixture f;
	struct outbox_row *rows;
	struct case_row row;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
	    WALL), false), 1);
	row = get_case(&f, 1);
	assert_int_equal(row.state, CASE_WAITING);
	assert_string_equal(row.domain, "acme.com");
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].handle, "steps");
	assert_int_equal(rows[0].state, OUTBOX_QUEUED);
	assert_true(rows[0].automatic);
	/* The same mail once more, under another UID, is a copy. */
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
	    WALL), false), 0);
	close_desk(&f);
}

/* What more mails follow may be undone by a crash of the machine, the last one
 * may not: it waits for the disk, for all of them. */
static void
test_backlog_waits_for_the_disk_at_its_end(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	f.more = true;
	syncs = 0;
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
	    WALL), false), 1);
	assert_int_equal(syncs, 0);
	f.more = false;
	assert_int_equal(take(&f, letter(&f, "bo@lind.com", "b@lind.com", "",
	    WALL), false), 1);
	assert_int_not_equal(syncs, 0);
	close_desk(&f);
}

static void
test_nothing_to_do_with_it(void **state)
{
	struct fixture f;
	struct mail_row mail;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
	    "Could you send the invoice for November again? We were charged "
	    "twice, once on each card. Thanks"), false), 0);
	OK(mails_get(f.store, f.arena, 1, &mail, NULL));
	assert_string_equal(mail.action, "leave");
	assert_null(mail.from_addr);
	assert_null(mail.visible);
	assert_int_equal(mail.case_id, 0);
	close_desk(&f);
}

/* Who asked in German gets German, however little the next mail says. */
static void
test_language_of_a_short_reply(void **state)
{
	static const char *const replies[] = {
		"x@lonestarhaul.com", "lonestarhaul com", "LonestarHaul.COM",
		"Global admin, lonestarhaul.com",
	};

	(void)state;
	for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
		struct fixture f;
		struct outbox_row *rows;
		size_t n;

		assert_int_equal(open_desk(&f, ""), 0);
		take(&f, letter(&f, "jo@gmail.com", "a@gmail.com", "",
		    "Bitte schicken Sie mir den Link zur Freigabe f\xc3\xbcr "
		    "Numeo, ich bin der Administrator."), false);
		OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
		assert_int_equal(n, 1);
		assert_string_equal(rows[0].handle, "ask_domain");
		assert_string_equal(rows[0].language, "de");
		take(&f, letter(&f, "jo@gmail.com", "b@gmail.com",
		    arena_printf(f.arena, "In-Reply-To: <%s>\r\n",
		    rows[0].message_id), replies[i]), false);
		OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
		assert_string_equal(rows[n - 1].language, "de");
		assert_string_equal(get_case(&f, 1).language, "de");
		close_desk(&f);
	}
}

/* The example in our own question, sent back: no company, in no language. */
static void
test_our_example_is_no_company(void **state)
{
	struct fixture f;
	size_t n_languages;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	n_languages = templates_language_count(f.engine->templates);
	assert_true(n_languages >= 10);
	for (size_t i = 0; i <= n_languages; i++) {
		const char *language = i < n_languages
		    ? templates_language(f.engine->templates, i) : "en";
		const char *from = arena_printf(f.arena, "jo%zu@gmail.com", i);
		const char *ask = arena_printf(f.arena, "a%zu@gmail.com", i);
		struct domain_named named = { .domain = "numeo.ai" };
		struct case_row row = { .id = 1 };
		const struct answer_request r = { .of = &row,
			.template = "ask_domain", .language = language };
		struct rendered words;
		struct outbox_row *rows;
		int64_t id = (int64_t)i + 1;
		size_t n;

		assert_string_not_equal(words_language(f.arena, language),
		    language);
		OK(answer_render(f.engine, f.arena, &r, f.now, &words, NULL));
		assert_string_equal(words.language, language);
		if (i < n_languages)
			assert_int_equal(domain_find(f.arena,
			    str_of(words.text), f.engine->own_domains,
			    f.engine->n_own_domains, &named, 1), 1);
		take(&f, letter(&f, from, ask, "", SEND_LINK), false);
		OK(outbox_of_case(f.store, f.arena, id, &rows, &n, NULL));
		assert_string_equal(rows[0].handle, "ask_domain");
		take(&f, letter(&f, from, arena_printf(f.arena, "b-%s", ask),
		    arena_printf(f.arena, "In-Reply-To: <%s>\r\n",
		    rows[0].message_id), named.domain), false);
		assert_null(get_case(&f, id).domain);
		assert_int_equal(get_case(&f, id).state, CASE_REVIEW);
	}
	close_desk(&f);
}

/* A newer mail makes the draft of the older one void. */
static void
test_drafts(void **state)
{
	struct fixture f;
	struct outbox_row *rows, draft;
	struct desk desk;
	int64_t outbox_id;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
	    WALL), false), 0);
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "b@acme.com", "",
	    SEND_LINK), false), 0);
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].state, OUTBOX_CANCELLED);
	assert_int_equal(rows[1].state, OUTBOX_DRAFT);
	assert_string_equal(get_case(&f, 1).reason, "draft_ready");

	desk = (struct desk){ .engine = f.engine, .store = f.store,
		.arena = f.arena, .actor = "ann", .now = f.now };
	OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id, NULL));
	assert_int_equal(outbox_id, rows[1].id);
	assert_int_equal(outbox_draft(f.store, f.arena, 1, &draft, NULL),
	    CD_ABSENT);
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	/* There is nothing left to send; that is said, not done. */
	assert_int_equal(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id, NULL),
	    CD_REFUSED);
	close_desk(&f);
}

/* Somebody of another company who quotes a reference gets a case of his own. */
static void
test_stranger(void **state)
{
	struct fixture f;
	struct outbox_row *rows;
	const char *headers;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	headers = arena_printf(f.arena, "In-Reply-To: <%s>\r\n",
	    rows[0].message_id);
	take(&f, letter(&f, "eve@other.com", "b@other.com", headers,
	    SEND_LINK), false);
	assert_int_equal(get_case(&f, 2).linked, 1);
	assert_string_equal(get_case(&f, 2).from_addr, "eve@other.com");
	/* A colleague is at home in it. */
	take(&f, letter(&f, "sam@acme.com", "c@acme.com", headers, SEND_LINK),
	    false);
	assert_int_equal(cases_get(f.store, f.arena, 3, &(struct case_row){ 0 },
	    NULL), CD_ABSENT);
	close_desk(&f);
}

static void
test_same_answer_once(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
	    SEND_LINK), false), 1);
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "b@acme.com", "",
	    SEND_LINK), false), 0);
	assert_string_equal(get_case(&f, 1).reason, "same_answer_in_7_days");
	f.now += 8 * 86400;
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "c@acme.com", "",
	    SEND_LINK), false), 1);
	close_desk(&f);
}

static void
test_brake(void **state)
{
	struct fixture f;
	const char *why;
	int64_t since;

	(void)state;
	assert_int_equal(open_desk(&f, "max_replies_per_hour = 2\n"), 0);
	take(&f, letter(&f, "a@one.com", "a@one.com", "", WALL), false);
	take(&f, letter(&f, "a@two.com", "a@two.com", "", WALL), false);
	assert_int_equal(brake_get(f.store, f.arena, &since, &why, NULL),
	    CD_ABSENT);
	assert_int_equal(take(&f, letter(&f, "a@three.com", "a@three.com", "",
	    WALL), false), 0);
	OK(brake_get(f.store, f.arena, &since, &why, NULL));
	assert_string_equal(get_case(&f, 3).reason, "hour");

	/* Whoever lets it go has looked at what went before. */
	OK(store_begin(f.store, NULL));
	OK(brake_set(f.store, f.now, NULL, NULL));
	OK(store_commit(f.store, NULL));
	f.now++;
	take(&f, letter(&f, "a@four.com", "a@four.com", "", WALL), false);
	take(&f, letter(&f, "a@five.com", "a@five.com", "", WALL), false);
	assert_string_equal(get_case(&f, 5).last_action, "steps queued");
	assert_int_equal(brake_get(f.store, f.arena, &since, &why, NULL),
	    CD_ABSENT);
	take(&f, letter(&f, "a@six.com", "a@six.com", "", WALL), false);
	OK(brake_get(f.store, f.arena, &since, &why, NULL));
	assert_string_equal(get_case(&f, 6).reason, "hour");
	close_desk(&f);
}

static void
test_poison(void **state)
{
	struct event_row *events;
	struct fixture f;
	struct mail_row mail;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_int_equal(take(&f, "\x01\x02 whatever", true), 0);
	assert_string_equal(get_case(&f, 1).reason, "unreadable");
	OK(mails_get(f.store, f.arena, 1, &mail, NULL));
	assert_true(str_eq(mail.raw, STR("\x01\x02 whatever")));
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_non_null(strstr(events[0].text, "its bytes are kept"));
	/* One that the server never gave. */
	assert_int_equal(take(&f, "", true), 0);
	assert_string_equal(get_case(&f, 2).reason, "unreadable");
	OK(events_of(f.store, f.arena, 2, &events, &n, NULL));
	assert_non_null(strstr(events[0].text, "did not give it"));
	close_desk(&f);
}

/* After a change of UIDVALIDITY old mails come by again under new UIDs. */
static void
test_rescan(void **state)
{
	struct fixture f;
	struct mail_row mail;
	int64_t start;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	start = f.now;
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	f.cursor = (struct cursor){ .uidvalidity = 8, .next_uid = 1,
		.baseline = start, .rescan_below = 20 };
	f.uid = 10;
	assert_int_equal(take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
	    WALL), false), 0);
	OK(mails_get(f.store, f.arena, 1, &mail, NULL));
	assert_int_equal(mail.uidvalidity, 8);
	assert_int_equal(mail.uid, 11);
	/* One that was there before the first start is none of ours. */
	f.now = start - 3600;
	assert_int_equal(take(&f, letter(&f, "old@acme.com", "old@acme.com", "",
	    WALL), false), 0);
	OK(mails_get(f.store, f.arena, 2, &mail, NULL));
	assert_string_equal(mail.reason, "before_start");
	close_desk(&f);
}

#define TENANT_A "0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5"
#define TENANT_B "1c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5"

/* Who writes from below the name that Microsoft knows is of that company,
 * unless the name below has a tenant of its own. */
static void
test_tenant_of_a_subdomain(void **state)
{
	static const struct {
		const char *domain, *guid;	/* what the cache has */
	} known[] = {
		{ "acme.com", TENANT_A }, { "cs.acme.com", NULL },
		{ "us.acme.com", TENANT_B },
		{ "onmicrosoft.com", TENANT_B }, { "x.onmicrosoft.com", NULL },
		{ "zendesk.com", TENANT_B }, { "acme.zendesk.com", NULL },
	};
	static const char *const rows[][2] = {
		{ "jo@cs.acme.com", TENANT_A }, { "jo@new.acme.com", NULL },
		{ "jo@us.acme.com", TENANT_B }, { "jo@acme.com", TENANT_A },
		{ "jo@x.other.com", NULL }, { "jo@x.onmicrosoft.com", NULL },
		{ "jo@acme.zendesk.com", NULL },
	};
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	OK(store_begin(f.store, NULL));
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const struct tenant_row tenant = { .guid = known[i].guid,
			.region = "EU", .sub_scope = "" };
		const struct domain_row domain = { known[i].domain,
			known[i].guid, f.now, f.now + 86400 };

		if (tenant.guid)
			OK(tenants_put(f.store, &tenant, NULL));
		OK(domains_put(f.store, &domain, NULL));
	}
	OK(store_commit(f.store, NULL));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got;

		take(&f, letter(&f, rows[i][0], arena_printf(f.arena, "t%zu@x",
		    i), "", SEND_LINK), false);
		got = get_case(&f, (int64_t)i + 1).tenant;
		if ((got == NULL) != (rows[i][1] == NULL) ||
		    (got && strcmp(got, rows[i][1]) != 0))
			fail_msg("%s is of %s", rows[i][0], got ? got : "none");
	}
	close_desk(&f);
}

/* The stored mails as they would be read and treated now; how many of them
 * otherwise than they were. */
static size_t
read_again(struct fixture *f, size_t *n_out)
{
	struct mail_row *rows;
	size_t n, differ = 0;

	OK(mails_since(f->store, f->arena, 0, 0, 10000, &rows, &n, NULL));
	*n_out = 0;
	for (size_t i = 0; i < n; i++) {
		struct examined x;
		struct facts facts;
		struct verdict v;

		if (!intake_reread(f->engine, f->arena, &rows[i], &x))
			continue;
		(*n_out)++;
		intake_facts(f->engine, &x, &facts);
		intake_stored_facts(&rows[i], &facts);
		v = decide(&facts);
		if (strcmp(rows[i].intent, intent_name(x.reading.intent)) ||
		    strcmp(rows[i].action, action_name(v.action)) ||
		    strcmp(rows[i].reason, v.reason)) {
			differ++;
			print_message("mail %d: %s %s %s -> %s %s %s\n",
			    (int)rows[i].id, rows[i].intent, rows[i].action,
			    rows[i].reason, intent_name(x.reading.intent),
			    action_name(v.action), v.reason);
		}
	}
	return differ;
}

/* Under the same rules every stored mail is read as it was, its quotes, what it
 * passes on and the names of its files included. */
static void
test_read_again(void **state)
{
	static const char mails[] = CD_TOP "/tests/mails/judge";
	DIR *d = opendir(mails);
	const struct dirent *e;
	struct fixture f;
	struct mail_row mail;
	struct examined x;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, "max_replies_per_hour = 60\n"
	    "require_authentication = off\n"), 0);
	assert_non_null(d);
	while ((e = readdir(d))) {
		static char raw[1 << 20];
		char path[512];
		FILE *in;

		if (!str_iends(str_of(e->d_name), STR(".eml")))
			continue;
		snprintf(path, sizeof path, "%s/%s", mails, e->d_name);
		in = fopen(path, "r");
		assert_non_null(in);
		raw[fread(raw, 1, sizeof raw - 1, in)] = '\0';
		fclose(in);
		take(&f, raw, false);
	}
	closedir(d);
	assert_int_equal(read_again(&f, &n), 0);
	assert_true(n > 100);

	/* The error screen that is passed on is evidence still. */
	take(&f, letter(&f, "kim@passed.com", "p@passed.com", "",
	    WALL "\r\n\r\n---------- Forwarded message ---------\r\n"
	    "From: Jo <jo@passed.com>\r\nDate: Mon, 23 Nov 2026\r\n"
	    "Subject: Numeo\r\nTo: Kim <kim@passed.com>\r\n\r\n"
	    "> AADSTS50105: Your administrator has configured the application "
	    "Numeo to block users unless they are assigned.\r\n"), false);
	OK(mails_get(f.store, f.arena, f.uid, &mail, NULL));
	assert_string_equal(mail.reason, "code_customer_admin");
	assert_true(intake_reread(f.engine, f.arena, &mail, &x));
	assert_int_equal(x.reading.code, 50105);
	assert_true(x.visible.zone[ZONE_FORWARDED].n > 0);
	mail.full_text = mail.visible = NULL;
	assert_false(intake_reread(f.engine, f.arena, &mail, &x));
	close_desk(&f);
}

/* A database that cannot say what "yes please" answers must not make it a first
 * contact: the batch is read again later. Nor does it when the case that it
 * answers was merged into another. */
static void
test_thread_of_a_short_reply(void **state)
{
	struct fixture f;
	struct intake_mail mail = { 9, 0, { NULL, 0 }, false };
	struct intake_batch batch = { .mailbox = MAILBOX, .mails = &mail,
		.n = 1 };
	struct intake_result result;
	struct cd_err err = { "" };
	struct outbox_row *answers;
	struct examined x;
	const char *yes;
	sqlite3 *db;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", WALL), false);
	OK(outbox_of_case(f.store, f.arena, 1, &answers, &n, NULL));
	yes = letter(&f, "jo@acme.com", "b@acme.com", arena_printf(f.arena,
	    "In-Reply-To: <%s>\r\n", answers[0].message_id), "yes please");
	take(&f, letter(&f, "it@acme.com", "c@acme.com", "", SEND_LINK), false);
	OK(store_begin(f.store, NULL));
	OK(cases_merge(f.store, 1, 2, NULL));
	OK(store_commit(f.store, NULL));
	OK(intake_examine_thread(f.engine, f.arena, f.store, str_of(yes), &x,
	    NULL));
	assert_string_equal(x.context_why, "our last answer in case 2: link");

	assert_int_equal(sqlite3_open(f.config->files.database, &db), 0);
	assert_int_equal(sqlite3_exec(db, "ALTER TABLE outbox RENAME TO gone",
	    NULL, NULL, NULL), 0);
	mail.raw = str_of(yes);
	batch.cursor = f.cursor;
	assert_int_not_equal(intake_run(f.engine, f.store, NULL, f.arena,
	    &batch, f.now, &result, &err), CD_OK);
	assert_int_not_equal(intake_ahead(f.engine, f.store, NULL, f.arena,
	    &batch, f.now, &n, &err), CD_OK);
	assert_int_equal(sqlite3_close(db), 0);
	close_desk(&f);
}

/* Whoever writes in our name would have us answer whom he likes. */
static void
test_forged_in_our_name(void **state)
{
	static const char *const policies[] = {
		"require_authentication = pass\n",
		"require_authentication = not_fail\n",
		"require_authentication = off\n",
	};
	static const char *const writers[] = { "Reply-To: jo@acme.com\r\n",
		"X-Original-From: Jo <jo@acme.com>\r\n" };
	static const char *const results[] = { "dmarc=fail header.from=numeo.ai",
		"dmarc=none header.from=numeo.ai", "none" };

	(void)state;
	for (size_t i = 0; i < 3 * 3 * 2; i++) {
		struct fixture f;
		struct mail_row mail;
		const char *raw;

		assert_int_equal(open_desk(&f, policies[i % 3]), 0);
		raw = letter(&f, "support@numeo.ai", "a@acme.com", writers[i / 9],
		    WALL);
		raw = arena_printf(f.arena, "Authentication-Results: mx.numeo.ai; "
		    "%s\r\n%s", results[i / 3 % 3], strchr(raw, '\n') + 1);
		assert_int_equal(take(&f, raw, false), 0);
		OK(mails_last(f.store, f.arena, 1, &mail, NULL));
		assert_string_equal(mail.action, "review");
		assert_string_equal(mail.reason, "own_address");
		assert_string_equal(mail.canonical, "jo@acme.com");
		assert_string_equal(mail.authentication, i / 3 % 3 == 0 ?
		    "fail" : "none");
		close_desk(&f);
	}
}

/* A form gives all of its mails one, or a stranger has guessed it: each of them is
 * answered, and no copy is. */
static void
test_one_message_id(void **state)
{
	static const char *const people[] = { "jo@acme.com", "kay@b.com",
		"em@c.com" };
	struct case_row row;
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "bot@d.com", "form@x", "Auto-Submitted: "
	    "auto-replied\r\n", "I am away."), false);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(take(&f, letter(&f, people[i],
			    "form@x", "", SEND_LINK), false), round == 0);
	}
	/* Nor in another order, when all come by once more. */
	f.cursor.uidvalidity++;
	f.uid = 0;
	for (int i = 3; i-- > 0;)
		assert_int_equal(take(&f, letter(&f, people[i], "form@x", "",
		    SEND_LINK), false), 0);
	assert_string_equal(get_case(&f, 3).canonical, people[2]);
	assert_int_equal(cases_get(f.store, f.arena, 4, &row, NULL), CD_ABSENT);
	close_desk(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_contact),
		cmocka_unit_test(test_backlog_waits_for_the_disk_at_its_end),
		cmocka_unit_test(test_nothing_to_do_with_it),
		cmocka_unit_test(test_language_of_a_short_reply),
		cmocka_unit_test(test_our_example_is_no_company),
		cmocka_unit_test(test_drafts),
		cmocka_unit_test(test_stranger),
		cmocka_unit_test(test_same_answer_once),
		cmocka_unit_test(test_brake),
		cmocka_unit_test(test_poison),
		cmocka_unit_test(test_rescan),
		cmocka_unit_test(test_tenant_of_a_subdomain),
		cmocka_unit_test(test_read_again),
		cmocka_unit_test(test_thread_of_a_short_reply),
		cmocka_unit_test(test_forged_in_our_name),
		cmocka_unit_test(test_one_message_id),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
