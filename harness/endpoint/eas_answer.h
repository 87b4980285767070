/* eas_answer: what EHMI's addressing service (EAS) finds in the register for a request that can be answered.
 *
 * Pure. The answer is the units that take what is meant for the one that was asked for, or the rule that says why there
 * are none (eas_rules.h: a failure, or a note). Everything borrows from the register and the request. */
#ifndef ENDPOINT_EAS_ANSWER_H
#define ENDPOINT_EAS_ANSWER_H

#include "endpoint/eas_request.h"
#include "standards/register.h"

struct eas_answer {
  VEC(const struct register_unit *) units; /* each has an endpoint, its own or one above (eer_endpoint_of) */
  enum eas_rule_id why;                    /* of the first thing asked for that is left out; EAS_RULES_N: nothing is */
  struct str args[2];                      /* of why */
};

/* Message types that are written otherwise than EER has them are warnings in f. */
void eas_answer_find(struct eas_answer *out, struct arena *a, const struct sor_register *r, const struct eas_request *q,
                     struct findings *f);
/* The Bundle of what was found: organisations, and behind them their endpoints, once each; base: the address that
 * their ids stand behind. */
struct node *eas_bundle(struct arena *a, const struct eas_answer *x, struct str base);

#endif
