#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/mailfile.h"
#include "flow/answer.h"
#include "flow/desk.h"
#include "store/outbox.h"

#define MAX_EDITOR_ARGS 16
#define MAX_OWN_WORDS	(64 * 1024)

/* $VISUAL or $EDITOR with its own arguments, without a shell. */
static int
run_editor(struct arena *a, const char *file)
{
	const char *editor = getenv("VISUAL");
	char *argv[MAX_EDITOR_ARGS + 2], *words;
	int n = 0, status;
	pid_t pid;

	if (!editor || !editor[0])
		editor = getenv("EDITOR");
	if (!editor || !editor[0])
		editor = "vi";
	words = arena_strdup(a, editor);
	while (n < MAX_EDITOR_ARGS) {
		words += strspn(words, " \t");
		if (!*words)
			break;
		argv[n++] = words;
		words += strcspn(words, " \t");
		if (*words)
			*words++ = '\0';
	}
	argv[n++] = arena_strdup(a, file);
	argv[n] = NULL;
	pid = fork();
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What the person made of `start`; NULL: an error was printed, or it was left
 * empty. */
static const char *
edit(struct arena *a, const char *start)
{
	char path[] = "/tmp/consentdesk-XXXXXX";
	int fd = mkstemp(path);
	size_t n = strlen(start);
	struct cd_err err = { "" };
	struct str text = { 0 };
	enum cd_rc rc = CD_ABSENT;

	if (fd < 0) {
		cli_fail(EX_CANTCREAT, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (write(fd, start, n) != (ssize_t)n)
		cli_fail(EX_IOERR, "%s: %s", path, strerror(errno));
	else if (run_editor(a, path) != 0)
		cli_fail(EX_UNAVAILABLE, "the editor failed; nothing was sent");
	else
		rc = mailfile_read(a, path, MAX_OWN_WORDS, &text, &err);
	close(fd);
	unlink(path);
	if (rc != CD_OK)
		return NULL;
	if (str_trim(text).n == 0 || !utf8_valid(text)) {
		cli_fail(EX_DATAERR, "the text is empty or no UTF-8; nothing "
		    "was sent");
		return NULL;
	}
	return arena_str(a, text);
}

/* What the person starts from: the template, or the draft, or nothing. */
static enum cd_rc
beginning(const struct desk *d, int64_t id, const char *template,
    const char **out, struct cd_err *err)
{
	struct rendered words;
	struct outbox_row draft;
	enum cd_rc rc;

	*out = "";
	if (template) {
		rc = desk_preview(d, id, template, &words, err);
		if (rc == CD_OK)
			*out = words.text;
		return rc;
	}
	rc = outbox_draft(d->store, d->arena, id, &draft, err);
	if (rc == CD_OK && draft.text)
		*out = draft.text;
	return rc == CD_ABSENT ? CD_OK : rc;
}

static int
send(const struct desk *d, int64_t id, const char *template, bool own_words,
    bool json)
{
	struct cd_err err = { "" };
	const char *text = NULL, *start;
	int64_t outbox_id;
	enum cd_rc rc;

	if (own_words) {
		rc = beginning(d, id, template, &start, &err);
		if (rc != CD_OK)
			return cli_result(rc, &err);
		text = edit(d->arena, start);
		if (!text)
			return EX_DATAERR;
		/* Left as it was it keeps its formatted part. */
		if (strcmp(text, start) == 0)
			text = NULL;
		else
			template = NULL;
	}
	rc = desk_send(d, id, template, text, 0, &outbox_id, &err);
	if (rc != CD_OK)
		return cli_result(rc, &err);
	if (json)
		cli_json(json_pack("{s:I, s:I}", "case", (json_int_t)id,
		    "outbox", (json_int_t)outbox_id));
	else
		printf("case %" PRId64 ": the answer is queued; the daemon sends "
		    "it within a second when it runs\n", id);
	return EX_OK;
}

int
cmd_send(int argc, char **argv, const struct command_env *env)
{
	const char *template = NULL, *language = NULL;
	bool own_words = false, json = false;
	const struct option_spec options[] = {
		{ "template", NULL, &template },
		{ "language", NULL, &language }, { "edit", &own_words, NULL },
		{ "json", &json, NULL }, { 0 },
	};
	int n = cli_options(argc, argv, options, 1, 1);
	struct cli_session s;
	struct desk desk;
	int64_t id;
	int code;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	id = cli_case_number(argv[1]);
	if (id == 0)
		return EX_USAGE;
	code = cli_open(env, CLI_DESK, &s);
	if (code != EX_OK)
		return code;
	desk = (struct desk){ .engine = s.engine, .store = s.store,
		.arena = s.arena, .actor = cli_actor(), .now = clock_now(),
		.language = language };
	code = send(&desk, id, template, own_words, json);
	cli_close(&s);
	return code;
}
