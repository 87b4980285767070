/* insert: MedCom's own steps, put into a protocol that has been read: "send the same with any other type".
 *
 * They are written in the protocol language, as one step or a list of steps, and live in the arena with the protocol;
 * strings borrow from it. They may use the names that the protocol gives, and give new ones. They get their ids from
 * the place they are put in: 3.3.4.5+M1, 3.3.4.5+M2, ..., counted on where some are there already. */
#ifndef PROTOCOL_INSERT_H
#define PROTOCOL_INSERT_H

#include "protocol/protocol.h"

#define INSERT_STEPS_MAX 100
#define INSERT_BYTES_MAX ((size_t)256 << 10)

/* What was put in: n steps of a case, from index first on. */
struct insert {
  struct protocol_case *in;
  size_t first, n;
};

/* True if some step was put in. */
bool protocol_has_added(const struct protocol *p);
/* Puts the steps of src in behind the step `after`: behind all that belongs to it ("3.3.4.5+1", ...) if it is one of
 * MedCom's numbers, else right behind it. -1 when any finding is an error; the protocol is then as it was. */
int protocol_insert(struct insert *out, struct protocol *p, struct arena *a, struct source src, struct str after,
                    const struct step_kind *const *kinds, struct findings *f);

#endif
