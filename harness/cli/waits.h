/* waits: who must act on what, since when, and how long still: one line an open wait. */
#ifndef CLI_WAITS_H
#define CLI_WAITS_H

#include "cli/cli.h"
#include "run/run.h"

/* Prints each open wait of a run, led in by the run's id if asked; false if there is none. */
bool waits_print(struct cli *c, FILE *to, const struct run *r, bool with_run);
/* The line of one of them. */
void waits_print_one(struct cli *c, FILE *to, const struct run *r, const struct state_step *st, bool with_run);
/* What waits for MedCom's word in a run that is played: assessments of a live test, confirmations of what was carried
 * over. */
void waits_print_medcom(struct cli *c, FILE *to, const struct run *r);

#endif
