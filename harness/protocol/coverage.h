/* coverage: which steps of protocols the machine judges, and which requirements they verify.
 *
 * Pure: protocols in, lists out. One of MedCom's numbers is covered by machine if a step that bears it, or one that
 * stands under it (3.3.4.5+1), is; else persons alone answer for it. A requirement is an id that steps name
 * (`verifies`), told apart by standard. Never verified are the use cases that a section names in front of its title
 * ("S1, S1.A2: ...") and no step of the standard verifies, and what only fragments name that no protocol calls.
 * Everything lives in the arena; strings point into the protocols, which have to stay. */
#ifndef PROTOCOL_COVERAGE_H
#define PROTOCOL_COVERAGE_H

#include "protocol/protocol.h"

struct coverage_count {
  size_t numbers, numbers_machine; /* MedCom's, each once */
  size_t steps, steps_machine;     /* all of them, repeated ones each time */
};

struct coverage_case {
  const struct protocol_case *in;
  struct coverage_count count;
};

struct coverage_protocol {
  const struct protocol *protocol;
  VEC(struct coverage_case) cases;
  struct coverage_count total;
};

struct coverage_requirement {
  struct str standard, id;
  VEC(const struct step *) steps; /* that verify it, in the order of the protocols */
  bool machine;                   /* one of them at least is judged by machine */
};

struct coverage_unverified {
  struct str standard, id; /* standard: empty for a fragment's */
  struct str where;        /* "3.3.1", or the file of fragments */
};

struct coverage {
  struct arena *arena;
  VEC(struct coverage_protocol) protocols;
  VEC(struct coverage_requirement) requirements; /* by standard, then id */
  VEC(struct coverage_unverified) unverified;
  struct coverage_count total;
};

void coverage_init(struct coverage *c, struct arena *a);
void coverage_add(struct coverage *c, const struct protocol *p);
/* What a file of fragments names, after all protocols were added. */
void coverage_add_fragments(struct coverage *c, const struct node *root, struct str file);
/* When all is added: sorts, and looks for what is never verified. */
void coverage_finish(struct coverage *c);

/* Does a person act or answer in this step, rather than the test tool? */
bool step_is_by_person(const struct step *s);

#endif
