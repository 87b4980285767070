/* chain: what the events of a run say of its blobs: which there are, and which are withheld, by whom and why.
 *
 * A fold, like the state, but of blobs only, so that a bundle can be judged without protocol and vendor file.
 * Everything lives in the arena given to seal_chain_init, and so must the events that are added. A blob that is
 * withheld has a reason in the chain itself, which the hashes protect: a tombstone (event `redacted`), or the
 * quarantine of the message that brought it, until it is released. */
#ifndef SEAL_CHAIN_H
#define SEAL_CHAIN_H

#include "base/map.h"
#include "record/event.h"

struct seal_blob {
  struct str digest;
  struct str what;              /* "message m3", "payload of m3", "screen.png of step 3.1.2", "protocol", ... */
  struct str message;           /* "m3", or empty */
  int64_t seq;                  /* of the event that names it first */
  const struct event *redacted; /* its tombstone, or NULL */
  bool quarantined;
};

struct seal_chain {
  struct arena *arena;
  VEC(struct seal_blob *) blobs; /* in order of appearance */
  struct map by_digest;
  struct map by_message; /* "m3" -> the blob of its bytes */
  VEC(const struct event *) tombstones;
  const struct event *first; /* NULL: no event yet */
  struct map verdicts;       /* step -> the last verdict or revised event of it; NULL: not to be told from here */
};

void seal_chain_init(struct seal_chain *c, struct arena *a);
void seal_chain_add(struct seal_chain *c, const struct event *ev);
/* The blob of that digest; NULL if no event names it. */
struct seal_blob *seal_chain_blob(const struct seal_chain *c, struct str digest);
/* "redacted" or "quarantined"; NULL: it is to be there. */
const char *seal_blob_withheld(const struct seal_blob *b);

#endif
