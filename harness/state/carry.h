/* carry: what of an earlier run still holds under another plan, and what must be played again.
 *
 * Pure: the state of the earlier run and the new plan give a row for each step that applies. A step carries over if it
 * is written as it was then (its texts, arguments, expected result and conditions), the parameters it uses have their
 * old values, the definitions it is judged by are the same, and what stands of it then had passed or was accepted by
 * MedCom. Every other one is planned, and with it what it needs and all that depends on it (state/depends.h): nothing
 * that was sent in the earlier run is there to be used. A step without a number is looked for among those that stood
 * under the same number. What the fixtures held at the time is not known here. Everything lives in the arena; rows
 * point into the state, which has to stay. */
#ifndef STATE_CARRY_H
#define STATE_CARRY_H

#include "state/depends.h"
#include "state/state.h"

enum carry_why {
  CARRY_OVER,
  CARRY_NEW,         /* no such step was there */
  CARRY_CHANGED,     /* what: the key that differs */
  CARRY_PARAMETER,   /* what: its name */
  CARRY_DEFINITIONS, /* other packages, or other definitions in them */
  CARRY_NOT_PASSED,  /* what: its verdict or assessment then */
  CARRY_USES,        /* of: the planned step that it depends on */
  CARRY_NEEDED       /* of: the planned step that needs it */
};

struct carry_row {
  enum carry_why why;
  struct str what;
  size_t of;
  const struct state_step *old; /* what stood then; NULL where there was none */
};

struct carry {
  const struct state *old;
  const struct depends *depends; /* numbers the steps; those that do not apply have no row */
  struct carry_row *rows;
  size_t planned, over;
  bool other_definitions;
};

struct carry_input {
  const struct state *old;
  const struct plan *plan;
  const struct facts *parameters; /* that are set to other values now; may be NULL */
  struct str definitions;         /* digest of what the new run judges by; empty: not known */
  struct depends_files files;
};

void carry_make(struct carry *out, struct arena *a, const struct carry_input *in);
/* The run that a verdict is from: the earlier one, or the one that it carried it over from itself. */
struct str carry_from(const struct carry *c, const struct carry_row *row);

#endif
