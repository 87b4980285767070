/* steps: the table of step words. One word a file; see protocol/step_kind.h and state/step_api.h.
 *
 *   instruct manual explain            a person acts, looks, tells
 *   send send-ack                      the harness sends
 *   expect expect-ack expect-none wait the vendor's system acts, or must not
 *   fault                              something goes wrong on the wire on purpose
 *   http                               a REST server is asked
 *   preload remove                     what the simulated FHIR server holds
 *   validate assert capture diff flow  what came is judged
 * protocols/README.md documents each with its keys. */
#ifndef STEPS_STEPS_H
#define STEPS_STEPS_H

#include "base/finding.h"
#include "protocol/step_kind.h"

extern const struct step_kind *const step_kinds[]; /* NULL-terminated */
extern const struct rule *const steps_rules;
extern const size_t steps_rules_n;

#endif
