/* setup: the questions, and what must be granted at the provider. The commands
 * and menus are those of Microsoft's and Google's own documentation. */
#include <string.h>

#include "cli/setup.h"

static const char *
domain_of(const struct setup *s)
{
	return strrchr(s->address, '@') + 1;
}

/* The apps come first: their IDs are asked for. */
static const char exchange_app[] =
    "1. App registrations > New registration: an app of your own tenant, "
    "\"Accounts in\n"
    "   this organizational directory only\". Its overview page shows the "
    "Application\n"
    "   (client) ID and the Directory (tenant) ID.\n"
    "2. Its API permissions > Add a permission > APIs my organization uses >\n"
    "   Office 365 Exchange Online > Application permissions: "
    "IMAP.AccessAsApp and\n"
    "   SMTP.SendAsApp. Then \"Grant admin consent\".\n"
    "3. Its Certificates & secrets > New client secret. The Value is shown "
    "once; note\n"
    "   when it expires.\n";
static const char google_account[] =
    "1. Google Cloud console > IAM & Admin > Service accounts: make one, and "
    "a key of\n"
    "   type JSON under Keys.\n";

/* ---- questions -------------------------------------------------------------- */

static void
ask_exchange(struct setup *s)
{
	const char *flow;

	if (!s->scripted)
		printf("\nThe mailbox is read by an app of your own in "
		    "Microsoft Entra\n(entra.microsoft.com). Where there is none "
		    "yet, make it now:\n\n%s", exchange_app);
	flow = setup_ask(s, "oauth2", "flow", "client_secret",
	    "How this machine proves itself to Microsoft: client_secret or "
	    "certificate.");
	setup_ask(s, "oauth2", "tenant", s->tenant ? s->tenant : domain_of(s),
	    "The tenant of the mailbox: the Directory (tenant) ID on the "
	    "overview page of the\napp that reads the mailbox, or its "
	    "domain.");
	setup_ask(s, "oauth2", "client_id", NULL, "The Application (client) ID "
	    "of the app that reads the mailbox (an app of your\nown tenant, "
	    "not the one that customers approve).");
	if (flow && strcmp(flow, "client_secret") == 0)
		setup_secret(s, "oauth2", "client_secret_file",
		    "oauth-client-secret", "client_secret", "The app's client "
		    "secret: the Value, not the Secret ID.");
	if (!flow || strcmp(flow, "certificate") != 0)
		return;
	setup_ask(s, "oauth2", "certificate_file", NULL, "The certificate "
	    "(PEM) that was uploaded to that app.");
	setup_ask(s, "oauth2", "key_file", "oauth-key", "Its private key (PEM, "
	    "RSA, mode 0600; a name without a slash is beside the\n"
	    "configuration).");
}

static void
ask_google(struct setup *s)
{
	const char *flow;

	setup_ask(s, "mailbox", "auth", "oauth2", "oauth2 (a service account "
	    "with domain-wide delegation), or password (an app\npassword, "
	    "with 2-Step Verification).");
	if (s->code != EX_OK || strcmp(setup_value(s, "mailbox", "auth"),
	    "oauth2") != 0)
		return;
	if (!s->scripted)
		printf("\nThe mailbox is read by a service account. Where there "
		    "is none yet, make it now:\n\n%s", google_account);
	flow = setup_ask(s, "oauth2", "flow", "service_account",
	    "service_account, or refresh_token.");
	if (flow && strcmp(flow, "service_account") == 0)
		setup_ask(s, "oauth2", "service_account_file",
		    "service-account", "The file with the JSON key that Google "
		    "gave (mode 0600; a name without a slash is\nbeside the "
		    "configuration).");
	if (!flow || strcmp(flow, "refresh_token") != 0)
		return;
	setup_put(s, "oauth2", "token_url",
	    "https://oauth2.googleapis.com/token");
	setup_ask(s, "oauth2", "client_id", NULL, "The OAuth client's ID.");
	setup_secret(s, "oauth2", "client_secret_file", "oauth-client-secret",
	    "client_secret", "The OAuth client's secret.");
	setup_ask(s, "oauth2", "refresh_token_file",
	    "/var/lib/consentdesk/refresh-token", "The file with the refresh "
	    "token (mode 0600, in a folder that the daemon may write:\n"
	    "it is rewritten when Google hands out a new one).");
}

