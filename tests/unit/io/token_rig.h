#ifndef UNIT_TOKEN_RIG_H
#define UNIT_TOKEN_RIG_H

#include <fcntl.h>
#include <sys/stat.h>

#include "unit.h"

#include "io/token.h"
#include "peer.h"

/*
 * A token service that answers by script, the files of a configuration in a
 * folder of the test's own, and a token of them.
 */
#define NOW 1800000000
#define GOOD "{\"token_type\":\"Bearer\",\"expires_in\":3599,"               \
	"\"access_token\":\"tok-1\"}"

static char folder[64];

struct script {
	int status;
	const char *body;
};

/* Keeps the body of the last POST in seen->text. */
static inline void
serve(struct peer_line *l, const void *script, struct peer_seen *seen)
{
	const struct script *s = script;
	char line[2048], head[256];
	size_t n = 0;

	while (peer_gets(l, line, sizeof line)) {
		snprintf(seen->words, sizeof seen->words, "%.200s", line);
		while (peer_gets(l, line, sizeof line) && *line)
			sscanf(line, "Content-Length: %zu", &n);
		for (size_t i = 0; i < n && i + 1 < sizeof seen->text; i++)
			seen->text[i] = (char)peer_get(l);
		seen->text[n] = '\0';
		seen->requests++;
		snprintf(head, sizeof head, "HTTP/1.1 %d X\r\n"
		    "Content-Length: %zu\r\n\r\n", s->status,
		    strlen(s->body));
		peer_puts(l, head);
		peer_puts(l, s->body);
	}
}

static inline char *
path_in(const char *name)
{
	static char path[32][128];
	static int turn;

	turn = (turn + 1) % 32;
	snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
	return path[turn];
}

static inline void
file_put(const char *name, const char *text)
{
	int fd = open(path_in(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Out of a form, decoded; in a static place. */
static inline const char *
form_value(const char *form, const char *name)
{
	static char out[8192];
	char key[64];
	const char *at;
	size_t n = 0;

	snprintf(key, sizeof key, "%s=", name);
	at = strncmp(form, key, strlen(key)) == 0 ? form : NULL;
	if (!at) {
		snprintf(key, sizeof key, "&%s=", name);
		at = strstr(form, key);
	}
	if (!at)
		return "";
	for (at += strlen(key); *at && *at != '&'; at++) {
		unsigned c = (unsigned char)*at;

		if (c == '%') {
			sscanf(at + 1, "%2x", &c);
			at += 2;
		}
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return out;
}

static inline void
setup_config(struct config *c, enum config_flow flow, const char *url)
{
	memset(c, 0, sizeof *c);
	c->microsoft.authority = url;
	c->mailbox.user = "support@a.example";
	c->oauth2.flow = flow;
	c->oauth2.tenant = "t.example";
	c->oauth2.client_id = "client-1";
	c->oauth2.scope = "https://x.example/.default";
	c->oauth2.client_secret_file = path_in("secret");
	c->oauth2.certificate_file = path_in("cert");
	c->oauth2.key_file = path_in("key");
	c->oauth2.refresh_token_file = path_in("refresh");
	c->oauth2.service_account_file = path_in("account");
}

struct rig {
	struct script script;
	struct peer p;
	struct config c;
	struct token *t;
	char url[64];
};

static inline void
rig_up(struct rig *r, enum config_flow flow, int status, const char *body)
{
	struct cd_err err = { "" };

	memset(r, 0, sizeof *r);
	r->script = (struct script){ status, body };
	peer_start(&r->p, 0, serve, &r->script);
	snprintf(r->url, sizeof r->url, "http://127.0.0.1:%d", r->p.port);
	setup_config(&r->c, flow, r->url);
	if (flow == FLOW_SERVICE_ACCOUNT)
		r->c.oauth2.token_url = r->url;
	assert_int_equal(token_new(&r->c, &r->t, &err), CD_OK);
}

static inline void
rig_down(struct rig *r)
{
	token_free(&r->t);
	assert_null(r->t);
	peer_stop(&r->p);
}

static inline void
get_ok(struct rig *r, int64_t now, const char *want)
{
	struct cd_err err = { "" };
	const char *bearer = NULL;

	if (token_get(r->t, now, &bearer, &err) != CD_OK)
		fail_msg("%s", err.text);
	assert_string_equal(bearer, want);
}

#endif
