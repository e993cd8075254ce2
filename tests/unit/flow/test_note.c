/* Who else hears that the company is approved, and an approval taken back. */
#include "fixture.h"

/* A colleague who was helped in the case hears of it too, once; who was not, or
 * may not be written to, does not. */
static void
test_colleagues_are_told(void **state)
{
	static const struct {
		const char *name, *headers, *text;
		size_t answers, notes;
	} people[] = {
		{ "jo", "", WALL, 1, 1 },
		{ "held", "", SEND_LINK, 1, 0 },
		{ "held", "X-Auto-Response-Suppress: All\r\n", SEND_LINK, 0,
		  0 },
		{ "it", "X-Auto-Response-Suppress: All\r\n", SEND_LINK, 0, 1 },
		{ "it", "", SEND_LINK, 1, 1 },
		{ "it", "", "Is Numeo safe? Which data do you read from "
		    "Outlook?", 1, 1 },
		{ "sam", "", "Is Numeo safe? Which data do you read from "
		    "Outlook?", 1, 0 },
		{ "dead", "", SEND_LINK, 1, 0 },
	};
	struct outbox_row *rows;
	struct fixture f;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, "max_replies_per_sender_per_day = 9\n"),
	    0);
	company_known(&f, false);
	for (size_t i = 0; i < sizeof people / sizeof *people; i++)
		assert_int_equal(take(&f, letter(&f, arena_printf(f.arena,
		    "%s@acme.com", people[i].name), arena_printf(f.arena,
		    "%zu@acme.com", i), arena_printf(f.arena, "%sIn-Reply-To: "
		    "<0@acme.com>\r\n", people[i].headers), people[i].text),
		    false), people[i].answers);
	OK(store_begin(f.store, NULL));
	OK(dead_set(f.store, "dead@acme.com", f.now, "no such user", NULL));
	OK(store_commit(f.store, NULL));
	assert_int_equal(approved(&f).told, 1);
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
		size_t notes = 0;

		for (size_t k = 0; k < n; k++)
			notes += strcmp(rows[k].handle, "approved_note") == 0 &&
			    outbox_is_out(rows[k].state) &&
			    str_starts(str_of(rows[k].to_addr),
			    str_of(people[i].name));
		assert_int_equal(notes, people[i].notes);
	}
	/* Who wrote last where nothing may be sent by itself is not lost. */
	assert_string_equal(rows[n - 1].to_addr, "held@acme.com");
	assert_int_equal(rows[n - 1].state, OUTBOX_DRAFT);
	assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
	assert_string_equal(get_case(&f, 1).reason, "suppress_all");
	close_desk(&f);
}

static size_t
notes_to(struct fixture *f, int64_t id, const char *to)
{
	struct outbox_row *rows;
	size_t n, found = 0;

	OK(outbox_of_case(f->store, f->arena, id, &rows, &n, NULL));
	for (size_t i = 0; i < n; i++)
		found += strcmp(rows[i].handle, "approved_note") == 0 &&
		    outbox_is_out(rows[i].state) &&
		    strcmp(rows[i].to_addr, to) == 0;
	return found;
}

static void
reply(struct fixture *f, const char *from, const char *id, const char *text)
{
	(void)take(f, letter(f, from, id, "In-Reply-To: <0@acme.com>\r\n",
	    text), false);
}

/* Each hears it in the language he writes, whatever a colleague wrote in since. */
static void
test_each_in_his_language(void **state)
{
	static const char *const asks[][3] = {
		{ "de", "Bitte schicken Sie mir den Link zur Freigabe f\xc3\xbcr "
		    "Numeo, ich bin der Administrator.", "Danke" },
		{ "es", "Por favor, env\xc3\xad" "enme el enlace de "
		    "aprobaci\xc3\xb3n para Numeo, soy el administrador.",
		  "Gracias" },
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const char *const *ask = asks[i / 2];
		struct recipient to;
		struct outbox_row *rows;
		struct fixture f;
		struct desk desk;
		int64_t outbox_id;
		size_t n;

		assert_int_equal(open_desk(&f, i % 2 ? "mode = draft\n" : ""),
		    0);
		company_known(&f, false);
		desk = desk_of(&f);
		(void)take(&f, letter(&f, "amy@acme.com", "0@acme.com", "",
		    ask[1]), false);
		reply(&f, "bob@acme.com", "1@acme.com", SEND_LINK);
		/* To whoever wrote last, whose draft it is or not. */
		OK(desk_recipient(&desk, 1, &to, NULL));
		assert_string_equal(to.language, "en");
		OK(desk_send(&desk, 1, "safety", NULL, 0, &outbox_id, NULL));
		OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
		assert_string_equal(rows[n - 1].to_addr, "bob@acme.com");
		assert_string_equal(rows[n - 1].language, "en");
		reply(&f, "bob@acme.com", "2@acme.com", SEND_LINK);
		assert_string_equal(get_case(&f, 1).language, ask[0]);
		(void)approved(&f);
		OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
		for (size_t k = 0; k < n; k++) {
			bool amys = strcmp(rows[k].to_addr,
			    "amy@acme.com") == 0;

			assert_string_equal(rows[k].language, amys ? ask[0]
			    : "en");
		}
		assert_string_equal(rows[n - 2].handle, "approved_note");
		close_desk(&f);
	}
}

