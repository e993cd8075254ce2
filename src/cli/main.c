/*
 * consentdesk [-c FILE] COMMAND ...
 */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/cli.h"

#define DEFAULT_CONFIG "/etc/consentdesk/consentdesk.conf"

const struct command commands[] = {
	{ "run", cmd_run, "", "the daemon, in the foreground",
	    "SIGTERM stops it in order, SIGHUP rereads configuration, rules "
	    "and templates.\n" },
	{ "reload", cmd_reload, "",
	    "have the daemon reread configuration, rules and templates",
	    "Says what is wrong with them, if it refused them; it works on "
	    "with the old\nones then.\n" },
	{ "check", cmd_check, "[--online] [--json] [DIR...]",
	    "configuration, rules, templates, database: is all well?",
	    "  --online  also log in to IMAP and SMTP and ask the authority\n"
	    "  DIR...    also warn of rules that never fire on the mails of "
	    "these folders\n            (*.eml, and *.jsonl with \"text\"), "
	    "or too often, that say what another\n            one says "
	    "already, or that can be made slow; warnings leave the exit code\n" },
	{ "setup", cmd_setup, "[--answers FILE] [--replace]",
	    "ask what is needed, write the configuration, check it",
	    "  --answers FILE  take the answers from an INI file, ask nothing\n"
	    "  --replace       move a configuration that is there aside\n"
	    "Passwords are asked for, or stand in [secrets] of a FILE that "
	    "only you can read.\n" },
	{ "status", cmd_status, "[--json]",
	    "how the daemon is; exit 0 only when healthy", "" },
	{ "explain", cmd_explain, "[--model FILE] [--json] FILE...",
	    "what would be done with these mails and why",
	    "  --model FILE  read with this model instead of the installed\n"
	    "FILE is a mail as it was sent (.eml); - is standard input. Touches "
	    "nothing,\nasks no network.\n" },
	{ "eval", cmd_eval, "[--model FILE] [--json] [DIR]",
	    "explain over a labelled folder, or the queue's corrections",
	    "  --model FILE  read with this model instead of the installed\n"
	    "  DIR           holds mails and labels.jsonl; without it the "
	    "mails whose\n                reading was corrected by label are "
	    "read again\n" },
	{ "train", cmd_train,
	    "[--cv N] [--without NAME] [--misses] -o FILE DIR|FILE.jsonl...",
	    "learn the model from labelled mails and texts",
	    "  -o FILE         where the model goes\n"
	    "  --cv N          folds of the cross-validation, 2 to 20 (10)\n"
	    "  --without NAME  a file of the folders that is not learned\n"
	    "  --misses        print the held-back texts read wrongly\n" },
	{ "replay", cmd_replay, "[--since DATE] [--model FILE] [--json]",
	    "read stored mails again, print what would now differ",
	    "  --since DATE  only mails that came in since\n"
	    "  --model FILE  read with this model instead of the installed\n"
	    "Compares reading, action and reason. Mails that were ignored or "
	    "left are not kept.\n" },
	{ "cases", cmd_cases,
	    "[--state S] [--search TEXT] [--tenant GUID] [--domain D] "
	    "[--intent I] [--language L] [--assignee WHO] [--limit N] "
	    "[--follow] [--json]",
	    "the queue",
	    "  --state S      review, snoozed, waiting, approved, closed\n"
	    "  --search TEXT  words of people, companies, subjects, texts\n"
	    "  --tenant, --domain, --intent, --language, --assignee\n"
	    "                 only those\n"
	    "  --limit N      at most so many (default 50; followed line by "
	    "line 10000)\n"
	    "  --follow       stay, and show what is new or changed\n" },
	{ "case", cmd_case, "N [--json]", "one case as a conversation", "" },
	{ "send", cmd_send, "N [--template T] [--language L] [--edit] "
	    "[--json]",
	    "send the draft, a template, or your own words",
	    "  --template T  this answer instead of the draft\n"
	    "  --language L  the answer's, instead of the case's\n"
	    "  --edit        write in $VISUAL or $EDITOR, starting from that text\n" },
	{ "close", cmd_close, "N [--json]", "close a case", "" },
	{ "reopen", cmd_reopen, "N [--json]", "put a case before people again", "" },
	{ "assign", cmd_assign, "N WHO [--json]",
	    "who takes the case (- for nobody)",
	    "" },
	{ "snooze", cmd_snooze, "N UNTIL [--json]",
	    "out of the queue until a date, or 3h, 2d, 1w", "" },
	{ "merge", cmd_merge, "N INTO [--json]", "case N goes on in case INTO", "" },
	{ "note", cmd_note, "N TEXT [--json]", "a note for the team", "" },
	{ "label", cmd_label, "N INTENT [--mail ID] [--json]",
	    "the reading was wrong: it is INTENT (- takes that back)",
	    "  --mail ID  of this mail, as `case N` shows it, not of the newest\n"
	    "Kept for eval and train.\n" },
	{ "link", cmd_link, "DOMAIN|N [--json]", "print a one-click link",
	    "For a domain its tenant is asked for; for a case number the "
	    "case's is taken.\n" },
	{ "approve", cmd_approve, "[--withdraw] TENANT|DOMAIN [--json]",
	    "record an approval that was seen elsewhere",
	    "  --withdraw  take it back: the company removed the app, and gets "
	    "the link\n              again\n" },
	{ "stats", cmd_stats, "[--since DATE] [--json]",
	    "volumes, answers, silences and their reasons",
	    "Also the share answered without a person, and how many came from "
	    "the steps to\nthe link and to the approval.\n" },
	{ "templates", cmd_templates, "preview NAME|all [--language L] "
	    "[--with SECTIONS] [--dir DIR]",
	    "write an answer as HTML and text, to look at",
	    "  --language L     en (default), es, de ...\n"
	    "  --with SECTIONS  with the words of these, by commas, such as "
	    "greyed_out,admin\n                   (default: first_contact)\n"
	    "  --dir DIR        where the files go (default: here)\n" },
	{ "resume", cmd_resume, "[--json]", "let a tripped brake go", "" },
	{ "user", cmd_user, "add NAME [--lead] | passwd NAME | remove NAME | "
	    "list [--json]", "accounts of the web queue",
	    "Passwords are read from standard input, one line.\n" },
	{ "backup", cmd_backup, "FILE [--json]",
	    "copy the database while it is used", "" },
	{ "forget", cmd_forget, "ADDRESS [--json]", "erase a person's data", "" },
	{ "export", cmd_export, "[--csv|--json]",
	    "all cases as JSON Lines, or CSV", "" },
	{ "completion", cmd_completion, "bash|zsh",
	    "completion for that shell, on standard output", "" },
};
const size_t n_commands = sizeof commands / sizeof *commands;

