/* received: runs that came as bundles: self-runs of a vendor, queued for review.
 *
 * Each has a note in the store (store_note_set), "received/RUN": when it came, the digest of the bundle, by which
 * program the run was made, and where it stands. Such a run is evidence: it is judged and reported, but never gone on
 * with, for its protocol and vendor file come from elsewhere and may name commands. */
#ifndef CLI_RECEIVED_H
#define CLI_RECEIVED_H

#include "cli/session.h"
#include "seal/seal.h"

struct received {
  struct str at, bundle, program, signer, state; /* state: "queued" */
};

/* False: the run did not come as a bundle. */
MUST_CHECK int received_find(struct session *s, struct str run, struct received *out, bool *found, struct error *e);
/* True if it did, or if that cannot be told: for who may only go on with a store's own runs. */
bool received_is(struct store *store, struct arena *a, struct str run);
MUST_CHECK int received_note(struct session *s, struct str run, const struct received *r, struct error *e);
/* An error for a run that came as a bundle. */
MUST_CHECK int received_refuse(struct session *s, struct str run, struct error *e);

#endif
