/*
 * What a call costs does not grow with the database: the steps of SQLite's
 * machine are counted for each over a thousand cases, and a plan that walks
 * through them all has far more than is allowed.
 */
#include <sqlite3.h>

#include "fixture.h"

#include "store/alarms.h"
#include "store/tenants.h"

#define ROWS		1000
#define STEPS_MAX	1200
#define SEARCH_MAX	5000	/* the index's own reads are steps too */

static sqlite3 *connection;

/* SQLite calls this for each connection that is opened. */
static int
connection_seen(sqlite3 *db, char **message, const void *api)
{
	(void)message;
	(void)api;
	connection = db;
	return SQLITE_OK;
}

static int
step_counted(void *count)
{
	++*(int *)count;
	return 0;
}

static void
rows_added(struct fixture *f)
{
	char who[40], domain[40], tenant[40], identity[40], message_id[40];

	for (uint32_t i = 1; i <= ROWS; i++) {
		struct case_row c = a_case(who);
		struct outbox_row o;
		struct mail_row m;

		snprintf(who, sizeof who, "person%u@firm%u.example", i, i / 4);
		snprintf(domain, sizeof domain, "firm%u.example", i / 4);
		snprintf(tenant, sizeof tenant, "tenant%u", i / 4);
		snprintf(identity, sizeof identity, "%u@x", i);
		snprintf(message_id, sizeof message_id, "%u@us", i);
		c.domain = domain;
		c.tenant = tenant;
		c.state = i % 10 ? CASE_WAITING : (enum case_state)(i / 10 % 4);
		c.updated = 1000 + i;
		c.assignee = i % 50 ? "ann" : "bea";
		c.intent = i % 40 ? "blocked" : "refused";
		c.language = i % 30 ? "en" : "de";
		m = a_mail(i, identity, case_added(f, &c));
		m.from_addr = m.canonical = who;
		m.domain = domain;
		m.seen_at = 1000 + i;
		o = an_answer(m.case_id, mail_added(f, &m), message_id);
		o.to_addr = o.to_canonical = who;
		o.domain = domain;
		o.created = o.due = 1000 + i;
		o.state = i % 100 ? OUTBOX_SENT
		    : (enum outbox_state)(i / 100 % OUTBOX_STATE_COUNT);
		answer_added(f, &o);
		OK(f, domains_put(f->s, &(struct domain_row){ domain, tenant,
		    1, 2 }, &f->err));
	}
}

static int
costs_open(void **state)
{
	struct fixture *f;

	if (sqlite3_auto_extension((void (*)(void))connection_seen) !=
	    SQLITE_OK || fixture_open(state) != 0)
		return -1;
	f = *state;
	BEGIN(f);
	rows_added(f);
	COMMIT(f);
	return 0;
}

static int
costs_close(void **state)
{
	sqlite3_reset_auto_extension();
	return fixture_close(state);
}

