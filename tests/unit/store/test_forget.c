#include "fixture.h"

#define SECRET "zanzibarine"

/* Does any file of the database hold the word? */
static bool
on_disk(struct fixture *f, const char *word)
{
	static const char *const ends[] = { "", "-wal" };
	bool found = false;

	for (size_t i = 0; i < 2; i++) {
		char path[120];
		FILE *in;
		long n;

		snprintf(path, sizeof path, "%s%s", f->path, ends[i]);
		in = fopen(path, "r");
		if (!in)
			continue;
		fseek(in, 0, SEEK_END);
		n = ftell(in);
		rewind(in);
		if (n > 0) {
			char *bytes = malloc((size_t)n);

			assert_int_equal(fread(bytes, 1, (size_t)n, in), n);
			found |= memmem(bytes, (size_t)n, word, strlen(word))
			    != NULL;
			free(bytes);
		}
		fclose(in);
	}
	return found;
}

static void
note_added(struct fixture *f, int64_t case_id, int64_t mail_id,
    int64_t outbox_id)
{
	struct event_row e = { .case_id = case_id, .mail_id = mail_id,
		.outbox_id = outbox_id, .at = 1, .kind = "note",
		.actor = "ann", .text = SECRET };

	OK(f, events_add(f->s, &e, &f->err));
}

/* A person with a case, who also wrote into somebody else's case, is answered
 * there, has bounced and was corrected; *theirs_out: the other case. */
static void
person_made(struct fixture *f, int64_t *own_out, int64_t *theirs_out)
{
	struct case_row c = a_case(SECRET "@lind.example");
	struct mail_row m;
	struct outbox_row o;
	int64_t id;

	c.from_name = c.subject = SECRET;
	*own_out = case_added(f, &c);
	c = a_case("ann@lind.example");
	c.linked = *own_out;
	*theirs_out = case_added(f, &c);

	m = a_mail(1, "one@" SECRET, *own_out);
	m.from_addr = m.canonical = SECRET "@lind.example";
	m.visible = m.full_text = m.subject = m.evidence = m.detail = SECRET;
	m.raw = STR(SECRET);
	id = mail_added(f, &m);
	OK(f, mails_label(f->s, id, "refused", "ann", 1, &f->err));
	note_added(f, *own_out, id, 0);
	o = an_answer(*own_out, id, "a@us");
	o.to_addr = o.to_canonical = SECRET "@lind.example";
	o.text = o.subject = SECRET;
	o.raw = STR(SECRET);
	note_added(f, *own_out, 0, answer_added(f, &o));

	m.uid = 2;
	m.identity = "two@" SECRET;
	m.case_id = *theirs_out;
	id = mail_added(f, &m);
	note_added(f, *theirs_out, id, 0);
	o.case_id = *theirs_out;
	o.mail_id = id;
	o.message_id = "b@us";
	note_added(f, *theirs_out, 0, answer_added(f, &o));

	m = a_mail(4, "four@x", *theirs_out);
	m.from_addr = m.canonical = "ann@lind.example";
	m.detail = "{\"context\":\"first\",\"answer_to\":{\"address\":\""
	    SECRET "@lind.example\",\"name\":\"\"}}";
	o.mail_id = mail_added(f, &m);
	o.message_id = "d@us";
	note_added(f, *theirs_out, 0, answer_added(f, &o));
	OK(f, dead_set(f->s, SECRET "@lind.example", 1, SECRET, &f->err));
}

static size_t
found(struct fixture *f, const char *words)
{
	struct case_filter filter = { .search = words, .limit = 9 };
	struct case_row *list;
	size_t n = 0;

	OK(f, cases_list(f->s, f->a, &filter, 0, &list, &n, &f->err));
	return n;
}