/* A person who tells one tells the colleagues, as it goes by itself. */
static void
test_a_person_tells_the_colleagues(void **state)
{
	struct fixture f;
	struct desk desk;
	int64_t outbox_id;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	company_known(&f, false);
	desk = desk_of(&f);
	(void)take(&f, letter(&f, "amy@acme.com", "0@acme.com", "", WALL),
	    false);
	OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id, NULL));
	reply(&f, "bob@acme.com", "1@acme.com", SEND_LINK);
	OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id, NULL));
	reply(&f, "zoe@acme.com", "2@acme.com", SEND_LINK);
	OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id, NULL));
	OK(store_begin(f.store, NULL));
	OK(dead_set(f.store, "zoe@acme.com", f.now, "no such user", NULL));
	OK(store_commit(f.store, NULL));
	assert_int_equal(approved(&f).review, 1);
	assert_int_equal(notes_to(&f, 1, "bob@acme.com"), 0);
	OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id, NULL));
	assert_int_equal(notes_to(&f, 1, "amy@acme.com"), 1);
	assert_int_equal(notes_to(&f, 1, "bob@acme.com"), 1);
	assert_int_equal(notes_to(&f, 1, "zoe@acme.com"), 0);
	assert_int_equal(get_case(&f, 1).state, CASE_APPROVED);
	/* Nobody hears it twice. */
	OK(desk_send(&desk, 1, "approved_note", NULL, 0, &outbox_id, NULL));
	assert_int_equal(notes_to(&f, 1, "bob@acme.com"), 1);
	close_desk(&f);
}

/* A private mailbox whose case a person merged into a company's is one of it. */
static void
test_a_merged_private_mailbox(void **state)
{
	struct fixture f;
	struct desk desk;
	size_t n;

	(void)state;
	for (int asks = 0; asks <= 1; asks++) {
		struct outbox_row *rows;

		assert_int_equal(open_desk(&f, ""), 0);
		company_known(&f, false);
		(void)take(&f, letter(&f, "amy@acme.com", "0@acme.com", "",
		    SEND_LINK), false);
		(void)take(&f, letter(&f, "pat@gmail.com", "p@gmail.com", "",
		    SEND_LINK), false);
		desk = desk_of(&f);
		OK(desk_merge(&desk, 2, 1, NULL));
		if (asks) {
			(void)take(&f, letter(&f, "pat@gmail.com",
			    "q@gmail.com", "In-Reply-To: <p@gmail.com>\r\n",
			    "I still need the link, please send it."), false);
			check_link(&f, 1, "link", TENANT);
			OK(outbox_of_case(f.store, f.arena, 1, &rows, &n,
			    NULL));
			assert_string_equal(rows[n - 1].to_addr,
			    "pat@gmail.com");
		}
		assert_string_equal(get_case(&f, 1).domain, "acme.com");
		assert_int_equal(approved(&f).told, 1);
		assert_int_equal(notes_to(&f, 1, "amy@acme.com"), 1);
		assert_int_equal(notes_to(&f, 1, "pat@gmail.com"), 1);
		close_desk(&f);
	}
}

