/* changes: two protocols, step by step: what a newer version changed.
 *
 * Pure. A step without a number is looked for among those that stand under the same number, so that one that is new
 * does not shift all behind it. A comparison lives in the arena given; its rows point into both protocols, which have
 * to stay. */
#ifndef PROTOCOL_CHANGES_H
#define PROTOCOL_CHANGES_H

#include "protocol/protocol.h"

enum compare_why {
  COMPARE_SAME,
  COMPARE_NEW,      /* no such step was there */
  COMPARE_CHANGED,  /* what: the key that differs */
  COMPARE_PARAMETER /* what: the parameter it uses, which has another value */
};

struct compare_row {
  const struct step *now, *was; /* was: NULL for a new one */
  enum compare_why why;
  struct str what;
};

struct comparison {
  const struct protocol *was, *now;
  VEC(struct compare_row) rows;  /* one a step of the newer, in its order */
  VEC(const struct step *) gone; /* of the older, and not in the newer any more */
  size_t changed;                /* rows that are not the same */
};

void protocol_compare(struct comparison *out, struct arena *a, const struct protocol *was, const struct protocol *now);

/* Is `was` what `now` was in the older protocol? same_words: a step without a number only if it is written the same. */
bool step_is_counterpart(const struct step *was, const struct step *now, bool same_words);
/* The first key of a step that is not as it was; empty: none. */
struct str step_changed_key(const struct step *was, const struct step *now);
/* Does the step use the parameter ("${name}") anywhere? a is scratch. */
bool step_uses_parameter(struct arena *a, const struct step *s, struct str name);

#endif
