#include "cli/cli.h"
int cmd_train(int c, char **v, const struct command_env *e){(void)c;(void)v;(void)e;return cli_fail(EX_UNAVAILABLE,"not built in");}