static void
test_no_trace_stays(void **state)
{
	struct fixture *f = *state;
	struct mail_row m = a_mail(3, "hers@x", 0), r;
	struct case_row c;
	struct outbox_row *answers;
	struct event_row *events;
	int64_t own, theirs, id, n_gone = 0, n_states[CASE_STATE_COUNT];
	const char *why;
	size_t n;

	BEGIN(f);
	person_made(f, &own, &theirs);
	m.case_id = theirs;
	m.from_addr = m.canonical = "ann@lind.example";
	mail_added(f, &m);
	COMMIT(f);
	assert_int_equal(found(f, SECRET), 2);
	assert_true(on_disk(f, SECRET));

	BEGIN(f);
	OK(f, cases_forget(f->s, SECRET "@lind.example", &n_gone, &f->err));
	COMMIT(f);
	assert_int_equal(n_gone, 3);
	assert_false(on_disk(f, SECRET));
	assert_int_equal(found(f, SECRET), 0);
	assert_int_equal(cases_get(f->s, f->a, own, &c, &f->err), CD_ABSENT);
	assert_int_equal(dead_get(f->s, f->a, SECRET "@lind.example", &why,
	    &f->err), CD_ABSENT);
	assert_int_equal(mails_case(f->s, "two@" SECRET, &id, &f->err),
	    CD_ABSENT);

	/* The other person's case is whole. */
	OK(f, cases_get(f->s, f->a, theirs, &c, &f->err));
	assert_int_equal(c.linked, 0);
	OK(f, outbox_of_case(f->s, f->a, theirs, &answers, &n, &f->err));
	assert_int_equal(n, 0);
	OK(f, events_of(f->s, f->a, theirs, &events, &n, &f->err));
	assert_int_equal(n, 0);
	assert_int_equal(found(f, "ann"), 1);
	OK(f, mails_case(f->s, "hers@x", &id, &f->err));
	assert_int_equal(id, theirs);
	OK(f, cases_count(f->s, n_states, &f->err));
	assert_int_equal(n_states[CASE_REVIEW], 1);
	OK(f, store_check(f->s, &f->err));

	/* The mail still lies in the mailbox: it is known, and no more. */
	OK(f, mails_find(f->s, f->a, m.mailbox, "two@" SECRET, &r, &f->err));
	assert_string_equal(r.reason, "forgotten");
	assert_int_equal(r.uid, 2);
	assert_int_equal(r.case_id, 0);
	assert_null(r.canonical);
	assert_null(r.detail);

	BEGIN(f);
	OK(f, cases_forget(f->s, SECRET "@lind.example", &n_gone, &f->err));
	COMMIT(f);
	assert_int_equal(n_gone, 0);
}

/* A case that he opened and colleagues wrote in is theirs from now on: nobody's
 * mail is lost. */
static void
test_mails_of_others_stay(void **state)
{
	struct fixture *f = *state;
	struct mail_row m = a_mail(3, "hers@x", 0), r;
	struct outbox_row o, *answers;
	struct event_row e = { .at = 1, .kind = "bounce",
		.actor = "consentdesk", .text = "our answer came back: "
		SECRET "@lind.example 5.1.1" }, *events;
	struct case_row c;
	int64_t own, theirs, id, n_gone = 0;
	size_t n;

	BEGIN(f);
	person_made(f, &own, &theirs);
	m.case_id = own;
	m.from_addr = m.canonical = "cy@lind.example";
	mail_added(f, &m);
	m.uid = 5;
	m.identity = "last@x";
	m.from_addr = "Ann@lind.example";
	m.canonical = "ann@lind.example";
	m.from_name = "Ann";
	m.subject = "Still nothing";
	m.language = "es";
	id = mail_added(f, &m);
	note_added(f, own, 0, 0);
	o = an_answer(own, id, "c@us");
	o.state = OUTBOX_DRAFT;
	o.to_addr = o.to_canonical = "ann@lind.example";
	answer_added(f, &o);
	e.case_id = own;
	OK(f, events_add(f->s, &e, &f->err));
	e.text = "our answer came back: ann@lind.example 5.1.1";
	OK(f, events_add(f->s, &e, &f->err));
	COMMIT(f);

	BEGIN(f);
	OK(f, cases_forget(f->s, SECRET "@lind.example", &n_gone, &f->err));
	COMMIT(f);
	assert_int_equal(n_gone, 2);
	assert_false(on_disk(f, SECRET "@lind"));
	assert_int_equal(found(f, SECRET), 0);
	OK(f, cases_get(f->s, f->a, own, &c, &f->err));
	assert_int_equal(c.state, CASE_REVIEW);
	assert_string_equal(c.from_addr, "Ann@lind.example");
	assert_string_equal(c.canonical, "ann@lind.example");
	assert_string_equal(c.from_name, "Ann");
	assert_string_equal(c.subject, "Still nothing");
	assert_string_equal(c.language, "es");
	assert_string_equal(c.domain, "lind.example");
	OK(f, mails_last(f->s, f->a, own, &r, &f->err));
	assert_int_equal(r.id, id);
	OK(f, mails_case(f->s, "hers@x", &id, &f->err));
	assert_int_equal(id, own);
	OK(f, outbox_of_case(f->s, f->a, own, &answers, &n, &f->err));
	assert_int_equal(n, 1);
	assert_string_equal(answers[0].message_id, "c@us");
	/* What the team noted, and the other's bounce. */
	OK(f, events_of(f->s, f->a, own, &events, &n, &f->err));
	assert_int_equal(n, 2);
	assert_string_equal(events[0].kind, "note");
	assert_string_equal(events[1].text, e.text);
	OK(f, store_check(f->s, &f->err));
}

static void
test_undone_with_its_transaction(void **state)
{
	struct fixture *f = *state;
	int64_t own, theirs, n_gone;

	BEGIN(f);
	person_made(f, &own, &theirs);
	COMMIT(f);
	BEGIN(f);
	OK(f, cases_forget(f->s, SECRET "@lind.example", &n_gone, &f->err));
	store_rollback(f->s);
	assert_int_equal(found(f, SECRET), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_no_trace_stays),
		DB_TEST(test_mails_of_others_stay),
		DB_TEST(test_undone_with_its_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
