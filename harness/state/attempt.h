/* attempt: steps that are played again, and which attempt stands.
 *
 * An event `attempt` sets steps back: each becomes as if it had never been begun, and what it was is kept behind it
 * (state_attempt.before), with its messages. Names given with `as` mean the newest attempt from then on, and variables
 * that the old one set are unknown until they are set anew. Every case that has such a step is opened again, in its
 * turn. The newest attempt stands unless MedCom says otherwise. */
#ifndef STATE_ATTEMPT_H
#define STATE_ATTEMPT_H

#include "state/state.h"

/* The attempt of that number, given the newest; NULL. */
const struct state_step *state_attempt_of(const struct state_step *newest, size_t number);
/* The attempt that counts, given the newest. */
const struct state_step *state_attempt_standing(const struct state_step *newest);
/* True if some step of the case was begun, or taken over from another run. */
bool state_case_was_played(const struct state_case *c);
/* The highest series in a case: what is put in behind its steps belongs to that. */
size_t state_case_series(const struct state_case *c);

#endif
