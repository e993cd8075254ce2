/* Who is told of an approval by itself, and who is left to a person. */
#include "fixture.h"

#include "flow/words.h"
#include "store/tenants.h"

static void
wall(struct fixture *f, const char *from)
{
	(void)take(f, letter(f, from, arena_printf(f->arena, "%lld@acme.com",
	    (long long)f->now), "", WALL), false);
}

/* The answers of a case in one state, with the last one's name. */
static size_t
answers(struct fixture *f, int64_t id, enum outbox_state state,
    const char **handle_out)
{
	struct outbox_row *rows;
	size_t n, found = 0;

	*handle_out = "";
	OK(outbox_of_case(f->store, f->arena, id, &rows, &n, NULL));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].state != state)
			continue;
		*handle_out = rows[i].handle;
		found++;
	}
	return found;
}

/* In review for that reason, the note its person's one draft beside what answers
 * another question, nothing of it queued. */
static void
expect_left(struct fixture *f, int64_t id, const char *reason)
{
	struct case_row row = get_case(f, id);
	struct outbox_row *rows;
	size_t n, drafts = 0;

	assert_int_equal(row.state, CASE_REVIEW);
	assert_string_equal(row.reason, reason);
	assert_string_equal(row.tenant, TENANT);
	assert_string_equal(row.last_action,
	    "tenant approved, note drafted");
	OK(outbox_of_case(f->store, f->arena, id, &rows, &n, NULL));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].state == OUTBOX_DRAFT &&
		    strcmp(rows[i].handle, "safety") != 0) {
			assert_string_equal(rows[i].handle, "approved_note");
			drafts += strcmp(rows[i].to_canonical,
			    row.canonical) == 0;
		}
		if (strcmp(rows[i].handle, "approved_note") == 0)
			assert_int_equal(rows[i].state, OUTBOX_DRAFT);
	}
	assert_int_equal(drafts, 1);
}

static void
test_told(void **state)
{
	struct fixture f;
	struct consent_tally tally;
	const char *handle;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	wall(&f, "jo@acme.com");
	wall(&f, "sam@acme.com");
	/* A mail about something else is no word of who he is. */
	(void)take(&f, letter(&f, "sam@acme.com", "x@acme.com",
	    "In-Reply-To: <1790000010@acme.com>\r\n", "Could you send the "
	    "invoice for November again? We were charged twice. Thanks"),
	    false);
	tally = approved(&f);
	assert_int_equal(tally.told, 2);
	assert_int_equal(tally.review, 0);
	for (int64_t id = 1; id <= 2; id++) {
		assert_int_equal(get_case(&f, id).state, CASE_APPROVED);
		assert_string_equal(get_case(&f, id).last_action,
		    "approved_note queued");
		assert_int_equal(answers(&f, id, OUTBOX_QUEUED, &handle), 1);
		assert_string_equal(handle, "approved_note");
	}
	close_desk(&f);
}

/* Microsoft's return from the link that the case was sent last. */
static void
came_back(struct fixture *f, const char *error, const char *description)
{
	struct consent_return r = { .error = error,
		.error_description = description };
	struct consent_result result;
	struct outbox_row *rows;
	const char *state, *end;
	size_t n;

	OK(outbox_of_case(f->store, f->arena, 1, &rows, &n, NULL));
	state = strstr(rows[n - 1].text, "state=");
	assert_non_null(state);
	state += strlen("state=");
	end = state + strcspn(state, "& \n");
	r.state = arena_strndup(f->arena, state, (size_t)(end - state));
	OK(consent_returned(f->engine, f->store, f->arena, &r, f->now, &result,
	    NULL));
	assert_int_equal(result.case_id, 1);
}

/* Who opened the link without the right to approve is to pass it on; to another
 * the usual causes are named. */
