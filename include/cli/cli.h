#ifndef CD_CLI_CLI_H
#define CD_CLI_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>

#include "flow/engine.h"
#include "io/config.h"
#include "store/db.h"

/*
 * The command line: one table of commands, one file cmd_<name>.c each. A
 * command parses its own arguments, calls flow, prints, and returns a
 * sysexits(3) code.
 */
struct command_env {
	const char *program;	/* argv[0] */
	const char *config_file; /* -c, or the default */
	bool config_given;	/* -c was there */
};

/* argv[0] is the command's name. */
typedef int command_fn(int argc, char **argv, const struct command_env *);

struct command {
	const char *name;
	command_fn *fn;
	const char *usage;	/* arguments, as in "[--json] FILE..." */
	const char *summary;	/* one line */
	const char *help;	/* more lines, ended by "\n", or "" */
};

extern const struct command commands[];
extern const size_t n_commands;

/* "consentdesk: text" on standard error; returns code. */
int cli_fail(int code, const char *fmt, ...) CD_PRINTF(2, 3);
/* What is not as it should be and stops nothing: "consentdesk: warning: text" on
 * standard error for the first CLI_WARNINGS; *n counts all of them. At the end
 * cli_warned says how many more there are. */
#define CLI_WARNINGS	10
void cli_warn(size_t *n, const char *fmt, ...) CD_PRINTF(2, 3);
void cli_warned(size_t n);
/* The sysexits code for a result. */
int cli_code(enum cd_rc);
/* Usage of that command on standard error, EX_USAGE. */
int cli_usage(const char *command, const char *fmt, ...) CD_PRINTF(2, 3);

/* Options of a command: long names only. Values are borrowed from argv. What is
 * left are the positional arguments, moved to argv[1..]; returns their count,
 * or -1 after an error was printed (return EX_USAGE then) and -2 after --help
 * was answered (return EX_OK). */
struct option_spec {
	const char *name;	/* "json"; NULL ends the list */
	bool *flag;		/* set to true, or */
	const char **value;	/* takes the next argument or =value */
};
int cli_options(int argc, char **argv, const struct option_spec *, int min_args,
    int max_args);

/* Configuration by need. CONFIG_READING without -c and without the default
 * file takes the shipped sample. Prints errors; EX_OK or a code. */
int cli_config(const struct command_env *, enum config_need,
    struct config **out);
/* The same; the error is left to the caller. */
int cli_config_read(const struct command_env *, enum config_need,
    struct config **out, struct cd_err *err);

/* What a command works with. MAKE: a database that is not there is made, which
 * is said; otherwise only the daemon makes one. */
enum cli_need {
	CLI_READING,		/* configuration, rules and model */
	CLI_STORE_READ,		/* configuration, database */
	CLI_STORE_WRITE,
	CLI_STORE_MAKE,
	CLI_REPLAY,		/* CLI_STORE_READ with rules and model */
	CLI_DESK,		/* CLI_STORE_WRITE with templates and key */
	CLI_DESK_MAKE
};
struct cli_session {
	struct config *config;
	struct store *store;	/* NULL where not needed */
	struct engine *engine;	/* likewise */
	struct arena *arena;
};

/* EX_OK, or a code after an error was printed and everything closed. */
int cli_open(const struct command_env *, enum cli_need,
    struct cli_session *out);
/* The same for CLI_READING and CLI_REPLAY, with that model instead of the
 * installed one, unless NULL. */
int cli_open_model(const struct command_env *, enum cli_need,
    const char *model, struct cli_session *out);
void cli_close(struct cli_session *);
/* rc's sysexits code; unless CD_OK after printing err. */
int cli_result(enum cd_rc, const struct cd_err *);

/* A JSON value as one line, or indented on a terminal; frees it. */
void cli_json(json_t *);
/* NULL gives JSON null. Of a path: bytes that are not UTF-8 become U+FFFD. */
json_t *cli_json_text(const char *);

/* A positive case number, or 0 after an error was printed. */
int64_t cli_case_number(const char *);
/* Who acts: $USER, $LOGNAME or "someone". */
const char *cli_actor(void);
/* Colour wanted on standard output? (a terminal, no NO_COLOR) */
bool cli_colour(void);
/* "3 min", "5 h", "2 d". */
const char *cli_age(struct arena *, int64_t seconds);
/* Of the terminal; 140 where there is none. */
int cli_columns(void);
/* These two give nothing that a terminal obeys: control characters become
 * spaces, marks that turn the direction of writing are left out.
 *
 * s cut or filled to so many columns (wide letters count two), "…" at the cut;
 * -1: as long as it is. */
const char *cli_fit(struct arena *, const char *s, int columns);
/* The lines of s, each after `margin`, wrapped between words to so many columns
 * (margin included). A word that is longer stays whole, so that a link can be
 * copied. */
const char *cli_wrap(struct arena *, const char *s, const char *margin,
    int columns);

/* A line of standard input without its end, without echo on a terminal (where
 * the prompt is shown too). CD_ABSENT: there is none. CD_MALFORMED: it is longer
 * than size - 2 bytes, and so not to be cut. */
enum cd_rc cli_read_secret(const char *prompt, char *out, size_t size) CD_CHECK;

command_fn cmd_approve, cmd_assign, cmd_backup, cmd_case, cmd_cases, cmd_check,
    cmd_close, cmd_completion, cmd_eval, cmd_explain, cmd_export, cmd_forget,
    cmd_label, cmd_link, cmd_merge, cmd_note, cmd_reload, cmd_reopen,
    cmd_replay, cmd_resume, cmd_run, cmd_send, cmd_setup, cmd_snooze, cmd_stats,
    cmd_status, cmd_templates, cmd_train, cmd_user;

#endif
