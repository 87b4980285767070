/* review: what assess and revise have in common: a run that MedCom says something of, and how it stands afterwards. */
#ifndef CLI_REVIEW_H
#define CLI_REVIEW_H

#include "cli/session.h"

struct reviewing {
  struct session session;
  struct run *run;
};

/* Opens the run whose id begins with prefix, without its wire; to write not one that came as a bundle. */
MUST_CHECK int reviewing_open(struct reviewing *rv, struct cli *c, const char *store, enum store_mode mode,
                              const char *prefix, struct error *e);
/* The same, to write beside such a run as well. */
MUST_CHECK int reviewing_open_any(struct reviewing *rv, struct cli *c, const char *store, enum store_mode mode,
                                  const char *prefix, struct error *e);
/* Makes what was said stand; without it nothing was said. */
MUST_CHECK int reviewing_commit(struct reviewing *rv, struct error *e);
/* May be called after a failed open. */
void reviewing_close(struct reviewing *rv);
/* The step with that id or number; error if there is none. */
MUST_CHECK int reviewing_step(const struct reviewing *rv, const char *id, const struct state_step **out,
                              struct error *e);
/* A line for each section of the protocol, with the machine's verdict and MedCom's worst assessment; then whether the
 * run is certifiable, and what stands in the way. */
void reviewing_show(struct reviewing *rv);

#endif
