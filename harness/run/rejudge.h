/* rejudge: a run that is in the store judged again: by another program, other definitions, or another protocol.
 *
 * Folds the events of the run and calls only `judge` of its steps, each at the place in the log where it was judged
 * before: sends, what came in, which step it belongs to, timers and answers are as logged; captured values and verdicts
 * follow from the new judgement. Nothing is written to the store and nothing is sent.
 *
 * Steps that only the other protocol has are judged where they need nothing but what is there (validate, assert, diff,
 * capture); what would have had to be sent or waited for is inconclusive.
 *
 * What cannot be judged again is never a pass: a step whose bytes were redacted or withheld is inconclusive, and so is
 * a person's answer to a step whose text or arguments are not the same in the other protocol. A step that is passed
 * over here as it was then, or that the harness could not begin, stays as it was; one that the log does not have played
 * to an end (no answer, no message and no end of its time) is inconclusive, whatever the log says of it. Verdicts here
 * are the machine's: revisions by persons stay in the run and are not compared. */
#ifndef RUN_REJUDGE_H
#define RUN_REJUDGE_H

#include "run/run.h"

enum { REJUDGE_WITHHELD, REJUDGE_ANSWER, REJUDGE_UNPLAYED, REJUDGE_RULES_N };
extern const struct rule rejudge_rules[REJUDGE_RULES_N];

struct rejudged {
  const struct step *step; /* of the plan judged by; of the former one if that has no such step */
  enum verdict before;     /* VERDICT_NONE: the run has no verdict for it (the step is new, or was not reached) */
  enum verdict after;      /* VERDICT_NONE: the plan has no such step, or it was not reached */
  struct findings was;     /* findings as logged */
  struct findings findings;
  struct text actual;
};

struct rejudge {
  VEC(struct rejudged) steps; /* in order of the plan; then steps that are in the former plan only */
  size_t differing;           /* steps with another verdict than before */
  enum verdict before, after; /* of the run */
  struct str schemas;         /* digest of those that the run judged letters by last; empty: none is noted */
};

/* o: store, plan (to judge by), shapes, standards, data_dir; was: the plan that the run was made with, o->plan if it is
 * the same. The result lives in a. Error: the store is damaged, or an event does not fit. */
MUST_CHECK int run_rejudge(struct rejudge *out, struct arena *a, struct str run, const struct run_options *o,
                           const struct plan *was, struct error *e);

#endif
