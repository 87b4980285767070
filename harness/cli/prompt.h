/* prompt: asks the person at the terminal, on the loop.
 *
 * An answer is one line: ok, fail, not-relevant or done (or its first letter), files of evidence as @path, and what was
 * seen, in words. A line that lacks something that the step demands is asked again. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "cli/cli.h"
#include "run/run.h"

struct prompt {
  struct cli *cli;
  struct run *run;
  const struct state_step *step; /* asked about now */
  struct loop_fd *watch;
  bool terminal; /* standard input is one */
  char line[4096];
  size_t n;
};

/* Asks about a step; false when there is no terminal. The answer comes later by run_answer or run_park. */
bool prompt_ask(struct prompt *p, struct run *r, const struct state_step *st);
void prompt_close(struct prompt *p);
/* Asks at the terminal; false without one, inside a server, and for everything that is no yes. */
bool prompt_yes(struct cli *c, const char *en, const char *da);

#endif
