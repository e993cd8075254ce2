/*
 * The table of all keys. A new key is one row here and one field in struct
 * config; the sample's test then asks for it in conf/consentdesk.conf.
 */
#include <stddef.h>
#include <string.h>

#include "io/config_keys.h"

static const char *const tls_words[] = { "implicit", "starttls", "none", NULL };
static const char *const mailbox_auth_words[] = {
	"", "password", "oauth2", NULL
};
static const char *const smtp_auth_words[] = {
	"none", "password", "oauth2", NULL
};
static const char *const flow_words[] = { "", "client_secret", "certificate",
	"refresh_token", "service_account", NULL };
static const char *const mode_words[] = { "auto", "draft", "off", NULL };
static const char *const first_words[] = { "steps", "steps_and_link", NULL };
static const char *const require_words[] = { "pass", "not_fail", "off", NULL };
static const char *const level_words[] = {
	"debug", "info", "warn", "error", NULL
};
static const char *const format_words[] = { "text", "json", NULL };

#define AT(field) offsetof(struct config, field)
#define KEY(s, n, t, field, d, r, h)                                           \
	{ s, n, t, AT(field), d, NULL, 0, 0, r, h }
#define NUM(s, n, t, field, d, lo, hi, h)                                      \
	{ s, n, t, AT(field), d, NULL, lo, hi, OPTIONAL, h }
#define ONE_OF(s, n, field, d, w, h)                                           \
	{ s, n, CONFIG_ENUM, AT(field), d, w, 0, 0, OPTIONAL, h }
#define MODE_OF(action, help)                                                  \
	ONE_OF("policy", "mode." #action, policy.mode_##action, NULL,          \
	    mode_words, help)

const struct config_section config_sections[] = {
	{ "product", "What is connected to Microsoft 365, as customers know "
		     "it." },
	{ "mailbox", "The support mailbox, read over IMAP. Nothing in it is "
		     "deleted or marked." },
	{ "smtp", "Where the answers leave." },
	{ "oauth2", "How to get tokens; only for auth = oauth2 above." },
	{ "microsoft", "The app registration that customers approve." },
	{ "policy", "What is answered without a person." },
	{ "files", "Where things are kept." },
	{ "web", "Microsoft's return address, the queue, metrics and health." },
	{ "log", "One line an event on standard error." },
};
const size_t config_n_sections =
    sizeof config_sections / sizeof *config_sections;

