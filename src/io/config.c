/*
 * The configuration file: read whole, cut into lines here, parsed by libinih,
 * every mistake kept. Lines are ours because Debian's libinih tells neither a
 * line's number nor that it cut one that was too long.
 */
#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/config_value.h"

#define MAX_KEYS 128

struct load {
	struct config *c;
	const char *file;	/* as it was given: for messages */
	const char *dir;
	struct str rest;
	int line;
	int last_line;
	int section_line[16];	/* where each section starts, 0: nowhere */
	int key_line[MAX_KEYS];	/* where each key is given, 0: nowhere */
	bool key_wrong[MAX_KEYS];
	struct buf text;	/* mistakes, a line each */
	unsigned mistakes, left_out;
};

static void
mistake(struct load *l, int line, const char *section, const char *key,
    const char *fmt, ...) CD_PRINTF(5, 6);

static void
mistake(struct load *l, int line, const char *section, const char *key,
    const char *fmt, ...)
{
	struct buf b = buf_new(l->c->arena, CD_MAX_ERR);
	char what[CD_MAX_ERR];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	buf_printf(&b, "%s:%d: ", l->file, line);
	if (section)
		buf_printf(&b, "[%.40s] ", section);
	if (key)
		buf_printf(&b, "%.40s: ", key);
	buf_puts(&b, what);
	l->mistakes++;
	/* Room for the line that says how many did not fit. */
	if (l->text.n > 0 && l->text.n + b.n + 24 > CD_MAX_ERR) {
		l->left_out++;
		return;
	}
	if (l->text.n > 0)
		buf_char(&l->text, '\n');
	buf_adds(&l->text, buf_str(&b));
}

