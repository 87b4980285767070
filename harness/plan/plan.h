/* plan: which cases and steps of a protocol apply to a system, by what its vendor declared.
 *
 * Pure: same protocol, same vendor, same plan. A capability that a protocol asks for and the vendor file does not
 * declare (neither true nor false) stops the run before it starts: plan_make lists all of them in one error. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "plan/vendor.h"
#include "protocol/protocol.h"

struct plan_case {
  struct protocol_case *c;
  bool applies;
  struct str reason; /* capability that excuses it, or "not chosen" (--case) */
};

/* Another system that takes part, by the name that the protocol gives it (protocol.h, parties). */
struct plan_party {
  struct str name;
  struct vendor *vendor;
};

struct plan_vendors {
  struct vendor *own; /* of the system under test */
  const struct plan_party *others;
  size_t others_n;
};

struct plan {
  struct protocol *protocol;
  struct vendor *vendor;          /* of the system under test */
  VEC(struct plan_party) parties; /* in the order of the protocol; those that were given a vendor file */
  VEC(struct plan_case) cases;
};

/* only: ids of cases to run (n 0: all); unknown ids are an error that lists the known ones. */
MUST_CHECK int plan_make(struct plan **out, struct arena *a, struct protocol *p, struct vendor *v,
                         const struct str *only, size_t n, struct error *e);
/* The same with several systems. A party that a step needs which will be run, and that no vendor file was given for, is
 * an error; so is a vendor file for a party that the protocol does not have. */
MUST_CHECK int plan_make_with(struct plan **out, struct arena *a, struct protocol *p, const struct plan_vendors *v,
                              const struct str *only, size_t n, struct error *e);
/* The systems of a plan, for making another one for them. */
struct plan_vendors plan_vendors(const struct plan *p);
/* The vendor file of a party, or of the system that a service is of (empty: of the system under test); NULL if none was
 * given. */
struct vendor *plan_vendor(const struct plan *p, struct str mailbox);
/* How the mailbox of that name is reached, by the vendor file of its system. */
struct vendor_wire plan_wire(const struct protocol *p, const struct vendor *v, struct str mailbox);
/* The exchange of a mailbox: that of the vendor file, or the kind of the service. */
struct str plan_exchange(const struct plan *p, struct str mailbox);
/* True if the `when` of a step holds for the system that it is about. */
bool plan_step_applies(const struct plan *p, const struct step *s);
/* The variable of a vendor file: those of a party begin with its name where the system's own begin with "vendor". */
struct str plan_variable(const struct plan *p, struct str name);
/* For a run that begins: what its steps name of the vendor files (${counterpart.yder}) has to stand there. The first
 * one that does not is the error, at its line of the protocol. A run that has begun is not held up. */
MUST_CHECK int plan_check_variables(const struct plan *p, struct error *e);
/* True if a `when` holds for this vendor; undeclared counts as false here. */
bool plan_when(const struct vendor *v, struct str when);

#endif
