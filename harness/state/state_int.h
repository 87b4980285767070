/* state_int: what the files of the state room share. */
#ifndef STATE_STATE_INT_H
#define STATE_STATE_INT_H

#include "state/state.h"

/* The number that stands for "no deadline" in an event: an empty value. */
#define STATE_NO_DEADLINE INT64_C(-1)

#endif