/* Whose draft of the link waited when the approval came has the note instead. */
static void
test_a_draft_becomes_the_note(void **state)
{
	struct fixture f;
	struct desk desk;
	int64_t outbox_id;

	(void)state;
	for (int drafted = 0; drafted <= 1; drafted++) {
		assert_int_equal(open_desk(&f, drafted ? "mode = draft\n"
		    : "mode.link = draft\n"), 0);
		company_known(&f, false);
		(void)take(&f, letter(&f, "amy@acme.com", "0@acme.com", "",
		    WALL), false);
		reply(&f, "una@acme.com", "1@acme.com", SEND_LINK);
		assert_int_equal(approved(&f).told, drafted ? 0 : 1);
		assert_int_equal(notes_to(&f, 1, "una@acme.com"), !drafted);
		desk = desk_of(&f);
		if (drafted) {
			OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id,
			    NULL));
			assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
			assert_int_equal(notes_to(&f, 1, "una@acme.com"), 0);
			OK(desk_send(&desk, 1, NULL, NULL, 0, &outbox_id,
			    NULL));
		}
		assert_int_equal(notes_to(&f, 1, "amy@acme.com"), 1);
		assert_int_equal(notes_to(&f, 1, "una@acme.com"), 1);
		assert_int_equal(get_case(&f, 1).state, CASE_APPROVED);
		close_desk(&f);
	}
}

/* A colleague who cannot be proven is not told by itself, and not dropped with the
 * case either: he is a person's to tell. */
