#include "fixture.h"

#include "store/accounts.h"
#include "store/roles.h"
#include "store/tenants.h"

static void
test_beats(void **state)
{
	struct fixture *f = *state;
	struct role_row r = { "watch", 12, 100, "connecting", NULL }, *list;
	size_t n;

	OK(f, roles_beat(f->s, &r, &f->err));
	r = (struct role_row){ "send", 13, 101, "idle", "{\"a\":1}" };
	OK(f, roles_beat(f->s, &r, &f->err));
	r = (struct role_row){ "watch", 14, 102, "idle", "{}" };
	OK(f, roles_beat(f->s, &r, &f->err));
	OK(f, roles_list(f->s, f->a, &list, &n, &f->err));
	assert_int_equal(n, 2);
	assert_string_equal(list[0].role, "send");
	assert_string_equal(list[0].data, "{\"a\":1}");
	assert_string_equal(list[1].role, "watch");
	assert_int_equal(list[1].pid, 14);
	assert_int_equal(list[1].beat, 102);
	assert_string_equal(list[1].state, "idle");
}

static int64_t
stat_of(const struct stats_row *list, size_t n, const char *group,
    const char *key)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i].group, group) == 0 &&
		    strcmp(list[i].key, key) == 0)
			return list[i].n;
	}
	return 0;
}

static void
test_stats(void **state)
{
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct stats_row *list;
	double median = -1, p90 = -1;
	char message_id[32];
	struct stats_day *days;
	int64_t draft = 0;
	size_t n;

	assert_int_equal(stats_first_answer(f->s, 0, &median, &p90, &f->err),
	    CD_ABSENT);
	BEGIN(f);
	c.id = case_added(f, &c);
	for (unsigned i = 0; i < 11; i++) {
		struct mail_row m = a_mail(i + 1, "x", c.id);
		struct outbox_row o;

		m.seen_at = i == 0 ? 86399 : 86400 + i;
		m.reason = i < 3 ? "unclear" : "first_contact";
		m.automatic = i == 10 ? "bounce" : NULL;
		m.language = i < 4 ? "de" : NULL;
		o = an_answer(c.id, mail_added(f, &m), message_id);
		snprintf(message_id, sizeof message_id, "%u@us", i);
		o.created = m.seen_at;
		o.state = i == 0 ? OUTBOX_FAILED : OUTBOX_SENT;
		o.sent_at = m.received_at + i;
		answer_added(f, &o);
	}
	for (unsigned i = 0; i < 4; i++) {
		struct outbox_row o = an_answer(c.id, 0, message_id);

		snprintf(message_id, sizeof message_id, "%u-p@us", i);
		o.created = 86405;
		o.automatic = false;
		o.handle = "safety";
		o.state = i == 0 ? OUTBOX_DRAFT : OUTBOX_SENT;
		if (i == 0)
			draft = answer_added(f, &o);
		else
			answer_added(f, &o);
	}
	COMMIT(f);
	/* Whole days are counted. */
	OK(f, stats_counts(f->s, f->a, 86405, &list, &n, &f->err));
	assert_int_equal(stat_of(list, n, "action", "steps"), 10);
	assert_int_equal(stat_of(list, n, "reason", "unclear"), 2);
	assert_int_equal(stat_of(list, n, "reason", "first_contact"), 8);
	assert_int_equal(stat_of(list, n, "review_reason", "unclear"), 0);
	assert_int_equal(stat_of(list, n, "intent", "blocked"), 10);
	assert_int_equal(stat_of(list, n, "automatic", "bounce"), 1);
	assert_int_equal(stat_of(list, n, "language", "de"), 3);
	assert_int_equal(stat_of(list, n, "answer", "steps"), 10);
	assert_int_equal(stat_of(list, n, "answer", "safety"), 0);
	assert_int_equal(stat_of(list, n, "by_person", "safety"), 3);
	assert_int_equal(stat_of(list, n, "state", "review"), 1);
	/* What is queued counts, what is dropped again does not. */
	BEGIN(f);
	OK(f, outbox_step(f->s, draft, OUTBOX_QUEUED, 1, 1, NULL, &f->err));
	COMMIT(f);
	OK(f, stats_counts(f->s, f->a, 86405, &list, &n, &f->err));
	assert_int_equal(stat_of(list, n, "by_person", "safety"), 4);
	BEGIN(f);
	OK(f, outbox_step(f->s, draft, OUTBOX_CANCELLED, 1, 1, NULL, &f->err));
	COMMIT(f);
	OK(f, stats_counts(f->s, f->a, 86405, &list, &n, &f->err));
	assert_int_equal(stat_of(list, n, "by_person", "safety"), 3);
	OK(f, stats_days(f->s, f->a, 0, &days, &n, &f->err));
	assert_int_equal(n, 2);
	assert_int_equal(days[0].day, 0);
	assert_int_equal(days[0].answered, 1);
	assert_int_equal(days[1].day, 86400);
	assert_int_equal(days[1].answered, 10);
	/* 1 to 10 seconds. */
	OK(f, stats_first_answer(f->s, 0, &median, &p90, &f->err));
	assert_true(median > 5.49 && median < 5.51);
	assert_true(p90 > 9.09 && p90 < 9.11);
}