static void
ask_other(struct setup *s)
{
	const char *host = setup_ask(s, "mailbox", "host", NULL,
	    "The IMAP server of the mailbox.");

	setup_ask(s, "smtp", "host", host, "The server that takes mail to be "
	    "sent (submission).");
	setup_ask(s, "mailbox", "user", s->address, "The login.");
	setup_put(s, "mailbox", "auth", "password");
}

static void
ask_mailbox(struct setup *s)
{
	const struct provider_facts *f = provider_facts(s->provider);
	const char *auth;

	setup_put(s, "mailbox", "host", f->imap_host);
	setup_put(s, "smtp", "host", f->smtp_host);
	switch (s->provider) {
	case PROVIDER_EXCHANGE:
		setup_put(s, "mailbox", "auth", "oauth2");
		ask_exchange(s);
		break;
	case PROVIDER_GOOGLE:
		ask_google(s);
		break;
	case PROVIDER_OTHER:
		ask_other(s);
		break;
	}
	setup_put(s, "mailbox", "user", s->address);
	setup_put(s, "mailbox", "tls", f->imap_tls);
	setup_put(s, "smtp", "tls", f->smtp_tls);
	auth = setup_value(s, "mailbox", "auth");
	setup_put(s, "smtp", "auth", auth ? auth : f->auth);
	setup_put(s, "smtp", "user", setup_value(s, "mailbox", "user"));
	if (auth && strcmp(auth, "password") == 0) {
		setup_secret(s, "mailbox", "password_file", "mailbox-password",
		    "password", "The password of the mailbox.");
		if (strcmp(setup_value(s, "smtp", "auth"), "password") == 0)
			setup_put(s, "smtp", "password_file",
			    setup_value(s, "mailbox", "password_file"));
	}
	setup_ask(s, "mailbox", "sent_folder", f->sent_folder,
	    "The folder where the team's own answers land.");
	setup_ask(s, "policy", "trust_authserv_id", f->authserv_id
	    ? f->authserv_id : "", "The name that your mail server writes at "
	    "the start of Authentication-Results (see\nthe source of any mail "
	    "you received). Empty: no sender counts as proven and\nevery "
	    "answer waits for a person.");
}

void
setup_questions(struct setup *s)
{
	const char *domain = domain_of(s), *uri, *slash;

	ask_mailbox(s);
	setup_ask(s, "product", "name", NULL, "The product that customers "
	    "connect, as Microsoft shows it.");
	setup_ask(s, "product", "support_address", s->address,
	    "The address that answers come from; others of yours after a "
	    "comma.");
	setup_ask(s, "product", "help_url", "", "The help article about the "
	    "approval, if there is one.");
	setup_ask(s, "microsoft", "client_id", NULL, "The Application (client) "
	    "ID of the product's app: the one that customers approve.");
	setup_ask(s, "microsoft", "scope", NULL, "Exactly what the product "
	    "asks for when a user connects, by spaces. Fewer would\nleave "
	    "users blocked after the approval.");
	uri = setup_ask(s, "microsoft", "redirect_uri", arena_printf(s->arena,
	    "https://approve.%s/approved", domain), "Where Microsoft sends the "
	    "admin afterwards: a name of yours, which a proxy hands\nto this "
	    "machine. It must be registered with that app, letter by letter.");
	slash = uri ? strstr(uri, "://") : NULL;
	slash = slash ? strchr(slash + 3, '/') : NULL;
	setup_put(s, "web", "public_url", uri ? arena_strndup(s->arena, uri,
	    slash ? (size_t)(slash - uri) : strlen(uri)) : NULL);
	setup_ask(s, "policy", "mode", "draft", "draft: each answer is "
	    "prepared and waits for one click of a person. Best for the\n"
	    "first days. auto: it goes out by itself.");
	setup_ask(s, "log", "alarm_address", "", "Who gets a mail when "
	    "something is wrong (not the support mailbox itself).");
	setup_ask(s, "files", "database",
	    "/var/lib/consentdesk/consentdesk.db", "Where the cases are kept.");
}

