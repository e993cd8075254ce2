#include <string.h>

#include "base/str.h"
#include "flow/provider.h"

static const struct provider_facts facts[PROVIDER_COUNT] = {
	[PROVIDER_OTHER] = {
		.word = "other", .name = "another provider",
		.imap_tls = "implicit", .smtp_tls = "starttls",
		.auth = "password", .sent_folder = "Sent",
	},
	[PROVIDER_EXCHANGE] = {
		.word = "microsoft", .name = "Microsoft 365",
		.imap_host = "outlook.office365.com", .imap_tls = "implicit",
		/* 465 is not offered there. */
		.smtp_host = "smtp.office365.com", .smtp_tls = "starttls",
		.auth = "oauth2", .sent_folder = "Sent Items",
		.authserv_id = "exchange",
	},
	[PROVIDER_GOOGLE] = {
		.word = "google", .name = "Google Workspace",
		.imap_host = "imap.gmail.com", .imap_tls = "implicit",
		.smtp_host = "smtp.gmail.com", .smtp_tls = "starttls",
		.auth = "oauth2", .sent_folder = "[Gmail]/Sent Mail",
		.authserv_id = "mx.google.com",
	},
};

static const struct {
	const char *suffix;
	enum provider provider;
} mx[] = {
	{ ".mail.protection.outlook.com", PROVIDER_EXCHANGE },
	{ ".mx.microsoft", PROVIDER_EXCHANGE },
	{ ".l.google.com", PROVIDER_GOOGLE },
	{ ".googlemail.com", PROVIDER_GOOGLE },
	{ "smtp.google.com", PROVIDER_GOOGLE },
};

const struct provider_facts *
provider_facts(enum provider p)
{
	return &facts[p];
}

bool
provider_by_word(const char *word, enum provider *out)
{
	for (int i = 0; i < PROVIDER_COUNT; i++) {
		if (strcmp(facts[i].word, word) == 0) {
			*out = (enum provider)i;
			return true;
		}
	}
	return false;
}

enum provider
provider_of_mx(const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < sizeof mx / sizeof *mx; k++) {
			if (str_iends(str_of(names[i]), str_of(mx[k].suffix)))
				return mx[k].provider;
		}
	}
	return PROVIDER_OTHER;
}
