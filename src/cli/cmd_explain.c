#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/mailfile.h"
#include "cli/view.h"
#include "flow/intake.h"

static const char *
or_none(const char *s)
{
	return s && s[0] ? s : "-";
}

/* On a terminal it stays on its line; into a pipe all of it goes. */
static const char *
piece(struct arena *a, const char *s, int columns)
{
	return cli_fit(a, s, isatty(STDOUT_FILENO) ? columns : -1);
}

/* Readable on a terminal; everything in it came out of a stranger's mail. */
static void
print_text(struct arena *a, const char *file, const struct examined *x,
    const struct verdict *v)
{
	const struct reading *r = &x->reading;
	struct str rest = x->visible.zone[ZONE_NEW], line;

	printf("%s\n", file);
	printf("  from            %s\n", piece(a, or_none(x->from), 70));
	printf("  subject         %s\n", piece(a, x->message.subject, 70));
	printf("  automatic       %s%s%s\n", or_none(x->screen.automatic),
	    x->screen.automatic ? ": " : "", x->screen.automatic
	    ? piece(a, x->screen.automatic_evidence, 60) : "");
	if (x->screen.hold)
		printf("  no answer       %s: %s\n", x->screen.hold,
		    piece(a, x->screen.hold_evidence, 60));
	printf("  authentication  %s (%s)\n",
	    authentication_name(x->authentication),
	    or_none(x->authentication_why));
	printf("  answers         %s %s\n", context_name(x->context),
	    x->context_why);
	printf("  language        %s\n", or_none(x->language));
	printf("  newly written\n");
	while (str_line(&rest, &line))
		printf("    | %s\n", piece(a, arena_str(a, line), 74));
	printf("  intent          %s, confidence %.2f (then %s, %.2f)%s%s\n",
	    intent_name(r->intent), r->confidence, intent_name(r->second),
	    r->second_confidence, r->torn ? ", torn: " : "",
	    r->torn ? r->torn : "");
	if (r->code)
		printf("  code            AADSTS%d, remedy: %s\n", r->code,
		    or_none(r->remedy));
	for (size_t i = 0; i < r->n_evidence; i++) {
		const struct evidence *e = &r->evidence[i];

		printf("    %+5.2f  %-34s %-10s %s", e->weight, e->rule,
		    e->zone, piece(a, e->match, 40));
		view_says(e->says, e->says_weight);
	}
	for (size_t i = 0; i < x->message.n_attachments; i++)
		printf("  attachment      %s (%s, %zu bytes)\n",
		    piece(a, x->message.attachments[i].name, 40),
		    piece(a, x->message.attachments[i].type, 30),
		    x->message.attachments[i].size);
	if (x->message.lossy || x->message.truncated)
		printf("  note            %s%s\n",
		    x->message.lossy ? "decoded with loss " : "",
		    x->message.truncated ? "cut at a limit" : "");
	printf("  domain          %s\n", or_none(x->domain));
	printf("  action          %s (%s), template %s\n\n",
	    action_name(v->action), v->reason, or_none(v->template));
}

static void
print_json(struct arena *a, const char *file, const struct examined *x,
    const struct verdict *v)
{
	struct str s = intake_explain(a, file, x, v);

	fwrite(s.p, 1, s.n, stdout);
	fputc('\n', stdout);
}

int
cmd_explain(int argc, char **argv, const struct command_env *env)
{
	bool json = false;
	const char *model = NULL;
	const struct option_spec options[] = {
		{ "json", &json, NULL }, { "model", NULL, &model }, { 0 }
	};
	int n = cli_options(argc, argv, options, 1, 1 << 20);
	struct cli_session s;
	struct cd_err err = { "" };
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	code = cli_open_model(env, CLI_READING, model, &s);
	if (code != EX_OK)
		return code;
	for (int i = 1; i <= n; i++) {
		struct examined x;
		struct facts facts;
		struct verdict v;
		struct str raw;
		enum cd_rc rc;

		arena_reset(s.arena);
		rc = mailfile_mail(s.arena, argv[i],
		    (size_t)s.config->mailbox.max_fetch, &raw, &err);
		if (rc != CD_OK) {
			code = cli_result(rc, &err);
			continue;
		}
		intake_examine(s.engine, s.arena, raw, &x);
		intake_facts(s.engine, &x, &facts);
		v = decide(&facts);
		if (json)
			print_json(s.arena, argv[i], &x, &v);
		else
			print_text(s.arena, argv[i], &x, &v);
	}
	cli_close(&s);
	return code;
}
