#ifndef CD_CLI_CHECK_RULES_H
#define CD_CLI_CHECK_RULES_H

#include "flow/engine.h"

/*
 * What is doubtful in rules that all compile: what rule_doubts says of their
 * files, and, where there are folders, what shows when their mails (*.eml
 * whole, each row of *.jsonl that has "text" as newly written text) are read
 * with them: rules that never fire or always, or too often in a language for what
 * they say, rules that others make needless, patterns that are found in any words,
 * or that give up on texts made of their own or of any.
 */
typedef void check_warn(void *ctx, const char *text);

/* CD_ABSENT: a folder cannot be read, or all hold nothing to read. CD_MALFORMED: a
 * line of JSON that is none, with its file and line. */
enum cd_rc check_rules(const struct engine *, char *const *dirs, size_t n_dirs,
    check_warn *, void *ctx, struct cd_err *) CD_CHECK;

#endif
