/* preview: what a run will and will not test, and why, before it begins.
 *
 * Pure, from a plan alone: same plan, same preview. Lives in the arena given. */
#ifndef PLAN_PREVIEW_H
#define PLAN_PREVIEW_H

#include "plan/plan.h"

enum preview_kind {
  PREVIEW_MACHINE, /* the harness judges it */
  PREVIEW_PERSON,  /* a person answers or acts; the harness takes the answer */
  PREVIEW_NOT,     /* not tested: the declaration, or the choice of cases, that excuses it */
  PREVIEW_CANNOT,  /* would be inconclusive: it needs what a step gives that is not tested */
  PREVIEW_KINDS_N
};

struct preview_step {
  const struct step *step;
  enum preview_kind kind;
  struct said why; /* empty for the machine */
};

struct preview_case {
  const struct plan_case *plan;
  struct said why; /* of one that does not apply; else empty */
  VEC(struct preview_step) steps;
};

struct preview {
  VEC(struct preview_case) cases;
  size_t count[PREVIEW_KINDS_N]; /* steps */
};

void preview_make(struct preview *out, struct arena *a, const struct plan *p);
/* "machine", "person", "not-tested", "inconclusive". */
const char *preview_kind_name(enum preview_kind k);

#endif
