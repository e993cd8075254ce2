#include <sys/wait.h>

#include "fixture.h"

/* A case with one mail; their ids. */
static void
thread_made(struct fixture *f, int64_t *case_out, int64_t *mail_out)
{
	struct case_row c = a_case("bo@lind.example");
	struct mail_row m;

	*case_out = case_added(f, &c);
	m = a_mail(1, "theirs@x", *case_out);
	*mail_out = mail_added(f, &m);
}

static void
test_every_column_comes_back(void **state)
{
	struct fixture *f = *state;
	struct outbox_row o, r, *list;
	int64_t case_id, mail_id, id;
	size_t n;

	BEGIN(f);
	thread_made(f, &case_id, &mail_id);
	o = an_answer(case_id, mail_id, "ours@us");
	o.due = 1234;
	o.lease_until = 5;
	o.attempts = 2;
	o.error = "421 later";
	id = answer_added(f, &o);
	COMMIT(f);
	OK(f, outbox_get(f->s, f->a, id, &r, &f->err));
	assert_int_equal(r.id, id);
	assert_int_equal(r.case_id, case_id);
	assert_int_equal(r.mail_id, mail_id);
	assert_int_equal(r.state, OUTBOX_QUEUED);
	assert_true(r.automatic);
	assert_string_equal(r.handle, o.handle);
	assert_string_equal(r.language, o.language);
	assert_string_equal(r.to_addr, o.to_addr);
	assert_string_equal(r.to_canonical, o.to_canonical);
	assert_string_equal(r.domain, o.domain);
	assert_string_equal(r.message_id, o.message_id);
	assert_string_equal(r.subject, o.subject);
	assert_string_equal(r.text, o.text);
	assert_true(str_eq(r.raw, o.raw));
	assert_int_equal(r.created, o.created);
	assert_int_equal(r.due, 1234);
	assert_int_equal(r.lease_until, 5);
	assert_int_equal(r.attempts, 2);
	assert_int_equal(r.sent_at, 0);
	assert_string_equal(r.error, o.error);
	OK(f, outbox_of_case(f->s, f->a, case_id, &list, &n, &f->err));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].raw.n, 0);
	assert_string_equal(list[0].error, o.error);
}

static void
test_one_automatic_answer(void **state)
{
	struct fixture *f = *state;
	struct outbox_row o;
	int64_t case_id, mail_id, id = 0, first;

	BEGIN(f);
	thread_made(f, &case_id, &mail_id);
	o = an_answer(case_id, mail_id, "a@us");
	first = answer_added(f, &o);
	o.message_id = "b@us";
	assert_int_equal(outbox_add(f->s, &o, &id, &f->err), CD_DONE);
	/* Nor after the first was cancelled. */
	OK(f, outbox_step(f->s, first, OUTBOX_CANCELLED, 0, 0, NULL, &f->err));
	assert_int_equal(outbox_add(f->s, &o, &id, &f->err), CD_DONE);
	/* A person may answer as often as he likes, with new Message-IDs. */
	o.automatic = false;
	o.message_id = "a@us";
	assert_int_equal(outbox_add(f->s, &o, &id, &f->err), CD_DONE);
	o.message_id = "c@us";
	answer_added(f, &o);
	/* Notes of an approval answer no mail. */
	o.automatic = true;
	o.mail_id = 0;
	o.message_id = "d@us";
	answer_added(f, &o);
	o.message_id = "e@us";
	answer_added(f, &o);
	COMMIT(f);
}

static void
test_case_must_be_there(void **state)
{
	struct fixture *f = *state;
	struct outbox_row o = an_answer(99, 0, "a@us");
	int64_t id;

	BEGIN(f);
	assert_int_equal(outbox_add(f->s, &o, &id, &f->err), CD_ABSENT);
	assert_non_null(strstr(f->err.text, "not there"));
	store_rollback(f->s);
}

