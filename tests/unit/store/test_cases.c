#include "fixture.h"

#include "store/tenants.h"

static void
test_every_column_comes_back(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example"), r;
	int64_t first, id;

	BEGIN(f);
	first = case_added(f, &c);
	c.tenant = "guid";
	c.assignee = "ann";
	c.updated = 2000;
	c.snoozed_until = 3000;
	c.taken = true;
	c.linked = first;
	c.merged_into = first;
	id = case_added(f, &c);
	COMMIT(f);
	OK(f, cases_get(f->s, f->a, id, &r, &f->err));
	assert_int_equal(r.id, id);
	assert_int_equal(r.state, CASE_REVIEW);
	assert_string_equal(r.reason, c.reason);
	assert_string_equal(r.intent, c.intent);
	assert_string_equal(r.from_addr, c.from_addr);
	assert_string_equal(r.from_name, c.from_name);
	assert_string_equal(r.canonical, c.canonical);
	assert_string_equal(r.domain, c.domain);
	assert_string_equal(r.tenant, c.tenant);
	assert_string_equal(r.subject, c.subject);
	assert_string_equal(r.language, c.language);
	assert_string_equal(r.assignee, c.assignee);
	assert_int_equal(r.opened, 1000);
	assert_int_equal(r.updated, 2000);
	assert_int_equal(r.snoozed_until, 3000);
	assert_string_equal(r.last_action, c.last_action);
	assert_true(r.taken);
	assert_int_equal(r.linked, first);
	assert_int_equal(r.merged_into, first);

	r = (struct case_row){ .id = id, .state = CASE_CLOSED, .updated = 9 };
	BEGIN(f);
	OK(f, cases_update(f->s, &r, &f->err));
	r.id = 99;
	assert_int_equal(cases_update(f->s, &r, &f->err), CD_ABSENT);
	COMMIT(f);
	OK(f, cases_get(f->s, f->a, id, &r, &f->err));
	assert_int_equal(r.state, CASE_CLOSED);
	assert_string_equal(r.reason, "");
	assert_null(r.domain);
	assert_null(r.assignee);
	assert_int_equal(r.opened, 1000);
	assert_false(r.taken);
	assert_int_equal(r.linked, 0);
	assert_int_equal(cases_get(f->s, f->a, 99, &r, &f->err), CD_ABSENT);
	assert_string_equal(f->err.text, "there is no case 99");
}

static void
test_open_case_of_a_person(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example"), r;
	int64_t one, two, closed;

	BEGIN(f);
	c.tenant = "t1";
	one = case_added(f, &c);
	c.tenant = NULL;
	c.domain = "other.example";
	c.state = CASE_APPROVED;
	two = case_added(f, &c);
	c.state = CASE_CLOSED;
	closed = case_added(f, &c);
	c = a_case("ann@lind.example");
	case_added(f, &c);
	COMMIT(f);
	const struct {
		const char *tenant, *domain;
		int64_t id;
	} rows[] = {
		{ NULL, NULL, two },
		{ "t1", NULL, two },		/* that case has no tenant */
		{ "t1", "lind.example", one },
		{ "t2", "lind.example", 0 },
		{ NULL, "other.example", two },
		{ NULL, "third.example", 0 },
		{ "t2", "other.example", two },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum cd_rc rc = cases_open_of(f->s, f->a, "bo@lind.example",
		    rows[i].tenant, rows[i].domain, &r, &f->err);

		assert_int_equal(rc, rows[i].id ? CD_OK : CD_ABSENT);
		if (rc == CD_OK)
			assert_int_equal(r.id, rows[i].id);
	}
	assert_int_equal(cases_open_of(f->s, f->a, "no@lind.example", NULL,
	    NULL, &r, &f->err), CD_ABSENT);
	(void)closed;
}

