#ifndef CD_CLI_VIEW_H
#define CD_CLI_VIEW_H

#include <jansson.h>

#include "store/cases.h"

/* A case as the contract's JSON: id, state, intent, from, domain, tenant,
 * subject, assignee, opened, updated, last_action (and reason). */
json_t *view_case_json(struct arena *, const struct case_row *);
/* ISO time, or null for 0. */
json_t *view_time(struct arena *, int64_t at);

/* Of all intents, by spaces. */
const char *view_intent_names(struct arena *);

/* Ends a line of evidence: what the rule speaks for rather ("says other +9");
 * says may be NULL. */
void view_says(const char *says, double weight);

/* Open the store for a desk command on case argv[1]: parses options and numbers (of
 * its n_args arguments the first n_cases are cases), runs `act`, prints one line,
 * or the case with --json. */
struct command_env;
struct desk;
typedef enum cd_rc desk_action(const struct desk *, int64_t id, char **args,
    struct cd_err *err);
int view_desk_command(int argc, char **argv, const struct command_env *,
    int n_args, int n_cases, desk_action *act, const char *done);
/* The same, with an option of the command's own. */
struct option_spec;
int view_desk_option(int argc, char **argv, const struct command_env *,
    int n_args, int n_cases, const struct option_spec *own, desk_action *act,
    const char *done);

#endif