static void
test_an_unproven_colleague_waits(void **state)
{
	static const char safe[] = "Is Numeo safe? Which data do you read from "
	    "Outlook?";
	static const struct {
		const char *text, *then[2], *reason;
		bool answered;	/* jo is, by a person */
	} rows[] = {
		{ SEND_LINK, { safe }, "not_authenticated", false },
		{ SEND_LINK, { SEND_LINK, SEND_LINK }, "not_authenticated",
		    false },
		{ SEND_LINK, { "I approved it and it is still blocked, the "
		    "same screen again.", safe }, "not_authenticated", true },
		{ "We approved it, and it is still blocked: the same screen "
		    "again.", { safe }, "still_blocked", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct desk desk;
		struct outbox_row draft;
		int64_t id;

		assert_int_equal(open_desk(&f, ""), 0);
		company_known(&f, false);
		(void)take(&f, letter(&f, "jo@acme.com", "0@acme.com", "",
		    WALL), false);
		(void)take(&f, arena_printf(f.arena, "From: <sam@acme.com>\r\n"
		    "To: support@numeo.ai\r\nSubject: Approval\r\n"
		    "Message-ID: <1@acme.com>\r\nIn-Reply-To: <0@acme.com>"
		    "\r\n\r\n%s\r\n", rows[i].text), false);
		assert_string_equal(get_case(&f, 1).reason, rows[i].reason);
		for (size_t k = 0; k < 2 && rows[i].then[k]; k++) {
			reply(&f, "jo@acme.com", arena_printf(f.arena,
			    "%zu@acme.com", k + 2), rows[i].then[k]);
			desk = desk_of(&f);
			if (k == 0 && rows[i].answered)
				OK(desk_send(&desk, 1, NULL, NULL, 0, &id,
				    NULL));
		}
		assert_int_equal(approved(&f).told, 1);
		assert_int_equal(notes_to(&f, 1, "jo@acme.com"), 1);
		assert_int_equal(notes_to(&f, 1, "sam@acme.com"), 0);
		assert_int_equal(get_case(&f, 1).state, CASE_REVIEW);
		assert_string_equal(get_case(&f, 1).reason, rows[i].reason);
		OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
		assert_string_equal(draft.to_addr, "sam@acme.com");
		assert_string_equal(draft.handle, "approved_note");
		/* The return address can be loaded again. */
		assert_int_equal(approved(&f).told, 0);
		desk = desk_of(&f);
		OK(desk_send(&desk, 1, NULL, NULL, 0, &id, NULL));
		assert_int_equal(id, draft.id);
		assert_int_equal(get_case(&f, 1).state, CASE_APPROVED);
		assert_int_equal(notes_to(&f, 1, "jo@acme.com"), 1);
		close_desk(&f);
	}
}

/* A link for any company was accepted: a colleague who has one too, of the same
 * domain, comes before a person; nobody else does. */
static void
test_colleagues_of_an_unknown_tenant(void **state)
{
	static const char *const people[] = { "la@nowhere.com",
		"ma@nowhere.com", "ed@elsewhere.com", "pat@gmail.com" };
	struct outbox_row draft;
	struct fixture f;
	struct desk desk;
	int64_t outbox_id;

	(void)state;
	for (int drafted = 0; drafted <= 1; drafted++) {
		assert_int_equal(open_desk(&f, drafted
		    ? "mode.approved_note = draft\n" : ""), 0);
		for (size_t i = 0; i < 4; i++)
			(void)take(&f, letter(&f, people[i], arena_printf(
			    f.arena, "%zu@x.com", i), "", SEND_LINK), false);
		/* Its return address can be loaded again. */
		for (int i = 0; i < 2; i++) {
			struct consent_tally tally;

			OK(consent_approve_case(f.engine, f.store, f.arena,
			    TENANT, 1, f.now, &tally, NULL));
			assert_int_equal(tally.told, i == 0 && !drafted);
			assert_int_equal(tally.review, (i == 0) + drafted);
		}
		assert_int_equal(get_case(&f, 1).state, drafted ? CASE_REVIEW
		    : CASE_APPROVED);
		assert_string_equal(get_case(&f, 2).reason,
		    "perhaps_approved");
		assert_null(get_case(&f, 2).tenant);
		assert_int_equal(notes_to(&f, 2, "ma@nowhere.com"), 0);
		OK(outbox_draft(f.store, f.arena, 2, &draft, NULL));
		assert_string_equal(draft.handle, "approved_note");
		for (int64_t id = 3; id <= 4; id++)
			assert_int_equal(get_case(&f, id).state, CASE_WAITING);
		desk = desk_of(&f);
		OK(desk_send(&desk, 2, NULL, NULL, 0, &outbox_id, NULL));
		assert_int_equal(get_case(&f, 2).state, CASE_APPROVED);
		close_desk(&f);
	}
}

/* Who wants to hear no more does not, whoever's case it is and whatever a person
 * did with it. */
static void
test_who_refused_hears_nothing(void **state)
{
	static const char stop[] = "We have decided that we will not approve "
	    "Numeo. Please do not contact us again.";

	(void)state;
	for (int closed = 0; closed <= 1; closed++) {
		for (int opened = 0; opened <= 1; opened++) {
			const char *who = opened ? "amy@acme.com"
						 : "bob@acme.com";
			struct fixture f;
			struct desk desk;
			int64_t outbox_id;

			assert_int_equal(open_desk(&f, ""), 0);
			company_known(&f, false);
			(void)take(&f, letter(&f, "amy@acme.com", "0@acme.com",
			    "", SEND_LINK), false);
			reply(&f, "bob@acme.com", "1@acme.com", SEND_LINK);
			reply(&f, who, "2@acme.com", stop);
			assert_string_equal(get_case(&f, 1).reason, "refused");
			desk = (struct desk){ .engine = f.engine,
				.store = f.store, .arena = f.arena,
				.actor = "ann", .now = f.now };
			if (closed) {
				OK(desk_close(&desk, 1, 0, NULL));
				reply(&f, "zoe@acme.com", "3@acme.com",
				    SEND_LINK);
				assert_int_equal(get_case(&f, 1).state,
				    CASE_WAITING);
			}
			(void)approved(&f);
			assert_int_equal(notes_to(&f, 1, who), 0);
			if (!opened)
				OK(desk_send(&desk, 1, "approved_note", NULL,
				    0, &outbox_id, NULL));
			assert_int_equal(notes_to(&f, 1, who), 0);
			close_desk(&f);
		}
	}
}

/* To the case's person. */
static void
note_sent(struct fixture *f, int64_t id)
{
	static const enum outbox_state steps[] = { OUTBOX_CLAIMED,
		OUTBOX_COMMITTING, OUTBOX_SENT };
	struct case_row row = get_case(f, id);
	struct outbox_row *rows;
	size_t n;

	OK(outbox_of_case(f->store, f->arena, id, &rows, &n, NULL));
	OK(store_begin(f->store, NULL));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].state != OUTBOX_QUEUED ||
		    strcmp(rows[i].handle, "approved_note") != 0 ||
		    strcmp(rows[i].to_canonical, row.canonical) != 0)
			continue;
		for (size_t k = 0; k < 3; k++)
			OK(outbox_step(f->store, rows[i].id, steps[k], 0,
			    f->now, NULL, NULL));
	}
	OK(store_commit(f->store, NULL));
}

/* Who refused, and was sent the link by a person, is told as anybody is: whether he
 * thought better of it, or was misread. */