static void
test_no_right(void **state)
{
	static const struct {
		const char *error, *description, *draft;
	} rows[] = {
		{ "access_denied", "AADSTS90094: no", "link" },
		{ "access_denied", NULL, "link" },
		{ "invalid_request", "AADSTS50020: no", "still_blocked" },
		{ NULL, NULL, "still_blocked" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct outbox_row draft;

		assert_int_equal(open_desk(&f, ""), 0);
		company_known(&f, false);
		(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		if (rows[i].error)
			came_back(&f, rows[i].error, rows[i].description);
		(void)take(&f, letter(&f, "jo@acme.com", "b@acme.com", "",
		    "I clicked the link and it still says that I need admin "
		    "approval, I am not the admin."), false);
		assert_string_equal(get_case(&f, 1).reason, "still_blocked");
		OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
		assert_string_equal(draft.handle, rows[i].draft);
		assert_int_equal(strncmp(draft.text, "Hi,\n\nA greyed-out", 17)
		    == 0, strcmp(rows[i].draft, "link") == 0);
		close_desk(&f);
	}
}

/* What is only drafted was told to nobody. */
static void
test_drafted(void **state)
{
	struct fixture f;
	struct consent_tally tally;
	struct event_row *events;
	const char *handle;
	struct desk desk;
	int64_t outbox_id;
	size_t n, again;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	company_known(&f, false);
	wall(&f, "jo@acme.com");
	wall(&f, "sam@acme.com");
	desk = desk_of(&f);
	OK(desk_send(&desk, 2, NULL, NULL, 0, &outbox_id, NULL));
	tally = approved(&f);
	assert_int_equal(tally.told, 0);
	assert_int_equal(tally.review, 2);
	expect_left(&f, 1, "draft_ready");
	expect_left(&f, 2, "draft_ready");
	assert_int_equal(answers(&f, 1, OUTBOX_CANCELLED, &handle), 1);
	assert_string_equal(handle, "steps");

	/* Seen once more, there is nothing new. */
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_int_equal(approved(&f).review, 2);
	OK(events_of(f.store, f.arena, 1, &events, &again, NULL));
	assert_int_equal(again, n);
	expect_left(&f, 1, "draft_ready");

	OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id, NULL));
	assert_int_equal(get_case(&f, 1).state, CASE_APPROVED);
	close_desk(&f);
}

/* The page after the approval can be loaded again, by a browser that was asleep
 * too: who was told and has written since waits for a person. */
static void
test_seen_again_after_a_complaint(void **state)
{
	static const char *const texts[] = { "We approved it, but it is still "
		"blocked and I get the same screen.", "Is Numeo safe? Which "
		"data do you read from Outlook?" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct consent_tally tally;
		struct case_row before;
		struct fixture f;
		const char *handle;

		assert_int_equal(open_desk(&f, ""), 0);
		company_known(&f, false);
		wall(&f, "jo@acme.com");
		assert_int_equal(approved(&f).told, 1);
		(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com",
		    answers_to(&f, 1), texts[i]), false);
		before = get_case(&f, 1);
		assert_int_equal(before.state, i == 0 ? CASE_REVIEW
						      : CASE_WAITING);
		tally = approved(&f);
		assert_int_equal(tally.told, 0);
		assert_int_equal(tally.review, i == 0);
		assert_int_equal(get_case(&f, 1).state, before.state);
		assert_string_equal(get_case(&f, 1).reason, before.reason);
		assert_int_equal(answers(&f, 1, OUTBOX_DRAFT, &handle), i == 0);
		close_desk(&f);
	}
}

/* What it waited for before is still to be looked at. */
static void
test_its_own_reason_stays(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	company_known(&f, false);
	(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", "Our admin "
	    "approved it yesterday, but it is still blocked and I get the "
	    "same screen."), false);
	assert_string_equal(get_case(&f, 1).reason, "still_blocked");
	assert_int_equal(approved(&f).review, 1);
	expect_left(&f, 1, "still_blocked");
	close_desk(&f);
}

static void
test_notes_switched_off(void **state)
{
	struct fixture f;
	const char *handle;

	(void)state;
	assert_int_equal(open_desk(&f, "mode.approved_note = off\n"), 0);
	company_known(&f, false);
	wall(&f, "jo@acme.com");
	assert_int_equal(approved(&f).review, 1);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_string_equal(get_case(&f, 1).reason, "mode_off");
	assert_string_equal(get_case(&f, 1).last_action,
	    "tenant approved, not told");
	assert_int_equal(answers(&f, 1, OUTBOX_DRAFT, &handle), 0);
	close_desk(&f);
}

static void
expect_one_left(const char *policy, const char *from, const char *verdict,
    const char *text, const char *reason)
{
	struct fixture f;
	struct consent_tally tally;

	assert_int_equal(open_desk(&f, policy), 0);
	company_known(&f, false);
	(void)take(&f, arena_printf(f.arena, "Authentication-Results: "
	    "mx.numeo.ai; dmarc=%s header.from=acme.com\r\nFrom: <%s>\r\n"
	    "To: support@numeo.ai\r\nSubject: Need admin approval\r\n"
	    "Message-ID: <a@acme.com>\r\n\r\n%s\r\n", verdict, from, text),
	    false);
	assert_string_equal(get_case(&f, 1).reason, reason);
	tally = approved(&f);
	assert_int_equal(tally.told, 0);
	assert_int_equal(tally.review, 1);
	expect_left(&f, 1, reason);
	close_desk(&f);
}

