/* fake_kinds: a small table of step words that need no FHIR, so that a test of the run shows just one thing.
 *
 *   say: {text, as}                       sends the text
 *   hear: {text, as, within, early}       wants a message of just that text; one with the same first word is a near
 * miss person: {who, trigger}                waits for an answer pause: {for}                          waits boom: {}
 * the harness cannot do it heap: {mb}                            uses that much scratch memory to judge */
#ifndef TESTS_RUN_FAKE_KINDS_H
#define TESTS_RUN_FAKE_KINDS_H

#include "protocol/protocol.h"

/* They, and the real `expect`, `fault` and `http`. */
#define FAKE_KINDS_N 10
void fake_kinds_fill(const struct step_kind *out[FAKE_KINDS_N]);

#endif
