/* MX records by the C library's resolver. */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>

#include "base/str.h"
#include "io/dns.h"

#define TRY_S	3
#define TRIES	2

static enum cd_rc
server_set(struct __res_state *st, const char *server, struct cd_err *err)
{
	struct str s = str_of(server), host = s;
	ptrdiff_t colon = str_find(s, STR(":"));
	int64_t port = NS_DEFAULTPORT;
	struct sockaddr_in *to = &st->nsaddr_list[0];
	char name[64];

	if (colon >= 0)
		host = str_sub(s, 0, (size_t)colon);
	snprintf(name, sizeof name, "%.*s", STR_FMT(host));
	*to = (struct sockaddr_in){ .sin_family = AF_INET };
	if (inet_pton(AF_INET, name, &to->sin_addr) != 1 || (colon >= 0 &&
	    !str_to_i64(str_sub(s, (size_t)colon + 1, s.n), 1, 65535, &port)))
		return cd_fail(err, CD_MALFORMED, "\"%.60s\" is no name server "
		    "such as 192.0.2.1:53", server);
	to->sin_port = htons((uint16_t)port);
	st->nscount = 1;
	return CD_OK;
}

/* A name that could be a host's; anything else an answer may hold is not. */
static bool
name_clean(char *name)
{
	for (char *c = name; *c; c++) {
		*c = ascii_lower(*c);
		if (!ascii_alnum(*c) && *c != '-' && *c != '.')
			return false;
	}
	return *name != '\0';
}

static enum cd_rc
answer_read(struct arena *a, const unsigned char *bytes, int n,
    const char ***names_out, size_t *n_out, struct cd_err *err)
{
	const char **names = arena_array(a, CD_MAX_MX, sizeof *names);
	unsigned rank[CD_MAX_MX];
	size_t count = 0;
	ns_msg msg;

	if (ns_initparse(bytes, n, &msg) != 0)
		return cd_fail(err, CD_MALFORMED, "the answer cannot be read");
	for (int i = 0; i < ns_msg_count(msg, ns_s_an); i++) {
		char name[NS_MAXDNAME];
		size_t at = count;
		unsigned its;
		ns_rr rr;

		if (count == CD_MAX_MX || ns_parserr(&msg, ns_s_an, i, &rr) != 0)
			break;
		if (ns_rr_type(rr) != ns_t_mx || ns_rr_rdlen(rr) < 3 ||
		    ns_name_uncompress(ns_msg_base(msg), ns_msg_end(msg),
		    ns_rr_rdata(rr) + 2, name, sizeof name) < 0 ||
		    !name_clean(name))
			continue;
		its = ns_get16(ns_rr_rdata(rr));
		for (; at > 0 && rank[at - 1] > its; at--) {
			rank[at] = rank[at - 1];
			names[at] = names[at - 1];
		}
		rank[at] = its;
		names[at] = arena_strdup(a, name);
		count++;
	}
	if (count == 0)
		return cd_fail(err, CD_ABSENT, "it has no mail server");
	*names_out = names;
	*n_out = count;
	return CD_OK;
}

enum cd_rc
dns_mx(struct arena *a, const char *server, const char *domain,
    const char ***names_out, size_t *n_out, struct cd_err *err)
{
	unsigned char *answer = arena_alloc(a, NS_MAXMSG);
	struct __res_state st;
	enum cd_rc rc = CD_OK;
	int n, why;

	memset(&st, 0, sizeof st);
	if (res_ninit(&st) != 0)
		return cd_fail(err, CD_AGAIN, "no resolver");
	st.retrans = TRY_S;
	st.retry = TRIES;
	if (server)
		rc = server_set(&st, server, err);
	if (rc == CD_OK) {
		n = res_nquery(&st, domain, ns_c_in, ns_t_mx, answer,
		    NS_MAXMSG);
		why = st.res_h_errno;
		if (n >= 0)
			rc = answer_read(a, answer, n < NS_MAXMSG ? n
			    : NS_MAXMSG, names_out, n_out, err);
		else if (why == HOST_NOT_FOUND || why == NO_DATA)
			rc = cd_fail(err, CD_ABSENT, "it has no mail server");
		else
			rc = cd_fail(err, CD_AGAIN, "no name server answers");
	}
	res_nclose(&st);
	return rc;
}
