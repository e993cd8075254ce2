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

/* $VISUAL or $EDITOR with its own arguments, without a shell; EX_OK, or a code
 * after an error was printed. */
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
		return cli_fail(EX_OSERR, "the editor cannot be started: %s",
		    strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return EX_OK;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return cli_fail(EX_UNAVAILABLE, "the editor \"%s\" cannot be "
		    "run: set VISUAL or EDITOR to one that is there; nothing "
		    "was sent", editor);
	return cli_fail(EX_UNAVAILABLE, "the editor \"%s\" ended with %s %d; "
	    "nothing was sent", editor, WIFEXITED(status) ? "exit status"
	    : "signal", WIFEXITED(status) ? WEXITSTATUS(status)
	    : WTERMSIG(status));
}

/* What the person made of `start` in the file `path`, a mask of mkstemp(3).
 * EX_OK, or a code after an error was printed; *out is what was written all the
 * same, empty where there is no file. */
static int
edit(struct arena *a, const char *start, char *path, struct str *out)
{
	int fd = mkstemp(path), code = EX_OK;
	size_t n = strlen(start);
	struct cd_err err = { "" };
	struct str text = { 0 };

	*out = STR("");
	if (fd < 0)
		return cli_fail(EX_CANTCREAT, "%s: %s", path, strerror(errno));
	if (write(fd, start, n) != (ssize_t)n)
		code = cli_fail(EX_IOERR, "%s: %s", path, strerror(errno));
	close(fd);
	if (code == EX_OK)
		code = run_editor(a, path);
	if (mailfile_read(a, path, MAX_OWN_WORDS + 1, &text, &err) != CD_OK)
		return code != EX_OK ? code : cli_fail(EX_IOERR, "%s; nothing "
		    "was sent", err.text);
	*out = text;
	if (code != EX_OK)
		return code;
	if (str_trim(text).n == 0)
		return cli_fail(EX_DATAERR, "the text is empty; nothing was "
		    "sent");
	if (text.n > MAX_OWN_WORDS || !utf8_valid(text) ||
	    memchr(text.p, '\0', text.n))
		return cli_fail(EX_DATAERR, "the text is longer than %d bytes, "
		    "has a NUL byte or is no UTF-8; nothing was sent",
		    MAX_OWN_WORDS);
	return EX_OK;
}

/* What the person starts from: the template, or the draft, or nothing. What the
 * send would be refused for is found before somebody writes. */
static enum cd_rc
beginning(const struct desk *d, int64_t id, const char *template,
    const char **out, struct cd_err *err)
{
	struct rendered words;
	struct outbox_row draft = { 0 };
	struct recipient to;
	enum cd_rc rc = desk_recipient(d, id, &to, err);

	if (rc == CD_OK && !to.addr[0])
		rc = cd_fail(err, CD_REFUSED, "case %" PRId64 " has no sender "
		    "whom one could answer", id);
	if (rc == CD_OK && d->language)
		rc = templates_language_check(d->engine->templates,
		    d->language, err);
	if (rc == CD_OK && !template) {
		rc = outbox_draft(d->store, d->arena, id, &draft, err);
		if (rc == CD_OK && d->language)
			template = draft.handle;
		if (rc == CD_ABSENT)
			rc = CD_OK;
	}
	if (rc != CD_OK)
		return rc;
	*out = draft.text ? draft.text : "";
	if (template) {
		rc = desk_preview(d, id, template, &words, err);
		if (rc == CD_OK)
			*out = words.text;
	}
	return rc;
}

/* seen: as for desk_send. */
static int
send(const struct desk *d, int64_t id, const char *template, const char *text,
    int64_t seen, bool json)
{
	struct cd_err err = { "" };
	struct case_row row;
	struct recipient to;
	int64_t outbox_id;
	bool proven;
	enum cd_rc rc = desk_recipient(d, id, &to, &err);

	if (rc == CD_OK)
		rc = desk_send(d, id, template, text, seen, &outbox_id,
		    &err);
	if (rc != CD_OK)
		return cli_result(rc, &err);
	proven = engine_proves(d->engine, to.authentication);
	if (json)
		cli_json(json_pack("{s:I, s:I, s:b}", "case", (json_int_t)id,
		    "outbox", (json_int_t)outbox_id, "proven", proven));
	else
		printf("case %" PRId64 ": the answer is queued; the daemon sends "
		    "it within a second when it runs\n", id);
	if (!json && !proven)
		printf("your mail server did not prove that %s wrote the mail: "
		    "make sure of it in another way\n",
		    cli_fit(d->arena, to.addr, -1));
	if (!json && cases_get(d->store, d->arena, id, &row, NULL) == CD_OK &&
	    row.state == CASE_REVIEW)
		printf("somebody else still waits in it for an answer: "
		    "consentdesk case %" PRId64 "\n", id);
	return EX_OK;
}

/* Somebody may sit before the editor for long: the mail that came in meanwhile, or a
 * colleague's answer, was not seen by whoever wrote. */
static int
send_edited(struct desk *d, int64_t id, const char *template, bool json)
{
	char path[] = "/tmp/consentdesk-XXXXXX";
	struct cd_err err = { "" };
	const char *start;
	struct str text;
	int64_t seen;
	enum cd_rc rc = events_newest(d->store, &seen, &err);
	bool same;
	int code;

	if (rc == CD_OK)
		rc = beginning(d, id, template, &start, &err);
	if (rc != CD_OK)
		return cli_result(rc, &err);
	code = edit(d->arena, start, path, &text);
	d->now = clock_now();
	/* Left as it was it keeps its formatted part. */
	same = str_eq(text, str_of(start));
	if (code == EX_OK)
		code = send(d, id, same ? template : NULL, same ? NULL
		    : arena_str(d->arena, text), seen, json);
	if (code != EX_OK && !same && str_trim(text).n > 0)
		fprintf(stderr, "what you wrote is kept in %s\n", path);
	else
		unlink(path);
	return code;
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
	code = own_words ? send_edited(&desk, id, template, json)
	    : send(&desk, id, template, NULL, 0, json);
	cli_close(&s);
	return code;
}
