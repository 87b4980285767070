/* of_run: messages of a run of the store as files to be judged (`testcamp validate --run`).
 *
 * Open from of_run_open to of_run_close, for reading only; a message is as it may be shown (cli/shown.h). */
#ifndef CLI_OF_RUN_H
#define CLI_OF_RUN_H

#include "cli/session.h"

struct of_run {
  struct session session;
  struct run *run;
  struct record record;
};

/* store NULL: the default one. The run by the beginning of its id. */
MUST_CHECK int of_run_open(struct of_run *o, struct cli *c, const char *store, const char *run, struct error *e);
void of_run_close(struct of_run *o);
/* The bytes of a message as they came or went, in a; ERR_CONFIG if there is no such message, or it is withheld. */
MUST_CHECK int of_run_bytes(struct of_run *o, const char *message, struct arena *a, struct str *bytes, struct error *e);

#endif
