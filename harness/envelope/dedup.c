#include "envelope/dedup.h"

void dedup_init(struct dedup *d, struct arena *a) {
  map_init(&d->envelopes, a);
  map_init(&d->messages, a);
}

/* True if the id was there before. */
static bool remember(struct map *m, struct arena *a, struct str id) {
  if (map_get(m, id)) return true;
  struct str *first = ARENA_NEW(a, struct str);
  *first = arena_str(a, id);
  map_set(m, *first, first);
  return false;
}

enum dedup_action dedup_action_of(bool envelope_seen, bool message_seen) {
  static const enum dedup_action actions[2][2] = {{DEDUP_NEW, DEDUP_RESENT}, {DEDUP_ERROR, DEDUP_DUPLICATE}};
  return actions[envelope_seen][message_seen];
}

enum dedup_action dedup_see(struct dedup *d, struct arena *a, struct str envelope_id, struct str message_id) {
  bool envelope_seen = remember(&d->envelopes, a, envelope_id);
  bool message_seen = remember(&d->messages, a, message_id);
  return dedup_action_of(envelope_seen, message_seen);
}

const char *dedup_action_name(enum dedup_action action) {
  static const char *const names[] = {
      [DEDUP_NEW] = "new", [DEDUP_DUPLICATE] = "duplicate", [DEDUP_RESENT] = "resent", [DEDUP_ERROR] = "error"};
  return names[action];
}