static void
test_cases_of_a_tenant(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example"), *list;
	int64_t by_guid, by_domain;
	size_t n;

	BEGIN(f);
	OK(f, domains_put(f->s, &(struct domain_row){ "lind.example", "t1", 1,
	    2 }, &f->err));
	OK(f, domains_put(f->s, &(struct domain_row){ "none.example", NULL, 1,
	    2 }, &f->err));
	by_domain = case_added(f, &c);
	c.domain = "none.example";
	case_added(f, &c);
	c.tenant = "t1";
	c.state = CASE_WAITING;
	by_guid = case_added(f, &c);
	c.state = CASE_APPROVED;
	case_added(f, &c);
	c.state = CASE_CLOSED;
	case_added(f, &c);
	c.domain = "lind.example";
	case_added(f, &c);
	c.state = CASE_WAITING;
	c.tenant = "t3";
	case_added(f, &c);
	COMMIT(f);
	OK(f, cases_open_of_tenant(f->s, f->a, "t1", &list, &n, &f->err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, by_domain);
	assert_int_equal(list[1].id, by_guid);
	OK(f, cases_open_of_tenant(f->s, f->a, "t2", &list, &n, &f->err));
	assert_int_equal(n, 0);
}

static void
test_counts(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	int64_t counts[CASE_STATE_COUNT];

	BEGIN(f);
	for (int i = 0; i < 10; i++) {
		c.state = (enum case_state)(i % 4);
		c.id = case_added(f, &c);
	}
	c.state = CASE_CLOSED;
	OK(f, cases_update(f->s, &c, &f->err));
	COMMIT(f);
	BEGIN(f);
	case_added(f, &c);
	store_rollback(f->s);
	OK(f, cases_count(f->s, counts, &f->err));
	assert_int_equal(counts[CASE_REVIEW], 3);
	assert_int_equal(counts[CASE_WAITING], 2);
	assert_int_equal(counts[CASE_APPROVED], 2);
	assert_int_equal(counts[CASE_CLOSED], 3);
}

#define MANY 60

/* Cases of every state, several of the same second. */
static void
many_added(struct fixture *f)
{
	static const char *const intents[] = { "blocked", "refused" };

	BEGIN(f);
	for (int i = 0; i < MANY; i++) {
		struct case_row c = a_case("bo@lind.example");

		c.state = (enum case_state)(i % 4);
		c.updated = 1000 + i / 7;
		c.intent = intents[i % 2];
		c.language = i % 3 ? "en" : "de";
		c.assignee = i % 5 ? NULL : "ann";
		c.tenant = i % 6 ? NULL : "t1";
		c.snoozed_until = i % 8 ? 0 : 5000;
		case_added(f, &c);
	}
	COMMIT(f);
}

/* Every page of the filter; checks the order; returns the number of rows. */
static size_t
pages_read(struct fixture *f, struct case_filter filter, int64_t now)
{
	bool seen[MANY + 1] = { false };
	struct case_row last = { 0 };
	size_t total = 0;

	for (;;) {
		struct case_row *list;
		size_t n;

		OK(f, cases_list(f->s, f->a, &filter, now, &list, &n, &f->err));
		assert_true(n <= filter.limit);
		for (size_t i = 0; i < n; i++) {
			struct case_row *c = &list[i];
			bool review = c->state == CASE_REVIEW;

			assert_false(seen[c->id]);
			seen[c->id] = true;
			if (last.id && review)
				assert_int_equal(last.state, CASE_REVIEW);
			if (last.id && review)
				assert_true(c->place > last.place ||
				    (c->place == last.place &&
				    c->id > last.id));
			if (last.id && last.state != CASE_REVIEW)
				assert_true(c->updated < last.updated ||
				    (c->updated == last.updated &&
				    c->id < last.id));
			last = *c;
		}
		total += n;
		if (n == 0)
			return total;
		filter.before_place = last.place;
		filter.before_id = last.id;
	}
}

static void
test_pages(void **state)
{
	struct fixture *f = *state;

	many_added(f);
	/* 60 cases, 15 a state; 8 of those in review sleep until 5000. */
	const struct {
		struct case_filter filter;
		int64_t now;
		size_t n;
	} rows[] = {
		{ { .state = "review" }, 4999, 7 },
		{ { .state = "review" }, 5000, 15 },
		{ { .state = "snoozed" }, 4999, 8 },
		{ { .state = "snoozed" }, 5000, 0 },
		{ { .state = "waiting" }, 0, 15 },
		{ { .state = "closed" }, 0, 15 },
		{ { 0 }, 4999, 52 },
		{ { 0 }, 5000, 60 },
		{ { .intent = "refused" }, 5000, 30 },
		{ { .intent = "refused", .state = "review" }, 5000, 0 },
		{ { .language = "de" }, 5000, 20 },
		{ { .assignee = "ann" }, 5000, 12 },
		{ { .tenant = "t1" }, 5000, 10 },
		{ { .tenant = "t1", .language = "de" }, 5000, 10 },
		{ { .domain = "lind.example", .state = "approved" }, 0, 15 },
		{ { .domain = "else.example" }, 5000, 0 },
		{ { .search = "lind" }, 5000, 60 },
		{ { .search = "lind", .state = "waiting" }, 5000, 15 },
		{ { .search = "nothing" }, 5000, 0 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct case_filter filter = rows[i].filter;

		for (filter.limit = 1; filter.limit < 64; filter.limit += 9)
			assert_int_equal(pages_read(f, filter, rows[i].now),
			    rows[i].n);
	}
}

static int64_t
place_after(struct fixture *f, int64_t id, enum case_state state,
    int64_t updated)
{
	struct case_row r;

	OK(f, cases_get(f->s, f->a, id, &r, &f->err));
	r.state = state;
	r.updated = updated;
	BEGIN(f);
	OK(f, cases_update(f->s, &r, &f->err));
	COMMIT(f);
	OK(f, cases_get(f->s, f->a, id, &r, &f->err));
	assert_int_equal(r.updated, updated);
	return r.place;
}

/* What comes after it makes nobody wait less. */
static void
test_place(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example"), r;
	int64_t one, two;

	BEGIN(f);
	one = case_added(f, &c);
	c.state = CASE_CLOSED;
	c.updated = 3000;
	two = case_added(f, &c);
	COMMIT(f);
	assert_int_equal(place_after(f, one, CASE_REVIEW, 2000), 1000);
	BEGIN(f);
	OK(f, cases_note(f->s, one, "link sent", 2500, &f->err));
	COMMIT(f);
	assert_int_equal(place_after(f, one, CASE_REVIEW, 2600), 1000);
	assert_int_equal(place_after(f, one, CASE_WAITING, 2700), 2700);
	assert_int_equal(place_after(f, one, CASE_WAITING, 2800), 2800);
	assert_int_equal(place_after(f, one, CASE_REVIEW, 2900), 2900);
	/* Merged it waits on where it goes on. */
	BEGIN(f);
	OK(f, cases_merge(f->s, one, two, &f->err));
	COMMIT(f);
	assert_int_equal(place_after(f, two, CASE_REVIEW, 3100), 2900);
	OK(f, cases_get(f->s, f->a, one, &r, &f->err));
	assert_int_equal(r.place, r.updated);
	assert_int_equal(place_after(f, two, CASE_CLOSED, 3200), 3200);
}

static void
test_unknown_state(void **state)
{
	struct fixture *f = *state;
	struct case_filter filter = { .state = "open'; --", .limit = 5 };
	struct case_row *list;
	size_t n;

	assert_int_equal(cases_list(f->s, f->a, &filter, 0, &list, &n,
	    &f->err), CD_MALFORMED);
}

static size_t
found(struct fixture *f, const char *words)
{
	struct case_filter filter = { .search = words, .limit = 100 };
	struct case_row *list;
	size_t n = 0;

	OK(f, cases_list(f->s, f->a, &filter, 0, &list, &n, &f->err));
	return n;
}

static void
test_search(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct mail_row m;

	BEGIN(f);
	c.id = case_added(f, &c);
	m = a_mail(1, "x", c.id);
	m.visible = "Our IT person J\xc3\xb6rg says \xd0\x96\xd0\x94\xd0\x95\xd0\x9c";
	mail_added(f, &m);
	c = a_case("sue@freight.example");
	c.from_name = "Sue O'Neil";
	c.domain = "freight.example";
	c.id = case_added(f, &c);
	COMMIT(f);
	const struct {
		const char *words;
		size_t n;
	} rows[] = {
		{ "bo@lind.example", 1 },
		{ "LIND", 1 },
		{ "lin", 0 }, { "lin*", 1 }, { "li*", 0 }, { "adm* lin*", 1 },
		{ "jorg", 1 },
		{ "\xd0\xb6\xd0\xb4\xd0\xb5\xd0\xbc", 1 },
		{ "bo jorg", 1 },		/* name and text */
		{ "sue jorg", 0 },
		{ "admin approval", 2 },
		{ "o'neil", 1 },
		{ "freight.example", 1 },
		{ "", 2 }, { "   ", 2 },	/* no search at all */
		/* What a query language would trip over. */
		{ "\"", 0 }, { "\"\"\"", 0 }, { "*", 0 }, { "a*b(", 0 },
		{ "NOT", 0 }, { "AND OR NOT", 0 }, { "NEAR(a b)", 0 },
		{ "subject:admin", 0 }, { "{subject} : admin", 0 },
		{ "^admin", 2 }, { "-admin", 2 }, { "admin\"", 2 },
		{ "'; DROP TABLE cases; --", 0 }, { "\xff\xfe", 0 },
		{ "+", 0 }, { "\\", 0 }, { "%", 0 }, { "lind \"", 1 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = found(f, rows[i].words);

		if (n != rows[i].n)
			print_error("search %s\n", rows[i].words);
		assert_int_equal(n, rows[i].n);
	}
	/* More than there is room for. */
	for (size_t n = 4070; n < 4110; n++) {
		char *words = memset(arena_alloc(f->a, n + 1), 'a', n);

		words = arena_printf(f->a, "%s b c* longer* \"e\" f", words);
		assert_int_equal(found(f, words), 0);
		words[n - 1] = '"';
		assert_int_equal(found(f, words), 0);
	}
	/* A change is found at once, the old words are not. */
	c.from_name = "Zoe Adams";
	BEGIN(f);
	OK(f, cases_update(f->s, &c, &f->err));
	COMMIT(f);
	assert_int_equal(found(f, "zoe"), 1);
	assert_int_equal(found(f, "o'neil"), 0);
}

static void
test_purged_words_are_not_found(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct mail_row m;
	int64_t n = 0;

	BEGIN(f);
	m = a_mail(1, "x", case_added(f, &c));
	m.visible = "quite particular words";
	mail_added(f, &m);
	COMMIT(f);
	assert_int_equal(found(f, "particular"), 1);
	BEGIN(f);
	OK(f, mails_purge(f->s, 5000, &n, &f->err));
	COMMIT(f);
	assert_int_equal(found(f, "particular"), 0);
	assert_int_equal(found(f, "bo lind"), 1);
}

/* What one transaction adds and changes again is found as it was left. */
static void
test_search_of_a_transaction(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct mail_row m;
	int64_t n = 0;

	BEGIN(f);
	c.from_name = "Quentin";
	c.id = case_added(f, &c);
	m = a_mail(1, "x", c.id);
	m.visible = "quite particular words";
	mail_added(f, &m);
	c.from_name = "Rosalind";
	OK(f, cases_update(f->s, &c, &f->err));
	OK(f, mails_purge(f->s, 5000, &n, &f->err));
	COMMIT(f);
	assert_int_equal(n, 1);
	assert_int_equal(found(f, "rosalind"), 1);
	assert_int_equal(found(f, "quentin"), 0);
	assert_int_equal(found(f, "particular"), 0);
	BEGIN(f);
	c.from_name = "Sybil";
	OK(f, cases_update(f->s, &c, &f->err));
	c.from_name = "Tamar";
	OK(f, cases_update(f->s, &c, &f->err));
	m = a_mail(2, "y", c.id);
	m.visible = "an unusual phrase";
	mail_added(f, &m);
	COMMIT(f);
	assert_int_equal(found(f, "tamar"), 1);
	assert_int_equal(found(f, "sybil"), 0);
	assert_int_equal(found(f, "rosalind"), 0);
	assert_int_equal(found(f, "unusual"), 1);
	BEGIN(f);
	m = a_mail(3, "z", c.id);
	m.visible = "never to be seen";
	mail_added(f, &m);
	OK(f, cases_forget(f->s, "bo@lind.example", &n, &f->err));
	COMMIT(f);
	assert_int_equal(found(f, "never seen"), 0);
	assert_int_equal(found(f, "unusual"), 0);
	assert_int_equal(found(f, "tamar"), 0);
	OK(f, store_check(f->s, &f->err));
}

/* What would gather too much is refused; the word itself is not, nor a word
 * whose end in ASCII looks like such a beginning. */
static void
test_frequent_beginning(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	/* FTS5 sees no more in the later ones than in the first. */
	static const char *const many[] = { "rid*", "rid.*", "--r--*",
		"r\"*\"*" };
	struct case_filter filter = { .limit = 100 };
	char *words = arena_alloc(f->a, 16385);
	struct case_row *list;
	size_t n;

	for (size_t i = 0; i < 16385; i++)
		words[i] = "ride "[i % 5];
	words[16384] = '\0';
	BEGIN(f);
	c.id = case_added(f, &c);
	for (unsigned i = 0; i < 16; i++) {
		struct mail_row m = a_mail(i + 1,
		    arena_printf(f->a, "x%u", i), c.id);

		/* 15 times 3277 places may be gathered, 16 times not. */
		if (i == 15) {
			COMMIT(f);
			assert_int_equal(found(f, "rid*"), 1);
			BEGIN(f);
		}
		m.visible = words;
		mail_added(f, &m);
	}
	COMMIT(f);
	for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
		filter.search = many[i];
		assert_int_equal(cases_list(f->s, f->a, &filter, 0, &list, &n,
		    &f->err), CD_MALFORMED);
		assert_non_null(strstr(f->err.text, i < 2 ? "\"rid\"" :
		    "\"r\""));
	}
	assert_int_equal(found(f, "ride"), 1);
	assert_int_equal(found(f, "---*"), 0);
	assert_int_equal(found(f, "lin*"), 1);
	assert_int_equal(found(f, "f\xc3\xbcrid*"), 0);
}

static void
test_search_of_any_length(void **state)
{
	struct fixture *f = *state;
	char *words = arena_alloc(f->a, 100001);

	memset(words, '"', 100000);
	assert_int_equal(found(f, words), 0);
	memset(words, 'a', 100000);
	assert_int_equal(found(f, words), 0);
	for (size_t i = 0; i < 100000; i += 2)
		words[i] = ' ';
	assert_int_equal(found(f, words), 0);
}

static void
test_timeline(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct event_row e, *list;
	int64_t mail_id;
	size_t n;

	BEGIN(f);
	c.id = case_added(f, &c);
	mail_id = mail_added(f, &(struct mail_row){ .mailbox = "m", .uid = 1,
	    .identity = "x", .action = "steps", .reason = "r" });
	e = (struct event_row){ .case_id = c.id, .mail_id = mail_id,
		.at = 20, .kind = "mail", .actor = "consentdesk",
		.text = "wrote", .data = "{}" };
	OK(f, events_add(f->s, &e, &f->err));
	e = (struct event_row){ .case_id = c.id, .at = 10, .kind = "note",
		.actor = "ann", .text = "called" };
	OK(f, events_add(f->s, &e, &f->err));
	COMMIT(f);
	OK(f, events_of(f->s, f->a, c.id, &list, &n, &f->err));
	assert_int_equal(n, 2);
	assert_string_equal(list[0].text, "called");
	assert_string_equal(list[0].kind, "note");
	assert_string_equal(list[0].actor, "ann");
	assert_null(list[0].data);
	assert_int_equal(list[0].mail_id, 0);
	assert_int_equal(list[1].at, 20);
	assert_int_equal(list[1].mail_id, mail_id);
	assert_string_equal(list[1].data, "{}");
	BEGIN(f);
	e.case_id = 99;
	assert_int_equal(events_add(f->s, &e, &f->err), CD_ABSENT);
	store_rollback(f->s);
}

static void
test_merge(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example"), r;
	struct outbox_row o, *answers;
	struct event_row e, *events;
	struct mail_row m;
	int64_t one, two, three, id;
	size_t n;

	BEGIN(f);
	c.reason = "draft_ready";
	c.last_action = "link drafted";
	c.snoozed_until = 3000;
	one = case_added(f, &c);
	two = case_added(f, &c);
	three = case_added(f, &c);
	m = a_mail(1, "theirs@x", one);
	m.id = mail_added(f, &m);
	o = an_answer(one, m.id, "ours@us");
	answer_added(f, &o);
	e = (struct event_row){ .case_id = one, .at = 1, .kind = "note" };
	OK(f, events_add(f->s, &e, &f->err));
	assert_int_equal(cases_merge(f->s, one, one, &f->err), CD_REFUSED);
	OK(f, cases_merge(f->s, one, two, &f->err));
	COMMIT(f);
	OK(f, cases_get(f->s, f->a, one, &r, &f->err));
	assert_int_equal(r.state, CASE_CLOSED);
	assert_int_equal(r.merged_into, two);
	/* Nothing of it waits there any more. */
	assert_string_equal(r.reason, "");
	assert_int_equal(r.snoozed_until, 0);
	assert_string_equal(r.last_action, "merged into case 2");
	OK(f, mails_case(f->s, "theirs@x", &id, &f->err));
	assert_int_equal(id, two);
	OK(f, outbox_of_case(f->s, f->a, two, &answers, &n, &f->err));
	assert_int_equal(n, 1);
	OK(f, events_of(f->s, f->a, two, &events, &n, &f->err));
	assert_int_equal(n, 1);
	BEGIN(f);
	OK(f, cases_merge(f->s, two, three, &f->err));
	COMMIT(f);
	OK(f, cases_get(f->s, f->a, one, &r, &f->err));
	assert_int_equal(r.merged_into, three);
	assert_string_equal(r.last_action, "merged into case 3");
	BEGIN(f);
	assert_int_equal(cases_merge(f->s, one, 99, &f->err), CD_ABSENT);
	store_rollback(f->s);
	BEGIN(f);
	assert_int_equal(cases_merge(f->s, 99, one, &f->err), CD_ABSENT);
	store_rollback(f->s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_every_column_comes_back),
		DB_TEST(test_open_case_of_a_person),
		DB_TEST(test_cases_of_a_tenant),
		DB_TEST(test_counts),
		DB_TEST(test_pages),
		DB_TEST(test_place),
		DB_TEST(test_unknown_state),
		DB_TEST(test_search),
		DB_TEST(test_search_of_a_transaction),
		DB_TEST(test_frequent_beginning),
		DB_TEST(test_purged_words_are_not_found),
		DB_TEST(test_search_of_any_length),
		DB_TEST(test_search_of_any_length),
		DB_TEST(test_timeline),
		DB_TEST(test_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