static void
test_steps(void **state)
{
	enum { D, Q, C, M, S, F, U, X };	/* in the order of the states */
	static const char *const allowed[OUTBOX_STATE_COUNT] = {
		/*       DQCMSFUX */
		[D] =	".+.....+",
		[Q] =	"..+....+",
		[C] =	".+.+.+.+",
		[M] =	".+..+++.",
		[S] =	"........",
		[F] =	".+.....+",
		[U] =	".+..++.+",
		[X] =	"........",
	};
	struct fixture *f = *state;
	int64_t case_id, mail_id, id;
	char message_id[32];

	BEGIN(f);
	thread_made(f, &case_id, &mail_id);
	for (unsigned i = 0; i < 64; i++) {
		enum outbox_state from = (enum outbox_state)(i / 8);
		enum outbox_state to = (enum outbox_state)(i % 8);
		struct outbox_row o = an_answer(case_id, 0, message_id);
		enum cd_rc rc;

		snprintf(message_id, sizeof message_id, "%u@us", i);
		o.state = from;
		id = answer_added(f, &o);
		rc = outbox_step(f->s, id, to, 5000, 6000, "250 ok", &f->err);
		assert_int_equal(rc,
		    allowed[from][to] == '+' ? CD_OK : CD_REFUSED);
		OK(f, outbox_get(f->s, f->a, id, &o, &f->err));
		assert_int_equal(o.state, rc == CD_OK ? to : from);
		if (rc != CD_OK)
			continue;
		assert_string_equal(o.error, "250 ok");
		assert_int_equal(o.due, to == OUTBOX_QUEUED ? 5000 : 1000);
		assert_int_equal(o.sent_at, to == OUTBOX_SENT ? 6000 : 0);
	}
	assert_int_equal(outbox_step(f->s, 9999, OUTBOX_SENT, 0, 0, NULL,
	    &f->err), CD_ABSENT);
	COMMIT(f);
	OK(f, outbox_sent_since(f->s, 6000, &id, &f->err));
	assert_int_equal(id, 2);
	OK(f, outbox_sent_since(f->s, 6001, &id, &f->err));
	assert_int_equal(id, 0);
}

static void
test_claim(void **state)
{
	struct fixture *f = *state;
	struct outbox_row o, *list;
	int64_t case_id, mail_id, due, queued, ids[4];
	static const char *const names[] = { "a@us", "b@us", "c@us", "d@us" };
	size_t n;

	assert_int_equal(outbox_next_due(f->s, &due, &f->err), CD_ABSENT);
	BEGIN(f);
	thread_made(f, &case_id, &mail_id);
	for (int i = 0; i < 4; i++) {
		o = an_answer(case_id, 0, names[i]);
		o.due = 1300 - 100 * i;
		ids[i] = answer_added(f, &o);
	}
	COMMIT(f);
	OK(f, outbox_next_due(f->s, &due, &f->err));
	assert_int_equal(due, 1000);
	OK(f, outbox_claim(f->s, f->a, 999, 60, 9, &list, &n, &f->err));
	assert_int_equal(n, 0);
	/* Oldest first; whole rows. */
	OK(f, outbox_claim(f->s, f->a, 1200, 60, 2, &list, &n, &f->err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, ids[3]);
	assert_int_equal(list[1].id, ids[2]);
	assert_int_equal(list[0].state, OUTBOX_CLAIMED);
	assert_int_equal(list[0].lease_until, 1260);
	assert_int_equal(list[0].attempts, 1);
	assert_true(str_eq(list[0].raw, o.raw));
	OK(f, outbox_claim(f->s, f->a, 1200, 60, 9, &list, &n, &f->err));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, ids[1]);

	/* Leases run out: claimed is queued again, committing is doubtful. */
	BEGIN(f);
	OK(f, outbox_step(f->s, ids[2], OUTBOX_COMMITTING, 0, 0, NULL,
	    &f->err));
	OK(f, outbox_settle(f->s, f->a, 1260, &queued, &list, &n, &f->err));
	assert_int_equal(queued, 0);
	assert_int_equal(n, 0);
	OK(f, outbox_settle(f->s, f->a, 1261, &queued, &list, &n, &f->err));
	assert_int_equal(queued, 2);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, ids[2]);
	assert_int_equal(list[0].state, OUTBOX_DOUBTFUL);
	assert_int_equal(list[0].case_id, case_id);
	COMMIT(f);
	OK(f, outbox_doubtful(f->s, f->a, 0, 9, &list, &n, &f->err));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, ids[2]);
	OK(f, outbox_doubtful(f->s, f->a, ids[2], 9, &list, &n, &f->err));
	assert_int_equal(n, 0);
	OK(f, outbox_find_doubtful(f->s, f->a, names[2], &o, &f->err));
	assert_int_equal(o.id, ids[2]);
	assert_int_equal(outbox_find_doubtful(f->s, f->a, names[3], &o,
	    &f->err), CD_ABSENT);
	OK(f, outbox_claim(f->s, f->a, 1262, 9999, 9, &list, &n, &f->err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].attempts, 2);
	assert_int_equal(list[0].state, OUTBOX_CLAIMED);
	assert_int_equal(list[0].lease_until, 1262 + 9999);
	assert_true(str_eq(list[0].raw, o.raw));
	BEGIN(f);
	OK(f, outbox_settle(f->s, f->a, INT64_MAX, &queued, &list, &n,
	    &f->err));
	COMMIT(f);
	assert_int_equal(queued, 2);
	assert_int_equal(n, 0);
}

