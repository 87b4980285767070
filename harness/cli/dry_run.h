/* dry_run: `run --dry-run`: what a run would and would not test, and why. Opens no store and no wire. */
#ifndef CLI_DRY_RUN_H
#define CLI_DRY_RUN_H

#include "cli/session.h"
#include "formats/json.h"

/* Prints the plan of the session (standards included) in format text or json. */
void dry_run_print(struct session *s, bool json);

/* Several protocols as one JSON array, for an overview: cases without their steps, and of a protocol that cannot be run
 * why not ("error"), where a single one would end it all. Begin, add each with the file that it was given by, end. */
struct dry_run_list {
  struct buf text;
  struct json_writer out;
};
void dry_run_begin(struct dry_run_list *l);
/* no_live_test: why it cannot be one of a certification; NULL: it can, or nobody looked. */
void dry_run_add(struct dry_run_list *l, struct session *s, const char *file, const struct error *no_live_test);
void dry_run_add_error(struct dry_run_list *l, const char *file, const struct error *e);
void dry_run_end(struct dry_run_list *l, struct cli *c);

#endif
