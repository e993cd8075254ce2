#include "fixture.h"

#include "store/tenants.h"

#define GUID "0f3c7a52-6a7f-4d6e-9d2b-1c5e8a90b7d1"

static void
test_domains(void **state)
{
	struct fixture *f = *state;
	struct domain_row d = { "lind.example", GUID, 100, 200 }, r;

	assert_int_equal(domains_get(f->s, f->a, d.domain, 100, &r, &f->err),
	    CD_ABSENT);
	BEGIN(f);
	OK(f, domains_put(f->s, &d, &f->err));
	OK(f, domains_get(f->s, f->a, d.domain, 199, &r, &f->err));
	assert_string_equal(r.domain, d.domain);
	assert_string_equal(r.guid, GUID);
	assert_int_equal(r.checked, 100);
	assert_int_equal(r.expires, 200);
	assert_int_equal(domains_get(f->s, f->a, d.domain, 200, &r, &f->err),
	    CD_ABSENT);
	d = (struct domain_row){ "lind.example", NULL, 300, 400 };
	OK(f, domains_put(f->s, &d, &f->err));
	COMMIT(f);
	OK(f, domains_get(f->s, f->a, d.domain, 300, &r, &f->err));
	assert_null(r.guid);
}

static void
test_approval_stays(void **state)
{
	struct fixture *f = *state;
	struct tenant_row t = { .guid = GUID, .region = "EU" }, r;

	assert_int_equal(tenants_get(f->s, f->a, GUID, &r, &f->err), CD_ABSENT);
	BEGIN(f);
	OK(f, tenants_put(f->s, &t, &f->err));
	OK(f, tenants_get(f->s, f->a, GUID, &r, &f->err));
	assert_string_equal(r.region, "EU");
	assert_string_equal(r.sub_scope, "");
	assert_false(r.foreign_cloud);
	assert_int_equal(r.approved_at, 0);
	assert_null(r.approved_how);
	OK(f, tenants_approve(f->s, GUID, 50, "consent", &f->err));
	assert_int_equal(tenants_approve(f->s, GUID, 60, "approve", &f->err),
	    CD_DONE);
	t.region = "USGov";
	t.foreign_cloud = true;
	OK(f, tenants_put(f->s, &t, &f->err));
	COMMIT(f);
	OK(f, tenants_get(f->s, f->a, GUID, &r, &f->err));
	assert_true(r.foreign_cloud);
	assert_string_equal(r.region, "USGov");
	assert_int_equal(r.approved_at, 50);
	assert_string_equal(r.approved_how, "consent");
}

static void
test_approval_of_one_never_asked_about(void **state)
{
	struct fixture *f = *state;
	struct tenant_row r;

	BEGIN(f);
	OK(f, tenants_approve(f->s, GUID, 50, "approve", &f->err));
	COMMIT(f);
	OK(f, tenants_get(f->s, f->a, GUID, &r, &f->err));
	assert_int_equal(r.approved_at, 50);
	assert_string_equal(r.approved_how, "approve");
}

static void
test_approval_taken_back(void **state)
{
	struct fixture *f = *state;
	struct tenant_row r;

	BEGIN(f);
	assert_int_equal(tenants_withdraw(f->s, f->a, GUID, &f->err),
	    CD_ABSENT);
	OK(f, tenants_approve(f->s, GUID, 50, "approve", &f->err));
	OK(f, tenants_withdraw(f->s, f->a, GUID, &f->err));
	assert_int_equal(tenants_withdraw(f->s, f->a, GUID, &f->err),
	    CD_REFUSED);
	OK(f, tenants_get(f->s, f->a, GUID, &r, &f->err));
	assert_int_equal(r.approved_at, 0);
	assert_null(r.approved_how);
	OK(f, tenants_approve(f->s, GUID, 60, "consent", &f->err));
	COMMIT(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_domains),
		DB_TEST(test_approval_stays),
		DB_TEST(test_approval_of_one_never_asked_about),
		DB_TEST(test_approval_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
