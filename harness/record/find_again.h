/* find_again: the commands that find a finding again, explain it and play its step again; for reports, machine formats
 * and the console, which all take them from here.
 *
 * Pure. A finding in a message of a run is found again by `testcamp validate --run RUN MESSAGE` where that command
 * judges such rules: what stands in one message by itself. What takes a second message, a deadline, a person or a
 * protocol has no such command. */
#ifndef RECORD_FIND_AGAIN_H
#define RECORD_FIND_AGAIN_H

#include "base/arena.h"
#include "base/finding.h"
#include "record/verdict.h"

/* "testcamp validate --run 20260105-129a123f m3", in a; empty where no command finds it again. */
struct str again_command(struct arena *a, struct str run, const struct finding *f);
/* "testcamp explain header.party.gln", in a; empty for a rule that a protocol made, which is in no table. */
struct str again_explain(struct arena *a, const struct finding *f);

/* "testcamp repeat 20260105-129a123f 3.1.2", in a: plays the step once more, with all that depends on it. Empty for a
 * step that did not fail and that was judged. */
struct str again_step(struct arena *a, struct str run, struct str step, enum verdict v);
/* A command line of words as a shell takes it, in a: what is not plain stands in quotes. */
struct str again_line(struct arena *a, const struct str *words, size_t n);

#endif
