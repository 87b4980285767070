/* plan: which cases and steps of a protocol apply to a system, by what its vendor declared.
 *
 * Pure: same protocol, same vendor, same plan. A capability that a protocol asks for and the vendor file does not
 * declare (neither true nor false) stops the run before it starts: plan_make lists all of them in one error. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "plan/vendor.h"
#include "protocol/protocol.h"

struct plan_case {
  struct protocol_case *c;
  bool applies;
  struct str reason; /* capability that excuses it, or "not chosen" (--case) */
};

struct plan {
  struct protocol *protocol;
  struct vendor *vendor;
  VEC(struct plan_case) cases;
};

/* only: ids of cases to run (n 0: all); unknown ids are an error that lists the known ones. */
MUST_CHECK int plan_make(struct plan **out, struct arena *a, struct protocol *p, struct vendor *v,
                         const struct str *only, size_t n, struct error *e);
/* True if a `when` holds for this vendor; undeclared counts as false here. */
bool plan_when(const struct vendor *v, struct str when);

#endif