static void
test_not_proven(void **state)
{
	(void)state;
	expect_one_left("", "jo@acme.com", "none", WALL, "not_authenticated");
	expect_one_left("", "jo@acme.com", "fail", WALL, "not_authenticated");
	expect_one_left("require_authentication = not_fail\n", "jo@acme.com",
	    "fail", WALL, "not_authenticated");
}

static void
test_enough_proof(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, "require_authentication = not_fail\n"),
	    0);
	company_known(&f, false);
	(void)take(&f, "From: <jo@acme.com>\r\nTo: support@numeo.ai\r\n"
	    "Subject: Need admin approval\r\nMessage-ID: <a@acme.com>\r\n\r\n"
	    WALL "\r\n", false);
	assert_int_equal(approved(&f).told, 1);
	close_desk(&f);
}

/* The note goes to who opened the case: a colleague's proof is not his. */
static void
test_each_must_be_proven(void **state)
{
	static const char *const senders[][2] = {
		{ "none", "pass" }, { "pass", "none" } };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct fixture f;

		assert_int_equal(open_desk(&f, ""), 0);
		company_known(&f, false);
		for (size_t i = 0; i < 2; i++)
			(void)take(&f, arena_printf(f.arena,
			    "Authentication-Results: mx.numeo.ai; dmarc=%s "
			    "header.from=acme.com\r\nFrom: <%s@acme.com>\r\n"
			    "To: support@numeo.ai\r\nSubject: Approval\r\n"
			    "Message-ID: <%zu@acme.com>\r\n"
			    "In-Reply-To: <0@acme.com>\r\n\r\n" WALL "\r\n",
			    senders[k][i], i == 0 ? "jo" : "sam", i), false);
		assert_int_equal(cases_get(f.store, f.arena, 2,
		    &(struct case_row){ 0 }, NULL), CD_ABSENT);
		assert_int_equal(approved(&f).told, 0);
		expect_left(&f, 1, "not_authenticated");
		close_desk(&f);
	}
}

static void
test_who_does_not_want_to_hear(void **state)
{
	(void)state;
	expect_one_left("", "jo@acme.com", "pass", "We have decided that we "
	    "will not approve Numeo. Please do not contact us again.",
	    "refused");
	expect_one_left("", "jo@acme.com", "pass", WALL " Our lawyers must "
	    "see a data processing agreement before anything is approved.",
	    "legal_words");
}

/* What forbids an answer forbids this one too. */
static void
test_may_not_be_answered(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com",
	    "X-Auto-Response-Suppress: All\r\n", WALL), false);
	assert_string_equal(get_case(&f, 1).reason, "suppress_all");
	assert_int_equal(approved(&f).told, 0);
	expect_left(&f, 1, "suppress_all");
	close_desk(&f);
}

/* A person answered who refuses, and waits: still no mail by itself. */
static void
test_refused_and_answered(void **state)
{
	struct fixture f;
	struct desk desk;
	int64_t outbox_id;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", "We have "
	    "decided that we will not approve Numeo. Please do not contact us "
	    "again."), false);
	desk = desk_of(&f);
	OK(desk_send(&desk, 1, NULL, "We are sorry to hear that.", 0,
	    &outbox_id, NULL));
	assert_int_equal(approved(&f).told, 0);
	expect_left(&f, 1, "refused");
	close_desk(&f);
}

/* Who asked something and waits for a person's word is not told "you are
 * approved" instead. */
static void
test_a_question_is_no_approval(void **state)
{
	static const char safe[] = "Is Numeo safe? Which data do you read from "
	    "Outlook?";
	struct fixture f;
	struct desk desk;
	int64_t outbox_id;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	for (int i = 0; i < 2; i++)
		(void)take(&f, letter(&f, "jo@acme.com", arena_printf(f.arena,
		    "%d@acme.com", i), "", safe), false);
	assert_string_equal(get_case(&f, 1).reason, "same_answer_in_7_days");
	assert_int_equal(approved(&f).told, 0);
	expect_left(&f, 1, "same_answer_in_7_days");
	/* Told of the approval he still has no answer. */
	desk = desk_of(&f);
	OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id, NULL));
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id, NULL));
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	close_desk(&f);
}

/* What a case waits for a person with besides the approval, and that he wants to
 * come back to it, is not over with the note. */