static int
section_find(const char *name)
{
	for (size_t i = 0; i < config_n_sections; i++) {
		if (strcmp(config_sections[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

int
config_key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < config_n_keys; i++) {
		if (strcmp(config_keys[i].section, section) == 0 &&
		    strcmp(config_keys[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

/* ---- lines --------------------------------------------------------------- */

static void
section_seen(struct load *l, struct str line)
{
	ptrdiff_t end = str_find(line, STR("]"));
	char *name = arena_str(l->c->arena,
	    end < 0 ? line : str_sub(line, 1, (size_t)end));
	struct buf all = buf_new(l->c->arena, 200);
	int at = section_find(name);

	if (at >= 0 && end + 1 == (ptrdiff_t)line.n) {
		if (!l->section_line[at])
			l->section_line[at] = l->line;
		return;
	}
	for (size_t i = 0; i < config_n_sections; i++)
		buf_printf(&all, "%s%s", i ? ", " : "",
		    config_sections[i].name);
	buf_str(&all);
	mistake(l, l->line, NULL, NULL, "no such section '%.40s'; there are %s",
	    name, all.p);
}

/* What libinih may see of a line: nothing of one that is wrong. */
static struct str
line_check(struct load *l, struct str line)
{
	struct str none = STR("#");

	if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
		return none;
	if (!utf8_valid(line)) {
		mistake(l, l->line, NULL, NULL, "not UTF-8");
		return none;
	}
	for (size_t i = 0; i < line.n; i++) {
		if ((line.p[i] != '\t' && (unsigned char)line.p[i] < 0x20) ||
		    line.p[i] == 0x7f) {
			mistake(l, l->line, NULL, NULL, "a control byte");
			return none;
		}
	}
	if (line.n + 3 > CD_MAX_CONFIG_LINE) {
		mistake(l, l->line, NULL, NULL, "longer than %d bytes",
		    CD_MAX_CONFIG_LINE - 3);
		return none;
	}
	if (line.p[0] == '[')
		section_seen(l, line);
	else if (str_find(line, STR("=")) <= 0) {
		mistake(l, l->line, NULL, NULL,
		    "neither \"[section]\" nor \"key = value\" nor a "
		    "comment");
		return none;
	}
	return line;
}

/* A comment within a line starts at a '#' after white space; "#1" inside a
 * word is part of it. */
static struct str
comment_cut(struct str line)
{
	for (size_t i = 1; i < line.n; i++) {
		if (line.p[i] == '#' && ascii_space(line.p[i - 1]))
			return str_trim(str_sub(line, 0, i));
	}
	return line;
}

static char *
line_next(char *into, int size, void *stream)
{
	struct load *l = stream;
	struct str line;

	if (!str_line(&l->rest, &line))
		return NULL;
	l->line++;
	line = line_check(l, comment_cut(str_trim(line)));
	cd_assert(line.n + 2 < (size_t)size);
	memcpy(into, line.p, line.n);
	into[line.n] = '\n';
	into[line.n + 1] = '\0';
	return into;
}

/* ---- keys ---------------------------------------------------------------- */

static void
key_unknown(struct load *l, const char *section, const char *name)
{
	struct buf all = buf_new(l->c->arena, 400);

	if (section_find(section) < 0 && *section)
		return;		/* said already, at the section */
	if (!*section) {
		mistake(l, l->line, NULL, name, "stands before any [section]");
		return;
	}
	for (size_t i = 0; i < config_n_keys; i++) {
		if (strcmp(config_keys[i].section, section) == 0)
			buf_printf(&all, "%s%s", all.n ? ", " : "",
			    config_keys[i].name);
	}
	buf_str(&all);
	mistake(l, l->line, section, name, "no such key; there are %s", all.p);
}

static int
key_given(void *context, const char *section, const char *name,
    const char *value)
{
	struct load *l = context;
	int at = config_key_find(section, name);
	const struct config_key *key = at < 0 ? NULL : &config_keys[at];
	const char *fault;

	if (!key) {
		key_unknown(l, section, name);
		return 1;
	}
	if (l->key_line[at]) {
		mistake(l, l->line, section, name,
		    "given before, in line %d; once is allowed",
		    l->key_line[at]);
		return 1;
	}
	l->key_line[at] = l->line;
	/* An empty value leaves the default. */
	if (!*value && key->type != CONFIG_LISTEN)
		return 1;
	fault = config_value_set(l->c, key, value, l->dir);
	l->key_wrong[at] = fault != NULL;
	if (fault)
		mistake(l, l->line, section, name, "%s", fault);
	return 1;
}

static int
section_at(const struct load *l, const char *section)
{
	int at = section_find(section);

	cd_assert(at >= 0);
	return l->section_line[at] ? l->section_line[at] : l->last_line;
}

static bool
key_is_set(const struct load *l, const struct config_key *key)
{
	const void *field = (const char *)l->c + key->at;

	if (key->type == CONFIG_LIST || key->type == CONFIG_ADDRESSES)
		return ((const struct config_list *)field)->n > 0;
	return *(const char *const *)field != NULL;
}

/* A key with a wrong value is not missing too. */
static void
key_missing(struct load *l, const struct config_key *key, const char *why)
{
	int given = l->key_line[key - config_keys];
	char *help;

	if (l->key_wrong[key - config_keys])
		return;
	help = arena_strdup(l->c->arena, key->help);
	for (char *end = help; (end = strchr(end, '\n')) != NULL;)
		*end = ' ';
	mistake(l, given ? given : section_at(l, key->section), key->section,
	    key->name, "missing%s: %s", why, help);
}

static void
require(struct load *l, const char *section, const char *name,
    const char *why)
{
	int at = config_key_find(section, name);

	cd_assert(at >= 0);
	if (!key_is_set(l, &config_keys[at]))
		key_missing(l, &config_keys[at], why);
}

/* ---- what must agree ----------------------------------------------------- */

static void
check_tls(struct load *l, const char *section, enum config_tls tls,
    const char *host)
{
	if (tls != TLS_NONE || !host || host_is_loopback(str_of(host)))
		return;
	mistake(l, l->key_line[config_key_find(section, "tls")], section, "tls",
	    "none is allowed to this machine only, and %.100s is another; use "
	    "implicit or starttls", host);
}

static void
check_oauth2(struct load *l)
{
	const struct config *c = l->c;

	if (c->mailbox.auth != AUTH_METHOD_OAUTH2 &&
	    c->smtp.auth != AUTH_METHOD_OAUTH2)
		return;
	if (c->oauth2.flow == FLOW_NONE) {
		key_missing(l, &config_keys[config_key_find("oauth2", "flow")],
		    ", as auth is oauth2");
		return;
	}
	if (c->oauth2.flow != FLOW_SERVICE_ACCOUNT) {
		require(l, "oauth2", "client_id", " for this flow");
		if (!c->oauth2.token_url)
			require(l, "oauth2", "tenant",
			    ", as token_url is not given either");
	}
	switch (c->oauth2.flow) {
	case FLOW_CLIENT_SECRET:
		require(l, "oauth2", "client_secret_file", " for this flow");
		break;
	case FLOW_CERTIFICATE:
		require(l, "oauth2", "certificate_file", " for this flow");
		require(l, "oauth2", "key_file", " for this flow");
		break;
	case FLOW_REFRESH_TOKEN:
		require(l, "oauth2", "refresh_token_file", " for this flow");
		break;
	case FLOW_SERVICE_ACCOUNT:
		require(l, "oauth2", "service_account_file", " for this flow");
		break;
	case FLOW_NONE:
		break;
	}
}

/* An alarm that came back as a mail to be read would be one more mail. */
static void
check_alarm(struct load *l)
{
	const struct config *c = l->c;
	struct str to = str_of(c->log.alarm_address);
	bool own = to.n > 0 && str_ieq(to, str_of(c->mailbox.user));

	for (size_t i = 0; i < c->product.support_address.n; i++)
		own = own || (to.n > 0 &&
		    str_ieq(to, str_of(c->product.support_address.v[i])));
	if (own)
		mistake(l, l->key_line[config_key_find("log", "alarm_address")],
		    "log", "alarm_address", "the support mailbox itself; name "
		    "another one, which people read");
}

/* Each has a place of its own in the database, and mails of its own: what is read
 * as ours, or moved away, is never answered, and nothing else would tell. */
static void
check_folders(struct load *l)
{
	const struct {
		const char *key, *value, *other, *why;
	} rows[] = {
		{ "sent_folder", l->c->mailbox.sent_folder, l->c->mailbox.folder,
		    "is the folder that is watched (folder): what customers "
		    "write would be taken for your own answers; name the one "
		    "where your team's answers land, or none" },
		{ "done_folder", l->c->mailbox.done_folder, l->c->mailbox.folder,
		    "is the folder that is watched (folder): a mail moved there "
		    "comes again as a new one; name another one, or none" },
		{ "done_folder", l->c->mailbox.done_folder,
		    l->c->mailbox.sent_folder, "is sent_folder too: what "
		    "customers write would be taken for your own answers; name "
		    "another one, or none" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (config_same_folder(rows[i].value, rows[i].other))
			mistake(l,
			    l->key_line[config_key_find("mailbox", rows[i].key)],
			    "mailbox", rows[i].key, "%.100s %s", rows[i].value,
			    rows[i].why);
	}
}

/* The approval would come to a page of the web's own, and be lost; or the way to
 * sign in would. */
static void
check_return(struct load *l)
{
	const struct config *c = l->c;
	const char *path;

	if (!c->microsoft.redirect_uri || !c->web.listen || !*c->web.listen)
		return;
	path = url_path(c->arena, c->microsoft.redirect_uri);
	if (path_is_health(path) || path_is_queue(path))
		mistake(l,
		    l->key_line[config_key_find("microsoft", "redirect_uri")],
		    "microsoft", "redirect_uri", "%.100s is a page of [web]'s "
		    "own; register another path, such as /approved", path);
}

static void
check_agreement(struct load *l, enum config_need need)
{
	const struct config *c = l->c;

	check_tls(l, "mailbox", c->mailbox.tls, c->mailbox.host);
	check_tls(l, "smtp", c->smtp.tls, c->smtp.host);
	if (c->web.trusted_user_header &&
	    !host_is_loopback(listen_host(c->web.listen)))
		mistake(l,
		    l->key_line[config_key_find("web", "trusted_user_header")],
		    "web", "trusted_user_header",
		    "anyone could send it: listen must be an address of this "
		    "machine such as 127.0.0.1:8425");
	check_alarm(l);
	check_return(l);
	check_folders(l);
	if (need == CONFIG_READING)
		return;
	if (c->mailbox.auth == AUTH_METHOD_PASSWORD)
		require(l, "mailbox", "password_file", ", as auth is password");
	if (c->smtp.auth == AUTH_METHOD_PASSWORD)
		require(l, "smtp", "password_file", ", as auth is password");
	if (c->smtp.auth != AUTH_METHOD_NONE)
		require(l, "smtp", "user", " (unless auth is none)");
	check_oauth2(l);
}

/* ---- defaults ------------------------------------------------------------ */

static bool
in_build_tree(void)
{
	char self[PATH_MAX], build[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);
	struct str exe = { self, n < 0 ? 0 : (size_t)n };

	/* The build tree may have been named through a link. */
	if (!realpath(CD_BUILD_DIR, build) ||
	    !str_starts(exe, str_of(build)))
		return false;
	return str_starts(str_sub(exe, strlen(build), exe.n), STR("/"));
}

/* PREFIX/share/consentdesk for PREFIX/bin/consentdesk, so that an installed tree
 * may be moved; else where it was to be installed. */
static const char *
data_dir(struct arena *a)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	self[n < 0 ? 0 : n] = '\0';
	slash = strrchr(self, '/');
	if (slash && str_iends((struct str){ self, (size_t)(slash - self) },
	    STR("/bin"))) {
		const char *dir = arena_printf(a, "%.*s/share/consentdesk",
		    (int)(slash - self) - 4, self);

		if (access(dir, R_OK) == 0)
			return dir;
	}
	return CD_DATA_DIR;
}

const char *
config_builtin_sample(struct arena *a)
{
	if (in_build_tree())
		return arena_strdup(a, CD_SOURCE_DIR "/conf/consentdesk.conf");
	return arena_printf(a, "%s/consentdesk.conf", data_dir(a));
}

static void
defaults_set(struct config *c)
{
	bool here = in_build_tree();
	const char *dir;

	c->policy.mode_link = c->policy.mode_steps = -1;
	c->policy.mode_safety = c->policy.mode_ask_domain = -1;
	c->policy.mode_personal_note = c->policy.mode_approved_note = -1;
	for (size_t i = 0; i < config_n_keys; i++) {
		const struct config_key *key = &config_keys[i];

		if (key->def)
			cd_assert(!config_value_set(c, key, key->def, "/"));
	}
	dir = here ? CD_SOURCE_DIR "/conf" : data_dir(c->arena);
	c->files.rules = arena_printf(c->arena, "%s/rules", dir);
	c->files.model = arena_printf(c->arena, "%s/model.bin", dir);
	c->files.installed_model = c->files.model;
	c->files.templates = here ? CD_SOURCE_DIR "/templates"
	    : arena_printf(c->arena, "%s/templates", dir);
}

static int64_t
port_by_tls(enum config_tls tls, int64_t implicit, int64_t starttls,
    int64_t none)
{
	switch (tls) {
	case TLS_IMPLICIT:
		return implicit;
	case TLS_STARTTLS:
		return starttls;
	case TLS_NONE:
		return none;
	}
	return 0;
}

static void
defaults_follow(struct config *c)
{
	if (!c->mailbox.port)
		c->mailbox.port = port_by_tls(c->mailbox.tls, 993, 143, 143);
	if (!c->smtp.port)
		c->smtp.port = port_by_tls(c->smtp.tls, 465, 587, 25);
	if (!c->oauth2.scope)
		c->oauth2.scope = c->oauth2.flow == FLOW_SERVICE_ACCOUNT
		    ? "https://mail.google.com/"
		    : "https://outlook.office365.com/.default";
}

/* ---- loading ------------------------------------------------------------- */

static enum cd_rc
file_read(struct arena *a, const char *file, struct str *out,
    struct cd_err *err)
{
	FILE *f = fopen(file, "re");
	struct stat st;
	char *text;
	size_t n;

	if (!f)
		return cd_fail(err, errno == ENOENT ? CD_ABSENT : CD_REFUSED,
		    "%s: %s", file, strerror(errno));
	if (fstat(fileno(f), &st) < 0 || S_ISDIR(st.st_mode)) {
		fclose(f);
		return cd_fail(err, CD_REFUSED, "%s: not a file", file);
	}
	text = arena_alloc(a, CD_MAX_CONFIG + 1);
	n = fread(text, 1, CD_MAX_CONFIG + 1, f);
	fclose(f);
	if (n > CD_MAX_CONFIG)
		return cd_fail(err, CD_MALFORMED,
		    "%s: longer than %d bytes; is it a configuration?", file,
		    CD_MAX_CONFIG);
	*out = (struct str){ text, n };
	if (str_starts(*out, STR("\xef\xbb\xbf")))
		*out = str_sub(*out, 3, n);
	return CD_OK;
}

static void
paths_set(struct load *l)
{
	struct arena *a = l->c->arena;
	char cwd[PATH_MAX];
	char *dir;

	l->c->file = arena_strdup(a, l->file);
	if (l->file[0] != '/' && getcwd(cwd, sizeof cwd))
		l->c->file = arena_printf(a, "%s/%s", cwd, l->file);
	dir = arena_strdup(a, l->c->file);
	*strrchr(dir, '/') = '\0';
	l->dir = dir;
}

static void
parse(struct load *l, enum config_need need)
{
	/* libinih's settings are global; nothing else here uses it. */
	ini_use_stack = false;
	ini_max_line = ini_initial_alloc = CD_MAX_CONFIG_LINE;
	ini_allow_inline_comments = false;
	ini_allow_multiline = false;
	if (ini_parse_stream(line_next, l, key_given, l) != 0)
		mistake(l, l->line, NULL, NULL, "not an INI file");
	l->last_line = l->line ? l->line : 1;
	for (size_t i = 0; i < config_n_keys; i++) {
		const struct config_key *key = &config_keys[i];

		if (key->required != OPTIONAL &&
		    (key->required == FOR_READING || need == CONFIG_DAEMON) &&
		    !key_is_set(l, key))
			key_missing(l, key, "");
	}
	check_agreement(l, need);
	defaults_follow(l->c);
}

enum cd_rc
config_load(const char *file, enum config_need need, struct config **out,
    struct cd_err *err)
{
	struct arena *a = arena_new(), *text = arena_new();
	struct config *c = arena_alloc(a, sizeof *c);
	struct load l = { .c = c, .file = file,
		.text = buf_new(a, CD_MAX_ERR) };
	int *lines;
	enum cd_rc rc;

	cd_assert(config_n_keys <= MAX_KEYS && config_n_sections <= 16);
	c->arena = a;
	rc = file_read(text, file, &l.rest, err);
	if (rc == CD_OK) {
		paths_set(&l);
		defaults_set(c);
		parse(&l, need);
		lines = arena_array(a, config_n_keys, sizeof *lines);
		memcpy(lines, l.key_line, config_n_keys * sizeof *lines);
		c->key_line = lines;
		if (l.left_out)
			buf_printf(&l.text, "\nand %u more", l.left_out);
		buf_str(&l.text);
		if (l.mistakes)
			rc = cd_fail(err, CD_MALFORMED, "%s", l.text.p);
	}
	arena_free(&text);
	if (rc != CD_OK) {
		arena_free(&a);
		return rc;
	}
	*out = c;
	return CD_OK;
}

void
config_free(struct config **c)
{
	struct arena *a;

	if (!c || !*c)
		return;
	a = (*c)->arena;
	*c = NULL;
	arena_free(&a);
}

enum config_mode
config_mode_of(const struct config *c, const char *action)
{
	const struct {
		const char *name;
		int mode;
	} own[] = {
		{ "link", c->policy.mode_link },
		{ "steps", c->policy.mode_steps },
		{ "safety", c->policy.mode_safety },
		{ "ask_domain", c->policy.mode_ask_domain },
		{ "personal_note", c->policy.mode_personal_note },
		{ "approved_note", c->policy.mode_approved_note },
	};

	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		if (strcmp(own[i].name, action) == 0 && own[i].mode >= 0)
			return (enum config_mode)own[i].mode;
	}
	return c->policy.mode;
}
