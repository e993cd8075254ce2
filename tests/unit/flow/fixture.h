#ifndef CD_TESTS_FLOW_FIXTURE_H
#define CD_TESTS_FLOW_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "flow/answer.h"
#include "flow/consent.h"
#include "flow/desk.h"
#include "flow/intake.h"
#include "store/outbox.h"
#include "store/tenants.h"

/*
 * A desk with the shipped rules, model and templates and a real database, in
 * one folder for the whole program.
 */
#define MAILBOX "support@mail.example/INBOX"
#define AR "Authentication-Results: mx.numeo.ai; dmarc=pass header.from="

static char folder[] = "/tmp/cd-intake-XXXXXX";

struct fixture {
	struct config *config;
	struct engine *engine, own;
	struct store *store;
	struct arena *arena;
	struct cursor cursor;
	bool more;
	bool server_down;	/* what is queued is not sent before the next */
	uint32_t uid;
	int64_t now;
};

#define OK(x) assert_int_equal((x), CD_OK)

static inline void
write_file(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, 0600), 0);
}

static inline void
drop_database(void)
{
	static const char *const files[] = { "desk.db", "desk.db-wal",
		"desk.db-shm" };

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char path[128];

		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		unlink(path);
	}
}

/* Rules, model and templates take long to load, and no policy changes them: all
 * desks of a program share those of its first. */
static struct {
	struct config *config;
	struct engine *engine;
} loaded;

/* As engine_load. */
static inline enum cd_rc
load(struct fixture *f, struct cd_err *err)
{
	char path[128];
	enum cd_rc rc;

	snprintf(path, sizeof path, "%s/desk.conf", folder);
	rc = config_load(path, CONFIG_DAEMON, &f->config, err);
	if (rc == CD_OK && !loaded.engine)
		rc = config_load(path, CONFIG_DAEMON, &loaded.config, err);
	if (rc == CD_OK && !loaded.engine)
		rc = engine_load(loaded.config, ENGINE_WHOLE, &loaded.engine,
		    err);
	if (rc != CD_OK)
		return rc;
	f->own = *loaded.engine;
	f->own.config = f->config;
	f->engine = &f->own;
	return CD_OK;
}

