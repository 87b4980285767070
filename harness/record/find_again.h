/* find_again: the commands that find a finding again and explain it, for reports and the console.
 *
 * Pure. A finding in a message of a run is found again by `testcamp validate --run RUN MESSAGE` where that command
 * judges such rules: what stands in one message by itself. What takes a second message, a deadline, a person or a
 * protocol has no such command. */
#ifndef RECORD_FIND_AGAIN_H
#define RECORD_FIND_AGAIN_H

#include "base/arena.h"
#include "base/finding.h"

/* "testcamp validate --run 20260105-129a123f m3", in a; empty where no command finds it again. */
struct str again_command(struct arena *a, struct str run, const struct finding *f);
/* "testcamp explain header.party.gln", in a; empty for a rule that a protocol made, which is in no table. */
struct str again_explain(struct arena *a, const struct finding *f);

#endif