static void
print_help(FILE *f)
{
	fputs("usage: consentdesk [-c FILE] COMMAND [arguments]\n\n"
	      "Answers Microsoft's \"Need admin approval\" by mail.\n\n", f);
	for (size_t i = 0; i < n_commands; i++)
		fprintf(f, "  %-10s %s\n", commands[i].name,
		    commands[i].summary);
	fputs("\n  -c FILE      configuration (default " DEFAULT_CONFIG ")\n"
	      "  --help       this; COMMAND --help tells more of one\n"
	      "  --version    " CD_VERSION "\n", f);
}

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < n_commands; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

/* What stdio could not write it only remembers, without the reason. Who reads no
 * further, as head(1), wants no more: that is no error. */
static int
end_output(void)
{
	struct pollfd reader = { .fd = STDOUT_FILENO };

	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EX_OK;
	if (errno == EPIPE || (poll(&reader, 1, 0) > 0 &&
	    (reader.revents & (POLLERR | POLLHUP))))
		return EX_OK;
	return cli_fail(EX_IOERR, "not all could be written to standard "
	    "output%s%s", errno ? ": " : "", errno ? strerror(errno) : "");
}

static int
run(int argc, char **argv)
{
	struct command_env env = {
		.program = argv[0],
		.config_file = DEFAULT_CONFIG,
	};
	const struct command *command;
	int i = 1;

	/* Letters of the terminal; numbers and case stay C's. */
	/* Widths of letters; a cron job and a bare container name no locale. */
	if (!setlocale(LC_CTYPE, "") ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	/* A file that may grow no further is an error like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
			env.config_file = argv[++i];
			env.config_given = true;
		} else if (strcmp(argv[i], "-c") == 0) {
			return cli_fail(EX_USAGE, "-c needs a value: the "
			    "configuration file");
		} else if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0) {
			print_help(stdout);
			return EX_OK;
		} else if (strcmp(argv[i], "--version") == 0) {
			puts("consentdesk " CD_VERSION);
			return EX_OK;
		} else {
			return cli_fail(EX_USAGE, "unknown option %s; see "
			    "consentdesk --help", argv[i]);
		}
	}
	if (i >= argc) {
		print_help(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[i], "help") == 0) {
		print_help(stdout);
		return EX_OK;
	}
	command = find(argv[i]);
	if (!command)
		return cli_fail(EX_USAGE, "unknown command \"%s\"; see "
		    "consentdesk --help", argv[i]);
	/* What a command did it says itself; the daemon opens its own log. */
	log_open(LEVEL_WARN, false, "");
	return command->fn(argc - i, argv + i, &env);
}

int
main(int argc, char **argv)
{
	int code = run(argc, argv), written = end_output();

	return code == EX_OK ? written : code;
}