static inline int
open_desk(struct fixture *f, const char *policy)
{
	char text[2048];
	struct cd_err err = { "" };

	/* What a failed test left behind must not fail the next one too. */
	drop_database();
	write_file("secret", "0123456789abcdef0123456789abcdef");
	write_file("password", "x");
	snprintf(text, sizeof text, "[product]\nname = Numeo\n"
	    "also_known_as = Numeo Spot\nsupport_address = support@numeo.ai\n"
	    "[mailbox]\nhost = mail.example\nuser = support\n"
	    "password_file = password\n[smtp]\nhost = mail.example\n"
	    "auth = none\n[microsoft]\n"
	    "client_id = 3f2b8a6c-90d1-4e57-b1a2-6c5d4e3f2a1b\n"
	    "scope = https://graph.microsoft.com/Mail.Send\n"
	    "redirect_uri = https://desk.example/consent\n"
	    "link_secret_file = secret\n[files]\ndatabase = desk.db\n"
	    "rules = %s/conf/rules\nmodel = %s/conf/model.bin\n"
	    "templates = %s/templates\n[policy]\n"
	    "trust_authserv_id = mx.numeo.ai\n%s", CD_TOP, CD_TOP, CD_TOP,
	    policy);
	write_file("desk.conf", text);
	f->arena = arena_new();
	f->now = 1790000000;
	f->uid = 0;
	f->more = f->server_down = false;
	f->cursor = (struct cursor){ .uidvalidity = 7, .next_uid = 1 };
	if (load(f, &err) != CD_OK ||
	    store_open(f->config->files.database, STORE_WRITE, &f->store,
		&err) != CD_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return 0;
}

static inline void
close_desk(struct fixture *f)
{
	store_close(&f->store);
	config_free(&f->config);
	arena_free(&f->arena);
}

/* A person of the team. */
static inline struct desk
desk_of(struct fixture *f)
{
	return (struct desk){ .engine = f->engine, .store = f->store,
		.arena = f->arena, .actor = "ann", .now = f->now };
}

/* All that is queued goes out. */
static inline void
send_queued(struct fixture *f)
{
	struct outbox_row *rows;
	size_t n;

	OK(outbox_claim(f->store, f->arena, f->now, 60, 100, &rows, &n, NULL));
	OK(store_begin(f->store, NULL));
	for (size_t i = 0; i < n; i++) {
		OK(outbox_step(f->store, rows[i].id, OUTBOX_COMMITTING, 0,
		    f->now, NULL, NULL));
		OK(outbox_step(f->store, rows[i].id, OUTBOX_SENT, 0, f->now,
		    NULL, NULL));
	}
	OK(store_commit(f->store, NULL));
}

/* One mail through intake; the result's answers. */
static inline size_t
take(struct fixture *f, const char *raw, bool poison)
{
	struct intake_mail mail = { ++f->uid, f->now, str_of(raw), poison };
	struct intake_batch batch = { .mailbox = MAILBOX, .cursor = f->cursor,
		.mails = &mail, .n = 1, .more = f->more };
	struct intake_result result = { 0 };
	struct cd_err err = { "" };

	if (!f->server_down)
		send_queued(f);
	assert_int_equal(intake_run(f->engine, f->store, NULL, f->arena, &batch,
	    f->now, &result, &err), CD_OK);
	f->now += 10;
	return result.answers;
}

static inline const char *
letter(struct fixture *f, const char *from, const char *id,
    const char *headers, const char *text)
{
	const char *at = strchr(from, '@');

	return arena_printf(f->arena, AR "%s\r\nFrom: <%s>\r\n"
	    "To: support@numeo.ai\r\nSubject: Need admin approval\r\n"
	    "Message-ID: <%s>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
	    "%s\r\n%s\r\n", at + 1, from, id, headers, text);
}

#define WALL "Hi, I try to connect Outlook to Numeo and Microsoft says " \
	"\"Need admin approval\". What do I do?"
#define SEND_LINK "Please send me the one-click approval link for Numeo."

static inline struct case_row
get_case(struct fixture *f, int64_t id)
{
	struct case_row row;

	OK(cases_get(f->store, f->arena, id, &row, NULL));
	return row;
}

#define TENANT_A "0c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5"
#define TENANT_B "1c7e6a1f-58d2-4b90-9c1e-3f2a7d64b8e5"

#define LINK_FOR(domain) "We manage IT for our client " domain ". Need admin " \
	"approval when they connect Outlook to Numeo. Please send the " \
	"one-click approval link for their tenant."
#define CLIENT_LINK LINK_FOR("client.com")

/* acme.com is of TENANT_A, client.com of TENANT_B. */
static inline void
two_companies_known(struct fixture *f)
{
	static const char *const known[][2] = {
		{ "acme.com", TENANT_A }, { "client.com", TENANT_B } };

	OK(store_begin(f->store, NULL));
	for (size_t i = 0; i < 2; i++) {
		const struct tenant_row tenant = { .guid = known[i][1],
			.region = "", .sub_scope = "" };
		const struct domain_row d = { known[i][0], known[i][1], f->now,
			f->now + 30 * 86400 };

		OK(tenants_put(f->store, &tenant, NULL));
		OK(domains_put(f->store, &d, NULL));
	}
	OK(store_commit(f->store, NULL));
}

/* The newest answer of the case: its name, and whether that company's link is in
 * it. */
static inline void
check_link(struct fixture *f, int64_t case_id, const char *handle,
    const char *tenant)
{
	struct outbox_row *rows;
	size_t n;

	OK(outbox_of_case(f->store, f->arena, case_id, &rows, &n, NULL));
	assert_true(n > 0);
	assert_string_equal(rows[n - 1].handle, handle);
	assert_non_null(strstr(rows[n - 1].text, tenant));
}

static inline const char *
answers_to(struct fixture *f, int64_t case_id)
{
	struct outbox_row *rows;
	size_t n;

	OK(outbox_of_case(f->store, f->arena, case_id, &rows, &n, NULL));
	assert_true(n > 0);
	return arena_printf(f->arena, "In-Reply-To: <%s>\r\n",
	    rows[n - 1].message_id);
}

#define TENANT "11111111-2222-4333-8444-555555555555"

/* acme.com is of TENANT; foreign: in a national cloud. */
static inline void
company_known(struct fixture *f, bool foreign)
{
	const struct tenant_row tenant = { .guid = TENANT, .region = "",
		.sub_scope = "", .foreign_cloud = foreign };
	const struct domain_row domain = { "acme.com", TENANT, f->now,
		f->now + 86400 };

	OK(store_begin(f->store, NULL));
	OK(tenants_put(f->store, &tenant, NULL));
	OK(domains_put(f->store, &domain, NULL));
	OK(store_commit(f->store, NULL));
}

static inline struct consent_tally
approved(struct fixture *f)
{
	struct consent_tally tally;
	struct cd_err err = { "" };

	f->now += 10;
	if (!f->server_down)
		send_queued(f);
	if (consent_approve(f->engine, f->store, f->arena, TENANT, "approve",
	    "ann", f->now, &tally, &err) != CD_OK)
		fail_msg("%s", err.text);
	return tally;
}

static inline int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : 1;
}

static inline int
drop_folder(void **state)
{
	static const char *const files[] = { "secret", "password",
		"desk.conf" };

	(void)state;
	engine_free(&loaded.engine);
	config_free(&loaded.config);
	drop_database();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char path[128];

		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		unlink(path);
	}
	return rmdir(folder);
}

#endif
