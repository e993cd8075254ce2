/*
 * Stored mails read again: their newly written text under today's rules and
 * model. Zones were found when the mail came in and are kept as they were.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "store/mails.h"

#define PAGE 200

static void
read_again(const struct engine *e, struct arena *a, const struct mail_row *m,
    struct reading *out)
{
	json_t *detail = json_loads(m->detail ? m->detail : "{}", 0, NULL);
	const char *context = json_string_value(json_object_get(detail,
	    "context"));
	struct classify_input input = {
		.subject = str_of(m->subject),
		.sender = m->from_addr ? m->from_addr : "",
		.attachments = str_of(""),
		.language = m->language ? m->language : "",
		.automatic = m->automatic,
	};

	if (context)
		(void)context_of(str_of(context), &input.context);
	input.zone[ZONE_NEW] = str_of(m->visible);
	classify_run(e->classifier, a, &input, out);
	json_decref(detail);
}

static void
print_difference(const struct mail_row *m, const struct reading *r, bool json)
{
	if (json) {
		cli_json(json_pack("{s:I, s:I, s:o, s:o, s:s, s:f, s:f}",
		    "mail", (json_int_t)m->id, "case", (json_int_t)m->case_id,
		    "message_id", cli_json_text(m->identity), "was",
		    cli_json_text(m->intent), "now", intent_name(r->intent),
		    "was_confidence", m->confidence, "confidence",
		    r->confidence));
		return;
	}
	printf("case %6" PRId64 "  mail %6" PRId64 "  %s (%.2f) -> %s (%.2f)\n",
	    m->case_id, m->id, m->intent ? m->intent : "-", m->confidence,
	    intent_name(r->intent), r->confidence);
}

static enum cd_rc
replay(struct store *s, const struct engine *e, int64_t since, bool json,
    size_t *seen, size_t *differ, struct cd_err *err)
{
	struct arena *a = arena_new();
	struct mail_row *rows;
	int64_t after = 0;
	size_t n;
	enum cd_rc rc;

	do {
		arena_reset(a);
		rc = mails_since(s, a, since, after, PAGE, &rows, &n, err);
		for (size_t i = 0; rc == CD_OK && i < n; i++) {
			struct reading r;

			after = rows[i].id;
			if (!rows[i].visible || !rows[i].intent)
				continue;
			(*seen)++;
			read_again(e, a, &rows[i], &r);
			if (strcmp(rows[i].intent, intent_name(r.intent)) == 0)
				continue;
			(*differ)++;
			print_difference(&rows[i], &r, json);
		}
	} while (rc == CD_OK && n == PAGE);
	arena_free(&a);
	return rc;
}

int
cmd_replay(int argc, char **argv, const struct command_env *env)
{
	const char *since_text = NULL;
	bool json = false;
	const struct option_spec options[] = {
		{ "since", NULL, &since_text }, { "json", &json, NULL }, { 0 },
	};
	int n = cli_options(argc, argv, options, 0, 0);
	struct cli_session s;
	struct cd_err err = { "" };
	int64_t since = 0;
	size_t seen = 0, differ = 0;
	enum cd_rc rc;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (since_text && clock_parse(str_of(since_text), &since) != CD_OK)
		return cli_usage("replay", "--since is a date such as "
		    "2026-12-01");
	code = cli_open(env, CLI_REPLAY, &s);
	if (code != EX_OK)
		return code;
	rc = replay(s.store, s.engine, since, json, &seen, &differ, &err);
	code = cli_result(rc, &err);
	if (rc == CD_OK && !json)
		printf("%zu mails read again, %zu would now be read "
		    "differently\n", seen, differ);
	cli_close(&s);
	return code;
}
