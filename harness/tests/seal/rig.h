/* rig: a small run in a store, its record, and the bundle made of it. */
#ifndef TESTS_SEAL_RIG_H
#define TESTS_SEAL_RIG_H

#include "seal/seal_int.h"

struct rig {
  struct arena *arena;
  char *dir;
  struct store *store;
  struct record record;
  struct str message, payload, screen, protocol, vendor; /* digests */
};

/* Run "r1": protocol and vendor file, m1 in (its bytes "<in/>"), m2 out with a payload, an answer with a screenshot. */
void rig_open(struct rig *r);
void rig_close(struct rig *r);
/* Appends an event with data: NAME, value, ..., NULL; commits. */
void rig_event(struct rig *r, const char *kind, ...);
struct str rig_bundle(struct rig *r);
/* The bundle taken apart, to be changed; then judged. */
void rig_contents(struct rig *r, struct contents *c);
struct content *rig_file(struct contents *c, const char *name);
/* Other bytes for a file. */
void rig_replace(struct rig *r, struct contents *c, const char *name, struct str bytes);
struct seal_bundle *rig_judge(struct rig *r, struct contents *c);
/* True if a fault of that state says that, in English. */
bool rig_faults(const struct seal_bundle *b, enum seal_state state, const char *says);

#endif
