/* What people do with a case, with the shipped templates and a real database. */
#include "fixture.h"

#include "flow/words.h"
#include "store/mails.h"
#include "store/roles.h"

/* To whom (as the header says it) and to which mail the newest answer is. */
static void
check_newest(struct fixture *f, int64_t case_id, const char *to,
    const char *reply_to)
{
	struct outbox_row *rows, row;
	size_t n;

	OK(outbox_of_case(f->store, f->arena, case_id, &rows, &n, NULL));
	assert_true(n > 0);
	OK(outbox_get(f->store, f->arena, rows[n - 1].id, &row, NULL));
	assert_non_null(strstr(to, row.to_addr));
	assert_true(str_find(row.raw, str_of(arena_printf(f->arena,
	    "In-Reply-To: <%s>\r\n", reply_to))) > 0);
	assert_true(str_find(row.raw, str_of(arena_printf(f->arena,
	    "\r\nTo: %s\r\n", to))) > 0);
}

/* What a person sends goes to whom the draft goes to: a colleague may have
 * written last, with a Reply-To of the same company. */
static void
test_a_person_answers_whom_the_draft_answers(void **state)
{
	const char *const modes[] = { "mode = draft\n", "mode = off\n" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fixture f;
		struct desk desk;
		struct recipient to;
		int64_t id;

		assert_int_equal(open_desk(&f, modes[i]), 0);
		take(&f, letter(&f, "ann@acme.com", "a@acme.com", "", WALL),
		    false);
		assert_string_equal(get_case(&f, 1).last_action, i == 0
		    ? "steps drafted" : "review: mode_off");
		desk = (struct desk){ .engine = f.engine, .store = f.store,
			.arena = f.arena, .actor = "tom", .now = f.now };
		OK(desk_send(&desk, 1, NULL, "own words", 0, &id, NULL));
		check_newest(&f, 1, "ann@acme.com", "a@acme.com");
		take(&f, letter(&f, "ben@acme.com", "b@acme.com",
		    "In-Reply-To: <a@acme.com>\r\n", SEND_LINK), false);
		OK(desk_recipient(&desk, 1, &to, NULL));
		assert_string_equal(to.addr, "ben@acme.com");
		OK(desk_send(&desk, 1, NULL, "own words", 0, &id, NULL));
		check_newest(&f, 1, "ben@acme.com", "b@acme.com");
		OK(desk_send(&desk, 1, "link", NULL, 0, &id, NULL));
		check_newest(&f, 1, "ben@acme.com", "b@acme.com");
		take(&f, letter(&f, "ben@acme.com", "c@acme.com",
		    "In-Reply-To: <a@acme.com>\r\n"
		    "Reply-To: Help <help@it.acme.com>\r\n", SEND_LINK), false);
		OK(desk_send(&desk, 1, "safety", NULL, 0, &id, NULL));
		check_newest(&f, 1, "Help <help@it.acme.com>", "c@acme.com");
		/* Another company's Reply-To counts for nobody. */
		take(&f, letter(&f, "ben@acme.com", "d@acme.com",
		    "In-Reply-To: <a@acme.com>\r\n"
		    "Reply-To: eve@other.com\r\n", SEND_LINK), false);
		OK(desk_send(&desk, 1, NULL, "own words", 0, &id, NULL));
		check_newest(&f, 1, "ben@acme.com", "d@acme.com");
		close_desk(&f);
	}
}

/* The draft is of this case's mail, whoever wrote last in one merged into it. */
static void
test_a_draft_keeps_its_recipient(void **state)
{
	struct fixture f;
	struct desk desk;
	struct recipient to;
	int64_t id;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	take(&f, letter(&f, "ann@acme.com", "a@acme.com", "", SEND_LINK),
	    false);
	take(&f, letter(&f, "jo@lind.com", "b@lind.com", "", SEND_LINK),
	    false);
	desk = (struct desk){ .engine = f.engine, .store = f.store,
		.arena = f.arena, .actor = "tom", .now = f.now };
	OK(desk_merge(&desk, 2, 1, NULL));
	OK(desk_recipient(&desk, 1, &to, NULL));
	assert_string_equal(to.addr, "ann@acme.com");
	OK(desk_send(&desk, 1, NULL, "own words", 0, &id, NULL));
	check_newest(&f, 1, "ann@acme.com", "a@acme.com");
	/* Nor does her company's link go to another one without a draft. */
	OK(desk_send(&desk, 1, "link", NULL, 0, &id, NULL));
	check_newest(&f, 1, "ann@acme.com", "a@acme.com");
	/* A mail about something else has no sender in the case. */
	take(&f, letter(&f, "ben@acme.com", "c@acme.com",
	    "In-Reply-To: <a@acme.com>\r\n", "When do you open tomorrow?"),
	    false);
	OK(desk_send(&desk, 1, "safety", NULL, 0, &id, NULL));
	check_newest(&f, 1, "ann@acme.com", "a@acme.com");
	close_desk(&f);
}

