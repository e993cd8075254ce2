/*
 * Completion for shells, made of the table of commands: what a command's usage
 * names is what is offered.
 */
#include <string.h>

#include "cli/cli.h"

/* What may stand where the usage has this word. */
static const struct {
	const char *word, *values;
} values[] = {
	{ "--state", "review snoozed waiting approved closed" },
	{ "--intent", "blocked want_link admin_help cant_find_app greyed_out "
	    "is_it_safe approved still_blocked personal_account refused other "
	    "automatic" },
	{ "--template", "steps link ask_domain safety approved_note "
	    "personal_note" },
	{ NULL, NULL },
};

static const char *
values_of(const char *word)
{
	size_t i = 0;

	while (values[i].word && strcmp(values[i].word, word) != 0)
		i++;
	return values[i].values;
}

/* The options and lower-case words of a usage line. */
static void
print_words(const struct command *c)
{
	struct str rest = str_of(c->usage);

	while (rest.n > 0) {
		size_t n = 0;

		while (n < rest.n && !strchr(" []|", rest.p[n]))
			n++;
		if (n > 1 && (rest.p[0] == '-' || (rest.p[0] >= 'a' &&
		    rest.p[0] <= 'z')))
			printf("%.*s ", (int)n, rest.p);
		rest = str_sub(rest, n + 1, rest.n);
	}
	if (strcmp(c->name, "label") == 0)
		printf("%s ", values_of("--intent"));
	fputs("--help", stdout);
}

/* A branch of the shell's case for each command. */
static void
print_branches(const char *begin, const char *end)
{
	for (const struct command *c = commands; c < commands + n_commands;
	     c++) {
		printf("\t%s) %s", c->name, begin);
		print_words(c);
		printf("%s%s ;;\n", end, strstr(c->usage, "FILE") ||
		    strstr(c->usage, "DIR") ? " files=yes" : "");
	}
}

static void
print_bash(void)
{
	puts("# bash completion for consentdesk; made by: consentdesk completion "
	    "bash\n"
	    "_consentdesk() {\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} i command= words= files=\n"
	    "\tCOMPREPLY=()\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tcase ${COMP_WORDS[i]} in\n"
	    "\t\t-c) ((i++)) ;;\n"
	    "\t\t-*) ;;\n"
	    "\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
	    "\t\tesac\n"
	    "\tdone\n"
	    "\tcase ${COMP_WORDS[COMP_CWORD - 1]} in\n"
	    "\t-c | -o) compopt -o default; return ;;");
	for (size_t i = 0; values[i].word; i++)
		printf("\t%s) words='%s' ;;\n", values[i].word,
		    values[i].values);
	fputs("\tesac\n\tif [[ $words ]]; then\n"
	    "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "\t\treturn\n\tfi\n\tcase $command in\n\t'') words='", stdout);
	for (size_t i = 0; i < n_commands; i++)
		printf("%s ", commands[i].name);
	puts("-c --help --version' ;;");
	print_branches("words='", "'");
	puts("\tesac\n"
	    "\t[[ $files ]] && compopt -o default\n"
	    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "}\n"
	    "complete -F _consentdesk consentdesk");
}

/* A summary within single quotes, its colons kept from _describe. */
static void
print_quoted(const char *s)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else if (*s == ':')
			fputs("\\:", stdout);
		else
			putchar(*s);
	}
}

static void
print_zsh(void)
{
	puts("#compdef consentdesk\n"
	    "# zsh completion for consentdesk; made by: consentdesk completion "
	    "zsh\n"
	    "_consentdesk() {\n"
	    "\tlocal i command= files=\n\tlocal -a list\n"
	    "\tfor ((i = 2; i < CURRENT; i++)); do\n"
	    "\t\tcase $words[i] in\n"
	    "\t\t-c) ((i++)) ;;\n"
	    "\t\t-*) ;;\n"
	    "\t\t*) command=$words[i]; break ;;\n"
	    "\t\tesac\n"
	    "\tdone\n"
	    "\tcase $words[CURRENT-1] in\n"
	    "\t-c | -o) _files; return ;;");
	for (size_t i = 0; values[i].word; i++)
		printf("\t%s) compadd %s; return ;;\n", values[i].word,
		    values[i].values);
	puts("\tesac\n\tcase $command in\n\t'')\n\t\tlist=(");
	for (size_t i = 0; i < n_commands; i++) {
		printf("\t\t\t'%s:", commands[i].name);
		print_quoted(commands[i].summary);
		puts("'");
	}
	puts("\t\t)\n\t\t_describe command list\n"
	    "\t\tcompadd -- -c --help --version\n\t\treturn ;;");
	print_branches("list=(", ")");
	puts("\tesac\n"
	    "\tcompadd -- $list\n"
	    "\t[[ -n $files ]] && _files\n"
	    "}\n"
	    "_consentdesk \"$@\"");
}

int
cmd_completion(int argc, char **argv, const struct command_env *env)
{
	const struct option_spec none[] = { { 0 } };
	int n = cli_options(argc, argv, none, 1, 1);

	(void)env;
	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	if (strcmp(argv[1], "bash") == 0)
		print_bash();
	else if (strcmp(argv[1], "zsh") == 0)
		print_zsh();
	else
		return cli_usage("completion", "bash or zsh");
	return EX_OK;
}
