/* since: `run --since RUN`: only what has changed since an earlier run is played, the rest carries over. */
#ifndef CLI_SINCE_H
#define CLI_SINCE_H

#include "cli/session.h"
#include "state/carry.h"

/* Holds the earlier run while the new one begins. */
struct since {
  struct run *run;
  struct carry carry;
};

/* Compares the earlier run (the beginning of its id) with the plan of the session, which is ready to be run; prints
 * what is played and why, and sets it in the session's options. Refused for another vendor, system, standard or role,
 * and in a live test for a self-test, a run that came as a bundle, or one that is not whole. */
MUST_CHECK int since_open(struct since *out, struct session *s, const char *run, struct error *e);
/* When the new run has begun, or has not; may be called for one that was never opened. */
void since_close(struct since *since, struct session *s);

#endif
