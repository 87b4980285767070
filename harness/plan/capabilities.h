/* capabilities: what a vendor file declares against what was seen in a run.
 *
 * A protocol says how a capability shows in messages (`capabilities: {reply: {seen: {activity: reply-message}}}`); that
 * a step with `when: reply` passed shows it too. Pure: findings of rules plan_rules, each a warning, none of which
 * changes a verdict: they are about the declaration. */
#ifndef PLAN_CAPABILITIES_H
#define PLAN_CAPABILITIES_H

#include "plan/plan.h"
#include "record/verdict.h"

struct capability_message {
  struct str id;
  const struct facts *facts; /* validate/message.h */
};

struct capability_step {
  const struct step *step;
  bool applies; /* its case */
  enum verdict verdict;
};

/* What a run shows: messages that the system sent, and its steps. */
struct capability_sight {
  VEC(struct capability_message) messages;
  VEC(struct capability_step) steps;
  bool ended; /* what was not seen is told of only then */
};

/* Adds to f: plan.seen-undeclared (a capability declared false that a message shows), plan.seen-unclaimed (a standard
 * that the vendor file does not claim to send), plan.declared-unseen (declared true, asked for, and neither passed nor
 * shown). */
void capabilities_check(struct findings *f, const struct plan *p, const struct capability_sight *seen);

extern const struct rule *const plan_rules;
extern const size_t plan_rules_n;

#endif
