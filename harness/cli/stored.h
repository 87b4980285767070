/* stored: the messages that systems sent in the runs of a store, with whose they are. */
#ifndef CLI_STORED_H
#define CLI_STORED_H

#include "cli/session.h"

struct stored_message {
  struct str name;   /* "RUN m3" */
  struct str system; /* name and version */
  struct str bytes;
};

/* Calls fn for each received message of each run, oldest first; fn gives -1 (and fills e) to end it. A run that cannot
 * be read is said on standard error and passed over, and so is a message too large for a record. */
MUST_CHECK int stored_each(struct cli *c, const char *store,
                           int (*fn)(void *payload, const struct stored_message *m, struct error *e), void *payload,
                           struct error *e);

#endif