static void
test_a_settled_refusal(void **state)
{
	static const char stop[] = "We have decided that we will not approve "
	    "Numeo. Please do not contact us again.";
	static const struct {
		const char *then, *template;
		size_t told;
	} rows[] = {
		{ "Sorry for my last mail, colleague explained. Please send "
		    "the link after all.", NULL, 1 },
		{ SEND_LINK, NULL, 1 },
		{ NULL, "link", 1 },
		{ NULL, "steps", 1 },
		{ NULL, "safety", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		struct desk desk;
		int64_t outbox_id;

		assert_int_equal(open_desk(&f, ""), 0);
		company_known(&f, false);
		(void)take(&f, letter(&f, "amy@acme.com", "0@acme.com", "",
		    stop), false);
		if (rows[i].then)
			reply(&f, "amy@acme.com", "1@acme.com", rows[i].then);
		assert_string_equal(get_case(&f, 1).intent, "refused");
		desk = desk_of(&f);
		OK(desk_send(&desk, 1, rows[i].template, NULL, 0, &outbox_id,
		    NULL));
		assert_int_equal(approved(&f).told, rows[i].told);
		assert_int_equal(notes_to(&f, 1, "amy@acme.com"),
		    rows[i].told);
		close_desk(&f);
	}
}

/* The company's admin removed the app: its people need the link again, and hear
 * of the next approval. */
static void
test_taken_back(void **state)
{
	struct fixture f;
	struct tenant_row tenant;
	struct event_row *events;
	struct cd_err err = { "" };
	struct outbox_row *rows;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	assert_int_equal(consent_withdraw(f.store, f.arena, TENANT, "ann",
	    f.now, &n, &err), CD_ABSENT);
	assert_non_null(strstr(err.text, "is not known"));
	company_known(&f, false);
	assert_int_equal(consent_withdraw(f.store, f.arena, TENANT, "ann",
	    f.now, &n, &err), CD_REFUSED);
	assert_non_null(strstr(err.text, "is not approved"));
	(void)take(&f, letter(&f, "jo@acme.com", "0@acme.com", "", WALL),
	    false);
	reply(&f, "bob@acme.com", "b@acme.com", SEND_LINK);
	assert_int_equal(approved(&f).told, 1);
	OK(consent_withdraw(f.store, f.arena, TENANT, "ann", f.now, &n, &err));
	assert_int_equal(n, 1);
	OK(tenants_get(f.store, f.arena, TENANT, &tenant, NULL));
	assert_int_equal(tenant.approved_at, 0);
	assert_null(tenant.approved_how);
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_string_equal(events[n - 1].text, "the approval was taken back");
	assert_string_equal(events[n - 1].actor, "ann");
	/* The notes that were not sent yet are not sent any more, but by the
	 * next approval. */
	assert_int_equal(notes_to(&f, 1, "jo@acme.com"), 0);
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	assert_int_equal(approved(&f).told, 1);
	assert_int_equal(notes_to(&f, 1, "jo@acme.com"), 1);
	assert_int_equal(notes_to(&f, 1, "bob@acme.com"), 1);
	note_sent(&f, 1);
	OK(consent_withdraw(f.store, f.arena, TENANT, "ann", f.now, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(get_case(&f, 1).state, CASE_APPROVED);

	f.now += 8 * 86400;
	company_known(&f, false);
	reply(&f, "jo@acme.com", "c@acme.com", SEND_LINK);
	reply(&f, "bob@acme.com", "d@acme.com", SEND_LINK);
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	assert_string_equal(rows[n - 1].handle, "link");
	assert_string_equal(rows[n - 1].to_addr, "bob@acme.com");
	assert_int_equal(rows[n - 1].state, OUTBOX_QUEUED);
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	assert_int_equal(approved(&f).told, 1);
	assert_int_equal(notes_to(&f, 1, "jo@acme.com"), 2);
	assert_int_equal(notes_to(&f, 1, "bob@acme.com"), 1);
	close_desk(&f);
}

/* Who has the note is not told anew: his case only says that it is so again. */
static void
test_approved_again(void **state)
{
	struct fixture f;
	struct event_row *events;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	(void)take(&f, letter(&f, "jo@acme.com", "0@acme.com", "", WALL),
	    false);
	assert_int_equal(approved(&f).told, 1);
	note_sent(&f, 1);
	OK(consent_withdraw(f.store, f.arena, TENANT, "ann", f.now, &n, NULL));
	assert_string_equal(get_case(&f, 1).last_action, "approval taken back");
	assert_int_equal(approved(&f).told, 0);
	assert_int_equal(notes_to(&f, 1, "jo@acme.com"), 1);
	assert_int_equal(get_case(&f, 1).state, CASE_APPROVED);
	assert_string_equal(get_case(&f, 1).last_action, "approved again");
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_string_equal(events[n - 1].kind, "approval");
	assert_string_equal(events[n - 1].text, "the tenant is approved");
	/* Once. */
	assert_int_equal(approved(&f).told, 0);
	OK(events_of(f.store, f.arena, 1, &events, &n, NULL));
	assert_string_equal(events[n - 2].text, "the approval was taken back");
	close_desk(&f);
}

/* A mail that could not be read has no Message-ID that an answer could name. */
static void
test_no_answer_to_an_id_of_our_own(void **state)
{
	struct fixture f;
	struct outbox_row *rows, note;
	struct desk desk;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	company_known(&f, false);
	(void)take(&f, letter(&f, "jo@acme.com", "0@acme.com", "", WALL),
	    false);
	(void)take(&f, "", true);
	desk = desk_of(&f);
	OK(desk_merge(&desk, 2, 1, NULL));
	(void)approved(&f);
	OK(outbox_of_case(f.store, f.arena, 1, &rows, &n, NULL));
	assert_string_equal(rows[n - 1].handle, "approved_note");
	OK(outbox_get(f.store, f.arena, rows[n - 1].id, &note, NULL));
	assert_true(note.raw.n > 0);
	assert_true(str_ifind(note.raw, STR("unreadable")) < 0);
	close_desk(&f);
}

/* Taken back before a person sent the note: it cannot be sent any more. */
static void
test_a_drafted_note_is_taken_back(void **state)
{
	struct fixture f;
	struct outbox_row draft;
	size_t n;

	(void)state;
	assert_int_equal(open_desk(&f, "mode = draft\n"), 0);
	company_known(&f, false);
	(void)take(&f, letter(&f, "jo@acme.com", "0@acme.com", "", WALL),
	    false);
	assert_int_equal(approved(&f).review, 1);
	OK(consent_withdraw(f.store, f.arena, TENANT, "ann", f.now, &n, NULL));
	assert_int_equal(n, 1);
	assert_int_equal(outbox_draft(f.store, f.arena, 1, &draft, NULL),
	    CD_ABSENT);
	assert_int_equal(approved(&f).review, 1);
	OK(outbox_draft(f.store, f.arena, 1, &draft, NULL));
	assert_string_equal(draft.handle, "approved_note");
	close_desk(&f);
}

/* Whose link was for the tenant of a pasted address is not told that his own
 * company's is approved. */
static void
test_a_pasted_tenant(void **state)
{
	const struct domain_row pasted = { TENANT_B, TENANT_B, 1,
		INT64_MAX };
	struct fixture f;
	struct consent_tally tally;

	(void)state;
	assert_int_equal(open_desk(&f, ""), 0);
	two_companies_known(&f);
	OK(store_begin(f.store, NULL));
	OK(domains_put(f.store, &pasted, NULL));
	OK(store_commit(f.store, NULL));
	(void)take(&f, letter(&f, "jo@acme.com", "a@acme.com", "", SEND_LINK
	    " The page is https://login.microsoftonline.com/" TENANT_B
	    "/oauth2/v2.0/authorize"), false);
	assert_string_equal(get_case(&f, 1).domain, "acme.com");
	check_link(&f, 1, "link", TENANT_B);
	OK(consent_approve(f.engine, f.store, f.arena, TENANT_A, "approve",
	    "ann", f.now, &tally, NULL));
	assert_int_equal(tally.told, 0);
	assert_int_equal(get_case(&f, 1).state, CASE_WAITING);
	OK(consent_approve(f.engine, f.store, f.arena, TENANT_B, "approve",
	    "ann", f.now, &tally, NULL));
	assert_int_equal(tally.told, 1);
	close_desk(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_colleagues_are_told),
		cmocka_unit_test(test_each_in_his_language),
		cmocka_unit_test(test_a_person_tells_the_colleagues),
		cmocka_unit_test(test_a_merged_private_mailbox),
		cmocka_unit_test(test_a_draft_becomes_the_note),
		cmocka_unit_test(test_an_unproven_colleague_waits),
		cmocka_unit_test(test_colleagues_of_an_unknown_tenant),
		cmocka_unit_test(test_who_refused_hears_nothing),
		cmocka_unit_test(test_a_settled_refusal),
		cmocka_unit_test(test_taken_back),
		cmocka_unit_test(test_approved_again),
		cmocka_unit_test(test_no_answer_to_an_id_of_our_own),
		cmocka_unit_test(test_a_drafted_note_is_taken_back),
		cmocka_unit_test(test_a_pasted_tenant),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