/* A claim that came to nothing leaves no trace: it is no attempt. */
static void
test_give_back(void **state)
{
	struct fixture *f = *state;
	struct outbox_row o, *list;
	int64_t case_id, mail_id, id;
	size_t n;

	BEGIN(f);
	thread_made(f, &case_id, &mail_id);
	o = an_answer(case_id, 0, "a@us");
	o.due = 1000;
	id = answer_added(f, &o);
	COMMIT(f);
	for (int i = 0; i < 3; i++) {
		OK(f, outbox_claim(f->s, f->a, 1200, 60, 9, &list, &n,
		    &f->err));
		assert_int_equal(n, 1);
		assert_int_equal(list[0].attempts, 1);
		BEGIN(f);
		OK(f, outbox_give_back(f->s, id, &f->err));
		assert_int_equal(outbox_give_back(f->s, id, &f->err),
		    CD_REFUSED);
		COMMIT(f);
		OK(f, outbox_get(f->s, f->a, id, &o, &f->err));
		assert_int_equal(o.state, OUTBOX_QUEUED);
		assert_int_equal(o.due, 1000);
		assert_int_equal(o.attempts, 0);
	}
	BEGIN(f);
	assert_int_equal(outbox_give_back(f->s, 9999, &f->err), CD_REFUSED);
	COMMIT(f);
}

static void
test_brake(void **state)
{
	struct fixture *f = *state;
	struct outbox_row o, *list;
	int64_t case_id, mail_id, since = 0;
	const char *why = NULL;
	size_t n;

	assert_int_equal(brake_get(f->s, f->a, &since, &why, &f->err),
	    CD_ABSENT);
	BEGIN(f);
	thread_made(f, &case_id, &mail_id);
	o = an_answer(case_id, mail_id, "a@us");
	answer_added(f, &o);
	OK(f, brake_set(f->s, 50, "too many in an hour", &f->err));
	/* The first reason stays. */
	OK(f, brake_set(f->s, 60, "another", &f->err));
	COMMIT(f);
	OK(f, brake_get(f->s, f->a, &since, &why, &f->err));
	assert_int_equal(since, 50);
	assert_string_equal(why, "too many in an hour");
	OK(f, outbox_claim(f->s, f->a, 9999, 60, 9, &list, &n, &f->err));
	assert_int_equal(n, 0);
	BEGIN(f);
	OK(f, brake_resumed(f->s, &since, &f->err));
	assert_int_equal(since, 0);
	OK(f, brake_set(f->s, 70, NULL, &f->err));
	/* Nothing to let go. */
	OK(f, brake_set(f->s, 80, NULL, &f->err));
	OK(f, brake_resumed(f->s, &since, &f->err));
	assert_int_equal(since, 70);
	COMMIT(f);
	OK(f, outbox_claim(f->s, f->a, 9999, 60, 9, &list, &n, &f->err));
	assert_int_equal(n, 1);
}

