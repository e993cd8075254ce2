/*
 * Completion for shells, made of the table of commands: what a command's usage
 * names is what is offered.
 */
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/view.h"

/* What may stand where the usage has this word. */
struct word {
	const char *word, *values;
};
#define WORDS	4
#define VALUES_MAX	(16 * 1024)

/* The words stand between quotes in the shell's script, or bare. */
static bool
is_plain(const char *name)
{
	return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_.-") == strlen(name);
}

/* Those of the configuration's answers; where there is none, or none that can be
 * read, those of the shipped ones. */
static const char *
template_names(struct arena *a, const struct command_env *env)
{
	const char *const files[] = { env->config_file,
		config_builtin_sample(a) };
	struct buf b = buf_new(a, VALUES_MAX);
	struct template_set *set = NULL;

	for (size_t i = 0; i < 2 && !set; i++) {
		struct config *c = NULL;

		if (config_load(files[i], CONFIG_READING, &c, NULL) == CD_OK &&
		    templates_load(c->files.templates, answer_variables,
		    n_answer_variables, &set, NULL) != CD_OK)
			set = NULL;
		config_free(&c);
	}
	for (size_t i = 0; set && i < templates_count(set); i++) {
		const char *name = templates_name(set, i);

		if (is_plain(name))
			buf_printf(&b, "%s%s", b.n > 0 ? " " : "", name);
	}
	templates_free(&set);
	return buf_str(&b).p;
}

static const char *
values_of(const struct word *words, const char *word)
{
	size_t i = 0;

	while (strcmp(words[i].word, word) != 0)
		i++;
	return words[i].values;
}

/* The options and lower-case words of a usage line. */
static void
print_words(const struct command *c, const struct word *words)
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
		printf("%s ", values_of(words, "--intent"));
	fputs("--help", stdout);
}

/* A branch of the shell's case for each command. */
static void
print_branches(const struct word *words, const char *begin, const char *end)
{
	for (const struct command *c = commands; c < commands + n_commands;
	     c++) {
		printf("\t%s) %s", c->name, begin);
		print_words(c, words);
		printf("%s%s ;;\n", end, strstr(c->usage, "FILE") ||
		    strstr(c->usage, "DIR") ? " files=yes" : "");
	}
}

static void
print_bash(const struct word *words)
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
	for (size_t i = 0; i < WORDS; i++)
		printf("\t%s) words='%s' ;;\n", words[i].word,
		    words[i].values);
	fputs("\tesac\n\tif [[ $words ]]; then\n"
	    "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "\t\treturn\n\tfi\n\tcase $command in\n\t'') words='", stdout);
	for (size_t i = 0; i < n_commands; i++)
		printf("%s ", commands[i].name);
	puts("-c --help --version' ;;");
	print_branches(words, "words='", "'");
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
print_zsh(const struct word *words)
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
	for (size_t i = 0; i < WORDS; i++)
		printf("\t%s) compadd %s; return ;;\n", words[i].word,
		    words[i].values);
	puts("\tesac\n\tcase $command in\n\t'')\n\t\tlist=(");
	for (size_t i = 0; i < n_commands; i++) {
		printf("\t\t\t'%s:", commands[i].name);
		print_quoted(commands[i].summary);
		puts("'");
	}
	puts("\t\t)\n\t\t_describe command list\n"
	    "\t\tcompadd -- -c --help --version\n\t\treturn ;;");
	print_branches(words, "list=(", ")");
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
	bool bash;
	struct arena *a;

	if (n < 0)
		return n == -2 ? EX_OK : EX_USAGE;
	bash = strcmp(argv[1], "bash") == 0;
	if (!bash && strcmp(argv[1], "zsh") != 0)
		return cli_usage("completion", "bash or zsh");
	a = arena_new();
	const struct word words[WORDS] = {
		{ "--state", "review snoozed waiting approved closed" },
		{ "--intent", view_intent_names(a) },
		{ "--template", template_names(a, env) },
		{ "--with", "first_contact admin greyed_out cant_find_app "
		    "organizations with_link one_day" },
	};
	if (bash)
		print_bash(words);
	else
		print_zsh(words);
	arena_free(&a);
	return EX_OK;
}
