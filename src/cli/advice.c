/*
 * What to do about a refusal, by provider: the commands and menus are those of
 * Microsoft's and Google's own documentation.
 */
#include <string.h>

#include "cli/advice.h"
#include "flow/provider.h"

/* Words that Exchange Online alone uses, through whatever host. */
static bool
exchange_speaks(const char *refusal)
{
	static const char *const words[] = { "5.7.30", "5.7.139",
		"SmtpClientAuthentication", "authenticated but not connected" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strstr(refusal, words[i]))
			return true;
	}
	return false;
}

static enum provider
provider_of(const struct config *c, const char *host, const char *refusal,
    bool token)
{
	struct str s = str_of(host ? host : "");

	if (exchange_speaks(refusal) || str_iends(s, STR("office365.com")) ||
	    str_iends(s, STR("outlook.com")))
		return PROVIDER_EXCHANGE;
	if (str_iends(s, STR("gmail.com")))
		return PROVIDER_GOOGLE;
	if (!token)
		return PROVIDER_OTHER;
	switch (c->oauth2.flow) {
	case FLOW_CLIENT_SECRET:
	case FLOW_CERTIFICATE:
		return PROVIDER_EXCHANGE;
	case FLOW_SERVICE_ACCOUNT:
		return PROVIDER_GOOGLE;
	case FLOW_REFRESH_TOKEN:
	case FLOW_NONE:
		break;
	}
	return PROVIDER_OTHER;
}

/* A piece of the refusal, and what it means. */
static const char *const token_rows[][2] = {
	{ "AADSTS7000215", "in Entra, App registrations > the app > "
	    "Certificates & secrets, make a client secret and put its Value "
	    "(not its Secret ID) into client_secret_file" },
	{ "AADSTS7000222", "the secret has expired: in Entra, App "
	    "registrations > the app > Certificates & secrets, make a new one "
	    "and put its Value into client_secret_file" },
	{ "AADSTS700027", "in Entra, App registrations > the app > "
	    "Certificates & secrets > Certificates, upload the certificate of "
	    "certificate_file; key_file must be its key" },
	{ "AADSTS700016", "client_id is the Application (client) ID of the "
	    "app's overview page in Entra, tenant the Directory (tenant) ID "
	    "beside it" },
	{ "AADSTS90002", "tenant is the Directory (tenant) ID of the app's "
	    "overview page in Entra" },
	{ "AADSTS7000229", "an admin of the mailbox's tenant has to grant "
	    "admin consent to the app: Enterprise apps > the app > "
	    "Permissions" },
	{ "AADSTS70011", "for Exchange, scope is "
	    "https://outlook.office365.com/.default" },
	{ "AADSTS1002012", "for Exchange, scope is "
	    "https://outlook.office365.com/.default" },
	{ "unauthorized_client: Client is unauthorized", "in the Google Admin "
	    "console, Security > Access and data control > API controls > "
	    "Manage domain-wide delegation, add the service account's client "
	    "ID with exactly the scope of [oauth2] scope "
	    "(https://mail.google.com/)" },
	{ "invalid_grant: Invalid JWT", "the key in service_account_file was "
	    "deleted or this machine's clock is wrong: make a new key in the "
	    "Google Cloud console under IAM & Admin > Service accounts > Keys" },
	{ "invalid_grant", "the consent behind the refresh token has ended or "
	    "was revoked: sign in once more and put the new refresh token into "
	    "refresh_token_file" },
};

const char *
advice_token(const char *refusal)
{
	for (size_t i = 0; i < sizeof token_rows / sizeof *token_rows; i++) {
		if (strstr(refusal, token_rows[i][0]))
			return token_rows[i][1];
	}
	return "";
}

static const char *
google(bool token)
{
	return token ? "in Gmail's settings of this mailbox IMAP must be on "
		"(Forwarding and POP/IMAP), and the token must be of the scope "
		"https://mail.google.com/; for a service account, domain-wide "
		"delegation must name that scope"
		: "Google takes an app password here (with 2-Step "
		"Verification), or auth = oauth2";
}

const char *
advice_imap(struct arena *a, const struct config *c, const char *refusal)
{
	bool token = c->mailbox.auth == AUTH_METHOD_OAUTH2;

	switch (provider_of(c, c->mailbox.host, refusal, token)) {
	case PROVIDER_EXCHANGE:
		if (!token)
			return "Exchange Online takes no passwords for IMAP: "
			    "use auth = oauth2";
		return arena_printf(a, "the app needs the application "
		    "permission IMAP.AccessAsApp with admin consent; then, in "
		    "Exchange Online PowerShell: New-ServicePrincipal -AppId "
		    "%s -ObjectId OBJECT (OBJECT is the Object ID under "
		    "Enterprise apps, not the one under App registrations), "
		    "Add-MailboxPermission -Identity %s -User OBJECT "
		    "-AccessRights FullAccess, Set-CASMailbox -Identity %s "
		    "-ImapEnabled $true", c->oauth2.client_id
		    ? c->oauth2.client_id : "CLIENT_ID", c->mailbox.user,
		    c->mailbox.user);
	case PROVIDER_GOOGLE:
		return google(token);
	case PROVIDER_OTHER:
		break;
	}
	return "";
}

const char *
advice_smtp(struct arena *a, const struct config *c, const char *refusal)
{
	bool token = c->smtp.auth == AUTH_METHOD_OAUTH2;

	switch (provider_of(c, c->smtp.host, refusal, token)) {
	case PROVIDER_EXCHANGE:
		return arena_printf(a, "SMTP AUTH may be switched off: in "
		    "Exchange Online PowerShell, Set-CASMailbox -Identity %s "
		    "-SmtpClientAuthenticationDisabled $false (security "
		    "defaults in Entra switch it off too)%s", c->smtp.user,
		    token ? "; the app needs the application permission "
		    "SMTP.SendAsApp with admin consent, its service principal "
		    "(New-ServicePrincipal) and Add-RecipientPermission "
		    "-AccessRights SendAs on the mailbox"
		    : "; passwords end there: better auth = oauth2");
	case PROVIDER_GOOGLE:
		return google(token);
	case PROVIDER_OTHER:
		break;
	}
	return "";
}
