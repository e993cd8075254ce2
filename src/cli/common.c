#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "text/classifier.h"

int
cli_fail(int code, const char *fmt, ...)
{
	va_list ap;

	fputs("consentdesk: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return code;
}

void
cli_warn(size_t *n, const char *fmt, ...)
{
	va_list ap;

	if ((*n)++ >= CLI_WARNINGS)
		return;
	fputs("consentdesk: warning: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void
cli_warned(size_t n)
{
	if (n > CLI_WARNINGS)
		fprintf(stderr, "consentdesk: %zu warnings, of which the first "
		    "%d are shown\n", n, CLI_WARNINGS);
}

int
cli_code(enum cd_rc rc)
{
	switch (rc) {
	case CD_OK:
	case CD_DONE:
		return EX_OK;
	case CD_ABSENT:
		return EX_NOINPUT;
	case CD_AGAIN:
		return EX_TEMPFAIL;
	case CD_REFUSED:
		return EX_UNAVAILABLE;
	case CD_MALFORMED:
		return EX_DATAERR;
	case CD_BROKEN:
		return EX_SOFTWARE;
	}
	return EX_SOFTWARE;
}

static const struct command *
command_of(const char *name)
{
	size_t i = 0;

	while (i < n_commands && strcmp(commands[i].name, name) != 0)
		i++;
	cd_assert(i < n_commands);
	return &commands[i];
}

int
cli_usage(const char *name, const char *fmt, ...)
{
	const struct command *c = command_of(name);
	va_list ap;

	fputs("consentdesk: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: consentdesk %s %s\n", c->name, c->usage);
	return EX_USAGE;
}

static void
print_command_help(const char *name)
{
	const struct command *c = command_of(name);

	printf("usage: consentdesk [-c FILE] %s %s\n\n%s\n%s%s", c->name,
	    c->usage, c->summary, c->help[0] ? "\n" : "", c->help);
}

/* Takes one option at argv[*i]; false: an error was printed. */
static bool
take_option(int argc, char **argv, int *i, const struct option_spec *specs)
{
	const char *name = argv[*i] + (argv[*i][1] == '-' ? 2 : 1);
	const char *equals = strchr(name, '=');
	size_t n = equals ? (size_t)(equals - name) : strlen(name);

	for (const struct option_spec *s = specs; s->name; s++) {
		if (strlen(s->name) != n || strncmp(s->name, name, n) != 0)
			continue;
		if (s->flag && !equals) {
			*s->flag = true;
			return true;
		}
		if (s->flag)
			break;
		if (equals) {
			*s->value = equals + 1;
			return true;
		}
		if (*i + 1 < argc) {
			*s->value = argv[++*i];
			return true;
		}
		cli_usage(argv[0], "--%s needs a value", s->name);
		return false;
	}
	cli_usage(argv[0], "unknown option %s", argv[*i]);
	return false;
}

int
cli_options(int argc, char **argv, const struct option_spec *specs,
    int min_args, int max_args)
{
	bool options = true;
	int n = 0;

	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && strcmp(argv[i], "--help") == 0) {
			print_command_help(argv[0]);
			return -2;
		} else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!take_option(argc, argv, &i, specs))
				return -1;
		} else {
			argv[1 + n++] = argv[i];
		}
	}
	if (n < min_args || n > max_args) {
		cli_usage(argv[0], n < min_args ? "something is missing"
						: "too many arguments");
		return -1;
	}
	return n;
}

int
cli_config_read(const struct command_env *env, enum config_need need,
    struct config **out, struct cd_err *err)
{
	struct arena *a = arena_new();
	const char *file = env->config_file;
	enum cd_rc rc;

	if (need == CONFIG_READING && !env->config_given &&
	    access(file, R_OK) != 0)
		file = config_builtin_sample(a);
	rc = config_load(file, need, out, err);
	if (rc != CD_OK && access(file, F_OK) != 0 && errno == ENOENT)
		cd_fail(err, rc, "%s; consentdesk setup makes it",
		    arena_strdup(a, err->text));
	arena_free(&a);
	return rc == CD_OK ? EX_OK : EX_CONFIG;
}

int
cli_config(const struct command_env *env, enum config_need need,
    struct config **out)
{
	struct cd_err err = { "" };
	int code = cli_config_read(env, need, out, &err);

	return code == EX_OK ? code : cli_fail(code, "%s", err.text);
}

int
cli_result(enum cd_rc rc, const struct cd_err *err)
{
	return rc == CD_OK ? EX_OK : cli_fail(cli_code(rc), "%s", err->text);
}

static int
open_store(struct cli_session *s, enum store_mode mode, bool make)
{
	const char *file = s->config->files.database;
	struct cd_err err = { "" };
	enum cd_rc rc = CD_OK;

	/* Made here, a mistyped name would be a queue without cases. */
	if (access(file, F_OK) != 0 && errno == ENOENT) {
		if (make)
			fprintf(stderr, "there was no database %s: it is made "
			    "now\n", file);
		else
			rc = CD_ABSENT;
	}
	if (rc == CD_OK && mode == STORE_WRITE && store_is_old(file))
		fprintf(stderr, "%s is of an older program: it is brought up "
		    "to date first, which may take minutes\n", file);
	if (rc == CD_OK)
		rc = store_open(file, mode, &s->store, &err);
	if (rc == CD_ABSENT)
		return cli_fail(EX_NOINPUT, "there is no database %s yet: it is "
		    "made when the daemon runs for the first time", file);
	return cli_result(rc, &err);
}

