#ifndef CD_CLI_CHECK_RULES_H
#define CD_CLI_CHECK_RULES_H

#include "flow/engine.h"

/*
 * What is doubtful in rules that all compile, found by reading the mails of
 * some folders (*.eml whole, each row of *.jsonl that has "text" as newly
 * written text) with them: rules that never fire, rules that others make
 * needless, patterns that give up on texts made of their own words.
 */
typedef void check_warn(void *ctx, const char *text);

/* CD_ABSENT: a folder cannot be read, or holds nothing to read. */
enum cd_rc check_rules(const struct engine *, char *const *dirs, size_t n_dirs,
    check_warn *, void *ctx, struct cd_err *) CD_CHECK;

#endif