#define COST(f, rc, call) COST_UP_TO(STEPS_MAX, f, rc, call)
#define COST_UP_TO(max, f, rc, call)                                           \
	do {                                                                   \
		int steps_ = 0;                                                \
		enum cd_rc got_;                                               \
									       \
		sqlite3_progress_handler(connection, 1, step_counted, &steps_);\
		got_ = (call);                                                 \
		sqlite3_progress_handler(connection, 0, NULL, NULL);           \
		assert_int_equal(got_, rc);                                    \
		if (steps_ > (max))                                            \
			print_error("%d steps: %s\n", steps_, #call);          \
		assert_in_range(steps_, 1, max);                               \
	} while (0)

static void
test_look_ups(void **state)
{
	struct fixture *f = *state;
	struct case_row c, *cases;
	struct mail_row m, *mails;
	struct mail_signs signs;
	struct outbox_row o, *answers;
	struct domain_row d;
	struct cursor cursor;
	bool wait;
	int64_t n, counts[OUTBOX_STATE_COUNT];
	const char *who = "person500@firm125.example", *why;
	const char *box = "desk@us.example/INBOX";
	size_t size;

	COST(f, CD_OK, cases_get(f->s, f->a, 500, &c, &f->err));
	COST(f, CD_OK, cases_count(f->s, counts, &f->err));
	COST(f, CD_OK, cases_open_of(f->s, f->a, who, "tenant125", NULL, &c,
	    &f->err));
	COST(f, CD_OK, cases_open_of_tenant(f->s, f->a, "tenant125", &cases,
	    &size, &f->err));
	COST(f, CD_OK, cases_open_of_domain(f->s, f->a, "firm125.example",
	    &cases, &size, &f->err));
	COST(f, CD_ABSENT, cursor_get(f->s, box, &cursor, &f->err));
	COST(f, CD_OK, mails_find(f->s, f->a, box, "500@x", &m, &f->err));
	COST(f, CD_ABSENT, mails_find(f->s, f->a, box, "none@x", &m, &f->err));
	COST(f, CD_ABSENT, mails_find_from(f->s, f->a, box, "500@x", "else@x",
	    &m, &f->err));
	COST(f, CD_OK, mails_case(f->s, "500@x", &n, &f->err));
	COST(f, CD_OK, mails_case(f->s, "500@us", &n, &f->err));
	COST(f, CD_ABSENT, mails_case(f->s, "none@x", &n, &f->err));
	COST(f, CD_OK, mails_last(f->s, f->a, 500, &m, &f->err));
	COST(f, CD_OK, mails_newest(f->s, f->a, box, 7, 8, &mails, &size,
	    &f->err));
	assert_int_equal(size, 8);
	COST(f, CD_OK, cases_newest(f->s, 500, "x", &n, &f->err));
	COST(f, CD_OK, mails_signs(f->s, f->a, 500, 0, &signs, &f->err));
	COST(f, CD_OK, mails_others_wait(f->s, 500, who, &wait, &f->err));
	COST(f, CD_OK, mails_claimed(f->s, 500, "firm125.example", &wait,
	    &f->err));
	COST(f, CD_OK, mails_of_others(f->s, f->a, 500, who, 32, &mails, &size,
	    &f->err));
	COST(f, CD_OK, mails_last_from(f->s, f->a, who, &m, &f->err));
	COST(f, CD_OK, cases_told_of_tenant(f->s, f->a, "tenant125", &cases,
	    &size, &f->err));
	COST(f, CD_OK, mails_since(f->s, f->a, 1950, 0, 5, &mails, &size,
	    &f->err));
	COST(f, CD_ABSENT, domains_get(f->s, f->a, "firm9.example", 9, &d,
	    &f->err));
	COST(f, CD_ABSENT, dead_get(f->s, f->a, who, &why, &f->err));
	COST(f, CD_OK, outbox_of_case(f->s, f->a, 500, &answers, &size,
	    &f->err));
	COST(f, CD_ABSENT, outbox_draft(f->s, f->a, 501, &o, &f->err));
	COST(f, CD_OK, outbox_doubtful(f->s, f->a, 600, 5, &answers, &size,
	    &f->err));
	COST(f, CD_ABSENT, outbox_find_doubtful(f->s, f->a, "500@us", &o,
	    &f->err));
	COST(f, CD_OK, alarms_reason_seen(f->s, 0, "code_vendor_urgent", &wait,
	    &f->err));
	COST(f, CD_OK, outbox_next_due(f->s, &n, &f->err));
	COST(f, CD_OK, outbox_count_states(f->s, counts, &f->err));
}

static void
test_answers_counted(void **state)
{
	static const struct outbox_question asks[] = {
		{ .since = 1950 },
		{ .since = 1950, .handle = "steps" },
		{ .to_canonical = "person500@firm125.example" },
		{ .to_canonical = "person500@firm125.example",
		  .handle = "steps" },
		{ .to_canonical = "person500@firm125.example",
		  .handle = "steps", .about = "firm125.example" },
		{ .domain = "firm125.example" },
		{ .case_id = 500 },
		{ .case_id = 500, .domain = "firm125.example" },
	};
	struct fixture *f = *state;
	int64_t n;

	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
		COST(f, CD_OK, outbox_count(f->s, &asks[i], &n, &f->err));
}

static void
test_pages(void **state)
{
	static const struct case_filter filters[] = {
		{ 0 },
		{ .before_id = 500, .before_place = 1500 },
		{ .state = "review" },
		{ .state = "waiting" },
		{ .state = "waiting", .before_id = 500,
		  .before_place = 1500 },
		{ .state = "closed" },
		{ .intent = "refused" },
		{ .intent = "none" },
		{ .language = "de", .state = "review" },
		{ .intent = "blocked", .language = "none" },
		{ .assignee = "bea" },
		{ .tenant = "tenant125" },
		{ .domain = "firm125.example" },
		{ .search = "person500" },
		{ .search = "person500@firm125.example" },
		{ .search = "firm125 approval", .state = "waiting" },
		{ .search = "person50* need" },
		{ .search = "nothing" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct case_filter filter = filters[i];
		struct case_row *list;
		size_t n;

		filter.limit = 5;
		COST_UP_TO(filter.search ? SEARCH_MAX : STEPS_MAX, f, CD_OK,
		    cases_list(f->s, f->a, &filter, 5000, &list, &n, &f->err));
	}
}

/* Nobody is asleep: what is in review is not looked at. */
static void
test_page_of_none(void **state)
{
	static const struct case_filter filters[] = {
		{ .state = "snoozed", .limit = 5 },
		{ .state = "snoozed", .language = "en", .limit = 5 },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct case_row *list;
		size_t n;

		COST_UP_TO(40, f, CD_OK, cases_list(f->s, f->a, &filters[i],
		    5000, &list, &n, &f->err));
	}
}

static void
test_writes(void **state)
{
	struct fixture *f = *state;
	struct outbox_row *answers;
	struct mail_row m = a_mail(5000, "new@x", 500);
	struct case_row c;
	int64_t n, queued;
	size_t size;
	int tries;

	COST(f, CD_OK, outbox_claim(f->s, f->a, 9000, 60, 1, &answers, &size,
	    &f->err));
	OK(f, cases_get(f->s, f->a, 500, &c, &f->err));
	c.state = CASE_CLOSED;
	BEGIN(f);
	COST(f, CD_OK, cases_update(f->s, &c, &f->err));
	COST(f, CD_OK, events_newest_of(f->s, 500, &n, &f->err));
	COST(f, CD_OK, mails_failed(f->s, m.mailbox, 7, 5000, 1, &tries,
	    &f->err));
	COST(f, CD_OK, mails_passed(f->s, m.mailbox, 7, 5000, &f->err));
	COST(f, CD_OK, mails_add(f->s, &m, &n, &f->err));
	COST(f, CD_OK, outbox_step(f->s, answers[0].id, OUTBOX_COMMITTING, 0, 0,
	    NULL, &f->err));
	COST(f, CD_OK, outbox_settle(f->s, f->a, INT64_MAX, &queued, &answers,
	    &size, &f->err));
	COST(f, CD_OK, outbox_hasten(f->s, 9000 + 7200, 9000, &f->err));
	COST(f, CD_OK, mails_purge(f->s, 1004, &n, &f->err));
	assert_int_equal(n, 4 + 3);
	COST(f, CD_OK, cases_merge(f->s, 500, 501, &f->err));
	/* Many statements; one that walks through all has twice as many. */
	COST_UP_TO(1500, f, CD_OK, cases_forget(f->s,
	    "person700@firm175.example", &n, &f->err));
	assert_int_equal(n, 2);
	COMMIT(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look_ups),
		cmocka_unit_test(test_answers_counted),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_page_of_none),
		cmocka_unit_test(test_writes),
	};

	return cmocka_run_group_tests(tests, costs_open, costs_close);
}