static void
test_dead_addresses(void **state)
{
	struct fixture *f = *state;
	const char *why = NULL;

	BEGIN(f);
	OK(f, dead_set(f->s, "x@y.example", 5, "550 no such user", &f->err));
	OK(f, dead_get(f->s, f->a, "x@y.example", &why, &f->err));
	assert_string_equal(why, "550 no such user");
	assert_int_equal(dead_get(f->s, f->a, "y@y.example", &why, &f->err),
	    CD_ABSENT);
	OK(f, dead_set(f->s, "x@y.example", 6, NULL, &f->err));
	assert_int_equal(dead_get(f->s, f->a, "x@y.example", &why, &f->err),
	    CD_ABSENT);
	COMMIT(f);
}

static void
test_count(void **state)
{
	struct fixture *f = *state;
	int64_t one, two, mail_id, n, states[OUTBOX_STATE_COUNT];
	char message_id[32];

	BEGIN(f);
	thread_made(f, &one, &mail_id);
	two = case_added(f, &(struct case_row){ .domain = "two.example" });
	for (unsigned i = 0; i < 16; i++) {
		struct outbox_row o = an_answer(i < 8 ? one : two, 0,
		    message_id);

		snprintf(message_id, sizeof message_id, "%u@us", i);
		o.state = (enum outbox_state)(i % 8);
		o.created = i < 8 ? 1000 : 2000;
		o.mail_id = i == 9 ? mail_id : 0;	/* of the first case */
		o.handle = i < 8 ? "steps" : "link";
		answer_added(f, &o);
		o.automatic = false;
		snprintf(message_id, sizeof message_id, "%u-p@us", i);
		answer_added(f, &o);
	}
	COMMIT(f);
	const struct {
		struct outbox_question ask;
		int64_t n;
	} rows[] = {
		{ { 0 }, 10 },
		{ { .since = 1001 }, 5 },
		{ { .since = 2000 }, 5 },
		{ { .since = 2001 }, 0 },
		{ { .to_canonical = "bo@lind.example" }, 10 },
		{ { .to_canonical = "else@lind.example" }, 0 },
		{ { .to_canonical = "bo@lind.example", .handle = "link" }, 5 },
		{ { .domain = "lind.example", .since = 1500 }, 5 },
		{ { .domain = "else.example" }, 0 },
		{ { .case_id = one }, 5 },
		{ { .case_id = one, .handle = "link" }, 0 },
		{ { .case_id = two, .domain = "lind.example" }, 5 },
		{ { .handle = "steps" }, 5 },
		/* What the mail answered is about; without one the case. */
		{ { .about = "lind.example" }, 6 },
		{ { .about = "two.example" }, 4 },
		{ { .about = "two.example", .enough = 99 }, 4 },
		/* Those that never went out count too, while that is enough
		 * to know. */
		{ { .enough = 17 }, 16 },
		{ { .enough = 16 }, 10 },
		{ { .domain = "lind.example", .since = 1500, .enough = 9 }, 8 },
		{ { .domain = "lind.example", .since = 1500, .enough = 8 }, 5 },
		{ { .domain = "else.example", .enough = 1 }, 0 },
		{ { .to_canonical = "bo@lind.example", .enough = 99 }, 10 },
		{ { .case_id = one, .enough = 99 }, 5 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		OK(f, outbox_count(f->s, &rows[i].ask, &n, &f->err));
		assert_int_equal(n, rows[i].n);
	}
	OK(f, outbox_count_states(f->s, states, &f->err));
	for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
		assert_int_equal(states[i], 4);
}

static void
test_drafts(void **state)
{
	struct fixture *f = *state;
	struct outbox_row o, r;
	int64_t case_id, mail_id, id;

	BEGIN(f);
	thread_made(f, &case_id, &mail_id);
	assert_int_equal(outbox_draft(f->s, f->a, case_id, &r, &f->err),
	    CD_ABSENT);
	o = an_answer(case_id, mail_id, "a@us");
	o.state = OUTBOX_DRAFT;
	answer_added(f, &o);
	o.automatic = false;
	o.message_id = "b@us";
	id = answer_added(f, &o);
	OK(f, outbox_draft(f->s, f->a, case_id, &r, &f->err));
	assert_int_equal(r.id, id);
	assert_string_equal(r.text, o.text);
	OK(f, outbox_step(f->s, id, OUTBOX_QUEUED, 7, 7, NULL, &f->err));
	COMMIT(f);
	OK(f, outbox_draft(f->s, f->a, case_id, &r, &f->err));
	assert_string_equal(r.message_id, "a@us");
	OK(f, outbox_get(f->s, f->a, id, &r, &f->err));
	assert_string_equal(r.text, o.text);
	assert_true(str_eq(r.raw, o.raw));
	assert_string_equal(r.message_id, "b@us");
}

#define CLAIMED_ROWS 300

/* In a child: claim until nothing is left, and tell the ids by the pipe. */
static _Noreturn void
claim_until_empty(const char *path, int to)
{
	struct store *s;
	struct arena *a = arena_new();
	struct cd_err err;
	struct outbox_row *list;
	size_t n = 1;
	int busy = 0;

	if (store_open(path, STORE_WRITE, &s, &err) != CD_OK)
		_exit(1);
	while (n > 0 && busy < 100) {
		enum cd_rc rc = outbox_claim(s, a, 5000, 60, 3, &list, &n,
		    &err);

		if (rc == CD_AGAIN) {
			n = 1;
			busy++;
			continue;
		}
		if (rc != CD_OK)
			_exit(2);
		for (size_t i = 0; i < n; i++) {
			if (write(to, &list[i].id, sizeof list[i].id) < 0)
				_exit(3);
		}
	}
	store_close(&s);
	arena_free(&a);
	_exit(0);
}

static void
test_two_senders_never_share(void **state)
{
	struct fixture *f = *state;
	int64_t case_id, mail_id, id, first = 0;
	int fd[2], status, seen[CLAIMED_ROWS] = { 0 }, total = 0;
	pid_t pids[2];

	BEGIN(f);
	thread_made(f, &case_id, &mail_id);
	for (int i = 0; i < CLAIMED_ROWS; i++) {
		char message_id[32];
		struct outbox_row o = an_answer(case_id, 0, message_id);

		snprintf(message_id, sizeof message_id, "%d@us", i);
		id = answer_added(f, &o);
		if (i == 0)
			first = id;
	}
	COMMIT(f);
	/* SQLite is never carried over a fork. */
	store_close(&f->s);
	assert_int_equal(pipe(fd), 0);
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			claim_until_empty(f->path, fd[1]);
	}
	close(fd[1]);
	while (read(fd[0], &id, sizeof id) == sizeof id) {
		assert_in_range(id - first, 0, CLAIMED_ROWS - 1);
		assert_int_equal(seen[id - first]++, 0);
		total++;
	}
	close(fd[0]);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(total, CLAIMED_ROWS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_every_column_comes_back),
		DB_TEST(test_one_automatic_answer),
		DB_TEST(test_case_must_be_there),
		DB_TEST(test_steps),
		DB_TEST(test_claim),
		DB_TEST(test_give_back),
		DB_TEST(test_brake),
		DB_TEST(test_dead_addresses),
		DB_TEST(test_count),
		DB_TEST(test_drafts),
		DB_TEST(test_two_senders_never_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
