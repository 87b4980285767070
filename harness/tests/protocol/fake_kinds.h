/* fake_kinds: a small table of step words, so that the tests of this room need no other. */
#ifndef TESTS_PROTOCOL_FAKE_KINDS_H
#define TESTS_PROTOCOL_FAKE_KINDS_H

#include "protocol/protocol.h"

/* send, expect, assert, manual (with its own parse), wait (free value). */
extern const struct step_kind *const fake_kinds[];

#endif
