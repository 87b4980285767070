/* halt: a person stops a run: for a while (pause), or for good (abort).
 *
 * Both are done to a run that was opened with run_look: the events are appended and folded in, the caller commits, and
 * a server lets go of the run (camp_drop). A paused run stands as one whose harness was stopped in order: its deadlines
 * stand still until run_resume. An aborted one has ended: what was judged stays, and each step that was still to be
 * judged is inconclusive with the reason, whatever it had seen; `repeat` plays such steps all the same. */
#ifndef RUN_HALT_H
#define RUN_HALT_H

#include "run/run.h"

enum { HALT_ABORTED, HALT_RULES_N };
extern const struct rule halt_rules[HALT_RULES_N];

/* Refused for a run that has ended or stands paused. The why may be empty. */
MUST_CHECK int run_pause(struct run *r, const struct review *word, struct error *e);
/* Refused for a run that has ended, and without a why; *left becomes how many steps were still to be judged. */
MUST_CHECK int run_abort(struct run *r, const struct review *word, size_t *left, struct error *e);
/* True if that verdict is one of run_abort's: nothing was looked at for it, so it is never judged anew. */
bool run_halted(const struct event *verdict);

#endif
