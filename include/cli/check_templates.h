#ifndef CD_CLI_CHECK_TEMPLATES_H
#define CD_CLI_CHECK_TEMPLATES_H

#include "cli/check_rules.h"

/*
 * What is doubtful in a set of answers of which each can be sent (engine_load
 * sees to that): a case reference that is not shown, files that no answer is
 * made of, folders of languages that no mail is in.
 */
void check_templates(const struct engine *, check_warn *, void *ctx);

#endif
