/* dry_run: `run --dry-run`: what a run would and would not test, and why. Opens no store and no wire. */
#ifndef CLI_DRY_RUN_H
#define CLI_DRY_RUN_H

#include "cli/session.h"

/* Prints the plan of the session (standards included) in format text or json. */
void dry_run_print(struct session *s, bool json);

#endif
