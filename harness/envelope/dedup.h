/* dedup: the receiver's table of reliable messaging (MedCom FHIR messaging governance, legacy.md 1.4):
 * what to do with a message by whether its EnvelopeIdentifier and its message Identifier were seen before. */
#ifndef ENVELOPE_DEDUP_H
#define ENVELOPE_DEDUP_H

#include "base/map.h"

enum dedup_action {
  DEDUP_NEW,       /* both new: process, acknowledge */
  DEDUP_DUPLICATE, /* both seen: ignore, log, same acknowledgement again */
  DEDUP_RESENT,    /* envelope new, message seen: original acknowledgement again, do not process twice */
  DEDUP_ERROR      /* envelope seen, message new: error, a negative acknowledgement is allowed */
};

struct dedup {
  struct map envelopes, messages; /* id -> id as first seen */
};

void dedup_init(struct dedup *d, struct arena *a);
/* The action for a message, and remembers both ids (copied into the arena of dedup_init). */
enum dedup_action dedup_see(struct dedup *d, struct arena *a, struct str envelope_id, struct str message_id);
/* The same for whoever remembers the ids. */
enum dedup_action dedup_action_of(bool envelope_seen, bool message_seen);
const char *dedup_action_name(enum dedup_action action);

#endif
