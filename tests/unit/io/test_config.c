#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "base/str.h"
#include "io/config.h"

static char folder[64];

static char *
path_in(const char *name)
{
	static char path[2][128];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
	return path[turn];
}

static const char *
file_put(const char *name, const char *text, size_t n, mode_t mode)
{
	const char *path = path_in(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	return path;
}

static enum cd_rc
load(const char *text, enum config_need need, struct config **c,
    struct cd_err *err)
{
	return config_load(file_put("t.conf", text, strlen(text), 0644), need,
	    c, err);
}

#define PRODUCT "[product]\nname = Numeo\nsupport_address = help@a.example\n"
#define WHOLE                                                                  \
	"[product]\nname = N\nsupport_address = help@a.example\n"              \
	"help_url = https://a.example/help\n"                                  \
	"[mailbox]\nhost = imap.a.example\nuser = u\npassword_file = pw\n"     \
	"[smtp]\nhost = smtp.a.example\nuser = u\npassword_file = /x/pw\n"     \
	"[microsoft]\nclient_id = c\nscope = a b\nlink_secret_file = s\n"      \
	"redirect_uri = https://a.example/approved\n"

static void
test_defaults(void **state)
{
	struct config *c = NULL;
	struct cd_err err = { "" };

	(void)state;
	assert_int_equal(load(WHOLE, CONFIG_DAEMON, &c, &err), CD_OK);
	assert_int_equal(c->mailbox.port, 993);
	assert_int_equal(c->mailbox.tls, TLS_IMPLICIT);
	assert_int_equal(c->mailbox.auth, AUTH_METHOD_PASSWORD);
	assert_string_equal(c->mailbox.folder, "INBOX");
	assert_null(c->mailbox.sent_folder);
	assert_int_equal(c->mailbox.start, START_NOW);
	assert_int_equal(c->mailbox.max_fetch, 1024 * 1024);
	assert_int_equal(c->mailbox.idle_seconds, 540);
	assert_int_equal(c->smtp.port, 587);
	assert_int_equal(c->smtp.tls, TLS_STARTTLS);
	assert_int_equal(c->smtp.max_per_minute, 0);
	assert_null(c->smtp.envelope_from);
	assert_string_equal(c->microsoft.authority,
	    "https://login.microsoftonline.com");
	assert_int_equal(c->microsoft.link_days, 14);
	assert_string_equal(c->policy.trust_authserv_id, "");
	assert_int_equal(c->policy.require_authentication, REQUIRE_PASS);
	assert_true(c->policy.review_below > 0.93);
	assert_true(c->policy.review_below < 0.95);
	assert_int_equal(c->policy.mode_link, -1);
	assert_int_equal(config_mode_of(c, "link"), MODE_AUTO);
	assert_string_equal(c->web.listen, "127.0.0.1:8425");
	assert_int_equal(c->log.level, LEVEL_INFO);
	assert_false(c->log.json);
	/* The test runs from the build tree. */
	assert_string_equal(c->files.rules, CD_TOP "/conf/rules");
	assert_string_equal(c->files.templates, CD_TOP "/templates");
	/* Relative to the file's folder. */
	assert_string_equal(c->mailbox.password_file, path_in("pw"));
	assert_string_equal(c->smtp.password_file, "/x/pw");
	config_free(&c);
	assert_null(c);
	config_free(&c);
}

static void
test_values(void **state)
{
	struct config *c = NULL;
	struct cd_err err = { "" };

	(void)state;
	assert_int_equal(load("\xef\xbb\xbf# comment\r\n"
	    "; another\r\n"
	    "[product]\r\n"
	    "  name = Numeo = app#1  # the name\r\n"
	    "also_known_as= Numeo Spot ,Spot,, \r\n"
	    "support_address = a@x.example, b@y.example\r\n"
	    "[mailbox]\r\nhost=::1\ntls = none\nmax_fetch = 64k\n"
	    "start = 2026-11-01\nsent_folder = Sent Items\nport =\n"
	    "password_file = /etc/#1\n"
	    "[policy]\nmode = draft\nmode.link = auto\nmode.steps = off\n"
	    "first_reply = steps_and_link\nreview_below = .75\n"
	    "[microsoft]\nauthority = http://127.0.0.1:8080//\n"
	    "redirect_uri = https://x.example/back/\n"
	    "[web]\nlisten =\npublic_url = https://desk.example/\n"
	    "[log]\nformat = json\nlevel = debug\n"
	    "[smtp]\nenvelope_from = <>\n[files]\ndatabase = db/x.db",
	    CONFIG_READING, &c, &err), CD_OK);
	assert_string_equal(c->product.name, "Numeo = app#1");
	assert_int_equal(c->product.also_known_as.n, 2);
	assert_string_equal(c->product.also_known_as.v[0], "Numeo Spot");
	assert_string_equal(c->product.also_known_as.v[1], "Spot");
	assert_int_equal(c->product.support_address.n, 2);
	assert_string_equal(c->product.support_address.v[1], "b@y.example");
	assert_int_equal(c->mailbox.port, 143);
	assert_int_equal(c->mailbox.max_fetch, 65536);
	assert_int_equal(c->mailbox.start, START_DATE);
	assert_int_equal(c->mailbox.start_date, 1793491200);
	assert_string_equal(c->mailbox.sent_folder, "Sent Items");
	assert_string_equal(c->mailbox.password_file, "/etc/#1");
	assert_int_equal(config_mode_of(c, "link"), MODE_AUTO);
	assert_int_equal(config_mode_of(c, "steps"), MODE_OFF);
	assert_int_equal(config_mode_of(c, "safety"), MODE_DRAFT);
	assert_int_equal(config_mode_of(c, "review"), MODE_DRAFT);
	assert_int_equal(c->policy.first_reply, FIRST_STEPS_AND_LINK);
	assert_string_equal(c->microsoft.authority, "http://127.0.0.1:8080");
	assert_string_equal(c->web.public_url, "https://desk.example");
	assert_string_equal(c->microsoft.redirect_uri,
	    "https://x.example/back/");
	assert_string_equal(c->web.listen, "");
	assert_true(c->log.json);
	assert_string_equal(c->smtp.envelope_from, "<>");
	assert_string_equal(c->files.database, path_in("db/x.db"));
	config_free(&c);
}

/* Of any name but INBOX each letter counts. */
static void
test_folders_that_differ(void **state)
{
	struct config *c = NULL;
	struct cd_err err = { "" };

	(void)state;
	assert_int_equal(load(PRODUCT "[mailbox]\nfolder = Support\n"
	    "sent_folder = support\ndone_folder = SUPPORT\n", CONFIG_READING,
	    &c, &err), CD_OK);
	config_free(&c);
}

/* Each with the place and the words of its message. */
static void
test_mistakes(void **state)
{
	static const struct {
		const char *text;
		enum config_need need;
		const char *place, *says;
	} rows[] = {
		{ "[prodct]\nname = x\n" PRODUCT, CONFIG_READING,
		    ":1: ", "there are product, mailbox" },
		{ PRODUCT "colour = red\n", CONFIG_READING,
		    ":4: [product] colour: ", "there are name, also_known_as" },
		{ "name = x\n" PRODUCT, CONFIG_READING, ":1: name: ",
		    "before any [section]" },
		{ PRODUCT "name = y\n", CONFIG_READING, ":4: [product] name: ",
		    "line 2" },
		{ PRODUCT "[product]\nname = y\n", CONFIG_READING,
		    ":5: [product] name: ", "line 2" },
		{ "\n[product]\nsupport_address = a@b.example\n",
		    CONFIG_READING, ":2: [product] name: ", "missing" },
		{ "[product]\nname =\nsupport_address = a@b.example\n",
		    CONFIG_READING, ":2: [product] name: ", "missing" },
		{ "[product]\nname = x\nsupport_address = ,\n",
		    CONFIG_READING, ":3: [product] support_address: ",
		    "a mail from any of them is ours." },
		{ "# nothing\n\n", CONFIG_READING, ":2: [product] name: ",
		    "missing" },
		{ "", CONFIG_READING, ":1: [product] name: ", "missing" },
		{ "[product]\nname = x\nsupport_address = A <a@b.example>\n",
		    CONFIG_READING, ":3: [product] support_address: ",
		    "plain address" },
		{ PRODUCT "[mailbox\nhost = x\n", CONFIG_READING, ":4: ",
		    "no such section" },
		{ PRODUCT "just words\n", CONFIG_READING, ":4: ",
		    "key = value" },
		{ PRODUCT "also_known_as = \x80\n", CONFIG_READING, ":4: ",
		    "UTF-8" },
		{ PRODUCT "also_known_as = \x1b[2J\n", CONFIG_READING, ":4: ",
		    "control" },
		{ PRODUCT "[mailbox]\ntls = maybe\n", CONFIG_READING,
		    ":5: [mailbox] tls: ", "implicit, starttls, none" },
		{ PRODUCT "[mailbox]\nauth = none\n", CONFIG_READING,
		    ":5: [mailbox] auth: ", "allowed are password, oauth2" },
		{ PRODUCT "[mailbox]\nport = 0\n", CONFIG_READING,
		    ":5: [mailbox] port: ", "1 to 65535" },
		{ PRODUCT "[mailbox]\nport = 99x\n", CONFIG_READING,
		    ":5: [mailbox] port: ", "1 to 65535" },
		{ PRODUCT "[mailbox]\nport = 18446744073709551617\n",
		    CONFIG_READING, ":5: [mailbox] port: ", "1 to 65535" },
		{ PRODUCT "[mailbox]\nmax_fetch = 100M\n", CONFIG_READING,
		    ":5: [mailbox] max_fetch: ", "1024 to 67108864" },
		{ PRODUCT "[mailbox]\nmax_fetch = 1G\n", CONFIG_READING,
		    ":5: [mailbox] max_fetch: ", "1M" },
		{ PRODUCT "[mailbox]\nmax_fetch = k\n", CONFIG_READING,
		    ":5: [mailbox] max_fetch: ", "1M" },
		{ PRODUCT "[log]\nalarm_free = 17592186044416M\n",
		    CONFIG_READING, ":5: [log] alarm_free: ", "bytes" },
		{ PRODUCT "[mailbox]\nstart = 2026-02-31\n", CONFIG_READING,
		    ":5: [mailbox] start: ", "now, all or a date" },
		{ PRODUCT "[mailbox]\nsent_folder = inbox\n", CONFIG_READING,
		    ":5: [mailbox] sent_folder: ", "inbox is the folder that "
		    "is watched" },
		{ PRODUCT "[mailbox]\ndone_folder = Support\n"
		    "folder = Support\n", CONFIG_READING,
		    ":5: [mailbox] done_folder: ", "comes again" },
		{ PRODUCT "[mailbox]\nfolder = Support\nsent_folder = INBOX\n"
		    "done_folder = Inbox\n", CONFIG_READING,
		    ":7: [mailbox] done_folder: ", "is sent_folder too" },
		{ PRODUCT "[mailbox]\nhost = a.example/x\n", CONFIG_READING,
		    ":5: [mailbox] host: ", "host name" },
		{ PRODUCT "[mailbox]\nhost = a.example\ntls = none\n",
		    CONFIG_READING, ":6: [mailbox] tls: ", "this machine" },
		{ PRODUCT "[smtp]\nhost = 128.0.0.1\ntls = none\n",
		    CONFIG_READING, ":6: [smtp] tls: ", "this machine" },
		{ PRODUCT "[smtp]\nenvelope_from = a b@c\n", CONFIG_READING,
		    ":5: [smtp] envelope_from: ", "<>" },
		{ PRODUCT "[policy]\nreview_below = 1.5\n", CONFIG_READING,
		    ":5: [policy] review_below: ", "0 to 1" },
		{ PRODUCT "[policy]\nreview_below = nan\n", CONFIG_READING,
		    ":5: [policy] review_below: ", "0 to 1" },
		{ PRODUCT "[policy]\nmode.review = auto\n", CONFIG_READING,
		    ":5: [policy] mode.review: ", "no such key" },
		{ PRODUCT "[policy]\ntrust_authserv_id = a b\n",
		    CONFIG_READING, ":5: [policy] trust_authserv_id: ",
		    "one word" },
		{ PRODUCT "[microsoft]\nauthority = http://a.example\n",
		    CONFIG_READING, ":5: [microsoft] authority: ",
		    "must be https" },
		{ PRODUCT "[microsoft]\nauthority = http://127.0.0.1.x.example"
		    "\n", CONFIG_READING, ":5: [microsoft] authority: ",
		    "must be https" },
		{ PRODUCT "[microsoft]\nauthority = http://localhost@a.b\n",
		    CONFIG_READING, ":5: [microsoft] authority: ",
		    "no address" },
		{ PRODUCT "[microsoft]\nauthority = https://a:b\n",
		    CONFIG_READING, ":5: [microsoft] authority: ",
		    "no address" },
		{ PRODUCT "[microsoft]\nredirect_uri = javascript://a.b\n",
		    CONFIG_READING, ":5: [microsoft] redirect_uri: ",
		    "no address" },
		{ PRODUCT "[microsoft]\nredirect_uri = https://a.b/healthz\n",
		    CONFIG_READING, ":5: [microsoft] redirect_uri: ",
		    "/healthz is a page of [web]'s own" },
		{ PRODUCT "[microsoft]\nredirect_uri = https://a.b/login?x=/y\n",
		    CONFIG_READING, ":5: [microsoft] redirect_uri: ",
		    "/login is a page of [web]'s own" },
		{ PRODUCT "[microsoft]\nredirect_uri = https://a.b/cases/back\n"
		    "[web]\nlisten = 0.0.0.0:80\n", CONFIG_READING,
		    ":5: [microsoft] redirect_uri: ",
		    "/cases/back is a page of [web]'s own" },
		{ PRODUCT "[web]\nlisten = localhost:80\n", CONFIG_READING,
		    ":5: [web] listen: ", "127.0.0.1:8425" },
		{ PRODUCT "[web]\nlisten = [::1]\n", CONFIG_READING,
		    ":5: [web] listen: ", "127.0.0.1:8425" },
		{ PRODUCT "[web]\npublic_url = https://desk.example/help/\n",
		    CONFIG_READING, ":5: [web] public_url: ",
		    "no path: https://desk.example" },
		{ PRODUCT "[web]\nlisten = 0.0.0.0:80\n"
		    "trusted_user_header = X-User\n", CONFIG_READING,
		    ":6: [web] trusted_user_header: ", "anyone" },
		{ PRODUCT, CONFIG_DAEMON, ":3: [mailbox] host: ",
		    "missing" },
		{ WHOLE "[oauth2]\nflow = magic\n", CONFIG_DAEMON,
		    ":19: [oauth2] flow: ", "client_secret, certificate" },
		{ WHOLE "[mailbox]\nauth = oauth2\n", CONFIG_DAEMON,
		    " [oauth2] flow: ", "missing, as auth is oauth2" },
		{ WHOLE "[mailbox]\nauth = oauth2\n[oauth2]\n"
		    "flow = client_secret\ntenant = t\nclient_id = c\n",
		    CONFIG_DAEMON, ":20: [oauth2] client_secret_file: ",
		    "missing for this flow" },
		{ WHOLE "[mailbox]\nauth = oauth2\n[oauth2]\n"
		    "flow = refresh_token\nrefresh_token_file = r\n"
		    "client_id = c\n", CONFIG_DAEMON, ":20: [oauth2] tenant: ",
		    "token_url is not given either" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct config *c = NULL;
		struct cd_err err = { "" };

		assert_int_equal(load(rows[i].text, rows[i].need, &c, &err),
		    CD_MALFORMED);
		assert_null(c);
		if (!strstr(err.text, rows[i].place) ||
		    !strstr(err.text, rows[i].says))
			fail_msg("row %zu: %s", i, err.text);
	}
}

static void
test_all_mistakes_are_told(void **state)
{
	struct config *c = NULL;
	struct cd_err err = { "" };
	char many[4096] = PRODUCT "[mailbox]\n";
	size_t lines = 1;

	(void)state;
	assert_int_equal(load(PRODUCT "[mailbox]\nport = x\ntls = y\n"
	    "[smtp]\nport = z\n", CONFIG_READING, &c, &err), CD_MALFORMED);
	assert_non_null(strstr(err.text, ":5: [mailbox] port: 'x'"));
	assert_non_null(strstr(err.text, "\n"));
	assert_non_null(strstr(err.text, ":6: [mailbox] tls: 'y'"));
	assert_non_null(strstr(err.text, ":8: [smtp] port: 'z'"));

	for (int i = 0; i < 60; i++)
		snprintf(many + strlen(many), sizeof many - strlen(many),
		    "key%d = 1\n[mailbox]\n", i);
	assert_int_equal(load(many, CONFIG_READING, &c, &err), CD_MALFORMED);
	for (const char *p = err.text; *p; p++)
		lines += *p == '\n';
	assert_true(lines >= 2);
	assert_non_null(strstr(err.text, " more"));
	assert_true(strlen(err.text) < CD_MAX_ERR);
}

static void
test_reading_needs_little(void **state)
{
	struct config *c = NULL;
	struct cd_err err = { "" };

	(void)state;
	assert_int_equal(load(PRODUCT, CONFIG_READING, &c, &err), CD_OK);
	assert_null(c->mailbox.host);
	config_free(&c);
	assert_int_equal(load(WHOLE "[mailbox]\nauth = oauth2\n[smtp]\n"
	    "auth = oauth2\n[oauth2]\nflow = service_account\n"
	    "service_account_file = key.json\n", CONFIG_DAEMON, &c, &err),
	    CD_OK);
	assert_string_equal(c->oauth2.scope, "https://mail.google.com/");
	config_free(&c);
}

static void
test_no_file(void **state)
{
	struct config *c = NULL;
	struct cd_err err = { "" };
	char long_line[CD_MAX_CONFIG_LINE + 100];
	char *huge = malloc(CD_MAX_CONFIG + 2);

	(void)state;
	assert_int_equal(config_load(path_in("nowhere.conf"), CONFIG_READING,
	    &c, &err), CD_ABSENT);
	assert_non_null(strstr(err.text, "nowhere.conf"));
	assert_int_equal(config_load(folder, CONFIG_READING, &c, &err),
	    CD_REFUSED);
	memset(long_line, 'x', sizeof long_line);
	memcpy(long_line, "[product]\nname = ", 17);
	long_line[sizeof long_line - 1] = '\0';
	assert_int_equal(load(long_line, CONFIG_READING, &c, &err),
	    CD_MALFORMED);
	assert_non_null(strstr(err.text, ":2: longer than"));
	memset(huge, '\n', CD_MAX_CONFIG + 1);
	huge[CD_MAX_CONFIG + 1] = '\0';
	assert_int_equal(load(huge, CONFIG_READING, &c, &err), CD_MALFORMED);
	free(huge);
}

/* The line with its value taken off: "#port =" and "port = 1" become "port". */
static void
value_off(struct str *line)
{
	ptrdiff_t at = str_find(*line, STR(" ="));
	struct str name;

	if (at < 0 || str_starts(*line, STR("# ")))
		return;
	name = str_sub(*line, 0, (size_t)at);
	if (str_starts(name, STR("#")))
		name = str_sub(name, 1, name.n);
	*line = name;
}

/* The shipped sample differs from the printed one in nothing but values: it
 * has each key of the table, no other, and the same help. */
static void
test_sample(void **state)
{
	struct arena *a = arena_new();
	const char *path = config_builtin_sample(a);
	struct config *c = NULL;
	struct cd_err err = { "" };
	char *printed = NULL, *shipped = calloc(1, CD_MAX_CONFIG);
	size_t n = 0;
	FILE *f = open_memstream(&printed, &n);
	struct str left, right, line, want;

	(void)state;
	config_print_sample(f);
	fclose(f);
	assert_string_equal(path, CD_TOP "/conf/consentdesk.conf");
	f = fopen(path, "r");
	assert_non_null(f);
	right = (struct str){ shipped, fread(shipped, 1, CD_MAX_CONFIG, f) };
	fclose(f);
	left = (struct str){ printed, n };
	while (str_line(&left, &want)) {
		assert_true(str_line(&right, &line));
		value_off(&want);
		value_off(&line);
		if (!str_eq(want, line))
			fail_msg("printed: %.*s\nshipped: %.*s",
			    (int)want.n, want.p, (int)line.n, line.p);
	}
	assert_int_equal(right.n, 0);
	free(printed);
	free(shipped);

	if (config_load(path, CONFIG_DAEMON, &c, &err) != CD_OK)
		fail_msg("%s", err.text);
	assert_string_equal(c->product.name, "Numeo");
	assert_string_equal(c->policy.trust_authserv_id, "mx.numeo.ai");
	config_free(&c);
	arena_free(&a);
}

/* The sample with bytes changed, cut out and doubled: loaded or told what is
 * wrong, nothing else. */
static void
test_mutations(void **state)
{
	char *text = calloc(1, 2 * CD_MAX_CONFIG), *one;
	FILE *f = fopen(CD_TOP "/conf/consentdesk.conf", "r");
	size_t n = fread(text, 1, CD_MAX_CONFIG, f);
	uint32_t dice = 1;
	static const char spice[] = "[]=#;,:/ \n\r\t@<>-0M\x80\xff.";

	(void)state;
	fclose(f);
	one = malloc(2 * n);
	for (int turn = 0; turn < 300; turn++) {
		struct config *c = NULL;
		struct cd_err err = { "" };
		size_t len = n;
		enum cd_rc rc;

		memcpy(one, text, n);
		for (int k = 0; k < 8; k++) {
			dice = dice * 1664525 + 1013904223;
			one[(dice >> 8) % len] =
			    spice[(dice >> 3) % (sizeof spice - 1)];
		}
		dice = dice * 1664525 + 1013904223;
		if (turn % 3 == 0)
			len = (dice >> 8) % n;
		rc = config_load(file_put("t.conf", one, len, 0644),
		    turn % 2 ? CONFIG_DAEMON : CONFIG_READING, &c, &err);
		assert_true(rc == CD_OK || rc == CD_MALFORMED);
		assert_int_equal(rc == CD_OK, c != NULL);
		if (rc != CD_OK)
			assert_non_null(strstr(err.text, "t.conf:"));
		config_free(&c);
	}
	free(one);
	free(text);
}

static void
test_secret(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		mode_t mode;
		enum cd_rc rc;
		const char *want;	/* or what the error says */
	} rows[] = {
		{ "pass word\n", 10, 0600, CD_OK, "pass word" },
		{ "pass\r\n", 6, 0400, CD_OK, "pass" },
		{ "two\nlines\n\n", 11, 0400, CD_OK, "two\nlines\n" },
		{ "pass", 4, 0640, CD_REFUSED, "chmod 600" },
		{ "pass", 4, 0604, CD_REFUSED, "chmod 600" },
		{ "pass", 4, 0620, CD_REFUSED, "chmod 600" },
		{ "a\0b", 3, 0600, CD_REFUSED, "zero byte" },
		{ "\n", 1, 0600, CD_REFUSED, "empty" },
		{ "", 0, 0600, CD_REFUSED, "empty" },
	};
	char *s = NULL;
	size_t n = 0;
	struct cd_err err = { "" };
	static char big[CD_MAX_SECRET + 1];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unlink(path_in("secret"));
		assert_int_equal(secret_read(file_put("secret", rows[i].text,
		    rows[i].n, rows[i].mode), &s, &n, &err), rows[i].rc);
		if (rows[i].rc != CD_OK) {
			assert_null(s);
			assert_non_null(strstr(err.text, rows[i].want));
			continue;
		}
		assert_string_equal(s, rows[i].want);
		assert_int_equal(n, strlen(rows[i].want));
		secret_free(&s, n);
		assert_null(s);
	}
	memset(big, 'x', sizeof big);
	unlink(path_in("secret"));
	assert_int_equal(secret_read(file_put("secret", big, sizeof big, 0600),
	    &s, &n, &err), CD_REFUSED);
	assert_int_equal(secret_read(folder, &s, &n, &err), CD_REFUSED);
	assert_int_equal(secret_read(path_in("none"), &s, &n, &err),
	    CD_ABSENT);
	assert_int_equal(mkfifo(path_in("pipe"), 0600), 0);
	assert_int_equal(secret_read(path_in("pipe"), &s, &n, &err),
	    CD_REFUSED);
}

/* A plain name is a credential if there is one, else a file beside. */
static void
test_credential(void **state)
{
	struct config *c = NULL;
	struct cd_err err = { "" };
	char *s = NULL;
	size_t n = 0;

	(void)state;
	/* As systemd leaves it: the ACL's mask shows as the group's. */
	file_put("pw", "credential", 10, 0440);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	assert_int_equal(load(WHOLE, CONFIG_DAEMON, &c, &err), CD_OK);
	assert_string_equal(c->mailbox.password_file, "pw");
	assert_string_equal(c->microsoft.link_secret_file, path_in("s"));
	assert_int_equal(secret_read(c->mailbox.password_file, &s, &n, &err),
	    CD_OK);
	assert_string_equal(s, "credential");
	secret_free(&s, n);
	config_free(&c);
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_int_equal(secret_read(path_in("pw"), &s, &n, &err), CD_REFUSED);
}

static int
folder_make(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/cd-config-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int
folder_remove(void **state)
{
	static const char *const names[] = { "t.conf", "secret", "pipe", "pw" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path_in(names[i]));
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_folders_that_differ),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_all_mistakes_are_told),
		cmocka_unit_test(test_reading_needs_little),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_credential),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
