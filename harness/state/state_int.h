/* state_int: what the files of the state room share. */
#ifndef STATE_STATE_INT_H
#define STATE_STATE_INT_H

#include "state/state.h"

/* The number that stands for "no deadline" in an event: an empty value. */
#define STATE_NO_DEADLINE INT64_C(-1)
/* What came in no longer than this before the last event of a killed harness may not have been answered. */
#define STATE_DOUBT_MS INT64_C(60000)

#endif
