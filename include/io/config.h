#ifndef CD_IO_CONFIG_H
#define CD_IO_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/log.h"

/*
 * The configuration (INI by libinih). One table of {section, key, type, offset,
 * default, bounds, help} drives parsing, `check`, the sample and its test.
 * Constant after load; strings live in the struct's own arena.
 */
struct config_list {
	const char **v;
	size_t n;
};

enum config_tls { TLS_IMPLICIT, TLS_STARTTLS, TLS_NONE };
enum config_auth { AUTH_METHOD_NONE, AUTH_METHOD_PASSWORD, AUTH_METHOD_OAUTH2 };
enum config_start { START_NOW, START_ALL, START_DATE };
enum config_mode { MODE_AUTO, MODE_DRAFT, MODE_OFF };
enum config_first_reply { FIRST_STEPS, FIRST_STEPS_AND_LINK };
enum config_require_auth { REQUIRE_PASS, REQUIRE_NOT_FAIL, REQUIRE_OFF };
enum config_flow {
	FLOW_NONE, FLOW_CLIENT_SECRET, FLOW_CERTIFICATE, FLOW_REFRESH_TOKEN,
	FLOW_SERVICE_ACCOUNT
};

struct config {
	struct arena *arena;
	const char *file;
	const int *key_line;	/* of each of config_keys, 0: not given */

	struct {
		const char *name;
		struct config_list also_known_as;
		struct config_list support_address; /* addr, first is From */
		const char *help_url;
	} product;
	struct {
		const char *host;
		int64_t port;		/* 0 in the file: 993, or 143 */
		enum config_tls tls;
		const char *ca_file;	/* NULL: the system's */
		const char *user;
		enum config_auth auth;
		const char *password_file;
		const char *folder;
		const char *sent_folder, *done_folder;	/* NULL: none */
		enum config_start start;
		int64_t start_date;
		int64_t idle_seconds, sweep_seconds, max_fetch;
	} mailbox;
	struct {
		const char *host;
		int64_t port;		/* 465, 587 or 25 */
		enum config_tls tls;
		const char *ca_file;
		const char *user;
		enum config_auth auth;
		const char *password_file;
		const char *envelope_from; /* NULL: the From; "<>" allowed */
		int64_t max_per_minute;
	} smtp;
	struct {
		enum config_flow flow;
		const char *token_url, *tenant, *client_id;
		const char *client_secret_file, *certificate_file, *key_file;
		const char *refresh_token_file, *service_account_file, *scope;
	} oauth2;
	struct {
		const char *authority, *ca_file, *client_id, *scope;
		const char *redirect_uri, *link_secret_file;
		int64_t link_days;
	} microsoft;
	struct {
		enum config_mode mode;
		/* by action's name; -1: as `mode` */
		int mode_link, mode_steps, mode_safety, mode_ask_domain;
		int mode_personal_note, mode_approved_note;
		enum config_first_reply first_reply;
		const char *trust_authserv_id;
		enum config_require_auth require_authentication;
		int64_t max_replies_per_sender_per_day, max_replies_per_hour;
		int64_t max_age_hours;
		double review_below;
	} policy;
	struct {
		const char *database;
		int64_t retention_days;
		const char *rules, *model, *templates;
		const char *installed_model;	/* no key */
	} files;
	struct {
		const char *listen;	/* "": off */
		const char *public_url, *trusted_user_header;
	} web;
	struct {
		enum log_level level;
		bool json;
		const char *alarm_address; /* NULL: nobody is told by mail */
		int64_t alarm_minutes, alarm_free;
	} log;
};

enum config_need {
	CONFIG_DAEMON,	/* every required key must be there */
	CONFIG_READING	/* enough for explain, eval, train: what mailbox, smtp,
			 * microsoft and files need may be missing */
};

/* CD_ABSENT: no such file. CD_REFUSED: it cannot be read. CD_MALFORMED:
 * "file:line: [section] key: what is wrong and what is allowed"; every mistake
 * of the file is named, a line each, as far as err holds them. */
enum cd_rc config_load(const char *file, enum config_need, struct config **out,
    struct cd_err *err) CD_CHECK;
void config_free(struct config **);

/* Do both names mean one folder? INBOX is one in whatever letters (RFC 3501 5.1);
 * of others each letter counts. NULL is none. */
bool config_same_folder(const char *, const char *);

/* The mode of an action by name ("link"); of an action that never sends, the
 * mode of all. */
enum config_mode config_mode_of(const struct config *, const char *action);

/* A secret file's content without its last line end. Refused: readable or
 * writable by others or the group (CD_REFUSED), longer than CD_MAX_SECRET, NUL
 * inside, owned by somebody who is neither root nor us. A path without "/" is
 * looked for in $CREDENTIALS_DIRECTORY (config_load has made a name that is not
 * there a path beside the configuration). *out is terminated beyond *n_out; the
 * caller wipes it with secret_free. */
enum cd_rc secret_read(const char *path, char **out, size_t *n_out,
    struct cd_err *err) CD_CHECK;
void secret_free(char **, size_t n);
/* The secret that a key names; an error begins with config_context's words. */
enum cd_rc config_secret(const struct config *, const char *section,
    const char *key, char **out, size_t *n_out, struct cd_err *err) CD_CHECK;
/* Puts "file:line: [section] key: " ahead of err's text; returns rc. */
enum cd_rc config_context(const struct config *, const char *section,
    const char *key, enum cd_rc rc, struct cd_err *err);

/* Write a secret anew, mode 0600: beside the old file and then in its place, so
 * that a crash leaves one of the two whole. CD_REFUSED: it cannot be. */
enum cd_rc secret_write(const char *path, const char *text,
    struct cd_err *err) CD_CHECK;

/* Have a secret file to ourselves until secret_unlock, also against a writer;
 * readers do not care. CD_AGAIN: another process has had it for wait_ms.
 * CD_ABSENT, CD_REFUSED: there is no such file, or it cannot be locked. */
enum cd_rc secret_lock(const char *path, int wait_ms, int *lock_out,
    struct cd_err *err) CD_CHECK;
void secret_unlock(int *lock);	/* -1: there is none */

/* Every key with its default and help, as conf/consentdesk.conf. */
void config_print_sample(FILE *);

/* The shipped conf/consentdesk.conf: the source tree's when the program runs
 * from its build tree, else the installed one. `explain` reads by it where
 * there is no configuration at all. */
const char *config_builtin_sample(struct arena *);

#endif
