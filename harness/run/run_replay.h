/* run_replay: the events of a run judged again, without a wire and without a store.
 *
 * Only `judge` is called: sends, waits and answers are as they were logged. What came in is given to a hook first,
 * which may put other bytes in its place; what is known of a message, which step it belongs to and every verdict then
 * follow from the new bytes. A step that waited for a message which now fits no longer is judged as after its deadline.
 *
 * The events, and the blobs behind their digests, belong to the caller and must stay while the run is looked at
 * (run_state); run_close frees what was made here. */
#ifndef RUN_RUN_REPLAY_H
#define RUN_RUN_REPLAY_H

#include "run/run.h"

struct replay {
  const struct event *const *events;
  size_t n;
  /* Bytes by digest. */
  int (*blob)(void *context, struct str digest, struct arena *a, struct str *out, struct error *e);
  /* *bytes of the event received: as logged, may be replaced by others in a. NULL: nothing is replaced. */
  int (*received)(void *context, const struct event *ev, struct arena *a, struct str *bytes, struct error *e);
  /* What somebody told us, an answer or the result of a sending: a copy of the logged event that may be changed. NULL:
   * as logged. */
  void (*told)(void *context, struct event *ev);
  void *context;
};

/* o: plan, shapes, standards and data_dir as of a run that goes on; store, listen and what else belongs to the wire are
 * not looked at. Error: an event does not fit the plan, or a blob is not there. */
MUST_CHECK int run_replay(struct run **out, const struct run_options *o, const struct replay *what, struct error *e);

#endif
