/* help: what the help of a command says besides its options: examples, and what its exit codes mean. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/opts.h"

#define HELP_EXAMPLES_MAX 3

struct help {
  const char *command;
  const char *examples[HELP_EXAMPLES_MAX]; /* without "testcamp" */
  const char *failed, *unjudged;           /* exit codes 1 (NULL: never ends so) and 3 (NULL: as any command) */
};

/* NULL: there is no such command. */
const struct help *help_of(const char *command);
/* The help of a command for a terminal; for a man page (c->man) as troff. */
void help_print(struct cli *c, const struct command *self, const struct opt *table);
/* What stands in a line of troff, so that nothing of it is taken for a request. */
struct str help_troff(struct arena *a, struct str s);

#endif