/* Companies that approved, whatever became of their cases. */
/* A case that was answered and waits all the same is no one's that needed nobody. */
static void
test_stats_of_what_waits(void **state)
{
	static const struct {
		enum case_state state;
		const char *reason;
		int answers;
		bool automatic;
	} rows[] = {
		{ CASE_REVIEW, "own_questions", 2, true },
		{ CASE_REVIEW, "own_questions", 0, true },
		{ CASE_REVIEW, "second_matter", 1, false },
		{ CASE_REVIEW, "refused", 1, true },
		{ CASE_WAITING, "", 1, true },
	};
	struct fixture *f = *state;
	struct stats_summary sum;
	struct stats_row *list;
	size_t n, waits = 0;

	BEGIN(f);
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct case_row c = a_case(arena_printf(f->a,
		    "p%u@lind.example", i));

		c.state = rows[i].state;
		c.reason = rows[i].reason;
		c.id = case_added(f, &c);
		for (int k = 0; k < rows[i].answers; k++) {
			struct outbox_row o = an_answer(c.id, 0,
			    arena_printf(f->a, "%u-%d@us", i, k));

			o.created = 86405;
			o.automatic = rows[i].automatic;
			o.state = OUTBOX_SENT;
			answer_added(f, &o);
		}
	}
	COMMIT(f);
	OK(f, stats_counts(f->s, f->a, 0, &list, &n, &f->err));
	for (size_t i = 0; i < n; i++)
		waits += strcmp(list[i].group, "waits_for") == 0 ?
		    (size_t)list[i].n : 0;
	assert_int_equal(waits, stat_of(list, n, "state", "review"));
	assert_int_equal(stat_of(list, n, "waits_for", "own_questions"), 2);
	assert_int_equal(stat_of(list, n, "answered_waits", "steps"), 1);
	sum = stats_sum(list, n);
	assert_int_equal(sum.by_itself, 3);
	assert_int_equal(sum.waits, 1);
	assert_int_equal(sum.by_people, 1);
	assert_int_equal(sum.steps, 5);
	OK(f, stats_counts(f->s, f->a, 2 * 86400, &list, &n, &f->err));
	assert_int_equal(stat_of(list, n, "answered_waits", "steps"), 0);
}

static void
test_stats_of_approvals(void **state)
{
	static const struct {
		const char *guid, *how;
		int64_t at;
	} approvals[] = {
		{ "11111111-1111-1111-1111-111111111111", "consent", 86399 },
		{ "22222222-2222-2222-2222-222222222222", "consent", 86400 },
		{ "33333333-3333-3333-3333-333333333333", "consent", 90000 },
		{ "44444444-4444-4444-4444-444444444444", "approve", 90000 },
	};
	const struct tenant_row asked = { .guid =
		"55555555-5555-5555-5555-555555555555", .region = "NA" };
	struct fixture *f = *state;
	struct case_row c = a_case("bo@lind.example");
	struct stats_row *list;
	size_t n;

	BEGIN(f);
	c.state = CASE_CLOSED;
	case_added(f, &c);
	OK(f, tenants_put(f->s, &asked, &f->err));
	for (size_t i = 0; i < sizeof approvals / sizeof *approvals; i++)
		OK(f, tenants_approve(f->s, approvals[i].guid, approvals[i].at,
		    approvals[i].how, &f->err));
	COMMIT(f);
	OK(f, stats_counts(f->s, f->a, 0, &list, &n, &f->err));
	assert_int_equal(stats_sum(list, n).approved, 4);
	OK(f, stats_counts(f->s, f->a, 86405, &list, &n, &f->err));
	assert_int_equal(stats_sum(list, n).approved, 3);
	assert_int_equal(stat_of(list, n, "approved", "consent"), 2);
	assert_int_equal(stat_of(list, n, "approved", "approve"), 1);
}

static void
test_accounts(void **state)
{
	struct fixture *f = *state;
	struct account_row r = { "bea", "agent", "scrypt$1", 10 }, *list;
	size_t n;

	BEGIN(f);
	OK(f, accounts_put(f->s, &r, &f->err));
	r = (struct account_row){ "ann", "lead", "scrypt$2", 11 };
	OK(f, accounts_put(f->s, &r, &f->err));
	r = (struct account_row){ "bea", "lead", "scrypt$3", 12 };
	OK(f, accounts_put(f->s, &r, &f->err));
	COMMIT(f);
	OK(f, accounts_get(f->s, f->a, "bea", &r, &f->err));
	assert_string_equal(r.hash, "scrypt$3");
	assert_string_equal(r.role, "lead");
	assert_int_equal(r.created, 10);
	OK(f, accounts_list(f->s, f->a, &list, &n, &f->err));
	assert_int_equal(n, 2);
	assert_string_equal(list[0].name, "ann");
	BEGIN(f);
	OK(f, accounts_remove(f->s, "ann", &f->err));
	assert_int_equal(accounts_remove(f->s, "ann", &f->err), CD_ABSENT);
	COMMIT(f);
	assert_int_equal(accounts_get(f->s, f->a, "ann", &r, &f->err),
	    CD_ABSENT);
	r.role = "root";
	BEGIN(f);
	assert_int_equal(accounts_put(f->s, &r, &f->err), CD_MALFORMED);
	store_rollback(f->s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_beats),
		DB_TEST(test_stats),
		DB_TEST(test_stats_of_approvals),
		DB_TEST(test_stats_of_what_waits),
		DB_TEST(test_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