/* ---- what must be granted --------------------------------------------------- */

static void
print_exchange(const struct setup *s)
{
	const char *id = setup_value(s, "oauth2", "client_id");
	const char *user = setup_value(s, "mailbox", "user");

	printf("For the mailbox %s, in Microsoft Entra (entra.microsoft.com) "
	    "and Exchange:\n\n"
	    "%s"
	    "4. In Exchange Online PowerShell, where OBJECT is the Object ID "
	    "under Enterprise\n"
	    "   applications (not the one under App registrations):\n\n"
	    "     New-ServicePrincipal -AppId %s -ObjectId OBJECT\n"
	    "     Add-MailboxPermission -Identity %s -User OBJECT -AccessRights "
	    "FullAccess\n"
	    "     Add-RecipientPermission -Identity %s -Trustee OBJECT "
	    "-AccessRights SendAs\n"
	    "     Set-CASMailbox -Identity %s -ImapEnabled $true "
	    "-SmtpClientAuthenticationDisabled $false\n\n"
	    "   The last line switches SMTP AUTH on for this mailbox; security "
	    "defaults in\n"
	    "   Entra switch it off for all. Changes take up to an hour.\n\n",
	    user, exchange_app, id, user, user, user);
}

static void
print_google(const struct setup *s)
{
	const char *user = setup_value(s, "mailbox", "user");

	if (strcmp(setup_value(s, "mailbox", "auth"), "oauth2") != 0) {
		printf("For the mailbox %s, at Google: switch 2-Step "
		    "Verification on, make an app\npassword, and switch IMAP "
		    "on in Gmail's settings (Forwarding and POP/IMAP).\n\n",
		    user);
		return;
	}
	printf("For the mailbox %s, at Google:\n\n"
	    "%s"
	    "2. Admin console > Security > Access and data control > API "
	    "controls > Manage\n"
	    "   domain-wide delegation > Add new: the account's client ID with "
	    "the scope\n"
	    "   https://mail.google.com/\n"
	    "3. In Gmail's settings of the mailbox, Forwarding and POP/IMAP: "
	    "IMAP on.\n\n", user, google_account);
}

void
setup_print_grants(const struct setup *s)
{
	const struct str scope = str_of(setup_value(s, "microsoft", "scope"));
	struct str rest = scope;

	puts("\n==== What must be granted ====\n");
	switch (s->provider) {
	case PROVIDER_EXCHANGE:
		print_exchange(s);
		break;
	case PROVIDER_GOOGLE:
		print_google(s);
		break;
	case PROVIDER_OTHER:
		break;
	}
	printf("For the product's app %s, which customers approve, in "
	    "Microsoft Entra:\n\n"
	    "1. App registrations > the app > Authentication > Add a platform "
	    "> Web, with the\n"
	    "   Redirect URI\n\n     %s\n\n"
	    "2. API permissions: at least these delegated ones, so that the "
	    "portal's own button\n"
	    "   grants what the link grants:\n\n",
	    setup_value(s, "microsoft", "client_id"),
	    setup_value(s, "microsoft", "redirect_uri"));
	while (rest.n > 0) {
		size_t n = 0;

		while (n < rest.n && rest.p[n] != ' ')
			n++;
		printf("     %.*s\n", (int)n, rest.p);
		rest = str_trim(str_sub(rest, n, rest.n));
	}
	puts("\n3. A verified publisher (Branding & properties) takes the word "
	    "\"Unverified\" off the\n"
	    "   page that the admin sees.\n");
}