static void
test_what_else_waits_stays(void **state)
{
	enum act { NOTHING, REOPEN, SNOOZE, NOTE };
	static const struct {
		const char *text;
		enum act act;
		const char *reason;	/* NULL: it is over */
	} rows[] = {
		{ "I approved it and it still says need admin approval. Also "
		    "we pay double since March, who can fix my invoice?",
		    NOTHING, "still_blocked" },
		{ "Please call me, I want to talk to a real person about our "
		    "invoice of March.", NOTHING, "unclear" },
		{ NULL, REOPEN, "reopened" },
		{ SEND_LINK, SNOOZE, "same_answer_in_7_days" },
		{ SEND_LINK, NOTE, "same_answer_in_7_days" },
		{ SEND_LINK, NOTHING, NULL },
		{ "I clicked the link and approved it, and it still says that "
		    "I need admin approval", NOTHING, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct desk desk;
		const char *handle;
		int64_t until;

		assert_int_equal(open_desk(&f, ""), 0);
		company_known(&f, false);
		(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com", "",
		    SEND_LINK), false);
		if (rows[i].text)
			(void)take(&f, letter(&f, "jo@acme.com", "b@acme.com",
			    answers_to(&f, 1), rows[i].text), false);
		desk = desk_of(&f);
		until = rows[i].act == SNOOZE ? f.now + 86400 : 0;
		if (rows[i].act == REOPEN)
			OK(desk_reopen(&desk, 1, NULL));
		else if (rows[i].act == SNOOZE)
			OK(desk_snooze(&desk, 1, until, 0, NULL));
		else if (rows[i].act == NOTE)
			OK(desk_note(&desk, 1, "call her on monday", NULL));
		assert_int_equal(approved(&f).told, 1);
		/* The return address can be loaded again. */
		assert_int_equal(approved(&f).told, 0);
		assert_int_equal(answers(&f, 1, OUTBOX_SENT, &handle), 2);
		assert_string_equal(handle, "approved_note");
		assert_int_equal(answers(&f, 1, OUTBOX_DRAFT, &handle), 0);
		assert_int_equal(get_case(&f, 1).state, rows[i].reason
		    ? CASE_REVIEW : CASE_APPROVED);
		assert_string_equal(get_case(&f, 1).reason, rows[i].reason
		    ? rows[i].reason : "");
		assert_int_equal(get_case(&f, 1).snoozed_until, until);
		if (rows[i].reason) {
			const struct case_row row = get_case(&f, 1);

			assert_non_null(strstr(words_why(f.arena, &row),
			    "; approved meanwhile"));
		}
		close_desk(&f);
	}
}

/* Nor what is drafted for it. */
static void
test_the_draft_for_what_waits_stays(void **state)
{
	struct fixture f;
	const char *handle;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK),
	    false);
	(void)take(&f, letter(&f, "jo@acme.com", "b@acme.com",
	    answers_to(&f, 1), "Now it says AADSTS50105: the signed in user "
	    "is not assigned to a role for the application."), false);
	assert_int_equal(approved(&f).told, 1);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_int_equal(answers(&f, 1, OUTBOX_DRAFT, &handle), 1);
	assert_string_equal(handle, "assignment_required");
	close_desk(&f);
}

/* What nobody could read is its sender's company's all the same: a person's link
 * is for it, and its approval comes before him. */