/* Whoever is answered in a case that his was merged into gets his company's link. */
static void
test_a_link_for_whom_it_goes_to(void **state)
{
	static const struct {
		const char *from, *tenant;
	} rows[] = {
		{ "vic@client.com", TENANT_B },
		{ "vic@third.com", "/organizations/" },
		{ "vic@gmail.com", TENANT_A },
		{ "vic@acme.com", TENANT_A },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct desk desk;
		int64_t id;

		assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
		two_companies_known(&f);
		take(&f, letter(&f, "ann@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		take(&f, letter(&f, rows[i].from, "b@acme.com", "", "Is Numeo "
		    "safe? Which data do you read from Outlook?"), false);
		desk = desk_of(&f);
		OK(desk_send(&desk, 1, NULL, NULL, 0, &id, NULL));
		OK(desk_merge(&desk, 2, 1, NULL));
		/* The draft waits, and he is to have the link. */
		OK(desk_send(&desk, 1, "link", NULL, 0, &id, NULL));
		check_newest(&f, 1, rows[i].from, "b@acme.com");
		check_link(&f, 1, "link", rows[i].tenant);
		close_desk(&f);
	}
}

/* A code with its underscores as spaces is no word of a person. */
static void
test_words_of_machines_and_drafts(void **state)
{
	static const char *const reasons[] = { "bounce", "auto_reply_header",
		"list", "out_of_office_words", "newsletter", "suppress_all",
		"own_mail", "send_doubtful" };
	static const char *const drafts[] = { "our_fault", "app_disabled",
		"still_blocked" };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		assert_true(words_reason(arena, reasons[i])[0] < 'a');
	for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++)
		assert_true(words_action(arena, drafts[i])[0] < 'a');
	assert_string_equal(words_reason(arena, "no_such"), "no such");
	arena_free(&arena);
}

static void
test_what_the_desk_refuses(void **state)
{
	struct fixture f;
	struct desk desk;
	struct rendered words;
	struct label_row *labels;
	int64_t id;
	size_t n;
	struct cd_err err;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	take(&f, letter(&f, "ann@acme.com", "a@acme.com", "", SEND_LINK),
	    false);
	desk = (struct desk){ .engine = f.engine, .store = f.store,
		.arena = f.arena, .actor = "tom", .now = f.now };
	assert_int_equal(desk_merge(&desk, 99, 1, &err), CD_ABSENT);
	assert_string_equal(err.text, "there is no case 99");
	assert_int_equal(desk_merge(&desk, 1, 98, &err), CD_ABSENT);
	assert_string_equal(err.text, "there is no case 98");
	assert_int_equal(desk_assign(&desk, 1, "tom\xff", &err),
	    CD_MALFORMED);
	OK(desk_assign(&desk, 1, "J\xc3\xbcrgen", NULL));
	desk.language = "xx";
	assert_int_equal(desk_send(&desk, 1, "link", NULL, 0, &id, &err),
	    CD_MALFORMED);
	assert_non_null(strstr(err.text, "one of: en de"));
	assert_int_equal(desk_preview(&desk, 1, "link", &words, &err),
	    CD_MALFORMED);
	desk.language = "de-AT";
	OK(desk_preview(&desk, 1, "link", &words, NULL));
	assert_string_equal(words.language, "de");
	desk.language = NULL;
	assert_int_equal(desk_label(&desk, 99, 0, "other", &err), CD_ABSENT);
	assert_string_equal(err.text, "there is no case 99");
	/* As it was read is no correction, and back to that is one. */
	assert_int_equal(desk_label(&desk, 1, 0, "want_link", &err), CD_DONE);
	OK(mails_labels(f.store, f.arena, &labels, &n, NULL));
	assert_int_equal(n, 0);
	OK(desk_label(&desk, 1, 0, "other", NULL));
	OK(desk_label(&desk, 1, 0, "want_link", NULL));
	OK(mails_labels(f.store, f.arena, &labels, &n, NULL));
	assert_int_equal(n, 1);
	close_desk(&f);
}