static int
use_model(const struct engine *engine, const char *file)
{
	struct model *m = NULL;
	struct cd_err err = { "" };
	enum cd_rc rc = model_load(file, &m, &err);

	if (rc != CD_OK)
		return cli_result(rc, &err);
	if (model_classes(m) != SCORE_COUNT) {
		model_free(&m);
		return cli_fail(EX_DATAERR, "%s: a model of other intents",
		    file);
	}
	classifier_set_model(engine->classifier, m);
	return EX_OK;
}

int
cli_open(const struct command_env *env, enum cli_need need,
    struct cli_session *out)
{
	return cli_open_model(env, need, NULL, out);
}

int
cli_open_model(const struct command_env *env, enum cli_need need,
    const char *model, struct cli_session *out)
{
	struct cli_session s = { .arena = arena_new() };
	struct cd_err err = { "" };
	bool reads = need == CLI_READING;
	bool store = need == CLI_STORE_READ || need == CLI_STORE_WRITE ||
	    need == CLI_STORE_MAKE;
	bool answers = need == CLI_DESK || need == CLI_DESK_MAKE;
	/* The installed model may be of another version: then most of all one
	 * wants to know how the new one does. */
	enum engine_part parts = answers ? ENGINE_ANSWERS :
	    model ? ENGINE_LEARNS : ENGINE_READS;
	int code = cli_config(env, reads ? CONFIG_READING : CONFIG_DAEMON,
	    &s.config);

	if (code == EX_OK && !reads)
		code = open_store(&s, need == CLI_STORE_READ ||
		    need == CLI_REPLAY ? STORE_READ : STORE_WRITE,
		    need == CLI_STORE_MAKE || need == CLI_DESK_MAKE);
	if (code == EX_OK && !store &&
	    engine_load(s.config, parts, &s.engine, &err) != CD_OK)
		code = cli_fail(EX_CONFIG, "%s", err.text);
	if (code == EX_OK && model)
		code = use_model(s.engine, model);
	if (code != EX_OK)
		cli_close(&s);
	else
		*out = s;
	return code;
}

void
cli_close(struct cli_session *s)
{
	arena_free(&s->arena);
	engine_free(&s->engine);
	store_close(&s->store);
	config_free(&s->config);
}

void
cli_json(json_t *o)
{
	json_dumpf(o, stdout, JSON_COMPACT);
	fputc('\n', stdout);
	json_decref(o);
}

json_t *
cli_json_text(const char *s)
{
	struct str rest = str_of(s);
	struct arena *a;
	json_t *text;
	struct buf b;
	uint32_t cp;

	if (!s)
		return json_null();
	if (utf8_valid(rest))
		return json_string(s);
	a = arena_new();
	b = buf_new(a, 3 * rest.n + 1);
	while (rest.n > 0) {
		rest = str_sub(rest, utf8_next(rest, &cp), rest.n);
		buf_utf8(&b, cp);
	}
	text = json_string(buf_str(&b).p);
	arena_free(&a);
	return text;
}

int64_t
cli_case_number(const char *s)
{
	int64_t n;

	if (!str_to_i64(str_of(s), 1, INT64_MAX, &n)) {
		cli_fail(EX_USAGE, "\"%s\" is no case number", s);
		return 0;
	}
	return n;
}

const char *
cli_actor(void)
{
	const char *who = getenv("USER");

	if (!who || !who[0])
		who = getenv("LOGNAME");
	return who && who[0] ? who : "someone";
}

static volatile sig_atomic_t interrupted;

static void
note_signal(int number)
{
	interrupted = number;
}

/* Until a line was typed; false: a signal came. `open`: the mask that lets it in,
 * here alone: between the prompt and a read it would be noted and not heeded. */
static bool
await_line(const sigset_t *open)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

	while (!interrupted) {
		if (ppoll(&p, 1, NULL, open) > 0)
			return true;
		if (errno != EINTR)
			return false;
	}
	return false;
}

enum cd_rc
cli_read_secret(const char *prompt, char *out, size_t size)
{
	static const int signals[] = { SIGINT, SIGQUIT, SIGTERM };
	/* The terminal gets its echo back before the signal does what it
	 * does. */
	const struct sigaction note = { .sa_handler = note_signal };
	struct sigaction was[sizeof signals / sizeof *signals];
	struct termios before, quiet;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	sigset_t held, open;
	bool ok = true;
	size_t n;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		sigaddset(&held, signals[i]);
		sigaction(signals[i], &note, &was[i]);
	}
	sigprocmask(SIG_BLOCK, &held, &open);
	if (terminal) {
		quiet = before;
		quiet.c_lflag &= (tcflag_t)~ECHO;
		/* First: what is typed at the prompt is not shown, nor lost. */
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
		fputs(prompt, stderr);
		ok = await_line(&open);
	}
	ok = ok && fgets(out, (int)size, stdin) != NULL;
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &was[i], NULL);
	sigprocmask(SIG_SETMASK, &open, NULL);
	if (interrupted)
		raise(interrupted);
	if (!ok)
		return CD_ABSENT;
	n = strcspn(out, "\r\n");
	if (n + 1 == size)
		return CD_MALFORMED;
	out[n] = '\0';
	return CD_OK;
}
