/* persons: the test persons: whose CPR numbers may stand in a message.
 *
 * The official test persons are data (fixtures/standards/test-persons.tsv: CPR number, then where it is from, separated
 * by a tab); an operator's list has the same form, the second field may be left out. A number is foreign when it has
 * the form of a CPR number (a date that exists) and is on no list: it may be a real person's. Lives in its arena. */
#ifndef STANDARDS_PERSONS_H
#define STANDARDS_PERSONS_H

#include "base/error.h"
#include "base/map.h"

#define PERSONS_BYTES_MAX ((size_t)4 << 20)

struct persons {
  struct arena *arena;
  struct map listed;
};

void persons_init(struct persons *p, struct arena *a);
/* Adds one number; digits only, or with a hyphen behind the sixth. */
void persons_add(struct persons *p, struct str cpr);
/* Adds a list; name is used in errors. A line that is no CPR number is an error. */
MUST_CHECK int persons_read(struct persons *p, struct str list, struct str name, struct error *e);
/* True for ten digits that have the form of a CPR number and are on no list; p is a struct persons (deep_number). */
bool persons_foreign(void *p, struct str ten_digits);

#endif