static void
test_of_the_senders_company(void **state)
{
	static const struct {
		const char *from, *domain, *tenant;
	} rows[] = {
		{ "jo@acme.com", "acme.com", TENANT },
		{ "jo@gmail.com", NULL, "/organizations/" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct desk desk;
		int64_t outbox_id;

		for (int linked = 0; linked <= 1; linked++) {
			assert_int_equal(open_desk(&f, ""), 0);
			company_known(&f, false);
			(void)take(&f, letter(&f, rows[i].from, "a@acme.com",
			    "In-Reply-To: <help-1@numeo.ai>\r\n",
			    "Can you call me? 555-0133"), false);
			assert_string_equal(get_case(&f, 1).intent, "other");
			if (rows[i].domain)
				assert_string_equal(get_case(&f, 1).domain,
				    rows[i].domain);
			else
				assert_null(get_case(&f, 1).domain);
			if (linked) {
				desk = (struct desk){ .engine = f.engine,
					.store = f.store, .arena = f.arena,
					.actor = "ann", .now = f.now };
				OK(desk_send(&desk, 1, "link", NULL, 0,
				    &outbox_id, NULL));
				check_link(&f, 1, "link", rows[i].tenant);
			} else if (rows[i].domain) {
				assert_int_equal(approved(&f).told, 0);
				expect_left(&f, 1, "unclear");
			}
			close_desk(&f);
		}
	}
}

static void
test_taken_or_dead(void **state)
{
	struct fixture f;
	struct case_row row;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	wall(&f, "jo@acme.com");
	wall(&f, "sam@acme.com");
	row = get_case(&f, 1);
	row.taken = true;
	OK(store_begin(f.store, NULL));
	OK(cases_update(f.store, &row, NULL));
	OK(dead_set(f.store, "sam@acme.com", f.now, "no such user", NULL));
	OK(store_commit(f.store, NULL));
	assert_int_equal(approved(&f).told, 0);
	expect_left(&f, 1, "taken");
	expect_left(&f, 2, "dead_address");
	close_desk(&f);
}

/* Nobody's tenant is approved, by whatever way. */
static void
test_no_company(void **state)
{
	static const char *const tenants[] = {
		"9188040d-6c67-4c5b-b112-36a304b66dad",
		"84df9e7f-e9f6-40af-b435-aaaaaaaaaaaa",
		"00000000-0000-0000-0000-000000000000" };
	struct fixture f;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK),
	    false);
	for (size_t i = 0; i < sizeof tenants / sizeof *tenants; i++) {
		const struct link_state link = { 1, "organizations",
			f.now + 60 };
		const struct consent_return back = { .admin_consent = "True",
			.tenant = tenants[i], .state = link_state_sign(f.arena,
			&f.engine->key, &link) };
		struct consent_result result;
		struct consent_tally tally;
		struct tenant_row row;
		struct cd_err err = { "" };

		assert_int_equal(consent_approve(f.engine, f.store, f.arena,
		    tenants[i], "approve", "ann", f.now, &tally, &err),
		    CD_MALFORMED);
		assert_non_null(strstr(err.text, tenants[i]));
		OK(consent_returned(f.engine, f.store, f.arena, &back, f.now,
		    &result, NULL));
		assert_int_equal(result.outcome, CONSENT_WRONG_TENANT);
		assert_int_equal(tenants_get(f.store, f.arena, tenants[i],
		    &row, NULL), CD_ABSENT);
	}
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	close_desk(&f);
}

/* What `link DOMAIN` refuses no case gets either. */
static void
test_no_link_into_a_national_cloud(void **state)
{
	struct fixture f;
	struct rendered words;
	struct case_row row;
	struct desk desk;
	int64_t outbox_id;

	(void)state;
	for (int known = 0; known <= 1; known++) {
		struct cd_err err = { "" };

		assert_int_equal(open_desk(&f,
		    "first_reply = steps_and_link\n"), 0);
		company_known(&f, true);
		wall(&f, "jo@acme.com");
		row = get_case(&f, 1);
		assert_string_equal(row.reason, "foreign_cloud");
		/* Microsoft could not be asked while the mail was read; or its
		 * tenant was pasted. */
		if (known)
			row.domain = NULL;
		else
			row.tenant = NULL;
		OK(store_begin(f.store, NULL));
		OK(cases_update(f.store, &row, NULL));
		OK(store_commit(f.store, NULL));
		desk = desk_of(&f);
		assert_int_equal(desk_send(&desk, 1, "link", NULL, 0,
		    &outbox_id, &err), CD_REFUSED);
		assert_non_null(strstr(err.text, "national cloud"));
		assert_int_equal(desk_send(&desk, 1, "steps", NULL, 0,
		    &outbox_id, &err), known ? CD_OK : CD_REFUSED);
		assert_int_equal(desk_preview(&desk, 1, "link", &words, &err),
		    CD_REFUSED);
		OK(desk_send(&desk, 1, "safety", NULL, 0, &outbox_id, &err));
		OK(desk_send(&desk, 1, NULL, "Call us.", 0, &outbox_id, &err));
		close_desk(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_no_right),
		cmocka_unit_test(test_drafted),
		cmocka_unit_test(test_seen_again_after_a_complaint),
		cmocka_unit_test(test_its_own_reason_stays),
		cmocka_unit_test(test_notes_switched_off),
		cmocka_unit_test(test_not_proven),
		cmocka_unit_test(test_enough_proof),
		cmocka_unit_test(test_each_must_be_proven),
		cmocka_unit_test(test_who_does_not_want_to_hear),
		cmocka_unit_test(test_may_not_be_answered),
		cmocka_unit_test(test_refused_and_answered),
		cmocka_unit_test(test_a_question_is_no_approval),
		cmocka_unit_test(test_what_else_waits_stays),
		cmocka_unit_test(test_the_draft_for_what_waits_stays),
		cmocka_unit_test(test_of_the_senders_company),
		cmocka_unit_test(test_taken_or_dead),
		cmocka_unit_test(test_no_company),
		cmocka_unit_test(test_no_link_into_a_national_cloud),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