/* What waits in a case that is merged waits on in the other one, if it can. */
static void
test_a_merged_draft(void **state)
{
	static const struct {
		const char *from, *text, *draft, *said;
		bool approved;
	} rows[] = {
		{ "ben@acme.com", "I approved it, and now it says AADSTS50105: "
		    "the signed in user is not assigned to a role for the "
		    "application.", "assignment_required", "waits there",
		    false },
		{ "jo@gmail.com", "I approved it, and now it says AADSTS50105: "
		    "the signed in user is not assigned to a role for the "
		    "application.", "assignment_required", "waits there",
		    false },
		{ "ben@acme.com", SEND_LINK, "link", "waits there", false },
		{ "ben@acme.com", SEND_LINK, NULL, "waits for nothing", true },
		{ "jo@lind.com", SEND_LINK, NULL, "another company's", false },
		{ "jo@gmail.com", SEND_LINK, NULL, "company is known", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct outbox_row draft;
		struct desk desk;
		const char *said = NULL;
		int64_t id;

		assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
		company_known(&f, false);
		take(&f, letter(&f, "ann@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		take(&f, letter(&f, rows[i].from, "b@acme.com", "",
		    rows[i].text), false);
		desk = (struct desk){ .engine = f.engine, .store = f.store,
			.arena = f.arena, .actor = "tom", .now = f.now,
			.said = &said };
		OK(desk_send(&desk, 1, NULL, NULL, 0, &id, NULL));
		if (rows[i].approved)
			OK(desk_close(&desk, 1, 0, NULL));
		OK(desk_merge(&desk, 2, 1, NULL));
		assert_non_null(strstr(said, rows[i].said));
		if (rows[i].draft) {
			OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
			assert_string_equal(draft.handle, rows[i].draft);
			assert_string_equal(draft.to_addr, rows[i].from);
			assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
			OK(desk_send(&desk, 1, NULL, NULL, 0, &id, NULL));
		} else {
			assert_int_equal(outbox_draft(f.store, f.arena, 1,
			    &draft, NULL), CD_ABSENT);
		}
		/* Who waited in the other case is not lost with his draft. */
		assert_int_equal(get_case(&f, 1).state, rows[i].draft
		    ? CASE_WAITING : CASE_REVIEW);
		assert_string_equal(get_case(&f, 1).reason, rows[i].draft
		    ? "" : "merged");
		close_desk(&f);
	}
}

/* The draft in the language that was asked for; in its own one as it is. */
static void
test_the_draft_in_another_language(void **state)
{
	static const struct {
		const char *asked, *sent;
		bool same;
	} rows[] = { { "de", "de", false }, { "EN", "en", true },
		{ NULL, "en", true } };
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outbox_row draft, sent;
		struct cd_err err;
		int64_t id;

		assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
		take(&f, letter(&f, "ann@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
		struct desk desk = { .engine = f.engine, .store = f.store,
			.arena = f.arena, .actor = "tom", .now = f.now,
			.language = "xx" };
		assert_int_equal(desk_send(&desk, 1, NULL, NULL, 0, &id, &err),
		    CD_MALFORMED);
		assert_non_null(strstr(err.text, "one of: en de"));
		desk.language = rows[i].asked;
		OK(desk_send(&desk, 1, NULL, NULL, 0, &id, NULL));
		OK(outbox_get(f.store, f.arena, id, &sent, NULL));
		assert_int_equal(sent.id == draft.id, rows[i].same);
		assert_int_equal(sent.state, OUTBOX_QUEUED);
		assert_string_equal(sent.handle, draft.handle);
		assert_string_equal(sent.language, rows[i].sent);
		close_desk(&f);
	}
}

/* A colleague's newer mail, or one's own of another matter, makes nobody be
 * forgotten: the case waits until each has his answer. */
static void
test_each_has_his_answer(void **state)
{
	static const char safe[] = "Is Numeo safe? Which data do you read from "
	    "Outlook?";
	static const struct {
		const char *policy, *first, *older, *second, *newer;
	} rows[] = {
		{ "mode = draft\n", WALL, "steps", "vik@acme.com", SEND_LINK },
		{ "mode = draft\n", safe, "safety", "una@acme.com", SEND_LINK },
		{ "mode = draft\nmode.safety = auto\n", "Our admin approved it "
		    "yesterday, but it is still blocked and I get the same "
		    "screen.", "link", "vik@acme.com", SEND_LINK },
		{ "mode = off\n", WALL, NULL, "vik@acme.com", SEND_LINK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outbox_row draft;
		struct mail_row first;
		struct fixture f;
		struct desk desk;
		int64_t id;

		assert_int_equal(open_desk(&f, rows[i].policy), 0);
		take(&f, letter(&f, "una@acme.com", "a@acme.com", "",
		    rows[i].first), false);
		take(&f, letter(&f, rows[i].second, "b@acme.com",
		    "In-Reply-To: <a@acme.com>\r\n", rows[i].newer), false);
		OK(mails_get(f.store, f.arena, 1, &first, NULL));
		desk = (struct desk){ .engine = f.engine, .store = f.store,
			.arena = f.arena, .actor = "tom", .now = f.now };
		if (rows[i].older) {
			OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
			assert_string_equal(draft.handle, "link");
			assert_string_equal(draft.to_addr, rows[i].second);
		}
		OK(desk_send(&desk, 1, rows[i].older ? NULL : "link", NULL, 0,
		    &id, NULL));
		check_newest(&f, 1, rows[i].second, "b@acme.com");
		assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
		assert_string_equal(get_case(&f, 1).intent, first.intent);
		assert_string_equal(get_case(&f, 1).reason,
		    strcmp(first.action, "review") == 0 ? first.reason :
		    rows[i].older ? "draft_ready" : "mode_off");
		assert_string_equal(get_case(&f, 1).last_action,
		    "link queued");
		if (!rows[i].older) {
			close_desk(&f);
			continue;
		}
		OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
		assert_string_equal(draft.handle, rows[i].older);
		assert_string_equal(draft.to_addr, "una@acme.com");
		OK(desk_send(&desk, 1, NULL, NULL, 0, &id, NULL));
		assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
		assert_string_equal(get_case(&f, 1).reason, "");
		close_desk(&f);
	}
}

/* Who asks where his answer is wakes the case, and its draft is the answer. */
static void
test_asked_again(void **state)
{
	struct fixture f;
	struct desk desk;
	struct outbox_row draft;
	struct case_row row;

	(void)state;
	for (int closed = 0; closed <= 1; closed++) {
		assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
		take(&f, letter(&f, "ned@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		desk = (struct desk){ .engine = f.engine, .store = f.store,
			.arena = f.arena, .actor = "tom", .now = f.now };
		OK(desk_snooze(&desk, 1, f.now + 86400, 0, NULL));
		if (closed)
			OK(desk_close(&desk, 1, 0, NULL));
		take(&f, letter(&f, "ned@acme.com", "b@acme.com",
		    "In-Reply-To: <a@acme.com>\r\n", "I am still waiting "
		    "for an answer"), false);
		row = get_case(&f, 1);
		assert_int_equal(row.state, CASE_REVIEW);
		assert_int_equal(row.snoozed_until, 0);
		OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
		assert_string_equal(draft.handle, "link");
		/* A refusal is another matter. */
		take(&f, letter(&f, "ned@acme.com", "c@acme.com",
		    "In-Reply-To: <a@acme.com>\r\n", "We have decided that we "
		    "will not approve Numeo. Please do not contact us again."),
		    false);
		assert_int_equal(outbox_draft(f.store, f.arena, 1, &draft,
		    NULL), CD_ABSENT);
		close_desk(&f);
	}
}

/* A customer who waits is not off the queue because his case was merged. */
static void
test_what_is_merged_waits_on(void **state)
{
	static const struct {
		const char *policy, *text, *reason;
		bool closed;
	} rows[] = {
		{ "", "We approved it, but it is still blocked and I get the "
		    "same screen.", "still_blocked", false },
		{ "mode.link = draft\n", SEND_LINK, "merged", true },
		{ "", SEND_LINK, "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool waits = rows[i].reason[0];
		struct fixture f;
		struct desk desk;
		struct case_row row;

		assert_int_equal(open_desk(&f, rows[i].policy), 0);
		take(&f, letter(&f, "ann@acme.com", "a@acme.com", "", WALL),
		    false);
		take(&f, letter(&f, "ben@acme.com", "b@acme.com", "",
		    rows[i].text), false);
		desk = (struct desk){ .engine = f.engine, .store = f.store,
			.arena = f.arena, .actor = "tom", .now = f.now };
		if (rows[i].closed)
			OK(desk_close(&desk, 1, 0, NULL));
		OK(desk_merge(&desk, 2, 1, NULL));
		row = get_case(&f, 1);
		assert_int_equal(row.state, waits ? CASE_REVIEW : CASE_WAITING);
		assert_string_equal(row.reason, rows[i].reason);
		assert_string_equal(row.intent, !waits ? "blocked" :
		    get_case(&f, 2).intent);
		close_desk(&f);
	}
}

/* No link goes out that Microsoft's return would be refused for. */
static void
test_a_draft_whose_link_has_expired(void **state)
{
	(void)state;
	for (int64_t days = 13; days <= 14; days++) {
		struct link_state link;
		struct outbox_row sent;
		struct fixture f;
		struct desk desk;
		const char *at;
		int64_t id;

		assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
		take(&f, letter(&f, "ann@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		desk = (struct desk){ .engine = f.engine, .store = f.store,
			.arena = f.arena, .actor = "tom",
			.now = f.now + days * 86400 };
		OK(desk_send(&desk, 1, NULL, NULL, 0, &id, NULL));
		assert_int_equal(id, days == 13 ? 1 : 2);
		OK(outbox_get(f.store, f.arena, id, &sent, NULL));
		assert_string_equal(sent.handle, "link");
		assert_int_equal(sent.state, OUTBOX_QUEUED);
		at = strstr(sent.text, "state=");
		assert_non_null(at);
		at += strlen("state=");
		OK(link_state_verify(f.arena, &f.engine->key, arena_strndup(
		    f.arena, at, strcspn(at, "& \n")), desk.now, &link, NULL));
		assert_int_equal(outbox_draft(f.store, f.arena, 1, &sent,
		    NULL), CD_ABSENT);
		close_desk(&f);
	}
}

/* A correction is about the newest mail that was read, not about thanks that were
 * left after it. */
static void
test_a_label_after_thanks(void **state)
{
	struct stats_correction *wrong;
	struct label_row *labels;
	struct event_row *events;
	struct case_row row;
	struct fixture f;
	struct desk desk;
	size_t n, before;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "ann@acme.com", "a@acme.com", "", WALL), false);
	take(&f, letter(&f, "ann@acme.com", "b@acme.com", answers_to(&f, 1),
	    "Thanks!"), false);
	desk = (struct desk){ .engine = f.engine, .store = f.store,
		.arena = f.arena, .actor = "tom", .now = f.now };
	assert_int_equal(desk_label(&desk, 1, 0, "blocked", NULL), CD_DONE);
	OK(desk_label(&desk, 1, 0, "admin_help", NULL));
	OK(mails_labels(f.store, f.arena, &labels, &n, NULL));
	assert_int_equal(n, 1);
	assert_int_equal(labels[0].mail_id, 1);
	assert_non_null(strstr(labels[0].text, "connect Outlook"));
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_string_equal(events[n - 1].text,
	    "this reading was wrong: admin_help, not blocked");
	/* The same once more says nothing new. */
	before = n;
	assert_int_equal(desk_label(&desk, 1, 0, "admin_help", NULL), CD_DONE);
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_int_equal(n, before);
	/* What was left cannot be labelled; taken back, it is as it was. */
	assert_int_equal(desk_label(&desk, 1, 2, "other", NULL), CD_ABSENT);
	OK(desk_label(&desk, 1, 1, "-", NULL));
	OK(cases_get(f.store, f.arena, 1, &row, NULL));
	assert_string_equal(row.intent, "blocked");
	OK(mails_labels(f.store, f.arena, &labels, &n, NULL));
	assert_int_equal(n, 0);
	assert_int_equal(desk_label(&desk, 1, 0, "-", NULL), CD_DONE);
	/* Corrected and corrected back, it is as it was, too. */
	OK(desk_label(&desk, 1, 0, "admin_help", NULL));
	OK(desk_label(&desk, 1, 0, "blocked", NULL));
	OK(stats_corrections(f.store, f.arena, 0, 9, &wrong, &n, NULL));
	assert_int_equal(n, 0);
	OK(desk_label(&desk, 1, 0, "-", NULL));
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_string_equal(events[n - 1].text,
	    "the correction is taken back: blocked");
	close_desk(&f);
}

static void
test_a_closed_case_does_not_sleep(void **state)
{
	struct fixture f;
	struct desk desk;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	take(&f, letter(&f, "ann@acme.com", "a@acme.com", "", SEND_LINK),
	    false);
	desk = (struct desk){ .engine = f.engine, .store = f.store,
		.arena = f.arena, .actor = "tom", .now = f.now };
	OK(desk_snooze(&desk, 1, f.now + 86400, 0, NULL));
	OK(desk_close(&desk, 1, 0, NULL));
	assert_int_equal(get_case(&f, 1).state, CASE_CLOSED);
	assert_int_equal(get_case(&f, 1).snoozed_until, 0);
	close_desk(&f);
}

/* What waits for no person is in no list that it could come back to. */
static void
test_only_what_waits_is_put_off(void **state)
{
	struct fixture f;
	struct desk desk;
	struct cd_err err = { "" };

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	take(&f, letter(&f, "ann@acme.com", "a@acme.com", "", WALL), false);
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	desk = desk_of(&f);
	assert_int_equal(desk_snooze(&desk, 1, f.now + 86400, 0, &err),
	    CD_REFUSED);
	assert_non_null(strstr(err.text, "case 1 waits for no person: reopen"));
	assert_int_equal(get_case(&f, 1).snoozed_until, 0);
	OK(desk_reopen(&desk, 1, NULL));
	OK(desk_snooze(&desk, 1, f.now + 86400, 0, NULL));
	close_desk(&f);
}

/* What was put off stays so in a case where nothing waits, draft or none. */
static void
test_merged_while_put_off(void **state)
{
	(void)state;
	for (size_t draft = 0; draft < 2; draft++) {
		struct fixture f;
		struct desk desk;
		int64_t until;

		assert_int_equal(open_desk(&f, draft ? "mode.link = draft\n"
		    : ""), 0);
		take(&f, letter(&f, "ann@acme.com", "a@acme.com", "", WALL),
		    false);
		take(&f, letter(&f, "ben@acme.com", "b@acme.com", "",
		    SEND_LINK), false);
		desk = desk_of(&f);
		until = f.now + 86400;
		if (!draft)
			OK(desk_reopen(&desk, 2, NULL));
		OK(desk_snooze(&desk, 2, until, 0, NULL));
		assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
		OK(desk_merge(&desk, 2, 1, NULL));
		assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
		assert_int_equal(get_case(&f, 1).snoozed_until, until);
		close_desk(&f);
	}
}

/* Whoever waits is not put off by being merged into what was. */
static void
test_who_waits_is_not_merged_to_sleep(void **state)
{
	(void)state;
	for (size_t asleep = 0; asleep < 2; asleep++) {
		struct fixture f;
		struct desk desk;
		int64_t until;

		assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
		take(&f, letter(&f, "ann@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		take(&f, letter(&f, "ben@acme.com", "b@acme.com", "",
		    SEND_LINK), false);
		desk = desk_of(&f);
		until = f.now + 86400;
		OK(desk_snooze(&desk, 1, until, 0, NULL));
		if (asleep)
			OK(desk_snooze(&desk, 2, until + 1, 0, NULL));
		OK(desk_merge(&desk, 2, 1, NULL));
		assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
		assert_int_equal(get_case(&f, 1).snoozed_until,
		    asleep ? until : 0);
		close_desk(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_person_answers_whom_the_draft_answers),
		cmocka_unit_test(test_a_draft_keeps_its_recipient),
		cmocka_unit_test(test_a_link_for_whom_it_goes_to),
		cmocka_unit_test(test_words_of_machines_and_drafts),
		cmocka_unit_test(test_what_the_desk_refuses),
		cmocka_unit_test(test_a_merged_draft),
		cmocka_unit_test(test_the_draft_in_another_language),
		cmocka_unit_test(test_each_has_his_answer),
		cmocka_unit_test(test_asked_again),
		cmocka_unit_test(test_what_is_merged_waits_on),
		cmocka_unit_test(test_a_draft_whose_link_has_expired),
		cmocka_unit_test(test_a_label_after_thanks),
		cmocka_unit_test(test_a_closed_case_does_not_sleep),
		cmocka_unit_test(test_only_what_waits_is_put_off),
		cmocka_unit_test(test_merged_while_put_off),
		cmocka_unit_test(test_who_waits_is_not_merged_to_sleep),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