const struct config_key config_keys[] = {
	KEY("product", "name", CONFIG_TEXT, product.name, NULL, FOR_READING,
	    "The name people use, and that the admin types into the search "
	    "box."),
	KEY("product", "also_known_as", CONFIG_LIST, product.also_known_as,
	    NULL, OPTIONAL,
	    "Other names of the app, by commas: what the admin may see "
	    "instead."),
	KEY("product", "support_address", CONFIG_ADDRESSES,
	    product.support_address, NULL, FOR_READING,
	    "Our addresses, by commas. The first is the From of every answer; "
	    "a mail from\nany of them is ours."),
	KEY("product", "help_url", CONFIG_URL, product.help_url, NULL, OPTIONAL,
	    "The public help article."),

	KEY("mailbox", "host", CONFIG_HOST, mailbox.host, NULL, FOR_DAEMON,
	    "The IMAP server."),
	NUM("mailbox", "port", CONFIG_NUMBER, mailbox.port, NULL, 1, 65535,
	    "Its port, if not 993 (implicit) or 143 (starttls, none)."),
	ONE_OF("mailbox", "tls", mailbox.tls, "implicit", tls_words,
	    "implicit, starttls or none. none is for a server on this machine "
	    "only."),
	KEY("mailbox", "ca_file", CONFIG_PATH, mailbox.ca_file, NULL, OPTIONAL,
	    "Certificates to trust instead of the system's (PEM)."),
	KEY("mailbox", "user", CONFIG_TEXT, mailbox.user, NULL, FOR_DAEMON,
	    "The login; for a shared mailbox of Exchange its address."),
	ONE_OF("mailbox", "auth", mailbox.auth, "password", mailbox_auth_words,
	    "password or oauth2 (Exchange Online, Google Workspace)."),
	KEY("mailbox", "password_file", CONFIG_SECRET, mailbox.password_file,
	    NULL, OPTIONAL,
	    "A file that holds nothing but the password and that only its "
	    "owner can read.\nA name without a \"/\" is a systemd credential, "
	    "or else a file beside this one."),
	KEY("mailbox", "folder", CONFIG_TEXT, mailbox.folder, "INBOX", OPTIONAL,
	    "The folder that is watched."),
	KEY("mailbox", "sent_folder", CONFIG_TEXT, mailbox.sent_folder, NULL,
	    OPTIONAL,
	    "Where the team's own answers land. Answers of the daemon whose "
	    "fate is unknown\nare looked up here, and a thread that a person "
	    "answers is left to that person."),
	KEY("mailbox", "done_folder", CONFIG_TEXT, mailbox.done_folder, NULL,
	    OPTIONAL,
	    "Move a mail here once its answer has left, whoever sent it. Unset: "
	    "it stays."),
	{ "mailbox", "start", CONFIG_START, AT(mailbox.start), "now", NULL, 0,
	    0, OPTIONAL,
	    "Which mails the first start answers: now (only new ones), all, or "
	    "those since\na date such as 2026-11-01." },
	NUM("mailbox", "idle_seconds", CONFIG_NUMBER, mailbox.idle_seconds,
	    "540", 1, 1740,
	    "How long one IDLE lasts; servers end it after 30 minutes."),
	NUM("mailbox", "sweep_seconds", CONFIG_NUMBER, mailbox.sweep_seconds,
	    "300", 1, 86400,
	    "Look for new mails this often, whatever IDLE says."),
	NUM("mailbox", "max_fetch", CONFIG_SIZE, mailbox.max_fetch, "1M", 1024,
	    CD_MAX_MAIL_CEILING,
	    "Read no more than this of one mail (k and M are understood)."),

	KEY("smtp", "host", CONFIG_HOST, smtp.host, NULL, FOR_DAEMON,
	    "The submission server."),
	NUM("smtp", "port", CONFIG_NUMBER, smtp.port, NULL, 1, 65535,
	    "Its port, if not 465 (implicit), 587 (starttls) or 25 (none)."),
	ONE_OF("smtp", "tls", smtp.tls, "starttls", tls_words,
	    "implicit, starttls or none. none is for a server on this machine "
	    "only."),
	KEY("smtp", "ca_file", CONFIG_PATH, smtp.ca_file, NULL, OPTIONAL,
	    "Certificates to trust instead of the system's (PEM)."),
	KEY("smtp", "user", CONFIG_TEXT, smtp.user, NULL, OPTIONAL,
	    "The login; needed unless auth is none."),
	ONE_OF("smtp", "auth", smtp.auth, "password", smtp_auth_words,
	    "none, password or oauth2."),
	KEY("smtp", "password_file", CONFIG_SECRET, smtp.password_file, NULL,
	    OPTIONAL, "As in [mailbox]."),
	KEY("smtp", "envelope_from", CONFIG_ENVELOPE, smtp.envelope_from, NULL,
	    OPTIONAL,
	    "The return path, if not the From. <> asks for no bounces, and "
	    "then none is seen."),
	NUM("smtp", "max_per_minute", CONFIG_NUMBER, smtp.max_per_minute, "0",
	    0, 1000000,
	    "At most so many mails a minute; 0 is what the server is known to "
	    "allow: 30 for\nExchange Online, any number for others."),

	ONE_OF("oauth2", "flow", oauth2.flow, NULL, flow_words,
	    "client_secret or certificate (an app of Microsoft Entra), "
	    "refresh_token\n(a person's consent), service_account (Google "
	    "Workspace)."),
	KEY("oauth2", "token_url", CONFIG_URL, oauth2.token_url, NULL, OPTIONAL,
	    "Where tokens come from. With tenant it need not be given."),
	KEY("oauth2", "tenant", CONFIG_WORD, oauth2.tenant, NULL, OPTIONAL,
	    "The tenant of the support mailbox, a GUID or a domain."),
	KEY("oauth2", "client_id", CONFIG_WORD, oauth2.client_id, NULL,
	    OPTIONAL, "The app that reads the mailbox."),
	KEY("oauth2", "client_secret_file", CONFIG_SECRET,
	    oauth2.client_secret_file, NULL, OPTIONAL,
	    "For client_secret; for refresh_token where the app has one."),
	KEY("oauth2", "certificate_file", CONFIG_PATH, oauth2.certificate_file,
	    NULL, OPTIONAL, "For certificate: the certificate (PEM)."),
	KEY("oauth2", "key_file", CONFIG_SECRET, oauth2.key_file, NULL,
	    OPTIONAL, "For certificate: its private key (PEM, RSA)."),
	KEY("oauth2", "refresh_token_file", CONFIG_SECRET,
	    oauth2.refresh_token_file, NULL, OPTIONAL,
	    "For refresh_token. Rewritten when the server hands out a new "
	    "one."),
	KEY("oauth2", "service_account_file", CONFIG_SECRET,
	    oauth2.service_account_file, NULL, OPTIONAL,
	    "For service_account: the JSON key that Google gave."),
	KEY("oauth2", "scope", CONFIG_TEXT, oauth2.scope, NULL, OPTIONAL,
	    "Unset: https://outlook.office365.com/.default, or "
	    "https://mail.google.com/\nfor service_account."),

	KEY("microsoft", "authority", CONFIG_BASE_URL, microsoft.authority,
	    "https://login.microsoftonline.com", OPTIONAL,
	    "Microsoft's sign-in host: of discovery and of every link."),
	KEY("microsoft", "ca_file", CONFIG_PATH, microsoft.ca_file, NULL,
	    OPTIONAL,
	    "Certificates to trust instead of the system's (PEM), for tokens "
	    "too."),
	KEY("microsoft", "client_id", CONFIG_WORD, microsoft.client_id, NULL,
	    FOR_DAEMON,
	    "The application (client) ID that customers approve."),
	KEY("microsoft", "scope", CONFIG_TEXT, microsoft.scope, NULL,
	    FOR_DAEMON,
	    "Exactly what the product asks for when a user connects, by "
	    "spaces. Fewer\nwould leave users blocked after the approval."),
	KEY("microsoft", "redirect_uri", CONFIG_URL, microsoft.redirect_uri,
	    NULL, FOR_DAEMON,
	    "Where Microsoft sends the admin afterwards: registered with the "
	    "app letter by\nletter, and served by [web]."),
	KEY("microsoft", "link_secret_file", CONFIG_SECRET,
	    microsoft.link_secret_file, NULL, FOR_DAEMON,
	    "The key that signs links and case references: 32 random bytes or "
	    "more, as by\nopenssl rand -hex 32. A change makes open links "
	    "void."),
	NUM("microsoft", "link_days", CONFIG_NUMBER, microsoft.link_days, "14",
	    1, 365, "How long a link counts as ours."),

	ONE_OF("policy", "mode", policy.mode, "auto", mode_words,
	    "auto answers; draft prepares each answer for one click of a "
	    "person; off only\nwatches."),
	MODE_OF(link, "Another mode for the one-click link."),
	MODE_OF(steps, "Another mode for the admin's steps."),
	MODE_OF(safety,
	    "Another mode for the answer to \"is this safe?\"."),
	MODE_OF(ask_domain,
	    "Another mode for asking for the work domain."),
	MODE_OF(personal_note,
	    "Another mode for telling that personal accounts need none."),
	MODE_OF(approved_note,
	    "Another mode for telling that the company is approved."),
	ONE_OF("policy", "first_reply", policy.first_reply, "steps",
	    first_words, "What a first contact gets: steps, or "
			 "steps_and_link."),
	KEY("policy", "trust_authserv_id", CONFIG_WORD,
	    policy.trust_authserv_id, "", OPTIONAL,
	    "The name under which our own mail server writes "
	    "Authentication-Results;\nexchange for Exchange Online, which "
	    "writes none. The server must remove fields\nof that name "
	    "from what comes in (RFC 8601 section 5). Unset: nothing is\n"
	    "trusted."),
	ONE_OF("policy", "require_authentication",
	    policy.require_authentication, "pass", require_words,
	    "Answer whom: pass (a proven sender), not_fail (unless proven "
	    "forged), off."),
	NUM("policy", "max_replies_per_sender_per_day", CONFIG_NUMBER,
	    policy.max_replies_per_sender_per_day, "4", 1, 1000000,
	    "More than that and a person looks."),
	NUM("policy", "max_replies_per_hour", CONFIG_NUMBER,
	    policy.max_replies_per_hour, "500", 1, 10000000,
	    "The brake of the whole daemon; \"consentdesk resume\" lets it "
	    "go."),
	NUM("policy", "max_age_hours", CONFIG_NUMBER, policy.max_age_hours,
	    "72", 1, 10000000, "An older mail goes to a person."),
	NUM("policy", "review_below", CONFIG_REAL, policy.review_below, "0.94",
	    0, 1, "On a reading less sure than this nothing is answered: a person "
	    "gets the mail."),

	KEY("files", "database", CONFIG_PATH, files.database,
	    "/var/lib/consentdesk/consentdesk.db", OPTIONAL,
	    "The cases. A relative path starts at this file's folder, here as "
	    "everywhere."),
	NUM("files", "retention_days", CONFIG_NUMBER, files.retention_days,
	    "365", 0, 36500,
	    "Texts of mails and answers are forgotten after that; 0 keeps "
	    "them."),
	KEY("files", "rules", CONFIG_PATH, files.rules, NULL, OPTIONAL,
	    "Other rules than the installed ones: a copy of their whole folder, changed."),
	KEY("files", "model", CONFIG_PATH, files.model, NULL, OPTIONAL,
	    "Another model than the installed one."),
	KEY("files", "templates", CONFIG_PATH, files.templates, NULL, OPTIONAL,
	    "Other templates than the installed ones (a folder)."),

	KEY("web", "listen", CONFIG_LISTEN, web.listen, "127.0.0.1:8425",
	    OPTIONAL, "Address and port; empty for no web at all."),
	KEY("web", "public_url", CONFIG_SITE_URL, web.public_url, NULL,
	    OPTIONAL, "How people reach it, through the proxy that does TLS: a "
	    "host of its own,\nwithout a path."),
	KEY("web", "trusted_user_header", CONFIG_WORD, web.trusted_user_header,
	    NULL, OPTIONAL,
	    "A header in which the proxy names the person it has signed in. "
	    "Only with a\nlisten address that nobody but the proxy reaches."),

	ONE_OF("log", "level", log.level, "info", level_words,
	    "debug, info, warn or error."),
	{ "log", "format", CONFIG_FLAG, AT(log.json), "text", format_words, 0,
	    0, OPTIONAL, "text or json." },
	KEY("log", "alarm_address", CONFIG_ADDRESS, log.alarm_address, NULL,
	    OPTIONAL,
	    "Who gets a mail when something is wrong, and one when it is over. "
	    "Not an address\nthat leads to the support mailbox."),
	NUM("log", "alarm_minutes", CONFIG_NUMBER, log.alarm_minutes, "10", 0,
	    10080, "How long the mailbox, or its Sent folder, must be out of "
	    "reach, or answers not go\nout, before that."),
	NUM("log", "alarm_free", CONFIG_SIZE, log.alarm_free, "200M", 0, 1e15,
	    "Less room than this beside the database is an alarm too."),
};
const size_t config_n_keys = sizeof config_keys / sizeof *config_keys;
