#ifndef CD_FLOW_PROVIDER_H
#define CD_FLOW_PROVIDER_H

#include "base/arena.h"

/* Who runs a mailbox, and what is known of each. */
enum provider { PROVIDER_OTHER, PROVIDER_EXCHANGE, PROVIDER_GOOGLE };
#define PROVIDER_COUNT 3

struct provider_facts {
	const char *word;		/* "microsoft": for answers */
	const char *name;		/* for people */
	const char *imap_host, *imap_tls;	/* NULL: not known */
	const char *smtp_host, *smtp_tls;
	const char *auth;
	const char *sent_folder;
	const char *authserv_id;
};
const struct provider_facts *provider_facts(enum provider);
bool provider_by_word(const char *word, enum provider *out);

/* By the servers that take mail for a domain; PROVIDER_OTHER: none that is
 * known. */
enum provider provider_of_mx(const char *const *names, size_t n);

#endif
